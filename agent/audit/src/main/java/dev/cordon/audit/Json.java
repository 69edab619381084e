package dev.cordon.audit;

import java.util.Collection;

/** Writes JSON, indented by two or in one line; commas and line ends are its own business. */
final class Json {
  private final StringBuilder out = new StringBuilder(1024);
  private final boolean compact;
  private int depth;
  private boolean first = true;

  Json() {
    this(false);
  }

  private Json(boolean compact) {
    this.compact = compact;
  }

  /** In one line, without blanks. */
  static Json compact() {
    return new Json(true);
  }

  Json open(char bracket) {
    out.append(bracket);
    depth++;
    first = true;
    return this;
  }

  Json close(char bracket) {
    depth--;
    if (!first) {
      line();
    }
    out.append(bracket);
    first = false;
    return this;
  }

  /** Begins the next element of an array. */
  Json item() {
    if (!first) {
      out.append(',');
    }
    line();
    first = false;
    return this;
  }

  Json key(String key) {
    item();
    string(out, key);
    out.append(compact ? ":" : ": ");
    return this;
  }

  Json text(String key, String value) {
    key(key);
    string(out, value);
    return this;
  }

  Json number(String key, long value) {
    key(key).out.append(value);
    return this;
  }

  Json flag(String key, boolean value) {
    key(key).out.append(value);
    return this;
  }

  /** One text of an array. */
  Json value(String value) {
    item();
    string(out, value);
    return this;
  }

  Json texts(String key, Collection<String> values) {
    key(key).open('[');
    for (String value : values) {
      item();
      string(out, value);
    }
    return close(']');
  }

  /** Leaves out what is not there. */
  Json maybe(String key, String value) {
    return value.isEmpty() ? this : text(key, value);
  }

  /** Leaves out a negative number, which is none. */
  Json maybe(String key, long value) {
    return value < 0 ? this : number(key, value);
  }

  private void line() {
    if (compact) {
      return;
    }
    out.append('\n').append("  ".repeat(depth));
  }

  @Override
  public String toString() {
    return out.toString();
  }

  static void string(StringBuilder to, String value) {
    to.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        to.append('\\').append(c);
      } else if (c < 0x20 || c > 0x7e) { // ASCII only: no terminal and no reader takes it wrongly
        String digits = Integer.toHexString(c);
        to.append("\\u").append("0".repeat(4 - digits.length())).append(digits);
      } else {
        to.append(c);
      }
    }
    to.append('"');
  }
}
