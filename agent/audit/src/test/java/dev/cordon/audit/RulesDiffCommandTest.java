package dev.cordon.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RulesDiffCommandTest {
  private static final String OLD =
      """
      version: 1
      name: diff
      owner: tests@example.com
      packs: [stripe/1]
      destinations: { stripe: { hosts: [api.stripe.com] } }
      rules:
        - { id: refund.small, to: stripe, call: POST /v1/refunds, when: [money <= 25 EUR], then: allow }
        - { id: refund.large, to: stripe, call: POST /v1/refunds, when: [money > 25 EUR], then: approve }
      """;

  @TempDir Path directory;
  private final ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
  private final ByteArrayOutputStream errBytes = new ByteArrayOutputStream();

  @Test
  void theGateIsShutForAFileThatLetsMoreByAndShowsACall() throws IOException {
    Path old = file("old.yaml", OLD);
    Path now = file("new.yaml", OLD.replace("25 EUR", "50 EUR"));
    assertEquals(Exit.OK, run(old.toString(), now.toString()));
    assertEquals(Exit.FOUND_PROBLEMS, run(old.toString(), now.toString(), "--gate", "no-looser"));
    assertTrue(out().startsWith("looser    stripe: allow instead of approve\n"), out());
    assertTrue(out().contains("before  approve by refund.large  " + old + ":8\n"), out());
    assertTrue(out().contains("after   allow by refund.small  " + now + ":7\n"), out());
    assertTrue(out().contains("as in   POST https://api.stripe.com/v1/refunds\n"), out());
    assertTrue(out().contains("{\"currency\":\"eur\",\"amount\":2501}\n"), out());
  }

  @Test
  void theGateIsOpenForAFileThatIsProvedToBeNoLooser() throws IOException {
    Path old = file("old.yaml", OLD);
    Path now = file("new.yaml", OLD.replace("<= 25 EUR", "<= 20 EUR"));
    assertEquals(Exit.OK, run(old.toString(), now.toString(), "--gate=no-looser"));
    assertTrue(out().startsWith("stricter  stripe: "), out());
    assertTrue(out().contains("proved: nothing is looser"), out());
  }

  @Test
  void theGateIsShutWhenNothingCanBeProved() throws IOException {
    // texts of a form that are compared as numbers and by their length have too many classes
    String when = "f > 5, f.length > 3";
    String rule = "  - { id: r, to: stripe, call: POST /x, when: [" + when + "], then: deny }\n";
    Path old = file("old.yaml", OLD + rule);
    Path now = file("new.yaml", OLD + rule.replace("deny", "forbid"));
    assertEquals(Exit.FOUND_PROBLEMS, run(old.toString(), now.toString(), "--gate", "no-looser"));
    assertTrue(out().contains("unproved  "), out());
    assertTrue(out().contains("NOT PROVED"), out());
  }

  @Test
  void jsonHoldsTheSame() throws IOException {
    Path old = file("old.yaml", OLD);
    Path now = file("new.yaml", OLD.replace("25 EUR", "50 EUR"));
    assertEquals(Exit.OK, run(old.toString(), now.toString(), "--format", "json"));
    try (JsonParser parser = new JsonFactory().createParser(out())) {
      int tokens = 0;
      while (parser.nextToken() != null) {
        tokens++;
      }
      assertTrue(tokens > 50, out());
    }
    assertTrue(out().contains("\"looser\": true"), out());
    assertTrue(out().contains("\"rule\": \"refund.large\""), out());
  }

  @Test
  void aFileWithErrorsOrMissingIsNotCompared() throws IOException {
    Path old = file("old.yaml", OLD);
    Path broken = file("broken.yaml", OLD.replace("then: allow", "then: alow"));
    assertEquals(Exit.FOUND_PROBLEMS, run(old.toString(), broken.toString()));
    assertTrue(err().contains("CRD114"), err());
    assertEquals(Exit.USAGE, run(old.toString(), directory.resolve("none.yaml").toString()));
    assertEquals(Exit.USAGE, run(old.toString()));
    assertEquals(Exit.USAGE, run(old.toString(), old.toString(), "--gate", "looser"));
    assertTrue(err().contains("--gate knows no-looser only"), err());
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text);
  }

  private int run(String... arguments) {
    outBytes.reset();
    List<String> all = new ArrayList<>(List.of(arguments));
    return RulesDiffCommand.run(
        all,
        new PrintStream(outBytes, true, StandardCharsets.UTF_8),
        new PrintStream(errBytes, true, StandardCharsets.UTF_8));
  }

  private String out() {
    return outBytes.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return errBytes.toString(StandardCharsets.UTF_8);
  }
}
