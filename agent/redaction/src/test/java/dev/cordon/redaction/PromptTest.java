package dev.cordon.redaction;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.cordon.redaction.RedactionPlan.Operator;
import dev.cordon.redaction.RedactionPlan.Order;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Values that become tokens on the way to a model, and come back. */
class PromptTest {
  private static final String JSON = "application/json";
  private static final String EVENTS = "text/event-stream; charset=utf-8";
  private static final Set<Kind> KINDS =
      EnumSet.of(
          Kind.EMAIL, Kind.PHONE, Kind.CARD, Kind.IBAN, Kind.NAME, Kind.ADDRESS, Kind.IP_ADDRESS);
  private static final Pattern TOKEN = Pattern.compile("(?i)[A-Z_]+_[2-9BCDFGHJ-NP-TV-XZ]{6}");

  private final AtomicLong nowNs = new AtomicLong(1_000);
  private final TokenVault vault = new TokenVault(nowNs::get);
  private final long seed = Long.getLong("cordon.seed", System.nanoTime());
  private final Random random = new Random(seed);

  private static RedactionPlan plan(Set<Kind> kinds) {
    return RedactionPlan.of(List.of(new Order(List.of(), kinds, Operator.VAULT)), Set.of());
  }

  private Prompt prompt() {
    return new Prompt(vault.ofOneCall("model"), KINDS);
  }

  private static String redact(String body, Prompt prompt) {
    return redact(body, JSON, prompt);
  }

  private static String redact(String body, String type, Prompt prompt) {
    Scan scan = Redactor.body(body.getBytes(UTF_8), type, plan(KINDS), prompt);
    assertEquals(Reach.WHOLE, scan.reach());
    byte[] redacted = scan.redacted();
    return redacted == null ? body : new String(redacted, UTF_8);
  }

  private static String restore(String response, @Nullable String type, Prompt prompt) {
    StreamTransform restoring = prompt.restoring(type);
    return restoring == null ? response : fed(restoring, response.getBytes(UTF_8));
  }

  private static String fed(StreamTransform transform, byte[] bytes, int... cuts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    StreamTransform.Sink sink = (some, from, to) -> out.write(some, from, to - from);
    int from = 0;
    for (int cut : cuts) {
      transform.feed(bytes.clone(), from, cut, sink);
      from = cut;
    }
    transform.feed(bytes, from, bytes.length, sink);
    transform.end(sink);
    return out.toString(UTF_8);
  }

  private static StreamTransform restoring(Prompt prompt, String type) {
    StreamTransform restoring = prompt.restoring(type);
    assertNotNull(restoring);
    return restoring;
  }

  private static String token(String redacted) {
    Matcher token = TOKEN.matcher(redacted);
    assertTrue(token.find(), redacted);
    return token.group();
  }

  // ---- tokens

  @Test
  void aValueBecomesATokenAndComesBack() {
    Prompt prompt = prompt();
    String body =
        "{\"messages\":[{\"role\":\"user\",\"content\":\"I am bob@example.com, call +49 30 901820\"}]}";
    String redacted = redact(body, prompt);
    assertTrue(
        redacted.matches(
            ".*\"I am EMAIL_[2-9B-DF-HJ-NP-TV-XZ]{6}, call PHONE_[2-9B-DF-HJ-NP-TV-XZ]{6}\".*"),
        redacted);
    assertEquals(body, restore(redacted, JSON, prompt));
    // once more: the token is text of the customer's now
    assertEquals(redacted, redact(body, prompt));
  }

  @Test
  void theSameValueHasTheSameTokenInAConversationAndAnotherInAnother() {
    String body = "\"bob@example.com\"";
    String one = redact("[\"bob@example.com\"]", prompt());
    assertEquals(one, redact("[\"bob@example.com\"]", prompt()));
    Prompt first = new Prompt(vault.conversation("run 1"), KINDS);
    Prompt again = new Prompt(vault.conversation("run 1"), KINDS);
    Prompt other = new Prompt(vault.conversation("run 2"), KINDS);
    String token = redact(body, first);
    assertEquals(token, redact(body, again));
    assertNotEquals(token, redact(body, other));
    assertEquals("\"bob@example.com\"", restore(token, JSON, again));
  }

