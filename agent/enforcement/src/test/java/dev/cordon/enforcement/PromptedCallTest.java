package dev.cordon.enforcement;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cordon.bootstrap.Admission;
import dev.cordon.bootstrap.Body;
import dev.cordon.bootstrap.Header;
import dev.cordon.bootstrap.OutgoingCall;
import dev.cordon.bootstrap.ResponseFilter;
import dev.cordon.journal.Appended;
import dev.cordon.rules.RuleSet;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls to a model: what leaves, and what comes back to whom. */
class PromptedCallTest {
  private static final String RULES =
      """
      version: 1
      name: prompts
      serial: 1
      owner: tests@example.com
      defaults: { mode: %s, host: deny, write: deny }
      destinations:
        model: { hosts: [model.example.com], category: llm }
        crm: { hosts: [crm.example.com] }
      callers: { run: header.X-Run, actor: header.X-Actor }
      rules:
        - { id: ask, to: [model, crm], call: POST /v1/**, then: allow }
        - id: prompts
          to: model
          call: POST /v1/**
          then: redact
          redact:
            types: [email, phone, pan, secret]
            with: { email: vault, phone: vault, others: token }
            restore: [email]
      """;
  private static final Pattern TOKEN = Pattern.compile("(EMAIL|PHONE)_[2-9B-DF-HJ-NP-TV-XZ]{6}");
  private static final String MODEL = "https://model.example.com/v1/chat/completions";

  @TempDir private Path directory;
  private final AtomicInteger records = new AtomicInteger();
  private @Nullable CallGuard made;

  private CallGuard guard(String mode) throws Exception {
    Path file = Files.writeString(directory.resolve(mode + ".yaml"), RULES.formatted(mode));
    CallGuard guard =
        new CallGuard(
            RuleSet.load(file),
            (record, level, timeoutNs) -> {
              records.incrementAndGet();
              return Appended.COMMITTED;
            },
            System::nanoTime,
            (where, fault) -> {});
    made = guard;
    return guard;
  }

  private Admission ask(CallGuard guard, String url, String run, String actor, String text)
      throws Exception {
    List<Header> headers =
        List.of(
            new Header("Content-Type", "application/json"),
            new Header("X-Run", run),
            new Header("X-Actor", actor));
    String json = "{\"messages\":[{\"role\":\"user\",\"content\":\"" + text + "\"}]}";
    Admission admission = guard.admit(new Call(url, headers, json.getBytes(UTF_8)));
    assertNull(admission.refusal());
    return admission;
  }

  private static String sent(Admission admission) {
    byte[] body = admission.body();
    assertNotNull(body);
    return new String(body, UTF_8);
  }

  private static String token(Admission admission) {
    Matcher token = TOKEN.matcher(sent(admission));
    assertTrue(token.find(), () -> sent(admission));
    return token.group();
  }

  private static String answer(Admission admission, String type, String answer, int piece)
      throws Exception {
    ResponseFilter.Body body =
        admission.open(200, name -> "Content-Type".equals(name) ? type : null);
    if (body == null) {
      return answer;
    }
    byte[] bytes = answer.getBytes(UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int at = 0; at < bytes.length; at += piece) {
      out.write(body.pass(bytes, at, Math.min(bytes.length, at + piece)));
    }
    out.write(body.end());
    return out.toString(UTF_8);
  }

  private static String events(String text, String before, String after) {
    StringBuilder events = new StringBuilder();
    for (int at = 0; at < text.length(); at += 3) {
      String part = text.substring(at, Math.min(text.length(), at + 3));
      events.append("data: ").append(before).append(part).append(after).append("\n\n");
    }
    return events.append("data: [DONE]\n\n").toString();
  }

  /** What a client puts together of the deltas. */
  private static String text(String events, String before, String after) {
    StringBuilder text = new StringBuilder();
    for (String line : events.split("\n\n")) {
      String data = line.substring("data: ".length());
      if (!data.equals("[DONE]")) {
        assertTrue(data.startsWith(before) && data.endsWith(after), data);
        text.append(data, before.length(), data.length() - after.length());
      }
    }
    return text.toString();
  }

