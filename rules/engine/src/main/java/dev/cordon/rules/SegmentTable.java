package dev.cordon.rules;

import org.jspecify.annotations.Nullable;

/**
 * Finds children by a region of a text, without cutting the region out. Open addressing; names that
 * differ in case only are neighbours, so a look-up meets them all.
 */
final class SegmentTable<N> {
  private static final @Nullable String[] NO_NAMES = {};
  private static final @Nullable Object[] NO_NODES = {};
  private static final int[] NO_HASHES = {};

  // most tables are those of last segments and stay empty
  private @Nullable String[] names = NO_NAMES;
  private @Nullable Object[] nodes = NO_NODES;
  private int[] hashes = NO_HASHES;
  private int size;

  /** The slot of the first name that equals the region in any case, or -1. */
  int first(String text, int start, int end) {
    return size == 0 ? -1 : first(Fold.hash(text, start, end), text, start, end);
  }

  /**
   * Likewise.
   *
   * @param hash of the region, by {@link Fold#hash}
   */
  int first(int hash, String text, int start, int end) {
    return size == 0 ? -1 : probe(slot(hash), hash, text, start, end);
  }

  /** The slot of the next such name after {@code slot}, or -1. */
  int next(int slot, String text, int start, int end) {
    return probe(slot + 1 & names.length - 1, hashes[slot], text, start, end);
  }

  private int probe(int from, int hash, String text, int start, int end) {
    int slot = from;
    // a table is never full: an empty slot ends the walk
    for (String name = names[slot]; name != null; name = names[slot]) {
      if (hashes[slot] == hash && Fold.same(name, text, start, end)) {
        return slot;
      }
      slot = slot + 1 & names.length - 1;
    }
    return -1;
  }

  /** Spreads hashes of names like h1, h2, h3, which lie side by side. */
  private int slot(int hash) {
    return (int) ((hash * 0x9e3779b9 & 0xffffffffL) * names.length >>> 32);
  }

  /** True when the name of the slot equals the region in case, too. */
  boolean isExact(int slot, String text, int start) {
    String name = names[slot];
    return name != null && text.startsWith(name, start);
  }

  @SuppressWarnings("unchecked") // only put stores, and it stores N
  N node(int slot) {
    Object node = nodes[slot];
    if (node == null) {
      throw new IllegalStateException("empty slot " + slot);
    }
    return (N) node;
  }

  @Nullable N get(String name) {
    for (int slot = first(name, 0, name.length());
        slot >= 0;
        slot = next(slot, name, 0, name.length())) {
      if (name.equals(names[slot])) {
        return node(slot);
      }
    }
    return null;
  }

  void put(String name, N node) {
    if ((size + 1) * 2 > names.length) {
      @Nullable String[] oldNames = names;
      @Nullable Object[] oldNodes = nodes;
      names = new @Nullable String[Math.max(4, oldNames.length * 2)];
      nodes = new @Nullable Object[names.length];
      hashes = new int[names.length];
      for (int i = 0; i < oldNames.length; i++) {
        String old = oldNames[i];
        Object oldNode = oldNodes[i];
        if (old != null && oldNode != null) {
          insert(old, oldNode);
        }
      }
    }
    insert(name, node);
    size++;
  }

  private void insert(String name, Object node) {
    int hash = Fold.hash(name, 0, name.length());
    int slot = slot(hash);
    while (names[slot] != null) {
      slot = slot + 1 & names.length - 1;
    }
    names[slot] = name;
    nodes[slot] = node;
    hashes[slot] = hash;
  }
}
