package dev.cordon.audit;

import static dev.cordon.audit.Run.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.cordon.journal.Appended;
import dev.cordon.journal.Journal;
import dev.cordon.journal.JournalOptions;
import dev.cordon.journal.JournalRecord;
import dev.cordon.journal.Level;
import dev.cordon.journal.RecordKind;
import dev.cordon.journal.SealOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code journal prune} and {@code journal hold} on a journal of three days. */
@Timeout(120)
class PruneCommandsTest {

  private static final long TEN_SECONDS_NS = 10_000_000_000L;
  private static final int CALLS_A_DAY = 20;
  private static final int[] DAYS_AGO = {40, 59, 60};

  /** A clock that a test moves. */
  private static final class Moved extends Clock {
    volatile Instant now = Instant.EPOCH;

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  @TempDir Path base;

  private Path log = Path.of("");
  private LocalDate today = LocalDate.EPOCH;

  @BeforeEach
  void writeThreeDays() throws IOException {
    today = LocalDate.now(ZoneOffset.UTC);
    Moved clock = new Moved();
    clock.now = today.minusDays(DAYS_AGO[2]).atStartOfDay(ZoneOffset.UTC).toInstant();
    try (Journal journal =
        Journal.open(
            JournalOptions.of(base.resolve("j"), "crm")
                .withClock(clock)
                .withSeal(SealOptions.off()))) {
      for (int day = 2; day >= 0; day--) {
        clock.now = today.minusDays(DAYS_AGO[day]).atTime(LocalTime.NOON).toInstant(ZoneOffset.UTC);
        for (int i = 0; i < CALLS_A_DAY; i++) {
          JournalRecord record =
              new JournalRecord(RecordKind.CALL_REQUEST)
                  .requestId(UUID.randomUUID())
                  .method("POST")
                  .destination("api.example.com:443")
                  .operation("refund.day-" + (2 - day))
                  .callClass("write")
                  .decision("deny");
          assertEquals(Appended.COMMITTED, journal.append(record, Level.COMMITTED, TEN_SECONDS_NS));
        }
      }
      log = journal.directory();
    }
    for (int day = 0; day < 3; day++) {
      Instant then = today.minusDays(DAYS_AGO[day]).atTime(LocalTime.MAX).toInstant(ZoneOffset.UTC);
      Files.setLastModifiedTime(log.resolve(day(day) + "F.cq4"), FileTime.from(then));
    }
    run("journal", "keygen", "-o", file("k"), "--name", "example.com/crm");
    run("journal", "seal", file("j"), "--key", file("k"));
  }

