package dev.cordon.instrumentation;

/**
 * Learns which hooks are live and which are not. Called on the thread that loads a class, or that
 * first calls a woven method: quick, and must not throw.
 */
public interface Coverage {

  /**
   * The method is woven; may be reported again when another loader loads the class, or when the
   * class is retransformed.
   */
  void installed(String library, String target);

  /** The method is not guarded; {@code why} names what was not as expected. */
  void missing(String library, String target, String why);
}
