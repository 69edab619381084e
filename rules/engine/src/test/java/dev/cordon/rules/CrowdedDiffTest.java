package dev.cordon.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.io.TempDir;

/**
 * Like {@link RandomDiffTest}, with many rules at one endpoint: they are found by what they ask
 * for. {@code -Dcordon.seed=} runs one seed again.
 */
class CrowdedDiffTest {
  private static final int CALLS = 400;
  private static final String HEAD =
      """
      version: 1
      name: crowded
      owner: t@example.com
      packs: [stripe/1]
      patterns: { order: 'ord_[0-9]+' }
      destinations: { stripe: { hosts: [api.stripe.com] } }
      rules:
      """;
  private static final List<String> CONDITIONS =
      List.of(
          "money > N EUR",
          "money <= N EUR",
          "money = N EUR",
          "reason = wN",
          "reason in (wN | w1)",
          "reason.length > N",
          "reason.length <= N",
          "{ not: 'reason = wN' }",
          "reason matches order");

  @TempDir Path directory;

  @RepeatedTest(12)
  void theProofMissesNothingThatRandomCallsFind(RepetitionInfo repetition) throws Exception {
    long seed =
        Long.getLong("cordon.seed", System.nanoTime() * 31) + repetition.getCurrentRepetition() - 1;
    Random random = new Random(seed);
    List<String> rules = new ArrayList<>();
    for (int i = 9 + random.nextInt(30); i > 0; i--) {
      rules.add(rule(random, i));
    }
    Path before = RuleFiles.write(directory, HEAD + String.join("", rules));
    for (int i = 1 + random.nextInt(2); i > 0; i--) {
      int at = random.nextInt(rules.size());
      rules.set(at, rule(random, rules.size() - at));
    }
    Path after = RuleFiles.write(directory, HEAD + String.join("", rules));
    RuleDiff.Report report = RuleDiff.compare(before, after, Surroundings.of(new TestDetector()));
    String story = "-Dcordon.seed=" + seed + " " + report;
    RuleSet old = RuleSet.load(before);
    RuleSet now = RuleSet.load(after);
    Permission permission = new Permission(old.file(), now.file());
    boolean looser = false;
    for (int i = 0; i < CALLS; i++) {
      CallFacts call = call(random);
      String why = permission.looser(old.decide(call), now.decide(call));
      looser |= why != null;
      if (report.isProvedNoLooser()) {
        assertEquals(null, why, () -> new String(call.body(), StandardCharsets.UTF_8) + story);
      }
    }
    assertTrue(!looser || report.isLooser(), story);
    for (RuleDiff.Difference difference : report.differences()) {
      RandomDiffTest.assertShown(difference, before, after, story);
    }
  }

  private static String rule(Random random, int number) {
    String condition = pick(random, CONDITIONS).replace("N", "" + random.nextInt(7));
    return "  - { id: r"
        + number
        + ", to: stripe, call: POST /v1/refunds, when: ["
        + (condition.startsWith("{") ? condition : "'" + condition + "'")
        + "], then: "
        + pick(random, List.of("allow", "allow", "approve", "escalate", "deny"))
        + (random.nextInt(8) == 0 ? ", mode: observe" : "")
        + " }\n";
  }

  private static CallFacts call(Random random) {
    StringBuilder body = new StringBuilder("{\"currency\":\"");
    body.append(pick(random, List.of("eur", "EUR", "usd"))).append('"');
    if (random.nextInt(8) > 0) {
      body.append(",\"amount\":").append(random.nextInt(9) * 50);
    }
    switch (random.nextInt(8)) {
      case 0 -> {}
      case 1 -> body.append(",\"reason\":5");
      case 2 -> body.append(",\"reason\":\"ord_77\"");
      case 3 -> body.append(",\"reason\":\"").append("z".repeat(random.nextInt(9))).append('"');
      default -> body.append(",\"reason\":\"w").append(random.nextInt(8)).append('"');
    }
    body.append('}');
    return new CallFacts(
        "POST",
        "https://api.stripe.com/v1/refunds",
        List.of("Content-Type", "application/json"),
        BodyState.READ,
        body.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static <T> T pick(Random random, List<T> from) {
    return from.get(random.nextInt(from.size()));
  }
}
