package dev.cordon.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads journals in tests. */
final class Tails {

  private Tails() {}

  static List<JournalEntry> all(Path parent) throws IOException {
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
