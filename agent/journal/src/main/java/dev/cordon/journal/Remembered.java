package dev.cordon.journal;

import dev.cordon.journal.seal.AtomicFile;
import dev.cordon.journal.seal.MalformedException;
import dev.cordon.journal.seal.Merkle;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;

/**
 * What an auditor saw: for each log its size, the hashes of its right edge, and where to read on.
 * One line each; the whole file is replaced.
 *
 * <pre>
 *  cordon remember 1
 *  ORIGIN SIZE NEXT-N FILE POSITION SIGNED UNSIGNED-FROM EDGE(base64)
 * </pre>
 */
final class Remembered {

  /**
   * One log.
   *
   * @param signed how many of the records were under a good signature
   * @param unsignedFrom the first record that was not, seals aside; -1: all were
   */
  record Log(
      long size,
      long nextN,
      String file,
      long position,
      long signed,
      long unsignedFrom,
      byte[] edge) {}

  private static final String HEADER = "cordon remember 1";
  private static final String ORIGIN = "[!-~]+"; // as Seal.origin makes them
  private static final long MAX_BYTES = 256L << 20;

  final Map<String, Log> logs = new TreeMap<>();

  static Remembered read(Path file) throws IOException, MalformedException {
    Remembered remembered = new Remembered();
    if (!Files.exists(file)) {
      return remembered;
    }
    if (Files.size(file) > MAX_BYTES) {
      throw new MalformedException(file + " is too long to be what verify remembers");
    }
    String[] lines = Files.readString(file, StandardCharsets.ISO_8859_1).split("\n", -1);
    if (!lines[0].equals(HEADER)) {
      throw new MalformedException(file + ":1: not what verify remembers; expected " + HEADER);
    }
    for (int i = 1; i < lines.length; i++) {
      if (!lines[i].isEmpty()) {
        remembered.add(lines[i], file + ":" + (i + 1));
      }
    }
    return remembered;
  }

  private void add(String line, String place) throws MalformedException {
    String[] words = line.split(" ", -1);
    try {
      if (words.length == 8 && words[0].matches(ORIGIN) && words[3].matches(QueueFile.FILE_NAME)) {
        Log log =
            new Log(
                Long.parseLong(words[1]),
                Long.parseLong(words[2]),
                words[3],
                Long.parseLong(words[4]),
                Long.parseLong(words[5]),
                Long.parseLong(words[6]),
                Base64.getDecoder().decode(words[7]));
        if (log.size() > 0
            && log.position() > 0
            && log.edge().length == Long.bitCount(log.size()) * Merkle.HASH_BYTES) {
          logs.put(words[0], log);
          return;
        }
      }
    } catch (IllegalArgumentException e) {
      // told below
    }
    throw new MalformedException(
        place + ": damaged; remove the file to begin again, which forgets what was seen");
  }

  void write(Path file) throws IOException {
    StringBuilder text = new StringBuilder(HEADER).append('\n');
    logs.forEach(
        (origin, log) ->
            text.append(origin)
                .append(' ')
                .append(log.size())
                .append(' ')
                .append(log.nextN())
                .append(' ')
                .append(log.file())
                .append(' ')
                .append(log.position())
                .append(' ')
                .append(log.signed())
                .append(' ')
                .append(log.unsignedFrom())
                .append(' ')
                .append(Base64.getEncoder().encodeToString(log.edge()))
                .append('\n'));
    byte[] bytes = text.toString().getBytes(StandardCharsets.US_ASCII);
    if (!Files.exists(file) || !Arrays.equals(Files.readAllBytes(file), bytes)) {
      AtomicFile.write(file, bytes);
    }
  }
}
