package dev.cordon.redaction;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Tells what a body is and sends each part of it to the detectors. The content type is a hint: a
 * body that is not what it says is scanned as what it looks like, and as plain text in the end.
 */
final class Bodies {
  private static final int SNIFFED_CHARS = 4096;
  private static final int MAX_NAME_CHARS = 256;

  // of compressed data one byte in ten is a control character
  private static final int BINARY_CHARS_PER_CONTROL = 20;
  private static final int FEWEST_BINARY_CONTROLS = 4;

  private final byte[] source;
  private final Findings findings;
  private Charset charset = StandardCharsets.UTF_8;

  private Bodies(byte[] source, Findings findings) {
    this.source = source;
    this.findings = findings;
  }

  static Scan scan(
      byte[] source, @Nullable String contentType, RedactionPlan plan, @Nullable Prompt prompt) {
    ContentType type = ContentType.parse(contentType);
    if (prompt == null && type.isJson() && isPlain(source, type)) {
      Scan scan = JsonText.body(source, plan);
      if (scan != null) {
        return scan;
      }
    }
    return new Bodies(source, new Findings(plan, prompt)).scan(type);
  }

  /** Whether there is a byte for each character of ASCII and no mark before: see {@link #root}. */
  private static boolean isPlain(byte[] source, ContentType type) {
    String charset = type.charset();
    return (charset == null || charset.equals("utf-8") || charset.equals("utf8"))
        && source.length >= 4
        && source[0] > 0
        && source[1] != 0;
  }

  /** Scans what stood in base64 in a text whose findings are these. */
  static Scan scanDecoded(byte[] decoded, Findings around, FieldPath path, int name) {
    Bodies bodies = new Bodies(decoded, around.inBase64());
    View root = View.root(new String(decoded, StandardCharsets.ISO_8859_1), true, 0, 1);
    bodies.part(root, 0, decoded.length, ContentType.parse(null), path, name);
    return bodies.findings.spliced(decoded, StandardCharsets.UTF_8);
  }

  static Scan scanQuery(String rawQuery, RedactionPlan plan, @Nullable Prompt prompt) {
    byte[] source = rawQuery.getBytes(StandardCharsets.UTF_8);
    Bodies bodies = new Bodies(source, Findings.outsideBody(plan, prompt));
    View root = View.root(new String(source, StandardCharsets.ISO_8859_1), true, 0, 1);
    bodies.form(root, 0, source.length, FieldPath.root().name("query"));
    return bodies.findings.spliced(source, StandardCharsets.UTF_8);
  }

  static Scan scanHeader(String name, String value, RedactionPlan plan, @Nullable Prompt prompt) {
    // one byte for each character, as headers are written; if that cannot be, UTF-8
    boolean latin1 = StandardCharsets.ISO_8859_1.newEncoder().canEncode(value);
    Charset charset = latin1 ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8;
    byte[] source = value.getBytes(charset);
    FieldPath path = FieldPath.root().name("header").name(name.toLowerCase(Locale.ROOT));
    View root = View.root(new String(source, StandardCharsets.ISO_8859_1), !latin1, 0, 1);
    if (name.equalsIgnoreCase("cookie") || name.equalsIgnoreCase("set-cookie")) {
      Bodies bodies = new Bodies(source, Findings.ofCookies(plan, prompt));
      bodies.cookies(root, source.length, path);
      return bodies.findings.spliced(source, charset);
    }
    Bodies bodies = new Bodies(source, Findings.outsideBody(plan, prompt));
    bodies.text(root, 0, source.length, Names.ofField(name, 0, name.length(), plan.kinds()), path);
    return bodies.findings.spliced(source, charset);
  }

