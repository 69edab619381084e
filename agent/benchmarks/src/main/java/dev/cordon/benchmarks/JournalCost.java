package dev.cordon.benchmarks;

import dev.cordon.journal.Appended;
import dev.cordon.journal.EvidenceOptions;
import dev.cordon.journal.Journal;
import dev.cordon.journal.JournalOptions;
import dev.cordon.journal.JournalRecord;
import dev.cordon.journal.Level;
import dev.cordon.journal.RecordKind;
import dev.cordon.journal.SealOptions;
import dev.cordon.journal.evidence.EvidenceKey;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import java.util.stream.Stream;

/**
 * Prints what a record costs the thread that makes it, and how soon another process sees it.
 *
 * <ul>
 *   <li>{@code append}: from 1, 2 and 8 threads at 2,000 records a second each, then as fast as it
 *       goes, beside a file that is forced after each record
 *   <li>{@code log4j}: the same records accepted, and written by Log4j with asynchronous loggers as
 *       JSON, in turns; then bytes on the disk and how long it took until all were written
 *   <li>{@code evidence}: a committed record with and without 1.5 KB of evidence, in turns; of one
 *       person, and of a new one each time
 *   <li>{@code tail JAVA CORDON_JAR}: from the append to the line that {@code tail --follow} prints
 *       in a process of its own; then the CPU that it takes while nothing is written
 * </ul>
 *
 * <p>Needs the grants of cordon.jar. Linux only.
 */
public final class JournalCost {
  private static final long WAIT_NS = 10_000_000_000L;
  private static final long PACE_NS = 500_000;
  private static final int WARM_UP = 100_000;
  private static final int SEALER_MS = 12_000; // it starts after five seconds, and catches up
  private static final int IDLE_SECONDS = 30;
  private static final double TICKS_PER_S = 100;

  private final Path base;

  private JournalCost(Path base) {
    this.base = base;
  }

  public static void main(String[] args) throws Exception {
    Path base = Files.createTempDirectory("cordon-journal");
    try {
      JournalCost cost = new JournalCost(base);
      switch (args[0]) {
        case "append" -> cost.append();
        case "log4j" -> cost.log4j();
        case "evidence" -> cost.evidence();
        case "tail" -> cost.tail(args[1], args[2]);
        default -> throw new IllegalArgumentException(args[0]);
      }
    } finally {
      delete(base);
    }
  }

  // ---- append

  private void append() throws Exception {
    try (Journal journal = Journal.open(JournalOptions.of(base.resolve("j"), "benchmark"))) {
      for (int i = 0; i < WARM_UP; i++) {
        append(journal, i, i % 16 == 0 ? Level.COMMITTED : Level.ACCEPTED);
      }
      allocation(journal);
      Thread.sleep(SEALER_MS);
      for (int threads : new int[] {1, 2, 8}) {
        for (Level level : List.of(Level.ACCEPTED, Level.COMMITTED)) {
          tell(threads + " threads, paced, " + level, paced(journal, threads, level));
        }
      }
      throughput(journal, 1, Level.ACCEPTED);
      throughput(journal, 2, Level.ACCEPTED);
      throughput(journal, 1, Level.COMMITTED);
      throughput(journal, 8, Level.COMMITTED);
      System.out.println(journal.status());
    }
    try (Journal journal =
        Journal.open(
            JournalOptions.of(base.resolve("j"), "benchmark").withSeal(SealOptions.off()))) {
      for (int i = 0; i < WARM_UP; i++) {
        append(journal, i, i % 16 == 0 ? Level.COMMITTED : Level.ACCEPTED);
      }
      for (int threads : new int[] {1, 2}) {
        long[] took = paced(journal, threads, Level.COMMITTED);
        tell(threads + " threads, paced, COMMITTED, no sealer", took);
      }
    }
    forced(1);
    forced(8);
  }

