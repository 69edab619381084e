package dev.cordon.journal.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a reader is shown after each attack: the second table of docs/threat-model.md. */
@Timeout(120)
class EvidenceAttacksTest {

  private static final Path PAGE = Path.of("../../docs/threat-model.md");

  @TempDir Path work;

  @Test
  void noAttackIsShownAsEvidenceAndThePageSaysWhatIs() throws Exception {
    List<String> found = new ArrayList<>();
    for (EvidenceAttacks.Outcome one : EvidenceAttacks.run(work)) {
      assertFalse(one.read(), one.attack());
      found.add("| " + one.attack() + " | " + one.shown().replace("2026-01-02", "DATE") + " |");
      System.out.println(found.get(found.size() - 1));
    }
    List<String> told = new ArrayList<>();
    String page = Files.readString(PAGE);
    for (String line : page.substring(page.indexOf("### Changes of evidence")).lines().toList()) {
      if (line.matches("\\| .* \\| (\\[.*\\]|refused|READ) \\|")) {
        told.add(line);
      }
    }
    assertEquals(String.join("\n", told), String.join("\n", found));
  }
}
