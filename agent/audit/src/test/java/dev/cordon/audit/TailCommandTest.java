package dev.cordon.audit;

import static dev.cordon.audit.Run.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cordon.journal.Appended;
import dev.cordon.journal.DeviceOptions;
import dev.cordon.journal.Journal;
import dev.cordon.journal.JournalOptions;
import dev.cordon.journal.JournalRecord;
import dev.cordon.journal.Level;
import dev.cordon.journal.RecordKind;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TailCommandTest {

  private static final long TEN_SECONDS_NS = 10_000_000_000L;

  @TempDir Path base;

  @Test
  void eachEntryIsOneJsonObjectALine() {
    journalOneRefusal();
    Run run = run("tail", base.toString(), "--json");
    assertEquals("", run.err());
    assertEquals(0, run.exit());
    String json = run.out();
    assertTrue(
        json.startsWith(
            "{\"time\":\"2026-11-21T10:15:30.123456Z\",\"kind\":\"call.request\",\"n\":1,\"service\":\"crm\","
                + "\"environment\":\"staging\","),
        json);
    assertTrue(
        json.endsWith(
            "\"request\":\"0190f3c2-7d5e-7abc-8def-0123456789ab\",\"library\":\"okhttp\","
                + "\"method\":\"POST\",\"destination\":\"api.example.com:443\",\"operation\":\"refund.create\","
                + "\"class\":\"write\",\"decision\":\"deny\",\"rules\":[\"refunds.need-approval\"],"
                + "\"reason\":\"approval-required\",\"policy\":\"00000000000000ff\",\"observe\":true,"
                + "\"fields\":[\"amount\"],\"findings\":{\"email\":2},\"request_bytes\":1234,"
                + "\"attributes\":{\"hook\":\"okhttp\"}}"
                + System.lineSeparator()),
        json);
    assertEquals(1, json.lines().count());
  }

  @Test
  void peopleGetOneLineAnEntryWithoutColourInAFile() {
    journalOneRefusal();
    Run run = run("tail", base.toString());
    assertEquals(0, run.exit());
    List<String> lines = run.out().lines().toList();
    assertEquals(2, lines.size());
    assertTrue(lines.get(0).startsWith("-- 2026-11-"), lines.get(0));
    assertTrue(
        lines
            .get(1)
            .endsWith(
                " crm            deny           POST   api.example.com:443 refund.create"
                    + " refunds.need-approval approval-required email=2 1.2kB hook=okhttp observed"
                    + " #456789ab"),
        lines.get(1));
    assertFalse(run.out().contains("\u001b"));
    assertTrue(run("tail", base.toString(), "--color=always").out().contains("\u001b[31mdeny"));
  }

  @Test
  void linesEndWhereTheTerminalDoes() {
    journalOneRefusal();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    TextPrinter printer =
        new TextPrinter(
            new PrintStream(out, true, StandardCharsets.UTF_8), true, 60, ZoneOffset.UTC);
    try (dev.cordon.journal.JournalTailer tailer = dev.cordon.journal.JournalTailer.open(base)) {
      dev.cordon.journal.JournalEntry entry = tailer.poll();
      if (entry == null) {
        throw new AssertionError("no entry");
      }
      printer.print(entry);
    } catch (java.io.IOException e) {
      throw new AssertionError(e);
    }
    List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
    String visible = lines.get(1).replaceAll("\u001b\\[[0-9]+m", "");
    assertTrue(visible.length() <= 60, visible);
    assertTrue(visible.startsWith("10:15:30.123 crm"), visible);
  }

  @Test
  void kindsAndTimesSelect() {
    journalOneRefusal();
    assertEquals(1, entries("--kind", "call"));
    assertEquals(1, entries("--kind=call.request,agent"));
    assertEquals(0, entries("--kind", "call.error"));
    assertEquals(1, entries("--since", "2026-11-21T10:00:00Z"));
    assertEquals(0, entries("--since=2026-11-21T10:16:00Z"));
  }

  @Test
  void eachFilterSelectsByWhatTheRecordHas() {
    journalOneRefusal();
    assertEquals(1, entries("--decision", "deny"));
    assertEquals(1, entries("--decision=allow,deny"));
    assertEquals(0, entries("--decision", "allow"));
    assertEquals(1, entries("--rule", "refunds.*"));
    assertEquals(0, entries("--rule", "refunds"));
    assertEquals(1, entries("--destination", "api.example.com"));
    assertEquals(1, entries("--destination", "*.example.com:443"));
    assertEquals(0, entries("--destination", "api.example.com:80"));
    assertEquals(1, entries("--actor", "crm"), "who has no actor is the service");
    assertEquals(0, entries("--service", "bot"));
    assertEquals(0, entries("--run", "0"));
    assertEquals(1, entries("--run", "*"));
    assertEquals(1, entries("--until", "2026-11-21T10:15:31Z", "--since=2026-11-21T10:15:30Z"));
    assertEquals(0, entries("--until", "2026-11-21T10:15:30Z"));
    assertEquals(0, entries("--decision", "deny", "--rule", "other.*"), "each option must fit");
    assertEquals(2, run("tail", base.toString(), "--decision", "denied").exit());
  }

  @Test
  void aStarInAFilterTakesNoLongTime() {
    assertTrue(Selection.fits("*a*b*", "xxaxxbxx"));
    assertFalse(Selection.fits("*a*b", "xxaxxbxx"));
    assertTrue(Selection.fits("**", ""));
    assertFalse(Selection.fits("*a".repeat(1_000) + "b", "a".repeat(5_000)));
  }

  @Test
  void aReaderThatSaysWhoItIsIsItselfARecord() {
    journalOneRefusal();
    assertEquals(
        0, run("tail", base.toString(), "--as", "auditor", "--decision=deny,allow").exit());
    Run run = run("tail", base.toString(), "--json", "--kind", "access");
    assertEquals(1, run.out().lines().count(), run.out());
    assertTrue(run.out().contains("\"service\":\"access\""), run.out());
    assertTrue(run.out().contains("\"actor\":\"auditor\""), run.out());
    assertTrue(run.out().contains("\"command\":\"tail\",\"decision\":\"deny,allow\""), run.out());
    Path instance = onlyDirectory(base.resolve("crm"));
    assertEquals(0, run("tail", instance.toString(), "--as", "auditor").exit());
    assertEquals(0, run("tail", base.resolve("crm").toString(), "--as=auditor").exit());
    assertEquals(
        3, run("tail", base.toString(), "--json", "--kind", "access").out().lines().count());
  }

  @Test
  void everyCommandThatReadsRecordsIsRecordedItself() throws Exception {
    journalOneRefusal();
    Path rules = base.resolve("r.yaml");
    Files.writeString(rules, "version: 1\nname: crm\nowner: team\ndefaults: { mode: observe }\n");
    String log = onlyDirectory(base.resolve("crm")).toString();
    String out = base.resolve("tiles").toString();
    run("journal", "tiles", log, "-o", out, "--as", "auditor");
    run("rules", "suggest", base.toString(), "--as", "auditor");
    run("rules", "check", rules.toString(), "--journal", base.toString(), "--as", "auditor");
    run("journal", "durability", base.toString(), "--as", "auditor");
    String told = run("tail", base.toString(), "--json", "--kind", "access").out();
    for (String command :
        List.of("journal tiles", "rules suggest", "rules check", "journal durability")) {
      assertTrue(told.contains("\"command\":\"" + command + "\""), command + " in " + told);
    }
    assertEquals(4, told.lines().count(), told);
    Run nothing = run("rules", "check", rules.toString(), "--as", "auditor");
    assertEquals(2, nothing.exit(), nothing::toString);
    assertTrue(nothing.err().contains("--as goes with --journal only"), nothing.err());
  }

  @Test
  void whatTheSecondDeviceHasIsPrintedWithTheRest() throws Exception {
    Path two = base.resolve("two");
    Files.createDirectory(base.resolve("one"));
    try (Journal journal =
        Journal.open(
            JournalOptions.of(base.resolve("one"), "bot")
                .withDevice(
                    DeviceOptions.standard()
                        .withLowWaterBytes(Long.MAX_VALUE) // the first device is full
                        .withSecond(two)))) {
      Appended appended =
          journal.append(
              new JournalRecord(RecordKind.CALL_REQUEST)
                  .destination("second.example.com:443")
                  .decision("allow"),
              Level.COMMITTED,
              TEN_SECONDS_NS);
      assertEquals(Appended.COMMITTED, appended);
    }
    String one = base.resolve("one").toString();
    assertFalse(run("tail", one).out().contains("second.example.com"));
    Run both = run("tail", one, "--second", two.toString());
    assertEquals(0, both.exit(), both::toString);
    assertTrue(both.out().contains("second.example.com:443"), both.out());
    assertEquals(2, run("tail", one, "--second", base.resolve("none").toString()).exit());
  }

  @Test
  void nothingIsReadWhenTheAccessCannotBeRecorded() throws Exception {
    journalOneRefusal();
    Files.createFile(base.resolve("access"));
    Run run = run("tail", base.toString(), "--as", "auditor");
    assertEquals(2, run.exit());
    assertEquals("", run.out());
    assertTrue(run.err().contains(base.resolve("access").toString()), run.err());
    Run address = run("tail", base.toString(), "--as", "jane@example.com");
    assertEquals(2, address.exit());
    assertEquals("", address.out());
    Arguments none = Arguments.parse(List.of(), java.util.Set.of(), java.util.Set.of());
    assertEquals("night", Access.name(none, "night"), "a configured identity counts, too");
    assertEquals(null, Access.name(none, ""));
  }

  private static Path onlyDirectory(Path parent) {
    try (java.util.stream.Stream<Path> all = Files.list(parent)) {
      return all.findFirst().orElseThrow();
    } catch (java.io.IOException e) {
      throw new AssertionError(e);
    }
  }

  private long entries(String... options) {
    java.util.ArrayList<String> arguments =
        new java.util.ArrayList<>(List.of("tail", base.toString(), "--json"));
    arguments.addAll(List.of(options));
    Run run = run(arguments.toArray(new String[0]));
    assertEquals("", run.err());
    return run.out().lines().count();
  }

  @Test
  void aMistakeIsOneClearLineAndExitTwo() throws Exception {
    Path file = Files.createFile(base.resolve("file"));
    assertMistake("cordon tail: unknown option '--folow'; see --help", "tail", ".", "--folow");
    assertMistake("cordon tail: which directory? see --help", "tail");
    assertMistake("cordon tail: --since needs a value; see --help", "tail", ".", "--since");
    assertMistake("cordon tail: unknown option '--json'; see --help", "tail", ".", "--json=yes");
    assertMistake("cordon tail: one directory only; not a and b", "tail", "a", "b");
    assertMistake(
        "cordon tail: --follow has no end; leave --until out", "tail", ".", "-f", "--until=1h");
    assertMistake("cordon tail: --rule 'a,,b': a word is missing", "tail", ".", "--rule=a,,b");
    assertMistake("cordon: unknown command 'tial'; see: cordon --help", "tial");
    assertMistake(
        "cordon tail: " + file + " is not a directory; name the one given to the agent as journal=",
        "tail",
        file.toString());
    Run since = run("tail", ".", "--since", "yesterday");
    assertTrue(
        since.err().startsWith("cordon tail: --since yesterday: not a time; write "), since.err());
    Run kind = run("tail", ".", "--kind", "calls");
    assertTrue(
        kind.err().startsWith("cordon tail: --kind calls: unknown; known are agent.start "),
        kind.err());
    assertEquals(2, kind.exit());
  }

  private static void assertMistake(String message, String... arguments) {
    assertEquals(new Run(2, "", message + System.lineSeparator()), run(arguments));
  }

  @Test
  void anEmptyDirectoryIsToldAndIsNotFine() {
    Run run = run("tail", base.toString());
    assertEquals(
        new Run(2, "", "cordon tail: no journal below " + base + System.lineSeparator()), run);
  }

  @Test
  void helpTellsEveryCommand() {
    assertTrue(run("--help").out().contains("  tail "));
    assertTrue(run("tail", "--help").out().contains("--since T"));
    assertEquals(2, run().exit());
    assertTrue(run("--version").out().startsWith("cordon "));
  }

  private void journalOneRefusal() {
    Clock clock = Clock.fixed(Instant.parse("2026-11-21T10:15:30.123456Z"), ZoneOffset.UTC);
    try (Journal journal =
        Journal.open(JournalOptions.of(base, "crm").withEnvironment("staging").withClock(clock))) {
      JournalRecord record =
          new JournalRecord(RecordKind.CALL_REQUEST)
              .requestId(UUID.fromString("0190f3c2-7d5e-7abc-8def-0123456789ab"))
              .library("okhttp")
              .destination("api.example.com:443")
              .method("POST")
              .operation("refund.create")
              .callClass("WRITE")
              .decision("deny")
              .rules(List.of("refunds.need-approval"))
              .reason("approval-required")
              .policy(0xff)
              .fields(List.of("amount"))
              .finding("email", 2)
              .requestBytes(1_234)
              .observe(true)
              .attribute("hook", "okhttp");
      assertEquals(Appended.COMMITTED, journal.append(record, Level.COMMITTED, TEN_SECONDS_NS));
    }
  }
}
