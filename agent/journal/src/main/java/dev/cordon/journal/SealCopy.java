package dev.cordon.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Appends signed checkpoints to a file on another device, on a thread of its own: a device that
 * hangs holds up nobody. While it does, the newest checkpoint takes the place of those that wait;
 * it covers what they covered.
 *
 * <pre>
 *  the file:  note, empty line, note, empty line ...
 * </pre>
 */
final class SealCopy implements Runnable {

  private static final long RETRY_NS = 1_000_000_000L;

  private final Path file;
  private final Thread thread;
  private final AtomicReference<byte @Nullable []> waiting = new AtomicReference<>();
  private volatile boolean closing;
  private volatile long takenNs = System.nanoTime();
  private volatile boolean busy;
  private volatile @Nullable Throwable problem;

  SealCopy(Path file) {
    this.file = file;
    thread = new Thread(null, this, "cordon-journal-copy", 1 << 18, false);
    thread.setDaemon(true);
    thread.setContextClassLoader(SealCopy.class.getClassLoader());
    thread.start();
  }

  /** Never waits. */
  void offer(byte[] note) {
    waiting.set(note);
    LockSupport.unpark(thread);
  }

  /** What keeps the copy from being written, if anything does; told once. */
  @Nullable Throwable takeProblem() {
    Throwable told = problem;
    problem = null;
    if (told == null && busy && System.nanoTime() - takenNs > 5 * RETRY_NS) {
      takenNs = System.nanoTime(); // once every five seconds is enough
      return new IOException("the device does not answer");
    }
    return told;
  }

  @Override
  public void run() {
    boolean failed = false;
    while (!closing || waiting.get() != null && !failed) {
      byte[] note = waiting.getAndSet(null);
      if (note == null) {
        LockSupport.park(this);
        Thread.interrupted();
        continue;
      }
      takenNs = System.nanoTime();
      busy = true;
      try {
        append(note);
        failed = false;
      } catch (Throwable t) { // tried again with the next one, or in a second
        problem = t;
        failed = true;
        waiting.compareAndSet(null, note);
        LockSupport.parkNanos(this, RETRY_NS);
        Thread.interrupted();
      }
      busy = false;
    }
  }

  private void append(byte[] note) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(note.length + 1);
    bytes.put(note).put((byte) '\n').flip();
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }
  }

  /** Gives the last checkpoint a moment to get there. */
  void close(long timeoutMs) {
    closing = true;
    LockSupport.unpark(thread);
    try {
      thread.join(timeoutMs);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
