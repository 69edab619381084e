package dev.cordon.redaction;

import java.util.Arrays;
import java.util.Base64;

/**
 * A text in base64 that stands in another text: where, what it says, and how it is written again.
 * Both alphabets, with and without padding, also in lines as MIME breaks them. Finding out that
 * there is none costs a look at every few characters and allocates nothing.
 */
final class Base64Text {
  /** Fewer hold no value worth a look, and every longer word would be one. */
  static final int MIN_CHARS = 16;

  /** Of so many bytes each must be text: letters that only look like base64 hardly ever are. */
  private static final int JUDGED_BYTES = 24;

  /** Behind what joins it to base64, other text shows as what it is within so many characters. */
  private static final int MAX_JOINED_CHARS = 12;

  private static final int MIN_LINE_CHARS = 60; // 64 in PEM, 76 in MIME

  private static final byte[] VALUES = new byte[128];

  static {
    Arrays.fill(VALUES, (byte) -1);
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (int i = 0; i < alphabet.length(); i++) {
      VALUES[alphabet.charAt(i)] = (byte) i;
    }
    VALUES['-'] = 62;
    VALUES['_'] = 63;
  }

  final int start;

  /** Behind the padding. */
  final int end;

  final byte[] decoded;
  private final boolean url;
  private final boolean padded;
  private final int lineChars; // 0: one line
  private final String lineEnd;

  private Base64Text(
      int start,
      int end,
      byte[] decoded,
      boolean url,
      boolean padded,
      int lineChars,
      String lineEnd) {
    this.start = start;
    this.end = end;
    this.decoded = decoded;
    this.url = url;
    this.padded = padded;
    this.lineChars = lineChars;
    this.lineEnd = lineEnd;
  }

  static boolean isDigit(char c) {
    return c < 128 && VALUES[c] >= 0;
  }

  /** Where the first row of enough characters begins; -1 if there is none. */
  static int find(String s, int from, int to) {
    int begin = from;
    int known = from - 1; // all from begin to here are of the alphabet
    int last = from + MIN_CHARS - 1;
    while (last < to) {
      int i = last;
      while (i > known && isDigit(s.charAt(i))) {
        i--;
      }
      if (i == known) {
        return begin;
      }
      begin = i + 1;
      known = last;
      last = i + MIN_CHARS;
    }
    return -1;
  }

  /**
   * The next place where base64 can begin in the same row: behind a sign. The complement of the end
   * of the row if there is none.
   */
  static int nextBegin(String s, int at, int to) {
    boolean sign = VALUES[s.charAt(at)] >= 62;
    int next = at + 1;
    while (next < to) {
      char c = s.charAt(next);
      int value = c < 128 ? VALUES[c] : -1;
      if (value < 0) {
        break;
      }
      if (sign) {
        return next;
      }
      sign = value >= 62;
      next++;
    }
    return ~next;
  }

  /**
   * Whether a row of enough characters may be text in base64 or a token: false for most ids, never
   * where {@link Nested#next} finds something.
   */
  static boolean mayStandIn(byte[] bytes, int from, int to) {
    int last = from + MIN_CHARS - 1;
    while (last < to) {
      int i = last;
      while (i >= from && value(bytes[i]) >= 0) {
        i--;
      }
      if (i <= last - MIN_CHARS) {
        int begin = i + 1;
        int end = last + 1;
        while (end < to && value(bytes[end]) >= 0) {
          end++;
        }
        for (int at = begin; at < end; at++) {
          if ((at == begin || value(bytes[at - 1]) >= 62) && mayBegin(bytes, at, end)) {
            return true;
          }
        }
        last = end + MIN_CHARS;
      } else {
        last = i + MIN_CHARS;
      }
    }
    return false;
  }

  private static int value(byte b) {
    return b < 0 ? -1 : VALUES[b];
  }

  /** Whether the first few bytes may be text, or a token begins here. */
  private static boolean mayBegin(byte[] bytes, int from, int end) {
    if (bytes[from] == 'e') {
      return true;
    }
    if (end - from < MIN_CHARS) {
      return false;
    }
    int more = 0; // bytes that the last character of UTF-8 still needs
    for (int at = from; at < from + MIN_CHARS; at += 4) {
      int bits =
          value(bytes[at]) << 18
              | value(bytes[at + 1]) << 12
              | value(bytes[at + 2]) << 6
              | value(bytes[at + 3]);
      for (int shift = 16; shift >= 0; shift -= 8) {
        int b = bits >> shift & 0xFF;
        if (more > 0 ? (b & 0xC0) != 0x80 : isControl(b) || (b >= 0x80 && b < 0xC2) || b > 0xF4) {
          return false;
        }
        more = more > 0 ? more - 1 : b < 0x80 ? 0 : b < 0xE0 ? 1 : b < 0xF0 ? 2 : 3;
      }
    }
    return true;
  }

