package dev.cordon.instrumentation.okhttp;

import dev.cordon.bootstrap.Gate;
import dev.cordon.bootstrap.Passed;
import dev.cordon.instrumentation.Tracing;
import java.util.Arrays;
import okhttp3.Headers;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.jspecify.annotations.Nullable;

/** What was decided for the call that this thread is sending; nested calls stack up. */
final class DecidedCall {

  // an array of the JDK, not a class of the adapter: the value stays behind in pooled threads
  private static final ThreadLocal<@Nullable Object[]> CURRENT =
      ThreadLocal.withInitial(() -> new Object[1]);

  private final Request request;
  private final @Nullable MediaType contentType; // of the body, as it was decided

  private DecidedCall(Request request, @Nullable MediaType contentType) {
    this.request = request;
    this.contentType = contentType;
  }

  /** Made with the hooks: a class whose initialiser ran out of stack stays unusable. */
  static void check() {}

  static @Nullable DecidedCall current() {
    return (DecidedCall) CURRENT.get()[0];
  }

  /** Returns what was current until now, to be handed to {@link #end}. */
  static @Nullable Object begin(Request request, @Nullable MediaType contentType) {
    @Nullable Object[] slot = CURRENT.get();
    Object outer = slot[0];
    slot[0] = new DecidedCall(request, contentType);
    return outer;
  }

  static void end(@Nullable Object outer) {
    CURRENT.get()[0] = outer;
  }

  /**
   * True when the request goes where, says and carries what was decided. The body of a network
   * interceptor has been read then, and must be sent from what was read.
   */
  boolean covers(OkHttpCall call) throws Passed {
    Request sent = call.request();
    return sent.method().equals(request.method())
        && sent.url().equals(request.url())
        && hasDecidedHeaders(sent)
        && hasDecidedBody(call)
        && !call.isFramingAmbiguous();
  }

  private boolean hasDecidedBody(OkHttpCall call) throws Passed {
    RequestBody body = call.request().body();
    if (body == request.body()) {
      return true;
    }
    if (body == null
        || !(request.body() instanceof HeldBody held)
        || body.isDuplex()
        || (body.isOneShot() && !held.isOneShot())) {
      return false;
    }
    // up to what the gate wants to see, should it have to decide again: it is read only once
    call.body(Math.max(held.size(), Gate.bodyLimitBytes()));
    HeldBody written = call.held();
    return written != null && Arrays.equals(written.bytes(), held.bytes());
  }

  /** In the same order, apart from those that the client itself adds below the decision. */
  private boolean hasDecidedHeaders(Request sent) {
    Headers was = request.headers();
    Headers is = sent.headers();
    int i = 0;
    int j = 0;
    while (true) {
      while (i < was.size() && isAddedByTheClient(was.name(i))) {
        i++;
      }
      while (j < is.size() && isAddedByTheClient(is.name(j))) {
        j++;
      }
      if (i == was.size() || j == is.size()) {
        return i == was.size() && j == is.size() && hasDecidedType(is) && hasDecidedHost(is);
      }
      if (!was.name(i).equalsIgnoreCase(is.name(j)) || !was.value(i).equals(is.value(j))) {
        return false;
      }
      i++;
      j++;
    }
  }

  /**
   * What the bridge, the cache and tracing put there: neither a rule nor a scan looks at it, or it
   * is compared by itself.
   */
  private static boolean isAddedByTheClient(String name) {
    return name.equalsIgnoreCase("Host")
        || name.equalsIgnoreCase("Content-Type")
        || name.equalsIgnoreCase("Content-Length")
        || name.equalsIgnoreCase("Transfer-Encoding")
        || name.equalsIgnoreCase("Connection")
        || name.equalsIgnoreCase("Accept-Encoding")
        || name.equalsIgnoreCase("User-Agent")
        || name.equalsIgnoreCase("Cookie")
        || name.equalsIgnoreCase("If-None-Match")
        || name.equalsIgnoreCase("If-Modified-Since")
        || Tracing.isHeader(name);
  }

  private boolean hasDecidedType(Headers sent) {
    return contentType == null
        ? sent.values("Content-Type").equals(request.headers().values("Content-Type"))
        : isOnly(sent, "Content-Type", contentType.toString());
  }

  private boolean hasDecidedHost(Headers sent) {
    String own = request.header("Host");
    return own == null
        ? isOnly(sent, "Host", OkHttpCall.authorityOf(request.url()))
        : isOnly(sent, "Host", own) && request.headers().values("Host").size() == 1;
  }

  private static boolean isOnly(Headers headers, String name, String value) {
    boolean found = false;
    for (int i = 0; i < headers.size(); i++) {
      if (headers.name(i).equalsIgnoreCase(name)) {
        if (found || !headers.value(i).equals(value)) {
          return false;
        }
        found = true;
      }
    }
    return found;
  }
}
