package dev.cordon.instrumentation.jdkclient;

import dev.cordon.bootstrap.Body;
import dev.cordon.bootstrap.Header;
import dev.cordon.bootstrap.OutgoingCall;
import dev.cordon.bootstrap.Passed;
import dev.cordon.instrumentation.Framing;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One transmission of the JDK's client as the gate sees it. */
final class JdkClientCall implements OutgoingCall {

  private final HttpRequest request;
  private final @Nullable CollectedBody body;
  private final long announcedLength; // negative: unknown, sent in chunks

  JdkClientCall(HttpRequest request, @Nullable CollectedBody body, long announcedLength) {
    this.request = request;
    this.body = body;
    this.announcedLength = announcedLength;
  }

  @Override
  public String library() {
    return JdkClientInstrumentation.LIBRARY;
  }

  @Override
  public String method() {
    return request.method();
  }

  @Override
  public String url() {
    URI uri = request.uri();
    String path = uri.getRawPath();
    String query = uri.getRawQuery();
    StringBuilder text = new StringBuilder(128);
    text.append(uri.getScheme()).append("://").append(uri.getHost());
    if (uri.getPort() != -1) {
      text.append(':').append(uri.getPort());
    }
    text.append(path == null || path.isEmpty() ? "/" : path);
    if (query != null) {
      text.append('?').append(query);
    }
    return text.toString();
  }

  @Override
  public List<Header> headers() {
    Map<String, List<String>> map = request.headers().map();
    List<Header> list = new ArrayList<>(map.size());
    for (Map.Entry<String, List<String>> header : map.entrySet()) {
      for (String value : header.getValue()) {
        list.add(new Header(header.getKey(), value));
      }
    }
    return list;
  }

  /**
   * With {@code jdk.httpclient.allowRestrictedHeaders} the client sends a Content-Length of the
   * application in place of its own, and a Transfer-Encoding beside its own.
   */
  @Override
  public boolean isFramingAmbiguous() {
    return request.headers().firstValue("Transfer-Encoding").isPresent()
        || Framing.contradicts(headers(), announcedLength < 0 ? Framing.CHUNKED : announcedLength);
  }

  @Override
  public Body body(int limitBytes) throws Passed {
    if (body == null) {
      return announcedLength == 0 ? Body.none() : Body.tooLarge(announcedLength);
    }
    return body.asBody(limitBytes);
  }
}
