package dev.cordon.redaction;

/** Credentials: told by the prefixes their issuers gave them, or by the name in front. */
final class Secrets {
  private static final int MIN_DIFFERENT = 6; // in a key
  private static final int MIN_BEARER_CHARS = 16;
  private static final int MAX_JWT_HEADER_CHARS = 4096;
  private static final int MAX_JUDGED_CHARS = 256; // user name, or the first digit of a token
  private static final int MAX_BLOCK_CHARS = 64 * 1024; // a private key with its certificates
  private static final int MIN_KEY_LINE_CHARS = 16;
  private static final int MAX_KEY_HEADERS = 4;
  private static final int MAX_KEY_HEADER_NAME_CHARS = 24;
  private static final int NAME_CHARS = 64;
  private static final String AUTHORIZATION = "authorization";

  private Secrets() {}

  // ---- Stripe and GitHub: an underscore ends the prefix

  static long underscore(String s, int from, int i, int to) {
    if (i - 2 >= from) {
      char last = s.charAt(i - 1);
      if (last == 'k' && (s.charAt(i - 2) == 's' || s.charAt(i - 2) == 'r')) {
        return stripe(s, from, i, to);
      }
      if (last == 'c' && i - 5 >= from && s.startsWith("whsec", i - 5)) {
        return token(s, from, i, i - 5, i + 1, 16, to, Kind.STRIPE_KEY);
      }
      if (s.charAt(i - 2) == 'h' && i - 3 >= from && s.charAt(i - 3) == 'g') {
        if ("pousr".indexOf(last) >= 0) {
          return token(s, from, i, i - 3, i + 1, 30, to, Kind.GITHUB_TOKEN);
        }
      }
      if (last == 'b' && i - 6 >= from && s.startsWith("github_pat_", i - 6)) {
        return token(s, from, i, i - 6, i + 5, 26, to, Kind.GITHUB_TOKEN);
      }
    }
    return Detector.miss(i + 1);
  }

  private static long stripe(String s, int from, int i, int to) {
    if (s.startsWith("live_", i + 1) || s.startsWith("test_", i + 1)) {
      return token(s, from, i, i - 2, i + 6, 15, to, Kind.STRIPE_KEY);
    }
    return Detector.miss(i + 1);
  }

  /** A hit if enough characters follow the anchor and nothing is glued to the front. */
  private static long token(
      String s, int from, int anchor, int start, int body, int minChars, int to, Kind kind) {
    if (!Chars.startsWord(s, from, start)) {
      return Detector.miss(anchor + 1); // before anything is read: its end may be far
    }
    boolean base64 = start == anchor - 5; // whsec_
    int end = base64 ? base64End(s, body, to) : wordEnd(s, body, to);
    int judged = Math.min(end, body + minChars);
    if (end - anchor - 1 < minChars || end > to || !isVaried(s, body, judged)) {
      return Detector.miss(anchor + 1);
    }
    return Detector.hit(kind, anchor, start, end);
  }

  // ---- Slack

  static long slack(String s, int from, int i, int to) {
    int prefix;
    if (s.startsWith("xox", i) && i + 4 < to && s.charAt(i + 4) == '-') {
      prefix = "abcdeoprs".indexOf(s.charAt(i + 3)) >= 0 ? 5 : 0;
    } else if (s.startsWith("xoxe.xox", i) && i + 9 < to && s.charAt(i + 9) == '-') {
      prefix = 10;
    } else {
      prefix = s.startsWith("xapp-", i) || s.startsWith("xwfp-", i) ? 5 : 0;
    }
    if (prefix == 0 || !Chars.startsWord(s, from, i)) {
      return Detector.miss(i + 1);
    }
    if (i > from && s.charAt(i - 1) == '-') {
      return Detector.miss(i + 1); // the middle of a file name
    }
    int end = i + prefix;
    boolean digit = false;
    while (end < to && (Chars.isSlack(s.charAt(end)) || isPercentEscape(s, end, to))) {
      digit |= Chars.isDigit(s.charAt(end));
      end++;
    }
    if (end - i - prefix < 10 || !digit) {
      return Detector.miss(end); // "xoxb-your-bot-token" in a manual
    }
    return Detector.hit(Kind.SLACK_TOKEN, i, i, end);
  }

  private static boolean isPercentEscape(String s, int at, int to) {
    return s.charAt(at) == '%'
        && (s.startsWith("%2F", at) || s.startsWith("%2B", at) || s.startsWith("%3D", at))
        && at + 3 <= to;
  }

