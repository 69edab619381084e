package dev.cordon.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls that name in their body what they ask for: GraphQL, JSON-RPC, MCP, SOAP. */
class OperationsTest {
  private static final String SHOP = "https://shop.example.com/graphql";
  private static final String MCP = "https://mcp.example.com/mcp";
  private static final String SOAP = "https://crm.example.com/soap/u";
  private static final String HASH = "a".repeat(64);

  @TempDir Path directory;
  private @Nullable RuleSet loaded;

  @BeforeEach
  void load() throws Exception {
    loaded =
        RuleFiles.load(
            directory,
            "version: 1",
            "name: operations",
            "owner: t@example.com",
            "destinations:",
            "  shop: { hosts: [shop.example.com] }",
            "  mcp: { hosts: [mcp.example.com], protocol: json-rpc }",
            "  crm: { hosts: [crm.example.com], endpoints: { soap: [/soap/**] } }",
            "classify:",
            "  read:",
            "    - shop graphql query *",
            "    - shop graphql query sha256:" + HASH,
            "    - shop graphql mutation previewOrder",
            "    - mcp rpc (initialize | ping | tools/list | response)",
            "    - mcp rpc notifications/*",
            "    - mcp rpc tools/call (find_* | get_*)",
            "    - crm soap (query* | retrieve)",
            "  write:",
            "    - shop graphql mutation *",
            "    - mcp rpc tools/call *",
            "    - crm soap *",
            "rules:",
            "  - { id: address, to: shop, call: graphql mutation (orderUpdate | customerUpdate), then: approve }",
            "  - { id: note, to: shop, call: graphql mutation noteAdd, then: allow }",
            "  - { id: refund, to: mcp, call: rpc tools/call refund*, then: deny }",
            "  - { id: reply, to: mcp, call: rpc tools/call (reply | comment), then: allow }",
            "  - { id: crm.create, to: crm, call: soap create, then: allow }",
            "  - { id: crm.delete, to: any, call: soap delete, then: forbid }");
  }

  private RuleSet rules() {
    Assertions.assertNotNull(loaded);
    return loaded;
  }

