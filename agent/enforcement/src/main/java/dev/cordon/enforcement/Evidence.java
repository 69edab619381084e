package dev.cordon.enforcement;

import dev.cordon.journal.JournalRecord;
import dev.cordon.redaction.Kind;
import dev.cordon.redaction.OwnTypes;
import dev.cordon.redaction.RedactionPlan;
import dev.cordon.redaction.Redactor;
import dev.cordon.redaction.Scan;
import dev.cordon.rules.CallFacts;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a body for the person that a call is about: its beginning, with everything
 * replaced that a detector knows, whatever the rules let leave. A body that was not scanned from
 * its first to its last byte gives nothing. What is not kept of a body is told in the record.
 */
final class Evidence {

  private static final Evidence OF_NO_OWN_TYPES = new Evidence(OwnTypes.NONE);

  /** Also addresses of recipients, and secrets that only their name tells. */
  private final RedactionPlan everything;

  private Evidence(OwnTypes own) {
    everything =
        RedactionPlan.of(
            List.of(
                new RedactionPlan.Order(
                    List.of(),
                    EnumSet.allOf(Kind.class),
                    Set.copyOf(own.names()),
                    RedactionPlan.Operator.TOKEN)),
            Set.of(),
            null,
            own);
  }

  /**
   * @param own types of the rule file's own, whether or not a redaction of it names them
   */
  static Evidence of(OwnTypes own) {
    return own.size() == 0 ? OF_NO_OWN_TYPES : new Evidence(own);
  }

  /** Before the first call: on a thread at the end of its stack the class would break for ever. */
  static void prepare() {
    Redactor.body(new byte[] {'{', '}'}, "application/json", OF_NO_OWN_TYPES.everything, null);
  }

  /** Adds it to the record, or why there is none although there was a body. */
  void add(JournalRecord record, CallFacts facts, @Nullable String contentType) {
    switch (facts.bodyState()) {
      case NONE -> {}
      case READ -> add(record, facts.body(), contentType);
      case TOO_LARGE -> record.withoutEvidence("too-large");
      case UNREADABLE -> record.withoutEvidence("unreadable");
    }
  }

  private void add(JournalRecord record, byte[] body, @Nullable String contentType) {
    if (body.length == 0) {
      return;
    }
    Scan scan = Redactor.body(body, contentType, everything, null);
    switch (scan.reach()) {
      case WHOLE -> {
        byte[] redacted = scan.redacted();
        byte[] text = redacted == null ? body : redacted;
        byte[] kept = beginning(text);
        record.evidence(kept, text.length - kept.length);
      }
      case BINARY_PARTS_SKIPPED -> record.withoutEvidence("binary-parts");
      case BINARY -> record.withoutEvidence("binary");
      case UNKNOWN_CHARSET -> record.withoutEvidence("unknown-charset");
      case FAILED -> record.withoutEvidence("failed");
    }
  }

  /** As much as a record takes, and no half character of UTF-8. */
  private static byte[] beginning(byte[] text) {
    int end = Math.min(text.length, JournalRecord.MAX_EVIDENCE_BYTES);
    if (end < text.length) {
      int start = end;
      while (start > end - 4 && (text[start] & 0xc0) == 0x80) {
        start--;
      }
      end = start;
    }
    return Arrays.copyOf(text, end);
  }
}
