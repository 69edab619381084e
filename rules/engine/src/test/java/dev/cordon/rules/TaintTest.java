package dev.cordon.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code taint(FIELD) = SOURCE} in rules, cases, bundles and comparisons. */
class TaintTest {
  private static final String HEAD =
      """
      version: 1
      name: taint
      owner: t@example.com
      destinations:
        pay: { hosts: [pay.example.com] }
        crm: { hosts: [crm.example.com], category: crm }
        chat: { hosts: [chat.example.com], category: channel }
      rules:
      """;
  private static final String REFUND =
      "  - { id: known, to: pay, call: POST /refunds, when: [taint(charge) = crm], then: allow }\n";
  private static final String POST =
      """
        - { id: post, to: chat, call: POST /posts, then: allow }
        - { id: leak, to: chat, call: POST /posts, when: [taint(text) = crm], on-unknown: skip, then: deny }
        - { id: key, to: chat, call: POST /posts, when: [taint(text) = secret], on-unknown: skip, then: forbid }
      """;

  private static final Detector DETECTOR =
      new Detector() {
        @Override
        public Set<String> types() {
          return Set.of("secret");
        }

        @Override
        public Set<String> typesOf(String category) {
          return Set.of();
        }

        @Override
        public Truth isIn(String text, String type) {
          return Truth.of(text.contains("SECRET"));
        }

        @Override
        public Truth isIn(byte[] body, String contentType, Set<String> types) {
          return Truth.UNKNOWN;
        }
      };

  @TempDir Path directory;

  private RuleSet load(String rules) throws Exception {
    return RuleSet.load(RuleFiles.write(directory, HEAD + rules), Surroundings.of(DETECTOR));
  }

  private static String decided(RuleSet rules, String url, String body) {
    CallFacts facts =
        new CallFacts(
            "POST",
            url,
            List.of("Content-Type", "application/json"),
            BodyState.READ,
            body.getBytes(StandardCharsets.UTF_8));
    Decision decision = rules.decide(facts, new Trail());
    return decision.effect() + " " + decision.ruleId();
  }

  @Test
  void anAllowingRuleWantsTheWholeValueToHaveBeenSeen() throws Exception {
    RuleSet rules = load(REFUND);
    String url = "https://pay.example.com/refunds";
    assertEquals("DENY default.write", decided(rules, url, "{\"charge\":\"ch_3Abc123\"}"));
    rules.origins().learn(Origins.Source.CRM, "ch_3Abc123");
    assertEquals("ALLOW known", decided(rules, url, "{\"charge\":\"ch_3Abc123\"}"));
    assertEquals("DENY default.write", decided(rules, url, "{\"charge\":\"ch_3Abc123 or ch_9\"}"));
    assertEquals("DENY default.write", decided(rules, url, "{\"charge\":\"CH_3ABC123\"}"));
    assertEquals("DENY default.write", decided(rules, url, "{\"other\":\"ch_3Abc123\"}"));
    assertEquals(
        "DENY default.write",
        decided(rules, url, "{\"charge\":\"ch_3Abc123\",\"charge\":\"ch_3Abc123\"}"));
    assertEquals("DENY default.write", decided(rules, url, "{\"charge\":{\"a\":\"ch_3Abc123\"}}"));
  }

  @Test
  void aNumberIsKnownByItsDigits() throws Exception {
    RuleSet rules = load(REFUND);
    rules.origins().learn(Origins.Source.CRM, "12345678");
    String url = "https://pay.example.com/refunds";
    assertEquals("ALLOW known", decided(rules, url, "{\"charge\":12345678}"));
    assertEquals("ALLOW known", decided(rules, url, "{\"charge\":\"12345678\"}"));
    assertEquals("DENY default.write", decided(rules, url, "{\"charge\":12345679}"));
  }

  @Test
  void ofSeveralValuesAnAllowingRuleWantsEachToHaveBeenSeenAndOneAtLeast() throws Exception {
    RuleSet rules = load(REFUND.replace("taint(charge) = crm", "'taint(items[].charge) = crm'"));
    String url = "https://pay.example.com/refunds";
    rules.origins().learn(Origins.Source.CRM, "ch_3Abc123");
    rules.origins().learn(Origins.Source.CRM, "ch_4Abc123");
    String known = "{\"charge\":\"ch_3Abc123\"}";
    String other = "{\"charge\":\"ch_4Abc123\"}";
    String madeUp = "{\"charge\":\"ch_9Fake99\"}";
    assertEquals("ALLOW known", decided(rules, url, items(known)));
    assertEquals("ALLOW known", decided(rules, url, items(known, other)));
    assertEquals("DENY default.write", decided(rules, url, items(known, madeUp)));
    assertEquals("DENY default.write", decided(rules, url, items(madeUp, known)));
    assertEquals("DENY default.write", decided(rules, url, items(known, "{}")));
    assertEquals("DENY default.write", decided(rules, url, items(known, "{\"charge\":null}")));
    assertEquals("DENY default.write", decided(rules, url, items(known, "{\"charge\":[]}")));
    assertEquals("DENY default.write", decided(rules, url, items(known, "7")));
    assertEquals("DENY default.write", decided(rules, url, items()));
    assertEquals("DENY default.write", decided(rules, url, "{}"));
  }

