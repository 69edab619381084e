package dev.cordon.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cordon.it.services.EndToEnd;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The main job with the real jar: real clients, a real server, a real journal, on each JDK. */
class EndToEndTest {
  private static final List<String> CLIENTS = List.of("httpurlconnection", "jdk-client", "okhttp");
  private static final String ALLOWED = "/v1/notes";
  private static final String DENIED = "/v1/refunds";

  @TempDir Path directory;

  @SuppressWarnings("NullAway.Init")
  private LocalServer server;

  static Stream<Arguments> clients() {
    return Stream.of(Jdk.values())
        .flatMap(jdk -> CLIENTS.stream().map(client -> Arguments.of(jdk, client)));
  }

  @BeforeEach
  void startServer() throws IOException {
    server = LocalServer.http();
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  @ParameterizedTest
  @MethodSource("clients")
  void anAllowedWriteArrivesAsItWasSent(Jdk jdk, String client) throws Exception {
    String body = "{\"ticket\":4711, \"note\" : \"late\",\"ratio\":1.50}";
    ForkedJvm.Ended ended = run(jdk, "call", client, "POST", server.url(ALLOWED), body);
    assertTrue(ended.out().startsWith("STATUS 200 null"), ended.toString());
    assertEquals(1, server.received().size());
    assertEquals(body, server.received().get(0).text());
    List<String> journal = journal();
    assertEquals(1, count(journal, "call.request"), journal.toString());
    assertEquals(1, count(journal, "call.response"), journal.toString());
  }

  @ParameterizedTest
  @MethodSource("clients")
  void aDeniedWriteNeverReachesTheServer(Jdk jdk, String client) throws Exception {
    ForkedJvm.Ended ended =
        run(jdk, "call", client, "POST", server.url(DENIED), "{\"amount\":12000}");
    assertTrue(ended.out().startsWith("STATUS 403 "), ended.toString());
    assertFalse(ended.out().startsWith("STATUS 403 null"), ended.toString());
    assertEquals(List.of(), server.received());
    String[] words = ended.out().split(" ", 4);
    String problem = words[3];
    assertTrue(problem.contains("\"decision\":\"" + words[2] + "\""), problem);
    assertTrue(problem.contains("\"rule\":\"default.write\""), problem);
    assertTrue(problem.contains("\"reason\":\"write-default\""), problem);
    assertTrue(problem.contains("add one with then: allow"), problem); // the way out
    List<String> journal = journal();
    assertEquals(1, count(journal, "\"deny\""), journal.toString());
    assertEquals(1, count(journal, "\"request\":\"" + words[2] + "\""), journal.toString());
    assertEquals(0, count(journal, "call.response"), journal.toString());
  }

  @ParameterizedTest
  @EnumSource(Jdk.class)
  void aDeniedWriteIsAnIoExceptionWhereTheRuleFileSaysSo(Jdk jdk) throws Exception {
    List<String> steps = new ArrayList<>();
    for (String client : CLIENTS) {
      steps.addAll(List.of("call", client, "POST", server.url("/v1/thrown"), "{\"amount\":1}"));
    }
    ForkedJvm.Ended ended = run(jdk, steps.toArray(String[]::new));
    List<String> lines = ended.out().lines().toList();
    assertEquals(CLIENTS.size(), lines.size(), ended.toString());
    for (String line : lines) {
      assertTrue(line.startsWith("THROWN "), ended.toString());
      assertTrue(line.contains("Cordon refused this call"), ended.toString());
      assertTrue(line.contains("rule thrown,"), ended.toString());
    }
    assertEquals(List.of(), server.received());
    assertEquals(CLIENTS.size(), count(journal(), "\"deny\""));
  }

  /** Status, sizes and duration of what was answered, the exception of what was not. */
  @ParameterizedTest
  @EnumSource(Jdk.class)
  void theOutcomeOfEachCallIsOnRecordUnderItsDecision(Jdk jdk) throws Exception {
    server.answerWith(
        received ->
            new LocalServer.Answer(
                received.uri().endsWith("/missing") ? 404 : 200, "text/plain", "twelve bytes"));
    int nobody;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = free.getLocalPort();
    }
    List<String> steps = new ArrayList<>();
    for (String client : CLIENTS) {
      steps.addAll(List.of("call", client, "POST", server.url(ALLOWED), "{\"n\":12}"));
      steps.addAll(List.of("call", client, "GET", server.url("/v1/notes/missing"), ""));
      steps.addAll(List.of("call", client, "GET", "http://127.0.0.1:" + nobody + "/", ""));
    }
    ForkedJvm.Ended ended = run(jdk, steps.toArray(String[]::new));
    List<String> journal = journal();
    for (String library : List.of("http-url-connection", "jdk-client", "okhttp")) {
      List<String> calls = new ArrayList<>();
      for (String record : journal) {
        if (record.contains("\"library\":\"" + library + "\"")
            && record.contains("\"kind\":\"call.")) {
          calls.add(record);
        }
      }
      String told = ended + "\n" + String.join("\n", calls);
      // the JDK's client tries a refused connection a second time: a call of its own
      assertEquals(library.equals("jdk-client") ? 8 : 6, calls.size(), told);
      for (int i = 0; i < calls.size(); i += 2) {
        assertEquals("\"call.request\"", field(calls.get(i), "kind"), told);
        assertEquals(field(calls.get(i), "request"), field(calls.get(i + 1), "request"), told);
        assertTrue(Long.parseLong(field(calls.get(i + 1), "latency_us")) > 0, told);
      }
      assertEquals("8", field(calls.get(0), "request_bytes"), told);
      assertEquals("\"call.response\"", field(calls.get(1), "kind"), told);
      assertEquals("200", field(calls.get(1), "status"), told);
      assertEquals("12", field(calls.get(1), "response_bytes"), told);
      assertEquals("404", field(calls.get(3), "status"), told);
      for (int i = 5; i < calls.size(); i += 2) {
        assertEquals("\"call.error\"", field(calls.get(i), "kind"), told);
        assertEquals("\"java.net.ConnectException\"", field(calls.get(i), "error"), told);
      }
    }
  }

