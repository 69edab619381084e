package dev.cordon.rules;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the YAML that rule files are written in: block mappings and lists, flow mappings and lists,
 * values on one line, comments. It knows a good deal less than YAML, and says so instead of
 * guessing: what it returns is what the YAML library makes of the same text, to the last position,
 * which a test compares; everything else, and whatever is wrong, is left to the library. It is here
 * for its speed: a cold JVM loads some hundred classes of the library before the first line is
 * read.
 */
final class PlainYaml {
  private static final int MAX_DEPTH = 32; // that of YamlReader
  private static final int MAX_KEY_CHARS = 128;
  private static final int FEW_KEYS = 16;
  private static final String INDICATORS = "-?:,[]{}#&*!|>'\"%@`";

  /** Ends the reading: the library reads it. */
  private static final class Unusual extends RuntimeException {
    private static final long serialVersionUID = 1L;
    static final Unusual ONE = new Unusual();

    private Unusual() {
      super(null, null, false, false);
    }
  }

  private final char[] text;
  private int at;
  private int line = 1;
  private int lineStart;
  private int depth;

  private PlainYaml(String text) {
    this.text = new char[text.length() + 1];
    text.getChars(0, text.length(), this.text, 0);
    this.text[text.length()] = '\n'; // so that every line has an end
  }

  /** The root node; null when the text is not as plain as that. */
  static @Nullable YamlNode read(String text) {
    PlainYaml reader = new PlainYaml(text);
    try {
      reader.refuseOddCharacters();
      return reader.document();
    } catch (Unusual unusual) {
      return null;
    }
  }

  private void refuseOddCharacters() {
    for (int i = 0; i < text.length; i++) {
      char c = text[i];
      boolean plain = (c >= ' ' && c < 0x7f) || c == '\n';
      if (!plain && (c < 0xa0 || (c >= 0x2028 && c <= 0x2029) || c >= 0xd800)) {
        throw Unusual.ONE;
      }
    }
  }

  private YamlNode document() {
    if (!toContent()) {
      throw Unusual.ONE;
    }
    if (column() != 0 || isDash()) {
      throw Unusual.ONE;
    }
    YamlNode root = mapping(0);
    if (toContent()) {
      throw Unusual.ONE;
    }
    return root;
  }

  // ---- lines

  /**
   * Goes to the next character that is neither a blank, nor in a comment, nor a line's end; stands
   * at the start of a line or after a value. False at the end.
   */
  private boolean toContent() {
    while (at < text.length) {
      char c = text[at];
      if (c == ' ') {
        at++;
      } else if (c == '\n') {
        newLine();
      } else if (c == '#' && (at == lineStart || text[at - 1] == ' ')) {
        toLineEnd();
      } else {
        if (at == lineStart && isMarker()) {
          throw Unusual.ONE;
        }
        return true;
      }
    }
    return false;
  }

  private void newLine() {
    at++;
    line++;
    lineStart = at;
  }

  private void toLineEnd() {
    while (text[at] != '\n') {
      at++;
    }
  }

  /** {@code ---}, {@code ...} and {@code %} are not for rule files. */
  private boolean isMarker() {
    char c = text[at];
    return c == '%' || ((c == '-' || c == '.') && at + 1 < text.length && text[at + 1] == c);
  }

  private int column() {
    return at - lineStart;
  }

  private Position place(int from, int width) {
    return new Position(line, from - lineStart + 1, width);
  }

  private boolean isDash() {
    return text[at] == '-' && (text[at + 1] == ' ' || text[at + 1] == '\n');
  }

  /** After a value of a block: nothing but blanks and a comment may follow on its line. */
  private void endLine() {
    int from = at;
    while (text[at] == ' ') {
      at++;
    }
    if (text[at] == '#' && at > from) {
      toLineEnd();
    }
    if (text[at] != '\n') {
      throw Unusual.ONE;
    }
  }

  // ---- blocks

  private void deeper() {
    if (++depth > MAX_DEPTH) {
      throw Unusual.ONE;
    }
  }

