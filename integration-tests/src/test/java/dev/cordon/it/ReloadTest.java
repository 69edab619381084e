package dev.cordon.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cordon.it.services.CallEachLine;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A service that runs on while its rules change under it. */
final class ReloadTest {
  @TempDir private Path directory;
  private LocalServer server;
  private Path rules;
  private Path journal;
  private Path out;
  private Path err;

  @BeforeEach
  void prepare() throws IOException {
    server = LocalServer.http();
    rules = directory.resolve("prod.yaml");
    journal = directory.resolve("journal");
    out = directory.resolve("out");
    err = directory.resolve("err");
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  @ParameterizedTest
  @EnumSource(Jdk.class)
  void theNextCallIsDecidedByTheFileAsItIsNowAndABrokenFileChangesNothing(Jdk jdk)
      throws Exception {
    String notes = server.url("/v1/notes");
    write(1, "");
    Process service =
        ForkedJvm.of(jdk)
            .agent("rules=" + rules + ",journal=" + journal + ",service=bot")
            .main(CallEachLine.class)
            .start(out, err);
    try (OutputStream calls = service.getOutputStream()) {
      assertEquals("POST 403 refused", call(calls, notes, 1));

      String allow = "rules: [{ id: notes, to: crm, call: POST /v1/notes, then: allow }]\n";
      write(2, allow);
      await(err, "serial 2 ");
      assertEquals("POST 200", call(calls, notes, 2));

      write(3, allow + "ruels: []\n");
      await(err, "stay in force");
      assertEquals("POST 200", call(calls, notes, 3));
      String told = Files.readString(err);
      assertTrue(told.contains("prod.yaml:8:1: error[CRD111] unknown key 'ruels'"), told);
      Cli.Ended status = Cli.run(Jdk.current(), "status", journal.toString());
      assertEquals(2, status.exitCode(), status::toString);
      assertTrue(status.out().contains("  bots/prod serial 2 digest "), status::toString);
      assertTrue(
          status.out().contains(": rules-invalid (CRD111 in line 8), serial 3, file "),
          status::toString);

      write(4, "");
      await(err, "serial 4 ");
      assertEquals("POST 403 refused", call(calls, notes, 4));
      status = Cli.run(Jdk.current(), "status", journal.toString());
      assertEquals(0, status.exitCode(), status::toString);
      assertTrue(status.out().contains("  bots/prod serial 4 digest "), status::toString);
    } finally {
      if (!service.waitFor(30, TimeUnit.SECONDS)) {
        service.destroyForcibly().waitFor();
      }
    }
    List<String> entries = Cli.tailJson(journal);
    assertEquals(3, count(entries, "\"policy.activate\""), entries::toString);
    assertEquals(2, count(entries, "\"policy.load\""), entries::toString);
    assertEquals(1, count(entries, "\"policy.reject\""), entries::toString);
    assertEquals(2, server.received().size());

    write(3, "");
    ForkedJvm.Ended again =
        ForkedJvm.of(jdk)
            .agent("rules=" + rules + ",journal=" + journal + ",service=bot")
            .main(CallEachLine.class)
            .run();
    assertEquals(1, again.exitCode(), again::toString);
    assertTrue(again.err().contains("had serial 4 here before"), again::toString);
  }

  private void write(long serial, String more) throws IOException {
    String text =
        "version: 1\nname: bots/prod\nserial: "
            + serial
            + "\nowner: tests@example.com\n"
            + "defaults: { mode: enforce }\n"
            + "destinations: { crm: { hosts: [localhost], ports: ["
            + server.port()
            + "] } }\n"
            + more;
    Path next = Files.writeString(directory.resolve("next"), text);
    Files.move(next, rules, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
  }

  private String call(OutputStream calls, String url, int number) throws Exception {
    calls.write(("POST " + url + "\n").getBytes(StandardCharsets.UTF_8));
    calls.flush();
    for (int i = 0; i < 600; i++) {
      List<String> lines = Files.readString(out).lines().toList();
      if (lines.size() == number) {
        return lines.get(number - 1);
      }
      Thread.sleep(50);
    }
    throw new AssertionError("no answer: " + Files.readString(out) + Files.readString(err));
  }

  private static void await(Path file, String text) throws Exception {
    for (int i = 0; i < 600; i++) {
      if (Files.readString(file).contains(text)) {
        return;
      }
      Thread.sleep(50);
    }
    throw new AssertionError("not told: " + text + " in\n" + Files.readString(file));
  }

  private static long count(List<String> lines, String text) {
    return lines.stream().filter(line -> line.contains(text)).count();
  }
}
