package dev.cordon.redaction;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Memory that a thread owns while it scans. Bounded: a long text is read in pieces. */
final class Scratch {
  /** Characters that are read in one go. */
  static final int CHUNK_CHARS = 2048;

  /** Where a piece begins: there is room for what stands before it. */
  static final int FIRST = 8;

  private static final int LEAD_CHARS = 3;
  private static final int BEHIND_CHARS = Prefilter.LOOK_AHEAD_BYTES;
  private static final int BLOCKS = CHUNK_CHARS / Prefilter.BLOCK_BYTES;

  private static final ThreadLocal<Scratch> OF_THREAD = new ThreadLocal<>();

  final byte[] bytes = new byte[FIRST + CHUNK_CHARS + Prefilter.BLOCK_BYTES + BEHIND_CHARS];
  private final long[] digits = new long[BLOCKS + 1];
  private final long[] rows = new long[BLOCKS + 1];
  private final long[] anchors = new long[BLOCKS];
  private boolean addresses;

  private final char[] chars = new char[LEAD_CHARS + CHUNK_CHARS + BEHIND_CHARS];
  private final CharBuffer charBuffer = CharBuffer.wrap(chars);
  private final ByteBuffer byteBuffer = ByteBuffer.wrap(bytes);
  // the one way to narrow characters and to learn whether that was possible that is vectorized
  private final CharsetEncoder latin1 = StandardCharsets.ISO_8859_1.newEncoder();

  /** A number of a person while it is checked, without its separators. */
  final byte[] id = new byte[Ids.MAX_COMPACT_CHARS];

  final int[] idEnds = new int[Ids.MAX_COMPACT_CHARS + 1];
  final int[] idValues = new int[Ids.MAX_VALUES];

  private static final int MAX_NESTED = 4;

  // for each kind of word, where its last hit ended and how many more may begin within that one
  private final int[] reached = new int[Lexicon.ACTIONS];
  private final int[] nested = new int[Lexicon.ACTIONS];

  /** What was learnt about the text that is scanned. */
  final Runs runs = new Runs();

  private Scratch() {}

  /** Forgets the hits of another text. */
  void begin() {
    Arrays.fill(reached, -1);
    runs.begin();
  }

  /**
   * Whether a word that begins here is worth verifying. Credentials may stand in credentials, but
   * not any number of them, each read to the same end: that would be quadratic.
   */
  boolean mayBegin(int action, int start) {
    return start >= reached[action] || --nested[action] >= 0;
  }

  void reached(int action, int end) {
    if (end > reached[action]) {
      reached[action] = end;
      nested[action] = MAX_NESTED;
    }
  }

  static Scratch mine() {
    Scratch scratch = OF_THREAD.get();
    if (scratch == null) {
      scratch = new Scratch();
      OF_THREAD.set(scratch);
    }
    return scratch;
  }

  /**
   * Reads a piece of a text: one byte for each character, with a few characters before it and
   * behind it, zeros where there are none.
   *
   * @param kinds bits of the kinds that are looked for
   * @return false when a character is to be read as another one, so that the text must be folded
   */
  boolean read(String s, int from, int at, int to, int kinds) {
    int start = Math.max(from, at - LEAD_CHARS);
    int end = Math.min(to, at + CHUNK_CHARS + BEHIND_CHARS);
    int length = end - start;
    int first = FIRST - (at - start);
    bytes[FIRST - 1] = 0;
    bytes[FIRST - 2] = 0;
    bytes[FIRST - 3] = 0;
    if (!narrow(s, start, end, bytes, first)) {
      return false;
    }
    int pieceChars = Math.min(CHUNK_CHARS, to - at);
    int blocks = (pieceChars + Prefilter.BLOCK_BYTES - 1) / Prefilter.BLOCK_BYTES;
    int stop = FIRST + blocks * Prefilter.BLOCK_BYTES + BEHIND_CHARS;
    for (int i = first + length; i < stop; i++) {
      bytes[i] = 0;
    }
    addresses = (kinds & (Kind.IP_ADDRESS.bit() | Kind.MAC_ADDRESS.bit())) != 0;
    Prefilter.classify(bytes, FIRST, blocks, Lexicon.of(kinds), digits, rows, anchors);
    if (at + pieceChars < to) {
      Prefilter.classifyBehind(bytes, FIRST, blocks, digits, rows);
    }
    return true;
  }

  /**
   * Writes one byte for each character.
   *
   * @return false when a character is to be read as another one; not all of them are written then
   */
  boolean narrow(String s, int from, int to, byte[] into, int at) {
    ByteBuffer buffer = into == bytes ? byteBuffer : ByteBuffer.wrap(into);
    for (int start = from; start < to; start += chars.length) {
      int length = Math.min(chars.length, to - start);
      s.getChars(start, start + length, chars, 0);
      charBuffer.limit(length).position(0);
      buffer.position(at + start - from);
      latin1.reset();
      latin1.encode(charBuffer, buffer, true);
      if (charBuffer.hasRemaining() && !readWide(into, at + start - from, length)) {
        return false;
      }
    }
    return true;
  }

  private boolean readWide(byte[] into, int first, int length) {
    for (int i = 0; i < length; i++) {
      char c = chars[i];
      if (c >= 0xA0 && Chars.fold(c) != c) {
        return false;
      }
      into[first + i] = Lexicon.narrow(c);
    }
    return true;
  }

  /**
   * One bit for each character of a whole text where a value could be anchored, wherever in it the
   * reading begins; null when it has characters that do not fit into a byte.
   */
  static long @Nullable [] anchorsOf(String s, int from, int to, int kinds) {
    Scratch scratch = mine();
    long[] all = new long[(to - from) / Prefilter.BLOCK_BYTES + 1];
    for (int chunk = from; chunk < to; chunk += CHUNK_CHARS) {
      if (!scratch.read(s, from, chunk, to, kinds)) {
        return null;
      }
      int chars = Math.min(CHUNK_CHARS, to - chunk);
      for (int block = 0; block * Prefilter.BLOCK_BYTES < chars; block++) {
        all[(chunk - from) / Prefilter.BLOCK_BYTES + block] = scratch.anchors(block);
      }
    }
    return all;
  }

  /** Whether enough digits begin at an anchor for a number that is worth a look. */
  boolean isRow(int block, int at) {
    // what is no anchor of a word is one because of its row
    return (anchors[block] >>> at & 1) == 0 || Prefilter.isRow(block, at, digits, rows);
  }

  /** One bit for each character of a block of the piece where a value can be anchored. */
  long anchors(int block) {
    int base = FIRST + block * Prefilter.BLOCK_BYTES;
    return Prefilter.anchors(bytes, base, block, addresses, digits, rows, anchors);
  }
}
