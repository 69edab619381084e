package dev.cordon.rules;

import java.util.List;

/**
 * Whether a call that only its record is known of is one of those that a pattern means. A record
 * has words of the path and {@code *} for the others.
 */
enum Likely {
  NO,
  MAYBE,
  /** In any case of the letters; a restricting rule takes it for its own. */
  ANY_CASE,
  YES;

  /** By path, whatever the method. */
  static Likely path(CallPattern pattern, PastCall call, List<String> suffixes) {
    if (call.isMalformed()) {
      return MAYBE;
    }
    String route = call.route();
    if (route.isEmpty() || route.equals("other")) {
      return pattern.rest() && pattern.alternatives().get(0).isEmpty() ? YES : MAYBE;
    }
    Likely whole = path(pattern, call, route.equals("/") ? new String[0] : segments(route));
    if (suffixes.isEmpty() || whole == YES) {
      return whole;
    }
    for (String suffix : suffixes) {
      if (route.endsWith(suffix)) {
        String shorter = route.substring(0, route.length() - suffix.length());
        Likely without = path(pattern, call, segments(shorter));
        return without.compareTo(whole) > 0 ? without : whole;
      }
    }
    // 12345.json is no word
    return whole == NO && route.endsWith("*") && path(pattern, call, withAny(route)) != NO
        ? MAYBE
        : whole;
  }

  private static String[] segments(String route) {
    return route.substring(1).split("/", -1);
  }

  private static String[] withAny(String route) {
    String[] segments = segments(route);
    segments[segments.length - 1] = "*";
    return segments;
  }

  private static Likely path(CallPattern pattern, PastCall call, String[] segments) {
    List<String> wanted = pattern.alternatives().get(0);
    if (segments.length < wanted.size() || (segments.length > wanted.size() && !pattern.rest())) {
      return NO;
    }
    Likely all = YES;
    for (int i = 0; i < wanted.size(); i++) {
      Likely one = segment(wanted.get(i), segments[i], call);
      if (one == NO) {
        return NO;
      }
      all = one.compareTo(all) < 0 ? one : all;
    }
    return all;
  }

  private static Likely segment(String wanted, String segment, PastCall call) {
    if (wanted.equals("*")) {
      return YES;
    }
    if (!segment.equals("*")) {
      return switch (CallPattern.glob(wanted, segment, 0, segment.length())) {
        case CallPattern.EXACT -> YES;
        case CallPattern.ANY_CASE -> ANY_CASE;
        default -> NO;
      };
    }
    // a word of the list would have been written down
    boolean told =
        wanted.indexOf('*') < 0
            && call.words() >= Words.VERSION
            && !call.has(Trail.ODD_CASE)
            && Words.isName(wanted);
    return told ? NO : MAYBE;
  }

  /** By an operation as records write it: {@code mutation orderUpdate}, {@code tools/call *}. */
  static Likely operation(CallPattern pattern, String operation) {
    String[] names = operation.split(" ", -1);
    Likely best = NO;
    for (List<String> wanted : pattern.alternatives()) {
      if (names.length < wanted.size() || (names.length > wanted.size() && !pattern.rest())) {
        continue;
      }
      Likely all = YES;
      for (int i = 0; i < wanted.size() && all != NO; i++) {
        Likely one =
            wanted.get(i).equals("*")
                ? YES
                : names[i].equals("*")
                    ? MAYBE
                    : switch (CallPattern.glob(wanted.get(i), names[i], 0, names[i].length())) {
                      case CallPattern.EXACT -> YES;
                      case CallPattern.ANY_CASE -> ANY_CASE;
                      default -> NO;
                    };
        all = one.compareTo(all) < 0 ? one : all;
      }
      best = all.compareTo(best) > 0 ? all : best;
    }
    return best;
  }
}
