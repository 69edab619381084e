package dev.cordon.instrumentation.httpurlconnection;

import dev.cordon.bootstrap.Admission;
import dev.cordon.bootstrap.Body;
import dev.cordon.bootstrap.CallDenied;
import dev.cordon.bootstrap.Gate;
import dev.cordon.bootstrap.Header;
import dev.cordon.bootstrap.OutgoingCall;
import dev.cordon.bootstrap.Passed;
import dev.cordon.bootstrap.Refusal;
import dev.cordon.bootstrap.ResponseFilter;
import dev.cordon.instrumentation.FilteredStream;
import dev.cordon.instrumentation.Framing;
import dev.cordon.instrumentation.Tracing;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One call of a connection, from its first decision to its last response. While the JDK's own code
 * runs for it, it is the thread's {@linkplain #current() current} call; in between, a call that was
 * begun waits in the connection's {@code errorStream} field, which the JDK does not use before a
 * response has come. So it lives as long as its connection, and no map is needed.
 */
final class HttpUrlConnectionCall {

  private static final ThreadLocal<@Nullable HttpUrlConnectionCall> CURRENT = new ThreadLocal<>();

  final HttpURLConnection connection;
  private Admission admission;
  private @Nullable CallDenied denied; // set when a later transmission was refused
  private @Nullable Refusal laterRefusal;
  private final String decidedMethod;

  // what the first decision was about; let go when it is sent
  private @Nullable List<Header> decidedHeaders;
  private @Nullable Body decidedBody;
  private @Nullable ByteArrayOutputStream decidedPoster;
  private boolean transmitted;
  private boolean tunnelling;
  private ResponseFilter.@Nullable Body filter;
  private @Nullable Object filteredHeaders;

  private HttpUrlConnectionCall(
      HttpURLConnection connection, Transmission first, Admission admission) {
    this.connection = connection;
    this.admission = admission;
    this.decidedMethod = first.method();
    List<Header> headers = admission.headers();
    this.decidedHeaders = headers == null ? first.headers() : headers;
    byte[] rewritten = admission.body();
    this.decidedBody = rewritten == null ? first.body : Body.read(rewritten);
  }

  /** The call that this thread is sending over a connection, null when there is none. */
  static @Nullable HttpUrlConnectionCall current() {
    return CURRENT.get();
  }

  /** True when the JDK's code runs on behalf of a call that is decided already. */
  static boolean isUnderWay(HttpURLConnection connection) {
    HttpUrlConnectionCall current = CURRENT.get();
    return current != null && current.connection == connection;
  }

  /**
   * Decides the first transmission, before anything is connected. A refusal is in the connection's
   * state when this returns.
   */
  static HttpUrlConnectionCall begin(HttpURLConnection connection, Body body) throws Throwable {
    Transmission first = new Transmission(connection, body);
    Admission admission = Gate.admit(first);
    HttpUrlConnectionCall call = new HttpUrlConnectionCall(connection, first, admission);
    Refusal refusal = admission.refusal();
    if (refusal != null) {
      ForgedResponse.put(connection, refusal);
    } else if (admission.headers() != null) {
      Connections.requests(connection, headersOf(null, admission.headers()));
    }
    return call;
  }

  /** Begins a call whose body, if any, is in the JDK's own buffer. */
  static HttpUrlConnectionCall beginBuffered(HttpURLConnection connection) throws Throwable {
    ByteArrayOutputStream poster = Connections.poster(connection);
    HttpUrlConnectionCall call =
        begin(connection, poster == null ? Body.none() : bodyOf(poster, Gate.bodyLimitBytes()));
    byte[] rewritten = call.admission.body();
    if (rewritten != null && call.refusal() == null) {
      poster = posterOf(rewritten);
      Connections.poster(connection, poster);
    }
    call.decidedPoster = poster;
    return call;
  }

  /** The refusal of the first transmission. */
  @Nullable Refusal refusal() {
    return admission.refusal();
  }

  Admission admission() {
    return admission;
  }

