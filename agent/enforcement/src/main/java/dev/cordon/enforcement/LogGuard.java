package dev.cordon.enforcement;

import dev.cordon.journal.Appended;
import dev.cordon.journal.JournalRecord;
import dev.cordon.journal.Level;
import dev.cordon.journal.RecordKind;
import dev.cordon.redaction.OwnTypes;
import dev.cordon.redaction.RedactionKey;
import dev.cordon.redaction.RedactionPlan;
import dev.cordon.redaction.Redactor;
import dev.cordon.rules.Redaction;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Redacts log lines: a line is changed, never refused. How many were changed goes into the journal
 * as a count, at most once a second, so that a chatty logger cannot flood it.
 */
final class LogGuard {

  /** What is written in place of a line that could not be scanned: losing it beats leaking it. */
  static final String WITHHELD = "[CORDON: line withheld, it could not be scanned]";

  private static final long REPORT_EVERY_NS = 1_000_000_000L;

  private final Redactor redactor;
  private final boolean on;
  private final Recorder recorder;
  private final LongSupplier nanoClock;
  private final Counters counters;
  private final long policy;
  private final AtomicLong unreported = new AtomicLong();
  private final AtomicLong reportedNs;
  private volatile boolean retired;

  LogGuard(
      Redaction logs,
      @Nullable RedactionKey key,
      OwnTypes own,
      Recorder recorder,
      LongSupplier nanoClock,
      Counters counters,
      long policy) {
    List<RedactionPlan.Order> orders = Orders.inLogs(logs);
    this.on = !orders.isEmpty();
    this.redactor = Redactor.forLogs(orders, key, own);
    this.recorder = recorder;
    this.nanoClock = nanoClock;
    this.counters = counters;
    this.policy = policy;
    this.reportedNs = new AtomicLong(nanoClock.getAsLong() - REPORT_EVERY_NS);
  }

  String line(String text) {
    if (!on) {
      return text;
    }
    String redacted = redactor.line(text);
    if (redacted != text) { // the same instance means: nothing found
      counters.redactedLines.increment();
      unreported.incrementAndGet();
      report();
    }
    return redacted;
  }

  /** Other rules are in force: what lines still under way count is told at once. */
  void retire() {
    retired = true;
    flush();
  }

  private void report() {
    if (retired) {
      flush();
      return;
    }
    long now = nanoClock.getAsLong();
    long last = reportedNs.get();
    if (now - last >= REPORT_EVERY_NS && reportedNs.compareAndSet(last, now)) {
      flush();
    }
  }

  void flush() {
    long lines = unreported.getAndSet(0);
    if (lines == 0) {
      return;
    }
    JournalRecord record =
        new JournalRecord(RecordKind.REDACT_LOG)
            .decision("redacted")
            .policy(policy)
            .finding("line", (int) Math.min(lines, Integer.MAX_VALUE));
    if (recorder.append(record, Level.ACCEPTED, CallGuard.ACCEPT_TIMEOUT_NS) == Appended.FAILED) {
      unreported.addAndGet(lines); // told with the next ones
    }
  }
}
