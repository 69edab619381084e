package dev.cordon.redaction;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A JSON text of which only a part is known: keys, strings and numbers are scanned and written as
 * soon as they are there as a whole. A string that does not fit is read as a {@link StreamText}.
 */
final class StreamJson {
  /** How the reading of a piece ended. */
  enum Read {
    /** What is there is read; or the value that waits is not there as a whole. */
    ALL,
    /** The text is not JSON from here on. */
    NO_JSON,
    /** A line of an event stream ends here, and with it the JSON in it. */
    END_OF_LINE
  }

  private enum Expect {
    VALUE,
    VALUE_OR_END,
    KEY,
    KEY_OR_END,
    COLON,
    COMMA_OR_END
  }

  /** Deeper texts are read as if they were not JSON. */
  private static final int MAX_DEPTH = 1024;

  /** Of a key that does not fit. */
  private static final int MAX_KEPT_KEY_CHARS = 64;

  private static final int NOT_READ = -1;
  private static final String DATA = "data:";

  private final RedactionPlan plan;
  private final boolean rawUtf8;
  private final boolean inEvents;
  private final Charset charset;
  private final Supplier<FieldPath> here = this::path;

  private Expect expect = Expect.VALUE;
  private boolean any; // a whole value has been read
  private int depth = -1;
  // for each open container
  private int[] indexes = new int[16]; // -1 in an object
  private int[] owners = new int[16]; // the nearest object above, -1 without one
  private @Nullable String[] keys = new @Nullable String[16]; // the current one, escapes not undone
  private int[] names = new int[16]; // what it says; an array hands its own down
  private @Nullable FieldPath containerPath;

  private @Nullable StreamText longString;
  private boolean longBegins;
  private boolean longKey;
  private int searched; // how far the end of the long string has been looked for

  // one piece
  private String s = "";
  private View view = View.root("", false, 0, 1);
  private long @Nullable [] anchors;
  private int at;
  private int lastChars;

  /**
   * @param inEvents whether lines that begin with {@code data:} stand around it
   */
  StreamJson(RedactionPlan plan, boolean rawUtf8, boolean inEvents) {
    this.plan = plan;
    this.rawUtf8 = rawUtf8;
    this.inEvents = inEvents;
    this.charset = rawUtf8 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1;
  }

  /** Reads on from the first byte that is not out. */
  Read read(StreamWindow window, boolean last, Findings findings) {
    while (true) {
      StreamText text = longString;
      if (text != null && !longString(text, window, last, findings)) {
        return Read.ALL;
      }
      int base = window.out;
      s = window.latin1(base, window.end);
      view = View.root(s, rawUtf8, base, 1);
      anchors =
          s.length() >= JsonText.MIN_CHARS_TO_LOOK_AHEAD
              ? Scratch.anchorsOf(s, 0, s.length(), findings.kinds())
              : null;
      view.anchors = anchors;
      at = 0;
      int mark = findings.mark();
      Read read = tokens(last, findings);
      findings.write(window, mark, charset);
      window.writeTo(base + at);
      window.forget(window.out);
      if (!longBegins) {
        return read;
      }
      longBegins = false;
      searched = window.out;
      int name = longKey ? 0 : currentName();
      longString = new StreamText(plan, View.Escaping.JSON, rawUtf8, name, path(), window.out);
    }
  }

