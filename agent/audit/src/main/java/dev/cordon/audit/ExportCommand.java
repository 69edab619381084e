package dev.cordon.audit;

import dev.cordon.journal.JournalEntry;
import dev.cordon.journal.JournalTailer;
import dev.cordon.journal.seal.MalformedException;
import dev.cordon.journal.seal.Note;
import dev.cordon.journal.seal.SealKey;
import dev.cordon.journal.seal.VerifierKey;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code export DIR --format F -o OUT}: journals as files of other formats, each with a manifest.
 */
final class ExportCommand {

  private static final String HELP =
      """
      usage: java -jar cordon.jar export DIR --format F -o OUT [OPTIONS]

      Writes the records below DIR into files of the directory OUT, named after the journal they are
      of and the places they cover in it: SERVICE-START-FROM-TO.SUFFIX, each with a manifest. A
      second run goes on where the first ended; what it writes again has the same bytes.

            --format F   ocsf, ecs, cef, syslog, otlp-json, ndjson or csv
        -o OUT           a directory; made if it is not there
            --key FILE   signs the manifests, a key as journal keygen makes it
      %s%s  -h, --help       this text

      exit codes: 0 all is exported, 2 not, or not all could be read
      """
          .formatted(Selection.HELP, Access.HELP);

  private static final String VERIFY_HELP =
      """
      usage: java -jar cordon.jar export verify OUT --key K [--key K ...]

      Tells whether the files of an export are those that were signed. Without a key only whether
      they are those that their manifests name.

        -h, --help       this text

      exit codes: 0 they are, 1 they are not, 2 cannot tell
      """;

  private ExportCommand() {}

  static int run(List<String> arguments, PrintStream out, PrintStream err) {
    if (Arguments.asksForHelp(arguments)) {
      out.print(HELP);
      return Exit.OK;
    }
    return Attempt.run("export", err, () -> export(arguments, out, err));
  }

  private static int export(List<String> arguments, PrintStream out, PrintStream err)
      throws UsageException, IOException {
    Arguments given =
        Arguments.parse(arguments, Set.of(), Journals.options(Set.of("--format", "-o", "--key")));
    Path directory = InventoryCommand.directory(given);
    ExportForm form = ExportForm.of(given);
    String to = given.value("-o");
    if (to == null) {
      throw new UsageException("where to? -o OUT; see --help");
    }
    Selection selection = Selection.of(given);
    SealKey key = key(given.value("--key"));
    Journals.check(directory);
    Path target = Files.createDirectories(Path.of(to));
    Access.record("export", directory, given, selection.told());
    try (FileChannel channel =
            FileChannel.open(
                target.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = lock(channel, target)) {
      return exportAll(directory, target, form, selection, key, out, err);
    }
  }

  private static @Nullable SealKey key(@Nullable String file) throws UsageException, IOException {
    try {
      return file == null ? null : SealKey.load(Path.of(file));
    } catch (MalformedException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  static FileLock lock(FileChannel channel, Path target) throws UsageException, IOException {
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return lock;
      }
    } catch (OverlappingFileLockException e) {
      // in this JVM
    }
    throw new UsageException("another process writes into " + target);
  }

  private static int exportAll(
      Path directory,
      Path target,
      ExportForm form,
      Selection selection,
      @Nullable SealKey key,
      PrintStream out,
      PrintStream err)
      throws UsageException, IOException {
    List<Path> logs = JournalTailer.logs(directory);
    if (logs.isEmpty()) {
      throw new UsageException(
          "no journal below " + directory + "; name the one given to the agent as journal=");
    }
    int exit = Exit.OK;
    for (Path log : logs) {
      Exported exported = new Exported(log, target, form, selection, key);
      exported.plan();
      if (exported.prunedBefore() > 0) {
        err.println(
            "cordon export: "
                + Plain.text(log.toString())
                + ": "
                + exported.prunedBefore()
                + " records were pruned before this export");
      }
      String problem = "";
      try (JournalTailer tailer = JournalTailer.open(log)) {
        for (JournalEntry entry = tailer.poll(); entry != null; entry = tailer.poll()) {
          if (tailer.damaged() > 0) {
            break; // a file of what is left would pass for all
          }
          exported.add(entry);
        }
        problem = Journals.problem(tailer);
        if (problem.isEmpty()) {
          exported.finish();
        }
      } finally {
        exported.abandon();
      }
      for (String file : exported.written()) {
        out.println(file);
      }
      if (!problem.isEmpty()) {
        err.println("cordon export: not exported beyond what is whole: " + Plain.text(problem));
        exit = Exit.NOT_READ;
      }
    }
    if (key == null) {
      err.println("cordon export: NOT SIGNED: give --key FILE");
    }
    return exit;
  }

  static int verify(List<String> arguments, PrintStream out, PrintStream err) {
    if (Arguments.asksForHelp(arguments)) {
      out.print(VERIFY_HELP);
      return Exit.OK;
    }
    return Attempt.run("export verify", err, () -> verifyAll(arguments, out, err));
  }

  private static int verifyAll(List<String> arguments, PrintStream out, PrintStream err)
      throws UsageException, IOException {
    Arguments given = Arguments.parse(arguments, Set.of(), Set.of("--key"));
    if (given.words().size() != 1 || !Files.isDirectory(Path.of(given.words().get(0)))) {
      throw new UsageException("which directory? see --help");
    }
    Path target = Path.of(given.words().get(0));
    List<VerifierKey> keys;
    try {
      keys = Keys.read(given.values("--key"));
    } catch (MalformedException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
    List<Path> manifests = new ArrayList<>();
    List<Path> others = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(target)) {
      for (Path one : all) {
        String name = String.valueOf(one.getFileName());
        if (name.endsWith(Exported.MANIFEST)) {
          manifests.add(one);
        } else if (!name.startsWith(".")) {
          others.add(one);
        }
      }
    }
    if (manifests.isEmpty()) {
      throw new UsageException(target + " holds no manifest of an export");
    }
    manifests.sort(null);
    int wrong = 0;
    for (Path manifest : manifests) {
      String problem = problem(manifest, keys);
      others.remove(Exported.fileOf(manifest));
      if (!problem.isEmpty()) {
        wrong++;
        err.println("cordon export verify: " + Plain.text(manifest + ": " + problem));
      }
    }
    for (Path other : others) {
      wrong++;
      err.println("cordon export verify: " + Plain.text(other + ": no manifest names it"));
    }
    out.println(
        manifests.size()
            + " files, "
            + wrong
            + " wrong"
            + (keys.isEmpty() ? "; NOT CHECKED: signatures, give --key" : ""));
    return wrong == 0 ? Exit.OK : Exit.FOUND_PROBLEMS;
  }

  /** Empty when the file is the one that was signed. */
  private static String problem(Path manifest, List<VerifierKey> keys) throws IOException {
    if (Files.size(manifest) > Exported.MAX_MANIFEST_BYTES) {
      return "too long for a manifest";
    }
    try {
      byte[] bytes = Files.readAllBytes(manifest);
      if (!keys.isEmpty()) {
        Note note = Note.parse(bytes);
        if (note.signer(keys) == null) {
          return "not signed by a key that was given, but by " + note.signerLabels();
        }
      }
      return Exported.mismatch(manifest, bytes);
    } catch (MalformedException e) {
      return String.valueOf(e.getMessage());
    }
  }

  static String sign(String text, @Nullable SealKey key) throws IOException {
    try {
      return key == null ? text : Note.sign(text, key);
    } catch (GeneralSecurityException e) {
      throw new IOException("cannot sign with " + key + ": " + e, e);
    }
  }
}
