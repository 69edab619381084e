package dev.cordon.audit;

import static dev.cordon.audit.Run.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cordon.audit.PastServices.Given;
import dev.cordon.journal.JournalEntry;
import dev.cordon.journal.JournalTailer;
import dev.cordon.journal.RecordKind;
import dev.cordon.rules.Problem;
import dev.cordon.rules.RuleLint;
import dev.cordon.rules.Surroundings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Past calls decided again, from journals that real decisions wrote. */
class ReplayTest {

  private static final String RULES =
      """
      version: 1
      name: replay/test
      serial: 3
      owner: tests@example.com
      packs: [stripe/1, slack/1, shopify/1, zendesk/1]
      defaults:
        mode: %s
        host: deny
        read: allow
        write: deny
        unknown: deny
        body: { inspect-up-to: 4 KiB, larger: { read: allow, write: deny } }
      destinations:
        stripe: { hosts: [api.stripe.com], ports: [443], tls: required }
        slack: { hosts: [slack.com] }
        zendesk: { hosts: [acme.zendesk.com] }
        shopify: { hosts: [acme.myshopify.com] }
        crm: { hosts: [crm.example.com, .sub.example.com] }
        tools: { hosts: [mcp.example.com], protocol: json-rpc }
        soap: { hosts: [soap.example.com], protocol: soap }
        net: { hosts: [10.0.0.0/8] }
      classify:
        read: [crm POST /v1/search]
        write-high: [crm POST /v1/payouts]
      lists:
        public: [C1, C2]
      rules:
        - { id: refund.small, to: stripe, call: POST /v1/refunds, when: [money <= 25 EUR], then: allow }
        - { id: refund.large, to: stripe, call: POST /v1/refunds, when: [money > 25 EUR], then: approve }
        - { id: customer.update, to: stripe, call: "POST /v1/customers/*", then: allow, fields: { allow: [email, name, metadata.*], others: deny } }
        - { id: slack.post, to: slack, call: POST /api/chat.postMessage, then: allow, size: { body: 300 B, over: deny } }
        - { id: slack.public, to: slack, call: "POST /api/chat.*", when: [channel in $public], then: redact, redact: { fields: [text], types: [email], with: token } }
        - { id: slack.limit, to: slack, call: POST /api/reactions.add, then: allow, limits: [{ per: rule, max: 5, within: 1h }] }
        - { id: ticket.update, to: zendesk, call: "PUT /api/v2/tickets/*", when: [{ any: ['ticket.status = open', { not: 'ticket.priority = urgent' }] }], then: allow, idempotency: { key: [ticket.status], within: 1h, duplicate: escalate } }
        - { id: ticket.delete, to: zendesk, call: "DELETE /api/v2/tickets/*", then: forbid }
        - { id: order.note, to: shopify, call: graphql mutation orderUpdate, then: allow }
        - { id: order.refund, to: shopify, call: graphql mutation refundCreate, then: approve }
        - { id: notes, to: crm, call: "(POST | PUT) /v1/notes/**", when: [header.X-Bot exists, query.dry absent], then: allow }
        - { id: notes.long, to: crm, call: "POST /v1/notes/**", when: [text.length > 100], then: deny, mode: observe }
        - { id: notes.mail, to: crm, call: "* /v1/notes/**", when: [text has email], then: escalate }
        - { id: office, to: crm, call: POST /v1/office, when: [time in (mon-sun 00:00-23:59 UTC), actor = bots], then: allow }
        - { id: any.secret, to: any, call: "POST /secret/**", then: forbid }
        - { id: crowd.00, to: crm, call: POST /v1/crowd, when: [code = c0], then: deny }
        - { id: crowd.01, to: crm, call: POST /v1/crowd, when: [code = c1], then: allow }
        - { id: crowd.02, to: crm, call: POST /v1/crowd, when: [code = c2], then: allow }
        - { id: crowd.03, to: crm, call: POST /v1/crowd, when: [code = c3], then: deny }
        - { id: crowd.04, to: crm, call: POST /v1/crowd, when: [code = c4], then: allow }
        - { id: crowd.05, to: crm, call: POST /v1/crowd, when: [code = c5], then: allow }
        - { id: crowd.06, to: crm, call: POST /v1/crowd, when: [code = c6], then: deny }
        - { id: crowd.07, to: crm, call: POST /v1/crowd, when: [code = c7], then: allow }
        - { id: crowd.08, to: crm, call: POST /v1/crowd, when: [code = c8], then: allow }
        - { id: crowd.09, to: crm, call: POST /v1/crowd, when: [code = c9], then: deny }
        - { id: crowd.10, to: crm, call: POST /v1/crowd, when: [size < 1], then: approve }
        - { id: crowd.11, to: crm, call: POST /v1/crowd, when: [size < 2], then: approve }
        - { id: crowd.12, to: crm, call: POST /v1/crowd, when: [size < 3], then: approve }
        - { id: crowd.13, to: crm, call: POST /v1/crowd, when: [size < 4], then: approve }
        - { id: crowd.14, to: crm, call: POST /v1/crowd, when: [size < 5], then: approve }
        - { id: crowd.15, to: crm, call: POST /v1/crowd, when: [size < 6], then: approve }
        - { id: crowd.16, to: crm, call: POST /v1/crowd, when: [size < 7], then: approve }
        - { id: crowd.17, to: crm, call: POST /v1/crowd, when: [code = c1], then: escalate }
        - { id: crowd.18, to: crm, call: POST /v1/crowd, when: [code in (c2 | c4)], then: allow }
        - { id: find, to: tools, call: rpc tools/call (find_* | get_*), then: allow }
        - { id: drop, to: tools, call: rpc tools/call drop_table, then: forbid }
        - { id: soap.read, to: soap, call: soap getOrder, then: allow }
      redaction:
        outgoing: { types: [secret], with: block }
      """;

