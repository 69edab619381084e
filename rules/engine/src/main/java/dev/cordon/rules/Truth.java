package dev.cordon.rules;

/** The three values of a condition. */
public enum Truth {
  FALSE,
  /** Absent, of the wrong type, unreadable, or open to more than one reading. */
  UNKNOWN,
  TRUE;

  static Truth of(boolean value) {
    return value ? TRUE : FALSE;
  }

  /** Kleene's: the lesser of the two. */
  Truth and(Truth other) {
    return compareTo(other) <= 0 ? this : other;
  }

  /** Kleene's: the greater of the two. */
  Truth or(Truth other) {
    return compareTo(other) >= 0 ? this : other;
  }

  Truth not() {
    return switch (this) {
      case FALSE -> TRUE;
      case UNKNOWN -> UNKNOWN;
      case TRUE -> FALSE;
    };
  }

  /** In a journal. */
  int code() {
    return switch (this) {
      case FALSE -> 0;
      case TRUE -> 1;
      case UNKNOWN -> 2;
    };
  }
}
