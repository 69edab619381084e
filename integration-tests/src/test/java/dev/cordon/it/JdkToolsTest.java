package dev.cordon.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A shell that exports JAVA_TOOL_OPTIONS for a service still uses javac and jcmd. */
final class JdkToolsTest {

  @TempDir private Path directory;

  @ParameterizedTest
  @EnumSource(Jdk.class)
  void toolsAreLeftAlone(Jdk jdk) throws Exception {
    for (List<String> tool :
        List.of(
            List.of("javac", "-version"),
            List.of("jar", "--version"),
            List.of("jcmd", "-l"),
            List.of("jps"),
            List.of("keytool", "-help"),
            List.of("jshell", "--version"),
            List.of("jdeps", "--version"),
            List.of("jrunscript", "-q"),
            // no program of anybody's runs in these
            List.of("java", "-version"),
            List.of("java", "--help"),
            List.of("java", "--list-modules"))) {
      // the options are wrong on purpose: a tool that read them would end with exit code 1
      ForkedJvm.Ended ended =
          withAgent(jdk, "no-such-option=1")
              .tool(tool.get(0), tool.subList(1, tool.size()).toArray(new String[0]));
      assertEquals(0, ended.exitCode(), () -> tool + " " + ended);
      assertFalse(isHeardOfCordon(ended.out()), () -> tool + " " + ended);
      assertFalse(isHeardOfCordon(ended.err()), () -> tool + " " + ended);
    }
  }

  @ParameterizedTest
  @EnumSource(Jdk.class)
  void aSourceFileStartedWithJavaIsAService(Jdk jdk) throws Exception {
    Path source =
        Files.writeString(
            directory.resolve("Service.java"),
            "class Service { public static void main(String[] a) { System.out.println(1); } }");
    ForkedJvm.Ended ended = withAgent(jdk, "no-such-option=1").tool("java", source.toString());
    assertEquals(1, ended.exitCode(), ended::toString);
    assertTrue(ended.err().contains("unknown option 'no-such-option'"), ended::toString);
    assertEquals("", ended.out());
  }

  /** The banner or a message; jps may well name a service that runs under that word. */
  private static boolean isHeardOfCordon(String text) {
    return text.lines().anyMatch(line -> line.startsWith("cordon"));
  }

  private static ForkedJvm withAgent(Jdk jdk, String arguments) {
    return ForkedJvm.of(jdk)
        .environment("JAVA_TOOL_OPTIONS", "-javaagent:" + ForkedJvm.agentJar() + "=" + arguments);
  }
}