  @Test
  void aTokenOfAnotherConversationStays() {
    Prompt first = new Prompt(vault.conversation("run 1"), KINDS);
    Prompt other = new Prompt(vault.conversation("run 2"), KINDS);
    String token = redact("\"bob@example.com\"", first);
    assertNotEquals("", redact("\"ann@example.com\"", other));
    assertEquals(token, restore(token, JSON, other));
    // calls without a conversation share nothing at all
    Prompt one = prompt();
    String shared = redact("\"bob@example.com\"", one);
    Prompt two = prompt();
    assertNotEquals("", redact("\"ann@example.com\"", two));
    assertEquals(shared, restore(shared, JSON, two));
  }

  @Test
  void aTokenThatACustomerWritesIsNotRestoredToAValue() {
    Prompt prompt = new Prompt(vault.conversation("run"), KINDS);
    String token = token(redact("\"bob@example.com\"", prompt));
    for (String written :
        List.of(token, token.toLowerCase(Locale.ROOT), "x" + token + "9", "IP_" + token)) {
      String attack = "{\"content\":\"say " + written + " to me\",\"n\":1}";
      String redacted = redact(attack, prompt);
      assertFalse(redacted.toUpperCase(Locale.ROOT).contains(token), redacted);
      assertEquals(attack, restore(redacted, JSON, prompt));
    }
    // in whatever clothes, and where no field of the order is
    String hidden = "\\u0045" + token.substring(1);
    String redacted = redact("{\"" + token + "\":\"" + hidden + "\"}", prompt);
    assertEquals(2, TOKEN.matcher(redacted).results().count());
    assertFalse(redacted.contains(token), redacted);
    String form =
        redact("q=" + token.replace("_", "%5F"), "application/x-www-form-urlencoded", prompt);
    assertFalse(form.contains(token.substring(6)), form);
    RedactionPlan elsewhere =
        RedactionPlan.of(List.of(new Order(List.of("messages"), KINDS, Operator.VAULT)), Set.of());
    byte[] other =
        Redactor.body(("{\"user\":\"" + token + "\"}").getBytes(UTF_8), JSON, elsewhere, prompt)
            .redacted();
    assertNotNull(other);
    assertFalse(new String(other, UTF_8).contains(token));
  }

  @Test
  void whatIsNotRestoredStaysATokenInBothDirections() {
    Prompt prompt = new Prompt(vault.conversation("run"), Set.of(Kind.PHONE));
    String redacted = redact("\"bob@example.com +49 30 901820\"", prompt);
    String restored = restore(redacted, JSON, prompt);
    assertTrue(restored.matches("\"EMAIL_[2-9A-Z]{6} \\+49 30 901820\""), restored);
    // the application sends it again: the model knows it by this name
    assertEquals(redacted, redact(restored, prompt));
    assertNull(new Prompt(vault.conversation("run"), Set.of()).restoring(JSON));
  }

  @Test
  void secretsAreNeverPutIntoTheVault() {
    Set<Kind> all = EnumSet.allOf(Kind.class);
    Conversation conversation = vault.conversation("run");
    Prompt prompt = new Prompt(conversation, all);
    for (String secret :
        List.of(Samples.STRIPE, Samples.JWT, Samples.GITHUB, "password=hunter2hunter2")) {
      byte[] redacted =
          Redactor.body(("\"" + secret + "\"").getBytes(UTF_8), JSON, plan(all), prompt).redacted();
      assertNotNull(redacted);
      assertFalse(TOKEN.matcher(new String(redacted, UTF_8)).find());
    }
    assertTrue(conversation.isEmpty());
    for (Kind kind : all) {
      assertEquals(kind.isSecret(), conversation.token(kind, "v") == null);
    }
  }

  @Test
  void withoutAPromptAPlaceholderIsPut() {
    Scan scan = Redactor.body("\"bob@example.com\"".getBytes(UTF_8), JSON, plan(KINDS));
    assertEquals("\"[EMAIL]\"", new String(scan.redacted(), UTF_8));
  }

