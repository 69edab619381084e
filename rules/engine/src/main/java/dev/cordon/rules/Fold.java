package dev.cordon.rules;

import java.text.Normalizer;
import java.util.Locale;

/** Comparison without regard to the case of ASCII letters; Unicode case would open tricks. */
final class Fold {
  // what Unicode calls default ignorable, besides format characters: joiners, fillers, selectors
  private static final String UNSEEN = "\u034f\u115f\u1160\u17b4\u17b5\u2065\u3164\uffa0";

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
    for (int i = 0; i < name.length(); ) {
      int c = name.codePointAt(i);
      i += Character.charCount(c);
      if (c >= 0xff01 && c <= 0xff5e) {
        c -= 0xff01 - '!'; // full-width
      }
      if (c < 0x80 && c > ' ' && c != 0x7f) {
        out.append(lower((char) c));
      } else if (c >= 0x80 && !isUnseen(c)) {
        out.appendCodePoint(Character.toLowerCase(Character.toUpperCase(c)));
      }
    }
    return out.toString();
  }

  /**
   * A value as the most forgiving server compares it: as {@link #loosely}, and without accents, in
   * the plain form of what Unicode has in several (bold, circled, raised letters). Databases look
   * up like that.
   *
   * @param most chars are of interest; of a longer result only its start is told
   */
  static String nearly(String text, int most) {
    boolean plain = true;
    for (int i = 0; i < text.length() && plain; i++) {
      char c = text.charAt(i);
      plain = c > ' ' && c < 0x7f && lower(c) == c;
    }
    if (plain) {
      return text;
    }
    StringBuilder out = new StringBuilder(Math.min(text.length(), most) + 1);
    for (int i = 0; i < text.length() && out.length() <= most; ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      if (c < 0x80) {
        if (c > ' ' && c != 0x7f) {
          out.append(lower((char) c));
        }
      } else if (!isUnseen(c)) {
        appendPlain(c, out);
      }
    }
    return out.toString();
  }

  static String nearly(String text) {
    return nearly(text, Integer.MAX_VALUE - 1);
  }

  /** One by one, since a whole text of accents in disorder would take long to sort. */
  private static void appendPlain(int c, StringBuilder out) {
    String plain =
        Normalizer.normalize(Character.toString(c), Normalizer.Form.NFKD)
            .toLowerCase(Locale.ROOT)
            .toUpperCase(Locale.ROOT) // what is written with two letters in capitals only
            .toLowerCase(Locale.ROOT);
    for (int i = 0; i < plain.length(); i++) {
      char p = plain.charAt(i);
      if (p > ' ' && !(p >= 0x300 && p <= 0x36f)) {
        out.append(p);
      }
    }
  }

  /**
   * True when {@link #nearly} makes of {@code text} what it made of another one: {@code folded}.
   * Most texts differ in their first letters, and nothing is allocated for them.
   */
  static boolean isNearly(String folded, String text) {
    int at = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        return nearly(text, folded.length()).equals(folded);
      }
      if (c > ' ' && c != 0x7f) {
        if (at == folded.length() || folded.charAt(at) != lower(c)) {
          return false;
        }
        at++;
      }
    }
    return at == folded.length();
  }

  private static boolean isUnseen(int c) {
    int type = Character.getType(c);
    return type == Character.FORMAT
        || type == Character.CONTROL
        || type == Character.SURROGATE // half a character, which readers drop or replace
        || Character.isSpaceChar(c)
        || (c >= 0xfe00 && c <= 0xfe0f)
        || (c >= 0x180b && c <= 0x180f)
        || (c >= 0xfff0 && c <= 0xfff8)
        || (c >= 0xe0000 && c <= 0xe0fff)
        || UNSEEN.indexOf(c) >= 0;
  }
}
