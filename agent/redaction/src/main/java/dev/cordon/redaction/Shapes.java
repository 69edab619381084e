package dev.cordon.redaction;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Credentials of vendors by shape, read from {@code shapes.txt}: a prefix or a name, then classes
 * of characters with their counts.
 */
final class Shapes {
  private static final int MAX_NAME_CHARS = 24;
  private static final int MAX_GAP_CHARS = 12;
  private static final int UNBOUNDED = 4096; // no credential is longer

  /** A prefix, or a word that names the credential, with one of the shapes it can have. */
  private record Shape(boolean named, String[] parts) {}

  private static final Shape[] ALL;

  /** The words, in the order of {@link #ALL}: the lexicon refers to them by number. */
  static final String[] WORDS;

  static {
    List<Shape> shapes = new ArrayList<>(400);
    List<String> words = new ArrayList<>(400);
    for (String line : text().split("\n", -1)) {
      if (line.isEmpty() || line.charAt(0) == '#') {
        continue;
      }
      String[] fields = line.split(" ", -1);
      boolean named = fields[0].equals("~");
      int first = named ? 1 : 0;
      words.add(fields[first]);
      String[] parts = new String[fields.length - first - 1];
      System.arraycopy(fields, first + 1, parts, 0, parts.length);
      shapes.add(new Shape(named, parts));
    }
    ALL = shapes.toArray(new Shape[0]);
    WORDS = words.toArray(new String[0]);
  }

  private Shapes() {}

  private static String text() {
    try (InputStream in = Shapes.class.getResourceAsStream("shapes.txt")) {
      if (in == null) {
        throw new IllegalStateException("shapes.txt is missing beside " + Shapes.class.getName());
      }
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new IllegalStateException("shapes.txt cannot be read", e);
    }
  }

  static boolean isNamed(int shape) {
    return ALL[shape].named();
  }

  /** {@code start} is where the word of this shape begins. */
  static long verify(int shape, String s, int from, int start, int to) {
    int after = start + WORDS[shape].length();
    if (ALL[shape].named()) {
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
    int at = start;
    int distinct = 0;
    for (String part : ALL[shape].parts()) {
      char kind = part.charAt(0);
      if (kind == '\'') {
        if (!s.startsWith(part.substring(1), at) || at + part.length() - 1 > to) {
          return -1;
        }
        at += part.length() - 1;
        continue;
      }
      int dash = part.indexOf('-');
      boolean open = part.charAt(part.length() - 1) == '+';
      int min = number(part, 1, dash > 0 ? dash : part.length() - (open ? 1 : 0));
      int max = open ? UNBOUNDED : dash > 0 ? number(part, dash + 1, part.length()) : min;
      int first = at;
      while (at < to && at - first < max && is(kind, s.charAt(at))) {
        if (at > first && s.charAt(at) != s.charAt(at - 1)) {
          distinct++;
        }
        at++;
      }
      if (at - first < min) {
        return -1;
      }
      if (at < to && !open && part == ALL[shape].parts()[ALL[shape].parts().length - 1]) {
        if (is(kind, s.charAt(at)) || Chars.isWord(s.charAt(at))) {
          return -1;
        }
      }
    }
    return distinct * 3 < at - start ? -1 : at; // XXXXXXXX and the like are placeholders
  }

  private static int number(String part, int from, int to) {
    int value = 0;
    for (int i = from; i < to; i++) {
      value = value * 10 + part.charAt(i) - '0';
    }
    return value;
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
      default -> throw new IllegalStateException("shapes.txt: no class of characters " + kind);
    };
  }
}
