package dev.cordon.instrumentation.jul;

import dev.cordon.bootstrap.Gate;
import dev.cordon.bootstrap.Hook;
import dev.cordon.bootstrap.Passed;
import java.util.logging.LogRecord;
import org.jspecify.annotations.Nullable;

/**
 * {@code LogRecord#getThrown()}: the throwable itself while no message in its chain holds anything,
 * else one that prints the same but for the findings.
 */
final class ThrownHook extends Hook {

  @Override
  protected @Nullable Object around(@Nullable Object self, Object[] arguments) throws Passed {
    Throwable thrown = (Throwable) proceed(self, arguments);
    if (thrown == null || thrown instanceof RedactedThrowable) {
      return thrown;
    }
    Throwable redacted = RedactedThrowable.of(thrown);
    if (redacted != thrown && self != null) {
      ((LogRecord) self).setThrown(redacted); // every handler gets the same one
    }
    return redacted;
  }

  @Override
  protected Object failed(@Nullable Object self, Object[] arguments, Throwable fault) {
    return RedactedThrowable.withheld(Gate.withheld(fault));
  }
}
