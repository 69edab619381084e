package dev.cordon.rules;

/** What a rule or a default does with a call, weakest first: the strongest one wins. */
public enum Effect {
  ALLOW,
  /** Refused unless a person approves. */
  APPROVE,
  /** Refused to the program and handed to a person. */
  ESCALATE,
  DENY,
  /** Refused, and nothing can waive it. */
  FORBID
}
