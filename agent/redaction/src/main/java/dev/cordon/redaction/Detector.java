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
  private static final int MAX_LIST_GAP_CHARS = 5; // "052 5552606 or 074 7111234"

  /** How far behind a word that says phone a number can stand. */
  private static final int PHONE_WORD_CHARS = 128;

  /** Kinds whose numbers can end within a card. */
  private static final int NUMBERS = Kind.PHONE.bit() | Kind.ID_KINDS;

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
    return scan(s, from, to, kinds, name, null, 0);
  }

  /**
   * @param known anchors of a longer text that holds this one, null to look for them here
   * @param knownFrom where that text begins
   */
  static @Nullable Spans scan(
      String s, int from, int to, int kinds, int name, long @Nullable [] known, int knownFrom) {
    Lexicon lexicon = Lexicon.of(kinds);
    Scratch mine = Scratch.mine();
    mine.begin();
    Scratch scratch = known == null ? mine : null;
    int chunkChars = known == null ? Scratch.CHUNK_CHARS : to - from;
    Spans spans = null;
    int floor = from; // end of the last hit: a number does not look behind it
    int lastPhone = -1; // how far behind a phone another one, with its trunk zero, is believed
    int phoneWord = from - PHONE_WORD_CHARS; // where a word that says phone was seen last
    int i = from;
    for (int chunk = from; chunk < to; chunk += chunkChars) {
      int chunkEnd = Math.min(to, chunk + chunkChars);
      if (i >= chunkEnd) {
        continue;
      }
      if (scratch != null && !scratch.read(s, from, chunk, to, kinds)) {
        return Spans.FOLD_FIRST;
      }
      if (scratch != null && chunk == from) {
        i = from + Prefilter.timeChars(scratch.bytes, Scratch.FIRST);
      }
      for (int block = chunk; block < chunkEnd; block += Prefilter.BLOCK_BYTES) {
        if (i >= block + Prefilter.BLOCK_BYTES) {
          continue;
        }
        int number = (block - chunk) / Prefilter.BLOCK_BYTES;
        long anchors =
            known != null
                ? window(known, block - knownFrom, chunkEnd - block)
                : scratch != null ? scratch.anchors(number) : 0;
        while (anchors != 0) {
          int at = block + Long.numberOfTrailingZeros(anchors);
          anchors &= anchors - 1;
          if (at < i) {
            continue;
          }
          i = at;
          boolean again = true;
          while (again) {
            char c = s.charAt(i);
            again = false;
            long outcome;
            if (Chars.isDigit(c)) {
              boolean single = isSingleDigit(s, from, i, to);
              outcome = single ? shapeAround(lexicon, mine, s, from, i, to) : MISSED;
              if (outcome < 0 && single && i == at && scratch != null) {
                if (!scratch.isRow(number, at - block)) {
                  break; // it was the anchor of a word
                }
              }
              int said = i - floor <= lastPhone ? name | behindPhone(c) : name;
              if (i - phoneWord < PHONE_WORD_CHARS) {
                said |= Names.PHONE_WORD_NEAR;
              }
              char before = i > from ? s.charAt(i - 1) : 0;
              if (outcome >= 0) {
                again = true; // what follows the credential
              } else if (before == '+'
                  || before == '%'
                  || before == 'u'
                  || before == '#'
                  || before == 'x'
                  || before == 'X'
                  || before == '('
                  || before == ' ') {
                outcome = signed(s, from, floor, i, to, kinds, said);
                again = true; // digits right behind an escape begin there
              } else {
                int behind = Chars.isHex(before) ? Chars.escapeEnd(s, from, i, to) : i;
                again = behind > i; // \\uDCB34111: digits right behind an escape begin there
                outcome = again ? miss(behind) : Numbers.verify(s, floor, i, to, kinds, said);
              }
            } else {
              switch (c) {
                case '@' -> {
                  outcome = Assignments.userInfo(s, from, i);
                  if (outcome < 0 || (kinds & Kind.URL_CREDENTIALS.bit()) == 0) {
                    outcome = Emails.verify(s, from, i, 1, to);
                  }
                }
                case '%' -> {
                  outcome = percent(s, from, i, to, kinds, name);
                  again = true; // digits right behind an escape begin there
                }
                case 0xA0, 0xAD -> {
                  return Spans.FOLD_FIRST;
                }
                default -> {
                  outcome =
                      c == ':' || c == '-'
                          ? Addresses.verify(s, from, floor, i, to, kinds)
                          : miss(i + 1);
                  for (int entry = lexicon.first(s, i, to);
                      entry != 0 && outcome < 0;
                      entry = lexicon.after(entry)) {
                    int start = lexicon.start(entry, s, from, i, to);
                    if (start < 0) {
                      continue;
                    }
                    int action = lexicon.action(entry);
                    if (!mine.mayBegin(action, start)) {
                      continue;
                    }
                    if (action == Lexicon.WALLET) {
                      int end = Chars.startsWord(s, from, start) ? Wallets.end(s, start, to) : -1;
                      outcome = end < 0 ? outcome : hit(Kind.WALLET, i, start, end);
                    } else if (action == Lexicon.ID_WORD) {
                      if ((kinds & Kind.ID_KINDS) != 0) {
                        int end = start + lexicon.length(entry);
                        long next =
                            Ids.after(lexicon.anchor(entry), s, from, start, end, to, kinds, i);
                        outcome = next >= 0 ? next : outcome;
                      }
                    } else if (action >= Lexicon.SHAPE) {
                      long next =
                          secret(lexicon, s, from, start, to, action, entry, kinds, mine.runs);
                      outcome = next >= 0 ? moved(next, start + lexicon.length(entry), i) : outcome;
                    } else if (action == Lexicon.PHONE_WORD) {
                      phoneWord = start;
                    } else {
                      long next =
                          word(
                              s,
                              from,
                              start + lexicon.anchor(entry),
                              i,
                              to,
                              action,
                              kinds,
                              name,
                              mine.runs);
                      outcome = next >= 0 ? next : Math.min(outcome, next); // the farther miss
                    }
                    again |= action == Lexicon.ESCAPE; // as above
                    if (outcome >= 0) {
                      mine.reached(action, (int) outcome);
                    }
                  }
                }
              }
            }
            if (outcome < 0) {
              i = (int) ~outcome;
            } else {
              int kind = (int) (outcome >>> 56);
              int start = i - (short) (outcome >>> 32); // most look back, some ahead
              int end = (int) outcome;
              boolean credentials = kind >= Kind.BEARER.ordinal() && kind <= Kind.SECRET.ordinal();
              if ((kinds & 1 << kind) != 0) {
                if (spans == null) {
                  spans = new Spans();
                }
                int card =
                    (1 << kind & NUMBERS) != 0 && (kinds & Kind.CARD.bit()) != 0
                        ? Cards.beginIn(s, start, end, to)
                        : -1;
                if (card >= 0 && kind == Kind.PHONE.ordinal()) {
                  end = Phones.endBefore(s, start, card, end);
                }
                spans.add(kind, start, end);
                if (card >= 0 && card < end) { // one finding: which digits are whose is not known
                  int cardEnd = Cards.endOf(s, card, to);
                  spans.add(Kind.CARD.ordinal(), card, cardEnd);
                  end = cardEnd;
                }
                if (!credentials) {
                  floor = end;
                  lastPhone = kind == Kind.PHONE.ordinal() ? MAX_LIST_GAP_CHARS : -1;
                }
              }
              // what is in credentials may be under a stronger order
              i = credentials ? start : Math.max(i + 1, end);
              again = true;
            }
            again &= i < to && Chars.isDigit(s.charAt(i)) && Chars.isDigit(s.charAt(i - 1));
          }
        }
      }
    }
    return spans;
  }

  private static boolean isSingleDigit(String s, int from, int i, int to) {
    return (i == from || !Chars.isDigit(s.charAt(i - 1)))
        && (i + 1 >= to || !Chars.isDigit(s.charAt(i + 1)));
  }

  /** A credential whose prefix has this digit in it: {@code p8e-}. */
  private static long shapeAround(
      Lexicon lexicon, Scratch mine, String s, int from, int i, int to) {
    for (int entry = lexicon.first(s, i, to); entry != 0; entry = lexicon.after(entry)) {
      int start = lexicon.start(entry, s, from, i, to);
      if (start < 0
          || lexicon.action(entry) != Lexicon.SHAPE
          || !mine.mayBegin(Lexicon.SHAPE, start)) {
        continue;
      }
      long outcome = Shapes.verify(lexicon.anchor(entry), s, from, start, to, mine.runs);
      if (outcome >= 0) {
        mine.reached(Lexicon.SHAPE, (int) outcome);
        return moved(outcome, start, i);
      }
    }
    return MISSED;
  }

  /** A hit is told from the end of the word. */
  private static long secret(
      Lexicon lexicon,
      String s,
      int from,
      int start,
      int to,
      int action,
      int entry,
      int kinds,
      Runs runs) {
    int end = start + lexicon.length(entry);
    if (action == Lexicon.SHAPE) {
      long outcome = Shapes.verify(lexicon.anchor(entry), s, from, start, to, runs);
      return outcome < 0 ? outcome : moved(outcome, start, end);
    }
    if ((kinds & Kind.SECRET.bit()) == 0) {
      return MISSED;
    }
    return switch (action) {
      case Lexicon.NAMED_SHAPE -> Shapes.verify(lexicon.anchor(entry), s, from, start, to, runs);
      case Lexicon.AUTHORIZATION -> Assignments.authorization(s, from, start, end, to, runs);
      default -> Assignments.verify(s, from, start, end, to, runs);
    };
  }

  /** A hit or a miss that is told relative to {@code i}, where the prefilter stopped. */
  private static long word(
      String s, int from, int anchor, int i, int to, int action, int kinds, int name, Runs runs) {
    long outcome =
        switch (action) {
          case Lexicon.BEARER, Lexicon.BASIC, Lexicon.KEY_BLOCK ->
              Secrets.letterB(s, from, anchor, to, name, runs);
          case Lexicon.JWT -> Secrets.jwt(s, from, anchor, to);
          case Lexicon.SLACK -> Secrets.slack(s, from, anchor, to);
          case Lexicon.SLACK_URL -> Secrets.slackUrl(s, from, anchor, to);
          case Lexicon.AWS_ID, Lexicon.GOOGLE_API_KEY -> Secrets.upperA(s, from, anchor, to);
          case Lexicon.GOOGLE_CLIENT -> Secrets.googleClient(s, from, anchor, to);
          case Lexicon.AWS_NAME -> Secrets.namedAwsSecret(s, from, anchor, to, runs);
          case Lexicon.AT_ENTITY -> ampersand(s, from, anchor, to);
          case Lexicon.ESCAPE -> backslash(s, from, anchor, to, kinds, name);
          case Lexicon.YA29 -> Secrets.googleAccessToken(s, from, anchor, to);
          case Lexicon.UNDERSCORE -> Secrets.underscore(s, from, anchor, to);
          default -> throw new IllegalStateException("no verifier for words of kind " + action);
        };
    if (outcome < 0 && action == Lexicon.JWT) {
      return miss(
          i + 1); // other words begin with its letters, and it reads at begins of words only
    }
    // what a verifier has read must not be read again: that is what keeps the whole linear
    return outcome < 0 ? miss(Math.max(i + 1, (int) ~outcome)) : moved(outcome, anchor, i);
  }

  /** The bits of up to 64 places from {@code first} on. */
  private static long window(long[] bits, int first, int count) {
    int word = first >>> 6;
    long window = bits[word] >>> first;
    if ((first & 63) != 0 && word + 1 < bits.length) {
      window |= bits[word + 1] << -first;
    }
    return count < 64 ? window & (1L << count) - 1 : window;
  }

  /** A number with a plus sign, or digits that are part of an escape. */
  private static long signed(String s, int from, int floor, int i, int to, int kinds, int name) {
    char before = s.charAt(i - 1);
    int sign = -1;
    switch (before) {
      case '+' -> sign = i - 1;
      case ' ', '(' -> {
        if (i - 2 >= from && s.charAt(i - 2) == '+') {
          sign = i - 2;
        } else if (before == '(' && i - 3 >= from && s.startsWith("+ ", i - 3)) {
          sign = i - 3;
        }
      }
      default -> {
        long escape = MISSED;
        int start = i - 1;
        if (before == '%') {
          escape = percent(s, from, start, to, kinds, name);
        } else if (before == 'u') {
          if (i - 2 >= from && s.charAt(i - 2) == '\\') {
            start = i - 2;
            escape = backslash(s, from, start, to, kinds, name);
          }
        } else {
          start = before == '#' ? i - 2 : i - 3;
          if (start >= from && s.charAt(start) == '&') {
            escape = ampersand(s, from, start, to);
          }
        }
        if (escape < 0 && escape != MISSED && (int) ~escape > i) {
          return escape;
        }
        if (escape >= 0) {
          return moved(escape, start, i);
        }
      }
    }
    if (sign >= floor && sign >= from && (kinds & Kind.PHONE.bit()) != 0) {
      long phone = Phones.international(s, from, sign, sign + 1, to, name);
      if (phone >= 0) {
        return moved(phone, sign, i);
      }
    }
    return Numbers.verify(s, floor, i, to, kinds, name);
  }

  private static final long MISSED = miss(0);

  /** A hit that was told from one anchor, told from another. */
  private static long moved(long hit, int anchor, int to) {
    int start = anchor - (short) (hit >>> 32);
    return hit(Kind.at((int) (hit >>> 56)), to, start, (int) hit);
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
