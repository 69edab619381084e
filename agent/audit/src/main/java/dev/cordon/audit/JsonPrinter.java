package dev.cordon.audit;

import dev.cordon.journal.Amount;
import dev.cordon.journal.JournalEntry;
import dev.cordon.journal.RecordKind;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One object a line; what an entry has not is left out. The keys are stable: programs read them.
 */
final class JsonPrinter implements EntryPrinter {

  private final PrintStream out;
  private final @Nullable EvidenceText evidence;
  private final StringBuilder line = new StringBuilder(512);

  /** What stands for evidence in a line. */
  @FunctionalInterface
  interface EvidenceText {
    /** Empty: the record has none. */
    String of(JournalEntry entry);
  }

  /** Without what may change: who is erased later is erased in what was printed before, too. */
  JsonPrinter(PrintStream out) {
    this(out, null);
  }

  JsonPrinter(PrintStream out, @Nullable EvidenceText evidence) {
    this.out = out;
    this.evidence = evidence;
  }

  @Override
  public void print(JournalEntry entry) {
    line.setLength(0);
    line.append('{');
    text("time", entry.time().toString());
    text(
        "kind",
        entry.kind() == RecordKind.UNKNOWN ? "kind-" + entry.kindCode() : entry.kind().label());
    number("n", entry.n());
    text("service", entry.instance().service());
    text("environment", entry.instance().environment());
    text("host", entry.instance().host());
    text("pid", entry.instance().pid());
    text("agent", entry.instance().version());
    text("run", entry.instance().run());
    UUID id = entry.requestId();
    text("request", id == null ? "" : id.toString());
    text("trace", entry.trace());
    text("span", entry.span());
    text("library", entry.library());
    text("method", entry.method());
    text("destination", entry.destination());
    text("operation", entry.operation());
    text("actor", entry.actor());
    text("route", entry.route());
    list("operations", entry.operations());
    text("decided_for", entry.decidedFor());
    text("class", entry.callClass());
    text("decision", entry.decision());
    list("rules", entry.rules());
    text("reason", entry.reason());
    if (entry.policy() != 0) {
      text("policy", hex(entry.policy()));
    }
    if (entry.observe()) {
      flag("observe");
    }
    list("fields", entry.fields());
    Amount money = entry.money();
    if (money != null) {
      text(money.exact() ? "money" : "money_at_least", CallTable.money(money.thousandths()));
      text("currency", money.currency());
    }
    if (!entry.findings().isEmpty()) {
      key("findings").append('{');
      for (Map.Entry<String, Integer> finding : entry.findings().entrySet()) {
        key(finding.getKey()).append(finding.getValue());
      }
      line.append('}');
    }
    measure("request_bytes", entry.requestBytes());
    measure("response_bytes", entry.responseBytes());
    if (entry.status() != 0) {
      number("status", entry.status());
    }
    text("error", entry.error());
    measure("latency_us", entry.latencyNs() < 0 ? -1 : entry.latencyNs() / 1_000);
    measure("cost_ns", entry.costNs());
    if (entry.truncated()) {
      flag("truncated");
    }
    if (evidence != null) {
      text("subject", entry.subject());
      text("evidence", evidence.of(entry));
    }
    if (!entry.attributes().isEmpty()) {
      key("attributes").append('{');
      for (Map.Entry<String, String> attribute : entry.attributes().entrySet()) {
        Json.string(key(attribute.getKey()), attribute.getValue());
      }
      line.append('}');
    }
    out.println(line.append('}'));
  }

  static String hex(long value) {
    String digits = Long.toHexString(value);
    return "0".repeat(16 - digits.length()) + digits;
  }

  private void text(String key, String value) {
    if (!value.isEmpty()) {
      Json.string(key(key), value);
    }
  }

  private void number(String key, long value) {
    key(key).append(value);
  }

  private void measure(String key, long value) {
    if (value >= 0) {
      number(key, value);
    }
  }

  private void flag(String key) {
    key(key).append(true);
  }

  private void list(String key, List<String> values) {
    if (values.isEmpty()) {
      return;
    }
    key(key).append('[');
    for (int i = 0; i < values.size(); i++) {
      if (i > 0) {
        line.append(',');
      }
      Json.string(line, values.get(i));
    }
    line.append(']');
  }

  private StringBuilder key(String key) {
    char last = line.charAt(line.length() - 1);
    if (last != '{') {
      line.append(',');
    }
    Json.string(line, key);
    return line.append(':');
  }
}
