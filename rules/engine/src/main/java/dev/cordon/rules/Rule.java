package dev.cordon.rules;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A compiled rule.
 *
 * @param order of all rules of the file, the strongest first, then by id
 * @param effect null for {@code then: redact}, which decides nothing by itself
 * @param any {@code to: any}
 * @param observed the rule only says what it would do
 * @param approval what a grant needs; null when the rule does not say
 * @param handOver where an escalated call goes; null when the rule does not say
 * @param firesOnUnknown for restricting rules; an allowing rule never does
 * @param ids a list of just this rule's id
 * @param file in which it stands
 * @param waivedUntilMs until then the rule only says what it would do; 0 when it is not waived
 * @param help one line for people whose call it refuses
 */
record Rule(
    int index,
    int order,
    String id,
    @Nullable Effect effect,
    boolean any,
    boolean observed,
    CallPattern call,
    List<ConditionParser.Clause> when,
    @Nullable FieldsCheck fields,
    @Nullable Redaction redaction,
    Bounds bounds,
    @Nullable ApprovalPolicy approval,
    @Nullable HandOver handOver,
    boolean firesOnUnknown,
    @Nullable Boolean refuseWithException,
    List<String> ids,
    String help,
    String file,
    Position at,
    long waivedUntilMs) {

  /** The same rule in its place, or waived. */
  Rule with(int newIndex, int newOrder, long newWaivedUntilMs) {
    return new Rule(
        newIndex,
        newOrder,
        id,
        effect,
        any,
        observed,
        call,
        when,
        fields,
        redaction,
        bounds,
        approval,
        handOver,
        firesOnUnknown,
        refuseWithException,
        ids,
        help,
        file,
        at,
        newWaivedUntilMs);
  }

  boolean allows() {
    return effect == Effect.ALLOW;
  }

  /** All conditions together. */
  Truth truth(Evaluation call) {
    Truth truth = Truth.TRUE;
    for (int i = 0; i < when.size() && truth != Truth.FALSE; i++) {
      truth = truth.and(when.get(i).condition().eval(call));
    }
    return truth;
  }
}
