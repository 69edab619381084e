package dev.cordon.redaction;

import java.util.function.Supplier;

/**
 * The text of a GraphQL request. What is passed to a field in it is read value by value, with what
 * the name of the argument says; all else is read as the text it is, and so is what follows
 * something that no document has.
 */
final class GraphQlText {
  private static final int MAX_DEPTH = 64; // of brackets

  private static final String[] BEGINS = {"query", "mutation", "subscription", "fragment"};

  private final View view;
  private final String s;
  private final int to;
  private final FieldPath query;
  private final Findings findings;
  private final int textDepth;
  private final Supplier<FieldPath> inText;
  private final Supplier<FieldPath> here = this::path;

  private int depth;
  private int arguments; // the bracket that opened them; 0 outside of any
  // for each open bracket
  private final char[] brackets = new char[MAX_DEPTH + 1];
  private final int[] keyStarts = new int[MAX_DEPTH + 1]; // -1 without one
  private final int[] keyEnds = new int[MAX_DEPTH + 1];

  private int at;
  private int read; // up to where all is scanned
  private int nameStart = -1; // the last name, if nothing but blanks is behind it
  private int nameEnd;

  private GraphQlText(
      View view, int from, int to, FieldPath query, Findings findings, int textDepth) {
    this.view = view;
    this.s = view.text;
    this.at = from;
    this.read = from;
    this.to = to;
    this.query = query;
    this.findings = findings;
    this.textDepth = textDepth;
    this.inText = () -> query;
    keyStarts[0] = -1;
  }

  /** Whether it begins as one does. */
  static boolean looksLikeOne(String s, int from, int to) {
    int at = from;
    while (at < to && (isBlank(s.charAt(at)) || s.charAt(at) == '#')) {
      at = s.charAt(at) == '#' ? lineEnd(s, at, to) : at + 1;
    }
    if (at < to && s.charAt(at) == '{') {
      return true;
    }
    for (String word : BEGINS) {
      int end = at + word.length();
      if (end < to && s.startsWith(word, at) && !Chars.isWord(s.charAt(end))) {
        return Chars.find('{', s, end, to) < to;
      }
    }
    return false;
  }

  /**
   * @param view whose characters are decoded
   * @param query where the text stands; an argument stands at {@code arguments.FIELD.NAME} below
   * @param textDepth how many texts of JSON this one stands in
   */
  static void scan(View view, int from, int to, FieldPath query, Findings findings, int textDepth) {
    GraphQlText text = new GraphQlText(view, from, to, query, findings, textDepth);
    while (text.at < text.to && text.token()) {
      // one after the other
    }
    text.scanTo(to);
  }

  /** False where it is no GraphQL any more. */
  private boolean token() {
    char c = s.charAt(at);
    switch (c) {
      case '"' -> {
        return string();
      }
      case '#' -> at = lineEnd(s, at, to);
      case '(', '[', '{' -> {
        return open(c);
      }
      case ')', ']', '}' -> {
        return close(c);
      }
      case ':' -> {
        if (arguments > 0 && nameStart >= 0 && brackets[depth] != '[') {
          keyStarts[depth] = nameStart;
          keyEnds[depth] = nameEnd;
        }
        nameStart = -1;
        at++;
      }
      default -> {
        if (isBlank(c)) {
          at++;
        } else if (Chars.isWord(c) && !Chars.isDigit(c)) {
          nameStart = at;
          while (at < to && Chars.isWord(s.charAt(at))) {
            at++;
          }
          nameEnd = at;
        } else if (c == '-' || Chars.isDigit(c)) {
          number();
        } else {
          nameStart = -1;
          at++;
        }
      }
    }
    return true;
  }

  private boolean open(char bracket) {
    if (depth == MAX_DEPTH) {
      return false;
    }
    depth++;
    brackets[depth] = bracket;
    keyStarts[depth] = -1;
    if (bracket == '(' && arguments == 0) {
      arguments = depth;
      keyStarts[depth - 1] = nameStart; // the field they are passed to
      keyEnds[depth - 1] = nameEnd;
    }
    nameStart = -1;
    at++;
    return true;
  }

