package dev.cordon.redaction;

import org.jspecify.annotations.Nullable;

/**
 * What a thread has learnt about names of fields: the same few stand in every body, and to read one
 * takes longer than to read its value. Remembers names of letters only, the last two for each hash.
 */
final class KnownNames {
  private static final int SLOT_BITS = 9;
  private static final int MAX_CHARS = 32;

  private final @Nullable String[] names = new @Nullable String[1 << SLOT_BITS];
  private final int[] kinds = new int[1 << SLOT_BITS];
  private final int[] said = new int[1 << SLOT_BITS];
  private final boolean[] tells = new boolean[1 << SLOT_BITS];

  /** As {@link Names#ofField} says. */
  int ofField(String s, int from, int to, int wantedKinds) {
    int slot = slot(s, from, to, wantedKinds);
    return slot < 0 ? Names.ofField(s, from, to, wantedKinds) : said[slot];
  }

  /** Whether this is the key of an {@link Ids} or of a name or an address. */
  boolean tells(String s, int from, int to, int wantedKinds) {
    int slot = slot(s, from, to, wantedKinds);
    return slot < 0 ? Ids.ofKey(s, from, to) != 0 : tells[slot];
  }

  /** Where this name is remembered; -1 if it cannot be. */
  private int slot(String s, int from, int to, int wantedKinds) {
    int length = to - from;
    if (length > MAX_CHARS) {
      return -1;
    }
    int hash = wantedKinds;
    for (int i = from; i < to; i++) {
      hash = hash * 31 + s.charAt(i);
    }
    int slot = hash * 0x9E3779B1 >>> 32 - SLOT_BITS;
    if (isAt(slot, s, from, length, wantedKinds)) {
      return slot;
    }
    int other = slot ^ 1;
    if (isAt(other, s, from, length, wantedKinds)) {
      return other;
    }
    // what has digits or signs in it may be a value: it is not kept
    for (int i = from; i < to; i++) {
      char c = s.charAt(i);
      if (!Chars.isAsciiLetter(c) && c != '_' && c != '-') {
        return -1;
      }
    }
    names[other] = names[slot];
    kinds[other] = kinds[slot];
    said[other] = said[slot];
    tells[other] = tells[slot];
    said[slot] = Names.ofField(s, from, to, wantedKinds);
    tells[slot] = Ids.ofKey(s, from, to) != 0;
    kinds[slot] = wantedKinds;
    names[slot] = s.substring(from, to);
    return slot;
  }

  private boolean isAt(int slot, String s, int from, int length, int wantedKinds) {
    String known = names[slot];
    return known != null
        && kinds[slot] == wantedKinds
        && known.length() == length
        && s.startsWith(known, from);
  }
}
