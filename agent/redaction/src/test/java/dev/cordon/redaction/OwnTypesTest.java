package dev.cordon.redaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cordon.redaction.OwnTypes.OwnType;
import dev.cordon.redaction.RedactionPlan.Operator;
import dev.cordon.redaction.RedactionPlan.Order;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Types of a rule file's own are found wherever Cordon's are. Patterns here are greedy ones. */
class OwnTypesTest {
  private static final String ORDER = "ORD-[0-9]{8}";
  private static final OwnTypes TYPES =
      OwnTypes.of(
          List.of(
              type("order-number", ORDER, 12, "ORD-"),
              type("contract", "(?i)\\bcontract no\\. [a-z]{2}[0-9]{1,12}\\b", 40, "contract no. "),
              type("ticket", "(TCK|INC)[0-9]{4,200}", 203, "TCK", "INC"),
              type("part", "4711[0-9]{1,6}", 10, "4711")));
  private static final Set<String> ALL = Set.copyOf(TYPES.names());
  private static final RedactionKey KEY = RedactionKey.generate("acme");
  private static final RedactionPlan OWN = plan(Set.of(), Operator.TOKEN);
  private static final Redactor LOGS = logs(Operator.TOKEN);

  private final long seed = Long.getLong("cordon.seed", System.nanoTime());
  private final Random random = new Random(seed);

  private static OwnType type(String name, String regex, int maxChars, String... literals) {
    Pattern pattern = Pattern.compile(regex);
    return new OwnType(
        name,
        List.of(literals),
        regex.startsWith("(?i"),
        maxChars,
        (text, from) -> {
          Matcher matcher = pattern.matcher(text);
          return matcher.find(from) ? (long) matcher.start() << 32 | matcher.end() : -1;
        });
  }

  private static RedactionPlan plan(Set<Kind> kinds, Operator operator) {
    return RedactionPlan.of(
        List.of(new Order(List.of(), kinds, ALL, operator)), Set.of(), KEY, TYPES);
  }

  private static Redactor logs(Operator operator) {
    return Redactor.forLogs(
        List.of(new Order(List.of(), EnumSet.allOf(Kind.class), ALL, operator)), KEY, TYPES);
  }

  private static String body(String text, String type, RedactionPlan plan) {
    byte[] redacted = Redactor.body(text.getBytes(StandardCharsets.UTF_8), type, plan).redacted();
    return redacted == null ? text : new String(redacted, StandardCharsets.UTF_8);
  }

  private static String json(String text) {
    return body(text, "application/json", OWN);
  }

  // ---- where

  @Test
  void aLogLineHasThePlaceholderOfTheName() {
    assertEquals("shipped [ORDER-NUMBER].", LOGS.line("shipped ORD-12345678."));
    assertEquals(
        "[ORDER-NUMBER][ORDER-NUMBER] to [EMAIL]",
        LOGS.line("ORD-12345678ORD-87654321 to bob@example.com"));
    assertEquals("see [CONTRACT], please", LOGS.line("see Contract No. AB123, please"));
    assertEquals("[TICKET] and [TICKET]", LOGS.line("TCK1234 and INC99999"));
  }

  @Test
  void otherTextStaysTheSameInstance() {
    for (String clean :
        List.of(
            "nothing here",
            "",
            "O",
            "ORD",
            "ORD-",
            "ORD-1234567",
            "ord-12345678",
            "contract no. 12",
            "subcontract no. ab1",
            "T".repeat(5000),
            "ORD-".repeat(1000))) {
      assertSame(clean, LOGS.line(clean));
    }
  }

