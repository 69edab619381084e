package dev.cordon.redaction;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Says where in a text a value could be anchored: at the first digit of a row long enough to be a
 * number of a person, at an at sign or a percent sign, behind the country of an IBAN, and where
 * three letters stand that belong to a word of the {@link Lexicon}. Reads eight bytes at a time and
 * looks up three letters at every other position, so most of a text costs about a nanosecond for
 * each character. Says too much, never too little.
 */
final class Prefilter {
  /** Bytes that one mask speaks for. */
  static final int BLOCK_BYTES = 64;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;
  private static final long LOWS = 0x7F7F7F7F7F7F7F7FL;
  private static final long AT_SIGNS = ONES * '@';
  private static final long PERCENTS = ONES * '%';
  private static final long BLANKS = ONES * ' ';
  private static final long QUOTES = ONES * '"';
  private static final long BACKSLASHES = ONES * '\\';
  // added to a byte below 0x80, these set its bit 7 if it is at least the character
  private static final long FROM_ZERO = ONES * (0x80 - '0');
  private static final long FROM_COLON = ONES * (0x80 - ':');
  private static final long FROM_SEMICOLON = ONES * (0x80 - ';');
  private static final long FROM_PARENTHESIS = ONES * (0x80 - '(');
  private static final long GATHER = 0x0102040810204080L; // bit 7 of each byte to the top byte

  private static final byte NO_BREAK_SPACE = (byte) 0xA0;
  private static final byte SOFT_HYPHEN = (byte) 0xAD;

  /** Fewest digits of a number worth a look. */
  private static final int MIN_DIGITS = 6;

  /** An address such as {@code 1.2.3.4} has fewer, but it is that long. */
  private static final int MIN_GROUPED_CHARS = 7;

  private static final int MIN_GROUPED_DIGITS = 4;

  /** How far ahead the digits of a row are counted. */
  private static final int REACH_CHARS = 24;

  /** Bytes behind the last block that tell how its rows of digits go on. */
  static final int LOOK_AHEAD_BYTES = 32;

  private Prefilter() {}

  /**
   * Classifies {@code blocks} blocks from {@code at} on: digits, characters that can stand in a row
   * of digits, and places that are anchors whatever stands around them. Around a place that is
   * marked for its letters a word may stand.
   */
  static void classify(
      byte[] bytes,
      int at,
      int blocks,
      Lexicon lexicon,
      long[] digits,
      long[] rows,
      long[] anchors) {
    for (int block = 0; block < blocks; block++) {
      anchors[block] = classify(bytes, at, block, lexicon, digits, rows);
    }
    digits[blocks] = 0;
    rows[blocks] = 0;
  }

  /** The same for one block; its anchors are given back. */
  static long classify(
      byte[] bytes, int at, int block, Lexicon lexicon, long[] digits, long[] rows) {
    long[] words = lexicon.known;
    int base = at + block * BLOCK_BYTES;
    long digitBits = 0;
    long rowBits = 0;
    long percents = 0;
    long signs = 0;
    for (int k = 0; k < BLOCK_BYTES; k += 8) {
      long word = (long) LONGS.get(bytes, base + k);
      long low = word & LOWS;
      long percent = word ^ PERCENTS;
      long atSign = word ^ AT_SIGNS;
      percents |= percent - ONES & ~percent;
      signs |= atSign - ONES & ~atSign | word;
      long digit = (low + FROM_ZERO) & ~(low + FROM_COLON) & ~word & HIGHS;
      long row = (low + FROM_PARENTHESIS) & ~(low + FROM_SEMICOLON) & ~word;
      long blank = word ^ BLANKS;
      row = (row | blank - ONES & ~blank) & HIGHS;
      digitBits |= (digit >>> 7) * GATHER >>> 56 << k;
      rowBits |= (row >>> 7) * GATHER >>> 56 << k;
    }
    long letters = 0;
    for (int k = 0; k < BLOCK_BYTES; k += 2) {
      int hash = Lexicon.hash((int) INTS.get(bytes, base + k));
      letters |= (words[hash >>> 6] >>> hash & 1) << k; // no branch: nobody could predict it
    }
    // a row of digits anchors what begins with it; one digit can stand in a prefix
    letters &= ~(digitBits & (digitBits << 1 | digitBits >>> 1));
    boolean escaped = (percents & HIGHS) != 0;
    long found = escaped || (signs & HIGHS) != 0 ? specials(bytes, base) : 0;
    while (letters != 0) {
      int k = Long.numberOfTrailingZeros(letters);
      letters &= letters - 1;
      if (lexicon.mayStand(bytes, base + k)) {
        found |= 1L << k;
      }
    }
    digits[block] = digitBits;
    rows[block] = escaped ? rowBits | escapes(bytes, base) : rowBits;
    return found;
  }

