package dev.cordon.instrumentation.okhttp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cordon.bootstrap.Admission;
import dev.cordon.bootstrap.Body;
import dev.cordon.bootstrap.CallDenied;
import dev.cordon.instrumentation.LoopbackServer;
import dev.cordon.instrumentation.RecordingGuard;
import dev.cordon.instrumentation.RecordingGuard.Seen;
import dev.cordon.instrumentation.StretchingFilter;
import dev.cordon.instrumentation.WovenJvm;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.Cache;
import okhttp3.Cookie;
import okhttp3.CookieJar;
import okhttp3.FormBody;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.MultipartBody;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okhttp3.mockwebserver.MockResponse;
import okhttp3.mockwebserver.MockWebServer;
import okhttp3.mockwebserver.RecordedRequest;
import okio.Buffer;
import okio.BufferedSink;
import okio.GzipSink;
import okio.Okio;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract with blocking calls, and what only OkHttp has. */
final class OkHttpInstrumentationTest extends OkHttpContract {

  private static final @Nullable MediaType TYPE = MediaType.parse(JSON);

  @Override
  Response response(OkHttpClient sender, Request request) throws Exception {
    return sender.newCall(request).execute();
  }

  @Test
  void versionIsTheOneAskedFor() {
    String wanted = System.getProperty("cordon.test.library", "");
    if (wanted.startsWith(library())) {
      String location = OkHttpClient.class.getProtectionDomain().getCodeSource().toString();
      assertTrue(location.contains("/libs/" + wanted + "/"), location);
    }
  }

  private static Reply execute(OkHttpClient client, Request request) throws IOException {
    return reply(client.newCall(request).execute());
  }

  private Request post(String path, RequestBody body) {
    return new Request.Builder().url(server().url(path)).post(body).build();
  }

  private static OkHttpClient withNetworkInterceptor(Interceptor interceptor) {
    return newClient().newBuilder().addNetworkInterceptor(interceptor).build();
  }

  @Test
  void chunksOfABodyStayAsItsAuthorWroteThem() throws Exception {
    RequestBody body =
        new RequestBody() {
          @Override
          public @Nullable MediaType contentType() {
            return TYPE;
          }

          @Override
          public void writeTo(BufferedSink sink) throws IOException {
            sink.writeUtf8("first");
            sink.flush();
            sink.writeUtf8("second");
            sink.emit();
            sink.write(new byte[20_000]);
            sink.writeUtf8("last");
          }
        };
    WovenJvm.unweave();
    execute(newClient(), post("/v1/files", body));
    byte[] without = server().only().raw();
    server().requests().clear();
    WovenJvm.weave();
    execute(newClient(), post("/v1/files", body));
    assertEquals(text(without), text(server().only().raw()));
  }

  @Test
  void formsAndPartsAreReadAndArriveAsTheyAre() throws Exception {
    RecordingGuard guard = guardWith(RecordingGuard.allowing());
    execute(newClient(), post("/form", new FormBody.Builder().add("to", "a b@c").build()));
    assertTrue(guard.calls.get(0).text().startsWith("to=a"), () -> guard.calls.get(0).text());
    assertEquals(guard.calls.get(0).text(), server().only().text());
    assertEquals("application/x-www-form-urlencoded", guard.calls.get(0).header("Content-Type"));
    RequestBody parts =
        new MultipartBody.Builder("bound")
            .setType(MultipartBody.FORM)
            .addFormDataPart("a", "b")
            .addFormDataPart("f", "f.txt", RequestBody.create(null, "file"))
            .build();
    execute(newClient(), post("/parts", parts));
    assertArrayEquals(guard.calls.get(1).body.bytes(), server().requests().get(1).body());
    assertEquals(
        "multipart/form-data; boundary=bound", server().requests().get(1).header("Content-Type"));
  }

  @Test
  void bodyCompressedByAnInterceptorArrivesEncodedAndChunked() throws Exception {
    OkHttpClient client = newClient().newBuilder().addInterceptor(gzipping()).build();
    WovenJvm.unweave();
    execute(client, post("/gzip", RequestBody.create(TYPE, PII)));
    byte[] without = server().only().raw();
    server().requests().clear();
    WovenJvm.weave();
    RecordingGuard guard = guardWith(RecordingGuard.allowing());
    execute(client, post("/gzip", RequestBody.create(TYPE, PII)));
    assertEquals(text(without), text(server().only().raw()));
    assertEquals("gzip", guard.calls.get(0).header("Content-Encoding"));
    assertArrayEquals(server().only().body(), guard.calls.get(0).body.bytes());
  }

