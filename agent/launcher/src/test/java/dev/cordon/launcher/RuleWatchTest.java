package dev.cordon.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cordon.enforcement.CallGuard;
import dev.cordon.enforcement.Recorder;
import dev.cordon.journal.Appended;
import dev.cordon.journal.RecordKind;
import dev.cordon.journal.Told;
import dev.cordon.rules.Bundle;
import dev.cordon.rules.Caller;
import dev.cordon.rules.Detector;
import dev.cordon.rules.RuleSet;
import dev.cordon.rules.RuleSource;
import dev.cordon.rules.Surroundings;
import dev.cordon.rules.note.SignerKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files as operators, editors and orchestrators leave them, on a real disk. */
@SuppressWarnings("NullAway.Init") // by start()
final class RuleWatchTest {
  private static final long SETTLE_NS = 1_000_000;

  @TempDir private Path directory;
  private Path file;
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final Console console =
      new Console(new PrintStream(written, true, StandardCharsets.UTF_8));
  private final List<Told> records = new ArrayList<>();
  private Appended journalAnswers = Appended.COMMITTED;
  private final Recorder recorder =
      (record, level, timeoutNs) -> {
        if (journalAnswers == Appended.FAILED) {
          return Appended.FAILED;
        }
        records.add(Told.of(record));
        return Appended.COMMITTED;
      };
  private RuleSource source;
  private CallGuard guard;
  private Serials serials;
  private RuleWatch watch;
  private @Nullable SignerKey key;
  private Instant now = Instant.parse("2026-03-02T10:00:00Z");

  @BeforeEach
  void prepare() {
    file = directory.resolve("prod.yaml");
  }

  private void start() throws Exception {
    start(new Activation.Demands(null, false));
  }

  private void start(Activation.Demands demands) throws Exception {
    source =
        new RuleSource(file, Surroundings.of(Detector.NONE), key == null ? null : key.verifier());
    guard =
        new CallGuard(source.load(), recorder, System::nanoTime, console, Caller.ofService("bot"));
    serials = new Serials(directory.resolve("journal/bot"));
    Activation.save(guard.rules(), serials);
    watch =
        new RuleWatch(
            source,
            new Activation(
                source,
                serials,
                demands,
                guard,
                recorder,
                console,
                new WaiverRecords(guard, recorder, () -> now)),
            SETTLE_NS);
    watch.look();
    assertEquals(List.of(), records, "the start itself is no reload");
  }

  /** Puts a signed bundle in place of the watched file. */
  private void bundle(SignerKey signer, long serial, String more) throws Exception {
    Path text = Files.writeString(directory.resolve("text.yaml"), rules(serial, more));
    Path next = directory.resolve("next");
    Files.write(next, Bundle.build(text, Surroundings.of(Detector.NONE)));
    Files.write(next, Bundle.open(next, Surroundings.of(Detector.NONE)).signed(signer));
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  @Test
  void withAKeyOnlyWhatItSignedIsTaken() throws Exception {
    key = SignerKey.generate("release@example.com");
    bundle(key, 1, "");
    start();
    bundle(SignerKey.generate("release@example.com"), 2, "");
    assertRejected("bad-signature");
    write(2, "");
    assertRejected("bad-signature");
    Files.write(file, Bundle.build(directory.resolve("text.yaml"), Surroundings.of(Detector.NONE)));
    assertRejected("bad-signature");
    bundle(key, 2, "");
    byte[] good = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(good, good.length - 90));
    assertRejected("rules-invalid");
    Files.write(file, good);
    assertActivated(2);
    String id = key.verifier().id();
    assertEquals(id.substring(0, 4) + "-" + id.substring(4), last().attribute("signer"));
  }

