package dev.cordon.redaction;

/** IPv6 and hardware addresses, from a colon or a dash in them. */
final class Addresses {
  private static final int MAX_CHARS = 45; // eight groups, the last two in the notation of IPv4
  private static final int MAX_ZONE_CHARS = 16;
  private static final int MAC_CHARS = 17;

  private Addresses() {}

  static long verify(String s, int from, int floor, int i, int to, int kinds) {
    if ((kinds & (Kind.IP_ADDRESS.bit() | Kind.MAC_ADDRESS.bit())) == 0) {
      return Detector.miss(i + 1);
    }
    int mac = i - 2;
    if (mac >= floor && isMac(s, floor, mac, to)) {
      return (kinds & Kind.MAC_ADDRESS.bit()) != 0
          ? Detector.hit(Kind.MAC_ADDRESS, i, mac, mac + MAC_CHARS)
          : Detector.miss(mac + MAC_CHARS);
    }
    if (s.charAt(i) != ':' || (kinds & Kind.IP_ADDRESS.bit()) == 0) {
      return Detector.miss(i + 1);
    }
    int start = i;
    int limit = Math.max(floor, i - MAX_CHARS);
    while (start > limit && (Chars.isHex(s.charAt(start - 1)) || s.charAt(start - 1) == ':')) {
      start--;
    }
    if (start > floor && (Chars.glues(s.charAt(start - 1)) || ".-".indexOf(s.charAt(start - 1)) >= 0)) {
      return Detector.miss(i + 1);
    }
    if (start < i && s.charAt(start) == ':' && s.charAt(start + 1) != ':') {
      start++; // what stands before is a name: "ip:2001:db8::1"
    }
    return ipv6(s, from, start, i, to);
  }

  private static long ipv6(String s, int from, int start, int i, int to) {
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
      if (at < to && s.charAt(at) == '.' && groups >= 1 | gap == 0) {
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
      return Detector.miss(Math.max(i + 1, Math.min(at, to)));
    }
    boolean alone = start == from && at == to;
    if (!alone) {
      boolean clear = groups == 8 || mapped >= 0 || (firstChars >= 3 && groups >= 2);
      if (!clear || !digit || isNobody(s, start, gap, groups, mapped)) {
        return Detector.miss(at);
      }
    }
    return Detector.hit(Kind.IP_ADDRESS, i, start, zoneEnd(s, at, to));
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
      while (end < to && end - at <= MAX_ZONE_CHARS && Chars.isAlphanumeric(s.charAt(end))) {
        end++;
      }
    }
    return end;
  }

  private static boolean isMac(String s, int floor, int start, int to) {
    if (start + MAC_CHARS > to) {
      return false;
    }
    char separator = s.charAt(start + 2);
    for (int k = 0; k < MAC_CHARS; k++) {
      char c = s.charAt(start + k);
      if (k % 3 == 2 ? c != separator : !Chars.isHex(c)) {
        return false;
      }
    }
    int end = start + MAC_CHARS;
    boolean before =
        start > floor
            && (Chars.glues(s.charAt(start - 1))
                || (s.charAt(start - 1) == separator
                    && start - 2 >= floor
                    && Chars.isHex(s.charAt(start - 2))));
    boolean after =
        end < to
            && (Chars.glues(s.charAt(end))
                || (s.charAt(end) == separator && end + 1 < to && Chars.isHex(s.charAt(end + 1))));
    boolean nobody = s.startsWith("00", start) && s.startsWith("00", start + 15) || s.regionMatches(true, start, "ff:ff:ff:ff:ff:ff", 0, MAC_CHARS);
    return !before && !after && !nobody;
  }
}
