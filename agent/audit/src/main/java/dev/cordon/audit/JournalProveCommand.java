package dev.cordon.audit;

import dev.cordon.journal.JournalEntry;
import dev.cordon.journal.JournalProver;
import dev.cordon.journal.seal.MalformedException;
import dev.cordon.journal.seal.RecordProof;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;

/** {@code journal prove}, {@code proof verify}, {@code journal tiles}: evidence for others. */
final class JournalProveCommand {

  private static final int MAX_PROOF_BYTES = 1 << 20;

  private static final String PROVE_HELP =
      """
      usage: java -jar cordon.jar journal prove DIR RECORD [-o FILE]

      Writes a proof that a call is in the journal: its records, the names they use, and nothing
      else of the journal. Whoever has the public key verifies it with: proof verify FILE

        RECORD           the call's id, or its last eight digits or more, as tail shows them; or
                         DIRECTORY:INDEX, the record's place in its directory from 0
        -o FILE          where to; the file must not be there. Default: standard output
      %s  -h, --help       this text

      exit codes: 0 done, 2 not done
      """
          .formatted(Access.HELP);

  private static final String VERIFY_HELP =
      """
      usage: java -jar cordon.jar proof verify FILE --key K [--json]

      Tells whether a proof proves its records, and prints them. Needs nothing but the file and the
      public key.

            --key K          the public key, a file or the key itself; may be repeated
            --json           one JSON object a line
        -h, --help           this text

      exit codes: 0 proved, 1 not proved, 2 not done
      """;

  private static final String TILES_HELP =
      """
      usage: java -jar cordon.jar journal tiles DIR -o OUT

      Writes one directory's log as c2sp.org/tlog-tiles draws it: checkpoint, tile/, tile/entries/.
      Tools for such logs verify it without Cordon.

        DIR              the directory of one start of one JVM
        -o OUT           an empty or new directory
      %s  -h, --help       this text

      exit codes: 0 done, 2 not done
      """
          .formatted(Access.HELP);

  private JournalProveCommand() {}

  static int prove(List<String> arguments, PrintStream out, PrintStream err) {
    if (Arguments.asksForHelp(arguments)) {
      out.print(PROVE_HELP);
      return Exit.OK;
    }
    return Attempt.run("journal prove", err, () -> prove(arguments, out));
  }

  private static int prove(List<String> arguments, PrintStream out)
      throws UsageException, IOException {
    Arguments given = Arguments.parse(arguments, Set.of(), Set.of("-o", Access.OPTION));
    if (given.words().size() != 2 || !Files.isDirectory(Path.of(given.words().get(0)))) {
      throw new UsageException("which directory and which record? see --help");
    }
    Access.record("journal prove", Path.of(given.words().get(0)), given, List.of());
    try {
      String proof = JournalProver.prove(Path.of(given.words().get(0)), given.words().get(1));
      String file = given.value("-o");
      if (file == null) {
        out.print(proof);
      } else {
        Files.writeString(
            Path.of(file), proof, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      }
      return Exit.OK;
    } catch (MalformedException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  static int verify(List<String> arguments, PrintStream out, PrintStream err) {
    if (Arguments.asksForHelp(arguments)) {
      out.print(VERIFY_HELP);
      return Exit.OK;
    }
    return Attempt.run("proof verify", err, () -> verifyProof(arguments, out, err));
  }

  private static int verifyProof(List<String> arguments, PrintStream out, PrintStream err)
      throws UsageException, IOException {
    Arguments given = Arguments.parse(arguments, Set.of("--json"), Set.of("--key"));
    if (given.words().size() != 1 || given.values("--key").isEmpty()) {
      throw new UsageException("which proof, and which --key? see --help");
    }
    Path file = Path.of(given.words().get(0));
    byte[] text;
    RecordProof.Proven proven;
    List<JournalEntry> entries;
    try {
      var keys = Keys.read(given.values("--key"));
      if (Files.isRegularFile(file) && Files.size(file) > MAX_PROOF_BYTES) {
        throw new UsageException(file + " is too long for a proof");
      }
      text = Files.readAllBytes(file);
      if (!RecordProof.isProof(text)) {
        throw new UsageException(file + ":1: this is not a proof");
      }
      try {
        proven = RecordProof.verify(text, keys);
        entries = JournalProver.entries(proven);
      } catch (MalformedException e) {
        err.println("cordon proof verify: NOT PROVED: " + file + ": " + e.getMessage());
        return Exit.FOUND_PROBLEMS;
      }
    } catch (MalformedException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
    EntryPrinter printer =
        given.has("--json")
            ? new JsonPrinter(out)
            : new TextPrinter(
                out, Terminal.isColored(), Terminal.columns(), ZoneId.systemDefault());
    entries.forEach(printer::print);
    if (!given.has("--json")) {
      out.println(
          "proved: in "
              + proven.checkpoint().origin()
              + " at "
              + proven.indices().subList(0, entries.size())
              + " of "
              + proven.checkpoint().size()
              + " records, signed by "
              + proven.signer().label());
    }
    return Exit.OK;
  }

  static int tiles(List<String> arguments, PrintStream out, PrintStream err) {
    if (Arguments.asksForHelp(arguments)) {
      out.print(TILES_HELP);
      return Exit.OK;
    }
    return Attempt.run("journal tiles", err, () -> tiles(arguments, out));
  }

  private static int tiles(List<String> arguments, PrintStream out)
      throws UsageException, IOException {
    Arguments given = Arguments.parse(arguments, Set.of(), Set.of("-o", Access.OPTION));
    String to = given.value("-o");
    if (given.words().size() != 1 || to == null) {
      throw new UsageException("which directory, and where to (-o)? see --help");
    }
    Path directory = JournalProver.only(Path.of(given.words().get(0)));
    if (directory == null) {
      throw new UsageException(given.words().get(0) + " is not the directory of one start");
    }
    Access.record("journal tiles", directory, given, List.of());
    try {
      out.println(JournalProver.export(directory, Path.of(to)) + " records");
      return Exit.OK;
    } catch (MalformedException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }
}
