package dev.cordon.rules;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rules that a call meets together. What those come to that fire whenever they are met is settled
 * when the file is compiled: however many they are, a call looks at the strongest only.
 *
 * @param first of those, the first that a decision tells of
 * @param enforced of those, the one that decides; null when there is none
 * @param observed likewise, of the rules in observe mode
 * @param others rules of which more has to be known
 */
record Together(Rule[] first, @Nullable Rule enforced, @Nullable Rule observed, int[] others) {

  /** Collects rules. */
  static final class Builder {
    private final List<Rule> fired = new ArrayList<>(1);
    private final List<Rule> others = new ArrayList<>(1);

    /** A rule that fires when it is met. */
    void fires(Rule rule) {
      fired.add(rule);
    }

    /** A rule that has to be evaluated. */
    void asks(Rule rule) {
      others.add(rule);
    }

    @Nullable Together build() {
      if (fired.isEmpty() && others.isEmpty()) {
        return null;
      }
      FirstRules first = new FirstRules();
      Best enforced = new Best();
      Best observed = new Best();
      for (int i = 0; i < fired.size(); i++) {
        Rule rule = fired.get(i);
        first.add(rule);
        (rule.observed() ? observed : enforced).offer(rule, 0);
      }
      int[] ids = new int[others.size()];
      for (int i = 0; i < ids.length; i++) {
        ids[i] = others.get(i).index();
      }
      return new Together(first.toArray(), enforced.rule, observed.rule, ids);
    }
  }
}
