package dev.cordon.rules;

import java.util.Arrays;

/**
 * What was spent within the last while. Events that begin within one 64th of the window of each
 * other share a bucket, which lasts as long as its newest event: what is counted never expires
 * early, and at most a 64th of the window late. Guarded by its {@link Ledger}.
 */
final class SlidingWindow {
  private static final int GRAINS = 64;

  private long[] begins = new long[2];
  private long[] times = new long[2]; // of the newest event
  private long[] amounts = new long[2];
  private int size;
  private long total;

  /** What counts now. */
  long used(long nowNs, long withinNs) {
    int expired = 0;
    while (expired < size && nowNs - times[expired] >= withinNs) {
      total -= amounts[expired];
      expired++;
    }
    if (expired > 0) {
      size -= expired;
      System.arraycopy(begins, expired, begins, 0, size);
      System.arraycopy(times, expired, times, 0, size);
      System.arraycopy(amounts, expired, amounts, 0, size);
    }
    return total;
  }

  boolean isEmpty() {
    return size == 0;
  }

  void add(long nowNs, long withinNs, long amount) {
    long added = Math.min(amount, Long.MAX_VALUE - total); // in observe mode sums may go anywhere
    if (size == 0 || nowNs - begins[size - 1] >= Math.max(1, withinNs / GRAINS)) {
      if (size == times.length) {
        begins = Arrays.copyOf(begins, size * 2);
        times = Arrays.copyOf(times, size * 2);
        amounts = Arrays.copyOf(amounts, size * 2);
      }
      begins[size] = nowNs;
      amounts[size] = 0;
      size++;
    }
    times[size - 1] = nowNs;
    amounts[size - 1] += added;
    total += added;
  }

  /** Takes back what was added at a time; nothing when that has expired. */
  void take(long addedNs, long amount) {
    for (int i = 0; i < size; i++) {
      if (begins[i] - addedNs <= 0 && times[i] - addedNs >= 0) {
        long taken = Math.min(amount, amounts[i]);
        amounts[i] -= taken;
        total -= taken;
        return;
      }
    }
  }
}
