package dev.cordon.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * No call and no rule file makes a decision cost more than its length. No clock is read: each input
 * is so long that a step for each pair of its characters would be some 10^12 steps, and would not
 * end; one for each character is nothing.
 */
class WorkTest {
  private static final int LENGTH = 1024 * 1024;

  @TempDir Path directory;
  private @Nullable RuleSet loaded;

  @BeforeEach
  void load() throws Exception {
    loaded =
        RuleFiles.load(
            directory,
            "version: 1",
            "name: work",
            "owner: t@example.com",
            "destinations:",
            "  api: { hosts: [api.example.com] }",
            "  shop: { hosts: [shop.example.com], protocol: graphql }",
            "  mcp: { hosts: [mcp.example.com], protocol: json-rpc }",
            "  soap: { hosts: [soap.example.com], protocol: soap }",
            "classify: { read: [shop graphql query *, soap soap query*] }",
            "rules:",
            "  - { id: a, to: api, call: POST /x, when: ['**.a.**.a.**.a.**.b = 1', 'a[][][].b = 1', query.q = 1], then: deny }",
            "  - { id: b, to: api, call: POST /x, fields: { root: a, allow: [b.c] }, then: allow }",
            "  - { id: c, to: api, call: \"* /*a*a*a*a*b/**\", when: [header.X-A = 1], then: deny }",
            "  - { id: d, to: shop, call: graphql mutation *, when: ['arguments.**.a.**.b = 1', '**.a.**.a = 1'], then: deny }",
            "  - { id: e, to: mcp, call: rpc tools/call *a*a*b, when: ['**.a.**.a = 1'], then: deny }",
            "  - { id: g, to: api, call: POST /x, when: [n = C1, not: [n in (C1 | C2)]], then: deny }",
            "  - { id: f, to: soap, call: soap *, when: ['**.a.**.a[].**.@a = 1'], then: deny }");
  }

