package dev.cordon.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;

class RulesCommandsTest {
  private static final String GOOD =
      """
      version: 1
      name: commands
      owner: tests@example.com
      packs: [stripe/1]
      destinations:
        stripe: { hosts: [api.stripe.com] }
      rules:
        - id: refund.small
          to: stripe
          call: POST /v1/refunds
          when: [money <= 25 EUR, reason in (duplicate | fraudulent)]
          then: allow
        - id: refund.large
          to: stripe
          call: POST /v1/refunds
          when: [money > 25 EUR]
          then: approve
      tests:
        - { call: stripe POST /v1/refunds, form: { amount: 9900, currency: eur }, expect: approve }
      """;

  @TempDir Path directory;
  private final ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
  private final ByteArrayOutputStream errBytes = new ByteArrayOutputStream();

  @Test
  void aCleanFileIsToldAsClean() throws IOException {
    assertEquals(Exit.OK, run("check", file(GOOD).toString()));
    assertTrue(out().endsWith("good.yaml: no problem\n"), out());
  }

  @Test
  void allErrorsOfAFileAreToldWithTheirPlaces() throws IOException {
    Path file = file(GOOD.replace("then: allow", "then: alow").replace("reason in", "reasn in"));
    assertEquals(Exit.FOUND_PROBLEMS, run("check", file.toString()));
    assertTrue(out().contains("good.yaml:11:29: error[CRD121] unknown field 'reasn'"), out());
    assertTrue(out().contains("^^^^^ did you mean 'reason'?"), out());
    assertTrue(out().contains("good.yaml:12:11: error[CRD114] unknown then 'alow'"), out());
    assertTrue(out().contains("2 errors, 0 warnings"), out());
  }

  @Test
  void warningsCountWhenAskedFor() throws IOException {
    Path file = file(GOOD.replace("owner: tests@example.com\n", ""));
    assertEquals(Exit.OK, run("check", file.toString()));
    assertTrue(out().contains("warning[CRD401]"), out());
    assertEquals(Exit.OK, run("check", "--fail-on", "error", file.toString()));
    assertEquals(Exit.FOUND_PROBLEMS, run("check", "--fail-on=warning", file.toString()));
    assertEquals(Exit.USAGE, run("check", "--fail-on", "never", file.toString()));
    assertTrue(err().contains("--fail-on is one of error, warning"), err());
  }

  @Test
  void theErrorsOfEveryFileAreToldAtOnceThoughOneCannotBeRead() throws IOException {
    Path bad = Files.writeString(directory.resolve("bad.yaml"), GOOD.replace("allow", "alow"));
    String none = directory.resolve("none.yaml").toString();
    String good = file(GOOD).toString();
    assertEquals(Exit.USAGE, run("check", bad.toString(), none, good));
    assertTrue(out().contains("bad.yaml:12:11: error[CRD114]"), out());
    assertTrue(out().endsWith("good.yaml: no problem\n"), out());
    assertTrue(err().contains("no such file: " + none), err());
    assertEquals(1, err().lines().count(), err());
  }

  @Test
  void reportsTellOfAFileThatCouldNotBeRead() throws IOException {
    String none = directory.resolve("none.yaml").toString();
    assertEquals(Exit.USAGE, run("check", "--format", "junit", none));
    assertTrue(out().contains("tests=\"1\" failures=\"0\" errors=\"1\""), out());
    assertTrue(out().contains("<error message=\"no such file: "), out());
    outBytes.reset();
    assertEquals(Exit.USAGE, run("check", "--format", "sarif", none));
    List<String> values = scalars(out());
    assertTrue(values.contains("executionSuccessful=false"), out());
    assertTrue(values.contains("text=no such file: " + none), out());
    outBytes.reset();
    assertEquals(Exit.USAGE, run("check", "--format", "json", none));
    assertTrue(scalars(out()).contains("unread=no such file: " + none), out());
  }

