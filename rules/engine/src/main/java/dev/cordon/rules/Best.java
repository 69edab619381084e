package dev.cordon.rules;

import org.jspecify.annotations.Nullable;

/** The strongest effect so far; of equal ones the most specific rule, then the first by id. */
final class Best {
  Effect effect = Effect.ALLOW;
  private boolean set;
  private int hostRank;
  private long pathRank;
  private int conditions;
  String id = "";
  @Nullable Rule rule;
  Reason reason = Reason.ALLOWED;

  boolean isSet() {
    return set;
  }

  void clear() {
    set = false;
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
    set = true;
    hostRank = newHostRank;
    pathRank = newPathRank;
    conditions = newConditions;
    // a call that is decided again changes nothing: a store of a reference into an object that
    // has grown old costs the collector's bookkeeping
    if (effect != newEffect) {
      effect = newEffect;
    }
    if (!newId.equals(id)) {
      id = newId;
    }
    if (rule != newRule) {
      rule = newRule;
    }
    if (reason != newReason) {
      reason = newReason;
    }
  }
}
