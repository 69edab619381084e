package dev.cordon.rules;

import java.time.Duration;
import java.util.List;

/**
 * Whom to tell of what. Kept for the part that counts; the engine alerts nobody.
 *
 * @param measure {@code denies}, {@code unsealed} ...; {@code host} for {@code host first-seen}
 * @param above the threshold; in nanoseconds where {@code isTime}; 0 for {@code first-seen}
 * @param within the window of a count; zero where there is none
 */
public record Alert(
    String id, String measure, long above, boolean isTime, Duration within, List<String> to) {

  public Alert {
    to = List.copyOf(to);
  }
}
