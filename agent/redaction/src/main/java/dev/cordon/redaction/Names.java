package dev.cordon.redaction;

/**
 * What the name in front of a value says about the value: a JSON or form key, or the words before a
 * number in plain text.
 */
final class Names {
  static final int PHONE = 1;
  static final int CARD = 2;

  /** The name of an identifier, a counter or a time: its digits are never a person's. */
  static final int IDENTIFIER = 4;

  static final int AUTHORIZATION = 8;
  static final int AWS_SECRET = 16;
  static final int AWS_SESSION = 32;

  /** Words that come before a telephone number in a sentence, but before other numbers too. */
  static final int MAYBE_PHONE = 64;

  private static final int MAX_NAME_CHARS = 48;
  private static final int MAX_PUNCTUATION_CHARS = 12;
  private static final int MAX_FILLER_WORDS = 3;

  private static final String[] FILLERS = {
    "number", "no", "nr", "num", "is", "at", "on", "my", "me", "us", "to", "ist", "lautet", "nummer"
  };
  private static final String[] MAYBE_PHONE_WORDS = {
    "number", "call", "dial", "reach", "contact", "text", "ring"
  };
  private static final String[] IDENTIFIER_ENDS = {
    "id",
    "ids",
    "uuid",
    "guid",
    "hash",
    "ts",
    "time",
    "timestamp",
    "at",
    "count",
    "size",
    "length",
    "ms",
    "ns",
    "version",
    "build",
    "type",
    "offset",
    "seq",
    "sequence",
    "trace",
    "span",
    "block",
    "code",
    "date",
    "sid",
    "ean",
    "gtin",
    "imei",
    "sku"
  };
  private static final String[] GLUED_IDENTIFIERS = {"traceid", "spanid", "requestid", "messageid"};

  private Names() {}

  /** Bits for a name that stands in {@code s} from {@code from} to {@code to}. */
  static int classify(String s, int from, int to) {
    int start = Math.max(from, to - MAX_NAME_CHARS);
    int bits = 0;
    boolean secret = false;
    boolean session = false;
    for (int i = start; i < to; i++) {
      if (s.charAt(i) == '[' && isPlaceholder(s, i)) {
        i += 4; // what stood there said nothing about the value
        continue;
      }
      switch (s.charAt(i) | 0x20) {
        case 'p' -> {
          if (has(s, i, to, "phone") && !(i > start && (s.charAt(i - 1) | 0x20) == 'i')) {
            bits |= PHONE;
          } else if (has(s, i, to, "pan") && begins(s, start, i) && ends(s, i + 3, to)) {
            bits |= CARD;
          }
        }
        case 'm' -> {
          if (has(s, i, to, "msisdn") || (begins(s, start, i) && has(s, i, to, "mobil"))) {
            bits |= PHONE;
          }
        }
        case 't' -> {
          if (begins(s, start, i)
              && ((has(s, i, to, "tel") && ends(s, i + 3, to)) || has(s, i, to, "telefon"))) {
            bits |= PHONE;
          } else if (has(s, i, to, "token") && session) {
            bits |= AWS_SESSION;
          }
        }
        case 'f' -> {
          if (begins(s, start, i) && has(s, i, to, "fax")) {
            bits |= PHONE;
          }
        }
        case 'w' -> {
          if (has(s, i, to, "whatsapp") || (to - i == 5 && has(s, i, to, "wa.me"))) {
            bits |= PHONE;
          }
        }
        case 'h' -> {
          if (begins(s, start, i) && has(s, i, to, "handy") && ends(s, i + 5, to)) {
            bits |= PHONE;
          }
        }
        case 'r' -> {
          if (has(s, i, to, "rufnummer")) {
            bits |= PHONE;
          }
        }
        case 'k' -> {
          if (has(s, i, to, "karte")) {
            bits |= CARD;
          } else if (has(s, i, to, "key") && secret) {
            bits |= AWS_SECRET;
          }
        }
        case 'c' -> {
          if (begins(s, start, i)) {
            if ((has(s, i, to, "card") && !has(s, i, to, "cardi"))
                || (has(s, i, to, "credit") && !has(s, i, to, "credits"))) {
              bits |= CARD;
            } else if (has(s, i, to, "cell") && ends(s, i + 4, to)) {
              bits |= PHONE;
            }
          }
        }
        case 's' -> {
          if (has(s, i, to, "secret")) {
            secret = true;
          } else if (has(s, i, to, "session")) {
            session = true;
          } else if (begins(s, start, i) && has(s, i, to, "sms") && ends(s, i + 3, to)) {
            bits |= PHONE;
          }
        }
        case 'a' -> {
          if (has(s, i, to, "authorization")) {
            bits |= AUTHORIZATION;
          }
        }
        default -> {
          // most characters begin no word of interest
        }
      }
    }
    if (namesIdentifier(s, start, to)) {
      bits = (bits & ~PHONE) | IDENTIFIER;
    }
    return bits;
  }

