package dev.cordon.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What conditions see of bodies that are neither plain JSON nor a plain form. */
class FieldReadersTest {
  private static final String TYPE = "multipart/form-data; boundary=XX";

  @TempDir Path directory;

  // ---- keys that a forgiving server takes for one another

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"Amount\":900}",
        "{\"amount\":1,\"AMOUNT\":900}",
        "{\"AMOUNT\":900,\"amount\":1}",
        "{\"amount\":1,\"amount \":900}",
        "{\"amount\":1,\"\\u0061mount\":900}",
        "{\"amount\":1,\"a\\u0000mount\":900}",
        "{\"amount\":1,\"\\uff41mount\":900}",
        "{\"amount\":1,\"amo\\u200dunt\":900}",
        "{\"amount\":1,\"amount\\u00a0\":900}",
      })
  void aKeyInAnotherSpellingLeavesTheFieldUnknown(String json) throws Exception {
    assertEquals(Truth.UNKNOWN, truth("amount > 100", typed("application/json", json)), json);
    assertEquals(Truth.UNKNOWN, truth("amount exists", typed("application/json", json)), json);
  }

  @Test
  void lettersThatUnicodeTakesForAsciiOnesCount() throws Exception {
    CallFacts kelvin = typed("application/json", "{\"to\u212aen\":1}");
    assertEquals(Truth.UNKNOWN, truth("token exists", kelvin));
    CallFacts longS = typed("application/x-www-form-urlencoded", "u%C5%BFer=1");
    assertEquals(Truth.UNKNOWN, truth("user exists", longS));
    assertEquals(Truth.FALSE, truth("other exists", longS));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "refund_amount=1&refund.amount=900",
        "refund.amount=900&refund_amount=1",
        "refund_amount=1&refund+amount=900",
        "refund_amount=1&%20refund_amount=900",
        "refund_amount=1&refund_amount%00x=900",
        "refund_amount=1&refund%5Bamount=900",
      })
  void aKeyThatPhpReadsAsTheFieldLeavesItUnknown(String form) throws Exception {
    CallFacts facts = typed("application/x-www-form-urlencoded", form);
    assertEquals(Truth.UNKNOWN, truth("refund_amount <= 100", facts), form);
    CallFacts query =
        new CallFacts(
            facts.method(),
            facts.url() + "?" + form.substring(form.indexOf('&') + 1),
            List.of("Content-Type", "application/json"),
            BodyState.READ,
            "{\"refund_amount\":1}".getBytes(StandardCharsets.UTF_8));
    assertEquals(Truth.UNKNOWN, truth("refund_amount <= 100", query), form);
  }

  @Test
  void twoCharsetsAreNone() throws Exception {
    String json = "{\"amount\":1}";
    String two = "application/json; charset=utf-8; charset=";
    assertEquals(Truth.UNKNOWN, truth("amount = 1", typed(two + "utf-16", json)));
    assertEquals(Truth.TRUE, truth("amount = 1", typed(two + "utf-8", json)));
  }

  @Test
  void aLongKeyWithManyDotsIsUnknownAndNotSlow() throws Exception {
    String key = "a" + "[a]".repeat(50_000) + "=1";
    CallFacts facts = typed("application/x-www-form-urlencoded", key);
    assertEquals(Truth.UNKNOWN, truth("'**.a.**.a.**.a.**.b = 1'", facts));
    String deep = "a" + "[a]".repeat(150) + "[b]=1";
    CallFacts found = typed("application/x-www-form-urlencoded", deep);
    assertEquals(Truth.TRUE, truth("'**.a.**.a.**.a.**.b = 1'", found));
  }

  // ---- multipart

  private static String part(String headers, String value) {
    return "--XX\r\n" + headers + "\r\n\r\n" + value + "\r\n";
  }

  private static String named(String name, String value) {
    return part("Content-Disposition: form-data; name=\"" + name + "\"", value);
  }

  @Test
  void partsAreFields() throws Exception {
    String body =
        named("amount", "900")
            + named("note[text]", "two\r\nlines")
            + part(
                "Content-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n"
                    + "Content-Type: image/png",
                "\u0001amount")
            + "--XX--\r\n";
    CallFacts facts = typed(TYPE, body);
    assertEquals(Truth.TRUE, truth("amount = 900", facts));
    assertEquals(Truth.TRUE, truth("note.text.length = 10", facts));
    assertEquals(Truth.TRUE, truth("file exists", facts));
    assertEquals(Truth.UNKNOWN, truth("file = x", facts));
    assertEquals(Truth.FALSE, truth("other exists", facts));
    assertEquals(Truth.TRUE, truth("amount = 900", typed(TYPE.replace("XX", "\"XX\""), body)));
    assertEquals(List.of("amount", "other"), names("amount = 900", facts));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "--XX--",
        "--YY\r\n",
        "x--XX\r\nContent-Disposition: form-data; name=\"amount\"\r\n\r\n1\r\n--XX--",
        "--XX\nContent-Disposition: form-data; name=\"amount\"\n\n1\n--XX--",
        "--XX\r\nContent-Disposition: form-data; name=\"amount\"\r\n\r\n1--XX--",
        "--XX\r\nContent-Disposition: form-data; name=\"amount\"\r\n\r\n1\r\n--XXY\r\n--XX--",
        "--XX\r\nContent-Disposition: form-data; name=\"amount\"\r\n\r\n1\r\n--XX --",
        "--XX\r\nContent-Disposition: form-data; name=\"amount\"\r\n\r\n1\r\n--XX",
        "--XX\r\nContent-Disposition: form-data; name=\"amount\"\r\n\r\n1\r\n--XX--\r\nmore",
        "--XX\r\nContent-Disposition: form-data;\r\n name=\"amount\"\r\n\r\n1\r\n--XX--",
        "--XX\r\nContent-Disposition: form-data; name=\"amount\"; name=\"b\"\r\n\r\n1\r\n--XX--",
        "--XX\r\nContent-Disposition: form-data; name=\"am\\ount\"\r\n\r\n1\r\n--XX--",
        "--XX\r\nContent-Disposition: form-data; name=\"am%6funt\"\r\n\r\n1\r\n--XX--",
        "--XX\r\nContent-Disposition: form-data; name*=UTF-8''amount\r\n\r\n1\r\n--XX--",
        "--XX\r\nContent-Disposition: attachment; name=\"amount\"\r\n\r\n1\r\n--XX--",
        "--XX\r\nContent-Disposition: form-data; name=\"amount\"\r\nContent-Disposition: form-data; name=\"b\"\r\n\r\n1\r\n--XX--",
        "--XX\r\nContent-Disposition : form-data; name=\"amount\"\r\n\r\n1\r\n--XX--",
        "--XX\r\nContent-Disposition: form-data; name=\"amount\"\r\nContent-Transfer-Encoding: base64\r\n\r\nOTAw\r\n--XX--",
        "--XX\r\nContent-Disposition: form-data; name=\"amount\"\r\nContent-Type: text/plain; charset=utf-16\r\n\r\n1\r\n--XX--",
        "--XX\r\nContent-Disposition: form-data; name=\"_charset_\"\r\n\r\nutf-7\r\n--XX--",
        "--XX\r\nContent-Type: text/plain\r\n\r\n1\r\n--XX--",
        "--XX\r\nContent-Disposition: form-data; name=\"amount\"\r\n\r\n1\r\n--XX\r\n"
            + "Content-Disposition: form-data; name=\"amount\"\r\n\r\n900\r\n--XX--",
      })
  void whatServersCutInTwoWaysIsUnknown(String body) throws Exception {
    assertEquals(Truth.UNKNOWN, truth("amount > 100", typed(TYPE, body)), body);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=XX; boundary=YY",
        "multipart/form-data; boundary=\"X\\X\"",
        "multipart/mixed; boundary=XX",
        "multipart/form-data; boundary=XX; charset=utf-16",
      })
  void aTypeOfTwoBoundariesIsUnknown(String type) throws Exception {
    String body = named("amount", "900") + "--XX--";
    assertEquals(Truth.UNKNOWN, truth("amount > 100", typed(type, body)), type);
  }

  // ---- XML

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "<o><amount>900</amount></o> | o.amount = 900 | TRUE",
        "<o><amount>900</amount></o> | o.amount > 1000 | FALSE",
        "<o><amount/></o> | o.amount = 1 | UNKNOWN",
        "<o><amount>1</amount><amount>900</amount></o> | o.amount > 100 | UNKNOWN",
        "<o><amount>9<!-- -->00</amount></o> | o.amount > 100 | UNKNOWN",
        "<o><amount> 900 </amount></o> | o.amount > 100 | UNKNOWN",
        "<o><amount><![CDATA[900]]></amount></o> | o.amount > 100 | TRUE",
        "<o><amount>9&#48;0</amount></o> | o.amount = 900 | TRUE",
        "<o><x:amount xmlns:x='u'>900</x:amount></o> | o.amount = 900 | TRUE",
        "<o amount='900'/> | o.@amount = 900 | TRUE",
        "<o><i><q>1</q></i><i><q>2</q></i></o> | o.i[].q = 2 | TRUE",
        "<o><i><q>1</q></i><i><q>2</q></i></o> | o.i[].q = 3 | FALSE",
        "<o><i><q>1</q></i><i/></o> | o.i[].q = 3 | UNKNOWN",
        "<o><i><q>1</q></i></o> | o.i[].q = 1 | TRUE",
        "<o><i><q>1</q></i><i/></o> | o.i.q = 1 | UNKNOWN",
        "<o><i><q>1</q></i></o> | o.i.q = 1 | TRUE",
        "<o><i/></o> | o.j exists | FALSE",
        "<o><Amount>1</Amount></o> | o.amount exists | UNKNOWN",
        "<o><a><b><t>x</t></b></a></o> | **.t = x | TRUE",
        "<o>text<t>x</t></o> | o = text | UNKNOWN",
        "<o><t>x</t></p> | o.t = x | UNKNOWN",
        "<!DOCTYPE o><o><t>x</t></o> | o.t = x | UNKNOWN",
      })
  void elementsAreFields(String xml, String condition, Truth expected) throws Exception {
    assertEquals(expected, truth("'" + condition + "'", typed("application/xml", xml)), xml);
  }

  @Test
  void deepXmlIsUnknown() throws Exception {
    String deep = "<a>".repeat(5_000) + "</a>".repeat(5_000);
    assertEquals(Truth.UNKNOWN, truth("a.b exists", typed("text/xml", deep)));
  }

  // ---- GraphQL

  private static String request(String query, String variables) {
    return "{\"query\":\""
        + query.replace("\\", "\\\\").replace("\"", "\\\"")
        + "\",\"variables\":"
        + variables
        + "}";
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mutation($input:I){set(input:$input)} | {'input':{'a':5}} | variables.input.a = 5 | TRUE",
        "mutation($input:I){set(input:$input)} | {'input':{'a':5}} | arguments.set.input.a = 5 | TRUE",
        "mutation($input:I){set(input:$input)} | {'input':{}} | variables.input.a exists | FALSE",
        "mutation{set(input:{a:5})} | {} | variables.input.a exists | UNKNOWN",
        "mutation{set(input:{a:5})} | {} | arguments.set.input.a = 5 | TRUE",
        "mutation{x:set(input:{a:5})} | {} | arguments.set.input.a = 5 | TRUE",
        "mutation($x:I){set(input:$x)} | {'x':{'a':5}} | variables.input.a exists | UNKNOWN",
        "mutation($x:I){set(input:$x)} | {'x':{'a':5}} | arguments.set.input.a = 5 | TRUE",
        "mutation($x:Int){set(input:{a:$x})} | {'x':5} | arguments.set.input.a = 5 | TRUE",
        "mutation($x:Int){set(input:{a:$x})} | {} | arguments.set.input.a exists | FALSE",
        "mutation($x:Int=5){set(input:{a:$x})} | {} | arguments.set.input.a exists | UNKNOWN",
        "mutation($input:I={a:5}){set(input:$input)} | {} | variables.input.a exists | UNKNOWN",
        "mutation($input:I={a:5}){set(input:$input)} | {'input':{'a':6}} | variables.input.a = 6 | TRUE",
        "mutation{a:set(input:{a:1}) b:set(input:{a:2})} | {} | arguments.set.input.a = 1 | UNKNOWN",
        "mutation{set(l:[1,2,{a:3}])} | {} | arguments.set.l[].a = 3 | TRUE",
        "mutation{set(l:[{a:1},{a:3}])} | {} | arguments.set.l[].a = 3 | TRUE",
        "mutation{set(s:\"x\\u0041\")} | {} | arguments.set.s = xA | TRUE",
        "mutation{set(s:ENUM b:true n:null f:2.5)} | {} | arguments.set.f = 2.5 | TRUE",
        "mutation{set(s:\"\"\"x\"\"\")} | {} | arguments.set.s exists | UNKNOWN",
        "mutation{...F} fragment F on M{set(input:{a:5})} | {} | arguments.set.input.a = 5 | TRUE",
        "mutation{set(input:{a:5})} | {} | **.a = 5 | TRUE",
        "mutation($input:I){set(input:$input)} | 'text' | variables.input.a exists | UNKNOWN",
        "mutation($input:I){set(input:$input)} | null | variables.input.a exists | UNKNOWN",
        "mutation{set(input:{a:1 a:2})} | {} | arguments.set.input.a = 1 | UNKNOWN",
      })
  void argumentsAndVariablesAreFields(
      String query, String variables, String condition, Truth expected) throws Exception {
    CallFacts facts = graphQl(request(query, variables.replace('\'', '"')));
    assertEquals(expected, truth("'" + condition + "'", facts), query);
    CallFacts batchOfOne = graphQl("[" + request(query, variables.replace('\'', '"')) + "]");
    assertEquals(expected, truth("'" + condition + "'", batchOfOne), query);
    String form =
        "query="
            + java.net.URLEncoder.encode(query, StandardCharsets.UTF_8)
            + "&variables="
            + java.net.URLEncoder.encode(variables.replace('\'', '"'), StandardCharsets.UTF_8);
    CallFacts posted =
        facts("https://api.example.com/graphql", "application/x-www-form-urlencoded", form);
    assertEquals(expected, truth("'" + condition + "'", posted), query);
  }

  @Test
  void ofABatchNothingIsTold() throws Exception {
    String one = request("mutation($input:I){set(input:$input)}", "{\"input\":{\"a\":5}}");
    assertEquals(
        Truth.UNKNOWN, truth("variables.input.a = 5", graphQl("[" + one + "," + one + "]")));
  }

  @Test
  void anUploadHasItsRequestInAPart() throws Exception {
    String request = request("mutation($file:U){set(file:$file name:\"x\")}", "{\"file\":null}");
    String body =
        named("operations", request)
            + named("map", "{\"0\":[\"variables.file\"]}")
            + part("Content-Disposition: form-data; name=\"0\"; filename=\"a\"", "x")
            + "--XX--";
    CallFacts upload = facts("https://api.example.com/graphql", TYPE, body);
    assertEquals(Truth.TRUE, truth("arguments.set.name = x", upload));
    String twice = named("operations", request) + named("query", "{a}") + "--XX--";
    CallFacts unclear = facts("https://api.example.com/graphql", TYPE, twice);
    assertEquals(CallClass.UNKNOWN, rules("a = 1").classify(unclear));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'0':['variables.file']} | WRITE",
        "{'0':['variables.file'],'1':['variables.more.0']} | WRITE",
        "{} | WRITE",
        "{'0':['variables.file','variables.more.0'],'1':['variables.file']} | WRITE",
        "{'0':['variables.more','variables.more.0']} | UNKNOWN",
        "{'0':['variables.file','variables.file.x']} | UNKNOWN",
        "{'0':['variables.more.0','variables.more.2']} | UNKNOWN",
        "{'0':['variables.a']} | UNKNOWN",
        "{'0':['variables.file','variables.a']} | UNKNOWN",
        "{'0':['variables.more.1']} | UNKNOWN",
        "{'0':['variables.other']} | UNKNOWN",
        "{'0':['variables']} | UNKNOWN",
        "{'0':['query']} | UNKNOWN",
        "{'0':['']} | UNKNOWN",
        "{'0':'variables.a'} | UNKNOWN",
        "{'0':[['variables.file']]} | UNKNOWN",
        "{'0':['variables.file'] | UNKNOWN",
        "['variables.file'] | UNKNOWN",
        "no JSON | UNKNOWN",
      })
  void aFileTakesThePlaceOfNothingButNull(String map, CallClass expected) throws Exception {
    String request =
        request(
            "mutation($file:U $a:I $more:[U]){set(file:$file a:$a more:$more)}",
            "{\"file\":null,\"a\":5,\"more\":[null,1]}");
    String body =
        named("operations", request)
            + named("map", map.replace('\'', '"'))
            + part("Content-Disposition: form-data; name=\"0\"; filename=\"a\"", "99999")
            + "--XX--";
    CallFacts upload = facts("https://api.example.com/graphql", TYPE, body);
    assertEquals(expected, rules("a = 1").classify(upload), map);
    assertEquals(
        expected == CallClass.WRITE ? Truth.TRUE : Truth.UNKNOWN,
        truth("arguments.set.a = 5", upload),
        map);
  }

  @Test
  void namesAreThoseOfWhatIsPassed() throws Exception {
    String json =
        request("mutation($input:I){set(input:$input)}", "{\"input\":{\"a\":5,\"zz\":1}}");
    assertEquals(List.of("input", "a", "other"), names("variables.input.a = 5", graphQl(json)));
    String rpc =
        "{\"jsonrpc\":\"2.0\",\"method\":\"tools/call\",\"params\":{\"name\":\"x\",\"arguments\":{\"amount\":1,\"q\":2}}}";
    CallFacts call = facts("https://mcp.example.com/", "application/json", rpc);
    assertEquals(List.of("amount", "other"), names("params.arguments.amount = 1", call));
    assertEquals(Truth.TRUE, truth("params.arguments.amount = 1", call));
  }

  // ---- fields that a body may have

  @Test
  void listsOfFieldsHoldForEveryFormat() throws Exception {
    RuleSet rules =
        RuleFiles.load(
            directory,
            "version: 1",
            "name: fields",
            "owner: t@example.com",
            "destinations:",
            "  api: { hosts: [api.example.com] }",
            "  mcp: { hosts: [mcp.example.com], protocol: json-rpc }",
            "rules:",
            "  - { id: xml, to: api, call: POST /x, fields: { allow: [o.a, o.b.@c, amount] }, then: allow }",
            "  - { id: gql, to: api, call: graphql mutation set, fields: { root: variables.input, allow: [a, b.c] }, then: allow }",
            "  - { id: tool, to: mcp, call: rpc tools/call set, fields: { root: params.arguments, allow: [a] }, then: allow }");
    assertTrue(!rules.decide(typed("text/xml", "<o><a>1<x/></a><b c='1'/></o>")).blocks());
    assertTrue(rules.decide(typed("text/xml", "<o><a>1</a><d>2</d></o>")).blocks());
    assertTrue(rules.decide(typed("text/xml", "<o z='1'><a>1</a></o>")).blocks());
    assertTrue(rules.decide(typed("text/xml", "<o><a>1</a>text</o>")).blocks());
    assertTrue(!rules.decide(typed(TYPE, named("amount", "1") + "--XX--")).blocks());
    assertTrue(
        rules.decide(typed(TYPE, named("amount", "1") + named("b", "1") + "--XX--")).blocks());
    String query = "mutation($input:I){set(input:$input)}";
    assertTrue(!rules.decide(graphQl(request(query, "{\"input\":{\"a\":5}}"))).blocks());
    assertTrue(rules.decide(graphQl(request(query, "{\"input\":{\"a\":5,\"d\":1}}"))).blocks());
    assertTrue(rules.decide(graphQl(request(query, "{\"input\":{\"a\":5},\"d\":1}"))).blocks());
    assertTrue(rules.decide(graphQl(request("mutation{set(input:{d:1})}", "{}"))).blocks());
    String rpc =
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"set\",\"arguments\":{%s}}}";
    String mcp = "https://mcp.example.com/";
    assertTrue(
        !rules.decide(facts(mcp, "application/json", rpc.replace("%s", "\"a\":1"))).blocks());
    assertTrue(
        rules
            .decide(facts(mcp, "application/json", rpc.replace("%s", "\"a\":1,\"b\":2")))
            .blocks());
  }

  // ---- helpers

  private RuleSet rules(String condition) throws Exception {
    return RuleFiles.load(
        directory,
        "version: 1",
        "name: readers",
        "owner: t@example.com",
        "destinations:",
        "  api: { hosts: [api.example.com], endpoints: { graphql: [/graphql] } }",
        "  mcp: { hosts: [mcp.example.com], protocol: json-rpc }",
        "rules:",
        "  - { id: r, to: [api, mcp], call: \"* /**\", when: [" + condition + "], then: deny }");
  }

  private Truth truth(String condition, CallFacts facts) throws Exception {
    return rules(condition).explain(facts).rules().get(0).conditions().get(0).truth();
  }

  private List<String> names(String condition, CallFacts facts) throws Exception {
    return rules(condition).decide(facts).fieldNames();
  }

  private static CallFacts typed(String type, String body) {
    return facts("https://api.example.com/x", type, body);
  }

  private static CallFacts graphQl(String json) {
    return facts("https://api.example.com/graphql", "application/json", json);
  }

  private static CallFacts facts(String url, String type, String body) {
    return new CallFacts(
        "POST",
        url,
        List.of("Content-Type", type),
        BodyState.READ,
        body.getBytes(StandardCharsets.UTF_8));
  }
}
