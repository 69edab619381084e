package dev.cordon.enforcement;

import dev.cordon.bootstrap.CallDenied;
import dev.cordon.bootstrap.ResponseFilter;
import dev.cordon.journal.JournalRecord;
import dev.cordon.redaction.Reach;
import dev.cordon.redaction.StreamRedactor;
import dev.cordon.redaction.StreamTransform;
import dev.cordon.rules.OriginReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Redacts the body of one response, puts back the values that a prompt kept, and tells the journal,
 * when it has ended, what was taken out and how much was put back. Compressed bodies are
 * decompressed and compressed again. A body without text, as an image, is handed on, and the
 * journal says so; what may hold text that cannot be read is withheld, or handed on where the rules
 * say so.
 *
 * <p>Synchronized, because a client may give a body up on another thread than the one that reads.
 */
final class ResponseRedaction implements ResponseFilter.Body {
  private static final byte[] NOTHING = new byte[0];
  private static final StreamTransform.Sink NOWHERE = (bytes, from, to) -> {};
  private static final String CLOSED = "the response was closed";

  private final ResponseGuard guard;
  private final @Nullable StreamRedactor redactor; // null: nothing is taken out
  private final @Nullable StreamTransform restoring; // null: nothing is put back
  private @Nullable OriginReader origins; // null: nobody asks what the application is given
  private final boolean onlyLooks; // the body is handed on as it comes
  private final ContentCoding coding;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private boolean begun;
  private @Nullable Unzip unzip; // of a compressed body, once it has begun
  private @Nullable Zip zip;
  private @Nullable RuntimeException restoreFault;
  private @Nullable String unscanned; // why nothing is looked at from here on
  private boolean told;

  ResponseRedaction(
      ResponseGuard guard,
      @Nullable StreamRedactor redactor,
      @Nullable StreamTransform restoring,
      @Nullable OriginReader origins,
      ContentCoding coding) {
    this.guard = guard;
    this.redactor = redactor;
    this.restoring = restoring;
    this.origins = origins;
    this.onlyLooks = guard.isObserving() || (redactor == null && restoring == null);
    this.coding = coding;
  }

  @Override
  public synchronized byte[] pass(byte[] bytes, int from, int to) throws IOException {
    if (from == to) {
      return NOTHING;
    }
    if (onlyLooks) {
      look(bytes, from, to);
      return Arrays.copyOfRange(bytes, from, to);
    }
    if (told) {
      throw new IOException(CLOSED); // never a hole
    }
    try {
      begin(bytes[from]);
      Unzip compressed = unzip;
      if (compressed == null) {
        piece(bytes, from, to);
      } else {
        compressed.feed(bytes, from, to, this::piece);
      }
      return taken();
    } catch (Throwable fault) { // what is held back is not known any more
      throw withheld(fault);
    }
  }

  private void begin(byte first) {
    if (begun) {
      return;
    }
    begun = true;
    Unzip.Format format = Unzip.Format.of(coding, first);
    if (format != null) {
      unzip = new Unzip(format);
      zip = onlyLooks ? null : new Zip(format, out);
    }
  }

  private void piece(byte[] bytes, int from, int to) throws CallDenied {
    StreamRedactor first = redactor;
    if (first == null || unscanned != null) {
      restore(bytes, from, to);
    } else {
      try {
        first.feed(bytes, from, to, this::restore);
      } catch (RuntimeException fault) {
        release(first, fault);
      }
      refuseUnreadable(first);
    }
    checkRestored();
  }

  /** Before anything of the body is given out: it tells by its first bytes. */
  private void refuseUnreadable(StreamRedactor first) throws CallDenied {
    if (guard.refuses() && first.reach() == Reach.UNKNOWN_CHARSET) {
      unscanned = label(Reach.UNKNOWN_CHARSET);
      throw guard.denied();
    }
  }

  /** Nothing is lost and nothing is left out: either all that comes, or an exception. */
  private void release(StreamRedactor first, RuntimeException fault) throws CallDenied {
    unscanned = ResponseGuard.FAILED;
    guard.fault(fault);
    if (guard.refuses() || !first.release(this::restore)) {
      throw guard.denied();
    }
  }

  private void restore(byte[] bytes, int from, int to) {
    StreamTransform second = restoring;
    if (second == null) {
      write(bytes, from, to);
    } else if (restoreFault == null) {
      try {
        second.feed(bytes, from, to, this::write);
      } catch (RuntimeException fault) {
        restoreFault = fault; // no fault of the redactor, which is writing
      }
    }
  }

  /** What it held back is lost then, and no hole may look like a body. */
  private void checkRestored() {
    if (restoreFault != null) {
      throw restoreFault;
    }
  }

  private void write(byte[] bytes, int from, int to) {
    remember(bytes, from, to);
    if (zip == null) {
      out.write(bytes, from, to - from);
    } else {
      zip.write(bytes, from, to);
    }
  }

