package dev.cordon.journal.seal;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Says that a new key follows an old one: a note of four lines, {@code cordon key rotation}, the
 * old public key, the new one, the time; signed by the old key.
 */
public final class Rotation {

  private static final String FIRST_LINE = "cordon key rotation";

  /** What such a note says; its signature is right, by the key that it names. */
  public record Told(VerifierKey old, VerifierKey next, Instant since) {}

  private Rotation() {}

  public static String write(SealKey old, VerifierKey oldVerifier, VerifierKey next, Instant now)
      throws GeneralSecurityException {
    return Note.sign(
        FIRST_LINE + "\n" + oldVerifier.text() + "\n" + next.text() + "\n" + now + "\n", old);
  }

  /**
   * The keys that are trusted when some are and these rotations are known; the order of the
   * rotations does not matter.
   */
  public static Set<VerifierKey> trusted(Iterable<VerifierKey> known, List<byte[]> rotations)
      throws MalformedException {
    Set<VerifierKey> trusted = new LinkedHashSet<>();
    known.forEach(trusted::add);
    List<byte[]> waiting = new ArrayList<>(rotations);
    boolean grown = true;
    while (grown) {
      grown = false;
      for (int i = waiting.size() - 1; i >= 0; i--) {
        Note note = Note.parse(waiting.get(i));
        String[] lines = lines(note);
        VerifierKey old = VerifierKey.parse(lines[1]);
        if (trusted.contains(old) && old.equals(note.signer(List.of(old)))) {
          grown |= trusted.add(VerifierKey.parse(lines[2]));
          waiting.remove(i);
        }
      }
    }
    return trusted;
  }

  public static Told read(byte[] rotation) throws MalformedException {
    Note note = Note.parse(rotation);
    String[] lines = lines(note);
    VerifierKey old = VerifierKey.parse(lines[1]);
    if (!old.equals(note.signer(List.of(old)))) {
      throw new MalformedException("a key rotation that " + old.label() + " did not sign");
    }
    try {
      return new Told(old, VerifierKey.parse(lines[2]), Instant.parse(lines[3]));
    } catch (DateTimeParseException e) {
      throw new MalformedException("a key rotation at no time");
    }
  }

  private static String[] lines(Note note) throws MalformedException {
    String[] lines = note.text().split("\n", -1);
    if (lines.length != 5 || !lines[0].equals(FIRST_LINE)) {
      throw new MalformedException("not a key rotation");
    }
    return lines;
  }

  public static byte[] bytes(String note) {
    return note.getBytes(StandardCharsets.UTF_8);
  }
}
