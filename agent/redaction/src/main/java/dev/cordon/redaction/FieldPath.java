package dev.cordon.redaction;

import java.util.ArrayList;
import java.util.List;

/** Where a value stands: names and array indexes from the root. Built only around a finding. */
final class FieldPath {
  private static final int MAX_PRINTED_CHARS = 200;
  private static final int MAX_PRINTED_NAME_CHARS = 64;

  /** A text without fields, or one whose fields could not be read. */
  static final FieldPath UNKNOWN = new FieldPath(List.of(), "", false);

  private static final FieldPath ROOT = new FieldPath(List.of(), "", true);

  private final List<String> names;
  private final String printed;
  private final boolean known;

  private FieldPath(List<String> names, String printed, boolean known) {
    this.names = names;
    this.printed = printed;
    this.known = known;
  }

  static FieldPath root() {
    return ROOT;
  }

  FieldPath name(String name) {
    List<String> longer = new ArrayList<>(names.size() + 1);
    longer.addAll(names);
    longer.add(name);
    String shown = Names.shown(name, MAX_PRINTED_NAME_CHARS);
    return new FieldPath(longer, append(printed.isEmpty() ? shown : "." + shown), known);
  }

  /** Indexes are printed but not matched: {@code a[].b} and {@code a.b} are the same pattern. */
  FieldPath index(int index) {
    return new FieldPath(names, append("[" + index + "]"), known);
  }

  /** Form keys: {@code a[b][0]} becomes {@code a.b[0]}. */
  FieldPath formKey(String key) {
    int open = key.indexOf('[');
    if (open <= 0 || !key.endsWith("]")) {
      return name(key);
    }
    FieldPath path = name(key.substring(0, open));
    int at = open;
    while (at < key.length()) {
      int close = key.indexOf(']', at);
      if (key.charAt(at) != '[' || close < 0) {
        return name(key); // not of this shape after all
      }
      String inner = key.substring(at + 1, close);
      path = inner.isEmpty() || Names.isNumber(inner) ? path.printing(inner) : path.name(inner);
      at = close + 1;
    }
    return path;
  }

  private FieldPath printing(String index) {
    return new FieldPath(names, append("[" + Names.shown(index, 10) + "]"), known);
  }

  private String append(String more) {
    if (printed.length() + more.length() <= MAX_PRINTED_CHARS) {
      return printed + more;
    }
    return printed.endsWith("...") ? printed : printed + "...";
  }

  boolean known() {
    return known;
  }

  List<String> names() {
    return names;
  }

  @Override
  public String toString() {
    return printed;
  }
}
