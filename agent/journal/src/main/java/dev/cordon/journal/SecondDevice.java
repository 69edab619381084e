package dev.cordon.journal;

import dev.cordon.journal.evidence.EvidenceSealer;
import dev.cordon.journal.seal.Frontier;
import dev.cordon.journal.seal.Merkle;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Takes records while the queue cannot: a plain file on another volume, with a thread, a bounded
 * queue and a deadline of its own, so that a device that hangs holds up nobody for longer. Nothing
 * of it exists until the first record that needs it. What it keeps is a log of its own, with its
 * own numbers; the union of both is the record.
 *
 * <pre>
 *  DIRECTORY/SERVICE/20261121T101530.123Z-p4711-second/20261121F.rec
 *  documents as in a queue file, without the library's:   header u32 = length, record, 0 to 3 zeros
 * </pre>
 *
 * <p>The header of the first document of a write is written last: what a killed process left of a
 * write is not there.
 */
final class SecondDevice implements Runnable {

  static final String SUFFIX = "-second";
  static final String FILE_SUFFIX = "F.rec";

  private static final int MAX_WAITING = 16 * 1024;
  private static final int BATCH = 64;
  private static final long CHECK_EVERY_NS = 1_000_000_000L;
  private static final long PARK_NS = 1_000_000_000L;
  private static final int HEADER_BYTES = 4;

  /** What is in its files so far: the primary's {@code device.up} tells it. */
  record Standing(String directory, long records, long size, byte[] root) {
    static final Standing NOTHING = new Standing("", 0, 0, new byte[0]);
  }

  private final Path parent;
  private final String name;
  private final RecordEncoder encoder;
  private final Dictionary dictionary;
  private final Clock clock;
  private final Losses losses;
  private final long withinNs;
  private final @Nullable EvidenceSealer evidence;
  private final Thread thread;
  private final AtomicBoolean started = new AtomicBoolean();

  private final ConcurrentLinkedQueue<Entry> waitingEntries = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private volatile long busySinceNs; // 0: not
  private volatile boolean closing;
  private volatile boolean ended;
  private volatile Standing standing = Standing.NOTHING;
  private volatile String whyDown = "";
  private volatile String lastProblem = "";
  private volatile boolean failed;
  private volatile boolean primaryIsUp;

  // of its thread
  private final Salts salts = new Salts();
  private final Merkle merkle = new Merkle();
  private Frontier frontier = new Frontier(merkle);
  private @Nullable Path directory;
  private @Nullable FileChannel live;
  private @Nullable FileChannel channel;
  private Path file = Path.of("");
  private long day = Long.MIN_VALUE;
  private long position;
  private long nextN = 1;
  private long records;
  private int directories;
  private int named = Dictionary.FIRST;
  private boolean namesForced;
  private String toldDown = "";
  private long checkedNs;

  /**
   * @param name of the primary's first directory, whose records these go with
   * @param withinNs how long the device may take for one write
   */
  SecondDevice(
      Path parent,
      String name,
      RecordEncoder encoder,
      Dictionary dictionary,
      Clock clock,
      Losses losses,
      long withinNs,
      @Nullable EvidenceSealer evidence) {
    this.evidence = evidence;
    this.parent = parent;
    this.name = name.replaceFirst("-[0-9]+$", "") + SUFFIX;
    this.encoder = encoder;
    this.dictionary = dictionary;
    this.clock = clock;
    this.losses = losses;
    this.withinNs = withinNs;
    thread = new Thread(null, this, "cordon-journal-second", 1 << 18, false);
    thread.setDaemon(true);
    thread.setContextClassLoader(SecondDevice.class.getClassLoader());
  }

  static boolean isSecond(Path directory) {
    return String.valueOf(directory.getFileName()).matches("[0-9]{8}T.*Z-p[0-9]+-second(-[0-9]+)?");
  }

  // ---- the callers' threads

  /**
   * Waits, bounded, for what waits; never for what does not.
   *
   * @param why why the primary does not take it
   */
  Appended append(
      byte[] record, EvidenceField.@Nullable Plain plain, Level level, String why, long timeoutNs) {
    boolean waits = level != Level.ACCEPTED;
    Entry entry =
        new Entry(record.clone(), plain, level, waits ? Thread.currentThread() : null, false);
    if (!offer(entry, why)) {
      return Appended.FAILED;
    }
    return waits
        ? entry.await(System.nanoTime() + Math.min(timeoutNs, withinNs), withinNs)
        : Appended.ACCEPTED;
  }

