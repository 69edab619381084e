package dev.cordon.journal;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What was forced to the device, and how long records had waited for it: what a power failure would
 * have taken. The writer tells what it wrote, the force thread what it forced; now and then it
 * becomes a {@code force} record.
 */
final class Forces {

  private final AtomicLong firstUnforcedNs = new AtomicLong(); // 0: everything is forced
  private volatile long runningSinceNs; // 0: none runs
  private volatile boolean anythingToTell;

  // since the last record; guarded by this
  private long forces;
  private long failures;
  private long longestWindowNs;
  private long longestForceNs;

  /**
   * A record is in the page cache. For the writer.
   *
   * @param background of Cordon itself: nothing that alone is worth a record
   */
  void written(boolean background) {
    if (firstUnforcedNs.get() == 0) {
      firstUnforcedNs.set(now());
    }
    if (!background && !anythingToTell) {
      anythingToTell = true;
    }
  }

  /** Before a force; what it returns belongs to {@link #end}. For the force thread. */
  long begin() {
    runningSinceNs = now();
    return firstUnforcedNs.getAndSet(0);
  }

  /** After a force. For the force thread. */
  void end(long firstNs, boolean forced) {
    long nowNs = now();
    long startedNs = runningSinceNs;
    runningSinceNs = 0;
    if (!forced && firstNs != 0) {
      firstUnforcedNs.set(firstNs);
    }
    synchronized (this) {
      if (forced) {
        forces++;
        longestForceNs = Math.max(longestForceNs, nowNs - startedNs);
        longestWindowNs = Math.max(longestWindowNs, firstNs == 0 ? 0 : nowNs - firstNs);
      } else {
        failures++;
      }
    }
  }

  /** True while a force runs that has taken longer than that: the device hangs. */
  boolean isLate(long withinNs) {
    long sinceNs = runningSinceNs;
    return sinceNs != 0 && now() - sinceNs > withinNs;
  }

  /** What there was since the last time; null if that is nothing. */
  synchronized @Nullable JournalRecord take(Durability level) {
    if (!anythingToTell || forces + failures == 0) {
      return null;
    }
    JournalRecord record =
        new JournalRecord(RecordKind.FORCE)
            .attribute("level", level.label())
            .attribute("forces", forces)
            .attribute("failures", failures)
            .attribute("window-us", longestWindowNs / 1_000)
            .attribute("force-us", longestForceNs / 1_000);
    anythingToTell = false;
    forces = 0;
    failures = 0;
    longestWindowNs = 0;
    longestForceNs = 0;
    return record;
  }

  private static long now() {
    long nowNs = System.nanoTime();
    return nowNs == 0 ? 1 : nowNs;
  }
}
