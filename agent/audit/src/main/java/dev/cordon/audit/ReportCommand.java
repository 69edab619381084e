package dev.cordon.audit;

import dev.cordon.audit.Sheet.Chart;
import dev.cordon.audit.Sheet.Table;
import dev.cordon.audit.Sheet.Unit;
import dev.cordon.journal.JournalEntry;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** {@code report DIR}: use, denials, approvals, what Cordon cost and what it covers. */
final class ReportCommand {

  private static final String HELP =
      """
      usage: java -jar cordon.jar report DIR [OPTIONS]

      Tells what the services below DIR called and what was refused, which approvals were wanted,
      the time that Cordon itself took, and what is guarded: hooks installed, missing, failed.

      %s%s%s  -h, --help       this text

      exit codes: 0 all was read, 2 something could not be read, or wrong use
      """
          .formatted(Selection.HELP, SheetForms.HELP, Access.HELP);

  private static final int MAX_SHOWN = 200; // rows of a table; stats tells all
  private static final int MAX_HOURS = 24 * 366 * 5;
  private static final int MAX_COLUMNS = 120; // hours, else days, else weeks ...

  private ReportCommand() {}

  static int run(List<String> arguments, PrintStream out, PrintStream err) {
    if (Arguments.asksForHelp(arguments)) {
      out.print(HELP);
      return Exit.OK;
    }
    return Attempt.run("report", err, () -> report(arguments, out, err));
  }

  private static int report(List<String> arguments, PrintStream out, PrintStream err)
      throws UsageException, IOException {
    Arguments given = Arguments.parse(arguments, Set.of(), Journals.options(SheetForms.OPTIONS));
    Path directory = InventoryCommand.directory(given);
    Selection selection = Selection.of(given);
    SheetForms.format(given);
    Report report = new Report();
    Journals.Read read = Journals.each("report", given, directory, selection, report::add);
    SheetForms.show(report.sheet(selection, read), given, out);
    return read.tell("report", err);
  }

  /** Counts what one report tells. */
  private static final class Report {
    private final Tally all = new Tally();
    private final Tally services = new Tally();
    private final Tally destinations = new Tally();
    private final Tally refusals = new Tally();
    private final Tally approvals = new Tally();
    private final Tally findings = new Tally();
    private final Tally costs = new Tally();
    private final Tally installed = new Tally();
    private final Tally missing = new Tally();
    private final Tally failed = new Tally();
    private final Tally rules = new Tally();
    private final Tally trouble = new Tally();
    private final Tally accesses = new Tally();
    private final Map<Instant, long[]> hours = new TreeMap<>();
    private long hoursBeyond;

    void add(JournalEntry entry) {
      all.add(entry);
      String service = entry.instance().service();
      switch (entry.kind()) {
        case CALL_REQUEST -> call(entry, service);
        case CALL_RESPONSE, CALL_ERROR -> {
          services.add(entry, service);
          destinations.add(entry, entry.destination());
        }
        case HOOK_INSTALLED -> hook(installed, entry, service);
        case HOOK_MISSING -> hook(missing, entry, service);
        case AGENT_SELFTEST -> {
          if (!attribute(entry, "outcome").equals("refused")) {
            failed.add(entry, service, entry.library(), "self-test " + attribute(entry, "why"));
          }
        }
        case AGENT_FAULT -> failed.add(entry, service, entry.library(), entry.error());
        case POLICY_ACTIVATE -> policy(entry, service, "in force");
        case POLICY_REJECT -> policy(entry, service, "rejected: " + entry.reason());
        case GAP -> sum(trouble, entry, number(attribute(entry, "lost")), service, "records lost");
        case RECOVER -> trouble.add(entry, service, "directory abandoned");
        case REDACT_LOG -> findings(entry, "in log lines");
        case REDACT_RESPONSE -> findings(entry, "in responses");
        case ACCESS_READ -> accesses.add(entry, entry.actor(), attribute(entry, "command"));
        case DEVICE_DOWN -> trouble.add(entry, service, "device down");
        case PRUNE -> {
          long gone = number(attribute(entry, "records")) - number(attribute(entry, "from"));
          sum(trouble, entry, gone, service, "records pruned");
        }
        case AGENT_START,
            AGENT_STOP,
            POLICY_LOAD,
            SEAL,
            FORCE,
            DEVICE_UP,
            AGGREGATE,
            HOLD,
            DSR_REQUEST,
            DSR_FIND,
            DSR_EXPORT,
            DSR_ERASE,
            KEY_CREATE,
            KEY_DESTROY,
            DICT_ADD,
            UNKNOWN -> {}
      }
    }

