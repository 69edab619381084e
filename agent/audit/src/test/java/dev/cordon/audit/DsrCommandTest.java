package dev.cordon.audit;

import static dev.cordon.audit.Run.run;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cordon.journal.Appended;
import dev.cordon.journal.EvidenceOptions;
import dev.cordon.journal.Journal;
import dev.cordon.journal.JournalOptions;
import dev.cordon.journal.JournalRecord;
import dev.cordon.journal.Level;
import dev.cordon.journal.RecordKind;
import dev.cordon.journal.evidence.EvidenceKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is kept about one person: found, given to them, destroyed. */
@Timeout(120)
class DsrCommandTest {

  private static final long TEN_SECONDS_NS = 10_000_000_000L;
  private static final String EVE = "eve@example.com";

  @TempDir Path base;

  @BeforeEach
  void makeKeyAndCalls() {
    assertEquals(0, run("dsr", "keygen", "-o", file("k")).exit());
    try (Journal journal = open("crm", Clock.systemUTC())) {
      call(journal, EVE, "{\"note\":\"first of [EMAIL]\"}");
      call(journal, EVE, "{\"note\":\"second\\u001b[31m\"}");
      call(journal, "cus_2", "{\"note\":\"of somebody else\"}");
    }
  }

  @Test
  void aPersonsRecordsAreFoundByName() {
    Run found = dsr("find", " EVE@example.com ");
    assertEquals(0, found.exit(), found.err());
    assertTrue(found.out().contains("6 records in 2 journals"), found.out()); // and this search
    assertTrue(found.out().contains("  kind call.request: 2\n"), found.out());
    assertTrue(found.out().contains("  kind call.response: 2\n"), found.out());
    assertTrue(found.out().contains("  calls to api.example.com:443: 2\n"), found.out());
    assertTrue(found.out().contains("  evidence readable: 2\n"), found.out());
    Run nobody = dsr("find", "cus_3");
    assertTrue(
        nobody.out().startsWith("1 records in 1 journals\n  kind dsr.find: 1\n"), nobody.out());
    List<String> told = tail("--kind", "dsr");
    assertEquals(2, told.size());
    assertTrue(told.get(0).contains("\"actor\":\"keeper\""), told.get(0));
    assertTrue(told.get(0).contains("\"why\":\"letter of may\""), told.get(0));
    assertTrue(told.get(0).contains("\"request\":\"DSR-1\""), told.get(0));
  }

  @Test
  void anExportHasTheTextsAndAManifestThatVerifies() throws Exception {
    run("journal", "keygen", "-o", file("s"), "--name", "example.com/dsr");
    Run exported = dsr("export", EVE, "-o", file("out"), "--sign", file("s"));
    assertEquals(0, exported.exit(), exported.err());
    Path written = base.resolve("out").resolve("dsr-DSR-1.ndjson");
    String text = Files.readString(written);
    assertTrue(text.contains("first of [EMAIL]"), text);
    assertTrue(text.contains("second\\\\u001b[31m"), text);
    assertFalse(text.contains("somebody else"), text);
    assertEquals(6, text.lines().count());
    assertEquals(
        PosixFilePermissions.fromString("rw-------"), Files.getPosixFilePermissions(written));
    assertEquals(0, run("export", "verify", file("out"), "--key", file("s.pub")).exit());
    Files.writeString(written, text.replace("first", "third"));
    assertEquals(1, run("export", "verify", file("out"), "--key", file("s.pub")).exit());
    assertEquals(2, dsr("export", EVE, "-o", file("out")).exit(), "nothing is written over");
  }

