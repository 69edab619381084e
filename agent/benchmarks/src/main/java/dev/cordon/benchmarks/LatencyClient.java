package dev.cordon.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/**
 * Sends GETs or 1 KB JSON POSTs one after the other over one kept connection and prints {@code
 * p50Ns p99Ns}. Arguments: client, GET or POST, base URL, calls to warm up, calls to measure.
 */
public final class LatencyClient {

  /** One call, sent and its answer read to the end. */
  private interface Sender {
    void send() throws IOException, InterruptedException;
  }

  private LatencyClient() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    boolean post = args[1].equals("POST");
    String url = args[2] + (post ? "/v1/notes" : "/v1/notes/17");
    byte[] body = body();
    Sender sender =
        switch (args[0]) {
          case "httpurlconnection" -> () -> httpUrlConnection(url, post, body);
          case "jdk-client" -> jdkClient(url, post, body);
          case "okhttp" -> okHttp(url, post, body);
          default -> throw new IllegalArgumentException("unknown client " + args[0]);
        };
    for (int i = Integer.parseInt(args[3]); i > 0; i--) {
      sender.send();
    }
    long[] ns = new long[Integer.parseInt(args[4])];
    for (int i = 0; i < ns.length; i++) {
      long start = System.nanoTime();
      sender.send();
      ns[i] = System.nanoTime() - start;
    }
    Arrays.sort(ns);
    System.out.println(ns[ns.length / 2] + " " + ns[(int) (ns.length * 0.99)]);
    System.exit(0); // client pools keep non-daemon threads
  }

  private static byte[] body() {
    StringBuilder json =
        new StringBuilder("{\"ticket\":\"4711\",\"tags\":[\"refund\",\"vip\"],\"note\":\"");
    while (json.length() < 1_000) {
      json.append("The parcel came late and the customer asks for a partial credit. ");
    }
    return json.append("\"}").toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void httpUrlConnection(String url, boolean post, byte[] body) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) new URL(url).openConnection();
    if (post) {
      connection.setRequestMethod("POST");
      connection.setDoOutput(true);
      connection.setRequestProperty("Content-Type", "application/json");
      try (OutputStream out = connection.getOutputStream()) {
        out.write(body);
      }
    }
    require(connection.getResponseCode());
    try (InputStream in = connection.getInputStream()) {
      in.readAllBytes();
    }
  }

  private static Sender jdkClient(String url, boolean post, byte[] body) {
    HttpClient client = HttpClient.newHttpClient();
    HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(url));
    HttpRequest request =
        post
            ? builder
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build()
            : builder.build();
    return () ->
        require(client.send(request, HttpResponse.BodyHandlers.ofByteArray()).statusCode());
  }

  private static Sender okHttp(String url, boolean post, byte[] body) {
    OkHttpClient client = new OkHttpClient();
    Request.Builder builder = new Request.Builder().url(url);
    Request request =
        post
            ? builder.post(RequestBody.create(body, MediaType.get("application/json"))).build()
            : builder.build();
    return () -> {
      try (Response response = client.newCall(request).execute()) {
        require(response.code());
        response.body().bytes();
      }
    };
  }

  private static void require(int status) {
    if (status != 200) {
      throw new IllegalStateException("the loopback server answered " + status);
    }
  }
}
