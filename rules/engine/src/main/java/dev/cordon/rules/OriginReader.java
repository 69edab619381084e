package dev.cordon.rules;

import org.jspecify.annotations.Nullable;

/**
 * Reads one answer while it arrives and lets an {@link Origins} remember what stands in it: the
 * texts and numbers of JSON, but not its keys; of everything else the texts between tags. UTF-8; of
 * an answer in another encoding nothing useful is remembered. Not thread-safe.
 */
public final class OriginReader {

  /** Takes texts, one after the other. */
  interface Texts {
    void put(char c);

    void end();
  }

  static final int MAX_BYTES = 1024 * 1024; // of what comes behind them nothing is remembered
  private static final int MAX_DEPTH = 63; // nor of what is nested deeper

  private enum At {
    BEGINNING,
    // of JSON
    BETWEEN,
    TEXT,
    ESCAPE,
    UNICODE,
    NUMBER,
    // of everything else
    PLAIN,
    TAG,
    BEYOND
  }

  private final Texts texts;
  private final boolean readsKeys;
  private int bytesLeft = MAX_BYTES;
  private At at = At.BEGINNING;
  private int depth;
  private long objects; // a bit for each level: 1 is an object
  private boolean keyNext;
  private boolean isKey;
  private int unicode;
  private int unicodeDigits;
  private int codePoint;
  private int bytesMore;

  /**
   * Remembers what stands in one answer of a source.
   *
   * @param said by the application in the call that is answered: no whole value of the source;
   *     null: nothing in this answer is, as it may all be what the application said
   */
  public OriginReader(Origins origins, Origins.Source source, @Nullable Said said) {
    this(origins.learner(source, said), false);
  }

  private OriginReader(Texts texts, boolean readsKeys) {
    this.texts = texts;
    this.readsKeys = readsKeys;
  }

  /** Reads keys, too, and remembers nothing. */
  static OriginReader ofAll(Texts texts) {
    return new OriginReader(texts, true);
  }

  /** More of the answer. */
  public void feed(byte[] bytes, int from, int to) {
    int end = Math.min(to, from + bytesLeft);
    for (int i = from; i < end && at != At.BEYOND; i++) {
      decode(bytes[i] & 0xff);
    }
    bytesLeft -= end - from;
    if (bytesLeft == 0 && at != At.BEYOND) {
      at = At.BEYOND; // the value that is cut here is not a value
    }
  }

  /** The answer has ended. */
  public void end() {
    if (at == At.NUMBER || at == At.PLAIN) {
      texts.end();
    }
    at = At.BEYOND;
  }

  /** Ends it; false when it was no JSON or not all of it was read. */
  boolean endsWhole() {
    boolean whole = at == At.BEGINNING || at == At.BETWEEN || at == At.NUMBER;
    end();
    return whole;
  }

  private void decode(int octet) {
    if (octet < 0x80) {
      bytesMore = 0;
      take((char) octet);
    } else if (octet < 0xc0) {
      if (bytesMore > 0) {
        codePoint = codePoint << 6 | (octet & 0x3f);
        if (--bytesMore == 0 && Character.isValidCodePoint(codePoint)) {
          if (Character.isBmpCodePoint(codePoint)) {
            take((char) codePoint);
          } else {
            take(Character.highSurrogate(codePoint));
            take(Character.lowSurrogate(codePoint));
          }
        }
      }
    } else {
      bytesMore = octet < 0xe0 ? 1 : octet < 0xf0 ? 2 : 3;
      codePoint = octet & (0x3f >> bytesMore);
    }
  }

  private void take(char c) {
    switch (at) {
      case BEGINNING -> begin(c);
      case BETWEEN -> between(c);
      case TEXT -> {
        if (c == '"') {
          if (!isKey) {
            texts.end();
          }
          at = At.BETWEEN;
        } else if (c == '\\') {
          at = At.ESCAPE;
        } else {
          put(c);
        }
      }
      case ESCAPE -> {
        at = c == 'u' ? At.UNICODE : At.TEXT;
        unicode = 0;
        unicodeDigits = 0;
        if (c != 'u') {
          put(c == 'n' || c == 't' || c == 'r' || c == 'b' || c == 'f' ? ' ' : c);
        }
      }
      case UNICODE -> {
        unicode = unicode << 4 | (Character.digit(c, 16) & 15);
        if (++unicodeDigits == 4) {
          put((char) unicode);
          at = At.TEXT;
        }
      }
      case NUMBER -> {
        if (isOfNumber(c)) {
          texts.put(c);
        } else {
          texts.end();
          at = At.BETWEEN;
          between(c);
        }
      }
      case PLAIN -> {
        if (c == '<') {
          texts.end();
          at = At.TAG;
        } else {
          texts.put(c);
        }
      }
      case TAG -> at = c == '>' ? At.PLAIN : At.TAG;
      case BEYOND -> {}
    }
  }

  private void begin(char c) {
    if (Character.isWhitespace(c) || c == '\ufeff') {
      return;
    }
    if (c == '{' || c == '[' || c == '"') {
      at = At.BETWEEN;
      between(c);
    } else {
      at = At.PLAIN;
      take(c);
    }
  }

  private void between(char c) {
    switch (c) {
      case '{', '[' -> {
        if (++depth > MAX_DEPTH) {
          at = At.BEYOND;
          return;
        }
        boolean object = c == '{';
        objects = object ? objects | 1L << depth : objects & ~(1L << depth);
        keyNext = object;
      }
      case '}', ']' -> {
        depth = Math.max(0, depth - 1);
        keyNext = false;
      }
      case ',' -> keyNext = (objects >>> depth & 1) != 0;
      case ':' -> keyNext = false;
      case '"' -> {
        isKey = keyNext && !readsKeys;
        at = At.TEXT;
      }
      default -> {
        if (c == '-' || (c >= '0' && c <= '9')) {
          texts.put(c);
          at = At.NUMBER;
        }
      }
    }
  }

  private void put(char c) {
    if (!isKey) {
      texts.put(c);
    }
  }

  private static boolean isOfNumber(char c) {
    return (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '+' || c == 'e' || c == 'E';
  }
}
