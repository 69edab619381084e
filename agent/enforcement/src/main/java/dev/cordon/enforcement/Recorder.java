package dev.cordon.enforcement;

import dev.cordon.journal.Appended;
import dev.cordon.journal.JournalRecord;
import dev.cordon.journal.Level;

/** Where records go: a journal. Never throws, never blocks longer than the time-out. */
@FunctionalInterface
public interface Recorder {
  Appended append(JournalRecord record, Level level, long timeoutNs);

  /** True if evidence is kept, so that it is worth to make some. */
  default boolean keepsEvidence() {
    return false;
  }

  /** A record will follow soon whose caller waits for it. */
  default void expect() {}
}
