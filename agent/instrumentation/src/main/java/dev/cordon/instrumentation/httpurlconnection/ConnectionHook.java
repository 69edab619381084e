package dev.cordon.instrumentation.httpurlconnection;

import dev.cordon.bootstrap.Admission;
import dev.cordon.bootstrap.CallDenied;
import dev.cordon.bootstrap.Dispatcher;
import dev.cordon.bootstrap.Gate;
import dev.cordon.bootstrap.Hook;
import dev.cordon.bootstrap.Refusal;
import java.net.HttpURLConnection;
import org.jspecify.annotations.Nullable;

/** What the hooks of this package share: the answer to a fault of ours. */
abstract class ConnectionHook extends Hook {

  ConnectionHook() {
    Connections.check();
  }

  @Override
  protected final @Nullable Object failed(
      @Nullable Object self, Object[] arguments, Throwable fault) throws CallDenied {
    Admission admission =
        Gate.undecided(
            HttpUrlConnectionInstrumentation.LIBRARY, methodOf(self), urlOf(self), fault);
    Refusal refusal = admission.refusal();
    if (refusal == null) {
      return Dispatcher.PROCEED;
    }
    if (self instanceof HttpURLConnection connection && !refusal.exception()) {
      try {
        ForgedResponse.put(connection, refusal); // so that the next getter does not ask again
        if (this instanceof InputHook) {
          return Dispatcher.PROCEED;
        }
      } catch (Throwable again) {
        Gate.fault("refusal", again);
      }
    }
    throw refusal.toException();
  }

  private static @Nullable HttpURLConnection connectionOf(@Nullable Object self) {
    HttpUrlConnectionCall current = HttpUrlConnectionCall.current();
    Object known = current == null ? self : current.connection;
    return known instanceof HttpURLConnection connection ? connection : null;
  }

  private static @Nullable String urlOf(@Nullable Object self) {
    try {
      HttpURLConnection connection = connectionOf(self);
      return connection == null ? null : connection.getURL().toExternalForm();
    } catch (Throwable unreadable) {
      return null;
    }
  }

  private @Nullable String methodOf(@Nullable Object self) {
    try {
      HttpURLConnection connection = connectionOf(self);
      if (connection == null) {
        return null;
      }
      String method = Connections.method(connection);
      // the JDK turns a GET with a body into a POST when it gives out its stream
      boolean writes =
          connection.getDoOutput()
              && (this instanceof OutputHook || Connections.isStreaming(connection));
      return writes && "GET".equals(method) ? "POST" : method;
    } catch (Throwable unreadable) {
      return null;
    }
  }
}
