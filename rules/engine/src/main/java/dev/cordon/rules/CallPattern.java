package dev.cordon.rules;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code METHOD /path} as a rule file writes it. */
final class CallPattern {
  private final int methods;

  /** {@code *} for any one segment, with {@code *} inside for a part of one. */
  private final List<String> segments;

  /** The pattern ends in {@code **}: zero or more segments follow. */
  private final boolean rest;

  private final long rank;
  private final String text;

  CallPattern(int methods, List<String> segments, boolean rest) {
    this.methods = methods;
    this.segments = List.copyOf(segments);
    this.rest = rest;
    rank = specificity() << 1 | (methods == Methods.ALL ? 0 : 1);
    text = write();
  }

  int methods() {
    return methods;
  }

  List<String> segments() {
    return segments;
  }

  boolean rest() {
    return rest;
  }

  /** The greater, the more specific. */
  long rank() {
    return rank;
  }

  /** The pattern, or null with a problem. */
  static @Nullable CallPattern parse(YamlNode.Scalar node, int offset, Problems problems) {
    String text = node.text().substring(offset);
    int slash = text.indexOf('/');
    String head = (slash < 0 ? text : text.substring(0, slash)).strip();
    for (String later : new String[] {"graphql", "rpc", "soap"}) {
      if (head.equals(later) || head.startsWith(later + " ")) {
        problems.error(
            node.part(offset, text.length()),
            "CRD129",
            "'" + later + "' calls cannot be named in this version",
            "name the HTTP call, as in: POST /graphql; what no rule allows stays a write");
        return null;
      }
    }
    if (slash < 0) {
      problems.error(
          node.part(offset, text.length()),
          "CRD123",
          "'" + text + "' is not a call",
          "write METHOD /path, as in: POST /v1/refunds");
      return null;
    }
    int methods = methods(node, offset, head, problems);
    List<String> segments = new ArrayList<>();
    boolean rest = false;
    int at = slash;
    boolean good = methods != 0;
    while (at < text.length()) {
      int end = text.indexOf('/', at + 1);
      end = end < 0 ? text.length() : end;
      String segment = text.substring(at + 1, end);
      String wrong = wrongSegment(segment, end == text.length(), rest, at == slash);
      if (wrong != null) {
        problems.error(
            node.part(offset + at + 1, segment.length()), "CRD134", "bad path: " + wrong);
        good = false;
        break;
      }
      if (segment.equals("**")) {
        rest = true;
      } else if (!segment.isEmpty()) {
        segments.add(segment);
      }
      at = end;
    }
    return good ? new CallPattern(methods, segments, rest) : null;
  }

  private static int methods(YamlNode.Scalar node, int offset, String head, Problems problems) {
    if (head.equals("*")) {
      return Methods.ALL;
    }
    String names = head;
    if (head.startsWith("(") && head.endsWith(")")) {
      names = head.substring(1, head.length() - 1);
    }
    int mask = 0;
    for (String name : names.split("\\|", -1)) {
      int bit = Methods.bit(name.strip());
      if (bit == Methods.OTHER
          || !name.strip().equals(name.strip().toUpperCase(java.util.Locale.ROOT))) {
        problems.error(
            node.part(offset, head.length()),
            "CRD123",
            name.isBlank() ? "no method before the path" : "unknown method '" + name.strip() + "'",
            "use GET, HEAD, OPTIONS, POST, PUT, PATCH, DELETE, (PUT | PATCH) or * for any");
        return 0;
      }
      mask |= bit;
    }
    return mask;
  }

