package dev.cordon.redaction;

import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts values back into an event stream, in which a model's text comes in pieces: a token may be
 * split over the deltas of many events. An event whose delta ends like the beginning of a token
 * waits for the next delta of the same text; the piece then moves there. Events keep their order
 * and their number.
 */
final class EventRestore implements StreamTransform {
  /** A longer event is not taken apart: its strings are restored each for itself. */
  private static final int MAX_EVENT_BYTES = 256 * 1024;

  // what may wait: deltas of several texts that come by turns, but not the rest of the response
  private static final int MAX_WAITING_EVENTS = 64;
  private static final int MAX_WAITING_BYTES = 256 * 1024;
  private static final int MAX_TEXTS = 1_000;

  /** A text of which each event has a piece. */
  private static final class Text {
    final StringRestore string;
    @Nullable Waiting in; // where its last bytes wait
    int part;
    int bytes;

    Text(StringRestore string) {
      this.string = string;
    }
  }

  /** An event, in parts of which some may still lose their end. */
  private static final class Waiting {
    final List<byte[]> parts = new ArrayList<>();
    int size;
    int holds;

    void add(byte[] part) {
      parts.add(part);
      size += part.length;
    }
  }

  private final Prompt prompt;
  private final Map<String, Text> texts = new HashMap<>();
  private final ArrayDeque<Waiting> queue = new ArrayDeque<>();
  private int waitingBytes;

  private final ByteArrayOutputStream event = new ByteArrayOutputStream();
  private boolean lineIsEmpty = true;
  private @Nullable TextRestore overlong; // the event is too long

  EventRestore(Prompt prompt) {
    this.prompt = prompt;
  }

  @Override
  public void feed(byte[] bytes, int from, int to, Sink out) {
    int copied = from;
    for (int at = from; at < to; at++) {
      byte b = bytes[at];
      if (b == '\n') {
        boolean ends = lineIsEmpty;
        lineIsEmpty = true;
        if (ends) {
          take(bytes, copied, at + 1, out);
          copied = at + 1;
          complete(out);
        }
      } else if (b != '\r') {
        lineIsEmpty = false;
      }
    }
    take(bytes, copied, to, out);
  }

  private void take(byte[] bytes, int from, int to, Sink out) {
    TextRestore beyond = overlong;
    if (beyond != null) {
      beyond.feed(bytes, from, to, out);
      return;
    }
    event.write(bytes, from, to - from);
    if (event.size() > MAX_EVENT_BYTES) {
      releaseAll(out);
      beyond = new TextRestore(prompt, true);
      overlong = beyond;
      beyond.feed(event.toByteArray(), 0, event.size(), out);
      event.reset();
    }
  }

  @Override
  public void end(Sink out) {
    if (event.size() > 0 || overlong != null) {
      complete(out);
    }
    releaseAll(out);
  }

  private void complete(Sink out) {
    TextRestore beyond = overlong;
    if (beyond != null) {
      beyond.end(out);
      overlong = null;
      return;
    }
    byte[] bytes = event.toByteArray();
    event.reset();
    Waiting next = new Waiting();
    boolean interrupts = !split(bytes, next);
    if (interrupts) { // the texts before it are over
      releaseAll(out);
    }
    queue.add(next);
    waitingBytes += next.size;
    while (queue.size() > MAX_WAITING_EVENTS || waitingBytes > MAX_WAITING_BYTES) {
      release(queue.element());
      emit(out);
    }
    emit(out);
  }

  // ---- one event

  /** Restores an event; false when it has no piece of a text, and is no sign of life either. */
  private boolean split(byte[] bytes, Waiting into) {
    int data = dataAt(bytes);
    if (data == NO_DATA) {
      into.add(bytes);
      return true; // a comment, a retry
    }
    EventJson json = data < 0 ? null : EventJson.read(bytes, data);
    if (json == null) {
      into.add(restored(bytes));
      return false;
    }
    int copied = 0;
    boolean piece = json.isPing();
    for (EventJson.Piece one : json.strings()) {
      into.add(slice(bytes, copied, one.start()));
      copied = one.end();
      String name = json.textOf(one);
      if (name == null || (texts.size() >= MAX_TEXTS && !texts.containsKey(name))) {
        into.add(alone(bytes, one.start(), one.end()));
        continue;
      }
      piece = true;
      Text text = texts.computeIfAbsent(name, any -> new Text(string()));
      append(text, slice(bytes, one.start(), one.end()), into);
    }
    into.add(slice(bytes, copied, bytes.length));
    return piece;
  }

