package dev.cordon.redaction;

/** Character classes of the detectors, and what may stand in front of a value. */
final class Chars {
  private Chars() {}

  private static final int WORD = 1;
  private static final int LOCAL_PART = 2;
  private static final int BASE64 = 4;
  private static final int BASE64URL = 8;
  private static final int CREDENTIALS = 16;
  private static final int HEX = 32;
  private static final int SLACK = 64;
  private static final byte[] TABLE = new byte[128];

  static {
    for (char c = '0'; c <= 'z'; c++) {
      boolean digit = c <= '9';
      boolean letter = isAsciiLetter(c);
      if (digit || letter) {
        TABLE[c] = WORD | LOCAL_PART | BASE64 | BASE64URL | CREDENTIALS | SLACK;
        if (digit || (c | 0x20) <= 'f') {
          TABLE[c] |= HEX;
        }
      }
    }
    mark("_", WORD);
    mark("._%+-'~", LOCAL_PART);
    mark("+/", BASE64);
    mark("-_", BASE64URL);
    mark("-._~+/=%", CREDENTIALS);
    mark("-", SLACK);
  }

  private static void mark(String chars, int bit) {
    for (int i = 0; i < chars.length(); i++) {
      TABLE[chars.charAt(i)] |= (byte) bit;
    }
  }

  private static boolean is(char c, int bit) {
    return c < 128 && (TABLE[c] & bit) != 0;
  }

  static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  static boolean isAsciiLetter(char c) {
    char lower = (char) (c | 0x20);
    return lower >= 'a' && lower <= 'z';
  }

  static boolean isWord(char c) {
    return is(c, WORD);
  }

  static boolean isAlphanumeric(char c) {
    return c != '_' && is(c, WORD);
  }

  static boolean isHex(char c) {
    return is(c, HEX);
  }

  static boolean isBase64(char c) {
    return is(c, BASE64);
  }

  static boolean isBase64Url(char c) {
    return is(c, BASE64URL);
  }

  static boolean isCredentials(char c) {
    return is(c, CREDENTIALS);
  }

  static boolean isSlack(char c) {
    return is(c, SLACK);
  }

  static boolean isLocalPart(char c) {
    return c < 128 ? is(c, LOCAL_PART) : isForeignLetter(c);
  }

  /** A letter outside ASCII; emoji are none, nor are the letters of the rarest scripts. */
  static boolean isForeignLetter(char c) {
    return c >= 128 && Character.isLetterOrDigit(c);
  }

  /** A letter of a script that puts no space between words: an address ends where it begins. */
  static boolean isUnspaced(char c) {
    return c >= 0x0E00
        && (c <= 0x0EFF || (c >= 0x3040 && c <= 0x9FFF) || (c >= 0xAC00 && c <= 0xD7A3));
  }

  static int hex(char c) {
    return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
  }

  /** Where the character stands, {@code to} if it does not: a search that ends there. */
  static int find(char c, String s, int from, int to) {
    int i = from;
    while (i < to && s.charAt(i) != c) {
      i++;
    }
    return i;
  }

