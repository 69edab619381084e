package dev.cordon.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cordon.journal.Verification.Kind;
import dev.cordon.journal.seal.RecordProof;
import dev.cordon.journal.seal.SealKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Journals that were written by the journal over three days, and what prune leaves of them. */
@Timeout(300)
class PrunerTest {

  private static final long TEN_SECONDS_NS = 10_000_000_000L;
  private static final String[] DAYS = {"2026-03-01", "2026-03-02", "2026-03-03"};
  private static final Instant AFTER_FIRST = Instant.parse("2026-03-02T12:00:00Z");
  private static final Instant AFTER_SECOND = Instant.parse("2026-03-03T12:00:00Z");
  private static final Instant AFTER_ALL = Instant.parse("2026-04-01T00:00:00Z");

  @TempDir Path base;

  @Test
  void whatIsLeftVerifiesToItsLevelIsReadAndProved() throws Exception {
    SealKey.Pair pair = key();
    Path directory = write("crm", 400, true);
    Path remember = base.resolve("seen");
    Verification before = verify(pair, remember);
    assertEquals(0, before.exit(), before::toString);
    List<JournalEntry> all = entries(directory);
    List<Pruner.Pruned> pruned = prune(AFTER_SECOND, false);
    assertEquals("", pruned.get(0).problem());
    assertEquals(List.of("20260301F.cq4", "20260302F.cq4"), pruned.get(0).files());
    assertFalse(Files.exists(directory.resolve("20260301F.cq4")));
    assertTrue(Files.exists(directory.resolve("20260303F.cq4")));

    Verification after = verify(pair, remember);
    assertEquals(3, after.exit(), after::toString);
    assertEquals(Verification.Level.L2, after.level(), after::toString);
    Verification.Log log = log(after, directory);
    assertEquals(Verification.Level.L3, log.level(), after::toString);
    assertEquals(log(before, directory).records(), log.records(), "their hashes are there");
    assertTrue(told(after, Kind.GAP, "(prune: retention, "), after::toString);
    Verification again = verify(pair, remember);
    assertEquals(3, again.exit(), again::toString);
    assertEquals(Verification.Level.L3, again.level(), again::toString);

    List<JournalEntry> left = entries(directory);
    assertEquals(pruned.get(0).records(), head(directory).records());
    long first = left.get(0).index();
    assertTrue(first >= pruned.get(0).records());
    List<JournalEntry> expected = new ArrayList<>(all);
    expected.removeIf(entry -> entry.index() < first);
    assertEquals(expected, left, "as before, under the same places in the log");

    JournalEntry one = left.get(left.size() / 2);
    String proof = JournalProver.prove(journal(), name(directory) + ":" + one.index());
    RecordProof.Proven proven =
        RecordProof.verify(
            proof.getBytes(java.nio.charset.StandardCharsets.UTF_8), List.of(pair.verifier()));
    assertEquals(one.index(), proven.indices().get(0));
    assertEquals("refund.create", JournalProver.entries(proven).get(0).operation());
    Exception gone =
        assertThrows(
            dev.cordon.journal.seal.MalformedException.class,
            () -> JournalProver.prove(journal(), name(directory) + ":5"));
    assertTrue(String.valueOf(gone.getMessage()).contains("was pruned"), gone.getMessage());

    Path out = base.resolve("tiles");
    JournalProver.export(directory, out);
    long whole = (first + 255) / 256;
    assertFalse(Files.exists(out.resolve("tile/entries/000")));
    assertTrue(Files.exists(out.resolve("tile/0/000")));
    assertTrue(
        Files.exists(out.resolve("tile/entries/00" + whole))
            || Files.exists(out.resolve("tile/entries/00" + whole + ".p")));
  }

