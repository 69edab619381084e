package dev.cordon.rules;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A text of which a proof settles only what rules ask: it is none of the texts that a rule file
 * writes, and no number.
 *
 * @param near what {@link Fold#nearly} makes of it where that is what it makes of a text of a rule
 *     file; null: of none
 * @param length in code points
 * @param matching by the source of a pattern; a text too long for it is in neither
 * @param holding by the type of a detector
 */
record Supposed(
    @Nullable String near, long length, Map<String, Boolean> matching, Map<String, Truth> holding) {

  @Nullable Boolean matches(NamedPattern pattern) {
    return matching.get(pattern.source());
  }

  Truth has(String type) {
    return holding.getOrDefault(type, Truth.UNKNOWN);
  }
}