    private void call(JournalEntry entry, String service) {
      services.add(entry, service);
      destinations.add(entry, entry.destination());
      costs.add(entry, service, entry.callClass());
      Outcome outcome = Outcome.of(entry.decision());
      String rule = entry.rules().isEmpty() ? "" : entry.rules().get(0);
      switch (outcome) {
        case REFUSED, ESCALATED, OBSERVED ->
            refusals.add(
                entry,
                entry.decision(),
                rule,
                entry.reason(),
                entry.destination(),
                operation(entry));
        case APPROVAL -> approval(entry, rule);
        case ALLOWED, REDACTED, OTHER -> {
          if (entry.decision().equals("approved")) {
            approval(entry, rule);
          }
        }
      }
      if (entry.decision().startsWith("would_approve")) {
        approval(entry, rule);
      }
      findings(entry, "in calls");
      if (!entry.noEvidence().isEmpty()) {
        sum(trouble, entry, 1, service, "no evidence: " + entry.noEvidence());
      } else if (entry.evidenceCutBytes() > 0) {
        sum(trouble, entry, 1, service, "evidence: only the beginning of the body");
      }
      Instant hour = entry.time().truncatedTo(ChronoUnit.HOURS);
      long[] counts = hours.get(hour);
      if (counts == null) {
        if (hours.size() == MAX_HOURS) {
          hoursBeyond++;
          return;
        }
        counts = new long[Outcome.values().length];
        hours.put(hour, counts);
      }
      counts[outcome.ordinal()]++;
    }

    private void approval(JournalEntry entry, String rule) {
      approvals.add(entry, entry.decision(), rule, attribute(entry, "approval"), operation(entry));
    }

    private void findings(JournalEntry entry, String where) {
      for (Map.Entry<String, Integer> finding : entry.findings().entrySet()) {
        sum(findings, entry, finding.getValue(), finding.getKey(), where);
      }
    }

    private static void hook(Tally tally, JournalEntry entry, String service) {
      tally.add(entry, service, entry.library(), attribute(entry, "hook"));
    }

    private void policy(JournalEntry entry, String service, String what) {
      String digest = attribute(entry, what.equals("in force") ? "digest" : "file");
      rules.add(
          entry,
          service,
          attribute(entry, "name"),
          attribute(entry, "serial"),
          attribute(entry, "mode"),
          digest.substring(0, Math.min(12, digest.length())),
          what);
    }

    private static void sum(Tally tally, JournalEntry entry, long amount, String... names) {
      Tally.Row row = tally.row(names);
      if (row != null) {
        row.add(entry);
        row.sum = CallTable.sum(row.sum, amount);
      }
    }

    private static String operation(JournalEntry entry) {
      return entry.operation().isEmpty() ? entry.method() : entry.operation();
    }

    private static String attribute(JournalEntry entry, String name) {
      return entry.attributes().getOrDefault(name, "");
    }

    private static long number(String text) {
      return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
    }

    // ---- the sheet

