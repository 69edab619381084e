package dev.cordon.journal;

import org.jspecify.annotations.Nullable;

/** What a record says, for tests of those who write records. */
public record Told(RecordKind kind, long policy, @Nullable String decision, @Nullable String id) {

  public static Told of(JournalRecord record) {
    return new Told(
        record.kind,
        record.policy,
        record.decision,
        record.requestId == null ? null : record.requestId.toString());
  }
}
