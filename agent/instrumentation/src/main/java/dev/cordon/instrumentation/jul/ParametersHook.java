package dev.cordon.instrumentation.jul;

import dev.cordon.bootstrap.Gate;
import dev.cordon.bootstrap.Hook;
import dev.cordon.bootstrap.Passed;
import dev.cordon.instrumentation.LoggedValues;
import java.util.Arrays;
import java.util.ResourceBundle;
import java.util.logging.LogRecord;
import org.jspecify.annotations.Nullable;

/** {@code LogRecord#getParameters()}: texts and numbers as they may be written. */
final class ParametersHook extends Hook {

  @Override
  protected @Nullable Object around(@Nullable Object self, Object[] arguments) throws Passed {
    Object[] parameters = (Object[]) proceed(self, arguments);
    if (parameters == null || self == null) {
      return parameters;
    }
    LogRecord record = (LogRecord) self;
    return Formatting.isOf(self)
        ? LoggedValues.ungrouped(record.getMessage(), parameters)
        : written(record, parameters);
  }

  /**
   * For whoever formats by himself. A number that is a finding becomes its placeholder, which a
   * pattern like {@code {0,number,#}} does not take: there it stays a number, and is none.
   */
  private static Object[] written(LogRecord record, Object[] parameters) {
    Object[] redacted = LoggedValues.arguments(parameters);
    if (redacted == null) {
      return parameters;
    }
    for (int i = 0; i < parameters.length; i++) {
      if (!(parameters[i] instanceof Number number)) {
        continue;
      }
      Object value = LoggedValues.number(number);
      if (value == number) {
        continue;
      }
      if (redacted == parameters) {
        redacted = Arrays.copyOf(parameters, parameters.length, Object[].class);
      }
      redacted[i] = isFormatted(record, i) ? LoggedValues.NO_NUMBER : value;
    }
    return redacted;
  }

  private static boolean isFormatted(LogRecord record, int place) {
    String message = record.getMessage();
    if (message == null) {
      return false;
    }
    if (LoggedValues.isFormatted(message, place)) {
      return true;
    }
    ResourceBundle bundle = record.getResourceBundle();
    if (bundle == null) {
      return false;
    }
    try {
      return LoggedValues.isFormatted(bundle.getString(message), place);
    } catch (RuntimeException absent) { // no such text, or a bundle of other people that fails
      return false;
    }
  }

  @Override
  protected Object failed(@Nullable Object self, Object[] arguments, Throwable fault) {
    return new Object[] {Gate.withheld(fault)};
  }
}
