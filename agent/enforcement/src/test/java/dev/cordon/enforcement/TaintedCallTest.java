package dev.cordon.enforcement;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cordon.bootstrap.Admission;
import dev.cordon.bootstrap.Body;
import dev.cordon.bootstrap.Header;
import dev.cordon.bootstrap.OutgoingCall;
import dev.cordon.bootstrap.ResponseFilter;
import dev.cordon.journal.Appended;
import dev.cordon.rules.Ledger;
import dev.cordon.rules.RuleSet;
import dev.cordon.rules.Surroundings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an answer brought is known in the calls behind it. */
class TaintedCallTest {
  private static final String RULES =
      """
      version: 1
      name: taint
      serial: 1
      owner: tests@example.com
      defaults: { mode: %s, host: deny, write: deny }
      destinations:
        crm: { hosts: [crm.example.com], category: crm }
        chat: { hosts: [chat.example.com] }
      rules:
        - { id: note, to: crm, call: 'POST /**', then: allow }
        - { id: reply, to: chat, call: POST /reply, when: [taint(text) = crm], then: allow }
        - { id: post, to: chat, call: POST /post, then: allow }
        - { id: leak, to: chat, call: POST /post, when: [taint(text) = crm], on-unknown: skip, then: deny }
        - { id: key, to: chat, call: POST /post, when: [taint(text) = secret], on-unknown: skip, then: forbid }
      """;
  private static final String ANSWER =
      "{\"name\":\"Bob Miller\",\"note\":\"He moved to 4 Elm Street last May\",\"mail\":\"bob@example.com\"}";

  @TempDir private Path directory;
  private final AtomicInteger records = new AtomicInteger();
  private final AtomicInteger faults = new AtomicInteger();

  private CallGuard guard(String rules) throws Exception {
    Path file = Files.writeString(directory.resolve("rules.yaml"), rules);
    return new CallGuard(
        RuleSet.load(file, Surroundings.of(new RedactionDetector())),
        (record, level, timeoutNs) -> {
          records.incrementAndGet();
          return Appended.COMMITTED;
        },
        System::nanoTime,
        (where, fault) -> faults.incrementAndGet());
  }

  private static Admission get(CallGuard guard, String url) throws Exception {
    Admission admission = guard.admit(new Call("GET", url, List.of(), new byte[0]));
    assertNull(admission.refusal());
    return admission;
  }

