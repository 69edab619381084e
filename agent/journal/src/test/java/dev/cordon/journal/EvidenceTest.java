package dev.cordon.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cordon.journal.evidence.EvidenceKey;
import dev.cordon.journal.evidence.EvidenceReader;
import dev.cordon.journal.evidence.EvidenceReader.Opened;
import dev.cordon.journal.evidence.EvidenceReader.State;
import dev.cordon.journal.evidence.SealedEvidence;
import dev.cordon.journal.evidence.SubjectKeys;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Excerpts that only who has the key reads, until the keys of their person are destroyed. */
@Timeout(120)
class EvidenceTest {

  private static final long THIRTY_SECONDS_NS = 30_000_000_000L;
  private static final long TEN_SECONDS_NS = 10_000_000_000L;
  private static final long TEN_SECONDS_MS = 10_000;
  private static final Instant NOW = Instant.parse("2026-11-21T10:15:30Z");

  @TempDir Path base;

  private Path keyFile = Path.of("");
  private Path keys = Path.of("");

  @BeforeEach
  void makeKey() throws Exception {
    keyFile = base.resolve("evidence.key");
    keys = base.resolve("j").resolve(SubjectKeys.DIRECTORY);
    EvidenceKey.generate().write(keyFile);
  }

  @Test
  void evidenceIsReadWithTheKeyAndByNobodyElse() throws Exception {
    Set<String> nonces = new HashSet<>();
    try (Journal journal = open("crm")) {
      for (int i = 0; i < 20; i++) {
        write(journal, "cus_" + i % 4, "{\"n\":" + i + "}");
      }
    }
    List<JournalEntry> calls = calls();
    EvidenceReader reader = reader("cus_0", "cus_1", "cus_2", "cus_3");
    for (int i = 0; i < calls.size(); i++) {
      SealedEvidence sealed = evidence(calls.get(i));
      assertEquals("{\"n\":" + i + "}", text(reader.open(sealed)));
      assertTrue(
          nonces.add(sealed.keyId() + "/" + HexFormat.of().formatHex(sealed.nonce())),
          "a nonce twice under one key");
      assertEquals("[encrypted]", EvidenceReader.withoutKey(keys).open(sealed).told());
      assertEquals(pseudonym("cus_" + i % 4), calls.get(i).subject());
    }
    assertEquals(20, calls.size());
    assertEquals(State.LOCKED, reader("cus_1").open(evidence(calls.get(0))).state());
    assertEquals(4, of(RecordKind.KEY_CREATE).size(), "a key for each person, told");
    assertEquals(
        PosixFilePermissions.fromString("rw-------"),
        Files.getPosixFilePermissions(keys.resolve("subjects.db")));
    assertEquals(0, verify());
  }

  @Test
  void aLaterStartAndAnotherProcessTakeKeysOfTheirOwn() throws Exception {
    Set<Long> ids = new HashSet<>();
    for (int i = 0; i < 3; i++) {
      try (Journal journal = open("crm");
          Journal beside = open("bot")) {
        write(journal, "cus_1", "a");
        write(beside, "cus_1", "b");
      }
    }
    for (JournalEntry call : calls()) {
      assertTrue(ids.add(evidence(call).keyId()), "a key of another process");
      assertEquals(State.OPEN, reader("cus_1").open(evidence(call)).state());
    }
    assertEquals(6, ids.size());
  }

  @Test
  void whoIsErasedCannotBeReadAndTheJournalStaysProved() throws Exception {
    try (Journal journal = open("crm")) {
      write(journal, "Eve@Example.com ", "first");
      write(journal, "cus_2", "other");
      erase("DSR-14", "eve@example.com");
      List<JournalEntry> calls = calls();
      Opened erased = reader("eve@example.com").open(evidence(calls.get(0)));
      assertEquals("[erased 2026-11-21, request DSR-14]", erased.told());
      assertEquals(
          "[erased 2026-11-21, request DSR-14]",
          EvidenceReader.withoutKey(keys).open(evidence(calls.get(0))).told());
      assertEquals("other", text(reader("cus_2").open(evidence(calls.get(1)))));
      writeUntilUnderAnotherKey(journal, "eve@example.com", "later");
    }
    List<JournalEntry> calls = calls();
    JournalEntry later = calls.get(calls.size() - 1);
    assertEquals("later", text(reader("eve@example.com").open(evidence(later))));
    assertEquals(State.DESTROYED, reader("eve@example.com").open(evidence(calls.get(0))).state());
    assertEquals(0, verify());
  }

