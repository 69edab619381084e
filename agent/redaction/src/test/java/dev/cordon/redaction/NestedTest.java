package dev.cordon.redaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cordon.redaction.RedactionPlan.Operator;
import java.io.ByteArrayOutputStream;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Values in base64 and in the payloads of tokens. */
class NestedTest {
  private static final String JSON = "application/json";
  private static final Set<Kind> PERSONAL =
      EnumSet.of(Kind.EMAIL, Kind.PHONE, Kind.CARD, Kind.IBAN, Kind.NAME);
  private static final RedactionPlan TOKENS = Samples.everywhere(PERSONAL, Operator.TOKEN);
  private static final String TEXT = "write to bob@example.com, please";
  private static final String CLEAN_TEXT = "write to nobody at all, please";

  private final long seed = Long.getLong("cordon.seed", System.nanoTime());
  private final Random random = new Random(seed);

  private static String redacted(String body, String type) {
    return redacted(body, type, TOKENS);
  }

  private static String redacted(String body, String type, RedactionPlan plan) {
    Scan scan = Redactor.body(utf8(body), type, plan);
    assertEquals(Reach.WHOLE, scan.reach());
    byte[] redacted = scan.redacted();
    return redacted == null ? body : new String(redacted, StandardCharsets.UTF_8);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String decoded(String base64) {
    String plain = base64.replace('-', '+').replace('_', '/').replaceAll("[=\r\n]", "");
    return new String(Base64.getDecoder().decode(plain), StandardCharsets.UTF_8);
  }

  /** The value of the only field. */
  private static String value(String json) {
    return json.substring(json.indexOf(":\"") + 2, json.lastIndexOf('"'));
  }

  // ---- base64

  @Test
  void aValueInBase64IsReplacedAndEncodedAgainAsItWas() {
    for (String text :
        new String[] {TEXT, TEXT + "?", TEXT + "??", "\u00fc\u00ff?>\u00fb " + TEXT}) {
      for (Base64.Encoder encoder :
          new Base64.Encoder[] {
            Base64.getEncoder(),
            Base64.getEncoder().withoutPadding(),
            Base64.getUrlEncoder(),
            Base64.getUrlEncoder().withoutPadding()
          }) {
        String base64 = encoder.encodeToString(utf8(text));
        String found = value(redacted("{\"data\":\"" + base64 + "\"}", JSON));
        assertEquals(text.replace("bob@example.com", "[EMAIL]"), decoded(found));
        String alphabet = base64.matches(".*[-_].*") ? "[A-Za-z0-9_=-]+" : "[A-Za-z0-9+/=]+";
        assertTrue(found.matches(alphabet), found);
        if (base64.length() % 4 != 0) {
          assertFalse(found.contains("="), found);
        }
        if (base64.contains("=")) {
          assertEquals(0, found.length() % 4, found);
        }
      }
    }
  }

  @Test
  void jsonInBase64IsReadByItsFields() {
    String inner = "{\"customer\":{\"first_name\":\"Bob\",\"card\":4111111111111111,\"n\":1}}";
    String body = "{\"data\":\"" + Samples.base64(inner) + "\"}";
    assertEquals(
        "{\"customer\":{\"first_name\":\"[NAME]\",\"card\":\"[CARD]\",\"n\":1}}",
        decoded(value(redacted(body, JSON))));
    List<Finding> findings = Redactor.body(utf8(body), JSON, TOKENS).findings();
    assertEquals("data.customer.first_name", findings.get(0).path());
    assertEquals("data.customer.card", findings.get(1).path());
    assertEquals(9, findings.get(0).start());
    assertEquals(findings.get(0).end(), findings.get(1).start());
    assertEquals(body.length() - 2, findings.get(1).end());
    RedactionPlan named =
        RedactionPlan.of(
            List.of(
                new RedactionPlan.Order(List.of("data.customer.card"), PERSONAL, Operator.TOKEN)),
            Set.of());
    assertEquals(
        "{\"customer\":{\"first_name\":\"Bob\",\"card\":\"[CARD]\",\"n\":1}}",
        decoded(value(redacted(body, JSON, named))));
  }

  @Test
  void aFormInBase64IsReadByItsNames() {
    String body =
        "{\"data\":\"" + Samples.base64("a=1&first_name=Bob+B&mail=bob%40example.com") + "\"}";
    assertEquals(
        "a=1&first_name=%5BNAME%5D&mail=%5BEMAIL%5D", decoded(value(redacted(body, JSON))));
  }

  @Test
  void base64InBase64IsReadTwoDeep() {
    String one =
        Samples.base64("{\"a\":\"" + Samples.base64("{\"b\":\"bob@example.com\"}") + "\"}");
    String found = decoded(value(redacted("{\"data\":\"" + one + "\"}", JSON)));
    assertEquals("{\"b\":\"[EMAIL]\"}", decoded(value(found)));
    String three = "{\"data\":\"" + Samples.base64("{\"a\":\"" + one + "\"}") + "\"}";
    assertEquals(three, redacted(three, JSON)); // an honest limit
  }

  @Test
  void base64IsFoundWhereverATextStands() {
    String base64 = Samples.base64(TEXT);
    String changed = Samples.base64(TEXT.replace("bob@example.com", "[EMAIL]"));
    assertEquals(
        "see data:text/plain;base64," + changed + " for it",
        redacted("see data:text/plain;base64," + base64 + " for it", "text/plain"));
    assertEquals(
        "<a href='/v1/objects/" + changed + "'>x</a>",
        redacted("<a href='/v1/objects/" + base64 + "'>x</a>", "text/xml"));
    assertEquals(
        "a=" + URLEncoder.encode(changed, StandardCharsets.UTF_8) + "&b=1",
        redacted(
            "a=" + URLEncoder.encode(base64, StandardCharsets.UTF_8) + "&b=1",
            "application/x-www-form-urlencoded"));
    assertEquals(
        "{\"a\":\"{\\\"b\\\":\\\"" + changed + "\\\"}\"}",
        redacted("{\"a\":\"{\\\"b\\\":\\\"" + base64 + "\\\"}\"}", JSON));
    assertEquals(
        "[EMAIL] " + changed + " [EMAIL] " + changed,
        redacted("eve@example.com " + base64 + " eve@example.com " + base64, "text/plain"));
  }

  @Test
  void whatIsBrokenIntoLinesStaysInLines() {
    String text = (TEXT + "\r\n").repeat(20);
    for (String end : new String[] {"\r\n", "\n"}) {
      for (int lineChars : new int[] {64, 76}) {
        Base64.Encoder mime = Base64.getMimeEncoder(lineChars, utf8(end));
        String body = "--XX" + end + mime.encodeToString(utf8(text)) + end + "hello world";
        String found = redacted(body, "text/plain");
        String expected = mime.encodeToString(utf8(text.replace("bob@example.com", "[EMAIL]")));
        assertEquals("--XX" + end + expected + end + "hello world", found);
      }
    }
  }

  @Test
  void aNameTellsWhatStandsInBase64UnderIt() {
    String body = "{\"phone\":\"" + Samples.base64("030 90182012") + "\"}";
    assertEquals("[PHONE]", decoded(value(redacted(body, JSON))));
  }

  @Test
  void whatMayNotLeaveMayNotLeaveInBase64() {
    RedactionPlan block = Samples.everywhere(PERSONAL, Operator.BLOCK);
    byte[] body = utf8("{\"a\":\"" + Samples.base64(TEXT) + "\"}");
    assertTrue(Redactor.body(body, JSON, block).blocked());
    byte[] token = utf8("{\"a\":\"" + token("{\"mail\":\"bob@example.com\"}") + "\"}");
    assertTrue(Redactor.body(token, JSON, block).blocked());
  }

  @Test
  void queriesAndHeadersAreReadAsWell() {
    String base64 = Samples.base64(TEXT);
    String changed = Samples.base64(TEXT.replace("bob@example.com", "[EMAIL]"));
    Scan query = Redactor.query("a=" + base64.replace("=", "%3D"), TOKENS);
    assertEquals("a=" + changed, URLDecoder.decode(text(query), StandardCharsets.UTF_8));
    assertEquals("x " + changed, text(Redactor.header("X-Note", "x " + base64, TOKENS)));
  }

  private static String text(Scan scan) {
    byte[] redacted = scan.redacted();
    return redacted == null ? "" : new String(redacted, StandardCharsets.ISO_8859_1);
  }

  @Test
  void whatIsNoTextIsLeftAlone() {
    byte[] picture = new byte[3000];
    random.nextBytes(picture);
    byte[] mixed = utf8(TEXT);
    mixed[3] = 0;
    for (String clean :
        new String[] {
          Base64.getEncoder().encodeToString(picture),
          Base64.getEncoder().encodeToString(mixed),
          Samples.base64(CLEAN_TEXT),
          "0f8fad5b-d9cb-469f-a165-70867728950e",
          "da39a3ee5e6b4b0d3255bfef95601890afd80709",
          "applicationContextInitializerFactory",
          "/usr/share/java/com/example/application/config",
          "____________________________",
          "----------------------------"
        }) {
      assertEquals("{\"a\":\"" + clean + "\"}", redacted("{\"a\":\"" + clean + "\"}", JSON));
      assertEquals("a " + clean + " b", redacted("a " + clean + " b", "text/plain"));
    }
  }

  /** The plain text, read as a body of its own, is the oracle. */
  @Test
  void randomTextsAreFoundInBase64AsTheyAreWithoutIt() {
    List<String> samples = new ArrayList<>();
    for (Map.Entry<Kind, String> sample : Samples.byKind().entrySet()) {
      if (PERSONAL.contains(sample.getKey())) {
        samples.add(sample.getValue());
      }
    }
    for (int i = 0; i < 2_000; i++) {
      StringBuilder text = new StringBuilder("note ");
      for (int k = 1 + random.nextInt(4); k > 0; k--) {
        text.append(
            random.nextBoolean()
                ? samples.get(random.nextInt(samples.size()))
                : CleanText.line(random));
        text.append(" | ").append("\u00e9\u4f60 \n\"\\".charAt(random.nextInt(6))).append(' ');
      }
      String plain = text.toString();
      String expected = redacted(plain, "text/plain");
      Base64.Encoder encoder = random.nextBoolean() ? Base64.getEncoder() : Base64.getUrlEncoder();
      encoder = random.nextBoolean() ? encoder : encoder.withoutPadding();
      String inner = encoder.encodeToString(utf8(plain));
      boolean twice = random.nextInt(3) == 0;
      String base64 = twice ? encoder.encodeToString(utf8("see " + inner + " .")) : inner;
      String body =
          switch (random.nextInt(3)) {
            case 0 -> "{\"k\":1,\"data\":\"" + base64 + "\"}";
            case 1 -> "{\"data\":\"" + base64.replace("/", "\\/") + "\"}";
            default -> "{\"data\":\"\u00e9 " + base64 + " \"}";
          };
      String message = "seed " + seed + ": " + body;
      Scan scan = Redactor.body(utf8(body), JSON, TOKENS);
      if (expected.equals(plain)) {
        assertNull(scan.redacted(), message);
        continue;
      }
      byte[] redacted = scan.redacted();
      if (redacted == null) {
        throw new AssertionError(message);
      }
      String found = new String(redacted, StandardCharsets.UTF_8);
      assertNull(Redactor.body(redacted, JSON, TOKENS).redacted(), message);
      String said = value(found).replace("\u00e9", "").strip();
      String once = decoded(said);
      String result = twice ? decoded(once.substring(4, once.length() - 2)) : once;
      assertEquals(expected, result, message);
      int last = 0;
      for (Finding finding : scan.findings()) {
        assertTrue(finding.start() >= last, message);
        last = finding.end();
      }
      assertEquals(found, new String(inPieces(body), StandardCharsets.UTF_8), message);
    }
  }

  /** As a stream does it whose strings fit; longer ones are read as text. */
  private byte[] inPieces(String body) {
    byte[] bytes = utf8(body);
    if (bytes.length > 450) {
      byte[] whole = Redactor.body(bytes, JSON, TOKENS).redacted();
      return whole == null ? bytes : whole;
    }
    StreamRedactor stream = new StreamRedactor(JSON, TOKENS);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int at = 0; at < bytes.length; ) {
      int to = Math.min(bytes.length, at + 1 + random.nextInt(100));
      stream.feed(bytes, at, to, (b, from, end) -> out.write(b, from, end - from));
      at = to;
    }
    stream.end((b, from, end) -> out.write(b, from, end - from));
    return out.toByteArray();
  }

