package dev.cordon.journal;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.core.time.TimeProvider;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.RollCycle;
import net.openhft.chronicle.queue.RollCycles;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.wire.DocumentContext;
import org.jspecify.annotations.Nullable;

/**
 * One instance directory with its queue and the only appender. Used by the writer thread alone,
 * except {@link #channel}.
 *
 * <p>Every block that the library will touch through its mapping is allocated with write(2) before:
 * a full disk is an IOException here and not a SIGBUS there, which ends a JVM 17. After an
 * IOException nothing was written and the queue is as before; after anything else its state is
 * unknown and the directory must be abandoned.
 */
final class QueueFile implements Closeable {

  static final RollCycle ROLL_CYCLE = RollCycles.FAST_DAILY;
  static final long BLOCK_BYTES = 1 << 20;

  /** Of a file with records; those that end in rec are of a {@link SecondDevice}. */
  static final String FILE_NAME = "[0-9]{8}F[.](cq4|rec)";

  static final String METADATA = "metadata.cq4t";
  static final String LIVE_LOCK = "live.lock";

  private static final int STEP_BYTES = 1 << 20; // allocated at once
  private static final int MARGIN_BYTES =
      512 << 10; // ahead of the end: the library's own index pages come there
  private static final int METADATA_BYTES = 128 << 10;
  private static final int LOCK_TIMEOUT_MS = 500;
  private static final int HEADER_BYTES = 64; // more than the library puts around a record
  private static final ByteBuffer ZEROES = ByteBuffer.allocateDirect(64 << 10);

  private final Path directory;
  private final FileChannel liveChannel;
  private final SingleChronicleQueue queue;
  private final ExcerptAppender appender;
  private final TimeProvider time;
  private @Nullable FileChannel cycleChannel;
  private volatile @Nullable FileChannel forcedChannel;
  private volatile Path cycleFile;
  private @Nullable Path directoryForcedFor; // of the force thread
  private volatile boolean forced;
  private @Nullable Object cycleFileKey;
  private int cycle = NO_CYCLE;
  private long allocated;
  private long position;
  private long lastIndex;
  private boolean firstInCycle;

  private static final int NO_CYCLE = -1;

  // directories that this JVM writes: to open and close their lock would release it
  private static final Set<Path> WRITTEN_HERE = ConcurrentHashMap.newKeySet();

  /**
   * Creates the directory, which must not exist: nothing is ever appended to what another process
   * left.
   */
  QueueFile(Path directory, TimeProvider time) throws IOException {
    this.directory = directory;
    this.time = time;
    this.cycleFile = directory;
    Library.prepare();
    Files.createDirectories(directory.getParent());
    Files.createDirectory(directory);
    FileChannel live = null;
    SingleChronicleQueue opened = null;
    writesHere(directory);
    try {
      live =
          FileChannel.open(
              directory.resolve(LIVE_LOCK),
              StandardOpenOption.CREATE_NEW,
              StandardOpenOption.WRITE);
      FileLock lock = live.tryLock(); // told to other PID namespaces, which a PID is not
      if (lock == null) {
        throw new IOException("another process holds " + directory.resolve(LIVE_LOCK));
      }
      try (FileChannel metadata =
          FileChannel.open(
              directory.resolve(METADATA),
              StandardOpenOption.CREATE_NEW,
              StandardOpenOption.WRITE)) {
        allocate(metadata, 0, METADATA_BYTES);
      }
      opened =
          SingleChronicleQueueBuilder.binary(directory)
              .rollCycle(ROLL_CYCLE)
              .blockSize(BLOCK_BYTES)
              .timeProvider(time)
              .timeoutMS(LOCK_TIMEOUT_MS)
              .build();
      appender = opened.createAppender();
    } catch (Throwable t) {
      closeQuietly(opened);
      closeQuietly(live);
      writesNoMore(directory);
      removeUnused(directory);
      throw t;
    }
    liveChannel = live;
    queue = opened;
  }

  Path directory() {
    return directory;
  }

  /**
   * Makes room for one record. True if it opens a new file, which then needs its own dictionary.
   */
  boolean prepare(int bytes) throws IOException {
    int now = ROLL_CYCLE.current(time, 0);
    boolean roll = now != cycle;
    if (roll) {
      openCycle(now);
    }
    FileChannel channel = cycleChannel;
    while (channel != null && position + bytes + HEADER_BYTES + MARGIN_BYTES > allocated) {
      allocate(channel, allocated, allocated + STEP_BYTES);
      allocated += STEP_BYTES;
    }
    return roll;
  }

  /**
   * Appends one record into the room that {@link #prepare} made. Throws unchecked exceptions and
   * errors only.
   */
  void append(byte[] record, int length) {
    DocumentContext excerpt = appender.writingDocument();
    try {
      Bytes<?> bytes = bytesOf(excerpt);
      bytes.write(record, 0, length);
      position = bytes.writePosition();
    } catch (Throwable t) {
      excerpt.rollbackOnClose(); // else close() commits half a record
      throw t;
    } finally {
      excerpt.close();
    }
    long index = appender.lastIndexAppended();
    // after an Error inside an append the library accepts later ones and writes nothing
    boolean advanced =
        firstInCycle
            ? ROLL_CYCLE.toCycle(index) == cycle && ROLL_CYCLE.toSequenceNumber(index) == 0
            : index == lastIndex + 1;
    if (!advanced) {
      throw new IllegalStateException(
          "append did not advance the index: "
              + Long.toHexString(lastIndex)
              + " -> "
              + Long.toHexString(index));
    }
    firstInCycle = false;
    lastIndex = index;
  }

