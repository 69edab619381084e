package dev.cordon.enforcement;

import dev.cordon.bootstrap.ResponseFilter;
import dev.cordon.redaction.RedactionKey;
import dev.cordon.redaction.RedactionPlan;
import dev.cordon.rules.Redaction;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is taken out of the responses to calls, as one version of the rules says. */
final class Responses {
  private final RedactionPlan plan;

  private Responses(RedactionPlan plan) {
    this.plan = plan;
  }

  /**
   * Null when the rules leave responses alone.
   *
   * @param key of the redactions that need one; null: there is none
   */
  static @Nullable Responses of(Redaction redaction, @Nullable RedactionKey key) {
    List<RedactionPlan.Order> orders = Orders.inCalls(redaction);
    return orders.isEmpty() ? null : new Responses(RedactionPlan.of(orders, Set.of(), key));
  }

  RedactionPlan plan() {
    return plan;
  }

  /** The part of a response that has no body of its own, whatever the headers say. */
  static boolean hasBody(String method, int status, ResponseFilter.Headers headers) {
    return status >= 200
        && status != 204
        && status != 205
        && status != 206 // a piece of something: what stands before it is not known
        && status != 304
        && !method.equals("HEAD")
        && headers.first("Content-Range") == null;
  }
}
