package dev.cordon.it.services;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.ArrayList;
import java.util.List;

/** Writes the first line of an application on a thread that has just run out of stack. */
public final class StarvedLine implements Runnable {

  private static final int STACK_BYTES = 256 * 1024;

  private final List<String> lines = new ArrayList<>();

  @Override
  public void run() {
    LoggerContext context = new LoggerContext();
    Logger logger = context.getLogger("starved");
    AppenderBase<ILoggingEvent> appender =
        new AppenderBase<>() {
          @Override
          protected void append(ILoggingEvent event) {
            lines.add(event.getFormattedMessage());
          }
        };
    appender.setContext(context);
    appender.start();
    logger.addAppender(appender);
    Thread thread = new Thread(null, () -> dive(logger), "starved", STACK_BYTES);
    thread.start();
    try {
      thread.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    logger.info("later of eve@example.com");
    lines.forEach(System.out::println);
    context.stop();
  }

  @SuppressWarnings("InfiniteRecursion") // on purpose
  private static void dive(Logger logger) {
    try {
      dive(logger);
    } catch (StackOverflowError deep) {
      logger.info("asked by eve@example.com"); // fails up to the frame where there is room for it
    }
  }
}
