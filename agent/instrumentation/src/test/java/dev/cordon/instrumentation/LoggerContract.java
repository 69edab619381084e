package dev.cordon.instrumentation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import dev.cordon.bootstrap.Admission;
import dev.cordon.bootstrap.Gate;
import dev.cordon.bootstrap.Header;
import dev.cordon.bootstrap.OutgoingCall;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What holds for every logger. Most cases log the same twice, without and with Cordon's code in the
 * classes: what comes out must be what came out before, redacted as one text.
 */
public abstract class LoggerContract {

  /** One logger with several outputs, of which at least two format text. */
  protected interface Log extends AutoCloseable {
    /** Logs on an enabled level; {@code {}} stands for the next argument. */
    void info(@Nullable String message, @Nullable Object... arguments);

    /** Logs on a level that is off. */
    void disabled(String message, Object... arguments);

    void failure(String message, Throwable thrown);

    void withContext(String key, String value, String message);

    void withPair(String key, Object value, String message);

    void withMarker(String marker, String message);

    /** Waits for what is asynchronous, closes, and returns the text of each output. */
    List<String> written();

    @Override
    void close();
  }

  /** The parts of a line that not every logger has. */
  protected enum Part {
    CONTEXT,
    PAIRS,
    MARKER
  }

  private interface Lines {
    void to(Log log) throws Exception;
  }

  private interface Scenario<T> {
    T run() throws Exception;
  }

  private final PatternGuard guard = new PatternGuard();

  /** A logger with fresh outputs; the lines it writes hold no time. */
  protected abstract Log open();

  /** A logger whose single output drops what it formatted. */
  protected abstract Log openSilent();

  protected abstract Set<Part> parts();

  /** The adapter's name. */
  protected abstract String library();

  /** A class of the logger. */
  protected abstract Class<?> sample();

  /** Names of methods that must have been woven once everything was logged. */
  protected abstract Set<String> targets();

  @BeforeEach
  void weave() {
    WovenJvm.weave();
    Gate.install(guard);
  }

  @Test
  protected void messageIsRedactedInEveryOutput() throws Exception {
    assertRedacted(log -> log.info("anna@example.com wrote from 4111111111111111"));
  }

  @Test
  protected void argumentsAreRedactedInEveryOutput() throws Exception {
    assertRedacted(
        log -> {
          log.info("customer {} paid", "anna@example.com");
          log.info("customer {} paid {} with {}", new Customer(), 12, 4111111111111111L);
          log.info("customers {}", List.of("anna@example.com", "ben@example.com"));
          log.info("customers {} and {}", new StringBuilder("anna@example.com"), null);
          log.info("no place for these", "anna@example.com", new Customer());
        });
  }

  @Test
  protected void whatOnlyTheWholeLineShowsIsRedacted() throws Exception {
    // the argument alone looks like nothing: only text outputs can know
    List<String> lines = woven(log -> log.info("Authorization: Bearer {}", "abcdefghijklmnop"));
    assertTrue(lines.get(0).contains("Bearer [TOKEN]"), lines.get(0));
    assertFalse(lines.get(0).contains("abcdefghijklmnop"), lines.get(0));
  }

  @Test
  protected void messagesOfAllExceptionsInTheChainAreRedacted() throws Exception {
    Exception root = new IllegalStateException("no mailbox anna@example.com");
    Exception middle = new Exception("plain", root);
    Exception suppressed = new Exception("while closing ben@example.com");
    suppressed.addSuppressed(new Exception("deep down carl@example.com"));
    middle.addSuppressed(suppressed);
    Exception top = new RuntimeException("sending to dora@example.com failed", middle);
    assertRedacted(log -> log.failure("sending failed", top));
  }

  @Test
  protected void exceptionWithATextOfItsOwnIsRedacted() throws Exception {
    Exception talkative = new TalkativeException("to anna@example.com");
    assertRedacted(log -> log.failure("failed", talkative));
    Exception outer = new Exception("outer", new TalkativeException("to ben@example.com"));
    assertRedacted(log -> log.failure("failed", outer));
  }

  @Test
  protected void circularChainOfExceptionsIsRedacted() throws Exception {
    Exception one = new Exception("one anna@example.com");
    Exception two = new Exception("two ben@example.com", one);
    one.initCause(two);
    assertRedacted(log -> log.failure("failed", one));
  }

  @Test
  protected void exceptionAmongTheArgumentsIsRedacted() throws Exception {
    Exception thrown = new Exception("no mailbox anna@example.com");
    assertRedacted(log -> log.info("failed for {}: {}", "ben@example.com", "x", thrown));
    assertRedacted(log -> log.info("failed for {}", "ben@example.com", thrown, thrown));
  }

  @Test
  protected void diagnosticContextIsRedacted() throws Exception {
    assumeTrue(parts().contains(Part.CONTEXT));
    assertRedacted(log -> log.withContext("customer", "anna@example.com", "hello"));
  }