  @Test
  void anOldCopyOfTheKeysBringsNobodyBack() throws Exception {
    Path copy = base.resolve("copy.db");
    try (Journal journal = open("crm")) {
      write(journal, "cus_1", "one");
      write(journal, "cus_2", "two");
      Files.copy(keys.resolve("subjects.db"), copy);
      erase("DSR-1", "cus_1");
      Files.copy(copy, keys.resolve("subjects.db"), StandardCopyOption.REPLACE_EXISTING);
      List<JournalEntry> calls = calls();
      assertEquals(State.DESTROYED, reader("cus_1").open(evidence(calls.get(0))).state());
      assertEquals(0, store().count(List.of(bytes("cus_1")), 0), "and no command finds it");

      write(journal, "cus_3", "three"); // the service itself notices, before it adds a key
      assertFalse(contains(copy, keys.resolve("subjects.db"), 0), "its bytes are gone again");
    }
    Files.copy(copy, keys.resolve("subjects.db"), StandardCopyOption.REPLACE_EXISTING);
    SubjectKeys.Destroyed none = store().expire(0, NOW, TEN_SECONDS_MS);
    assertEquals(1, none.restored(), "any command that changes something destroys it again");
    assertFalse(contains(copy, keys.resolve("subjects.db"), 0));
    assertTrue(contains(copy, keys.resolve("subjects.db"), 1), "and leaves the other one");
    assertEquals("two", text(reader("cus_2").open(evidence(calls().get(1)))));
  }

  @Test
  void evidencePutBesideAnotherCallDoesNotOpen() throws Exception {
    try (Journal journal = open("crm")) {
      write(journal, "cus_1", "one");
      write(journal, "cus_1", "two");
    }
    SealedEvidence one = evidence(calls().get(0));
    SealedEvidence two = evidence(calls().get(1));
    assertEquals(one.keyId(), two.keyId());
    SealedEvidence swapped =
        new SealedEvidence(
            one.pseudonym(), one.day(), one.keyId(), two.nonce(), two.ciphertext(), one.context());
    assertEquals(State.FORGED, reader("cus_1").open(swapped).state());
  }

  @Test
  void keysOfOldDaysAreDestroyedTogether() throws Exception {
    SettableClock clock = new SettableClock("2026-11-01T23:59:00Z");
    try (Journal journal =
        Journal.open(
            JournalOptions.of(base.resolve("j"), "crm")
                .withClock(clock)
                .withEvidence(evidence()))) {
      write(journal, "cus_1", "old");
      clock.set("2026-11-02T00:01:00Z");
      write(journal, "cus_1", "new");
    }
    long day = java.time.LocalDate.parse("2026-11-01").toEpochDay();
    assertEquals(1, store().count(null, day));
    assertEquals(1, store().expire(day, NOW, TEN_SECONDS_MS).keys());
    List<JournalEntry> calls = calls();
    assertEquals("[expired 2026-11-21]", reader("cus_1").open(evidence(calls.get(0))).told());
    assertEquals("new", text(reader("cus_1").open(evidence(calls.get(1)))));
    assertEquals(0, store().expire(day, NOW, TEN_SECONDS_MS).keys());
  }

  @Test
  void withoutAFileForKeysCallsGoOnAndItIsTold() throws Exception {
    Files.createDirectories(keys.getParent());
    Files.writeString(keys, "a file where the directory should be");
    try (Journal journal = open("crm")) {
      for (int i = 0; i < 3; i++) {
        write(journal, "cus_1", "one");
      }
      Files.delete(keys);
      long untilNs = System.nanoTime() + TEN_SECONDS_NS;
      do { // it is tried again after some time
        write(journal, "cus_1", "again");
        Thread.sleep(50);
      } while (newest().evidence() == null && System.nanoTime() < untilNs);
    }
    List<JournalEntry> calls = calls();
    int without = calls.size() - 1;
    assertTrue(without >= 3);
    for (int i = 0; i < without; i++) {
      assertNull(calls.get(i).evidence());
      assertTrue(calls.get(i).evidenceLeftOut());
    }
    assertNotNull(calls.get(without).evidence(), "and it is tried again");
    List<JournalEntry> faults = of(RecordKind.AGENT_FAULT);
    assertEquals(
        List.of("java.nio.file.NotDirectoryException"),
        faults.stream().map(JournalEntry::error).distinct().toList());
    assertTrue(faults.stream().allMatch(it -> "evidence".equals(it.attributes().get("part"))));
    assertEquals(
        without,
        faults.stream()
            .mapToLong(fault -> Long.parseLong(fault.attributes().getOrDefault("left-out", "0")))
            .sum());
  }

