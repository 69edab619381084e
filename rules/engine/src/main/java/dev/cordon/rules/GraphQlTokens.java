package dev.cordon.rules;

import org.jspecify.annotations.Nullable;

/**
 * The tokens of a GraphQL text, one after the other. A text with a character that no document needs
 * ends in {@link #BAD}: servers differ in what they take for a blank or the end of a comment.
 */
final class GraphQlTokens {
  static final int MAX_DEPTH = 200; // deeper texts are not read

  static final int END = 0;
  static final int BAD = 1;
  static final int NAME = 2;
  static final int INT = 3;
  static final int FLOAT = 4;
  static final int STRING = 5;
  static final int BLOCK_STRING = 6;
  static final int SPREAD = 7;

  /** One of {@code ! $ & ( ) : = @ [ ] { | }}, see {@link #is}. */
  static final int PUNCTUATOR = 8;

  private final String text;
  private int at;
  private boolean started;
  private int type = BAD;
  private int start;
  private int end;

  GraphQlTokens(String text) {
    this.text = text;
  }

  /** Goes on at another place of the text. */
  GraphQlTokens from(int offset) {
    at = offset;
    started = false;
    next();
    return this;
  }

  int type() {
    return type;
  }

  int start() {
    return start;
  }

  String text() {
    return text.substring(start, end);
  }

  boolean is(char punctuator) {
    return type == PUNCTUATOR && text.charAt(start) == punctuator;
  }

  boolean take(char punctuator) {
    if (is(punctuator)) {
      next();
      return true;
    }
    return false;
  }

  boolean takeName(String name) {
    if (type == NAME && end - start == name.length() && text.startsWith(name, start)) {
      next();
      return true;
    }
    return false;
  }

  boolean takeAnyName() {
    if (type == NAME) {
      next();
      return true;
    }
    return false;
  }

  /** Moves on; {@link #BAD} and {@link #END} last. */
  void next() {
    if (type == BAD && started) {
      return;
    }
    started = true;
    skipIgnored();
    start = at;
    if (at >= text.length()) {
      type = END;
      end = at;
      return;
    }
    char c = text.charAt(at);
    if (isNameStart(c)) {
      do {
        at++;
      } while (at < text.length() && isNamePart(text.charAt(at)));
      type = NAME;
    } else if (c == '-' || isDigit(c)) {
      type = number();
    } else if (c == '"') {
      type = text.startsWith("\"\"\"", at) ? blockString() : string();
    } else if (c == '.') {
      type = text.startsWith("...", at) ? SPREAD : BAD;
      at = Math.min(at + 3, text.length());
    } else if ("!$&():=@[]{|}".indexOf(c) >= 0) {
      type = PUNCTUATOR;
      at++;
    } else {
      type = BAD;
    }
    end = at;
  }

