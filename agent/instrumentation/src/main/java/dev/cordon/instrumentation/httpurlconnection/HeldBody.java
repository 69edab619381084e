package dev.cordon.instrumentation.httpurlconnection;

import dev.cordon.bootstrap.Body;
import dev.cordon.bootstrap.CallDenied;
import dev.cordon.bootstrap.Gate;
import dev.cordon.bootstrap.Passed;
import dev.cordon.bootstrap.Refusal;
import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A fixed-length or chunked body while the application writes it. Held back until it is closed, or
 * longer than the gate looks at; then sent through the JDK's own stream, flushed where the
 * application flushed, so that the chunks on the wire are those of the application.
 *
 * <p>Used by one thread at a time, like the stream it stands for.
 */
final class HeldBody extends OutputStream {

  private static final int FIRST_BYTES = 512;

  private final HttpURLConnection connection;
  private final long expected; // -1: chunked
  private byte[] held = new byte[FIRST_BYTES];
  private int heldBytes;
  private int[] flushes = new int[4];
  private int flushCount;
  private long written;
  private boolean closed;
  private boolean failed;
  private @Nullable HttpUrlConnectionCall call; // set once decided
  private @Nullable OutputStream sink; // the JDK's stream, once the call may go

  HeldBody(HttpURLConnection connection) {
    this.connection = connection;
    this.expected = Connections.isChunked(connection) ? -1 : Connections.fixedLength(connection);
  }

  /** The body of an application that set a streaming mode and never asked for the stream. */
  static HeldBody unwritten(HttpURLConnection connection) {
    if (Connections.method(connection).equals("GET")) {
      Connections.method(connection, "POST"); // as the JDK does
    }
    return new HeldBody(connection);
  }

  /** The decided call; after {@link #finish} only. */
  @Nullable HttpUrlConnectionCall call() {
    return call;
  }

  /** A body announced as longer than the limit is decided before its first byte. */
  void decideIfTooLarge() throws IOException {
    if (expected > Gate.bodyLimitBytes()) {
      decide(Body.tooLarge(expected));
    }
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    if (closed) {
      throw new IOException("Stream is closed"); // these words are the JDK's
    }
    written += length;
    if (expected != -1 && written > expected) {
      failed = true;
      throw new IOException("too many bytes written");
    }
    if (call == null && (long) heldBytes + length > Gate.bodyLimitBytes()) {
      decide(Body.tooLarge(expected));
    }
    if (sink != null) {
      sink.write(bytes, offset, length);
    } else if (call == null) {
      hold(bytes, offset, length);
    } // else refused: the application learns it from the response
  }

  @Override
  public void flush() throws IOException {
    if (sink != null) {
      sink.flush();
    } else if (call == null && heldBytes > 0) {
      if (flushCount == flushes.length) {
        flushes = Arrays.copyOf(flushes, flushCount * 2);
      }
      flushes[flushCount++] = heldBytes;
    }
  }

  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    if (expected != -1 && written != expected && sink == null) {
      failed = true;
      release();
      throw new IOException("insufficient data written");
    }
    if (call == null) {
      decide(Body.read(Arrays.copyOf(held, heldBytes)));
    }
    if (sink != null) {
      sink.close();
    }
  }

  /** The application wants the response: nothing more will be written. */
  void finish() throws IOException {
    close();
    if (failed) {
      throw new IOException("Incomplete output stream");
    }
  }

  private void hold(byte[] bytes, int offset, int length) {
    if (heldBytes + length > held.length) {
      held = Arrays.copyOf(held, Math.max(held.length * 2, heldBytes + length));
    }
    System.arraycopy(bytes, offset, held, heldBytes, length);
    heldBytes += length;
  }

  private void release() {
    held = new byte[0];
    heldBytes = 0;
    flushCount = 0;
  }

  private void decide(Body body) throws IOException {
    HttpUrlConnectionCall decided;
    try {
      decided = HttpUrlConnectionCall.begin(connection, body);
      call = decided;
      Refusal refusal = decided.refusal();
      if (refusal == null) {
        send(decided);
      } else if (refusal.exception()
          && Connections.remembered(connection) instanceof CallDenied d) {
        throw d;
      }
    } catch (Passed passed) {
      failed = true;
      throw rethrown(passed.thrown());
    } catch (CallDenied denied) {
      throw denied;
    } catch (IOException thrown) { // by the JDK's stream
      failed = true;
      throw thrown;
    } catch (Throwable fault) {
      failed = true;
      refuse(fault);
    } finally {
      release();
    }
  }

  private void send(HttpUrlConnectionCall decided) throws Throwable {
    byte[] rewritten = decided.admission().body();
    if (rewritten != null && expected != -1) {
      Connections.fixedLength(connection, rewritten.length);
    }
    OutputStream opened = OutputHook.open(decided);
    sink = opened;
    if (rewritten != null) {
      opened.write(rewritten, 0, rewritten.length);
      return;
    }
    int from = 0;
    for (int i = 0; i < flushCount; i++) {
      opened.write(held, from, flushes[i] - from);
      opened.flush();
      from = flushes[i];
    }
    opened.write(held, from, heldBytes - from);
  }

  /** A call that failed halfway through a fault of ours is over, whatever its class. */
  private void refuse(Throwable fault) throws IOException {
    Refusal refusal =
        Gate.undecided(
                HttpUrlConnectionInstrumentation.LIBRARY,
                Connections.method(connection),
                connection.getURL().toExternalForm(),
                fault)
            .refusal();
    throw refusal != null
        ? refusal.toException()
        : new IOException("the call could not be sent: " + fault.getClass().getName());
  }

  private static IOException rethrown(Throwable thrown) {
    if (thrown instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    if (thrown instanceof Error error) {
      throw error;
    }
    return thrown instanceof IOException io ? io : new IOException(thrown);
  }
}
