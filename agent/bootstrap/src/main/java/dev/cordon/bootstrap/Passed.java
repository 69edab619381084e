package dev.cordon.bootstrap;

/**
 * Carries a throwable of the application through Cordon's code, so that it is never taken for a
 * fault of ours.
 */
public final class Passed extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Throwable thrown;

  public Passed(Throwable thrown) {
    super(null, null, false, false); // no stack trace: it never leaves the hook
    this.thrown = thrown instanceof Passed inner ? inner.thrown : thrown;
  }

  /** The application's own throwable, unchanged. */
  public Throwable thrown() {
    return thrown;
  }
}