  @Test
  void aLayerThatTwoFilesStandOnIsToldOnceAndBothFilesFail() throws Exception {
    Path layer = Files.writeString(directory.resolve("low.yaml"), GOOD.replace("allow", "alow"));
    String pinned =
        "version: 1\nname: %s\nowner: t@example.com\nextends: [{ file: low.yaml, sha256: "
            + java.util.HexFormat.of()
                .formatHex(
                    java.security.MessageDigest.getInstance("SHA-256")
                        .digest(Files.readAllBytes(layer)))
            + " }]\n";
    Path a = Files.writeString(directory.resolve("a.yaml"), pinned.formatted("a"));
    Path b = Files.writeString(directory.resolve("b.yaml"), pinned.formatted("b"));
    assertEquals(Exit.FOUND_PROBLEMS, run("check", a.toString(), b.toString()));
    assertEquals(1, out().split("CRD114", -1).length - 1, out());
    assertTrue(out().contains("a.yaml: 1 error, 0 warnings\n"), out());
    assertTrue(
        out().contains("b.yaml: 1 error, 0 warnings; those of a layer that is told above"), out());
    outBytes.reset();
    assertEquals(
        Exit.FOUND_PROBLEMS, run("check", "--format", "junit", a.toString(), b.toString()));
    assertTrue(out().contains("failures=\"2\""), out());
  }

  @Test
  void aCaseOfTheFileThatFailsIsAnErrorBecauseTheAgentRefusesTheFile() throws IOException {
    Path file = file(GOOD.replace("expect: approve", "expect: allow"));
    assertEquals(Exit.FOUND_PROBLEMS, run("check", file.toString()));
    assertTrue(out().contains("good.yaml:19:5: error[CRD151] the case stripe POST"), out());
    assertTrue(out().contains("wanted allow, is approve"), out());
  }

  @Test
  void anIdThatIsThereTwiceIsToldThoughTheRulesAreBrokenOtherwise() throws IOException {
    Path file =
        file(
            GOOD.replace("refund.large", "refund.small")
                .replaceFirst("POST /v1/refunds", "POST v1/refunds"));
    assertEquals(Exit.FOUND_PROBLEMS, run("check", file.toString()));
    assertTrue(out().contains("CRD201] rule 'refund.small' exists already"), out());
    assertTrue(out().contains("first at 8:5"), out());
    assertTrue(out().contains("error[CRD123] a path begins with a slash"), out());
    assertTrue(out().contains("write POST /v1/refunds"), out());
  }

  @Test
  void jsonHoldsTheProblemsOfAllFiles() throws IOException {
    String bad =
        Files.writeString(directory.resolve("bad \"1\".yaml"), GOOD.replace("allow", "alow"))
            .toString();
    assertEquals(Exit.FOUND_PROBLEMS, run("check", "--format", "json", bad, file(GOOD).toString()));
    List<String> values = scalars(out());
    assertTrue(values.containsAll(List.of("file=" + bad, "errors=1", "code=CRD114")), out());
    assertTrue(values.containsAll(List.of("line=12", "column=11", "width=4")), out());
    assertTrue(values.containsAll(List.of("severity=error", "errors=0")), out());
  }

  @Test
  void sarifNamesRulesPlacesAndFilesAsItsReadersWantThem() throws IOException {
    Path bad = Files.writeString(directory.resolve("a b.yaml"), GOOD.replace("allow", "alow"));
    assertEquals(Exit.FOUND_PROBLEMS, run("check", "--format", "sarif", bad.toString()));
    List<String> values = scalars(out());
    assertTrue(values.containsAll(List.of("version=2.1.0", "name=cordon", "id=CRD114")), out());
    assertTrue(values.containsAll(List.of("ruleId=CRD114", "ruleIndex=0", "level=error")), out());
    assertTrue(values.containsAll(List.of("startLine=12", "startColumn=11", "endColumn=15")));
    assertTrue(values.contains("uri=" + bad.toUri()), out());
    assertTrue(out().contains("a%20b.yaml"), out());
  }

  @Test
  void sarifHasTheShapeThatItsStandardDemands() throws IOException {
    String odd = GOOD.replace("then: allow", "then: \u00e4\"\\low").replace("owner", "ownr");
    Path bad = Files.writeString(directory.resolve("a \"b\" \u00e4.yaml"), odd);
    Path slip = Files.writeString(directory.resolve("slip.yaml"), GOOD.replace("30,", "[30"));
    Path empty = Files.writeString(directory.resolve("empty.yaml"), "");
    Path broken =
        Files.writeString(directory.resolve("broken.yaml"), GOOD.replace("[money", "[[money"));
    String none = directory.resolve("none.yaml").toString();
    run("check", "--format", "sarif", "" + bad, "" + slip, "" + empty, "" + broken, none);
    assertTrue(SarifShape.check(out()).size() >= 4, out());
    outBytes.reset();
    assertEquals(Exit.OK, run("check", "--format", "sarif", file(GOOD).toString()));
    assertEquals(List.of(), SarifShape.check(out()));
  }