  @Test
  void ofSeveralValuesOneIsEnoughForARestrictingRule() throws Exception {
    RuleSet rules =
        load(
            POST.replaceAll("taint.text. = (\\w+)", "'taint(items[].charge) = $1'")
                + "  - { id: strange, to: pay, call: POST /refunds, then: deny,"
                + " when: [{ not: 'taint(items[].charge) = crm' }] }\n"
                + "  - { id: refund, to: pay, call: POST /refunds, then: allow }\n");
    rules.origins().learn(Origins.Source.CRM, "ch_3Abc123");
    String known = "{\"charge\":\"ch_3Abc123\"}";
    String madeUp = "{\"charge\":\"ch_9Fake99\"}";
    String posts = "https://chat.example.com/posts";
    assertEquals("DENY leak", decided(rules, posts, items(madeUp, known)));
    assertEquals("DENY leak", decided(rules, posts, items(known, madeUp)));
    assertEquals("ALLOW post", decided(rules, posts, items(madeUp)));
    String refunds = "https://pay.example.com/refunds";
    assertEquals("ALLOW refund", decided(rules, refunds, items(known)));
    assertEquals("DENY strange", decided(rules, refunds, items(known, madeUp)));
  }

  private static String items(String... items) {
    return "{\"items\":[" + String.join(",", items) + "]}";
  }

  @Test
  void aValueBehindManyWordsIsSeen() throws Exception {
    RuleSet rules = load(POST);
    rules.origins().learn(Origins.Source.CRM, "ch_3Abc123");
    String url = "https://chat.example.com/posts";
    String body = "{\"text\":\"" + "well then ".repeat(20_000) + "ch_3Abc123\"}";
    assertEquals("DENY leak", decided(rules, url, body));
  }

  @Test
  void aRestrictingRuleHoldsForAPartOfAValue() throws Exception {
    RuleSet rules = load(POST);
    String url = "https://chat.example.com/posts";
    String body = "{\"text\":\"Hello Bob Miller, your number is 4\"}";
    assertEquals("ALLOW post", decided(rules, url, body));
    rules.origins().learn(Origins.Source.CRM, "Bob Miller");
    assertEquals("DENY leak", decided(rules, url, body));
    assertEquals("ALLOW post", decided(rules, url, "{\"text\":\"Hello Ann\"}"));
  }

  @Test
  void whatTheDetectorKnowsAsASecretIsOne() throws Exception {
    RuleSet rules = load(POST);
    String url = "https://chat.example.com/posts";
    assertEquals("FORBID key", decided(rules, url, "{\"text\":\"use SECRET now\"}"));
    assertEquals("ALLOW post", decided(rules, url, "{\"text\":\"use hk-77aa88bb99 now\"}"));
    rules.origins().learn(Origins.Source.SECRET, "Bearer hk-77aa88bb99");
    assertEquals("FORBID key", decided(rules, url, "{\"text\":\"use hk-77aa88bb99 now\"}"));
  }

  @Test
  void withoutSkipARestrictingRuleHoldsForWhatIsNotKnownAndSaysSo() throws Exception {
    RuleSet rules =
        load(
            "  - { id: a, to: chat, call: POST /posts, then: allow }\n"
                + "  - { id: b, to: chat, call: POST /posts, when: [{ not: taint(text) = crm }],"
                + " then: deny }\n"
                + "  - { id: c, to: chat, call: POST /c, when: [taint(text) = crm], then: deny }\n"
                + "  - { id: d, to: chat, call: POST /d, when: [{ not: taint(text) = crm }],"
                + " then: allow }\n");
    String url = "https://chat.example.com/posts";
    assertEquals("DENY b", decided(rules, url, "{\"text\":\"ch_3Abc123\"}"));
    rules.origins().learn(Origins.Source.CRM, "ch_3Abc123");
    assertEquals("ALLOW a", decided(rules, url, "{\"text\":\"ch_3Abc123\"}"));
    assertEquals(
        List.of("CRD214 11", "CRD214 12"),
        rules.warnings().stream().map(one -> one.code() + " " + one.line()).toList());
  }

  @Test
  void aRuleThatOnlyAsksWhereAValueCameFromMaySkipWhatIsNotKnown() throws Exception {
    assertEquals(List.of(), load(POST).warnings());
    RuleSet more = load(POST.replace("[taint(text) = crm]", "[taint(text) = crm, to = x]"));
    assertEquals("CRD305", more.warnings().get(0).code());
  }

  @Test
  void onlyTheAnswersOfDestinationsThatARuleAsksForAreRead() throws Exception {
    assertEquals(Map.of("crm", Origins.Source.CRM), load(REFUND).originsOfAnswers());
    assertEquals(Map.of("crm", Origins.Source.CRM), load(POST).originsOfAnswers());
    assertTrue(load(POST).asksForSecrets());
    assertFalse(load(REFUND).asksForSecrets());
    String none = "  - { id: a, to: chat, call: POST /posts, then: allow }\n";
    assertEquals(Map.of(), load(none).originsOfAnswers());
  }