  private static String field(String record, String name) {
    Matcher value = Pattern.compile("\"" + name + "\":(\"[^\"]*\"|[0-9]+)").matcher(record);
    return value.find() ? value.group(1) : "no " + name + " in " + record;
  }

  /** Whom a message goes to is not taken out of it; what it says about them is. */
  @ParameterizedTest
  @EnumSource(Jdk.class)
  void fieldsThatNameTheRecipientSurvive(Jdk jdk) throws Exception {
    String ticket =
        "{\"ticket\":{\"requester\":{\"email\":\"eve@example.com\"},"
            + "\"comment\":{\"body\":\"eve@example.com wrote\"}}}";
    List<String> steps = new ArrayList<>();
    for (String client : CLIENTS) {
      steps.addAll(List.of("call", client, "POST", server.url("/api/v2/tickets.json"), ticket));
    }
    Path rules =
        Fixtures.rules(
            directory,
            "version: 1",
            "name: recipients",
            "owner: tests@example.com",
            "packs: [zendesk/1]",
            "destinations:",
            "  zendesk: { hosts: [localhost], ports: [" + server.port() + "] }",
            "rules:",
            "  - { id: tickets, to: zendesk, call: POST /api/v2/tickets, then: allow }",
            "redaction: { outgoing: { types: [email] } }");
    ForkedJvm.Ended ended =
        jvm(jdk, directory, rules).main(EndToEnd.class, steps.toArray(String[]::new)).run();
    assertEquals(CLIENTS.size(), server.received().size(), ended.toString());
    for (LocalServer.Received received : server.received()) {
      assertEquals(ticket.replace("eve@example.com wrote", "[EMAIL] wrote"), received.text());
    }
  }

