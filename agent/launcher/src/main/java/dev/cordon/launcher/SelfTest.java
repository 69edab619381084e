package dev.cordon.launcher;

import dev.cordon.bootstrap.Gate;
import dev.cordon.enforcement.Recorder;
import dev.cordon.journal.JournalRecord;
import dev.cordon.journal.Level;
import dev.cordon.journal.RecordKind;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Proves that the hooks of the JDK's clients are live: one call through each, to a host that only
 * the built-in rule of {@link SelfTestGuard} answers for. What comes back must be that rule's
 * refusal, which only a live hook can have brought; no socket is opened on the way to it.
 *
 * <p>HttpURLConnection is tested before the application's main. java.net.http is tested in the
 * background when the application first loads it: to load it for the test alone would cost every
 * JVM 0.3 s of CPU. See docs/adr/0004.
 */
final class SelfTest {

  static final String URL_CONNECTION = "http-url-connection";
  static final String JDK_CLIENT = "jdk-client";

  private static final long COMMIT_TIMEOUT_NS = 5_000_000_000L;

  /** One call through one client; what came back. */
  interface Probe {
    /**
     * @param url answered by the built-in rule only
     * @return the status and the value of the header Cordon-Decision
     */
    Answer call(String url) throws Exception;

    /** The answer a probe got. */
    record Answer(int status, @Nullable String decision) {}
  }

  private final Gate.Guard guard;
  private final Recorder recorder;
  private final AtomicBoolean clientTested = new AtomicBoolean();
  private volatile @Nullable Thread underWay;

  SelfTest(Gate.Guard guard, Recorder recorder) {
    this.guard = guard;
    this.recorder = recorder;
  }

  /** Tests what is tested before main; null when it passed, else what went wrong, in one line. */
  @Nullable String beforeMain(Set<String> libraries) {
    return libraries.contains(URL_CONNECTION)
        ? prove(URL_CONNECTION, new UrlConnectionProbe())
        : null;
  }

  /**
   * Called when a hook was woven, on the thread that loads its class: starts the test of
   * java.net.http the first time one of its classes is.
   */
  void woven(String library, Consumer<String> onFailure) {
    if (!library.equals(JDK_CLIENT) || !clientTested.compareAndSet(false, true)) {
      return;
    }
    Thread thread =
        new Thread(
            null,
            () -> {
              String failure = prove(JDK_CLIENT, new JdkClientProbe());
              if (failure != null) {
                onFailure.accept(failure);
              }
            },
            "cordon-self-test",
            0,
            false);
    thread.setDaemon(true);
    thread.setContextClassLoader(SelfTest.class.getClassLoader());
    underWay = thread;
    thread.start();
  }

  /** Waits for a test that is under way, so that a JVM that ends at once has its record too. */
  void await(long timeoutMs) {
    Thread thread = underWay;
    if (thread == null) {
      return;
    }
    try {
      thread.join(timeoutMs);
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized @Nullable String prove(String library, Probe probe) {
    // not randomUUID(): its SecureRandom costs a start more than the test does
    ThreadLocalRandom random = ThreadLocalRandom.current();
    String decisionId = new UUID(random.nextLong(), random.nextLong()).toString();
    Gate.install(new SelfTestGuard(guard, decisionId));
    String failure;
    try {
      Probe.Answer answer = probe.call(SelfTestGuard.ORIGIN);
      failure =
          answer.status() == SelfTestGuard.STATUS && decisionId.equals(answer.decision())
              ? null
              : "was answered with status " + answer.status() + " by somebody else";
    } catch (Exception | LinkageError notRefused) {
      failure = "was not refused but ended in " + notRefused.getClass().getName();
    } finally {
      Gate.install(guard);
    }
    journal(library, failure);
    return failure == null ? null : "self-test failed: the call through " + library + " " + failure;
  }

  private void journal(String library, @Nullable String failure) {
    JournalRecord record =
        new JournalRecord(RecordKind.AGENT_SELFTEST)
            .library(library)
            .rules(List.of(SelfTestGuard.RULE))
            .attribute("outcome", failure == null ? "refused" : "failed");
    if (failure == null) {
      recorder.append(record, Level.ACCEPTED, 0);
    } else {
      // the JVM may be about to end over it
      recorder.append(record.attribute("why", failure), Level.COMMITTED, COMMIT_TIMEOUT_NS);
    }
  }
}
