package dev.cordon.audit;

import dev.cordon.journal.JournalEntry;
import dev.cordon.journal.RecordKind;
import java.io.PrintStream;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One line an entry, for people: time, service, what, call, why. */
final class TextPrinter implements EntryPrinter {

  private static final String RED = "\u001b[31m";
  private static final String GREEN = "\u001b[32m";
  private static final String YELLOW = "\u001b[33m";
  private static final String CYAN = "\u001b[36m";
  private static final String DIM = "\u001b[2m";
  private static final String RESET = "\u001b[0m";

  private static final int SERVICE_COLUMNS = 14;
  private static final int WHAT_COLUMNS = 14;
  private static final int METHOD_COLUMNS = 6;
  private static final int BEFORE_CALL = 12 + 1 + SERVICE_COLUMNS + 1 + WHAT_COLUMNS + 1;
  private static final int MOST_HOST_COLUMNS = 36;
  private static final int MOST_OPERATION_COLUMNS = 28;

  private final PrintStream out;
  private final boolean color;
  private final int columns;
  private final ZoneId zone;
  private final StringBuilder line = new StringBuilder(256);
  private final EvidenceTold evidence = new EvidenceTold();
  private final int hostColumns; // 0: as long as it is, for files and pipes
  private final int operationColumns;
  private int visible;
  private @Nullable LocalDate day;

  TextPrinter(PrintStream out, boolean color, int columns, ZoneId zone) {
    this.out = out;
    this.color = color;
    this.columns = columns;
    this.zone = zone;
    boolean table = columns != Terminal.UNLIMITED;
    int room = table ? Math.max(0, columns - BEFORE_CALL - METHOD_COLUMNS - 1) : 0;
    hostColumns = Math.min(MOST_HOST_COLUMNS, room * 2 / 5);
    operationColumns = Math.min(MOST_OPERATION_COLUMNS, room / 4);
  }

  @Override
  public void print(JournalEntry entry) {
    ZonedDateTime time = entry.time().atZone(zone);
    if (!time.toLocalDate().equals(day)) {
      day = time.toLocalDate();
      begin();
      put(DIM, "-- " + day + " " + zone);
      end();
    }
    begin();
    put(DIM, timeOfDay(time));
    String service = entry.instance().service();
    put(
        "",
        columns == Terminal.UNLIMITED
            ? padded(service, SERVICE_COLUMNS)
            : cell(service, SERVICE_COLUMNS));
    switch (entry.kind()) {
      case CALL_REQUEST -> request(entry);
      case CALL_RESPONSE -> response(entry);
      case CALL_ERROR -> error(entry);
      case AGENT_FAULT, HOOK_MISSING, POLICY_REJECT, GAP, RECOVER, DEVICE_DOWN -> other(entry, RED);
      case AGENT_START,
          AGENT_STOP,
          AGENT_SELFTEST,
          HOOK_INSTALLED,
          POLICY_ACTIVATE,
          POLICY_LOAD,
          POLICY_WAIVE,
          REDACT_LOG,
          REDACT_RESPONSE,
          SEAL,
          ACCESS_READ,
          SHIP,
          KEY_ROTATE,
          FORCE,
          DEVICE_UP,
          PRUNE,
          AGGREGATE,
          HOLD,
          DSR_REQUEST,
          DSR_FIND,
          DSR_EXPORT,
          DSR_ERASE,
          KEY_CREATE,
          KEY_DESTROY,
          DICT_ADD,
          UNKNOWN ->
          other(entry, CYAN);
    }
    end();
  }

  private void request(JournalEntry entry) {
    String decision = entry.decision();
    put(colorOf(decision), padded(decision, WHAT_COLUMNS));
    call(entry);
    if (!entry.rules().isEmpty()) {
      put("", entry.rules().get(0));
    }
    put("", entry.reason());
    findings(entry);
    put(DIM, size(entry.requestBytes()));
    put(DIM, evidence.of(entry));
    tail(entry);
  }

  private void response(JournalEntry entry) {
    int status = entry.status();
    put(status >= 400 ? YELLOW : "", padded("-> " + status, WHAT_COLUMNS));
    call(entry);
    put(DIM, duration(entry.latencyNs()));
    put(DIM, size(entry.responseBytes()));
    tail(entry);
  }

