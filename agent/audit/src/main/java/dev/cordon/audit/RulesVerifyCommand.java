package dev.cordon.audit;

import dev.cordon.rules.Bundle;
import dev.cordon.rules.RuleFileException;
import dev.cordon.rules.Surroundings;
import dev.cordon.rules.note.VerifierKey;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** {@code rules verify BUNDLE --key PUB}: whether a bundle is whole and signed. */
final class RulesVerifyCommand {

  private static final String HELP =
      """
      usage: java -jar cordon.jar rules verify BUNDLE --key KEY

      Tells whether a bundle is what its texts say, and signed by the owner of a key.

            --key KEY    the public key, NAME+ID+BASE64, or a file that holds it; may be repeated,
                         then all must have signed
        -h, --help       this text

      exit codes: 0 all is well, 1 not signed so, or damaged, 2 not verified
      """;

  private RulesVerifyCommand() {}

  static int run(List<String> arguments, PrintStream out, PrintStream err) {
    if (Arguments.asksForHelp(arguments)) {
      out.print(HELP);
      return Exit.OK;
    }
    return Attempt.run("rules verify", err, () -> verify(arguments, out, err));
  }

  private static int verify(List<String> arguments, PrintStream out, PrintStream err)
      throws UsageException, IOException, RuleFileException {
    Arguments given = Arguments.parse(arguments, Set.of(), Set.of("--key"));
    if (given.files().size() != 1 || given.values("--key").isEmpty()) {
      throw new UsageException("one bundle and --key KEY are needed; see --help");
    }
    Path file = Path.of(given.files().get(0));
    Bundle bundle = Bundle.open(file, Surroundings.of(new RedactionDetector()));
    String label =
        bundle.name()
            + " serial "
            + bundle.serial()
            + " digest "
            + bundle.digest().substring(0, 12);
    for (String text : given.values("--key")) {
      VerifierKey key = RuleKeys.verifier(text);
      if (!bundle.isSignedBy(key)) {
        err.println(
            "cordon rules verify: "
                + file
                + ": not signed by "
                + key.name()
                + "+"
                + key.id()
                + (bundle.claims().isEmpty()
                    ? "; nobody signed it"
                    : "; it says: " + String.join(", ", bundle.claims())));
        return Exit.FOUND_PROBLEMS;
      }
      out.println(file + ": " + label + ", signed by " + key.name() + "+" + key.id());
    }
    return Exit.OK;
  }
}
