package dev.cordon.enforcement;

import dev.cordon.bootstrap.CallDenied;
import dev.cordon.bootstrap.ResponseFilter;
import dev.cordon.journal.Appended;
import dev.cordon.journal.JournalRecord;
import dev.cordon.journal.Level;
import dev.cordon.journal.RecordKind;
import dev.cordon.redaction.Kind;
import dev.cordon.redaction.Prompt;
import dev.cordon.redaction.RedactionPlan;
import dev.cordon.redaction.StreamRedactor;
import dev.cordon.redaction.StreamTransform;
import dev.cordon.rules.OriginReader;
import dev.cordon.rules.Origins;
import dev.cordon.rules.Said;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Answers for the response to one call; what is journaled about it stands under the id of the call.
 */
final class ResponseGuard implements ResponseFilter {

  /** The call that is answered. */
  record Call(
      UUID id,
      String library,
      String method,
      String destination,
      String operation,
      String callClass) {}

  /**
   * What remembers what the application is given.
   *
   * @param said by the application in the call; null: no value of the answer is sure to be
   *     another's
   */
  record Learning(Origins origins, Origins.Source source, @Nullable Said said) {

    /** An answer that tells of an error, or a piece of one, may repeat what was asked. */
    OriginReader reader(int status, Headers headers) {
      boolean whole =
          status >= 200 && status < 300 && status != 206 && headers.first("Content-Range") == null;
      return new OriginReader(origins, source, whole ? said : null);
    }
  }

  /** Where what happens is told. */
  record Telling(Recorder recorder, Counters counters, FaultLog faultLog) {}

  /** Why a body was not scanned, as records say it; Reach has the other reasons. */
  static final String CODING = "coding";

  static final String FAILED = "failed";

  private static final Kind[] KINDS = Kind.values();
  private static final CallDenied LAST_RESORT = denied("");

  private final Call call;
  private final Responses responses;
  private final @Nullable Prompt prompt;
  private final @Nullable Learning origins;
  private final Telling telling;

  /**
   * @param prompt of a call to a model, whose values come back; null: none do
   * @param origins remembers what the application is given; null: no rule asks for it
   */
  ResponseGuard(
      Call call,
      Responses responses,
      @Nullable Prompt prompt,
      @Nullable Learning origins,
      Telling telling) {
    this.call = call;
    this.responses = responses;
    this.prompt = prompt;
    this.origins = origins;
    this.telling = telling;
  }

  @Override
  public @Nullable Body open(int status, Headers headers) {
    try {
      if (!Responses.hasBody(call.method(), status)) {
        return null;
      }
      String contentType = headers.first("Content-Type");
      RedactionPlan plan = responses.plan();
      StreamTransform restoring = prompt == null ? null : prompt.restoring(contentType);
      boolean changes = plan != null || restoring != null;
      if (!changes && origins == null) {
        return null;
      }
      ContentCoding coding = ContentCoding.of(headers.first("Content-Encoding"));
      if (isUnreadable(coding, status, headers)) {
        if (!changes) {
          return null; // nothing of it will be known
        }
        tell(record(), CODING);
        return withholds() ? new RefusedResponse(denied()) : null;
      }
      return new ResponseRedaction(
          this,
          plan == null ? null : new StreamRedactor(contentType, plan),
          restoring,
          origins == null ? null : origins.reader(status, headers),
          coding);
    } catch (Throwable fault) {
      CallDenied denied = unfiltered(fault);
      return denied == null ? null : new RefusedResponse(denied);
    }
  }

  /** Of a piece of something compressed nobody has the beginning. */
  private static boolean isUnreadable(ContentCoding coding, int status, Headers headers) {
    return coding == ContentCoding.OTHER
        || (coding != ContentCoding.IDENTITY
            && (status == 206 || headers.first("Content-Range") != null));
  }

  @Override
  public boolean withholds() {
    return responses.refuses() && !responses.observing();
  }

  @Override
  public @Nullable CallDenied unfiltered(Throwable fault) {
    boolean withheld = withholds();
    try {
      fault(fault);
      tell(record(), FAILED);
      return withheld ? denied() : null;
    } catch (Throwable again) { // out of stack or memory
      return withheld ? LAST_RESORT : null;
    }
  }

  // ---- for its body

  boolean isObserving() {
    return responses.observing();
  }

  boolean refuses() {
    return responses.refuses();
  }

  /** Values that were put back so far. */
  int restored() {
    int sum = 0;
    if (prompt != null) {
      for (Kind kind : KINDS) {
        sum += prompt.restored(kind);
      }
    }
    return sum;
  }

  void fault(Throwable fault) {
    telling.counters().faults.increment();
    telling.faultLog().fault("response", fault);
  }

  CallDenied denied() {
    return denied(call.id().toString());
  }

  private static CallDenied denied(String id) {
    return new CallDenied(
        "the call was made; Cordon could not scan its response and withholds it"
            + " (redaction.responses, unreadable: refuse)",
        id);
  }

  JournalRecord record() {
    return new JournalRecord(RecordKind.REDACT_RESPONSE)
        .requestId(call.id())
        .library(call.library())
        .destination(call.destination())
        .operation(call.operation())
        .callClass(call.callClass())
        .policy(responses.policy())
        .observe(responses.observing());
  }

  /** Tells that a body, or the rest of one, was not scanned, and what becomes of it. */
  void tell(JournalRecord record, String unscanned) {
    record.attribute("unscanned", unscanned);
    if (!responses.refuses()) {
      append(record.decision("allow"));
    } else if (responses.observing()) {
      append(record.decision("would_deny"));
    } else {
      telling.counters().withheldResponses.increment();
      append(record.decision("deny"));
    }
  }

  /** Tells of a body of which nothing was taken out, and into which values were put back. */
  void tellRestored(JournalRecord record) {
    append(record.decision("allow"));
  }

  /** Tells of a body without text: nothing in it can be scanned, and it is handed on. */
  void tellBinary(JournalRecord record, String unscanned) {
    append(record.attribute("unscanned", unscanned).decision("allow"));
  }

  /** Tells that a body was changed, or would have been. */
  void tellChanged(JournalRecord record) {
    if (responses.observing()) {
      append(record.decision("would_redact"));
    } else {
      telling.counters().redactedResponses.increment();
      append(record.decision("redacted"));
    }
  }

  private void append(JournalRecord record) {
    if (telling.recorder().append(record, Level.ACCEPTED, CallGuard.ACCEPT_TIMEOUT_NS)
        == Appended.FAILED) {
      telling.counters().unjournaled.increment();
    }
  }
}
