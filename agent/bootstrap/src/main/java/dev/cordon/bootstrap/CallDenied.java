package dev.cordon.bootstrap;

import java.net.ProtocolException;

/**
 * A refusal as an exception. A {@link ProtocolException}, because every client treats that as final
 * where it would send the call again after another IOException.
 */
public final class CallDenied extends ProtocolException {
  private static final long serialVersionUID = 1L;

  private final String decisionId;

  public CallDenied(String message, String decisionId) {
    super(message);
    this.decisionId = decisionId;
  }

  /** The id under which the journal holds the decision. */
  public String decisionId() {
    return decisionId;
  }
}
