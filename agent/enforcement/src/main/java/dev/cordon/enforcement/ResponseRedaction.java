package dev.cordon.enforcement;

import dev.cordon.bootstrap.ResponseFilter;
import dev.cordon.journal.Appended;
import dev.cordon.journal.JournalRecord;
import dev.cordon.journal.Level;
import dev.cordon.redaction.Kind;
import dev.cordon.redaction.Reach;
import dev.cordon.redaction.StreamRedactor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Redacts the body of one response and tells the journal, when it has ended, what was taken out.
 * Compressed bodies are decompressed and compressed again. What cannot be read (a coding or a
 * character set we do not know, an image) is handed on, and the journal says so: the call has
 * happened, and an application that does not see the answer would make it again.
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

  private final Context context;
  private final StreamRedactor redactor;
  private final @Nullable Unzip unzip;
  private final @Nullable OutputStream zip;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private boolean released; // a fault of ours: from here on bytes pass as they are
  private boolean told;

  private ResponseRedaction(Context context, StreamRedactor redactor, ContentCoding coding)
      throws IOException {
    this.context = context;
    this.redactor = redactor;
    boolean zipped = coding != ContentCoding.IDENTITY;
    this.unzip = zipped ? new Unzip(coding == ContentCoding.GZIP) : null;
    this.zip = zipped && !context.observing() ? Unzip.zip(coding == ContentCoding.GZIP, out) : null;
  }

  /** Null when the body cannot be read; the journal is told. */
  static ResponseFilter.@Nullable Body of(
      Context context, Responses responses, ResponseFilter.Headers headers) throws IOException {
    ContentCoding coding = ContentCoding.of(headers.first("Content-Encoding"));
    if (coding == ContentCoding.OTHER) {
      append(context, context.record().attribute("unscanned", "coding"));
      return null;
    }
    StreamRedactor redactor = new StreamRedactor(headers.first("Content-Type"), responses.plan());
    return new ResponseRedaction(context, redactor, coding);
  }

  @Override
  public byte[] pass(byte[] bytes, int from, int to) throws IOException {
    if (from == to || told) {
      return NOTHING;
    }
    if (context.observing()) {
      if (!released) {
        look(bytes, from, to);
      }
      return Arrays.copyOfRange(bytes, from, to);
    }
    try {
      if (unzip == null) {
        piece(bytes, from, to);
      } else {
        unzip.feed(bytes, from, to, this::piece);
      }
      return taken();
    } catch (RuntimeException fault) { // what is held back is not known any more
      context.counters().faults.increment();
      context.faultLog().fault("response", fault);
      throw RefusedResponse.denied();
    }
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
      return;
    }
    try {
      zip.write(bytes, from, to - from);
    } catch (IOException never) { // it writes into memory
      throw new IllegalStateException(never);
    }
  }

  private byte[] taken() throws IOException {
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
  public byte[] end() throws IOException {
    try {
      if (context.observing()) {
        if (!released) {
          redactor.end((b, from, to) -> {});
        }
        return NOTHING;
      }
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
        zip.close();
      }
      byte[] rest = out.toByteArray();
      out.reset();
      return rest;
    } finally {
      tell();
    }
  }

  @Override
  public void abandoned() {
    tell();
  }

  /** Observe mode: nothing is changed, whatever is found and whatever fails. */
  private void look(byte[] bytes, int from, int to) {
    try {
      if (unzip == null) {
        redactor.feed(bytes, from, to, (b, start, end) -> {});
      } else {
        unzip.feed(
            bytes, from, to, (b, start, end) -> redactor.feed(b, start, end, (c, f, t) -> {}));
      }
    } catch (IOException | RuntimeException fault) {
      released = true;
    }
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
    if (unzip != null) {
      unzip.close();
    }
    try {
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
    } catch (RuntimeException fault) {
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
