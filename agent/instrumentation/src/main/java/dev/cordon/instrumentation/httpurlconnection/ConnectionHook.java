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
        Gate.undecided(HttpUrlConnectionInstrumentation.LIBRARY, methodOf(self), fault);
    Refusal refusal = admission.refusal();
    if (refusal != null) {
      throw refusal.toException();
    }
    return Dispatcher.PROCEED;
  }

  private static @Nullable String methodOf(@Nullable Object self) {
    try {
      return self instanceof HttpURLConnection connection ? Connections.method(connection) : null;
    } catch (Throwable unreadable) {
      return null;
    }
  }
}