  private Scan scan(ContentType type) {
    View root = root(type);
    if (root == null) {
      return Scan.unseen(Reach.UNKNOWN_CHARSET);
    }
    int to = root.text.length();
    if (type.isEventStream() && charset == StandardCharsets.UTF_8) {
      StreamRedactor.scanEvents(source, root.source(0), findings.plan(), findings);
    } else if (type.isMultipart()) {
      if (!multipart(root, to, type)) {
        plain(root, 0, to);
      }
    } else if (!part(root, 0, to, type, FieldPath.root(), 0)) {
      return Scan.unseen(Reach.BINARY);
    }
    return findings.spliced(source, charset);
  }

  /** The whole body as characters; null for a character set that is not a superset of ASCII. */
  private @Nullable View root(ContentType type) {
    int bom = 0;
    boolean little = false;
    boolean wide = false;
    int first = byteAt(0) << 8 | byteAt(1);
    int second = byteAt(2) << 8 | byteAt(3);
    String declared = type.charset() == null ? "" : type.charset();
    if (declared.startsWith("utf-32")
        || declared.startsWith("utf-7")
        || declared.startsWith("ibm")
        || declared.startsWith("cp037")
        || declared.startsWith("iso-2022")
        || (source.length >= 4
            && first == 0
            && (second == 0xFEFF || (second < 0x80 && isMostlyZero(0, 1))))
        || (source.length >= 4 && first == 0xFFFE && second == 0)) {
      return null;
    }
    // a byte order mark is two letters in Latin-1, which a customer could begin a text with
    boolean wideOrUnsaid = declared.isEmpty() || declared.startsWith("utf-16");
    if (source.length >= 2 && wideOrUnsaid && (first == 0xFEFF || first == 0xFFFE)) {
      bom = 2;
      wide = true;
      little = first == 0xFFFE;
    } else if (source.length >= 3 && first == 0xEFBB && byteAt(2) == 0xBF) {
      bom = 3;
    } else if (declared.startsWith("utf-16")) {
      wide = true;
      little = declared.endsWith("le");
    } else if (source.length >= 4 && !type.isBinary() && isWide()) {
      wide = true;
      little = byteAt(0) != 0;
    }
    if (wide) {
      charset = little ? StandardCharsets.UTF_16LE : StandardCharsets.UTF_16BE;
      return View.root(wideText(bom, little), false, bom, 2);
    }
    boolean utf8 = declared.isEmpty() || declared.equals("utf-8") || declared.equals("utf8");
    if (!utf8) {
      charset = StandardCharsets.ISO_8859_1; // what is put in is ASCII or was there before
      boolean oneByte =
          declared.startsWith("iso-8859-")
              || declared.startsWith("windows-125")
              || declared.startsWith("koi8")
              || declared.equals("us-ascii")
              || declared.equals("latin1");
      if (!oneByte) {
        findings.reach(Reach.UNKNOWN_CHARSET); // Shift_JIS, GBK ...: the ASCII in it is scanned
      }
    }
    String text = new String(source, bom, source.length - bom, StandardCharsets.ISO_8859_1);
    return View.root(text, utf8, bom, 1);
  }

  private int byteAt(int i) {
    return i < source.length ? source[i] & 0xFF : 0xFF;
  }

  /**
   * Every other byte is zero: two bytes for each character of a Latin text. All of the body is
   * looked at, so that a few zeros at the beginning do not make the rest of a text unreadable.
   */
  private boolean isWide() {
    boolean even = source[0] == 0 && source[2] == 0;
    boolean odd = source[1] == 0 && source[3] == 0;
    if (even == odd) {
      return false;
    }
    return isMostlyZero(even ? 0 : 1, 2);
  }

  private boolean isMostlyZero(int from, int step) {
    int zeros = 0;
    int looked = 0;
    for (int i = from; i < source.length; i += step) {
      zeros += source[i] == 0 ? 1 : 0;
      looked++;
    }
    return zeros * 2 >= looked;
  }

  private String wideText(int from, boolean little) {
    char[] chars = new char[(source.length - from) / 2];
    for (int i = 0; i < chars.length; i++) {
      int one = source[from + 2 * i] & 0xFF;
      int two = source[from + 2 * i + 1] & 0xFF;
      chars[i] = (char) (little ? two << 8 | one : one << 8 | two);
    }
    return new String(chars);
  }