  /** False if it has no room, or hangs. */
  boolean offer(Entry entry, String why) {
    long sinceNs = busySinceNs;
    boolean hangs = sinceNs != 0 && System.nanoTime() - sinceNs > withinNs;
    if (hangs || closing || waiting.get() >= MAX_WAITING) {
      failed |= hangs;
      return false;
    }
    whyDown = why;
    waitingEntries.add(entry);
    waiting.incrementAndGet();
    if (!started.get() && started.compareAndSet(false, true)) {
      thread.start();
    }
    LockSupport.unpark(thread);
    if (ended) { // nobody comes any more
      failRest();
    }
    return true;
  }

  /** What was handed over behind the end; of whoever comes upon it. */
  private void failRest() {
    for (Entry entry = waitingEntries.poll(); entry != null; entry = waitingEntries.poll()) {
      waiting.decrementAndGet();
      if (entry.compareAndSet(Entry.WAITING, Entry.WRITING)) {
        fail(entry);
      }
    }
  }

  // ---- the device's thread

  @Override
  public void run() {
    List<Entry> batch = new ArrayList<>(BATCH);
    while (true) {
      take(batch);
      if (batch.isEmpty()) {
        if (closing) {
          break;
        }
        LockSupport.parkNanos(this, PARK_NS);
        Thread.interrupted(); // an interrupt would close the channel
        continue;
      }
      busySinceNs = Math.max(1, System.nanoTime());
      try {
        write(batch);
        failed = false;
      } catch (Throwable t) { // told to who waits; the next batch tries again
        problem(t);
        for (Entry entry : batch) {
          if (entry.get() == Entry.WRITING) {
            fail(entry);
          }
        }
      }
      busySinceNs = 0;
      batch.clear();
    }
    ended = true;
    failRest();
    release();
  }

  private void take(List<Entry> batch) {
    while (batch.size() < BATCH) {
      Entry entry = waitingEntries.poll();
      if (entry == null) {
        return;
      }
      waiting.decrementAndGet();
      if (entry.compareAndSet(Entry.WAITING, Entry.WRITING)) {
        batch.add(entry);
      }
    }
  }

  private void write(List<Entry> batch) throws IOException {
    FileChannel open = open();
    List<byte[]> all = new ArrayList<>();
    String why = whyDown;
    if (primaryIsUp) {
      primaryIsUp = false;
      toldDown = "";
    }
    long lost = losses.claim();
    boolean written = false;
    try {
      if (!why.equals(toldDown)) {
        all.add(
            encoder.encode(
                new JournalRecord(RecordKind.DEVICE_DOWN)
                    .attribute("device", "primary")
                    .attribute("why", why)));
      }
      if (lost > 0) {
        JournalRecord gap = new JournalRecord(RecordKind.GAP);
        gap.attribute("lost", Long.toString(lost));
        all.add(encoder.encode(gap));
      }
      boolean force = false;
      for (Entry entry : batch) {
        all.add(entry.complete(evidence, false));
        force |= entry.level == Level.DURABLE;
      }
      int names = dictionary.size(); // all that those before this line may use
      for (int id = named; id < names; id++) {
        all.add(id - named, encoder.encodeName(id));
      }
      long n = nextN;
      for (int i = 0; i < all.size(); i++) {
        n = number(all.get(i), n);
      }
      long end = put(open, all);
      written = true;
      nextN = n;
      named = names;
      toldDown = why;
      position = end;
      records += batch.size();
      stand(all);
      reach(batch, open, force);
    } finally {
      if (!written) {
        losses.unclaim(lost);
      }
    }
  }

  private long number(byte[] record, long n) {
    Layout.put64(record, Layout.N, n);
    salts.fill(record, Layout.SALT, Layout.SALT_BYTES);
    Layout.put32(record, Layout.CRC, Layout.crc(record, record.length));
    return (record[Layout.KIND] & 0xff) == RecordKind.DICT_ADD.code ? n : n + 1;
  }

  private long put(FileChannel open, List<byte[]> all) throws IOException {
    int bytes = 0;
    for (byte[] record : all) {
      bytes += HEADER_BYTES + record.length + 3;
    }
    ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (byte[] record : all) {
      buffer.putInt(record.length).put(record);
      while ((buffer.position() & 3) != 0) {
        buffer.put((byte) 0);
      }
    }
    buffer.flip();
    int written = buffer.limit();
    int first = buffer.getInt(0);
    buffer.putInt(0, 0);
    try {
      writeAll(open, buffer, position);
      buffer.putInt(0, first).position(0).limit(HEADER_BYTES);
      writeAll(open, buffer, position);
    } catch (IOException e) {
      try {
        open.truncate(position);
      } catch (IOException again) {
        e.addSuppressed(again);
        release(); // its state is unknown: the next one goes into another directory
      }
      throw e;
    }
    return position + written;
  }

