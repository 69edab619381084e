package dev.cordon.redaction;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Credentials of vendors by shape, read from {@link ShapeTable}: a prefix or a name, then classes
 * of characters with their counts. What follows the word is parsed when the word is first met: most
 * applications never meet more than a few.
 */
final class Shapes {
  private static final int MAX_NAME_CHARS = 24;
  private static final int MAX_GAP_CHARS = 12;

  /** A placeholder shows at the beginning; what is none is read to its end, however long. */
  private static final int JUDGED_CHARS = 256;

  private static final int INITIAL_CAPACITY = 512;

  /** A class of characters and how many, or, for the class {@code '}, the text itself. */
  private record Part(char kind, int min, int max, String text) {
    boolean open() {
      return max == Integer.MAX_VALUE;
    }
  }

  /** Immutable, so that threads may hand it to each other without a fence. */
  private record Shape(Part[] parts) {}

  /** The words, one for each shape: the lexicon refers to them by number. */
  static final String[] WORDS;

  private static final boolean[] NAMED;
  private static final int[] PARTS; // where in the table
  private static final @Nullable Shape[] SHAPES;

  // no split, no record for each line: this runs in the interpreter of a JVM that is starting
  static {
    String text = ShapeTable.TEXT;
    String[] words = new String[INITIAL_CAPACITY];
    boolean[] named = new boolean[INITIAL_CAPACITY];
    int[] parts = new int[INITIAL_CAPACITY];
    int size = 0;
    for (int line = 0; line < text.length(); line = text.indexOf('\n', line) + 1) {
      if (size == words.length) {
        words = Arrays.copyOf(words, size * 2);
        named = Arrays.copyOf(named, size * 2);
        parts = Arrays.copyOf(parts, size * 2);
      }
      named[size] = text.charAt(line) == '~';
      int word = named[size] ? line + 2 : line;
      parts[size] = text.indexOf(' ', word);
      words[size] = text.substring(word, parts[size]);
      size++;
    }
    WORDS = Arrays.copyOf(words, size);
    NAMED = named;
    PARTS = parts;
    SHAPES = new Shape[size];
  }

  private Shapes() {}

  private static Part[] parts(int shape) {
    Shape known = SHAPES[shape];
    if (known == null) {
      known = parse(ShapeTable.TEXT, PARTS[shape]);
      SHAPES[shape] = known;
    }
    return known.parts();
  }

  private static Shape parse(String text, int from) {
    int end = text.indexOf('\n', from);
    Part[] parts = new Part[4];
    int size = 0;
    for (int at = from; at < end; ) {
      int next = text.indexOf(' ', at + 1);
      next = next < 0 || next > end ? end : next;
      if (size == parts.length) {
        parts = Arrays.copyOf(parts, size * 2);
      }
      parts[size++] = part(text.substring(at + 1, next));
      at = next;
    }
    return new Shape(Arrays.copyOf(parts, size));
  }

  private static Part part(String part) {
    char kind = part.charAt(0);
    if (kind == '\'') {
      return new Part(kind, part.length() - 1, part.length() - 1, part.substring(1));
    }
    int dash = part.indexOf('-');
    boolean open = part.charAt(part.length() - 1) == '+';
    int min = Integer.parseInt(part, 1, dash > 0 ? dash : part.length() - (open ? 1 : 0), 10);
    int max =
        open ? Integer.MAX_VALUE : dash > 0 ? Integer.parseInt(part.substring(dash + 1)) : min;
    return new Part(kind, min, max, "");
  }

  static boolean isNamed(int shape) {
    return NAMED[shape];
  }

  /** {@code start} is where the word of this shape begins. */
  static long verify(int shape, String s, int from, int start, int to) {
    int after = start + WORDS[shape].length();
    if (NAMED[shape]) {
      return named(shape, s, after, to);
    }
    if (!s.startsWith(WORDS[shape], start)
        || !Chars.startsWord(s, from, start)
        || (start > from && s.charAt(start - 1) == '-')) {
      return Detector.miss(after);
    }
    int end = end(shape, s, after, to);
    return end < 0 ? Detector.miss(after) : Detector.hit(Kind.API_KEY, start, start, end);
  }

  private static long named(int shape, String s, int after, int to) {
    int name = after;
    boolean says = false;
    while (name < to && name - after < MAX_NAME_CHARS && isNameChar(s.charAt(name))) {
      says |= saysSecret(s, name, to);
      name++;
    }
    says |= saysSecret(s, after - 3, to) || saysSecret(s, after - 5, to); // dd_app, accountkey
    int value = valueStart(s, name, to);
    if (!says || value < 0) {
      return Detector.miss(after);
    }
    int end = end(shape, s, value, to);
    if (end < 0 || !isMixed(s, value, end)) {
      return Detector.miss(after);
    }
    return Detector.hit(Kind.SECRET, after, value, end);
  }

