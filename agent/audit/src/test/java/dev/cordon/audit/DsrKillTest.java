package dev.cordon.audit;

import static dev.cordon.audit.Run.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cordon.journal.Appended;
import dev.cordon.journal.EvidenceOptions;
import dev.cordon.journal.Journal;
import dev.cordon.journal.JournalOptions;
import dev.cordon.journal.JournalRecord;
import dev.cordon.journal.Level;
import dev.cordon.journal.RecordKind;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} of the commands that change the evidence key, at random. */
@Timeout(300)
class DsrKillTest {

  private static final int ROUNDS = Integer.getInteger("cordon.rotation.rounds", 20) / 2;
  private static final long TEN_SECONDS_NS = 10_000_000_000L;
  private static final int PERSONS = 40;

  @TempDir Path base;

  @Test
  void wheneverTheCommandsAreKilledNobodyIsLostAndWhoIsErasedStaysSo() throws Exception {
    long seed = Long.getLong("cordon.seed", System.nanoTime());
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    assertEquals(0, run("dsr", "keygen", "-o", file("key-0")).exit());
    try (Journal journal =
        Journal.open(
            JournalOptions.of(base.resolve("j"), "crm")
                .withEvidence(new EvidenceOptions(base.resolve("key-0"), 30_000)))) {
      for (int i = 0; i < PERSONS; i++) {
        call(journal, "stays-" + i);
      }
      call(journal, "gone");
    }
    assertEquals(0, dsr("erase", "gone", 0).exit());

    long keygenNs = uninterrupted("dsr", "keygen", "-o", file("once"), "--rotate", file("key-0"));
    assertEquals(0, run("dsr", "keygen", "-o", file("key-1"), "--rotate", file("key-0")).exit());
    long rotateNs = uninterrupted(rotate(0, file("key-1")));
    int killed = 0;
    int rotated = 0;
    int number = 1;
    for (int round = 0; round < ROUNDS; round++) {
      String next = file("key-" + (number + 1));
      String old = file("key-" + number);
      if (!Files.exists(Path.of(next))) {
        killed += killed(random, keygenNs, "dsr", "keygen", "-o", next, "--rotate", old) ? 1 : 0;
        if (!Files.exists(Path.of(next))) {
          Run again = run("dsr", "keygen", "-o", next, "--rotate", old);
          assertEquals(0, again.exit(), again.err());
        }
      }
      killed += killed(random, rotateNs, rotate(number, next)) ? 1 : 0;
      if (isUnder(number + 1)) {
        number++;
        rotated++;
      } else {
        assertTrue(isUnder(number), "under none of the keys, round " + round);
      }
      assertNobodyLostOrBack(number, "round " + round);
    }
    System.out.println(killed + " kills, " + rotated + " rotations were done all the same");
    assertTrue(killed > 0, "all came to their end");

    Path next = base.resolve("key-" + (number + 1));
    if (!Files.exists(next)) {
      assertEquals(
          0, run("dsr", "keygen", "-o", next.toString(), "--rotate", file("key-" + number)).exit());
    }
    Run last = run(rotate(number, next.toString()));
    assertEquals(0, last.exit(), last.err());
    assertNobodyLostOrBack(number + 1, "at the end");
    Run verified = run("journal", "verify", file("j"));
    assertTrue(verified.exit() == 0 || verified.exit() == 3, verified.out() + verified.err());
    try (Stream<Path> files = Files.list(base.resolve("j").resolve("keys"))) {
      assertEquals(
          List.of("erased.log", "lock", "subjects.db"),
          files.map(file -> file.getFileName().toString()).sorted().toList());
    }
  }

  private String[] rotate(int number, String next) {
    return new String[] {
      "dsr", "rotate", file("j"), "--key", file("key-" + number), "--to", next, "--reason", "yearly"
    };
  }

  private static long uninterrupted(String... arguments) throws Exception {
    long startedNs = System.nanoTime();
    Process process = Shipping.fork(List.of(arguments));
    try {
      assertTrue(process.waitFor(60, TimeUnit.SECONDS));
      assertEquals(0, process.exitValue());
    } finally {
      process.destroyForcibly();
    }
    return System.nanoTime() - startedNs;
  }

  /** False if it had come to its end. */
  private static boolean killed(Random random, long withinNs, String... arguments)
      throws Exception {
    Process process = Shipping.fork(List.of(arguments));
    try {
      long untilNs = System.nanoTime() + (long) (withinNs * (0.5 + 0.6 * random.nextDouble()));
      while (process.isAlive() && System.nanoTime() < untilNs) {
        LockSupport.parkNanos(1_000_000);
      }
      process.toHandle().destroyForcibly();
      assertTrue(process.waitFor(30, TimeUnit.SECONDS));
      return process.exitValue() == 128 + 9;
    } finally {
      process.destroyForcibly();
    }
  }

  private boolean isUnder(int number) {
    return Files.exists(base.resolve("key-" + number))
        && dsr("find", "stays-0", number).exit() == 0;
  }

  private void assertNobodyLostOrBack(int number, String when) {
    for (int i : new int[] {0, PERSONS / 2, PERSONS - 1}) {
      Run found = dsr("find", "stays-" + i, number);
      assertEquals(0, found.exit(), when + found.err());
      assertTrue(found.out().contains("evidence readable: 1\n"), when + ": " + found.out());
    }
    Run gone = dsr("find", "gone", number);
    assertEquals(0, gone.exit(), when + gone.err());
    assertTrue(gone.out().contains("evidence [erased "), when + ": " + gone.out());
  }

  private Run dsr(String command, String subject, int number) {
    return run(
        "dsr",
        command,
        file("j"),
        "--subject",
        subject,
        "--key",
        file("key-" + number),
        "--reason",
        "letter",
        "--request",
        "DSR-1");
  }

  private static void call(Journal journal, String subject) {
    JournalRecord record =
        new JournalRecord(RecordKind.CALL_REQUEST)
            .requestId(UUID.randomUUID())
            .destination("api.example.com:443")
            .callClass("write")
            .decision("allow")
            .subject(subject)
            .evidence("{\"note\":\"text\"}".getBytes(StandardCharsets.UTF_8));
    assertEquals(Appended.COMMITTED, journal.append(record, Level.COMMITTED, TEN_SECONDS_NS));
  }

  private String file(String name) {
    return base.resolve(name).toString();
  }
}
