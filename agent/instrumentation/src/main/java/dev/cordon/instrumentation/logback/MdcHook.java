package dev.cordon.instrumentation.logback;

import ch.qos.logback.classic.spi.LoggingEvent;
import dev.cordon.bootstrap.Gate;
import dev.cordon.bootstrap.Hook;
import dev.cordon.bootstrap.Passed;
import dev.cordon.instrumentation.LoggedValues;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code LoggingEvent#getMDCPropertyMap()}: the event's own copy of the context, redacted; the
 * application's context keeps what it holds.
 */
final class MdcHook extends Hook {

  MdcHook() {
    Events.check();
  }

  @Override
  @SuppressWarnings("unchecked") // as declared by the woven method
  protected @Nullable Object around(@Nullable Object self, Object[] arguments) throws Passed {
    Map<String, String> context = (Map<String, String>) proceed(self, arguments);
    Map<String, String> redacted = LoggedValues.map(context);
    if (redacted != context) {
      Events.MDC.set((LoggingEvent) self, redacted);
    }
    return redacted;
  }

  @Override
  protected Object failed(@Nullable Object self, Object[] arguments, Throwable fault) {
    Gate.fault("logback.mdc", fault);
    return Map.of();
  }
}
