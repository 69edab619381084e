package dev.cordon.instrumentation.jul;

import dev.cordon.bootstrap.Gate;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Stands in for a throwable whose messages hold something that must not be written, or that prints
 * itself its own way: same class name in print, same stack, same chain, redacted text.
 */
final class RedactedThrowable extends Throwable {
  private static final long serialVersionUID = 1L;

  private static final int MOST_LINKS = 1_000; // of one throwable; people read ten
  private static final String LEFT_OUT = "[what lies behind is left out by Cordon]";

  private final String text;
  private final transient @Nullable Throwable original; // only when it prints itself its own way
  private @Nullable Throwable cause;

  private RedactedThrowable(@Nullable String message, String text, @Nullable Throwable original) {
    super(message, null, true, true);
    this.text = text;
    this.original = original;
  }

  /** The throwable itself when its whole chain is clean and printed by Throwable alone. */
  static Throwable of(Throwable thrown) {
    Map<Throwable, @Nullable Throwable> causes = causesOf(thrown);
    boolean found = causes.size() >= MOST_LINKS; // what lies behind them was not looked at
    for (Throwable link : causes.keySet()) {
      // what prints itself may print more than its message, so its text is scanned as it is printed
      if (found || printsItself(link) || !isClean(link.getMessage()) || !isClean(link.toString())) {
        found = true;
        break;
      }
    }
    if (!found) {
      return thrown;
    }
    Map<Throwable, RedactedThrowable> standIns = new IdentityHashMap<>();
    for (Throwable link : causes.keySet()) {
      standIns.put(link, standInFor(link));
    }
    causes.forEach((link, cause) -> connect(link, cause, standIns));
    return standIns.getOrDefault(thrown, withheld(thrown.getClass().getName()));
  }

  /** Stands in for a throwable that could not be scanned. */
  static RedactedThrowable withheld(String text) {
    RedactedThrowable standIn = new RedactedThrowable(text, text, null);
    standIn.setStackTrace(new StackTraceElement[0]);
    return standIn;
  }

  /**
   * Everything reachable over causes and suppressed, each once, with its cause; chains may be long
   * or circular, and one whose getCause() makes a new cause whenever it is asked has no end. So
   * each is asked once, and {@link #MOST_LINKS} are.
   */
  private static Map<Throwable, @Nullable Throwable> causesOf(Throwable thrown) {
    Throwable first = thrown.getCause();
    if (first == null && thrown.getSuppressed().length == 0) {
      return Collections.singletonMap(thrown, null);
    }
    Map<Throwable, @Nullable Throwable> causes = new IdentityHashMap<>();
    Deque<Throwable> open = new ArrayDeque<>();
    causes.put(thrown, first);
    addTo(open, thrown, first);
    while (!open.isEmpty() && causes.size() < MOST_LINKS) {
      Throwable link = open.remove();
      if (!causes.containsKey(link)) {
        Throwable cause = link.getCause();
        causes.put(link, cause);
        addTo(open, link, cause);
      }
    }
    return causes;
  }

  private static void addTo(Deque<Throwable> open, Throwable link, @Nullable Throwable cause) {
    if (cause != null) {
      open.add(cause);
    }
    Collections.addAll(open, link.getSuppressed());
  }

  private static RedactedThrowable standInFor(Throwable link) {
    String message = link.getMessage();
    RedactedThrowable standIn =
        new RedactedThrowable(
            message == null ? null : Gate.line(message),
            Gate.line(String.valueOf(link.toString())),
            printsItself(link) ? link : null);
    standIn.setStackTrace(link.getStackTrace());
    return standIn;
  }

  private static void connect(
      Throwable link, @Nullable Throwable cause, Map<Throwable, RedactedThrowable> standIns) {
    RedactedThrowable standIn = standIns.get(link);
    if (standIn == null) {
      return;
    }
    standIn.cause = cause == null ? null : standInOrLeftOut(cause, standIns);
    for (Throwable suppressed : link.getSuppressed()) {
      RedactedThrowable other = standInOrLeftOut(suppressed, standIns);
      if (other != standIn) {
        standIn.addSuppressed(other);
      }
    }
  }

  private static RedactedThrowable standInOrLeftOut(
      Throwable link, Map<Throwable, RedactedThrowable> standIns) {
    RedactedThrowable standIn = standIns.get(link);
    return standIn == null ? withheld(LEFT_OUT) : standIn;
  }

  private static boolean isClean(@Nullable String text) {
    return text == null || Gate.line(text).equals(text);
  }

  private static boolean printsItself(Throwable link) {
    return !(link instanceof RedactedThrowable) // logged once more: redacted already
        && (overridesPrint(link, PrintWriter.class) || overridesPrint(link, PrintStream.class));
  }

  private static boolean overridesPrint(Throwable link, Class<?> target) {
    try {
      return link.getClass().getMethod("printStackTrace", target).getDeclaringClass()
          != Throwable.class;
    } catch (NoSuchMethodException cannotBe) {
      return false;
    }
  }

  @Override
  public @Nullable Throwable getCause() { // not initCause: a chain may be circular
    return cause;
  }

  @Override
  public Throwable fillInStackTrace() {
    return this; // it gets the stack of the one it stands for
  }

  @Override
  public void printStackTrace(PrintWriter writer) {
    if (original == null) {
      super.printStackTrace(writer);
    } else {
      StringWriter text = new StringWriter();
      original.printStackTrace(new PrintWriter(text, true));
      writer.print(Gate.line(text.toString()));
    }
  }

  @Override
  public void printStackTrace(PrintStream stream) {
    if (original == null) {
      super.printStackTrace(stream);
    } else {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      original.printStackTrace(new PrintStream(bytes, true, StandardCharsets.UTF_8));
      stream.print(Gate.line(bytes.toString(StandardCharsets.UTF_8)));
    }
  }

  @Override
  public String toString() {
    return text;
  }
}
