package dev.cordon.audit;

import dev.cordon.journal.Amount;
import dev.cordon.journal.JournalEntry;
import dev.cordon.rules.PastCall;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The calls of a journal, equal ones counted together. Grows with the different calls, not with the
 * journal, and not beyond {@link #MAX_ROWS}.
 */
final class CallTable {
  static final int MAX_ROWS = 50_000; // destinations x routes x actors; a journal has hundreds
  private static final int MAX_NAMES = 64; // of fields and findings in one row

  private record Key(
      String destination,
      String actor,
      String method,
      String route,
      List<String> operations,
      String operation,
      String callClass) {}

  /** One kind of call. */
  static final class Row {
    final String destination;
    final String actor;
    final String method;
    final String route;
    final List<String> operations;
    final String operation;
    final String callClass;
    final Map<String, Long> fields = new TreeMap<>();
    final Map<String, Long> findings = new TreeMap<>();
    final Set<String> redacted = new TreeSet<>(); // of findings: those that did not leave as found
    final Map<String, Long> decisions = new TreeMap<>();
    final Map<String, Long> exactMoney = new TreeMap<>();
    final Map<String, Long> leastMoney = new TreeMap<>();
    long calls;
    long left; // calls that were let go
    boolean hasMoney;
    Instant first;
    Instant last;

    /** One of them; null when none says what its decision was made of. */
    @Nullable PastCall example;

    private Row(Key key, Instant time) {
      destination = key.destination();
      actor = key.actor();
      method = key.method();
      route = key.route();
      operations = key.operations();
      operation = key.operation();
      callClass = key.callClass();
      first = time;
      last = time;
    }

    /** As a rule would write it, without the destination. */
    String call() {
      PastCall call = example;
      if (call != null && !operations.isEmpty()) {
        String names = String.join(" + ", operations);
        String word = call.protocol().equals("json-rpc") ? "rpc" : call.protocol();
        return word + " " + names;
      }
      return method + " " + (route.isEmpty() ? "(unreadable path)" : route);
    }

    private void add(JournalEntry entry) {
      calls++;
      boolean went =
          switch (entry.decision()) {
            case "deny", "forbid", "approve-wait", "approve", "escalate", "fail-closed" -> false;
            default -> true;
          };
      left += went ? 1 : 0;
      first = entry.time().isBefore(first) ? entry.time() : first;
      last = entry.time().isAfter(last) ? entry.time() : last;
      decisions.merge(entry.decision(), 1L, Long::sum);
      for (String field : entry.fields()) {
        if (fields.size() < MAX_NAMES || fields.containsKey(field)) {
          fields.merge(field, 1L, Long::sum);
        }
      }
      for (Map.Entry<String, Integer> finding : entry.findings().entrySet()) {
        if (findings.size() < MAX_NAMES || findings.containsKey(finding.getKey())) {
          findings.merge(finding.getKey(), (long) finding.getValue(), Long::sum);
        }
      }
      if (entry.decision().equals("redacted") || entry.decision().equals("would_redact")) {
        redacted.addAll(entry.findings().keySet());
      }
      Amount money = entry.money();
      if (money != null) {
        hasMoney = true;
        String currency = money.currency().isEmpty() ? "?" : money.currency();
        (money.exact() ? exactMoney : leastMoney)
            .merge(currency, money.thousandths(), CallTable::sum);
      }
      if (example == null) {
        example = PastCalls.of(entry);
      }
    }
  }

  private final Map<Key, Row> rows = new HashMap<>();
  private long beyond;
  private @Nullable Instant first;
  private @Nullable Instant last;
  private long calls;

  void add(JournalEntry entry) {
    calls++;
    Instant time = entry.time();
    first = first == null || time.isBefore(first) ? time : first;
    last = last == null || time.isAfter(last) ? time : last;
    Key key =
        new Key(
            entry.destination(),
            entry.actor().isEmpty() ? entry.instance().service() : entry.actor(),
            entry.method(),
            entry.route(),
            entry.operations(),
            entry.operation(),
            entry.callClass());
    Row row = rows.get(key);
    if (row == null) {
      if (rows.size() == MAX_ROWS) {
        beyond++;
        return;
      }
      row = new Row(key, time);
      rows.put(key, row);
    }
    row.add(entry);
  }

  /** By destination, the most frequent call first. */
  List<Row> rows() {
    List<Row> sorted = new ArrayList<>(rows.values());
    sorted.sort(
        Comparator.comparing((Row row) -> row.destination)
            .thenComparing(Comparator.comparingLong((Row row) -> row.calls).reversed())
            .thenComparing(Row::call)
            .thenComparing(row -> row.actor));
    return sorted;
  }

  long calls() {
    return calls;
  }

  /** Calls that found no room. */
  long beyond() {
    return beyond;
  }

  @Nullable Instant first() {
    return first;
  }

  @Nullable Instant last() {
    return last;
  }

  /** Saturates: nobody needs more than nine quadrillion. */
  static long sum(long a, long b) {
    long sum = a + b;
    return ((a ^ sum) & (b ^ sum)) < 0 ? Long.MAX_VALUE : sum;
  }

  /** {@code 120.00} of 120,000 thousandths. */
  static String money(long thousandths) {
    String digits =
        java.math.BigDecimal.valueOf(thousandths, 3).stripTrailingZeros().toPlainString();
    int dot = digits.indexOf('.');
    return dot < 0 ? digits + ".00" : digits.length() - dot == 2 ? digits + "0" : digits;
  }
}
