package dev.cordon.journal;

import dev.cordon.journal.JournalStatus.State;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that writes, and the ring before it. {@link #append} runs on the callers' threads
 * and touches nothing of the library; everything from {@link #run} down is the writer's alone.
 *
 * <p>The hand-over is a linked queue and a counter: there is no reserved place that a
 * StackOverflowError or a killed thread could leave unpublished. The writer polls every millisecond
 * and is woken only for callers that wait: waking it costs more than the append.
 */
final class JournalWriter implements Runnable {

  static final long POLL_NS = 1_000_000;
  private static final long CHECK_EVERY_NS = 1_000_000_000L;
  private static final long RETRY_NS = 100_000_000L;
  private static final long OPEN_RETRY_NS = 1_000_000_000L;
  private static final int OPEN_TRIES = 100;
  private static final long DRAIN_NS = 2_000_000_000L;
  private static final long BACK_PRESSURE_PARK_NS = 50_000;
  private static final long WAIT_PARK_NS = 1_000_000;

  // waking a parked caller costs more than the write it waits for, so it spins about as long as the
  // writer takes to wake up; but never so many that the writer finds no processor
  private static final long CALLER_SPIN_NS = 50_000;
  private static final int MAX_SPINNING = Runtime.getRuntime().availableProcessors() / 2;
  private static final int WRITER_SPINS = 20;

  // a body is scanned and decided in less, and the writer wakes up meanwhile. Where processors are
  // short it would only keep its caller from one: once it has waited in vain, it does so no more
  // for a while, twice as long each time
  private static final long EXPECT_NS = 80_000;
  private static final long MIN_UNEXPECTING_NS = 10_000_000;
  private static final long MAX_UNEXPECTING_NS = 1_000_000_000;
  private static final long STACK_BYTES = 1 << 20;

  private static final int WAITING = 0;
  private static final int WRITING = 1;
  private static final int COMMITTED = 2;
  private static final int DURABLE = 3;
  private static final int FAILED = 4;
  private static final int CANCELLED = 5;

  /** One record on its way; its own state. */
  private static final class Entry extends AtomicInteger {
    private static final long serialVersionUID = 1L;

    final transient byte[] record;
    final transient Level level;
    final transient @Nullable Thread caller; // null: nobody waits
    volatile boolean parked;

    Entry(byte[] record, Level level, @Nullable Thread caller) {
      super(WAITING);
      this.record = record;
      this.level = level;
      this.caller = caller;
    }

    void become(int state) {
      set(state);
      if (parked) {
        LockSupport.unpark(caller);
      }
    }
  }

  private enum Outcome {
    WRITTEN,
    /** Full or denied: nothing was written, the same record may be tried again. */
    REFUSED,
    BROKEN
  }

  private final JournalOptions options;
  private final RecordEncoder encoder;
  private final Dictionary dictionary;
  private final Directories directories;
  private final QueueOpener opener;
  private final Thread thread;
  private final Thread forceThread;

  private final ConcurrentLinkedQueue<Entry> ring = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicLong lost = new AtomicLong();
  private final ConcurrentLinkedQueue<Entry> toForce = new ConcurrentLinkedQueue<>();

  private volatile State state = State.OPENING;
  private final AtomicInteger spinning = new AtomicInteger(); // callers that want to spin
  private volatile boolean parked;
  private volatile boolean expects = MAX_SPINNING > 0;
  private volatile long expectedUntilNs = System.nanoTime();
  private volatile boolean closing;
  private volatile boolean shuttingDown;
  private volatile long written;
  private volatile int opened;
  private volatile String lastProblem = "";
  private volatile Path directory;
  private volatile @Nullable QueueFile shared; // for the force thread

  // of the writer thread
  private @Nullable QueueFile queue;
  private @Nullable Entry held; // an ACCEPTED record that a full disk refused
  private final Salts salts = new Salts();
  private long nextN = 1;
  private int named = Dictionary.FIRST;
  private long reportedLost;
  private boolean recovered;
  private long notOpenBeforeNs;
  private boolean openFailed;
  private long nowMs;
  private int lastWaiting;
  private long unexpectingUntilNs;
  private long unexpectingNs = MIN_UNEXPECTING_NS;

  /** How a directory's queue is opened; a seam for the failures that a test cannot make happen. */
  interface QueueOpener {
    QueueFile open(Path directory, net.openhft.chronicle.core.time.TimeProvider time)
        throws IOException;
  }

  JournalWriter(
      JournalOptions options,
      RecordEncoder encoder,
      Dictionary dictionary,
      Directories directories,
      QueueOpener opener) {
    this.options = options;
    this.encoder = encoder;
    this.dictionary = dictionary;
    this.directories = directories;
    this.opener = opener;
    this.directory = directories.first();
    this.nowMs = options.clock().millis();
    thread = daemon("cordon-journal-writer", this);
    forceThread = daemon("cordon-journal-force", this::forceLoop);
  }

  private static Thread daemon(String name, Runnable loop) {
    Thread thread = new Thread(null, loop, name, STACK_BYTES, false);
    thread.setDaemon(true);
    // the library finds its services through it; the application's would be the wrong ones
    thread.setContextClassLoader(JournalWriter.class.getClassLoader());
    return thread;
  }

  void start() {
    thread.start();
    forceThread.start();
  }

  // ---- the callers' threads

  Appended append(byte[] record, Level asked, long timeoutNs) {
    Level level = asked == Level.ACCEPTED && shuttingDown ? Level.COMMITTED : asked;
    boolean waits = level != Level.ACCEPTED;
    Entry entry = new Entry(record, level, waits ? Thread.currentThread() : null);
    long startedNs = System.nanoTime();
    if (!offer(entry, startedNs, timeoutNs)) {
      lost.incrementAndGet();
      return Appended.FAILED;
    }
    if (!waits) {
      return Appended.ACCEPTED;
    }
    if (parked) {
      LockSupport.unpark(thread);
    }
    return await(entry, startedNs, timeoutNs);
  }

  /**
   * Wakes the writer for a record that is still to come and whose caller will wait for it: waking
   * takes longer than the write.
   */
  void expect() {
    if (!expects) {
      return;
    }
    expectedUntilNs = System.nanoTime() + EXPECT_NS;
    if (parked) {
      LockSupport.unpark(thread);
    }
  }

  /** For the sealer: appended if there is plenty of room, else left out and not counted as lost. */
  void appendIfIdle(byte[] record) {
    if (state == State.RUNNING && waiting.get() < options.ringRecords() / 2) {
      ring.add(new Entry(record, Level.ACCEPTED, null));
      waiting.incrementAndGet();
    }
  }

  /** Holds the caller back, bounded, while the ring is full and the writer works. */
  private boolean offer(Entry entry, long startedNs, long timeoutNs) {
    if (state == State.CLOSED) {
      return false;
    }
    boolean interrupted = false;
    boolean room = true;
    while (waiting.get() >= options.ringRecords()) {
      if (isStuck() || System.nanoTime() - startedNs >= timeoutNs) {
        room = false;
        break;
      }
      LockSupport.parkNanos(this, BACK_PRESSURE_PARK_NS);
      interrupted |= Thread.interrupted();
    }
    if (room) {
      ring.add(entry);
      waiting.incrementAndGet();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return room;
  }

  private boolean isStuck() {
    return switch (state) {
      case OPENING, RUNNING -> false;
      case FULL, BROKEN, CLOSED -> true;
    };
  }

  private Appended await(Entry entry, long startedNs, long timeoutNs) {
    int wanted = entry.level == Level.DURABLE ? DURABLE : COMMITTED;
    boolean interrupted = false;
    spin(entry, wanted, Math.min(timeoutNs, CALLER_SPIN_NS));
    int reached = entry.get();
    while (reached < wanted) { // FAILED is above both
      long leftNs = timeoutNs - (System.nanoTime() - startedNs);
      if (leftNs <= 0) {
        // withdrawn if the writer has not taken it: the journal must not tell of a call that did
        // not go out
        if (entry.compareAndSet(WAITING, CANCELLED)) {
          lost.incrementAndGet();
        }
        reached = entry.get();
        break;
      }
      entry.parked = true;
      if (entry.get() < wanted) {
        LockSupport.parkNanos(this, Math.min(leftNs, WAIT_PARK_NS));
      }
      interrupted |= Thread.interrupted();
      reached = entry.get();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return switch (reached) {
      case DURABLE -> Appended.DURABLE;
      case COMMITTED -> Appended.COMMITTED;
      default -> Appended.FAILED;
    };
  }

  private void spin(Entry entry, int wanted, long forNs) {
    if (spinning.getAndIncrement() < MAX_SPINNING) {
      long fromNs = System.nanoTime();
      while (entry.get() < wanted && System.nanoTime() - fromNs < forNs) {
        Thread.onSpinWait();
      }
    }
    spinning.getAndDecrement();
  }

  // ---- the writer's thread

  @Override
  public void run() {
    long nextCheckNs = System.nanoTime() + CHECK_EVERY_NS;
    while (true) {
      try {
        if (queue == null && state == State.OPENING) {
          openAhead();
        }
        if (System.nanoTime() - nextCheckNs > 0) {
          nextCheckNs = System.nanoTime() + CHECK_EVERY_NS;
          check();
        }
        Entry entry = next();
        if (entry != null) {
          write(entry);
        } else if (closing) {
          break;
        } else {
          idle();
        }
      } catch (Throwable t) { // the loop itself must not end: records and callers wait for it
        problem(t);
        abandon();
        state = State.BROKEN;
        LockSupport.parkNanos(this, RETRY_NS);
      }
    }
    abandon();
    state = State.CLOSED;
    failEverything();
  }

  private @Nullable Entry next() {
    Entry entry = held;
    if (entry != null) {
      held = null;
      return entry;
    }
    entry = ring.poll();
    if (entry != null) {
      waiting.decrementAndGet();
    }
    return entry;
  }

  private void write(Entry entry) {
    if (!entry.compareAndSet(WAITING, WRITING)) {
      return; // its caller gave up
    }
    Outcome outcome = Outcome.BROKEN;
    try {
      outcome = writeOnceMoreIfBroken(entry.record);
    } finally {
      if (outcome == Outcome.WRITTEN) {
        state = State.RUNNING;
        entry.become(COMMITTED);
        if (entry.caller != null) {
          expectedUntilNs = System.nanoTime();
        }
        if (entry.level == Level.DURABLE) {
          toForce.add(entry);
          LockSupport.unpark(forceThread);
        }
      } else {
        state = outcome == Outcome.REFUSED ? State.FULL : State.BROKEN;
        refuse(entry);
      }
    }
  }

  private Outcome writeOnceMoreIfBroken(byte[] record) {
    for (int attempt = 0; attempt < 2; attempt++) {
      try {
        QueueFile open = open();
        if (open == null) {
          return openFailed ? Outcome.REFUSED : Outcome.BROKEN;
        }
        writeBefore(open);
        writeOne(open, record, true);
        return Outcome.WRITTEN;
      } catch (ClosedChannelException t) { // somebody interrupted this thread: the channel is gone
        unknownState(t);
      } catch (IOException t) {
        problem(t);
        return Outcome.REFUSED;
      } catch (Throwable t) {
        unknownState(t);
      }
    }
    notOpenBeforeNs = System.nanoTime() + OPEN_RETRY_NS;
    return Outcome.BROKEN;
  }

  private void unknownState(Throwable t) {
    problem(t);
    abandon();
    recovered = true;
  }

  /** What readers need to know first: why there is a new directory, what was lost, and names. */
  private void writeBefore(QueueFile open) throws IOException {
    if (open.prepare(Layout.MAX_BYTES)) {
      named = Dictionary.FIRST; // a new file stands for itself
    }
    while (named < dictionary.size()) {
      writeOne(open, encoder.encodeName(named), false);
      named++;
    }
    if (recovered) {
      writeOne(open, encoder.encode(new JournalRecord(RecordKind.RECOVER)), false);
      recovered = false;
    }
    long lostNow = lost.get();
    if (lostNow > reportedLost) {
      JournalRecord gap = new JournalRecord(RecordKind.GAP);
      gap.attribute("lost", Long.toString(lostNow - reportedLost));
      writeOne(open, encoder.encode(gap), true);
      reportedLost = lostNow;
    }
  }

  private void writeOne(QueueFile open, byte[] record, boolean numbered) throws IOException {
    Layout.put64(record, Layout.N, nextN); // not counted: the number of the record that follows
    salts.fill(record, Layout.SALT, Layout.SALT_BYTES);
    Layout.put32(record, Layout.CRC, Layout.crc(record, record.length));
    if (open.prepare(record.length)) {
      throw new IllegalStateException("cycle changed between two records of one write");
    }
    open.append(record);
    if (numbered) {
      nextN++;
    }
    written++;
  }

  /** Keeps what nobody waits for, until the disk takes it; tells those who wait. */
  private void refuse(Entry entry) {
    if (closing) {
      fail(entry);
      return;
    }
    if (entry.caller != null) {
      fail(entry);
    } else {
      entry.set(WAITING);
      held = entry;
    }
    for (Entry other : ring) {
      if (other.caller != null && other.compareAndSet(WAITING, WRITING)) {
        fail(other);
      }
    }
    parkUnlessAsked(RETRY_NS);
  }

  private void fail(Entry entry) {
    lost.incrementAndGet();
    entry.become(FAILED);
  }

  private void failEverything() {
    for (Entry entry = next(); entry != null; entry = next()) {
      if (entry.compareAndSet(WAITING, WRITING)) {
        fail(entry);
      }
    }
  }

  private void openAhead() {
    try {
      QueueFile open = open();
      if (open != null) {
        writeBefore(open);
        state = State.RUNNING;
        return;
      }
      state = openFailed ? State.FULL : State.BROKEN;
    } catch (IOException t) {
      problem(t);
      state = State.FULL;
    } catch (Throwable t) {
      unknownState(t);
      state = State.BROKEN;
    }
  }

  /** The open queue, or null if it cannot be opened now; then not again for a second. */
  private @Nullable QueueFile open() {
    freeze();
    if (queue != null) {
      return queue;
    }
    if (notOpenBeforeNs != 0 && System.nanoTime() - notOpenBeforeNs < 0) {
      return null;
    }
    for (int tries = 0; ; tries++) {
      Path next = directories.next();
      try {
        QueueFile fresh = opener.open(next, () -> nowMs);
        queue = fresh;
        shared = fresh;
        directory = next;
        opened++;
        named = Dictionary.FIRST;
        notOpenBeforeNs = 0;
        openFailed = false;
        return fresh;
      } catch (FileAlreadyExistsException | ClosedChannelException t) {
        problem(t);
        if (tries < OPEN_TRIES) {
          continue; // a container with our process id, started in the same millisecond; or an
          // interrupt
        }
        openFailed = true;
      } catch (IOException t) {
        problem(t);
        openFailed = true;
      } catch (Throwable t) {
        problem(t);
        openFailed = false;
      }
      notOpenBeforeNs = System.nanoTime() + OPEN_RETRY_NS;
      return null;
    }
  }

  /**
   * One moment for all of a write, never going back: our idea of the cycle is always the library's.
   */
  private void freeze() {
    nowMs = Math.max(nowMs, options.clock().millis());
  }

  private void check() {
    QueueFile open = queue;
    if (open != null) {
      try {
        open.checkInPlace();
      } catch (Throwable t) {
        unknownState(t);
        state = State.OPENING; // the next one at once, before a caller waits for it
      }
    }
    // a StackOverflowError between add and count leaves the count off by one for ever
    int now = waiting.get();
    if (now != 0 && now == lastWaiting && ring.isEmpty()) {
      waiting.compareAndSet(now, 0);
    }
    lastWaiting = now;
  }

  private void idle() {
    for (int i = 0; i < WRITER_SPINS; i++) {
      if (!ring.isEmpty()) {
        return;
      }
      Thread.onSpinWait();
    }
    if (isExpected()) {
      return;
    }
    parked = true;
    if (ring.isEmpty() && !closing) {
      LockSupport.parkNanos(this, POLL_NS);
    }
    parked = false;
    Thread.interrupted(); // nobody has business with this thread; an interrupt would close its
    // channels
  }

  /** Waits, awake, for a record that was announced; false when none is. */
  private boolean isExpected() {
    long nowNs = System.nanoTime();
    if (!expects) {
      expects = MAX_SPINNING > 0 && nowNs - unexpectingUntilNs >= 0;
      return false;
    }
    long untilNs = expectedUntilNs;
    if (nowNs - untilNs >= 0) {
      return false;
    }
    while (System.nanoTime() - untilNs < 0) {
      if (!ring.isEmpty()) {
        unexpectingNs = MIN_UNEXPECTING_NS;
        return true;
      }
      Thread.onSpinWait();
    }
    expects = false;
    unexpectingUntilNs = System.nanoTime() + unexpectingNs;
    unexpectingNs = Math.min(2 * unexpectingNs, MAX_UNEXPECTING_NS);
    return false;
  }

  private void parkUnlessAsked(long ns) {
    parked = true;
    if (!closing) {
      LockSupport.parkNanos(this, ns);
    }
    parked = false;
    Thread.interrupted();
  }

  private void abandon() {
    QueueFile open = queue;
    queue = null;
    shared = null;
    if (open == null) {
      return;
    }
    open.close();
    for (Entry entry = toForce.poll(); entry != null; entry = toForce.poll()) {
      if (open.isForced()) {
        entry.become(DURABLE);
      }
    }
  }

  private void problem(Throwable t) {
    Thread.interrupted(); // else the next channel is closed as well
    String message = t.getMessage();
    lastProblem = t.getClass().getSimpleName() + (message == null ? "" : ": " + message);
  }

  // ---- the force thread

  private void forceLoop() {
    long forced = 0;
    long everyNs = Math.max(options.forceEveryMs(), 1) * 1_000_000;
    while (state != State.CLOSED) {
      if (toForce.isEmpty()) {
        if (options.forceEveryMs() == 0) {
          LockSupport.park(this);
        } else {
          LockSupport.parkNanos(this, everyNs);
        }
        Thread.interrupted();
      }
      long upTo = written;
      List<Entry> waiters = new ArrayList<>();
      for (Entry entry = toForce.poll(); entry != null; entry = toForce.poll()) {
        waiters.add(entry);
      }
      if (waiters.isEmpty() && (upTo == forced || options.forceEveryMs() == 0)) {
        continue;
      }
      if (force(waiters)) {
        forced = upTo;
      }
    }
  }

  private boolean force(List<Entry> waiters) {
    for (int attempt = 0; attempt < 3; attempt++) {
      QueueFile open = shared;
      FileChannel channel = open == null ? null : open.channel();
      try {
        if (open == null || channel == null) {
          return false; // abandoned meanwhile: close() forced it, the waiters stay COMMITTED
        }
        channel.force(false);
        if (!waiters.isEmpty()) {
          open.forceDirectory();
        }
        for (Entry entry : waiters) {
          entry.become(DURABLE);
        }
        return true;
      } catch (ClosedChannelException t) {
        continue; // rolled meanwhile, after it was forced
      } catch (IOException t) {
        problem(t);
        return false;
      } catch (Throwable t) {
        problem(t);
        return false;
      }
    }
    return false;
  }

  // ---- life cycle

  State state() {
    return state;
  }

  JournalStatus status(long libraryWarnings) {
    return new JournalStatus(
        state,
        written,
        lost.get(),
        Math.max(0, waiting.get()),
        opened,
        libraryWarnings,
        lastProblem);
  }

  Path directory() {
    return directory;
  }

  /** Records of all kinds, in all directories. */
  long written() {
    return written;
  }

  /** From here on every append is at least COMMITTED; waits, bounded, until the ring is empty. */
  void drain() {
    shuttingDown = true;
    long startedNs = System.nanoTime();
    while ((!ring.isEmpty() || waiting.get() > 0)
        && !isStuck()
        && System.nanoTime() - startedNs < DRAIN_NS) {
      LockSupport.unpark(thread);
      LockSupport.parkNanos(this, 100_000);
    }
  }

  void close() {
    boolean interrupted = false;
    closing = true;
    LockSupport.unpark(thread);
    long startedNs = System.nanoTime();
    while (thread.isAlive() && System.nanoTime() - startedNs < 5_000_000_000L) {
      try {
        thread.join(100);
      } catch (InterruptedException e) {
        interrupted = true;
      }
      LockSupport.unpark(thread);
    }
    LockSupport.unpark(forceThread);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
