package dev.cordon.journal;

import dev.cordon.journal.seal.AtomicFile;
import dev.cordon.journal.seal.Merkle;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The beginning of a log whose files were deleted because they were old: how many records there
 * were and what their root was. Their hashes are in the tiles, so that the rest is proved as
 * before. A note beside the files tells it to readers; {@code verify} believes it only where a
 * {@code prune} record says the same.
 *
 * <pre>
 *  the file "pruned":
 *  cordon pruned 1
 *  RECORDS              the place in the log of the first record that is left
 *  NEXT-N
 *  THROUGH              the last file that is gone
 *  ROOT                 base64
 *  BY                   the directory beside this one with the prune record
 * </pre>
 *
 * @param nextN number of the first record that is left
 */
record PrunedHead(long records, long nextN, String through, byte[] root, String by) {

  static final String FILE = "pruned";

  private static final String HEADER = "cordon pruned 1";
  private static final int MAX_BYTES = 1024;
  private static final String NUMBER = "[1-9][0-9]{0,17}";
  private static final String DIRECTORY = "[0-9A-Za-z][0-9A-Za-z.-]{0,63}";

  /** Null if nothing was pruned. */
  static @Nullable PrunedHead read(Path directory) throws IOException {
    Path file = directory.resolve(FILE);
    if (!file.toFile().exists()) { // the usual case, and without the cost of an exception
      return null;
    }
    String[] lines =
        Files.size(file) > MAX_BYTES
            ? new String[0]
            : Files.readString(file, StandardCharsets.ISO_8859_1).split("\n", -1);
    if (lines.length == 7 && lines[0].equals(HEADER) && lines[5].matches(DIRECTORY)) {
      PrunedHead head = of(lines[1], lines[2], lines[3], rootOf(lines[4]), lines[5]);
      if (head != null) {
        return head;
      }
    }
    throw new IOException(file + ": not a note of what was pruned");
  }

  /** What a {@code prune} record in the directory {@code by} tells; null if it tells nothing. */
  static @Nullable PrunedHead told(Map<String, String> attributes, String by) {
    String root = attributes.getOrDefault("root", "");
    return attributes.getOrDefault("directory", "").matches(DIRECTORY)
            && root.matches("[0-9a-f]{64}")
        ? of(
            attributes.getOrDefault("records", ""),
            attributes.getOrDefault("next", ""),
            attributes.getOrDefault("through", ""),
            HexFormat.of().parseHex(root),
            by)
        : null;
  }

  private static @Nullable PrunedHead of(
      String records, String nextN, String through, byte[] root, String by) {
    return records.matches(NUMBER)
            && nextN.matches(NUMBER)
            && through.matches(QueueFile.FILE_NAME)
            && QueueFile.cycleOf(Path.of(through)) >= 0
            && root.length == Merkle.HASH_BYTES
        ? new PrunedHead(Long.parseLong(records), Long.parseLong(nextN), through, root, by)
        : null;
  }

  private static byte[] rootOf(String base64) {
    try {
      byte[] root = Base64.getDecoder().decode(base64);
      return Base64.getEncoder().encodeToString(root).equals(base64) ? root : new byte[0];
    } catch (IllegalArgumentException e) {
      return new byte[0];
    }
  }

  /** On the device when it returns: only then may files go. */
  void write(Path directory) throws IOException {
    String text =
        HEADER
            + "\n"
            + records
            + "\n"
            + nextN
            + "\n"
            + through
            + "\n"
            + Base64.getEncoder().encodeToString(root)
            + "\n"
            + by
            + "\n";
    AtomicFile.writeForced(directory.resolve(FILE), text.getBytes(StandardCharsets.US_ASCII));
  }

  /** Whether a file is one of those that are gone, or should be. */
  boolean covers(Path file) {
    return QueueFile.cycleOf(file) <= QueueFile.cycleOf(Path.of(through));
  }

  static boolean isSame(@Nullable PrunedHead one, @Nullable PrunedHead other) {
    return one == null || other == null
        ? one == other
        : one.records == other.records
            && one.nextN == other.nextN
            && one.through.equals(other.through)
            && one.by.equals(other.by)
            && Arrays.equals(one.root, other.root);
  }
}
