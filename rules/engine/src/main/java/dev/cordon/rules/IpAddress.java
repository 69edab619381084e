package dev.cordon.rules;

import org.jspecify.annotations.Nullable;

/** An IP address as 128 bits; IPv4 as {@code ::ffff:a.b.c.d}, so that both spellings are one. */
record IpAddress(long high, long low) {
  private static final long MAPPED = 0xffffL << 32;

  boolean isV4() {
    return high == 0 && low >>> 32 == 0xffff;
  }

  /** As a URL has it, without brackets. */
  @Override
  public String toString() {
    StringBuilder out = new StringBuilder(40);
    if (isV4()) {
      for (int shift = 24; shift >= 0; shift -= 8) {
        out.append(low >>> shift & 0xff).append(shift == 0 ? "" : ".");
      }
      return out.toString();
    }
    for (int i = 0; i < 8; i++) {
      long half = i < 4 ? high : low;
      out.append(i == 0 ? "" : ":").append(Long.toHexString(half >>> (48 - i % 4 * 16) & 0xffff));
    }
    return out.toString();
  }

  /** True when the first {@code prefix} of 128 bits are the same. */
  boolean sharesPrefix(IpAddress other, int prefix) {
    if (prefix == 0) {
      return true; // a shift by 64 would be a shift by 0
    }
    if (prefix <= 64) {
      return (high ^ other.high) >>> (64 - prefix) == 0;
    }
    return high == other.high && (low ^ other.low) >>> (128 - prefix) == 0;
  }

  /** Networks that are no part of the internet: this machine, this link, this site. */
  private static final String[] PRIVATE = {
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.168.0.0/16"
  };

  private static final IpAddress[] PRIVATE_V4 = new IpAddress[PRIVATE.length];
  private static final int[] PRIVATE_V4_PREFIX = new int[PRIVATE.length];

  static {
    for (int i = 0; i < PRIVATE.length; i++) {
      int slash = PRIVATE[i].indexOf('/');
      PRIVATE_V4[i] = v4(PRIVATE[i], 0, slash);
      PRIVATE_V4_PREFIX[i] = 96 + Integer.parseInt(PRIVATE[i].substring(slash + 1));
    }
  }

  /** True when all addresses of a network are private. */
  static boolean isPrivate(IpAddress network, int prefix) {
    for (int i = 0; i < PRIVATE_V4.length; i++) {
      if (prefix >= PRIVATE_V4_PREFIX[i]
          && PRIVATE_V4[i].sharesPrefix(network, PRIVATE_V4_PREFIX[i])) {
        return true;
      }
    }
    boolean uniqueLocal = prefix >= 7 && network.high >>> 57 == 0xfc >>> 1;
    boolean linkLocal = prefix >= 10 && network.high >>> 54 == 0xfe80 >>> 6;
    boolean loopback = prefix >= 127 && network.high == 0 && network.low >>> 1 == 0; // :: and ::1
    return uniqueLocal || linkLocal || loopback;
  }

  /** Four decimal numbers without leading zeros; null for every other spelling. */
  static @Nullable IpAddress v4(String text, int start, int end) {
    long address = 0;
    int numbers = 0;
    int at = start;
    while (at < end) {
      int from = at;
      int number = 0;
      while (at < end && text.charAt(at) >= '0' && text.charAt(at) <= '9' && at - from < 4) {
        number = number * 10 + text.charAt(at) - '0';
        at++;
      }
      boolean leadingZero = at - from > 1 && text.charAt(from) == '0';
      if (at == from || number > 255 || leadingZero || ++numbers > 4) {
        return null; // 010.1.1.1 is 8.1.1.1 to some and 10.1.1.1 to others
      }
      address = address << 8 | number;
      if (at < end && (text.charAt(at) != '.' || ++at == end)) {
        return null;
      }
    }
    return numbers == 4 ? new IpAddress(0, MAPPED | address) : null;
  }

  /** The text between the brackets of an IPv6 literal; null when it is none, or has a zone. */
  static @Nullable IpAddress v6(String text, int start, int end) {
    int[] groups = new int[8];
    int count = 0;
    int gap = -1;
    int at = start;
    if (end - start >= 2 && text.charAt(start) == ':') {
      if (text.charAt(start + 1) != ':') {
        return null;
      }
      gap = 0;
      at = start + 2;
    }
    while (at < end) {
      if (count == 8) {
        return null;
      }
      int from = at;
      int group = 0;
      while (at < end
          && at - from < 5
          && Character.digit(text.charAt(at), 16) >= 0
          && text.charAt(at) < 0x80) {
        group = group << 4 | Character.digit(text.charAt(at), 16);
        at++;
      }
      if (at < end && text.charAt(at) == '.') {
        IpAddress tail = v4(text, from, end);
        if (tail == null || count > 6) {
          return null;
        }
        groups[count++] = (int) (tail.low >>> 16 & 0xffff);
        groups[count++] = (int) (tail.low & 0xffff);
        at = end;
        break;
      }
      if (at == from || at - from > 4) {
        return null;
      }
      groups[count++] = group;
      if (at == end) {
        break;
      }
      if (text.charAt(at) != ':' || at + 1 == end) {
        return null;
      }
      at++;
      if (text.charAt(at) == ':') {
        if (gap >= 0) {
          return null;
        }
        gap = count;
        at++;
      }
    }
    if (gap < 0 ? count != 8 : count == 8) {
      return null;
    }
    long high = 0;
    long low = 0;
    for (int i = 0; i < 8; i++) {
      int group;
      if (gap < 0 || i < gap) {
        group = groups[i];
      } else {
        int fromEnd = i - (8 - count);
        group = fromEnd < gap ? 0 : groups[fromEnd];
      }
      if (i < 4) {
        high = high << 16 | group;
      } else {
        low = low << 16 | group;
      }
    }
    return new IpAddress(high, low);
  }
}
