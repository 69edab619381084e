package dev.cordon.journal;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Runs each of {@link FuzzTargets} on its seeds and on changed seeds: {@code -Dcordon.fuzz.runs=N}
 * for more of them, {@code -Dcordon.seed=N} for the same ones again. Seeds are hex digits, one a
 * line, or a text between lines of dashes.
 */
@Timeout(300)
class FuzzTest {

  private static final int RUNS = Integer.getInteger("cordon.fuzz.runs", 200);

  @ParameterizedTest
  @EnumSource
  void anyBytesAreReadOrRefusedInWords(FuzzTargets.Target target) throws Exception {
    List<byte[]> seeds = seeds(target);
    assertTrue(seeds.size() >= 2, "seeds of " + target);
    for (byte[] seed : seeds) {
      run(target, seed, "a seed");
    }
    long seed = Long.getLong("cordon.seed", System.nanoTime());
    Random random = new Random(seed);
    int runs = target == FuzzTargets.Target.RECORD ? RUNS * 50 : RUNS;
    for (int i = 0; i < runs; i++) {
      run(target, mutated(random, seeds), "-Dcordon.seed=" + seed);
    }
  }

  /** A NUL in the name of a journal ended the verifier with an exception. */
  @Test
  void aNameThatNoDirectoryCanHaveIsDamage() throws Exception {
    String edge = "lMrG4s4lVQnphiIRtZSPCzj+y/zvEIJHL8Y7auEG4Tw=";
    for (String odd : List.of("\0", "\u001b", "\u00e9")) {
      String name = "cordon/crm/20260101T000000.00" + odd + "Z-p1-000";
      String memory = "cordon remember 1\n" + name + " 2 1 20260101F.cq4 4 0 -1 " + edge + "\n";
      FuzzTargets.Target.REMEMBERED.run(memory.getBytes(StandardCharsets.ISO_8859_1));
    }
  }

  private static void run(FuzzTargets.Target target, byte[] data, String where) {
    try {
      target.run(data);
    } catch (Exception | AssertionError | StackOverflowError e) {
      throw new AssertionError(
          target + ", " + where + ": " + e + "\n" + HexFormat.of().formatHex(data), e);
    }
  }

  private static byte[] mutated(Random random, List<byte[]> seeds) {
    byte[] data = seeds.get(random.nextInt(seeds.size())).clone();
    for (int change = random.nextInt(4); change >= 0 && data.length > 0; change--) {
      int at = random.nextInt(data.length);
      switch (random.nextInt(6)) {
        case 0 -> data[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> data[at] = (byte) random.nextInt(256);
        case 2 -> data = Arrays.copyOf(data, at);
        case 3 -> data = Arrays.copyOf(data, data.length + random.nextInt(100));
        case 4 -> Arrays.fill(data, at, Math.min(data.length, at + 4), (byte) 0xff);
        default -> {
          byte[] other = seeds.get(random.nextInt(seeds.size()));
          int length = Math.min(Math.min(other.length, data.length - at), 1 + random.nextInt(64));
          System.arraycopy(other, 0, data, at, length);
        }
      }
    }
    return data;
  }

  private static List<byte[]> seeds(FuzzTargets.Target target) throws Exception {
    String name = "fuzz/" + target.name().toLowerCase(Locale.ROOT) + ".txt";
    try (InputStream in = FuzzTest.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new AssertionError("no seeds " + name);
      }
      List<byte[]> seeds = new ArrayList<>();
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      for (String part : text.split("(?m)^-----\n", -1)) {
        boolean hex = part.matches("[0-9a-f\\s]+");
        seeds.add(
            hex
                ? HexFormat.of().parseHex(part.replaceAll("\\s", ""))
                : part.getBytes(StandardCharsets.UTF_8));
      }
      return seeds;
    }
  }
}