  private static Interceptor gzipping() {
    return chain -> {
      Request request = chain.request();
      RequestBody plain = request.body();
      assertNotNull(plain);
      RequestBody compressed =
          new RequestBody() {
            @Override
            public @Nullable MediaType contentType() {
              return plain.contentType();
            }

            @Override
            public void writeTo(BufferedSink sink) throws IOException {
              BufferedSink gzip = Okio.buffer(new GzipSink(sink));
              plain.writeTo(gzip);
              gzip.close();
            }
          };
      return chain.proceed(
          request
              .newBuilder()
              .header("Content-Encoding", "gzip")
              .method(request.method(), compressed)
              .build());
    };
  }

  @Test
  void applicationInterceptorThatChangesTheCallIsSeenAfterItsChange() throws Exception {
    refusingWrites(false);
    OkHttpClient client =
        newClient()
            .newBuilder()
            .addInterceptor(
                chain ->
                    chain.proceed(
                        chain.request().newBuilder().post(RequestBody.create(TYPE, PII)).build()))
            .build();
    Reply reply = execute(client, new Request.Builder().url(server().url("/v1/x")).build());
    assertEquals(403, reply.status());
    assertEquals(List.of(), server().requests());
  }

  @Test
  void networkInterceptorThatChangesMethodUrlOrBodyHasTheCallDecidedAgain() {
    RecordingGuard guard =
        guardWith(
            new RecordingGuard(
                call ->
                    call.method.equals("DELETE")
                            || call.url.contains("/refunds")
                            || call.text().contains("refund")
                        ? Admission.refused(RecordingGuard.refusal(false))
                        : call.allow()));
    List<Interceptor> changes =
        List.of(
            chain ->
                chain.proceed(
                    chain.request().newBuilder().delete(RequestBody.create(TYPE, "{}")).build()),
            chain ->
                chain.proceed(
                    chain.request().newBuilder().url(server().url("/v1/refunds")).build()),
            chain ->
                chain.proceed(
                    chain
                        .request()
                        .newBuilder()
                        .post(RequestBody.create(TYPE, "refund"))
                        .header("Content-Length", "6")
                        .build()));
    for (Interceptor change : changes) {
      guard.calls.clear();
      OkHttpClient client = withNetworkInterceptor(change);
      Request request = post("/v1/notes", RequestBody.create(TYPE, "{}"));
      CallDenied denied = assertThrows(CallDenied.class, () -> execute(client, request));
      assertEquals("d-1", denied.decisionId());
      assertEquals(2, guard.calls.size(), () -> "decided: " + guard.calls);
      Seen first = guard.calls.get(0);
      assertEquals(1, first.reports.get());
      assertTrue(first.thrown instanceof CallDenied, () -> "outcome: " + first);
    }
    assertEquals(List.of(), server().requests());
  }

  @Test
  void changedCallThatIsAllowedGoesOutAndIsReported() throws Exception {
    RecordingGuard guard = guardWith(RecordingGuard.allowing());
    OkHttpClient client =
        withNetworkInterceptor(
            chain ->
                chain.proceed(chain.request().newBuilder().url(server().url("/other")).build()));
    assertEquals(200, execute(client, post("/v1/notes", RequestBody.create(TYPE, PII))).status());
    assertEquals("/other", server().only().target());
    assertEquals(PII, server().only().text());
    assertEquals(2, guard.calls.size());
    for (Seen call : guard.calls) {
      assertEquals(200, call.status);
      assertEquals(1, call.reports.get());
    }
  }

  @Test
  void changedCallThatWouldNeedRedactionIsRefused() {
    redacting();
    OkHttpClient client =
        withNetworkInterceptor(
            chain ->
                chain.proceed(
                    chain
                        .request()
                        .newBuilder()
                        .post(RequestBody.create(TYPE, PII))
                        .header("Content-Length", String.valueOf(PII.length()))
                        .build()));
    assertThrows(
        CallDenied.class, () -> execute(client, post("/v1/notes", RequestBody.create(TYPE, "{}"))));
    assertEquals(List.of(), server().requests());
  }

