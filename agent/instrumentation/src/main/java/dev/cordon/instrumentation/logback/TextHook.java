package dev.cordon.instrumentation.logback;

import dev.cordon.bootstrap.Gate;
import dev.cordon.bootstrap.Hook;
import dev.cordon.bootstrap.Passed;
import org.jspecify.annotations.Nullable;

/** Any method that returns one text of an event: the text as it may be written. */
final class TextHook extends Hook {

  @Override
  protected @Nullable Object around(@Nullable Object self, Object[] arguments) throws Passed {
    String text = (String) proceed(self, arguments);
    return text == null || text.isEmpty() ? text : Gate.line(text);
  }

  @Override
  protected Object failed(@Nullable Object self, Object[] arguments, Throwable fault) {
    return Gate.withheld(fault);
  }
}
