package dev.cordon.instrumentation;

import dev.cordon.bootstrap.Gate;

/** The guard of logger tests, for those of one library. */
public final class PatternGuards {

  private PatternGuards() {}

  /** Weaves, and installs a guard that finds addresses at example.com and sixteen digits. */
  public static void weave() {
    WovenJvm.weave();
    Gate.install(new PatternGuard());
  }

  /** Installs one that fails at every line. */
  public static void breakIt() {
    PatternGuard guard = new PatternGuard();
    guard.isBroken = true;
    Gate.install(guard);
  }
}