  @TempDir Path directory;

  @Test
  void theSameRulesReproduceEveryDecision() throws Exception {
    long seed = Long.getLong("cordon.seed", System.nanoTime());
    System.out.println("seed " + seed);
    for (String mode : List.of("enforce", "observe")) {
      Path rules = rules(mode, RULES.formatted(mode));
      Path journal = directory.resolve("journal-" + mode);
      List<Given> calls = calls(new Random(seed), 700);
      int refused = PastServices.run(journal, rules, "bots", calls);
      Set<String> decided = new TreeSet<>();
      Set<String> fired = new TreeSet<>();
      int records = 0;
      for (JournalEntry entry : decided(journal)) {
        decided.add(entry.decision());
        fired.addAll(entry.rules());
        records++;
      }
      assertEquals(calls.size(), records);
      assertTrue(fired.size() >= 16, "most rules took part, seed " + seed + ": " + fired);
      if (mode.equals("enforce")) {
        assertTrue(refused > 100 && refused < 650, "refused: " + refused);
        assertEquals(
            Set.of("allow", "approve-wait", "deny", "escalate", "redacted", "would_deny"), decided);
      } else {
        assertEquals(0, refused);
        assertTrue(
            decided.containsAll(
                List.of("allow", "would_approve-wait", "would_deny", "would_escalate")),
            decided.toString());
      }
      Run run = run("replay", "--rules", rules.toString(), "--journal", journal.toString());
      assertEquals(
          "700 calls: 700 decided as they were, 0 otherwise, 0 cannot be told",
          run.out().lines().findFirst().orElse(""),
          "seed " + seed + ", " + mode + "\n" + run.out() + run.err());
      assertEquals(0, run.exit());
    }
  }

  @Test
  void aHigherThresholdIsToldExactlyForMoneyThatWasCompared() throws Exception {
    Path rules = rules("old", RULES.formatted("enforce"));
    List<Given> calls = new ArrayList<>();
    for (int cents : new int[] {1_000, 2_500, 4_000, 5_000, 5_001, 90_000}) {
      calls.add(refund(cents, "eur"));
    }
    calls.add(refund(4_000, "usd"));
    Path journal = directory.resolve("journal");
    PastServices.run(journal, rules, "bots", calls);
    Path higher = rules("new", RULES.formatted("enforce").replace("25 EUR", "50 EUR"));
    Run run = run("replay", "--rules", higher.toString(), "--journal", journal.toString());
    assertEquals(
        """
        7 calls: 5 decided as they were, 2 otherwise, 0 cannot be told

        decided otherwise:
          refund.small
            2  approve-wait -> allow or deny or redacted  api.stripe.com:443 POST /v1/refunds  (90.00 EUR)
        """,
        run.out());
    assertEquals(1, run.exit());
  }

