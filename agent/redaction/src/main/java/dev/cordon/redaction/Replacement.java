package dev.cordon.redaction;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** What stands where a value stood. None of these is a finding when it is read again. */
final class Replacement {
  private static final int SHOWN_CHARS = 4;
  private static final int HASH_BYTES = 6;

  private Replacement() {}

  static String of(RedactionPlan.Operator operator, Kind kind, String value) {
    return switch (operator) {
      // a blocked call is not sent; if it is after all (observe mode), then without the value
      case TOKEN, BLOCK -> kind.placeholder();
      case MASK -> mask(kind, value);
      case HASH -> "[" + kind.name() + ":" + hash(kind, value) + "]";
    };
  }

  private static String mask(Kind kind, String value) {
    return switch (kind) {
      case CARD, PHONE, IBAN, SSN, NATIONAL_ID, TAX_ID, HEALTH_ID, COMPANY_ID, BANK_ACCOUNT ->
          "****" + lastAlphanumerics(value);
      case EMAIL -> {
        int at = value.lastIndexOf('@');
        yield at < 0 ? kind.placeholder() : "***" + value.substring(at);
      }
      case IP_ADDRESS,
          MAC_ADDRESS,
          WALLET,
          NAME,
          ADDRESS,
          BIRTH_DATE,
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
          GOOGLE_KEY ->
          "********";
    };
  }

  private static String lastAlphanumerics(String value) {
    StringBuilder last = new StringBuilder(SHOWN_CHARS);
    for (int i = value.length() - 1; i >= 0 && last.length() < SHOWN_CHARS; i--) {
      if (Chars.isAlphanumeric(value.charAt(i))) {
        last.append(value.charAt(i));
      }
    }
    return last.reverse().toString();
  }

  /** Letters a to p only: digits behind the word PHONE could be taken for a number again. */
  private static String hash(Kind kind, String value) {
    byte[] digest = HashKey.digest(kind, value);
    StringBuilder letters = new StringBuilder(HASH_BYTES * 2);
    for (int i = 0; i < HASH_BYTES; i++) {
      letters.append((char) ('a' + (digest[i] >> 4 & 15))).append((char) ('a' + (digest[i] & 15)));
    }
    return letters.toString();
  }

  /** A key of this process: without it, a hash of a telephone number is undone by trying them. */
  private static final class HashKey {
    private static final SecretKeySpec KEY = new SecretKeySpec(random(), "HmacSHA256");

    private static byte[] random() {
      byte[] key = new byte[32];
      new SecureRandom().nextBytes(key);
      return key;
    }

    static byte[] digest(Kind kind, String value) {
      try {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(KEY);
        mac.update((byte) kind.ordinal());
        return mac.doFinal(value.getBytes(StandardCharsets.UTF_8));
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("HmacSHA256 is in every JDK", e);
      }
    }
  }
}
