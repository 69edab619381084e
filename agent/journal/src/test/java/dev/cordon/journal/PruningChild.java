package dev.cordon.journal;

import dev.cordon.journal.seal.SealKey;
import java.nio.file.Path;
import java.time.Instant;

/** Prunes, and is killed at a step: {@code DIR BEFORE KEY STEP}. */
final class PruningChild {

  private PruningChild() {}

  public static void main(String[] arguments) throws Exception {
    Pruner.Request request =
        new Pruner.Request(
            Path.of(arguments[0]),
            Instant.parse(arguments[1]),
            "retention",
            "keeper",
            SealKey.load(Path.of(arguments[2])),
            false);
    Pruner.prune(
        request,
        step -> {
          if (step.equals(arguments[3])) {
            kill();
          }
        });
  }

  private static void kill() {
    try {
      String pid = Long.toString(ProcessHandle.current().pid());
      new ProcessBuilder("kill", "-9", pid).inheritIO().start().waitFor();
      Thread.sleep(60_000);
    } catch (java.io.IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
