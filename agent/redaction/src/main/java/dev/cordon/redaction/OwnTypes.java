package dev.cordon.redaction;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The types of a rule file's own: values that its patterns match. A text is searched for the words
 * of which one is in every match, by two of their characters at every other position or less often;
 * a pattern is tried only around such a word. A text without one costs no allocation. Immutable and
 * thread-safe.
 */
public final class OwnTypes {

  /** Finds what a pattern matches, in time linear in the text. */
  public interface Pattern {
    /**
     * The first match that begins at {@code from} or behind: where it begins, in the upper half,
     * and where it ends; -1 if there is none.
     */
    long find(String text, int from);
  }

  /**
   * One type.
   *
   * @param name small letters, digits and '-'; in capitals it is the placeholder
   * @param literals of which one is in every match; three characters at least
   * @param foldsCase whether the case of their letters means nothing
   * @param maxChars no match is longer
   */
  public record OwnType(
      String name, List<String> literals, boolean foldsCase, int maxChars, Pattern pattern) {
    public OwnType {
      literals = List.copyOf(literals);
    }
  }

  /** None: nothing is looked for. */
  public static final OwnTypes NONE = new OwnTypes(List.of());

  /** As many as there are bits. */
  public static final int MAX_TYPES = 32;

  private static final int MAX_STRIDE = 4;
  private static final int HEADS = 4096;
  private static final char KELVIN = '\u212A'; // to patterns that fold the case of letters a k
  private static final char LONG_S = '\u017F'; // an s

  // how far a placeholder goes that holds letters for a value
  private static final int HASH_CHARS = 12;
  private static final int PSEUDONYM_CHARS = 20;
  private static final int FEWEST_SIV_CHARS = 34;
  private static final int MAX_PLACEHOLDER_CHARS = 8_500;
  private static final int MAX_NAME_CHARS = 40;
  private static final String KEPT = "****"; // and the last four of a number
  private static final int KEPT_CHARS = 4;

  private final List<OwnType> types;
  private final List<String> placeholders; // without brackets

  // words of all types, each with its type
  private final List<String> words = new ArrayList<>();
  private final int[] typeOfWord;
  private final int stride; // in every word a pair begins at each of so many places
  private final int longest; // characters of a match

  // pairs of characters, by their hash: lists of words and of where in them the pair stands
  private final short[] heads;
  private final int[] wordOfEntry;
  private final int[] offsetOfEntry;
  private final int[] nextEntry;

  private OwnTypes(List<OwnType> types) {
    this.types = List.copyOf(types);
    List<String> names = new ArrayList<>();
    List<Integer> owners = new ArrayList<>();
    int shortest = MAX_STRIDE + 1;
    int most = 0;
    for (int i = 0; i < types.size(); i++) {
      OwnType type = types.get(i);
      names.add(type.name().toUpperCase(Locale.ROOT));
      most = Math.max(most, type.maxChars());
      for (String literal : type.literals()) {
        if (literal.length() < 3) {
          throw new IllegalArgumentException("a word of " + literal.length() + " characters");
        }
        shortest = Math.min(shortest, literal.length());
        words.add(type.foldsCase() ? folded(literal) : literal);
        owners.add(i);
      }
    }
    if (types.size() > MAX_TYPES) {
      throw new IllegalArgumentException(
          types.size() + " types, and " + MAX_TYPES + " is the most");
    }
    placeholders = List.copyOf(names);
    longest = most;
    typeOfWord = owners.stream().mapToInt(i -> i).toArray();
    stride = shortest - 1;
    heads = new short[types.isEmpty() ? 0 : HEADS];
    List<int[]> entries = new ArrayList<>();
    entries.add(new int[3]); // 0 is none
    for (int word = 0; word < words.size(); word++) {
      boolean folds = types.get(typeOfWord[word]).foldsCase();
      for (int offset = 0; offset < stride; offset++) {
        for (char first : variants(words.get(word).charAt(offset), folds)) {
          for (char second : variants(words.get(word).charAt(offset + 1), folds)) {
            int head = hash(first, second);
            entries.add(new int[] {word, offset, heads[head]});
            heads[head] = (short) (entries.size() - 1);
          }
        }
      }
    }
    if (entries.size() > Short.MAX_VALUE) {
      throw new IllegalArgumentException("too many words: " + words.size());
    }
    wordOfEntry = column(entries, 0);
    offsetOfEntry = column(entries, 1);
    nextEntry = column(entries, 2);
    for (int i = 0; i < words.size(); i++) {
      // what it takes is loaded now: a thread at the end of its stack could not, and never again
      Spans unused = find(words.get(i), 0, 0, words.get(i).length(), -1, null);
    }
  }

  private static int[] column(List<int[]> entries, int column) {
    return entries.stream().mapToInt(entry -> entry[column]).toArray();
  }

  /**
   * @throws IllegalArgumentException when there are too many, or one has a word that is too short
   */
  public static OwnTypes of(List<OwnType> types) {
    return types.isEmpty() ? NONE : new OwnTypes(types);
  }

