package dev.cordon.rules;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Walks the pairs of a query or of a form body. */
final class FormReader {
  private final String text;
  private final int end;
  private final boolean bytes;
  private boolean semicolons;
  private int at;
  private int keyStart;
  private int keyEnd;
  private int valueStart;
  private int valueEnd;

  private FormReader(String text, int start, int end, boolean bytes) {
    this.text = text;
    this.at = start;
    this.end = end;
    this.bytes = bytes;
  }

  static FormReader query(String url, Target target) {
    return new FormReader(url, target.queryStart, target.queryEnd, false);
  }

  static FormReader body(byte[] body) {
    // one char for each byte: escapes and raw bytes are decoded as UTF-8 together
    String text = new String(body, StandardCharsets.ISO_8859_1);
    return new FormReader(text, 0, text.length(), true);
  }

  /** Cuts at semicolons, too, as some servers do. */
  FormReader andSemicolons() {
    semicolons = true;
    return this;
  }

  private boolean isSeparator(int index) {
    char c = text.charAt(index);
    return c == '&' || (c == ';' && semicolons);
  }

  /** Moves to the next pair; empty ones are passed over. */
  boolean next() {
    while (at < end && isSeparator(at)) {
      at++;
    }
    if (at >= end) {
      return false;
    }
    int pairEnd = at;
    int equals = -1;
    while (pairEnd < end && !isSeparator(pairEnd)) {
      if (equals < 0 && text.charAt(pairEnd) == '=') {
        equals = pairEnd;
      }
      pairEnd++;
    }
    keyStart = at;
    keyEnd = equals < 0 ? pairEnd : equals;
    valueStart = Math.min(keyEnd + 1, pairEnd);
    valueEnd = pairEnd;
    at = pairEnd;
    return true;
  }

  /** True when the key is {@code name} in any case. */
  boolean keyIs(String name) {
    for (int i = keyStart; i < keyEnd; i++) {
      if (text.charAt(i) == '%' || text.charAt(i) == '+') {
        String key = key();
        return key != null && Fold.same(name, key.strip());
      }
    }
    return Fold.same(name, text, keyStart, keyEnd);
  }

  /** True when servers may read the key as another one, or it has to be decoded. */
  boolean isOddKey() {
    for (int i = keyStart; i < keyEnd; i++) {
      char c = text.charAt(i);
      if (c == '%' || c == '+' || c == '.' || c == '[' || c <= ' ') {
        return true;
      }
    }
    return false;
  }

  /**
   * A name as PHP reads it: without blanks before it, up to a NUL, with an underscore for a blank,
   * a dot and a bracket that begins it, without the brackets of an array behind it.
   */
  static String asPhp(String key) {
    int start = 0;
    while (start < key.length() && key.charAt(start) == ' ') {
      start++;
    }
    int lastClose = key.lastIndexOf(']');
    StringBuilder out = new StringBuilder(key.length());
    for (int i = start; i < key.length(); i++) {
      char c = key.charAt(i);
      if (c == '\0' || (c == '[' && i > start && lastClose > i)) {
        break;
      }
      out.append(c == ' ' || c == '.' || c == '[' ? '_' : c);
    }
    return out.toString();
  }

  /** The decoded key; null when it cannot be decoded. */
  @Nullable String key() {
    return decode(keyStart, keyEnd);
  }

  /** The decoded value; null when it cannot be decoded. */
  @Nullable String value() {
    return decode(valueStart, valueEnd);
  }

  private @Nullable String decode(int from, int to) {
    boolean plain = true;
    for (int i = from; i < to && plain; i++) {
      char c = text.charAt(i);
      plain = c != '%' && c != '+' && c != ';' && c > ' ' && c < 0x7f;
    }
    if (plain) {
      return text.substring(from, to);
    }
    byte[] decoded = new byte[(to - from) * 3];
    int count = 0;
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (c == '%') {
        int value = i + 2 < to ? Target.hex(text.charAt(i + 1), text.charAt(i + 2)) : -1;
        if (value < 0) {
          return null;
        }
        decoded[count++] = (byte) value;
        i += 2;
      } else if (c == '+') {
        decoded[count++] = ' ';
      } else if (c == ';') {
        return null; // a separator to some servers
      } else if (c < 0x80 || bytes) {
        decoded[count++] = (byte) c;
      } else {
        byte[] encoded = text.substring(i, i + 1).getBytes(StandardCharsets.UTF_8);
        System.arraycopy(encoded, 0, decoded, count, encoded.length);
        count += encoded.length;
      }
    }
    return Utf8.isValid(decoded, 0, count)
        ? new String(decoded, 0, count, StandardCharsets.UTF_8)
        : null;
  }
}
