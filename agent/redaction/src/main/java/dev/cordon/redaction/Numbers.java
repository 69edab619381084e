package dev.cordon.redaction;

/**
 * The first digit of a run of digits: card, IBAN, telephone, or one of the many numbers that are
 * nothing. A digit glued to a letter or an underscore is part of an identifier, and most of the
 * numbers in a log leave here after a few comparisons.
 */
final class Numbers {
  private Numbers() {}

  /**
   * @param floor end of the last hit: nothing is looked at before it, but for names
   */
  static long verify(String s, int floor, int i, int to, int kinds, int name) {
    int run = i + 1;
    while (run < to && Chars.isDigit(s.charAt(run))) {
      run++;
    }
    int digits = run - i;
    if (digits == 4 && isDate(s, i, to)) {
      return Detector.miss(i + 10); // begins nearly every line of a log
    }
    if (digits == 2 && isTime(s, i, to)) {
      return Detector.miss(i + 8);
    }
    if (!Chars.startsWord(s, floor, i)) {
      return glued(s, floor, i, run, to, kinds);
    }
    if (digits == 1 && s.startsWith("//0", run) && (kinds & Kind.GOOGLE_KEY.bit()) != 0) {
      long refreshToken = Secrets.googleRefreshToken(s, i, to);
      if (refreshToken >= 0) {
        return refreshToken;
      }
    }
    if (run < to && Chars.glues(s.charAt(run)) && s.charAt(run) != 'x') {
      return Detector.miss(run);
    }
    int inReach = digits < 12 ? digitsInReach(s, i, run, to) : digits;
    if (inReach < 6) {
      return Detector.miss(run); // too short to be anything: most numbers of a log
    }
    if ((kinds & Kind.CARD.bit()) != 0 && (digits == 4 || digits >= 6) && inReach >= 12) {
      long card = Cards.verify(s, floor, i, digits, to, name);
      if (card >= 0) {
        return card;
      }
    }
    if ((kinds & Kind.PHONE.bit()) != 0 && digits <= 15) {
      long phone = Phones.national(s, floor, i, digits, to, name);
      if (phone >= 0) {
        return phone;
      }
    }
    return Detector.miss(run);
  }

  private static boolean isDate(String s, int i, int to) {
    return i + 10 <= to
        && (s.startsWith("20", i) || s.startsWith("19", i))
        && (s.charAt(i + 4) == '-' || s.charAt(i + 4) == '/')
        && s.charAt(i + 7) == s.charAt(i + 4)
        && Chars.isDigit(s.charAt(i + 5))
        && Chars.isDigit(s.charAt(i + 6))
        && Chars.isDigit(s.charAt(i + 8))
        && Chars.isDigit(s.charAt(i + 9))
        && (i + 10 == to || " T,]Z\t\"".indexOf(s.charAt(i + 10)) >= 0);
  }

  private static boolean isTime(String s, int i, int to) {
    return i + 8 <= to
        && s.charAt(i + 2) == ':'
        && s.charAt(i + 5) == ':'
        && Chars.isDigit(s.charAt(i + 3))
        && Chars.isDigit(s.charAt(i + 6))
        && (i + 8 == to || s.charAt(i + 8) != ':');
  }

  /** Digits of the row of groups that begins here; stops counting when there are enough. */
  private static int digitsInReach(String s, int i, int run, int to) {
    int count = run - i;
    int at = run;
    int gap = 0;
    while (at < to && count < 12) {
      char c = s.charAt(at);
      if (Chars.isDigit(c)) {
        count++;
        gap = 0;
      } else if (c == '%') {
        at += 2;
        gap++;
      } else if (c == ' ' || (c >= '(' && c <= '/') || c == '\t') {
        gap++;
      } else {
        break;
      }
      if (gap > 3) {
        break;
      }
      at++;
    }
    return count;
  }

  private static long glued(String s, int floor, int i, int run, int to, int kinds) {
    if (i - 2 >= floor && s.charAt(i - 2) == '%' && Chars.isHex(s.charAt(i - 1))) {
      return Detector.miss(i + 1); // the rest of an escape such as %B4
    }
    if (i - 2 >= floor
        && run - i >= 2
        && Chars.isAsciiLetter(s.charAt(i - 1))
        && Chars.isAsciiLetter(s.charAt(i - 2))) {
      if ((kinds & Kind.IBAN.bit()) != 0 && Chars.startsWord(s, floor, i - 2)) {
        long iban = Ibans.verify(s, i - 2, i, to);
        if (iban >= 0) {
          return iban;
        }
      }
      if (run < to && s.charAt(run) == '.' && s.startsWith("ya29", i - 2)) {
        long accessToken = Secrets.googleAccessToken(s, floor, i, to);
        if (accessToken >= 0) {
          return accessToken;
        }
      }
    }
    return Detector.miss(run);
  }
}