  /** Letters that only look like base64, words among them, hold nothing. */
  @Test
  void randomBase64OfBytesHoldsNothing() {
    for (int i = 0; i < 3_000; i++) {
      byte[] bytes = new byte[12 + random.nextInt(200)];
      random.nextBytes(bytes);
      String body = "{\"a\":\"" + Base64.getUrlEncoder().encodeToString(bytes) + "\"}";
      assertNull(Redactor.body(utf8(body), JSON, TOKENS).redacted(), "seed " + seed);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "YWFhYWFhYWFhYWFhYWFhYWFh",
        "YWFhYWFhYWFhYWFhYWFhYWFh/",
        "YWFhYWFhYWFhYWFhYWFhYWFh-",
        "YWFhYWFhYWFhYWFhYWFhYWFh+YWFhYWFhYWFhYWFhYWFhYWFh-",
        "YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFh\n",
        "YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFh\na\n",
        "eyJhbGciOiJub25lIn0.YWFhYWFhYWFhYWFhYWFhYWFh.",
        "eyJhbGciOiJub25lIn0.eyJhIjoiYWFhYWFhYWFhYWFhYWFhIn0.a ",
        "V1Zkb2FGbFhSbWhaVjBab1dWZEdhRmxYUm1oWlYwWm8=",
        "abcdefghijklmno ",
        "aaaaaaaaaaaaaaa/",
        "ZXlKaGJHY2lPaUp1YjI1bEluMC4",
        "YUBiLmNvIGFAYi5jbyBhQGIuY28=",
        "YUBiLmNvIGFAYi5jbyBh/x/",
        "YUBiLmNvIGFAYi5jbyBhQGIuY28/"
      })
  void aLotOfBase64IsReadInLinearTime(String piece) {
    String text = piece.repeat((1 << 18) / piece.length());
    for (String body : new String[] {text, Samples.base64(text), "{\"a\":\"" + text + "\"}"}) {
      for (String type : new String[] {JSON, "text/plain", "application/x-www-form-urlencoded"}) {
        assertEquals(Reach.WHOLE, Redactor.body(utf8(body), type, TOKENS).reach());
      }
    }
  }

