package dev.cordon.demo;

import com.google.gson.JsonObject;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code GET /v1/charges/ID} and {@code POST /v1/refunds}, with Stripe's own errors. */
final class StripeStandIn implements StandInVendors.StandIn {

  private static final String CHARGES = "/v1/charges/";

  private final String authorization;
  private final Map<String, Long> refundableCents = new HashMap<>(); // guarded by this
  private int refunds; // guarded by this

  StripeStandIn(Credentials credentials) {
    this.authorization = "Bearer " + credentials.stripeKey();
    refundableCents.put("ch_3SVq7dKxP1vU0aZy1LhT8cNe", 24_900L);
    refundableCents.put("ch_3SVtM2KxP1vU0aZy0bRw5mDk", 42_000L);
  }

  @Override
  public synchronized StandInVendors.Answer answer(
      String method, String path, String body, String authorization) {
    if (!authorization.equals(this.authorization)) {
      return error(401, null, "Invalid API Key provided", null);
    }
    if (method.equals("GET") && path.startsWith(CHARGES)) {
      return charge(path.substring(CHARGES.length()));
    }
    if (method.equals("POST") && path.equals("/v1/refunds")) {
      return refund(Received.form(body));
    }
    return error(404, null, "Unrecognized request URL (" + method + ": " + path + ").", null);
  }

  private StandInVendors.Answer charge(String id) {
    Long cents = refundableCents.get(id);
    if (cents == null) {
      return error(404, "resource_missing", "No such charge: '" + id + "'", "id");
    }
    JsonObject charge = new JsonObject();
    charge.addProperty("id", id);
    charge.addProperty("object", "charge");
    charge.addProperty("amount", cents);
    charge.addProperty("currency", "eur");
    charge.addProperty("refunded", cents == 0);
    return new StandInVendors.Answer(200, charge.toString());
  }

  private StandInVendors.Answer refund(Map<String, String> fields) {
    String id = fields.getOrDefault("charge", "");
    Long refundable = refundableCents.get(id);
    if (refundable == null) {
      return error(404, "resource_missing", "No such charge: '" + id + "'", "charge");
    }
    long cents;
    try {
      cents = Long.parseLong(fields.getOrDefault("amount", refundable.toString()));
    } catch (NumberFormatException e) {
      return error(400, "parameter_invalid_integer", "Invalid integer", "amount");
    }
    if (cents < 1 || cents > refundable) {
      return error(400, "amount_too_large", "Refund amount is not available.", "amount");
    }
    refundableCents.put(id, refundable - cents);
    JsonObject refund = new JsonObject();
    refund.addProperty("id", "re_demo_" + ++refunds);
    refund.addProperty("object", "refund");
    refund.addProperty("amount", cents);
    refund.addProperty("charge", id);
    refund.addProperty("currency", "eur");
    refund.addProperty("status", "succeeded");
    return new StandInVendors.Answer(200, refund.toString());
  }

  private static StandInVendors.Answer error(
      int status, @Nullable String code, String message, @Nullable String param) {
    JsonObject error = new JsonObject();
    error.addProperty("type", "invalid_request_error");
    if (code != null) {
      error.addProperty("code", code);
    }
    error.addProperty("message", message);
    if (param != null) {
      error.addProperty("param", param);
    }
    JsonObject body = new JsonObject();
    body.add("error", error);
    return new StandInVendors.Answer(status, body.toString());
  }
}