  private void error(JournalEntry entry) {
    put(RED, padded("-> error", WHAT_COLUMNS));
    call(entry);
    put(RED, entry.error());
    put(DIM, duration(entry.latencyNs()));
    tail(entry);
  }

  private void other(JournalEntry entry, String kindColor) {
    String label =
        entry.kind() == RecordKind.UNKNOWN ? "kind-" + entry.kindCode() : entry.kind().label();
    put(kindColor, padded(label, WHAT_COLUMNS));
    put("", entry.actor());
    put("", entry.library());
    put("", entry.decision());
    if (!entry.rules().isEmpty()) {
      put("", entry.rules().get(0));
    }
    put("", entry.reason());
    put("", entry.error());
    findings(entry);
    tail(entry);
  }

  private void call(JournalEntry entry) {
    put("", padded(entry.method(), METHOD_COLUMNS));
    put("", cell(entry.destination(), hostColumns));
    put("", cell(entry.operation(), operationColumns));
  }

  /** As wide as its column; what does not fit loses its middle: both ends of a name tell most. */
  private static String cell(String text, int width) {
    if (width == 0 || text.length() == width) {
      return text;
    }
    if (text.length() < width) {
      return padded(text, width);
    }
    int head = (width - 1) / 2;
    return text.substring(0, head) + "~" + text.substring(text.length() - (width - 1 - head));
  }

  private void findings(JournalEntry entry) {
    for (Map.Entry<String, Integer> finding : entry.findings().entrySet()) {
      put(YELLOW, finding.getKey() + "=" + finding.getValue());
    }
  }

  private void tail(JournalEntry entry) {
    for (Map.Entry<String, String> attribute : entry.attributes().entrySet()) {
      put("", attribute.getKey() + "=" + attribute.getValue());
    }
    if (entry.observe()) {
      put(DIM, "observed");
    }
    UUID id = entry.requestId();
    if (id != null) {
      String text = id.toString();
      put(
          DIM,
          "#" + text.substring(text.length() - 8)); // the random end: the beginning is the time
    }
  }

  private static String colorOf(String decision) {
    return switch (decision) {
      case "allow", "approved" -> GREEN;
      case "redacted" -> YELLOW;
      default -> decision.startsWith("would_") ? YELLOW : RED;
    };
  }

  private void begin() {
    line.setLength(0);
    visible = 0;
  }

  /** Appends one cell, cut where the terminal ends. */
  private void put(String style, String text) {
    if (text.isEmpty() || visible >= columns) {
      return;
    }
    if (visible > 0) {
      line.append(' ');
      visible++;
    }
    int room = columns - visible;
    String shown = text.length() <= room ? text : text.substring(0, Math.max(0, room));
    visible += shown.length();
    boolean styled = color && !style.isEmpty() && !shown.isBlank();
    if (styled) {
      line.append(style);
    }
    for (int i = 0; i < shown.length(); i++) {
      char c = shown.charAt(i);
      line.append(
          c >= 0x20 && c < 0x7f ? c : '?'); // no escape sequence of a stranger reaches a terminal
    }
    if (styled) {
      line.append(RESET);
    }
  }

  private void end() {
    while (line.length() > 0 && line.charAt(line.length() - 1) == ' ') {
      line.setLength(line.length() - 1);
    }
    out.println(line);
  }

  private static String timeOfDay(ZonedDateTime time) {
    return two(time.getHour())
        + ":"
        + two(time.getMinute())
        + ":"
        + two(time.getSecond())
        + "."
        + String.valueOf(1_000 + time.getNano() / 1_000_000).substring(1);
  }

  private static String two(int value) {
    return value < 10 ? "0" + value : Integer.toString(value);
  }

  private static String padded(String text, int width) {
    return text.length() >= width ? text : text + " ".repeat(width - text.length());
  }

  static String size(long bytes) {
    if (bytes < 0) {
      return "";
    }
    if (bytes < 1_000) {
      return bytes + "B";
    }
    return bytes < 1_000_000 ? tenths(bytes / 100) + "kB" : tenths(bytes / 100_000) + "MB";
  }

  static String duration(long ns) {
    if (ns < 0) {
      return "";
    }
    long us = ns / 1_000;
    if (us < 1_000) {
      return us + "us";
    }
    return us < 1_000_000 ? tenths(us / 100) + "ms" : tenths(us / 100_000) + "s";
  }

  private static String tenths(long value) {
    return value / 10 + "." + value % 10;
  }
}
