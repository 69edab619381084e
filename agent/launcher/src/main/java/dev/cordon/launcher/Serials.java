package dev.cordon.launcher;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.TreeMap;

/**
 * The highest serial of each rule set that was ever in force for a service, in a file beside the
 * journals of the service: what was withdrawn must not come back by an old file, not even over a
 * restart. Shared by all JVMs of the service. One line each:
 *
 * <pre>{@code
 * 42 9f2c6f7b0f7d1f6a54e1c29d7f2b9d0b8b1f6a3a4b7c9d1e2f30415263748596 support-bots/prod
 * }</pre>
 */
final class Serials {

  /** What is known of one rule set; serial 0 and no digest when it was never in force. */
  record Highest(long serial, String digest) {
    static final Highest NONE = new Highest(0, "");
  }

  private static final String FILE = "serials";
  private static final int MAX_BYTES = 1 << 20;

  private final Path directory;
  private final Path file;

  /**
   * @param directory of the service, below the one given as {@code journal}
   */
  Serials(Path directory) {
    this.directory = directory;
    this.file = directory.resolve(FILE);
  }

  Path file() {
    return file;
  }

  /**
   * @throws IOException when the file cannot be read or is damaged: what it forbids is unknown
   */
  Highest highest(String name) throws IOException {
    return read().getOrDefault(name, Highest.NONE);
  }

  /** Nothing is lowered, whatever another JVM has written meanwhile. On disk when it returns. */
  void raise(String name, long serial, String digest) throws IOException {
    Files.createDirectories(directory);
    try (FileChannel lock =
            FileChannel.open(
                directory.resolve(FILE + ".lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        FileLock held = lock.lock()) {
      Map<String, Highest> all = read();
      if (all.getOrDefault(name, Highest.NONE).serial() >= serial || !held.isValid()) {
        return;
      }
      all.put(name, new Highest(serial, digest));
      StringBuilder text = new StringBuilder();
      for (Map.Entry<String, Highest> one : all.entrySet()) {
        text.append(one.getValue().serial()).append(' ').append(one.getValue().digest());
        text.append(' ').append(one.getKey()).append('\n');
      }
      Path next = directory.resolve(FILE + ".next");
      Files.write(
          next,
          text.toString().getBytes(StandardCharsets.UTF_8),
          StandardOpenOption.CREATE,
          StandardOpenOption.TRUNCATE_EXISTING,
          StandardOpenOption.WRITE,
          StandardOpenOption.SYNC);
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private Map<String, Highest> read() throws IOException {
    Map<String, Highest> all = new TreeMap<>();
    byte[] bytes;
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw damaged("larger than 1 MiB");
      }
      bytes = Files.readAllBytes(file);
    } catch (NoSuchFileException first) {
      return all;
    }
    if (bytes.length == 0) {
      throw damaged("empty");
    }
    int number = 0;
    for (String line : new String(bytes, StandardCharsets.UTF_8).split("\n", -1)) {
      number++;
      int space = line.indexOf(' ');
      int second = line.indexOf(' ', space + 1);
      if (line.isEmpty()) {
        continue;
      }
      if (space < 1 || second < 0) {
        throw damaged("line " + number);
      }
      try {
        all.put(
            line.substring(second + 1),
            new Highest(
                Long.parseLong(line.substring(0, space)), line.substring(space + 1, second)));
      } catch (NumberFormatException notOurs) {
        throw damaged("line " + number);
      }
    }
    return all;
  }

  private IOException damaged(String what) {
    return new IOException(
        file
            + " is damaged ("
            + what
            + "): it says which serials were in force; find out why, then remove it");
  }
}
