package dev.cordon.benchmarks;

import dev.blaauwendraad.masker.json.JsonMasker;
import dev.blaauwendraad.masker.json.config.JsonMaskingConfig;
import dev.cordon.redaction.Kind;
import dev.cordon.redaction.RedactionPlan;
import dev.cordon.redaction.Redactor;
import java.util.EnumSet;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What {@link RedactionCost} compares in turns, in forks of their own: {@code java -cp ...
 * org.openjdk.jmh.Main RedactionPeersBenchmark -prof gc} prints all of it in one run. The line
 * {@code :bytes} is what was read, in bytes a second.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class RedactionPeersBenchmark {
  /** Counted by JMH. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  public static class Read {
    public long bytes;
  }

  @Param({"clean log", "1 in 10", "JSON 1 KB", "JSON 16 KB"})
  private String load = "";

  private final Redactor redactor = Redactor.forLogs(RedactionCost.KINDS);
  private final RedactionPlan everyKind = RedactionCost.plan(RedactionCost.KINDS);
  private final RedactionPlan keysOnly =
      RedactionCost.plan(EnumSet.of(Kind.NAME, Kind.ADDRESS, Kind.BIRTH_DATE));
  private final JsonMasker masker =
      JsonMasker.getMasker(JsonMaskingConfig.builder().maskKeys(RedactionCost.KEYS).build());
  private final Pattern[] patterns = new Pattern[RedactionCost.PATTERNS.length];
  private final com.google.re2j.Pattern[] linear =
      new com.google.re2j.Pattern[RedactionCost.PATTERNS.length];
  private final byte[] scratch = new byte[32 * 1024];
  private RedactionCost.Load texts = RedactionCost.logs("", new Random(1), 0);

  @Setup
  public void setUp() {
    for (int i = 0; i < patterns.length; i++) {
      patterns[i] = Pattern.compile(RedactionCost.PATTERNS[i]);
      linear[i] = com.google.re2j.Pattern.compile(RedactionCost.PATTERNS[i]);
    }
    Random random = new Random(1);
    texts =
        switch (load) {
          case "clean log" -> RedactionCost.logs(load, random, 0);
          case "1 in 10" -> RedactionCost.logs(load, random, 10);
          case "JSON 1 KB" -> RedactionCost.json(load, random, 1_000);
          default -> RedactionCost.json(load, random, 16_000);
        };
  }

  private boolean isJson() {
    return load.startsWith("JSON");
  }

  @Benchmark
  public int cordon(Read read) {
    read.bytes += texts.bytes();
    return isJson() ? RedactionCost.bodies(texts, everyKind) : RedactionCost.lines(texts, redactor);
  }

  /** Of JSON; a log line has no keys. */
  @Benchmark
  public int cordonKeysOnly(Read read) {
    read.bytes += isJson() ? texts.bytes() : 0;
    return isJson() ? RedactionCost.bodies(texts, keysOnly) : 0;
  }

  /** The same. */
  @Benchmark
  public int jsonMasker(Read read) {
    read.bytes += isJson() ? texts.bytes() : 0;
    return isJson() ? RedactionCost.masked(texts, masker) : 0;
  }

  @Benchmark
  public int javaUtilRegex(Read read) {
    read.bytes += texts.bytes();
    return RedactionCost.regex(texts, patterns);
  }

  @Benchmark
  public int re2j(Read read) {
    read.bytes += texts.bytes();
    return RedactionCost.linear(texts, linear);
  }

  @Benchmark
  public int swarPass(Read read) {
    read.bytes += texts.bytes();
    return RedactionCost.swar(texts, scratch);
  }
}
