package dev.cordon.instrumentation;

import org.jspecify.annotations.Nullable;

/** Finds the class files of adapters, wherever the agent keeps them. */
@FunctionalInterface
public interface ClassBytes {

  /** The class file of a class of dev.cordon, null when there is none. */
  byte @Nullable [] of(String binaryName);
}