  @Test
  void junitXmlHasAFailureForEachErrorAndAPassForACleanFile() throws Exception {
    Path bad =
        Files.writeString(
            directory.resolve("bad & <ugly>.yaml"),
            GOOD.replace("allow", "'<alow & \u0085>'").replace("owner: tests@example.com\n", ""));
    assertEquals(
        Exit.FOUND_PROBLEMS,
        run("check", "--format", "junit", bad.toString(), file(GOOD).toString()));
    Element suites = xml(out());
    assertEquals("1", suites.getAttribute("failures"));
    assertEquals("4", suites.getAttribute("tests"));
    assertEquals(2, suites.getElementsByTagName("testsuite").getLength());
    assertEquals(4, suites.getElementsByTagName("testcase").getLength());
    Element failure = (Element) suites.getElementsByTagName("failure").item(0);
    assertEquals("CRD114", failure.getAttribute("type"));
    assertTrue(failure.getTextContent().contains("<alow & "), out());
  }

  @Test
  void colourIsForTerminalsAndForThoseWhoAskForIt() throws IOException {
    String file = file(GOOD.replace("then: allow", "then: alow")).toString();
    run("check", file);
    assertFalse(out().contains("\u001b"), out());
    run("check", "--color", "always", file);
    assertTrue(out().contains("\u001b[31merror[CRD114]\u001b[0m"), out());
  }

