package dev.cordon.audit;

import dev.cordon.rules.note.SignerKey;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** {@code rules keygen NAME -o FILE}: a pair of keys to sign bundles with. */
final class RulesKeygenCommand {

  private static final String HELP =
      """
      usage: java -jar cordon.jar rules keygen NAME -o FILE

      Makes an Ed25519 key: the private one in FILE, which only its owner may read, the public one
      in FILE.pub and on standard output. NAME says who signs, as release@example.com.

        -o FILE          must not be there yet
        -h, --help       this text

      exit codes: 0 made, 2 not made
      """;

  private RulesKeygenCommand() {}

  static int run(List<String> arguments, PrintStream out, PrintStream err) {
    if (Arguments.asksForHelp(arguments)) {
      out.print(HELP);
      return Exit.OK;
    }
    return Attempt.run("rules keygen", err, () -> make(arguments, out));
  }

  private static int make(List<String> arguments, PrintStream out)
      throws UsageException, IOException {
    Arguments given = Arguments.parse(arguments, Set.of(), Set.of("-o"));
    String file = given.value("-o");
    if (given.words().size() != 1 || file == null) {
      throw new UsageException("a name and -o FILE are needed; see --help");
    }
    SignerKey key;
    try {
      key = SignerKey.generate(given.words().get(0));
    } catch (IllegalArgumentException wrong) {
      throw new UsageException(String.valueOf(wrong.getMessage()));
    }
    String publicKey = key.verifier().toString();
    RuleKeys.write(Path.of(file), key.secret(), "rw-------");
    RuleKeys.write(Path.of(file + ".pub"), publicKey, "rw-r--r--");
    out.println(publicKey);
    return Exit.OK;
  }
}
