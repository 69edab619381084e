package dev.cordon.enforcement;

import dev.cordon.bootstrap.Header;
import dev.cordon.bootstrap.Refusal;
import dev.cordon.rules.Decision;
import dev.cordon.rules.RefusalShape;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a caller gets in place of the vendor's answer: the vendor's own error shape where the pack
 * knows it, because SDKs parse errors and some crash or hang on a shape they do not know; else
 * {@code application/problem+json} (RFC 9457).
 */
final class Refusals {

  /** Marks a refusal for tests and people: the vendor never sends it. */
  static final String DECISION_HEADER = "Cordon-Decision";

  private static final int FORBIDDEN = 403;

  private Refusals() {}

  static Refusal of(UUID id, Decision decision) {
    return of(
        id,
        decision.ruleId(),
        decision.reason().code(),
        decision.help(),
        decision.refuseWithException(),
        decision.shape());
  }

  /**
   * @param rule the determining rule
   * @param reason a code of the journal's reason table
   * @param help one line: the way out; never a value of the call
   */
  static Refusal of(
      UUID id,
      String rule,
      String reason,
      String help,
      boolean exception,
      @Nullable RefusalShape shape) {
    String decision = id.toString();
    String message =
        "Cordon refused this call: "
            + reason
            + " (rule "
            + rule
            + ", decision "
            + decision
            + ")"
            + (help.isEmpty() ? "" : ". " + help);
    int status = shape == null ? FORBIDDEN : shape.status();
    String contentType = shape == null ? "application/problem+json" : shape.contentType();
    String body =
        shape == null
            ? problem(decision, rule, reason, help)
            // its template names rule and decision itself
            : shape.render(decision, rule, reason, help.isEmpty() ? reason : help);
    return new Refusal(
        decision,
        status,
        status == FORBIDDEN ? "Forbidden" : "Refused",
        List.of(new Header("Content-Type", contentType), new Header(DECISION_HEADER, decision)),
        body.getBytes(StandardCharsets.UTF_8),
        exception,
        message);
  }

  private static String problem(String decision, String rule, String reason, String help) {
    StringBuilder json = new StringBuilder(320);
    json.append(
        "{\"type\":\"about:blank\",\"title\":\"Refused by Cordon\",\"status\":403,\"detail\":\"");
    escape(json, help.isEmpty() ? "The rule file does not allow this call." : help);
    json.append("\",\"decision\":\"");
    escape(json, decision);
    json.append("\",\"rule\":\"");
    escape(json, rule);
    json.append("\",\"reason\":\"");
    escape(json, reason);
    return json.append("\"}").toString();
  }

  private static void escape(StringBuilder json, String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < 0x20) {
        json.append(' ');
      } else {
        json.append(c);
      }
    }
  }
}
