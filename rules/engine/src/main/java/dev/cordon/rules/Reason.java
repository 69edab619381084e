package dev.cordon.rules;

/** Why a call was decided as it was; the code is what journals, refusals and tests name. */
public enum Reason {
  /** A rule allowed the call. */
  ALLOWED("allowed"),
  /** No rule matched; the default for reads decided. */
  READ_DEFAULT("read-default"),
  /** No rule matched; the default for writes, or for those of the class write-high, decided. */
  WRITE_DEFAULT("write-default"),
  /** No rule matched; the default for calls of unknown class decided. */
  UNKNOWN_CALL("unknown-call"),
  /** The host is in no destination. */
  UNKNOWN_HOST("unknown-host"),
  /** The host is in a destination, the port is not. */
  UNKNOWN_PORT("unknown-port"),
  /** The destination wants TLS, the call has none. */
  TLS_REQUIRED("tls-required"),
  /** The address is private, and the destination names only a wider network. */
  PRIVATE_ADDRESS("private-address"),
  /** A higher layer took the host or port out of its destination. */
  NARROWED("narrowed"),
  /** A rule with {@code deny} matched. */
  RULE("rule"),
  /** A rule with {@code forbid} matched. */
  FORBIDDEN("forbidden"),
  /** A rule or default wants an approval that the call does not have. */
  APPROVAL_REQUIRED("approval-required"),
  /** A rule hands the call to a person. */
  ESCALATED("escalated"),
  /** The body has a field that the rule's {@code fields} does not list, or cannot be read. */
  FIELD_NOT_ALLOWED("field-not-allowed"),
  /** A limit of a rule is used up, or what the call would add to it cannot be told. */
  LIMIT_EXCEEDED("limit-exceeded"),
  /** The same write was made before, or that cannot be told. */
  DUPLICATE_WRITE("duplicate-write"),
  /** The body is longer than a rule lets it be. */
  BODY_OVER_SIZE("body-over-size"),
  /** The body is longer than is inspected. */
  BODY_TOO_LARGE("body-too-large"),
  /** The body could not be read or decoded. */
  BODY_UNREADABLE("body-unreadable"),
  /** The URL is none, or servers would read it in different ways. */
  MALFORMED_URL("malformed-url"),
  /** The engine failed; {@code on-error} decided. */
  ENGINE_ERROR("engine-error");

  private final String code;

  Reason(String code) {
    this.code = code;
  }

  /** Why a call is decided by a rule of this effect. */
  static Reason of(Effect effect) {
    return switch (effect) {
      case ALLOW -> ALLOWED;
      case APPROVE -> APPROVAL_REQUIRED;
      case ESCALATE -> ESCALATED;
      case DENY -> RULE;
      case FORBID -> FORBIDDEN;
    };
  }

  /** The name in journals and refusals, kebab-case. */
  public String code() {
    return code;
  }
}
