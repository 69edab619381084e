package dev.cordon.rules;

import java.net.IDN;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import org.jspecify.annotations.Nullable;

/**
 * Where a call goes: scheme, host, port and path of a URL in the one spelling that rules are
 * matched against. What two servers would read in different ways is {@link #malformed}: no rule
 * allows it, and restricting rules are matched with the most far-reaching reading.
 */
final class Target extends Segments {
  private static final int MAX_SEGMENTS = 256;

  /** Of the scheme. */
  boolean secure;

  /** The scheme is that of a web socket. */
  boolean webSocket;

  /** The host in lower case, IDNA, without a trailing dot; empty when it is not one. */
  String host = "";

  @Nullable IpAddress ip;
  int port = -1;

  boolean hostMalformed;
  boolean pathMalformed;

  /** The query in the URL; empty when both are equal. */
  int queryStart;

  int queryEnd;

  private Target() {
    super(12);
  }

  boolean malformed() {
    return hostMalformed || pathMalformed;
  }

  static Target parse(String url) {
    Target target = new Target();
    target.read(url);
    return target;
  }

  private void read(String url) {
    int colon = url.indexOf("://");
    int authority = colon + 3;
    int defaultPort = -1;
    if (colon > 0) {
      if (Fold.same("https", url, 0, colon) || Fold.same("wss", url, 0, colon)) {
        secure = true;
        defaultPort = 443;
      } else if (Fold.same("http", url, 0, colon) || Fold.same("ws", url, 0, colon)) {
        defaultPort = 80;
      }
      webSocket = Fold.lower(url.charAt(0)) == 'w';
    }
    if (defaultPort < 0) {
      hostMalformed = true;
      pathMalformed = true;
      return;
    }
    int end = authority;
    while (end < url.length() && "/?#\\".indexOf(url.charAt(end)) < 0) {
      end++;
    }
    hostMalformed = end < url.length() && url.charAt(end) == '\\';
    readAuthority(url, authority, end, defaultPort);
    int pathEnd = end;
    while (pathEnd < url.length() && url.charAt(pathEnd) != '?' && url.charAt(pathEnd) != '#') {
      pathEnd++;
    }
    if (pathEnd < url.length() && url.charAt(pathEnd) == '?') {
      int fragment = url.indexOf('#', pathEnd);
      queryStart = pathEnd + 1;
      queryEnd = fragment < 0 ? url.length() : fragment;
    }
    readPath(url, end, pathEnd);
  }

  private void readAuthority(String url, int from, int to, int defaultPort) {
    int start = from;
    for (int i = from; i < to; i++) {
      char c = url.charAt(i);
      if (c == '@') {
        hostMalformed |= start != from; // clients differ in which of two @ ends the user
        start = i + 1;
      } else if (c <= ' ' || c == 0x7f) {
        hostMalformed = true;
      }
    }
    int hostEnd = to;
    int portStart = to;
    if (start < to && url.charAt(start) == '[') {
      int close = url.indexOf(']', start);
      if (close < 0 || close >= to) {
        hostMalformed = true;
        return;
      }
      ip = IpAddress.v6(url, start + 1, close);
      hostMalformed |= ip == null;
      hostEnd = close + 1;
      if (hostEnd < to) {
        hostMalformed |= url.charAt(hostEnd) != ':';
        portStart = hostEnd + 1;
      }
    } else {
      int portColon = url.indexOf(':', start);
      if (portColon >= 0 && portColon < to) {
        hostEnd = portColon;
        portStart = portColon + 1;
      }
    }
    port = portStart >= to ? defaultPort : port(url, portStart, to);
    hostMalformed |= port < 0;
    if (ip != null) {
      host = url.substring(start, hostEnd);
    } else if (!hostMalformed) {
      readName(url, start, hostEnd);
    }
    if (hostMalformed) {
      host = "";
      ip = null;
    }
  }

