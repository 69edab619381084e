package dev.cordon.it.services;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;

/**
 * Sends bodies that nobody should send through every client, each to two URLs, and prints one line
 * for each: client, body, what came of it at the first URL and at the second. The argument is the
 * URL of the server.
 */
public final class BadBodies {

  private static final HttpClient JDK = HttpClient.newHttpClient();
  private static final OkHttpClient OK_HTTP = new OkHttpClient();

  /** Sends a body and gives the status and the first bytes of the answer. */
  private interface Client {
    Answer send(String url, Body body) throws Exception;
  }

  /** A request body; {@code failure} is thrown by its source after the last byte. */
  private record Body(byte[] bytes, @Nullable IOException failure) {
    InputStream open() {
      IOException thrown = failure;
      if (thrown == null) {
        return new ByteArrayInputStream(bytes);
      }
      return new SequenceInputStream(
          new ByteArrayInputStream(bytes),
          new InputStream() {
            @Override
            public int read() throws IOException {
              throw thrown;
            }
          });
    }
  }

  private record Answer(int status, InputStream in) {}

  private BadBodies() {}

  public static void main(String[] arguments) throws Exception {
    List<String> names =
        List.of("httpurlconnection", "jdk-client", "jdk-client-async", "okhttp", "okhttp-async");
    List<Client> clients =
        List.of(
            BadBodies::urlConnection,
            BadBodies::jdkClient,
            BadBodies::jdkClientAsync,
            BadBodies::okHttp,
            BadBodies::okHttpAsync);
    ServerSocket endless = endless();
    for (int i = 0; i < clients.size(); i++) {
      for (List<Object> bad : bodies()) {
        System.out.println(
            names.get(i)
                + " "
                + bad.get(0)
                + " "
                + outcome(clients.get(i), arguments[0] + "/v1/tickets", (Body) bad.get(1))
                + " "
                + outcome(clients.get(i), arguments[0] + "/v1/notes", (Body) bad.get(1)));
      }
      String url = "http://127.0.0.1:" + endless.getLocalPort() + "/v1/endless";
      Body good = new Body("{}".getBytes(StandardCharsets.UTF_8), null);
      System.out.println(names.get(i) + " endless " + outcome(clients.get(i), url, good));
    }
    System.exit(0); // client pools keep non-daemon threads
  }

  private static List<List<Object>> bodies() throws IOException {
    String head = "{\"status\":\"open\",\"mail\":\"eve@example.com\"";
    ByteArrayOutputStream notUtf8 = new ByteArrayOutputStream();
    notUtf8.write((head + ",\"x\":\"").getBytes(StandardCharsets.UTF_8));
    notUtf8.write(new byte[] {(byte) 0xc3, '(', (byte) 0xff});
    notUtf8.write("\"}".getBytes(StandardCharsets.UTF_8));
    List<List<Object>> bodies = new ArrayList<>();
    bodies.add(List.of("good", body(head + "}")));
    bodies.add(List.of("malformed", body(head)));
    bodies.add(List.of("not-utf-8", new Body(notUtf8.toByteArray(), null)));
    bodies.add(List.of("twice", body(head + ",\"status\":\"open\"}")));
    bodies.add(
        List.of("deep", body(head + ",\"x\":" + "[".repeat(1_000) + "]".repeat(1_000) + "}")));
    bodies.add(List.of("large", body(head + ",\"x\":\"" + "x".repeat(10 << 20) + "\"}")));
    bodies.add(
        List.of(
            "throws",
            new Body(head.getBytes(StandardCharsets.UTF_8), new IOException("no such disk"))));
    bodies.add(List.of("good", body(head + "}")));
    return bodies;
  }

  private static Body body(String text) {
    return new Body(text.getBytes(StandardCharsets.UTF_8), null);
  }

  private static String outcome(Client client, String url, Body body) {
    try {
      Answer answer = client.send(url, body);
      int first = answer.in.read(); // readNBytes would wait for more than is asked for
      answer.in.close();
      return answer.status + (first == 'b' ? " begun" : "");
    } catch (Exception thrown) {
      Throwable cause = thrown;
      while (cause.getCause() != null) {
        cause = cause.getCause();
      }
      return "(" + cause.getMessage() + ")";
    }
  }

  /** A server that begins an answer to everything and ends none. */
  private static ServerSocket endless() throws IOException {
    ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread thread =
        new Thread(
            () -> {
              List<Socket> open = new ArrayList<>(); // so that none of them is closed
              while (true) {
                try {
                  Socket accepted = socket.accept();
                  open.add(accepted);
                  byte[] ignored = new byte[8192];
                  if (accepted.getInputStream().read(ignored) >= 0) {
                    OutputStream out = accepted.getOutputStream();
                    out.write(
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nbegin\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
                    out.flush();
                  }
                } catch (IOException gone) {
                  return;
                }
              }
            },
            "endless");
    thread.setDaemon(true);
    thread.start();
    return socket;
  }

  private static Answer urlConnection(String url, Body body) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
    connection.setRequestProperty("Content-Type", "application/json");
    connection.setDoOutput(true);
    try (OutputStream out = connection.getOutputStream();
        InputStream in = body.open()) {
      in.transferTo(out);
    }
    int status = connection.getResponseCode();
    return new Answer(
        status, status < 400 ? connection.getInputStream() : connection.getErrorStream());
  }

  private static HttpRequest request(String url, Body body) {
    return HttpRequest.newBuilder(URI.create(url))
        .version(HttpClient.Version.HTTP_1_1)
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofInputStream(body::open))
        .build();
  }

  private static Answer jdkClient(String url, Body body) throws IOException, InterruptedException {
    HttpResponse<InputStream> response =
        JDK.send(request(url, body), HttpResponse.BodyHandlers.ofInputStream());
    return new Answer(response.statusCode(), response.body());
  }

  private static Answer jdkClientAsync(String url, Body body) throws Exception {
    HttpResponse<InputStream> response =
        JDK.sendAsync(request(url, body), HttpResponse.BodyHandlers.ofInputStream())
            .get(60, TimeUnit.SECONDS);
    return new Answer(response.statusCode(), response.body());
  }

  private static Call newCall(String url, Body body) {
    return OK_HTTP.newCall(
        new Request.Builder()
            .url(url)
            .post(
                new RequestBody() {
                  @Override
                  public MediaType contentType() {
                    return MediaType.get("application/json");
                  }

                  @Override
                  public void writeTo(BufferedSink sink) throws IOException {
                    try (InputStream in = body.open()) {
                      in.transferTo(sink.outputStream());
                    }
                  }
                })
            .build());
  }

  private static Answer okHttp(String url, Body body) throws IOException {
    Response response = newCall(url, body).execute();
    return new Answer(response.code(), response.body().byteStream());
  }

  private static Answer okHttpAsync(String url, Body body)
      throws ExecutionException, InterruptedException {
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    newCall(url, body)
        .enqueue(
            new Callback() {
              @Override
              public void onFailure(Call call, IOException thrown) {
                answer.completeExceptionally(thrown);
              }

              @Override
              public void onResponse(Call call, Response response) {
                answer.complete(new Answer(response.code(), response.body().byteStream()));
              }
            });
    return answer.get();
  }
}
