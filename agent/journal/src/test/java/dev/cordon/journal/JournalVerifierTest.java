package dev.cordon.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cordon.journal.JournalVerifier.Request;
import dev.cordon.journal.Verification.Kind;
import dev.cordon.journal.Verification.Level;
import dev.cordon.journal.seal.Rotation;
import dev.cordon.journal.seal.SealKey;
import dev.cordon.journal.seal.VerifierKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class JournalVerifierTest {

  private static final long TEN_SECONDS_NS = 10_000_000_000L;

  @TempDir Path base;

  @Test
  void aJournalOfTwoRunsIsSignedAndThenWitnessed() throws Exception {
    SealKey.Pair pair = key("one.key");
    write("one.key", 2_000);
    Path remember = base.resolve("seen");
    Verification first = verify(List.of(pair.verifier()), remember, false);
    assertEquals(Level.L2, first.level(), first::toString);
    assertEquals(0, first.exit(), first::toString);
    write("one.key", 700);
    Verification second = verify(List.of(pair.verifier()), remember, false);
    assertEquals(0, second.exit(), second::toString);
    assertEquals(2, second.logs().size());
    assertEquals(Level.L2, second.logs().get(0).level());
    assertEquals(Level.L3, second.logs().get(1).level());
    assertEquals(second.logs().get(1).records(), second.logs().get(1).from(), "not read again");
    Verification full = verify(List.of(pair.verifier()), remember, true);
    assertEquals(0, full.exit(), full::toString);
    assertEquals(Level.L3, full.level());
    assertEquals(0, full.logs().get(1).from());
    assertTrue(full.records() > 2_700);
  }

  @Test
  void withoutAKeyItIsWellFormedAndNoMore() throws Exception {
    try (Journal journal =
        Journal.open(
            JournalOptions.of(base.resolve("j"), "crm")
                .withSeal(SealOptions.unsigned().withFirstAfterMs(0)))) {
      SealerTest.commit(journal, 100);
      journal.sealRest(TEN_SECONDS_NS);
    }
    Verification verification = verify(List.of(), null, false);
    assertEquals(0, verification.exit(), verification::toString);
    assertEquals(Level.L1, verification.level());
  }

  @Test
  void aJournalThatIsWrittenIsVerified() throws Exception {
    SealKey.Pair pair = key("one.key");
    try (Journal journal = open("one.key")) {
      Path remember = base.resolve("seen");
      for (int round = 0; round < 5; round++) {
        SealerTest.commit(journal, 500);
        if (round % 2 == 0) {
          journal.sealRest(TEN_SECONDS_NS);
        }
        Verification verification = verify(List.of(pair.verifier()), remember, false);
        assertEquals(0, verification.exit(), verification::toString);
      }
    }
  }

  @Test
  void aKeyThatWasRotatedIsTrustedByItsRotation() throws Exception {
    SealKey.Pair old = key("one.key");
    write("one.key", 300);
    SealKey.Pair next = key("two.key");
    String rotation =
        Rotation.write(
            old.key(), old.verifier(), next.verifier(), Instant.parse("2026-11-22T10:00:00Z"));
    write("two.key", 300);
    Verification without = verify(List.of(old.verifier()), null, false);
    assertEquals(1, without.exit(), without::toString);
    Files.writeString(SealKey.rotationFile(base.resolve("two.key")), rotation);
    write("two.key", 300); // the sealer leaves it in the journal
    Verification with = verify(List.of(old.verifier()), null, false);
    assertEquals(0, with.exit(), with::toString);
    assertEquals(Level.L2, with.level());
    List<JournalEntry> told = Tails.all(base.resolve("j"));
    told.removeIf(entry -> entry.kind() != RecordKind.KEY_ROTATE);
    assertEquals(1, told.size(), "in the journal that the new key seals, once");
    assertEquals(next.verifier().label(), told.get(0).attributes().get("to"));
    assertEquals(old.verifier().label(), told.get(0).attributes().get("from"));
    assertEquals("2026-11-22T10:00:00Z", told.get(0).attributes().get("since"));
    Verification.Log log =
        with.logs().stream()
            .filter(one -> one.directory().equals(told.get(0).directory()))
            .findFirst()
            .orElseThrow();
    assertTrue(log.signed() > told.get(0).index(), with::toString);
    assertTrue(
        with.findings().stream()
            .anyMatch(
                finding ->
                    finding.kind() == Kind.NOTE
                        && finding.text().contains("which follows " + old.verifier().label())),
        with::toString);
  }

  @Test
  void aRotationToAnotherKeyIsAFaultAndKeepsNothingFromBeingSealed() throws Exception {
    SealKey.Pair old = key("one.key");
    SealKey.Pair next = key("two.key");
    SealKey.Pair third = key("three.key");
    Instant now = Instant.parse("2026-11-22T10:00:00Z");
    String forged =
        Rotation.write(third.key(), third.verifier(), next.verifier(), now)
            .replace(third.verifier().text(), old.verifier().text());
    for (String note :
        List.of(
            Rotation.write(old.key(), old.verifier(), third.verifier(), now), forged, "no note")) {
      Files.writeString(SealKey.rotationFile(base.resolve("two.key")), note);
      Path directory = write("two.key", 300);
      List<JournalEntry> entries = Tails.all(directory);
      assertTrue(
          entries.stream().anyMatch(entry -> "rotation".equals(entry.attributes().get("what"))),
          "told as a fault");
      entries.removeIf(entry -> entry.kind() != RecordKind.KEY_ROTATE);
      assertEquals(List.of(), entries);
      assertFalse(Files.exists(directory.resolve(SealedLog.ROTATION)));
      assertEquals(0, verify(List.of(next.verifier()), null, false).exit(), note);
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aRotationThatCannotBeReadKeepsNothingFromBeingSealed() throws Exception {
    SealKey.Pair pair = key("one.key");
    // of a size, a regular file, and an error for who reads its first byte, root too
    Files.createSymbolicLink(
        SealKey.rotationFile(base.resolve("one.key")), Path.of("/proc/self/mem"));
    Path directory = write("one.key", 300);
    assertTrue(
        Tails.all(directory).stream()
            .anyMatch(entry -> "rotation".equals(entry.attributes().get("what"))),
        "told as a fault");
    assertEquals(0, verify(List.of(pair.verifier()), null, false).exit());
  }

  @Test
  void aRemovedDirectoryIsTold() throws Exception {
    SealKey.Pair pair = key("one.key");
    Path first = write("one.key", 300);
    Path remember = base.resolve("seen");
    write("one.key", 300);
    verify(List.of(pair.verifier()), remember, false);
    JournalFailureTest.delete(first);
    Verification verification = verify(List.of(pair.verifier()), remember, false);
    assertEquals(3, verification.exit(), verification::toString);
    Verification unremembered = verify(List.of(pair.verifier()), null, true);
    assertEquals(3, unremembered.exit(), unremembered::toString);
    assertTrue(
        unremembered.findings().stream()
            .anyMatch(finding -> finding.kind() == Kind.GAP && finding.text().contains("is gone")),
        unremembered::toString);
  }

  @Test
  void aKilledProcessLeavesATailThatIsUnsignedUntilItIsSealedLate() throws Exception {
    SealKey.Pair pair = key("one.key");
    Path directory;
    try (Journal journal =
        Journal.open(JournalOptions.of(base.resolve("j"), "crm").withSeal(SealOptions.off()))) {
      directory = journal.directory();
      SealerTest.commit(journal, 300);
    }
    Verification before = verify(List.of(pair.verifier()), null, false);
    assertEquals(3, before.exit(), before::toString);
    assertEquals(Level.L1, before.level());
    try (SealedLog log = new SealedLog(directory)) {
      log.readAll();
      log.seal(
          SealKey.load(base.resolve("one.key")), Instant.parse("2026-11-22T10:00:00Z"), null, null);
    }
    Verification after = verify(List.of(pair.verifier()), null, false);
    assertEquals(0, after.exit(), after::toString);
    assertEquals(Level.L2, after.level());
    assertEquals(0, after.logs().get(0).lateFrom());
  }

  private Verification verify(List<VerifierKey> keys, @Nullable Path remember, boolean full)
      throws Exception {
    return JournalVerifier.verify(
        new Request(base.resolve("j"), keys, List.of(), remember, null, Instant.MIN, full),
        (read, all) -> assertTrue(read <= all + (1 << 20), read + " of " + all));
  }

  private Journal open(String key) {
    return Journal.open(
        JournalOptions.of(base.resolve("j"), "crm")
            .withSeal(SealOptions.unsigned().withFirstAfterMs(0).withKey(base.resolve(key))));
  }

  private Path write(String key, int records) throws Exception {
    try (Journal journal = open(key)) {
      Path directory = journal.directory();
      SealerTest.commit(journal, records);
      journal.sealRest(TEN_SECONDS_NS);
      boolean another = InstanceDirectories.below(base.resolve("j")).size() > 1;
      for (int i = 0; another && SealerTest.link(directory) == null; i++) {
        assertTrue(i < 1_000, "no seal of " + directory + " names the directory before it");
        SealerTest.commit(journal, 1); // the link comes with a later seal
        journal.sealRest(TEN_SECONDS_NS);
      }
      return directory;
    }
  }

  private SealKey.Pair key(String file) throws Exception {
    SealKey.Pair pair = SealKey.generate("example.com/" + file);
    pair.write(base.resolve(file));
    return pair;
  }

  static Path cycleFile(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".cq4")).findFirst().orElseThrow();
    }
  }
}