  /** Something that runs the JDK's code. */
  interface Step {
    @Nullable Object run() throws Passed;
  }

  /**
   * Runs the JDK's code for this call and reports a call that failed.
   *
   * @throws Passed with what the JDK's code threw
   */
  @Nullable Object run(Step step) throws Passed {
    HttpUrlConnectionCall outer = CURRENT.get();
    CURRENT.set(this);
    try {
      return step.run();
    } catch (Passed passed) {
      if (passed.thrown() != denied) {
        admission.failed(passed.thrown());
      }
      throw passed;
    } finally {
      if (outer == null) {
        CURRENT.remove();
      } else {
        CURRENT.set(outer);
      }
    }
  }

  /**
   * Puts the refusal of a later transmission, if that is what was thrown, into the connection.
   *
   * @return false when something else was thrown
   */
  boolean answerLaterRefusal(Throwable thrown) throws Throwable {
    Refusal refusal = laterRefusal;
    if (refusal == null || thrown != denied) {
      return false;
    }
    ForgedResponse.put(connection, refusal);
    return true;
  }

  /** The response came from a cache, or its status was not seen: reported once, whatever else. */
  void finished() {
    admission.responded(Connections.responseCode(connection), -1);
  }

  /** A status line was parsed. */
  void responded(Object responses) throws Throwable {
    if (tunnelling) {
      tunnelling = false; // the proxy's answer to CONNECT
      return;
    }
    int status = statusOf(Connections.valueAt(responses, 0));
    if (status >= 200) {
      admission.responded(status, lengthOf(Connections.find(responses, "content-length")));
      openFilter(status, responses);
    }
  }

  private void openFilter(int status, Object responses) {
    if (admission.hasFilter()) {
      abandonFilter(); // of a redirect
      filter = admission.open(status, name -> header(responses, name));
      filteredHeaders = responses;
    }
  }

  private static @Nullable String header(Object responses, String name) {
    try {
      return Connections.find(responses, name);
    } catch (Throwable fault) {
      throw new IllegalStateException("cannot read the response headers", fault);
    }
  }

  private void abandonFilter() {
    if (filter != null) {
      filter.abandoned();
      filter = null;
    }
  }

  /**
   * Puts the filter, if there is one, before the stream that the JDK hands out.
   *
   * @param given null for an error: then it is the stream that the JDK keeps for errors, should it
   *     keep one
   * @return what the application gets in its place
   * @throws Passed with what the application gets for a body that could not be filtered
   */
  @Nullable Object filterBody(@Nullable Object given) throws Passed {
    if (!admission.hasFilter()) {
      return given;
    }
    try {
      Object current = Connections.responses(connection);
      if (current != null && current != filteredHeaders) { // from a ResponseCache, as it came
        openFilter(statusOf(Connections.valueAt(current, 0)), current);
      }
      ResponseFilter.Body body = filter;
      filter = null;
      if (body == null || current == null) {
        return given;
      }
      InputStream error = given == null ? Connections.error(connection) : null;
      InputStream input =
          given instanceof InputStream stream ? stream : Connections.input(connection);
      FilteredStream filtered;
      if (error != null) {
        filtered = new FilteredStream(error, body);
        Connections.error(connection, filtered);
      } else if (input != null) {
        filtered = new FilteredStream(input, body);
        Connections.input(connection, filtered);
      } else {
        body.abandoned();
        return given;
      }
      Connections.remove(current, "Content-Length"); // no longer the one of what is read
      return filtered;
    } catch (Throwable fault) { // the call is made: it must be neither sent again nor refused
      CallDenied withheld = admission.unfiltered(fault);
      if (withheld == null) {
        return given;
      }
      withhold(withheld);
      throw new Passed(withheld);
    }
  }

  /** From now on the JDK throws this, whatever is asked for. */
  private void withhold(CallDenied withheld) {
    try {
      Connections.disconnect(connection);
    } catch (Throwable fault) {
      Gate.fault("response", fault); // nobody reads it all the same
    }
    Connections.input(connection, null);
    Connections.error(connection, new Withheld(withheld));
    Connections.connected(connection, true); // or there is no error stream
    Connections.remembered(connection, withheld);
  }

