package dev.cordon.benchmarks;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.builder.api.ConfigurationBuilder;
import org.apache.logging.log4j.core.config.builder.api.ConfigurationBuilderFactory;
import org.apache.logging.log4j.core.config.builder.impl.BuiltConfiguration;
import org.apache.logging.log4j.message.StringMapMessage;

/**
 * What a service does that has no journal: Log4j with asynchronous loggers, JSON to a file that is
 * not flushed for each line. The same fields as the record, as text.
 */
final class Log4jPeer implements AutoCloseable {

  private static final String TEMPLATE =
      "{\"time\":{\"$resolver\":\"timestamp\",\"pattern\":{\"format\":"
          + "\"yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'\",\"timeZone\":\"UTC\"}},"
          + "\"call\":{\"$resolver\":\"message\",\"stringified\":false}}";

  private final LoggerContext context;
  private final Logger logger;

  Log4jPeer(Path file) {
    System.setProperty(
        "log4j2.contextSelector", "org.apache.logging.log4j.core.async.AsyncLoggerContextSelector");
    ConfigurationBuilder<BuiltConfiguration> builder =
        ConfigurationBuilderFactory.newConfigurationBuilder();
    builder.setStatusLevel(Level.ERROR);
    builder.add(
        builder
            .newAppender("file", "RandomAccessFile")
            .addAttribute("fileName", file.toString())
            .addAttribute("immediateFlush", false)
            .add(builder.newLayout("JsonTemplateLayout").addAttribute("eventTemplate", TEMPLATE)));
    builder.add(builder.newRootLogger(Level.INFO).add(builder.newAppenderRef("file")));
    context = Configurator.initialize(builder.build());
    logger = LogManager.getLogger("calls");
    String name = context.getClass().getSimpleName();
    if (!name.equals("AsyncLoggerContext")) {
      throw new IllegalStateException("not asynchronous: " + name);
    }
  }

  void log(int number) {
    logger.info(
        new StringMapMessage(20)
            .with("kind", "call.request")
            .with("instance", "benchmark//host-1/4711/0.1.0/5eed")
            .with("requestId", new java.util.UUID(1, number).toString())
            .with("n", number)
            .with("library", "okhttp")
            .with("destination", "api.example.com:443")
            .with("method", "POST")
            .with("operation", "refund.create")
            .with("class", "write")
            .with("decision", "allow")
            .with("rules", "refunds.small")
            .with("reason", "allowed")
            .with("fields", "amount,charge,reason")
            .with("findings", "email=1")
            .with("requestBytes", 398)
            .with("costNs", 20_000)
            .with("hook", "okhttp"));
  }

  /** All that was logged is in the file. */
  @Override
  public void close() {
    if (!context.stop(60, TimeUnit.SECONDS)) {
      throw new IllegalStateException("Log4j did not stop");
    }
  }
}
