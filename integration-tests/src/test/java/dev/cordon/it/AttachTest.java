package dev.cordon.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.tools.attach.VirtualMachine;
import dev.cordon.it.services.UntilInput;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The agent attached to a JVM that runs already. */
final class AttachTest {

  private static final int MAX_POLLS = 3_000;

  @TempDir private Path directory;

  @ParameterizedTest
  @EnumSource(Jdk.class)
  void attachingIsRefusedInEnforceModeAndLeavesTheJvmAsItWas(Jdk jdk) throws Exception {
    assertEquals(
        "running\nPOST 200\n", attachTo(jdk, RuleFiles.enforcing(directory)), "not guarded");
    String err = Files.readString(directory.resolve("err"));
    assertEquals(
        1, err.lines().filter(line -> line.startsWith("cordon")).count(), "one line of ours");
    assertTrue(err.contains("cordon: not attached: with mode enforce nothing may have left"), err);
    assertTrue(err.contains("start the JVM with -javaagent"), err);
  }

  @ParameterizedTest
  @EnumSource(Jdk.class)
  void attachingWorksInObserveMode(Jdk jdk) throws Exception {
    assertEquals("running\nPOST 200\n", attachTo(jdk, RuleFiles.observing(directory)));
    assertTrue(
        ForkedJvm.journal(directory).stream()
            .anyMatch(record -> record.contains("would_deny") && record.contains("call.request")),
        "the decision that would have been enforced is journaled");
  }

  /** Attaches, lets the service make a call that the rules deny, and returns its stdout. */
  private String attachTo(Jdk jdk, Path rules) throws Exception {
    Path out = directory.resolve("out");
    try (LocalServer server = LocalServer.http()) {
      Process process =
          ForkedJvm.of(jdk)
              .main(UntilInput.class, "POST", server.url("/denied"))
              .start(out, directory.resolve("err"));
      try {
        for (int i = 0; i < MAX_POLLS && !Files.readString(out).contains("running"); i++) {
          Thread.sleep(10);
        }
        VirtualMachine machine = VirtualMachine.attach(Long.toString(process.pid()));
        try {
          machine.loadAgent(
              ForkedJvm.agentJar().toString(),
              "rules=" + rules + ",journal=" + directory.resolve("journal"));
        } finally {
          machine.detach();
        }
        process.getOutputStream().close();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), "the service ends");
        assertEquals(0, process.exitValue());
      } finally {
        process.destroyForcibly();
      }
    }
    return Files.readString(out);
  }
}
