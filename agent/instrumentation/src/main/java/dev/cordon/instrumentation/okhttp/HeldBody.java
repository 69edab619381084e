package dev.cordon.instrumentation.okhttp;

import dev.cordon.bootstrap.Passed;
import java.io.IOException;
import java.util.Arrays;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import okio.Buffer;
import okio.BufferedSink;
import okio.Okio;
import okio.Sink;
import okio.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * A body that was read into memory and is sent from there. It announces what the original
 * announced, writes in the same steps (they are the chunks of a chunked body), and does not hold on
 * to the original.
 */
final class HeldBody extends RequestBody {

  /** What cannot be sent unless it was held whole is held up to here. */
  static final int MAX_ONE_SHOT_BYTES = 64 * 1024 * 1024;

  private final @Nullable MediaType contentType;
  private final long announcedLength;
  private final boolean oneShot;
  private final byte[] bytes;
  private final int[] steps; // lengths of single writes; negative: followed by a flush

  private HeldBody(
      @Nullable MediaType contentType,
      long announcedLength,
      boolean oneShot,
      byte[] bytes,
      int[] steps) {
    this.contentType = contentType;
    this.announcedLength = announcedLength;
    this.oneShot = oneShot;
    this.bytes = bytes;
    this.steps = steps;
  }

  /**
   * Reads a body.
   *
   * @return null when it is longer than the limit and can be written again
   * @throws Passed with what the body threw
   */
  static @Nullable HeldBody read(
      RequestBody body, @Nullable MediaType contentType, long contentLength, int limitBytes)
      throws Passed {
    boolean oneShot = body.isOneShot();
    int mostBytes = oneShot ? Math.max(limitBytes, MAX_ONE_SHOT_BYTES) : limitBytes;
    Recorder recorder = new Recorder(contentLength, mostBytes);
    try {
      BufferedSink sink = Okio.buffer(recorder);
      body.writeTo(sink);
      sink.close(); // hands over the rest; a body may have closed it already
    } catch (Throwable thrown) {
      if (!recorder.isFull) {
        throw new Passed(thrown);
      }
    }
    if (recorder.isFull) {
      if (oneShot) {
        throw new Passed(
            new IOException(
                "a one-shot request body of unknown length exceeds "
                    + MAX_ONE_SHOT_BYTES
                    + " bytes, the most that Cordon holds to inspect it; announce its"
                    + " contentLength()"));
      }
      return null;
    }
    return new HeldBody(contentType, contentLength, oneShot, recorder.bytes(), recorder.steps());
  }

  /** The same body with other content; a length that was not announced stays unannounced. */
  HeldBody rewritten(byte[] content) {
    return new HeldBody(
        contentType,
        announcedLength == -1 ? -1 : content.length,
        oneShot,
        content,
        new int[] {content.length});
  }

  byte[] bytes() {
    return bytes;
  }

  int size() {
    return bytes.length;
  }

  @Override
  public @Nullable MediaType contentType() {
    return contentType;
  }

  @Override
  public long contentLength() {
    return announcedLength;
  }

  @Override
  public boolean isOneShot() {
    return oneShot;
  }

  @Override
  public void writeTo(BufferedSink sink) throws IOException {
    int offset = 0;
    for (int i = 0; i < steps.length; i++) {
      int length = Math.abs(steps[i]);
      sink.write(bytes, offset, length);
      offset += length;
      if (steps[i] < 0) {
        sink.flush();
      } else if (i < steps.length - 1) {
        sink.emit();
      }
    }
  }

  /** Keeps what a body writes, and in which steps it would have reached the connection. */
  private static final class Recorder implements Sink {
    private final int mostBytes;
    private byte[] content;
    private int size;
    private int[] steps = new int[4];
    private int count;
    private boolean isFull;

    Recorder(long announced, int mostBytes) {
      this.mostBytes = mostBytes;
      this.content = new byte[announced >= 0 ? (int) Math.min(announced, mostBytes) : 1024];
    }

    @Override
    public void write(Buffer source, long byteCount) throws IOException {
      if (isFull || size + byteCount > mostBytes) {
        isFull = true;
        source.skip(byteCount);
        throw new IOException("longer than what is inspected"); // ends a body without an end
      }
      int length = (int) byteCount;
      if (length == 0) {
        return;
      }
      if (size + length > content.length) {
        content = Arrays.copyOf(content, Math.max(size + length, grown(content.length)));
      }
      int end = size + length;
      while (size < end) {
        int read = source.read(content, size, end - size);
        if (read < 0) {
          throw new IOException("the body announced more bytes than it wrote");
        }
        size += read;
      }
      if (count == steps.length) {
        steps = Arrays.copyOf(steps, count * 2);
      }
      steps[count++] = length;
    }

    private static int grown(int length) {
      return (int) Math.min(Integer.MAX_VALUE - 8, length * 2L);
    }

    @Override
    public void flush() {
      if (count > 0 && steps[count - 1] > 0) {
        steps[count - 1] = -steps[count - 1];
      }
    }

    @Override
    public Timeout timeout() {
      return Timeout.NONE;
    }

    @Override
    public void close() {}

    byte[] bytes() {
      return size == content.length ? content : Arrays.copyOf(content, size);
    }

    int[] steps() {
      return Arrays.copyOf(steps, count);
    }
  }
}
