package dev.cordon.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Cells that make the same rules fire are decided once. The slow way, one by one, must tell the
 * same; so must calls. {@code -Dcordon.seed=} runs one seed again.
 */
class CellStatesTest {
  private static final int CALLS = 2_000;

  @TempDir Path directory;

  /** At which kinds of calls something is looser, and at which stricter. */
  private static final class Told implements CellProof.Differences {
    final Set<String> kinds = new TreeSet<>();
    final Set<String> gaps = new LinkedHashSet<>();

    @Override
    public boolean differs(
        @Nullable String looser, CellProof.Skeleton where, Decision before, Decision after) {
      CallLeaves.Skeleton call = where.call();
      kinds.add(
          (looser == null ? "stricter" : "looser")
              + (" at " + call.method() + " " + call.url())
              + (call.headers() + call.body()));
      return true;
    }

    @Override
    public void call(
        @Nullable String looser, CellProof.Real call, Decision before, Decision after) {}
  }

  private static Told proof(Path before, Path after, long fewCells) throws Exception {
    Told told = new Told();
    new CellProof(
            RuleSet.load(before, Surroundings.of(new TestDetector())).file(),
            RuleSet.load(after, Surroundings.of(new TestDetector())).file(),
            new TestDetector(),
            new CellProof.Clock(Instant.parse("2026-11-22T12:00:00Z")),
            told.gaps,
            400_000,
            64,
            fewCells,
            told)
        .run();
    return told;
  }

  @RepeatedTest(30)
  void aCellForEachStateTellsWhatAllCellsTell(RepetitionInfo repetition) throws Exception {
    long seed =
        Long.getLong("cordon.seed", System.nanoTime() * 31) + repetition.getCurrentRepetition() - 1;
    Random random = new Random(seed);
    String before;
    String after;
    if (random.nextBoolean()) {
      MixedRules mixed = new MixedRules(random, 1 + random.nextInt(2), 1 + random.nextInt(2));
      List<String> rules = mixed.rules(2 + random.nextInt(3));
      before = MixedRules.file(rules);
      after = MixedRules.file(mixed.changed(rules));
    } else {
      RandomRulesTest.Model model = RandomDiffTest.small(RandomRulesTest.model(random));
      before = RandomRulesTest.yaml(model);
      after = RandomRulesTest.yaml(RandomDiffTest.changed(model, random));
    }
    Path beforeFile = RuleFiles.write(directory, before);
    Path afterFile = RuleFiles.write(directory, after);
    Told each = proof(beforeFile, afterFile, Long.MAX_VALUE);
    Told states = proof(beforeFile, afterFile, 0);
    if (each.gaps.isEmpty()) { // else it did not get through
      String story = "-Dcordon.seed=" + seed + "\n" + before + "----\n" + after;
      assertEquals(each.kinds, states.kinds, story);
      assertEquals(Set.of(), states.gaps, story);
    }
  }

  @RepeatedTest(5)
  void someDozenRulesOfAllKindsAreProvedAndCallsFindNothingElse(RepetitionInfo repetition)
      throws Exception {
    long seed =
        Long.getLong("cordon.seed", System.nanoTime() * 31) + repetition.getCurrentRepetition() - 1;
    Random random = new Random(seed);
    MixedRules mixed = new MixedRules(random, 1 + random.nextInt(12), 1 + random.nextInt(4));
    List<String> rules = mixed.rules(20 + random.nextInt(50));
    Path before = RuleFiles.write(directory, MixedRules.file(rules));
    Path after = RuleFiles.write(directory, MixedRules.file(mixed.changed(rules)));
    RuleDiff.Report report = RuleDiff.compare(before, after, Surroundings.of(new TestDetector()));
    String story =
        "-Dcordon.seed="
            + seed
            + "\n"
            + Files.readString(before)
            + "----\n"
            + Files.readString(after)
            + report;
    assertTrue(report.cells() < CellProof.MAX_CELLS_IN_ALL, story);
    RuleSet old = RuleSet.load(before);
    RuleSet now = RuleSet.load(after);
    Permission permission = new Permission(old.file(), now.file());
    for (int i = 0; i < CALLS && report.isProvedNoLooser(); i++) {
      CallFacts facts = mixed.call();
      assertNull(permission.looser(old.decide(facts), now.decide(facts)), () -> facts + story);
    }
    for (RuleDiff.Difference difference : report.differences()) {
      RandomDiffTest.assertShown(difference, before, after, story);
    }
  }

  @Test
  void whatAsksForTooMuchAtOnceIsSaidToBeUndecidedWithItsRules() throws Exception {
    // each rule has a limit of its own, so that of each it matters whether it fires
    StringBuilder rules = new StringBuilder();
    for (int i = 0; i < 24; i++) {
      rules.append("  - { id: r").append(i).append(", to: stripe, call: POST /v1/refunds, when: [");
      rules.append("g").append(i).append(" = 1, g").append((i + 5) % 24).append(" = 1, g");
      rules.append((i + 11) % 24).append(" = 1], then: allow, ");
      rules.append("limits: [{ per: rule, max: 5, within: 1h }] }\n");
    }
    String text = MixedRules.file(List.of(rules.toString()));
    Path before = RuleFiles.write(directory, text);
    Path after = RuleFiles.write(directory, text.replaceFirst("(id: r3,[^\\n]* max: )5", "$1" + 4));
    RuleDiff.Report report = RuleDiff.compare(before, after, Surroundings.of(Detector.NONE));
    assertFalse(report.isLooser(), report::toString);
    assertFalse(report.isProvedNoLooser(), report::toString); // never a silent yes
    String gap = report.gaps().toString();
    assertTrue(gap.contains("not decided for these rules: r3; with the 24 rules"), gap);
  }
}
