package dev.cordon.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class JournalTailerTest {

  private static final long TEN_SECONDS_NS = 10_000_000_000L;

  @TempDir Path base;

  @Test
  void aRecordIsThereAtTheFirstLookAfterItWasWritten() throws Exception {
    try (Journal journal =
            Journal.open(JournalOptions.of(base, "crm").withSeal(SealOptions.off()));
        JournalTailer tailer = JournalTailer.open(base)) {
      SealerTest.commit(journal, 1);
      while (tailer.poll() != null) {
        // what is there already
      }
      for (int i = 0; i < 500; i++) {
        SealerTest.commit(journal, 1 + i % 3);
        for (int j = 0; j <= i % 3; j++) {
          assertNotNull(tailer.poll(), "record " + i);
        }
        assertNull(tailer.poll());
        assertNull(tailer.poll());
      }
    }
  }

  @Test
  void aHalfBornDirectoryIsPassedOverUntilItIsBorn() throws Exception {
    Path service = Files.createDirectories(base.resolve("crm"));
    Path unborn = Files.createDirectories(service.resolve("20260301T120000.000Z-p1-000"));
    Files.write(
        unborn.resolve(QueueFile.METADATA), new byte[128 << 10]); // killed before the header
    Path noFile = Files.createDirectories(service.resolve("20260301T120000.000Z-p1-001"));
    try (Journal journal = Journal.open(JournalOptions.of(base, "bot"))) {
      commit(journal, 1);
      Files.copy(
          journal.directory().resolve(QueueFile.METADATA), noFile.resolve(QueueFile.METADATA));
      Files.write(noFile.resolve("20260301F.precreated"), new byte[1 << 20]);
      assertEquals(List.of(1), statuses(Tails.all(base)));
    }
  }

  @Test
  void aNewInstanceIsPickedUpWhileFollowing() throws Exception {
    try (JournalTailer tailer = JournalTailer.open(base)) {
      assertNull(tailer.poll());
      try (Journal journal = Journal.open(JournalOptions.of(base, "crm"))) {
        commit(journal, 1);
        assertEquals(1, next(tailer).status());
        try (Journal other = Journal.open(JournalOptions.of(base, "bot"))) {
          commit(other, 2);
          assertEquals(2, next(tailer).status());
          commit(journal, 3);
          assertEquals(3, next(tailer).status());
          assertEquals(2, tailer.directories());
        }
      }
    }
  }

  @Test
  void aRemovedDirectoryDoesNotDisturbTheOthers() throws Exception {
    try (JournalTailer tailer = JournalTailer.open(base);
        Journal journal = Journal.open(JournalOptions.of(base, "crm"))) {
      Journal gone = Journal.open(JournalOptions.of(base, "bot"));
      commit(gone, 1);
      assertEquals(1, next(tailer).status());
      gone.close();
      JournalFailureTest.delete(gone.directory());
      commit(journal, 2);
      assertEquals(2, next(tailer).status());
      long deadlineNs = System.nanoTime() + TEN_SECONDS_NS;
      while (tailer.directories() > 1 && System.nanoTime() < deadlineNs) {
        assertNull(tailer.poll());
        Thread.sleep(10);
      }
      assertEquals(1, tailer.directories());
    }
  }

  @Test
  void aTornRecordIsCountedAndNotShown() throws Exception {
    Path directory;
    try (Journal journal = Journal.open(JournalOptions.of(base, "crm"))) {
      for (int i = 1; i <= 5; i++) {
        commit(journal, 20_000 + i);
      }
      directory = journal.directory();
    }
    Path file;
    try (Stream<Path> files = Files.list(directory)) {
      file = files.filter(f -> f.toString().endsWith(".cq4")).findFirst().orElseThrow();
    }
    byte[] content = Files.readAllBytes(file);
    int at = -1;
    for (int i = 0; i + 5 <= content.length && at < 0; i++) { // tag, length, status 20003
      if (content[i] == Layout.TAG_STATUS
          && Layout.get16(content, i + 1) == 2
          && Layout.get16(content, i + 3) == 20_003) {
        at = i + 3;
      }
    }
    assertTrue(at > 0);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(new byte[] {0, 0}), at);
    }
    List<Integer> read = new ArrayList<>();
    try (JournalTailer tailer = JournalTailer.open(base)) {
      for (JournalEntry entry = tailer.poll(); entry != null; entry = tailer.poll()) {
        read.add(entry.status());
      }
      assertEquals(1, tailer.damaged());
      assertTrue(tailer.lastProblem().contains("checksum"), tailer.lastProblem());
    }
    assertEquals(List.of(20_001, 20_002, 20_004, 20_005), read);
  }

  @Test
  void sinceLeavesOutWhatIsOlder() throws Exception {
    SettableClock clock = new SettableClock("2026-03-01T12:00:00Z");
    try (Journal journal = Journal.open(JournalOptions.of(base, "crm").withClock(clock))) {
      commit(journal, 1);
      clock.set("2026-03-01T13:00:00Z");
      commit(journal, 2);
      try (JournalTailer tailer = JournalTailer.open(base, Instant.parse("2026-03-01T12:30:00Z"))) {
        assertEquals(2, next(tailer).status());
        assertNull(tailer.poll());
      }
    }
  }

  @Test
  void readingChangesNothing() throws Exception {
    try (Journal journal = Journal.open(JournalOptions.of(base, "crm"))) {
      commit(journal, 1);
    }
    List<String> before = snapshot();
    assertEquals(1, Tails.all(base).size());
    assertEquals(before, snapshot());
  }

  @Test
  void aParentThatIsNoDirectoryIsSaidToBeNone() {
    assertThrows(NotDirectoryException.class, () -> JournalTailer.open(base.resolve("missing")));
  }

  private List<String> snapshot() throws Exception {
    List<String> files = new ArrayList<>();
    try (Stream<Path> walk = Files.walk(base)) {
      for (Path file : walk.sorted().toList()) {
        String content =
            Files.isDirectory(file)
                ? ""
                : " " + java.util.Arrays.hashCode(Files.readAllBytes(file));
        files.add(file + " " + Files.getLastModifiedTime(file) + content);
      }
    }
    return files;
  }

  private static void commit(Journal journal, int status) {
    assertEquals(
        Appended.COMMITTED,
        journal.append(JournalFailureTest.record(status), Level.COMMITTED, TEN_SECONDS_NS));
  }

  private static JournalEntry next(JournalTailer tailer) throws InterruptedException {
    long deadlineNs = System.nanoTime() + TEN_SECONDS_NS;
    @Nullable JournalEntry entry = tailer.poll();
    while (entry == null && System.nanoTime() < deadlineNs) {
      Thread.sleep(10);
      entry = tailer.poll();
    }
    assertNotNull(entry, () -> "nothing in ten seconds; " + tailer.lastProblem());
    return java.util.Objects.requireNonNull(entry);
  }

  private static List<Integer> statuses(List<JournalEntry> entries) {
    List<Integer> statuses = new ArrayList<>();
    for (JournalEntry entry : entries) {
      statuses.add(entry.status());
    }
    return statuses;
  }
}
