package dev.cordon.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cordon.it.services.BadBodies;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Bodies that nobody should send, with the real jar: the rule file answers, the service goes on.
 */
final class BadBodiesTest {

  private static final List<String> CLIENTS =
      List.of("httpurlconnection", "jdk-client", "jdk-client-async", "okhttp", "okhttp-async");

  @TempDir private Path directory;

  /**
   * A ticket may be written when its status is known, so only the good ones leave; a note always,
   * also when it is too large to look at, and what was looked at without the address.
   */
  @ParameterizedTest
  @EnumSource(Jdk.class)
  void eachTakesTheAnswerOfTheRuleFileAndTheServiceGoesOn(Jdk jdk) throws Exception {
    try (LocalServer server = LocalServer.http()) {
      Path rules =
          Fixtures.rules(
              directory,
              "version: 1",
              "name: bad-bodies",
              "owner: tests@example.com",
              "defaults: { body: { larger: { read: allow, write: allow } } }",
              "destinations:",
              "  crm: { hosts: [localhost, 127.0.0.1] }",
              "rules:",
              "  - { id: ticket, to: crm, call: POST /v1/tickets, when: [status = open], then: allow }",
              "  - { id: note, to: crm, call: POST /v1/notes, then: allow }",
              "  - { id: endless, to: crm, call: POST /v1/endless, then: allow }",
              "redaction: { outgoing: { types: [email] } }");
      ForkedJvm.Ended ended =
          ForkedJvm.of(jdk)
              .limit(Duration.ofMinutes(3)) // some 80 calls, ten of them of 10 MB
              .agent("rules=" + rules + ",journal=" + directory.resolve("journal"))
              .classPath(Fixtures.jarsOf("okhttp3.OkHttpClient", "okio.Buffer", "kotlin.Unit"))
              .main(BadBodies.class, server.url(""))
              .run();
      List<String> wanted = new ArrayList<>();
      for (String client : CLIENTS) {
        wanted.add(client + " good 200 200");
        wanted.add(client + " malformed 403 200");
        wanted.add(client + " not-utf-8 403 200");
        wanted.add(client + " twice 403 200");
        wanted.add(client + " deep 403 200");
        wanted.add(client + " large 403 200");
        wanted.add(client + " throws (no such disk) (no such disk)");
        wanted.add(client + " good 200 200");
        wanted.add(client + " endless 200 begun");
      }
      assertEquals(wanted, ended.out().lines().toList(), ended::toString);
      assertEquals(List.of(), ended.errBeyondBanner(), ended::toString);
      arrivedRedactedAndOtherwiseAsSent(server.received());
      List<String> journal = ForkedJvm.journal(directory);
      assertTrue(journal.stream().noneMatch(record -> record.contains("agent.fault")));
    }
  }

  private static void arrivedRedactedAndOtherwiseAsSent(List<LocalServer.Received> received) {
    String head = "{\"status\":\"open\",\"mail\":\"[EMAIL]\"";
    List<String> bodies =
        List.of(
            head + "}",
            head + "}",
            head,
            head + ",\"x\":\"\u00c3(\u00ff\"}", // as Latin-1, byte for byte
            head + ",\"status\":\"open\"}",
            head + ",\"x\":" + "[".repeat(1_000) + "]".repeat(1_000) + "}",
            head.replace("[EMAIL]", "eve@example.com") + ",\"x\":\"" + "x".repeat(10 << 20) + "\"}",
            head + "}",
            head + "}");
    assertEquals(CLIENTS.size() * bodies.size(), received.size());
    for (int i = 0; i < received.size(); i++) {
      LocalServer.Received one = received.get(i);
      byte[] want = bodies.get(i % bodies.size()).getBytes(StandardCharsets.ISO_8859_1);
      int number = i;
      assertArrayEquals(want, one.body(), () -> "request " + number + " " + one.uri());
    }
  }
}
