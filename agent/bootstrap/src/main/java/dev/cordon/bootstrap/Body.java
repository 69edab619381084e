package dev.cordon.bootstrap;

import java.util.Objects;

/**
 * The body of an outgoing call as its adapter could read it.
 *
 * @param bytes the whole body, still content-encoded, when {@code state} is READ; else empty
 * @param length bytes on the wire, -1 when not known
 */
public record Body(State state, byte[] bytes, long length) {

  /** How much of a body Cordon has seen. */
  public enum State {
    /** The call has no body. */
    NONE,
    /** All of it. */
    READ,
    /** Longer than the limit; the call can still be sent unchanged. */
    TOO_LARGE,
    /** It cannot be read without breaking the call (a duplex stream). */
    UNREADABLE
  }

  private static final byte[] NOTHING = new byte[0];
  private static final Body EMPTY = new Body(State.NONE, NOTHING, 0);

  public Body {
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(bytes, "bytes");
  }

  public static Body none() {
    return EMPTY;
  }

  public static Body read(byte[] bytes) {
    return new Body(State.READ, bytes, bytes.length);
  }

  public static Body tooLarge(long length) {
    return new Body(State.TOO_LARGE, NOTHING, length);
  }

  public static Body unreadable() {
    return new Body(State.UNREADABLE, NOTHING, -1);
  }

  @Override
  public String toString() {
    return "Body[" + state + ", " + length + " bytes]"; // never the content
  }
}