  @Test
  void whoIsErasedIsReadByNoReader() throws Exception {
    Run dry = dsr("erase", EVE, "--dry-run");
    assertEquals(0, dry.exit(), dry.err());
    assertTrue(dry.out().contains("1 keys would be destroyed, and with them 2 texts"), dry.out());
    assertTrue(
        dsr("find", EVE).out().contains("evidence readable: 2"), "a dry run changes nothing");

    Run erased = dsr("erase", EVE);
    assertEquals(0, erased.exit(), erased.err());
    assertTrue(
        erased.out().contains("1 keys destroyed, and with them 2 texts; 8 records stay"),
        erased.out());
    String mark = "[erased " + LocalDate.now(ZoneOffset.UTC) + ", request DSR-1]";
    assertTrue(dsr("find", EVE).out().contains("evidence " + mark + ": 2"));
    assertTrue(run("tail", file("j"), "--kind", "call.request").out().contains(mark));
    List<String> calls = tail("--kind", "call.request");
    assertTrue(calls.get(0).contains("\"evidence\":\"" + mark + "\""), calls.get(0));
    assertTrue(calls.get(2).contains("\"evidence\":\"[encrypted]\""), calls.get(2));
    String id = calls.get(0).replaceFirst(".*\"request\":\"([^\"]*)\".*", "$1");
    Run explained = run("explain", file("j"), id);
    assertTrue(explained.out().contains(mark), explained.out() + explained.err());
    dsr("export", EVE, "-o", file("after"));
    String text = Files.readString(base.resolve("after").resolve("dsr-DSR-1.ndjson"));
    assertTrue(text.contains(mark) && !text.contains("first of"), text);
    assertTrue(dsr("find", "cus_2").out().contains("evidence readable: 1"));

    Run verified = run("journal", "verify", file("j"));
    assertEquals(0, verified.exit(), verified.out() + verified.err());
    List<String> told = tail("--kind", "dsr.erase");
    assertEquals(1, told.size());
    assertTrue(told.get(0).contains("\"keys\":\"1\""), told.get(0));
    assertTrue(told.get(0).contains("\"texts\":\"2\""), told.get(0));
    assertEquals(1, tail("--kind", "dsr.request").size());
  }

  @Test
  void anOldCopyOfAllKeysIsDestroyedAgain() throws Exception {
    copyTree(base.resolve("j").resolve("keys"), base.resolve("backup"));
    assertEquals(0, dsr("erase", EVE).exit());
    copyTree(base.resolve("backup"), base.resolve("j").resolve("keys"));
    Run found = dsr("find", EVE);
    assertTrue(found.err().contains("an old copy of the keys was put back; 1 keys"), found.err());
    assertTrue(found.out().contains("request DSR-1]: 2"), found.out());
    assertFalse(dsr("find", EVE).err().contains("old copy"), "told once");
    assertTrue(dsr("find", "cus_2").out().contains("evidence readable: 1"));
  }

  @Test
  void anErasureWithoutAnyFileOfKeysHoldsForOnesThatAreFoundLater() throws Exception {
    assertEquals(0, dsr("erase", "cus_9").exit()); // a later epoch
    try (Journal journal = open("crm", Clock.systemUTC())) {
      call(journal, EVE, "{\"note\":\"third\"}");
    }
    Path keys = base.resolve("j").resolve("keys");
    copyTree(keys, base.resolve("backup"));
    deleteTree(keys);
    Run dry = dsr("erase", EVE, "--dry-run");
    assertEquals(0, dry.exit(), dry.err());
    assertFalse(Files.exists(keys), "a dry run makes nothing");
    Run erased = dsr("erase", EVE);
    assertEquals(0, erased.exit(), erased.err());
    assertTrue(erased.out().contains("no keys of persons lie at"), erased.out());
    assertEquals(2, tail("--kind", "dsr.request").size());
    Files.copy(
        base.resolve("backup").resolve("subjects.db"),
        keys.resolve("subjects.db"),
        StandardCopyOption.REPLACE_EXISTING);
    assertTrue(dsr("find", EVE).out().contains("request DSR-1]: 3"), dsr("find", EVE).out());
    copyTree(base.resolve("backup"), keys); // and of the log
    assertTrue(dsr("find", EVE).out().contains("request DSR-1]: 3"), dsr("find", EVE).out());
    assertTrue(dsr("find", "cus_2").out().contains("evidence readable: 1"));
  }