  // ---- what stands beside it

  /** Nothing but base64 is no form, though it may end as a pair without a value does. */
  @Test
  void base64ThatIsAllOfABodyIsNoForm() {
    String one = Samples.base64("john.doe@example.com");
    assertTrue(one.endsWith("="));
    String changed = Samples.base64("[EMAIL]");
    for (String type : new String[] {"", "application/octet-stream", "text/plain"}) {
      assertEquals(changed, redacted(one, type));
    }
    for (String text : new String[] {"john.doe@example.com", "jon.doe@example.com"}) {
      String twice = Samples.base64(Samples.base64(text));
      String found = value(redacted("{\"data\":\"" + twice + "\"}", JSON));
      assertEquals(Samples.base64(changed), found);
    }
    String form = "application/x-www-form-urlencoded";
    assertEquals(changed, URLDecoder.decode(redacted(one, form), StandardCharsets.UTF_8));
    Scan query = Redactor.query(one + "&b=1&" + one, TOKENS);
    assertEquals(
        changed + "&b=1&" + changed, URLDecoder.decode(text(query), StandardCharsets.UTF_8));
    assertEquals("query." + one.replace("=", ""), query.findings().get(0).path());
    assertEquals("a=&%5BEMAIL%5D=", text(Redactor.query("a=&bob@example.com=", TOKENS)));
    assertNull(Redactor.query("a=&password=&b==", TOKENS).redacted());
  }

