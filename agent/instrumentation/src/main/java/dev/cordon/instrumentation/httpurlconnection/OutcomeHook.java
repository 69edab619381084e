package dev.cordon.instrumentation.httpurlconnection;

import dev.cordon.bootstrap.Dispatcher;
import dev.cordon.bootstrap.Gate;
import org.jspecify.annotations.Nullable;

/** {@code sun.net.www.http.HttpClient.parseHTTP}: the status of each transmission. */
final class OutcomeHook extends ConnectionHook {

  @Override
  protected @Nullable Object around(@Nullable Object self, Object[] arguments) throws Throwable {
    HttpUrlConnectionCall call = HttpUrlConnectionCall.current();
    if (call == null) {
      return Dispatcher.PROCEED;
    }
    Object parsed = proceed(self, arguments);
    try {
      call.responded(arguments[0]);
    } catch (Throwable fault) {
      Gate.fault("outcome", fault); // the response is the application's, whatever we make of it
    }
    return parsed;
  }
}
