package dev.cordon.audit;

import dev.cordon.rules.Bundle;
import dev.cordon.rules.RuleFileException;
import dev.cordon.rules.Surroundings;
import dev.cordon.rules.note.SignerKey;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** {@code rules sign BUNDLE --key FILE}: puts a signature under a bundle. */
final class RulesSignCommand {

  private static final String HELP =
      """
      usage: java -jar cordon.jar rules sign BUNDLE --key FILE [OPTIONS]

      Signs a bundle, after it has been built again from the texts in it and is the same. Others'
      signatures stay.

            --key FILE   the private key, as rules keygen makes it; nobody else may read it
            --fail-on S  warning: who owns a rule must not be the one who signs it (CRD410)
        -h, --help       this text

      exit codes: 0 signed, 1 the bundle is damaged, or a warning with --fail-on, 2 not signed
      """;

  private RulesSignCommand() {}

  static int run(List<String> arguments, PrintStream out, PrintStream err) {
    if (Arguments.asksForHelp(arguments)) {
      out.print(HELP);
      return Exit.OK;
    }
    return Attempt.run("rules sign", err, () -> sign(arguments, out, err));
  }

  private static int sign(List<String> arguments, PrintStream out, PrintStream err)
      throws UsageException, IOException, RuleFileException {
    Arguments given = Arguments.parse(arguments, Set.of(), Set.of("--key", "--fail-on"));
    String keyFile = given.value("--key");
    if (given.files().size() != 1 || keyFile == null) {
      throw new UsageException("one bundle and --key FILE are needed; see --help");
    }
    boolean strict = given.oneOf("--fail-on", "error", "warning").equals("warning");
    Path file = Path.of(given.files().get(0));
    SignerKey key = RuleKeys.signer(Path.of(keyFile));
    Bundle bundle = Bundle.open(file, Surroundings.of(new RedactionDetector()));
    String signer = key.verifier().name();
    if (bundle.owners().contains(signer)) {
      err.println(
          file
              + ": warning[CRD410] "
              + signer
              + " owns rules in it and signs them, too\n"
              + "      | let somebody else sign what you write");
      if (strict) {
        return Exit.FOUND_PROBLEMS;
      }
    }
    RulesBuildCommand.replace(file, bundle.signed(key));
    out.println(
        file
            + ": "
            + bundle.name()
            + " serial "
            + bundle.serial()
            + " signed by "
            + signer
            + "+"
            + key.verifier().id());
    return Exit.OK;
  }
}
