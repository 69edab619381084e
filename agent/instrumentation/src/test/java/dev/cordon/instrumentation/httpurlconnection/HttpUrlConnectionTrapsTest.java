package dev.cordon.instrumentation.httpurlconnection;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cordon.bootstrap.Admission;
import dev.cordon.bootstrap.Body;
import dev.cordon.bootstrap.CallDenied;
import dev.cordon.bootstrap.Dispatcher;
import dev.cordon.bootstrap.Gate;
import dev.cordon.bootstrap.Header;
import dev.cordon.bootstrap.Refusal;
import dev.cordon.instrumentation.LoopbackServer;
import dev.cordon.instrumentation.RecordingGuard;
import dev.cordon.instrumentation.RecordingGuard.Seen;
import dev.cordon.instrumentation.StretchingFilter;
import dev.cordon.instrumentation.WovenJvm;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.CacheRequest;
import java.net.CacheResponse;
import java.net.HttpRetryException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.ResponseCache;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What HttpURLConnection does that no other client does. */
class HttpUrlConnectionTrapsTest {

  private static final byte[] BODY =
      "{\"to\":\"ada@example.com\"}".getBytes(StandardCharsets.UTF_8);
  private static final byte[] REDACTED = "{\"to\":\"[email]\"}".getBytes(StandardCharsets.UTF_8);

  private LoopbackServer server;
  private LoopbackServer tlsServer;

  @BeforeEach
  void start() {
    server = LoopbackServer.start(false);
    tlsServer = LoopbackServer.start(true);
    WovenJvm.weave();
  }

  @AfterEach
  void stop() {
    Gate.install(RecordingGuard.allowing());
    server.close();
    tlsServer.close();
  }

  private static RecordingGuard guard(RecordingGuard.Policy policy) {
    RecordingGuard guard = new RecordingGuard(policy);
    Gate.install(guard);
    return guard;
  }

  private static RecordingGuard refusing() {
    return guard(call -> Admission.refused(RecordingGuard.refusal(false)));
  }

  private static RecordingGuard refusingWrites() {
    return guard(
        call ->
            call.method.equals("GET")
                ? call.allow()
                : Admission.refused(RecordingGuard.refusal(false)));
  }

  private HttpURLConnection open(String path) throws IOException {
    return HttpUrlConnectionInstrumentationTest.open(server.url(path));
  }

  private static int post(HttpURLConnection connection) throws IOException {
    connection.setDoOutput(true);
    try (OutputStream out = connection.getOutputStream()) {
      out.write(BODY);
    }
    return connection.getResponseCode();
  }

  /** Ways to write the same body. */
  private static void mode(HttpURLConnection connection, String mode) {
    switch (mode) {
      case "buffered" -> {}
      case "fixed" -> connection.setFixedLengthStreamingMode(BODY.length);
      case "fixed-long" -> connection.setFixedLengthStreamingMode((long) BODY.length);
      case "chunked" -> connection.setChunkedStreamingMode(0);
      case "chunked-small" -> connection.setChunkedStreamingMode(16);
      default -> throw new AssertionError(mode);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "buffered,http",
    "fixed,http",
    "fixed-long,http",
    "chunked,http",
    "chunked-small,http",
    "buffered,https",
    "fixed,https",
    "chunked,https"
  })
  void everyWayOfWritingArrivesByteForByte(String mode, String scheme) throws IOException {
    LoopbackServer to = scheme.equals("https") ? tlsServer : server;
    WovenJvm.unweave();
    send(mode, to);
    byte[] without = to.only().raw();
    to.requests().clear();
    WovenJvm.weave();
    RecordingGuard guard = guard(Seen::allow);
    send(mode, to);
    assertArrayEquals(without, to.only().raw());
    assertArrayEquals(BODY, guard.calls.get(0).body.bytes());
  }

  private static void send(String mode, LoopbackServer to) throws IOException {
    HttpURLConnection connection = HttpUrlConnectionInstrumentationTest.open(to.url("/v1/things"));
    mode(connection, mode);
    assertEquals(200, post(connection));
  }

  /** The JDK asks it for a proxy behind the decision, before it sends. */
  private static final class MeanSelector extends ProxySelector {
    private final Runnable trick;
    private boolean done;

    MeanSelector(Runnable trick) {
      this.trick = trick;
    }

