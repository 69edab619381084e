package dev.cordon.rules;

import java.util.Arrays;
import java.util.List;

/** Of all rules that fire the few that a decision names: the strongest, then by id. */
final class FirstRules {
  static final int MAX = 8;

  private final Rule[] rules = new Rule[MAX];
  private int count;

  void clear() {
    count = 0;
  }

  /** Adds a rule; one that was added before changes nothing. */
  void add(Rule rule) {
    int at = count;
    while (at > 0 && rule.order() < rules[at - 1].order()) {
      at--;
    }
    if (at == MAX || (at > 0 && rules[at - 1] == rule)) {
      return;
    }
    if (at < count) {
      System.arraycopy(rules, at, rules, at + 1, Math.min(count, MAX - 1) - at);
    }
    count = Math.min(count + 1, MAX);
    if (rules[at] != rule) { // decided again: no store that changes nothing
      rules[at] = rule;
    }
  }

  Rule[] toArray() {
    return Arrays.copyOf(rules, count);
  }

  boolean areNamedBy(List<String> ids) {
    boolean same = ids.size() == count;
    for (int i = 0; i < count && same; i++) {
      same = ids.get(i).equals(rules[i].id());
    }
    return same;
  }

  List<String> ids() {
    if (count == 0) {
      return List.of();
    }
    if (count == 1) {
      return rules[0].ids();
    }
    String[] ids = new String[count];
    for (int i = 0; i < count; i++) {
      ids[i] = rules[i].id();
    }
    return List.of(ids);
  }
}
