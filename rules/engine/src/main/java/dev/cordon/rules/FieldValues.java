package dev.cordon.rules;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The values that one body has for the fields of a {@link FieldTable}, gathered in one walk. What
 * cannot be read in exactly one way is unknown: malformed, nested too deep, a key twice on a path
 * that matters, a name that stands in the query as well.
 */
final class FieldValues {

  /** Judges one value. */
  interface Test {
    /**
     * Says whether the value is what is asked for.
     *
     * @param kind one of the constants below
     * @param number the value of a NUMBER, the count of an ARRAY
     * @param object the String of TEXT and STRING, the BigDecimal of a DECIMAL
     */
    Truth test(int kind, long number, @Nullable Object object);
  }

  /** Text without a type: from a form, the query or a header. */
  static final int TEXT = 0;

  static final int STRING = 1;
  static final int NUMBER = 2;
  static final int DECIMAL = 3;
  static final int TRUE = 4;
  static final int FALSE = 5;
  static final int NULL = 6;
  static final int OBJECT = 7;
  static final int ARRAY = 8;

  static final int MAX_DEPTH = 200; // deeper bodies are unknown
  private static final int MAX_VALUES = 10_000; // bodies with more for our fields are unknown
  private static final int MAX_NAMES = 16;

  // flags of a field
  static final int WRONG = 1; // a value of another shape stands where it should be
  static final int MISSING = 2; // an element of an array has none
  static final int REACHED = 4; // its array is there, perhaps empty
  static final int OTHER_SOURCE = 8; // the query has it as well

  static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
          // buffers are not left behind in the application's threads
          .recyclerPool(JsonRecyclerPools.newBoundedPool(16))
          .build();

  private final FieldTable table;

  /** Names that may be told. */
  interface Names {
    /** The name, or null when it may be a customer's word. */
    @Nullable String known(String name);
  }

  private final Names knownNames;

  /** For how many levels of a body names are told. */
  final int namedLevels;

  private boolean unknown;
  private boolean form;
  private final int[] heads;
  private final byte[] flags;
  private int count;
  private int[] nexts = new int[8];
  private byte[] kinds = new byte[8];
  private long[] numbers = new long[8];
  private @Nullable Object[] objects = new @Nullable Object[8];
  private final String[] names = new String[MAX_NAMES];
  private int nameCount;

  FieldValues(FieldTable table, Map<String, String> knownNames) {
    this(table, knownNames::get, 1);
  }

  FieldValues(FieldTable table, Names knownNames, int namedLevels) {
    this.namedLevels = namedLevels;
    this.table = table;
    this.knownNames = knownNames;
    heads = new int[table.size()];
    Arrays.fill(heads, -1);
    flags = new byte[table.size()];
  }

  /** No field can be told. */
  void setUnknown() {
    unknown = true;
  }

  boolean isUnknown() {
    return unknown;
  }

  /** True when {@link #names} are these. */
  boolean areNamedBy(List<String> known) {
    boolean same = known.size() == nameCount;
    for (int i = 0; i < nameCount && same; i++) {
      same = known.get(i).equals(names[i]);
    }
    return same;
  }

  /** Names seen at the top of the body that the pack or the rule file knows. */
  List<String> names() {
    return List.of(Arrays.copyOf(names, nameCount));
  }

  Truth test(int field, Test test) {
    if (unknown || (flags[field] & OTHER_SOURCE) != 0) {
      return Truth.UNKNOWN;
    }
    if (!table.several(field)) {
      int value = heads[field];
      return flags[field] != 0 || value < 0 ? Truth.UNKNOWN : testValue(value, test);
    }
    Truth any = Truth.FALSE;
    for (int value = heads[field]; value >= 0 && any != Truth.TRUE; value = nexts[value]) {
      any = any.or(testValue(value, test));
    }
    boolean partial =
        (flags[field] & (WRONG | MISSING)) != 0
            || (form && table.beyondElement(field)) // elements that lack it cannot be told
            || (heads[field] < 0 && (flags[field] & REACHED) == 0);
    return partial ? any.or(Truth.UNKNOWN) : any;
  }

  private Truth testValue(int value, Test test) {
    return test.test(kinds[value], numbers[value], objects[value]);
  }

