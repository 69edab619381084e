package dev.cordon.journal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Records, and what carries them to the writer, are used again: nobody may notice but the heap. */
@Timeout(180)
class ReusedRecordTest {

  private static final long TEN_SECONDS_NS = 10_000_000_000L;
  private static final long SIXTY_SECONDS_MS = 60_000;
  private static final int MAX_ALLOCATED_BYTES = 64;

  @TempDir Path base;

  @Test
  void aRecordOfAnOrdinaryCallAllocatesAtMost64Bytes() throws Exception {
    try (Journal journal =
        Journal.open(JournalOptions.of(base, "crm").withSeal(SealOptions.off()))) {
      assertTrue(leastAllocated(journal, Level.ACCEPTED) <= MAX_ALLOCATED_BYTES);
      assertTrue(leastAllocated(journal, Level.COMMITTED) <= MAX_ALLOCATED_BYTES);
      assertEquals(0, journal.status().lost());
    }
  }

  @Test
  void aRecordLongerThanAnnouncedFailsWhoeverHadTheEntryBefore() throws Exception {
    try (Journal journal =
        Journal.open(JournalOptions.of(base, "crm").withSeal(SealOptions.off()))) {
      for (int i = 0; i < 500; i++) {
        JournalRecord longer = ordinary(i).attribute("note", "x".repeat(60));
        assertEquals(Appended.COMMITTED, journal.append(longer, Level.COMMITTED, TEN_SECONDS_NS));
      }
      JournalRecord wrong = ordinary(0).attribute("one", "1");
      List<String> attributes = Objects.requireNonNull(wrong.attributes);
      attributes.add("more");
      attributes.add("than was counted");
      assertEquals(Appended.FAILED, journal.append(wrong, Level.COMMITTED, TEN_SECONDS_NS));
      assertEquals(
          Appended.COMMITTED, journal.append(ordinary(1), Level.COMMITTED, TEN_SECONDS_NS));
    }
    assertTrue(Tails.all(base).size() >= 501);
  }

  @Test
  void aRecordThatIsHandedOverTwiceIsNotGivenToTwo() {
    try (Journal journal =
        Journal.open(JournalOptions.of(base, "crm").withSeal(SealOptions.off()))) {
      JournalRecord record = ordinary(0);
      assertEquals(Appended.COMMITTED, journal.append(record, Level.COMMITTED, TEN_SECONDS_NS));
      assertEquals(Appended.FAILED, journal.append(record, Level.COMMITTED, TEN_SECONDS_NS));
      assertTrue(
          JournalRecord.reused(RecordKind.CALL_REQUEST)
              != JournalRecord.reused(RecordKind.CALL_REQUEST));
    }
  }

  @Test
  void aThreadOfTheApplicationIsAskedNothing() throws Exception {
    AtomicInteger failed = new AtomicInteger();
    Thread odd =
        new Thread(() -> ordinary(0)) {
          @Override
          public long getId() {
            throw new IllegalStateException("of the application");
          }
        };
    odd.setUncaughtExceptionHandler((thread, thrown) -> failed.incrementAndGet());
    odd.start();
    odd.join(TEN_SECONDS_NS / 1_000_000);
    assertFalse(odd.isAlive());
    assertEquals(0, failed.get());
  }

  /** The making of the record and of its id included. */
  private static long leastAllocated(Journal journal, Level level) throws InterruptedException {
    int records = 1_000;
    com.sun.management.ThreadMXBean threads =
        (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 60; round++) { // the first ones warm up
      for (int i = 0; i < 10_000 && journal.status().waiting() > 0; i++) {
        Thread.sleep(1);
      }
      assertEquals(0, journal.status().waiting(), "within ten seconds");
      long beforeBytes = threads.getThreadAllocatedBytes(thread);
      for (int i = 0; i < records; i++) {
        assertTrue(journal.append(ordinary(i), level, TEN_SECONDS_NS) != Appended.FAILED);
      }
      long bytes = threads.getThreadAllocatedBytes(thread) - beforeBytes;
      least = Math.min(least, bytes / records);
    }
    System.out.println(level + ": " + least + " B a record");
    return least;
  }

