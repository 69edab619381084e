package dev.cordon.rules;

/** What is known of the body of a call. */
public enum BodyState {
  /** The call has no body. */
  NONE,
  /** The whole body is in hand, content-decoded. */
  READ,
  /** Longer than {@link RuleSet#inspectUpToBytes()}; not in hand. */
  TOO_LARGE,
  /** Could not be read or decoded; not in hand. */
  UNREADABLE
}
