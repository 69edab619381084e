package dev.cordon.instrumentation.jdkclient;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cordon.bootstrap.Admission;
import dev.cordon.bootstrap.Body;
import dev.cordon.bootstrap.CallDenied;
import dev.cordon.bootstrap.Gate;
import dev.cordon.instrumentation.LoopbackServer;
import dev.cordon.instrumentation.RecordingGuard;
import dev.cordon.instrumentation.RecordingGuard.Seen;
import dev.cordon.instrumentation.StretchingFilter;
import dev.cordon.instrumentation.WovenJvm;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import okhttp3.Headers;
import okhttp3.Protocol;
import okhttp3.mockwebserver.MockResponse;
import okhttp3.mockwebserver.MockWebServer;
import okhttp3.mockwebserver.PushPromise;
import okhttp3.mockwebserver.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the JDK's client does that no other client does. */
@Timeout(60)
class JdkClientTrapsTest {

  private static final HttpClient CLIENT = JdkClientInstrumentationTest.CLIENT;
  private static final String PII = "{\"to\":\"ada@example.com\"}";
  private static final String REDACTED = "{\"to\":\"[email]\"}";

  private LoopbackServer server;

  @BeforeEach
  void start() {
    server = LoopbackServer.start(false);
    WovenJvm.weave();
  }

  @AfterEach
  void stop() {
    Gate.install(RecordingGuard.allowing());
    server.close();
  }

  private static RecordingGuard guard(RecordingGuard.Policy policy) {
    RecordingGuard guard = new RecordingGuard(policy);
    Gate.install(guard);
    return guard;
  }

  private static RecordingGuard refusing(boolean exception) {
    return guard(call -> Admission.refused(RecordingGuard.refusal(exception)));
  }

  private static RecordingGuard redacting() {
    return guard(
        call ->
            call.text().contains("ada@example.com")
                ? call.rewrite(
                    null,
                    null,
                    call.text()
                        .replace("ada@example.com", "[email]")
                        .getBytes(StandardCharsets.UTF_8))
                : call.allow());
  }

  private HttpRequest post(BodyPublisher publisher) {
    return HttpRequest.newBuilder(URI.create(server.url("/v1/messages"))).POST(publisher).build();
  }