  /** Reads whole tokens; {@code at} is behind the last of them when this returns. */
  private Read tokens(boolean last, Findings findings) {
    while (true) {
      Read ended = blanks(last);
      if (ended != null) {
        return ended;
      }
      if (at == s.length()) {
        return last && (depth >= 0 || expect != Expect.VALUE) ? Read.NO_JSON : Read.ALL;
      }
      int before = at;
      char c = s.charAt(at);
      switch (expect) {
        case COLON -> {
          if (c != ':') {
            return Read.NO_JSON;
          }
          at++;
          expect = Expect.VALUE;
        }
        case COMMA_OR_END -> {
          if (c == ',') {
            at++;
            expect = indexes[depth] < 0 ? Expect.KEY : Expect.VALUE;
            if (indexes[depth] >= 0) {
              indexes[depth]++;
            }
          } else if (!close(c)) {
            return Read.NO_JSON;
          }
        }
        case KEY, KEY_OR_END -> {
          if (c == '"') {
            int end = stringEnd();
            if (end < 0) {
              return unfinished(true, last);
            }
            key(at + 1, end, findings);
            at = end + 1;
            expect = Expect.COLON;
          } else if (expect != Expect.KEY_OR_END || !close(c)) {
            return Read.NO_JSON;
          }
        }
        case VALUE, VALUE_OR_END -> {
          if (c == '{' || c == '[') {
            if (depth + 1 == MAX_DEPTH) {
              return Read.NO_JSON;
            }
            push(c == '{' ? -1 : 0);
          } else if (c == '"') {
            int end = stringEnd();
            if (end < 0) {
              return unfinished(false, last);
            }
            boolean nameIsQuiet = depth >= 0 && names[depth] == NOT_READ;
            if (!nameIsQuiet || !isQuiet(at + 1, end) || findings.mayHoldBase64(s, at + 1, end)) {
              JsonText.string(view, at + 1, end, currentName(), here, findings, 0);
            }
            at = end + 1;
            valueEnded();
          } else if (expect != Expect.VALUE_OR_END || !close(c)) {
            Read literal = literal(last, findings);
            if (literal != null) {
              at = before;
              return literal;
            }
            valueEnded();
          }
        }
      }
    }
  }

  /** Skips blanks, and what stands before the next line of the data of an event. */
  private @Nullable Read blanks(boolean last) {
    while (at < s.length()) {
      char c = s.charAt(at);
      if (c == '\n' && inEvents) {
        if (depth < 0 && any) {
          return Read.END_OF_LINE;
        }
        int next = at + 1;
        if (s.startsWith(DATA, next)) {
          at = next + DATA.length();
          continue;
        }
        boolean open = s.length() - next < DATA.length() && DATA.startsWith(s.substring(next));
        return open && !last ? Read.ALL : Read.NO_JSON;
      }
      if (c > ' ') {
        return null;
      }
      at++;
    }
    return null;
  }

  private boolean close(char c) {
    if (depth < 0 || c != (indexes[depth] < 0 ? '}' : ']')) {
      return false;
    }
    at++;
    depth--;
    containerPath = null;
    valueEnded();
    return true;
  }

  private void valueEnded() {
    any = true;
    expect = depth < 0 ? Expect.VALUE : Expect.COMMA_OR_END;
  }

  private void push(int index) {
    int name = currentName();
    at++;
    depth++;
    if (depth == indexes.length) {
      int size = depth * 2;
      indexes = Arrays.copyOf(indexes, size);
      owners = Arrays.copyOf(owners, size);
      keys = Arrays.copyOf(keys, size);
      names = Arrays.copyOf(names, size);
    }
    indexes[depth] = index;
    owners[depth] = depth == 0 ? -1 : indexes[depth - 1] < 0 ? depth - 1 : owners[depth - 1];
    keys[depth] = null;
    names[depth] = index < 0 ? 0 : name;
    containerPath = null;
    expect = index < 0 ? Expect.KEY_OR_END : Expect.VALUE_OR_END;
  }

  private void key(int start, int end, Findings findings) {
    String key = s.substring(start, end);
    keys[depth] = key;
    boolean person = end - start == 4 && findings.readsKeys() && key.equals("name");
    if (isQuiet(start, end)) {
      KnownNames known = KnownNames.SHARED;
      boolean tells = findings.readsKeys() && known.tells(key, 0, key.length(), findings.kinds());
      names[depth] = tells ? known.ofField(key, 0, key.length(), findings.kinds()) : NOT_READ;
      int said = person ? nameOfPerson() : 0;
      names[depth] = said != 0 ? said : person ? NOT_READ : names[depth];
    } else {
      names[depth] = JsonText.nameOf(view, start, end, lastChars < 128, findings.kinds());
      if (person) {
        names[depth] |= nameOfPerson();
      }
      JsonText.string(view, start, end, 0, here, findings, 0);
    }
  }

