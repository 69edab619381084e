package dev.cordon.instrumentation.jdkclient;

import dev.cordon.bootstrap.Admission;
import dev.cordon.bootstrap.CallDenied;
import dev.cordon.bootstrap.Dispatcher;
import dev.cordon.bootstrap.Gate;
import dev.cordon.bootstrap.Header;
import dev.cordon.bootstrap.Hook;
import dev.cordon.bootstrap.Passed;
import dev.cordon.bootstrap.Refusal;
import dev.cordon.bootstrap.ResponseFilter;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.WebSocketHandshakeException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * {@code Exchange.responseAsync}: one transmission. Runs on the caller's thread for {@code send},
 * on the client's executor for {@code sendAsync}; when the body comes late, on the thread that
 * completes it.
 */
final class TransmissionHook extends Hook {

  private static final Class<?> BYTES = BodyPublishers.ofByteArray(new byte[0]).getClass();
  private static final Class<?> TEXT = BodyPublishers.ofString("").getClass();

  TransmissionHook() {
    Exchanges.check();
  }

  @Override
  protected @Nullable Object around(@Nullable Object exchange, Object[] arguments)
      throws Throwable {
    if (exchange == null || !Gate.isGuarded()) {
      return Dispatcher.PROCEED;
    }
    HttpRequest request = Exchanges.request(exchange);
    if (request.method().equals("CONNECT")) {
      return Dispatcher.PROCEED; // the tunnel of a call that is decided itself
    }
    Optional<BodyPublisher> publisher = request.bodyPublisher();
    if (publisher.isEmpty()) {
      return transmit(exchange, request, null, 0);
    }
    BodyPublisher source = publisher.get();
    if (source instanceof CollectedBody again) { // a redirect: what was read the first time
      return transmit(exchange, request, again, again.contentLength());
    }
    long announced;
    try {
      announced = source.contentLength();
    } catch (Throwable applicationsOwn) {
      return CompletableFuture.failedFuture(applicationsOwn);
    }
    int limitBytes = Gate.bodyLimitBytes();
    if (announced == 0) {
      Exchanges.publisher(request, BodyPublishers.noBody()); // a second answer may be another one
      return transmit(exchange, request, null, 0);
    }
    if (announced > limitBytes) {
      return transmit(exchange, request, null, announced);
    }
    CollectedBody body =
        isInMemory(source)
            ? CollectedBody.of(source, announced, limitBytes)
            : CollectedBody.of(source, announced, limitBytes, Exchanges.executor(exchange));
    Exchanges.publisher(request, body);
    return body.isCollected()
        ? transmit(exchange, request, body, announced)
        : transmitLater(exchange, request, body, announced);
  }

  /** Other bodies may block: the caller's own thread ends its wait by a timeout or an interrupt. */
  private static boolean isInMemory(BodyPublisher source) {
    return source.getClass() == BYTES || source.getClass() == TEXT;
  }

  @Override
  protected Object failed(@Nullable Object exchange, Object[] arguments, Throwable fault) {
    return answerTo(exchange, fault);
  }

  /** Waits for the body without a thread. The client ends the wait when it cancels the call. */
  private Object transmitLater(
      Object exchange, HttpRequest request, CollectedBody body, long announced) {
    CompletableFuture<CollectedBody> arrived = new CompletableFuture<>();
    Exchanges.pending(exchange, arrived);
    body.whenCollected().thenAccept(arrived::complete);
    return arrived
        .whenComplete(
            (collected, cancelled) -> {
              if (Exchanges.pending(exchange) == arrived) {
                Exchanges.pending(exchange, null);
              }
              if (cancelled != null) {
                body.abandon();
              }
            })
        .thenCompose(collected -> transmitSafely(exchange, request, collected, announced));
  }

  @SuppressWarnings("unchecked") // a future of the client's own response type
  private CompletableFuture<Object> transmitSafely(
      Object exchange, HttpRequest request, CollectedBody body, long announced) {
    Object answer;
    try {
      answer = transmit(exchange, request, body, announced);
    } catch (Passed passed) {
      return CompletableFuture.failedFuture(passed.thrown());
    } catch (Throwable fault) {
      answer = answerTo(exchange, fault);
    }
    if (answer == Dispatcher.PROCEED) { // too late for the woven body to run by itself
      try {
        answer = proceed(exchange, Dispatcher.NO_ARGUMENTS);
      } catch (Passed passed) {
        return CompletableFuture.failedFuture(passed.thrown());
      }
    }
    return answer == null
        ? CompletableFuture.failedFuture(new IllegalStateException("no response"))
        : (CompletableFuture<Object>) answer;
  }

  private Object transmit(
      Object exchange, HttpRequest request, @Nullable CollectedBody body, long announced)
      throws Throwable {
    Admission admission;
    try {
      admission = Gate.admit(new JdkClientCall(request, body, announced));
    } catch (Passed applicationsOwn) {
      return CompletableFuture.failedFuture(applicationsOwn.thrown());
    }
    Refusal refusal = admission.refusal();
    if (refusal != null) {
      if (body != null) {
        body.abandon();
      }
      return refuse(exchange, request, refusal);
    }
    try {
      rewrite(request, admission, announced);
      if (admission.withholds()) { // what is pushed would go round the filter
        Exchanges.refusePushes(exchange);
      }
    } catch (Throwable fault) {
      admission.failed(fault);
      throw fault;
    }
    CompletableFuture<?> response;
    try {
      response = (CompletableFuture<?>) proceed(exchange, Dispatcher.NO_ARGUMENTS);
    } catch (Passed passed) {
      admission.failed(passed.thrown());
      throw passed;
    }
    if (response != null) {
      if (admission.hasFilter()) { // before the client goes on with the response
        return response.whenComplete(
            (answer, thrown) -> {
              report(admission, answer, thrown);
              filter(exchange, admission, answer);
            });
      }
      response.whenComplete((answer, thrown) -> report(admission, answer, thrown));
      return response;
    }
    throw new IllegalStateException("the client gave no future");
  }

