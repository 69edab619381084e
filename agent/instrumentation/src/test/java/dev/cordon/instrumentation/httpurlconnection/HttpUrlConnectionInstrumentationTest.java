package dev.cordon.instrumentation.httpurlconnection;

import dev.cordon.instrumentation.HttpClientContract;
import dev.cordon.instrumentation.LoopbackServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import javax.net.ssl.HttpsURLConnection;

/** The contract, sent as most applications send: buffered, and chunked where no length is known. */
class HttpUrlConnectionInstrumentationTest extends HttpClientContract {

  @Override
  protected String library() {
    return "http-url-connection";
  }

  @Override
  protected Reply send(Call call) throws IOException {
    HttpURLConnection connection = open(call.url());
    connection.setRequestMethod(call.method());
    connection.setReadTimeout(call.timeoutMs());
    for (int i = 0; i < call.headers().size(); i += 2) {
      connection.addRequestProperty(call.headers().get(i), call.headers().get(i + 1));
    }
    Content content = call.content();
    if (content != null) {
      connection.setDoOutput(true);
      if (content.isStreamed()) {
        connection.setChunkedStreamingMode(0);
      }
      try (OutputStream out = connection.getOutputStream()) {
        if (content.isStreamed()) {
          content.open().transferTo(out);
        } else {
          out.write(content.bytes());
        }
      }
    }
    return reply(connection);
  }

  static HttpURLConnection open(String url) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) new URL(url).openConnection();
    if (connection instanceof HttpsURLConnection https) {
      https.setSSLSocketFactory(LoopbackServer.tls().getSocketFactory());
    }
    return connection;
  }

  static Reply reply(HttpURLConnection connection) throws IOException {
    int status = connection.getResponseCode();
    try (InputStream in =
        status >= 400 ? connection.getErrorStream() : connection.getInputStream()) {
      byte[] body = in == null ? new byte[0] : in.readAllBytes();
      return new Reply(status, pairs(connection.getHeaderFields()), body);
    }
  }
}
