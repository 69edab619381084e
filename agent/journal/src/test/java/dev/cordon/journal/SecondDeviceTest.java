package dev.cordon.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class SecondDeviceTest {

  private static final long FIVE_SECONDS_NS = 5_000_000_000L;

  private static final long TEN_SECONDS_NS = 10_000_000_000L;

  @TempDir Path base;

  private final AtomicBoolean full = new AtomicBoolean();

  @Test
  void whatTheFirstDeviceDoesNotTakeIsOnTheSecondAndTheUnionIsTheRecord() throws Exception {
    full.set(true);
    try (Journal journal = open()) {
      awaitState(journal, JournalStatus.State.FULL);
      for (int i = 1; i <= 100; i++) {
        assertEquals(Appended.COMMITTED, commit(journal, i));
        assertEquals(Appended.ACCEPTED, accept(journal, 1_000 + i));
      }
      full.set(false);
      awaitState(journal, JournalStatus.State.RUNNING);
      for (int i = 101; i <= 200; i++) {
        assertEquals(Appended.COMMITTED, commit(journal, i));
      }
      assertEquals(0, journal.status().lost());
    }
    List<JournalEntry> union = union();
    Set<Integer> statuses = new HashSet<>();
    for (JournalEntry entry : union) {
      assertTrue(entry.status() == 0 || statuses.add(entry.status()), "twice");
    }
    assertEquals(300, statuses.size());
    JournalEntry down = only(union, RecordKind.DEVICE_DOWN);
    assertEquals("primary", down.attributes().get("device"));
    assertEquals("full", down.attributes().get("why"));
    JournalEntry up = only(union, RecordKind.DEVICE_UP);
    assertEquals("200", up.attributes().get("records"));
    assertEquals("api.example.com:443", union.get(5).destination(), "names are in both");

    Verification both = verify(base.resolve("two"));
    assertEquals(0, both.exit(), both::toString);
    assertEquals(2, both.logs().size());
    Verification alone = verify(null);
    assertEquals(3, alone.exit(), alone::toString);
    assertTrue(alone.toString().contains("give it with --second"), alone::toString);
  }

  @Test
  void aRecordTakenFromTheSecondDeviceIsMissed() throws Exception {
    full.set(true);
    try (Journal journal = open()) {
      awaitState(journal, JournalStatus.State.FULL);
      for (int i = 1; i <= 100; i++) {
        assertEquals(Appended.COMMITTED, commit(journal, i));
      }
      full.set(false);
      awaitState(journal, JournalStatus.State.RUNNING);
      assertEquals(Appended.COMMITTED, commit(journal, 101));
    }
    Path file = secondFile();
    byte[] all = Files.readAllBytes(file);
    Files.write(file, java.util.Arrays.copyOf(all, all.length - lengthOfLast(file)));
    Verification cut = verify(base.resolve("two"));
    assertEquals(1, cut.exit(), cut::toString);
    assertTrue(cut.toString().contains("device.up says"), cut::toString);
    JournalFailureTest.delete(parentOf(file));
    Verification gone = verify(base.resolve("two"));
    assertEquals(3, gone.exit(), gone::toString);
    assertTrue(gone.toString().contains("is not there"), gone::toString);
  }

  @Test
  void withBothDownWritesFailReadsGoOnAndAGapTellsIt() throws Exception {
    full.set(true);
    Path two = Files.createFile(base.resolve("two")); // a file where a directory should be
    try (Journal journal = open()) {
      awaitState(journal, JournalStatus.State.FULL);
      for (int i = 1; i <= 10; i++) {
        assertEquals(Appended.FAILED, commit(journal, i));
      }
      assertTrue(journal.status().lost() >= 10);
      Files.delete(two);
      assertEquals(Appended.COMMITTED, commit(journal, 11), "the second device works again");
      full.set(false);
      awaitState(journal, JournalStatus.State.RUNNING);
      assertEquals(Appended.COMMITTED, commit(journal, 12));
    }
    List<JournalEntry> union = union();
    assertEquals("10", only(union, RecordKind.GAP).attributes().get("lost"));
    Set<Integer> statuses = new HashSet<>();
    union.forEach(entry -> statuses.add(entry.status()));
    assertTrue(statuses.containsAll(Set.of(11, 12)));
    assertFalse(statuses.contains(1));
  }

  @Test
  void aFirstDeviceThatHangsHoldsUpAWriteForAMomentAndTheNextOnesNotAtAll() throws Exception {
    HangingClock clock = new HangingClock("cordon-journal-writer");
    try (Journal journal = open(clock)) {
      assertEquals(Appended.COMMITTED, commit(journal, 1));
      clock.hangs = true;
      for (int i = 2; i <= 200; i++) {
        assertEquals(Appended.COMMITTED, commit(journal, i));
      }
      assertEquals(Appended.ACCEPTED, accept(journal, 201));
      clock.answers.countDown();
      long untilNs = System.nanoTime() + 6 * FIVE_SECONDS_NS;
      while (!isOnTheFirst(202) && System.nanoTime() < untilNs) {
        assertEquals(Appended.COMMITTED, commit(journal, 202));
        Thread.sleep(10);
      }
      assertTrue(isOnTheFirst(202), "the first device works again and takes nothing");
      assertEquals(0, journal.status().lost());
    }
    Set<Integer> statuses = new HashSet<>();
    for (JournalEntry entry : union()) {
      statuses.add(entry.status());
    }
    for (int i = 1; i <= 202; i++) {
      assertTrue(statuses.contains(i), i + " is missing");
    }
    Verification both = verify(base.resolve("two"));
    assertEquals(0, both.exit(), both::toString);
  }

  private boolean isOnTheFirst(int status) throws Exception {
    return Tails.all(base.resolve("one")).stream().anyMatch(entry -> entry.status() == status);
  }

  @Test
  void whenBothHangEveryWriteFailsInItsTime() throws Exception {
    HangingClock clock = new HangingClock("cordon-journal-");
    try (Journal journal = open(clock)) {
      assertEquals(Appended.COMMITTED, commit(journal, 1));
      clock.hangs = true;
      for (int i = 2; i <= 5; i++) {
        assertEquals(Appended.FAILED, commit(journal, i));
      }
      assertEquals(Appended.ACCEPTED, accept(journal, 6));
      clock.answers.countDown();
      long untilNs = System.nanoTime() + FIVE_SECONDS_NS;
      while (commit(journal, 7) != Appended.COMMITTED && System.nanoTime() < untilNs) {
        Thread.sleep(10);
      }
      assertEquals(Appended.COMMITTED, commit(journal, 8));
    }
    Set<Integer> statuses = new HashSet<>();
    union().forEach(entry -> statuses.add(entry.status()));
    assertTrue(statuses.containsAll(Set.of(1, 6, 7, 8)), "" + statuses);
  }

  @Test
  void whatIsGivenWhileTheSecondDeviceClosesIsThereOrCounted() throws Exception {
    for (int round = 0; round < 10; round++) {
      Path parent = Files.createDirectories(base.resolve("r" + round).resolve("crm"));
      Dictionary dictionary = new Dictionary();
      RecordEncoder encoder = new RecordEncoder(dictionary, Clock.systemUTC(), "a/b/c/1/2/3");
      Losses losses = new Losses();
      SecondDevice device =
          new SecondDevice(
              parent,
              "20261121T101530.123Z-p1-000",
              encoder,
              dictionary,
              Clock.systemUTC(),
              losses,
              TEN_SECONDS_NS,
              null);
      AtomicInteger accepted = new AtomicInteger();
      AtomicBoolean closed = new AtomicBoolean();
      CountDownLatch began = new CountDownLatch(1);
      List<Thread> callers = new ArrayList<>();
      for (int t = 0; t < 6; t++) {
        Thread caller =
            new Thread(
                () -> {
                  byte[] record = encoder.encode(new JournalRecord(RecordKind.CALL_REQUEST));
                  while (!closed.get()) {
                    if (device.append(record, null, Level.ACCEPTED, "full", 0)
                        == Appended.ACCEPTED) {
                      accepted.incrementAndGet();
                      began.countDown();
                    }
                  }
                });
        callers.add(caller);
        caller.start();
      }
      try {
        assertTrue(began.await(10, TimeUnit.SECONDS));
        device.close(TEN_SECONDS_NS / 1_000_000);
      } finally {
        closed.set(true);
      }
      for (Thread caller : callers) {
        caller.join(TEN_SECONDS_NS / 1_000_000);
        assertFalse(caller.isAlive());
      }
      long there =
          Tails.all(parent).stream()
              .filter(entry -> entry.kind() == RecordKind.CALL_REQUEST)
              .count();
      assertEquals(accepted.get(), there + losses.count(), "round " + round);
    }
  }

  @Test
  void aSecondDirectoryThatIsDeletedIsFollowedByAnother() throws Exception {
    full.set(true);
    try (Journal journal = open()) {
      awaitState(journal, JournalStatus.State.FULL);
      assertEquals(Appended.COMMITTED, commit(journal, 1));
      JournalFailureTest.delete(parentOf(secondFile()));
      long untilNs = System.nanoTime() + FIVE_SECONDS_NS;
      int status = 2;
      while (secondFiles().isEmpty() && System.nanoTime() < untilNs) {
        assertEquals(Appended.COMMITTED, commit(journal, status++));
        Thread.sleep(20);
      }
      assertEquals(Appended.COMMITTED, commit(journal, 10_000));
    }
    List<JournalEntry> left = Tails.all(base.resolve("two"));
    assertEquals(10_000, left.get(left.size() - 1).status());
    assertEquals("api.example.com:443", left.get(left.size() - 1).destination());
  }

  @Test
  void aJournalThatIsNeverDownLeavesNothingOnTheSecondDevice() throws Exception {
    try (Journal journal = open()) {
      for (int i = 1; i <= 100; i++) {
        assertEquals(Appended.COMMITTED, commit(journal, i));
      }
    }
    assertFalse(Files.exists(base.resolve("two")));
  }

  @Test
  void killedWhileTheSecondDeviceIsWrittenNothingAcknowledgedIsLost() throws Exception {
    long seed = Long.getLong("cordon.seed", System.nanoTime());
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 5; round++) {
      Path here = Files.createDirectory(base.resolve("r" + round));
      Files.createFile(here.resolve("one"));
      Process child =
          ForkedJvm.java(List.of(), Child.class, here.toString())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      long last = -1;
      int after = 1 + random.nextInt(2_000);
      try (DataInputStream in =
          new DataInputStream(new BufferedInputStream(child.getInputStream()))) {
        for (int i = 0; ; i++) {
          last = in.readLong();
          if (i == after) {
            child.toHandle().destroyForcibly();
          }
        }
      } catch (EOFException e) {
        assertTrue(child.waitFor(30, TimeUnit.SECONDS));
        assertEquals(128 + 9, child.exitValue());
      } finally {
        child.destroyForcibly();
      }
      long read = -1;
      for (JournalEntry entry : Tails.all(here.resolve("two"))) {
        UUID id = entry.requestId();
        read = id == null ? read : id.getLeastSignificantBits();
      }
      assertTrue(read >= last, "acknowledged " + last + ", read " + read);
    }
  }

  /** {@code DIR}: appends for ever to DIR/two, because DIR/one is a file. */
  static final class Child {
    private Child() {}

    public static void main(String[] arguments) throws Exception {
      Path here = Path.of(arguments[0]);
      Journal journal =
          Journal.open(
              JournalOptions.of(here.resolve("one"), "crm")
                  .withDevice(DeviceOptions.standard().withSecond(here.resolve("two"))));
      DataOutputStream out = new DataOutputStream(new FileOutputStream(FileDescriptor.out));
      for (long i = 0; ; i++) {
        JournalRecord record =
            new JournalRecord(RecordKind.CALL_REQUEST)
                .requestId(new UUID(1, i))
                .destination("api.example.com:443");
        if (journal.append(record, Level.COMMITTED, 60_000_000_000L) != Appended.COMMITTED) {
          System.err.println(journal.status());
          Runtime.getRuntime().halt(3);
        }
        out.writeLong(i);
      }
    }
  }

  private Journal open() {
    return open(Clock.systemUTC());
  }

  private Journal open(Clock clock) {
    JournalWriter.QueueOpener opener =
        (directory, time) -> {
          if (full.get()) {
            throw new IOException("No space left on device");
          }
          return new QueueFile(directory, time);
        };
    return Journal.open(
        JournalOptions.of(base.resolve("one"), "crm")
            .withClock(clock)
            .withSeal(SealOptions.off())
            .withDevice(DeviceOptions.standard().withSecond(base.resolve("two"))),
        opener);
  }

  private static void awaitState(Journal journal, JournalStatus.State state) throws Exception {
    long untilNs = System.nanoTime() + 2 * FIVE_SECONDS_NS;
    while (journal.status().state() != state && System.nanoTime() < untilNs) {
      Thread.sleep(5);
    }
    assertEquals(state, journal.status().state(), () -> "" + journal.status());
  }

  private static Appended commit(Journal journal, int status) {
    return journal.append(JournalFailureTest.record(status), Level.COMMITTED, FIVE_SECONDS_NS);
  }

  private static Appended accept(Journal journal, int status) {
    return journal.append(JournalFailureTest.record(status), Level.ACCEPTED, FIVE_SECONDS_NS);
  }

  private static JournalEntry only(List<JournalEntry> entries, RecordKind kind) {
    List<JournalEntry> found = entries.stream().filter(entry -> entry.kind() == kind).toList();
    assertEquals(1, found.size(), kind.label());
    return found.get(0);
  }

  private List<JournalEntry> union() throws IOException {
    List<JournalEntry> entries = new ArrayList<>();
    try (JournalTailer tailer =
        JournalTailer.open(base.resolve("one"), base.resolve("two"), Instant.MIN)) {
      for (JournalEntry entry = tailer.poll(); entry != null; entry = tailer.poll()) {
        entries.add(entry);
      }
      assertEquals(0, tailer.damaged(), tailer.lastProblem());
    }
    return entries;
  }

  private Verification verify(@Nullable Path second) throws Exception {
    return JournalVerifier.verify(
        new JournalVerifier.Request(
            base.resolve("one"), List.of(), List.of(), null, null, Instant.MIN, true, second),
        (read, all) -> {});
  }

  private Path secondFile() throws IOException {
    List<Path> files = secondFiles();
    assertEquals(1, files.size());
    return files.get(0);
  }

  private List<Path> secondFiles() throws IOException {
    try (Stream<Path> files = Files.walk(base.resolve("two"))) {
      return files.filter(file -> file.toString().endsWith(".rec")).toList();
    }
  }

  private static Path parentOf(Path file) {
    return Objects.requireNonNull(file.getParent());
  }

  private static int lengthOfLast(Path file) throws IOException {
    int bytes = 0;
    try (RecordFiles files = new RecordFiles(parentOf(file))) {
      while (files.next() == RecordFiles.Step.RECORD) {
        bytes = 4 + files.length() + (-files.length() & 3);
      }
    }
    return bytes;
  }

  /** Wall time that hangs on threads of a name, as a device would. */
  private static final class HangingClock extends Clock {
    final CountDownLatch answers = new CountDownLatch(1);
    volatile boolean hangs;
    private final String threads;

    HangingClock(String threads) {
      this.threads = threads;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      if (hangs && Thread.currentThread().getName().startsWith(threads)) {
        try {
          answers.await(60, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
      return Instant.now();
    }
  }
}
