package dev.cordon.journal;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** One record on its way; its own state. */
final class Entry extends AtomicInteger {
  private static final long serialVersionUID = 1L;

  static final int WAITING = 0;
  static final int WRITING = 1;
  static final int COMMITTED = 2;
  static final int DURABLE = 3;
  static final int FAILED = 4;
  static final int CANCELLED = 5;
  static final int UNFORCED = 6; // in the page cache, and the force failed or hangs

  final transient byte[] record;
  final transient Level level;
  final transient @Nullable Thread caller; // null: nobody waits
  final boolean background; // of the sealer and the like: lost is no loss
  transient @Nullable QueueFile in; // told before it is given to the force thread
  volatile boolean parked;

  Entry(byte[] record, Level level, @Nullable Thread caller, boolean background) {
    super(WAITING);
    this.record = record;
    this.level = level;
    this.caller = caller;
    this.background = background;
  }

  void become(int state) {
    set(state);
    if (parked) {
      LockSupport.unpark(caller);
    }
  }

  /** True if the record is for sure not where this entry was to bring it. */
  boolean isNowhere() {
    return switch (get()) {
      case WAITING, FAILED, CANCELLED -> true;
      default -> false;
    };
  }
}