  private static @Nullable String wrongSegment(
      String segment, boolean last, boolean afterRest, boolean first) {
    if (afterRest || (segment.equals("**") && !last)) {
      return "** must be the last segment";
    }
    if (segment.isEmpty() && !last) {
      return "an empty segment never matches; write one slash";
    }
    if (segment.isEmpty() && !first) {
      return null; // /a/ is /a
    }
    if (segment.contains("**") && segment.length() > 2) {
      return "** stands alone between slashes; * matches a part of a segment";
    }
    if (segment.equals(".") || segment.equals("..")) {
      return "paths are matched without dot segments";
    }
    for (int i = 0; i < segment.length(); i++) {
      char c = segment.charAt(i);
      if (c == '{' || c == '}') {
        return "write * for one segment, not {id}";
      }
      if (c == '%') {
        return "paths are matched decoded; write the character itself";
      }
      if (c == '?' || c == '#') {
        return "the query is no part of the path; use query.NAME in `when`";
      }
      if (c <= ' ' || c == '\\' || c == ';') {
        return "'" + c + "' never matches";
      }
    }
    return null;
  }

  /**
   * A number that is greater the more specific the path is: literal before part before {@code *}
   * before {@code **}, from the left.
   */
  private long specificity() {
    long value = 0;
    for (int i = 0; i < 30; i++) {
      int digit;
      if (i < segments.size()) {
        String segment = segments.get(i);
        digit = segment.equals("*") ? 1 : segment.indexOf('*') >= 0 ? 2 : 3;
      } else {
        digit = 0;
      }
      value = value << 2 | digit;
    }
    // /a before /a/**: both have the same digits
    return value << 1 | (rest ? 0 : 1);
  }

  /** True when every call of {@code other} is a call of this one. */
  boolean covers(CallPattern other) {
    if ((other.methods & ~methods) != 0 || other.segments.size() < segments.size()) {
      return false;
    }
    if (!rest && (other.rest || other.segments.size() != segments.size())) {
      return false;
    }
    for (int i = 0; i < segments.size(); i++) {
      String mine = segments.get(i);
      String theirs = other.segments.get(i);
      // a star in theirs is a character like any other: chat.* covers chat.*
      if (!mine.equals("*")
          && (theirs.equals("*") || glob(mine, theirs, 0, theirs.length(), false) == NONE)) {
        return false;
      }
    }
    return true;
  }

  /** True when some call may match both; says true when in doubt. */
  boolean overlaps(CallPattern other) {
    if ((methods & other.methods) == 0) {
      return false;
    }
    int common = Math.min(segments.size(), other.segments.size());
    for (int i = 0; i < common; i++) {
      String a = segments.get(i);
      String b = other.segments.get(i);
      boolean literal = a.indexOf('*') < 0 && b.indexOf('*') < 0;
      if (literal && !Fold.same(a, b)) {
        return false;
      }
    }
    return (segments.size() == common || other.rest) && (other.segments.size() == common || rest);
  }

  static final int NONE = 0;
  static final int ANY_CASE = 1;
  static final int EXACT = 2;

  /** How a segment with {@code *} in it matches a region of a text. */
  static int glob(String pattern, String text, int start, int end) {
    if (glob(pattern, text, start, end, false) == EXACT) {
      return EXACT;
    }
    return glob(pattern, text, start, end, true) == EXACT ? ANY_CASE : NONE;
  }

  private static int glob(String pattern, String text, int start, int end, boolean anyCase) {
    int p = 0;
    int t = start;
    int star = -1;
    int mark = start;
    while (t < end) {
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        star = p++;
        mark = t;
      } else if (p < pattern.length() && same(pattern.charAt(p), text.charAt(t), anyCase)) {
        p++;
        t++;
      } else if (star >= 0) {
        p = star + 1;
        t = ++mark;
      } else {
        return NONE;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length() ? EXACT : NONE;
  }

  private static boolean same(char a, char b, boolean anyCase) {
    return a == b || (anyCase && Fold.lower(a) == Fold.lower(b));
  }

  @Override
  public String toString() {
    return text;
  }

  private String write() {
    StringBuilder out = new StringBuilder(Methods.toText(methods)).append(' ');
    for (String segment : segments) {
      out.append('/').append(segment);
    }
    if (rest) {
      out.append("/**");
    }
    return segments.isEmpty() && !rest ? out.append('/').toString() : out.toString();
  }
}
