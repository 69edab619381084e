package dev.cordon.rules;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The elements of an XML text, one after the other. No document types, no entities but the five of
 * XML itself, UTF-8 only, XML 1.0 only; names must be balanced and prefixes declared. What is not
 * so ends in {@link JsonKeys.Unclear}.
 */
final class XmlReader {
  static final int MAX_DEPTH = 200; // deeper texts are not read
  private static final int MAX_ATTRIBUTES = 100; // of one element
  private static final int MAX_PREFIXES = 200; // at one time: each name is looked up among them

  static final int START = 0;
  static final int END = 1;
  static final int TEXT = 2;
  static final int DONE = 3;

  private final String text;
  private int at;
  private int depth;
  private boolean ended; // the root element
  private boolean closes; // the start tag that was read ends its element, too
  private final List<String> open = new ArrayList<>();
  private final List<String> prefixes = new ArrayList<>();
  private final List<String> namespaces = new ArrayList<>();
  private final int[] declaredAt = new int[MAX_DEPTH + 2]; // how many prefixes were declared before

  private String name = "";
  private final List<String> attributeNames = new ArrayList<>();
  private final List<String> attributeValues = new ArrayList<>();
  private String value = "";
  private int pieces;

  private XmlReader(String text) {
    this.text = text;
  }

  static XmlReader of(byte[] body) throws JsonKeys.Unclear {
    if (!FieldValues.isPlainUtf8(body)) {
      throw new JsonKeys.Unclear("not UTF-8");
    }
    XmlReader reader = new XmlReader(new String(body, StandardCharsets.UTF_8));
    reader.declaration();
    return reader;
  }

  // ---- what was read

  /** The name of the element without its prefix. */
  String name() {
    return name.substring(name.indexOf(':') + 1);
  }

  String namespace() throws JsonKeys.Unclear {
    return namespaceOf(name, true);
  }

  int depth() {
    return depth;
  }

  int attributes() {
    return attributeNames.size();
  }

  /** Without its prefix. */
  String attributeName(int index) {
    String attribute = attributeNames.get(index);
    return attribute.substring(attribute.indexOf(':') + 1);
  }

  /** Declares a namespace: says nothing by itself. */
  boolean isDeclaration(int index) {
    return isDeclaration(attributeNames.get(index));
  }

  String attributeValue(int index) {
    return attributeValues.get(index);
  }

  String text() {
    return value;
  }

  /** A comment or the like cuts the text: some servers read the first piece of it only. */
  boolean isTextCut() {
    return pieces > 1;
  }

  // ---- reading

  /** {@link #TEXT} is never empty; two of them never follow each other. */
  int next() throws JsonKeys.Unclear {
    if (closes) {
      closes = false;
      close();
      return END;
    }
    StringBuilder run = null;
    pieces = 0;
    while (true) {
      if (at >= text.length()) {
        if (!ended) {
          throw new JsonKeys.Unclear("ends early");
        }
        return DONE;
      }
      if (text.charAt(at) != '<' || text.startsWith("<![CDATA[", at)) {
        if (depth == 0) {
          outside();
          continue;
        }
        int from = run == null ? 0 : run.length();
        run = run == null ? new StringBuilder() : run;
        if (text.charAt(at) == '<') {
          cdata(run);
          pieces++;
        } else {
          characters(run);
          pieces += isBlank(run, from) ? 0 : 1;
        }
      } else if (text.startsWith("<!--", at)) {
        comment();
      } else if (text.startsWith("<?", at)) {
        instruction();
      } else if (run != null && run.length() > 0) {
        value = run.toString();
        return TEXT;
      } else {
        return tag();
      }
    }
  }

  private static boolean isBlank(CharSequence run, int from) {
    for (int i = from; i < run.length(); i++) {
      if (run.charAt(i) > ' ') {
        return false;
      }
    }
    return true;
  }

  private void outside() throws JsonKeys.Unclear {
    if (!isSpace(text.charAt(at))) {
      throw new JsonKeys.Unclear("text outside of the root element");
    }
    at++;
  }

  private void declaration() throws JsonKeys.Unclear {
    if (text.startsWith("\ufeff")) {
      at = 1;
    }
    if (!text.startsWith("<?xml", at) || !isSpace(charAt(at + 5))) {
      return;
    }
    int end = text.indexOf("?>", at);
    if (end < 0) {
      throw new JsonKeys.Unclear("ends early");
    }
    at += 5;
    boolean version = false;
    while (skipSpace() && at < end) {
      String key = xmlName();
      String told = attributeText();
      switch (key) {
        case "version" -> version = told.equals("1.0");
        case "encoding" -> {
          if (!Fold.same("utf-8", told) && !Fold.same("us-ascii", told)) {
            throw new JsonKeys.Unclear("not UTF-8");
          }
        }
        case "standalone" -> {}
        default -> throw new JsonKeys.Unclear("bad declaration");
      }
    }
    if (at != end || !version) {
      throw new JsonKeys.Unclear("bad declaration");
    }
    at = end + 2;
  }