  /** A sign joins base64 to more text as often as it is part of it. */
  @Test
  void whatIsJoinedToBase64Stays() {
    for (String text :
        new String[] {
          "customer: john.doe@example.com",
          "john.doe@example.com",
          "jon.doe@example.com",
          "jo.doe@example.com",
          "{\"mail\":\"bob@example.com\"}",
          "\u4f60 \u00e9 bob@example.com"
        }) {
      String base64 = Samples.base64(text).replace("=", "");
      String changed =
          text.startsWith("{")
              ? "{\"mail\":\"[EMAIL]\"}"
              : text.replaceAll("[a-z.]+@example.com", "[EMAIL]");
      String rest = Samples.base64(changed).replace("=", "");
      for (String tail :
          new String[] {
            "/orders/123", "/edit", "/a/b", "/a/b/c/d", "/", "-12", "_v2", "+orders", "/orders?x=1"
          }) {
        String url = "https://crm.example.com/u/";
        assertEquals(
            "{\"a\":\"" + url + rest + tail + "\"}",
            redacted("{\"a\":\"" + url + base64 + tail + "\"}", JSON));
        assertEquals(
            "see " + url + rest + tail + " .",
            redacted("see " + url + base64 + tail + " .", "text/plain"));
      }
      if (base64.length() % 4 == 3) {
        continue; // two of them with a sign between are base64 of both with one between
      }
      assertEquals(
          "a " + rest + "/" + rest + "/x b",
          redacted("a " + base64 + "/" + base64 + "/x b", "text/plain"));
    }
  }

