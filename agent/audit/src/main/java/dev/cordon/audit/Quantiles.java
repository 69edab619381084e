package dev.cordon.audit;

import org.jspecify.annotations.Nullable;

/**
 * Percentiles of durations or sizes in a kilobyte: counts by eighths of an octave, so that a value
 * is told at most a sixteenth too high or too low. For one thread.
 */
final class Quantiles {

  private static final int SUB_BITS = 3;
  private static final int SUB = 1 << SUB_BITS;
  private static final int BUCKETS = (64 - SUB_BITS) << SUB_BITS;

  private int @Nullable [] counts;
  private long count;
  private long sum;
  private long max = -1;

  void add(long value) {
    if (value < 0) {
      return;
    }
    int[] in = counts;
    if (in == null) {
      in = new int[BUCKETS];
      counts = in;
    }
    int bucket = bucket(value);
    in[bucket] = in[bucket] == Integer.MAX_VALUE ? in[bucket] : in[bucket] + 1;
    count++;
    sum = CallTable.sum(sum, value);
    max = Math.max(max, value);
  }

  long count() {
    return count;
  }

  long sum() {
    return sum;
  }

  /** -1 when there is none. */
  long max() {
    return max;
  }

  /** The value that so many percent do not exceed; -1 when there is none. */
  long percentile(double percent) {
    int[] in = counts;
    if (in == null) {
      return -1;
    }
    long rank = Math.max(1, (long) Math.ceil(count * percent / 100));
    long seen = 0;
    for (int i = 0; i < BUCKETS; i++) {
      seen += in[i];
      if (seen >= rank) {
        return Math.min(middle(i), max);
      }
    }
    return max;
  }

  private static int bucket(long value) {
    if (value < SUB) {
      return (int) value;
    }
    int octave = 63 - Long.numberOfLeadingZeros(value);
    int sub = (int) (value >>> (octave - SUB_BITS)) & (SUB - 1);
    return ((octave - SUB_BITS + 1) << SUB_BITS) + sub;
  }

  private static long middle(int bucket) {
    if (bucket < SUB) {
      return bucket;
    }
    int shift = (bucket >>> SUB_BITS) - 1;
    long low = (long) (SUB + (bucket & (SUB - 1))) << shift;
    return low + ((1L << shift) >>> 1);
  }
}
