package dev.cordon.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.cedarpolicy.BasicAuthorizationEngine;
import com.cedarpolicy.model.AuthorizationRequest;
import com.cedarpolicy.model.entity.Entities;
import com.cedarpolicy.model.policy.PolicySet;
import com.cedarpolicy.value.Decimal;
import com.cedarpolicy.value.EntityUID;
import com.cedarpolicy.value.PrimLong;
import com.cedarpolicy.value.PrimString;
import com.cedarpolicy.value.Value;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.cordon.rules.BodyState;
import dev.cordon.rules.CallFacts;
import dev.cordon.rules.Decision;
import dev.cordon.rules.RuleSet;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.casbin.jcasbin.main.Enforcer;
import org.casbin.jcasbin.model.Model;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * "No refund over 100 EUR without approval", as someone in a hurry writes it in four languages:
 * refunds are allowed, and one rule holds those above the amount. Each engine gets the rule in the
 * form its own documentation uses. Cordon reads the call itself; the others are handed what a short
 * piece of glue makes of it: the fields of a JSON object as Jackson reads them, the pairs of a form
 * as texts, nothing of any other body. The table of README.md is the outcome.
 */
class RefundTableTest {
  private record Call(String what, boolean json, String body) {}

  private static final List<Call> CALLS =
      List.of(
          new Call("50 EUR", true, "{\"amount\":5000,\"currency\":\"eur\"}"),
          new Call("200 EUR", true, "{\"amount\":20000,\"currency\":\"eur\"}"),
          new Call("no amount (the vendor refunds all)", true, "{\"charge\":\"ch_1\"}"),
          new Call("99 in another currency", true, "{\"amount\":9900,\"currency\":\"gbp\"}"),
          new Call("200 EUR as a text", true, "{\"amount\":\"20000\",\"currency\":\"eur\"}"),
          new Call("10,000 EUR as `1e6`", true, "{\"amount\":1e6,\"currency\":\"eur\"}"),
          new Call(
              "10,000 EUR as `1000000.0`", true, "{\"amount\":1000000.0,\"currency\":\"eur\"}"),
          new Call("-200 EUR", true, "{\"amount\":-20000,\"currency\":\"eur\"}"),
          new Call(
              "200 EUR one level deeper",
              true,
              "{\"refund\":{\"amount\":20000,\"currency\":\"eur\"}}"),
          new Call(
              "the key twice: 200 EUR, then 1",
              true,
              "{\"amount\":20000,\"currency\":\"eur\",\"amount\":100}"),
          new Call("200 EUR in a form", false, "amount=20000&currency=eur"),
          new Call("200 EUR in a batch", true, "[{\"amount\":20000,\"currency\":\"eur\"}]"));

  private static final String CORDON =
      """
      version: 1
      name: refunds
      owner: payments@example.com
      packs: [stripe/1]
      destinations: { stripe: { hosts: [api.stripe.com] } }
      rules:
        - { id: refund, to: stripe, call: POST /v1/refunds, then: allow }
        - { id: refund.large, to: stripe, call: POST /v1/refunds, when: [money > 100 EUR], then: approve }
      """;

  // https://casbin.org/docs/abac: rules as texts in the policy, deny overrides
  private static final String CASBIN =
      """
      [request_definition]
      r = call, act
      [policy_definition]
      p = sub_rule, act, eft
      [policy_effect]
      e = some(where (p.eft == allow)) && !some(where (p.eft == deny))
      [matchers]
      m = eval(p.sub_rule) && r.act == p.act
      """;

  private static final String CEL = "!(call.amount > 10000)";

  private static final String CEDAR =
      """
      permit(principal, action == Action::"refund", resource);
      forbid(principal, action == Action::"refund", resource) when { context.amount > 10000 };
      """;

  private static final String HEADING = "## Why a language of its own";

  private final RuleSet cordon = load(CORDON);
  private Enforcer casbin = new Enforcer();
  private final BasicAuthorizationEngine cedar = new BasicAuthorizationEngine();
  private PolicySet cedarPolicies = new PolicySet();

