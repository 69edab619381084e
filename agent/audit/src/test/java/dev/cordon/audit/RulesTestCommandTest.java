package dev.cordon.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;

class RulesTestCommandTest {
  private static final Path PACKS = Path.of("..", "..", "rules", "packs");
  private static final String RULES =
      """
      version: 1
      name: tested
      owner: tests@example.com
      packs: [stripe/1, slack/1]
      destinations:
        stripe: { hosts: [api.stripe.com] }
        slack: { hosts: [slack.com] }
        crm: { hosts: [.crm.example.com], ports: [8443] }
      callers: { bot: header.X-Bot }
      rules:
        - id: refund.small
          to: stripe
          call: POST /v1/refunds
          when: [money <= 25 EUR]
          then: allow
        - id: refund.large
          to: stripe
          call: POST /v1/refunds
          when: [money > 25 EUR]
          then: approve
        - id: refund.night
          to: stripe
          call: POST /v1/refunds
          when: ['time in (22:00-06:00 UTC)']
          then: deny
        - id: slack.post
          to: slack
          call: POST /api/chat.postMessage
          then: allow
        - id: slack.mask
          to: slack
          call: POST /api/chat.postMessage
          when: [channel = C1, bot in (helper)]
          then: redact
          redact: { types: [email], with: mask }
        - id: crm.never
          to: crm
          call: DELETE /**
          then: forbid
      tests:
        - { call: stripe POST /v1/refunds, now: 2026-11-21T12:00:00Z, form: { amount: 2500, currency: eur }, expect: allow, rule: refund.small, money: 25 EUR }
        - { call: stripe POST /v1/refunds, now: 2026-11-21T12:00:00Z, form: { amount: 2501, currency: eur }, expect: approve, reason: approval-required }
        - { call: stripe POST /v1/refunds, now: 2026-11-21T23:00:00Z, form: { amount: 2500, currency: eur }, expect: deny, rule: refund.night }
        - { call: stripe POST /v1/refunds, now: 2026-11-21T12:00:00Z, form: { currency: eur }, expect: approve, money: unknown }
        - { call: slack POST /api/chat.postMessage, headers: { X-Bot: helper }, body: { channel: C1, text: "x\\"y" }, expect: redact }
        - { call: slack POST /api/chat.postMessage, headers: { X-Bot: other }, body: { channel: C1 }, expect: allow, redacts: false }
        - { call: "GET https://evil.example.net/x", expect: deny, reason: unknown-host, class: read }
      """;

  @TempDir Path directory;
  private final ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
  private final ByteArrayOutputStream errBytes = new ByteArrayOutputStream();

  @Test
  void casesPassAndTheRuleWithoutOneIsNamed() throws IOException {
    assertEquals(Exit.OK, run(file(RULES)), out());
    assertTrue(out().contains("├─ ok   stripe POST /v1/refunds -> allow by refund.small"), out());
    assertTrue(out().contains("no case touches crm.never (forbid)  "), out());
    assertTrue(out().contains("└─ 7 passed, 0 failed; touched 5 of 6"), out());
    assertEquals("", err());
    assertEquals(Exit.FOUND_PROBLEMS, run(file(RULES), "--untouched"));
    assertEquals(
        Exit.OK, run(file(RULES + "  - { call: crm DELETE /x, expect: forbid }\n"), "--untouched"));
  }

  @Test
  void aCaseThatComesOutOtherwiseTellsHowAndFails() throws IOException {
    String file =
        file(RULES + "  - { call: stripe POST /v1/payouts, expect: allow, rule: refund.small }\n");
    assertEquals(Exit.FOUND_PROBLEMS, run(file));
    assertTrue(out().contains("├─ FAIL stripe POST /v1/payouts -> allow by refund.small"), out());
    assertTrue(out().contains("│      expect: wanted allow, is deny\n"), out());
    assertTrue(out().contains("│      rule: wanted refund.small, is default.write-high\n"), out());
    assertTrue(out().contains("│      decided: deny by default.write-high, write-default"), out());
    assertTrue(out().contains("└─ 7 passed, 1 failed"), out());
  }

