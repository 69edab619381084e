package dev.cordon.instrumentation.logback;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.spi.LoggingEventVO;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import dev.cordon.instrumentation.LoggerContract;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.slf4j.MarkerFactory;

final class LogbackInstrumentationTest extends LoggerContract {

  // everything a line can hold but its time
  private static final String PATTERN =
      "%level [%thread] %logger %marker %mdc %X{customer} %caller{1} %msg%n%ex";

  @Override
  protected Log open() {
    return new LogbackLog(true);
  }

  @Override
  protected Log openSilent() {
    return new LogbackLog(false);
  }

  @Override
  protected String library() {
    return "logback";
  }

  @Override
  protected Class<?> sample() {
    return LoggingEvent.class;
  }

  @Override
  protected Set<Part> parts() {
    return hasPairs() ? EnumSet.allOf(Part.class) : EnumSet.of(Part.CONTEXT, Part.MARKER);
  }

  @Override
  protected Set<String> targets() {
    Set<String> targets = new HashSet<>();
    String event = "ch.qos.logback.classic.spi.LoggingEvent#";
    targets.add(event + "getFormattedMessage");
    targets.add(event + "getMessage");
    targets.add(event + "getArgumentArray");
    targets.add(event + "getMDCPropertyMap");
    targets.add("ch.qos.logback.classic.spi.ThrowableProxy#getMessage");
    targets.add("ch.qos.logback.classic.spi.LoggerContextVO#getPropertyMap");
    if (hasPairs()) {
      targets.add(event + "getKeyValuePairs");
      targets.add("ch.qos.logback.classic.pattern.KeyValuePairConverter#convert");
      targets.add("ch.qos.logback.classic.encoder.JsonEncoder#encode");
    }
    return targets;
  }