    @Override
    public List<Proxy> select(URI uri) {
      if (!done) {
        done = true;
        trick.run();
      }
      return List.of(Proxy.NO_PROXY);
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException thrown) {}
  }

  private interface Trick {
    void on(HttpURLConnection connection) throws Exception;
  }

  private static int withTrick(HttpURLConnection connection, Trick trick) throws IOException {
    ProxySelector before = ProxySelector.getDefault();
    ProxySelector.setDefault(
        new MeanSelector(
            () -> {
              try {
                trick.on(connection);
              } catch (Exception refusedByTheJdk) {
                // so much the better
              }
            }));
    try {
      return connection.getResponseCode();
    } finally {
      ProxySelector.setDefault(before);
    }
  }

  @Test
  void whatIsWrittenBehindTheDecisionIsNotSent() throws Exception {
    RecordingGuard guard = guard(Seen::allow);
    HttpURLConnection connection = open("/late");
    connection.setDoOutput(true);
    OutputStream out = connection.getOutputStream();
    out.write(BODY);
    assertEquals(200, withTrick(connection, late -> out.write(BODY)));
    assertArrayEquals(BODY, server.requests().get(0).body());
    assertEquals(1, guard.calls.size());
    // the stream that the connection gives now
    connection = open("/late");
    connection.setDoOutput(true);
    connection.getOutputStream().write(BODY);
    assertEquals(200, withTrick(connection, late -> late.getOutputStream().write(BODY)));
    assertArrayEquals(BODY, server.requests().get(1).body());
  }

  @Test
  void whatIsWrittenBehindARewritingIsNotSent() throws Exception {
    guard(call -> call.rewrite(null, null, REDACTED));
    HttpURLConnection connection = open("/late");
    connection.setDoOutput(true);
    OutputStream out = connection.getOutputStream();
    out.write(BODY);
    assertEquals(
        200,
        withTrick(
            connection,
            late -> {
              out.write(BODY);
              late.getOutputStream().write(BODY);
            }));
    assertArrayEquals(REDACTED, server.requests().get(0).body());
  }

  @Test
  void aBodyThatComesBehindTheDecisionIsDecided() throws Exception {
    RecordingGuard guard =
        guard(
            call ->
                call.body.state() == Body.State.NONE
                    ? call.allow()
                    : Admission.refused(RecordingGuard.refusal(false)));
    HttpURLConnection connection = open("/late");
    connection.setRequestMethod("POST");
    connection.setDoOutput(true);
    assertEquals(403, withTrick(connection, late -> late.getOutputStream().write(BODY)));
    assertEquals(List.of(), server.requests());
    assertEquals(2, guard.calls.size());
  }

  @Test
  void aHeaderThatComesBehindTheDecisionIsDecided() throws Exception {
    HttpURLConnection connection = open("/late");
    RecordingGuard guard = headerBehindTheDecisionOf(connection);
    assertEquals(403, connection.getResponseCode());
    assertEquals(List.of(), server.requests());
    assertEquals(2, guard.calls.size());
  }

  @Test
  void aHeaderThatComesBehindTheDecisionOfAStreamIsDecidedWithItsBody() throws Exception {
    HttpURLConnection connection = open("/late");
    RecordingGuard guard = headerBehindTheDecisionOf(connection);
    connection.setDoOutput(true);
    connection.setFixedLengthStreamingMode(BODY.length);
    try (OutputStream out = connection.getOutputStream()) {
      out.write(BODY);
    } catch (IOException refused) {
      assertInstanceOf(CallDenied.class, refused);
    }
    for (LoopbackServer.Request received : server.requests()) {
      assertNull(received.header("X-HTTP-Method-Override"));
    }
    for (Seen seen : guard.calls) {
      assertArrayEquals(BODY, seen.body.bytes());
    }
  }

  /** As OpenTelemetry's agent does where it is attached before Cordon's. */
  @ParameterizedTest
  @ValueSource(strings = {"traceparent", "X-B3-TraceId", "x-datadog-trace-id", "uberctx-a"})
  void aHeaderOfTracingBehindTheDecisionIsNoOtherCall(String name) throws Exception {
    HttpURLConnection connection = open("/late");
    RecordingGuard guard =
        guard(
            call -> {
              if (call.header(name) == null) {
                connection.setRequestProperty(name, "1");
              }
              return call.allow();
            });
    assertEquals(200, connection.getResponseCode());
    assertEquals("1", server.only().header(name));
    assertEquals(1, guard.calls.size());
  }

