package dev.cordon.rules;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is done with one call, and why. Carries names from rule files and packs only, never anything
 * of the call itself.
 *
 * @param enforced false: observe; the call proceeds, the effect is journaled as would_*
 * @param ruleId the determining rule, or {@code default.write} style
 * @param ruleIds all matching rules, at most 8, strongest first
 * @param destination the name in the rule file; empty when the host is in none
 * @param operation the pack's name for the call or the path pattern of a rule; empty when neither
 *     knows it
 * @param redactions what enforced {@code then: redact} rules want done to this call before it
 *     leaves; rules in observe mode are not among them
 * @param keepFields fields that name the recipient; never redacted
 * @param fieldNames names of body fields known to the pack or the rule file, at most 16; {@code
 *     other} stands for all others; empty when no rule needed the body
 * @param charges what the call is counted under by {@link RuleSet#hold} before it leaves
 * @param approval what a grant for the call needs; null unless the effect is APPROVE and a rule
 *     says so
 * @param handOver where the call goes; null unless the effect is ESCALATE and the rule says so
 * @param shape how the vendor words a refusal; null when no pack says
 * @param help one line: how to ask for approval, or what to change
 */
public record Decision(
    Effect effect,
    boolean enforced,
    String ruleId,
    List<String> ruleIds,
    CallClass callClass,
    Reason reason,
    String destination,
    String operation,
    List<Redaction> redactions,
    Set<String> keepFields,
    List<String> fieldNames,
    boolean refuseWithException,
    Charges charges,
    @Nullable ApprovalPolicy approval,
    @Nullable HandOver handOver,
    @Nullable RefusalShape shape,
    String help) {

  /** The same call, kept from leaving (or only told of, {@code enforced} false) by a limit. */
  Decision limited(boolean enforcedNow, Ledger.Breach breach) {
    Rule rule = breach.charge().rule();
    Boolean exception = rule.refuseWithException();
    HandOver handOverTo = breach.effect() == Effect.ESCALATE ? rule.handOver() : null;
    return new Decision(
        breach.effect(),
        enforcedNow,
        rule.id(),
        ruleIds,
        callClass,
        breach.reason(),
        destination,
        operation,
        redactions,
        keepFields,
        fieldNames,
        exception == null ? refuseWithException : exception,
        charges,
        breach.effect() == Effect.APPROVE ? rule.approval() : null,
        handOverTo,
        shape,
        handOverTo != null && !handOverTo.reply().isEmpty() ? handOverTo.reply() : breach.help());
  }

  /** True when the call must not leave. */
  public boolean blocks() {
    return enforced && effect != Effect.ALLOW;
  }
}