  @Test
  void eventForARemoteReceiverIsSerialisedRedacted() throws Exception {
    try (LogbackLog log = new LogbackLog(true)) {
      List<LoggingEventVO> events = new ArrayList<>();
      AppenderBase<ILoggingEvent> remote =
          new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent event) {
              events.add(LoggingEventVO.build(event));
            }
          };
      log.add(remote);
      MDC.put("customer", "anna@example.com");
      log.context.putProperty("owner", "ben@example.com");
      log.logger.info(
          "of carl@example.com: {} {}",
          "dora@example.com",
          new Object() {
            @Override
            public String toString() {
              return "emil@example.com";
            }
          },
          new Exception("fritz@example.com"));
      MDC.clear();
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
        out.writeObject(events.get(0));
      }
      assertFalse(bytes.toString(StandardCharsets.ISO_8859_1).contains("example.com"));
      ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()));
      LoggingEventVO received = (LoggingEventVO) in.readObject();
      assertEquals("of [EMAIL]: [EMAIL] [EMAIL]", received.getFormattedMessage());
      assertEquals("[EMAIL]", received.getMDCPropertyMap().get("customer"));
      assertEquals("[EMAIL]", received.getLoggerContextVO().getPropertyMap().get("owner"));
      assertEquals("[EMAIL]", received.getThrowableProxy().getMessage());
    }
  }

  @Test
  void applicationKeepsItsOwnContext() {
    try (LogbackLog log = new LogbackLog(true)) {
      MDC.put("customer", "anna@example.com");
      log.logger.info("hello");
      assertEquals("anna@example.com", MDC.get("customer"));
      MDC.clear();
    }
  }

  @Test
  void eventThatNobodyFormatsIsNotFormatted() {
    int[] calls = new int[1];
    Object argument =
        new Object() {
          @Override
          public String toString() {
            calls[0]++;
            return "x";
          }
        };
    try (LogbackLog log = new LogbackLog(false)) {
      log.logger.detachAndStopAllAppenders();
      log.add(
          new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent event) {
              event.getLevel();
            }
          });
      log.logger.info("a {}", argument);
      assertEquals(0, calls[0]);
    }
  }

  @Test
  void eventsOfTwoAppendersAreFormattedOnce() {
    int[] calls = new int[1];
    Object argument =
        new Object() {
          @Override
          public String toString() {
            calls[0]++;
            return "anna@example.com";
          }
        };
    try (LogbackLog log = new LogbackLog(true)) {
      log.logger.detachAndStopAllAppenders();
      List<String> seen = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        log.add(
            new AppenderBase<>() {
              @Override
              protected void append(ILoggingEvent event) {
                seen.add(event.getFormattedMessage());
              }
            });
      }
      log.logger.info("a {}", argument);
      assertEquals(1, calls[0]);
      assertEquals(List.of("a [EMAIL]", "a [EMAIL]"), seen);
    }
  }

  @Test
  void everyGetterOfAnEventIsRedacted() {
    try (LogbackLog log = new LogbackLog(true)) {
      List<ILoggingEvent> events = new ArrayList<>();
      log.add(
          new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent event) {
              events.add(event);
            }
          });
      String[] typed = {"anna@example.com", "b"};
      log.logger.info("anna@example.com {} {}", (Object[]) typed);
      LoggingEvent event = (LoggingEvent) events.get(0);
      assertEquals("[EMAIL] {} {}", event.getMessage());
      assertEquals("[EMAIL]", event.getArgumentArray()[0]);
      assertEquals("[EMAIL] [EMAIL] b", event.getFormattedMessage());
      assertTrue(event.toString().contains("[EMAIL] [EMAIL] b"));
      assertEquals("anna@example.com", typed[0]); // the application's array stays as it is
    }
  }

  private static boolean hasPairs() {
    try {
      Class.forName("org.slf4j.event.KeyValuePair");
      return true;
    } catch (ClassNotFoundException old) {
      return false;
    }
  }

  private static final class LogbackLog implements Log {
    private final LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    private final Logger logger;
    private final List<ByteArrayOutputStream> outputs = new ArrayList<>();

    LogbackLog(boolean loud) {
      context.reset();
      logger = context.getLogger("dev.example.Shop");
      logger.setAdditive(false);
      logger.setLevel(Level.INFO);
      if (!loud) {
        add(appender(patternEncoder("%level %msg%n"), OutputStream.nullOutputStream()));
        return;
      }
      String pairs = hasPairs() ? " %kvp " : "";
      add(appender(patternEncoder(PATTERN + pairs), output()));
      add(appender(patternEncoder("%m %rEx" + pairs), output()));
      AsyncAppender async = new AsyncAppender();
      async.setContext(context);
      async.setDiscardingThreshold(0);
      async.addAppender(started(appender(patternEncoder("%m %mdc %xEx{full}" + pairs), output())));
      add(async);
      if (hasPairs()) {
        add(appender(Json.encoder(), output()));
      }
    }

    void add(ch.qos.logback.core.Appender<ILoggingEvent> appender) {
      logger.addAppender(started(appender));
    }

    private ch.qos.logback.core.Appender<ILoggingEvent> started(
        ch.qos.logback.core.Appender<ILoggingEvent> appender) {
      appender.setContext(context);
      appender.start();
      return appender;
    }

    private ByteArrayOutputStream output() {
      ByteArrayOutputStream output = new ByteArrayOutputStream();
      outputs.add(output);
      return output;
    }

    private Encoder<ILoggingEvent> patternEncoder(String pattern) {
      PatternLayoutEncoder encoder = new PatternLayoutEncoder();
      encoder.setPattern(pattern);
      return encoder;
    }

    private OutputStreamAppender<ILoggingEvent> appender(
        Encoder<ILoggingEvent> encoder, OutputStream output) {
      encoder.setContext(context);
      encoder.start();
      OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();
      appender.setContext(context);
      appender.setEncoder(encoder);
      appender.setOutputStream(output);
      return appender;
    }

    @Override
    public void info(@Nullable String message, @Nullable Object... arguments) {
      logger.info(message, arguments);
    }

    @Override
    public void disabled(String message, Object... arguments) {
      logger.debug(message, arguments);
    }

    @Override
    public void failure(String message, Throwable thrown) {
      logger.error(message, thrown);
    }

    @Override
    public void withContext(String key, String value, String message) {
      MDC.put(key, value);
      try {
        logger.info(message);
      } finally {
        MDC.remove(key);
      }
    }

    @Override
    public void withPair(String key, Object value, String message) {
      logger.atInfo().addKeyValue(key, value).log(message);
    }

    @Override
    public void withMarker(String marker, String message) {
      logger.warn(MarkerFactory.getMarker(marker), message);
    }

    @Override
    public List<String> written() {
      logger.detachAndStopAllAppenders(); // waits for the asynchronous one
      List<String> texts = new ArrayList<>();
      for (ByteArrayOutputStream output : outputs) {
        texts.add(output.toString(StandardCharsets.UTF_8));
      }
      return texts;
    }

    @Override
    public void close() {
      context.reset();
    }
  }

  /** Apart, because 1.2 has no such encoder. */
  private static final class Json {
    static Encoder<ILoggingEvent> encoder() {
      return new ch.qos.logback.classic.encoder.JsonEncoder();
    }
  }
}
