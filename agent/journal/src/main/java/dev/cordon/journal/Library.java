package dev.cordon.journal;

import dev.cordon.journal.isolated.LibraryLog;
import net.openhft.chronicle.core.Jvm;
import net.openhft.chronicle.core.onoes.ExceptionHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Prepares Chronicle once per JVM; the first use costs about a hundred classes, so never on an
 * application thread.
 */
final class Library {

  static {
    Jvm.setExceptionHandlers(handler("error"), handler("warn"), null, handler("perf"));
  }

  private Library() {}

  static void prepare() {
    // the static initializer does it
  }

  private static ExceptionHandler handler(String level) {
    return new ExceptionHandler() {
      @Override
      public void on(Class<?> source, @Nullable String message, @Nullable Throwable thrown) {
        LibraryLog.add(level, source.getSimpleName(), message, thrown);
      }

      @Override
      public void on(Logger logger, @Nullable String message, @Nullable Throwable thrown) {
        LibraryLog.add(level, logger.getName(), message, thrown);
      }
    };
  }
}
