package dev.cordon.redaction;

import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Walks a JSON text without recursion and without building anything: each key, string and number
 * goes to the detectors where it stands. Takes several values in a row (one on each line).
 */
final class JsonText {
  /** Deeper fields are scanned like all others but have no path: every order holds for them. */
  static final int MAX_PATH_DEPTH = 64;

  private static final int MAX_TEXTS_IN_TEXT = 2;

  /** Shorter texts are not worth a pass of their own. */
  static final int MIN_CHARS_TO_LOOK_AHEAD = 128;

  /** A shorter number is nobody's. */
  static final int MIN_NUMBER_CHARS = 6;

  /** The name of a field that nobody has asked for yet. */
  private static final int NOT_READ = -1;

  private final View view;
  private final String s;
  private final int to;
  private final FieldPath base;
  private final int baseName;
  private final Findings findings;
  private final int textDepth;
  private final Supplier<FieldPath> here = this::path;
  private final KnownNames known = KnownNames.SHARED;

  private final int begin;
  // where in the text a value could be anchored: most strings hold no such place and are not read
  // again; null when that is not known
  private final long @Nullable [] anchors;

  /** All characters of the last string, or-ed, and its backslashes as if they were not ASCII. */
  private int lastChars;

  private int at;
  private int depth = -1;
  // for each open container: where its current key is (objects) or the index (arrays)
  private int[] keyStarts = new int[16];
  private int[] keyEnds = new int[16];
  private int[] indexes = new int[16]; // -1 in an object
  private int[] names = new int[16]; // what the current key says; an array hands its own down
  private @Nullable FieldPath containerPath;

  private JsonText(
      View view, int from, int to, FieldPath base, int baseName, Findings findings, int textDepth) {
    this.view = view;
    this.s = view.text;
    this.at = from;
    this.to = to;
    this.base = base;
    this.baseName = baseName;
    this.findings = findings;
    this.textDepth = textDepth;
    this.begin = from;
    long[] places =
        to - from >= MIN_CHARS_TO_LOOK_AHEAD && !findings.readsTokens()
            ? Scratch.anchorsOf(view.text, from, to, findings.kinds())
            : null;
    this.anchors = places;
    view.anchors = places;
    view.anchorsFrom = from;
  }

  /** False, with nothing found, when the text is not JSON. */
  static boolean scan(View view, int from, int to, FieldPath base, int name, Findings findings) {
    return scan(view, from, to, base, name, findings, 0);
  }

  private static boolean scan(
      View view, int from, int to, FieldPath base, int name, Findings findings, int textDepth) {
    int mark = findings.mark();
    boolean json = new JsonText(view, from, to, base, name, findings, textDepth).walk();
    view.anchors = null; // they spoke for this part of it only
    if (json) {
      return true;
    }
    findings.reset(mark);
    return false;
  }

  /** Whether it is worth trying: an object or an array between the blanks. */
  static boolean looksLikeJson(String s, int from, int to) {
    int first = from;
    while (first < to && s.charAt(first) <= ' ') {
      first++;
    }
    return first < to && (s.charAt(first) == '{' || s.charAt(first) == '[');
  }

  private boolean walk() {
    boolean any = false;
    while (skipBlanks()) {
      if (!topLevelValue()) {
        return false;
      }
      any = true;
    }
    return any;
  }

  private boolean topLevelValue() {
    int bottom = depth;
    if (!openOrScalar()) {
      return false;
    }
    while (depth > bottom) {
      if (!skipBlanks()) {
        return false;
      }
      boolean inObject = indexes[depth] < 0;
      char c = s.charAt(at);
      boolean empty = keyStarts[depth] < 0;
      if (c == (inObject ? '}' : ']')) {
        at++;
        depth--;
        containerPath = null;
        continue;
      }
      if (!empty) {
        if (c != ',') {
          return false;
        }
        at++;
        if (!skipBlanks()) {
          return false;
        }
      }
      if (inObject) {
        if (!key()) {
          return false;
        }
      } else {
        if (!empty) {
          indexes[depth]++;
        }
        keyStarts[depth] = 0; // no longer empty
      }
      if (!openOrScalar()) {
        return false;
      }
    }
    return true;
  }

