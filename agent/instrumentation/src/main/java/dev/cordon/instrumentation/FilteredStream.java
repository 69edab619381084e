package dev.cordon.instrumentation;

import dev.cordon.bootstrap.ResponseFilter;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The body of a response on its way through a filter. Like the stream below: for one thread. */
public final class FilteredStream extends InputStream {
  private static final int PIECE_BYTES = 8 * 1024;
  private static final byte[] NOTHING = new byte[0];

  private final InputStream source;
  private final ResponseFilter.Body filter;
  private final byte[] piece = new byte[PIECE_BYTES];
  private byte[] ready = NOTHING;
  private int at;
  private boolean ended;
  private @Nullable IOException broken;

  public FilteredStream(InputStream source, ResponseFilter.Body filter) {
    this.source = source;
    this.filter = filter;
  }

  @Override
  public int read() throws IOException {
    return isThere() ? ready[at++] & 0xFF : -1;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    if (length == 0) {
      return 0;
    }
    if (!isThere()) {
      return -1;
    }
    int count = Math.min(length, ready.length - at);
    System.arraycopy(ready, at, bytes, offset, count);
    at += count;
    return count;
  }

  /** Waits for a byte; false at the end. */
  private boolean isThere() throws IOException {
    while (at == ready.length) {
      if (broken != null) {
        throw broken;
      }
      if (ended) {
        return false;
      }
      fill();
    }
    return true;
  }

  private void fill() throws IOException {
    try {
      int count = source.read(piece, 0, piece.length);
      ended = count < 0;
      ready = ended ? filter.end() : filter.pass(piece, 0, count);
      at = 0;
    } catch (IOException e) {
      broken = e;
      ended = true;
      ready = NOTHING;
      at = 0;
      filter.abandoned();
      throw e;
    }
  }

  /** What can be read without waiting, as far as the filter gives it out. */
  @Override
  public int available() throws IOException {
    while (at == ready.length && !ended && broken == null && source.available() > 0) {
      fill();
    }
    return ready.length - at;
  }

  @Override
  public void close() throws IOException {
    if (!ended) {
      ended = true;
      filter.abandoned();
    }
    ready = NOTHING;
    at = 0;
    source.close();
  }
}
