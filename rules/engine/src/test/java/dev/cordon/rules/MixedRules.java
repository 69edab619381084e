package dev.cordon.rules;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Random rule files as services have them: some dozen rules that ask for money, lists, patterns,
 * callers, times, hosts and categories at a few endpoints, and calls that meet them.
 */
final class MixedRules {
  private static final List<String> CALLS =
      List.of(
          "POST /v1/refunds",
          "POST /v1/refunds",
          "POST /v1/*",
          "'* /v1/**'",
          "(POST | PUT) /v1/charges/*/refunds",
          "POST /v1/charges/*/*",
          "PUT /v1/customers/*",
          "POST /v1/r*");
  private static final List<String> EFFECTS =
      List.of("allow", "allow", "allow", "deny", "approve", "forbid", "escalate");

  private final Random random;
  private final int fields;
  private final int atoms;

  /**
   * @param fields of the body that conditions look at
   * @param atoms at most, of a rule
   */
  MixedRules(Random random, int fields, int atoms) {
    this.random = random;
    this.fields = fields;
    this.atoms = atoms;
  }

  private static final String HEAD =
      """
      version: 1
      name: mixed
      owner: t@example.com
      packs: [stripe/1]
      callers: { bot: header.X-Bot }
      patterns: { order: '[A-Z]{2}-[0-9]{3}', word: '[a-z]+' }
      approvals: { money: { approvers: [group:a] }, twice: { approvers: [group:a], votes: 2 } }
      destinations:
        stripe: { hosts: [api.stripe.com] }
        crm: { hosts: [.example.com] }
        other: { hosts: [crm.example.com, files.example.com] }
      lists: { public: [C1, C2, C3], staff: [anna, bert] }
      rules:
      """;