  @Test
  void everyReaderBeginsWhereTheLogBeginsNow() throws Exception {
    run("export", file("j"), "--format", "ndjson", "-o", file("before"));
    Run whole = run("tail", file("j"), "--json");
    Run dry = prune("50", "--dry-run");
    assertEquals(0, dry.exit(), dry.err());
    assertTrue(dry.out().contains(day(2) + "F.cq4 " + day(1) + "F.cq4"), dry.out());
    assertTrue(dry.out().contains(" would be deleted"), dry.out());
    assertTrue(Files.exists(log.resolve(day(2) + "F.cq4")));
    Run pruned = prune("50", "--key", file("k"), "--as", "keeper");
    assertEquals(0, pruned.exit(), pruned.err());
    assertEquals(dry.out().replace(" would be", ""), pruned.out());
    assertFalse(Files.exists(log.resolve(day(2) + "F.cq4")));
    assertTrue(Files.exists(log.resolve(day(0) + "F.cq4")));

    Run verified = run("journal", "verify", file("j"), "--key", file("k.pub"));
    assertEquals(3, verified.exit(), verified.out());
    assertTrue(verified.out().contains("ok with gaps, level L2"), verified.out());
    assertTrue(verified.out().contains("records are gone (prune: retention"), verified.out());

    Run tail = run("tail", file("j"), "--json", "--kind", "call.request");
    assertEquals(0, tail.exit(), tail.err());
    assertEquals(CALLS_A_DAY, tail.out().lines().count());
    assertTrue(
        whole.out().contains(tail.out().lines().skip(CALLS_A_DAY - 1).findFirst().orElseThrow()));
    Run told = run("tail", file("j"), "--json", "--kind", "prune,aggregate");
    assertEquals(3, told.out().lines().count(), told.out());
    assertTrue(told.out().contains("refund.day-1"), told.out());
    assertTrue(told.out().contains("keeper"), told.out());
    Run stats = run("stats", file("j"), "--by", "operation", "--format", "csv");
    assertEquals(0, stats.exit(), stats.err());
    assertTrue(stats.out().contains("\"refund.day-2\"," + CALLS_A_DAY), stats.out());
    assertFalse(stats.out().contains("refund.day-1"), "an aggregate is no call: " + stats.out());
    Run report = run("report", file("j"), "--format", "csv");
    assertEquals(0, report.exit(), report.err());
    assertTrue(report.out().contains("records pruned"), report.out());
    Run explained = run("explain", file("j"), log.getFileName() + ":0");
    assertEquals(2, explained.exit(), explained.out());
    assertTrue(explained.err().contains(": it was pruned, as all before place "), explained.err());
    String left = tail.out().lines().findFirst().orElseThrow();
    Matcher id = Pattern.compile("\"request\":\"([0-9a-f-]{36})\"").matcher(left);
    assertTrue(id.find(), left);
    Run still = run("explain", file("j"), id.group(1), "--format", "csv");
    assertEquals(0, still.exit(), still::toString);
    assertTrue(still.out().contains("refund.day-2"), still.out());

    Run status = run("status", file("j"), "--all");
    assertTrue(status.out().contains("no rules on record; those before place "), status.out());
    assertTrue(run("status", file("j"), "--all", "--json").out().contains("\"first_place\":"));
    rules("events: 50d");
    Run replay = run("replay", "--rules", file("r.yaml"), "--journal", file("j"));
    assertEquals("", replay.err());
    assertTrue(replay.out().startsWith(CALLS_A_DAY + " calls: "), replay.out());
    Run inventory = run("inventory", file("j"), "--csv");
    assertEquals("", inventory.err());
    assertTrue(inventory.out().contains("refund.day-2"), inventory.out());
    assertFalse(inventory.out().contains("refund.day-1"), inventory.out());
    assertEquals("", run("journal", "durability", file("j")).err());

    Run more = run("export", file("j"), "--format", "ndjson", "-o", file("before"));
    assertEquals(0, more.exit(), more.err());
    assertFalse(more.out().contains("crm-" + log.getFileName()), "all of it was exported");
    Run late = run("export", file("j"), "--format", "ndjson", "-o", file("after"));
    assertEquals(0, late.exit(), late.err());
    assertTrue(late.err().contains("records were pruned before this export"), late.err());
    String name =
        late.out()
            .lines()
            .filter(one -> one.contains("" + log.getFileName()))
            .findFirst()
            .orElseThrow();
    assertFalse(name.contains("-000000000000-"), name);
    String lines = Files.readString(base.resolve("after").resolve(name));
    String all = Files.readString(exported(base.resolve("before")));
    assertTrue(all.endsWith(lines), "the same lines under the same places");
    assertEquals(0, run("export", "verify", file("after")).exit());
    Files.delete(exported(base.resolve("before")));
    Run again = run("export", file("j"), "--format", "ndjson", "-o", file("before"));
    assertEquals(2, again.exit());
    assertTrue(again.err().contains("its records were pruned"), again.err());
  }

