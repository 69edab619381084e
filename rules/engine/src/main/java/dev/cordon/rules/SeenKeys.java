package dev.cordon.rules;

/**
 * Which writes were made, by the keyed hash of what makes them the same. When it is full, writes
 * that it cannot tell from duplicates are taken for duplicates. Guarded by its {@link Ledger}.
 */
final class SeenKeys {
  static final int MAX_KEYS = 1 << 17; // 4 MB

  private static final long FULL_REBUILD_NS = 1_000_000_000L; // it walks over all

  private long[] keys = new long[16];
  private long[] seenNs = new long[16];
  private int size;
  private long rebuiltNs;

  boolean has(long key, long nowNs, long withinNs) {
    int slot = find(key);
    return keys[slot] == key && nowNs - seenNs[slot] < withinNs;
  }

  /** False when there is no room. */
  boolean hasRoom(long nowNs, long withinNs) {
    if (size < MAX_KEYS) {
      return true;
    }
    if (nowNs - rebuiltNs >= FULL_REBUILD_NS || rebuiltNs == 0) {
      rebuild(keys.length, nowNs, withinNs);
    }
    return size < MAX_KEYS;
  }

  void add(long key, long nowNs, long withinNs) {
    int slot = find(key);
    if (keys[slot] != key) {
      if ((size + 1) * 2 > keys.length) {
        rebuild(keys.length, nowNs, withinNs);
        if ((size + 1) * 3 > keys.length) {
          rebuild(keys.length * 2, nowNs, withinNs);
        }
        slot = find(key);
      }
      keys[slot] = key;
      size++;
    }
    seenNs[slot] = nowNs;
  }

  /** Forgets a write that was not made. */
  void remove(long key, long addedNs, long withinNs) {
    int slot = find(key);
    if (keys[slot] == key && seenNs[slot] == addedNs) {
      seenNs[slot] = addedNs - withinNs; // expired; the next rebuild takes it out
    }
  }

  private void rebuild(int length, long nowNs, long withinNs) {
    long[] oldKeys = keys;
    long[] oldSeen = seenNs;
    keys = new long[length];
    seenNs = new long[length];
    size = 0;
    rebuiltNs = nowNs == 0 ? 1 : nowNs;
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] != 0 && nowNs - oldSeen[i] < withinNs) {
        int slot = find(oldKeys[i]);
        keys[slot] = oldKeys[i];
        seenNs[slot] = oldSeen[i];
        size++;
      }
    }
  }

  private int find(long key) {
    int slot = LimitAccount.slot(key, keys.length);
    while (keys[slot] != 0 && keys[slot] != key) {
      slot = slot + 1 & keys.length - 1;
    }
    return slot;
  }
}
