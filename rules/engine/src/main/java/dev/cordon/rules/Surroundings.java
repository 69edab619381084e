package dev.cordon.rules;

import java.time.InstantSource;
import java.util.Objects;
import java.util.function.LongSupplier;

/**
 * What rules need from where they run.
 *
 * @param detector finds what {@code has} and categories ask for
 * @param clock the time of day, for {@code time in} and dates
 * @param nanoClock never goes back; for the windows of limits
 * @param ledger what was spent; hand the same one to every version of a rule file
 * @param origins where values came from, for {@code taint}; likewise
 */
public record Surroundings(
    Detector detector,
    InstantSource clock,
    LongSupplier nanoClock,
    Ledger ledger,
    Origins origins) {

  public Surroundings {
    Objects.requireNonNull(detector, "detector");
    Objects.requireNonNull(clock, "clock");
    Objects.requireNonNull(nanoClock, "nanoClock");
    Objects.requireNonNull(ledger, "ledger");
    Objects.requireNonNull(origins, "origins");
  }

  /** Where nothing is known yet of where values came from. */
  public Surroundings(
      Detector detector, InstantSource clock, LongSupplier nanoClock, Ledger ledger) {
    this(detector, clock, nanoClock, ledger, new Origins(nanoClock));
  }

  /** The clocks of this machine and a ledger of its own. */
  public static Surroundings of(Detector detector) {
    return new Surroundings(detector, InstantSource.system(), System::nanoTime, new Ledger());
  }
}
