package dev.cordon.benchmarks;

import dev.cordon.journal.DirectorySealer;
import dev.cordon.journal.Journal;
import dev.cordon.journal.JournalOptions;
import dev.cordon.journal.JournalRecord;
import dev.cordon.journal.JournalVerifier;
import dev.cordon.journal.Level;
import dev.cordon.journal.RecordKind;
import dev.cordon.journal.SealOptions;
import dev.cordon.journal.Verification;
import dev.cordon.journal.seal.SealKey;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Prints what sealing and verifying cost a thread: writes a journal of so many records, seals it
 * from outside (hash, tiles, one signature), verifies it, both on this thread and by its CPU time.
 *
 * <p>Arguments: records (default 1,000,000), rounds (default 3). Needs the grants of cordon.jar.
 */
public final class SealCost {
  private static final long WAIT_NS = 60_000_000_000L;
  private static final int SIGNATURES = 500;
  private static final double NS_PER_S = 1e9;

  private SealCost() {}

  public static void main(String[] args) throws Exception {
    int records = args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000;
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 3;
    Path base = Files.createTempDirectory("cordon-seal");
    try {
      write(base, records);
      SealKey.Pair key = SealKey.generate("example.com/benchmark");
      long signNs = sign(key.key());
      System.out.printf("%-28s %10.0f us of CPU%n", "one signature", signNs / 1e3);
      for (int round = 0; round < rounds; round++) {
        removeSeals(base);
        long fromNs = cpu();
        try (DirectorySealer sealer = new DirectorySealer(base, key.key(), Clock.systemUTC())) {
          sealer.round();
        }
        long sealNs = cpu() - fromNs + (long) records / 1_024 * signNs;
        tell("seal, a signature each 1,024", records, sealNs);
        fromNs = cpu();
        Verification verification =
            JournalVerifier.verify(
                new JournalVerifier.Request(
                    base, List.of(key.verifier()), List.of(), null, null, Instant.MIN, true),
                (read, all) -> {});
        tell("verify", verification.records(), cpu() - fromNs);
        if (verification.exit() != 0) {
          throw new IllegalStateException(verification.toString());
        }
      }
      System.gc();
      Runtime runtime = Runtime.getRuntime();
      System.out.printf(
          "%-28s %10d KB of heap after it%n",
          "memory", (runtime.totalMemory() - runtime.freeMemory()) >> 10);
    } finally {
      delete(base);
    }
  }

  private static void write(Path base, int records) {
    try (Journal journal =
        Journal.open(JournalOptions.of(base, "benchmark").withSeal(SealOptions.off()))) {
      for (int i = 0; i < records; i++) {
        journal.append(
            new JournalRecord(RecordKind.CALL_REQUEST)
                .requestId(new UUID(1, i + 1))
                .library("okhttp")
                .destination("api.example.com:443")
                .method("POST")
                .operation("refund.create")
                .callClass("write")
                .decision("allow")
                .rules(List.of("refunds.small"))
                .reason("allowed")
                .fields(List.of("amount", "charge", "reason"))
                .finding("email", 1)
                .requestBytes(398)
                .costNs(20_000)
                .attribute("hook", "okhttp"),
            i + 1 == records ? Level.COMMITTED : Level.ACCEPTED,
            WAIT_NS);
      }
    }
  }

  private static long sign(SealKey key) throws Exception {
    byte[] text = new byte[130];
    long sum = 0;
    for (int round = 0; round < 2; round++) { // the first one warms up
      long fromNs = cpu();
      for (int i = 0; i < SIGNATURES; i++) {
        text[0] = (byte) i;
        sum += key.sign(text).length;
      }
      if (round == 1) {
        return (cpu() - fromNs) / SIGNATURES + (sum == 0 ? 1 : 0);
      }
    }
    throw new IllegalStateException();
  }

  private static void tell(String what, long records, long ns) {
    System.out.printf(
        "%-28s %10.0f records/s of CPU, %5.0f ns each%n",
        what, records * NS_PER_S / ns, (double) ns / records);
  }

  private static long cpu() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    return threads.getCurrentThreadCpuTime();
  }

  private static void removeSeals(Path base) throws IOException {
    try (Stream<Path> all = Files.walk(base)) {
      for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
        String name = base.relativize(one).toString();
        if (name.contains("tile") || name.endsWith("checkpoint") || name.endsWith("sealed")) {
          Files.delete(one);
        }
      }
    }
  }

  private static void delete(Path base) throws IOException {
    try (Stream<Path> all = Files.walk(base)) {
      for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(one);
      }
    }
  }
}