  private void skipIgnored() {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '#') {
        at++;
        while (at < text.length() && text.charAt(at) != '\n' && text.charAt(at) != '\r') {
          if (isOddAt(at)) {
            return; // next() meets it
          }
          at++;
        }
      } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == ',') {
        at++;
      } else if (c == '\ufeff' && at == 0) {
        at++;
      } else {
        return;
      }
    }
  }

  /** What some take for the end of a line, or refuse. */
  private boolean isOddAt(int index) {
    char c = text.charAt(index);
    if (Character.isHighSurrogate(c)) {
      return index + 1 >= text.length() || !Character.isLowSurrogate(text.charAt(index + 1));
    }
    if (Character.isLowSurrogate(c)) {
      return index == 0 || !Character.isHighSurrogate(text.charAt(index - 1));
    }
    return (c < ' ' && c != '\t')
        || (c >= 0x7f && c <= 0x9f)
        || c == '\u2028'
        || c == '\u2029'
        || c == '\ufeff'
        || c >= '\ufffe';
  }

  private int number() {
    int from = at;
    if (text.charAt(at) == '-') {
      at++;
    }
    int digits = digits();
    if (digits == 0 || (digits > 1 && text.charAt(at - digits) == '0')) {
      return BAD;
    }
    boolean whole = true;
    if (at < text.length() && text.charAt(at) == '.') {
      at++;
      whole = false;
      if (digits() == 0) {
        return BAD;
      }
    }
    if (at < text.length() && Fold.lower(text.charAt(at)) == 'e') {
      at++;
      whole = false;
      if (at < text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-')) {
        at++;
      }
      if (digits() == 0) {
        return BAD;
      }
    }
    boolean runsOn = at < text.length() && (text.charAt(at) == '.' || isNamePart(text.charAt(at)));
    return runsOn || at - from > 1_000 ? BAD : whole ? INT : FLOAT;
  }

  private int digits() {
    int from = at;
    while (at < text.length() && isDigit(text.charAt(at))) {
      at++;
    }
    return at - from;
  }

  private int string() {
    at++;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '"') {
        at++;
        return STRING;
      }
      if (c == '\\') {
        int length = escape(at);
        if (length == 0) {
          return BAD;
        }
        at += length;
      } else if (isOddAt(at)) {
        return BAD;
      } else {
        at++;
      }
    }
    return BAD;
  }

  /** How long the escape is; 0 for none that every server knows. */
  private int escape(int from) {
    char c = from + 1 < text.length() ? text.charAt(from + 1) : 0;
    if ("\"\\/bfnrt".indexOf(c) >= 0 && c != 0) {
      return 2;
    }
    if (c != 'u') {
      return 0;
    }
    int value = hex4(from + 2); // \\u{...} is new: older servers refuse it
    return value < 0 || Character.isSurrogate((char) value) ? 0 : 6;
  }

  private int hex4(int from) {
    if (from + 4 > text.length()) {
      return -1;
    }
    int high = Target.hex(text.charAt(from), text.charAt(from + 1));
    int low = Target.hex(text.charAt(from + 2), text.charAt(from + 3));
    return high < 0 || low < 0 ? -1 : high << 8 | low;
  }

  private int blockString() {
    at += 3;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '"' && text.startsWith("\"\"\"", at)) {
        at += 3;
        // a fourth quote: does it end the string, or begin another one?
        return at < text.length() && text.charAt(at) == '"' ? BAD : BLOCK_STRING;
      }
      if (c == '\\' && text.startsWith("\\\"\"\"", at)) {
        at += 4;
      } else if (isOddAt(at) && c != '\n' && c != '\r') {
        return BAD;
      } else {
        at++;
      }
    }
    return BAD;
  }

  /** The value of a STRING; null for a block string, whose blanks servers cut in their own way. */
  @Nullable String stringValue() {
    if (type != STRING) {
      return null;
    }
    StringBuilder out = new StringBuilder(end - start);
    for (int i = start + 1; i < end - 1; ) {
      char c = text.charAt(i);
      if (c != '\\') {
        out.append(c);
        i++;
        continue;
      }
      char escaped = text.charAt(i + 1);
      switch (escaped) {
        case 'b' -> out.append('\b');
        case 'f' -> out.append('\f');
        case 'n' -> out.append('\n');
        case 'r' -> out.append('\r');
        case 't' -> out.append('\t');
        case 'u' -> out.append((char) hex4(i + 2));
        default -> out.append(escaped);
      }
      i += escaped == 'u' ? 6 : 2;
    }
    return out.toString();
  }

  /** Goes past {@code (a: 1, b: $x)}. */
  boolean skipArguments(boolean constant) {
    next();
    do {
      if (!takeAnyName() || !take(':') || !skipValue(constant)) {
        return false;
      }
    } while (!is(')'));
    return take(')');
  }

  /** Goes past a value, however deep; false when it is none. */
  boolean skipValue(boolean constant) {
    long[] objects = new long[MAX_DEPTH / Long.SIZE + 1]; // a bit for each open container
    int depth = 0;
    do {
      boolean inObject = depth > 0 && (objects[depth / Long.SIZE] >>> depth & 1) != 0;
      if (depth > 0 && take(inObject ? '}' : ']')) {
        depth--;
        continue;
      }
      if (inObject && (!takeAnyName() || !take(':'))) {
        return false;
      }
      boolean opensObject = is('{');
      if (opensObject || is('[')) {
        next();
        if (++depth > MAX_DEPTH) {
          return false;
        }
        long bit = 1L << depth;
        objects[depth / Long.SIZE] =
            opensObject ? objects[depth / Long.SIZE] | bit : objects[depth / Long.SIZE] & ~bit;
      } else if (is('$')) {
        next();
        if (constant || !takeAnyName()) {
          return false;
        }
      } else if (type >= NAME && type <= BLOCK_STRING) {
        next();
      } else {
        return false;
      }
    } while (depth > 0);
    return true;
  }

  private static boolean isNameStart(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  }

  private static boolean isNamePart(char c) {
    return isNameStart(c) || isDigit(c);
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
