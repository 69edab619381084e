package dev.cordon.instrumentation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cordon.bootstrap.Admission;
import dev.cordon.bootstrap.Body;
import dev.cordon.bootstrap.CallDenied;
import dev.cordon.bootstrap.Gate;
import dev.cordon.bootstrap.Header;
import dev.cordon.instrumentation.RecordingGuard.Seen;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every woven HTTP client must do, over http and TLS, against a real server. A subclass says
 * how to send, nothing more; what a client does by itself (redirects, repeats) is compared with the
 * same client unwoven.
 */
public abstract class HttpClientContract {

  /**
   * A call to send. {@code headers} are name, value, name, value.
   *
   * @param timeoutMs for the response, 0 when the client's own default will do
   */
  public record Call(
      String method, String url, List<String> headers, @Nullable Content content, int timeoutMs) {
    public static Call of(String method, String url, String... headers) {
      return new Call(method, url, List.of(headers), null, 0);
    }

    public Call with(Content newContent) {
      return new Call(method, url, headers, newContent, timeoutMs);
    }

    public Call within(int newTimeoutMs) {
      return new Call(method, url, headers, content, newTimeoutMs);
    }
  }

  /** A request body: whole, or a stream that can be read once and whose length nobody knows. */
  public static final class Content {
    private final byte[] bytes;
    private final boolean streamed;
    private final @Nullable IOException failure;
    private final AtomicInteger reads = new AtomicInteger();

    private Content(byte[] bytes, boolean streamed, @Nullable IOException failure) {
      this.bytes = bytes;
      this.streamed = streamed;
      this.failure = failure;
    }

    public static Content whole(String text) {
      return new Content(text.getBytes(StandardCharsets.UTF_8), false, null);
    }

    public static Content whole(byte[] bytes) {
      return new Content(bytes, false, null);
    }

    public static Content streamed(String text) {
      return new Content(text.getBytes(StandardCharsets.UTF_8), true, null);
    }

    /** Gives some bytes and then throws. */
    public static Content failing(IOException failure) {
      return new Content("{\"begun\":".getBytes(StandardCharsets.UTF_8), true, failure);
    }

    /** To be sent without a length, from {@link #open}. */
    public boolean isStreamed() {
      return streamed;
    }

    /** The bytes of a whole body. */
    public byte[] bytes() {
      return bytes;
    }

    /** The body as a stream; each call counts as one reading of the application's source. */
    public InputStream open() {
      reads.incrementAndGet();
      IOException thrown = failure;
      return new FilterInputStream(new ByteArrayInputStream(bytes)) {
        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
          int read = super.read(into, offset, length);
          if (read < 0 && thrown != null) {
            throw thrown;
          }
          return read;
        }
      };
    }

