package dev.cordon.redaction;

import java.util.Arrays;

/** Values that only their name tells: {@code password=...}, {@code "client_secret": "..."}. */
final class Assignments {
  private static final int MAX_NAME_CHARS = 32;

  /** What is judged of a value; what goes on behind it is part of it all the same. */
  private static final int MAX_VALUE_CHARS = 256;

  /** Further back than this a hit cannot begin. */
  private static final int MAX_USER_INFO_CHARS = 8192;

  private static final int MAX_JUDGED_CHARS = 64; // a placeholder shows at the beginning
  private static final int MIN_PASSWORD_CHARS = 4;
  private static final int MIN_TOKEN_CHARS = 10;
  private static final int MIN_DISTINCT_CHARS = 6;

  /** What may follow the word in a name, without the signs between: {@code secret_access_key}. */
  private static final String SUFFIXES =
      " ord word phrase key keys keybase accesskey token secret secrets value val s d base64 b64 prod dev"
          + " live new old current string str text plain raw hash 1 2 3 id0 ";

  /** Names of tokens that open nothing. */
  private static final int LETTER_BITS = 31;

  private static final String[][] HARMLESS_NAMES =
      byFirst(
          "page",
          "next",
          "csrf",
          "xsrf",
          "cancel",
          "continuation",
          "sync",
          "idempot",
          "cursor",
          "public",
          "token_type",
          "tokeni",
          "invalid",
          "missing",
          "device",
          "jsonwebtoken",
          "keyvault");

  /** A value that has one of these is a placeholder or a state. */
  private static final String[][] HARMLESS_VALUES =
      byFirst(
          "example",
          "placeholder",
          "changeme",
          "change_me",
          "your",
          "dummy",
          "xxxx",
          "redacted",
          "sample",
          "****",
          "null",
          "none",
          "undefined",
          "todo",
          "...",
          "process.env",
          "getenv",
          "secretsmanager");

  private static final String[] SCHEMES = {"token", "api-token", "apitoken", "apikey", "key"};

  private static final String STATES =
      " true false null none nil empty undefined string required missing invalid incorrect wrong"
          + " expired reset changed updated valid unknown optional hidden masked removed disabled"
          + " enabled password secret token failed success basic bearer must cannot should with"
          + " text field type ";

  private static final int MAX_STATE_CHARS = 9;

  private Assignments() {}

  /** {@code start} and {@code end} are those of the word in the name. */
  static long verify(String s, int from, int start, int end, int to, Runs runs) {
    int nameStart = start;
    while (nameStart > from
        && start - nameStart < MAX_NAME_CHARS
        && isNameChar(s.charAt(nameStart - 1))) {
      nameStart--;
    }
    int nameEnd = end;
    while (nameEnd < to && nameEnd - end < MAX_NAME_CHARS && isNameChar(s.charAt(nameEnd))) {
      nameEnd++;
    }
    int sign = nameEnd;
    if (s.startsWith(" string =", nameEnd) || s.startsWith(" .=", nameEnd)) {
      sign = s.indexOf('=', nameEnd);
    }
    int value = Shapes.valueStart(s, sign, to, false);
    if (value < 0 || !isSuffix(s, end, nameEnd) || isHarmlessName(s, nameStart, nameEnd)) {
      return Detector.miss(nameEnd);
    }
    char before = s.charAt(value - 1);
    boolean quoted = before == '"' || before == '\'' || before == '`';
    int valueEnd = quoted ? quotedEnd(s, value, before, to, runs) : bareEnd(s, value, to, runs);
    boolean assigned = assigned(s, nameEnd, value);
    boolean password = isPassword(s, start, end);
    boolean clear = quoted || (assigned && before == '=') || before == '>';
    boolean secret =
        password && clear
            ? isPasswordValue(s, value, valueEnd)
            : isTokenValue(s, value, valueEnd, password ? 6 : MIN_TOKEN_CHARS, runs);
    return secret
        ? Detector.hit(Kind.SECRET, end, value, wholeEnd(s, value, valueEnd, to, runs))
        : Detector.miss(nameEnd);
  }

  /**
   * What follows {@code authorization} without a scheme, or with one that is none of the two that
   * {@link Secrets} knows: {@code Authorization: Token 9fK2mQx8}.
   */
  static long authorization(String s, int from, int start, int end, int to, Runs runs) {
    int value = Shapes.valueStart(s, end, to, false);
    if (value < 0
        || !Chars.startsWord(s, from, start)
        || has(s, value, to, "basic")
        || has(s, value, to, "bearer")) {
      return Detector.miss(end);
    }
    int valueEnd = bareEnd(s, value, to, runs);
    if (valueEnd < to && s.charAt(valueEnd) == ' ') {
      boolean scheme = false;
      for (String word : SCHEMES) {
        scheme |= word.length() == valueEnd - value && has(s, value, valueEnd, word);
      }
      if (!scheme) {
        return Detector.miss(end); // of more words, each with a meaning of its own
      }
      value = valueEnd + 1;
      valueEnd = bareEnd(s, value, to, runs);
    }
    return isTokenValue(s, value, valueEnd, MIN_TOKEN_CHARS, runs)
        ? Detector.hit(Kind.SECRET, end, value, wholeEnd(s, value, valueEnd, to, runs))
        : Detector.miss(end);
  }