  /** The body of an error that could not be filtered. */
  private static final class Withheld extends InputStream {
    private final CallDenied denied;

    Withheld(CallDenied denied) {
      this.denied = denied;
    }

    @Override
    public int read() throws CallDenied {
      throw denied;
    }
  }

  /**
   * Called before each transmission: the first is decided, unless something was changed since, any
   * other is decided here.
   *
   * @return the arguments to send with, null to send what is there
   */
  Object @Nullable [] transmit(Object headers, @Nullable ByteArrayOutputStream poster)
      throws Throwable {
    String requestLine = Connections.keyAt(headers, 0);
    if (requestLine != null && requestLine.startsWith("CONNECT ")) {
      tunnelling = true;
      return null;
    }
    boolean first = !transmitted;
    transmitted = true;
    Body streamed = first ? decidedBody : null;
    boolean decided =
        first
            && requestLine != null
            && requestLine.startsWith(decidedMethod + " ")
            && poster == decidedPoster
            && sendsDecidedHeaders(headers);
    decidedHeaders = null;
    decidedBody = null;
    decidedPoster = null;
    if (decided) {
      retarget(headers, admission.url());
      return null;
    }
    admission.failed(
        new IOException(
            first
                ? "the request was changed after the decision; decided again"
                // the JDK gave up the connection without a word
                : "no response; the JDK sends the call again"));
    Body body =
        poster != null
            ? bodyOf(poster, Gate.bodyLimitBytes())
            : streamed != null ? streamed : Body.none();
    Admission next = Gate.admit(new Transmission(connection, headers, requestLine, body));
    admission = next;
    Refusal refusal = next.refusal();
    if (refusal != null) {
      CallDenied exception = refusal.toException();
      laterRefusal = refusal;
      denied = exception;
      throw new Passed(exception);
    }
    if (!next.isRewritten()) {
      return null;
    }
    Object sent = headers;
    if (next.headers() != null) {
      sent = headersOf(requestLine, next.headers());
      Connections.requests(connection, sent);
    }
    retarget(sent, next.url());
    ByteArrayOutputStream body2 = poster;
    byte[] rewritten = next.body();
    if (rewritten != null && poster == null) { // a stream was told its length already
      CallDenied exception =
          new CallDenied("cannot rewrite this body any more; it is not sent", "");
      next.failed(exception);
      denied = exception;
      throw new Passed(exception);
    }
    if (rewritten != null) {
      body2 = posterOf(rewritten);
      Connections.poster(connection, body2);
      Connections.set(sent, "Content-Length", String.valueOf(rewritten.length));
    }
    return new @Nullable Object[] {sent, body2};
  }

  /** Decides a transmission of code that went round the connection's public methods. */
  static void transmitUnknown(Object client, Object headers, @Nullable ByteArrayOutputStream poster)
      throws Throwable {
    String requestLine = Connections.keyAt(headers, 0);
    if (requestLine == null || requestLine.startsWith("CONNECT ")) {
      return;
    }
    Body body = poster == null ? Body.none() : bodyOf(poster, Gate.bodyLimitBytes());
    Admission admission =
        Gate.admit(new Transmission(Connections.urlOf(client), headers, requestLine, body));
    Refusal refusal = admission.refusal();
    if (refusal != null) {
      throw refusal.toException();
    }
    if (admission.isRewritten() || admission.withholds()) { // nothing here could
      CallDenied denied =
          new CallDenied("cannot rewrite this call or its response; it is not sent", "");
      admission.failed(denied);
      throw denied;
    }
  }

