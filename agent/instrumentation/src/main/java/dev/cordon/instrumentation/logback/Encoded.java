package dev.cordon.instrumentation.logback;

import dev.cordon.bootstrap.Gate;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** A second look at an event that is bytes already. */
final class Encoded {

  private Encoded() {}

  /** The same instance when nothing was found. Never throws: what cannot be read is withheld. */
  static byte[] redacted(byte[] encoded) {
    try {
      Charset charset = charsetOf(encoded);
      int end = encoded.length;
      if (charset == StandardCharsets.ISO_8859_1) {
        while (end > 0 && (encoded[end - 1] == '\n' || encoded[end - 1] == '\r')) {
          end--;
        }
      }
      String line = new String(encoded, 0, end, charset);
      String scanned = Gate.line(line);
      if (scanned.equals(line)) {
        return encoded;
      }
      byte[] body = scanned.getBytes(charset);
      byte[] result = new byte[body.length + encoded.length - end];
      System.arraycopy(body, 0, result, 0, body.length);
      System.arraycopy(encoded, end, result, body.length, encoded.length - end);
      return result;
    } catch (Throwable fault) {
      return withheld(fault);
    }
  }

  static byte[] withheld(Throwable fault) {
    return (Gate.withheld(fault) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /**
   * One char for each byte, whatever the superset of ASCII, so that bytes outside a finding stay as
   * they are. A text of wider characters shows itself by the zeros of its first one.
   */
  private static Charset charsetOf(byte[] encoded) {
    if (encoded.length < 4) {
      return StandardCharsets.ISO_8859_1;
    }
    int first = (encoded[0] & 0xFF) << 8 | (encoded[1] & 0xFF);
    int second = (encoded[2] & 0xFF) << 8 | (encoded[3] & 0xFF);
    if (first == 0) {
      return Charset.forName("UTF-32BE");
    }
    if (first == 0xFEFF || first < 0x80) {
      return StandardCharsets.UTF_16BE;
    }
    if (first == 0xFFFE || (first & 0xFF) == 0) {
      return second == 0 ? Charset.forName("UTF-32LE") : StandardCharsets.UTF_16LE;
    }
    return StandardCharsets.ISO_8859_1;
  }
}
