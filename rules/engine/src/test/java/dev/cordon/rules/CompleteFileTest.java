package dev.cordon.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * A file that uses every part of the language. The packs have other versions than when it was
 * written, a lower layer stands beside it, and names and addresses are not detected in log lines.
 */
class CompleteFileTest {
  private static final Path FILE = Path.of("src/test/resources/complete/prod.yaml");
  private static final Set<String> TYPES =
      Set.of("email", "phone", "iban", "pan", "secret", "token");

  /** Knows all types and finds e-mail addresses. */
  private static final Detector DETECTOR =
      new Detector() {
        @Override
        public Set<String> types() {
          return TYPES;
        }

        @Override
        public Set<String> typesOf(String category) {
          return category.equals("payment-card") ? Set.of("pan") : Set.of();
        }

        @Override
        public Truth isIn(String text, String type) {
          return Truth.of(type.equals("email") && text.indexOf('@') >= 0);
        }

        @Override
        public Truth isIn(byte[] body, String contentType, Set<String> types) {
          return Truth.FALSE;
        }
      };

  @Test
  void aFileWithEveryPartOfTheLanguageLoadsWithoutErrorsAndPassesItsCases() throws Exception {
    Surroundings surroundings = Surroundings.of(DETECTOR);
    RuleSet rules = new RuleSource(FILE, surroundings).load(); // runs the cases, too
    assertEquals("support-bots/prod", rules.name());
    List<Problem> errors =
        RuleSet.check(FILE, surroundings).stream()
            .filter(problem -> problem.severity() == Problem.Severity.ERROR)
            .toList();
    assertEquals(List.of(), errors);
    Decision user = rules.decide(CallFacts.of("POST", "https://example.zendesk.com/api/v2/users"));
    assertEquals("org.no-users", user.ruleId());
  }
}
