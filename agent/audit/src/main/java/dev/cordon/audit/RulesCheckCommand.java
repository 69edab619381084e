package dev.cordon.audit;

import dev.cordon.rules.Problem;
import dev.cordon.rules.RuleSet;
import dev.cordon.rules.Surroundings;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code rules check FILE}: all that is wrong with rule files, in the form of a compiler. */
final class RulesCheckCommand {

  private static final String HELP =
      """
      usage: java -jar cordon.jar rules check [--strict] FILE...

      Tells all errors and warnings of rule files; docs/rule-language.md lists the codes.

            --strict     warnings count, too
        -h, --help       this text

      exit codes: 0 clean, 1 errors (with --strict: or warnings), 2 not checked
      """;

  private RulesCheckCommand() {}

  static int run(List<String> arguments, PrintStream out, PrintStream err) {
    boolean strict = false;
    List<String> files = new ArrayList<>();
    for (String argument : arguments) {
      if (argument.equals("--help") || argument.equals("-h")) {
        out.print(HELP);
        return Exit.OK;
      } else if (argument.equals("--strict")) {
        strict = true;
      } else if (argument.startsWith("-")) {
        err.println("cordon rules check: unknown option '" + argument + "'; see --help");
        return Exit.USAGE;
      } else {
        files.add(argument);
      }
    }
    if (files.isEmpty()) {
      err.print(HELP);
      return Exit.USAGE;
    }
    int exit = Exit.OK;
    for (String file : files) {
      exit = Math.max(exit, check(file, strict, out, err));
    }
    return exit;
  }

  private static int check(String file, boolean strict, PrintStream out, PrintStream err) {
    List<Problem> problems;
    try {
      problems = RuleSet.check(Path.of(file), Surroundings.of(new RedactionDetector()));
    } catch (NoSuchFileException e) {
      err.println("cordon rules check: no such file: " + file);
      return Exit.USAGE;
    } catch (IOException | InvalidPathException e) {
      err.println("cordon rules check: cannot read " + file + ": " + e.getMessage());
      return Exit.USAGE;
    }
    int errors = 0;
    for (Problem problem : problems) {
      out.println(problem);
      errors += problem.isError() ? 1 : 0;
    }
    int warnings = problems.size() - errors;
    if (problems.isEmpty()) {
      out.println(file + ": no problem");
    } else {
      out.println(file + ": " + count(errors, "error") + ", " + count(warnings, "warning"));
    }
    return errors > 0 || (strict && warnings > 0) ? Exit.FOUND_PROBLEMS : Exit.OK;
  }

  private static String count(int number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }
}
