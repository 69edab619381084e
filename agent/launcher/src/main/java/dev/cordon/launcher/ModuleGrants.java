package dev.cordon.launcher;

import java.lang.instrument.Instrumentation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Gives the agent's own loader what the journal's library needs of java.base, in place of
 * --add-opens and --add-exports on the command line. The application's modules and class path gain
 * nothing.
 */
final class ModuleGrants {

  // without: map0 of the mapped files cannot be reached
  private static final List<String> OPENS = List.of("java.lang.reflect");

  // sun.nio.ch: the queue would silently fall back to read-only; jdk.internal.ref: a warning on
  // stderr; jdk.internal.misc: the stand-in for sun.misc.Unsafe, which warns from JDK 24 on;
  // sun.security.jca: else the seal key is hashed by the application's security provider
  private static final List<String> EXPORTS =
      List.of(
          "sun.nio.ch",
          "jdk.internal.ref",
          "jdk.internal.util",
          "jdk.internal.misc",
          "sun.security.jca");

  private ModuleGrants() {}

  /** Must precede the first class of the journal. */
  static void apply(Instrumentation instrumentation, Module to) {
    Module base = Object.class.getModule();
    instrumentation.redefineModule(
        base, Set.of(), only(EXPORTS, base, to), only(OPENS, base, to), Set.of(), Map.of());
  }

  /** Packages that this JDK has; another JDK may have dropped one that was optional. */
  private static Map<String, Set<Module>> only(List<String> packages, Module base, Module to) {
    Map<String, Set<Module>> granted = new HashMap<>();
    for (String name : packages) {
      if (base.getPackages().contains(name)) {
        granted.put(name, Set.of(to));
      }
    }
    return granted;
  }
}
