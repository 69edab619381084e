package dev.cordon.redaction;

import org.jspecify.annotations.Nullable;

/** Finds the tokens of one prompt in bytes that come in pieces. For one stream. */
final class TokenMatch {
  /** No token begins here. */
  static final int NONE = 0;

  /** One may begin here: more bytes have to come. */
  static final int OPEN = -1;

  private static final Kind[] KINDS = Kind.values();

  private final Prompt prompt;
  private final int firstLetters; // from A on, one bit for each
  private @Nullable String value;
  private @Nullable Kind kind; // of that value

  TokenMatch(Prompt prompt) {
    this.prompt = prompt;
    int letters = 0;
    for (int bits = prompt.restored(); bits != 0; bits &= bits - 1) {
      letters |= 1 << (KINDS[Integer.numberOfTrailingZeros(bits)].name().charAt(0) - 'A');
    }
    firstLetters = letters;
  }

  /** The length of the token that begins at a place, {@link #NONE} or {@link #OPEN}. */
  int at(byte[] bytes, int at, int to) {
    int first = capital(bytes[at]) - 'A';
    if (first < 0 || first >= 26 || (firstLetters >>> first & 1) == 0) {
      return NONE;
    }
    for (int bits = prompt.restored(); bits != 0; bits &= bits - 1) {
      Kind kind = KINDS[Integer.numberOfTrailingZeros(bits)];
      int length = at(kind, bytes, at, to);
      if (length != NONE) {
        return length;
      }
    }
    return NONE;
  }

  private int at(Kind kind, byte[] bytes, int at, int to) {
    String name = kind.name();
    int length = name.length() + 1 + TokenShape.SUFFIX_CHARS;
    int end = Math.min(to, at + length);
    for (int i = at; i < end; i++) {
      int c = capital(bytes[i]);
      int k = i - at;
      boolean fits =
          k < name.length()
              ? c == name.charAt(k)
              : k == name.length() ? c == '_' : c > ' ' && c < 128;
      if (!fits) {
        return NONE;
      }
    }
    StringBuilder capitals = new StringBuilder(length);
    for (int i = at; i < end; i++) {
      capitals.append((char) capital(bytes[i]));
    }
    String token = capitals.toString();
    if (end - at < length) {
      return prompt.hasTokenFrom(token) ? OPEN : NONE;
    }
    value = prompt.value(kind, token);
    this.kind = kind;
    return value == null ? NONE : length;
  }

  private static int capital(byte b) {
    return b >= 'a' && b <= 'z' ? b - 32 : b;
  }

  /** Takes what stood where the last token was found: it is counted as restored. */
  String value() {
    String found = value;
    Kind of = kind;
    if (found == null || of == null) {
      throw new IllegalStateException("no token was found");
    }
    prompt.countRestored(of);
    return found;
  }
}
