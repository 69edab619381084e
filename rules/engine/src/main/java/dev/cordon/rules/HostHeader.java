package dev.cordon.rules;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The host that a call asks for, where it is not the one that the call goes to. */
final class HostHeader {
  private HostHeader() {}

  /**
   * The URL of a call with the host of its {@code Host} header; null when there is none, or it is
   * the host of the URL. Several headers are one host that cannot be.
   */
  static @Nullable String urlOf(CallFacts facts, Target target) {
    List<String> headers = facts.headers();
    String named = null;
    for (int i = 0; i + 1 < headers.size(); i += 2) {
      if (Fold.same("host", headers.get(i))) {
        named = named == null ? headers.get(i + 1).strip() : named + ", " + headers.get(i + 1);
      }
    }
    if (named == null || isHost(named, target.host)) {
      return null;
    }
    String url = facts.url();
    int scheme = url.indexOf("://");
    if (scheme < 0) {
      return null;
    }
    int end = scheme + 3;
    while (end < url.length() && "/?#\\".indexOf(url.charAt(end)) < 0) {
      end++;
    }
    return url.substring(0, scheme + 3) + named + url.substring(end);
  }

  /** The port is that of the connection, whatever the header says. */
  private static boolean isHost(String named, String host) {
    int end = named.length();
    int colon = named.lastIndexOf(':');
    if (colon > named.lastIndexOf(']')) {
      for (int i = colon + 1; i < named.length(); i++) {
        if (named.charAt(i) < '0' || named.charAt(i) > '9') {
          return false; // localhost:443@evil.example.net, or a list
        }
      }
      end = colon;
    }
    if (end > 0 && named.charAt(end - 1) == '.') {
      end--;
    }
    return end == 0 || Fold.same(host, named, 0, end);
  }
}
