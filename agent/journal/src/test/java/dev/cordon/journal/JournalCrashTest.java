package dev.cordon.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Processes that end in the middle of it. Kills its own children only. */
@Timeout(300)
class JournalCrashTest {

  /** The long suite: {@code -Dcordon.kill.rounds=200}. */
  private static final int ROUNDS = Integer.getInteger("cordon.kill.rounds", 20);

  private static final int THREADS = 2;

  @TempDir Path base;

  @Test
  @Timeout(3_600)
  void killedTwentyTimesNothingAcknowledgedIsLost() throws Exception {
    long seed = Long.getLong("cordon.seed", System.nanoTime());
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    long acknowledged = 0;
    for (int round = 0; round < ROUNDS; round++) {
      Path directory = base.resolve("r" + round);
      Process child =
          ForkedJvm.java(List.of(), WritingChild.class, "" + directory, "crm", "" + THREADS, "0")
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      Map<Long, Long> last;
      try {
        last = killAfter(child, 1 + random.nextInt(3_000));
      } finally {
        child.destroyForcibly();
      }
      Map<Long, Long> read = lastByThread(Tails.all(directory));
      for (Map.Entry<Long, Long> thread : last.entrySet()) {
        long there = read.getOrDefault(thread.getKey(), -1L);
        assertTrue(
            there >= thread.getValue(),
            "round " + round + ": acknowledged " + thread.getValue() + ", last read " + there);
        acknowledged += thread.getValue() + 1;
      }
    }
    System.out.println(ROUNDS + " rounds, " + acknowledged + " acknowledged, 0 lost");
  }

  @Test
  void twoProcessesBelowOneParentAreReadAsOne() throws Exception {
    List<Process> children = new ArrayList<>();
    try {
      for (String service : List.of("crm", "bot")) {
        children.add(
            ForkedJvm.java(List.of(), WritingChild.class, "" + base, service, "1", "500")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
      }
      Map<Long, Long> crm = killAfter(children.get(0), 500);
      Map<Long, Long> bot = killAfter(children.get(1), 500);
      Map<String, List<JournalEntry>> byService = new HashMap<>();
      JournalEntry previous = null;
      for (JournalEntry entry : Tails.all(base)) {
        byService.computeIfAbsent(entry.instance().service(), s -> new ArrayList<>()).add(entry);
        assertTrue(
            previous == null || !entry.time().isBefore(previous.time()),
            "one thread each: merged by time");
        previous = entry;
      }
      assertEquals(2, byService.size());
      assertTrue(byService.getOrDefault("crm", List.of()).size() > crm.getOrDefault(0L, 0L));
      assertTrue(byService.getOrDefault("bot", List.of()).size() > bot.getOrDefault(0L, 0L));
      for (List<JournalEntry> entries : byService.values()) {
        for (int i = 0; i < entries.size(); i++) {
          assertEquals(i + 1, entries.get(i).n(), "gapless");
        }
      }
    } finally {
      children.forEach(Process::destroyForcibly);
    }
  }

  /**
   * Reads acknowledgements, kills, reads what was acknowledged in between; the last number of each
   * thread.
   */
  private static Map<Long, Long> killAfter(Process child, int acknowledgements)
      throws IOException, InterruptedException {
    Map<Long, Long> last = new HashMap<>();
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(child.getInputStream()))) {
      for (int i = 0; ; i++) {
        long thread = in.readLong();
        last.put(thread, in.readLong());
        if (i == acknowledgements) {
          child.toHandle().destroyForcibly(); // SIGKILL; Process's own would close the stream
        }
      }
    } catch (EOFException e) {
      assertTrue(child.waitFor(30, TimeUnit.SECONDS));
      assertEquals(128 + 9, child.exitValue(), "ended by itself");
      return last;
    }
  }

  private static Map<Long, Long> lastByThread(List<JournalEntry> entries) {
    Map<Long, Long> last = new HashMap<>();
    for (JournalEntry entry : entries) {
      UUID id = entry.requestId();
      if (id != null) {
        long thread = id.getMostSignificantBits() - 1;
        long number = id.getLeastSignificantBits();
        assertEquals(last.getOrDefault(thread, -1L) + 1, number, "each thread's, in order");
        last.put(thread, number);
      }
    }
    return last;
  }

  @Test
  void aJvmThatEndsAtOnceKeepsWhatItAccepted() throws Exception {
    ForkedJvm.Result result =
        ForkedJvm.run(ForkedJvm.java(denied(), ShortChild.class, base.toString(), "short"));
    assertEquals("", result.err());
    assertEquals("", result.out());
    assertEquals(0, result.exit());
    assertEquals(10, Tails.all(base).size());
  }

  @Test
  void whatIsAppendedWhileTheJvmShutsDownIsCommitted() throws Exception {
    ForkedJvm.Result result =
        ForkedJvm.run(ForkedJvm.java(denied(), ShortChild.class, base.toString(), "hook"));
    assertEquals("", result.err());
    assertEquals("COMMITTED 100", result.out());
    assertEquals(110, Tails.all(base).size());
  }

  @Test
  void theApplicationSeesNothingOfTheQueue() throws Exception {
    List<String> options = new ArrayList<>(denied());
    Path temporary = java.nio.file.Files.createDirectory(base.resolve("temporary"));
    options.add("-Djava.io.tmpdir=" + temporary);
    ForkedJvm.Result result =
        ForkedJvm.run(
            ForkedJvm.java(options, ShortChild.class, base.toString(), "visible")
                .directory(withSystemProperties().toFile()));
    assertEquals("", result.err());
    assertEquals(
        "", result.out(), "properties, files, time zone, threads or sockets that were left");
    assertEquals(11, Tails.all(base.resolve("journal")).size());
  }

  /** Chronicle itself copies ./system.properties into the system properties. */
  private Path withSystemProperties() throws IOException {
    java.nio.file.Files.writeString(base.resolve("system.properties"), "evil.from.cwd=yes\n");
    return base;
  }

  /** Newer JDKs refuse what they only warn about today. */
  private static List<String> denied() {
    return Runtime.version().feature() >= 24
        ? List.of("--sun-misc-unsafe-memory-access=deny", "--illegal-native-access=deny", "-ea")
        : List.of("-ea");
  }
}