  private int tag() throws JsonKeys.Unclear {
    if (charAt(at + 1) == '/') {
      at += 2;
      name = xmlName();
      skipSpace();
      expect('>');
      if (depth == 0 || !open.get(depth - 1).equals(name)) {
        throw new JsonKeys.Unclear("another end tag");
      }
      close();
      return END;
    }
    at++;
    if (ended) {
      throw new JsonKeys.Unclear("two root elements");
    }
    name = xmlName();
    readAttributes();
    if (charAt(at) == '/') {
      at++;
      closes = true;
    }
    expect('>');
    if (depth == MAX_DEPTH) {
      throw new JsonKeys.Unclear("too deep");
    }
    open.add(name);
    depth++;
    declaredAt[depth] = prefixes.size();
    declare();
    return START;
  }

  private void close() {
    name = open.remove(depth - 1);
    while (prefixes.size() > declaredAt[depth]) {
      prefixes.remove(prefixes.size() - 1);
      namespaces.remove(namespaces.size() - 1);
    }
    depth--;
    ended = depth == 0;
  }

  private void readAttributes() throws JsonKeys.Unclear {
    attributeNames.clear();
    attributeValues.clear();
    while (skipSpace() && charAt(at) != '>' && charAt(at) != '/') {
      String attribute = xmlName();
      if (attributeNames.contains(attribute) || attributeNames.size() == MAX_ATTRIBUTES) {
        throw new JsonKeys.Unclear("an attribute twice, or too many");
      }
      attributeNames.add(attribute);
      attributeValues.add(attributeText());
    }
  }

  private static boolean isDeclaration(String attribute) {
    return attribute.equals("xmlns") || attribute.startsWith("xmlns:");
  }

  private void declare() throws JsonKeys.Unclear {
    for (int i = 0; i < attributeNames.size(); i++) {
      String attribute = attributeNames.get(i);
      if (isDeclaration(attribute)) {
        String prefix = attribute.length() > 6 ? attribute.substring(6) : "";
        if (prefix.startsWith("xml")
            || (attributeValues.get(i).isEmpty() && !prefix.isEmpty())
            || attributeValues.get(i).endsWith("/xmlns/")) {
          throw new JsonKeys.Unclear("bad prefix");
        }
        if (prefixes.size() == MAX_PREFIXES) {
          throw new JsonKeys.Unclear("too many prefixes");
        }
        prefixes.add(prefix);
        namespaces.add(attributeValues.get(i));
      }
    }
    namespaceOf(name, true);
    for (int i = 0; i < attributeNames.size(); i++) {
      if (!isDeclaration(attributeNames.get(i))) {
        namespaceOf(attributeNames.get(i), false);
      }
    }
  }

  private String namespaceOf(String qualified, boolean element) throws JsonKeys.Unclear {
    int colon = qualified.indexOf(':');
    if (colon < 0 && !element) {
      return "";
    }
    String prefix = colon < 0 ? "" : qualified.substring(0, colon);
    for (int i = prefixes.size() - 1; i >= 0; i--) {
      if (prefixes.get(i).equals(prefix)) {
        return namespaces.get(i);
      }
    }
    if (!prefix.isEmpty() && !prefix.equals("xml")) {
      throw new JsonKeys.Unclear("a prefix that is not declared");
    }
    return "";
  }

  private void characters(StringBuilder out) throws JsonKeys.Unclear {
    while (at < text.length() && text.charAt(at) != '<') {
      char c = text.charAt(at);
      if (c == '&') {
        reference(out);
        continue;
      }
      if (c == '>' && out.length() >= 2 && text.startsWith("]]", at - 2)) {
        throw new JsonKeys.Unclear("]]> in a text");
      }
      check(c);
      at++;
      if (c == '\r') {
        out.append('\n');
        at += charAt(at) == '\n' ? 1 : 0;
      } else {
        out.append(c);
      }
    }
  }

  private void cdata(StringBuilder out) throws JsonKeys.Unclear {
    int end = text.indexOf("]]>", at);
    if (end < 0) {
      throw new JsonKeys.Unclear("ends early");
    }
    for (int i = at + "<![CDATA[".length(); i < end; i++) {
      check(text.charAt(i));
      if (text.charAt(i) != '\r') {
        out.append(text.charAt(i));
      } else if (charAt(i + 1) != '\n') {
        out.append('\n');
      }
    }
    at = end + 3;
  }

  private void comment() throws JsonKeys.Unclear {
    int end = text.indexOf("--", at + 4);
    if (end < 0 || charAt(end + 2) != '>') {
      throw new JsonKeys.Unclear("bad comment");
    }
    checkAll(at + 4, end);
    at = end + 3;
    pieces = Math.max(pieces, 1); // what follows is another piece
  }

