package dev.cordon.redaction;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A whole text as bytes, one for each character, and what stands where in it: one bit for each. Its
 * memory is used again for the next text of the same thread.
 */
final class TextIndex {
  private static final int INITIAL_CHARS = 4 * 1024;

  /** What is longer has memory of its own, so that no thread keeps much. */
  private static final int KEPT_CHARS = 32 * 1024;

  /** Where the first character is: there is room for a few before it. */
  static final int FIRST = Scratch.FIRST;

  private static final int BEHIND = 2 * Prefilter.BLOCK_BYTES; // zeros: readers look ahead

  byte[] bytes = new byte[0];

  /** Where values can be anchored; says too much, never too little. */
  long[] anchors = new long[0];

  long[] quotes = new long[0];

  /** Backslashes, and bytes that are not of ASCII. */
  long[] odd = new long[0];

  private long[] digits = new long[0];
  private long[] rows = new long[0];

  /** Of bytes that are Latin-1 or the bytes of UTF-8. */
  void read(byte[] source, int from, int kinds) {
    int length = source.length - from;
    reserve(length);
    System.arraycopy(source, from, bytes, FIRST, length);
    index(length, kinds);
  }

  /** False when a character is to be read as another one, so that its anchors are not known. */
  boolean read(String s, int from, int to, int kinds) {
    int length = to - from;
    reserve(length);
    boolean known = Scratch.mine().narrow(s, from, to, bytes, FIRST);
    for (int i = from; !known && i < to; i++) {
      bytes[FIRST + i - from] = Lexicon.narrow(s.charAt(i));
    }
    index(length, kinds);
    return known;
  }

  private void index(int length, int kinds) {
    int blocks = (length + Prefilter.BLOCK_BYTES - 1) / Prefilter.BLOCK_BYTES;
    Arrays.fill(bytes, FIRST + length, FIRST + length + BEHIND, (byte) 0);
    Prefilter.strings(bytes, FIRST, blocks, quotes, odd);
    Prefilter.classify(bytes, FIRST, blocks, Lexicon.of(kinds), digits, rows, anchors);
    boolean addresses = (kinds & (Kind.IP_ADDRESS.bit() | Kind.MAC_ADDRESS.bit())) != 0;
    for (int block = 0; block < blocks; block++) {
      int base = FIRST + block * Prefilter.BLOCK_BYTES;
      anchors[block] = Prefilter.anchors(bytes, base, block, addresses, digits, rows, anchors);
    }
  }

  private void reserve(int length) {
    int needed = FIRST + length + BEHIND;
    if (needed <= bytes.length) {
      return;
    }
    int chars = Math.max(INITIAL_CHARS, length);
    if (chars < KEPT_CHARS) {
      chars = Integer.highestOneBit(chars - 1) << 1;
    }
    bytes = new byte[FIRST + chars + BEHIND];
    int blocks = chars / Prefilter.BLOCK_BYTES + 2;
    anchors = new long[blocks];
    quotes = new long[blocks];
    odd = new long[blocks];
    digits = new long[blocks];
    rows = new long[blocks];
  }

  /** Whether it may be kept for another text. */
  boolean isSmall() {
    return bytes.length <= FIRST + KEPT_CHARS + BEHIND;
  }

  /** The characters again. */
  static String text(byte[] source, int from) {
    return new String(source, from, source.length - from, StandardCharsets.ISO_8859_1);
  }
}
