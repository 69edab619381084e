package dev.cordon.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Conditions on more than the call: the time, the caller, what a detector finds, patterns. */
class SurroundingConditionsTest {
  private static final String URL = "https://api.example.com/x";

  @TempDir Path directory;
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-03-02T10:00:00Z")); // a Monday

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      textBlock =
          """
          mon-fri 08:00-18:00 Europe/Berlin ~ 2026-03-02T06:59:59Z ~ FALSE
          mon-fri 08:00-18:00 Europe/Berlin ~ 2026-03-02T07:00:00Z ~ TRUE
          mon-fri 08:00-18:00 Europe/Berlin ~ 2026-03-02T16:59:59Z ~ TRUE
          mon-fri 08:00-18:00 Europe/Berlin ~ 2026-03-02T17:00:00Z ~ FALSE
          mon-fri 08:00-18:00 Europe/Berlin ~ 2026-07-06T06:00:00Z ~ TRUE
          mon-fri 08:00-18:00 Europe/Berlin ~ 2026-03-01T12:00:00Z ~ FALSE
          08:00-18:00 UTC ~ 2026-03-01T12:00:00Z ~ TRUE
          sat,sun 00:00-24:00 UTC ~ 2026-03-01T00:00:00Z ~ TRUE
          sat,sun 00:00-24:00 UTC ~ 2026-03-02T00:00:00Z ~ FALSE
          sat-mon 00:00-24:00 UTC ~ 2026-03-02T12:00:00Z ~ TRUE
          sat-mon 00:00-24:00 UTC ~ 2026-03-03T12:00:00Z ~ FALSE
          fri 22:00-06:00 UTC ~ 2026-03-06T23:00:00Z ~ TRUE
          fri 22:00-06:00 UTC ~ 2026-03-07T05:59:00Z ~ TRUE
          fri 22:00-06:00 UTC ~ 2026-03-07T06:00:00Z ~ FALSE
          fri 22:00-06:00 UTC ~ 2026-03-06T05:00:00Z ~ FALSE
          mon 01:00-02:00 UTC | tue 03:00-04:00 UTC ~ 2026-03-03T03:30:00Z ~ TRUE
          mon 01:00-02:00 UTC | tue 03:00-04:00 UTC ~ 2026-03-03T01:30:00Z ~ FALSE
          """)
  void windowsOpenAndCloseToTheMinuteOfTheirZone(String windows, String at, Truth truth)
      throws Exception {
    RuleSet rules = rules("time in (" + windows + ")", "");
    now.set(Instant.parse(at));
    assertEquals(truth, truth(rules, "{}"));
  }

  @Test
  void theSameRuleSetFollowsTheClock() throws Exception {
    RuleSet rules = rules("time in (mon 08:00-18:00 UTC)", "");
    assertEquals(Truth.TRUE, truth(rules, "{}"));
    now.set(Instant.parse("2026-03-02T18:00:00Z"));
    assertEquals(Truth.FALSE, truth(rules, "{}"));
    now.set(Instant.parse("2026-03-02T17:59:59.999Z"));
    assertEquals(Truth.TRUE, truth(rules, "{}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "()",
        "(08:00-18:00)",
        "(mon-fri 08:00-18:00)",
        "(mon-fri 08:00-18:00 CET)",
        "(mon-fri 08:00-18:00 +01:00)",
        "(mon-fri 08:00-18:00 Etc/GMT-1)",
        "(mon-fri 08:00-18:00 Europe/Atlantis)",
        "(monday 08:00-18:00 UTC)",
        "(mon-fri 8-18 UTC)",
        "(mon-fri 08:00-24:01 UTC)",
        "(mon-fri 08:00-08:00 UTC)",
        "(mon-fri 24:00-08:00 UTC)",
        "(mon-fri 08:00-18:00 UTC | nonsense)",
        "$hours"
      })
  void whatIsNoTimeIsAnError(String windows) {
    RuleFileException error =
        assertThrows(RuleFileException.class, () -> rules("time in " + windows, ""));
    assertEquals(List.of("CRD141"), codes(error));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      textBlock =
          """
          id matches order ~ {"id":"A-1234"} ~ TRUE
          id matches order ~ {"id":"A-12345"} ~ FALSE
          id matches order ~ {"id":"xA-1234"} ~ FALSE
          id matches order ~ {"id":"A-1234\\nB"} ~ FALSE
          id matches order ~ {"id":1234} ~ UNKNOWN
          id matches order ~ {} ~ UNKNOWN
          'ids[] matches order' ~ {"ids":["x","B-9999"]} ~ TRUE
          query.q matches order ~ {} ~ TRUE
          header.X-Bot matches word ~ {} ~ TRUE
          text has email ~ {"text":"a@example.com"} ~ TRUE
          text has email ~ {"text":"nobody"} ~ FALSE
          text has email ~ {"text":{"a":"a@example.com"}} ~ UNKNOWN
          text has pan ~ {"text":4242424242424242} ~ TRUE
          text has pan ~ {"text":42424242424242420000000} ~ TRUE
          text has pan ~ {"text":1e99999} ~ UNKNOWN
          text has pan ~ {"text":true} ~ FALSE
          text has pan ~ {} ~ UNKNOWN
          '''**.text has email''' ~ {"a":[{"text":"a@example.com"}]} ~ TRUE
          { not: text has email } ~ {"text":"nobody"} ~ TRUE
          actor = support ~ {} ~ TRUE
          actor in (support | sales) ~ {} ~ TRUE
          actor matches word ~ {} ~ TRUE
          actor in (sales | other) ~ {"actor":"sales"} ~ FALSE
          bot = helper ~ {} ~ TRUE
          caller.bot = helper ~ {} ~ TRUE
          caller.channel = C1 ~ {"channel":"C1"} ~ UNKNOWN
          channel = C1 ~ {"channel":"C1"} ~ TRUE
          run exists ~ {} ~ UNKNOWN
          actor exists ~ {} ~ TRUE
          """)
  void fieldsAreComparedWithWhatTheyStandFor(String condition, String body, Truth truth)
      throws Exception {
    assertEquals(truth, truth(rules(condition, ""), body));
  }

  @Test
  void aTextLongerThanPatternsReadIsUnknown() throws Exception {
    RuleSet rules = rules("text matches word", "");
    String longest = "a".repeat(NamedPattern.MAX_TEXT_CHARS);
    assertEquals(Truth.TRUE, truth(rules, "{\"text\":\"" + longest + "\"}"));
    assertEquals(Truth.UNKNOWN, truth(rules, "{\"text\":\"" + longest + "a\"}"));
  }

  @Test
  void theCostliestPatternThatIsAcceptedTakesLinearTime() throws Exception {
    RuleSet rules = rules("text matches slow", "  slow: '(x+x+){1,90}y'\n");
    String text = "x".repeat(NamedPattern.MAX_TEXT_CHARS);
    long started = System.nanoTime();
    assertEquals(Truth.FALSE, truth(rules, "{\"text\":\"" + text + "\"}"));
    // not a limit of speed: a backtracking engine would not end in this test's life
    assertTrue(System.nanoTime() - started < 60_000_000_000L);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(a)\\1",
        "(?=a)b",
        "(?<!a)b",
        "a(",
        "a)",
        "[a",
        "*a",
        "((a{999}){999}){999}",
        "(((((((((a{10}){10}){10}){10}){10}){10}){10}){10}){10})",
        "a{1000}{1000}"
      })
  void aPatternThatIsNotLinearOrTooLargeIsAnError(String pattern) {
    RuleFileException error =
        assertThrows(
            RuleFileException.class, () -> rules("text matches bad", "  bad: '" + pattern + "'\n"));
    assertEquals(List.of("CRD140"), codes(error));
  }

  @Test
  void aUuidOrACardNumberIsNoLargePattern() throws Exception {
    RuleSet rules =
        rules(
            "text matches uuid",
            "  uuid: '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'\n");
    assertEquals(Truth.TRUE, truth(rules, "{\"text\":\"123e4567-e89b-12d3-a456-426614174000\"}"));
  }

  @ParameterizedTest
  @CsvSource({
    "text matches nothing, CRD140",
    "text has shoe-size, CRD131",
    "taint(text) = customer-text, CRD128",
    "text.length matches word, CRD120",
    "text.length has email, CRD120"
  })
  void whatIsNotThereIsAnError(String condition, String code) {
    RuleFileException error = assertThrows(RuleFileException.class, () -> rules(condition, ""));
    assertEquals(List.of(code), codes(error));
  }

  @Test
  void aTraitThatNothingTellsIsAWarning() throws Exception {
    assertEquals(
        List.of("CRD206"), rules("run = x", "").warnings().stream().map(Problem::code).toList());
  }

  @Test
  void aHeaderThatIsThereTwiceDoesNotTellTheCaller() throws Exception {
    RuleSet rules = rules("bot = helper", "");
    CallFacts twice =
        new CallFacts(
            "POST",
            URL,
            List.of("X-Bot", "helper", "x-bot", "other"),
            BodyState.NONE,
            new byte[0],
            new Caller("support", "helper", "", ""));
    assertEquals(Truth.UNKNOWN, rules.explain(twice).rules().get(0).conditions().get(0).truth());
  }

  @Test
  void withoutADetectorNoTypeIsKnown() {
    RuleFileException error =
        assertThrows(
            RuleFileException.class,
            () -> RuleSet.load(file("text has email", ""), Surroundings.of(Detector.NONE)));
    assertEquals(List.of("CRD131"), codes(error));
  }

  private RuleSet rules(String condition, String patterns) throws Exception {
    return RuleSet.load(
        file(condition, patterns),
        new Surroundings(new TestDetector(), now::get, System::nanoTime, new Ledger()));
  }

  private Path file(String condition, String patterns) throws Exception {
    return RuleFiles.write(
        directory,
        "version: 1",
        "name: surroundings",
        "owner: t@example.com",
        "callers: { bot: header.X-Bot }",
        "patterns:",
        "  order: '[A-Z]-[0-9]{4}'",
        "  word: '[a-z]+'",
        patterns + "destinations: { api: { hosts: [api.example.com] } }",
        "rules:",
        "  - id: r",
        "    to: api",
        "    call: POST /x",
        "    when:",
        "      - " + condition,
        "    then: deny");
  }

  private static Truth truth(RuleSet rules, String body) {
    CallFacts facts =
        new CallFacts(
            "POST",
            URL + "?q=C-0000",
            List.of("Content-Type", "application/json", "X-Bot", "helper"),
            BodyState.READ,
            body.getBytes(StandardCharsets.UTF_8),
            Caller.ofService("support"));
    return rules.explain(facts).rules().get(0).conditions().get(0).truth();
  }

  private static List<String> codes(RuleFileException error) {
    List<String> codes = new ArrayList<>();
    for (Problem problem : error.problems()) {
      if (problem.isError()) {
        codes.add(problem.code());
      }
    }
    return codes;
  }
}
