package dev.cordon.redaction;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A field path of a rule file: {@code text}, {@code a.b}, {@code items[].note}, {@code
 * blocks.**.text}, {@code *.id}. Array levels match without being written.
 */
final class FieldPattern {
  private static final String ANY_DEPTH = "**";

  private final String[] segments;
  private final boolean subtree;

  private FieldPattern(String[] segments, boolean subtree) {
    this.segments = segments;
    this.subtree = subtree;
  }

  /** Matches the field and all that is below it, in any letter case: too much is safe here. */
  static FieldPattern covering(String pattern) {
    return new FieldPattern(split(pattern.toLowerCase(Locale.ROOT), true), true);
  }

  /** Matches the field itself and the elements of its array, nothing below. */
  static FieldPattern exactly(String pattern) {
    return new FieldPattern(split(pattern, false), false);
  }

  private static String[] split(String pattern, boolean andBelow) {
    List<String> segments = new ArrayList<>();
    for (String part : pattern.split("\\.", -1)) {
      String name = part;
      while (name.endsWith("[]")) {
        name = name.substring(0, name.length() - 2);
      }
      if (!name.isEmpty()) {
        segments.add(name);
      }
    }
    if (andBelow) {
      segments.add(ANY_DEPTH);
    }
    return segments.toArray(new String[0]);
  }

  boolean matches(FieldPath path) {
    List<String> names = path.names();
    if (matches(names, 0)) {
      return true;
    }
    // an argument in the query is the same field as the one in the body
    return names.size() > 1 && names.get(0).equals("query") && matches(names, 1);
  }

  /** Wildcard match that goes back to the last {@code **} only, so it is linear in practice. */
  private boolean matches(List<String> names, int first) {
    int name = first;
    int segment = 0;
    int lastAnyDepth = -1;
    int resume = 0;
    while (name < names.size()) {
      if (segment < segments.length && segments[segment].equals(ANY_DEPTH)) {
        lastAnyDepth = segment++;
        resume = name;
      } else if (segment < segments.length && same(segments[segment], names.get(name))) {
        segment++;
        name++;
      } else if (lastAnyDepth >= 0) {
        segment = lastAnyDepth + 1;
        name = ++resume;
      } else {
        return false;
      }
    }
    while (segment < segments.length && segments[segment].equals(ANY_DEPTH)) {
      segment++;
    }
    return segment == segments.length;
  }

  private boolean same(String segment, String name) {
    return segment.equals("*") || (subtree ? segment.equalsIgnoreCase(name) : segment.equals(name));
  }
}
