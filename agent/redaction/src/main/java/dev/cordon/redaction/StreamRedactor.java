package dev.cordon.redaction;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Redacts a body while it arrives: text, JSON and event streams. Holds back at most 512 bytes, and
 * of a value that is longer its beginning; takes memory that does not depend on the length of the
 * stream and time linear in it. Where nothing is found the bytes pass as they are, also those that
 * are no UTF-8.
 *
 * <p>What comes out is what {@link Redactor#body} makes of the whole body, but for what no bounded
 * memory can know; docs/redaction.md, "Streams", lists it. An event of an event stream, and a value
 * of JSON, is written as soon as it is there as a whole.
 *
 * <p>Throws {@link RuntimeException} when the engine failed on its input; {@link #release} then
 * gives what it had held back.
 */
public final class StreamRedactor implements StreamTransform {
  /** Pieces that are longer are read in several turns. */
  private static final int PIECE_BYTES = 8 * 1024;

  private static final String DATA = "data:";

  private enum Mode {
    /** Too little is there to tell what it is. */
    BEGIN,
    TEXT,
    JSON,
    /** Lines of an event stream. */
    LINES,
    /** The JSON of an event. */
    EVENT,
    /** Nothing in it can be read. */
    UNREAD
  }

  private final RedactionPlan plan;
  private final ContentType type;
  private final StreamWindow window;
  private final Findings findings;
  private final int[] counts;

  private Mode mode = Mode.BEGIN;
  private Reach reach = Reach.WHOLE;
  private boolean utf8 = true;
  private boolean changed;
  private @Nullable StreamText text;
  private @Nullable StreamJson json;

  // how far the lines of an event stream are read, and whether one begins there
  private int read;
  private boolean lineBegins = true;
  private boolean loose; // what is left of an event whose JSON turned out to be none

  /**
   * @param contentType the value of the header, null without one
   */
  public StreamRedactor(@Nullable String contentType, RedactionPlan plan) {
    this(ContentType.parse(contentType), plan, new StreamWindow(), new Findings(plan));
  }

  private StreamRedactor(
      ContentType type, RedactionPlan plan, StreamWindow window, Findings findings) {
    this.type = type;
    this.plan = plan;
    this.window = window;
    this.findings = findings;
    this.counts = new int[Kind.values().length + plan.own().size()];
  }

  /** Scans the whole of an event stream, in the same way. */
  static void scanEvents(byte[] body, int from, RedactionPlan plan, Findings findings) {
    StreamWindow whole = new StreamWindow(body);
    whole.out = from;
    StreamRedactor redactor =
        new StreamRedactor(ContentType.parse("text/event-stream"), plan, whole, findings);
    redactor.mode = Mode.LINES;
    redactor.read = from;
    redactor.turn(true);
  }

  @Override
  public void feed(byte[] bytes, int from, int to, Sink out) {
    int at = from;
    try {
      while (at < to) {
        int piece = at;
        at = Math.min(to, at + PIECE_BYTES);
        take(bytes, piece, at, false, out);
      }
    } catch (RuntimeException e) {
      window.append(bytes, at, to); // for whoever releases what is held back
      throw e;
    }
  }

  @Override
  public void end(Sink out) {
    take(window.bytes, 0, 0, true, out);
  }

  /**
   * Writes what is held back as it is, and from then on all that comes; for when the engine failed.
   *
   * @return false, with nothing written, when part of it is not there any more: of a value that is
   *     longer than what is held back
   */
  public boolean release(Sink out) {
    if (window.isCut) {
      return false;
    }
    window.sink = out;
    window.writeTo(window.end);
    window.forget(window.out);
    mode = Mode.UNREAD;
    return true;
  }

  /** Findings of each type so far, by what the journal calls it. */
  public Map<String, Integer> counts() {
    Map<String, Integer> told = new LinkedHashMap<>();
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] > 0) {
        int type = i - Kind.CUSTOM.ordinal();
        told.put(type < 0 ? Kind.at(i).label() : plan.own().name(type), counts[i]);
      }
    }
    return told;
  }

  /** Whether other bytes came out than went in. */
  public boolean isChanged() {
    return changed;
  }

  /** How much of what came so far could be scanned. */
  public Reach reach() {
    return reach;
  }

  private void take(byte[] bytes, int from, int to, boolean last, Sink out) {
    window.sink = out;
    try {
      window.append(bytes, from, to);
      turn(last);
    } catch (RuntimeException e) {
      reach = Reach.FAILED;
      throw e;
    }
    int found = findings.mark();
    if (found > 0) {
      changed = true;
      findings.drainTo(counts);
    }
  }

  private void turn(boolean last) {
    Mode before;
    do {
      before = mode;
      switch (mode) {
        case BEGIN -> begin(last);
        case TEXT -> text().scan(window, window.end, last, findings);
        case JSON -> {
          if (json().read(window, last, findings) == StreamJson.Read.NO_JSON) {
            text = looseText();
            mode = Mode.TEXT;
          }
        }
        case LINES -> lines(last);
        case EVENT -> event(last);
        case UNREAD -> {
          window.writeTo(window.end);
          window.forget(window.out);
        }
      }
    } while (mode != before);
  }

  // ---- what it is

  private void begin(boolean last) {
    if (window.waiting() == 0) {
      return;
    }
    String head = window.latin1(window.out, window.end);
    String charset = type.charset() == null ? "" : type.charset();
    if (isUnreadable(charset, head)) {
      unread(Reach.UNKNOWN_CHARSET);
      return;
    }
    if (head.length() < 3 && !last && head.charAt(0) >= 0xEF) {
      return; // perhaps a byte order mark
    }
    if (startsWith(head, 0xEF, 0xBB, 0xBF)) {
      window.writeTo(window.out + 3);
      window.forget(window.out);
      head = head.substring(3);
    } else {
      utf8 = charset.isEmpty() || charset.equals("utf-8") || charset.equals("utf8");
    }
    boolean enough = last || head.length() >= StreamText.CARRY_BYTES;
    if (type.isEventStream()) {
      read = window.out;
      mode = Mode.LINES;
      return;
    }
    int first = 0;
    while (first < head.length() && head.charAt(first) <= ' ') {
      first++;
    }
    boolean told = type.isText() || type.isForm() || type.isXml();
    if (!enough && (first >= head.length() - 1 || !told)) {
      return;
    }
    if (!told && Bodies.isBinary(View.root(head, utf8, 0, 1), 0, head.length(), type)) {
      unread(Reach.BINARY);
    } else if (type.isJson() || JsonText.looksLikeJson(head, 0, head.length())) {
      json = new StreamJson(plan, utf8, false);
      mode = Mode.JSON;
    } else {
      boolean xml = type.isXml() || (!type.isForm() && Bodies.looksLikeXml(head, 0, head.length()));
      View.Escaping escaping = xml ? View.Escaping.XML : View.Escaping.NONE;
      text = new StreamText(plan, escaping, utf8, 0, FieldPath.UNKNOWN, window.out);
      mode = Mode.TEXT;
    }
  }

  private static boolean startsWith(String head, int... bytes) {
    for (int i = 0; i < bytes.length; i++) {
      if (i >= head.length() || head.charAt(i) != bytes[i]) {
        return false;
      }
    }
    return true;
  }

  private static boolean isUnreadable(String charset, String head) {
    return charset.startsWith("utf-32")
        || charset.startsWith("utf-16")
        || charset.startsWith("utf-7")
        || charset.startsWith("ibm")
        || charset.startsWith("cp037")
        || charset.startsWith("iso-2022")
        || startsWith(head, 0xFE, 0xFF)
        || startsWith(head, 0xFF, 0xFE);
  }

  private void unread(Reach why) {
    reach = why;
    mode = Mode.UNREAD;
  }

  // ---- event streams

  /** Reads lines; those of data that begin with JSON are read as that, all others as text. */
  private void lines(boolean last) {
    while (true) {
      if (!lineBegins) {
        int end = read;
        while (end < window.end && window.bytes[end] != '\n') {
          end++;
        }
        if (end == window.end) {
          int moved = text().scan(window, end, last, findings);
          read = end - moved;
          return;
        }
        read = end + 1;
        lineBegins = true;
      }
      int next = nextOfLine(last);
      if (next < 0) {
        int moved = text().scan(window, read, false, findings);
        read -= moved;
        return;
      }
      if (next == read) {
        if (read == window.end) { // the last line
          text().scan(window, read, true, findings);
          return;
        }
        lineBegins = false;
        continue;
      }
      byte first = window.bytes[next - 1];
      if (first == '\n') { // an empty line: the event is complete
        read = next - text().scan(window, next, true, findings);
        text = null;
        loose = false;
      } else {
        text().scan(window, next - 1, true, findings);
        text = null;
        loose = false;
        lineBegins = false;
        json = new StreamJson(plan, utf8, true);
        mode = Mode.EVENT;
        return;
      }
    }
  }

  /**
   * Looks at the line that begins at {@code read}.
   *
   * @return behind the empty line, or behind the first character of JSON; {@code read} when it is
   *     neither, -1 when that cannot be told yet
   */
  private int nextOfLine(boolean last) {
    byte[] bytes = window.bytes;
    int end = window.end;
    int at = read;
    if (at < end && bytes[at] == '\r') {
      at++;
    }
    if (at < end && bytes[at] == '\n') {
      return at + 1;
    }
    if (at > read) {
      return at == end && !last ? -1 : read;
    }
    for (int i = 0; i < DATA.length(); i++, at++) {
      if (at == end) {
        return last ? read : -1;
      }
      if (bytes[at] != DATA.charAt(i)) {
        return read;
      }
    }
    int limit = Math.min(end, at + StreamText.CARRY_BYTES / 4);
    while (at < limit && bytes[at] == ' ') {
      at++;
    }
    if (at == end) {
      return last ? read : -1;
    }
    return bytes[at] == '{' || bytes[at] == '[' ? at + 1 : read;
  }

  private void event(boolean last) {
    StreamJson.Read ended = json().read(window, last, findings);
    if (ended == StreamJson.Read.ALL) {
      return;
    }
    json = null;
    loose = ended == StreamJson.Read.NO_JSON;
    read = window.out;
    lineBegins = false;
    mode = Mode.LINES;
  }

  // ---- parts

  private StreamText text() {
    StreamText current = text;
    if (current == null) {
      current =
          loose
              ? looseText()
              : new StreamText(plan, View.Escaping.NONE, utf8, 0, FieldPath.UNKNOWN, window.out);
      text = current;
    }
    return current;
  }

  /** What should have been JSON: escapes are undone, fields are not known. */
  private StreamText looseText() {
    return new StreamText(plan, View.Escaping.JSON, utf8, 0, FieldPath.UNKNOWN, window.out);
  }

  private StreamJson json() {
    if (json == null) {
      throw new IllegalStateException("no JSON is being read in mode " + mode);
    }
    return json;
  }
}
