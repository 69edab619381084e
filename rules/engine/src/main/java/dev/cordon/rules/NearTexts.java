package dev.cordon.rules;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Texts of a rule file, to be found by others that a forgiving server takes for them. Immutable.
 * What is plain ASCII is looked up without an allocation.
 */
final class NearTexts {
  private final @Nullable String[] table; // as Fold.nearly writes them
  private final int longest;

  NearTexts(Collection<String> texts) {
    int size = 2;
    while (size < texts.size() * 2) {
      size *= 2;
    }
    table = new @Nullable String[size];
    int most = 0;
    for (String text : texts) {
      String folded = Fold.nearly(text);
      most = Math.max(most, folded.length());
      int at = slot(folded.hashCode());
      String there = table[at];
      while (there != null && !there.equals(folded)) {
        at = (at + 1) & (size - 1);
        there = table[at];
      }
      table[at] = folded;
    }
    longest = most;
  }

  /** What {@link Fold#nearly} makes of the text, where it makes that of one of these; else null. */
  @Nullable String find(@Nullable Object value) {
    if (value instanceof Supposed supposed) {
      String near = supposed.near();
      return near == null ? null : find(near, near.hashCode(), true);
    }
    if (!(value instanceof String text)) {
      return null;
    }
    int hash = 0; // as String has it
    int length = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        String folded = Fold.nearly(text, longest);
        return find(folded, folded.hashCode(), true);
      }
      if (c > ' ' && c != 0x7f) {
        if (++length > longest) {
          return null;
        }
        hash = 31 * hash + Fold.lower(c);
      }
    }
    return find(text, hash, false);
  }

  private @Nullable String find(String text, int hash, boolean isFolded) {
    for (int at = slot(hash); ; at = (at + 1) & (table.length - 1)) {
      String there = table[at];
      if (there == null
          || (there.hashCode() == hash
              && (isFolded ? there.equals(text) : Fold.isNearly(there, text)))) {
        return there;
      }
    }
  }

  private int slot(int hash) {
    return (hash ^ hash >>> 16) & (table.length - 1);
  }
}