  /** The JDK lets one of them send and gives the other its answer. */
  @Test
  void twoThreadsThatAskForOneAnswerAreOneCall() throws Exception {
    CountDownLatch deciding = new CountDownLatch(1);
    CountDownLatch second = new CountDownLatch(1);
    RecordingGuard guard =
        guard(
            call -> {
              deciding.countDown();
              await(second);
              return call.allow();
            });
    HttpURLConnection connection = open("/twice");
    connection.setRequestMethod("DELETE");
    CompletableFuture<Integer> one = CompletableFuture.supplyAsync(() -> codeOf(connection));
    await(deciding);
    Thread other = new Thread(() -> codeOf(connection));
    other.start();
    awaitQueued(lockOf(connection), other, guard);
    second.countDown();
    assertEquals(200, one.get(10, TimeUnit.SECONDS));
    other.join(10_000);
    assertFalse(other.isAlive());
    assertEquals(1, guard.calls.size(), () -> "decided: " + guard.calls);
    assertEquals(1, server.requests().size());
  }

  private static ReentrantLock lockOf(HttpURLConnection connection) throws Exception {
    Class<?> type = Class.forName("sun.net.www.protocol.http.HttpURLConnection");
    return (ReentrantLock) field(type, "connectionLock").get(connection);
  }

