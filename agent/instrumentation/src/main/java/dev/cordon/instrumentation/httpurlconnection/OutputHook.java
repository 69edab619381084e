package dev.cordon.instrumentation.httpurlconnection;

import dev.cordon.bootstrap.Dispatcher;
import dev.cordon.bootstrap.Passed;
import dev.cordon.instrumentation.httpurlconnection.HttpUrlConnectionCall.Waiting;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.ProtocolException;
import org.jspecify.annotations.Nullable;

/** {@code getOutputStream}: gives the application a stream that is held back. */
final class OutputHook extends ConnectionHook {

  private static volatile @Nullable OutputHook instance; // of the one class, in the one boot loader

  OutputHook() {
    instance = this;
  }

  @Override
  protected @Nullable Object around(@Nullable Object self, Object[] arguments) throws Throwable {
    HttpURLConnection connection = (HttpURLConnection) self;
    if (connection == null || HttpUrlConnectionCall.isUnderWay(connection)) {
      return Dispatcher.PROCEED;
    }
    Waiting waiting = Waiting.of(connection);
    if (waiting != null && waiting.body != null) {
      return waiting.body;
    }
    if (ForgedResponse.isIn(connection)) {
      throw new Passed(new ProtocolException("Cannot write output after reading input."));
    }
    if (!connection.getDoOutput()
        || Connections.isAnswered(connection)
        || Connections.isStreamOpen(connection)
        || Connections.method(connection).equals("TRACE")) {
      return Dispatcher.PROCEED; // the JDK throws, or has the stream already
    }
    if (Connections.method(connection).equals("GET")) {
      Connections.method(connection, "POST"); // as the JDK does
    }
    Connections.connecting(connection);
    if (Connections.isStreaming(connection)) {
      HeldBody body = new HeldBody(connection);
      Connections.error(connection, new Waiting(null, body));
      body.decideIfTooLarge();
      return body;
    }
    ByteArrayOutputStream poster = Connections.poster(connection);
    if (poster == null) {
      poster = Connections.newPoster();
      Connections.poster(connection, poster);
    }
    return poster;
  }

  /** Opens the JDK's own stream, which connects and sends the headers. */
  static OutputStream open(HttpUrlConnectionCall call) throws Passed {
    OutputHook hook = instance;
    if (hook == null) {
      throw new IllegalStateException("getOutputStream is not woven");
    }
    Object stream = call.run(() -> hook.proceed(call.connection, Dispatcher.NO_ARGUMENTS));
    if (stream == null) {
      throw new IllegalStateException("the JDK gave no stream");
    }
    return (OutputStream) stream;
  }
}
