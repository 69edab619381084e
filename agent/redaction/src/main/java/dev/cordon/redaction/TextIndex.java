package dev.cordon.redaction;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A whole text as bytes, one for each character, and what stands where in it: one bit for each.
 * Where values can be anchored is found out when somebody asks for a part of the text, 64
 * characters at a time: names of fields and plain words are most of a body, and need none of it.
 * The memory is used again for the next text of the same thread.
 */
final class TextIndex {
  private static final int INITIAL_CHARS = 4 * 1024;

  /** What is longer has memory of its own, so that no thread keeps much. */
  private static final int KEPT_CHARS = 32 * 1024;

  /** Where the first character is: there is room for a few before it. */
  static final int FIRST = Scratch.FIRST;

  private static final int BEHIND = 2 * Prefilter.BLOCK_BYTES; // zeros: readers look ahead

  /** Told by the names of fields alone: nothing in a value anchors them. */
  private static final int TOLD_BY_KEYS =
      Kind.NAME.bit() | Kind.ADDRESS.bit() | Kind.BIRTH_DATE.bit();

  byte[] bytes = new byte[0];

  /** Where values can be anchored; says too much, never too little. Only of what was asked for. */
  long[] anchors = new long[0];

  long[] quotes = new long[0];

  /** Backslashes, and bytes that are not of ASCII. */
  long[] odd = new long[0];

  private long[] digits = new long[0];
  private long[] rows = new long[0];

  private long[] marks = new long[0]; // anchors that are so whatever stands around them

  // the piece that was asked for last
  private int foundFirst;
  private int foundLast;

  // one bit for each block: whether its bytes are told apart, and whether its anchors are known
  private long[] classified = new long[0];
  private long[] known = new long[0];
  private int blocks;
  private Lexicon lexicon = Lexicon.of(0);
  private boolean addresses;
  private boolean anchored;

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
    blocks = (length + Prefilter.BLOCK_BYTES - 1) / Prefilter.BLOCK_BYTES;
    Arrays.fill(bytes, FIRST + length, FIRST + length + BEHIND, (byte) 0);
    Prefilter.strings(bytes, FIRST, blocks, quotes, odd);
    Arrays.fill(classified, 0, (blocks >>> 6) + 1, 0);
    Arrays.fill(known, 0, (blocks >>> 6) + 1, 0);
    foundFirst = -1;
    lexicon = Lexicon.of(kinds);
    addresses = (kinds & (Kind.IP_ADDRESS.bit() | Kind.MAC_ADDRESS.bit())) != 0;
    anchored = (kinds & ~TOLD_BY_KEYS) != 0;
  }

  /**
   * Whether nothing anchors a value from {@code first} to before {@code last}, counted from the
   * beginning of the text: a piece of ASCII, with one more character behind it.
   */
  boolean isQuiet(int first, int last) {
    find(first, last);
    return !anchored || JsonText.isQuiet(anchors, first, last);
  }

  /** Whether anything in a value can be found. */
  boolean isAnchored() {
    return anchored;
  }

  /** Finds the anchors of a piece, for whoever reads it: a string, or a number. */
  void find(int first, int last) {
    if (first == foundFirst && last == foundLast) {
      return;
    }
    foundFirst = first;
    foundLast = last;
    int even = first & -2;
    if (anchored && last - even < Prefilter.BLOCK_BYTES) {
      int base = FIRST + even;
      long found = Prefilter.anchors(bytes, base, FIRST + first, FIRST + last, lexicon, addresses);
      if (found != Prefilter.UNSURE) {
        put(found, even, first, last);
        return;
      }
    }
    for (int block = first >>> 6; block <= last >>> 6 && block < blocks; block++) {
      if ((known[block >>> 6] >>> block & 1) == 0) {
        known[block >>> 6] |= 1L << block;
        anchors[block] = anchored ? anchorsOf(block) : 0;
      }
    }
  }

  /** In place of what the memory held from another text. */
  private void put(long found, int base, int first, int last) {
    int block = base >>> 6;
    long piece = (1L << last - base) - 1 & -1L << first - base;
    anchors[block] = anchors[block] & ~(piece << base) | found << base;
    if (last >>> 6 > block) {
      int rest = -base; // what did not fit
      anchors[block + 1] = anchors[block + 1] & ~(piece >>> rest) | found >>> rest;
    }
  }

  private long anchorsOf(int block) {
    classify(block);
    if (block + 1 < blocks) {
      classify(block + 1); // a row of digits goes on there
    } else {
      digits[blocks] = 0;
      rows[blocks] = 0;
    }
    int base = FIRST + block * Prefilter.BLOCK_BYTES;
    return Prefilter.anchors(bytes, base, block, addresses, digits, rows, marks);
  }

  private void classify(int block) {
    if ((classified[block >>> 6] >>> block & 1) == 0) {
      classified[block >>> 6] |= 1L << block;
      marks[block] = Prefilter.classify(bytes, FIRST, block, lexicon, digits, rows);
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
    marks = new long[blocks];
    quotes = new long[blocks];
    odd = new long[blocks];
    digits = new long[blocks];
    rows = new long[blocks];
    classified = new long[(blocks >>> 6) + 1];
    known = new long[(blocks >>> 6) + 1];
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
