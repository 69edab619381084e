package dev.cordon.journal;

import dev.cordon.journal.RecordDecoder.DamagedException;
import dev.cordon.journal.seal.Checkpoint;
import dev.cordon.journal.seal.Merkle;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a {@code seal} record tells: the root of the first {@code size} records of its directory.
 *
 * @param log first eight bytes of the SHA-256 of the log's origin; a seal in a foreign log counts
 *     for nothing
 * @param keyId of the key that signed; 0 with an empty signature: unsigned
 * @param signature of the checkpoint's text, as in the signed note
 * @param link in the first seal of a directory: the directory that was finished last before it
 */
record Seal(long log, long size, byte[] root, int keyId, byte[] signature, @Nullable Link link) {

  /** Another directory of the same service, and what it was when it was finished. */
  record Link(String directory, long size, byte[] root) {}

  private static final int FIXED_BYTES = 8 + 8 + Merkle.HASH_BYTES + 4;
  private static final int SIGNATURE_BYTES = 64;
  private static final int LINK_FIXED_BYTES = 8 + Merkle.HASH_BYTES;

  /** {@code cordon/SERVICE/DIRECTORY}: what a directory's log calls itself. */
  static String origin(java.nio.file.Path directory) {
    java.nio.file.Path absolute = directory.toAbsolutePath().normalize();
    java.nio.file.Path service = absolute.getParent();
    return "cordon/"
        + (service == null || service.getFileName() == null ? "" : service.getFileName())
        + "/"
        + absolute.getFileName();
  }

  static long logOf(String origin) {
    Merkle merkle = new Merkle();
    byte[] name = origin.getBytes(StandardCharsets.UTF_8);
    byte[] hash = new byte[Merkle.HASH_BYTES];
    merkle.leaf(name, 0, name.length, hash, 0);
    return Layout.get64(hash, 0);
  }

  Checkpoint checkpoint(String origin) {
    return new Checkpoint(origin, size, root, List.of());
  }

  boolean isSigned() {
    return signature.length > 0;
  }

  int bytes() {
    return Layout.TAG_HEADER_BYTES
        + FIXED_BYTES
        + signature.length
        + (link == null
            ? 0
            : Layout.TAG_HEADER_BYTES + LINK_FIXED_BYTES + link.directory().length());
  }

  void put(byte[] to, int from) {
    int at = header(to, from, Layout.TAG_SEAL, FIXED_BYTES + signature.length);
    Layout.put64(to, at, log);
    Layout.put64(to, at + 8, size);
    System.arraycopy(root, 0, to, at + 16, root.length);
    Layout.put32(to, at + 48, keyId);
    System.arraycopy(signature, 0, to, at + FIXED_BYTES, signature.length);
    at += FIXED_BYTES + signature.length;
    if (link != null) {
      byte[] name = link.directory().getBytes(StandardCharsets.US_ASCII);
      at = header(to, at, Layout.TAG_LINK, LINK_FIXED_BYTES + name.length);
      Layout.put64(to, at, link.size());
      System.arraycopy(link.root(), 0, to, at + 8, link.root().length);
      System.arraycopy(name, 0, to, at + LINK_FIXED_BYTES, name.length);
    }
  }

  private static int header(byte[] to, int at, int tag, int length) {
    to[at] = (byte) tag;
    Layout.put16(to, at + 1, length);
    return at + Layout.TAG_HEADER_BYTES;
  }

  /** Of a record that was checked. */
  static Seal read(byte[] from, int offset, int length) throws DamagedException {
    Seal seal = null;
    Link link = null;
    int end = offset + length;
    for (int at = offset + Layout.FIXED_BYTES; at < end; ) {
      int tag = from[at] & 0xff;
      int size = Layout.get16(from, at + 1);
      at += Layout.TAG_HEADER_BYTES;
      if (tag == Layout.TAG_SEAL) {
        if (size != FIXED_BYTES && size != FIXED_BYTES + SIGNATURE_BYTES) {
          throw new DamagedException("seal of " + size + " bytes");
        }
        seal =
            new Seal(
                Layout.get64(from, at),
                Layout.get64(from, at + 8),
                Arrays.copyOfRange(from, at + 16, at + 48),
                Layout.get32(from, at + 48),
                Arrays.copyOfRange(from, at + FIXED_BYTES, at + size),
                null);
      } else if (tag == Layout.TAG_LINK && size > LINK_FIXED_BYTES) {
        link =
            new Link(
                new String(
                    from,
                    at + LINK_FIXED_BYTES,
                    size - LINK_FIXED_BYTES,
                    StandardCharsets.US_ASCII),
                Layout.get64(from, at),
                Arrays.copyOfRange(from, at + 8, at + LINK_FIXED_BYTES));
      }
      at += size;
    }
    if (seal == null || seal.size < 0) {
      throw new DamagedException("seal without a root");
    }
    return new Seal(seal.log, seal.size, seal.root, seal.keyId, seal.signature, link);
  }
}
