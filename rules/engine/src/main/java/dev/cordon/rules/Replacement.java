package dev.cordon.rules;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether a rule that replaces a lower one can be seen to let nothing more by. Compares what is
 * written, so it says no where a proof would say yes.
 */
final class Replacement {
  private Replacement() {}

  /** Why the new rule may be looser; null when it is not. */
  static @Nullable String looser(Draft.Entry lower, Draft.Entry upper) {
    Rule from = lower.rule();
    Rule to = upper.rule();
    if (from.effect() == Effect.FORBID) {
      return "what is forbidden stays as it is";
    }
    if (to.observed() && !from.observed()) {
      return "it only observes";
    }
    if (!Objects.equals(from.redaction(), to.redaction())
        || (from.effect() == null) != (to.effect() == null)) {
      return "it redacts something else";
    }
    return from.allows() ? looserAllow(lower, upper) : looserRestriction(lower, upper);
  }

  private static @Nullable String looserAllow(Draft.Entry lower, Draft.Entry upper) {
    Rule from = lower.rule();
    Rule to = upper.rule();
    boolean bound = from.bounds() != Bounds.NONE || from.fields() != null;
    if (!to.allows()) {
      // without the bounds of the rule a default may let calls by
      return bound ? "the limits of the lower rule would be gone" : null;
    }
    if (!from.call().covers(to.call()) || !covers(lower, upper)) {
      return "it is for other calls";
    }
    if (!texts(to).containsAll(texts(from))) {
      return "a condition is missing";
    }
    if (!Objects.equals(from.fields(), to.fields())) {
      return "its fields are others";
    }
    boolean same = to.call().covers(from.call()) && covers(upper, lower);
    if (bound && !(same && texts(from).containsAll(texts(to)))) {
      return "some calls would be without the limits of the lower rule";
    }
    return looserBounds(from.bounds(), to.bounds());
  }

  private static @Nullable String looserRestriction(Draft.Entry lower, Draft.Entry upper) {
    Rule from = lower.rule();
    Rule to = upper.rule();
    Effect was = from.effect();
    Effect is = to.effect();
    if (was != null && is != null && is.compareTo(was) < 0) {
      return "its effect is weaker";
    }
    if (!to.call().covers(from.call()) || !covers(upper, lower)) {
      return "it is not for all calls of the lower rule";
    }
    if (!texts(from).containsAll(texts(to))) {
      return "a condition is new";
    }
    if (texts(to).stream().anyMatch(text -> text.indexOf('$') >= 0)) {
      return "its list may be shorter now";
    }
    if (from.firesOnUnknown() && !to.firesOnUnknown()) {
      return "it skips what it cannot read";
    }
    if (!Objects.equals(from.fields(), to.fields())) {
      return "its fields are others";
    }
    ApprovalPolicy needed = from.approval();
    ApprovalPolicy given = to.approval();
    if (is == Effect.APPROVE
        && needed != null
        && (given == null || !given.and(needed).equals(given))) {
      return "its approval is weaker";
    }
    return looserBounds(from.bounds(), to.bounds());
  }

  private static boolean covers(Draft.Entry all, Draft.Entry some) {
    return all.rule().any()
        || (!some.rule().any() && new HashSet<>(all.to()).containsAll(some.to()));
  }

  private static Set<String> texts(Rule rule) {
    Set<String> texts = new HashSet<>();
    for (ConditionParser.Clause clause : rule.when()) {
      texts.add(clause.text());
    }
    return texts;
  }

  private static @Nullable String looserBounds(Bounds from, Bounds to) {
    for (Bounds.Limit limit : from.limits()) {
      if (to.limits().stream().noneMatch(other -> isAsStrict(limit, other))) {
        return "a limit is missing or wider";
      }
    }
    Bounds.Idempotency was = from.idempotency();
    Bounds.Idempotency is = to.idempotency();
    if (was != null
        && (is == null
            || !List.copyOf(was.key()).containsAll(is.key())
            || is.withinNs() < was.withinNs()
            || is.duplicate().compareTo(was.duplicate()) < 0)) {
      return "fewer writes are duplicates";
    }
    boolean larger =
        from.maxBodyBytes() >= 0
            && (to.maxBodyBytes() < 0
                || to.maxBodyBytes() > from.maxBodyBytes()
                || to.overSize().compareTo(from.overSize()) < 0);
    return larger ? "bodies may be larger" : null;
  }

  private static boolean isAsStrict(Bounds.Limit was, Bounds.Limit is) {
    return is.per() == was.per()
        && is.sum() == was.sum()
        && is.currency().equals(was.currency())
        && Objects.equals(is.subject(), was.subject())
        && is.max() <= was.max()
        && is.withinNs() >= was.withinNs()
        && is.over().compareTo(was.over()) >= 0;
  }
}
