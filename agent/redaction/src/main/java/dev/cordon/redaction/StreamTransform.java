package dev.cordon.redaction;

/**
 * Changes bytes on their way: pieces go in as they arrive, pieces come out as soon as nothing that
 * follows can change them. One instance for one stream; used by one thread at a time. Where the
 * pieces are cut makes no difference to the bytes that come out in the end.
 */
public interface StreamTransform {

  /** Takes what comes out. */
  @FunctionalInterface
  interface Sink {
    /**
     * Takes the bytes from {@code from} to before {@code to}: copied or used up when it returns,
     * for the array is used again.
     */
    void write(byte[] bytes, int from, int to);
  }

  /** Takes the next bytes, from {@code from} to before {@code to}; the array stays the caller's. */
  void feed(byte[] bytes, int from, int to, Sink out);

  /** Writes what is still held back; nothing may be fed afterwards. */
  void end(Sink out);
}