  /** Some bytes that are no UTF-8 do not end a text. */
  @Test
  void aTextOfOneByteForEachLetterIsReadToItsEnd() {
    byte[] text =
        ("Is this it? Then write to M\u00fcller & S\u00f6hne? bob@example.com is who knows")
            .getBytes(StandardCharsets.ISO_8859_1);
    String base64 = Base64.getEncoder().encodeToString(text);
    String found = value(redacted("{\"a\":\"" + base64 + "\"}", JSON));
    String plain = new String(Base64.getDecoder().decode(found), StandardCharsets.ISO_8859_1);
    assertTrue(plain.endsWith("S\u00f6hne? [EMAIL] is who knows"), plain);
  }

  @Test
  void linesOfDifferentEndsAreReadOneByOne() {
    String text = (TEXT + "\n").repeat(20);
    String[] lines = Base64.getMimeEncoder(64, utf8("\n")).encodeToString(utf8(text)).split("\n");
    for (String[] ends : new String[][] {{"\r\n", "\n"}, {"\n", "\r\n"}}) {
      StringBuilder body = new StringBuilder();
      for (int i = 0; i < lines.length; i++) {
        body.append(lines[i]).append(ends[i % 2]);
      }
      assertFalse(redacted(body.toString(), "text/plain").equals(body.toString()));
    }
  }

