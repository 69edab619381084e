package dev.cordon.bootstrap;

import java.util.List;

/**
 * One HTTP request on one hop, as an adapter presents it to the gate. Used by one thread, during
 * {@link Gate#admit} only.
 */
public interface OutgoingCall {

  /**
   * The adapter's name, as in docs/supported-libraries.md: {@code okhttp}, {@code jdk-client} ...
   */
  String library();

  /** The method as it will be sent, upper case for the standard ones. */
  String method();

  /**
   * The absolute URL of the real route, {@code scheme://host[:port]/path[?query]}: the host that
   * will be connected to, whatever a header says. Path and query as they go on the wire.
   */
  String url();

  /** The headers known at this point, in the order in which they are sent. */
  List<Header> headers();

  /**
   * Reads the body, at most once from the application's source; a second call returns the same.
   *
   * @param limitBytes a longer body is answered with TOO_LARGE
   * @throws Passed when the application's own body threw while it was read
   */
  Body body(int limitBytes) throws Passed;

  /**
   * True when a header of the application contradicts how the client will frame the body: the
   * server could read a second request out of it.
   */
  default boolean isFramingAmbiguous() {
    return false;
  }
}
