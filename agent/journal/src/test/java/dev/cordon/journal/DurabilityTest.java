package dev.cordon.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import net.openhft.chronicle.core.time.TimeProvider;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class DurabilityTest {

  private static final long TEN_SECONDS_NS = 10_000_000_000L;

  @TempDir Path base;

  /**
   * The kernel's own account of the mapping: pages that were written and have not reached the
   * device are dirty. The library's own sync leaves them so and says that it did not.
   */
  @Test
  void whatIsForcedHasLeftTheMappedFileForTheDevice() throws Exception {
    Assumptions.assumeTrue(isAccountedFor(), "no such account on this file system");
    try (Journal journal = Journal.open(options(Durability.NONE))) {
      assertEquals(Appended.COMMITTED, append(journal, Level.COMMITTED));
      Path file = RecordFiles.files(journal.directory()).get(0);
      assertTrue(dirtyKb(file) > 0, "written, not forced");
      assertEquals(Appended.DURABLE, append(journal, Level.DURABLE));
      assertEquals(0, dirtyKb(file), "forced");
      assertEquals(Appended.COMMITTED, append(journal, Level.COMMITTED));
      assertTrue(dirtyKb(file) > 0, "and written again");
    }
  }

  @Test
  void eachLevelWaitsForAsMuchAsItSays() {
    Map<Durability, List<Appended>> expected =
        Map.of(
            Durability.NONE, List.of(Appended.ACCEPTED, Appended.COMMITTED),
            Durability.INTERVAL, List.of(Appended.ACCEPTED, Appended.COMMITTED),
            Durability.EACH_WRITE, List.of(Appended.ACCEPTED, Appended.DURABLE),
            Durability.EACH, List.of(Appended.DURABLE, Appended.DURABLE));
    for (Durability level : Durability.values()) {
      Path here = base.resolve(level.label());
      try (Journal journal =
          Journal.open(
              JournalOptions.of(here, "crm")
                  .withDevice(DeviceOptions.standard().withDurability(level)))) {
        List<Appended> reached =
            List.of(append(journal, Level.ACCEPTED), append(journal, Level.COMMITTED));
        assertEquals(expected.get(level), reached, level.label());
        assertEquals(
            Appended.ACCEPTED, journal.append(call(), Level.ACCEPTED, 0), "who cannot wait");
        assertEquals(0, journal.status().lost());
      }
    }
  }

  @Test
  void aForceThatHangsFailsWritesInItsTimeAndHoldsUpNoRead() throws Exception {
    CountDownLatch answers = new CountDownLatch(1);
    CountDownLatch hangs = new CountDownLatch(1);
    Forcing device =
        new Forcing() {
          @Override
          public void force(FileChannel channel) throws IOException {
            try {
              hangs.countDown();
              answers.await(60, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
              throw new IOException(e);
            }
            channel.force(false);
          }
        };
    try (Journal journal =
        Journal.open(
            JournalOptions.of(base, "crm")
                .withDevice(
                    DeviceOptions.standard()
                        .withDurability(Durability.EACH_WRITE)
                        .withForceWithinMs(50)),
            device)) {
      for (int i = 0; i < 20; i++) {
        assertEquals(Appended.FAILED, append(journal, Level.COMMITTED));
        assertEquals(Appended.ACCEPTED, append(journal, Level.ACCEPTED));
      }
      assertEquals(0, hangs.getCount());
      answers.countDown();
      Appended reached = append(journal, Level.COMMITTED);
      long untilNs = System.nanoTime() + TEN_SECONDS_NS;
      int more = 1;
      while (reached != Appended.DURABLE && System.nanoTime() < untilNs) {
        reached = append(journal, Level.COMMITTED);
        more++;
      }
      assertEquals(Appended.DURABLE, reached);
      assertEquals(0, journal.status().lost(), "not forced is not lost");
      assertEquals(40 + more, Tails.all(base).size(), "all are in the journal");
    }
  }

  @Test
  void aForceThatFailsFailsTheWriteAndIsTold() throws Exception {
    AtomicBoolean broken = new AtomicBoolean(true);
    AtomicInteger forces = new AtomicInteger();
    Forcing device =
        new Forcing() {
          @Override
          public void force(FileChannel channel) throws IOException {
            forces.incrementAndGet();
            if (broken.get()) {
              throw new IOException("Input/output error");
            }
            channel.force(false);
          }
        };
    try (Journal journal = Journal.open(options(Durability.EACH_WRITE), device)) {
      assertEquals(Appended.FAILED, append(journal, Level.COMMITTED));
      assertTrue(journal.status().lastProblem().contains("Input/output error"));
      broken.set(false);
      assertEquals(Appended.DURABLE, append(journal, Level.COMMITTED));
      journal.drain();
      assertEquals(Appended.DURABLE, append(journal, Level.COMMITTED));
      JournalEntry told = null;
      for (JournalEntry entry : Tails.everything(base)) {
        told = entry.kind() == RecordKind.FORCE ? entry : told;
      }
      if (told == null) {
        throw new AssertionError("no force record");
      }
      assertEquals("each-write", told.attributes().get("level"));
      assertTrue(number(told, "failures") >= 1, "" + told);
      assertTrue(number(told, "forces") >= 1, "" + told);
      assertTrue(number(told, "window-us") >= number(told, "force-us") / 2, "" + told);
      assertTrue(number(told, "window-us") > 0, "" + told);
    }
  }

  @Test
  void aJournalThatIsIdleTellsNothingOfItsOwnForces() throws Exception {
    try (Journal journal =
        Journal.open(
            JournalOptions.of(base, "crm")
                .withDevice(DeviceOptions.standard().withForceEveryMs(5)))) {
      assertEquals(Appended.DURABLE, append(journal, Level.DURABLE));
      for (int i = 0; i < 50; i++) {
        journal.drain();
        Thread.sleep(2);
      }
      append(journal, Level.DURABLE);
      long told =
          Tails.everything(base).stream().filter(entry -> entry.kind() == RecordKind.FORCE).count();
      assertEquals(1, told);
    }
  }

  /** The library's opener, and a device of the test's own. */
  private abstract static class Forcing implements JournalWriter.QueueOpener {
    @Override
    public QueueFile open(Path directory, TimeProvider time) throws IOException {
      return new QueueFile(directory, time);
    }

    @Override
    public abstract void force(FileChannel channel) throws IOException;
  }

  private JournalOptions options(Durability level) {
    return JournalOptions.of(base, "crm")
        .withSeal(SealOptions.off())
        .withDevice(DeviceOptions.standard().withDurability(level));
  }

  private static JournalRecord call() {
    return new JournalRecord(RecordKind.CALL_REQUEST).method("POST");
  }

  private static Appended append(Journal journal, Level level) {
    return journal.append(call(), level, TEN_SECONDS_NS);
  }

  private static long number(JournalEntry entry, String name) {
    return Long.parseLong(entry.attributes().getOrDefault(name, "-1"));
  }

  /**
   * Whether a plain mapped file of this file system is dirty when written and clean when forced.
   */
  private boolean isAccountedFor() throws IOException {
    Path file = base.resolve("probe.cq4");
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer mapped = channel.map(MapMode.READ_WRITE, 0, 4096);
      mapped.put(0, (byte) 1);
      boolean dirty = dirtyKb(file) > 0;
      channel.force(false);
      return dirty && dirtyKb(file) == 0 && mapped.get(0) == 1;
    } finally {
      Files.delete(file);
    }
  }

  private static long dirtyKb(Path file) throws IOException {
    Path account = Path.of("/proc/self/smaps");
    if (!Files.isReadable(account)) {
      return -1;
    }
    long kb = 0;
    boolean ofFile = false;
    for (String line : Files.readAllLines(account)) {
      if (line.toLowerCase(Locale.ROOT).matches("[0-9a-f]+-[0-9a-f]+ .*")) {
        ofFile = line.endsWith(file.toRealPath().toString());
      } else if (ofFile && line.matches("(Shared|Private)_Dirty: .*")) {
        kb += Long.parseLong(line.replaceAll("[^0-9]", ""));
      }
    }
    return kb;
  }
}