  /** What is not remembered is not known; the body does not suffer for it. */
  private void remember(byte[] bytes, int from, int to) {
    OriginReader reader = origins;
    if (reader == null) {
      return;
    }
    try {
      reader.feed(bytes, from, to);
    } catch (Throwable fault) {
      origins = null;
      guard.fault(fault);
    }
  }

  /** Of a body that has come to its end: where one was cut, the last value is none. */
  private void rememberEnd() {
    OriginReader reader = origins;
    if (reader == null || unscanned != null || told) {
      return;
    }
    try {
      if (unzip != null) {
        unzip.end();
      }
      reader.end();
    } catch (IOException cut) {
      origins = null;
    } catch (Throwable fault) {
      guard.fault(fault);
    }
  }

  private byte[] taken() {
    if (zip != null) {
      zip.flush();
    }
    return drained();
  }

  private byte[] drained() {
    if (out.size() == 0) {
      return NOTHING;
    }
    byte[] bytes = out.toByteArray();
    out.reset();
    return bytes;
  }

  @Override
  public synchronized byte[] end() throws IOException {
    if (onlyLooks) {
      lookAtEnd();
      return NOTHING;
    }
    if (told) {
      throw new IOException(CLOSED);
    }
    try {
      if (unzip != null) {
        unzip.end();
      }
      finish();
      if (zip != null) {
        zip.finish();
      }
    } catch (Throwable fault) {
      throw withheld(fault);
    }
    rememberEnd();
    tell();
    return drained();
  }

  private void finish() throws CallDenied {
    StreamRedactor first = redactor;
    if (first != null && unscanned == null) {
      try {
        first.end(this::restore);
      } catch (RuntimeException fault) {
        release(first, fault);
      }
      refuseUnreadable(first);
    }
    checkRestored();
    if (restoring != null) {
      restoring.end(this::write);
    }
  }

  /** The body ends here, whatever of it is still to come. */
  private IOException withheld(Throwable fault) {
    IOException thrown;
    if (fault instanceof CallDenied denied) {
      thrown = denied;
    } else if (fault instanceof IOException broken) { // as it would have been without us
      unscanned = ResponseGuard.CODING;
      thrown = broken;
    } else {
      unscanned = ResponseGuard.FAILED;
      guard.fault(fault);
      thrown = guard.denied();
    }
    out.reset();
    tell();
    return thrown;
  }

  @Override
  public synchronized void abandoned() {
    tell();
  }

  // ---- nothing is changed, whatever is found and whatever fails

  private void look(byte[] bytes, int from, int to) {
    if (unscanned != null || told || (redactor == null && origins == null)) {
      return;
    }
    try {
      begin(bytes[from]);
      Unzip compressed = unzip;
      if (compressed == null) {
        lookAt(bytes, from, to);
      } else {
        compressed.feed(bytes, from, to, this::lookAt);
      }
    } catch (Throwable fault) {
      unseen(fault);
    }
  }

  private void lookAt(byte[] bytes, int from, int to) {
    remember(bytes, from, to);
    StreamRedactor first = redactor;
    if (first != null) {
      first.feed(bytes, from, to, NOWHERE);
    }
  }

  private void lookAtEnd() {
    try {
      if (redactor != null && unscanned == null && !told) {
        redactor.end(NOWHERE);
      }
    } catch (Throwable fault) {
      unseen(fault);
    }
    rememberEnd();
    tell();
  }

  private void unseen(Throwable fault) {
    if (fault instanceof IOException) {
      unscanned = ResponseGuard.CODING;
    } else {
      unscanned = ResponseGuard.FAILED;
      guard.fault(fault);
    }
  }

  // ---- the record

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
      tell(redactor == null ? Reach.WHOLE : redactor.reach(), guard.restored());
    } catch (Throwable fault) {
      guard.fault(fault);
    }
  }

  private void tell(Reach reach, int restored) {
    boolean changed = redactor != null && redactor.isChanged();
    if (redactor == null && restoring == null) {
      return; // nothing was to be scanned
    }
    if (unscanned == null && reach.whole() && !changed && restored == 0) {
      return;
    }
    JournalRecord record = guard.record();
    if (redactor != null) {
      record.findings(redactor.counts());
    }
    if (restored > 0) {
      record.attribute("restored", restored);
    }
    if (unscanned != null) {
      guard.tell(record, unscanned);
    } else if (reach == Reach.UNKNOWN_CHARSET) {
      guard.tell(record, label(reach));
    } else if (changed) {
      guard.tellChanged(record);
    } else if (!reach.whole()) {
      guard.tellBinary(record, label(reach));
    } else {
      guard.tellRestored(record);
    }
  }

  private static String label(Reach reach) {
    return reach.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