  /** False if it is binary and was not scanned. */
  private boolean part(View view, int from, int to, ContentType type, FieldPath path, int name) {
    String s = view.text;
    boolean declaredText = type.isText() || type.isForm() || type.isXml();
    boolean binary = !declaredText && isBinary(view, from, to, type);
    if (binary && type.isBinary()) {
      return false;
    }
    if (binary) { // of an unknown type: still JSON if it can be read as that
      return JsonText.looksLikeJson(s, from, to)
          && JsonText.scan(view, from, to, path, name, findings);
    }
    if (JsonText.looksLikeJson(s, from, to) || type.isJson()) {
      if (JsonText.scan(view, from, to, path, name, findings)) {
        return true;
      }
      if (type.isJson() || !type.isForm()) {
        looseJson(view, from, to, name);
        return true;
      }
    }
    if (type.isGraphQl() && GraphQlText.looksLikeOne(s, from, to)) {
      View characters = Escapes.characters(view, from, to);
      FieldPath query = path.names().isEmpty() ? path.name("query") : path;
      GraphQlText.scan(characters, 0, characters.text.length(), query, findings, 0);
    } else if (type.isForm() || (!declaredText && looksLikeForm(s, from, to))) {
      form(view, from, to, path);
    } else if (type.isXml() || looksLikeXml(s, from, to)) {
      xml(view, from, to);
    } else if (path.names().isEmpty()) {
      plain(view, from, to);
    } else {
      text(view, from, to, name, path);
    }
    return true;
  }

  /**
   * True for what is no text. A body that says it is an image or the like is believed at its first
   * control character. Any other is scanned unless it has many and is no UTF-8 or has zeros: a few
   * of them in what a customer wrote must not keep the rest of it from being read.
   */
  static boolean isBinary(View view, int from, int to, ContentType type) {
    String s = view.text;
    int limit = Math.min(to, from + SNIFFED_CHARS);
    int controls = 0;
    int zeros = 0;
    for (int i = from; i < limit; i++) {
      char c = s.charAt(i);
      if (c < ' ' && c != '\n' && c != '\r' && c != '\t' && c != '\f' && c != 0x1B && c != 0x1E) {
        controls++;
        zeros += c == 0 ? 1 : 0;
      }
    }
    if (type.isBinary() && !type.isOctetStream()) {
      return controls > 0;
    }
    return controls >= FEWEST_BINARY_CONTROLS
        && controls * BINARY_CHARS_PER_CONTROL >= limit - from
        && (zeros > 0 || !Escapes.isUtf8(view, from, limit));
  }

  private static boolean looksLikeForm(String s, int from, int to) {
    boolean equals = false;
    for (int i = from; i < to; i++) {
      char c = s.charAt(i);
      if (c <= ' ' || c == '{' || c == '<' || c == '"' || c >= 128) {
        return false;
      }
      // base64 ends in such signs, too
      equals |= c == '=' && i + 1 < to && s.charAt(i + 1) != '=';
    }
    return equals;
  }

  static boolean looksLikeXml(String s, int from, int to) {
    int first = from;
    while (first < to && s.charAt(first) <= ' ') {
      first++;
    }
    return first + 1 < to && s.charAt(first) == '<' && "?!/".indexOf(s.charAt(first + 1)) >= 0
        || first + 1 < to && s.charAt(first) == '<' && Chars.isAsciiLetter(s.charAt(first + 1));
  }

  // ---- plain text: no fields

  private void plain(View view, int from, int to) {
    text(view, from, to, 0, FieldPath.UNKNOWN);
  }

  private void text(View view, int from, int to, int name, FieldPath path) {
    if (Escapes.isAscii(view.text, from, to)) {
      findings.scan(view, from, to, name, () -> path);
    } else {
      View decoded = Escapes.characters(view, from, to);
      findings.scan(decoded, 0, decoded.text.length(), name, () -> path);
    }
  }

