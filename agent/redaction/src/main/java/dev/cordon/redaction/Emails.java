package dev.cordon.redaction;

/** Mail addresses, from their at sign in any of its spellings. */
final class Emails {
  private static final int MAX_LOCAL_CHARS = 320; // 64 by the book; bounce addresses are longer
  private static final int MAX_ODD_CHARS = 64;
  private static final int MAX_DOMAIN_CHARS = 255;
  private static final int MAX_QUOTED_CHARS = 64;
  private static final int MAX_TLD_CHARS = 24;
  private static final int MAX_LITERAL_CHARS = 50;

  /** Endings of file names that no registry gave away: {@code icon@2x.png}. */
  private static final String[] NO_TLD = {
    "png", "jpg", "jpeg", "gif", "svg", "webp", "css", "js", "html", "xml", "json", "yml", "yaml",
    "txt", "log", "jar", "class", "java", "exe", "dll"
  };

  private Emails() {}

  static long verify(String s, int from, int at, int atChars, int to) {
    int domain = at + atChars;
    int start = localStart(s, from, at);
    if (start < 0 && !isOdd(s, from, at)) {
      return Detector.miss(domain);
    }
    int end = domainEnd(s, domain, to);
    if (end < 0) {
      return Detector.miss(domain);
    }
    if (start != from && end == to && isOdd(s, from, at)) {
      start = from; // nothing else is there that could begin with such a sign
    } else if (start < 0) {
      return Detector.miss(domain);
    }
    if (end < to && s.charAt(end) == ':' && isRepositoryUser(s, start, at)) {
      return Detector.miss(domain); // git@host:path is a place, not a person
    }
    return Detector.hit(Kind.EMAIL, at, start, end);
  }

  /** Whether all before the sign are characters that a standard allows, odd as they are. */
  private static boolean isOdd(String s, int from, int at) {
    if (at == from || at - from > MAX_ODD_CHARS) {
      return false;
    }
    boolean letters = false;
    for (int i = from; i < at; i++) {
      char c = s.charAt(i);
      letters |= Chars.isAlphanumeric(c);
      if (!Chars.isLocalPart(c) && "!#$*/^`{|}".indexOf(c) < 0) {
        return false;
      }
    }
    return letters; // *@example.com stands for everybody
  }

  private static boolean isRepositoryUser(String s, int start, int at) {
    return (at - start == 3 && s.startsWith("git", start))
        || (at - start > 4 && s.startsWith("org-", start) && Chars.isDigit(s.charAt(at - 1)));
  }

  private static int localStart(String s, int from, int at) {
    int limit = Math.max(from, at - MAX_LOCAL_CHARS);
    int i = at;
    if (i > limit && s.charAt(i - 1) == '"') {
      return quotedStart(s, limit, i - 1);
    }
    if (i - 1 > limit && s.charAt(i - 1) == '"' && s.charAt(i - 2) == '\\') {
      return -1;
    }
    boolean spaced = i > limit && !Chars.isUnspaced(s.charAt(i - 1));
    while (i > limit) {
      char c = s.charAt(i - 1);
      boolean joins = "!$^".indexOf(c) >= 0 && isBetween(s, limit, i - 1, at);
      if (!joins && !Chars.isLocalPart(c) || (spaced && Chars.isUnspaced(c))) {
        break;
      }
      if (i - 3 >= limit && s.charAt(i - 3) == '%' && Chars.isHexAt(s, i - 2, 2, i)) {
        if (!isLocalEscape(s, i - 2)) {
          break;
        }
        i -= 3;
      } else {
        i--;
      }
    }
    if (i > from && i < at && s.charAt(i - 1) == '\\') {
      i = afterEscape(s, i, at);
    }
    while (i < at && ".-'+%~".indexOf(s.charAt(i)) >= 0 && !Chars.isHexAt(s, i + 1, 2, at)) {
      i++;
    }
    return i < at ? i : -1;
  }

