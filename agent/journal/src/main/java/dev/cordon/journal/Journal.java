package dev.cordon.journal;

import java.io.IOException;
import java.nio.file.Path;

/** One JVM's journal. Thread-safe; nothing here throws at the caller once it is open. */
public final class Journal implements AutoCloseable {

  private final JournalOptions options;

  private Journal(JournalOptions options) {
    this.options = options;
  }

  /** Returns at once; the queue is opened in the background and records wait for it. */
  public static Journal open(JournalOptions options) {
    return new Journal(options);
  }

  /**
   * Hands a record over and waits until it is as safe as asked, at most {@code timeoutNs}. Never
   * throws.
   */
  public Appended append(JournalRecord record, Level level, long timeoutNs) {
    return Appended.FAILED;
  }

  /** The directory of this JVM's records below the base. */
  public Path directory() {
    return options.base().resolve(options.service());
  }

  public JournalStatus status() {
    return new JournalStatus(
        JournalStatus.State.BROKEN, 0, 0, 0, 0, 0, "the writer is not built in yet");
  }

  @Override
  public void close() {}

  /** Fails with one clear message if no journal can be kept below the directory. */
  public static void checkWritable(Path base) throws IOException {
    Directories.checkWritable(base);
  }
}
