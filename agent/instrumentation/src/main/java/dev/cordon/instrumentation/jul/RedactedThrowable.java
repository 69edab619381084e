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
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Stands in for a throwable whose messages hold something that must not be written, or that prints
 * itself its own way: same class name in print, same stack, same chain, redacted text.
 */
final class RedactedThrowable extends Throwable {
  private static final long serialVersionUID = 1L;

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
    Map<Throwable, RedactedThrowable> standIns = null;
    boolean found = false;
    Set<Throwable> chain = chainOf(thrown);
    for (Throwable link : chain) {
      // what prints itself may print more than its message, so its text is scanned as it is printed
      if (printsItself(link) || !isClean(link.getMessage()) || !isClean(link.toString())) {
        found = true;
        break;
      }
    }
    if (!found) {
      return thrown;
    }
    standIns = new IdentityHashMap<>();
    for (Throwable link : chain) {
      standIns.put(link, standInFor(link));
    }
    for (Throwable link : chain) {
      connect(link, standIns);
    }
    return standIns.getOrDefault(thrown, withheld(thrown.getClass().getName()));
  }

  /** Stands in for a throwable that could not be scanned. */
  static RedactedThrowable withheld(String text) {
    RedactedThrowable standIn = new RedactedThrowable(text, text, null);
    standIn.setStackTrace(new StackTraceElement[0]);
    return standIn;
  }

  /** Everything reachable over causes and suppressed, each once; chains may be long or circular. */
  private static Set<Throwable> chainOf(Throwable thrown) {
    if (thrown.getCause() == null && thrown.getSuppressed().length == 0) {
      return Set.of(thrown);
    }
    Set<Throwable> chain = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Throwable> open = new ArrayDeque<>();
    open.add(thrown);
    while (!open.isEmpty()) {
      Throwable link = open.remove();
      if (!chain.add(link)) {
        continue;
      }
      if (link.getCause() != null) {
        open.add(link.getCause());
      }
      Collections.addAll(open, link.getSuppressed());
    }
    return chain;
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

  private static void connect(Throwable link, Map<Throwable, RedactedThrowable> standIns) {
    RedactedThrowable standIn = standIns.get(link);
    if (standIn == null) {
      return;
    }
    Throwable cause = link.getCause();
    standIn.cause = cause == null ? null : standIns.get(cause);
    for (Throwable suppressed : link.getSuppressed()) {
      RedactedThrowable other = standIns.get(suppressed);
      if (other != null && other != standIn) {
        standIn.addSuppressed(other);
      }
    }
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
