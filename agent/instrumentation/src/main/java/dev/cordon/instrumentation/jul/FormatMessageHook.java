package dev.cordon.instrumentation.jul;

import dev.cordon.bootstrap.Gate;
import dev.cordon.bootstrap.Hook;
import dev.cordon.bootstrap.Passed;
import org.jspecify.annotations.Nullable;

/** {@code Formatter#formatMessage(LogRecord)}: the text with its parameters in place. */
final class FormatMessageHook extends Hook {

  @Override
  protected @Nullable Object around(@Nullable Object self, Object[] arguments) throws Passed {
    Object outer = Formatting.begin(arguments[0]);
    String text;
    try {
      text = (String) proceed(self, arguments);
    } finally {
      Formatting.end(outer);
      arguments[0] = null; // the array stays with the thread, the record must not
    }
    return text == null ? null : Gate.line(text);
  }

  @Override
  protected Object failed(@Nullable Object self, Object[] arguments, Throwable fault) {
    return Gate.withheld(fault);
  }
}
