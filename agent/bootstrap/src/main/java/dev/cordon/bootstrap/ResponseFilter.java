package dev.cordon.bootstrap;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Changes the body that answers a call, while it arrives. An adapter asks for it when it has the
 * headers; a body that is not to be changed costs one question and is handed on as it is.
 */
public interface ResponseFilter {

  /** The headers of a response. */
  @FunctionalInterface
  interface Headers {
    /** The first value of this header, null without one. */
    @Nullable String first(String name);
  }

  /**
   * One body. Used by one thread at a time. The body keeps its Content-Encoding; its length is no
   * longer the announced one.
   */
  interface Body {
    /**
     * Takes the bytes from {@code from} to before {@code to}; the array stays the caller's.
     *
     * @return what can be handed on, perhaps nothing
     * @throws IOException when the rest of the body must not be handed on; what the application
     *     gets in its place. Nothing more may be passed then
     */
    byte[] pass(byte[] bytes, int from, int to) throws IOException;

    /**
     * Ends the body.
     *
     * @return the rest
     */
    byte[] end() throws IOException;

    /** The application reads no further, or the connection broke. Never throws. */
    void abandoned();
  }

  /**
   * Begins a body.
   *
   * @return null when it is to be handed on as it is. Never throws
   */
  @Nullable Body open(int status, Headers headers);

  /** Whether a body that cannot go through the filter must not be handed on. Never throws. */
  boolean withholds();

  /**
   * Counts and journals that an adapter could not put a body through the filter. Never throws.
   *
   * @return what the application gets in its place; null when it is handed on as it is
   */
  @Nullable CallDenied unfiltered(Throwable fault);
}