  @ParameterizedTest
  @MethodSource("clients")
  void aReadPassesAndItsAnswerIsJournaled(Jdk jdk, String client) throws Exception {
    ForkedJvm.Ended ended = run(jdk, "call", client, "GET", server.url("/v1/notes/17"), "");
    assertTrue(ended.out().startsWith("STATUS 200 null"), ended.toString());
    assertEquals(1, count(journal(), "call.response"));
  }

  @ParameterizedTest
  @MethodSource("clients")
  void personalDataDoesNotArrive(Jdk jdk, String client) throws Exception {
    ForkedJvm.Ended ended =
        run(
            jdk,
            "call",
            client,
            "POST",
            server.url(ALLOWED + "?for=eve%40example.com"),
            "{\"note\":\"mail eve@example.com, card 4111 1111 1111 1111\"}",
            "gzip",
            client,
            "POST",
            server.url(ALLOWED),
            "{\"note\":\"mail eve@example.com\"}");
    assertEquals(2, ended.out().split("STATUS 200", -1).length - 1, ended.toString());
    LocalServer.Received plain = server.received().get(0);
    assertEquals("{\"note\":\"mail [EMAIL], card [CARD]\"}", plain.text());
    assertFalse(plain.uri().contains("eve"), plain.uri());
    assertEquals(
        Integer.toString(plain.body().length), plain.header("Content-Length"), "right length");
    LocalServer.Received zipped = server.received().get(1);
    assertEquals(
        "{\"note\":\"mail [EMAIL]\"}",
        new String(
            new GZIPInputStream(new ByteArrayInputStream(zipped.body())).readAllBytes(),
            StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @EnumSource(Jdk.class)
  void logsCarryNoPersonalData(Jdk jdk) throws Exception {
    Path log = directory.resolve("service.log");
    ForkedJvm.Ended ended =
        run(jdk, "log", log.toString(), "eve@example.com", "slf4j", "eve@example.com");
    String written = Files.readString(log);
    assertTrue(written.contains("customer [EMAIL] wrote"), written);
    assertTrue(written.contains("for [EMAIL]"), written);
    assertTrue(written.contains("because of [EMAIL]"), written);
    assertFalse(written.contains("eve@example.com"), written);
    assertTrue(ended.out().contains("message with [EMAIL]"), ended.toString());
    assertTrue(ended.out().contains("argument [EMAIL]"), ended.toString());
    assertFalse(ended.out().contains("eve@example.com"), ended.toString());
  }

  /**
   * Sends known values through every place of a call and a line and looks for each of them, in
   * every encoding they could take, in every byte of the journal directory and of stderr.
   */
  @ParameterizedTest
  @EnumSource(Jdk.class)
  void noValueIsEverInTheJournal(Jdk jdk) throws Exception {
    List<String> values =
        List.of(
            "eve.adams@example.com",
            "Zebedee-Quux-unusual",
            "4111111111111111",
            "+4915123456789",
            "sk_live_" + "9aZ4kQ7mT2xW5cV8bN1j",
            "kundennummer-88231",
            "DE89370400440532013000");
    List<String> steps = new ArrayList<>();
    for (String client : CLIENTS) {
      for (String value : values) {
        String encoded = value.replace("+", "%2B").replace("@", "%40");
        steps.addAll(List.of("header", "X-Customer", value));
        for (String path : List.of(ALLOWED, DENIED, "/v1/customers/" + encoded)) {
          for (String method : List.of("GET", "POST", "DELETE")) {
            String body =
                method.equals("POST")
                    ? "{\"note\":\"" + value + "\",\"" + value + "\":1,\"a\":{\"" + value + "\":2}}"
                    : "";
            steps.addAll(List.of("call", client, method, server.url(path + "?q=" + encoded), body));
          }
        }
      }
    }
    steps.addAll(List.of("call", "okhttp", "GET", "http://" + values.get(1) + ".example.com/", ""));
    Path log = directory.resolve("service.log");
    for (String value : values) {
      steps.addAll(List.of("log", log.toString(), value, "slf4j", value));
    }
    ForkedJvm.Ended ended = run(jdk, steps.toArray(String[]::new));
    List<String> journal = journal();
    assertTrue(count(journal, "call.request") >= 3 * 7 * 9, "calls: " + journal.size());
    // the one place for a host name is the destination: a refused unknown host is part of the audit
    JournalSearch.assertAbsent(directory.resolve("journal"), without(values, values.get(1)));
    JournalSearch.assertAbsent("stderr", ended.err().getBytes(StandardCharsets.UTF_8), values);
  }

  private static List<String> without(List<String> values, String left) {
    List<String> rest = new ArrayList<>(values);
    rest.remove(left);
    return rest;
  }

  /** The server kills the service the moment the write arrives: its record must be there. */
  @ParameterizedTest
  @EnumSource(Jdk.class)
  void aWriteThatArrivedIsInTheJournalWhateverHappensNext(Jdk jdk) throws Exception {
    for (int round = 0; round < 2 * CLIENTS.size(); round++) {
      Path base = Files.createDirectories(directory.resolve("round-" + round));
      Path out = base.resolve("out");
      Path err = base.resolve("err");
      String client = CLIENTS.get(round % CLIENTS.size());
      Process service =
          jvm(jdk, base)
              .main(EndToEnd.class, "call", client, "POST", server.url("/kill"), "{}")
              .start(out, err);
      server.onRequest("/kill", service::destroyForcibly);
      assertNotEquals(0, service.waitFor(), "it was to be killed: " + Files.readString(err));
      List<String> journal = Cli.tailJson(base.resolve("journal"));
      assertEquals(
          1, count(journal, "call.request"), "round " + round + ", " + client + ": " + journal);
    }
  }

  private ForkedJvm.Ended run(Jdk jdk, String... steps) throws Exception {
    return jvm(jdk, directory).main(EndToEnd.class, steps).run();
  }

  private ForkedJvm jvm(Jdk jdk, Path base) throws IOException {
    Path rules =
        Fixtures.rules(
            base,
            "version: 1",
            "name: end-to-end",
            "serial: 1",
            "owner: tests@example.com",
            "defaults: { mode: enforce, host: deny, read: allow, write: deny, unknown: deny }",
            "destinations:",
            "  crm: { hosts: [localhost], ports: [" + server.port() + "] }",
            "  down: { hosts: [127.0.0.1] }",
            "rules:",
            "  - { id: thrown, owner: tests@example.com, to: crm, call: POST /v1/thrown,"
                + " then: deny, refuse-with: exception }",
            "  - { id: notes.write, owner: tests@example.com, to: crm, call: POST /v1/notes,"
                + " then: allow }",
            "  - { id: kill.write, owner: tests@example.com, to: crm, call: POST /kill, then: allow"
                + " }",
            "redaction:",
            "  logs: { types: [email, phone, iban, pan, secret], with: token }",
            "  outgoing: { types: [email, phone, iban, pan, secret], with: token }");
    return jvm(jdk, base, rules);
  }

  private static ForkedJvm jvm(Jdk jdk, Path base, Path rules) throws IOException {
    return ForkedJvm.of(jdk)
        .agent("rules=" + rules + ",journal=" + base.resolve("journal") + ",service=end-to-end")
        .classPath(
            Fixtures.jarsOf(
                "okhttp3.OkHttpClient",
                "okio.Buffer",
                "kotlin.Unit",
                "org.slf4j.Logger",
                "ch.qos.logback.classic.Logger",
                "ch.qos.logback.core.Appender"));
  }

  private List<String> journal() throws IOException, InterruptedException {
    return Cli.tailJson(directory.resolve("journal"));
  }

  private static long count(List<String> lines, String text) {
    return lines.stream().filter(line -> line.contains(text)).count();
  }
}
