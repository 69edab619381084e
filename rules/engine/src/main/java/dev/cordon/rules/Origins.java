package dev.cordon.rules;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Remembers for a while where texts came from that this process was given: keyed hashes of them,
 * never a text. What it does not know of may have come from there all the same, so it never says
 * no. Its size is fixed; when it is full, what is oldest is forgotten. Thread-safe, without locks
 * but for one change of halves each half an hour or 32,768 hashes.
 */
public final class Origins {

  /** Where a text came from. */
  public enum Source {
    /** An answer of a destination with {@code category: crm}. */
    CRM("crm"),
    /** An answer of a destination with {@code category: channel}: what customers wrote. */
    CUSTOMER_TEXT("customer-text"),
    /** A header by which this process tells others who it is. */
    SECRET("secret");

    private final String word;

    Source(String word) {
      this.word = word;
    }

    /** As rule files name it. */
    public String word() {
      return word;
    }

    static @Nullable Source of(String word) {
      for (Source source : values()) {
        if (source.word.equals(word)) {
          return source;
        }
      }
      return null;
    }
  }

  /** A text is remembered for at least this long, and at most twice as long. */
  static final long KEPT_NS = 30 * 60 * 1_000_000_000L;

  static final int MAX_HASHES = 1 << 15; // of each half

  private final LongSupplier nanoClock;

  // one for each source, made when it is first told something: who fills one empties no other
  private final AtomicReferenceArray<@Nullable Memory> memories =
      new AtomicReferenceArray<>(Source.values().length);

  /**
   * A memory that knows nothing yet.
   *
   * @param nanoClock never goes back
   */
  public Origins(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
  }

  /** Remembers a text and the runs of words in it. */
  public void learn(Source source, String text) {
    OriginText parts = learner(source, Said.NOTHING);
    for (int i = 0; i < text.length(); i++) {
      parts.put(text.charAt(i));
    }
    parts.end();
  }

  /**
   * Remembers texts as they come; for one thread.
   *
   * @param said no whole text of the source; null: none is one
   */
  OriginText learner(Source source, @Nullable Said said) {
    return OriginText.learning(memory(source), said);
  }

  /** Gives the hashes of whole texts, by the key of what is remembered of a source. */
  OriginText hasher(Source source, LongConsumer hashes) {
    return OriginText.hashing(memory(source), hashes);
  }

  /**
   * True when the text was seen; false when nothing is known of it.
   *
   * @param whole the text itself must have been seen; else a run of words in it is enough
   */
  boolean isFrom(Source source, String text, boolean whole) {
    Memory memory = memories.get(source.ordinal());
    if (memory == null) {
      return false;
    }
    OriginText asked = OriginText.asking(memory, whole);
    for (int i = 0; i < text.length() && !asked.isDone(); i++) {
      asked.put(text.charAt(i));
    }
    asked.end();
    return asked.found();
  }

  /** Forgets everything. */
  void clear() {
    for (Source source : Source.values()) {
      memories.set(source.ordinal(), null);
    }
  }

  private Memory memory(Source source) {
    Memory known = memories.get(source.ordinal());
    if (known == null) {
      memories.compareAndSet(source.ordinal(), null, new Memory(nanoClock));
      known = memories.get(source.ordinal());
    }
    return known == null ? new Memory(nanoClock) : known; // cleared meanwhile
  }

  /** What is remembered of one source: an older half, which only answers, and a younger one. */
  static final class Memory {
    final KeyedHash.Key key = KeyedHash.Key.random();
    private final LongSupplier nanoClock;
    private volatile Half now;
    private volatile @Nullable Half before;

    Memory(LongSupplier nanoClock) {
      this.nanoClock = nanoClock;
      now = new Half(nanoClock.getAsLong());
    }

    void add(long hash) {
      Half half = now;
      if (half.isFull() || nanoClock.getAsLong() - half.sinceNs >= KEPT_NS) {
        half = next(half);
      }
      half.add(hash);
    }

    boolean has(long hash) {
      long nowNs = nanoClock.getAsLong();
      Half older = before;
      return isFresh(now, nowNs) && now.has(hash)
          || older != null && isFresh(older, nowNs) && older.has(hash);
    }

    /** Nothing is added to a half that is older than KEPT_NS. */
    private static boolean isFresh(Half half, long nowNs) {
      return nowNs - half.sinceNs < 2 * KEPT_NS;
    }

    private synchronized Half next(Half ended) {
      if (now == ended) {
        before = ended;
        now = new Half(nanoClock.getAsLong());
      }
      return now;
    }
  }

  /** A table of hashes, at most half full. */
  private static final class Half {
    private static final int SLOTS = 2 * MAX_HASHES; // 512 KiB
    private static final int MAX_PROBES = 32; // what finds no place by then is not remembered

    final long sinceNs;
    private final AtomicLongArray slots = new AtomicLongArray(SLOTS);
    private final AtomicInteger used = new AtomicInteger();

    Half(long sinceNs) {
      this.sinceNs = sinceNs;
    }

    boolean isFull() {
      return used.get() >= MAX_HASHES;
    }

    void add(long hash) {
      int slot = (int) hash & (SLOTS - 1);
      for (int i = 0; i < MAX_PROBES; i++) {
        long known = slots.get(slot);
        if (known == 0 && slots.compareAndSet(slot, 0, hash)) {
          used.incrementAndGet();
          return;
        }
        if (slots.get(slot) == hash) {
          return;
        }
        slot = (slot + 1) & (SLOTS - 1);
      }
    }

    boolean has(long hash) {
      int slot = (int) hash & (SLOTS - 1);
      for (int i = 0; i < MAX_PROBES; i++) {
        long known = slots.get(slot);
        if (known == hash) {
          return true;
        }
        if (known == 0) {
          return false;
        }
        slot = (slot + 1) & (SLOTS - 1);
      }
      return false;
    }
  }
}
