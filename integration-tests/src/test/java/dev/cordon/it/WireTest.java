package dev.cordon.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cordon.it.services.EndToEnd;
import dev.cordon.it.services.ManyLoaders;
import dev.cordon.it.services.ManyThreads;
import dev.cordon.it.services.NestedCalls;
import dev.cordon.it.services.OwnTimeZone;
import dev.cordon.it.services.RefusedCallAndLine;
import dev.cordon.it.services.RestrictedHeaders;
import dev.cordon.it.services.StarvedLine;
import dev.cordon.it.services.VirtualCalls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a service meets outside of a laboratory, with the real jar. */
class WireTest {
  private static final List<String> CLIENTS = List.of("httpurlconnection", "jdk-client", "okhttp");
  private static final String PII = "{\"note\":\"mail eve@example.com\"}";
  private static final String REDACTED = "{\"note\":\"mail [EMAIL]\"}";

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

  @ParameterizedTest
  @EnumSource(Jdk.class)
  void callsThroughAProxyAreDecidedAndRedacted(Jdk jdk) throws Exception {
    try (LocalProxy proxy = new LocalProxy()) {
      List<String> steps = new ArrayList<>();
      for (String client : CLIENTS) {
        steps.addAll(List.of("call", client, "POST", server.url("/v1/notes"), PII));
        steps.addAll(List.of("call", client, "POST", server.url("/v1/refunds"), PII));
      }
      ForkedJvm.Ended ended =
          jvm(jdk, server).option(proxy.options()).main(EndToEnd.class, array(steps)).run();
      assertEquals("200 403 200 403 200 403", statuses(ended), ended::toString);
      assertEquals(List.of(), server.received(), "all of it went to the proxy");
      String line = "POST " + server.url("/v1/notes") + " HTTP/1.1";
      assertEquals(
          List.of(
              new LocalProxy.Received(line, REDACTED),
              new LocalProxy.Received(line, REDACTED),
              new LocalProxy.Received(line, REDACTED)),
          proxy.received());
    }
  }

  @ParameterizedTest
  @EnumSource(Jdk.class)
  void callsThroughATunnelAreDecidedAndRedacted(Jdk jdk) throws Exception {
    try (LocalServer tls = LocalServer.https(directory);
        LocalProxy proxy = new LocalProxy()) {
      List<String> steps = new ArrayList<>();
      for (String client : CLIENTS) {
        steps.addAll(List.of("call", client, "POST", tls.url("/v1/notes"), PII));
        steps.addAll(List.of("call", client, "POST", tls.url("/v1/refunds"), PII));
      }
      ForkedJvm.Ended ended =
          jvm(jdk, tls)
              .option(proxy.options())
              .option(tls.trustOptions())
              .main(EndToEnd.class, array(steps))
              .run();
      assertEquals("200 403 200 403 200 403", statuses(ended), ended::toString);
      assertEquals(3, tls.received().size(), ended::toString);
      for (LocalServer.Received received : tls.received()) {
        assertEquals("POST /v1/notes " + REDACTED, received.toString());
      }
      for (LocalProxy.Received received : proxy.received()) {
        assertEquals("CONNECT localhost:" + tls.port() + " HTTP/1.1", received.line());
      }
      assertFalse(proxy.received().isEmpty(), "nothing went through the proxy");
      long requests =
          Cli.tailJson(directory.resolve("journal")).stream()
              .filter(record -> record.contains("call.request"))
              .count();
      assertEquals(6, requests, "a CONNECT is no call");
    }
  }

