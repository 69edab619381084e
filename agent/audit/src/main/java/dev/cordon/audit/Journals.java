package dev.cordon.audit;

import dev.cordon.journal.JournalEntry;
import dev.cordon.journal.JournalTailer;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/** Reads the records of a directory for a command, one after the other, and keeps none. */
final class Journals {

  /**
   * How the reading went.
   *
   * @param problem what could not be read; empty when all could
   */
  record Read(long records, String problem) {

    /** Says on stderr what could not be read; the command's exit code. */
    int tell(String command, PrintStream err) {
      if (problem.isEmpty()) {
        return Exit.OK;
      }
      err.println("cordon " + command + ": not all was read: " + Plain.text(problem));
      return Exit.NOT_READ;
    }
  }

  private Journals() {}

  /** The options of a command that reads records, and its own. */
  static Set<String> options(Set<String> own) {
    Set<String> all = new TreeSet<>(Selection.OPTIONS);
    all.add(Access.OPTION);
    all.addAll(own);
    return all;
  }

  static void check(Path directory) throws UsageException {
    if (!Files.isDirectory(directory)) {
      throw new UsageException(
          directory
              + (Files.exists(directory) ? " is not a directory" : ": no such directory")
              + "; name the one given to the agent as journal=");
    }
  }

  /** Records who reads, and hands over what the selection wants. */
  static Read each(
      String command,
      Arguments given,
      Path directory,
      Selection selection,
      Consumer<JournalEntry> entries)
      throws UsageException, IOException {
    check(directory);
    Access.record(command, directory, given, selection.told());
    return each(directory, selection, entries);
  }

  static Read each(Path directory, Selection selection, Consumer<JournalEntry> entries)
      throws UsageException, IOException {
    long records = 0;
    try (JournalTailer tailer = JournalTailer.open(directory, selection.since())) {
      for (JournalEntry entry = tailer.poll(); entry != null; entry = tailer.poll()) {
        if (selection.wants(entry)) {
          records++;
          entries.accept(entry);
        }
      }
      if (tailer.directories() == 0) {
        throw new UsageException(
            "no journal below " + directory + "; name the one given to the agent as journal=");
      }
      return new Read(records, problem(tailer));
    }
  }

  static String problem(JournalTailer tailer) {
    String problem = tailer.lastProblem();
    long damaged = tailer.damaged();
    if (problem.isEmpty()) {
      return damaged == 0 ? "" : damaged + " places are not what a writer wrote";
    }
    return damaged < 2 ? problem : problem + " (and " + (damaged - 1) + " more places)";
  }

  /** The selection as one line, for people. */
  static String told(Selection selection) {
    List<String> told = selection.told();
    return told.isEmpty() ? "all records" : String.join(" ", told);
  }
}
