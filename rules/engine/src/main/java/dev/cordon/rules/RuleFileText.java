package dev.cordon.rules;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Gets the text of a rule file, or says why it has none. */
final class RuleFileText {
  /** A rule file of 10,000 rules has 2 MiB. */
  static final int MAX_BYTES = 4 * 1024 * 1024;

  private static final int FIRST_READ_BYTES = 64 * 1024;
  private static final int MAX_TABS_TOLD = 20;

  private RuleFileText() {}

  /**
   * @return the bytes, or null when they are not worth reading; problems say why
   * @throws IOException when the file is missing or cannot be read
   */
  static byte @Nullable [] bytes(Path file, Problems problems) throws IOException {
    if (Files.isDirectory(file)) {
      problems.error(Position.TOP, "CRD105", "this is a directory", "give a rule file in it");
      return null;
    }
    try (InputStream in = Files.newInputStream(file)) {
      // not Files.size: a pipe or a device has none, and must not be read to its end
      byte[] bytes = new byte[FIRST_READ_BYTES];
      int length = in.readNBytes(bytes, 0, FIRST_READ_BYTES);
      int maxBytes = Bundle.isOne(bytes) ? Bundle.MAX_BYTES : MAX_BYTES;
      while (length == bytes.length && length <= maxBytes) { // few large steps: the JVM is cold
        bytes = Arrays.copyOf(bytes, Math.min(4 * length, maxBytes + 1));
        length += in.readNBytes(bytes, length, bytes.length - length);
      }
      bytes = Arrays.copyOf(bytes, length);
      if (bytes.length > maxBytes) {
        String tooLong = "longer than " + (maxBytes >> 20) + " MiB";
        problems.error(Position.TOP, "CRD102", tooLong, "split it by environment");
        return null;
      }
      return bytes;
    }
  }

  /** The text, or null when it is none; problems say why. */
  static @Nullable String text(byte[] bytes, Problems problems) {
    for (int i = 0; i < bytes.length; i++) {
      byte b = bytes[i];
      if (b >= 0 && b < 0x20 && b != '\n' && b != '\r' && b != '\t') {
        problems.error(
            Position.TOP,
            "CRD103",
            "not a text file: byte " + i + " is a control character",
            "rule files are UTF-8 text");
        return null;
      }
    }
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      problems.error(
          Position.TOP, "CRD103", "not a text file: not UTF-8", "rule files are UTF-8 text");
      return null;
    }
    if (text.startsWith("\ufeff")) {
      text = text.substring(1);
    }
    problems.source(text);
    if (refuseTabs(text, problems)) {
      return null;
    }
    return text;
  }

  private static boolean refuseTabs(String text, Problems problems) {
    int line = 1;
    int column = 1;
    int told = 0;
    int lineTold = 0;
    for (int i = 0; i < text.length() && told < MAX_TABS_TOLD; i++) {
      char c = text.charAt(i);
      if (c == '\n') {
        line++;
        column = 1;
        continue;
      }
      if (c == '\t' && lineTold != line) {
        problems.error(
            new Position(line, column, 1), "CRD109", "a tab", "indent with spaces, not tabs");
        lineTold = line;
        told++;
      }
      column++;
    }
    return told > 0;
  }
}