  @Test
  void bodyWrappedByANetworkInterceptorIsNotDecidedTwice() throws Exception {
    RecordingGuard guard = redacting();
    AtomicInteger written = new AtomicInteger();
    OkHttpClient client =
        withNetworkInterceptor(
            chain -> {
              Request request = chain.request();
              RequestBody inner = request.body();
              assertNotNull(inner);
              return chain.proceed(
                  request
                      .newBuilder()
                      .method(request.method(), new Progress(inner, written))
                      .build());
            });
    assertEquals(200, execute(client, post("/v1/notes", RequestBody.create(TYPE, PII))).status());
    assertEquals(REDACTED, server().only().text());
    assertEquals(1, guard.calls.size(), () -> "decided: " + guard.calls);
    StreamBody stream = new StreamBody(Content.streamed(PII), TYPE);
    assertEquals(200, execute(client, post("/v1/notes", stream)).status());
    assertEquals(REDACTED, server().requests().get(1).text());
    assertEquals(2, guard.calls.size(), () -> "decided: " + guard.calls);
    assertEquals(1, stream.writes.get());
    assertEquals(2, written.get(), "once for each call, as without Cordon");
  }

  @Test
  void headersThatANetworkInterceptorAddsAreDecided() {
    RecordingGuard guard =
        guardWith(
            new RecordingGuard(
                call ->
                    call.header("X-HTTP-Method-Override") != null
                            || call.header("X_Method_Override") != null
                            || call.header("X-Original-URL") != null
                            || "text/plain".equals(call.header("Content-Type"))
                            || "gzip".equals(call.header("Content-Encoding"))
                            || "other.example.com".equals(call.header("Host"))
                        ? Admission.refused(RecordingGuard.refusal(false))
                        : call.allow()));
    for (String[] header :
        new String[][] {
          {"X-HTTP-Method-Override", "DELETE"},
          {"x-http-method-override", "DELETE"},
          {"X_Method_Override", "DELETE"},
          {"X-Original-URL", "/v1/refunds"},
          {"Content-Type", "text/plain"},
          {"Content-Encoding", "gzip"},
          {"Host", "other.example.com"}
        }) {
      guard.calls.clear();
      OkHttpClient client =
          withNetworkInterceptor(
              chain ->
                  chain.proceed(chain.request().newBuilder().header(header[0], header[1]).build()));
      assertThrows(
          CallDenied.class,
          () -> execute(client, post("/v1/notes", RequestBody.create(TYPE, "{}"))),
          header[0]);
      assertThrows(
          CallDenied.class,
          () -> execute(client, new Request.Builder().url(server().url("/v1/notes")).build()),
          header[0]);
      assertEquals(4, guard.calls.size(), () -> "decided: " + guard.calls);
    }
    assertEquals(List.of(), server().requests());
  }

  @Test
  void headerThatANetworkInterceptorTakesAwayIsDecidedAgain() throws Exception {
    RecordingGuard guard = guardWith(RecordingGuard.allowing());
    OkHttpClient client =
        withNetworkInterceptor(
            chain -> chain.proceed(chain.request().newBuilder().removeHeader("X-Dry-Run").build()));
    Request request =
        post("/v1/notes", RequestBody.create(TYPE, PII))
            .newBuilder()
            .header("X-Dry-Run", "1")
            .build();
    assertEquals(200, execute(client, request).status());
    assertEquals(2, guard.calls.size(), () -> "decided: " + guard.calls);
    assertNull(guard.calls.get(1).header("X-Dry-Run"));
  }

  @Test
  void whatTheClientItselfAddsIsNotDecidedAgain() throws Exception {
    RecordingGuard guard = guardWith(RecordingGuard.allowing());
    OkHttpClient client =
        newClient()
            .newBuilder()
            .cookieJar(
                new CookieJar() {
                  @Override
                  public void saveFromResponse(HttpUrl url, List<Cookie> cookies) {}

                  @Override
                  public List<Cookie> loadForRequest(HttpUrl url) {
                    return List.of(
                        new Cookie.Builder().name("a").value("b").domain(url.host()).build());
                  }
                })
            .addNetworkInterceptor(
                chain ->
                    chain.proceed(
                        chain
                            .request()
                            .newBuilder()
                            .header("User-Agent", "mine")
                            .header("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7-01")
                            .build()))
            .build();
    Request request =
        post("/v1/notes", RequestBody.create(TYPE, PII))
            .newBuilder()
            .addHeader("X-A", "1")
            .addHeader("Host", "localhost")
            .addHeader("X-A", "2")
            .build();
    assertEquals(200, execute(client, request).status());
    assertEquals("a=b", server().only().header("Cookie"));
    StreamBody stream = new StreamBody(Content.streamed(PII), TYPE);
    assertEquals(200, execute(client, post("/v1/notes", stream)).status());
    Request read = new Request.Builder().url(server().url("/v1/notes")).build();
    assertEquals(200, execute(client, read).status());
    assertEquals(3, guard.calls.size(), () -> "decided: " + guard.calls);
  }

