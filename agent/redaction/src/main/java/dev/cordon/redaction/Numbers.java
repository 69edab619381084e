package dev.cordon.redaction;

/**
 * The first digit of a run of digits: card, IBAN, telephone, or one of the many numbers that are
 * nothing. A digit glued to a letter or an underscore is part of an identifier, and most of the
 * numbers in a log leave here after a few comparisons.
 */
final class Numbers {
  /** The colon and what follows it. */
  private static final int BOT_SECRET_CHARS = 36;

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
      // a letter can be the last character of a number of a person: 6433435F
      long id =
          digits >= 5 && (kinds & Kind.ID_KINDS) != 0 ? Ids.before(s, floor, i, to, kinds, i) : -1;
      return id >= 0 ? id : Detector.miss(run);
    }
    if (isBotToken(s, i, run, to, kinds)) {
      return Detector.hit(Kind.API_KEY, i, i, run + BOT_SECRET_CHARS);
    }
    if ((digits == 15 || digits == 16) && run < to && s.charAt(run) == '|') {
      int end = appTokenEnd(s, run + 1, to);
      if (end > 0 && (kinds & Kind.API_KEY.bit()) != 0) {
        return Detector.hit(Kind.API_KEY, i, i, end);
      }
    }
    if (digits <= 3 && run < to && s.charAt(run) == '.') {
      long address = address(s, floor, i, to, kinds, name);
      if (address != 0) {
        return address;
      }
    }
    int inReach = digits < 12 ? digitsInReach(s, i, run, to) : digits;
    if (inReach < 6) {
      return Detector.miss(run); // too short to be anything: most numbers of a log
    }
    if ((kinds & Kind.ID_KINDS) != 0) {
      long id = Ids.before(s, floor, i, to, kinds, i);
      if (id >= 0) {
        return id;
      }
    }
    if (digits == 4 && run < to && s.charAt(run) == '.' && (kinds & Kind.MAC_ADDRESS.bit()) != 0) {
      int mac = Addresses.dottedEnd(s, floor, i, to);
      if (mac > 0) {
        return Detector.hit(Kind.MAC_ADDRESS, i, i, mac);
      }
    }
    if (digits == 3 && (kinds & Kind.SSN.bit()) != 0) {
      long ssn = socialSecurity(s, floor, i, to);
      if (ssn >= 0) {
        return ssn;
      }
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

  /** {@code 123456789:AA...}, which lets one speak for a bot of Telegram. */
  private static boolean isBotToken(String s, int i, int run, int to, int kinds) {
    int end = run + BOT_SECRET_CHARS;
    if (run - i < 8
        || run - i > 10
        || end > to
        || s.charAt(run) != ':'
        || s.charAt(run + 1) != 'A'
        || (kinds & Kind.API_KEY.bit()) == 0) {
      return false;
    }
    int changes = 0;
    for (int k = run + 1; k < end; k++) {
      if (!Chars.isBase64Url(s.charAt(k))) {
        return false;
      }
      changes += s.charAt(k) != s.charAt(k - 1) ? 1 : 0;
    }
    return changes * 3 >= BOT_SECRET_CHARS && (end == to || !Chars.isBase64Url(s.charAt(end)));
  }

  /** The end of what stands behind the bar in the token of an app of Meta; -1 if it is none. */
  private static int appTokenEnd(String s, int from, int to) {
    int limit = Math.min(to, from + 41);
    int at = from;
    boolean digit = false;
    boolean letter = false;
    while (at < limit && Chars.isBase64Url(s.charAt(at))) {
      digit |= Chars.isDigit(s.charAt(at));
      letter |= Chars.isAsciiLetter(s.charAt(at));
      at++;
    }
    return at - from >= 27 && at - from <= 40 && digit && letter ? at : -1;
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

  /**
   * Four numbers up to 255 with dots: a hit, or a miss behind them; 0 when it is none. Private
   * networks and the like name nobody, unless the address is all there is or is said to be one.
   */
  private static long address(String s, int floor, int i, int to, int kinds, int name) {
    int at = addressEnd(s, i, to);
    if (at < 0) {
      return 0;
    }
    boolean more = at + 1 < to && s.charAt(at) == '.' && Chars.isDigit(s.charAt(at + 1));
    boolean glued =
        at < to
            && (Chars.glues(s.charAt(at))
                || (s.charAt(at) == '-' && at + 1 < to && !Chars.isDigit(s.charAt(at + 1))));
    boolean behind = i > floor && (s.charAt(i - 1) == '.' || s.charAt(i - 1) == '-');
    if (more || glued || behind) {
      return 0;
    }
    boolean alone = i == floor && at == to && (name & Names.VERSION) == 0; // "version":"1.2.3.4"
    boolean nobody =
        (kinds & Kind.PRIVATE_ADDRESSES) == 0 && isNobody(s, i) && !saysIp(s, floor, i);
    boolean version = (name & Names.VERSION) != 0 || isVersion(s, floor, i);
    return (kinds & Kind.IP_ADDRESS.bit()) == 0 || ((nobody || version) && !alone)
        ? Detector.miss(at)
        : Detector.hit(Kind.IP_ADDRESS, i, i, at);
  }

  /** The end of four numbers up to 255 with dots, -1 when it is none. */
  static int addressEnd(String s, int i, int to) {
    int at = i;
    for (int octet = 0; octet < 4; octet++) {
      int value = 0;
      int start = at;
      while (at < to && at - start < 4 && Chars.isDigit(s.charAt(at))) {
        value = value * 10 + s.charAt(at++) - '0';
      }
      boolean padded = at - start > 1 && s.charAt(start) == '0';
      if (at == start || value > 255 || at - start > 3 || padded) {
        return -1;
      }
      if (octet < 3 && (at >= to || s.charAt(at++) != '.')) {
        return -1;
      }
    }
    return at;
  }

  /** Whether an address is of a private network, loopback, link-local or multicast. */
  static boolean isNobody(String s, int i) {
    int at = i;
    int first = 0;
    while (Chars.isDigit(s.charAt(at))) {
      first = first * 10 + s.charAt(at++) - '0';
    }
    int second = 0;
    at++;
    while (Chars.isDigit(s.charAt(at))) {
      second = second * 10 + s.charAt(at++) - '0';
    }
    return first == 10
        || first == 127
        || first == 0
        || (first == 172 && second >= 16 && second < 32)
        || (first == 192 && second == 168)
        || (first == 169 && second == 254)
        || first >= 224;
  }

  /** Whether the word before is ip, or ends in it: {@code client_ip=10.0.0.1}. */
  private static boolean saysIp(String s, int floor, int i) {
    int end = i;
    while (end > floor && i - end < 4 && " :=\"[".indexOf(s.charAt(end - 1)) >= 0) {
      end--;
    }
    return end < i
        && end - 2 >= floor
        && s.regionMatches(true, end - 2, "ip", 0, 2)
        && (end - 2 == floor || !Chars.isAsciiLetter(s.charAt(end - 3)));
  }

  private static boolean isVersion(String s, int floor, int i) {
    int end = i;
    while (end > floor && i - end < 4 && " :=v\"".indexOf(s.charAt(end - 1)) >= 0) {
      end--;
    }
    return end - 5 >= floor
        && (s.startsWith(".jar", end - 4)
            || s.regionMatches(true, end - 5, "rsion", 0, 5)
            || s.regionMatches(true, end - 5, "build", 0, 5)
            || s.regionMatches(true, end - 5, "lease", 0, 5));
  }

  /** Three, two and four digits with dashes, none of the numbers that were never given out. */
  private static long socialSecurity(String s, int floor, int i, int to) {
    char separator = i + 11 <= to ? s.charAt(i + 3) : 0;
    boolean shape =
        (separator == '-' || separator == ' ')
            && s.charAt(i + 6) == separator
            && Chars.isDigit(s.charAt(i + 4))
            && Chars.isDigit(s.charAt(i + 5));
    for (int k = 7; shape && k < 11; k++) {
      shape = Chars.isDigit(s.charAt(i + k));
    }
    if (!shape
        || s.startsWith("000", i)
        || s.startsWith("666", i)
        || s.charAt(i) == '9'
        || s.startsWith("00", i + 4)
        || s.startsWith("0000", i + 7)) {
      return Detector.miss(i + 3);
    }
    boolean table = // three columns of one
        separator == ' '
            && ((Chars.endsInDigit(s, floor, i - 1) && !Chars.endsEscape(s, floor, i))
                || (i + 12 < to && s.charAt(i + 11) == ' ' && Chars.isDigit(s.charAt(i + 12))));
    boolean before = table || (i > floor && "-./".indexOf(s.charAt(i - 1)) >= 0);
    boolean after =
        i + 11 < to
            && (Chars.glues(s.charAt(i + 11))
                || (s.charAt(i + 11) == '-' && i + 12 < to && Chars.glues(s.charAt(i + 12))));
    return before || after ? Detector.miss(i + 3) : Detector.hit(Kind.SSN, i, i, i + 11);
  }

  private static boolean isTime(String s, int i, int to) {
    return i + 8 <= to
        && s.charAt(i + 2) == ':'
        && s.charAt(i + 5) == ':'
        && Chars.isDigit(s.charAt(i + 3))
        && Chars.isDigit(s.charAt(i + 4)) // 53:1::29 is a part of an address
        && Chars.isDigit(s.charAt(i + 6))
        && Chars.isDigit(s.charAt(i + 7))
        && (i + 8 == to || (s.charAt(i + 8) != ':' && !Chars.isHex(s.charAt(i + 8))));
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
    if (run - i >= 5 && (kinds & Kind.ID_KINDS) != 0) {
      int token = i - 1; // up to four letters in front belong to numbers such as X1234567L
      while (token > floor && i - token < 4 && Chars.isAlphanumeric(s.charAt(token - 1))) {
        token--;
      }
      if (Chars.startsWord(s, floor, token)) {
        long id = Ids.before(s, floor, token, to, kinds, i);
        if (id >= 0) {
          return id;
        }
      }
    }
    if (i - 3 >= floor
        && s.startsWith("bot", i - 3)
        && Chars.startsWord(s, floor, i - 3)
        && isBotToken(s, i, run, to, kinds)) {
      return Detector.hit(Kind.API_KEY, i, i, run + BOT_SECRET_CHARS);
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
