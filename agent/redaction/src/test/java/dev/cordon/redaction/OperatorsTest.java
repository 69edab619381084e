package dev.cordon.redaction;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import dev.cordon.redaction.RedactionPlan.Operator;
import dev.cordon.redaction.RedactionPlan.Order;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What takes the place of a value, in bodies, queries, headers and lines. */
class OperatorsTest {
  private static final String JSON = "application/json";
  private static final String FORM = "application/x-www-form-urlencoded";
  private static final RedactionKey KEY = RedactionKey.generate("acme");

  private static RedactionPlan plan(Operator operator, Kind... kinds) {
    return RedactionPlan.of(List.of(new Order(List.of(), Set.of(kinds), operator)), Set.of(), KEY);
  }

  private static String body(String text, String type, RedactionPlan plan) {
    Scan scan = Redactor.body(text.getBytes(UTF_8), type, plan);
    assertEquals(Reach.WHOLE, scan.reach());
    byte[] redacted = scan.redacted();
    return redacted == null ? text : new String(redacted, UTF_8);
  }

  private static String line(String text, Order... orders) {
    return Redactor.forLogs(List.of(orders), KEY).line(text);
  }

  private static Order order(Operator operator, Kind... kinds) {
    return new Order(List.of(), Set.of(kinds), operator);
  }

  // ---- drop

  @Test
  void aDroppedValueLeavesNothingAndTheJsonStaysJson() {
    RedactionPlan plan = plan(Operator.DROP, Kind.EMAIL, Kind.CARD);
    assertEquals(
        "{ \"a\" : \"\", \"b\":\"to  now\",\"card\":null, \"n\": 7 }",
        body(
            "{ \"a\" : \"bob@example.com\", \"b\":\"to bob@example.com now\",\"card\":4111111111111111, \"n\": 7 }",
            JSON,
            plan));
    assertEquals("[null,\"\"]", body("[4111111111111111,\"bob@example.com\"]", JSON, plan));
    assertEquals("{\"\":1}", body("{\"bob@example.com\":1}", JSON, plan));
    assertEquals(
        "{\"inner\":\"{\\\"m\\\":\\\"\\\",\\\"c\\\":null}\"}",
        body(
            "{\"inner\":\"{\\\"m\\\":\\\"bob@example.com\\\",\\\"c\\\":4111111111111111}\"}",
            JSON,
            plan));
  }

  @Test
  void aDroppedValueLeavesItsFieldOfAFormOrAQueryEmpty() {
    RedactionPlan plan = plan(Operator.DROP, Kind.EMAIL);
    assertEquals("a=1&m=&b=2", body("a=1&m=bob%40example.com&b=2", FORM, plan));
    byte[] query = Redactor.query("m=bob@example.com&n=1", plan).redacted();
    assertNotNull(query);
    assertEquals("m=&n=1", new String(query, UTF_8));
    byte[] header = Redactor.header("X-Customer", "bob@example.com", plan).redacted();
    assertNotNull(header);
    assertEquals("", new String(header, UTF_8));
    assertEquals("<a m=\"\"></a>", body("<a m=\"bob@example.com\"></a>", "text/xml", plan));
    assertEquals("to  now", line("to bob@example.com now", order(Operator.DROP, Kind.EMAIL)));
  }

  @Test
  void jsonStaysJsonWhateverIsPutIn() throws Exception {
    long seed = Long.getLong("cordon.seed", System.nanoTime());
    Random random = new Random(seed);
    List<String> values = new ArrayList<>(Samples.byKind().values());
    for (int i = 0; i < 60; i++) {
      StringBuilder json = new StringBuilder("[");
      for (int k = 0; k < 5; k++) {
        String value = values.get(random.nextInt(values.size())).replace("\n", "\\n");
        json.append(k > 0 ? "," : "");
        switch (random.nextInt(3)) {
          case 0 -> json.append('"').append(value).append('"');
          case 1 -> json.append("{\"").append(value).append("\":4111111111111111}");
          default -> json.append("\"x ").append(value).append(" y\"");
        }
      }
      json.append(']');
      for (Operator operator : Operator.values()) {
        RedactionPlan plan =
            RedactionPlan.of(
                List.of(new Order(List.of(), EnumSet.allOf(Kind.class), operator)), Set.of(), KEY);
        String redacted = body(json.toString(), JSON, plan);
        try (JsonParser parser = new JsonFactory().createParser(redacted)) {
          while (parser.nextToken() != null) {
            assertFalse(parser.getText().contains("4111111111111111"), "seed " + seed);
          }
        }
        for (String value : values) {
          assertFalse(redacted.contains(value.replace("\n", "\\n")), "seed " + seed);
        }
      }
    }
  }

