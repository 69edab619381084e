package dev.cordon.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
    Path file = file(GOOD + "alerts: []\n");
    assertEquals(Exit.OK, run("check", file.toString()));
    assertEquals(Exit.FOUND_PROBLEMS, run("check", "--strict", file.toString()));
    assertTrue(out().contains("warning[CRD119]"), out());
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
    try (PrintStream out = new PrintStream(outBytes, true, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(errBytes, true, StandardCharsets.UTF_8)) {
      return switch (command) {
        case "check" -> RulesCheckCommand.run(List.of(arguments), out, err);
        default -> RulesExplainCommand.run(List.of(arguments), out, err);
      };
    }
  }

  private String out() {
    return outBytes.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return errBytes.toString(StandardCharsets.UTF_8);
  }
}