  /**
   * Where the secret ends that a value under a name that says so begins with: at the end of the
   * value, or where a long row of characters ends that has all that can be judged; -1 for none.
   */
  static int secretEnd(String s, int from, int to, boolean password, Runs runs) {
    if (password && to - from <= MAX_VALUE_CHARS) {
      return isPasswordValue(s, from, to) ? to : -1;
    }
    int judged = bareEnd(s, from, to, runs);
    int end = wholeEnd(s, from, judged, to, runs);
    boolean secret =
        (end == to || end - from > MAX_VALUE_CHARS)
            && (password
                ? isPasswordValue(s, from, judged)
                : isTokenValue(s, from, judged, MIN_TOKEN_CHARS, runs));
    return secret ? end : -1;
  }

  /** What the name of a field says: 0, or bits of {@link Names}. */
  static int name(String s, int from, int to) {
    for (int i = from; i < to; i++) {
      int length =
          switch (s.charAt(i) | 0x20) {
            case 'p' -> word(s, i, to, "passw", "passphrase", "pwd");
            case 's' -> word(s, i, to, "secret", "signing_key", "signingkey");
            case 't' -> word(s, i, to, "token", "token", "token");
            case 'a' -> word(s, i, to, "api_key", "apikey", "api-key");
            case 'c' -> word(s, i, to, "credential", "credential", "credential");
            default -> 0;
          };
      if (length > 0 && isSuffix(s, i + length, to) && !isHarmlessName(s, from, to)) {
        return isPassword(s, i, i + length) ? Names.PASSWORD : Names.SECRET;
      }
    }
    return 0;
  }

  private static int word(String s, int at, int to, String one, String two, String three) {
    return has(s, at, to, one)
        ? one.length()
        : has(s, at, to, two) ? two.length() : has(s, at, to, three) ? three.length() : 0;
  }

  private static boolean isNameChar(char c) {
    return Chars.isWord(c) || c == '-' || c == '.';
  }

  private static boolean isPassword(String s, int start, int end) {
    return (s.charAt(start) | 0x20) == 'p' && !has(s, start, end, "private");
  }

  private static boolean isSuffix(String s, int from, int to) {
    if (from == to || isDigits(s, from, to)) {
      return true;
    }
    for (int at = 0; at >= 0; at = SUFFIXES.indexOf(' ', at + 1)) {
      int word = at + 1;
      int i = from;
      while (i < to && word < SUFFIXES.length()) {
        char c = s.charAt(i);
        if (c == '_' || c == '-' || c == '.') {
          i++;
        } else if ((c | 0x20) == (SUFFIXES.charAt(word) | 0x20)) {
          i++;
          word++;
        } else {
          break;
        }
      }
      if (i == to && (word >= SUFFIXES.length() || SUFFIXES.charAt(word) == ' ')) {
        return true;
      }
    }
    return false;
  }

  private static boolean isDigits(String s, int from, int to) {
    int at = s.charAt(from) == '_' || s.charAt(from) == '-' ? from + 1 : from;
    boolean digits = at < to;
    for (int i = at; i < to; i++) {
      digits &= Chars.isDigit(s.charAt(i));
    }
    return digits;
  }

  private static boolean isHarmlessName(String s, int from, int to) {
    return hasOneOf(HARMLESS_NAMES, s, from, to);
  }

  private static boolean hasOneOf(String[][] words, String s, int from, int end) {
    int to = Math.min(end, from + MAX_JUDGED_CHARS);
    for (int i = from; i < to; i++) {
      char c = s.charAt(i);
      for (String word : words[c < 128 ? c & LETTER_BITS : LETTER_BITS + 1]) {
        if (has(s, i, to, word)) {
          return true;
        }
      }
    }
    return false;
  }

  /** By the last five bits of their first character, which letters have in any case; then all. */
  private static String[][] byFirst(String... words) {
    String[][] byFirst = new String[LETTER_BITS + 2][];
    for (int bits = 0; bits <= LETTER_BITS; bits++) {
      String[] same = new String[words.length];
      int count = 0;
      for (String word : words) {
        if ((word.charAt(0) & LETTER_BITS) == bits) {
          same[count++] = word;
        }
      }
      byFirst[bits] = Arrays.copyOf(same, count);
    }
    byFirst[LETTER_BITS + 1] = words; // a character that is not of ASCII may be one in another case
    return byFirst;
  }

