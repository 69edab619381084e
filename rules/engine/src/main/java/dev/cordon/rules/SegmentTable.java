package dev.cordon.rules;

import org.jspecify.annotations.Nullable;

/**
 * Finds children by a region of a text, without cutting the region out. Open addressing; names that
 * differ in case only are neighbours, so a look-up meets them all.
 */
final class SegmentTable<N> {
  private @Nullable String[] names = new @Nullable String[4];
  private @Nullable Object[] nodes = new @Nullable Object[4];
  private int size;

  /** The slot of the first name that equals the region in any case, or -1. */
  int first(String text, int start, int end) {
    return size == 0 ? -1 : probe(Fold.hash(text, start, end) & names.length - 1, text, start, end);
  }

  /** The slot of the next such name after {@code slot}, or -1. */
  int next(int slot, String text, int start, int end) {
    return probe(slot + 1 & names.length - 1, text, start, end);
  }

  private int probe(int from, String text, int start, int end) {
    int slot = from;
    // a table is never full: an empty slot ends the walk
    for (String name = names[slot]; name != null; name = names[slot]) {
      if (Fold.same(name, text, start, end)) {
        return slot;
      }
      slot = slot + 1 & names.length - 1;
    }
    return -1;
  }

  /** True when the name of the slot equals the region in case, too. */
  boolean isExact(int slot, String text, int start) {
    String name = names[slot];
    return name != null && text.regionMatches(start, name, 0, name.length());
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
      names = new @Nullable String[oldNames.length * 2];
      nodes = new @Nullable Object[oldNames.length * 2];
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
    int slot = Fold.hash(name, 0, name.length()) & names.length - 1;
    while (names[slot] != null) {
      slot = slot + 1 & names.length - 1;
    }
    names[slot] = name;
    nodes[slot] = node;
  }
}
