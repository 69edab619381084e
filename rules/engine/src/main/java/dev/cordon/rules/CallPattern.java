package dev.cordon.rules;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A call as a rule file writes it: {@code METHOD /path}, {@code graphql mutation NAME}, {@code rpc
 * METHOD NAME}, {@code soap ACTION}.
 */
final class CallPattern {
  private static final int MAX_ALTERNATIVES = 1_000; // (a | b | ...) in one call string
  private static final long NAMES_AN_OPERATION = 1L << 62; // such a pattern is the more specific

  private final Protocol protocol;
  private final int methods;

  /**
   * Segments of a path, or of an operation: one list, or one for each of {@code (a | b)}. {@code *}
   * for any one segment, with {@code *} inside for a part of one.
   */
  private final List<List<String>> alternatives;

  /** The pattern ends in {@code **}: zero or more segments follow. */
  private final boolean rest;

  private final long rank;
  private final String text;

  CallPattern(int methods, List<String> segments, boolean rest) {
    protocol = Protocol.HTTP;
    this.methods = methods;
    alternatives = List.of(List.copyOf(segments));
    this.rest = rest;
    rank = specificity(segments, rest) << 1 | (methods == Methods.ALL ? 0 : 1);
    text = write(methods, segments, rest);
  }

  private CallPattern(
      Protocol protocol, List<List<String>> alternatives, boolean rest, String text) {
    this.protocol = protocol;
    methods = Methods.ALL;
    this.alternatives = List.copyOf(alternatives);
    this.rest = rest;
    this.text = text;
    long least = Long.MAX_VALUE;
    for (List<String> segments : alternatives) {
      least = Math.min(least, specificity(segments, rest));
    }
    rank = NAMES_AN_OPERATION | least << 1;
  }

  /** One that was parsed before. */
  CallPattern(
      Protocol protocol,
      int methods,
      List<List<String>> alternatives,
      boolean rest,
      long rank,
      String text) {
    this.protocol = protocol;
    this.methods = methods;
    this.alternatives = alternatives;
    this.rest = rest;
    this.rank = rank;
    this.text = text;
  }

  /** HTTP: the pattern names a method and a path, else an operation in a body. */
  Protocol protocol() {
    return protocol;
  }

  int methods() {
    return methods;
  }

  List<List<String>> alternatives() {
    return alternatives;
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
    int space = text.indexOf(' ');
    String first = space < 0 ? text : text.substring(0, space);
    switch (first) {
      case "graphql" -> {
        return graphQl(node, offset, text, problems);
      }
      case "rpc" -> {
        return rpc(node, offset, text, problems);
      }
      case "soap" -> {
        return soap(node, offset, text, problems);
      }
      default -> {
        return http(node, offset, text, problems);
      }
    }
  }

  /** A path alone, for a place where any method will do; null with a problem. */
  static @Nullable CallPattern path(YamlNode.Scalar node, Problems problems) {
    if (!node.text().startsWith("/")) {
      problems.error(
          node.at(),
          "CRD134",
          "bad path: '" + node.text() + "' does not begin with /",
          "write /graphql, or /soap/** for all below it");
      return null;
    }
    return path(node, 0, node.text(), 0, Methods.ALL, problems);
  }

  // ---- operations

  private static @Nullable CallPattern graphQl(
      YamlNode.Scalar node, int offset, String text, Problems problems) {
    List<String> words = words(text);
    if (words.size() != 3
        || !List.of("query", "mutation", "subscription", "*").contains(words.get(1))) {
      return noOperation(
          node,
          offset,
          text,
          "write graphql query NAME, graphql mutation (NAME | NAME) or graphql * * for all; NAME is"
              + " a top field of the operation",
          problems);
    }
    List<List<String>> alternatives = new ArrayList<>();
    String kind = words.get(1);
    for (String name : names(words.get(2))) {
      boolean id = Operation.isId(name);
      if (id ? kind.equals("*") || name.indexOf('*') >= 0 : !isGraphQlName(name)) {
        return noOperation(
            node,
            offset,
            text,
            id
                ? "the id of a persisted operation stands whole, after query, mutation or"
                    + " subscription"
                : "'" + name + "' is no name of GraphQL",
            problems);
      }
      alternatives.add(List.of(Operation.firstSegment(kind, name), name));
    }
    return operations(Protocol.GRAPHQL, node, offset, text, alternatives, false, problems);
  }

