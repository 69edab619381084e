package dev.cordon.journal.seal;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Merkle audit paths (RFC 6962, section 2.1.1): made from leaf hashes, and checked. */
final class Inclusion {

  private Inclusion() {}

  /**
   * Collects the path of one leaf while the leaves go by, in order: memory for two hashes a level.
   */
  static final class Collector {
    private final Merkle merkle;
    private final long index;
    private final long size;
    // subtrees that are complete, the largest first, as in Frontier
    private final List<byte[]> hashes = new ArrayList<>();
    private final List<Long> widths = new ArrayList<>();
    private final List<Long> starts = new ArrayList<>();
    private final List<byte[]> path = new ArrayList<>();
    private long seen;

    Collector(Merkle merkle, long index, long size) {
      this.merkle = merkle;
      this.index = index;
      this.size = size;
    }

    void leaf(byte[] hash) {
      push(hash, 1, seen);
      seen++;
      while (hashes.size() > 1 && last(widths) == widths.get(widths.size() - 2)) {
        join();
      }
    }

    /** The path, the leaf's sibling first. */
    List<byte[]> path() {
      if (seen != size) {
        throw new IllegalStateException(seen + " leaves of " + size);
      }
      while (hashes.size() > 1) {
        join();
      }
      return path;
    }

    private void join() {
      int right = hashes.size() - 1;
      int left = right - 1;
      if (holds(left)) {
        path.add(hashes.get(right));
      } else if (holds(right)) {
        path.add(hashes.get(left));
      }
      byte[] joined = merkle.node(hashes.get(left), hashes.get(right));
      long width = widths.get(left) + widths.get(right);
      long start = starts.get(left);
      for (int i = right; i >= left; i--) {
        hashes.remove(i);
        widths.remove(i);
        starts.remove(i);
      }
      push(joined, width, start);
    }

    private boolean holds(int subtree) {
      return starts.get(subtree) <= index && index < starts.get(subtree) + widths.get(subtree);
    }

    private void push(byte[] hash, long width, long start) {
      hashes.add(hash);
      widths.add(width);
      starts.add(start);
    }

    private static long last(List<Long> list) {
      return list.get(list.size() - 1);
    }
  }

  /** The root that the path leads to; null if a path of this length cannot be one. */
  static byte @Nullable [] root(
      Merkle merkle, byte[] leafHash, long index, long size, List<byte[]> path) {
    if (index < 0 || index >= size) {
      return null;
    }
    // RFC 9162, section 2.1.3.2
    byte[] root = leafHash;
    long first = index;
    long last = size - 1;
    for (byte[] sibling : path) {
      if (last == 0) {
        return null;
      }
      if ((first & 1) == 1 || first == last) {
        root = merkle.node(sibling, root);
        while ((first & 1) == 0 && first != 0) {
          first >>>= 1;
          last >>>= 1;
        }
      } else {
        root = merkle.node(root, sibling);
      }
      first >>>= 1;
      last >>>= 1;
    }
    return last == 0 ? root : null;
  }
}