  /** The names, in their order. */
  public List<String> names() {
    List<String> names = new ArrayList<>(types.size());
    types.forEach(type -> names.add(type.name()));
    return names;
  }

  public int size() {
    return types.size();
  }

  /** As the journal counts it. */
  public String name(int index) {
    return types.get(index).name();
  }

  /** The place of a type; -1 if there is none of that name. */
  public int indexOf(String name) {
    for (int i = 0; i < types.size(); i++) {
      if (types.get(i).name().equals(name)) {
        return i;
      }
    }
    return -1;
  }

  /** Whether one of these is a type here. */
  public boolean hasAny(Set<String> names) {
    return bits(names) != 0;
  }

  /** One bit for each of these that is a type here. */
  int bits(Set<String> names) {
    int bits = 0;
    for (int i = 0; i < types.size(); i++) {
      bits |= names.contains(types.get(i).name()) ? 1 << i : 0;
    }
    return bits;
  }

  /** What stands in brackets in the place of a value. */
  String placeholder(int index) {
    return placeholders.get(index);
  }

  /** Characters of the longest match of any type; 0 without types. */
  int longest() {
    return longest;
  }

  // ---- words

  private static int hash(int first, int second) {
    return first * 61 + second & HEADS - 1;
  }

  private static char fold(char c) {
    return c >= 'A' && c <= 'Z' ? (char) (c + 32) : c == KELVIN ? 'k' : c == LONG_S ? 's' : c;
  }

  private static String folded(String word) {
    StringBuilder folded = new StringBuilder(word.length());
    for (int i = 0; i < word.length(); i++) {
      folded.append(fold(word.charAt(i)));
    }
    return folded.toString();
  }

  private static char[] variants(char c, boolean folds) {
    if (!folds || c < 'a' || c > 'z') {
      return new char[] {c};
    }
    char capital = (char) (c - 32);
    return c == 'k'
        ? new char[] {c, capital, KELVIN}
        : c == 's' ? new char[] {c, capital, LONG_S} : new char[] {c, capital};
  }

