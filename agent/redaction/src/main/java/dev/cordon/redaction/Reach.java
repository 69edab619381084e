package dev.cordon.redaction;

/** How much of an input a scan could see. Whoever lets a write pass looks here first. */
public enum Reach {
  /** All of it. */
  WHOLE,
  /** The text parts of a multipart body; at least one binary or encoded part was not read. */
  BINARY_PARTS_SKIPPED,
  /** Nothing: the body is binary. */
  BINARY,
  /** Nothing reliable: the character set is one Cordon cannot read. */
  UNKNOWN_CHARSET,
  /** Nothing reliable: the engine failed on this input. */
  FAILED;

  /** False when a value could have passed unseen. */
  public boolean whole() {
    return this == WHOLE;
  }
}
