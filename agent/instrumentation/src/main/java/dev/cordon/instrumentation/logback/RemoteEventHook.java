package dev.cordon.instrumentation.logback;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggerContextVO;
import ch.qos.logback.classic.spi.LoggingEventVO;
import dev.cordon.bootstrap.Gate;
import dev.cordon.bootstrap.Hook;
import dev.cordon.bootstrap.Passed;
import dev.cordon.instrumentation.LoggedValues;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code LoggingEventVO.build(ILoggingEvent)}: the copy of an event that is serialised for a
 * receiver elsewhere. Its parts come from getters that are redacted already when the event is
 * Logback's own; what is left are arguments whose {@code toString()} is called on the way out, and
 * fields that serialisation reads without a getter.
 */
final class RemoteEventHook extends Hook {

  RemoteEventHook() {
    Events.check();
  }

  @Override
  protected @Nullable Object around(@Nullable Object self, Object[] arguments) throws Passed {
    LoggingEventVO event = (LoggingEventVO) proceed(self, arguments);
    if (event != null) {
      redact(event);
    }
    return event;
  }

  @SuppressWarnings("unchecked") // as the fields are declared
  private static void redact(LoggingEventVO event) {
    String message = (String) Events.REMOTE_MESSAGE.get(event);
    if (message != null) {
      Events.REMOTE_MESSAGE.set(event, Gate.line(message));
    }
    Object[] arguments = (Object[]) Events.REMOTE_ARGUMENTS.get(event);
    if (arguments != null) {
      Events.REMOTE_ARGUMENTS.set(event, late(arguments));
    }
    Map<String, String> mdc = (Map<String, String>) Events.REMOTE_MDC.get(event);
    Events.REMOTE_MDC.set(event, LoggedValues.map(mdc));
    LoggerContextVO context = (LoggerContextVO) Events.REMOTE_CONTEXT.get(event);
    if (context != null) {
      Events.REMOTE_CONTEXT.set(
          event,
          new LoggerContextVO(context.getName(), context.getPropertyMap(), context.getBirthTime()));
    }
  }

  private static Object[] late(Object[] arguments) {
    Object[] late = Arrays.copyOf(arguments, arguments.length, Object[].class);
    for (int i = 0; i < late.length; i++) {
      late[i] = LoggedValues.value(late[i]);
      if (!LoggedValues.isTransparent(late[i]) && !late[i].getClass().isArray()) {
        late[i] = new LateText(late[i]);
      }
    }
    return late;
  }

  @Override
  protected @Nullable Object failed(@Nullable Object self, Object[] arguments, Throwable fault) {
    LoggingEventVO event = new LoggingEventVO(); // the receiver learns that there was one
    Events.REMOTE_MESSAGE.set(event, Gate.withheld(fault));
    Events.REMOTE_LEVEL.set(event, ((ILoggingEvent) arguments[0]).getLevel());
    return event;
  }

  /** An argument whose text is taken, once, when the event is written. */
  private static final class LateText {
    private final Object argument;

    LateText(Object argument) {
      this.argument = argument;
    }

    @Override
    public String toString() {
      return Gate.line(String.valueOf(argument.toString()));
    }
  }
}
