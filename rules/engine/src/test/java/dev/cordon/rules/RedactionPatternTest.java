package dev.cordon.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.cordon.rules.Redaction.With;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code redaction.patterns}: which are taken, and what is told of the others. */
class RedactionPatternTest {
  private static final String HEAD =
      "version: 1\nname: own\nserial: 3\nowner: t@example.com\n"
          + "destinations: { crm: { hosts: [crm.example.com] } }\n";

  @TempDir Path directory;

  private static RedactionPattern good(String source) {
    return assertInstanceOf(RedactionPattern.class, RedactionPattern.read("x", source), source);
  }

  // ---- what is told of a pattern

  @ParameterizedTest
  @CsvSource(
      delimiterString = " -> ",
      quoteCharacter = '"',
      value = {
        "ORD-[0-9]{8} -> ORD- -> 12",
        "(ORD|INV)-[0-9]{8} -> INV- ORD- -> 12",
        "[0-9]{4}-ORD\\.[0-9]{1,3} -> -ORD. -> 12",
        "\\bCT[Oo0][0-9]{6}\\b -> CT0 CTO CTo -> 9",
        "(?:abc|de[fg])x? -> abc def deg -> 4",
        "(ab){3,5}c -> abababababc ababababc abababc -> 11",
        "a{3}[b-z] -> aaa -> 4",
        "(?P<n>cust)omer-[a-z]{1,20}? -> customer- -> 29",
        "(?i)order no\\.? ?[0-9]{6} -> order no -> 16",
        "\\Qa.b(c\\E[0-9] -> a.b(c -> 6",
        "abc.{1,10} -> abc -> 23", // a sign beyond the first 65,536 is two characters
        "x[^,]{3}abcd -> abcd -> 11",
        "(abc|abd)?defg -> abcdefg abddefg defg -> 7",
        "ab\\x{63}def -> def -> 7",
        "[[:alpha:]]{2}(foo|bar)z -> barz fooz -> 6",
        "abc{x} -> abc{x} -> 6",
        "]abc -> ]abc -> 4"
      })
  void wordsAndLengthsAreTold(String source, String words, int most) {
    RedactionPattern pattern = good(source);
    List<String> sorted = new ArrayList<>(pattern.literals());
    sorted.sort(null);
    assertEquals(words, String.join(" ", sorted));
    assertEquals(most, pattern.maxChars());
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " -> ",
      value = {
        "[0-9]{8} -> CRD139 -> no 3 characters in a row",
        "OR[0-9]{8} -> CRD139 -> no 3 characters in a row",
        "(ORD|[0-9]{3})-x -> CRD139 -> no 3 characters in a row",
        "(ORD-)?[0-9]{8} -> CRD139 -> no 3 characters in a row",
        "(abc)* -> CRD139 -> empty text",
        "abc|x{0} -> CRD139 -> empty text",
        "ORD-[0-9]+ -> CRD139 -> no greatest length",
        "ORD-.* -> CRD139 -> no greatest length",
        "ORD-[0-9]{3,} -> CRD139 -> no greatest length",
        "ORD-[0-9]{253} -> CRD139 -> may have 257 characters",
        "ORD-.{127} -> CRD139 -> may have 258 characters",
        "^ORD-[0-9]{8} -> CRD139 -> begins or ends",
        "ORD-[0-9]{8}$ -> CRD139 -> begins or ends",
        "\\AORD-[0-9] -> CRD139 -> begins or ends",
        "ORD-(x\\z|y) -> CRD139 -> begins or ends",
        "ORD-[0-9 -> CRD140 -> bad pattern",
        "(ORD)\\1 -> CRD140 -> time must be linear",
        "(?=ORD)ORD-1 -> CRD140 -> time must be linear",
        "ORD(((a{9}){9}){9}){9} -> CRD140 -> its repetitions make it larger than 1000 steps",
      })
  void othersAreErrors(String source, String code, String why) throws IOException {
    List<Problem> problems =
        check("redaction:\n  patterns:\n    order: '" + source + "'\n  logs: { types: [order] }\n");
    assertEquals(1, problems.size(), problems::toString);
    Problem problem = problems.get(0);
    assertEquals(code, problem.code(), problem::toString);
    assertEquals("8:12", problem.line() + ":" + problem.column());
    assertTrue(problem.toString().contains(why), problem::toString);
  }

