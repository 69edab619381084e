package dev.cordon.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every place in which a call may ask to be taken for a DELETE. */
class MethodReaderTest {
  private static final String URL = "https://api.example.com/x";

  @ParameterizedTest
  @CsvSource({
    "X-HTTP-Method-Override",
    "x-http-method-override",
    "X_HTTP_Method_Override",
    "X-HTTP-Method",
    "X-Method-Override",
    "X-Original-Method",
    "X-Method",
    "' X-HTTP-Method '",
    "Method-Override",
    "HTTP_Method_Override",
    "x-verb-override",
  })
  void headers(String name) {
    assertTrue((read(header(name, " delete ")) & Methods.DELETE) != 0, name);
    assertTrue((read(header(name, "\u0130")) & Methods.OTHER) != 0, name);
  }

  @ParameterizedTest
  @CsvSource({"X-Verb", "x_http_verb", "HTTP-Method", "X-Real-Method", "_method", "Request-Method"})
  void headersThatMayMeanAnotherThing(String name) {
    assertTrue((read(header(name, " delete ")) & Methods.DELETE) != 0, name);
    assertEquals(Methods.POST, read(header(name, "transfer")), name);
  }

  @Test
  void headersThatMeanAnotherThing() {
    assertEquals(Methods.POST, read(header("X-Payment-Method", "delete")));
    assertEquals(Methods.POST, read(header("Method", "delete")));
    assertTrue((read(header("X-Original-URL", "/y")) & Methods.OTHER) != 0);
  }

  @ParameterizedTest
  @CsvSource({
    "_method=DELETE",
    "a=1&_METHOD=delete",
    "%5Fmethod=%44ELETE",
    "+_method=DELETE",
    "a=1;_method=DELETE",
    "_HttpMethod=DELETE",
    "$httpMethod=DELETE",
    "method=delete",
    "X-HTTP-Method-Override=DELETE",
    "_method=GET&_method=DELETE",
    "_method[]=DELETE",
    "_method%5B0%5D=DELETE",
    ".method=DELETE",
    "%5Bmethod=DELETE",
    "%20.method=DELETE",
    "_method%00x=DELETE",
  })
  void queriesAndForms(String pairs) {
    CallFacts query = CallFacts.of("GET", URL + "?" + pairs);
    assertTrue((read(query) & Methods.DELETE) != 0, pairs);
    String form = "application/x-www-form-urlencoded; charset=UTF-8";
    assertTrue((read(body(form, pairs)) & Methods.DELETE) != 0, pairs);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"_method\":\"DELETE\"}",
        "{\"a\":{\"b\":[1]},\"_Method\":\"delete\"}",
        "{\"\\u005fmethod\":\"DELETE\"}",
        "{\"_\\u006dethod\":\"DELETE\"}",
        "{\"_method\":\"GET\",\"_method\":\"DELETE\"}",
      })
  void jsonBodies(String json) {
    assertTrue((read(body("application/json", json)) & Methods.DELETE) != 0, json);
  }

  @Test
  void jsonInWideCharactersIsReadAsServersMayReadIt() {
    for (String charset : List.of("UTF-16LE", "UTF-16BE", "UTF-16")) {
      byte[] json = "{\"_method\":\"DELETE\"}".getBytes(Charset.forName(charset));
      CallFacts facts =
          new CallFacts(
              "POST", URL, List.of("Content-Type", "application/json"), BodyState.READ, json);
      assertTrue((read(facts) & Methods.DELETE) != 0, charset);
    }
  }

  @Test
  void keysWithManyBracketsAreNotSlow() {
    String form = "application/x-www-form-urlencoded";
    assertEquals(Methods.POST, read(body(form, "a" + "[".repeat(200_000) + "=1")));
    assertEquals(Methods.POST, read(body(form, "a" + "[a]".repeat(100_000) + "=1")));
  }

  @Test
  void whatNamesNoMethodOverridesNothing() {
    assertEquals(
        Methods.POST,
        read(body("application/x-www-form-urlencoded", "meta[_method]=DELETE&a.method=card")));
    assertEquals(Methods.POST, read(body("application/json", "{\"payment_method\":\"card\"}")));
    assertEquals(Methods.POST, read(body("application/json", "{\"method\":\"delete\"}")));
    assertEquals(Methods.POST, read(body("application/json", "{\"a\":{\"_method\":\"DELETE\"}}")));
    assertEquals(Methods.POST, read(body("application/x-www-form-urlencoded", "method=card")));
    assertFalse(
        MethodReader.mayOverride("{\"a\":\"\\u003cb\\u003e\"}".getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void partsOfAForm() {
    String body =
        "--XX\r\nContent-Disposition: form-data; name=\"_method\"\r\n\r\nDELETE\r\n--XX--\r\n";
    String type = "multipart/form-data; boundary=XX";
    assertTrue((read(body(type, body)) & Methods.DELETE) != 0);
    assertTrue((read(body(type, body.replace("\r\n", "\n"))) & Methods.OTHER) != 0);
  }

  private static int read(CallFacts facts) {
    Target target = Target.parse(facts.url());
    return new MethodReader(facts, target, BodyFormat.of(facts), List.of()).read();
  }

  private static CallFacts header(String name, String value) {
    return new CallFacts("POST", URL, List.of(name, value), BodyState.NONE, new byte[0]);
  }

  private static CallFacts body(String type, String body) {
    return new CallFacts(
        "POST",
        URL,
        List.of("Content-Type", type),
        BodyState.READ,
        body.getBytes(StandardCharsets.UTF_8));
  }
}
