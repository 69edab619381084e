package dev.cordon.launcher;

/** What becomes of the JVM when Cordon cannot start. */
enum OnStartFailure {
  /** The JVM does not start: exit code 1. */
  EXIT,
  /** The application runs unguarded, and a loud line says so. */
  OBSERVE
}