  @Test
  void aSerialIsSignedOnce() throws Exception {
    key = SignerKey.generate("release@example.com");
    bundle(key, 1, "");
    start();
    bundle(key, 1, "defaults: { read: deny }\n");
    assertRejected("reused-serial");
    bundle(key, 1, "");
    watch.look();
    assertEquals(RecordKind.POLICY_ACTIVATE, last().kind());
    bundle(key, 3, "");
    assertActivated(3);
    bundle(key, 2, "");
    assertRejected("lower-serial");
  }

  private static String rules(long serial, String more) {
    return "version: 1\nname: bots/prod\nserial: " + serial + "\nowner: a@example.com\n" + more;
  }

  private void write(long serial, String more) throws IOException {
    Files.writeString(file, rules(serial, more));
  }

  private String stderr() {
    return written.toString(StandardCharsets.UTF_8);
  }

  private Told last() {
    return records.get(records.size() - 1);
  }

  private void assertRejected(String reason) {
    RuleSet before = guard.rules();
    int records = this.records.size();
    watch.look();
    assertSame(before, guard.rules(), "the last good rules stay");
    assertEquals(records + 1, this.records.size(), this.records::toString);
    assertEquals(RecordKind.POLICY_REJECT, last().kind());
    assertEquals(reason, last().reason());
    assertTrue(stderr().endsWith(" stay in force\n"), stderr());
    int length = stderr().length();
    for (int i = 0; i < 12; i++) {
      watch.look();
    }
    assertEquals(records + 1, this.records.size(), "told once");
    assertEquals(length, stderr().length(), stderr());
    assertSame(before, guard.rules());
  }

  private void assertActivated(long serial) {
    watch.look();
    assertEquals(serial, guard.rules().serial(), stderr());
    assertEquals(RecordKind.POLICY_ACTIVATE, last().kind(), records::toString);
    assertEquals(RecordKind.POLICY_LOAD, records.get(records.size() - 2).kind());
    assertEquals(Long.toString(serial), last().attribute("serial"));
    assertEquals(guard.rules().digest(), last().attribute("digest"));
    int size = records.size();
    watch.look();
    assertEquals(size, records.size(), "nothing changed since");
  }

  @Test
  void anEditedFileIsInForceAfterTheNextLook() throws Exception {
    write(1, "");
    start();
    write(2, "destinations: { crm: { hosts: [crm.example.com] } }\n");
    assertActivated(2);
    assertTrue(stderr().contains("rules bots/prod serial 2 digest "), stderr());
    assertTrue(stderr().contains("instead of bots/prod serial 1 "), stderr());
  }

  @Test
  void aFileThatIsTouchedOrWrittenAgainAsItWasIsNoReload() throws Exception {
    write(1, "");
    start();
    write(1, "");
    watch.look();
    Path copy = Files.writeString(directory.resolve("copy"), rules(1, ""));
    Files.move(copy, file, StandardCopyOption.ATOMIC_MOVE);
    watch.look();
    assertEquals(List.of(), records);
    assertEquals("", stderr());
  }

  @Test
  void anEditThatKeepsSizeAndTimeIsSeen() throws Exception {
    write(1, "defaults: { read: allow }\n");
    start();
    var time = Files.getLastModifiedTime(file);
    write(2, "defaults: { read: allow }\n");
    Files.setLastModifiedTime(file, time);
    assertActivated(2);
  }

  @Test
  void aBrokenFileIsToldOnceAndTheNextGoodOneIsTaken() throws Exception {
    write(1, "");
    start();
    write(2, "ruels: []\n");
    assertRejected("rules-invalid");
    assertEquals("CRD111", last().attribute("code"));
    assertEquals("5", last().attribute("line"));
    assertTrue(stderr().contains("prod.yaml:5:1: error[CRD111]"), stderr());
    write(2, "");
    assertActivated(2);
  }

  @Test
  void aFileThatIsAsItWasAfterABrokenOneIsOnRecord() throws Exception {
    write(1, "");
    start();
    write(1, "ruels: []\n");
    assertRejected("rules-invalid");
    write(1, "");
    watch.look();
    assertEquals(RecordKind.POLICY_ACTIVATE, last().kind());
    assertTrue(stderr().contains("are in force still"), stderr());
  }

