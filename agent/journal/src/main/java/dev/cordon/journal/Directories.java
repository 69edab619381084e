package dev.cordon.journal;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;

/**
 * Where an instance keeps its files: {@code base/service/20261121T101530.123Z-p4711-000}. A new one
 * for each start of a JVM, and for each time that one had to be abandoned; so no two processes ever
 * share a queue's lock, which a killed process would leave locked for a container that gets the
 * same process id.
 */
final class Directories {

  private final Path parent;
  private final Clock clock;
  private final long pid;
  private final Path first;
  private int count;

  Directories(JournalOptions options, long pid) {
    this.parent = options.base().resolve(options.service());
    this.clock = options.clock();
    this.pid = pid;
    this.first = parent.resolve(name(0));
  }

  /** Told before it exists, so that the agent's first line can name it. */
  Path first() {
    return first;
  }

  Path next() {
    int number = count++;
    return number == 0 ? first : parent.resolve(name(number));
  }

  private String name(int number) {
    ZonedDateTime now = clock.instant().atZone(ZoneOffset.UTC);
    StringBuilder name = new StringBuilder(32);
    digits(name, now.getYear(), 4);
    digits(name, now.getMonthValue(), 2);
    digits(name, now.getDayOfMonth(), 2);
    name.append('T');
    digits(name, now.getHour(), 2);
    digits(name, now.getMinute(), 2);
    digits(name, now.getSecond(), 2);
    name.append('.');
    digits(name, now.getNano() / 1_000_000, 3);
    name.append("Z-p").append(pid).append('-');
    digits(name, number, 3);
    return name.toString();
  }

  // no String.format, no DateTimeFormatter: this runs in premain
  private static void digits(StringBuilder to, int value, int width) {
    String text = Integer.toString(value);
    for (int i = text.length(); i < width; i++) {
      to.append('0');
    }
    to.append(text);
  }

  /** When an instance directory was made, by its name; the epoch if the name is not one of ours. */
  static Instant startOf(Path directory) {
    String name = directory.getFileName().toString();
    if (name.length() < 20 || name.charAt(8) != 'T' || name.charAt(19) != 'Z') {
      return Instant.EPOCH;
    }
    try {
      return Instant.parse(
          name.substring(0, 4)
              + "-"
              + name.substring(4, 6)
              + "-"
              + name.substring(6, 11)
              + ":"
              + name.substring(11, 13)
              + ":"
              + name.substring(13, 20));
    } catch (java.time.format.DateTimeParseException e) {
      return Instant.EPOCH;
    }
  }

  static void checkWritable(Path base) throws IOException {
    Path probe;
    try {
      Files.createDirectories(base);
      probe = Files.createTempFile(base, ".cordon-", ".probe");
    } catch (AccessDeniedException e) {
      throw new IOException(
          "journal directory " + base + ": access denied; give the service's user write access", e);
    } catch (FileAlreadyExistsException e) {
      throw new IOException(
          "journal directory " + base + ": " + e.getFile() + " is a file; name a directory", e);
    } catch (NoSuchFileException e) { // made, or there, and no file can be made in it: /proc
      throw new IOException(
          "journal directory "
              + base
              + ": no file can be made there; name a directory on a writable disk",
          e);
    } catch (FileSystemException e) {
      String why = e.getReason() == null ? e.getClass().getSimpleName() : e.getReason();
      throw new IOException(
          "journal directory " + base + ": " + why + "; name a directory on a writable disk", e);
    }
    try {
      Files.write(probe, new byte[4096]); // creating an empty file works on a full disk
    } catch (IOException e) {
      throw new IOException(
          "journal directory " + base + ": cannot write (" + e.getMessage() + "); free space there",
          e);
    } finally {
      Files.deleteIfExists(probe);
    }
  }
}
