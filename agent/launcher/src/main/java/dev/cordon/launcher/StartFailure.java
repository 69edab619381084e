package dev.cordon.launcher;

import java.util.List;

/**
 * Why Cordon cannot start, as the operator reads it.
 *
 * <p>The message is one line without a full stop; what happens next is added to it.
 */
final class StartFailure extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient List<String> details;

  StartFailure(String message) {
    this(message, List.of());
  }

  /**
   * @param details lines printed before the message, as they are
   */
  StartFailure(String message, List<String> details) {
    super(message, null, false, false); // a user's mistake has no stack trace
    this.details = List.copyOf(details);
  }

  List<String> details() {
    return details;
  }

  String line() {
    return String.valueOf(getMessage());
  }
}
