package dev.cordon.journal.isolated;

/** Stands where Chronicle would use {@code sun.misc.SignalHandler}. */
public interface SignalHandler {
  void handle(Signal signal);
}
