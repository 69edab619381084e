package dev.cordon.journal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cordon.journal.seal.Checkpoint;
import dev.cordon.journal.seal.Frontier;
import dev.cordon.journal.seal.Merkle;
import dev.cordon.journal.seal.Note;
import dev.cordon.journal.seal.SealKey;
import dev.cordon.journal.seal.VerifierKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class SealerTest {

  private static final long TEN_SECONDS_NS = 10_000_000_000L;

  @TempDir Path base;

  @Test
  void aClosedJournalIsSealedToItsEnd() throws Exception {
    SealKey.Pair pair = key();
    Path directory;
    try (Journal journal = Journal.open(options(SealOptions.unsigned().withKey(keyFile())))) {
      directory = journal.directory();
      commit(journal, 3_000);
      journal.sealRest(TEN_SECONDS_NS);
      commit(journal, 100);
    }
    Checkpoint checkpoint = checkpoint(directory, pair.verifier());
    assertEquals("cordon/crm/" + directory.getFileName(), checkpoint.origin());
    assertEquals(records(directory), checkpoint.size());
    assertArrayEquals(root(directory, checkpoint.size()), checkpoint.root());
    assertEquals(8_192, Files.size(directory.resolve("tile/0/000")));
    assertFalse(Files.exists(directory.resolve("tile/0/000.p")));
    assertNotNull(SealedLog.finished(directory));
    assertEquals(
        pair.verifier(),
        Note.parse(Files.readAllBytes(directory.resolve("checkpoint")))
            .signer(List.of(pair.verifier())));
  }

  @Test
  void withoutAKeyThereAreTilesAndRootsAndNoCheckpoint() throws Exception {
    Path directory;
    try (Journal journal = Journal.open(options(SealOptions.unsigned()))) {
      directory = journal.directory();
      commit(journal, 300);
      journal.sealRest(TEN_SECONDS_NS);
    }
    assertFalse(Files.exists(directory.resolve("checkpoint")));
    assertTrue(Files.exists(directory.resolve("tile/0/000")));
    assertTrue(Tails.all(base).stream().anyMatch(entry -> entry.kind() == RecordKind.SEAL));
  }

  @Test
  void aJvmThatLivesForAShortTimeSealsNothing() throws Exception {
    Path directory;
    try (Journal journal =
        Journal.open(JournalOptions.of(base, "crm").withSeal(SealOptions.unsigned()))) {
      directory = journal.directory();
      commit(journal, 10);
      journal.sealRest(TEN_SECONDS_NS);
    }
    assertFalse(Files.exists(directory.resolve("tile")));
  }

  @Test
  void theNextStartSealsWhatTheOneBeforeLeftAndSaysSo() throws Exception {
    SealKey.Pair pair = key();
    Path first;
    try (Journal journal = Journal.open(options(SealOptions.off()))) {
      first = journal.directory();
      commit(journal, 1_500);
    }
    SealOptions sealing = SealOptions.unsigned().withKey(keyFile());
    Path second;
    try (Journal journal = Journal.open(options(sealing))) {
      second = journal.directory();
      commit(journal, 1);
      long deadlineNs = System.nanoTime() + TEN_SECONDS_NS;
      while (SealedLog.finished(first) == null && System.nanoTime() < deadlineNs) {
        Thread.sleep(10);
      }
      commit(journal, 1);
      journal.sealRest(TEN_SECONDS_NS);
    }
    Checkpoint late = checkpoint(first, pair.verifier());
    assertEquals(records(first), late.size());
    assertEquals(0, late.lateFrom(), "" + late.extensions());
    Checkpoint inTime = checkpoint(second, pair.verifier());
    assertEquals(inTime.size(), inTime.lateFrom());
    Seal.Link link = link(second);
    if (link == null) {
      throw new AssertionError("the second run does not name the first");
    }
    assertEquals(first.getFileName().toString(), link.directory());
    assertArrayEquals(late.root(), link.root());
  }

  @Test
  void aCopyOnAnotherDeviceGetsCheckpointsAndOneThatHangsHoldsUpNobody() throws Exception {
    SealKey.Pair pair = key();
    Path copy = base.resolve("copy.notes");
    try (Journal journal =
        Journal.open(options(SealOptions.unsigned().withKey(keyFile()).withCopy(copy)))) {
      commit(journal, 10);
      journal.sealRest(TEN_SECONDS_NS);
    }
    String notes = Files.readString(copy);
    String first = notes.substring(0, notes.indexOf("\n\n", notes.indexOf("\n\n") + 2) + 1);
    assertEquals(
        pair.verifier(), Note.parse(first.getBytes("UTF-8")).signer(List.of(pair.verifier())));

    Path pipe = base.resolve("pipe"); // nobody reads: opening it hangs
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    try (Journal journal =
        Journal.open(options(SealOptions.unsigned().withKey(keyFile()).withCopy(pipe)))) {
      commit(journal, 2_000);
      journal.sealRest(TEN_SECONDS_NS);
      assertTrue(checkpoint(journal.directory(), pair.verifier()).size() >= 2_000);
    }
  }

  @Test
  void aKeyThatOthersMayReadIsNotUsed() throws Exception {
    key();
    Files.setPosixFilePermissions(
        keyFile(), java.nio.file.attribute.PosixFilePermissions.fromString("rw-r-----"));
    try (Journal journal = Journal.open(options(SealOptions.unsigned().withKey(keyFile())))) {
      commit(journal, 10);
      long deadlineNs = System.nanoTime() + TEN_SECONDS_NS;
      while (journal.status().lastProblem().isEmpty() && System.nanoTime() < deadlineNs) {
        Thread.sleep(10);
      }
      assertTrue(
          journal.status().lastProblem().contains("chmod 600"), journal.status().lastProblem());
      assertFalse(Files.exists(journal.directory().resolve("checkpoint")));
    }
  }

  private JournalOptions options(SealOptions seal) {
    return JournalOptions.of(base, "crm").withSeal(seal.withFirstAfterMs(0));
  }

  private Path keyFile() {
    return base.resolve("seal.key");
  }

  private SealKey.Pair key() throws Exception {
    SealKey.Pair pair = SealKey.generate("example.com/crm");
    pair.write(keyFile());
    return pair;
  }

  static void commit(Journal journal, int count) {
    for (int i = 0; i < count; i++) {
      Level level = i == count - 1 ? Level.COMMITTED : Level.ACCEPTED;
      assertTrue(
          journal.append(
                  new JournalRecord(RecordKind.CALL_REQUEST)
                      .method("POST")
                      .destination("api.example.com:443")
                      .operation("refund.create")
                      .status(i + 1),
                  level,
                  TEN_SECONDS_NS)
              != Appended.FAILED);
    }
  }

  private static Checkpoint checkpoint(Path directory, VerifierKey key) throws Exception {
    Note note = Note.parse(Files.readAllBytes(directory.resolve("checkpoint")));
    assertEquals(key, note.signer(List.of(key)));
    return Checkpoint.parse(note.text());
  }

  /** Records up to the last that is not a seal. */
  static long records(Path directory) throws Exception {
    long count = 0;
    long last = 0;
    try (RecordFiles files = new RecordFiles(directory)) {
      while (files.next() == RecordFiles.Step.RECORD) {
        count++;
        if (files.bytes()[files.offset() + Layout.KIND] != RecordKind.SEAL.code) {
          last = count;
        }
      }
    }
    return last;
  }

  private static byte[] root(Path directory, long size) throws Exception {
    Merkle merkle = new Merkle();
    Frontier frontier = new Frontier(merkle);
    byte[] hash = new byte[Merkle.HASH_BYTES];
    try (RecordFiles files = new RecordFiles(directory)) {
      while (frontier.size() < size && files.next() == RecordFiles.Step.RECORD) {
        merkle.leaf(files.bytes(), files.offset(), files.length(), hash, 0);
        frontier.append(hash, 0);
      }
    }
    return frontier.root();
  }

  static Seal.@Nullable Link link(Path directory) throws Exception {
    Seal.Link link = null;
    try (RecordFiles files = new RecordFiles(directory)) {
      while (files.next() == RecordFiles.Step.RECORD) {
        if (files.bytes()[files.offset() + Layout.KIND] == RecordKind.SEAL.code) {
          Seal seal = Seal.read(files.bytes(), files.offset(), files.length());
          link = seal.link() == null ? link : seal.link();
        }
      }
    }
    return link;
  }
}
