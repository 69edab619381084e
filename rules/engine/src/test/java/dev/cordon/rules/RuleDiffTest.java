package dev.cordon.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RuleDiffTest {
  private static final String HEAD =
      """
      version: 1
      name: diff
      owner: t@example.com
      packs: [stripe/1]
      """;
  private static final String BASE =
      """
      defaults: { mode: enforce }
      destinations:
        stripe: { hosts: [api.stripe.com] }
        crm: { hosts: [.crm.example.com], ports: [443], tls: required }
      lists: { rooms: [C1, C2, C3] }
      patterns: { order: 'ord_[0-9]{4}' }
      approvals:
        money: { approvers: [group:leads], votes: 2, ttl: 15m }
      rules:
        - id: refund.small
          to: stripe
          call: POST /v1/refunds
          when: [money <= 25 EUR]
          then: allow
          limits: [{ per: rule, sum: money, max: 500 EUR, within: 1h }]
          size: { body: 8 KiB }
        - { id: refund.large, to: stripe, call: POST /v1/refunds, when: [money > 25 EUR], then: approve, approval: { policy: money } }
        - { id: note, to: crm, call: POST /notes, when: [channel in $rooms], then: allow }
        - { id: note.email, to: crm, call: POST /notes, when: [text exists], then: redact, redact: { fields: [text], types: [email, pan], with: token } }
        - { id: order, to: crm, call: "(PUT | PATCH) /orders/*", when: [number matches order, actor in (a | b)], then: allow }
        - { id: order.night, to: crm, call: "* /orders/**", when: [{ not: 'time in (mon-fri 08:00-18:00 UTC)' }], then: deny }
        - { id: ticket, to: crm, call: PUT /tickets/*, fields: { allow: [status, tags], others: deny }, then: allow }
        - { id: never, to: any, call: DELETE /**, then: forbid }
      categories:
        cards: { types: [pan], then: deny }
      redaction:
        logs: { types: [email, pan], with: mask }
        outgoing: { types: [secret], with: block }
      """;

  private static final String HIGH = "mode: enforce";

  @TempDir Path directory;

  // ---- nothing changed, or nothing that lets more by

  @Test
  void theSameFileInAnotherOrderDecidesTheSame() throws Exception {
    int rules = BASE.indexOf("rules:\n") + "rules:\n".length();
    int end = BASE.indexOf("categories:");
    String[] parts = BASE.substring(rules, end).split("(?m)^(?=  - )");
    StringBuilder turned = new StringBuilder(BASE.substring(0, rules));
    for (int i = parts.length - 1; i >= 0; i--) {
      turned.append(parts[i]);
    }
    RuleDiff.Report report = diff(BASE, turned + BASE.substring(end));
    assertEquals(List.of(), report.differences());
    assertTrue(report.isProvedNoLooser());
    assertEquals(0, report.cells());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "money <= 25 EUR]~money <= 20 EUR]",
        "then: approve, approval: { policy: money }~then: deny",
        "votes: 2, ttl: 15m~votes: 3, ttl: 10m",
        "max: 500 EUR~max: 400 EUR",
        "body: 8 KiB~body: 4 KiB",
        "rooms: [C1, C2, C3]~rooms: [C1, C3]",
        "(PUT | PATCH)~PUT",
        "/orders/*\", when~/orders/x*\", when",
        "actor in (a | b)~actor in (a)",
        "mon-fri 08:00-18:00~mon-thu 09:00-17:00",
        "[status, tags]~[status]",
        "[.crm.example.com]~[a.crm.example.com]",
        "types: [pan], then~types: [pan, email], then",
        "with: mask~with: mask, types: [email, pan, phone]",
        "with: mask~with: drop",
        "with: mask~with: { email: keep-domain, pan: drop }",
        "pan], with: token~pan], with: { email: mask, pan: block }",
        "mode: enforce~{ mode: enforce, read: deny }",
      })
  void aStricterFileIsProvedToBe(String from, String to) throws Exception {
    String changed = BASE.replace(from, to);
    changed = changed.replace("types: [email, pan], with: mask, types", "with: mask, types");
    changed = changed.replace("{ { mode: enforce, read: deny } }", "{ mode: enforce, read: deny }");
    RuleDiff.Report report = diff(BASE, changed);
    assertTrue(report.isProvedNoLooser(), report.toString());
    assertTrue(
        !report.differences().isEmpty() || !to.contains("/orders/x"), "nothing was found: " + to);
  }

  // ---- what lets more by

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "money > 25 EUR]~money > 26 EUR]~allow instead of approve",
        "[money > 25 EUR], then~[money > 25 EUR], on-unknown: skip, then~allow instead of approve",
        "money > 25 EUR]~money > 25 USD]~allow instead of approve",
        "votes: 2, ttl: 15m~votes: 1, ttl: 15m~fewer votes: 1 instead of 2",
        "votes: 2, ttl: 15m~votes: 2, ttl: 16m~a grant is good for longer",
        "max: 500 EUR, within: 1h~max: 501 EUR, within: 1h~gone or wider",
        "max: 500 EUR, within: 1h~max: 500 EUR, within: 59m~gone or wider",
        "body: 8 KiB~body: 9 KiB~allow instead of deny",
        "rooms: [C1, C2, C3]~rooms: [C1, C2, C3, C4]~allow instead of deny",
        "(PUT | PATCH)~(PUT | PATCH | POST)~allow instead of deny",
        "(PUT | PATCH)~*~allow instead of deny",
        "/orders/*\", when~/orders/**\", when~allow instead of deny",
        "number matches order, actor~actor~allow instead of deny",
        "ord_[0-9]{4}~ord_[0-9]{3,4}~",
        "actor in (a | b)~actor in (a | b | c)~allow instead of deny",
        "mon-fri 08:00-18:00 UTC~mon-fri 08:00-18:01 UTC~",
        "mon-fri 08:00-18:00 UTC~mon-fri 08:00-18:00 Europe/Berlin~",
        "[status, tags]~[status, tags, assignee]~allow instead of deny",
        "[.crm.example.com]~[.example.com]~",
        "ports: [443]~ports: [443, 8443]~",
        ", tls: required~~",
        "- { id: never, to: any, call: DELETE /**, then: forbid }~- { id: never, to: any, call: DELETE /*, then: forbid }~deny instead of forbid",
        "then: forbid~then: deny~deny instead of forbid",
        "then: forbid~then: forbid, mode: observe~",
        "types: [pan], then: deny~types: [pan], then: deny, mode: observe~",
        "fields: [text], types: [email, pan], with: token~fields: [text], types: [email], with: token~pan in text is redacted less",
        "pan], with: token~pan], with: hash~is redacted less",
        "when: [text exists], then: redact~when: [text exists, lang = de], on-unknown: skip, then: redact~is redacted less",
        "with: mask~with: token~redaction.logs: ",
        "with: mask~with: siv~redaction.logs: ",
        "with: mask~with: { email: drop, pan: pseudonym }~redaction.logs: pan is redacted less",
        "pan], with: token~pan], with: { pan: siv }~pan in text is redacted less",
        "with: block~with: drop~redaction.outgoing: secret is redacted less",
        "with: block~with: token~redaction.outgoing: secret is redacted less",
        "mode: enforce }~mode: observe }~mode: observe",
        "mode: enforce }~write: allow }~allow instead of deny",
        "mode: enforce }~host: allow, read: allow }~",
        "mode: enforce }~on-error: { write: allow } }~defaults.on-error.write: allow",
        "mode: enforce }~body: { larger: { write: allow } }, write: allow }~",
        "mode: enforce }~body: { inspect-up-to: 512 KiB } }~",
        "lists: {~classify: { read: [crm POST /export] }@lists: {~allow instead of deny",
      })
  void aLooserFileIsShownWithACall(String from, String to, String why) throws Exception {
    String base = from.contains("25 EUR") ? BASE.replace(HIGH, HIGH + ", write-high: allow") : BASE;
    String after = base.replace(from, to == null ? "" : to.replace("@", "\n"));
    assertFalse(after.equals(base), "nothing to replace: " + from);
    RuleDiff.Report report = diff(base, after);
    if (!from.startsWith("mode: enforce") || !String.valueOf(to).contains("inspect-up-to")) {
      assertTrue(report.isLooser(), report.toString());
    }
    List<String> reasons =
        report.differences().stream()
            .filter(one -> one.change() == RuleDiff.Change.LOOSER)
            .map(RuleDiff.Difference::why)
            .toList();
    for (String reason : why == null ? new String[0] : why.split("\\|")) {
      assertTrue(
          reasons.stream().anyMatch(one -> one.contains(reason)), reason + " is not in " + reasons);
    }
  }

  @Test
  void theCallThatShowsItHasTheValueBetweenTheOldAndTheNewBound() throws Exception {
    RuleDiff.Report report =
        diff(BASE, BASE.replace("money <= 25 EUR", "money <= 99 EUR").replace("> 25", "> 99"));
    RuleDiff.Difference looser =
        report.differences().stream()
            .filter(one -> one.change() == RuleDiff.Change.LOOSER)
            .findFirst()
            .orElseThrow();
    RuleDiff.Example example = looser.example();
    assertNotNull(example);
    assertEquals("POST https://api.stripe.com/v1/refunds", call(example));
    String body = new String(example.call().body(), StandardCharsets.UTF_8).strip();
    assertTrue(
        body.matches("\\{\"currency\":\"eur\",\"amount\":(2[5-9]|[3-9][0-9])[0-9]{2}}"), body);
    RuleDiff.Decided before = looser.before();
    RuleDiff.Decided after = looser.after();
    assertNotNull(before);
    assertNotNull(after);
    assertEquals("approve by refund.large", before.effect() + " by " + before.ruleId());
    assertEquals("allow by refund.small", after.effect() + " by " + after.ruleId());
    assertEquals(21, before.line());
    assertEquals(14, after.line());
  }

  private static String call(RuleDiff.Example example) {
    return example.call().method() + " " + example.call().url();
  }

  @Test
  void aPackThatIsTakenOutIsLooserWhereItsClassesWereStricter() throws Exception {
    String rules =
        "destinations: { stripe: { hosts: [api.stripe.com] } }\ndefaults: { write: allow, write-high: deny }\n";
    RuleDiff.Report report =
        RuleDiff.compare(
            RuleFiles.write(directory, HEAD + rules),
            RuleFiles.write(directory, HEAD.replace("packs: [stripe/1]\n", "") + rules),
            Surroundings.of(new TestDetector()));
    assertTrue(report.isLooser(), report.toString());
  }

  @Test
  void aWaiverIsLooserUntilItIsOver() throws Exception {
    String ground = "destinations: { crm: { hosts: [crm.example.com] } }\nrules:\n";
    String deny = "  - { id: a, to: crm, call: GET /x, then: deny }\n";
    RuleDiff.Report report =
        diff(ground + deny, ground + deny.replace("then", "mode: observe, then"));
    assertTrue(report.isLooser(), report.toString());
  }

  @Test
  void operationsAreToldApart() throws Exception {
    String ground =
        """
        destinations:
          shop: { hosts: [shop.example.com], endpoints: { graphql: [/graphql] } }
          mcp: { hosts: [mcp.example.com], protocol: json-rpc }
          soap: { hosts: [soap.example.com], protocol: soap }
        rules:
          - { id: update, to: shop, call: graphql mutation (orderUpdate | orderNote), then: allow }
          - { id: find, to: mcp, call: rpc tools/call (find_* | get_order), then: allow }
          - { id: create, to: soap, call: soap create, then: allow }
        """;
    assertTrue(diff(ground, ground).isProvedNoLooser());
    assertTrue(diff(ground, ground.replace("find_* | get_order", "find_a*")).isProvedNoLooser());
    for (String[] change :
        new String[][] {
          {"orderUpdate | orderNote", "orderUpdate | orderDelete"},
          {"find_* | get_order", "find_* | get_*"},
          {"soap create", "soap cre*"},
          {"[/graphql]", "[/graphql, /api]"}
        }) {
      RuleDiff.Report report = diff(ground, ground.replace(change[0], change[1]));
      assertTrue(report.isLooser(), change[1] + report);
    }
    // each pair of the three was allowed by some rule, and now one rule allows all three at once
    String pairs =
        """
        destinations: { mcp: { hosts: [mcp.example.com], protocol: json-rpc } }
        rules:
          - { id: ab, to: mcp, call: rpc (a | b), then: allow }
          - { id: bc, to: mcp, call: rpc (b | c), then: allow }
          - { id: ac, to: mcp, call: rpc (a | c), then: allow }
        """;
    RuleDiff.Report report =
        diff(pairs, pairs + "  - { id: abc, to: mcp, call: rpc (a | b | c), then: allow }\n");
    assertTrue(report.isLooser(), report.toString());
  }

  @Test
  void fieldsThatAreManyCellsAreFewStates() throws Exception {
    StringBuilder rules =
        new StringBuilder("destinations: { a: { hosts: [a.example.com] } }\nrules:\n");
    StringBuilder when = new StringBuilder();
    for (int i = 0; i < 9; i++) {
      when.append(i == 0 ? "" : ", ").append("f").append(i).append(" > 5");
    }
    rules
        .append("  - { id: r, to: a, call: POST /x, when: [")
        .append(when)
        .append("], then: deny }\n");
    RuleDiff.Report report =
        diff(rules.toString(), rules.toString().replace("then: deny", "then: forbid"));
    assertTrue(report.isProvedNoLooser(), report.toString());
    assertTrue(report.cells() < 1_000, report.toString());
    String allows = rules.toString().replace("then: deny", "then: allow");
    RuleDiff.Report back = diff(allows, allows.replace("f8 > 5", "f8 > 4"));
    assertTrue(back.isLooser(), back.toString());
  }

  private RuleDiff.Report diff(String before, String after) throws Exception {
    Path old = RuleFiles.write(directory, HEAD + before);
    Path now = RuleFiles.write(directory, HEAD + after);
    RuleDiff.Report report = RuleDiff.compare(old, now, Surroundings.of(new TestDetector()));
    for (RuleDiff.Difference difference : report.differences()) {
      RandomDiffTest.assertShown(difference, old, now, report.toString());
    }
    return report;
  }
}
