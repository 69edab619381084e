package dev.cordon.audit;

import dev.cordon.rules.RuleFileException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** {@code rules suggest DIR}: a rule file that allows what a journal has seen. */
final class RulesSuggestCommand {

  private static final String HELP =
      """
      usage: java -jar cordon.jar rules suggest [OPTIONS] DIR

      Writes the smallest rule file that allows the calls of the journal below DIR. Deletions,
      money and what a pack says cannot be taken back wait for an approval; everything else is
      refused. The file has a case for each rule, of made-up values. What it left out is told on
      stderr. Read it before you use it: it allows what was done, not what is right.

            --out FILE     write here, not to stdout; FILE must not exist
            --name NAME    of the rule set; without it suggested
            --owner WHO    of the rules; without it change-me@example.com
            --observe      write mode: observe
            --since T      from T on: 10m, 2h, 3d (ago), 2026-11-21, 2026-11-21T10:15:00Z
      %s  -h, --help         this text

      exit codes: 0 written, 2 not written, or part of the journal could not be read
      """
          .formatted(Access.HELP);

  private RulesSuggestCommand() {}

  static int run(List<String> arguments, PrintStream out, PrintStream err) {
    if (Arguments.asksForHelp(arguments)) {
      out.print(HELP);
      return Exit.OK;
    }
    return Attempt.run("rules suggest", err, () -> suggest(arguments, out, err));
  }

  private static int suggest(List<String> arguments, PrintStream out, PrintStream err)
      throws UsageException, IOException, RuleFileException {
    Arguments given =
        Arguments.parse(
            arguments,
            Set.of("--observe"),
            Set.of("--out", "--name", "--owner", "--since", Access.OPTION));
    String to = given.value("--out");
    if (to != null && Files.exists(Path.of(to))) {
      throw new UsageException(to + " exists; name another file");
    }
    CallTable table = new CallTable();
    Path directory = InventoryCommand.directory(given);
    Access.record("rules suggest", directory, given, List.of());
    PastCalls.Read read = PastCalls.each(directory, InventoryCommand.since(given), table::add);
    if (table.calls() == 0) {
      throw new UsageException("the journal has no decided calls; let the service run first");
    }
    Suggestion.Made made =
        new Suggestion(
                table,
                word(given, "--name", "suggested"),
                word(given, "--owner", "change-me@example.com"),
                given.has("--observe"))
            .make();
    if (to == null) {
      out.print(made.text());
    } else {
      Files.writeString(Path.of(to), made.text(), StandardCharsets.UTF_8);
    }
    err.println(Suggestion.counts(made.possibleWrites(), made.allowed(), made.approved()));
    for (String one : made.cut()) {
      err.println("left out: " + one);
    }
    if (table.beyond() > 0) {
      err.println("left out: " + table.beyond() + " calls, of kinds beyond " + CallTable.MAX_ROWS);
    }
    if (!read.problem().isEmpty()) {
      err.println("cordon rules suggest: not all was read: " + Plain.text(read.problem()));
    }
    return read.problem().isEmpty() ? Exit.OK : Exit.NOT_READ;
  }

  /** It stands in the file as it is. */
  private static String word(Arguments given, String option, String ifNone) throws UsageException {
    String value = given.value(option);
    if (value == null) {
      return ifNone;
    }
    if (!value.matches("[\\w@./-]{1,100}")) {
      throw new UsageException(option + " takes letters, digits, '@', '.', '/', '-' and '_'");
    }
    return value;
  }
}
