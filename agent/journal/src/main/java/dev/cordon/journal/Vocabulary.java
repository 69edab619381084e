package dev.cordon.journal;

import org.jspecify.annotations.Nullable;

/**
 * The closed sets of words that a record keeps as one byte. 0 is absent, 255 is {@code other}: a
 * word of no set. New words go last, the place is the code. Case does not matter.
 */
public enum Vocabulary {
  METHOD("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"),
  CALL_CLASS("read", "write", "write-high", "unknown"),
  DECISION(
      "allow",
      "redacted",
      "deny",
      "forbid",
      "approve",
      "approve-wait",
      "approved",
      "escalate",
      "would_redact",
      "would_deny",
      "would_forbid",
      "would_approve",
      "would_escalate",
      "fail-open",
      "fail-closed",
      "would_approve-wait");

  static final int ABSENT_CODE = 0;
  static final int OTHER_CODE = 255;

  private final String[] words;

  Vocabulary(String... words) {
    this.words = words;
  }

  /** True if the word has a code of its own. */
  public boolean knows(String word) {
    int code = code(word);
    return code != ABSENT_CODE && code != OTHER_CODE;
  }

  int code(@Nullable String word) {
    if (word == null || word.isEmpty()) {
      return ABSENT_CODE;
    }
    for (int i = 0;
        i < words.length;
        i++) { // at most sixteen short words, most are found among the first three
      if (words[i].equalsIgnoreCase(word)) {
        return i + 1;
      }
    }
    return OTHER_CODE;
  }

  String word(int code) {
    if (code == ABSENT_CODE) {
      return "";
    }
    return code <= words.length ? words[code - 1] : NameGuard.OTHER;
  }
}
