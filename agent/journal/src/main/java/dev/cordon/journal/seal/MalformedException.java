package dev.cordon.journal.seal;

/** A key, note, checkpoint or proof that is not one; the message says what and where. */
public final class MalformedException extends Exception {

  private static final long serialVersionUID = 1L;

  public MalformedException(String message) {
    super(message);
  }
}
