package dev.cordon.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever comes in: a decision comes out, and what is not clear is not allowed. */
class BadInputTest {
  private static final String URL = "https://api.example.com/x";

  @Test
  void aCharacterOutsideTheBasicPlaneIsReadWhereverItStands() throws Exception {
    String head = "version: 1\nname: n\nowner: t@example.com\n# ";
    for (int fill = 900; fill < 1_100; fill++) { // the YAML library reads 1,025 at a time
      String text = head + "x".repeat(fill - head.length()) + "\ud83d\ude00\nserial: 7\n";
      assertEquals(7, RuleFiles.load(directory, text).serial(), "at " + fill);
    }
  }

  @TempDir Path directory;
  private @Nullable RuleSet loaded;

  @BeforeEach
  void load() throws Exception {
    loaded =
        RuleFiles.load(
            directory,
            "version: 1",
            "name: bad",
            "owner: t@example.com",
            "packs: [stripe/1]",
            "destinations:",
            "  api: { hosts: [api.example.com] }",
            "  stripe: { hosts: [.stripe.com, 10.0.0.0/8] }",
            "rules:",
            "  - { id: deny, to: api, call: POST /x, when: ['a.b[].c = 1', '**.t exists'], then: deny }",
            "  - { id: ok, to: api, call: POST /x, when: [ok = 1], then: allow }",
            "  - { id: list, to: api, call: POST /y, fields: { root: a, allow: [b.c] }, then: allow }",
            "  - { id: money, to: stripe, call: POST /v1/**, when: [money > 5 EUR, query.x = 1, header.X-H in (a | 2)], then: approve }",
            "  - { id: any, to: any, call: \"DELETE /**\", then: forbid }");
  }

  private RuleSet rules() {
    assertNotNull(loaded);
    return loaded;
  }

  @Test
  void deepNestingIsUnknown() {
    for (int depth : new int[] {201, 1_000, 100_000}) {
      String body = "{\"ok\":1,\"t\":" + "[".repeat(depth) + "]".repeat(depth) + "}";
      assertEquals("deny", rules().decide(json(body)).ruleId());
      assertTrue(rules().decide(json("{\"a\":".repeat(depth) + "1" + "}".repeat(depth))).blocks());
      assertTrue(rules().decide(json("{\"a\":".repeat(depth))).blocks());
    }
    String shallow = "{\"ok\":1,\"q\":" + "[".repeat(150) + "]".repeat(150) + "}";
    assertFalse(rules().decide(json(shallow)).blocks());
  }

  @Test
  void invalidUtf8IsUnknown() {
    byte[] body = "{\"ok\":1,\"x\":\"?\"}".getBytes(StandardCharsets.UTF_8);
    assertFalse(rules().decide(facts(body)).blocks());
    for (int bad : new int[] {0xff, 0xc0, 0x80, 0xf8, 0}) {
      byte[] broken = body.clone();
      broken[13] = (byte) bad;
      assertTrue(rules().decide(facts(broken)).blocks(), Integer.toHexString(bad));
    }
    assertTrue(rules().decide(facts("{\"ok\":1}".getBytes(StandardCharsets.UTF_16LE))).blocks());
    assertTrue(rules().decide(facts("{\"ok\":1}".getBytes(StandardCharsets.UTF_16))).blocks());
  }

  @Test
  void tenMegabytesAreDecided() {
    String big = "{\"ok\":1,\"x\":\"" + "x".repeat(10 * 1024 * 1024) + "\"}";
    assertFalse(rules().decide(json(big)).blocks());
    StringBuilder keys = new StringBuilder("{\"ok\":1");
    for (int i = 0; i < 200_000; i++) {
      keys.append(",\"k").append(i).append("\":{\"t\":\"").append(i).append("\"}");
    }
    assertEquals("deny", rules().decide(json(keys.append('}').toString())).ruleId());
    byte[] noise = new byte[10 * 1024 * 1024];
    new Random(1).nextBytes(noise);
    assertTrue(rules().decide(facts(noise)).blocks());
    byte[] form = "a[b][c]=1&".repeat(1024 * 1024).getBytes(StandardCharsets.UTF_8);
    assertNotNull(rules().decide(typed("application/x-www-form-urlencoded", form)));
  }

  @Test
  void aFaultInTheEngineTakesTheAnswerForErrors() {
    List<String> broken = // a list of headers that fails while it is read
        new java.util.AbstractList<>() {
          @Override
          public String get(int index) {
            throw new IllegalStateException("broken");
          }

          @Override
          public int size() {
            return 2;
          }
        };
    Decision write =
        rules().decide(new CallFacts("POST", URL, broken, BodyState.NONE, new byte[0]));
    assertEquals(Reason.ENGINE_ERROR, write.reason());
    assertEquals("default.on-error", write.ruleId());
    assertTrue(write.blocks());
    Decision read = rules().decide(new CallFacts("GET", URL, broken, BodyState.NONE, new byte[0]));
    assertEquals(Reason.ENGINE_ERROR, read.reason());
    assertFalse(read.blocks());
    assertEquals(
        CallClass.UNKNOWN,
        rules().classify(new CallFacts("GET", URL, broken, BodyState.NONE, new byte[0])));
  }

  @Test
  void anOddNumberOfHeaderTextsIsNoFault() {
    Decision decision =
        rules()
            .decide(
                new CallFacts("POST", URL, List.of("X-H"), BodyState.READ, new byte[] {'{', '}'}));
    assertNotEquals(Reason.ENGINE_ERROR, decision.reason());
  }