  static long slackUrl(String s, int from, int i, int to) {
    int path;
    if (s.startsWith("/services/", i)) {
      path = i + 10;
    } else if (s.startsWith("/workflows/", i)) {
      path = i + 11;
    } else if (s.startsWith("/triggers/", i)) {
      path = i + 10;
    } else {
      return Detector.miss(i + 1);
    }
    boolean host =
        i - 15 >= from && s.startsWith("hooks.slack.com", i - 15)
            || i - 19 >= from && s.startsWith("hooks.slack-gov.com", i - 19);
    if (!host) {
      return Detector.miss(i + 1);
    }
    int end = path;
    while (end < to && (Chars.isBase64Url(s.charAt(end)) || s.charAt(end) == '/')) {
      end++;
    }
    if (end - path < 16) {
      return Detector.miss(i + 1);
    }
    // the host stays, it says what was there
    return Detector.hit(Kind.SLACK_TOKEN, i, i + 1, end);
  }

  // ---- AWS and Google: upper case A

  static long upperA(String s, int from, int i, int to) {
    if (i + 3 >= to) {
      return Detector.miss(i + 1);
    }
    char second = s.charAt(i + 1);
    if (second == 'I' && s.startsWith("za", i + 2)) {
      int end = base64UrlEnd(s, i + 4, Math.min(to, i + 40));
      if (end - i == 39
          && isVaried(s, i + 4, end)
          && Chars.startsWord(s, from, i)
          && !goesOn(s, end, to)) {
        return Detector.hit(Kind.GOOGLE_KEY, i, i, end);
      }
    } else if ((second == 'K' || second == 'S' || second == 'B')
        && s.charAt(i + 2) == 'I'
        && s.charAt(i + 3) == 'A') {
      int end = i + 4;
      while (end < to && end < i + 21 && isUpperOrDigit(s.charAt(end))) {
        end++;
      }
      if (end - i == 20
          && isVaried(s, i + 4, end)
          && Chars.startsWord(s, from, i)
          && Chars.endsWord(s, end, to)) {
        return Detector.hit(Kind.AWS_KEY, i, i, end);
      }
    } else if (i - 2 >= from && s.startsWith("ey", i - 2)) {
      return jwt(s, from, i, to);
    }
    return Detector.miss(i + 1);
  }

  private static boolean goesOn(String s, int at, int to) {
    return at < to && Chars.isBase64Url(s.charAt(at));
  }

  /** Of enough different characters: XXXXXXXX and the like are placeholders. */
  private static boolean isVaried(String s, int from, int to) {
    return Chars.countDifferent(s, from, to) >= MIN_DIFFERENT;
  }

  private static boolean isUpperOrDigit(char c) {
    return Chars.isDigit(c) || (c >= 'A' && c <= 'Z');
  }

  /** {@code secret_access_key = ...}: forty characters that only the name tells from a hash. */
  static long namedAwsSecret(String s, int from, int i, int to, Runs runs) {
    boolean key = s.regionMatches(true, i, "key", 0, 3);
    if (!key && !s.regionMatches(true, i, "ken", 0, 3)) {
      return Detector.miss(i + 1);
    }
    // few names end in one of these, and reading every name to its begin would be slow
    if (key
        ? !endsWith(s, from, i, "secret") && !endsWith(s, from, i, "access")
        : i - 2 < from || !endsWith(s, from, i - 2, "session")) {
      return Detector.miss(i + 1);
    }
    int start = i;
    while (start > from && i - start < 32 && isNameChar(s.charAt(start - 1))) {
      start--;
    }
    int end = i + 3;
    while (end < to && end - i < 16 && isNameChar(s.charAt(end))) {
      end++;
    }
    int names = Names.classify(s, start, i + 3);
    if ((names & (Names.AWS_SECRET | Names.AWS_SESSION)) == 0) {
      return Detector.miss(i + 1);
    }
    int value = end;
    while (value < to && value - end < 12 && " \t\"':=\\>,".indexOf(s.charAt(value)) >= 0) {
      value++;
    }
    while (Chars.isHexAt(s, value + 1, 2, to) && s.charAt(value) == '%' && value - end < 12) {
      value += 3;
    }
    int valueEnd = awsSecretEnd(s, value, to, (names & Names.AWS_SESSION) != 0, runs);
    if (valueEnd < 0 || value == end) {
      return Detector.miss(i + 1);
    }
    return Detector.hit(Kind.AWS_KEY, i, value, valueEnd);
  }

