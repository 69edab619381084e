package dev.cordon.journal.seal;

import java.security.DigestException;
import java.security.MessageDigest;

/** The two hashes of RFC 6962, section 2.1, with SHA-256. For one thread. */
public final class Merkle {

  public static final int HASH_BYTES = 32;

  private static final byte LEAF = 0;
  private static final byte NODE = 1;

  private final MessageDigest sha256 = JdkCrypto.sha256();
  private final byte[] node = new byte[1 + 2 * HASH_BYTES];

  public Merkle() {
    node[0] = NODE;
  }

  /**
   * {@code to[at..] = SHA-256(0x00 || record)}. In a file a zero stands before each record, the
   * high byte of its length: with it the hash reads whole blocks from where they are.
   */
  public void leaf(byte[] record, int from, int length, byte[] to, int at) {
    if (from > 0 && record[from - 1] == LEAF) {
      sha256.update(record, from - 1, length + 1);
    } else {
      sha256.update(LEAF);
      sha256.update(record, from, length);
    }
    digest(to, at);
  }

  /** {@code to[at..] = SHA-256(0x01 || left || right)}; {@code to} may be one of the two. */
  void node(byte[] left, int leftAt, byte[] right, int rightAt, byte[] to, int at) {
    System.arraycopy(left, leftAt, node, 1, HASH_BYTES);
    System.arraycopy(right, rightAt, node, 1 + HASH_BYTES, HASH_BYTES);
    sha256.update(node, 0, node.length);
    digest(to, at);
  }

  byte[] leaf(byte[] record) {
    byte[] hash = new byte[HASH_BYTES];
    leaf(record, 0, record.length, hash, 0);
    return hash;
  }

  byte[] node(byte[] left, byte[] right) {
    byte[] hash = new byte[HASH_BYTES];
    node(left, 0, right, 0, hash, 0);
    return hash;
  }

  /** Of a tree without leaves. */
  byte[] empty() {
    return sha256.digest();
  }

  private void digest(byte[] to, int at) {
    try {
      sha256.digest(to, at, HASH_BYTES);
    } catch (DigestException e) {
      throw new IllegalStateException("no room for a hash at " + at + " of " + to.length, e);
    }
  }
}