  @Test
  void theCommandWorksInAProcessOfItsOwn() throws Exception {
    Path file = file(GOOD.replace("then: allow", "then: alow"));
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.cordon.audit.Main",
                "rules",
                "check",
                file.toString())
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().close();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(Exit.FOUND_PROBLEMS, process.waitFor(), printed);
    assertTrue(printed.contains("good.yaml:12:11: error[CRD114]"), printed);
    assertFalse(printed.contains("\u001b"), printed);
  }

  @Test
  void aMissingFileOrAWrongOptionIsTheUsersMistake() {
    assertEquals(Exit.USAGE, run("check", directory.resolve("none.yaml").toString()));
    assertTrue(err().contains("no such file"), err());
    assertEquals(Exit.USAGE, run("check"));
    assertEquals(Exit.USAGE, run("check", "--colour", "x"));
    assertEquals(Exit.OK, run("check", "--help"));
    assertEquals(Exit.OK, run("explain", "--help"));
    assertEquals(Exit.USAGE, run("explain"));
    assertEquals(Exit.USAGE, run("explain", "x.yaml"));
    assertEquals(Exit.USAGE, run("explain", "x.yaml", "--call"));
    assertEquals(Exit.USAGE, run("explain", "x.yaml", "--verbose", "1"));
    assertEquals(Exit.USAGE, run("explain", "x.yaml", "y.yaml"));
  }

  @Test
  void aCallIsExplainedWithEachRuleAndEachCondition() throws IOException {
    Path file = file(GOOD);
    String body = "amount=9900&currency=eur&reason=duplicate&charge=ch_secret";
    assertEquals(
        Exit.OK,
        run(
            "explain",
            file.toString(),
            "--call",
            "POST https://api.stripe.com/v1/refunds",
            "--body",
            body));
    assertTrue(out().contains("decision:  approve\n"), out());
    assertTrue(out().contains("rule:      refund.large\n"), out());
    assertTrue(out().contains("operation: refund.create\n"), out());
    assertTrue(out().contains("  - refund.small  allow  POST /v1/refunds"), out());
    assertTrue(out().contains("false    money <= 25 EUR  " + file + ":11:12\n"), out());
    assertTrue(out().contains("true     reason in (duplicate | fraudulent)"), out());
    assertTrue(out().contains("  + refund.large  approve"), out());
  }

  @Test
  void aTextThatIsNearlyTheOneInARuleIsTold() throws IOException {
    String file =
        file("""
                version: 1
                name: near
                owner: tests@example.com
                defaults: { write: allow }
                destinations: { crm: { hosts: [crm.example.com] } }
                rules:
                  - { id: a, to: crm, call: POST /x, when: [channel = C1], then: deny }
                  - { id: b, to: crm, call: POST /x, when: [{ not: [team in (C1 | C2)] }], then: deny }
                """)
            .toString();
    String[] call = {file, "--call", "POST https://crm.example.com/x", "--body"};
    List<String> near = new ArrayList<>(List.of(call));
    near.add("{\"channel\":\"c1 \"}");
    assertEquals(Exit.OK, run("explain", near.toArray(String[]::new)));
    String nearly = "  (nearly the text that the call has)\n";
    assertTrue(out().contains("  unknown  channel = C1  " + file + ":7:45" + nearly), out());
    assertTrue(out().contains(":8:45\n"), out()); // absent
    outBytes.reset();
    near.set(near.size() - 1, "{\"channel\":\"C3\",\"team\":\"C\\u200b2\"}");
    assertEquals(Exit.OK, run("explain", near.toArray(String[]::new)));
    assertTrue(out().contains("  false    channel = C1  " + file + ":7:45\n"), out());
    assertTrue(out().contains(":8:45" + nearly), out());
  }

  @Test
  void whatWasSeenBeforeTheCallMayBeSaid() throws IOException {
    Path file =
        file(
            """
            version: 1
            name: seen
            owner: tests@example.com
            destinations: { crm: { hosts: [crm.example.com], category: crm } }
            rules: [{ id: a, to: crm, call: POST /x, when: [taint(id) = crm], then: allow }]
            """);
    String[] call = {
      file.toString(), "--call", "POST https://crm.example.com/x", "--body", "{\"id\":\"ch_12345\"}"
    };
    assertEquals(Exit.OK, run("explain", call));
    assertTrue(out().contains("unknown  taint(id) = crm"), out());
    outBytes.reset();
    List<String> seen = new ArrayList<>(List.of(call));
    seen.addAll(List.of("--seen", "crm=ch_12345"));
    assertEquals(Exit.OK, run("explain", seen.toArray(String[]::new)));
    assertTrue(out().contains("decision:  allow"), out());
    seen.set(seen.size() - 1, "crn=ch_12345");
    assertEquals(Exit.USAGE, run("explain", seen.toArray(String[]::new)));
    assertTrue(err().contains("--seen wants SOURCE=TEXT") && !err().contains("ch_12345"), err());
  }

  @Test
  void whatWouldHaveToChangeIsTold() throws IOException {
    String file = file(GOOD).toString();
    String call = "POST https://api.stripe.com/v1/refunds";
    run("explain", file, "--call", call, "--body", "amount=9900&currency=eur&reason=duplicate");
    assertTrue(
        out()
            .contains(
                "  refund.large (approve) must not fire: one of these must be false:"
                    + " money > 25 EUR (now true)  "
                    + file
                    + ":13\n"),
        out());
    assertTrue(
        out()
            .contains(
                "  and refund.small (allow) must fire: these must be true:"
                    + " money <= 25 EUR (now false)  "
                    + file
                    + ":8\n"),
        out());
    outBytes.reset();
    run("explain", file, "--call", "POST https://api.stripe.com/v1/payouts");
    assertTrue(out().contains("  a rule with then: allow must name the call\n"), out());
    outBytes.reset();
    run("explain", file, "--call", "GET https://api.stripe.com/v1/payouts");
    assertFalse(out().contains("for the call to leave"), out());
  }

  @Test
  void packsAreListedAndShown() throws IOException {
    assertEquals(Exit.OK, run("packs"));
    assertTrue(out().lines().count() > 15, out());
    assertTrue(out().contains("stripe/1"), out());
    outBytes.reset();
    assertEquals(Exit.OK, run("packs", "stripe"));
    assertTrue(out().contains("reference: https://docs.stripe.com/api"), out());
    assertTrue(out().contains("write-high  refund.create"), out());
    assertTrue(out().contains("money: amount in currency, smallest units"), out());
    outBytes.reset();
    assertEquals(Exit.OK, run("packs", "--format", "json", "stripe/1"));
    assertTrue(scalars(out()).contains("operation=refund.create"), out());
    assertEquals(Exit.USAGE, run("packs", "strip"));
    assertTrue(err().contains("no pack 'strip'; known: anthropic/1"), err());
    assertEquals(Exit.USAGE, run("packs", "stripe", "slack"));
    assertEquals(Exit.OK, run("packs", "--help"));
  }

  @Test
  void aCallIsClassifiedByThePackOfItsHostOrByARuleFile() throws IOException {
    assertEquals(
        Exit.OK,
        main("classify", "POST https://api.stripe.com/v1/refunds", "--body", "amount=s3cret"));
    assertTrue(out().contains("class:     write-high\noperation: refund.create\n"), out());
    assertFalse(out().contains("s3cret"), out());
    outBytes.reset();
    Path body =
        Files.writeString(
            directory.resolve("q.json"), "{\"query\": \"mutation { orderUpdate { id } }\"}");
    main(
        "classify",
        "POST https://a.myshopify.com/admin/api/2026-01/graphql.json",
        "--body",
        "@" + body);
    assertTrue(out().contains("class:     write"), out());
    outBytes.reset();
    main("classify", "DELETE https://unknown.example.com/x");
    assertTrue(out().contains("class:     write\noperation: not known\n"), out());
    outBytes.reset();
    String rules = GOOD + "classify: { read: [stripe POST /v1/refunds] }\n";
    main("classify", "POST https://api.stripe.com/v1/refunds", "--rules", file(rules).toString());
    assertTrue(out().contains("class:     read\n"), out());
    assertEquals(Exit.USAGE, main("classify"));
    assertEquals(Exit.USAGE, main("classify", "https://unknown.example.com/x"));
    assertEquals(Exit.USAGE, main("classify", "GET https://x.example.com/", "--body", "@/none"));
    assertEquals(Exit.OK, main("classify", "--help"));
  }

  @Test
  void noValueOfTheCallIsPrinted() throws IOException {
    Path body = directory.resolve("body.json");
    Files.writeString(
        body, "{\"amount\": \"s3cret-1\", \"reason\": \"s3cret-2\", \"s3cret-3\": 1}\n");
    for (String header : List.of("Authorization: Bearer s3cret-4", "s3cret-5")) {
      run(
          "explain",
          file(GOOD).toString(),
          "--call",
          "POST https://api.stripe.com/v1/refunds?x=s3cret-6",
          "--header",
          header,
          "--body",
          "@" + body);
    }
    run("explain", file(GOOD).toString(), "--call", "POST https://s3cret-7.example.com/s3cret-8");
    assertTrue(out().contains("unknown  money <= 25 EUR"), out());
    assertFalse((out() + err()).contains("s3cret"), out() + err());
  }

  @Test
  void aBrokenRuleFileIsToldInsteadOfADecision() throws IOException {
    Path file = file("version: 2\nname: x\n");
    assertEquals(
        Exit.FOUND_PROBLEMS,
        run("explain", file.toString(), "--call", "GET https://api.example.com/"));
    assertTrue(err().contains("error[CRD116]"), err());
    assertFalse(err().contains("Exception"), err());
  }

  private Path file(String text) throws IOException {
    return Files.writeString(directory.resolve("good.yaml"), text);
  }

  private int run(String command, String... arguments) {
    List<String> all = new ArrayList<>(List.of("rules", command));
    all.addAll(List.of(arguments));
    return main(all.toArray(new String[0]));
  }

  private int main(String... arguments) {
    try (PrintStream out = new PrintStream(outBytes, true, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(errBytes, true, StandardCharsets.UTF_8)) {
      return Main.run(List.of(arguments), out, err);
    }
  }

  /** Each value as {@code key=value}; fails when the text is not JSON. */
  private static List<String> scalars(String json) throws IOException {
    List<String> values = new ArrayList<>();
    try (JsonParser parser = new JsonFactory().createParser(json)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token.isScalarValue()) {
          values.add(parser.currentName() + "=" + parser.getText());
        }
      }
    }
    return values;
  }

  private static Element xml(String text) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)))
        .getDocumentElement();
  }

  private String out() {
    return outBytes.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return errBytes.toString(StandardCharsets.UTF_8);
  }
}
