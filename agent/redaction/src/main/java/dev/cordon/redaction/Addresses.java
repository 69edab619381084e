package dev.cordon.redaction;

/** IPv6 and hardware addresses, from a colon or a dash in them. */
final class Addresses {
  private static final int MAX_CHARS = 45; // eight groups, the last two in the notation of IPv4
  private static final int MAX_ZONE_CHARS = 16;
  private static final int MAC_CHARS = 17;

  private Addresses() {}

  /** A miss goes on right behind the sign: a word of the lexicon may begin with it. */
  static long verify(String s, int from, int floor, int i, int to, int kinds) {
    if ((kinds & (Kind.IP_ADDRESS.bit() | Kind.MAC_ADDRESS.bit())) == 0) {
      return Detector.miss(i + 1);
    }
    int mac = i - 2;
    int macEnd = mac >= floor ? macEnd(s, floor, mac, to) : -1;
    if (macEnd > 0) {
      return (kinds & Kind.MAC_ADDRESS.bit()) != 0
          ? Detector.hit(Kind.MAC_ADDRESS, i, mac, macEnd)
          : Detector.miss(i + 1);
    }
    if (s.charAt(i) != ':' || (kinds & Kind.IP_ADDRESS.bit()) == 0) {
      return Detector.miss(i + 1);
    }
    int start = i;
    int limit = Math.max(floor, i - MAX_CHARS);
    while (start > limit && (Chars.isHex(s.charAt(start - 1)) || s.charAt(start - 1) == ':')) {
      start--;
    }
    int behind = Chars.escapeEnd(s, floor, start, i);
    long address = behind > start ? ipv6(s, from, behind, i, to, kinds) : -1;
    if (address >= 0) {
      return address;
    }
    if (start > floor && Chars.glues(s.charAt(start - 1))) {
      int name = Chars.find(':', s, start, i); // said:2001:db8:1:2:3:4:5:6
      return name == start || name >= i || s.charAt(name + 1) == ':'
          ? Detector.miss(i + 1)
          : ipv6(s, from, name + 1, i, to, kinds);
    }
    if (start > floor && ".-".indexOf(s.charAt(start - 1)) >= 0) {
      return Detector.miss(i + 1);
    }
    if (start < i && s.charAt(start) == ':' && s.charAt(start + 1) != ':') {
      start++; // what stands before is a name: "ip:2001:db8::1"
    }
    return ipv6(s, from, start, i, to, kinds);
  }

  private static long ipv6(String s, int from, int start, int i, int to, int kinds) {
    int at = start;
    int groups = 0;
    int gap = -1; // how many groups stand before the two colons
    int firstChars = 0;
    boolean digit = false;
    int mapped = -1;
    if (s.startsWith("::", at)) {
      gap = 0;
      at += 2;
    }
    while (at < to && groups < 8 && Chars.isHex(s.charAt(at))) {
      int group = at;
      while (at < to && at - group < 5 && Chars.isHex(s.charAt(at))) {
        digit |= Chars.isDigit(s.charAt(at));
        at++;
      }
      if (at + 1 < to
          && s.charAt(at) == '.'
          && Chars.isDigit(s.charAt(at + 1))
          && groups >= 1 | gap == 0) {
        int end = Numbers.addressEnd(s, group, to);
        if (end < 0) {
          return Detector.miss(i + 1);
        }
        mapped = group;
        groups += 2;
        at = end;
        break;
      }
      if (at - group > 4) {
        return Detector.miss(i + 1);
      }
      firstChars = groups == 0 ? at - group : firstChars;
      groups++;
      if (at + 1 >= to || s.charAt(at) != ':') {
        break;
      }
      if (s.charAt(at + 1) == ':') {
        if (gap >= 0) {
          return Detector.miss(i + 1);
        }
        gap = groups;
        at += 2;
      } else if (Chars.isHex(s.charAt(at + 1)) && groups < 8) {
        at++;
      } else {
        break;
      }
    }
    boolean whole = gap < 0 ? groups == 8 : groups <= 7;
    if (!whole || at <= i || !ends(s, at, to)) {
      return Detector.miss(i + 1);
    }
    int end = zoneEnd(s, at, to);
    boolean alone = start == from && end == to;
    if (!alone) {
      boolean all = (kinds & Kind.PRIVATE_ADDRESSES) != 0;
      boolean loopback = all && gap == 0 && groups == 1 && s.charAt(start + 2) == '1';
      boolean clear = groups == 8 || mapped >= 0 || (firstChars >= 3 && groups >= 2) || loopback;
      if (!clear || !digit || (!all && isNobody(s, start, gap, groups, mapped))) {
        return Detector.miss(i + 1);
      }
    }
    return Detector.hit(Kind.IP_ADDRESS, i, start, end);
  }

