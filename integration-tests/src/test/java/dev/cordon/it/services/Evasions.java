package dev.cordon.it.services;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/**
 * Sends every row of a table of evasions by every client, and prints a line for each: {@code ID
 * CLIENT answered STATUS}, {@code ID CLIENT refused} by Cordon, or {@code ID CLIENT cannot CLASS}
 * where the client does not send such a call at all.
 */
public final class Evasions {
  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final OkHttpClient OK_HTTP =
      new OkHttpClient.Builder().callTimeout(LIMIT).retryOnConnectionFailure(false).build();
  private static final HttpClient JDK = HttpClient.newBuilder().connectTimeout(LIMIT).build();

  private Evasions() {}

  /** Arguments: the table, the port of the server. */
  public static void main(String[] args) throws Exception {
    for (EvasionTable.Row row : EvasionTable.read(Path.of(args[0]), Integer.parseInt(args[1]))) {
      for (String client : new String[] {"httpurlconnection", "jdk-client", "okhttp"}) {
        System.out.println(row.id() + " " + client + " " + send(row, client));
      }
    }
    System.exit(0); // client pools keep non-daemon threads
  }

  private static String send(EvasionTable.Row row, String client) throws InterruptedException {
    try {
      return switch (client) {
        case "httpurlconnection" -> httpUrlConnection(row);
        case "jdk-client" -> jdkClient(row);
        default -> okHttp(row);
      };
    } catch (IOException | RuntimeException thrown) {
      for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
        if (cause.getClass().getName().startsWith("dev.cordon.")) {
          return "refused";
        }
      }
      return "cannot " + thrown.getClass().getName();
    }
  }

  private static String answer(int status, boolean byCordon) {
    return byCordon ? "refused" : "answered " + status;
  }

  private static String httpUrlConnection(EvasionTable.Row row) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) new URL(row.url()).openConnection();
    connection.setConnectTimeout((int) LIMIT.toMillis());
    connection.setReadTimeout((int) LIMIT.toMillis());
    connection.setInstanceFollowRedirects(false);
    connection.setRequestMethod(row.method());
    connection.setRequestProperty("X-Row", row.id());
    for (int i = 0; i < row.headers().size(); i += 2) {
      connection.addRequestProperty(row.headers().get(i), row.headers().get(i + 1));
    }
    if (row.body().length > 0) {
      connection.setDoOutput(true);
      try (OutputStream out = connection.getOutputStream()) {
        out.write(row.body());
      }
    }
    int status = connection.getResponseCode();
    try (InputStream in =
        status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
      if (in != null) {
        in.readAllBytes();
      }
    }
    return answer(status, connection.getHeaderField("Cordon-Decision") != null);
  }

  private static String jdkClient(EvasionTable.Row row) throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(row.url())).timeout(LIMIT).header("X-Row", row.id());
    for (int i = 0; i < row.headers().size(); i += 2) {
      request.header(row.headers().get(i), row.headers().get(i + 1));
    }
    request.method(
        row.method(),
        row.body().length == 0
            ? HttpRequest.BodyPublishers.noBody()
            : HttpRequest.BodyPublishers.ofByteArray(row.body()));
    HttpResponse<byte[]> response =
        JDK.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    return answer(
        response.statusCode(), response.headers().firstValue("Cordon-Decision").isPresent());
  }

  private static String okHttp(EvasionTable.Row row) throws IOException {
    Request.Builder request = new Request.Builder().url(row.url()).header("X-Row", row.id());
    String type = null;
    for (int i = 0; i < row.headers().size(); i += 2) {
      String name = row.headers().get(i);
      if (name.toLowerCase(Locale.ROOT).equals("content-type")) {
        type = row.headers().get(i + 1);
      } else {
        request.addHeader(name, row.headers().get(i + 1));
      }
    }
    request.method(
        row.method(),
        row.body().length == 0
            ? null
            : RequestBody.create(row.body(), type == null ? null : MediaType.parse(type)));
    try (Response response = OK_HTTP.newCall(request.build()).execute()) {
      response.body().bytes();
      return answer(response.code(), response.header("Cordon-Decision") != null);
    }
  }
}