  private static void writeAll(FileChannel to, ByteBuffer bytes, long from) throws IOException {
    long at = from;
    while (bytes.hasRemaining()) {
      at += to.write(bytes, at);
    }
  }

  private void stand(List<byte[]> all) {
    byte[] hash = new byte[Merkle.HASH_BYTES];
    for (byte[] record : all) {
      merkle.leaf(record, 0, record.length, hash, 0);
      frontier.append(hash, 0);
    }
    Path of = directory;
    standing =
        new Standing(
            of == null ? "" : String.valueOf(of.getFileName()),
            records,
            frontier.size(),
            frontier.root());
  }

  private void reach(List<Entry> batch, FileChannel open, boolean force) throws IOException {
    int durable = Entry.COMMITTED;
    if (force) {
      try {
        open.force(false);
        if (!namesForced && directory != null) {
          try (FileChannel entries = FileChannel.open(directory, StandardOpenOption.READ)) {
            entries.force(true);
          }
          namesForced = true;
        }
        durable = Entry.DURABLE;
      } catch (IOException e) {
        problem(e);
        durable = Entry.UNFORCED;
      }
    }
    for (Entry entry : batch) {
      entry.become(entry.level == Level.DURABLE ? durable : Entry.COMMITTED);
    }
  }

  private FileChannel open() throws IOException {
    long today = Math.max(day, LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC).toEpochDay());
    if (System.nanoTime() - checkedNs >= CHECK_EVERY_NS) {
      checkedNs = System.nanoTime();
      if (directory != null && !Files.exists(file)) {
        release(); // deleted under it
      }
    }
    FileChannel open = channel;
    if (open != null && today == day) {
      return open;
    }
    Path in = directory;
    if (in == null) {
      in = openDirectory();
    }
    closeQuietly(open);
    channel = null;
    day = today;
    file =
        in.resolve(
            DateTimeFormatter.BASIC_ISO_DATE.format(LocalDate.ofEpochDay(today)) + FILE_SUFFIX);
    FileChannel opened =
        FileChannel.open(
            file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
    channel = opened;
    position = 0;
    named = Dictionary.FIRST; // each file stands for itself
    namesForced = false;
    return opened;
  }

  private Path openDirectory() throws IOException {
    Files.createDirectories(parent);
    while (true) {
      int number = directories++;
      Path made = parent.resolve(number == 0 ? name : name + "-" + number);
      try {
        Files.createDirectory(made);
      } catch (FileAlreadyExistsException e) {
        if (number < 100) {
          continue; // a container with our process id, started in the same millisecond
        }
        throw e;
      }
      QueueFile.writesHere(made);
      FileChannel lock =
          FileChannel.open(
              made.resolve(QueueFile.LIVE_LOCK),
              StandardOpenOption.CREATE_NEW,
              StandardOpenOption.WRITE);
      live = lock;
      directory = made;
      frontier = new Frontier(merkle);
      if (lock.tryLock() == null) {
        throw new IOException("another process holds " + made.resolve(QueueFile.LIVE_LOCK));
      }
      return made;
    }
  }

  private void fail(Entry entry) {
    if (entry.caller == null && !entry.background) {
      losses.add();
    }
    entry.become(Entry.FAILED);
  }

  private void problem(Throwable t) {
    Thread.interrupted();
    failed = true;
    lastProblem = "second device: " + t.getClass().getSimpleName() + ": " + t.getMessage();
    if (t instanceof java.nio.channels.ClosedChannelException) {
      release();
    }
  }

  private void release() {
    Path of = directory;
    closeQuietly(channel);
    closeQuietly(live);
    channel = null;
    live = null;
    directory = null;
    day = Long.MIN_VALUE;
    if (of != null) {
      QueueFile.writesNoMore(of);
    }
  }

  private static void closeQuietly(@Nullable FileChannel open) {
    try {
      if (open != null) {
        open.close();
      }
    } catch (IOException e) {
      // what was written is written
    }
  }

  // ---- what others ask

  Standing standing() {
    return standing;
  }

  /** The primary takes records again: when it does not the next time, that is told again. */
  void primaryIsUp() {
    primaryIsUp = true;
  }

  /** True while its last write failed. */
  boolean isFailed() {
    return failed;
  }

  String lastProblem() {
    return lastProblem;
  }

  boolean isIdle() {
    return waiting.get() <= 0 && busySinceNs == 0;
  }

  /** Writes what waits, at most so long. */
  void close(long timeoutMs) {
    closing = true;
    if (!started.get()) {
      return;
    }
    LockSupport.unpark(thread);
    try {
      thread.join(timeoutMs);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
