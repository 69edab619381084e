package dev.cordon.instrumentation.logback;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.LoggerContextVO;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.spi.LoggingEventVO;
import ch.qos.logback.classic.spi.ThrowableProxy;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Map;

/**
 * The private fields that the hooks use; constants, so that a read costs what a field read does.
 */
final class Events {

  static final VarHandle FORMATTED;
  static final VarHandle MESSAGE;
  static final VarHandle ARGUMENTS;
  static final VarHandle THROWABLE;
  static final VarHandle MDC;

  static final VarHandle REMOTE_LEVEL;
  static final VarHandle REMOTE_MESSAGE;
  static final VarHandle REMOTE_ARGUMENTS;
  static final VarHandle REMOTE_MDC;
  static final VarHandle REMOTE_CONTEXT;

  static {
    try {
      MethodHandles.Lookup event =
          MethodHandles.privateLookupIn(LoggingEvent.class, MethodHandles.lookup());
      FORMATTED = event.findVarHandle(LoggingEvent.class, "formattedMessage", String.class);
      MESSAGE = event.findVarHandle(LoggingEvent.class, "message", String.class);
      ARGUMENTS = event.findVarHandle(LoggingEvent.class, "argumentArray", Object[].class);
      THROWABLE = event.findVarHandle(LoggingEvent.class, "throwableProxy", ThrowableProxy.class);
      MDC = event.findVarHandle(LoggingEvent.class, "mdcPropertyMap", Map.class);
      MethodHandles.Lookup remote =
          MethodHandles.privateLookupIn(LoggingEventVO.class, MethodHandles.lookup());
      REMOTE_LEVEL = remote.findVarHandle(LoggingEventVO.class, "level", Level.class);
      REMOTE_MESSAGE = remote.findVarHandle(LoggingEventVO.class, "message", String.class);
      REMOTE_ARGUMENTS =
          remote.findVarHandle(LoggingEventVO.class, "argumentArray", Object[].class);
      REMOTE_MDC = remote.findVarHandle(LoggingEventVO.class, "mdcPropertyMap", Map.class);
      REMOTE_CONTEXT =
          remote.findVarHandle(LoggingEventVO.class, "loggerContextVO", LoggerContextVO.class);
    } catch (ReflectiveOperationException unknownVersion) {
      throw new ExceptionInInitializerError(unknownVersion);
    }
  }

  private Events() {}

  /**
   * Made with the hooks: a class whose initialiser ran out of stack stays unusable, and what is
   * made with a hook is made again.
   */
  static void check() {}
}
