package dev.cordon.audit;

import dev.cordon.rules.Bundle;
import dev.cordon.rules.RuleFileException;
import dev.cordon.rules.RuleTests;
import dev.cordon.rules.Surroundings;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;

/** {@code rules build FILE -o BUNDLE}: a rule file with all that it needs in one file. */
final class RulesBuildCommand {

  private static final String HELP =
      """
      usage: java -jar cordon.jar rules build FILE -o BUNDLE

      Puts a rule file, the layers it extends and its packs into one file, compiled, which the agent
      takes as rules=BUNDLE. All cases are run first: those in the file and those beside it.

        -o BUNDLE        the file to be written; one that is there is replaced
        -h, --help       this text

      exit codes: 0 built, 1 the rules have errors or a case fails, 2 not built
      """;

  private RulesBuildCommand() {}

  static int run(List<String> arguments, PrintStream out, PrintStream err) {
    if (Arguments.asksForHelp(arguments)) {
      out.print(HELP);
      return Exit.OK;
    }
    return Attempt.run("rules build", err, () -> build(arguments, out, err));
  }

  private static int build(List<String> arguments, PrintStream out, PrintStream err)
      throws UsageException, IOException, RuleFileException {
    Arguments given = Arguments.parse(arguments, Set.of(), Set.of("-o"));
    String target = given.value("-o");
    if (given.files().size() != 1 || target == null) {
      throw new UsageException("one file and -o BUNDLE are needed; see --help");
    }
    Path file = Path.of(given.files().get(0));
    byte[] bundle = Bundle.build(file, Surroundings.of(new RedactionDetector()));
    RuleTests.Report report = RuleTests.run(file, Surroundings.of(new RedactionDetector()));
    if (report.failures() > 0) {
      err.println(
          "cordon rules build: "
              + report.failures()
              + " of "
              + report.outcomes().size()
              + " cases fail; see: rules test "
              + file);
      return Exit.FOUND_PROBLEMS;
    }
    Path built = Path.of(target);
    replace(built, bundle);
    Bundle written = Bundle.open(built, Surroundings.of(new RedactionDetector()));
    out.println(
        built
            + ": "
            + written.name()
            + " serial "
            + written.serial()
            + " digest "
            + written.digest().substring(0, 12)
            + ", "
            + bundle.length
            + " bytes, "
            + report.outcomes().size()
            + " cases passed, not signed");
    return Exit.OK;
  }

  /** As a whole or not at all: an agent may be watching. */
  static void replace(Path file, byte[] bytes) throws IOException {
    Path absolute = file.toAbsolutePath();
    Path next = absolute.resolveSibling(absolute.getFileName() + ".next");
    Files.write(next, bytes);
    Files.move(next, absolute, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