  /** Whether the word is right before, or before a dash or an underscore. */
  private static boolean endsWith(String s, int from, int end, String word) {
    int at = end;
    if (at > from && "_-.".indexOf(s.charAt(at - 1)) >= 0) {
      at--;
    }
    at -= word.length();
    return at >= from && s.regionMatches(true, at, word, 0, word.length());
  }

  private static boolean isNameChar(char c) {
    return Chars.isWord(c) || c == '-' || c == '.';
  }

  static int awsSecretEnd(String s, int from, int to, boolean session, Runs runs) {
    // a miss must not read far, so that a token shows what it is at its beginning
    int limit = Math.min(to, from + (session ? MAX_JUDGED_CHARS : 42));
    int end = runs.rowEnd(Runs.AWS_SECRET, s, from, limit);
    boolean length = session ? end - from >= 100 : end - from == 40;
    if (!length
        || !runs.has(Runs.DIGIT, s, from, end)
        || !runs.has(Runs.UPPER, s, from, end)
        || !runs.has(Runs.LOWER, s, from, end)) {
      return -1;
    }
    return session ? runs.rowEnd(Runs.AWS_SECRET, s, end, to) : end;
  }

  static boolean isAwsSecret(char c) {
    return Chars.isBase64(c) || c == '=';
  }

  // ---- Google

  static long googleAccessToken(String s, int floor, int digits, int to) {
    if (!Chars.startsWord(s, floor, digits - 2)) {
      return Detector.miss(digits + 2); // before anything is read: its end may be far
    }
    int end = base64UrlEnd(s, digits + 3, to);
    while (end < to && s.charAt(end) == '.' && goesOn(s, end + 1, to)) {
      end = base64UrlEnd(s, end + 1, to);
    }
    if (end - digits < 23) {
      return Detector.miss(digits + 2);
    }
    return Detector.hit(Kind.GOOGLE_KEY, digits, digits - 2, end);
  }

  static long googleRefreshToken(String s, int i, int to) {
    int end = base64UrlEnd(s, i + 4, to);
    return end - i < 44 ? Detector.miss(i + 1) : Detector.hit(Kind.GOOGLE_KEY, i, i, end);
  }

  static long googleClient(String s, int from, int i, int to) {
    if (i - 5 < from || !s.startsWith("GOCSPX-", i - 5) || !Chars.startsWord(s, from, i - 5)) {
      return Detector.miss(i + 1);
    }
    int end = base64UrlEnd(s, i + 2, to);
    return end - i < 22 ? Detector.miss(i + 1) : Detector.hit(Kind.GOOGLE_KEY, i, i - 5, end);
  }

  // ---- JWT: eyJ, eyA and ewo are the begin of an object in base64

  static long jwt(String s, int from, int i, int to) {
    int start;
    if (s.charAt(i) == 'w') {
      start = i - 1;
      if (start < from || s.charAt(start) != 'e' || i + 1 >= to || s.charAt(i + 1) != 'o') {
        return Detector.miss(i + 1);
      }
    } else {
      start = i - 2;
      if (start < from || !s.startsWith("ey", start)) {
        return Detector.miss(i + 1);
      }
    }
    if (start > from && s.charAt(start - 1) == '-' || !Chars.startsWord(s, from, start)) {
      return Detector.miss(i + 1);
    }
    int headerEnd = base64UrlEnd(s, start, Math.min(to, start + MAX_JWT_HEADER_CHARS));
    if (headerEnd + 1 >= to || s.charAt(headerEnd) != '.' || !isJoseHeader(s, start, headerEnd)) {
      return Detector.miss(i + 1);
    }
    int end = base64UrlEnd(s, headerEnd + 1, to);
    if (end == headerEnd + 1 && (end >= to || s.charAt(end) != '.')) {
      return Detector.miss(i + 1);
    }
    int dots = 1; // three parts signed, five encrypted
    while (dots < 4 && end < to && s.charAt(end) == '.') {
      int part = base64UrlEnd(s, end + 1, to);
      if (part == end + 1 && dots > 1) {
        break;
      }
      end = part;
      dots++;
    }
    if (s.charAt(end - 1) == '.') {
      end--; // a full stop behind an unsigned token stays
    }
    return Detector.hit(Kind.JWT, i, start, end);
  }

