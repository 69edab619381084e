package dev.cordon.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cordon.it.services.ClientCalls;
import dev.cordon.it.services.Hello;
import dev.cordon.it.services.LoadsClient;
import dev.cordon.it.services.OverwritesAgentJar;
import dev.cordon.it.services.UnweavingAgent;
import dev.cordon.it.services.UrlCalls;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The self-test, and what the journal holds of the agent itself. */
final class SelfTestTest {

  /** Makes HttpURLConnection one that Cordon has not woven. */
  private static final String OTHER_CLIENT =
      "-Djava.protocol.handler.pkgs=dev.cordon.it.services.protocol";

  @TempDir private Path directory;

  @ParameterizedTest
  @EnumSource(Jdk.class)
  void theJournalTellsWhatWasInForceAndThatTheHooksWereLive(Jdk jdk) throws Exception {
    Path journal = directory.resolve("journal");
    try (LocalServer server = LocalServer.http()) {
      ForkedJvm.Ended ended =
          ForkedJvm.of(jdk)
              .agent("rules=" + RuleFiles.enforcing(directory) + ",journal=" + journal)
              .main(
                  UrlCalls.class,
                  "GET",
                  server.url("/ok"),
                  "POST",
                  server.url("/allowed"),
                  "POST",
                  server.url("/denied"))
              .run();
      assertEquals("GET 200\nPOST 200\nPOST 403 refused\n", ended.out(), ended::toString);
      assertEquals(2, server.received().size(), "the denied call stayed here");
    }
    List<String> records = ForkedJvm.journal(directory);
    assertEquals(1, count(records, "\"kind\":\"agent.start\""), records::toString);
    assertEquals(1, count(records, "\"kind\":\"policy.activate\""), records::toString);
    assertEquals(1, count(records, "\"kind\":\"agent.stop\""), records::toString);
    assertEquals(0, count(records, "\"kind\":\"agent.fault\""), records::toString);
    assertEquals(0, count(records, "\"kind\":\"hook.missing\""), records::toString);
    assertTrue(count(records, "\"kind\":\"hook.installed\"") > 3, records::toString);
    assertEquals(3, count(records, "\"kind\":\"call.request\""), records::toString);
    List<String> tests =
        records.stream().filter(record -> record.contains("\"agent.selftest\"")).toList();
    assertEquals(1, tests.size(), records::toString);
    assertTrue(tests.get(0).contains("\"library\":\"http-url-connection\""), tests::toString);
    assertTrue(tests.get(0).contains("\"outcome\":\"refused\""), tests::toString);
    assertEquals(0, count(records, "cordon-self-test.invalid"), "its own call is no call");
  }

  @ParameterizedTest
  @EnumSource(Jdk.class)
  void javaNetHttpIsTestedWhenItIsLoaded(Jdk jdk) throws Exception {
    Path journal = directory.resolve("journal");
    try (LocalServer server = LocalServer.http()) {
      ForkedJvm.Ended ended =
          ForkedJvm.of(jdk)
              .agent("rules=" + RuleFiles.enforcing(directory) + ",journal=" + journal)
              .main(
                  ClientCalls.class,
                  "GET",
                  server.url("/ok"),
                  "POST",
                  server.url("/allowed"),
                  "POST",
                  server.url("/denied"))
              .run();
      assertEquals("GET 200\nPOST 200\nPOST 403 refused\n", ended.out(), ended::toString);
      assertEquals(List.of(), ended.errBeyondBanner(), ended::toString);
    }
    List<String> records = ForkedJvm.journal(directory);
    assertTrue(
        records.stream()
            .anyMatch(
                record ->
                    record.contains("\"agent.selftest\"")
                        && record.contains("\"library\":\"jdk-client\"")
                        && record.contains("\"outcome\":\"refused\"")),
        records::toString);
    assertEquals(0, count(records, "cordon-self-test.invalid"), "its own call is no call");
  }

