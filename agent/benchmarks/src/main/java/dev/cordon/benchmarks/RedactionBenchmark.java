package dev.cordon.benchmarks;

import dev.cordon.redaction.Kind;
import dev.cordon.redaction.RedactionPlan;
import dev.cordon.redaction.Redactor;
import dev.cordon.redaction.Scan;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The redaction engine against java.util.regex with patterns for the same kinds (without their
 * checksums, which only makes them faster). Run by hand: {@code java -cp ... org.openjdk.jmh.Main
 * RedactionBenchmark -prof gc}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 6, time = 1)
@Fork(1)
public class RedactionBenchmark {
  private static final Pattern[] PATTERNS = {
    Pattern.compile("[A-Za-z0-9._%+'-]+(?:@|%40|\\\\u0040)[A-Za-z0-9.-]+\\.[A-Za-z]{2,24}"),
    Pattern.compile("\\+[1-9]\\d(?:[ ./()-]?\\d){6,12}\\b"),
    Pattern.compile("\\(?\\b[2-9]\\d{2}\\)?[ .-]\\d{3}[ .-]\\d{4}\\b"),
    Pattern.compile("\\b(?:\\d{4}[ -]?){3}\\d{1,7}\\b|\\b3\\d{3}[ -]?\\d{6}[ -]?\\d{5}\\b"),
    Pattern.compile("\\b[A-Z]{2}\\d{2}(?: ?[A-Z0-9]{4}){2,7} ?[A-Z0-9]{1,4}\\b"),
    Pattern.compile("(?i)\\bbearer [A-Za-z0-9._~+/=-]{16,}"),
    Pattern.compile("(?i)\\bbasic [A-Za-z0-9+/=]{8,}"),
    Pattern.compile("-----BEGIN [A-Z ]*PRIVATE KEY-----[\\s\\S]*?-----END [A-Z ]*PRIVATE KEY-----"),
    Pattern.compile("\\bey[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]*"),
    Pattern.compile("\\b(?:[rs]k_(?:live|test)_[A-Za-z0-9]{10,}|whsec_[A-Za-z0-9+/=]{16,})"),
    Pattern.compile("\\bx(?:ox[a-z]|app)-[A-Za-z0-9-]{10,}|hooks\\.slack\\.com/services/[\\w/]+"),
    Pattern.compile("\\b(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_\\w{26,})"),
    Pattern.compile("\\b(?:AKIA|ASIA)[A-Z0-9]{16}\\b"),
    Pattern.compile("\\bAIza[A-Za-z0-9_-]{35}|\\bya29\\.[A-Za-z0-9_-]{20,}")
  };

  private static final Redactor REDACTOR = Redactor.forLogs(EnumSet.allOf(Kind.class));
  private static final RedactionPlan PLAN =
      RedactionPlan.of(
          List.of(
              new RedactionPlan.Order(
                  List.of(), EnumSet.allOf(Kind.class), RedactionPlan.Operator.TOKEN)),
          Set.of());

  // 120 characters
  private final String cleanLine =
      "2026-11-21 23:14:47.123 INFO [http-nio-8080-exec-12] c.e.crm.TicketService - ticket 48213"
          + " updated in 12 ms, trace 4bf92f3577";
  private final String wordsLine =
      "Updated the ticket of the customer after the agent had answered, waiting for the next reply"
          + " from the vendor, nothing to do.";
  private final String dirtyLine =
      "2026-11-21 23:14:47.123 INFO [http-nio-8080-exec-12] c.e.crm.TicketService - mail to"
          + " bob.smith@example.com, card 4111 1111 1111 1111";
  private final byte[] json1k = json();

  private static byte[] json() {
    StringBuilder json = new StringBuilder("{\"object\":\"list\",\"data\":[");
    while (json.length() < 960) {
      json.append("{\"id\":\"re_3MtwBwLkdIwHu7ix28a3tqPa\",\"amount\":1250,\"currency\":\"eur\",")
          .append("\"created\":1732230887,\"note\":\"goods came back, all well\"},");
    }
    return json.append("{}]}").toString().getBytes(StandardCharsets.UTF_8);
  }

  @Benchmark
  public String cleanLineCordon() {
    return REDACTOR.line(cleanLine);
  }

  @Benchmark
  public String cleanLineRegex() {
    return regex(cleanLine);
  }

  @Benchmark
  public String wordsLineCordon() {
    return REDACTOR.line(wordsLine);
  }

  @Benchmark
  public String wordsLineRegex() {
    return regex(wordsLine);
  }

  @Benchmark
  public String dirtyLineCordon() {
    return REDACTOR.line(dirtyLine);
  }

  @Benchmark
  public String dirtyLineRegex() {
    return regex(dirtyLine);
  }

  @Benchmark
  public Scan jsonOneKilobyteCordon() {
    return Redactor.body(json1k, "application/json", PLAN);
  }

  @Benchmark
  public String jsonOneKilobyteRegex() {
    return regex(new String(json1k, StandardCharsets.UTF_8));
  }

  private static String regex(String text) {
    String redacted = text;
    for (Pattern pattern : PATTERNS) {
      redacted = pattern.matcher(redacted).replaceAll("[X]");
    }
    return redacted;
  }
}