  List<String> rules(int count) {
    List<String> rules = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rules.add(rule(i));
    }
    return rules;
  }

  static String file(List<String> rules) {
    return HEAD + String.join("", rules);
  }

  /** One to three rules are otherwise, gone or new. */
  List<String> changed(List<String> rules) {
    List<String> changed = new ArrayList<>(rules);
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      int at = random.nextInt(changed.size());
      switch (random.nextInt(5)) {
        case 0 -> changed.remove(at);
        case 1 -> changed.add(rule(1_000 + i));
        case 2 -> changed.set(at, rule(2_000 + i));
        default -> {
          String rule = changed.get(at);
          String effect = pick(EFFECTS);
          String what = rule.substring(0, rule.indexOf(", then: "));
          changed.set(
              at,
              rule.contains("then: redact")
                  ? rule.replace("[email]", "[phone]")
                  : what.replace(", on-unknown: skip", "") + ", then: " + effect + " }\n");
        }
      }
    }
    Collections.shuffle(changed, random); // the order means nothing
    return changed;
  }

  private String rule(int number) {
    StringBuilder out = new StringBuilder("  - { id: r").append(number).append(", to: ");
    out.append(pick(List.of("stripe", "stripe", "stripe", "crm", "any", "other")));
    out.append(", call: ").append(pick(CALLS));
    boolean money = out.indexOf("to: stripe, call: POST /v1/refunds") > 0;
    int count = 1 + random.nextInt(atoms);
    out.append(", when: [");
    for (int i = 0; i < count; i++) {
      out.append(i == 0 ? "" : ", ").append(condition(money));
    }
    out.append(']');
    if (random.nextInt(12) == 0) {
      return out.append(", then: redact, redact: { types: [email], fields: [text] } }\n")
          .toString();
    }
    String effect = pick(EFFECTS);
    if (!effect.equals("allow") && random.nextInt(6) == 0) {
      out.append(", on-unknown: skip");
    }
    if (random.nextInt(10) == 0) {
      out.append(", mode: observe");
    }
    if (random.nextInt(25) == 0) {
      out.append(", fields: { root: '', allow: [f0, f1, f2, amount, currency], others: deny }");
    }
    out.append(", then: ").append(effect);
    if (effect.equals("approve") && random.nextInt(2) == 0) {
      out.append(", approval: { policy: ").append(pick(List.of("money", "twice"))).append(" }");
    }
    if (effect.equals("allow") && random.nextInt(8) == 0) {
      out.append(", limits: [{ per: rule, max: 5, within: 1h }]");
    }
    if (effect.equals("allow") && random.nextInt(12) == 0) {
      out.append(", size: { body: 2 KiB }");
    }
    return out.append(" }\n").toString();
  }

  private String condition(boolean money) {
    return switch (random.nextInt(9)) {
      case 0 -> "{ not: '" + atom(money) + "' }";
      case 1 -> "{ any: ['" + atom(money) + "', '" + atom(money) + "'] }";
      case 2 ->
          "{ any: [{ all: ['"
              + atom(money)
              + "', '"
              + atom(money)
              + "'] }, '"
              + atom(money)
              + "'] }";
      default -> "'" + atom(money) + "'";
    };
  }

  private String atom(boolean money) {
    String field = "f" + random.nextInt(fields);
    return switch (random.nextInt(money ? 16 : 14)) {
      case 0 -> field + " exists";
      case 1 -> field + " = " + pick(List.of("x", "yy", "5", "true"));
      case 2, 3 ->
          field + " in (" + pick(List.of("x", "yy")) + " | " + pick(List.of("z1", "w")) + ")";
      case 4 -> field + " " + pick(List.of("<", ">", ">=")) + " " + random.nextInt(9);
      case 5 -> "p" + random.nextInt(2) + " matches " + pick(List.of("order", "word"));
      case 6 -> "channel in $public";
      case 7 -> "bot in $staff";
      case 8 -> "query.q" + random.nextInt(2) + " = " + pick(List.of("1", "x"));
      case 9 -> "time in (mon-fri 08:00-18:00 UTC)";
      case 10 -> "items[].n" + random.nextInt(2) + " > " + random.nextInt(4);
      case 11 -> "text.length > " + (10 + random.nextInt(3));
      case 12 -> field + " != " + pick(List.of("x", "5"));
      case 13 -> "header.X-H = 1";
      default -> "money " + pick(List.of("<", "<=", ">")) + " " + (random.nextInt(6) * 10) + " EUR";
    };
  }

  /** A call that may meet the rules. */
  CallFacts call() {
    String path =
        pick(
            List.of(
                "/v1/refunds",
                "/v1/refunds",
                "/v1/charges/ch_1/refunds",
                "/v1/charges/ch_1/capture",
                "/v1/customers/c1",
                "/v1/re"));
    String host =
        pick(List.of("api.stripe.com", "api.stripe.com", "crm.example.com", "x.example.com"));
    StringBuilder query = new StringBuilder();
    for (int i = 0; i < 2; i++) {
      if (random.nextInt(3) == 0) {
        query.append(query.length() == 0 ? "?" : "&").append("q").append(i).append('=');
        query.append(pick(List.of("1", "x", "2", "X")));
      }
    }
    List<String> headers = new ArrayList<>(List.of("Content-Type", "application/json"));
    if (random.nextBoolean()) {
      headers.addAll(List.of("X-Bot", pick(List.of("anna", "bert", "carl", "Anna"))));
    }
    if (random.nextInt(3) == 0) {
      headers.addAll(List.of("X-H", pick(List.of("1", "2"))));
    }
    return new CallFacts(
        pick(List.of("POST", "POST", "POST", "PUT", "GET")),
        "https://" + host + path + query,
        headers,
        BodyState.READ,
        body().getBytes(StandardCharsets.UTF_8));
  }

  private String body() {
    StringBuilder out = new StringBuilder("{");
    for (int i = 0; i < fields; i++) {
      put(
          out,
          "f" + i,
          List.of("\"x\"", "\"yy\"", "\"z1\"", "\"w\"", "\"X\"", "\"y y\"", "3", "5", "7", "true"));
    }
    for (int i = 0; i < 2; i++) {
      put(out, "p" + i, List.of("\"AB-123\"", "\"word\"", "\"--\""));
    }
    put(out, "channel", List.of("\"C1\"", "\"C9\"", "\"c1\""));
    put(out, "text", List.of("\"short\"", "\"a longer text of some words\""));
    put(out, "amount", List.of("500", "1000", "2500", "9900"));
    put(out, "currency", List.of("\"eur\"", "\"usd\""));
    put(out, "items", List.of("[]", "[{\"n0\":1}]", "[{\"n0\":3,\"n1\":2},{\"n1\":0}]"));
    return out.append('}').toString();
  }

  private void put(StringBuilder out, String name, List<String> values) {
    if (random.nextInt(4) != 0) {
      out.append(out.length() == 1 ? "" : ",").append('"').append(name).append("\":");
      out.append(pick(values));
    }
  }

  private <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }
}
