package dev.cordon.instrumentation.jul;

import dev.cordon.bootstrap.Gate;
import dev.cordon.bootstrap.Hook;
import dev.cordon.bootstrap.Passed;
import java.util.logging.LogRecord;
import org.jspecify.annotations.Nullable;

/**
 * {@code XMLFormatter#format(LogRecord)}: it writes {@code toString()} of parameters that its
 * message has no place for, so the whole element is scanned when there are parameters.
 */
final class XmlFormatHook extends Hook {

  @Override
  protected @Nullable Object around(@Nullable Object self, Object[] arguments) throws Passed {
    String element = (String) proceed(self, arguments);
    Object[] parameters = ((LogRecord) arguments[0]).getParameters();
    if (element == null || parameters == null || parameters.length == 0) {
      return element;
    }
    return Gate.line(element);
  }

  @Override
  protected Object failed(@Nullable Object self, Object[] arguments, Throwable fault) {
    return Gate.withheld(fault);
  }
}