  /** Stands at the first key, in this column. */
  private YamlNode mapping(int indent) {
    deeper();
    Position start = place(at, 1);
    List<YamlNode.Field> fields = new ArrayList<>();
    Set<String> names = null;
    while (true) {
      YamlNode.Scalar key = key();
      if (key == null) {
        throw Unusual.ONE;
      }
      names = refuseTwice(key, fields, names);
      fields.add(new YamlNode.Field(key, valueOf(indent)));
      if (!toContent() || column() < indent) {
        break;
      }
      if (column() > indent || isDash()) {
        throw Unusual.ONE;
      }
    }
    depth--;
    return new YamlNode.Fields(fields, start);
  }

  /** Compares with few keys one by one, with many by a set: a file may have a hundred thousand. */
  private static @Nullable Set<String> refuseTwice(
      YamlNode.Scalar key, List<YamlNode.Field> fields, @Nullable Set<String> names) {
    Set<String> known = names;
    if (known == null) {
      for (int i = 0; i < fields.size(); i++) {
        if (fields.get(i).key().text().equals(key.text())) {
          throw Unusual.ONE;
        }
      }
      if (fields.size() < FEW_KEYS) {
        return null;
      }
      known = new HashSet<>();
      for (YamlNode.Field field : fields) {
        known.add(field.key().text());
      }
    }
    if (!known.add(key.text())) {
      throw Unusual.ONE;
    }
    return known;
  }

  /** Stands behind the colon of a key in column {@code indent}. */
  private YamlNode valueOf(int indent) {
    int keyLine = line;
    int colon = at;
    while (text[at] == ' ') {
      at++;
    }
    if (text[at] != '\n' && !(text[at] == '#' && at > colon)) {
      YamlNode value = inline(indent);
      endLine();
      return value;
    }
    if (!toContent() || line == keyLine) {
      throw Unusual.ONE; // an empty value
    }
    int column = column();
    if (isDash() && column >= indent) {
      return list(column);
    }
    if (column <= indent) {
      throw Unusual.ONE;
    }
    if (keyAhead()) {
      return mapping(column);
    }
    throw Unusual.ONE; // a value on a line of its own
  }

  /** Stands at the first dash, in this column. */
  private YamlNode list(int indent) {
    deeper();
    Position start = place(at, 1);
    List<YamlNode> items = new ArrayList<>();
    while (true) {
      at++;
      while (text[at] == ' ') {
        at++;
      }
      if (text[at] == '\n' || text[at] == '#' || isDash()) {
        throw Unusual.ONE;
      }
      if (keyAhead()) {
        items.add(mapping(column()));
      } else {
        items.add(inline(indent));
        endLine();
      }
      if (!toContent() || column() < indent) {
        break;
      }
      if (column() > indent) {
        throw Unusual.ONE;
      }
      if (!isDash()) {
        break; // the next key of the mapping that the list stands in
      }
    }
    depth--;
    return new YamlNode.Items(items, start);
  }

  /** Whether a key begins here. */
  private boolean keyAhead() {
    int end = keyEnd();
    return end > at && text[end] == ':' && (text[end + 1] == ' ' || text[end + 1] == '\n');
  }

  /** Names of rule files: nothing of them means anything to YAML. */
  private int keyEnd() {
    int end = at;
    char c = text[end];
    if (!isLetterOrDigit(c)) {
      return at;
    }
    while (isLetterOrDigit(c) || c == '.' || c == '-' || c == '$' || c == '/') {
      c = text[++end];
    }
    return end - at > MAX_KEY_CHARS ? at : end;
  }

