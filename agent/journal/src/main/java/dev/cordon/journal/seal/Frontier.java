package dev.cordon.journal.seal;

import static dev.cordon.journal.seal.Merkle.HASH_BYTES;

/**
 * The right edge of a growing tree: for each 1 in the binary size the hash of one complete subtree.
 * All that is needed to append leaves and to tell the root; at most 63 hashes. For one thread.
 *
 * <pre>
 *  size 6 = 110b:   edge[2] = MTH(leaves 0..3), edge[1] = MTH(leaves 4..5), edge[0] unused
 * </pre>
 */
public final class Frontier {

  private static final int MAX_LEVELS = 63;
  private static final int TILE_LEVELS = 8;

  private final Merkle merkle;
  private final byte[] edge = new byte[MAX_LEVELS * HASH_BYTES];
  private final byte[] carry = new byte[HASH_BYTES];
  private final byte[] tileHashes = new byte[(MAX_LEVELS / TILE_LEVELS + 1) * HASH_BYTES];
  private long size;

  public Frontier(Merkle merkle) {
    this.merkle = merkle;
  }

  public long size() {
    return size;
  }

  /**
   * Returns how many levels of tiles were completed by this leaf; their hashes are told by {@link
   * #copyTileHash}.
   */
  public int append(byte[] hashes, int at) {
    System.arraycopy(hashes, at, carry, 0, HASH_BYTES);
    int level = 0;
    for (long rest = size; (rest & 1) == 1; rest >>>= 1) {
      merkle.node(edge, level * HASH_BYTES, carry, 0, carry, 0);
      level++;
      if (level % TILE_LEVELS == 0) {
        System.arraycopy(carry, 0, tileHashes, level / TILE_LEVELS * HASH_BYTES, HASH_BYTES);
      }
    }
    System.arraycopy(carry, 0, edge, level * HASH_BYTES, HASH_BYTES);
    size++;
    return level / TILE_LEVELS;
  }

  /** The hash of the tile that the last leaf completed on the level below. */
  void copyTileHash(int tileLevel, byte[] to, int at) {
    System.arraycopy(tileHashes, tileLevel * HASH_BYTES, to, at, HASH_BYTES);
  }

  public byte[] root() {
    if (size == 0) {
      return merkle.empty();
    }
    int level = Long.numberOfTrailingZeros(size);
    byte[] root = new byte[HASH_BYTES];
    System.arraycopy(edge, level * HASH_BYTES, root, 0, HASH_BYTES);
    for (level++; size >>> level != 0; level++) {
      if ((size >>> level & 1) == 1) {
        merkle.node(edge, level * HASH_BYTES, root, 0, root, 0);
      }
    }
    return root;
  }

  /** The hashes in use, the lowest level first; with the size enough to go on from here. */
  public byte[] edge() {
    byte[] used = new byte[Long.bitCount(size) * HASH_BYTES];
    int at = 0;
    for (int level = 0; level < MAX_LEVELS; level++) {
      if ((size >>> level & 1) == 1) {
        System.arraycopy(edge, level * HASH_BYTES, used, at, HASH_BYTES);
        at += HASH_BYTES;
      }
    }
    return used;
  }

  /** Begins where another frontier stood. */
  public static Frontier of(Merkle merkle, long size, byte[] edge) {
    if (size < 0 || edge.length != Long.bitCount(size) * HASH_BYTES) {
      throw new IllegalArgumentException(
          "an edge of " + edge.length + " bytes is not that of size " + size);
    }
    Frontier frontier = new Frontier(merkle);
    frontier.size = size;
    int at = 0;
    for (int level = 0; level < MAX_LEVELS; level++) {
      if ((size >>> level & 1) == 1) {
        System.arraycopy(edge, at, frontier.edge, level * HASH_BYTES, HASH_BYTES);
        at += HASH_BYTES;
      }
    }
    return frontier;
  }
}