  /** Whether what stands here begins as text. Reads a bounded way. */
  static boolean isText(String s, int from, int to) {
    int limit = Math.min(to, from + (JUDGED_BYTES * 4 + 2) / 3);
    int end = textEnd(s, from, limit, false);
    return end < 0 ? joint(s, from, ~end, to) > 0 : end - from >= MIN_CHARS;
  }

  /**
   * The end of the characters of one alphabet that are text in UTF-8. If that is a character that
   * is of the alphabet but makes no text, its complement.
   *
   * @param all whether a character of UTF-8 that ends too early is no text either
   */
  private static int textEnd(String s, int from, int to, boolean all) {
    int bits = 0;
    int have = 0;
    int more = 0; // bytes that the last character of UTF-8 still needs
    int signs = 0;
    int i = from;
    while (i < to) {
      char c = s.charAt(i);
      if (!isDigit(c)) {
        break;
      }
      signs |= c == '+' || c == '/' ? 1 : c == '-' || c == '_' ? 2 : 0;
      if (signs == 3) {
        break;
      }
      bits = bits << 6 | VALUES[c];
      have += 6;
      i++;
      if (have < 8) {
        continue;
      }
      have -= 8;
      int b = bits >> have & 0xFF;
      if (more > 0) {
        if ((b & 0xC0) != 0x80) {
          return ~(i - 1);
        }
        more--;
      } else if (b >= 0x80) {
        if (b < 0xC2 || b > 0xF4) {
          return ~(i - 1);
        }
        more = b < 0xE0 ? 1 : b < 0xF0 ? 2 : 3;
      } else if (isControl(b)) {
        return ~(i - 1);
      }
    }
    return all && more > 0 ? ~(i - 1) : i;
  }

  private static boolean isControl(int b) {
    return b < ' ' ? b != '\n' && b != '\r' && b != '\t' : b == 0x7F;
  }

  /**
   * The sign that joins other text to base64, as in a path or a file name; 0 if it is not that what
   * makes a byte no text. Reads a bounded way.
   *
   * @param bad the character that completes the first byte that is no text
   */
  private static int joint(String s, int from, int bad, int to) {
    if (bad < from + MIN_CHARS || isMostlyText(s, from, bad, to)) {
      return 0; // of one byte for each letter, or with a control character
    }
    for (int i = bad; i >= from + MIN_CHARS && i > bad - MAX_JOINED_CHARS; i--) {
      if (VALUES[s.charAt(i)] >= 62 && mayEnd(s, from, i)) {
        return i;
      }
    }
    return 0;
  }

  /** Whether whoever encodes would end here: the bits that are left over are zeros. */
  private static boolean mayEnd(String s, int from, int end) {
    int last = VALUES[s.charAt(end - 1)];
    return switch ((end - from) % 4) {
      case 0 -> true;
      case 2 -> (last & 0xF) == 0;
      case 3 -> (last & 3) == 0;
      default -> false;
    };
  }

  /** Whether the bytes from the one that this character completes on are text but for a few. */
  private static boolean isMostlyText(String s, int from, int bad, int to) {
    int i = bad - 1;
    int phase = (i - from) % 4;
    int bits = VALUES[s.charAt(i)];
    int have = 6 - 2 * phase; // of the first character only what belongs to this byte
    int bytes = 0;
    int others = 0;
    while (++i < to && bytes < JUDGED_BYTES && isDigit(s.charAt(i))) {
      bits = bits << 6 | VALUES[s.charAt(i)];
      have += 6;
      if (have >= 8) {
        have -= 8;
        int b = bits >> have & 0xFF;
        bytes++;
        others += b >= 0x80 || isControl(b) ? 1 : 0;
      }
    }
    return bytes > 0 && others * 4 <= bytes;
  }

