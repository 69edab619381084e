package dev.cordon.redaction;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cordon.redaction.RedactionPlan.Operator;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A stream comes out as the whole body would, wherever its pieces are cut. */
class StreamRedactorTest {
  private static final String JSON = "application/json";
  private static final String TEXT = "text/plain";
  private static final String EVENTS = "text/event-stream";
  private static final RedactionPlan TOKENS = Samples.everywhere(Operator.TOKEN);
  private static final int CARRY_BYTES = 512;

  private final long seed = Long.getLong("cordon.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final List<Map.Entry<Kind, String>> samples =
      new ArrayList<>(Samples.byKind().entrySet());

  /** Feeds pieces and checks how much is held back. */
  private static final class Pipe {
    final StreamRedactor redactor;
    final ByteArrayOutputStream out = new ByteArrayOutputStream();
    int fed;

    Pipe(String type, RedactionPlan plan) {
      redactor = new StreamRedactor(type, plan);
    }

    Pipe feed(byte[] bytes, int from, int to) {
      redactor.feed(bytes, from, to, (b, start, end) -> out.write(b, start, end - start));
      fed += to - from;
      return this;
    }

    byte[] end() {
      redactor.end((b, start, end) -> out.write(b, start, end - start));
      return out.toByteArray();
    }
  }

  private static byte[] whole(byte[] body, String type, RedactionPlan plan) {
    byte[] redacted = Redactor.body(body, type, plan).redacted();
    return redacted == null ? body : redacted;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** The pieces are of any length up to this. */
  private byte[] inPieces(byte[] body, String type, RedactionPlan plan, int longest) {
    Pipe pipe = new Pipe(type, plan);
    for (int at = 0; at < body.length; ) {
      int to = Math.min(body.length, at + 1 + random.nextInt(longest));
      pipe.feed(body, at, to);
      at = to;
    }
    return pipe.end();
  }

  private void assertSameAsWhole(String text, String type) {
    byte[] body = utf8(text);
    byte[] expected = whole(body, type, TOKENS);
    for (int longest : new int[] {1, 7, 100, 600, 5000}) {
      if (longest * 200 < body.length) {
        continue; // byte by byte is for the short ones
      }
      byte[] actual = inPieces(body, type, TOKENS, longest);
      assertSame(expected, actual, "pieces up to " + longest + " of: " + text);
    }
  }

  private void assertSameAtEachBoundary(String text, String type) {
    byte[] body = utf8(text);
    byte[] expected = whole(body, type, TOKENS);
    for (int cut = 0; cut <= body.length; cut++) {
      byte[] actual = new Pipe(type, TOKENS).feed(body, 0, cut).feed(body, cut, body.length).end();
      assertSame(expected, actual, "cut at " + cut + ": " + text);
    }
  }

  /** Shows where two long texts begin to differ. */
  private void assertSame(byte[] expected, byte[] actual, String how) {
    int differ = Arrays.mismatch(expected, actual);
    if (differ >= 0) {
      int from = Math.max(0, differ - 60);
      assertEquals(
          new String(expected, from, Math.min(200, expected.length - from), StandardCharsets.UTF_8),
          new String(actual, from, Math.min(200, actual.length - from), StandardCharsets.UTF_8),
          "seed " + seed + ", byte " + differ + ", " + how);
    }
  }

  private String sample() {
    return samples.get(random.nextInt(samples.size())).getValue();
  }

  private String textWithValues(int pieces) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < pieces; i++) {
      switch (random.nextInt(6)) {
        case 0 -> text.append(sample()).append(random.nextBoolean() ? " " : ", ");
        case 1 ->
            text.append("password=")
                .append("tr0ub4dor&3x ")
                .append("; client_secret: aB3dE5gH7jK9 ");
        case 2 -> text.append("phone: 030 9018").append(10 + random.nextInt(90)).append("\n");
        case 3 -> text.append("Sozialversicherungsnummer 65 070649 C 108, \u4f60\u597d \u00e9 ");
        case 4 -> text.append("https://bob:hunter2x9@example.com/a?b=c 203.0.113.7 ");
        default -> text.append(CleanText.line(random)).append('\n');
      }
    }
    return text.toString();
  }

  // ---- text

  @Test
  void eachBoundaryOfATextMakesNoDifference() {
    for (Map.Entry<Kind, String> sample : samples) {
      String text = "call me: " + sample.getValue() + ", thank you. " + "word ".repeat(60);
      assertSameAtEachBoundary("word ".repeat(60) + text, TEXT);
    }
    assertSameAtEachBoundary("\u4f60\u597d bob@example.com \u00e9\u00e8".repeat(20), TEXT);
  }

