package dev.cordon.journal;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * A few records for all threads, none for each: threads may be many and short-lived. A place is
 * taken and given back by one atomic exchange, so an error in between loses a record at most.
 */
final class RecordPool {

  private static final int PLACES = 64; // a power of two
  private static final int APART = 16; // of references: a cache line
  private static final int TRIES = 4;

  private final AtomicReferenceArray<@Nullable JournalRecord> places =
      new AtomicReferenceArray<>(PLACES * APART);

  @Nullable JournalRecord take() {
    int first = first();
    for (int i = 0; i < TRIES; i++) {
      int place = ((first + i) & (PLACES - 1)) * APART;
      if (places.get(place) != null) {
        JournalRecord record = places.getAndSet(place, null);
        if (record != null) {
          return record;
        }
      }
    }
    return null;
  }

  void give(JournalRecord record) {
    int first = first();
    for (int i = 0; i < TRIES; i++) {
      int place = ((first + i) & (PLACES - 1)) * APART;
      if (places.get(place) == null && places.compareAndSet(place, null, record)) {
        return;
      }
    }
  }

  private static int first() {
    // not the thread's id, which a class of the application may answer
    return System.identityHashCode(Thread.currentThread());
  }
}
