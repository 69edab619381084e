package dev.cordon.audit;

import dev.cordon.journal.Amount;
import dev.cordon.journal.Basis;
import dev.cordon.journal.JournalEntry;
import dev.cordon.journal.JournalTailer;
import dev.cordon.journal.RecordKind;
import dev.cordon.rules.CallClass;
import dev.cordon.rules.PastCall;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads the decided calls of a journal, one after the other, and keeps none. */
final class PastCalls {

  /**
   * How the reading went.
   *
   * @param problem what could not be read; empty when all could
   */
  record Read(long records, long calls, String problem) {}

  private PastCalls() {}

  static Read each(Path directory, Instant since, Consumer<JournalEntry> calls)
      throws UsageException, IOException {
    Journals.check(directory);
    long records = 0;
    long decided = 0;
    try (JournalTailer tailer = JournalTailer.open(directory, since)) {
      for (JournalEntry entry = tailer.poll(); entry != null; entry = tailer.poll()) {
        records++;
        if (entry.kind() == RecordKind.CALL_REQUEST) {
          decided++;
          calls.accept(entry);
        }
      }
      if (tailer.directories() == 0) {
        throw new UsageException(
            "no journal below " + directory + "; name the one given to the agent as journal=");
      }
      return new Read(records, decided, Journals.problem(tailer));
    }
  }

  /** Null for a record of a release that did not write what a decision was made of. */
  static @Nullable PastCall of(JournalEntry entry) {
    Basis basis = entry.basis();
    if (basis == null) {
      return null;
    }
    Amount money = entry.money();
    return new PastCall(
        entry.time(),
        entry.decidedFor().isEmpty() ? entry.destination() : entry.decidedFor(),
        entry.method(),
        entry.route(),
        entry.operations(),
        callClass(entry.callClass()),
        entry.reason(),
        entry.policy(),
        entry.observe(),
        entry.actor(),
        money == null ? -1 : money.thousandths(),
        money != null && money.exact(),
        money == null ? "" : money.currency(),
        entry.requestBytes(),
        basis.flags(),
        basis.methods(),
        basis.words(),
        basis.classes(),
        basis.redactions(),
        basis.count(),
        basis.prints(),
        basis.values());
  }

  /** A word that is none of ours is as little known as the class unknown. */
  private static CallClass callClass(String code) {
    for (CallClass one : CallClass.values()) {
      if (one.code().equals(code)) {
        return one;
      }
    }
    return CallClass.UNKNOWN;
  }
}
