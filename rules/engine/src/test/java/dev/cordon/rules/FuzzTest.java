package dev.cordon.rules;

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
  private static final int RUNS = Integer.getInteger("cordon.fuzz.runs", 2_000);
  private static final byte[] NOISE =
      "\u0000\t\n\r !\"#$%&'()*+,-./0129:;<=>?@AEZ[\\]^_`aenz{|}~é\u2028\ufeff\ud83d\ude00"
          .getBytes(StandardCharsets.UTF_8);
  private static final String[] WORDS = {
    "%2e",
    "%00",
    "../",
    "\\u0061",
    "\"\"\"",
    "]]>",
    "<![CDATA[",
    "<!--",
    "-->",
    "--XX",
    "\r\n",
    "mutation",
    "fragment F on T",
    "...F",
    "&amp;",
    "&#x41;",
    "xmlns:a=\"b\"",
    "[::1]",
    "1e400",
    "\"a\":",
    "{\"a\":1}",
    "[]",
    "a[b][]=1&",
    "- &a",
    "*a",
    "!!str",
    "? ",
    "|\n"
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
    int runs = target == FuzzTargets.Target.YAML ? RUNS / 8 : RUNS; // a file is more than a call
    for (int i = 0; i < runs; i++) {
      run(target, mutated(random, seeds), "-Dcordon.seed=" + seed);
    }
  }

  private static void run(FuzzTargets.Target target, byte[] data, String where) {
    try {
      target.run(data);
    } catch (Exception | AssertionError | StackOverflowError e) {
      throw new AssertionError(
          where + " " + target + "\n" + new String(data, StandardCharsets.ISO_8859_1), e);
    }
  }

  private static List<byte[]> seeds(FuzzTargets.Target target)
      throws IOException, URISyntaxException {
    URL folder = FuzzTest.class.getResource("/fuzz/" + target.name().toLowerCase(Locale.ROOT));
    assertTrue(folder != null, "no seeds of " + target);
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
      data =
          switch (random.nextInt(7)) {
            case 0 -> spliced(data, at, at, NOISE, random.nextInt(NOISE.length), 1);
            case 1 ->
                spliced(data, at, Math.min(data.length, at + 1 + random.nextInt(4)), NOISE, 0, 0);
            case 2 -> {
              byte[] word = WORDS[random.nextInt(WORDS.length)].getBytes(StandardCharsets.UTF_8);
              yield spliced(data, at, at, word, 0, word.length);
            }
            case 3 ->
                spliced(
                    data,
                    at,
                    Math.min(data.length, at + 1),
                    new byte[] {(byte) random.nextInt()},
                    0,
                    1);
            case 4 -> {
              byte[] other = seeds.get(random.nextInt(seeds.size()));
              int from = random.nextInt(other.length + 1);
              int length = random.nextInt(other.length - from + 1);
              yield spliced(data, at, at, other, from, length);
            }
            case 5 -> spliced(data, at, at, data, at / 2, at - at / 2);
            default -> Arrays.copyOf(data, at);
          };
    }
    return data;
  }

  private static byte[] spliced(
      byte[] data, int from, int to, byte[] insert, int insertFrom, int length) {
    byte[] out = new byte[data.length - (to - from) + length];
    System.arraycopy(data, 0, out, 0, from);
    System.arraycopy(insert, insertFrom, out, from, length);
    System.arraycopy(data, to, out, from + length, data.length - to);
    return out;
  }
}
