package dev.cordon.instrumentation.jul;

import dev.cordon.bootstrap.Gate;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import java.util.logging.XMLFormatter;
import org.jspecify.annotations.Nullable;

/**
 * Stands in for a formatter while a {@code StreamHandler} publishes: what a formatter of other
 * people makes of a record is scanned before it is written. It may print a parameter's own text,
 * join parameters, or read a bundle by itself.
 */
final class SecondLook extends Formatter {

  private static final int HANDLER = 0;
  private static final int RECORD = 1;

  // an array of the JDK, not a class of ours: the value stays behind in pooled threads
  private static final ThreadLocal<@Nullable Object[]> PUBLISHING =
      ThreadLocal.withInitial(() -> new Object[2]);

  private final Formatter formatter;

  private SecondLook(Formatter formatter) {
    this.formatter = formatter;
  }

  /** Made before it is needed: a class whose initialiser ran out of stack stays unusable. */
  static void check() {}

  /** What this thread publishes: a handler and a record, both null when it does not. */
  static @Nullable Object[] publishing() {
    return PUBLISHING.get();
  }

  static void set(
      @Nullable Object[] publishing, @Nullable Object handler, @Nullable Object record) {
    publishing[HANDLER] = handler;
    publishing[RECORD] = record;
  }

  static @Nullable Object handlerOf(@Nullable Object[] publishing) {
    return publishing[HANDLER];
  }

  static @Nullable Object recordOf(@Nullable Object[] publishing) {
    return publishing[RECORD];
  }

  /** The formatter itself when it prints nothing but what hooks have scanned. */
  static Formatter of(Formatter formatter, @Nullable Object record) {
    Class<?> type = formatter.getClass();
    boolean scanned =
        (type == SimpleFormatter.class || type == XMLFormatter.class)
            && record != null
            && record.getClass() == LogRecord.class; // others may answer for themselves
    return scanned ? formatter : new SecondLook(formatter);
  }

  /** For a handler whose formatter could not be asked for: the line is withheld, not shown. */
  static Formatter withholding(String text) {
    return new Formatter() {
      @Override
      public String format(LogRecord record) {
        return text;
      }
    };
  }

  @Override
  public @Nullable String format(LogRecord record) {
    @Nullable Object[] publishing = PUBLISHING.get();
    Object handler = publishing[HANDLER];
    publishing[HANDLER] = null; // a formatter that asks its handler for itself gets itself
    String text;
    try {
      text = formatter.format(record);
    } finally {
      publishing[HANDLER] = handler;
    }
    return text == null ? null : Gate.line(text);
  }

  @Override
  public String getHead(Handler asking) {
    @Nullable Object[] publishing = PUBLISHING.get();
    Object handler = publishing[HANDLER];
    publishing[HANDLER] = null;
    try {
      return formatter.getHead(asking);
    } finally {
      publishing[HANDLER] = handler;
    }
  }

  @Override
  public String getTail(Handler asking) { // a file that is full is closed while it is written
    @Nullable Object[] publishing = PUBLISHING.get();
    Object handler = publishing[HANDLER];
    publishing[HANDLER] = null;
    try {
      return formatter.getTail(asking);
    } finally {
      publishing[HANDLER] = handler;
    }
  }
}
