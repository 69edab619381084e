package dev.cordon.redaction;

import org.jspecify.annotations.Nullable;

/**
 * A text as a detector reads it, with the way back to the bytes it stands for. The root view is the
 * whole input; the views below it are the values whose escapes had to be undone.
 */
final class View {
  /** How a replacement is written where this text stands. */
  enum Escaping {
    NONE,
    /** Inside a JSON string. */
    JSON,
    /** Inside a form or query value. */
    FORM,
    /** Between tags. */
    XML
  }

  final String text;

  /** The characters are bytes of UTF-8 that nobody has decoded yet. */
  final boolean rawUtf8;

  /** Where in the text a value could be anchored, from {@link #anchorsFrom} on; see Scratch. */
  long @Nullable [] anchors;

  int anchorsFrom;

  private final int base;
  private final int bytesPerChar;
  private final int @Nullable [] offsets;
  private final @Nullable String @Nullable [] originals; // null: the text is as it was written
  private final @Nullable View parent;
  private final Escaping escaping;

  private View(
      String text,
      boolean rawUtf8,
      int base,
      int bytesPerChar,
      int @Nullable [] offsets,
      @Nullable String @Nullable [] originals,
      @Nullable View parent,
      Escaping escaping) {
    this.text = text;
    this.rawUtf8 = rawUtf8;
    this.base = base;
    this.bytesPerChar = bytesPerChar;
    this.offsets = offsets;
    this.originals = originals;
    this.parent = parent;
    this.escaping = escaping;
  }

  static View root(String text, boolean rawUtf8, int base, int bytesPerChar) {
    return new View(text, rawUtf8, base, bytesPerChar, null, null, null, Escaping.NONE);
  }

  /**
   * @param offsets source offset of each character and, as the last element, of the end
   * @param originals what stood for a character that was folded; null: none was
   */
  View below(
      String decoded,
      boolean decodedIsRawUtf8,
      int[] offsets,
      @Nullable String @Nullable [] originals,
      Escaping escapes) {
    return new View(decoded, decodedIsRawUtf8, 0, 1, offsets, originals, this, escapes);
  }

  /** The same characters, of which a part stands inside an escaped string. */
  View within(Escaping escapes) {
    View same = new View(text, rawUtf8, base, bytesPerChar, offsets, originals, this, escapes);
    same.anchors = anchors;
    same.anchorsFrom = anchorsFrom;
    return same;
  }

  /** Offset in the input of the character at this index. */
  int source(int index) {
    return offsets == null ? base + index * bytesPerChar : offsets[index];
  }

  /** What was folded into the character at this index; null when it is as it was written. */
  @Nullable String originalAt(int index) {
    return originals == null ? null : originals[index];
  }

  /** A part of the text as it was written, without escapes: what a reader of the input gets. */
  String original(int start, int end) {
    if (originals == null) {
      return text.substring(start, end);
    }
    StringBuilder original = new StringBuilder(end - start);
    for (int i = start; i < end; i++) {
      String was = originals[i];
      if (was == null) {
        original.append(text.charAt(i));
      } else {
        original.append(was);
      }
    }
    return original.toString();
  }

  /** A replacement as it must be written into the input. */
  String escape(String replacement) {
    String escaped =
        switch (escaping) {
          case NONE -> replacement;
          case JSON -> Escapes.json(replacement);
          case FORM -> Escapes.form(replacement);
          case XML -> Escapes.xml(replacement);
        };
    return parent == null ? escaped : parent.escape(escaped);
  }
}