  /** True when the field has exactly one value, and no element of an array goes without it. */
  boolean isOnly(int field) {
    int value = heads[field];
    return !unknown
        && value >= 0
        && nexts[value] < 0
        && (flags[field] & ~REACHED) == 0
        && !(form && table.beyondElement(field));
  }

  /** Whether the field is there; a null may mean either. */
  Truth exists(int field) {
    if (unknown || (flags[field] & OTHER_SOURCE) != 0) {
      return Truth.UNKNOWN;
    }
    for (int value = heads[field]; value >= 0; value = nexts[value]) {
      if (kinds[value] != NULL) {
        return (flags[field] & WRONG) != 0 && !table.several(field) ? Truth.UNKNOWN : Truth.TRUE;
      }
    }
    return heads[field] >= 0 || (flags[field] & WRONG) != 0 ? Truth.UNKNOWN : Truth.FALSE;
  }

  /** UTF-16 and UTF-32 have zero bytes; nobody sends them on purpose. */
  static boolean isPlainUtf8(byte[] body) {
    for (byte b : body) {
      if (b == 0) {
        return false;
      }
    }
    return Utf8.isValid(body, 0, body.length);
  }

  /**
   * {@code a[b][0][]} as {@code a.b[][]}; null when the brackets are not in order. A dot in the key
   * is taken for one of ours.
   */
  static @Nullable String dotted(String key) {
    if (key.indexOf('\0') >= 0) {
      return null; // to some servers the name ends there
    }
    if (key.indexOf('[') < 0 && key.indexOf(']') < 0) {
      return key;
    }
    StringBuilder out = new StringBuilder(key.length());
    int at = key.indexOf('[');
    if (at < 0) {
      return null;
    }
    String head = key.substring(0, at);
    if (head.indexOf(']') >= 0) {
      return null;
    }
    out.append(head);
    while (at < key.length()) {
      int close = key.indexOf(']', at);
      if (key.charAt(at) != '[' || close < 0) {
        return null;
      }
      String inner = key.substring(at + 1, close);
      if (inner.indexOf('[') >= 0) {
        return null;
      }
      if (isIndex(inner)) {
        out.append("[]");
      } else {
        out.append('.').append(inner);
      }
      at = close + 1;
    }
    return out.toString();
  }

  private static boolean isIndex(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  FieldTable table() {
    return table;
  }

  int count() {
    return count;
  }

  /** Tells of a form: of arrays it has no more than the values. */
  void setForm() {
    form = true;
  }

  void flag(int[] fields, int flag) {
    for (int field : fields) {
      flags[field] |= (byte) flag;
    }
  }

  /** Flags those of the fields that have one value only. */
  void flagSingle(int[] fields, int flag) {
    for (int field : fields) {
      if (!table.several(field)) {
        flags[field] |= (byte) flag;
      }
    }
  }

  void flag(int field, int flag) {
    flags[field] |= (byte) flag;
  }

  /** A value where there may be one before: then the field is unknown. */
  void captureOnce(int field, int kind, long number, @Nullable Object object) {
    if (heads[field] >= 0 && !table.several(field)) {
      flags[field] |= WRONG;
    }
    capture(field, kind, number, object);
  }

  /** The kind of the last value of a field; -1 without one. */
  int kind(int field) {
    return heads[field] < 0 ? -1 : kinds[heads[field]];
  }

  /** Tells how many elements the arrays in some slots have. */
  void setElements(int from, int to, long elements) {
    for (int slot = from; slot < to; slot++) {
      numbers[slot] = elements;
    }
  }

  void capture(int field, int kind, long number, @Nullable Object object) {
    if (count == MAX_VALUES) {
      unknown = true;
      return;
    }
    if (count == nexts.length) {
      nexts = Arrays.copyOf(nexts, count * 2);
      kinds = Arrays.copyOf(kinds, count * 2);
      numbers = Arrays.copyOf(numbers, count * 2);
      objects = Arrays.copyOf(objects, count * 2);
    }
    nexts[count] = heads[field];
    kinds[count] = (byte) kind;
    numbers[count] = number;
    objects[count] = object;
    heads[field] = count++;
  }

  void noteName(String name) {
    String known = knownNames.known(name);
    if (known == null) {
      known = "other"; // may be a customer's word
    }
    for (int i = 0; i < nameCount; i++) {
      if (names[i].equals(known)) {
        return;
      }
    }
    if (nameCount < MAX_NAMES) {
      names[nameCount++] = known;
    }
  }
}
