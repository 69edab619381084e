package dev.cordon.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.WeakReference;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the queue's library does badly when used the obvious way; each was seen to lose records or
 * to kill a JVM.
 */
@Timeout(120)
class JournalFailureTest {

  private static final long TEN_SECONDS_NS = 10_000_000_000L;
  private static final long FIFTY_MS_NS = 50_000_000L;

  @TempDir Path base;

  @Test
  void stackOverflowInTheCallerLosesNoLaterRecord() throws Exception {
    try (Journal journal = Journal.open(JournalOptions.of(base, "crm"))) {
      assertEquals(Appended.COMMITTED, commit(journal, 1));
      Set<Integer> kept = new HashSet<>();
      AtomicInteger next = new AtomicInteger(2);
      for (int round = 0; round < 20; round++) {
        Thread thread =
            new Thread(null, () -> appendNearTheEnd(journal, next, kept), "deep", 256 << 10);
        thread.start();
        thread.join();
        assertEquals(Appended.COMMITTED, commit(journal, next.get()), () -> "" + journal.status());
        kept.add(next.getAndIncrement());
      }
      assertTrue(kept.size() > 100, "appends near the end of the stack: " + kept.size());
      Set<Integer> read = new HashSet<>(statuses(base));
      kept.removeAll(read);
      assertEquals(Set.of(), kept, "acknowledged and not in the journal");
      assertEquals(1, journal.status().directories());
    }
  }

  /** Entries that were lost with their caller's stack are the pool's still. */
  @Test
  void aThreadWhoseStackEndedInAnAppendIsNotKeptInMemory() throws Exception {
    try (Journal journal =
        Journal.open(JournalOptions.of(base, "crm").withSeal(SealOptions.off()))) {
      assertEquals(Appended.COMMITTED, commit(journal, 1));
      List<WeakReference<Thread>> ended = new ArrayList<>();
      AtomicInteger next = new AtomicInteger(2);
      for (int round = 0; round < 100; round++) {
        Thread thread =
            new Thread(
                null, () -> appendNearTheEnd(journal, next, new HashSet<>()), "deep", 256 << 10);
        thread.start();
        thread.join(TEN_SECONDS_NS / 1_000_000);
        assertFalse(thread.isAlive());
        ended.add(new WeakReference<>(thread));
      }
      // what is in use still refers to its last caller until the next one
      for (int i = 0; i < 100; i++) {
        assertEquals(Appended.COMMITTED, commit(journal, next.getAndIncrement()));
      }
      long untilNs = System.nanoTime() + TEN_SECONDS_NS;
      do {
        System.gc();
        ended.removeIf(thread -> thread.get() == null);
      } while (!ended.isEmpty() && System.nanoTime() < untilNs);
      assertEquals(0, ended.size(), "threads that ended and are still in memory");
    }
  }

