package dev.cordon.audit;

import dev.cordon.journal.seal.MalformedException;
import dev.cordon.journal.seal.Rotation;
import dev.cordon.journal.seal.SealKey;
import dev.cordon.journal.seal.VerifierKey;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.List;
import java.util.Set;

/** {@code journal keygen}: a key that seals journals. */
final class JournalKeygenCommand {

  private static final String HELP =
      """
      usage: java -jar cordon.jar journal keygen -o FILE [OPTIONS]

      Makes an Ed25519 key: FILE, readable by its owner alone, seals; FILE.pub verifies and goes to
      whoever audits. Nothing is overwritten.

        -o FILE          where to; the agent takes it as seal-key=FILE
            --name N     the key's name, as example.com/crm; default: cordon
            --rotate OLD the key that this one follows: also writes FILE.rotate, in which OLD says
                         so. Keep it beside FILE: the agent puts it into the journal, and who
                         trusts OLD then trusts the new key
        -h, --help       this text

      exit codes: 0 done, 2 not done
      """;

  private JournalKeygenCommand() {}

  static int run(List<String> arguments, PrintStream out, PrintStream err) {
    if (Arguments.asksForHelp(arguments)) {
      out.print(HELP);
      return Exit.OK;
    }
    return Attempt.run("journal keygen", err, () -> make(arguments, out, err));
  }

  private static int make(List<String> arguments, PrintStream out, PrintStream err)
      throws UsageException, IOException {
    Arguments given = Arguments.parse(arguments, Set.of(), Set.of("-o", "--name", "--rotate"));
    String to = given.value("-o");
    if (to == null || !given.words().isEmpty()) {
      throw new UsageException("where to? give -o FILE");
    }
    Path file = Path.of(to);
    String name = given.value("--name");
    String old = given.value("--rotate");
    Keys.removeSecondNames(file, err);
    for (Path one : List.of(file, SealKey.publicFile(file), SealKey.rotationFile(file))) {
      if (Files.exists(one)) {
        throw new UsageException(one + " exists; nothing is overwritten");
      }
    }
    try {
      SealKey.Pair pair = SealKey.generate(name == null ? "cordon" : name);
      String rotation = "";
      if (old != null) {
        SealKey oldKey = SealKey.load(Path.of(old));
        Keys.removeSecondNames(Path.of(old), err);
        VerifierKey oldPublic =
            Keys.read(List.of(SealKey.publicFile(Path.of(old)).toString())).get(0);
        if (oldPublic.id() != oldKey.id() || !oldPublic.name().equals(oldKey.name())) {
          throw new UsageException(old + " and " + old + ".pub are not one key");
        }
        rotation = Rotation.write(oldKey, oldPublic, pair.verifier(), Clock.systemUTC().instant());
      }
      pair.write(file);
      if (!rotation.isEmpty()) {
        Files.writeString(SealKey.rotationFile(file), rotation);
      }
      out.println(pair.verifier().text());
      return Exit.OK;
    } catch (MalformedException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    } catch (GeneralSecurityException e) {
      throw new UsageException("this JVM has no Ed25519 (module jdk.crypto.ec): " + e.getMessage());
    }
  }
}
