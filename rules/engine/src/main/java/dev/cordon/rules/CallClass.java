package dev.cordon.rules;

/** What a call does to the other side. {@code UNKNOWN} is treated with the care of a write. */
public enum CallClass {
  READ,
  WRITE,
  UNKNOWN
}
