package dev.cordon.instrumentation.httpurlconnection;

import dev.cordon.bootstrap.Dispatcher;
import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/** {@code sun.net.www.http.HttpClient.writeRequests}: every transmission passes here. */
final class TransmissionHook extends ConnectionHook {

  @Override
  protected @Nullable Object around(@Nullable Object self, Object[] arguments) throws Throwable {
    HttpUrlConnectionCall call = HttpUrlConnectionCall.current();
    ByteArrayOutputStream poster = (ByteArrayOutputStream) arguments[1];
    if (call == null) {
      if (self != null) {
        HttpUrlConnectionCall.transmitUnknown(self, arguments[0], poster);
      }
      return Dispatcher.PROCEED;
    }
    Object @Nullable [] rewritten = call.transmit(arguments[0], poster);
    return rewritten == null ? Dispatcher.PROCEED : proceed(self, rewritten);
  }
}