  /** Text that should have been JSON: escapes are undone, fields are not known. */
  private void looseJson(View view, int from, int to, int name) {
    View characters = Escapes.characters(view, from, to);
    View unescaped = Escapes.json(characters, 0, characters.text.length());
    findings.scan(unescaped, 0, unescaped.text.length(), name, () -> FieldPath.UNKNOWN);
  }

  private void xml(View view, int from, int to) {
    View characters = Escapes.characters(view, from, to);
    View unescaped = Escapes.xml(characters, 0, characters.text.length());
    findings.scan(unescaped, 0, unescaped.text.length(), 0, () -> FieldPath.UNKNOWN);
  }

  // ---- forms and queries

  private void form(View view, int from, int to, FieldPath base) {
    String s = view.text;
    int at = from;
    while (at < to) {
      int end = Chars.find('&', s, at, to);
      int equals = Chars.find('=', s, at, end);
      View name = formText(view, at, equals);
      FieldPath path =
          base.formKey(name.text.substring(0, Math.min(name.text.length(), MAX_NAME_CHARS)));
      int behind = equals;
      while (behind < end && s.charAt(behind) == '=') {
        behind++;
      }
      if (behind == end && equals < end) { // without a value: what it ends in may be padding
        View pair = formText(view, at, end);
        boolean base64 = findings.mayHoldBase64(pair.text, 0, pair.text.length());
        View all = base64 ? pair : name;
        findings.scan(all, 0, all.text.length(), 0, () -> path);
        at = end + 1;
        continue;
      }
      findings.scan(name, 0, name.text.length(), 0, () -> path);
      if (equals < end) {
        formValue(
            view,
            equals + 1,
            end,
            path,
            Names.ofField(name.text, 0, name.text.length(), findings.kinds()));
      }
      at = end + 1;
    }
  }

  private void formValue(View view, int from, int to, FieldPath path, int name) {
    View value = formText(view, from, to);
    int end = value.text.length();
    if (JsonText.looksLikeJson(value.text, 0, end)
        && JsonText.scan(value, 0, end, path, name, findings)) {
      return;
    }
    List<String> names = path.names();
    if (names.get(names.size() - 1).equals("query")
        && GraphQlText.looksLikeOne(value.text, 0, end)) {
      GraphQlText.scan(value, 0, end, path, findings, 0);
      return;
    }
    findings.scan(value, 0, end, name, () -> path);
  }

  private static View formText(View view, int from, int to) {
    View bytes = Escapes.form(view, from, to);
    return Escapes.isAscii(bytes.text, 0, bytes.text.length())
        ? bytes
        : Escapes.characters(bytes, 0, bytes.text.length());
  }

  // ---- cookies

  /** Pairs of name and value; the attributes of a Set-Cookie are such pairs, too. */
  private void cookies(View view, int to, FieldPath base) {
    String s = view.text;
    int at = 0;
    while (at < to) {
      int end = Chars.find(';', s, at, to);
      while (at < end && s.charAt(at) <= ' ') {
        at++;
      }
      int equals = Chars.find('=', s, at, end);
      if (equals == end) {
        text(view, at, end, 0, base);
      } else {
        String name = s.substring(at, Math.min(equals, at + MAX_NAME_CHARS));
        FieldPath path = base.name(name);
        text(view, at, equals, 0, path);
        cookieValue(
            view, equals + 1, end, path, Names.ofField(name, 0, name.length(), findings.kinds()));
      }
      at = end + 1;
    }
  }