  static boolean isHexAt(String s, int at, int count, int to) {
    if (at < 0 || at + count > to) {
      return false;
    }
    for (int i = at; i < at + count; i++) {
      if (!isHex(s.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  /** How many different characters of ASCII there are; others may count as one of them. */
  static int countDifferent(String s, int from, int to) {
    long low = 0; // two masks: a shift looks at the last six bits only
    long high = 0;
    for (int i = from; i < to; i++) {
      char c = s.charAt(i);
      if ((c & 64) == 0) {
        low |= 1L << c;
      } else {
        high |= 1L << c;
      }
    }
    return Long.bitCount(low) + Long.bitCount(high);
  }

  /**
   * Whether a group of a UUID begins here: 8-4-4-4-12 hexadecimal digits and no word around them. A
   * letter is among them, so that nobody can hide digits in that form.
   */
  static boolean isInUuid(String s, int floor, int at, int to) {
    for (int group = 0; group <= 24; group += group == 0 ? 9 : 5) {
      if (isUuid(s, floor, at - group, to)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isUuid(String s, int floor, int start, int to) {
    int end = start + 36;
    if (start < floor || end > to || s.charAt(start + 8) != '-') {
      return false;
    }
    boolean letter = false;
    for (int i = start; i < end; i++) {
      char c = s.charAt(i);
      int k = i - start;
      boolean dash = k == 8 || k == 13 || k == 18 || k == 23;
      if (dash ? c != '-' : !isHex(c)) {
        return false;
      }
      letter |= isAsciiLetter(c);
    }
    return letter && startsWord(s, floor, start) && endsWord(s, end, to);
  }

  /** Whether {@code end} is right behind an escape such as {@code %3D}, {@code \n} or \\u003d. */
  static boolean endsEscape(String s, int from, int end) {
    if (end - 2 >= from && s.charAt(end - 2) == '\\' && "nrtbf".indexOf(s.charAt(end - 1)) >= 0) {
      return true;
    }
    if (end - 3 >= from && s.charAt(end - 3) == '%' && isHexAt(s, end - 2, 2, end)) {
      return true;
    }
    return end - 6 >= from
        && s.charAt(end - 6) == '\\'
        && s.charAt(end - 5) == 'u'
        && isHexAt(s, end - 4, 4, end);
  }

  /**
   * Where the escape ends that this place is inside of; the place itself if it is in none: digits
   * of {@code \\uDCB3} and {@code %20} are not those of a number behind it.
   */
  static int escapeEnd(String s, int from, int at, int to) {
    for (int start = at - 2; start >= from && start > at - 6; start--) {
      if (s.charAt(start) == '\\' && s.charAt(start + 1) == 'u' && isHexAt(s, start + 2, 4, to)) {
        return start + 6;
      }
    }
    for (int start = at - 1; start >= from && start > at - 3; start--) {
      if (s.charAt(start) == '%' && isHexAt(s, start + 1, 2, to)) {
        return start + 3;
      }
    }
    return at;
  }

  /** Whether a digit stands right before this place, and is none of an escape. */
  static boolean endsInDigit(String s, int from, int end) {
    return end > from && isDigit(s.charAt(end - 1)) && !endsEscape(s, from, end);
  }

  /** Whether a value may begin here: nothing glued to its left. */
  static boolean startsWord(String s, int from, int at) {
    return at <= from || !glues(s.charAt(at - 1)) || endsEscape(s, from, at);
  }

  static boolean endsWord(String s, int at, int to) {
    return at >= to || !glues(s.charAt(at));
  }

  /** Whether a value next to this character is only a part of something longer. */
  static boolean glues(char c) {
    return c < 128 ? isWord(c) : isForeignLetter(c) && !isUnspaced(c);
  }

  /**
   * The plain form of a character that is read as another one: full-width and other digits, blanks,
   * dashes. 0 for a character that is not seen at all; the character itself otherwise.
   */
  static char fold(char c) {
    if (c < 0xA0) {
      return c;
    }
    if (c == 0xA0 || (c >= 0x2000 && c <= 0x200A) || c == 0x202F || c == 0x205F || c == 0x3000) {
      return ' ';
    }
    if ((c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0xFE63) {
      return '-';
    }
    if (c == 0xAD || (c >= 0x200B && c <= 0x200F) || c == 0x2060 || c == 0xFEFF) {
      return 0;
    }
    if (c >= 0xFF0B && c <= 0xFF5A && c != 0xFF0C) {
      return (char) (c - 0xFEE0);
    }
    if (c >= 0x660 && Character.getType(c) == Character.DECIMAL_DIGIT_NUMBER) {
      return (char) ('0' + Character.digit(c, 10));
    }
    return c;
  }
}