  private static void allocation(Journal journal) {
    com.sun.management.ThreadMXBean threads =
        (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    int records = 20_000;
    long beforeBytes = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
    for (int i = 0; i < records; i++) {
      append(journal, i, Level.ACCEPTED);
    }
    long bytes = threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - beforeBytes;
    System.out.printf("%-40s %8d B a record, its making included%n", "allocated", bytes / records);
  }

  private static long[] paced(Journal journal, int threads, Level level) throws Exception {
    return paced(threads, number -> append(journal, number, level));
  }

  private static long[] paced(int threads, IntConsumer append) throws Exception {
    int each = 3 * 2_000;
    long[][] took = new long[threads][each];
    run(
        threads,
        thread -> {
          long nextNs = System.nanoTime() + thread * (PACE_NS / threads);
          for (int i = 0; i < each; i++) {
            long nowNs = System.nanoTime();
            while (nowNs < nextNs) {
              LockSupport.parkNanos(nextNs - nowNs);
              nowNs = System.nanoTime();
            }
            nextNs += PACE_NS;
            append.accept(i);
            took[thread][i] = System.nanoTime() - nowNs;
          }
        });
    return joined(took);
  }

  private static void throughput(Journal journal, int threads, Level level) throws Exception {
    AtomicLong records = new AtomicLong();
    AtomicLong failed = new AtomicLong();
    long fromNs = System.nanoTime();
    long untilNs = fromNs + 6_000_000_000L;
    run(
        threads,
        thread -> {
          long mine = 0;
          while (System.nanoTime() < untilNs) {
            for (int i = 0; i < 64; i++) {
              if (append(journal, i, level)) {
                mine++;
              } else {
                failed.incrementAndGet();
              }
            }
          }
          records.addAndGet(mine);
        });
    long drainedByNs = System.nanoTime() + WAIT_NS;
    while (journal.status().waiting() > 0) {
      if (System.nanoTime() - drainedByNs > 0) {
        throw new IllegalStateException("not all are written: " + journal.status());
      }
      Thread.sleep(1);
    }
    double seconds = (System.nanoTime() - fromNs) / 1e9;
    System.out.printf(
        "%-40s %8.0f records/s until all are written, %d refused%n",
        threads + " threads, no pause, " + level, records.get() / seconds, failed.get());
  }

  private void forced(int threads) throws Exception {
    AtomicLong records = new AtomicLong();
    Path file = base.resolve("forced");
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      long fromNs = System.nanoTime();
      long untilNs = fromNs + 4_000_000_000L;
      run(
          threads,
          thread -> {
            ByteBuffer record = ByteBuffer.allocate(300);
            while (System.nanoTime() < untilNs) {
              channel.write(record.clear());
              channel.force(false);
              records.incrementAndGet();
            }
          });
      double seconds = (System.nanoTime() - fromNs) / 1e9;
      System.out.printf(
          "%-40s %8.0f records/s%n",
          threads + " threads, a file, forced each", records.get() / seconds);
    }
    Files.delete(file);
  }

  // ---- beside Log4j

  private void log4j() throws Exception {
    long[][] ours = new long[PEER_THREADS.length][0];
    long[][] theirs = new long[PEER_THREADS.length][0];
    Path file = base.resolve("log4j.json");
    Path directory = base.resolve("j");
    try (Journal journal = Journal.open(JournalOptions.of(directory, "benchmark"));
        Log4jPeer peer = new Log4jPeer(file)) {
      for (int i = 0; i < WARM_UP; i++) {
        append(journal, i, Level.ACCEPTED);
        peer.log(i);
      }
      Thread.sleep(SEALER_MS);
      for (int round = 0; round < PEER_ROUNDS; round++) {
        for (int i = 0; i < PEER_THREADS.length; i++) {
          ours[i] =
              joined(
                  new long[][] {
                    ours[i],
                    paced(PEER_THREADS[i], number -> append(journal, number, Level.ACCEPTED))
                  });
          theirs[i] = joined(new long[][] {theirs[i], paced(PEER_THREADS[i], peer::log)});
        }
      }
    }
    for (int i = 0; i < PEER_THREADS.length; i++) {
      tell(PEER_THREADS[i] + " threads, paced, ACCEPTED", ours[i]);
      tell(PEER_THREADS[i] + " threads, paced, Log4j", theirs[i]);
    }
    delete(directory);
    Files.delete(file);
    long fromNs = System.nanoTime();
    try (Journal journal = Journal.open(JournalOptions.of(directory, "benchmark"))) {
      for (int i = 0; i < PEER_RECORDS; i++) {
        append(journal, i, Level.ACCEPTED);
      }
    }
    tellBytes("ours, tiles and a block ahead included", bytesBelow(directory), fromNs);
    fromNs = System.nanoTime();
    try (Log4jPeer peer = new Log4jPeer(file)) {
      for (int i = 0; i < PEER_RECORDS; i++) {
        peer.log(i);
      }
    }
    tellBytes("Log4j", Files.size(file), fromNs);
  }

  private static final int[] PEER_THREADS = {1, 2, 8};
  private static final int PEER_ROUNDS = 2;
  private static final int PEER_RECORDS = 500_000;

  private static void tellBytes(String what, long bytes, long fromNs) {
    System.out.printf(
        "%-40s %8.1f B a record on the disk, %8.0f records/s until all are written%n",
        what, (double) bytes / PEER_RECORDS, PEER_RECORDS / ((System.nanoTime() - fromNs) / 1e9));
  }