  @Test
  void aTokenIsNoFindingOfAnotherKind() {
    Redactor lines = Redactor.forLogs(EnumSet.allOf(Kind.class));
    Conversation conversation = vault.ofOneCall("model");
    for (Kind kind : Kind.values()) {
      for (int i = 0; i < 40 && !kind.isSecret(); i++) {
        String token = conversation.token(kind, "value " + i);
        assertNotNull(token);
        assertSame(token, lines.line(token));
        String text = kind.label() + ": " + token + ", phone " + token + " password is " + i;
        assertTrue(lines.line(text).contains(token), text);
        String json =
            "{\""
                + kind.label().replace('-', '_')
                + "\":\""
                + token
                + "\",\"phone\":\""
                + token
                + "\"}";
        assertNull(
            Redactor.body(json.getBytes(UTF_8), JSON, Samples.everywhere(Operator.TOKEN))
                .redacted(),
            json);
      }
    }
  }

  // ---- the vault

  @Test
  void aConversationIsForgottenAfterItsTime() {
    Conversation first = vault.conversation("run");
    String token = first.token(Kind.EMAIL, "bob@example.com");
    nowNs.addAndGet(TokenVault.TTL_NS - 1);
    assertSame(first, vault.conversation("run"));
    nowNs.addAndGet(TokenVault.TTL_NS);
    assertSame(first, vault.conversation("run"), "it was used");
    nowNs.addAndGet(TokenVault.TTL_NS + 1);
    Conversation next = vault.conversation("other");
    assertEquals(1, vault.size());
    assertEquals(0, vault.heldBytes());
    assertNull(next.value(String.valueOf(token)));
    assertNull(vault.conversation("run").value(String.valueOf(token)));
    assertEquals(token, vault.conversation("run").token(Kind.EMAIL, "bob@example.com"));
  }

  @Test
  void theOldestConversationsMakeRoomForTheNewest() {
    TokenVault small = new TokenVault(nowNs::get, 20_000);
    for (int i = 0; i < 200; i++) {
      nowNs.incrementAndGet();
      assertNotNull(small.conversation("run " + i).token(Kind.EMAIL, "bob" + i + "@example.com"));
      assertTrue(small.heldBytes() <= 20_000);
    }
    assertTrue(small.size() > 20 && small.size() < 100, "size " + small.size());
    assertNotNull(
        small
            .conversation("run 199")
            .value(
                String.valueOf(
                    small.conversation("run 199").token(Kind.EMAIL, "bob199@example.com"))));
    // one alone that wants all of it gets placeholders in the end
    Conversation greedy = small.conversation("greedy");
    int given = 0;
    for (int i = 0; i < 200; i++) {
      given += greedy.token(Kind.NAME, "name " + i) == null ? 0 : 1;
    }
    assertTrue(given > 20 && given < 100, "given " + given);
    assertEquals(1, small.size());
    assertNull(greedy.token(Kind.NAME, "x".repeat(5_000)));
  }

  @Test
  void manyThreadsGetTheSameTokens() throws Exception {
    TokenVault shared = new TokenVault(System::nanoTime, 200_000);
    Map<String, String> seen = new ConcurrentHashMap<>();
    Set<String> wrong = ConcurrentHashMap.newKeySet();
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      Thread thread =
          new Thread(
              () -> {
                for (int i = 0; i < 2_000; i++) {
                  String value = "bob" + i % 97 + "@example.com";
                  Conversation run = shared.conversation("run " + i % 7);
                  String token = run.token(Kind.EMAIL, value);
                  String key = run.name() + value;
                  if (token == null || !token.equals(seen.computeIfAbsent(key, any -> token))) {
                    wrong.add(key);
                  }
                }
              });
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(Set.of(), wrong);
    assertEquals(7, shared.size());
  }

  // ---- responses of one piece

  @Test
  void theCaseOfATokenMayChangeButNotMore() {
    Prompt prompt = prompt();
    String token = token(redact("\"bob@example.com\"", prompt));
    String lower = token.toLowerCase(Locale.ROOT);
    assertEquals(
        "\"bob@example.com bob@example.com\"",
        restore("\"" + token + " " + lower + "\"", JSON, prompt));
    String torn =
        "\""
            + token.replace("_", " ")
            + " "
            + token.substring(0, 8)
            + " "
            + token.substring(8)
            + " EMAIL-"
            + token.substring(6)
            + "\"";
    assertEquals(torn, restore(torn, JSON, prompt));
    assertEquals("bob@example.com's", restore(token + "'s", "text/plain", prompt));
    assertEquals("(bob@example.com)\n", restore("(" + token + ")\n", null, prompt));
  }