  private static boolean isGraphQlName(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = Fold.lower(name.charAt(i));
      if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '*')) {
        return false;
      }
    }
    return !name.isEmpty();
  }

  private static @Nullable CallPattern rpc(
      YamlNode.Scalar node, int offset, String text, Problems problems) {
    List<String> words = words(text);
    if (words.size() != 2 && words.size() != 3) {
      return noOperation(
          node, offset, text, "write rpc METHOD, or rpc tools/call NAME for a tool", problems);
    }
    List<List<String>> alternatives = new ArrayList<>();
    for (String method : names(words.get(1))) {
      if (words.size() == 2) {
        alternatives.add(List.of(method));
      } else {
        for (String name : names(words.get(2))) {
          alternatives.add(List.of(method, name));
        }
      }
    }
    // without a NAME: whatever it is called on
    return operations(
        Protocol.JSON_RPC, node, offset, text, alternatives, words.size() == 2, problems);
  }

  private static @Nullable CallPattern soap(
      YamlNode.Scalar node, int offset, String text, Problems problems) {
    List<String> words = words(text);
    if (words.size() != 2) {
      return noOperation(
          node,
          offset,
          text,
          "write soap ACTION, the name of the element in the envelope's body",
          problems);
    }
    List<List<String>> alternatives = new ArrayList<>();
    for (String name : names(words.get(1))) {
      alternatives.add(List.of(name));
    }
    return operations(Protocol.SOAP, node, offset, text, alternatives, false, problems);
  }

  private static @Nullable CallPattern noOperation(
      YamlNode.Scalar node, int offset, String text, String hint, Problems problems) {
    problems.error(
        node.part(offset, text.length()), "CRD123", "'" + text + "' is not a call", hint);
    return null;
  }

  private static @Nullable CallPattern operations(
      Protocol protocol,
      YamlNode.Scalar node,
      int offset,
      String text,
      List<List<String>> alternatives,
      boolean rest,
      Problems problems) {
    String wrong =
        alternatives.size() > MAX_ALTERNATIVES
            ? "more than " + MAX_ALTERNATIVES + " names"
            : wrongName(alternatives);
    if (wrong != null) {
      problems.error(
          node.part(offset, text.length()),
          "CRD123",
          "'" + text + "' is not a call: " + wrong,
          "names stand alone or in (a | b); * is any part of one");
      return null;
    }
    return new CallPattern(protocol, alternatives, rest, String.join(" ", words(text)));
  }

  private static @Nullable String wrongName(List<List<String>> alternatives) {
    for (List<String> names : alternatives) {
      for (String name : names) {
        if (name.isEmpty()) {
          return "an empty name";
        }
        for (int i = 0; i < name.length(); i++) {
          if ("()|\"'{}[],".indexOf(name.charAt(i)) >= 0) {
            return "'" + name.charAt(i) + "' cannot stand in a name";
          }
        }
        if (name.contains("**")) {
          return "** is for paths; write *";
        }
      }
    }
    return null;
  }

  /** Cut at blanks, but not inside parentheses; blanks in there become single ones. */
  private static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    int open = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      open += c == '(' ? 1 : c == ')' ? -1 : 0;
      boolean blank = c == ' ';
      if (blank && open <= 0) {
        if (word.length() > 0) {
          words.add(word.toString());
          word.setLength(0);
        }
      } else if (!blank || word.charAt(word.length() - 1) != ' ') {
        word.append(c);
      }
    }
    if (word.length() > 0) {
      words.add(word.toString());
    }
    return words;
  }

  private static List<String> names(String word) {
    if (!word.startsWith("(") || !word.endsWith(")")) {
      return List.of(word);
    }
    List<String> names = new ArrayList<>();
    for (String name : word.substring(1, word.length() - 1).split("\\|", -1)) {
      names.add(name.strip());
    }
    return names;
  }

  // ---- methods and paths

  private static @Nullable CallPattern http(
      YamlNode.Scalar node, int offset, String text, Problems problems) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      problems.error(
          node.part(offset, text.length()),
          "CRD123",
          "'" + text + "' is not a call",
          "write METHOD /path, as in: POST /v1/refunds; or graphql, rpc, soap and a name");
      return null;
    }
    String head = text.substring(0, slash).strip();
    int blank = head.indexOf(' ');
    if (blank > 0 && Methods.bit(head.substring(0, blank)) != Methods.OTHER) {
      int at = text.indexOf(' ') + 1;
      problems.error(
          node.part(offset + at, text.length() - at),
          "CRD123",
          "a path begins with a slash",
          "write " + head.substring(0, blank) + " /" + text.substring(at).strip());
      return null;
    }
    int methods = methods(node, offset, head, problems);
    return path(node, offset, text, slash, methods, problems);
  }

  private static @Nullable CallPattern path(
      YamlNode.Scalar node, int offset, String text, int slash, int methods, Problems problems) {
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
  private static long specificity(List<String> segments, boolean rest) {
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
    if (protocol != other.protocol || (other.methods & ~methods) != 0) {
      return false;
    }
    for (List<String> theirs : other.alternatives) {
      boolean covered = false;
      for (List<String> mine : alternatives) {
        covered |= covers(mine, theirs, other.rest);
      }
      if (!covered) {
        return false;
      }
    }
    return true;
  }

  private boolean covers(List<String> segments, List<String> others, boolean othersRest) {
    if (others.size() < segments.size()) {
      return false;
    }
    if (!rest && (othersRest || others.size() != segments.size())) {
      return false;
    }
    for (int i = 0; i < segments.size(); i++) {
      String mine = segments.get(i);
      String theirs = others.get(i);
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
    if (protocol != other.protocol) {
      return protocol == Protocol.HTTP || other.protocol == Protocol.HTTP;
    }
    if ((methods & other.methods) == 0) {
      return false;
    }
    for (List<String> mine : alternatives) {
      for (List<String> theirs : other.alternatives) {
        if (overlaps(mine, theirs, other.rest)) {
          return true;
        }
      }
    }
    return false;
  }

  private boolean overlaps(List<String> segments, List<String> others, boolean othersRest) {
    int common = Math.min(segments.size(), others.size());
    for (int i = 0; i < common; i++) {
      String a = segments.get(i);
      String b = others.get(i);
      boolean literal = a.indexOf('*') < 0 && b.indexOf('*') < 0;
      if (literal && !Fold.same(a, b)) {
        return false;
      }
    }
    return (segments.size() == common || othersRest) && (others.size() == common || rest);
  }

  /** True when one call string stands for calls that it does not name each. */
  boolean isWide() {
    boolean wide = rest || (protocol == Protocol.HTTP && methods == Methods.ALL);
    for (List<String> segments : alternatives) {
      wide |= isWide(segments);
    }
    return wide;
  }

  private boolean isWide(List<String> segments) {
    boolean wide = rest || (protocol == Protocol.HTTP && methods == Methods.ALL);
    for (String segment : segments) {
      wide |= segment.indexOf('*') >= 0;
    }
    return wide;
  }

  /** One pattern for each alternative that is wide. */
  List<CallPattern> wideOnes() {
    List<CallPattern> ones = new ArrayList<>();
    for (List<String> segments : alternatives) {
      if (isWide(segments)) {
        ones.add(part(methods, segments, rest));
      }
    }
    return ones;
  }

  /**
   * What the wide alternatives of this pattern and those of the other have in common, each of one
   * alternative; a pair of segments with several stars each is left out.
   */
  List<CallPattern> both(CallPattern other) {
    List<CallPattern> all = new ArrayList<>();
    for (List<String> mine : alternatives) {
      for (List<String> theirs : other.alternatives) {
        List<String> common =
            isWide(mine) && (methods & other.methods) != 0 && overlaps(mine, theirs, other.rest)
                ? both(mine, theirs)
                : null;
        if (common != null) {
          all.add(part(methods & other.methods, common, rest && other.rest));
        }
      }
    }
    return all;
  }

  private static @Nullable List<String> both(List<String> mine, List<String> theirs) {
    List<String> common = new ArrayList<>(mine.size() < theirs.size() ? theirs : mine);
    for (int i = 0; i < Math.min(mine.size(), theirs.size()); i++) {
      String segment = both(mine.get(i), theirs.get(i));
      if (segment == null) {
        return null;
      }
      common.set(i, segment);
    }
    return common;
  }

  private static @Nullable String both(String a, String b) {
    int starA = a.indexOf('*');
    int starB = b.indexOf('*');
    if (starB < 0 || starA < 0) {
      String text = starA < 0 ? a : b;
      return glob(starA < 0 ? b : a, text, 0, text.length()) == NONE ? null : text;
    }
    if (a.equals(b) || b.equals("*") || a.equals("*")) {
      return a.equals("*") ? b : a;
    }
    String headA = a.substring(0, starA);
    String headB = b.substring(0, starB);
    String tailA = a.substring(starA + 1);
    String tailB = b.substring(starB + 1);
    String head = headA.length() < headB.length() ? headB : headA;
    String tail = tailA.length() < tailB.length() ? tailB : tailA;
    boolean fits =
        head.startsWith(headA)
            && head.startsWith(headB)
            && tail.endsWith(tailA)
            && tail.endsWith(tailB);
    return fits && tail.indexOf('*') < 0 ? head + "*" + tail : null;
  }

  /** The same by these methods alone. */
  CallPattern by(int some) {
    return protocol == Protocol.HTTP ? new CallPattern(some, alternatives.get(0), rest) : this;
  }

  /** The same without the end of its last segment, where that is one. */
  CallPattern without(String suffix) {
    List<String> segments = alternatives.get(0);
    int last = segments.size() - 1;
    if (protocol != Protocol.HTTP || rest || last < 0) {
      return this;
    }
    String segment = segments.get(last);
    int end = segment.length() - suffix.length();
    if (end <= 0 || !Fold.same(suffix, segment, end, segment.length())) {
      return this;
    }
    List<String> shorter = new ArrayList<>(segments);
    shorter.set(last, segment.substring(0, end));
    return new CallPattern(methods, shorter, false);
  }

  private CallPattern part(int some, List<String> segments, boolean open) {
    if (protocol == Protocol.HTTP) {
      return new CallPattern(some, segments, open);
    }
    String form = text.substring(0, text.indexOf(' '));
    return new CallPattern(
        protocol, List.of(segments), open, form + " " + String.join(" ", segments));
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

  private static String write(int methods, List<String> segments, boolean rest) {
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
