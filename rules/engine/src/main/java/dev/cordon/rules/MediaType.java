package dev.cordon.rules;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A {@code Content-Type}, or a {@code Content-Disposition}: a word and its parameters. */
final class MediaType {
  private static final int MAX_PARAMETERS = 20;

  /** In lower case. */
  final String essence;

  private final List<String> names = new ArrayList<>(2);
  private final List<String> values = new ArrayList<>(2);

  private MediaType(String essence) {
    this.essence = essence;
  }

  /** Null when it is not written as it should be, or a parameter stands there twice. */
  static @Nullable MediaType parse(String text) {
    int at = skipBlanks(text, 0);
    int from = at;
    while (at < text.length() && (isToken(text.charAt(at)) || text.charAt(at) == '/')) {
      at++;
    }
    MediaType type = new MediaType(Fold.lower(text.substring(from, at)));
    at = skipBlanks(text, at);
    while (at < text.length()) {
      if (text.charAt(at) != ';') {
        return null;
      }
      at = skipBlanks(text, at + 1);
      if (at == text.length()) {
        break; // a semicolon at the end says nothing
      }
      int end = type.parameter(text, at);
      if (end < 0) {
        return null;
      }
      at = skipBlanks(text, end);
    }
    return type.essence.isEmpty() ? null : type;
  }

  private int parameter(String text, int start) {
    int at = start;
    while (at < text.length() && isToken(text.charAt(at))) {
      at++;
    }
    String name = Fold.lower(text.substring(start, at));
    if (at == start || at >= text.length() || text.charAt(at) != '=' || names.contains(name)) {
      return -1;
    }
    at++;
    StringBuilder value = new StringBuilder();
    if (at < text.length() && text.charAt(at) == '"') {
      at++;
      while (at < text.length() && text.charAt(at) != '"') {
        if (text.charAt(at) == '\\') {
          return -1; // an escape to some, a backslash to others
        }
        value.append(text.charAt(at++));
      }
      if (at++ >= text.length()) {
        return -1;
      }
    } else {
      while (at < text.length() && isToken(text.charAt(at))) {
        value.append(text.charAt(at++));
      }
      if (value.length() == 0) {
        return -1;
      }
    }
    names.add(name);
    values.add(value.toString());
    return names.size() > MAX_PARAMETERS ? -1 : at;
  }

  /** The value of a parameter, by its name in lower case; null when it is not there. */
  @Nullable String parameter(String name) {
    int index = names.indexOf(name);
    return index < 0 ? null : values.get(index);
  }

  /** Whether some parameter's name begins so; in lower case. */
  boolean hasParameterFrom(String beginning) {
    for (String name : names) {
      if (name.startsWith(beginning)) {
        return true;
      }
    }
    return false;
  }

  private static int skipBlanks(String text, int from) {
    int at = from;
    while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
      at++;
    }
    return at;
  }

  private static boolean isToken(char c) {
    return c > ' ' && c < 0x7f && "()<>@,;:\\\"/[]?={}".indexOf(c) < 0;
  }
}
