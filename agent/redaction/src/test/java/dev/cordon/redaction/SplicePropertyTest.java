package dev.cordon.redaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.cordon.redaction.RedactionPlan.Operator;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random documents, compared with Jackson and URLDecoder reading the same bytes value by value. */
class SplicePropertyTest {
  // a body's IP addresses are findings, those of a private network too, and clean lines have some
  private static final RedactionPlan PLAN =
      Samples.everywhere(EnumSet.complementOf(EnumSet.of(Kind.IP_ADDRESS)), Operator.TOKEN);
  private static final int DOCUMENTS = 1500;

  private final long seed = Long.getLong("cordon.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final List<Map.Entry<Kind, String>> samples =
      new ArrayList<>(Samples.byKind().entrySet());
  private int planted;

  @Test
  void jsonIsChangedOnlyWhereAValueStoodAndStaysJson() throws IOException {
    for (int i = 0; i < DOCUMENTS; i++) {
      planted = 0;
      StringBuilder json = new StringBuilder();
      value(json, 0);
      byte[] body = json.toString().getBytes(StandardCharsets.UTF_8);
      Scan scan = Redactor.body(body, "application/json", PLAN);
      assertEquals(planted, scan.findings().size(), message(json));
      byte[] redacted = scan.redacted();
      if (redacted == null) {
        assertEquals(0, planted, message(json));
        continue;
      }
      assertOutsideIdentical(body, redacted, scan.findings(), json.toString());
      assertEquals(expectedTokens(body), tokens(redacted), message(json));
      assertNull(Redactor.body(redacted, "application/json", PLAN).redacted(), message(json));
    }
  }

  /** A long document is searched for anchors once, as a whole; a short one value by value. */
  @Test
  void aValueIsFoundInALongDocumentAsInAShortOne() {
    for (int i = 0; i < 4 * DOCUMENTS; i++) {
      StringBuilder value = new StringBuilder();
      for (int k = random.nextInt(4); k >= 0; k--) {
        String piece =
            random.nextInt(3) == 0
                ? CleanText.line(random)
                : samples.get(random.nextInt(samples.size())).getValue();
        int cut = random.nextInt(4) == 0 ? random.nextInt(piece.length()) : 0;
        value
            .append(piece, cut, piece.length())
            .append(" .,:;=/-|\u00e9".charAt(random.nextInt(10)));
      }
      StringBuilder brief = new StringBuilder();
      string(brief, value.toString());
      String[] names = {"note", "phone", "token", "id"};
      String last = "\"" + names[random.nextInt(names.length)] + "\":" + brief + "}";
      StringBuilder pad = new StringBuilder();
      string(pad, "x".repeat(random.nextInt(40)) + " word".repeat(25 + random.nextInt(900)));
      assertEquals(
          findingsIn("{" + last), findingsIn("{\"pad\":" + pad + "," + last), () -> message(last));
    }
  }

  private static List<String> findingsIn(String json) {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    List<String> found = new ArrayList<>();
    for (Finding finding : Redactor.body(body, "application/json", PLAN).findings()) {
      found.add(
          finding.kind()
              + " "
              + (body.length - finding.start())
              + ".."
              + (body.length - finding.end()));
    }
    return found;
  }

  @Test
  void formsAreChangedOnlyWhereAValueStood() {
    for (int i = 0; i < DOCUMENTS; i++) {
      planted = 0;
      StringBuilder form = new StringBuilder();
      StringBuilder expected = new StringBuilder();
      for (int k = random.nextInt(6); k >= 0; k--) {
        String text = text();
        form.append("f")
            .append(k)
            .append('=')
            .append(URLEncoder.encode(text, StandardCharsets.UTF_8));
        expected.append("f").append(k).append('=').append(replaced(text));
        if (k > 0) {
          form.append('&');
          expected.append('&');
        }
      }
      byte[] body = form.toString().getBytes(StandardCharsets.UTF_8);
      Scan scan = Redactor.body(body, "application/x-www-form-urlencoded", PLAN);
      byte[] redacted = scan.redacted();
      assertEquals(planted, scan.findings().size(), message(form));
      if (redacted != null) {
        assertOutsideIdentical(body, redacted, scan.findings(), form.toString());
        assertEquals(
            expected.toString(),
            URLDecoder.decode(new String(redacted, StandardCharsets.UTF_8), StandardCharsets.UTF_8),
            message(form));
      }
      Scan query = Redactor.query(form.toString(), PLAN);
      assertTrue(Arrays.equals(redacted, query.redacted()), message(form));
    }
  }

  @Test
  void anyBytesAreScannedWithoutAFailure() {
    String[] types = {
      null,
      "application/json",
      "application/x-www-form-urlencoded",
      "text/xml",
      "text/plain",
      "multipart/form-data; boundary=X",
      "text/plain; charset=utf-16",
      "image/png",
      ";;;charset=\"",
      "application/json; charset=nonsense"
    };
    for (int i = 0; i < 6000; i++) {
      byte[] body;
      if (random.nextBoolean()) {
        body = new byte[random.nextInt(200)];
        random.nextBytes(body);
      } else {
        String noise =
            (random.nextBoolean() ? "{\"a\":\"" : "--X\r\n") + CleanText.noise(random, 40);
        body = noise.getBytes(StandardCharsets.UTF_8);
      }
      Scan scan = Redactor.body(body, types[random.nextInt(types.length)], PLAN);
      assertTrue(scan.reach() != Reach.FAILED, "seed " + seed);
      byte[] redacted = scan.redacted();
      if (redacted != null) {
        assertOutsideIdentical(body, redacted, scan.findings(), "(bytes)");
      }
    }
  }

  private String message(CharSequence document) {
    return "seed " + seed + ": " + document;
  }

  /** Takes the spans out of the input and checks that what is left is in the output, in order. */
  private void assertOutsideIdentical(
      byte[] body, byte[] redacted, List<Finding> findings, String document) {
    int in = 0;
    int out = 0;
    for (int i = 0; i <= findings.size(); i++) {
      int end = i < findings.size() ? findings.get(i).start() : body.length;
      assertTrue(
          Arrays.equals(body, in, end, redacted, out, Math.min(redacted.length, out + end - in)),
          message(document));
      out += end - in;
      if (i < findings.size()) {
        in = findings.get(i).end();
        int nextStart = i + 1 < findings.size() ? findings.get(i + 1).start() : body.length;
        out = after(body, in, nextStart, redacted, out, i + 1 == findings.size());
      }
    }
    assertEquals(redacted.length, out, message(document));
  }

  /** Where the replacement that begins at {@code out} ends: placeholders end in a bracket. */
  private static int after(
      byte[] body, int in, int nextStart, byte[] redacted, int out, boolean last) {
    int rest = nextStart - in;
    if (last) {
      return redacted.length - rest;
    }
    for (int end = out + 1; end + rest <= redacted.length; end++) {
      byte before = redacted[end - 1];
      boolean closed = before == ']' || before == '"' || before == 'D' || before == 0;
      if (closed && Arrays.equals(body, in, nextStart, redacted, end, end + rest)) {
        return end;
      }
    }
    return out;
  }

  private List<String> expectedTokens(byte[] body) throws IOException {
    List<String> tokens = new ArrayList<>();
    for (String token : tokens(body)) {
      String text = replaced(token);
      boolean card = token.startsWith("VALUE_NUMBER_INT ") && !text.equals(token);
      tokens.add(card ? "VALUE_STRING " + text.substring("VALUE_NUMBER_INT ".length()) : text);
    }
    return tokens;
  }

  private static List<String> tokens(byte[] json) throws IOException {
    List<String> tokens = new ArrayList<>();
    try (JsonParser parser = new JsonFactory().createParser(json)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        tokens.add(token.name() + " " + parser.getText());
      }
    }
    return tokens;
  }