  private static long bytesBelow(Path directory) throws IOException {
    long bytes = 0;
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path one : all.filter(Files::isRegularFile).toList()) {
        bytes += Files.size(one);
      }
    }
    return bytes;
  }

  // ---- evidence

  private void evidence() throws Exception {
    Path key = base.resolve("evidence.key");
    EvidenceKey.generate().write(key);
    byte[] text = new byte[1_500];
    Arrays.fill(text, (byte) 'a');
    try (Journal journal =
        Journal.open(
            JournalOptions.of(base.resolve("j"), "benchmark")
                .withEvidence(EvidenceOptions.of(key)))) {
      String[] kinds = {"none", "pseudonym", "one person", "a new person each"};
      int rounds = 5;
      int each = 4_000;
      long[][] took = new long[kinds.length][rounds * each];
      for (int round = -1; round < rounds; round++) { // the first warms up
        for (int kind = 0; kind < kinds.length; kind++) {
          for (int i = 0; i < each; i++) {
            LockSupport.parkNanos(PACE_NS / 2);
            long fromNs = System.nanoTime();
            JournalRecord record = record(i);
            switch (kind) {
              case 0 -> {}
              case 1 -> record.subject("cus_1");
              case 2 -> record.subject("cus_1").evidence(text);
              default -> record.subject("cus_" + round + "_" + i).evidence(text);
            }
            check(journal.append(record, Level.COMMITTED, WAIT_NS));
            if (round >= 0) {
              took[kind][round * each + i] = System.nanoTime() - fromNs;
            }
          }
        }
      }
      for (int kind = 0; kind < kinds.length; kind++) {
        tell("COMMITTED, evidence: " + kinds[kind], took[kind]);
      }
      System.out.println(journal.status());
    }
  }

  // ---- tail

  private void tail(String java, String cordonJar) throws Exception {
    Path directory = base.resolve("j");
    int records = 3_000;
    long[] took = new long[records];
    try (Journal journal = Journal.open(JournalOptions.of(directory, "benchmark"))) {
      append(journal, 0, Level.COMMITTED);
      Process tail =
          new ProcessBuilder(
                  java,
                  "-jar",
                  cordonJar,
                  "tail",
                  directory.toString(),
                  "--follow",
                  "--json",
                  "--kind",
                  "call.request")
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      try (BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(tail.getInputStream(), StandardCharsets.UTF_8))) {
        String unused = printed(lines, tail); // of the record before
        for (int i = -1_000; i < records; i++) { // one after the other; the first ones warm up
          LockSupport.parkNanos(2_000_000 + i % 7 * 300_000);
          append(journal, i & 0xffff, Level.ACCEPTED);
          String line = printed(lines, tail);
          Instant now = Instant.now();
          if (i >= 0) {
            took[i] = nsSince(line, now);
          }
        }
        tell("a record until tail has printed it", took);
        Thread.sleep(2_000);
        long before = ticks(tail.pid());
        Thread.sleep(IDLE_SECONDS * 1_000L);
        double seconds = (ticks(tail.pid()) - before) / TICKS_PER_S;
        System.out.printf("%-40s %8.2f %% of a core%n", "idle tail", seconds * 100 / IDLE_SECONDS);
      } finally {
        tail.destroy();
        if (!tail.waitFor(10, TimeUnit.SECONDS)) {
          tail.destroyForcibly();
        }
      }
    }
  }

  /** The next line; one that never comes ends the process that should print it. */
  private static String printed(BufferedReader lines, Process tail) throws IOException {
    CompletableFuture<Void> watch =
        CompletableFuture.runAsync(
            tail::destroyForcibly,
            CompletableFuture.delayedExecutor(WAIT_NS, TimeUnit.NANOSECONDS));
    String line = lines.readLine();
    watch.cancel(false);
    if (line == null) {
      throw new IllegalStateException("tail printed nothing more; it ended, or hung for 10 s");
    }
    return line;
  }

  private static long nsSince(String line, Instant now) {
    int at = line.indexOf("\"time\":\"") + 8;
    Instant then = Instant.parse(line.substring(at, line.indexOf('"', at)));
    return java.time.Duration.between(then, now).toNanos();
  }

  private static long ticks(long pid) throws IOException {
    String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
    String[] words = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return Long.parseLong(words[11]) + Long.parseLong(words[12]);
  }

  // ---- helpers

  private interface Work {
    void run(int thread) throws IOException;
  }

  private static void run(int count, Work work) throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int number = i;
      Thread thread =
          new Thread(
              () -> {
                try {
                  work.run(number);
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
              });
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private static boolean append(Journal journal, int number, Level level) {
    return journal.append(record(number), level, WAIT_NS) != Appended.FAILED;
  }

  private static void check(Appended appended) {
    if (appended == Appended.FAILED) {
      throw new IllegalStateException("not journaled");
    }
  }

  private static JournalRecord record(int number) {
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
        .fields(FIELDS)
        .finding("email", 1)
        .requestBytes(398)
        .costNs(20_000)
        .attribute("hook", "okhttp");
  }

  private static final List<String> RULES = List.of("refunds.small");
  private static final List<String> FIELDS = List.of("amount", "charge", "reason");

  private static long[] joined(long[][] all) {
    return Arrays.stream(all).flatMapToLong(Arrays::stream).toArray();
  }

  private static void tell(String what, long[] ns) {
    long[] sorted = ns.clone();
    Arrays.sort(sorted);
    System.out.printf(
        "%-40s p50 %8.1f  p99 %8.1f  p99.9 %8.1f  max %9.1f us%n",
        what, at(sorted, 0.5), at(sorted, 0.99), at(sorted, 0.999), at(sorted, 1));
  }

  private static double at(long[] sorted, double part) {
    return sorted[(int) Math.min(sorted.length - 1, part * sorted.length)] / 1e3;
  }

  private static void delete(Path base) throws IOException {
    try (Stream<Path> all = Files.walk(base)) {
      for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(one);
      }
    }
  }
}
