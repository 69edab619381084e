package dev.cordon.redaction;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The words that anchor a value, by three of their letters. The prefilter asks whether three
 * letters belong to any; whoever goes on from there compares the whole word. There are two: the
 * hundreds of words of {@link Ids} cost time and memory, and few look for what they announce.
 */
final class Lexicon {
  /** What a word is good for. */
  static final int BEARER = 1;

  static final int BASIC = 2;
  static final int KEY_BLOCK = 3;
  static final int JWT = 4;
  static final int SLACK = 5;
  static final int SLACK_URL = 6;
  static final int AWS_ID = 7;
  static final int GOOGLE_API_KEY = 8;
  static final int GOOGLE_CLIENT = 9;
  static final int AWS_NAME = 10;
  static final int UNDERSCORE = 11;

  /** Says that a telephone number may follow. */
  static final int PHONE_WORD = 12;

  static final int AT_ENTITY = 13;

  static final int YA29 = 14;

  static final int ESCAPE = 15;

  /** The prefix of a shape of {@link Shapes}, whose number is the anchor. */
  static final int SHAPE = 16;

  /** The same for a name. */
  static final int NAMED_SHAPE = 17;

  static final int NAME_OF_SECRET = 18;

  /** Says that a number of {@link Ids} may follow; the anchor is its group. */
  static final int ID_WORD = 19;

  /** The beginning of an address of a crypto currency. */
  static final int WALLET = 20;

  /** The header that carries credentials. */
  static final int AUTHORIZATION = 21;

  static final int ACTIONS = 22;

  /** How far before its three letters the window of a word can begin. */
  static final int WINDOW_BEFORE_CHARS = 3;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long CASES = ONES * 0x20;
  private static final long HIGHS = 0x8080808080808080L;

  static final int HASH_BITS = 16;
  static final int CHAIN_BITS = 12;

  /** In the offset of an entry: none of its chain follows. */
  static final int LAST = 0x80;

  // made when the first plan needs them, and not with this class: TableMaker asks it for hashes
  private static final class Plain {
    static final Lexicon LEXICON = new Lexicon(Tables.KNOWN_PLAIN, Tables.HEADS_PLAIN);
  }

  private static final class WithIds {
    static final Lexicon LEXICON = new Lexicon(Tables.KNOWN_IDS, Tables.HEADS_IDS);
  }

  /** One bit for each hash of three letters. A copy: longs are read faster than bytes. */
  final long[] known;

  private final int heads; // where in the tables; an entry is a number, 0 is none

  private Lexicon(int knownAt, int heads) {
    this.heads = heads;
    known = new long[1 << HASH_BITS - 6];
    for (int i = 0; i < known.length; i++) {
      known[i] = Tables.longAt(knownAt, i);
    }
  }

  /**
   * @param kinds bits of the kinds that are looked for
   */
  static Lexicon of(int kinds) {
    return (kinds & Kind.ID_KINDS) == 0 ? Plain.LEXICON : WithIds.LEXICON;
  }

  /** Of the lower three bytes, in any letter case. */
  static int hash(int trigram) {
    return (trigram & 0xDFDFDF) * 0xC1BBBD6F >>> 32 - HASH_BITS;
  }

  static int chain(int trigram) {
    return trigram * 0x9E3779B1 >>> 32 - CHAIN_BITS;
  }

  /** The byte that stands for a character: itself, or what is left of one that has no byte. */
  static byte narrow(char c) {
    return c < 0x100 ? (byte) c : (byte) (0x80 | (c ^ c >> 7) & 0x7F);
  }

  /**
   * Whether a word may stand around the three letters at {@code at}: false most of the time, and
   * never if one does. The three bytes before must be there, and five behind.
   */
  boolean mayStand(byte[] bytes, int at) {
    int chain = chain(((int) INTS.get(bytes, at) | 0x202020) & 0xFFFFFF);
    for (int entry = head(chain); entry != 0; entry = next(entry)) {
      long window = Tables.longAt(Tables.WINDOWS, entry);
      int before = Math.min(offset(entry), WINDOW_BEFORE_CHARS);
      long text = (long) LONGS.get(bytes, at - before);
      long differs = ((text | CASES) ^ window) & (window >>> 5 & ONES) * 0xFF;
      // a letter that is none of ASCII may be another one in the other case
      if (differs == 0 || (differs & ~(((text & HIGHS) >>> 7) * 0xFF)) == 0) {
        return true;
      }
    }
    return false;
  }

  private int head(int chain) {
    return Tables.charAt(heads, chain);
  }

  private static int next(int entry) {
    return (Tables.byteAt(Tables.OFFSETS, entry) & LAST) == 0 ? entry + 1 : 0;
  }

  private static int offset(int entry) {
    return Tables.byteAt(Tables.OFFSETS, entry) & ~LAST;
  }

  private static int trigram(int entry) {
    return Tables.intAt(Tables.TRIGRAMS, entry);
  }

  static int trigram(String s, int at) {
    return trigram(s.charAt(at), s.charAt(at + 1), s.charAt(at + 2));
  }

  static int trigram(char first, char second, char third) {
    return folded(first) | folded(second) << 8 | folded(third) << 16;
  }

  static int folded(char c) {
    return (narrow(c) | 0x20) & 0xFF;
  }

  /** The first entry for the three letters at {@code at}, 0 if there is none. */
  int first(String s, int at, int to) {
    if (at + 3 > to) {
      return 0;
    }
    int trigram = trigram(s, at);
    return matching(head(chain(trigram)), trigram);
  }

  int after(int entry) {
    return matching(next(entry), trigram(entry));
  }

  private static int matching(int from, int trigram) {
    int entry = from;
    while (entry != 0 && trigram(entry) != trigram) {
      entry = next(entry);
    }
    return entry;
  }

  /** Where the word of this entry begins if it stands here, -1 if it does not. */
  int start(int entry, String s, int from, int at, int to) {
    String word = word(entry);
    int start = at - offset(entry);
    if (start < from || start + word.length() > to) {
      return -1;
    }
    return s.regionMatches(true, start, word, 0, word.length()) ? start : -1;
  }

  int action(int entry) {
    return Tables.byteAt(Tables.ACTIONS, Tables.charAt(Tables.WORD_OF, entry));
  }

  int anchor(int entry) {
    return Tables.charAt(Tables.ANCHORS, Tables.charAt(Tables.WORD_OF, entry));
  }

  int length(int entry) {
    return word(entry).length();
  }

  private static String word(int entry) {
    return Tables.word(Tables.charAt(Tables.WORD_OF, entry));
  }
}
