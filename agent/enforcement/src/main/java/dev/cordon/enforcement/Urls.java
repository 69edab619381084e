package dev.cordon.enforcement;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The parts of an absolute URL that the guard needs, found without parsing it whole. */
final class Urls {

  private static final String UNKNOWN = "unknown";

  private Urls() {}

  /** {@code host:port} in lower case, without user information; the port always given. */
  static String authority(String url) {
    int start = authorityStart(url);
    if (start < 0) {
      return UNKNOWN;
    }
    int end = authorityEnd(url, start);
    int at = url.lastIndexOf('@', end - 1);
    String hostPort = url.substring(at >= start ? at + 1 : start, end).toLowerCase(Locale.ROOT);
    if (hasPort(hostPort)) {
      return hostPort;
    }
    boolean tls =
        url.regionMatches(true, 0, "https", 0, 5) || url.regionMatches(true, 0, "wss", 0, 3);
    return hostPort + (tls ? ":443" : ":80");
  }

  /**
   * The URL with the host of a Host header, or null when the header is absent or names the same
   * host.
   */
  static @Nullable String withHost(String url, @Nullable String hostHeader) {
    if (hostHeader == null) {
      return null;
    }
    int start = authorityStart(url);
    if (start < 0) {
      return null;
    }
    String named = host(hostHeader.trim().toLowerCase(Locale.ROOT));
    String route = host(authority(url));
    if (named.isEmpty() || named.equals(route)) {
      return null;
    }
    int end = authorityEnd(url, start);
    return url.substring(0, start) + hostHeader.trim() + url.substring(end);
  }

  private static int authorityStart(String url) {
    int scheme = url.indexOf("://");
    return scheme < 0 ? -1 : scheme + 3;
  }

  private static int authorityEnd(String url, int start) {
    for (int i = start; i < url.length(); i++) {
      char c = url.charAt(i);
      if (c == '/' || c == '?' || c == '#' || c == '\\') {
        return i;
      }
    }
    return url.length();
  }

  private static boolean hasPort(String hostPort) {
    int colon = hostPort.lastIndexOf(':');
    return colon >= 0 && colon > hostPort.lastIndexOf(']');
  }

  private static String host(String hostPort) {
    String host = hasPort(hostPort) ? hostPort.substring(0, hostPort.lastIndexOf(':')) : hostPort;
    return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
  }
}
