package dev.cordon.instrumentation;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/1.1 server on the loopback address that keeps every byte of every request. The path says
 * how it answers:
 *
 * <ul>
 *   <li>{@code /status/307?to=/next}: that status, with a Location when {@code to} is given
 *   <li>{@code /echo}: the body that came; {@code /echo-chunked} in chunks of seven bytes; with
 *       {@code ?gzip} it says that it is compressed
 *   <li>{@code /events}: an event stream; its second event waits for a request for {@code /next}
 *   <li>{@code /close-once/N}: closes the connection without an answer the first time
 *   <li>{@code /silent}: never answers
 *   <li>{@code /endless}: announces a body that never comes
 *   <li>anything else: 200 and {@code ok}
 * </ul>
 */
public final class LoopbackServer implements AutoCloseable {

  /** One request as it came over the wire. */
  public record Request(String line, byte[] raw, byte[] body, String head) {
    public String method() {
      return line.substring(0, line.indexOf(' '));
    }

    public String target() {
      return line.substring(line.indexOf(' ') + 1, line.lastIndexOf(' '));
    }

    public @Nullable String header(String name) {
      for (String headerLine : head.split("\r\n")) {
        int colon = headerLine.indexOf(':');
        if (colon > 0 && headerLine.substring(0, colon).equalsIgnoreCase(name)) {
          return headerLine.substring(colon + 1).trim();
        }
      }
      return null;
    }

    public String text() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }

  private static final char[] PASSWORD = "changeit".toCharArray();
  private static @Nullable KeyStore keys;

