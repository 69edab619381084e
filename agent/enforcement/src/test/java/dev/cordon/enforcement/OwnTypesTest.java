package dev.cordon.enforcement;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cordon.bootstrap.Admission;
import dev.cordon.bootstrap.Body;
import dev.cordon.bootstrap.Header;
import dev.cordon.bootstrap.OutgoingCall;
import dev.cordon.journal.Appended;
import dev.cordon.journal.JournalRecord;
import dev.cordon.journal.RecordKind;
import dev.cordon.journal.Told;
import dev.cordon.redaction.Kind;
import dev.cordon.rules.BodyState;
import dev.cordon.rules.CallFacts;
import dev.cordon.rules.Caller;
import dev.cordon.rules.RuleFileException;
import dev.cordon.rules.RuleSet;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code redaction.patterns} of a rule file, from the file to what leaves and what is told. */
class OwnTypesTest {
  private static final String RULES =
      """
      version: 1
      name: own
      serial: 1
      owner: tests@example.com
      destinations: { crm: { hosts: [crm.example.com] } }
      rules:
        - { id: write, to: crm, call: POST /v1/notes, then: allow }
      redaction:
        patterns: { %s: '%s' }
        logs: { types: [%s] }
        outgoing: { types: [%s, email], with: { %s: %s, others: token } }
      """;

  @TempDir Path directory;
  private final List<Told> records = new ArrayList<>();

  private RuleSet rules(String name, String pattern, String with) throws Exception {
    String text = RULES.formatted(name, pattern, name, name, name, with);
    return RuleSet.load(Files.writeString(directory.resolve("rules.yaml"), text));
  }

  private CallGuard guard(RuleSet rules) {
    return new CallGuard(
        rules,
        (record, level, timeoutNs) -> {
          records.add(Told.of(record));
          return Appended.COMMITTED;
        },
        System::nanoTime,
        (where, fault) -> {
          throw new AssertionError(where, fault);
        },
        Caller.ofService("bot"));
  }

  private static final class Call implements OutgoingCall {
    private final byte[] body;

    Call(String body) {
      this.body = body.getBytes(UTF_8);
    }

    @Override
    public String library() {
      return "test";
    }

    @Override
    public String method() {
      return "POST";
    }

    @Override
    public String url() {
      return "https://crm.example.com/v1/notes?q=ORD-12345678";
    }

    @Override
    public List<Header> headers() {
      return List.of(new Header("Content-Type", "application/json"));
    }

    @Override
    public Body body(int limitBytes) {
      return Body.read(body);
    }
  }

  @Test
  void aReloadBringsOtherPatternsIntoForce() throws Exception {
    CallGuard guard = guard(rules("order", "ORD-[0-9]{8}", "token"));
    String body = "{\"a\":\"ORD-12345678\",\"b\":\"INV-12345678\"}";
    assertEquals("x [ORDER] INV-12345678", guard.line("x ORD-12345678 INV-12345678"));
    Admission first = guard.admit(new Call(body));
    assertNull(first.refusal());
    assertEquals("{\"a\":\"[ORDER]\",\"b\":\"INV-12345678\"}", new String(bodyOf(first), UTF_8));
    guard.activate(rules("invoice", "INV-[0-9]{8}", "drop"));
    assertEquals("x ORD-12345678 [INVOICE]", guard.line("x ORD-12345678 INV-12345678"));
    assertEquals(
        "{\"a\":\"ORD-12345678\",\"b\":\"\"}",
        new String(bodyOf(guard.admit(new Call(body))), UTF_8));
  }

  @Test
  void aBlockedTypeStopsTheCallAndItsValueIsInNoRecord() throws Exception {
    CallGuard guard = guard(rules("order", "ORD-[0-9]{8}", "block"));
    Admission refused = guard.admit(new Call("{\"a\":\"see ORD-12345678\"}"));
    Object refusal = refused.refusal();
    assertNotNull(refusal);
    assertFalse(refusal.toString().contains("12345678"));
    assertFalse(records.isEmpty());
    assertFalse(records.toString().contains("12345678"), records::toString);
  }

  private static byte[] bodyOf(Admission admission) {
    byte[] body = admission.body();
    assertNotNull(body);
    return body;
  }

  /** Also of a type that no redaction names. */
  @Test
  void evidenceHoldsNoneOfTheirValues() throws Exception {
    RuleSet rules = rules("order", "ORD-[0-9]{8}", "token");
    JournalRecord record = new JournalRecord(RecordKind.CALL_REQUEST);
    Evidence.of(Orders.own(rules.patterns()))
        .add(
            record,
            new CallFacts(
                "POST",
                "https://a.example.com/",
                List.of(),
                BodyState.READ,
                "{\"a\":\"ORD-12345678\"}".getBytes(UTF_8),
                Caller.UNKNOWN),
            "application/json");
    byte[] evidence = Told.of(record).evidence();
    assertNotNull(evidence);
    assertEquals("{\"a\":\"[ORDER]\"}", new String(evidence, UTF_8));
  }

  /** The journal counts by these names; the engine of rules has a list of its own. */
  @Test
  void noTypeHasTheNameOfAKind() {
    for (Kind kind : Kind.values()) {
      String message =
          assertThrows(RuleFileException.class, () -> rules(kind.label(), "ORD-[0-9]{8}", "token"))
              .toString();
      assertTrue(message.contains("Cordon has a type '" + kind.label() + "' already"), message);
    }
  }
}
