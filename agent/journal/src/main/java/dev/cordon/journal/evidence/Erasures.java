package dev.cordon.journal.evidence;

import dev.cordon.journal.seal.JdkCrypto;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Which keys were destroyed, in the order of time: the file {@code erased.log}. It is what an old
 * copy of the keys is held against, so it outlives them and has hashes only.
 *
 * <pre>
 *  erase 3 2026-11-21T10:15:30Z DSR-14 SHA256 CRC      all keys of that person up to epoch 3; of the pseudonym
 *  expire 4 2026-11-21T10:15:30Z 20778 - CRC           all keys for days up to that one (since 1970), up to epoch 4
 * </pre>
 *
 * <p>The checksum of a line is over it and the lines before it: none can be left out in the middle
 * unseen.
 */
public final class Erasures {

  /**
   * One destruction.
   *
   * @param epoch the last one whose keys it concerns
   * @param request of a person: what it is known by; else empty
   * @param person hash of the pseudonym in hex; empty: all persons, up to a day
   * @param throughDay days since 1970, UTC
   */
  public record Erasure(long epoch, Instant time, String request, String person, long throughDay) {

    public static Erasure ofPerson(long epoch, Instant time, String request, byte[] pseudonym) {
      return new Erasure(
          epoch, time.truncatedTo(ChronoUnit.SECONDS), request, personOf(pseudonym), 0);
    }

    public static Erasure ofDays(long epoch, Instant time, long throughDay) {
      return new Erasure(epoch, time.truncatedTo(ChronoUnit.SECONDS), "", "", throughDay);
    }

    public boolean isOfPerson() {
      return !person.isEmpty();
    }

    boolean concerns(long keyEpoch, String personOfKey, long day) {
      return keyEpoch <= epoch && (isOfPerson() ? person.equals(personOfKey) : day <= throughDay);
    }

    /** Whether another one says as much. */
    boolean covers(Erasure other) {
      return other.epoch <= epoch
          && other.person.equals(person)
          && (isOfPerson() || other.throughDay <= throughDay);
    }

    /** For readers, in brackets: what stands where the evidence was. */
    public String told() {
      LocalDate date = LocalDate.ofInstant(time, ZoneOffset.UTC);
      return isOfPerson()
          ? "[erased " + date + ", request " + request + "]"
          : "[expired " + date + "]";
    }

    private String line() {
      return (isOfPerson() ? "erase " : "expire ")
          + epoch
          + " "
          + time
          + " "
          + (isOfPerson() ? request + " " + person : throughDay + " -");
    }
  }

  private static final long MAX_EPOCH = 0xffff_ffffL; // is an unsigned number of 4 bytes on file

  static final Erasures NONE = new Erasures(List.of(), 0);

  private final List<Erasure> all;
  private final int bytes;

  private Erasures(List<Erasure> all, int bytes) {
    this.all = List.copyOf(all);
    this.bytes = bytes;
  }

  /**
   * What a file says. A last line without its end is one that a killed process began: it destroyed
   * nothing yet.
   *
   * @throws SubjectKeys.DamagedException for a line that is not what was written
   */
  static Erasures parse(byte[] file, String name) throws SubjectKeys.DamagedException {
    List<Erasure> all = new ArrayList<>();
    CRC32C crc = new CRC32C();
    int start = 0;
    int line = 1;
    for (int at = 0; at < file.length; at++) {
      if (file[at] != '\n') {
        continue;
      }
      String text = new String(file, start, at - start, StandardCharsets.US_ASCII);
      int end = text.lastIndexOf(' ');
      crc.update(file, start, Math.max(0, end));
      Erasure one =
          end > 0 && text.substring(end + 1).equals(hex(crc)) ? read(text.substring(0, end)) : null;
      if (one == null) {
        throw new SubjectKeys.DamagedException(
            name + ":" + line + " is not what was written; put the newest copy of the file back");
      }
      all.add(one);
      start = at + 1;
      line++;
    }
    return new Erasures(all, start);
  }

  private static @Nullable Erasure read(String line) {
    String[] words = line.split(" ", -1);
    if (words.length != 5 || !words[1].matches("[0-9]{1,10}")) {
      return null;
    }
    try {
      long epoch = Long.parseLong(words[1]);
      Instant time = Instant.parse(words[2]);
      if (words[0].equals("erase") && words[4].matches("[0-9a-f]{64}") && isRequest(words[3])) {
        return new Erasure(epoch, time, words[3], words[4], 0);
      }
      return words[0].equals("expire") && words[3].matches("-?[0-9]{1,8}")
          ? Erasure.ofDays(epoch, time, Long.parseLong(words[3]))
          : null;
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  /** Whether the line of an erasure says it again when it is read. */
  static boolean canRead(Erasure one) {
    return one.epoch() < MAX_EPOCH && one.equals(read(one.line()));
  }

  /** What a request may be called. */
  public static boolean isRequest(String name) {
    return name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,39}");
  }

  /** The line of one more, with the checksum over all before it. */
  byte[] next(Erasure one) {
    String line = one.line();
    CRC32C over = new CRC32C();
    for (Erasure before : all) {
      over.update(before.line().getBytes(StandardCharsets.US_ASCII));
    }
    over.update(line.getBytes(StandardCharsets.US_ASCII));
    return (line + " " + hex(over) + "\n").getBytes(StandardCharsets.US_ASCII);
  }

  Erasures with(Erasure one) {
    List<Erasure> more = new ArrayList<>(all);
    more.add(one);
    return new Erasures(more, bytes + next(one).length);
  }

  private static String hex(CRC32C crc) {
    return HexFormat.of().toHexDigits((int) crc.getValue());
  }

  static String personOf(byte[] pseudonym) {
    return HexFormat.of().formatHex(JdkCrypto.sha256().digest(pseudonym));
  }

  /** How many bytes of the file are whole lines. */
  int bytes() {
    return bytes;
  }

  public List<Erasure> all() {
    return all;
  }

  /** The newest epoch that something was destroyed in; 0: none. */
  long epoch() {
    long epoch = 0;
    for (Erasure one : all) {
      epoch = Math.max(epoch, one.epoch());
    }
    return epoch;
  }

  boolean covers(Erasure other) {
    for (Erasure one : all) {
      if (one.covers(other)) {
        return true;
      }
    }
    return false;
  }

  /** The first that destroyed such a key; null: none did. */
  public @Nullable Erasure of(long keyEpoch, byte[] pseudonym, long day) {
    return all.isEmpty() ? null : of(keyEpoch, personOf(pseudonym), day);
  }

  private @Nullable Erasure of(long keyEpoch, String person, long day) {
    for (Erasure one : all) {
      if (one.concerns(keyEpoch, person, day)) {
        return one;
      }
    }
    return null;
  }
}
