package dev.cordon.journal;

import java.util.concurrent.atomic.AtomicLong;

/** Records that were given and are in no file, and how many of them no {@code gap} tells yet. */
final class Losses {

  private final AtomicLong lost = new AtomicLong();
  private final AtomicLong told = new AtomicLong();

  void add() {
    lost.incrementAndGet();
  }

  long count() {
    return lost.get();
  }

  /** Those that no {@code gap} tells yet, for one that is written now. */
  long claim() {
    long now = lost.get();
    return Math.max(0, now - told.getAndSet(now));
  }

  /** That one was not written. */
  void unclaim(long count) {
    told.addAndGet(-count);
  }
}
