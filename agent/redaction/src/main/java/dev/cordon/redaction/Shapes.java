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

  /** A value of so many characters may be without digits, or without letters. */
  private static final int MIN_UNMIXED_CHARS = 24;

  /** Characters between a name and its sign that a declaration puts there. */
  private static final int MAX_TYPE_CHARS = 20;

  /** How far behind the word of a name the sign can stand that gives it a value. */
  private static final int MAX_ASSIGN_CHARS = MAX_NAME_CHARS + MAX_TYPE_CHARS + MAX_GAP_CHARS;

  /** A class of characters and how many, or, for the class {@code '}, the text itself. */
  private record Part(char kind, int min, int max, String text) {
    boolean open() {
      return max == Integer.MAX_VALUE;
    }
  }

  /** Immutable, so that threads may hand it to each other without a fence. */
  private record Shape(Part[] parts) {}

  /** The same: of each character of ASCII, whether it is of a class. */
  private record Members(boolean[] of) {
    boolean has(char c) {
      return c < 128 && of[c];
    }
  }

  private static final @Nullable Shape[] SHAPES = new @Nullable Shape[Tables.SHAPE_COUNT];
  private static final @Nullable Members[] MEMBERS = new Members[128];

  private Shapes() {}

  /** The lexicon refers to a shape by its number: that of its line. */
  private static String word(int shape) {
    return Tables.word(Tables.FIRST_SHAPE + shape);
  }

  /** The sign in front of the line, a blank for none: see {@link ShapeTable}. */
  private static int sign(int shape) {
    return Tables.byteAt(Tables.SHAPE_SIGNS, shape);
  }

  private static Part[] parts(int shape) {
    Shape known = SHAPES[shape];
    if (known == null) {
      known = parse(ShapeTable.TEXT, Tables.charAt(Tables.SHAPE_PARTS, shape));
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

  private static boolean isNamed(int shape) {
    return sign(shape) == '~' || sign(shape) == '!';
  }

  /** {@code start} is where the word of this shape begins. */
  static long verify(int shape, String s, int from, int start, int to, Runs runs) {
    int after = start + word(shape).length();
    if (isNamed(shape)) {
      return named(shape, s, after, to, runs);
    }
    if (!s.startsWith(word(shape), start)) {
      return Detector.miss(after);
    }
    if (sign(shape) == '<') {
      return around(shape, s, from, start, to, runs);
    }
    if (!Chars.startsWord(s, from, start) || goesOnFrom(word(shape), s, from, start)) {
      return Detector.miss(after);
    }
    int end = end(shape, 0, s, after, to, runs);
    return end < 0 ? Detector.miss(after) : Detector.hit(Kind.API_KEY, start, start, end);
  }

  /** Whether a prefix is only the middle of a name: {@code a-glpat-}, {@code box.ico-}. */
  private static boolean goesOnFrom(String word, String s, int from, int start) {
    if (start == from) {
      return false;
    }
    char before = s.charAt(start - 1);
    return before == '-'
        || (before == '.'
            && word.indexOf('.') < 0
            && start - 2 >= from
            && Chars.isWord(s.charAt(start - 2)));
  }

  /** A word in the midst of a credential: its first part stands in front. */
  private static long around(int shape, String s, int from, int word, int to, Runs runs) {
    int after = word + word(shape).length();
    Part front = parts(shape)[0];
    int start = word;
    int limit = Math.max(from, word - front.max());
    while (start > limit && is(front.kind(), s.charAt(start - 1))) {
      start--;
    }
    if (word - start < front.min()
        || !Chars.startsWord(s, from, start)
        || (start > from && is(front.kind(), s.charAt(start - 1)))) {
      return Detector.miss(after);
    }
    int end = end(shape, 1, s, after, to, runs);
    return end < 0 ? Detector.miss(after) : Detector.hit(Kind.API_KEY, word, start, end);
  }

  private static long named(int shape, String s, int after, int to, Runs runs) {
    if (!runs.has(Runs.ASSIGNS, s, after, Math.min(to, after + MAX_ASSIGN_CHARS))) {
      return Detector.miss(after); // the name need not be read
    }
    int name = after;
    boolean says = sign(shape) == '!';
    while (name < to && name - after < MAX_NAME_CHARS && isNameChar(s.charAt(name))) {
      says |= saysSecret(s, name, to);
      name++;
    }
    says |= saysSecret(s, after - 3, to) || saysSecret(s, after - 5, to); // dd_app, accountkey
    int value = says ? valueStart(s, typeEnd(s, name, to), to, true) : -1;
    if (value < 0) {
      return Detector.miss(after);
    }
    int end = end(shape, 0, s, value, to, runs);
    if (end < 0 || (sign(shape) == '~' && !isMixed(s, value, end, parts(shape)[0].kind(), runs))) {
      return Detector.miss(after);
    }
    return Detector.hit(Kind.SECRET, after, value, end);
  }

  /** Behind the type in {@code token string = "..."} and the dot in {@code $token .= "..."}. */
  static int typeEnd(String s, int nameEnd, int to) {
    int limit = Math.min(to, nameEnd + MAX_TYPE_CHARS);
    int at = nameEnd;
    while (at < limit && (isNameChar(s.charAt(at)) || s.charAt(at) == ' ')) {
      at++;
    }
    return at < to && (s.charAt(at) == '=' || s.charAt(at) == ':') ? at : nameEnd;
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
      case 'l' -> s.regionMatches(true, at, "login", 0, 5);
      case 't' -> s.regionMatches(true, at, "token", 0, 5);
      case 's' -> s.regionMatches(true, at, "secret", 0, 6);
      case 'p' ->
          s.regionMatches(true, at, "passw", 0, 5) || s.regionMatches(true, at, "pwd", 0, 3);
      case 'a' -> s.regionMatches(true, at, "auth", 0, 4) || s.regionMatches(true, at, "api", 0, 3);
      case 'c' -> s.regionMatches(true, at, "cred", 0, 4);
      default -> false;
    };
  }

  /**
   * Where a value begins behind a name and one of {@code = : => := -> ,}; -1 without.
   *
   * @param lines whether it may stand on the next line; between tags it always may
   */
  static int valueStart(String s, int nameEnd, int to, boolean lines) {
    boolean assigns = false;
    boolean line = lines;
    int at = nameEnd;
    while (at < to && at - nameEnd < MAX_GAP_CHARS) {
      char c = s.charAt(at);
      if (assigns(c)) {
        assigns = true;
        line |= c == '>';
      } else if (" \t\"'`|?\\(".indexOf(c) < 0 && !(line && (c == '\n' || c == '\r'))) {
        if (c != '-' || at + 1 >= to || s.charAt(at + 1) != '>') {
          break;
        }
      }
      at++;
    }
    return assigns && at < to ? at : -1;
  }

  static boolean assigns(char c) {
    return c == '=' || c == ':' || c == '>' || c == ',';
  }

  /** A digit and a letter at least, unless it is long: a word is none of these. */
  private static boolean isMixed(String s, int from, int to, char kind, Runs runs) {
    boolean digit = runs.has(Runs.DIGIT, s, from, to);
    boolean upper = runs.has(Runs.UPPER, s, from, to);
    boolean lower = runs.has(Runs.LOWER, s, from, to);
    boolean far = to - from >= MIN_UNMIXED_CHARS;
    return digit ? upper || lower || far || kind == 'd' : upper && lower && far;
  }

  /**
   * @param first of the parts that stand from {@code start} on
   */
  private static int end(int shape, int first, String s, int start, int to, Runs runs) {
    Part[] parts = parts(shape);
    if (!hasLengths(parts, first, s, start, to, runs)) {
      return -1;
    }
    int at = start;
    int changes = 0; // neighbours that differ
    int minChars = 0; // what follows them says nothing about them: a row of crosses, say
    for (int k = first; k < parts.length; k++) {
      Part part = parts[k];
      minChars += part.min();
      if (part.kind() == '\'') {
        at += part.min();
        continue;
      }
      int begin = at;
      Members members = members(part.kind());
      // bounded, so that a miss never reads far
      int limit = part.open() ? begin + part.min() + JUDGED_CHARS : begin + part.max();
      limit = Math.min(limit, to);
      while (at < limit && members.has(s.charAt(at))) {
        if (part.open() && at - begin >= part.min() && changes * 3 >= minChars) {
          break; // the last part, of which enough is known
        }
        if (at > begin && s.charAt(at) != s.charAt(at - 1)) {
          changes++;
        }
        at++;
      }
    }
    if (changes * 3 < minChars) {
      return -1; // XXXXXXXX and the like are placeholders
    }
    Part last = parts[parts.length - 1];
    return last.open() ? runs.rowEnd(last.kind(), s, at, to) : at;
  }

  /**
   * Whether every part is as long as it has to be. Where rows of characters end is remembered, so
   * that a prefix that stands there again and again costs nothing: see {@link Runs}.
   */
  private static boolean hasLengths(
      Part[] parts, int first, String s, int start, int to, Runs runs) {
    int at = start;
    for (int k = first; k < parts.length; k++) {
      Part part = parts[k];
      if (part.kind() == '\'') {
        if (at + part.min() > to || !s.startsWith(part.text(), at)) {
          return false;
        }
        at += part.min();
        continue;
      }
      int limit = Math.min(to, at + (part.open() ? part.min() : part.max()));
      int end = runs.rowEnd(part.kind(), s, at, limit);
      if (end - at < part.min()) {
        return false;
      }
      at = end;
      if (k == parts.length - 1 && !part.open() && at < to) {
        if (is(part.kind(), s.charAt(at)) || Chars.isWord(s.charAt(at))) {
          return false;
        }
      }
    }
    return true;
  }

  static boolean is(char kind, char c) {
    return members(kind).has(c);
  }

  private static Members members(char kind) {
    Members known = MEMBERS[kind];
    if (known == null) {
      boolean[] of = new boolean[128];
      for (char c = 0; c < of.length; c++) {
        of[c] = isMember(kind, c);
      }
      known = new Members(of);
      MEMBERS[kind] = known;
    }
    return known;
  }

  private static boolean isMember(char kind, char c) {
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
      case 'z' -> Chars.isBase64Url(c) || c == '.' || c == '~';
      case 'e' -> Chars.isCredentials(c) || c == '_' || c == '!';
      default ->
          throw new IllegalStateException("no class of characters ".concat(String.valueOf(kind)));
    };
  }
}
