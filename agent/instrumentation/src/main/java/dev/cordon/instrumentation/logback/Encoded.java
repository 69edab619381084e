package dev.cordon.instrumentation.logback;

import dev.cordon.bootstrap.Gate;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A second look at an event that is bytes already. */
final class Encoded {

  private Encoded() {}

  /**
   * The same instance when nothing was found. Never throws: what cannot be read is withheld.
   *
   * @param told in which charset the bytes are; null when nobody says
   */
  static byte[] redacted(byte[] encoded, @Nullable Charset told) {
    try {
      byte[] redacted = told == null ? null : redactedAs(encoded, told);
      if (redacted != null) {
        return redacted;
      }
      byte[] narrow = encoded;
      Charset wide = wideCharsetOf(encoded);
      if (wide != null) { // or a narrow text with a zero in it, so both are looked at
        redacted = redactedAs(encoded, wide);
        narrow = redacted == null ? encoded : redacted;
      }
      redacted = isAscii(narrow) ? null : redactedAs(narrow, StandardCharsets.UTF_8);
      if (redacted == null) { // one char for each byte, whatever the superset of ASCII
        redacted = redactedAs(narrow, StandardCharsets.ISO_8859_1);
      }
      return redacted == null ? narrow : redacted;
    } catch (Throwable fault) {
      return withheld(fault);
    }
  }

  static byte[] withheld(Throwable fault) {
    return (Gate.withheld(fault) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Null when these bytes are not the ones that a text of this charset has: then those outside of a
   * finding would not stay as they are.
   */
  private static byte @Nullable [] redactedAs(byte[] encoded, Charset charset) {
    String text = new String(encoded, charset);
    boolean isExact = charset == StandardCharsets.ISO_8859_1;
    if (!isExact && !Arrays.equals(text.getBytes(charset), encoded)) {
      return null;
    }
    int end = text.length();
    while (end > 0 && (text.charAt(end - 1) == '\n' || text.charAt(end - 1) == '\r')) {
      end--;
    }
    String line = text.substring(0, end);
    String scanned = Gate.line(line);
    return scanned.equals(line) ? encoded : (scanned + text.substring(end)).getBytes(charset);
  }

  private static boolean isAscii(byte[] encoded) {
    int all = 0;
    for (byte b : encoded) {
      all |= b;
    }
    return all >= 0;
  }

  /**
   * A text of wider characters shows itself by the zeros in it: no line is without a blank, a sign
   * or its end. Not by where it begins: any character may stand there.
   */
  private static @Nullable Charset wideCharsetOf(byte[] encoded) {
    int[] zeros = new int[4];
    for (int i = 0; i < encoded.length; i++) {
      if (encoded[i] == 0) {
        zeros[i & 3]++;
      }
    }
    int even = zeros[0] + zeros[2];
    int odd = zeros[1] + zeros[3];
    if (even + odd == 0) {
      return null;
    }
    int quarter = encoded.length / 4;
    if (zeros[0] == quarter && zeros[1] > quarter / 2) {
      return Charset.forName("UTF-32BE");
    }
    if (zeros[3] == quarter && zeros[2] > quarter / 2) {
      return Charset.forName("UTF-32LE");
    }
    return even > odd ? StandardCharsets.UTF_16BE : StandardCharsets.UTF_16LE;
  }
}
