package dev.cordon.audit;

import dev.cordon.rules.RuleFileException;
import dev.cordon.rules.RuleTests;
import dev.cordon.rules.Surroundings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code rules test FILE}: the cases of rule files and packs, and which rules have none. */
final class RulesTestCommand {

  private static final String HELP =
      """
      usage: java -jar cordon.jar rules test [OPTIONS] FILE...

      Runs the cases of rule files and packs: `tests:` in the file itself, and NAME.cases.yaml
      beside NAME.yaml. Tells which rules no case touches.

            --format F   text, json or junit
            --untouched  a rule that no case touches is a failure
            --color W    always, never, or auto: on a terminal, unless NO_COLOR is set
        -h, --help       this text

      exit codes: 0 all passed, 1 a case failed or a file has errors, 2 not run
      """;

  private static final String CASES = ".cases.yaml";

  private RulesTestCommand() {}

  static int run(List<String> arguments, PrintStream out, PrintStream err) {
    if (Arguments.asksForHelp(arguments)) {
      out.print(HELP);
      return Exit.OK;
    }
    return Attempt.run("rules test", err, () -> test(arguments, out, err));
  }

  private static int test(List<String> arguments, PrintStream out, PrintStream err)
      throws UsageException {
    Arguments given =
        Arguments.parse(arguments, Set.of("--untouched"), Set.of("--format", "--color"));
    String format = given.oneOf("--format", "text", "json", "junit");
    boolean colored = Terminal.isColored(given.oneOf("--color", "auto", "always", "never"));
    boolean untouchedFails = given.has("--untouched");
    Set<String> files = new LinkedHashSet<>(); // rules/*.yaml names the cases, too
    for (String file : given.files()) {
      files.add(
          file.endsWith(CASES)
              ? file.substring(0, file.length() - CASES.length()) + ".yaml"
              : file);
    }
    List<RuleTests.Report> reports = new ArrayList<>();
    Map<String, String> notRun = new LinkedHashMap<>();
    int exit = Exit.OK;
    for (String file : files) {
      ByteArrayOutputStream told = new ByteArrayOutputStream();
      PrintStream kept = new PrintStream(told, true, StandardCharsets.UTF_8);
      int before = reports.size();
      int one = Attempt.run("rules test", kept, () -> test(file, untouchedFails, reports));
      err.print(told.toString(StandardCharsets.UTF_8));
      if (reports.size() == before) {
        notRun.put(file, told.toString(StandardCharsets.UTF_8).strip());
      }
      exit = Math.max(exit, one);
    }
    switch (format) {
      case "json" -> out.println(json(reports, notRun));
      case "junit" -> out.println(junit(reports, notRun, untouchedFails));
      default -> reports.forEach(report -> text(report, untouchedFails, colored, out));
    }
    return exit;
  }

  private static int test(String file, boolean untouchedFails, List<RuleTests.Report> reports)
      throws UsageException, IOException, RuleFileException {
    RuleTests.Report report =
        RuleTests.run(Path.of(file), Surroundings.of(new RedactionDetector()));
    if (report.outcomes().isEmpty()) {
      throw new UsageException(
          "no cases for " + file + "; write tests: into it, or NAME.cases.yaml beside it");
    }
    reports.add(report);
    boolean failed = report.failures() > 0 || (untouchedFails && !report.untouched().isEmpty());
    return failed ? Exit.FOUND_PROBLEMS : Exit.OK;
  }

  private static void text(
      RuleTests.Report report, boolean untouchedFails, boolean colored, PrintStream out) {
    out.println(report.file());
    for (RuleTests.Outcome outcome : report.outcomes()) {
      String mark = outcome.passed() ? paint("ok  ", "32", colored) : paint("FAIL", "31", colored);
      out.println(
          "├─ "
              + mark
              + " "
              + outcome.call()
              + " -> "
              + outcome.expected()
              + "  "
              + outcome.file()
              + ":"
              + outcome.line());
      for (String failure : outcome.failures()) {
        out.println("│      " + failure);
      }
    }
    for (RuleTests.Target target : report.untouched()) {
      out.println(
          "├─ "
              + paint(untouchedFails ? "FAIL" : "none", untouchedFails ? "31" : "33", colored)
              + " no case touches "
              + target.id()
              + " ("
              + target.then()
              + ")"
              + (target.line() > 0 ? "  " + report.file() + ":" + target.line() : ""));
    }
    int failures = report.failures();
    out.println(
        "└─ "
            + (report.outcomes().size() - failures)
            + " passed, "
            + failures
            + " failed; touched "
            + (report.targets() - report.untouched().size())
            + " of "
            + report.targets());
  }

  private static String paint(String text, String color, boolean colored) {
    return colored ? "\u001b[" + color + "m" + text + "\u001b[0m" : text;
  }

  private static Json json(List<RuleTests.Report> reports, Map<String, String> notRun) {
    Json json = new Json().open('{').key("files").open('[');
    for (RuleTests.Report report : reports) {
      json.item().open('{').text("file", report.file()).text("digest", report.digest());
      json.number("passed", report.outcomes().size() - report.failures());
      json.number("failed", report.failures());
      json.key("cases").open('[');
      for (RuleTests.Outcome outcome : report.outcomes()) {
        json.item().open('{').text("file", outcome.file()).number("line", outcome.line());
        json.text("call", outcome.call()).text("expected", outcome.expected());
        json.flag("passed", outcome.passed()).texts("failures", outcome.failures()).close('}');
      }
      json.close(']').number("targets", report.targets()).key("untouched").open('[');
      for (RuleTests.Target target : report.untouched()) {
        json.item().open('{').text("id", target.id()).text("then", target.then());
        json.number("line", target.line()).close('}');
      }
      json.close(']').close('}');
    }
    notRun.forEach(
        (file, why) -> json.item().open('{').text("file", file).text("not-run", why).close('}'));
    return json.close(']').close('}');
  }

  private static JUnit junit(
      List<RuleTests.Report> reports, Map<String, String> notRun, boolean untouchedFails) {
    JUnit junit = new JUnit();
    notRun.forEach((file, why) -> junit.suite(file).broken("run", why));
    for (RuleTests.Report report : reports) {
      JUnit.Suite suite = junit.suite(report.file());
      for (RuleTests.Outcome outcome : report.outcomes()) {
        String name =
            outcome.call() + " -> " + outcome.expected() + " (line " + outcome.line() + ")";
        if (outcome.passed()) {
          suite.passed(name);
        } else {
          String text = outcome.file() + ":" + outcome.line() + "\n";
          suite.failed(
              name,
              "case",
              outcome.failures().get(0),
              text + String.join("\n", outcome.failures()));
        }
      }
      for (RuleTests.Target target : report.untouched()) {
        String name = "a case touches " + target.id();
        String message = "no case touches " + target.id() + " (" + target.then() + ")";
        if (untouchedFails) {
          suite.failed(name, "untouched", message, message);
        } else {
          suite.noted(name, message);
        }
      }
    }
    return junit;
  }
}
