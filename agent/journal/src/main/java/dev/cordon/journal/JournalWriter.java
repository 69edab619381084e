package dev.cordon.journal;

import dev.cordon.journal.JournalStatus.State;
import dev.cordon.journal.evidence.EvidenceSealer;
import java.io.File;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that writes, and the ring before it. {@link #append} runs on the callers' threads
 * and touches nothing of the library; everything from {@link #run} down is the writer's alone.
 *
 * <p>The hand-over is a linked stack, of which the writer takes all there is at once, and a
 * counter: one atomic step publishes an entry, so there is no reserved place that a
 * StackOverflowError or a killed thread could leave unpublished. The writer polls every millisecond
 * and is woken only for callers that wait: waking it costs more than the append.
 */
final class JournalWriter implements Runnable {

  static final long POLL_NS = 1_000_000;
  // more would be cold when their turn comes; a longer burst makes entries for one record
  private static final int MAX_POOLED = 4 * 1024;
  private static final long CHECK_EVERY_NS = 1_000_000_000L;
  private static final long RETRY_NS = 100_000_000L;
  private static final long OPEN_RETRY_NS = 1_000_000_000L;
  private static final int OPEN_TRIES = 100;
  private static final long DRAIN_NS = 2_000_000_000L;
  private static final long BACK_PRESSURE_PARK_NS = 50_000;

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

  // with a second device: a pause of the garbage collector or of a throttled container is shorter
  private static final long SLOW_NS = 250_000_000;
  private static final long SLOW_TO_OPEN_NS = 5_000_000_000L;
  private static final long SECOND_WITHIN_NS = 1_000_000_000;
  private static final long SECOND_CLOSE_MS = 1_000;

  private static final long TELL_FORCES_NS = 60_000_000_000L;

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
  private final @Nullable EvidenceSealer evidence;
  private final Thread thread;
  private final Thread forceThread;

  private final EntryPool entries;
  private final AtomicReference<@Nullable Entry> handed = new AtomicReference<>(); // the last one
  private final AtomicInteger waiting = new AtomicInteger();
  private final Losses losses = new Losses();
  private final ConcurrentLinkedQueue<Entry> toForce = new ConcurrentLinkedQueue<>();
  private final Forces forces = new Forces();
  private final long forceWithinNs;
  private final @Nullable SecondDevice second;

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
  private volatile long busySinceNs; // with a second device: since when it opens or writes; 0: not

  // of the writer thread
  private @Nullable QueueFile queue;
  private final EntryPool.Returns returns;
  private final int passedAtOnce;
  private int passed; // taken up, and still counted as waiting
  private @Nullable Entry taken; // the first of those that were handed over, in their order
  private @Nullable Entry held; // an ACCEPTED record that a full disk refused
  private final Salts salts = new Salts();
  private long nextN = 1;
  private int named = Dictionary.FIRST;
  private SecondDevice.Standing toldStanding = SecondDevice.Standing.NOTHING;
  private boolean toldSecondDown;
  private long standingToldNs;
  private boolean recovered;
  private long notOpenBeforeNs;
  private boolean openFailed;
  private volatile boolean low; // on disk: nothing more is allocated
  private long lookedAtAllocated;
  private long nowMs;
  private int lastWaiting;
  private long unexpectingUntilNs;
  private long unexpectingNs = MIN_UNEXPECTING_NS;

  /** How a directory's queue is opened; a seam for the failures that a test cannot make happen. */
  interface QueueOpener {
    QueueFile open(Path directory, net.openhft.chronicle.core.time.TimeProvider time)
        throws IOException;

    default void force(FileChannel channel) throws IOException {
      channel.force(false);
    }
  }

  JournalWriter(
      JournalOptions options,
      RecordEncoder encoder,
      Dictionary dictionary,
      Directories directories,
      QueueOpener opener,
      @Nullable EvidenceSealer evidence) {
    this.evidence = evidence;
    this.options = options;
    this.encoder = encoder;
    this.dictionary = dictionary;
    this.directories = directories;
    this.opener = opener;
    this.entries = new EntryPool(Math.min(options.ringRecords(), MAX_POOLED));
    this.returns = entries.new Returns();
    this.passedAtOnce = Math.min(32, options.ringRecords() / 16);
    this.directory = directories.first();
    this.nowMs = options.clock().millis();
    this.forceWithinNs = options.device().forceWithinMs() * 1_000_000;
    Path other = options.device().second();
    this.second =
        other == null
            ? null
            : new SecondDevice(
                other.resolve(options.service()),
                String.valueOf(directories.first().getFileName()),
                encoder,
                dictionary,
                options.clock(),
                losses,
                SECOND_WITHIN_NS,
                evidence);
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

  /** What a caller does, but for the hand-over. */
  void warmUp(JournalRecord record) {
    entry(record, null, Level.ACCEPTED, null).letGo();
  }

  // ---- the callers' threads

  Appended append(
      JournalRecord record, EvidenceField.@Nullable Plain given, Level asked, long timeoutNs) {
    Level level = level(asked, timeoutNs);
    Thread caller = level == Level.ACCEPTED ? null : Thread.currentThread();
    Entry entry = entry(record, given, level, caller);
    try {
      return append(entry, level, caller != null, timeoutNs);
    } catch (Throwable t) { // the end of the caller's stack, perhaps before it let go of the entry
      if (caller != null) { // else it may be somebody else's by now
        entry.caller = null; // the pool keeps what nobody gives back; no call, which could fail too
      }
      throw t;
    }
  }

  private Entry entry(
      JournalRecord record,
      EvidenceField.@Nullable Plain given,
      Level level,
      @Nullable Thread caller) {
    if (given != null || level == Level.DURABLE) {
      byte[] encoded = encoder.encode(record);
      // of what nobody waits for much may wait here while a disk is full: not with its texts
      EvidenceField.Plain plain =
          given != null && caller == null ? given.leftOut(encoded, evidence) : given;
      return new Entry(encoded, plain, level, caller, false);
    }
    Entry entry = entries.take(level, caller);
    try {
      encoder.encodeInto(entry, record);
    } catch (Throwable t) {
      entry.caller = null; // first, and no call: the pool keeps what nobody gives back
      entry.wipe();
      entry.letGo();
      throw t;
    }
    return entry;
  }

  private Appended append(Entry entry, Level level, boolean waits, long timeoutNs) {
    long startedNs = System.nanoTime();
    EvidenceField.Plain plain = entry.evidence(); // which an entry that failed has not any more
    Appended reached =
        second == null ? Appended.FAILED : insteadIfDown(second, entry, level, timeoutNs);
    if (reached == Appended.FAILED) {
      reached = hand(entry, waits, startedNs, second == null ? timeoutNs : primaryNs(timeoutNs));
      if (reached == Appended.ACCEPTED) {
        return reached; // the entry is the writer's
      }
      if (reached == Appended.FAILED && second != null) {
        long leftNs = timeoutNs - (System.nanoTime() - startedNs);
        reached = second.append(entry.copy(), plain, level, why(), leftNs);
      }
      if (reached == Appended.FAILED && entry.isNowhere()) {
        losses.add();
      }
    }
    entry.letGo();
    return reached;
  }

  /** What is written to the second device because the first is known not to take it. */
  private Appended insteadIfDown(SecondDevice other, Entry entry, Level level, long timeoutNs) {
    return isDown()
        ? other.append(entry.copy(), entry.evidence(), level, why(), timeoutNs)
        : Appended.FAILED;
  }

  /** {@code ACCEPTED} for what nobody waits for: the entry is then not to be looked at again. */
  private Appended hand(Entry entry, boolean waits, long startedNs, long timeoutNs) {
    if (!offer(entry, waits, startedNs, timeoutNs)) {
      return Appended.FAILED;
    }
    if (!waits) {
      return Appended.ACCEPTED;
    }
    if (parked) {
      LockSupport.unpark(thread);
    }
    spin(entry, Math.min(timeoutNs, CALLER_SPIN_NS));
    return entry.await(startedNs + timeoutNs, forceWithinNs);
  }

  /** Leaves time for the second device; while the first one opens there is no hurry. */
  private long primaryNs(long timeoutNs) {
    return state == State.OPENING && opened == 0
        ? timeoutNs / 2
        : Math.min(timeoutNs / 2, SLOW_NS + forceWithinNs);
  }

  private boolean isDown() {
    return switch (state) {
      case FULL, BROKEN -> true;
      case OPENING -> isBusyFor(SLOW_TO_OPEN_NS);
      case RUNNING -> isBusyFor(SLOW_NS);
      case CLOSED -> false;
    };
  }

  private boolean isBusyFor(long ns) {
    long sinceNs = busySinceNs;
    return sinceNs != 0 && System.nanoTime() - sinceNs > ns;
  }

  /** Why the second device is asked. */
  private String why() {
    return switch (state) {
      case FULL -> low ? "low" : "full";
      case BROKEN -> "broken";
      case OPENING, RUNNING, CLOSED -> "slow";
    };
  }

  /** Who cannot wait is not made to: its record would be withdrawn. */
  private Level level(Level asked, long timeoutNs) {
    boolean waits = timeoutNs > 0;
    Level level = asked == Level.ACCEPTED && shuttingDown && waits ? Level.COMMITTED : asked;
    return options.device().durability().raised(level, waits);
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
  boolean appendIfIdle(byte[] record) {
    if (closing || state != State.RUNNING || waiting.get() >= options.ringRecords() / 2) {
      return false;
    }
    push(new Entry(record, Level.ACCEPTED, null, true));
    return true;
  }

  /** Holds the caller back, bounded, while the ring is full and the writer works. */
  private boolean offer(Entry entry, boolean waits, long startedNs, long timeoutNs) {
    if (closing) { // else who goes on would keep the writer from its end
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
      if (waits) {
        entry.share();
      }
      push(entry);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return room;
  }

  private void push(Entry entry) {
    waiting.incrementAndGet(); // first, or who drains could miss what the writer has taken already
    Entry before;
    do {
      before = handed.get();
      entry.next = before;
    } while (!handed.compareAndSet(before, entry));
    if (state == State.CLOSED) { // nobody comes any more
      failHanded();
    }
  }

  private boolean isStuck() {
    return switch (state) {
      case OPENING, RUNNING -> false;
      case FULL, BROKEN, CLOSED -> true;
    };
  }

  private void spin(Entry entry, long forNs) {
    int wanted = entry.level == Level.DURABLE ? Entry.DURABLE : Entry.COMMITTED;
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
          busy();
          openAhead();
        }
        if (System.nanoTime() - nextCheckNs > 0) {
          nextCheckNs = System.nanoTime() + CHECK_EVERY_NS;
          check();
        }
        Entry entry = next();
        if (entry != null) {
          busy();
          write(entry);
        } else if (closing) {
          break;
        } else if (second != null && isStuck()) {
          probe();
        } else {
          notBusy();
          idle();
        }
      } catch (Throwable t) { // the loop itself must not end: records and callers wait for it
        problem(t);
        abandon();
        state = State.BROKEN;
        LockSupport.parkNanos(this, RETRY_NS);
      }
    }
    tellAtTheEnd();
    notBusy();
    abandon();
    state = State.CLOSED;
    failEverything();
  }

  private void busy() {
    if (second != null) {
      busySinceNs = Math.max(1, System.nanoTime());
    }
  }

  private void notBusy() {
    if (second != null && busySinceNs != 0) {
      busySinceNs = 0;
    }
  }

  /** With a second device nothing may wait here any more: whether it works again must be tried. */
  private void probe() {
    notBusy();
    parkUnlessAsked(RETRY_NS);
    busy();
    openAhead();
    notBusy();
  }

  /** What the second device has got and no record tells yet. */
  private void tellAtTheEnd() {
    SecondDevice other = second;
    QueueFile open = queue;
    if (other == null || open == null || other.standing() == toldStanding) {
      return;
    }
    try {
      standingToldNs = 0;
      writeBefore(open);
    } catch (Throwable t) {
      problem(t);
    }
  }

  private @Nullable Entry next() {
    Entry entry = held;
    if (entry != null) {
      held = null;
      return entry;
    }
    if (taken == null) {
      settle();
      returns.flush();
      gather();
    }
    entry = taken;
    if (entry != null) {
      if (passed >= passedAtOnce) {
        settle();
      }
      taken = entry.next;
      entry.next = null;
      passed++;
    }
    return entry;
  }

  /** Only what has been written waits no more: who drains would not wait for the last record. */
  private void settle() {
    if (passed != 0) {
      waiting.addAndGet(-passed);
      passed = 0;
    }
  }

  /** Takes what was handed over behind what is taken already: the last one came first. */
  private void gather() {
    if (handed.get() == null) {
      return;
    }
    Entry last = handed.getAndSet(null);
    Entry first = null; // no call from here to the end, which could fail and lose them
    while (last != null) {
      Entry before = last.next;
      last.next = first;
      first = last;
      last = before;
    }
    Entry end = taken;
    if (end == null) {
      taken = first;
      return;
    }
    for (Entry next = end.next; next != null; next = end.next) {
      end = next;
    }
    end.next = first;
  }

  private boolean isNothingWaiting() {
    return taken == null && handed.get() == null;
  }

  private void write(Entry entry) {
    if (!entry.compareAndSet(Entry.WAITING, Entry.WRITING)) {
      entry.letGo(); // its caller gave up
      return;
    }
    Outcome outcome = Outcome.BROKEN;
    try {
      outcome = writeOnceMoreIfBroken(entry);
    } finally {
      if (outcome == Outcome.WRITTEN) {
        if (state != State.RUNNING) {
          state = State.RUNNING;
        }
        entry.become(Entry.COMMITTED);
        if (entry.caller != null) {
          expectedUntilNs = System.nanoTime();
        }
        if (entry.level == Level.DURABLE) {
          force(entry);
        }
        entry.letGo(returns);
      } else {
        state = outcome == Outcome.REFUSED ? State.FULL : State.BROKEN;
        refuse(entry);
      }
    }
  }

  private void force(Entry entry) {
    if (forces.isLate(forceWithinNs)) {
      entry.become(Entry.UNFORCED); // at once: not every call shall find out by itself
      return;
    }
    entry.in = queue;
    toForce.add(entry);
    LockSupport.unpark(forceThread);
  }

  private Outcome writeOnceMoreIfBroken(Entry entry) {
    for (int attempt = 0; attempt < 2; attempt++) {
      try {
        refuseIfLow();
        QueueFile open = open();
        if (open == null) {
          return openFailed ? Outcome.REFUSED : Outcome.BROKEN;
        }
        writeBefore(open);
        byte[] complete = entry.complete(evidence, true);
        int length = complete == entry.bytes() ? entry.length() : complete.length;
        writeOne(open, complete, length, true);
        if (open.allocatedBytes() != lookedAtAllocated) {
          lookedAtAllocated = open.allocatedBytes();
          lookForSpace();
        }
        forces.written(entry.background);
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

  private void refuseIfLow() throws IOException {
    if (low) {
      lookForSpace();
    }
    if (low) {
      File there = existing();
      throw new IOException(
          "No space left to use: "
              + there.getUsableSpace()
              + " bytes are free on the device of "
              + there
              + ", and "
              + options.device().lowWaterBytesOf(there.getTotalSpace())
              + " stay free");
    }
  }

  /** Long before the library could touch a page that there is no room for. */
  private void lookForSpace() {
    File there = existing();
    long total = there.getTotalSpace(); // 0: not told
    low = total > 0 && there.getUsableSpace() < options.device().lowWaterBytesOf(total);
  }

  private File existing() {
    File there = options.base().toAbsolutePath().toFile();
    for (File parent = there; parent != null; parent = parent.getParentFile()) {
      if (parent.exists()) {
        return parent;
      }
    }
    return there;
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
    long lost = losses.claim();
    if (lost > 0) {
      boolean told = false;
      try {
        JournalRecord gap = new JournalRecord(RecordKind.GAP);
        gap.attribute("lost", Long.toString(lost));
        writeOne(open, encoder.encode(gap), true);
        told = true;
      } finally {
        if (!told) {
          losses.unclaim(lost);
        }
      }
    }
    if (second != null) {
      writeOfSecond(open, second);
    }
  }

  /** At most once a second: a device that is slow now and then would be told with each record. */
  private void writeOfSecond(QueueFile open, SecondDevice other) throws IOException {
    SecondDevice.Standing now = other.standing();
    long nowNs = System.nanoTime();
    if (now != toldStanding && (standingToldNs == 0 || nowNs - standingToldNs >= CHECK_EVERY_NS)) {
      JournalRecord up = new JournalRecord(RecordKind.DEVICE_UP).attribute("device", "primary");
      up.own("second", now.directory());
      up.attribute("records", now.records() - toldStanding.records());
      up.attribute("size", now.size());
      up.own("root", HexFormat.of().formatHex(now.root()));
      writeOne(open, encoder.encode(up), true);
      toldStanding = now;
      standingToldNs = Math.max(1, nowNs);
      other.primaryIsUp();
    }
    if (other.isFailed() != toldSecondDown) {
      boolean down = !toldSecondDown;
      writeOne(
          open,
          encoder.encode(
              new JournalRecord(down ? RecordKind.DEVICE_DOWN : RecordKind.DEVICE_UP)
                  .attribute("device", "second")
                  .attribute("why", down ? "failed" : "works")),
          true);
      toldSecondDown = down;
    }
  }

  private void writeOne(QueueFile open, byte[] record, boolean numbered) throws IOException {
    writeOne(open, record, record.length, numbered);
  }

  private void writeOne(QueueFile open, byte[] record, int length, boolean numbered)
      throws IOException {
    Layout.put64(record, Layout.N, nextN); // not counted: the number of the record that follows
    salts.fill(record, Layout.SALT, Layout.SALT_BYTES);
    Layout.put32(record, Layout.CRC, Layout.crc(record, length));
    if (open.prepare(length)) {
      throw new IllegalStateException("cycle changed between two records of one write");
    }
    open.append(record, length);
    if (numbered) {
      nextN++;
    }
    written++;
  }

  /**
   * Keeps what nobody waits for, until the disk takes it or, if there is a second one, that; tells
   * those who wait.
   */
  private void refuse(Entry entry) {
    notBusy();
    if (entry.caller != null) {
      entry.become(Entry.FAILED); // its caller asks the second device, or counts it as lost
      entry.letGo();
    } else if (passOn(entry)) {
      entry.letGo();
    } else {
      if (closing) {
        lose(entry);
        return;
      }
      entry.set(Entry.WAITING);
      held = entry;
    }
    gather();
    for (Entry other = taken; other != null; other = other.next) {
      if (other.caller != null && other.compareAndSet(Entry.WAITING, Entry.WRITING)) {
        other.become(Entry.FAILED);
      }
    }
    while (held == null && second != null) {
      Entry other = next();
      if (other == null) {
        break;
      }
      if (other.caller != null) {
        if (other.compareAndSet(Entry.WAITING, Entry.WRITING)) {
          other.become(Entry.FAILED);
        }
        other.letGo();
      } else if (passOn(other)) {
        other.letGo();
      } else {
        held = other;
      }
    }
    if (!closing) {
      parkUnlessAsked(RETRY_NS);
    }
  }

  /** To the second device; false if there is none, or it takes nothing. */
  private boolean passOn(Entry entry) {
    return second != null
        && (entry.background
            || second.append(entry.copy(), entry.evidence(), Level.ACCEPTED, why(), 0)
                != Appended.FAILED);
  }

  private void lose(Entry entry) {
    if (!entry.background) {
      losses.add();
    }
    entry.become(Entry.FAILED);
    entry.letGo();
  }

  private void failEverything() {
    for (Entry entry = next(); entry != null; entry = next()) {
      fail(entry);
    }
  }

  /** What was handed over behind the end; of whoever comes upon it. */
  private void failHanded() {
    Entry entry = handed.getAndSet(null);
    while (entry != null) {
      Entry before = entry.next;
      entry.next = null;
      fail(entry);
      waiting.decrementAndGet();
      entry = before;
    }
  }

  private void fail(Entry entry) {
    if (entry.compareAndSet(Entry.WAITING, Entry.WRITING)) {
      if (entry.caller != null) {
        entry.become(Entry.FAILED);
      } else if (!passOn(entry)) {
        lose(entry);
        return;
      }
    }
    entry.letGo();
  }

  private void openAhead() {
    try {
      lookForSpace();
      refuseIfLow();
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
    lookForSpace();
    QueueFile open = queue;
    if (open != null) {
      try {
        open.checkInPlace();
      } catch (Throwable t) {
        unknownState(t);
        state = State.OPENING; // the next one at once, before a caller waits for it
      }
    }
    // a StackOverflowError between count and add leaves the count off by one for ever
    settle();
    int now = waiting.get();
    if (now != 0 && now == lastWaiting && isNothingWaiting()) {
      waiting.compareAndSet(now, 0);
    }
    lastWaiting = now;
    entries.trim();
  }

  private void idle() {
    for (int i = 0; i < WRITER_SPINS; i++) {
      if (handed.get() != null) {
        return;
      }
      Thread.onSpinWait();
    }
    if (isExpected()) {
      return;
    }
    parked = true;
    if (handed.get() == null && !closing) {
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
      if (handed.get() != null) {
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
      entry.become(open.isForced() ? Entry.DURABLE : Entry.UNFORCED);
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
    long intervalMs = options.device().intervalMs();
    long toldNs = System.nanoTime();
    while (state != State.CLOSED) {
      if (toForce.isEmpty()) {
        if (intervalMs == 0) {
          LockSupport.park(this);
        } else {
          LockSupport.parkNanos(this, intervalMs * 1_000_000);
        }
        Thread.interrupted();
      }
      long upTo = written;
      List<Entry> waiters = new ArrayList<>();
      for (Entry entry = toForce.poll(); entry != null; entry = toForce.poll()) {
        waiters.add(entry);
      }
      if (!waiters.isEmpty() || (upTo != forced && intervalMs != 0)) {
        if (force(waiters)) {
          forced = upTo;
        }
      }
      if (System.nanoTime() - toldNs >= TELL_FORCES_NS) {
        toldNs = System.nanoTime();
        tellForces();
      }
    }
  }

  private void tellForces() {
    JournalRecord record = forces.take(options.device().durability());
    if (record != null) {
      appendIfIdle(encoder.encode(record));
    }
  }

  private boolean force(List<Entry> waiters) {
    QueueFile open = shared;
    boolean forced = false;
    if (open != null) {
      long firstNs = forces.begin();
      try {
        forced = forceFile(open, !waiters.isEmpty());
      } finally {
        forces.end(firstNs, forced);
      }
    }
    for (Entry entry : waiters) {
      QueueFile in = entry.in; // it may have been abandoned meanwhile
      boolean durable = in == open ? forced : in != null && in.isForced();
      entry.become(durable ? Entry.DURABLE : Entry.UNFORCED);
    }
    return forced;
  }

  private boolean forceFile(QueueFile open, boolean names) {
    for (int attempt = 0; attempt < 3; attempt++) {
      FileChannel channel = open.channel();
      try {
        if (channel == null) {
          return false;
        }
        opener.force(channel);
        if (names) {
          open.forceDirectory();
        }
        return true;
      } catch (ClosedChannelException t) {
        if (shared != open) {
          return open.isForced(); // abandoned
        }
        // rolled meanwhile, after it was forced
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
        losses.count(),
        Math.max(0, waiting.get()),
        opened,
        libraryWarnings,
        lastProblem.isEmpty() && second != null ? second.lastProblem() : lastProblem);
  }

  Path directory() {
    return directory;
  }

  /** Records of all kinds, in all directories. */
  long written() {
    return written;
  }

  /**
   * From here on every append is at least COMMITTED; waits, bounded, until the ring is empty:
   * longer for a journal that still opens, which takes seconds where a JVM that lives shortly is
   * starved.
   */
  void drain() {
    tellForces();
    shuttingDown = true;
    long fromNs = System.nanoTime();
    long untilNs = fromNs + DRAIN_NS;
    while ((isAnythingWaiting() || second != null && !second.isIdle())
        && (second != null || !isStuck())
        && System.nanoTime() - untilNs < 0) {
      if (state == State.OPENING && opened == 0) {
        untilNs = Math.min(System.nanoTime(), fromNs + SLOW_TO_OPEN_NS) + DRAIN_NS;
      }
      LockSupport.unpark(thread);
      LockSupport.parkNanos(this, 100_000);
    }
  }

  private boolean isAnythingWaiting() {
    return handed.get() != null || waiting.get() > 0;
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
    if (second != null) {
      second.close(SECOND_CLOSE_MS);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
