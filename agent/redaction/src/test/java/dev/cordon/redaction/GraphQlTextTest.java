package dev.cordon.redaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import dev.cordon.redaction.RedactionPlan.Operator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Arguments of GraphQL are read one by one, wherever the text stands. */
class GraphQlTextTest {
  private static final String JSON = "application/json";
  private static final Set<Kind> KINDS =
      EnumSet.of(Kind.EMAIL, Kind.PHONE, Kind.CARD, Kind.NAME, Kind.ADDRESS, Kind.SECRET, Kind.SSN);
  private static final RedactionPlan PLAN = Samples.everywhere(KINDS, Operator.TOKEN);

  private static String redacted(String body, String type, RedactionPlan plan) {
    byte[] redacted = Redactor.body(body.getBytes(StandardCharsets.UTF_8), type, plan).redacted();
    return redacted == null ? body : new String(redacted, StandardCharsets.UTF_8);
  }

  private static String inJson(String query) {
    return "{\"query\":\"" + Escapes.json(query) + "\",\"variables\":{}}";
  }

  private static String query(String json) throws IOException {
    try (JsonParser parser = new JsonFactory().createParser(json)) {
      parser.nextToken();
      parser.nextToken();
      return parser.nextTextValue();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "mutation { add(first_name: \"Bob\", n: 1) { id } } | mutation { add(first_name: \"[NAME]\", n: 1) { id } }",
        "{ add(email: \"bob@example.com\") { id } } | { add(email: \"[EMAIL]\") { id } }",
        "mutation A { add(phone: \"030 901820\") { phone } } | mutation A { add(phone: \"[PHONE]\") { phone } }",
        "mutation { add(i: {first_name: \"Bob\", tags: [\"x\"]}) } | mutation { add(i: {first_name: \"[NAME]\", tags: [\"x\"]}) }",
        "mutation { add(phone: [\"030 901820\", \"030 901821\"]) } | mutation { add(phone: [\"[PHONE]\", \"[PHONE]\"]) }",
        "mutation { add(first_name: \"\"\"Bob \"B\" \"\"\") } | mutation { add(first_name: \"\"\"[NAME]\"\"\") }",
        "mutation { add(card: 4111111111111111) } | mutation { add(card: \"[CARD]\") }",
        "mutation { add(note: \"say \\\"hi\\\" to bob@example.com\") } | mutation { add(note: \"say \\\"hi\\\" to [EMAIL]\") }",
        "mutation { add(note: \"bob\\u0040example.com\") } | mutation { add(note: \"[EMAIL]\") }",
        "mutation { customer(name: \"Bob B\") { name } } | mutation { customer(name: \"[NAME]\") { name } }",
        "mutation { add(customer: {name: \"Bob B\"}, product: {name: \"Cup\"}) } | mutation { add(customer: {name: \"[NAME]\"}, product: {name: \"Cup\"}) }",
        "query Q($mail: String = \"bob@example.com\") { a(m: $mail) } | query Q($mail: String = \"[EMAIL]\") { a(m: $mail) }",
        "query { a } # for bob@example.com | query { a } # for [EMAIL]",
        "mutation { add(password: \"hunter2x9\") } | mutation { add(password: \"[SECRET]\") }",
        "mutation { add(data: \"{\\\"first_name\\\":\\\"Bob\\\"}\") } | mutation { add(data: \"{\\\"first_name\\\":\\\"[NAME]\\\"}\") }"
      })
  void eachArgumentIsReadUnderItsName(String query, String expected) throws IOException {
    assertEquals(expected, query(redacted(inJson(query), JSON, PLAN)));
    assertEquals(expected, redacted(query, "application/graphql", PLAN));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "query { first_name: name orders(first: 100000) { total } } | ",
        "query { a(id: \"gid://shop/Order/1234567890\", after: \"abc\") } | ",
        "{ a(b: \"x | ",
        "query { a(b: )))) \"first_name\" } | ",
        "mutation { add(amount: 1234567890123) } | "
      })
  void aCleanTextStays(String query, String unused) {
    assertNull(
        Redactor.body(inJson(query).getBytes(StandardCharsets.UTF_8), JSON, PLAN).redacted());
  }

  @Test
  void variablesAreReadAsTheJsonTheyAre() {
    assertEquals(
        "{\"query\":\"mutation($i:I){a(i:$i){id}}\",\"variables\":{\"i\":{\"first_name\":\"[NAME]\"}}}",
        redacted(
            "{\"query\":\"mutation($i:I){a(i:$i){id}}\",\"variables\":{\"i\":{\"first_name\":\"Bob\"}}}",
            JSON,
            PLAN));
    assertEquals(
        "query=mutation%7Ba%28first_name%3A%22%5BNAME%5D%22%29%7D&variables=%7B%22first_name%22%3A%22%5BNAME%5D%22%7D",
        redacted(
            "query=mutation%7Ba%28first_name%3A%22Bob%22%29%7D&variables=%7B%22first_name%22%3A%22Bob%22%7D",
            "application/x-www-form-urlencoded", PLAN));
  }

  @Test
  void anOrderForAnArgumentHoldsForItOnly() throws IOException {
    String query = "mutation { add(a: {mail: \"bob@example.com\"}, b: \"eve@example.com\") }";
    RedactionPlan plan =
        RedactionPlan.of(
            List.of(new RedactionPlan.Order(List.of("arguments.add.a"), KINDS, Operator.TOKEN)),
            Set.of());
    assertEquals(
        "mutation { add(a: {mail: \"[EMAIL]\"}, b: \"eve@example.com\") }",
        query(redacted(inJson(query), JSON, plan)));
    byte[] body = inJson(query).getBytes(StandardCharsets.UTF_8);
    assertEquals(
        "query.arguments.add.a.mail", Redactor.body(body, JSON, PLAN).findings().get(0).path());
    RedactionPlan whole =
        RedactionPlan.of(
            List.of(new RedactionPlan.Order(List.of("query"), KINDS, Operator.TOKEN)), Set.of());
    assertEquals(
        "mutation { add(a: {mail: \"[EMAIL]\"}, b: \"[EMAIL]\") }",
        query(redacted(inJson(query), JSON, whole)));
  }

  /** Looking for the bracket of each does not read the rest of the body. */
  @Test
  void manyTextsThatBeginLikeOneAreReadInLinearTime() {
    String piece = "\"query\":\"query a\",";
    String body = "{" + piece.repeat((8 << 20) / piece.length()) + "\"a\":1}";
    assertNull(Redactor.body(body.getBytes(StandardCharsets.UTF_8), JSON, PLAN).redacted());
    assertNull(Redactor.header("Cookie", "a;a=".repeat(1 << 21), PLAN).redacted());
    String part = "--b\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\na=1\r\n";
    String parts = part.repeat((8 << 20) / part.length()) + "--b--";
    assertNull(
        Redactor.body(
                parts.getBytes(StandardCharsets.UTF_8), "multipart/form-data; boundary=b", PLAN)
            .redacted());
  }

  /** Whatever is in it, JSON stays JSON, and a value in an argument is found. */
  @Test
  void noTextMakesTheReaderFail() throws IOException {
    long seed = Long.getLong("cordon.seed", System.nanoTime());
    Random random = new Random(seed);
    String[] words = {
      "query",
      "mutation",
      "{",
      "}",
      "(",
      ")",
      "[",
      "]",
      ":",
      "\"",
      "\"\"\"",
      "\\",
      "\\u0040",
      "#",
      "\n",
      "$",
      "=",
      "name",
      "first_name",
      "phone",
      "Bob",
      "4111111111111111",
      "-",
      "1.5",
      "...",
      "on",
      " bob@example.com ",
      " ",
      ",",
      "\u00e9",
      "\ud83d\ude00",
      "@",
      "!",
      "|",
      "\u00a0"
    };
    for (int i = 0; i < 5_000; i++) {
      StringBuilder text = new StringBuilder(random.nextBoolean() ? "mutation{" : "{");
      for (int k = random.nextInt(25); k > 0; k--) {
        text.append(words[random.nextInt(words.length)]);
        text.append(random.nextBoolean() ? " " : "");
      }
      String body = inJson(text.toString());
      String message = "seed " + seed + ": " + text;
      Scan scan = Redactor.body(body.getBytes(StandardCharsets.UTF_8), JSON, PLAN);
      assertEquals(Reach.WHOLE, scan.reach(), message);
      byte[] redacted = scan.redacted();
      if (redacted != null) {
        String found = query(new String(redacted, StandardCharsets.UTF_8));
        assertTrue(!found.contains(" bob@example.com "), message);
        Scan graphQl =
            Redactor.body(
                text.toString().getBytes(StandardCharsets.UTF_8), "application/graphql", PLAN);
        assertEquals(Reach.WHOLE, graphQl.reach(), message);
      }
    }
  }
}
