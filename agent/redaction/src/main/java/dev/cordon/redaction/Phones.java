package dev.cordon.redaction;

/**
 * Telephone numbers. With a plus sign the country code speaks for itself; the North American shapes
 * are told by their groups; any other national number only counts behind a name that says phone,
 * because almost any number is a valid national number somewhere.
 */
final class Phones {
  private static final int MAX_DIGITS = 15;
  private static final int MIN_NAMED_DIGITS = 6;
  private static final int NAME_CHARS = 64;

  private static final String TWO_DIGIT_CODES =
      "20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64"
          + " 65 66 81 82 84 86 90 91 92 93 94 95 98";
  private static final String THREE_DIGIT_CODES =
      "211-213 216 218 220-269 290 291 297-299 350-359 370-379 380-383 385-387 389 420 421 423"
          + " 500-509 590-599 670 672-683 685-692 800 808 850 852 853 855 856 870 878 880-883 886"
          + " 888 960-968 970-977 979 992-996 998";

  /** Digits of the country code that begins with these three digits, 0 if none does. */
  private static final byte[] CODE_DIGITS = new byte[1000];

  static {
    for (String code : THREE_DIGIT_CODES.split(" ", -1)) {
      int first = Integer.parseInt(code.substring(0, 3));
      int last = Integer.parseInt(code.substring(code.length() - 3));
      for (int i = first; i <= last; i++) {
        CODE_DIGITS[i] = 3;
      }
    }
    for (String code : TWO_DIGIT_CODES.split(" ", -1)) {
      for (int i = 0; i < 10; i++) {
        CODE_DIGITS[Integer.parseInt(code) * 10 + i] = 2;
      }
    }
    for (int i = 0; i < 100; i++) {
      CODE_DIGITS[100 + i] = 1;
      CODE_DIGITS[700 + i] = 1;
    }
  }

  private Phones() {}

  /** {@code plus} is where the plus sign begins, {@code i} what follows it. */
  static long international(String s, int from, int plus, int i, int to, int name) {
    int at = i;
    if (at < to && s.charAt(at) == ' ') {
      at++;
    }
    if (at < to && s.charAt(at) == '(') {
      at++;
    }
    if (at >= to || s.charAt(at) < '1' || s.charAt(at) > '9') {
      return Detector.miss(i);
    }
    if (plus > from) {
      char before = s.charAt(plus - 1);
      if (before == '+' || before == '/' || !Chars.startsWord(s, from, plus)) {
        return Detector.miss(i);
      }
    }
    int end = internationalEnd(s, at, to);
    if (end < 0) {
      return Detector.miss(i);
    }
    if (isSignedDecimal(s, at, end, to) || isDate(s, at, end)) {
      int names = name | Names.before(s, Math.max(from, plus - NAME_CHARS), plus);
      if ((names & Names.PHONE) == 0) {
        return Detector.miss(i);
      }
    }
    return Detector.hit(Kind.PHONE, plus, plus, extensionEnd(s, end, to));
  }

  /**
   * Whether this reads as {@code +48.8577} or {@code +48.8577-002.295}: a dot between the first two
   * runs of digits, and none behind the second. Registries of domains write numbers like that, but
   * under a name.
   */
  private static boolean isSignedDecimal(String s, int first, int end, int to) {
    int dot = skipDigits(s, first, to);
    int fraction = skipDigits(s, dot + 1, to);
    if (dot >= to || s.charAt(dot) != '.' || fraction == dot + 1) {
      return false;
    }
    if (fraction < to && s.charAt(fraction) == '.' && isDigits(s, fraction + 1, 1, to)) {
      return false;
    }
    if (end <= fraction) {
      return true;
    }
    int next = skipDigits(s, fraction + 1, to);
    return next > fraction + 1
        && next < to
        && s.charAt(next) == '.'
        && isDigits(s, next + 1, 1, to);
  }

  /** Whether these are the eight digits of a year, a month and a day. */
  private static boolean isDate(String s, int first, int end) {
    if (end - first != 8 || !isDigits(s, first, 8, end)) {
      return false;
    }
    int month = (s.charAt(first + 4) - '0') * 10 + s.charAt(first + 5) - '0';
    int day = (s.charAt(first + 6) - '0') * 10 + s.charAt(first + 7) - '0';
    return (s.startsWith("20", first) || s.startsWith("19", first))
        && month >= 1
        && month <= 12
        && day >= 1
        && day <= 31;
  }

  private static int skipDigits(String s, int at, int to) {
    int end = at;
    while (end < to && Chars.isDigit(s.charAt(end))) {
      end++;
    }
    return end;
  }

