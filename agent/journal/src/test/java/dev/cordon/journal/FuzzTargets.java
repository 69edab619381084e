package dev.cordon.journal;

import dev.cordon.journal.RecordDecoder.DamagedException;
import dev.cordon.journal.seal.MalformedException;
import dev.cordon.journal.seal.RecordProof;
import dev.cordon.journal.seal.VerifierKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What must hold for any bytes: they are read, or refused in words; nothing else is thrown and
 * nothing runs for ever. {@link FuzzTest} runs each target on its seeds and on changed seeds;
 * Jazzer runs one of them by {@link #fuzzerTestOneInput}, named by {@code -Dcordon.fuzz=RECORD}.
 */
public final class FuzzTargets {
  private FuzzTargets() {}

  static final VerifierKey KEY = key();
  private static final int PROGRESS_LIMIT = 1_000_000;

  /** A target by the name of the file of its seeds. */
  enum Target {
    RECORD {
      @Override
      void run(byte[] data) {
        record(data.clone());
      }
    },
    /** A file of records, and the same as checkpoint, tile and memory. */
    FILE {
      @Override
      void run(byte[] data) throws Exception {
        verify("20260101F.cq4", data, null);
      }
    },
    CHECKPOINT {
      @Override
      void run(byte[] data) throws Exception {
        verify(SealedLog.CHECKPOINT, data, null);
      }
    },
    REMEMBERED {
      @Override
      void run(byte[] data) throws Exception {
        verify("20260101F.cq4", new byte[64], data);
      }
    },
    PROOF {
      @Override
      void run(byte[] data) {
        try {
          JournalProver.entries(RecordProof.verify(data, List.of(KEY)));
        } catch (MalformedException e) {
          check(String.valueOf(e.getMessage()).length() > 5, "words");
        }
      }
    };

    abstract void run(byte[] data) throws Exception;
  }

  /** For Jazzer. */
  public static void fuzzerTestOneInput(byte[] data) throws Exception {
    Target.valueOf(System.getProperty("cordon.fuzz", "RECORD")).run(data);
  }

  private static void record(byte[] data) {
    for (int round = 0; round < 2; round++) {
      try {
        new RecordDecoder(Path.of("q")).decode(data, data.length);
        RecordDecoder.check(data, 0, data.length);
        Seal.read(data, 0, data.length);
      } catch (DamagedException e) {
        check(String.valueOf(e.getMessage()).length() > 3, "words");
      }
      if (data.length < Layout.FIXED_BYTES) {
        return;
      }
      data[0] = Layout.VERSION; // the second time with everything right that can be computed
      Layout.put32(data, Layout.LENGTH, data.length);
      Layout.put32(data, Layout.CRC, Layout.crc(data, data.length));
    }
  }

  private static void verify(String file, byte[] data, byte @Nullable [] memory)
      throws IOException {
    Path base = Files.createTempDirectory("cordon-fuzz");
    try {
      Path directory = base.resolve("j/crm/20260101T000000.000Z-p1-000");
      Files.createDirectories(directory);
      Files.write(directory.resolve(QueueFile.LIVE_LOCK), new byte[0]);
      Files.write(directory.resolve(file), data);
      Path remember = base.resolve("seen");
      if (memory != null) {
        Files.write(remember, memory);
      }
      int[] told = new int[1];
      Verification verification =
          JournalVerifier.verify(
              new JournalVerifier.Request(
                  base.resolve("j"), List.of(KEY), List.of(), remember, null, Instant.MIN, false),
              (read, all) -> check(++told[0] < PROGRESS_LIMIT, "an end"));
      check(Set.of(0, 1, 2, 3).contains(verification.exit()), "an exit code");
      for (Verification.Finding finding : verification.findings()) {
        check(!finding.place().isBlank(), "a place: " + finding);
        check(!finding.text().contains("Exception"), "words and no exception: " + finding);
      }
    } catch (MalformedException e) {
      check(memory != null && String.valueOf(e.getMessage()).contains("seen:"), "a place: " + e);
    } finally {
      JournalFailureTest.delete(base);
    }
  }

  private static void check(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }

  private static VerifierKey key() {
    try {
      return VerifierKey.parse(
          "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
    } catch (MalformedException e) {
      throw new IllegalStateException(e);
    }
  }
}
