package dev.cordon.instrumentation.logback;

import dev.cordon.bootstrap.Gate;
import dev.cordon.bootstrap.Hook;
import dev.cordon.bootstrap.Passed;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * {@code JsonEncoder#encode(ILoggingEvent)}: a second look at the finished line, for what {@code
 * toString()} of arguments and values brought into it.
 */
final class EncodedEventHook extends Hook {

  @Override
  protected @Nullable Object around(@Nullable Object self, Object[] arguments) throws Passed {
    byte[] encoded = (byte[]) proceed(self, arguments);
    return encoded == null ? null : redacted(encoded);
  }

  private static byte[] redacted(byte[] encoded) {
    // one char for each byte, whatever the charset: bytes outside a finding stay as they are
    int end = encoded.length;
    while (end > 0 && (encoded[end - 1] == '\n' || encoded[end - 1] == '\r')) {
      end--;
    }
    String line = new String(encoded, 0, end, StandardCharsets.ISO_8859_1);
    String scanned = Gate.line(line);
    if (scanned.equals(line)) {
      return encoded;
    }
    byte[] body = scanned.getBytes(StandardCharsets.ISO_8859_1);
    byte[] result = new byte[body.length + encoded.length - end];
    System.arraycopy(body, 0, result, 0, body.length);
    System.arraycopy(encoded, end, result, body.length, encoded.length - end);
    return result;
  }

  @Override
  protected Object failed(@Nullable Object self, Object[] arguments, Throwable fault) {
    return (Gate.withheld(fault) + "\n").getBytes(StandardCharsets.UTF_8);
  }
}