  /** End of a number that begins with its country code, -1 if it is none. */
  private static int internationalEnd(String s, int first, int to) {
    int end = -1;
    int digits = 0;
    int prefix = 0; // first four digits
    int firstNational = -1;
    int codeDigits = 0;
    boolean grouped = false;
    int at = first;
    while (true) {
      while (at < to && Chars.isDigit(s.charAt(at))) {
        if (digits < 4) {
          prefix = prefix * 10 + s.charAt(at) - '0';
        }
        if (++digits == 3) {
          codeDigits = CODE_DIGITS[prefix];
        }
        if (codeDigits > 0 && digits == codeDigits + 1) {
          firstNational = s.charAt(at) - '0';
        }
        at++;
        if (digits > MAX_DIGITS) {
          return end; // the last group that fitted
        }
      }
      if (digits >= 4 && firstNational < 0) {
        firstNational = digitAt(prefix, codeDigits);
      }
      if (codeDigits > 0
          && isPlausible(prefix, codeDigits, digits, firstNational, grouped)
          && Chars.endsWord(s, at, to)) {
        end = at;
      } else if (at < to && s.charAt(at) == 'x') {
        if (codeDigits > 0 && isPlausible(prefix, codeDigits, digits, firstNational, grouped)) {
          end = at;
        }
      }
      if (codeDigits == 1 && digits >= 11) {
        return end; // these have one length: what follows is something else
      }
      int gap = separatorChars(s, at, to);
      if (gap == 0) {
        return end;
      }
      if (s.startsWith("(0)", at) || s.startsWith("(0)", at + 1)) {
        gap = s.indexOf(')', at) + 1 - at;
        gap += at + gap < to && !Chars.isDigit(s.charAt(at + gap)) ? 1 : 0;
      }
      at += gap;
      grouped = true;
      if (at >= to || !Chars.isDigit(s.charAt(at))) {
        return end;
      }
    }
  }

  /** The digit behind a code of that many digits, among the first four. */
  private static int digitAt(int firstFour, int codeDigits) {
    return switch (codeDigits) {
      case 1 -> firstFour / 100 % 10;
      case 2 -> firstFour / 10 % 10;
      case 3 -> firstFour % 10;
      default -> -1;
    };
  }

  private static boolean isPlausible(
      int prefix, int codeDigits, int digits, int firstNational, boolean grouped) {
    int national = digits - codeDigits;
    if (codeDigits == 1) {
      return national == 10 && (prefix >= 7000 ? digitAt(prefix, 1) >= 3 : digitAt(prefix, 1) >= 2);
    }
    boolean trunkZero = digitAt(prefix, codeDigits) == 0;
    if (trunkZero && !grouped && national < (codeDigits == 3 ? 7 : 9) && prefix / 100 != 39) {
      return false; // people write a trunk zero, and they write groups: this is a small number
    }
    if (codeDigits == 3) {
      return national >= (grouped ? 4 : 5) && digits >= 7 && firstNational >= 0
          || (national == 4 && (prefix / 10 >= 290 && prefix / 10 <= 291 || prefix / 1000 == 6));
    }
    return national >= 6 || (grouped && national >= 5);
  }

  /** {@code i} is the first digit of a run; the sign in front may be an opening parenthesis. */
  static long national(String s, int floor, int i, int firstRun, int to, int name) {
    char before = i > floor ? s.charAt(i - 1) : ' ';
    int start = before == '(' ? i - 1 : i;
    if (firstRun == 3 || (firstRun == 1 && s.charAt(i) == '1') || firstRun == 10) {
      int end = northAmericanEnd(s, floor, start, i, firstRun, to, name);
      if (end > 0) {
        return Detector.hit(Kind.PHONE, i, start, extensionEnd(s, end, to));
      }
    }
    if (continues(s, floor, i, before) && !isColumn(s, i, to, before)) {
      return Detector.miss(i + firstRun);
    }
    if (firstRun >= 3 && s.startsWith("00", i) && s.charAt(i + 2) != '0' && firstRun <= 7) {
      int end = internationalEnd(s, i + 2, to);
      if (end > i + firstRun && !Chars.isInUuid(s, floor, i, to)) {
        return Detector.hit(Kind.PHONE, i, i, end);
      }
    }
    if ((name & (Names.PHONE | Names.PHONE_WORD_NEAR)) == 0 && !isBehindUnspaced(s, floor, start)) {
      return Detector.miss(i + firstRun);
    }
    int end = namedEnd(s, i, to);
    if (end < 0) {
      return Detector.miss(i + firstRun);
    }
    int names = name | Names.before(s, Math.max(floor, start - NAME_CHARS), start);
    if ((names & Names.PHONE) == 0 || (names & Names.IDENTIFIER) != 0) {
      return Detector.miss(i + firstRun);
    }
    if (firstRun == 1 && s.startsWith(") 00", i + 1)) {
      end = Math.max(end, internationalEnd(s, i + 5, to)); // 1) 0044 20 7946 0132
    }
    return Detector.hit(Kind.PHONE, i, start, extensionEnd(s, end, to));
  }