  @Test
  void jsonIsReadInKeysStringsEscapesAndNumbers() {
    String padding = "\"padding\":\"" + "p".repeat(200) + "\"";
    for (String more : List.of("\"a\":1", padding)) { // short bodies are read in another way
      assertEquals(
          "{\"note\":\"see [ORDER-NUMBER]\"," + more + "}",
          json("{\"note\":\"see ORD-12345678\"," + more + "}"));
      assertEquals(
          "{\"[ORDER-NUMBER]\":1," + more + "}", json("{\"ORD-12345678\":1," + more + "}"));
      assertEquals(
          "{\"note\":\"\\n[ORDER-NUMBER]\"," + more + "}",
          json("{\"note\":\"\\n\\u004fRD-12345678\"," + more + "}"));
      assertEquals(
          "{\"note\":\"\u00fc [ORDER-NUMBER]\"," + more + "}",
          json("{\"note\":\"\u00fc ORD-12345678\"," + more + "}"));
      assertEquals("{\"id\":\"[PART]\"," + more + "}", json("{\"id\":471112," + more + "}"));
      assertEquals("{\"id\":\"[PART]\"," + more + "}", json("{\"id\":47115," + more + "}"));
      assertEquals("{\"id\":\"[PART]\"," + more + "}", json("{\"id\":-4711223344," + more + "}"));
      assertEquals(
          "{\"in\":\"{\\\"note\\\":\\\"[ORDER-NUMBER]\\\"}\"," + more + "}",
          json("{\"in\":\"{\\\"note\\\":\\\"ORD-12345678\\\"}\"," + more + "}"));
      String base64 = Samples.base64("the order is ORD-12345678, thanks");
      assertEquals(
          "{\"b\":\"" + Samples.base64("the order is [ORDER-NUMBER], thanks") + "\"," + more + "}",
          json("{\"b\":\"" + base64 + "\"," + more + "}"));
    }
  }

  @Test
  void aValueThatLooksLikeATimeOrAUuidIsReadForThem() {
    OwnTypes own =
        OwnTypes.of(
            List.of(
                type("day", "2026-11-[0-9]{2}", 10, "2026-11-"),
                type("uuid", "0cd1a[0-9a-f]{3}-", 9, "0cd1a")));
    RedactionPlan plan =
        RedactionPlan.of(
            List.of(new Order(List.of(), Set.of(), Set.of("day", "uuid"), Operator.TOKEN)),
            Set.of(),
            null,
            own);
    String padding = "\"padding\":\"" + "p".repeat(200) + "\"}";
    assertEquals(
        "{\"x\":\"[DAY]T10:20:30Z\"," + padding,
        body("{\"x\":\"2026-11-22T10:20:30Z\"," + padding, "application/json", plan));
    assertEquals(
        "{\"x\":\"[UUID]1111-2222-3333-444455556666\"," + padding,
        body(
            "{\"x\":\"0cd1a0f1-1111-2222-3333-444455556666\"," + padding,
            "application/json",
            plan));
  }

  @Test
  void formsQueriesHeadersXmlMultipartEventsAndGraphQlAreRead() {
    assertEquals(
        "a=1&note=%5BORDER-NUMBER%5D+x",
        body("a=1&note=%4fRD-12345678+x", "application/x-www-form-urlencoded", OWN));
    byte[] query = Redactor.query("q=ORD-12345678&x=1", OWN).redacted();
    assertNotNull(query);
    assertEquals("q=%5BORDER-NUMBER%5D&x=1", new String(query, StandardCharsets.US_ASCII));
    byte[] header = Redactor.header("X-Note", "ORD-12345678", OWN).redacted();
    assertNotNull(header);
    assertEquals("[ORDER-NUMBER]", new String(header, StandardCharsets.US_ASCII));
    byte[] cookie = Redactor.header("Cookie", "a=b; last=ORD-12345678", OWN).redacted();
    assertNotNull(cookie);
    assertEquals("a=b; last=[ORDER-NUMBER]", new String(cookie, StandardCharsets.US_ASCII));
    assertEquals(
        "<a b='[ORDER-NUMBER]'>[ORDER-NUMBER]</a>",
        body("<a b='ORD-12345678'>&#79;RD-12345678</a>", "application/xml", OWN));
    String part = "--b\r\nContent-Disposition: form-data; name=\"n\"\r\n\r\n%s\r\n--b--\r\n";
    assertEquals(
        part.formatted("[ORDER-NUMBER]"),
        body(part.formatted("ORD-12345678"), "multipart/form-data; boundary=b", OWN));
    assertEquals(
        "data: {\"a\":\"[ORDER-NUMBER]\"}\n\n",
        body("data: {\"a\":\"ORD-12345678\"}\n\n", "text/event-stream", OWN));
    assertEquals(
        "{\"query\":\"{ order(id: \\\"[ORDER-NUMBER]\\\", part: \\\"[PART]\\\") { id } }\"}",
        json("{\"query\":\"{ order(id: \\\"ORD-12345678\\\", part: 47115) { id } }\"}"));
  }