  @Test
  void theRecordTellsWhatWhoAndWhyAndAggregatesHideSmallNumbers() throws Exception {
    key();
    Path directory = write("crm", 30, true);
    List<Pruner.Pruned> pruned = prune(AFTER_FIRST, false);
    JournalEntry told = only(RecordKind.PRUNE);
    assertEquals("keeper", told.actor());
    Map<String, String> attributes = told.attributes();
    assertEquals(String.valueOf(directory.getFileName()), attributes.get("directory"));
    assertEquals("0", attributes.get("from"));
    assertEquals(Long.toString(pruned.get(0).records()), attributes.get("records"));
    assertEquals("20260301F.cq4", attributes.get("through"));
    assertEquals("retention", attributes.get("why"));
    assertFalse(told.truncated());
    Map<String, String> counts = new TreeMap<>();
    for (JournalEntry entry : Tails.all(journal())) {
      if (entry.kind() == RecordKind.AGGREGATE) {
        String what = entry.operation() + " " + entry.attributes().getOrDefault("day", "");
        counts.put(what.strip(), entry.attributes().getOrDefault("count", ""));
      }
    }
    assertEquals(Map.of("refund.create 2026-03-01", "30"), counts, "nine of another are not told");
    List<Pruner.Pruned> second = prune(AFTER_SECOND, false);
    assertEquals(1, second.size(), second::toString);
    assertEquals(List.of("20260302F.cq4"), second.get(0).files());
    assertEquals(List.of(), prune(AFTER_SECOND, false), "nothing is left to do");
  }

  @Test
  void smallNumbersOfSeveralKindsAreOneNumber() throws Exception {
    key();
    write("crm", 9, true); // nine refunds, nine reads: eighteen calls of two kinds
    prune(AFTER_FIRST, false);
    JournalEntry few = only(RecordKind.AGGREGATE);
    assertEquals(Map.of("suppressed", "yes", "count", "18"), few.attributes());
    assertEquals("", few.destination());
  }

  @Test
  void aFinishedRunIsGoneExceptForWhatProvesThatItWas() throws Exception {
    SealKey.Pair pair = key();
    Path directory = write("crm", 50, true);
    Path remember = base.resolve("seen");
    verify(pair, remember);
    prune(AFTER_ALL, false);
    assertEquals(List.of(), RecordFiles.files(directory));
    assertEquals(List.of(), entries(directory));
    Verification after = verify(pair, remember);
    assertEquals(3, after.exit(), after::toString);
    assertEquals(Verification.Level.L3, log(after, directory).level(), after::toString);
    Path next = write("crm", 20, true); // its sealer names the one before
    Verification again = verify(pair, remember);
    assertEquals(3, again.exit(), again::toString);
    assertEquals(Verification.Level.L2, log(again, next).level(), again::toString);
    try (DirectorySealer sealer =
        new DirectorySealer(journal(), SealKey.load(keyFile()), java.time.Clock.systemUTC())) {
      for (DirectorySealer.Sealed one : sealer.round()) {
        assertEquals("", one.problem());
      }
    }
    assertEquals(3, verify(pair, remember).exit());
  }

  @Test
  void aLivingProcessIsPrunedUpToTheFileThatItWrites() throws Exception {
    SealKey.Pair pair = key();
    SettableClock clock = new SettableClock("2026-03-01T10:00:00Z");
    try (Journal journal = open("crm", clock, true)) {
      Path directory = journal.directory();
      for (String day : DAYS) {
        clock.set(day + "T10:00:00Z");
        SealerTest.commit(journal, 300);
        journal.sealRest(TEN_SECONDS_NS);
      }
      old(directory);
      prune(AFTER_ALL, false);
      assertEquals(List.of(directory.resolve("20260303F.cq4")), RecordFiles.files(directory));
      SealerTest.commit(journal, 300);
      clock.set("2026-03-04T10:00:00Z");
      SealerTest.commit(journal, 300);
      journal.sealRest(TEN_SECONDS_NS);
      Verification living = verify(pair, null);
      assertEquals(3, living.exit(), living::toString);
      assertEquals(Verification.Level.L2, living.level(), living::toString);
      assertEquals("", journal.status().lastProblem());
      assertEquals(0, journal.status().lost());
    }
    Verification ended = verify(pair, null);
    assertEquals(3, ended.exit(), ended::toString);
    assertEquals(Verification.Level.L2, ended.level(), ended::toString);
  }

