package dev.cordon.redaction;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Undoes escapes into views, and writes them. Never fails: what is no escape is plain text. */
final class Escapes {
  private static final char BAD_BYTE = 0xFFFD;

  private Escapes() {}

  /** Characters of a view under construction with their source offsets. */
  private static final class Builder {
    private final View parent;
    private final StringBuilder text;
    private final int[] offsets;
    // what stood for a character that was folded, with the characters left out behind it; made
    // only when there is one, for whoever has to give the value back as it was
    private @Nullable String @Nullable [] originals;

    Builder(View parent, int capacity) {
      this.parent = parent;
      text = new StringBuilder(capacity);
      offsets = new int[capacity + 1];
    }

    void add(char c, int offset) {
      offsets[text.length()] = offset;
      text.append(c);
    }

    /** A character that the parent's text has at the index. */
    void copyFolded(char c, int index) {
      addFolded(c, index, parent.originalAt(index));
    }

    /** A character for which several stand in the parent's text, from the index on. */
    void addFolded(char c, int index) {
      addFolded(c, index, null);
    }

    private void addFolded(char c, int index, @Nullable String was) {
      char folded = Chars.fold(c);
      if (folded == 0 && c != 0) { // left out
        if (text.length() > 0) {
          int last = text.length() - 1;
          @Nullable String[] known = originals();
          @Nullable String before = known[last];
          known[last] = (before == null ? text.substring(last) : before) + c;
        }
        return;
      }
      if (folded != c || was != null) {
        originals()[text.length()] = was == null ? String.valueOf(c) : was;
      }
      add(folded, parent.source(index));
    }

    private @Nullable String[] originals() {
      @Nullable String[] known = originals;
      if (known == null) {
        known = new @Nullable String[offsets.length];
        originals = known;
      }
      return known;
    }

    View build(int end, boolean rawUtf8, View.Escaping escaping) {
      offsets[text.length()] = end;
      return parent.below(text.toString(), rawUtf8, offsets, originals, escaping);
    }
  }

  static boolean isAscii(String s, int from, int to) {
    for (int i = from; i < to; i++) {
      if (s.charAt(i) >= 128) {
        return false;
      }
    }
    return true;
  }

  /** Decodes UTF-8 where it is still raw and folds look-alikes. */
  static View characters(View view, int from, int to) {
    String s = view.text;
    Builder builder = new Builder(view, to - from);
    int i = from;
    while (i < to) {
      char c = s.charAt(i);
      if (c < 128 || !view.rawUtf8) {
        builder.copyFolded(c, i++);
        continue;
      }
      int length = sequenceLength(s, i, to);
      if (length == 0) {
        builder.add(BAD_BYTE, view.source(i++));
        continue;
      }
      int point = codePoint(s, i, length);
      if (point < 0x10000) {
        builder.addFolded((char) point, i);
      } else {
        builder.add(Character.highSurrogate(point), view.source(i));
        builder.add(Character.lowSurrogate(point), view.source(i));
      }
      i += length;
    }
    return builder.build(view.source(to), false, View.Escaping.NONE);
  }

  /** True for bytes of UTF-8, of which the last character may be cut; and for what is decoded. */
  static boolean isUtf8(View view, int from, int to) {
    String s = view.text;
    int i = from;
    while (i < to) {
      int length = s.charAt(i) < 128 || !view.rawUtf8 ? 1 : sequenceLength(s, i, s.length());
      if (length == 0) {
        return false;
      }
      i += length;
    }
    return true;
  }

  private static int sequenceLength(String s, int i, int to) {
    char lead = s.charAt(i);
    int length = lead >= 0xC2 && lead < 0xE0 ? 2 : lead >= 0xE0 && lead < 0xF0 ? 3 : 4;
    if (lead < 0xC2 || lead > 0xF4 || i + length > to) {
      return 0;
    }
    for (int k = 1; k < length; k++) {
      if ((s.charAt(i + k) & 0xC0) != 0x80 || s.charAt(i + k) > 0xFF) {
        return 0;
      }
    }
    int point = codePoint(s, i, length);
    boolean shortest = length == 2 || (length == 3 ? point >= 0x800 : point >= 0x10000);
    boolean surrogate = point >= 0xD800 && point <= 0xDFFF;
    return shortest && !surrogate && point <= 0x10FFFF ? length : 0;
  }

  private static int codePoint(String s, int i, int length) {
    int point = s.charAt(i) & (0xFF >> (length + 1));
    for (int k = 1; k < length; k++) {
      point = point << 6 | (s.charAt(i + k) & 0x3F);
    }
    return point;
  }

