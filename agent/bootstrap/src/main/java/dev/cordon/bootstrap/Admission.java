package dev.cordon.bootstrap;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The gate's answer to one call: go on as it is, go on with another URL, headers or body, or
 * refused. The adapter reports how the call ended with {@link #responded} or {@link #failed},
 * whichever comes first; later reports are ignored.
 */
public final class Admission {

  /** Receives how a call ended; at most once per call. */
  public interface Outcome {
    /**
     * @param status the HTTP status
     * @param responseBytes the length of the response body, -1 when not known
     */
    void responded(int status, long responseBytes);

    /** The call ended without a response. Never throws. */
    void failed(Throwable thrown);
  }

  private static final Admission UNGUARDED = new Admission(null, null, null, null, null, null);

  private final @Nullable Refusal refusal;
  private final @Nullable String url;
  private final @Nullable List<Header> headers;
  private final byte @Nullable [] body;
  private final @Nullable ResponseFilter filter;
  private @Nullable Outcome outcome;

  private Admission(
      @Nullable Refusal refusal,
      @Nullable String url,
      @Nullable List<Header> headers,
      byte @Nullable [] body,
      @Nullable ResponseFilter filter,
      @Nullable Outcome outcome) {
    this.refusal = refusal;
    this.url = url;
    this.headers = headers;
    this.body = body;
    this.filter = filter;
    this.outcome = outcome;
  }

  /** The call goes on untouched and nobody waits for its outcome. */
  public static Admission unguarded() {
    return UNGUARDED;
  }

  /** The call goes on as it is. */
  public static Admission proceed(Outcome outcome) {
    return new Admission(null, null, null, null, null, outcome);
  }

  /**
   * The call goes on changed; null means: that part stays as it is.
   *
   * @param headers all headers, in order, when any of them changed
   * @param body the whole new body, content-encoded as the old one was
   */
  public static Admission rewritten(
      @Nullable String url,
      @Nullable List<Header> headers,
      byte @Nullable [] body,
      Outcome outcome) {
    return new Admission(null, url, headers, body, null, outcome);
  }

  /** The call does not leave. */
  public static Admission refused(Refusal refusal) {
    return new Admission(refusal, null, null, null, null, null);
  }

  /** The same, for a call whose response goes through a filter. */
  public Admission answeredThrough(ResponseFilter responses) {
    return new Admission(refusal, url, headers, body, responses, take());
  }

  public @Nullable Refusal refusal() {
    return refusal;
  }

  public @Nullable String url() {
    return url;
  }

  public @Nullable List<Header> headers() {
    return headers;
  }

  public byte @Nullable [] body() {
    return body;
  }

  /** True when the adapter has to send something other than what it was given. */
  public boolean isRewritten() {
    return url != null || headers != null || body != null;
  }

  /**
   * What the body of this response goes through; null, as for most calls, when it is handed on as
   * it is. Never throws.
   */
  public ResponseFilter.@Nullable Body open(int status, ResponseFilter.Headers responseHeaders) {
    ResponseFilter through = filter;
    return through == null ? null : through.open(status, responseHeaders);
  }

  /** Whether {@link #open} has anything to look at; most calls spare its headers. */
  public boolean hasFilter() {
    return filter != null;
  }

  /** Whether a response that cannot go through its filter must not be handed on. Never throws. */
  public boolean withholds() {
    ResponseFilter through = filter;
    return through != null && through.withholds();
  }

  /**
   * Reports that the body could not be put through its filter. Never throws.
   *
   * @return what the application gets in its place; null when it is handed on as it is
   */
  public @Nullable CallDenied unfiltered(Throwable fault) {
    ResponseFilter through = filter;
    return through == null ? null : through.unfiltered(fault);
  }

  /** Reports a response; {@code responseBytes} is -1 when its length is not known. Never throws. */
  public void responded(int status, long responseBytes) {
    Outcome waiting = take();
    if (waiting != null) {
      try {
        waiting.responded(status, responseBytes);
      } catch (Throwable fault) {
        Gate.fault("outcome", fault);
      }
    }
  }

  /** Reports that the call ended without a response. Never throws. */
  public void failed(Throwable thrown) {
    Outcome waiting = take();
    if (waiting != null) {
      try {
        waiting.failed(thrown);
      } catch (Throwable fault) {
        Gate.fault("outcome", fault);
      }
    }
  }

  private synchronized @Nullable Outcome take() {
    Outcome waiting = outcome;
    outcome = null;
    return waiting;
  }
}