  private static int port(String url, int start, int end) {
    int port = 0;
    for (int i = start; i < end; i++) {
      char c = url.charAt(i);
      if (c < '0' || c > '9') {
        return -1;
      }
      port = port * 10 + c - '0';
      if (port > 0xffff) {
        return -1;
      }
    }
    return port;
  }

  private void readName(String url, int start, int end) {
    String name = canonicalName(url.substring(start, end));
    if (name == null) {
      hostMalformed = true;
      return;
    }
    int label = name.lastIndexOf('.') + 1;
    char first = name.charAt(label);
    if (first >= '0' && first <= '9' && isNumber(name, label)) {
      // 127.1, 0x7f000001 and 2130706433 are addresses to some clients and names to others
      ip = IpAddress.v4(name, 0, name.length());
      hostMalformed = ip == null;
    }
    host = name;
  }

  private static boolean isNumber(String name, int start) {
    if (name.startsWith("0x", start)) {
      return true;
    }
    for (int i = start; i < name.length(); i++) {
      if (name.charAt(i) < '0' || name.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  /** Lower case, IDNA, one trailing dot taken off; null when it is not a host name. */
  static @Nullable String canonicalName(String written) {
    String name = written;
    for (int i = 0; i < name.length(); i++) {
      if ("\u00df\u03c2\u200c\u200d".indexOf(name.charAt(i)) >= 0) {
        return null; // the two versions of IDNA make two hosts of these
      }
    }
    for (int i = 0; i < name.length(); i++) {
      if (name.charAt(i) >= 0x80) {
        try {
          name = IDN.toASCII(name);
        } catch (IllegalArgumentException e) {
          return null;
        }
        break;
      }
    }
    name = Fold.lower(name);
    if (name.endsWith(".")) {
      name = name.substring(0, name.length() - 1);
    }
    boolean labelEmpty = true;
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c == '.') {
        if (labelEmpty) {
          return null;
        }
        labelEmpty = true;
      } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_') {
        labelEmpty = false;
      } else {
        return null;
      }
    }
    return labelEmpty ? null : name;
  }

  private void readPath(String url, int start, int end) {
    boolean plain = true;
    for (int i = start; i < end; i++) {
      char c = url.charAt(i);
      if (c == '%' || c == '\\' || c == ';' || c <= ' ' || c >= 0x7f) {
        plain = false;
        break;
      }
    }
    path = plain ? url : decodePath(url, start, end);
    splitPath(plain ? start : 0, plain ? end : path.length());
  }

  /** Percent-decoded; every odd thing is replaced by its most far-reaching reading. */
  private String decodePath(String url, int start, int end) {
    StringBuilder out = new StringBuilder(end - start);
    boolean parameters = false;
    int at = start;
    while (at < end) {
      char c = url.charAt(at);
      if (c == '/') {
        parameters = false;
        out.append(c);
        at++;
      } else if (c == '%' || c >= 0x80) {
        at = decodeRun(url, at, end, parameters ? new StringBuilder() : out);
      } else {
        if (c == ';') {
          parameters = true; // /a;x=1/b is /a/b to servlet containers
          pathMalformed = true;
        } else if (c == '\\') {
          parameters = false;
          pathMalformed = true;
          out.append('/');
        } else if (c <= ' ' || c == 0x7f) {
          pathMalformed = true;
        } else if (!parameters) {
          out.append(c);
        }
        at++;
      }
    }
    return out.toString();
  }

