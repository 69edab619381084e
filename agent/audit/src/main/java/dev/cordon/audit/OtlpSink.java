package dev.cordon.audit;

import dev.cordon.journal.JournalEntry;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** OTLP over HTTP in JSON: one POST for each batch. Redirects are not followed. */
final class OtlpSink implements Sink {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
  private static final int MAX_ANSWER_BYTES = 64 * 1024;
  private static final long MAX_WAIT_S = 300;
  private static final int OK = 200;

  /** Of an ExportLogsPartialSuccess; a 64-bit number is a text in JSON. */
  private static final Pattern REJECTED =
      Pattern.compile("\"rejectedLogRecords\"\\s*:\\s*\"?([0-9]{1,18})");

  private final URI url;
  private final Map<String, String> headers;
  private final HttpClient client;
  private final Duration answerTimeout;

  OtlpSink(URI url, Map<String, String> headers, @Nullable SSLContext tls, Duration answerTimeout) {
    this.url = url;
    this.headers = headers;
    this.answerTimeout = answerTimeout;
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT_TIMEOUT);
    this.client = (tls == null ? builder : builder.sslContext(tls)).build();
  }

  @Override
  public void send(List<JournalEntry> entries) throws IOException, RefusedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url)
            .timeout(answerTimeout)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(OtlpLogs.of(entries)));
    headers.forEach(request::setHeader);
    HttpResponse<InputStream> response;
    try {
      response = client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    String answer;
    try (InputStream in = response.body()) {
      answer = new String(in.readNBytes(MAX_ANSWER_BYTES), StandardCharsets.UTF_8);
    }
    judge(response, answer);
  }

  private static void judge(HttpResponse<?> response, String answer)
      throws IOException, RefusedException {
    int status = response.statusCode();
    switch (status) {
      case OK -> {
        Matcher rejected = REJECTED.matcher(answer);
        if (rejected.find() && Long.parseLong(rejected.group(1)) > 0) {
          throw new RefusedException("it rejects " + rejected.group(1) + " of them");
        }
      }
      case 429, 502, 503, 504 -> throw new BusyException("it answers " + status, waitMs(response));
      default -> throw new RefusedException("it answers " + status);
    }
  }

  /** As the header Retry-After says it in seconds; 0 without one. */
  private static long waitMs(HttpResponse<?> response) {
    String seconds = response.headers().firstValue("Retry-After").orElse("");
    return seconds.matches("[0-9]{1,9}")
        ? Math.min(MAX_WAIT_S, Long.parseLong(seconds)) * 1_000
        : 0;
  }

  @Override
  public void close() {
    // the client has no more to close in Java 17; its threads are daemons
  }
}
