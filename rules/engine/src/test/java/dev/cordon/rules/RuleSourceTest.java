package dev.cordon.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RuleSourceTest {
  private static final String HEAD =
      "version: 1\nname: source-test\nserial: 7\nowner: tests@example.com\n"
          + "destinations: { crm: { hosts: [crm.example.com] } }\n";

  @TempDir Path directory;

  private RuleSource source(String text) throws IOException {
    Path file = Files.writeString(directory.resolve("a.yaml"), text);
    return new RuleSource(file, Surroundings.of(Detector.NONE));
  }

  @Test
  void aCaseThatFailsIsAnErrorAtItsPlace() throws Exception {
    RuleSource source =
        source(HEAD + "tests:\n  - { call: crm POST /x, body: { a: 4711 }, expect: allow }\n");
    RuleFileException wrong = assertThrows(RuleFileException.class, source::load);
    assertEquals(1, wrong.problems().size());
    Problem problem = wrong.problems().get(0);
    assertEquals("CRD151", problem.code());
    assertEquals(7, problem.line());
    assertEquals(
        "the case crm POST /x fails: expect: wanted allow, is deny;"
            + " decided: deny by default.write, write-default, class write",
        problem.message());
    assertEquals("source-test", source.name());
    assertEquals(7, source.serial());
  }

  @Test
  void aCaseSaysWhatTimeItIs() throws Exception {
    String rules =
        "rules: [{ id: hours, to: crm, call: POST /x, when: [\"time in (mon-fri 08:00-18:00 UTC)\"],"
            + " then: allow }]\n";
    String cases =
        "tests:\n  - { call: crm POST /x, now: \"2026-11-20T12:00:00Z\", expect: allow }\n"
            + "  - { call: crm POST /x, now: \"2026-11-20T23:00:00Z\", expect: deny }\n";
    assertEquals("source-test", source(HEAD + rules + cases).load().name());
  }

  @Test
  void aCaseThatCannotBeReadIsAnError() throws Exception {
    RuleSource source = source(HEAD + "tests:\n  - { call: nonsense, expect: allow }\n");
    RuleFileException wrong = assertThrows(RuleFileException.class, source::load);
    assertEquals("CRD150", wrong.problems().get(0).code());
  }

  @Test
  void aChangeOfAnyFileIsSeenAndATouchIsNone() throws Exception {
    RuleSource source = source(HEAD);
    assertFalse(source.isAsLoaded(), "not loaded yet");
    source.load();
    assertTrue(source.isAsLoaded());
    source(HEAD);
    assertTrue(source.isAsLoaded());
    source(HEAD + "# more\n");
    assertFalse(source.isAsLoaded());
  }

  @Test
  void anOverlayDecidesFromWhenItIsThereUntilItExpires() throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("a.yaml"),
            HEAD
                + "rules: [{ id: any, to: crm, call: POST /x, then: allow }]\n"
                + "tests: [{ call: crm POST /x, expect: allow, rule: any }]\n");
    Path overlay = directory.resolve("emergency.yaml");
    AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-03-02T10:00:00Z"));
    Surroundings surroundings =
        new Surroundings(Detector.NONE, now::get, System::nanoTime, new Ledger());
    RuleSource source = new RuleSource(file, overlay, surroundings);
    RuleSet before = source.load();
    assertEquals("any", decide(before));
    assertTrue(source.isAsLoaded());
    Files.writeString(
        overlay,
        "version: 1\nname: emergency\nowner: tests@example.com\nrole: emergency\n"
            + "expires: 2026-03-02T12:00:00Z\n"
            + "rules: [{ id: stop, to: crm, call: POST /x, then: forbid }]\n");
    assertFalse(source.isAsLoaded());
    RuleSet during = source.load();
    assertTrue(source.isAsLoaded());
    assertEquals("stop", decide(during));
    assertEquals("source-test", during.name());
    assertNotEquals(before.digest(), during.digest());
    now.set(Instant.parse("2026-03-02T12:00:00Z"));
    assertEquals("any", decide(during));
    now.set(Instant.parse("2026-03-01T11:00:00Z")); // more than a day ahead
    assertThrows(RuleFileException.class, source::load);
    Files.delete(overlay);
    assertEquals("any", decide(source.load()));
  }

  private static String decide(RuleSet rules) {
    return rules.decide(CallFacts.of("POST", "https://crm.example.com/x")).ruleId();
  }

  @Test
  void whatIsToldOfABrokenFileIsWhatItSays() throws Exception {
    RuleSource source = source(HEAD + "ruels: []\n");
    assertThrows(RuleFileException.class, source::load);
    assertEquals("source-test", source.name());
    assertEquals(7, source.serial());
    assertEquals(64, source.fileDigest().length());
    Files.delete(source.path());
    assertThrows(IOException.class, source::load);
    assertEquals("", source.name());
    assertEquals(-1, source.serial());
    assertEquals("", source.fileDigest());
  }
}