  private static JournalRecord ordinary(int number) {
    return JournalRecord.reused(RecordKind.CALL_REQUEST)
        .requestId(new UUID(1, number))
        .library("okhttp")
        .destination("api.example.com:443")
        .method("POST")
        .operation("refund.create")
        .callClass("write")
        .decision("allow")
        .rules(RULES)
        .reason("allowed")
        .policy(7)
        .fields(FIELDS)
        .actor("support-bot")
        .route("/v1/refunds")
        .basis(1, 2, 3, 4, 5, 2, PRINTS, VALUES)
        .money(120_000, "EUR")
        .finding("email", 1)
        .finding("phone", 2)
        .requestBytes(398)
        .costNs(20_000)
        .attribute("hook", "okhttp");
  }

  private static final List<String> RULES = List.of("refunds.small");
  private static final List<String> FIELDS = List.of("amount", "charge", "reason");
  private static final long[] PRINTS = {11, 12};
  private static final byte[] VALUES = {1, 2};

  @Test
  void aRecordCarriesNothingOfThoseThatHadItsPlaceBefore() {
    Random random = seeded();
    RecordEncoder encoder = new RecordEncoder(new Dictionary(), Clock.systemUTC(), "a/b/c/1/2/3");
    EntryPool pool = new EntryPool(16);
    Deque<Entry> busy = new ArrayDeque<>();
    for (int i = 0; i < 5_000; i++) {
      long seed = random.nextLong();
      JournalRecord reused =
          filled(JournalRecord.reused(RecordKind.CALL_REQUEST), new Random(seed));
      byte[] expected =
          timeless(
              encoder.encode(filled(new JournalRecord(RecordKind.CALL_REQUEST), new Random(seed))));
      Entry entry = pool.take(Level.ACCEPTED, null);
      assertEquals(Entry.WAITING, entry.get());
      assertNull(entry.evidence());
      encoder.encodeInto(entry, reused);
      assertArrayEquals(expected, timeless(entry.copy()), "seed of the record " + seed);
      reused.release();
      busy.add(entry);
      if (busy.size() > random.nextInt(20)) {
        Entry done = busy.remove();
        int numbers = Layout.SALT; // as the writer does
        done.bytes()[numbers] = 42;
        done.letGo();
        for (byte left : done.pool == null ? new byte[0] : done.bytes()) {
          assertEquals(0, left, "of a record that is written");
        }
      }
    }
  }

  private static byte[] timeless(byte[] record) {
    Layout.put64(record, Layout.TIME_US, 0);
    Layout.put32(record, Layout.UP_MS, 0);
    return record;
  }

