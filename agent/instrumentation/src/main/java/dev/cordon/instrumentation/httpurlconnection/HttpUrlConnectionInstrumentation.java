package dev.cordon.instrumentation.httpurlconnection;

import dev.cordon.instrumentation.LibraryInstrumentation;
import dev.cordon.instrumentation.Target;
import dev.cordon.instrumentation.Target.Member;
import java.util.List;

/** What is woven into the JDK's HttpURLConnection. */
public final class HttpUrlConnectionInstrumentation implements LibraryInstrumentation {

  static final String LIBRARY = "http-url-connection";

  private static final String ADAPTERS = "dev.cordon.instrumentation.httpurlconnection.";
  private static final String CONNECTION = "sun/net/www/protocol/http/HttpURLConnection";
  private static final String HTTPS_CONNECTION =
      "sun/net/www/protocol/https/AbstractDelegateHttpsURLConnection";
  private static final String CLIENT = "sun/net/www/http/HttpClient";
  private static final String HEADERS = "Lsun/net/www/MessageHeader;";

  private static final List<Member> STATE =
      List.of(
          new Member(CONNECTION, "connectionLock", "Ljava/util/concurrent/locks/ReentrantLock;"),
          new Member(CONNECTION, "poster", "Lsun/net/www/http/PosterOutputStream;"),
          new Member(CONNECTION, "requests", HEADERS),
          new Member(CONNECTION, "responses", HEADERS),
          new Member(CONNECTION, "inputStream", "Ljava/io/InputStream;"),
          new Member(CONNECTION, "errorStream", "Ljava/io/InputStream;"),
          new Member(CONNECTION, "rememberedException", "Ljava/lang/Exception;"),
          new Member(CONNECTION, "connecting", "Z"),
          new Member(
              CONNECTION,
              "strOutputStream",
              "Lsun/net/www/protocol/http/HttpURLConnection$StreamingOutputStream;"),
          new Member(CONNECTION, "disconnectInternal", "()V"));

  @Override
  public String library() {
    return LIBRARY;
  }

  @Override
  public Kind kind() {
    return Kind.CLIENT;
  }

  @Override
  public List<String> opens() {
    return List.of(
        "java.base/java.net",
        "java.base/sun.net.www",
        "java.base/sun.net.www.http",
        "java.base/sun.net.www.protocol.http");
  }

  @Override
  public List<Target> targets() {
    return List.of(
        connection("getOutputStream", "()Ljava/io/OutputStream;", "OutputHook"),
        connection("getInputStream", "()Ljava/io/InputStream;", "InputHook"),
        connection("connect", "()V", "ConnectHook"),
        connection("disconnect", "()V", "DisconnectHook"),
        Target.of(HTTPS_CONNECTION, "connect", "()V", ADAPTERS + "ConnectHook"),
        Target.of(
            CLIENT,
            "writeRequests",
            "(" + HEADERS + "Lsun/net/www/http/PosterOutputStream;)V",
            ADAPTERS + "TransmissionHook"),
        // the progress source went away after JDK 17
        outcome("(" + HEADERS + "L" + CONNECTION + ";)Z"),
        outcome("(" + HEADERS + "Lsun/net/ProgressSource;L" + CONNECTION + ";)Z"));
  }

  private static Target connection(String method, String descriptor, String hook) {
    return new Target(CONNECTION, method, descriptor, ADAPTERS + hook, STATE, false);
  }

  private static Target outcome(String descriptor) {
    return new Target(CLIENT, "parseHTTP", descriptor, ADAPTERS + "OutcomeHook", List.of(), true);
  }
}
