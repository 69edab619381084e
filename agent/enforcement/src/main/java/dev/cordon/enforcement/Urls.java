package dev.cordon.enforcement;

import java.util.Locale;

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
}