  /** As OpenTelemetry's agent does, whose network interceptor runs behind the decision. */
  @Test
  void aHeaderOfTracingBehindTheDecisionIsNoOtherCall() throws Exception {
    List<String> names =
        List.of(
            "X-B3-TraceId",
            "baggage",
            "uber-trace-id",
            "uberctx-a",
            "ot-tracer-traceid",
            "X-Amzn-Trace-Id",
            "x-datadog-trace-id");
    for (String name : names) {
      RecordingGuard guard = guardWith(RecordingGuard.allowing());
      OkHttpClient client =
          withNetworkInterceptor(
              chain -> chain.proceed(chain.request().newBuilder().header(name, "1").build()));
      assertEquals(200, execute(client, post("/v1/notes", RequestBody.create(TYPE, PII))).status());
      assertEquals(1, guard.calls.size(), () -> name + " decided: " + guard.calls);
    }
    assertEquals(names.size(), server().requests().size());
    assertEquals("1", server().requests().get(0).header("X-B3-TraceId"));
  }

  @Test
  void headersThatHideASecondRequestInTheBodyAreRefused() {
    RecordingGuard guard = refusingAmbiguousFraming();
    List<Interceptor> smugglers =
        List.of(
            chain ->
                chain.proceed(chain.request().newBuilder().header("Content-Length", "2").build()),
            chain ->
                chain.proceed(
                    chain.request().newBuilder().addHeader("Content-Length", "2").build()),
            chain ->
                chain.proceed(
                    chain.request().newBuilder().header("Transfer-Encoding", "chunked").build()),
            chain ->
                chain.proceed(
                    chain.request().newBuilder().header("Transfer-Encoding", "gzip").build()),
            chain ->
                chain.proceed(
                    chain
                        .request()
                        .newBuilder()
                        .removeHeader("Content-Length")
                        .header("Transfer-Encoding", "chunked, identity")
                        .build()),
            chain ->
                chain.proceed(chain.request().newBuilder().removeHeader("Content-Length").build()),
            // a body that is sent with the length of the one before
            chain ->
                chain.proceed(
                    chain.request().newBuilder().post(RequestBody.create(TYPE, PII)).build()));
    for (Interceptor smuggler : smugglers) {
      guard.calls.clear();
      OkHttpClient client = withNetworkInterceptor(smuggler);
      RequestBody body = RequestBody.create(TYPE, "{}\r\nDELETE /v1/all HTTP/1.1\r\n\r\n");
      assertThrows(CallDenied.class, () -> execute(client, post("/v1/notes", body)));
      assertEquals(2, guard.calls.size(), () -> "decided: " + guard.calls);
    }
    assertEquals(List.of(), server().requests());
  }

  @Test
  void lengthOfABodyThatIsNotThereIsRefused() throws Exception {
    refusingAmbiguousFraming();
    for (String[] header :
        new String[][] {{"Content-Length", "40"}, {"Transfer-Encoding", "chunked"}}) {
      Request.Builder request =
          new Request.Builder().url(server().url("/v1/notes")).header(header[0], header[1]);
      assertEquals(403, execute(newClient(), request.build()).status(), header[0]);
      OkHttpClient client =
          withNetworkInterceptor(
              chain ->
                  chain.proceed(chain.request().newBuilder().header(header[0], header[1]).build()));
      Request plain = new Request.Builder().url(server().url("/v1/notes")).build();
      assertThrows(CallDenied.class, () -> execute(client, plain), header[0]);
    }
    assertEquals(List.of(), server().requests());
    Request zero =
        new Request.Builder().url(server().url("/v1/notes")).header("Content-Length", "0").build();
    assertEquals(200, execute(newClient(), zero).status());
  }

  private RecordingGuard refusingAmbiguousFraming() {
    return guardWith(
        new RecordingGuard(
            call ->
                call.framingAmbiguous
                    ? Admission.refused(RecordingGuard.refusal(false))
                    : call.allow()));
  }

  /** Writes something else each time it is asked. */
  private static RequestBody fickle(@Nullable RequestBody first, String then) {
    AtomicInteger writes = new AtomicInteger();
    return new RequestBody() {
      @Override
      public @Nullable MediaType contentType() {
        return TYPE;
      }

      @Override
      public long contentLength() {
        return then.length();
      }

      @Override
      public void writeTo(BufferedSink sink) throws IOException {
        if (writes.getAndIncrement() == 0) {
          if (first == null) {
            sink.writeUtf8("{" + " ".repeat(then.length() - 2) + "}");
          } else {
            first.writeTo(sink);
          }
        } else {
          sink.writeUtf8(then);
        }
      }
    };
  }