  // ---- what is kept

  @Test
  void theEndOfANumberIsKeptIfThatIsNotMostOfIt() {
    RedactionPlan plan = plan(Operator.KEEP_LAST_4, Kind.CARD, Kind.NATIONAL_ID, Kind.EMAIL);
    assertEquals(
        "\"pay ****1111 to [EMAIL]\"",
        body("\"pay 4111 1111 1111 1111 to bob@example.com\"", JSON, plan));
    assertEquals(
        "****",
        Replacement.of(
            Operator.KEEP_LAST_4,
            Kind.NATIONAL_ID,
            Kind.NATIONAL_ID.name(),
            "AB12345",
            "",
            null,
            null));
    assertEquals(
        "****",
        Replacement.of(
            Operator.MASK, Kind.NATIONAL_ID, Kind.NATIONAL_ID.name(), "AB12345", "", null, null));
    assertEquals(
        "****3456",
        Replacement.of(
            Operator.MASK, Kind.NATIONAL_ID, Kind.NATIONAL_ID.name(), "AB123456", "", null, null));
    assertEquals(
        "[AWS_KEY]",
        Replacement.of(
            Operator.KEEP_LAST_4, Kind.AWS_KEY, Kind.AWS_KEY.name(), Samples.AWS, "", null, null));
  }

  @Test
  void theDomainOfAnAddressIsKept() {
    RedactionPlan plan = plan(Operator.KEEP_DOMAIN, Kind.EMAIL, Kind.CARD);
    assertEquals(
        "\"***@example.com [CARD]\"", body("\"bob@example.com 4111 1111 1111 1111\"", JSON, plan));
  }

  // ---- pseudonyms

  @Test
  void aPseudonymIsTheSameForAllSpellingsAndAnotherForEachTenantAndType() {
    String one = KEY.pseudonym(Kind.PHONE, Kind.PHONE.name(), "+49 30 901820");
    assertTrue(one.matches("[a-p]{20}"), one);
    assertEquals(one, KEY.pseudonym(Kind.PHONE, Kind.PHONE.name(), "+49-30-90 18 20"));
    assertNotEquals(one, KEY.pseudonym(Kind.PHONE, Kind.PHONE.name(), "+49 30 901821"));
    assertNotEquals(one, KEY.pseudonym(Kind.TAX_ID, Kind.TAX_ID.name(), "+49 30 901820"));
    assertEquals(
        KEY.pseudonym(Kind.EMAIL, Kind.EMAIL.name(), "Bob@Example.com"),
        KEY.pseudonym(Kind.EMAIL, Kind.EMAIL.name(), "bob@example.com"));
    String key = KEY.secret();
    assertEquals(
        one,
        RedactionKey.parse(key + "\n").pseudonym(Kind.PHONE, Kind.PHONE.name(), "+49 30 901820"));
    RedactionKey other = RedactionKey.parse(key.replace("+acme+", "+other+"));
    assertNotEquals(one, other.pseudonym(Kind.PHONE, Kind.PHONE.name(), "+49 30 901820"));
    assertEquals(
        "\"[EMAIL:" + KEY.pseudonym(Kind.EMAIL, Kind.EMAIL.name(), "bob@example.com") + "]\"",
        body("\"bob@example.com\"", JSON, plan(Operator.PSEUDONYM, Kind.EMAIL)));
  }

  // ---- tokens that can be opened

