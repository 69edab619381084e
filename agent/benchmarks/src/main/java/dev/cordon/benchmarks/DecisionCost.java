package dev.cordon.benchmarks;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Prints what one decision of {@link RulesBenchmark} costs in CPU time of the thread and in bytes,
 * ours and its peers' in turns. For machines that are busy with other things: the benchmark tells
 * wall time, which then is mostly that of the others. The least of several rounds counts.
 */
public final class DecisionCost {
  private static final int ROUNDS = 7;
  private static final long WARM_UP_NS = 1_500_000_000L;
  private static final long ROUND_NS = 100_000_000L;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private interface Decider {
    Object decide() throws Exception;
  }

  private static volatile @Nullable Object sink;

  private DecisionCost() {}

  /** Arguments: {@code peers}, to measure those, too. */
  public static void main(String[] args) throws Exception {
    boolean peers = args.length > 0 && args[0].equals("peers");
    System.out.println("rules     what                     CPU a decision     allocated");
    for (int rules : new int[] {10, 100, 1_000, 10_000}) {
      RulesBenchmark benchmark = new RulesBenchmark();
      benchmark.rules = rules;
      benchmark.setUp();
      RulesBenchmark.Cordon cordon = new RulesBenchmark.Cordon();
      cordon.setUp(benchmark);
      tell(rules, "cordon", () -> benchmark.cordon(cordon));
      tell(rules, "cordon from the URL", () -> benchmark.cordonFromUrl(cordon));
      tell(rules, "one endpoint, texts", () -> benchmark.cordonOneEndpointTexts(cordon));
      tell(rules, "one endpoint, limits", () -> benchmark.cordonOneEndpointLimits(cordon));
      tell(rules, "one endpoint, bands", () -> benchmark.cordonOneEndpointBands(cordon));
      if (peers) {
        RulesBenchmark.Casbin casbin = new RulesBenchmark.Casbin();
        casbin.setUp(benchmark);
        tell(rules, "jcasbin", () -> benchmark.jcasbin(casbin));
        RulesBenchmark.Cel cel = new RulesBenchmark.Cel();
        cel.setUp(benchmark);
        tell(rules, "cel", () -> benchmark.cel(cel));
        RulesBenchmark.Cedar cedar = new RulesBenchmark.Cedar();
        cedar.setUp(benchmark);
        tell(rules, "cedar", () -> benchmark.cedar(cedar));
      }
    }
  }

  private static void tell(int rules, String what, Decider decider) throws Exception {
    long warm = cpuNs() + WARM_UP_NS;
    long calls = 0;
    while (cpuNs() < warm) {
      sink = decider.decide();
      calls++;
    }
    long perRound = Math.max(1, calls * ROUND_NS / WARM_UP_NS);
    double leastNs = Double.MAX_VALUE;
    long leastBytes = Long.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      long bytes = bytes();
      long startedNs = cpuNs();
      for (long i = 0; i < perRound; i++) {
        sink = decider.decide();
      }
      leastNs = Math.min(leastNs, (double) (cpuNs() - startedNs) / perRound);
      leastBytes = Math.min(leastBytes, (bytes() - bytes) / perRound);
    }
    System.out.printf(
        Locale.ROOT, "%6d    %-22s %,15.2f us %,11d B%n", rules, what, leastNs / 1e3, leastBytes);
  }

  private static long cpuNs() {
    return THREADS.getCurrentThreadCpuTime();
  }

  private static long bytes() {
    return THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
  }
}
