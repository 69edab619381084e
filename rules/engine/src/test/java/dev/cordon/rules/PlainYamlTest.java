package dev.cordon.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the plain reader reads is what the YAML library reads. Set {@code -Dcordon.seed=} to run one
 * seed again, {@code -Dcordon.rounds=} for more of them.
 */
class PlainYamlTest {
  private static final int ROUNDS = Integer.getInteger("cordon.rounds", 12_000);

  private static final List<String> PIECES =
      List.of(
          "\n",
          "\n  ",
          "\n    ",
          "\n- ",
          "\n  - ",
          "- ",
          ": ",
          ":",
          ", ",
          ",",
          "[",
          "]",
          "{",
          "}",
          "#",
          " # c",
          "'",
          "\"",
          "''",
          "\\",
          "a",
          "b: 1",
          "key:",
          "key: ",
          "- id: x",
          "[a, b]",
          "{ a: 1, b: [c] }",
          "|",
          ">",
          "&a",
          "*a",
          "!t",
          "?",
          "? ",
          "%",
          "@",
          "---",
          "...",
          "-",
          "-1",
          "~",
          "null",
          " ",
          "  ",
          "\u00e9",
          "\u20ac",
          "x y",
          "\"q\"",
          "'q'",
          "http://x/y",
          "a:b",
          "08:00",
          "(a | b)",
          "<= 25 EUR",
          "/v1/*",
          "$x",
          "=",
          "\n\n",
          "\n# c\n",
          ".",
          "..",
          "\n...",
          "\n---");

  private static List<String> files() throws IOException {
    List<String> texts = new ArrayList<>();
    for (String folder :
        List.of("../packs/vendors", "../packs/environments", "src/test/resources/complete")) {
      try (Stream<Path> all = Files.list(Path.of(folder))) {
        for (Path file : all.filter(path -> path.toString().endsWith(".yaml")).sorted().toList()) {
          texts.add(Files.readString(file));
        }
      }
    }
    return texts;
  }

  private static boolean compare(String text, String what) {
    YamlNode plain = PlainYaml.read(text);
    if (plain == null) {
      return false;
    }
    Problems problems = new Problems("x");
    YamlNode known = YamlReader.readAny(text, problems);
    assertTrue(problems.all().isEmpty(), () -> what + problems.all() + "\n" + text);
    assertEquals(known, plain, () -> what + "\n" + text);
    return true;
  }

  @Test
  void theFilesThatComeWithCordonAreReadAsTheLibraryReadsThem() throws IOException {
    int plain = 0;
    List<String> texts = files();
    for (String text : texts) {
      plain += compare(text, "") ? 1 : 0;
    }
    assertTrue(plain > texts.size() / 2, plain + " of " + texts.size() + " are plain");
  }

  @Test
  void whatIsBrokenOrOddIsReadAsTheLibraryReadsItOrNotAtAll() throws IOException {
    long first = Long.getLong("cordon.seed", System.nanoTime());
    List<String> small = new ArrayList<>();
    for (String text : files()) {
      int from = 0;
      for (int end = text.indexOf("\n\n"); end > 0; end = text.indexOf("\n\n", end + 2)) {
        String part = text.substring(from, end + 1);
        if (part.length() < 3_000 && PlainYaml.read(part) != null) {
          small.add(part);
        }
        from = end + 2;
      }
    }
    assertTrue(small.size() > 20, small.size() + " parts");
    int plain = 0;
    for (int round = 0; round < ROUNDS; round++) {
      long seed = first + round;
      Random random = new Random(seed);
      StringBuilder text = new StringBuilder(small.get(random.nextInt(small.size())));
      if (random.nextInt(3) == 0) {
        text.setLength(0);
        for (int i = 1 + random.nextInt(14); i > 0; i--) {
          text.append(PIECES.get(random.nextInt(PIECES.size())));
        }
      }
      for (int i = random.nextInt(4); i > 0 && text.length() > 0; i--) {
        int at = random.nextInt(text.length());
        switch (random.nextInt(4)) {
          case 0 -> text.deleteCharAt(at);
          case 1 -> text.insert(at, text.charAt(random.nextInt(text.length())));
          default -> text.insert(at, PIECES.get(random.nextInt(PIECES.size())));
        }
      }
      plain += compare(text.toString(), "-Dcordon.seed=" + seed) ? 1 : 0;
    }
    assertTrue(plain > ROUNDS / 20, plain + " of " + ROUNDS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a: &x 1",
        "a: *x",
        "a: !t 1",
        "a: |\n  b",
        "a: 1\na: 2",
        "{ a: 1 }",
        "- a",
        "a:\n",
        "a: b: c",
        "a: [b: c]",
        "a: 'x\n  y'",
        "a: \"\\x41\"",
        "a: x\n  y",
        "---\na: 1",
        "a: 1\n...\nb: 2",
        "a: [x,\n]",
        "",
        "# nothing"
      })
  void whatMayMeanSomethingElseIsLeftToTheLibrary(String text) {
    assertNull(PlainYaml.read(text));
  }

  @Test
  void ofManyKeysTheSecondOfTwoIsFoundWithoutComparingEachWithEach() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 200_000; i++) { // each with each had taken minutes
      text.append('k').append(i).append(": 1\n");
    }
    YamlNode read = PlainYaml.read(text.toString());
    assertTrue(read instanceof YamlNode.Fields fields && fields.fields().size() == 200_000);
    assertNull(PlainYaml.read(text + "k7: 2\n"));
    assertNull(PlainYaml.read(text + "k199999: 2\n"));
    for (int i = 1; i < 40; i++) {
      StringBuilder few = new StringBuilder();
      for (int k = 0; k < i; k++) {
        few.append('k').append(k).append(": 1\n");
      }
      assertNotNull(PlainYaml.read(few.toString()));
      assertNull(PlainYaml.read(few + "k" + (i - 1) + ": 2\n"));
      assertNull(PlainYaml.read(few + "k0: 2\n"));
      assertNull(PlainYaml.read("a: { " + few.toString().replace('\n', ',') + " k0: 1 }\n"));
    }
  }

  @Test
  void aFileOfTheLanguageIsPlain() {
    assertNotNull(
        PlainYaml.read(
            "# head\nversion: 1   # one\nrules:\n- id: a.b\n  when: [money <= 25 EUR, 'x y',\n"
                + "    reason in (a | b)]\n  to: { a: [b, { c: -1 }], d: \"e\" }\n\nlast: GET /v1/*\n"));
  }
}
