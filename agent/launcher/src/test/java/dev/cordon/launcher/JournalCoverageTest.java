package dev.cordon.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cordon.enforcement.Recorder;
import dev.cordon.journal.Appended;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class JournalCoverageTest {

  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final Console console =
      new Console(new PrintStream(written, true, StandardCharsets.UTF_8));
  private final AtomicInteger records = new AtomicInteger();
  private final Recorder recorder =
      (record, level, timeoutNs) -> {
        records.incrementAndGet();
        return Appended.ACCEPTED;
      };

  @Test
  void aHookIsJournaledOnceHoweverManyLoadersLoadItsClass() {
    JournalCoverage coverage = new JournalCoverage(recorder, console);
    coverage.installed("okhttp", "okhttp3.A#b");
    coverage.installed("okhttp", "okhttp3.A#b");
    assertEquals(1, records.get());
    assertEquals("", text());
  }

  @Test
  void aMissingHookIsJournaledAndToldOnce() {
    JournalCoverage coverage = new JournalCoverage(recorder, console);
    coverage.missing("okhttp", "okhttp3.A#b", "no okhttp3.A.c:I");
    coverage.missing("okhttp", "okhttp3.A#b", "no okhttp3.A.c:I");
    assertEquals(1, records.get());
    assertEquals(1, text().lines().count());
    assertTrue(text().contains("NOT GUARDED: okhttp, okhttp3.A#b: no okhttp3.A.c:I"), text());
  }

  private String text() {
    return written.toString(StandardCharsets.UTF_8);
  }
}