  private static boolean isJoseHeader(String s, int from, int to) {
    int matched = 0; // characters of "alg" with its quotes seen so far
    char first = 0;
    char last = 0;
    boolean alg = false;
    int bits = 0;
    int have = 0;
    for (int i = from; i < to; i++) {
      bits = bits << 6 | sextet(s.charAt(i));
      have += 6;
      if (have >= 8) {
        have -= 8;
        char c = (char) (bits >> have & 0xFF);
        if (first == 0) {
          first = c;
        }
        if (c > ' ') {
          last = c;
        }
        if (c == "\"alg\"".charAt(matched)) {
          matched++;
        } else {
          matched = c == '"' ? 1 : 0;
        }
        if (matched == 5) {
          alg = true;
          matched = 0;
        }
      }
    }
    return alg && first == '{' && last == '}';
  }

  private static int sextet(char c) {
    if (c >= 'a') {
      return c - 'a' + 26;
    }
    if (c == '_' || c == '/') {
      return 63;
    }
    if (c >= 'A') {
      return c - 'A';
    }
    return c >= '0' ? c - '0' + 52 : 62;
  }

  // ---- Bearer, Basic, BEGIN ... PRIVATE KEY

  static long letterB(String s, int from, int i, int to, int name, Runs runs) {
    if (i + 6 >= to) {
      return Detector.miss(i + 1);
    }
    switch (s.charAt(i + 1)) {
      case 'e', 'E' -> {
        if (s.regionMatches(true, i, "bearer", 0, 6)) {
          return credentials(s, from, i, 6, to, name, Kind.BEARER, runs);
        }
        if (s.startsWith("BEGIN ", i) && i - 5 >= from && s.startsWith("-----", i - 5)) {
          return privateKey(s, i, to);
        }
      }
      case 'a', 'A' -> {
        if (s.regionMatches(true, i, "basic", 0, 5)) {
          return credentials(s, from, i, 5, to, name, Kind.BASIC, runs);
        }
      }
      default -> {
        // another word
      }
    }
    return Detector.miss(i + 1);
  }

  private static long credentials(
      String s, int from, int i, int schemeChars, int to, int name, Kind kind, Runs runs) {
    int start = i + schemeChars;
    int next = start;
    while (start < to && start - next < 16) {
      if (s.charAt(start) == ' ' || s.charAt(start) == '+' || s.charAt(start) == '\t') {
        start++;
      } else if (s.startsWith("%20", start)) {
        start += 3;
      } else {
        break;
      }
    }
    if (start == next || !Chars.startsWord(s, from, i)) {
      return Detector.miss(next);
    }
    // a token has a digit in so many characters, and a miss must not read far
    int limit = Math.min(to, start + MAX_JUDGED_CHARS);
    int end = runs.rowEnd(Runs.CREDENTIALS, s, start, limit);
    while (end > start && s.charAt(end - 1) == '.') {
      end--; // the end of a sentence
    }
    if (end == start) {
      return Detector.miss(next);
    }
    boolean secret =
        kind == Kind.BASIC
            ? isUserAndPassword(s, start, end)
            : end - start >= MIN_BEARER_CHARS && runs.has(Runs.DIGIT, s, start, end);
    if (!secret) {
      secret = end - start >= 4 && isAuthorization(s, Math.max(from, i - NAME_CHARS), i, name);
    }
    return secret
        ? Detector.hit(kind, i, start, credentialsEnd(s, start, to, runs))
        : Detector.miss(next);
  }

  private static boolean isAuthorization(String s, int from, int at, int name) {
    if ((name & Names.AUTHORIZATION) != 0) {
      return true;
    }
    for (int i = at - 1; i >= from; i--) { // few texts have the word, and to read names takes long
      if ((s.charAt(i) | 0x20) == 'a'
          && s.regionMatches(true, i, AUTHORIZATION, 0, AUTHORIZATION.length())) {
        return (Names.before(s, from, at) & Names.AUTHORIZATION) != 0;
      }
    }
    return false;
  }

  private static int credentialsEnd(String s, int start, int to, Runs runs) {
    int end = runs.rowEnd(Runs.CREDENTIALS, s, start, to);
    while (end > start && s.charAt(end - 1) == '.') {
      end--; // the end of a sentence
    }
    return end;
  }

  /** Base64 of printable text with a colon: what RFC 7617 sends and prose does not contain. */
  private static boolean isUserAndPassword(String s, int from, int to) {
    boolean colon = false;
    int bits = 0;
    int have = 0;
    int limit = Math.min(to, from + MAX_JUDGED_CHARS);
    for (int i = from; i < limit; i++) {
      char c = s.charAt(i);
      if (c == '=' || c == '%') {
        break; // padding, perhaps encoded
      }
      if (!Chars.isBase64(c) && !Chars.isBase64Url(c)) {
        return false;
      }
      bits = bits << 6 | (c == '/' ? 63 : c == '+' ? 62 : sextet(c));
      have += 6;
      if (have >= 8) {
        have -= 8;
        int decoded = bits >> have & 0xFF;
        if (decoded < 0x20 || decoded == 0x7F) {
          return false;
        }
        colon |= decoded == ':';
      }
    }
    return colon;
  }

