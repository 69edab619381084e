package dev.cordon.enforcement;

/**
 * Where Cordon tells the operator about its own faults: class names and places, never a message of
 * an exception, because a message may quote what it was given.
 */
@FunctionalInterface
public interface FaultLog {
  void fault(String where, Throwable fault);
}
