package dev.cordon.journal;

/**
 * The journal's health at one moment.
 *
 * @param written records in the queue
 * @param lost records that were given and are not in the queue; also told by {@code gap} records
 * @param waiting records in the ring
 * @param directories directories opened so far; more than one means that one had to be abandoned
 * @param libraryWarnings what the queue's library would have logged
 * @param lastProblem the last failure in one line, empty if none; never a value of a record
 */
public record JournalStatus(
    State state,
    long written,
    long lost,
    int waiting,
    int directories,
    long libraryWarnings,
    String lastProblem) {

  public enum State {
    OPENING,
    RUNNING,
    /** The disk is full or denies access: nothing was written, every record is tried again. */
    FULL,
    /**
     * The queue could not be opened or written for another reason; a new directory is tried every
     * few seconds.
     */
    BROKEN,
    CLOSED
  }
}
