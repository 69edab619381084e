package dev.cordon.journal.evidence;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The file of keys: what is destroyed stays so, whatever ends or comes back in between. */
@Timeout(120)
class SubjectKeysTest {

  private static final Instant NOW = Instant.parse("2026-11-21T10:15:30Z");
  private static final long WITHIN_MS = 10_000;

  /** Ends a run where a process would be killed. */
  private static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  @TempDir Path base;

  private Path keys = Path.of("");

  @SuppressWarnings("NullAway.Init")
  private volatile EvidenceKey key;

  @BeforeEach
  void makeKey() throws Exception {
    keys = base.resolve("keys");
    key = EvidenceKey.generate();
    store().prepare(WITHIN_MS);
  }

  @Test
  void whereverARunIsKilledTheNextOneEndsIt() throws Exception {
    for (String step : List.of("locked", "told", "destroyed", "done")) {
      Path copy = base.resolve("copy-" + step);
      add("eve-" + step, 100, 3);
      add("bob-" + step, 100, 2);
      Files.copy(keys.resolve(SubjectKeys.FILE), copy);
      SubjectKeys dying =
          SubjectKeys.in(
              keys,
              key,
              at -> {
                if (at.equals(step)) {
                  throw new Killed();
                }
              });
      List<byte[]> eve = List.of(key.pseudonym("eve-" + step));
      assertThrows(Killed.class, () -> dying.erase(eve, "DSR-1", NOW, WITHIN_MS));
      boolean decided = !step.equals("locked");
      assertEquals(decided ? 0 : 3, store().keysOf(eve).size(), step);
      add("later", 100, 1); // any change ends it first
      if (decided) {
        assertFalse(has(copy, "eve-" + step), step + ": its bytes are there");
      }
      store().erase(eve, "DSR-2", NOW, WITHIN_MS);
      assertFalse(has(copy, "eve-" + step), step);
      assertEquals(2, store().keysOf(List.of(key.pseudonym("bob-" + step))).size(), step);
    }
  }

  @Test
  void aCompactionThatIsKilledLeavesNoKeyBehind() throws Exception {
    add("eve", 1, 1500);
    add("bob", 1, 5);
    Path copy = base.resolve("copy");
    Files.copy(keys.resolve(SubjectKeys.FILE), copy);
    SubjectKeys dying =
        SubjectKeys.in(
            keys,
            key,
            at -> {
              if (at.equals("compacted")) {
                throw new Killed();
              }
            });
    assertThrows(
        Killed.class, () -> dying.erase(List.of(key.pseudonym("eve")), "DSR-1", NOW, WITHIN_MS));
    assertTrue(Files.exists(keys.resolve(SubjectKeys.NEW)));
    store().erase(List.of(key.pseudonym("bob")), "DSR-2", NOW, WITHIN_MS);
    assertFalse(Files.exists(keys.resolve(SubjectKeys.NEW)), "it had bob's keys");
    assertEquals(SubjectKeys.SLOT_BYTES, Files.size(keys.resolve(SubjectKeys.FILE)));
    add("ann", 1, 2);
    assertEquals(2, store().keysOf(List.of(key.pseudonym("ann"))).size());
  }

  @Test
  void anOldCopyOfFileAndLogIsCompletedByWhatJournalsTell() throws Exception {
    add("eve", 1, 2);
    Map<String, byte[]> old = copy();
    long epoch = store().erase(List.of(key.pseudonym("eve")), "DSR-1", NOW, WITHIN_MS).epoch();
    put(old);
    assertEquals(2, store().keysOf(List.of(key.pseudonym("eve"))).size(), "nothing here knows");
    List<Erasures.Erasure> told =
        List.of(Erasures.Erasure.ofPerson(epoch, NOW, "DSR-1", key.pseudonym("eve")));
    assertTrue(store().lacks(told));
    assertEquals(2, store().replay(told, WITHIN_MS).keys());
    assertFalse(store().lacks(told));
    assertEquals(Map.of(), store().keysOf(List.of(key.pseudonym("eve"))));
  }

