package dev.cordon.audit;

import dev.cordon.redaction.RedactionKey;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** {@code token open}: values in place of tokens, for whoever holds the key. */
final class TokenOpenCommand {

  private static final String HELP =
      """
      usage: java -jar cordon.jar token open --key KEY TOKEN...|-

      Tells what stood where `with: siv` put a token, as [EMAIL:siv:kdmb...]. With - it copies
      standard input, with the values in place of the tokens. What was sealed with another key, or
      changed since, stays as it is.

            --key KEY    a file as token keygen makes it, or env:NAME for an environment variable
                         that holds one; may be repeated, then each is tried
        -h, --help       this text

      exit codes: 0 all opened, 1 at least one is not of these keys, 2 not done
      """;

  private TokenOpenCommand() {}

  static int run(List<String> arguments, PrintStream out, PrintStream err) {
    if (Arguments.asksForHelp(arguments)) {
      out.print(HELP);
      return Exit.OK;
    }
    return Attempt.run("token open", err, () -> open(arguments, out, err));
  }

  private static int open(List<String> arguments, PrintStream out, PrintStream err)
      throws UsageException, IOException {
    Arguments given = Arguments.parse(arguments, Set.of(), Set.of("--key"));
    if (given.values("--key").isEmpty() || given.words().isEmpty()) {
      throw new UsageException("--key KEY and a token, or -, are needed; see --help");
    }
    List<RedactionKey> keys = new ArrayList<>();
    for (String one : given.values("--key")) {
      if (one.startsWith(RedactionKey.PREFIX)) { // which others could read on the command line
        throw new UsageException("--key is a key itself; give a file that holds it, or env:NAME");
      }
      try {
        keys.add(RedactionKey.load(one, System.getenv()));
      } catch (InvalidPathException noPath) {
        throw new UsageException("--key is no path; see --help");
      }
    }
    boolean complete = true;
    if (given.words().equals(List.of("-"))) {
      BufferedReader in =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        complete &= print(line, keys, out);
      }
    } else {
      for (String token : given.words()) {
        if (!RedactionKey.isToken(token)) {
          throw new UsageException("'" + token + "' is no token; as in [EMAIL:siv:kdmb...]");
        }
        complete &= print(token, keys, out);
      }
    }
    if (out.checkError()) {
      throw new IOException("the output was closed before all was written");
    }
    if (!complete) {
      err.println("cordon token open: not all tokens are of these keys");
    }
    return complete ? Exit.OK : Exit.FOUND_PROBLEMS;
  }

  /** False when a token stays as it is. */
  private static boolean print(String text, List<RedactionKey> keys, PrintStream out) {
    RedactionKey.Opened opened = RedactionKey.open(text, keys);
    out.println(opened.text());
    return opened.closed() == 0;
  }
}
