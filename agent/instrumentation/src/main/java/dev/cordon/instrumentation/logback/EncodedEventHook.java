package dev.cordon.instrumentation.logback;

import dev.cordon.bootstrap.Hook;
import dev.cordon.bootstrap.Passed;
import org.jspecify.annotations.Nullable;

/**
 * An encoder that returns bytes, as {@code JsonEncoder#encode(ILoggingEvent)}: a second look at the
 * finished line, for what {@code toString()} of arguments and values brought into it.
 */
final class EncodedEventHook extends Hook {

  @Override
  protected @Nullable Object around(@Nullable Object self, Object[] arguments) throws Passed {
    byte[] encoded = (byte[]) proceed(self, arguments);
    return encoded == null ? null : Encoded.redacted(encoded, null);
  }

  @Override
  protected Object failed(@Nullable Object self, Object[] arguments, Throwable fault) {
    return Encoded.withheld(fault);
  }
}