  @Test
  void aValueIsEscapedAsItsPlaceWants() {
    Prompt prompt = prompt();
    String value = "O\"Neil \u00e9";
    String token = token(redact("{\"first_name\":\"O\\\"Neil \u00e9\"}", prompt));
    assertTrue(token.startsWith("NAME_"), token);
    assertEquals(
        "{\"a\":\"Hi O\\\"Neil \u00e9!\"}", restore("{\"a\":\"Hi " + token + "!\"}", JSON, prompt));
    assertEquals("Hi " + value, restore("Hi " + token, "text/plain", prompt));
    String arguments = "{\"arguments\":\"{\\\"to\\\":\\\"" + token + "\\\"}\"}";
    assertEquals(
        "{\"arguments\":\"{\\\"to\\\":\\\"O\\\\\\\"Neil \u00e9\\\"}\"}",
        restore(arguments, JSON, prompt));
    // a text that only begins like JSON is text
    assertEquals(
        "{\"a\":\"[1] O\\\"Neil \u00e9\"}", restore("{\"a\":\"[1] " + token + "\"}", JSON, prompt));
    // an escape before it is not the beginning of it
    assertEquals("\"\\nO\\\"Neil \u00e9\"", restore("\"\\n" + token + "\"", JSON, prompt));
    String tail = token.substring(1);
    for (String escaped :
        List.of(
            "\"\\n" + tail + "\"",
            "\"{\\\"a\\\":\\\"\\\\n" + tail + "\"",
            "\"\\u004e" + tail + "\"")) {
      assertEquals(
          escaped.toLowerCase(Locale.ROOT),
          restore(escaped.toLowerCase(Locale.ROOT), JSON, prompt));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {JSON, "text/plain", EVENTS})
  void everyChunkBoundaryGivesTheSame(String type) {
    Prompt prompt = prompt();
    String redacted =
        redact(
            "{\"a\":\"bob@example.com\",\"first_name\":\"O\\\"N\",\"b\":[\"+49 30 901820 \\u00e9\"]}",
            prompt);
    List<String> tokens = new ArrayList<>();
    TOKEN.matcher(redacted).results().forEach(found -> tokens.add(found.group()));
    assertEquals(3, tokens.size());
    String json =
        "{\"c\":\"\\u00e9\\n\\\""
            + tokens.get(0)
            + "\\\" EMAIL_ EMAI "
            + tokens.get(1)
            + tokens.get(2)
            + "\",\"d\":\"{\\\"x\\\":\\\""
            + tokens.get(1)
            + "\\\"}\"}";
    String response =
        type.equals(EVENTS)
            ? "event: x\r\ndata: "
                + json
                + "\r\n\r\n: note\n\ndata: [DONE]\n\ndata: "
                + tokens.get(0)
            : json;
    byte[] bytes = response.getBytes(UTF_8);
    String whole = fed(restoring(prompt, type), bytes);
    assertEquals(0, TOKEN.matcher(whole).results().count(), whole);
    assertTrue(whole.contains("bob@example.com"), whole);
    for (int cut = 0; cut <= bytes.length; cut++) {
      assertEquals(whole, fed(restoring(prompt, type), bytes, cut), "cut " + cut);
      int second = cut + random.nextInt(bytes.length - cut + 1);
      assertEquals(whole, fed(restoring(prompt, type), bytes, cut, second), "seed " + seed);
    }
    int[] all = new int[bytes.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = i;
    }
    assertEquals(whole, fed(restoring(prompt, type), bytes, all));
  }

  @Test
  void nothingIsHeldBackThatBeginsNoToken() {
    Prompt prompt = prompt();
    String token = token(redact("\"bob@example.com\"", prompt));
    StreamTransform restoring = restoring(prompt, "text/plain");
    StringBuilder out = new StringBuilder();
    StreamTransform.Sink sink =
        (bytes, from, to) -> out.append(new String(bytes, from, to - from, UTF_8));
    for (String piece : List.of("Hello", " EMAIL_", "X", "Q EMAI", "N ", token.substring(0, 11))) {
      restoring.feed(piece.getBytes(UTF_8), 0, piece.length(), sink);
      out.append('|');
    }
    restoring.feed(token.getBytes(UTF_8), 11, 12, sink);
    boolean known = token.startsWith("EMAIL_X");
    assertTrue(known || out.toString().startsWith("Hello| |EMAIL_X|Q |EMAIN |"), out.toString());
    assertTrue(out.toString().endsWith("|bob@example.com"), out.toString());
  }

  @Test
  void whatGoesOutComesBackWhateverItIs() {
    for (int i = 0; i < 300; i++) {
      Prompt prompt = prompt();
      StringBuilder text = new StringBuilder();
      for (int k = random.nextInt(8); k >= 0; k--) {
        switch (random.nextInt(6)) {
          case 0 -> text.append("bob").append(random.nextInt(50)).append("@example.com ");
          case 1 -> text.append("+49 30 90").append(1000 + random.nextInt(9000)).append(' ');
          case 2 ->
              text.append("EMAIL_").append(random.nextBoolean() ? "7Q3KX2" : "7q3kx").append(' ');
          case 3 ->
              text.append(CleanText.line(random).replace("\\", "").replace("\"", "")).append(' ');
          case 4 -> text.append("PHONE_\u00e9\u4f60\ud83d\ude00 _NAME");
          default -> text.append(Samples.CARD).append(' ');
        }
      }
      String body = "{\"messages\":[{\"content\":\"" + Escapes.json(text.toString()) + "\"}]}";
      String redacted = redact(body, prompt);
      assertFalse(redacted.contains("@example.com"), "seed " + seed);
      byte[] bytes = redacted.getBytes(UTF_8);
      int cut = random.nextInt(bytes.length);
      StreamTransform restoring = prompt.restoring(JSON);
      assertEquals(body, restoring == null ? redacted : fed(restoring, bytes, cut), "seed " + seed);
    }
  }

  // ---- event streams

  private static String openAi(int choice, String content) {
    return "data: {\"id\":\"chatcmpl-e\",\"object\":\"chat.completion.chunk\",\"model\":\"e\",\"choices\":[{\"index\":"
        + choice
        + ",\"delta\":{\"content\":\""
        + Escapes.json(content)
        + "\"},\"finish_reason\":null}]}\n\n";
  }

  private static String openAiTool(int index, String arguments) {
    return "data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":"
        + index
        + ",\"function\":{\"arguments\":\""
        + Escapes.json(arguments)
        + "\"}}]},\"index\":0}]}\n\n";
  }

  private static String anthropic(int index, String type, String name, String text) {
    return "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":"
        + index
        + ",\"delta\":{\"type\":\""
        + type
        + "\",\""
        + name
        + "\":\""
        + Escapes.json(text)
        + "\"}}\n\n";
  }

  /** All texts of a stream, as a client puts them together: by event type, path and indexes. */
  private static Map<String, String> texts(String stream) throws IOException {
    Map<String, String> texts = new TreeMap<>();
    for (String line : stream.split("\n")) {
      if (!line.startsWith("data: {")) {
        continue;
      }
      Map<String, String> indexes = new TreeMap<>();
      List<String[]> strings = new ArrayList<>();
      try (JsonParser parser = new JsonFactory().createParser(line.substring(6))) {
        for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
          String path = parser.getParsingContext().pathAsPointer().toString();
          if (token == JsonToken.VALUE_NUMBER_INT) {
            indexes.put(path, parser.getText());
          } else if (token == JsonToken.VALUE_STRING) {
            strings.add(new String[] {path, parser.getText()});
          }
        }
      }
      for (String[] one : strings) {
        if (one[0].contains("delta") && !one[0].endsWith("/type")) {
          texts.merge(one[0] + indexes, one[1], String::concat);
        }
      }
    }
    return texts;
  }

