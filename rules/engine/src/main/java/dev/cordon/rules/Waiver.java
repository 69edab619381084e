package dev.cordon.rules;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/**
 * A rule of a lower layer that only tells what it would do, for a while.
 *
 * @param rule its id
 * @param ticket where that was decided
 * @param until the last day, in UTC
 */
public record Waiver(String rule, String ticket, LocalDate until) {

  public boolean isOver(Instant now) {
    return now.atOffset(ZoneOffset.UTC).toLocalDate().isAfter(until);
  }
}
