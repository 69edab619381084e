package dev.cordon.enforcement;

import dev.cordon.bootstrap.CallDenied;
import dev.cordon.bootstrap.ResponseFilter;
import dev.cordon.journal.Appended;
import dev.cordon.journal.JournalRecord;
import dev.cordon.journal.Level;
import dev.cordon.redaction.Kind;
import dev.cordon.redaction.Reach;
import dev.cordon.redaction.StreamRedactor;
import dev.cordon.redaction.StreamTransform;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Redacts the body of one response and tells the journal, when it has ended, what was taken out.
 * Compressed bodies are decompressed and compressed again. What cannot be read (a coding or a
 * character set we do not know, an image) is handed on, and the journal says so: the call has
 * happened, and an application that does not see the answer would make it again.
 *
 * <p>Synchronized, because a client may give a body up on another thread than the one that reads.
 */
final class ResponseRedaction implements ResponseFilter.Body {

  /** What it needs of its call and of the guard. */
  record Context(
      JournalRecord record,
      Recorder recorder,
      Counters counters,
      FaultLog faultLog,
      boolean observing,
      boolean passesOnFault) {}

  private static final Kind[] KINDS = Kind.values();
  private static final byte[] NOTHING = new byte[0];
  private static final StreamTransform.Sink NOWHERE = (bytes, from, to) -> {};
  private static final String CLOSED = "the response was closed";

  private final Context context;
  private final StreamRedactor redactor;
  private final ContentCoding coding;
  private @Nullable Unzip unzip; // from the first byte of a compressed body
  private @Nullable Zip zip;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private boolean released; // a fault of ours: from here on bytes pass as they are
  private boolean told;

  private ResponseRedaction(Context context, StreamRedactor redactor, ContentCoding coding) {
    this.context = context;
    this.redactor = redactor;
    this.coding = coding;
  }

  /** Null when the body cannot be read; the journal is told. */
  static ResponseFilter.@Nullable Body of(
      Context context, Responses responses, ResponseFilter.Headers headers) {
    ContentCoding coding = ContentCoding.of(headers.first("Content-Encoding"));
    if (coding == ContentCoding.OTHER) {
      append(context, context.record().attribute("unscanned", "coding"));
      return null;
    }
    StreamRedactor redactor = new StreamRedactor(headers.first("Content-Type"), responses.plan());
    return new ResponseRedaction(context, redactor, coding);
  }

  @Override
  public synchronized byte[] pass(byte[] bytes, int from, int to) throws IOException {
    if (from == to) {
      return NOTHING;
    }
    if (context.observing()) {
      if (!released && !told) {
        look(bytes, from, to);
      }
      return Arrays.copyOfRange(bytes, from, to);
    }
    if (told) {
      throw new IOException(CLOSED); // never a hole
    }
    try {
      Unzip compressed = unzip(bytes[from]);
      if (compressed == null) {
        piece(bytes, from, to);
      } else {
        compressed.feed(bytes, from, to, this::piece);
      }
      return taken();
    } catch (IOException refused) {
      throw refused;
    } catch (Throwable fault) { // what is held back is not known any more
      throw denied(fault);
    }
  }

  private CallDenied denied(Throwable fault) {
    released = true;
    context.counters().faults.increment();
    context.faultLog().fault("response", fault);
    return RefusedResponse.denied();
  }

  /** Null for a body that is not compressed. */
  private @Nullable Unzip unzip(byte first) {
    Unzip current = unzip;
    if (current == null && coding != ContentCoding.IDENTITY) {
      Unzip.Format format = Unzip.Format.of(coding, first);
      current = new Unzip(format);
      unzip = current;
      zip = context.observing() ? null : new Zip(format, out);
    }
    return current;
  }

  private void piece(byte[] bytes, int from, int to) throws IOException {
    if (released) {
      write(bytes, from, to);
      return;
    }
    try {
      redactor.feed(bytes, from, to, this::write);
    } catch (RuntimeException fault) {
      release(fault);
    }
  }

  private void write(byte[] bytes, int from, int to) {
    if (zip == null) {
      out.write(bytes, from, to - from);
    } else {
      zip.write(bytes, from, to);
    }
  }

  private byte[] taken() {
    if (zip != null) {
      zip.flush();
    }
    if (out.size() == 0) {
      return NOTHING;
    }
    byte[] bytes = out.toByteArray();
    out.reset();
    return bytes;
  }

  @Override
  public synchronized byte[] end() throws IOException {
    if (context.observing()) {
      lookAtEnd();
      return NOTHING;
    }
    if (told) {
      throw new IOException(CLOSED);
    }
    try {
      if (unzip != null && !unzip.isWhole()) {
        throw new IOException("the compressed response ends before its end");
      }
      if (!released) {
        try {
          redactor.end(this::write);
        } catch (RuntimeException fault) {
          release(fault);
        }
      }
      if (zip != null) {
        zip.finish();
      }
      byte[] rest = out.toByteArray();
      out.reset();
      return rest;
    } catch (IOException refused) {
      throw refused;
    } catch (Throwable fault) {
      throw denied(fault);
    } finally {
      tell();
    }
  }

  @Override
  public synchronized void abandoned() {
    tell();
  }

  /** Observe mode: nothing is changed, whatever is found and whatever fails. */
  private void look(byte[] bytes, int from, int to) {
    try {
      Unzip compressed = unzip(bytes[from]);
      if (compressed == null) {
        redactor.feed(bytes, from, to, NOWHERE);
      } else {
        compressed.feed(bytes, from, to, (b, start, end) -> redactor.feed(b, start, end, NOWHERE));
      }
    } catch (Throwable fault) {
      released = true;
    }
  }

  private void lookAtEnd() {
    try {
      if (!released && !told) {
        redactor.end(NOWHERE);
      }
    } catch (Throwable fault) {
      released = true;
    }
    tell();
  }

  /** Nothing is lost and nothing is left out: either all that comes, or an exception. */
  private void release(RuntimeException fault) throws IOException {
    released = true;
    context.counters().faults.increment();
    context.faultLog().fault("response", fault);
    if (!context.passesOnFault() || !redactor.release(this::write)) {
      tell();
      throw RefusedResponse.denied();
    }
  }

  private void tell() {
    if (told) {
      return;
    }
    told = true;
    try {
      if (unzip != null) {
        unzip.close();
      }
      if (zip != null) {
        zip.close();
      }
      JournalRecord record = context.record();
      Reach reach = released ? Reach.FAILED : redactor.reach();
      if (!reach.whole()) {
        record.attribute("unscanned", reach.name().toLowerCase(Locale.ROOT).replace('_', '-'));
      } else if (!redactor.isChanged()) {
        return;
      }
      for (Kind kind : KINDS) {
        if (redactor.count(kind) > 0) {
          record.finding(kind.label(), redactor.count(kind));
        }
      }
      if (redactor.isChanged()) {
        record.decision(context.observing() ? "would_redact" : "redacted");
      }
      append(context, record);
    } catch (Throwable fault) {
      context.faultLog().fault("response", fault);
    }
  }

  private static void append(Context context, JournalRecord record) {
    if (context.recorder().append(record, Level.ACCEPTED, CallGuard.ACCEPT_TIMEOUT_NS)
        == Appended.FAILED) {
      context.counters().unjournaled.increment();
    }
  }
}
