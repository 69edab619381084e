package dev.cordon.enforcement;

import dev.cordon.journal.Appended;
import dev.cordon.journal.JournalRecord;
import dev.cordon.journal.Level;

/**
 * Where records go: {@code journal::append}. Never throws, never blocks longer than the time-out.
 */
@FunctionalInterface
public interface Recorder {
  Appended append(JournalRecord record, Level level, long timeoutNs);
}
