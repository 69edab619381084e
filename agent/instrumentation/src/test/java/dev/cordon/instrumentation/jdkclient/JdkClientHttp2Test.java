package dev.cordon.instrumentation.jdkclient;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.cordon.bootstrap.Admission;
import dev.cordon.bootstrap.CallDenied;
import dev.cordon.bootstrap.Gate;
import dev.cordon.instrumentation.LoopbackServer;
import dev.cordon.instrumentation.RecordingGuard;
import dev.cordon.instrumentation.RecordingGuard.Seen;
import dev.cordon.instrumentation.WovenJvm;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import okhttp3.Protocol;
import okhttp3.mockwebserver.Dispatcher;
import okhttp3.mockwebserver.MockResponse;
import okhttp3.mockwebserver.MockWebServer;
import okhttp3.mockwebserver.RecordedRequest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the contract asks, over HTTP/2 on TLS, where all calls share one connection; the contract's
 * own server speaks HTTP/1.1. The server sends back each body as it came.
 */
class JdkClientHttp2Test {
  private static final String PII = "{\"to\":\"ada@example.com\",\"amount\":12}";
  private static final String REDACTED = "{\"to\":\"[email]\",\"amount\":12}";

  private static final Logger SERVER_LOG = Logger.getLogger(MockWebServer.class.getName());

  private final HttpClient client =
      HttpClient.newBuilder().sslContext(LoopbackServer.tls()).build();
  private final AtomicInteger refusedThatArrived = new AtomicInteger();
  private MockWebServer server;

