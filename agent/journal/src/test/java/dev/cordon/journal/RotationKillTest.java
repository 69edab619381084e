package dev.cordon.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cordon.journal.evidence.RotatingChild;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code kill -9} of a process that changes the evidence key. */
@Timeout(300)
class RotationKillTest {

  private static final int ROUNDS = Integer.getInteger("cordon.rotation.rounds", 20);
  private static final int PERSONS = 200;

  @TempDir Path base;

  @Test
  void wheneverItIsKilledNobodyIsLostAndWhoIsErasedStaysSo() throws Exception {
    long seed = Long.getLong("cordon.seed", System.nanoTime());
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    RotatingChild.prepare(base, PERSONS);
    int rotations = 0;
    for (int round = 0; round < ROUNDS; round++) {
      Process child = child("-");
      List<String> out = new ArrayList<>();
      try {
        BufferedReader lines = reader(child);
        assertEquals("begun", lines.readLine());
        for (int told = random.nextInt(4); told > 0; told--) {
          out.add(lines.readLine());
        }
        LockSupport.parkNanos(random.nextInt(60_000_000));
        child.toHandle().destroyForcibly();
        lines.lines().forEach(out::add);
        assertTrue(child.waitFor(30, TimeUnit.SECONDS));
      } finally {
        child.destroyForcibly();
      }
      assertEquals("", RotatingChild.problem(base, PERSONS, out), "round " + round);
      rotations += (int) out.stream().filter(line -> line.startsWith("rotated ")).count();
      if (random.nextInt(4) == 0) {
        RotatingChild.resume(base);
        assertEquals("", RotatingChild.problem(base, PERSONS, out), "resumed, round " + round);
      }
    }
    System.out.println(ROUNDS + " kills, " + rotations + " rotations");
    assertTrue(ROUNDS < 20 || rotations > 0, "it was never as far");
    RotatingChild.resume(base);
    assertEquals("", RotatingChild.problem(base, PERSONS, List.of()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"locked", "rewrapped", "replaced", "done"})
  void whereverItIsKilledTheNextOneGoesOn(String step) throws Exception {
    RotatingChild.prepare(base, 3);
    Process child = child(step);
    List<String> out = new ArrayList<>();
    try {
      BufferedReader lines = reader(child);
      String line = lines.readLine();
      while (line != null && !line.equals("at " + step)) {
        out.add(line);
        line = lines.readLine();
      }
      assertEquals("at " + step, line);
      child.toHandle().destroyForcibly();
      assertTrue(child.waitFor(30, TimeUnit.SECONDS));
    } finally {
      child.destroyForcibly();
    }
    assertEquals("", RotatingChild.problem(base, 3, out));
    RotatingChild.resume(base);
    assertEquals("", RotatingChild.problem(base, 3, out));
  }

  private Process child(String step) throws Exception {
    return ForkedJvm.java(
            List.of("-Xshare:auto"), RotatingChild.class, base.toString(), "" + PERSONS, step)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static BufferedReader reader(Process child) {
    return new BufferedReader(
        new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8));
  }
}
