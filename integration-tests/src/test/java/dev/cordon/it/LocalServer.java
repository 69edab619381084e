package dev.cordon.it;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A server on the loopback interface that keeps what it receives and answers 200 with {@code
 * {"ok":true}}. With TLS it has a certificate for {@code localhost} that a forked JVM trusts with
 * {@link #trustOptions()}.
 */
public final class LocalServer implements AutoCloseable {

  /** One request as it arrived; header names in lower case. */
  public record Received(
      String method, String uri, Map<String, List<String>> headers, byte[] body) {
    public String text() {
      return new String(body, StandardCharsets.UTF_8);
    }

    public @Nullable String header(String name) {
      List<String> values = headers.get(name.toLowerCase(Locale.ROOT));
      return values == null ? null : values.get(0);
    }

    @Override
    public String toString() {
      return method + " " + uri + " " + text();
    }
  }

  /** What is answered to a request; compressed when its path ends with {@code /gzip}. */
  public record Answer(int status, String contentType, String body) {
    public static final Answer OK = new Answer(200, "application/json", "{\"ok\":true}");
  }

  private static final String PASSWORD = "changeit";

  private final HttpServer server;
  private final String scheme;
  private final ExecutorService threads = Executors.newFixedThreadPool(4);
  private final List<Received> received = new ArrayList<>();
  private final Map<String, Runnable> actions = new ConcurrentHashMap<>();
  private final @Nullable Path keys;
  private volatile Function<Received, Answer> answers = received -> Answer.OK;

  private LocalServer(HttpServer server, @Nullable Path keys) {
    this.server = server;
    this.scheme = keys == null ? "http" : "https";
    this.keys = keys;
    server.createContext("/", this::answer);
    server.setExecutor(threads);
    server.start();
  }

  public static LocalServer http() throws IOException {
    return new LocalServer(HttpServer.create(loopback(), 0), null);
  }

  /**
   * @param directory where the key store is made
   */
  public static LocalServer https(Path directory)
      throws IOException, InterruptedException, GeneralSecurityException {
    Path keys = directory.resolve("localhost.p12");
    if (!Files.exists(keys)) {
      ForkedJvm.Ended made =
          ForkedJvm.of(Jdk.current())
              .tool(
                  "keytool",
                  ("-genkeypair -alias localhost -keyalg RSA -keysize 2048 -validity 3650"
                          + " -dname CN=localhost -ext SAN=dns:localhost,ip:127.0.0.1"
                          + " -storetype PKCS12 -storepass "
                          + PASSWORD
                          + " -keystore "
                          + keys)
                      .split(" "));
      if (made.exitCode() != 0) {
        throw new IOException("keytool failed: " + made);
      }
    }
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(keys)) {
      store.load(in, PASSWORD.toCharArray());
    }
    KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
    managers.init(store, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    HttpsServer server = HttpsServer.create(loopback(), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    return new LocalServer(server, keys);
  }

  public int port() {
    return server.getAddress().getPort();
  }

  public String url(String path) {
    return scheme + "://localhost:" + port() + path;
  }

  /** The options with which a JVM trusts this server. */
  public String[] trustOptions() {
    return keys == null
        ? new String[0]
        : new String[] {
          "-Djavax.net.ssl.trustStore=" + keys,
          "-Djavax.net.ssl.trustStorePassword=" + PASSWORD,
          "-Djavax.net.ssl.trustStoreType=PKCS12"
        };
  }

  /** Does something the moment a request for this path has arrived, before it is answered. */
  public void onRequest(String path, Runnable action) {
    actions.put(path, action);
  }

  /** Answers every request from now on with what this makes of it. */
  public void answerWith(Function<Received, Answer> making) {
    answers = making;
  }

  /** What arrived so far, in order. */
  public List<Received> received() {
    synchronized (received) {
      return List.copyOf(received);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
    try {
      threads.awaitTermination(10, TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      Map<String, List<String>> headers = new TreeMap<>();
      exchange
          .getRequestHeaders()
          .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values));
      Received request =
          new Received(
              exchange.getRequestMethod(), exchange.getRequestURI().toString(), headers, body);
      synchronized (received) {
        received.add(request);
      }
      Runnable action = actions.get(exchange.getRequestURI().getPath());
      if (action != null) {
        action.run();
      }
      Answer answer = answers.apply(request);
      byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
      if (request.uri().endsWith("/gzip")) {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
          gzip.write(bytes);
        }
        bytes = zipped.toByteArray();
        exchange.getResponseHeaders().set("Content-Encoding", "gzip");
      }
      exchange.getResponseHeaders().set("Content-Type", answer.contentType());
      exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private static InetSocketAddress loopback() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }
}