  private static boolean isNameChar(char c) {
    return Chars.isWord(c) || c == '-' || c == '.';
  }

  private static boolean saysSecret(String s, int at, int to) {
    if (at < 0 || at + 3 > to) {
      return false;
    }
    return switch (s.charAt(at) | 0x20) {
      case 'k' -> s.regionMatches(true, at, "key", 0, 3);
      case 't' -> s.regionMatches(true, at, "token", 0, 5);
      case 's' -> s.regionMatches(true, at, "secret", 0, 6);
      case 'p' ->
          s.regionMatches(true, at, "passw", 0, 5) || s.regionMatches(true, at, "pwd", 0, 3);
      case 'a' -> s.regionMatches(true, at, "auth", 0, 4) || s.regionMatches(true, at, "api", 0, 3);
      case 'c' -> s.regionMatches(true, at, "cred", 0, 4);
      default -> false;
    };
  }

  /** Where a value begins behind a name and one of {@code = : => := -> ,}; -1 without. */
  static int valueStart(String s, int nameEnd, int to) {
    boolean assigns = false;
    int at = nameEnd;
    while (at < to && at - nameEnd < MAX_GAP_CHARS) {
      char c = s.charAt(at);
      if (c == '=' || c == ':' || c == '>' || c == ',') {
        assigns = true;
      } else if (" \t\"'`|?\\(".indexOf(c) < 0) {
        if (c != '-' || at + 1 >= to || s.charAt(at + 1) != '>') {
          break;
        }
      }
      at++;
    }
    return assigns && at < to ? at : -1;
  }

  /** A digit and a letter at least: a word is none of these. */
  private static boolean isMixed(String s, int from, int to) {
    boolean digit = false;
    boolean letter = false;
    for (int i = from; i < to; i++) {
      digit |= Chars.isDigit(s.charAt(i));
      letter |= Chars.isAsciiLetter(s.charAt(i));
    }
    return digit && (letter || to - from == 16);
  }

  private static int end(int shape, String s, int start, int to) {
    Part[] parts = parts(shape);
    int at = start;
    int changes = 0; // neighbours that differ
    for (int k = 0; k < parts.length; k++) {
      Part part = parts[k];
      if (part.kind() == '\'') {
        if (at + part.min() > to || !s.startsWith(part.text(), at)) {
          return -1;
        }
        at += part.min();
        continue;
      }
      int first = at;
      // bounded, so that a miss never reads far
      int limit = part.open() ? first + part.min() + JUDGED_CHARS : first + part.max();
      limit = Math.min(limit, to);
      while (at < limit && is(part.kind(), s.charAt(at))) {
        if (at > first && s.charAt(at) != s.charAt(at - 1)) {
          changes++;
        }
        at++;
      }
      if (at - first < part.min()) {
        return -1;
      }
      if (k == parts.length - 1 && !part.open() && at < to) {
        if (is(part.kind(), s.charAt(at)) || Chars.isWord(s.charAt(at))) {
          return -1;
        }
      }
    }
    if (changes * 3 < at - start) {
      return -1; // XXXXXXXX and the like are placeholders
    }
    Part last = parts[parts.length - 1];
    while (last.open() && at < to && is(last.kind(), s.charAt(at))) {
      at++;
    }
    return at;
  }

  private static boolean is(char kind, char c) {
    boolean digit = Chars.isDigit(c);
    return switch (kind) {
      case 'd' -> digit;
      case 'h' -> digit || (c >= 'a' && c <= 'f');
      case 'H' -> Chars.isHex(c);
      case 'l' -> c >= 'a' && c <= 'z';
      case 'u' -> c >= 'A' && c <= 'Z';
      case 'a' -> digit || (c >= 'a' && c <= 'z');
      case 'A' -> digit || (c >= 'A' && c <= 'Z');
      case 'w' -> Chars.isAlphanumeric(c);
      case 'b' -> Chars.isBase64Url(c);
      case 's' -> Chars.isBase64(c) || c == '=' || c == '-' || c == '_';
      case 'x' -> Chars.isBase64Url(c) || c == '.';
      case 'e' -> Chars.isCredentials(c) || c == '_' || c == '!';
      default ->
          throw new IllegalStateException("no class of characters ".concat(String.valueOf(kind)));
    };
  }
}
