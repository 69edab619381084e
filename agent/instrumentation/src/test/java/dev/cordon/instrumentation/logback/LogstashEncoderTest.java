package dev.cordon.instrumentation.logback;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.LayoutBase;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.EncoderBase;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import dev.cordon.instrumentation.PatternGuards;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import net.logstash.logback.argument.StructuredArguments;
import net.logstash.logback.encoder.LogstashEncoder;
import net.logstash.logback.layout.LogstashLayout;
import net.logstash.logback.marker.Markers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** What encoders and layouts of other people write: fields that no getter of the event shows. */
final class LogstashEncoderTest {

  private final LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
  private final ByteArrayOutputStream output = new ByteArrayOutputStream();
  private Logger logger;

  @TempDir private Path directory;

  @BeforeEach
  void weave() {
    PatternGuards.weave();
    context.reset();
    logger = context.getLogger("dev.example.Shop");
    logger.setAdditive(false);
    logger.setLevel(Level.INFO);
  }

  @AfterEach
  void reset() {
    context.reset();
    MDC.clear();
  }

  @Test
  void structuredArgumentsAreRedactedInTheirFields() {
    appendTo(new LogstashEncoder());
    logger.info("order {}", StructuredArguments.kv("mail", "anna@example.com"));
    logger.info("order", StructuredArguments.value("card", 4111111111111111L));
    logger.info("order", StructuredArguments.entries(Map.of("owner", "ben@example.com")));
    logger.info("order", StructuredArguments.fields(new Customer("carl@example.com")));
    logger.info("order", StructuredArguments.array("all", "dora@example.com", "x"));
    logger.info(Markers.append("marked", "emil@example.com"), "order");
    MDC.put("customer", "fritz@example.com");
    logger.info("order of gerd@example.com", new IllegalStateException("hans@example.com"));
    List<String> lines = written();
    assertEquals(7, lines.size());
    assertTrue(lines.get(0).contains("\"mail\":\"[EMAIL]\""), lines.get(0));
    assertTrue(lines.get(1).contains("[CARD]"), lines.get(1));
    assertTrue(lines.get(2).contains("\"owner\":\"[EMAIL]\""), lines.get(2));
    assertTrue(lines.get(3).contains("\"mail\":\"[EMAIL]\""), lines.get(3));
    assertTrue(lines.get(4).contains("[\"[EMAIL]\",\"x\"]"), lines.get(4));
    assertTrue(lines.get(5).contains("\"marked\":\"[EMAIL]\""), lines.get(5));
    assertTrue(lines.get(6).contains("\"customer\":\"[EMAIL]\""), lines.get(6));
    for (String line : lines) {
      assertFalse(line.contains("@example.com"), line);
      assertFalse(line.contains("4111111111111111"), line);
      assertTrue(line.startsWith("{") && line.endsWith("}"), line);
    }
  }

  @Test
  void layoutOfTheSameIsRedacted() {
    LogstashLayout layout = new LogstashLayout();
    layout.setContext(context);
    layout.start();
    LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
    encoder.setLayout(layout);
    appendTo(encoder);
    logger.info("order {}", StructuredArguments.kv("mail", "anna@example.com"));
    assertTrue(output.toString(StandardCharsets.UTF_8).contains("\"mail\":\"[EMAIL]\""));
  }

