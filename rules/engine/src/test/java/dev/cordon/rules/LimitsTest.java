package dev.cordon.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LimitsTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long MINUTE = 60 * SECOND;
  private static final long HOUR = 60 * MINUTE;

  @TempDir Path directory;
  private final AtomicLong nowNs = new AtomicLong(Long.MAX_VALUE - HOUR); // it overflows on the way
  private final Ledger ledger = new Ledger();

  @Test
  void callsOverTheLimitAreDeniedUntilTheWindowHasPassed() throws Exception {
    RuleSet rules = limited("{ per: rule, max: 2, within: 1h }");
    assertEquals("ALLOW allowed", hold(rules, "{}"));
    nowNs.addAndGet(30 * MINUTE);
    assertEquals("ALLOW allowed", hold(rules, "{}"));
    assertEquals("DENY limit-exceeded", hold(rules, "{}"));
    nowNs.addAndGet(30 * MINUTE - 1);
    assertEquals("DENY limit-exceeded", hold(rules, "{}"));
    nowNs.addAndGet(1);
    assertEquals("ALLOW allowed", hold(rules, "{}"));
    assertEquals("DENY limit-exceeded", hold(rules, "{}"));
  }

  @Test
  void theRefusalNamesTheRuleAndTheLimit() throws Exception {
    RuleSet rules = limited("{ per: rule, max: 1, within: 24h }");
    hold(rules, "{}");
    Decision refused = rules.hold(rules.decide(post("{}"))).decision();
    assertTrue(refused.blocks());
    assertEquals("write", refused.ruleId());
    assertEquals(List.of("write"), refused.ruleIds());
    assertTrue(refused.help().startsWith("at most 1 calls within 24h; rule write"), refused.help());
  }

  @Test
  void aDecisionAloneCountsNothing() throws Exception {
    RuleSet rules = limited("{ per: rule, max: 1, within: 1h }");
    for (int i = 0; i < 5; i++) {
      assertEquals(Effect.ALLOW, rules.decide(post("{}")).effect());
      assertEquals(Effect.ALLOW, rules.explain(post("{}")).decision().effect());
    }
    assertEquals("ALLOW allowed", hold(rules, "{}"));
  }

  @Test
  void whatDidNotLeaveIsGivenBackOnce() throws Exception {
    RuleSet rules = limited("{ per: rule, max: 2, within: 1h }");
    Hold first = rules.hold(rules.decide(post("{}")));
    assertEquals("ALLOW allowed", hold(rules, "{}"));
    assertEquals("DENY limit-exceeded", hold(rules, "{}"));
    first.release();
    first.release();
    first.rejected();
    assertEquals("ALLOW allowed", hold(rules, "{}"));
    assertEquals("DENY limit-exceeded", hold(rules, "{}"));
  }

  @Test
  void aRefusedCallIsCountedUnderNoneOfItsLimits() throws Exception {
    RuleSet rules =
        limited(
            "{ per: rule, max: 2, within: 1h }",
            "{ per: subject, subject: id, max: 1, within: 1h }");
    assertEquals("ALLOW allowed", hold(rules, "{\"id\":1}"));
    for (int i = 0; i < 3; i++) {
      assertEquals("DENY limit-exceeded", hold(rules, "{\"id\":1}"));
    }
    assertEquals("ALLOW allowed", hold(rules, "{\"id\":2}"));
    assertEquals("DENY limit-exceeded", hold(rules, "{\"id\":3}"));
  }

  @Test
  void aGivenBackHoldOfARefusedCallChangesNothing() throws Exception {
    RuleSet rules = limited("{ per: rule, max: 1, within: 1h }");
    hold(rules, "{}");
    rules.hold(rules.decide(post("{}"))).release();
    assertEquals("DENY limit-exceeded", hold(rules, "{}"));
  }

  @Test
  void subjectsAreCountedApartAndByWhatTheyAre() throws Exception {
    RuleSet rules = limited("{ per: subject, subject: id, max: 1, within: 1h }");
    assertEquals("ALLOW allowed", hold(rules, "{\"id\":\"7\"}"));
    assertEquals("DENY limit-exceeded", hold(rules, "{\"id\":7.0}"));
    assertEquals("DENY limit-exceeded", hold(rules, "{\"id\":70e-1}"));
    assertEquals("ALLOW allowed", hold(rules, "{\"id\":\"7a\"}"));
    // whoever cannot be told has one account with all others who cannot
    assertEquals("ALLOW allowed", hold(rules, "{}"));
    assertEquals("DENY limit-exceeded", hold(rules, "{\"id\":null,\"id\":8}"));
    assertEquals("DENY limit-exceeded", hold(rules, "{\"id\":{\"a\":1}}"));
    assertEquals("DENY limit-exceeded", hold(rules, "not json"));
  }

  @Test
  void aBatchIsOnTheAccountOfNobody() throws Exception {
    RuleSet rules = limited("{ per: subject, subject: 'ids[]', max: 1, within: 1h }");
    assertEquals("ALLOW allowed", hold(rules, "{\"ids\":[1]}"));
    assertEquals("ALLOW allowed", hold(rules, "{\"ids\":[1,2]}"));
    assertEquals("DENY limit-exceeded", hold(rules, "{\"ids\":[1,3]}"));
    assertEquals("DENY limit-exceeded", hold(rules, "{\"ids\":[1]}"));
  }

  @Test
  void actorsAndDestinationsAreCountedApart() throws Exception {
    RuleSet actors = limited("{ per: actor, max: 1, within: 1h }");
    assertEquals("ALLOW allowed", hold(actors, facts("/x", "{}", Caller.ofService("a"))));
    assertEquals("ALLOW allowed", hold(actors, facts("/x", "{}", Caller.ofService("b"))));
    assertEquals("DENY limit-exceeded", hold(actors, facts("/x", "{}", Caller.ofService("a"))));
    assertEquals("ALLOW allowed", hold(actors, facts("/x", "{}", Caller.UNKNOWN)));
    assertEquals("DENY limit-exceeded", hold(actors, facts("/x", "{}", Caller.UNKNOWN)));
    RuleSet destinations = limited("{ per: destination, max: 1, within: 1h }");
    assertEquals("ALLOW allowed", hold(destinations, "{}"));
    assertEquals("DENY limit-exceeded", hold(destinations, "{}"));
  }

  @Test
  void moneyIsAddedUpExactlyAndUnknownMoneyIsTooMuch() throws Exception {
    RuleSet rules =
        load(
            "packs: [stripe/" + stripeVersion() + "]",
            "destinations: { stripe: { hosts: [api.stripe.com] } }",
            "rules:",
            "  - id: refund",
            "    to: stripe",
            "    call: POST /v1/refunds",
            "    then: allow",
            "    limits: [{ per: rule, sum: money, max: 1.00 EUR, within: 1h, over: approve }]");
    assertEquals("ALLOW allowed", refund(rules, "amount=33&currency=eur"));
    assertEquals("ALLOW allowed", refund(rules, "amount=66&currency=EUR"));
    assertEquals("APPROVE limit-exceeded", refund(rules, "amount=2&currency=eur"));
    assertEquals("ALLOW allowed", refund(rules, "amount=1&currency=eur"));
    assertEquals("ALLOW allowed", refund(rules, "amount=0&currency=eur"));
    assertEquals("APPROVE limit-exceeded", refund(rules, "amount=1&currency=eur"));
    for (String unclear :
        List.of(
            "",
            "amount=0",
            "amount=0&currency=usd",
            "amount=-1&currency=eur",
            "amount=1e0&currency=eur",
            "amount=0&amount=0&currency=eur",
            "amount=9999999999999999999999&currency=eur")) {
      assertEquals("APPROVE limit-exceeded", refund(rules, unclear), unclear);
    }
  }

  @Test
  void bytesAreAddedUp() throws Exception {
    RuleSet rules = limited("{ per: rule, sum: bytes, max: 10 B, within: 1h }");
    assertEquals("ALLOW allowed", hold(rules, "{\"a\":1}"));
    assertEquals("DENY limit-exceeded", hold(rules, "{\"a\":1}"));
    assertEquals("ALLOW allowed", hold(rules, "{}"));
    CallFacts large =
        new CallFacts(
            "POST", "https://api.example.com/x", List.of(), BodyState.TOO_LARGE, new byte[0]);
    RuleSet letsLarge =
        limitedWith(
            "defaults: { body: { larger: { write: allow } } }",
            "{ per: rule, sum: bytes, max: 1 GiB, within: 1h }");
    assertEquals("DENY limit-exceeded", hold(letsLarge, large));
  }

  @Test
  void anObservedRuleOrFileTellsAndCountsOn() throws Exception {
    RuleSet rules =
        load(
            "destinations: { api: { hosts: [api.example.com] } }",
            "rules:",
            "  - { id: allow, to: api, call: POST /x, then: allow }",
            "  - id: watch",
            "    mode: observe",
            "    to: api",
            "    call: POST /x",
            "    then: allow",
            "    limits: [{ per: rule, max: 1, within: 1h }]");
    assertEquals("ALLOW allowed", hold(rules, "{}"));
    Decision told = rules.hold(rules.decide(post("{}"))).decision();
    assertFalse(told.blocks());
    assertEquals(Effect.DENY, told.effect());
    assertEquals("watch", told.ruleId());
    RuleSet file = limitedWith("defaults: { mode: observe }", "{ per: rule, max: 1, within: 1h }");
    assertEquals("ALLOW allowed", hold(file, "{}"));
    assertEquals("DENY limit-exceeded", hold(file, "{}"));
    assertFalse(file.hold(file.decide(post("{}"))).decision().blocks());
  }

  @Test
  void theStrongestBreachIsTold() throws Exception {
    RuleSet rules =
        limited(
            "{ per: rule, max: 1, within: 1h, over: approve }",
            "{ per: destination, max: 1, within: 1h, over: escalate }");
    assertEquals("ALLOW allowed", hold(rules, "{}"));
    assertEquals("ESCALATE limit-exceeded", hold(rules, "{}"));
  }

  @Test
  void theSameWriteTwiceIsADuplicate() throws Exception {
    RuleSet rules = idempotent("{ key: [charge, amount], within: 24h }");
    assertEquals("ALLOW allowed", hold(rules, "{\"charge\":\"c\",\"amount\":1}"));
    assertEquals("DENY duplicate-write", hold(rules, "{\"charge\":\"c\",\"amount\":1.00}"));
    assertEquals(
        "DENY duplicate-write", hold(rules, "{\"amount\":\"1\",\"charge\":\"c\",\"x\":2}"));
    assertEquals("ALLOW allowed", hold(rules, "{\"charge\":\"c\",\"amount\":2}"));
    assertEquals("ALLOW allowed", hold(rules, "{\"charge\":\"c\"}"));
    assertEquals("DENY duplicate-write", hold(rules, "{\"charge\":\"c\"}"));
    assertEquals("ALLOW allowed", hold(rules, facts("/y", "{\"charge\":\"c\"}", Caller.UNKNOWN)));
    nowNs.addAndGet(24 * HOUR);
    assertEquals("ALLOW allowed", hold(rules, "{\"charge\":\"c\",\"amount\":1}"));
  }

  @Test
  void aWriteThatCannotBeComparedIsADuplicate() throws Exception {
    RuleSet rules = idempotent("{ key: [charge], within: 24h, duplicate: approve }");
    assertEquals("APPROVE duplicate-write", hold(rules, "{\"charge\":{}}"));
    assertEquals("APPROVE duplicate-write", hold(rules, "{\"charge\":1,\"charge\":2}"));
    assertEquals("APPROVE duplicate-write", hold(rules, "broken"));
  }

  @Test
  void whatTheOtherSideRejectedMayBeMadeAgainButCounts() throws Exception {
    RuleSet rules =
        load(
            "destinations: { api: { hosts: [api.example.com] } }",
            "rules:",
            "  - id: write",
            "    to: api",
            "    call: POST /**",
            "    then: allow",
            "    limits: [{ per: rule, max: 3, within: 1h }]",
            "    idempotency: { key: [charge], within: 24h }");
    Hold first = rules.hold(rules.decide(post("{\"charge\":1}")));
    assertEquals("DENY duplicate-write", hold(rules, "{\"charge\":1}"));
    first.rejected();
    assertEquals("ALLOW allowed", hold(rules, "{\"charge\":1}"));
    assertEquals("ALLOW allowed", hold(rules, "{\"charge\":2}"));
    assertEquals("DENY limit-exceeded", hold(rules, "{\"charge\":3}"));
  }

  @Test
  void aDuplicateKeyMayStandInTheQueryAndTheHeaders() throws Exception {
    RuleSet rules = idempotent("{ key: [query.q, header.X-Key], within: 1h }");
    assertEquals("ALLOW allowed", hold(rules, headers("?q=1", "X-Key", "k")));
    assertEquals("DENY duplicate-write", hold(rules, headers("?q=1", "x-key", "k")));
    assertEquals("ALLOW allowed", hold(rules, headers("?q=2", "x-key", "k")));
    assertEquals("ALLOW allowed", hold(rules, headers("", "x-key", "k")));
    assertEquals("DENY duplicate-write", hold(rules, headers("", "x-key", "k", "X-KEY", "l")));
  }

  @Test
  void aLargerBodyThanTheRuleLetsIsRefused() throws Exception {
    RuleSet rules =
        load(
            "destinations: { api: { hosts: [api.example.com] } }",
            "rules:",
            "  - { id: r, to: api, call: POST /x, then: allow, size: { body: 7 B } }");
    assertEquals("ALLOW allowed", hold(rules, "{\"a\":1}"));
    assertEquals("DENY body-over-size", decision(rules.decide(post("{\"a\":12}"))));
  }

  @Test
  void whatWasSpentOutlivesTheRuleFile() throws Exception {
    RuleSet first = limited("{ per: rule, max: 2, within: 1h }");
    assertEquals("ALLOW allowed", hold(first, "{}"));
    RuleSet second = limited("{ per: rule, max: 3, within: 2h }");
    assertEquals("ALLOW allowed", hold(second, "{}"));
    assertEquals("ALLOW allowed", hold(second, "{}"));
    assertEquals("DENY limit-exceeded", hold(second, "{}"));
    assertEquals("DENY limit-exceeded", hold(first, "{}"));
    RuleSet other =
        load(
            "destinations: { api: { hosts: [api.example.com] } }",
            "rules:",
            "  - id: other",
            "    to: api",
            "    call: POST /**",
            "    then: allow",
            "    limits: [{ per: rule, max: 1, within: 1h }]");
    assertEquals("ALLOW allowed", hold(other, "{}"));
  }

  @Test
  void withMoreSubjectsThanCanBeToldApartTheLimitIsNotLooser() throws Exception {
    RuleSet rules = limited("{ per: subject, subject: id, max: 2, within: 1h }");
    for (int id = 0; id < LimitAccount.MAX_KEYS; id++) {
      assertEquals("ALLOW allowed", hold(rules, "{\"id\":" + id + "}"));
    }
    // who comes now shares one account
    assertEquals("ALLOW allowed", hold(rules, "{\"id\":-1}"));
    assertEquals("ALLOW allowed", hold(rules, "{\"id\":-2}"));
    assertEquals("DENY limit-exceeded", hold(rules, "{\"id\":-3}"));
    assertEquals("ALLOW allowed", hold(rules, "{\"id\":5}"));
    assertEquals("DENY limit-exceeded", hold(rules, "{\"id\":5}"));
    nowNs.addAndGet(HOUR);
    assertEquals("ALLOW allowed", hold(rules, "{\"id\":-3}"));
    assertEquals("ALLOW allowed", hold(rules, "{\"id\":-4}"));
    assertEquals("ALLOW allowed", hold(rules, "{\"id\":-4}"));
    assertEquals("DENY limit-exceeded", hold(rules, "{\"id\":-4}"));
  }

  @Test
  void aFullMemoryOfWritesRefusesRatherThanForgets() {
    SeenKeys seen = new SeenKeys();
    long at = 5;
    for (long key = 1; key <= SeenKeys.MAX_KEYS; key++) {
      assertTrue(seen.hasRoom(at, HOUR));
      seen.add(key * 0x9E3779B97F4A7C15L, at, HOUR);
    }
    assertFalse(seen.hasRoom(at, HOUR));
    assertTrue(seen.has(0x9E3779B97F4A7C15L, at, HOUR));
    assertTrue(seen.hasRoom(at + HOUR, HOUR));
    assertFalse(seen.has(0x9E3779B97F4A7C15L, at + HOUR, HOUR));
  }

  @Test
  void racingCallsNeverSpendMoreThanTheLimit() throws Exception {
    int max = 40;
    RuleSet rules = limited("{ per: rule, max: " + max + ", within: 1h }");
    AtomicInteger allowed = new AtomicInteger();
    CountDownLatch ready = new CountDownLatch(8);
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 8; t++) {
      int released = t;
      Thread thread =
          new Thread(
              () -> {
                ready.countDown();
                try {
                  ready.await();
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
                for (int i = 0; i < 200; i++) {
                  Hold hold = rules.hold(rules.decide(post("{}")));
                  if (hold.decision().blocks()) {
                    continue;
                  }
                  if ((i + released) % 2 == 0) {
                    hold.release();
                  } else {
                    allowed.incrementAndGet();
                  }
                }
              });
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(max, allowed.get());
  }

  // ---- how it is asked

  private RuleSet limited(String... limits) throws Exception {
    return limitedWith("serial: 1", limits);
  }

  private RuleSet limitedWith(String line, String... limits) throws Exception {
    return load(
        line,
        "destinations: { api: { hosts: [api.example.com] } }",
        "rules:",
        "  - id: write",
        "    to: api",
        "    call: POST /x",
        "    then: allow",
        "    limits: [" + String.join(", ", limits) + "]");
  }

  private RuleSet idempotent(String idempotency) throws Exception {
    return load(
        "destinations: { api: { hosts: [api.example.com] } }",
        "rules:",
        "  - id: write",
        "    to: api",
        "    call: POST /**",
        "    then: allow",
        "    idempotency: " + idempotency);
  }

  private RuleSet load(String... lines) throws Exception {
    Path file =
        RuleFiles.write(
            directory,
            "version: 1\nname: limits\nowner: t@example.com\n" + String.join("\n", lines));
    return RuleSet.load(
        file, new Surroundings(new TestDetector(), InstantSource.system(), nowNs::get, ledger));
  }

  private static String stripeVersion() {
    return String.valueOf(
        new String(stripe(), StandardCharsets.UTF_8)
            .lines()
            .filter(line -> line.startsWith("pack: "))
            .findFirst()
            .orElseThrow()
            .replaceAll(".*/", "")
            .strip());
  }

  private static byte[] stripe() {
    try (java.io.InputStream in =
        LimitsTest.class.getResourceAsStream(PackReader.FOLDER + "stripe.yaml")) {
      return in == null ? new byte[0] : in.readAllBytes();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static String hold(RuleSet rules, String body) {
    return hold(rules, post(body));
  }

  private static String hold(RuleSet rules, CallFacts facts) {
    return decision(rules.hold(rules.decide(facts)).decision());
  }

  private static String decision(Decision decision) {
    return decision.effect() + " " + decision.reason().code();
  }

  private static String refund(RuleSet rules, String form) {
    return hold(
        rules,
        new CallFacts(
            "POST",
            "https://api.stripe.com/v1/refunds",
            List.of("Content-Type", "application/x-www-form-urlencoded"),
            BodyState.READ,
            form.getBytes(StandardCharsets.UTF_8)));
  }

  private static CallFacts post(String body) {
    return facts("/x", body, Caller.UNKNOWN);
  }

  private static CallFacts facts(String path, String body, Caller caller) {
    return new CallFacts(
        "POST",
        "https://api.example.com" + path,
        List.of("Content-Type", "application/json"),
        BodyState.READ,
        body.getBytes(StandardCharsets.UTF_8),
        caller);
  }

  private static CallFacts headers(String query, String... headers) {
    return new CallFacts(
        "POST", "https://api.example.com/x" + query, List.of(headers), BodyState.NONE, new byte[0]);
  }
}
