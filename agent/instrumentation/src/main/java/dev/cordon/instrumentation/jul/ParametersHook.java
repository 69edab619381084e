package dev.cordon.instrumentation.jul;

import dev.cordon.bootstrap.Gate;
import dev.cordon.bootstrap.Hook;
import dev.cordon.bootstrap.Passed;
import dev.cordon.instrumentation.LoggedValues;
import java.util.logging.LogRecord;
import org.jspecify.annotations.Nullable;

/** {@code LogRecord#getParameters()}: texts and numbers as they may be written. */
final class ParametersHook extends Hook {

  @Override
  protected @Nullable Object around(@Nullable Object self, Object[] arguments) throws Passed {
    Object[] parameters = (Object[]) proceed(self, arguments);
    if (self != null && Formatting.isOf(self)) {
      return LoggedValues.ungrouped(((LogRecord) self).getMessage(), parameters);
    }
    return LoggedValues.arguments(parameters);
  }

  @Override
  protected Object failed(@Nullable Object self, Object[] arguments, Throwable fault) {
    return new Object[] {Gate.withheld(fault)};
  }
}
