package dev.cordon.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads journals in tests. */
final class Tails {

  private Tails() {}

  /** All but what is told of forces, which depends on how long the journal was open. */
  static List<JournalEntry> all(Path parent) throws IOException {
    List<JournalEntry> entries = everything(parent);
    entries.removeIf(entry -> entry.kind() == RecordKind.FORCE);
    return entries;
  }

  static List<JournalEntry> everything(Path parent) throws IOException {
    List<JournalEntry> entries = new ArrayList<>();
    try (JournalTailer tailer = JournalTailer.open(parent)) {
      for (JournalEntry entry = tailer.poll(); entry != null; entry = tailer.poll()) {
        entries.add(entry);
      }
      if (tailer.damaged() > 0 || !tailer.lastProblem().isEmpty()) {
        throw new AssertionError(tailer.damaged() + " damaged, " + tailer.lastProblem());
      }
    }
    return entries;
  }
}
