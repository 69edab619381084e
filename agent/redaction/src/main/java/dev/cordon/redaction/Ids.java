package dev.cordon.redaction;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Numbers of people and companies that a word or a key announces. Almost any number passes the
 * check of some country, so that without such a word none is looked at, however well it checks.
 */
final class Ids {
  static final int MAX_COMPACT_CHARS = 24;
  static final int MAX_VALUES = 2 * MAX_COMPACT_CHARS;

  /** Where in the bits of {@link Names} the group of a key stands; 0 is none. */
  static final int GROUP_SHIFT = 16;

  private static final int GROUP_MASK = (1 << GROUP_SHIFT) - 1;
  private static final int SECOND_SHIFT = 8; // of a key that ends in the words of two groups
  static final int ONE_GROUP = (1 << SECOND_SHIFT) - 1;
  private static final Kind[] KINDS = Kind.values();
  private static final int MAX_NAME_CHARS = 20; // of a name in a text
  private static final int WINDOW_CHARS = 40;
  private static final int MAX_CANDIDATES = 3;

  /** Letters in front of the digits of a number that may have a blank behind them. */
  private static final int MAX_FRONT_LETTERS = 4;

  private static final int OWN_FILLERS = 2;
  private static final int MAX_FILLERS = 5;
  private static final int MAX_FILLER_CHARS = 9;
  private static final int MAX_TOLD_CHARS = 200;
  private static final int MAX_ACCOUNT_CHARS = 34;
  private static final int MIN_ACCOUNT_DIGITS = 8; // in a text
  private static final int MAX_ACCOUNT_DIGITS = 24;
  private static final int MAX_ENTRY_CHARS = 60; // a court, a letter or three, a number
  private static final int MIN_DIGITS = 5;
  private static final int SHORT_WORD_CHARS = 3; // these are looked for before a number only
  static final int KEY_BITS = 11;

  private static final @Nullable Group[] GROUPS = new @Nullable Group[ONE_GROUP + 1];

  /** Immutable, so that threads may hand it to each other without a fence. */
  private record Group(IdShape[] shapes) {}

  private Ids() {}

  /** Goes on with the character before; separators do not count, nor does case. */
  static int hash(int hash, char c) {
    if (c <= '_' && (c == ' ' || c == '_' || c == '-' || c == '.' || c == '\'' || c == '/')) {
      return hash;
    }
    if (c >= 128) {
      char lower = Character.toLowerCase(c);
      int accented = lower - FIRST_ACCENTED;
      boolean plain = accented >= 0 && accented < WITHOUT_ACCENT.length();
      return hash * 31 + (plain ? WITHOUT_ACCENT.charAt(accented) : lower);
    }
    return hash * 31 + (Chars.isAsciiLetter(c) ? c | 0x20 : c);
  }

  private static final char FIRST_ACCENTED = '\u00e0';

  /**
   * Letters from {@code \u00e0} to {@code \u017e} as they are in names of fields that are ASCII.
   */
  private static final String WITHOUT_ACCENT =
      "aaaaaa\u00e6ceeeeiiii\u00f0nooooo\u00f7ouuuuy\u00feyaaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiijjjjkk"
          + "\u0138llllllllllnnnnnnnnnoooooo\u0153\u0153rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzz";

  static int slot(int hash) {
    return hash * 0x9E3779B1 >>> 32 - KEY_BITS;
  }

  private static int keyGroup(int slot) {
    return Tables.charAt(Tables.KEY_GROUPS, slot);
  }

  /** Open addressing: by the hash of a word without its separators. */
  private static int groupOf(int hash) {
    int slot = slot(hash);
    for (int group = keyGroup(slot); group != 0; group = keyGroup(slot)) {
      if (Tables.intAt(Tables.KEY_HASHES, slot) == hash) {
        return group;
      }
      slot = slot + 1 & (1 << KEY_BITS) - 1;
    }
    return 0;
  }

