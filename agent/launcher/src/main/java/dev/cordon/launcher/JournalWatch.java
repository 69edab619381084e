package dev.cordon.launcher;

import dev.cordon.journal.JournalStatus;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Tells the operator on stderr when the journal takes no records any more, and when it does again:
 * the journal itself cannot. Looks once a second, on a thread of its own.
 */
final class JournalWatch implements Runnable {
  static final long REMIND_NS = 600_000_000_000L;

  private static final long POLL_NS = 1_000_000_000L;
  private static final long OPENING_NS = 10_000_000_000L; // longer is not slow but stuck

  private final Supplier<JournalStatus> journal;
  private final LongSupplier clockNs;
  private final Console console;
  private final long startedNs;
  private boolean down;
  private long toldNs;
  private long lostBefore;

  JournalWatch(Supplier<JournalStatus> journal, LongSupplier clockNs, Console console) {
    this.journal = journal;
    this.clockNs = clockNs;
    this.console = console;
    this.startedNs = clockNs.getAsLong();
  }

  /** Starts the thread; it ends with the JVM. */
  static void start(JournalWatch watch) {
    Thread thread = new Thread(null, watch, "cordon-journal-watch", 0, false);
    thread.setDaemon(true);
    thread.setContextClassLoader(JournalWatch.class.getClassLoader());
    thread.start();
  }

  @Override
  public void run() {
    while (look()) {
      LockSupport.parkNanos(this, POLL_NS);
      Thread.interrupted();
    }
  }

  /** Returns false when the journal is closed and there is nothing more to tell. */
  boolean look() {
    JournalStatus status = journal.get();
    long nowNs = clockNs.getAsLong();
    boolean failed =
        switch (status.state()) {
          case FULL, BROKEN -> true;
          case OPENING -> down || nowNs - startedNs >= OPENING_NS;
          case RUNNING, CLOSED -> false;
        };
    if (failed && (!down || nowNs - toldNs >= REMIND_NS)) {
      lostBefore = down ? lostBefore : status.lost();
      down = true;
      toldNs = nowNs;
      String problem = status.lastProblem();
      console.say(
          "WARNING: THE JOURNAL TAKES NO RECORDS: "
              + (problem.isEmpty() ? "not open yet" : problem)
              + "; what no second device takes goes by on-journal-down of the rules: unless it says"
              + " otherwise writes are refused and reads pass unrecorded");
    } else if (!failed && down && status.state() == JournalStatus.State.RUNNING) {
      down = false;
      console.say(
          "the journal takes records again; " + (status.lost() - lostBefore) + " were lost");
    }
    return status.state() != JournalStatus.State.CLOSED;
  }

  /**
   * The status when nothing is under way any more, or the last one within that time: other threads
   * that end with the JVM append, too.
   */
  static JournalStatus settled(Supplier<JournalStatus> journal, long withinNs) {
    long startedNs = System.nanoTime();
    JournalStatus status = journal.get();
    while (status.waiting() > 0
        && (status.state() == JournalStatus.State.RUNNING
            || status.state() == JournalStatus.State.OPENING)
        && System.nanoTime() - startedNs < withinNs) {
      LockSupport.parkNanos(1_000_000);
      status = journal.get();
    }
    return status;
  }
}