  @Test
  void tokensLeaveAndTheValuesComeBackInTornDeltasAndToolArguments() throws Exception {
    CallGuard guard = guard("enforce");
    String[][] shapes = {
      {"{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"", "\"}}]}"},
      {
        "{\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":"
            + "{\"arguments\":\"",
        "\"}}]}}]}"
      }
    };
    for (String[] shape : shapes) {
      for (int piece : new int[] {1, 7, 100_000}) {
        Admission admission = ask(guard, MODEL, "", "", "I am bob@example.com");
        assertFalse(sent(admission).contains("bob"), () -> sent(admission));
        String token = token(admission);
        records.set(0);
        String came =
            answer(
                admission,
                "text/event-stream",
                events("Dear " + token + ", hello", shape[0], shape[1]),
                piece);
        assertEquals("Dear bob@example.com, hello", text(came, shape[0], shape[1]));
        assertEquals(1, records.get(), "the journal is told of it once");
      }
    }
  }

  @Test
  void onlyWhatTheRuleFileRestoresComesBackAndNeverASecret() throws Exception {
    CallGuard guard = guard("enforce");
    Admission admission =
        ask(
            guard,
            MODEL,
            "",
            "",
            "bob@example.com, call +46 70 174 06 08, card 4242 4242 4242 4242, key AKIA"
                + "IOSFODNN7QWERTYU");
    String sent = sent(admission);
    assertFalse(sent.contains("4242") || sent.contains("AKIA") || sent.contains("0608"), sent);
    String came = answer(admission, "application/json", sent, 11);
    assertTrue(came.contains("bob@example.com"), came);
    assertTrue(came.contains("PHONE_"), came);
    assertFalse(came.contains("+46") || came.contains("4242") || came.contains("AKIA"), came);
  }

  @Test
  void aTokenThatACustomerWritesBringsBackNobodysValue() throws Exception {
    CallGuard guard = guard("enforce");
    String victim = token(ask(guard, MODEL, "run-1", "", "I am bob@example.com"));
    for (String run : List.of("run-1", "run-2", "")) {
      Admission hostile = ask(guard, MODEL, run, "", "say " + victim + " please");
      String sent = sent(hostile);
      assertFalse(sent.contains(victim), sent);
      String came = answer(hostile, "application/json", sent, 5);
      assertTrue(came.contains("say " + victim + " please"), came);
    }
  }

  @Test
  void conversationsOfOthersShareNothing() throws Exception {
    CallGuard guard = guard("enforce");
    Admission first = ask(guard, MODEL, "run-1", "anna", "I am bob@example.com");
    String token = token(first);
    String quoted = "[\"" + token + "\"]";
    assertEquals(token, token(ask(guard, MODEL, "run-1", "anna", "bob@example.com again")));
    Admission later = ask(guard, MODEL, "run-1", "anna", "what did I say?");
    assertEquals("[\"bob@example.com\"]", answer(later, "application/json", quoted, 4));
    for (String[] other : new String[][] {{"run-2", "anna"}, {"run-1", "carl"}, {"", "anna"}}) {
      Admission foreign = ask(guard, MODEL, other[0], other[1], "eve@example.com");
      assertNotEquals(token, token(foreign));
      assertEquals(quoted, answer(foreign, "application/json", quoted, 4));
    }
  }

  @Test
  void otherDestinationsAndObserveModePutNothingBack() throws Exception {
    CallGuard guard = guard("enforce");
    Admission crm =
        ask(guard, "https://crm.example.com/v1/notes", "run-1", "", "I am bob@example.com");
    assertFalse(crm.hasFilter());
    assertNull(crm.body());
    Admission observed = ask(guard("observe"), MODEL, "run-1", "", "I am bob@example.com");
    assertFalse(observed.hasFilter());
    assertNull(observed.body());
  }

  @Test
  void aModelsAnswerInACodingThatIsNotReadKeepsItsTokens() throws Exception {
    Admission admission = ask(guard("enforce"), MODEL, "", "", "I am bob@example.com");
    records.set(0);
    Map<String, String> headers =
        Map.of("Content-Type", "application/json", "Content-Encoding", "br");
    assertNull(admission.open(200, headers::get));
    assertEquals(1, records.get());
    CallGuard guard = made;
    assertNotNull(guard);
    assertEquals(0, guard.counters().withheldResponses());
  }

  /** A POST. */
  private record Call(String url, List<Header> headers, byte[] bytes) implements OutgoingCall {
    @Override
    public String library() {
      return "test";
    }

    @Override
    public String method() {
      return "POST";
    }

    @Override
    public Body body(int limitBytes) {
      return Body.read(bytes);
    }
  }
}
