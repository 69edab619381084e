package dev.cordon.rules;

/**
 * What a call does to the other side, from the mildest to the strictest: of several classes that a
 * call may have, the last one counts.
 */
public enum CallClass {
  /** Changes nothing. */
  READ("read"),
  /** Changes something that can be changed back. */
  WRITE("write"),
  /** Cannot be taken back, moves money, or changes who may do what. */
  WRITE_HIGH("write-high"),
  /** Cannot be told; treated with the care of a write. */
  UNKNOWN("unknown");

  private final String code;

  CallClass(String code) {
    this.code = code;
  }

  /** The name in rule files, packs and journals. */
  public String code() {
    return code;
  }

  boolean isStricterThan(CallClass other) {
    return compareTo(other) > 0;
  }

  /** The stricter of the two. */
  CallClass or(CallClass other) {
    return isStricterThan(other) ? this : other;
  }
}