  private boolean key() {
    if (s.charAt(at) != '"') {
      return false;
    }
    int start = at + 1;
    int end = stringEnd();
    if (end < 0) {
      return false;
    }
    keyStarts[depth] = start;
    keyEnds[depth] = end;
    if (isQuiet(start, end)) {
      boolean tells = findings.readsKeys() && known.tells(s, start, end, findings.kinds());
      names[depth] = tells ? known.ofField(s, start, end, findings.kinds()) : NOT_READ;
      if (end - start == 4 && findings.readsKeys() && s.startsWith("name", start)) {
        int person = nameOfPerson();
        names[depth] = person == 0 ? NOT_READ : person;
      }
    } else {
      names[depth] = nameOf(view, start, end, lastChars < 128, findings.kinds());
      if (end - start == 4 && findings.readsKeys() && s.startsWith("name", start)) {
        names[depth] |= nameOfPerson();
      }
      string(view, start, end, 0, here, findings, textDepth);
    }
    at = end + 1;
    if (!skipBlanks() || s.charAt(at) != ':') {
      return false;
    }
    at++;
    return skipBlanks();
  }

  /**
   * What a key says. Its escapes are undone and its letters read if it is not of plain characters
   * only.
   */
  static int nameOf(View view, int start, int end, boolean plain, int kinds) {
    if (plain) {
      return KnownNames.SHARED.ofField(view.text, start, end, kinds);
    }
    View characters = Escapes.characters(view, start, end);
    View key = Escapes.json(characters, 0, characters.text.length());
    return Names.ofField(key.text, 0, key.text.length(), kinds);
  }

  /** What the object says about its {@code name}: the nearest key above tells. */
  private int nameOfPerson() {
    for (int level = depth - 1; level >= 0; level--) {
      if (indexes[level] < 0 && keyStarts[level] >= 0) {
        return Ids.ofNameIn(s, keyStarts[level], keyEnds[level]);
      }
    }
    return 0;
  }

  private boolean openOrScalar() {
    char c = s.charAt(at);
    switch (c) {
      case '{' -> push(-1);
      case '[' -> push(0);
      case '"' -> {
        int start = at + 1;
        int end = stringEnd();
        if (end < 0) {
          return false;
        }
        boolean nameIsQuiet = depth >= 0 && names[depth] == NOT_READ;
        if (isQuery(start, end)) {
          string(view, start, end, currentName(), here, findings, textDepth, true);
        } else if (!nameIsQuiet || !isQuiet(start, end) || findings.mayHoldBase64(s, start, end)) {
          string(view, start, end, currentName(), here, findings, textDepth);
        }
        at = end + 1;
      }
      default -> {
        return literal();
      }
    }
    return true;
  }

  /** Whether this can be the text of a GraphQL request. */
  private boolean isQuery(int start, int end) {
    return depth >= 0
        && keyEnds[depth] - keyStarts[depth] == 5
        && indexes[depth] < 0
        && end - start > 2
        && s.startsWith("query", keyStarts[depth]);
  }

  private int currentName() {
    if (depth < 0) {
      return baseName;
    }
    if (names[depth] == NOT_READ) {
      names[depth] = known.ofField(s, keyStarts[depth], keyEnds[depth], findings.kinds());
    }
    return names[depth];
  }

  /** Whether nothing in this string, of plain characters only, can anchor a value. */
  private boolean isQuiet(int start, int end) {
    return anchors != null && lastChars < 128 && isQuiet(anchors, start - begin, end - begin);
  }

  /**
   * Whether nothing anchors a value from {@code first} to before {@code last}, where there is one
   * more character.
   */
  static boolean isQuiet(long[] anchors, int first, int last) {
    int block = first >>> 6;
    long bits = anchors[block] & -1L << first;
    while (block < last >>> 6) {
      if (bits != 0) {
        return false;
      }
      bits = anchors[++block];
    }
    return (bits & ~(-1L << last)) == 0;
  }

  private void push(int index) {
    int name = currentName();
    at++;
    depth++;
    if (depth == keyStarts.length) {
      int size = depth * 2;
      keyStarts = Arrays.copyOf(keyStarts, size);
      keyEnds = Arrays.copyOf(keyEnds, size);
      indexes = Arrays.copyOf(indexes, size);
      names = Arrays.copyOf(names, size);
    }
    keyStarts[depth] = -1;
    keyEnds[depth] = -1;
    indexes[depth] = index;
    names[depth] = index < 0 ? 0 : name;
    containerPath = null;
  }