  /** What the object says about its {@code name}: the nearest key above tells. */
  private int nameOfPerson() {
    String key = owners[depth] < 0 ? null : keys[owners[depth]];
    return key == null ? 0 : Ids.ofNameIn(key, 0, key.length());
  }

  private int currentName() {
    if (depth < 0) {
      return 0;
    }
    String key = keys[depth];
    if (names[depth] == NOT_READ && key != null) {
      names[depth] = Names.ofField(key, 0, key.length(), plan.kinds());
    }
    return names[depth];
  }

  private boolean isQuiet(int start, int end) {
    return anchors != null
        && lastChars < 128
        && JsonText.isQuiet(anchors, start, end)
        && !plan.own().mayStandIn(s, start, end, plan.wantedOwn());
  }

  /** A number or a word; null when it was one, otherwise {@code at} is to be where it began. */
  private @Nullable Read literal(boolean last, Findings findings) {
    int start = at;
    while (at < s.length() && ",]}".indexOf(s.charAt(at)) < 0 && s.charAt(at) > ' ') {
      at++;
    }
    if (at == s.length() && !last) {
      return at - start > StreamText.CARRY_BYTES ? Read.NO_JSON : Read.ALL;
    }
    if (JsonText.isLikeNumber(s, start, at)) {
      if (!JsonText.isNumber(s, start, at)) {
        findings.scan(view, start, at, currentName(), here);
      } else if ((at - start >= JsonText.MIN_NUMBER_CHARS && s.charAt(start) != '-')
          || plan.own().mayStandIn(s, start, at, plan.wantedOwn())) {
        findings.scanNumber(view, start, at, currentName(), here);
      }
      return null;
    }
    return JsonText.isWord(s, start, at) ? null : Read.NO_JSON;
  }

  /** Position of the closing quote of the string that opens here, -1 if it is not there. */
  private int stringEnd() {
    int i = at + 1;
    int chars = 0;
    while (i < s.length()) {
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

  // ---- strings that do not fit

  private Read unfinished(boolean key, boolean last) {
    if (last) {
      return Read.NO_JSON;
    }
    if (s.length() - at > StreamText.CARRY_BYTES) {
      int start = at + 1;
      if (key) {
        keys[depth] = s.substring(start, start + MAX_KEPT_KEY_CHARS);
        names[depth] = 0;
      }
      at = start;
      longKey = key;
      longBegins = true;
    }
    return Read.ALL;
  }

  /** False while its end is not there. */
  private boolean longString(
      StreamText text, StreamWindow window, boolean last, Findings findings) {
    int i = searched;
    while (i < window.end && window.bytes[i] != '"') {
      i += window.bytes[i] == '\\' ? 2 : 1;
    }
    boolean closed = i < window.end;
    int limit = closed ? i : window.end;
    int moved = text.scan(window, limit, closed || last, findings);
    searched = i - moved;
    if (!closed) {
      return false;
    }
    longString = null;
    window.writeTo(searched + 1);
    if (longKey) {
      expect = Expect.COLON;
    } else {
      valueEnded();
    }
    return true;
  }

  // ---- where

  private FieldPath path() {
    if (depth >= JsonText.MAX_PATH_DEPTH) {
      return FieldPath.UNKNOWN;
    }
    FieldPath path = containerPath;
    if (path == null) {
      path = FieldPath.root();
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
    String key = keys[level];
    if (key == null) {
      return path;
    }
    View root = View.root(key, rawUtf8, 0, 1);
    View decoded = Escapes.characters(root, 0, key.length());
    return path.name(Escapes.json(decoded, 0, decoded.text.length()).text);
  }
}