  @RepeatedTest(20)
  void noInputMakesTheEngineFail() {
    long seed = Long.getLong("cordon.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int i = 0; i < 2_000; i++) {
      CallFacts facts = mutated(random);
      Decision decision = rules().decide(facts);
      assertNotEquals(
          Reason.ENGINE_ERROR, decision.reason(), () -> "seed " + seed + " " + dump(facts));
      assertNotNull(rules().explain(facts).notes());
      assertTrue(decision.ruleIds().size() <= 8 && decision.fieldNames().size() <= 16);
    }
  }

  private static String dump(CallFacts facts) {
    return facts.method()
        + " "
        + facts.url()
        + " "
        + facts.headers()
        + " "
        + Arrays.toString(facts.body());
  }

  private static final List<String> URLS =
      List.of(
          "https://api.example.com/x?a=1&b[c]=2",
          "http://user@10.1.2.3:80/v1/refunds;x=1/%2e%2e/y",
          "https://files.stripe.com:443/v1/refunds?x=1&_method=PUT#f",
          "https://[::ffff:10.0.0.1]/v1//charges/%C3%A9",
          "https://bücher.example.com/\\..//");
  private static final List<String> BODIES =
      List.of(
          "{\"a\":{\"b\":[{\"c\":1},{\"c\":1.5e3}]},\"t\":null,\"ok\":1}",
          "[{\"t\":\"\\u00e9\\ud83d\\ude00\"},true,[],{}]",
          "amount=900&currency=eur&a[b][0][c]=1&a[b][]=%C3%A9+x",
          "{\"amount\": 12345678901234567890.123, \"currency\": \"eur\"}",
          "");
  private static final List<String> TYPES =
      List.of(
          "application/json",
          "application/x-www-form-urlencoded",
          "text/plain; charset=x",
          "",
          ";;=\"");
  private static final String NOISE = "/\\%?#&=;:@[]{}\",.*+ \u0000\u0130\ud800\ud83dñ0aA";

  private static CallFacts mutated(Random random) {
    List<String> headers = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      headers.add(mutate(random, random.nextBoolean() ? "Content-Type" : "X-H"));
      headers.add(mutate(random, TYPES.get(random.nextInt(TYPES.size()))));
    }
    if (random.nextBoolean()) {
      headers.add("content-type");
      headers.add(TYPES.get(random.nextInt(2)));
    }
    byte[] body =
        mutate(random, BODIES.get(random.nextInt(BODIES.size()))).getBytes(StandardCharsets.UTF_8);
    for (int i = random.nextInt(3); i > 1 && body.length > 0; i--) {
      body[random.nextInt(body.length)] = (byte) random.nextInt();
    }
    return new CallFacts(
        mutate(random, List.of("POST", "GET", "delete", "").get(random.nextInt(4))),
        mutate(random, URLS.get(random.nextInt(URLS.size()))),
        headers,
        List.of(
                BodyState.NONE,
                BodyState.READ,
                BodyState.READ,
                BodyState.TOO_LARGE,
                BodyState.UNREADABLE)
            .get(random.nextInt(5)),
        body);
  }

  private static String mutate(Random random, String text) {
    StringBuilder out = new StringBuilder(text);
    for (int i = random.nextInt(4); i > 0; i--) {
      int at = random.nextInt(out.length() + 1);
      switch (random.nextInt(4)) {
        case 0 -> out.insert(at, NOISE.charAt(random.nextInt(NOISE.length())));
        case 1 -> out.delete(at, Math.min(out.length(), at + 1 + random.nextInt(3)));
        case 2 -> {
          if (at < out.length()) {
            out.setCharAt(at, NOISE.charAt(random.nextInt(NOISE.length())));
          }
        }
        default -> out.insert(at, out.substring(at / 2, at));
      }
    }
    return out.toString();
  }

  @RepeatedTest(5)
  void noFileMakesTheLoaderFail() throws Exception {
    long seed = Long.getLong("cordon.seed", System.nanoTime());
    Random random = new Random(seed);
    List<String> files = new ArrayList<>();
    for (String name : List.of("production", "development")) {
      files.add(Files.readString(Path.of("../packs/environments/" + name + ".yaml")));
    }
    for (int i = 0; i < 100; i++) {
      StringBuilder text = new StringBuilder(files.get(random.nextInt(files.size())));
      for (int j = 1 + random.nextInt(5); j > 0; j--) {
        int at = random.nextInt(text.length());
        switch (random.nextInt(3)) {
          case 0 -> text.setCharAt(at, "{}[]:-&*!|>'\"%#, \n\t".charAt(random.nextInt(19)));
          case 1 -> text.delete(at, Math.min(text.length(), at + random.nextInt(30)));
          default -> text.insert(at, text.substring(at, Math.min(text.length(), at + 20)));
        }
      }
      Path file = Files.writeString(directory.resolve("fuzz.yaml"), text);
      try {
        assertNotNull(RuleSet.check(file));
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed + "\n" + text, e);
      }
    }
  }

  private static CallFacts json(String body) {
    return facts(body.getBytes(StandardCharsets.UTF_8));
  }

  private static CallFacts facts(byte[] body) {
    return typed("application/json", body);
  }

  private static CallFacts typed(String type, byte[] body) {
    return new CallFacts("POST", URL, List.of("Content-Type", type), BodyState.READ, body);
  }
}
