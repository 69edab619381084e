package dev.cordon.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cordon.it.services.EndToEnd;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Evidence from a guarded service to the end of it, with the real jars. */
class EvidenceTest {
  private static final String EVE =
      "{\"customer\":\"cus_4711eve\",\"note\":\"mail eve@example.com\"}";
  private static final String BOB = "{\"customer\":\"cus_4712bob\",\"note\":\"bobsnote\"}";

  @TempDir private Path directory;

  @SuppressWarnings("NullAway.Init")
  private LocalServer server;

  private Path journal = Path.of("");
  private Path key = Path.of("");

  @BeforeEach
  void start() throws Exception {
    server = LocalServer.http();
    journal = directory.resolve("journal");
    key = directory.resolve("evidence.key");
    cordon("dsr", "keygen", "-o", key.toString());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @EnumSource(Jdk.class)
  void whatAPersonsCallsSaidIsReadUntilThePersonIsErased(Jdk jdk) throws Exception {
    List<String> steps = new ArrayList<>();
    for (String client : List.of("httpurlconnection", "jdk-client", "okhttp")) {
      for (String body : List.of(EVE, BOB)) {
        steps.addAll(List.of("call", client, "POST", server.url("/v1/refunds"), body));
      }
    }
    ForkedJvm.Ended ended = service(jdk).main(EndToEnd.class, steps.toArray(new String[0])).run();
    assertEquals(List.of(), ended.errBeyondBanner(), ended::toString);
    assertEquals(6, ended.out().lines().filter(line -> line.startsWith("STATUS 4")).count());
    assertEquals(List.of(), server.received(), "all were refused");

    String everything = everyByte();
    for (String value : List.of("4711eve", "4712bob", "bobsnote", "eve@example")) {
      assertFalse(everything.contains(value), value);
    }
    assertTrue(dsr("find", "cus_4711eve").contains("  evidence readable: 3\n"));
    dsr("export", "cus_4711eve", "-o", directory.resolve("out").toString());
    String exported = Files.readString(directory.resolve("out/dsr-DSR-14.ndjson"));
    assertTrue(exported.contains("cus_4711eve\\\",\\\"note\\\":\\\"mail [EMAIL]"), exported);
    assertFalse(exported.contains("bob"), exported);

    Path backup = directory.resolve("backup.db");
    Files.copy(journal.resolve("keys/subjects.db"), backup);
    String erased = dsr("erase", "cus_4711eve");
    assertTrue(erased.contains("keys destroyed, and with them 3 texts"), erased);
    Files.copy(backup, journal.resolve("keys/subjects.db"), StandardCopyOption.REPLACE_EXISTING);
    String found = dsr("find", "cus_4711eve");
    assertTrue(found.contains(", request DSR-14]: 3\n"), found);
    assertTrue(dsr("find", "cus_4712bob").contains("  evidence readable: 3\n"));
    Cli.Ended verified = Cli.run(Jdk.current(), "journal", "verify", journal.toString());
    assertTrue(verified.exitCode() == 0 || verified.exitCode() == 3, verified::toString);
    assertFalse(verified.out().contains("tampered"), verified::toString);
  }

  private ForkedJvm service(Jdk jdk) throws IOException {
    Path rules =
        Fixtures.rules(
            directory,
            "version: 1",
            "name: evidence",
            "owner: tests@example.com",
            "packs: [stripe/1]",
            "destinations:",
            "  stripe: { hosts: [localhost], ports: [" + server.port() + "] }",
            "retention: { raw-evidence: 14d }");
    return ForkedJvm.of(jdk)
        .agent("rules=" + rules + ",journal=" + journal + ",service=bot,evidence-key=" + key)
        .classPath(
            Fixtures.jarsOf(
                "okhttp3.OkHttpClient",
                "okio.Buffer",
                "kotlin.Unit",
                "org.slf4j.Logger",
                "ch.qos.logback.classic.Logger",
                "ch.qos.logback.core.Appender"));
  }

  private String dsr(String command, String subject, String... more) throws Exception {
    List<String> words =
        new ArrayList<>(
            List.of(
                "dsr",
                command,
                journal.toString(),
                "--subject",
                subject,
                "--key",
                key.toString(),
                "--reason",
                "letter of may",
                "--request",
                "DSR-14"));
    words.addAll(List.of(more));
    return cordon(words.toArray(new String[0]));
  }

  private static String cordon(String... arguments) throws Exception {
    Cli.Ended ended = Cli.run(Jdk.current(), arguments);
    assertEquals(0, ended.exitCode(), ended::toString);
    return ended.out();
  }

  private String everyByte() throws IOException {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.walk(journal)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        all.append(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
      }
    }
    return all.toString();
  }
}
