package dev.cordon.instrumentation.okhttp;

import dev.cordon.bootstrap.Passed;
import java.util.Arrays;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.jspecify.annotations.Nullable;

/** What was decided for the call that this thread is sending; nested calls stack up. */
final class DecidedCall {

  // an array of the JDK, not a class of the adapter: the value stays behind in pooled threads
  private static final ThreadLocal<@Nullable Object[]> CURRENT =
      ThreadLocal.withInitial(() -> new Object[1]);

  private final Request request;

  private DecidedCall(Request request) {
    this.request = request;
  }

  static @Nullable DecidedCall current() {
    return (DecidedCall) CURRENT.get()[0];
  }

  /** Returns what was current until now, to be handed to {@link #end}. */
  static @Nullable Object begin(Request request) {
    @Nullable Object[] slot = CURRENT.get();
    Object outer = slot[0];
    slot[0] = new DecidedCall(request);
    return outer;
  }

  static void end(@Nullable Object outer) {
    CURRENT.get()[0] = outer;
  }

  /** True when the request goes where, and carries what, was decided. */
  boolean covers(Request sent) throws Passed {
    if (!sent.method().equals(request.method()) || !sent.url().equals(request.url())) {
      return false;
    }
    RequestBody body = sent.body();
    if (body == request.body()) {
      return true;
    }
    return body != null && request.body() instanceof HeldBody held && writes(sent, body, held);
  }

  /** True when a body, such as one that reports progress, writes what was decided. */
  private static boolean writes(Request sent, RequestBody body, HeldBody held) throws Passed {
    if (body.isDuplex() || (body.isOneShot() && !held.isOneShot())) {
      return false;
    }
    OkHttpCall call = OkHttpCall.of(sent);
    call.body(held.size());
    HeldBody written = call.held();
    return written != null && Arrays.equals(written.bytes(), held.bytes());
  }
}
