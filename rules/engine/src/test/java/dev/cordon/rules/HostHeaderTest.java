package dev.cordon.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A shared front end serves the host of the header, not that of the connection. */
class HostHeaderTest {
  @TempDir Path directory;

  private RuleSet rules = RuleSet.ofNoPack(Surroundings.of(Detector.NONE));

  @BeforeEach
  void load() throws Exception {
    rules =
        RuleFiles.load(
            directory,
            "version: 1",
            "name: hosts",
            "owner: t@example.com",
            "destinations:",
            "  front: { hosts: [front.example.com, '10.0.0.7', '2001:db8::1'], ports: [443, 8443] }",
            "  back: { hosts: [back.example.com] }",
            "rules:",
            "  - { id: front.writes, to: front, call: POST /x, then: allow }",
            "  - { id: back.never, to: back, call: '* /**', then: forbid }");
  }

  @Test
  void theHostOfTheHeaderIsDecidedToo() {
    assertEquals("front.writes", decide("https://front.example.com/x").ruleId());
    assertEquals("back.never", decide("https://front.example.com/x", "back.example.com").ruleId());
    assertEquals(
        "default.host", decide("https://front.example.com/x", "evil.example.net").ruleId());
    // the one that is stricter stands, whichever it is
    assertEquals(
        "back.never", decide("https://back.example.com/x", "front.example.com:443").ruleId());
  }

  @Test
  void aHeaderThatNamesTheHostOfTheUrlChangesNothing() {
    for (String same :
        List.of(
            "front.example.com",
            "FRONT.example.com",
            "front.example.com:8443",
            "front.example.com.",
            " front.example.com ",
            "")) {
      assertEquals("front.writes", decide("https://front.example.com:8443/x", same).ruleId(), same);
    }
    assertEquals("front.writes", decide("https://10.0.0.7/x", "10.0.0.7").ruleId());
    assertEquals(
        "front.writes", decide("https://[2001:DB8::1]:8443/x", "[2001:db8::1]:8443").ruleId());
  }

  @Test
  void whatStandsBehindTheColonAndIsNoPortMakesAnotherHost() {
    for (String other :
        List.of(
            "front.example.com:443@evil.example.net",
            "front.example.com:443, evil.example.net",
            "front.example.com:x")) {
      assertEquals("default.host", decide("https://front.example.com/x", other).ruleId(), other);
    }
    assertEquals(
        "default.host",
        decide("https://front.example.com/x", "front.example.com:443", "evil.example.net")
            .ruleId());
  }

  @Test
  void severalHostHeadersAreAHostThatCannotBe() {
    assertEquals(
        "default.host",
        decide("https://front.example.com/x", "front.example.com", "front.example.com").ruleId());
  }

  @Test
  void whatIsClassifiedIsTheStricterToo() {
    CallFacts facts = facts("GET", "https://front.example.com/x", "Host", "back.example.com\\evil");
    assertEquals(CallClass.UNKNOWN, rules.classify(facts));
  }

  @Test
  void theExplanationIsOfTheDecisionThatStands() {
    CallFacts facts = facts("POST", "https://front.example.com/x", "Host", "back.example.com");
    Explanation explanation = rules.explain(facts);
    assertEquals(rules.decide(facts), explanation.decision());
    assertEquals("back.never", explanation.decision().ruleId());
    assertEquals("back.never", explanation.rules().get(0).id());
    assertTrue(explanation.notes().get(0).startsWith("Host header"), explanation.notes().get(0));
  }

  private Decision decide(String url, String... hosts) {
    String[] headers = new String[hosts.length * 2];
    for (int i = 0; i < hosts.length; i++) {
      headers[2 * i] = i % 2 == 0 ? "Host" : "host";
      headers[2 * i + 1] = hosts[i];
    }
    return rules.decide(facts("POST", url, headers));
  }

  private static CallFacts facts(String method, String url, String... headers) {
    return new CallFacts(method, url, List.of(headers), BodyState.NONE, new byte[0]);
  }
}
