package dev.cordon.redaction;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/** Addresses of crypto currencies: base58 with its hash, bech32 with its code, and Ethereum's. */
final class Wallets {
  private static final String BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
  private static final String BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
  private static final int[] GENERATOR = {
    0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3
  };
  private static final int BECH32M = 0x2bc830a3;
  private static final int MIN_CHARS = 26;
  private static final int MAX_CHARS = 110;

  private Wallets() {}

  /** End of the address that begins here, -1 if none does. */
  static int end(String s, int start, int to) {
    int end = start;
    int limit = Math.min(to, start + MAX_CHARS);
    while (end < limit && Chars.isAlphanumeric(s.charAt(end))) {
      end++;
    }
    int length = end - start;
    if (length < MIN_CHARS || !Chars.endsWord(s, end, to)) {
      return -1;
    }
    boolean found =
        switch (s.charAt(start)) {
          case '0' -> isEthereum(s, start, length);
          case '4', '8' -> (length == 95 || length == 106) && isMonero(s, start, end);
          case 'b', 'B', 't' -> isBech32(s, start, end);
          case 'l', 'L', 'M', '1', '3', 'm', 'n', '2', 'D' ->
              isBech32(s, start, end) || (length <= 36 && isBase58(s, start, end));
          default -> false;
        };
    return found ? end : -1;
  }

  /** In one case, or with the case of each letter told by the hash of all (EIP-55). */
  private static boolean isEthereum(String s, int start, int length) {
    if (length != 42
        || s.charAt(start + 1) != 'x'
        || !Chars.isHexAt(s, start + 2, 40, s.length())) {
      return false;
    }
    byte[] lower = new byte[40];
    boolean upperSeen = false;
    boolean lowerSeen = false;
    for (int i = 0; i < 40; i++) {
      char c = s.charAt(start + 2 + i);
      upperSeen |= c >= 'A' && c <= 'F';
      lowerSeen |= c >= 'a';
      lower[i] = (byte) (c >= 'A' && c <= 'F' ? c | 0x20 : c);
    }
    if (!upperSeen || !lowerSeen) {
      return true;
    }
    byte[] hash = Keccak.hash(lower, lower.length);
    for (int i = 0; i < 40; i++) {
      char c = s.charAt(start + 2 + i);
      int nibble = hash[i >> 1] >> ((i & 1) == 0 ? 4 : 0) & 15;
      if (!Chars.isDigit(c) && (c < 'a') != nibble >= 8) {
        return false;
      }
    }
    return true;
  }

  /** Base 58 in blocks of eleven characters for eight bytes, the last four of which are a hash. */
  private static boolean isMonero(String s, int start, int end) {
    int length = end - start;
    byte[] bytes = new byte[80];
    int size = 0;
    for (int block = start; block < end; block += 11) {
      int chars = Math.min(11, end - block);
      int count = chars == 11 ? 8 : chars == 7 ? 5 : 0;
      long high = 0; // the value is below 2^65: kept in two halves
      long low = 0;
      for (int i = block; i < block + chars; i++) {
        int digit = BASE58.indexOf(s.charAt(i));
        if (digit < 0) {
          return false;
        }
        low = low * 58 + digit;
        high = high * 58 + (low >>> 32);
        low &= 0xFFFFFFFFL;
      }
      if (count == 0 || high >>> 32 != 0) {
        return false;
      }
      long value = high << 32 | low;
      for (int i = count - 1; i >= 0; i--) {
        bytes[size++] = (byte) (value >>> 8 * i);
      }
    }
    byte[] hash = Keccak.hash(bytes, size - 4);
    boolean same = length == 95 || length == 106;
    for (int i = 0; i < 4; i++) {
      same &= hash[i] == bytes[size - 4 + i];
    }
    return same;
  }

  private static boolean isBech32(String s, int start, int end) {
    int prefix;
    if (s.regionMatches(true, start, "bc1", 0, 3) || s.regionMatches(true, start, "tb1", 0, 3)) {
      prefix = 2;
    } else if (s.regionMatches(true, start, "ltc1", 0, 4)) {
      prefix = 3;
    } else {
      return false;
    }
    int check = 1;
    for (int i = start; i < start + prefix; i++) {
      check = polymod(check, (s.charAt(i) | 0x20) >> 5);
    }
    check = polymod(check, 0);
    for (int i = start; i < start + prefix; i++) {
      check = polymod(check, (s.charAt(i) | 0x20) & 31);
    }
    boolean upper = false;
    boolean lower = false;
    for (int i = start + prefix + 1; i < end; i++) {
      char c = s.charAt(i);
      int value = BECH32.indexOf(Chars.isDigit(c) ? c : c | 0x20);
      if (value < 0) {
        return false;
      }
      upper |= c >= 'A' && c <= 'Z';
      lower |= c >= 'a';
      check = polymod(check, value);
    }
    return (check == 1 || check == BECH32M) && !(upper && lower);
  }

  private static int polymod(int check, int value) {
    int top = check >>> 25;
    int next = (check & 0x1ffffff) << 5 ^ value;
    for (int i = 0; i < 5; i++) {
      next ^= (top >>> i & 1) != 0 ? GENERATOR[i] : 0;
    }
    return next;
  }

  private static boolean isBase58(String s, int start, int end) {
    byte[] bytes = new byte[25]; // version, hash, four bytes of check
    for (int i = start; i < end; i++) {
      int carry = BASE58.indexOf(s.charAt(i));
      if (carry < 0) {
        return false;
      }
      for (int k = bytes.length - 1; k >= 0; k--) {
        carry += (bytes[k] & 0xFF) * 58;
        bytes[k] = (byte) carry;
        carry >>>= 8;
      }
      if (carry != 0) {
        return false;
      }
    }
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(bytes, 0, 21);
      byte[] twice = sha256.digest(sha256.digest());
      return Arrays.equals(twice, 0, 4, bytes, 21, 25);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is in every JDK", e);
    }
  }
}