  /** Bits for the words right before {@code at}: {@code phone: }, {@code "tel":"}, {@code my}. */
  static int before(String s, int from, int at) {
    int bits = 0;
    int end = at;
    for (int fillers = 0; fillers <= MAX_FILLER_WORDS; fillers++) {
      end = skipPunctuation(s, from, end);
      int start = end;
      while (start > from && end - start < MAX_NAME_CHARS && isNameChar(s.charAt(start - 1))) {
        start--;
      }
      if (start == end) {
        return bits;
      }
      bits |= classify(s, start, end);
      if (isOneOf(MAYBE_PHONE_WORDS, s, start, end)) {
        bits |= MAYBE_PHONE;
      }
      if (!isOneOf(FILLERS, s, start, end)) {
        return bits;
      }
      bits &= ~IDENTIFIER; // fillers such as "at" say nothing
      end = start;
    }
    return bits;
  }

  private static int skipPunctuation(String s, int from, int at) {
    int end = at;
    int skipped = 0;
    while (end > from && skipped < MAX_PUNCTUATION_CHARS) {
      if (end - 3 >= from && s.charAt(end - 3) == '%' && Chars.isHexAt(s, end - 2, 2, end)) {
        end -= 3;
      } else if (" :=\"'([{#>\\+-/\t".indexOf(s.charAt(end - 1)) >= 0) {
        end--;
      } else if (s.charAt(end - 1) == '.' && skipped < 3) {
        end--; // "tel. 030"
      } else {
        break;
      }
      skipped++;
    }
    return end;
  }

  private static boolean isNameChar(char c) {
    return Chars.isWord(c) || c == '.' || c == '-' || Chars.isForeignLetter(c);
  }

  private static boolean isPlaceholder(String s, int i) {
    return s.startsWith("[PHONE", i) || s.startsWith("[CARD", i) || s.startsWith("[AWS_KEY", i);
  }

  private static boolean namesIdentifier(String s, int from, int to) {
    int last = to > from ? s.charAt(to - 1) | 0x20 : 0;
    for (String end : IDENTIFIER_ENDS) {
      int at = to - end.length();
      if (at >= from
          && end.charAt(end.length() - 1) == last
          && has(s, at, to, end)
          && begins(s, from, at)) {
        return true;
      }
    }
    for (String name : GLUED_IDENTIFIERS) {
      int at = to - name.length();
      if (at >= from && has(s, at, to, name)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isOneOf(String[] words, String s, int from, int to) {
    for (String word : words) {
      if (word.length() == to - from && has(s, from, to, word)) {
        return true;
      }
    }
    return false;
  }

  private static boolean has(String s, int at, int to, String word) {
    return to - at >= word.length() && s.regionMatches(true, at, word, 0, word.length());
  }

  /** Whether a word of a compound name begins here: {@code homeTel}, {@code home_tel}. */
  private static boolean begins(String s, int from, int at) {
    if (at == from || !Chars.isAsciiLetter(s.charAt(at - 1))) {
      return true;
    }
    boolean upper = s.charAt(at) < 'a';
    boolean upperBefore = s.charAt(at - 1) < 'a';
    return upper && !upperBefore;
  }

  private static boolean ends(String s, int at, int to) {
    return at >= to || !Chars.isAsciiLetter(s.charAt(at)) || s.charAt(at) < 'a';
  }

  static boolean isNumber(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (!Chars.isDigit(text.charAt(i))) {
        return false;
      }
    }
    return !text.isEmpty();
  }

  /** A field name as it may be printed: short, and without a value that stands in it. */
  static String shown(String name, int maxChars) {
    String shown = Redactor.ALL_KINDS.line(name);
    return shown.length() <= maxChars ? shown : shown.substring(0, maxChars) + "...";
  }
}
