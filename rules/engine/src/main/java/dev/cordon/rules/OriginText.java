package dev.cordon.rules;

import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Cuts texts into what is remembered of them, or asked for: the whole text, blanks aside; runs of
 * four words; a text of two or three words; a word that looks like a number or an address of
 * something. No text is kept longer than a word of it is read. Not thread-safe.
 */
final class OriginText implements OriginReader.Texts {
  /** Shorter texts and words say nothing of where they came from: 42, open, true. */
  static final int MIN_CHARS = 6;

  private static final int RUN_WORDS = 4;
  private static final int MIN_RUN_CHARS = 8;
  private static final int MIN_LONG_WORD_CHARS = 20; // a key without a digit
  private static final int MAX_WORD_CHARS = 256; // of a longer word the beginning
  private static final String BETWEEN_WORDS = "=&?/,;:()<>[]{}\"'|\\";
  private static final int WHOLE = 0;
  private static final int WORD = -1;

  /** Makes of the hash of a whole text that of one which the application may have said itself. */
  private static final long MAYBE_SAID = 0x5bf03635f0a5c9d1L;

  private enum Use {
    LEARN,
    ASK_WHOLE,
    ASK_PARTS,
    HASH_WHOLE
  }

  private final Origins.Memory memory;
  private final Use use;
  private final @Nullable Said said; // null: it may be any text
  private final LongConsumer into;
  private boolean found;

  // the whole text
  private KeyedHash whole;
  private long wholeWord;
  private long wholeChars;
  private boolean blank;

  // its words
  private final char[] word = new char[MAX_WORD_CHARS];
  private int wordChars;
  private final long[] hashes = new long[RUN_WORDS];
  private final int[] lengths = new int[RUN_WORDS];
  private int words;

  private OriginText(Origins.Memory memory, Use use, @Nullable Said said, LongConsumer into) {
    this.memory = memory;
    this.use = use;
    this.said = said;
    this.into = into;
    whole = start(WHOLE);
  }

  /**
   * @param said what is heard again is no whole text of the source; null: no text is one
   */
  static OriginText learning(Origins.Memory memory, @Nullable Said said) {
    return new OriginText(memory, Use.LEARN, said, memory::add);
  }

  /** Gives the hashes of whole texts, as they would be learned. */
  static OriginText hashing(Origins.Memory memory, LongConsumer into) {
    return new OriginText(memory, Use.HASH_WHOLE, null, into);
  }

  /**
   * @param whole asks for the whole text only; else for any part of it, too
   */
  static OriginText asking(Origins.Memory memory, boolean whole) {
    return new OriginText(memory, whole ? Use.ASK_WHOLE : Use.ASK_PARTS, null, hash -> {});
  }

  @Override
  public void put(char c) {
    if (isBlank(c)) {
      blank = wholeChars > 0;
    } else {
      if (blank) {
        blank = false;
        putWhole(' ');
      }
      putWhole(c);
    }
    if (use == Use.ASK_WHOLE || use == Use.HASH_WHOLE) {
      return;
    }
    if (isBetweenWords(c)) {
      endWord();
    } else if (wordChars < MAX_WORD_CHARS && (wordChars > 0 || Character.isLetterOrDigit(c))) {
      word[wordChars++] = Character.toLowerCase(c);
    }
  }

  /** Ends a text; another one may begin. */
  @Override
  public void end() {
    endWord();
    if (words >= 2 && words < RUN_WORDS && use == Use.LEARN) {
      run(words);
    }
    if (wholeChars >= MIN_CHARS) {
      meetWhole(whole.add(wholeWord).add(wholeChars).end());
    }
    whole = start(WHOLE);
    wholeWord = 0;
    wholeChars = 0;
    blank = false;
    words = 0;
  }

  /** Nothing more can change what is found. */
  boolean isDone() {
    return found;
  }

  boolean found() {
    return found;
  }

  static boolean isBetweenWords(char c) {
    return isBlank(c) || BETWEEN_WORDS.indexOf(c) >= 0;
  }

  private static boolean isBlank(char c) {
    return Character.isWhitespace(c) || c == '\u00a0';
  }

  private void putWhole(char c) {
    wholeWord = wholeWord << 16 | c;
    if ((++wholeChars & 3) == 0) {
      whole.add(wholeWord);
      wholeWord = 0;
    }
  }

  private void endWord() {
    while (wordChars > 0 && !Character.isLetterOrDigit(word[wordChars - 1])) {
      wordChars--;
    }
    if (wordChars == 0) {
      return;
    }
    boolean tells = false;
    KeyedHash hash = start(WORD);
    long packed = 0;
    for (int i = 0; i < wordChars; i++) {
      char c = word[i];
      tells |= c == '@' || Character.isDigit(c);
      packed = packed << 16 | c;
      if ((i & 3) == 3) {
        hash.add(packed);
        packed = 0;
      }
    }
    hashes[words % RUN_WORDS] = hash.add(packed).add(wordChars).end();
    lengths[words % RUN_WORDS] = wordChars;
    words++;
    if ((tells && wordChars >= MIN_CHARS) || wordChars >= MIN_LONG_WORD_CHARS) {
      run(1);
    }
    wordChars = 0;
    if (use == Use.LEARN) {
      run(RUN_WORDS);
    } else {
      for (int count = 2; count <= RUN_WORDS; count++) {
        run(count);
      }
    }
  }

  /** The last words. */
  private void run(int count) {
    if (words < count) {
      return;
    }
    KeyedHash hash = start(count);
    int chars = count - 1;
    for (int i = words - count; i < words; i++) {
      hash.add(hashes[i % RUN_WORDS]);
      chars += lengths[i % RUN_WORDS];
    }
    if (count == 1 || chars >= MIN_RUN_CHARS) {
      meet(hash.end());
    }
  }

  private KeyedHash start(int what) {
    return new KeyedHash(memory.key).add(what);
  }

  /** What the application may have said itself is good for those who ask for parts only. */
  private void meetWhole(long hash) {
    boolean maybeSaid = use == Use.LEARN && (said == null || said.has(hash));
    meet(maybeSaid ? hash ^ MAYBE_SAID : hash);
    if (use == Use.ASK_PARTS) {
      meet(hash ^ MAYBE_SAID);
    }
  }

  private void meet(long hash) {
    switch (use) {
      case LEARN, HASH_WHOLE -> into.accept(hash);
      case ASK_WHOLE, ASK_PARTS -> found |= memory.has(hash);
    }
  }
}