  private static int codeOf(HttpURLConnection connection) {
    try {
      return connection.getResponseCode();
    } catch (IOException thrown) {
      throw new UncheckedIOException(thrown);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(10, TimeUnit.SECONDS), "not within 10 s");
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  /** Until it waits for the lock that the first one holds; one that does not is decided, too. */
  private static void awaitQueued(ReentrantLock lock, Thread other, RecordingGuard guard)
      throws InterruptedException {
    for (int i = 0; i < 1_000; i++) {
      if (lock.hasQueuedThread(other) || guard.calls.size() > 1) {
        return;
      }
      Thread.sleep(10);
    }
    throw new AssertionError("neither waits nor is decided: " + other.getState());
  }

  @Test
  void aHeaderThatGoesBehindTheDecisionIsMissed() throws Exception {
    HttpURLConnection connection = open("/late");
    connection.setRequestProperty("X-Checked", "yes");
    RecordingGuard guard =
        guard(
            call -> {
              if (!"yes".equals(call.header("X-Checked"))) {
                return Admission.refused(RecordingGuard.refusal(false));
              }
              connection.setRequestProperty("X-Checked", "no");
              return call.allow();
            });
    assertEquals(403, connection.getResponseCode());
    assertEquals(List.of(), server.requests());
    assertEquals(2, guard.calls.size());
  }

  /** Sets one while the call is decided, as another thread could; with it, it is refused. */
  private static RecordingGuard headerBehindTheDecisionOf(HttpURLConnection connection) {
    return guard(
        call -> {
          if (call.header("X-HTTP-Method-Override") != null) {
            return Admission.refused(RecordingGuard.refusal(false));
          }
          try {
            connection.setRequestProperty("X-HTTP-Method-Override", "DELETE");
          } catch (IllegalStateException refusedByTheJdk) {
            // so much the better
          }
          return call.allow();
        });
  }

  @Test
  void chunksThatTheApplicationFlushedStayChunks() throws IOException {
    WovenJvm.unweave();
    sendFlushed();
    byte[] without = server.only().raw();
    server.requests().clear();
    WovenJvm.weave();
    guard(Seen::allow);
    sendFlushed();
    assertEquals(text(without), text(server.only().raw()));
    assertTrue(text(without).contains("\r\n3\r\nabc\r\n"), "the flush made a chunk");
  }

  private void sendFlushed() throws IOException {
    HttpURLConnection connection = open("/v1/things");
    connection.setDoOutput(true);
    connection.setChunkedStreamingMode(0);
    OutputStream out = connection.getOutputStream();
    out.write('a');
    out.write(new byte[] {'b', 'c'});
    out.flush();
    out.flush();
    out.write(BODY);
    out.close();
    assertEquals(200, connection.getResponseCode());
  }

  @ParameterizedTest
  @ValueSource(strings = {"buffered", "fixed", "fixed-long", "chunked"})
  void redactedBodyKeepsItsWayOfWriting(String mode) throws IOException {
    guard(call -> call.rewrite(null, null, REDACTED));
    HttpURLConnection connection = open("/v1/things");
    mode(connection, mode);
    assertEquals(200, post(connection));
    assertArrayEquals(REDACTED, server.only().body());
    String length = server.only().header("Content-Length");
    if (mode.equals("chunked")) {
      assertNull(length);
      assertEquals("chunked", server.only().header("Transfer-Encoding"));
    } else {
      assertEquals(String.valueOf(REDACTED.length), length);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "buffered,http",
    "fixed,http",
    "chunked,http",
    "buffered,https",
    "fixed,https",
    "chunked,https"
  })
  void refusalLooksLikeAParsed403(String mode, String scheme) throws IOException {
    RecordingGuard guard = refusing();
    LoopbackServer to = scheme.equals("https") ? tlsServer : server;
    HttpURLConnection connection = HttpUrlConnectionInstrumentationTest.open(to.url("/v1/refunds"));
    mode(connection, mode);
    assertEquals(403, post(connection));
    assertEquals("Forbidden", connection.getResponseMessage());
    assertEquals("d-1", connection.getHeaderField("cordon-decision"));
    assertEquals("HTTP/1.1 403 Forbidden", connection.getHeaderField(0));
    assertEquals("application/problem+json", connection.getContentType());
    Map<String, List<String>> headers = connection.getHeaderFields();
    assertEquals(List.of("d-1"), headers.get("Cordon-Decision"));
    byte[] want = RecordingGuard.refusal(false).body();
    assertEquals(want.length, connection.getContentLength());
    IOException thrown = assertThrows(IOException.class, connection::getInputStream);
    assertEquals(
        "Server returned HTTP response code: 403 for URL: " + to.url("/v1/refunds"),
        thrown.getMessage());
    assertSame(IOException.class, thrown.getClass());
    try (InputStream error = connection.getErrorStream()) {
      assertArrayEquals(want, error.readAllBytes());
    }
    connection.disconnect();
    assertEquals(List.of(), to.requests());
    assertEquals(1, guard.calls.size(), "asked once, whatever getters are called");
  }

  @Test
  void oneRefusedWriteIsDecidedOnceHoweverOftenItIsAskedFor() throws IOException {
    RecordingGuard guard = refusing();
    HttpURLConnection connection = open("/v1/refunds");
    post(connection);
    for (int i = 0; i < 3; i++) {
      assertEquals(403, connection.getResponseCode());
      assertThrows(IOException.class, connection::getInputStream);
      assertNotNull(connection.getHeaderField("Cordon-Decision"));
    }
    assertThrows(ProtocolException.class, connection::getOutputStream);
    assertEquals(1, guard.calls.size());
  }

  @Test
  void refusalAsAnExceptionComesOutOfEveryGetter() throws IOException {
    guard(call -> Admission.refused(RecordingGuard.refusal(true)));
    HttpURLConnection connection = open("/v1/refunds");
    connection.setDoOutput(true);
    connection.getOutputStream().write(BODY);
    CallDenied denied = assertThrows(CallDenied.class, connection::getResponseCode);
    assertEquals("d-1", denied.decisionId());
    assertThrows(CallDenied.class, connection::getInputStream);
    assertNull(connection.getErrorStream());
    assertNull(connection.getHeaderField("Cordon-Decision"));
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 404, 422})
  void refusalCanHaveTheVendorsStatus(int status) throws IOException {
    byte[] body = "{\"ok\":false}".getBytes(StandardCharsets.UTF_8);
    guard(
        call ->
            Admission.refused(
                new Refusal(
                    "d-2",
                    status,
                    "Said",
                    List.of(new Header("Cordon-Decision", "d-2")),
                    body,
                    false,
                    "refused")));
    HttpURLConnection connection = open("/v1/refunds");
    assertEquals(status, post(connection));
    if (status == 404) {
      assertThrows(FileNotFoundException.class, connection::getInputStream);
    }
    InputStream in = status < 400 ? connection.getInputStream() : connection.getErrorStream();
    assertArrayEquals(body, in.readAllBytes());
    assertEquals(List.of(), server.requests());
  }

  @Test
  void getThatWritesABodyIsDecidedAsThePostThatItBecomes() throws IOException {
    RecordingGuard guard = refusingWrites();
    HttpURLConnection connection = open("/v1/refunds"); // no method set: GET
    assertEquals(403, post(connection));
    assertEquals("POST", guard.calls.get(0).method);
    assertArrayEquals(BODY, guard.calls.get(0).body.bytes());
  }

