package dev.cordon.launcher;

import dev.cordon.enforcement.FaultLog;
import java.io.PrintStream;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the operator reads: lines on the standard error stream the JVM started with, each after
 * {@code cordon: }. Never a value of a call or of a log line.
 *
 * <p>Faults are told once for each kind and again at the 10th, the 100th ... so that a fault on
 * every call cannot fill a disk.
 */
final class Console implements FaultLog {

  static final int MAX_KINDS = 64; // further ones are counted in the journal only

  // not System.err: an application may send that to its logger, which is guarded
  private final PrintStream err;
  private final ConcurrentHashMap<String, AtomicLong> kinds = new ConcurrentHashMap<>();

  Console(PrintStream err) {
    this.err = err;
  }

  void say(String line) {
    err.println("cordon: " + printable(line));
  }

  /** Prints a line without the prefix: the banner, and the errors of a rule file. */
  void print(String line) {
    err.println(printable(line));
  }

  /** With control characters escaped: a file named by mistake must not steer the terminal. */
  private static String printable(String line) {
    StringBuilder text = new StringBuilder(line.length());
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c != '\t' && isControl(c)) {
        text.append("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
          text.append(Character.forDigit(c >> shift & 0xf, 16));
        }
      } else {
        text.append(c);
      }
    }
    return text.toString();
  }

  private static boolean isControl(char c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL, // with C1, which some terminals obey
          Character.FORMAT, // the direction of writing
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> false;
    };
  }

  @Override
  public void fault(String where, Throwable fault) {
    String kind = where + ": " + fault.getClass().getName() + placeOf(fault);
    AtomicLong seen = kinds.get(kind);
    if (seen == null) {
      if (kinds.size() >= MAX_KINDS) {
        return;
      }
      AtomicLong first = new AtomicLong();
      AtomicLong raced = kinds.putIfAbsent(kind, first);
      seen = raced == null ? first : raced;
    }
    long count = seen.incrementAndGet();
    if (isPowerOfTen(count)) {
      say(
          count == 1
              ? "fault of Cordon in " + kind + "; see agent.fault in the journal"
              : "fault of Cordon, " + count + " times, in " + kind);
    }
  }

  private static boolean isPowerOfTen(long count) {
    long rest = count;
    while (rest >= 10 && rest % 10 == 0) {
      rest /= 10;
    }
    return rest == 1;
  }

  /** Where it was thrown, and the nearest place of ours when that is not it. */
  private static String placeOf(Throwable fault) {
    StackTraceElement[] trace = fault.getStackTrace();
    if (trace.length == 0) {
      return "";
    }
    StringBuilder place = new StringBuilder(" at ").append(trace[0]);
    for (StackTraceElement frame : trace) {
      if (frame.getClassName().startsWith("dev.cordon.")) {
        if (!frame.equals(trace[0])) {
          place.append(", called at ").append(frame);
        }
        break;
      }
    }
    return place.toString();
  }
}
