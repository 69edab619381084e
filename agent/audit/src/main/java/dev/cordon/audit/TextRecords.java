package dev.cordon.audit;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A file of text as records: a line, or the lines of a private key, which is one value. UTF-16 is
 * told by its byte order mark; a line that is not UTF-8 is read byte by byte, so that all that is
 * not replaced is written back as it was. Memory is that of the longest record.
 */
final class TextRecords implements Closeable {
  private static final int MAX_LINE_BYTES = 64 << 20;
  private static final int MAX_KEY_LINES = 400; // an RSA key of 16,384 bits has 210
  private static final int BUFFER_BYTES = 1 << 16;

  /**
   * One record.
   *
   * @param line number of its first line, from 1
   * @param text with its line ends
   * @param lines how many
   * @param charset that writes the text back as the bytes it was read from
   */
  record TextRecord(long line, String text, int lines, Charset charset) {}

  private final String name;
  private final InputStream in;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int at;
  private int end;
  private final Charset wide; // UTF-16, whose mark is a character of the first line, or UTF-8
  private byte[] held = new byte[1 << 12];
  private long bytes;
  private long line;
  private @Nullable TextRecord ahead;

  TextRecords(String name, InputStream in) throws IOException {
    this.name = name;
    this.in = in;
    fill();
    if (end >= 2 && (buffer[0] & 0xff) == 0xfe && (buffer[1] & 0xff) == 0xff) {
      wide = StandardCharsets.UTF_16BE;
    } else if (end >= 2 && (buffer[0] & 0xff) == 0xff && (buffer[1] & 0xff) == 0xfe) {
      wide = StandardCharsets.UTF_16LE;
    } else {
      wide = StandardCharsets.UTF_8;
    }
  }

  /** Bytes that were read. */
  long bytes() {
    return bytes;
  }

  /** The next record; null at the end. */
  @Nullable TextRecord next() throws IOException {
    TextRecord first = line();
    if (first == null || !beginsKey(first.text())) {
      return first;
    }
    StringBuilder all = new StringBuilder(first.text());
    int lines = 1;
    Charset charset = first.charset();
    while (lines < MAX_KEY_LINES) {
      TextRecord more = line();
      if (more == null) {
        break;
      }
      if (more.charset() != charset || beginsKey(more.text())) {
        ahead = more;
        break;
      }
      all.append(more.text());
      lines++;
      if (more.text().contains("-----END ")) {
        break;
      }
    }
    return new TextRecord(first.line(), all.toString(), lines, charset);
  }

  private static boolean beginsKey(String text) {
    int begin = text.lastIndexOf("-----BEGIN ");
    return begin >= 0
        && text.indexOf("PRIVATE KEY", begin) >= 0
        && text.indexOf("-----END ", begin) < 0;
  }

  private @Nullable TextRecord line() throws IOException {
    TextRecord known = ahead;
    if (known != null) {
      ahead = null;
      return known;
    }
    byte[] read = lineBytes();
    if (read.length == 0) {
      return null;
    }
    line++;
    try {
      String text = wide.newDecoder().decode(ByteBuffer.wrap(read)).toString();
      return new TextRecord(line, text, 1, wide);
    } catch (CharacterCodingException notText) {
      return new TextRecord(
          line, new String(read, StandardCharsets.ISO_8859_1), 1, StandardCharsets.ISO_8859_1);
    }
  }

  private byte[] lineBytes() throws IOException {
    int size = 0;
    while (true) {
      int first = read();
      if (first < 0) {
        break;
      }
      if (size + 2 > held.length) {
        if (size + 2 > MAX_LINE_BYTES) {
          throw new IOException(
              name + ":" + (line + 1) + ": a line of more than 64 MiB; break it into lines first");
        }
        held = Arrays.copyOf(held, 2 * held.length);
      }
      held[size++] = (byte) first;
      int second = 0;
      if (wide != StandardCharsets.UTF_8) {
        second = read();
        if (second < 0) {
          break;
        }
        held[size++] = (byte) second;
      }
      if (wide == StandardCharsets.UTF_16BE
          ? first == 0 && second == '\n'
          : first == '\n' && second == 0) {
        break;
      }
    }
    return Arrays.copyOf(held, size);
  }

  private int read() throws IOException {
    if (at == end && !fill()) {
      return -1;
    }
    return buffer[at++] & 0xff;
  }

  private boolean fill() throws IOException {
    at = 0;
    end = Math.max(0, in.read(buffer));
    bytes += end;
    return end > 0;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
