package dev.cordon.instrumentation.httpurlconnection;

import dev.cordon.bootstrap.Dispatcher;
import dev.cordon.bootstrap.Refusal;
import dev.cordon.instrumentation.httpurlconnection.HttpUrlConnectionCall.Waiting;
import java.net.HttpURLConnection;
import org.jspecify.annotations.Nullable;

/**
 * {@code connect} called by the application. Without {@code doOutput} the call is complete and is
 * decided before anything is connected; with it, the body and so the method are still open, and
 * applications check certificates between {@code connect} and the body, so the JDK may connect.
 */
final class ConnectHook extends ConnectionHook {

  @Override
  protected @Nullable Object around(@Nullable Object self, Object[] arguments) throws Throwable {
    HttpURLConnection connection = (HttpURLConnection) self;
    if (connection == null
        || HttpUrlConnectionCall.isUnderWay(connection)
        || Connections.isConnected(connection)
        || Connections.isAnswered(connection)
        || Waiting.of(connection) != null
        || connection.getDoOutput()
        || Connections.isStreaming(connection)) {
      return Dispatcher.PROCEED;
    }
    HttpUrlConnectionCall call = HttpUrlConnectionCall.beginBuffered(connection);
    Refusal refusal = call.refusal();
    if (refusal != null) {
      if (refusal.exception()) {
        throw refusal.toException();
      }
      return null;
    }
    call.run(() -> proceed(self, arguments));
    Connections.error(connection, new Waiting(call, null));
    return null;
  }
}
