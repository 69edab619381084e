package dev.cordon.rules;

/** What happens to calls that could not be treated as the rule file wants. */
public record Fallback(boolean readAllowed, boolean writeAllowed) {

  /** A call of unknown class is treated like a write. */
  public boolean allows(CallClass callClass) {
    return switch (callClass) {
      case READ -> readAllowed;
      case WRITE, UNKNOWN -> writeAllowed;
    };
  }
}
