package dev.cordon.rules;

import org.jspecify.annotations.Nullable;

/** The strongest effect so far; of equal ones the most specific rule, then the first by id. */
final class Best {
  Effect effect = Effect.ALLOW;
  private int hostRank;
  private long pathRank;
  private int conditions;
  String id = "";
  @Nullable Rule rule;
  Reason reason = Reason.ALLOWED;

  boolean isSet() {
    return !id.isEmpty();
  }

  void clear() {
    id = "";
    rule = null;
  }

  /** A rule that fires. */
  void offer(Rule newRule, int newHostRank) {
    Effect newEffect = newRule.effect();
    if (newEffect != null) {
      offer(
          newEffect,
          newHostRank,
          newRule.call().rank(),
          newRule.when().size(),
          newRule.id(),
          newRule,
          Reason.of(newEffect));
    }
  }

  void offer(
      Effect newEffect,
      int newHostRank,
      long newPathRank,
      int newConditions,
      String newId,
      @Nullable Rule newRule,
      Reason newReason) {
    if (isSet()) {
      int order = newEffect.compareTo(effect);
      order = order != 0 ? order : Integer.compare(newHostRank, hostRank);
      order = order != 0 ? order : Long.compare(newPathRank, pathRank);
      order = order != 0 ? order : Integer.compare(newConditions, conditions);
      order = order != 0 ? order : id.compareTo(newId);
      if (order <= 0) {
        return;
      }
    }
    effect = newEffect;
    hostRank = newHostRank;
    pathRank = newPathRank;
    conditions = newConditions;
    id = newId;
    rule = newRule;
    reason = newReason;
  }
}