  /** Whether the digits go on from others: {@code 2026-11-21}, {@code 10.0.0.1}, {@code 12:30}. */
  private static boolean continues(String s, int floor, int i, char before) {
    return "-./: ,+()".indexOf(before) >= 0 && Chars.endsInDigit(s, floor, i - 1);
  }

  /** Whether it stands behind a comma as no part of a number does: {@code 17,0044 20 7946 0132}. */
  private static boolean isColumn(String s, int i, int to, char before) {
    return before == ','
        && s.startsWith("00", i)
        && i + 4 < to
        && Chars.isDigit(s.charAt(i + 3)) // no number of an order: 009-3290784-0482712
        && internationalEnd(s, i + 2, to) - i >= 12;
  }

  /** Whether a word of Japanese or Chinese may stand right before: few begin with three letters. */
  private static boolean isBehindUnspaced(String s, int floor, int start) {
    for (int i = start - 1; i >= floor && i >= start - 3; i--) {
      if (Chars.isUnspaced(s.charAt(i))) {
        return true;
      }
    }
    return false;
  }

  private static int northAmericanEnd(
      String s, int floor, int start, int i, int firstRun, int to, int name) {
    if (firstRun == 10) {
      return -1; // ten digits in one run: only behind a name
    }
    int area = i;
    boolean clear = start < i; // parentheses or the leading 1 tell it from a table of numbers
    if (firstRun == 1) {
      area = i + 1 + separatorChars(s, i + 1, to);
      if (area == i + 1 || !isDigits(s, area, 3, to)) {
        return -1;
      }
      clear = true;
    }
    if (!isAreaCode(s, area)) {
      return -1;
    }
    char before = start > floor ? s.charAt(start - 1) : ' ';
    if (before == '-' || before == '.' || before == '/' || before == '_') {
      if (before != '/' && !Chars.startsWord(s, floor, start - 1)) {
        return -1;
      }
    }
    int at = area + 3;
    int gap = separatorChars(s, at, to);
    if (gap == 0 || !isDigits(s, at + gap, 3, to) || s.charAt(at + gap) < '2') {
      return -1;
    }
    char separator = s.charAt(at);
    if (s.charAt(at + gap + 1) == '1' && s.charAt(at + gap + 2) == '1') {
      return -1;
    }
    at += gap + 3;
    gap = separatorChars(s, at, to);
    if (gap == 0 || !isDigits(s, at + gap, 4, to)) {
      return -1;
    }
    char second = s.charAt(at);
    if (separator != second && separator != ')' && separator != '/' && separator != ' ') {
      return -1;
    }
    at += gap + 4;
    if (at < to) {
      char after = s.charAt(at);
      if ((Chars.glues(after) && after != 'x')
          || ((after == '-' || after == '.') && at + 1 < to && Chars.glues(s.charAt(at + 1)))) {
        return -1;
      }
    }
    boolean tabular = separator == ' ' && second == ' ' && !clear;
    boolean versionLike = separator == '.' && second == '.' && start == i;
    if (tabular || versionLike) {
      int names = name | Names.before(s, Math.max(floor, start - NAME_CHARS), start);
      int enough = Names.PHONE | Names.MAYBE_PHONE | (versionLike ? Names.NEXT_TO_PHONE : 0);
      if ((names & enough) == 0) {
        return -1;
      }
    }
    return at;
  }

  private static boolean isAreaCode(String s, int at) {
    return s.charAt(at) >= '2' && !(s.charAt(at + 1) == '1' && s.charAt(at + 2) == '1');
  }

