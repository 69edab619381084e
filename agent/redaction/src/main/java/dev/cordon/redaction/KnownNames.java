package dev.cordon.redaction;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * What was learnt about names of fields: the same few stand in every body, and to read one takes
 * longer than to read its value. Remembers names of letters only, the last four for each hash. For
 * all threads: many live for one call. What one of them puts there is immutable, so that another
 * sees all of it or nothing, and to lose it costs only time.
 */
final class KnownNames {
  /** That of the bodies of this JVM. */
  static final KnownNames SHARED = new KnownNames();

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int SLOT_BITS = 10;
  private static final int WAYS = 4; // with two, three names of one hash cost a fifth of all time
  private static final int MAX_CHARS = 32; // four words of eight

  /**
   * @param length in characters
   * @param one to {@code four}: its characters, eight to a word, the first one lowest
   * @param said as {@link Names#ofField} says
   * @param tells whether it is the key of an {@link Ids} or of a name or an address
   * @param ofName what it says of a {@code name} in the object that it names
   * @param words whether a word of the {@link Lexicon} may stand in it, if its first (1) or its
   *     second letter (2) is one that is looked at
   * @param dashed whether it may look like a part of an address
   */
  record Known(
      int length,
      long one,
      long two,
      long three,
      long four,
      int kinds,
      int said,
      boolean tells,
      int ofName,
      int words,
      boolean dashed) {

    /**
     * @param odd 1 if its first letter is not looked at
     */
    boolean hasWord(int odd) {
      return (words >>> odd & 1) != 0;
    }

    boolean is(int length, long one, long two, long three, long four, int wantedKinds) {
      return this.one == one
          && this.length == length
          && this.two == two
          && this.three == three
          && this.four == four
          && kinds == wantedKinds;
    }
  }

  private final @Nullable Known[] table = new @Nullable Known[1 << SLOT_BITS];

  /** As {@link Names#ofField} says. */
  int ofField(String s, int from, int to, int wantedKinds) {
    Known known = find(s, from, to, wantedKinds);
    return known == null ? Names.ofField(s, from, to, wantedKinds) : known.said();
  }

  /** Whether this is the key of an {@link Ids} or of a name or an address. */
  boolean tells(String s, int from, int to, int wantedKinds) {
    Known known = find(s, from, to, wantedKinds);
    return known == null ? Ids.ofKey(s, from, to) != 0 : known.tells();
  }

  private @Nullable Known find(String s, int from, int to, int wantedKinds) {
    if (to - from > MAX_CHARS) {
      return null;
    }
    return find(
        to - from,
        word(s, from, to),
        word(s, from + 8, to),
        word(s, from + 16, to),
        word(s, from + 24, to),
        wantedKinds);
  }

  private static long word(String s, int from, int to) {
    long word = 0;
    for (int i = Math.min(to, from + 8) - 1; i >= from; i--) {
      char c = s.charAt(i);
      word = word << 8 | (c < 0x80 ? c : 0x80); // one that is kept has no such character
    }
    return word;
  }

  /**
   * What is remembered of this name from now on; null if it cannot be.
   *
   * @param bytes one for each character; eight more than the name has can be read
   */
  @Nullable Known find(byte[] bytes, int from, int to, int wantedKinds) {
    int length = to - from;
    if (length > MAX_CHARS) {
      return null;
    }
    long one = (long) LONGS.get(bytes, from);
    if (length < 8) { // most of them
      return find(length, one & (1L << 8 * length) - 1, 0, 0, 0, wantedKinds);
    }
    return find(
        length,
        one,
        word(bytes, from + 8, to),
        word(bytes, from + 16, to),
        word(bytes, from + 24, to),
        wantedKinds);
  }

  private static long word(byte[] bytes, int from, int to) {
    if (from >= to) {
      return 0;
    }
    long word = (long) LONGS.get(bytes, from);
    return to - from >= 8 ? word : word & (1L << 8 * (to - from)) - 1;
  }

  private @Nullable Known find(
      int length, long one, long two, long three, long four, int wantedKinds) {
    long hash = one ^ Long.rotateLeft(two, 23) ^ Long.rotateLeft(three, 41) ^ four ^ wantedKinds;
    int slot = (int) (hash * 0x9E3779B97F4A7C15L >>> 64 - SLOT_BITS) & -WAYS;
    for (int i = slot; i < slot + WAYS; i++) {
      Known known = table[i];
      if (known != null && known.is(length, one, two, three, four, wantedKinds)) {
        return known;
      }
    }
    String name = letters(length, one, two, three, four);
    if (name == null) {
      return null;
    }
    Known made =
        new Known(
            length,
            one,
            two,
            three,
            four,
            wantedKinds,
            Names.ofField(name, 0, length, wantedKinds),
            Ids.ofKey(name, 0, length) != 0,
            Ids.ofNameIn(name, 0, length),
            words(name, Lexicon.of(wantedKinds)),
            name.indexOf('-') >= 0);
    System.arraycopy(table, slot, table, slot + 1, WAYS - 1);
    table[slot] = made;
    return made;
  }

  /** Between quotes, as it stands in any text. */
  private static int words(String name, Lexicon lexicon) {
    byte[] bytes = new byte[MAX_CHARS + 3 * Long.BYTES];
    int from = Long.BYTES;
    int to = from + name.length();
    bytes[from - 1] = '"';
    for (int i = 0; i < name.length(); i++) {
      bytes[from + i] = (byte) name.charAt(i);
    }
    bytes[to] = '"';
    bytes[to + 1] = ':';
    int first = Prefilter.hasWord(bytes, from, from, to, lexicon) ? 1 : 0;
    int second = Prefilter.hasWord(bytes, from - 1, from, to, lexicon) ? 2 : 0;
    return first | second;
  }

  /** The name; null if it has digits or signs, for then it may be a value, which is not kept. */
  private static @Nullable String letters(int length, long one, long two, long three, long four) {
    char[] name = new char[length];
    for (int i = 0; i < length; i++) {
      long word = i < 8 ? one : i < 16 ? two : i < 24 ? three : four;
      char c = (char) (word >>> 8 * (i & 7) & 0xFF);
      if (!Chars.isAsciiLetter(c) && c != '_' && c != '-') {
        return null;
      }
      name[i] = c;
    }
    return new String(name);
  }
}