    Sheet sheet(Selection selection, Journals.Read read) {
      Sheet sheet = new Sheet("What Cordon decided");
      List<Tally.Row> only = all.rows();
      Tally.@Nullable Row sum = only.isEmpty() ? null : only.get(0);
      sheet.fact("selected", Journals.told(selection));
      sheet.fact("records", Long.toString(read.records()));
      if (!read.problem().isEmpty()) {
        sheet.fact("NOT READ", read.problem());
      }
      if (sum != null) {
        sheet.fact("from", sum.firstText()).fact("to", sum.lastText());
        sheet.fact("calls", Long.toString(sum.calls()));
        for (Outcome outcome : Outcome.values()) {
          long calls = sum.outcomes[outcome.ordinal()];
          if (calls > 0 || outcome == Outcome.REFUSED) {
            sheet.fact(outcome.title, calls + share(calls, sum.calls()));
          }
        }
        sheet.fact("cost of Cordon", cost(sum));
      }
      sheet.fact(
          "hooks",
          installed.rows().size()
              + " installed, "
              + missing.rows().size()
              + " missing, "
              + failed.rows().size()
              + " failed");
      time(sheet);
      services(sheet);
      destinations(sheet);
      refusals(sheet);
      approvals(sheet);
      findings(sheet);
      overhead(sheet);
      coverage(sheet);
      rules(sheet);
      trouble(sheet);
      accesses(sheet);
      return sheet;
    }

    private static String share(long part, long whole) {
      return whole == 0 ? "" : " (" + Math.round(part * 1000.0 / whole) / 10.0 + " %)";
    }

    private static String cost(Tally.Row sum) {
      if (sum.costNs.count() == 0) {
        return "not recorded";
      }
      return Units.duration(sum.costNs.percentile(50))
          + " a call in the middle, "
          + Units.duration(sum.costNs.percentile(99))
          + " at 99 %, "
          + Units.duration(sum.costNs.max())
          + " at most; "
          + Units.duration(sum.costNs.sum())
          + " in all"
          + (sum.latencyNs.sum() > 0
              ? share(sum.costNs.sum(), sum.latencyNs.sum())
                  .replace(" %)", " % of the calls' time)")
              : "");
    }

    private void time(Sheet sheet) {
      Map<Instant, long[]> columns = hours;
      ChronoUnit unit = ChronoUnit.HOURS;
      if (columns.size() > MAX_COLUMNS) {
        columns = folded(columns, 1);
        unit = ChronoUnit.DAYS;
      }
      for (int days = 7; columns.size() > MAX_COLUMNS; days *= 2) {
        columns = folded(columns, days);
        unit = ChronoUnit.WEEKS;
      }
      String each =
          switch (unit) {
            case HOURS -> "hour";
            case DAYS -> "day";
            default -> "several days, from the one named";
          };
      Table table =
          sheet.table(
              "time",
              "Calls over time",
              "A column for each "
                  + each
                  + " (UTC) that has calls."
                  + (hoursBeyond > 0 ? " " + hoursBeyond + " calls are left out." : ""),
              Chart.COLUMNS);
      table.column("from", "from", Unit.TEXT);
      for (Outcome outcome : Outcome.values()) {
        table.column(outcome.name().toLowerCase(java.util.Locale.ROOT), outcome.title, Unit.COUNT);
      }
      boolean hourly = unit == ChronoUnit.HOURS;
      columns.forEach(
          (from, counts) -> {
            Sheet.Row row = table.row().text(hourly ? Times.hour(from) : Times.day(from));
            for (long count : counts) {
              row.number(count);
            }
          });
    }

    private static Map<Instant, long[]> folded(Map<Instant, long[]> columns, int days) {
      Map<Instant, long[]> folded = new TreeMap<>();
      columns.forEach(
          (from, counts) -> {
            long day = Math.floorDiv(from.getEpochSecond(), 86_400L);
            Instant first =
                Instant.ofEpochSecond((day - Math.floorMod(day, (long) days)) * 86_400L);
            long[] to = folded.computeIfAbsent(first, any -> new long[counts.length]);
            for (int i = 0; i < counts.length; i++) {
              to[i] += counts[i];
            }
          });
      return folded;
    }

    private static List<Tally.Row> shown(Tally tally) {
      List<Tally.Row> rows = tally.rows();
      return rows.subList(0, Math.min(MAX_SHOWN, rows.size()));
    }

