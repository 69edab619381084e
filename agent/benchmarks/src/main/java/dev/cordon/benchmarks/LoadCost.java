package dev.cordon.benchmarks;

import dev.cordon.enforcement.RedactionDetector;
import dev.cordon.rules.Bundle;
import dev.cordon.rules.RuleSet;
import dev.cordon.rules.RuleSource;
import dev.cordon.rules.Surroundings;
import dev.cordon.rules.note.SignerKey;
import dev.cordon.rules.note.VerifierKey;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Prints how long it takes to load 1,000 rules in a JVM that has done nothing else yet: from YAML,
 * from a bundle, and from a signed bundle whose signature is verified. Each kind is loaded by
 * forked JVMs that take turns; time on the clock and CPU time of the whole process, medians.
 *
 * <p>Arguments: the JDK's home, rounds (default 9). Or, in a fork: the file, and a public key.
 */
public final class LoadCost {
  private static final int RULES = 1_000;
  private static final int RULES_PER_HOST = 20;

  private LoadCost() {}

  public static void main(String[] args) throws Exception {
    if (args.length > 0 && args[0].equals("load")) {
      load(args);
      return;
    }
    Path java = Fork.java(Path.of(args[0]));
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 9;
    Path work = Files.createTempDirectory("cordon-load");
    Path yaml = Files.writeString(work.resolve("rules.yaml"), rules());
    Path bundle = work.resolve("rules.cbundle");
    Files.write(bundle, Bundle.build(yaml, Surroundings.of(new RedactionDetector())));
    SignerKey key = SignerKey.generate("release@example.com");
    Path signed = work.resolve("signed.cbundle");
    Files.write(signed, Bundle.open(bundle, Surroundings.of(new RedactionDetector())).signed(key));
    List<List<String>> kinds =
        List.of(
            List.of("load", yaml.toString()),
            List.of("load", bundle.toString()),
            List.of("load", signed.toString(), key.verifier().toString()));
    double[][] wall = new double[kinds.size()][rounds];
    double[][] cpu = new double[kinds.size()][rounds];
    for (int round = 0; round < rounds; round++) {
      for (int kind = 0; kind < kinds.size(); kind++) {
        String line = Fork.run(java, List.of(), LoadCost.class, kinds.get(kind));
        int space = line.indexOf(' ');
        wall[kind][round] = Long.parseLong(line.substring(0, space)) / 1e6;
        cpu[kind][round] = Long.parseLong(line.substring(space + 1)) / 1e6;
      }
    }
    String[] names = {"YAML", "bundle", "signed bundle"};
    for (int kind = 0; kind < names.length; kind++) {
      System.out.printf(
          "%-14s %8.1f ms  CPU %8.1f ms%n",
          names[kind], AddedLatency.median(wall[kind]), AddedLatency.median(cpu[kind]));
    }
  }

  private static void load(String[] args) throws Exception {
    VerifierKey key = args.length > 2 ? VerifierKey.parse(args[2]) : null;
    var system =
        (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    Surroundings surroundings = Surroundings.of(new RedactionDetector());
    long cpuNs = system.getProcessCpuTime();
    long startNs = System.nanoTime();
    RuleSet rules = new RuleSource(Path.of(args[1]), surroundings, key).load();
    long tookNs = System.nanoTime() - startNs;
    cpuNs = system.getProcessCpuTime() - cpuNs;
    if (rules.serial() != 1) {
      throw new IOException("not the rules that were written");
    }
    System.out.println(tookNs + " " + cpuNs);
  }

  private static String rules() {
    StringBuilder yaml = new StringBuilder("version: 1\nname: load\nserial: 1\n");
    yaml.append("owner: b@example.com\npacks: [stripe/1, slack/1]\ndestinations:\n");
    yaml.append("  stripe: { hosts: [api.stripe.com] }\n  slack: { hosts: [slack.com] }\n");
    for (int i = 0; i < RULES / RULES_PER_HOST; i++) {
      yaml.append("  d").append(i).append(": { hosts: [h").append(i).append(".example.com] }\n");
    }
    yaml.append("rules:\n");
    for (int i = 0; i < RULES; i++) {
      yaml.append("  - id: rule.number.").append(i);
      yaml.append("\n    owner: team").append(i % 7).append("@example.com\n    to: d");
      yaml.append(i / RULES_PER_HOST).append("\n    call: POST /v1/things");
      yaml.append(i % RULES_PER_HOST).append("/*\n    when: [amount <= ").append(i);
      yaml.append(", reason in (duplicate | requested_by_customer)]\n    then: ");
      yaml.append(i % 3 == 0 ? "allow" : i % 3 == 1 ? "deny" : "approve").append('\n');
    }
    return yaml.toString();
  }
}
