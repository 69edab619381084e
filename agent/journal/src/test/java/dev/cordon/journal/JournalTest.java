package dev.cordon.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {

  static final long TEN_SECONDS_NS = 10_000_000_000L;

  @TempDir Path base;

  @Test
  void everyFieldOfARecordIsReadBack() throws Exception {
    UUID id = UUID.fromString("0190f3c2-7d5e-7abc-8def-0123456789ab");
    try (Journal journal =
        Journal.open(
            JournalOptions.of(base, "crm").withEnvironment("staging").withVersion("0.1.0"))) {
      JournalRecord record =
          new JournalRecord(RecordKind.CALL_REQUEST)
              .requestId(id)
              .library("okhttp")
              .destination("api.example.com:443")
              .method("POST")
              .operation("refund.create")
              .callClass("write")
              .decision("deny")
              .rules(List.of("refunds.need-approval", "default.write"))
              .reason("approval-required")
              .policy(0xfedcba9876543210L)
              .fields(List.of("amount", "charge"))
              .finding("email", 2)
              .finding("card", 1)
              .finding("email", 1)
              .requestBytes(1234)
              .responseBytes(5_000_000_000L)
              .status(403)
              .error("java.io.IOException")
              .latencyNs(1_234_567)
              .costNs(45_678)
              .observe(true)
              .attribute("hook", "okhttp.call-server");
      assertEquals(Appended.COMMITTED, journal.append(record, Level.COMMITTED, TEN_SECONDS_NS));
      JournalEntry entry = only(Tails.all(base));
      assertEquals(RecordKind.CALL_REQUEST, entry.kind());
      assertEquals(1, entry.n());
      assertEquals(id, entry.requestId());
      assertEquals("crm", entry.instance().service());
      assertEquals("staging", entry.instance().environment());
      assertEquals("0.1.0", entry.instance().version());
      assertEquals(Long.toString(ProcessHandle.current().pid()), entry.instance().pid());
      assertEquals("okhttp", entry.library());
      assertEquals("api.example.com:443", entry.destination());
      assertEquals("POST", entry.method());
      assertEquals("refund.create", entry.operation());
      assertEquals("write", entry.callClass());
      assertEquals("deny", entry.decision());
      assertEquals(List.of("refunds.need-approval", "default.write"), entry.rules());
      assertEquals("approval-required", entry.reason());
      assertEquals(0xfedcba9876543210L, entry.policy());
      assertEquals(List.of("amount", "charge"), entry.fields());
      assertEquals(Map.of("email", 3, "card", 1), entry.findings());
      assertEquals(1234, entry.requestBytes());
      assertEquals(Layout.MAX_U32, entry.responseBytes(), "saturated");
      assertEquals(403, entry.status());
      assertEquals("java.io.IOException", entry.error());
      assertEquals(1_234_000, entry.latencyNs(), "kept in microseconds");
      assertEquals(45_678, entry.costNs());
      assertTrue(entry.observe());
      assertEquals(Map.of("hook", "okhttp.call-server"), entry.attributes());
      assertEquals(journal.directory(), entry.directory());
    }
  }

  /** The writer waits awake for what was announced; what does not come must not keep it. */
  @Test
  void whatIsAnnouncedAndNeverComesHoldsNobodyUp() throws Exception {
    try (Journal journal = Journal.open(JournalOptions.of(base, "crm"))) {
      Runnable announcing =
          () -> {
            for (int i = 0; i < 20_000; i++) {
              journal.expect();
            }
          };
      List<Thread> threads = List.of(new Thread(announcing), new Thread(announcing));
      threads.forEach(Thread::start);
      JournalRecord record = new JournalRecord(RecordKind.CALL_REQUEST).method("POST");
      for (int i = 0; i < 200; i++) {
        if (i % 2 == 0) {
          journal.expect();
        }
        assertEquals(
            i % 3 == 0 ? Appended.ACCEPTED : Appended.COMMITTED,
            journal.append(record, i % 3 == 0 ? Level.ACCEPTED : Level.COMMITTED, TEN_SECONDS_NS));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      assertEquals(Appended.COMMITTED, journal.append(record, Level.COMMITTED, TEN_SECONDS_NS));
      assertEquals(201, Tails.all(base).size());
      assertEquals(0, journal.status().lost());
    }
  }

  @Test
  void eachLevelIsReachedAndTold() throws Exception {
    try (Journal journal = Journal.open(JournalOptions.of(base, "crm"))) {
      JournalRecord record = new JournalRecord(RecordKind.CALL_REQUEST).method("GET");
      assertEquals(Appended.ACCEPTED, journal.append(record, Level.ACCEPTED, TEN_SECONDS_NS));
      assertEquals(Appended.COMMITTED, journal.append(record, Level.COMMITTED, TEN_SECONDS_NS));
      assertEquals(Appended.DURABLE, journal.append(record, Level.DURABLE, TEN_SECONDS_NS));
      assertEquals(3, Tails.all(base).size());
      assertEquals(JournalStatus.State.RUNNING, journal.status().state());
      assertEquals(0, journal.status().lost());
      assertEquals("", journal.status().lastProblem());
    }
  }

  @Test
  void closingWritesWhatWasAccepted() throws Exception {
    Journal journal = Journal.open(JournalOptions.of(base, "crm"));
    for (int i = 0; i < 1_000; i++) {
      assertEquals(
          Appended.ACCEPTED,
          journal.append(
              new JournalRecord(RecordKind.CALL_REQUEST).status(i + 1),
              Level.ACCEPTED,
              TEN_SECONDS_NS));
    }
    journal.close();
    assertEquals(JournalStatus.State.CLOSED, journal.status().state());
    List<JournalEntry> entries = Tails.all(base);
    assertEquals(1_000, entries.size());
    for (int i = 0; i < entries.size(); i++) {
      assertEquals(i + 1, entries.get(i).n());
      assertEquals(i + 1, entries.get(i).status());
    }
    assertEquals(
        Appended.FAILED,
        journal.append(new JournalRecord(RecordKind.CALL_REQUEST), Level.ACCEPTED, 1_000));
  }

  private static JournalEntry only(List<JournalEntry> entries) {
    assertEquals(1, entries.size());
    return entries.get(0);
  }
}