  private static boolean ends(String s, int at, int to) {
    if (at >= to) {
      return true;
    }
    char next = s.charAt(at);
    if (Chars.glues(next)) {
      return false;
    }
    boolean more = at + 1 < to && Chars.glues(s.charAt(at + 1));
    return !((next == ':' || next == '.' || next == '-') && more);
  }

  /** Loopback, link-local, local to a site, multicast: they name nobody outside. */
  private static boolean isNobody(String s, int start, int gap, int groups, int mapped) {
    if (mapped >= 0) {
      return Numbers.isNobody(s, mapped);
    }
    if (gap == 0) {
      return groups <= 1;
    }
    int first = s.charAt(start) | 0x20;
    int second = s.charAt(start + 1) | 0x20;
    int third = s.charAt(start + 2) | 0x20;
    return first == 'f'
        && (second == 'c' || second == 'd' || second == 'f' || (second == 'e' && third >= '8'));
  }

  private static int zoneEnd(String s, int at, int to) {
    int end = at;
    if (at + 1 < to && s.charAt(at) == '%' && Chars.isAlphanumeric(s.charAt(at + 1))) {
      end++;
      while (end < to
          && end - at <= MAX_ZONE_CHARS
          && (Chars.isAlphanumeric(s.charAt(end)) || ".-".indexOf(s.charAt(end)) >= 0)) {
        end++;
      }
      while (".-".indexOf(s.charAt(end - 1)) >= 0) {
        end--;
      }
    }
    return end;
  }

  /** End of {@code 0012.3456.789a}, as some switches write it, or -1. */
  static int dottedEnd(String s, int floor, int start, int to) {
    int end = start + 14;
    if (end > to || s.charAt(start + 4) != '.' || s.charAt(start + 9) != '.') {
      return -1;
    }
    boolean hex =
        Chars.isHexAt(s, start, 4, to)
            && Chars.isHexAt(s, start + 5, 4, to)
            && Chars.isHexAt(s, start + 10, 4, to);
    boolean letter = false;
    for (int i = start; i < end; i++) {
      letter |= Chars.isAsciiLetter(s.charAt(i));
    }
    boolean before = start > floor && ".-".indexOf(s.charAt(start - 1)) >= 0;
    boolean more = end + 1 < to && s.charAt(end) == '.' && Chars.glues(s.charAt(end + 1));
    return hex && letter && !before && !more && Chars.endsWord(s, end, to) ? end : -1;
  }

  /** The same behind a word that says what it is: also without signs, or with blanks; or -1. */
  static int toldMacEnd(String s, int start, int to) {
    int digits = 0;
    int at = start;
    int end = -1;
    while (at < to && digits <= 16) {
      char c = s.charAt(at);
      if (Chars.isHex(c)) {
        digits++;
        at++;
        boolean whole = digits == 12 || digits == 16;
        end = whole && Chars.endsWord(s, at, to) ? at : end;
      } else if ((digits & 1) == 0 && digits > 0 && " :-.".indexOf(c) >= 0) {
        at++;
        if (at >= to || !Chars.isHex(s.charAt(at))) {
          break;
        }
      } else {
        break;
      }
    }
    return end;
  }

  /** End of six or eight pairs with the same sign between them, or -1. */
  private static int macEnd(String s, int floor, int start, int to) {
    if (start + MAC_CHARS > to) {
      return -1;
    }
    char separator = s.charAt(start + 2);
    if (start > floor
        && (!Chars.startsWord(s, floor, start)
            || (s.charAt(start - 1) == separator
                && start - 2 >= floor
                && Chars.isHex(s.charAt(start - 2))
                && !Chars.endsEscape(s, floor, start - 1)))) {
      return -1;
    }
    int pairs = 0;
    int at = start;
    while (pairs < 9 && Chars.isHexAt(s, at, 2, to)) {
      pairs++;
      at += 2;
      if (at + 1 >= to || s.charAt(at) != separator || !Chars.isHex(s.charAt(at + 1))) {
        break;
      }
      at++;
    }
    boolean broadcast =
        pairs == 6 && s.regionMatches(true, start, "ff:ff:ff:ff:ff:ff", 0, MAC_CHARS);
    return (pairs == 6 || pairs == 8) && !broadcast && Chars.endsWord(s, at, to) ? at : -1;
  }
}
