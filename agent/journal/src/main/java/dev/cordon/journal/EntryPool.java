package dev.cordon.journal;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Entries that are used again: any thread takes one, the last one to let go of it gives it back.
 * What is free is a stack of places, so that the same few are used while little is written; a
 * second one is of places that have no entry (yet).
 *
 * <pre>
 *  top of a stack:   uses (43 bits)   place + 1 (21 bits), 0: empty
 * </pre>
 *
 * <p>One atomic step takes an entry or gives it back: a thread that dies in between, or meets the
 * end of its stack, costs the pool a place and nobody a record. The entry of such a place stays.
 * The uses are counted so that a top which was taken and came back meanwhile is not mistaken for
 * the same.
 */
final class EntryPool {

  private static final int PLACE_BITS = 21;
  private static final int PLACE_MASK = (1 << PLACE_BITS) - 1;

  private static final int KEPT = 1_024;
  private static final int MAX_DROPPED = 8 * 1024;

  private final @Nullable Entry[] entries;
  private final int[] kept = new int[KEPT]; // of trim
  private final int[] below; // the place + 1 of what is below one on its stack
  private final AtomicLong free = new AtomicLong();
  private final AtomicLong bare = new AtomicLong();

  EntryPool(int size) {
    entries = new Entry[size];
    below = new int[size];
    for (int place = 0; place < size; place++) {
      below[place] = place + 1 < size ? place + 2 : 0;
    }
    bare.set(1);
  }

  Entry take(Level level, @Nullable Thread caller) {
    Entry entry = entry();
    entry.level = level;
    entry.caller = caller;
    return entry;
  }

  private Entry entry() {
    int place = pop(free);
    if (place < 0) {
      place = pop(bare);
      if (place < 0) { // all of them are on their way
        return new Entry(new byte[0], Level.ACCEPTED, null, false);
      }
    }
    Entry entry = entries[place];
    if (entry == null) {
      entry = new Entry(this, place);
      entries[place] = entry;
    }
    return entry;
  }

  /** Of one that nobody else knows, and that is clear. */
  void give(Entry entry) {
    push(free, entry.place);
  }

  /**
   * Of one thread: what it gives back, some at once. Where one thread takes and another gives back,
   * each step costs both of them.
   */
  final class Returns {
    private static final int AT_ONCE = 32;

    private int first; // the place + 1; 0: none
    private int last;
    private int count;

    /** Of one that nobody else knows, and that is clear. */
    void add(Entry entry) {
      int place = entry.place;
      if (first == 0) {
        last = place;
      }
      below[place] = first;
      first = place + 1;
      if (++count == AT_ONCE) {
        flush();
      }
    }

    void flush() {
      if (first != 0) {
        push(free, first - 1, last);
        first = 0;
        count = 0;
      }
    }
  }

  /**
   * Leaves to the garbage collector a part of what a burst has left behind. For the writer, now and
   * then.
   */
  void trim() {
    int used = 0;
    while (used < KEPT) { // those on top are the ones in use
      int place = pop(free);
      if (place < 0) {
        break;
      }
      kept[used++] = place;
    }
    for (int i = 0; used == KEPT && i < MAX_DROPPED; i++) {
      int place = pop(free);
      if (place < 0) {
        break;
      }
      entries[place] = null;
      push(bare, place);
    }
    while (used > 0) {
      push(free, kept[--used]);
    }
  }

  private int pop(AtomicLong stack) {
    while (true) {
      long top = stack.get();
      int place = (int) top & PLACE_MASK;
      if (place == 0) {
        return -1;
      }
      if (stack.compareAndSet(top, after(top) | below[place - 1])) {
        return place - 1;
      }
    }
  }

  private void push(AtomicLong stack, int place) {
    push(stack, place, place);
  }

  /** A chain of places, from the one that comes on top to the one that goes on what is there. */
  private void push(AtomicLong stack, int first, int last) {
    while (true) {
      long top = stack.get();
      below[last] = (int) top & PLACE_MASK;
      if (stack.compareAndSet(top, after(top) | (first + 1))) {
        return;
      }
    }
  }

  private static long after(long top) {
    return ((top >>> PLACE_BITS) + 1) << PLACE_BITS;
  }

  /** How many entries there are, for tests. */
  int made() {
    int made = 0;
    for (Entry entry : entries) {
      if (entry != null) {
        made++;
      }
    }
    return made;
  }
}
