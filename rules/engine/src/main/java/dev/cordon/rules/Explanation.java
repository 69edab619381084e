package dev.cordon.rules;

import java.util.List;

/**
 * How a decision came about. Names rules, places and truth values; never a value of the call.
 *
 * @param notes what the engine made of the call: its destination, its path, its body
 */
public record Explanation(Decision decision, List<String> notes, List<RuleTrace> rules) {

  public Explanation {
    notes = List.copyOf(notes);
    rules = List.copyOf(rules);
  }

  /**
   * A rule whose destination and call match.
   *
   * @param then the word in the rule file
   * @param file of the layer in which the rule stands
   * @param line where the rule stands in the file
   * @param fired whether it took part in the decision
   * @param why a few words on it
   */
  public record RuleTrace(
      String id,
      String then,
      boolean observed,
      String call,
      String file,
      int line,
      boolean fired,
      String why,
      List<ConditionTrace> conditions) {

    public RuleTrace {
      conditions = List.copyOf(conditions);
    }
  }

  /**
   * One condition of a rule as written in the file, with its value for this call.
   *
   * @param near unknown, and the call has a text that is nearly the one in the rule
   */
  public record ConditionTrace(String text, int line, int column, Truth truth, boolean near) {}
}