  private boolean literal() {
    int start = at;
    while (at < to && ",]}".indexOf(s.charAt(at)) < 0 && s.charAt(at) > ' ') {
      at++;
    }
    if (isNumber(s, start, at)) {
      if (at - start >= MIN_NUMBER_CHARS && s.charAt(start) != '-') {
        findings.scanNumber(view, start, at, currentName(), here);
      }
      return true;
    }
    return isWord(s, start, at);
  }

  static boolean isNumber(String s, int from, int to) {
    if (from == to || (s.charAt(from) != '-' && !Chars.isDigit(s.charAt(from)))) {
      return false;
    }
    for (int i = from; i < to; i++) {
      if (!Chars.isDigit(s.charAt(i)) && "+-.eE".indexOf(s.charAt(i)) < 0) {
        return false;
      }
    }
    return true;
  }

  static boolean isWord(String s, int from, int to) {
    int length = to - from;
    return length == 4 && (s.startsWith("true", from) || s.startsWith("null", from))
        || length == 5 && s.startsWith("false", from);
  }

  /** Position of the closing quote of the string that opens here, -1 if it has none. */
  private int stringEnd() {
    int i = at + 1;
    int chars = 0;
    while (i < to) {
      char c = s.charAt(i);
      if (c == '"') {
        lastChars = chars;
        return i;
      }
      chars |= c == '\\' ? 128 : c;
      i += c == '\\' ? 2 : 1;
    }
    return -1;
  }

  /**
   * Scans what stands between two quotes.
   *
   * @param textDepth how many texts this one stands in
   */
  static void string(
      View view,
      int start,
      int end,
      int name,
      Supplier<FieldPath> here,
      Findings findings,
      int textDepth) {
    string(view, start, end, name, here, findings, textDepth, false);
  }

  private static void string(
      View view,
      int start,
      int end,
      int name,
      Supplier<FieldPath> here,
      Findings findings,
      int textDepth,
      boolean query) {
    if (start == end) {
      return;
    }
    String s = view.text;
    View value = view.within(View.Escaping.JSON);
    int from = start;
    int until = end;
    boolean escaped = false;
    boolean ascii = true;
    for (int i = start; i < end; i++) {
      char c = s.charAt(i);
      escaped |= c == '\\';
      ascii &= c < 128;
    }
    if (!ascii || escaped) {
      View decoded = ascii ? view : Escapes.characters(view, start, end);
      from = ascii ? start : 0;
      until = ascii ? end : decoded.text.length();
      if (escaped) {
        value = Escapes.json(decoded, from, until);
        from = 0;
        until = value.text.length();
      } else {
        value = decoded.within(View.Escaping.JSON);
      }
    }
    if (textDepth < MAX_TEXTS_IN_TEXT
        && looksLikeJson(value.text, from, until)
        && scan(value, from, until, here.get(), name, findings, textDepth + 1)) {
      return;
    }
    if (query && GraphQlText.looksLikeOne(value.text, from, until)) {
      GraphQlText.scan(value, from, until, here.get(), findings, textDepth);
      return;
    }
    findings.scan(value, from, until, name, here);
  }

  private FieldPath path() {
    if (depth >= MAX_PATH_DEPTH) {
      return FieldPath.UNKNOWN;
    }
    FieldPath path = containerPath;
    if (path == null) {
      path = base;
      for (int level = 0; level < depth; level++) {
        path = step(path, level);
      }
      containerPath = path;
    }
    return depth < 0 ? path : step(path, depth);
  }

  private FieldPath step(FieldPath path, int level) {
    if (indexes[level] >= 0) {
      return path.index(indexes[level]);
    }
    if (keyStarts[level] < 0) {
      return path;
    }
    int start = keyStarts[level];
    int end = keyEnds[level];
    View decoded = Escapes.characters(view, start, end);
    return path.name(Escapes.json(decoded, 0, decoded.text.length()).text);
  }

  private boolean skipBlanks() {
    while (at < to && (s.charAt(at) <= ' ' || s.charAt(at) == 0xFEFF)) {
      at++;
    }
    return at < to;
  }
}
