package dev.cordon.enforcement;

import dev.cordon.bootstrap.Admission;
import dev.cordon.journal.Appended;
import dev.cordon.journal.JournalRecord;
import dev.cordon.journal.Level;
import dev.cordon.journal.RecordKind;
import dev.cordon.rules.Decision;
import java.util.UUID;
import java.util.function.LongSupplier;

/** Writes how a call ended, under the id of its decision. The adapter reports at most once. */
final class CallOutcome implements Admission.Outcome {
  private final UUID id;
  private final String library;
  private final String destination;
  private final Decision decision;
  private final Recorder recorder;
  private final LongSupplier nanoClock;
  private final Counters counters;
  private final long policy;
  private final long sentNs;

  CallOutcome(
      UUID id,
      String library,
      String destination,
      Decision decision,
      Recorder recorder,
      LongSupplier nanoClock,
      Counters counters,
      long policy) {
    this.id = id;
    this.library = library;
    this.destination = destination;
    this.decision = decision;
    this.recorder = recorder;
    this.nanoClock = nanoClock;
    this.counters = counters;
    this.policy = policy;
    this.sentNs = nanoClock.getAsLong();
  }

  @Override
  public void responded(int status, long responseBytes) {
    append(outcome(RecordKind.CALL_RESPONSE).status(status).responseBytes(responseBytes));
  }

  @Override
  public void failed(Throwable thrown) {
    append(outcome(RecordKind.CALL_ERROR).error(thrown.getClass().getName()));
  }

  private JournalRecord outcome(RecordKind kind) {
    return new JournalRecord(kind)
        .requestId(id)
        .library(library)
        .destination(destination)
        .operation(decision.operation())
        .callClass(decision.callClass().code())
        .policy(policy)
        .latencyNs(nanoClock.getAsLong() - sentNs);
  }

  private void append(JournalRecord record) {
    if (recorder.append(record, Level.ACCEPTED, CallGuard.ACCEPT_TIMEOUT_NS) == Appended.FAILED) {
      counters.unjournaled.increment();
    }
  }
}
