package dev.cordon.journal;

/**
 * Keeps values out of the journal where a name is expected. A JSON object may be keyed by e-mail
 * addresses, a caller may pass a raw path by mistake: what does not look like a name is recorded as
 * {@value #OTHER}.
 */
final class NameGuard {

  static final String OTHER = "other";

  private static final String UUID_SHAPE = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";

  private static final int MAX_LABEL_DIGITS = 8; // a date; phone and card numbers have more

  private NameGuard() {}

  /**
   * What kind of name; also the dictionary's category, so the ordinal is written and new ones go
   * last.
   */
  enum Category {
    INSTANCE(256, 4, 64),
    LIBRARY(64, 6, 64),
    DESTINATION(262, 40, 1024),
    OPERATION(128, 4, 1024),
    RULE(96, 8, 512),
    REASON(64, 4, 128),
    FIELD(64, 4, 1024),
    ERROR(160, 4, 192),
    FINDING(32, 3, 64),
    ACTOR(64, 4, 256),
    ROUTE(192, 4, 1024);

    final int maxChars;
    final int maxDigitRun; // card, account and phone numbers have longer ones
    final int maxEntries;

    Category(int maxChars, int maxDigitRun, int maxEntries) {
      this.maxChars = maxChars;
      this.maxDigitRun = maxDigitRun;
      this.maxEntries = maxEntries;
    }

    private static final Category[] ALL = values();

    static Category of(int ordinal) {
      return ALL[ordinal];
    }

    static int count() {
      return ALL.length;
    }
  }

  static boolean isName(Category category, String text) {
    int length = text.length();
    if (length == 0 || length > category.maxChars) {
      return false;
    }
    return switch (category) {
      case INSTANCE -> isInstance(text);
      case DESTINATION -> isHostPort(text);
      case OPERATION ->
          startsWithLetter(text, "/*") && isPlain(text, category, " ._-/{}:*") && !hasToken(text);
      case RULE -> isPlain(text, category, "._-/:") && !hasToken(text);
      case ROUTE -> text.charAt(0) == '/' && isPlain(text, category, "._-/*") && !hasToken(text);
      case LIBRARY, REASON, ACTOR ->
          startsWithLetter(text, "") && isPlain(text, category, "._-") && !hasToken(text);
      case FIELD ->
          startsWithLetter(text, "_$") && isPlain(text, category, "._-$[]*") && !hasToken(text);
      case ERROR ->
          startsWithLetter(text, "_$") && isPlain(text, category, "._$") && !hasToken(text);
      case FINDING ->
          startsWithLetter(text, "") && isPlain(text, category, "_-") && !hasToken(text);
    };
  }

  /**
   * An attribute's value is our own vocabulary: versions, names of rule files and hooks, digests,
   * counts.
   */
  static boolean isAttributeValue(String text) {
    int length = text.length();
    if (length == 0 || length > 128) {
      return false;
    }
    if (isDigest(text)) {
      return true;
    }
    int run = 0;
    int digits = 0;
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (isDigit(c)) {
        digits++;
        if (++run > 7 || digits > 12) {
          return false;
        }
      } else {
        run = 0;
        if (!isLetter(c) && " ._-/:+,=()#$<>*".indexOf(c) < 0) {
          return false;
        }
      }
    }
    return !hasToken(text);
  }

  static boolean isAttributeName(String text) {
    int length = text.length();
    if (length == 0 || length > 32) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (!(c >= 'a' && c <= 'z') && (i == 0 || c != '-' && c != '.')) {
        return false;
      }
    }
    return true;
  }

  /** Three capital letters. */
  static boolean isCurrency(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < 'A' || text.charAt(i) > 'Z') {
        return false;
      }
    }
    return text.length() == 3;
  }

  /** A name that is safe as one path element; anything else in it becomes a dash. */
  static String pathName(String text, String ifEmpty) {
    StringBuilder safe = new StringBuilder(Math.min(text.length(), 64));
    for (int i = 0; i < text.length() && safe.length() < 64; i++) {
      char c = text.charAt(i);
      boolean plain =
          isLetter(c) || isDigit(c) || c == '_' || c == '-' || c == '.' && safe.length() > 0;
      safe.append(plain ? c : '-');
    }
    return safe.isEmpty() ? ifEmpty : safe.toString();
  }

  private static boolean isPlain(String text, Category category, String punctuation) {
    int run = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (isDigit(c)) {
        if (++run > category.maxDigitRun) {
          return false;
        }
      } else {
        run = 0;
        if (!isLetter(c) && punctuation.indexOf(c) < 0) {
          return false;
        }
      }
    }
    return true;
  }

  /**
   * A long run of letters and digits with a digit inside it is a key or an identifier, not a word.
   */
  private static boolean hasToken(String text) {
    if (hasUuid(text)) {
      return true;
    }
    int run = 0;
    int digits = 0;
    boolean digitInside = false;
    for (int i = 0; i <= text.length(); i++) {
      char c = i == text.length() ? '.' : text.charAt(i);
      if (isLetter(c)) {
        run++;
        digitInside |= digits > 0;
      } else if (isDigit(c)) {
        run++;
        digits++;
      } else {
        if (digits > 6 || run >= 16 && digitInside || run > 40) {
          return true;
        }
        run = 0;
        digits = 0;
        digitInside = false;
      }
    }
    return false;
  }

  private static boolean hasUuid(String text) {
    for (int start = 0; start + UUID_SHAPE.length() <= text.length(); start++) {
      int i = 0;
      while (i < UUID_SHAPE.length()) {
        char c = text.charAt(start + i);
        if (UUID_SHAPE.charAt(i) == '-' ? c != '-' : Character.digit(c, 16) < 0) {
          break;
        }
        i++;
      }
      if (i == UUID_SHAPE.length()) {
        return true;
      }
    }
    return false;
  }

  /**
   * Labels that hold a number or a key make a value of the host name. The numbers of an IP address
   * and a port are too short to be mistaken for one.
   */
  private static boolean isHostPort(String text) {
    int labelDigits = 0;
    int run = 0;
    int runDigits = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (isDigit(c)) {
        labelDigits++;
        runDigits++;
        run++;
      } else if (isLetter(c)) {
        run++;
      } else if (c == '-' || c == '_') {
        run = 0;
        runDigits = 0;
      } else if (".:[]".indexOf(c) >= 0) {
        run = 0;
        runDigits = 0;
        labelDigits = 0;
      } else {
        return false;
      }
      // the second: a key whose digits all stand at its end, which hasToken takes for a word
      if (labelDigits > MAX_LABEL_DIGITS || run >= 20 && runDigits >= 3) {
        return false;
      }
    }
    return !hasToken(text);
  }

  /** service/environment/host/pid/version/run, each already a {@link #pathName}. */
  private static boolean isInstance(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!isLetter(c) && !isDigit(c) && "._-/".indexOf(c) < 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean isDigest(String text) {
    if (text.length() != 16 && text.length() != 64) {
      return false;
    }
    boolean letter = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 'a' && c <= 'f') {
        letter = true;
      } else if (!isDigit(c)) {
        return false;
      }
    }
    return letter; // sixteen digits alone are a card number
  }

  private static boolean startsWithLetter(String text, String orOneOf) {
    char first = text.charAt(0);
    return isLetter(first) || orOneOf.indexOf(first) >= 0;
  }

  private static boolean isLetter(char c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
