package dev.cordon.rules;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * For every set of patterns of a segment that one text can match, in its case or in any, a text
 * that matches just those: the patterns run side by side over an alphabet of the letters in them
 * and one other.
 */
final class SegmentClasses {
  private static final int MAX_STATES = 20_000;
  private static final int WITNESSES = 3; // one may happen to be a name of its own
  private static final int MAX_CHARS = 60;

  /** Texts of all classes. */
  final Set<String> texts = new LinkedHashSet<>();

  /** Some class may be missing. */
  boolean cut;

  SegmentClasses(List<String> patterns) {
    Set<Character> alphabet = new TreeSet<>();
    for (String pattern : patterns) {
      for (int i = 0; i < pattern.length(); i++) {
        char c = pattern.charAt(i);
        if (c != '*') {
          alphabet.add(c);
          alphabet.add(Character.toUpperCase(Fold.lower(c)));
          alphabet.add(Fold.lower(c));
        }
      }
      cut |= pattern.length() > MAX_CHARS;
    }
    for (char other : new char[] {'q', 'z', 'j', '0', '~'}) {
      if (!alphabet.contains(other) && !alphabet.contains(Character.toUpperCase(other))) {
        alphabet.add(other);
        break;
      }
    }
    if (!cut) {
      walk(patterns, alphabet);
    }
  }

  private record State(List<Long> exact, List<Long> anyCase) {}

  private void walk(List<String> patterns, Set<Character> alphabet) {
    List<Long> start = new ArrayList<>();
    for (String pattern : patterns) {
      start.add(closed(pattern, 1));
    }
    State first = new State(start, start);
    Map<State, Integer> seen = new HashMap<>();
    Map<String, Integer> told = new HashMap<>();
    Deque<Map.Entry<State, String>> open = new ArrayDeque<>();
    open.add(Map.entry(first, ""));
    seen.put(first, 1);
    while (!open.isEmpty()) {
      Map.Entry<State, String> here = open.removeFirst();
      String text = here.getValue();
      String which = accepted(patterns, here.getKey());
      if (isSegment(text) && told.merge(which, 1, Integer::sum) <= WITNESSES) {
        texts.add(text);
      }
      if (text.length() >= MAX_CHARS * 2) {
        cut = true;
        continue;
      }
      for (char c : alphabet) {
        State next = step(patterns, here.getKey(), c);
        // a state may be entered a few times: its texts differ
        if (seen.merge(next, 1, Integer::sum) <= WITNESSES) {
          if (seen.size() > MAX_STATES) {
            cut = true;
            return;
          }
          open.addLast(Map.entry(next, text + c));
        }
      }
    }
  }

  /** Texts that end in a dot are read in two ways. */
  private static boolean isSegment(String text) {
    return !text.isEmpty() && !text.endsWith(".") && !text.endsWith(" ");
  }

  private static String accepted(List<String> patterns, State state) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < patterns.size(); i++) {
      long end = 1L << patterns.get(i).length();
      out.append((state.exact().get(i) & end) != 0 ? 'E' : '-');
      out.append((state.anyCase().get(i) & end) != 0 ? 'A' : '-');
    }
    return out.toString();
  }

  private static State step(List<String> patterns, State state, char c) {
    List<Long> exact = new ArrayList<>();
    List<Long> anyCase = new ArrayList<>();
    for (int i = 0; i < patterns.size(); i++) {
      exact.add(step(patterns.get(i), state.exact().get(i), c, false));
      anyCase.add(step(patterns.get(i), state.anyCase().get(i), c, true));
    }
    return new State(exact, anyCase);
  }

  private static long step(String pattern, long at, char c, boolean anyCase) {
    long next = 0;
    for (int i = 0; i < pattern.length(); i++) {
      if ((at & 1L << i) == 0) {
        continue;
      }
      char p = pattern.charAt(i);
      if (p == '*') {
        next |= 1L << i;
      } else if (p == c || (anyCase && Fold.lower(p) == Fold.lower(c))) {
        next |= 1L << (i + 1);
      }
    }
    return closed(pattern, next);
  }

  /** A star may match nothing. */
  private static long closed(String pattern, long positions) {
    long all = positions;
    for (int i = 0; i < pattern.length(); i++) {
      if ((all & 1L << i) != 0 && pattern.charAt(i) == '*') {
        all |= 1L << (i + 1);
      }
    }
    return all;
  }
}
