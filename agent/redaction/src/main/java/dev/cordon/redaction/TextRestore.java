package dev.cordon.redaction;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Puts values back into text or JSON. Holds back only what may be the beginning of a token. */
final class TextRestore implements StreamTransform {
  private static final byte[] NOTHING = {};

  private final TokenMatch match;
  private final boolean json;
  private byte[] held = NOTHING;
  private @Nullable StringRestore string; // the JSON string that is open

  TextRestore(Prompt prompt, boolean json) {
    this.match = new TokenMatch(prompt);
    this.json = json;
  }

  @Override
  public void feed(byte[] bytes, int from, int to, Sink out) {
    byte[] in = bytes;
    int at = from;
    int end = to;
    if (held.length > 0) {
      in = Arrays.copyOf(held, held.length + to - from);
      System.arraycopy(bytes, from, in, held.length, to - from);
      at = 0;
      end = in.length;
    }
    ByteArrayOutputStream copy = new ByteArrayOutputStream(end - at + 64);
    int stopped = json ? json(in, at, end, copy) : text(in, at, end, copy);
    held = Arrays.copyOfRange(in, stopped, end);
    write(copy, out);
  }

  @Override
  public void end(Sink out) {
    if (held.length > 0) {
      out.write(held, 0, held.length);
      held = NOTHING;
    }
  }

  private static void write(ByteArrayOutputStream copy, Sink out) {
    if (copy.size() > 0) {
      byte[] bytes = copy.toByteArray();
      out.write(bytes, 0, bytes.length);
    }
  }

  private int text(byte[] in, int from, int to, ByteArrayOutputStream out) {
    int at = from;
    int copied = from;
    while (at < to) {
      int found = match.at(in, at, to);
      if (found == TokenMatch.OPEN) {
        break;
      }
      if (found == TokenMatch.NONE) {
        at++;
        continue;
      }
      out.write(in, copied, at - copied);
      out.writeBytes(match.value().getBytes(StandardCharsets.UTF_8));
      at += found;
      copied = at;
    }
    out.write(in, copied, at - copied);
    return at;
  }

  private int json(byte[] in, int from, int to, ByteArrayOutputStream out) {
    int at = from;
    while (at < to) {
      StringRestore open = string;
      if (open == null) {
        int quote = at;
        while (quote < to && in[quote] != '"') {
          quote++;
        }
        boolean opens = quote < to;
        out.write(in, at, quote - at + (opens ? 1 : 0));
        at = opens ? quote + 1 : to;
        string = opens ? new StringRestore(match) : null;
        continue;
      }
      at = open.copy(in, at, to, out);
      if (!open.isClosed()) {
        return at;
      }
      out.write('"');
      at++;
      string = null;
    }
    return at;
  }
}
