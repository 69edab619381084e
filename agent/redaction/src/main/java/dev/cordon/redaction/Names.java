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

  /** No name at all: another telephone number stands right before. */
  static final int NEXT_TO_PHONE = 128;

  /** A word that says phone stands somewhere before: it is worth reading the words. */
  static final int PHONE_WORD_NEAR = 256;

  /** Under such a name any value is a password that is not a state. */
  static final int PASSWORD = 512;

  /** Under such a name a value that looks random is a secret. */
  static final int SECRET = 1024;

  /** The name of a version: four numbers with dots are no address. */
  static final int VERSION = 2048;

  private static final int MAX_NAME_CHARS = 48;
  private static final int MAX_PUNCTUATION_CHARS = 12;
  private static final int MAX_FILLER_WORDS = 3;

  private static final String[] FILLERS = {
    "number", "no", "nr", "num", "is", "at", "on", "my", "me", "us", "to", "ist", "lautet",
    "nummer", "unter", "al", "au", "op"
  };
  private static final String[] MAYBE_PHONE_WORDS = {
    "number", "call", "dial", "reach", "contact", "text", "ring"
  };
  private static final String[] CALL_BACK_WORDS = {
    "r\u00fcckruf", "zur\u00fcckrufen", "erreichbar", "rappeler", "ll\u00e1mame", "bellen"
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

  private static final String[] VERSION_ENDS = {"version"};

  /** Last words of names that count or measure what has to do with telephones. */
  private static final String[] MEASURE_ENDS = {
    "price",
    "cost",
    "costs",
    "fee",
    "bill",
    "amount",
    "cents",
    "budget",
    "total",
    "revenue",
    "sales",
    "visits",
    "clicks",
    "views",
    "users",
    "sessions",
    "seconds",
    "minutes",
    "duration",
    "usage",
    "bytes",
    "pages",
    "row",
    "rows",
    "index",
    "voltage",
    "verified"
  };

  private static final String[] OTHER_PHONES = {
    "i", "micro", "head", "ear", "smart", "saxo", "xylo", "mega", "vibra", "gramo", "hydro", "homo"
  };
  private static final String[] GLUED_IDENTIFIERS = {"traceid", "spanid", "requestid", "messageid"};

  /** Last letters of names of identifiers, one bit for each. */
  private static final long LAST_OF_IDENTIFIERS = lastLetters(IDENTIFIER_ENDS, GLUED_IDENTIFIERS);

  private Names() {}

  private static long lastLetters(String[] words, String[] more) {
    long letters = 0;
    for (String word : words) {
      letters |= 1L << word.charAt(word.length() - 1);
    }
    for (String word : more) {
      letters |= 1L << word.charAt(word.length() - 1);
    }
    return letters;
  }

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
          if (has(s, i, to, "phone") && isPhone(s, start, i, to)) {
            bits |= PHONE;
          } else if (has(s, i, to, "pan") && begins(s, start, i) && ends(s, i + 3, to)) {
            bits |= CARD;
          }
        }
        case 'm' -> {
          if (has(s, i, to, "msisdn")
              || (begins(s, start, i)
                  && (isMobile(s, i, to)
                      || hasLast(s, i, to, "mobiel")
                      || hasLast(s, i, to, "mobilfunk")
                      || hasLast(s, i, to, "movil")
                      || hasLast(s, i, to, "m\u00f3vil")))) {
            bits |= PHONE;
          }
        }
        case 't' -> {
          if (begins(s, start, i)
              && ((has(s, i, to, "tel") && endsOrNumber(s, i + 3, to) && !isCity(s, i + 3, to))
                  || has(s, i, to, "telefon")
                  || hasLast(s, i, to, "telefoon")
                  || hasLast(s, i, to, "telemovel")
                  || hasLast(s, i, to, "telem\u00f3vel")
                  || (has(s, i, to, "t\u00e9l")
                      && (endsOrNumber(s, i + 3, to) || has(s, i + 3, to, "\u00e9copie"))))) {
            bits |= PHONE;
          } else if (has(s, i, to, "token") && session) {
            bits |= AWS_SESSION;
          }
        }
        case 'f' -> {
          if (begins(s, start, i)
              && ((has(s, i, to, "fax") && endsOrNumber(s, i + 3, to))
                  || hasLast(s, i, to, "festnetz"))) {
            bits |= PHONE;
          }
        }
        case 'w' -> {
          if (has(s, i, to, "whatsapp") || (to - i == 5 && has(s, i, to, "wa.me"))) {
            bits |= PHONE;
          }
        }
        case 'h' -> {
          if (begins(s, start, i) && has(s, i, to, "handy") && endsOrNumber(s, i + 5, to)) {
            bits |= PHONE;
          }
        }
        case 'r' -> {
          if (has(s, i, to, "rufnummer")) {
            bits |= PHONE;
          }
        }
        case 'd' -> {
          if (hasLast(s, i, to, "durchwahl")) {
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
            } else if (hasLast(s, i, to, "celular") || hasLast(s, i, to, "cellulare")) {
              bits |= PHONE;
            } else if (has(s, i, to, "cell")) {
              bits |= cell(s, start, i, to);
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
          char c = s.charAt(i); // most characters begin no word of interest
          if (c >= 0x2E80 && i + 1 < to && isPhone(c, s.charAt(i + 1)) && isOfPhone(s, i + 2, to)) {
            bits |= PHONE;
          }
        }
      }
    }
    if (namesIdentifier(s, start, to)) {
      bits = (bits & ~PHONE) | IDENTIFIER;
      bits |= endsWithWord(VERSION_ENDS, s, start, to) ? VERSION : 0;
    } else if ((bits & PHONE) != 0 && endsWithWord(MEASURE_ENDS, s, start, to)) {
      bits &= ~PHONE;
    }
    return bits;
  }

  /**
   * The same for the name of a field, which also says what a secret is.
   *
   * @param kinds bits of the kinds that are looked for
   */
  static int ofField(String s, int from, int to, int kinds) {
    int end = to > from && s.charAt(to - 1) == ']' ? to - 1 : to; // user[phone]
    int bits = classify(s, from, end);
    if ((kinds & Kind.KEY_KINDS) != 0) {
      bits |= Ids.ofKey(s, Math.max(from, end - MAX_NAME_CHARS), end);
    }
    return (bits & IDENTIFIER) != 0
        ? bits
        : bits | Assignments.name(s, Math.max(from, end - MAX_NAME_CHARS), end);
  }

  /** Whether number, telephone or nothing follows: not \u6599\u91d1, what it costs. */
  private static boolean isOfPhone(String s, int at, int to) {
    return at >= to
        || s.charAt(at) < 0x80
        || "\u756a\u53f7\u865f\u306f\u96fb\u7535\uff1a".indexOf(s.charAt(at)) >= 0;
  }

  /** Telephone, mobile, fax in Japanese and Chinese. */
  private static boolean isPhone(char first, char second) {
    return switch (first) {
      case '\u96fb', '\u7535' -> second == '\u8a71' || second == '\u8bdd';
      case '\u624b' -> second == '\u6a5f' || second == '\u673a';
      case '\u643a' -> second == '\u5e2f' || second == '\u5e36';
      case '\u4f20', '\u50b3' -> second == '\u771f';
      default -> false;
    };
  }

  private static boolean isPhone(String s, int from, int i, int to) {
    int after = i + 5;
    if (begins(s, from, i)) {
      return !has(s, after, to, "tic") && !has(s, after, to, "me"); // phonetic, phoneme
    }
    for (String other : OTHER_PHONES) {
      int at = i - other.length();
      if (at >= from && has(s, at, i, other) && begins(s, from, at)) {
        return false;
      }
    }
    boolean plural = has(s, after, to, "s") && ends(s, after + 1, to);
    return plural || endsOrNumber(s, after, to);
  }

  private static boolean isMobile(String s, int i, int to) {
    if (!has(s, i, to, "mobil")) {
      return false;
    }
    int after = has(s, i + 5, to, "e") ? i + 6 : i + 5;
    return endsOrNumber(s, after, to) || has(s, after, to, "phone") || has(s, after, to, "tel");
  }

  private static boolean isCity(String s, int at, int to) {
    int word = at < to && !Chars.isAsciiLetter(s.charAt(at)) ? at + 1 : at;
    return has(s, word, to, "aviv");
  }

  /** Tables, batteries and radio networks have cells too: another word must tell. */
  private static int cell(String s, int from, int i, int to) {
    int after = i + 4;
    if (after == to) {
      return i == from ? MAYBE_PHONE : PHONE;
    }
    int word = Chars.isAsciiLetter(s.charAt(after)) ? after : after + 1;
    return has(s, word, to, "phone") || startsNumber(s, word, to) ? PHONE : 0;
  }

  /** Bits for the words right before {@code at}: {@code phone: }, {@code "tel":"}, {@code my}. */
  static int before(String s, int from, int at) {
    int bits = 0;
    int end = at;
    boolean me = false;
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
        bits |= me && !has(s, start, end, "number") ? PHONE | MAYBE_PHONE : MAYBE_PHONE;
      } else if (isOneOf(CALL_BACK_WORDS, s, start, end)) {
        bits |= PHONE;
      }
      me |= end - start == 2 && (has(s, start, end, "me") || has(s, start, end, "us"));
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
      } else if (" :=\"'([{#>\\+-/\t\uff1a".indexOf(s.charAt(end - 1)) >= 0) {
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
    if ((LAST_OF_IDENTIFIERS >>> last & 1) == 0 || last < 64) {
      return false; // most names: the words are compared for the others only
    }
    if (endsWithWord(IDENTIFIER_ENDS, s, from, to)) {
      return true;
    }
    for (String name : GLUED_IDENTIFIERS) {
      int at = to - name.length();
      if (at >= from && has(s, at, to, name)) {
        return true;
      }
    }
    return false;
  }

  /** Whether the last word of a compound name is one of these. */
  private static boolean endsWithWord(String[] words, String s, int from, int to) {
    int last = to > from ? s.charAt(to - 1) | 0x20 : 0;
    for (String word : words) {
      int at = to - word.length();
      if (at >= from
          && word.charAt(word.length() - 1) == last
          && has(s, at, to, word)
          && begins(s, from, at)) {
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

  /** Whether a word ends before {@code at}: {@code telHome}, {@code TELHome}, but not TELEX. */
  private static boolean ends(String s, int at, int to) {
    if (at >= to || !Chars.isAsciiLetter(s.charAt(at))) {
      return true;
    }
    return s.charAt(at) < 'a'
        && (s.charAt(at - 1) >= 'a' || (at + 1 < to && s.charAt(at + 1) >= 'a'));
  }

  /** Whether a word ends before {@code at}, or goes on with "number": {@code faxno}. */
  private static boolean endsOrNumber(String s, int at, int to) {
    return ends(s, at, to) || startsNumber(s, at, to);
  }

  /**
   * Whether this word is the last but for "number" and digits: {@code movil_2}, no {@code
   * movil_saldo}.
   */
  private static boolean hasLast(String s, int at, int to, String word) {
    if (!has(s, at, to, word)) {
      return false;
    }
    int end = at + word.length();
    while (end < to && !Chars.isAsciiLetter(s.charAt(end))) {
      end++;
    }
    return end == to || startsNumber(s, end, to);
  }

  private static boolean startsNumber(String s, int at, int to) {
    return has(s, at, to, "num")
        || ((has(s, at, to, "no") || has(s, at, to, "nr")) && ends(s, at + 2, to));
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
    String shown = Redactor.FOR_NAMES.line(name);
    return shown.length() <= maxChars ? shown : shown.substring(0, maxChars) + "...";
  }
}
