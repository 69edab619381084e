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
  private final Stage stage;
  private final @Nullable MediaType contentType;
  private final long contentLength;
  private @Nullable HeldBody held;
  private @Nullable Body known;

  /** Where the request is looked at. */
  enum Stage {
    /** Above the bridge, which will add the type, the length and the host. */
    ABOVE_BRIDGE,
    /** With all headers, before it is written as HTTP/1. */
    HTTP_1,
    /** With all headers, before it is written in frames. */
    HTTP_2
  }

  private OkHttpCall(
      Request request, Stage stage, @Nullable MediaType contentType, long contentLength) {
    this.request = request;
    this.stage = stage;
    this.contentType = contentType;
    this.contentLength = contentLength;
  }

  /**
   * Takes in the request.
   *
   * @throws Passed when the application's body cannot tell its type or length
   */
  static OkHttpCall of(Request request, Stage stage) throws Passed {
    RequestBody body = request.body();
    if (body == null) {
      return new OkHttpCall(request, stage, null, 0);
    }
    MediaType type;
    long length;
    try {
      type = body.contentType();
      length = body.contentLength();
    } catch (Throwable thrown) {
      throw new Passed(thrown);
    }
    return new OkHttpCall(request, stage, stage == Stage.ABOVE_BRIDGE ? type : null, length);
  }

  Request request() {
    return request;
  }

  /** What the bridge will put for the body; null when it has run, or leaves the header alone. */
  @Nullable MediaType contentType() {
    return contentType;
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
    String path = url.encodedPath();
    String query = url.encodedQuery();
    StringBuilder text = new StringBuilder(16 + url.host().length() + path.length());
    text.append(url.scheme()).append("://");
    appendAuthority(text, url);
    text.append(path);
    if (query != null) {
      text.append('?').append(query);
    }
    return text.toString();
  }

  /** As the bridge writes it into the Host header. */
  static String authorityOf(HttpUrl url) {
    StringBuilder text = new StringBuilder(url.host().length() + 8);
    appendAuthority(text, url);
    return text.toString();
  }

  private static void appendAuthority(StringBuilder text, HttpUrl url) {
    String host = url.host();
    if (host.indexOf(':') >= 0) {
      text.append('[').append(host).append(']');
    } else {
      text.append(host);
    }
    if (url.port() != HttpUrl.defaultPort(url.scheme())) {
      text.append(':').append(url.port());
    }
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

  /**
   * True when the headers tell another length of the body than is sent: a server would read a
   * second request out of the rest. The bridge sets them for every body, but leaves them alone
   * where there is none, and network interceptors come after it.
   */
  @Override
  public boolean isFramingAmbiguous() {
    RequestBody body = request.body();
    if (stage == Stage.ABOVE_BRIDGE && body != null) {
      return false;
    }
    Headers headers = request.headers();
    String announced = null;
    boolean chunked = false;
    for (int i = 0; i < headers.size(); i++) {
      String name = headers.name(i);
      if (name.equalsIgnoreCase("Content-Length")) {
        if (announced != null) {
          return true;
        }
        announced = headers.value(i);
      } else if (name.equalsIgnoreCase("Transfer-Encoding") && stage != Stage.HTTP_2) {
        // HTTP/2 has no such header: the client drops it
        if (chunked || !headers.value(i).equalsIgnoreCase("chunked")) {
          return true;
        }
        chunked = true;
      }
    }
    if (body == null) {
      return chunked || (announced != null && !announced.equals("0"));
    }
    if (announced == null) {
      return !chunked && stage != Stage.HTTP_2;
    }
    // HTTP/1 counts what it sends against what the body announced, HTTP/2 does not
    long length = stage == Stage.HTTP_2 && held != null ? held.size() : contentLength;
    return chunked || !announced.equals(Long.toString(length));
  }

  @Override
  public Body body(int limitBytes) throws Passed {
    Body body = known;
    if (body == null) {
      body = read(limitBytes);
      known = body;
    }
    return body.length() > limitBytes ? Body.tooLarge(contentLength) : body;
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
