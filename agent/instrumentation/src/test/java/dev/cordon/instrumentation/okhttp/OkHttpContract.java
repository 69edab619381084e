package dev.cordon.instrumentation.okhttp;

import dev.cordon.instrumentation.HttpClientContract;
import dev.cordon.instrumentation.LoopbackServer;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.X509TrustManager;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.Headers;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** How OkHttp is told to send. */
abstract class OkHttpContract extends HttpClientContract {

  private final OkHttpClient client = newClient();

  static OkHttpClient newClient() {
    Dispatcher dispatcher = new Dispatcher();
    dispatcher.setMaxRequests(300);
    dispatcher.setMaxRequestsPerHost(300);
    return new OkHttpClient.Builder()
        .dispatcher(dispatcher)
        .connectionPool(new ConnectionPool(64, 10, TimeUnit.SECONDS))
        .sslSocketFactory(LoopbackServer.tls().getSocketFactory(), trust())
        .build();
  }

  /** Trusts every server: what is tested is not TLS. */
  private static X509TrustManager trust() {
    return new X509TrustManager() {
      @Override
      public void checkClientTrusted(java.security.cert.X509Certificate[] chain, String authType) {}

      @Override
      public void checkServerTrusted(java.security.cert.X509Certificate[] chain, String authType) {}

      @Override
      public java.security.cert.X509Certificate[] getAcceptedIssuers() {
        return new java.security.cert.X509Certificate[0];
      }
    };
  }

  @AfterEach
  void closeClient() {
    client.connectionPool().evictAll();
    client.dispatcher().executorService().shutdown();
  }

  @Override
  protected String library() {
    return "okhttp";
  }

  @Override
  protected final Reply send(Call call) throws Exception {
    OkHttpClient sender =
        call.timeoutMs() == 0
            ? client
            : client.newBuilder().readTimeout(call.timeoutMs(), TimeUnit.MILLISECONDS).build();
    Request.Builder request = new Request.Builder().url(call.url());
    MediaType type = null;
    for (int i = 0; i < call.headers().size(); i += 2) {
      String name = call.headers().get(i);
      String value = call.headers().get(i + 1);
      if (name.equalsIgnoreCase("Content-Type")) {
        type = MediaType.parse(value);
      } else {
        request.addHeader(name, value);
      }
    }
    Content content = call.content();
    RequestBody body =
        content == null
            ? null
            : content.isStreamed()
                ? new StreamBody(content, type)
                : RequestBody.create(type, content.bytes());
    request.method(call.method(), body);
    return reply(response(sender, request.build()));
  }

  abstract Response response(OkHttpClient sender, Request request) throws Exception;

  static Reply reply(Response response) throws IOException {
    try (response) {
      Headers headers = response.headers();
      List<String> pairs = new ArrayList<>();
      for (int i = 0; i < headers.size(); i++) {
        pairs.add(headers.name(i));
        pairs.add(headers.value(i));
      }
      ResponseBody body = response.body();
      return new Reply(response.code(), pairs, body == null ? new byte[0] : body.bytes());
    }
  }

  /** A body of unknown length that can be written once. */
  static final class StreamBody extends RequestBody {
    private final Content content;
    private final @Nullable MediaType type;
    final AtomicInteger writes = new AtomicInteger();

    StreamBody(Content content, @Nullable MediaType type) {
      this.content = content;
      this.type = type;
    }

    @Override
    public @Nullable MediaType contentType() {
      return type;
    }

    @Override
    public boolean isOneShot() {
      return true;
    }

    @Override
    public void writeTo(BufferedSink sink) throws IOException {
      writes.incrementAndGet();
      byte[] buffer = new byte[3000];
      try (InputStream in = content.open()) {
        for (int read = in.read(buffer, 0, 3000); read >= 0; read = in.read(buffer, 0, 3000)) {
          sink.write(buffer, 0, read);
        }
      }
    }
  }
}
