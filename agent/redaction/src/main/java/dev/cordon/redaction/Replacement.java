package dev.cordon.redaction;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** What stands where a value stood. None of these is a finding when it is read again. */
final class Replacement {
  private static final int SHOWN_CHARS = 4;
  private static final int FEWEST_CHARS = 8; // of fewer, four would be most of the value
  private static final int HASH_BYTES = 6;

  private Replacement() {}

  /**
   * @param name what stands in brackets: of the kind, or of a type of the rule file's own
   * @param value with look-alikes folded
   * @param original as it was written; empty where that is not known any more
   * @param key null where the rule file needs none; what needs one is then a placeholder
   * @param prompt null for what is no call to a model; the same
   */
  static String of(
      RedactionPlan.Operator operator,
      Kind kind,
      String name,
      String value,
      String original,
      @Nullable RedactionKey key,
      @Nullable Prompt prompt) {
    String placeholder = kind == Kind.CUSTOM ? "[" + name + "]" : kind.placeholder();
    return switch (operator) {
      // a blocked call is not sent; if it is after all (observe mode), then without the value
      case TOKEN, BLOCK -> placeholder;
      case DROP -> "";
      case MASK -> mask(kind, value);
      case KEEP_LAST_4 ->
          kind.isNumber() || kind == Kind.CUSTOM ? "****" + lastAlphanumerics(value) : placeholder;
      case KEEP_DOMAIN -> kind == Kind.EMAIL ? domain(value) : placeholder;
      case HASH -> "[" + name + ":" + hash(name, value) + "]";
      case PSEUDONYM ->
          key == null ? placeholder : "[" + name + ":" + key.pseudonym(kind, name, value) + "]";
      case VAULT -> {
        // a token tells its kind, and which may come back is told by kind
        String token = prompt == null || kind == Kind.CUSTOM ? null : prompt.token(kind, original);
        yield token == null ? placeholder : token;
      }
      case SIV -> {
        String sealed = key == null || kind.isSecret() ? null : key.sealed(name, original);
        yield sealed == null ? placeholder : sealed;
      }
    };
  }

  private static String mask(Kind kind, String value) {
    if (kind.isNumber()) {
      return "****" + lastAlphanumerics(value);
    }
    return kind == Kind.EMAIL ? domain(value) : "********";
  }

  private static String domain(String value) {
    int at = value.lastIndexOf('@');
    return at < 0 ? Kind.EMAIL.placeholder() : "***" + value.substring(at);
  }

  private static String lastAlphanumerics(String value) {
    StringBuilder last = new StringBuilder(SHOWN_CHARS);
    int count = 0;
    for (int i = value.length() - 1; i >= 0; i--) {
      if (Chars.isAlphanumeric(value.charAt(i)) && count++ < SHOWN_CHARS) {
        last.append(value.charAt(i));
      }
    }
    return count < FEWEST_CHARS ? "" : last.reverse().toString();
  }

  private static String hash(String name, String value) {
    return Values.letters(HashKey.digest(name, value), HASH_BYTES);
  }

  /** A key of this process: without it, a hash of a telephone number is undone by trying them. */
  private static final class HashKey {
    private static final SecretKeySpec KEY = new SecretKeySpec(random(), "HmacSHA256");

    private static byte[] random() {
      byte[] key = new byte[32];
      new SecureRandom().nextBytes(key);
      return key;
    }

    static byte[] digest(String name, String value) {
      String keyed = name + '|' + value;
      return RedactionKey.hmac(KEY, keyed.getBytes(StandardCharsets.UTF_8));
    }
  }
}
