package dev.cordon.redaction;

import java.util.Arrays;

/**
 * What verifiers have learnt about rows of characters of the text that is scanned: where a row ends
 * and up to where none of a class stands. Many words can announce one long value, and each of their
 * verifiers wants to know where it ends; only the first one has to read it.
 */
final class Runs {
  static final char DIGIT = '0';
  static final char UPPER = '1';
  static final char LOWER = '2';

  /** What a value without quotes consists of; see {@link Assignments}. */
  static final char BARE = '3';

  /** What a secret of AWS consists of; see {@link Secrets}. */
  static final char AWS_SECRET = '4';

  /** What follows the name of a scheme of HTTP; see {@link Secrets}. */
  static final char CREDENTIALS = '5';

  /** What gives a name its value; see {@link Shapes}. */
  static final char ASSIGNS = '6';

  private static final int SLOTS = 128; // each character of ASCII has its own

  private final int[] begins = new int[SLOTS];
  private final int[] ends = new int[SLOTS];
  private boolean used;

  /** Forgets another text. */
  void begin() {
    if (used) {
      Arrays.fill(ends, -1);
      used = false;
    }
  }

  Runs() {
    Arrays.fill(ends, -1);
  }

  /** Where the row of characters of a class ends that begins or goes on here. */
  int rowEnd(char kind, String s, int from, int to) {
    int slot = kind & SLOTS - 1;
    int at = known(slot, from);
    while (at < to && isOf(kind, s.charAt(at))) {
      at++;
    }
    ends[slot] = Math.max(at, ends[slot]);
    return Math.min(at, to);
  }

  /** Whether a digit, a capital, a small letter or a sign stands there. */
  boolean has(char which, String s, int from, int to) {
    int slot = which & SLOTS - 1;
    int at = known(slot, from);
    while (at < to && !isOf(which, s.charAt(at))) {
      at++;
    }
    ends[slot] = Math.max(at, ends[slot]);
    return at < to;
  }

  /** From where on it must be read. */
  private int known(int slot, int from) {
    used = true;
    if (begins[slot] <= from && from <= ends[slot]) {
      return ends[slot];
    }
    begins[slot] = from;
    ends[slot] = from;
    return from;
  }

  private static boolean isOf(char which, char c) {
    return switch (which) {
      case DIGIT -> Chars.isDigit(c);
      case UPPER -> c >= 'A' && c <= 'Z';
      case LOWER -> c >= 'a' && c <= 'z';
      case BARE -> Assignments.isBare(c);
      case ASSIGNS -> Shapes.assigns(c);
      case CREDENTIALS -> Chars.isCredentials(c);
      case AWS_SECRET -> Secrets.isAwsSecret(c);
      default -> Shapes.is(which, c);
    };
  }
}
