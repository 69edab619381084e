package dev.cordon.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Calls that servers carry out in another way than their plainest reading says. Restricting rules
 * stand over defaults that allow all, so whatever slips past them would leave.
 */
class ForgivingServersTest {
  private static final String FORM = "application/x-www-form-urlencoded";
  private static final String RPC = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\"";

  @TempDir Path directory;
  private @Nullable RuleSet loaded;

  @BeforeEach
  void load() throws Exception {
    loaded =
        RuleFiles.load(
            directory,
            "version: 1",
            "name: forgiving",
            "owner: t@example.com",
            "defaults: { write: allow, write-high: allow, unknown: deny }",
            "destinations:",
            "  api:",
            "    hosts: [api.example.com]",
            "    endpoints: { json-rpc: [/mcp], soap: [/soap] }",
            "classify:",
            "  read: [api soap query, 'api rpc tools/call *']",
            "  write-high: ['api GET /click/**']",
            "rules:",
            "  - { id: export, to: api, call: GET /export, when: [query.all = true], then: deny }",
            "  - { id: report, to: api, call: GET /report, then: deny }",
            "  - { id: refund, to: api, call: rpc tools/call refund, then: deny }",
            "  - { id: notes, to: api, call: POST /notes, fields: { allow: [text] }, then: allow }",
            "  - { id: long, to: api, call: POST /messages, when: [content.length > 5], then: deny }");
  }

  // ---- HEAD is answered by what answers GET

  @ParameterizedTest
  @ValueSource(strings = {"/export?all=true", "/report", "/export"})
  void aRuleForGetHoldsForHead(String path) {
    assertEquals(Effect.DENY, decide("HEAD", path, "", "").effect());
  }

  @Test
  void aGetThatWritesDoesSoForHead() {
    assertEquals(CallClass.WRITE_HIGH, decide("HEAD", "/click/1", "", "").callClass());
    assertEquals(CallClass.READ, decide("HEAD", "/orders/1", "", "").callClass());
    assertEquals(Effect.ALLOW, decide("HEAD", "/export?all=false", "", "").effect());
  }

  // ---- names of tools

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"refund \"",
        "\" refund\"",
        "\"refund\\n\"",
        "\"refund\\u0000\"",
        "\"ref\\u200bund\"",
        "\"\\uff52efund\"",
        "\"refund\\u00a0\"",
        "\"\"",
        "null",
        "[\"refund\"]",
      })
  void aToolOfWhichServersMayReadAnotherNameIsUnknown(String name) {
    String body = RPC + ",\"params\":{\"name\":" + name + ",\"arguments\":{}}}";
    Decision decision = decide("POST", "/mcp", "application/json", body);
    assertEquals(CallClass.UNKNOWN, decision.callClass(), body);
    assertEquals(Effect.DENY, decision.effect(), body);
  }

  @Test
  void aToolWithoutANameIsUnknown() {
    for (String rest : List.of("}", ",\"params\":{}}", ",\"params\":[\"refund\"]}")) {
      Decision decision = decide("POST", "/mcp", "application/json", RPC + rest);
      assertEquals(CallClass.UNKNOWN, decision.callClass(), rest);
    }
    String plain = RPC + ",\"params\":{\"name\":\"Find order_2.b/c\"}}";
    assertEquals(CallClass.READ, decide("POST", "/mcp", "application/json", plain).callClass());
  }

  // ---- SOAP: who dispatches by WS-Addressing does not look at the body

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<w:Action>urn:delete</w:Action>",
        "<w:Action><![CDATA[urn:delete]]></w:Action>",
        "<w:Action>urn:query</w:Action><w:Action>urn:delete</w:Action>",
        "<w:Action>urn:<!-- -->query</w:Action>",
        "<w:Action><x/></w:Action>",
        "<w:Action/>",
        "<w:Action> urn:delete </w:Action>",
      })
  void anActionInTheHeaderOfAnEnvelopeMustBeThatOfItsBody(String header) {
    assertEquals(CallClass.UNKNOWN, decideSoap(header).callClass(), header);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "<w:To>urn:delete</w:To>",
        "<w:Action>urn:query</w:Action>",
        "<w:Action>\n http://example.com/Orders/query \n</w:Action>",
        "<w:Action>http://example.com/Orders/queryRequest</w:Action>",
        "<Action xmlns=\"http://example.com/audit\">delete</Action>",
      })
  void otherHeadersOfAnEnvelopeAreNotAskedWhatItDoes(String header) {
    assertEquals(CallClass.READ, decideSoap(header).callClass(), header);
  }

  private Decision decideSoap(String header) {
    return decide(
        "POST",
        "/soap",
        "text/xml",
        "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\""
            + " xmlns:w=\"http://www.w3.org/2005/08/addressing\"><s:Header>"
            + header
            + "</s:Header><s:Body><query/></s:Body></s:Envelope>");
  }

  // ---- forms

  @ParameterizedTest
  @ValueSource(strings = {"text=x;to=y", "text=x;to", "text=x; to=y", "text=x&text=y;to[]=z"})
  void aListedFieldHidesNoOtherBehindASemicolon(String body) {
    assertEquals(Effect.DENY, decide("POST", "/notes", FORM, body).effect(), body);
  }

  @Test
  void aListedFieldHidesNoOtherBehindASemicolonOfTheQuery() {
    assertEquals(Effect.DENY, decide("POST", "/notes?text=x;to=y", FORM, "text=x").effect());
    assertEquals(Effect.ALLOW, decide("POST", "/notes", FORM, "text=x%3Bto=y").effect());
    assertEquals(Effect.ALLOW, decide("POST", "/notes?text=[1;2]", FORM, "text=x").effect());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "content=x&payload_json={\"content\":\"long text\"}",
        "payload_json=%7B%22content%22%3A%22long+text%22%7D&content=x",
        "content=x&payload=%20%7B%22content%22%3A%22long+text%22%7D",
        "content=x&Payload_JSON={}",
        "content=x&payload_json=",
      })
  void aFieldThatHoldsTheWholeCallLeavesTheOthersUnknown(String body) {
    assertEquals(Effect.DENY, decide("POST", "/messages", FORM, body).effect(), body);
    StringBuilder parts = new StringBuilder();
    for (String pair : body.split("&", -1)) {
      String[] sides = pair.split("=", 2);
      String value = sides[1].replace("%20", " ").replace("%7B", "{").replace("%7D", "}");
      parts.append("--X\r\nContent-Disposition: form-data; name=\"").append(sides[0]);
      parts.append("\"\r\n\r\n").append(value).append("\r\n");
    }
    parts.append("--X--\r\n");
    assertEquals(
        Effect.DENY,
        decide("POST", "/messages", "multipart/form-data; boundary=X", parts.toString()).effect(),
        body);
  }

  @Test
  void aPayloadThatIsAWordIsAFieldLikeAnyOther() {
    assertEquals(
        Effect.ALLOW, decide("POST", "/messages", FORM, "content=x&payload=small").effect());
  }

  private Decision decide(String method, String path, String type, String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    Assertions.assertNotNull(loaded);
    return loaded.decide(
        new CallFacts(
            method,
            "https://api.example.com" + path,
            type.isEmpty() ? List.of() : List.of("Content-Type", type),
            bytes.length == 0 ? BodyState.NONE : BodyState.READ,
            bytes));
  }
}
