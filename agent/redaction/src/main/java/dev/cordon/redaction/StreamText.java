package dev.cordon.redaction;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A text of which only a part is known. What stands far enough from its end is scanned as in the
 * whole text: with what came before it, and with what comes behind. The rest waits.
 */
final class StreamText {
  /** No more bytes than this wait for what follows them. */
  static final int CARRY_BYTES = 512;

  /** An anchor nearer to the end is not decided: no verifier that misses looks farther. */
  private static final int AHEAD_BYTES = 256;

  /** How far before its anchor a value, or the word that tells it, can begin. */
  private static final int BEHIND_BYTES = 400;

  /** Where no place is found to cut what came before, it is cut here. */
  private static final int MAX_BEHIND_BYTES = 1536;

  private static final int MAX_LOCAL_PART_CHARS = 320;
  private static final int MAX_QUOTED_CHARS = 66;
  private static final int MAX_SIGN_CHARS = 4; // "+ (" before the first digit
  private static final int MAX_ENTITY_CHARS = 12;

  // of a value that does not fit, this much of its beginning tells what it is
  private static final int HEAD_BYTES = 144;
  private static final int TAIL_BYTES = 32;
  private static final int TAIL_CHARS = 16; // "-----END "

  /** A longer value is told from others by its beginning and its length. */
  private static final int MAX_TOLD_BYTES = 256;

  private static final int TOLD_CHARS = 100;

  private final RedactionPlan plan;
  private final View.Escaping escaping;
  private final boolean rawUtf8;
  private final int name;
  private final FieldPath path;

  /** Where in the window the text begins, as far as it is still there. */
  private int from;

  private boolean fromTheBegin = true;

  // taken out of the value that stands at the begin of what waits
  private int cutBytes;
  private int cutKind;

  StreamText(
      RedactionPlan plan,
      View.Escaping escaping,
      boolean rawUtf8,
      int name,
      FieldPath path,
      int from) {
    this.plan = plan;
    this.escaping = escaping;
    this.rawUtf8 = rawUtf8;
    this.name = name;
    this.path = path;
    this.from = from;
  }

  /**
   * Scans and writes as much as can be decided.
   *
   * @param limit where the text ends, or how far it is known
   * @param last whether it ends there
   * @return how far the bytes from {@code limit} on have moved to the front
   */
  int scan(StreamWindow window, int limit, boolean last, Findings findings) {
    if (!last && limit - window.out <= CARRY_BYTES) {
      return 0;
    }
    int usable = last ? limit : wholeCharacters(window, limit);
    View view = view(window, usable);
    String s = view.text;
    int length = s.length();
    int done = indexAt(view, window.out);
    int known = last ? length : indexAt(view, usable - AHEAD_BYTES);
    int safe = last ? length : Math.max(done, before(s, known));
    if (!last && plan.wantedOwn() != 0) { // what begins there must be known to its end
      safe = Math.max(done, Math.min(safe, length - plan.own().longest() - 1));
    }
    if (limit - view.source(safe) > CARRY_BYTES) {
      safe = indexAt(view, usable - AHEAD_BYTES - AHEAD_BYTES / 2); // one word without an end
    }
    Spans spans = spans(s, done);
    int mark = findings.mark();
    int moved = 0;
    for (int i = 0; spans != null && i < spans.size(); i++) {
      int start = Math.max(done, spans.start(i));
      int end = spans.end(i);
      if (end <= done) {
        continue;
      }
      if (start >= safe) {
        break;
      }
      // it may go on, or be joined by another one; an own type does not wait for that for ever
      boolean tooLong = limit - view.source(start) > CARRY_BYTES;
      if (!last && end > known && !(tooLong && spans.own(i) >= 0)) {
        safe = start;
        if (tooLong) {
          cutKind = spans.kind(i).ordinal();
          moved = shorten(window, view, start, end);
        }
        break;
      }
      add(findings, view, spans, i, start, end);
      safe = Math.max(safe, end);
      cutBytes = 0;
    }
    findings.write(window, mark, charset());
    window.writeTo(view.source(safe));
    return moved + forget(window, view, spans);
  }