  private final ServerSocket listener;
  private final boolean tls;
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final Set<String> closedOnce = ConcurrentHashMap.newKeySet();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger connections = new AtomicInteger();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final CountDownLatch next = new CountDownLatch(1);
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "loopback-server");
            thread.setDaemon(true);
            return thread;
          });

  private LoopbackServer(ServerSocket listener, boolean tls) {
    this.listener = listener;
    this.tls = tls;
    threads.execute(this::accept);
  }

  public static LoopbackServer start(boolean tls) {
    try {
      InetAddress loopback = InetAddress.getByName("127.0.0.1");
      ServerSocket listener =
          tls
              ? tls(keys()).getServerSocketFactory().createServerSocket(0, 512, loopback)
              : new ServerSocket(0, 512, loopback);
      return new LoopbackServer(listener, tls);
    } catch (Exception fault) {
      throw new AssertionError("cannot start the server", fault);
    }
  }

  /** A context that trusts the server's certificate, and with which MockWebServer can serve. */
  public static SSLContext tls() {
    try {
      return tls(keys());
    } catch (Exception fault) {
      throw new AssertionError("cannot make a TLS context", fault);
    }
  }

  public String url(String path) {
    return (tls ? "https" : "http") + "://localhost:" + listener.getLocalPort() + path;
  }

  public List<Request> requests() {
    return requests;
  }

  /** How many connections were made. */
  public int connections() {
    return connections.get();
  }

  public Request only() {
    if (requests.size() != 1) {
      throw new AssertionError("want one request, got " + requests);
    }
    return requests.get(0);
  }

  /** A port on which nobody listens. */
  public static int deadPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    closing.countDown();
    try {
      listener.close();
      for (Socket socket : open) {
        socket.close();
      }
      threads.shutdownNow();
      threads.awaitTermination(5, TimeUnit.SECONDS);
    } catch (IOException | InterruptedException fault) {
      throw new AssertionError(fault);
    }
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        open.add(socket);
        connections.incrementAndGet();
        threads.execute(() -> serve(socket));
      } catch (IOException | RejectedExecutionException closed) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(socket.getInputStream());
      OutputStream out = socket.getOutputStream();
      while (true) {
        Request request = read(in, out);
        if (request == null) {
          return;
        }
        requests.add(request);
        if (!answer(request, out)) {
          return;
        }
      }
    } catch (IOException gone) {
      // the client hung up
    } finally {
      open.remove(socket);
    }
  }

  private boolean answer(Request request, OutputStream out) throws IOException {
    String target = request.target();
    String path = target.contains("?") ? target.substring(0, target.indexOf('?')) : target;
    if (path.startsWith("/close-once/") && closedOnce.add(path)) {
      return false;
    }
    if (path.equals("/silent")) {
      await();
      return false;
    }
    if (path.equals("/next")) {
      next.countDown();
    }
    if (path.equals("/events")) {
      out.write(
          ("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n"
                  + "\r\nf\r\ndata: a first\n\n\r\n")
              .getBytes(ASCII));
      out.flush();
      waitFor(next);
      out.write("10\r\ndata: a second\n\n\r\n0\r\n\r\n".getBytes(ASCII));
      out.flush();
      return true;
    }
    if (path.equals("/endless")) {
      out.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nbeginning".getBytes(ASCII));
      out.flush();
      await();
      return false;
    }
    StringBuilder head = new StringBuilder();
    byte[] body = "ok".getBytes(ASCII);
    int status = 200;
    if (path.startsWith("/status/")) {
      status = Integer.parseInt(path.substring(8, 11));
    } else if (path.startsWith("/echo")) {
      body = request.body();
    }
    head.append("HTTP/1.1 ").append(status).append(" Status\r\n");
    int to = target.indexOf("to=");
    if (to > 0) {
      head.append("Location: ").append(target.substring(to + 3)).append("\r\n");
    }
    boolean chunked = path.startsWith("/echo-chunked");
    if (target.endsWith("?gzip")) {
      head.append("Content-Encoding: gzip\r\n");
    }
    head.append("Content-Type: text/plain\r\n");
    if (chunked) {
      head.append("Transfer-Encoding: chunked\r\n\r\n");
      out.write(head.toString().getBytes(ASCII));
      for (int at = 0; at < body.length; at += 7) {
        int size = Math.min(7, body.length - at);
        out.write((size + "\r\n").getBytes(ASCII));
        out.write(body, at, size);
        out.write("\r\n".getBytes(ASCII));
        out.flush();
      }
      out.write("0\r\n\r\n".getBytes(ASCII));
      out.flush();
      return true;
    }
    head.append("Content-Length: ").append(body.length);
    head.append("\r\n\r\n");
    ByteArrayOutputStream response = new ByteArrayOutputStream();
    response.write(head.toString().getBytes(ASCII));
    if (!request.method().equals("HEAD")) {
      response.write(body);
    }
    out.write(response.toByteArray());
    out.flush();
    return true;
  }

  private static final java.nio.charset.Charset ASCII = StandardCharsets.ISO_8859_1;

  private void await() {
    waitFor(closing);
  }

  private static void waitFor(CountDownLatch latch) {
    try {
      latch.await(60, TimeUnit.SECONDS);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private static @Nullable Request read(InputStream in, OutputStream out) throws IOException {
    ByteArrayOutputStream raw = new ByteArrayOutputStream();
    int matched = 0;
    while (matched < 4) {
      int b = in.read();
      if (b < 0) {
        return null;
      }
      raw.write(b);
      matched = b == "\r\n\r\n".charAt(matched) ? matched + 1 : b == '\r' ? 1 : 0;
    }
    String head = raw.toString(ASCII);
    String lower = head.toLowerCase(Locale.ROOT);
    if (lower.contains("\r\nexpect: 100-continue")) {
      out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(ASCII));
      out.flush();
    }
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    int length = lower.indexOf("\r\ncontent-length:");
    if (lower.contains("\r\ntransfer-encoding: chunked")) {
      readChunks(in, raw, body);
    } else if (length >= 0) {
      int end = lower.indexOf("\r\n", length + 2);
      int size = Integer.parseInt(lower.substring(length + 17, end).trim());
      byte[] bytes = in.readNBytes(size);
      if (bytes.length < size) {
        throw new EOFException();
      }
      raw.write(bytes);
      body.write(bytes);
    }
    return new Request(
        head.substring(0, head.indexOf("\r\n")), raw.toByteArray(), body.toByteArray(), head);
  }

  private static void readChunks(
      InputStream in, ByteArrayOutputStream raw, ByteArrayOutputStream body) throws IOException {
    while (true) {
      String size = readLine(in, raw);
      int length = Integer.parseInt(size.trim(), 16);
      byte[] bytes = in.readNBytes(length);
      if (bytes.length < length) {
        throw new EOFException();
      }
      raw.write(bytes);
      body.write(bytes);
      readLine(in, raw);
      if (length == 0) {
        return;
      }
    }
  }

  private static String readLine(InputStream in, ByteArrayOutputStream raw) throws IOException {
    StringBuilder line = new StringBuilder();
    while (true) {
      int b = in.read();
      if (b < 0) {
        throw new EOFException();
      }
      raw.write(b);
      if (b == '\n') {
        return line.toString().trim();
      }
      line.append((char) b);
    }
  }

  private static SSLContext tls(KeyStore store) throws Exception {
    KeyManagerFactory keyManagers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keyManagers.init(store, PASSWORD);
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keyManagers.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  /** A key for localhost, made by the JDK's keytool once per JVM: no key is kept in the sources. */
  private static synchronized KeyStore keys() throws Exception {
    KeyStore known = keys;
    if (known != null) {
      return known;
    }
    Path folder = Files.createTempDirectory("cordon-tls");
    Path file = folder.resolve("server.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost,ip:127.0.0.1",
                "-ext",
                "bc:c=ca:true",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                file.toString(),
                "-storepass",
                new String(PASSWORD))
            .redirectErrorStream(true)
            .start();
    String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (keytool.waitFor() != 0) {
      throw new AssertionError("keytool: " + output);
    }
    KeyStore keyPair = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      keyPair.load(in, PASSWORD);
    }
    Files.delete(file);
    Files.delete(folder);
    keyPair.setCertificateEntry("trusted", keyPair.getCertificate("server"));
    keys = keyPair;
    return keyPair;
  }
}
