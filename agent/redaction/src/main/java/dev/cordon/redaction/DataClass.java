package dev.cordon.redaction;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How much harm it does when a value gets where it should not be; the last does most. */
public enum DataClass {
  /** What anybody may read; nothing that is looked for. */
  PUBLIC,
  /** What says little about a person: addresses of machines, numbers of companies. */
  INTERNAL,
  /** Personal data. */
  CONFIDENTIAL,
  /** What money, an identity or access hangs on, and what is said about somebody's health. */
  RESTRICTED;

  private final String label = name().toLowerCase(Locale.ROOT);

  /** As rule files and reports name it. */
  public String label() {
    return label;
  }

  /** Null for a name of none. */
  public static @Nullable DataClass of(String label) {
    for (DataClass one : values()) {
      if (one.label.equals(label)) {
        return one;
      }
    }
    return null;
  }

  /** The kinds of this class; a type of a rule file's own has to be named. */
  public Set<Kind> kinds() {
    Set<Kind> kinds = EnumSet.noneOf(Kind.class);
    for (Kind kind : Kind.values()) {
      if (kind.dataClass() == this && kind != Kind.CUSTOM) {
        kinds.add(kind);
      }
    }
    return kinds;
  }
}
