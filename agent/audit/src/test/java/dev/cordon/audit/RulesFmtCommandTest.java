package dev.cordon.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RulesFmtCommandTest {
  private static final Path PACKS = Path.of("..", "..", "rules", "packs");

  @TempDir Path directory;
  private final ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
  private final ByteArrayOutputStream errBytes = new ByteArrayOutputStream();

  @Test
  void levelsAreTwoBlanksAndCommentsStayWithWhatTheyAreAbove() throws IOException {
    String odd =
        """


        # the head
        version: 1   # of the format
        name: odd
        destinations:
            # the shop
            shop: { hosts: [a.example.com,
                            b.example.com] }
        rules:
        # money
        -   id: a
            to: shop
            why: |
                two
                  lines
            call: POST /x
            when:
            - amount > 1
            # or
            - any:
              - b = 1
              - c = 2
            then: deny
        #- id: off


        # the end
        """
            .replace("name: odd", "name: odd   ");
    String even =
        """
        # the head
        version: 1   # of the format
        name: odd
        destinations:
          # the shop
          shop: { hosts: [a.example.com,
                          b.example.com] }
        rules:
          # money
          - id: a
            to: shop
            why: |
                two
                  lines
            call: POST /x
            when:
              - amount > 1
              # or
              - any:
                  - b = 1
                  - c = 2
            then: deny
        #- id: off

        # the end
        """;
    assertFormatted(odd, even);
    assertFormatted(odd.replace("\n", "\r\n"), even);
  }

  private void assertFormatted(String given, String wanted) throws IOException {
    Path file = Files.writeString(directory.resolve("odd.yaml"), given);
    assertEquals(Exit.FOUND_PROBLEMS, run("--check", file.toString()));
    assertTrue(out().endsWith("odd.yaml: would change\n"), out());
    assertEquals(given, Files.readString(file), "--check changes nothing");
    assertEquals(Exit.OK, run(file.toString()), err());
    assertEquals(wanted, Files.readString(file));
    assertEquals(Exit.OK, run("--check", file.toString()), "a second time changes nothing");
    try (Stream<Path> all = Files.list(directory)) {
      assertEquals(1, all.count(), "nothing is left beside it");
    }
  }

  @Test
  void thePacksTheEnvironmentsAndTheirCasesAreFormatted() throws IOException {
    List<String> files = new ArrayList<>(List.of("--check"));
    for (String folder : List.of("vendors", "environments")) {
      try (Stream<Path> all = Files.list(PACKS.resolve(folder))) {
        all.map(Path::toString).filter(name -> name.endsWith(".yaml")).forEach(files::add);
      }
    }
    assertEquals(Exit.OK, run(files.toArray(new String[0])), out() + err());
  }

  @Test
  void whatIsNotYamlStaysAsItIs() throws IOException {
    Path file = Files.writeString(directory.resolve("bad.yaml"), "a: [1,\n\tb: }\n");
    assertEquals(Exit.FOUND_PROBLEMS, run(file.toString()));
    assertTrue(err().contains("bad.yaml:2:1: error[CRD109]"), err());
    assertEquals("a: [1,\n\tb: }\n", Files.readString(file));
    assertEquals(Exit.USAGE, run(directory.resolve("none.yaml").toString()));
    assertEquals(Exit.USAGE, run());
    assertEquals(Exit.USAGE, run("--diff", file.toString()));
    assertEquals(Exit.OK, run("--help"));
  }

  private int run(String... arguments) {
    List<String> all = new ArrayList<>(List.of("rules", "fmt"));
    all.addAll(List.of(arguments));
    try (PrintStream out = new PrintStream(outBytes, true, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(errBytes, true, StandardCharsets.UTF_8)) {
      return Main.run(all, out, err);
    }
  }

  private String out() {
    return outBytes.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return errBytes.toString(StandardCharsets.UTF_8);
  }
}
