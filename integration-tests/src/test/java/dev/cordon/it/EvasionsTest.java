package dev.cordon.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cordon.it.services.EvasionTable;
import dev.cordon.it.services.Evasions;
import dev.cordon.rules.BodyState;
import dev.cordon.rules.CallFacts;
import dev.cordon.rules.Decision;
import dev.cordon.rules.RuleSet;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The table of evasions: no row that is to be blocked reaches the server, by any client; each
 * control row does. To add one, write a line into evasions.txt.
 */
class EvasionsTest {
  private static final int ROWS_AT_LEAST = 120;

  @TempDir Path directory;
  private @Nullable LocalServer started;
  private @Nullable Path rules;

  @BeforeEach
  void prepare() throws IOException {
    LocalServer server = LocalServer.http();
    started = server;
    String text = Files.readString(resource("/evasions.rules.yaml"));
    rules =
        Files.writeString(
            directory.resolve("rules.yaml"),
            text.replace("ports: [{port}]", "ports: [" + server.port() + "]"));
  }

  @AfterEach
  void stop() {
    server().close();
  }

  @Test
  void noEvasionReachesTheServer() throws Exception {
    Path table = resource("/evasions.txt");
    List<EvasionTable.Row> rows = EvasionTable.read(table, server().port());
    assertTrue(rows.size() >= ROWS_AT_LEAST, rows.size() + " rows");
    ForkedJvm.Ended ended =
        ForkedJvm.of(Jdk.current())
            .agent("rules=" + rules() + ",journal=" + directory.resolve("journal"))
            .option(
                "-Dsun.net.http.allowRestrictedHeaders=true",
                "-Djdk.httpclient.allowRestrictedHeaders=host,connection,upgrade")
            .classPath(Fixtures.jarsOf("okhttp3.OkHttpClient", "okio.Buffer", "kotlin.Unit"))
            .limit(Duration.ofMinutes(4))
            .main(Evasions.class, table.toString(), Integer.toString(server().port()))
            .run();
    assertEquals(0, ended.exitCode(), ended.toString());

    Map<String, List<String>> byRow = new TreeMap<>();
    for (String line : ended.out().lines().toList()) {
      int space = line.indexOf(' ');
      byRow
          .computeIfAbsent(line.substring(0, space), id -> new ArrayList<>())
          .add(line.substring(space + 1));
    }
    Set<String> arrived = new HashSet<>();
    for (LocalServer.Received received : server().received()) {
      arrived.add(String.valueOf(received.header("X-Row")));
    }
    List<String> wrong = new ArrayList<>();
    int refusals = 0;
    for (EvasionTable.Row row : rows) {
      List<String> answers = byRow.getOrDefault(row.id(), List.of());
      if (arrived.contains(row.id()) != row.reaches()) {
        wrong.add(row.id() + " (" + row.why() + "): " + answers);
      }
      for (String answer : answers) {
        refusals += answer.endsWith(" refused") ? 1 : 0;
        if (!row.reaches() && answer.contains(" answered ")) {
          wrong.add(row.id() + " (" + row.why() + "): " + answer);
        }
      }
      assertEquals(3, answers.size(), row.id());
    }
    assertEquals(List.of(), wrong, ended.err());
    // most rows are calls that clients do send: else the table proves little
    assertTrue(refusals > rows.size(), refusals + " refusals in " + rows.size() + " rows");
  }

  @Test
  void asTheyStandInTheTableTheyAreDecidedTheSameWay() throws Exception {
    RuleSet ruleSet = RuleSet.load(rules());
    List<String> wrong = new ArrayList<>();
    Map<String, Integer> counts = new HashMap<>();
    for (EvasionTable.Row row : EvasionTable.read(resource("/evasions.txt"), server().port())) {
      Decision decision = ruleSet.decide(facts(row));
      counts.merge(decision.reason().code(), 1, Integer::sum);
      // what a gateway adds to a call is decided by the guard, not by the engine
      boolean byGuard =
          row.headers().contains("Host") || row.headers().contains("Content-Encoding");
      if (decision.blocks() == row.reaches() && !byGuard) {
        wrong.add(row.id() + " (" + row.why() + "): " + decision);
      }
    }
    assertEquals(List.of(), wrong);
    assertEquals(null, counts.get("engine-error"), counts.toString());
  }

  private static CallFacts facts(EvasionTable.Row row) {
    return new CallFacts(
        row.method(),
        row.url(),
        row.headers(),
        row.body().length == 0 ? BodyState.NONE : BodyState.READ,
        row.body());
  }

  private static Path resource(String name) {
    return Path.of(URI.create(String.valueOf(EvasionsTest.class.getResource(name))));
  }

  private LocalServer server() {
    LocalServer server = started;
    if (server == null) {
      throw new IllegalStateException("not started");
    }
    return server;
  }

  private Path rules() {
    Path file = rules;
    if (file == null) {
      throw new IllegalStateException("not written");
    }
    return file;
  }
}
