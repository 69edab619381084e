package dev.cordon.audit;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code inventory DIR}: every kind of call that a journal has. */
final class InventoryCommand {

  private static final String HELP =
      """
      usage: java -jar cordon.jar inventory [OPTIONS] DIR

      Tells which calls the services below DIR made: destination, call, class, who made it, the
      names of the fields written, the types of personal data found, how often and when.

            --json       one JSON document
            --csv        one line for each kind of call
            --since T    from T on: 10m, 2h, 3d (ago), 2026-11-21, 2026-11-21T10:15:00Z
      %s  -h, --help       this text

      exit codes: 0 all was read, 2 something could not be read, or wrong use
      """
          .formatted(Access.HELP);

  private InventoryCommand() {}

  static int run(List<String> arguments, PrintStream out, PrintStream err) {
    if (Arguments.asksForHelp(arguments)) {
      out.print(HELP);
      return Exit.OK;
    }
    return Attempt.run("inventory", err, () -> inventory(arguments, out, err));
  }

  private static int inventory(List<String> arguments, PrintStream out, PrintStream err)
      throws UsageException, IOException {
    Arguments given =
        Arguments.parse(arguments, Set.of("--json", "--csv"), Set.of("--since", Access.OPTION));
    if (given.has("--json") && given.has("--csv")) {
      throw new UsageException("--json or --csv, not both");
    }
    CallTable table = new CallTable();
    Path directory = directory(given);
    Access.record("inventory", directory, given, List.of());
    PastCalls.Read read = PastCalls.each(directory, since(given), table::add);
    if (given.has("--json")) {
      out.println(json(table));
    } else if (given.has("--csv")) {
      csv(table, out);
    } else {
      text(table, Terminal.columns(), out);
    }
    if (!read.problem().isEmpty()) {
      err.println("cordon inventory: not all was read: " + Plain.text(read.problem()));
    }
    return read.problem().isEmpty() ? Exit.OK : Exit.NOT_READ;
  }

  static Path directory(Arguments given) throws UsageException {
    if (given.words().size() != 1) {
      throw new UsageException(
          given.words().isEmpty()
              ? "which directory? see --help"
              : "one directory only; not " + String.join(" and ", given.words()));
    }
    return Path.of(given.words().get(0));
  }

  static Instant since(Arguments given) throws UsageException {
    String since = given.value("--since");
    return since == null
        ? Instant.MIN
        : Since.parse("--since", since, Instant.now(), ZoneId.systemDefault());
  }

  private static void text(CallTable table, int columns, PrintStream out) {
    Instant first = table.first();
    Instant last = table.last();
    out.println(
        table.calls()
            + " calls"
            + (first == null || last == null
                ? ""
                : " from " + seconds(first) + " to " + seconds(last)));
    String destination = "";
    for (CallTable.Row row : table.rows()) {
      if (!row.destination.equals(destination)) {
        destination = row.destination;
        out.println();
        out.println(destination);
      }
      String name = row.operation.contains("/") || row.operation.isEmpty() ? "" : row.operation;
      out.println(
          cut(
              String.format("  %8d  %-10s  ", row.calls, row.callClass)
                  + row.call()
                  + (name.isEmpty() ? "" : "  (" + name + ")"),
              columns));
      String indent = " ".repeat(24);
      wrapped(out, indent, "by ", List.of(row.actor + ", last " + seconds(row.last)), columns);
      wrapped(out, indent, "fields ", List.copyOf(row.fields.keySet()), columns);
      wrapped(out, indent, "found ", counts(row.findings), columns);
      wrapped(out, indent, "money ", money(row), columns);
      wrapped(out, indent, "decided ", counts(row.decisions), columns);
    }
    if (table.beyond() > 0) {
      out.println();
      out.println(table.beyond() + " more calls, of kinds beyond " + CallTable.MAX_ROWS);
    }
  }

  private static String seconds(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private static List<String> counts(Map<String, Long> counts) {
    List<String> out = new ArrayList<>();
    counts.forEach((name, count) -> out.add(name + " " + count));
    return out;
  }

  static List<String> money(CallTable.Row row) {
    List<String> out = new ArrayList<>();
    row.exactMoney.forEach((code, sum) -> out.add(CallTable.money(sum) + " " + code));
    row.leastMoney.forEach(
        (code, sum) ->
            out.add(
                CallTable.money(sum)
                    + " to "
                    + CallTable.money(CallTable.sum(sum, sum))
                    + " "
                    + code));
    return out;
  }

  private static String cut(String line, int columns) {
    return line.length() <= columns ? line : line.substring(0, Math.max(1, columns - 1)) + ">";
  }

  private static void wrapped(
      PrintStream out, String indent, String word, List<String> items, int columns) {
    if (items.isEmpty()) {
      return;
    }
    StringBuilder line = new StringBuilder(indent).append(word);
    String comma = "";
    for (String item : items) {
      if (!comma.isEmpty() && line.length() + comma.length() + item.length() > columns) {
        out.println(line.append(','));
        line = new StringBuilder(indent).append(" ".repeat(word.length()));
        comma = "";
      }
      line.append(comma).append(item);
      comma = ", ";
    }
    out.println(cut(line.toString(), columns));
  }

  private static Json json(CallTable table) {
    Json json = new Json().open('{').number("calls", table.calls());
    Instant first = table.first();
    Instant last = table.last();
    if (first != null && last != null) {
      json.text("first", first.toString()).text("last", last.toString());
    }
    json.number("beyond", table.beyond()).key("kinds").open('[');
    for (CallTable.Row row : table.rows()) {
      json.item().open('{').text("destination", row.destination).text("actor", row.actor);
      json.text("call", row.call()).text("method", row.method).text("route", row.route);
      json.texts("operations", row.operations).text("operation", row.operation);
      json.text("class", row.callClass).number("calls", row.calls);
      json.text("first", row.first.toString()).text("last", row.last.toString());
      counts(json, "decisions", row.decisions);
      counts(json, "fields", row.fields);
      counts(json, "findings", row.findings);
      amounts(json, "money_exact", row.exactMoney);
      amounts(json, "money_at_least", row.leastMoney);
      json.close('}');
    }
    return json.close(']').close('}');
  }

  static void counts(Json json, String key, Map<String, Long> counts) {
    json.key(key).open('{');
    counts.forEach(json::number);
    json.close('}');
  }

  static void amounts(Json json, String key, Map<String, Long> thousandths) {
    json.key(key).open('{');
    thousandths.forEach((code, sum) -> json.text(code, CallTable.money(sum)));
    json.close('}');
  }

  private static void csv(CallTable table, PrintStream out) {
    out.println(
        "destination,actor,call,operation,class,calls,first,last,fields,findings,decisions,money");
    for (CallTable.Row row : table.rows()) {
      out.println(
          String.join(
              ",",
              quoted(row.destination),
              quoted(row.actor),
              quoted(row.call()),
              quoted(row.operation),
              row.callClass,
              Long.toString(row.calls),
              row.first.toString(),
              row.last.toString(),
              quoted(String.join(" ", row.fields.keySet())),
              quoted(String.join("; ", counts(row.findings))),
              quoted(String.join("; ", counts(row.decisions))),
              quoted(String.join("; ", money(row)))));
    }
  }

  /** Names only, but a sheet takes what begins with one of these for a formula. */
  private static String quoted(String text) {
    String safe = !text.isEmpty() && "=+-@".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
    return "\"" + safe.replace("\"", "\"\"") + "\"";
  }
}
