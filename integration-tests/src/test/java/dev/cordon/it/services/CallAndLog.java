package dev.cordon.it.services;

import java.io.IOException;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** One GET of the first argument with HttpURLConnection, and one log line to stdout. */
public final class CallAndLog {

  private CallAndLog() {}

  public static void main(String[] arguments) throws IOException {
    System.out.println(UrlCalls.call("GET", arguments[0]));
    Logger logger = Logger.getLogger("service");
    logger.setUseParentHandlers(false);
    logger.addHandler(
        new Handler() {
          @Override
          public void publish(LogRecord record) {
            System.out.println("log: " + record.getMessage());
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        });
    logger.log(Level.INFO, "asked by jane.roe@example.com");
  }
}
