package dev.cordon.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes to people: approvals, categories, hand-overs, and what is kept for other parts. */
class PeopleTest {
  @TempDir Path directory;

  private static final String APPROVALS =
      """
      approvals:
        money: { approvers: [group:payments], votes: 1, ttl: 15m, totp: required, self: deny, show: [money, charge] }
        account: { approvers: [group:support, user:ann@example.com], votes: 2, ttl: 30m, self: allow, show: [ticket] }
        rare: { approvers: [group:sre], alert: page, max: 3, within: 24h }
      """;

  @Test
  void theStrictestOfAllApprovalsIsAskedFor() throws Exception {
    RuleSet rules =
        load(
            APPROVALS,
            "rules:",
            "  - { id: a, to: api, call: POST /x, then: approve, approval: { policy: money, votes:"
                + " 3 } }",
            "  - { id: b, to: api, call: POST /**, then: approve, approval: { policy: account, ttl:"
                + " 5m } }",
            "  - { id: c, to: api, call: POST /x, mode: observe, then: approve, approval: { policy:"
                + " rare } }",
            "  - { id: d, to: api, call: POST /x, then: allow }");
    Decision decision = rules.decide(post("{}"));
    assertEquals(Effect.APPROVE, decision.effect());
    ApprovalPolicy needed = decision.approval();
    assertNotNull(needed);
    assertEquals(
        new ApprovalPolicy(
            List.of("account", "money"),
            Set.of(Set.of("group:payments"), Set.of("group:support", "user:ann@example.com")),
            3,
            Duration.ofMinutes(5),
            true,
            false,
            List.of("charge", "money", "ticket"),
            false,
            0,
            Duration.ZERO),
        needed);
  }

  @Test
  void aRuleCannotMakeItsPolicyLooser() throws Exception {
    RuleSet rules =
        load(
            APPROVALS,
            "rules:",
            "  - { id: a, to: api, call: POST /x, then: approve, approval: { policy: account,"
                + " votes: 1, ttl: 24h } }");
    ApprovalPolicy needed = rules.decide(post("{}")).approval();
    assertNotNull(needed);
    assertEquals(2, needed.votes());
    assertEquals(Duration.ofMinutes(30), needed.ttl());
    assertEquals(rules.approvals().get("account"), needed);
    assertNull(rules.decide(CallFacts.of("GET", "https://api.example.com/y")).approval());
  }

  @Test
  void aBreachedLimitAsksForTheApprovalOfItsRule() throws Exception {
    RuleSet rules =
        load(
            APPROVALS,
            "rules:",
            "  - id: a",
            "    to: api",
            "    call: POST /x",
            "    then: allow",
            "    approval: { policy: rare }",
            "    limits: [{ per: rule, max: 1, within: 1h, over: approve }]");
    assertNull(rules.hold(rules.decide(post("{}"))).decision().approval());
    Decision over = rules.hold(rules.decide(post("{}"))).decision();
    assertEquals(Effect.APPROVE, over.effect());
    assertEquals(rules.approvals().get("rare"), over.approval());
  }

  @Test
  void anEscalatedCallGoesToItsQueueWithItsReply() throws Exception {
    RuleSet rules =
        load(
            "rules:",
            "  - id: a",
            "    to: api",
            "    call: POST /x",
            "    then: escalate",
            "    to-queue: kyc-desk",
            "    reply: A colleague will take over.");
    Decision decision = rules.decide(post("{}"));
    assertEquals(Effect.ESCALATE, decision.effect());
    assertEquals(new HandOver("kyc-desk", "A colleague will take over."), decision.handOver());
    assertEquals("A colleague will take over.", decision.help());
  }

  @Test
  void aCategoryInAnyBodyHandsTheCallOver() throws Exception {
    RuleSet rules =
        categories("payment-card: { then: escalate, to-queue: payments, journal: type-only }");
    Decision clean = rules.decide(post("{\"t\":\"hello\"}"));
    assertEquals(Effect.ALLOW, clean.effect());
    Decision card = rules.decide(post("{\"t\":\"4242424242424242\"}"));
    assertEquals(Effect.ESCALATE, card.effect());
    assertEquals("category.payment-card", card.ruleId());
    assertEquals(List.of("category.payment-card", "allow"), card.ruleIds());
    assertEquals(new HandOver("payments", ""), card.handOver());
    assertTrue(card.help().contains("payment-card"), card.help());
    CallFacts large =
        new CallFacts(
            "POST", "https://api.example.com/x", List.of(), BodyState.TOO_LARGE, new byte[0]);
    assertTrue(rules.decide(large).blocks());
    assertEquals(
        Effect.ALLOW, rules.decide(CallFacts.of("GET", "https://api.example.com/x")).effect());
  }