  /** Says of a piece that it has to be found out with what stands around it. */
  static final long UNSURE = -1L;

  /**
   * The anchors of a piece of a text in ASCII that is shorter than a block; values do not reach
   * beyond it.
   *
   * @param at where the text begins: words are looked up at every other place from there on
   * @param base an even number of characters from there, where the piece begins or one before
   * @return one bit for each byte from {@code base} on
   */
  static long anchors(
      byte[] bytes, int base, int from, int to, Lexicon lexicon, boolean addresses) {
    long[] words = lexicon.known;
    long digit = 0;
    long row = 0;
    long letters = 0;
    long percents = 0;
    long signs = 0;
    for (int k = 0; k < to - base; k += 8) {
      long word = (long) LONGS.get(bytes, base + k);
      int first = Lexicon.hash((int) word);
      int second = Lexicon.hash((int) (word >>> 16));
      int third = Lexicon.hash((int) (word >>> 32));
      int fourth = Lexicon.hash((int) (word >>> 48) | bytes[base + k + 8] << 16);
      long known =
          words[first >>> 6] >>> first & 1
              | (words[second >>> 6] >>> second & 1) << 2
              | (words[third >>> 6] >>> third & 1) << 4
              | (words[fourth >>> 6] >>> fourth & 1) << 6;
      letters |= known << k;
      long low = word & LOWS;
      long percent = word ^ PERCENTS;
      long atSign = word ^ AT_SIGNS;
      percents |= percent - ONES & ~percent;
      signs |= atSign - ONES & ~atSign;
      long digits = (low + FROM_ZERO) & ~(low + FROM_COLON) & ~word & HIGHS;
      long rows = (low + FROM_PARENTHESIS) & ~(low + FROM_SEMICOLON) & ~word;
      long blank = word ^ BLANKS;
      rows = (rows | blank - ONES & ~blank) & HIGHS;
      digit |= (digits >>> 7) * GATHER >>> 56 << k;
      row |= (rows >>> 7) * GATHER >>> 56 << k;
    }
    if ((percents & HIGHS) != 0) {
      return UNSURE; // an escape is seen with what stands around it
    }
    long piece = (1L << to - base) - 1 & -1L << from - base;
    digit &= piece;
    row &= piece;
    letters &= piece & ~(digit & (digit << 1 | digit >>> 1));
    long found = (signs & HIGHS) == 0 ? 0 : specials(bytes, base) & piece;
    while (letters != 0) {
      int k = Long.numberOfTrailingZeros(letters);
      letters &= letters - 1;
      if (lexicon.mayStand(bytes, base + k)) {
        found |= 1L << k;
      }
    }
    if (addresses) {
      found |= addresses(bytes, base, row & ~digit, 0);
    }
    if (digit != 0) {
      long starts = digit & ~(digit << 1);
      found |= glued(bytes, base, starts, digit, row);
      if (Long.bitCount(digit) >= MIN_GROUPED_DIGITS) {
        long rowStarts = rowStarts(starts, row) & ~found;
        while (rowStarts != 0) {
          int k = Long.numberOfTrailingZeros(rowStarts);
          rowStarts &= rowStarts - 1;
          found |= isRow(row >>> k, digit >>> k) ? 1L << k : 0;
        }
      }
    }
    return found;
  }

  /** Whether a word may stand around a place of this piece that is looked at. */
  static boolean hasWord(byte[] bytes, int at, int from, int to, Lexicon lexicon) {
    long[] words = lexicon.known;
    for (int i = from + (from - at & 1); i < to; i += 2) {
      int hash = Lexicon.hash((int) INTS.get(bytes, i));
      if ((words[hash >>> 6] >>> hash & 1) != 0 && lexicon.mayStand(bytes, i)) {
        return true;
      }
    }
    return false;
  }

  /** Marks what a reader of JSON stops at: quotes, and backslashes and bytes beyond ASCII. */
  static void strings(byte[] bytes, int at, int blocks, long[] quotes, long[] odd) {
    for (int block = 0; block < blocks; block++) {
      int base = at + block * BLOCK_BYTES;
      long quoteBits = 0;
      long oddBits = 0;
      for (int k = 0; k < BLOCK_BYTES; k += 8) {
        long word = (long) LONGS.get(bytes, base + k);
        long quote = word ^ QUOTES;
        long backslash = word ^ BACKSLASHES;
        long isQuote = ~((quote & LOWS) + LOWS | quote | LOWS);
        long isOdd = ~((backslash & LOWS) + LOWS | backslash | LOWS) | word & HIGHS;
        quoteBits |= (isQuote >>> 7) * GATHER >>> 56 << k;
        oddBits |= (isOdd >>> 7) * GATHER >>> 56 << k;
      }
      quotes[block] = quoteBits;
      odd[block] = oddBits;
    }
  }