  @ParameterizedTest
  @EnumSource(Jdk.class)
  void responsesAreRedactedByEveryClient(Jdk jdk) throws Exception {
    String events = "data: {\"delta\":\"eve@example.com\"}\n\n";
    server.answerWith(
        received ->
            received.uri().startsWith("/v1/events")
                ? new LocalServer.Answer(200, "text/event-stream", events)
                : new LocalServer.Answer(
                    received.uri().startsWith("/v1/missing") ? 404 : 200, "application/json", PII));
    List<String> steps = new ArrayList<>();
    List<String> wanted = new ArrayList<>();
    for (String client : CLIENTS) {
      for (String path : List.of("/v1/notes", "/v1/notes/gzip", "/v1/missing", "/v1/events/gzip")) {
        steps.addAll(List.of("call", client, "GET", server.url(path), ""));
        wanted.add(
            path.startsWith("/v1/events")
                ? "STATUS 200 null data: {\"delta\":\"[EMAIL]\"}  "
                : "STATUS " + (path.endsWith("missing") ? 404 : 200) + " null " + REDACTED);
      }
    }
    ForkedJvm.Ended ended =
        jvm(jdk, server, "redaction: { responses: { types: [email] } }")
            .main(EndToEnd.class, array(steps))
            .run();
    assertEquals(wanted, ended.out().lines().toList(), ended::toString);
    assertEquals(List.of(), ended.errBeyondBanner());
    List<String> told =
        Cli.tailJson(directory.resolve("journal")).stream()
            .filter(record -> record.contains("redact.response"))
            .toList();
    assertEquals(12, told.size());
    for (String record : told) {
      assertTrue(record.contains("\"decision\":\"redacted\""), record);
      assertTrue(record.contains("\"findings\":{\"email\":1}"), record);
      assertFalse(record.contains("example"), record);
    }
  }

  @ParameterizedTest
  @EnumSource(Jdk.class)
  void valuesInBase64InCookiesAndInGraphQlStayHereWithEveryClient(Jdk jdk) throws Exception {
    String query = "mutation { add(first_name: \\\"Eve\\\", n: 1) { id } }";
    String body =
        "{\"data\":\""
            + base64("{\"mail\":\"eve@example.com\"}")
            + "\",\"query\":\""
            + query
            + "\"}";
    List<String> steps = new ArrayList<>(List.of("header", "Cookie", "a=1; m=eve%40example.com"));
    for (String client : CLIENTS) {
      steps.addAll(List.of("call", client, "POST", server.url("/v1/notes"), body));
    }
    ForkedJvm.Ended ended =
        jvm(jdk, server, "redaction: { outgoing: { types: [confidential] } }")
            .main(EndToEnd.class, array(steps))
            .run();
    assertEquals("200 200 200", statuses(ended), ended::toString);
    String expected =
        "{\"data\":\""
            + base64("{\"mail\":\"[EMAIL]\"}")
            + "\",\"query\":\""
            + query.replace("Eve", "[NAME]")
            + "\"}";
    for (LocalServer.Received received : server.received()) {
      assertEquals(expected, received.text());
      assertEquals("a=1; m=%5BEMAIL%5D", received.header("Cookie"));
    }
    List<String> told =
        Cli.tailJson(directory.resolve("journal")).stream()
            .filter(record -> record.contains("call.request"))
            .toList();
    assertEquals(3, told.size());
    for (String record : told) {
      assertTrue(record.contains("\"findings\":{\"email\":2,\"name\":1}"), record);
    }
  }