  /**
   * Beside each other, in each other, with and without text around: a reader reads it as before.
   */
  @Test
  void randomBase64BetweenOtherTextStaysReadable() {
    String[] glue = {"/", "-", "_", "+", " ", "=", "&", ".", ":", "\n", "\r\n", "?", "/v1/"};
    for (int i = 0; i < 3_000; i++) {
      StringBuilder body = new StringBuilder("x ");
      for (int k = 1 + random.nextInt(6); k > 0; k--) {
        switch (random.nextInt(3)) {
          case 0 -> body.append(CleanText.line(random));
          case 1 -> body.append("orders/").append(random.nextInt(100_000));
          default -> {
            String text = "a".repeat(random.nextInt(70)) + " bob@example.com";
            Base64.Encoder encoder =
                random.nextBoolean() ? Base64.getEncoder() : Base64.getMimeEncoder(64, utf8("\n"));
            encoder = random.nextBoolean() ? encoder : encoder.withoutPadding();
            String once = encoder.encodeToString(utf8(text));
            body.append(random.nextBoolean() ? once : encoder.encodeToString(utf8(once)));
          }
        }
        body.append(glue[random.nextInt(glue.length)]);
      }
      for (String type : new String[] {"text/plain", "", "application/x-www-form-urlencoded"}) {
        String message = "seed " + seed + ": " + body;
        byte[] bytes = utf8(body.toString());
        Scan scan = Redactor.body(bytes, type, TOKENS);
        assertEquals(Reach.WHOLE, scan.reach(), message);
        byte[] redacted = scan.redacted();
        if (redacted != null) {
          assertEquals(Reach.WHOLE, Redactor.body(redacted, type, TOKENS).reach(), message);
        }
      }
    }
  }

  /** All of a body is base64, in base64 or not: it is valid base64 afterwards. */
  @Test
  void randomBase64ThatIsAllOfABodyStaysValid() {
    for (int i = 0; i < 2_000; i++) {
      String before = "abcdefgh".substring(0, random.nextInt(9));
      String text = before + "bob@example.com";
      String one = Samples.base64(text);
      boolean twice = random.nextBoolean();
      String base64 = twice ? Samples.base64(one) : one;
      boolean field = random.nextBoolean();
      String body = field ? "{\"data\":\"" + base64 + "\"}" : base64;
      String found = redacted(body, field ? JSON : "");
      String rest = field ? value(found) : found;
      String inner = new String(Base64.getDecoder().decode(rest), StandardCharsets.UTF_8);
      assertEquals(0, rest.length() % 4, "seed " + seed + ": " + body);
      assertEquals(
          "[EMAIL]",
          twice ? new String(Base64.getDecoder().decode(inner), StandardCharsets.UTF_8) : inner,
          "seed " + seed + ": " + body);
    }
  }

  @Test
  void basicCredentialsInAFieldStay() {
    String credentials = Samples.base64("bob@example.com/token:abcdefgh");
    for (String word : new String[] {"Basic ", "basic "}) {
      String body = "{\"headers\":{\"Authorization\":\"" + word + credentials + "\"}}";
      assertEquals(body, redacted(body, JSON));
    }
    String text = "{\"a\":\"Basic " + Samples.base64("write to bob@example.com") + "\"}";
    assertEquals(
        "{\"a\":\"Basic " + Samples.base64("write to [EMAIL]") + "\"}", redacted(text, JSON));
  }

  /** A cursor that says another place is refused, or is that of the first page for ever. */
  @Test
  void aCursorStays() {
    String cursor = Samples.base64("{\"last_value\":\"bob@example.com\",\"last_id\":12}");
    for (String name :
        new String[] {"page_info", "pageToken", "next_token", "starting_after", "after", "state"}) {
      assertNull(Redactor.query(name + "=" + cursor.replace("=", "%3D"), TOKENS).redacted(), name);
      assertNull(Redactor.query(name + "=" + cursor, TOKENS).redacted(), name);
      for (String body :
          new String[] {
            "{\"query\":\"query($c:String){a(after:$c){id}}\",\"variables\":{\""
                + name
                + "\":\""
                + cursor
                + "\"}}",
            "{\"query\":\"{a(" + name + ":\\\"" + cursor + "\\\"){id}}\"}"
          }) {
        assertEquals(body, redacted(body, JSON));
      }
      String other = "{\"" + name + "\":\"" + cursor + "\"}";
      assertFalse(redacted(other, JSON).equals(other));
    }
    assertFalse(Redactor.query("x=" + cursor, TOKENS).redacted() == null);
    assertFalse(Redactor.query("after=x+" + cursor, TOKENS).redacted() == null);
  }