  @Test
  void whateverCopiesArePutBackWhoWasErasedStaysErased() throws Exception {
    for (int round = 0; round < Integer.getInteger("cordon.rounds", 20); round++) {
      long seed = Long.getLong("cordon.seed", System.nanoTime()) + round;
      Random random = new Random(seed);
      Files.walk(keys).filter(Files::isRegularFile).forEach(file -> file.toFile().delete());
      store().prepare(WITHIN_MS);
      List<byte[]> copies = new ArrayList<>();
      Map<Long, String> living = new HashMap<>(); // key id to person, of keys nobody destroyed
      long nextId = 1;
      for (int step = 0; step < 40; step++) {
        String person = "p" + random.nextInt(3);
        switch (random.nextInt(5)) {
          case 0, 1 -> {
            long id = nextId++;
            store()
                .add(
                    List.of(new SubjectKeys.NewKey(id, key.pseudonym(person), 7, new byte[32])),
                    NOW,
                    WITHIN_MS);
            living.put(id, person);
          }
          case 2 -> {
            store().erase(List.of(key.pseudonym(person)), "DSR-" + step, NOW, WITHIN_MS);
            living.values().removeIf(person::equals);
          }
          case 3 -> copies.add(Files.readAllBytes(keys.resolve(SubjectKeys.FILE)));
          default -> {
            if (!copies.isEmpty()) {
              Files.write(
                  keys.resolve(SubjectKeys.FILE), copies.get(random.nextInt(copies.size())));
            }
          }
        }
        for (String one : List.of("p0", "p1", "p2")) {
          Set<Long> there = store().keysOf(List.of(key.pseudonym(one))).keySet();
          for (long id : there) {
            assertEquals(one, living.get(id), "seed " + seed + ", step " + step + ": key " + id);
          }
        }
      }
    }
  }

  @Test
  void whereverARotationIsKilledEachPersonCanBeReadAndErasedAndWhoWasErasedStaysSo()
      throws Exception {
    for (String step : List.of("locked", "rewrapped", "replaced", "done")) {
      EvidenceKey old = key;
      EvidenceKey next = old.successor();
      add("eve-" + step, 100, 3);
      add("bob-" + step, 100, 2);
      add("gone-" + step, 100, 4);
      Path copy = base.resolve("copy-" + step);
      Files.copy(keys.resolve(SubjectKeys.FILE), copy);
      store().erase(List.of(key.pseudonym("gone-" + step)), "DSR-0", NOW, WITHIN_MS);
      Map<Long, byte[]> before = store().keysOf(List.of(key.pseudonym("eve-" + step)));
      // an old copy is there again: whoever was erased since must not come into the new file
      Files.copy(copy, keys.resolve(SubjectKeys.FILE), StandardCopyOption.REPLACE_EXISTING);
      SubjectKeys dying = SubjectKeys.in(keys, old, dyingAt(step));
      assertThrows(Killed.class, () -> dying.rotate(next, WITHIN_MS));

      boolean changed = step.equals("replaced") || step.equals("done");
      assertEquals(changed, SubjectKeys.in(keys, next).isUnderKey(), step);
      assertEquals(!changed, SubjectKeys.in(keys, old).isUnderKey(), step);
      key = changed ? next : old;
      assertEquals(3, store().keysOf(List.of(key.pseudonym("eve-" + step))).size(), step);
      assertEquals(0, store().keysOf(List.of(key.pseudonym("gone-" + step))).size(), step);
      add("later-" + step, 100, 1); // a service goes on
      store().erase(List.of(key.pseudonym("bob-" + step)), "DSR-1", NOW, WITHIN_MS);
      assertFalse(Files.exists(keys.resolve(SubjectKeys.NEW)), step + ": it had all keys");

      SubjectKeys.Rotated again = SubjectKeys.in(keys, old).rotate(next, WITHIN_MS);
      assertEquals(changed, again.already(), step);
      key = next;
      Map<Long, byte[]> after = store().keysOf(List.of(key.pseudonym("eve-" + step)));
      assertEquals(before.keySet(), after.keySet(), step);
      after.forEach((id, bytes) -> assertArrayEquals(before.get(id), bytes, step));
      for (String person : List.of("bob-" + step, "gone-" + step)) {
        assertEquals(0, store().keysOf(List.of(key.pseudonym(person))).size(), person);
        assertFalse(has(copy, person), person);
      }
      assertFalse(has(copy, "eve-" + step), step + ": nothing lies under the old key");
      assertRefused(
          "another evidence key",
          () -> SubjectKeys.in(keys, old).keysOf(List.of(old.pseudonym("eve-" + step))));
      assertRefused("another evidence key", () -> SubjectKeys.in(keys, old).prepare(WITHIN_MS));
    }
  }