  @Test
  void textsInPiecesAreRedactedAsAWhole() {
    for (int i = 0; i < 60; i++) {
      assertSameAsWhole(textWithValues(1 + random.nextInt(40)), TEXT);
    }
  }

  @Test
  void noiseInPiecesIsRedactedAsAWhole() {
    for (int i = 0; i < 60; i++) {
      assertSameAsWhole(CleanText.noise(random, 1 + random.nextInt(120)), TEXT);
    }
  }

  @Test
  void entitiesOfXmlAreUndoneWhereverTheyAreCut() {
    String xml =
        "<?xml version=\"1.0\"?><a>bob&#64;example.com &amp; 4111 1111 1111 1111</a>"
            + "<b mail=\"al&#x40;example.com\">x &lt; y</b> ".repeat(8);
    assertSameAtEachBoundary(xml, "application/xml");
  }

  @Test
  void aTokenLongerThanTheCarryGoesAsAWhole() {
    String letters = Samples.LETTERS.repeat(200);
    String[] tokens = {
      Samples.JWT + letters,
      "Bearer " + letters,
      Samples.GITHUB + letters,
      "ya29." + letters,
      "password=" + Samples.LETTERS,
      "password=" + letters,
      "token: '" + letters + "'"
    };
    for (String token : tokens) {
      assertSameAsWhole("before " + token + " behind " + "word ".repeat(200), TEXT);
      assertSameAsWhole("{\"a\":\"before " + token + " behind\",\"b\":1}", JSON);
    }
  }

  @Test
  void aLongSecretUnderItsKeyGoesAsAWhole() {
    for (int times : new int[] {6, 7, 12, 13, 14, 40, 400}) {
      String value = Samples.LETTERS.repeat(times);
      for (String key : new String[] {"client_secret", "password", "api_token"}) {
        for (String signs : new String[] {"", "~^:", " ", "<a "}) {
          String json = "\":\"" + value + signs + value + "\",\"b\":\"c d\"}";
          assertSameAsWhole("{\"a\":1,\"" + key + json, JSON);
        }
      }
    }
  }

  @Test
  void aPrivateKeyOfAnyLengthGoesAsAWhole() {
    String line = Samples.LETTERS.substring(0, 32) + Samples.LETTERS.substring(0, 32);
    for (int lines : new int[] {1, 5, 8, 26, 50, 900}) {
      for (String head :
          new String[] {"", "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,0A1B\n\n"}) {
        String key =
            "-----BEGIN RSA "
                + "PRIVATE KEY-----\n"
                + head
                + (line + "\n").repeat(lines)
                + "-----END RSA "
                + "PRIVATE KEY-----";
        String text = "the key\n" + key + "\nbehind " + "word ".repeat(200);
        assertSameAsWhole(text, TEXT);
        assertSameAsWhole("{\"a\":\"" + text.replace("\n", "\\n") + "\"}", JSON);
        assertSameAsWhole(text.substring(0, text.indexOf("-----END")), TEXT);
      }
    }
  }

  // ---- JSON

  @Test
  void eachBoundaryOfAJsonTextMakesNoDifference() {
    assertSameAtEachBoundary(
        "{\"first_name\":\"Erika\",\"mail\":\"bob\\u0040example.com\",\"n\":[1,4111111111111111 ,"
            + "true,{}],\"phone\":\"030 901820\",\"in\":\"{\\\"phone\\\":\\\"030 901821\\\"}\","
            + "\"owner\":{\"name\":\"Erika Muster\"},\"\u4f60\":\"\u597d \u00e9\",\"e\":-1.5e10}\n"
            + "[\"bob@example.com\"]",
        JSON);
  }

  @Test
  void jsonInPiecesIsRedactedAsAWhole() {
    for (int i = 0; i < 60; i++) {
      StringBuilder json = new StringBuilder();
      value(json, 0);
      assertSameAsWhole(json.toString(), JSON);
    }
  }

  private void value(StringBuilder json, int depth) {
    switch (random.nextInt(depth > 4 ? 4 : 7)) {
      case 0 -> string(json, textWithValues(random.nextInt(3)));
      case 1 -> string(json, textWithValues(random.nextInt(20)));
      case 2 -> json.append(random.nextInt(3) == 0 ? "4111111111111111" : "-1.5e10");
      case 3 -> string(json, sample());
      case 4 -> {
        json.append("[ ");
        for (int i = random.nextInt(4); i > 0; i--) {
          value(json, depth + 1);
          json.append(i > 1 ? ",\n " : "");
        }
        json.append(']');
      }
      default -> {
        String[] names = {"note", "phone", "name", "id", "password", "customer", "city", "token"};
        json.append('{');
        for (int i = random.nextInt(5); i > 0; i--) {
          string(json, names[random.nextInt(names.length)]);
          json.append(random.nextBoolean() ? ":" : " : ");
          value(json, depth + 1);
          json.append(i > 1 ? "," : "");
        }
        json.append('}');
      }
    }
  }

