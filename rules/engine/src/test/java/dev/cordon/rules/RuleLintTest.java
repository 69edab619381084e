package dev.cordon.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RuleLintTest {

  /** Those that are told by no other part of the reader. */
  static final Set<String> CODES =
      Set.of(
          "CRD150", "CRD204", "CRD205", "CRD207", "CRD212", "CRD301", "CRD302", "CRD304", "CRD306",
          "CRD402");

  private static final String HEAD =
      """
      version: 1
      name: lint
      owner: tests@example.com
      packs: [stripe/1]
      destinations:
        stripe: { hosts: [api.stripe.com] }
        crm: { hosts: [crm.example.com] }
      """;

  @TempDir Path directory;

  @Test
  void aRuleThatAStrongerOneCoversCanNeverDecide() throws IOException {
    String weak = rule("weak", "crm", "POST /notes/*", "[kind = a, size > 10]", "allow");
    assertEquals(
        List.of("9 CRD204"), lint(weak, rule("strong", "crm", "* /notes/**", "[]", "deny")));
    assertEquals(List.of("9 CRD204"), lint(weak, rule("s", "any", "* /**", "[size > 9]", "deny")));
    assertEquals(
        List.of("9 CRD204"),
        lint(weak, rule("s", "crm", "* /**", "[kind in (a | b)]", "escalate")));
  }

  @Test
  void aRuleOfWhichSomethingIsLeftDecides() throws IOException {
    String weak = rule("weak", "crm", "POST /notes/*", "[kind = a, size > 10]", "allow");
    for (String other :
        List.of(
            rule("s", "crm", "GET /notes/**", "[]", "deny"),
            rule("s", "stripe", "* /**", "[]", "deny"),
            rule("s", "crm", "* /notes/x", "[]", "deny"),
            rule("s", "crm", "* /**", "[size > 11]", "deny"),
            rule("s", "crm", "* /**", "[kind = b]", "deny"),
            rule("s", "crm", "* /**", "[other = 1]", "deny"),
            rule("s", "crm", "* /**", "[]", "allow"))) {
      assertEquals(List.of(), lint(weak, other), other);
    }
    // what is unreadable passes the stronger rule by, and meets this one
    assertEquals(
        List.of("19 CRD305"),
        lint(
            rule("weak", "crm", "POST /a", "[]", "approve"),
            rule("s", "crm", "POST /a", "[kind = a]", "deny") + "    on-unknown: skip\n"));
  }

  @Test
  void anAllowedRuleUnderAnObservedDenialIsNeverNamed() throws IOException {
    String weak = rule("weak", "crm", "POST /notes/*", "[]", "allow");
    String pilot = rule("pilot", "crm", "POST /**", "[]", "deny") + "    mode: observe\n";
    assertEquals(List.of("9 CRD205"), lint(weak, pilot));
    assertEquals(
        List.of(),
        lint(weak + "    mode: observe\n", pilot).stream()
            .filter(code -> code.endsWith("CRD205"))
            .toList());
  }

  @Test
  void conditionsThatNeverHoldTogetherAreTold() throws IOException {
    for (String when :
        List.of(
            "[amount > 5, amount < 5]",
            "[amount >= 5, amount < 5]",
            "[amount = 1, amount = 2]",
            "[reason = duplicate, reason in (fraudulent | other)]",
            "[money > 5 EUR, money < 9 USD]",
            "[reason.length > 9, reason.length < 3]")) {
      assertEquals(
          List.of("12 CRD207"), lint(rule("r", "stripe", "POST /v1/refunds", when, "deny")), when);
    }
    for (String when :
        List.of(
            "[a >= 5, a <= 5]",
            "[a > 1, b < 1]",
            "['a[].b = 1', 'a[].b = 2']",
            "[kind in (a | b), kind in (b | c)]",
            "[a > 1, a.length < 1]")) {
      assertEquals(List.of(), lint(rule("r", "crm", "POST /x", when, "deny")), when);
    }
  }

  @Test
  void moreThan64RulesAtOneEndpointAreTold() throws IOException {
    String[] many = new String[65];
    for (int i = 0; i < many.length; i++) {
      many[i] = rule("r" + i, "crm", "POST /x", "[kind = k" + i + "]", "deny");
    }
    assertEquals(List.of((9 + 64 * 5) + " CRD212"), lint(many));
    many[64] = rule("r64", "crm", "POST /y", "[kind = k64]", "deny");
    assertEquals(List.of(), lint(many));
  }

  @Test
  void moneyThatLeavesWithoutABoundOrAnApprovalIsTold() throws IOException {
    String free = rule("free", "stripe", "POST /v1/refunds", "[reason = duplicate]", "allow");
    assertEquals(List.of("9 CRD301"), lint(free));
    assertEquals(
        List.of("9 CRD301"),
        lint(free, rule("a", "stripe", "POST /v1/refunds", "[reason = fraudulent]", "approve")));
    assertEquals(
        List.of(),
        lint(free, rule("a", "stripe", "POST /v1/refunds", "[money > 25 EUR]", "approve")));
    assertEquals(
        List.of(), lint(rule("f", "stripe", "POST /v1/refunds", "[money <= 25 EUR]", "allow")));
    assertEquals(
        List.of(),
        lint(
            rule("f", "stripe", "POST /v1/refunds", "[]", "allow")
                + "    limits: [{ per: rule, sum: money, max: 9 EUR, within: 1h }]\n"));
    assertEquals(List.of(), lint(rule("f", "stripe", "GET /v1/**", "[]", "allow")));
  }

  @Test
  void addressesAndAccountsThatAreChangedUnaskedAreTold() throws IOException {
    String free = rule("free", "stripe", "POST /v1/customers/*", "[]", "allow");
    assertEquals(List.of("9 CRD302"), lint(free));
    assertEquals(List.of(), lint(free + "    fields: { allow: [description], others: deny }\n"));
    assertEquals(
        List.of(),
        lint(free, rule("a", "stripe", "POST /v1/customers/*", "[address exists]", "approve")));
  }

  private static final String DESK =
      """
      version: 1
      name: lint
      owner: tests@example.com
      packs: [zendesk/1, shopify/1]
      destinations:
        zendesk: { hosts: [acme.zendesk.com] }
        shopify: { hosts: [acme.myshopify.com] }
      """;

  private static final String TICKETS =
      rule("t", "zendesk", "PUT /api/v2/tickets/*", "[]", "allow");

  @Test
  void aStarOverWhatCannotBeTakenBackIsTold() throws IOException {
    assertEquals(
        List.of(
            "rule 't' allows more than it reads as; write-high, says the pack, is"
                + " ticket.update-many (PUT /api/v2/tickets/update_many)"),
        stars("", TICKETS));
    for (String other :
        List.of(
            rule("s", "zendesk", "PUT /api/v2/tickets/*_many", "[]", "deny")
                + "    mode: observe\n",
            rule("s", "zendesk", "PUT /api/v2/tickets/*_many", "[query.ids exists]", "deny"),
            rule("s", "zendesk", "POST /api/v2/tickets/*_many", "[]", "deny"),
            rule("s", "zendesk", "PUT /api/v2/tickets/update_man", "[]", "deny"),
            rule("s", "shopify", "PUT /api/v2/tickets/*_many", "[]", "deny"),
            rule("s", "zendesk", "PUT /api/v2/tickets/update_many", "[a = 1]", "allow"))) {
      assertEquals(1, stars("", TICKETS, other).size(), other);
    }
    for (String one :
        List.of(
            "* /api/v2/tickets/7", // deletes it, too
            "(GET | PUT) /api/v2/tickets/*",
            "PUT /api/v2/tickets/update_*",
            "PUT /api/*/tickets/up*any",
            "PUT /api/v2/tickets/*/*",
            "PUT /api/v2/tickets/*.json", // one may follow every path
            "PUT /api/v2/**",
            "PUT /**")) {
      assertEquals(1, stars("", rule("t", "zendesk", one, "[]", "allow")).size(), one);
    }
    String many = stars("", rule("t", "any", "(POST | PUT) /api/v2/**", "[]", "allow")).get(0);
    assertTrue(many.endsWith(" and more"), many);
    assertEquals(3, many.split("POST|PUT", -1).length - 1, many);
    assertEquals(
        1,
        stars("", rule("t", "shopify", "graphql mutation order*", "[]", "allow")).size(),
        "orderCancel");
  }

  @Test
  void aStarOverNothingGraverOrOverWhatAnotherRuleNamesIsNot() throws IOException {
    for (String other :
        List.of(
            rule("s", "zendesk", "PUT /api/v2/tickets/update_many", "[]", "deny"),
            rule("s", "zendesk", "(PUT | POST) /api/*/tickets/*_many", "[]", "approve"),
            rule("s", "any", "* /**", "[]", "escalate"),
            rule("s", "zendesk", "PUT /api/v2/tickets/update_many", "[]", "allow"))) {
      assertEquals(List.of(), stars("", TICKETS, other), other);
    }
    assertEquals(
        List.of(),
        stars(
            "",
            rule("t", "zendesk", "PUT /api/v2/tickets/*", "[a = 1, b = 2]", "allow"),
            rule("s", "zendesk", "PUT /api/v2/tickets/*_many", "[b = 2]", "deny")));
    assertEquals(
        List.of(),
        stars("classify: { write: [zendesk PUT /api/v2/tickets/update_many] }\n", TICKETS),
        "the file says that it is no more than a write");
    assertEquals(List.of(), stars("defaults: { write-high: allow }\n", TICKETS));
    for (String one :
        List.of(
            "PUT /api/v2/tickets/7",
            "PUT /api/v2/tickets/update_many", // as it reads
            "DELETE /api/v2/tickets/*", // nothing below it is milder
            "(GET | DELETE) /api/v2/tickets/*", // DELETE is written there
            "GET /api/v2/**",
            "PUT /api/v2/users/*",
            "PUT /api/v2/tickets/*/tags", // the pack knows it better than by its last lines
            "graphql mutation (orderUpdate | orderCancel)")) {
      String to = one.startsWith("graphql") ? "shopify" : "zendesk";
      assertEquals(List.of(), stars("", rule("t", to, one, "[]", "allow")), one);
    }
    assertEquals(
        List.of(), stars("", rule("t", "zendesk", "PUT /api/v2/tickets/*", "[]", "approve")));
  }

  private List<String> stars(String more, String... rules) throws IOException {
    Path file = directory.resolve("lint.yaml");
    Files.writeString(file, DESK + more + "rules:\n" + String.join("", rules));
    List<String> found = new ArrayList<>();
    for (Problem problem : RuleLint.check(file, Surroundings.of(new TestDetector()))) {
      assertTrue(!problem.isError(), problem.toString());
      if (problem.code().equals("CRD306")) {
        found.add(problem.message());
      }
    }
    return found;
  }

  @Test
  void anObservingFileThatAllowsWritesByDefaultIsTold() throws IOException {
    String file = HEAD + "defaults:\n  mode: observe\n  write: allow\n  unknown: deny\n";
    assertEquals(List.of("10 CRD304"), codes(file));
    assertEquals(List.of(), codes(file.replace("observe", "enforce")));
  }

  @Test
  void aRestrictingRuleWithoutACaseIsTold() throws IOException {
    String file = HEAD + "rules:\n" + rule("never", "crm", "DELETE /**", "[]", "forbid");
    assertEquals(List.of("9 CRD402"), codes(file));
    assertEquals(List.of(), codes(file + "tests:\n  - { call: crm DELETE /x, expect: forbid }\n"));
    Files.writeString(
        directory.resolve("lint.cases.yaml"), "- { call: crm DELETE /x, expect: forbid }\n");
    assertEquals(List.of(), codes(file), "cases beside the file count");
    Files.writeString(directory.resolve("lint.cases.yaml"), "- { call: elsewhere GET /x }\n");
    assertEquals(List.of("1 CRD150", "1 CRD124"), codes(file));
  }

  @Test
  void theEnvironmentsHaveNothingToLookAt() throws IOException {
    for (String name : List.of("development", "staging", "production")) {
      Path file = Path.of("../packs/environments/" + name + ".yaml");
      assertEquals(List.of(), RuleLint.check(file, Surroundings.of(new TestDetector())));
    }
  }

  @Test
  void everyCodeHasASectionInTheManual() throws IOException {
    String manual = Files.readString(Path.of("../../docs/lint.md"));
    for (String code : CODES) {
      if (!code.startsWith("CRD1")) {
        assertTrue(manual.contains("## " + code + " "), code);
      }
    }
  }

  private static String rule(String id, String to, String call, String when, String then) {
    return "  - id: "
        + id
        + "\n    to: "
        + to
        + "\n    call: '"
        + call
        + "'\n    when: "
        + when
        + "\n    then: "
        + then
        + "\n";
  }

  /** Without CRD402: these files have no cases. */
  private List<String> lint(String... rules) throws IOException {
    List<String> codes = codes(HEAD + "rules:\n" + String.join("", rules));
    codes.removeIf(code -> code.endsWith("CRD402"));
    return codes;
  }

  private List<String> codes(String text) throws IOException {
    Path file = Files.writeString(directory.resolve("lint.yaml"), text);
    List<String> codes = new ArrayList<>();
    for (Problem problem : RuleLint.check(file, Surroundings.of(new TestDetector()))) {
      codes.add(problem.line() + " " + problem.code());
    }
    return codes;
  }
}