  private String replaced(String text) {
    String replaced = text.replace("4111111111111111", Kind.CARD.placeholder());
    for (Map.Entry<Kind, String> sample : samples) {
      replaced = replaced.replace(sample.getValue(), sample.getKey().placeholder());
    }
    return replaced;
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(4); i > 0; i--) {
      switch (random.nextInt(4)) {
        case 0 -> text.append("\u00e9\u4f60\ud83d\ude00 \"quoted\" \\ / \t\n");
        case 1 -> text.append(CleanText.line(random));
        default -> {
          text.append("| ").append(samples.get(random.nextInt(samples.size())).getValue());
          planted++;
        }
      }
      text.append(" | ");
    }
    return text.toString();
  }

  private void value(StringBuilder json, int depth) {
    switch (random.nextInt(depth > 5 ? 4 : 7)) {
      case 0 -> string(json, text());
      case 1 -> json.append(random.nextInt(1 << 30) - (1 << 29));
      case 2 -> {
        if (random.nextInt(3) == 0) {
          planted++;
          json.append("4111111111111111");
        } else {
          json.append(random.nextBoolean() ? "null" : "-1.5e10");
        }
      }
      case 3 -> string(json, text());
      case 4 -> {
        json.append('[').append(blank());
        for (int i = random.nextInt(4); i > 0; i--) {
          value(json, depth + 1);
          json.append(blank()).append(i > 1 ? "," : "");
        }
        json.append(']');
      }
      default -> {
        json.append('{').append(blank());
        for (int i = random.nextInt(4); i > 0; i--) {
          string(json, "k" + i + (random.nextInt(5) == 0 ? text() : ""));
          json.append(blank()).append(':').append(blank());
          value(json, depth + 1);
          json.append(i > 1 ? "," : "").append(blank());
        }
        json.append('}');
      }
    }
  }

  private String blank() {
    return " \n\t".substring(0, random.nextInt(4)).replace("\n", random.nextBoolean() ? "\n" : "");
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
}
