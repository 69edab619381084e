package dev.cordon.journal;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a record says, for tests of those who write records. */
public record Told(
    RecordKind kind,
    long policy,
    @Nullable String decision,
    @Nullable String id,
    long span,
    byte @Nullable [] evidence,
    Map<String, String> attributes) {

  public static Told of(JournalRecord record) {
    return new Told(
        record.kind,
        record.policy,
        record.decision,
        record.requestId == null ? null : record.requestId.toString(),
        record.span,
        record.evidence,
        attributes(record));
  }

  private static Map<String, String> attributes(JournalRecord record) {
    Map<String, String> all = new HashMap<>();
    List<String> given = record.attributes;
    for (int i = 0; given != null && i < given.size(); i += 2) {
      all.put(given.get(i), given.get(i + 1));
    }
    return all;
  }
}