  @Test
  void afterARotationTheBytesOfTheOldFileAreZeros() throws Exception {
    add("eve", 1, 700); // more than one piece
    Path sameFile = base.resolve("linked");
    Files.createLink(sameFile, keys.resolve(SubjectKeys.FILE));
    EvidenceKey next = key.successor();
    assertEquals(
        new SubjectKeys.Rotated(700, false), SubjectKeys.in(keys, key).rotate(next, WITHIN_MS));
    byte[] zeros = Files.readAllBytes(sameFile);
    assertArrayEquals(new byte[701 * SubjectKeys.SLOT_BYTES], zeros);
    key = next;
    assertEquals(700, store().keysOf(List.of(key.pseudonym("eve"))).size());
  }

  @Test
  void aKeyThatIsNoSuccessorIsNotTaken() throws Exception {
    add("eve", 1, 1);
    EvidenceKey other = EvidenceKey.generate();
    for (EvidenceKey one : List.of(other, other.successor(), key)) {
      assertThrows(
          IllegalArgumentException.class, () -> SubjectKeys.in(keys, key).rotate(one, WITHIN_MS));
    }
    assertEquals(1, store().keysOf(List.of(key.pseudonym("eve"))).size());
    SubjectKeys stranger = SubjectKeys.in(keys, other);
    assertRefused("another evidence key", () -> stranger.rotate(other.successor(), WITHIN_MS));
  }

  @Test
  void readersBesideRotationsFindAllKeys() throws Exception {
    add("eve", 1, 600);
    List<Throwable> failures = java.util.Collections.synchronizedList(new ArrayList<>());
    AtomicBoolean ends = new AtomicBoolean();
    AtomicInteger read = new AtomicInteger();
    Thread reader =
        new Thread(
            () -> {
              while (!ends.get()) {
                EvidenceKey by = key;
                try {
                  assertEquals(
                      600, SubjectKeys.in(keys, by).keysOf(List.of(by.pseudonym("eve"))).size());
                  read.incrementAndGet();
                } catch (SubjectKeys.OtherKeyException e) {
                  // rotated since
                } catch (Throwable t) {
                  failures.add(t);
                  return;
                }
              }
            });
    reader.start();
    for (int i = 0; i < 10_000 && reader.isAlive() && (i < 100 || read.get() < 5); i++) {
      EvidenceKey next = key.successor();
      store().rotate(next, WITHIN_MS);
      key = next;
    }
    ends.set(true);
    reader.join();
    assertEquals(List.of(), failures);
  }