  @Test
  void whatWasShippedIsDoneAndWhatWasNotIsTold() throws Exception {
    HttpServer receiver =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    receiver.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          exchange.getResponseHeaders().add("Content-Type", "application/json");
          exchange.sendResponseHeaders(200, 2);
          exchange.getResponseBody().write('{');
          exchange.getResponseBody().write('}');
          exchange.close();
        });
    receiver.start();
    try {
      String to = "http://127.0.0.1:" + receiver.getAddress().getPort() + "/v1/logs";
      Run first = run("ship", file("j"), "--to", to, "--state", file("sent"));
      assertEquals(0, first.exit(), first.err());
      assertEquals(0, prune("30", "--key", file("k")).exit());
      Run second = run("ship", file("j"), "--to", to, "--state", file("sent"));
      assertEquals(0, second.exit(), second.err());
      Run other = run("ship", file("j"), "--to", to, "--state", file("other"));
      assertEquals(0, other.exit(), other.err());
      assertTrue(other.err().contains("those from 0 to "), other.err());
      assertTrue(other.err().contains(" were pruned before they were sent"), other.err());
      Run told = run("ship", file("j"), "--to", to, "--state", file("other"));
      assertFalse(told.err().contains("pruned"), "told once: " + told.err());
    } finally {
      receiver.stop(0);
    }
  }

  @Test
  void whatGoesWhileItIsShippedIsToldAndWhatIsLeftIsSentInTheSameRun() throws Exception {
    List<String> received = Collections.synchronizedList(new ArrayList<>());
    HttpServer receiver =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    receiver.createContext(
        "/",
        exchange -> {
          String body =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          Matcher operation = Pattern.compile("refund\\.day-[0-9]").matcher(body);
          if (received.isEmpty()) { // the shipper has the first of three files open
            assertEquals(0, prune("50", "--key", file("k")).exit());
          }
          received.add(operation.find() ? operation.group() : "none");
          exchange.sendResponseHeaders(200, 2);
          exchange.getResponseBody().write("{}".getBytes(StandardCharsets.UTF_8));
          exchange.close();
        });
    receiver.start();
    Run run;
    try {
      String to = "http://127.0.0.1:" + receiver.getAddress().getPort() + "/v1/logs";
      run =
          run(
              "ship",
              file("j"),
              "--to",
              to,
              "--state",
              file("sent"),
              "--batch",
              "1",
              "--kind",
              "call",
              "--as",
              "shipper");
    } finally {
      receiver.stop(0);
    }
    assertEquals(0, run.exit(), run::toString);
    assertEquals(CALLS_A_DAY, Collections.frequency(received, "refund.day-2"), run::toString);
    assertEquals(0, Collections.frequency(received, "refund.day-1"), run::toString);
    assertTrue(run.err().contains(" were pruned before they were sent"), run::toString);
    assertTrue(run.out().contains(" places pruned before they were sent"), run::toString);
    Run told = run("tail", file("j"), "--json", "--kind", "ship");
    Matcher pruned = Pattern.compile("\"pruned\":\"([0-9]+)\"").matcher(told.out());
    assertTrue(pruned.find(), told::toString);
    assertTrue(Long.parseLong(pruned.group(1)) >= CALLS_A_DAY, told::toString);
  }

  @Test
  void withoutTheKeyNobodyWhoHasItBelievesThePrune() throws Exception {
    Run pruned = prune("50");
    assertTrue(pruned.out().contains("NOT SIGNED"), pruned.out());
    Run doubted = run("journal", "verify", file("j"), "--key", file("k.pub"));
    assertEquals(2, doubted.exit(), doubted.out());
    assertTrue(doubted.out().contains("is not signed; if it is yours"), doubted.out());
    run("journal", "seal", file("j"), "--key", file("k"));
    assertEquals(3, run("journal", "verify", file("j"), "--key", file("k.pub")).exit());
  }

  @Test
  void aHoldIsSetListedObeyedAndReleasedAndAllOfItRecorded() throws Exception {
    String service = base.resolve("j").resolve("crm").toString();
    Run nobody = run("journal", "hold", service);
    assertEquals(2, nobody.exit());
    Run set = run("journal", "hold", service, "--why", "case of november", "--as", "counsel");
    assertEquals(0, set.exit(), set.err());
    assertEquals(1, run("journal", "hold", service, "--why", "again").exit());
    Run listed = run("journal", "hold", file("j"), "--list");
    assertTrue(listed.out().contains("by counsel, since "), listed.out());
    assertTrue(listed.out().endsWith("1 hold\n"), listed.out());
    Run kept = prune("50");
    assertEquals(1, kept.exit());
    assertTrue(kept.err().contains("is held by " + service + "/legal-hold"), kept.err());
    assertTrue(Files.exists(log.resolve(day(2) + "F.cq4")));
    Run below = run("journal", "prune", service, "--older-than", "50d", "--why", "retention");
    assertEquals(1, below.exit());
    Run released =
        run("journal", "hold", service, "--release", "--why", "case closed", "--as", "counsel");
    assertEquals(0, released.exit(), released.err());
    assertEquals(1, run("journal", "hold", service, "--release", "--why", "again").exit());
    assertEquals(0, prune("50").exit());
    Run told = run("tail", file("j"), "--json", "--kind", "hold");
    assertEquals(2, told.out().lines().count(), told.out());
    assertTrue(told.out().contains("\"state\":\"released\""), told.out());
    assertTrue(told.out().contains("\"directory\":\"crm\""), told.out());
    assertEquals(0, prune("30").exit());
    assertEquals(2, run("tail", file("j"), "--json", "--kind", "hold").out().lines().count());
  }

  @Test
  void aRuleFileSaysHowLongEventsAreKept() throws Exception {
    rules("events: 50d");
    Run pruned =
        run("journal", "prune", file("j"), "--rules", file("r.yaml"), "--why", "retention");
    assertEquals(0, pruned.exit(), pruned.err());
    assertTrue(pruned.out().contains(day(1) + "F.cq4"), pruned.out());
    rules("aggregates: 5y");
    Run forever =
        run("journal", "prune", file("j"), "--rules", file("r.yaml"), "--why", "retention");
    assertTrue(forever.out().contains("kept forever"), forever.out());
    rules("events: 2d, legal-hold: [case-7]");
    Run held = run("journal", "prune", file("j"), "--rules", file("r.yaml"), "--why", "retention");
    assertEquals(2, held.exit());
    assertTrue(held.err().contains("case-7"), held.err());
    assertTrue(Files.exists(log.resolve(day(0) + "F.cq4")));
  }

  @Test
  void whatIsWrongIsSaidAndNothingIsDeleted() throws Exception {
    for (String[] wrong :
        new String[][] {
          {"journal", "prune", file("j"), "--older-than", "50d"},
          {"journal", "prune", file("j"), "--why", "retention"},
          {"journal", "prune", file("j"), "--why", "retention", "--older-than", "0d"},
          {"journal", "prune", file("j"), "--why", "retention", "--older-than", "51"},
          {"journal", "prune", file("j"), "--why", "retention", "--older-than", "-1d"},
          {"journal", "prune", file("j"), "--why", "jane@example.com", "--older-than", "50d"},
          {"journal", "prune", file("j"), "--why", "", "--older-than", "50d"},
          {"journal", "prune", file("j"), "--why", "x".repeat(41), "--older-than", "50d"},
          {"journal", "prune", file("j"), "--why", "a", "--older-than", "50d", "--as", "a@b"},
          {"journal", "prune", file("j"), "--why", "a", "--older-than", "50d", "--key", file("x")},
          {"journal", "prune", file("nothing"), "--why", "a", "--older-than", "50d"},
          {"journal", "prune", "--why", "a", "--older-than", "50d"},
          {"journal", "hold", file("nothing"), "--why", "a"},
          {"journal", "hold", base.resolve("k").toString(), "--why", "a"},
        }) {
      Run run = run(wrong);
      assertEquals(2, run.exit(), String.join(" ", wrong));
      assertEquals(1, run.err().lines().count(), run.err());
    }
    assertTrue(Files.exists(log.resolve(day(2) + "F.cq4")));
    assertFalse(Files.exists(log.resolve("legal-hold")));
  }

  private void rules(String retention) throws IOException {
    Files.writeString(
        base.resolve("r.yaml"),
        "version: 1\nname: crm\nowner: team\ndefaults: { mode: observe }\nretention: { "
            + retention
            + " }\n");
  }

  private Path exported(Path directory) throws IOException {
    String prefix = "crm-" + log.getFileName() + "-000000000000-";
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(one -> String.valueOf(one.getFileName()).startsWith(prefix))
          .filter(one -> one.toString().endsWith("ndjson"))
          .findFirst()
          .orElseThrow();
    }
  }

  private String day(int number) {
    return today.minusDays(DAYS_AGO[number]).format(DateTimeFormatter.BASIC_ISO_DATE);
  }

  private Run prune(String days, String... more) {
    return run(
        Stream.concat(
                Stream.of(
                    "journal",
                    "prune",
                    file("j"),
                    "--older-than",
                    days + "d",
                    "--why",
                    "retention"),
                Stream.of(more))
            .toArray(String[]::new));
  }

  private String file(String name) {
    return base.resolve(name).toString();
  }
}
