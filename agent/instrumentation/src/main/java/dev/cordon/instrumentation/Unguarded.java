package dev.cordon.instrumentation;

import dev.cordon.instrumentation.LibraryInstrumentation.Kind;
import java.util.List;

/**
 * A client or a logger that Cordon knows and does not weave, so that its use is told and not passed
 * over in silence.
 *
 * @param library named as in docs/supported-libraries.md
 * @param classNames internal names of classes that are loaded when it is used, at its first
 *     connection, call or line, and not before: not when it only lies on the class path or, where
 *     there is such a class, when a client is only made
 */
record Unguarded(String library, Kind kind, List<String> classNames) {

  /** Why nothing of it is guarded, for {@link Coverage#missing}. */
  String why() {
    return switch (kind) {
      case CLIENT ->
          "Cordon does not weave this client; calls through it are neither decided nor redacted"
              + " nor recorded. docs/supported-libraries.md names the clients that it weaves";
      case LOGGER ->
          "Cordon does not weave this logger; lines through it are neither redacted nor counted."
              + " docs/supported-libraries.md names the loggers that it weaves";
    };
  }

  static List<Unguarded> all() {
    return List.of(
        client(
            "apache-httpclient-4",
            "org/apache/http/impl/execchain/ConnectionHolder", // 4.3 to 4.5
            "org/apache/http/impl/client/DefaultRequestDirector", // 4.0 to 4.2
            "org/apache/http/impl/io/DefaultHttpResponseParser"), // the core alone
        client(
            "apache-httpasyncclient-4",
            "org/apache/http/impl/nio/client/DefaultClientExchangeHandlerImpl",
            "org/apache/http/impl/nio/client/MinimalClientExchangeHandlerImpl"),
        client(
            "apache-httpclient-5",
            "org/apache/hc/client5/http/impl/classic/InternalExecRuntime",
            "org/apache/hc/core5/http/impl/io/DefaultHttpResponseParser", // the core alone
            "org/apache/hc/core5/http/impl/nio/ClientHttp1StreamDuplexer",
            "org/apache/hc/core5/http2/impl/nio/ClientH2StreamMultiplexer"),
        client("commons-httpclient-3", "org/apache/commons/httpclient/HttpMethodDirector"),
        client(
            "jetty-client",
            "org/eclipse/jetty/client/HttpExchange", // 7 to 11
            "org/eclipse/jetty/client/transport/HttpExchange"), // 12
        client(
            "netty-http-client", // Reactor Netty, AsyncHttpClient, Vert.x, Play, Finagle, Micronaut
            "io/netty/handler/codec/http/HttpClientCodec",
            "org/jboss/netty/handler/codec/http/HttpClientCodec",
            // over HTTP/2 from the start no HttpClientCodec is needed
            "reactor/netty/http/client/HttpClientOperations",
            "io/vertx/core/http/impl/Http2ClientConnection"),
        client(
            "okhttp-before-3.4", // a later one without what is woven says so itself
            "com/squareup/okhttp/internal/http/HttpEngine",
            "okhttp3/internal/http/HttpEngine"),
        client("grpc-java", "io/grpc/internal/ClientCallImpl"),
        client(
            "undertow-client",
            "io/undertow/client/http/HttpClientExchange",
            "io/undertow/client/http2/Http2ClientExchange"),
        client("grizzly-client", "org/glassfish/grizzly/http/HttpClientFilter"),
        client("aws-crt-http", "software/amazon/awssdk/crt/http/HttpRequest"),
        logger(
            "log4j-2",
            "org/apache/logging/log4j/core/impl/MutableLogEvent",
            "org/apache/logging/log4j/core/impl/Log4jLogEvent",
            "org/apache/logging/log4j/core/async/RingBufferLogEvent"),
        logger("log4j-1", "org/apache/log4j/spi/LoggingEvent"), // and reload4j
        logger("jboss-logmanager", "org/jboss/logmanager/ExtLogRecord"),
        logger("tinylog", "org/tinylog/core/LogEntry", "org/pmw/tinylog/LogEntry"),
        logger("slf4j-simple", "org/slf4j/simple/SimpleLogger", "org/slf4j/impl/SimpleLogger"),
        logger("commons-logging-simple", "org/apache/commons/logging/impl/SimpleLog"));
  }

  private static Unguarded client(String library, String... classNames) {
    return new Unguarded(library, Kind.CLIENT, List.of(classNames));
  }

  private static Unguarded logger(String library, String... classNames) {
    return new Unguarded(library, Kind.LOGGER, List.of(classNames));
  }
}
