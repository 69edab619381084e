package dev.cordon.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many rules that name the same operations, on random calls: one operation, several, batches,
 * bodies that nobody can read. Compared with the decision that explains, which looks at each rule.
 * {@code -Dcordon.seed=} runs one seed again.
 */
class CrowdedOperationsTest {
  private static final int CALLS = 300;
  private static final String HEAD =
      """
      version: 1
      name: operations
      owner: t@example.com
      destinations:
        shop: { hosts: [shop.example.com], endpoints: { graphql: [/api] } }
        mcp: { hosts: [mcp.example.com], protocol: json-rpc }
        soap: { hosts: [soap.example.com], endpoints: { soap: [/soap/**] } }
      """;
  private static final List<String> NAMES = List.of("a", "b", "c", "A");

  @TempDir Path directory;

  @RepeatedTest(30)
  void whatManyRulesForOperationsDecideIsWhatTheyDecideOneByOne(RepetitionInfo repetition)
      throws Exception {
    long seed =
        Long.getLong("cordon.seed", System.nanoTime() * 31) + repetition.getCurrentRepetition() - 1;
    Random random = new Random(seed);
    String yaml = HEAD + rules(random, 10 + random.nextInt(120));
    RuleSet rules = RuleFiles.load(directory, yaml);
    for (int i = 0; i < CALLS; i++) {
      CallFacts call = call(random);
      String body = new String(call.body(), StandardCharsets.UTF_8);
      assertEquals(
          told(rules.explain(call).decision()),
          told(rules.decide(call)),
          () -> "-Dcordon.seed=" + seed + "\n" + call.url() + " " + body + "\n" + yaml);
    }
  }

  @Test
  void anAllowingRuleMustBeMetAtEachOperationHoweverManyRulesThereAre() throws Exception {
    StringBuilder yaml = new StringBuilder(HEAD).append("rules:\n");
    for (int i = 0; i < 40; i++) {
      yaml.append("  - { id: a").append(i).append(", to: shop, call: graphql mutation a, ");
      yaml.append("then: allow }\n");
      yaml.append("  - { id: ab").append(i).append(", to: shop, call: graphql mutation (a | b), ");
      yaml.append("when: [variables.n = ").append(i).append("], then: allow }\n");
    }
    RuleSet rules = RuleFiles.load(directory, yaml.toString());
    assertEquals(Effect.ALLOW, rules.decide(graphQl("mutation { a }")).effect());
    assertEquals(Effect.DENY, rules.decide(graphQl("mutation { b }")).effect());
    assertEquals(Effect.DENY, rules.decide(graphQl("mutation { a b }")).effect());
    CallFacts both =
        json("shop", "/api", "{\"query\":\"mutation { a b }\",\"variables\":{\"n\":7}}");
    assertEquals("ab7", rules.decide(both).ruleId());
    CallFacts third =
        json("shop", "/api", "{\"query\":\"mutation { a b c }\",\"variables\":{\"n\":7}}");
    assertEquals(Effect.DENY, rules.decide(third).effect());
  }

  private static String told(Decision decision) {
    return decision.effect()
        + " "
        + decision.enforced()
        + " "
        + decision.ruleId()
        + " "
        + decision.ruleIds()
        + " "
        + decision.reason()
        + " "
        + decision.callClass()
        + " "
        + decision.operation()
        + " "
        + decision.charges().all().size()
        + " "
        + decision.redactions().size();
  }

  private static String rules(Random random, int count) {
    StringBuilder out = new StringBuilder("rules:\n");
    for (int i = 0; i < count; i++) {
      String[] call =
          pick(
              random,
              List.of(
                  new String[] {"shop", "graphql mutation NAME"},
                  new String[] {"shop", "graphql query NAME"},
                  new String[] {"shop", "graphql * *"},
                  new String[] {"mcp", "rpc tools/call NAME"},
                  new String[] {"mcp", "rpc NAME"},
                  new String[] {"soap", "soap NAME"}));
      String to = random.nextInt(6) == 0 ? "any" : call[0];
      out.append("  - { id: r").append(random.nextInt(1000)).append('.').append(i);
      out.append(", to: ").append(to).append(", call: '");
      out.append(call[1].replace("NAME", name(random))).append("'");
      String then =
          pick(random, List.of("allow", "allow", "allow", "approve", "escalate", "deny", "forbid"));
      out.append(", then: ").append(then);
      if (random.nextInt(4) > 0) {
        out.append(", when: ['").append(condition(random)).append("']");
      }
      out.append(random.nextInt(8) == 0 ? ", mode: observe" : "");
      out.append(!then.equals("allow") && random.nextInt(5) == 0 ? ", on-unknown: skip" : "");
      out.append(
          then.equals("allow") && random.nextInt(8) == 0
              ? ", limits: [{ per: rule, max: 100000, within: 1h }]"
              : "");
      out.append(" }\n");
    }
    return out.toString();
  }

