package dev.cordon.journal;

/** What became of one record. */
public enum Appended {
  ACCEPTED,
  COMMITTED,
  DURABLE,
  /**
   * Not known to be kept as safely as asked in the given time; the fail mode of the call's class
   * decides what follows.
   */
  FAILED
}
