package dev.cordon.instrumentation;

import dev.cordon.instrumentation.LibraryInstrumentation.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All targets by class. The position of a target among those of its class is the number that woven
 * code passes to the dispatcher, so weaver and linker must be built over the same table.
 */
final class TargetTable {

  /** A target and the library it belongs to. */
  record Entry(LibraryInstrumentation library, Target target) {
    String libraryName() {
      return library.library();
    }
  }

  private static final int BUCKETS = 1 << 14; // a false hit, about 1 in 250, costs some look-ups

  private final Map<String, List<Entry>> byClass = new LinkedHashMap<>();
  private final Map<String, LibraryInstrumentation> byCompanion = new HashMap<>();
  private final Map<String, Unguarded> unguarded = new LinkedHashMap<>();
  private final boolean[] endingSeen = new boolean[BUCKETS];

  TargetTable(List<LibraryInstrumentation> libraries) {
    this(libraries, List.of());
  }

  TargetTable(List<LibraryInstrumentation> libraries, List<Unguarded> known) {
    for (LibraryInstrumentation library : libraries) {
      for (Target target : library.targets()) {
        byClass
            .computeIfAbsent(target.className(), name -> new ArrayList<>())
            .add(new Entry(library, target));
        endingSeen[bucketOf(target.className())] = true;
      }
      for (String companion : library.companions()) {
        byCompanion.put(companion, library);
        endingSeen[bucketOf(companion)] = true;
      }
    }
    byClass.replaceAll((name, entries) -> Collections.unmodifiableList(entries));
    for (Unguarded library : known) {
      for (String className : library.classNames()) {
        unguarded.put(className, library);
        endingSeen[bucketOf(className)] = true;
      }
    }
  }

  /** False for nearly every class that is not in this table, in no form; allocates nothing. */
  boolean mayHold(String internalName) {
    return endingSeen[bucketOf(internalName)];
  }

  /** The targets of a class, null when it has none; allocates nothing. */
  @Nullable List<Entry> of(String internalName) {
    return endingSeen[bucketOf(internalName)] ? byClass.get(internalName) : null;
  }

  /** The library of which this class is loaded first, null when it is of none. */
  @Nullable LibraryInstrumentation ofCompanion(String internalName) {
    return endingSeen[bucketOf(internalName)] ? byCompanion.get(internalName) : null;
  }

  /**
   * The class of which this one is a copy under a relocated package, as shading makes it; null when
   * there is none.
   */
  @Nullable List<Entry> relocated(String internalName) {
    if (!endingSeen[bucketOf(internalName)]) {
      return null;
    }
    for (Map.Entry<String, List<Entry>> known : byClass.entrySet()) {
      if (isRelocated(internalName, known.getKey())) {
        return known.getValue();
      }
    }
    return null;
  }

  /**
   * The library that Cordon knows and does not weave and of which this class is, null when there is
   * none. Relocated copies of clients count, those of loggers do not: what brings such a copy along
   * is another agent, which writes its own lines with it.
   */
  @Nullable Unguarded unguarded(String internalName) {
    if (!endingSeen[bucketOf(internalName)]) {
      return null;
    }
    Unguarded exact = unguarded.get(internalName);
    if (exact != null) {
      return exact;
    }
    for (Map.Entry<String, Unguarded> known : unguarded.entrySet()) {
      if (isRelocated(internalName, known.getKey())) {
        return known.getValue().kind() == Kind.CLIENT ? known.getValue() : null;
      }
    }
    return null;
  }

  private static boolean isRelocated(String internalName, String original) {
    int prefix = internalName.length() - original.length();
    return prefix > 1 && internalName.charAt(prefix - 1) == '/' && internalName.endsWith(original);
  }

  /**
   * By five of the last characters: asked for every class of the JVM, at a time when nothing is
   * compiled yet. A relocated name ends as the original does.
   */
  private static int bucketOf(String internalName) {
    int end = internalName.length();
    if (end < 7) {
      return 0;
    }
    int hash = internalName.charAt(end - 1);
    hash = hash * 31 + internalName.charAt(end - 2);
    hash = hash * 31 + internalName.charAt(end - 3);
    hash = hash * 31 + internalName.charAt(end - 5);
    hash = hash * 31 + internalName.charAt(end - 7);
    return (hash ^ (hash >>> 12)) & (BUCKETS - 1);
  }
}
