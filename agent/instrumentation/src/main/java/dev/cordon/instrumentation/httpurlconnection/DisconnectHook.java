package dev.cordon.instrumentation.httpurlconnection;

import dev.cordon.bootstrap.Dispatcher;
import dev.cordon.instrumentation.httpurlconnection.HttpUrlConnectionCall.Waiting;
import java.io.IOException;
import java.net.HttpURLConnection;
import org.jspecify.annotations.Nullable;

/** {@code disconnect}: a call that was begun and never asked for its response ends here. */
final class DisconnectHook extends ConnectionHook {

  @Override
  protected @Nullable Object around(@Nullable Object self, Object[] arguments) {
    HttpURLConnection connection = (HttpURLConnection) self;
    Waiting waiting = connection == null ? null : Waiting.of(connection);
    if (connection != null && waiting != null) {
      HttpUrlConnectionCall call = waiting.body != null ? waiting.body.call() : waiting.call;
      if (call != null) {
        call.admission().failed(new IOException("disconnected before the response was read"));
      }
    }
    return Dispatcher.PROCEED;
  }
}
