package dev.cordon.audit;

import static dev.cordon.audit.Run.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cordon.journal.Journal;
import dev.cordon.journal.JournalOptions;
import dev.cordon.journal.JournalRecord;
import dev.cordon.journal.Level;
import dev.cordon.journal.RecordKind;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatusCommandTest {
  private static final String DIGEST =
      "9f2c6f7b0f7d1f6a54e1c29d7f2b9d0b8b1f6a3a4b7c9d1e2f30415263748596";

  @TempDir Path base;

  @Test
  void aJvmIsToldWithItsRulesAndAllIsWell() {
    try (Journal journal = open()) {
      append(journal, activate(42));
      Run run = run("status", base.toString());
      assertEquals(0, run.exit(), run::toString);
      assertTrue(run.out().startsWith("bot (production) on "), run.out());
      assertTrue(
          run.out().contains("\n  bots/prod serial 42 digest 9f2c6f7b0f7d, mode enforce, since 20"),
          run.out());
    }
  }

  @Test
  void aRejectionIsExitCode2UntilAnotherVersionIsInForce() {
    try (Journal journal = open()) {
      append(journal, activate(42));
      append(
          journal,
          new JournalRecord(RecordKind.POLICY_REJECT)
              .reason("rules-invalid")
              .attribute("serial", 20261122)
              .attribute("file", DIGEST)
              .attribute("code", "CRD111")
              .attribute("line", 5));
      Run run = run("status", base.toString());
      assertEquals(2, run.exit(), run::toString);
      assertTrue(run.out().contains("bots/prod serial 42"), run.out());
      assertTrue(
          run.out()
              .contains(": rules-invalid (CRD111 in line 5), serial 20261122, file 9f2c6f7b0f7d"),
          run.out());
      Run json = run("status", base.toString(), "--json");
      assertEquals(2, json.exit());
      assertTrue(json.out().contains("\"reason\": \"rules-invalid\""), json.out());
      append(journal, activate(43));
      assertEquals(0, run("status", base.toString()).exit());
    }
  }

  @Test
  void aJvmThatHasEndedIsToldOnRequestOnly() {
    try (Journal journal = open()) {
      append(journal, activate(42));
      append(journal, new JournalRecord(RecordKind.AGENT_STOP));
    }
    Run run = run("status", base.toString());
    assertEquals(1, run.exit(), run::toString);
    assertEquals("no guarded JVM runs below " + base + "\n", run.out());
    assertTrue(
        run("status", base.toString(), "--all").out().contains(", ended\n  bots/prod serial 42"));
  }

  @Test
  void wrongUseIsExitCode2() {
    assertEquals(2, run("status").exit());
    assertEquals(2, run("status", base.resolve("none").toString()).exit());
    assertEquals(2, run("status", base.toString(), "--colour").exit());
  }

  private Journal open() {
    return Journal.open(JournalOptions.of(base, "bot").withEnvironment("production"));
  }

  private static JournalRecord activate(long serial) {
    return new JournalRecord(RecordKind.POLICY_ACTIVATE)
        .attribute("name", "bots/prod")
        .attribute("serial", serial)
        .attribute("mode", "enforce")
        .attribute("digest", DIGEST);
  }

  private static void append(Journal journal, JournalRecord record) {
    journal.append(record, Level.COMMITTED, 10_000_000_000L);
  }
}
