package dev.cordon.redaction;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How values are compared, and how bytes are written in their place. */
final class Values {
  private Values() {}

  /** One text for all spellings of a value, as far as they can be told without a directory. */
  static String normalised(Kind kind, String value) {
    return switch (kind) {
      case PHONE, CARD, IBAN, SSN, NATIONAL_ID, TAX_ID, HEALTH_ID, COMPANY_ID, BANK_ACCOUNT ->
          compact(value);
      case EMAIL, IP_ADDRESS, MAC_ADDRESS, NAME, ADDRESS, BIRTH_DATE ->
          value.strip().toLowerCase(Locale.ROOT);
      case WALLET,
          BEARER,
          BASIC,
          SECRET,
          URL_CREDENTIALS,
          API_KEY,
          PRIVATE_KEY,
          JWT,
          STRIPE_KEY,
          SLACK_TOKEN,
          GITHUB_TOKEN,
          AWS_KEY,
          GOOGLE_KEY,
          CUSTOM ->
          value;
    };
  }

  private static String compact(String value) {
    StringBuilder compact = new StringBuilder(value.length());
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (Chars.isAlphanumeric(c)) {
        compact.append(c >= 'a' && c <= 'z' ? (char) (c - 32) : c);
      }
    }
    return compact.toString();
  }

  /**
   * Letters a to p only: no detector takes them for anything, behind whatever word, and a change of
   * case does not lose them.
   */
  static String letters(byte[] bytes, int count) {
    StringBuilder letters = new StringBuilder(count * 2);
    for (int i = 0; i < count; i++) {
      letters.append((char) ('a' + (bytes[i] >> 4 & 15))).append((char) ('a' + (bytes[i] & 15)));
    }
    return letters.toString();
  }

  /** The bytes again; null for an odd number of letters. */
  static byte @Nullable [] ofLetters(String letters) {
    if (letters.length() % 2 != 0) {
      return null;
    }
    byte[] bytes = new byte[letters.length() / 2];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (letters.charAt(2 * i) - 'a' << 4 | letters.charAt(2 * i + 1) - 'a');
    }
    return bytes;
  }
}
