package dev.cordon.audit;

import dev.cordon.journal.AttackSuite;
import dev.cordon.journal.evidence.EvidenceAttacks;
import dev.cordon.journal.seal.MalformedException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** {@code journal attack-suite DIR}: which level of verification notices which change. */
final class JournalAttackSuiteCommand {

  private static final String HELP =
      """
      usage: java -jar cordon.jar journal attack-suite DIR

      Puts records of the journals below DIR into a copy of its own, sealed with a key that is
      thrown away, changes it in every way it knows, and prints the first level of journal verify
      that notices: L1 well formed, L2 signed, L3 remembered. Then it attacks evidence and keys of
      persons, which it makes itself, and prints what a reader is shown (E). DIR is only read.

        -h, --help       this text

      exit codes: 0 every change was noticed, 1 one was not, 2 not done
      """;

  private JournalAttackSuiteCommand() {}

  static int run(List<String> arguments, PrintStream out, PrintStream err) {
    if (Arguments.asksForHelp(arguments)) {
      out.print(HELP);
      return Exit.OK;
    }
    return Attempt.run("journal attack-suite", err, () -> attack(arguments, out));
  }

  private static int attack(List<String> arguments, PrintStream out)
      throws UsageException, IOException {
    Arguments given = Arguments.parse(arguments, Set.of(), Set.of());
    if (given.words().size() != 1 || !Files.isDirectory(Path.of(given.words().get(0)))) {
      throw new UsageException("which directory? name the one given to the agent as journal=");
    }
    Path work = Files.createTempDirectory("cordon-attack");
    try {
      int exit = Exit.OK;
      for (AttackSuite.Outcome one : AttackSuite.run(Path.of(given.words().get(0)), work)) {
        out.println(one.noticedBy() + "  " + one.attack());
        exit = one.noticedBy().equals("-") ? Exit.FOUND_PROBLEMS : exit;
      }
      for (EvidenceAttacks.Outcome one : EvidenceAttacks.run(work)) {
        out.println((one.read() ? "-" : "E") + "  " + one.attack() + ": " + one.shown());
        exit = one.read() ? Exit.FOUND_PROBLEMS : exit;
      }
      return exit;
    } catch (MalformedException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    } catch (GeneralSecurityException e) {
      throw new UsageException("this JVM has no Ed25519 (module jdk.crypto.ec): " + e.getMessage());
    } finally {
      delete(work);
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(one);
      }
    }
  }
}