  @Test
  void bodyThatWritesSomethingElseTheSecondTimeLeavesAsItWasDecided() throws Exception {
    RecordingGuard guard = guardWith(RecordingGuard.allowing());
    String other = PII.replace("example.com", "example.net");
    execute(newClient(), post("/own", fickle(null, PII)));
    OkHttpClient wrapping =
        withNetworkInterceptor(
            chain ->
                chain.proceed(
                    chain
                        .request()
                        .newBuilder()
                        .post(fickle(chain.request().body(), other))
                        .build()));
    execute(wrapping, post("/wrapped", RequestBody.create(TYPE, PII)));
    OkHttpClient replacing =
        withNetworkInterceptor(
            chain -> chain.proceed(chain.request().newBuilder().post(fickle(null, other)).build()));
    execute(replacing, post("/replaced", RequestBody.create(TYPE, PII)));
    assertEquals("/own", server().requests().get(0).target());
    assertEquals(guard.calls.get(0).text(), server().requests().get(0).text());
    assertFalse(server().requests().get(0).text().contains("@"));
    assertEquals("/wrapped", server().requests().get(1).target());
    assertEquals(PII, server().requests().get(1).text());
    assertEquals("/replaced", server().requests().get(2).target());
    assertEquals(guard.calls.get(3).text(), server().requests().get(2).text());
    assertFalse(server().requests().get(2).text().contains("@"));
    assertEquals(4, guard.calls.size(), () -> "decided: " + guard.calls);
    assertEquals(List.of(), guard.undecided);
  }

  @Test
  void oneShotBodyOfANetworkInterceptorIsReadOnceAndSent() throws Exception {
    RecordingGuard guard = guardWith(RecordingGuard.allowing());
    StreamBody stream = new StreamBody(Content.streamed(PII), TYPE);
    OkHttpClient client =
        withNetworkInterceptor(
            chain ->
                chain.proceed(
                    chain
                        .request()
                        .newBuilder()
                        .post(stream)
                        .removeHeader("Content-Length")
                        .header("Transfer-Encoding", "chunked")
                        .build()));
    assertEquals(200, execute(client, post("/v1/notes", RequestBody.create(TYPE, "{}"))).status());
    assertEquals(PII, server().only().text());
    assertEquals(1, stream.writes.get());
    assertEquals(PII, guard.calls.get(1).text());
  }

  @Test
  void lengthsOverHttp2AreThoseOfTheBody() throws Exception {
    MockWebServer vendor = new MockWebServer();
    vendor.useHttps(LoopbackServer.tls().getSocketFactory(), false);
    vendor.enqueue(new MockResponse());
    vendor.start();
    try {
      refusingAmbiguousFraming();
      Request request =
          new Request.Builder()
              .url(vendor.url("/v1/notes"))
              .post(RequestBody.create(TYPE, PII))
              .build();
      OkHttpClient wrong =
          withNetworkInterceptor(
              chain ->
                  chain.proceed(
                      chain.request().newBuilder().header("Content-Length", "2").build()));
      assertThrows(CallDenied.class, () -> execute(wrong, request));
      assertEquals(0, vendor.getRequestCount());
      OkHttpClient absent =
          withNetworkInterceptor(
              chain ->
                  chain.proceed(
                      chain.request().newBuilder().removeHeader("Content-Length").build()));
      assertEquals(200, execute(absent, request).status());
      assertEquals(1, vendor.getRequestCount());
    } finally {
      vendor.shutdown();
    }
  }

  private static final class Progress extends RequestBody {
    private final RequestBody inner;
    private final AtomicInteger written;

    Progress(RequestBody inner, AtomicInteger written) {
      this.inner = inner;
      this.written = written;
    }

    @Override
    public @Nullable MediaType contentType() {
      return inner.contentType();
    }

    @Override
    public long contentLength() throws IOException {
      return inner.contentLength();
    }

    @Override
    public boolean isOneShot() {
      return inner.isOneShot();
    }

    @Override
    public void writeTo(BufferedSink sink) throws IOException {
      inner.writeTo(sink);
      written.incrementAndGet();
    }
  }

  @Test
  void callMadeByAnInterceptorIsDecidedOnItsOwn() throws Exception {
    RecordingGuard guard = guardWith(RecordingGuard.allowing());
    OkHttpClient inner = newClient();
    OkHttpClient client =
        withNetworkInterceptor(
            chain -> {
              execute(inner, new Request.Builder().url(server().url("/token")).build());
              return chain.proceed(chain.request());
            });
    execute(client, post("/v1/notes", RequestBody.create(TYPE, PII)));
    assertEquals(2, guard.calls.size(), () -> "decided: " + guard.calls);
    assertEquals(2, server().requests().size());
  }

