package dev.cordon.audit;

/** What a decision came to, for people who count calls. */
enum Outcome {
  ALLOWED("allowed"),
  REDACTED("redacted"),
  APPROVAL("wants approval"),
  ESCALATED("escalated"),
  REFUSED("refused"),
  OBSERVED("would be stopped"),
  OTHER("other");

  final String title;

  Outcome(String title) {
    this.title = title;
  }

  static Outcome of(String decision) {
    return switch (decision) {
      case "allow", "approved", "fail-open" -> ALLOWED;
      case "redacted", "would_redact" -> REDACTED;
      case "approve", "approve-wait" -> APPROVAL;
      case "escalate" -> ESCALATED;
      case "deny", "forbid", "fail-closed" -> REFUSED;
      default -> decision.startsWith("would_") ? OBSERVED : OTHER;
    };
  }

  /** The call did not leave. */
  boolean isStopped() {
    return switch (this) {
      case APPROVAL, ESCALATED, REFUSED -> true;
      case ALLOWED, REDACTED, OBSERVED, OTHER -> false;
    };
  }
}