  private static <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler)
      throws Exception {
    return CLIENT.send(request, handler);
  }

  @Test
  void everyBodyHandlerGetsTheRefusal(@TempDir Path folder) throws Exception {
    refusing(false);
    String want = RecordingGuard.refusal(false).bodyText();
    HttpRequest request = post(BodyPublishers.ofString(PII));
    assertEquals(want, send(request, BodyHandlers.ofString()).body());
    assertEquals(
        want, new String(send(request, BodyHandlers.ofByteArray()).body(), StandardCharsets.UTF_8));
    try (InputStream in = send(request, BodyHandlers.ofInputStream()).body()) {
      assertEquals(want, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
    assertEquals(List.of(want), send(request, BodyHandlers.ofLines()).body().toList());
    assertEquals("done", send(request, BodyHandlers.replacing("done")).body());
    assertEquals(403, send(request, BodyHandlers.discarding()).statusCode());
    Path file = send(request, BodyHandlers.ofFile(folder.resolve("answer"))).body();
    assertEquals(want, Files.readString(file));
    HttpResponse<Flow.Publisher<List<ByteBuffer>>> published =
        send(request, BodyHandlers.ofPublisher());
    assertEquals(want, collect(published.body()));
    assertEquals(want, send(request, BodyHandlers.buffering(BodyHandlers.ofString(), 7)).body());
    assertEquals(List.of(), server.requests());
  }

  private static String collect(Flow.Publisher<List<ByteBuffer>> publisher) throws Exception {
    HttpResponse.BodySubscriber<String> subscriber =
        HttpResponse.BodySubscribers.ofString(StandardCharsets.UTF_8);
    publisher.subscribe(subscriber);
    return subscriber.getBody().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  @Test
  void refusalIsAResponseOfTheClientItself() throws Exception {
    refusing(false);
    HttpRequest request = post(BodyPublishers.ofString(PII));
    HttpResponse<String> response = send(request, BodyHandlers.ofString());
    assertEquals(403, response.statusCode());
    assertEquals(request.uri(), response.uri());
    assertEquals(request.method(), response.request().method());
    assertEquals(HttpClient.Version.HTTP_1_1, response.version());
    assertTrue(response.previousResponse().isEmpty());
    assertEquals("d-1", response.headers().firstValue("cordon-decision").orElse(""));
    assertEquals(
        RecordingGuard.refusal(false).body().length,
        response.headers().firstValueAsLong("Content-Length").orElse(-1));
  }

  @Test
  void refusalOfARedirectKnowsTheResponseBeforeIt() throws Exception {
    guard(
        call ->
            call.url.equals(server.url("/denied"))
                ? Admission.refused(RecordingGuard.refusal(false))
                : call.allow());
    HttpResponse<String> response =
        send(
            HttpRequest.newBuilder(
                    URI.create(server.url("/status/307?to=" + server.url("/denied"))))
                .POST(BodyPublishers.ofString(PII))
                .build(),
            BodyHandlers.ofString());
    assertEquals(403, response.statusCode());
    assertEquals(307, response.previousResponse().orElseThrow().statusCode());
  }

  @Test
  void refusalAsAnExceptionIsThrownAsItIs() {
    refusing(true);
    HttpRequest request = post(BodyPublishers.ofString(PII));
    CallDenied sync = assertThrows(CallDenied.class, () -> send(request, BodyHandlers.ofString()));
    assertEquals("d-1", sync.decisionId());
    ExecutionException async =
        assertThrows(
            ExecutionException.class,
            () -> CLIENT.sendAsync(request, BodyHandlers.ofString()).get());
    assertInstanceOf(CallDenied.class, async.getCause());
  }

  @Test
  void everyBodyPublisherIsReadAndSent(@TempDir Path folder) throws Exception {
    redacting();
    Path file = Files.writeString(folder.resolve("body"), PII);
    byte[] bytes = PII.getBytes(StandardCharsets.UTF_8);
    List<BodyPublisher> publishers =
        List.of(
            BodyPublishers.ofString(PII),
            BodyPublishers.ofByteArray(bytes),
            BodyPublishers.ofByteArrays(List.of(bytes)),
            BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes)),
            BodyPublishers.ofFile(file),
            BodyPublishers.concat(
                BodyPublishers.ofString(PII.substring(0, 10)),
                BodyPublishers.ofString(PII.substring(10))),
            BodyPublishers.fromPublisher(BodyPublishers.ofString(PII)),
            BodyPublishers.fromPublisher(BodyPublishers.ofString(PII), PII.length()));
    for (BodyPublisher publisher : publishers) {
      server.requests().clear();
      assertEquals(200, send(post(publisher), BodyHandlers.discarding()).statusCode());
      assertEquals(REDACTED, server.only().text(), publisher.toString());
      String length = server.only().header("Content-Length");
      assertEquals(
          publisher.contentLength() >= 0 ? String.valueOf(REDACTED.length()) : null, length);
    }
  }

  @Test
  void chunksOfTheApplicationStayChunks() throws Exception {
    guard(Seen::allow);
    List<byte[]> parts =
        List.of(new byte[] {'a'}, new byte[] {'b', 'c'}, PII.getBytes(StandardCharsets.UTF_8));
    WovenJvm.unweave();
    send(post(BodyPublishers.ofByteArrays(parts)), BodyHandlers.discarding());
    String without = new String(server.only().raw(), StandardCharsets.ISO_8859_1);
    server.requests().clear();
    WovenJvm.weave();
    send(post(BodyPublishers.ofByteArrays(parts)), BodyHandlers.discarding());
    String raw = new String(server.only().raw(), StandardCharsets.ISO_8859_1);
    assertEquals(without, raw);
    assertTrue(raw.endsWith("\r\n1\r\na\r\n2\r\nbc\r\n18\r\n" + PII + "\r\n0\r\n\r\n"), raw);
  }

  @Test
  void bodyThatComesLateBlocksNobody() throws Exception {
    RecordingGuard guard = redacting();
    SubmissionPublisher<ByteBuffer> late = new SubmissionPublisher<>(Runnable::run, 8);
    CompletableFuture<HttpResponse<Void>> response =
        CLIENT.sendAsync(post(BodyPublishers.fromPublisher(late)), BodyHandlers.discarding());
    awaitSubscriber(late);
    assertFalse(response.isDone());
    assertEquals(List.of(), guard.calls);
    late.submit(ByteBuffer.wrap(PII.substring(0, 10).getBytes(StandardCharsets.UTF_8)));
    late.submit(ByteBuffer.wrap(PII.substring(10).getBytes(StandardCharsets.UTF_8)));
    late.close();
    assertEquals(200, response.get(30, TimeUnit.SECONDS).statusCode());
    assertEquals(REDACTED, server.only().text());
    assertEquals(1, guard.calls.get(0).reports.get());
  }

  /** The client's executor subscribes. */
  private static void awaitSubscriber(SubmissionPublisher<?> publisher) {
    long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (publisher.getNumberOfSubscribers() == 0) {
      if (System.nanoTime() - deadlineNs > 0) {
        throw new AssertionError("nobody subscribed to the body");
      }
      Thread.onSpinWait();
    }
  }

  @Test
  void bodyThatComesLateWorksForSendAndCanBeRefused() throws Exception {
    refusing(false);
    SubmissionPublisher<ByteBuffer> late = new SubmissionPublisher<>(Runnable::run, 8);
    Thread writer =
        new Thread(
            () -> {
              awaitSubscriber(late);
              late.submit(ByteBuffer.wrap(PII.getBytes(StandardCharsets.UTF_8)));
              late.close();
            });
    writer.start();
    assertEquals(
        403, send(post(BodyPublishers.fromPublisher(late)), BodyHandlers.ofString()).statusCode());
    writer.join();
    assertEquals(List.of(), server.requests());
  }

  @Test
  void bodyThatNeverComesEndsWithTheTimeoutOfTheRequest() {
    guard(Seen::allow);
    SubmissionPublisher<ByteBuffer> never = new SubmissionPublisher<>(Runnable::run, 8);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server.url("/")))
            .timeout(Duration.ofMillis(300))
            .POST(BodyPublishers.fromPublisher(never))
            .build();
    assertThrows(HttpTimeoutException.class, () -> send(request, BodyHandlers.discarding()));
    assertEquals(List.of(), server.requests());
  }

  @Test
  void bodyWhoseStreamBlocksEndsWithTheTimeoutOfTheRequest() throws Exception {
    guard(Seen::allow);
    BlockingStream never = new BlockingStream();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server.url("/")))
            .timeout(Duration.ofMillis(300))
            .POST(BodyPublishers.ofInputStream(() -> never))
            .build();
    try {
      assertThrows(HttpTimeoutException.class, () -> send(request, BodyHandlers.discarding()));
      assertTrue(never.isBlocked(), "the stream came to its end before the timeout");
    } finally {
      never.end.countDown();
    }
    assertEquals(List.of(), server.requests());
  }

  @Test
  void bodyWhoseStreamBlocksLetsItsCallBeInterrupted() throws Exception {
    guard(Seen::allow);
    BlockingStream never = new BlockingStream();
    HttpRequest request = post(BodyPublishers.ofInputStream(() -> never));
    CompletableFuture<Throwable> thrown = new CompletableFuture<>();
    Thread caller =
        new Thread(
            () ->
                thrown.complete(
                    assertThrows(Throwable.class, () -> send(request, BodyHandlers.discarding()))));
    caller.start();
    try {
      assertTrue(never.begun.await(30, TimeUnit.SECONDS));
      caller.interrupt();
      assertInstanceOf(InterruptedException.class, thrown.get(30, TimeUnit.SECONDS));
      assertTrue(never.isBlocked(), "the stream came to its end before the interrupt");
    } finally {
      never.end.countDown();
      caller.join(30_000);
    }
    assertEquals(List.of(), server.requests());
  }

  /** Gives nothing before the latch lets it end. */
  private static final class BlockingStream extends InputStream {
    final CountDownLatch begun = new CountDownLatch(1);
    final CountDownLatch end = new CountDownLatch(1);

    boolean isBlocked() {
      return begun.getCount() == 0 && end.getCount() > 0;
    }

    @Override
    public int read() throws IOException {
      begun.countDown();
      try {
        if (!end.await(60, TimeUnit.SECONDS)) {
          throw new IOException("nobody let this stream end");
        }
      } catch (InterruptedException interrupted) {
        throw new java.io.InterruptedIOException("interrupted");
      }
      return -1;
    }
  }

  @Test
  void cancelledCallDoesNotWaitForItsBody() throws Exception {
    guard(Seen::allow);
    SubmissionPublisher<ByteBuffer> never = new SubmissionPublisher<>(Runnable::run, 8);
    CompletableFuture<HttpResponse<Void>> response =
        CLIENT.sendAsync(post(BodyPublishers.fromPublisher(never)), BodyHandlers.discarding());
    awaitSubscriber(never);
    assertTrue(response.cancel(true));
    for (int i = 0; i < 1000 && never.getNumberOfSubscribers() > 0; i++) {
      never.offer(ByteBuffer.allocate(1), null); // lets it notice that it was cancelled
      Thread.sleep(5);
    }
    assertEquals(0, never.getNumberOfSubscribers(), "the publisher is let go");
    assertEquals(List.of(), server.requests());
  }

  /** Without Cordon the JDK ignores it. */
  @Test
  void whatAPublisherGivesBehindItsEndIsNotSent() throws Exception {
    Gate.install(RecordingGuard.allowing());
    for (int i = 0; i < 50; i++) {
      CountDownLatch late = new CountDownLatch(1);
      BodyPublisher publisher =
          BodyPublishers.fromPublisher(
              subscriber ->
                  subscriber.onSubscribe(
                      new Flow.Subscription() {
                        private boolean done;

                        @Override
                        public void request(long n) {
                          if (done) {
                            return;
                          }
                          done = true;
                          subscriber.onNext(ByteBuffer.wrap(PII.getBytes(StandardCharsets.UTF_8)));
                          subscriber.onComplete();
                          new Thread(
                                  () -> {
                                    subscriber.onNext(ByteBuffer.wrap(new byte[] {'!'}));
                                    late.countDown();
                                  })
                              .start();
                        }

                        @Override
                        public void cancel() {}
                      }));
      CLIENT.send(
          HttpRequest.newBuilder(URI.create(server.url("/late"))).POST(publisher).build(),
          BodyHandlers.discarding());
      assertTrue(late.await(10, TimeUnit.SECONDS));
    }
    for (LoopbackServer.Request received : server.requests()) {
      assertEquals(PII, new String(received.body(), StandardCharsets.UTF_8));
    }
    assertEquals(50, server.requests().size());
  }

  @Test
  void bodyOverTheLimitIsSentFromItsPublisherAndReadOnce() throws Exception {
    RecordingGuard guard = new RecordingGuard(Seen::allow, 1000);
    Gate.install(guard);
    byte[] body = new byte[300_000];
    long seed = 42;
    new Random(seed).nextBytes(body);
    int[] opened = new int[1];
    send(
        post(
            BodyPublishers.ofInputStream(
                () -> {
                  opened[0]++;
                  return new ByteArrayInputStream(body);
                })),
        BodyHandlers.discarding());
    assertArrayEquals(body, server.only().body());
    assertEquals(1, opened[0]);
    assertEquals(Body.State.TOO_LARGE, guard.calls.get(0).body.state());
    assertEquals(1, guard.calls.size());
  }

  @Test
  void bodyAnnouncedAsTooLongIsNotRead() throws Exception {
    RecordingGuard guard =
        new RecordingGuard(call -> Admission.refused(RecordingGuard.refusal(false)), 1000);
    Gate.install(guard);
    BodyPublisher untouched =
        BodyPublishers.fromPublisher(
            subscriber -> {
              throw new AssertionError("subscribed");
            },
            5000);
    assertEquals(403, send(post(untouched), BodyHandlers.ofString()).statusCode());
    assertEquals(5000, guard.calls.get(0).body.length());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void publisherThatTellsNothingFirstAndABodyLaterSendsNothing(boolean async) throws Exception {
    RecordingGuard guard = guard(Seen::allow);
    BodyPublisher body = BodyPublishers.ofString(PII);
    int[] asked = new int[1];
    BodyPublisher fickle =
        new BodyPublisher() {
          @Override
          public long contentLength() {
            return asked[0]++ == 0 ? 0 : PII.length();
          }

          @Override
          public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
            body.subscribe(subscriber);
          }
        };
    HttpResponse<Void> response =
        async
            ? CLIENT.sendAsync(post(fickle), BodyHandlers.discarding()).get(30, TimeUnit.SECONDS)
            : send(post(fickle), BodyHandlers.discarding());
    assertEquals(200, response.statusCode());
    assertEquals("", server.only().text());
    assertEquals("0", server.only().header("Content-Length"));
    assertEquals(Body.State.NONE, guard.calls.get(0).body.state());
  }

  @Test
  void bodyOverTheLimitThatComesLateArrivesWhole() throws Exception {
    Gate.install(new RecordingGuard(Seen::allow, 100));
    SubmissionPublisher<ByteBuffer> late = new SubmissionPublisher<>();
    CompletableFuture<HttpResponse<Void>> response =
        CLIENT.sendAsync(post(BodyPublishers.fromPublisher(late)), BodyHandlers.discarding());
    awaitSubscriber(late);
    StringBuilder want = new StringBuilder();
    for (int i = 0; i < 500; i++) {
      String part = "part " + i + ";";
      want.append(part);
      late.submit(ByteBuffer.wrap(part.getBytes(StandardCharsets.UTF_8)));
    }
    late.close();
    assertEquals(200, response.get(30, TimeUnit.SECONDS).statusCode());
    assertEquals(want.toString(), server.only().text());
  }

  @Test
  void publisherThatThrowsWhenItIsSubscribedToReachesTheApplication() {
    RecordingGuard guard = guard(Seen::allow);
    IllegalStateException own = new IllegalStateException("the application's own");
    HttpRequest request =
        post(
            BodyPublishers.fromPublisher(
                subscriber -> {
                  throw own;
                }));
    IOException thrown =
        assertThrows(IOException.class, () -> send(request, BodyHandlers.discarding()));
    assertSame(own, thrown.getCause());
    assertEquals(List.of(), guard.undecided);
  }

  @Test
  void expectContinueStillAsksFirst() throws Exception {
    guard(Seen::allow);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server.url("/")))
            .expectContinue(true)
            .POST(BodyPublishers.ofString(PII))
            .build();
    assertEquals(200, send(request, BodyHandlers.discarding()).statusCode());
    assertEquals(PII, server.only().text());
    assertEquals("100-Continue", server.only().header("Expect"));
  }

  @Test
  void refusedWebSocketHandshakeFailsAsOne() {
    RecordingGuard guard = refusing(false);
    URI uri = URI.create(server.url("/socket").replace("http:", "ws:"));
    ExecutionException thrown =
        assertThrows(
            ExecutionException.class,
            () ->
                CLIENT
                    .newWebSocketBuilder()
                    .buildAsync(uri, new WebSocket.Listener() {})
                    .get(30, TimeUnit.SECONDS));
    WebSocketHandshakeException failed =
        assertInstanceOf(WebSocketHandshakeException.class, thrown.getCause());
    assertEquals(403, failed.getResponse().statusCode());
    assertInstanceOf(CallDenied.class, failed.getCause());
    assertEquals(server.url("/socket"), guard.calls.get(0).url);
    assertEquals(List.of(), server.requests());
  }

  @Test
  void requestOfTheApplicationIsNotChanged() throws Exception {
    redacting();
    BodyPublisher publisher = BodyPublishers.ofString(PII);
    HttpRequest request = post(publisher);
    send(request, BodyHandlers.discarding());
    assertSame(publisher, request.bodyPublisher().orElseThrow());
    send(request, BodyHandlers.discarding());
    assertEquals(2, server.requests().size());
    assertEquals(REDACTED, server.requests().get(1).text());
  }

  @Test
  void http2IsGuardedLikeHttp1() throws Exception {
    try (MockWebServer h2 = new MockWebServer()) {
      h2.useHttps(LoopbackServer.tls().getSocketFactory(), false);
      h2.setProtocols(List.of(Protocol.HTTP_2, Protocol.HTTP_1_1));
      h2.start();
      HttpClient client =
          HttpClient.newBuilder()
              .sslContext(LoopbackServer.tls())
              .followRedirects(HttpClient.Redirect.ALWAYS)
              .build();
      String origin = "https://localhost:" + h2.getPort();
      RecordingGuard guard = redacting();
      h2.enqueue(new MockResponse().setResponseCode(201).setBody("first"));
      h2.enqueue(new MockResponse().setBody("second"));
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(origin + "/v1/messages"))
              .POST(BodyPublishers.ofString(PII))
              .build();
      HttpResponse<String> first = client.send(request, BodyHandlers.ofString());
      HttpResponse<String> second =
          client.sendAsync(request, BodyHandlers.ofString()).get(30, TimeUnit.SECONDS);
      assertEquals(HttpClient.Version.HTTP_2, first.version());
      assertEquals(HttpClient.Version.HTTP_2, second.version());
      assertEquals("first", first.body());
      assertEquals("second", second.body());
      for (int i = 0; i < 2; i++) {
        RecordedRequest arrived = h2.takeRequest();
        assertEquals(REDACTED, arrived.getBody().readUtf8());
        assertEquals(String.valueOf(REDACTED.length()), arrived.getHeader("Content-Length"));
      }
      assertEquals(2, guard.calls.size());
      assertEquals(
          List.of(201, 200), List.of(guard.calls.get(0).status, guard.calls.get(1).status));
      refusing(false);
      assertEquals(403, client.send(request, BodyHandlers.ofString()).statusCode());
      assertEquals(403, client.sendAsync(request, BodyHandlers.ofString()).get().statusCode());
      assertEquals(2, h2.getRequestCount());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void allowedCallOverHttp2ArrivesAsWithoutCordon(boolean async) throws Exception {
    try (MockWebServer h2 = http2Server()) {
      HttpClient client = http2Client();
      List<HttpRequest> requests = new ArrayList<>();
      for (BodyPublisher body :
          List.of(
              BodyPublishers.noBody(),
              BodyPublishers.ofString(PII),
              BodyPublishers.ofString(""),
              BodyPublishers.fromPublisher(BodyPublishers.ofString(PII)))) { // no length
        requests.add(
            HttpRequest.newBuilder(
                    URI.create("https://localhost:" + h2.getPort() + "/v1/things?q=a%20b"))
                .header("X-Second", "2")
                .header("X-First", "1")
                .header("User-Agent", "contract/1")
                .method("POST", body)
                .build());
      }
      WovenJvm.unweave();
      List<String> without = arrived(h2, client, requests, async);
      WovenJvm.weave();
      RecordingGuard guard = guard(Seen::allow);
      assertEquals(without, arrived(h2, client, requests, async));
      assertEquals(requests.size(), guard.calls.size());
      for (Seen call : guard.calls) {
        assertEquals(1, call.reports.get(), call::toString);
        assertEquals(200, call.status);
        assertEquals(2, call.responseBytes);
      }
    }
  }

  /** Request line, headers in their order and body of each request, as the server got them. */
  private static List<String> arrived(
      MockWebServer h2, HttpClient client, List<HttpRequest> requests, boolean async)
      throws Exception {
    List<String> arrived = new ArrayList<>();
    for (HttpRequest request : requests) {
      h2.enqueue(new MockResponse().setBody("ok"));
      HttpResponse<String> response =
          async
              ? client.sendAsync(request, BodyHandlers.ofString()).get(30, TimeUnit.SECONDS)
              : client.send(request, BodyHandlers.ofString());
      assertEquals(HttpClient.Version.HTTP_2, response.version());
      assertEquals("ok", response.body());
      RecordedRequest recorded = h2.takeRequest();
      arrived.add(
          recorded.getRequestLine() + recorded.getHeaders() + recorded.getBody().readUtf8());
    }
    return arrived;
  }

  /** To another server: MockWebServer hangs up on the JDK's client after a redirect to itself. */
  @Test
  void redirectOverHttp2IsDecidedAgainAndStaysRedacted() throws Exception {
    try (MockWebServer first = http2Server();
        MockWebServer second = http2Server()) {
      String target = "https://localhost:" + second.getPort() + "/v2/messages";
      first.enqueue(new MockResponse().setResponseCode(307).setHeader("Location", target));
      second.enqueue(new MockResponse().setBody("moved"));
      HttpRequest request =
          HttpRequest.newBuilder(
                  URI.create("https://localhost:" + first.getPort() + "/v1/messages"))
              .POST(BodyPublishers.ofString(PII))
              .build();
      RecordingGuard guard = redacting();
      HttpResponse<String> response = http2Client().send(request, BodyHandlers.ofString());
      assertEquals(HttpClient.Version.HTTP_2, response.version());
      assertEquals("moved", response.body());
      for (MockWebServer hop : List.of(first, second)) {
        RecordedRequest arrived = hop.takeRequest();
        assertEquals("POST", arrived.getMethod());
        assertEquals(REDACTED, arrived.getBody().readUtf8());
        assertEquals(String.valueOf(REDACTED.length()), arrived.getHeader("Content-Length"));
      }
      assertEquals(List.of(307, 200), guard.calls.stream().map(call -> call.status).toList());
      guard(
          call ->
              call.url.equals(target)
                  ? Admission.refused(RecordingGuard.refusal(false))
                  : call.allow());
      first.enqueue(new MockResponse().setResponseCode(308).setHeader("Location", target));
      assertEquals(403, http2Client().send(request, BodyHandlers.ofString()).statusCode());
      assertEquals(2, first.getRequestCount());
      assertEquals(1, second.getRequestCount(), "the refused hop was not sent");
    }
  }

  private static MockWebServer http2Server() throws IOException {
    MockWebServer h2 = new MockWebServer();
    h2.useHttps(LoopbackServer.tls().getSocketFactory(), false);
    h2.setProtocols(List.of(Protocol.HTTP_2, Protocol.HTTP_1_1));
    h2.start();
    return h2;
  }

  private static HttpClient http2Client() {
    return HttpClient.newBuilder()
        .sslContext(LoopbackServer.tls())
        .followRedirects(HttpClient.Redirect.ALWAYS)
        .build();
  }

  @Test
  void decisionOfSendIsMadeOnTheCallersThread() throws Exception {
    Thread[] decider = new Thread[1];
    guard(
        call -> {
          decider[0] = Thread.currentThread();
          return call.allow();
        });
    send(post(BodyPublishers.ofString(PII)), BodyHandlers.discarding());
    assertSame(Thread.currentThread(), decider[0]);
  }

  @Test
  void slowDecisionDoesNotStopOtherCalls() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    guard(
        call -> {
          if (call.url.endsWith("/slow")) {
            release.await(30, TimeUnit.SECONDS);
          }
          return call.allow();
        });
    CompletableFuture<HttpResponse<Void>> slow =
        CLIENT.sendAsync(
            HttpRequest.newBuilder(URI.create(server.url("/slow"))).build(),
            BodyHandlers.discarding());
    assertEquals(
        200,
        send(
                HttpRequest.newBuilder(URI.create(server.url("/fast"))).build(),
                BodyHandlers.discarding())
            .statusCode());
    assertFalse(slow.isDone());
    release.countDown();
    assertEquals(200, slow.get(30, TimeUnit.SECONDS).statusCode());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everyBodyHandlerGetsAFilteredResponse(boolean http2, @TempDir Path folder) throws Exception {
    String body = "a word ".repeat(20_000);
    String want = "[a] word ".repeat(20_000);
    for (int held : new int[] {0, 5, 1_000_000}) { // the last: all of it comes at the end
      StretchingFilter filter = new StretchingFilter(held);
      RecordingGuard guard = filter.install();
      try (MockWebServer vendor = http2 ? http2Server() : http1Server()) {
        HttpClient client = http2Client();
        HttpRequest request =
            HttpRequest.newBuilder(
                    URI.create((http2 ? "https" : "http") + "://localhost:" + vendor.getPort()))
                .build();
        for (int i = 0; i < 8; i++) {
          vendor.enqueue(
              http2 || i % 2 == 0 // MockWebServer has no chunks of its own over HTTP/2
                  ? new MockResponse().setBody(body)
                  : new MockResponse().setChunkedBody(body, 100));
        }
        HttpResponse<String> first = client.send(request, BodyHandlers.ofString());
        assertEquals(
            http2 ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1, first.version());
        assertEquals(want, first.body());
        assertTrue(first.headers().firstValue("Content-Length").isEmpty());
        try (InputStream in = client.send(request, BodyHandlers.ofInputStream()).body()) {
          assertEquals(want, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
        assertEquals(List.of(want), client.send(request, BodyHandlers.ofLines()).body().toList());
        assertEquals("done", client.send(request, BodyHandlers.replacing("done")).body());
        Path file = folder.resolve(http2 + "-" + held);
        client.send(request, BodyHandlers.ofFile(file));
        assertEquals(want, Files.readString(file));
        assertEquals(want, collect(client.send(request, BodyHandlers.ofPublisher()).body()));
        assertEquals(
            want, client.send(request, BodyHandlers.buffering(BodyHandlers.ofString(), 7)).body());
        assertEquals(want, byOne(client.send(request, BodyHandlers.ofPublisher()).body()));
        assertEquals(8, filter.ends.get());
        assertEquals(0, filter.abandoned.get());
        assertEquals(List.of(), guard.faults);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aLongBodyOfWhichNothingCanBeGivenYetDoesNotGrowTheStack(boolean http2) throws Exception {
    StretchingFilter filter = new StretchingFilter(1 << 30);
    filter.install();
    try (MockWebServer vendor = http2 ? http2Server() : http1Server()) {
      String body = "b".repeat(16 << 20);
      vendor.enqueue(new MockResponse().setBody(body));
      HttpRequest request =
          HttpRequest.newBuilder(
                  URI.create((http2 ? "https" : "http") + "://localhost:" + vendor.getPort()))
              .build();
      InputStream in = http2Client().send(request, BodyHandlers.ofInputStream()).body();
      assertEquals(body.length(), in.readAllBytes().length);
      assertTrue(filter.pieces.get() >= 1000, () -> filter.pieces + " pieces");
      assertTrue(filter.mostDepth < 400, () -> filter.mostDepth + " frames");
    }
  }

  private static MockWebServer http1Server() throws IOException {
    MockWebServer http1 = new MockWebServer();
    http1.start();
    return http1;
  }

  /** Asks for one list after the other, from within the one before. */
  private static String byOne(Flow.Publisher<List<ByteBuffer>> publisher) throws Exception {
    CompletableFuture<String> read = new CompletableFuture<>();
    publisher.subscribe(
        new Flow.Subscriber<>() {
          private final StringBuilder text = new StringBuilder();

          @SuppressWarnings("NullAway.Init")
          private Flow.Subscription subscription;

          @Override
          public void onSubscribe(Flow.Subscription own) {
            subscription = own;
            own.request(1);
          }

          @Override
          public void onNext(List<ByteBuffer> buffers) {
            buffers.forEach(buffer -> text.append(StandardCharsets.UTF_8.decode(buffer)));
            subscription.request(1);
          }

          @Override
          public void onError(Throwable thrown) {
            read.completeExceptionally(thrown);
          }

          @Override
          public void onComplete() {
            read.complete(text.toString());
          }
        });
    return read.get(30, TimeUnit.SECONDS);
  }

  @Test
  void anEventArrivesBeforeTheNextOneIsSent() throws Exception {
    new StretchingFilter(0).install();
    InputStream in =
        CLIENT
            .send(
                HttpRequest.newBuilder(URI.create(server.url("/events"))).build(),
                BodyHandlers.ofInputStream())
            .body();
    assertEquals("d[a]t[a]: [a] first\n\n", new String(in.readNBytes(21), StandardCharsets.UTF_8));
    assertEquals(0, in.available());
    send(
        HttpRequest.newBuilder(URI.create(server.url("/next"))).build(), BodyHandlers.discarding());
    assertEquals("d[a]t[a]: [a] second\n\n", new String(in.readAllBytes(), StandardCharsets.UTF_8));
  }

  /** This server pushes whatever the client says, and each time without what the client needs. */
  @ParameterizedTest
  @CsvSource({"true,SETTINGS_ENABLE_PUSH is 0", "false,No scheme in Push Promise"})
  void pushesAreTurnedDownWhereTheyWouldGoRoundTheFilter(boolean withholds, String error)
      throws Exception {
    StretchingFilter filter = new StretchingFilter(3);
    filter.withholds = withholds;
    filter.install();
    try (MockWebServer vendor = http2Server()) {
      vendor.enqueue(
          new MockResponse()
              .setBody("an answer")
              .withPush(
                  new PushPromise(
                      "GET",
                      "/pushed",
                      Headers.of("accept", "text/plain"),
                      new MockResponse().setBody("a push"))));
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("https://localhost:" + vendor.getPort())).build();
      ConcurrentMap<HttpRequest, CompletableFuture<HttpResponse<String>>> pushed =
          new ConcurrentHashMap<>();
      CompletableFuture<HttpResponse<String>> response =
          http2Client()
              .sendAsync(
                  request,
                  BodyHandlers.ofString(),
                  HttpResponse.PushPromiseHandler.of(push -> BodyHandlers.ofString(), pushed));
      ExecutionException thrown =
          assertThrows(ExecutionException.class, () -> response.get(30, TimeUnit.SECONDS));
      assertTrue(String.valueOf(thrown.getCause()).contains(error), () -> "thrown: " + thrown);
      assertEquals(Map.of(), pushed);
    }
  }

  @Test
  void aFilteredBodyThatIsGivenUpIsAbandonedAndFails() throws Exception {
    StretchingFilter filter = new StretchingFilter(3);
    filter.install();
    HttpRequest request = HttpRequest.newBuilder(URI.create(server.url("/endless"))).build();
    InputStream in = CLIENT.send(request, BodyHandlers.ofInputStream()).body();
    assertEquals('b', in.read());
    in.close();
    CompletableFuture<HttpResponse<String>> pending =
        CLIENT.sendAsync(request, BodyHandlers.ofString());
    for (int i = 0; i < 1000 && filter.pieces.get() < 2; i++) {
      Thread.sleep(5);
    }
    assertTrue(filter.pieces.get() >= 2, "the second body arrives");
    pending.cancel(true);
    for (int i = 0; i < 1000 && filter.abandoned.get() < 2; i++) {
      Thread.sleep(5); // the client ends the exchange on a thread of its own
    }
    assertEquals(2, filter.abandoned.get());
    assertEquals(0, filter.ends.get());
  }
}
