package dev.cordon.enforcement;

import dev.cordon.bootstrap.Admission;
import dev.cordon.journal.Appended;
import dev.cordon.journal.JournalRecord;
import dev.cordon.journal.Level;
import dev.cordon.journal.RecordKind;
import dev.cordon.rules.Decision;
import dev.cordon.rules.Hold;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.util.UUID;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/** Writes how a call ended, under the id of its decision. The adapter reports at most once. */
final class CallOutcome implements Admission.Outcome {
  private final UUID id;
  private final String library;
  private final String destination;
  private final Decision decision;
  private final Hold hold;
  private final Recorder recorder;
  private final LongSupplier nanoClock;
  private final Counters counters;
  private final long policy;
  private final long sentNs;

  CallOutcome(
      UUID id,
      String library,
      String destination,
      Hold hold,
      Recorder recorder,
      LongSupplier nanoClock,
      Counters counters,
      long policy) {
    this.id = id;
    this.library = library;
    this.destination = destination;
    this.decision = hold.decision();
    this.hold = hold;
    this.recorder = recorder;
    this.nanoClock = nanoClock;
    this.counters = counters;
    this.policy = policy;
    this.sentNs = nanoClock.getAsLong();
  }

  @Override
  public void responded(int status, long responseBytes) {
    if (isRejection(status)) {
      hold.rejected();
    }
    append(outcome(RecordKind.CALL_RESPONSE).status(status).responseBytes(responseBytes));
  }

  @Override
  public void failed(Throwable thrown) {
    if (neverLeft(thrown)) {
      hold.release();
    }
    append(outcome(RecordKind.CALL_ERROR).error(thrown.getClass().getName()));
  }

  /** The vendor says that it did nothing; a conflict or a time-out does not say so. */
  private static boolean isRejection(int status) {
    return switch (status) {
      case 400, 401, 402, 403, 404, 405, 406, 410, 411, 412, 413, 414, 415, 422, 429 -> true;
      default -> false;
    };
  }

  /** No connection was made, so no byte of the request left; every other failure may be later. */
  private static boolean neverLeft(Throwable thrown) {
    @Nullable Throwable cause = thrown;
    for (int depth = 0; cause != null && depth < 5; depth++) {
      if (cause instanceof ConnectException
          || cause instanceof UnknownHostException
          || cause instanceof NoRouteToHostException
          || cause instanceof UnresolvedAddressException
          || cause instanceof SSLHandshakeException
          || cause.getClass().getName().equals("java.net.http.HttpConnectTimeoutException")) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }

  private JournalRecord outcome(RecordKind kind) {
    return JournalRecord.reused(kind)
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
