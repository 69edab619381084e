package dev.cordon.audit;

import dev.cordon.journal.JournalEntry;
import java.time.Instant;
import java.util.List;

/**
 * Records as OpenTelemetry's OTLP writes logs in JSON: of a file each line is one, of a request the
 * body is one.
 */
final class OtlpLogs {

  private static final int INFO = 9;
  private static final int WARN = 13;
  private static final int ERROR = 17;

  private OtlpLogs() {}

  /** Neighbours of one JVM share a resource. */
  static String of(List<JournalEntry> entries) {
    Json json = Json.compact().open('{').key("resourceLogs").open('[');
    for (int i = 0; i < entries.size(); ) {
      JournalEntry.Instance instance = entries.get(i).instance();
      resource(json.item().open('{'), instance);
      for (; i < entries.size() && entries.get(i).instance().equals(instance); i++) {
        record(json, entries.get(i));
      }
      json.close(']').close('}').close(']').close('}');
    }
    return json.close(']').close('}').toString();
  }

  private static void resource(Json json, JournalEntry.Instance instance) {
    json.key("resource").open('{').key("attributes").open('[');
    text(json, "service.name", instance.service());
    text(json, "service.instance.id", instance.run());
    text(json, "deployment.environment.name", instance.environment());
    text(json, "host.name", instance.host());
    text(json, "process.pid", instance.pid());
    json.close(']').close('}').key("scopeLogs").open('[').item().open('{');
    json.key("scope").open('{').text("name", "cordon").maybe("version", instance.version());
    json.close('}').key("logRecords").open('[');
  }

  private static void record(Json json, JournalEntry entry) {
    boolean trouble = ExportForm.isTrouble(entry);
    boolean stopped = ExportForm.isStopped(entry);
    json.item().open('{').text("timeUnixNano", nanos(entry.time()));
    json.text("observedTimeUnixNano", nanos(entry.time()));
    json.number("severityNumber", trouble ? ERROR : stopped ? WARN : INFO);
    json.text("severityText", trouble ? "ERROR" : stopped ? "WARN" : "INFO");
    json.text("eventName", "cordon." + StatsCommand.label(entry));
    json.maybe("traceId", entry.trace()).maybe("spanId", entry.span());
    json.key("body").open('{').text("stringValue", ExportForm.message(entry)).close('}');
    json.key("attributes").open('[');
    text(json, "cordon.id", ExportForm.id(entry));
    text(json, "cordon.request", ExportForm.request(entry));
    text(json, "cordon.decision", entry.decision());
    text(json, "cordon.rules", String.join(" ", entry.rules()));
    text(json, "cordon.reason", entry.reason());
    text(json, "cordon.policy", ExportForm.policy(entry));
    text(json, "cordon.class", entry.callClass());
    text(json, "cordon.operation", entry.operation());
    text(json, "cordon.findings", ExportForm.findings(entry));
    text(json, "cordon.actor", entry.actor());
    text(json, "http.request.method", entry.method());
    text(json, "http.route", entry.route());
    text(json, "server.address", ExportForm.host(entry));
    number(json, "server.port", ExportForm.port(entry));
    number(json, "http.response.status_code", entry.status() == 0 ? -1 : entry.status());
    text(json, "error.type", entry.error());
    number(json, "cordon.latency_us", entry.latencyNs() < 0 ? -1 : entry.latencyNs() / 1_000);
    number(json, "cordon.cost_ns", entry.costNs());
    json.close(']').close('}');
  }

  /** A 64-bit number is a text in JSON. */
  private static String nanos(Instant time) {
    return java.math.BigInteger.valueOf(time.getEpochSecond())
        .multiply(java.math.BigInteger.valueOf(1_000_000_000))
        .add(java.math.BigInteger.valueOf(time.getNano()))
        .max(java.math.BigInteger.ZERO)
        .toString();
  }

  private static void text(Json json, String key, String value) {
    if (!value.isEmpty()) {
      json.item().open('{').text("key", key).key("value").open('{').text("stringValue", value);
      json.close('}').close('}');
    }
  }

  private static void number(Json json, String key, long value) {
    if (value >= 0) {
      json.item().open('{').text("key", key).key("value").open('{');
      json.text("intValue", Long.toString(value)).close('}').close('}');
    }
  }
}
