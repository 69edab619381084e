package dev.cordon.instrumentation.jul;

import dev.cordon.bootstrap.Gate;
import dev.cordon.bootstrap.Hook;
import dev.cordon.bootstrap.Passed;
import org.jspecify.annotations.Nullable;

/**
 * {@code StreamHandler#publish(LogRecord)}, which the handlers for consoles, files and sockets
 * call: while it runs, {@link FormatterHook} answers for the handler's formatter.
 */
final class PublishHook extends Hook {

  @Override
  protected @Nullable Object around(@Nullable Object self, Object[] arguments) throws Passed {
    @Nullable Object[] publishing = SecondLook.publishing();
    Object outerHandler = SecondLook.handlerOf(publishing);
    Object outerRecord = SecondLook.recordOf(publishing);
    SecondLook.set(publishing, self, arguments[0]);
    try {
      return proceed(self, arguments);
    } finally {
      SecondLook.set(publishing, outerHandler, outerRecord);
      arguments[0] = null; // the array stays with the thread, the record must not
    }
  }

  @Override
  protected @Nullable Object failed(@Nullable Object self, Object[] arguments, Throwable fault) {
    Gate.fault("jul.publish", fault); // nothing was written: the line is lost, not shown
    return null;
  }
}
