package dev.cordon.journal.isolated;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Where the libraries of the journal log to: warnings and errors are counted, the first few are
 * kept, nothing reaches standard output or the application's loggers.
 */
public final class LibraryLog {

  private static final int MAX_KEPT = 16;
  private static final int MAX_CHARS = 300;

  private static final AtomicLong COUNT = new AtomicLong();
  private static final List<String> FIRST = new ArrayList<>();

  private LibraryLog() {}

  public static void add(
      String level, String source, @Nullable String message, @Nullable Throwable thrown) {
    COUNT.incrementAndGet();
    String line = level + " " + source + ": " + message + (thrown == null ? "" : " " + thrown);
    synchronized (FIRST) {
      if (FIRST.size() < MAX_KEPT) {
        FIRST.add(line.length() > MAX_CHARS ? line.substring(0, MAX_CHARS) : line);
      }
    }
  }

  public static long count() {
    return COUNT.get();
  }

  public static List<String> first() {
    synchronized (FIRST) {
      return List.copyOf(FIRST);
    }
  }
}
