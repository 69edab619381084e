package dev.cordon.enforcement;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cordon.bootstrap.Admission;
import dev.cordon.bootstrap.Body;
import dev.cordon.bootstrap.Gate;
import dev.cordon.bootstrap.Header;
import dev.cordon.bootstrap.OutgoingCall;
import dev.cordon.bootstrap.Passed;
import dev.cordon.bootstrap.Refusal;
import dev.cordon.journal.Appended;
import dev.cordon.journal.JournalRecord;
import dev.cordon.journal.Level;
import dev.cordon.journal.RecordKind;
import dev.cordon.journal.Told;
import dev.cordon.redaction.RedactionKey;
import dev.cordon.rules.Caller;
import dev.cordon.rules.RuleSet;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallGuardTest {
  private static final String NOTES = "https://crm.example.com/v1/notes";
  private static final String RULES =
      """
      version: 1
      name: guard-test
      serial: 7
      owner: tests@example.com
      defaults:
        mode: %s
        host: deny
        read: allow
        write: deny
        unknown: deny
        on-error: { read: allow, write: deny }
        on-journal-down: { read: allow, write: deny }
        body: { inspect-up-to: 64 KiB, larger: { read: allow, write: deny } }
      destinations:
        crm: { hosts: [crm.example.com] }
        other: { hosts: [other.example.com] }
      classify:
        write: [crm GET /v1/charges/cancel]
      rules:
        - id: notes.write
          owner: tests@example.com
          to: crm
          call: POST /v1/notes
          then: allow
        - id: refund.large
          owner: tests@example.com
          to: crm
          call: POST /v1/refunds
          then: approve
        - id: other.never
          owner: tests@example.com
          to: other
          call: GET /v1/**
          then: forbid
      redaction:
        logs: { types: [email, pan], with: token }
        outgoing: { types: [email, pan%s], with: token }
      """;

  @TempDir Path directory;
  private final List<String> events = new ArrayList<>();
  private final List<Told> told = new ArrayList<>();
  private Appended journalAnswers = Appended.COMMITTED;

  private CallGuard guard(String mode) throws Exception {
    Path file = directory.resolve(mode + ".yaml");
    Files.writeString(file, RULES.formatted(mode, ""));
    return new CallGuard(
        RuleSet.load(file),
        (record, level, timeoutNs) -> {
          events.add("journal " + level);
          told.add(Told.of(record));
          if (journalAnswers == Appended.FAILED) {
            return Appended.FAILED;
          }
          return level == Level.ACCEPTED ? Appended.ACCEPTED : Appended.COMMITTED;
        },
        System::nanoTime,
        (where, fault) -> events.add("fault " + where));
  }

  @Test
  void aWriteIsCommittedBeforeItIsAnswered() throws Exception {
    Admission admission = guard("enforce").admit(post(NOTES, "{\"note\":\"late\"}"));
    assertNull(admission.refusal());
    assertEquals(List.of("journal COMMITTED"), events);
  }

  @Test
  void aJournalIsToldOfAWriteBeforeItsBodyIsRead() throws Exception {
    Path file = directory.resolve("told.yaml");
    Files.writeString(file, RULES.formatted("enforce", ""));
    Recorder told =
        new Recorder() {
          @Override
          public Appended append(JournalRecord record, Level level, long timeoutNs) {
            events.add("journal " + level);
            return Appended.COMMITTED;
          }

          @Override
          public void expect() {
            events.add("expect");
          }
        };
    CallGuard guard =
        new CallGuard(
            RuleSet.load(file), told, System::nanoTime, (where, fault) -> events.add("fault"));
    guard.admit(post(NOTES, "{\"note\":\"late\"}"));
    assertEquals(List.of("expect", "journal COMMITTED"), events);
  }

  @Test
  void aRecordTellsWhyItHasNoEvidenceAlthoughItCouldHaveSome() throws Exception {
    String refunds = "https://api.stripe.com/v1/refunds";
    String charge = "https://api.stripe.com/v1/charges/ch_4711eve";
    String note = "customer=cus_4711eve&reason=duplicate";
    CallGuard observing = evidenceGuard("observe");
    observing.admit(form("POST", refunds, note));
    assertNotNull(told.get(0).evidence());
    observing.admit(form("POST", charge + "/refund", "x".repeat(300_000)));
    assertNull(told.get(1).evidence());
    assertEquals("too-large", told.get(1).attributes().get("no-evidence"));
    told.clear();
    journalAnswers = Appended.FAILED;
    evidenceGuard("enforce").admit(form("POST", refunds, note));
    assertEquals(2, told.size());
    assertNull(told.get(1).evidence());
    assertEquals("journal-down", told.get(1).attributes().get("no-evidence"));
  }

  @Test
  void theTraceThatACallIsAPartOfIsRecorded() throws Exception {
    String refunds = "https://api.stripe.com/v1/refunds";
    Header trace =
        new Header("Traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    evidenceGuard("enforce").admit(new Call("POST", refunds, List.of(trace), new byte[0]));
    evidenceGuard("enforce").admit(new Call("POST", refunds, List.of(trace, trace), new byte[0]));
    evidenceGuard("enforce").admit(new Call("POST", refunds, List.of(), new byte[0]));
    assertEquals(List.of(0x00f067aa0ba902b7L, 0L, 0L), told.stream().map(Told::span).toList());
  }

  private static Call form(String method, String url, String body) {
    return new Call(
        method,
        url,
        List.of(new Header("Content-Type", "application/x-www-form-urlencoded")),
        body.getBytes(UTF_8));
  }

  private CallGuard evidenceGuard(String mode) throws Exception {
    Path file = directory.resolve("evidence-" + mode + ".yaml");
    Files.writeString(
        file,
        """
        version: 1
        name: evidence
        owner: tests@example.com
        packs: [stripe/1]
        defaults:
          mode: %s
          read: %s
          write: allow
          on-journal-down: { read: deny, write: deny }
          body: { larger: { read: allow, write: allow } }
        destinations:
          stripe: { hosts: [api.stripe.com] }
        retention: { raw-evidence: 14d }
        """
            .formatted(mode, mode.equals("observe") ? "deny" : "allow"));
    return new CallGuard(
        RuleSet.load(file),
        new Recorder() {
          @Override
          public Appended append(JournalRecord record, Level level, long timeoutNs) {
            told.add(Told.of(record));
            return journalAnswers;
          }

          @Override
          public boolean keepsEvidence() {
            return true;
          }
        },
        System::nanoTime,
        (where, fault) -> events.add("fault " + where));
  }

  @Test
  void whatOneProcessSpendsIsLimitedAndWhatNeverLeftIsGivenBack() throws Exception {
    CallGuard guard = limitedGuard("enforce");
    guard.admit(post(NOTES, "{}")).responded(200, 0);
    Admission unreached = guard.admit(post(NOTES, "{}"));
    assertNull(unreached.refusal());
    assertNotNull(guard.admit(post(NOTES, "{}")).refusal());
    unreached.failed(new IOException(new java.net.ConnectException("refused")));
    Admission again = guard.admit(post(NOTES, "{}"));
    assertNull(again.refusal());
    again.failed(new IOException("reset")); // it may have arrived
    Refusal refusal = refused(guard.admit(post(NOTES, "{}")));
    assertTrue(refusal.bodyText().contains("\"reason\":\"limit-exceeded\""), refusal.bodyText());
  }

  @Test
  void aCallThatNoJournalTookIsNotSpent() throws Exception {
    CallGuard guard = limitedGuard("enforce");
    journalAnswers = Appended.FAILED;
    for (int i = 0; i < 3; i++) {
      assertNotNull(guard.admit(post(NOTES, "{}")).refusal());
    }
    journalAnswers = Appended.COMMITTED;
    assertNull(guard.admit(post(NOTES, "{}")).refusal());
    assertNull(guard.admit(post(NOTES, "{}")).refusal());
    assertNotNull(guard.admit(post(NOTES, "{}")).refusal());
  }

  @Test
  void aDuplicateIsRefusedUntilTheVendorSaysThatItDidNothing() throws Exception {
    CallGuard guard = limitedGuard("enforce");
    String url = "https://crm.example.com/v1/refunds";
    Admission first = guard.admit(post(url, "{\"charge\":1}"));
    assertNotNull(guard.admit(post(url, "{\"charge\":1}")).refusal());
    first.responded(500, 0);
    assertNotNull(guard.admit(post(url, "{\"charge\":1}")).refusal());
    guard.admit(post(url, "{\"charge\":2}")).responded(422, 0);
    assertNull(guard.admit(post(url, "{\"charge\":2}")).refusal());
  }

  @Test
  void observeNeverRefusesForALimitOrForContent() throws Exception {
    CallGuard guard = limitedGuard("observe");
    for (int i = 0; i < 4; i++) {
      assertNull(guard.admit(post(NOTES, "{\"card\":\"4242 4242 4242 4242\"}")).refusal());
    }
  }

  private CallGuard limitedGuard(String mode) throws Exception {
    Path file = directory.resolve("limited-" + mode + ".yaml");
    Files.writeString(
        file,
        """
        version: 1
        name: limited
        owner: tests@example.com
        defaults: { mode: %s }
        destinations: { crm: { hosts: [crm.example.com] } }
        rules:
          - id: notes
            to: crm
            call: POST /v1/notes
            then: allow
            limits: [{ per: actor, max: 2, within: 1h }]
          - id: refunds
            to: crm
            call: POST /v1/refunds
            then: allow
            idempotency: { key: [charge], within: 1h }
        redaction: { outgoing: { types: [pan], with: block } }
        """
            .formatted(mode));
    return new CallGuard(
        RuleSet.load(file),
        (record, level, timeoutNs) -> journalAnswers,
        System::nanoTime,
        (where, fault) -> events.add("fault " + where),
        Caller.ofService("support"));
  }

  @Test
  void aReadIsOnlyAccepted() throws Exception {
    Admission admission = guard("enforce").admit(new Call("GET", NOTES, List.of(), null));
    assertNull(admission.refusal());
    assertFalse(admission.isRewritten());
    assertEquals(List.of("journal ACCEPTED"), events);
  }

  @Test
  void aDeniedWriteIsRefusedAndCommitted() throws Exception {
    Refusal refusal =
        refused(guard("enforce").admit(post("https://crm.example.com/v1/other", "{}")));
    assertEquals(403, refusal.status());
    assertEquals(refusal.decisionId(), refusal.header("Cordon-Decision", ""));
    assertEquals("application/problem+json", refusal.header("Content-Type", ""));
    assertTrue(refusal.bodyText().contains("\"reason\":\"write-default\""), refusal.bodyText());
    assertEquals(List.of("journal COMMITTED"), events);
  }

  @Test
  void anApprovalThatDoesNotExistIsARefusalThatSaysSo() throws Exception {
    Refusal refusal =
        refused(guard("enforce").admit(post("https://crm.example.com/v1/refunds", "{}")));
    assertTrue(refusal.bodyText().contains("approval-required"), refusal.bodyText());
  }

  @Test
  void observeJournalsAndLetsPass() throws Exception {
    Admission admission =
        guard("observe").admit(post("https://crm.example.com/v1/other", "a@example.com"));
    assertNull(admission.refusal());
    assertFalse(admission.isRewritten());
    assertEquals(List.of("journal COMMITTED"), events);
  }

  @Test
  void personalDataIsTakenOutOfBodyQueryAndHeaders() throws Exception {
    Admission admission =
        guard("enforce")
            .admit(
                new Call(
                    "POST",
                    NOTES + "?for=bob%40example.com",
                    List.of(
                        new Header("Content-Type", "application/json"),
                        new Header("X-Customer", "bob@example.com"),
                        new Header("Authorization", "Basic Ym9iQGV4YW1wbGUuY29tOng="),
                        new Header("Cookie", "sid=a1; mail=bob%40example.com"),
                        new Header("X-Note", "f\u00fcr bob@example.com"),
                        new Header("X-Other", "\u4f60 bob@example.com")),
                    "{\"note\":\"mail bob@example.com\"}".getBytes(UTF_8)));
    assertNull(admission.refusal());
    assertEquals("{\"note\":\"mail [EMAIL]\"}", new String(admission.body(), UTF_8));
    String url = admission.url();
    assertNotNull(url);
    assertFalse(url.contains("bob"), url);
    List<Header> headers = admission.headers();
    assertNotNull(headers);
    assertEquals(new Header("X-Customer", "[EMAIL]"), headers.get(1));
    assertEquals("Basic Ym9iQGV4YW1wbGUuY29tOng=", headers.get(2).value());
    assertEquals("sid=a1; mail=%5BEMAIL%5D", headers.get(3).value());
    assertEquals("f\u00fcr [EMAIL]", headers.get(4).value());
    assertEquals("\u4f60 [EMAIL]", headers.get(5).value());
  }

  @Test
  void secretsAreTakenOutOfWhatPeopleWriteInQueryAndHeadersAndLeftWhereTheyProveWhoCalls()
      throws Exception {
    Path file = directory.resolve("secrets.yaml");
    String rules = RULES.formatted("enforce", "");
    Files.writeString(
        file,
        rules.substring(0, rules.indexOf("redaction:"))
            + "redaction:\n  outgoing: { types: [secret], with: token }\n");
    CallGuard guard =
        new CallGuard(
            RuleSet.load(file),
            (record, level, timeoutNs) -> Appended.COMMITTED,
            System::nanoTime,
            (where, fault) -> events.add("fault " + where));
    String key = "sk_live_" + "51H8xJ2eZvKYlo2C0aBcDeFg";
    Admission admission =
        guard.admit(
            new Call(
                "POST",
                NOTES + "?q=my+key+is+" + key + "&api_key=" + key + "&filter%5Btext%5D=" + key,
                List.of(
                    new Header("X-Note", "the key is " + key + ", and Bearer abcdef0123456789abcd"),
                    new Header("Subject", key),
                    new Header("X-Api-Key", key),
                    new Header("X-Vendor-Token", key),
                    new Header("Cookie", "sid=" + key)),
                "{}".getBytes(UTF_8)));
    assertNull(admission.refusal());
    assertEquals(
        NOTES
            + "?q=my+key+is+%5BSTRIPE_KEY%5D&api_key="
            + key
            + "&filter%5Btext%5D=%5BSTRIPE_KEY%5D",
        admission.url());
    List<Header> headers = admission.headers();
    assertNotNull(headers);
    assertEquals("the key is [STRIPE_KEY], and Bearer [BEARER]", headers.get(0).value());
    assertEquals("[STRIPE_KEY]", headers.get(1).value());
    assertEquals(key, headers.get(2).value());
    assertEquals(key, headers.get(3).value());
    assertEquals("sid=" + key, headers.get(4).value());
  }

  @Test
  void aGzipBodyIsDecodedRedactedAndEncoded() throws Exception {
    byte[] body = ContentCoding.GZIP.encode("{\"note\":\"mail bob@example.com\"}".getBytes(UTF_8));
    Admission admission =
        guard("enforce")
            .admit(
                new Call(
                    "POST",
                    NOTES,
                    List.of(
                        new Header("Content-Type", "application/json"),
                        new Header("Content-Encoding", "gzip")),
                    body));
    byte[] sent = admission.body();
    assertNotNull(sent);
    assertEquals(
        "{\"note\":\"mail [EMAIL]\"}",
        new String(new GZIPInputStream(new ByteArrayInputStream(sent)).readAllBytes(), UTF_8));
  }

  @Test
  void aSignedBodyThatNeedsRedactionIsRefused() throws Exception {
    for (Header signature :
        List.of(
            new Header("X-Vendor-Signature", "sha256=00"),
            new Header("Authorization", "HMAC-SHA256 SignedHeaders=host&Signature=00"),
            new Header(
                "Authorization",
                "AWS4-HMAC-SHA256 Credential=A/20260101/eu/s3/aws4_request, SignedHeaders=host,"
                    + " Signature=00"))) {
      Refusal refusal =
          refused(
              guard("enforce")
                  .admit(
                      new Call(
                          "POST",
                          NOTES,
                          List.of(new Header("Content-Type", "application/json"), signature),
                          "{\"note\":\"mail bob@example.com\"}".getBytes(UTF_8))));
      assertTrue(refusal.bodyText().contains("signed-body"), refusal.bodyText());
    }
  }

  private CallGuard guardOfSigned(String mode, String redaction) throws Exception {
    Path file = directory.resolve("signed.yaml");
    String rules = RULES.formatted(mode, "");
    Files.writeString(
        file,
        rules.substring(0, rules.indexOf("redaction:"))
            + """
                - id: notes.redact
                  to: crm
                  call: POST /v1/notes
                  when: [kind = note]
                  then: redact
                  redact: { types: [phone], with: token, signed: pass }
              redaction:
                outgoing: { types: [email], with: token%s }
              """
                .formatted(redaction));
    return new CallGuard(
        RuleSet.load(file),
        (record, level, timeoutNs) -> Appended.COMMITTED,
        System::nanoTime,
        (where, fault) -> events.add("fault " + where));
  }

  private static Call signed(String body) {
    return new Call(
        "POST",
        NOTES,
        List.of(
            new Header("Content-Type", "application/json"),
            new Header("X-Vendor-Signature", "sha256=00")),
        body.getBytes(UTF_8));
  }

  @Test
  void aSignedBodyLeavesAsItIsWhereTheRuleFileLetsItPass() throws Exception {
    CallGuard guard = guardOfSigned("enforce", ", signed: pass");
    Admission admission =
        guard.admit(signed("{\"kind\":\"note\",\"note\":\"bob@example.com +49 30 901820\"}"));
    assertNull(admission.refusal());
    assertFalse(admission.isRewritten());
    assertEquals(0, guard.counters().rewritten());
    Admission unsigned = guard.admit(post(NOTES, "{\"note\":\"bob@example.com\"}"));
    assertTrue(unsigned.isRewritten(), "what is not signed is redacted");
  }

  @Test
  void aSignedBodyIsRefusedWhenOneOfItsRedactionsSaysSo() throws Exception {
    CallGuard guard = guardOfSigned("enforce", "");
    String phone = "{\"kind\":\"note\",\"note\":\"+49 30 901820\"}";
    assertNull(guard.admit(signed(phone)).refusal(), "of the rule: may pass");
    Refusal refusal = refused(guard.admit(signed(phone.replace("+49", "bob@example.com +49"))));
    assertTrue(refusal.bodyText().contains("signed-body"), refusal.bodyText());
  }

  @Test
  void aSignedBodyWithoutAFindingPassesUntouched() throws Exception {
    Admission admission =
        guard("enforce")
            .admit(
                new Call(
                    "POST",
                    NOTES,
                    List.of(new Header("X-Vendor-Signature", "sha256=00")),
                    "{\"note\":\"late\"}".getBytes(UTF_8)));
    assertNull(admission.refusal());
    assertFalse(admission.isRewritten());
  }

  @Test
  void aHostHeaderCannotFrontForAHostThatIsForbidden() throws Exception {
    refused(
        guard("enforce")
            .admit(
                new Call(
                    "GET",
                    "https://crm.example.com/v1/x",
                    List.of(new Header("Host", "other.example.com")),
                    null)));
    refused(
        guard("enforce")
            .admit(
                new Call(
                    "GET",
                    "https://crm.example.com/v1/x",
                    List.of(new Header("Host", "evil.example.net")),
                    null)));
  }

  @Test
  void aLineBreakInAHeaderIsRefusedOnReadsToo() throws Exception {
    for (String value : List.of("a\r\nX: b", "a\nb", "a\rb", "a\0b")) {
      Refusal refusal =
          refused(
              guard("enforce")
                  .admit(new Call("GET", NOTES, List.of(new Header("X-Name", value)), null)));
      assertTrue(refusal.bodyText().contains("malformed-header"), refusal.bodyText());
    }
  }

  @Test
  void framingThatContradictsItselfIsRefused() throws Exception {
    refused(
        guard("enforce")
            .admit(
                new Call("POST", NOTES, List.of(), "{}".getBytes(UTF_8)) {
                  @Override
                  public boolean isFramingAmbiguous() {
                    return true;
                  }
                }));
  }

  @Test
  void aLengthThatAProxyIsToTakeAwayIsRefused() throws Exception {
    for (String options : new String[] {"Content-Length", "close, transfer-encoding"}) {
      List<Header> headers = List.of(new Header("connection", options));
      Refusal refusal =
          refused(guard("enforce").admit(new Call("POST", NOTES, headers, "{}".getBytes(UTF_8))));
      assertTrue(refusal.bodyText().contains("malformed-header"), refusal.bodyText());
    }
    List<Header> fine = List.of(new Header("Connection", "keep-alive, Upgrade"));
    assertNull(
        guard("enforce").admit(new Call("POST", NOTES, fine, "{}".getBytes(UTF_8))).refusal());
  }

  @Test
  void withoutAJournalReadsPassAndWritesDoNot() throws Exception {
    CallGuard guard = guard("enforce");
    journalAnswers = Appended.FAILED;
    assertNull(guard.admit(new Call("GET", NOTES, List.of(), null)).refusal());
    Refusal refusal = refused(guard.admit(post(NOTES, "{}")));
    assertTrue(refusal.bodyText().contains("journal-down"), refusal.bodyText());
    assertEquals(2, guard.counters().unjournaled());
  }

  @Test
  void aFaultRefusesAWriteAndLetsAReadPass() throws Exception {
    CallGuard guard = guard("enforce");
    Gate.install(guard);
    assertNull(Gate.admit(new Broken("GET")).refusal());
    refused(Gate.admit(new Broken("POST")));
    assertEquals(2, guard.counters().faults());
    assertTrue(events.contains("fault broken"));
    assertEquals(
        List.of("AGENT_FAULT allow", "AGENT_FAULT deny"),
        told.stream().map(record -> record.kind() + " " + record.decision()).toList());
  }

  /** A vendor that takes writes by GET takes one of a call that failed halfway, too. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://other.example.com/v1/notes", // refused by a rule
        "https://crm.example.com/v1/charges/cancel", // a write by its classify line
        "https://elsewhere.example.com/v1/notes", // no destination
        "https://crm.example.com/v1/%zz", // no path that can be read
      })
  void aFaultLetsNoGetPassThatIsNoRead(String url) throws Exception {
    CallGuard guard = guard("enforce");
    Gate.install(guard);
    Refusal refusal = refused(Gate.admit(new Broken("GET", url)));
    assertTrue(refusal.bodyText().contains(CallGuard.FAULT_REASON), refusal.bodyText());
    assertEquals(
        List.of("AGENT_FAULT deny"),
        told.stream().map(record -> record.kind() + " " + record.decision()).toList());
    assertEquals(List.of("journal COMMITTED", "fault broken"), events);
  }

  /** Reads pass when Cordon fails; one that the rules refuse does not. */
  @Test
  void whatIsRefusedStaysRefusedWhateverFailsWhileItIsTold() throws Exception {
    Path file = directory.resolve("fails.yaml");
    Files.writeString(file, RULES.formatted("enforce", ""));
    for (Throwable fault :
        List.of(new NoClassDefFoundError(), new OutOfMemoryError(), new IllegalStateException())) {
      CallGuard guard =
          new CallGuard(
              RuleSet.load(file),
              (record, level, timeoutNs) -> {
                if (Told.of(record).kind() == RecordKind.CALL_REQUEST) {
                  throw CallGuardTest.<RuntimeException>sneaky(fault);
                }
                events.add("journal " + Told.of(record).kind());
                return Appended.ACCEPTED;
              },
              System::nanoTime,
              (where, seen) -> events.add("fault " + where));
      Gate.install(guard);
      Refusal refusal =
          refused(
              Gate.admit(new Call("GET", "https://other.example.com/v1/notes", List.of(), null)));
      assertTrue(refusal.bodyText().contains("other.never"), refusal.bodyText());
      assertEquals(1, guard.counters().unjournaled());
    }
    assertEquals(
        List.of("journal AGENT_FAULT", "fault refusal"), events.subList(0, 2), events.toString());
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> T sneaky(Throwable t) throws T {
    throw (T) t;
  }

  @Test
  void theApplicationsOwnExceptionIsNotAFault() throws Exception {
    CallGuard guard = guard("enforce");
    Gate.install(guard);
    IOException own = new IOException("disk gone");
    Passed passed =
        assertThrows(
            Passed.class,
            () ->
                Gate.admit(
                    new Call("POST", NOTES, List.of(), null) {
                      @Override
                      public Body body(int limitBytes) throws Passed {
                        throw new Passed(own);
                      }
                    }));
    assertSame(own, passed.thrown());
    assertEquals(0, guard.counters().faults());
  }

  @Test
  void aBodyThatIsTooLargeTakesTheAnswerOfTheRuleFile() throws Exception {
    Refusal refusal = refused(guard("enforce").admit(post(NOTES, "x".repeat(70_000))));
    assertTrue(refusal.bodyText().contains("body-too-large"), refusal.bodyText());
  }

  @Test
  void theOutcomeIsJournaledOnce() throws Exception {
    Admission admission = guard("enforce").admit(new Call("GET", NOTES, List.of(), null));
    admission.responded(200, 17);
    admission.failed(new IOException("late"));
    assertEquals(List.of("journal ACCEPTED", "journal ACCEPTED"), events);
  }

  @Test
  void linesAreRedactedAndCountedAtMostOnceASecond() throws Exception {
    CallGuard guard = guard("enforce");
    String clean = "nothing here";
    assertSame(clean, guard.line(clean));
    for (int i = 0; i < 50; i++) {
      assertEquals("mail [EMAIL]", guard.line("mail bob@example.com"));
    }
    assertEquals(50, guard.counters().redactedLines());
    assertTrue(events.size() < 50, "one record for many lines, was " + events.size());
    guard.flush();
    assertTrue(events.contains("journal ACCEPTED"));
  }

  @Test
  void linesAndCallsGetTheOperatorsOfTheRuleFile() throws Exception {
    Path file = directory.resolve("operators.yaml");
    String rules =
        RULES
            .formatted("enforce", "")
            .replace(
                "logs: { types: [email, pan], with: token }",
                "logs: { types: [email, pan], with: { email: keep-domain, pan: pseudonym } }")
            .replace(
                "outgoing: { types: [email, pan], with: token }",
                "outgoing: { types: [email, pan, iban], with: { email: siv, pan: drop, iban: keep-last-4 } }");
    Files.writeString(file, rules);
    RedactionKey key = RedactionKey.generate("tests");
    CallGuard guard =
        new CallGuard(
            RuleSet.load(file),
            (record, level, timeoutNs) -> Appended.COMMITTED,
            System::nanoTime,
            (where, fault) -> events.add("fault " + where),
            Caller.UNKNOWN,
            key);
    String line = guard.line("mail bob@example.com card 4111 1111 1111 1111");
    assertTrue(line.matches("mail \\*\\*\\*@example.com card \\[CARD:[a-p]{20}]"), line);
    assertEquals(line, guard.line("mail bob@example.com card 4111-1111-1111-1111"));
    Admission admission =
        guard.admit(
            post(
                NOTES + "?from=bob@example.com",
                "{\"note\":\"bob@example.com\",\"card\":4111111111111111,\"to\":\"DE89370400440532013000\"}"));
    assertNull(admission.refusal());
    String body = new String(Objects.requireNonNull(admission.body()), UTF_8);
    assertTrue(body.contains("\"card\":null,\"to\":\"****3000\""), body);
    assertTrue(body.startsWith("{\"note\":\"[EMAIL:siv:"), body);
    assertEquals(1, RedactionKey.open(body, List.of(key)).opened());
    assertTrue(String.valueOf(admission.url()).contains("%5BEMAIL%3Asiv%3A"), admission.url());
  }

  @Test
  void linesThatAreWithheldAreAllCountedAndToldAtMostOnceASecond() throws Exception {
    CallGuard guard = guard("enforce");
    for (int i = 0; i < 1_000; i++) {
      assertEquals(LogGuard.WITHHELD, guard.unscannable(new IllegalStateException()));
    }
    assertEquals(1_000, guard.counters().withheldLines());
    assertTrue(events.contains("fault log"));
    assertTrue(events.size() < 100, "two events a second, was " + events.size());
  }

  private static Refusal refused(Admission admission) {
    Refusal refusal = admission.refusal();
    assertNotNull(refusal, "the call was let through");
    assertTrue(refusal.body().length > 0, "an empty body crashes vendors' SDKs");
    return refusal;
  }

  private static Call post(String url, String body) {
    return new Call(
        "POST", url, List.of(new Header("Content-Type", "application/json")), body.getBytes(UTF_8));
  }

  private static class Call implements OutgoingCall {
    private final String method;
    private final String url;
    private final List<Header> headers;
    private final byte @Nullable [] body;

    Call(String method, String url, List<Header> headers, byte @Nullable [] body) {
      this.method = method;
      this.url = url;
      this.headers = headers;
      this.body = body;
    }

    @Override
    public String library() {
      return "test";
    }

    @Override
    public String method() {
      return method;
    }

    @Override
    public String url() {
      return url;
    }

    @Override
    public List<Header> headers() {
      return headers;
    }

    @Override
    public Body body(int limitBytes) throws Passed {
      if (body == null) {
        return Body.none();
      }
      return body.length > limitBytes ? Body.tooLarge(body.length) : Body.read(body);
    }
  }

  private static final class Broken extends Call {
    Broken(String method) {
      this(method, NOTES);
    }

    Broken(String method, String url) {
      super(method, url, List.of(), null);
    }

    @Override
    public String library() {
      return "broken";
    }

    @Override
    public List<Header> headers() {
      throw new IllegalStateException("adapter bug");
    }
  }

  @Test
  void requestIdsAreVersion7AndSortByTime() {
    assertEquals(7, RequestIds.next().version());
    assertEquals(2, RequestIds.next().variant());
  }
}