  private static JournalRecord filled(JournalRecord record, Random random) {
    if (random.nextBoolean()) {
      record.requestId(new UUID(random.nextLong(), random.nextLong()));
    }
    if (random.nextBoolean()) {
      record.trace("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    }
    if (random.nextBoolean()) {
      record.library(word(random)).destination(word(random) + ".example.com:443");
    }
    if (random.nextBoolean()) {
      record.method("POST").callClass("write").decision("deny").policy(random.nextLong());
    }
    if (random.nextBoolean()) {
      record.operation(word(random)).route("/" + word(random)).actor(word(random));
    }
    if (random.nextBoolean()) {
      record.decidedFor("other.example.com:443").error("java.io.IOException").reason(word(random));
    }
    if (random.nextBoolean()) {
      record.rules(words(random)).fields(words(random)).operations(words(random));
    }
    if (random.nextBoolean()) {
      int count = random.nextInt(45);
      long[] prints = random.longs(count).toArray();
      byte[] values = new byte[count];
      random.nextBytes(values);
      record.basis(
          random.nextInt(),
          random.nextInt(),
          random.nextInt(),
          random.nextLong(),
          random.nextLong(),
          count,
          prints,
          values);
    }
    if (random.nextBoolean()) {
      record.money(random.nextInt(), random.nextBoolean() ? "EUR" : "a currency that is none");
    }
    for (int i = random.nextInt(20); i > 0; i--) {
      record.finding(word(random), 1 + random.nextInt(9));
    }
    if (random.nextBoolean()) {
      record.requestBytes(random.nextInt()).responseBytes(random.nextInt()).status(200);
    }
    if (random.nextBoolean()) {
      record.latencyNs(random.nextInt(1 << 30)).costNs(random.nextInt(1 << 30)).observe(true);
    }
    for (int i = random.nextInt(12); i > 0; i--) {
      record.attribute(word(random), word(random));
    }
    if (random.nextBoolean()) {
      record.subject("eve").evidence(new byte[] {1, 2, 3}).pseudonym(new byte[16]);
    }
    return record;
  }

  private static List<String> words(Random random) {
    List<String> words = new ArrayList<>();
    for (int i = random.nextInt(20); i > 0; i--) {
      words.add(word(random));
    }
    return words;
  }

  private static String word(Random random) {
    return WORDS.get(random.nextInt(WORDS.size()));
  }

  private static final List<String> WORDS =
      List.of("refund", "customer", "ticket", "note", "order", "address", "amount", "reason");

  @Test
  void aRecordThatIsUsedAgainIsAsANewOne() throws Exception {
    Random random = seeded();
    for (int i = 0; i < 200; i++) {
      JournalRecord record = filled(JournalRecord.reused(RecordKind.CALL_REQUEST), random);
      record.release();
      JournalRecord again = JournalRecord.reused(RecordKind.CALL_REQUEST);
      JournalRecord fresh = new JournalRecord(RecordKind.CALL_REQUEST);
      for (Field field : JournalRecord.class.getDeclaredFields()) {
        if (Modifier.isStatic(field.getModifiers())
            || Set.of("reused", "lent").contains(field.getName())) {
          continue;
        }
        field.setAccessible(true);
        Object value = field.get(again);
        switch (field.getName()) {
          case "findingLabels" -> {
            for (Object label : value == null ? new Object[0] : (Object[]) value) {
              assertNull(label);
            }
          }
          case "findingCounts" -> {
            for (int count : value == null ? new int[0] : (int[]) value) {
              assertEquals(0, count);
            }
          }
          case "attributes" -> assertTrue(value == null || ((List<?>) value).isEmpty());
          default -> assertEquals(field.get(fresh), value, field.getName());
        }
      }
      again.release();
    }
  }

  @Test
  void aRecordThatWasNotTakenIsStillItsCallers() throws Exception {
    Journal journal = Journal.open(JournalOptions.of(base, "crm"));
    journal.close();
    JournalRecord record = ordinary(1);
    assertEquals(Appended.FAILED, journal.append(record, Level.COMMITTED, 1_000_000));
    assertEquals("refund.create", record.operation);
    JournalRecord other = ordinary(2);
    assertTrue(record != other);
  }

  @Test
  void nobodyTakesWhatAnotherHas() throws Exception {
    EntryPool pool = new EntryPool(16);
    AtomicInteger taken = new AtomicInteger();
    List<Throwable> wrong = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      Thread thread =
          new Thread(
              () -> {
                Deque<Entry> mine = new ArrayDeque<>();
                for (int i = 0; i < 100_000; i++) {
                  Entry entry = pool.take(Level.ACCEPTED, null);
                  assertTrue(entry.compareAndSet(Entry.WAITING, Entry.WRITING), "taken twice");
                  taken.incrementAndGet();
                  mine.add(entry);
                  if (mine.size() == 1 + i % 7) {
                    mine.remove().letGo();
                  }
                  if (i % 1_000 == 0) {
                    pool.trim();
                  }
                }
                mine.forEach(Entry::letGo);
              });
      thread.setUncaughtExceptionHandler(
          (of, thrown) -> {
            synchronized (wrong) {
              wrong.add(thrown);
            }
          });
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join(SIXTY_SECONDS_MS);
      assertFalse(thread.isAlive());
    }
    synchronized (wrong) {
      assertEquals(List.of(), wrong);
    }
    assertEquals(400_000, taken.get());
    assertTrue(pool.made() <= 16);
  }

  @Test
  void whatABurstLeavesBehindIsGivenBackToTheHeap() {
    EntryPool pool = new EntryPool(64 * 1024);
    List<Entry> burst = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      Entry entry = pool.take(Level.ACCEPTED, null);
      entry.room(300);
      burst.add(entry);
    }
    burst.forEach(Entry::letGo);
    assertEquals(10_000, pool.made());
    pool.trim();
    pool.trim();
    assertEquals(1_024, pool.made());
    Set<Entry> again = new HashSet<>();
    for (int i = 0; i < 70_000; i++) { // more than there are places
      assertTrue(again.add(pool.take(Level.ACCEPTED, null)));
    }
  }