  private static boolean isDigits(String s, int at, int count, int to) {
    if (at + count > to) {
      return false;
    }
    for (int i = at; i < at + count; i++) {
      if (!Chars.isDigit(s.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  /** End of a run of groups with as many digits as a number has, -1 if it is something else. */
  private static int namedEnd(String s, int i, int to) {
    int end = -1;
    int digits = 0;
    int groups = 0;
    int firstGroup = 0;
    char separator = 0;
    int at = i;
    while (true) {
      int group = at;
      while (at < to && Chars.isDigit(s.charAt(at))) {
        at++;
      }
      digits += at - group;
      if (digits > MAX_DIGITS) {
        break;
      }
      groups++;
      if (groups == 1) {
        firstGroup = at - group;
      }
      boolean date = separator != 0 && groups == 3 && firstGroup == 4 && at - group == 2;
      if (groups == 3 && isDate(s, i, firstGroup, group, at)) {
        return -1;
      }
      boolean decimal = groups == 2 && separator == '.' && firstGroup <= 2;
      boolean glued = at < to && Chars.glues(s.charAt(at)) && s.charAt(at) != 'x';
      if (digits >= MIN_NAMED_DIGITS && !date && !decimal && !glued) {
        end = at;
      }
      int gap = separatorChars(s, at, to);
      if (gap == 0 || at + gap >= to || !Chars.isDigit(s.charAt(at + gap))) {
        if (at < to && s.charAt(at) == ':') {
          return -1; // a time
        }
        break;
      }
      separator = s.charAt(at);
      at += gap;
      if (separator == ' ' && digits >= 8 && s.charAt(at) == '0') {
        break; // the trunk zero of the next number in a list
      }
    }
    return end;
  }

  /** Whether three groups are day, month and year: {@code 12.12.2026}, {@code 3/31/2026}. */
  private static boolean isDate(String s, int i, int firstGroup, int year, int end) {
    char separator = s.charAt(year - 1);
    int second = i + firstGroup + 1;
    int secondGroup = year - 1 - second;
    if (end - year != 4
        || firstGroup > 2
        || secondGroup < 1
        || secondGroup > 2
        || "./-".indexOf(separator) < 0
        || s.charAt(second - 1) != separator) {
      return false;
    }
    int century = twoDigits(s, year, 2);
    int one = twoDigits(s, i, firstGroup);
    int other = twoDigits(s, second, secondGroup);
    return (century == 19 || century == 20)
        && Math.min(one, other) <= 12
        && Math.max(one, other) <= 31;
  }

  private static int twoDigits(String s, int at, int count) {
    int last = s.charAt(at + count - 1) - '0';
    return count == 1 ? last : (s.charAt(at) - '0') * 10 + last;
  }

  /** What stands between two groups: one of {@code - . / } or a blank, parentheses around one. */
  private static int separatorChars(String s, int at, int to) {
    if (at >= to) {
      return 0;
    }
    char c = s.charAt(at);
    if (c == '%') {
      if (s.startsWith("%20", at) || s.regionMatches(true, at, "%2D", 0, 3)) {
        return 3;
      }
      return s.startsWith("%28", at) || s.startsWith("%29", at) ? 3 : 0;
    }
    if ("-./ ()+".indexOf(c) < 0) {
      return 0;
    }
    if (at + 1 < to) {
      char next = s.charAt(at + 1);
      boolean pair =
          (c == ')' && (next == ' ' || next == '-' || next == '+' || next == '/'))
              || (c == ' ' && (next == '(' || next == '-' || next == '/'))
              || (c == '-' && (next == ' ' || next == '('));
      if (pair) {
        return at + 2 < to && next == '-' && s.charAt(at + 2) == ' ' ? 3 : 2;
      }
    }
    return c == '+' && at + 1 < to && !Chars.isDigit(s.charAt(at + 1)) ? 0 : 1;
  }

  /**
   * The end of a number that took the first groups of a card along; where too little is left for a
   * number, its own end.
   */
  static int endBefore(String s, int start, int card, int end) {
    int digits = 0;
    int last = start;
    for (int i = start; i < card; i++) {
      if (Chars.isDigit(s.charAt(i))) {
        digits++;
        last = i + 1;
      }
    }
    return digits > MIN_NAMED_DIGITS ? last : end;
  }

  private static int extensionEnd(String s, int end, int to) {
    int at = end;
    while (at < to && at - end < 2 && (s.charAt(at) == ' ' || s.charAt(at) == ',')) {
      at++;
    }
    int word;
    if (s.startsWith("x", at)) {
      word = 1;
    } else if (s.regionMatches(true, at, "ext", 0, 3)) {
      word = 3;
    } else {
      return end;
    }
    at += word;
    while (at < to && ". :".indexOf(s.charAt(at)) >= 0 && at - end < 8) {
      at++;
    }
    int digits = at;
    while (at < to && at - digits < 6 && Chars.isDigit(s.charAt(at))) {
      at++;
    }
    return at > digits && Chars.endsWord(s, at, to) ? at : end;
  }
}
