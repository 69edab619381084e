package dev.cordon.it;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP proxy on the loopback interface that keeps what it receives. Answers requests itself,
 * with 200, and tunnels where it is asked to CONNECT, without a look at what passes.
 */
final class LocalProxy implements AutoCloseable {

  /** One request to the proxy; the body is that of a request it answered. */
  record Received(String line, String body) {}

  private final ServerSocket listener;
  private final List<Received> received = new CopyOnWriteArrayList<>();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  LocalProxy() throws IOException {
    listener = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    start(this::accept);
  }

  /** The options with which a JVM sends everything through this proxy, also to localhost. */
  String[] options() {
    return new String[] {
      "-Dhttp.proxyHost=127.0.0.1",
      "-Dhttp.proxyPort=" + listener.getLocalPort(),
      "-Dhttps.proxyHost=127.0.0.1",
      "-Dhttps.proxyPort=" + listener.getLocalPort(),
      "-Dhttp.nonProxyHosts="
    };
  }

  List<Received> received() {
    return received;
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : open) {
      socket.close();
    }
  }

  private static void start(Runnable task) {
    Thread thread = new Thread(task, "local-proxy");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        open.add(socket);
        start(() -> serve(socket));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      InputStream in = new BufferedInputStream(client.getInputStream());
      OutputStream out = client.getOutputStream();
      for (String head = head(in); head != null; head = head(in)) {
        String line = head.substring(0, head.indexOf("\r\n"));
        if (line.startsWith("CONNECT ")) {
          received.add(new Received(line, ""));
          tunnel(line.split(" ", -1)[1], in, out);
          return;
        }
        received.add(new Received(line, body(head, in)));
        out.write(
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}".getBytes(StandardCharsets.US_ASCII));
        out.flush();
      }
    } catch (IOException gone) {
      // the client hung up
    } finally {
      open.remove(client);
    }
  }

  private void tunnel(String authority, InputStream in, OutputStream out) throws IOException {
    int colon = authority.lastIndexOf(':');
    int port = Integer.parseInt(authority.substring(colon + 1));
    try (Socket server = new Socket(InetAddress.getByName("127.0.0.1"), port)) {
      open.add(server);
      out.write("HTTP/1.1 200 Connected\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      out.flush();
      InputStream answers = server.getInputStream();
      start(
          () -> {
            try {
              answers.transferTo(out);
              out.close();
            } catch (IOException gone) {
              // either side hung up
            }
          });
      in.transferTo(server.getOutputStream());
    }
  }

  private static @Nullable String head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        return null;
      }
      head.write(next);
    }
    return head.toString(StandardCharsets.ISO_8859_1);
  }

  private static String body(String head, InputStream in) throws IOException {
    String lower = head.toLowerCase(Locale.ROOT);
    int at = lower.indexOf("\r\ncontent-length:");
    if (at < 0) {
      return "";
    }
    int length = Integer.parseInt(lower.substring(at + 17, lower.indexOf("\r\n", at + 2)).trim());
    return new String(in.readNBytes(length), StandardCharsets.UTF_8);
  }
}