  /** One bit for each byte of a block where a value can be anchored. */
  static long anchors(
      byte[] bytes,
      int base,
      int block,
      boolean addresses,
      long[] digits,
      long[] rows,
      long[] anchors) {
    long all = anchors[block];
    long digit = digits[block];
    long row = rows[block];
    if (addresses) {
      long behind = rows[block + 1];
      // nothing there may mean that it is not known
      long next = behind == 0 ? -1L : behind & ~digits[block + 1];
      all |= addresses(bytes, base, row & ~digit, next);
    }
    if (digit != 0) {
      long before = isDigit(bytes[base - 1]) ? 1 : 0;
      long starts = digit & ~(digit << 1 | before);
      all |= glued(bytes, base, starts, digit, row);
      if (mayHaveRow(digit, digits[block + 1])) {
        long rowStarts = rowStarts(starts, row) & ~all;
        while (rowStarts != 0) {
          int at = Long.numberOfTrailingZeros(rowStarts);
          rowStarts &= rowStarts - 1;
          all |= isRow(block, at, digits, rows) ? 1L << at : 0;
        }
      }
    }
    return all;
  }

  private static long specials(byte[] bytes, int base) {
    long found = 0;
    for (int k = 0; k < BLOCK_BYTES; k += 8) {
      long word = (long) LONGS.get(bytes, base + k);
      long atSign = word ^ AT_SIGNS;
      long percent = word ^ PERCENTS;
      if (((atSign - ONES & ~atSign | percent - ONES & ~percent | word) & HIGHS) != 0) {
        found |= specials(word) << k; // seldom
      }
    }
    return found;
  }

  /** A percent escape between two groups of digits; its letters stand in for digits. */
  private static long escapes(byte[] bytes, int base) {
    long rows = 0;
    for (int k = 0; k < BLOCK_BYTES; k += 8) {
      long word = (long) LONGS.get(bytes, base + k);
      long percent = word ^ PERCENTS;
      if ((percent - ONES & ~percent & HIGHS) != 0) {
        rows |= rowSpecials(word) << k;
      }
    }
    return rows;
  }

  /** Classifies the beginning of what follows the last block: a row may go on there. */
  static void classifyBehind(byte[] bytes, int at, int blocks, long[] digits, long[] rows) {
    int base = at + blocks * BLOCK_BYTES;
    for (int k = 0; k < LOOK_AHEAD_BYTES; k++) {
      byte b = bytes[base + k];
      if (isDigit(b)) {
        digits[blocks] |= 1L << k;
      }
      if (b == ' ' || b == '%' || (b >= '(' && b <= ':')) {
        rows[blocks] |= 1L << k;
      }
    }
  }

  /**
   * Colons and dashes of addresses: two colons, six groups of up to four characters in a row, or
   * six of two. All that stands in rows and is no digit is taken for one first.
   */
  private static long addresses(byte[] bytes, int base, long here, long next) {
    long found = 0;
    long pairs = here & (here >>> 1 | next << 63);
    while (pairs != 0) {
      int first = Long.numberOfTrailingZeros(pairs);
      pairs &= pairs - 1;
      if (bytes[base + first] == ':' && (first == 63 || bytes[base + first + 1] == ':')) {
        found |= 1L << first;
      }
    }
    if (Long.bitCount(here) + Long.bitCount(next) >= 5) {
      long three = here & (here >>> 3 | next << 61);
      // five at a distance of three; those in the next block count as they stand
      long nextThree = next & (next >>> 3 | -1L << 61);
      long six = three & (three >>> 3 | nextThree << 61);
      long nextSix = nextThree & (nextThree >>> 3 | -1L << 61);
      long mac = six & (six >>> 3 | nextSix << 61);
      while (mac != 0) {
        int first = Long.numberOfTrailingZeros(mac);
        mac &= mac - 1;
        byte separator = bytes[base + first];
        // a date with its time has them at the same distances, but not the same ones
        if ((separator == '-' || separator == ':') && bytes[base + first + 3] == separator) {
          found |= 1L << first;
        }
      }
      long near = here;
      long nextNear = next;
      for (int k = 0; k < 5 && near != 0; k++) {
        long n =
            (near >>> 2 | nextNear << 62)
                | (near >>> 3 | nextNear << 61)
                | (near >>> 4 | nextNear << 60)
                | (near >>> 5 | nextNear << 59);
        long m =
            (nextNear >>> 2 | -1L << 62)
                | (nextNear >>> 3 | -1L << 61)
                | (nextNear >>> 4 | -1L << 60)
                | (nextNear >>> 5 | -1L << 59);
        near = here & n;
        nextNear = next & m;
      }
      while (near != 0) {
        int first = Long.numberOfTrailingZeros(near);
        near &= near - 1;
        found |= bytes[base + first] == ':' ? 1L << first : 0;
      }
    }
    return found;
  }

