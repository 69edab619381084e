package dev.cordon.rules;

/** Comparison without regard to the case of ASCII letters; Unicode case would open tricks. */
final class Fold {
  // what Unicode calls default ignorable, besides format characters: joiners, fillers, selectors
  private static final String UNSEEN = "\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0";
  private static final char TAGS = 0xdb40; // the first halves of U+E0000 to U+E0FFF
  private static final char LAST_TAGS = 0xdb43;

  private Fold() {}

  static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char) (c + 32) : c;
  }

  static String lower(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (lower(text.charAt(i)) != text.charAt(i)) {
        StringBuilder out = new StringBuilder(text.length());
        for (int j = 0; j < text.length(); j++) {
          out.append(lower(text.charAt(j)));
        }
        return out.toString();
      }
    }
    return text;
  }

  /** True when {@code word} stands in {@code text[start, end)}, in any case. */
  static boolean same(String word, String text, int start, int end) {
    if (word.length() != end - start) {
      return false;
    }
    if (text.startsWith(word, start)) {
      return true; // as most are written, and the JVM compares whole words
    }
    for (int i = 0; i < word.length(); i++) {
      if (lower(word.charAt(i)) != lower(text.charAt(start + i))) {
        return false;
      }
    }
    return true;
  }

  static boolean same(String word, String text) {
    return same(word, text, 0, text.length());
  }

  static int hash(String text, int start, int end) {
    int hash = 0;
    for (int i = start; i < end; i++) {
      hash = 31 * hash + lower(text.charAt(i));
    }
    return hash ^ hash >>> 15;
  }

  /**
   * A name as the most forgiving server reads it: in any case, with the letters that Unicode takes
   * for ASCII ones, full-width ones among them, without blanks, control characters and what cannot
   * be seen. Equal names may be one field.
   */
  static String loosely(String name) {
    boolean plain = true;
    for (int i = 0; i < name.length() && plain; i++) {
      char c = name.charAt(i);
      plain = c > ' ' && c < 0x7f && lower(c) == c;
    }
    if (plain) {
      return name;
    }
    StringBuilder out = new StringBuilder(name.length());
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c >= 0xff01 && c <= 0xff5e) {
        c -= 0xff01 - '!'; // full-width
      }
      if (c >= TAGS && c <= LAST_TAGS) {
        i++; // with the other half of the pair
      } else if (c > ' ' && c != 0x7f && !isUnseen(c)) {
        out.append(c < 0x80 ? lower(c) : Character.toLowerCase(Character.toUpperCase(c)));
      }
    }
    return out.toString();
  }

  private static boolean isUnseen(char c) {
    return c >= 0x80
        && (Character.getType(c) == Character.FORMAT
            || Character.isSpaceChar(c)
            || (c >= 0xfe00 && c <= 0xfe0f)
            || (c >= 0x180b && c <= 0x180f)
            || UNSEEN.indexOf(c) >= 0);
  }
}
