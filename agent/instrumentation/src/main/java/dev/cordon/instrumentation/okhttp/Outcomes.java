package dev.cordon.instrumentation.okhttp;

import dev.cordon.bootstrap.Admission;
import dev.cordon.bootstrap.Gate;
import java.io.IOException;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.jspecify.annotations.Nullable;

/** Reports how a call ended; never throws, because the call has been made by then. */
final class Outcomes {

  private Outcomes() {}

  static void report(Admission admission, @Nullable Response response) {
    if (response == null) {
      return;
    }
    try {
      admission.responded(response.code(), lengthOf(response));
    } catch (Throwable fault) {
      Gate.fault("okhttp.outcome", fault);
    }
  }

  /** Reports what a call ended with; OkHttp wraps what it will unwrap before the caller sees it. */
  static void report(Admission admission, Throwable thrown) {
    boolean wrapper =
        thrown instanceof RuntimeException
            && thrown.getClass().getName().startsWith("okhttp3.internal.");
    if (wrapper && thrown.getCause() instanceof IOException cause) {
      admission.failed(cause);
    } else {
      admission.failed(thrown);
    }
  }

  private static long lengthOf(Response response) {
    Response network = response.networkResponse();
    // the network's header is still there when the body was decompressed on the way up
    String announced = (network == null ? response : network).header("Content-Length");
    if (announced != null) {
      try {
        return Long.parseLong(announced);
      } catch (NumberFormatException notOurs) {
        return -1;
      }
    }
    ResponseBody body = response.body();
    return body == null ? 0 : body.contentLength();
  }
}
