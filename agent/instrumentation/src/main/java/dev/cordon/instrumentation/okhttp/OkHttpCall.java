package dev.cordon.instrumentation.okhttp;

import dev.cordon.bootstrap.Admission;
import dev.cordon.bootstrap.Body;
import dev.cordon.bootstrap.Header;
import dev.cordon.bootstrap.OutgoingCall;
import dev.cordon.bootstrap.Passed;
import java.util.ArrayList;
import java.util.List;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.jspecify.annotations.Nullable;

/** One OkHttp request on one hop. */
final class OkHttpCall implements OutgoingCall {

  private final Request request;
  private final @Nullable MediaType contentType;
  private final long contentLength;
  private @Nullable HeldBody held;
  private @Nullable Body known;

  private OkHttpCall(Request request, @Nullable MediaType contentType, long contentLength) {
    this.request = request;
    this.contentType = contentType;
    this.contentLength = contentLength;
  }

  /**
   * Takes in the request.
   *
   * @throws Passed when the application's body cannot tell its type or length
   */
  static OkHttpCall of(Request request) throws Passed {
    RequestBody body = request.body();
    if (body == null) {
      return new OkHttpCall(request, null, 0);
    }
    MediaType type;
    long length;
    try {
      type = body.contentType();
      length = body.contentLength();
    } catch (Throwable thrown) {
      throw new Passed(thrown);
    }
    return new OkHttpCall(request, type, length);
  }

  @Override
  public String library() {
    return "okhttp";
  }

  @Override
  public String method() {
    return request.method();
  }

  @Override
  public String url() {
    HttpUrl url = request.url();
    String host = url.host();
    String path = url.encodedPath();
    String query = url.encodedQuery();
    StringBuilder text = new StringBuilder(16 + host.length() + path.length());
    text.append(url.scheme()).append("://");
    if (host.indexOf(':') >= 0) {
      text.append('[').append(host).append(']');
    } else {
      text.append(host);
    }
    if (url.port() != HttpUrl.defaultPort(url.scheme())) {
      text.append(':').append(url.port());
    }
    text.append(path);
    if (query != null) {
      text.append('?').append(query);
    }
    return text.toString();
  }

  @Override
  public List<Header> headers() {
    Headers headers = request.headers();
    List<Header> list = new ArrayList<>(headers.size() + 1);
    for (int i = 0; i < headers.size(); i++) {
      String name = headers.name(i);
      if (contentType == null || !name.equalsIgnoreCase("Content-Type")) {
        list.add(new Header(name, headers.value(i)));
      }
    }
    if (contentType != null) {
      list.add(new Header("Content-Type", contentType.toString())); // as the bridge will put it
    }
    return list;
  }

  @Override
  public Body body(int limitBytes) throws Passed {
    if (known == null) {
      known = read(limitBytes);
    }
    return known;
  }

  private Body read(int limitBytes) throws Passed {
    RequestBody body = request.body();
    if (body == null) {
      return Body.none();
    }
    if (body.isDuplex()) {
      return Body.unreadable();
    }
    if (contentLength > limitBytes) {
      return Body.tooLarge(contentLength);
    }
    if (body instanceof HeldBody again) {
      held = again; // a redirect hop: what was read and perhaps redacted for the hop before
    } else if (body.isOneShot()) {
      held = OneShots.read(body, contentType, contentLength, limitBytes);
    } else {
      held = HeldBody.read(body, contentType, contentLength, limitBytes);
    }
    if (held == null || held.size() > limitBytes) {
      return Body.tooLarge(contentLength);
    }
    return Body.read(held.bytes());
  }

  /** What was read of the body; null when it was not, or was too long to be kept. */
  @Nullable HeldBody held() {
    return held;
  }

  /** The request as it may be sent: the same instance when there is nothing to replace. */
  Request admitted(Admission admission) {
    byte[] newBody = admission.body();
    HeldBody body = held;
    if (!admission.isRewritten() && (body == null || body == request.body())) {
      return request;
    }
    Request.Builder builder = request.newBuilder();
    String newUrl = admission.url();
    if (newUrl != null) {
      builder.url(withUserInfo(newUrl));
    }
    List<Header> newHeaders = admission.headers();
    if (newHeaders != null) {
      builder.headers(OkHttpHeaders.of(newHeaders));
    }
    if (newBody != null) {
      if (body == null) {
        throw new IllegalStateException("a body was rewritten that was not read");
      }
      body = body.rewritten(newBody);
    }
    if (body != null) {
      builder.method(request.method(), body);
    }
    return builder.build();
  }

  private HttpUrl withUserInfo(String newUrl) {
    HttpUrl parsed = HttpUrl.parse(newUrl);
    if (parsed == null) {
      throw new IllegalArgumentException("the rewritten URL is not one");
    }
    HttpUrl old = request.url();
    return parsed
        .newBuilder()
        .encodedUsername(old.encodedUsername())
        .encodedPassword(old.encodedPassword())
        .encodedFragment(old.encodedFragment())
        .build();
  }
}
