package dev.cordon.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A client and a logger that Cordon does not weave are told: HttpClient 4 and Log4j 2. */
final class UnguardedTest {
  private static final String CLIENT = "org.apache.http.impl.execchain.ConnectionHolder";
  private static final String LOGGER = "org.apache.logging.log4j.core.impl.";

  @TempDir private Path directory;

  static Stream<Arguments> jvms() {
    List<Arguments> jvms = new ArrayList<>();
    for (Jdk jdk : Jdk.values()) {
      jvms.add(Arguments.of(jdk, true));
      jvms.add(Arguments.of(jdk, false));
    }
    return jvms.stream();
  }

  @ParameterizedTest(name = "{0}, enforcing: {1}")
  @MethodSource("jvms")
  void eachIsToldInOneLineAndOneRecord(Jdk jdk, boolean enforcing) throws Exception {
    try (LocalServer server = LocalServer.http()) {
      Path rules = enforcing ? RuleFiles.enforcing(directory) : RuleFiles.observing(directory);
      ForkedJvm.Ended ended = run(jdk, rules, server.url("/denied"));
      assertEquals(2, server.received().size(), "nobody stood in the way");
      List<String> told = ended.errBeyondBanner();
      assertEquals(2, told.size(), ended::toString);
      assertTrue(
          told.stream()
              .anyMatch(
                  line ->
                      line.startsWith("cordon: NOT GUARDED: apache-httpclient-4, " + CLIENT + ": ")
                          && line.contains("neither decided nor redacted nor recorded")
                          && line.contains("docs/supported-libraries.md")),
          ended::toString);
      assertTrue(
          told.stream()
              .anyMatch(
                  line ->
                      line.startsWith("cordon: NOT GUARDED: log4j-2, " + LOGGER)
                          && line.contains("neither redacted nor counted")
                          && line.contains("docs/supported-libraries.md")),
          ended::toString);
      List<String> records = missing();
      assertEquals(2, records.size(), records::toString);
      assertEquals(1, records.stream().filter(r -> r.contains(CLIENT)).count(), records::toString);
      assertEquals(1, records.stream().filter(r -> r.contains(LOGGER)).count(), records::toString);
      String report =
          Cli.run(Jdk.current(), "report", directory.resolve("journal").toString()).out();
      assertTrue(
          report
              .lines()
              .anyMatch(line -> line.contains("apache-httpclient-4") && line.contains("MISSING")),
          report);
      assertTrue(
          report.lines().anyMatch(line -> line.contains("log4j-2") && line.contains("MISSING")),
          report);
    }
  }

  @ParameterizedTest
  @EnumSource(Jdk.class)
  void nothingIsToldOfWhatIsNotUsed(Jdk jdk) throws Exception {
    ForkedJvm.Ended ended = run(jdk, RuleFiles.enforcing(directory));
    assertEquals(List.of(), ended.errBeyondBanner(), ended::toString);
    assertEquals(List.of(), missing());
  }

  private ForkedJvm.Ended run(Jdk jdk, Path rules, String... arguments) throws Exception {
    List<Path> libraries = Fixtures.jars("unguarded");
    Path classes = Fixtures.compile("UnwovenLibraries", libraries, directory);
    ForkedJvm.Ended ended =
        ForkedJvm.of(jdk)
            .agent("rules=" + rules + ",journal=" + directory.resolve("journal"))
            .classPath(classes)
            .classPath(libraries)
            .main("UnwovenLibraries", arguments)
            .run();
    assertEquals(0, ended.exitCode(), ended::toString);
    assertTrue(ended.out().contains("done"), ended::toString);
    return ended;
  }

  private List<String> missing() throws Exception {
    return ForkedJvm.journal(directory.resolve("journal")).stream()
        .filter(record -> record.contains("\"kind\":\"hook.missing\""))
        .toList();
  }
}
