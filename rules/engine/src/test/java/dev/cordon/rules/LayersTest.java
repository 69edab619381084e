package dev.cordon.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LayersTest {
  private static final String HEAD = "version: 1\nname: layers\nowner: t@example.com\n";
  private static final String API = "destinations: { api: { hosts: [api.example.com] } }\n";

  @TempDir Path directory;
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-03-02T10:00:00Z"));

  // ---- loading

  @Test
  void rulesOfAllLayersDecideTogether() throws Exception {
    RuleSet rules =
        load(
            API + rule("low", "api", "POST /x", "deny", "when: [a = 1]"),
            rule("high", "api", "POST /**", "allow"));
    assertEquals("DENY low [low, high]", decide(rules, "{\"a\":1}"));
    assertEquals("ALLOW high [high]", decide(rules, "{\"a\":2}"));
    Explanation explanation = rules.explain(post("/x", "{\"a\":1}"));
    assertEquals(
        List.of("low.yaml", "main.yaml"),
        explanation.rules().stream()
            .map(rule -> String.valueOf(Path.of(rule.file()).getFileName()))
            .sorted()
            .toList());
  }

  @Test
  void aChangedLayerIsNotLoaded() throws Exception {
    Path main = write(API, "");
    Files.writeString(directory.resolve("low.yaml"), HEAD + "# changed\n");
    assertEquals(List.of("main.yaml:5 CRD146"), errors(main));
  }

  @Test
  void theDigestIsThatOfAllLayersAndPacks() throws Exception {
    String first = load(API, rule("high", "api", "POST /**", "allow")).digest();
    String second = load(API + "# more\n", rule("high", "api", "POST /**", "allow")).digest();
    assertNotEquals(first, second);
    Path alone = Files.writeString(directory.resolve("alone.yaml"), HEAD + API);
    assertEquals(
        HexFormat.of().formatHex(sha256(Files.readAllBytes(alone))), RuleSet.load(alone).digest());
  }

  @Test
  void aLayerLiesBelowTheDirectoryOfTheFile() throws Exception {
    Path outside = Files.createDirectory(directory.resolve("outside"));
    Path inside = Files.createDirectories(directory.resolve("inside/deeper"));
    Path layer = Files.writeString(outside.resolve("layer.yaml"), HEAD + API);
    Files.writeString(inside.resolve("layer.yaml"), HEAD + API);
    Path root = directory.resolve("inside");
    Files.createSymbolicLink(root.resolve("link.yaml"), layer);
    for (String path :
        List.of(
            "../outside/layer.yaml",
            layer.toString(),
            "link.yaml",
            "missing.yaml",
            "deeper/../../outside/layer.yaml")) {
      Path main = extending(root.resolve("main.yaml"), path, layer);
      assertEquals(List.of("main.yaml:4 CRD146"), errors(main), path);
    }
    assertEquals(
        List.of(), errors(extending(root.resolve("main.yaml"), "deeper/layer.yaml", layer)));
    assertEquals(
        List.of(),
        errors(extending(root.resolve("main.yaml"), "deeper/../deeper/layer.yaml", layer)));
  }

  @Test
  void aLayerMayStandOnAnotherButNotTooDeepAndNotTwiceOnItself() throws Exception {
    Path below = Files.writeString(directory.resolve("l0.yaml"), HEAD + API);
    for (int i = 1; i <= 6; i++) {
      below = extending(directory.resolve("l" + i + ".yaml"), "l" + (i - 1) + ".yaml", below);
      assertEquals(i <= 5 ? List.of() : List.of("l1.yaml:4 CRD146"), errors(below), "depth " + i);
    }
    Path self = directory.resolve("self.yaml");
    Files.writeString(self, HEAD + "extends: [{ file: self.yaml, sha256: 00 }]\n");
    assertEquals(List.of("self.yaml:4 CRD146"), errors(self));
  }

  @Test
  void aLayerThatTwoStandOnIsReadOnce() throws Exception {
    Path base =
        Files.writeString(
            directory.resolve("base.yaml"), HEAD + API + rule("low", "api", "GET /x", "deny"));
    Path a = extending(directory.resolve("a.yaml"), "base.yaml", base);
    Path b = extending(directory.resolve("b.yaml"), "base.yaml", base);
    Path main = directory.resolve("main.yaml");
    Files.writeString(main, HEAD + "extends:\n" + entry("a.yaml", a) + entry("b.yaml", b));
    assertEquals(List.of(), errors(main));
  }

  @Test
  void errorsOfAllLayersAreToldWithTheirFile() throws Exception {
    Path main =
        write(API + rule("low", "apo", "GET /x", "deny"), rule("high", "apu", "GET /x", "deny"));
    assertEquals(
        List.of("low.yaml:7 CRD124", "main.yaml:8 CRD124"),
        errors(main).stream().sorted().toList());
  }

  @Test
  void anUnknownPackIsToldInTheLayerThatNamesIt() throws Exception {
    Path main = write("packs: [strpe/1]\n", "packs: [slakc/1]\n");
    assertEquals(
        List.of("low.yaml:4 CRD126", "main.yaml:6 CRD126"),
        errors(main).stream().sorted().toList());
  }

  // ---- what a layer may change

  @ParameterizedTest
  @ValueSource(
      strings = {
        "defaults: { mode: observe }",
        "defaults: { host: allow }",
        "defaults: { write: approve }",
        "defaults: { write-high: allow }",
        "defaults: { unknown: allow }",
        "defaults: { on-error: { write: allow } }",
        "defaults: { on-journal-down: { write: allow } }",
        "defaults: { body: { inspect-up-to: 1 KiB } }",
        "defaults: { body: { larger: { write: allow } } }",
        "defaults: { missing-field: skip }"
      })
  void defaultsMayOnlyTighten(String defaults) throws Exception {
    String strict =
        """
        defaults:
          mode: enforce
          host: deny
          write: deny
          write-high: deny
          unknown: deny
          on-error: { write: deny }
          on-journal-down: { write: deny }
          body: { inspect-up-to: 8 KiB, larger: { write: deny } }
          missing-field: matches
        """;
    assertEquals(List.of("CRD210"), codes(write(strict, defaults + "\n")));
    assertEquals(List.of(), codes(write("", defaults + "\n")));
    assertEquals(List.of(), codes(write(defaults + "\n", strict)));
  }

  @Test
  void aTighterDefaultHoldsForAll() throws Exception {
    RuleSet rules =
        load(API + "defaults: { read: allow, write: approve }\n", "defaults: { read: deny }\n");
    assertEquals(
        Effect.DENY, rules.decide(CallFacts.of("GET", "https://api.example.com/x")).effect());
    assertEquals(Effect.APPROVE, rules.decide(post("/x", "{}")).effect());
  }

  @Test
  void aDestinationMayBecomeNarrowerAndWhatWasTakenOutIsDenied() throws Exception {
    String low =
        "defaults: { host: allow, read: allow }\n"
            + "destinations: { api: { hosts: [.example.com], ports: [443, 8443] } }\n";
    RuleSet rules =
        load(
            low,
            "destinations: { api: { hosts: [api.example.com], ports: [443] }, other: { hosts:"
                + " [x.example.com] } }\n");
    assertEquals("ALLOW default.read", get(rules, "https://api.example.com/"));
    assertEquals("DENY destination.api.narrowed", get(rules, "https://x.example.com/"));
    assertEquals("DENY destination.api.narrowed", get(rules, "https://api.example.com:8443/"));
    assertEquals("ALLOW default.read", get(rules, "https://example.org/"));
    assertEquals("ALLOW default.read", get(rules, "https://api.example.com:9443/"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{ hosts: [api.example.org] }",
        "{ hosts: [api.example.com, api.example.org] }",
        "{ hosts: [.api.example.com] }",
        "{ ports: [443, 80] }",
        "{ tls: optional }",
        "{ private: true }",
        "{ hosts: [api.example.org], widen: true }"
      })
  void aDestinationMayNotBecomeWider(String destination) throws Exception {
    String low =
        "destinations: { api: { hosts: [api.example.com], ports: [443], tls: required } }\n";
    assertTrue(
        codes(write(low, "destinations: { api: " + destination + " }\n")).contains("CRD210"));
  }

  @Test
  void aDestinationMayBeWidenedWhereItsLayerIsOpen() throws Exception {
    String wider = "destinations: { api: { hosts: [api.example.org], widen: true } }\n";
    String open = "destinations: { api: { hosts: [api.example.com], open: true } }\n";
    RuleSet rules = load(open, wider);
    assertEquals("ALLOW default.read", get(rules, "https://api.example.org/"));
    assertTrue(codes(write("locked: true\n" + open, wider)).contains("CRD210"));
  }

  @Test
  void aListMayBecomeShorterAndNoRuleLooserByIt() throws Exception {
    String low =
        API
            + "lists: { some: [a, b] }\n"
            + rule("low.deny", "api", "POST /deny", "deny", "when: [c in $some]")
            + rest("low.allow", "api", "POST /allow", "allow", "when: [c in $some]")
            + rest("low.not", "api", "POST /not", "allow", "when: [{ not: c in $some }]");
    RuleSet rules =
        load(
            low,
            "lists: { some: [a] }\n"
                + rule("high", "api", "POST /high", "deny", "when: [c in $some]"));
    assertEquals(Effect.DENY, rules.decide(post("/deny", "{\"c\":\"b\"}")).effect());
    assertEquals("default.write", rules.decide(post("/allow", "{\"c\":\"b\"}")).ruleId());
    assertEquals("low.allow", rules.decide(post("/allow", "{\"c\":\"a\"}")).ruleId());
    assertEquals("default.write", rules.decide(post("/not", "{\"c\":\"b\"}")).ruleId());
    assertEquals(List.of("CRD210"), codes(write(low, "lists: { some: [a, c] }\n")));
    String open = low.replace("[a, b]", "{ items: [a, b], open: true }");
    assertEquals(List.of("CRD210"), codes(write(open, "lists: { some: [a, c] }\n")));
    RuleSet wide = load(open, "lists: { some: { items: [a, b, c], widen: true } }\n");
    assertEquals("low.allow", wide.decide(post("/allow", "{\"c\":\"c\"}")).ruleId());
  }

  @Test
  void whatALowerLayerSettledIsNotSettledAgain() throws Exception {
    assertEquals(
        List.of("CRD209"), codes(write("patterns: { p: 'a' }\n", "patterns: { p: 'b' }\n")));
    assertEquals(
        List.of("CRD209"),
        codes(write("callers: { bot: header.X-A }\n", "callers: { bot: header.X-B }\n")));
    assertEquals(
        List.of(),
        codes(write("callers: { bot: header.X-A }\n", "callers: { bot: header.x-a }\n")));
    String approvals = "approvals: { a: { approvers: [user:a] } }\n";
    assertEquals(List.of("CRD209"), codes(write(approvals, approvals)));
    assertEquals(
        List.of("CRD209"), codes(write(API, "destinations: { api: { protocol: graphql } }\n")));
  }

  @Test
  void aCallMayOnlyBeClassifiedMoreStrictly() throws Exception {
    String low = API + "classify: { write: [api GET /click/*], read: [api POST /search] }\n";
    assertEquals(List.of("CRD210"), codes(write(low, "classify: { read: [api GET /click/a] }\n")));
    RuleSet rules = load(low, "classify: { write-high: [api POST /search] }\n");
    assertEquals(CallClass.WRITE_HIGH, rules.classify(post("/search", "{}")));
  }

  @Test
  void aLineOfAHigherLayerClassifiesBeforeAMoreSpecificOneBelow() throws Exception {
    String low =
        "destinations: { api: { hosts: [api.example.com], endpoints: { graphql: [/g] } } }\n"
            + "classify: { read: [api POST /a/search, api graphql mutation touch] }\n";
    RuleSet alone = load(low, "");
    assertEquals(CallClass.READ, alone.classify(post("/a/search", "{}")));
    String touch = "{\"query\":\"mutation { touch }\"}";
    assertEquals(CallClass.READ, alone.classify(post("/g", touch)));
    RuleSet rules =
        load(
            low, "classify: { write-high: [api POST /a/**, api POST /g], read: [api GET /a/*] }\n");
    assertEquals(CallClass.WRITE_HIGH, rules.classify(post("/a/search", "{}")));
    assertEquals(CallClass.WRITE_HIGH, rules.classify(post("/g", touch)));
    // within one layer the most specific line tells
    RuleSet one =
        load(API, "classify: { write-high: [api POST /a/**], write: [api POST /a/search] }\n");
    assertEquals(CallClass.WRITE, one.classify(post("/a/search", "{}")));
  }

  @Test
  void whatIsRedactedAddsUp() throws Exception {
    RuleSet rules =
        load(
            "redaction: { outgoing: { types: [pan], with: mask, signed: pass } }\n",
            "redaction: { outgoing: { types: [email], with: token } }\n");
    assertEquals(
        new Redaction(
            List.of(),
            java.util.Map.of("pan", Redaction.With.MASK, "email", Redaction.With.TOKEN),
            Redaction.Unredacted.REFUSE),
        rules.outgoing());
    rules =
        load(
            "redaction: { logs: { types: [pan, email], with: { pan: drop, email: siv } } }\n",
            "redaction: { logs: { types: [pan, email], with: token } }\n");
    assertEquals(Redaction.With.DROP, rules.logs().with("pan"));
    assertEquals(Redaction.With.TOKEN, rules.logs().with("email"));
  }

  // ---- rules of lower layers

  @Test
  void theSameIdTwiceIsAnErrorUnlessItIsAStricterReplacement() throws Exception {
    String low = API + rule("r", "api", "POST /x/*", "approve", "when: [a > 5, b = 1]");
    assertEquals(List.of("CRD201"), codes(write(low, rule("r", "api", "POST /x/*", "deny"))));
    RuleSet rules =
        load(low, rule("r", "api", "POST /x/**", "deny", "when: [b = 1]", "replaces: r"));
    assertEquals("DENY r [r]", decide(rules, "/x/1/2", "{\"b\":1}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "call: POST /x/1, then: deny",
        "call: PUT /x/*, then: deny",
        "call: POST /x/*, then: allow",
        "call: POST /x/*, then: approve",
        "call: POST /x/*, then: redact, redact: { types: [email] }",
        "call: POST /x/*, then: escalate, when: [a > 5, c = 1]",
        "call: POST /x/*, then: escalate, mode: observe",
        "call: POST /x/*, then: escalate, when: [a > 5], on-unknown: skip"
      })
  void aReplacementThatCouldLetMoreByIsAnError(String rule) throws Exception {
    String low = API + rule("r", "api", "POST /x/*", "escalate", "when: [a > 5]");
    assertEquals(
        List.of("CRD210"),
        codes(write(low, "rules: [{ id: r, to: api, replaces: r, " + rule + " }]\n")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "call: POST /**, then: allow, when: [a < 5], limits: [{ per: rule, max: 5, within: 1h }]",
        "call: POST /x/*, then: allow, limits: [{ per: rule, max: 5, within: 1h }]",
        "call: POST /x/*, then: allow, when: [a < 5]",
        "call: POST /x/*, then: allow, when: [a < 5], limits: [{ per: rule, max: 6, within: 1h }]",
        "call: POST /x/*, then: allow, when: [a < 5], limits: [{ per: rule, max: 5, within: 59m }]",
        "call: POST /x/1, then: allow, when: [a < 5], limits: [{ per: rule, max: 5, within: 1h }]"
      })
  void anAllowanceIsReplacedByNoWiderOne(String rule) throws Exception {
    String low =
        API
            + rule(
                "r",
                "api",
                "POST /x/*",
                "allow",
                "when: [a < 5]",
                "limits: [{ per: rule, max: 5, within: 1h }]");
    assertEquals(
        List.of("CRD210"),
        codes(write(low, "rules: [{ id: r, to: api, replaces: r, " + rule + " }]\n")));
    assertEquals(
        List.of(),
        codes(
            write(
                low,
                "rules: [{ id: r, to: api, replaces: r, call: POST /x/*, then: allow, when: [a <"
                    + " 5], limits: [{ per: rule, max: 4, within: 2h }] }]\n")));
  }

  @Test
  void whatIsForbiddenOrLockedIsNotReplaced() throws Exception {
    String same = rule("r", "api", "POST /x", "forbid", "replaces: r");
    assertEquals(
        List.of("CRD210"), codes(write(API + rule("r", "api", "POST /x", "forbid"), same)));
    assertEquals(
        List.of("CRD210"),
        codes(write("locked: true\n" + API + rule("r", "api", "POST /x", "deny"), same)));
  }

  @Test
  void aWaivedRuleOnlyTellsUntilItsDayIsOver() throws Exception {
    String low = API + rule("r", "api", "POST /x", "deny");
    RuleSet rules =
        load(
            low,
            "waive: [{ rule: r, why: w, ticket: T-1, until: 2026-03-04 }]\n"
                + rule("high", "api", "POST /x", "allow"));
    Waiver waiver = new Waiver("r", "T-1", LocalDate.parse("2026-03-04"));
    assertEquals(List.of(waiver), rules.waivers());
    assertFalse(waiver.isOver(Instant.parse("2026-03-04T23:59:59Z")));
    assertTrue(waiver.isOver(Instant.parse("2026-03-05T00:00:00Z")));
    Decision waived = rules.decide(post("/x", "{}"));
    assertFalse(waived.blocks());
    assertEquals("DENY r [r, high]", text(waived));
    now.set(Instant.parse("2026-03-04T23:59:59Z"));
    assertFalse(rules.decide(post("/x", "{}")).blocks());
    now.set(Instant.parse("2026-03-05T00:00:00Z"));
    assertTrue(rules.decide(post("/x", "{}")).blocks());
  }

  @Test
  void onlySomeRulesCanBeWaived() throws Exception {
    String waive = "waive: { rule: r, why: w, ticket: T-1, until: 2026-03-04 }\n";
    assertEquals(
        List.of("CRD211"), codes(write(API + rule("r", "api", "POST /x", "forbid"), waive)));
    assertEquals(
        List.of("CRD211"), codes(write(API + rule("r", "api", "POST /x", "allow"), waive)));
    assertEquals(
        List.of("CRD211"),
        codes(write("locked: true\n" + API + rule("r", "api", "POST /x", "deny"), waive)));
    assertEquals(List.of("CRD211"), codes(write(API, waive + rule("r", "api", "POST /x", "deny"))));
    Path over =
        write(API + rule("r", "api", "POST /x", "deny"), waive.replace("2026-03-04", "2026-03-01"));
    assertEquals(
        List.of("CRD213"),
        RuleSet.check(over, surroundings()).stream().map(Problem::code).toList());
  }

  // ---- emergency

  @Test
  void anOverlayDecidesUntilItExpires() throws Exception {
    Path main = write(API, rule("high", "api", "POST /x", "allow"));
    Path overlay =
        overlay(
            "role: emergency\nexpires: 2026-03-02T12:00:00Z\n"
                + rule("stop", "any", "'* /**'", "deny"));
    RuleSet rules = RuleSet.load(main, overlay, surroundings());
    assertEquals("DENY stop [stop, high]", decide(rules, "{}"));
    assertEquals("layers", rules.name());
    now.set(Instant.parse("2026-03-02T12:00:00Z"));
    assertEquals("ALLOW high [high]", decide(rules, "{}"));
    assertNotEquals(RuleSet.load(main).digest(), rules.digest());
  }

  @Test
  void anOverlayLastsADayAtMostAndSaysSo() throws Exception {
    Path main = write(API, "");
    for (String head :
        List.of(
            "expires: 2026-03-02T12:00:00Z\n",
            "role: emergency\n",
            "role: emergency\nexpires: 2026-03-03T10:00:01Z\n",
            "role: emergency\nexpires: tomorrow\n",
            "role: other\nexpires: 2026-03-02T12:00:00Z\n",
            "role: emergency\n"
                + "expires: 2026-03-02T12:00:00Z\n"
                + "extends: [{ file: low.yaml, sha256: 00 }]\n")) {
      Path overlay = overlay(head);
      assertThrows(
          RuleFileException.class, () -> RuleSet.load(main, overlay, surroundings()), head);
    }
    RuleSet expired =
        RuleSet.load(
            main, overlay("role: emergency\nexpires: 2026-03-02T09:00:00Z\n"), surroundings());
    assertEquals(List.of("CRD213"), expired.warnings().stream().map(Problem::code).toList());
  }

  // ---- private addresses

  @Test
  void aPrivateAddressIsReachedWhereItIsMeant() throws Exception {
    RuleSet rules =
        load(
            "",
            "destinations:\n"
                + "  wide: { hosts: [0.0.0.0/0, '::/0'] }\n"
                + "  lan: { hosts: [10.1.0.0/16] }\n");
    assertEquals("ALLOW default.read", get(rules, "https://8.8.8.8/"));
    for (String ip :
        List.of(
            "10.2.0.1",
            "127.0.0.1",
            "169.254.169.254",
            "192.168.1.1",
            "172.31.0.1",
            "100.64.0.1",
            "0.0.0.0",
            "[::1]",
            "[fd00::1]",
            "[fe80::1]",
            "[::ffff:10.2.0.1]")) {
      assertEquals("DENY destination.wide.private", get(rules, "https://" + ip + "/"), ip);
    }
    RuleSet open = load("", "destinations: { wide: { hosts: [0.0.0.0/0], private: true } }\n");
    assertEquals("ALLOW default.read", get(open, "https://10.2.0.1/"));
    RuleSet lan = load("", "destinations: { lan: { hosts: [10.1.0.0/16] } }\n");
    assertEquals("ALLOW default.read", get(lan, "https://10.1.2.3/"));
  }

  // ---- how it is asked

  private static String rule(String id, String to, String call, String then, String... more) {
    return "rules:\n" + rest(id, to, call, then, more);
  }

  private static String rest(String id, String to, String call, String then, String... more) {
    StringBuilder out = new StringBuilder();
    out.append("  - id: ").append(id).append("\n    to: ").append(to);
    out.append("\n    call: ").append(call).append("\n    then: ").append(then).append('\n');
    for (String line : more) {
      out.append("    ").append(line).append('\n');
    }
    return out.toString();
  }

  private RuleSet load(String low, String main) throws Exception {
    return RuleSet.load(write(low, main), surroundings());
  }

  private Surroundings surroundings() {
    return new Surroundings(new TestDetector(), now::get, System::nanoTime, new Ledger());
  }

  /** main.yaml on low.yaml. */
  private Path write(String low, String main) throws Exception {
    Path layer = Files.writeString(directory.resolve("low.yaml"), HEAD + low);
    return Files.writeString(
        directory.resolve("main.yaml"), HEAD + "extends:\n" + entry("low.yaml", layer) + main);
  }

  private Path overlay(String text) throws Exception {
    return Files.writeString(
        directory.resolve("overlay.yaml"), HEAD.replace("layers", "emergency") + text);
  }

  private static Path extending(Path file, String path, Path layer) throws Exception {
    String line = entry(path, layer).strip().substring(2);
    return Files.writeString(file, HEAD + "extends: [" + line + "]\n");
  }

  private static String entry(String path, Path layer) throws Exception {
    String digest = HexFormat.of().formatHex(sha256(Files.readAllBytes(layer)));
    return "  - { file: " + path + ", sha256: " + digest + " }\n";
  }

  private static byte[] sha256(byte[] bytes) throws Exception {
    return MessageDigest.getInstance("SHA-256").digest(bytes);
  }

  private List<String> errors(Path file) throws Exception {
    List<String> errors = new ArrayList<>();
    for (Problem problem : RuleSet.check(file, surroundings())) {
      if (problem.isError()) {
        String name = String.valueOf(Path.of(problem.file()).getFileName());
        errors.add(name + ":" + problem.line() + " " + problem.code());
      }
    }
    return errors;
  }

  private List<String> codes(Path file) throws Exception {
    return RuleSet.check(file, surroundings()).stream()
        .filter(Problem::isError)
        .map(Problem::code)
        .toList();
  }

  private static String decide(RuleSet rules, String body) {
    return decide(rules, "/x", body);
  }

  private static String decide(RuleSet rules, String path, String body) {
    return text(rules.decide(post(path, body)));
  }

  private static String text(Decision decision) {
    return decision.effect() + " " + decision.ruleId() + " " + decision.ruleIds();
  }

  private static String get(RuleSet rules, String url) {
    Decision decision = rules.decide(CallFacts.of("GET", url));
    return decision.effect() + " " + decision.ruleId();
  }

  private static CallFacts post(String path, String body) {
    return new CallFacts(
        "POST",
        "https://api.example.com" + path,
        List.of("Content-Type", "application/json"),
        BodyState.READ,
        body.getBytes(StandardCharsets.UTF_8));
  }
}
