package dev.cordon.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A text that a forgiving server takes for the one in a rule: in another case, with blanks around
 * it, with characters that nobody sees. It is not that text, and not surely another one.
 */
class NearTextsTest {
  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "c1",
        "C1 ",
        " C1",
        "C\\u200b1",
        "C1\\u0000",
        "\\uff231",
        "C1\\n",
        "\\tC1\\u00a0",
        "C\\u00b9",
        "\\u24b8\\u2460",
        "\\ud835\\udc021",
        "C\\u03011",
        "\\u01061",
        "\\u00e71",
        "C\\ufe0f1",
        "C\\u00ad1",
        "C 1",
        "C1\\u3000"
      })
  void aNearTextIsNeitherTheOneInARuleNorSurelyAnother(String near) throws Exception {
    RuleSet rules =
        load(deny("C1"), "  - { id: b, to: api, call: POST /b, when: [c != C1], then: allow }");
    assertEquals(Effect.DENY, decide(rules, "/x", near).effect(), near);
    assertEquals("default.write", decide(rules, "/b", near).ruleId(), near);
    RuleSet exact = load(deny("C1").replace("then", "on-unknown: skip, then"));
    assertEquals(Effect.ALLOW, decide(exact, "/x", near).effect(), near);
    RuleSet list = load(deny("C1").replace("c = C1", "c in (C1 | C7)"));
    assertEquals(Effect.DENY, decide(list, "/x", near).effect(), near);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "C2",
        "C11",
        "C",
        "",
        " ",
        "C1.",
        "C-1",
        "\\u04211",
        "c10",
        "C\\u00b9\\u00b9",
        "\\u0436",
        "C1\\ud83d\\ude00"
      })
  void anyOtherTextIsAnother(String other) throws Exception {
    RuleSet rules =
        load(deny("C1"), "  - { id: b, to: api, call: POST /b, when: [c != C1], then: allow }");
    assertEquals(Effect.ALLOW, decide(rules, "/x", other).effect(), other);
    assertEquals("b", decide(rules, "/b", other).ruleId(), other);
    RuleSet list = load(deny("C1").replace("c = C1", "c in (C1 | C7)"));
    assertEquals(Effect.ALLOW, decide(list, "/x", other).effect(), other);
  }

  @Test
  void manyRulesAtOnePlaceSayTheSameOfNearTexts() throws Exception {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      lines.add(deny("C" + i).replace("id: a", "id: a" + i));
      lines.add(deny("c" + i).replace("id: a", "id: low" + i).replace("deny", "forbid"));
    }
    RuleSet rules = load(lines.toArray(new String[0]));
    assertEquals("low7", decide(rules, "/x", "c7").ruleId());
    Decision both = decide(rules, "/x", "C7"); // C7 surely, c7 perhaps: the stronger one
    assertEquals("low7", both.ruleId());
    assertEquals(List.of("low7", "a7"), both.ruleIds());
    assertEquals(List.of("low7", "a7"), decide(rules, "/x", "C7 ").ruleIds());
    assertFalse(decide(rules, "/x", "C77").blocks());
    assertFalse(decide(rules, "/x", "C 77").blocks());
  }

  @Test
  void textsInQueriesAndHeadersAreNearToo() throws Exception {
    RuleSet rules =
        load(
            "  - { id: q, to: api, call: GET /q, when: [query.c = C1], then: deny }",
            "  - { id: h, to: api, call: GET /h, when: [header.X-Env = prod], then: deny }");
    assertTrue(rules.decide(CallFacts.of("GET", "https://api.example.com/q?c=%20c1")).blocks());
    assertFalse(rules.decide(CallFacts.of("GET", "https://api.example.com/q?c=c2")).blocks());
    CallFacts header =
        new CallFacts(
            "GET",
            "https://api.example.com/h",
            List.of("X-Env", "PROD"),
            BodyState.NONE,
            new byte[0]);
    assertTrue(rules.decide(header).blocks());
  }

  @Test
  void aProofLooksAtNearTexts() throws Exception {
    // what is absent or unclear both refuse by the second rule; a near text only the old one does
    String second = "  - { id: b, to: api, call: POST /x, when: [c = C2], then: deny }";
    String skips = deny("C1").replace("then", "on-unknown: skip, then");
    Path before = write(deny("C1"), second);
    Path after = write(skips, second);
    RuleDiff.Report looser = RuleDiff.compare(before, after, Surroundings.of(new TestDetector()));
    assertTrue(looser.isLooser(), looser.toString());
    assertTrue(
        RuleDiff.compare(after, before, Surroundings.of(new TestDetector())).isProvedNoLooser());
    assertTrue(
        RuleDiff.compare(before, before, Surroundings.of(new TestDetector())).isProvedNoLooser());
    assertTrue(
        RuleDiff.compare(
                write(deny("C1").replace("c = C1", "header.X-C = C1")),
                write(skips.replace("c = C1", "header.X-C = C1")),
                Surroundings.of(new TestDetector()))
            .isLooser());
  }

  private static String deny(String channel) {
    return "  - { id: a, to: api, call: POST /x, when: [c = " + channel + "], then: deny }";
  }

  private RuleSet load(String... rules) throws Exception {
    return RuleSet.load(write(rules));
  }

  private Path write(String... rules) throws Exception {
    return RuleFiles.write(directory, lines(rules).toArray(new String[0]));
  }

  private static List<String> lines(String... rules) {
    List<String> lines =
        new ArrayList<>(
            List.of(
                "version: 1",
                "name: near",
                "owner: t@example.com",
                "defaults: { write: allow }",
                "destinations:",
                "  api: { hosts: [api.example.com] }",
                "rules:"));
    lines.addAll(List.of(rules));
    return lines;
  }

  private static Decision decide(RuleSet rules, String path, String json) {
    byte[] body = ("{\"c\":\"" + json + "\"}").getBytes(StandardCharsets.UTF_8);
    return rules.decide(
        new CallFacts(
            "POST",
            "https://api.example.com" + path,
            List.of("Content-Type", "application/json"),
            BodyState.READ,
            body));
  }
}
