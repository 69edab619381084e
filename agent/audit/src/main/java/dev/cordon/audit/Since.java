package dev.cordon.audit;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;

/**
 * A moment as people write it: {@code 10m}, {@code 2026-11-21}, {@code 2026-11-21T10:15}, {@code
 * 2026-11-21T10:15:00Z}.
 */
final class Since {

  private Since() {}

  static Instant parse(String option, String text, Instant now, ZoneId zone) throws UsageException {
    try {
      if (text.matches("[0-9]{1,9}[smhd]")) {
        return now.minus(ago(text));
      }
      if (text.length() == 10) {
        return LocalDate.parse(text).atStartOfDay(zone).toInstant();
      }
      if (text.endsWith("Z")) {
        return Instant.parse(text);
      }
      return LocalDateTime.parse(text).atZone(zone).toInstant();
    } catch (DateTimeParseException e) {
      throw new UsageException(
          option
              + " "
              + text
              + ": not a time; write 10m, 2h, 3d, 2026-11-21, 2026-11-21T10:15 or"
              + " 2026-11-21T10:15:00Z");
    }
  }

  private static Duration ago(String text) {
    long amount = Long.parseLong(text.substring(0, text.length() - 1));
    return switch (text.charAt(text.length() - 1)) {
      case 's' -> Duration.ofSeconds(amount);
      case 'm' -> Duration.ofMinutes(amount);
      case 'h' -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    };
  }
}
