package dev.cordon.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules with {@code replaces}: proved to let no more by than the lower rule, or refused. */
class ReplacementTest {
  private static final String HEAD = "version: 1\nname: layers\nowner: t@example.com\n";
  private static final String GROUND =
      """
      packs: [stripe/1]
      destinations:
        api: { hosts: [api.example.com] }
        stripe: { hosts: [api.stripe.com] }
      lists: { rooms: [C1, C2] }
      patterns: { p1: 'a.*', p2: 'b.*', p3: 'c.*', p4: 'd.*', p5: 'e.*', p6: 'f.*', p7: 'g.*' }
      approvals:
        one: { approvers: [group:leads], votes: 1, ttl: 15m }
        two: { approvers: [group:leads], votes: 2, ttl: 10m }
      """;

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "POST /x, when: [a > 5], then: deny~POST /x, when: [a >= 5], then: deny",
        "POST /x, when: [a > 5], then: deny~POST /x, when: [{ not: a <= 5 }], then: forbid",
        "POST /x, when: [a > 5, b = 1], then: deny~POST /x, when: [{ any: [a > 5, c = 1] }], then: deny",
        "POST /x, when: [a in (u | v)], then: deny~POST /x, when: [a in (u | v | w)], then: deny",
        "POST /x, when: [a in $rooms], then: deny~POST /x, when: [a in (C1 | C2)], then: deny",
        "POST /x, when: [a < 5], then: allow~POST /x, when: [a <= 4.5], then: allow",
        "POST /x, when: [{ any: [a = u, a = v] }], then: allow~POST /x, when: [a = v], then: allow",
        "POST /x/*, when: [a > 5], then: escalate~POST /x/*, on-unknown: skip, then: escalate",
        "POST /x, when: [a > 5, a < 3], then: deny~POST /x, when: [a = 1], then: deny",
        "POST /x, then: approve, approval: { policy: one }~POST /x, then: approve, approval: { policy: two }",
        "POST /x, when: [a > 5], then: redact, redact: { types: [email], with: token }~POST /x, then: redact, redact: { types: [email, phone], with: mask }",
        "POST /x, when: [time in (mon-fri 09:00-17:00 UTC)], then: deny~POST /x, when: [time in (mon-sun 08:00-18:00 UTC)], then: deny",
      })
  void whatOnlyAProofShowsIsTaken(String lower, String upper) throws Exception {
    assertEquals(List.of(), errors(lower, upper));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "POST /x, when: [a > 5], then: deny~POST /x, when: [a > 6], then: deny~allow instead of deny, as for POST https://api.example.com/x",
        "POST /x, when: [a in (u | v)], then: deny~POST /x, when: [a in (u | w)], then: deny~\"a\":\"v\"",
        "POST /x/*, then: deny~POST /x/y, then: deny~allow instead of deny, as for POST https://api.example.com/x/",
        "POST /x, then: deny~PUT /x, then: deny~as for POST https://api.example.com/x ",
        "POST /x, when: [a < 5], then: allow~POST /x, when: [a <= 5], then: allow~allow instead of deny, as for POST https://api.example.com/x",
        "POST /x, when: [a > 5], then: deny~POST /x, when: [a > 5], on-unknown: skip, then: deny~allow instead of deny",
        "POST /x, then: approve, approval: { policy: two }~POST /x, then: approve, approval: { policy: one }~fewer votes: 1 instead of 2",
        "POST /x, then: deny~POST /x, then: deny, mode: observe~allow instead of deny",
        "POST /x, when: [time in (mon-fri 09:00-17:00 UTC)], then: deny~POST /x, when: [time in (mon-thu 09:00-17:00 UTC)], then: deny~ at 2026-03-06T",
        "POST /x, then: redact, redact: { types: [email, phone], with: mask }~POST /x, then: redact, redact: { types: [email], with: mask }~phone is redacted less",
        "POST /x, when: [a < 5], then: allow, limits: [{ per: rule, max: 5, within: 1h }]~POST /x, when: [a <= 4], then: allow, limits: [{ per: rule, max: 5, within: 1h }]~gone or wider",
        "POST /x, when: [a matches p1], then: deny~POST /x, when: [{ any: [a matches p2, a matches p3, a matches p4, a matches p5, a matches p6, a matches p7] }], then: deny~and no proof",
      })
  void whatLetsMoreByIsRefusedWithACall(String lower, String upper, String message)
      throws Exception {
    List<String> errors = errors(lower, upper);
    assertEquals(1, errors.size(), errors.toString());
    String error = errors.get(0);
    assertTrue(error.startsWith("main.yaml:6:11 CRD210 this rule "), error);
    assertTrue(error.contains(message), error);
  }

  @Test
  void aBrokenFileIsToldWithoutAProofOfWhatIsNotMeant() throws Exception {
    List<String> errors =
        errors("POST /x, when: [a > 5], then: deny", "POST /x, when: [a >], then: deny");
    assertEquals(1, errors.size(), errors.toString());
    assertTrue(errors.get(0).contains("CRD120"), errors.get(0));
  }

  @Test
  void manyFieldsAreProvedTogether() throws Exception {
    StringBuilder when = new StringBuilder("a > 5");
    for (int i = 0; i < 9; i++) {
      when.append(", f").append(i).append(" > 5");
    }
    List<String> errors =
        errors(
            "POST /x, when: [" + when + "], then: deny",
            "POST /x, when: [" + when.toString().replace("a > 5", "a >= 5") + "], then: deny");
    assertEquals(List.of(), errors);
  }

  @Test
  void whatCannotBeDecidedIsNoProof() throws Exception {
    List<String> errors =
        errors(
            "POST /x, when: [a > 5, a.length > 3], then: deny",
            "POST /x, when: [a >= 5, a.length > 3], then: deny");
    assertEquals(1, errors.size(), errors.toString());
    assertTrue(errors.get(0).contains("a condition is new, and no proof: "), errors.get(0));
  }

  @Test
  void eachOfSeveralLayersIsComparedWithTheOneBelow() throws Exception {
    Path low = write("low.yaml", GROUND + rules("POST /x, when: [a > 5], then: deny"));
    Path middle =
        write(
            "middle.yaml",
            extending(low) + rules("POST /x, when: [a > 3], replaces: r, then: deny"));
    Path main =
        write(
            "main.yaml",
            extending(middle) + rules("POST /x, when: [a > 4], replaces: r, then: deny"));
    List<String> errors = errors(main);
    assertEquals(1, errors.size(), errors.toString());
    assertTrue(errors.get(0).contains("main.yaml"), errors.get(0));
  }

  /** The lower rule alone and the upper one alone, on random calls, whatever the default is. */
  @RepeatedTest(25)
  void whatIsTakenLetsNoRandomCallByThatWasNot(RepetitionInfo repetition) throws Exception {
    long seed =
        Long.getLong("cordon.seed", System.nanoTime() * 31) + repetition.getCurrentRepetition() - 1;
    Random random = new Random(seed);
    String lower = rule(random);
    String upper = rule(random);
    if (!errors(lower, upper).isEmpty()) {
      return;
    }
    for (String write : List.of("allow", "deny")) {
      if (write.equals("deny") && !upper.contains("then: allow")) {
        continue; // a restriction may be for more calls than before
      }
      String head =
          HEAD + GROUND + "defaults: { write: " + write + ", write-high: " + write + " }\n";
      RuleSet old = RuleFiles.load(directory, head + rules(lower));
      RuleSet now = RuleFiles.load(directory, head + rules(upper));
      Permission permission = new Permission(old.file(), now.file());
      for (int i = 0; i < 500; i++) {
        CallFacts call = call(random);
        assertEquals(
            null,
            permission.looser(old.decide(call), now.decide(call)),
            () ->
                "-Dcordon.seed="
                    + (seed + "\n" + lower + "\n" + upper + "\n" + call.url() + " ")
                    + new String(call.body(), StandardCharsets.UTF_8));
      }
    }
  }

  private static String rule(Random random) {
    StringBuilder out = new StringBuilder();
    out.append(pick(random, List.of("POST", "POST", "PUT", "(POST | PUT)", "*"))).append(' ');
    out.append(pick(random, List.of("/x", "/x", "/*", "/x/**", "/**"))).append(", when: [");
    for (int i = random.nextInt(3); i > 0; i--) {
      String condition =
          pick(random, List.of("a > N", "a <= N", "a = N", "b in (uN | u1)", "{ not: b = uN }"));
      out.append(condition.replace("N", "" + random.nextInt(3))).append(i == 1 ? "" : ", ");
    }
    out.append("], then: ").append(pick(random, List.of("allow", "approve", "deny", "deny")));
    return out.toString();
  }

  private static CallFacts call(Random random) {
    StringBuilder body = new StringBuilder("{\"z\":1");
    if (random.nextInt(6) > 0) {
      body.append(",\"a\":").append(random.nextInt(4)).append(random.nextBoolean() ? "" : ".5");
    }
    if (random.nextInt(6) > 0) {
      body.append(",\"b\":\"u").append(random.nextInt(4)).append('"');
    }
    return new CallFacts(
        pick(random, List.of("POST", "PUT", "DELETE")),
        "https://api.example.com" + pick(random, List.of("/x", "/X", "/y", "/x/1", "/x/1/2", "/")),
        List.of("Content-Type", "application/json"),
        BodyState.READ,
        (body + (random.nextInt(8) == 0 ? "" : "}")).getBytes(StandardCharsets.UTF_8));
  }

  private static <T> T pick(Random random, List<T> from) {
    return from.get(random.nextInt(from.size()));
  }

  // ---- how it is asked

  private static String rules(String rule) {
    return "rules:\n  - { id: r, to: api, call: " + quoted(rule) + " }\n";
  }

  /** The call in quotes: a star begins an alias. */
  private static String quoted(String rule) {
    int end = rule.indexOf(", ");
    return "\"" + rule.substring(0, end) + "\"" + rule.substring(end);
  }

  private List<String> errors(String lower, String upper) throws Exception {
    Path low = write("low.yaml", GROUND + rules(lower));
    Path main = write("main.yaml", extending(low) + rules(upper + ", replaces: r"));
    return errors(main);
  }

  private static List<String> errors(Path main) throws Exception {
    Instant monday = Instant.parse("2026-03-02T10:00:00Z");
    Surroundings surroundings =
        new Surroundings(new TestDetector(), () -> monday, System::nanoTime, new Ledger());
    List<String> errors = new ArrayList<>();
    for (Problem problem : RuleSet.check(main, surroundings)) {
      if (problem.isError()) {
        errors.add(
            Path.of(problem.file()).getFileName()
                + ":"
                + problem.line()
                + ":"
                + problem.column()
                + " "
                + problem.code()
                + " "
                + problem.message());
      }
    }
    return errors;
  }

  private Path write(String name, String text) throws Exception {
    return Files.writeString(directory.resolve(name), HEAD + text);
  }

  private static String extending(Path layer) throws Exception {
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(layer));
    return "extends: [{ file: "
        + layer.getFileName()
        + ", sha256: "
        + HexFormat.of().formatHex(digest)
        + " }]\n";
  }
}
