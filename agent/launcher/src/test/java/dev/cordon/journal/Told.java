package dev.cordon.journal;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a record says, for tests of those who write records. */
public record Told(
    RecordKind kind, List<String> rules, @Nullable String reason, List<String> attributes) {

  public static Told of(JournalRecord record) {
    List<String> attributes = record.attributes == null ? List.of() : record.attributes;
    return new Told(record.kind, record.rules, record.reason, new ArrayList<>(attributes));
  }

  /** The value of an attribute; empty when there is none. */
  public String attribute(String name) {
    for (int i = 0; i < attributes.size(); i += 2) {
      if (attributes.get(i).equals(name)) {
        return attributes.get(i + 1);
      }
    }
    return "";
  }
}
