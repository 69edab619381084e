package dev.cordon.instrumentation.jdkclient;

import dev.cordon.bootstrap.CallDenied;
import dev.cordon.bootstrap.Dispatcher;
import dev.cordon.bootstrap.Hook;
import dev.cordon.bootstrap.Passed;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** {@code HttpClientImpl.send}: wraps every exception in one of its own; a refusal stays itself. */
final class SendHook extends Hook {

  @Override
  protected @Nullable Object around(@Nullable Object client, Object[] arguments) throws Throwable {
    try {
      return proceed(client, arguments);
    } catch (Passed passed) {
      if (passed.thrown() instanceof IOException
          && passed.thrown().getCause() instanceof CallDenied d) {
        d.addSuppressed(passed.thrown()); // has the caller's stack
        throw d;
      }
      throw passed;
    }
  }

  @Override
  protected Object failed(@Nullable Object client, Object[] arguments, Throwable fault) {
    return Dispatcher.PROCEED; // nothing is decided here
  }
}
