package dev.cordon.instrumentation.jul;

import dev.cordon.bootstrap.Dispatcher;
import dev.cordon.bootstrap.Gate;
import dev.cordon.bootstrap.Hook;
import dev.cordon.bootstrap.Passed;
import java.util.logging.Formatter;
import org.jspecify.annotations.Nullable;

/**
 * {@code Handler#getFormatter()}: the formatter itself, but while this thread publishes with that
 * very handler one whose text is scanned.
 */
final class FormatterHook extends Hook {

  @Override
  protected @Nullable Object around(@Nullable Object self, Object[] arguments) throws Passed {
    @Nullable Object[] publishing = SecondLook.publishing();
    if (SecondLook.handlerOf(publishing) != self) {
      return Dispatcher.PROCEED;
    }
    Formatter formatter = (Formatter) proceed(self, arguments);
    return formatter == null ? null : SecondLook.of(formatter, SecondLook.recordOf(publishing));
  }

  @Override
  protected Object failed(@Nullable Object self, Object[] arguments, Throwable fault) {
    return SecondLook.withholding(Gate.withheld(fault));
  }
}