  /** A value, in quotes or not. What is escaped in it, and how, is up to who has set it. */
  private void cookieValue(View view, int from, int to, FieldPath path, int name) {
    String s = view.text;
    boolean quoted = to - from >= 2 && s.charAt(from) == '"' && s.charAt(to - 1) == '"';
    int start = quoted ? from + 1 : from;
    int end = quoted ? to - 1 : to;
    if (Chars.find('%', s, start, end) < end) {
      View bytes = Escapes.percent(view, start, end);
      value(bytes, 0, bytes.text.length(), path, name);
    } else {
      value(view, start, end, path, name);
    }
  }

  private void value(View view, int from, int to, FieldPath path, int name) {
    if (!JsonText.looksLikeJson(view.text, from, to)
        || !JsonText.scan(view, from, to, path, name, findings)) {
      text(view, from, to, name, path);
    }
  }

  // ---- multipart

  /** False when the parts cannot be told apart. */
  private boolean multipart(View view, int to, ContentType type) {
    String boundary = type.boundary();
    if (boundary == null || boundary.isEmpty()) {
      return false;
    }
    String s = view.text;
    String delimiter = "--" + boundary;
    int at = delimiterAt(s, delimiter, 0);
    if (at < 0) {
      return false;
    }
    plain(view, 0, at); // a preamble is not read by servers, but it leaves all the same
    while (at >= 0) {
      int start = at + delimiter.length();
      int next = delimiterAt(s, delimiter, start);
      int end = next < 0 ? to : next;
      if (s.startsWith("--", start)) {
        plain(view, start + 2, to); // the epilogue
        return true;
      }
      onePart(view, start, end);
      at = next;
    }
    return true;
  }

  private static int delimiterAt(String s, String delimiter, int from) {
    int at = s.indexOf(delimiter, from);
    while (at > 0 && s.charAt(at - 1) != '\n') {
      at = s.indexOf(delimiter, at + 1);
    }
    return at;
  }

  private void onePart(View view, int from, int to) {
    String s = view.text;
    int line = lineEnd(s, from, to); // rest of the delimiter line
    ContentType type = ContentType.parse("text/plain");
    FieldPath path = FieldPath.UNKNOWN;
    boolean encoded = false;
    boolean file = false;
    int name = 0;
    int headers = line;
    while (line < to) {
      int end = lineEnd(s, line, to);
      String header = s.substring(line, Math.min(end, line + 1024)).strip();
      if (header.isEmpty()) {
        line = end;
        break;
      }
      if (startsWith(header, "content-disposition:")) {
        String field = ContentType.parameter(header, header.indexOf(';'), "name");
        file = ContentType.parameter(header, header.indexOf(';'), "filename") != null;
        if (field != null) {
          path = FieldPath.root().formKey(field);
          name = Names.ofField(field, 0, field.length(), findings.kinds());
        }
      } else if (startsWith(header, "content-type:")) {
        type = ContentType.parse(header.substring("content-type:".length()));
      } else if (startsWith(header, "content-transfer-encoding:")) {
        String encoding = header.substring("content-transfer-encoding:".length()).strip();
        encoded =
            encoding.equalsIgnoreCase("base64") || encoding.equalsIgnoreCase("quoted-printable");
      }
      line = end;
    }
    text(view, headers, line, 0, path);
    boolean nested = type.isMultipart();
    if (encoded || nested) {
      findings.reach(Reach.BINARY_PARTS_SKIPPED);
      if (nested) {
        plain(view, line, to);
      }
      return;
    }
    if (type.charset() != null && type.charset().startsWith("utf-16")) {
      findings.reach(Reach.BINARY_PARTS_SKIPPED);
      return;
    }
    ContentType hint = file && type.essence().isEmpty() ? ContentType.parse(null) : type;
    if (!part(view, line, to, hint, path, name)) {
      findings.reach(Reach.BINARY_PARTS_SKIPPED);
    }
  }

  private static boolean startsWith(String header, String name) {
    return header.regionMatches(true, 0, name, 0, name.length());
  }

  private static int lineEnd(String s, int from, int to) {
    int end = from;
    while (end < to && s.charAt(end) != '\n') {
      end++;
    }
    return Math.min(to, end + 1);
  }
}
