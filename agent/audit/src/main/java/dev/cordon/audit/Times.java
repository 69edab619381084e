package dev.cordon.audit;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Moments as reports write them: in UTC, so that two readers read the same. */
final class Times {

  private Times() {}

  static String seconds(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** {@code 2026-11-21T10Z}. */
  static String hour(Instant time) {
    String text = time.truncatedTo(ChronoUnit.HOURS).toString();
    return text.substring(0, text.length() - ":00:00Z".length()) + "Z";
  }

  static String day(Instant time) {
    String text = time.truncatedTo(ChronoUnit.DAYS).toString();
    return text.substring(0, text.length() - "T00:00:00Z".length());
  }
}
