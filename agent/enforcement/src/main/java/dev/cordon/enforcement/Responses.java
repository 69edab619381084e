package dev.cordon.enforcement;

import dev.cordon.redaction.OwnTypes;
import dev.cordon.redaction.RedactionKey;
import dev.cordon.redaction.RedactionPlan;
import dev.cordon.rules.Redaction;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is taken out of the responses to calls, as one version of the rules says.
 *
 * @param plan null where nothing is: a response of a model, into which only values are put back
 * @param refuses whether what cannot be read is withheld; else it is handed on as it is
 * @param observing whether nothing is changed and nothing withheld, whatever is found
 * @param policy as every record tells it
 */
record Responses(@Nullable RedactionPlan plan, boolean refuses, boolean observing, long policy) {

  /**
   * Null when the rules leave responses alone.
   *
   * @param key of the redactions that need one; null: there is none
   * @param own types of the rule file's own
   */
  static @Nullable Responses of(
      Redaction redaction,
      boolean observing,
      long policy,
      @Nullable RedactionKey key,
      OwnTypes own) {
    List<RedactionPlan.Order> orders = Orders.inCalls(redaction);
    return orders.isEmpty()
        ? null
        : new Responses(
            RedactionPlan.of(orders, Set.of(), key, own),
            redaction.unredacted() == Redaction.Unredacted.REFUSE,
            observing,
            policy);
  }

  /** Responses from which nothing is taken out. */
  static Responses unredacted(long policy) {
    return new Responses(null, false, false, policy);
  }

  /** False for responses without a body, whatever their headers say of its length. */
  static boolean hasBody(String method, int status) {
    return status >= 200 && status != 204 && status != 304 && !method.equals("HEAD");
  }
}
