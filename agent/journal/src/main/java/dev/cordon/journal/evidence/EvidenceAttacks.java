package dev.cordon.journal.evidence;

import dev.cordon.journal.evidence.EvidenceReader.Opened;
import dev.cordon.journal.evidence.EvidenceReader.State;
import dev.cordon.journal.evidence.EvidenceSealer.PersonKey;
import dev.cordon.journal.evidence.EvidenceSealer.Sealed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Does to evidence and its keys what somebody would do who wants to read what was erased, or to
 * have evidence say what was not, and tells what a reader who has the evidence key is shown. On
 * files of its own, under keys that are thrown away.
 */
public final class EvidenceAttacks {

  /**
   * What became of one attack.
   *
   * @param shown in the place of the evidence; {@code refused}: no file of keys is used at all
   * @param read true if the reader was shown a text: nobody noticed
   */
  public record Outcome(String attack, String shown, boolean read) {}

  /** What is changed; gives what is then read. */
  private interface Attack {
    SealedEvidence on(Lab lab) throws IOException, GeneralSecurityException;
  }

  private static final Instant NOW = Instant.parse("2026-01-02T00:00:00Z");
  private static final long DAY = 20_000;
  private static final long TIMEOUT_MS = 10_000;
  private static final String EVE = "eve@example.com";
  private static final String BOB = "bob@example.com";
  private static final int EVES_SLOT = SubjectKeys.SLOT_BYTES;
  private static final int BOBS_SLOT = 2 * SubjectKeys.SLOT_BYTES;
  private static final int PSEUDONYM = 16;
  private static final int WRAPPED = 40;
  private static final int CRC = 124;

  private final Map<String, Attack> attacks = new LinkedHashMap<>();

  private EvidenceAttacks() {
    fill();
  }

  /**
   * Runs all attacks.
   *
   * @param work an empty directory
   */
  public static List<Outcome> run(Path work) throws IOException, GeneralSecurityException {
    List<Outcome> outcomes = new ArrayList<>();
    for (Map.Entry<String, Attack> one : new EvidenceAttacks().attacks.entrySet()) {
      Lab lab = new Lab(work.resolve("evidence-" + outcomes.size()));
      outcomes.add(outcome(one.getKey(), one.getValue(), lab));
    }
    return outcomes;
  }

  private static Outcome outcome(String attack, Attack how, Lab lab)
      throws IOException, GeneralSecurityException {
    if (lab.open(lab.evidence).state() != State.OPEN) {
      throw new IOException("evidence cannot be read before it is attacked");
    }
    SealedEvidence then = how.on(lab);
    try {
      Opened opened = lab.open(then);
      boolean read = opened.state() == State.OPEN;
      return new Outcome(attack, read ? "READ" : opened.told(), read);
    } catch (SubjectKeys.DamagedException e) {
      return new Outcome(attack, "refused", false);
    }
  }

  private void fill() {
    attacks.put(
        "flip a bit in evidence",
        lab -> {
          byte[] flipped = lab.evidence.ciphertext().clone();
          flipped[3] ^= 1;
          return lab.with(flipped, lab.evidence.context());
        });
    attacks.put(
        "put evidence beside another call",
        lab -> lab.with(lab.evidence.ciphertext(), lab.other.context()));
    attacks.put(
        "put evidence in that another journal wrote",
        lab -> new Lab(lab.directory.resolveSibling("elsewhere-" + System.nanoTime())).evidence);
    attacks.put("flip a bit in the key of a person", lab -> lab.flip(EVES_SLOT + WRAPPED, false));
    attacks.put(
        "flip a bit in the key of a person, its checksum made right",
        lab -> lab.flip(EVES_SLOT + WRAPPED, true));
    attacks.put(
        "exchange the keys of two persons, checksums made right",
        lab -> lab.exchange(WRAPPED, EvidenceKey.WRAPPED_BYTES));
    attacks.put(
        "exchange the names of two persons, checksums made right",
        lab -> lab.exchange(PSEUDONYM, EvidenceKey.PSEUDONYM_BYTES));
    attacks.put(
        "cut the file of keys",
        lab -> {
          byte[] file = lab.file();
          return lab.put(Arrays.copyOf(file, EVES_SLOT + 7));
        });
    attacks.put("flip a bit in the head of the file of keys", lab -> lab.flip(13, false));
    attacks.put(
        "flip a bit in the head of the file of keys, its checksum made right",
        lab -> lab.flip(13, true));
    attacks.put(
        "put the file of keys of another journal in its place",
        lab -> lab.put(new Lab(lab.directory.resolveSibling("other-" + System.nanoTime())).file()));
    attacks.put(
        "erase, and put an old copy of the keys back",
        lab -> {
          byte[] copy = lab.file();
          lab.erase("DSR-1", EVE);
          return lab.put(copy);
        });
    attacks.put(
        "erase, put an old copy of the keys and of the log of erasures back; the journal tells",
        lab -> {
          byte[] copy = lab.file();
          long epoch = lab.erase("DSR-1", EVE);
          lab.put(copy);
          Files.write(lab.directory.resolve(SubjectKeys.LOG), new byte[0]);
          SubjectKeys.Destroyed again =
              lab.store()
                  .replay(
                      List.of(
                          Erasures.Erasure.ofPerson(epoch, NOW, "DSR-1", lab.key.pseudonym(EVE))),
                      TIMEOUT_MS);
          if (again.keys() == 0) {
            throw new IOException("nothing was destroyed again");
          }
          return lab.evidence;
        });
    attacks.put(
        "erase, and put an old copy back that lies under the evidence key before a rotation",
        lab -> {
          byte[] copy = lab.file();
          lab.erase("DSR-1", EVE);
          lab.rotate();
          return lab.put(copy);
        });
    attacks.put(
        "the same, and rotate that copy",
        lab -> {
          byte[] copy = lab.file();
          lab.erase("DSR-1", EVE);
          EvidenceKey old = lab.key;
          EvidenceKey next = lab.rotate();
          lab.put(copy);
          SubjectKeys.Rotated unused = SubjectKeys.in(lab.directory, old).rotate(next, TIMEOUT_MS);
          return lab.evidence;
        });
    attacks.put(
        "erase, and cut the last line of the log of erasures",
        lab -> {
          lab.erase("DSR-1", BOB);
          lab.erase("DSR-2", EVE);
          String log = lab.log();
          lab.putLog(log.substring(0, log.indexOf('\n') + 1));
          return lab.evidence;
        });
    attacks.put(
        "erase, and take a line out of the log of erasures",
        lab -> {
          lab.erase("DSR-1", EVE);
          lab.erase("DSR-2", BOB);
          String log = lab.log();
          lab.putLog(log.substring(log.indexOf('\n') + 1));
          return lab.evidence;
        });
    attacks.put(
        "erase, and write another person into the log of erasures",
        lab -> {
          byte[] copy = lab.file();
          lab.erase("DSR-1", EVE);
          lab.put(copy);
          lab.putLog(
              lab.log()
                  .replace(
                      Erasures.personOf(lab.key.pseudonym(EVE)),
                      Erasures.personOf(lab.key.pseudonym(BOB))));
          return lab.evidence;
        });
  }