  @Test
  void aHalfWrittenFileIsNotTaken() throws Exception {
    String text = rules(2, "destinations: { crm: { hosts: [crm.example.com] } }\n");
    write(1, "");
    start();
    for (int length : new int[] {0, 1, 10, text.length() - 4}) {
      Files.writeString(file, text.substring(0, length));
      assertRejected("rules-invalid");
    }
    Files.writeString(file, text);
    assertActivated(2);
  }

  @Test
  void aFileThatGrowsWhileItIsReadIsReadAgain() throws Exception {
    write(1, "");
    start();
    write(2, "defaults:\n  mode: enforce\n");
    Thread writer =
        new Thread(
            () -> {
              try {
                for (int i = 0; i < 200; i++) {
                  Files.writeString(file, "# " + i + "\n", StandardOpenOption.APPEND);
                }
              } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            });
    writer.start();
    watch.look();
    writer.join(60_000);
    watch.look();
    assertEquals(2, guard.rules().serial());
    RuleSet now = RuleSet.load(file, Surroundings.of(Detector.NONE));
    assertEquals(now.digest(), guard.rules().digest(), "what is in force is the whole file");
  }

  @Test
  void aFileThatVanishesAndComesBackIsTaken() throws Exception {
    write(1, "");
    start();
    Files.delete(file);
    assertRejected("rules-unreadable");
    assertTrue(stderr().contains("prod.yaml is gone; rules bots/prod serial 1"), stderr());
    write(2, "");
    assertActivated(2);
  }

  @Test
  void aDirectoryInItsPlaceIsNotTaken() throws Exception {
    write(1, "");
    start();
    Files.delete(file);
    Files.createDirectory(file);
    assertRejected("rules-invalid");
    Files.delete(file);
    write(2, "");
    assertActivated(2);
  }

  @Test
  void aPipeInItsPlaceIsNotOpened() throws Exception {
    write(1, "");
    start();
    Files.delete(file);
    Assumptions.assumeTrue(
        new ProcessBuilder("mkfifo", file.toString()).start().waitFor() == 0, "no mkfifo");
    assertRejected("rules-unreadable");
  }

  @Test
  void aFileThatMayNotBeReadIsNotTaken() throws Exception {
    write(1, "");
    start();
    write(2, "");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
    Assumptions.assumeFalse(Files.isReadable(file), "this user reads everything");
    assertRejected("rules-unreadable");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    assertActivated(2);
  }

  @Test
  void aLinkThatIsSwappedFurtherUpIsFollowed() throws Exception {
    // as a volume of Kubernetes: prod.yaml -> ..data/prod.yaml, ..data -> ..1
    Path first = Files.createDirectory(directory.resolve("..1"));
    Path second = Files.createDirectory(directory.resolve("..2"));
    Files.writeString(first.resolve("prod.yaml"), rules(1, ""));
    Files.writeString(second.resolve("prod.yaml"), rules(2, ""));
    Path data = directory.resolve("..data");
    Files.createSymbolicLink(data, Path.of("..1"));
    Files.createSymbolicLink(file, Path.of("..data/prod.yaml"));
    start();
    Path next = Files.createSymbolicLink(directory.resolve("..data_tmp"), Path.of("..2"));
    Files.move(next, data, StandardCopyOption.ATOMIC_MOVE);
    Files.delete(first.resolve("prod.yaml"));
    assertActivated(2);
    Files.delete(data);
    assertRejected("rules-unreadable");
  }

  @Test
  void aLayerThatIsNotWhatWasPinnedIsNotTaken() throws Exception {
    Path base = directory.resolve("base.yaml");
    String baseText = "version: 1\nname: base\nowner: a@example.com\n";
    Files.writeString(base, baseText);
    write(1, extending(baseText));
    start();
    Files.writeString(base, baseText + "defaults: { read: deny }\n");
    assertRejected("rules-invalid");
    assertEquals("CRD146", last().attribute("code"));
    write(2, extending(baseText + "defaults: { read: deny }\n"));
    assertActivated(2);
  }