    private static String note(Tally tally, String text) {
      int rows = tally.rows().size();
      return tally.note(
          rows <= MAX_SHOWN
              ? text
              : (text.isEmpty() ? "" : text + " ")
                  + "The first "
                  + MAX_SHOWN
                  + " of "
                  + rows
                  + ".");
    }

    private void services(Sheet sheet) {
      Table table =
          sheet
              .table("services", "Services", note(services, ""), Chart.NONE)
              .column("service", "service", Unit.TEXT)
              .column("calls", "calls", Unit.COUNT)
              .column("stopped", "stopped", Unit.COUNT)
              .column("errors", "errors", Unit.COUNT)
              .column("request_bytes", "sent", Unit.BYTES)
              .column("response_bytes", "received", Unit.BYTES)
              .column("last", "last", Unit.TEXT);
      for (Tally.Row row : shown(services)) {
        table
            .row()
            .text(row.names.get(0))
            .number(row.calls())
            .number(row.stopped())
            .number(row.errors)
            .number(row.requestBytes)
            .number(row.responseBytes)
            .text(row.lastText());
      }
    }

    private void destinations(Sheet sheet) {
      Table table =
          sheet
              .table("destinations", "Destinations", note(destinations, ""), Chart.BARS)
              .column("destination", "destination", Unit.TEXT)
              .column("calls", "calls", Unit.COUNT)
              .column("stopped", "stopped", Unit.COUNT)
              .column("errors", "errors", Unit.COUNT)
              .column("latency_p50_ns", "latency p50", Unit.NS)
              .column("latency_p99_ns", "p99", Unit.NS)
              .column("last", "last", Unit.TEXT);
      for (Tally.Row row : shown(destinations)) {
        table
            .row()
            .text(row.names.get(0))
            .number(row.calls())
            .number(row.stopped())
            .number(row.errors)
            .number(row.latencyNs.percentile(50))
            .number(row.latencyNs.percentile(99))
            .text(row.lastText());
      }
    }

    private void refusals(Sheet sheet) {
      Table table =
          sheet
              .table(
                  "denials",
                  "Denials",
                  note(
                      refusals,
                      "Calls refused or handed over; would_: only observed, the call left."),
                  Chart.BARS)
              .column("decision", "decision", Unit.TEXT)
              .column("rule", "rule", Unit.TEXT)
              .column("reason", "reason", Unit.TEXT)
              .column("destination", "destination", Unit.TEXT)
              .column("operation", "operation", Unit.TEXT)
              .column("calls", "calls", Unit.COUNT)
              .column("last", "last", Unit.TEXT);
      table(table, refusals);
    }

    private void approvals(Sheet sheet) {
      Table table =
          sheet
              .table(
                  "approvals",
                  "Approvals",
                  note(approvals, "approve-wait: refused until somebody approves; approved: left."),
                  Chart.BARS)
              .column("decision", "decision", Unit.TEXT)
              .column("rule", "rule", Unit.TEXT)
              .column("approval", "approval", Unit.TEXT)
              .column("operation", "operation", Unit.TEXT)
              .column("calls", "calls", Unit.COUNT)
              .column("last", "last", Unit.TEXT);
      table(table, approvals);
    }

    private static void table(Table table, Tally tally) {
      for (Tally.Row row : shown(tally)) {
        Sheet.Row to = table.row();
        row.names.forEach(to::text);
        to.number(row.records).text(row.lastText());
      }
    }

    private void findings(Sheet sheet) {
      Table table =
          sheet
              .table("findings", "Personal data and secrets found", note(findings, ""), Chart.BARS)
              .column("type", "type", Unit.TEXT)
              .column("where", "where", Unit.TEXT)
              .column("found", "found", Unit.COUNT)
              .column("records", "records", Unit.COUNT);
      for (Tally.Row row : shown(findings)) {
        table
            .row()
            .text(row.names.get(0))
            .text(row.names.get(1))
            .number(row.sum)
            .number(row.records);
      }
    }

