package dev.cordon.journal.seal;

import java.util.Arrays;
import java.util.List;

/**
 * What a log was at one size (c2sp.org/tlog-checkpoint): the text of a signed note.
 *
 * @param extensions lines after the root; {@code late FROM TIME}: records from FROM on were sealed
 *     by a later process than the one that wrote them
 */
public record Checkpoint(String origin, long size, byte[] root, List<String> extensions) {

  private static final int MAX_LINES = 16;

  public Checkpoint {
    extensions = List.copyOf(extensions);
    if (size < 0 || root.length != Merkle.HASH_BYTES) {
      throw new IllegalArgumentException("size=" + size + " root bytes=" + root.length);
    }
  }

  public String text() {
    StringBuilder text = new StringBuilder(128);
    text.append(origin).append('\n').append(size).append('\n');
    text.append(Base64Text.of(root)).append('\n');
    for (String line : extensions) {
      text.append(line).append('\n');
    }
    return text.toString();
  }

  public static Checkpoint parse(String text) throws MalformedException {
    String[] lines = text.split("\n", -1);
    if (lines.length < 4 || lines.length > MAX_LINES || !lines[lines.length - 1].isEmpty()) {
      throw new MalformedException("a checkpoint has three lines: origin, size, root");
    }
    for (int i = 0; i < lines.length - 1; i++) {
      if (lines[i].isEmpty()) {
        throw new MalformedException("line " + (i + 1) + " of the checkpoint is empty");
      }
    }
    if (!lines[1].matches("0|[1-9][0-9]{0,17}")) {
      throw new MalformedException("line 2 of the checkpoint is not a size");
    }
    byte[] root = Base64Text.parse(lines[2], "line 3 of the checkpoint");
    if (root.length != Merkle.HASH_BYTES) {
      throw new MalformedException("line 3 of the checkpoint is not a SHA-256 hash");
    }
    return new Checkpoint(
        lines[0],
        Long.parseLong(lines[1]),
        root,
        Arrays.asList(lines).subList(3, lines.length - 1));
  }

  /** The index of the first record that was sealed late; the size if none was. */
  public long lateFrom() {
    long from = size;
    for (String line : extensions) {
      if (line.matches("late (0|[1-9][0-9]{0,17}) [0-9TZ:.-]{1,40}")) {
        from = Math.min(from, Long.parseLong(line.split(" ", -1)[1]));
      }
    }
    return from;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Checkpoint that && that.text().equals(text());
  }

  @Override
  public int hashCode() {
    return text().hashCode();
  }
}
