package dev.cordon.redaction;

import org.jspecify.annotations.Nullable;

/**
 * What was learnt about names of fields: the same few stand in every body, and to read one takes
 * longer than to read its value. Remembers names of letters only, the last two for each hash. For
 * all threads: many live for one call. What one of them puts there is immutable, so that another
 * sees all of it or nothing, and to lose it costs only time.
 */
final class KnownNames {
  /** That of the bodies of this JVM. */
  static final KnownNames SHARED = new KnownNames();

  private static final int SLOT_BITS = 9;
  private static final int MAX_CHARS = 32;

  private record Known(String name, int kinds, int said, boolean tells) {

    boolean is(String s, int from, int length, int wantedKinds) {
      return kinds == wantedKinds && name.length() == length && s.startsWith(name, from);
    }
  }

  private final @Nullable Known[] table = new @Nullable Known[1 << SLOT_BITS];

  /** As {@link Names#ofField} says. */
  int ofField(String s, int from, int to, int wantedKinds) {
    Known known = find(s, from, to, wantedKinds);
    return known == null ? Names.ofField(s, from, to, wantedKinds) : known.said();
  }

  /** Whether this is the key of an {@link Ids} or of a name or an address. */
  boolean tells(String s, int from, int to, int wantedKinds) {
    Known known = find(s, from, to, wantedKinds);
    return known == null ? Ids.ofKey(s, from, to) != 0 : known.tells();
  }

  /** What is remembered of this name from now on; null if it cannot be. */
  private @Nullable Known find(String s, int from, int to, int wantedKinds) {
    int length = to - from;
    if (length > MAX_CHARS) {
      return null;
    }
    int hash = wantedKinds;
    for (int i = from; i < to; i++) {
      hash = hash * 31 + s.charAt(i);
    }
    int slot = hash * 0x9E3779B1 >>> 32 - SLOT_BITS;
    Known first = table[slot];
    if (first != null && first.is(s, from, length, wantedKinds)) {
      return first;
    }
    Known second = table[slot ^ 1];
    if (second != null && second.is(s, from, length, wantedKinds)) {
      return second;
    }
    // what has digits or signs in it may be a value: it is not kept
    for (int i = from; i < to; i++) {
      char c = s.charAt(i);
      if (!Chars.isAsciiLetter(c) && c != '_' && c != '-') {
        return null;
      }
    }
    Known made =
        new Known(
            s.substring(from, to),
            wantedKinds,
            Names.ofField(s, from, to, wantedKinds),
            Ids.ofKey(s, from, to) != 0);
    table[slot ^ 1] = first;
    table[slot] = made;
    return made;
  }
}
