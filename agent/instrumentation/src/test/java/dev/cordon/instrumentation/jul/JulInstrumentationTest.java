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
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.MessageFormat;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.ListResourceBundle;
import java.util.Map;
import java.util.ResourceBundle;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.logging.ConsoleHandler;
import java.util.logging.ErrorManager;
import java.util.logging.FileHandler;
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
import org.junit.jupiter.api.io.TempDir;

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
        "java.util.logging.XMLFormatter#format",
        "java.util.logging.Handler#getFormatter",
        "java.util.logging.StreamHandler#publish");
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

  @Test
  void causeThatIsMadeAnewByEveryQuestionEnds() {
    int[] asked = new int[1];
    LogRecord record = new LogRecord(Level.INFO, "x");
    record.setThrown(new Endless(asked));
    Throwable thrown = record.getThrown();
    assertTrue(asked[0] < Endless.GIVE_UP / 10, "asked for a cause " + asked[0] + " times");
    StringWriter text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text, true));
    assertTrue(text.toString().contains("for [EMAIL]"), text.toString());
    assertFalse(text.toString().contains("anna@"), text.toString());
    assertTrue(text.toString().contains("left out by Cordon"), text.toString());
  }

  @Test
  void causeThatIsMadeByTheQuestionIsPrinted() {
    LogRecord record = new LogRecord(Level.INFO, "x");
    record.setThrown(
        new Exception("for anna@example.com") {
          private static final long serialVersionUID = 1L;

          @Override
          public Throwable getCause() {
            return new IllegalStateException("made for ben@example.com");
          }
        });
    StringWriter text = new StringWriter();
    record.getThrown().printStackTrace(new PrintWriter(text, true));
    assertTrue(text.toString().contains("for [EMAIL]"), text.toString());
    assertTrue(text.toString().contains("IllegalStateException: made for [EMAIL]"), "" + text);
    assertFalse(text.toString().contains("example.com"), text.toString());
  }

  /** Has a new cause whenever it is asked; the test ends even when the walk is not bounded. */
  private static final class Endless extends Exception {
    private static final long serialVersionUID = 1L;
    static final int GIVE_UP = 200_000;
    private final transient int[] asked;

    Endless(int[] asked) {
      super("for anna@example.com", null, false, false);
      this.asked = asked;
    }

    @Override
    public @Nullable Throwable getCause() {
      return asked[0]++ < GIVE_UP ? new Endless(asked) : null;
    }
  }

  @Test
  void textOfAFormatterThatFormatsForItselfIsRedacted() {
    Object own =
        new Object() {
          @Override
          public String toString() {
            return "customer anna@example.com";
          }
        };
    assertEquals("customer [EMAIL]", ownFormat("{0}", own));
    assertEquals(
        "[[EMAIL]] {a=[EMAIL]}",
        ownFormat("{0} {1}", List.of("anna@example.com"), Map.of("a", "ben@example.com")));
    assertEquals("[EMAIL]", ownFormat("{0}@{1}", "anna", "example.com"));
    assertEquals("card [CARD]", ownFormat("card {0}{1}{2}{3}", "4111", "1111", "1111", "1111"));
    assertEquals("clean 7 x", ownFormat("clean {0} {1}", 7, "x"));
    assertEquals(
        "[customer [EMAIL]]",
        published(new Own(record -> Arrays.toString(record.getParameters())), record("m", own)));
  }

  @Test
  void textOfABundleThatAFormatterReadsForItselfIsRedacted() {
    LogRecord record = record("owner");
    record.setResourceBundle(ResourceBundle.getBundle(Texts.class.getName()));
    Own formatter = new Own(each -> each.getResourceBundle().getString(each.getMessage()));
    assertEquals("owned by [EMAIL]", published(formatter, record));
  }

  @Test
  void recordThatAnswersForItselfIsRedacted() {
    for (Formatter formatter : List.of(new SimpleFormatter(), new XMLFormatter())) {
      String text = published(formatter, new OwnRecord());
      assertTrue(text.contains("own message"), text);
      assertTrue(text.contains("[EMAIL]"), text);
      assertFalse(text.contains("example.com"), text);
    }
  }

  @Test
  void handlersOfTheJdkWriteRedactedTextOfOwnFormatters(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("own.log");
    FileHandler handler = new FileHandler(file.toString());
    handler.setFormatter(new Own(record -> "to " + record.getParameters()[0] + "\n"));
    handler.publish(record("m", new StringBuilder("a").append(1), "x"));
    handler.publish(record("m", List.of("anna@example.com")));
    handler.close();
    assertEquals("to a1\nto [[EMAIL]]\n", Files.readString(file));
    PrintStream before = System.err;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    try {
      ConsoleHandler console = new ConsoleHandler();
      console.setFormatter(new Own(record -> "to " + record.getParameters()[0]));
      console.publish(record("m", List.of("anna@example.com")));
    } finally {
      System.setErr(before);
    }
    assertEquals("to [[EMAIL]]", bytes.toString(StandardCharsets.UTF_8));
  }

  @Test
  void handlerKeepsTheFormatterItWasGiven() {
    List<Formatter> seen = new ArrayList<>();
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    StreamHandler[] handler = new StreamHandler[1];
    Formatter own =
        new Formatter() {
          @Override
          public String format(LogRecord record) {
            seen.add(handler[0].getFormatter());
            return "line " + record.getMessage();
          }

          @Override
          public String getHead(Handler asking) {
            seen.add(asking.getFormatter());
            return "head ";
          }

          @Override
          public String getTail(Handler asking) {
            seen.add(asking.getFormatter());
            return " tail";
          }
        };
    handler[0] = new StreamHandler(output, own);
    handler[0].publish(record("anna@example.com"));
    seen.add(handler[0].getFormatter());
    handler[0].close();
    assertEquals("head line [EMAIL] tail", output.toString(StandardCharsets.UTF_8));
    assertEquals(4, seen.size());
    for (Formatter each : seen) {
      assertSame(own, each);
    }
  }

  @Test
  void formatterThatFailsIsReportedAndTheNextLineIsWritten() {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    IllegalStateException broken = new IllegalStateException("broken");
    Own own =
        new Own(
            record -> {
              if (record.getMessage().equals("bad")) {
                throw broken;
              }
              return "to " + Arrays.toString(record.getParameters());
            });
    StreamHandler handler = new StreamHandler(output, own);
    List<Exception> reported = new ArrayList<>();
    handler.setErrorManager(
        new ErrorManager() {
          @Override
          public void error(String message, Exception failure, int code) {
            reported.add(failure);
          }
        });
    handler.publish(record("bad"));
    handler.publish(record("good", List.of("anna@example.com")));
    handler.close();
    assertEquals(List.of(broken), reported);
    assertEquals("to [[[EMAIL]]]", output.toString(StandardCharsets.UTF_8));
    assertSame(own, handler.getFormatter());
  }

  @Test
  void numberWithAFormatOfItsOwnLosesNoLine() {
    Long card = 4111111111111111L;
    assertEquals("card NaN of anna", ownFormat("card {0,number,#} of {1}", card, "anna"));
    assertEquals("card NaN", ownFormat("card {0,number}", card));
    assertEquals("card NaN", ownFormat("card {0,number}", (double) card));
    assertEquals("card [CARD]", ownFormat("card {0}", card));
    assertEquals("card [CARD]", ownFormat("card {0}", (double) card));
    assertEquals("card [CARD]", ownFormat("card {0}", new AtomicLong(card)));
    assertEquals("12,345,678 1.5", ownFormat("{0} {1}", 12_345_678L, 1.5));
    LogRecord record = record("number", card);
    record.setResourceBundle(ResourceBundle.getBundle(Texts.class.getName()));
    Own bundled =
        new Own(
            each ->
                MessageFormat.format(
                    each.getResourceBundle().getString(each.getMessage()), each.getParameters()));
    assertEquals("card no. NaN", published(bundled, record));
    assertEquals(
        "card NaN of anna",
        new SimpleFormatter().formatMessage(record("card {0,number,#} of {1}", card, "anna")));
  }

  private static String ownFormat(String pattern, Object... parameters) {
    return published(
        new Own(record -> MessageFormat.format(record.getMessage(), record.getParameters())),
        record(pattern, parameters));
  }

  private static String published(Formatter formatter, LogRecord record) {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    StreamHandler handler = new StreamHandler(output, formatter);
    handler.publish(record);
    handler.close();
    return output.toString(StandardCharsets.UTF_8);
  }

  private static LogRecord record(String message, Object... parameters) {
    LogRecord record = new LogRecord(Level.INFO, message);
    record.setParameters(parameters);
    return record;
  }

  private static final class Own extends Formatter {
    private final Function<LogRecord, String> format;

    Own(Function<LogRecord, String> format) {
      this.format = format;
    }

    @Override
    public String format(LogRecord record) {
      return format.apply(record);
    }
  }

  private static final class OwnRecord extends LogRecord {
    private static final long serialVersionUID = 1L;

    OwnRecord() {
      super(Level.INFO, "m");
    }

    @Override
    public String getMessage() {
      return "own message anna@example.com";
    }

    @Override
    public Throwable getThrown() {
      return new Exception("own exception ben@example.com");
    }
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
      return new Object[][] {
        {"sent", "gesendet an {0}"},
        {"owner", "owned by anna@example.com"},
        {"number", "card no. {0,number,#}"}
      };
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