  private static byte[] answer(Admission admission, Map<String, String> headers, byte[] answer)
      throws Exception {
    ResponseFilter.Body body = admission.open(200, headers::get);
    assertNotNull(body);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int at = 0; at < answer.length; at += 7) {
      out.write(body.pass(answer, at, Math.min(answer.length, at + 7)));
    }
    out.write(body.end());
    return out.toByteArray();
  }

  private static boolean leaves(CallGuard guard, String path, String text, Header... headers)
      throws Exception {
    Map<String, Header> all = new HashMap<>();
    all.put("Content-Type", new Header("Content-Type", "application/json"));
    for (Header header : headers) {
      all.put(header.name(), header);
    }
    byte[] body = ("{\"text\":\"" + text + "\"}").getBytes(UTF_8);
    String url = "https://chat.example.com" + path;
    return guard.admit(new Call("POST", url, List.copyOf(all.values()), body)).refusal() == null;
  }

  @Test
  void whatACrmAnsweredIsKnownInTheNextCalls() throws Exception {
    CallGuard guard = guard(RULES.formatted("enforce"));
    assertTrue(leaves(guard, "/post", "Hello Bob Miller!"));
    assertFalse(leaves(guard, "/reply", "bob@example.com"));
    Admission read = get(guard, "https://crm.example.com/customers/1");
    records.set(0);
    assertArrayEquals(ANSWER.getBytes(UTF_8), answer(read, Map.of(), ANSWER.getBytes(UTF_8)));
    assertEquals(0, records.get(), "nothing was to be scanned, nothing is told");
    assertFalse(leaves(guard, "/post", "Hello Bob Miller!"));
    assertFalse(leaves(guard, "/post", "she said: moved to 4 elm street, really"));
    assertTrue(leaves(guard, "/post", "Hello you"));
    assertTrue(leaves(guard, "/reply", "bob@example.com"));
    assertFalse(leaves(guard, "/reply", "bob@example.com and more"));
    assertEquals(0, faults.get());
  }

  @Test
  void aCompressedAnswerIsReadAndHandedOnAsItCame() throws Exception {
    CallGuard guard = guard(RULES.formatted("enforce"));
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(ANSWER.getBytes(UTF_8));
    }
    Admission read = get(guard, "https://crm.example.com/customers/1");
    byte[] came = answer(read, Map.of("Content-Encoding", "gzip"), packed.toByteArray());
    assertArrayEquals(packed.toByteArray(), came);
    assertFalse(leaves(guard, "/post", "Hello Bob Miller!"));
  }

  @Test
  void whatCannotBeUnpackedIsHandedOnAndNotKnown() throws Exception {
    CallGuard guard = guard(RULES.formatted("enforce"));
    Admission read = get(guard, "https://crm.example.com/customers/1");
    assertNull(read.open(200, Map.of("Content-Encoding", "br")::get));
    byte[] broken = {31, (byte) 139, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
    read = get(guard, "https://crm.example.com/customers/1");
    assertArrayEquals(broken, answer(read, Map.of("Content-Encoding", "gzip"), broken));
    assertTrue(leaves(guard, "/post", "Hello Bob Miller!"));
    assertEquals(0, faults.get());
  }

  @Test
  void ofARedactedAnswerIsKnownWhatTheApplicationWasGiven() throws Exception {
    CallGuard guard =
        guard(
            RULES.formatted("enforce")
                + "redaction: { responses: { types: [email], with: mask } }\n");
    Admission read = get(guard, "https://crm.example.com/customers/1");
    String came = new String(answer(read, Map.of(), ANSWER.getBytes(UTF_8)), UTF_8);
    assertFalse(came.contains("bob@example.com"), came);
    assertFalse(leaves(guard, "/post", "Hello Bob Miller!"));
    assertFalse(leaves(guard, "/reply", "bob@example.com"), "it never had it from there");
    assertTrue(leaves(guard, "/reply", "Bob Miller"));
  }

  @Test
  void observingLearnsToo() throws Exception {
    CallGuard guard = guard(RULES.formatted("observe"));
    Admission read = get(guard, "https://crm.example.com/customers/1");
    answer(read, Map.of(), ANSWER.getBytes(UTF_8));
    guard.activate(
        RuleSet.load(
            Files.writeString(directory.resolve("b.yaml"), RULES.formatted("enforce")),
            new Surroundings(
                new RedactionDetector(),
                InstantSource.system(),
                System::nanoTime,
                new Ledger(),
                guard.rules().origins())));
    assertFalse(leaves(guard, "/post", "Hello Bob Miller!"), "a reload forgets nothing");
  }

  @Test
  void aCredentialOfThisProcessIsKnownInTheCallThatCarriesItAndLater() throws Exception {
    CallGuard guard = guard(RULES.formatted("enforce"));
    Header key = new Header("Authorization", "Bearer hk-77aa88bb99cc");
    assertTrue(leaves(guard, "/post", "take hk-77aa88bb99cc"));
    assertFalse(leaves(guard, "/post", "take hk-77aa88bb99cc", key));
    assertFalse(leaves(guard, "/post", "take hk-77aa88bb99cc"));
    assertTrue(leaves(guard, "/post", "take this", key));
  }

  // ---- what the application said itself

  private static void read(CallGuard guard, int status, String pathAndQuery, String answer)
      throws Exception {
    exchange(
        guard,
        new Call("GET", "https://crm.example.com" + pathAndQuery, List.of(), new byte[0]),
        status,
        Map.of(),
        answer);
  }

  private static void exchange(
      CallGuard guard, Call call, int status, Map<String, String> headers, String answer)
      throws Exception {
    Admission admission = guard.admit(call);
    assertNull(admission.refusal());
    ResponseFilter.Body body = admission.open(status, headers::get);
    assertNotNull(body);
    byte[] bytes = answer.getBytes(UTF_8);
    body.pass(bytes, 0, bytes.length);
    body.end();
  }

  @ParameterizedTest
  @ValueSource(ints = {404, 400, 500, 206, 301})
  void whatAnAnswerOfAnotherStatusBringsIsNotFromTheCrm(int status) throws Exception {
    CallGuard guard = guard(RULES.formatted("enforce"));
    read(guard, status, "/customers/1", "{\"id\":\"ch_9Fake99\"}");
    assertFalse(leaves(guard, "/reply", "ch_9Fake99"));
    assertFalse(leaves(guard, "/post", "ch_9Fake99"), "a restricting rule knows it");
    read(guard, 200, "/customers/1", "{\"id\":\"ch_9Fake99\"}");
    assertTrue(leaves(guard, "/reply", "ch_9Fake99"));
  }

  @Test
  void whatAWriteIsAnsweredIsNotFromTheCrm() throws Exception {
    CallGuard guard = guard(RULES.formatted("enforce"));
    Header json = new Header("Content-Type", "application/json");
    byte[] body = "{\"note\":\"x\"}".getBytes(UTF_8);
    Call write = new Call("POST", "https://crm.example.com/notes", List.of(json), body);
    exchange(guard, write, 200, Map.of(), "{\"id\":\"ch_9Fake99\",\"name\":\"Bob Miller\"}");
    assertFalse(leaves(guard, "/reply", "ch_9Fake99"));
    assertFalse(leaves(guard, "/post", "Hello Bob Miller!"), "a restricting rule knows it");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/search?q=ch_9Fake99",
        "/search?q=x&ch_9Fake99",
        "/search?q=%63h_9Fake99",
        "/search?q=id:ch_9Fake99",
        "/search?q=id%3D%22ch_9Fake99%22",
        "/search?filter=id=eq.ch_9Fake99",
        "/charges/ch_9Fake99",
        "/charges/ch%5F9Fake99/notes",
        "/charges('ch_9Fake99')"
      })
  void whatAReadSaidItselfIsNotFromTheCrm(String pathAndQuery) throws Exception {
    CallGuard guard = guard(RULES.formatted("enforce"));
    String answer = "{\"query\":\"ch_9Fake99\",\"found\":[{\"id\":\"ch_3Abc123\"}]}";
    read(guard, 200, pathAndQuery, answer);
    assertFalse(leaves(guard, "/reply", "ch_9Fake99"));
    assertTrue(leaves(guard, "/reply", "ch_3Abc123"));
    read(guard, 200, "/charges", answer);
    assertTrue(leaves(guard, "/reply", "ch_9Fake99"), "another read did not say it");
  }

  @Test
  void aTextOfSeveralWordsThatAReadSaidIsNotFromTheCrm() throws Exception {
    CallGuard guard = guard(RULES.formatted("enforce"));
    read(guard, 200, "/search?q=Ann+Fake&z=1", "{\"query\":\"Ann Fake\"}");
    read(guard, 200, "/search?q=name%3D'Sue%20Fake'", "{\"query\":\"Sue Fake\"}");
    assertFalse(leaves(guard, "/reply", "Ann Fake"));
    assertFalse(leaves(guard, "/reply", "Sue Fake"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "application/json | {'where':{'id':'ch_9Fake99'}} | true",
        "application/json | {'ch_9Fake99':1} | true",
        "application/json | {'id':'\\u0063h_9Fake99'} | true",
        "application/json | {'query':'{ charge(id: ch_9Fake99) }'} | true",
        "application/json | {'open':'ch_9Fake99 | false",
        "application/x-www-form-urlencoded | q=%63h_9Fake99&z=1 | true",
        "application/xml | <q id='&#99;h_9Fake99'/> | false",
      })
  void whatTheBodyOfAReadSaidIsNotFromTheCrm(String type, String body, boolean othersKnown)
      throws Exception {
    CallGuard guard = guard(RULES.formatted("enforce"));
    byte[] bytes = body.replace('\'', '"').getBytes(UTF_8);
    Header header = new Header("Content-Type", type);
    Call read = new Call("GET", "https://crm.example.com/search", List.of(header), bytes);
    exchange(guard, read, 200, Map.of(), "[\"ch_9Fake99\",\"ch_3Abc123\"]");
    assertFalse(leaves(guard, "/reply", "ch_9Fake99"));
    assertEquals(othersKnown, leaves(guard, "/reply", "ch_3Abc123"));
  }

  // ---- what did not come to its end

  @Test
  void aNumberOrTextThatWasCutIsNoValue() throws Exception {
    CallGuard guard = guard(RULES.formatted("enforce"));
    for (String piece : List.of("{\"a\":\"ch_3Abc123\",\"b\":12345678", "ch_9Fake99")) {
      ResponseFilter.Body body = get(guard, "https://crm.example.com/1").open(200, name -> null);
      assertNotNull(body);
      body.pass(piece.getBytes(UTF_8), 0, piece.length());
      body.abandoned();
    }
    assertTrue(leaves(guard, "/reply", "ch_3Abc123"), "it had ended before");
    assertFalse(leaves(guard, "/reply", "12345678"));
    assertFalse(leaves(guard, "/reply", "ch_9Fake99"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "redaction: { responses: { types: [email], with: mask } }\n"})
  void aValueThatABrokenGzipCutIsNone(String redaction) throws Exception {
    CallGuard guard = guard(RULES.formatted("enforce") + redaction);
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed, 512, true)) {
      gzip.write("[\"ch_3Abc123\",12345678".getBytes(UTF_8));
      gzip.flush();
      byte[] cut = packed.toByteArray();
      Admission read = get(guard, "https://crm.example.com/1");
      try {
        answer(read, Map.of("Content-Encoding", "gzip"), cut);
      } catch (IOException broken) {
        assertFalse(redaction.isEmpty());
      }
    }
    assertFalse(leaves(guard, "/reply", "12345678"));
  }

  @Test
  void answersOfOtherDestinationsAndOfRulesThatDoNotAskAreLeftAlone() throws Exception {
    CallGuard guard = guard(RULES.formatted("enforce"));
    assertNull(get(guard, "https://chat.example.com/x").open(200, name -> null));
    CallGuard none = guard(RULES.formatted("enforce").replaceAll("(?m)^.*taint[(].*\n", ""));
    assertNull(get(none, "https://crm.example.com/x").open(200, name -> null));
  }

  private record Call(String method, String url, List<Header> headers, byte[] bytes)
      implements OutgoingCall {
    @Override
    public String library() {
      return "test";
    }

    @Override
    public Body body(int limitBytes) {
      return bytes.length == 0 ? Body.none() : Body.read(bytes);
    }
  }
}