  /**
   * The group that the last words of a key name, as bits of {@link Names}; the most words count.
   */
  static int ofKey(String s, int from, int to) {
    int last = to;
    while (last > from && !isWordLetter(s.charAt(last - 1)) && !Chars.isDigit(s.charAt(last - 1))) {
      last--;
    }
    int whole = group(s, from, last);
    int end = withoutNumber(s, from, last);
    int without = end < last ? group(s, from, end) : 0;
    if (without != 0 && isAccount(without & GROUP_MASK) && !saysNumber(s, end, last)) {
      without = 0; // bank_account_id is none of a bank
    }
    int first = whole == 0 ? without : whole;
    int second = 0;
    if (without != 0 && without >>> GROUP_SHIFT < first >>> GROUP_SHIFT) {
      first = without; // employer identification, number; and identification number
      second = whole & GROUP_MASK;
    }
    return ((first & GROUP_MASK) | second << SECOND_SHIFT) << GROUP_SHIFT;
  }

  private static boolean isAccount(int group) {
    int told = Tables.told(group);
    return told == 'k' || told == 'r';
  }

  private static boolean saysNumber(String s, int from, int to) {
    int word = Chars.isAsciiLetter(s.charAt(from)) ? from : from + 1;
    return word < to && ((s.charAt(word) | 0x20) == 'n' || s.startsWith("broj", word));
  }

  /** What a key {@code name} says in an object that this key names. */
  static int ofNameIn(String s, int from, int to) {
    int group = group(s, from, to) & GROUP_MASK;
    boolean person = group != 0 && Tables.told(group) == 'o';
    return person ? Tables.PERSON_GROUP << GROUP_SHIFT : 0;
  }

  /** The group of the most words at the end, and above it where they begin; 0 without one. */
  private static int group(String s, int from, int to) {
    int hash = 0;
    int found = 0;
    for (int i = to - 1; i >= from; i--) {
      char c = s.charAt(i);
      hash = hash(hash, c);
      boolean begins =
          i == from
              || !Chars.isAsciiLetter(s.charAt(i - 1))
              || (c < 'a' && Chars.isAsciiLetter(c) && s.charAt(i - 1) >= 'a');
      if (begins && Character.isLetter(c)) {
        int group = groupOf(hash);
        found = group == 0 ? found : group | i - from << GROUP_SHIFT;
      }
    }
    return found;
  }

  /** Before {@code Number}, {@code _no}, {@code -nr}, {@code _id}, {@code Code}, {@code Value}. */
  private static int withoutNumber(String s, int from, int to) {
    for (String word : NUMBER_WORDS) {
      int at = to - word.length();
      if (at > from && s.regionMatches(true, at, word, 0, word.length())) {
        char before = s.charAt(at - 1);
        boolean separate = !Chars.isAsciiLetter(before) || s.charAt(at) < 'a' || word.length() > 4;
        if (separate) {
          return Chars.isAsciiLetter(before) || before >= 0x80 ? at : at - 1;
        }
      }
    }
    return to;
  }

  private static final String[] NUMBER_WORDS = {
    "number",
    "nummer",
    "numero",
    "numer",
    "num",
    "broj",
    "identifier",
    "code",
    "value",
    "no",
    "nr",
    "id"
  };

  // ---- a word in a text

  /**
   * The number behind a word of a group.
   *
   * @return a hit told from {@code anchor}, or a miss
   */
  static long after(
      int group, String s, int from, int start, int wordEnd, int to, int kinds, int anchor) {
    char last = s.charAt(wordEnd - 1);
    int end = last == ' ' || last == ':' || last == '=' ? wordEnd - 1 : wordEnd;
    if (!isWord(s, from, start, end, to)) {
      return Detector.miss(end);
    }
    int limit = Math.min(to, end + WINDOW_CHARS);
    int candidates = 0;
    boolean told = Tables.told(group) != 0;
    int behindEscape = end;
    for (int at = end; at < limit; at++) {
      char c = s.charAt(at);
      if (c == '\\' && Chars.isHexAt(s, at + 2, 4, to) && s.charAt(at + 1) == 'u') {
        behindEscape = at + 6; // \\uDCB3 is no word, nor glued to what follows
        at = behindEscape - 1;
        continue;
      }
      if (c == '\n' || c == ',' || c == ';' || c == '{' || c == '}') {
        break;
      }
      boolean glued = Chars.isAlphanumeric(s.charAt(at - 1)) && at != behindEscape;
      if (!Chars.isAlphanumeric(c) || glued || at == end) {
        continue;
      }
      if (!told && !hasDigitNear(s, at, to)) {
        continue;
      }
      if (told && isAccount(group) && !isRightBehind(s, end, at)) {
        break;
      }
      long hit = at(group, s, at, to, kinds, anchor);
      if (hit >= 0 || ++candidates == MAX_CANDIDATES) {
        return hit;
      }
    }
    return Detector.miss(end);
  }

