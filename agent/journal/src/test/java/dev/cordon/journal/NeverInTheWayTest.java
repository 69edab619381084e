package dev.cordon.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A journal that cannot go on must not take the service with it, nor go on as if it could. */
@Timeout(180)
class NeverInTheWayTest {

  private static final long FIVE_SECONDS_NS = 5_000_000_000L;
  private static final long MIB = 1 << 20;

  @TempDir Path base;

  @Test
  void aSmallDiskIsNotFilledBeyondItsLowWaterMark() throws Exception {
    Assumptions.assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=24m", "cordon-test", base.toString()) == 0,
        "not allowed to mount a small file system");
    try {
      Path filler = base.resolve("filler");
      Files.write(filler, new byte[(int) (8 * MIB)]);
      DeviceOptions device = DeviceOptions.standard().withLowWaterBytes(8 * MIB);
      try (Journal journal =
          Journal.open(
              JournalOptions.of(base, "crm").withSeal(SealOptions.off()).withDevice(device))) {
        Set<UUID> kept = new HashSet<>();
        UUID refused = append(journal, 0, Appended.FAILED, kept);
        assertEquals(JournalStatus.State.FULL, journal.status().state());
        assertTrue(journal.status().lastProblem().contains("stay free"), "" + journal.status());
        long free = base.toFile().getUsableSpace();
        assertTrue(free > 6 * MIB && free < 8 * MIB, "free: " + free);
        assertEquals(Appended.ACCEPTED, journal.append(call(7), Level.ACCEPTED, FIVE_SECONDS_NS));
        Files.delete(filler);
        append(journal, 1_000_000, Appended.COMMITTED, kept);
        Set<UUID> read = new HashSet<>();
        for (JournalEntry entry : Tails.all(base)) {
          if (entry.requestId() != null) {
            read.add(entry.requestId());
          }
        }
        assertTrue(read.containsAll(kept), "acknowledged and gone");
        assertFalse(read.contains(refused));
        assertEquals(1, journal.status().directories(), "the same queue goes on");
      }
    } finally {
      assertEquals(0, run("umount", base.toString()));
    }
  }

  /** Until the answer is as awaited; returns the last id. */
  private static UUID append(Journal journal, long from, Appended until, Set<UUID> kept) {
    for (long i = from; i < from + 500_000; i++) {
      UUID id = new UUID(1, i);
      boolean asks = i % 500 == 0 || until == Appended.COMMITTED;
      Appended appended =
          journal.append(
              call(1).requestId(id), asks ? Level.COMMITTED : Level.ACCEPTED, FIVE_SECONDS_NS);
      if (appended == Appended.COMMITTED) {
        kept.add(id);
      }
      if (appended == until) {
        return id;
      }
    }
    throw new AssertionError("never " + until + ": " + journal.status());
  }

  @Test
  void aMarkThatIsReachedBeforeTheFirstRecordRefusesItAndReadsWait() throws Exception {
    DeviceOptions device = DeviceOptions.standard().withLowWaterBytes(Long.MAX_VALUE);
    try (Journal journal = Journal.open(JournalOptions.of(base, "crm").withDevice(device))) {
      assertEquals(Appended.FAILED, journal.append(call(1), Level.COMMITTED, FIVE_SECONDS_NS));
      assertEquals(Appended.ACCEPTED, journal.append(call(2), Level.ACCEPTED, FIVE_SECONDS_NS));
      assertFalse(Files.exists(journal.directory()), "nothing is begun");
    }
  }

  @Test
  void aLowDiskIsLeftForTheSecondDevice() throws Exception {
    DeviceOptions device =
        DeviceOptions.standard().withLowWaterBytes(Long.MAX_VALUE).withSecond(base.resolve("two"));
    try (Journal journal =
        Journal.open(JournalOptions.of(base.resolve("one"), "crm").withDevice(device))) {
      for (int i = 1; i <= 20; i++) {
        assertEquals(Appended.COMMITTED, journal.append(call(i), Level.COMMITTED, FIVE_SECONDS_NS));
      }
    }
    List<JournalEntry> entries = Tails.all(base.resolve("two"));
    assertEquals(21, entries.size());
    assertEquals(RecordKind.DEVICE_DOWN, entries.get(0).kind());
  }

  @Test
  void theAutomaticMarkIsATwentiethOfASmallDeviceAndNeverMoreThan258MiB() {
    DeviceOptions device = DeviceOptions.standard();
    assertEquals(5 * MIB, device.lowWaterBytesOf(100 * MIB));
    assertEquals(258 * MIB, device.lowWaterBytesOf(1_000_000 * MIB));
  }

  @Test
  void aDirectoryThatOthersOwnFailsWritesAndKeepsReadsGoing() throws Exception {
    String[] asNobody = {"setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"};
    Assumptions.assumeTrue(run(with(asNobody, "true")) == 0, "not allowed to be somebody else");
    Path libraries = readableClassPath();
    Path journal = Files.createDirectory(base.resolve("journal")); // of root, 755
    List<String> command = new ArrayList<>(List.of(asNobody));
    for (String argument :
        ForkedJvm.java(List.of(), DeniedChild.class, journal.toString()).command()) {
      command.add(
          argument.equals(System.getProperty("java.class.path")) ? libraries.toString() : argument);
    }
    int last = command.indexOf(libraries.toString());
    command.set(last, classPathBelow(libraries));
    ForkedJvm.Result result = ForkedJvm.run(new ProcessBuilder(command));
    assertEquals("", result.err());
    assertEquals("FAILED ACCEPTED FULL AccessDeniedException", result.out().strip());
    assertEquals(0, result.exit());
    try (Stream<Path> left = Files.list(journal)) {
      assertEquals(0, left.count());
    }
  }

  /** {@code DIR}, in which nothing may be made. */
  static final class DeniedChild {
    private DeniedChild() {}

    public static void main(String[] arguments) {
      try (Journal journal = Journal.open(JournalOptions.of(Path.of(arguments[0]), "crm"))) {
        Appended write = journal.append(call(1), Level.COMMITTED, 4 * FIVE_SECONDS_NS);
        Appended read = journal.append(call(2), Level.ACCEPTED, FIVE_SECONDS_NS);
        String problem = journal.status().lastProblem();
        System.out.println(
            write
                + " "
                + read
                + " "
                + journal.status().state()
                + " "
                + problem.substring(0, problem.indexOf(':')));
      }
    }
  }

  private Path readableClassPath() throws Exception {
    Files.setPosixFilePermissions(base, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path to = Files.createDirectory(base.resolve("lib"));
    int number = 100;
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      Path from = Path.of(entry);
      if (!entry.isEmpty() && Files.exists(from)) { // Surefire's class path ends with a separator
        assertEquals(
            0,
            run("cp", "-r", entry, to.resolve(number++ + "-" + from.getFileName()).toString()),
            entry);
      }
    }
    assertEquals(0, run("chmod", "-R", "a+rX", to.toString()));
    return to;
  }

  private static String classPathBelow(Path libraries) throws IOException {
    try (Stream<Path> all = Files.list(libraries)) {
      return String.join(
          File.pathSeparator, all.sorted().map(Path::toString).toArray(String[]::new));
    }
  }

  @Test
  void aRemovedCycleFileIsNoticedAndAnotherDirectoryFollows() throws Exception {
    try (Journal journal = Journal.open(JournalOptions.of(base, "crm"))) {
      assertEquals(Appended.COMMITTED, journal.append(call(1), Level.COMMITTED, FIVE_SECONDS_NS));
      Path first = journal.directory();
      Files.delete(RecordFiles.files(first).get(0));
      long untilNs = System.nanoTime() + 6 * FIVE_SECONDS_NS;
      while (journal.directory().equals(first) && System.nanoTime() < untilNs) {
        journal.append(call(2), Level.COMMITTED, FIVE_SECONDS_NS);
        Thread.sleep(10);
      }
      assertNotEquals(first, journal.directory());
      assertEquals(Appended.COMMITTED, journal.append(call(3), Level.COMMITTED, FIVE_SECONDS_NS));
      List<JournalEntry> entries = Tails.all(base.resolve("crm"));
      assertTrue(entries.stream().anyMatch(entry -> entry.kind() == RecordKind.RECOVER));
      assertEquals(3, entries.get(entries.size() - 1).status());
    }
  }

  @Test
  void theLockOfADeadProcessHoldsUpNobody() throws Exception {
    Process child =
        ForkedJvm.java(List.of(), WritingChild.class, "" + base, "crm", "1", "1000")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      child.getInputStream().readNBytes(16); // one is acknowledged
      child.toHandle().destroyForcibly();
      assertTrue(child.waitFor(30, TimeUnit.SECONDS));
    } finally {
      child.destroyForcibly();
    }
    Path dead = InstanceDirectories.below(base).get(0);
    assertFalse(JournalTailer.isLive(dead));
    try (Journal journal = Journal.open(JournalOptions.of(base, "crm"))) {
      for (int i = 1; i <= 100; i++) {
        assertEquals(Appended.COMMITTED, journal.append(call(i), Level.COMMITTED, FIVE_SECONDS_NS));
      }
      assertEquals(1, journal.status().directories());
      assertEquals("", journal.status().lastProblem());
      assertTrue(JournalTailer.isLive(journal.directory()));
    }
  }

  @Test
  void fiveThousandShortLivedThreadsLeaveNothingBehind() throws Exception {
    try (Journal journal =
        Journal.open(JournalOptions.of(base, "crm").withSeal(SealOptions.off()))) {
      threads(journal, 500);
      long filesBefore = count("/proc/self/fd");
      long threadsBefore = count("/proc/self/task");
      long usedBefore = usedHeap();
      threads(journal, 5_000);
      assertTrue(count("/proc/self/fd") <= filesBefore + 4, "open files");
      long untilNs = System.nanoTime() + FIVE_SECONDS_NS; // a joined thread may still be ending
      while (count("/proc/self/task") > threadsBefore + 8 && System.nanoTime() < untilNs) {
        Thread.sleep(20);
      }
      assertTrue(count("/proc/self/task") <= threadsBefore + 8, "threads");
      long grown = usedHeap() - usedBefore; // an appender for each had taken 19 MB
      assertTrue(grown < 4 * MIB, "heap grown by " + grown);
      assertEquals(0, journal.status().lost());
      assertEquals(0, journal.status().waiting());
    }
    assertEquals(11_000, Tails.all(base).size());
  }

  private static void threads(Journal journal, int count) throws InterruptedException {
    for (int done = 0; done < count; done += 50) {
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        Thread thread =
            new Thread(
                () -> {
                  journal.append(call(1), Level.ACCEPTED, FIVE_SECONDS_NS);
                  journal.append(call(2), Level.COMMITTED, 6 * FIVE_SECONDS_NS);
                });
        threads.add(thread);
        thread.start();
      }
      for (Thread thread : threads) {
        thread.join();
      }
    }
  }

  private static long count(String directory) throws IOException {
    if (!Files.isDirectory(Path.of(directory))) {
      return 0;
    }
    try (Stream<Path> all = Files.list(Path.of(directory))) {
      return all.count();
    }
  }

  private static long usedHeap() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  @Test
  void aJvmThatEndsWhileCallsAreInFlightKeepsEveryAcknowledgedOne() throws Exception {
    ForkedJvm.Result result =
        ForkedJvm.run(ForkedJvm.java(List.of(), EndingChild.class, base.toString()));
    assertEquals("", result.err());
    Set<UUID> read = new HashSet<>();
    for (JournalEntry entry : Tails.all(base)) {
      if (entry.requestId() != null) {
        read.add(entry.requestId());
      }
    }
    int acknowledged = 0;
    for (String line : result.out().split("\n", -1)) {
      if (line.length() == 36) {
        acknowledged++;
        assertTrue(read.contains(UUID.fromString(line)), line + " was acknowledged");
      }
    }
    assertTrue(acknowledged > 50, "acknowledged: " + acknowledged);
  }

  /** {@code DIR}: four threads append, and go on while the JVM ends. */
  static final class EndingChild {
    private static final AtomicInteger ACKNOWLEDGED = new AtomicInteger();

    private EndingChild() {}

    public static void main(String[] arguments) throws Exception {
      Journal journal = Journal.open(JournalOptions.of(Path.of(arguments[0]), "crm"));
      for (int t = 1; t <= 4; t++) {
        int thread = t;
        Thread started = new Thread(() -> appendUntilTheEnd(journal, thread));
        started.setDaemon(true);
        started.start();
      }
      for (int i = 0; i < 3_000 && ACKNOWLEDGED.get() < 200; i++) {
        Thread.sleep(10);
      }
      System.exit(0);
    }

    private static void appendUntilTheEnd(Journal journal, int thread) {
      for (long i = 0; i < 1_000_000; i++) {
        UUID id = new UUID(thread, i);
        Level level = i % 2 == 0 ? Level.ACCEPTED : Level.COMMITTED;
        if (journal.append(call(1).requestId(id), level, FIVE_SECONDS_NS) == Appended.COMMITTED) {
          System.out.println(id);
          ACKNOWLEDGED.incrementAndGet();
        }
      }
    }
  }

  private static JournalRecord call(int status) {
    return JournalFailureTest.record(status);
  }

  private static String[] with(String[] words, String last) {
    String[] all = java.util.Arrays.copyOf(words, words.length + 1);
    all[words.length] = last;
    return all;
  }

  private static int run(String... command) throws IOException, InterruptedException {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(30, TimeUnit.SECONDS) ? process.exitValue() : -1;
    } catch (IOException e) {
      return -1; // no such program
    }
  }
}
