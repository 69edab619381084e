package dev.cordon.audit;

import dev.cordon.rules.Decision;
import dev.cordon.rules.Explanation;
import dev.cordon.rules.Packs;
import dev.cordon.rules.RuleFileException;
import dev.cordon.rules.RuleSet;
import dev.cordon.rules.Surroundings;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** {@code classify 'POST https://...'}: what a call is, by the packs or by a rule file. */
final class ClassifyCommand {
  private static final int INSPECTED_BYTES = 256 * 1024; // as a rule file that does not say

  private static final String HELP =
      """
      usage: java -jar cordon.jar classify 'METHOD URL' [OPTIONS]

      Tells the class of a call (read, write, write-high, unknown) and what it is called, by the
      pack that knows its host. No value of the call is printed.

            --rules FILE by this rule file's destinations, packs and classify lines
      %s  -h, --help       this text

      exit codes: 0 told, 1 the rule file has errors, 2 not told
      """
          .formatted(GivenCall.OPTIONS);

  private ClassifyCommand() {}

  static int run(List<String> arguments, PrintStream out, PrintStream err) {
    if (Arguments.asksForHelp(arguments)) {
      out.print(HELP);
      return Exit.OK;
    }
    return Attempt.run("classify", err, () -> classify(arguments, out));
  }

  private static int classify(List<String> arguments, PrintStream out)
      throws UsageException, IOException, RuleFileException {
    Arguments given = Arguments.parse(arguments, Set.of(), Set.of("--rules", "--body", "--header"));
    if (given.words().size() != 1) {
      throw new UsageException("one call, please, as in 'POST https://api.example.com/x'");
    }
    GivenCall call = new GivenCall(given.words().get(0), given);
    Surroundings surroundings = Surroundings.of(new RedactionDetector());
    String file = given.value("--rules");
    Explanation explanation;
    if (file == null) {
      explanation = Packs.explain(call.facts(INSPECTED_BYTES), surroundings);
    } else {
      RuleSet rules = RuleSet.load(Path.of(file), surroundings);
      explanation = rules.explain(call.facts(rules.inspectUpToBytes()));
    }
    Decision decision = explanation.decision();
    out.println("class:     " + decision.callClass().code());
    out.println(
        "operation: " + (decision.operation().isEmpty() ? "not known" : decision.operation()));
    for (String note : explanation.notes()) {
      int colon = note.indexOf(':') + 1;
      String label = note.substring(0, colon);
      out.println(
          label + " ".repeat(Math.max(1, 11 - label.length())) + note.substring(colon).strip());
    }
    return Exit.OK;
  }
}