  @Test
  void whatTheJournalOfAccessTellsOddlyIsLeftOut() throws Exception {
    copyTree(base.resolve("j").resolve("keys"), base.resolve("backup"));
    Path log = base.resolve("j").resolve("keys").resolve("erased.log");
    String[][] odd = {
      {"1", "a:b", ""},
      {"9999999999", "DSR-2", ""},
      {"4294967295", "DSR-2", ""},
      {"1", "", "2026-99-99"},
      {"5000000", "DSR-2", ""},
    };
    byte[] pseudonym = EvidenceKey.load(base.resolve("k")).pseudonym(EVE);
    for (String[] one : odd) {
      JournalRecord record =
          one[2].isEmpty()
              ? new JournalRecord(RecordKind.DSR_ERASE)
                  .pseudonym(pseudonym)
                  .attribute("request", one[1])
              : new JournalRecord(RecordKind.KEY_DESTROY).attribute("through", one[2]);
      Access.write(
          base.resolve("j"),
          record.attribute("epoch", Long.parseLong(one[0])),
          "the record",
          "nothing");
      Run found = dsr("find", EVE);
      assertEquals(0, found.exit(), String.join(" ", one) + ": " + found.err());
      assertTrue(found.out().contains("evidence readable: 2"), found.out());
      assertEquals(0, Files.size(log), String.join(" ", one));
    }
    assertEquals(0, dsr("erase", EVE).exit());
    assertEquals(0, dsr("find", EVE).exit());
    assertTrue(Files.readString(log).startsWith("erase 1 "), Files.readString(log));
  }

  @Test
  void underALegalHoldAnOldCopyIsToldAndLeft() throws Exception {
    copyTree(base.resolve("j").resolve("keys"), base.resolve("backup"));
    assertEquals(0, dsr("erase", EVE).exit());
    copyTree(base.resolve("backup"), base.resolve("j").resolve("keys"));
    byte[] before = Files.readAllBytes(base.resolve("j").resolve("keys").resolve("subjects.db"));
    String crm = base.resolve("j").resolve("crm").toString();
    assertEquals(0, run("journal", "hold", crm, "--why", "case of may").exit());
    Run held = dsr("find", EVE);
    assertTrue(held.err().contains("are kept: held by"), held.err());
    assertEquals(1, dsr("erase", EVE).exit());
    assertArrayEquals(
        before, Files.readAllBytes(base.resolve("j").resolve("keys").resolve("subjects.db")));
    run("journal", "hold", crm, "--release", "--why", "case closed");
    assertTrue(dsr("find", EVE).out().contains("request DSR-1]: 2"));
  }

  @Test
  void underALegalHoldNothingIsErased() {
    String crm = base.resolve("j").resolve("crm").toString();
    assertEquals(0, run("journal", "hold", crm, "--why", "case of may").exit());
    Run kept = dsr("erase", EVE);
    assertEquals(1, kept.exit());
    assertTrue(kept.err().contains("held by"), kept.err());
    assertTrue(dsr("find", EVE).out().contains("evidence readable: 2"));
    run("journal", "hold", crm, "--release", "--why", "case closed");
    assertEquals(0, dsr("erase", EVE).exit());
  }

  @Test
  void pruneDestroysTheKeysOfOldEvidence() throws Exception {
    Clock then = Clock.offset(Clock.systemUTC(), Duration.ofDays(-14));
    Clock yesterday = Clock.offset(Clock.systemUTC(), Duration.ofDays(-1));
    try (Journal journal = open("crm", then)) {
      call(journal, "cus_old", "fourteen days");
    }
    try (Journal journal = open("crm", yesterday)) {
      call(journal, "cus_new", "one day");
    }
    Path rules = base.resolve("rules.yaml");
    Files.writeString(
        rules, "version: 1\nname: p\nowner: tests@example.com\nretention: { raw-evidence: 14d }\n");
    String[] prune = {"journal", "prune", file("j"), "--rules", rules.toString(), "--why", "age"};
    Run without = run(prune);
    assertEquals(1, without.exit());
    assertTrue(without.err().contains("--evidence-key"), without.err());
    assertTrue(dsr("find", "cus_old").out().contains("evidence readable: 1"));
    Run dry = run(with(prune, "--evidence-key", file("k"), "--dry-run"));
    assertTrue(dry.out().contains("1 keys of evidence up to "), dry.out() + dry.err());
    Run pruned = run(with(prune, "--evidence-key", file("k")));
    assertEquals(0, pruned.exit(), pruned.err());
    assertTrue(pruned.out().contains("1 keys of evidence up to "), pruned.out());
    assertTrue(
        dsr("find", "cus_old")
            .out()
            .contains("[expired " + LocalDate.now(ZoneOffset.UTC) + "]: 1"));
    assertTrue(dsr("find", "cus_new").out().contains("evidence readable: 1"));
    assertTrue(dsr("find", EVE).out().contains("evidence readable: 2"));
    assertEquals(1, tail("--kind", "key.destroy").size());
    assertTrue(run(with(prune, "--evidence-key", file("k"))).out().contains("0 keys of evidence"));
  }