  @Test
  void getWithDoOutputButNoBodyStaysAGet() throws IOException {
    RecordingGuard guard = refusingWrites();
    HttpURLConnection connection = open("/v1/things");
    connection.setDoOutput(true);
    assertEquals(200, connection.getResponseCode());
    assertEquals("GET", guard.calls.get(0).method);
    assertEquals("GET", server.only().method());
  }

  @Test
  void chunkedGetWithoutABodyIsDecidedAsThePostThatItBecomes() throws IOException {
    RecordingGuard guard = guard(Seen::allow);
    HttpURLConnection connection = open("/v1/things");
    connection.setDoOutput(true);
    connection.setChunkedStreamingMode(0);
    assertEquals(200, connection.getResponseCode());
    assertEquals("POST", guard.calls.get(0).method);
    assertEquals("POST", server.only().method());
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "https"})
  void patchSetByReflectionIsDecidedAsPatch(String scheme) throws Exception {
    RecordingGuard guard = refusingWrites();
    LoopbackServer to = scheme.equals("https") ? tlsServer : server;
    HttpURLConnection connection = HttpUrlConnectionInstrumentationTest.open(to.url("/v1/things"));
    Object target = connection;
    if (scheme.equals("https")) {
      target = field(connection.getClass(), "delegate").get(connection);
    }
    field(HttpURLConnection.class, "method").set((HttpURLConnection) target, "PATCH");
    assertEquals(403, post(connection));
    assertEquals("PATCH", guard.calls.get(0).method);
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "https"})
  void methodSetByReflectionAfterConnectIsDecidedAsItIsSent(String scheme) throws Exception {
    RecordingGuard guard = refusingWrites();
    LoopbackServer to = scheme.equals("https") ? tlsServer : server;
    HttpURLConnection connection = HttpUrlConnectionInstrumentationTest.open(to.url("/v1/things"));
    connection.connect();
    assertEquals("GET", guard.calls.get(0).method);
    Object target = connection;
    if (scheme.equals("https")) {
      target = field(connection.getClass(), "delegate").get(connection);
    }
    field(HttpURLConnection.class, "method").set((HttpURLConnection) target, "DELETE");
    assertEquals(403, connection.getResponseCode());
    assertEquals("DELETE", guard.calls.get(1).method);
    assertEquals(List.of(), to.requests());
    assertEquals(1, guard.calls.get(0).reports.get());
  }

  @ParameterizedTest
  @ValueSource(strings = {".example.com/v1/refunds", "@other.example.com/v1/refunds", ":81/x"})
  void fileWithoutASlashBehindAProxyIsDecidedByTheHostThatTheProxyReads(String file)
      throws Exception {
    RecordingGuard guard = guard(Seen::allow);
    Proxy proxy =
        new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved("localhost", port()));
    URL url = new URL("http", "vendor", -1, file);
    HttpURLConnection connection = (HttpURLConnection) url.openConnection(proxy);
    assertEquals(200, connection.getResponseCode());
    assertEquals("http://vendor" + file, server.only().target());
    assertEquals(server.only().target(), guard.calls.get(0).url);
  }

  private int port() {
    return java.net.URI.create(server.url("/")).getPort();
  }

  @ParameterizedTest
  @ValueSource(strings = {"buffered", "fixed", "chunked"})
  void faultWhileAGetIsAboutToBecomeAPostCountsAsAWrite(String mode) throws Exception {
    RecordingGuard guard = guard(Seen::allow);
    open("/v1/things").getResponseCode(); // links the hooks
    server.requests().clear();
    ConnectionHook hook =
        (ConnectionHook)
            MethodHandles.privateLookupIn(OutputHook.class, MethodHandles.lookup())
                .findStaticVarHandle(OutputHook.class, "instance", OutputHook.class)
                .get();
    HttpURLConnection connection = open("/v1/things"); // no method set: GET
    mode(connection, mode);
    connection.setDoOutput(true);
    IllegalStateException fault = new IllegalStateException("broken on demand");
    assertThrows(CallDenied.class, () -> hook.failed(connection, Dispatcher.NO_ARGUMENTS, fault));
    assertEquals(List.of("http-url-connection POST"), guard.undecided);
    assertEquals(403, connection.getResponseCode());
    assertEquals(List.of(), server.requests());
  }

  /** As SDKs do it, but without the --add-opens they would need here. */
  private static VarHandle field(Class<?> owner, String name) throws Exception {
    Module here = HttpUrlConnectionTrapsTest.class.getModule();
    WovenJvm.instrumentation()
        .redefineModule(
            owner.getModule(),
            Set.of(),
            Map.of(),
            Map.of(owner.getPackageName(), Set.of(here)),
            Set.of(),
            Map.of());
    return MethodHandles.privateLookupIn(owner, MethodHandles.lookup())
        .unreflectVarHandle(owner.getDeclaredField(name));
  }

  @Test
  void streamedBodyStillThrowsOnARedirectItCannotRepeat() throws IOException {
    RecordingGuard guard = guard(Seen::allow);
    HttpURLConnection connection = open("/status/307?to=" + server.url("/second"));
    connection.setFixedLengthStreamingMode(BODY.length);
    connection.setDoOutput(true);
    connection.getOutputStream().write(BODY);
    HttpRetryException thrown = assertThrows(HttpRetryException.class, connection::getInputStream);
    assertEquals(307, thrown.responseCode());
    assertEquals(server.url("/second"), thrown.getLocation());
    assertEquals(1, server.requests().size());
    assertEquals(307, guard.calls.get(0).status);
  }

  @Test
  void fixedLengthIsKeptAsStrictly() throws IOException {
    guard(Seen::allow);
    HttpURLConnection tooMany = open("/v1/things");
    tooMany.setDoOutput(true);
    tooMany.setFixedLengthStreamingMode(3);
    OutputStream out = tooMany.getOutputStream();
    out.write(new byte[3]);
    assertEquals(
        "too many bytes written", assertThrows(IOException.class, () -> out.write(1)).getMessage());
    HttpURLConnection tooFew = open("/v1/things");
    tooFew.setDoOutput(true);
    tooFew.setFixedLengthStreamingMode(3);
    OutputStream few = tooFew.getOutputStream();
    few.write(1);
    assertEquals(
        "insufficient data written", assertThrows(IOException.class, few::close).getMessage());
    assertEquals(
        "Incomplete output stream",
        assertThrows(IOException.class, tooFew::getInputStream).getMessage());
    assertEquals(List.of(), server.requests());
  }

  @Test
  void streamedBodyIsSentWhenItIsClosedEvenIfNobodyReadsTheResponse() throws Exception {
    guard(Seen::allow);
    HttpURLConnection connection = open("/v1/things");
    connection.setDoOutput(true);
    connection.setFixedLengthStreamingMode(BODY.length);
    try (OutputStream out = connection.getOutputStream()) {
      out.write(BODY);
    }
    for (int i = 0; i < 1000 && server.requests().isEmpty(); i++) {
      Thread.sleep(5);
    }
    assertArrayEquals(BODY, server.only().body());
  }

  @Test
  void streamedBodyOverTheLimitIsDecidedBeforeItIsHeldInMemory() throws IOException {
    RecordingGuard guard =
        new RecordingGuard(call -> Admission.refused(RecordingGuard.refusal(false)), 100);
    Gate.install(guard);
    HttpURLConnection connection = open("/v1/files");
    connection.setDoOutput(true);
    connection.setChunkedStreamingMode(0);
    OutputStream out = connection.getOutputStream();
    for (int i = 0; i < 100; i++) {
      out.write(new byte[10_000]); // refused after the first: the rest is dropped
    }
    out.close();
    assertEquals(403, connection.getResponseCode());
    assertEquals(1, guard.calls.size());
    assertEquals(Body.State.TOO_LARGE, guard.calls.get(0).body.state());
    assertEquals(List.of(), server.requests());
  }

  @Test
  void bodyAnnouncedAsTooLongIsDecidedBeforeItsFirstByte() throws IOException {
    RecordingGuard guard = new RecordingGuard(Seen::allow, 100);
    Gate.install(guard);
    HttpURLConnection connection = open("/v1/files");
    connection.setDoOutput(true);
    connection.setFixedLengthStreamingMode(50_000);
    OutputStream out = connection.getOutputStream();
    assertEquals(1, guard.calls.size());
    assertEquals(50_000, guard.calls.get(0).body.length());
    out.write(new byte[50_000]);
    out.close();
    assertEquals(200, connection.getResponseCode());
    assertEquals(50_000, server.only().body().length);
    assertEquals(1, guard.calls.size());
  }

  @Test
  void expectContinueStillAsksFirst() throws IOException {
    guard(Seen::allow);
    HttpURLConnection connection = open("/v1/things");
    connection.setRequestProperty("Expect", "100-Continue");
    connection.setFixedLengthStreamingMode(BODY.length);
    assertEquals(200, post(connection));
    assertArrayEquals(BODY, server.only().body());
    assertEquals("100-Continue", server.only().header("Expect"));
  }

  @Test
  void connectOfAReadIsDecidedBeforeAnythingIsConnected() throws IOException {
    RecordingGuard guard = refusing();
    HttpURLConnection connection =
        HttpUrlConnectionInstrumentationTest.open(
            "http://127.0.0.1:" + LoopbackServer.deadPort() + "/secret");
    connection.connect(); // would throw if it tried
    assertEquals(403, connection.getResponseCode());
    assertEquals(1, guard.calls.size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "https"})
  void callThatWasConnectedFirstIsDecidedOnce(String scheme) throws IOException {
    RecordingGuard guard = guard(Seen::allow);
    LoopbackServer to = scheme.equals("https") ? tlsServer : server;
    HttpURLConnection read = HttpUrlConnectionInstrumentationTest.open(to.url("/read"));
    read.connect();
    assertEquals(200, read.getResponseCode());
    HttpURLConnection write = HttpUrlConnectionInstrumentationTest.open(to.url("/write"));
    write.setDoOutput(true);
    write.connect();
    write.getOutputStream().write(BODY);
    assertEquals(200, write.getResponseCode());
    assertEquals(2, guard.calls.size());
    assertEquals("POST", guard.calls.get(1).method);
    assertEquals(2, to.requests().size());
    for (Seen call : guard.calls) {
      assertEquals(1, call.reports.get());
      assertEquals(200, call.status);
    }
  }

  @Test
  void callGivenUpAfterConnectIsReportedAsFailed() throws IOException {
    RecordingGuard guard = guard(Seen::allow);
    HttpURLConnection connection = open("/read");
    connection.connect();
    connection.disconnect();
    assertEquals(1, guard.calls.get(0).reports.get());
    assertInstanceOf(IOException.class, guard.calls.get(0).thrown);
  }

  @Test
  void failureToConnectIsStillThrownByConnect() throws IOException {
    RecordingGuard guard = guard(Seen::allow);
    HttpURLConnection connection =
        HttpUrlConnectionInstrumentationTest.open(
            "http://127.0.0.1:" + LoopbackServer.deadPort() + "/");
    assertThrows(java.net.ConnectException.class, connection::connect);
    assertInstanceOf(java.net.ConnectException.class, guard.calls.get(0).thrown);
  }

  @Test
  void headersCannotBeSetOnceTheBodyIsBegun() throws IOException {
    guard(Seen::allow);
    HttpURLConnection connection = open("/v1/things");
    connection.setDoOutput(true);
    connection.getOutputStream();
    assertThrows(IllegalStateException.class, () -> connection.setRequestProperty("X-Late", "1"));
  }

  @Test
  void defaultContentTypeOfTheJdkIsPartOfTheDecision() throws IOException {
    RecordingGuard guard = guard(Seen::allow);
    post(open("/v1/things"));
    assertEquals("application/x-www-form-urlencoded", guard.calls.get(0).header("Content-Type"));
  }

  @Test
  void keepAliveConnectionIsReusedAsWithoutCordon() throws IOException {
    List<Integer> ports = new ArrayList<>();
    guard(Seen::allow);
    for (int i = 0; i < 3; i++) {
      HttpURLConnection connection = open("/echo");
      assertEquals(200, post(connection));
      assertArrayEquals(BODY, connection.getInputStream().readAllBytes());
      ports.add(server.connections());
    }
    assertEquals(List.of(1, 1, 1), ports);
  }

  @Test
  void urlWithUserAndFragmentIsDecidedByItsRoute() throws IOException {
    RecordingGuard guard = guard(Seen::allow);
    HttpURLConnection connection =
        HttpUrlConnectionInstrumentationTest.open(
            server.url("/a?b=c#frag").replace("//", "//user:pass@"));
    assertEquals(200, connection.getResponseCode());
    assertEquals(server.url("/a?b=c"), guard.calls.get(0).url);
  }

  private static String text(byte[] raw) {
    return new String(raw, StandardCharsets.ISO_8859_1);
  }

  @Test
  void pathIsNeverEmpty() throws IOException {
    RecordingGuard guard = guard(Seen::allow);
    String origin = server.url("");
    assertEquals(200, HttpUrlConnectionInstrumentationTest.open(origin).getResponseCode());
    assertEquals(origin + "/", Objects.requireNonNull(guard.calls.get(0)).url);
    assertEquals("/", server.only().target());
  }

  @Test
  void aConnectionWhoseFilteredBodyWasReadIsUsedAgain() throws IOException {
    StretchingFilter filter = new StretchingFilter(3);
    filter.install();
    for (String path : List.of("/echo", "/echo-chunked", "/echo")) {
      HttpURLConnection connection = open(path);
      assertEquals(200, post(connection));
      assertEquals(-1, connection.getContentLengthLong());
      assertNull(connection.getHeaderField("Content-Length"));
      assertEquals(
          "{\"to\":\"[a]d[a]@ex[a]mple.com\"}", text(connection.getInputStream().readAllBytes()));
    }
    assertEquals(1, server.connections());
    assertEquals(3, filter.ends.get());
    assertEquals(0, filter.abandoned.get());
  }

  @Test
  void anEventArrivesBeforeTheNextOneIsSent() throws IOException {
    new StretchingFilter(0).install();
    InputStream in = open("/events").getInputStream();
    assertEquals("d[a]t[a]: [a] first\n\n", text(in.readNBytes(21)));
    assertEquals(0, in.available());
    assertEquals(200, open("/next").getResponseCode());
    assertEquals("d[a]t[a]: [a] second\n\n", text(in.readAllBytes()));
    assertEquals(-1, in.read());
  }

  @Test
  void aClosedFilteredBodyDoesNotLookLikeItsEnd() throws IOException {
    StretchingFilter filter = new StretchingFilter(3);
    filter.install();
    InputStream in = open("/endless").getInputStream();
    assertEquals('b', in.read());
    in.close();
    in.close();
    assertThrows(IOException.class, in::read);
    assertThrows(IOException.class, () -> in.read(new byte[4]));
    assertEquals(0, filter.ends.get());
    assertEquals(1, filter.abandoned.get());
  }

  @Test
  void aTimeoutIsNotTheEndOfAFilteredBody() throws IOException {
    StretchingFilter filter = new StretchingFilter(3);
    filter.install();
    HttpURLConnection connection = open("/endless");
    connection.setReadTimeout(50);
    InputStream in = connection.getInputStream();
    assertEquals("beginn", text(in.readNBytes(6)));
    assertThrows(SocketTimeoutException.class, in::read);
    assertThrows(IOException.class, in::read); // whatever the JDK says now, not the end
    connection.disconnect();
    assertEquals(0, filter.ends.get());
  }

  @Test
  void whatComesFromAResponseCacheGoesThroughTheFilter() throws IOException {
    StretchingFilter filter = new StretchingFilter(3);
    filter.install();
    ResponseCache before = ResponseCache.getDefault();
    ResponseCache.setDefault(new Stored());
    try {
      HttpURLConnection connection = open("/stored");
      connection.setUseCaches(true);
      InputStream in = connection.getInputStream();
      assertEquals("[a]n [a]nswer", text(in.readAllBytes()));
      assertSame(in, connection.getInputStream());
      assertEquals(200, connection.getResponseCode());
      assertEquals(List.of(), server.requests());
    } finally {
      ResponseCache.setDefault(before);
    }
  }

  /** Has one answer to everything. */
  private static final class Stored extends ResponseCache {
    @Override
    public CacheResponse get(URI uri, String method, Map<String, List<String>> headers) {
      return new CacheResponse() {
        @Override
        public Map<String, List<String>> getHeaders() {
          Map<String, List<String>> stored = new HashMap<>();
          stored.put(null, List.of("HTTP/1.1 200 OK"));
          stored.put("Content-Length", List.of("9"));
          return stored;
        }

        @Override
        public InputStream getBody() {
          return new ByteArrayInputStream("an answer".getBytes(StandardCharsets.ISO_8859_1));
        }
      };
    }

    @Override
    public @Nullable CacheRequest put(URI uri, URLConnection connection) {
      return null;
    }
  }
}