  /** Whether nothing but punctuation and words such as "number" stands between. */
  private static boolean isRightBehind(String s, int end, int number) {
    int at = end;
    while (at < number) {
      char c = s.charAt(at);
      if (isWordLetter(c)) {
        int word = at;
        while (at < number && isWordLetter(s.charAt(at))) {
          at++;
        }
        if (!isFiller(FILLERS, s, word, at) && !isFiller(MORE_FILLERS, s, word, at)) {
          return false;
        }
      } else if (" :=#\"'(\t>.".indexOf(c) >= 0 && at - end < WINDOW_CHARS) {
        at++;
      } else {
        return false;
      }
    }
    return true;
  }

  /**
   * A word of letters only is none of our numbers: they have a digit among the first seven. Behind
   * capital letters it may stand apart: {@code AL J 91402501 L}.
   */
  private static boolean hasDigitNear(String s, int at, int to) {
    int limit = Math.min(to, at + 7);
    boolean upper = true;
    for (int i = at; i < limit; i++) {
      char c = s.charAt(i);
      if (Chars.isDigit(c)) {
        return true;
      }
      boolean letter = Chars.isAsciiLetter(c);
      upper &= !letter || c < 'a';
      if (!letter && (!upper || " -./".indexOf(c) < 0)) {
        return false;
      }
    }
    return false;
  }

  private static boolean isWord(String s, int from, int start, int end, int to) {
    if (s.charAt(start) >= 0x80 && Chars.isUnspaced(s.charAt(start))) {
      return true; // these put no blank between words
    }
    if (start > from && Chars.glues(s.charAt(start - 1)) && s.charAt(start - 1) != '_') {
      boolean hump = s.charAt(start) < 'a' && s.charAt(start - 1) >= 'a';
      if (!hump) {
        return false;
      }
    }
    boolean ends = end >= to || !Chars.isAsciiLetter(s.charAt(end)) || s.charAt(end) < 'a';
    for (int i = 0; !ends && i < NUMBER_WORDS.length; i++) {
      ends = s.startsWith(NUMBER_WORDS[i], end);
    }
    return ends && !isInToken(s, from, start, end, to) && !isInPlaceholder(s, from, start);
  }

