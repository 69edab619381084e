package dev.cordon.journal;

import dev.cordon.journal.evidence.EvidenceSealer;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One record on its way; its own state. Those of an {@link EntryPool} carry one record after the
 * other: each of the two threads that have to do with a record, its caller and the writer, {@link
 * #letGo lets go} of it, and whoever is the last gives it back. Nobody touches one that it let go.
 */
final class Entry extends AtomicInteger {
  private static final long serialVersionUID = 1L;

  static final int WAITING = 0;
  static final int WRITING = 1;
  static final int COMMITTED = 2;
  static final int DURABLE = 3;
  static final int FAILED = 4;
  static final int CANCELLED = 5;
  static final int UNFORCED = 6; // in the page cache, and the force failed or hangs

  private static final long PARK_NS = 1_000_000;
  private static final byte[] NOTHING = {};

  private static final int ROOM_STEP_BYTES = 128; // a power of two

  final transient @Nullable EntryPool pool; // null: made for one record
  final int place; // in the pool
  private transient byte[] record; // of a pool: zeros behind the record
  private int length;
  private transient volatile EvidenceField.@Nullable Plain
      evidence; // in clear: no longer than needed
  transient Level level;
  transient @Nullable Thread caller; // null: nobody waits
  final boolean background; // of the sealer and the like: lost is no loss
  transient @Nullable QueueFile in; // told before it is given to the force thread
  transient @Nullable Entry next; // of who hands it over, then of the writer
  volatile boolean parked;
  private final AtomicInteger holders = new AtomicInteger(1);

  Entry(byte[] record, Level level, @Nullable Thread caller, boolean background) {
    this(record, null, level, caller, background);
  }

  Entry(
      byte[] record,
      EvidenceField.@Nullable Plain evidence,
      Level level,
      @Nullable Thread caller,
      boolean background) {
    super(WAITING);
    this.pool = null;
    this.place = 0;
    this.record = record;
    this.length = record.length;
    this.evidence = evidence;
    this.level = level;
    this.caller = caller;
    this.background = background;
  }

  /** One to be used again; for records without evidence that nobody wants forced. */
  Entry(EntryPool pool, int place) {
    super(WAITING);
    this.pool = pool;
    this.place = place;
    this.record = NOTHING;
    this.level = Level.ACCEPTED;
    this.background = false;
  }

  /** Room for a record of so many bytes, all zero. */
  byte[] room(int bytes) {
    if (record.length < bytes) {
      record = new byte[(bytes + ROOM_STEP_BYTES - 1) & -ROOM_STEP_BYTES];
    }
    length = bytes;
    return record;
  }

  /** Before it is handed over, if its caller goes on to look at it. */
  void share() {
    holders.set(2);
  }

  /** For each of its holders, once. */
  void letGo() {
    EntryPool of = pool;
    if (of != null && holders.decrementAndGet() == 0) {
      clear();
      of.give(this);
    }
  }

  /** As the other one, for a thread that gives back many. */
  void letGo(EntryPool.Returns returns) {
    if (pool != null && holders.decrementAndGet() == 0) {
      clear();
      returns.add(this);
    }
  }

  /** Of one whose record failed to be encoded, perhaps behind its end. */
  void wipe() {
    Arrays.fill(record, (byte) 0);
  }

  /** No byte of this record may be found behind the next one, which may be shorter. */
  private void clear() {
    Arrays.fill(record, 0, length, (byte) 0);
    length = 0;
    evidence = null;
    caller = null;
    next = null;
    parked = false;
    holders.lazySet(1);
    lazySet(WAITING);
  }

  /** At least as long as the record. */
  byte[] bytes() {
    return record;
  }

  int length() {
    return length;
  }

  byte[] copy() {
    return Arrays.copyOf(record, length);
  }

  EvidenceField.@Nullable Plain evidence() {
    return evidence;
  }

  /**
   * What is to be written: {@link #bytes}, or an array of the exact size.
   *
   * @param waits whether the thread that writes may wait, bounded, for a new key
   */
  byte[] complete(@Nullable EvidenceSealer sealer, boolean waits) {
    EvidenceField.Plain plain = evidence;
    return plain == null || sealer == null
        ? record
        : EvidenceField.added(record, plain, sealer, waits);
  }

  void become(int state) {
    if (state == FAILED) {
      evidence = null; // it may stay in the ring while a disk is full
    }
    set(state);
    if (parked) {
      LockSupport.unpark(caller);
    }
  }

  /**
   * Waits on the caller's thread until the record is as safe as its level asks. What is not taken
   * up until then is withdrawn: the journal must not tell of a call that did not go out.
   *
   * @param untilNs of {@link System#nanoTime}
   * @param forceWithinNs how much of that the force may take, once the record is committed
   */
  Appended await(long untilNs, long forceWithinNs) {
    int wanted = level == Level.DURABLE ? DURABLE : COMMITTED;
    boolean interrupted = false;
    boolean committed = false;
    long endNs = untilNs;
    int reached = get();
    while (reached < wanted) { // FAILED and UNFORCED are above both
      if (reached == COMMITTED && !committed) {
        committed = true;
        long nowNs = System.nanoTime();
        endNs = nowNs + Math.min(endNs - nowNs, forceWithinNs);
      }
      long leftNs = endNs - System.nanoTime();
      if (leftNs <= 0) {
        if (compareAndSet(WAITING, CANCELLED)) {
          evidence = null; // nobody takes it up any more
        }
        reached = get();
        break;
      }
      parked = true;
      if (get() < wanted) {
        LockSupport.parkNanos(this, Math.min(leftNs, PARK_NS));
      }
      interrupted |= Thread.interrupted();
      reached = get();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return switch (reached) {
      case DURABLE -> Appended.DURABLE;
      case COMMITTED -> level == Level.COMMITTED ? Appended.COMMITTED : Appended.FAILED;
      default -> Appended.FAILED; // in the journal, perhaps, but not as safe as asked
    };
  }

  /** True if the record is for sure not where this entry was to bring it. */
  boolean isNowhere() {
    return switch (get()) {
      case WAITING, FAILED, CANCELLED -> true;
      default -> false;
    };
  }
}