  @Test
  void lookAlikesAreReadAsWhatTheyLookLike() {
    assertEquals(
        "[ORDER-NUMBER]", LOGS.line("ORD\u2011\uff11\uff12345678")); // hyphen, full-width digits
    assertEquals("[ORDER-NUMBER] \u20ac", LOGS.line("ORD-12345678 \u20ac"));
    assertEquals("{\"a\":\"[ORDER-NUMBER]\"}", json("{\"a\":\"OR\u200bD-12345678\"}"));
  }

  @Test
  void aWordInAnyCaseIsAlsoThatOfTheOddLetters() {
    OwnTypes own = OwnTypes.of(List.of(type("sku", "(?iu)sku-[0-9]{4}", 8, "sku-")));
    Redactor logs =
        Redactor.forLogs(
            List.of(new Order(List.of(), Set.of(), Set.of("sku"), Operator.TOKEN)), null, own);
    for (String value : List.of("sku-1234", "SKU-1234", "sKu-1234", "\u017f\u212au-1234")) {
      assertEquals("x [SKU] y", logs.line("x " + value + " y"));
    }
  }

  // ---- what takes its place

  @Test
  void operatorsTakeTheNameAsTheType() {
    assertEquals("x  y", logs(Operator.DROP).line("x ORD-12345678 y"));
    assertEquals("x ****5678 y", logs(Operator.KEEP_LAST_4).line("x ORD-12345678 y"));
    assertEquals("x ******** y", logs(Operator.MASK).line("x ORD-12345678 y"));
    String hash = logs(Operator.HASH).line("ORD-12345678");
    assertTrue(hash.matches("\\[ORDER-NUMBER:[a-p]{12}]"), hash);
    String pseudonym = logs(Operator.PSEUDONYM).line("ORD-12345678");
    assertTrue(pseudonym.matches("\\[ORDER-NUMBER:[a-p]{20}]"), pseudonym);
    String sealed = logs(Operator.SIV).line("x ORD-12345678");
    assertTrue(sealed.matches("x \\[ORDER-NUMBER:siv:[a-p]{34,}]"), sealed);
    assertEquals("x ORD-12345678", RedactionKey.open(sealed, List.of(KEY)).text());
    assertEquals(
        "{\"id\":null}",
        body("{\"id\":471112}", "application/json", plan(Set.of(), Operator.DROP)));
  }

  @Test
  void anOrderForAFieldHoldsThereAndEachTypeHasItsOwnOperator() {
    RedactionPlan plan =
        RedactionPlan.of(
            List.of(
                new Order(List.of("note"), Set.of(), Set.of("order-number"), Operator.TOKEN),
                new Order(List.of(), Set.of(Kind.EMAIL), Set.of("ticket"), Operator.DROP),
                new Order(List.of(), Set.of(), Set.of("unknown"), Operator.BLOCK)),
            Set.of("to"),
            null,
            TYPES);
    assertEquals(
        "{\"note\":\"[ORDER-NUMBER] \",\"other\":\"ORD-12345678 \",\"to\":\"\"}",
        body(
            "{\"note\":\"ORD-12345678 TCK1234\",\"other\":\"ORD-12345678 TCK1234\",\"to\":\"INC1234\"}",
            "application/json",
            plan));
  }

  @Test
  void blockStopsTheCallAndCountsUnderTheName() {
    Scan scan =
        Redactor.body(
            "{\"a\":\"ORD-12345678 a@example.com\"}".getBytes(StandardCharsets.UTF_8),
            "application/json",
            plan(Set.of(Kind.EMAIL), Operator.BLOCK));
    assertTrue(scan.blocked());
    List<String> types = new ArrayList<>();
    scan.findings().forEach(finding -> types.add(finding.type()));
    assertEquals(List.of("order-number", "email"), types);
    assertEquals("a", scan.findings().get(0).path());
  }

  @Test
  void aFindingOfCordonsAndOneOfTheFilesAreJoined() {
    OwnTypes own = OwnTypes.of(List.of(type("login", "user:[a-z@.]{1,60}", 65, "user:")));
    Redactor logs =
        Redactor.forLogs(
            List.of(
                new Order(List.of(), Set.of(Kind.EMAIL), Operator.DROP),
                new Order(List.of(), Set.of(), Set.of("login"), Operator.TOKEN)),
            null,
            own);
    assertEquals("x  y", logs.line("x user:bob@example.com y")); // the stronger operator
    Redactor tokens =
        Redactor.forLogs(
            List.of(new Order(List.of(), Set.of(Kind.EMAIL), Set.of("login"), Operator.TOKEN)),
            null,
            own);
    assertEquals("x [LOGIN] y", tokens.line("x user:bob@example.com y")); // the longer one
  }

