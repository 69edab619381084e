package dev.cordon.instrumentation.jul;

import dev.cordon.bootstrap.Dispatcher;
import dev.cordon.bootstrap.Gate;
import dev.cordon.bootstrap.Hook;
import dev.cordon.bootstrap.Passed;
import org.jspecify.annotations.Nullable;

/** {@code LogRecord#getMessage()}: the message, or the pattern of one, as it may be written. */
final class MessageHook extends Hook {

  @Override
  protected @Nullable Object around(@Nullable Object self, Object[] arguments) throws Passed {
    if (Formatting.isOf(self)) {
      return Dispatcher.PROCEED;
    }
    String message = (String) proceed(self, arguments);
    return message == null ? null : Gate.line(message);
  }

  @Override
  protected Object failed(@Nullable Object self, Object[] arguments, Throwable fault) {
    return Gate.withheld(fault);
  }
}
