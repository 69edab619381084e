package dev.cordon.launcher;

/** Why another version of the rules is not taken. The codes are those of {@code policy.reject}. */
enum Rejection {
  /** Gone, no file, not to be read. */
  UNREADABLE("rules-unreadable", true),
  /** It changes faster than it can be read. */
  UNSETTLED("rules-unsettled", true),
  INVALID("rules-invalid", false),
  CASE_FAILED("case-failed", false),
  OTHER_NAME("other-name", false),
  OTHER_MODE("other-mode", false),
  /** It has pseudonyms, or tokens that can be opened, and this JVM has no key for them. */
  NO_REDACTION_KEY("no-redaction-key", false),
  LOWER_SERIAL("lower-serial", false),
  /** A serial was signed twice, with different rules. */
  REUSED_SERIAL("reused-serial", false),
  /** Unsigned, or signed by somebody else. */
  SIGNATURE("bad-signature", false),
  /** No journal took the record of the activation. */
  JOURNAL_DOWN("journal-down", true),
  SERIAL_UNSAVED("serial-unsaved", true),
  FAULT("internal-error", true);

  private final String code;
  private final boolean passing;

  Rejection(String code, boolean passing) {
    this.code = code;
    this.passing = passing;
  }

  String code() {
    return code;
  }

  /** True when the same file may be taken a little later. */
  boolean isPassing() {
    return passing;
  }
}