  private void string(StringBuilder json, String text) {
    json.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < ' ' || random.nextInt(20) == 0) {
        json.append(String.format("\\u%04x", (int) c));
      } else {
        json.append(c);
      }
    }
    json.append('"');
  }

  @Test
  void aValueOfJsonIsOutAsSoonAsItIsThere() {
    Pipe pipe = new Pipe(JSON, TOKENS);
    byte[] line = utf8("{\"a\":\"bob@example.com\"}\n");
    pipe.feed(line, 0, line.length);
    assertEquals("{\"a\":\"[EMAIL]\"}\n", pipe.out.toString(StandardCharsets.UTF_8));
    assertEquals(Map.of("email", 1), pipe.redactor.counts());
    assertTrue(pipe.redactor.isChanged());
  }

  @Test
  void whatStopsBeingJsonIsReadAsText() {
    String broken = "{\"a\":\"x\",\"b\":tru} bob@example.com \\u002b49 30 901820 ";
    byte[] out = inPieces(utf8(broken), JSON, TOKENS, 3);
    assertEquals(
        "{\"a\":\"x\",\"b\":tru} [EMAIL] [PHONE] ", new String(out, StandardCharsets.UTF_8));
    byte[] cut = inPieces(utf8("{\"a\":[\"bob@exam"), JSON, TOKENS, 3);
    assertEquals("{\"a\":[\"bob@exam", new String(cut, StandardCharsets.UTF_8));
    byte[] open = inPieces(utf8("{\"a\":[\"bob@example.com"), JSON, TOKENS, 3);
    assertEquals("{\"a\":[\"[EMAIL]", new String(open, StandardCharsets.UTF_8));
  }

  @Test
  void ordersForAFieldHoldInAStreamToo() {
    RedactionPlan plan =
        RedactionPlan.of(
            List.of(
                new RedactionPlan.Order(List.of("user.note"), Set.of(Kind.EMAIL), Operator.MASK)),
            Set.of());
    byte[] body =
        utf8(
            "{\"user\":{\"note\":\"a@example.com "
                + "x ".repeat(400)
                + "b@example.com\",\"mail\":\"a@example.com\"}}");
    assertArrayEquals(whole(body, JSON, plan), inPieces(body, JSON, plan, 40));
  }

  // ---- event streams

  private static final String DELTAS =
      ": hello\n\nevent: message\nid: 7\ndata: {\"choices\":[{\"delta\":{\"content\":\"write to"
          + " bob@example.com\"}}]}\n\ndata: {\"phone\":\"030 901820\"}\r\n\r\ndata: call +49 30 901820"
          + " now\ndata: please\n\ndata: {\"a\":\ndata: \"bob@example.com\",\ndata:\"b\":1}\n\n"
          + "data: {\"broken\": bob@example.com\ndata: al@example.com\n\ndata: [DONE]\n\n";

  @Test
  void eachBoundaryOfAnEventStreamMakesNoDifference() {
    assertSameAtEachBoundary(DELTAS, EVENTS);
    assertEquals(
        DELTAS
            .replace("bob@example.com", "[EMAIL]")
            .replace("al@example.com", "[EMAIL]")
            .replace("030 901820", "[PHONE]")
            .replace("+49 30 901820", "[PHONE]"),
        new String(whole(utf8(DELTAS), EVENTS, TOKENS), StandardCharsets.UTF_8));
  }

  @Test
  void eventStreamsInPiecesAreRedactedAsAWhole() {
    for (int i = 0; i < 40; i++) {
      StringBuilder events = new StringBuilder();
      for (int k = random.nextInt(6); k >= 0; k--) {
        events.append("event: x\ndata: ");
        if (random.nextInt(3) > 0) {
          StringBuilder json = new StringBuilder();
          json.append("{\"v\":");
          value(json, 2);
          json.append('}');
          events.append(json.toString().replace("\n", "\ndata: "));
        } else {
          events.append(textWithValues(4).replace("\n", " "));
        }
        events.append("\n\n");
      }
      assertSameAsWhole(events.toString(), EVENTS);
    }
  }

  @Test
  void anEventIsOutAsSoonAsItIsComplete() {
    Pipe pipe = new Pipe(EVENTS, TOKENS);
    for (String event : DELTAS.split("(?<=\n\r?\n)", -1)) {
      byte[] bytes = utf8(event);
      int before = pipe.out.size();
      pipe.feed(bytes, 0, bytes.length);
      assertArrayEquals(
          whole(bytes, EVENTS, TOKENS),
          Arrays.copyOfRange(pipe.out.toByteArray(), before, pipe.out.size()),
          event);
    }
  }

  // ---- what holds for all

  @Test
  void cleanBytesPassAsTheyAreAndNotMoreThanTheCarryIsHeldBack() {
    byte[] clean = new byte[20_000];
    for (String type : new String[] {TEXT, JSON, EVENTS, "application/xml", ""}) {
      for (int i = 0; i < 20; i++) {
        for (int k = 0; k < clean.length; k++) {
          clean[k] = (byte) "etaoin srhl\n\u00c3\u0080\u00ff\\&".charAt(random.nextInt(17));
        }
        Pipe pipe = new Pipe(type, TOKENS);
        for (int at = 0; at < clean.length; ) {
          int to = Math.min(clean.length, at + 1 + random.nextInt(900));
          pipe.feed(clean, at, to);
          assertTrue(pipe.fed - pipe.out.size() <= CARRY_BYTES, "held back in " + type);
          at = to;
        }
        assertArrayEquals(clean, pipe.end(), "seed " + seed);
        assertFalse(pipe.redactor.isChanged());
      }
    }
  }

  @Test
  void bytesThatAreNoUtf8SurviveBesideAFinding() {
    byte[] body = utf8("x bob@example.com y ".repeat(60));
    for (int i = 0; i < body.length; i += 20) {
      body[i] = (byte) 0xFF;
    }
    byte[] expected = whole(body, TEXT, TOKENS);
    for (int longest : new int[] {1, 3, 50, 600}) {
      assertArrayEquals(expected, inPieces(body, TEXT, TOKENS, longest));
    }
  }

  @Test
  void anyBytesInAnyPiecesAreReadWithoutAFailure() {
    String[] types = {
      TEXT, JSON, EVENTS, "application/xml", "", "image/png", "text/x; charset=utf-16"
    };
    for (int i = 0; i < 600; i++) {
      byte[] body;
      if (random.nextBoolean()) {
        body = new byte[random.nextInt(1500)];
        random.nextBytes(body);
      } else {
        String[] starts = {"{\"a\":\"", "data: {\"a\":", "data: ", "<a>", "[", ""};
        body = utf8(starts[random.nextInt(starts.length)] + CleanText.noise(random, 300));
      }
      String type = types[random.nextInt(types.length)];
      byte[] one = inPieces(body, type, TOKENS, 1 + random.nextInt(700));
      // each reader decodes what is its own: &#64; is an @ in XML alone
      if (whole(body, TEXT, TOKENS) == body
          && whole(body, JSON, TOKENS) == body
          && whole(body, type, TOKENS) == body) {
        assertEquals(body.length, one.length, "seed " + seed);
      }
    }
  }

  @Test
  void whatCannotBeReadPassesAndIsReported() {
    Pipe picture = new Pipe("image/png", TOKENS);
    byte[] bytes = {1, 2, 3, 0, 0, 0, 7};
    picture.feed(bytes, 0, bytes.length);
    assertArrayEquals(bytes, picture.end());
    assertEquals(Reach.BINARY, picture.redactor.reach());
    Pipe wide = new Pipe("text/plain; charset=utf-16", TOKENS);
    wide.feed(bytes, 0, bytes.length);
    assertArrayEquals(bytes, wide.end());
    assertEquals(Reach.UNKNOWN_CHARSET, wide.redactor.reach());
  }

  @Test
  void aLongTextWithoutABlankIsReadInLinearTime() {
    EnumSet<Kind> all = EnumSet.allOf(Kind.class);
    RedactionPlan plan = Samples.everywhere(all, Operator.HASH);
    for (String piece :
        new String[] {
          "a",
          "1 ",
          "a@",
          "\"",
          "{\"a\":",
          "[",
          "eyJ",
          "-----BEGIN PRIVATE KEY-----\n",
          "password=a1b2c3d4",
          "\\u0040",
          "&",
          "data: {",
          "\n",
          "data:"
        }) {
      byte[] body = utf8(piece.repeat((1 << 16) / piece.length()));
      for (String type : new String[] {TEXT, JSON, EVENTS}) {
        Pipe pipe = new Pipe(type, plan);
        for (int at = 0; at < body.length; at += 1000) {
          pipe.feed(body, at, Math.min(body.length, at + 1000));
        }
        pipe.end();
        assertEquals(body.length, pipe.fed);
      }
    }
  }
}
