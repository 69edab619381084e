package dev.cordon.journal.evidence;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Changes the evidence key again and again, with an erasure before each, until it is killed; and
 * what a test that kills it finds afterwards. Key files are key-0, key-1 ...
 */
public final class RotatingChild {

  private static final long WITHIN_MS = 30_000;
  private static final int KEYS_OF_EACH = 3;
  private static final int OTHERS = 600; // so that a copy takes a while
  private static final String FILE = "key-";

  private RotatingChild() {}

  /** {@code BASE PERSONS STEP}: stands still at that step of its first rotation; "-": at none. */
  public static void main(String[] arguments) throws Exception {
    Path base = Path.of(arguments[0]);
    int persons = Integer.parseInt(arguments[1]);
    int number = current(base);
    SubjectKeys store = SubjectKeys.in(keys(base), key(base, number), at -> waitAt(at, arguments));
    System.out.println("begun");
    for (int i = 0; i < 1_000; i++) {
      int person = erasable(base, persons);
      if (arguments[2].equals("-") && person >= 0) {
        SubjectKeys.in(keys(base), key(base, number))
            .erase(
                List.of(key(base, number).pseudonym("gone-" + person)),
                "DSR-" + person,
                Instant.now(),
                WITHIN_MS);
        System.out.println("erased " + person);
        Files.createFile(base.resolve("erased-" + person));
      }
      if (!Files.exists(base.resolve(FILE + (number + 1)))) {
        key(base, number).successor().write(base.resolve(FILE + (number + 1)));
      }
      EvidenceKey next = key(base, number + 1);
      SubjectKeys.Rotated unused = store.rotate(next, WITHIN_MS);
      number++;
      System.out.println("rotated " + number);
      store = SubjectKeys.in(keys(base), next);
    }
  }

  private static void waitAt(String step, String[] arguments) {
    if (step.equals(arguments[2])) {
      System.out.println("at " + step);
      while (true) {
        LockSupport.park();
      }
    }
  }

  /** The first one that is not told as erased. */
  private static int erasable(Path base, int persons) {
    for (int i = 0; i < persons; i++) {
      if (!Files.exists(base.resolve("erased-" + i))) {
        return i;
      }
    }
    return -1;
  }

  // ---- of the test

  /** Persons that stay, and as many that go. */
  public static void prepare(Path base, int persons) throws IOException {
    EvidenceKey key = EvidenceKey.generate();
    key.write(base.resolve(FILE + 0));
    SubjectKeys store = SubjectKeys.in(keys(base), key);
    store.prepare(WITHIN_MS);
    List<SubjectKeys.NewKey> made = new ArrayList<>();
    for (int person = 0; person < persons; person++) {
      for (String name : List.of("stays-" + person, "gone-" + person)) {
        for (int i = 0; i < KEYS_OF_EACH; i++) {
          made.add(new SubjectKeys.NewKey(made.size() + 1, key.pseudonym(name), i, bytes(name, i)));
        }
      }
    }
    for (int i = 0; i < OTHERS; i++) {
      made.add(new SubjectKeys.NewKey(made.size() + 1, key.pseudonym("others"), i, new byte[32]));
    }
    store.add(made, Instant.now(), WITHIN_MS);
  }

  private static byte[] bytes(String name, int day) {
    byte[] bytes = new byte[32];
    bytes[0] = (byte) name.hashCode();
    bytes[1] = (byte) (name.hashCode() >>> 8);
    bytes[2] = (byte) day;
    return bytes;
  }

  /**
   * What is wrong after a kill; empty if nothing is.
   *
   * @param out what the child had printed
   */
  public static String problem(Path base, int persons, List<String> out) throws IOException {
    int number = current(base);
    EvidenceKey key = key(base, number);
    SubjectKeys store = SubjectKeys.in(keys(base), key);
    if (number > 0 && SubjectKeys.in(keys(base), key(base, number - 1)).isUnderKey()) {
      return "under two keys";
    }
    for (int person = 0; person < persons; person++) {
      String wrong = problem(store, key, "stays-" + person, true);
      boolean erased =
          out.contains("erased " + person) || Files.exists(base.resolve("erased-" + person));
      if (wrong == null && erased) {
        wrong = problem(store, key, "gone-" + person, false);
      }
      if (wrong != null) {
        return "under key " + number + ": " + wrong;
      }
    }
    int others = store.keysOf(List.of(key.pseudonym("others"))).size();
    if (others != OTHERS) {
      return "of the others there are " + others;
    }
    for (String line : out) {
      if (line.startsWith("rotated ") && Integer.parseInt(line.substring(8)) > number) {
        return "told as rotated: " + line + ", and is under " + number;
      }
    }
    return "";
  }

  private static @Nullable String problem(
      SubjectKeys store, EvidenceKey key, String name, boolean there) throws IOException {
    Map<Long, byte[]> keys = store.keysOf(List.of(key.pseudonym(name)));
    if (keys.size() != (there ? KEYS_OF_EACH : 0)) {
      return name + " has " + keys.size() + " keys";
    }
    for (byte[] one : keys.values()) {
      boolean known = false;
      for (int i = 0; i < KEYS_OF_EACH; i++) {
        known |= java.util.Arrays.equals(one, bytes(name, i));
      }
      if (!known) {
        return name + " has a key that is another one";
      }
    }
    return null;
  }

  /** Goes on where it was killed. */
  public static void resume(Path base) throws Exception {
    int number = current(base);
    Path file = base.resolve(FILE + (number + 1));
    if (!Files.exists(file)) {
      key(base, number).successor().write(file);
    }
    SubjectKeys.Rotated rotated =
        SubjectKeys.in(keys(base), key(base, number)).rotate(key(base, number + 1), WITHIN_MS);
    if (rotated.already() || Files.exists(keys(base).resolve(SubjectKeys.NEW))) {
      throw new IllegalStateException("already: " + rotated.already());
    }
  }

  /** The key that the keys of persons lie under: every key file that is there can be read. */
  private static int current(Path base) throws IOException {
    int found = -1;
    for (int i = 0; Files.exists(base.resolve(FILE + i)); i++) {
      if (SubjectKeys.in(keys(base), key(base, i)).isUnderKey()) {
        found = i;
      }
    }
    if (found < 0) {
      throw new IllegalStateException("under none of the keys");
    }
    return found;
  }

  private static EvidenceKey key(Path base, int number) throws IOException {
    try {
      return EvidenceKey.load(base.resolve(FILE + number));
    } catch (NoSuchFileException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("key " + number + " is not whole", e);
    }
  }

  private static Path keys(Path base) {
    return base.resolve(SubjectKeys.DIRECTORY);
  }
}
