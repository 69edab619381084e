package dev.cordon.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.io.TempDir;

/**
 * Compares random rule files with changed ones twice: by the proof, and by deciding random calls
 * with both. Where a call shows that the change is looser, the proof may not say that it is not;
 * every call that the proof shows must be decided as it says. {@code -Dcordon.seed=} runs one seed
 * again.
 */
class RandomDiffTest {
  private static final int CALLS = 1_500;

  @TempDir Path directory;

  @RepeatedTest(20)
  void theProofMissesNothingThatRandomCallsFind(RepetitionInfo repetition) throws Exception {
    long seed =
        Long.getLong("cordon.seed", System.nanoTime() * 31) + repetition.getCurrentRepetition() - 1;
    Random random = new Random(seed);
    RandomRulesTest.Model model = small(RandomRulesTest.model(random));
    String before = RandomRulesTest.yaml(model);
    String after = RandomRulesTest.yaml(changed(model, random));
    Path beforeFile = RuleFiles.write(directory, before);
    Path afterFile = RuleFiles.write(directory, after);
    RuleDiff.Report report =
        RuleDiff.compare(beforeFile, afterFile, Surroundings.of(new TestDetector()));
    String story = "-Dcordon.seed=" + seed + "\n" + before + "----\n" + after + "----\n" + report;
    RuleSet old = RuleSet.load(beforeFile);
    RuleSet now = RuleSet.load(afterFile);
    Permission permission = new Permission(old.file(), now.file());
    if (report.isProvedNoLooser()) {
      for (int i = 0; i < CALLS; i++) {
        CallFacts facts = RandomRulesTest.facts(RandomRulesTest.call(random));
        String looser = permission.looser(old.decide(facts), now.decide(facts));
        assertEquals(
            null,
            looser,
            () ->
                facts.url()
                    + " "
                    + facts.method()
                    + "\n"
                    + new String(facts.body(), java.nio.charset.StandardCharsets.UTF_8)
                    + facts.headers()
                    + facts.caller()
                    + "\n"
                    + story);
      }
    }
    for (RuleDiff.Difference difference : report.differences()) {
      assertShown(difference, beforeFile, afterFile, story);
    }
  }

  /** Few rules: the cells of all fields together would be too many to be decided one by one. */
  static RandomRulesTest.Model small(RandomRulesTest.Model model) {
    List<RandomRulesTest.ModelRule> rules = model.rules();
    return new RandomRulesTest.Model(
        model.destinations(),
        model.lines(),
        rules.subList(0, Math.min(rules.size(), 5)),
        model.defaults(),
        model.observes());
  }

  static void assertShown(
      RuleDiff.Difference difference, Path beforeFile, Path afterFile, String story)
      throws Exception {
    RuleDiff.Example example = difference.example();
    RuleDiff.Decided was = difference.before();
    RuleDiff.Decided is = difference.after();
    if (was == null || is == null) {
      return; // of no single call
    }
    assertNotNull(example, story);
    InstantSource clock = InstantSource.fixed(example.now());
    Surroundings then = new Surroundings(new TestDetector(), clock, System::nanoTime, new Ledger());
    RuleSet old = RuleSet.load(beforeFile, then);
    RuleSet now = RuleSet.load(afterFile, then);
    Decision first = old.decide(example.facts(old.inspectUpToBytes()));
    Decision second = now.decide(example.facts(now.inspectUpToBytes()));
    assertEquals(was.effect() + " " + was.ruleId(), words(first), story);
    assertEquals(is.effect() + " " + is.ruleId(), words(second), story);
    boolean looser = new Permission(old.file(), now.file()).looser(first, second) != null;
    assertEquals(difference.change() == RuleDiff.Change.LOOSER, looser, story);
    assertTrue(difference.cells() > 0, story);
  }

  private static String words(Decision decision) {
    return (decision.enforced() ? "" : "would ")
        + Fold.lower(decision.effect().name())
        + " "
        + decision.ruleId();
  }

  /** One to three things are otherwise. */
  static RandomRulesTest.Model changed(RandomRulesTest.Model model, Random random) {
    List<RandomRulesTest.ModelRule> rules = new ArrayList<>(model.rules());
    List<RandomRulesTest.ModelLine> lines = new ArrayList<>(model.lines());
    Map<String, String> defaults = new LinkedHashMap<>(model.defaults());
    Map<String, List<String>> destinations = new LinkedHashMap<>(model.destinations());
    boolean observes = model.observes();
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      int at = rules.isEmpty() ? -1 : random.nextInt(rules.size());
      switch (random.nextInt(12)) {
        case 0 -> {
          if (rules.size() > 1) {
            rules.remove(at);
          }
        }
        case 1, 2, 3 -> {
          if (at >= 0) {
            rules.set(at, changed(rules.get(at), random));
          }
        }
        case 4 -> {
          RandomRulesTest.ModelRule more =
              changed(changed(RandomRulesTest.model(random).rules().get(0), random), random);
          if (rules.stream().noneMatch(rule -> rule.id().equals(more.id()))) {
            rules.add(more);
          }
        }
        case 5 -> {
          if (!lines.isEmpty()) {
            lines.remove(random.nextInt(lines.size()));
          }
        }
        case 6 ->
            lines.add(
                new RandomRulesTest.ModelLine(
                    "d" + random.nextInt(3),
                    RandomRulesTest.methods(random),
                    RandomRulesTest.path(random),
                    random.nextBoolean()));
        case 7 ->
            defaults.put(
                RandomRulesTest.pick(random, List.of("host", "read", "write", "unknown")),
                RandomRulesTest.pick(random, List.of("allow", "deny", "approve")));
        case 8 ->
            destinations.put(
                "d" + random.nextInt(3),
                List.of(
                    RandomRulesTest.pick(random, RandomRulesTest.HOSTS),
                    RandomRulesTest.pick(random, RandomRulesTest.HOSTS)));
        case 9 -> observes = random.nextInt(4) == 0;
        default -> {} // nothing, or less
      }
    }
    java.util.Collections.shuffle(rules, random); // order means nothing
    return new RandomRulesTest.Model(destinations, lines, rules, defaults, observes);
  }

  private static RandomRulesTest.ModelRule changed(RandomRulesTest.ModelRule rule, Random random) {
    String to = rule.to();
    String methods = rule.methods();
    String path = rule.path();
    List<String> when = new ArrayList<>(rule.when());
    String then = rule.then();
    boolean observed = rule.observed();
    boolean skips = rule.skips();
    switch (random.nextInt(8)) {
      case 0 -> to = random.nextInt(3) == 0 ? "any" : "d" + random.nextInt(3);
      case 1 -> methods = RandomRulesTest.methods(random);
      case 2 -> path = RandomRulesTest.path(random);
      case 3 -> when.add(RandomRulesTest.condition(random));
      case 4 -> when.clear();
      case 5 -> then = RandomRulesTest.pick(random, List.of("allow", "deny", "approve", "forbid"));
      case 6 -> observed = !observed;
      default -> skips = !skips;
    }
    return new RandomRulesTest.ModelRule(
        rule.id(), to, methods, path, when, then, observed, skips && !then.equals("allow"));
  }
}
