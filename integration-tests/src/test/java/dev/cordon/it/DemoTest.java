package dev.cordon.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the README's first command shows is so: real SDKs and loggers, both jars, both JDKs. */
final class DemoTest {

  @TempDir private Path directory;

  @ParameterizedTest
  @EnumSource(Jdk.class)
  void allThatTheDemoClaimsHolds(Jdk jdk) throws Exception {
    Path project = ForkedJvm.project();
    ForkedJvm.Ended ended =
        ForkedJvm.of(jdk)
            .limit(
                Duration.ofMinutes(8)) // eight JVMs one after the other, two minutes at most each
            .tool(
                "java",
                "-jar",
                jar("demo-app/target/cordon-demo-app.jar"),
                "demo",
                "--agent",
                ForkedJvm.agentJar().toString(),
                "--cli",
                jar("agent/audit/target/cordon.jar"),
                "--app",
                jar("demo-app/target/cordon-demo-app.jar"),
                "--rules",
                project.resolve("demo-app/rules").toString(),
                "--inbox",
                project.resolve("demo-app/messages.json").toString(),
                "--work",
                directory.resolve("demo").toString());
    assertEquals(0, ended.exitCode(), ended::toString);
    assertTrue(ended.out().contains("15 of 15 claims hold"), ended::toString);
  }

  private static String jar(String path) {
    Path jar = ForkedJvm.project().resolve(path);
    assertTrue(Files.isRegularFile(jar), () -> jar + " is missing; run mvn verify");
    return jar.toString();
  }
}