  @Test
  void junitAndJsonTellTheSame() throws Exception {
    String file = file(RULES + "  - { call: stripe POST /v1/payouts, expect: allow }\n");
    assertEquals(Exit.FOUND_PROBLEMS, run(file, "--format", "junit"));
    Element suites =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(outBytes.toByteArray()))
            .getDocumentElement();
    assertEquals("1", suites.getAttribute("failures"));
    assertEquals("9", suites.getAttribute("tests")); // one for the untouched rule
    outBytes.reset();
    assertEquals(Exit.FOUND_PROBLEMS, run(file, "--format=json"));
    assertTrue(out().contains("\"failed\": 1"), out());
    assertTrue(out().contains("\"id\": \"crm.never\""), out());
  }

  @Test
  void noValueOfACallIsPrinted() throws IOException {
    String secret =
        "  - { call: stripe POST /v1/payouts, headers: { X-Key: s3cret-1 },"
            + " form: { amount: s3cret-2 }, money: 3 EUR }\n";
    assertEquals(Exit.FOUND_PROBLEMS, run(file(RULES + secret)));
    assertFalse((out() + err()).contains("s3cret"), out() + err());
  }

  @Test
  void theCasesOfEveryPackAndEnvironmentPass() throws IOException {
    List<String> files = new ArrayList<>();
    for (String folder : List.of("vendors", "environments")) {
      try (Stream<Path> all = Files.list(PACKS.resolve(folder))) {
        all.map(Path::toString).filter(name -> name.endsWith(".yaml")).forEach(files::add);
      }
    }
    files.add("--untouched");
    assertEquals(Exit.OK, run(files.toArray(new String[0])), out() + err());
    assertEquals(files.size() / 2, out().split(" 0 failed", -1).length - 1);
  }

  @Test
  void whatCannotBeRunIsToldInOneLine() throws IOException {
    String none = file(RULES.substring(0, RULES.indexOf("tests:")));
    assertEquals(Exit.USAGE, run(none));
    assertTrue(err().contains("no cases for " + none), err());
    assertEquals(Exit.USAGE, run(directory.resolve("none.yaml").toString()));
    assertEquals(Exit.USAGE, run());
    assertEquals(Exit.USAGE, run(none, "--format", "sarif"));
    assertEquals(Exit.OK, run("--help"));
    assertEquals(4, err().lines().count(), err());
  }

  @Test
  void reportsTellOfWhatWasNotRun() throws IOException {
    String broken = file(RULES.replace("then: allow", "then: alow"));
    assertEquals(Exit.FOUND_PROBLEMS, run(broken, "--format", "junit"));
    assertTrue(out().contains("tests=\"1\" failures=\"0\" errors=\"1\""), out());
    assertTrue(out().contains("CRD114"), out());
    assertTrue(err().contains("CRD114"), err());
  }

  @Test
  void aCaseThatIsNoneIsToldWithItsPlace() throws IOException {
    for (String broken :
        List.of(
            "{ call: nowhere GET /x, expect: deny }",
            "{ call: stripe, expect: deny }",
            "{ call: stripe GET /x }",
            "{ call: stripe GET /x, expect: maybe }",
            "{ call: stripe GET /x, expect: deny, ignore: true }",
            "{ call: stripe GET /x, expect: deny, body: { a: 1 }, raw: x }",
            "{ call: stripe GET /x, expect: deny, now: noon }")) {
      errBytes.reset();
      assertEquals(Exit.FOUND_PROBLEMS, run(file(RULES + "  - " + broken + "\n")), broken);
      assertTrue(err().contains("tested.yaml:48:"), broken + "\n" + err());
      assertTrue(err().contains("error[CRD1"), err());
    }
  }

  private String file(String text) throws IOException {
    return Files.writeString(directory.resolve("tested.yaml"), text).toString();
  }

  private int run(String... arguments) {
    List<String> all = new ArrayList<>(List.of("rules", "test"));
    all.addAll(List.of(arguments));
    try (PrintStream out = new PrintStream(outBytes, true, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(errBytes, true, StandardCharsets.UTF_8)) {
      return Main.run(all, out, err);
    }
  }

  private String out() {
    return outBytes.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return errBytes.toString(StandardCharsets.UTF_8);
  }
}