  /** Whether the word of an entry stands where its pair was met. */
  private boolean isWord(String s, int from, int to, int entry, int at) {
    String word = words.get(wordOfEntry[entry]);
    int start = at - offsetOfEntry[entry];
    if (start < from || start + word.length() > to) {
      return false;
    }
    if (!types.get(typeOfWord[wordOfEntry[entry]]).foldsCase()) {
      return s.startsWith(word, start);
    }
    for (int i = 0; i < word.length(); i++) {
      if (fold(s.charAt(start + i)) != word.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether a word of one of the types stands in a text of ASCII.
   *
   * @param wanted bits of the types
   */
  boolean mayStandIn(byte[] bytes, int from, int to, int wanted) {
    if (wanted == 0) {
      return false;
    }
    for (int i = from; i + 1 < to; i += stride) {
      int entry = heads[hash(bytes[i] & 0xFF, bytes[i + 1] & 0xFF)];
      for (; entry != 0; entry = nextEntry[entry]) {
        if ((wanted >>> typeOfWord[wordOfEntry[entry]] & 1) != 0
            && isWord(bytes, from, to, entry, i)) {
          return true;
        }
      }
    }
    return false;
  }

  /** The same of a text of any characters. */
  boolean mayStandIn(String s, int from, int to, int wanted) {
    if (wanted == 0) {
      return false;
    }
    for (int i = from; i + 1 < to; i += stride) {
      int entry = heads[hash(s.charAt(i), s.charAt(i + 1))];
      for (; entry != 0; entry = nextEntry[entry]) {
        if ((wanted >>> typeOfWord[wordOfEntry[entry]] & 1) != 0 && isWord(s, from, to, entry, i)) {
          return true;
        }
      }
    }
    return false;
  }

  private boolean isWord(byte[] bytes, int from, int to, int entry, int at) {
    String word = words.get(wordOfEntry[entry]);
    int start = at - offsetOfEntry[entry];
    if (start < from || start + word.length() > to) {
      return false;
    }
    boolean folds = types.get(typeOfWord[wordOfEntry[entry]]).foldsCase();
    for (int i = 0; i < word.length(); i++) {
      char c = (char) (bytes[start + i] & 0xFF);
      if ((folds ? fold(c) : c) != word.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  // ---- values

  /**
   * Adds what the patterns match.
   *
   * @param floor where reading begins; what stands before it only tells what is behind
   * @param wanted bits of the types
   * @return what was given, null for null, when there is nothing
   */
  @Nullable Spans find(String s, int from, int floor, int to, int wanted, @Nullable Spans spans) {
    if (wanted == 0) {
      return spans;
    }
    Search search = null;
    for (int i = floor; i + 1 < to; i += stride) {
      int entry = heads[hash(s.charAt(i), s.charAt(i + 1))];
      for (; entry != 0; entry = nextEntry[entry]) {
        int type = typeOfWord[wordOfEntry[entry]];
        if ((wanted >>> type & 1) != 0 && isWord(s, floor, to, entry, i)) {
          search = search == null ? new Search(s, from, floor, to, spans) : search;
          int start = i - offsetOfEntry[entry];
          search.around(type, start, start + words.get(wordOfEntry[entry]).length());
        }
      }
    }
    return search == null ? spans : search.done();
  }

  /**
   * Tries patterns around their words. Pieces of the text that overlap are read as one, so each is
   * read once; what is found is what the pattern matches in the text as a whole, for a match that
   * begins or ends where a piece does would have a word beyond it.
   */
  private final class Search {
    private final String s;
    private final int from;
    private final int floor;
    private final int to;
    private @Nullable Spans spans;

    // the piece of each type that is not read yet
    private final int[] begins = new int[types.size()];
    private final int[] ends = new int[types.size()];

    // of the last match: the row of characters before it that can be in a placeholder
    private int row;
    private int rowRead;

    // the last placeholder behind a bracket, and where it ends; -1: it is none
    private int placeholderFrom = -1;
    private int placeholderTo = -1;

    Search(String s, int from, int floor, int to, @Nullable Spans spans) {
      this.s = s;
      this.from = from;
      this.floor = floor;
      this.to = to;
      this.spans = spans;
    }

    void around(int type, int start, int end) {
      int margin = types.get(type).maxChars() + 1; // with what \b looks at
      int begin = Math.max(from, start - margin);
      if (begin > ends[type]) {
        read(type);
        begins[type] = begin;
        ends[type] = 0;
      }
      ends[type] = Math.max(ends[type], Math.min(to, end + margin));
    }

    @Nullable Spans done() {
      for (int type = 0; type < ends.length; type++) {
        read(type);
      }
      return spans;
    }

    private void read(int type) {
      int begin = begins[type];
      if (ends[type] == 0) {
        return;
      }
      String piece = s.substring(begin, ends[type]);
      Pattern pattern = types.get(type).pattern();
      int at = Math.max(0, floor - begin);
      rowRead = -1;
      while (at < piece.length()) {
        long match = pattern.find(piece, at);
        if (match < 0) {
          return;
        }
        int start = begin + (int) (match >>> 32);
        int end = begin + (int) match;
        at = Math.max(at + 1, (int) match);
        if (end > start && !isReplaced(start, end)) {
          Spans found = spans == null ? new Spans() : spans;
          found.addOwn(type, start, end);
          spans = found;
        }
      }
    }

    /**
     * Whether this is part of what the engine puts in place of a value: {@code [ORDER]}, {@code
     * [EMAIL:kdmbfpacnjoe]}, {@code ****1111}. It would be replaced again and again.
     */
    private boolean isReplaced(int start, int end) {
      int stars = start - KEPT.length();
      if (end - start <= KEPT_CHARS && stars >= from && s.startsWith(KEPT, stars)) {
        return true;
      }
      int begin = rowBefore(start);
      if (begin == from || s.charAt(begin - 1) != '[') {
        return false;
      }
      if (begin != placeholderFrom) {
        placeholderFrom = begin;
        placeholderTo = endOfPlaceholder(begin);
      }
      return end <= placeholderTo;
    }

    /**
     * Where the characters begin that can be in a placeholder and stand in a row before a place.
     */
    private int rowBefore(int start) {
      if (rowRead < 0 || start - rowRead > MAX_PLACEHOLDER_CHARS) {
        int limit = Math.max(from, start - MAX_PLACEHOLDER_CHARS);
        row = start;
        while (row > limit && isInPlaceholder(s.charAt(row - 1))) {
          row--;
        }
      } else {
        for (int i = rowRead; i < start; i++) { // matches come one after the other
          row = isInPlaceholder(s.charAt(i)) ? row : i + 1;
        }
      }
      rowRead = start;
      return row;
    }

    /** Behind the bracket that closes it; -1 if it is none. */
    private int endOfPlaceholder(int start) {
      int at = start;
      while (at < to && at - start < MAX_NAME_CHARS && isInName(s.charAt(at))) {
        at++;
      }
      if (at == to || !isKnown(start, at)) {
        return -1;
      }
      if (s.charAt(at) == ':') {
        boolean siv = s.startsWith(":siv:", at);
        int letters = siv ? at + 5 : at + 1;
        at = letters;
        while (at < to && at - start < MAX_PLACEHOLDER_CHARS && isOfValue(s.charAt(at))) {
          at++;
        }
        int count = at - letters;
        if (siv ? count < FEWEST_SIV_CHARS : count != HASH_CHARS && count != PSEUDONYM_CHARS) {
          return -1;
        }
      }
      return at < to && s.charAt(at) == ']' ? at + 1 : -1;
    }

    private boolean isKnown(int start, int end) {
      for (String own : placeholders) {
        if (own.length() == end - start && s.startsWith(own, start)) {
          return true;
        }
      }
      return Kind.isName(s, start, end);
    }
  }

  private static boolean isInName(char c) {
    return c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_';
  }

  private static boolean isOfValue(char c) {
    return c >= 'a' && c <= 'p';
  }

  private static boolean isInPlaceholder(char c) {
    return isInName(c) || c >= 'a' && c <= 'v' || c == ':'; // siv
  }
}
