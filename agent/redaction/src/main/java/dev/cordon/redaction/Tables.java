package dev.cordon.redaction;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What {@link TableMaker} laid out, as one array of bytes that is read as it is: no JVM that starts
 * has to put it together, and nothing of it is made twice.
 */
final class Tables {
  static final String RESOURCE = "tables.bin";

  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final byte[] BYTES = read();

  // where the sections begin, in the order in which they are laid out
  static final int KNOWN_PLAIN = section(0);
  static final int KNOWN_IDS = section(1);
  static final int HEADS_PLAIN = section(2);
  static final int HEADS_IDS = section(3);
  static final int WINDOWS = section(4);
  static final int OFFSETS = section(5);
  static final int TRIGRAMS = section(6);
  static final int WORD_OF = section(7);
  private static final int WORDS_AT = section(8);
  private static final int WORD_TEXTS = section(9);
  static final int ACTIONS = section(10);
  static final int ANCHORS = section(11);
  static final int SHAPE_SIGNS = section(12);
  static final int SHAPE_PARTS = section(13);
  static final int KEY_HASHES = section(14);
  static final int KEY_GROUPS = section(15);
  private static final int GROUPS_AT = section(16);
  private static final int GROUP_NAMES = section(17);

  private static final int COUNTS = section(18);
  static final int WORD_COUNT = intAt(COUNTS, 0);

  /** Which word is that of the first line of {@link ShapeTable}; the others follow. */
  static final int FIRST_SHAPE = intAt(COUNTS, 1);

  static final int SHAPE_COUNT = intAt(COUNTS, 2);
  static final int PERSON_GROUP = intAt(COUNTS, 3);

  private static final @Nullable String[] WORDS = new @Nullable String[WORD_COUNT];

  private Tables() {}

  private static byte[] read() {
    try (InputStream in = Tables.class.getResourceAsStream(RESOURCE)) {
      return in == null ? TableMaker.make() : in.readAllBytes();
    } catch (IOException e) {
      return TableMaker.make(); // slower, and the same
    }
  }

  private static int section(int number) {
    return intAt(0, number);
  }

  static int byteAt(int section, int index) {
    return BYTES[section + index] & 0xFF;
  }

  /** The two bytes behind it belong to the next one, or to the last section. */
  static int charAt(int section, int index) {
    return (int) INTS.get(BYTES, section + Character.BYTES * index) & Character.MAX_VALUE;
  }

  static int intAt(int section, int index) {
    return (int) INTS.get(BYTES, section + Integer.BYTES * index);
  }

  static long longAt(int section, int index) {
    return (long) LONGS.get(BYTES, section + Long.BYTES * index);
  }

  /** A word by its number. Most are never asked for. */
  static String word(int number) {
    String word = WORDS[number];
    if (word == null) {
      int from = charAt(WORDS_AT, number);
      int length = charAt(WORDS_AT, number + 1) - from;
      word = new String(BYTES, WORD_TEXTS + from, length, StandardCharsets.UTF_8);
      WORDS[number] = word;
    }
    return word;
  }

  /** The lines of {@link IdTable} that the words of a group stand for, and what else they may. */
  static String names(int group) {
    int from = charAt(GROUPS_AT, group);
    int length = charAt(GROUPS_AT, group + 1) - from - 1; // without the end of the line
    return new String(BYTES, GROUP_NAMES + from, length, StandardCharsets.ISO_8859_1);
  }

  /** What a group tells by itself: the letter behind its {@code @}, 0 if it stands for numbers. */
  static int told(int group) {
    int at = charAt(GROUPS_AT, group);
    return byteAt(GROUP_NAMES, at) == '@' ? byteAt(GROUP_NAMES, at + 1) : 0;
  }
}
