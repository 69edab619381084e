package dev.cordon.rules;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What can be told of the texts that an RE2 pattern matches without running it: how long they are
 * at most, and words of which one is in each of them. Says too little rather than too much.
 */
final class PatternShape {
  static final int FEWEST_LITERAL_CHARS = 3;
  static final int MOST_LITERALS = 16;
  static final long ENDLESS = 1L << 40;

  private static final int MAX_LITERAL_CHARS = 32;
  private static final int FEW_CHARS = 4; // of a class: written out, as in (ORD|Ord)
  private static final int MAX_DEPTH = 100;
  private static final Set<String> EMPTY = Set.of("");

  /**
   * A part of a pattern.
   *
   * @param all the texts it matches, null when they are many
   * @param some texts of which one is in every text that it matches, null when none is known
   * @param least characters of what it matches
   * @param most characters, a pair of surrogates counts as two
   */
  private record Part(
      @Nullable Set<String> all, @Nullable Set<String> some, long least, long most) {

    /** The better of both ways to say what is in its texts. */
    @Nullable Set<String> needed() {
      return better(some, all);
    }
  }

  private final String source;
  private final boolean foldsCase;
  private final Part whole;
  private int at;
  private int depth;
  private boolean anchored;
  private boolean tooDeep;

  /**
   * @param source of a pattern that the library compiles
   */
  PatternShape(String source) {
    this.source = source;
    this.foldsCase = asksForAnyCase(source);
    this.whole = alternatives();
    tooDeep |= at < source.length(); // a bracket too many, which the library refuses
  }

  /** Says of some patterns that they do, which do not: a flag counts for all of the pattern. */
  private static boolean asksForAnyCase(String source) {
    for (int open = source.indexOf("(?"); open >= 0; open = source.indexOf("(?", open + 2)) {
      for (int i = open + 2; i < source.length(); i++) {
        char c = source.charAt(i);
        if (c == 'i') {
          return true;
        }
        if ((c < 'a' || c > 'z') && c != 'U' && c != '-') {
          break;
        }
      }
    }
    return false;
  }

  boolean isTooDeep() {
    return tooDeep;
  }

  /** Whether it says where in a text a match stands: at its begin, or at its end. */
  boolean isAnchored() {
    return anchored;
  }

  /** Whether the case of its words means nothing. */
  boolean foldsCase() {
    return foldsCase;
  }

  boolean matchesEmpty() {
    return whole.least == 0;
  }

  /** Characters of the longest text that it matches; {@link #ENDLESS} or more without a bound. */
  long mostChars() {
    return whole.most;
  }

  /** Words of which one at least is in each of its texts; empty when there are none long enough. */
  List<String> literals() {
    Set<String> needed = whole.needed();
    return needed == null || shortest(needed) < FEWEST_LITERAL_CHARS
        ? List.of()
        : List.copyOf(needed);
  }

  // ---- the parts

  private Part alternatives() {
    if (++depth > MAX_DEPTH) {
      tooDeep = true;
      at = source.length();
    }
    Part any = sequence();
    while (at < source.length() && source.charAt(at) == '|') {
      at++;
      Part other = sequence();
      any =
          new Part(
              union(any.all, other.all),
              union(any.needed(), other.needed()),
              Math.min(any.least, other.least),
              Math.max(any.most, other.most));
    }
    depth--;
    return any;
  }

  private Part sequence() {
    Set<String> run = EMPTY; // of the parts since the last one that is not written out
    boolean exact = true;
    Set<String> best = null;
    long least = 0;
    long most = 0;
    while (at < source.length() && source.charAt(at) != '|' && source.charAt(at) != ')') {
      Part next = repeated(atom());
      Set<String> longer = next.all == null ? null : product(run, next.all);
      if (longer == null) {
        best = better(best, run);
        exact = false;
        run = next.all == null ? EMPTY : next.all;
      } else {
        best = longer.size() > run.size() ? better(best, run) : best;
        run = longer;
      }
      best = better(best, next.some);
      least = Math.min(least + next.least, ENDLESS);
      most = Math.min(most + next.most, ENDLESS);
    }
    return new Part(exact ? run : null, better(best, run), least, most);
  }

  private Part atom() {
    char c = source.charAt(at++);
    return switch (c) {
      case '(' -> group();
      case '[' -> charClass();
      case '\\' -> escape();
      case '.' -> new Part(null, null, 1, 2);
      case '^', '$' -> anchor();
      default -> {
        if (Character.isHighSurrogate(c) && at < source.length()) {
          at++;
          yield literal(source.substring(at - 2, at));
        }
        yield literal(String.valueOf(c));
      }
    };
  }

