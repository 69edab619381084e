package dev.cordon.redaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cordon.redaction.RedactionPlan.Operator;
import dev.cordon.redaction.RedactionPlan.Order;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BodyTest {
  private static final String JSON = "application/json";
  private static final String FORM = "application/x-www-form-urlencoded";
  private static final RedactionPlan TOKENS = Samples.everywhere(Operator.TOKEN);

  private static String redact(String body, @Nullable String type, RedactionPlan plan) {
    return redact(body, type, plan, StandardCharsets.UTF_8);
  }

  private static String redact(
      String body, @Nullable String type, RedactionPlan plan, Charset charset) {
    Scan scan = Redactor.body(body.getBytes(charset), type, plan);
    assertEquals(Reach.WHOLE, scan.reach());
    byte[] redacted = scan.redacted();
    return redacted == null ? body : new String(redacted, charset);
  }

  private static RedactionPlan plan(Order... orders) {
    return RedactionPlan.of(List.of(orders), Set.of());
  }

  private static Order order(Operator operator, String fields, Kind... kinds) {
    List<String> paths = fields.isEmpty() ? List.of() : List.of(fields.split(",", -1));
    return new Order(paths, Set.of(kinds), operator);
  }

  private static List<String> where(Scan scan) {
    List<String> where = new ArrayList<>();
    for (Finding finding : scan.findings()) {
      where.add(finding.kind() + " " + finding.path());
    }
    return where;
  }

  // ---- JSON

  @Test
  void aNumberUnderANameThatOnlySoundsLikeATelephoneStaysANumber() {
    String[] names = {
      "microphone",
      "headphones",
      "Headphones",
      "SMARTPHONE",
      "smartphone_price",
      "saxophone",
      "xylophone",
      "earphone",
      "megaphone",
      "iphone",
      "phonetic",
      "phoneme",
      "phonetic_key",
      "cellRow",
      "cell",
      "cellIndex",
      "cell_voltage",
      "cellular",
      "CELLVOLTAGE",
      "excel",
      "mobile_revenue",
      "mobileVisits",
      "mobility",
      "mobilized",
      "phone_bill_cents",
      "phoneSeconds",
      "phone_budget",
      "phone_price",
      "phone_total",
      "fax_pages",
      "faximile",
      "FAXIMILE",
      "telAviv",
      "tel_aviv",
      "TELEMETRY",
      "telephone_bill_total",
      "phone_count",
      "phone-cost",
      "phone.amount",
      "phoneVerified"
    };
    for (String name : names) {
      for (String number : List.of("1234567", "4155550132", "493090182012")) {
        String body = "{\"" + name + "\":" + number + "}";
        assertEquals(body, redact(body, JSON, TOKENS));
      }
    }
  }

  @Test
  void aNumberUnderANameThatSaysTelephoneIsFound() {
    String[] names = {
      "phone",
      "Phone",
      "PHONE",
      "phones",
      "phoneNumber",
      "phone_number",
      "PHONE_NUMBER",
      "phonenumber",
      "userphone",
      "userphonenumber",
      "contact_phone",
      "phone_1",
      "phone2",
      "homePhone",
      "workPhones",
      "cellPhone",
      "cell_phone",
      "cellphone",
      "cellNumber",
      "cell_no",
      "homeCell",
      "mobile",
      "Mobile",
      "mobile_number",
      "mobileNumber",
      "mobilenr",
      "mobilnummer",
      "mobilephone",
      "mobil",
      "tel",
      "TEL",
      "homeTel",
      "telno",
      "tel_no",
      "telephone",
      "TELEPHONE",
      "telefon",
      "telefonnummer",
      "fax",
      "FAX",
      "faxNumber",
      "faxnumber",
      "faxno",
      "billing.phone",
      "msisdn",
      "whatsapp",
      "TELNumber"
    };
    for (String name : names) {
      assertEquals(
          "{\"" + name + "\":\"[PHONE]\"}",
          redact("{\"" + name + "\":493090182012}", JSON, TOKENS));
      assertEquals(
          "{\"" + name + "\":\"[PHONE]\"}",
          redact("{\"" + name + "\":\"030 901820\"}", JSON, TOKENS));
    }
  }

  @Test
  void aJsonNumberWithAPointOrAnExponentIsNeverATelephoneNumber() {
    String body =
        "{\"phone\":12345.67,\"mobile\":4155550132.5,\"tel\":123456e7,\"phone_price\":12345.67}";
    assertEquals(body, redact(body, JSON, TOKENS));
  }

  @Test
  void signedDecimalsCoordinatesDatesAndVersionsAreNoTelephoneNumbers() {
    String body =
        "{\"delta\":\"+578.181073\",\"gps\":\"+52.5200066,+13.4049540\","
            + "\"iso6709\":\"+48.8577+002.295/\",\"west\":\"+48.8577-002.295/\","
            + "\"balance\":\"+4915012345.67\",\"saldo\":\"+14155550132.50\","
            + "\"utc\":\"+20241122\",\"version\":\"232.696.1624\",\"rev\":\"1.232.696.1624\","
            + "\"pair\":\"+52.5200066 13.4049540\",\"blank\":\"+52.5200066 +13.4049540\"}";
    assertEquals(body, redact(body, JSON, TOKENS));
    assertEquals("p=%2B578.181073&q=1", redact("p=%2B578.181073&q=1", FORM, TOKENS));
  }

  @Test
  void theSameShapesUnderANameThatSaysTelephoneAreFound() {
    assertEquals(
        "{\"phone\":\"[PHONE]\",\"fax\":\"[PHONE]\",\"tel\":\"[PHONE]\",\"cell\":\"[PHONE]\"}",
        redact(
            "{\"phone\":\"+49.30901820\",\"fax\":\"+1.4155550132\",\"tel\":\"232.696.1624\","
                + "\"cell\":\"+4915112345678\"}",
            JSON,
            TOKENS));
    assertEquals(
        "{\"a\":\"[PHONE]\",\"b\":\"[PHONE]\",\"c\":\"call [PHONE]\"}",
        redact(
            "{\"a\":\"+49.30.901820\",\"b\":\"+1.415.555.0132\",\"c\":\"call 415.555.0132\"}",
            JSON,
            TOKENS));
  }

  @Test
  void valuesKeysAndNumbersOfJsonAreReplacedInPlace() {
    assertEquals(
        "{ \"to\" : \"[EMAIL]\",\n \"[EMAIL]\":1, \"n\":[\"[CARD]\" , 42, null, \"[PHONE]\"] }",
        redact(
            "{ \"to\" : \"bob@example.com\",\n \"eve@example.com\":1,"
                + " \"n\":[4111111111111111 , 42, null, \"+4930901820\"] }",
            JSON,
            TOKENS));
  }

  @Test
  void aLongSecretUnderItsKeyIsFoundAsAWhole() {
    for (int times : new int[] {6, 7, 13, 40, 2000}) {
      String value = Samples.LETTERS.repeat(times);
      assertEquals(
          "{\"client_secret\":\"[SECRET]\",\"a\":[\"b\"]}",
          redact("{\"client_secret\":\"" + value + "\",\"a\":[\"b\"]}", JSON, TOKENS));
      assertEquals(
          "{\"password\":\"[SECRET]\"}",
          redact("{\"password\":\"~:^-" + value + "\"}", JSON, TOKENS));
      assertEquals(
          "api_token=%5BSECRET%5D&b=1", redact("api_token=" + value + "&b=1", FORM, TOKENS));
    }
  }

  @Test
  void aValueInAnEscapedStringIsReplacedAsJson() {
    assertEquals(
        "{\"a\":\"x\\n[EMAIL]\\n\\\"y\\\" \\u00e9\"}",
        redact("{\"a\":\"x\\nbob\\u0040ex\\u0061mple.com\\n\\\"y\\\" \\u00e9\"}", JSON, TOKENS));
    assertEquals(
        "{\"a\":\"\\\\[CARD]\"}", redact("{\"a\":\"\\\\4\\u0031111111 11111111\"}", JSON, TOKENS));
  }

  @Test
  void jsonInsideAStringIsRead() {
    assertEquals(
        "{\"b\":\"[{\\\"text\\\":\\\"[EMAIL]\\\",\\\"n\\\":\\\"[CARD]\\\"}]\"}",
        redact(
            "{\"b\":\"[{\\\"text\\\":\\\"bob\\\\u0040example.com\\\",\\\"n\\\":4111111111111111}]\"}",
            JSON,
            TOKENS));
  }

  @Test
  void anOrderForFieldsHoldsForTheseFieldsAndBelow() {
    RedactionPlan plan =
        plan(order(Operator.TOKEN, "text,blocks.**.text,items[].note,a.b", Kind.EMAIL));
    String mail = "\"bob@example.com\"";
    assertEquals(
        "{\"text\":\"[EMAIL]\",\"other\":"
            + mail
            + ",\"blocks\":[{\"x\":"
            + mail
            + ",\"y\":{\"text\":{\"text\":\"[EMAIL]\"}}}],\"items\":[{\"note\":\"[EMAIL]\"},{\"n\":"
            + mail
            + "}],\"a\":{\"b\":[\"[EMAIL]\"],\"c\":"
            + mail
            + "},\"b\":"
            + mail
            + "}",
        redact(
            "{\"text\":"
                + mail
                + ",\"other\":"
                + mail
                + ",\"blocks\":[{\"x\":"
                + mail
                + ",\"y\":{\"text\":{\"text\":"
                + mail
                + "}}}],\"items\":[{\"note\":"
                + mail
                + "},{\"n\":"
                + mail
                + "}],\"a\":{\"b\":["
                + mail
                + "],\"c\":"
                + mail
                + "},\"b\":"
                + mail
                + "}",
            JSON,
            plan));
  }

  @Test
  void recipientsSurviveAndSecretsInTheirFieldsDoNot() {
    RedactionPlan plan =
        RedactionPlan.of(
            List.of(
                new Order(List.of(), EnumSet.allOf(Kind.class), Operator.TOKEN),
                order(Operator.BLOCK, "", Kind.EMAIL)),
            Set.of("to", "contact.phoneNumber"));
    Scan kept =
        Redactor.body(
            "{\"to\":[\"bob@example.com\"],\"contact\":{\"phoneNumber\":\"+4930901820\"}}"
                .getBytes(StandardCharsets.UTF_8),
            JSON,
            plan);
    assertEquals(List.of(), kept.findings());
    assertNull(kept.redacted());
    assertFalse(kept.blocked());
    Scan secret =
        Redactor.body(
            ("{\"to\":\"" + Samples.STRIPE + " 4111111111111111\"}")
                .getBytes(StandardCharsets.UTF_8),
            JSON,
            plan);
    assertEquals(List.of("STRIPE_KEY to", "CARD to"), where(secret));
    assertEquals(
        "to=bob%40example.com&text=%5BEMAIL%5D",
        redact("to=bob%40example.com&text=bob%40example.com", FORM, plan));
  }

  @Test
  void theStrongestOrderWinsWhereSpansOverlap() {
    byte[] body = ("{\"h\":\"Bearer " + Samples.JWT + "\"}").getBytes(StandardCharsets.UTF_8);
    Scan scan =
        Redactor.body(
            body,
            JSON,
            plan(order(Operator.TOKEN, "", Kind.BEARER), order(Operator.BLOCK, "h", Kind.JWT)));
    assertTrue(scan.blocked());
    assertEquals(1, scan.findings().size());
    assertEquals(
        "{\"m\":\"***@example.com\"}",
        redact(
            "{\"m\":\"bob@example.com\"}",
            JSON,
            plan(
                order(Operator.HASH, "", Kind.EMAIL),
                order(Operator.TOKEN, "", Kind.EMAIL),
                order(Operator.MASK, "m", Kind.EMAIL))));
  }

  @Test
  void masksKeepTheLastFourAndHashesAreStable() {
    RedactionPlan mask = Samples.everywhere(Operator.MASK);
    assertEquals(
        "{\"c\":\"****1111\",\"n\":\"****1111\",\"p\":\"****1820\",\"k\":\"********\"}",
        redact(
            "{\"c\":\"4111-1111-1111-1111\",\"n\":4111111111111111,\"p\":\"+49 30 901820\",\"k\":\""
                + Samples.STRIPE
                + "\"}",
            JSON,
            mask));
    String hashed =
        redact(
            "[\"bob@example.com\",\"bob@example.com\"]", JSON, Samples.everywhere(Operator.HASH));
    assertTrue(hashed.matches("\\[\"(\\[EMAIL:[a-p]{12}])\",\"\\1\"]"), hashed);
    assertEquals(hashed, redact(hashed, JSON, TOKENS));
  }

  @Test
  void aPathNeverHoldsAValue() {
    byte[] body =
        "{\"bob@example.com\":{\"note\":\"eve@example.com\"}}".getBytes(StandardCharsets.UTF_8);
    Scan scan = Redactor.body(body, JSON, TOKENS);
    assertEquals(List.of("EMAIL [EMAIL]", "EMAIL [EMAIL].note"), where(scan));
    assertFalse(scan.toString().contains("example"));
    assertFalse(scan.findings().toString().contains("example"));
  }

  @Test
  void offsetsAreBytesOfTheInput() {
    String body = "{\"a\":\"\u00e9\u4f60 bob@example.com\"}";
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    Finding finding = Redactor.body(bytes, JSON, TOKENS).findings().get(0);
    assertEquals(
        "bob@example.com",
        new String(
            bytes, finding.start(), finding.end() - finding.start(), StandardCharsets.UTF_8));
  }

  @Test
  void textThatIsNotQuiteJsonIsScannedAllTheSame() {
    for (String broken :
        List.of(
            "{\"a\":\"bob@example.com\"",
            "{\"a\":\"bob@example.com",
            "{'a':'bob@example.com'}",
            "{\"a\":1,}bob@example.com",
            "[1,2,,\"bob\\u0040ex\\u0061mple.com\"]",
            "{a:bob@example.com} // x",
            "}bob@example.com{",
            "\u0000\u0001{\"bob@example.com\"")) {
      String redacted = redact(broken, JSON, TOKENS);
      assertTrue(redacted.contains("[EMAIL]") && !redacted.contains("bob"), redacted);
    }
    RedactionPlan fields = plan(order(Operator.TOKEN, "text", Kind.EMAIL));
    assertEquals("{\"a\":\"[EMAIL]\"", redact("{\"a\":\"bob@example.com\"", JSON, fields));
  }

  @Test
  void bothValuesOfADuplicateKeyAreScanned() {
    assertEquals(
        "{\"a\":\"[EMAIL]\",\"a\":\"[EMAIL]\"}",
        redact("{\"a\":\"bob@example.com\",\"a\":\"eve@example.com\"}", JSON, TOKENS));
  }

  @Test
  void deepNestingIsWalkedWithoutRecursion() {
    for (int depth : new int[] {1_000, 100_000}) {
      String body = "[{\"a\":".repeat(depth) + "\"bob@example.com\"" + "}]".repeat(depth);
      RedactionPlan plan = plan(order(Operator.TOKEN, "elsewhere", Kind.EMAIL));
      assertEquals(
          body.replace("bob@example.com", "[EMAIL]"), // below what has a path every order holds
          redact(body, JSON, plan));
    }
  }

  @Test
  void invalidUtf8IsKeptAndReadAround() {
    byte[] head = "{\"a\":\"x".getBytes(StandardCharsets.UTF_8);
    byte[] bad = {(byte) 0xC3, (byte) 0x28, (byte) 0xFF, (byte) 0xED, (byte) 0xA0, (byte) 0x80};
    byte[] tail = " bob@example.com\"}".getBytes(StandardCharsets.UTF_8);
    byte[] body = join(join(head, bad), tail);
    byte[] expected = join(join(head, bad), " [EMAIL]\"}".getBytes(StandardCharsets.UTF_8));
    byte[] redacted = Redactor.body(body, JSON, TOKENS).redacted();
    assertNotNull(redacted);
    assertEquals(
        new String(expected, StandardCharsets.ISO_8859_1),
        new String(redacted, StandardCharsets.ISO_8859_1));
  }

  @Test
  void characterSetsAreRespected() {
    String body = "{\"n\":\"\u00e9\",\"a\":\"bob@example.com\"}";
    String expected = "{\"n\":\"\u00e9\",\"a\":\"[EMAIL]\"}";
    assertEquals(expected, redact(body, JSON, TOKENS, StandardCharsets.UTF_16LE));
    assertEquals(expected, redact(body, JSON, TOKENS, StandardCharsets.UTF_16BE));
    assertEquals(expected, redact(body, JSON, TOKENS, StandardCharsets.UTF_16));
    assertEquals("\ufeff" + expected, redact("\ufeff" + body, JSON, TOKENS));
    assertEquals(
        "\u00e9: [EMAIL]",
        redact(
            "\u00e9: bob@example.com",
            "text/plain; charset=\"ISO-8859-1\"",
            TOKENS,
            StandardCharsets.ISO_8859_1));
    assertEquals(
        "\u00e9: [EMAIL]",
        redact(
            "\u00e9: bob@example.com",
            "text/plain;charset=utf-16le",
            TOKENS,
            StandardCharsets.UTF_16LE));
    byte[] utf32 = body.getBytes(Charset.forName("UTF-32"));
    assertEquals(Reach.UNKNOWN_CHARSET, Redactor.body(utf32, JSON, TOKENS).reach());
    Scan japanese =
        Redactor.body(
            "bob@example.com".getBytes(StandardCharsets.US_ASCII),
            "text/plain;charset=Shift_JIS",
            TOKENS);
    assertEquals(Reach.UNKNOWN_CHARSET, japanese.reach());
    assertEquals(1, japanese.findings().size());
  }

  @Test
  void aBodyOfTenMegabytesIsScannedWhole() {
    StringBuilder body = new StringBuilder(10 << 20).append("[");
    while (body.length() < 10 << 20) {
      body.append("{\"id\":48213,\"text\":\"all well, nothing to see\"},");
    }
    body.append("\"bob@example.com\"]");
    Scan scan = Redactor.body(body.toString().getBytes(StandardCharsets.UTF_8), JSON, TOKENS);
    assertEquals(1, scan.findings().size());
    body.append("\u00e9{");
    Scan broken = Redactor.body(body.toString().getBytes(StandardCharsets.UTF_8), JSON, TOKENS);
    assertEquals(1, broken.findings().size());
  }

  // ---- forms and queries

  @Test
  void formsAreDecodedScannedAndEncodedAgain() {
    assertEquals(
        "text=hello+%5BEMAIL%5D%21&n=%5BCARD%5D&%5BEMAIL%5D=1&x&=y&z=%zz",
        redact(
            "text=hello+bob%40ex%61mple.com%21&n=4111+1111+1111+1111&eve%40example.com=1&x&=y&z=%zz",
            FORM, TOKENS));
    assertEquals(
        "channel=C1&blocks=%5B%7B%22text%22%3A%22%5BEMAIL%5D%22%7D%5D",
        redact(
            "channel=C1&blocks=%5B%7B%22text%22%3A%22bob%40example.com%22%7D%5D",
            FORM, plan(order(Operator.TOKEN, "blocks.**.text", Kind.EMAIL))));
    assertEquals(
        "metadata[mail]=%5BEMAIL%5D&metadata[x]=bob%40example.com&a[0][b]=%5BEMAIL%5D",
        redact(
            "metadata[mail]=bob%40example.com&metadata[x]=bob%40example.com&a[0][b]=bob@example.com",
            FORM, plan(order(Operator.TOKEN, "metadata.mail,a[].b", Kind.EMAIL))));
  }

  @Test
  void aFormThatIsJsonIsScannedAsJson() {
    assertEquals("{\"a\":\"[EMAIL]\"}", redact("{\"a\":\"bob@example.com\"}", FORM, TOKENS));
  }

  @Test
  void queriesKeepWhatIsNotFound() {
    Scan scan = Redactor.query("a=%C3%A9&to=bob%40example.com&b=c+d", TOKENS);
    assertEquals(List.of("EMAIL query.to"), where(scan));
    byte[] redacted = scan.redacted();
    assertNotNull(redacted);
    assertEquals("a=%C3%A9&to=%5BEMAIL%5D&b=c+d", new String(redacted, StandardCharsets.US_ASCII));
    assertNull(Redactor.query("a=b&c", TOKENS).redacted());
    Scan kept =
        Redactor.query(
            "to=bob%40example.com",
            RedactionPlan.of(List.of(order(Operator.TOKEN, "", Kind.EMAIL)), Set.of("query.to")));
    assertEquals(List.of(), kept.findings());
  }

  // ---- headers

  @Test
  void headerValuesAreScanned() {
    Scan scan = Redactor.header("Authorization", "Bearer abcdef", TOKENS);
    assertEquals(List.of("BEARER header.authorization"), where(scan));
    byte[] redacted = scan.redacted();
    assertNotNull(redacted);
    assertEquals("Bearer [BEARER]", new String(redacted, StandardCharsets.ISO_8859_1));
    Scan referer = Redactor.header("Referer", "https://example.com/?e=bob%40example.com", TOKENS);
    assertEquals(List.of("EMAIL header.referer"), where(referer));
    assertEquals(Scan.clean(), Redactor.header("Accept", "*/*", TOKENS));
  }

  // ---- multipart, XML, text, binary

  @Test
  void textPartsAreScannedAndBinaryPartsAreReportedUnread() {
    String image = "\u0000\u0001\u0002bob@example.com\u0000";
    String body =
        "--XX\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nbob@example.com\r\n"
            + "--XX\r\nContent-Disposition: form-data; name=\"json\"\r\nContent-Type: application/json\r\n\r\n"
            + "{\"a\":4111111111111111}\r\n"
            + "--XX\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a.png\"\r\n"
            + "Content-Type: image/png\r\n\r\n"
            + image
            + "\r\n--XX--\r\n";
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    Scan scan = Redactor.body(bytes, "multipart/form-data; boundary=XX", TOKENS);
    assertEquals(Reach.BINARY_PARTS_SKIPPED, scan.reach());
    assertEquals(List.of("EMAIL note", "CARD json.a"), where(scan));
    byte[] redacted = scan.redacted();
    assertNotNull(redacted);
    assertEquals(
        body.replace("\r\n\r\nbob@example.com", "\r\n\r\n[EMAIL]")
            .replace("4111111111111111", "\"[CARD]\""),
        new String(redacted, StandardCharsets.UTF_8));
    assertEquals(
        "--XX no boundary [EMAIL]",
        redact("--XX no boundary bob@example.com", "multipart/form-data", TOKENS));
  }

  @Test
  void xmlIsScannedThroughItsEntities() {
    assertEquals(
        "<a><phone>[PHONE]</phone>x &amp; [EMAIL]</a>",
        redact("<a><phone>030 901820</phone>x &amp; bob&#x40;example.com</a>", "text/xml", TOKENS));
  }

  @Test
  void whatABodyIsMattersMoreThanWhatItSays() {
    assertEquals("{\"a\":\"[EMAIL]\"}", redact("{\"a\":\"bob@example.com\"}", null, TOKENS));
    assertEquals(
        "{\"a\":\"[EMAIL]\"}", redact("{\"a\":\"bob@example.com\"}", "text/plain", TOKENS));
    assertEquals(
        "hello [EMAIL]", redact("hello bob@example.com", "application/octet-stream", TOKENS));
    assertEquals("a=b&e=%5BEMAIL%5D", redact("a=b&e=bob%40example.com", null, TOKENS));
    byte[] image = {(byte) 0x89, 'P', 'N', 'G', 0, 1, 2, 3};
    assertEquals(Reach.BINARY, Redactor.body(image, "image/png", TOKENS).reach());
    assertEquals(Reach.BINARY, Redactor.body(image, null, TOKENS).reach());
    assertFalse(Redactor.body(image, null, TOKENS).reach().whole());
    assertEquals(Scan.clean(), Redactor.body(new byte[0], "image/png", TOKENS));
  }

  /** What a customer could paste: it must not switch the scan of a text off. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u0001",
        "\u0000",
        "\u0007\u0008",
        "\u0000\u0000\u0000",
        "\u001A",
        "\u007F",
        "\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008",
        "a\u0000b\u0000",
        "\uFFFE"
      })
  void aFewControlCharactersMakeNoTextBinary(String controls) {
    for (String type : new String[] {null, "", "application/octet-stream", "application/x-own"}) {
      for (String text :
          List.of(
              controls + "hello bob@example.com, and more of a message that nobody typed",
              "hello bob@example.com, and " + controls + " of a message that nobody typed")) {
        assertEquals(text.replace("bob@example.com", "[EMAIL]"), redact(text, type, TOKENS), type);
      }
      String json = "{\"a\":\"" + controls + "\",\"b\":\"bob@example.com\"}";
      assertEquals(json.replace("bob@example.com", "[EMAIL]"), redact(json, type, TOKENS), type);
    }
  }

  @Test
  void manyControlCharactersOfAJsonTextDoNotHideItsFields() {
    String json = "{\"a\":\"" + "\u0000".repeat(300) + "\",\"b\":\"bob@example.com\"}";
    assertEquals(json.replace("bob@example.com", "[EMAIL]"), redact(json, null, TOKENS));
  }

  @Test
  void aTextInLatin1IsScannedWhateverItsControlCharacters() {
    byte[] latin =
        ("Gr\u00FC\u00DFe\u0001 an bob@example.com, b\u00F6se W\u00F6rter, \u00FE\u00FF")
            .getBytes(StandardCharsets.ISO_8859_1);
    assertEquals(1, Redactor.body(latin, null, TOKENS).findings().size());
    byte[] marked =
        "\u00FE\u00FFbob@example.com".getBytes(StandardCharsets.ISO_8859_1); // as a UTF-16 mark
    assertEquals(
        1, Redactor.body(marked, "text/plain; charset=iso-8859-1", TOKENS).findings().size());
  }

  @Test
  void compressedDataAndPicturesAreBinaryWhateverTheirTypeSays() throws IOException {
    long seed = 20261122;
    byte[] noise = new byte[2000];
    new Random(seed).nextBytes(noise);
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
      gzip.write(noise);
    }
    for (String type : new String[] {null, "application/octet-stream", "application/x-own"}) {
      assertEquals(Reach.BINARY, Redactor.body(noise, type, TOKENS).reach(), "seed " + seed);
      assertEquals(Reach.BINARY, Redactor.body(zipped.toByteArray(), type, TOKENS).reach());
    }
    byte[] picture = "one \u0001 bob@example.com".getBytes(StandardCharsets.UTF_8);
    assertEquals(Reach.BINARY, Redactor.body(picture, "image/png", TOKENS).reach());
  }

  @Test
  void aBlockedValueIsReplacedAsWell() {
    Scan scan =
        Redactor.body(
            ("text=" + Samples.STRIPE).getBytes(StandardCharsets.UTF_8),
            FORM,
            Samples.everywhere(Operator.BLOCK));
    assertTrue(scan.blocked());
    byte[] redacted = scan.redacted();
    assertNotNull(redacted);
    assertEquals("text=%5BSTRIPE_KEY%5D", new String(redacted, StandardCharsets.US_ASCII));
  }

  private static byte[] join(byte[] one, byte[] two) {
    byte[] both = java.util.Arrays.copyOf(one, one.length + two.length);
    System.arraycopy(two, 0, both, one.length, two.length);
    return both;
  }

  /** A long text is read in pieces, and a number may begin in one and end in the next. */
  @Test
  void aValueIsFoundAtEachPlaceOfALongText() {
    String[] values = {"4111 1111 1111 1111", "203.0.113.7", "+49 30 901820", "2001:db8::17:2"};
    String body = "word ".repeat(900);
    for (String value : values) {
      for (int at = 2000; at < 2100; at++) {
        String text = body.substring(0, at) + ' ' + value + ' ' + body;
        assertFalse(redact(text, "text/plain", TOKENS).contains(value), value + " at " + at);
      }
    }
  }
}