  /** Four characters of an order number are no harm, and of a credential they are. */
  @Test
  void theEndOfASecretIsNotTold() {
    OwnTypes own =
        OwnTypes.of(List.of(type("stripe", "key sk_live_[0-9A-Za-z]{1,60}", 72, "key ")));
    Redactor logs =
        Redactor.forLogs(
            List.of(
                new Order(List.of(), Kind.ofType("secret"), Operator.TOKEN),
                new Order(List.of(), Set.of(), Set.of("stripe"), Operator.KEEP_LAST_4)),
            null,
            own);
    String key = "sk_live_" + "4eC39HqLyjWDarjtT1zdp7dc";
    assertEquals("the [STRIPE] is", logs.line("the key " + key + " is"));
  }

  @Test
  void noOperatorIsUndoneOrDoneTwice() {
    for (Operator operator : Operator.values()) {
      RedactionPlan plan = plan(EnumSet.allOf(Kind.class), operator);
      for (String value : List.of("ORD-12345678", "contract no. ab12", "TCK1234567")) {
        String text = "{\"note\":\"see " + value + ", thanks\",\"password\":\"" + value + "\"}";
        String once = body(text, "application/json", plan);
        assertFalse(once.contains(value), once);
        assertEquals(once, body(once, "application/json", plan), operator.name());
        String line = logs(operator).line("see " + value + ", thanks");
        assertSame(line, logs(operator).line(line));
      }
    }
  }

  /** Patterns that match what Cordon itself writes. */
  @Test
  void aPlaceholderIsNoValue() {
    OwnTypes own =
        OwnTypes.of(
            List.of(
                type("number-x", "NUMBER[A-Z0-9-]{0,9}", 15, "NUMBER"),
                type("letters", "(aaa|abc|kdm)[a-z]{0,9}", 12, "aaa", "abc", "kdm"),
                type("twice", "(ABCD){1,2}", 8, "ABCD")));
    for (Operator operator : Operator.values()) {
      Redactor logs =
          Redactor.forLogs(
              List.of(new Order(List.of(), Set.of(Kind.EMAIL), Set.copyOf(own.names()), operator)),
              KEY,
              own);
      for (int i = 0; i < 300; i++) {
        String line = logs.line("u" + i + "@example.com NUMBER" + i + " ABCDABCD abc" + i);
        assertFalse(line.contains("[["), line);
        assertFalse(line.contains("[LETTERS]:") || line.contains(":[LETTERS"), line);
        assertSame(line, logs.line(line), operator.name());
      }
    }
    Redactor logs =
        Redactor.forLogs(
            List.of(new Order(List.of(), Set.of(), Set.copyOf(own.names()), Operator.TOKEN)),
            null,
            own);
    assertEquals("[[LETTERS]]", logs.line("[abcdefgh]"));
    assertEquals("[EMAIL:[LETTERS]]", logs.line("[EMAIL:abcdefgh]")); // no length of ours
    assertSame("[EMAIL:abcdefghabcd]", logs.line("[EMAIL:abcdefghabcd]"));
    assertSame("[EMAIL:pppppppppppppppppabc]", logs.line("[EMAIL:pppppppppppppppppabc]"));
    assertEquals("[HORSE:[LETTERS]]", logs.line("[HORSE:abcdefghabcd]"));
  }

  // ---- against the pattern alone