  /** {@code [TAX_ID]} stands for what was found already and announces nothing behind it. */
  private static boolean isInPlaceholder(String s, int from, int start) {
    int open = start - 1;
    while (open >= from && start - open < MAX_NAME_CHARS && Chars.isWord(s.charAt(open))) {
      open--;
    }
    if (open < from || s.charAt(open) != '[') {
      return false;
    }
    for (Kind kind : KINDS) {
      if (s.startsWith(kind.placeholder(), open)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether the word is a piece of something that nobody would call a name: {@code bgVATvIn} stands
   * in {@code ch_p7SvobgVATvIn}. A name of a field may be long or have digits, and then says so by
   * what follows it.
   */
  private static boolean isInToken(String s, int from, int start, int end, int to) {
    boolean glued =
        start > from && Chars.isAlphanumeric(s.charAt(start - 1))
            || end < to && Chars.isAlphanumeric(s.charAt(end));
    if (!glued) {
      return false;
    }
    int first = start;
    boolean digit = false;
    while (first > from && start - first < MAX_NAME_CHARS && Chars.isWord(s.charAt(first - 1))) {
      first--;
      digit |= Chars.isDigit(s.charAt(first));
    }
    int last = end;
    while (last < to && last - end < MAX_NAME_CHARS && Chars.isWord(s.charAt(last))) {
      digit |= Chars.isDigit(s.charAt(last));
      last++;
    }
    boolean named = last < to && ":=\"'".indexOf(s.charAt(last)) >= 0;
    return !named && (digit || last - first > MAX_NAME_CHARS || !isOneCase(s, start, end));
  }

  /** Capitals, small letters, or one capital first. */
  private static boolean isOneCase(String s, int start, int end) {
    int capitals = 0;
    int letters = 0;
    for (int i = start; i < end; i++) {
      char c = s.charAt(i);
      if (c < 0x80 && !Chars.isAsciiLetter(c)) {
        return true; // of more words than one
      }
      letters++;
      capitals += c >= 'A' && c <= 'Z' ? 1 : 0;
    }
    return capitals == 0 || capitals == letters || (capitals == 1 && s.charAt(start) < 'a');
  }

  /**
   * A short word right before a number, with nothing but punctuation and "number" between: {@code
   * BSN: 111222333}.
   *
   * @param i where the number begins, letters in front of its digits included
   */
  static long before(String s, int from, int i, int to, int kinds, int anchor) {
    if ((kinds & Kind.ID_KINDS) == 0) {
      return Detector.miss(anchor);
    }
    int number = lettersBefore(s, from, i); // V-11470283
    int end = number;
    boolean more = false; // words that are usual in a sentence only
    for (int fillers = 0; fillers < MAX_FILLERS; fillers++) {
      int stop = Math.max(from, end - 8);
      while (end > stop && " :=#\"'(\t/>.".indexOf(s.charAt(end - 1)) >= 0) {
        end--;
      }
      if (end == number && fillers == 0) {
        return Detector.miss(anchor);
      }
      int start = end;
      stop = Math.max(from, end - MAX_FILLER_CHARS);
      while (start > stop && isWordLetter(s.charAt(start - 1))) {
        start--;
      }
      if (start == end) {
        return Detector.miss(anchor);
      }
      int hump = end - start > SHORT_WORD_CHARS ? lastHump(s, start, end) : start;
      if (hump > start && isNamed(s, end, i)) {
        start = hump; // the last word of the name of a field: ownerVat
      } else if (start > from && Chars.glues(s.charAt(start - 1)) && s.charAt(start - 1) != '_') {
        return Detector.miss(anchor);
      }
      if (end - start <= SHORT_WORD_CHARS) {
        int hash = 0;
        for (int k = end - 1; k >= start; k--) {
          hash = hash(hash, s.charAt(k));
        }
        int group = groupOf(hash);
        if (group != 0) {
          long hit = at(group, s, number, to, kinds, anchor);
          if (hit >= 0) {
            return more && isJoined(s, (int) hit, to) ? Detector.miss(anchor) : hit;
          }
          return number == i || s.charAt(i - 1) == '-' ? hit : at(group, s, i, to, kinds, anchor);
        }
      }
      if (isUpper(s, start, end) && number == i) { // BE 428759497
        number = start;
      } else if (!isFiller(FILLERS, s, start, end)) {
        more = true;
        if (!isFiller(MORE_FILLERS, s, start, end)) {
          return Detector.miss(anchor);
        }
      }
      more |= fillers == OWN_FILLERS;
      end = start;
    }
    return Detector.miss(anchor);
  }

  /** Where letters and a dash in front of the digits begin; {@code i} if there are none. */
  private static int lettersBefore(String s, int from, int i) {
    int dash = i - 1;
    if (dash <= from || s.charAt(dash) != '-') {
      return i;
    }
    int start = dash;
    while (start > from
        && dash - start < MAX_FRONT_LETTERS
        && Chars.isAsciiLetter(s.charAt(start - 1))) {
      start--;
    }
    return start < dash && Chars.startsWord(s, from, start) ? start : i;
  }

  /** Where the last word of a name in camel case begins; {@code start} if it is no such name. */
  private static int lastHump(String s, int start, int end) {
    for (int i = end - 1; i > start; i--) {
      if (Character.isUpperCase(s.charAt(i)) && Character.isLowerCase(s.charAt(i - 1))) {
        return i;
      }
    }
    return start;
  }

  /** Whether what follows the word shows that it is the name of a field. */
  private static boolean isNamed(String s, int end, int number) {
    for (int i = end; i < number; i++) {
      if (s.charAt(i) == ':' || s.charAt(i) == '=') {
        return true;
      }
    }
    return false;
  }

  private static boolean isWordLetter(char c) {
    return Chars.isAsciiLetter(c) || (c >= 0x80 && Character.isLetter(c));
  }

  private static boolean isUpper(String s, int start, int end) {
    for (int i = start; i < end; i++) {
      if (s.charAt(i) < 'A' || s.charAt(i) > 'Z') {
        return false;
      }
    }
    return end - start <= MAX_FRONT_LETTERS;
  }

  private static boolean isFiller(String[] words, String s, int start, int end) {
    for (String word : words) {
      if (word.length() == end - start && s.regionMatches(true, start, word, 0, end - start)) {
        return true;
      }
    }
    return false;
  }

  private static final String[] FILLERS = {
    "no", "nr", "number", "num", "is", "id", "nummer", "numero", "code", "reg", "est", "ist", "es"
  };

  private static final String[] MORE_FILLERS = {
    "of",
    "the",
    "for",
    "customer",
    "client",
    "company",
    "person",
    "my",
    "our",
    "your",
    "her",
    "his",
    "their",
    "del",
    "der",
    "des",
    "du",
    "de",
    "la",
    "le",
    "el",
    "da",
    "do",
    "di",
    "van",
    "kunden",
    "cliente"
  };

  // ---- a whole value under a key

  /** Where a value of the group of this key ends that takes the whole text; the kind, or null. */
  static @Nullable Kind whole(int name, String s, int from, int to, int kinds) {
    int start = from;
    int end = to;
    while (start < end && s.charAt(start) <= ' ') {
      start++;
    }
    while (end > start && s.charAt(end - 1) <= ' ') {
      end--;
    }
    int groups = name >>> GROUP_SHIFT;
    Kind kind = wholeOf(groups & ONE_GROUP, s, start, end, kinds);
    int second = groups >>> SECOND_SHIFT;
    return kind != null || second == 0 ? kind : wholeOf(second, s, start, end, kinds);
  }

  private static @Nullable Kind wholeOf(int group, String s, int start, int end, int kinds) {
    if (Tables.told(group) != 0) {
      Kind kind = told(Tables.told(group));
      return kind != null && (kinds & kind.bit()) != 0 && isTold(group, s, start, end)
          ? kind
          : null;
    }
    if (end - start < MIN_DIGITS || end - start > 2 * MAX_COMPACT_CHARS) {
      return null;
    }
    long hit = at(group, s, start, end, kinds, start);
    return hit >= 0 && (int) hit == end ? Kind.at((int) (hit >>> 56)) : null;
  }

  private static @Nullable Kind told(int what) {
    return switch (what) {
      case 'n' -> Kind.NAME;
      case 'o' -> null; // an object; a text in its place is an id
      case 'a', 'p', 'c' -> Kind.ADDRESS;
      case 'b' -> Kind.BIRTH_DATE;
      case 'x' -> Kind.WALLET;
      case 'm' -> Kind.MAC_ADDRESS;
      case 'k' -> Kind.BANK_ACCOUNT;
      case 'r' -> Kind.COMPANY_ID;
      default -> throw new IllegalStateException("no key tells ".concat(String.valueOf(what)));
    };
  }

  /** Whether a value under a key that says what it is looks like it. */
  private static boolean isTold(int group, String s, int start, int end) {
    int letters = 0;
    int digits = 0;
    int blanks = 0;
    boolean slash = false;
    for (int i = start; i < end; i++) {
      char c = s.charAt(i);
      if (Chars.isDigit(c)) {
        digits++;
      } else if (Character.isLetter(c)) {
        letters++;
      } else if (c == ' ') {
        blanks++;
      } else if (c == '/') {
        slash = true;
      } else if (c == '@' || c == '{' || c == '<' || c == '[' || c == '=' || c == '\\'
          || c == '_') {
        return false; // an address of another kind, a placeholder, a template, an identifier
      }
    }
    int chars = end - start;
    if (chars < 2 || chars > MAX_TOLD_CHARS || isLiteral(s, start, end)) {
      return false;
    }
    return switch (Tables.told(group)) {
      case 'n' -> letters >= 1 && digits == 0 && !slash;
      case 'a' ->
          letters >= 2
              && !s.startsWith("//", start + 5)
              && !s.startsWith("//", start + 6)
              && (blanks >= 1 || digits >= 1 || s.charAt(start) >= 0x80);
      case 'p' -> digits >= 2 && chars <= 10;
      case 'c' -> letters >= 2 && digits == 0;
      case 'b' -> digits >= 4 && chars <= 32;
      case 'm' -> Addresses.toldMacEnd(s, start, end) == end;
      case 'k' -> accountEnd(s, start, end) == end;
      case 'r' -> digits >= 3 && chars <= MAX_ENTRY_CHARS;
      default -> Wallets.end(s, start, end) == end;
    };
  }

  private static boolean isLiteral(String s, int start, int end) {
    for (String word : LITERALS) {
      if (word.length() == end - start && s.regionMatches(true, start, word, 0, end - start)) {
        return true;
      }
    }
    return false;
  }

  private static final String[] LITERALS = {
    "null",
    "none",
    "true",
    "false",
    "string",
    "unknown",
    "n/a",
    "undefined",
    "required",
    "unchecked",
    "pass",
    "fail",
    "unavailable",
    "auto",
    "optional",
    "never",
    "always"
  };

  // ---- the number itself

  private static long at(int group, String s, int start, int to, int kinds, int anchor) {
    if (Tables.told(group) != 0) {
      Kind kind = told(Tables.told(group));
      int end = -1;
      if (kind == Kind.WALLET && (kinds & kind.bit()) != 0) {
        end = Wallets.end(s, start, to);
      } else if (kind == Kind.MAC_ADDRESS && (kinds & kind.bit()) != 0) {
        end = Addresses.toldMacEnd(s, start, to);
      } else if (kind == Kind.BANK_ACCOUNT && (kinds & kind.bit()) != 0) {
        end = accountEnd(s, start, to);
      }
      return kind == null || end < 0
          ? Detector.miss(start)
          : Detector.hit(kind, anchor, start, end);
    }
    Scratch scratch = Scratch.mine();
    byte[] compact = scratch.id;
    int[] endsAt = scratch.idEnds;
    long boundaries = 0; // one bit for each length a number may have
    long alone = 0; // those behind which nothing is joined by a sign
    int digits = 0;
    int size = 0;
    int open = 0;
    boolean wide = false;
    int at = start;
    while (at < to && size < MAX_COMPACT_CHARS) {
      char c = s.charAt(at);
      char letter = c < 0x80 ? c : latin(c);
      if (Chars.isAlphanumeric(letter)) {
        boolean digit = Chars.isDigit(c);
        digits += digit ? 1 : 0;
        compact[size++] = (byte) (digit ? c : letter & 0xDF);
        at++;
        if (at >= to || !Chars.glues(s.charAt(at))) {
          endsAt[size] = at;
          if (open > 0 && at < to && s.charAt(at) == ')') {
            endsAt[size] = at + 1;
          }
          boolean joined = isJoined(s, at, to);
          boundaries |= digits >= MIN_DIGITS && !(wide && joined) ? 1L << size : 0;
          alone |= joined ? 0 : 1L << size;
        }
      } else {
        int gap = gapChars(s, at, to);
        if (gap == 0) {
          gap = wideGapChars(s, start, at, to);
          wide = true;
        }
        if (gap == 0) {
          break;
        }
        open += s.charAt(at + gap - 1) == '(' ? 1 : 0;
        at += gap;
      }
    }
    if (boundaries == 0) {
      return Detector.miss(start);
    }
    IdShape[] shapes = shapes(group);
    IdShape best = longest(shapes, scratch, boundaries, alone, kinds);
    int length = best == null ? 0 : best.length;
    if (size > 2 && isCountry(compact) && !Chars.isAsciiLetter(s.charAt(start + 2))) {
      // BG 175 074 752
      System.arraycopy(compact, 2, compact, 0, size - 2);
      IdShape other = longest(shapes, scratch, (boundaries & alone) >>> 2, alone >>> 2, kinds);
      if (other != null && other.length + 2 > length) {
        best = other;
        length = other.length + 2;
      }
    }
    return best == null
        ? Detector.miss(start)
        : Detector.hit(best.kind, anchor, start, endsAt[length]);
  }

  /** Whether more follows behind a sign: {@code 982-247} of {@code 982-247-26}, of 982 247 26. */
  private static boolean isJoined(String s, int at, int to) {
    if (at + 1 >= to) {
      return false;
    }
    char next = s.charAt(at + 1);
    return s.charAt(at) == ' '
        ? Chars.isDigit(next)
        : "-./".indexOf(s.charAt(at)) >= 0 && Chars.isAlphanumeric(next);
  }

  /** The letter of ASCII that a letter looks like, in numbers that are written in its script. */
  private static char latin(char c) {
    int at = FOREIGN.indexOf(c);
    return at < 0 ? c : LATIN.charAt(at);
  }

  private static final String FOREIGN =
      "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0425\u0395\u039b\u00d1\u00f1";
  private static final String LATIN = "ABEKMHOPCTXELNN";

  private static @Nullable IdShape longest(
      IdShape[] shapes, Scratch scratch, long boundaries, long alone, int kinds) {
    IdShape best = null;
    for (IdShape shape : shapes) {
      if ((best == null || shape.length > best.length)
          && ((shape.alone ? boundaries & alone : boundaries) >>> shape.length & 1) != 0
          && (kinds & shape.kind.bit()) != 0
          && shape.fits(scratch.id, scratch.idValues)) {
        best = shape;
      }
    }
    return best;
  }

  /** Countries that are put in front of numbers that do not have them: {@code BG 175 074 752}. */
  private static boolean isCountry(byte[] compact) {
    for (int i = 0; i < COUNTRIES.length(); i += 2) {
      if (COUNTRIES.charAt(i) == compact[0] && COUNTRIES.charAt(i + 1) == compact[1]) {
        return true;
      }
    }
    return false;
  }

  private static final String COUNTRIES =
      "ADALARATAUBABEBGBRBYCACHCLCOCRCYCZDEDKDOECEEELESFIFRGBGRHRHUIEINISITLILTLULVMCMDMEMKMTMXNLNONZPEPLPTPYRORSRUSESISKSMTRUAUKUSUYVEXIZA";

  /** What may stand between two characters of a number: one sign, or a dash with blanks. */
  private static int gapChars(String s, int at, int to) {
    char c = s.charAt(at);
    if (" -./(+".indexOf(c) < 0 || at + 1 >= to) {
      return 0;
    }
    char next = s.charAt(at + 1);
    if (Chars.isAlphanumeric(next)) {
      return 1;
    }
    if (c != ' ' || at + 2 >= to || (next != '-' && next != '(')) {
      return 0;
    }
    if (Chars.isAlphanumeric(s.charAt(at + 2))) {
      return 2;
    }
    boolean dash = next == '-' && s.charAt(at + 2) == ' ';
    return dash && at + 3 < to && Chars.isAlphanumeric(s.charAt(at + 3)) ? 3 : 0;
  }

  /**
   * The same for numbers that nothing may follow behind a sign: {@code J52 / 750 / 2012}, {@code BE
   * (0)428.759.497}, {@code NIF: ES:X1234567L}.
   */
  private static int wideGapChars(String s, int start, int at, int to) {
    char c = s.charAt(at);
    boolean one = at + 1 < to && Chars.isAlphanumeric(s.charAt(at + 1));
    if (c == ')') {
      return one && at - 2 > start && s.charAt(at - 2) == '(' ? 1 : 0;
    }
    if (c == ':') {
      return one && at - start == 2 && !Chars.isDigit(s.charAt(start)) ? 1 : 0;
    }
    boolean slash = at + 3 < to && s.startsWith(" / ", at);
    return slash && Chars.isAlphanumeric(s.charAt(at + 3)) ? 3 : 0;
  }

  /**
   * The end of the number of an account, -1 if it is none: eight digits and more with blanks,
   * dashes and slashes between, no date and no amount.
   */
  private static int accountEnd(String s, int start, int to) {
    int digits = 0;
    int at = start;
    int end = -1;
    while (at < to && at - start <= MAX_ACCOUNT_CHARS) {
      char c = s.charAt(at);
      if (Chars.isDigit(c)) {
        digits++;
        at++;
        if (digits >= MIN_ACCOUNT_DIGITS && Chars.endsWord(s, at, to)) {
          end = at;
        }
      } else if (at > start && " -/".indexOf(c) >= 0 && Chars.isDigit(s.charAt(at - 1))) {
        at++;
      } else {
        break;
      }
    }
    boolean amount =
        at + 1 < to && ".,:".indexOf(s.charAt(at)) >= 0 && Chars.isDigit(s.charAt(at + 1));
    return amount || digits > MAX_ACCOUNT_DIGITS || isDate(s, start, to) ? -1 : end;
  }

  /** {@code 2026-03-01}, {@code 01/03/2026}, {@code 1-3-2026}, {@code 20260301}. */
  private static boolean isDate(String s, int start, int to) {
    int groups = 0;
    int year = 0;
    int small = 0;
    int at = start;
    while (at < to && groups < 3) {
      int number = 0;
      int from = at;
      while (at < to && at - from < 9 && Chars.isDigit(s.charAt(at))) {
        number = number * 10 + s.charAt(at++) - '0';
      }
      int chars = at - from;
      if (groups == 0 && chars == 8) {
        int month = number / 100 % 100;
        int day = number % 100;
        return number / 1000000 >= 19 && number / 1000000 <= 20 && isDay(month, day);
      }
      groups++;
      if (chars == 4 && number >= 1900 && number < 2100) {
        year++;
      } else if (chars <= 2 && number >= 1 && number <= 31) {
        small++;
      }
      if (at >= to || " -/".indexOf(s.charAt(at)) < 0) {
        break;
      }
      at++;
    }
    return year == 1 && small == 2;
  }

  private static boolean isDay(int month, int day) {
    return month >= 1 && month <= 12 && day >= 1 && day <= 31;
  }

  private static IdShape[] shapes(int group) {
    Group known = GROUPS[group];
    if (known == null) {
      known = new Group(read(Tables.names(group).split(" ", -1)));
      GROUPS[group] = known;
    }
    return known.shapes();
  }

  private static IdShape[] read(String[] names) {
    String table = IdTable.TEXT;
    List<IdShape> shapes = new ArrayList<>();
    for (int at = 0; at < table.length(); at = table.indexOf('\n', at) + 1) {
      int blank = table.indexOf(' ', at);
      for (String name : names) {
        boolean kind = name.length() == 1 && table.charAt(blank + 1) == name.charAt(0);
        int dot = table.indexOf('.', at);
        boolean plain = dot >= 0 && dot < blank; // no passport for a generic word
        if (kind ? plain : name.length() == blank - at && table.startsWith(name, at)) {
          IdShape.read(table.substring(at, table.indexOf('\n', at)), shapes);
          break;
        }
      }
    }
    return shapes.toArray(new IdShape[0]);
  }
}
