package dev.cordon.instrumentation.logback;

import dev.cordon.bootstrap.Gate;
import dev.cordon.bootstrap.Hook;
import dev.cordon.bootstrap.Passed;
import dev.cordon.instrumentation.LoggedValues;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code LoggerContextVO#getPropertyMap()}: what the configuration adds to every line. */
final class PropertiesHook extends Hook {

  @Override
  @SuppressWarnings("unchecked") // as declared by the woven method
  protected @Nullable Object around(@Nullable Object self, Object[] arguments) throws Passed {
    return LoggedValues.map((Map<String, String>) proceed(self, arguments));
  }

  @Override
  protected Object failed(@Nullable Object self, Object[] arguments, Throwable fault) {
    Gate.fault("logback.properties", fault);
    return Map.of();
  }
}
