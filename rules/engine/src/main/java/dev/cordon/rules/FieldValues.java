package dev.cordon.rules;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

  private static final int MAX_DEPTH = 200; // deeper bodies are unknown
  private static final int MAX_VALUES = 10_000; // bodies with more for our fields are unknown
  private static final int MAX_NAMES = 16;

  // flags of a field
  private static final int WRONG = 1; // a value of another shape stands where it should be
  private static final int MISSING = 2; // an element of an array has none
  private static final int REACHED = 4; // its array is there, perhaps empty
  private static final int OTHER_SOURCE = 8; // the query has it as well

  static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
          // buffers are not left behind in the application's threads
          .recyclerPool(JsonRecyclerPools.newBoundedPool(16))
          .build();

  private final FieldTable table;
  private final Map<String, String> knownNames;
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

  void readJson(byte[] body) {
    if (!isPlainUtf8(body)) {
      unknown = true;
      return;
    }
    try (JsonParser parser = JSON.createParser(body)) {
      new JsonWalk(parser).run();
    } catch (IOException | RuntimeException e) {
      unknown = true; // malformed, too deep, too long a number: whatever it is, it is not clear
    }
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

  void readForm(byte[] body) {
    form = true;
    FormReader pairs = FormReader.body(body);
    while (pairs.next() && !unknown) {
      String key = pairs.key();
      String value = pairs.value();
      String path = key == null ? null : dotted(key);
      if (path == null || value == null) {
        unknown = true;
        return;
      }
      int end = path.indexOf('.');
      int bracket = path.indexOf('[');
      end = end < 0 ? path.length() : end;
      noteName(path.substring(0, bracket >= 0 && bracket < end ? bracket : end));
      walkForm(table.root(), path, 0, value);
    }
  }

  /** A body field that stands in the query, too: servers differ in which one they take. */
  void markQuery(FormReader query) {
    while (query.next()) {
      String key = query.key();
      String path = key == null ? null : dotted(key);
      if (path == null) {
        unknown = true;
        return;
      }
      walkForm(table.root(), path, 0, null);
    }
  }

  /**
   * {@code a[b][0][]} as {@code a.b[][]}; null when the brackets are not in order. A dot in the key
   * is taken for one of ours.
   */
  static @Nullable String dotted(String key) {
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

  /** Follows a dotted key; {@code value} null: marks what is met as standing in the query. */
  private void walkForm(FieldTable.Node node, String path, int at, @Nullable String value) {
    if (node.anyDepth != null) {
      walkForm(node.anyDepth, path, at, value);
    }
    if (at >= path.length()) {
      endForm(node, value);
      return;
    }
    if (value != null && node.field >= 0) {
      int known = heads[node.field];
      if (known < 0) {
        capture(node.field, OBJECT, 0, null);
      } else if (kinds[known] != OBJECT) {
        flags[node.field] |= WRONG; // a=1&a[b]=2
      }
    } else if (value == null && node.field >= 0) {
      flags[node.field] |= OTHER_SOURCE;
    }
    if (path.charAt(at) == '[') {
      if (value != null) {
        flag(node.elements == null ? null : node.elements.here, REACHED);
      }
      if (node.elements != null) {
        walkForm(node.elements, path, at + 2, value);
      }
      if (node.isAnyDepth) {
        walkForm(node, path, at + 2, value);
      }
      if (value != null && !node.isAnyDepth) {
        for (int i = 0; i < node.childList.size(); i++) {
          flag(node.childList.get(i).here, WRONG);
        }
      }
      return;
    }
    int start = path.charAt(at) == '.' ? at + 1 : at;
    int end = start;
    while (end < path.length() && path.charAt(end) != '.' && path.charAt(end) != '[') {
      end++;
    }
    FieldTable.Node child =
        node.children.isEmpty() ? null : node.children.get(path.substring(start, end));
    if (child != null) {
      walkForm(child, path, end, value);
    }
    if (node.isAnyDepth && end < path.length()) {
      walkForm(node, path, end, value);
    }
    if (value != null && node.elements != null) {
      flag(node.elements.here, WRONG);
    }
  }

  private void endForm(FieldTable.Node node, @Nullable String value) {
    if (value == null) {
      flag(node.here, OTHER_SOURCE);
      return;
    }
    if (node.field >= 0) {
      if (heads[node.field] >= 0 && !table.several(node.field)) {
        flags[node.field] |= WRONG; // twice
      }
      capture(node.field, TEXT, 0, value);
    }
    if (!node.isAnyDepth) {
      flag(node.below, WRONG);
    }
  }

  private void flag(int @Nullable [] fields, int flag) {
    if (fields != null) {
      for (int field : fields) {
        flags[field] |= (byte) flag;
      }
    }
  }

  private void capture(int field, int kind, long number, @Nullable Object object) {
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

  private void noteName(String name) {
    String known = knownNames.get(name);
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

  /** One walk over a JSON text: no recursion, so no body can overflow the application's stack. */
  private final class JsonWalk {
    private final JsonParser parser;
    private Frame[] frames = new Frame[4];
    private int depth; // of the open frames; frames[depth] takes the nodes of the next value

    JsonWalk(JsonParser parser) {
      this.parser = parser;
    }

    void run() throws IOException {
      JsonToken token = parser.nextToken();
      if (token == null) {
        throw new IOException("empty");
      }
      Frame first = frame(0);
      first.size = 0;
      first.add(table.root());
      value(token);
      while (depth > 0) {
        Frame open = frame(depth - 1);
        token = parser.nextToken();
        if (token == null) {
          throw new IOException("ends early");
        }
        if (token == JsonToken.END_OBJECT || token == JsonToken.END_ARRAY) {
          close(open);
          depth--;
        } else if (token == JsonToken.FIELD_NAME) {
          String name = parser.currentName();
          enterField(open, name);
          value(parser.nextToken());
        } else {
          open.elements++;
          enterElement(open);
          value(token);
        }
      }
      if (parser.nextToken() != null) {
        throw new IOException("goes on after its end");
      }
    }

    private Frame frame(int index) {
      if (index == frames.length) {
        frames = Arrays.copyOf(frames, index * 2);
      }
      Frame frame = frames[index];
      if (frame == null) {
        frame = new Frame();
        frames[index] = frame;
      }
      return frame;
    }

    private void enterField(Frame open, String name) throws IOException {
      Frame next = frame(depth);
      next.size = 0;
      for (int i = 0; i < open.size; i++) {
        FieldTable.Node node = open.nodes[i];
        FieldTable.Node child = node.children.get(name);
        if (child != null) {
          next.add(child);
        }
        if (node.isAnyDepth) {
          next.add(node);
        }
      }
      if (next.size > 0 && !open.seen().add(name)) {
        throw new IOException("a key twice");
      }
      if (depth == 1) {
        noteName(name);
      }
    }

    private void enterElement(Frame open) {
      Frame next = frame(depth);
      next.size = 0;
      for (int i = 0; i < open.size; i++) {
        FieldTable.Node node = open.nodes[i];
        if (node.elements != null) {
          next.add(node.elements);
        }
        if (node.isAnyDepth) {
          next.add(node);
        }
      }
    }

    /** Takes the value at the parser for the nodes in {@code frames[depth]}. */
    private void value(JsonToken token) throws IOException {
      Frame here = frame(depth);
      here.firstSlot = count;
      for (int i = 0; i < here.size; i++) {
        FieldTable.Node node = here.nodes[i];
        if (node.field >= 0) {
          if (heads[node.field] >= 0 && !table.several(node.field)) {
            flags[node.field] |= WRONG;
          }
          captureToken(node.field, token);
        }
        if (!node.isAnyDepth) {
          markShape(node, token);
        }
      }
      here.lastSlot = count;
      if (token == JsonToken.START_OBJECT || token == JsonToken.START_ARRAY) {
        if (here.size == 0 && depth > 0) {
          parser.skipChildren();
          return;
        }
        here.elements = 0;
        here.isArray = token == JsonToken.START_ARRAY;
        here.clearSeen();
        depth++;
      }
    }

    private void captureToken(int field, JsonToken token) throws IOException {
      switch (token) {
        case VALUE_STRING -> capture(field, STRING, 0, parser.getText());
        case VALUE_NUMBER_INT -> {
          JsonParser.NumberType type = parser.getNumberType();
          if (type == JsonParser.NumberType.BIG_INTEGER) {
            capture(field, DECIMAL, 0, parser.getDecimalValue());
          } else {
            capture(field, NUMBER, parser.getLongValue(), null);
          }
        }
        case VALUE_NUMBER_FLOAT -> {
          BigDecimal exact = parser.getDecimalValue();
          capture(field, DECIMAL, 0, exact);
        }
        case VALUE_TRUE -> capture(field, TRUE, 0, null);
        case VALUE_FALSE -> capture(field, FALSE, 0, null);
        case VALUE_NULL -> capture(field, NULL, 0, null);
        case START_OBJECT -> capture(field, OBJECT, 0, null);
        case START_ARRAY -> capture(field, ARRAY, 0, null);
        case NOT_AVAILABLE, END_OBJECT, END_ARRAY, FIELD_NAME, VALUE_EMBEDDED_OBJECT ->
            throw new IOException("no value");
      }
    }

    private void markShape(FieldTable.Node node, JsonToken token) {
      if (token == JsonToken.START_OBJECT) {
        if (node.elements != null) {
          flag(node.elements.here, WRONG);
        }
      } else if (token == JsonToken.START_ARRAY) {
        for (int i = 0; i < node.childList.size(); i++) {
          flag(node.childList.get(i).here, WRONG);
        }
        if (node.elements != null) {
          flag(node.elements.here, REACHED);
        }
      } else {
        flag(node.below, WRONG);
      }
    }

    private void close(Frame frame) {
      if (frame.isArray) {
        for (int slot = frame.firstSlot; slot < frame.lastSlot; slot++) {
          numbers[slot] = frame.elements;
        }
        return;
      }
      for (int i = 0; i < frame.size; i++) {
        FieldTable.Node node = frame.nodes[i];
        if (!node.inElement || node.isAnyDepth) {
          continue;
        }
        for (int j = 0; j < node.childList.size(); j++) {
          FieldTable.Node child = node.childList.get(j);
          if (!frame.hasSeen(child.name)) {
            flag(child.here, MISSING);
          }
        }
      }
    }
  }

  /** The nodes that a value, or the inside of a container, stands for. */
  private static final class Frame {
    FieldTable.Node[] nodes = new FieldTable.Node[2];
    int size;
    boolean isArray;
    long elements;
    int firstSlot;
    int lastSlot;
    private @Nullable Set<String> seen;

    void add(FieldTable.Node node) {
      for (int i = 0; i < size; i++) {
        if (nodes[i] == node) {
          return;
        }
      }
      if (size == nodes.length) {
        nodes = Arrays.copyOf(nodes, size * 2);
      }
      nodes[size++] = node;
      if (node.anyDepth != null) {
        add(node.anyDepth);
      }
    }

    Set<String> seen() {
      Set<String> names = seen;
      if (names == null) {
        names = new HashSet<>();
        seen = names;
      }
      return names;
    }

    boolean hasSeen(String name) {
      return seen != null && seen.contains(name);
    }

    void clearSeen() {
      if (seen != null) {
        seen.clear();
      }
    }
  }
}
