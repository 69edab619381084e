package dev.cordon.instrumentation.jul;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cordon.instrumentation.LoggerContract;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.ListResourceBundle;
import java.util.ResourceBundle;
import java.util.Set;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.MemoryHandler;
import java.util.logging.SimpleFormatter;
import java.util.logging.StreamHandler;
import java.util.logging.XMLFormatter;
import javax.xml.transform.SourceLocator;
import javax.xml.transform.TransformerException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class JulInstrumentationTest extends LoggerContract {

  static {
    // all that a line can hold but its time; read once, by the formatter's class
    System.setProperty("java.util.logging.SimpleFormatter.format", "%4$s %2$s %3$s: %5$s%n%6$s");
  }

  @Override
  protected Log open() {
    return new JulLog(true);
  }

  @Override
  protected Log openSilent() {
    return new JulLog(false);
  }

  @Override
  protected String library() {
    return "jul";
  }

  @Override
  protected Class<?> sample() {
    return LogRecord.class;
  }

  @Override
  protected Set<Part> parts() {
    return EnumSet.noneOf(Part.class);
  }

  @Override
  protected Set<String> targets() {
    return Set.of(
        "java.util.logging.LogRecord#getMessage",
        "java.util.logging.LogRecord#getParameters",
        "java.util.logging.LogRecord#getThrown",
        "java.util.logging.Formatter#formatMessage",
        "java.util.logging.XMLFormatter#format");
  }

  @Test
  void groupedNumberIsRedactedWhereItIsAFinding() {
    try (JulLog log = new JulLog(true)) {
      LogRecord record = new LogRecord(Level.INFO, "card {0}, {1} of {2}");
      record.setParameters(new Object[] {4111111111111111L, 12_345_678L, 1.5});
      assertEquals("card [CARD], 12,345,678 of 1.5", new SimpleFormatter().formatMessage(record));
    }
  }

  @Test
  void recordHandedStraightToAHandlerIsRedacted() {
    try (JulLog log = new JulLog(true)) {
      LogRecord record = new LogRecord(Level.INFO, "to {0}");
      record.setParameters(new Object[] {"anna@example.com"});
      record.setThrown(new Exception("ben@example.com"));
      for (Handler handler : log.logger.getHandlers()) {
        handler.publish(record);
      }
      for (String text : log.written()) {
        assertTrue(text.contains("[EMAIL]"), text);
        assertFalse(text.contains("example.com"), text);
      }
    }
  }

  @Test
  void loggerThatOverridesLogIsCovered() {
    List<LogRecord> records = new ArrayList<>();
    Logger own =
        new Logger("dev.example.Own", null) {
          @Override
          public void log(LogRecord record) {
            records.add(record);
          }
        };
    own.log(Level.INFO, "to {0}", "anna@example.com");
    assertEquals("to [EMAIL]", new SimpleFormatter().formatMessage(records.get(0)));
    assertEquals("[EMAIL]", records.get(0).getParameters()[0]);
  }

  @Test
  void filterSeesARedactedRecord() {
    try (JulLog log = new JulLog(true)) {
      List<String> seen = new ArrayList<>();
      log.logger.setFilter(
          record -> {
            seen.add(record.getMessage() + Arrays.toString(record.getParameters()));
            return false;
          });
      log.info("anna@example.com {}", "ben@example.com");
      assertEquals(List.of("[EMAIL] {0}[[EMAIL]]"), seen);
      assertEquals("", log.written().get(0));
    }
  }

  @Test
  void parameterThatAFilterKeepsFromTheHandlersIsNotPrinted() {
    int[] calls = new int[1];
    try (JulLog log = new JulLog(true)) {
      log.logger.setFilter(record -> false);
      log.info(
          "a {}",
          new Object() {
            @Override
            public String toString() {
              calls[0]++;
              return "x";
            }
          });
      assertEquals(0, calls[0]);
    }
  }

  @Test
  void localisedMessageIsFormattedWithItsBundleAndRedacted() {
    ResourceBundle bundle = ResourceBundle.getBundle(Texts.class.getName());
    try (JulLog log = new JulLog(true)) {
      log.logger.setResourceBundle(bundle);
      log.logger.log(Level.INFO, "sent", "anna@example.com");
      List<String> written = log.written();
      assertTrue(written.get(0).contains("gesendet an [EMAIL]"), written.get(0));
      for (String text : written) {
        assertFalse(text.contains("example.com"), text);
      }
    } finally {
      JulLog.forget();
    }
  }

  @Test
  void numberFormatsOfAPatternStillWork() {
    try (JulLog log = new JulLog(true)) {
      log.logger.log(Level.INFO, "{0,number,000} {1}", new Object[] {7, "anna@example.com"});
      assertTrue(log.written().get(0).contains("007 [EMAIL]"));
    }
  }

  @Test
  void systemLoggerIsRedacted() {
    try (JulLog log = new JulLog(true)) {
      System.getLogger("dev.example.Shop")
          .log(System.Logger.Level.INFO, "to {0}", "anna@example.com");
      String text = log.written().get(0);
      assertTrue(text.contains("to [EMAIL]"), text);
      assertTrue(text.contains("systemLoggerIsRedacted"), text); // the caller is still found
    }
  }

  @Test
  void cleanThrowableStaysTheSameObject() {
    LogRecord record = new LogRecord(Level.INFO, "x");
    Exception clean = new Exception("clean", new Exception("clean too"));
    record.setThrown(clean);
    assertSame(clean, record.getThrown());
  }

  @Test
  void throwableThatPrintsItselfIsPrintedByItselfAndRedacted() {
    LogRecord record = new LogRecord(Level.INFO, "x");
    record.setThrown(new SelfPrinting());
    StringWriter text = new StringWriter();
    record.getThrown().printStackTrace(new PrintWriter(text, true));
    assertEquals("my own way: [EMAIL]" + System.lineSeparator(), text.toString());
    assertSame(record.getThrown(), record.getThrown());
  }

  @Test
  void whatOnlyAThrowablesOwnPrintShowsIsRedacted() {
    SourceLocator place =
        new SourceLocator() {
          @Override
          public @Nullable String getPublicId() {
            return null;
          }

          @Override
          public String getSystemId() {
            return "https://crm.example/anna@example.com";
          }

          @Override
          public int getLineNumber() {
            return 1;
          }

          @Override
          public int getColumnNumber() {
            return 1;
          }
        };
    Exception clean = new TransformerException("clean", place);
    LogRecord record = new LogRecord(Level.INFO, "x");
    record.setThrown(clean);
    StringWriter text = new StringWriter();
    record.getThrown().printStackTrace(new PrintWriter(text, true));
    assertTrue(text.toString().contains("[EMAIL]"), text.toString());
    assertFalse(text.toString().contains("anna@"), text.toString());
    assertTrue(text.toString().contains("whatOnlyAThrowablesOwnPrintShows"), text.toString());
  }

  @Test
  void throwableThatPrintsItselfToAStreamOnlyIsRedactedThere() {
    LogRecord record = new LogRecord(Level.INFO, "x");
    record.setThrown(
        new Exception("clean") {
          private static final long serialVersionUID = 1L;

          @Override
          public void printStackTrace(PrintStream stream) {
            stream.println("m\u00fcller, anna@example.com");
          }
        });
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    record.getThrown().printStackTrace(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    assertEquals(
        "m\u00fcller, [EMAIL]" + System.lineSeparator(), bytes.toString(StandardCharsets.UTF_8));
  }

  private static final class SelfPrinting extends Exception {
    private static final long serialVersionUID = 1L;

    SelfPrinting() {
      super("anna@example.com");
    }

    @Override
    public void printStackTrace(PrintWriter writer) {
      writer.println("my own way: " + getMessage());
    }
  }

  private static final class JulLog implements Log {
    private Logger logger = Logger.getLogger("dev.example.Shop");
    private final List<ByteArrayOutputStream> outputs = new ArrayList<>();
    private final List<Handler> handlers = new ArrayList<>();
    private static boolean isForgotten;

    JulLog(boolean loud) {
      if (isForgotten) {
        logger = Logger.getLogger("dev.example.Shop2");
      }
      logger.setUseParentHandlers(false);
      logger.setLevel(Level.INFO);
      if (!loud) {
        add(new FormatOnly());
        return;
      }
      add(stream(new SimpleFormatter()));
      add(stream(new XMLFormatter()));
      MemoryHandler memory = new MemoryHandler(stream(new SimpleFormatter()), 10_000, Level.OFF);
      add(memory);
    }

    /** A logger keeps its bundle for ever: later cases take another. */
    static void forget() {
      isForgotten = true;
    }

    private void add(Handler handler) {
      handlers.add(handler);
      logger.addHandler(handler);
    }

    private StreamHandler stream(Formatter formatter) {
      ByteArrayOutputStream output = new ByteArrayOutputStream();
      outputs.add(output);
      return new StreamHandler(output, formatter);
    }

    private static @Nullable String pattern(@Nullable String message) {
      if (message == null) {
        return null;
      }
      StringBuilder pattern = new StringBuilder();
      int number = 0;
      for (int i = 0; i < message.length(); i++) {
        if (message.startsWith("{}", i)) {
          pattern.append('{').append(number++).append('}');
          i++;
        } else {
          pattern.append(message.charAt(i));
        }
      }
      return pattern.toString();
    }

    @Override
    public void info(@Nullable String message, @Nullable Object... arguments) {
      logger.log(Level.INFO, pattern(message), arguments);
    }

    @Override
    public void disabled(String message, Object... arguments) {
      logger.log(Level.FINE, pattern(message), arguments);
    }

    @Override
    public void failure(String message, Throwable thrown) {
      logger.log(Level.SEVERE, message, thrown);
    }

    @Override
    public void withContext(String key, String value, String message) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void withPair(String key, Object value, String message) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void withMarker(String marker, String message) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<String> written() {
      for (Handler handler : handlers) {
        if (handler instanceof MemoryHandler memory) {
          memory.push();
        }
        handler.close();
      }
      List<String> texts = new ArrayList<>();
      for (ByteArrayOutputStream output : outputs) {
        texts.add(output.toString(StandardCharsets.UTF_8));
      }
      return texts;
    }

    @Override
    public void close() {
      logger.setFilter(null);
      for (Handler handler : handlers) {
        logger.removeHandler(handler);
      }
    }
  }

  /** Found by its name. */
  public static final class Texts extends ListResourceBundle {
    @Override
    protected Object[][] getContents() {
      return new Object[][] {{"sent", "gesendet an {0}"}};
    }
  }

  /** Formats the message and drops it. */
  private static final class FormatOnly extends StreamHandler {
    private final Formatter formatter = new SimpleFormatter();

    FormatOnly() {
      super(OutputStream.nullOutputStream(), new SimpleFormatter());
    }

    @Override
    public synchronized void publish(LogRecord record) {
      formatter.formatMessage(record);
    }
  }
}
