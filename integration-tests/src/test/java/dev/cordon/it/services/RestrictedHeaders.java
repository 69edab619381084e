package dev.cordon.it.services;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Sends bodies with headers of its own about their length and prints what came to a server that
 * reads whatever is sent: the number of bytes, 0 for nothing, and the Content-Length.
 *
 * <p>Arguments: the port, then client, header, value and body of each call.
 */
public final class RestrictedHeaders {
  private static final int QUIET_MS = 300;

  private RestrictedHeaders() {}

  public static void main(String[] arguments) throws Exception {
    int port = Integer.parseInt(arguments[0]);
    try (ServerSocket server = new ServerSocket(port, 50, InetAddress.getLoopbackAddress())) {
      for (int i = 1; i < arguments.length; i += 4) {
        String client = arguments[i];
        String header = arguments[i + 1];
        String value = arguments[i + 2];
        byte[] body = arguments[i + 3].getBytes(StandardCharsets.UTF_8);
        StringBuilder arrived = new StringBuilder();
        Thread serving = new Thread(() -> serve(server, arrived));
        serving.start();
        int status = send(client, URI.create("http://localhost:" + port), header, value, body);
        if (status == 403) { // nothing was sent: this ends the wait for it
          new Socket(InetAddress.getLoopbackAddress(), port).close();
        }
        serving.join(20_000);
        System.out.println(
            client
                + " "
                + header
                + ": "
                + value
                + " -> "
                + status
                + " "
                + told(arrived.toString()));
      }
    }
    System.exit(0);
  }

  private static String told(String request) {
    StringBuilder told = new StringBuilder();
    int end = request.indexOf("\r\n\r\n");
    told.append(end < 0 ? 0 : request.length() - end - 4);
    for (String line : request.substring(0, Math.max(end, 0)).split("\r\n", -1)) {
      if (line.regionMatches(true, 0, "content-length:", 0, 15)) {
        told.append(" of ").append(line.substring(15).trim());
      }
    }
    return told.toString();
  }

  private static void serve(ServerSocket server, StringBuilder arrived) {
    try (Socket socket = server.accept()) {
      socket.setSoTimeout(QUIET_MS);
      InputStream in = socket.getInputStream();
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      try {
        for (int next = in.read(); next >= 0; next = in.read()) {
          all.write(next);
        }
      } catch (SocketTimeoutException quiet) {
        // the client waits for its answer
      }
      arrived.append(all.toString(StandardCharsets.ISO_8859_1));
      OutputStream out = socket.getOutputStream();
      out.write(
          "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"
              .getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int send(String client, URI server, String header, String value, byte[] body)
      throws Exception {
    return switch (client) {
      case "url-get" ->
          url(server.resolve("/v1/orders").toURL(), header, value, new byte[0], false);
      case "url-buffered" -> url(server.resolve("/v1/notes").toURL(), header, value, body, false);
      case "url-chunked" -> url(server.resolve("/v1/notes").toURL(), header, value, body, true);
      case "jdk-get" ->
          jdk(HttpRequest.newBuilder(server.resolve("/v1/orders")).GET(), header, value);
      case "jdk-sized" ->
          jdk(
              HttpRequest.newBuilder(server.resolve("/v1/notes"))
                  .POST(BodyPublishers.ofByteArray(body)),
              header,
              value);
      case "jdk-chunked" ->
          jdk(
              HttpRequest.newBuilder(server.resolve("/v1/notes"))
                  .POST(BodyPublishers.fromPublisher(BodyPublishers.ofByteArray(body))),
              header,
              value);
      default -> throw new IllegalArgumentException("no client " + client);
    };
  }

  private static int url(URL url, String header, String value, byte[] body, boolean chunked)
      throws IOException {
    HttpURLConnection connection = (HttpURLConnection) url.openConnection();
    connection.setReadTimeout(15_000);
    connection.setRequestProperty("Content-Type", "application/json");
    connection.setRequestProperty(header, value);
    if (body.length > 0) {
      connection.setRequestMethod("POST");
      connection.setDoOutput(true);
      if (chunked) {
        connection.setChunkedStreamingMode(64);
      }
      try (OutputStream out = connection.getOutputStream()) {
        out.write(body);
      }
    }
    return connection.getResponseCode();
  }

  private static int jdk(HttpRequest.Builder request, String header, String value)
      throws Exception {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .build()
        .send(
            request
                .timeout(Duration.ofSeconds(15))
                .header("Content-Type", "application/json")
                .header(header, value)
                .build(),
            BodyHandlers.ofString())
        .statusCode();
  }
}