  @Test
  void wrongUseIsToldInOneLine() throws Exception {
    String[][] wrong = {
      {"find", file("j"), "--key", file("k"), "--reason", "x"},
      {"find", file("j"), "--subject", EVE, "--key", file("k")},
      {"find", file("j"), "--subject", EVE, "--reason", "x"},
      {"find", file("j"), "--subject", " ", "--key", file("k"), "--reason", "x"},
      {"find", file("none"), "--subject", EVE, "--key", file("k"), "--reason", "x"},
      {"find", file("j"), "--subject", EVE, "--key", file("none"), "--reason", "x"},
      {"find", file("j"), "--subject", EVE, "--key", file("k"), "--reason", "mail " + EVE},
      {
        "erase",
        file("j"),
        "--subject",
        EVE,
        "--key",
        file("k"),
        "--reason",
        "x",
        "--request",
        "a b"
      },
      {"export", file("j"), "--subject", EVE, "--key", file("k"), "--reason", "x"},
      {"keygen", "-o", file("k")},
    };
    for (String[] one : wrong) {
      Run run = run(with(new String[] {"dsr"}, one));
      assertEquals(2, run.exit(), String.join(" ", one));
      assertEquals(1, run.err().lines().count(), run.err());
      assertEquals("", run.out());
    }
    run("dsr", "keygen", "-o", file("other"));
    Run other =
        run("dsr", "erase", file("j"), "--subject", EVE, "--key", file("other"), "--reason", "x");
    assertEquals(2, other.exit());
    assertTrue(other.err().contains("another evidence key"), other.err());
    assertTrue(dsr("find", EVE).out().contains("evidence readable: 2"));
    Files.writeString(base.resolve("names"), "cus_9\n  " + EVE + "\n\n");
    Run listed =
        run(
            "dsr",
            "find",
            file("j"),
            "--subjects",
            file("names"),
            "--key",
            file("k"),
            "--reason",
            "letter");
    assertTrue(listed.out().contains("evidence readable: 2"), listed.out() + listed.err());
  }

  @Test
  void theKeyOfEvidenceIsChangedAndNobodyIsLostOrBack() throws Exception {
    assertEquals(0, dsr("erase", "cus_2").exit());
    assertEquals(0, run("dsr", "keygen", "-o", file("n"), "--rotate", file("k")).exit());
    copyTree(base.resolve("j").resolve("keys"), base.resolve("backup"));
    Run rotated = rotate("k", "n", "--reason", "yearly", "--as", "keeper");
    assertEquals(0, rotated.exit(), rotated.err());
    assertTrue(rotated.out().startsWith("1 keys of persons are now under"), rotated.out());

    Run old = dsr("find", EVE);
    assertEquals(2, old.exit(), old.out());
    assertTrue(old.err().contains("lies under another evidence key than"), old.err());
    Files.move(base.resolve("n"), base.resolve("k"), StandardCopyOption.REPLACE_EXISTING);
    Run found = dsr("find", EVE);
    assertTrue(found.out().contains("evidence readable: 2"), found.out() + found.err());
    assertTrue(dsr("find", "cus_2").out().contains("request DSR-1]: 1"));
    try (Journal journal = open("bot", Clock.systemUTC())) {
      call(journal, EVE, "{\"note\":\"after\"}");
    }
    assertTrue(dsr("find", EVE).out().contains("evidence readable: 3"));
    assertTrue(dsr("erase", EVE).out().startsWith("2 keys destroyed, and with them 3 texts"));
    List<String> told = tail("--kind", "key.rotate");
    assertEquals(2, told.size());
    assertTrue(told.get(0).contains("\"state\":\"begun\""), told.get(0));
    assertTrue(told.get(1).contains("\"state\":\"done\""), told.get(1));
    assertTrue(told.get(1).contains("\"why\":\"yearly\""), told.get(1));
    assertTrue(told.get(1).contains("\"actor\":\"keeper\""), told.get(1));
    Run verified = run("journal", "verify", file("j"));
    assertEquals(0, verified.exit(), verified.out() + verified.err());
    assertFalse(verified.out().contains("which follows"), "no seal's key: " + verified.out());

    copyTree(base.resolve("backup"), base.resolve("j").resolve("keys")); // under the old key
    Run refused = dsr("find", EVE);
    assertEquals(2, refused.exit(), refused.out());
    assertTrue(refused.err().contains("lies under another evidence key than"), refused.err());
  }

