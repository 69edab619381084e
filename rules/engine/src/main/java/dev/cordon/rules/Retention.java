package dev.cordon.rules;

import java.util.List;

/**
 * How long what is journaled is kept, in days; {@link #FOREVER} where it is not deleted. Kept for
 * the part that deletes.
 *
 * @param legalHold names of holds under which nothing is deleted
 */
public record Retention(
    long rawEvidenceDays,
    long eventsDays,
    long aggregatesDays,
    long proofsDays,
    List<String> legalHold) {

  public static final long FOREVER = Long.MAX_VALUE;

  static final Retention DEFAULT = new Retention(0, FOREVER, FOREVER, FOREVER, List.of());

  public Retention {
    legalHold = List.copyOf(legalHold);
  }
}