  private StringRestore string() {
    return new StringRestore(new TokenMatch(prompt));
  }

  private void append(Text text, byte[] piece, Waiting into) {
    byte[] whole = piece;
    Waiting before = text.in;
    if (before != null) {
      byte[] part = before.parts.get(text.part);
      int kept = part.length - text.bytes;
      whole = new byte[text.bytes + piece.length];
      System.arraycopy(part, kept, whole, 0, text.bytes);
      System.arraycopy(piece, 0, whole, text.bytes, piece.length);
      before.parts.set(text.part, slice(part, 0, kept));
      before.size -= text.bytes;
      waitingBytes -= text.bytes;
      before.holds--;
      text.in = null;
    }
    ByteArrayOutputStream copy = new ByteArrayOutputStream(whole.length + 64);
    int stopped = text.string.copy(whole, 0, whole.length, copy);
    int left = whole.length - stopped;
    copy.write(whole, stopped, left);
    if (left > 0) {
      text.in = into;
      text.part = into.parts.size();
      text.bytes = left;
      into.holds++;
    }
    into.add(copy.toByteArray());
  }

  /** A string that no other event goes on with. */
  private byte[] alone(byte[] bytes, int from, int to) {
    ByteArrayOutputStream copy = new ByteArrayOutputStream(to - from + 64);
    int stopped = string().copy(bytes, from, to, copy);
    copy.write(bytes, stopped, to - stopped);
    return copy.toByteArray();
  }

  /** An event whose data is something else. */
  private byte[] restored(byte[] bytes) {
    ByteArrayOutputStream copy = new ByteArrayOutputStream(bytes.length + 64);
    Sink to = (out, from, end) -> copy.write(out, from, end - from);
    TextRestore text = new TextRestore(prompt, false);
    text.feed(bytes, 0, bytes.length, to);
    text.end(to);
    return copy.toByteArray();
  }

  private static final int NO_DATA = -2;
  private static final int OTHER_DATA = -1;

  /** Where the JSON of the one line of data begins. */
  private static int dataAt(byte[] bytes) {
    int found = NO_DATA;
    int line = 0;
    while (line < bytes.length) {
      int end = line;
      while (end < bytes.length && bytes[end] != '\n') {
        end++;
      }
      if (startsWithData(bytes, line, end)) {
        if (found != NO_DATA) {
          return OTHER_DATA; // of several lines
        }
        int at = line + 5;
        while (at < end && bytes[at] == ' ') {
          at++;
        }
        found = at < end && bytes[at] == '{' ? at : OTHER_DATA;
      }
      line = end + 1;
    }
    return found;
  }

  private static boolean startsWithData(byte[] bytes, int from, int to) {
    return to - from >= 5
        && bytes[from] == 'd'
        && bytes[from + 1] == 'a'
        && bytes[from + 2] == 't'
        && bytes[from + 3] == 'a'
        && bytes[from + 4] == ':';
  }

  private static byte[] slice(byte[] bytes, int from, int to) {
    return Arrays.copyOfRange(bytes, from, to);
  }

  // ---- what waits

  private void emit(Sink out) {
    while (!queue.isEmpty() && queue.element().holds == 0) {
      Waiting first = queue.remove();
      waitingBytes -= first.size;
      for (byte[] part : first.parts) {
        if (part.length > 0) {
          out.write(part, 0, part.length);
        }
      }
    }
  }

  private void releaseAll(Sink out) {
    for (Waiting one : queue) {
      one.holds = 0;
    }
    for (Text text : texts.values()) {
      text.in = null;
    }
    emit(out);
  }

  private void release(Waiting one) {
    one.holds = 0;
    for (Text text : texts.values()) {
      if (text.in == one) {
        text.in = null;
      }
    }
  }
}