  @BeforeEach
  void start() throws IOException {
    SERVER_LOG.setLevel(Level.OFF);
    server = new MockWebServer();
    server.useHttps(LoopbackServer.tls().getSocketFactory(), false);
    server.setProtocols(List.of(Protocol.HTTP_2, Protocol.HTTP_1_1));
    server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            if (String.valueOf(request.getRequestLine()).contains(" /refuse")) {
              refusedThatArrived.incrementAndGet();
            }
            byte[] body = request.getBody().readByteArray();
            return new MockResponse()
                .setBody(
                    "gzip".equals(request.getHeader("Content-Encoding"))
                        ? unzipped(body)
                        : new String(body, StandardCharsets.UTF_8));
          }
        });
    server.start();
    WovenJvm.weave();
  }

  @AfterEach
  void stop() throws IOException {
    Gate.install(RecordingGuard.allowing());
    server.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void sixtyFourThreadsOnOneConnectionMixNothingUp(boolean async) throws Exception {
    RecordingGuard guard = guard(JdkClientHttp2Test::byPath);
    int calls = 64 * 12;
    ExecutorService threads = Executors.newFixedThreadPool(64);
    List<Future<@Nullable String>> results = new ArrayList<>();
    try {
      send(post("/plain", BodyPublishers.ofString("the connection is there")), false);
      for (int i = 0; i < calls; i++) {
        int number = i;
        results.add(threads.submit(() -> problem(number, async)));
      }
      List<String> wrong = new ArrayList<>();
      for (Future<@Nullable String> result : results) {
        String problem = result.get(120, TimeUnit.SECONDS);
        if (problem != null) {
          wrong.add(problem);
        }
      }
      assertEquals(List.of(), wrong);
    } finally {
      threads.shutdownNow();
    }
    assertEquals(1 + calls, guard.calls.size());
    assertEquals(0, refusedThatArrived.get());
    assertEquals(1 + calls - calls / 4, server.getRequestCount());
    for (Seen call : guard.calls) {
      assertEquals(call.url.contains("/refuse") ? 0 : 1, call.reports.get(), call::toString);
    }
  }

  /** A fourth each: refused, redacted, redacted under gzip, left alone; streamed and whole. */
  private @Nullable String problem(int number, boolean async) throws Exception {
    String text = "ada@example.com wrote " + number + " ".repeat(number % 7 * 900);
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    String path = List.of("/refuse/", "/redact/", "/redact/", "/plain/").get(number % 4);
    boolean gzip = number % 4 == 2;
    byte[] body = gzip ? zipped(text) : bytes;
    BodyPublisher publisher =
        number % 3 == 0
            ? BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body))
            : BodyPublishers.ofByteArray(body);
    HttpRequest.Builder request = builder(path + number).POST(publisher);
    if (gzip) {
      request.header("Content-Encoding", "gzip");
    }
    HttpResponse<String> response = send(request.build(), async);
    String want =
        switch (number % 4) {
          case 0 -> RecordingGuard.refusal(false).bodyText();
          case 3 -> text;
          default -> text.replace("ada@example.com", "[email]");
        };
    boolean isRight =
        response.body().equals(want)
            && response.statusCode() == (number % 4 == 0 ? 403 : 200)
            && (number % 4 == 0 || response.version() == HttpClient.Version.HTTP_2);
    return isRight ? null : number + ": " + response + " " + response.body().strip();
  }

  private static Admission byPath(Seen call) throws IOException {
    if (call.url.contains("/refuse/")) {
      return Admission.refused(RecordingGuard.refusal(false));
    }
    if (!call.url.contains("/redact/")) {
      return call.allow();
    }
    boolean gzip = "gzip".equals(call.header("Content-Encoding"));
    String text = gzip ? unzipped(call.body.bytes()) : call.text();
    String redacted = text.replace("ada@example.com", "[email]");
    return call.rewrite(
        null, null, gzip ? zipped(redacted) : redacted.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void deniedWriteArrivesAsIoExceptionWhereTheRulesAskForOne(boolean async) {
    guard(call -> Admission.refused(RecordingGuard.refusal(true)));
    Exception thrown =
        assertThrows(
            Exception.class, () -> send(post("/refuse", BodyPublishers.ofString(PII)), async));
    assertInstanceOf(
        CallDenied.class, thrown instanceof ExecutionException ? thrown.getCause() : thrown);
    assertEquals(0, server.getRequestCount());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void faultInsideTheGuardRefusesAWriteAndPassesARead(boolean async) throws Exception {
    guard(
        call -> {
          throw new IllegalStateException("a fault of the guard");
        });
    assertEquals(200, send(builder("/read").GET().build(), async).statusCode());
    assertEquals(403, send(post("/refuse", BodyPublishers.ofString(PII)), async).statusCode());
    assertEquals(1, server.getRequestCount());
    assertEquals(0, refusedThatArrived.get());
  }

  @Test
  void streamedBodyIsReadOnceAndRedacted() throws Exception {
    guard(call -> call.rewrite(null, null, REDACTED.getBytes(StandardCharsets.UTF_8)));
    AtomicInteger reads = new AtomicInteger();
    HttpResponse<String> response =
        send(
            post(
                "/redact",
                BodyPublishers.ofInputStream(
                    () -> {
                      reads.incrementAndGet();
                      return new ByteArrayInputStream(PII.getBytes(StandardCharsets.UTF_8));
                    })),
            false);
    assertEquals(REDACTED, response.body());
    assertEquals(1, reads.get());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void bodyOverTheLimitIsNotReadAndArrivesWhole(boolean streamed) throws Exception {
    RecordingGuard guard = new RecordingGuard(Seen::allow, 1_000);
    Gate.install(guard);
    byte[] large = "0123456789".repeat(5_000).getBytes(StandardCharsets.UTF_8);
    HttpResponse<String> response =
        send(
            post(
                "/plain",
                streamed
                    ? BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large))
                    : BodyPublishers.ofByteArray(large)),
            false);
    assertEquals(new String(large, StandardCharsets.UTF_8), response.body());
    assertEquals(0, guard.calls.get(0).body.bytes().length);
  }

  private static RecordingGuard guard(RecordingGuard.Policy policy) {
    RecordingGuard guard = new RecordingGuard(policy);
    Gate.install(guard);
    return guard;
  }

  private HttpRequest post(String path, BodyPublisher body) {
    return builder(path).POST(body).build();
  }

  private HttpRequest.Builder builder(String path) {
    return HttpRequest.newBuilder(URI.create("https://localhost:" + server.getPort() + path));
  }

  private HttpResponse<String> send(HttpRequest request, boolean async) throws Exception {
    if (!async) {
      return client.send(request, BodyHandlers.ofString());
    }
    CompletableFuture<HttpResponse<String>> pending =
        client.sendAsync(request, BodyHandlers.ofString());
    return pending.get(60, TimeUnit.SECONDS);
  }

  private static byte[] zipped(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  private static String unzipped(byte[] bytes) {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }
}