  /** Undoes the escapes of a JSON string; also for text that only looks like JSON. */
  static View json(View view, int from, int to) {
    String s = view.text;
    Builder builder = new Builder(view, to - from);
    int i = from;
    while (i < to) {
      char c = s.charAt(i);
      if (c != '\\' || i + 1 >= to) {
        builder.copyFolded(c, i++);
        continue;
      }
      char escaped = s.charAt(i + 1);
      int length = 2;
      char plain =
          switch (escaped) {
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'b' -> '\b';
            case 'f' -> '\f';
            default -> escaped;
          };
      if (escaped == 'u' && Chars.isHexAt(s, i + 2, 4, to)) {
        plain = (char) Integer.parseInt(s, i + 2, i + 6, 16);
        length = 6;
      }
      builder.addFolded(plain, i);
      i += length;
    }
    return builder.build(view.source(to), false, View.Escaping.JSON);
  }

  /** Undoes percent and plus; what comes out is raw UTF-8. */
  static View form(View view, int from, int to) {
    return percent(view, from, to, ' ');
  }

  /** Undoes percent; what comes out is raw UTF-8. */
  static View percent(View view, int from, int to) {
    return percent(view, from, to, '+');
  }

  private static View percent(View view, int from, int to, char plus) {
    String s = view.text;
    Builder builder = new Builder(view, to - from);
    int i = from;
    while (i < to) {
      char c = s.charAt(i);
      if (c == '%' && Chars.isHexAt(s, i + 1, 2, to)) {
        int value = Chars.hex(s.charAt(i + 1)) * 16 + Chars.hex(s.charAt(i + 2));
        builder.add((char) value, view.source(i));
        i += 3;
      } else {
        builder.add(c == '+' ? plus : c, view.source(i++));
      }
    }
    return builder.build(view.source(to), true, View.Escaping.FORM);
  }

  /** Undoes the numeric and the five named entities. */
  static View xml(View view, int from, int to) {
    String s = view.text;
    Builder builder = new Builder(view, to - from);
    int i = from;
    while (i < to) {
      char c = s.charAt(i);
      int end = c == '&' ? entityEnd(s, i, to) : -1;
      int value = end < 0 ? -1 : entityValue(s, i, end);
      if (value < 0) {
        builder.copyFolded(c, i++);
      } else {
        if (value < 0x10000) {
          builder.addFolded((char) value, i);
        } else {
          builder.add(BAD_BYTE, view.source(i)); // no value has such a character
        }
        i = end;
      }
    }
    return builder.build(view.source(to), false, View.Escaping.XML);
  }

  private static int entityEnd(String s, int i, int to) {
    int limit = Math.min(to, i + 12);
    for (int k = i + 2; k < limit; k++) {
      if (s.charAt(k) == ';') {
        return k + 1;
      }
    }
    return -1;
  }

  private static int entityValue(String s, int i, int end) {
    if (s.charAt(i + 1) == '#') {
      boolean hex = (s.charAt(i + 2) | 0x20) == 'x';
      int first = hex ? i + 3 : i + 2;
      int value = 0;
      for (int k = first; k < end - 1; k++) {
        char c = s.charAt(k);
        if (!(hex ? Chars.isHex(c) : Chars.isDigit(c)) || value > 0x10FFFF) {
          return -1;
        }
        value = value * (hex ? 16 : 10) + Chars.hex(c);
      }
      return first == end - 1 || value > 0x10FFFF ? -1 : value;
    }
    return switch (s.substring(i + 1, end - 1)) {
      case "amp" -> '&';
      case "lt" -> '<';
      case "gt" -> '>';
      case "quot" -> '"';
      case "apos" -> '\'';
      case "commat" -> '@';
      case "nbsp" -> ' ';
      default -> -1;
    };
  }

  static String json(String text) {
    StringBuilder escaped = new StringBuilder(text.length() + 8);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        escaped.append('\\').append(c);
      } else if (c < ' ') {
        escaped
            .append("\\u00")
            .append(c < 16 ? '0' : '1')
            .append("0123456789abcdef".charAt(c & 15));
      } else {
        escaped.append(c);
      }
    }
    return escaped.toString();
  }

  static String form(String text) {
    StringBuilder escaped = new StringBuilder(text.length() * 2);
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xFF);
      if (Chars.isWord(c) || c == '-' || c == '.' || c == '*') {
        escaped.append(c);
      } else {
        escaped
            .append('%')
            .append("0123456789ABCDEF".charAt(c >> 4))
            .append("0123456789ABCDEF".charAt(c & 15));
      }
    }
    return escaped.toString();
  }

  static String xml(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