  /** With a ring that is nearly always full, and callers that give up at every moment. */
  @Test
  void recordsOfManyThreadsAreNeverMixedUpNorWrittenTwice() throws Exception {
    Random random = seeded();
    Set<UUID> acknowledged = ConcurrentHashMap.newKeySet();
    AtomicInteger accepted = new AtomicInteger();
    try (Journal journal =
        Journal.open(
            JournalOptions.of(base, "crm").withRingRecords(16).withSeal(SealOptions.off()))) {
      assertTrue(
          journal.append(numbered(9, 0), Level.COMMITTED, TEN_SECONDS_NS) == Appended.COMMITTED);
      List<Thread> threads = new ArrayList<>();
      for (int t = 1; t <= 8; t++) {
        int number = t;
        long seed = random.nextLong();
        Thread thread =
            new Thread(
                () -> {
                  Random mine = new Random(seed);
                  for (int i = 0; i < 4_000; i++) {
                    boolean waits = mine.nextInt(4) == 0;
                    long timeoutNs = mine.nextInt(4) == 0 ? mine.nextInt(60_000) : TEN_SECONDS_NS;
                    JournalRecord record = numbered(number, i);
                    UUID id = new UUID(number, i);
                    switch (journal.append(
                        record, waits ? Level.COMMITTED : Level.ACCEPTED, timeoutNs)) {
                      case ACCEPTED -> {
                        accepted.incrementAndGet();
                        acknowledged.add(id);
                      }
                      case COMMITTED, DURABLE -> acknowledged.add(id);
                      case FAILED -> {}
                    }
                  }
                });
        threads.add(thread);
        thread.start();
      }
      for (Thread thread : threads) {
        thread.join(SIXTY_SECONDS_MS);
        assertFalse(thread.isAlive());
      }
    }
    assertTrue(accepted.get() > 1_000);
    Set<UUID> read = new HashSet<>();
    for (JournalEntry entry : Tails.all(base)) {
      if (entry.kind() != RecordKind.CALL_REQUEST) {
        continue;
      }
      UUID id = entry.requestId();
      if (id == null || !read.add(id)) {
        throw new AssertionError("without an id, or twice: " + id);
      }
      long thread = id.getMostSignificantBits();
      long i = id.getLeastSignificantBits();
      assertEquals("host-" + thread + ".example.com:443", entry.destination());
      assertEquals(100 + i % 400, entry.status());
      assertEquals(i % 5, entry.fields().size());
    }
    assertTrue(read.containsAll(acknowledged), "acknowledged and not there");
  }

  private static JournalRecord numbered(int thread, int i) {
    return JournalRecord.reused(RecordKind.CALL_REQUEST)
        .requestId(new UUID(thread, i))
        .destination("host-" + thread + ".example.com:443")
        .fields(WORDS.subList(0, i % 5))
        .status(100 + i % 400);
  }

  private static Random seeded() {
    long seed = Long.getLong("cordon.seed", System.nanoTime());
    System.out.println("seed " + seed);
    return new Random(seed);
  }
}