  @Test
  void aConditionOnAValueThatNobodyAskedForIsNotGuessed() throws Exception {
    Path rules = rules("old", RULES.formatted("enforce"));
    Path journal = directory.resolve("journal");
    PastServices.run(
        journal,
        rules,
        "bots",
        List.of(
            Given.json(
                "POST",
                "https://slack.com/api/chat.postMessage",
                "{\"channel\":\"C9\",\"text\":\"a\"}"),
            Given.of("GET", "https://slack.com/api/users.list")));
    Path asking =
        rules(
            "asking",
            RULES
                .formatted("enforce")
                .replace(
                    "redaction:\n",
                    "  - { id: new.rule, to: slack, call: POST /api/chat.postMessage, when: [text ="
                        + " a], then: deny }\nredaction:\n"));
    Run run = run("replay", "--rules", asking.toString(), "--journal", journal.toString());
    assertTrue(
        run.out().startsWith("2 calls: 1 decided as they were, 0 otherwise, 1 cannot be told"),
        run.out() + run.err());
    assertTrue(run.out().contains("allow or deny: whether text = a"), run.out());
    assertEquals(1, run.exit());
  }

  @Test
  void rulesThatAreTakenAwayOrTurnedRoundAreToldByRule() throws Exception {
    Path rules = rules("old", RULES.formatted("enforce"));
    Path journal = directory.resolve("journal");
    List<Given> calls = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      calls.add(Given.json("POST", "https://slack.com/api/chat.postMessage", "{\"text\":\"a\"}"));
      calls.add(Given.of("DELETE", "https://acme.zendesk.com/api/v2/tickets/" + i));
    }
    calls.add(Given.of("GET", "https://nowhere.example.net/x"));
    PastServices.run(journal, rules, "bots", calls);
    Path changed =
        rules(
            "changed",
            RULES
                .formatted("enforce")
                .replace("then: allow, size: { body: 300 B, over: deny }", "then: deny")
                .replace(
                    "DELETE /api/v2/tickets/*\", then: forbid",
                    "DELETE /api/v2/tickets/*\", then: allow")
                .replace("host: deny", "host: allow"));
    Run run =
        run("replay", "--json", "--rules", changed.toString(), "--journal", journal.toString());
    assertTrue(run.out().contains("\"same\": 0"), run.out() + run.err());
    assertTrue(run.out().contains("\"different\": 7"), run.out());
    assertTrue(
        run.out()
            .replaceAll("\\s+", " ")
            .contains(
                "\"rule\": \"slack.post\", \"from\": \"allow\", \"to\": \"deny\", \"call\":"
                    + " \"slack.com:443 POST /api/chat.postMessage\", \"calls\": 3"),
        run.out());
    assertTrue(
        run.out()
            .replaceAll("\\s+", " ")
            .contains("\"rule\": \"ticket.delete\", \"from\": \"deny\", \"to\": \"allow\""),
        run.out());
  }

  @Test
  void noValueOfACallIsInTheJournal() throws Exception {
    Path rules = rules("old", RULES.formatted("observe"));
    Path journal = directory.resolve("journal");
    List<String> secrets = List.of("janedoe", "wxyzzy", "jqvbnm", "zorkmid", "4711815");
    List<Given> calls = new ArrayList<>();
    for (String one : secrets) {
      calls.add(Given.of("GET", "https://crm.example.com/v1/customers/" + one + "/notes?q=" + one));
      calls.add(
          Given.json(
              "POST", "https://crm.example.com/v1/notes", "{\"" + one + "\":{\"" + one + "\":1}}"));
      calls.add(
          Given.form(
              "POST", "https://api.stripe.com/v1/refunds", "amount=4711815&currency=" + one));
      calls.add(
          Given.json(
              "POST",
              "https://acme.myshopify.com/admin/api/2024-07/graphql.json",
              "{\"query\":\"mutation { " + "x" + one + " { id } }\"}"));
      calls.add(
          Given.json(
              "POST",
              "https://mcp.example.com/mcp",
              "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\""
                  + one
                  + "\",\"arguments\":{\""
                  + one
                  + "\":1}}}"));
      calls.add(
          Given.xml(
              "POST",
              "https://soap.example.com/s",
              "<e:Envelope xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\"><e:Body><x"
                  + one
                  + "/></e:Body></e:Envelope>"));
      calls.add(Given.of("GET", "https://crm.example.com/").with("X-Bot", one));
    }
    PastServices.run(journal, rules, "bots", calls);
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.walk(journal)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        all.append(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
      }
    }
    assertTrue(all.indexOf("/v1/customers/*/notes") >= 0, "the search finds what is there");
    for (String one : secrets) {
      assertEquals(-1, all.indexOf(one), one);
    }
  }

  @Test
  void whatLeftRedactedIsSuggestedToLeaveRedacted() throws Exception {
    Path redacting =
        rules(
            "redacting",
            """
            version: 1
            name: redacting
            owner: tests@example.com
            defaults: { mode: enforce, host: allow, write: allow }
            redaction: { outgoing: { types: [email, pan], with: mask } }
            """);
    Path journal = directory.resolve("journal");
    String body = "{\"text\":\"bob@example.com paid with 4242 4242 4242 4242\"}";
    PastServices.run(
        journal,
        redacting,
        "bot",
        List.of(
            PastServices.Given.json("POST", "https://crm.example.com/v1/notes", body),
            PastServices.Given.json("POST", "https://crm.example.com/v1/items", "{\"id\":7}")));
    Path suggested = directory.resolve("suggested.yaml");
    assertEquals(
        0, run("rules", "suggest", "--out", suggested.toString(), journal.toString()).exit());
    String text = Files.readString(suggested);
    assertTrue(text.contains("redact: { types: [email, pan], with: token }"), text);
    assertEquals(1, text.split("then: redact", -1).length - 1, text);
    assertEquals(0, run("rules", "check", "--fail-on", "warning", suggested.toString()).exit());
    assertEquals(0, run("rules", "test", suggested.toString()).exit());
    Run replay = run("replay", "--rules", suggested.toString(), "--journal", journal.toString());
    assertTrue(!replay.out().contains("decided otherwise"), replay.out());
  }

  @Test
  void whatIsSuggestedIsCleanAndAllowsWhatWasSeenButForWhatCannotBeTakenBack() throws Exception {
    long seed = Long.getLong("cordon.seed", System.nanoTime());
    System.out.println("seed " + seed);
    Path watching =
        rules(
            "watching",
            """
            version: 1
            name: watching
            owner: tests@example.com
            defaults: { mode: observe }
            """);
    Path journal = directory.resolve("journal");
    PastServices.run(journal, watching, "bots", plainCalls(new Random(seed)));
    Path suggested = directory.resolve("suggested.yaml");
    Run made = run("rules", "suggest", "--out", suggested.toString(), journal.toString());
    assertEquals(0, made.exit(), made.err());
    String text = Files.readString(suggested);
    assertTrue(
        made.err().lines().findFirst().orElse("").matches("\\d+ possible writes, \\d+ allowed.*"),
        made.err());
    List<Problem> problems =
        RuleLint.check(suggested, Surroundings.of(new dev.cordon.audit.RedactionDetector()));
    assertEquals(List.of(), problems, text);
    assertEquals(0, run("rules", "check", "--fail-on", "warning", suggested.toString()).exit());
    Run tests = run("rules", "test", suggested.toString());
    assertEquals(0, tests.exit(), tests.out() + text);

    Map<String, Set<String>> byCall = new TreeMap<>();
    dev.cordon.rules.Replay replay =
        new dev.cordon.rules.Replay(
            dev.cordon.rules.RuleSet.load(
                suggested, Surroundings.of(new dev.cordon.audit.RedactionDetector())));
    for (JournalEntry entry : decided(journal)) {
      dev.cordon.rules.PastCall past = java.util.Objects.requireNonNull(PastCalls.of(entry));
      byCall
          .computeIfAbsent(ReplayCommand.callOf(entry, past), unused -> new TreeSet<>())
          .addAll(replay.decide(past).decisions());
    }
    Set<String> irreversible =
        Set.of("POST /v1/refunds", "DELETE /api/v2/tickets/*", "DELETE /v1/notes/*");
    byCall.forEach(
        (call, decisions) ->
            assertEquals(
                Set.of(irreversible.contains(call) ? "approve-wait" : "allow"),
                decisions,
                call + "\n" + text));
    assertTrue(byCall.keySet().containsAll(irreversible), byCall.toString());

    Path again = directory.resolve("journal-again");
    int refused = PastServices.run(again, suggested, "bots", plainCalls(new Random(seed)));
    assertTrue(refused > 0, "refunds and deletions wait");
    for (JournalEntry entry : decided(again)) {
      String call = ReplayCommand.callOf(entry, PastCalls.of(entry));
      assertEquals(irreversible.contains(call) ? "approve-wait" : "allow", entry.decision(), call);
    }
  }

  @Test
  void whatIsSuggestedAllowsNoGraverCallOfThePackBelowTheStarsOfWhatWasSeen() throws Exception {
    Path watching =
        rules(
            "watching",
            """
            version: 1
            name: watching
            owner: tests@example.com
            defaults: { mode: observe }
            """);
    Given update =
        Given.json(
            "PUT",
            "https://acme.zendesk.com/api/v2/tickets/7",
            "{\"ticket\":{\"status\":\"open\"}}");
    Given many =
        Given.json(
            "PUT",
            "https://acme.zendesk.com/api/v2/tickets/update_many?ids=1,2,3",
            "{\"ticket\":{\"status\":\"open\"}}");
    Given suffixed =
        Given.json(
            "PUT",
            "https://acme.zendesk.com/api/v2/tickets/update_many.json?ids=1,2,3",
            "{\"ticket\":{\"status\":\"open\"}}");
    Path journal = directory.resolve("journal");
    PastServices.run(journal, watching, "bots", List.of(update));
    Path suggested = directory.resolve("suggested.yaml");
    Run made = run("rules", "suggest", "--out", suggested.toString(), journal.toString());
    assertEquals(0, made.exit(), made.err());
    String text = Files.readString(suggested);
    assertEquals(0, run("rules", "check", "--fail-on", "warning", suggested.toString()).exit());
    assertEquals(0, run("rules", "test", suggested.toString()).exit(), text);
    Path again = directory.resolve("journal-again");
    assertEquals(
        2, PastServices.run(again, suggested, "bots", List.of(update, many, suffixed)), text);
    List<String> decisions = new ArrayList<>();
    decided(again).forEach(entry -> decisions.add(entry.decision()));
    assertEquals(List.of("allow", "deny", "deny"), decisions, text);
    Run replay = run("replay", "--rules", suggested.toString(), "--journal", journal.toString());
    assertTrue(replay.out().contains("0 cannot be told"), "the star is no update_many");
    assertTrue(replay.out().contains("would_deny -> allow  acme.zendesk.com"), replay.out());

    // what was seen of the graver kind waits for a person, as all that cannot be taken back
    Path both = directory.resolve("journal-both");
    PastServices.run(both, watching, "bots", List.of(update, many));
    Path waiting = directory.resolve("waiting.yaml");
    made = run("rules", "suggest", "--out", waiting.toString(), both.toString());
    assertEquals(0, made.exit(), made.err());
    text = Files.readString(waiting);
    assertEquals(0, run("rules", "check", "--fail-on", "warning", waiting.toString()).exit(), text);
    again = directory.resolve("journal-waiting");
    PastServices.run(again, waiting, "bots", List.of(update, many));
    decisions.clear();
    decided(again).forEach(entry -> decisions.add(entry.decision()));
    assertEquals(List.of("allow", "approve-wait"), decisions, text);
  }

  @Test
  void whereAPathOfThePackCoversManyGraverCallsThePathIsSuggestedAsItWasSeen() throws Exception {
    Path watching =
        rules(
            "watching",
            """
            version: 1
            name: watching
            owner: tests@example.com
            defaults: { mode: observe }
            """);
    Given contact =
        Given.json(
            "POST",
            "https://api.hubapi.com/crm/v3/objects/contacts",
            "{\"properties\":{\"lifecyclestage\":\"lead\"}}");
    Given user =
        Given.json(
            "POST",
            "https://api.hubapi.com/crm/v3/objects/users",
            "{\"properties\":{\"lifecyclestage\":\"lead\"}}");
    Path journal = directory.resolve("journal");
    PastServices.run(journal, watching, "bots", List.of(contact));
    Path suggested = directory.resolve("suggested.yaml");
    Run made = run("rules", "suggest", "--out", suggested.toString(), journal.toString());
    assertEquals(0, made.exit(), made.err());
    String text = Files.readString(suggested);
    assertTrue(text.contains("call: POST /crm/v3/objects/contacts\n"), text);
    assertTrue(!text.contains("then: deny"), text);
    assertEquals(0, run("rules", "check", "--fail-on", "warning", suggested.toString()).exit());
    Path again = directory.resolve("journal-again");
    assertEquals(1, PastServices.run(again, suggested, "bots", List.of(contact, user)), text);
  }

  @Test
  void theInventoryTellsEveryCallWithItsFieldsAndNoValue() throws Exception {
    Path rules = rules("old", RULES.formatted("observe"));
    Path journal = directory.resolve("journal");
    PastServices.run(
        journal,
        rules,
        "bots",
        List.of(
            refund(1_200, "eur"),
            refund(1_300, "eur"),
            Given.json(
                "PUT",
                "https://acme.zendesk.com/api/v2/tickets/4711",
                "{\"ticket\":{\"status\":\"open\",\"comment\":{\"body\":\"jane@example.com\"}}}")));
    Run text = run("inventory", journal.toString());
    assertEquals(0, text.exit(), text.err());
    assertTrue(text.out().contains("2  write-high  POST /v1/refunds  (refund.create)"), text.out());
    assertTrue(text.out().contains("fields amount, charge, currency"), text.out());
    assertTrue(text.out().contains("money 25.00 EUR"), text.out());
    assertTrue(text.out().contains("PUT /api/v2/tickets/*"), text.out());
    assertTrue(text.out().contains("status"), text.out());
    for (String line : text.out().lines().toList()) {
      assertTrue(line.length() <= 120, line);
    }
    assertTrue(!text.out().contains("4711") && !text.out().contains("jane"), text.out());
    Run json = run("inventory", "--json", journal.toString());
    assertTrue(json.out().contains("\"money_exact\": {"), json.out());
    Run csv = run("inventory", "--csv", journal.toString());
    assertEquals(3, csv.out().lines().count());
  }

  @Test
  void aDirectoryThatIsNoJournalIsToldSo() throws Exception {
    Path rules = rules("old", RULES.formatted("enforce"));
    Path empty = Files.createDirectory(directory.resolve("empty"));
    Path foreign = Files.createDirectory(directory.resolve("foreign"));
    Files.writeString(foreign.resolve("metadata.cq4t"), "no queue");
    Files.writeString(foreign.resolve("20261121F.cq4"), "no queue either, only a text");
    for (Path one : List.of(empty, directory.resolve("missing"), rules)) {
      for (Run run :
          List.of(
              run("inventory", one.toString()),
              run("rules", "suggest", one.toString()),
              run("replay", "--rules", rules.toString(), "--journal", one.toString()))) {
        assertEquals(2, run.exit(), run.err());
        assertTrue(run.err().contains(one.toString()), run.err());
        assertEquals("", run.out());
      }
    }
    Run run = run("replay", "--rules", rules.toString(), "--journal", foreign.toString());
    assertEquals(2, run.exit(), run.out() + run.err());
    assertTrue(run.err().contains("foreign"), run.err());
    assertEquals(2, run("replay", "--journal", empty.toString()).exit());
    assertEquals(
        2, run("replay", "--rules", "/nowhere.yaml", "--journal", empty.toString()).exit());
  }

  @Test
  void aRuleFileIsComparedWithWhatTheJournalHasSeen() throws Exception {
    Path rules = rules("old", RULES.formatted("enforce"));
    Path journal = directory.resolve("journal");
    PastServices.run(
        journal,
        rules,
        "bots",
        List.of(
            refund(100, "eur"),
            Given.json("POST", "https://slack.com/api/chat.postMessage", "{\"text\":\"a\"}"),
            Given.json(
                "POST",
                "https://mcp.example.com/mcp",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"update_ticket\"}}")));
    Run run = run("rules", "check", "--journal", journal.toString(), rules.toString());
    String file = rules.toString();
    List<String> told = run.out().lines().filter(line -> line.startsWith(file)).toList();
    String all = String.join("\n", told);
    assertTrue(all.contains("[CRD501] host 'acme.zendesk.com' of 'zendesk' was not called"), all);
    assertTrue(!all.contains("[CRD501] host 'slack.com'"), all);
    assertTrue(all.contains("[CRD501] host '.sub.example.com' of 'crm'"), all);
    assertTrue(all.contains("[CRD502] rule 'ticket.delete' matched no call since"), all);
    assertTrue(!all.contains("[CRD502] rule 'refund.small'"), all);
    assertTrue(
        all.contains(
            "[CRD503] 'tools rpc tools/call update_ticket' was called 1 time, and nothing"),
        run.out());
    int line = 19; // tools: { hosts: [mcp.example.com] ...
    assertTrue(all.contains(file + ":" + line + ":3: warning[CRD503]"), all);
    assertEquals(0, run.exit(), "warnings are no errors");
    Run none = run("rules", "check", "--journal", directory.resolve("no").toString(), file);
    assertEquals(2, none.exit());
  }

  // ---- calls

  private static Given refund(int cents, String currency) {
    return Given.form(
        "POST",
        "https://api.stripe.com/v1/refunds",
        "amount=" + cents + "&currency=" + currency + "&charge=ch_1");
  }

  private static List<Given> plainCalls(Random random) {
    List<Given> calls = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      int id = random.nextInt(1_000_000);
      calls.add(refund(1 + random.nextInt(10_000), "eur"));
      calls.add(Given.of("GET", "https://api.stripe.com/v1/charges/ch_" + id));
      calls.add(
          Given.json(
              "POST",
              "https://slack.com/api/chat.postMessage",
              "{\"channel\":\"C\",\"text\":\"hi\"}"));
      calls.add(
          Given.json(
              "PUT",
              "https://acme.zendesk.com/api/v2/tickets/" + id,
              "{\"ticket\":{\"status\":\"open\"}}"));
      calls.add(Given.of("DELETE", "https://acme.zendesk.com/api/v2/tickets/" + id));
      calls.add(Given.json("POST", "http://crm.example.com:8080/v1/notes", "{\"text\":\"n\"}"));
      calls.add(Given.of("DELETE", "http://crm.example.com:8080/v1/notes/" + id));
      calls.add(Given.of("GET", "http://10.1.2.3:9000/health"));
      calls.add(
          Given.json(
              "POST",
              "https://shop.example.com/graphql",
              "{\"query\":\"mutation { orderUpdate { id } }\"}"));
      calls.add(
          Given.json(
              "POST",
              "https://shop.example.com/graphql",
              "{\"query\":\"query { orders { id } }\"}"));
    }
    return calls;
  }

  private static List<Given> calls(Random random, int count) {
    List<Given> calls = new ArrayList<>();
    while (calls.size() < count) {
      calls.add(call(random, random.nextInt(36)));
    }
    return calls;
  }

  private static Given call(Random random, int kind) {
    int id = random.nextInt(1_000_000);
    String crm = "https://crm.example.com";
    String zendesk = "https://acme.zendesk.com/api/v2/tickets/" + random.nextInt(3);
    String shop = "https://acme.myshopify.com/admin/api/2024-07/graphql.json";
    String mcp = "https://mcp.example.com/mcp";
    return switch (kind) {
      case 0 -> refund(random.nextInt(5_000), random.nextBoolean() ? "eur" : "usd");
      case 1 -> Given.form("POST", "https://api.stripe.com/v1/refunds", "charge=ch_1");
      case 2 ->
          Given.form(
              "POST",
              "https://api.stripe.com/v1/customers/cus_" + id,
              random.nextBoolean() ? "name=x" : "name=x&balance=1");
      case 3 -> Given.of("GET", "http://api.stripe.com/v1/charges");
      case 4 -> Given.of("GET", "https://api.stripe.com/v1/charges/ch_" + id);
      case 5 ->
          Given.json(
              "POST",
              "https://slack.com/api/chat.postMessage",
              "{\"channel\":\"C" + random.nextInt(4) + "\",\"text\":\"mail bob@example.com\"}");
      case 6 ->
          Given.json(
              "POST",
              "https://slack.com/api/chat.postMessage",
              "{\"channel\":\"C9\",\"text\":\"" + "x".repeat(random.nextInt(600)) + "\"}");
      case 7 -> Given.json("POST", "https://slack.com/api/reactions.add", "{}");
      case 8, 9 ->
          Given.json(
              "PUT",
              zendesk,
              "{\"ticket\":{\"status\":\""
                  + (random.nextBoolean() ? "open" : "solved" + random.nextInt(5))
                  + "\",\"priority\":\""
                  + (random.nextBoolean() ? "urgent" : "low")
                  + "\"}}");
      case 10 -> Given.of("DELETE", zendesk);
      case 11 -> Given.json("POST", shop, "{\"query\":\"mutation { orderUpdate { id } }\"}");
      case 12 ->
          Given.json(
              "POST", shop, "{\"query\":\"mutation { refundCreate { id } orderUpdate { id } }\"}");
      case 13 -> Given.json("POST", shop, "{\"query\":\"query { orders { id } }\"}");
      case 14 -> Given.json("POST", shop, "{\"query\":\"broken {\"}");
      case 15 ->
          Given.json(
                  "POST",
                  crm + "/v1/notes",
                  "{\"text\":\"" + "y".repeat(random.nextInt(200)) + "\"}")
              .with("X-Bot", "helper");
      case 16 -> Given.json("PUT", crm + "/v1/notes/" + id, "{\"text\":\"bob@example.com\"}");
      case 17 -> Given.json("POST", crm + "/v1/notes/a/b?dry=1", "{}").with("X-Bot", "helper");
      case 18 -> Given.json("POST", crm + "/v1/office", "{}");
      case 19 -> Given.json("POST", crm + "/secret/x", "{}");
      case 20 -> Given.json("POST", crm + "/V1/Notes", "{}").with("X-Bot", "helper");
      case 21 -> Given.json("POST", crm + "/v1//notes", "{}").with("X-Bot", "helper");
      case 22 ->
          Given.json("POST", crm + "/v1/notes", "{}").with("X-HTTP-Method-Override", "DELETE");
      case 23 -> Given.json("POST", crm + "/v1/search", "{}");
      case 24 -> Given.json("POST", crm + "/v1/payouts", "{}");
      case 25 -> Given.of("GET", "https://nowhere.example.net/x");
      case 26 -> Given.json("POST", "https://a.sub.example.com/v1/notes", "{}").with("X-Bot", "b");
      case 27 -> Given.json("POST", crm + "/v1/notes", "{\"text\":\"" + "z".repeat(5_000) + "\"}");
      case 28 ->
          Given.json(
              "POST",
              mcp,
              "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\""
                  + List.of("find_order", "get_x", "drop_table", "other_tool")
                      .get(random.nextInt(4))
                  + "\",\"arguments\":{}}}");
      case 29 ->
          Given.xml(
              "POST",
              "https://soap.example.com/s",
              "<e:Envelope xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\"><e:Body><"
                  + (random.nextBoolean() ? "getOrder" : "dropOrder")
                  + "/></e:Body></e:Envelope>");
      case 30 -> Given.of("GET", "https://10.1.2.3/x");
      case 31 ->
          Given.of("GET", crm + "/v1/x")
              .with("Host", random.nextBoolean() ? "slack.com" : "evil.example.net");
      case 32 ->
          Given.json(
                  "POST", crm + "/v1/notes", "{\"text\":\"key AKIA" + "QWERTYUIOPASDFGH" + " x\"}")
              .with("X-Bot", "helper");
      case 33, 34 ->
          Given.json(
              "POST",
              crm + "/v1/crowd",
              "{\"code\":\"c"
                  + random.nextInt(12)
                  + "\",\"size\":"
                  + (random.nextInt(5) == 0 ? "null" : Integer.toString(random.nextInt(20)))
                  + "}");
      default -> Given.of("GET", crm + "/v1/notes/" + id);
    };
  }

  // ---- helpers

  private Path rules(String name, String text) throws Exception {
    return Files.writeString(directory.resolve(name + ".yaml"), text);
  }

  private static List<JournalEntry> decided(Path journal) throws Exception {
    List<JournalEntry> all = new ArrayList<>();
    try (JournalTailer tailer = JournalTailer.open(journal, Instant.MIN)) {
      for (JournalEntry entry = tailer.poll(); entry != null; entry = tailer.poll()) {
        if (entry.kind() == RecordKind.CALL_REQUEST) {
          all.add(entry);
        }
      }
    }
    return all;
  }
}