  @Test
  void whateverIsRotatedAndPutBackWhoWasErasedStaysErasedAndNobodyElseIsLost() throws Exception {
    for (int round = 0; round < Integer.getInteger("cordon.rounds", 20); round++) {
      long seed = Long.getLong("cordon.seed", System.nanoTime()) + round;
      Random random = new Random(seed);
      Files.walk(keys).filter(Files::isRegularFile).forEach(file -> file.toFile().delete());
      List<EvidenceKey> all = new ArrayList<>(List.of(EvidenceKey.generate()));
      key = all.get(0);
      store().prepare(WITHIN_MS);
      List<byte[]> copies = new ArrayList<>();
      Map<Long, String> living = new HashMap<>();
      Set<Long> inFile = new HashSet<>();
      List<Set<Long>> inCopies = new ArrayList<>();
      long nextId = 1;
      for (int step = 0; step < 40; step++) {
        String person = "p" + random.nextInt(3);
        switch (random.nextInt(7)) {
          case 0, 1 -> {
            long id = nextId++;
            SubjectKeys.NewKey made =
                new SubjectKeys.NewKey(id, key.pseudonym(person), 7, new byte[32]);
            store().add(List.of(made), NOW, WITHIN_MS);
            living.put(id, person);
            inFile.add(id);
          }
          case 2 -> {
            store().erase(List.of(key.pseudonym(person)), "DSR-" + step, NOW, WITHIN_MS);
            living.values().removeIf(person::equals);
          }
          case 3 -> {
            copies.add(Files.readAllBytes(keys.resolve(SubjectKeys.FILE)));
            inCopies.add(new HashSet<>(inFile));
          }
          case 4 -> {
            if (!copies.isEmpty()) {
              int which = random.nextInt(copies.size());
              Files.write(keys.resolve(SubjectKeys.FILE), copies.get(which));
              inFile = new HashSet<>(inCopies.get(which));
            }
          }
          default -> {
            EvidenceKey next = key.successor();
            all.add(next);
            SubjectKeys rotating =
                SubjectKeys.in(
                    keys,
                    key,
                    random.nextBoolean()
                        ? at -> {}
                        : dyingAt(
                            List.of("locked", "rewrapped", "replaced", "destroyed")
                                .get(random.nextInt(4))));
            try {
              rotating.rotate(next, WITHIN_MS);
            } catch (Killed e) {
              // whoever comes next finds what is there
            }
          }
        }
        for (EvidenceKey one : all) { // an operator gives the one that the file names
          key = SubjectKeys.in(keys, one).isUnderKey() ? one : key;
        }
        for (String one : List.of("p0", "p1", "p2")) {
          Set<Long> there = store().keysOf(List.of(key.pseudonym(one))).keySet();
          Set<Long> expected = new HashSet<>();
          for (long id : inFile) {
            if (one.equals(living.get(id))) {
              expected.add(id);
            }
          }
          assertEquals(expected, there, "seed " + seed + ", step " + step);
        }
      }
    }
  }

  @Test
  void keysThatSomebodyChangedAreNobodysAndGoWithTheNextErasure() throws Exception {
    add("eve", 1, 1);
    Path file = keys.resolve(SubjectKeys.FILE);
    byte[] bytes = Files.readAllBytes(file);
    byte[] wrapped = Arrays.copyOfRange(bytes, 128 + 40, 128 + 80);
    System.arraycopy(key.pseudonym("somebody else"), 0, bytes, 128 + 16, 16);
    java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
    crc.update(bytes, 128, 124);
    ByteBuffer.wrap(bytes)
        .order(java.nio.ByteOrder.LITTLE_ENDIAN)
        .putInt(128 + 124, (int) crc.getValue());
    Files.write(file, bytes);
    assertEquals(Map.of(), store().keysOf(List.of(key.pseudonym("somebody else"))));
    store().erase(List.of(key.pseudonym("eve")), "DSR-1", NOW, WITHIN_MS);
    assertFalse(contains(Files.readAllBytes(file), wrapped));
  }

  @Test
  void aTornKeyAndATornLineAreWrittenOver() throws Exception {
    add("eve", 1, 1);
    Files.write(keys.resolve(SubjectKeys.FILE), new byte[77], StandardOpenOption.APPEND);
    Files.write(keys.resolve(SubjectKeys.LOG), "erase 1 20".getBytes(), StandardOpenOption.APPEND);
    add("bob", 1, 1);
    store().erase(List.of(key.pseudonym("eve")), "DSR-1", NOW, WITHIN_MS);
    assertEquals(1, store().keysOf(List.of(key.pseudonym("bob"))).size());
    assertEquals(0, store().keysOf(List.of(key.pseudonym("eve"))).size());
    assertEquals(1, store().erasures().all().size());
  }

