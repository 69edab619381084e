package dev.cordon.instrumentation.jdkclient;

import dev.cordon.instrumentation.HttpClientContract;
import dev.cordon.instrumentation.LoopbackServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** The contract over {@code send}. */
class JdkClientInstrumentationTest extends HttpClientContract {

  static final HttpClient CLIENT =
      HttpClient.newBuilder()
          .followRedirects(HttpClient.Redirect.ALWAYS)
          .sslContext(LoopbackServer.tls())
          .version(HttpClient.Version.HTTP_1_1)
          .build();

  @Override
  protected String library() {
    return "jdk-client";
  }

  @Override
  protected Reply send(Call call) throws Exception {
    return reply(CLIENT.send(request(call), BodyHandlers.ofByteArray()));
  }

  static HttpRequest request(Call call) {
    Content content = call.content();
    BodyPublisher publisher =
        content == null
            ? BodyPublishers.noBody()
            : content.isStreamed()
                ? BodyPublishers.ofInputStream(content::open)
                : BodyPublishers.ofByteArray(content.bytes());
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(call.url())).method(call.method(), publisher);
    if (call.timeoutMs() > 0) {
      request.timeout(Duration.ofMillis(call.timeoutMs()));
    }
    for (int i = 0; i < call.headers().size(); i += 2) {
      request.header(call.headers().get(i), call.headers().get(i + 1));
    }
    return request.build();
  }

  static Reply reply(HttpResponse<byte[]> response) {
    return new Reply(response.statusCode(), pairs(response.headers().map()), response.body());
  }
}
