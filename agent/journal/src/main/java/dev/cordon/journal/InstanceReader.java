package dev.cordon.journal;

import dev.cordon.journal.RecordDecoder.DamagedException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Reads one instance directory from its first record on: the files and not through the library that
 * wrote them, so that nothing in them can end the reader's JVM. For one thread.
 */
final class InstanceReader implements Closeable {

  private static final long REOPEN_NS = 5_000_000_000L;
  private static final long LOOK_NS = 100_000_000L; // for a file after this one

  final Path directory;
  final Instant startedAt;
  private final RecordDecoder decoder;
  private final byte[] buffer = new byte[Layout.MAX_BYTES];
  private @Nullable RecordFiles files;
  private @Nullable JournalEntry head;
  private long lookedNs;
  private long notBeforeNs;
  private boolean waits;
  private boolean failed; // the last try; what is there is not known
  private boolean stopped;
  private long damaged;
  private String problem = "";

  InstanceReader(Path directory) {
    this.directory = directory;
    this.startedAt = Directories.startOf(directory);
    this.decoder = new RecordDecoder(directory);
  }

  /** The next entry, which stays next until {@link #take}; null if there is none yet. */
  @Nullable JournalEntry peek() {
    if (head == null && (!waits || System.nanoTime() - notBeforeNs >= 0)) {
      waits = false;
      try {
        head = read();
        failed = false;
      } catch (IOException | RuntimeException e) { // one broken directory must not end the others
        problem = directory + ": " + e;
        close();
        failed = true;
        waits = true;
        notBeforeNs = System.nanoTime() + REOPEN_NS;
      }
    }
    return head;
  }

  void take() {
    head = null;
  }

  /** Whether it could not be read when it was last tried, so that a null means nothing. */
  boolean hasFailed() {
    return failed;
  }

  long damaged() {
    return damaged;
  }

  String lastProblem() {
    return problem;
  }

  private @Nullable JournalEntry read() throws IOException {
    RecordFiles from = files;
    if (from == null) {
      from = new RecordFiles(directory);
      files = from;
    } else if (from.isQuiet() && System.nanoTime() - lookedNs < LOOK_NS) {
      return null; // where the next record will stand is nothing yet: the usual case of a follower
    }
    lookedNs = System.nanoTime();
    while (true) {
      RecordFiles.Step step;
      try {
        step = from.next();
      } catch (RecordFiles.PrunedMeanwhileException e) {
        from.close();
        from = new RecordFiles(directory); // begins after what is gone
        files = from;
        continue;
      }
      switch (step) {
        case END -> {
          String stub = from.stub();
          if (!stub.isEmpty() && isDead()) {
            stop(from, stub);
          }
          return null;
        }
        case DAMAGED -> {
          stop(from, from.problem());
          return null;
        }
        case RECORD -> {
          JournalEntry entry = entry(from);
          if (entry != null) {
            return entry;
          }
        }
      }
    }
  }

  private void stop(RecordFiles from, String why) throws IOException {
    if (!stopped) {
      stopped = true;
      damaged++;
    }
    problem = why + "; what follows in this directory is not read";
    from.close(); // and read again later: a copy may be under way
    waits = true;
    notBeforeNs = System.nanoTime() + REOPEN_NS;
  }

  /** Null for a record that only teaches a name, or is not what a writer wrote. */
  private @Nullable JournalEntry entry(RecordFiles from) {
    int length = from.length();
    System.arraycopy(from.bytes(), from.offset(), buffer, 0, length);
    try {
      return decoder.decode(buffer, length, from.index());
    } catch (DamagedException e) {
      damaged++;
      problem = directory + "/" + from.place() + ": " + e.getMessage();
      return null;
    }
  }

  /** True if no process writes here any more. Changes nothing; a lock is held for a moment only. */
  boolean isDead() {
    if (QueueFile.isWrittenHere(directory)) {
      return false; // closing a channel would release the writer's lock with it
    }
    Path lock = directory.resolve(QueueFile.LIVE_LOCK);
    try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.READ);
        FileLock taken = channel.tryLock(0, Long.MAX_VALUE, true)) {
      return taken != null;
    } catch (OverlappingFileLockException e) {
      return false;
    } catch (IOException e) {
      return !Files.exists(directory);
    }
  }

  @Override
  public void close() {
    RecordFiles open = files;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        problem = directory + ": " + e;
      }
    }
  }
}
