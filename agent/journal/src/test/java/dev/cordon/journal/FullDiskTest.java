package dev.cordon.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real full disk, where the tests may mount one. In a child: without pre-allocation it would be a
 * SIGBUS.
 */
@Timeout(180)
class FullDiskTest {

  @TempDir Path base;

  private boolean mounted;

  @BeforeEach
  void mount() throws Exception {
    mounted = run("mount", "-t", "tmpfs", "-o", "size=6m", "cordon-test", base.toString()) == 0;
    Assumptions.assumeTrue(mounted, "not allowed to mount a small file system");
  }

  @AfterEach
  void unmount() throws Exception {
    if (mounted) {
      assertEquals(0, run("umount", base.toString()));
    }
  }

  @Test
  void aDiskThatFillsUpWhileWritingLosesNothingAcknowledgedAndGoesOnWhenFreed() throws Exception {
    ForkedJvm.Result result =
        ForkedJvm.run(ForkedJvm.java(List.of(), FillingChild.class, base.toString(), "filling"));
    check(result);
  }

  @Test
  void aJvmThatStartsOnAFullDiskWritesWhenItIsFreed() throws Exception {
    ForkedJvm.Result result =
        ForkedJvm.run(ForkedJvm.java(List.of(), FillingChild.class, base.toString(), "full"));
    check(result);
  }

  private void check(ForkedJvm.Result result) throws IOException {
    assertEquals("", result.err());
    assertEquals(0, result.exit(), result.out());
    Set<UUID> read = new HashSet<>();
    boolean gap = false;
    for (JournalEntry entry : Tails.all(base.resolve("journal"))) {
      gap |= entry.kind() == RecordKind.GAP;
      UUID id = entry.requestId();
      if (id != null) {
        assertTrue(read.add(id), "twice");
      }
    }
    Set<UUID> acknowledged = new HashSet<>();
    for (String line : result.out().split("\n", -1)) {
      if (line.startsWith("ack ")) {
        acknowledged.add(UUID.fromString(line.substring(4)));
      }
    }
    assertTrue(result.out().contains("refused"), "the disk was full");
    assertTrue(result.out().contains("No space left"), result.out());
    assertTrue(gap, "and the journal says so");
    assertEquals(acknowledged, read);
  }

  private static int run(String... command) throws IOException, InterruptedException {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(10, TimeUnit.SECONDS) ? process.exitValue() : -1;
    } catch (IOException e) {
      return -1; // no such program
    }
  }

  /** {@code DIR filling|full}: appends until refused, frees the disk, appends until taken. */
  static final class FillingChild {

    private static final long TEN_SECONDS_NS = 10_000_000_000L;

    private FillingChild() {}

    public static void main(String[] arguments) throws Exception {
      Path base = Path.of(arguments[0]);
      Path filler = base.resolve("filler");
      fill(filler, arguments[1].equals("full") ? Integer.MAX_VALUE : 3 << 20);
      try (Journal journal = Journal.open(JournalOptions.of(base.resolve("journal"), "crm"))) {
        int next = append(journal, 1, Appended.FAILED);
        System.out.println("refused after " + next + " " + journal.status());
        Files.delete(filler);
        append(journal, next, Appended.COMMITTED);
      }
    }

    /** Appends until the answer is as awaited, with a bound. */
    private static int append(Journal journal, int from, Appended until) {
      for (int i = from; i < from + 1_000_000; i++) {
        UUID id = new UUID(1, i);
        JournalRecord record =
            new JournalRecord(RecordKind.CALL_REQUEST)
                .requestId(id)
                .destination("api.example.com:443")
                .operation("refund.create");
        Appended appended = journal.append(record, Level.COMMITTED, TEN_SECONDS_NS);
        if (appended == Appended.COMMITTED) {
          System.out.println("ack " + id);
        }
        if (appended == until) {
          return i + 1;
        }
      }
      throw new IllegalStateException("never " + until + ": " + journal.status());
    }

    private static void fill(Path file, int bytes) throws IOException {
      byte[] block = new byte[4096];
      try (var out = Files.newOutputStream(file)) {
        for (long written = 0; written < bytes; written += block.length) {
          out.write(block);
        }
      } catch (IOException e) {
        if (bytes != Integer.MAX_VALUE) {
          throw e;
        }
      }
    }
  }
}
