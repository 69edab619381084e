package dev.cordon.instrumentation.httpurlconnection;

import dev.cordon.bootstrap.Dispatcher;
import dev.cordon.bootstrap.Passed;
import dev.cordon.instrumentation.httpurlconnection.HttpUrlConnectionCall.Waiting;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** {@code getInputStream}: here a call without a streamed body is complete, and nothing is sent. */
final class InputHook extends ConnectionHook {

  @Override
  protected @Nullable Object around(@Nullable Object self, Object[] arguments) throws Throwable {
    HttpURLConnection connection = (HttpURLConnection) self;
    if (connection == null || HttpUrlConnectionCall.isUnderWay(connection)) {
      return Dispatcher.PROCEED;
    }
    // as the JDK does: two threads that ask for the answer of one call are not two calls
    ReentrantLock lock = Connections.lock(connection);
    lock.lock();
    try {
      return answer(connection, arguments);
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Object answer(HttpURLConnection connection, Object[] arguments)
      throws Throwable {
    if (Connections.isAnswered(connection) || !connection.getDoInput()) {
      return Dispatcher.PROCEED;
    }
    HttpUrlConnectionCall call = callOf(connection);
    if (call == null || call.refusal() != null) {
      return Dispatcher.PROCEED; // the JDK answers from the state of the connection
    }
    // still unsent, whatever OutputHook told the application: another agent adds its headers now
    Connections.unsent(connection);
    Object stream;
    try {
      stream = call.run(() -> proceed(connection, arguments));
    } catch (Passed passed) {
      call.filterBody(null);
      if (call.answerLaterRefusal(passed.thrown())) {
        return Dispatcher.PROCEED;
      }
      throw passed;
    }
    call.finished();
    return call.filterBody(stream);
  }

  private static @Nullable HttpUrlConnectionCall callOf(HttpURLConnection connection)
      throws Throwable {
    Waiting waiting = Waiting.of(connection);
    if (waiting == null && Connections.isStreamOpen(connection)) {
      return null; // opened before the class was woven
    }
    HeldBody body = waiting == null ? null : waiting.body;
    if (body == null && Connections.isStreaming(connection)) {
      body = HeldBody.unwritten(connection); // the JDK sends an empty body, as a POST
    }
    if (body != null) {
      try {
        body.finish();
      } catch (IOException applicationsOwn) {
        throw new Passed(applicationsOwn);
      } finally {
        clear(connection);
      }
      return body.call();
    }
    clear(connection);
    HttpUrlConnectionCall begun = waiting == null ? null : waiting.call;
    return begun != null ? begun : HttpUrlConnectionCall.beginBuffered(connection);
  }

  /** The JDK may now put an error stream of its own there. */
  private static void clear(HttpURLConnection connection) {
    if (Waiting.of(connection) != null) {
      Connections.error(connection, null);
    }
  }
}
