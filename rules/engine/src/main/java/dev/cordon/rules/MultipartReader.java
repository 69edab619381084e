package dev.cordon.rules;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a {@code multipart/form-data} body, one after the other. Stricter than RFC 7578:
 * what servers cut in different ways ends in {@link JsonKeys.Unclear}: a preamble, a boundary
 * inside of a part or without its line breaks, a folded header, a header twice, an escaped name.
 */
final class MultipartReader {
  private static final int MAX_PARTS = 1_000;
  private static final int MAX_BOUNDARY = 70; // RFC 2046

  private final byte[] body;
  private final byte[] delimiter;
  private int at;
  private int parts;

  private String name = "";
  private boolean isFile;
  private int valueStart;
  private int valueEnd;

  private MultipartReader(byte[] body, String boundary) {
    this.body = body;
    delimiter = ("--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
  }

  /** For a body whose {@code Content-Type} names its boundary. */
  static MultipartReader of(CallFacts facts) throws JsonKeys.Unclear {
    MediaType type = null;
    for (int i = 0; i + 1 < facts.headers().size(); i += 2) {
      if (Fold.same("content-type", facts.headers().get(i))) {
        type = MediaType.parse(facts.headers().get(i + 1));
      }
    }
    String boundary = type == null ? null : type.parameter("boundary");
    if (boundary == null || boundary.isBlank() || boundary.length() > MAX_BOUNDARY) {
      throw new JsonKeys.Unclear("no boundary");
    }
    for (int i = 0; i < boundary.length(); i++) {
      char c = Fold.lower(boundary.charAt(i));
      boolean known = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
      if (!known && "'()+_,-./:=?".indexOf(c) < 0) {
        throw new JsonKeys.Unclear("a boundary with a character that it must not have");
      }
    }
    MultipartReader reader = new MultipartReader(facts.body(), boundary);
    reader.begin();
    return reader;
  }

  private void begin() throws JsonKeys.Unclear {
    if (!isDelimiter(0)) {
      throw new JsonKeys.Unclear("a preamble");
    }
    at = delimiter.length;
  }

  /** Moves to the next part; false after the last one. */
  boolean next() throws JsonKeys.Unclear {
    if (isAt("--", at)) {
      at += 2;
      if (at != body.length && !(isAt("\r\n", at) && at + 2 == body.length)) {
        throw new JsonKeys.Unclear("text after the last part");
      }
      return false;
    }
    if (!isAt("\r\n", at) || ++parts > MAX_PARTS) {
      throw new JsonKeys.Unclear("a boundary that goes on, or too many parts");
    }
    at += 2;
    headers();
    valueStart = at;
    valueEnd = end();
    return true;
  }

  String name() {
    return name;
  }

  /** A file is told by its name only. */
  boolean isFile() {
    return isFile;
  }

  byte[] bytes() {
    return Arrays.copyOfRange(body, valueStart, valueEnd);
  }

  /** The text of a part; null when it is none. */
  @Nullable String text() {
    return Utf8.isValid(body, valueStart, valueEnd)
        ? new String(body, valueStart, valueEnd - valueStart, StandardCharsets.UTF_8)
        : null;
  }

  /** Finds the end of a part and moves behind the delimiter that follows. */
  private int end() throws JsonKeys.Unclear {
    for (int i = at; i < body.length; i++) {
      if (body[i] == '-' && isDelimiter(i)) {
        if (i < at + 2 || !isAt("\r\n", i - 2)) {
          throw new JsonKeys.Unclear("a boundary inside of a line");
        }
        int end = i - 2;
        at = i + delimiter.length;
        return end;
      }
    }
    throw new JsonKeys.Unclear("ends early");
  }

  private void headers() throws JsonKeys.Unclear {
    boolean disposed = false;
    boolean typed = false;
    while (!isAt("\r\n", at)) {
      int end = at;
      while (end < body.length && body[end] != '\r' && body[end] != '\n') {
        end++;
      }
      if (!isAt("\r\n", end) || !Utf8.isValid(body, at, end)) {
        throw new JsonKeys.Unclear("a broken header");
      }
      String line = new String(body, at, end - at, StandardCharsets.UTF_8);
      int colon = line.indexOf(':');
      if (colon <= 0 || line.charAt(0) <= ' ' || line.charAt(colon - 1) <= ' ') {
        throw new JsonKeys.Unclear("a broken or folded header");
      }
      String header = line.substring(0, colon);
      String value = line.substring(colon + 1);
      if (Fold.same("content-disposition", header)) {
        if (disposed) {
          throw new JsonKeys.Unclear("a header twice");
        }
        disposed = true;
        disposition(value);
      } else if (Fold.same("content-type", header)) {
        if (typed) {
          throw new JsonKeys.Unclear("a header twice");
        }
        typed = true;
        type(value);
      } else if (Fold.same("content-transfer-encoding", header)
          && !Fold.same("binary", value.strip())
          && !Fold.same("8bit", value.strip())
          && !Fold.same("7bit", value.strip())) {
        throw new JsonKeys.Unclear("an encoded part");
      }
      at = end + 2;
    }
    at += 2;
    if (!disposed) {
      throw new JsonKeys.Unclear("a part without a name");
    }
  }

  private void disposition(String value) throws JsonKeys.Unclear {
    MediaType disposition = MediaType.parse(value);
    String named = disposition == null ? null : disposition.parameter("name");
    if (disposition == null
        || named == null
        || !disposition.essence.equals("form-data")
        || named.indexOf('%') >= 0
        || Fold.same("_charset_", Fold.loosely(named))
        || isQuoted(named.strip())
        || disposition.hasParameterFrom("name*")) { // RFC 2231: the whole of it, or parts
      throw new JsonKeys.Unclear("a name that servers read in different ways");
    }
    name = named;
    isFile =
        disposition.parameter("filename") != null || disposition.parameter("filename*") != null;
  }

  /** By signs that some servers take for quotes. */
  private static boolean isQuoted(String name) {
    return !name.isEmpty()
        && ("'`".indexOf(name.charAt(0)) >= 0 || "'`".indexOf(name.charAt(name.length() - 1)) >= 0);
  }

  private static void type(String value) throws JsonKeys.Unclear {
    MediaType type = MediaType.parse(value);
    if (type == null || type.essence.startsWith("multipart/")) {
      throw new JsonKeys.Unclear("a part of parts");
    }
    String charset = type.parameter("charset");
    if (charset != null && !Fold.same("utf-8", charset) && !Fold.same("us-ascii", charset)) {
      throw new JsonKeys.Unclear("another charset");
    }
  }

  private boolean isDelimiter(int index) {
    if (index + delimiter.length > body.length) {
      return false;
    }
    for (int i = 0; i < delimiter.length; i++) {
      if (body[index + i] != delimiter[i]) {
        return false;
      }
    }
    return true;
  }

  private boolean isAt(String text, int index) {
    if (index < 0 || index + text.length() > body.length) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (body[index + i] != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
