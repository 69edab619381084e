package dev.cordon.redaction;

import org.jspecify.annotations.Nullable;

/**
 * What a token looks like: {@code EMAIL_7Q3KX2}, the kind and six characters without vowels, so
 * that no token begins within another, of which one at least is a digit and never four in a row
 * are, so that no detector takes them for a number. In any letter case: models change it.
 */
final class TokenShape {
  static final int SUFFIX_CHARS = 6;
  private static final String ALPHABET = "23456789BCDFGHJKLMNPQRSTVWXZ";
  private static final int MAX_DIGITS_IN_A_ROW = 3;

  private static final Kind[] KINDS = Kind.values();

  private TokenShape() {}

  /** Six characters of a hash, which need not be a suffix. */
  static String suffix(byte[] hash) {
    StringBuilder suffix = new StringBuilder(SUFFIX_CHARS);
    for (int i = 0; i < SUFFIX_CHARS; i++) {
      int number = (hash[2 * i] & 0xff) << 8 | hash[2 * i + 1] & 0xff;
      suffix.append(ALPHABET.charAt(number % ALPHABET.length()));
    }
    return suffix.toString();
  }

  /** Whether the end of a token may stand at this place, of capitals or of small letters. */
  static boolean isSuffix(String s, int at) {
    int row = 0;
    boolean digit = false;
    for (int i = at; i < at + SUFFIX_CHARS; i++) {
      char c = s.charAt(i);
      if (ALPHABET.indexOf(c >= 'a' && c <= 'z' ? c - 32 : c) < 0) {
        return false;
      }
      row = Chars.isDigit(c) ? row + 1 : 0;
      digit |= row > 0;
      if (row > MAX_DIGITS_IN_A_ROW) {
        return false;
      }
    }
    return digit;
  }

  /** Adds what looks like a token of one of these kinds, whoever wrote it. */
  static @Nullable Spans find(String s, int from, int to, int kinds, @Nullable Spans spans) {
    Spans found = spans;
    for (int at = from; at + SUFFIX_CHARS < to; at++) { // indexOf would look behind the end
      if (s.charAt(at) == '_' && isSuffix(s, at + 1)) {
        int kind = kindBefore(s, from, at, kinds);
        if (kind >= 0) {
          found = found == null ? new Spans() : found;
          found.addToken(kind, at - KINDS[kind].name().length(), at + 1 + SUFFIX_CHARS);
        }
      }
    }
    return found;
  }

  private static int kindBefore(String s, int from, int end, int kinds) {
    for (int bits = kinds; bits != 0; bits &= bits - 1) {
      int kind = Integer.numberOfTrailingZeros(bits);
      String name = KINDS[kind].name();
      int start = end - name.length();
      if (start >= from && s.regionMatches(true, start, name, 0, name.length())) {
        return kind;
      }
    }
    return -1;
  }
}
