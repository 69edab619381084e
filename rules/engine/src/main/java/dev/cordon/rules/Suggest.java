package dev.cordon.rules;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Finds the word a person meant. */
final class Suggest {
  private Suggest() {}

  /** {@code did you mean 'x'?}, or the fallback when nothing is near. */
  static String hint(String written, Collection<String> known, String fallback) {
    String near = near(written, known);
    return near == null ? fallback : "did you mean '" + near + "'?";
  }

  /** The nearest word at most two edits away, and nearer than half its length. */
  static @Nullable String near(String written, Collection<String> known) {
    String best = null;
    int bestDistance = 3;
    for (String word : known) {
      int distance = distance(written.toLowerCase(java.util.Locale.ROOT), word);
      if (distance < bestDistance && distance * 2 < Math.max(written.length(), 3)) {
        best = word;
        bestDistance = distance;
      }
    }
    return best;
  }

  private static int distance(String a, String b) {
    if (Math.abs(a.length() - b.length()) > 2) {
      return Integer.MAX_VALUE / 4;
    }
    int[] previous = new int[b.length() + 1];
    int[] current = new int[b.length() + 1];
    int[] beforePrevious = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        int cost = Math.min(Math.min(current[j - 1], previous[j]) + 1, previous[j - 1] + change);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          cost = Math.min(cost, beforePrevious[j - 2] + 1); // two letters swapped
        }
        current[j] = cost;
      }
      int[] spare = beforePrevious;
      beforePrevious = previous;
      previous = current;
      current = spare;
    }
    return previous[b.length()];
  }
}
