package dev.cordon.benchmarks;

import dev.cordon.rules.Detector;
import dev.cordon.rules.RuleDiff;
import dev.cordon.rules.Surroundings;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What {@code rules diff} takes for 10,000 rules, loading included: the first line is that of a
 * cold JVM, as in a build. Time on the clock and CPU time of the process. Run by hand: {@code java
 * -cp ... dev.cordon.benchmarks.RuleDiffCost}; with {@code one}, all rules are at one endpoint.
 */
public final class RuleDiffCost {
  private static final int RULES = 10_000;
  private static final int RULES_PER_HOST = 20;
  private static final int ROUNDS = 4;

  private RuleDiffCost() {}

  /** Prints one line a round. */
  public static void main(String[] arguments) throws Exception {
    int rulesPerHost = arguments.length > 0 && arguments[0].equals("one") ? RULES : RULES_PER_HOST;
    int paths = rulesPerHost == RULES ? 1 : RULES_PER_HOST;
    StringBuilder text =
        new StringBuilder("version: 1\nname: many\nowner: b@example.com\ndestinations:\n");
    for (int i = 0; i < RULES; i += rulesPerHost) {
      int host = i / rulesPerHost;
      text.append("  d").append(host).append(": { hosts: [h").append(host);
      text.append(".example.com] }\n");
    }
    text.append("rules:\n");
    for (int i = 0; i < RULES; i++) {
      text.append("  - { id: r").append(i).append(", to: d").append(i / rulesPerHost);
      text.append(", call: POST /v1/things").append(i % paths);
      text.append(", when: [amount <= ").append(i).append("], then: allow }\n");
    }
    String last = "amount <= " + (RULES - 1) + "]";
    Path before = Files.createTempFile("before", ".yaml");
    Path after = Files.createTempFile("after", ".yaml");
    try {
      Files.writeString(before, text);
      Files.writeString(after, text.toString().replace(last, "amount <= 5000]"));
      for (int i = 0; i < ROUNDS; i++) {
        measure(before, after, System.out);
      }
    } finally {
      Files.delete(before);
      Files.delete(after);
    }
  }

  private static void measure(Path before, Path after, PrintStream out) throws Exception {
    var system =
        (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long cpuNs = system.getProcessCpuTime();
    long startNs = System.nanoTime();
    RuleDiff.Report report = RuleDiff.compare(before, after, Surroundings.of(Detector.NONE));
    long ms = (System.nanoTime() - startNs) / 1_000_000;
    cpuNs = system.getProcessCpuTime() - cpuNs;
    out.println(
        ms
            + " ms, CPU "
            + cpuNs / 1_000_000
            + " ms; "
            + report.leaves()
            + " kinds of calls, "
            + report.changedLeaves()
            + " changed, "
            + report.cells()
            + " cells, proved no looser: "
            + report.isProvedNoLooser());
  }
}