  /** What a request is known by is in the clear in records that nobody can change. */
  @Test
  void noValueOfAPersonIsTheNameOfARequest() {
    for (String value :
        List.of("4111111111111111", "Maria-4111111111111111", "DE89370400440532013000")) {
      Run refused =
          run(
              "dsr",
              "find",
              file("j"),
              "--subject",
              EVE,
              "--key",
              file("k"),
              "--reason",
              "letter",
              "--request",
              value);
      assertRefused("--request looks like a", refused);
      assertFalse(refused.err().contains(value), refused.err());
    }
    for (String name : List.of("DSR-2026-11-23-0001", "DSR-20261123-0001", "CASE-00012345678")) {
      Run found =
          run(
              "dsr",
              "find",
              file("j"),
              "--subject",
              EVE,
              "--key",
              file("k"),
              "--reason",
              "letter",
              "--request",
              name);
      assertEquals(0, found.exit(), found.err());
    }
    assertEquals(3, tail("--kind", "dsr").size());
  }

  /** As keygen leaves it when it is killed: who deletes the old key would leave it there. */
  @Test
  void secondNamesOfKeysGoWithTheirChange() throws Exception {
    Path second = base.resolve("k.1-2.unfinished");
    Files.createLink(second, base.resolve("k"));
    assertEquals(2, run("dsr", "keygen", "-o", file("k")).exit());
    assertFalse(Files.exists(second));
    Files.createLink(second, base.resolve("k"));
    assertEquals(0, run("dsr", "keygen", "-o", file("n"), "--rotate", file("k")).exit());
    assertFalse(Files.exists(second));
    Path next = base.resolve("n.1-2.unfinished");
    Files.createLink(second, base.resolve("k"));
    Files.createLink(next, base.resolve("n"));
    assertEquals(0, rotate("k", "n", "--reason", "yearly").exit());
    assertFalse(Files.exists(second));
    assertFalse(Files.exists(next));
  }

  @Test
  void anOldCopyUnderTheOldKeyIsRotatedWithoutWhoWasErased() throws Exception {
    copyTree(base.resolve("j").resolve("keys"), base.resolve("backup"));
    run("dsr", "keygen", "-o", file("n"), "--rotate", file("k"));
    assertEquals(0, dsr("erase", EVE).exit());
    assertEquals(0, rotate("k", "n", "--reason", "yearly").exit());
    copyTree(base.resolve("backup"), base.resolve("j").resolve("keys")); // with its log
    Run again = rotate("k", "n", "--reason", "yearly");
    assertEquals(0, again.exit(), again.err());
    assertTrue(again.err().contains("an old copy of the keys was put back"), again.err());
    assertTrue(again.out().startsWith("1 keys of persons are now"), again.out());
    Run third = rotate("k", "n", "--reason", "yearly");
    assertTrue(third.out().startsWith("1 keys of persons were already"), third.out());
    Files.move(base.resolve("n"), base.resolve("k"), StandardCopyOption.REPLACE_EXISTING);
    assertTrue(dsr("find", EVE).out().contains("request DSR-1]: 2"));
    assertTrue(dsr("find", "cus_2").out().contains("evidence readable: 1"));
  }