  @Test
  void aPatternIsOfBoundedLengthAndNesting() {
    assertInstanceOf(RedactionPattern.Wrong.class, RedactionPattern.read("x", "a".repeat(1001)));
    String deep = "(".repeat(300) + "abc" + ")".repeat(300);
    RedactionPattern.Wrong wrong =
        assertInstanceOf(RedactionPattern.Wrong.class, RedactionPattern.read("x", deep));
    assertEquals("CRD140", wrong.code());
  }

  // ---- in a file

  private List<Problem> check(String text) throws IOException {
    return RuleSet.check(Files.writeString(directory.resolve("own.yaml"), HEAD + text));
  }

  private List<String> codes(String text) throws IOException {
    List<String> codes = new ArrayList<>();
    for (Problem problem : check(text)) {
      codes.add(problem.line() + ":" + problem.column() + " " + problem.code());
    }
    return codes;
  }

  @Test
  void aTypeOfTheFilesOwnIsNamedLikeAnyOther() throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("own.yaml"),
            HEAD
                + """
                rules:
                  - { id: a, to: crm, call: POST /x, then: redact, redact: { fields: [note], types: [email, order-number], with: { order-number: drop, others: hash } } }
                redaction:
                  patterns:
                    order-number: 'ORD-[0-9]{8}'
                    contract: '(?i)contract [a-z][0-9]{4,9}'
                  logs: { types: [order-number, contract], with: keep-last-4 }
                  outgoing: { types: [secret, contract], with: { contract: block } }
                  responses: { types: [order-number], with: siv }
                """);
    assertEquals(List.of(), RuleSet.check(file));
    RuleSet text = RuleSet.load(file);
    Path bundle = directory.resolve("own.cbundle");
    Files.write(bundle, Bundle.build(file, Surroundings.of(Detector.NONE)));
    RuleSet built = RuleSet.load(bundle);
    assertEquals(text.digest(), built.digest());
    for (RuleSet rules : List.of(text, built)) {
      assertEquals(
          Map.of("order-number", With.KEEP_LAST_4, "contract", With.KEEP_LAST_4),
          rules.logs().operators());
      assertEquals(
          Map.of("secret", With.TOKEN, "contract", With.BLOCK), rules.outgoing().operators());
      assertEquals(Map.of("order-number", With.SIV), rules.responses().operators());
      assertEquals("redaction.responses", rules.needsRedactionKey());
      List<RedactionPattern> own = rules.patterns();
      assertEquals(2, own.size());
      assertEquals("order-number", own.get(0).name());
      assertEquals(List.of("ORD-"), own.get(0).literals());
      assertEquals(5L << 32 | 17, own.get(0).find("take ORD-12345678 now", 0));
      assertEquals(-1, own.get(0).find("take ORD-12345678 now", 6));
      assertTrue(own.get(1).foldsCase());
      assertEquals(List.of("contract "), own.get(1).literals());
      assertEquals(
          Map.of("email", With.HASH, "order-number", With.DROP),
          rules
              .decide(CallFacts.of("POST", "https://crm.example.com/x"))
              .redactions()
              .get(0)
              .operators());
    }
  }

  @Test
  void allErrorsAreToldAtOnce() throws IOException {
    assertEquals(
        List.of(
            "8:5 CRD133", // email
            "9:5 CRD133", // a label of the journal
            "10:5 CRD133", // no name
            "11:11 CRD113",
            "12:14 CRD140",
            "13:12 CRD139",
            "15:5 CRD110",
            "17:32 CRD131"),
        codes(
            """
            redaction:
              patterns:
                email: 'ORD-[0-9]'
                api-key: 'ORD-[0-9]'
                Order_No: 'ORD-[0-9]'
                list: [a]
                bracket: '(ORD-[0-9]'
                short: '[0-9]{8}'
                twice: 'ORD-[0-9]'
                twice: 'ORD-[0-9]'
              logs: { types: [email, api-key] }
              outgoing: { types: [bracket, twcie] }
            """
                .replace("api-key] }", "Order_No] }")));
  }

  @Test
  void operatorsThatDoNotFitAreErrors() throws IOException {
    String patterns = "redaction:\n  patterns: { order: 'ORD-[0-9]{8}' }\n";
    assertEquals(
        List.of("8:33 CRD137"),
        codes(patterns + "  logs: { types: [order], with: keep-domain }\n"));
    assertEquals(
        List.of("8:33 CRD114"), codes(patterns + "  logs: { types: [order], with: block }\n"));
    String model = HEAD.replace("] }", "], category: llm }");
    Path file =
        Files.writeString(
            directory.resolve("model.yaml"),
            model.replace("crm:", "model:")
                + patterns
                + "  logs: { types: [order] }\n"
                + "rules:\n  - { id: a, to: model, call: POST /x, then: redact, "
                + "redact: { types: [order, email], with: vault } }\n");
    List<Problem> problems = RuleSet.check(file);
    assertEquals(1, problems.size(), problems::toString);
    assertEquals("CRD137", problems.get(0).code());
    assertTrue(problems.get(0).toString().contains("no token for 'order'"), problems::toString);
  }

  @Test
  void noMoreThanThirtyTwoAreTaken() throws IOException {
    StringBuilder text = new StringBuilder("redaction:\n  patterns:\n");
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 33; i++) {
      names.add("t" + i);
      text.append("    t").append(i).append(": 'ABC").append(i).append("[0-9]'\n");
    }
    text.append("  logs: { types: [").append(String.join(", ", names)).append("] }\n");
    assertEquals(List.of("40:5 CRD139"), codes(text.toString()));
  }

  @Test
  void aTypeThatNothingNamesIsWarnedOf() throws IOException {
    assertEquals(
        List.of("8:5 CRD307"),
        codes(
            "redaction:\n  patterns:\n    order: 'ORD-[0-9]{8}'\n    inv: 'INV-[0-9]{8}'\n"
                + "  logs: { types: [inv] }\n"));
  }

  @Test
  void aLowerLayerSettlesItsTypesForThoseAbove() throws Exception {
    Path low =
        Files.writeString(
            directory.resolve("low.yaml"),
            "version: 1\nname: low\nowner: t@example.com\n"
                + "redaction: { patterns: { order: 'ORD-[0-9]{8}', other: 'OTH-[0-9]' } }\n");
    String head =
        HEAD
            + "extends: [{ file: low.yaml, sha256: "
            + Layer.Loader.sha256(Files.readAllBytes(low))
            + " }]\n";
    Path file =
        Files.writeString(
            directory.resolve("own.yaml"), head + "redaction: { logs: { types: [order] } }\n");
    assertEquals(List.of(), RuleSet.check(file));
    assertEquals(Set.of("order"), RuleSet.load(file).logs().types());
    Files.writeString(
        file,
        head + "redaction: { patterns: { order: 'ORD-[0-9]{9}' }, logs: { types: [order] } }\n");
    String message = assertThrows(RuleFileException.class, () -> RuleSet.load(file)).toString();
    assertTrue(message.contains("CRD209"), message);
    assertTrue(message.contains("'order' is settled by a lower layer"), message);
  }

  @Test
  void anotherPatternUnderTheSameNameMayBeLooser() throws Exception {
    String text = "redaction: { patterns: { order: 'ORD-[0-9]{%s}' }, logs: { types: [order] } }\n";
    Path old = Files.writeString(directory.resolve("old.yaml"), HEAD + text.formatted("8"));
    Path same = Files.writeString(directory.resolve("same.yaml"), HEAD + text.formatted("8"));
    Path next = Files.writeString(directory.resolve("next.yaml"), HEAD + text.formatted("9"));
    Surroundings surroundings = Surroundings.of(Detector.NONE);
    assertEquals(List.of(), RuleDiff.compare(old, same, surroundings).differences());
    List<RuleDiff.Difference> told = RuleDiff.compare(old, next, surroundings).differences();
    assertEquals(1, told.size());
    assertEquals(RuleDiff.Change.LOOSER, told.get(0).change());
    assertTrue(told.get(0).why().contains("redaction.patterns.order"), told.get(0).why());
  }

  // ---- never too much

  /** Every match has one of the words, and is no longer than was told. */
  @Test
  void whatIsToldHoldsForEveryMatchOfRandomPatterns() {
    long seed = Long.getLong("cordon.seed", System.nanoTime());
    Random random = new Random(seed);
    int taken = 0;
    for (int run = 0; run < 30_000; run++) {
      String source = pattern(random, 3);
      String where = "seed " + seed + ", pattern " + source;
      Pattern alone;
      try {
        alone = Pattern.compile(source, Pattern.LONGEST_MATCH);
      } catch (PatternSyntaxException e) {
        continue;
      }
      if (!(RedactionPattern.read("x", source) instanceof RedactionPattern pattern)) {
        continue;
      }
      taken++;
      String text = text(random);
      Matcher matcher = alone.matcher(text);
      while (matcher.find()) {
        String match = text.substring(matcher.start(), matcher.end());
        assertTrue(match.length() <= pattern.maxChars(), () -> where + ", match " + match);
        assertTrue(
            pattern.literals().stream().anyMatch(word -> has(match, word, pattern.foldsCase())),
            () -> where + ", match " + match + " has none of " + pattern.literals());
      }
    }
    assertTrue(taken > 2_000, taken + " patterns were taken");
  }

  private static boolean has(String text, String word, boolean folds) {
    return folds ? fold(text).contains(fold(word)) : text.contains(word);
  }

  private static String fold(String text) {
    return text.toLowerCase(Locale.ROOT).replace('\u212a', 'k').replace('\u017f', 's');
  }

  private static String pattern(Random random, int depth) {
    StringBuilder pattern = new StringBuilder(random.nextInt(12) == 0 ? "(?i)" : "");
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      String part =
          switch (random.nextInt(depth == 0 ? 9 : 12)) {
            case 0 -> "[abk]";
            case 1 -> "[^a]";
            case 2 -> "\\d";
            case 3 -> "\\b";
            case 4 -> ".";
            case 5 -> "\\Qab.\\E";
            case 6 -> "[a-c]";
            case 7 -> "\\.";
            case 8 -> "\\x{61}";
            case 9 -> "(" + pattern(random, depth - 1) + "|" + pattern(random, depth - 1) + ")";
            case 10 -> "(?:" + pattern(random, depth - 1) + ")";
            default -> "(?i:" + pattern(random, depth - 1) + ")";
          };
      if (random.nextBoolean()) {
        part = "abks".substring(0, 1 + random.nextInt(4));
      }
      pattern.append(part);
      pattern.append(
          switch (random.nextInt(9)) {
            case 0 -> "?";
            case 1 -> "{2}";
            case 2 -> "{0,2}";
            case 3 -> "{1,3}?";
            case 4 -> random.nextInt(5) == 0 ? "*" : "";
            default -> "";
          });
    }
    return pattern.toString();
  }

  private static String text(Random random) {
    String[] pieces = {
      "a",
      "b",
      "k",
      "s",
      "ab",
      "abk",
      "abks",
      "ab.",
      "A",
      "K",
      "\u212a",
      "\u017f",
      "B",
      "1",
      ".",
      " ",
      "c",
      "\u00e9",
      "\ud83d\ude00",
      "aa",
      "bb"
    };
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 60; i++) {
      text.append(pieces[random.nextInt(pieces.length)]);
    }
    return text.toString();
  }
}