  /** What stands around the JSON comes from any encoder. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatIsPutAroundTheEventIsRedacted(boolean before) {
    ArgumentLayout layout = new ArgumentLayout();
    layout.start();
    LayoutWrappingEncoder<ILoggingEvent> around = new LayoutWrappingEncoder<>();
    around.setLayout(layout);
    LogstashEncoder encoder = new LogstashEncoder();
    if (before) {
      encoder.setPrefix(around);
    } else {
      encoder.setSuffix(around);
    }
    appendTo(encoder);
    logger.info("order", new Customer("anna@example.com"));
    String written = output.toString(StandardCharsets.UTF_8);
    assertTrue(written.contains("order of [EMAIL]"), written);
    assertTrue(written.contains("\"message\":\"order\""), written);
    assertFalse(written.contains("anna"), written);
  }

  @Test
  void cleanEventIsWrittenAsItWas() {
    appendTo(new LogstashEncoder());
    logger.info("order \u00e4\u20ac {}", StructuredArguments.kv("number", 4711));
    String line = written().get(0);
    assertTrue(line.contains("\"message\":\"order \u00e4\u20ac number=4711\""), line);
    assertTrue(line.contains("\"number\":4711"), line);
  }

  @Test
  void eventThatCannotBeReadIsWithheld() {
    appendTo(new LogstashEncoder());
    PatternGuards.breakIt();
    logger.info("order {}", StructuredArguments.kv("mail", "anna@example.com"));
    String line = output.toString(StandardCharsets.UTF_8);
    assertTrue(line.contains("[line withheld]"), line);
    assertFalse(line.contains("anna"), line);
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-8", "ISO-8859-1", "UTF-16", "UTF-16BE", "UTF-16LE", "UTF-32LE"})
  void encoderOfSomebodyElseIsRedacted(String charset) {
    appendTo(new ArgumentEncoder(Charset.forName(charset)));
    logger.info("order", new Customer("anna@example.com"));
    assertEquals(
        "order \u00e4 of [EMAIL]\n",
        new String(output.toByteArray(), Charset.forName(charset)).replace("\uFEFF", ""));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void fileOfSomebodyElsesEncoderIsRedacted(boolean prudent) throws IOException {
    FileAppender<ILoggingEvent> appender = new FileAppender<>();
    appender.setFile(directory.resolve("shop.log").toString());
    appender.setPrudent(prudent);
    appendTo(new ArgumentEncoder(StandardCharsets.UTF_8), appender);
    logger.info("order", new Customer("anna@example.com"));
    appender.stop();
    assertEquals("order \u00e4 of [EMAIL]\n", Files.readString(directory.resolve("shop.log")));
  }

  @Test
  void layoutOfSomebodyElseIsRedacted() {
    ArgumentLayout layout = new ArgumentLayout();
    layout.start();
    LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
    encoder.setLayout(layout);
    appendTo(encoder);
    logger.info("order", new Customer("anna@example.com"));
    assertEquals("order of [EMAIL]\n", output.toString(StandardCharsets.UTF_8));
  }

  /** Read one char for each byte, the letter would be two others, which belong to no address. */
  @Test
  void lettersOfMoreThanOneByteAreReadAsWhatTheyAre() {
    appendTo(new LogstashEncoder());
    logger.info("order", StructuredArguments.value("mail", "j\u00fcrgen@example.com"));
    assertTrue(written().get(0).contains("\"mail\":\"[EMAIL]\""), output::toString);
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-8", "UTF-16BE", "UTF-16LE", "UTF-32BE", "UTF-32LE"})
  void charsetIsToldByAllOfALineNotByItsBeginning(String charset) {
    appendTo(new ArgumentEncoder(Charset.forName(charset)));
    logger.info("\u0436\u4e2d\ud83d\ude00 order", new Customer("j\u00fcrgen@example.com"));
    assertEquals(
        "\u0436\u4e2d\ud83d\ude00 order \u00e4 of [EMAIL]\n",
        new String(output.toByteArray(), Charset.forName(charset)));
  }

  /** It makes a text of narrow characters look like one of wide ones. */
  @ParameterizedTest
  @ValueSource(strings = {"\0", "\0\0", "x\0"})
  void zeroInALineHidesNothing(String zero) {
    appendTo(new ArgumentEncoder(StandardCharsets.UTF_8));
    logger.info(zero, new Customer("j\u00fcrgen@example.com"));
    assertEquals(zero + " \u00e4 of [EMAIL]\n", output.toString(StandardCharsets.UTF_8));
  }

  /** No superset of ASCII, and nothing in its bytes shows that. */
  @ParameterizedTest
  @ValueSource(strings = {"IBM037", "UTF-16", "UTF-8"})
  void charsetOfALayoutIsTheOneThatItsEncoderWasGiven(String charset) {
    ArgumentLayout layout = new ArgumentLayout();
    layout.start();
    LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
    encoder.setLayout(layout);
    encoder.setCharset(Charset.forName(charset));
    appendTo(encoder);
    logger.info("order", new Customer("j\u00fcrgen@example.com"));
    assertEquals("order of [EMAIL]\n", new String(output.toByteArray(), Charset.forName(charset)));
  }

  private void appendTo(Encoder<ILoggingEvent> encoder) {
    OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();
    appender.setContext(context);
    appender.setOutputStream(output);
    appendTo(encoder, appender);
  }

  private void appendTo(
      Encoder<ILoggingEvent> encoder, OutputStreamAppender<ILoggingEvent> appender) {
    encoder.setContext(context);
    encoder.start();
    appender.setContext(context);
    appender.setEncoder(encoder);
    appender.start();
    logger.addAppender(appender);
  }

  private List<String> written() {
    return output.toString(StandardCharsets.UTF_8).lines().toList();
  }

  private static String text(ILoggingEvent event, String between) {
    return event.getFormattedMessage() + between + event.getArgumentArray()[0] + "\n";
  }

  /** Public, with a getter: what Jackson makes fields of. */
  public static final class Customer {
    private final String mail;

    Customer(String mail) {
      this.mail = mail;
    }

    public String getMail() {
      return mail;
    }

    @Override
    public String toString() {
      return mail;
    }
  }

  private static final class ArgumentLayout extends LayoutBase<ILoggingEvent> {
    @Override
    public String doLayout(ILoggingEvent event) {
      return text(event, " of ");
    }
  }

  private static final class ArgumentEncoder extends EncoderBase<ILoggingEvent> {
    private final Charset charset;

    ArgumentEncoder(Charset charset) {
      this.charset = charset;
    }

    @Override
    public byte[] headerBytes() {
      return new byte[0];
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
      return text(event, " \u00e4 of ").getBytes(charset);
    }

    @Override
    public byte[] footerBytes() {
      return new byte[0];
    }
  }
}