  /** Of a rule file's own: in bodies, queries, headers, answers and log lines. */
  @ParameterizedTest
  @EnumSource(Jdk.class)
  void patternsOfTheRuleFileAreRedactedByEveryClient(Jdk jdk) throws Exception {
    String order = "ORD-12345678";
    server.answerWith(
        received ->
            new LocalServer.Answer(200, "application/json", "{\"again\":\"" + order + "\"}"));
    Path log = directory.resolve("service.log");
    List<String> steps =
        new ArrayList<>(
            List.of("log", log.toString(), "shipped " + order, "header", "X-Note", order));
    for (String client : CLIENTS) {
      String body = "{\"note\":\"\\u004fRD-12345678 is late\",\"other\":\"ORD-1\"}";
      steps.addAll(
          List.of("call", client, "POST", server.url("/v1/notes?q=" + order + "&n=1"), body));
    }
    ForkedJvm.Ended ended =
        jvm(
                jdk,
                server,
                "redaction: { patterns: { order-number: 'ORD-[0-9]{8}' },"
                    + " outgoing: { types: [email, order-number] },"
                    + " responses: { types: [order-number], with: keep-last-4 },"
                    + " logs: { types: [order-number], with: drop } }")
            .main(EndToEnd.class, array(steps))
            .run();
    List<String> answers = ended.out().lines().filter(line -> line.startsWith("STATUS")).toList();
    assertEquals(3, answers.size(), ended::toString);
    for (String answer : answers) {
      assertEquals("STATUS 200 null {\"again\":\"****5678\"}", answer);
    }
    assertEquals(List.of(), ended.errBeyondBanner());
    assertEquals(3, server.received().size());
    for (LocalServer.Received received : server.received()) {
      assertEquals("{\"note\":\"[ORDER-NUMBER] is late\",\"other\":\"ORD-1\"}", received.text());
      assertEquals("/v1/notes?q=%5BORDER-NUMBER%5D&n=1", received.uri());
      assertEquals("[ORDER-NUMBER]", received.header("X-Note"));
    }
    String written = Files.readString(log);
    assertTrue(written.contains("shipped "), written);
    assertFalse(written.contains("ORD-"), written);
    List<String> journal = Cli.tailJson(directory.resolve("journal"));
    assertEquals(3, count(journal, "\"findings\":{\"order-number\":3}"), journal::toString);
    assertEquals(3, count(journal, "\"findings\":{\"order-number\":1}"), journal::toString);
    for (String record : journal) {
      assertFalse(record.contains("12345678"), record);
    }
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /** No library for them comes with Cordon; see ADR 0015. */
  @ParameterizedTest
  @EnumSource(Jdk.class)
  void aWriteInACodingThatCannotBeReadIsRefusedWithEveryClient(Jdk jdk) throws Exception {
    List<String> steps = new ArrayList<>();
    for (String coding : List.of("br", "zstd", "gzip, br")) {
      steps.addAll(List.of("header", "Content-Encoding", coding));
      for (String client : CLIENTS) {
        steps.addAll(List.of("call", client, "POST", server.url("/v1/notes"), PII));
      }
    }
    ForkedJvm.Ended ended = jvm(jdk, server).main(EndToEnd.class, array(steps)).run();
    assertEquals("403 ".repeat(9).strip(), statuses(ended), ended::toString);
    assertEquals(List.of(), server.received(), ended::toString);
    List<String> told =
        Cli.tailJson(directory.resolve("journal")).stream()
            .filter(record -> record.contains("body-unreadable"))
            .toList();
    assertEquals(9, told.size(), ended::toString);
  }

  @ParameterizedTest
  @EnumSource(Jdk.class)
  void aResponseThatCannotBeReadIsWithheldByEveryClient(Jdk jdk) throws Exception {
    server.answerWith(
        received -> new LocalServer.Answer(200, "application/json; charset=utf-16", PII));
    List<String> steps = new ArrayList<>();
    for (String client : CLIENTS) {
      steps.addAll(List.of("call", client, "GET", server.url("/v1/notes"), ""));
    }
    ForkedJvm.Ended ended =
        jvm(jdk, server, "redaction: { responses: { types: [email] } }")
            .main(EndToEnd.class, array(steps))
            .run();
    assertFalse(ended.out().contains("eve"), ended::toString);
    assertEquals(3, server.received().size(), ended::toString);
    List<String> told =
        Cli.tailJson(directory.resolve("journal")).stream()
            .filter(record -> record.contains("redact.response"))
            .toList();
    assertEquals(3, told.size(), ended::toString);
    for (String record : told) {
      assertTrue(record.contains("\"decision\":\"deny\""), record);
      assertTrue(record.contains("unknown-charset"), record);
    }
  }

  /** The JDK lets an application set them once a system property says so. */
  @ParameterizedTest
  @EnumSource(Jdk.class)
  void noHeaderMakesAServerReadASecondRequestOutOfABody(Jdk jdk) throws Exception {
    String two = "{\"n\":1}DELETE /v1/customers/1 HTTP/1.1\r\nHost: x\r\n\r\n";
    server.close(); // the service listens in its place, as a server that reads whatever comes
    ForkedJvm.Ended ended =
        jvm(jdk, server)
            .option("-Dsun.net.http.allowRestrictedHeaders=true")
            .option("-Djdk.httpclient.allowRestrictedHeaders=content-length,transfer-encoding")
            .main(
                RestrictedHeaders.class,
                Stream.of(
                        List.of(String.valueOf(server.port())),
                        List.of("url-get", "Content-Length", "30", ""),
                        List.of("url-buffered", "Content-Length", "7", two), // the JDK corrects it
                        List.of("url-chunked", "content-length", "7", two),
                        List.of("url-buffered", "Connection", "Content-Length", two),
                        List.of("jdk-get", "Content-Length", "30", ""),
                        List.of("jdk-sized", "Content-Length", "7", two),
                        List.of("jdk-sized", "Content-Length", "+" + two.length(), two),
                        List.of("jdk-chunked", "Content-Length", "7", two),
                        List.of("jdk-sized", "Transfer-Encoding", "chunked", two),
                        List.of("jdk-sized", "content-length", "" + two.length(), two),
                        List.of("jdk-sized", "Content-Length", "" + PII.length(), PII))
                    .flatMap(List::stream)
                    .toArray(String[]::new))
            .run();
    assertEquals(
        List.of(
            "url-get Content-Length: 30 -> 403 0",
            "url-buffered Content-Length: 7 -> 200 51 of 51",
            "url-chunked content-length: 7 -> 403 0",
            "url-buffered Connection: Content-Length -> 403 0",
            "jdk-get Content-Length: 30 -> 403 0",
            "jdk-sized Content-Length: 7 -> 403 0",
            "jdk-sized Content-Length: +51 -> 403 0",
            "jdk-chunked Content-Length: 7 -> 403 0",
            "jdk-sized Transfer-Encoding: chunked -> 403 0",
            "jdk-sized content-length: 51 -> 200 51 of 51",
            "jdk-sized Content-Length: 31 -> 200 23 of 23"),
        ended.out().lines().toList(),
        ended::toString);
  }

  @ParameterizedTest
  @EnumSource(Jdk.class)
  void aCompressedBombTakesTheAnswerForLargeBodiesInLittleMemory(Jdk jdk) throws Exception {
    List<String> steps = new ArrayList<>();
    for (String client : CLIENTS) {
      steps.addAll(List.of("bomb", client, "POST", server.url("/v1/notes"), "200"));
    }
    steps.addAll(List.of("call", "jdk-client", "POST", server.url("/v1/notes"), PII));
    ForkedJvm.Ended ended =
        jvm(jdk, server).option("-Xmx48m").main(EndToEnd.class, array(steps)).run();
    assertEquals("403 403 403 200", statuses(ended), ended::toString);
    assertEquals(3, ended.out().split("body-too-large", -1).length - 1, ended::toString);
    assertEquals(1, server.received().size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"okhttp-3", "okhttp-5"})
  void olderAndNewerLibrariesAreGuardedUnderTheRealJar(String okHttp) throws Exception {
    for (Jdk jdk : Jdk.values()) {
      Path log = directory.resolve(okHttp + jdk + ".log");
      server.close();
      server = LocalServer.http();
      ForkedJvm.Ended ended =
          agent(jdk, server)
              .classPath(Fixtures.jars(okHttp))
              .classPath(
                  Fixtures.jars("old-libraries").stream()
                      .filter(jar -> jar.toString().matches(".*(logback-|slf4j-).*"))
                      .toList())
              .main(
                  EndToEnd.class,
                  "call",
                  "okhttp",
                  "POST",
                  server.url("/v1/notes"),
                  PII,
                  "call",
                  "okhttp",
                  "POST",
                  server.url("/v1/refunds"),
                  PII,
                  "slf4j",
                  "eve@example.com",
                  "log",
                  log.toString(),
                  "eve@example.com")
              .run();
      assertEquals("200 403", statuses(ended), ended::toString);
      assertEquals(REDACTED, server.received().get(0).text());
      assertEquals(1, server.received().size());
      assertTrue(ended.out().contains("argument [EMAIL]"), ended::toString);
      assertFalse(ended.out().contains("eve@example.com"), ended::toString);
      assertFalse(Files.readString(log).contains("eve@example.com"));
      assertEquals(List.of(), ended.errBeyondBanner(), ended::toString);
    }
  }

  @ParameterizedTest
  @EnumSource(Jdk.class)
  void callsInsideOfCallsAndOfLogLinesAreDecidedOnceEach(Jdk jdk) throws Exception {
    Path rules =
        Fixtures.rules(
            directory,
            "version: 1",
            "name: nested",
            "owner: tests@example.com",
            "destinations:",
            "  crm: { hosts: [localhost], ports: [" + server.port() + "] }",
            "rules:",
            "  - { id: outer, to: crm, call: POST /v1/outer, then: allow }",
            "  - { id: inner, to: crm, call: POST /v1/inner, then: allow }",
            "  - { id: line, to: crm, call: POST /v1/line, then: allow }",
            "redaction: { logs: { types: [email] } }");
    ForkedJvm.Ended ended =
        ForkedJvm.of(jdk)
            .agent("rules=" + rules + ",journal=" + directory.resolve("journal"))
            .main(NestedCalls.class, server.url(""))
            .run();
    String inner = "inner POST 200\ninner POST 403 refused\nline asked [EMAIL] POST 200\n";
    assertEquals(inner + "outer POST 200\n" + inner + "POST 200\n", ended.out(), ended::toString);
    assertEquals(6, server.received().size(), ended::toString);
    List<String> journal = Cli.tailJson(directory.resolve("journal"));
    assertEquals(8, count(journal, "\"kind\":\"call.request\""), journal::toString);
    assertEquals(2, count(journal, "\"decision\":\"deny\""), journal::toString);
    assertEquals(6, count(journal, "\"kind\":\"call.response\""), journal::toString);
  }

  /** A body that a signature covers is never sent changed, with a signature that is now wrong. */
  @ParameterizedTest
  @EnumSource(Jdk.class)
  void aSignedCallThatWouldNeedRedactionIsRefusedByEveryClient(Jdk jdk) throws Exception {
    List<String> steps =
        new ArrayList<>(
            List.of(
                "header",
                "Authorization",
                "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260101/eu-west-1/ses/aws4_request,"
                    + " SignedHeaders=content-type;host;x-amz-date, Signature=5d672d79c15b1316"));
    for (String client : CLIENTS) {
      steps.addAll(List.of("call", client, "POST", server.url("/v1/notes"), PII));
      steps.addAll(List.of("call", client, "POST", server.url("/v1/notes"), "{\"note\":\"none\"}"));
    }
    ForkedJvm.Ended ended = jvm(jdk, server).main(EndToEnd.class, array(steps)).run();
    assertEquals("403 200 403 200 403 200", statuses(ended), ended::toString);
    assertEquals(
        3, ended.out().split("\"reason\":\"signed-body\"", -1).length - 1, ended::toString);
    assertEquals(3, server.received().size(), "those without a finding");
    for (LocalServer.Received received : server.received()) {
      assertEquals("{\"note\":\"none\"}", received.text());
      assertTrue(
          String.valueOf(received.header("Authorization")).startsWith("AWS4-HMAC-SHA256"),
          received::toString);
    }
  }

  @ParameterizedTest
  @EnumSource(Jdk.class)
  void aSignedCallThatTheRuleFileLetsPassIsOnRecord(Jdk jdk) throws Exception {
    ForkedJvm.Ended ended =
        jvm(jdk, server, "redaction: { outgoing: { types: [email], signed: pass } }")
            .main(
                EndToEnd.class,
                "header",
                "X-Vendor-Signature",
                "sha256=00",
                "call",
                "jdk-client",
                "POST",
                server.url("/v1/notes"),
                PII)
            .run();
    assertEquals("200", statuses(ended), ended::toString);
    assertEquals(PII, server.received().get(0).text());
    List<String> journal = Cli.tailJson(directory.resolve("journal"));
    assertTrue(
        journal.stream()
            .anyMatch(
                record ->
                    record.contains("call.request")
                        && record.contains("unredacted")
                        && record.contains("signed-body")),
        journal::toString);
  }

  @ParameterizedTest
  @EnumSource(Jdk.class)
  void aServiceInThePlainLocaleIsGuardedAndSilent(Jdk jdk) throws Exception {
    String body = "{\"note\":\"mail eve@example.com\",\"name\":\"\\u00fc\"}";
    ForkedJvm.Ended ended =
        jvm(jdk, server)
            .environment("LC_ALL", "C")
            .environment("LANG", null)
            .main(
                EndToEnd.class,
                "call",
                "httpurlconnection",
                "POST",
                server.url("/v1/notes"),
                body,
                "slf4j",
                "eve@example.com")
            .run();
    assertEquals("200", statuses(ended), ended::toString);
    assertEquals(body.replace("eve@example.com", "[EMAIL]"), server.received().get(0).text());
    assertTrue(ended.out().contains("argument [EMAIL]"), ended::toString);
    assertEquals(List.of(), ended.errBeyondBanner(), ended::toString);
  }

  @ParameterizedTest
  @EnumSource(Jdk.class)
  void fiveThousandThreadsLeaveNothingBehind(Jdk jdk) throws Exception {
    ForkedJvm.Ended ended =
        agent(jdk, server)
            .option("-Xmx96m")
            .limit(Duration.ofSeconds(180))
            .main(ManyThreads.class, server.url("/v1/notes"), "5000")
            .run();
    assertTrue(ended.out().contains("answered 5000"), ended::toString);
    assertTrue(number(ended, "grown KiB ") < 4_096, ended::toString);
    assertTrue(number(ended, "threads ") < 30, ended::toString);
  }

  @Test
  void tenThousandVirtualThreadsMixNothingUpAndAreAllOnRecord() throws Exception {
    server.answerWith(received -> new LocalServer.Answer(200, "application/json", received.text()));
    ForkedJvm.Ended ended =
        jvm(Jdk.JDK_25, server)
            .limit(Duration.ofSeconds(300))
            .main(VirtualCalls.class, server.url(""), "10000")
            .run();
    assertEquals("wrong 0\n", ended.out(), ended::toString);
    assertEquals(List.of(), ended.errBeyondBanner(), ended::toString);
    assertEquals(
        6_666,
        server.received().size(),
        "a third and one, and all of the second round, were refused");
    List<String> journal = Cli.tailJson(directory.resolve("journal"));
    // a client may find that a kept connection was closed, and send once more
    long failed = count(journal, "\"kind\":\"call.error\"");
    assertEquals(20_000 + failed, count(journal, "\"kind\":\"call.request\""));
    assertEquals(13_334, count(journal, "\"decision\":\"deny\""));
    assertEquals(6_666, count(journal, "\"kind\":\"call.response\""));
    assertEquals(0, count(journal, "\"kind\":\"gap\""), "nothing was lost");
  }

  private static long count(List<String> records, String text) {
    return records.stream().filter(record -> record.contains(text)).count();
  }

  @Test
  void threeHundredApplicationsInOneJvmAreLetGo() throws Exception {
    ForkedJvm.Ended ended =
        jvm(Jdk.current(), server)
            .option("-Xmx96m", "-XX:MaxMetaspaceSize=192m")
            .limit(Duration.ofSeconds(300))
            .main(ManyLoaders.class, RefusedCallAndLine.class.getName(), "300")
            .run();
    assertEquals(0, ended.exitCode(), ended::toString);
    assertFalse(ended.out().contains("not "), ended::toString); // guarded, redacted
    assertTrue(number(ended, "left ") <= 2, ended::toString);
    assertEquals(List.of(), ended.errBeyondBanner(), ended::toString);
  }

  /**
   * The JVM drops the work of an agent without a word on such a thread; and what a hook needs must
   * not be broken for good by it.
   */
  @ParameterizedTest
  @EnumSource(Jdk.class)
  void theFirstLineOfAThreadWithoutStackIsRedacted(Jdk jdk) throws Exception {
    ForkedJvm.Ended ended =
        jvm(jdk, server)
            .limit(Duration.ofSeconds(180))
            .main(ManyLoaders.class, StarvedLine.class.getName(), "40")
            .run();
    assertEquals(0, ended.exitCode(), ended::toString);
    assertFalse(ended.out().contains("eve@example.com"), ended::toString);
    assertEquals(
        40,
        ended.out().lines().filter(line -> line.equals("later of [EMAIL]")).count(),
        ended::toString);
  }

  @ParameterizedTest
  @EnumSource(Jdk.class)
  void theTimeZoneIsStillTheApplicationsToSet(Jdk jdk) throws Exception {
    ForkedJvm.Ended ended =
        agent(jdk, server).main(OwnTimeZone.class, server.url("/v1/notes")).run();
    assertEquals("POST 200\nproperty null\ndefault Asia/Tokyo\n", ended.out(), ended::toString);
  }

  private static String statuses(ForkedJvm.Ended ended) {
    List<String> statuses = new ArrayList<>();
    for (String line : ended.out().lines().toList()) {
      if (line.startsWith("STATUS ")) {
        statuses.add(line.split(" ", -1)[1]);
      } else if (line.startsWith("THROWN ")) {
        statuses.add(line);
      }
    }
    return String.join(" ", statuses);
  }

  private static long number(ForkedJvm.Ended ended, String label) {
    for (String line : ended.out().lines().toList()) {
      if (line.startsWith(label)) {
        return Long.parseLong(line.substring(label.length()));
      }
    }
    throw new AssertionError("no '" + label + "' in " + ended);
  }

  private static String[] array(List<String> steps) {
    return steps.toArray(new String[0]);
  }

  private ForkedJvm jvm(Jdk jdk, LocalServer to) throws IOException {
    return jvm(jdk, to, "redaction: { outgoing: { types: [email] }, logs: { types: [email] } }");
  }

  private ForkedJvm jvm(Jdk jdk, LocalServer to, String redaction) throws IOException {
    return agent(jdk, to, redaction)
        .classPath(
            Fixtures.jarsOf(
                "okhttp3.OkHttpClient",
                "okio.Buffer",
                "kotlin.Unit",
                "org.slf4j.Logger",
                "ch.qos.logback.classic.Logger",
                "ch.qos.logback.core.Appender"));
  }

  private ForkedJvm agent(Jdk jdk, LocalServer to) throws IOException {
    return agent(jdk, to, "redaction: { outgoing: { types: [email] }, logs: { types: [email] } }");
  }

  private ForkedJvm agent(Jdk jdk, LocalServer to, String redaction) throws IOException {
    Path rules =
        Fixtures.rules(
            directory,
            "# für alle",
            "version: 1",
            "name: wire",
            "owner: tests@example.com",
            "destinations:",
            "  crm: { hosts: [localhost], ports: [" + to.port() + "] }",
            "rules:",
            "  - { id: notes.write, to: crm, call: POST /v1/notes, then: allow }",
            redaction);
    return ForkedJvm.of(jdk)
        .agent("rules=" + rules + ",journal=" + directory.resolve("journal") + ",service=wire");
  }
}
