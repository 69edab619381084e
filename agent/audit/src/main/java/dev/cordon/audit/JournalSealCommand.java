package dev.cordon.audit;

import dev.cordon.journal.DirectorySealer;
import dev.cordon.journal.JournalRecord;
import dev.cordon.journal.seal.MalformedException;
import dev.cordon.journal.seal.Rotation;
import dev.cordon.journal.seal.SealKey;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** {@code journal seal DIR}: seals from outside of the service. */
final class JournalSealCommand {

  private static final long POLL_NS = 1_000_000_000L;

  private static final String HELP =
      """
      usage: java -jar cordon.jar journal seal DIR --key FILE [--follow]

      Seals what is not sealed in the journals below DIR: what a killed process left (marked late),
      and, when the services themselves have no key, what they write now. Run it as a user who
      alone can read FILE and who may write below DIR: then nobody else can sign.

            --key FILE   the private key; FILE.rotate, where journal keygen --rotate left it, goes into
                         each journal that it seals, and a key.rotate record into that of "access"
                         before the first
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
    Path directory = Path.of(given.words().get(0));
    try {
      SealKey key = SealKey.load(Path.of(file));
      byte[] rotation = rotation(Path.of(file), key);
      Followed followed = new Followed(directory, rotation, err);
      try (DirectorySealer sealer =
          new DirectorySealer(directory, key, Clock.systemUTC(), rotation, followed)) {
        int exit = Exit.OK;
        while (true) {
          exit = Math.max(exit, round(sealer, out, err));
          exit = Math.max(exit, followed.exit);
          boolean again = followed.isNew(); // its record is to be sealed, too
          if (!again && !follow || out.checkError()) {
            return exit;
          }
          LockSupport.parkNanos(again ? 0 : POLL_NS);
        }
      }
    } catch (MalformedException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  private static int round(DirectorySealer sealer, PrintStream out, PrintStream err)
      throws IOException {
    int exit = Exit.OK;
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
    return exit;
  }

  /** What says whom the key follows; null: nothing lies beside it. */
  private static byte @Nullable [] rotation(Path file, SealKey key)
      throws IOException, MalformedException {
    Path note = SealKey.rotationFile(file);
    if (!Files.isRegularFile(note)) {
      return null;
    }
    byte[] bytes = Files.readAllBytes(note);
    if (Rotation.read(bytes).next().id() != key.id()) {
      throw new MalformedException(note + " is of another key than " + file);
    }
    return bytes;
  }

  /** Tells in the journal of "access" that another key seals; sealing goes on if it cannot. */
  private static final class Followed implements Runnable {
    private final Path directory;
    private final byte @Nullable [] rotation;
    private final PrintStream err;
    private boolean isNew;
    int exit = Exit.OK;

    Followed(Path directory, byte @Nullable [] rotation, PrintStream err) {
      this.directory = directory;
      this.rotation = rotation;
      this.err = err;
    }

    @Override
    public void run() {
      byte[] note = rotation;
      if (note == null) {
        return;
      }
      try {
        JournalRecord record = JournalRecord.ofRotation(Rotation.read(note));
        Access.write(directory, record, "the record of the new key", "journals are sealed with it");
        isNew = true;
      } catch (IOException | MalformedException e) {
        err.println("cordon journal seal: not recorded: " + Plain.text("" + e.getMessage()));
        exit = Exit.FOUND_PROBLEMS;
      }
    }

    boolean isNew() {
      boolean was = isNew;
      isNew = false;
      return was;
    }
  }
}