  private static Bytes<?> bytesOf(DocumentContext excerpt) {
    net.openhft.chronicle.wire.Wire wire = excerpt.wire();
    if (wire == null) {
      throw new IllegalStateException("the queue gave no place to write to");
    }
    return wire.bytes();
  }

  /**
   * Fails if somebody deleted or replaced the file: what goes into the old one is read by nobody.
   */
  void checkInPlace() throws IOException {
    if (cycle == NO_CYCLE || firstInCycle) {
      return;
    }
    Object key;
    try {
      key = Files.readAttributes(cycleFile, BasicFileAttributes.class).fileKey();
    } catch (NoSuchFileException e) {
      throw new IllegalStateException("file vanished: " + cycleFile, e);
    }
    if (cycleFileKey == null) {
      cycleFileKey = key;
    } else if (!cycleFileKey.equals(key)) {
      throw new IllegalStateException("file was replaced: " + cycleFile);
    }
  }

  /** Of the current file on the device; grows in steps. */
  long allocatedBytes() {
    return allocated;
  }

  /** What the force thread forces; null before the first record. */
  @Nullable FileChannel channel() {
    return forcedChannel;
  }

  /** Makes the new file's name as durable as its content. For the force thread. */
  void forceDirectory() throws IOException {
    if (directoryForcedFor == cycleFile) {
      return;
    }
    Path file = cycleFile;
    try (FileChannel names = FileChannel.open(directory, StandardOpenOption.READ)) {
      names.force(true);
    }
    directoryForcedFor = file;
  }

  private void openCycle(int now) throws IOException {
    String name =
        DateTimeFormatter.ofPattern(ROLL_CYCLE.format(), Locale.ROOT)
            .withZone(ZoneOffset.UTC)
            .format(
                Instant.ofEpochMilli(
                    (long) now * ROLL_CYCLE.lengthInMillis() + ROLL_CYCLE.defaultEpoch()));
    Path file = directory.resolve(name + ".cq4");
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new IllegalStateException("file of a new cycle exists already: " + file);
    }
    // the library renames NAME.precreated itself; the inode, and so our channel, stays the same
    FileChannel created =
        FileChannel.open(
            directory.resolve(name + ".precreated"),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING);
    try {
      allocate(created, 0, STEP_BYTES);
      FileChannel old = cycleChannel;
      if (old != null) {
        old.force(false); // whoever waits for a record in it is told by the force thread
      }
    } catch (IOException e) {
      closeQuietly(created);
      throw e;
    }
    FileChannel old = cycleChannel;
    cycleChannel = created;
    forcedChannel = created;
    closeQuietly(old);
    cycleFile = file;
    cycleFileKey = null;
    cycle = now;
    allocated = STEP_BYTES;
    position = 0;
    firstInCycle = true;
  }

  static void writesHere(Path directory) {
    WRITTEN_HERE.add(directory.toAbsolutePath());
  }

  static void writesNoMore(Path directory) {
    WRITTEN_HERE.remove(directory.toAbsolutePath());
  }

  static boolean isWrittenHere(Path directory) {
    return WRITTEN_HERE.contains(directory.toAbsolutePath());
  }

  /** The cycle of a file by its name, which is a day; -1 if it is none of ours. */
  static long cycleOf(Path file) {
    String name = file.getFileName().toString();
    if (!name.matches(FILE_NAME)) {
      return -1;
    }
    try {
      return LocalDate.parse(name.substring(0, 8), DateTimeFormatter.BASIC_ISO_DATE).toEpochDay();
    } catch (DateTimeParseException e) {
      return -1;
    }
  }

  private static void allocate(FileChannel channel, long from, long to) throws IOException {
    for (long at = from; at < to; ) {
      ByteBuffer zeroes = ZEROES.duplicate();
      zeroes.limit((int) Math.min(zeroes.capacity(), to - at));
      at += channel.write(zeroes, at);
    }
  }

  /** Releases everything; a directory that never got a record is removed again. */
  @Override
  public void close() {
    try {
      FileChannel channel = cycleChannel;
      if (channel != null) {
        channel.force(false);
        forced = true;
      }
    } catch (IOException e) {
      // the caller abandons or ends the journal either way, and the page cache still has it
    }
    closeQuietly(appender);
    closeQuietly(queue);
    closeQuietly(cycleChannel);
    closeQuietly(liveChannel);
    writesNoMore(directory);
    if (cycle == NO_CYCLE || firstInCycle && lastIndex == 0) {
      removeUnused(directory);
    }
  }

  /** True if {@link #close} could force all there is. */
  boolean isForced() {
    return forced;
  }

  private static void removeUnused(Path directory) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(directory);
    } catch (IOException | UncheckedIOException e) {
      // it holds nothing that anybody needs
    }
  }

  private static void closeQuietly(@Nullable AutoCloseable closeable) {
    try {
      if (closeable != null) {
        closeable.close();
      }
    } catch (Throwable t) {
      // given up already; the reason is in the writer's status
    }
  }

  private static void closeQuietly(net.openhft.chronicle.core.io.@Nullable Closeable closeable) {
    try {
      if (closeable != null) {
        closeable.close();
      }
    } catch (Throwable t) {
      // given up already; the reason is in the writer's status
    }
  }
}
