package dev.cordon.rules;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How often, how much and how large the calls of a rule may be. Looked at when the call would
 * otherwise leave.
 *
 * @param maxBodyBytes of the decoded body; -1: any
 * @param overSize what a larger body gets
 */
record Bounds(
    List<Limit> limits, @Nullable Idempotency idempotency, long maxBodyBytes, Effect overSize) {

  static final Bounds NONE = new Bounds(List.of(), null, -1, Effect.DENY);

  Bounds {
    limits = List.copyOf(limits);
  }

  /** True when some breach has this effect. */
  boolean mayGive(Effect effect) {
    for (Limit limit : limits) {
      if (limit.over() == effect) {
        return true;
      }
    }
    return (idempotency != null && idempotency.duplicate() == effect)
        || (maxBodyBytes >= 0 && overSize == effect);
  }

  boolean counts() {
    return !limits.isEmpty() || idempotency != null;
  }

  /** Whose calls are counted together. */
  enum Per {
    ACTOR,
    SUBJECT,
    DESTINATION,
    RULE,
    FLEET
  }

  /** What is added up. */
  enum Sum {
    CALLS,
    /** In thousandths of the currency's unit. */
    MONEY,
    /** Of decoded bodies. */
    BYTES
  }

  /**
   * At most so much within a sliding window.
   *
   * @param currency of a sum of money, else empty
   * @param subject the field that names the subject; null: as the pack says
   * @param text as people read it: {@code 500 EUR per fleet within 1h}
   */
  record Limit(
      Per per,
      Sum sum,
      long max,
      String currency,
      long withinNs,
      Effect over,
      Condition.@Nullable Place subject,
      String text,
      LimitAccount account) {}

  /** The same write again within a while is a duplicate. */
  record Idempotency(
      List<Condition.Place> key, long withinNs, Effect duplicate, String text, SeenKeys seen) {

    Idempotency {
      key = List.copyOf(key);
    }
  }
}