  @Test
  protected void keyValuePairsAreRedacted() throws Exception {
    assumeTrue(parts().contains(Part.PAIRS));
    assertRedacted(
        log -> {
          log.withPair("customer", "anna@example.com", "hello");
          log.withPair("customer", new Customer(), "hello");
          log.withPair("card", 4111111111111111L, "hello");
        });
  }

  @Test
  protected void cleanLinesAreWrittenAsWithoutCordon() throws Exception {
    Exception nested = new Exception("outer", new Exception("inner"));
    Exception silent = new Exception();
    int[] array = {1, 2};
    assertSame(
        log -> {
          log.info("plain");
          log.info("two {} arguments {}", "a", 1);
          log.info("too few {} {}", "a");
          log.info("too many {}", "a", "b");
          log.info("an array {}", (Object) array);
          log.info("a null {}", (Object) null);
          log.info("braces '{' quotes ''", "a");
          log.info("");
          log.info(null);
          log.failure("failed", nested);
          log.failure("failed", silent);
          if (parts().contains(Part.CONTEXT)) {
            log.withContext("request", "17", "hello");
          }
          if (parts().contains(Part.PAIRS)) {
            log.withPair("request", 17, "hello");
          }
          if (parts().contains(Part.MARKER)) {
            log.withMarker("AUDIT", "hello");
          }
          Thread other = new Thread(() -> log.info("from elsewhere"), "worker-a");
          other.start();
          other.join();
        });
  }

  @Test
  protected void markerThreadAndLevelStayWhenTheTextChanges() throws Exception {
    assumeTrue(parts().contains(Part.MARKER));
    assertRedacted(log -> log.withMarker("AUDIT", "hello anna@example.com"));
  }

  @Test
  protected void toStringOfAnArgumentIsCalledAsOftenAsWithoutCordon() throws Exception {
    Lines lines =
        log -> {
          log.info("once {}", counted);
          log.info("twice {} {}", counted, counted);
          log.info("beside a finding {} {}", "anna@example.com", counted);
          log.info("no place", counted);
          log.disabled("never {}", counted);
        };
    int before = unwoven(() -> countOf(lines));
    assertTrue(before > 0, "nothing was formatted");
    assertEquals(before, countOf(lines));
  }

  private final Counted counted = new Counted();

  private int countOf(Lines lines) throws Exception {
    counted.calls.set(0);
    try (Log log = open()) {
      lines.to(log);
      log.written();
    }
    return counted.calls.get();
  }

  @Test
  protected void disabledLevelCallsNothing() {
    try (Log log = open()) {
      log.info("warm up");
      long before = guard.lines.get();
      counted.calls.set(0);
      log.disabled("anna@example.com {}", counted);
      assertEquals(0, counted.calls.get());
      assertEquals(before, guard.lines.get());
    }
  }

  @Test
  protected void argumentThatCannotBePrintedIsTreatedAsWithoutCordon() throws Exception {
    Object unprintable =
        new Object() {
          @Override
          public String toString() {
            throw new UnsupportedOperationException("no text");
          }
        };
    PrintStream err = System.err;
    System.setErr(new PrintStream(OutputStream.nullOutputStream())); // SLF4J reports it there
    try {
      assertSame(log -> log.info("a {} b", unprintable));
    } finally {
      System.setErr(err);
    }
  }

  @Test
  protected void faultOfTheRedactorWithholdsTheLineAndThrowsNothing() {
    try (Log log = open()) {
      guard.isBroken = true;
      log.info("anna@example.com");
      log.info("customer {}", "anna@example.com");
      log.failure("anna@example.com", new Exception("ben@example.com", new Exception("x")));
      List<String> written = log.written();
      for (String output : written) {
        assertFalse(output.contains("example.com"), output);
      }
      assertTrue(written.get(0).contains(PatternGuard.WITHHELD), written.get(0));
      assertFalse(guard.faults.isEmpty());
    } finally {
      guard.isBroken = false;
    }
  }

  @Test
  protected void linesOfManyThreadsAreAllRedacted() throws Exception {
    int threads = 16;
    int each = 200;
    List<String> outputs =
        woven(
            log -> {
              CountDownLatch start = new CountDownLatch(1);
              List<Thread> workers = new ArrayList<>();
              for (int t = 0; t < threads; t++) {
                int number = t;
                Thread worker =
                    new Thread(
                        () -> {
                          await(start);
                          for (int i = 0; i < each; i++) {
                            log.info(
                                "line {} of anna@example.com to {}",
                                number * each + i,
                                "ben@example.com");
                          }
                        });
                worker.start();
                workers.add(worker);
              }
              start.countDown();
              for (Thread worker : workers) {
                worker.join();
              }
            });
    for (String output : outputs) {
      assertFalse(output.contains("example.com"));
    }
    assertEquals(threads * each, count(outputs.get(0), "of [EMAIL] to [EMAIL]"));
  }