  private Part anchor() {
    anchored = true;
    return nothing();
  }

  private static Part nothing() {
    return new Part(EMPTY, null, 0, 0);
  }

  private Part literal(String text) {
    // other letters than those of ASCII have more than two cases, and some are told by length
    boolean known = !foldsCase || text.charAt(0) < 128;
    return new Part(known ? Set.of(text) : null, null, 1, Math.max(text.length(), known ? 1 : 2));
  }

  private Part group() {
    if (source.startsWith("?P<", at) || source.startsWith("?<", at)) {
      at = behind('>');
    } else if (source.startsWith("?", at)) { // flags, for the group or for what follows
      int end = at + 1;
      while (end < source.length() && source.charAt(end) != ')' && source.charAt(end) != ':') {
        end++;
      }
      at = Math.min(end + 1, source.length());
      if (end >= source.length() || source.charAt(end) == ')') {
        return nothing();
      }
    }
    Part inner = alternatives();
    at = Math.min(at + 1, source.length());
    return inner;
  }

  private int behind(char end) {
    int found = source.indexOf(end, at);
    return found < 0 ? source.length() : found + 1;
  }

  private Part escape() {
    if (at >= source.length()) {
      return new Part(null, null, 0, 2);
    }
    char c = source.charAt(at++);
    switch (c) {
      case 'A', 'z', 'Z' -> {
        return anchor();
      }
      case 'b', 'B' -> {
        return nothing();
      }
      case 'd', 's', 'w' -> {
        return new Part(null, null, 1, 1);
      }
      case 'Q' -> {
        int end = source.indexOf("\\E", at);
        String text = source.substring(at, end < 0 ? source.length() : end);
        at = end < 0 ? source.length() : end + 2;
        return quoted(text);
      }
      case 'E' -> {
        return nothing();
      }
      case 'p', 'P' -> {
        at = source.startsWith("{", at) ? behind('}') : Math.min(at + 1, source.length());
        return new Part(null, null, 1, 2);
      }
      case 'x' -> {
        at = source.startsWith("{", at) ? behind('}') : Math.min(at + 2, source.length());
        return new Part(null, null, 1, 2);
      }
      default -> {
        if (c >= '0' && c <= '9') {
          for (int i = 0; i < 2 && at < source.length() && isOctal(source.charAt(at)); i++) {
            at++;
          }
          return new Part(null, null, 1, 2);
        }
        boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
        return letter ? new Part(null, null, 1, 2) : literal(String.valueOf(c)); // \n, \t; \.
      }
    }
  }

  /** A repetition behind it is one of its last character alone. */
  private Part quoted(String text) {
    boolean repeated = at < source.length() && "*+?{".indexOf(source.charAt(at)) >= 0;
    boolean known = !foldsCase || text.chars().allMatch(c -> c < 128);
    if (repeated) {
      return new Part(null, null, 0, 2L * text.length());
    }
    return new Part(
        known && text.length() <= MAX_LITERAL_CHARS ? Set.of(text) : null,
        null,
        text.codePointCount(0, text.length()),
        known ? text.length() : 2L * text.length());
  }

  private static boolean isOctal(char c) {
    return c >= '0' && c <= '7';
  }

  /** Written out where it has few characters and says each of them: {@code [Oo]}. */
  private Part charClass() {
    boolean plain = !source.startsWith("^", at);
    at += plain ? 0 : 1;
    boolean ascii = plain; // (?i) adds K and \u017f to those of ASCII: one character as well
    Set<String> few = new LinkedHashSet<>();
    int first = at;
    while (at < source.length() && (source.charAt(at) != ']' || at == first)) {
      char c = source.charAt(at);
      if (c == '\\') {
        char of = at + 1 < source.length() ? source.charAt(at + 1) : 'x';
        boolean letter = of >= 'a' && of <= 'z' || of >= 'A' && of <= 'Z';
        boolean digit = of >= '0' && of <= '9';
        ascii &= !(letter || digit) || of == 'd' || of == 'w' || of == 's';
        plain &= !letter && !digit;
        few.add(String.valueOf(of));
        at += 2;
        if ((of == 'p' || of == 'P' || of == 'x') && source.startsWith("{", at)) {
          at = behind('}');
        }
      } else if (c == '[' && source.startsWith(":", at + 1) && source.indexOf(":]", at + 2) > 0) {
        ascii &= source.charAt(at + 2) != '^';
        at = source.indexOf(":]", at + 2) + 2;
        plain = false;
      } else {
        ascii &= c < 128;
        plain &= c < 128;
        few.add(String.valueOf(c));
        at++;
      }
      if (source.startsWith("-", at) && at + 1 < source.length() && source.charAt(at + 1) != ']') {
        plain = false; // a range
      }
    }
    at = Math.min(at + 1, source.length());
    boolean written = plain && !few.isEmpty() && few.size() <= FEW_CHARS;
    return new Part(written ? few : null, null, 1, ascii || written ? 1 : 2);
  }

