package dev.cordon.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The truth of single conditions, read off {@link RuleSet#explain}. */
class ConditionsTest {
  private static final String JSON = "application/json";
  private static final String FORM = "application/x-www-form-urlencoded";

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      textBlock =
          """
          amount = 5 ~ {"amount":5} ~ TRUE
          amount = 5 ~ {"amount":5.0} ~ TRUE
          amount = 5 ~ {"amount":50e-1} ~ TRUE
          amount = 5 ~ {"amount":6} ~ FALSE
          amount = 5 ~ {"amount":"5"} ~ UNKNOWN
          amount = 5 ~ {"amount":[5]} ~ UNKNOWN
          amount = 5 ~ {"amount":null} ~ UNKNOWN
          amount = 5 ~ {} ~ UNKNOWN
          amount = 5 ~ [] ~ UNKNOWN
          amount = 5 ~ 5 ~ UNKNOWN
          amount != 5 ~ {"amount":6} ~ TRUE
          amount != 5 ~ {} ~ UNKNOWN
          amount < 5 ~ {"amount":4.999999999999999999999} ~ TRUE
          amount <= 5 ~ {"amount":5.000000000000000000001} ~ FALSE
          amount > 5 ~ {"amount":9223372036854775808} ~ TRUE
          amount > 5 ~ {"amount":-9223372036854775809} ~ FALSE
          amount > 5 ~ {"amount":1e400} ~ TRUE
          amount < 5 ~ {"amount":1e-400} ~ TRUE
          amount >= 0.1 ~ {"amount":0.1} ~ TRUE
          amount > 5 ~ {"amount":1e99999999999} ~ UNKNOWN
          amount > 5 ~ {"amount":NaN} ~ UNKNOWN
          open = true ~ {"open":true} ~ TRUE
          open = true ~ {"open":false} ~ FALSE
          open = true ~ {"open":"true"} ~ UNKNOWN
          open != false ~ {"open":true} ~ TRUE
          open = null ~ {"open":null} ~ TRUE
          open = null ~ {"open":1} ~ FALSE
          name = bob ~ {"name":"bob"} ~ TRUE
          name = bob ~ {"name":"b\\u006fb"} ~ TRUE
          name = bob ~ {"n\\u0061me":"bob"} ~ TRUE
          name = bob ~ {"name":"Bob"} ~ UNKNOWN
          name = bob ~ {"name":"bobby"} ~ FALSE
          name != bob ~ {"name":" bob"} ~ UNKNOWN
          name != bob ~ {"name":"rob"} ~ TRUE
          name in (bob | 7) ~ {"name":"BOB"} ~ UNKNOWN
          name in (bob | Bob) ~ {"name":"Bob"} ~ TRUE
          name = bob ~ {"name":7} ~ UNKNOWN
          name = "7" ~ {"name":"7"} ~ TRUE
          name = "on hold" ~ {"name":"on hold"} ~ TRUE
          name in (a | b | "c d") ~ {"name":"c d"} ~ TRUE
          name in (a | b) ~ {"name":"c"} ~ FALSE
          name in (a | b) ~ {"name":1} ~ UNKNOWN
          name in (1 | b) ~ {"name":1.0} ~ TRUE
          name in (1 | b) ~ {"name":2} ~ FALSE
          name in $list ~ {"name":"y"} ~ TRUE
          name in $list ~ {"name":4} ~ TRUE
          name in $list ~ {"name":"z"} ~ FALSE
          name exists ~ {"name":""} ~ TRUE
          name exists ~ {"name":{}} ~ TRUE
          name exists ~ {"name":null} ~ UNKNOWN
          name exists ~ {} ~ FALSE
          name absent ~ {} ~ TRUE
          name absent ~ {"name":1} ~ FALSE
          a.b.c = 1 ~ {"a":{"b":{"c":1}}} ~ TRUE
          a.b.c = 1 ~ {"a":{"b":1}} ~ UNKNOWN
          a.b.c exists ~ {"a":{"b":1}} ~ UNKNOWN
          a.b.c exists ~ {"a":{}} ~ FALSE
          a.b.c = 1 ~ {"a":[{"b":{"c":1}}]} ~ UNKNOWN
          a[].b = 1 ~ {"a":[{"b":2},{"b":1}]} ~ TRUE
          a[].b = 1 ~ {"a":[{"b":2}]} ~ FALSE
          a[].b = 1 ~ {"a":[{"b":2},{}]} ~ UNKNOWN
          a[].b = 1 ~ {"a":[{"b":2},3]} ~ UNKNOWN
          a[].b = 1 ~ {"a":[]} ~ FALSE
          a[].b = 1 ~ {"a":{"b":1}} ~ UNKNOWN
          a[] = 1 ~ {"a":[2,1]} ~ TRUE
          a[][] = 1 ~ {"a":[[2],[1]]} ~ TRUE
          [].a = 1 ~ [{"a":1}] ~ TRUE
          **.t = x ~ {"a":[{"b":{"t":"x"}}]} ~ TRUE
          **.t = x ~ {"t":"x"} ~ TRUE
          **.t = x ~ {"a":{"t":"y"},"t":"z"} ~ FALSE
          **.t = x ~ {"a":{"u":"x"}} ~ UNKNOWN
          a.**.t = x ~ {"t":"x","a":{}} ~ UNKNOWN
          a.**.t = x ~ {"a":[[{"t":"x"}]]} ~ TRUE
          name.length > 3 ~ {"name":"abcd"} ~ TRUE
          name.length > 3 ~ {"name":"abc"} ~ FALSE
          name.length = 1 ~ {"name":"😀"} ~ TRUE
          name.length > 1 ~ {"name":[1,2]} ~ TRUE
          name.length > 1 ~ {"name":[[1,2]]} ~ FALSE
          name.length > 3 ~ {"name":12345} ~ UNKNOWN
          { not: name = a } ~ {"name":"b"} ~ TRUE
          { not: name = a } ~ {} ~ UNKNOWN
          { any: [name = a, n = 1] } ~ {"n":1} ~ TRUE
          { any: [name = a, n = 1] } ~ {"n":2} ~ UNKNOWN
          { any: [name = a, n = 1] } ~ {"n":2,"name":"b"} ~ FALSE
          { all: [name = a, n = 1] } ~ {"n":2} ~ FALSE
          { all: [name = a, n = 1] } ~ {"n":1} ~ UNKNOWN
          { not: [name = a, n = 1] } ~ {"n":2} ~ TRUE
          """)
  void jsonFieldsAreComparedByTypeAndExactly(String condition, String body, Truth truth)
      throws Exception {
    assertEquals(truth, truth(condition, JSON, body, ""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      textBlock =
          """
          amount = 5 ~ amount=5 ~ TRUE
          amount > 5 ~ amount=12.50 ~ TRUE
          amount > 5 ~ amount=0012 ~ TRUE
          amount > 5 ~ amount=1e3 ~ UNKNOWN
          amount > 5 ~ amount=+7 ~ UNKNOWN
          amount > 5 ~ amount=0x10 ~ UNKNOWN
          amount > 5 ~ amount= ~ UNKNOWN
          amount > 5 ~ amount ~ UNKNOWN
          amount > 5 ~ amount=9&amount=1 ~ UNKNOWN
          amount > 5 ~ %61mount=9 ~ TRUE
          amount > 5 ~ amount=9&x=%zz ~ UNKNOWN
          amount > 5 ~ amount=9&x=%ff ~ UNKNOWN
          amount > 5 ~ amount=9;amount=1 ~ UNKNOWN
          amount > 5 ~ amount=9&a[b=1 ~ UNKNOWN
          open = true ~ open=true ~ TRUE
          open = true ~ open=1 ~ UNKNOWN
          name = "a b" ~ name=a+b ~ TRUE
          name = "a b" ~ name=a%20b ~ TRUE
          name = é ~ name=%C3%A9 ~ TRUE
          a.b = 1 ~ a[b]=1 ~ TRUE
          a.b = 1 ~ a%5Bb%5D=1 ~ TRUE
          a.b = 1 ~ a.b=1 ~ TRUE
          a.b = 1 ~ a=1 ~ UNKNOWN
          a.b = 1 ~ a[b]=1&a=2 ~ UNKNOWN
          a exists ~ a[b]=1 ~ TRUE
          a = 1 ~ a=1&a[b]=1 ~ UNKNOWN
          a[] = 2 ~ a[]=1&a[]=2 ~ TRUE
          a[] = 3 ~ a[]=1&a[]=2 ~ FALSE
          a[] = 2 ~ a[0]=1&a[1]=2 ~ TRUE
          a[].k = 2 ~ a[0][k]=1&a[1][k]=2 ~ TRUE
          a[].k = 3 ~ a[0][k]=1&a[1][j]=2 ~ UNKNOWN
          a[] = 1 ~ a=1 ~ UNKNOWN
          **.k = 2 ~ x[y][0][k]=2 ~ TRUE
          amount exists ~ b=1 ~ FALSE
          amount absent ~ b=1 ~ TRUE
          amount > 5 ~ {"amount":9} ~ UNKNOWN
          amount absent ~ {"amount":9} ~ UNKNOWN
          """)
  void formFieldsAreTextsWithDottedNames(String condition, String body, Truth truth)
      throws Exception {
    assertEquals(truth, truth(condition, FORM, body, ""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      textBlock =
          """
          query.q = a ~ q=a ~ TRUE
          query.q = a ~ q=%61 ~ TRUE
          query.q = a ~ %71=a ~ TRUE
          query.q = a ~ Q=a ~ UNKNOWN
          query.q = a ~ q=a&q=b ~ UNKNOWN
          query.q = a ~ x=1 ~ UNKNOWN
          query.q > 5 ~ q=7 ~ TRUE
          query.a.b = 1 ~ a[b]=1 ~ TRUE
          query.q exists ~ q ~ TRUE
          query.q exists ~ x ~ FALSE
          query.q exists ~ x[=1 ~ UNKNOWN
          query.q absent ~ x=1 ~ TRUE
          query.q.length > 2 ~ q=abc ~ TRUE
          header.X-Shop = a ~ x ~ TRUE
          header.x-shop in (a) ~ x ~ TRUE
          header.X-Shop != a ~ x ~ FALSE
          header.X-None = a ~ x ~ UNKNOWN
          header.X-None exists ~ x ~ FALSE
          header.X-Shop exists ~ x ~ TRUE
          header.X-Two = a ~ x ~ UNKNOWN
          amount > 5 ~ amount=3 ~ UNKNOWN
          amount > 5 ~ am%6funt=3 ~ UNKNOWN
          amount > 5 ~ amount[]=3 ~ UNKNOWN
          amount > 5 ~ other=3 ~ TRUE
          amount > 5 ~ a[=3 ~ UNKNOWN
          """)
  void queryAndHeadersAreTextsAndABodyFieldInTheQueryIsUnknown(
      String condition, String query, Truth truth) throws Exception {
    assertEquals(truth, truth(condition, JSON, "{\"amount\":9}", query));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      textBlock =
          """
          application/json; charset=utf-8 ~ {"a":1} ~ TRUE
          application/json;charset="UTF-8" ~ {"a":1} ~ TRUE
          application/vnd.api+json ~ {"a":1} ~ TRUE
          Application/JSON ~ {"a":1} ~ TRUE
          text/plain ~ {"a":1} ~ TRUE
          '' ~ {"a":1} ~ TRUE
          application/json; charset=utf-16 ~ {"a":1} ~ UNKNOWN
          application/json; charset=ibm037 ~ {"a":1} ~ UNKNOWN
          application/x-www-form-urlencoded ~ a=1 ~ TRUE
          application/x-www-form-urlencoded ~ {"a":1} ~ UNKNOWN
          application/json ~ a=1 ~ UNKNOWN
          text/plain ~ a=1 ~ UNKNOWN
          multipart/form-data; boundary=x ~ a=1 ~ UNKNOWN
          application/xml ~ <a/> ~ UNKNOWN
          """)
  void aBodyIsReadInTheFormatItsServerWillReadIt(String type, String body, Truth truth)
      throws Exception {
    assertEquals(truth, truth("a = 1", type, body, ""));
  }

  @Test
  void twoContentTypesAreUnknown() throws Exception {
    RuleSet rules = rules("a = 1");
    CallFacts facts =
        new CallFacts(
            "POST",
            "https://api.example.com/x",
            List.of("Content-Type", JSON, "content-type", FORM),
            BodyState.READ,
            "{\"a\":1}".getBytes(StandardCharsets.UTF_8));
    assertEquals(Truth.UNKNOWN, truth(rules, facts));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":1,\"a\":1}",
        "{\"a\":2,\"b\":{},\"a\":1}",
        "{\"a\":1,\"\\u0061\":1}",
        "{\"a\":1",
        "{\"a\":1}}",
        "{\"a\":1}{}",
        "{\"a\":1,}",
        "{'a':1}",
        "{\"a\":1}//x",
        "{\"a\":01}",
        "",
        " ",
        "\ufeff",
      })
  void aBodyWithMoreThanOneReadingIsUnknown(String body) throws Exception {
    assertEquals(Truth.UNKNOWN, truth("a = 1", JSON, body, ""), body);
  }

  @Test
  void aKeyTwiceWhereNoRuleLooksIsNoMatter() throws Exception {
    assertEquals(Truth.TRUE, truth("a = 1", JSON, "{\"x\":1,\"x\":{\"a\":2,\"a\":3},\"a\":1}", ""));
    assertEquals(Truth.UNKNOWN, truth("**.a = 1", JSON, "{\"x\":{\"y\":1,\"y\":2},\"a\":1}", ""));
    assertEquals(Truth.UNKNOWN, truth("a.b = 1", JSON, "{\"a\":{\"b\":1},\"a\":{\"c\":1}}", ""));
  }

  // ---- money

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      textBlock =
          """
          money <= 25 EUR ~ amount=2500&currency=eur ~ TRUE
          money <= 25 EUR ~ amount=2501&currency=EUR ~ FALSE
          money <= 25.50 EUR ~ amount=2550&currency=eur ~ TRUE
          money <= 25 EUR ~ amount=2500&currency=usd ~ UNKNOWN
          money <= 25 EUR ~ amount=2500 ~ UNKNOWN
          money <= 25 EUR ~ currency=eur ~ UNKNOWN
          money <= 25 EUR ~ amount=-1&currency=eur ~ UNKNOWN
          money <= 25 EUR ~ amount=1e9&currency=eur ~ UNKNOWN
          money <= 25 EUR ~ amount=1&amount=9999&currency=eur ~ UNKNOWN
          money <= 25 EUR ~ amount=1&currency=eur&currency=jpy ~ UNKNOWN
          money > 25 EUR ~ amount=99999999999999999999999&currency=eur ~ TRUE
          money <= 5000 JPY ~ amount=5000&currency=jpy ~ TRUE
          money <= 5000 JPY ~ amount=5001&currency=jpy ~ FALSE
          money <= 5.124 KWD ~ amount=5124&currency=kwd ~ TRUE
          money <= 5 KWD ~ amount=5001&currency=kwd ~ FALSE
          money <= 5 UGX ~ amount=5&currency=ugx ~ UNKNOWN
          money = 1 EUR ~ amount=100&currency=eur ~ TRUE
          money != 1 EUR ~ amount=100&currency=eur ~ FALSE
          """)
  void moneyIsComparedInTheUnitsOfItsCurrency(String condition, String body, Truth truth)
      throws Exception {
    RuleSet rules =
        load(
            "packs: [stripe/1]",
            "destinations: { stripe: { hosts: [api.stripe.com] } }",
            "rules:",
            "  - { id: r, to: stripe, call: POST /v1/**, then: deny, when: [" + condition + "] }");
    assertEquals(truth, truth(rules, facts("https://api.stripe.com/v1/refunds", FORM, body)));
    CallFacts noMoney = facts("https://api.stripe.com/v1/disputes/dp_1", FORM, body);
    assertEquals(Truth.UNKNOWN, truth(rules, noMoney));
    CallFacts query =
        facts("https://api.stripe.com/v1/refunds?amount=1", FORM, "amount=1&currency=eur");
    assertEquals(Truth.UNKNOWN, truth(rules, query));
  }

  // ---- what a rule does with the three values

  @ParameterizedTest
  @CsvSource({
    "allow, 1, true", "allow, 2, false", "allow, '', false",
    "deny, 1, true", "deny, 2, false", "deny, '', true",
    "approve, '', true", "forbid, '', true", "escalate, '', true",
  })
  void onlyAllowingRulesNeedCertainty(String then, String value, boolean fires) throws Exception {
    RuleSet rules =
        load(
            "destinations: { api: { hosts: [api.example.com] } }",
            "rules:",
            "  - { id: r, to: api, call: POST /x, when: [a = 1], then: " + then + " }");
    String body = value.isEmpty() ? "{}" : "{\"a\":" + value + "}";
    Decision decision = rules.decide(facts("https://api.example.com/x", JSON, body));
    assertEquals(fires, decision.ruleIds().contains("r"));
    assertEquals(fires && then.equals("allow"), !decision.blocks());
  }

  @Test
  void aRedactingRuleFiresOnUnknownToo() throws Exception {
    RuleSet rules =
        load(
            "destinations: { api: { hosts: [api.example.com] } }",
            "rules:",
            "  - { id: r, to: api, call: POST /x, when: [a = 1], then: redact, redact: { fields: [t, b.**.t], types: [pan], with: hash } }");
    Decision decision = rules.decide(facts("https://api.example.com/x", JSON, "{}"));
    assertEquals(1, decision.redactions().size());
    assertEquals(List.of("t", "b.**.t"), decision.redactions().get(0).fields());
    assertEquals(Redaction.With.HASH, decision.redactions().get(0).with());
    assertEquals(
        List.of(),
        rules.decide(facts("https://api.example.com/x", JSON, "{\"a\":2}")).redactions());
  }

  @Test
  void unknownIsPassedOverWhereTheFileSaysSo() throws Exception {
    String[] file = {
      "destinations: { api: { hosts: [api.example.com] } }",
      "defaults: { write: allow }",
      "rules:",
      "  - { id: r, to: api, call: POST /x, when: [a = 1], then: deny, on-unknown: skip }",
      "  - { id: s, to: api, call: POST /y, when: [a = 1], then: deny }"
    };
    CallFacts x = facts("https://api.example.com/x", JSON, "{}");
    CallFacts y = facts("https://api.example.com/y", JSON, "{}");
    assertEquals(List.of(), load(file).decide(x).ruleIds());
    assertEquals(List.of("s"), load(file).decide(y).ruleIds());
    file[1] = "defaults: { write: allow, missing-field: skip }";
    assertEquals(List.of(), load(file).decide(y).ruleIds());
  }

  // ---- helpers

  private Truth truth(String condition, String type, String body, String query) throws Exception {
    String url = "https://api.example.com/x" + (query.isEmpty() ? "" : "?" + query);
    return truth(rules(condition), facts(url, type, body));
  }

  private static Truth truth(RuleSet rules, CallFacts facts) {
    Explanation.RuleTrace trace = rules.explain(facts).rules().get(0);
    assertEquals(trace.conditions().get(0).truth() != Truth.FALSE, trace.fired());
    return trace.conditions().get(0).truth();
  }

  private RuleSet rules(String condition) throws Exception {
    return load(
        "lists: { list: [x, y, 4] }",
        "destinations: { api: { hosts: [api.example.com] } }",
        "rules:",
        "  - id: r",
        "    to: api",
        "    call: POST /x",
        "    then: deny",
        "    when:",
        "      - "
            + (condition.startsWith("{") || condition.startsWith("**") || condition.startsWith("[")
                ? condition.startsWith("{") ? condition : "'" + condition + "'"
                : condition));
  }

  private RuleSet load(String... lines) throws Exception {
    return RuleFiles.load(
        directory, "version: 1\nname: test\nowner: t@example.com\n" + String.join("\n", lines));
  }

  private static CallFacts facts(String url, String type, String body) {
    return new CallFacts(
        "POST",
        url,
        type.isEmpty()
            ? List.of("X-Shop", "a", "X-Two", "a", "X-Two", "b")
            : List.of("Content-Type", type, "X-Shop", "a", "X-Two", "a", "X-Two", "b"),
        BodyState.READ,
        body.getBytes(StandardCharsets.UTF_8));
  }
}
