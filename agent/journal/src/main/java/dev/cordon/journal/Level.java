package dev.cordon.journal;

/** How sure the caller must be of its record before it goes on. */
public enum Level {
  /**
   * In the bounded ring: lost by {@code kill -9} within about a millisecond. For calls that change
   * nothing.
   */
  ACCEPTED,
  /**
   * In the queue's page cache: survives {@code kill -9}, not a power failure. For writes and
   * refusals.
   */
  COMMITTED,
  /** Forced to the device: survives a power failure. For the irreversible. */
  DURABLE
}
