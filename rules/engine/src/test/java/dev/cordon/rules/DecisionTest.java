package dev.cordon.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DecisionTest {
  private static final String API = "https://api.example.com";

  @TempDir Path directory;

  // ---- defaults

  @ParameterizedTest
  @CsvSource({
    "GET, READ, ALLOW, default.read, read-default",
    "HEAD, READ, ALLOW, default.read, read-default",
    "OPTIONS, READ, ALLOW, default.read, read-default",
    "get, READ, ALLOW, default.read, read-default",
    "POST, WRITE, DENY, default.write, write-default",
    "post, WRITE, DENY, default.write, write-default",
    "DELETE, WRITE, DENY, default.write, write-default",
    "PROPFIND, UNKNOWN, DENY, default.unknown, unknown-call",
    "CONNECT, UNKNOWN, DENY, default.unknown, unknown-call",
    "'', UNKNOWN, DENY, default.unknown, unknown-call",
    "GEＴ, UNKNOWN, DENY, default.unknown, unknown-call",
  })
  void withoutRulesTheClassDecides(
      String method, CallClass callClass, Effect effect, String rule, String reason)
      throws Exception {
    Decision decision = rules().decide(CallFacts.of(method, API + "/x"));
    assertEquals(callClass, decision.callClass());
    assertEquals(effect, decision.effect());
    assertEquals(rule, decision.ruleId());
    assertEquals(reason, decision.reason().code());
    assertEquals(List.of(), decision.ruleIds());
    assertEquals("api", decision.destination());
    assertEquals("", decision.operation());
  }

  @Test
  void anAllowedHostLiftsNothingButTheHost() throws Exception {
    RuleSet rules = load("defaults: { host: allow, write: deny }");
    assertEquals("default.read", rules.decide(get("https://x.example.net/")).ruleId());
    assertEquals("default.write", rules.decide(post("https://x.example.net/")).ruleId());
  }

  @Test
  void aDefaultMayAskForAnApproval() throws Exception {
    RuleSet rules =
        load(
            "defaults: { write: approve, host: approve }",
            "destinations:",
            "  api: { hosts: [api.example.com] }");
    assertEquals(Reason.APPROVAL_REQUIRED, rules.decide(post(API + "/x")).reason());
    assertTrue(rules.decide(post(API + "/x")).blocks());
    assertEquals(Effect.APPROVE, rules.decide(get("https://x.example.net/")).effect());
  }

  @Test
  void whatCannotBeTakenBackHasADefaultOfItsOwn() throws Exception {
    String[] lines = {
      "destinations:",
      "  api: { hosts: [api.example.com] }",
      "classify:",
      "  write: [api POST /notes/**]",
      "  write-high: ['api * /notes/*/purge']"
    };
    RuleSet rules = load(with("defaults: { write: allow, write-high: deny }", lines));
    assertFalse(rules.decide(post(API + "/notes/1")).blocks());
    Decision purge = rules.decide(post(API + "/notes/1/purge"));
    assertEquals(CallClass.WRITE_HIGH, purge.callClass());
    assertEquals("default.write-high", purge.ruleId());
    assertEquals(Reason.WRITE_DEFAULT, purge.reason());
    assertTrue(purge.blocks());
    assertTrue(rules.decide(get(API + "/notes/1/purge")).blocks());
    assertTrue(rules.decide(post(API + "/Notes/1/Purge")).blocks());
    assertFalse(
        load(with("defaults: { write: allow }", lines))
            .decide(post(API + "/notes/1/purge"))
            .blocks());
    assertEquals(
        Effect.APPROVE,
        load(with("defaults: { write: approve }", lines))
            .decide(post(API + "/notes/1/purge"))
            .effect());
  }

  private static String[] with(String first, String... rest) {
    List<String> all = new ArrayList<>(List.of(first));
    all.addAll(List.of(rest));
    return all.toArray(new String[0]);
  }

  @Test
  void anAllowRuleToAnyOpensNoUnknownHost() throws Exception {
    RuleSet rules = rules("- { id: r, to: any, call: POST /x, then: allow }");
    assertFalse(rules.decide(post(API + "/x")).blocks());
    Decision unknown = rules.decide(post("https://x.example.net/x"));
    assertEquals("default.host", unknown.ruleId());
    assertTrue(unknown.blocks());
  }

  @Test
  void aForbidToAnyHoldsForUnknownHostsToo() throws Exception {
    RuleSet rules = rules("- { id: r, to: any, call: DELETE /**, then: forbid }");
    assertEquals("r", rules.decide(CallFacts.of("DELETE", "https://x.example.net/")).ruleId());
    assertEquals(Effect.FORBID, rules.decide(CallFacts.of("DELETE", API)).effect());
  }

  // ---- which effect wins

  @Test
  void theStrongestEffectWinsWhateverTheOrder() throws Exception {
    String[] thens = {"allow", "approve", "escalate", "deny", "forbid"};
    for (int strong = 0; strong < thens.length; strong++) {
      for (int weak = 0; weak < strong; weak++) {
        RuleSet rules =
            rules(
                "- { id: a, to: api, call: POST /x, then: " + thens[strong] + " }",
                "- { id: b, to: api, call: POST /x, then: " + thens[weak] + " }");
        Decision decision = rules.decide(post(API + "/x"));
        assertEquals(thens[strong].toUpperCase(Locale.ROOT), decision.effect().name());
        assertEquals("a", decision.ruleId());
        assertEquals(List.of("a", "b"), decision.ruleIds());
      }
    }
  }

  @Test
  void ofEqualEffectsTheMostSpecificRuleIsNamed() throws Exception {
    RuleSet rules =
        load(
            "destinations:",
            "  all: { hosts: [.example.com] }",
            "  api: { hosts: [api.example.com] }",
            "rules:",
            "  - { id: a, to: any, call: POST /v1/x, then: deny }",
            "  - { id: b, to: all, call: POST /v1/x, then: deny }",
            "  - { id: c, to: api, call: POST /v1/*, then: deny }",
            "  - { id: d, to: api, call: POST /v1/x, then: deny }",
            "  - { id: e, to: api, call: POST /v1/x, when: [q exists], then: deny }",
            "  - { id: f, to: api, call: POST /v1/y, then: deny }",
            "  - { id: g, to: api, call: POST /v1/**, then: deny }");
    Decision decision = rules.decide(post(API + "/v1/x"));
    assertEquals("d", decision.ruleId());
    assertEquals(List.of("a", "b", "c", "d", "g"), decision.ruleIds());
    assertEquals("api", decision.destination());
    assertEquals("e", rules.decide(json(API + "/v1/x", "{\"q\":1}")).ruleId());
    assertEquals("c", rules.decide(post(API + "/v1/z")).ruleId());
    assertEquals("g", rules.decide(post(API + "/v1")).ruleId());
    assertEquals("b", rules.decide(post("https://b.example.com/v1/x")).ruleId());
    assertEquals("all", rules.decide(post("https://b.example.com/v1/x")).destination());
  }

  @Test
  void atMostEightRulesAreNamed() throws Exception {
    String[] many = new String[12];
    for (int i = 0; i < many.length; i++) {
      many[i] = "- { id: r" + (char) ('a' + i) + ", to: api, call: POST /x, then: deny }";
    }
    assertEquals(8, rules(many).decide(post(API + "/x")).ruleIds().size());
  }

  @Test
  void aWildcardHostIsNotItsApex() throws Exception {
    RuleSet rules = load("destinations:", "  sub: { hosts: [.example.com] }");
    assertEquals("sub", rules.decide(get("https://a.b.example.com/")).destination());
    assertEquals("default.host", rules.decide(get("https://example.com/")).ruleId());
    assertEquals("default.host", rules.decide(get("https://badexample.com/")).ruleId());
    assertEquals("default.host", rules.decide(get("https://a.example.com.evil.net/")).ruleId());
  }

  @Test
  void addressesMatchAddressEntriesOnly() throws Exception {
    RuleSet rules =
        load(
            "destinations:",
            "  net: { hosts: [10.1.0.0/16, '2001:db8::/32'] }",
            "  one: { hosts: [10.1.2.3, '[::1]'], ports: [12111] }",
            "  sub: { hosts: [.example.com, localhost] }");
    assertEquals("net", rules.decide(get("http://10.1.9.9/")).destination());
    assertEquals("net", rules.decide(get("http://[2001:db8::5]/")).destination());
    assertEquals("one", rules.decide(get("http://10.1.2.3:12111/")).destination());
    assertEquals("net", rules.decide(get("http://10.1.2.3:80/")).destination());
    assertEquals("one", rules.decide(get("http://[0:0::1]:12111/")).destination());
    assertEquals("one", rules.decide(get("http://[::ffff:10.1.2.3]:12111/")).destination());
    assertEquals("default.host", rules.decide(get("http://10.2.0.1/")).ruleId());
    assertEquals("default.host", rules.decide(get("http://127.0.0.1/")).ruleId());
    assertEquals("sub", rules.decide(get("http://localhost/")).destination());
  }

  @Test
  void anUnlistedPortIsUnknown() throws Exception {
    RuleSet rules = load("destinations:", "  api: { hosts: [api.example.com], ports: [443] }");
    assertEquals(Reason.READ_DEFAULT, rules.decide(get(API + "/")).reason());
    assertEquals(Reason.READ_DEFAULT, rules.decide(get(API + ":443/")).reason());
    assertEquals(Reason.UNKNOWN_PORT, rules.decide(get(API + ":8443/")).reason());
    assertEquals(Reason.UNKNOWN_PORT, rules.decide(get("http://api.example.com/")).reason());
  }

  @Test
  void plainHttpIsDeniedWhereTlsIsRequired() throws Exception {
    RuleSet rules =
        load(
            "destinations:",
            "  api: { hosts: [api.example.com], tls: required }",
            "rules:",
            "  - { id: r, to: api, call: GET /x, then: allow }");
    Decision decision = rules.decide(get("http://api.example.com/x"));
    assertEquals("destination.api.tls", decision.ruleId());
    assertEquals(Reason.TLS_REQUIRED, decision.reason());
    assertFalse(rules.decide(get(API + "/x")).blocks());
  }

  // ---- observe

  @Test
  void anObservingFileBlocksNothingAndRedactsNothing() throws Exception {
    RuleSet rules =
        load(
            "defaults: { mode: observe }",
            "destinations:",
            "  api: { hosts: [api.example.com] }",
            "rules:",
            "  - { id: r, to: api, call: POST /x, then: forbid }",
            "  - { id: s, to: api, call: POST /x, then: redact, redact: { types: [pan] } }");
    Decision decision = rules.decide(post(API + "/x"));
    assertEquals(Effect.FORBID, decision.effect());
    assertFalse(decision.enforced());
    assertFalse(decision.blocks());
    assertEquals(List.of(), decision.redactions());
    assertEquals(List.of("r", "s"), decision.ruleIds());
  }

  @Test
  void anObservingRuleSaysWhatItWouldDo() throws Exception {
    RuleSet rules =
        rules(
            "- { id: a, to: api, call: POST /x, then: allow }",
            "- { id: b, to: api, call: POST /x, then: deny, mode: observe }",
            "- { id: c, to: api, call: POST /*, then: redact, mode: observe, redact: { types: [pan]"
                + " } }",
            "- { id: d, to: api, call: POST /*, then: redact, redact: { types: [email] } }");
    Decision decision = rules.decide(post(API + "/x"));
    assertEquals("b", decision.ruleId());
    assertEquals(Effect.DENY, decision.effect());
    assertFalse(decision.enforced());
    assertEquals(1, decision.redactions().size());
    assertEquals(Set.of("email"), decision.redactions().get(0).types());
  }

  @Test
  void anObservingRuleNeitherLiftsNorHidesWhatIsEnforced() throws Exception {
    RuleSet rules =
        rules(
            "- { id: a, to: api, call: POST /x, then: allow, mode: observe }",
            "- { id: b, to: api, call: POST /y, then: forbid, mode: observe }",
            "- { id: c, to: api, call: POST /y, then: approve }");
    assertEquals("default.write", rules.decide(post(API + "/x")).ruleId());
    assertTrue(rules.decide(post(API + "/x")).blocks());
    assertEquals("c", rules.decide(post(API + "/y")).ruleId());
    assertTrue(rules.decide(post(API + "/y")).blocks());
  }

  // ---- classes

  @Test
  void theMostSpecificLineOfClassifyWins() throws Exception {
    RuleSet rules =
        load(
            "destinations:",
            "  api: { hosts: [api.example.com] }",
            "classify:",
            "  read: [api POST /search/**, api GET /export]",
            "  write: [api POST /search/save, api GET /export, api GET /click/*]");
    assertEquals(CallClass.READ, rules.classify(post(API + "/search/a/b")));
    assertEquals(CallClass.WRITE, rules.classify(post(API + "/search/save")));
    assertEquals(CallClass.WRITE, rules.classify(get(API + "/export")));
    assertEquals(CallClass.WRITE, rules.classify(get(API + "/click/1")));
    assertEquals(CallClass.READ, rules.classify(get(API + "/click")));
    assertEquals(CallClass.WRITE, rules.classify(post(API + "/Search/a")));
    assertEquals(CallClass.UNKNOWN, rules.classify(post(API + "/search//a")));
  }

  @Test
  void callsOfAnRpcOrGraphQlDestinationAreUnknownUntilClassified() throws Exception {
    RuleSet rules =
        load(
            "destinations:",
            "  mcp: { hosts: [mcp.example.com], protocol: json-rpc }",
            "  shop: { hosts: [shop.example.com], protocol: graphql }",
            "  api: { hosts: [api.example.com] }",
            "classify: { read: [mcp POST /list] }");
    assertEquals(CallClass.UNKNOWN, rules.classify(post("https://mcp.example.com/x")));
    assertEquals(CallClass.READ, rules.classify(post("https://mcp.example.com/list")));
    assertEquals(CallClass.READ, rules.classify(get("https://mcp.example.com/x")));
    assertEquals(CallClass.READ, rules.classify(get("https://shop.example.com/x")));
    assertEquals(CallClass.UNKNOWN, rules.classify(get("https://shop.example.com/x?a=b")));
    assertEquals(CallClass.UNKNOWN, rules.classify(post("https://shop.example.com/x")));
    assertEquals(CallClass.WRITE, rules.classify(post(API + "/graphql")));
    assertEquals(CallClass.UNKNOWN, rules.classify(get(API + "/graphql?query=mutation")));
    assertEquals(CallClass.UNKNOWN, rules.classify(get(API + "/api/GraphQL.json?query=x")));
    assertEquals(CallClass.READ, rules.classify(get(API + "/graphql")));
  }

  // ---- ways round the rules

  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST /v1/refunds",
        "post /v1/refunds",
        "POST /v1/refunds/",
        "POST //v1/refunds",
        "POST /v1//refunds",
        "POST /v1/refunds//",
        "POST /V1/Refunds",
        "POST /v1/./refunds",
        "POST /v1/x/../refunds",
        "POST /v1/x/%2e%2E/refunds",
        "POST /v1/x/.%2e/refunds",
        "POST /../v1/refunds",
        "POST /v1%2frefunds",
        "POST /v1%2Frefunds",
        "POST /v1%5crefunds",
        "POST /v1\\refunds",
        "POST /v1/%72efunds",
        "POST /v1/refunds;a=b",
        "POST /v1;a=b/refunds",
        "POST /v1/refunds?x=1",
        "POST /v1/refunds#x",
        "GET /v1/refunds?_HttpMethod=POST",
        "GET /v1/refunds?_method=post",
        "GET /v1/refunds?a=b&_%6dethod=POST",
        "PUT /v1/refunds?_HttpMethod=POST",
      })
  void noSpellingGoesRoundADeny(String call) throws Exception {
    RuleSet rules =
        load(
            "defaults: { host: allow, read: allow, write: allow, unknown: allow }",
            "destinations:",
            "  api: { hosts: [api.example.com] }",
            "rules:",
            "  - { id: r, to: api, call: POST /v1/refunds, then: deny }");
    int space = call.indexOf(' ');
    String method = call.substring(0, space);
    String path = call.substring(space + 1);
    for (String host :
        List.of("api.example.com", "API.Example.com", "api.example.com.", "x@api.example.com")) {
      Decision decision = rules.decide(CallFacts.of(method, "https://" + host + path));
      assertEquals("r", decision.ruleId(), host + " " + call);
      assertTrue(decision.blocks(), call);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST //v1/notes",
        "POST /v1/notes;x",
        "POST /V1/notes",
        "POST /v1/x/..%2fnotes",
        "POST /v1%2fnotes",
        "POST /../v1/notes",
        "POST /v1/notes%00",
        "POST /v1/notes?_method=DELETE",
        "POST /v1/notes?_HttpMethod=PATCH",
        "POST /v1/notes?_method=%ff",
        "DELETE /v1/notes",
        "POST /v1/notes/x",
        "POST /v1",
      })
  void noOtherSpellingIsAllowed(String call) throws Exception {
    RuleSet rules = rules("- { id: r, to: api, call: POST /v1/notes, then: allow }");
    int space = call.indexOf(' ');
    CallFacts facts = CallFacts.of(call.substring(0, space), API + call.substring(space + 1));
    assertTrue(rules.decide(facts).blocks(), call);
    assertFalse(rules.decide(post(API + "/v1/notes")).blocks());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://api.example.com@evil.example.net/v1/notes",
        "https://api.example.com.evil.example.net/v1/notes",
        "https://evil.example.net/https://api.example.com/v1/notes",
        "https://evil.example.net#api.example.com/v1/notes",
        "https://evil.example.net?api.example.com/v1/notes",
        "https://evil.example.net\\@api.example.com/v1/notes",
        "https://api.example.com\\.evil.example.net/v1/notes",
        "https://api%2eexample.com/v1/notes",
        "https://api.example.com:443@evil.example.net/v1/notes",
        "https://a@api.example.com@evil.example.net/v1/notes",
        "https://аpi.example.com/v1/notes",
        "ftp://api.example.com/v1/notes",
        "//api.example.com/v1/notes",
        "/v1/notes",
        "",
      })
  void noOtherHostIsTakenForAKnownOne(String url) throws Exception {
    RuleSet rules = rules("- { id: r, to: api, call: \"* /**\", then: allow }");
    Decision decision = rules.decide(post(url));
    assertTrue(decision.blocks(), url);
    assertEquals("default.host", decision.ruleId());
  }

  @Test
  void overridingHeadersAndFormsCountAsTheMethodTheyAskFor() throws Exception {
    RuleSet rules =
        rules(
            "- { id: patch, to: api, call: PATCH /x, then: forbid }",
            "- { id: post, to: api, call: POST /x, then: allow }",
            "- { id: both, to: api, call: (POST | PUT) /y, then: allow }");
    for (String name :
        List.of(
            "X-HTTP-Method-Override",
            "x-http-method",
            "X-Method-Override",
            "X-Original-Method",
            "X_HTTP_Method_Override",
            "x_http_method",
            "X-Method_Override",
            "x_original_method",
            " X-HTTP-Method ")) {
      CallFacts facts =
          new CallFacts("POST", API + "/x", List.of(name, " patch "), BodyState.NONE, new byte[0]);
      assertEquals("patch", rules.decide(facts).ruleId());
    }
    assertEquals("patch", rules.decide(form(API + "/x", "a=1&_method=patch")).ruleId());
    assertEquals("patch", rules.decide(form(API + "/x", "a=1&%5Fmethod=PATCH")).ruleId());
    assertEquals("post", rules.decide(form(API + "/x", "a=1&x_method=patch")).ruleId());
    assertEquals("both", rules.decide(form(API + "/y", "_method=PUT")).ruleId());
    assertTrue(rules.decide(form(API + "/y", "_method=DELETE")).blocks());
    assertEquals(CallClass.WRITE, rules.classify(get(API + "/x?_method=DELETE")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"X-Original-URL", "X-Rewrite-URL", "x_original_url", "X_REWRITE_URL"})
  void aHeaderThatNamesAnotherPathTakesTheCallOutOfEveryAllowingRule(String name) throws Exception {
    RuleSet rules =
        rules(
            "- { id: post, to: api, call: POST /x, then: allow }",
            "- { id: get, to: api, call: GET /x, then: allow }");
    for (String method : List.of("POST", "GET")) {
      CallFacts facts =
          new CallFacts(method, API + "/x", List.of(name, "/y"), BodyState.NONE, new byte[0]);
      assertTrue(rules.decide(facts).blocks(), method);
      assertEquals(CallClass.UNKNOWN, rules.classify(facts), method);
    }
  }

  // ---- the body as a whole

  @ParameterizedTest
  @CsvSource({
    "TOO_LARGE, body-too-large",
    "UNREADABLE, body-unreadable",
  })
  void aBodyThatWasNotInspectedTakesTheAnswerForLargerOnes(BodyState state, String reason)
      throws Exception {
    String[] rule = {"- { id: r, to: api, call: \"* /x\", then: allow }"};
    Decision write = rules(rule).decide(body("POST", state));
    assertEquals("default.body.larger", write.ruleId());
    assertEquals(reason, write.reason().code());
    assertTrue(write.blocks());
    assertFalse(rules(rule).decide(body("GET", state)).blocks());
    RuleSet lenient =
        load(
            "defaults: { body: { larger: { write: allow } } }",
            "destinations:",
            "  api: { hosts: [api.example.com] }",
            "rules:",
            "  - { id: r, to: api, call: POST /x, then: allow }",
            "  - { id: s, to: api, call: POST /x, when: [a = 1], then: approve }");
    assertEquals("s", lenient.decide(body("POST", state)).ruleId());
  }

  @Test
  void fieldsThatAreNotListedStopTheCall() throws Exception {
    RuleSet rules =
        load(
            "destinations:",
            "  api: { hosts: [api.example.com] }",
            "lists: { ok: [status, comment.body, tags] }",
            "rules:",
            "  - id: r",
            "    to: api",
            "    call: POST /x",
            "    fields: { root: ticket, allow: $ok, others: deny }",
            "    then: allow");
    String[] allowed = {
      "{\"ticket\":{\"status\":\"open\",\"comment\":{\"body\":\"x\"},\"tags\":[\"a\",{\"b\":1}]}}",
      "{\"ticket\":{}}",
      "{}",
      "{\"ticket\":{\"comment\":{}}}",
    };
    for (String body : allowed) {
      assertEquals(Reason.ALLOWED, rules.decide(json(API + "/x", body)).reason(), body);
    }
    String[] stopped = {
      "{\"ticket\":{\"status\":\"open\",\"requester_id\":1}}",
      "{\"ticket\":{\"comment\":{\"body\":\"x\",\"public\":true}}}",
      "{\"ticket\":{\"comment\":\"x\"}}",
      "{\"ticket\":{\"status\":\"open\"},\"other\":1}",
      "{\"status\":\"open\"}",
      "[]",
      "{\"ticket\":{\"status\":\"open\"}",
      "{\"ticket\":{\"status\":\"open\"}}}",
      "{\"ticket\":{\"statu\\u0073\":1,\"St\":1}}",
      "not json",
    };
    for (String body : stopped) {
      Decision decision = rules.decide(json(API + "/x", body));
      assertEquals(Reason.FIELD_NOT_ALLOWED, decision.reason(), body);
      assertEquals("r", decision.ruleId());
      assertTrue(decision.blocks());
    }
    assertFalse(rules.decide(form(API + "/x", "ticket[status]=open&ticket[tags][]=a")).blocks());
    assertTrue(rules.decide(form(API + "/x", "ticket[status]=open&ticket[id]=1")).blocks());
    assertTrue(rules.decide(form(API + "/x?ticket[id]=1", "ticket[status]=open")).blocks());
    assertFalse(rules.decide(form(API + "/x?async=true", "ticket[status]=open")).blocks());
  }

  // ---- what else is in a decision

  @Test
  void aBodyIsReadOnlyWhenAConditionAsks() throws Exception {
    RuleSet rules =
        rules(
            "- { id: r, to: api, call: POST /x, when: [header.X-A = 1, amount > 5], then: deny }",
            "- { id: s, to: api, call: POST /**, then: allow }");
    assertEquals(List.of(), rules.decide(json(API + "/y", "{\"amount\":1}")).fieldNames());
    CallFacts headerOnly =
        new CallFacts(
            "POST",
            API + "/x",
            List.of("X-A", "2", "content-type", "application/json"),
            BodyState.READ,
            "{\"amount\":1}".getBytes(StandardCharsets.UTF_8));
    assertEquals(List.of(), rules.decide(headerOnly).fieldNames());
  }

  @Test
  void onlyNamesThatTheRuleFileOrThePackKnowsAreTold() throws Exception {
    RuleSet rules =
        load(
            "packs: [stripe/1]",
            "destinations:",
            "  stripe: { hosts: [api.stripe.com] }",
            "rules:",
            "  - { id: r, to: stripe, call: POST /v1/refunds, when: [money > 5 EUR], then: deny }");
    Decision decision =
        rules.decide(
            form(
                "https://api.stripe.com/v1/refunds",
                "amount=900&currency=eur&metadata[bob@example.com]=1&alice+4111=2&x=3&charge=ch"));
    assertEquals(
        List.of("amount", "currency", "metadata", "other", "charge"), decision.fieldNames());
    assertEquals("refund.create", decision.operation());
    assertTrue(decision.keepFields().contains("payment_intent"));
    assertNotNull(decision.shape());
  }

  @Test
  void anOperationIsNeverTheRawPath() throws Exception {
    RuleSet rules = rules("- { id: r, to: api, call: PUT /users/*, then: allow }");
    assertEquals(
        "PUT /users/*",
        rules.decide(CallFacts.of("PUT", API + "/users/bob@example.com")).operation());
    assertEquals("", rules.decide(get(API + "/users/bob@example.com")).operation());
  }

  @Test
  void refusalsAreResponsesUnlessTheFileSaysException() throws Exception {
    RuleSet rules =
        load(
            "destinations:",
            "  api: { hosts: [api.example.com] }",
            "  old: { hosts: [old.example.com], refuse-with: exception }",
            "rules:",
            "  - { id: a, to: old, call: POST /x, then: deny, refuse-with: response }",
            "  - { id: b, to: api, call: POST /x, then: deny, refuse-with: exception }");
    assertFalse(rules.decide(post(API + "/y")).refuseWithException());
    assertTrue(rules.decide(post(API + "/x")).refuseWithException());
    assertTrue(rules.decide(post("https://old.example.com/y")).refuseWithException());
    assertFalse(rules.decide(post("https://old.example.com/x")).refuseWithException());
    assertNull(rules.decide(post(API + "/y")).shape());
  }

  @Test
  void helpNamesTheRuleAndItsOwner() throws Exception {
    RuleSet rules =
        rules(
            "- { id: r, owner: pay@example.com, why: too much, to: api, call: POST /x, then:"
                + " approve }");
    assertEquals(
        "rule r wants an approval: too much; ask pay@example.com",
        rules.decide(post(API + "/x")).help());
    assertTrue(rules.decide(post(API + "/y")).help().contains("add one with then: allow"));
    assertTrue(rules.decide(get("https://x.example.net/")).help().contains("destinations"));
  }

  @Test
  void settingsOfTheFileAreKept() throws Exception {
    RuleSet rules =
        load(
            "serial: 42",
            "defaults:",
            "  mode: observe",
            "  on-error: { read: deny, write: allow }",
            "  on-journal-down: { write: allow }",
            "  body: { inspect-up-to: 2 MiB }",
            "redaction:",
            "  logs: { types: [email, pan], with: mask }",
            "  outgoing: { types: [secret], with: block }");
    assertEquals("test", rules.name());
    assertEquals(42, rules.serial());
    assertEquals(Mode.OBSERVE, rules.mode());
    assertEquals(new Fallback(false, true), rules.onError());
    assertEquals(new Fallback(true, true), rules.onJournalDown());
    assertEquals(2 * 1024 * 1024, rules.inspectUpToBytes());
    assertEquals(
        new Redaction(
            List.of(), Set.of("email", "pan"), Redaction.With.MASK, Redaction.Unredacted.REFUSE),
        rules.logs());
    assertEquals(Redaction.With.BLOCK, rules.outgoing().with());
    assertEquals(Redaction.Unredacted.REFUSE, rules.outgoing().unredacted());
    assertEquals(
        Redaction.Unredacted.PASS,
        load("redaction: { outgoing: { types: [pan], signed: pass } }").outgoing().unredacted());
    assertEquals(
        Redaction.Unredacted.REFUSE,
        load("redaction: { responses: { types: [pan] } }").responses().unredacted());
    assertEquals(
        Redaction.Unredacted.PASS,
        load("redaction: { responses: { types: [pan], unreadable: pass } }")
            .responses()
            .unredacted());
    for (String types : List.of("[confidential, email]", "[email, confidential]")) {
      Redaction both =
          load("redaction: { outgoing: { types: " + types + ", with: { confidential: block } } }")
              .outgoing();
      assertEquals(Redaction.With.BLOCK, both.with("email"));
      assertEquals(Redaction.With.BLOCK, both.with("phone"));
    }
    Redaction classes =
        load(
                "redaction:",
                "  outgoing: { types: [email, confidential], with: { confidential: block, email:"
                    + " hash } }")
            .outgoing();
    assertEquals(Redaction.With.HASH, classes.with("email"));
    Redaction prompts =
        load(
                "destinations: { gpt: { hosts: [gpt.example.com], category: llm } }",
                "rules:",
                "  - { id: p, to: gpt, call: POST /v1/chat, then: redact, redact: { types: [email,"
                    + " phone, pan], with: { email: vault, phone: vault, others: token }, restore:"
                    + " [email] } }")
            .decide(post("https://gpt.example.com/v1/chat"))
            .redactions()
            .get(0);
    assertEquals(Redaction.With.VAULT, prompts.with("phone"));
    assertEquals(Redaction.With.TOKEN, prompts.with("pan"));
    assertEquals(Set.of("email"), prompts.restored());
    RuleSet plain = load();
    assertEquals(new Fallback(true, false), plain.onError());
    assertEquals(256 * 1024, plain.inspectUpToBytes());
    assertEquals(Redaction.NOTHING, plain.logs());
    assertEquals(Mode.ENFORCE, plain.mode());
  }

  @Test
  void eachTypeMayHaveItsOwnOperator() throws Exception {
    RuleSet rules =
        load(
            "redaction:",
            "  logs: { types: [email, pan, phone, secret], with: { email: keep-domain, pan:"
                + " keep-last-4, others: drop } }",
            "  outgoing: { types: [iban, ssn], with: { iban: mask } }");
    assertEquals(
        "email with keep-domain, pan with keep-last-4, phone with drop, secret with drop",
        rules.logs().text());
    assertEquals(Redaction.With.DROP, rules.logs().with());
    assertEquals("iban with mask, ssn with token", rules.outgoing().text());
    assertEquals(Redaction.With.NONE, rules.outgoing().with("email"));
    assertNull(rules.needsRedactionKey());
  }

  @Test
  void whatNeedsAKeyIsNamed() throws Exception {
    assertEquals(
        "redaction.logs",
        load("redaction: { logs: { types: [email], with: pseudonym } }").needsRedactionKey());
    assertEquals(
        "redaction.outgoing",
        load("redaction: { outgoing: { types: [email, pan], with: { pan: siv } } }")
            .needsRedactionKey());
    assertEquals(
        "rule r",
        load(
                "destinations: { a: { hosts: [a.example.com] } }",
                "rules:",
                "  - { id: r, to: a, call: POST /x, then: redact, redact: { types: [email], with:"
                    + " siv } }")
            .needsRedactionKey());
  }

  @Test
  void aRefusalIsRenderedAsJsonWhateverTheWordsHold() {
    RefusalShape shape =
        new RefusalShape(
            403,
            "application/json",
            "{\"a\":\"{message}\",\"b\":{\"c\":\"{rule}\"},\"d\":\"{other}\"}");
    assertEquals(
        "{\"a\":\"x\\\"\\\\\\u000a\\u00e9\",\"b\":{\"c\":\"{reason}\"},\"d\":\"{other}\"}",
        shape.render("id", "{reason}", "rule", "x\"\\\n\u00e9"));
  }

  // ---- helpers

  private RuleSet rules(String... rules) throws Exception {
    String[] lines = new String[rules.length + 3];
    lines[0] = "destinations:";
    lines[1] = "  api: { hosts: [api.example.com] }";
    lines[2] = rules.length == 0 ? "" : "rules:";
    for (int i = 0; i < rules.length; i++) {
      lines[i + 3] = "  " + rules[i];
    }
    return load(lines);
  }

  private RuleSet load(String... lines) throws Exception {
    return RuleFiles.load(
        directory, "version: 1\nname: test\nowner: t@example.com\n" + String.join("\n", lines));
  }

  private static CallFacts get(String url) {
    return CallFacts.of("GET", url);
  }

  private static CallFacts post(String url) {
    return CallFacts.of("POST", url);
  }

  private static CallFacts body(String method, BodyState state) {
    return new CallFacts(method, API + "/x", List.of(), state, new byte[0]);
  }

  private static CallFacts json(String url, String body) {
    return typed(url, "application/json", body);
  }

  private static CallFacts form(String url, String body) {
    return typed(url, "application/x-www-form-urlencoded", body);
  }

  private static CallFacts typed(String url, String type, String body) {
    return new CallFacts(
        "POST",
        url,
        List.of("Content-Type", type),
        BodyState.READ,
        body.getBytes(StandardCharsets.UTF_8));
  }
}
