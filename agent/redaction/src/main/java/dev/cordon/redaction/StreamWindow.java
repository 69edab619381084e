package dev.cordon.redaction;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The part of a stream that is in memory: bytes that are out and kept because they tell what others
 * are, then bytes that wait.
 */
final class StreamWindow {
  private static final int INITIAL_BYTES = 2048;

  byte[] bytes;

  /** Bytes before this one are out. */
  int out;

  int end;

  /** Some of the bytes that wait are gone. */
  boolean isCut;

  /** Null while a whole body is read in place: nothing is written and nothing is forgotten then. */
  StreamTransform.@Nullable Sink sink;

  StreamWindow() {
    bytes = new byte[INITIAL_BYTES];
  }

  /** All of a body; it is never written to. */
  StreamWindow(byte[] body) {
    bytes = body;
    end = body.length;
  }

  void append(byte[] more, int from, int to) {
    int length = to - from;
    if (length > bytes.length - end) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, end + length));
    }
    System.arraycopy(more, from, bytes, end, length);
    end += length;
  }

  int waiting() {
    return end - out;
  }

  /** One character for each byte. */
  String latin1(int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
  }

  /** Writes bytes as they are, up to this one. */
  void writeTo(int to) {
    if (sink != null && to > out) {
      sink.write(bytes, out, to);
    }
    out = to;
  }

  /** Writes this in place of the bytes up to {@code to}. */
  void writeInstead(byte[] text, int to) {
    isCut = false;
    if (sink != null) {
      sink.write(text, 0, text.length);
    }
    out = to;
  }

  /**
   * Forgets the bytes before this one.
   *
   * @return how far all that is left has moved
   */
  int forget(int before) {
    if (sink == null || before == 0) {
      return 0;
    }
    System.arraycopy(bytes, before, bytes, 0, end - before);
    out -= before;
    end -= before;
    return before;
  }

  /** Takes bytes that wait out of the middle: they are part of a value that goes as a whole. */
  void cut(int from, int to) {
    System.arraycopy(bytes, to, bytes, from, end - to);
    end -= to - from;
    isCut = true;
  }
}
