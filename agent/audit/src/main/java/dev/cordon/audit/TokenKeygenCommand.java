package dev.cordon.audit;

import dev.cordon.redaction.RedactionKey;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** {@code token keygen TENANT -o FILE}: a key for pseudonyms and tokens that can be opened. */
final class TokenKeygenCommand {

  private static final String HELP =
      """
      usage: java -jar cordon.jar token keygen TENANT -o FILE

      Makes the key of a tenant in FILE, which only its owner may read. The agent takes it as
      redaction-key=FILE. Who holds it can open the tokens of `with: siv`, and can find out by
      trying whose pseudonym one is. Where it is lost, no token is opened again.

        -o FILE          must not be there yet
        -h, --help       this text

      exit codes: 0 made, 2 not made
      """;

  private TokenKeygenCommand() {}

  static int run(List<String> arguments, PrintStream out, PrintStream err) {
    if (Arguments.asksForHelp(arguments)) {
      out.print(HELP);
      return Exit.OK;
    }
    return Attempt.run("token keygen", err, () -> make(arguments, out));
  }

  private static int make(List<String> arguments, PrintStream out)
      throws UsageException, IOException {
    Arguments given = Arguments.parse(arguments, Set.of(), Set.of("-o"));
    String file = given.value("-o");
    if (given.words().size() != 1 || file == null) {
      throw new UsageException("a tenant and -o FILE are needed; see --help");
    }
    RedactionKey key;
    try {
      key = RedactionKey.generate(given.words().get(0));
    } catch (IllegalArgumentException wrong) {
      throw new UsageException(String.valueOf(wrong.getMessage()));
    }
    RuleKeys.write(Path.of(file), key.secret(), "rw-------");
    out.println("key of " + key.tenant() + " in " + file);
    return Exit.OK;
  }
}
