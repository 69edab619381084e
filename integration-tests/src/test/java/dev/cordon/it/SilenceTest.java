package dev.cordon.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cordon.it.services.CallAndLog;
import dev.cordon.it.services.Hello;
import dev.cordon.it.services.UrlCalls;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A guarded service writes what it writes without the agent, and the agent one banner line. */
final class SilenceTest {

  @TempDir private Path directory;

  static Stream<Arguments> jvms() {
    return Stream.of(
        Arguments.of(Jdk.JDK_17, List.of()),
        Arguments.of(Jdk.JDK_17, List.of("-Xshare:auto", "-ea", "-esa")),
        Arguments.of(Jdk.JDK_17, List.of("-XX:+UseSerialGC")),
        Arguments.of(Jdk.JDK_25, List.of()),
        Arguments.of(Jdk.JDK_25, List.of("-Xshare:auto", "-ea", "-esa")),
        Arguments.of(
            Jdk.JDK_25,
            List.of("--sun-misc-unsafe-memory-access=deny", "--illegal-native-access=deny")),
        Arguments.of(Jdk.JDK_25, List.of("-XX:+UseCompactObjectHeaders", "-XX:+UseZGC")));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("jvms")
  void nothingIsWrittenBeyondTheBanner(Jdk jdk, List<String> options) throws Exception {
    try (LocalServer server = LocalServer.https(directory)) {
      Path journal = directory.resolve("journal");
      ForkedJvm.Ended ended =
          ForkedJvm.of(jdk)
              .option(options.toArray(new String[0]))
              .option(server.trustOptions())
              .agent("rules=" + RuleFiles.enforcing(directory) + ",journal=" + journal)
              .main(CallAndLog.class, server.url("/ok"))
              .run();
      assertEquals(0, ended.exitCode(), ended::toString);
      List<String> out = ended.out().lines().toList();
      assertEquals("GET 200", out.get(0), ended::toString);
      assertTrue(out.get(1).startsWith("log: asked by "), ended::toString);
      assertEquals(2, out.size(), ended::toString);
      assertEquals(List.of(), ended.errBeyondBanner(), ended::toString);
      assertTrue(
          ended
              .banner()
              .matches(
                  "cordon \\S+: rules it/enforce serial 7 digest [0-9a-f]{12}, mode enforce,"
                      + " journal "
                      + journal
                      + ".*"),
          ended::toString);
    }
  }

  @ParameterizedTest
  @EnumSource(Jdk.class)
  void aServiceWithoutTheModulesOfTheJdkClientsStarts(Jdk jdk) throws Exception {
    ForkedJvm.Ended ended =
        ForkedJvm.of(jdk)
            .option("--limit-modules", "java.base,java.instrument")
            .agent(arguments())
            .main(Hello.class)
            .run();
    assertEquals(0, ended.exitCode(), ended::toString);
    assertEquals("hello\n", ended.out());
    assertEquals(1, ended.err().lines().filter(line -> line.equals(ended.banner())).count());
  }

  @ParameterizedTest
  @EnumSource(Jdk.class)
  void aJvmThatTheJournalCannotWorkInStillRunsTheService(Jdk jdk) throws Exception {
    try (LocalServer server = LocalServer.http()) {
      ForkedJvm.Ended ended =
          ForkedJvm.of(jdk)
              .option("-XX:-CompactStrings")
              .agent(arguments())
              .main(UrlCalls.class, "GET", server.url("/ok"))
              .run();
      assertEquals(0, ended.exitCode(), ended::toString);
      assertEquals("GET 200\n", ended.out(), ended::toString);
    }
  }

  private String arguments() throws Exception {
    return "rules=" + RuleFiles.enforcing(directory) + ",journal=" + directory.resolve("journal");
  }
}