  private static void report(
      Admission admission, @Nullable Object response, @Nullable Throwable thrown) {
    try {
      if (response != null) {
        HttpHeaders headers = Exchanges.headers(response);
        admission.responded(Exchanges.status(response), lengthOf(headers));
      } else if (thrown != null) {
        Throwable cause = thrown.getCause();
        admission.failed(thrown instanceof CompletionException && cause != null ? cause : thrown);
      }
    } catch (Throwable fault) {
      Gate.fault("outcome", fault);
    }
  }

  private static void filter(Object exchange, Admission admission, @Nullable Object response) {
    if (response == null) {
      return;
    }
    try {
      HttpHeaders headers = Exchanges.headers(response);
      ResponseFilter.Body filter =
          admission.open(Exchanges.status(response), name -> headers.firstValue(name).orElse(null));
      if (filter != null) {
        Exchanges.filtered(exchange, filter);
        Exchanges.responseHeaders(response, FilteredHandler.withoutLength(headers));
      }
    } catch (Throwable fault) { // the call is made: it must be neither sent again nor refused
      Exchanges.takeFiltered(exchange);
      CallDenied denied = admission.unfiltered(fault);
      if (denied != null) {
        cancel(exchange);
        throw new CompletionException(denied);
      }
    }
  }

  private static void cancel(Object exchange) {
    try {
      Exchanges.cancel(exchange);
    } catch (Throwable fault) {
      Gate.fault("response", fault); // nobody reads it all the same
    }
  }

  private static long lengthOf(HttpHeaders headers) {
    Optional<String> length = headers.firstValue("Content-Length");
    if (length.isEmpty()) {
      return -1;
    }
    try {
      return Long.parseLong(length.get());
    } catch (NumberFormatException notANumber) {
      return -1;
    }
  }

  private static void rewrite(HttpRequest request, Admission admission, long announced)
      throws Throwable {
    if (!admission.isRewritten()) {
      return;
    }
    String url = admission.url();
    if (url != null) {
      Exchanges.uri(request, URI.create(url));
    }
    List<Header> headers = admission.headers();
    if (headers != null) {
      Exchanges.headers(request, headersOf(headers));
    }
    byte[] body = admission.body();
    if (body != null) { // chunked stays chunked
      Exchanges.publisher(request, CollectedBody.of(body, announced < 0 ? -1 : body.length));
      if (request.headers().firstValue("Content-Length").isPresent()) { // sent in place of ours
        Exchanges.headers(request, withLength(request.headers(), body.length));
      }
    }
  }

  private static HttpHeaders withLength(HttpHeaders headers, int bodyBytes) {
    Map<String, List<String>> map = new LinkedHashMap<>(headers.map());
    map.keySet().removeIf(name -> name.equalsIgnoreCase("Content-Length"));
    map.put("Content-Length", List.of(Integer.toString(bodyBytes)));
    return HttpHeaders.of(map, (name, value) -> true);
  }

  private static HttpHeaders headersOf(List<Header> headers) {
    Map<String, List<String>> map = new LinkedHashMap<>();
    for (Header header : headers) {
      map.computeIfAbsent(header.name(), name -> new ArrayList<>(1)).add(header.value());
    }
    return HttpHeaders.of(map, (name, value) -> true);
  }

  private Object refuse(Object exchange, HttpRequest request, Refusal refusal) throws Throwable {
    CallDenied denied = refusal.toException();
    if (Exchanges.isWebSocket(request)) {
      WebSocketHandshakeException failed =
          new WebSocketHandshakeException(new RefusedHandshake(request, refusal));
      failed.initCause(denied);
      return CompletableFuture.failedFuture(failed);
    }
    if (refusal.exception()) {
      return CompletableFuture.failedFuture(denied);
    }
    Object response =
        Exchanges.newResponse(request, exchange, headersOf(refusal), refusal.status());
    // the client leaves the body alone then, and RefusalBodyHook finds it
    Exchanges.bodyIgnored(exchange, new RefusalBody(refusal));
    return CompletableFuture.completedFuture(response);
  }

  private static Object answerTo(@Nullable Object exchange, Throwable fault) {
    String method = null;
    String url = null;
    try {
      HttpRequest request = exchange == null ? null : Exchanges.request(exchange);
      if (request != null) {
        method = request.method();
        url = request.uri().toString();
      }
    } catch (Throwable unreadable) {
      // without a method it counts as a write
    }
    Refusal refusal =
        Gate.undecided(JdkClientInstrumentation.LIBRARY, method, url, fault).refusal();
    return refusal == null
        ? Dispatcher.PROCEED
        : CompletableFuture.failedFuture(refusal.toException());
  }

  static HttpHeaders headersOf(Refusal refusal) {
    List<Header> headers = new ArrayList<>(refusal.headers());
    headers.add(new Header("Content-Length", String.valueOf(refusal.body().length)));
    return headersOf(headers);
  }
}