  /** Two persons with a key each, a text of each. */
  private static final class Lab {
    final Path directory;
    EvidenceKey key = EvidenceKey.generate();
    final SealedEvidence evidence;
    final SealedEvidence other;

    Lab(Path directory) throws IOException, GeneralSecurityException {
      this.directory = directory;
      store().prepare(TIMEOUT_MS);
      evidence = written(EVE, 1);
      other = written(BOB, 2);
    }

    private SealedEvidence written(String person, int secret)
        throws IOException, GeneralSecurityException {
      byte[] bytes = new byte[EvidenceKey.KEY_BYTES];
      Arrays.fill(bytes, (byte) secret);
      PersonKey made = new PersonKey(System.nanoTime(), key.pseudonym(person), DAY, bytes);
      made.epoch =
          store()
              .add(
                  List.of(new SubjectKeys.NewKey(made.id, made.pseudonym, DAY, bytes)),
                  NOW,
                  TIMEOUT_MS);
      byte[] context = ("the record about " + person).getBytes(StandardCharsets.UTF_8);
      Sealed sealed =
          new EvidenceSealer(directory, directory, 0, Clock.systemUTC(), new Nobody())
              .seal(made, context, "what the call said".getBytes(StandardCharsets.UTF_8));
      return new SealedEvidence(
          made.pseudonym, DAY, made.id, sealed.nonce(), sealed.ciphertext(), context);
    }

    SubjectKeys store() {
      return SubjectKeys.in(directory, key);
    }

    /** As {@code dsr export} would, for both persons. */
    Opened open(SealedEvidence one) throws IOException {
      return EvidenceReader.of(
              store(), List.of(key.pseudonym(EVE), key.pseudonym(BOB), one.pseudonym()))
          .open(one);
    }

    long erase(String request, String person) throws IOException {
      return store().erase(List.of(key.pseudonym(person)), request, NOW, TIMEOUT_MS).epoch();
    }

    EvidenceKey rotate() throws IOException {
      EvidenceKey next = key.successor();
      SubjectKeys.Rotated unused = store().rotate(next, TIMEOUT_MS);
      key = next;
      return next;
    }

    byte[] file() throws IOException {
      return Files.readAllBytes(directory.resolve(SubjectKeys.FILE));
    }

    SealedEvidence put(byte[] file) throws IOException {
      Files.write(directory.resolve(SubjectKeys.FILE), file);
      return evidence;
    }

    String log() throws IOException {
      return Files.readString(directory.resolve(SubjectKeys.LOG));
    }

    void putLog(String log) throws IOException {
      Files.writeString(directory.resolve(SubjectKeys.LOG), log);
    }

    SealedEvidence with(byte[] ciphertext, byte[] context) {
      return new SealedEvidence(
          evidence.pseudonym(),
          evidence.day(),
          evidence.keyId(),
          evidence.nonce(),
          ciphertext,
          context);
    }

    SealedEvidence flip(int at, boolean checksum) throws IOException {
      byte[] file = file();
      file[at] ^= 1;
      if (checksum) {
        summed(file, at / SubjectKeys.SLOT_BYTES * SubjectKeys.SLOT_BYTES);
      }
      return put(file);
    }

    SealedEvidence exchange(int at, int bytes) throws IOException {
      byte[] file = file();
      byte[] eves = Arrays.copyOfRange(file, EVES_SLOT + at, EVES_SLOT + at + bytes);
      System.arraycopy(file, BOBS_SLOT + at, file, EVES_SLOT + at, bytes);
      System.arraycopy(eves, 0, file, BOBS_SLOT + at, bytes);
      summed(file, EVES_SLOT);
      summed(file, BOBS_SLOT);
      return put(file);
    }

    private static void summed(byte[] file, int slot) {
      CRC32C crc = new CRC32C();
      crc.update(file, slot, CRC);
      ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putInt(slot + CRC, (int) crc.getValue());
    }
  }

  /** Its thread is not started. */
  private static final class Nobody implements EvidenceSealer.Listener {
    @Override
    public void made(byte[] pseudonym, long keyId, long day) {}

    @Override
    public boolean down(Throwable why) {
      return true;
    }

    @Override
    public boolean leftOut(long records, @Nullable String why) {
      return true;
    }

    @Override
    public boolean foreign(String provider) {
      return true;
    }
  }
}
