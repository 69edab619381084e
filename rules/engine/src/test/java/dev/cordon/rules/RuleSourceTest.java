package dev.cordon.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