  private static long privateKey(String s, int i, int to) {
    int close = i + 6;
    boolean key = false;
    while (close < to && close - i < 64 && isLabel(s.charAt(close))) {
      key |= s.startsWith("PRIVATE KEY", close);
      close++;
    }
    if (!key || !s.startsWith("-----", close)) {
      return Detector.miss(i + 1);
    }
    int body = close + 5;
    int limit = Math.min(to, body + MAX_BLOCK_CHARS);
    for (int at = body; at < limit; at++) {
      if (s.charAt(at) == '-' && s.startsWith("-----", at)) {
        if (s.startsWith("END ", at + 5)) {
          int end = s.indexOf("-----", at + 5);
          end = end < 0 || end > at + 64 ? Math.min(to, at + 9) : Math.min(to, end + 5);
          return Detector.hit(Kind.PRIVATE_KEY, i, i - 5, end);
        }
        if (s.startsWith("BEGIN ", at + 5)) {
          return truncatedKey(s, i, body, at);
        }
      }
    }
    return truncatedKey(s, i, body, to);
  }

  private static boolean isLabel(char c) {
    return c == ' ' || isUpperOrDigit(c);
  }

  /** A block whose end was cut off: as far as there are lines of base64. */
  private static long truncatedKey(String s, int i, int body, int to) {
    int end = -1;
    int at = headersEnd(s, body, to);
    while (at < to) {
      int line = at;
      while (at < to && Chars.isBase64(s.charAt(at))) {
        at++;
      }
      if (at < to && s.charAt(at) == '=') {
        at++;
      }
      if (at - line >= MIN_KEY_LINE_CHARS) {
        end = at;
      } else if (at > line && !(at - line == 1 && line > body && s.charAt(line - 1) == '\\')) {
        break; // a word, not a line of a key
      }
      int gap = at;
      while (at < to && at - gap < 16 && " \r\n\t\\\"'=+,>|".indexOf(s.charAt(at)) >= 0) {
        at++;
      }
      if (at == gap && at == line) {
        break;
      }
    }
    return end < 0 ? Detector.miss(i + 1) : Detector.hit(Kind.PRIVATE_KEY, i, i - 5, end);
  }

  /** Behind lines such as {@code Proc-Type: 4,ENCRYPTED} and {@code Version: 1}. */
  private static int headersEnd(String s, int body, int to) {
    int at = body;
    for (int lines = 0; lines < MAX_KEY_HEADERS; lines++) {
      int line = at;
      while (line < to && line - at < 8 && (s.charAt(line) <= ' ' || isLineEnd(s, line, to))) {
        line += s.charAt(line) == '\\' ? 2 : 1;
      }
      int colon = line;
      while (colon < to
          && colon - line < MAX_KEY_HEADER_NAME_CHARS
          && (Chars.isAsciiLetter(s.charAt(colon)) || s.charAt(colon) == '-')) {
        colon++;
      }
      if (colon == line || colon >= to || s.charAt(colon) != ':') {
        return at;
      }
      int end = colon;
      while (end < to
          && end - colon < MAX_JUDGED_CHARS
          && s.charAt(end) != '\n'
          && !isLineEnd(s, end, to)) {
        end++;
      }
      at = end;
    }
    return at;
  }

  /** A line end as an escape. */
  private static boolean isLineEnd(String s, int at, int to) {
    return s.charAt(at) == '\\'
        && at + 1 < to
        && (s.charAt(at + 1) == 'n' || s.charAt(at + 1) == 'r');
  }

  private static int base64UrlEnd(String s, int at, int to) {
    int end = at;
    while (end < to && Chars.isBase64Url(s.charAt(end))) {
      end++;
    }
    return Math.max(end, Math.min(at, to));
  }

  private static int base64End(String s, int at, int to) {
    int end = at;
    while (end < to && (Chars.isBase64(s.charAt(end)) || s.charAt(end) == '=')) {
      end++;
    }
    return end;
  }

  private static int wordEnd(String s, int at, int to) {
    int end = at;
    while (end < to && Chars.isWord(s.charAt(end))) {
      end++;
    }
    return end;
  }
}
