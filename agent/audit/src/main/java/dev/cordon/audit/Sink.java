package dev.cordon.audit;

import dev.cordon.journal.JournalEntry;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/** Another system that takes records. */
interface Sink extends Closeable {

  /**
   * Before the first records, and before it is asked for places if it keeps them itself.
   *
   * @throws IOException when it cannot be reached now: to be tried again
   */
  default void open() throws IOException, UsageException {}

  /** The receiver has read the records and does not want them; asking again is no use. */
  final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    RefusedException(String message) {
      super(message);
    }
  }

  /** The receiver says when to come back. */
  final class BusyException extends IOException {
    private static final long serialVersionUID = 1L;

    final long waitMs;

    BusyException(String message, long waitMs) {
      super(message);
      this.waitMs = waitMs;
    }
  }

  /**
   * Returns when the receiver has all of them.
   *
   * @throws IOException when it perhaps has none or some of them: to be sent again
   */
  void send(List<JournalEntry> entries) throws IOException, RefusedException, UsageException;
}
