package dev.cordon.audit;

import dev.cordon.journal.JournalEntry;
import dev.cordon.journal.RecordKind;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/**
 * A record in the words of other systems: one line, ASCII. Names in a journal may be anybody's, so
 * each form escapes what its format takes for more than text, and no name can begin a new line.
 */
enum ExportForm {
  OCSF("ocsf.ndjson"),
  ECS("ecs.ndjson"),
  CEF("cef"),
  SYSLOG("syslog"),
  OTLP_JSON("otlp.ndjson"),
  NDJSON("ndjson"),
  CSV("csv");

  /** The enterprise number that RFC 5612 keeps for examples; Cordon has none of its own. */
  private static final String SD_ID = "cordon@32473";

  private static final int AUDIT_FACILITY = 13; // RFC 5424: log audit

  private static final String CSV_HEAD =
      "id,time,kind,service,environment,host,pid,run,actor,request,library,method,destination,"
          + "route,operation,class,decision,rules,reason,policy,observed,fields,findings,"
          + "request_bytes,response_bytes,status,error,latency_us,cost_ns,trace,span";

  final String suffix;

  ExportForm(String suffix) {
    this.suffix = suffix;
  }

  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static ExportForm of(Arguments given) throws UsageException {
    String[] words = new String[values().length];
    for (ExportForm form : values()) {
      words[form.ordinal()] = form.word();
    }
    String word = given.value("--format");
    if (word == null) {
      throw new UsageException("--format is one of " + String.join(", ", words));
    }
    return valueOf(given.oneOf("--format", words).toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  /** What a file begins with. */
  String head() {
    return this == CSV ? CSV_HEAD + "\n" : "";
  }

  /** The record without a line end. */
  String line(JournalEntry entry) {
    return switch (this) {
      case OCSF -> OcsfEvent.of(entry);
      case ECS -> EcsEvent.of(entry);
      case CEF -> cef(entry);
      case SYSLOG -> syslog(entry);
      case OTLP_JSON -> OtlpLogs.of(List.of(entry));
      case NDJSON -> ndjson(entry);
      case CSV -> csv(entry);
    };
  }

  /** The record's name, for good: its log and its place there. Receivers drop what they have. */
  static String id(JournalEntry entry) {
    return entry.origin() + ":" + entry.index();
  }

  static String request(JournalEntry entry) {
    UUID id = entry.requestId();
    return id == null ? "" : id.toString();
  }

  /** The host of a destination. */
  static String host(JournalEntry entry) {
    String all = entry.destination();
    int colon = all.lastIndexOf(':');
    return colon < 0 || port(entry) < 0 ? all : all.substring(0, colon);
  }

  /** -1 when there is none. */
  static int port(JournalEntry entry) {
    String all = entry.destination();
    String port = all.substring(all.lastIndexOf(':') + 1);
    return all.indexOf(':') >= 0 && port.matches("[0-9]{1,5}") ? Integer.parseInt(port) : -1;
  }

  static boolean isCall(JournalEntry entry) {
    return switch (entry.kind()) {
      case CALL_REQUEST, CALL_RESPONSE, CALL_ERROR -> true;
      default -> false;
    };
  }

  static boolean isTrouble(JournalEntry entry) {
    return switch (entry.kind()) {
      case AGENT_FAULT, HOOK_MISSING, POLICY_REJECT, GAP -> true;
      default -> false;
    };
  }

  static boolean isStopped(JournalEntry entry) {
    return entry.kind() == RecordKind.CALL_REQUEST && Outcome.of(entry.decision()).isStopped();
  }

  /** A few words for people. */
  static String message(JournalEntry entry) {
    List<String> words = new ArrayList<>();
    words.add(StatsCommand.label(entry));
    words.add(entry.decision());
    words.add(entry.method());
    words.add(entry.destination());
    words.add(entry.operation());
    words.add(entry.rules().isEmpty() ? "" : "by " + entry.rules().get(0));
    words.add(entry.status() == 0 ? "" : "status " + entry.status());
    words.add(entry.reason());
    words.add(entry.error());
    words.removeIf(String::isEmpty);
    return Plain.text(String.join(" ", words));
  }

  static String policy(JournalEntry entry) {
    return entry.policy() == 0 ? "" : JsonPrinter.hex(entry.policy());
  }

  static String findings(JournalEntry entry) {
    List<String> found = new ArrayList<>();
    entry.findings().forEach((type, count) -> found.add(type + "=" + count));
    return String.join(" ", found);
  }

  // ---- ndjson, csv

  private static String ndjson(JournalEntry entry) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    PrintStream to = new PrintStream(bytes, false, StandardCharsets.UTF_8);
    new JsonPrinter(to).print(entry);
    to.flush();
    StringBuilder line = new StringBuilder("{\"id\":");
    Json.string(line, id(entry));
    return line.append(',')
        .append(bytes.toString(StandardCharsets.UTF_8).stripTrailing().substring(1))
        .toString();
  }

  private static String csv(JournalEntry entry) {
    return Csv.line(
        List.of(
            id(entry),
            entry.time().toString(),
            StatsCommand.label(entry),
            entry.instance().service(),
            entry.instance().environment(),
            entry.instance().host(),
            entry.instance().pid(),
            entry.instance().run(),
            entry.actor(),
            request(entry),
            entry.library(),
            entry.method(),
            entry.destination(),
            entry.route(),
            entry.operation(),
            entry.callClass(),
            entry.decision(),
            String.join(" ", entry.rules()),
            entry.reason(),
            policy(entry),
            entry.observe() ? "true" : "false",
            String.join(" ", entry.fields()),
            findings(entry),
            number(entry.requestBytes()),
            number(entry.responseBytes()),
            entry.status() == 0 ? "" : Integer.toString(entry.status()),
            entry.error(),
            number(entry.latencyNs() < 0 ? -1 : entry.latencyNs() / 1_000),
            number(entry.costNs()),
            entry.trace(),
            entry.span()));
  }

  private static String number(long value) {
    return value < 0 ? "" : Long.toString(value);
  }

  // ---- cef

  /** {@code CEF:0|vendor|product|version|class|name|severity|extension}. */
  private static String cef(JournalEntry entry) {
    StringBuilder to = new StringBuilder(512).append("CEF:0|Cordon|Cordon|");
    header(to, entry.instance().version()).append('|');
    header(to, StatsCommand.label(entry)).append('|');
    String name = entry.reason().isEmpty() ? entry.decision() : entry.reason();
    header(to, name.isEmpty() ? StatsCommand.label(entry) : name).append('|');
    to.append(isTrouble(entry) ? 8 : isStopped(entry) ? 6 : 2).append('|');
    to.append("rt=").append(entry.time().toEpochMilli());
    extension(to, "externalId", id(entry));
    extension(to, "act", entry.decision());
    extension(to, "reason", entry.reason());
    extension(to, "suser", entry.actor());
    extension(to, "sproc", entry.instance().service());
    extension(to, "dvchost", entry.instance().host());
    extension(to, "dhost", host(entry));
    extension(to, "dpt", port(entry) < 0 ? "" : Integer.toString(port(entry)));
    extension(to, "requestMethod", entry.method());
    extension(to, "out", number(entry.requestBytes()));
    extension(to, "in", number(entry.responseBytes()));
    extension(to, "cs1", entry.rules().isEmpty() ? "" : String.join(" ", entry.rules()), "rules");
    extension(to, "cs2", entry.operation(), "operation");
    extension(to, "cs3", policy(entry), "policy");
    extension(to, "cs4", entry.callClass(), "class");
    extension(to, "cs5", request(entry), "request");
    extension(to, "cs6", findings(entry), "findings");
    extension(to, "cn1", number(entry.costNs()), "costNs");
    extension(to, "cn2", entry.status() == 0 ? "" : Integer.toString(entry.status()), "status");
    extension(to, "flexString1", entry.trace(), "trace");
    extension(to, "flexString2", entry.span(), "span");
    return to.toString();
  }

  private static StringBuilder header(StringBuilder to, String text) {
    String plain = Plain.text(text);
    for (int i = 0; i < plain.length(); i++) {
      char c = plain.charAt(i);
      to.append(c == '\\' || c == '|' ? "\\" : "").append(c);
    }
    return to;
  }

  private static void extension(StringBuilder to, String key, String value, String label) {
    if (!value.isEmpty()) {
      extension(to, key + "Label", label);
      extension(to, key, value);
    }
  }

  private static void extension(StringBuilder to, String key, String value) {
    if (value.isEmpty()) {
      return;
    }
    to.append(' ').append(key).append('=');
    String plain = Plain.text(value); // no line end is left to be escaped
    for (int i = 0; i < plain.length(); i++) {
      char c = plain.charAt(i);
      to.append(c == '\\' || c == '=' ? "\\" : "").append(c);
    }
  }

  // ---- syslog

  /** RFC 5424: {@code <PRI>1 TIME HOST APP PROCID MSGID [cordon@32473 ...] MESSAGE}. */
  static String syslog(JournalEntry entry) {
    int severity = isTrouble(entry) ? 3 : isStopped(entry) ? 4 : 6;
    StringBuilder to = new StringBuilder(512).append('<').append(AUDIT_FACILITY * 8 + severity);
    to.append(">1 ").append(micros(entry)).append(' ');
    token(to, entry.instance().host(), 255).append(' ');
    token(to, entry.instance().service(), 48).append(' ');
    token(to, entry.instance().pid(), 128).append(' ');
    token(to, StatsCommand.label(entry), 32).append(" [").append(SD_ID);
    parameter(to, "id", id(entry));
    parameter(to, "request", request(entry));
    parameter(to, "environment", entry.instance().environment());
    parameter(to, "run", entry.instance().run());
    parameter(to, "actor", entry.actor());
    parameter(to, "method", entry.method());
    parameter(to, "destination", entry.destination());
    parameter(to, "route", entry.route());
    parameter(to, "operation", entry.operation());
    parameter(to, "class", entry.callClass());
    parameter(to, "decision", entry.decision());
    parameter(to, "rules", String.join(" ", entry.rules()));
    parameter(to, "reason", entry.reason());
    parameter(to, "policy", policy(entry));
    parameter(to, "findings", findings(entry));
    parameter(to, "status", entry.status() == 0 ? "" : Integer.toString(entry.status()));
    parameter(to, "error", entry.error());
    parameter(to, "latencyUs", number(entry.latencyNs() < 0 ? -1 : entry.latencyNs() / 1_000));
    parameter(to, "costNs", number(entry.costNs()));
    parameter(to, "trace", entry.trace());
    parameter(to, "span", entry.span());
    return to.append("] ").append(message(entry)).toString();
  }

  /** With six digits, always: RFC 5424 allows no more. */
  private static String micros(JournalEntry entry) {
    String digits = Integer.toString(1_000_000 + entry.time().getNano() / 1_000).substring(1);
    String seconds = Times.seconds(entry.time());
    return seconds.substring(0, seconds.length() - 1) + "." + digits + "Z";
  }

  private static StringBuilder token(StringBuilder to, String text, int most) {
    int length = Math.min(most, text.length());
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      to.append(c > 0x20 && c < 0x7f ? c : '_');
    }
    return length == 0 ? to.append('-') : to;
  }

  private static void parameter(StringBuilder to, String name, String value) {
    if (value.isEmpty()) {
      return;
    }
    to.append(' ').append(name).append("=\"");
    String plain = Plain.text(value);
    for (int i = 0; i < plain.length(); i++) {
      char c = plain.charAt(i);
      to.append(c == '"' || c == '\\' || c == ']' ? "\\" : "").append(c);
    }
    to.append('"');
  }
}