  /**
   * True when no header differs from what was decided but those that are added on the way: another
   * thread, or code that the JDK asks on its way, may have changed the request.
   */
  private boolean sendsDecidedHeaders(Object headers) throws Throwable {
    List<Header> known = decidedHeaders;
    if (known == null) {
      return false;
    }
    for (int i = 0; ; i++) {
      String name = Connections.keyAt(headers, i);
      String value = Connections.valueAt(headers, i);
      if (name == null && value == null) {
        break;
      }
      // without a value: the request line
      if (name != null
          && value != null
          && !isKnown(known, name, value)
          && !isAddedOnTheWay(known, name)) {
        return false;
      }
    }
    for (Header header : known) {
      if (!isAddedOnTheWay(List.of(), header.name()) && !isSent(headers, header)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isKnown(List<Header> known, String name, String value) {
    for (Header header : known) {
      if (header.name().equalsIgnoreCase(name) && header.value().equals(value)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isSent(Object headers, Header wanted) throws Throwable {
    for (int i = 0; ; i++) {
      String name = Connections.keyAt(headers, i);
      String value = Connections.valueAt(headers, i);
      if (name == null && value == null) {
        return false;
      }
      if (wanted.name().equalsIgnoreCase(name) && wanted.value().equals(value)) {
        return true;
      }
    }
  }

  /**
   * Whether the JDK puts such a header, some whatever there is, others where there is none; or
   * another agent does.
   */
  private static boolean isAddedOnTheWay(List<Header> known, String written) {
    String name = written.toLowerCase(Locale.ROOT);
    switch (name) {
      case "connection", "proxy-connection", "content-length", "cookie", "cookie2":
      case "authorization", "proxy-authorization", "transfer-encoding":
        return true;
      case "host", "user-agent", "accept", "cache-control", "pragma", "if-modified-since":
      case "keep-alive", "expect":
        for (Header header : known) {
          if (header.name().equalsIgnoreCase(name)) {
            return false;
          }
        }
        return true;
      default:
        return Tracing.isHeader(name);
    }
  }

  /** Closed first: what is written from then on would be part of a body that nobody decided. */
  private static Body bodyOf(ByteArrayOutputStream poster, int limitBytes) throws IOException {
    poster.close();
    int length = poster.size();
    return length > limitBytes ? Body.tooLarge(length) : Body.read(poster.toByteArray());
  }

  private static ByteArrayOutputStream posterOf(byte[] body) throws Throwable {
    ByteArrayOutputStream poster = Connections.newPoster();
    poster.write(body, 0, body.length);
    poster.close();
    return poster;
  }

  private static Object headersOf(@Nullable String requestLine, @Nullable List<Header> headers)
      throws Throwable {
    Object result = Connections.newHeaders();
    if (requestLine != null) {
      Connections.setAt(result, 0, requestLine, null);
    }
    if (headers != null) {
      for (Header header : headers) {
        Connections.add(result, header.name(), header.value());
      }
    }
    return result;
  }

  private static void retarget(Object headers, @Nullable String url) throws Throwable {
    String requestLine = Connections.keyAt(headers, 0);
    if (url == null || requestLine == null) {
      return;
    }
    int start = requestLine.indexOf(' ') + 1;
    int end = requestLine.lastIndexOf(' ');
    boolean absolute = requestLine.charAt(start) != '/'; // the form for a proxy
    String target = absolute ? url : url.substring(url.indexOf('/', url.indexOf("://") + 3));
    Connections.setAt(
        headers, 0, requestLine.substring(0, start) + target + requestLine.substring(end), null);
  }

  private static int statusOf(@Nullable String statusLine) {
    int space = statusLine == null ? -1 : statusLine.indexOf(' ');
    if (statusLine == null || space < 0 || statusLine.length() < space + 4) {
      return -1;
    }
    int status = 0;
    for (int i = space + 1; i < space + 4; i++) {
      int digit = statusLine.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      status = status * 10 + digit;
    }
    return status;
  }

  private static long lengthOf(@Nullable String contentLength) {
    if (contentLength == null) {
      return -1;
    }
    try {
      return Long.parseLong(contentLength.trim());
    } catch (NumberFormatException notANumber) {
      return -1;
    }
  }

  /** A call, or its body, that waits for the application's next step. */
  static final class Waiting extends InputStream {
    final @Nullable HttpUrlConnectionCall call;
    final @Nullable HeldBody body;

    Waiting(@Nullable HttpUrlConnectionCall call, @Nullable HeldBody body) {
      this.call = call;
      this.body = body;
    }

    static @Nullable Waiting of(HttpURLConnection connection) {
      return Connections.error(connection) instanceof Waiting waiting ? waiting : null;
    }

    @Override
    public int read() {
      return -1;
    }
  }

  /** One transmission as the gate sees it. */
  private static final class Transmission implements OutgoingCall {
    private final String method;
    private final URL url;
    private final Object headers;
    private final Body body;
    private final @Nullable HttpURLConnection unsent;
    private @Nullable List<Header>
        listed; // read once: another thread may add to them // the JDK has still to put its own

    // headers

    Transmission(HttpURLConnection connection, Body body) {
      this.unsent = connection;
      this.method = Connections.method(connection);
      this.url = connection.getURL();
      this.headers = Connections.requests(connection);
      this.body = body;
    }

    Transmission(
        HttpURLConnection connection, Object headers, @Nullable String requestLine, Body body) {
      this(connection.getURL(), headers, requestLine, body);
    }

    Transmission(URL url, Object headers, @Nullable String requestLine, Body body) {
      this.unsent = null;
      int space = requestLine == null ? -1 : requestLine.indexOf(' ');
      this.method = requestLine == null || space < 0 ? "" : requestLine.substring(0, space);
      this.url = url;
      this.headers = headers;
      this.body = body;
    }

    @Override
    public String library() {
      return HttpUrlConnectionInstrumentation.LIBRARY;
    }

    @Override
    public String method() {
      return method;
    }

    @Override
    public String url() {
      String file = url.getFile();
      StringBuilder text = new StringBuilder(64 + file.length());
      text.append(url.getProtocol()).append("://").append(url.getHost());
      if (url.getPort() != -1) {
        text.append(':').append(url.getPort());
      }
      if (file.isEmpty() || file.charAt(0) == '?') {
        text.append('/'); // as the JDK sends it
      }
      // any other file is sent as it is: behind a proxy one without a slash names another host
      return text.append(file).toString();
    }

    @Override
    public List<Header> headers() {
      List<Header> known = listed;
      if (known != null) {
        return known;
      }
      List<Header> list = new ArrayList<>();
      boolean typed = false;
      try {
        for (int i = 0; ; i++) {
          String name = Connections.keyAt(headers, i);
          String value = Connections.valueAt(headers, i);
          if (name == null && value == null) {
            break;
          }
          if (name != null && value != null) { // without a value: the request line
            list.add(new Header(name, value));
            typed |= name.equalsIgnoreCase("Content-Type");
          }
        }
      } catch (Throwable fault) {
        throw new IllegalStateException("cannot read the request headers", fault);
      }
      if (!typed && body.state() != Body.State.NONE && !method.equals("PUT")) {
        list.add(new Header("Content-type", "application/x-www-form-urlencoded")); // JDK default
      }
      listed = list;
      return list;
    }

    /**
     * With {@code sun.net.http.allowRestrictedHeaders} the JDK keeps the application's
     * Content-Length where it sends chunks or no body; a body of known length has its own.
     */
    @Override
    public boolean isFramingAmbiguous() {
      if (unsent == null) {
        return Framing.contradicts(headers(), body.length());
      }
      if (Connections.isChunked(unsent)) {
        return Framing.contradicts(headers(), Framing.CHUNKED);
      }
      boolean sized = Connections.isStreaming(unsent) || Connections.poster(unsent) != null;
      return !sized && Framing.contradicts(headers(), 0);
    }

    @Override
    public Body body(int limitBytes) {
      return body.state() == Body.State.READ && body.bytes().length > limitBytes
          ? Body.tooLarge(body.length())
          : body;
    }
  }
}
