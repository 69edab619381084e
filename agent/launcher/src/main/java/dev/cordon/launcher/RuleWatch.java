package dev.cordon.launcher;

import dev.cordon.rules.RuleSource;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * Notices that a file of the rules is another one, waits until it has settled and asks for an
 * attempt to activate it. Runs on a thread of its own.
 *
 * <p>It asks for the files' sizes and times once a second. A WatchService would load some forty
 * classes and keep a thread of its own, watch directories and not files, not see a link that is
 * swapped further up (as Kubernetes swaps {@code ..data}) and nothing at all on network file
 * systems; a look costs some ten microseconds.
 */
final class RuleWatch implements Runnable {
  static final long POLL_NS = 1_000_000_000L;
  static final long SETTLE_NS = 250_000_000L;

  /** So many times a file may move on before that is told; it is looked at all the same. */
  private static final int MAX_MOVES = 40;

  private static final int LATER_POLLS = 5; // what may pass by itself is tried again so much later

  private final RuleSource source;
  private final Activation activation;
  private final long settleNs;
  private Map<Path, String> stamps = new HashMap<>();
  private boolean looked;
  private int laterPolls;

  RuleWatch(RuleSource source, Activation activation) {
    this(source, activation, SETTLE_NS);
  }

  RuleWatch(RuleSource source, Activation activation, long settleNs) {
    this.settleNs = settleNs;
    this.source = source;
    this.activation = activation;
  }

  /** Starts the thread; it ends with the JVM. */
  static Thread start(RuleWatch watch) {
    Thread thread = new Thread(null, watch, "cordon-rules", 0, false);
    thread.setDaemon(true);
    thread.setContextClassLoader(RuleWatch.class.getClassLoader());
    thread.start();
    return thread;
  }

  @Override
  public void run() {
    while (!Thread.interrupted()) {
      sleep(POLL_NS);
      try {
        look();
      } catch (Throwable fault) { // whatever it was, the next look may find better times
        laterPolls = LATER_POLLS;
      }
    }
  }

  /** One look; tries to activate what is there when it is not what was there before. */
  void look() {
    activation.remind();
    Map<Path, String> now = stamps();
    boolean again = laterPolls > 0 && --laterPolls == 0;
    if (now.equals(stamps) && !again) {
      return;
    }
    if (!looked) {
      looked = true;
      if (source.isAsLoaded()) { // the first look after the start costs no second parse
        stamps = now;
        return;
      }
    }
    int moves = 0;
    while (true) {
      sleep(settleNs);
      if (Thread.currentThread().isInterrupted()) {
        return;
      }
      Map<Path, String> settled = stamps();
      if (!settled.equals(now)) {
        now = settled;
        moves = moved(moves);
        continue;
      }
      Map<Path, String> before = now;
      Activation.Outcome outcome = activation.attempt(() -> stillAt(before));
      if (outcome == Activation.Outcome.MOVED) {
        now = stamps();
        moves = moved(moves);
        continue;
      }
      laterPolls = outcome == Activation.Outcome.LATER ? LATER_POLLS : 0;
      // of the files that it read, but as they were before: a change since is one
      stamps = stamps();
      for (Map.Entry<Path, String> one : before.entrySet()) {
        stamps.replace(one.getKey(), one.getValue());
      }
      return;
    }
  }

  private int moved(int moves) {
    if (moves == MAX_MOVES) {
      activation.reject(
          Rejection.UNSETTLED, "changes faster than it can be read, so it is not", List.of());
    }
    return moves + 1;
  }

  private boolean stillAt(Map<Path, String> before) {
    for (Map.Entry<Path, String> one : before.entrySet()) {
      if (source.files().contains(one.getKey()) && !stamp(one.getKey()).equals(one.getValue())) {
        return false;
      }
    }
    return true;
  }

  private Map<Path, String> stamps() {
    Map<Path, String> all = new HashMap<>();
    for (Path file : source.files()) {
      all.put(file, stamp(file));
    }
    return all;
  }

  /** What tells that a file is another one, or has other content; of a link where it leads to. */
  private static String stamp(Path file) {
    try {
      Map<String, Object> unix =
          // ctime also tells what keeps size and time on purpose, as rsync -t and cp -p do
          Files.readAttributes(file, "unix:dev,ino,size,lastModifiedTime,ctime,mode");
      return unix.get("dev")
          + " "
          + unix.get("ino")
          + ' '
          + unix.get("size")
          + ' '
          + unix.get("lastModifiedTime")
          + ' '
          + unix.get("ctime")
          + ' '
          + unix.get("mode");
    } catch (UnsupportedOperationException | IllegalArgumentException otherSystem) {
      try {
        BasicFileAttributes basic = Files.readAttributes(file, BasicFileAttributes.class);
        return basic.size() + " " + basic.lastModifiedTime() + ' ' + basic.fileKey();
      } catch (IOException unreadable) {
        return unreadable.getClass().getName();
      }
    } catch (NoSuchFileException gone) {
      return "gone";
    } catch (FileSystemException unreadable) {
      return "unreadable " + unreadable.getReason();
    } catch (IOException unreadable) {
      return unreadable.getClass().getName();
    }
  }

  private static void sleep(long ns) {
    long untilNs = System.nanoTime() + ns;
    for (long left = ns;
        left > 0 && !Thread.currentThread().isInterrupted();
        left = untilNs - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