  private static boolean has(String s, int at, int to, String word) {
    return to - at >= word.length() && s.regionMatches(true, at, word, 0, word.length());
  }

  private static boolean assigned(String s, int from, int to) {
    for (int i = from; i < to; i++) {
      if (s.charAt(i) == '=') {
        return true;
      }
    }
    return false;
  }

  private static int quotedEnd(String s, int from, char quote, int to, Runs runs) {
    int limit = Math.min(to, from + MAX_VALUE_CHARS);
    for (int i = from; i < limit; i++) {
      char c = s.charAt(i);
      if (c == quote) {
        return i > from && s.charAt(i - 1) == '\\' ? i - 1 : i;
      }
      if (c < ' ') {
        break;
      }
    }
    return bareEnd(s, from, to, runs);
  }

  private static int bareEnd(String s, int from, int to, Runs runs) {
    int limit = Math.min(to, from + MAX_VALUE_CHARS);
    int i = runs.rowEnd(Runs.BARE, s, from, limit);
    while (i > from && s.charAt(i - 1) == '.') {
      i--; // the end of a sentence
    }
    return i;
  }

  /** The end of a value of which as much as can be judged has been. */
  private static int wholeEnd(String s, int from, int judgedEnd, int to, Runs runs) {
    if (to - from <= MAX_VALUE_CHARS) {
      return judgedEnd;
    }
    int end = runs.rowEnd(Runs.BARE, s, from, to);
    if (end - from <= MAX_VALUE_CHARS) {
      return judgedEnd;
    }
    while (end > judgedEnd && s.charAt(end - 1) == '.') {
      end--; // the end of a sentence
    }
    return end;
  }

  static boolean isBare(char c) {
    return c > ' ' && (c >= 128 || "\"'`,;&<>|\\(){}[]".indexOf(c) < 0);
  }

  private static boolean isPasswordValue(String s, int from, int to) {
    int length = to - from;
    if (length < MIN_PASSWORD_CHARS || "[<{$%*(".indexOf(s.charAt(from)) >= 0) {
      return false;
    }
    return !isState(s, from, to) && !hasOneOf(HARMLESS_VALUES, s, from, to);
  }

  private static boolean isTokenValue(String s, int from, int to, int minChars, Runs runs) {
    if (to - from < minChars
        || "[<{$%*(/".indexOf(s.charAt(from)) >= 0
        || !runs.has(Runs.DIGIT, s, from, to)) {
      return false;
    }
    int letters = 0;
    for (int i = from; i < to; i++) {
      char c = s.charAt(i);
      if (!Chars.isCredentials(c) && c != '_' && c != '!' && c != ':' && c != '@' && c != '#') {
        return false;
      }
      letters += Chars.isAsciiLetter(c) ? 1 : 0;
    }
    return letters >= 2
        && Chars.countDifferent(s, from, to) >= MIN_DISTINCT_CHARS
        && !isUrl(s, from, to)
        && !hasOneOf(HARMLESS_VALUES, s, from, to);
  }

  private static boolean isUrl(String s, int from, int to) {
    for (int i = from; i + 3 <= to; i++) {
      if (s.charAt(i) == ':' && s.startsWith("://", i)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isState(String s, int from, int to) {
    if (to - from > MAX_STATE_CHARS) {
      return false;
    }
    for (int at = 0; at >= 0 && at + 1 < STATES.length(); at = STATES.indexOf(' ', at + 1)) {
      int end = STATES.indexOf(' ', at + 1);
      if (end - at - 1 == to - from && s.regionMatches(true, from, STATES, at + 1, to - from)) {
        return true;
      }
    }
    return false;
  }

  /** {@code scheme://user:password@host}: what stands between, if a password is in it. */
  static long userInfo(String s, int from, int at) {
    int limit = Math.max(from, at - MAX_USER_INFO_CHARS);
    int colon = -1;
    int i = at;
    while (i > limit) {
      char c = s.charAt(i - 1);
      if (c == '/') {
        break;
      }
      if (c <= ' ' || c == '"' || c == '\'' || c == '<' || c == '>' || c == '@') {
        return Detector.miss(at + 1);
      }
      if (c == ':') {
        colon = i - 1;
      }
      i--;
    }
    if (colon <= i - 1 || colon + 1 >= at || i - 3 < from || !s.startsWith("://", i - 3)) {
      return Detector.miss(at + 1);
    }
    if (s.charAt(colon + 1) == '[' || "*<{$".indexOf(s.charAt(colon + 1)) >= 0) {
      return Detector.miss(at + 1);
    }
    return Detector.hit(Kind.URL_CREDENTIALS, at, i, at);
  }
}
