package dev.cordon.audit;

import static dev.cordon.audit.Run.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cordon.audit.PastServices.Given;
import dev.cordon.journal.Journal;
import dev.cordon.journal.JournalEntry;
import dev.cordon.journal.JournalOptions;
import dev.cordon.journal.JournalRecord;
import dev.cordon.journal.JournalTailer;
import dev.cordon.journal.Level;
import dev.cordon.journal.RecordKind;
import dev.cordon.rules.RuleSet;
import dev.cordon.rules.Surroundings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code explain}: calls that a real guard decided, explained from their records. */
@Timeout(120)
class ExplainCommandTest {

  private static final long TEN_SECONDS_NS = 10_000_000_000L;
  private static final String SECRET = "ch_very_secret_value";

  private static final String RULES =
      """
      version: 1
      name: explain/test
      serial: 3
      owner: tests@example.com
      packs: [stripe/1]
      defaults:
        mode: enforce
        host: deny
        read: allow
        write: deny
        unknown: deny
      destinations:
        stripe: { hosts: [api.stripe.com], ports: [443], tls: required }
      rules:
        - id: refund.small
          to: stripe
          call: POST /v1/refunds
          when:
            - money <= 25 EUR
          then: allow
        - id: refund.large
          to: stripe
          call: POST /v1/refunds
          when:
            - money > 25 EUR
          then: approve
      """;

  @TempDir Path temp;

  private Path base = Path.of("");
  private Path rules = Path.of("");
  private List<JournalEntry> calls = List.of();

  @BeforeEach
  void someCalls() throws Exception {
    base = temp.resolve("journal");
    rules = Files.writeString(temp.resolve("rules.yaml"), RULES);
    PastServices.run(
        base,
        rules,
        "bot",
        List.of(
            refund(9_000), refund(900), Given.of("POST", "https://api.stripe.com/v1/customers")));
    RuleSet loaded = RuleSet.load(rules, Surroundings.of(new RedactionDetector()));
    try (Journal journal = Journal.open(JournalOptions.of(base, "other"))) {
      journal.append(
          new JournalRecord(RecordKind.POLICY_ACTIVATE)
              .policy(Long.parseUnsignedLong(loaded.digest().substring(0, 16), 16))
              .attribute("name", loaded.name())
              .attribute("serial", 3)
              .attribute("mode", "enforce")
              .attribute("digest", loaded.digest()),
          Level.COMMITTED,
          TEN_SECONDS_NS);
    }
    calls = new ArrayList<>();
    try (JournalTailer tailer = JournalTailer.open(base)) {
      for (JournalEntry entry = tailer.poll(); entry != null; entry = tailer.poll()) {
        if (entry.kind() == RecordKind.CALL_REQUEST) {
          calls.add(entry);
        }
      }
    }
    assertEquals(3, calls.size());
  }

  private static Given refund(int cents) {
    return Given.form(
        "POST",
        "https://api.stripe.com/v1/refunds",
        "currency=eur&amount=" + cents + "&charge=" + SECRET);
  }

  @Test
  void aCallThatWaitsIsExplainedByTheTextThatDecided() {
    Run run = run("explain", base.toString(), id(0), "--rules", rules.toString());
    assertEquals(0, run.exit(), run.err());
    String text = run.out();
    assertTrue(text.contains("decision       approve-wait"), text);
    assertTrue(text.contains("rules then     explain/test serial 3, mode enforce, digest "), text);
    assertTrue(text.contains(": the ones that decided, by their digest"), text);
    assertTrue(text.contains("Text of the rules, as it was"), text);
    assertTrue(text.contains("- money > 25 EUR"), text);
    assertTrue(text.matches("(?s).*refund.large +money > 25 EUR +true .*"), text);
    assertTrue(text.matches("(?s).*refund.small +money <= 25 EUR +false .*"), text);
    assertTrue(
        text.contains("refund.large (approve) must not fire: one of these must be otherwise"),
        text);
    assertTrue(text.contains("refund.small (allow) must fire: these must be true"), text);
    assertFalse(text.contains(SECRET), "no value");
  }

  @Test
  void aCallThatLeftIsExplainedByWhatWouldHaveStoppedIt() {
    Run run = run("explain", base.toString(), id(1), "--rules", rules.toString());
    assertTrue(run.out().contains("refund.small (allow) must not fire"), run.out());
    assertTrue(
        run.out().contains("refund.large (approve) fires when these are true: money > 25 EUR"),
        run.out());
    Run byPlace =
        run(
            "explain",
            base.toString(),
            calls.get(1).directory().getFileName() + ":" + calls.get(1).index());
    assertTrue(byPlace.out().contains(calls.get(1).requestId() + ""), byPlace.out());
    assertTrue(byPlace.out().contains("none; --rules FILE tells"), byPlace.out());
  }

  @Test
  void aCallThatNoRuleNamesNeedsOne() {
    Run run = run("explain", base.toString(), id(2), "--rules", rules.toString());
    assertTrue(run.out().contains("a rule with then: allow must name the call"), run.out());
  }

  @Test
  void anotherTextIsSaidToBeAnotherAndIsTakenForNothingElse() throws Exception {
    Path other =
        Files.writeString(
            temp.resolve("other.yaml"),
            RULES.replace("- money > 25 EUR", "- money > 25 EUR\n      - reason = fraud"));
    Run run = run("explain", base.toString(), id(0), "--rules", other.toString());
    assertTrue(run.out().contains("OTHERS than those that decided"), run.out());
    assertTrue(run.out().contains("Not the text that decided"), run.out());
    assertTrue(run.out().matches("(?s).*reason = fraud +not in the record.*"), run.out());
    assertTrue(run.out().matches("(?s).*money > 25 EUR +true.*"), run.out());
  }

  @Test
  void aBundleHasTheTextToo() {
    Path bundle = temp.resolve("rules.bundle");
    assertEquals(0, run("rules", "build", rules.toString(), "-o", bundle.toString()).exit());
    Run run = run("explain", base.toString(), id(0), "--rules", bundle.toString());
    assertTrue(run.out().contains("the ones that decided"), run.out() + run.err());
    assertTrue(run.out().contains("- money > 25 EUR"), run.out());
  }

  @Test
  void allFormsTellItAndAMistakeIsOneLine() {
    for (String format : List.of("csv", "json", "html")) {
      Run run =
          run("explain", base.toString(), id(0), "--rules", rules.toString(), "--format", format);
      assertEquals(0, run.exit(), run.err());
      assertTrue(run.out().contains("refund.large"), run.out());
    }
    for (String wrong : List.of("abc", "00000000", "x:y", ":3", "ffffffffffff:1", "*")) {
      Run run = run("explain", base.toString(), wrong);
      assertEquals(2, run.exit(), wrong + run);
      assertEquals(1, run.err().lines().count(), wrong + run);
      assertEquals("", run.out());
    }
    assertEquals(2, run("explain", base.toString()).exit());
  }

  private String id(int call) {
    String id = calls.get(call).requestId() + "";
    return "#" + id.substring(id.length() - 8);
  }
}
