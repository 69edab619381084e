package dev.cordon.redaction;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Runs each of {@link FuzzTargets} on its seeds and on changed seeds: {@code -Dcordon.fuzz.runs=N}
 * for more of them, {@code -Dcordon.seed=N} for the same ones again.
 */
class FuzzTest {
  private static final int RUNS = Integer.getInteger("cordon.fuzz.runs", 4_000);
  private static final String[] WORDS = {
    "@",
    "%40",
    "%",
    "\\u0040",
    "\\",
    "\"",
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "&",
    "&#64;",
    "&#",
    "<",
    ">",
    "]]>",
    "<![CDATA[",
    "--XX",
    "--XX--",
    "\r\n",
    "\n",
    "\u0000",
    "\u00a0",
    "\u200b",
    "\uff11",
    "+",
    "-",
    ".",
    "(",
    " ",
    "eyJ",
    "sk_live_",
    "ghp_",
    "glpat-",
    "p8e-",
    "8Q~",
    "-----BEGIN ",
    "PRIVATE KEY-----",
    "password=",
    "Bearer ",
    "Authorization: ",
    "mac ",
    "cpf ",
    "phone ",
    "::",
    "0x",
    "4111",
    "DE89",
    "T3BlbkFJ",
    "\ud83d\ude00",
    "\u59d3\u540d"
  };

  @ParameterizedTest
  @EnumSource
  void whatMustHoldHoldsForAnyInput(FuzzTargets.Target target) throws Exception {
    List<byte[]> seeds = seeds(target);
    assertTrue(seeds.size() >= 3, "seeds of " + target);
    for (byte[] seed : seeds) {
      run(target, seed, "a seed");
    }
    long seed = Long.getLong("cordon.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int i = 0; i < RUNS; i++) {
      run(target, mutated(random, seeds), "-Dcordon.seed=" + seed);
    }
  }

  private static void run(FuzzTargets.Target target, byte[] data, String where) {
    try {
      target.run(data);
    } catch (RuntimeException | AssertionError | StackOverflowError e) {
      throw new AssertionError(
          where + " " + target + "\n" + new String(data, StandardCharsets.ISO_8859_1), e);
    }
  }

  private static List<byte[]> seeds(FuzzTargets.Target target)
      throws IOException, URISyntaxException {
    URL folder = FuzzTest.class.getResource("fuzz/" + target.name().toLowerCase(Locale.ROOT));
    List<byte[]> seeds = new ArrayList<>();
    if (folder != null) {
      try (Stream<Path> files = Files.list(Path.of(folder.toURI()))) {
        for (Path file : files.sorted().toList()) {
          seeds.add(Files.readAllBytes(file));
        }
      }
    }
    return seeds;
  }

  private static byte[] mutated(Random random, List<byte[]> seeds) {
    byte[] data = seeds.get(random.nextInt(seeds.size()));
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      int at = random.nextInt(data.length + 1);
      int end = Math.min(data.length, at + 1 + random.nextInt(4));
      byte[] word = WORDS[random.nextInt(WORDS.length)].getBytes(StandardCharsets.UTF_8);
      byte[] other = seeds.get(random.nextInt(seeds.size()));
      int from = random.nextInt(other.length + 1);
      data =
          switch (random.nextInt(6)) {
            case 0 -> spliced(data, at, at, word);
            case 1 -> spliced(data, at, end, new byte[0]);
            case 2 -> spliced(data, at, end, new byte[] {(byte) random.nextInt()});
            case 3 -> spliced(data, at, at, Arrays.copyOfRange(other, from, other.length));
            case 4 -> spliced(data, at, end, word);
            default -> Arrays.copyOf(data, at);
          };
    }
    return data;
  }

  private static byte[] spliced(byte[] data, int from, int to, byte[] insert) {
    byte[] out = new byte[data.length - (to - from) + insert.length];
    System.arraycopy(data, 0, out, 0, from);
    System.arraycopy(insert, 0, out, from, insert.length);
    System.arraycopy(data, to, out, from + insert.length, data.length - to);
    return out;
  }
}