  @Test
  void whatIsGivenWhileTheJournalClosesIsThereOrCounted() throws Exception {
    int rounds = 60;
    int threads = 6;
    for (int round = 0; round < rounds; round++) {
      Path parent = Files.createDirectory(base.resolve("r" + round));
      Journal journal =
          Journal.open(
              JournalOptions.of(parent, "crm").withRingRecords(16).withSeal(SealOptions.off()));
      assertEquals(Appended.COMMITTED, commit(journal, 1));
      AtomicInteger given = new AtomicInteger(1);
      CountDownLatch began = new CountDownLatch(threads);
      List<Thread> callers = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        Thread caller = new Thread(() -> appendUntilClosed(journal, given, began));
        callers.add(caller);
        caller.start();
      }
      assertTrue(began.await(10, TimeUnit.SECONDS));
      journal.close();
      for (Thread caller : callers) {
        caller.join(TEN_SECONDS_NS / 1_000_000);
        assertFalse(caller.isAlive());
      }
      long there =
          Tails.all(parent).stream()
              .filter(entry -> entry.kind() == RecordKind.CALL_REQUEST)
              .count();
      assertEquals(given.get(), there + journal.status().lost(), "round " + round);
      assertEquals(0, journal.status().waiting(), "round " + round);
    }
  }

  private static void appendUntilClosed(
      Journal journal, AtomicInteger given, CountDownLatch began) {
    Appended reached;
    do {
      given.incrementAndGet();
      reached = journal.append(record(7), Level.ACCEPTED, TEN_SECONDS_NS);
      began.countDown();
    } while (reached != Appended.FAILED && journal.status().state() != JournalStatus.State.CLOSED);
  }

  @SuppressWarnings("InfiniteRecursion") // it ends where the stack does
  private static int appendNearTheEnd(Journal journal, AtomicInteger next, Set<Integer> kept) {
    int depth;
    try {
      depth = appendNearTheEnd(journal, next, kept) + 1;
    } catch (StackOverflowError e) {
      return 0;
    }
    if (depth < 150) { // from the very end upwards: some overflow inside, some just fit
      try {
        int status = next.getAndIncrement();
        if (journal.append(record(status), Level.COMMITTED, TEN_SECONDS_NS) == Appended.COMMITTED) {
          kept.add(status);
        }
      } catch (StackOverflowError e) {
        // of this test itself
      }
    }
    return depth;
  }

  @Test
  void anInterruptedCallerKeepsItsFlagAndItsRecord() throws Exception {
    try (Journal journal = Journal.open(JournalOptions.of(base, "crm"))) {
      for (int i = 1; i <= 200; i++) {
        Thread.currentThread().interrupt();
        assertEquals(Appended.COMMITTED, commit(journal, i));
        assertTrue(Thread.interrupted(), "flag");
      }
      assertEquals(200, Tails.all(base).size());
    }
  }

  @Test
  void interruptingTheWriterLosesNothing() throws Exception {
    try (Journal journal = Journal.open(JournalOptions.of(base, "crm"))) {
      assertEquals(Appended.COMMITTED, commit(journal, 1));
      Thread writer = null;
      for (Thread thread : Thread.getAllStackTraces().keySet()) {
        if (thread.getName().equals("cordon-journal-writer") && thread.isAlive()) {
          writer = thread;
          writer.interrupt(); // several: tests before this one may still be closing theirs
        }
      }
      assertNotEquals(null, writer);
      for (int i = 2; i <= 9_000; i++) { // far enough that a channel is used with the flag set
        Appended expected = i % 1_000 == 0 ? Appended.COMMITTED : Appended.ACCEPTED;
        if (i % 500 == 0 && writer != null) {
          writer.interrupt();
        }
        Level level = i % 1_000 == 0 ? Level.COMMITTED : Level.ACCEPTED;
        assertEquals(expected, journal.append(record(i), level, TEN_SECONDS_NS));
      }
      assertEquals(Appended.COMMITTED, commit(journal, 9_001));
      assertEquals(9_001, new HashSet<>(statuses(base)).size());
      assertEquals(0, journal.status().lost());
    }
  }

  @Test
  void aDeletedDirectoryIsNoticedAndAnotherOneFollows() throws Exception {
    try (Journal journal = Journal.open(JournalOptions.of(base, "crm"))) {
      assertEquals(Appended.COMMITTED, commit(journal, 1));
      Path first = journal.directory();
      awaitChecked(journal);
      delete(first);
      long deadlineNs = System.nanoTime() + TEN_SECONDS_NS;
      int status = 2;
      while (journal.directory().equals(first) && System.nanoTime() < deadlineNs) {
        assertEquals(Appended.COMMITTED, commit(journal, status++));
        Thread.sleep(5);
      }
      assertNotEquals(first, journal.directory());
      int later = status;
      assertEquals(Appended.COMMITTED, commit(journal, later));
      List<JournalEntry> entries = Tails.all(base);
      assertEquals(RecordKind.RECOVER, entries.get(0).kind());
      assertEquals(later, entries.get(entries.size() - 1).status());
      assertEquals("api.example.com:443", entries.get(entries.size() - 1).destination());
      assertTrue(
          journal.status().lastProblem().contains("vanished"), journal.status().lastProblem());
    }
  }

  /** The identity of the file is taken at the first check, at most a second after it was made. */
  private static void awaitChecked(Journal journal) throws InterruptedException {
    for (int i = 0; i < 150; i++) {
      journal.append(record(1), Level.ACCEPTED, FIFTY_MS_NS);
      Thread.sleep(10);
    }
  }

  @Test
  void aDirectoryThatCannotBeMadeFailsWritersAndKeepsReadsUntilItCan() throws Exception {
    Path notYet = base.resolve("journal");
    Files.createFile(notYet); // a file where the directory should be; a mode would not stop root
    try (Journal journal = Journal.open(JournalOptions.of(notYet, "crm"))) {
      assertEquals(Appended.FAILED, commit(journal, 1));
      assertEquals(JournalStatus.State.FULL, journal.status().state());
      assertEquals(Appended.ACCEPTED, journal.append(record(2), Level.ACCEPTED, TEN_SECONDS_NS));
      Files.delete(notYet);
      awaitRunning(journal);
      assertEquals(Appended.COMMITTED, commit(journal, 3));
      List<JournalEntry> entries = Tails.all(notYet);
      assertEquals(RecordKind.GAP, entries.get(0).kind());
      assertEquals("1", entries.get(0).attributes().get("lost"));
      assertEquals(List.of(2, 3), statusesOf(entries));
      assertEquals(1, journal.status().lost());
    }
  }

  @Test
  void aDiskThatRefusesForAWhileLosesOnlyWhatWasToldToHaveFailed() throws Exception {
    AtomicInteger opens = new AtomicInteger();
    JournalWriter.QueueOpener fullAtFirst =
        (directory, time) -> {
          if (opens.incrementAndGet() < 3) {
            throw new IOException("No space left on device");
          }
          return new QueueFile(directory, time);
        };
    try (Journal journal = Journal.open(JournalOptions.of(base, "crm"), fullAtFirst)) {
      Set<Integer> kept = new HashSet<>();
      for (int i = 1; i <= 50; i++) {
        if (journal.append(record(i), Level.ACCEPTED, FIFTY_MS_NS) == Appended.ACCEPTED) {
          kept.add(i);
        }
      }
      assertEquals(Appended.FAILED, commit(journal, 51));
      assertTrue(journal.status().lastProblem().contains("No space left"));
      awaitRunning(journal);
      assertEquals(Appended.COMMITTED, commit(journal, 52));
      kept.add(52);
      assertEquals(kept, new HashSet<>(statuses(base)));
      assertEquals(51, kept.size());
    }
  }

  @Test
  void anErrorWhileTheQueueOpensIsTriedAgainWithAnotherDirectory() throws Exception {
    AtomicInteger opens = new AtomicInteger();
    JournalWriter.QueueOpener brokenAtFirst =
        (directory, time) -> {
          if (opens.incrementAndGet() == 1) {
            throw new InternalError("a fault occurred in an unsafe memory access operation");
          }
          return new QueueFile(directory, time);
        };
    try (Journal journal = Journal.open(JournalOptions.of(base, "crm"), brokenAtFirst)) {
      long deadlineNs = System.nanoTime() + TEN_SECONDS_NS;
      Appended appended = commit(journal, 1);
      while (appended == Appended.FAILED && System.nanoTime() < deadlineNs) {
        appended = commit(journal, 1);
      }
      assertEquals(Appended.COMMITTED, appended, () -> "" + journal.status());
      assertEquals(List.of(1), statuses(base));
    }
  }

  @Test
  void aFullRingHoldsCallersBackForTheirTimeAndTellsTheGap() throws Exception {
    CountDownLatch mayOpen = new CountDownLatch(1);
    JournalWriter.QueueOpener slow =
        (directory, time) -> {
          try {
            mayOpen.await(60, TimeUnit.SECONDS);
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
          return new QueueFile(directory, time);
        };
    try (Journal journal = Journal.open(JournalOptions.of(base, "crm").withRingRecords(16), slow)) {
      for (int i = 1; i <= 16; i++) {
        assertEquals(Appended.ACCEPTED, journal.append(record(i), Level.ACCEPTED, FIFTY_MS_NS));
      }
      assertEquals(Appended.FAILED, journal.append(record(17), Level.ACCEPTED, FIFTY_MS_NS));
      assertEquals(Appended.FAILED, journal.append(record(18), Level.COMMITTED, FIFTY_MS_NS));
      assertEquals(16, journal.status().waiting());
      mayOpen.countDown();
      assertEquals(Appended.COMMITTED, commit(journal, 19));
      List<JournalEntry> entries = Tails.all(base);
      assertEquals(17, statusesOf(entries).size());
      assertEquals("2", entries.get(0).attributes().get("lost"), "told before what follows");
    }
  }

  @Test
  void aJvmThatEndsWaitsForAJournalThatIsSlowToOpen() throws Exception {
    JournalWriter.QueueOpener slow =
        (directory, time) -> {
          try {
            Thread.sleep(3_000); // an open journal is given two seconds
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
          return new QueueFile(directory, time);
        };
    try (Journal journal = Journal.open(JournalOptions.of(base, "crm"), slow)) {
      assertEquals(Appended.ACCEPTED, journal.append(record(1), Level.ACCEPTED, TEN_SECONDS_NS));
      journal.drain();
      assertEquals(List.of(1), statuses(base));
    }
  }

  @Test
  void aWriteThatWaitedInVainIsNotTold() throws Exception {
    CountDownLatch mayOpen = new CountDownLatch(1);
    JournalWriter.QueueOpener slow =
        (directory, time) -> {
          try {
            mayOpen.await(60, TimeUnit.SECONDS);
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
          return new QueueFile(directory, time);
        };
    try (Journal journal = Journal.open(JournalOptions.of(base, "crm"), slow)) {
      assertEquals(Appended.FAILED, journal.append(record(1), Level.COMMITTED, FIFTY_MS_NS));
      mayOpen.countDown();
      assertEquals(Appended.COMMITTED, commit(journal, 2));
      assertEquals(List.of(2), statuses(base));
    }
  }

  @Test
  void aClockThatStepsBackOverMidnightKeepsTheOrder() throws Exception {
    SettableClock clock = new SettableClock("2026-03-01T00:00:01Z");
    try (Journal journal = Journal.open(JournalOptions.of(base, "crm").withClock(clock));
        JournalTailer tailer = JournalTailer.open(base)) {
      assertEquals(Appended.COMMITTED, commit(journal, 1));
      clock.set("2026-02-28T23:59:59Z");
      assertEquals(Appended.COMMITTED, commit(journal, 2));
      clock.set("2026-03-01T00:00:02Z");
      assertEquals(Appended.COMMITTED, commit(journal, 3));
      for (int i = 1; i <= 3; i++) {
        JournalEntry entry = tailer.poll();
        assertEquals(i, entry == null ? -1 : entry.status());
      }
      assertEquals(1, cycleFiles(journal.directory()));
    }
  }

  @Test
  void aFollowerReadsOnOverMidnightAndNamesAreInEveryFile() throws Exception {
    SettableClock clock = new SettableClock("2026-03-01T23:59:59.999Z");
    try (Journal journal = Journal.open(JournalOptions.of(base, "crm").withClock(clock));
        JournalTailer tailer = JournalTailer.open(base)) {
      for (int i = 1; i <= 4; i++) {
        assertEquals(Appended.COMMITTED, commit(journal, i));
        JournalEntry entry = tailer.poll();
        assertEquals(i, entry == null ? -1 : entry.status());
        clock.set("2026-03-0" + (i + 1) + "T00:00:00Z");
      }
      assertEquals(4, cycleFiles(journal.directory()));
      Path firstDay = journal.directory().resolve("20260301F.cq4");
      Files.delete(firstDay); // what retention will do
      List<JournalEntry> entries = Tails.all(base);
      assertEquals(List.of(2, 3, 4), statusesOf(entries));
      assertEquals("api.example.com:443", entries.get(0).destination());
      assertEquals("crm", entries.get(0).instance().service());
    }
  }

  @Test
  void twoStartsWithOneProcessIdInOneMillisecondDoNotMeet() throws Exception {
    SettableClock clock = new SettableClock("2026-03-01T12:00:00Z");
    JournalOptions options = JournalOptions.of(base, "crm").withClock(clock);
    try (Journal one = Journal.open(options);
        Journal other = Journal.open(options)) {
      assertEquals(Appended.COMMITTED, commit(one, 1));
      assertEquals(Appended.COMMITTED, commit(other, 2));
      assertNotEquals(one.directory(), other.directory());
      assertEquals(Set.of(1, 2), new HashSet<>(statuses(base)));
    }
  }

  @Test
  void aDirectoryThatNeverGotARecordIsRemoved() throws Exception {
    AtomicInteger opens = new AtomicInteger();
    try (Journal journal =
        Journal.open(
            JournalOptions.of(base, "crm"),
            (directory, time) -> {
              QueueFile file = new QueueFile(directory, time);
              if (opens.incrementAndGet() == 1) {
                file.close();
                throw new IOException("Input/output error");
              }
              return file;
            })) {
      awaitRunning(journal);
      try (Stream<Path> directories = Files.list(base.resolve("crm"))) {
        assertEquals(List.of(journal.directory()), directories.toList());
      }
    }
  }

  @Test
  void tenThousandVirtualThreadsAreRecordedOnceEach() throws Exception {
    java.lang.reflect.Method start;
    try {
      start = Thread.class.getMethod("startVirtualThread", Runnable.class);
    } catch (NoSuchMethodException e) {
      Assumptions.abort("no virtual threads in this JDK");
      return;
    }
    try (Journal journal = Journal.open(JournalOptions.of(base, "crm"))) {
      List<Thread> threads = new ArrayList<>();
      AtomicInteger failed = new AtomicInteger();
      for (int t = 0; t < 10_000; t++) {
        int number = t;
        Runnable threeRecords =
            () -> {
              for (int i = 0; i < 3; i++) {
                JournalRecord record = record(1).requestId(new UUID(1, number * 3L + i));
                Level level = i == 2 ? Level.COMMITTED : Level.ACCEPTED;
                if (journal.append(record, level, 6 * TEN_SECONDS_NS) == Appended.FAILED) {
                  failed.incrementAndGet();
                }
              }
            };
        threads.add((Thread) start.invoke(null, threeRecords));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      assertEquals(0, failed.get(), () -> "" + journal.status());
      Set<UUID> ids = new HashSet<>();
      List<JournalEntry> entries = Tails.all(base);
      for (JournalEntry entry : entries) {
        ids.add(entry.requestId());
      }
      assertEquals(30_000, entries.size());
      assertEquals(30_000, ids.size());
    }
  }

  @Test
  void aStartThatCannotKeepAJournalSaysWhyInOneLine() throws Exception {
    Path file = Files.createFile(base.resolve("file"));
    IOException e =
        org.junit.jupiter.api.Assertions.assertThrows(
            IOException.class, () -> Journal.checkWritable(file.resolve("journal")));
    String message = String.valueOf(e.getMessage());
    assertTrue(message.startsWith("journal directory " + file), message);
    assertFalse(message.contains("\n"), message);
    if (Files.isDirectory(Path.of("/proc"))) { // of the kernel: no file can be made in it
      String why =
          String.valueOf(
              org.junit.jupiter.api.Assertions.assertThrows(
                      IOException.class, () -> Journal.checkWritable(Path.of("/proc/none")))
                  .getMessage());
      assertTrue(why.startsWith("journal directory /proc/none: no file can be made there"), why);
    }
    Journal.checkWritable(base.resolve("fresh"));
    try (Stream<Path> left = Files.list(base.resolve("fresh"))) {
      assertEquals(0, left.count());
    }
  }

  static JournalRecord record(int status) {
    return JournalRecord.reused(RecordKind.CALL_REQUEST)
        .method("POST")
        .destination("api.example.com:443")
        .status(status);
  }

  private static Appended commit(Journal journal, int status) {
    return journal.append(record(status), Level.COMMITTED, TEN_SECONDS_NS);
  }

  private static void awaitRunning(Journal journal) throws InterruptedException {
    long deadlineNs = System.nanoTime() + TEN_SECONDS_NS;
    while (journal.status().state() != JournalStatus.State.RUNNING
        && System.nanoTime() < deadlineNs) {
      journal.append(new JournalRecord(RecordKind.AGENT_FAULT), Level.ACCEPTED, FIFTY_MS_NS);
      Thread.sleep(10);
    }
    assertEquals(JournalStatus.State.RUNNING, journal.status().state());
  }

  private static List<Integer> statuses(Path parent) throws IOException {
    return statusesOf(Tails.all(parent));
  }

  private static List<Integer> statusesOf(List<JournalEntry> entries) {
    List<Integer> statuses = new ArrayList<>();
    for (JournalEntry entry : entries) {
      if (entry.kind() == RecordKind.CALL_REQUEST) {
        statuses.add(entry.status());
      }
    }
    return statuses;
  }

  private static long cycleFiles(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".cq4")).count();
    }
  }

  /** Again while somebody still writes there: the sealer of a slow run has begun by then. */
  static void delete(Path directory) throws IOException {
    long deadlineNs = System.nanoTime() + TEN_SECONDS_NS;
    while (true) {
      try (Stream<Path> files = Files.walk(directory)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(file);
        }
        return;
      } catch (DirectoryNotEmptyException | UncheckedIOException e) {
        if (System.nanoTime() - deadlineNs > 0) {
          throw e;
        }
      }
    }
  }
}
