package dev.cordon.redaction;

import org.jspecify.annotations.Nullable;

/**
 * One pass over the characters; a character that can anchor a value goes to its verifier, which
 * looks a bounded way to both sides. Allocates nothing until the first hit. Every verifier is
 * linear in what it consumes or bounded, so the whole is linear for any input; no java.util.regex.
 *
 * <p>A verifier answers with a {@code long}: a hit packs kind, distance from the anchor back to the
 * start, and end; a miss is the complement of the position to go on from.
 */
final class Detector {
  private static final byte PASS = 0;
  private static final byte DIGIT = 1;
  private static final byte AT = 2;
  private static final byte PERCENT = 3;
  private static final byte BACKSLASH = 4;
  private static final byte UNDERSCORE = 5;
  private static final byte PLUS = 6;
  private static final byte UPPER_J = 7;
  private static final byte UPPER_A = 8;
  private static final byte LOWER_X = 9;
  private static final byte SLASH = 10;
  private static final byte B = 11;
  private static final byte K = 12;
  private static final byte LOWER_W = 13;
  private static final byte UPPER_X = 14;
  private static final byte AMPERSAND = 15;

  private static final int MAX_LIST_GAP_CHARS = 5; // "052 5552606 or 074 7111234"

  private static final byte[] ANCHORS = new byte[128];

  static {
    for (char c = '0'; c <= '9'; c++) {
      ANCHORS[c] = DIGIT;
    }
    ANCHORS['@'] = AT;
    ANCHORS['%'] = PERCENT;
    ANCHORS['\\'] = BACKSLASH;
    ANCHORS['_'] = UNDERSCORE;
    ANCHORS['+'] = PLUS;
    ANCHORS['J'] = UPPER_J;
    ANCHORS['A'] = UPPER_A;
    ANCHORS['x'] = LOWER_X;
    ANCHORS['/'] = SLASH;
    ANCHORS['B'] = B;
    ANCHORS['b'] = B;
    ANCHORS['K'] = K;
    ANCHORS['k'] = K;
    ANCHORS['w'] = LOWER_W;
    ANCHORS['X'] = UPPER_X;
    ANCHORS['&'] = AMPERSAND;
  }

  private Detector() {}

  static long hit(Kind kind, int anchor, int start, int end) {
    return ((long) kind.ordinal() << 56) | ((anchor - start & 0xFFFFL) << 32) | end;
  }

  static long miss(int next) {
    return ~(long) next;
  }

  /**
   * @param kinds bits of the kinds wanted
   * @param name bits of {@link Names} for the key this text is the value of, 0 without one
   * @return null when clean; {@link Spans#FOLD_FIRST} when the text must be folded first
   */
  static @Nullable Spans scan(String s, int from, int to, int kinds, int name) {
    Spans spans = null;
    int floor = from; // end of the last hit: a number does not look behind it
    int lastPhone = -1; // how far behind a phone another one, with its trunk zero, is believed
    int i = from;
    while (i < to) {
      char c = s.charAt(i);
      if (c >= 128) {
        if (c >= 0xA0 && Chars.fold(c) != c) {
          return Spans.FOLD_FIRST;
        }
        i++;
        continue;
      }
      byte anchor = ANCHORS[c];
      if (anchor == PASS) {
        i++;
        continue;
      }
      long outcome =
          switch (anchor) {
            case DIGIT ->
                Numbers.verify(
                    s, floor, i, to, kinds, i - floor <= lastPhone ? name | behindPhone(c) : name);
            case AT -> Emails.verify(s, from, i, 1, to);
            case PERCENT -> percent(s, from, i, to, kinds, name);
            case BACKSLASH -> backslash(s, from, i, to, kinds, name);
            case AMPERSAND -> ampersand(s, from, i, to);
            case PLUS -> Phones.international(s, from, i, i + 1, to, name);
            case UNDERSCORE -> Secrets.underscore(s, from, i, to);
            case UPPER_J, LOWER_W -> Secrets.jwt(s, from, i, to);
            case UPPER_A -> Secrets.upperA(s, from, i, to);
            case LOWER_X -> Secrets.slack(s, from, i, to);
            case SLASH -> Secrets.slackUrl(s, from, i, to);
            case UPPER_X -> Secrets.googleClient(s, from, i, to);
            case B -> Secrets.letterB(s, from, i, to, name);
            case K -> Secrets.namedAwsSecret(s, from, i, to);
            default -> miss(i + 1);
          };
      if (outcome < 0) {
        i = (int) ~outcome;
        continue;
      }
      int kind = (int) (outcome >>> 56);
      int start = i - (short) (outcome >>> 32); // most look back, some ahead
      int end = (int) outcome;
      if ((kinds & 1 << kind) != 0) {
        if (spans == null) {
          spans = new Spans();
        }
        spans.add(kind, start, end);
        if (kind == Kind.BEARER.ordinal() || kind == Kind.BASIC.ordinal()) {
          i = start; // what is in the credentials may be under a stronger order
        } else {
          i = end;
          floor = end;
          lastPhone = kind == Kind.PHONE.ordinal() ? MAX_LIST_GAP_CHARS : -1;
        }
      } else if (kind == Kind.BEARER.ordinal() || kind == Kind.BASIC.ordinal()) {
        i = start;
      } else {
        i = Math.max(i + 1, end);
      }
    }
    return spans;
  }