  private static RuleSet load(String yaml) {
    try {
      Path file = Files.createTempFile("refunds", ".yaml");
      try {
        return RuleSet.load(Files.writeString(file, yaml));
      } finally {
        Files.delete(file);
      }
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @BeforeEach
  void setUp() throws Exception {
    Model model = new Model();
    model.loadModelFromText(CASBIN);
    casbin = new Enforcer(model);
    casbin.addPolicies(
        List.of(
            List.of("true", "refund", "allow"),
            List.of("r.call.amount > 10000", "refund", "deny")));
    cedarPolicies = PolicySet.parsePolicies(CEDAR);
  }

  @Test
  void cordonRefusesAllButTheSmallRefundInEuros() {
    for (Call call : CALLS) {
      assertEquals(call.what().equals("50 EUR") ? "allows" : "refuses", cordon(call), call.what());
    }
  }

  @Test
  void theTableInTheReadmeIsWhatTheEnginesDo() throws Exception {
    StringBuilder table = new StringBuilder();
    table.append("| a refund of | Cordon | jCasbin 1.99 | cel-java 0.11 | cedar-java 4.10 |\n");
    table.append("|---|---|---|---|---|\n");
    for (Call call : CALLS) {
      Map<String, Object> fields = fields(call);
      table.append("| ").append(call.what());
      table.append(" | ").append(marked(cordon(call), call));
      table.append(" | ").append(marked(casbin(fields), call));
      table.append(" | ").append(marked(cel(fields), call));
      table.append(" | ").append(marked(cedar(fields), call)).append(" |\n");
    }
    String text = Files.readString(readme());
    assertTrue(text.contains(HEADING), "README.md has no " + HEADING);
    String section = text.substring(text.indexOf(HEADING));
    int start = section.indexOf("| a refund of");
    int end = start < 0 ? -1 : section.indexOf("\n\n", start) + 1;
    assertEquals(
        table.toString(),
        start < 0 ? "" : section.substring(start, end),
        "put this into README.md");
  }

  private static Path readme() {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      if (Files.exists(at.resolve("docs/rule-language.md"))) {
        return at.resolve("README.md");
      }
    }
    throw new IllegalStateException("not run within the repository");
  }

  /** What is wrong stands out. */
  private static String marked(String outcome, Call call) {
    boolean mayLeave = call.what().equals("50 EUR");
    return outcome.equals("allows") && !mayLeave ? "**allows**" : outcome;
  }

  /** What hurried glue makes of a body. */
  private static Map<String, Object> fields(Call call) throws Exception {
    Map<String, Object> fields = new HashMap<>();
    if (!call.json()) {
      for (String pair : call.body().split("&", -1)) {
        int equals = pair.indexOf('=');
        fields.put(pair.substring(0, equals), pair.substring(equals + 1));
      }
    } else if (new ObjectMapper().readValue(call.body(), Object.class) instanceof Map<?, ?> map) {
      map.forEach((key, value) -> fields.put(String.valueOf(key), value));
    }
    return fields;
  }

  private String cordon(Call call) {
    String type = call.json() ? "application/json" : "application/x-www-form-urlencoded";
    Decision decision =
        cordon.decide(
            new CallFacts(
                "POST",
                "https://api.stripe.com/v1/refunds",
                List.of("Content-Type", type),
                BodyState.READ,
                call.body().getBytes(StandardCharsets.UTF_8)));
    return decision.blocks() ? "refuses" : "allows";
  }

  private String casbin(Map<String, Object> fields) {
    try {
      return casbin.enforce(fields, "refund") ? "allows" : "refuses";
    } catch (RuntimeException e) {
      return "error";
    }
  }

  private static String cel(Map<String, Object> fields) throws Exception {
    CelRuntime.Program program =
        CelRuntimeFactory.standardCelRuntimeBuilder()
            .build()
            .createProgram(
                CelCompilerFactory.standardCelCompilerBuilder()
                    .addVar("call", MapType.create(SimpleType.STRING, SimpleType.DYN))
                    .build()
                    .compile(CEL)
                    .getAst());
    try {
      Map<String, Object> typed = new HashMap<>();
      // CEL has one type of whole number
      fields.forEach(
          (key, value) ->
              typed.put(key, value instanceof Integer whole ? whole.longValue() : value));
      return (Boolean) program.eval(Map.of("call", typed)) ? "allows" : "refuses";
    } catch (dev.cel.runtime.CelEvaluationException e) {
      return "error";
    }
  }

  private String cedar(Map<String, Object> fields) throws Exception {
    Map<String, Value> context = new HashMap<>();
    fields.forEach(
        (key, value) -> {
          if (value instanceof Integer || value instanceof Long) {
            context.put(key, new PrimLong(((Number) value).longValue()));
          } else if (value instanceof Double fraction) {
            context.put(key, new Decimal(String.format(java.util.Locale.ROOT, "%.1f", fraction)));
          } else if (value instanceof String text) {
            context.put(key, new PrimString(text));
          }
        });
    AuthorizationRequest request =
        new AuthorizationRequest(
            EntityUID.parse("Bot::\"bot\"").orElseThrow(),
            EntityUID.parse("Action::\"refund\"").orElseThrow(),
            EntityUID.parse("Vendor::\"stripe\"").orElseThrow(),
            context);
    return cedar
        .isAuthorized(request, cedarPolicies, new Entities())
        .success
        .map(one -> one.isAllowed() ? "allows" : "refuses")
        .orElse("error");
  }
}
