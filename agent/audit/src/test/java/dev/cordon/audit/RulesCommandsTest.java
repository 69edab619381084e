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