  /** The first digits of rows of at least six characters; ask {@link #isRow} about them. */
  private static long rowStarts(long starts, long row) {
    // six of a row one after the other; what is behind the block counts as such
    long two = row & (row >>> 1 | 1L << 63);
    long four = two & (two >>> 2 | 3L << 62);
    return starts & four & (two >>> 4 | 15L << 60);
  }

  /** Two digits glued to two letters: the country of an IBAN, perhaps. */
  private static long glued(byte[] bytes, int base, long starts, long digit, long row) {
    long found = 0;
    long glued = starts & ~(row << 1) & (digit >>> 1 | 1L << 63);
    while (glued != 0) {
      int start = Long.numberOfTrailingZeros(glued);
      glued &= glued - 1;
      if (isLetter(bytes[base + start - 1])
          && isLetter(bytes[base + start - 2])
          && !isLetter(bytes[base + start - 3])
          && !isDigit(bytes[base + start - 3])) {
        found |= 1L << start;
      }
    }
    return found;
  }

  /**
   * The characters of a date and a time such as {@code 2026-11-22 09:15:12} that a line begins
   * with; 0 if it does not. Most logs have one on each line, and the detectors leave it after two
   * looks.
   */
  static int timeChars(byte[] bytes, int at) {
    int century = bytes[at] << 8 | bytes[at + 1];
    byte dash = bytes[at + 4];
    byte joint = bytes[at + 10];
    byte behind = bytes[at + TIME_CHARS];
    return (century == ('2' << 8 | '0') || century == ('1' << 8 | '9'))
            && (dash == '-' || dash == '/')
            && bytes[at + 7] == dash
            && (joint == ' ' || joint == 'T')
            && bytes[at + 13] == ':'
            && bytes[at + 16] == ':'
            && areDigits(bytes, at + 2)
            && areDigits(bytes, at + 5)
            && areDigits(bytes, at + 8)
            && areDigits(bytes, at + 11)
            && areDigits(bytes, at + 14)
            && areDigits(bytes, at + 17)
            && (behind == ' ' || behind == '.' || behind == ',' || behind == 'Z')
        ? TIME_CHARS
        : 0;
  }

  private static final int TIME_CHARS = 19;

  private static boolean areDigits(byte[] bytes, int at) {
    return isDigit(bytes[at]) && isDigit(bytes[at + 1]);
  }

  static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }

  private static boolean isLetter(byte b) {
    int lower = b | 0x20;
    return lower >= 'a' && lower <= 'z';
  }

  /** Whether there are digits enough for a number that is worth a look, wherever they stand. */
  private static boolean mayHaveRow(long digit, long nextDigit) {
    return Long.bitCount(digit) + Long.bitCount(nextDigit & (1L << REACH_CHARS) - 1)
        >= MIN_GROUPED_DIGITS;
  }

  /** Whether the row of digits that begins at this place of a block has enough of them. */
  static boolean isRow(int block, int at, long[] digits, long[] rows) {
    long row = rows[block] >>> at;
    long digit = digits[block] >>> at;
    if (at > 0) {
      row |= rows[block + 1] << -at;
      digit |= digits[block + 1] << -at;
    }
    return isRow(row, digit);
  }

  private static boolean isRow(long row, long digit) {
    int length = Math.min(REACH_CHARS, Long.numberOfTrailingZeros(~row));
    int count = Long.bitCount(digit & (1L << length) - 1);
    return count >= MIN_DIGITS || (count >= MIN_GROUPED_DIGITS && length >= MIN_GROUPED_CHARS);
  }

  private static long specials(long word) {
    long bits = 0;
    for (int i = 0; i < 8; i++) {
      byte b = (byte) (word >>> 8 * i);
      // in Latin-1 a blank and a hyphen are read as their plain forms
      if (b == '@' || b == '%' || b == NO_BREAK_SPACE || b == SOFT_HYPHEN) {
        bits |= 1L << i;
      }
    }
    return bits;
  }

  private static long rowSpecials(long word) {
    for (int i = 0; i < 8; i++) {
      if ((byte) (word >>> 8 * i) == '%') {
        return 0xFF;
      }
    }
    return 0;
  }
}