  @Test
  void aFileOfAnotherKeyAndDamagedFilesAreRefusedByName() throws Exception {
    add("eve", 1, 1);
    EvidenceKey other = EvidenceKey.generate();
    SubjectKeys stranger = SubjectKeys.in(keys, other);
    assertRefused("another evidence key", () -> stranger.prepare(WITHIN_MS));
    assertRefused(
        "another evidence key",
        () -> stranger.erase(List.of(other.pseudonym("eve")), "DSR-1", NOW, WITHIN_MS));
    store().erase(List.of(key.pseudonym("eve")), "DSR-1", NOW, WITHIN_MS);
    Path log = keys.resolve(SubjectKeys.LOG);
    byte[] lines = Files.readAllBytes(log);
    byte[] flipped = lines.clone();
    flipped[20] ^= 1;
    Files.write(log, flipped);
    assertRefused("erased.log:1", () -> store().erasures());
    Files.write(log, lines);
    byte[] head = Files.readAllBytes(keys.resolve(SubjectKeys.FILE));
    head[12] ^= 1;
    Files.write(keys.resolve(SubjectKeys.FILE), head);
    assertRefused("head is damaged", () -> store().prepare(WITHIN_MS));
  }

  @Test
  void twoThatWriteAtOnceLoseNothing() throws Exception {
    List<Thread> threads = new ArrayList<>();
    List<Throwable> failures = java.util.Collections.synchronizedList(new ArrayList<>());
    for (int i = 0; i < 4; i++) {
      int number = i;
      Thread thread =
          new Thread(
              () -> {
                try {
                  for (int j = 0; j < 25; j++) {
                    long id = number * 100L + j;
                    store()
                        .add(
                            List.of(
                                new SubjectKeys.NewKey(id, key.pseudonym("eve"), 1, new byte[32])),
                            NOW,
                            60_000);
                  }
                } catch (Throwable t) {
                  failures.add(t);
                }
              });
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(List.of(), failures);
    assertEquals(100, store().keysOf(List.of(key.pseudonym("eve"))).size());
  }

  @Test
  void theLinesOfTheFormatPageAreRead() throws Exception {
    String page = Files.readString(Path.of("../../docs/journal-format.md"));
    String lines = page.substring(page.indexOf("\nerase 3 ") + 1);
    lines = lines.substring(0, lines.indexOf("```"));
    Files.writeString(keys.resolve(SubjectKeys.LOG), lines);
    List<Erasures.Erasure> all = store().erasures().all();
    byte[] pseudonym = new byte[16];
    for (int i = 0; i < 16; i++) {
      pseudonym[i] = (byte) (0xa0 + i);
    }
    assertEquals(
        List.of(
            Erasures.Erasure.ofPerson(3, NOW, "DSR-14", pseudonym),
            Erasures.Erasure.ofDays(4, Instant.parse("2026-11-22T03:00:00Z"), 20779)),
        all);
    assertEquals("[erased 2026-11-21, request DSR-14]", all.get(0).told());
  }

  @Test
  void noLinkInTheDirectoryIsFollowed() throws Exception {
    for (String name : List.of(SubjectKeys.FILE, SubjectKeys.LOG, SubjectKeys.LOCK)) {
      Path elsewhere = Files.createFile(base.resolve("elsewhere-" + name));
      Path away = base.resolve("away");
      Files.move(keys.resolve(name), away);
      Files.createSymbolicLink(keys.resolve(name), elsewhere);
      assertThrows(
          IOException.class,
          () -> store().erase(List.of(key.pseudonym("eve")), "DSR-1", NOW, WITHIN_MS),
          name);
      assertThrows(IOException.class, () -> store().prepare(WITHIN_MS), name);
      assertEquals(0, Files.size(elsewhere), name);
      Files.move(away, keys.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }
    add("eve", 1, 1);
    assertEquals(1, store().keysOf(List.of(key.pseudonym("eve"))).size());
  }

  @Test
  void anErasureWithoutAnyFileHoldsForACopyThatIsPutBack() throws Exception {
    add("bob", 1, 1);
    for (int i = 0; i < 3; i++) {
      store().erase(List.of(key.pseudonym("bob")), "DSR-" + i, NOW, WITHIN_MS);
    }
    add("eve", 1, 2);
    byte[] copy = Files.readAllBytes(keys.resolve(SubjectKeys.FILE));
    long epoch = store().epoch();
    try (var files = Files.list(keys)) {
      files.forEach(file -> file.toFile().delete());
    }
    Files.delete(keys);
    SubjectKeys.Destroyed destroyed =
        store().erase(List.of(key.pseudonym("eve")), epoch, "DSR-9", NOW, WITHIN_MS);
    assertEquals(epoch, destroyed.epoch());
    Files.write(keys.resolve(SubjectKeys.FILE), copy);
    assertEquals(Map.of(), store().keysOf(List.of(key.pseudonym("eve"))));
    store().prepare(WITHIN_MS);
    assertFalse(
        contains(
            Files.readAllBytes(keys.resolve(SubjectKeys.FILE)),
            Arrays.copyOfRange(copy, 2 * 128, 2 * 128 + 100)));
  }

  @Test
  void aLineThatCouldNotBeReadIsNotWritten() throws Exception {
    List<Erasures.Erasure> odd =
        List.of(
            Erasures.Erasure.ofPerson(1, NOW, "a b", key.pseudonym("eve")),
            Erasures.Erasure.ofPerson(1, NOW, "", key.pseudonym("eve")),
            Erasures.Erasure.ofPerson(1L << 32, NOW, "DSR-1", key.pseudonym("eve")),
            Erasures.Erasure.ofDays(1, NOW, 1_000_000_000L));
    for (Erasures.Erasure one : odd) {
      assertThrows(IOException.class, () -> store().replay(List.of(one), WITHIN_MS));
      assertEquals(List.of(), store().erasures().all());
    }
  }

  @Test
  void whatAnotherProcessErasesIsSeenByOneThatReadTheLogBefore() throws Exception {
    SubjectKeys running = store();
    for (int i = 0; i < 20; i++) {
      store().erase(List.of(key.pseudonym("p" + i)), "DSR-1", NOW, WITHIN_MS);
      assertEquals(i + 1, running.erasures().all().size());
      assertTrue(running.erasures() == running.erasures(), "read once");
    }
  }

  // ---- helpers

  private static Consumer<String> dyingAt(String step) {
    return at -> {
      if (at.equals(step)) {
        throw new Killed();
      }
    };
  }

  private interface Work {
    void run() throws Exception;
  }

  private static void assertRefused(String why, Work work) {
    IOException refused = assertThrows(SubjectKeys.DamagedException.class, work::run);
    assertTrue(String.valueOf(refused.getMessage()).contains(why), refused.getMessage());
  }

  private SubjectKeys store() {
    return SubjectKeys.in(keys, key);
  }

  private static long ids = 1;

  private void add(String person, long day, int count) throws IOException {
    List<SubjectKeys.NewKey> made = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      made.add(new SubjectKeys.NewKey(ids++, key.pseudonym(person), day, new byte[32]));
    }
    store().add(made, NOW, WITHIN_MS);
  }

  private Map<String, byte[]> copy() throws IOException {
    Map<String, byte[]> all = new HashMap<>();
    for (String name : List.of(SubjectKeys.FILE, SubjectKeys.LOG)) {
      all.put(name, Files.readAllBytes(keys.resolve(name)));
    }
    return all;
  }

  private void put(Map<String, byte[]> all) throws IOException {
    for (Map.Entry<String, byte[]> one : all.entrySet()) {
      Path made = base.resolve(one.getKey());
      Files.write(made, one.getValue());
      Files.move(made, keys.resolve(one.getKey()), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** Whether a slot of a person, as a copy has it, is in the file. */
  private boolean has(Path copy, String person) throws IOException {
    byte[] old = Files.readAllBytes(copy);
    byte[] now = Files.readAllBytes(keys.resolve(SubjectKeys.FILE));
    byte[] pseudonym = key.pseudonym(person);
    for (int at = SubjectKeys.SLOT_BYTES; at < old.length; at += SubjectKeys.SLOT_BYTES) {
      if (Arrays.equals(Arrays.copyOfRange(old, at + 16, at + 32), pseudonym)
          && contains(now, Arrays.copyOfRange(old, at, at + 100))) {
        return true;
      }
    }
    return false;
  }

  private static boolean contains(byte[] all, byte[] part) {
    for (int at = 0; at + part.length <= all.length; at++) {
      if (Arrays.equals(all, at, at + part.length, part, 0, part.length)) {
        return true;
      }
    }
    return false;
  }
}