  /** Decodes neighbouring escapes and non-ASCII characters as one piece of UTF-8. */
  private int decodeRun(String url, int start, int end, StringBuilder out) {
    int runEnd = start; // not the end of the path: that would cost the square of its length
    while (runEnd < end && (url.charAt(runEnd) == '%' || url.charAt(runEnd) >= 0x80)) {
      boolean escape =
          url.charAt(runEnd) == '%'
              && runEnd + 2 < end
              && hex(url.charAt(runEnd + 1), url.charAt(runEnd + 2)) >= 0;
      runEnd += escape ? 3 : 1;
    }
    byte[] bytes = new byte[(runEnd - start) * 3];
    int count = 0;
    int at = start;
    while (at < runEnd) {
      if (url.charAt(at) == '%') {
        int value = at + 2 < end ? hex(url.charAt(at + 1), url.charAt(at + 2)) : -1;
        if (value < 0) {
          pathMalformed = true;
          at++;
          continue;
        }
        if (value == '/' || value == '\\') {
          pathMalformed = true;
          value = '/';
        } else if (value < ' ' || value == 0x7f || value == ';' || value == '%') {
          // %25 is decoded twice by some servers: what follows it may be anything
          pathMalformed = true;
        }
        bytes[count++] = (byte) value;
        at += 3;
      } else {
        int codePoint = url.codePointAt(at);
        byte[] encoded = new String(Character.toChars(codePoint)).getBytes(StandardCharsets.UTF_8);
        pathMalformed |= codePoint >= 0xd800 && codePoint <= 0xdfff;
        System.arraycopy(encoded, 0, bytes, count, encoded.length);
        count += encoded.length;
        at += Character.charCount(codePoint);
      }
    }
    pathMalformed |= !Utf8.isValid(bytes, 0, count);
    String decoded = new String(bytes, 0, count, StandardCharsets.UTF_8);
    for (int i = 0; i < decoded.length() && !pathMalformed; i += 1) {
      pathMalformed = decoded.charAt(i) >= 0x80 && looksLikeAscii(decoded.codePointAt(i));
    }
    out.append(decoded);
    return at;
  }

  /** Full-width letters and the like: some servers take them for the ASCII ones. */
  private static boolean looksLikeAscii(int codePoint) {
    if (codePoint < 0xa0 || (codePoint >= 0xc0 && codePoint < 0x132)) {
      return codePoint < 0xa0;
    }
    String plain = Normalizer.normalize(Character.toString(codePoint), Normalizer.Form.NFKC);
    for (int i = 0; i < plain.length(); i++) {
      if (plain.charAt(i) < 0x80) {
        return true;
      }
    }
    return Character.getType(codePoint) == Character.FORMAT;
  }

  private void splitPath(int start, int end) {
    int at = start;
    while (at < end) {
      if (path.charAt(at) == '/') {
        at++;
      }
      int segmentEnd = path.indexOf('/', at);
      if (segmentEnd < 0 || segmentEnd > end) {
        segmentEnd = end;
      }
      addSegment(at, segmentEnd, end);
      at = segmentEnd;
      if (pathMalformed && segments == MAX_SEGMENTS) {
        return;
      }
    }
  }

  private void addSegment(int start, int end, int pathEnd) {
    int length = end - start;
    if (length == 0) {
      pathMalformed |= end != pathEnd; // a slash at the very end is the same path; // is not
      return;
    }
    if (length == 1 && path.charAt(start) == '.') {
      return;
    }
    if (length == 2 && path.charAt(start) == '.' && path.charAt(start + 1) == '.') {
      pathMalformed |= segments == 0; // above the root
      segments = Math.max(0, segments - 1);
      return;
    }
    char last = path.charAt(end - 1);
    pathMalformed |= last == '.' || last == ' '; // which Windows takes away
    if (segments == MAX_SEGMENTS) {
      pathMalformed = true;
      return;
    }
    if (segments == starts.length) {
      starts = java.util.Arrays.copyOf(starts, segments * 2);
      ends = java.util.Arrays.copyOf(ends, segments * 2);
      hashes = java.util.Arrays.copyOf(hashes, segments * 2);
    }
    starts[segments] = start;
    ends[segments] = end;
    hashes[segments] = Fold.hash(path, start, end);
    segments++;
  }

  static int hex(char high, char low) {
    int a = high < 0x80 ? Character.digit(high, 16) : -1;
    int b = low < 0x80 ? Character.digit(low, 16) : -1;
    return a < 0 || b < 0 ? -1 : a << 4 | b;
  }
}