  @Test
  void aFileThatIsRemovedByHandIsMissedBeforeAndAfterAPrune() throws Exception {
    SealKey.Pair pair = key();
    Path directory = write("crm", 50, true);
    Path copy = base.resolve("copy");
    copyTree(journal(), copy);
    Files.delete(copy.resolve("crm").resolve(directory.getFileName()).resolve("20260301F.cq4"));
    assertEquals(1, verify(copy, pair, null).exit());
    prune(AFTER_FIRST, false);
    assertEquals(3, verify(pair, null).exit());
    Files.delete(directory.resolve("20260302F.cq4"));
    Verification missed = verify(pair, null);
    assertEquals(1, missed.exit(), missed::toString);
    assertEquals(1, verify(journal(), null, null).exit());
  }

  @Test
  void aPruneThatNobodySignedIsNotBelievedByWhoHasTheKey() throws Exception {
    SealKey.Pair pair = key();
    Path directory = write("crm", 50, true);
    Pruner.prune(new Pruner.Request(journal(), AFTER_FIRST, "retention", "keeper", null, false));
    Verification unsigned = verify(pair, null);
    assertEquals(2, unsigned.exit(), unsigned::toString);
    assertEquals(Verification.Level.NONE, log(unsigned, directory).level());
    assertTrue(told(unsigned, Kind.CANNOT_TELL, "is not signed"), unsigned::toString);
    assertEquals(3, verify(journal(), null, null).exit(), "without a key nothing is");
    try (DirectorySealer sealer =
        new DirectorySealer(journal(), SealKey.load(keyFile()), java.time.Clock.systemUTC())) {
      sealer.round();
    }
    Verification signed = verify(pair, null);
    assertEquals(3, signed.exit(), signed::toString);
    assertEquals(Verification.Level.L2, signed.level(), signed::toString);
    JournalFailureTest.delete(directory.resolveSibling(head(directory).by()));
    Verification untold = verify(pair, null);
    assertEquals(2, untold.exit(), untold::toString);
  }