  private List<String> torn(String text) {
    List<String> pieces = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      int end = Math.min(text.length(), at + 1 + random.nextInt(5));
      if (end < text.length() && Character.isLowSurrogate(text.charAt(end))) {
        end++;
      }
      pieces.add(text.substring(at, end));
      at = end;
    }
    return pieces;
  }

  @Test
  void aTokenTornOverDeltasIsRestored() throws IOException {
    for (int i = 0; i < 150; i++) {
      Prompt prompt = prompt();
      String redacted =
          redact("[\"bob@example.com\",\"+49 30 901820\",{\"first_name\":\"O\\\"N\"}]", prompt);
      List<String> tokens = new ArrayList<>();
      TOKEN.matcher(redacted).results().forEach(found -> tokens.add(found.group()));
      String said =
          "Dear "
              + tokens.get(2)
              + ", we call "
              + tokens.get(1)
              + tokens.get(1)
              + " or write EMAIL_ to "
              + tokens.get(0);
      String arguments = "{\"to\": \"" + tokens.get(0) + "\", \"name\": \"" + tokens.get(2) + "\"}";
      String wanted =
          "Dear O\"N, we call +49 30 901820+49 30 901820 or write EMAIL_ to bob@example.com";
      String wantedArguments = "{\"to\": \"bob@example.com\", \"name\": \"O\\\"N\"}";
      boolean claude = random.nextBoolean();
      StringBuilder stream = new StringBuilder();
      List<List<String>> sources = new ArrayList<>();
      for (int source = 0; source < 3; source++) {
        List<String> events = new ArrayList<>();
        for (String piece : torn(source == 2 ? arguments : said)) {
          events.add(
              claude
                  ? source == 2
                      ? anthropic(2, "input_json_delta", "partial_json", piece)
                      : anthropic(source, "text_delta", "text", piece)
                  : source == 2 ? openAiTool(3, piece) : openAi(source, piece));
        }
        sources.add(events);
      }
      while (!sources.isEmpty()) { // by turns, each in its order
        List<String> one = sources.get(random.nextInt(sources.size()));
        stream.append(one.remove(0));
        if (one.isEmpty()) {
          sources.remove(one);
        }
        if (random.nextInt(9) == 0) {
          stream.append(
              random.nextBoolean()
                  ? ": keep-alive\n\n"
                  : "event: ping\ndata: {\"type\": \"ping\"}\n\n");
        }
      }
      stream.append(
          claude
              ? "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n"
              : "data: [DONE]\n\n");
      byte[] bytes = stream.toString().getBytes(UTF_8);
      int[] cuts = random.ints(12, 0, bytes.length).sorted().toArray();
      String restored = fed(restoring(prompt, EVENTS), bytes, cuts);
      Map<String, String> texts = texts(restored);
      assertEquals(3, texts.size(), "seed " + seed);
      Set<String> got = new HashSet<>(texts.values());
      assertEquals(Set.of(wanted, wantedArguments), got, "seed " + seed + "\n" + restored);
      // all else is as it was: order, number, fields
      assertEquals(skeleton(stream.toString()), skeleton(restored), "seed " + seed);
    }
  }

  private static String skeleton(String stream) {
    return stream.replaceAll(
        "\"(content|arguments|text|partial_json)\":\"(?:[^\"\\\\]|\\\\.)*\"", "\"$1\":\"\"");
  }

  @Test
  void aStreamThatEndsWithinATokenGivesWhatWasHeldBack() {
    Prompt prompt = prompt();
    String token = token(redact("\"bob@example.com\"", prompt));
    String stream = openAi(0, "to " + token.substring(0, 9));
    assertEquals(stream, restore(stream, EVENTS, prompt));
    String finished =
        stream
            + "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";
    assertEquals(finished, restore(finished, EVENTS, prompt));
    // what follows a finished text is another one
    String next = finished + openAi(0, token.substring(9));
    assertEquals(next, restore(next, EVENTS, prompt));
  }

  @Test
  void anEventWaitsForTheNextPieceOnlyAndNotForLong() {
    Prompt prompt = prompt();
    String token = token(redact("\"bob@example.com\"", prompt));
    StreamTransform restoring = restoring(prompt, EVENTS);
    StringBuilder out = new StringBuilder();
    StreamTransform.Sink sink =
        (bytes, from, to) -> out.append(new String(bytes, from, to - from, UTF_8));
    feed(restoring, openAi(0, "Hello"), sink);
    assertTrue(out.toString().endsWith("\n\n"), "nothing to wait for");
    int before = out.length();
    feed(restoring, openAi(0, " " + token.substring(0, 8)), sink);
    assertEquals(before, out.length());
    feed(restoring, openAi(0, token.substring(8) + "."), sink);
    assertTrue(out.toString().contains("bob@example.com."), out.toString());
    feed(restoring, openAi(0, "EMAI"), sink);
    before = out.length();
    for (int i = 0; i < 70; i++) {
      feed(restoring, openAi(1, "other "), sink);
    }
    assertTrue(out.length() > before, "the other text is not held up for ever");
    restoring.end(sink);
    assertTrue(out.toString().contains("\"EMAI\""), out.toString());
  }

  private static void feed(StreamTransform transform, String text, StreamTransform.Sink sink) {
    byte[] bytes = text.getBytes(UTF_8);
    transform.feed(bytes, 0, bytes.length, sink);
  }

  @Test
  void aFinalEventWithTheWholeTextIsRestoredInPlace() {
    Prompt prompt = prompt();
    String token = token(redact("\"bob@example.com\"", prompt));
    String delta =
        "data: {\"type\":\"response.output_text.delta\",\"item_id\":\"m\",\"output_index\":0,\"delta\":\"%s\"}\n\n";
    String done =
        "data: {\"type\":\"response.output_text.done\",\"text\":\"%s\"}\n\ndata: {\"type\":\"response.completed\",\"response\":{\"output\":[{\"content\":[{\"text\":\"%s\"}]}]}}\n\n";
    String stream =
        delta.formatted("to " + token.substring(0, 7))
            + delta.formatted(token.substring(7))
            + done.formatted("to " + token, "to " + token);
    String restored = restore(stream, EVENTS, prompt);
    assertEquals(
        delta.formatted("to ")
            + delta.formatted("bob@example.com")
            + done.formatted("to bob@example.com", "to bob@example.com"),
        restored);
  }

  @Test
  void whatIsNoModelsAnswerPassesAsItIs() {
    Prompt prompt = prompt();
    assertNotEquals("", redact("\"bob@example.com\"", prompt));
    for (int i = 0; i < 300; i++) {
      byte[] bytes = new byte[random.nextInt(400)];
      random.nextBytes(bytes);
      if (random.nextBoolean()) {
        byte[] some = "\n\ndata: {\"choices\":[{\"delta\":{\"content\":\"E\\".getBytes(UTF_8);
        System.arraycopy(some, 0, bytes, 0, Math.min(bytes.length, some.length));
      }
      for (String type : List.of(JSON, EVENTS, "text/plain", "application/octet-stream")) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        StreamTransform.Sink sink = (all, from, to) -> out.write(all, from, to - from);
        StreamTransform restoring = restoring(prompt, type);
        int cut = bytes.length == 0 ? 0 : random.nextInt(bytes.length);
        restoring.feed(bytes, 0, cut, sink);
        restoring.feed(bytes, cut, bytes.length, sink);
        restoring.end(sink);
        assertArrayEquals(bytes, out.toByteArray(), "seed " + seed);
      }
    }
  }

  @Test
  void anEventOfAMegabyteAndAMillionEventsTakeNoMemory() {
    Prompt prompt = prompt();
    String token = token(redact("\"bob@example.com\"", prompt));
    StreamTransform restoring = restoring(prompt, EVENTS);
    long[] length = new long[1];
    StreamTransform.Sink sink = (bytes, from, to) -> length[0] += to - from;
    String big = openAi(0, ("e " + token + " ").repeat(60_000));
    feed(restoring, big, sink);
    assertEquals(big.length() + 60_000L * ("bob@example.com".length() - token.length()), length[0]);
    length[0] = 0;
    String held = openAi(0, "EMAI");
    for (int i = 0; i < 20_000; i++) {
      feed(restoring, held, sink);
    }
    restoring.end(sink);
    assertEquals(20_000L * held.length(), length[0]);
  }

  @Test
  void aPromptTellsNoValue() {
    Conversation conversation = vault.conversation("run");
    conversation.token(Kind.EMAIL, "bob@example.com");
    assertEquals("Conversation[1 values]", conversation.toString());
  }
}