  private static boolean isBetween(String s, int limit, int sign, int at) {
    return sign > limit
        && sign + 1 < at
        && Chars.isAlphanumeric(s.charAt(sign - 1))
        && Chars.isAlphanumeric(s.charAt(sign + 1));
  }

  /** {@code %2B %2E %2D %5F} belong to the local part, {@code %3D %20 %22 ...} end it. */
  private static boolean isLocalEscape(String s, int hex) {
    int value = Chars.hex(s.charAt(hex)) * 16 + Chars.hex(s.charAt(hex + 1));
    return value >= 0x80 || (value != '@' && value != '%' && Chars.isLocalPart((char) value));
  }

  private static int afterEscape(String s, int i, int at) {
    if (s.charAt(i) == 'u' && Chars.isHexAt(s, i + 1, 4, at)) {
      return i + 5;
    }
    return "nrtbf".indexOf(s.charAt(i)) >= 0 ? i + 1 : i;
  }

  private static int quotedStart(String s, int limit, int close) {
    int stop = Math.max(limit, close - MAX_QUOTED_CHARS);
    for (int i = close - 1; i >= stop; i--) {
      char c = s.charAt(i);
      if (c == '"') {
        return i < close - 1 ? i : -1;
      }
      if (":{}[]\n".indexOf(c) >= 0 || (c == ',' && i < close - 1)) {
        return -1;
      }
    }
    return -1;
  }

  /** The end of the last label that can be a top-level domain, -1 if there is none. */
  private static int domainEnd(String s, int domain, int to) {
    if (domain < to && s.charAt(domain) == '[') {
      return literalEnd(s, domain + 1, to);
    }
    int limit = Math.min(to, domain + MAX_DOMAIN_CHARS);
    int end = -1;
    int label = domain;
    int i = domain;
    while (i < limit) {
      char c = s.charAt(i);
      boolean ascii = c < 128;
      if (ascii ? Chars.isAlphanumeric(c) : Chars.isForeignLetter(c)) {
        if (!ascii && i > label && s.charAt(label) < 128 && Chars.isUnspaced(c)) {
          break; // text of another script goes on without a blank
        }
        i++;
      } else if (c == '-' && i > label) {
        i++;
      } else if (c == '.' && i > label) {
        if (label > domain && isTopLevel(s, label, i)) {
          end = i;
        }
        label = ++i;
      } else {
        break;
      }
    }
    if (label > domain && i > label && isTopLevel(s, label, i)) {
      end = i;
    }
    return end;
  }

  /** Behind the bracket of {@code user@[203.0.113.7]} or {@code user@[IPv6:2001:db8::1]}. */
  private static int literalEnd(String s, int host, int to) {
    int at = host;
    if (s.regionMatches(true, host, "IPv6:", 0, 5)) {
      int colons = 0;
      at += 5;
      while (at < to && at - host < MAX_LITERAL_CHARS && isLiteral(s.charAt(at))) {
        colons += s.charAt(at) == ':' ? 1 : 0;
        at++;
      }
      at = colons >= 2 ? at : -1;
    } else {
      at = Numbers.addressEnd(s, host, to);
    }
    return at > 0 && at < to && s.charAt(at) == ']' ? at + 1 : -1;
  }

  private static boolean isLiteral(char c) {
    return Chars.isHex(c) || c == ':' || c == '.';
  }

  private static boolean isTopLevel(String s, int from, int to) {
    if (to - from < 2 || to - from > MAX_TLD_CHARS) {
      return false;
    }
    if (to - from > 4 && s.regionMatches(true, from, "xn--", 0, 4)) {
      return true;
    }
    for (int i = from; i < to; i++) {
      char c = s.charAt(i);
      if (c < 128 && !Chars.isAsciiLetter(c)) {
        return false;
      }
    }
    for (String ending : NO_TLD) {
      if (ending.length() == to - from && s.regionMatches(true, from, ending, 0, to - from)) {
        return false;
      }
    }
    return true;
  }
}