    int reads() {
      return reads.get();
    }
  }

  /** A response as the application got it. {@code headers} are name, value, name, value. */
  public record Reply(int status, List<String> headers, byte[] body) {
    public @Nullable String header(String name) {
      for (int i = 0; i < headers.size(); i += 2) {
        if (headers.get(i).equalsIgnoreCase(name)) {
          return headers.get(i + 1);
        }
      }
      return null;
    }

    public String text() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }

  /**
   * Sends a call the way an application does, following redirects as the client does by default or
   * can be told to. Trusts {@link LoopbackServer#tls()}. Called from many threads at once.
   */
  protected abstract Reply send(Call call) throws Exception;

  /** The adapter's name. */
  protected abstract String library();

  protected static final String JSON = "application/json";
  protected static final String PII = "{\"to\":\"ada@example.com\",\"amount\":12}";
  protected static final String REDACTED = "{\"to\":\"[email]\",\"amount\":12}";

  private LoopbackServer server;
  private LoopbackServer tlsServer;

  @BeforeEach
  void start() {
    server = LoopbackServer.start(false);
    tlsServer = LoopbackServer.start(true);
    WovenJvm.weave();
    guardWith(RecordingGuard.allowing());
  }

  @AfterEach
  void stop() {
    Gate.install(RecordingGuard.allowing());
    server.close();
    tlsServer.close();
  }

  protected final LoopbackServer server() {
    return server;
  }

  protected final LoopbackServer server(String scheme) {
    return scheme.equals("https") ? tlsServer : server;
  }

  protected static RecordingGuard guardWith(RecordingGuard guard) {
    Gate.install(guard);
    return guard;
  }

  /** Refuses what is not a GET. */
  protected static RecordingGuard refusingWrites(boolean exception) {
    return guardWith(
        new RecordingGuard(
            call ->
                call.method.equals("GET")
                    ? call.allow()
                    : Admission.refused(RecordingGuard.refusal(exception))));
  }

  /** Replaces the e-mail address in every body. */
  protected static RecordingGuard redacting() {
    return guardWith(
        new RecordingGuard(
            call ->
                call.text().contains("ada@example.com")
                    ? call.rewrite(
                        null,
                        null,
                        call.text()
                            .replace("ada@example.com", "[email]")
                            .getBytes(StandardCharsets.UTF_8))
                    : call.allow()));
  }

  @Test
  void everyTargetThatTheClientHasIsWoven() throws Exception {
    send(Call.of("GET", server.url("/")));
    for (String gap : WovenJvm.missing()) {
      assertFalse(gap.startsWith(library() + " "), gap);
    }
    assertTrue(
        WovenJvm.installed().stream().anyMatch(target -> target.startsWith(library() + " ")),
        "woven: " + WovenJvm.installed());
  }

  @ParameterizedTest
  @CsvSource({
    "http,GET,none",
    "http,DELETE,none",
    "http,POST,whole",
    "http,PUT,whole",
    "http,POST,streamed",
    "http,POST,empty",
    "https,GET,none",
    "https,POST,whole",
    "https,POST,streamed"
  })
  void allowedCallArrivesByteForByte(String scheme, String method, String shape) throws Exception {
    String[] headers = {
      "X-Second", "2", "Accept", "text/html, */*;q=0.1", "X-First", "1", "User-Agent", "contract/1"
    };
    WovenJvm.unweave();
    send(call(scheme, method, shape, headers));
    byte[] without = server(scheme).only().raw();
    server(scheme).requests().clear();
    WovenJvm.weave();
    RecordingGuard guard = guardWith(RecordingGuard.allowing());
    Reply reply = send(call(scheme, method, shape, headers));
    assertEquals(200, reply.status());
    assertEquals("ok", reply.text());
    assertEquals(text(without), text(server(scheme).only().raw()));
    assertArrayEquals(without, server(scheme).only().raw());
    assertEquals(1, guard.calls.size(), () -> "decisions: " + guard.calls);
    assertEquals(library(), guard.calls.get(0).library);
    assertEquals(method, guard.calls.get(0).method);
    assertEquals(server(scheme).url("/v1/things?q=a%20b"), guard.calls.get(0).url);
    assertEquals("1", guard.calls.get(0).header("X-First"));
  }

  private Call call(String scheme, String method, String shape, String... headers) {
    Call call = Call.of(method, server(scheme).url("/v1/things?q=a%20b"), headers);
    return switch (shape) {
      case "none" -> call;
      case "empty" -> call.with(Content.whole(""));
      case "whole" -> call.with(Content.whole(PII));
      case "streamed" -> call.with(Content.streamed(PII.repeat(500)));
      default -> throw new AssertionError(shape);
    };
  }

  @ParameterizedTest
  @CsvSource({"http,whole", "http,streamed", "https,whole", "https,streamed"})
  void deniedWriteNeverReachesTheServerAndArrivesAs403(String scheme, String shape)
      throws Exception {
    RecordingGuard guard = refusingWrites(false);
    Reply reply = send(call(scheme, "POST", shape, "Content-Type", JSON));
    assertEquals(403, reply.status());
    assertEquals("d-1", reply.header("Cordon-Decision"));
    assertEquals("application/problem+json", reply.header("Content-Type"));
    assertEquals(RecordingGuard.refusal(false).bodyText(), reply.text());
    assertEquals(List.of(), server(scheme).requests());
    assertEquals(1, guard.calls.size(), () -> "decisions: " + guard.calls);
  }

  @Test
  void deniedCallNeedsNoNetworkAtAll() throws Exception {
    refusingWrites(false);
    String nowhere = "http://127.0.0.1:" + LoopbackServer.deadPort() + "/v1/refunds";
    Reply reply = send(Call.of("POST", nowhere).with(Content.whole(PII)));
    assertEquals(403, reply.status());
  }

  @Test
  void deniedReadArrivesAs403() throws Exception {
    guardWith(new RecordingGuard(call -> Admission.refused(RecordingGuard.refusal(false))));
    Reply reply = send(Call.of("GET", server.url("/secret")));
    assertEquals(403, reply.status());
    assertEquals("d-1", reply.header("Cordon-Decision"));
    assertEquals(List.of(), server.requests());
  }

  @ParameterizedTest
  @CsvSource({"http,whole", "http,streamed", "https,whole"})
  void deniedWriteArrivesAsIoExceptionWhereTheRulesAskForOne(String scheme, String shape) {
    refusingWrites(true);
    Exception thrown = assertThrows(Exception.class, () -> send(call(scheme, "POST", shape)));
    assertInstanceOf(IOException.class, thrown);
    CallDenied denied = deniedIn(thrown);
    assertNotNull(denied, () -> "no refusal in " + thrown);
    assertEquals("d-1", denied.decisionId());
    assertEquals(List.of(), server(scheme).requests());
  }

  protected static @Nullable CallDenied deniedIn(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof CallDenied denied) {
        return denied;
      }
    }
    return null;
  }

  @ParameterizedTest
  @CsvSource({"http,whole", "http,streamed", "https,whole", "https,streamed"})
  void redactedBodyArrivesWithARightLength(String scheme, String shape) throws Exception {
    redacting();
    Content content = shape.equals("whole") ? Content.whole(PII) : Content.streamed(PII);
    send(Call.of("POST", server(scheme).url("/v1/messages"), "Content-Type", JSON).with(content));
    LoopbackServer.Request request = server(scheme).only();
    assertEquals(REDACTED, request.text());
    assertEquals(JSON, request.header("Content-Type"));
    String length = request.header("Content-Length");
    if (length == null) {
      assertEquals("chunked", request.header("Transfer-Encoding"));
    } else {
      assertEquals(REDACTED.length(), Integer.parseInt(length));
    }
  }

  @Test
  void streamedBodyIsReadOnce() throws Exception {
    RecordingGuard guard = guardWith(RecordingGuard.allowing());
    Content content = Content.streamed(PII);
    send(Call.of("POST", server.url("/v1/messages"), "Content-Type", JSON).with(content));
    assertEquals(1, content.reads());
    assertEquals(PII, guard.calls.get(0).text());
    assertEquals(PII, server.only().text());
  }

  @ParameterizedTest
  @ValueSource(strings = {"whole", "streamed"})
  void bodyOverTheLimitIsNotReadAndArrivesWhole(String shape) throws Exception {
    RecordingGuard guard = guardWith(new RecordingGuard(Seen::allow, 1000));
    String text = "0123456789".repeat(20_000);
    Content content = shape.equals("whole") ? Content.whole(text) : Content.streamed(text);
    send(Call.of("POST", server.url("/v1/files")).with(content));
    assertEquals(Body.State.TOO_LARGE, guard.calls.get(0).body.state());
    assertEquals(0, guard.calls.get(0).body.bytes().length);
    assertEquals(text, server.only().text());
    assertEquals(1, guard.calls.size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"whole", "streamed"})
  void refusedBodyOverTheLimitNeverReachesTheServer(String shape) throws Exception {
    guardWith(
        new RecordingGuard(
            call ->
                call.body.state() == Body.State.TOO_LARGE
                    ? Admission.refused(RecordingGuard.refusal(false))
                    : call.allow(),
            1000));
    String text = "0123456789".repeat(20_000);
    Content content = shape.equals("whole") ? Content.whole(text) : Content.streamed(text);
    Reply reply = send(Call.of("POST", server.url("/v1/files")).with(content));
    assertEquals(403, reply.status());
    assertEquals(List.of(), server.requests());
  }

  @Test
  void encodedBodyKeepsItsEncodingAndItsHeader() throws Exception {
    byte[] encoded = gzip(PII);
    byte[] replaced = gzip(REDACTED);
    guardWith(
        new RecordingGuard(
            call -> {
              assertArrayEquals(encoded, call.body.bytes());
              assertEquals("gzip", call.header("Content-Encoding"));
              return call.rewrite(null, null, replaced);
            }));
    send(
        Call.of(
                "POST",
                server.url("/v1/messages"),
                "Content-Type",
                JSON,
                "Content-Encoding",
                "gzip")
            .with(Content.whole(encoded)));
    assertArrayEquals(replaced, server.only().body());
    assertEquals("gzip", server.only().header("Content-Encoding"));
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  @Test
  void rewrittenUrlAndHeadersArrive() throws Exception {
    guardWith(
        new RecordingGuard(
            call -> {
              List<Header> headers = new ArrayList<>();
              for (Header header : call.headers) {
                headers.add(
                    header.name().equalsIgnoreCase("X-Mail")
                        ? new Header(header.name(), "[email]")
                        : header);
              }
              return call.rewrite(
                  call.url.replace("ada%40example.com", "%5Bemail%5D"), headers, null);
            }));
    send(
        Call.of(
                "POST",
                server.url("/v1/people?mail=ada%40example.com&x=1"),
                "X-Mail",
                "ada@example.com",
                "X-Other",
                "kept")
            .with(Content.whole(PII)));
    assertEquals("/v1/people?mail=%5Bemail%5D&x=1", server.only().target());
    assertEquals("[email]", server.only().header("X-Mail"));
    assertEquals("kept", server.only().header("X-Other"));
    assertEquals(PII, server.only().text());
  }

  @ParameterizedTest
  @CsvSource({
    "http,GET,301",
    "http,GET,302",
    "http,GET,303",
    "http,GET,307",
    "http,GET,308",
    "http,POST,301",
    "http,POST,302",
    "http,POST,303",
    "http,POST,307",
    "http,POST,308",
    "https,GET,302",
    "https,POST,301",
    "https,POST,302",
    "https,POST,303",
    "https,POST,307",
    "https,POST,308"
  })
  void everyRedirectHopIsDecided(String scheme, String method, int status) throws Exception {
    LoopbackServer to = server(scheme);
    String path = "/status/" + status + "?to=" + to.url("/second");
    WovenJvm.unweave();
    send(redirected(method, to.url(path)));
    List<String> without = lines(to);
    to.requests().clear();
    WovenJvm.weave();
    RecordingGuard guard = guardWith(RecordingGuard.allowing());
    send(redirected(method, to.url(path)));
    assertEquals(without, lines(to), "the client follows as it does without Cordon");
    List<String> decided = new ArrayList<>();
    for (Seen call : guard.calls) {
      decided.add(call.method + " " + call.url);
      assertEquals(1, call.reports.get(), () -> "outcome of " + call);
    }
    List<String> sent = new ArrayList<>();
    for (LoopbackServer.Request request : to.requests()) {
      sent.add(request.method() + " " + to.url(request.target()));
    }
    assertEquals(sent, decided);
    assertEquals(status, guard.calls.get(0).status);
  }

  @ParameterizedTest
  @CsvSource({"http,301", "http,302", "http,303", "http,307", "http,308", "https,302", "https,308"})
  void redirectToADeniedPlaceStopsThere(String scheme, int status) throws Exception {
    LoopbackServer to = server(scheme);
    RecordingGuard guard =
        guardWith(
            new RecordingGuard(
                call ->
                    call.url.equals(to.url("/denied"))
                        ? Admission.refused(RecordingGuard.refusal(false))
                        : call.allow()));
    String path = "/status/" + status + "?to=" + to.url("/denied");
    Reply reply = send(redirected("POST", to.url(path)));
    assertEquals(1, to.requests().size(), () -> "arrived: " + lines(to));
    if (guard.calls.size() == 2) { // the client follows this status
      assertEquals(403, reply.status());
      assertEquals("d-1", reply.header("Cordon-Decision"));
      assertEquals(RecordingGuard.refusal(false).bodyText(), reply.text());
    } else {
      assertEquals(status, reply.status());
    }
  }

  @ParameterizedTest
  @CsvSource({"http,307", "http,308", "https,307", "https,308"})
  void redactedBodyStaysRedactedOnARedirect(String scheme, int status) throws Exception {
    LoopbackServer to = server(scheme);
    String path = "/status/" + status + "?to=" + to.url("/second");
    WovenJvm.unweave();
    send(redirected("POST", to.url(path)));
    List<String> without = lines(to);
    to.requests().clear();
    WovenJvm.weave();
    redacting();
    send(redirected("POST", to.url(path)));
    assertEquals(without, lines(to), "the client follows as it does without Cordon");
    for (LoopbackServer.Request request : to.requests()) {
      assertEquals(REDACTED, request.text());
    }
  }

  private static Call redirected(String method, String url) {
    Call call = Call.of(method, url, "Content-Type", JSON, "X-Kept", "yes");
    return method.equals("GET") ? call : call.with(Content.whole(PII));
  }

  private static List<String> lines(LoopbackServer server) {
    List<String> lines = new ArrayList<>();
    for (LoopbackServer.Request request : server.requests()) {
      lines.add(request.line());
    }
    return lines;
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST"})
  void everyTransmissionOfARepeatedCallIsDecidedOnce(String method) {
    RecordingGuard guard = guardWith(RecordingGuard.allowing());
    Call call = Call.of(method, server.url("/close-once/" + method));
    try {
      Reply reply = send(method.equals("GET") ? call : call.with(Content.whole(PII)));
      assertEquals(200, reply.status());
    } catch (Exception notRepeated) {
      assertInstanceOf(IOException.class, notRepeated);
    }
    assertEquals(server.requests().size(), guard.calls.size(), () -> "decided: " + guard.calls);
    for (Seen seen : guard.calls) {
      assertEquals(1, seen.reports.get(), () -> "outcome of " + seen);
    }
    assertNotNull(guard.calls.get(0).thrown);
  }

  @Test
  void outcomeOfAnAnsweredCallIsReportedOnceWithItsSize() throws Exception {
    RecordingGuard guard = guardWith(RecordingGuard.allowing());
    send(Call.of("POST", server.url("/echo")).with(Content.whole(PII)));
    send(Call.of("GET", server.url("/status/404")));
    send(Call.of("GET", server.url("/status/500")));
    assertEquals(3, guard.calls.size());
    int[] statuses = {200, 404, 500};
    for (int i = 0; i < 3; i++) {
      Seen call = guard.calls.get(i);
      assertEquals(statuses[i], call.status);
      assertEquals(1, call.reports.get());
      assertNull(call.thrown);
    }
    assertEquals(PII.length(), guard.calls.get(0).responseBytes);
  }

  @Test
  void outcomeOfACallThatCannotConnectIsItsException() throws Exception {
    RecordingGuard guard = guardWith(RecordingGuard.allowing());
    String nowhere = "http://127.0.0.1:" + LoopbackServer.deadPort() + "/";
    assertThrows(IOException.class, () -> send(Call.of("GET", nowhere)));
    assertThrows(IOException.class, () -> send(Call.of("POST", nowhere).with(Content.whole(PII))));
    assertTrue(guard.calls.size() >= 2, () -> "decided: " + guard.calls);
    for (Seen call : guard.calls) {
      assertEquals(1, call.reports.get(), () -> "outcome of " + call);
      assertInstanceOf(IOException.class, call.thrown);
    }
  }

  @Test
  void outcomeOfACallThatTimesOutIsItsException() {
    RecordingGuard guard = guardWith(RecordingGuard.allowing());
    assertThrows(
        IOException.class,
        () -> send(Call.of("POST", server.url("/silent")).with(Content.whole(PII)).within(300)));
    assertEquals(1, guard.calls.size());
    assertEquals(1, guard.calls.get(0).reports.get());
    assertInstanceOf(IOException.class, guard.calls.get(0).thrown);
  }

  @Test
  void outcomeOfAResponseThatNeverEndsIsReportedAtItsHeaders() throws Exception {
    RecordingGuard guard = guardWith(RecordingGuard.allowing());
    Thread reader =
        new Thread(
            () -> {
              try {
                send(Call.of("GET", server.url("/endless")));
              } catch (Exception ended) {
                // when the server closes
              }
            });
    reader.setDaemon(true);
    reader.start();
    for (int i = 0; i < 1000 && (guard.calls.isEmpty() || guard.calls.get(0).status < 0); i++) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
    assertEquals(1, guard.calls.size());
    assertEquals(200, guard.calls.get(0).status);
    server.close();
    reader.join(10_000);
    assertEquals(1, guard.calls.get(0).reports.get());
  }

  @Test
  void faultInsideTheGuardRefusesAWriteAndPassesARead() throws Exception {
    RecordingGuard guard =
        guardWith(
            new RecordingGuard(
                call -> {
                  throw new IllegalStateException("a fault of the guard");
                }));
    assertEquals(200, send(Call.of("GET", server.url("/read"))).status());
    assertEquals("/read", server.only().target());
    Reply refused = send(Call.of("POST", server.url("/write")).with(Content.whole(PII)));
    assertEquals(403, refused.status());
    assertEquals("/read", server.only().target());
    assertEquals(List.of(library() + " GET", library() + " POST"), guard.undecided);
  }

  @Test
  void exceptionOfTheApplicationsOwnBodyReachesTheApplication() {
    RecordingGuard guard = guardWith(RecordingGuard.allowing());
    IOException own = new IOException("the application's own source failed");
    Exception thrown =
        assertThrows(
            Exception.class,
            () -> send(Call.of("POST", server.url("/v1/files")).with(Content.failing(own))));
    boolean found = false;
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      found |= cause == own || Objects.equals(own.getMessage(), cause.getMessage());
    }
    assertTrue(found, () -> "not in " + thrown);
    assertEquals(List.of(), guard.undecided, "it is no fault of Cordon");
  }

  @Test
  void sixtyFourThreadsMixNothingUp() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(64);
    try {
      manyCalls(threads, 64 * 20, 64);
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  @EnabledForJreRange(min = JRE.JAVA_21)
  void tenThousandVirtualThreadsMixNothingUp() throws Exception {
    ExecutorService threads =
        (ExecutorService) Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    try {
      manyCalls(threads, 10_000, 200);
    } finally {
      threads.shutdownNow();
    }
  }

  /**
   * Every third call is refused, every third redacted, every third left alone.
   *
   * @param connections how many calls may be on the wire at once: the machine's, not the client's
   */
  private void manyCalls(ExecutorService threads, int calls, int connections) throws Exception {
    RecordingGuard guard =
        guardWith(
            new RecordingGuard(
                call -> {
                  if (call.url.contains("/refuse/")) {
                    return Admission.refused(RecordingGuard.refusal(false));
                  }
                  if (call.url.contains("/redact/")) {
                    byte[] redacted =
                        call.text().replace("secret", "[gone]").getBytes(StandardCharsets.UTF_8);
                    return call.rewrite(null, null, redacted);
                  }
                  return call.allow();
                }));
    String[] kinds = {"refuse", "redact", "echo"};
    Semaphore wire = new Semaphore(connections);
    List<Future<@Nullable String>> results = new ArrayList<>();
    for (int i = 0; i < calls; i++) {
      int number = i;
      results.add(
          threads.submit(
              () -> {
                wire.acquire();
                try {
                  String kind = kinds[number % 3];
                  String body = "secret " + number + " of " + kind;
                  Reply reply =
                      send(
                          Call.of("POST", server.url("/echo/" + kind + "/" + number))
                              .with(
                                  number % 2 == 0 ? Content.whole(body) : Content.streamed(body)));
                  String want =
                      switch (number % 3) {
                        case 0 -> RecordingGuard.refusal(false).bodyText();
                        case 1 -> body.replace("secret", "[gone]");
                        default -> body;
                      };
                  return want.equals(reply.text())
                      ? null
                      : number + ": want " + want + ", got " + reply.text();
                } finally {
                  wire.release();
                }
              }));
    }
    List<String> wrong = new ArrayList<>();
    for (Future<@Nullable String> result : results) {
      String problem = result.get(120, TimeUnit.SECONDS);
      if (problem != null) {
        wrong.add(problem);
      }
    }
    assertEquals(List.of(), wrong);
    assertEquals(calls, guard.calls.size());
    int refused = (calls + 2) / 3;
    assertEquals(calls - refused, server.requests().size());
    for (Seen call : guard.calls) {
      assertEquals(call.url.contains("/refuse/") ? 0 : 1, call.reports.get(), call::toString);
    }
  }

  protected static String text(byte[] raw) {
    return new String(raw, StandardCharsets.ISO_8859_1);
  }

  /** Headers of a response as {@link Reply} wants them. */
  protected static List<String> pairs(java.util.Map<String, List<String>> headers) {
    List<String> pairs = new ArrayList<>();
    headers.forEach(
        (name, values) -> {
          if (name != null) {
            for (String value : values) {
              pairs.addAll(Arrays.asList(name, value));
            }
          }
        });
    return pairs;
  }

  // ---- responses

  private final StretchingFilter filter = new StretchingFilter(5);

  @ParameterizedTest
  @CsvSource({
    "http,/echo,10",
    "http,/echo-chunked,10",
    "http,/echo,0",
    "http,/echo,3",
    "http,/echo,30000",
    "http,/echo-chunked,3000",
    "https,/echo,30000",
    "https,/echo-chunked,300"
  })
  void aFilteredResponseArrivesAsTheFilterGivesIt(String scheme, String path, int words)
      throws Exception {
    RecordingGuard guard = filter.install();
    String body = "a word ".repeat(words);
    Reply reply =
        send(
            Call.of("POST", server(scheme).url(path), "Content-Type", "text/plain")
                .with(Content.whole(body)));
    assertEquals(200, reply.status());
    assertEquals(body.replace("a", "[a]"), reply.text());
    assertNull(reply.header("Content-Length"), "the length is that of another body");
    assertEquals(1, filter.ends.get());
    assertEquals(List.of(), guard.faults);
    assertEquals(1, guard.calls.get(0).reports.get());
    assertEquals(path.equals("/echo") ? body.length() : -1, guard.calls.get(0).responseBytes);
  }

  @Test
  void anErrorGoesThroughTheFilterAndWhatTheFilterLeavesAloneDoesNot() throws Exception {
    filter.install();
    assertEquals("ok", send(Call.of("GET", server().url("/status/404"))).text());
    assertEquals(1, filter.ends.get());
    Reply untouched = send(Call.of("GET", server().url("/status/201")));
    assertEquals("ok", untouched.text());
    assertEquals("2", untouched.header("Content-Length"));
    assertEquals(1, filter.ends.get());
  }

  @Test
  void aRedirectIsFollowedAndItsTargetFiltered() throws Exception {
    filter.install();
    assertEquals("ok", send(Call.of("GET", server().url("/status/302?to=/next"))).text());
    assertEquals(1, filter.ends.get());
  }

  @ParameterizedTest
  @CsvSource({"poison", "fault"})
  void whatAFilterWithholdsIsAnExceptionAndNeverTheEndOfTheBody(String word) {
    filter.install();
    Exception thrown =
        assertThrows(
            Exception.class,
            () ->
                send(
                    Call.of("POST", server().url("/echo-chunked"), "Content-Type", "text/plain")
                        .with(
                            Content.whole("a word ".repeat(50) + word + " and more".repeat(50)))));
    @Nullable Throwable cause = thrown;
    Class<?> wanted = word.equals("poison") ? CallDenied.class : StackOverflowError.class;
    while (cause != null && !wanted.isInstance(cause)) {
      cause = cause.getCause();
    }
    assertInstanceOf(wanted, cause, () -> "thrown: " + thrown);
    assertEquals(1, server().requests().size(), "the call is not sent again");
    assertEquals(0, filter.ends.get());
    assertEquals(1, filter.abandoned.get());
  }

  @ParameterizedTest
  @CsvSource({"/echo,200", "/echo-chunked,200", "/status/404,404"})
  void aResponseThatCannotBeFilteredIsWithheldAndTheCallNotSentAgain(String path, int status)
      throws Exception {
    filter.install();
    IllegalStateException fault = new IllegalStateException("a fault of the filter");
    filter.openFails = fault;
    Call call =
        Call.of("POST", server().url(path), "Content-Type", "text/plain").with(Content.whole("ok"));
    Exception thrown = assertThrows(Exception.class, () -> send(call));
    @Nullable Throwable cause = thrown;
    while (cause != null && !(cause instanceof CallDenied)) {
      cause = cause.getCause();
    }
    assertNotNull(cause, () -> "thrown: " + thrown);
    assertEquals(1, server().requests().size(), "the call is not sent again");
    assertEquals(List.of(fault), filter.unfiltered);
    filter.withholds = false;
    Reply reply = send(call);
    assertEquals(status, reply.status());
    assertEquals("ok", reply.text());
    assertEquals(2, filter.unfiltered.size());
    assertEquals(2, server().requests().size());
  }

  @Test
  void filteredResponsesOfManyThreadsDoNotMix() throws Exception {
    filter.install();
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<@Nullable Void>> sent = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        String body = "a" + i + " ".repeat(i * 50);
        sent.add(
            threads.submit(
                () -> {
                  Reply reply =
                      send(
                          Call.of("POST", server().url("/echo"), "Content-Type", "text/plain")
                              .with(Content.whole(body)));
                  assertEquals(body.replace("a", "[a]"), reply.text());
                  return null;
                }));
      }
      for (Future<@Nullable Void> one : sent) {
        one.get(60, TimeUnit.SECONDS);
      }
    } finally {
      threads.shutdownNow();
    }
    assertEquals(20, filter.ends.get());
  }
}
