package dev.cordon.audit;

import dev.cordon.journal.JournalEntry;
import dev.cordon.journal.RecordKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Records counted by some of their names. Grows with the different names, which a journal bounds,
 * and not beyond {@link #MAX_ROWS}.
 */
final class Tally {

  static final int MAX_ROWS = 10_000;

  /** What is counted of one kind of record. */
  static final class Row {
    final List<String> names;
    final long[] outcomes = new long[Outcome.values().length];
    final Quantiles costNs = new Quantiles();
    final Quantiles latencyNs = new Quantiles();
    long records;
    long sum; // of what is added beside the records
    long requestBytes;
    long responseBytes;
    long errors;
    @Nullable Instant first;
    @Nullable Instant last;

    private Row(List<String> names) {
      this.names = names;
    }

    void add(JournalEntry entry) {
      records++;
      if (entry.kind() == RecordKind.CALL_REQUEST) {
        outcomes[Outcome.of(entry.decision()).ordinal()]++;
      }
      costNs.add(entry.costNs());
      latencyNs.add(entry.latencyNs());
      requestBytes = CallTable.sum(requestBytes, Math.max(0, entry.requestBytes()));
      responseBytes = CallTable.sum(responseBytes, Math.max(0, entry.responseBytes()));
      if (entry.kind() == RecordKind.CALL_ERROR || entry.status() >= 400) {
        errors++;
      }
      Instant time = entry.time();
      if (first == null || time.isBefore(first)) {
        first = time;
      }
      if (last == null || time.isAfter(last)) {
        last = time;
      }
    }

    long stopped() {
      long stopped = 0;
      for (Outcome outcome : Outcome.values()) {
        stopped += outcome.isStopped() ? outcomes[outcome.ordinal()] : 0;
      }
      return stopped;
    }

    long calls() {
      long calls = 0;
      for (long one : outcomes) {
        calls += one;
      }
      return calls;
    }

    String lastText() {
      return last == null ? "" : Times.seconds(last);
    }

    String firstText() {
      return first == null ? "" : Times.seconds(first);
    }
  }

  private final Map<List<String>, Row> rows = new HashMap<>();
  private long beyond;

  void add(JournalEntry entry, String... names) {
    Row row = row(names);
    if (row != null) {
      row.add(entry);
    }
  }

  /** Null when there is no room for another one; it is counted. */
  @Nullable Row row(String... names) {
    List<String> key = List.of(names);
    Row row = rows.get(key);
    if (row == null) {
      if (rows.size() == MAX_ROWS) {
        beyond++;
        return null;
      }
      row = new Row(key);
      rows.put(key, row);
    }
    return row;
  }

  /** The most frequent first. */
  List<Row> rows() {
    List<Row> sorted = new ArrayList<>(rows.values());
    sorted.sort(
        Comparator.comparingLong((Row row) -> row.records)
            .reversed()
            .thenComparing(row -> String.join("\n", row.names)));
    return sorted;
  }

  /** By name. */
  List<Row> named() {
    List<Row> sorted = new ArrayList<>(rows.values());
    sorted.sort(Comparator.comparing(row -> String.join("\n", row.names)));
    return sorted;
  }

  /** Records that found no room. */
  long beyond() {
    return beyond;
  }

  String note(String text) {
    return beyond == 0
        ? text
        : (text.isEmpty() ? "" : text + " ")
            + beyond
            + " more records, of names beyond "
            + MAX_ROWS
            + ", are not in the table.";
  }
}