  private void add(Findings findings, View view, Spans spans, int i, int start, int end) {
    int valueBytes = view.source(end) - view.source(start) + cutBytes;
    String value = view.text.substring(start, end);
    if (valueBytes > MAX_TOLD_BYTES
        && spans.own(i) < 0
        && spans.kind(i).ordinal() >= Kind.BEARER.ordinal()) {
      // the same whatever pieces it came in
      value = value.substring(0, Math.min(value.length(), TOLD_CHARS)) + "@" + valueBytes;
    }
    // of a value whose beginning has left the window nothing can be made that opens again
    String original = cutBytes > 0 ? "" : view.original(start, end);
    findings.add(view, start, end, value, original, spans, i, path, false);
  }

  private Charset charset() {
    return rawUtf8 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1;
  }

  private @Nullable Spans spans(String s, int done) {
    int kinds = plan.kinds() | Kind.PRIVATE_ADDRESSES;
    Spans spans = Detector.scan(s, 0, s.length(), kinds, name);
    if (spans == Spans.FOLD_FIRST) {
      throw new IllegalStateException("a text that is folded was to be folded again");
    }
    if ((name & Names.AWS_SESSION) != 0
        && fromTheBegin
        && (kinds & Kind.AWS_KEY.bit()) != 0
        && Secrets.awsSecretEnd(s, 0, s.length(), true, new Runs()) == s.length()) {
      spans = spans == null ? new Spans() : spans;
      spans.add(Kind.AWS_KEY.ordinal(), 0, s.length());
    }
    boolean password = (name & Names.PASSWORD) != 0;
    if ((name & (Names.PASSWORD | Names.SECRET)) != 0
        && fromTheBegin
        && (kinds & Kind.SECRET.bit()) != 0) {
      int end = Assignments.secretEnd(s, 0, s.length(), password, new Runs());
      if (end > 0) {
        spans = spans == null ? new Spans() : spans;
        spans.add(Kind.SECRET.ordinal(), 0, end);
      }
    }
    if (cutBytes > 0 && !begins(spans, done)) { // what told it was cut out
      int end = done;
      while (end < s.length() && goesOn(s.charAt(end))) {
        end++;
      }
      spans = spans == null ? new Spans() : spans;
      spans.add(cutKind, done, Math.max(end, done + 1));
    }
    // what begins before was decided when it was known to its end
    spans = plan.own().find(s, 0, done, s.length(), plan.wantedOwn(), spans);
    if (spans != null) {
      spans.merge(plan.kindsAt(path), plan.ownAt(path));
    }
    return spans;
  }

  private boolean goesOn(char c) {
    boolean line = cutKind == Kind.PRIVATE_KEY.ordinal() && (c == '\n' || c == '\r');
    boolean bare = cutKind == Kind.SECRET.ordinal() && Assignments.isBare(c);
    return line || bare || Chars.isCredentials(c) || c == '_';
  }

  private static boolean begins(@Nullable Spans spans, int at) {
    for (int i = 0; spans != null && i < spans.size(); i++) {
      if (spans.start(i) <= at && spans.end(i) > at) {
        return true;
      }
    }
    return false;
  }

  // ---- the text as the detectors read it

  private View view(StreamWindow window, int usable) {
    String raw = window.latin1(from, usable);
    View root = View.root(raw, rawUtf8, from, 1);
    boolean ascii = Escapes.isAscii(raw, 0, raw.length());
    View characters = ascii ? root : Escapes.characters(root, 0, raw.length());
    String text = characters.text;
    return switch (escaping) {
      case NONE, FORM -> characters;
      case JSON ->
          text.indexOf('\\') < 0
              ? characters.within(View.Escaping.JSON)
              : Escapes.json(characters, 0, text.length());
      case XML -> Escapes.xml(characters, 0, text.length());
    };
  }