  @Test
  void deniedReadIsDeniedAlsoWhenItsAnswerIsInTheCache(@TempDir Path folder) throws Exception {
    OkHttpClient client =
        newClient()
            .newBuilder()
            .cache(new Cache(folder.toFile(), 1 << 20))
            .addNetworkInterceptor(
                chain ->
                    chain
                        .proceed(chain.request())
                        .newBuilder()
                        .header("Cache-Control", "max-age=1000")
                        .build())
            .build();
    Request read = new Request.Builder().url(server().url("/cached")).build();
    assertEquals("ok", execute(client, read).text());
    assertEquals("ok", execute(client, read).text());
    assertEquals(1, server().requests().size());
    guardWith(new RecordingGuard(call -> Admission.refused(RecordingGuard.refusal(false))));
    assertEquals(403, execute(client, read).status());
    guardWith(RecordingGuard.allowing());
    assertEquals("ok", execute(client, read).text());
    assertEquals(1, server().requests().size());
  }

  @Test
  void refusedWebSocketFailsCleanlyWithTheRefusal() throws Exception {
    guardWith(new RecordingGuard(call -> Admission.refused(RecordingGuard.refusal(false))));
    CompletableFuture<@Nullable Response> failure = new CompletableFuture<>();
    newClient()
        .newWebSocket(
            new Request.Builder().url(server().url("/socket")).build(),
            new WebSocketListener() {
              @Override
              public void onFailure(
                  WebSocket socket, Throwable thrown, @Nullable Response response) {
                failure.complete(response);
              }
            });
    Response response = failure.get(20, TimeUnit.SECONDS);
    assertNotNull(response);
    assertEquals(403, response.code());
    assertEquals(List.of(), server().requests());
  }

  @Test
  void allowedWebSocketIsOpenedAndItsUpgradeReported() throws Exception {
    MockWebServer vendor = new MockWebServer();
    vendor.enqueue(
        new MockResponse()
            .withWebSocketUpgrade(
                new WebSocketListener() {
                  @Override
                  public void onMessage(WebSocket socket, String text) {
                    socket.send("you said " + text);
                    socket.close(1000, null);
                  }
                }));
    vendor.start();
    try {
      RecordingGuard guard = guardWith(RecordingGuard.allowing());
      CompletableFuture<String> answer = new CompletableFuture<>();
      WebSocket socket =
          newClient()
              .newWebSocket(
                  new Request.Builder().url(vendor.url("/socket")).build(),
                  new WebSocketListener() {
                    @Override
                    public void onMessage(WebSocket socket, String text) {
                      answer.complete(text);
                      socket.close(1000, null);
                    }

                    @Override
                    public void onFailure(
                        WebSocket socket, Throwable thrown, @Nullable Response response) {
                      answer.completeExceptionally(thrown);
                    }
                  });
      socket.send("hello");
      assertEquals("you said hello", answer.get(20, TimeUnit.SECONDS));
      assertEquals(101, guard.calls.get(0).status);
      assertEquals(1, guard.calls.size());
    } finally {
      vendor.shutdown();
    }
  }

  @Test
  void duplexBodyIsNeverTouched() throws Exception {
    RecordingGuard guard = refusingWrites(false);
    RequestBody duplex =
        new RequestBody() {
          @Override
          public @Nullable MediaType contentType() {
            return null;
          }

          @Override
          public boolean isDuplex() {
            return true;
          }

          @Override
          public void writeTo(BufferedSink sink) {
            throw new AssertionError("read");
          }
        };
    assertEquals(403, execute(newClient(), post("/stream", duplex)).status());
    assertEquals(Body.State.UNREADABLE, guard.calls.get(0).body.state());
  }

  @Test
  void oneShotBodyIsReadOnceThoughTheFirstAddressCannotBeReached() throws Exception {
    RecordingGuard guard = guardWith(RecordingGuard.allowing());
    StreamBody stream = new StreamBody(Content.streamed(PII), TYPE);
    OkHttpClient client =
        newClient()
            .newBuilder()
            .dns(
                host ->
                    List.of(InetAddress.getByName("127.0.0.2"), InetAddress.getByName("127.0.0.1")))
            .build();
    Reply reply = execute(client, post("/v1/files", stream));
    assertEquals(200, reply.status());
    assertEquals(PII, server().only().text());
    assertEquals(1, stream.writes.get());
    for (Seen call : guard.calls) {
      assertEquals(PII, call.text());
      assertEquals(1, call.reports.get());
    }
  }

