package dev.cordon.audit;

import dev.cordon.audit.Sheet.Chart;
import dev.cordon.audit.Sheet.Table;
import dev.cordon.audit.Sheet.Unit;
import dev.cordon.journal.JournalEntry;
import dev.cordon.journal.RecordKind;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** {@code stats DIR}: counts the records of a journal by what they have. */
final class StatsCommand {

  private static final String HELP =
      """
      usage: java -jar cordon.jar stats DIR [OPTIONS]

      Counts the records of the journals below DIR, with latency, sizes and the time that Cordon
      itself took. Percentiles are right to a sixteenth.

            --by WHAT    decision (the default), kind, rule, reason, destination, operation, class,
                         method, actor, service, run, library, error, status, finding, hour or day;
                         several with commas
      %s%s%s  -h, --help       this text

      exit codes: 0 all was read, 2 something could not be read, or wrong use
      """
          .formatted(Selection.HELP, SheetForms.HELP, Access.HELP);

  /** What records can be counted by. */
  private enum By {
    DECISION,
    KIND,
    RULE,
    REASON,
    DESTINATION,
    OPERATION,
    CLASS,
    METHOD,
    ACTOR,
    SERVICE,
    RUN,
    LIBRARY,
    ERROR,
    STATUS,
    FINDING,
    HOUR,
    DAY;

    private boolean isOfAnyRecord() {
      return this == KIND || this == SERVICE || this == RUN || this == HOUR || this == DAY;
    }

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** One for most; a record may have several rules and findings and counts for each. */
    List<String> of(JournalEntry entry) {
      if (entry.kind() == RecordKind.AGGREGATE && !isOfAnyRecord()) {
        return List.of(""); // it tells of calls and is none
      }
      return switch (this) {
        case DECISION -> List.of(entry.decision());
        case KIND -> List.of(label(entry));
        case RULE -> entry.rules().isEmpty() ? List.of("") : entry.rules();
        case REASON -> List.of(entry.reason());
        case DESTINATION -> List.of(entry.destination());
        case OPERATION -> List.of(entry.operation());
        case CLASS -> List.of(entry.callClass());
        case METHOD -> List.of(entry.method());
        case ACTOR -> List.of(entry.actor().isEmpty() ? entry.instance().service() : entry.actor());
        case SERVICE -> List.of(entry.instance().service());
        case RUN -> List.of(entry.instance().run());
        case LIBRARY -> List.of(entry.library());
        case ERROR -> List.of(entry.error());
        case STATUS -> List.of(entry.status() == 0 ? "" : Integer.toString(entry.status()));
        case FINDING ->
            entry.findings().isEmpty() ? List.of("") : List.copyOf(entry.findings().keySet());
        case HOUR -> List.of(Times.hour(entry.time()));
        case DAY -> List.of(Times.day(entry.time()));
      };
    }
  }

  private StatsCommand() {}

  static String label(JournalEntry entry) {
    return entry.kind() == RecordKind.UNKNOWN ? "kind-" + entry.kindCode() : entry.kind().label();
  }

  static int run(List<String> arguments, PrintStream out, PrintStream err) {
    if (Arguments.asksForHelp(arguments)) {
      out.print(HELP);
      return Exit.OK;
    }
    return Attempt.run("stats", err, () -> stats(arguments, out, err));
  }

  private static int stats(List<String> arguments, PrintStream out, PrintStream err)
      throws UsageException, IOException {
    Set<String> own = Set.of("--by", "--format", "-o");
    Arguments given = Arguments.parse(arguments, Set.of(), Journals.options(own));
    Path directory = InventoryCommand.directory(given);
    Selection selection = Selection.of(given);
    List<By> by = by(given);
    SheetForms.format(given);
    Tally tally = new Tally();
    long[] without = new long[1];
    Journals.Read read =
        Journals.each(
            "stats",
            given,
            directory,
            selection,
            entry -> {
              if (!add(tally, by, 0, new String[by.size()], entry)) {
                without[0]++;
              }
            });
    SheetForms.show(sheet(tally, by, selection, read, without[0]), given, out);
    return read.tell("stats", err);
  }

  private static List<By> by(Arguments given) throws UsageException {
    List<By> by = new ArrayList<>();
    for (String list : given.values("--by")) {
      for (String word : list.split(",", -1)) {
        By found = null;
        for (By one : By.values()) {
          found = one.word().equals(word) ? one : found;
        }
        if (found == null || by.contains(found)) {
          throw new UsageException(
              "--by "
                  + word
                  + ": one or more of "
                  + String.join(", ", Stream.of(By.values()).map(By::word).toList())
                  + ", each once");
        }
        by.add(found);
      }
    }
    return by.isEmpty() ? List.of(By.DECISION) : by;
  }

  /** False when the record has nothing of what is counted by. */
  private static boolean add(
      Tally tally, List<By> by, int from, String[] names, JournalEntry entry) {
    if (from == names.length) {
      boolean any = false;
      for (String name : names) {
        any |= !name.isEmpty();
      }
      if (any) {
        tally.add(entry, names.clone());
      }
      return any;
    }
    boolean any = false;
    for (String name : by.get(from).of(entry)) {
      names[from] = name;
      any |= add(tally, by, from + 1, names, entry);
    }
    return any;
  }

  private static Sheet sheet(
      Tally tally, List<By> by, Selection selection, Journals.Read read, long without) {
    String words = String.join(", ", by.stream().map(By::word).toList());
    Sheet sheet = new Sheet("Records by " + words);
    sheet.fact("selected", Journals.told(selection));
    sheet.fact("records", Long.toString(read.records()));
    if (without > 0) {
      sheet.fact("without " + words, Long.toString(without));
    }
    if (!read.problem().isEmpty()) {
      sheet.fact("NOT READ", read.problem());
    }
    boolean overTime = by.contains(By.HOUR) || by.contains(By.DAY);
    Table table = sheet.table("records", "Records", tally.note(""), Chart.BARS);
    by.forEach(one -> table.column(one.word(), one.word(), Unit.TEXT));
    table
        .column("records", "records", Unit.COUNT)
        .column("stopped", "stopped", Unit.COUNT)
        .column("errors", "errors", Unit.COUNT)
        .column("latency_p50_ns", "latency p50", Unit.NS)
        .column("latency_p99_ns", "p99", Unit.NS)
        .column("cost_p50_ns", "cost p50", Unit.NS)
        .column("cost_p99_ns", "p99", Unit.NS)
        .column("request_bytes", "sent", Unit.BYTES)
        .column("response_bytes", "received", Unit.BYTES)
        .column("last", "last", Unit.TEXT);
    for (Tally.Row row : overTime ? tally.named() : tally.rows()) {
      Sheet.Row to = table.row();
      row.names.forEach(to::text);
      to.number(row.records).number(row.stopped()).number(row.errors);
      to.number(row.latencyNs.percentile(50)).number(row.latencyNs.percentile(99));
      to.number(row.costNs.percentile(50)).number(row.costNs.percentile(99));
      to.number(row.requestBytes).number(row.responseBytes).text(row.lastText());
    }
    return sheet;
  }
}
