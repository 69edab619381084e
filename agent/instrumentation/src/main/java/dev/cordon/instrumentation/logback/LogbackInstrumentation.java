package dev.cordon.instrumentation.logback;

import dev.cordon.instrumentation.LibraryInstrumentation;
import dev.cordon.instrumentation.LoggedValues;
import dev.cordon.instrumentation.Target;
import dev.cordon.instrumentation.Target.Member;
import java.util.List;

/** What is woven into Logback. */
public final class LogbackInstrumentation implements LibraryInstrumentation {

  private static final String PACKAGE = "dev.cordon.instrumentation.logback.";
  private static final String SPI = "ch/qos/logback/classic/spi/";
  private static final String EVENT = SPI + "LoggingEvent";
  private static final String REMOTE = SPI + "LoggingEventVO";
  private static final String THROWABLE = SPI + "ThrowableProxy";
  private static final String PATTERN = "ch/qos/logback/classic/pattern/";
  private static final String LOGSTASH = "net/logstash/logback/composite/";
  private static final String STREAM =
      "(Lch/qos/logback/core/spi/DeferredProcessingAware;Ljava/io/OutputStream;)V";
  private static final String STRING = "()Ljava/lang/String;";
  private static final String MAP = "()Ljava/util/Map;";
  private static final String CONVERT =
      "(Lch/qos/logback/classic/spi/ILoggingEvent;)Ljava/lang/String;";

  @Override
  public String library() {
    return "logback";
  }

  @Override
  public Kind kind() {
    return Kind.LOGGER;
  }

  @Override
  public List<String> companions() {
    return List.of("ch/qos/logback/classic/Logger");
  }

  @Override
  public void prepare() {
    LoggedValues.prepare();
  }

  @Override
  public List<Target> targets() {
    return List.of(
        new Target(
            EVENT,
            "getFormattedMessage",
            STRING,
            PACKAGE + "FormattedMessageHook",
            List.of(
                new Member(EVENT, "formattedMessage", "Ljava/lang/String;"),
                new Member(EVENT, "message", "Ljava/lang/String;"),
                new Member(EVENT, "argumentArray", "[Ljava/lang/Object;"),
                new Member(EVENT, "throwableProxy", "Lch/qos/logback/classic/spi/ThrowableProxy;"),
                new Member(EVENT, "mdcPropertyMap", "Ljava/util/Map;")),
            false),
        Target.of(EVENT, "getMessage", STRING, PACKAGE + "TextHook"),
        Target.of(EVENT, "getArgumentArray", "()[Ljava/lang/Object;", PACKAGE + "ArgumentsHook"),
        Target.of(EVENT, "getMDCPropertyMap", MAP, PACKAGE + "MdcHook"),
        optional(EVENT, "getKeyValuePairs", "()Ljava/util/List;", "KeyValuePairsHook"),
        Target.of(THROWABLE, "getMessage", STRING, PACKAGE + "TextHook"),
        new Target(
            THROWABLE, "getOverridingMessage", STRING, PACKAGE + "TextHook", List.of(), true),
        Target.of(SPI + "LoggerContextVO", "getPropertyMap", MAP, PACKAGE + "PropertiesHook"),
        new Target(
            REMOTE,
            "build",
            "(Lch/qos/logback/classic/spi/ILoggingEvent;)L" + REMOTE + ";",
            PACKAGE + "RemoteEventHook",
            List.of(
                new Member(REMOTE, "level", "Lch/qos/logback/classic/Level;"),
                new Member(REMOTE, "message", "Ljava/lang/String;"),
                new Member(REMOTE, "argumentArray", "[Ljava/lang/Object;"),
                new Member(REMOTE, "mdcPropertyMap", "Ljava/util/Map;"),
                new Member(
                    REMOTE, "loggerContextVO", "Lch/qos/logback/classic/spi/LoggerContextVO;")),
            false),
        optional(PATTERN + "KeyValuePairConverter", "convert", CONVERT, "TextHook"),
        optional(PATTERN + "MaskedKeyValuePairConverter", "convert", CONVERT, "TextHook"),
        optional(
            "ch/qos/logback/classic/encoder/JsonEncoder",
            "encode",
            "(Lch/qos/logback/classic/spi/ILoggingEvent;)[B",
            "EncodedEventHook"),
        bytes("OutputStreamAppender", "writeBytes", false),
        bytes("FileAppender", "safeWriteBytes", true), // of a prudent one, since 1.3.8
        optional(
            LOGSTASH + "AbstractCompositeJsonFormatter", "writeEvent", STREAM, "StreamedEventHook"),
        optional(
            LOGSTASH + "CompositeJsonFormatter",
            "writeEventToOutputStream",
            STREAM,
            "StreamedEventHook"),
        optional(
            LOGSTASH + "CompositeJsonFormatter",
            "writeEventAsString",
            "(Lch/qos/logback/core/spi/DeferredProcessingAware;)Ljava/lang/String;",
            "TextHook"));
  }

  /**
   * Absent from 1.2, which knows no key-value pairs and no JSON, or from releases of
   * logstash-logback-encoder: those since 7 have {@code writeEvent}, those before the other two.
   */
  private static Target optional(String owner, String method, String descriptor, String hook) {
    return new Target(owner, method, descriptor, PACKAGE + hook, List.of(), true);
  }

  private static Target bytes(String appender, String method, boolean optional) {
    String owner = "ch/qos/logback/core/" + appender;
    return new Target(
        owner, method, "([B)V", PACKAGE + "WrittenBytesHook", List.of(), optional, true);
  }
}