  /** With the repetitions behind it. */
  private Part repeated(Part part) {
    Part all = part;
    while (at < source.length()) {
      char c = source.charAt(at);
      long least;
      long most;
      if (c == '*' || c == '+' || c == '?') {
        least = c == '+' ? 1 : 0;
        most = c == '?' ? 1 : ENDLESS;
        at++;
      } else {
        int end = c == '{' ? source.indexOf('}', at) : -1;
        long[] times = end < 0 ? null : times(source.substring(at + 1, end));
        if (times == null) {
          return all; // braces that are none
        }
        least = times[0];
        most = times[1];
        at = end + 1;
      }
      if (at < source.length() && source.charAt(at) == '?') {
        at++; // lazy
      }
      all = times(all, least, most);
    }
    return all;
  }

  /** Null for what is no repetition: RE2 takes the brace for itself then. */
  private static long @Nullable [] times(String inside) {
    int comma = inside.indexOf(',');
    long least = number(comma < 0 ? inside : inside.substring(0, comma));
    boolean open = comma >= 0 && comma == inside.length() - 1;
    long most = comma < 0 ? least : open ? ENDLESS : number(inside.substring(comma + 1));
    return least < 0 || most < 0 ? null : new long[] {least, most};
  }

  private static long number(String text) {
    if (text.isEmpty() || text.length() > 9 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return -1;
    }
    return Long.parseLong(text);
  }

  private static Part times(Part part, long least, long most) {
    Set<String> all = null;
    if (part.all != null && most <= MAX_LITERAL_CHARS) {
      all = least == 0 ? EMPTY : null;
      Set<String> power = EMPTY;
      for (int i = 1; i <= most && power != null; i++) {
        power = product(power, part.all);
        all = i < least || power == null ? null : i == least ? power : union(all, power);
        if (i >= least && all == null) {
          break;
        }
      }
      all = most == 0 ? EMPTY : all;
    }
    Set<String> some = least > 0 ? part.needed() : null;
    if (part.all != null && least > 1 && least <= MAX_LITERAL_CHARS) {
      Set<String> row = EMPTY;
      for (int i = 0; i < least && row != null; i++) {
        row = product(row, part.all);
      }
      some = better(some, row);
    }
    return new Part(all, some, product(part.least, least), product(part.most, most));
  }

  private static long product(long one, long other) {
    if (one == 0 || other == 0) {
      return 0;
    }
    return one >= ENDLESS || other >= ENDLESS ? ENDLESS : Math.min(one * other, ENDLESS);
  }

  // ---- sets of words

  private static @Nullable Set<String> product(Set<String> first, Set<String> second) {
    if (first.size() * second.size() > MOST_LITERALS) {
      return null;
    }
    Set<String> all = new LinkedHashSet<>();
    for (String one : first) {
      for (String other : second) {
        if (one.length() + other.length() > MAX_LITERAL_CHARS) {
          return null;
        }
        all.add(one + other);
      }
    }
    return all;
  }

  private static @Nullable Set<String> union(
      @Nullable Set<String> first, @Nullable Set<String> second) {
    if (first == null || second == null) {
      return null;
    }
    Set<String> all = new LinkedHashSet<>(first);
    all.addAll(second);
    return all.size() > MOST_LITERALS ? null : all;
  }

  /** The one whose shortest word is longer; of the same length the smaller set. */
  private static @Nullable Set<String> better(
      @Nullable Set<String> first, @Nullable Set<String> second) {
    if (first == null || second == null) {
      return first == null ? second : first;
    }
    int one = shortest(first);
    int other = shortest(second);
    return other > one || other == one && second.size() < first.size() ? second : first;
  }

  private static int shortest(Set<String> words) {
    int shortest = Integer.MAX_VALUE;
    for (String word : words) {
      shortest = Math.min(shortest, word.length());
    }
    return shortest;
  }
}
