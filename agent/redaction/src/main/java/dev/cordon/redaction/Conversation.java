package dev.cordon.redaction;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of one conversation with a model, and the values behind them. Reading takes no lock;
 * any number of threads.
 */
public final class Conversation {
  private static final int MAX_VALUES = 10_000;
  private static final int MAX_VALUE_CHARS = 4_096;
  private static final int OVERHEAD_BYTES = 300; // of an entry in both maps
  private static final int MAX_ATTEMPTS = 64;

  private final SecretKeySpec key;
  private final String name;
  private final @Nullable TokenVault vault; // null: of one call
  private final ConcurrentHashMap<String, String> tokens = new ConcurrentHashMap<>();
  private final ConcurrentSkipListMap<String, String> values = new ConcurrentSkipListMap<>();
  private volatile long usedNs;
  private long chargedBytes; // under this
  private boolean left; // under this

  Conversation(SecretKeySpec key, String name, @Nullable TokenVault vault, long nowNs) {
    this.key = key;
    this.name = name;
    this.vault = vault;
    this.usedNs = nowNs;
  }

  /**
   * The token of a value, the same whenever it is asked for; null when there is no room for another
   * value, or it is too long.
   */
  @Nullable String token(Kind kind, String value) {
    if (value.length() > MAX_VALUE_CHARS || kind.isSecret()) {
      return null;
    }
    String typed = kind.name() + '|' + value;
    String known = tokens.get(typed);
    if (known != null) {
      return known;
    }
    long bytes = OVERHEAD_BYTES + 4L * value.length();
    if (vault != null && !vault.makeRoom(bytes, this)) {
      return null;
    }
    return made(kind, value, typed, bytes);
  }

  private synchronized @Nullable String made(Kind kind, String value, String typed, long bytes) {
    String known = tokens.get(typed);
    if (known != null) {
      return known;
    }
    if (values.size() >= MAX_VALUES) {
      return null;
    }
    for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      String token = kind.name() + '_' + suffix(attempt + "|" + typed);
      String taken =
          TokenShape.isSuffix(token, token.length() - TokenShape.SUFFIX_CHARS)
              ? values.putIfAbsent(token, value)
              : value;
      if (taken == null) {
        tokens.put(typed, token);
        if (vault != null && !left) {
          chargedBytes += bytes;
          vault.charge(bytes);
        }
        return token;
      }
    }
    return null;
  }

  private String suffix(String text) {
    String keyed = name.length() + "|" + name + "|" + text;
    byte[] hash = RedactionKey.hmac(key, keyed.getBytes(StandardCharsets.UTF_8));
    return TokenShape.suffix(hash);
  }

  /** The value behind a token in capitals; null for a token of another conversation. */
  @Nullable String value(String token) {
    return values.get(token);
  }

  /** Whether a token of this conversation begins with these capitals. */
  boolean hasTokenFrom(String beginning) {
    String next = values.ceilingKey(beginning);
    return next != null && next.startsWith(beginning);
  }

  boolean isEmpty() {
    return values.isEmpty();
  }

  String name() {
    return name;
  }

  long usedNs() {
    return usedNs;
  }

  void use(long nowNs) {
    usedNs = nowNs;
  }

  boolean isOver(long nowNs) {
    return nowNs - usedNs > TokenVault.TTL_NS;
  }

  /** What it held of the vault; calls that are under way go on with it. */
  synchronized long leaveVault() {
    left = true;
    long bytes = chargedBytes;
    chargedBytes = 0;
    return bytes;
  }

  /** Never the values. */
  @Override
  public String toString() {
    return "Conversation[" + values.size() + " values]";
  }
}
