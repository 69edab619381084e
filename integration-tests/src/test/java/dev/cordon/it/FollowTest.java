package dev.cordon.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cordon.it.services.UrlCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code tail --follow} in another terminal, started before the service. */
final class FollowTest {

  private static final int MAX_POLLS = 3_000;

  @TempDir private Path directory;

  @ParameterizedTest
  @EnumSource(Jdk.class)
  void eachCallIsShownWhileItIsUnderWayAndItsOutcomeAfterwards(Jdk jdk) throws Exception {
    Path journal = Files.createDirectories(directory.resolve("journal"));
    Path shown = directory.resolve("shown");
    Process tail =
        ForkedJvm.of(jdk)
            .main("-jar", Cli.jar().toString(), "tail", journal.toString(), "--follow", "--json")
            .start(shown, directory.resolve("tail.err"));
    try (LocalServer server = LocalServer.http()) {
      boolean[] seen = new boolean[1];
      server.onRequest(
          "/allowed", // unanswered until another process has told that it was decided
          () -> seen[0] = isShown(shown, "\"kind\":\"call.request\"", "\"decision\":\"allow\""));
      ForkedJvm.Ended ended =
          ForkedJvm.of(jdk)
              .agent("rules=" + RuleFiles.enforcing(directory) + ",journal=" + journal)
              .main(UrlCalls.class, "POST", server.url("/allowed"), "POST", server.url("/denied"))
              .run();
      assertEquals("POST 200\nPOST 403 refused\n", ended.out(), ended::toString);
      assertTrue(seen[0], "the call was shown before it was answered");
      assertTrue(isShown(shown, "\"kind\":\"call.request\"", "\"decision\":\"deny\""));
      assertTrue(isShown(shown, "\"kind\":\"call.response\"", "\"status\":200"));
      assertTrue(isShown(shown, "\"kind\":\"agent.stop\""));
      assertTrue(tail.isAlive(), "it goes on after the service has ended");
      assertEquals("", Files.readString(directory.resolve("tail.err")));
    } finally {
      tail.destroyForcibly().waitFor();
    }
  }

  /** Waits for a whole line with all of these. */
  private static boolean isShown(Path shown, String... parts) {
    try {
      for (int i = 0; i < MAX_POLLS; i++) {
        String text = Files.readString(shown);
        String whole = text.substring(0, text.lastIndexOf('\n') + 1);
        if (whole.lines().anyMatch(line -> List.of(parts).stream().allMatch(line::contains))) {
          return true;
        }
        Thread.sleep(10);
      }
      return false;
    } catch (IOException | InterruptedException fault) {
      throw new AssertionError(fault);
    }
  }
}
