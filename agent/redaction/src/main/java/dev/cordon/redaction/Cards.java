package dev.cordon.redaction;

/** Payment card numbers: issuer prefix and length, shape of the groups, Luhn, surroundings. */
final class Cards {
  private static final int MAX_DIGITS = 19;

  private enum Issuer {
    NONE,
    /** Only grouped like a card or behind a name that says card: bare ones are mostly ids. */
    IF_CLEAR,
    BARE
  }

  private Cards() {}

  /** {@code i} is the first digit of a run of {@code digits}; tries the longest number from it. */
  static long verify(String s, int floor, int i, int firstRun, int to, int name) {
    char first = s.charAt(i);
    if (firstRun > MAX_DIGITS
        || first == '0'
        || first == '7'
        || (first == '1' && firstRun != 15)) { // no scheme, but UATP for the one
      return Detector.miss(i + firstRun);
    }
    int end = -1;
    boolean bare = firstRun >= 12;
    int endDigits = 0;
    int prefix = 0; // first six digits
    int count = 0;
    int evenSum = 0; // Luhn sum if the digits at even indexes are the plain ones
    int oddSum = 0;
    long shape = 0; // group lengths, five bits each
    int groups = 0;
    char separator = 0;
    int at = i;
    while (true) {
      int group = 0;
      while (at < to && Chars.isDigit(s.charAt(at)) && count < MAX_DIGITS) {
        int digit = s.charAt(at) - '0';
        int doubled = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
        if ((count & 1) == 0) {
          evenSum += digit;
          oddSum += doubled;
        } else {
          evenSum += doubled;
          oddSum += digit;
        }
        if (count < 6) {
          prefix = prefix * 10 + digit;
        }
        count++;
        group++;
        at++;
      }
      if (at < to && Chars.isDigit(s.charAt(at))) {
        break; // more digits than any card has
      }
      shape = shape << 5 | group;
      groups++;
      if (count >= 12
          && ((count & 1) == 1 ? evenSum : oddSum) % 10 == 0
          && isShape(shape, groups)
          && endsNumber(s, at, to, separator)) {
        end = at;
        endDigits = count;
      }
      if (groups == 5 || (groups == 1 && group != 4 && group != 6 && group != 8)) {
        break;
      }
      int gap = separatorChars(s, at, to);
      if (gap == 0 || at + gap >= to || !Chars.isDigit(s.charAt(at + gap))) {
        break;
      }
      char kind = separatorKind(s, at);
      if (separator != 0 && kind != separator) {
        break;
      }
      separator = kind;
      at += gap;
    }
    if (end < 0 || !beginsNumber(s, floor, i, bare)) {
      return Detector.miss(i + firstRun);
    }
    Issuer issuer = issuer(prefix, endDigits);
    if (i == 0 && end == s.length() && endDigits >= 14 && first >= '3' && first <= '6') {
      issuer = Issuer.BARE; // a whole text that is nothing but a number that checks
    }
    if (issuer == Issuer.NONE) {
      return Detector.miss(i + firstRun);
    }
    if (bare) {
      int names = name | Names.before(s, Math.max(floor, i - 80), i);
      boolean saysCard = (names & Names.CARD) != 0;
      if (!saysCard && ((names & Names.IDENTIFIER) != 0 || issuer == Issuer.IF_CLEAR)) {
        return Detector.miss(i + firstRun);
      }
    }
    return Detector.hit(Kind.CARD, i, i, end);
  }

  /**
   * Where a card begins that goes on behind a number found before it, -1 where none does: what
   * makes that number valid ends anywhere, and half a card would stay.
   */
  static int beginIn(String s, int start, int end, int to) {
    int gap = separatorChars(s, end, to);
    if (gap == 0 || end + gap >= to || !Chars.isDigit(s.charAt(end + gap))) {
      return -1;
    }
    for (int i = start; i < end; i++) {
      if (Chars.isDigit(s.charAt(i)) && (i == start || !Chars.isDigit(s.charAt(i - 1)))) {
        if (endOf(s, i, to) > end) {
          return i;
        }
      }
    }
    return -1;
  }

  /** The end of the card that begins with this run of digits, -1 if it is none. */
  static int endOf(String s, int i, int to) {
    int run = i + 1;
    while (run < to && Chars.isDigit(s.charAt(run))) {
      run++;
    }
    if (run - i != 4 && run - i < 6) {
      return -1;
    }
    long hit = verify(s, i, i, run - i, to, 0);
    return hit < 0 ? -1 : (int) hit;
  }