  /** The end of the last character, or escape, that is there as a whole. */
  private int wholeCharacters(StreamWindow window, int limit) {
    byte[] bytes = window.bytes;
    int end = limit;
    if (rawUtf8) {
      int lead = end - 1;
      while (lead > end - 4 && lead > from && (bytes[lead] & 0xC0) == 0x80) {
        lead--;
      }
      int first = bytes[lead] & 0xFF;
      int length = first < 0xC2 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 1;
      if (lead + length > end) {
        end = lead;
      }
    }
    switch (escaping) {
      case JSON -> {
        int slash = end - 1;
        while (slash > end - 6 && slash > from && bytes[slash] != '\\') {
          slash--;
        }
        int slashes = 0;
        while (slash - slashes >= from && bytes[slash - slashes] == '\\') {
          slashes++;
        }
        if (slashes % 2 == 1) {
          boolean unicode = slash + 1 < end && bytes[slash + 1] == 'u';
          end = slash + (unicode ? 6 : 2) > end ? slash : end;
        }
      }
      case XML -> {
        for (int i = end - 1; i > end - MAX_ENTITY_CHARS && i > from && bytes[i] != ';'; i--) {
          if (bytes[i] == '&') {
            end = i;
            break;
          }
        }
      }
      case NONE, FORM -> {
        // each character stands for itself, also to the detectors
      }
    }
    return end;
  }

  /** The first character that stands at this byte of the window or behind it. */
  private static int indexAt(View view, int source) {
    int low = 0;
    int high = view.text.length();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (view.source(middle) < source) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Where nothing begins that has its anchor at {@code known} or behind. */
  private static int before(String s, int known) {
    int at = Math.max(0, known - MAX_SIGN_CHARS);
    int limit = Math.max(0, at - MAX_LOCAL_PART_CHARS);
    while (at > limit && s.charAt(at - 1) > ' ') {
      at--;
    }
    int first = at;
    for (int i = Math.max(0, known - MAX_QUOTED_CHARS); i < first; i++) {
      if (s.charAt(i) == '"') {
        return i;
      }
    }
    return first;
  }

  // ---- memory

  /**
   * Takes the middle out of a value that does not fit: what it is shows at its beginning, and where
   * it ends at its end.
   */
  private int shorten(StreamWindow window, View view, int start, int end) {
    int first = indexAt(view, view.source(start) + HEAD_BYTES);
    int last = Math.min(indexAt(view, view.source(end) - TAIL_BYTES), end - TAIL_CHARS);
    if (cutKind == Kind.PRIVATE_KEY.ordinal()) { // whole lines: part of one is none
      int line = lineAfter(view.text, start, last);
      int lastLine = lineBefore(view.text, last, line);
      first = lastLine > line ? line : first;
      last = lastLine > line ? lastLine : last;
    } else {
      while (last > first && (view.source(last) - view.source(first)) % 4 != 0) {
        last--; // base64 is read in groups of four
      }
    }
    int cutFrom = view.source(first);
    int length = view.source(last) - cutFrom;
    if (length <= 0) {
      return 0;
    }
    window.cut(cutFrom, cutFrom + length);
    cutBytes += length;
    return length;
  }

  private static int lineAfter(String s, int from, int to) {
    int at = from + 1;
    while (at < to && !isLine(s, at)) {
      at++;
    }
    return at;
  }

  private static int lineBefore(String s, int to, int from) {
    int at = to;
    while (at > from && !isLine(s, at)) {
      at--;
    }
    return at;
  }

  private static boolean isLine(String s, int at) {
    char before = s.charAt(at - 1);
    return before == '\n' || (before == 'n' && at > 1 && s.charAt(at - 2) == '\\');
  }

  private int forget(StreamWindow window, View view, @Nullable Spans spans) {
    if (window.sink == null) {
      return 0;
    }
    int latest = window.out - BEHIND_BYTES;
    int at = latest;
    while (at > from && !isWordBehindBlank(window.bytes, at)) {
      at--;
    }
    // not within a value: it would be taken for another one
    if (spans != null) {
      for (int i = spans.size() - 1; i >= 0 && at > from; i--) {
        int start = view.source(spans.start(i));
        int end = view.source(spans.end(i));
        if (start < at && at < end) {
          at = start;
        }
      }
    }
    if (at <= from && window.out - from > MAX_BEHIND_BYTES) {
      at = latest;
      while (at < window.out && (window.bytes[at] & 0xC0) == 0x80) {
        at++;
      }
    }
    if (at <= from) {
      return 0;
    }
    from = 0;
    fromTheBegin = false;
    return window.forget(at);
  }

  private static boolean isWordBehindBlank(byte[] bytes, int at) {
    return bytes[at - 1] >= 0
        && ",;{}[]<> \t\r\n".indexOf(bytes[at - 1]) >= 0
        && bytes[at] >= 0
        && Chars.isAsciiLetter((char) bytes[at]);
  }
}
