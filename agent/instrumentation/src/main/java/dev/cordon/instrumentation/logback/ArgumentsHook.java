package dev.cordon.instrumentation.logback;

import dev.cordon.bootstrap.Gate;
import dev.cordon.bootstrap.Hook;
import dev.cordon.bootstrap.Passed;
import dev.cordon.instrumentation.LoggedValues;
import org.jspecify.annotations.Nullable;

/** {@code LoggingEvent#getArgumentArray()}: texts and numbers as they may be written. */
final class ArgumentsHook extends Hook {

  @Override
  protected @Nullable Object around(@Nullable Object self, Object[] arguments) throws Passed {
    return LoggedValues.arguments((Object[]) proceed(self, arguments));
  }

  @Override
  protected Object failed(@Nullable Object self, Object[] arguments, Throwable fault) {
    return new Object[] {Gate.withheld(fault)};
  }
}
