package dev.cordon.journal;

import dev.cordon.journal.RecordDecoder.DamagedException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.wire.DocumentContext;
import net.openhft.chronicle.wire.Wire;
import org.jspecify.annotations.Nullable;

/** Reads one instance directory from its first record on. For one thread. */
final class InstanceReader implements Closeable {

  private static final long REOPEN_NS = 5_000_000_000L;
  private static final int NOT_COMPLETE = 0x8000_0000; // of the library's block header

  final Path directory;
  final Instant startedAt;
  private final RecordDecoder decoder;
  private final byte[] buffer = new byte[Layout.MAX_BYTES];
  private @Nullable SingleChronicleQueue queue;
  private @Nullable ExcerptTailer tailer;
  private @Nullable JournalEntry head;
  private long nextIndex;
  private boolean positioned;
  private long notBeforeNs;
  private boolean waits;
  private long damaged;
  private String lastProblem = "";

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
      } catch (Throwable t) { // one broken directory must not end the reading of the others
        problem(t.getClass().getSimpleName() + ": " + t.getMessage());
        close();
        waits = true;
        notBeforeNs = System.nanoTime() + REOPEN_NS;
      }
    }
    return head;
  }

  void take() {
    head = null;
  }

  long damaged() {
    return damaged;
  }

  String lastProblem() {
    return lastProblem;
  }

  private @Nullable JournalEntry read() throws IOException {
    ExcerptTailer open = tailer;
    if (open == null) {
      open = open();
      if (open == null) {
        return null;
      }
    }
    while (true) {
      int length;
      try (DocumentContext excerpt = open.readingDocument()) {
        if (!excerpt.isPresent()) {
          return null;
        }
        nextIndex = excerpt.index() + 1;
        positioned = true;
        length = copy(excerpt);
      }
      try {
        JournalEntry entry = decoder.decode(buffer, length);
        if (entry != null) {
          return entry;
        }
      } catch (DamagedException e) {
        damaged++;
        problem(e.getMessage() + " (record at index " + Long.toHexString(nextIndex - 1) + ")");
      }
    }
  }

  /** Copies the record out before anything looks at it: what is checked is what is read. */
  private int copy(DocumentContext excerpt) {
    Wire wire = excerpt.wire();
    if (wire == null || !excerpt.isData()) {
      return 0;
    }
    Bytes<?> bytes = wire.bytes();
    long length = bytes.readRemaining();
    if (length > buffer.length) {
      return Integer.MAX_VALUE;
    }
    bytes.read(buffer, 0, (int) length);
    return (int) length;
  }

  private @Nullable ExcerptTailer open() throws IOException {
    if (!positioned) {
      // not where the library believes that the first record is: that file may have been deleted
      long cycle = firstCycle();
      if (cycle < 0 || !isComplete(directory.resolve(QueueFile.METADATA))) {
        return null; // the library would wait ten seconds for it and fail
      }
      nextIndex = QueueFile.ROLL_CYCLE.toIndex((int) cycle, 0);
    }
    SingleChronicleQueue opened = queue;
    if (opened == null) {
      Library.prepare();
      opened =
          SingleChronicleQueueBuilder.binary(directory)
              .rollCycle(QueueFile.ROLL_CYCLE)
              .blockSize(QueueFile.BLOCK_BYTES)
              .timeoutMS(500)
              .readOnly(true)
              .build();
      queue = opened;
    }
    ExcerptTailer created = opened.createTailer();
    if (!created.moveToIndex(nextIndex) && !positioned) {
      created.close(); // made, but nothing in it yet
      return null;
    }
    tailer = created;
    return created;
  }

  /**
   * The first file that is made completely; -1 if there is none: its writer has just begun, or was
   * killed while it did.
   */
  private long firstCycle() throws IOException {
    long first = -1;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.cq4")) {
      for (Path file : files) {
        long cycle = QueueFile.cycleOf(file);
        if (cycle >= 0 && (first < 0 || cycle < first) && isComplete(file)) {
          first = cycle;
        }
      }
    }
    return first;
  }

  private static boolean isComplete(Path file) throws IOException {
    if (!Files.exists(file)) {
      return false;
    }
    ByteBuffer header = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      channel.read(header, 0);
    }
    int value = header.getInt(0);
    return value != 0 && (value & NOT_COMPLETE) == 0;
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

  private void problem(String problem) {
    lastProblem = directory + ": " + problem;
  }

  @Override
  public void close() {
    ExcerptTailer oldTailer = tailer;
    SingleChronicleQueue oldQueue = queue;
    tailer = null;
    queue = null;
    try {
      if (oldTailer != null) {
        oldTailer.close();
      }
    } catch (Throwable t) {
      problem(t.toString());
    }
    try {
      if (oldQueue != null) {
        oldQueue.close();
      }
    } catch (Throwable t) {
      problem(t.toString());
    }
  }
}