  @Test
  protected void cleanLineAllocatesNothingMore() throws Exception {
    Gate.install(new CleanGuard());
    unwoven(() -> allocatedByLines(20_000));
    long before = unwoven(() -> allocatedByLines(20_000));
    allocatedByLines(20_000);
    long after = allocatedByLines(20_000);
    // what the JIT compiler saves differs a little between two runs of the same code
    assertTrue(
        after - before < 4 * 20_000L,
        "bytes for 20,000 lines: " + before + " without, " + after + " with Cordon");
  }

  private long allocatedByLines(int lines) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (Log log = openSilent()) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < lines; i++) {
        log.info("order shipped to the usual address of customer {}", "1234");
      }
      return threads.getCurrentThreadAllocatedBytes() - before;
    }
  }

  @Test
  protected void everyTargetIsWoven() throws Exception {
    woven(
        log -> {
          log.info("customer {}", "a");
          log.failure("failed", new Exception("x"));
          if (parts().contains(Part.PAIRS)) {
            log.withPair("a", "b", "hello");
          }
        });
    Set<String> installed = WovenJvm.installed();
    for (String target : targets()) {
      String name = library() + " " + target;
      assertTrue(installed.contains(name), name + " is not among " + installed);
    }
    for (String gap : WovenJvm.missing()) {
      assertFalse(gap.startsWith(library() + " "), gap);
    }
  }

  private static String locationOf(Class<?> type) {
    CodeSource source = type.getProtectionDomain().getCodeSource();
    return source == null ? "the JDK" : source.getLocation().getPath();
  }

  /** Logs without and with Cordon; the second must be the first, redacted. */
  private void assertRedacted(Lines lines) throws Exception {
    List<String> before = unwoven(() -> woven(lines));
    List<String> after = woven(lines);
    assertTrue(before.get(0).contains("example.com"), before.get(0));
    for (int i = 0; i < before.size(); i++) {
      // a logger that groups digits shows a card that no scan of its text could find
      String ungrouped = before.get(i).replace("4,111,111,111,111,111", "4111111111111111");
      String expected = PatternGuard.redact(ungrouped);
      assertEquals(comparable(i, expected), comparable(i, after.get(i)), "output " + i);
      assertFalse(after.get(i).contains("example.com"), after.get(i));
      assertFalse(after.get(i).contains("4111111111111111"), after.get(i));
    }
    assertEquals(List.of(), guard.faults);
  }

  /** Runs something as if Cordon were not there: all classes have their original code. */
  private static <T> T unwoven(Scenario<T> scenario) throws Exception {
    WovenJvm.unweave();
    try {
      return scenario.run();
    } finally {
      WovenJvm.weave();
    }
  }

  private void assertSame(Lines lines) throws Exception {
    List<String> before = unwoven(() -> woven(lines));
    List<String> after = woven(lines);
    for (int i = 0; i < before.size(); i++) {
      assertEquals(comparable(i, before.get(i)), comparable(i, after.get(i)), "output " + i);
    }
    assertEquals(List.of(), guard.faults);
  }

  private List<String> woven(Lines lines) throws Exception {
    try (Log log = open()) {
      lines.to(log);
      return log.written();
    }
  }

  /** The version under test is the one that the build put on the class path. */
  @Test
  protected void versionIsTheOneAskedFor() {
    String wanted = System.getProperty("cordon.test.library", "");
    if (wanted.startsWith(library())) {
      assertTrue(locationOf(sample()).contains("/libs/" + wanted + "/"));
    }
  }

  /**
   * The first output as it is, with the caller's line numbers: it holds no time. The others without
   * times and sequence numbers.
   */
  private static String comparable(int number, String output) {
    return number == 0 ? output : output.replaceAll("\\d+", "#");
  }

  private static int count(String text, String part) {
    int count = 0;
    for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) {
      count++;
    }
    return count;
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException stop) {
      throw new IllegalStateException(stop);
    }
  }

  private static final class Customer {
    @Override
    public String toString() {
      return "Customer[anna@example.com]";
    }
  }

  private static final class Counted {
    final AtomicInteger calls = new AtomicInteger();

    @Override
    public String toString() {
      calls.incrementAndGet();
      return "counted";
    }
  }

  /** Its text is not made of its class and message. */
  private static final class TalkativeException extends Exception {
    private static final long serialVersionUID = 1L;

    TalkativeException(String message) {
      super(message);
    }

    @Override
    public String toString() {
      return "customer anna@example.com was not reached";
    }
  }

  private static final class CleanGuard implements Gate.Guard {
    @Override
    public Admission admit(OutgoingCall call) {
      return Admission.unguarded();
    }

    @Override
    public Admission undecided(
        String library,
        @Nullable String method,
        @Nullable String url,
        List<Header> headers,
        Throwable fault) {
      return Admission.unguarded();
    }

    @Override
    public String line(String text) {
      return text;
    }

    @Override
    public String unscannable(Throwable fault) {
      return PatternGuard.WITHHELD;
    }

    @Override
    public void fault(String where, Throwable fault) {}
  }
}
