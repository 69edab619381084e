package dev.cordon.instrumentation;

import dev.cordon.bootstrap.Admission;
import dev.cordon.bootstrap.Body;
import dev.cordon.bootstrap.Gate;
import dev.cordon.bootstrap.Header;
import dev.cordon.bootstrap.OutgoingCall;
import dev.cordon.bootstrap.Passed;
import dev.cordon.bootstrap.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A guard that a test programs, and that remembers what it was asked and told. */
public final class RecordingGuard implements Gate.Guard {

  /** What the guard answers; may throw, as a guard with a fault would. */
  public interface Policy {
    Admission decide(Seen call) throws Throwable;
  }

  /** One call as the guard was asked about it, and what it was told afterwards. */
  public static final class Seen implements Admission.Outcome {
    public final String library;
    public final String method;
    public final String url;
    public final List<Header> headers;
    public final Body body;
    public final boolean framingAmbiguous;
    public final AtomicInteger reports = new AtomicInteger();
    public volatile int status = -1;
    public volatile long responseBytes = -1;
    public volatile @Nullable Throwable thrown;

    Seen(OutgoingCall call, int limitBytes) throws Passed {
      library = call.library();
      method = call.method();
      url = call.url();
      headers = call.headers();
      body = call.body(limitBytes);
      framingAmbiguous = call.isFramingAmbiguous();
    }

    public @Nullable String header(String name) {
      for (Header header : headers) {
        if (header.name().equalsIgnoreCase(name)) {
          return header.value();
        }
      }
      return null;
    }

    public String text() {
      return new String(body.bytes(), StandardCharsets.UTF_8);
    }

    public Admission allow() {
      return Admission.proceed(this);
    }

    public Admission rewrite(
        @Nullable String newUrl, @Nullable List<Header> newHeaders, byte @Nullable [] newBody) {
      return Admission.rewritten(newUrl, newHeaders, newBody, this);
    }

    @Override
    public void responded(int status, long responseBytes) {
      this.status = status;
      this.responseBytes = responseBytes;
      reports.incrementAndGet();
    }

    @Override
    public void failed(Throwable thrown) {
      this.thrown = thrown;
      reports.incrementAndGet();
    }

    @Override
    public String toString() {
      return method + " " + url + " -> " + status + "/" + thrown + " x" + reports;
    }
  }

  public final List<Seen> calls = new CopyOnWriteArrayList<>();
  public final List<String> undecided = new CopyOnWriteArrayList<>();
  public final List<Throwable> faults = new CopyOnWriteArrayList<>();
  private final Policy policy;
  private final int limitBytes;

  public RecordingGuard(Policy policy) {
    this(policy, 1024 * 1024);
  }

  public RecordingGuard(Policy policy, int limitBytes) {
    this.policy = policy;
    this.limitBytes = limitBytes;
  }

  /** A guard that lets everything go, after it has read everything. */
  public static RecordingGuard allowing() {
    return new RecordingGuard(Seen::allow);
  }

  /** The refusal that {@link #refusing} answers with. */
  public static Refusal refusal(boolean exception) {
    return new Refusal(
        "d-1",
        403,
        "Forbidden",
        List.of(
            new Header("Content-Type", "application/problem+json"),
            new Header("Cordon-Decision", "d-1")),
        "{\"title\":\"refused by rule test.deny\",\"decision\":\"d-1\"}"
            .getBytes(StandardCharsets.UTF_8),
        exception,
        "refused by rule test.deny; ask for approval");
  }

  @Override
  public Admission admit(OutgoingCall call) throws Throwable {
    Seen seen = new Seen(call, limitBytes);
    calls.add(seen);
    return policy.decide(seen);
  }

  @Override
  public Admission undecided(
      String library,
      @Nullable String method,
      @Nullable String url,
      List<Header> headers,
      Throwable fault) {
    undecided.add(library + " " + method);
    faults.add(fault);
    return "GET".equals(method) ? Admission.unguarded() : Admission.refused(refusal(false));
  }

  @Override
  public int bodyLimitBytes() {
    return limitBytes;
  }

  @Override
  public String line(String text) {
    return text;
  }

  @Override
  public String unscannable(Throwable fault) {
    faults.add(fault);
    return "";
  }

  @Override
  public void fault(String where, Throwable fault) {
    faults.add(fault);
  }
}