    private void overhead(Sheet sheet) {
      Table table =
          sheet
              .table(
                  "overhead",
                  "Overhead",
                  note(
                      costs,
                      "The time that Cordon itself took for a call before it left, as recorded."),
                  Chart.NONE)
              .column("service", "service", Unit.TEXT)
              .column("class", "class", Unit.TEXT)
              .column("calls", "calls", Unit.COUNT)
              .column("cost_p50_ns", "p50", Unit.NS)
              .column("cost_p90_ns", "p90", Unit.NS)
              .column("cost_p99_ns", "p99", Unit.NS)
              .column("cost_max_ns", "most", Unit.NS)
              .column("cost_sum_ns", "in all", Unit.NS);
      for (Tally.Row row : shown(costs)) {
        table
            .row()
            .text(row.names.get(0))
            .text(row.names.get(1))
            .number(row.costNs.count())
            .number(row.costNs.percentile(50))
            .number(row.costNs.percentile(90))
            .number(row.costNs.percentile(99))
            .number(row.costNs.max())
            .number(row.costNs.count() == 0 ? -1 : row.costNs.sum());
      }
    }

    private void coverage(Sheet sheet) {
      Table table =
          sheet
              .table(
                  "coverage",
                  "Coverage",
                  "Hooks by service. Missing: the library is there and is not guarded. Failed: a"
                      + " self-test that was not refused, or a fault of Cordon's own.",
                  Chart.NONE)
              .column("service", "service", Unit.TEXT)
              .column("library", "library", Unit.TEXT)
              .column("hook", "hook or error", Unit.TEXT)
              .column("state", "state", Unit.TEXT)
              .column("times", "times", Unit.COUNT)
              .column("last", "last", Unit.TEXT);
      coverage(table, failed, "FAILED");
      coverage(table, missing, "MISSING");
      coverage(table, installed, "installed");
    }

    private static void coverage(Table table, Tally tally, String state) {
      for (Tally.Row row : tally.named().subList(0, Math.min(MAX_SHOWN, tally.named().size()))) {
        Sheet.Row to = table.row();
        row.names.forEach(to::text);
        to.text(state).number(row.records).text(row.lastText());
      }
    }

    private void rules(Sheet sheet) {
      Table table =
          sheet
              .table("rules", "Rules", note(rules, ""), Chart.NONE)
              .column("service", "service", Unit.TEXT)
              .column("name", "name", Unit.TEXT)
              .column("serial", "serial", Unit.TEXT)
              .column("mode", "mode", Unit.TEXT)
              .column("digest", "digest", Unit.TEXT)
              .column("state", "state", Unit.TEXT)
              .column("times", "times", Unit.COUNT)
              .column("last", "last", Unit.TEXT);
      table(table, rules);
    }

    private void trouble(Sheet sheet) {
      Table table =
          sheet
              .table(
                  "losses",
                  "Losses",
                  note(
                      trouble,
                      "What the writers themselves say is missing; journal verify proves it."),
                  Chart.NONE)
              .column("service", "service", Unit.TEXT)
              .column("what", "what", Unit.TEXT)
              .column("records", "lost", Unit.COUNT)
              .column("times", "times", Unit.COUNT)
              .column("last", "last", Unit.TEXT);
      for (Tally.Row row : shown(trouble)) {
        table
            .row()
            .text(row.names.get(0))
            .text(row.names.get(1))
            .number(row.sum)
            .number(row.records)
            .text(row.lastText());
      }
    }

    private void accesses(Sheet sheet) {
      Table table =
          sheet
              .table("reads", "Reads of this journal", note(accesses, ""), Chart.NONE)
              .column("who", "who", Unit.TEXT)
              .column("command", "command", Unit.TEXT)
              .column("times", "times", Unit.COUNT)
              .column("last", "last", Unit.TEXT);
      table(table, accesses);
    }
  }
}
