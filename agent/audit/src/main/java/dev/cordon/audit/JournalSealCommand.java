package dev.cordon.audit;

import dev.cordon.journal.DirectorySealer;
import dev.cordon.journal.seal.MalformedException;
import dev.cordon.journal.seal.SealKey;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/** {@code journal seal DIR}: seals from outside of the service. */
final class JournalSealCommand {

  private static final long POLL_NS = 1_000_000_000L;

  private static final String HELP =
      """
      usage: java -jar cordon.jar journal seal DIR --key FILE [--follow]

      Seals what is not sealed in the journals below DIR: what a killed process left (marked late),
      and, when the services themselves have no key, what they write now. Run it as a user who
      alone can read FILE and who may write below DIR: then nobody else can sign.

            --key FILE   the private key
        -f, --follow     goes on, once a second
        -h, --help       this text

      exit codes: 0 done, 1 a directory could not be sealed, 2 not done
      """;

  private JournalSealCommand() {}

  static int run(List<String> arguments, PrintStream out, PrintStream err) {
    if (Arguments.asksForHelp(arguments)) {
      out.print(HELP);
      return Exit.OK;
    }
    return Attempt.run("journal seal", err, () -> seal(arguments, out, err));
  }

  private static int seal(List<String> arguments, PrintStream out, PrintStream err)
      throws UsageException, IOException {
    Arguments given = Arguments.parse(arguments, Set.of("-f", "--follow"), Set.of("--key"));
    String file = given.value("--key");
    if (file == null) {
      throw new UsageException("with which key? give --key FILE; make one with journal keygen");
    }
    if (given.words().size() != 1 || !Files.isDirectory(Path.of(given.words().get(0)))) {
      throw new UsageException("which directory? name the one given to the agent as journal=");
    }
    boolean follow = given.has("-f") || given.has("--follow");
    int exit = Exit.OK;
    try (DirectorySealer sealer =
        new DirectorySealer(
            Path.of(given.words().get(0)), SealKey.load(Path.of(file)), Clock.systemUTC())) {
      while (true) {
        for (DirectorySealer.Sealed one : sealer.round()) {
          if (!one.problem().isEmpty()) {
            err.println("cordon journal seal: " + one.problem());
            exit = Exit.FOUND_PROBLEMS;
          } else {
            out.println(
                one.directory()
                    + ": "
                    + one.records()
                    + " records sealed"
                    + (one.late() ? " (late)" : ""));
          }
        }
        if (!follow || out.checkError()) {
          return exit;
        }
        LockSupport.parkNanos(POLL_NS);
      }
    } catch (MalformedException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }
}
