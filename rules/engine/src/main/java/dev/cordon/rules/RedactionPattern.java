package dev.cordon.rules;

import java.util.List;
import java.util.Set;

/**
 * A type of a rule file's own, of {@code redaction.patterns}: what it is called and what it
 * matches. Immutable and thread-safe.
 *
 * <p>Only patterns are taken that cost nothing where they do not match: each of their matches holds
 * one of a few words, for which a text can be searched, and none is longer than {@link
 * #MAX_MATCH_CHARS}, so that a stream is decided by what a window holds.
 */
public final class RedactionPattern {
  /** Of a rule file with its layers; the engine has one bit for each. */
  static final int MAX_PATTERNS = 32;

  static final int MAX_MATCH_CHARS = 256;
  static final int MAX_NAME_CHARS = 32;

  /**
   * Labels under which the journal counts, and words of redactions, that are no types of a rule
   * file.
   */
  private static final Set<String> TAKEN =
      Set.of(
          "public",
          "others",
          "custom",
          "line",
          "card",
          "jwt",
          "private-key",
          "ip-address",
          "mac-address",
          "bearer",
          "basic",
          "url-credentials",
          "api-key",
          "stripe-key",
          "slack-token",
          "github-token",
          "aws-key",
          "google-key");

  private final String name;
  private final NamedPattern pattern;
  private final PatternShape shape;

  private RedactionPattern(String name, NamedPattern pattern, PatternShape shape) {
    this.name = name;
    this.pattern = pattern;
    this.shape = shape;
  }

  /** Whether a type of a rule file's own may not have this name, by whoever counts by names. */
  static boolean isTaken(String name) {
    return TAKEN.contains(name);
  }

  /** Small letters, digits and '-', a letter first: in capitals it is a placeholder. */
  static boolean isName(String name) {
    int length = name.length();
    if (length == 0 || length > MAX_NAME_CHARS || name.endsWith("-")) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      char c = name.charAt(i);
      boolean letter = c >= 'a' && c <= 'z';
      if (!letter && (i == 0 || c != '-' && (c < '0' || c > '9'))) {
        return false;
      }
    }
    return true;
  }

  /** Why a pattern is not taken. */
  record Wrong(String code, String why, String hint) {}

  /** The pattern, or a {@link Wrong}. */
  static Object read(String name, String source) {
    Object read = NamedPattern.readLongest(source);
    if (!(read instanceof NamedPattern pattern)) {
      return new Wrong("CRD140", read.toString(), "write an RE2 pattern");
    }
    PatternShape shape = new PatternShape(source);
    if (shape.isTooDeep()) {
      return new Wrong("CRD140", "nested too deep", "write an RE2 pattern");
    }
    if (shape.isAnchored()) {
      return new Wrong(
          "CRD139",
          "it asks where a text begins or ends, and a value stands anywhere in one",
          "write \\b in place of ^, $, \\A and \\z");
    }
    if (shape.matchesEmpty()) {
      return new Wrong(
          "CRD139", "it matches an empty text", "write what every value has, as in: ORD-[0-9]{8}");
    }
    if (shape.mostChars() >= PatternShape.ENDLESS) {
      return new Wrong(
          "CRD139",
          "what it matches has no greatest length",
          "write {1,40} in place of +, and {0,40} in place of *; a match has up to "
              + MAX_MATCH_CHARS
              + " characters");
    }
    if (shape.mostChars() > MAX_MATCH_CHARS) {
      return new Wrong(
          "CRD139",
          "what it matches may have "
              + shape.mostChars()
              + " characters, and "
              + MAX_MATCH_CHARS
              + " are the most (a sign that need not be of ASCII counts for two)",
          "write smaller numbers in the braces");
    }
    if (shape.literals().isEmpty()) {
      return new Wrong(
          "CRD139",
          "no "
              + PatternShape.FEWEST_LITERAL_CHARS
              + " characters in a row are in everything that it matches, so every text would have"
              + " to be read for it sign by sign",
          "put in what stands before the value, as in: ORD-[0-9]{8}; at most "
              + PatternShape.MOST_LITERALS
              + " of them as in: (ORD|INV)-[0-9]{8}");
    }
    return new RedactionPattern(name, pattern, shape);
  }

  /** As in {@code types}, and in the journal. */
  public String name() {
    return name;
  }

  String source() {
    return pattern.source();
  }

  /** One of these is in every match. */
  public List<String> literals() {
    return shape.literals();
  }

  /** Whether the case of letters in {@link #literals} means nothing. */
  public boolean foldsCase() {
    return shape.foldsCase();
  }

  /** No match is longer. */
  public int maxChars() {
    return (int) shape.mostChars();
  }

  /**
   * The first match that begins at {@code from} or behind, of those the longest: where it begins,
   * in the upper half, and where it ends; -1 if there is none.
   */
  public long find(String text, int from) {
    return pattern.find(text, from);
  }

  /** The same values under the same name. */
  boolean sameAs(RedactionPattern other) {
    return name.equals(other.name) && source().equals(other.source());
  }
}