  @Test
  void aTokenIsOpenedByItsKeyAlone() {
    String redacted = body("{\"m\":\"to bob@example.com\"}", JSON, plan(Operator.SIV, Kind.EMAIL));
    assertTrue(redacted.matches("\\{\"m\":\"to \\[EMAIL:siv:[a-p]{62}]\"}"), redacted);
    RedactionKey.Opened opened = RedactionKey.open(redacted, List.of(KEY));
    assertEquals("{\"m\":\"to bob@example.com\"}", opened.text());
    assertEquals(1, opened.opened());
    RedactionKey other = RedactionKey.generate("acme");
    RedactionKey.Opened closed = RedactionKey.open(redacted, List.of(other));
    assertEquals(redacted, closed.text());
    assertEquals(1, closed.closed());
    assertEquals(opened, RedactionKey.open(redacted, List.of(other, KEY)));
    assertFalse(opened.toString().contains("bob"));
    // the type is part of what is sealed
    assertEquals(1, RedactionKey.open(redacted.replace("EMAIL", "PHONE"), List.of(KEY)).closed());
    assertFalse(RedactionKey.isToken(redacted));
    assertFalse(RedactionKey.isToken("[EMAIL]"));
  }

  @Test
  void aTokenHoldsTheValueAsItWasWritten() {
    String wide = "\uff0b\uff14\uff19 30\u200b 90\u201118\u200b20";
    for (String json :
        List.of(
            "{\"phone\":\"" + wide + "\"}",
            "{\"phone\":\"\\uff0b\\uff14\\uff19 30\\u200b 90\\u201118\\u200b20\"}",
            "{\"in\":\"{\\\"phone\\\":\\\"" + wide + "\\\"}\"}")) {
      String redacted = body(json, JSON, plan(Operator.SIV, Kind.PHONE));
      assertFalse(redacted.contains("18"), redacted);
      String opened = RedactionKey.open(redacted, List.of(KEY)).text();
      assertEquals(json.contains("\\uff") ? "{\"phone\":\"" + wide + "\"}" : json, opened);
    }
    String line = line("call " + wide + " now", order(Operator.SIV, Kind.PHONE));
    assertEquals("call " + wide + " now", RedactionKey.open(line, List.of(KEY)).text());
    String form = "first_name=J%C3%B6rg+%22M%22&x=1";
    String redacted = body(form, FORM, plan(Operator.SIV, Kind.NAME));
    assertTrue(redacted.startsWith("first_name=%5BNAME%3Asiv%3A"), redacted);
    String decoded = URLDecoder.decode(redacted, UTF_8);
    assertEquals("first_name=J\u00f6rg \"M\"&x=1", RedactionKey.open(decoded, List.of(KEY)).text());
  }

  @Test
  void aSecretIsNeverPutIntoATokenThatCanBeOpened() {
    for (String secret : List.of(Samples.STRIPE, Samples.GITHUB, Samples.JWT)) {
      String redacted =
          body(
              "{\"t\":\"" + secret + "\"}",
              JSON,
              RedactionPlan.of(
                  List.of(new Order(List.of(), EnumSet.allOf(Kind.class), Operator.SIV)),
                  Set.of(),
                  KEY));
      assertFalse(redacted.contains(":siv:"), redacted);
      assertFalse(
          line("t " + secret, new Order(List.of(), EnumSet.allOf(Kind.class), Operator.SIV))
              .contains(":siv:"));
    }
  }

  @Test
  void withoutAKeyAPlaceholderIsPut() {
    RedactionPlan plan =
        RedactionPlan.of(
            List.of(order(Operator.SIV, Kind.EMAIL), order(Operator.PSEUDONYM, Kind.CARD)),
            Set.of());
    assertEquals("\"[EMAIL] [CARD]\"", body("\"bob@example.com 4111111111111111\"", JSON, plan));
  }

  // ---- several

  @Test
  void theStrongestOperatorWins() {
    RedactionPlan plan =
        RedactionPlan.of(
            List.of(
                order(Operator.SIV, Kind.EMAIL),
                order(Operator.PSEUDONYM, Kind.EMAIL),
                new Order(List.of("a"), Set.of(Kind.EMAIL), Operator.DROP),
                new Order(List.of("b"), Set.of(Kind.EMAIL), Operator.TOKEN)),
            Set.of(),
            KEY);
    String redacted =
        body(
            "{\"a\":\"bob@example.com\",\"b\":\"bob@example.com\",\"c\":\"bob@example.com\"}",
            JSON,
            plan);
    assertTrue(redacted.startsWith("{\"a\":\"\",\"b\":\"[EMAIL]\",\"c\":\"[EMAIL:"), redacted);
    assertFalse(redacted.contains(":siv:"));
  }

