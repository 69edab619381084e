package dev.cordon.instrumentation;

import dev.cordon.bootstrap.ResponseFilter;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The body of a response on its way through a filter. Like the stream below: for one thread, but
 * for close. What that stream throws is its own, and it may go on after it, as after a timeout;
 * what the filter throws is the end.
 */
public final class FilteredStream extends InputStream {
  private static final int PIECE_BYTES = 8 * 1024;
  private static final byte[] NOTHING = new byte[0];

  private final InputStream source;
  private final ResponseFilter.Body filter;
  private final byte[] piece = new byte[PIECE_BYTES];
  private byte[] ready = NOTHING;
  private int at;
  private boolean ended;
  private volatile boolean closed;
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
      checkOpen();
      if (ended) {
        return false;
      }
      fill();
    }
    checkOpen();
    return true;
  }

  private void checkOpen() throws IOException {
    if (closed) {
      throw new IOException("stream is closed"); // never like the end of the body
    }
    if (broken != null) {
      throw broken;
    }
  }

  private void fill() throws IOException {
    int count = source.read(piece, 0, piece.length);
    ready = NOTHING;
    at = 0;
    try {
      ready = count < 0 ? filter.end() : filter.pass(piece, 0, count);
      ended = count < 0;
    } catch (Throwable fault) {
      broken = fault instanceof IOException refused ? refused : new IOException(fault);
      filter.abandoned();
      throw broken;
    }
  }

  /** What can be read without waiting, as far as the filter gives it out. */
  @Override
  public int available() throws IOException {
    while (at == ready.length && !ended && !closed && broken == null && source.available() > 0) {
      fill();
    }
    return closed ? 0 : ready.length - at;
  }

  @Override
  public void close() throws IOException {
    if (!closed) {
      closed = true;
      if (!ended && broken == null) {
        filter.abandoned();
      }
    }
    source.close();
  }
}
