package dev.cordon.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cordon.it.services.ClientCalls;
import dev.cordon.it.services.UrlCalls;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Other versions of our libraries, and another agent, in the same JVM. */
final class CoexistenceTest {

  /** What Chronicle Queue asks of those who use it themselves. */
  private static final String[] CHRONICLE_OPTIONS = {
    "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
    "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
    "--add-exports=jdk.unsupported/sun.misc=ALL-UNNAMED",
    "--add-exports=jdk.compiler/com.sun.tools.javac.file=ALL-UNNAMED",
    "--add-opens=jdk.compiler/com.sun.tools.javac=ALL-UNNAMED",
    "--add-opens=java.base/java.lang=ALL-UNNAMED",
    "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
    "--add-opens=java.base/java.io=ALL-UNNAMED",
    "--add-opens=java.base/java.util=ALL-UNNAMED"
  };

  @TempDir private Path directory;

  @ParameterizedTest
  @EnumSource(Jdk.class)
  void aServiceWithOldCopiesOfEverythingIsGuardedAndUntouched(Jdk jdk) throws Exception {
    List<Path> libraries = Fixtures.jars("old-libraries");
    Path classes = Fixtures.compile("OldLibraries", libraries, directory);
    // would be copied into the system properties by a Chronicle that looked for it
    Files.writeString(directory.resolve("system.properties"), "planted=yes\n");
    try (LocalServer server = LocalServer.http()) {
      ForkedJvm.Ended ended =
          ForkedJvm.of(jdk)
              .agent(arguments())
              .option(CHRONICLE_OPTIONS)
              .directory(directory)
              .classPath(classes)
              .classPath(libraries)
              .main(
                  "OldLibraries",
                  directory.resolve("own-queue").toString(),
                  "GET",
                  server.url("/ok"),
                  "POST",
                  server.url("/allowed"),
                  "POST",
                  server.url("/denied"))
              .run();
      assertEquals(0, ended.exitCode(), ended::toString);
      List<String> out = ended.out().lines().toList();
      assertEquals(List.of("GET 200", "POST 200", "POST 403"), out.subList(0, 3), ended::toString);
      assertTrue(out.contains("jackson 2.9.10 {a=1}"), ended::toString);
      assertTrue(out.contains("byte-buddy made"), ended::toString);
      assertTrue(out.contains("slf4j ch.qos.logback.classic.Logger"), ended::toString);
      assertTrue(out.contains("chronicle own"), ended::toString);
      assertTrue(out.contains("properties {}"), ended::toString);
      assertFalse(ended.out().contains("jane.roe"), ended::toString);
      assertEquals(2, server.received().size(), "the denied call stayed here");
    }
  }

  static Stream<Arguments> agentOrders() {
    List<Arguments> orders = new ArrayList<>();
    for (Jdk jdk : Jdk.values()) {
      orders.add(Arguments.of(jdk, true));
      orders.add(Arguments.of(jdk, false));
    }
    return orders.stream();
  }

  @ParameterizedTest(name = "{0}, OpenTelemetry first: {1}")
  @MethodSource("agentOrders")
  void bothAgentsDoTheirWorkWithHttpUrlConnection(Jdk jdk, boolean otelFirst) throws Exception {
    bothAgentsDoTheirWork(jdk, otelFirst, UrlCalls.class);
  }

  @ParameterizedTest(name = "{0}, OpenTelemetry first: {1}")
  @MethodSource("agentOrders")
  void bothAgentsDoTheirWorkWithJavaNetHttp(Jdk jdk, boolean otelFirst) throws Exception {
    bothAgentsDoTheirWork(jdk, otelFirst, ClientCalls.class);
  }

  private void bothAgentsDoTheirWork(Jdk jdk, boolean otelFirst, Class<?> service)
      throws Exception {
    Path otel = Fixtures.jars("opentelemetry").get(0);
    try (LocalServer server = LocalServer.http()) {
      ForkedJvm jvm =
          ForkedJvm.of(jdk)
              .limit(Duration.ofSeconds(180))
              .option(
                  "-Dotel.traces.exporter=none",
                  "-Dotel.metrics.exporter=none",
                  "-Dotel.logs.exporter=none");
      if (otelFirst) {
        jvm.agent(otel, "").agent(arguments());
      } else {
        jvm.agent(arguments()).agent(otel, "");
      }
      ForkedJvm.Ended ended =
          jvm.main(
                  service,
                  "GET",
                  server.url("/ok"),
                  "POST",
                  server.url("/allowed"),
                  "POST",
                  server.url("/denied"))
              .run();
      assertEquals(0, ended.exitCode(), ended::toString);
      assertEquals("GET 200\nPOST 200\nPOST 403 refused\n", ended.out(), ended::toString);
      assertFalse(ended.err().contains("LinkageError"), ended::toString);
      assertFalse(ended.err().contains("NOT GUARDED"), ended::toString);
      assertEquals(2, server.received().size(), "the denied call stayed here");
      for (LocalServer.Received received : server.received()) {
        assertTrue(
            received.header("traceparent") != null,
            () -> "no trace header, so OpenTelemetry's hook is dead: " + received);
      }
      List<String> decided =
          ForkedJvm.journal(directory).stream()
              .filter(record -> record.contains("\"kind\":\"call.request\""))
              .toList();
      assertEquals(3, decided.size(), decided::toString); // each once, whoever adds a header
    }
  }

  private String arguments() throws Exception {
    return "rules=" + RuleFiles.enforcing(directory) + ",journal=" + directory.resolve("journal");
  }
}
