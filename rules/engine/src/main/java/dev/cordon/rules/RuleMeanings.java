package dev.cordon.rules;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Numbers for the rules of two rule sets: equal for rules that mean the same. */
final class RuleMeanings {
  private final RuleFile before;
  private final RuleText beforeText;
  private final RuleText afterText;
  private final int[] ofBefore;
  private final int[] ofAfter;
  private final Map<String, Integer> numbers = new HashMap<>();

  RuleMeanings(RuleFile before, RuleFile after) {
    this.before = before;
    beforeText = new RuleText(before);
    afterText = new RuleText(after);
    ofBefore = unknown(before);
    ofAfter = unknown(after);
  }

  private static int[] unknown(RuleFile file) {
    int[] numbers = new int[file.rules().size()];
    Arrays.fill(numbers, -1);
    return numbers;
  }

  /**
   * @param rule one of {@link RuleFile#rules}
   */
  int of(RuleFile file, Rule rule) {
    int[] known = file == before ? ofBefore : ofAfter;
    int number = known[rule.index()];
    if (number < 0) {
      RuleText text = file == before ? beforeText : afterText;
      number = numbers.computeIfAbsent(text.of(rule), any -> numbers.size());
      known[rule.index()] = number;
    }
    return number;
  }
}
