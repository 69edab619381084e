package dev.cordon.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cordon.it.services.EndToEnd;
import dev.cordon.it.services.Hello;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A security manager, which JDK 17 still has and a bank may still use. */
final class SecurityManagerTest {
  private static final List<String> CLIENTS = List.of("httpurlconnection", "jdk-client", "okhttp");
  private static final String PII = "{\"note\":\"mail eve@example.com\"}";

  @TempDir private Path directory;

  @SuppressWarnings("NullAway.Init")
  private LocalServer server;

  @BeforeEach
  void startServer() throws IOException {
    server = LocalServer.http();
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  @Test
  void aPolicyWithoutAGrantForTheAgentIsOneLineAndNoStart() throws Exception {
    ForkedJvm.Ended ended = restricted(policy(false), "").main(Hello.class).run();
    assertEquals(1, ended.exitCode(), ended::toString);
    assertEquals("", ended.out(), ended::toString);
    assertEquals(
        "cordon: the security manager does not permit the agent what it needs; add to the policy:"
            + " grant codeBase \"file:"
            + ForkedJvm.agentJar()
            + "\" { permission java.security.AllPermission; };"
            + " the JVM does not start (on-start-failure=exit)",
        ownLine(ended));
  }

  @Test
  void withoutTheGrantObserveStartsUnguardedAndLoud() throws Exception {
    ForkedJvm.Ended ended =
        restricted(policy(false), ",on-start-failure=observe").main(Hello.class).run();
    assertEquals(0, ended.exitCode(), ended::toString);
    assertEquals("hello\n", ended.out(), ended::toString);
    assertTrue(ownLine(ended).contains("this JVM RUNS UNGUARDED"), ended::toString);
  }

  private static String ownLine(ForkedJvm.Ended ended) {
    List<String> lines = new ArrayList<>();
    for (String line : ended.err().lines().toList()) {
      if (!line.contains("Security Manager")) { // the JVM's own warning
        lines.add(line);
      }
    }
    assertEquals(1, lines.size(), ended::toString);
    return lines.get(0);
  }

  /** What is done for its calls and lines is done with the permissions of the agent. */
  @Test
  void aServiceThatMayDoLittleIsGuarded() throws Exception {
    Path log = directory.resolve("service.log");
    List<String> steps = new ArrayList<>();
    for (String client : CLIENTS) {
      steps.addAll(List.of("call", client, "POST", server.url("/v1/notes"), PII));
      steps.addAll(List.of("call", client, "POST", server.url("/v1/refunds"), PII));
      steps.addAll(List.of("call", client, "GET", server.url("/v1/notes"), ""));
      steps.addAll(List.of("gzip", client, "POST", server.url("/v1/notes"), PII));
    }
    steps.addAll(List.of("log", log.toString(), "eve@example.com", "slf4j", "eve@example.com"));
    ForkedJvm.Ended ended =
        restricted(policy(true), "").main(EndToEnd.class, steps.toArray(new String[0])).run();
    List<String> statuses = new ArrayList<>();
    for (String line : ended.out().lines().toList()) {
      if (line.startsWith("STATUS ")) {
        statuses.add(line.split(" ", -1)[1]);
      } else if (line.startsWith("THROWN ")) {
        statuses.add(line);
      }
    }
    assertEquals(
        "200 403 200 200 200 403 200 200 200 403 200 200",
        String.join(" ", statuses),
        ended::toString);
    assertEquals(9, server.received().size(), ended::toString);
    assertEquals("{\"note\":\"mail [EMAIL]\"}", server.received().get(0).text());
    assertFalse(server.received().toString().contains("eve@"), ended::toString);
    assertTrue(ended.out().contains("argument [EMAIL]"), ended::toString);
    assertFalse(ended.out().contains("eve@example.com"), ended::toString);
    assertFalse(Files.readString(log).contains("eve@example.com"));
    assertFalse(ended.err().contains("cordon: "), ended::toString);
    List<String> journal = Cli.tailJson(directory.resolve("journal"));
    assertEquals(12, count(journal, "\"kind\":\"call.request\""), journal::toString);
    assertEquals(9, count(journal, "\"kind\":\"call.response\""), journal::toString);
    assertEquals(2, count(journal, "\"outcome\":\"refused\""), journal::toString);
    assertEquals(0, count(journal, "agent.fault"), journal::toString);
    assertEquals(0, count(journal, "hook.missing"), journal::toString);
  }

  private static long count(List<String> records, String text) {
    return records.stream().filter(record -> record.contains(text)).count();
  }

  private ForkedJvm restricted(Path policy, String arguments) throws IOException {
    Path rules =
        Fixtures.rules(
            directory,
            "version: 1",
            "name: restricted",
            "owner: tests@example.com",
            "destinations:",
            "  crm: { hosts: [localhost], ports: [" + server.port() + "] }",
            "rules:",
            "  - { id: notes.write, to: crm, call: POST /v1/notes, then: allow }",
            "redaction: { outgoing: { types: [email] }, logs: { types: [email] },"
                + " responses: { types: [email] } }");
    return ForkedJvm.of(Jdk.JDK_17)
        .agent(
            "rules="
                + rules
                + ",journal="
                + directory.resolve("journal")
                + ",service=restricted"
                + arguments)
        .option("-Djava.security.manager", "-Djava.security.policy==" + policy)
        .classPath(libraries());
  }

  private static List<Path> libraries() throws IOException {
    return Fixtures.jarsOf(
        "okhttp3.OkHttpClient",
        "okio.Buffer",
        "kotlin.Unit",
        "org.slf4j.Logger",
        "ch.qos.logback.classic.Logger",
        "ch.qos.logback.core.Appender");
  }

  /** The least with which the service and its libraries run where there is no agent. */
  private Path policy(boolean forAgent) throws IOException {
    List<String> lines = new ArrayList<>();
    if (forAgent) {
      lines.add(
          "grant codeBase \"file:"
              + ForkedJvm.agentJar()
              + "\" { permission java.security.AllPermission; };");
    }
    List<Path> restricted = new ArrayList<>(libraries());
    restricted.add(Fixtures.testClasses());
    for (Path place : restricted) {
      lines.add("grant codeBase \"file:" + place + (Files.isDirectory(place) ? "/\" {" : "\" {"));
      for (String permission :
          List.of(
              "java.net.SocketPermission \"*\", \"connect,resolve\"",
              "java.net.URLPermission \"http://localhost:" + server.port() + "/-\", \"*:*\"",
              "java.net.NetPermission \"getProxySelector\"",
              "java.net.NetPermission \"getCookieHandler\"",
              "java.util.PropertyPermission \"*\", \"read\"",
              "java.io.FilePermission \"<<ALL FILES>>\", \"read,write,delete\"",
              "java.lang.RuntimePermission \"exitVM\"",
              "java.lang.RuntimePermission \"getenv.*\"",
              "java.lang.RuntimePermission \"modifyThread\"",
              "java.lang.RuntimePermission \"shutdownHooks\"",
              "java.util.logging.LoggingPermission \"control\"")) {
        lines.add("  permission " + permission + ";");
      }
      lines.add("};");
    }
    return Files.write(directory.resolve("service.policy"), lines);
  }
}