  @Test
  void whatIsFoundIsWhatThePatternMatchesInThePlainText() {
    String[] pieces = {
      "ORD-12345678", "ORD-", "1234", "TCK", "INC", "99999", " ", "x", "contract no. ", "ab12",
      "Contract NO. ZZ9", "4711", "0", ",", "\u00e9", "\u20ac", "\ud83d\ude00", "-", "OR", "D-1"
    };
    List<Pattern> patterns =
        List.of(
            Pattern.compile(ORDER),
            Pattern.compile("(?i)\\bcontract no\\. [a-z]{2}[0-9]{1,12}\\b"),
            Pattern.compile("(TCK|INC)[0-9]{4,200}"),
            Pattern.compile("4711[0-9]{1,6}"));
    Redactor own =
        Redactor.forLogs(List.of(new Order(List.of(), Set.of(), ALL, Operator.TOKEN)), null, TYPES);
    for (int run = 0; run < 3000; run++) {
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(60); i >= 0; i--) {
        text.append(pieces[random.nextInt(pieces.length)]);
      }
      boolean[] covered = new boolean[text.length()];
      for (Pattern pattern : patterns) {
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
          for (int i = matcher.start(); i < matcher.end(); i++) {
            covered[i] = true;
          }
        }
      }
      boolean[] found = new boolean[text.length()];
      for (Finding finding : own.find(text.toString()).findings()) {
        for (int i = finding.start(); i < finding.end(); i++) {
          found[i] = true;
        }
      }
      for (int i = 0; i < covered.length; i++) {
        assertEquals(covered[i], found[i], "seed " + seed + ", at " + i + " of: " + text);
      }
    }
  }

  // ---- streams

  @Test
  void aStreamIsRedactedAsTheWholeWhereverItIsCut() {
    String filler = "the quick brown fox, a dog; ";
    for (String type : List.of("text/plain", "application/json", "text/event-stream")) {
      for (int words : new int[] {0, 25}) {
        String value =
            filler.repeat(words)
                + "ORD-12345678 contract no. ab123456 TCK"
                + "7".repeat(180)
                + " ORD-87654321ORD-11111111 a@example.com "
                + filler.repeat(words);
        String text =
            switch (type) {
              case "application/json" -> "{\"a\":\"" + value + "\",\"n\":4711223}";
              case "text/event-stream" ->
                  "data: {\"a\":\"" + value + "\"}\n\ndata: " + value + "\n\n";
              default -> value;
            };
        RedactionPlan plan = plan(Set.of(Kind.EMAIL), Operator.TOKEN);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        String whole = body(text, type, plan);
        assertTrue(whole.contains("[TICKET]") && whole.contains("[CONTRACT]"), whole);
        for (int cut = 0; cut <= bytes.length; cut++) {
          assertEquals(whole, streamed(bytes, type, plan, cut), type + " cut at " + cut);
        }
        for (int piece : new int[] {1, 3, 64, 500}) {
          assertEquals(whole, inPieces(bytes, type, plan, piece), type + " in pieces of " + piece);
        }
      }
    }
  }

  /** One word without an end, in which nothing says where to cut. */
  @Test
  void aStreamWithoutBlanksIsTheSame() {
    StringBuilder text = new StringBuilder();
    String[] pieces = {"ORD-12345678", "x", "TCK" + "1".repeat(200), "-", "INC12345", "yyyyyyyyy"};
    while (text.length() < 6000) {
      text.append(pieces[random.nextInt(pieces.length)]);
    }
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    String whole = body(text.toString(), "text/plain", OWN);
    for (int piece : new int[] {1, 7, 100, 700}) {
      assertEquals(whole, inPieces(bytes, "text/plain", OWN, piece), "seed " + seed);
    }
  }

  @Test
  void aStreamHoldsNoMoreBackThanWithoutThem() {
    StreamRedactor redactor = new StreamRedactor("text/plain", OWN);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] bytes =
        ("TCK" + "1".repeat(150) + " ORD-1234567 x").repeat(200).getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < bytes.length; i++) {
      redactor.feed(bytes, i, i + 1, (b, from, to) -> out.write(b, from, to - from));
    }
    redactor.end((b, from, to) -> out.write(b, from, to - from));
    assertEquals("[TICKET] ORD-1234567 x".repeat(200), out.toString(StandardCharsets.UTF_8));
    assertEquals(Map.of("ticket", 200), redactor.counts());
  }

  private static String streamed(byte[] bytes, String type, RedactionPlan plan, int cut) {
    StreamRedactor redactor = new StreamRedactor(type, plan);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    redactor.feed(bytes, 0, cut, (b, from, to) -> out.write(b, from, to - from));
    redactor.feed(bytes, cut, bytes.length, (b, from, to) -> out.write(b, from, to - from));
    redactor.end((b, from, to) -> out.write(b, from, to - from));
    return out.toString(StandardCharsets.UTF_8);
  }

  private static String inPieces(byte[] bytes, String type, RedactionPlan plan, int piece) {
    StreamRedactor redactor = new StreamRedactor(type, plan);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int at = 0; at < bytes.length; at += piece) {
      int to = Math.min(bytes.length, at + piece);
      redactor.feed(bytes, at, to, (b, from, end) -> out.write(b, from, end - from));
    }
    redactor.end((b, from, to) -> out.write(b, from, to - from));
    return out.toString(StandardCharsets.UTF_8);
  }

  // ---- cost

  @Test
  void textWithoutTheWordsCostsNoMemory() {
    com.sun.management.ThreadMXBean threads =
        (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    String line = "2026-11-22 10:20:30 INFO order 7731 of the customer was shipped to the door";
    byte[] json =
        ("{\"id\":\"7731\",\"note\":\"" + "was shipped to the door ".repeat(20) + "\"}")
            .getBytes(StandardCharsets.UTF_8);
    RedactionPlan plan = plan(EnumSet.allOf(Kind.class), Operator.TOKEN);
    for (int i = 0; i < 20_000; i++) {
      assertSame(line, LOGS.line(line));
      assertNull(Redactor.body(json, "application/json", plan).redacted());
    }
    long thread = Thread.currentThread().getId();
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 5; round++) {
      long before = threads.getThreadAllocatedBytes(thread);
      for (int i = 0; i < 1000; i++) {
        LOGS.line(line);
      }
      least = Math.min(least, threads.getThreadAllocatedBytes(thread) - before);
    }
    assertTrue(least < 1000, least + " bytes for 1000 lines");
  }

  /** Each match, and each character between them, is read a bounded number of times. */
  @Test
  void theWorkOnNastyTextGrowsWithItsLength() {
    int[] calls = new int[1];
    long[] read = new long[1];
    Pattern pattern = Pattern.compile("aaa[a-p]{0,4}");
    OwnTypes own =
        OwnTypes.of(
            List.of(
                new OwnType(
                    "nasty",
                    List.of("aaa"),
                    false,
                    7,
                    (text, from) -> {
                      calls[0]++;
                      Matcher matcher = pattern.matcher(text);
                      long match =
                          matcher.find(from) ? (long) matcher.start() << 32 | matcher.end() : -1;
                      read[0] += (match < 0 ? text.length() : (int) match) - from;
                      return match;
                    })));
    Redactor logs =
        Redactor.forLogs(
            List.of(new Order(List.of(), Set.of(), Set.of("nasty"), Operator.TOKEN)), null, own);
    for (String text :
        List.of("a".repeat(200_000), "[EMAIL:siv:" + "a".repeat(200_000), "aaa-".repeat(50_000))) {
      calls[0] = 0;
      read[0] = 0;
      Scan scan = logs.find(text);
      assertTrue(scan.findings().size() > 20_000);
      assertTrue(calls[0] <= text.length() / 3 + 10, calls[0] + " calls");
      assertTrue(read[0] <= 2L * text.length(), read[0] + " characters read");
    }
  }

  @Test
  void tooManyTypesOrTooShortWordsAreRefused() {
    List<OwnType> many = new ArrayList<>();
    for (int i = 0; i <= OwnTypes.MAX_TYPES; i++) {
      many.add(type("t" + i, "abc" + i, 5, "abc"));
    }
    assertThrows(IllegalArgumentException.class, () -> OwnTypes.of(many));
    assertEquals(32, OwnTypes.of(many.subList(0, 32)).size());
    assertThrows(
        IllegalArgumentException.class, () -> OwnTypes.of(List.of(type("t", "ab", 2, "ab"))));
  }

  @Test
  void thirtyTwoTypesAreToldApart() {
    List<OwnType> many = new ArrayList<>();
    for (int i = 0; i < OwnTypes.MAX_TYPES; i++) {
      many.add(type("t" + i, "abc" + i + "x", 6, "abc" + i + "x"));
    }
    OwnTypes own = OwnTypes.of(many);
    Redactor logs =
        Redactor.forLogs(
            List.of(new Order(List.of(), Set.of(), Set.copyOf(own.names()), Operator.TOKEN)),
            null,
            own);
    for (int i = 0; i < OwnTypes.MAX_TYPES; i++) {
      assertEquals("- [T" + i + "] -", logs.line("- abc" + i + "x -"));
    }
  }
}
