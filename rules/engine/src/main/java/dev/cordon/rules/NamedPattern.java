package dev.cordon.rules;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * A pattern of the section {@code patterns} or of {@code redaction.patterns}, matched in time
 * linear in the text. This class is the only one that touches the pattern library: it is loaded
 * when a file has patterns.
 */
final class NamedPattern {
  static final int MAX_TEXT_CHARS = 8 * 1024; // longer texts are unknown

  private static final int MAX_SOURCE_CHARS = 1_000;
  private static final int MAX_PROGRAM = 1_000; // each character costs up to that many steps

  private final Pattern pattern;

  private NamedPattern(Pattern pattern) {
    this.pattern = pattern;
  }

  /** The pattern, or what is wrong with it as a String. */
  static Object read(String source) {
    return read(source, 0);
  }

  /** The same, for {@link #find}: of matches that begin at one place the longest. */
  static Object readLongest(String source) {
    return read(source, Pattern.LONGEST_MATCH);
  }

  private static Object read(String source, int flags) {
    if (source.length() > MAX_SOURCE_CHARS) {
      return "longer than " + MAX_SOURCE_CHARS + " characters";
    }
    if (new Size(source).total() > MAX_PROGRAM) {
      return "its repetitions make it larger than " + MAX_PROGRAM + " steps";
    }
    try {
      Pattern pattern = Pattern.compile(source, flags);
      return pattern.programSize() > MAX_PROGRAM
          ? "larger than " + MAX_PROGRAM + " steps"
          : new NamedPattern(pattern);
    } catch (PatternSyntaxException e) {
      String why = e.getDescription();
      return (why == null ? "not a pattern" : why)
          + " (no back-references, no look-around: time must be linear)";
    } catch (StackOverflowError e) {
      return "nested too deep";
    }
  }

  String source() {
    return pattern.pattern();
  }

  /** Whether the whole text matches; null when it is too long to tell. */
  @Nullable Boolean matches(String text) {
    return text.length() > MAX_TEXT_CHARS ? null : pattern.matches(text);
  }

  /** The first match that begins here or behind: where it begins and ends; -1 if there is none. */
  long find(String text, int from) {
    Matcher matcher = pattern.matcher(text);
    return matcher.find(from) ? (long) matcher.start() << 32 | matcher.end() : -1;
  }

  /**
   * An upper bound of the compiled size, told before compiling: {@code ((a{999}){999}){999}} would
   * not fit into memory.
   */
  private static final class Size {
    private final String source;
    private int at;
    private int depth;

    Size(String source) {
      this.source = source;
    }

    long total() {
      long size = 0;
      while (at < source.length()) {
        size = add(size, sequence());
        at++; // an unmatched bracket: the library will say so
      }
      return size;
    }

    /** Up to a closing bracket or the end. */
    private long sequence() {
      long size = 0;
      while (at < source.length() && source.charAt(at) != ')') {
        long atom = atom();
        while (at < source.length() && source.charAt(at) == '{') {
          atom = Math.min(atom * repeats(), Integer.MAX_VALUE);
        }
        size = add(size, atom);
      }
      return size;
    }

    private long atom() {
      char c = source.charAt(at);
      if (c == '(' && depth < 100) {
        at++;
        depth++;
        long inner = sequence();
        depth--;
        at = Math.min(at + 1, source.length());
        return add(inner, 2);
      }
      if (c == '\\') {
        at = Math.min(at + 2, source.length());
        return 1;
      }
      if (c == '[') {
        at++;
        int first = at;
        while (at < source.length() && (source.charAt(at) != ']' || at == first)) {
          at += source.charAt(at) == '\\' ? 2 : 1;
        }
        at = Math.min(at + 1, source.length());
        return 1;
      }
      at++;
      return 1;
    }

    /** The greatest number in the braces; 1 when they are no repetition. */
    private long repeats() {
      long most = 1;
      long number = 0;
      at++;
      while (at < source.length() && source.charAt(at) != '}') {
        char c = source.charAt(at++);
        number = c >= '0' && c <= '9' ? Math.min(number * 10 + (c - '0'), Integer.MAX_VALUE) : 0;
        most = Math.max(most, number);
      }
      at++;
      return most;
    }

    private static long add(long a, long b) {
      return Math.min(a + b, Integer.MAX_VALUE);
    }
  }
}
