package dev.cordon.audit;

import dev.cordon.journal.JournalEntry;
import dev.cordon.journal.JournalTailer;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * {@code cordon tail DIR}: prints what was decided, oldest first, and with {@code --follow} as it
 * happens.
 */
final class TailCommand {

  // 100 ms: people see no delay, and an idle tail costs half a percent of a core
  private static final long POLL_NS = 100_000_000L;

  // while records come: each is shown within 2 ms, for some 3 % of a core
  private static final long BUSY_POLL_NS = 1_000_000L;
  private static final long BUSY_FOR_NS = 1_000_000_000L;

  private static final String HELP =
      """
      usage: java -jar cordon.jar tail DIR [OPTIONS]

      Prints every journal below DIR, merged by time. Reads only; the services may be running.

        -f, --follow     go on with what is written from now, also by services that start later
            --second D   where the services keep what their first device did not take (the agent's
                         second): merged with the rest
            --json       one JSON object a line
      %s%s      --color W    always, never or auto (a terminal, and NO_COLOR is not set)
        -h, --help       this text

      exit codes: 0 all was read, 2 something could not be read, or wrong use
      """
          .formatted(Selection.HELP, Access.HELP);

  private TailCommand() {}

  static int run(List<String> arguments, PrintStream out, PrintStream err) {
    if (Arguments.asksForHelp(arguments)) {
      out.print(HELP);
      return Exit.OK;
    }
    return Attempt.run("tail", err, () -> tail(arguments, out, err));
  }

  private static int tail(List<String> arguments, PrintStream out, PrintStream err)
      throws UsageException, IOException {
    Arguments given =
        Arguments.parse(
            arguments,
            Set.of("--follow", "-f", "--json"),
            Journals.options(Set.of("--color", "--second")));
    Path directory = InventoryCommand.directory(given);
    Selection selection = Selection.of(given);
    boolean follow = given.has("--follow") || given.has("-f");
    if (follow && selection.hasEnd()) {
      throw new UsageException("--follow has no end; leave --until out");
    }
    boolean color = Terminal.isColored(given.oneOf("--color", "auto", "always", "never"));
    Journals.check(directory);
    String second = given.value("--second");
    if (second != null) {
      Journals.check(Path.of(second));
    }
    Access.record("tail", directory, given, selection.told());
    EntryPrinter printer =
        given.has("--json")
            ? new JsonPrinter(out, new EvidenceTold())
            : new TextPrinter(out, color, Terminal.columns(), ZoneId.systemDefault());
    try (JournalTailer tailer =
        JournalTailer.open(directory, second == null ? null : Path.of(second), selection.since())) {
      String problem = print(tailer, printer, selection, follow, out, err);
      if (tailer.directories() == 0) {
        err.println("cordon tail: no journal below " + directory);
        return Exit.NOT_READ;
      }
      return problem.isEmpty() && tailer.damaged() == 0 ? Exit.OK : Exit.NOT_READ;
    }
  }

  /** Returns the last thing that could not be read. */
  private static String print(
      JournalTailer tailer,
      EntryPrinter printer,
      Selection selection,
      boolean follow,
      PrintStream out,
      PrintStream err) {
    String told = "";
    long newestNs = System.nanoTime() - BUSY_FOR_NS;
    boolean any = false;
    while (true) {
      JournalEntry entry = tailer.poll();
      if (entry != null) {
        any = true;
        if (selection.wants(entry)) {
          printer.print(entry);
        }
        continue;
      }
      if (any && out.checkError()) { // flushes; the reader of our pipe went away
        return told;
      }
      String problem = Journals.problem(tailer);
      if (!problem.equals(told)) {
        err.println("cordon tail: skipped: " + Plain.text(problem));
        told = problem;
      }
      if (!follow) {
        return told;
      }
      long nowNs = System.nanoTime();
      newestNs = any ? nowNs : newestNs;
      any = false;
      LockSupport.parkNanos(nowNs - newestNs < BUSY_FOR_NS ? BUSY_POLL_NS : POLL_NS);
    }
  }
}
