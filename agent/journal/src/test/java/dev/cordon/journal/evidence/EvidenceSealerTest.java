package dev.cordon.journal.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the threads that write see of a directory of keys that is slow, or broken. */
@Timeout(120)
class EvidenceSealerTest {

  private static final long BUDGET_NS = 200_000_000;
  private static final long PATIENT_NS = 30_000_000_000L;

  @TempDir Path base;

  private Path keyFile = Path.of("");

  /** Asked before each write of keys: there a directory can be slow. */
  private static final class SlowClock extends Clock {
    final CountDownLatch answers = new CountDownLatch(1);
    final long pauseMs;
    volatile boolean hangs;

    SlowClock(long pauseMs) {
      this.pauseMs = pauseMs;
    }

    @Override
    public Instant instant() {
      try {
        if (hangs) {
          answers.await();
        }
        Thread.sleep(pauseMs);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return Instant.parse("2026-11-21T10:15:30Z");
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

  /** Whose first words fail. */
  private static final class Listener implements EvidenceSealer.Listener {
    final AtomicInteger faults = new AtomicInteger();
    volatile boolean fails;

    @Override
    public void made(byte[] pseudonym, long keyId, long day) {}

    @Override
    public boolean down(Throwable why) {
      faults.incrementAndGet();
      if (fails) {
        throw new StackOverflowError("a test");
      }
      return true;
    }

    @Override
    public boolean foreign(String provider) {
      return true;
    }

    @Override
    public boolean leftOut(long records, @Nullable String why) {
      return true;
    }
  }

  @BeforeEach
  void makeKey() throws Exception {
    keyFile = base.resolve("k");
    EvidenceKey.generate().write(keyFile);
  }

  @Test
  void slowKeysHoldUpTheWriterByOneBudgetWhateverItNeeds() throws Exception {
    SlowClock clock = new SlowClock(100);
    EvidenceSealer sealer = sealer(BUDGET_NS, clock, new Listener());
    sealer.start();
    try {
      int missed = 0;
      for (int i = 0; i < 64; i++) {
        missed += sealer.key(pseudonym(sealer, "cus_" + i), 1, true) == null ? 1 : 0;
      }
      assertTrue(missed > 32, "each waited; missed " + missed);
      assertEquals(missed, sealer.leftOutCount());
    } finally {
      sealer.close();
    }
  }

  @Test
  void whoMayNotWaitGetsTheKeyOnceItIsThere() throws Exception {
    SlowClock clock = new SlowClock(0);
    clock.hangs = true;
    EvidenceSealer sealer = sealer(PATIENT_NS, clock, new Listener());
    sealer.start();
    try {
      byte[] eve = pseudonym(sealer, "eve");
      assertNull(sealer.key(eve, 1, false)); // would wait half a minute
      assertNull(sealer.key(eve, 1, false));
      assertEquals(2, sealer.leftOutCount());
      clock.answers.countDown();
      assertNotNull(sealer.key(eve, 1, true));
      assertNotNull(sealer.key(eve, 1, false));
    } finally {
      sealer.close();
    }
  }

  @Test
  void aFaultWhileAFaultIsToldDoesNotEndTheThread() throws Exception {
    Path keys = Files.createFile(base.resolve("keys")); // a file where the directory should be
    Listener listener = new Listener();
    listener.fails = true;
    EvidenceSealer sealer = sealer(PATIENT_NS, new SlowClock(0), listener);
    sealer.start();
    try {
      assertNull(sealer.key(pseudonym(sealer, "eve"), 1, true));
      Files.delete(keys);
      long untilNs = System.nanoTime() + PATIENT_NS;
      while (sealer.key(pseudonym(sealer, "eve"), 1, true) == null) {
        assertTrue(System.nanoTime() < untilNs, "the thread is gone");
        Thread.sleep(50);
      }
      assertTrue(listener.faults.get() > 0);
    } finally {
      sealer.close();
    }
  }

  private EvidenceSealer sealer(long withinNs, Clock clock, Listener listener) {
    return new EvidenceSealer(keyFile, base.resolve("keys"), withinNs, clock, listener);
  }

  /** Of a machine that starts slowly, too. */
  private static byte[] pseudonym(EvidenceSealer sealer, String subject) throws IOException {
    long untilNs = System.nanoTime() + PATIENT_NS;
    byte[] pseudonym = sealer.pseudonym(subject, true);
    while (pseudonym == null && System.nanoTime() < untilNs) {
      pseudonym = sealer.pseudonym(subject, true);
    }
    assertNotNull(pseudonym);
    return pseudonym;
  }
}
