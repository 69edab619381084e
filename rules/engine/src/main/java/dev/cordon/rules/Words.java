package dev.cordon.rules;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/**
 * The words that names of APIs are made of. A name may itself be a customer's: {@code /users/jane},
 * an object keyed by e-mail addresses. The journal keeps a name only where all of it is in this
 * list, or in a pack or the rule file.
 */
final class Words {

  /** Grows with the list: a word that an older list has not may stand for {@code *} in a record. */
  static final int VERSION = 1;

  private static final int MAX_NAME_CHARS = 64;
  private static final int MAX_DIGITS = 2;
  private static final Set<String> ALL = load();

  private Words() {}

  private static Set<String> load() {
    try (InputStream in = Words.class.getResourceAsStream("/dev/cordon/rules/words.txt")) {
      if (in == null) {
        throw new IllegalStateException("words.txt is not on the class path");
      }
      String text = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
      return new HashSet<>(java.util.Arrays.asList(text.split("\n")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * True for {@code orderItems}, {@code shipping_address2}, {@code v2}, {@code 2024-07}: words in
   * any of the usual spellings, with at most two digits, or a version.
   */
  static boolean isName(String text, int start, int end) {
    if (end <= start || end - start > MAX_NAME_CHARS) {
      return false;
    }
    if (isVersion(text, start, end)) {
      return true;
    }
    int at = start;
    int digits = 0;
    boolean word = false;
    while (at < end) {
      char c = text.charAt(at);
      if (c == '_' || c == '-' || c == '.') {
        at++;
      } else if (c >= '0' && c <= '9') {
        digits++;
        at++;
      } else if (isLetter(c)) {
        int wordEnd = wordEnd(text, at, end);
        if (!ALL.contains(Fold.lower(text.substring(at, wordEnd)))) {
          return false;
        }
        word = true;
        at = wordEnd;
      } else {
        return false;
      }
    }
    return word && digits <= MAX_DIGITS;
  }

  static boolean isName(String text) {
    return isName(text, 0, text.length());
  }

  /** True when it would be a name in small letters: servers differ in what they make of it. */
  static boolean isNameInOddCase(String text, int start, int end) {
    return end - start <= MAX_NAME_CHARS && isName(Fold.lower(text.substring(start, end)));
  }

  /** {@code orderItems} is two words, {@code URLs} and {@code ID} are one. */
  private static int wordEnd(String text, int start, int end) {
    int at = start + 1;
    if (isUpper(text.charAt(start)) && at < end && isUpper(text.charAt(at))) {
      while (at < end && isUpper(text.charAt(at))) {
        at++;
      }
      return at < end && isLetter(text.charAt(at)) ? at - 1 : at; // the last begins the next word
    }
    while (at < end && isLetter(text.charAt(at)) && !isUpper(text.charAt(at))) {
      at++;
    }
    return at;
  }

  /** {@code v1}, {@code v59.0}, {@code 2024-07}, {@code 2024-07-15}. */
  private static boolean isVersion(String text, int start, int end) {
    if (text.charAt(start) == 'v' || text.charAt(start) == 'V') {
      int digits = 0;
      for (int i = start + 1; i < end; i++) {
        char c = text.charAt(i);
        if (c != '.' && (c < '0' || c > '9')) {
          return false;
        }
        digits += c == '.' ? 0 : 1;
      }
      return digits > 0 && digits <= 4;
    }
    if (end - start != 7 && end - start != 10) {
      return false;
    }
    for (int i = start; i < end; i++) {
      char c = text.charAt(i);
      boolean dash = i - start == 4 || i - start == 7;
      if (dash ? c != '-' : c < '0' || c > '9') {
        return false;
      }
    }
    return text.startsWith("20", start);
  }

  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || isUpper(c);
  }

  private static boolean isUpper(char c) {
    return c >= 'A' && c <= 'Z';
  }
}