  /** What the number before says about one that begins with this digit. */
  private static int behindPhone(char first) {
    return first == '0' ? Names.PHONE | Names.NEXT_TO_PHONE : Names.NEXT_TO_PHONE;
  }

  private static long percent(String s, int from, int i, int to, int kinds, int name) {
    if (!Chars.isHexAt(s, i + 1, 2, to)) {
      return miss(i + 1);
    }
    char high = s.charAt(i + 1);
    int low = s.charAt(i + 2) | 0x20;
    if (high == '4' && s.charAt(i + 2) == '0') {
      return otherwise(Emails.verify(s, from, i, 3, to), i + 3);
    }
    if (high == '2' && low == 'b' && (kinds & Kind.PHONE.bit()) != 0) {
      return otherwise(Phones.international(s, from, i, i + 3, to, name), i + 3);
    }
    if (high == '2' && s.charAt(i + 2) == '5' && Chars.isHexAt(s, i + 3, 2, to)) {
      // encoded twice
      if (s.startsWith("40", i + 3)) {
        return otherwise(Emails.verify(s, from, i, 5, to), i + 5);
      }
      return miss(i + 5);
    }
    return miss(i + 3);
  }

  private static long backslash(String s, int from, int i, int to, int kinds, int name) {
    if (i + 1 >= to) {
      return miss(i + 1);
    }
    char escaped = s.charAt(i + 1);
    if (escaped == 'u' && Chars.isHexAt(s, i + 2, 4, to)) {
      if (s.startsWith("0040", i + 2)) {
        return otherwise(Emails.verify(s, from, i, 6, to), i + 6);
      }
      if (s.regionMatches(true, i + 2, "002b", 0, 4) && (kinds & Kind.PHONE.bit()) != 0) {
        return otherwise(Phones.international(s, from, i, i + 6, to, name), i + 6);
      }
      return miss(i + 6);
    }
    return miss("nrtf\"\\/".indexOf(escaped) >= 0 ? i + 2 : i + 1);
  }

  private static long ampersand(String s, int from, int i, int to) {
    for (String at : AT_ENTITIES) {
      if (to - i > at.length() && s.regionMatches(true, i, at, 0, at.length())) {
        return Emails.verify(s, from, i, at.length(), to);
      }
    }
    return miss(i + 1);
  }

  private static final String[] AT_ENTITIES = {"&#64;", "&#x40;", "&commat;"};

  private static long otherwise(long outcome, int next) {
    return outcome < 0 ? miss(next) : outcome;
  }
}