  private static String extending(String text) throws Exception {
    byte[] digest =
        MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    return "extends: [{ file: base.yaml, sha256: " + HexFormat.of().formatHex(digest) + " }]\n";
  }

  @Test
  void aLowerSerialIsNotTakenEvenAfterARestart() throws Exception {
    write(5, "");
    start();
    write(4, "");
    assertRejected("lower-serial");
    write(6, "");
    assertActivated(6);
    assertEquals(6, new Serials(directory.resolve("journal/bot")).highest("bots/prod").serial());
    write(5, "");
    RuleSet old = RuleSet.load(file, Surroundings.of(Detector.NONE));
    String why = Activation.lower(old, new Serials(directory.resolve("journal/bot")));
    assertTrue(String.valueOf(why).contains("had serial 6 here before"), why);
  }

  @Test
  void aLowerSerialIsNotTakenThoughTheFileOfSerialsIsGone() throws Exception {
    write(5, "");
    start();
    Files.delete(serials.file());
    write(4, "");
    assertRejected("lower-serial");
  }

  @Test
  void aDamagedFileOfSerialsKeepsTheRulesInForce() throws Exception {
    write(5, "");
    start();
    Files.writeString(serials.file(), "garbage");
    write(6, "");
    assertRejected("serial-unsaved");
    Files.delete(serials.file());
    for (int i = 0; i < 6; i++) {
      watch.look(); // it is tried again though no rule file changes
    }
    assertEquals(6, guard.rules().serial());
  }

  @Test
  void theSameSerialWithOtherRulesIsTakenAndSaid() throws Exception {
    write(5, "");
    start();
    write(5, "defaults: { read: deny }\n");
    assertActivated(5);
    assertTrue(stderr().contains("with the same serial; raise it"), stderr());
  }

  @Test
  void anotherNameOrModeThanDemandedIsNotTaken() throws Exception {
    write(1, "");
    start(new Activation.Demands(Options.RequiredMode.ENFORCE, false));
    Files.writeString(file, rules(2, "").replace("bots/prod", "bots/test"));
    assertRejected("other-name");
    write(2, "defaults: { mode: observe }\n");
    assertRejected("other-mode");
    write(3, "");
    assertActivated(3);
  }

  @Test
  void anAttachedJvmCannotBeginToEnforce() throws Exception {
    write(1, "defaults: { mode: observe }\n");
    start(new Activation.Demands(null, true));
    write(2, "");
    assertRejected("other-mode");
  }

  @Test
  void withoutAKeyNoRulesAreTakenThatNeedOne() throws Exception {
    write(1, "");
    start();
    write(2, "redaction: { logs: { types: [email], with: pseudonym } }\n");
    assertRejected("no-redaction-key");
    assertTrue(stderr().contains("redaction.logs"), stderr());
    assertTrue(stderr().contains("option 'redaction-key'"), stderr());
    write(3, "redaction: { logs: { types: [email], with: keep-domain } }\n");
    assertActivated(3);
  }

  @Test
  void withAKeyRulesAreTakenThatNeedOne() throws Exception {
    write(1, "");
    start(new Activation.Demands(null, false, true));
    write(2, "redaction: { logs: { types: [email], with: siv } }\n");
    assertActivated(2);
  }

  @Test
  void aFileWhoseCasesFailIsNotTaken() throws Exception {
    write(1, "");
    start();
    write(2, "tests:\n  - { call: GET https://nowhere.example.com/x, expect: allow }\n");
    assertRejected("case-failed");
    assertEquals("CRD151", last().attribute("code"));
    write(2, "tests:\n  - { call: GET https://nowhere.example.com/x, expect: deny }\n");
    assertActivated(2);
  }