  @Test
  void bodyWithoutAnEndIsOverTheLimitAndNotReadFurther() throws Exception {
    RecordingGuard guard =
        guardWith(
            new RecordingGuard(call -> Admission.refused(RecordingGuard.refusal(false)), 100_000));
    AtomicInteger chunks = new AtomicInteger();
    RequestBody endless =
        new RequestBody() {
          @Override
          public @Nullable MediaType contentType() {
            return TYPE;
          }

          @Override
          public void writeTo(BufferedSink sink) throws IOException {
            while (true) {
              sink.write(new byte[1000]);
              chunks.incrementAndGet();
            }
          }
        };
    assertEquals(403, execute(newClient(), post("/stream", endless)).status());
    assertEquals(Body.State.TOO_LARGE, guard.calls.get(0).body.state());
    assertTrue(chunks.get() < 200, () -> "chunks read: " + chunks);
  }

  @Test
  void bodyThatWritesLessThanItAnnouncedFailsAsWithoutCordon() {
    RequestBody lying =
        new RequestBody() {
          @Override
          public @Nullable MediaType contentType() {
            return TYPE;
          }

          @Override
          public long contentLength() {
            return 10;
          }

          @Override
          public void writeTo(BufferedSink sink) throws IOException {
            sink.writeUtf8("short");
          }
        };
    WovenJvm.unweave();
    IOException without =
        assertThrows(IOException.class, () -> execute(newClient(), post("/x", lying)));
    WovenJvm.weave();
    IOException with =
        assertThrows(IOException.class, () -> execute(newClient(), post("/x", lying)));
    assertEquals(without.toString(), with.toString());
  }

  @Test
  void callsOverHttp2AreRedactedRefusedAndReported() throws Exception {
    MockWebServer vendor = new MockWebServer();
    vendor.useHttps(LoopbackServer.tls().getSocketFactory(), false);
    vendor.enqueue(new MockResponse().setBody("one"));
    vendor.enqueue(new MockResponse().setBody("two"));
    vendor.start();
    try {
      OkHttpClient client = newClient();
      RecordingGuard guard = redacting();
      Request.Builder request = new Request.Builder().url(vendor.url("/v1/messages"));
      try (Response response =
          client.newCall(request.post(RequestBody.create(TYPE, PII)).build()).execute()) {
        assertEquals(Protocol.HTTP_2, response.protocol());
      }
      RecordedRequest whole = vendor.takeRequest(10, TimeUnit.SECONDS);
      assertNotNull(whole);
      assertEquals(REDACTED, whole.getBody().readUtf8());
      assertEquals(String.valueOf(REDACTED.length()), whole.getHeader("Content-Length"));
      StreamBody stream = new StreamBody(Content.streamed(PII), TYPE);
      assertEquals("two", execute(client, request.post(stream).build()).text());
      RecordedRequest streamed = vendor.takeRequest(10, TimeUnit.SECONDS);
      assertNotNull(streamed);
      assertEquals(REDACTED, streamed.getBody().readUtf8());
      assertNull(streamed.getHeader("Content-Length"));
      for (Seen call : guard.calls) {
        assertEquals(200, call.status);
        assertEquals(3, call.responseBytes);
      }
      refusingWrites(false);
      assertEquals(
          403, execute(client, request.post(RequestBody.create(TYPE, PII)).build()).status());
      assertEquals(2, vendor.getRequestCount());
    } finally {
      vendor.shutdown();
    }
  }

  @Test
  void responseOfARefusalTellsWhatItAnswers() throws Exception {
    refusingWrites(false);
    Request request =
        post("/v1/refunds", RequestBody.create(TYPE, PII)).newBuilder().tag("mine").build();
    try (Response response = newClient().newCall(request).execute()) {
      assertEquals("mine", response.request().tag());
      assertEquals("Forbidden", response.message());
      assertNull(response.networkResponse());
      assertEquals(
          RecordingGuard.refusal(false).body().length,
          response.body() == null ? -1 : response.body().contentLength());
    }
  }

  @Test
  void unknownHostsAndOddUrlsAreToldAsTheyGoOnTheWire() throws Exception {
    RecordingGuard guard =
        guardWith(new RecordingGuard(call -> Admission.refused(RecordingGuard.refusal(false))));
    for (String url :
        List.of(
            "http://user:pass@EXAMPLE.com:80/a b?x=%41#fragment",
            "https://[::1]:8443/%2e/p", "https://bücher.example.com/")) {
      execute(newClient(), new Request.Builder().url(url).build());
    }
    assertEquals("http://example.com/a%20b?x=%41", guard.calls.get(0).url);
    assertEquals("https://[::1]:8443/p", guard.calls.get(1).url);
    assertEquals("https://xn--bcher-kva.example.com/", guard.calls.get(2).url);
    assertEquals("", new String(guard.calls.get(2).body.bytes(), StandardCharsets.UTF_8));
  }

