package dev.cordon.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
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
 * Numbers with the same effects are one cell. The slow way, a cell for each, must tell the same.
 * {@code -Dcordon.seed=} runs one seed again.
 */
class MergedCellsTest {
  private static final String HEAD =
      """
      version: 1
      name: merged
      owner: t@example.com
      packs: [stripe/1]
      approvals: { money: { approvers: [group:a] }, twice: { approvers: [group:a], votes: 2 } }
      destinations: { stripe: { hosts: [api.stripe.com] } }
      rules:
      """;
  private static final List<String> CONDITIONS =
      List.of(
          "money > N EUR",
          "money <= N EUR",
          "money = N EUR",
          "money < N USD",
          "money >= N.5 EUR', 'money < M EUR",
          "amount > N",
          "amount <= N.25",
          "amount = N",
          "amount >= N', 'amount < M",
          "amount > N', 'money <= M EUR",
          "amount in (N | M)",
          "amount != N",
          "query.n > N",
          "query.n >= N', 'query.n <= M",
          "header.X-N = N",
          "money > N EUR', 'query.n = M");
  private static final List<String> EFFECTS =
      List.of(
          "allow",
          "allow",
          "approve",
          "approve, approval: { policy: money }",
          "approve, approval: { policy: twice }",
          "escalate",
          "deny",
          "forbid",
          "allow, size: { body: 8 KiB }",
          "allow, limits: [{ per: rule, max: N, within: 1h }]",
          "deny, on-unknown: skip");

  @TempDir Path directory;

  /** What a proof told. */
  private static final class Told implements CellProof.Differences {
    final Set<String> reasons = new TreeSet<>();
    final Set<String> shown = new TreeSet<>();
    final Set<String> gaps = new LinkedHashSet<>();

    @Override
    public boolean differs(
        @Nullable String looser, CellProof.Skeleton where, Decision before, Decision after) {
      reasons.add(looser + " at " + where.call().method() + " " + where.call().url());
      return true;
    }

    @Override
    public void call(
        @Nullable String looser, CellProof.Real call, Decision before, Decision after) {
      shown.add(looser == null ? "stricter" : looser);
    }
  }

  private static Told proof(Path before, Path after, int fewNumbers) throws Exception {
    Told told = new Told();
    CellProof.Clock clock = new CellProof.Clock(Instant.parse("2026-11-22T12:00:00Z"));
    CellProof proof =
        new CellProof(
            RuleSet.load(before).file(),
            RuleSet.load(after).file(),
            Detector.NONE,
            clock,
            told.gaps,
            CellProof.MAX_CELLS_IN_ALL,
            fewNumbers,
            Long.MAX_VALUE,
            told);
    proof.run();
    return told;
  }

  @RepeatedTest(12)
  void aCellForAllNumbersWithTheSameEffectsTellsWhatACellForEachTells(RepetitionInfo repetition)
      throws Exception {
    long seed =
        Long.getLong("cordon.seed", System.nanoTime() * 31) + repetition.getCurrentRepetition() - 1;
    Random random = new Random(seed);
    List<String> conditions = new ArrayList<>();
    for (int i = 1 + random.nextInt(2); i > 0; i--) {
      conditions.add(pick(random, CONDITIONS));
    }
    List<String> rules = new ArrayList<>();
    for (int i = 2 + random.nextInt(14); i > 0; i--) {
      rules.add(rule(random, i, conditions));
    }
    Path before = write(rules, random);
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      int at = random.nextInt(rules.size());
      rules.set(at, rule(random, rules.size() - at, conditions));
    }
    Path after = write(rules, random);
    Told each = proof(before, after, Integer.MAX_VALUE);
    Told merged = proof(before, after, 0);
    String story =
        "-Dcordon.seed=" + seed + "\n" + Files.readString(before) + Files.readString(after);
    if (each.gaps.isEmpty() && merged.gaps.isEmpty()) { // else one of them did not get through
      assertEquals(each.reasons, merged.reasons, story);
      assertEquals(each.shown, merged.shown, story);
    }
  }

  private Path write(List<String> rules, Random random) throws Exception {
    String head = random.nextInt(20) == 0 ? "defaults: { write: allow }\n" : "";
    return RuleFiles.write(
        directory, HEAD.replace("destinations:", head + "destinations:") + String.join("", rules));
  }

  private static String rule(Random random, int number, List<String> conditions) {
    String text =
        "  - { id: r"
            + number
            + ", to: stripe, call: POST /v1/refunds, when: ['"
            + pick(random, conditions)
            + "'], then: "
            + pick(random, EFFECTS)
            + (random.nextInt(6) == 0 ? ", mode: observe" : "")
            + " }\n";
    return text.replace("N", "" + (random.nextInt(9) + 1)).replace("M", "" + random.nextInt(15));
  }

  private static <T> T pick(Random random, List<T> from) {
    return from.get(random.nextInt(from.size()));
  }

  @Test
  void manyBandsAtOneEndpointAreAFewCells() throws Exception {
    StringBuilder rules = new StringBuilder();
    for (int i = 0; i < 2_000; i++) {
      rules.append("  - { id: r").append(i).append(", to: stripe, call: POST /v1/refunds, when: [");
      rules.append("money > ").append(i).append(" EUR, money <= ").append(i + 1).append(" EUR], ");
      rules.append("then: ").append(i % 2 == 0 ? "allow" : "approve").append(" }\n");
    }
    String text = HEAD + rules;
    Path before = RuleFiles.write(directory, text);
    String changed = "money > 1000 EUR, money <= 1001 EUR], then: ";
    Path same = RuleFiles.write(directory, text.replace(changed + "allow", changed + "deny"));
    Surroundings given = Surroundings.of(Detector.NONE);
    RuleDiff.Report stricter = RuleDiff.compare(before, same, given);
    assertTrue(stricter.isProvedNoLooser(), stricter::toString);
    assertTrue(stricter.cells() < 5_000, stricter::toString);
    assertTrue(RuleDiff.compare(same, before, given).isLooser());
  }
}
