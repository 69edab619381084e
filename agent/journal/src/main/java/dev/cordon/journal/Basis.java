package dev.cordon.journal;

/**
 * What a decision was made of, so that it can be made again under other rules: truth values of
 * conditions, never what they looked at. The meaning of the codes is the rule engine's; it is told
 * in docs/journal-format.md.
 *
 * @param flags what kind of call it was
 * @param methods the methods that the call may be taken for, a bit each
 * @param words version of the list of words that routes and field names are made of
 * @param classes stands for the tables that gave the call its class
 * @param redactions stands for the redactions that were to be applied
 * @param count how many of the prints are in use
 * @param prints each stands for a condition, or for the calls that a rule is for
 * @param values what came of each
 */
public record Basis(
    int flags,
    int methods,
    int words,
    long classes,
    long redactions,
    int count,
    long[] prints,
    byte[] values) {

  static final int MAX_PRINTS = 40;
  static final int FIXED_BYTES = 24;
  static final int PRINT_BYTES = 9;

  /** What came of the condition that the print stands for; -1 when it was not looked at. */
  public int valueOf(long print) {
    for (int i = 0; i < count; i++) {
      if (prints[i] == print) {
        return values[i];
      }
    }
    return -1;
  }
}