  @Test
  void whatIsHeldNotSealedOrDamagedIsKept() throws Exception {
    key();
    Path held = write("held", 20, true);
    Path unsealed = write("unsealed", 20, false);
    Path damaged = write("damaged", 20, true);
    Path fine = write("fine", 20, true);
    LegalHold.set(journal().resolve("held"), "counsel", "case of march", Instant.EPOCH);
    Path file = damaged.resolve("20260301F.cq4");
    byte[] content = Files.readAllBytes(file);
    content[
            Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1)
                .indexOf("api.example.com")] ^=
        1;
    Files.write(file, content);
    old(damaged);
    List<Pruner.Pruned> dry = prune(AFTER_FIRST, true);
    assertTrue(Files.exists(fine.resolve("20260301F.cq4")));
    List<Pruner.Pruned> pruned = prune(AFTER_FIRST, false);
    assertEquals(dry, pruned, "a dry run tells what is done then");
    Map<Path, String> problems = new TreeMap<>();
    pruned.forEach(one -> problems.put(one.directory(), one.problem()));
    assertEquals(4, problems.size());
    assertTrue(
        problems
            .getOrDefault(held, "")
            .endsWith("is held by " + held.resolveSibling("legal-hold")));
    assertTrue(
        problems.getOrDefault(unsealed, "").contains("not sealed to its end"), "" + problems);
    assertTrue(problems.getOrDefault(damaged, "").contains("does not verify"), "" + problems);
    assertEquals("", problems.get(fine));
    for (Path kept : List.of(held, unsealed, damaged)) {
      assertTrue(Files.exists(kept.resolve("20260301F.cq4")), kept::toString);
    }
    assertFalse(Files.exists(fine.resolve("20260301F.cq4")));
    Files.delete(held.resolveSibling("legal-hold"));
    assertTrue(prune(AFTER_FIRST, false).stream().anyMatch(one -> one.directory().equals(held)));
    assertFalse(Files.exists(held.resolve("20260301F.cq4")));
  }

  @Test
  void theDirectoryThatTellsIsReadAlsoWhereOnlyYoungerOnesAreAskedFor() throws Exception {
    SealKey.Pair pair = key();
    Path directory = write("crm", 50, true);
    prune(AFTER_SECOND, false);
    for (Path file : RecordFiles.files(directory.resolveSibling(head(directory).by()))) {
      Files.setLastModifiedTime(file, FileTime.fromMillis(0));
    }
    Verification younger =
        JournalVerifier.verify(
            new JournalVerifier.Request(
                journal(),
                List.of(pair.verifier()),
                List.of(),
                null,
                null,
                Instant.parse("2026-03-03T00:00:00Z"),
                false),
            (read, all) -> {});
    assertEquals(3, younger.exit(), younger::toString);
    assertEquals(2, younger.logs().size(), younger::toString);
  }

  @Test
  void theFileThatIsWrittenStaysWhateverSaysThatItIsToGo() throws Exception {
    key();
    SettableClock clock = new SettableClock("2026-03-01T10:00:00Z");
    try (Journal journal = open("crm", clock, true)) {
      SealerTest.commit(journal, 600);
      journal.sealRest(TEN_SECONDS_NS);
      Path directory = journal.directory();
      dev.cordon.journal.seal.Frontier there =
          new dev.cordon.journal.seal.Frontier(new dev.cordon.journal.seal.Merkle());
      dev.cordon.journal.seal.Tiles.read(directory, 512, there::append);
      Path service = journal().resolve("crm");
      try (Journal forged = open("crm", new SettableClock("2026-03-02T10:00:00Z"), false)) {
        JournalRecord record = new JournalRecord(RecordKind.PRUNE).actor("keeper");
        record.own("directory", String.valueOf(directory.getFileName()));
        record.attribute("records", 512).attribute("next", 512);
        record.own("through", "20260301F.cq4");
        record.own("root", java.util.HexFormat.of().formatHex(there.root()));
        record.attribute("of", 1);
        forged.append(record, Level.DURABLE, TEN_SECONDS_NS);
        Files.writeString(
            service.resolve(Pruner.NEXT), String.valueOf(forged.directory().getFileName()));
      }
      List<Pruner.Pruned> kept = prune(AFTER_ALL, false);
      assertTrue(kept.get(0).problem().contains("is written at this moment"), kept::toString);
      assertTrue(Files.exists(directory.resolve("20260301F.cq4")));
      assertFalse(Files.exists(directory.resolve(PrunedHead.FILE)));
    }
  }

  @Test
  void aFileThatWasChangedLongAfterItsDayIsKeptAndTold() throws Exception {
    key();
    Path directory = write("crm", 20, true);
    Path file = directory.resolve("20260301F.cq4");
    Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2026-03-10T00:00:00Z")));
    assertEquals(List.of(), prune(AFTER_FIRST, false), "it may have been ended late");
    Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2026-10-01T00:00:00Z")));
    List<Pruner.Pruned> kept = prune(AFTER_FIRST, false);
    assertTrue(kept.get(0).problem().contains("was changed at 2026-10-01"), kept::toString);
    assertTrue(Files.exists(file));
  }

  @Test
  void aNoteThatIsWrongStopsReadersAndIsTampering() throws Exception {
    SealKey.Pair pair = key();
    Path directory = write("crm", 50, true);
    prune(AFTER_FIRST, false);
    Path note = directory.resolve(PrunedHead.FILE);
    String text = Files.readString(note);
    long seed = Long.getLong("cordon.seed", System.nanoTime());
    Random random = new Random(seed);
    int rounds = Integer.getInteger("cordon.prune.notes", 40);
    for (int i = 0; i < rounds; i++) {
      byte[] bytes = text.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
      int at = random.nextInt(bytes.length);
      bytes[at] ^= (byte) (1 << random.nextInt(7));
      Files.write(note, bytes);
      Verification changed = verify(pair, null);
      String what = "seed " + seed + ", round " + i + ", at " + at + ": " + changed;
      assertTrue(changed.exit() == 1 || changed.exit() == 2, what);
    }
    Files.delete(note);
    assertEquals(1, verify(pair, null).exit());
    Files.writeString(note, text);
    assertEquals(3, verify(pair, null).exit());
    try (Stream<Path> tiles = Files.walk(directory.resolve("tile/0"))) {
      for (Path tile : tiles.filter(Files::isRegularFile).toList()) {
        Files.delete(tile);
      }
    }
    assertEquals(2, verify(pair, null).exit(), "without hashes nothing can be told");
  }

  @Test
  void whereverItIsKilledNothingIsGoneUntoldAndTheNextOneEndsIt() throws Exception {
    SealKey.Pair pair = key();
    write("crm", 40, true);
    write("crm", 40, true);
    Path untouched = base.resolve("untouched");
    copyTree(journal(), untouched);
    List<String> steps = new ArrayList<>();
    Pruner.prune(request(AFTER_SECOND, false), steps::add);
    assertEquals(13, steps.size(), steps::toString);
    long left = Tails.all(journal()).stream().filter(PrunerTest::isCall).count();
    for (String step : new java.util.LinkedHashSet<>(steps)) {
      JournalFailureTest.delete(journal());
      copyTree(untouched, journal());
      ForkedJvm.Result killed =
          ForkedJvm.run(
              ForkedJvm.java(
                  List.of(),
                  PruningChild.class,
                  journal().toString(),
                  AFTER_SECOND.toString(),
                  keyFile().toString(),
                  step));
      assertEquals(137, killed.exit(), step + ": " + killed.err());
      Verification between = verify(pair, null);
      assertNotEquals(1, between.exit(), step + ": " + between);
      Tails.all(journal()); // nothing looks damaged
      List<Pruner.Pruned> next = prune(AFTER_SECOND, false);
      next.forEach(one -> assertEquals("", one.problem(), step));
      Verification after = verify(pair, null);
      assertEquals(3, after.exit(), step + ": " + after);
      List<JournalEntry> entries = Tails.all(journal());
      assertEquals(left, entries.stream().filter(PrunerTest::isCall).count(), step);
      assertEquals(80, counted(entries), step + ": every pruned call is counted once");
      assertFalse(Files.exists(journal().resolve("crm").resolve(Pruner.NEXT)), step);
      assertEquals(List.of(), prune(AFTER_SECOND, false), step);
    }
  }

  @Test
  void aReaderThatOpensItsFileAgainGoesOnBehindWhatWent() throws Exception {
    key();
    Path directory = write("crm", 50, true);
    try (InstanceReader reader = new InstanceReader(directory)) {
      reader.peek();
      reader.take();
      reader.close(); // as after an error of the file system
      prune(AFTER_SECOND, false);
      List<JournalEntry> rest = new ArrayList<>();
      for (JournalEntry entry = reader.peek(); entry != null; entry = reader.peek()) {
        rest.add(entry);
        reader.take();
      }
      assertEquals("", reader.lastProblem());
      assertFalse(reader.hasFailed());
      assertEquals(entries(directory), rest);
    }
  }

  @Test
  void aDirectoryThatCannotBeReadAtTheMomentHasNotEnded() throws Exception {
    key();
    Path directory = write("crm", 50, true);
    prune(AFTER_FIRST, false);
    Path note = directory.resolve(PrunedHead.FILE);
    String right = Files.readString(note);
    Files.writeString(note, "half a no");
    try (JournalTailer tailer = JournalTailer.open(directory)) {
      assertNull(tailer.poll());
      assertFalse(tailer.isAtEnd());
      Files.writeString(note, right);
      JournalEntry entry = null;
      for (int i = 0; i < 300 && entry == null; i++) {
        Thread.sleep(50);
        entry = tailer.poll();
      }
      assertEquals(entries(directory).get(0), entry, "tried again after some seconds");
      while (entry != null) {
        entry = tailer.poll();
      }
      assertTrue(tailer.isAtEnd());
    }
  }

  @Test
  void aFollowerReadsOnWhileFilesArePruned() throws Exception {
    key();
    Path directory = write("crm", 200, true);
    try (JournalTailer tailer = JournalTailer.open(journal())) {
      JournalEntry first = tailer.poll();
      prune(AFTER_SECOND, false);
      List<JournalEntry> rest = new ArrayList<>();
      for (JournalEntry entry = tailer.poll(); entry != null; entry = tailer.poll()) {
        rest.add(entry);
      }
      assertEquals("", tailer.lastProblem());
      assertEquals(0, tailer.damaged());
      assertEquals(
          0, first == null ? -1 : first.time().compareTo(Instant.parse("2026-03-01T10:00:00Z")));
      List<JournalEntry> last = entries(directory);
      assertTrue(rest.containsAll(last), "what is there is read");
    }
  }

  @Test
  void whoVerifiesOrReadsWhileFilesGoSeesNoDamage() throws Exception {
    SealKey.Pair pair = key();
    write("crm", 3_000, true);
    Path untouched = base.resolve("untouched");
    copyTree(journal(), untouched);
    int rounds = Integer.getInteger("cordon.prune.races", 2);
    for (int round = 0; round < rounds; round++) {
      JournalFailureTest.delete(journal());
      copyTree(untouched, journal());
      List<String> wrong = java.util.Collections.synchronizedList(new ArrayList<>());
      java.util.concurrent.atomic.AtomicBoolean over =
          new java.util.concurrent.atomic.AtomicBoolean();
      List<Thread> readers = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        boolean verifies = i == 0;
        Thread reader = new Thread(() -> readWhile(over, verifies, pair, wrong), "reader-" + i);
        readers.add(reader);
        reader.start();
      }
      for (Instant before : List.of(AFTER_FIRST, AFTER_SECOND, AFTER_ALL)) {
        for (Pruner.Pruned one : prune(before, false)) {
          assertEquals("", one.problem());
        }
      }
      over.set(true);
      for (Thread reader : readers) {
        reader.join();
      }
      assertEquals(List.of(), wrong);
      assertEquals(3, verify(pair, null).exit());
    }
  }

  private void readWhile(
      java.util.concurrent.atomic.AtomicBoolean over,
      boolean verifies,
      SealKey.Pair pair,
      List<String> wrong) {
    try {
      while (!over.get() && wrong.isEmpty()) {
        if (verifies) {
          Verification seen = verify(pair, null);
          if (seen.exit() != 0 && seen.exit() != 3) {
            wrong.add(seen.findings().toString());
          }
        } else {
          long last = -1;
          for (JournalEntry entry : Tails.all(journal())) {
            if (entry.operation().equals("refund.create") && isCall(entry)) {
              if (entry.index() <= last) {
                wrong.add(last + " and then " + entry.index());
              }
              last = entry.index();
            }
          }
        }
      }
    } catch (Exception | AssertionError e) {
      wrong.add(String.valueOf(e));
    }
  }

  @Test
  void twoAtOnceDoNotMeet() throws Exception {
    key();
    write("crm", 20, true);
    List<Pruner.Pruned> inside = new ArrayList<>();
    Pruner.prune(
        request(AFTER_FIRST, false),
        step -> {
          if (step.equals("hashed")) {
            try {
              inside.addAll(prune(AFTER_FIRST, false));
            } catch (Exception e) {
              throw new AssertionError(e);
            }
          }
        });
    assertEquals(1, inside.size());
    assertTrue(inside.get(0).problem().contains("another process"), inside::toString);
  }

  // ---- the journals

  /** Aggregated calls of runs that told all; what a killed one left does not count. */
  private long counted(List<JournalEntry> entries) {
    Map<Path, List<JournalEntry>> byDirectory = new TreeMap<>();
    for (JournalEntry entry : entries) {
      if (entry.kind() == RecordKind.AGGREGATE || entry.kind() == RecordKind.PRUNE) {
        byDirectory.computeIfAbsent(entry.directory(), any -> new ArrayList<>()).add(entry);
      }
    }
    long counted = 0;
    for (List<JournalEntry> run : byDirectory.values()) {
      long prunes = run.stream().filter(entry -> entry.kind() == RecordKind.PRUNE).count();
      long of = 0;
      long own = 0;
      for (JournalEntry entry : run) {
        of = Math.max(of, Long.parseLong(entry.attributes().getOrDefault("of", "0")));
        if (entry.operation().equals("refund.create")) {
          own += Long.parseLong(entry.attributes().getOrDefault("count", "0"));
        }
      }
      counted += of > 0 && prunes == of ? own : 0;
    }
    return counted / 2; // of two days
  }

  private static boolean isCall(JournalEntry entry) {
    return entry.kind() == RecordKind.CALL_REQUEST;
  }

  /** One start that lives for three days: each has so many refunds, and nine reads. */
  private Path write(String service, int refunds, boolean sealed) throws Exception {
    SettableClock clock = new SettableClock("2026-03-01T10:00:00Z");
    try (Journal journal = open(service, clock, sealed)) {
      for (String day : DAYS) {
        clock.set(day + "T10:00:00Z");
        SealerTest.commit(journal, refunds);
        for (int i = 0; i < 9; i++) {
          journal.append(
              new JournalRecord(RecordKind.CALL_REQUEST)
                  .requestId(UUID.randomUUID())
                  .method("GET")
                  .destination("api.example.com:443")
                  .operation("refund.read"),
              Level.COMMITTED,
              TEN_SECONDS_NS);
        }
        journal.sealRest(TEN_SECONDS_NS);
      }
      Path directory = journal.directory();
      journal.close();
      old(directory);
      return directory;
    }
  }

  private Journal open(String service, SettableClock clock, boolean sealed) {
    SealOptions seal =
        sealed ? SealOptions.unsigned().withFirstAfterMs(0).withKey(keyFile()) : SealOptions.off();
    return Journal.open(JournalOptions.of(journal(), service).withClock(clock).withSeal(seal));
  }

  /** Files are as old as their names. */
  private static void old(Path directory) throws IOException {
    for (Path file : RecordFiles.files(directory)) {
      Files.setLastModifiedTime(
          file, FileTime.fromMillis(QueueFile.cycleOf(file) * 86_400_000L + 80_000_000L));
    }
  }

  private List<Pruner.Pruned> prune(Instant before, boolean dryRun) throws Exception {
    return Pruner.prune(request(before, dryRun));
  }

  private Pruner.Request request(Instant before, boolean dryRun) throws IOException {
    try {
      return new Pruner.Request(
          journal(), before, "retention", "keeper", SealKey.load(keyFile()), dryRun);
    } catch (dev.cordon.journal.seal.MalformedException e) {
      throw new IOException(e);
    }
  }

  private Verification verify(SealKey.Pair pair, @Nullable Path remember) throws Exception {
    return verify(journal(), pair, remember);
  }

  private static Verification verify(
      Path journal, SealKey.@Nullable Pair pair, @Nullable Path remember) throws Exception {
    return JournalVerifier.verify(
        new JournalVerifier.Request(
            journal,
            pair == null ? List.of() : List.of(pair.verifier()),
            List.of(),
            remember,
            null,
            Instant.MIN,
            false),
        (read, all) -> {});
  }

  private static boolean told(Verification verification, Kind kind, String text) {
    return verification.findings().stream()
        .anyMatch(finding -> finding.kind() == kind && finding.text().contains(text));
  }

  private static Verification.Log log(Verification verification, Path directory) {
    return verification.logs().stream()
        .filter(log -> log.directory().equals(directory))
        .findFirst()
        .orElseThrow();
  }

  private static List<JournalEntry> entries(Path directory) throws IOException {
    return Tails.everything(directory);
  }

  private JournalEntry only(RecordKind kind) throws IOException {
    List<JournalEntry> found = new ArrayList<>(Tails.all(journal()));
    found.removeIf(entry -> entry.kind() != kind);
    assertEquals(1, found.size(), found::toString);
    return found.get(0);
  }

  private static PrunedHead head(Path directory) throws IOException {
    return java.util.Objects.requireNonNull(PrunedHead.read(directory), "no note");
  }

  private static String name(Path directory) {
    return directory.getFileName().toString().toLowerCase(java.util.Locale.ROOT);
  }

  private Path journal() {
    return base.resolve("j");
  }

  private Path keyFile() {
    return base.resolve("seal.key");
  }

  private SealKey.Pair key() throws Exception {
    SealKey.Pair pair = SealKey.generate("example.com/crm");
    pair.write(keyFile());
    return pair;
  }

  static void copyTree(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path one : all.toList()) {
        Path copy = to.resolve(from.relativize(one).toString());
        if (Files.isDirectory(one)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(one, copy, java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
        }
      }
    }
  }
}