  @Test
  void aRotationThatMustNotBeIsRefusedAndChangesNothing() throws Exception {
    run("dsr", "keygen", "-o", file("other"));
    run("dsr", "keygen", "-o", file("n"), "--rotate", file("k"));
    run("dsr", "keygen", "-o", file("n2"), "--rotate", file("n"));
    assertRefused("give --reason", rotate("k", "n"));
    assertRefused("a few words", rotate("k", "n", "--reason", "for eve@example.com"));
    assertRefused("are one key", rotate("k", "k", "--reason", "yearly"));
    assertRefused("was not made by dsr keygen --rotate", rotate("k", "other", "--reason", "x"));
    assertRefused("lies under another evidence key", rotate("n", "n2", "--reason", "yearly"));
    Files.setPosixFilePermissions(base.resolve("n"), PosixFilePermissions.fromString("rw-r--r--"));
    assertRefused("open to others", rotate("k", "n", "--reason", "yearly"));
    assertEquals(List.of(), tail("--kind", "key.rotate"));
    assertTrue(dsr("find", EVE).out().contains("evidence readable: 2"));
    assertEquals(2, run("dsr", "keygen", "-o", file("k"), "--rotate", file("n2")).exit());
  }

  @Test
  void whatIsNotInEvidenceIsToldAndCounted() throws Exception {
    try (Journal journal = open("bot", Clock.systemUTC())) {
      for (String why : List.of("binary", "too-large", "binary")) {
        append(
            journal,
            new JournalRecord(RecordKind.CALL_REQUEST)
                .requestId(UUID.randomUUID())
                .callClass("write")
                .subject(EVE)
                .withoutEvidence(why));
      }
      append(
          journal,
          new JournalRecord(RecordKind.CALL_REQUEST)
              .callClass("write")
              .subject(EVE)
              .evidence(new byte[20], 5_000));
    }
    String found = dsr("find", EVE).out();
    assertTrue(found.contains("  evidence [no evidence: binary]: 2\n"), found);
    assertTrue(found.contains("  evidence [no evidence: too-large]: 1\n"), found);
    assertTrue(found.contains("  evidence readable: 3\n"), found);
    assertTrue(found.contains("  of them the beginning only: 1\n"), found);
    String calls = run("tail", file("j"), "--kind", "call.request").out();
    assertTrue(calls.contains("[no evidence: too-large]"), calls);
    String report = run("report", file("j"), "--format", "csv").out();
    assertTrue(report.contains("\"no evidence: binary\""), report);
    assertTrue(report.contains("\"evidence: only the beginning of the body\""), report);
  }

  private Run rotate(String from, String to, String... more) {
    return run(
        with(
            new String[] {"dsr", "rotate", file("j"), "--key", file(from), "--to", file(to)},
            more));
  }

  private static void assertRefused(String why, Run run) {
    assertEquals(2, run.exit(), run.out());
    assertTrue(run.err().contains(why), run.err());
  }

  // ---- helpers

  private Journal open(String service, Clock clock) {
    return Journal.open(
        JournalOptions.of(base.resolve("j"), service)
            .withClock(clock)
            .withEvidence(new EvidenceOptions(base.resolve("k"), 30_000)));
  }

  private static void call(Journal journal, String subject, String text) {
    UUID id = UUID.randomUUID();
    append(
        journal,
        new JournalRecord(RecordKind.CALL_REQUEST)
            .requestId(id)
            .destination("api.example.com:443")
            .callClass("write")
            .decision("allow")
            .subject(subject)
            .evidence(text.getBytes(StandardCharsets.UTF_8)));
    append(journal, new JournalRecord(RecordKind.CALL_RESPONSE).requestId(id).status(200));
  }

  private static void append(Journal journal, JournalRecord record) {
    assertEquals(Appended.COMMITTED, journal.append(record, Level.COMMITTED, TEN_SECONDS_NS));
  }

  private Run dsr(String command, String subject, String... more) {
    return run(
        with(
            new String[] {
              "dsr",
              command,
              file("j"),
              "--subject",
              subject,
              "--key",
              file("k"),
              "--reason",
              "letter of may",
              "--request",
              "DSR-1",
              "--as",
              "keeper"
            },
            more));
  }

  private List<String> tail(String... more) {
    return run(with(new String[] {"tail", file("j"), "--json"}, more)).out().lines().toList();
  }

  private static String[] with(String[] words, String... more) {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of(more));
    return all.toArray(new String[0]);
  }

  private static void copyTree(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file)), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  private static void deleteTree(Path tree) throws IOException {
    try (Stream<Path> files = Files.list(tree)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(tree);
  }

  private String file(String name) {
    return base.resolve(name).toString();
  }
}