  private static boolean beginsNumber(String s, int floor, int i, boolean bare) {
    if (i - 2 < floor) {
      return true;
    }
    char before = s.charAt(i - 1);
    boolean digitBefore = Chars.endsInDigit(s, floor, i - 1);
    return switch (before) {
      case '.', '-' -> !digitBefore;
      case ' ', '+' ->
          // the middle of a longer row of fours is not the begin of a card
          bare || !digitBefore || !isGroupOfFour(s, floor, i - 1);
      default -> true;
    };
  }

  private static boolean isGroupOfFour(String s, int floor, int end) {
    int start = end;
    while (start > floor && end - start < 5 && Chars.isDigit(s.charAt(start - 1))) {
      start--;
    }
    return end - start == 4;
  }

  private static boolean endsNumber(String s, int at, int to, char separator) {
    if (at >= to) {
      return true;
    }
    char next = s.charAt(at);
    if (Chars.glues(next)) {
      return false;
    }
    boolean digitAfter = at + 1 < to && Chars.isDigit(s.charAt(at + 1));
    return !(digitAfter && (next == '.' || (next == '-' && separator != ' ')));
  }

  private static int separatorChars(String s, int at, int to) {
    if (at >= to) {
      return 0;
    }
    return switch (s.charAt(at)) {
      case ' ', '-', '.', '+', '\t', '/' -> 1;
      case '%' ->
          s.startsWith("%20", at) || s.startsWith("%2D", at) || s.startsWith("%2d", at) ? 3 : 0;
      default -> 0;
    };
  }

  private static char separatorKind(String s, int at) {
    char c = s.charAt(at);
    return c == '%' && s.charAt(at + 2) != '0' ? '-' : c;
  }

  private static boolean isShape(long shape, int groups) {
    int last = (int) (shape & 31);
    return switch (groups) {
      case 1 -> true;
      case 2 -> shape == (8 << 5 | 8) || shape == (6 << 5 | 13) || shape == (6 << 5 | 10);
      case 3 ->
          shape >> 5 == (4 << 5 | 6) ? last == 5 || last == 4 : shape == (4 << 10 | 4 << 5 | 5);
      case 4 -> shape >> 5 == (4 << 10 | 4 << 5 | 4) && last <= 4;
      case 5 -> shape >> 5 == (4 << 15 | 4 << 10 | 4 << 5 | 4) && last <= 3;
      default -> false;
    };
  }

  /** Prefix table of the card schemes; {@code prefix} holds the first six digits. */
  private static Issuer issuer(int prefix, int digits) {
    int four = prefix / 100;
    int three = prefix / 1000;
    int two = prefix / 10_000;
    boolean sixteenUp = digits == 16 || digits == 18 || digits == 19;
    if (two >= 40 && two <= 49) { // Visa; 13 is also an article number, 19 also a trace id
      return digits == 16 ? Issuer.BARE : digits == 13 || sixteenUp ? Issuer.IF_CLEAR : Issuer.NONE;
    }
    if ((two >= 51 && two <= 55) || (four >= 2221 && four <= 2720)) { // Mastercard
      return digits == 16 ? Issuer.BARE : Issuer.NONE;
    }
    if (two >= 10 && two <= 19) { // UATP
      return digits == 15 ? Issuer.IF_CLEAR : Issuer.NONE;
    }
    if (two == 34 || two == 37) { // American Express
      return digits == 15 ? Issuer.BARE : Issuer.NONE;
    }
    if ((three >= 300 && three <= 305) || three == 309 || two == 36 || two == 38 || two == 39) {
      return digits == 14 ? Issuer.BARE : digits == 16 ? Issuer.IF_CLEAR : Issuer.NONE;
    }
    if (four == 6011 || (three >= 644 && three <= 649) || two == 65 || two == 62 || two == 81) {
      // and UnionPay, whose debit cards have 19
      return sixteenUp ? Issuer.BARE : two == 62 && digits >= 14 ? Issuer.IF_CLEAR : Issuer.NONE;
    }
    if (four >= 3528 && four <= 3589) { // JCB
      return digits == 16 ? Issuer.BARE : sixteenUp ? Issuer.IF_CLEAR : Issuer.NONE;
    }
    if ((four >= 2200 && four <= 2205) || four == 9792) { // Mir, Borica, Troy
      return digits == 16 ? Issuer.BARE : sixteenUp ? Issuer.IF_CLEAR : Issuer.NONE;
    }
    if (two == 50 || two == 60 || two == 63 || two == 67 || (two >= 56 && two <= 58)) {
      // Maestro and the national schemes around it; 12 to 15 digits are too common to be bare
      return digits == 16 ? Issuer.BARE : digits >= 12 ? Issuer.IF_CLEAR : Issuer.NONE;
    }
    return Issuer.NONE;
  }
}
