package dev.cordon.redaction;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Puts values back into one JSON string, which may come in pieces; also where its text is JSON
 * itself, as the arguments of a tool are. A token of which a part is escaped is not taken for one.
 */
final class StringRestore {
  private static final int UNICODE_ESCAPE_BYTES = 6;

  private final TokenMatch match;

  // of the text so far
  private boolean begun;
  private boolean isJson; // it begins like an object or an array
  private boolean inInnerString;
  private boolean afterBackslash; // the last character is one, as text
  private boolean closed;

  StringRestore(TokenMatch match) {
    this.match = match;
  }

  /**
   * Copies the string up to its closing quote, or as far as it is there.
   *
   * @return where it stopped: at the quote ({@link #isClosed}), at {@code to}, or before it, where
   *     more bytes are needed
   */
  int copy(byte[] in, int from, int to, ByteArrayOutputStream out) {
    int at = from;
    int copied = from;
    while (at < to) {
      byte b = in[at];
      if (b == '"') {
        closed = true;
        break;
      }
      if (b == '\\') {
        int length = at + 1 == to ? 2 : in[at + 1] == 'u' ? UNICODE_ESCAPE_BYTES : 2;
        if (at + length > to) {
          break;
        }
        escape(in[at + 1]);
        at += length;
        continue;
      }
      int found = afterBackslash ? TokenMatch.NONE : match.at(in, at, to);
      if (found == TokenMatch.OPEN) {
        break;
      }
      begin(b);
      afterBackslash = false;
      if (found == TokenMatch.NONE) {
        at++;
        continue;
      }
      out.write(in, copied, at - copied);
      out.writeBytes(escaped(match.value()).getBytes(StandardCharsets.UTF_8));
      at += found;
      copied = at;
    }
    out.write(in, copied, at - copied);
    return at;
  }

  boolean isClosed() {
    return closed;
  }

  private void escape(byte escaped) {
    if (escaped == '\\') {
      begin(escaped);
      afterBackslash = !afterBackslash;
      return;
    }
    boolean blank = escaped == 'n' || escaped == 'r' || escaped == 't';
    if (!blank) {
      begin(escaped);
    }
    if (escaped == '"' && !afterBackslash) {
      inInnerString = !inInnerString;
    }
    afterBackslash = false;
  }

  private void begin(byte first) {
    if (!begun && first != ' ') {
      begun = true;
      isJson = first == '{' || first == '[';
    }
  }

  private String escaped(String value) {
    String once = Escapes.json(value);
    return isJson && inInnerString ? Escapes.json(once) : once;
  }
}