  @Test
  void aCategoryMayBeMadeOfTypesAndOnlyWatch() throws Exception {
    RuleSet rules =
        categories(
            "contact: { types: [email], then: deny, mode: observe }",
            "card-or-mail: { types: [pan, email], then: approve }");
    Decision mail = rules.decide(post("{\"t\":\"a@example.com\"}"));
    assertEquals(Effect.APPROVE, mail.effect());
    assertTrue(mail.blocks());
    assertEquals(List.of("category.contact", "category.card-or-mail", "allow"), mail.ruleIds());
  }

  @Test
  void aCategoryIsLeftAloneAmongColleagues() throws Exception {
    RuleSet rules =
        load(
            "lists: { internal: [C1, C2] }",
            "categories: { contact: { types: [email], then: escalate, suppress-in: $internal } }",
            "rules: [{ id: allow, to: api, call: '* /**', then: allow }]");
    assertEquals(Effect.ALLOW, rules.decide(post("{\"channel\":\"C1\",\"t\":\"a@b\"}")).effect());
    assertEquals(
        Effect.ESCALATE, rules.decide(post("{\"channel\":\"C3\",\"t\":\"a@b\"}")).effect());
    assertEquals(Effect.ESCALATE, rules.decide(post("{\"t\":\"a@b\"}")).effect());
  }

  @Test
  void whatOtherPartsActOnIsKeptAsItWasWritten() throws Exception {
    RuleSet rules =
        load(
            "redaction: { responses: { types: [pan], with: mask }, write-back: deny }",
            "alerts:",
            "  - { id: burst, when: denies > 20 within 5m, to: [pager, slack:#sec] }",
            "  - { id: new, when: host first-seen, to: [pager] }",
            "  - { id: lag, when: unsealed > 5s, to: [pager] }",
            "retention: { raw-evidence: 14d, events: 400d, aggregates: 5y, proofs: forever,"
                + " legal-hold: [case-1] }");
    assertEquals(Redaction.With.MASK, rules.responses().with());
    assertTrue(rules.isWriteBackDenied());
    assertEquals(
        List.of(
            new Alert(
                "burst",
                "denies",
                20,
                false,
                Duration.ofMinutes(5),
                List.of("pager", "slack:#sec")),
            new Alert("new", "host", 0, false, Duration.ZERO, List.of("pager")),
            new Alert("lag", "unsealed", 5_000_000_000L, true, Duration.ZERO, List.of("pager"))),
        rules.alerts());
    assertEquals(
        new Retention(14, 400, 1830, Retention.FOREVER, List.of("case-1")), rules.retention());
    assertEquals(
        List.of("CRD119", "CRD119", "CRD119"),
        rules.warnings().stream().map(Problem::code).toList());
    assertFalse(load("serial: 1").isWriteBackDenied());
  }

  private RuleSet categories(String... categories) throws Exception {
    return load(
        "defaults: { body: { larger: { read: allow, write: allow } } }",
        "categories:",
        "  " + String.join("\n  ", categories),
        "rules: [{ id: allow, to: api, call: '* /**', then: allow }]");
  }

  private RuleSet load(String... lines) throws Exception {
    Path file =
        RuleFiles.write(
            directory,
            "version: 1\nname: people\nowner: t@example.com",
            "destinations: { api: { hosts: [api.example.com] } }",
            String.join("\n", lines));
    return RuleSet.load(file, Surroundings.of(new TestDetector()));
  }

  private static CallFacts post(String body) {
    return new CallFacts(
        "POST",
        "https://api.example.com/x",
        List.of("Content-Type", "application/json"),
        BodyState.READ,
        body.getBytes(StandardCharsets.UTF_8));
  }
}
