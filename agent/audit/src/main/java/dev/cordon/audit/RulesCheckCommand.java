package dev.cordon.audit;

import dev.cordon.rules.JournalLint;
import dev.cordon.rules.Problem;
import dev.cordon.rules.RuleLint;
import dev.cordon.rules.Surroundings;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code rules check FILE}: all that is wrong with rule files, in the form of a compiler. */
final class RulesCheckCommand {
  private static final int JOURNAL_DAYS = 30;

  private static final String HELP =
      """
      usage: java -jar cordon.jar rules check [OPTIONS] FILE...

      Tells all errors and warnings of rule files; docs/rule-language.md lists the codes.

            --journal D  tell also what the journal below D speaks against: hosts and rules that
                         no call met in 30 days, calls that nothing classifies
            --format F   text, json, sarif (2.1.0) or junit
            --fail-on S  error or warning: from where on the exit code is 1; without it error
            --color W    always, never, or auto: on a terminal, unless NO_COLOR is set
            --as NAME    with --journal: who reads, recorded in the journal of the service "access"
                         below D before anything is read; without it the variable CORDON_AS
        -h, --help       this text

      exit codes: 0 clean, 1 findings at --fail-on, 2 not checked
      """;

  private RulesCheckCommand() {}

  /**
   * What was found in one file that was named, and in the layers below it.
   *
   * @param news those that no file before it has: files may stand on the same layer
   * @param unread why it could not be read; empty when it was
   */
  record Checked(String file, List<Problem> problems, List<Problem> news, String unread) {
    int errors() {
      int errors = 0;
      for (Problem problem : problems) {
        errors += problem.isError() ? 1 : 0;
      }
      return errors;
    }
  }

  static int run(List<String> arguments, PrintStream out, PrintStream err) {
    if (Arguments.asksForHelp(arguments)) {
      out.print(HELP);
      return Exit.OK;
    }
    return Attempt.run("rules check", err, () -> check(arguments, out, err));
  }

  private static int check(List<String> arguments, PrintStream out, PrintStream err)
      throws UsageException, IOException {
    Arguments given =
        Arguments.parse(
            arguments,
            Set.of(),
            Set.of("--format", "--fail-on", "--color", "--journal", Access.OPTION));
    JournalLint.Seen seen = seen(given, err);
    String format = given.oneOf("--format", "text", "json", "sarif", "junit");
    boolean warningsCount = given.oneOf("--fail-on", "error", "warning").equals("warning");
    boolean colored = Terminal.isColored(given.oneOf("--color", "auto", "always", "never"));
    List<Checked> all = new ArrayList<>();
    boolean unread = false;
    Set<Problem> told = new HashSet<>();
    for (String file : given.files()) {
      try {
        List<Problem> problems =
            new ArrayList<>(
                RuleLint.check(Path.of(file), Surroundings.of(new RedactionDetector())));
        if (seen != null) {
          problems.addAll(
              JournalLint.check(Path.of(file), Surroundings.of(new RedactionDetector()), seen));
        }
        List<Problem> news = new ArrayList<>(problems);
        news.removeIf(problem -> !told.add(problem));
        all.add(new Checked(file, problems, news, ""));
      } catch (IOException | InvalidPathException e) {
        err.println("cordon rules check: " + Attempt.reason(e));
        all.add(new Checked(file, List.of(), List.of(), Attempt.reason(e)));
        unread = true;
      }
    }
    switch (format) {
      case "json" -> out.println(json(all));
      case "sarif" -> out.println(Sarif.of(all));
      case "junit" -> out.println(junit(all, warningsCount));
      default -> text(all, colored, out);
    }
    boolean found = false;
    for (Checked checked : all) {
      found |= checked.errors() > 0 || (warningsCount && !checked.problems().isEmpty());
    }
    return unread ? Exit.USAGE : found ? Exit.FOUND_PROBLEMS : Exit.OK;
  }

