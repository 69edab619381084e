package dev.cordon.it.services;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.io.IOException;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** One call that is refused before it connects, which starts no thread, and one line. */
public final class RefusedCallAndLine implements Runnable {

  @Override
  public void run() {
    Request request = new Request.Builder().url("http://unknown.example.com/").build();
    try (Response response = new OkHttpClient().newCall(request).execute()) {
      if (response.code() != 403) {
        System.out.println("not guarded: " + response.code());
      }
    } catch (IOException failed) {
      System.out.println("not guarded: " + failed);
    }
    LoggerContext context = new LoggerContext();
    Logger logger = context.getLogger("task");
    LoggingEvent event =
        new LoggingEvent(
            "task", logger, Level.INFO, "mail {}", null, new Object[] {"eve@example.com"});
    if (event.getFormattedMessage().contains("eve")) {
      System.out.println("not redacted: " + event.getFormattedMessage());
    }
    context.stop();
  }
}
