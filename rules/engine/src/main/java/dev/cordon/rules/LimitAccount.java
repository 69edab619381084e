package dev.cordon.rules;

import org.jspecify.annotations.Nullable;

/**
 * What was spent under one limit, by the hash of who spent it. At most {@link #MAX_KEYS} are told
 * apart; those that come when it is full share one window, so a limit is never looser for want of
 * memory. Guarded by its {@link Ledger}.
 */
final class LimitAccount {
  static final int MAX_KEYS = 10_000; // about 16 MB when every one of them is busy

  private long[] keys = new long[8];
  private @Nullable SlidingWindow[] windows = new @Nullable SlidingWindow[8];
  private int size;
  private final SlidingWindow shared = new SlidingWindow();
  private long prunedNs;

  /** The window of a key, or null when it has spent nothing. */
  @Nullable SlidingWindow find(long key) {
    for (int slot = slot(key, keys.length); ; slot = slot + 1 & keys.length - 1) {
      if (keys[slot] == key) {
        return windows[slot];
      }
      if (keys[slot] == 0) {
        return shared.isEmpty() ? null : shared;
      }
    }
  }

  long used(long key, long nowNs, long withinNs) {
    SlidingWindow window = find(key);
    return window == null ? 0 : window.used(nowNs, withinNs);
  }

  /** The window of a key that spends something. */
  SlidingWindow open(long key, long nowNs, long withinNs) {
    SlidingWindow known = find(key);
    if (known != null && (known != shared || known.used(nowNs, withinNs) > 0)) {
      return known; // who came when it was full stays there until that is forgotten
    }
    if (size >= MAX_KEYS && !prune(nowNs, withinNs)) {
      return shared;
    }
    if ((size + 1) * 2 > keys.length) {
      rebuild(keys.length * 2);
    }
    SlidingWindow window = new SlidingWindow();
    insert(key, window);
    return window;
  }

  /** Forgets who spent nothing lately; not on every call, it walks over all. */
  private boolean prune(long nowNs, long withinNs) {
    if (nowNs - prunedNs < withinNs / 64 && prunedNs != 0) {
      return false;
    }
    prunedNs = nowNs == 0 ? 1 : nowNs;
    for (SlidingWindow window : windows) {
      if (window != null) {
        window.used(nowNs, withinNs);
      }
    }
    rebuild(keys.length);
    return size < MAX_KEYS;
  }

  private void rebuild(int length) {
    long[] oldKeys = keys;
    @Nullable SlidingWindow[] oldWindows = windows;
    keys = new long[length];
    windows = new @Nullable SlidingWindow[length];
    size = 0;
    for (int i = 0; i < oldKeys.length; i++) {
      SlidingWindow window = oldWindows[i];
      if (window != null && !window.isEmpty()) {
        insert(oldKeys[i], window);
      }
    }
  }

  private void insert(long key, SlidingWindow window) {
    int slot = slot(key, keys.length);
    while (keys[slot] != 0) {
      slot = slot + 1 & keys.length - 1;
    }
    keys[slot] = key;
    windows[slot] = window;
    size++;
  }

  static int slot(long key, int length) {
    return (int) (key ^ key >>> 32) & length - 1;
  }
}
