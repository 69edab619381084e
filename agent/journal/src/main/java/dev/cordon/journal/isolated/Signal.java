package dev.cordon.journal.isolated;

/**
 * Stands where Chronicle would use {@code sun.misc.Signal}: the signals of a process belong to its
 * application, and the module of that class need not be there.
 */
public final class Signal {
  private final String name;

  public Signal(String name) {
    this.name = name;
  }

  public String getName() {
    return name;
  }

  /** Installs nothing; returns the handler that was there before, as far as Chronicle can see. */
  public static SignalHandler handle(Signal signal, SignalHandler handler) {
    return ignored -> {};
  }
}
