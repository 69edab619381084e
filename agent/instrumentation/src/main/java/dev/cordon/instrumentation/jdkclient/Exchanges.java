package dev.cordon.instrumentation.jdkclient;

import dev.cordon.bootstrap.ResponseFilter;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.lang.reflect.Field;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The inside of the JDK's client that no public method reaches. Handles in static finals: no
 * reflection per call.
 */
final class Exchanges {

  private static final VarHandle REQUEST;
  private static final VarHandle EXECUTOR;
  private static final VarHandle PENDING;
  private static final VarHandle BODY_IGNORED;
  private static final VarHandle IS_WEB_SOCKET;
  private static final VarHandle RESPONSE_STATUS;
  private static final VarHandle RESPONSE_HEADERS;
  private static final MethodHandle NEW_RESPONSE;
  private static final MethodHandle SET_PUBLISHER;
  private static final MethodHandle SET_HEADERS;
  private static final MethodHandle SET_URI;
  private static final MethodHandle SET_RESPONSE_HEADERS;
  private static final MethodHandle SET_PUSHES;
  private static final MethodHandle CANCEL;
  private static final MethodHandle DELEGATE;

  // only of exchanges whose body goes through a filter, until it is read
  private static final Map<Object, ResponseFilter.Body> FILTERED =
      Collections.synchronizedMap(new WeakHashMap<>());
  private static volatile boolean anyFiltered; // spares the others the lock

  static {
    try {
      ClassLoader loader = HttpClient.class.getClassLoader();
      Class<?> exchange = Class.forName("jdk.internal.net.http.Exchange", false, loader);
      Class<?> request = Class.forName("jdk.internal.net.http.HttpRequestImpl", false, loader);
      Class<?> response = Class.forName("jdk.internal.net.http.Response", false, loader);
      Class<?> connection = Class.forName("jdk.internal.net.http.HttpConnection", false, loader);
      Class<?> executor =
          Class.forName("jdk.internal.net.http.HttpClientImpl$DelegatingExecutor", false, loader);
      REQUEST = field(exchange, "request");
      EXECUTOR = field(exchange, "parentExecutor");
      PENDING = field(exchange, "exchangeCF");
      BODY_IGNORED = field(exchange, "bodyIgnored");
      IS_WEB_SOCKET = field(request, "isWebSocket");
      RESPONSE_STATUS = field(response, "statusCode");
      RESPONSE_HEADERS = field(response, "headers");
      MethodHandle construct =
          lookupIn(response)
              .findConstructor(
                  response,
                  MethodType.methodType(
                      void.class,
                      request,
                      exchange,
                      HttpHeaders.class,
                      connection,
                      int.class,
                      HttpClient.Version.class));
      NEW_RESPONSE =
          MethodHandles.insertArguments(construct, 3, (Object) null)
              .asType(
                  MethodType.methodType(
                      Object.class,
                      HttpRequest.class,
                      Object.class,
                      HttpHeaders.class,
                      int.class,
                      HttpClient.Version.class));
      SET_PUBLISHER = setter(request, "requestPublisher");
      SET_HEADERS = setter(request, "userHeaders");
      SET_URI = setter(request, "uri");
      SET_RESPONSE_HEADERS = setter(response, "headers");
      SET_PUSHES =
          setter(exchange, "pushGroup")
              .asType(MethodType.methodType(void.class, Object.class, Object.class));
      DELEGATE =
          lookupIn(executor)
              .findVirtual(executor, "delegate", MethodType.methodType(Executor.class))
              .asType(MethodType.methodType(Executor.class, Object.class));
      CANCEL =
          lookupIn(exchange)
              .findVirtual(exchange, "cancel", MethodType.methodType(void.class))
              .asType(MethodType.methodType(void.class, Object.class));
    } catch (ReflectiveOperationException absent) {
      throw new ExceptionInInitializerError(absent);
    }
  }

  private Exchanges() {}