  @Test
  void oneDecisionSeesOneTruthWhateverIsLearnedMeanwhile() throws Exception {
    RuleSet rules = load(REFUND);
    CallFacts facts =
        new CallFacts(
            "POST",
            "https://pay.example.com/refunds",
            List.of("Content-Type", "application/json"),
            BodyState.READ,
            "{\"charge\":\"ch_3Abc123\"}".getBytes(StandardCharsets.UTF_8));
    ReadCall call = rules.read(facts);
    assertEquals(Effect.DENY, call.decide().effect());
    rules.origins().learn(Origins.Source.CRM, "ch_3Abc123");
    assertEquals(Effect.DENY, call.decide().effect());
    assertEquals(Effect.ALLOW, rules.read(facts).decide().effect());
  }

  // ---- cases, bundles, comparisons

  private static final String CASES =
      """
      tests:
        - { call: pay POST /refunds, body: { charge: ch_3Abc123 }, seen: { crm: ch_3Abc123 }, expect: allow, rule: known }
        - { call: pay POST /refunds, body: { charge: ch_3Abc123 }, seen: { crm: [x_111111, ch_4Abc123] }, expect: deny }
        - { call: pay POST /refunds, body: { charge: ch_3Abc123 }, seen: { customer-text: ch_3Abc123 }, expect: deny }
        - { call: pay POST /refunds, body: { charge: ch_3Abc123 }, expect: deny }
      """;

  @Test
  void aCaseSaysWhatWasSeenBefore() throws Exception {
    Path file = RuleFiles.write(directory, HEAD + REFUND + CASES);
    RuleTests.Report report = RuleTests.run(file, Surroundings.of(DETECTOR));
    assertEquals(0, report.failures(), report.toString());
    assertEquals(4, report.outcomes().size());
    assertEquals(List.of(), RuleLint.check(file, Surroundings.of(DETECTOR)));
  }

  @Test
  void anUnknownSourceInACaseIsAnError() throws Exception {
    Path file =
        RuleFiles.write(directory, HEAD + REFUND + CASES.replace("customer-text:", "customer:"));
    assertEquals(
        List.of("CRD111"),
        RuleLint.check(file, Surroundings.of(DETECTOR)).stream().map(Problem::code).toList());
  }

  @Test
  void aBundleAsksAsItsTextDoes() throws Exception {
    Path text = RuleFiles.write(directory, "serial: 3\n" + HEAD + REFUND + POST + CASES);
    Path bundle = directory.resolve("taint.cbundle");
    Surroundings surroundings = Surroundings.of(DETECTOR);
    Files.write(bundle, Bundle.build(text, surroundings));
    RuleSet rules = RuleSet.load(bundle, surroundings);
    assertEquals(Map.of("crm", Origins.Source.CRM), rules.originsOfAnswers());
    assertTrue(rules.asksForSecrets());
    rules.origins().learn(Origins.Source.CRM, "ch_3Abc123");
    assertEquals(
        "ALLOW known",
        decided(rules, "https://pay.example.com/refunds", "{\"charge\":\"ch_3Abc123\"}"));
    assertEquals(0, RuleTests.run(bundle, surroundings).failures());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[taint(charge) = crm] | [] | true",
        "[] | [taint(charge) = crm] | false",
        "[taint(charge) = crm] | [taint(charge) = customer-text] | true",
        "[taint(charge) = crm] | [taint(charge) = crm, amount <= 5] | false",
        "[taint(charge) = crm] | [{ any: [taint(charge) = crm, taint(charge) = secret] }] | true",
        "[taint(charge) = crm] | [{ any: [taint(charge) = crm] }] | false",
        "['taint(items[].id) = crm'] | ['items[].id exists'] | true",
        "[taint(header.X-Charge) = crm] | [header.X-Charge exists] | true",
      })
  void aComparisonTellsWhereValuesCameFrom(String before, String after, boolean looser)
      throws Exception {
    RuleDiff.Report report =
        RuleDiff.compare(
            RuleFiles.write(directory, HEAD + REFUND.replace("[taint(charge) = crm]", before)),
            RuleFiles.write(directory, HEAD + REFUND.replace("[taint(charge) = crm]", after)),
            Surroundings.of(DETECTOR));
    assertEquals(looser, report.isLooser(), report.toString());
    assertEquals(List.of(), report.gaps());
  }

  @Test
  void anExampleSaysWhereItsValuesCameFrom() throws Exception {
    RuleDiff.Report report =
        RuleDiff.compare(
            RuleFiles.write(directory, HEAD + REFUND),
            RuleFiles.write(directory, HEAD + REFUND.replace("= crm", "= customer-text")),
            Surroundings.of(DETECTOR));
    RuleDiff.Difference looser =
        report.differences().stream()
            .filter(one -> one.change() == RuleDiff.Change.LOOSER)
            .findFirst()
            .orElseThrow();
    RuleDiff.Example example = Objects.requireNonNull(looser.example());
    assertEquals(List.of("customer-text at body charge"), example.origins());
  }
}