  private void instruction() throws JsonKeys.Unclear {
    int end = text.indexOf("?>", at);
    at += 2;
    String target = xmlName();
    boolean cut = at == end || isSpace(charAt(at));
    if (end < at || !cut || Fold.same("xml", target) || target.indexOf(':') >= 0) {
      throw new JsonKeys.Unclear("bad instruction");
    }
    checkAll(at, end);
    at = end + 2;
    pieces = Math.max(pieces, 1);
  }

  private void checkAll(int from, int to) throws JsonKeys.Unclear {
    for (int i = from; i < to; i++) {
      check(text.charAt(i));
    }
  }

  private String attributeText() throws JsonKeys.Unclear {
    skipSpace();
    expect('=');
    skipSpace();
    char quote = charAt(at);
    if (quote != '"' && quote != '\'') {
      throw new JsonKeys.Unclear("no quotes");
    }
    at++;
    StringBuilder out = new StringBuilder();
    while (charAt(at) != quote) {
      char c = charAt(at);
      if (c == '<' || at >= text.length()) {
        throw new JsonKeys.Unclear("a bad attribute");
      }
      if (c == '&') {
        reference(out);
        continue;
      }
      check(c);
      out.append(isSpace(c) ? ' ' : c);
      at += c == '\r' && charAt(at + 1) == '\n' ? 2 : 1; // one line break
    }
    at++;
    char after = charAt(at);
    if (!isSpace(after) && after != '>' && after != '/' && after != '?') {
      throw new JsonKeys.Unclear("no blank after an attribute");
    }
    return out.toString();
  }

  private void reference(StringBuilder out) throws JsonKeys.Unclear {
    int end = text.indexOf(';', at);
    if (end < 0 || end - at > 10) {
      throw new JsonKeys.Unclear("a bad reference");
    }
    String entity = text.substring(at + 1, end);
    at = end + 1;
    switch (entity) {
      case "lt" -> out.append('<');
      case "gt" -> out.append('>');
      case "amp" -> out.append('&');
      case "quot" -> out.append('"');
      case "apos" -> out.append('\'');
      default -> out.appendCodePoint(codePoint(entity));
    }
  }

  private static int codePoint(String entity) throws JsonKeys.Unclear {
    boolean hex = entity.startsWith("#x");
    int value = 0;
    for (int i = hex ? 2 : 1; i < entity.length(); i++) {
      char c = entity.charAt(i);
      int digit = c < 0x80 ? Character.digit(c, hex ? 16 : 10) : -1;
      if (digit < 0) {
        throw new JsonKeys.Unclear("an unknown entity");
      }
      value = value * (hex ? 16 : 10) + digit;
    }
    boolean known = entity.startsWith("#") && entity.length() > (hex ? 2 : 1);
    if (!known || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff) || isOdd(value)) {
      throw new JsonKeys.Unclear("an unknown entity");
    }
    return value;
  }

  private String xmlName() throws JsonKeys.Unclear {
    int from = at;
    int colons = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      boolean start = isNameStart(c);
      if (c == ':' && at > from && colons == 0 && isNameStart(charAt(at + 1))) {
        colons++;
      } else if (!start && (at == from || !isNamePart(c))) {
        break;
      }
      at++;
    }
    if (at == from || charAt(at) == ':') {
      throw new JsonKeys.Unclear("a bad name");
    }
    return text.substring(from, at);
  }

  private static boolean isNameStart(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || c == '_'
        || (c >= 0x80 && Character.isLetter(c));
  }

  private static boolean isNamePart(char c) {
    return (c >= '0' && c <= '9') || c == '-' || c == '.';
  }

  private void check(char c) throws JsonKeys.Unclear {
    if (isOdd(c)) {
      throw new JsonKeys.Unclear("a character that XML does not have");
    }
  }

  /** What XML does not have, or has as the end of a line in one of its versions only. */
  private static boolean isOdd(int c) {
    return (c < ' ' && c != '\t' && c != '\n' && c != '\r')
        || (c >= 0x7f && c <= 0x9f)
        || c == 0x2028
        || (c & 0xfffe) == 0xfffe;
  }

  private boolean skipSpace() {
    while (at < text.length() && isSpace(text.charAt(at))) {
      at++;
    }
    return at < text.length();
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
  }

  private void expect(char c) throws JsonKeys.Unclear {
    if (charAt(at) != c) {
      throw new JsonKeys.Unclear("a broken tag");
    }
    at++;
  }

  /** NUL after the end: a body with one is not read at all. */
  private char charAt(int index) {
    return index < text.length() ? text.charAt(index) : 0;
  }

  static @Nullable String unquoted(String quoted) {
    boolean opens = quoted.startsWith("\"");
    boolean closed = quoted.length() > 1 && quoted.endsWith("\"");
    if (opens != closed) {
      return null;
    }
    return opens ? quoted.substring(1, quoted.length() - 1) : quoted;
  }
}
