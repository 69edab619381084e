package dev.cordon.it.services;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/**
 * So many virtual threads, each of which makes one call through one of three clients: a third of
 * the calls is to be refused, a third redacted, a third left alone. The server sends back what it
 * gets. Then as many that are all refused, all of them at the same time. Arguments: the URL of the
 * server, the number of threads.
 */
public final class VirtualCalls {

  private static final int AT_ONCE = 100; // connections: the machine's limit, not the clients'
  private static final HttpClient JDK = HttpClient.newHttpClient();
  private static final OkHttpClient OK_HTTP = new OkHttpClient();

  private VirtualCalls() {}

  public static void main(String[] arguments) throws Exception {
    int count = Integer.parseInt(arguments[1]);
    // by reflection: these classes are compiled for 17
    ExecutorService threads =
        (ExecutorService) Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    Semaphore wire = new Semaphore(AT_ONCE);
    ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
    for (int i = 0; i < count; i++) {
      int number = i;
      threads.execute(
          () -> {
            try {
              wire.acquire();
              try {
                call(arguments[0], number, wrong);
              } finally {
                wire.release();
              }
            } catch (Exception failed) {
              wrong.add(number + ": " + failed);
            }
          });
    }
    refusedAtOnce(threads, arguments[0], count, wrong);
    threads.shutdown();
    if (!threads.awaitTermination(4, TimeUnit.MINUTES)) {
      wrong.add("not ended");
    }
    System.out.println("wrong " + wrong.size());
    wrong.stream().limit(10).forEach(System.out::println);
    System.exit(0); // client pools keep non-daemon threads
  }

  /** All in the guard at the same time: a refusal needs no connection. */
  private static void refusedAtOnce(
      ExecutorService threads, String server, int count, ConcurrentLinkedQueue<String> wrong) {
    CountDownLatch all = new CountDownLatch(count);
    for (int i = 0; i < count; i++) {
      int number = i % 3; // kind 0, each client
      threads.execute(
          () -> {
            try {
              all.countDown();
              all.await();
              call(server, number, wrong);
            } catch (Exception failed) {
              wrong.add("at once: " + failed);
            }
          });
    }
  }

  private static void call(String server, int number, ConcurrentLinkedQueue<String> wrong)
      throws IOException, InterruptedException {
    int kind = number / 3 % 3;
    String url = server + (kind == 0 ? "/v1/refunds" : "/v1/notes");
    String note = "number " + number + (kind == 1 ? " of eve" + number + "@example.com" : "");
    String body = "{\"note\":\"" + note + "\"}";
    String got =
        switch (number % 3) {
          case 0 -> urlConnection(url, body);
          case 1 -> jdkClient(url, body);
          default -> okHttp(url, body);
        };
    String want =
        switch (kind) {
          case 0 -> "403 ";
          case 1 -> "200 " + body.replace("eve" + number + "@example.com", "[EMAIL]");
          default -> "200 " + body;
        };
    if (kind == 0 ? !got.startsWith(want) : !got.equals(want)) {
      wrong.add(number + ": want " + want + ", got " + got);
    }
  }

  private static String urlConnection(String url, String body) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
    connection.setRequestProperty("Content-Type", "application/json");
    connection.setDoOutput(true);
    try (OutputStream out = connection.getOutputStream()) {
      out.write(body.getBytes(StandardCharsets.UTF_8));
    }
    int status = connection.getResponseCode();
    try (InputStream in =
        status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
      return status + " " + new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String jdkClient(String url, String body)
      throws IOException, InterruptedException {
    HttpResponse<String> response =
        JDK.send(
            HttpRequest.newBuilder(URI.create(url))
                .version(HttpClient.Version.HTTP_1_1)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    return response.statusCode() + " " + response.body();
  }

  private static String okHttp(String url, String body) throws IOException {
    Request request =
        new Request.Builder()
            .url(url)
            .post(
                RequestBody.create(
                    MediaType.get("application/json"), body.getBytes(StandardCharsets.UTF_8)))
            .build();
    try (Response response = OK_HTTP.newCall(request).execute()) {
      return response.code() + " " + response.body().string();
    }
  }
}
