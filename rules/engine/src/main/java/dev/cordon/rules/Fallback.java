package dev.cordon.rules;

/** What happens to calls that could not be treated as the rule file wants. */
public record Fallback(boolean readAllowed, boolean writeAllowed) {

  /** Calls of the classes write-high and unknown are treated like writes. */
  public boolean allows(CallClass callClass) {
    return switch (callClass) {
      case READ -> readAllowed;
      case WRITE, WRITE_HIGH, UNKNOWN -> writeAllowed;
    };
  }
}