  @Test
  void withoutAKeyNoByteOfSubjectOrEvidenceIsKept() throws Exception {
    try (Journal journal = Journal.open(JournalOptions.of(base.resolve("j"), "crm"))) {
      write(journal, "cus_1", "one");
    }
    JournalEntry call = calls().get(0);
    assertEquals("", call.subject());
    assertNull(call.evidence());
    assertFalse(call.evidenceLeftOut());
  }

  @Test
  void noByteOfSubjectOrEvidenceIsInAnyFile() throws Exception {
    long seed = Long.getLong("cordon.seed", System.nanoTime());
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    List<String> values = new ArrayList<>();
    try (Journal journal = open("crm")) {
      for (int i = 0; i < 200; i++) {
        String subject = "subject" + Long.toHexString(random.nextLong()) + "@example.com";
        StringBuilder text = new StringBuilder("evidence");
        int length = random.nextInt(JournalRecord.MAX_EVIDENCE_BYTES - 30);
        while (text.length() < 30 + length) {
          text.append((char) ('a' + random.nextInt(26)));
        }
        values.add(subject);
        values.add(text.substring(0, 24));
        values.add(text.substring(text.length() - 16));
        write(journal, subject, text.toString());
      }
    }
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.walk(base.resolve("j"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        all.append(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
      }
    }
    String everything = all.toString();
    for (String value : values) {
      assertFalse(everything.contains(value), "seed " + seed + ", on the disk: " + value);
    }
    assertEquals(200, calls().stream().filter(call -> call.evidence() != null).count());
  }

  @Test
  void theSecondDeviceEncryptsToo() throws Exception {
    Path blocked = base.resolve("j").resolve("crm");
    Files.createDirectories(base.resolve("j"));
    Files.writeString(blocked, "no directory");
    try (Journal journal =
        Journal.open(
            JournalOptions.of(base.resolve("j"), "crm")
                .withEvidence(evidence())
                .withDevice(DeviceOptions.standard().withSecond(base.resolve("second"))))) {
      long untilNs = System.nanoTime() + TEN_SECONDS_NS;
      do { // it does not wait for a key
        write(journal, "cus_1", "kept elsewhere");
      } while (onTheSecond().get(0).evidence() == null && System.nanoTime() < untilNs);
    }
    JournalEntry call = onTheSecond().get(0);
    assertEquals("kept elsewhere", text(reader("cus_1").open(evidence(call))));
  }

  @Test
  void whatTheFirstDeviceDoesNotTakeInTimeKeepsItsTextOnTheSecond() throws Exception {
    CountDownLatch mayOpen = new CountDownLatch(1);
    JournalWriter.QueueOpener slow =
        (directory, time) -> {
          try {
            boolean unused = mayOpen.await(60, TimeUnit.SECONDS);
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
          return new QueueFile(directory, time);
        };
    JournalOptions options =
        JournalOptions.of(base.resolve("j"), "crm")
            .withEvidence(evidence())
            .withDevice(DeviceOptions.standard().withSecond(base.resolve("second")));
    try (Journal journal = Journal.open(options, slow)) {
      long untilNs = System.nanoTime() + TEN_SECONDS_NS;
      do { // each is given up by the first device; the second does not wait for a key
        JournalRecord record =
            new JournalRecord(RecordKind.CALL_REQUEST)
                .subject("cus_1")
                .evidence("kept elsewhere".getBytes(StandardCharsets.UTF_8));
        assertEquals(Appended.COMMITTED, journal.append(record, Level.COMMITTED, 2_000_000_000));
      } while (onTheSecond().get(0).evidence() == null && System.nanoTime() < untilNs);
      mayOpen.countDown();
    }
    JournalEntry call = onTheSecond().get(0);
    assertEquals("kept elsewhere", text(reader("cus_1").open(evidence(call))));
  }

  /** The newest first. */
  private List<JournalEntry> onTheSecond() throws IOException {
    List<JournalEntry> entries = Tails.all(base.resolve("second"));
    entries.removeIf(entry -> entry.kind() != RecordKind.CALL_REQUEST);
    java.util.Collections.reverse(entries);
    return entries;
  }

  @Test
  void aFileOfKeysThatIsGoneOrReplacedIsNoticedAndLaterEvidenceCanBeRead() throws Exception {
    Path file = keys.resolve("subjects.db");
    try (Journal journal = open("crm")) {
      write(journal, "cus_0", "first");
      byte[] copy = Files.readAllBytes(file);
      write(journal, "cus_1", "one");
      Files.delete(file);
      writeUntilUnderAnotherKey(journal, "cus_1", "two");
      Files.write(file, copy);
      writeUntilUnderAnotherKey(journal, "cus_1", "three");
    }
    List<JournalEntry> calls = calls();
    JournalEntry three = calls.get(calls.size() - 1);
    assertEquals("three", text(reader("cus_1").open(evidence(three))));
    assertEquals(4, keyIds().size(), "of another person, and three");
    assertEquals("first", text(reader("cus_0").open(evidence(calls.get(0)))));
  }

  @Test
  void aServiceGoesOnWithTheNewKeyWhereItStandsInThePlaceOfTheOld() throws Exception {
    EvidenceKey old = EvidenceKey.load(keyFile);
    EvidenceKey next = old.successor();
    try (Journal journal = open("crm")) {
      write(journal, "cus_1", "one");
      Files.delete(keyFile);
      next.write(keyFile);
      write(journal, "cus_2", "two");
      assertEquals(2, SubjectKeys.in(keys, old).rotate(next, TEN_SECONDS_MS).keys());
      writeUntilUnderAnotherKey(journal, "cus_1", "three");
    }
    assertOpenUnder("cus_1", "cus_2");
    assertEquals(1, store().count(List.of(bytes("cus_2")), 0));
  }

  @Test
  void aServiceThatGetsTheNewKeyLateLeavesEvidenceOutTellsSoAndGoesOn() throws Exception {
    EvidenceKey old = EvidenceKey.load(keyFile);
    EvidenceKey next = old.successor();
    int without;
    try (Journal journal = open("crm")) {
      write(journal, "cus_1", "one");
      SubjectKeys.in(keys, old).rotate(next, TEN_SECONDS_MS);
      long untilNs = System.nanoTime() + TEN_SECONDS_NS;
      while (!newest().evidenceLeftOut()) {
        assertTrue(System.nanoTime() < untilNs, "not noticed");
        write(journal, "cus_1", "while it has the old key");
        Thread.sleep(50);
      }
      Files.delete(keyFile);
      next.write(keyFile);
      writeUntilUnderAnotherKey(journal, "cus_1", "later");
      without = (int) calls().stream().filter(JournalEntry::evidenceLeftOut).count();
    }
    assertOpenUnder("cus_1");
    List<JournalEntry> faults = of(RecordKind.AGENT_FAULT);
    assertTrue(faults.stream().anyMatch(it -> it.error().endsWith("OtherKeyException")), "told");
    assertEquals(
        without,
        faults.stream()
            .mapToLong(fault -> Long.parseLong(fault.attributes().getOrDefault("left-out", "0")))
            .sum());
  }

  @Test
  void whileTheKeyIsChangedAgainAndAgainAllThatIsWrittenCanBeRead() throws Exception {
    AtomicInteger wrote = new AtomicInteger();
    FutureTask<Integer> rotations = new FutureTask<>(() -> rotateEightTimes(wrote));
    Set<String> people = new HashSet<>();
    try (Journal journal = open("crm")) {
      write(journal, "cus_0", "first");
      Thread rotating = new Thread(rotations, "rotating");
      rotating.setDaemon(true);
      rotating.start();
      for (int i = 0; !rotations.isDone() && i < 10_000; i++) {
        people.add("cus_" + i % 50);
        write(journal, "cus_" + i % 50, "text");
        wrote.incrementAndGet();
        Thread.sleep(1);
      }
      assertEquals(8, rotations.get(2, TimeUnit.MINUTES));
      long untilNs = System.nanoTime() + TEN_SECONDS_NS;
      do {
        write(journal, "cus_0", "last");
        Thread.sleep(50);
      } while (newest().evidenceLeftOut() && System.nanoTime() < untilNs);
      assertFalse(newest().evidenceLeftOut(), "it goes on");
    }
    assertOpenUnder(people.toArray(new String[0]));
    assertTrue(calls().stream().filter(call -> !call.evidenceLeftOut()).count() > 50);
  }

  private int rotateEightTimes(AtomicInteger wrote) throws Exception {
    int rotated = 0;
    while (rotated < 8) {
      EvidenceKey old = EvidenceKey.load(keyFile);
      EvidenceKey next = old.successor();
      Path made = base.resolve("next-" + rotated);
      next.write(made);
      Files.move(made, keyFile, StandardCopyOption.REPLACE_EXISTING);
      SubjectKeys.in(keys, old).rotate(next, TEN_SECONDS_MS);
      rotated++;
      int before = wrote.get();
      long untilNs = System.nanoTime() + THIRTY_SECONDS_NS;
      while (wrote.get() < before + 200) { // some under each of them
        assertTrue(System.nanoTime() < untilNs, "records since: " + (wrote.get() - before));
        Thread.sleep(1);
      }
    }
    return rotated;
  }

  /** All evidence that there is, with the key that stands in the file now. */
  private void assertOpenUnder(String... subjects) throws Exception {
    EvidenceReader reader = reader(subjects);
    for (JournalEntry call : calls()) {
      if (!call.evidenceLeftOut()) {
        assertEquals(State.OPEN, reader.open(evidence(call)).state());
      }
    }
    assertEquals(0, verify());
  }

  /** The service looks once a second whether its keys are still what they were. */
  private void writeUntilUnderAnotherKey(Journal journal, String subject, String text)
      throws Exception {
    Set<Long> known = keyIds();
    long untilNs = System.nanoTime() + TEN_SECONDS_NS;
    do {
      write(journal, subject, text);
      Thread.sleep(50);
    } while (known.containsAll(keyIds()) && System.nanoTime() < untilNs);
    assertFalse(known.contains(evidence(newest()).keyId()), "a key of its own");
  }

  /** Of all calls; one without evidence says that it was left out. */
  private Set<Long> keyIds() throws IOException {
    Set<Long> ids = new HashSet<>();
    for (JournalEntry call : calls()) {
      SealedEvidence evidence = call.evidence();
      assertEquals(evidence == null, call.evidenceLeftOut());
      if (evidence != null) {
        ids.add(evidence.keyId());
      }
    }
    return ids;
  }

  private JournalEntry newest() throws IOException {
    List<JournalEntry> calls = calls();
    return calls.get(calls.size() - 1);
  }

  @Test
  void whatIsLeftOutOfEvidenceIsToldInTheRecord() throws Exception {
    try (Journal journal = open("crm")) {
      journal.append(call("cus_1").evidence(new byte[9]), Level.ACCEPTED, TEN_SECONDS_NS);
      journal.append(call("cus_1").withoutEvidence("binary"), Level.COMMITTED, TEN_SECONDS_NS);
      journal.append(call("cus_1").evidence(new byte[9], 4_711), Level.COMMITTED, TEN_SECONDS_NS);
    }
    List<JournalEntry> calls = calls();
    assertEquals("no key in time", calls.get(0).noEvidence(), "nobody waited");
    assertTrue(calls.get(0).evidenceLeftOut());
    assertEquals("binary", calls.get(1).noEvidence());
    assertEquals("", calls.get(2).noEvidence());
    assertEquals(4_711, calls.get(2).evidenceCutBytes());
    assertEquals(
        List.of("1"),
        of(RecordKind.AGENT_FAULT).stream().map(it -> it.attributes().get("left-out")).toList());
  }

  private static JournalRecord call(String subject) {
    return new JournalRecord(RecordKind.CALL_REQUEST)
        .destination("api.example.com:443")
        .callClass("write")
        .subject(subject);
  }

  @Test
  void theTextOfARecordThatIsNotTakenIsNotKeptInMemory() {
    Entry failed = withText();
    failed.become(Entry.FAILED);
    assertNull(failed.evidence());
    Entry cancelled = withText();
    assertEquals(Appended.FAILED, cancelled.await(System.nanoTime(), 0));
    assertNull(cancelled.evidence());
    Entry taken = withText();
    taken.set(Entry.WRITING);
    assertEquals(Appended.FAILED, taken.await(System.nanoTime(), 0));
    assertNotNull(taken.evidence(), "the writer has it in hand");
  }

  private static Entry withText() {
    return new Entry(
        new byte[0],
        new EvidenceField.Plain("eve", new byte[9]),
        Level.COMMITTED,
        Thread.currentThread(),
        false);
  }

  @Test
  void anEvidenceKeyThatOthersCanReadIsRefused() throws Exception {
    Files.setPosixFilePermissions(keyFile, PosixFilePermissions.fromString("rw-r-----"));
    IOException refused =
        org.junit.jupiter.api.Assertions.assertThrows(
            IOException.class, () -> Journal.checkEvidenceKey(keyFile));
    assertTrue(String.valueOf(refused.getMessage()).contains("chmod 600"), refused.getMessage());
  }

  // ---- helpers

  /** Patient: a busy machine is no failure. */
  private EvidenceOptions evidence() {
    return new EvidenceOptions(keyFile, 30_000);
  }

  private Journal open(String service) {
    return Journal.open(JournalOptions.of(base.resolve("j"), service).withEvidence(evidence()));
  }

  private static void write(Journal journal, String subject, String text) {
    JournalRecord record =
        new JournalRecord(RecordKind.CALL_REQUEST)
            .requestId(UUID.randomUUID())
            .destination("api.example.com:443")
            .callClass("write")
            .decision("deny")
            .subject(subject)
            .evidence(text.getBytes(StandardCharsets.UTF_8));
    assertEquals(Appended.COMMITTED, journal.append(record, Level.COMMITTED, TEN_SECONDS_NS));
  }

  private List<JournalEntry> calls() throws IOException {
    return of(RecordKind.CALL_REQUEST);
  }

  private List<JournalEntry> of(RecordKind kind) throws IOException {
    List<JournalEntry> entries = Tails.all(base.resolve("j"));
    entries.removeIf(entry -> entry.kind() != kind);
    return entries;
  }

  private static SealedEvidence evidence(JournalEntry entry) {
    SealedEvidence evidence = entry.evidence();
    assertNotNull(evidence, "no evidence in " + entry.n());
    return evidence;
  }

  private static String text(Opened opened) {
    assertEquals(State.OPEN, opened.state(), opened.told());
    return new String(opened.text(), StandardCharsets.UTF_8);
  }

  private SubjectKeys store() throws Exception {
    return SubjectKeys.in(keys, EvidenceKey.load(keyFile));
  }

  private EvidenceReader reader(String... subjects) throws Exception {
    List<byte[]> pseudonyms = new ArrayList<>();
    for (String subject : subjects) {
      pseudonyms.add(bytes(subject));
    }
    return EvidenceReader.of(store(), pseudonyms);
  }

  private byte[] bytes(String subject) throws Exception {
    return EvidenceKey.load(keyFile).pseudonym(subject);
  }

  private String pseudonym(String subject) throws Exception {
    return HexFormat.of().formatHex(bytes(subject));
  }

  private void erase(String request, String subject) throws Exception {
    SubjectKeys.Destroyed destroyed =
        store().erase(List.of(bytes(subject)), request, NOW, TEN_SECONDS_MS);
    assertEquals(1, destroyed.keys());
  }

  /** Whether the wrapped key of a copy's slot is anywhere in a file. */
  private static boolean contains(Path copy, Path file, int slot) throws IOException {
    ByteBuffer wrapped = ByteBuffer.wrap(Files.readAllBytes(copy), 128 * (slot + 1) + 40, 40);
    byte[] all = Files.readAllBytes(file);
    for (int at = 0; at + 40 <= all.length; at++) {
      if (ByteBuffer.wrap(all, at, 40).equals(wrapped)) {
        return true;
      }
    }
    return false;
  }

  private int verify() throws Exception {
    return JournalVerifier.verify(JournalVerifier.Request.of(base.resolve("j")), (read, all) -> {})
        .exit();
  }
}