  private static boolean isLetterOrDigit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  }

  /** The key that begins here, and its colon; null when there is none. */
  private YamlNode.@Nullable Scalar key() {
    if (!keyAhead()) {
      return null;
    }
    int end = keyEnd();
    YamlNode.Scalar key =
        new YamlNode.Scalar(new String(text, at, end - at), true, false, place(at, end - at));
    at = end + 1;
    return key;
  }

  /** A value that begins on this line; one without brackets ends on it. */
  private YamlNode inline(int indent) {
    char c = text[at];
    if (c == '[' || c == '{') {
      return flow(indent);
    }
    if (c == '\'' || c == '"') {
      return quoted(c);
    }
    refuseIndicator();
    int start = at;
    int end = at;
    while (text[at] != '\n') {
      c = text[at];
      if (c == '#' && text[at - 1] == ' ') {
        break;
      }
      if (c == ':' && (text[at + 1] == ' ' || text[at + 1] == '\n')) {
        throw Unusual.ONE;
      }
      at++;
      if (c != ' ') {
        end = at;
      }
    }
    at = end;
    refuseMoreLines(indent);
    return plain(start, end);
  }

  private YamlNode.Scalar plain(int start, int end) {
    return new YamlNode.Scalar(
        new String(text, start, end - start), true, false, place(start, end - start));
  }

  private void refuseIndicator() {
    char c = text[at];
    if (INDICATORS.indexOf(c) >= 0 && !(c == '-' && text[at + 1] >= '0' && text[at + 1] <= '9')) {
      throw Unusual.ONE;
    }
  }

  /** A deeper line after a value would be more of it. */
  private void refuseMoreLines(int indent) {
    int next = at;
    while (next < text.length && text[next] != '\n') {
      next++;
    }
    int start = next + 1;
    for (next = start; next < text.length; next++) {
      char c = text[next];
      if (c == '\n') {
        start = next + 1;
      } else if (c == '#') { // ends the value; what is deeper after it is refused where it stands
        return;
      } else if (c != ' ') {
        if (next - start > indent) {
          throw Unusual.ONE;
        }
        return;
      }
    }
  }

  private YamlNode.Scalar quoted(char quote) {
    int start = at++;
    StringBuilder value = null;
    int from = at;
    while (true) {
      char c = text[at];
      if (c == '\n' || (c == '\\' && quote == '"')) {
        throw Unusual.ONE;
      }
      if (c == quote) {
        if (quote == '"' || text[at + 1] != '\'') {
          break;
        }
        value = value == null ? new StringBuilder() : value;
        value.append(text, from, at + 1 - from);
        at++;
        from = at + 1;
      }
      at++;
    }
    String last = new String(text, from, at - from);
    at++;
    return new YamlNode.Scalar(
        value == null ? last : value.append(last).toString(),
        false,
        true,
        place(start, at - start));
  }

  // ---- flow

  /** Stands at a bracket; lines that follow are deeper than {@code indent}. */
  private YamlNode flow(int indent) {
    deeper();
    Position start = place(at, 1);
    boolean list = text[at] == '[';
    char close = list ? ']' : '}';
    List<YamlNode> items = new ArrayList<>();
    List<YamlNode.Field> fields = new ArrayList<>();
    Set<String> names = null;
    at++;
    toFlow(indent);
    while (text[at] != close) {
      if (list) {
        items.add(flowValue(indent));
      } else {
        YamlNode.Scalar key = key();
        if (key == null) {
          throw Unusual.ONE;
        }
        names = refuseTwice(key, fields, names);
        toFlow(indent);
        fields.add(new YamlNode.Field(key, flowValue(indent)));
      }
      toFlow(indent);
      if (text[at] == ',') {
        at++;
        toFlow(indent);
        if (text[at] == close) {
          throw Unusual.ONE;
        }
      } else if (text[at] != close) {
        throw Unusual.ONE;
      }
    }
    at++;
    depth--;
    return list ? new YamlNode.Items(items, start) : new YamlNode.Fields(fields, start);
  }

  /** Goes to the next character of a flow; there is one. */
  private void toFlow(int indent) {
    int from = line;
    if (!toContent() || (line > from && column() <= indent)) {
      throw Unusual.ONE;
    }
  }

  private YamlNode flowValue(int indent) {
    char c = text[at];
    if (c == '[' || c == '{') {
      return flow(indent);
    }
    if (c == '\'' || c == '"') {
      YamlNode value = quoted(c);
      if (text[at] == ':') {
        throw Unusual.ONE;
      }
      return value;
    }
    refuseIndicator();
    int start = at;
    int end = at;
    for (c = text[at]; c != ',' && c != ']' && c != '}' && c != '\n'; c = text[at]) {
      if (c == '[' || c == '{' || (c == '#' && text[at - 1] == ' ')) {
        throw Unusual.ONE;
      }
      if (c == ':' && " ,[]{}\n".indexOf(text[at + 1]) >= 0) {
        throw Unusual.ONE;
      }
      at++;
      if (c != ' ') {
        end = at;
      }
    }
    if (c == '\n') { // more of it may follow
      throw Unusual.ONE;
    }
    at = end;
    return plain(start, end);
  }
}
