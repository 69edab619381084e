package dev.cordon.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Which level notices which attack: the table of docs/threat-model.md. */
@Timeout(120)
class AttackSuiteTest {

  private static final Path PAGE = Path.of("../../docs/threat-model.md");

  @TempDir Path base;

  @Test
  void everyAttackIsNoticedByTheLevelThatThePageSays() throws Exception {
    try (Journal journal =
        Journal.open(JournalOptions.of(base.resolve("j"), "crm").withSeal(SealOptions.off()))) {
      SealerTest.commit(journal, 150);
    }
    List<AttackSuite.Outcome> outcomes =
        AttackSuite.run(base.resolve("j"), Files.createDirectory(base.resolve("work")));
    List<String> found = new ArrayList<>();
    for (AttackSuite.Outcome outcome : outcomes) {
      found.add("| " + outcome.attack() + " | " + outcome.noticedBy() + " |");
      System.out.println(found.get(found.size() - 1) + " " + outcome.exits());
      if (outcome.exits().get(0) != 0) {
        assertTrue(outcome.exits().get(1) != 0, "a key weakens nothing: " + outcome);
      }
      if (outcome.exits().get(1) != 0) {
        assertTrue(outcome.exits().get(2) != 0, "memory weakens nothing: " + outcome);
      }
    }
    List<String> told = new ArrayList<>();
    for (String line : Files.readAllLines(PAGE)) {
      if (line.matches("\\| .* \\| (L[123]|-) \\|")) {
        told.add(line);
      }
    }
    assertEquals(String.join("\n", told), String.join("\n", found));
  }
}
