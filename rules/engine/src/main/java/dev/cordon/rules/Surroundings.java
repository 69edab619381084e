package dev.cordon.rules;

import java.time.InstantSource;
import java.util.Objects;

/**
 * What rules need from where they run.
 *
 * @param detector finds what {@code has} and categories ask for
 * @param clock the time of day, for {@code time in} and dates
 */
public record Surroundings(Detector detector, InstantSource clock) {

  public Surroundings {
    Objects.requireNonNull(detector, "detector");
    Objects.requireNonNull(clock, "clock");
  }

  /** The clock of this machine. */
  public static Surroundings of(Detector detector) {
    return new Surroundings(detector, InstantSource.system());
  }
}