  record Input(String name, String url, String type, byte[] body) {
    static Input of(String name, String host, String type, String body) {
      return new Input(
          name, "https://" + host + ".example.com/x", type, body.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static String many(String part) {
    return part.repeat(LENGTH / part.length());
  }

  static List<Input> inputs() {
    String json = "application/json";
    String form = "application/x-www-form-urlencoded";
    String parts = "multipart/form-data; boundary=" + "-".repeat(70);
    String xml = "application/xml";
    List<Input> inputs = new ArrayList<>();
    inputs.add(
        Input.of("json keys", "api", json, "{" + many("\"a\":{\"a\":1},\"A\":2,") + "\"z\":1}"));
    inputs.add(Input.of("json elements", "api", json, "{\"a\":[" + many("[[{}]],") + "1]}"));
    inputs.add(Input.of("json opened", "api", json, many("{\"a\":")));
    inputs.add(Input.of("json number", "api", json, "{\"a\":" + many("9") + "}"));
    inputs.add(Input.of("json override", "api", json, "{" + many("\"_meth\":[],") + "\"z\":1}"));
    inputs.add(Input.of("json accents", "api", json, "{\"n\":\"C" + many("\u0301\u0323") + "\"}"));
    inputs.add(Input.of("json blanks", "api", json, "{\"n\":\"C" + many(" \u200b") + "\"}"));
    inputs.add(Input.of("form pairs", "api", form, many("a[a][a][]=%41&")));
    inputs.add(Input.of("form key", "api", form, "a" + many("[a]") + "=1"));
    inputs.add(Input.of("form brackets", "api", form, many("[")));
    inputs.add(Input.of("form escapes", "api", form, many("%41") + "=1;_method"));
    inputs.add(Input.of("multipart dashes", "api", parts, many("-")));
    inputs.add(
        Input.of("multipart headers", "api", parts, "-".repeat(72) + "\r\n" + many("a: b\r\n")));
    inputs.add(
        Input.of(
            "multipart parts",
            "api",
            "multipart/form-data; boundary=X",
            many("--X\r\nContent-Disposition: form-data; name=\"a[a]\"\r\n\r\n1\r\n") + "--X--"));
    inputs.add(Input.of("xml elements", "api", xml, "<a>" + many("<a a='1'/>") + "</a>"));
    inputs.add(Input.of("xml opened", "api", xml, many("<a>")));
    inputs.add(Input.of("xml attributes", "api", xml, "<a " + many("a='1' ") + "/>"));
    inputs.add(Input.of("xml references", "api", xml, "<a>" + many("&#65;") + "</a>"));
    inputs.add(Input.of("xml broken references", "api", xml, "<a>" + many("&") + "</a>"));
    inputs.add(Input.of("xml pieces", "api", xml, "<a>" + many("x<!---->") + "</a>"));
    inputs.add(Input.of("xml comment", "api", xml, "<a><!--" + many("- ") + "--></a>"));
    StringBuilder prefixes = new StringBuilder("<a>");
    for (int i = 0; i < 150; i++) {
      prefixes.append("<a xmlns:p").append(i).append("='u'>");
    }
    inputs.add(Input.of("xml prefixes", "api", xml, prefixes + many("<q:a/>")));
    String envelope = "<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'><s:Body>";
    inputs.add(Input.of("soap elements", "soap", "text/xml", envelope + many("<a/>")));
    inputs.add(
        Input.of("soap deep", "soap", "text/xml", envelope + "<query>" + many("<a a='1'/>")));
    String graphQl = "application/graphql";
    inputs.add(
        Input.of("graphql fields", "shop", graphQl, "mutation{" + many("a(a:{a:1}) ") + "}"));
    inputs.add(
        Input.of("graphql below", "shop", graphQl, "mutation{a(b:1){" + many("a{a:a} ") + "}}"));
    inputs.add(Input.of("graphql opened", "shop", graphQl, many("{a")));
    inputs.add(
        Input.of(
            "graphql value", "shop", graphQl, "mutation{a(a:[" + many("{a:[\"x\"]} ") + "])}"));
    inputs.add(Input.of("graphql lists", "shop", graphQl, "{a(a:" + many("[") + ")}"));
    inputs.add(
        Input.of("graphql string", "shop", graphQl, "mutation{a(a:\"" + many("\\u0041") + "\")}"));
    inputs.add(
        Input.of("graphql strings", "shop", graphQl, "mutation{a(" + many("a:\"x\" ") + ")}"));
    inputs.add(
        Input.of("graphql block", "shop", graphQl, "{a(a:\"\"\"" + many("\\\"\"\" ") + "\"\"\")}"));
    inputs.add(
        Input.of(
            "graphql spreads", "shop", graphQl, "{" + many("...F ") + "} fragment F on T{...F}"));
    inputs.add(Input.of("graphql fragments", "shop", graphQl, "{a}" + many("fragment F on T{a}")));
    inputs.add(Input.of("graphql operations", "shop", graphQl, many("query A{a}")));
    inputs.add(Input.of("graphql comments", "shop", graphQl, many("#\n") + "{a}"));
    inputs.add(
        Input.of(
            "graphql variables", "shop", graphQl, "query(" + many("$a:[[T!]!]=[1] ") + "){a}"));
    inputs.add(Input.of("graphql batch", "shop", json, "[" + many("{\"query\":\"{a}\"},") + "{}]"));
    inputs.add(
        Input.of(
            "rpc batch",
            "mcp",
            json,
            "[" + many("{\"jsonrpc\":\"2.0\",\"method\":\"a\"},") + "{}]"));
    inputs.add(
        Input.of(
            "rpc name",
            "mcp",
            json,
            "{\"jsonrpc\":\"2.0\",\"method\":\"tools/call\",\"params\":{\"name\":\""
                + many("a")
                + "\"}}"));
    inputs.add(
        new Input("path escapes", "https://api.example.com/" + many("%41a"), "", new byte[0]));
    inputs.add(new Input("path run", "https://api.example.com/" + many("%41"), "", new byte[0]));
    inputs.add(new Input("path dots", "https://api.example.com" + many("/a/.."), "", new byte[0]));
    inputs.add(new Input("path slashes", "https://api.example.com" + many("/"), "", new byte[0]));
    inputs.add(new Input("path stars", "https://api.example.com/" + many("a"), "", new byte[0]));
    inputs.add(
        new Input("path wide", "https://api.example.com/" + many("\uff41a"), "", new byte[0]));
    inputs.add(
        new Input("query", "https://api.example.com/x?" + many("q;%71=1&"), "", new byte[0]));
    inputs.add(new Input("host", "https://" + many("a.") + "com/x", "", new byte[0]));
    inputs.add(new Input("host wide", "https://" + many("\u00fc.") + "com/x", "", new byte[0]));
    inputs.add(new Input("user", "https://" + many("a@") + "api.example.com/x", "", new byte[0]));
    return inputs;
  }

  @ParameterizedTest
  @MethodSource("inputs")
  void aLongCallIsDecided(Input input) {
    assertNotNull(loaded);
    Decision decision =
        loaded.decide(
            new CallFacts(
                "POST",
                input.url(),
                input.type().isEmpty() ? List.of() : List.of("Content-Type", input.type()),
                input.body().length == 0 ? BodyState.NONE : BodyState.READ,
                input.body()));
    assertNotEquals(Reason.ENGINE_ERROR, decision.reason());
  }

  /** 20,000 rules that all match: a step for each pair of them would be 4 * 10^8. */
  @Test
  void manyRulesOnOneCallAreDecided() throws Exception {
    StringBuilder file =
        new StringBuilder(
            "version: 1\nname: many\nowner: t@example.com\ndestinations:\n"
                + "  a: { hosts: [api.example.com] }\n  b: { hosts: [.example.com] }\nrules:\n");
    for (int i = 0; i < 20_000; i++) {
      file.append("  - { id: r").append(i).append(", to: [a, b], call: POST /x, then: deny }\n");
    }
    RuleSet rules = RuleSet.load(Files.writeString(directory.resolve("many.yaml"), file));
    for (int i = 0; i < 200; i++) {
      Decision decision = rules.decide(CallFacts.of("POST", "https://api.example.com/x"));
      assertEquals(
          List.of("r0", "r1", "r10", "r100", "r1000", "r10000", "r10001", "r10002"),
          decision.ruleIds());
    }
  }
}