  /** Reads all that belongs to what begins here. */
  static Base64Text at(String s, int from, int to) {
    int bad = textEnd(s, from, to, true);
    int joint = bad < 0 ? joint(s, from, ~bad, to) : 0;
    int end = joint > 0 ? joint : pathEnd(s, from, rowEnd(s, from, to), to);
    int chars = end - from;
    int lineChars = 0;
    String lineEnd = "";
    if (chars >= MIN_LINE_CHARS && chars % 4 == 0) {
      boolean returns = end < to && s.charAt(end) == '\r';
      int next = lineAfter(s, end, chars, returns, to);
      if (next > 0) {
        lineChars = chars;
        lineEnd = returns ? "\r\n" : "\n";
        while (next > 0) {
          int line = rowEnd(s, next, Math.min(to, next + lineChars)) - next;
          end = next + line;
          chars += line;
          next = line == lineChars ? lineAfter(s, end, lineChars, returns, to) : -1;
        }
      }
    }
    if (chars % 4 == 1) {
      end--; // no base64 has such a length: the last one belongs to something else
      chars--;
    }
    int behind = end;
    int missing = (4 - chars % 4) % 4;
    while (missing > 0 && behind < to && s.charAt(behind) == '=') {
      behind++;
      missing--;
    }
    boolean url = isUrl(s, from, end);
    // where nothing shows whether there would be padding, its alphabet tells
    boolean padded = chars % 4 == 0 ? !url && !isDigitAt(s, end, to) : missing == 0;
    byte[] decoded = decoded(s, from, end, chars);
    return new Base64Text(from, padded ? behind : end, decoded, url, padded, lineChars, lineEnd);
  }

  /**
   * Where a part of a path ends. What follows it may happen to be text if it is short: in a path no
   * base64 goes on behind a slash.
   */
  private static int pathEnd(String s, int from, int end, int to) {
    if (from > 0 && s.charAt(from - 1) == '/' && (end == to || s.charAt(end) != '=')) {
      for (int i = Math.max(from + MIN_CHARS, end - MAX_JOINED_CHARS); i < end; i++) {
        if (s.charAt(i) == '/' && mayEnd(s, from, i)) {
          return i;
        }
      }
    }
    return end;
  }

  private static boolean isDigitAt(String s, int at, int to) {
    return at < to && isDigit(s.charAt(at));
  }

  /** The end of the characters of one alphabet. */
  private static int rowEnd(String s, int from, int to) {
    int end = from;
    boolean standard = false;
    boolean url = false;
    while (end < to) {
      char c = s.charAt(end);
      if (!isDigit(c)) {
        break;
      }
      if (c == '+' || c == '/') {
        standard = true;
      } else if (c == '-' || c == '_') {
        url = true;
      }
      if (standard && url) {
        break;
      }
      end++;
    }
    return end;
  }

  /** Where the next line of the same text begins; -1 if what follows is not one. */
  private static int lineAfter(String s, int at, int lineChars, boolean returns, int to) {
    int line = returns ? at + 1 : at;
    if (at >= to || returns != (s.charAt(at) == '\r') || line >= to || s.charAt(line) != '\n') {
      return -1;
    }
    line++;
    int end = rowEnd(s, line, Math.min(to, line + lineChars));
    int behind = end;
    while (behind < to && behind < end + 2 && s.charAt(behind) == '=') {
      behind++;
    }
    boolean ends = behind >= to || !isDigit(s.charAt(behind));
    return end > line && (behind - line) % 4 == 0 && ends ? line : -1;
  }

  private static boolean isUrl(String s, int from, int to) {
    for (int i = from; i < to; i++) {
      char c = s.charAt(i);
      if (c == '-' || c == '_') {
        return true;
      }
      if (c == '+' || c == '/') {
        return false;
      }
    }
    return false;
  }

  private static byte[] decoded(String s, int from, int end, int chars) {
    byte[] decoded = new byte[chars * 3 / 4];
    int bits = 0;
    int have = 0;
    int length = 0;
    for (int i = from; i < end; i++) {
      char c = s.charAt(i);
      if (!isDigit(c)) {
        continue; // the end of a line
      }
      bits = bits << 6 | VALUES[c];
      have += 6;
      if (have >= 8) {
        have -= 8;
        decoded[length++] = (byte) (bits >> have);
      }
    }
    return decoded;
  }

  /** Where the character is that holds the first bits of this byte. */
  int position(int offset) {
    int chars = offset * 4 / 3;
    int breaks = lineChars == 0 ? 0 : chars / lineChars * lineEnd.length();
    return Math.min(end, start + chars + breaks);
  }

  /** Another text written in the same way. */
  String encoded(byte[] text) {
    Base64.Encoder encoder = url ? Base64.getUrlEncoder() : Base64.getEncoder();
    String row = (padded ? encoder : encoder.withoutPadding()).encodeToString(text);
    if (lineChars == 0 || row.length() <= lineChars) {
      return row;
    }
    StringBuilder lines = new StringBuilder(row.length() + row.length() / lineChars * 2);
    for (int at = 0; at < row.length(); at += lineChars) {
      lines.append(at == 0 ? "" : lineEnd).append(row, at, Math.min(row.length(), at + lineChars));
    }
    return lines.toString();
  }
}
