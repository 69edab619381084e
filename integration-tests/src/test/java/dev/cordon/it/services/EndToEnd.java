package dev.cordon.it.services;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
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
import java.util.Map;
import java.util.logging.FileHandler;
import java.util.logging.SimpleFormatter;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * A service with real clients and loggers that does what its arguments say, one after the other,
 * and prints one line for each: {@code STATUS code decision body} or {@code THROWN class message}.
 *
 * <p>{@code call CLIENT METHOD URL BODY}, {@code gzip CLIENT METHOD URL BODY}, {@code bomb CLIENT
 * METHOD URL MEGABYTES} (so many zeros, compressed), {@code header NAME VALUE} (for the calls that
 * follow), {@code log FILE TEXT} (java.util.logging), {@code slf4j TEXT} (to stdout, with the text
 * in the message, an argument, the MDC and an exception).
 */
public final class EndToEnd {
  private static final OkHttpClient OK_HTTP = new OkHttpClient();
  private static final HttpClient JDK =
      HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build();

  private record Answer(int status, String decision, String body) {}

  private String headerName = "X-Nothing";
  private String headerValue = "none";

  private EndToEnd() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    EndToEnd service = new EndToEnd();
    for (int i = 0; i < args.length; ) {
      switch (args[i]) {
        case "call", "gzip" -> {
          boolean gzip = args[i].equals("gzip");
          byte[] body = args[i + 4].getBytes(StandardCharsets.UTF_8);
          body = gzip ? gzipped(body, 1) : body;
          service.call(gzip, args[i + 1], args[i + 2], args[i + 3], body);
          i += 5;
        }
        case "bomb" -> {
          byte[] bomb = gzipped(new byte[1 << 20], Integer.parseInt(args[i + 4]));
          service.call(true, args[i + 1], args[i + 2], args[i + 3], bomb);
          i += 5;
        }
        case "header" -> {
          service.headerName = args[i + 1];
          service.headerValue = args[i + 2];
          i += 3;
        }
        case "log" -> {
          log(args[i + 1], args[i + 2]);
          i += 3;
        }
        case "slf4j" -> {
          slf4j(args[i + 1]);
          i += 2;
        }
        default -> throw new IllegalArgumentException("unknown step " + args[i]);
      }
    }
    System.exit(0); // client pools keep non-daemon threads
  }

  private void call(boolean gzip, String client, String method, String url, byte[] body)
      throws InterruptedException {
    try {
      Answer answer =
          switch (client) {
            case "httpurlconnection" -> httpUrlConnection(gzip, method, url, body);
            case "jdk-client" -> jdkClient(gzip, method, url, body);
            case "okhttp" -> okHttp(gzip, method, url, body);
            default -> throw new IllegalArgumentException("unknown client " + client);
          };
      System.out.println(
          "STATUS " + answer.status + " " + answer.decision + " " + answer.body.replace('\n', ' '));
    } catch (IOException thrown) {
      System.out.println("THROWN " + thrown.getClass().getName() + " " + thrown.getMessage());
    }
  }

  private Answer httpUrlConnection(boolean gzip, String method, String url, byte[] body)
      throws IOException {
    HttpURLConnection connection = (HttpURLConnection) new URL(url).openConnection();
    connection.setRequestMethod(method);
    connection.setRequestProperty(headerName, headerValue);
    if (body.length > 0) {
      connection.setRequestProperty("Content-Type", "application/json");
      if (gzip) {
        connection.setRequestProperty("Content-Encoding", "gzip");
      }
      connection.setDoOutput(true);
      try (OutputStream out = connection.getOutputStream()) {
        out.write(body);
      }
    }
    int status = connection.getResponseCode();
    try (InputStream in =
        status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
      return new Answer(
          status,
          String.valueOf(connection.getHeaderField("Cordon-Decision")),
          text(in.readAllBytes(), connection.getHeaderField("Content-Encoding")));
    }
  }

  private static String text(byte[] body, String coding) throws IOException {
    byte[] plain =
        "gzip".equals(coding)
            ? new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes()
            : body;
    return new String(plain, StandardCharsets.UTF_8);
  }

  private Answer jdkClient(boolean gzip, String method, String url, byte[] body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url)).header(headerName, headerValue);
    if (body.length > 0) {
      request.header("Content-Type", "application/json");
      request.method(method, HttpRequest.BodyPublishers.ofByteArray(body));
      if (gzip) {
        request.header("Content-Encoding", "gzip");
      }
    } else {
      request.method(method, HttpRequest.BodyPublishers.noBody());
    }
    HttpResponse<byte[]> response =
        JDK.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    return new Answer(
        response.statusCode(),
        response.headers().firstValue("Cordon-Decision").orElse("null"),
        text(response.body(), response.headers().firstValue("Content-Encoding").orElse("")));
  }

  private Answer okHttp(boolean gzip, String method, String url, byte[] body) throws IOException {
    Request.Builder request =
        new Request.Builder()
            .url(url)
            .header(headerName, headerValue)
            .method(
                method,
                body.length == 0
                    ? null
                    // in this order also in 3.14
                    : RequestBody.create(MediaType.get("application/json"), body));
    if (gzip) {
      request.header("Content-Encoding", "gzip");
    }
    try (Response response = OK_HTTP.newCall(request.build()).execute()) {
      return new Answer(
          response.code(),
          String.valueOf(response.header("Cordon-Decision")),
          response.body().string());
    }
  }

  private static byte[] gzipped(byte[] body, int times) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      for (int i = 0; i < times; i++) {
        gzip.write(body);
      }
    }
    return out.toByteArray();
  }

  private static void log(String file, String text) throws IOException {
    java.util.logging.Logger logger = java.util.logging.Logger.getLogger("end-to-end");
    FileHandler handler = new FileHandler(file, true);
    handler.setFormatter(new SimpleFormatter());
    logger.addHandler(handler);
    logger.setUseParentHandlers(false);
    logger.log(java.util.logging.Level.INFO, "customer {0} wrote", text);
    logger.log(
        java.util.logging.Level.WARNING,
        "failed",
        new IllegalStateException("for " + text, new IOException("because of " + text)));
    handler.close();
    logger.removeHandler(handler);
  }

  private static void slf4j(String text) {
    Logger logger = LoggerFactory.getLogger("end-to-end");
    MDC.setContextMap(Map.of("customer", text));
    logger.info("message with " + text);
    logger.info("argument {}", text);
    logger.warn("failed", new IllegalStateException("for " + text));
    MDC.clear();
  }
}