  @Test
  void eachTypeOfALineHasItsOwnOperator() {
    assertEquals(
        "***@example.com paid with ****1111 from [IBAN]",
        line(
            "bob@example.com paid with 4111 1111 1111 1111 from DE89370400440532013000",
            order(Operator.KEEP_DOMAIN, Kind.EMAIL),
            order(Operator.KEEP_LAST_4, Kind.CARD),
            order(Operator.BLOCK, Kind.IBAN)));
    assertEquals(
        "[EMAIL]",
        line(
            "bob@example.com", order(Operator.TOKEN, Kind.EMAIL), order(Operator.SIV, Kind.EMAIL)));
  }

  @ParameterizedTest
  @EnumSource(value = Operator.class, mode = EnumSource.Mode.EXCLUDE, names = "DROP")
  void whatIsPutInIsNoFindingWhenItIsReadAgain(Operator operator) {
    long seed = Long.getLong("cordon.seed", System.nanoTime());
    Random random = new Random(seed);
    RedactionPlan all =
        RedactionPlan.of(
            List.of(new Order(List.of(), EnumSet.allOf(Kind.class), operator)), Set.of(), KEY);
    Redactor lines = Redactor.forLogs(EnumSet.allOf(Kind.class));
    for (int i = 0; i < 60; i++) {
      StringBuilder text = new StringBuilder();
      for (String value : Samples.byKind().values()) {
        text.append(random.nextBoolean() ? "a " : "password or phone: ").append(value);
        text.append(random.nextInt(1000)).append(' ');
      }
      text.append("ssn: 536-22-").append(1000 + random.nextInt(9000));
      text.append(" mail bob").append(random.nextInt(100_000)).append("@example.com");
      String redacted = body(text.toString(), "text/plain", all);
      Scan again = Redactor.body(redacted.getBytes(UTF_8), "text/plain", all);
      assertNull(again.redacted(), () -> "seed " + seed + ": " + redacted);
      assertSame(redacted, lines.line(redacted), () -> "seed " + seed + ": " + redacted);
    }
  }

  @Test
  void aTokenOfEachTypeIsNoFindingWhenItIsReadAgain() {
    Redactor lines = Redactor.forLogs(EnumSet.allOf(Kind.class));
    for (Kind kind : Kind.values()) {
      for (int i = 0; i < 30; i++) {
        String pseudonym = "[" + kind + ":" + KEY.pseudonym(kind, kind.name(), "v" + i) + "]";
        String token = String.valueOf(KEY.sealed(kind.name(), "value " + i));
        for (String shown : List.of(pseudonym, token)) {
          String key = kind.label().replace('-', '_');
          assertSame(shown, lines.line(shown));
          String assigned = key + "=" + shown + " and " + key + ": " + shown;
          assertEquals(assigned, lines.line(assigned));
          String json = "{\"" + key + "\":\"" + shown + "\"}";
          assertEquals(json, body(json, JSON, Samples.everywhere(Operator.TOKEN)));
        }
      }
    }
  }

  // ---- the key itself

  @Test
  void aKeyIsNotShownByAnything() {
    String secret = KEY.secret();
    assertEquals("RedactionKey[acme]", KEY.toString());
    Matcher base64 =
        Pattern.compile("REDACTION\\+KEY\\+acme\\+([A-Za-z0-9+/]{43}=)").matcher(secret);
    assertTrue(base64.matches());
    for (String wrong :
        List.of(
            secret.substring(1),
            secret.substring(0, secret.length() - 4),
            secret.replace("acme", ""),
            secret.replace("acme", "a b"),
            secret + "x",
            "REDACTION+KEY+acme+" + "*".repeat(44),
            "REDACTION+KEY+",
            "")) {
      String message = "";
      try {
        RedactionKey.parse(wrong);
      } catch (IllegalArgumentException refused) {
        message = String.valueOf(refused.getMessage());
        assertNull(refused.getCause());
      }
      assertFalse(message.isEmpty(), wrong);
      assertFalse(message.contains(base64.group(1).substring(0, 8)));
    }
  }
}