  private boolean close(char bracket) {
    char opened = brackets[depth];
    if (depth == 0 || (bracket == ')' ? opened != '(' : bracket - opened != 2)) {
      return false;
    }
    if (depth == arguments) {
      arguments = 0;
      keyStarts[depth - 1] = -1;
    }
    depth--;
    nameStart = -1;
    at++;
    return true;
  }

  private boolean string() {
    nameStart = -1;
    boolean block = s.startsWith("\"\"\"", at) && at + 3 <= to;
    int start = block ? at + 3 : at + 1;
    int end = block ? blockEnd(start) : stringEnd(start);
    if (end < 0) {
      return false;
    }
    if (arguments > 0 && end > start) {
      scanTo(start);
      if (block) {
        findings.scan(view, start, end, name(), here);
      } else {
        JsonText.string(view, start, end, name(), here, findings, textDepth); // escapes as in JSON
      }
      read = end;
    }
    at = block ? end + 3 : end + 1;
    return true;
  }

  private int stringEnd(int start) {
    int i = start;
    while (i < to && s.charAt(i) != '\n') {
      if (s.charAt(i) == '"') {
        return i;
      }
      i += s.charAt(i) == '\\' ? 2 : 1;
    }
    return -1;
  }

  private int blockEnd(int start) {
    int end = s.indexOf("\"\"\"", start);
    while (end > start && s.charAt(end - 1) == '\\') {
      end = s.indexOf("\"\"\"", end + 3);
    }
    return end < 0 || end + 3 > to ? -1 : end;
  }

  private void number() {
    nameStart = -1;
    int start = at;
    while (at < to && (Chars.isDigit(s.charAt(at)) || "+-.eE".indexOf(s.charAt(at)) >= 0)) {
      at++;
    }
    boolean value = arguments > 0 && keyOf(depth) >= 0;
    boolean isLong = at - start >= JsonText.MIN_NUMBER_CHARS && s.charAt(start) != '-';
    if (value && (isLong || findings.mayHoldOwn(s, start, at)) && !isGlued()) {
      scanTo(start);
      findings.scanNumber(view, start, at, name(), here);
      read = at;
    }
  }

  private boolean isGlued() {
    return at < to && (Chars.isWord(s.charAt(at)) || s.charAt(at) >= 128);
  }

  private void scanTo(int end) {
    if (end > read) {
      findings.scan(view, read, end, 0, inText);
      read = end;
    }
  }

  // ---- names

  /** The level whose key a value here stands under; an array hands that of its own on. */
  private int keyOf(int from) {
    int level = from;
    while (level > arguments && brackets[level] == '[') {
      level--;
    }
    return keyStarts[level] < 0 ? -1 : level;
  }

  private int name() {
    int level = keyOf(depth);
    if (level < 0) {
      return 0;
    }
    int start = keyStarts[level];
    int end = keyEnds[level];
    int name = Names.ofField(s, start, end, findings.kinds());
    if (end - start == 4 && findings.readsKeys() && s.startsWith("name", start)) {
      int above = level - 1;
      while (above >= arguments && keyStarts[above] < 0) {
        above--;
      }
      above = Math.max(above, arguments - 1); // the field
      if (keyStarts[above] >= 0) {
        name |= Ids.ofNameIn(s, keyStarts[above], keyEnds[above]);
      }
    }
    return name;
  }

  private FieldPath path() {
    FieldPath path = query.name("arguments");
    for (int level = arguments - 1; level <= depth; level++) {
      if (keyStarts[level] >= 0) {
        path = path.name(s.substring(keyStarts[level], keyEnds[level]));
      }
    }
    return path;
  }

  private static boolean isBlank(char c) {
    return c <= ' ' || c == ',' || c == 0xFEFF;
  }

  private static int lineEnd(String s, int at, int to) {
    int end = at;
    while (end < to && s.charAt(end) != '\n' && s.charAt(end) != '\r') {
      end++;
    }
    return end;
  }
}