  /** The hooks of java.net.http are woven when it is first used, long after the start. */
  @ParameterizedTest
  @EnumSource(Jdk.class)
  void anAgentJarThatIsWrittenOverLetsNoRefusedWriteLeave(Jdk jdk) throws Exception {
    for (String bytes : List.of("0", "12000000")) {
      Path jar = directory.resolve("agent-" + bytes + ".jar");
      Files.copy(ForkedJvm.agentJar(), jar);
      try (LocalServer server = LocalServer.http()) {
        ForkedJvm.Ended ended =
            ForkedJvm.of(jdk)
                .agent(
                    jar,
                    "rules="
                        + RuleFiles.enforcing(directory)
                        + ",journal="
                        + directory.resolve("journal-" + bytes))
                .main(
                    OverwritesAgentJar.class,
                    jar.toString(),
                    bytes,
                    "POST",
                    server.url("/denied"),
                    "POST",
                    server.url("/denied"))
                .run();
        assertEquals(0, server.received().size(), ended::toString);
        assertEquals("POST 403 refused\n".repeat(4), ended.out(), ended::toString);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Jdk.class)
  void aClientThatIsNotGuardedKeepsTheJvmFromStarting(Jdk jdk) throws Exception {
    ForkedJvm.Ended ended = withOtherClient(jdk, RuleFiles.enforcing(directory), "exit");
    assertEquals(1, ended.exitCode(), ended::toString);
    assertEquals("", ended.out());
    assertEquals(
        "cordon: self-test failed: the call through http-url-connection was answered with status"
            + " 200 by somebody else; the JVM does not run without it (on-start-failure=exit)\n",
        ended.err());
    List<String> records = ForkedJvm.journal(directory);
    assertEquals(1, count(records, "\"outcome\":\"failed\""), records::toString);
  }

  @ParameterizedTest
  @EnumSource(Jdk.class)
  void orOnlyALoudLineWhereTheOperatorSaidSo(Jdk jdk) throws Exception {
    ForkedJvm.Ended ended = withOtherClient(jdk, RuleFiles.enforcing(directory), "observe");
    assertEquals(0, ended.exitCode(), ended::toString);
    assertEquals("hello\n", ended.out());
    assertEquals(1, ended.errBeyondBanner().size(), ended::toString);
    assertTrue(ended.errBeyondBanner().get(0).endsWith("NOT GUARDED"), ended::toString);
  }

  @ParameterizedTest
  @EnumSource(Jdk.class)
  void orWhereNothingIsEnforced(Jdk jdk) throws Exception {
    ForkedJvm.Ended ended = withOtherClient(jdk, RuleFiles.observing(directory), "exit");
    assertEquals(0, ended.exitCode(), ended::toString);
    assertEquals("hello\n", ended.out());
  }

  /** Found late, when the service has begun to use the client: it decides all the same. */
  @ParameterizedTest
  @EnumSource(Jdk.class)
  void aClientThatAnotherAgentUnweavesEndsTheJvmWhenItIsFirstUsed(Jdk jdk) throws Exception {
    ForkedJvm.Ended ended = withUnweavingAgent(jdk, "exit");
    assertEquals(1, ended.exitCode(), ended::toString);
    assertEquals("", ended.out(), "it waits for its input until it is ended");
    String line = "cordon: self-test failed: the call through jdk-client was not refused";
    assertTrue(ended.err().contains(line), ended::toString);
    assertTrue(ended.err().contains("(on-start-failure=exit)"), ended::toString);
    List<String> records = ForkedJvm.journal(directory);
    assertEquals(1, count(records, "\"outcome\":\"failed\""), records::toString);
  }

  @ParameterizedTest
  @EnumSource(Jdk.class)
  void orIsToldToBeUnguardedWhereTheOperatorSaidSo(Jdk jdk) throws Exception {
    ForkedJvm.Ended ended = withUnweavingAgent(jdk, "observe");
    assertEquals(0, ended.exitCode(), ended::toString);
    assertTrue(ended.err().contains("jdk-client"), ended::toString);
    assertTrue(ended.err().contains("NOT GUARDED"), ended::toString);
  }

  private ForkedJvm.Ended withUnweavingAgent(Jdk jdk, String onStartFailure) throws Exception {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().putValue("Premain-Class", UnweavingAgent.class.getName());
    manifest.getMainAttributes().putValue("Can-Retransform-Classes", "true");
    Path jar = directory.resolve("other-agent.jar");
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file, manifest)) {
      for (String name : List.of("UnweavingAgent", "UnweavingAgent$1")) {
        String entry = "dev/cordon/it/services/" + name + ".class";
        out.putNextEntry(new JarEntry(entry));
        Files.copy(Fixtures.testClasses().resolve(entry), out);
        out.closeEntry();
      }
    }
    return ForkedJvm.of(jdk)
        .agent(
            "rules="
                + RuleFiles.enforcing(directory)
                + ",journal="
                + directory.resolve("journal")
                + ",on-start-failure="
                + onStartFailure)
        .agent(jar, "")
        .main(LoadsClient.class, onStartFailure.equals("exit") ? "40" : "0")
        .run();
  }

  private ForkedJvm.Ended withOtherClient(Jdk jdk, Path rules, String onStartFailure)
      throws Exception {
    return ForkedJvm.of(jdk)
        .option(OTHER_CLIENT)
        .agent(
            "rules="
                + rules
                + ",journal="
                + directory.resolve("journal")
                + ",on-start-failure="
                + onStartFailure)
        .main(Hello.class)
        .run();
  }

  private static long count(List<String> records, String text) {
    return records.stream().filter(record -> record.contains(text)).count();
  }
}