  /** Null without a journal to look into. */
  private static JournalLint.@Nullable Seen seen(Arguments given, PrintStream err)
      throws UsageException, IOException {
    String directory = given.value("--journal");
    if (directory == null) {
      if (given.value(Access.OPTION) != null) {
        throw new UsageException(Access.OPTION + " goes with --journal only: nothing else is read");
      }
      return null;
    }
    Access.record("rules check", Path.of(directory), given, List.of());
    CallTable table = new CallTable();
    Set<String> rules = new HashSet<>();
    PastCalls.Read read =
        PastCalls.each(
            Path.of(directory),
            Instant.now().minus(JOURNAL_DAYS, ChronoUnit.DAYS),
            entry -> {
              table.add(entry);
              rules.addAll(entry.rules());
            });
    if (!read.problem().isEmpty()) {
      err.println("cordon rules check: skipped: " + read.problem());
    }
    Instant first = table.first();
    if (first == null) {
      throw new UsageException(
          "the journal below " + directory + " has no call of the last " + JOURNAL_DAYS + " days");
    }
    Set<String> hosts = new HashSet<>();
    List<JournalLint.Kind> kinds = new ArrayList<>();
    for (CallTable.Row row : table.rows()) {
      int colon = row.destination.lastIndexOf(':');
      hosts.add(colon < 0 ? row.destination : row.destination.substring(0, colon));
      if (row.example != null) {
        kinds.add(new JournalLint.Kind(row.call(), row.calls, row.example));
      }
    }
    String since = first.atZone(ZoneOffset.UTC).toLocalDate().toString();
    return new JournalLint.Seen(since, hosts, rules, kinds);
  }

  private static void text(List<Checked> all, boolean colored, PrintStream out) {
    for (Checked checked : all) {
      if (!checked.unread().isEmpty()) {
        continue; // told on stderr
      }
      for (Problem problem : checked.news()) {
        out.println(colored ? colored(problem) : problem.toString());
      }
      int errors = checked.errors();
      int warnings = checked.problems().size() - errors;
      out.println(
          checked.file()
              + ": "
              + (checked.problems().isEmpty()
                  ? "no problem"
                  : count(errors, "error")
                      + ", "
                      + count(warnings, "warning")
                      + (checked.news().size() < checked.problems().size()
                          ? "; those of a layer that is told above among them"
                          : "")));
    }
  }

  private static String colored(Problem problem) {
    String word = (problem.isError() ? "error[" : "warning[") + problem.code() + "]";
    String text = problem.toString();
    int at = text.indexOf(word, problem.file().length());
    return text.substring(0, at)
        + (problem.isError() ? "\u001b[31m" : "\u001b[33m")
        + word
        + "\u001b[0m"
        + text.substring(at + word.length());
  }

  private static String count(int number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }

  private static Json json(List<Checked> all) {
    Json json = new Json().open('{').key("files").open('[');
    for (Checked checked : all) {
      json.item().open('{').text("file", checked.file());
      if (!checked.unread().isEmpty()) {
        json.text("unread", checked.unread());
      }
      json.number("errors", checked.errors());
      json.number("warnings", checked.problems().size() - checked.errors());
      json.key("problems").open('[');
      for (Problem problem : checked.problems()) {
        json.item().open('{');
        json.text("file", problem.file());
        json.number("line", problem.line()).number("column", problem.column());
        json.number("width", problem.width());
        json.text("code", problem.code());
        json.text("severity", problem.isError() ? "error" : "warning");
        json.text("message", problem.message());
        json.text("hint", problem.hint());
        json.close('}');
      }
      json.close(']').close('}');
    }
    return json.close(']').close('}');
  }

  private static JUnit junit(List<Checked> all, boolean warningsCount) {
    JUnit junit = new JUnit();
    for (Checked checked : all) {
      JUnit.Suite suite = junit.suite(checked.file());
      if (!checked.unread().isEmpty()) {
        suite.broken("read", checked.unread());
      } else if (checked.problems().isEmpty()) {
        suite.passed("no problem");
      }
      for (Problem problem : checked.problems()) {
        String name = problem.code() + " at " + problem.line() + ":" + problem.column();
        if (problem.isError() || warningsCount) {
          suite.failed(name, problem.code(), problem.message(), problem.toString());
        } else {
          suite.noted(name, problem.toString());
        }
      }
    }
    return junit;
  }
}