  @Test
  void aTokenUnderAnyNameOfAProofStays() {
    String token = token("{\"iss\":\"bot@example.com\"}");
    for (String name :
        new String[] {
          "WebIdentityToken",
          "idToken",
          "accessToken",
          "client-assertion",
          "software_statement",
          "wresult",
          "identityToken",
          "SAMLAssertion",
          "token",
          "jwt",
          "credential",
          "request"
        }) {
      String body = "{\"" + name + "\":\"" + token + "\"}";
      assertEquals(body, redacted(body, JSON));
      String form = name + "=" + token;
      assertEquals(form, redacted(form, "application/x-www-form-urlencoded"));
    }
    for (String name : new String[] {"request", "token"}) { // with more around it, it is a text
      assertEquals(
          "{\"" + name + "\":\"see [JWT]\"}",
          redacted("{\"" + name + "\":\"see " + token + "\"}", JSON));
      String base64 = "{\"" + name + "\":\"" + Samples.base64(TEXT) + "\"}";
      assertFalse(redacted(base64, JSON).equals(base64));
    }
  }

  // ---- JWT

  private static String token(String payload) {
    return Samples.base64Url("{\"alg\":\"HS256\",\"typ\":\"JWT\"}")
        + "."
        + Samples.base64Url(payload)
        + "."
        + Samples.LETTERS;
  }

  @Test
  void aTokenWithAValueInItsPayloadIsReplacedAsAWhole() {
    String token = token("{\"mail\":\"bob@example.com\",\"given_name\":\"Bob\",\"n\":1}");
    assertEquals("{\"a\":\"[JWT]\"}", redacted("{\"a\":\"" + token + "\"}", JSON));
    assertEquals("see [JWT].", redacted("see " + token + ".", "text/plain"));
    List<Finding> findings =
        Redactor.body(utf8("{\"a\":\"" + token + "\"}"), JSON, TOKENS).findings();
    assertEquals(List.of(Kind.EMAIL, Kind.NAME), findings.stream().map(Finding::kind).toList());
    assertEquals("a.mail", findings.get(0).path());
    String clean = "{\"a\":\"" + token("{\"sub\":\"1234567890\",\"n\":1}") + "\"}";
    assertEquals(clean, redacted(clean, JSON));
    RedactionPlan drop = Samples.everywhere(PERSONAL, Operator.DROP);
    assertEquals("{\"a\":\"[JWT]\"}", redacted("{\"a\":\"" + token + "\"}", JSON, drop));
  }

  @Test
  void aTokenThatProvesWhoTheCallerIsStays() {
    String token = token("{\"iss\":\"bot@example.com\"}");
    String grant =
        "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=" + token;
    assertEquals(grant, redacted(grant, "application/x-www-form-urlencoded"));
    String answer = "{\"id_token\":\"" + token + "\",\"expires_in\":3600}";
    assertEquals(answer, redacted(answer, JSON));
    assertNull(Redactor.header("X-Id-Token", token, TOKENS).redacted());
    assertNull(Redactor.query("jwt=" + token, TOKENS).redacted());
    assertNull(Redactor.header("X-State", Samples.base64Url(TEXT) + ".c2ln", TOKENS).redacted());
  }

  @Test
  void aPlanForTokensTakesThemWhateverIsInThem() {
    RedactionPlan tokens = Samples.everywhere(EnumSet.of(Kind.JWT, Kind.EMAIL), Operator.TOKEN);
    for (String payload : new String[] {"{\"mail\":\"bob@example.com\"}", "{\"n\":1}"}) {
      byte[] body = utf8("{\"id_token\":\"" + token(payload) + "\"}");
      Scan scan = Redactor.body(body, JSON, tokens);
      assertEquals(List.of(Kind.JWT), scan.findings().stream().map(Finding::kind).toList());
      assertTrue(Arrays.equals(utf8("{\"id_token\":\"[JWT]\"}"), scan.redacted()));
    }
  }
}