  @Test
  void aFilteredResponseCanBeReadInEveryWay(@TempDir Path folder) throws Exception {
    StretchingFilter filter = new StretchingFilter(3);
    RecordingGuard guard = filter.install();
    for (boolean http2 : new boolean[] {false, true}) {
      MockWebServer vendor = new MockWebServer();
      if (http2) {
        vendor.useHttps(LoopbackServer.tls().getSocketFactory(), false);
      }
      Buffer zipped = new Buffer();
      try (BufferedSink gzip = Okio.buffer(new GzipSink(zipped))) {
        gzip.writeUtf8("a zip");
      }
      vendor.enqueue(
          new MockResponse().setBody("a word").addHeader("Cache-Control", "max-age=1000"));
      vendor.enqueue(
          new MockResponse().setBody(zipped.clone()).addHeader("Content-Encoding", "gzip"));
      vendor.enqueue(new MockResponse().setResponseCode(204));
      vendor.enqueue(new MockResponse().setResponseCode(201).setBody("a body left alone"));
      String words = "a word ".repeat(50_000); // over HTTP/2 the server has no chunks of its own
      vendor.enqueue(
          http2
              ? new MockResponse().setBody(words)
              : new MockResponse().setChunkedBody(words, 100));
      vendor.start();
      try {
        OkHttpClient client =
            newClient()
                .newBuilder()
                .cache(new Cache(folder.resolve("cache-" + http2).toFile(), 1 << 20))
                .build();
        Request request = new Request.Builder().url(vendor.url("/")).build();
        for (int i = 0; i < 2; i++) { // the second one from the cache
          try (Response response = client.newCall(request).execute()) {
            if (response.networkResponse() != null) {
              assertEquals(http2 ? Protocol.HTTP_2 : Protocol.HTTP_1_1, response.protocol());
            }
            assertEquals("[a] w", response.peekBody(5).string());
            ResponseBody body = response.body();
            assertNotNull(body);
            assertEquals(-1, body.contentLength());
            assertNull(response.header("Content-Length"));
            assertFalse(body.source().exhausted());
            assertEquals("[a] word", body.string());
            assertEquals(i == 1, response.cacheResponse() != null);
          }
        }
        Request another = new Request.Builder().url(vendor.url("/another")).build();
        assertEquals("[a] zip", execute(client, another).text());
        assertEquals("", execute(client, another).text());
        Reply alone = execute(client, another);
        assertEquals("a body left alone", alone.text());
        assertEquals("17", alone.header("Content-Length"));
        assertEquals("[a] word ".repeat(50_000), execute(client, another).text());
        assertEquals(5, vendor.getRequestCount());
      } finally {
        vendor.shutdown();
      }
    }
    assertEquals(List.of(), guard.faults);
    assertEquals(8, filter.ends.get());
  }

  @Test
  void anEventArrivesBeforeTheNextOneIsSent() throws Exception {
    new StretchingFilter(0).install();
    OkHttpClient client = newClient();
    Request request = new Request.Builder().url(server().url("/events")).build();
    try (Response response = client.newCall(request).execute()) {
      ResponseBody body = response.body();
      assertNotNull(body);
      assertEquals("d[a]t[a]: [a] first", body.source().readUtf8LineStrict());
      assertEquals("", body.source().readUtf8LineStrict());
      execute(client, new Request.Builder().url(server().url("/next")).build());
      assertEquals("d[a]t[a]: [a] second", body.source().readUtf8LineStrict());
      assertEquals("\n", body.string());
    }
  }

  @Test
  void aFilteredBodyThatIsClosedOrTimesOutIsNotAtItsEnd() throws Exception {
    StretchingFilter filter = new StretchingFilter(3);
    filter.install();
    Request request = new Request.Builder().url(server().url("/endless")).build();
    OkHttpClient client = newClient().newBuilder().readTimeout(100, TimeUnit.MILLISECONDS).build();
    Response response = client.newCall(request).execute();
    ResponseBody body = response.body();
    assertNotNull(body);
    assertEquals("beginn", body.source().readUtf8(6));
    assertThrows(IOException.class, () -> body.source().readByte());
    response.close();
    assertThrows(IllegalStateException.class, () -> body.source().readByte());
    assertEquals(0, filter.ends.get());
    assertEquals(1, filter.abandoned.get());
  }
}