  // ---- GraphQL

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{shop{name}}",
        "query { shop { name } }",
        "query Q($id: ID! = \"x\", $l: [[Int!]!]! = [1, 2]) @live { order(id: $id) { id } }",
        "fragment F on Query { a } query Q { ...F ... on Query { b } ... @include(if: true) { c } }",
        "# mutation\nquery,{a(x:{y:[1,-2.5e3,null,ENUM,\"}\\u007b\"]})}",
        "subscription { orderChanged { id } }",
        "\ufeff{a}",
        "{a(s: \"\"\"mutation { x } \\\"\"\" \"\"\")}",
        "mutation { previewOrder { id } }",
      })
  void readsOfGraphQl(String query) {
    assertEquals(CallClass.READ, rules().classify(graphQl(query)), query);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mutation{orderDelete(id:1){id}}",
        "mutation M { q: orderDelete(id: 1) { id } }",
        "mutation M { query: orderDelete(id: 1) { id } previewOrder { id } }",
        "mutation { ...F } fragment F on Mutation { orderDelete { id } }",
        "mutation { ... on Mutation { ... { orderDelete } } }",
        "#query {a}\nmutation{orderDelete}",
        "#query {a}\rmutation{orderDelete}",
        "mutation Preview_previewOrder { orderDelete }",
      })
  void writesOfGraphQl(String query) {
    assertEquals(CallClass.WRITE, rules().classify(graphQl(query)), query);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "{}",
        "{a",
        "{a}}",
        "{a} {b}",
        "query A {a} query A {b}",
        "query {a} mutation M {b}",
        "query A {a} mutation B {b}",
        "mutation",
        "type T { a: Int }",
        "query A {a} type T { a: Int }",
        "{...F}",
        "{a(}",
        "{a()}",
        "query Q() {a}",
        "{a(x: 01)}",
        "{a(x: 1a)}",
        "{a(x: \"\n\")}",
        "{a(x: \"\\u{41}\")}",
        "{a(x: \"\"\"\"\"\"\")}",
        "#\u2028mutation{b}\n{a}",
        "{a}\u0000",
        "{a:}",
        "{a b:c:d}",
        "{... on}",
        "fragment on on T {a} {a}",
        "fragment F on T {a} fragment F on T {b} {...F}",
        "{a @}",
        "\u00a0{a}",
        "query Q($a: Int = $b) {a}",
      })
  void whatServersMayReadInTwoWaysIsUnknown(String query) {
    assertEquals(CallClass.UNKNOWN, rules().classify(graphQl(query)), query);
  }

  @Test
  void theOperationNameSelects() {
    String two = "query A{a} mutation B{orderDelete}";
    assertEquals(CallClass.READ, rules().classify(body(SHOP, request(two, "\"A\""))));
    assertEquals(CallClass.WRITE, rules().classify(body(SHOP, request(two, "\"B\""))));
    assertEquals(CallClass.UNKNOWN, rules().classify(body(SHOP, request(two, "\"C\""))));
    assertEquals(CallClass.UNKNOWN, rules().classify(body(SHOP, request(two, "null"))));
    assertEquals(CallClass.UNKNOWN, rules().classify(body(SHOP, request(two, "1"))));
    assertEquals(CallClass.UNKNOWN, rules().classify(body(SHOP, request("query A{a}", "\"B\""))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"query\":\"{a}\",\"query\":\"mutation{b}\"}",
        "{\"query\":\"{a}\",\"Query\":\"mutation{b}\"}",
        "{\"query\":\"{a}\",\"\\u0071uery\":\"mutation{b}\"}",
        "{\"query\":\"{a}\",\"query \":\"mutation{b}\"}",
        "{\"query\":\"{a}\",\"id\":\"7\"}",
        "{\"query\":\"{a}\",\"doc_id\":\"7\"}",
        "{\"query\":\"{a}\"}{\"query\":\"mutation{b}\"}",
        "{\"query\":\"{a}\"",
        "{\"query\":[\"{a}\"]}",
        "{\"query\":\"{a}\",\"operationName\":\"A\",\"operationname\":\"B\"}",
        "\"{a}\"",
        "[]",
        "[[{\"query\":\"{a}\"}]]",
        "[{\"query\":\"{a}\"},{\"query\":\"mutation{previewOrder}\"}]",
        "[{\"query\":\"{a}\"},{\"query\":\"mutation{orderDelete}\"}]",
        "[{\"query\":\"{a}\"},{}]",
        "{\"variables\":{}}",
      })
  void aRequestWithTwoMeaningsIsUnknown(String json) {
    assertEquals(CallClass.UNKNOWN, rules().classify(body(SHOP, json)), json);
  }

  @Test
  void batchesOfQueriesAreReads() {
    String query = "{\"query\":\"{a}\"}";
    assertEquals(CallClass.READ, rules().classify(body(SHOP, "[" + query + "," + query + "]")));
    String mutation = "{\"query\":\"mutation{orderDelete}\"}";
    assertEquals(CallClass.WRITE, rules().classify(body(SHOP, "[" + mutation + "]")));
  }

  @Test
  void aPersistedOperationIsWhatATableSays() throws Exception {
    assertEquals(CallClass.READ, rules().classify(body(SHOP, persisted("", HASH))));
    assertEquals(CallClass.UNKNOWN, rules().classify(body(SHOP, persisted("", "b".repeat(64)))));
    String text = "{a}";
    byte[] digest =
        MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    String own = HexFormat.of().formatHex(digest);
    assertEquals(CallClass.READ, rules().classify(body(SHOP, persisted(text, own))));
    assertEquals(CallClass.UNKNOWN, rules().classify(body(SHOP, persisted(text, HASH))));
    String id = "{\"documentId\":\"4\",\"variables\":{}}";
    assertEquals(CallClass.UNKNOWN, rules().classify(body(SHOP, id)));
  }

  private static String persisted(String query, String hash) {
    String text = query.isEmpty() ? "" : "\"query\":\"" + query + "\",";
    return "{"
        + text
        + "\"extensions\":{\"persistedQuery\":{\"version\":1,\"sha256Hash\":\""
        + hash
        + "\"}}}";
  }

  @Test
  void aGetAndAFormCarryOperationsToo() {
    assertEquals(CallClass.READ, rules().classify(get("{a}", "")));
    assertEquals(CallClass.WRITE, rules().classify(get("mutation{orderDelete}", "")));
    assertEquals(
        CallClass.UNKNOWN, rules().classify(get("{a}", "&query=mutation%7BorderDelete%7D")));
    assertEquals(CallClass.UNKNOWN, rules().classify(get("{a}", "&id=5")));
    assertEquals(CallClass.UNKNOWN, rules().classify(get("{a}", "&%51uery=x")));
    CallFacts both =
        typed(SHOP + "?query=mutation%7Ba%7D", "application/json", "{\"query\":\"{a}\"}");
    assertEquals(CallClass.UNKNOWN, rules().classify(both));
    String form = "application/x-www-form-urlencoded";
    assertEquals(CallClass.READ, rules().classify(typed(SHOP, form, "query=%7Ba%7D")));
    assertEquals(
        CallClass.WRITE, rules().classify(typed(SHOP, form, "query=mutation%7BorderDelete%7D")));
    assertEquals(CallClass.READ, rules().classify(typed(SHOP, "application/graphql", "{a}")));
    assertEquals(
        CallClass.WRITE,
        rules().classify(typed(SHOP, "application/graphql", "mutation{orderDelete}")));
    assertEquals(CallClass.UNKNOWN, rules().classify(typed(SHOP, "image/png", "{a}")));
  }

  @Test
  void anEndpointIsAPathAndNotABody() {
    String query = "{\"query\":\"{a}\"}";
    assertEquals(
        CallClass.WRITE, rules().classify(body("https://shop.example.com/orders.json", query)));
    assertEquals(
        CallClass.READ, rules().classify(body("https://shop.example.com/v1/graphql.json", query)));
    assertEquals(
        CallClass.WRITE, rules().classify(body("https://shop.example.com/v1/GraphQL", query)));
    assertEquals(
        CallClass.UNKNOWN, rules().classify(body("https://shop.example.com//graphql", query)));
    CallFacts overridden =
        new CallFacts(
            "POST",
            SHOP,
            List.of("Content-Type", "application/json", "X-HTTP-Method-Override", "DELETE"),
            BodyState.READ,
            query.getBytes(StandardCharsets.UTF_8));
    assertEquals(CallClass.WRITE, rules().classify(overridden));
  }

  @Test
  void rulesNameTopFields() {
    assertEquals("address", rules().decide(graphQl("mutation{x:orderUpdate{id}}")).ruleId());
    assertEquals("note", rules().decide(graphQl("mutation{noteAdd{id}}")).ruleId());
    assertFalse(rules().decide(graphQl("mutation{noteAdd{id}}")).blocks());
    assertEquals("address", rules().decide(graphQl("mutation{noteAdd customerUpdate}")).ruleId());
    assertEquals("default.write", rules().decide(graphQl("mutation{orderDelete}")).ruleId());
  }

  @Test
  void anAllowingRuleNamesAllThatACallAsksFor() {
    assertTrue(rules().decide(graphQl("mutation{noteAdd orderDelete}")).blocks());
    assertTrue(rules().decide(graphQl("mutation{noteAdd:orderDelete}")).blocks());
    assertTrue(rules().decide(graphQl("mutation{noteadd}")).blocks());
    assertFalse(rules().decide(rpc("tools/call", "reply")).blocks());
    String two = "[" + call("tools/call", "reply") + "," + call("tools/call", "comment") + "]";
    assertFalse(rules().decide(body(MCP, two)).blocks());
    String more = "[" + call("tools/call", "reply") + "," + call("tools/call", "ban") + "]";
    assertTrue(rules().decide(body(MCP, more)).blocks());
  }

  @Test
  void aRestrictingRuleHoldsForWhatCannotBeRead() {
    Decision unclear = rules().decide(graphQl("mutation{orderUpdate"));
    assertEquals("address", unclear.ruleId());
    assertEquals(CallClass.UNKNOWN, unclear.callClass());
    assertEquals("refund", rules().decide(body(MCP, "{\"jsonrpc\":")).ruleId());
    assertEquals("refund", rules().decide(rpc("tools/call", "REFUND_all")).ruleId());
    assertEquals("crm.delete", rules().decide(soap("", "<a>")).ruleId());
  }

  // ---- JSON-RPC and MCP

  @Test
  void toolsHaveTheClassOfTheirName() {
    assertEquals(CallClass.READ, rules().classify(rpc("tools/call", "find_order")));
    assertEquals(CallClass.WRITE, rules().classify(rpc("tools/call", "refund")));
    assertEquals(CallClass.WRITE, rules().classify(rpc("tools/call", "FIND_order")));
    assertEquals(CallClass.UNKNOWN, rules().classify(rpc("tools/call", "")));
    assertEquals(CallClass.READ, rules().classify(rpc("initialize", "")));
    assertEquals(CallClass.READ, rules().classify(rpc("notifications/initialized", "")));
    assertEquals(CallClass.UNKNOWN, rules().classify(rpc("sampling/createMessage", "")));
    assertEquals(
        CallClass.READ,
        rules().classify(body(MCP, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}")));
    assertEquals(CallClass.READ, rules().classify(CallFacts.of("GET", MCP)));
    assertEquals(CallClass.UNKNOWN, rules().classify(CallFacts.of("DELETE", MCP)));
    assertEquals(CallClass.UNKNOWN, rules().classify(CallFacts.of("GET", MCP + "?method=x")));
    String batch = "[" + call("ping", "") + "," + call("tools/call", "get_x") + "]";
    assertEquals(CallClass.READ, rules().classify(body(MCP, batch)));
    String mixed = "[" + call("ping", "") + "," + call("tools/call", "refund") + "]";
    assertEquals(CallClass.WRITE, rules().classify(body(MCP, mixed)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"jsonrpc\":\"2.0\",\"method\":\"ping\",\"method\":\"tools/call\"}",
        "{\"jsonrpc\":\"2.0\",\"method\":\"ping\",\"Method\":\"tools/call\"}",
        "{\"jsonrpc\":\"2.0\",\"method\":\"ping\",\"mETHOD\":\"tools/call\"}",
        "{\"jsonrpc\":\"2.0\",\"method\":\"ping\",\"\\u006dethod \":\"tools/call\"}",
        "{\"jsonrpc\":\"1.0\",\"method\":\"ping\"}",
        "{\"method\":\"ping\"}",
        "{\"jsonrpc\":\"2.0\",\"method\":\"ping\",\"result\":1}",
        "{\"jsonrpc\":\"2.0\",\"method\":7}",
        "{\"jsonrpc\":\"2.0\",\"id\":1}",
        "{\"jsonrpc\":\"2.0\",\"method\":\"tools/call\",\"params\":{\"name\":\"find_x\",\"name\":\"refund\"}}",
        "{\"jsonrpc\":\"2.0\",\"method\":\"tools/call\",\"params\":{\"name\":\"find_x\",\"Name\":\"refund\"}}",
        "{\"jsonrpc\":\"2.0\",\"method\":\"tools/call\",\"params\":{\"name\":\"find_x\"},\"PARAMS\":{}}",
        "[]",
        "[1]",
        "ping",
      })
  void anRpcRequestWithTwoMeaningsIsUnknown(String json) {
    assertEquals(CallClass.UNKNOWN, rules().classify(body(MCP, json)), json);
  }

  @Test
  void headersThatNameAnotherToolMakeItUnknown() {
    assertEquals(CallClass.READ, rules().classify(named("tools/call", "find_x")));
    assertEquals(CallClass.UNKNOWN, rules().classify(named("ping", "find_x")));
    assertEquals(CallClass.UNKNOWN, rules().classify(named("tools/call", "refund")));
  }

  private static CallFacts named(String method, String name) {
    return new CallFacts(
        "POST",
        MCP,
        List.of("Content-Type", "application/json", "Mcp-Method", method, "Mcp-Name", name),
        BodyState.READ,
        call("tools/call", "find_x").getBytes(StandardCharsets.UTF_8));
  }

  // ---- SOAP

  @Test
  void soapCallsHaveTheClassOfTheirElement() {
    assertEquals(CallClass.READ, rules().classify(soap("\"\"", "<u:query xmlns:u='urn:u'/>")));
    assertEquals(
        CallClass.READ, rules().classify(soap("urn:x#queryMore", "<queryMore>1</queryMore>")));
    assertEquals(CallClass.WRITE, rules().classify(soap("", "<update><id>1</id></update>")));
    assertFalse(rules().decide(soap("\"create\"", "<create/>")).blocks());
    assertEquals(CallClass.READ, rules().classify(CallFacts.of("GET", SOAP + "?wsdl")));
    assertEquals(CallClass.UNKNOWN, rules().classify(CallFacts.of("GET", SOAP + "?op=x")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<query/><update/>",
        "<query/>text",
        "",
        "<query>",
        "<query></Query>",
        "<u:query/>",
        "<query a='1' a='2'/>",
        "<query>&x;</query>",
        "<query>&#0;</query>",
        "<query><!-- -- --></query>",
        "<query/></s:Body><s:Body><update/>",
        "<query/></s:Body><s:body><update/></s:body><s:Body>",
        "<query>\u0001</query>",
        "<![CDATA[<query/>]]>",
      })
  void anEnvelopeWithTwoMeaningsIsUnknown(String inner) {
    assertEquals(CallClass.UNKNOWN, rules().classify(soap("", inner)), inner);
  }

  @Test
  void theActionMustAgreeWithTheElement() {
    assertEquals(CallClass.UNKNOWN, rules().classify(soap("\"urn:update\"", "<query/>")));
    assertEquals(CallClass.UNKNOWN, rules().classify(soap("\"query", "<query/>")));
    String type = "application/soap+xml; charset=utf-8; action=\"urn:update\"";
    assertEquals(CallClass.UNKNOWN, rules().classify(typed(SOAP, type, envelope("<query/>"))));
    String same = "application/soap+xml; charset=utf-8; action=\"urn:query\"";
    assertEquals(CallClass.READ, rules().classify(typed(SOAP, same, envelope("<query/>"))));
    String twice = "application/soap+xml; action=query; action=update";
    assertEquals(CallClass.UNKNOWN, rules().classify(typed(SOAP, twice, envelope("<query/>"))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<!DOCTYPE x [<!ENTITY e 'update'>]>",
        "<?xml version='1.1'?>",
        "<?xml version='1.0' encoding='utf-7'?>",
        "<?xml version='1.0' encoding='utf-16'?>",
        "x",
      })
  void aPrologThatChangesTheTextIsUnknown(String prolog) {
    String xml = prolog + envelope("<query/>");
    assertEquals(CallClass.UNKNOWN, rules().classify(typed(SOAP, "text/xml", xml)), prolog);
    String good =
        "\ufeff<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<!-- c -->" + envelope("<query/>");
    assertEquals(CallClass.READ, rules().classify(typed(SOAP, "text/xml", good)));
  }

  // ---- calls

  private static CallFacts graphQl(String query) {
    return body(SHOP, request(query, ""));
  }

  private static String request(String query, String name) {
    StringBuilder json = new StringBuilder("{\"query\":\"");
    for (char c : query.toCharArray()) {
      if (c < ' ' || c == '"' || c == '\\') {
        json.append(String.format("\\u%04x", (int) c));
      } else {
        json.append(c);
      }
    }
    json.append('"');
    return json.append(name.isEmpty() ? "}" : ",\"operationName\":" + name + "}").toString();
  }

  private static CallFacts get(String query, String more) {
    return CallFacts.of(
        "GET", SHOP + "?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8) + more);
  }

  private static String call(String method, String name) {
    String params =
        name.isEmpty() ? "" : ",\"params\":{\"name\":\"" + name + "\",\"arguments\":{}}";
    return "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + method + "\"" + params + "}";
  }

  private static CallFacts rpc(String method, String name) {
    return body(MCP, call(method, name));
  }

  private static String envelope(String inner) {
    return "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Header><x>1</x>"
        + "</s:Header><s:Body>"
        + inner
        + "</s:Body></s:Envelope>";
  }

  private static CallFacts soap(String action, String inner) {
    List<String> headers = new ArrayList<>(List.of("Content-Type", "text/xml; charset=utf-8"));
    if (!action.isEmpty()) {
      headers.addAll(List.of("SOAPAction", action));
    }
    return new CallFacts(
        "POST", SOAP, headers, BodyState.READ, envelope(inner).getBytes(StandardCharsets.UTF_8));
  }

  private static CallFacts body(String url, String json) {
    return typed(url, "application/json", json);
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