  @Test
  void withoutAJournalNothingIsActivatedUntilItIsBack() throws Exception {
    write(1, "");
    start();
    journalAnswers = Appended.FAILED;
    write(2, "");
    watch.look();
    assertEquals(1, guard.rules().serial());
    assertTrue(stderr().contains("no journal took its record"), stderr());
    journalAnswers = Appended.COMMITTED;
    for (int i = 0; i < 6; i++) {
      watch.look();
    }
    assertEquals(2, guard.rules().serial());
  }

  @Test
  void aFileThatFlapsAThousandTimesIsNeverTakenBroken() throws Exception {
    write(1, "");
    start();
    for (int i = 2; i <= 1_001; i++) {
      String good = rules(i, "destinations: { crm: { hosts: [c" + i + ".example.com] } }\n");
      Files.writeString(file, i % 2 == 0 ? good : good + "ruels: [" + i + "]\n");
      watch.look();
      assertEquals(i - i % 2, guard.rules().serial());
    }
    assertEquals(500, count(RecordKind.POLICY_ACTIVATE));
    assertEquals(500, count(RecordKind.POLICY_REJECT));
  }

  @Test
  void waiversAreToldWhenTheyComeIntoForceAndOnceADay() throws Exception {
    Path low = directory.resolve("low.yaml");
    Files.writeString(
        low,
        rules(0, "destinations: { crm: { hosts: [crm.example.com] } }\n")
            + "rules:\n"
            + "  - { id: org.no-export, to: crm, call: POST /export, then: deny }\n"
            + "  - { id: org.no-merge, to: crm, call: POST /merge, then: deny }\n");
    String extend =
        "extends: [{ file: low.yaml, sha256: "
            + HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(low)))
            + " }]\n";
    // as the engine reads dates by the machine's clock, these are days of the machine's
    LocalDate today = LocalDate.now(ZoneOffset.UTC);
    now = today.atStartOfDay(ZoneOffset.UTC).toInstant().plusSeconds(60);
    write(1, extend);
    start();
    write(
        2,
        extend
            + "waive:\n"
            + "  - { rule: org.no-export, why: w, ticket: SUP-7, until: "
            + today.plusDays(1)
            + " }\n"
            + "  - { rule: org.no-merge, why: w, ticket: SUP-8, until: "
            + today.plusDays(30)
            + " }\n");
    watch.look();
    assertEquals(2, guard.rules().serial(), this::stderr);
    assertEquals(2, count(RecordKind.POLICY_WAIVE));
    Told first = records.get(records.size() - 2);
    assertEquals(List.of("org.no-export"), first.rules());
    assertEquals("SUP-7", first.attribute("ticket"));
    assertEquals(today.plusDays(1).toString(), first.attribute("until"));
    watch.look();
    now = now.plusSeconds(80_000);
    watch.look();
    assertEquals(2, count(RecordKind.POLICY_WAIVE), "the same day");
    now = now.plusSeconds(86_400);
    journalAnswers = Appended.FAILED;
    watch.look();
    journalAnswers = Appended.COMMITTED;
    watch.look();
    watch.look();
    assertEquals(4, count(RecordKind.POLICY_WAIVE), "once no journal took them, they come later");
    now = now.plusSeconds(86_400);
    watch.look();
    watch.look();
    assertEquals(5, count(RecordKind.POLICY_WAIVE), "one of them is over");
    assertEquals(List.of("org.no-merge"), last().rules());
  }

  private long count(RecordKind kind) {
    return records.stream().filter(record -> record.kind() == kind).count();
  }

  @Test
  void noRecordHoldsWhatStandsInTheFile() throws Exception {
    write(1, "");
    start();
    write(2, "destinations: { crm: { hosts: [eve.adams@example.com] } }\n# eve.adams\n");
    assertRejected("rules-invalid");
    assertFalse(records.toString().contains("eve"), records::toString);
  }

  @Test
  void aDateAsASerialIsOnRecordWhole() throws Exception {
    write(20261121, "");
    start();
    write(2026112201, "");
    assertActivated(2026112201);
  }
}