  /** Fails when this JDK is not as expected; called while hooks are linked. */
  static void check() {}

  /** The client's own copy of the request. */
  static HttpRequest request(Object exchange) {
    return (HttpRequest) REQUEST.get(exchange);
  }

  /** What the client runs blocking work on: never the thread that asks. */
  static Executor executor(Object exchange) throws Throwable {
    return (Executor) DELEGATE.invokeExact((Object) EXECUTOR.get(exchange));
  }

  /**
   * What the client completes when the call is cancelled or times out before its exchange is
   * established.
   */
  static void pending(Object exchange, @Nullable CompletableFuture<?> pending) {
    PENDING.setVolatile(exchange, pending);
  }

  static @Nullable CompletableFuture<?> pending(Object exchange) {
    return (CompletableFuture<?>) PENDING.getVolatile(exchange);
  }

  static @Nullable CompletableFuture<?> bodyIgnored(Object exchange) {
    return (CompletableFuture<?>) BODY_IGNORED.getVolatile(exchange);
  }

  static void bodyIgnored(Object exchange, CompletableFuture<?> ignored) {
    BODY_IGNORED.setVolatile(exchange, ignored);
  }

  static boolean isWebSocket(HttpRequest request) {
    return (boolean) IS_WEB_SOCKET.getVolatile(request);
  }

  static int status(Object response) {
    return (int) RESPONSE_STATUS.get(response);
  }

  static HttpHeaders headers(Object response) {
    return (HttpHeaders) RESPONSE_HEADERS.get(response);
  }

  /** A response of the client itself that came over no connection. */
  static Object newResponse(HttpRequest request, Object exchange, HttpHeaders headers, int status)
      throws Throwable {
    return (Object)
        NEW_RESPONSE.invokeExact(request, exchange, headers, status, HttpClient.Version.HTTP_1_1);
  }

  static void publisher(HttpRequest request, BodyPublisher publisher) throws Throwable {
    SET_PUBLISHER.invokeExact((Object) request, publisher);
  }

  static void headers(HttpRequest request, HttpHeaders headers) throws Throwable {
    SET_HEADERS.invokeExact((Object) request, headers);
  }

  static void uri(HttpRequest request, URI uri) throws Throwable {
    SET_URI.invokeExact((Object) request, uri);
  }

  static void responseHeaders(Object response, HttpHeaders headers) throws Throwable {
    SET_RESPONSE_HEADERS.invokeExact(response, headers);
  }

  /** Has the client turn down what the server pushes along with its answer. */
  static void refusePushes(Object exchange) throws Throwable {
    SET_PUSHES.invokeExact(exchange, (Object) null);
  }

  /** Gives an exchange up: its body is not read, its connection or stream is closed. */
  static void cancel(Object exchange) throws Throwable {
    CANCEL.invokeExact(exchange);
  }

  /** Remembers what the body of this exchange goes through. */
  static void filtered(Object exchange, ResponseFilter.Body filter) {
    FILTERED.put(exchange, filter);
    anyFiltered = true;
  }

  static ResponseFilter.@Nullable Body takeFiltered(Object exchange) {
    return anyFiltered ? FILTERED.remove(exchange) : null;
  }

  private static MethodHandles.Lookup lookupIn(Class<?> type) throws IllegalAccessException {
    return MethodHandles.privateLookupIn(type, MethodHandles.lookup());
  }

  private static VarHandle field(Class<?> owner, String name) throws ReflectiveOperationException {
    return lookupIn(owner).unreflectVarHandle(owner.getDeclaredField(name));
  }

  /** Sets a final field: only a setter made from an accessible field may. */
  private static MethodHandle setter(Class<?> owner, String name)
      throws ReflectiveOperationException {
    Field field = owner.getDeclaredField(name);
    field.setAccessible(true);
    return MethodHandles.lookup()
        .unreflectSetter(field)
        .asType(MethodType.methodType(void.class, Object.class, field.getType()));
  }
}
