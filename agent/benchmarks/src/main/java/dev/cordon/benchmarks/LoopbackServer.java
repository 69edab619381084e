package dev.cordon.benchmarks;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Locale;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * Answers every HTTP/1.1 request with the same 200 and keeps the connection: as little server as
 * can be, so that the client is what is measured. Ends when its standard input does.
 *
 * <p>Arguments: none for http, or a PKCS12 key store and its password for https. Prints its port.
 */
public final class LoopbackServer {
  private static final byte[] ANSWER =
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n{\"ok\":true}"
          .getBytes(StandardCharsets.US_ASCII);

  private LoopbackServer() {}

  public static void main(String[] args) throws IOException, GeneralSecurityException {
    ServerSocket server = args.length == 0 ? plain() : tls(Path.of(args[0]), args[1]);
    System.out.println(server.getLocalPort());
    Thread accept = new Thread(() -> accept(server), "accept");
    accept.setDaemon(true);
    accept.start();
    while (System.in.read() >= 0) {
      continue; // the driver closes our input when it has finished
    }
  }

  private static ServerSocket plain() throws IOException {
    return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }

  private static ServerSocket tls(Path keyStore, String password)
      throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(keyStore)) {
      keys.load(in, password.toCharArray());
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, password.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context
        .getServerSocketFactory()
        .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }

  private static void accept(ServerSocket server) {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        socket.setTcpNoDelay(true);
        Thread connection = new Thread(() -> serve(socket), "connection");
        connection.setDaemon(true);
        connection.start();
      } catch (IOException closed) {
        return;
      }
    }
  }

  private static void serve(Socket socket) {
    try (socket) {
      InputStream in = new BufferedInputStream(socket.getInputStream(), 64 * 1024);
      OutputStream out = socket.getOutputStream();
      while (readRequest(in)) {
        out.write(ANSWER);
        out.flush();
      }
    } catch (IOException gone) {
      // the client closed: the next connection is served by its own thread
    }
  }

  private static boolean readRequest(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder(128);
    long length = 0;
    boolean first = true;
    while (true) {
      line.setLength(0);
      int c = in.read();
      while (c >= 0 && c != '\n') {
        if (c != '\r') {
          line.append((char) c);
        }
        c = in.read();
      }
      if (c < 0) {
        return false;
      }
      if (line.length() == 0 && !first) {
        break;
      }
      first = false;
      String header = line.toString().toLowerCase(Locale.ROOT);
      if (header.startsWith("content-length:")) {
        length = Long.parseLong(header.substring(15).trim());
      }
    }
    in.skipNBytes(length);
    return true;
  }
}
