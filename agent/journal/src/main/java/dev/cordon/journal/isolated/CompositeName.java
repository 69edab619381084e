package dev.cordon.journal.isolated;

/**
 * Stands where Chronicle would use {@code javax.naming.CompositeName}, of which this journal writes
 * none.
 */
public final class CompositeName {
  private final String text;

  public CompositeName(String text) {
    this.text = text;
  }

  @Override
  public String toString() {
    return text;
  }
}
