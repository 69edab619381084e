package dev.cordon.redaction;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Says whether something of a rule file's type stands in a text or a body. Replaces nothing and
 * tells no value.
 */
public final class TypeSearch {
  private static final List<String> TYPES =
      List.of(
          "email",
          "phone",
          "iban",
          "pan",
          "ssn",
          "ip",
          "mac",
          "wallet",
          "national-id",
          "tax-id",
          "health-id",
          "company-id",
          "bank-account",
          "name",
          "address",
          "birth-date",
          "secret",
          "token",
          "password");
  private static final Map<String, RedactionPlan> PLANS = new LinkedHashMap<>();

  static {
    for (String type : TYPES) {
      PLANS.put(type, plan(Set.of(type)));
    }
  }

  private TypeSearch() {}

  private static RedactionPlan plan(Set<String> types) {
    return RedactionPlan.of(
        List.of(
            new RedactionPlan.Order(List.of(), Kind.inCalls(types), RedactionPlan.Operator.TOKEN)),
        Set.of());
  }

  /** The types that can be found, as rule files name them. */
  public static Set<String> types() {
    return Set.copyOf(TYPES);
  }

  /** Whether the text holds something of the type; null when it could not be searched. */
  public static @Nullable Boolean isIn(String text, String type) {
    RedactionPlan plan = PLANS.get(type);
    return found(
        Redactor.body(
            text.getBytes(StandardCharsets.UTF_8),
            "text/plain; charset=utf-8",
            plan == null ? plan(Set.of(type)) : plan));
  }

  /** The same for a body whose content encoding is already undone. */
  public static @Nullable Boolean isIn(
      byte[] decodedBody, @Nullable String contentType, Set<String> types) {
    return found(Redactor.body(decodedBody, contentType, plan(types)));
  }

  private static @Nullable Boolean found(Scan scan) {
    if (!scan.findings().isEmpty()) {
      return true;
    }
    return scan.reach().whole() ? false : null;
  }
}