  private static String name(Random random) {
    return switch (random.nextInt(6)) {
      case 0 -> "*";
      case 1 -> "(a | b)";
      case 2 -> "(a | b | c)";
      default -> pick(random, NAMES);
    };
  }

  private static String condition(Random random) {
    String place = pick(random, List.of("variables.n", "n", "query.q"));
    return switch (random.nextInt(4)) {
      case 0 -> place + " = x" + random.nextInt(4);
      case 1 -> place + " in (x1 | x2 | 3)";
      case 2 -> place + " > " + random.nextInt(6);
      default -> place + " <= " + random.nextInt(6);
    };
  }

  private static CallFacts call(Random random) {
    String value = random.nextBoolean() ? "\"x" + random.nextInt(5) + "\"" : "" + random.nextInt(8);
    String query = random.nextInt(4) == 0 ? "?q=" + random.nextInt(8) : "";
    switch (random.nextInt(3)) {
      case 0 -> {
        StringBuilder fields = new StringBuilder();
        for (int i = 1 + (random.nextBoolean() ? 0 : random.nextInt(3)); i > 0; i--) {
          fields.append(' ').append(pick(random, NAMES));
        }
        String kind = pick(random, List.of("mutation", "mutation", "query"));
        String one =
            "{\"query\":\""
                + kind
                + " {"
                + fields
                + " }\",\"variables\":{\"n\":"
                + value
                + "}"
                + (random.nextInt(12) == 0 ? "" : "}");
        String body = random.nextInt(6) == 0 ? "[" + one + "," + one + "]" : one;
        body = random.nextInt(12) == 0 ? "{\"id\":\"7\",\"variables\":{}}" : body;
        return json("shop", "/api" + query, body);
      }
      case 1 -> {
        StringBuilder batch = new StringBuilder();
        int requests = random.nextInt(4) == 0 ? 1 + random.nextInt(3) : 1;
        for (int i = 0; i < requests; i++) {
          boolean tool = random.nextBoolean();
          batch.append(i == 0 ? "" : ",").append("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"");
          batch.append(tool ? "tools/call" : pick(random, NAMES)).append("\",\"params\":{");
          batch.append(tool ? "\"name\":\"" + pick(random, NAMES) + "\"," : "");
          batch.append("\"n\":").append(value).append("}}");
        }
        return json("mcp", "/x" + query, requests == 1 ? batch.toString() : "[" + batch + "]");
      }
      default -> {
        String name = pick(random, NAMES);
        String body =
            "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body><"
                + name
                + "><n>"
                + value.replace("\"", "")
                + "</n></"
                + name
                + "></s:Body>"
                + (random.nextInt(12) == 0 ? "" : "</s:Envelope>");
        return facts("https://soap.example.com/soap/u" + query, "text/xml", body);
      }
    }
  }

  private static CallFacts graphQl(String text) {
    return json("shop", "/api", "{\"query\":\"" + text + "\"}");
  }

  private static CallFacts json(String host, String path, String body) {
    return facts("https://" + host + ".example.com" + path, "application/json", body);
  }

  private static CallFacts facts(String url, String type, String body) {
    return new CallFacts(
        "POST",
        url,
        List.of("Content-Type", type),
        BodyState.READ,
        body.getBytes(StandardCharsets.UTF_8));
  }

  private static <T> T pick(Random random, List<T> from) {
    return new ArrayList<>(from).get(random.nextInt(from.size()));
  }
}
