package dev.cordon.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Set {@code -Dcordon.seed=} to run one seed again, {@code -Dcordon.rounds=} for more of them. */
class OriginsTest {
  private static final int ROUNDS = Integer.getInteger("cordon.rounds", 60);

  private long nowNs;
  private final Origins origins = new Origins(() -> nowNs);

  private void answer(String body) {
    answer(body.getBytes(StandardCharsets.UTF_8));
  }

  private void answer(byte[] body) {
    OriginReader reader = new OriginReader(origins, Origins.Source.CRM, Said.NOTHING);
    reader.feed(body, 0, body.length);
    reader.end();
  }

  private boolean isFrom(String text, boolean whole) {
    return origins.isFrom(Origins.Source.CRM, text, whole);
  }

  @Test
  void whatNobodyLearnedIsFromNowhere() {
    assertFalse(isFrom("ch_3Abc123", true));
    assertFalse(isFrom("ch_3Abc123", false));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ch_3Abc123",
        "Bob Miller",
        "She lives at 4 Elm Street and likes tea",
        "12345678",
        "-1234.50",
        "bob@example.com",
        "J\u00fcrgen M\u00fcller",
        "\ud83d\ude00 smiles all day",
        "quote \" and \\ slash",
        "two\nlines of text"
      })
  void aTextOrNumberOfJsonIsKnownAsAWhole(String text) {
    String json = text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    boolean number = text.matches("-?[0-9.]+");
    answer("{\"a\":{\"b\":[1,true," + (number ? text : "\"" + json + "\"") + "]}}");
    assertTrue(isFrom(text, true));
    assertTrue(isFrom(text, false));
    assertFalse(origins.isFrom(Origins.Source.CUSTOMER_TEXT, text, false), "of another source");
  }

  @ParameterizedTest
  @CsvSource({
    "Bob Miller, 'Hello bob miller, how are you?'",
    "She lives at 4 Elm Street, 'the note says: she LIVES at 4 elm street.'",
    "ch_3Abc123, 'refund ch_3abc123 please'",
    "bob@example.com, 'write to <bob@example.com>.'",
    "sk_live_A1b2C3d4, 'https://x.example.com/?k=sk_live_A1b2C3d4&n=1'",
    "abcdefghijklmnopqrstuvwx, 'key abcdefghijklmnopqrstuvwx'"
  })
  void aTextWithAPartOfAnAnswerIsKnownAsAPartOnly(String value, String text) {
    answer("{\"v\":\"" + value + "\"}");
    assertTrue(isFrom(text, false));
    assertFalse(isFrom(text, true));
  }

  @ParameterizedTest
  @CsvSource({
    "open, open",
    "12345, 12345",
    "true, true",
    "processing of this, the processing was slow",
    "a b, a b c",
    "one two three four five, two three four",
    "Bob Miller, Bob B Miller"
  })
  void whatIsTooShortToTellOrOnlySimilarIsNotKnown(String value, String text) {
    answer("{\"v\":\"" + value + "\"}");
    assertFalse(isFrom(text, false));
  }

  @Test
  void keysOfJsonAreNotRemembered() {
    answer("{\"customer_email_1\":{\"first_name_2\":[{\"number_33\":1}]}}");
    assertFalse(isFrom("customer_email_1", false));
    assertFalse(isFrom("first_name_2", false));
    assertFalse(isFrom("number_33", false));
  }

  @Test
  void escapesOfJsonAreRead() {
    answer("[\"caf\\u00e9 Am\\u00e9lie 7\\/8\"]");
    assertTrue(isFrom("caf\u00e9 Am\u00e9lie 7/8", true));
  }

  @Test
  void textsBetweenTagsAreKnownAsWholes() {
    answer("<?xml version='1.0'?><r><Id x='secret-123'>003xx000004T</Id><n>Ann  Lee\n</n></r>");
    assertTrue(isFrom("003xx000004T", true));
    assertTrue(isFrom("Ann Lee", true));
    assertFalse(isFrom("secret-123", false));
  }

  @Test
  void aTextIsForgottenAfterAnHourAndKeptForHalfOfIt() {
    answer("{\"v\":\"ch_3Abc123\"}");
    nowNs += Origins.KEPT_NS;
    answer("{\"v\":\"ch_4Abc123\"}");
    assertTrue(isFrom("ch_3Abc123", true));
    nowNs += Origins.KEPT_NS - 1;
    assertTrue(isFrom("ch_4Abc123", true));
    nowNs += 1;
    assertFalse(isFrom("ch_3Abc123", true));
    nowNs += Origins.KEPT_NS;
    assertFalse(isFrom("ch_4Abc123", true));
  }

  @Test
  void aFloodMakesItForgetAndNeverGrow() {
    answer("{\"v\":\"ch_3Abc123\"}");
    for (int i = 0; i < 2 * Origins.MAX_HASHES; i++) {
      origins.learn(Origins.Source.CUSTOMER_TEXT, "flood_" + i);
    }
    assertTrue(isFrom("ch_3Abc123", true), "a flood of one source empties no other");
    for (int i = 0; i < Origins.MAX_HASHES; i++) {
      origins.learn(Origins.Source.CRM, "flood_" + i);
    }
    assertFalse(isFrom("ch_3Abc123", true));
    assertTrue(isFrom("flood_" + (Origins.MAX_HASHES - 1), true));
  }

  @Test
  void ofALongAnswerTheBeginningIsRemembered() {
    String filler = "x".repeat(1024);
    StringBuilder body = new StringBuilder("{\"first\":\"ch_first1\",\"more\":[");
    for (int i = 0; i < 1100; i++) {
      body.append('"').append(filler).append("\",");
    }
    answer(body.append("\"ch_last22\"]}").toString());
    assertTrue(isFrom("ch_first1", true));
    assertFalse(isFrom("ch_last22", true));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[[[[",
        "\"",
        "{\"a\":\"\\u12",
        "]]]]}}}\"abcdef\"",
        "<",
        "\ufffd\ufffd",
        "{\"a\" \"b\" , , 1 2"
      })
  void brokenAnswersHarmNothing(String body) {
    answer(body);
    answer("[".repeat(100_000));
    answer("{\"v\":\"ch_3Abc123\"}");
    assertTrue(isFrom("ch_3Abc123", true));
  }

  @Test
  void bytesThatAreNoUtf8HarmNothing() {
    Random random = new Random(7);
    for (int i = 0; i < 200; i++) {
      byte[] body = new byte[random.nextInt(400)];
      random.nextBytes(body);
      if (body.length > 0 && random.nextBoolean()) {
        body[0] = '{';
      }
      answer(body);
    }
    answer("{\"v\":\"ch_3Abc123\"}");
    assertTrue(isFrom("ch_3Abc123", true));
  }

  @Test
  void manyThreadsLearnAndAskAtOnce() throws Exception {
    AtomicBoolean lost = new AtomicBoolean();
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 8; t++) {
      int number = t;
      threads.add(
          new Thread(
              () -> {
                for (int i = 0; i < 1_000; i++) {
                  String id = "id_" + number + "_" + i;
                  origins.learn(Origins.Source.CRM, id);
                  lost.compareAndSet(false, !isFrom(id, true));
                }
              }));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
    assertFalse(lost.get());
  }

  // ---- against a second implementation

  private static final List<String> WORDS =
      List.of("ab", "tea", "Bob", "Miller", "ch_12345", "x@y.example", "a1b2c3", "Elm", "to", "is");

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    int words = 1 + random.nextInt(7);
    for (int i = 0; i < words; i++) {
      text.append(i == 0 ? "" : List.of(" ", "  ", ", ", ". ", "\n").get(random.nextInt(5)));
      String word = WORDS.get(random.nextInt(WORDS.size()));
      text.append(random.nextInt(5) == 0 ? word.toUpperCase(Locale.ROOT) : word);
    }
    return text.toString();
  }

  private static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    for (String part : text.split("[\\s,]+")) {
      String word = part.replaceAll("\\.+$", "").toLowerCase(Locale.ROOT);
      if (!word.isEmpty()) {
        words.add(word);
      }
    }
    return words;
  }

  private static boolean tells(String word) {
    return word.length() >= 6 && (word.contains("@") || word.matches(".*[0-9].*"));
  }

  private static Set<String> runs(List<String> words, int count) {
    Set<String> runs = new HashSet<>();
    for (int i = 0; i + count <= words.size(); i++) {
      String run = String.join(" ", words.subList(i, i + count));
      if (run.length() >= 8) {
        runs.add(run);
      }
    }
    return runs;
  }

  private static boolean slowly(List<String> learned, String asked, boolean whole) {
    String plain = asked.strip().replaceAll("\\s+", " ");
    for (String one : learned) {
      boolean same = one.strip().replaceAll("\\s+", " ").equals(plain) && plain.length() >= 6;
      if (same || (!whole && partly(words(one), words(asked)))) {
        return true;
      }
    }
    return false;
  }

  private static boolean partly(List<String> learned, List<String> asked) {
    for (String word : asked) {
      if (tells(word) && learned.contains(word)) {
        return true;
      }
    }
    Set<String> kept = runs(learned, 4);
    if (learned.size() == 2 || learned.size() == 3) {
      kept.addAll(runs(learned, learned.size()));
    }
    for (int count = 2; count <= 4; count++) {
      for (String run : runs(asked, count)) {
        if (kept.contains(run)) {
          return true;
        }
      }
    }
    return false;
  }

  @Test
  void answersAreRememberedAsTheSlowWayFindsThem() {
    for (int round = 0; round < ROUNDS; round++) {
      Long given = Long.getLong("cordon.seed");
      long seed = given != null ? given + round : System.nanoTime() * 31 + round;
      Random random = new Random(seed);
      origins.clear();
      List<String> learned = new ArrayList<>();
      StringBuilder json = new StringBuilder("{\"k_123456\":[");
      int texts = random.nextInt(5);
      for (int i = 0; i < texts; i++) {
        String text = text(random);
        learned.add(text);
        json.append(i == 0 ? "" : random.nextBoolean() ? "," : " , ");
        boolean object = random.nextBoolean();
        json.append(object ? "{\"Bob Miller tea\": " : "");
        json.append('"').append(text.replace("\n", "\\n")).append('"').append(object ? "}" : "");
      }
      byte[] body = json.append("]}").toString().getBytes(StandardCharsets.UTF_8);
      OriginReader reader = new OriginReader(origins, Origins.Source.CRM, Said.NOTHING);
      for (int at = 0; at < body.length; ) {
        int next = Math.min(body.length, at + 1 + random.nextInt(9));
        reader.feed(body, at, next);
        at = next;
      }
      reader.end();
      for (int i = 0; i < 40; i++) {
        String asked =
            !learned.isEmpty() && random.nextInt(3) == 0
                ? text(random) + " " + learned.get(random.nextInt(learned.size()))
                : text(random);
        boolean whole = random.nextBoolean();
        assertEquals(
            slowly(learned, asked, whole),
            isFrom(asked, whole),
            "-Dcordon.seed=" + seed + ": " + learned + " / " + asked + " / " + whole);
      }
    }
  }
}
