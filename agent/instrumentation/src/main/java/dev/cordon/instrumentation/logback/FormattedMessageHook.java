package dev.cordon.instrumentation.logback;

import ch.qos.logback.classic.spi.LoggingEvent;
import dev.cordon.bootstrap.Gate;
import dev.cordon.bootstrap.Hook;
import dev.cordon.bootstrap.Passed;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.helpers.MessageFormatter;

/**
 * {@code LoggingEvent#getFormattedMessage()}: formats as the woven body would, and stores only what
 * may be written, so no other thread ever reads the raw text from the event.
 */
final class FormattedMessageHook extends Hook {

  FormattedMessageHook() {
    Events.check();
  }

  @Override
  protected @Nullable Object around(@Nullable Object self, Object[] arguments) throws Passed {
    LoggingEvent event = (LoggingEvent) Objects.requireNonNull(self);
    String known = (String) Events.FORMATTED.get(event);
    if (known != null) {
      return known;
    }
    String text = format(event, arguments);
    if (text == null) {
      return null;
    }
    String redacted = Gate.line(text);
    Events.FORMATTED.set(event, redacted);
    return redacted;
  }

  private @Nullable String format(LoggingEvent event, Object[] none) throws Passed {
    String message = (String) Events.MESSAGE.get(event);
    Object[] arguments = (Object[]) Events.ARGUMENTS.get(event);
    if (arguments == null) {
      return message;
    }
    if (endsWithThrowable(arguments) && Events.THROWABLE.get(event) != null) {
      // two exceptions at the end: versions differ in what becomes of the first
      return (String) proceed(event, none);
    }
    try {
      return MessageFormatter.arrayFormat(message, arguments).getMessage();
    } catch (Throwable thrown) {
      throw new Passed(thrown); // of an argument's toString()
    }
  }

  private static boolean endsWithThrowable(Object[] arguments) {
    return arguments.length > 0 && arguments[arguments.length - 1] instanceof Throwable;
  }

  @Override
  protected Object failed(@Nullable Object self, Object[] arguments, Throwable fault) {
    return Gate.withheld(fault);
  }
}
