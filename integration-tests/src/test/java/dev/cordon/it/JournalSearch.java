package dev.cordon.it;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Looks for values in files, in every form that they could have been written in. */
final class JournalSearch {

  private JournalSearch() {}

  /** Fails when a file below the directory holds one of the values; its name counts too. */
  static void assertAbsent(Path directory, List<String> values) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(directory)) {
      files = all.filter(Files::isRegularFile).toList();
    }
    assertTrue(!files.isEmpty(), "no file below " + directory);
    for (Path file : files) {
      assertAbsent(file.toString(), Files.readAllBytes(file), values);
      assertAbsent("a name", file.toString().getBytes(StandardCharsets.UTF_8), values);
    }
  }

  static void assertAbsent(String where, byte[] bytes, List<String> values) {
    String haystack = new String(bytes, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
    for (String value : values) {
      for (String form : forms(value)) {
        if (haystack.contains(form.toLowerCase(Locale.ROOT))) {
          fail(where + " holds a value of the call, as " + form);
        }
      }
    }
  }

  private static List<String> forms(String value) {
    List<String> forms = new ArrayList<>();
    for (Charset charset :
        List.of(StandardCharsets.UTF_8, StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
      forms.add(new String(value.getBytes(charset), StandardCharsets.ISO_8859_1));
    }
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    forms.add(URLEncoder.encode(value, StandardCharsets.UTF_8));
    forms.add(HexFormat.of().formatHex(utf8));
    // base64 at each of its three alignments, without the characters that depend on the neighbours
    for (int shift = 0; shift < 3; shift++) {
      byte[] padded = new byte[shift + utf8.length];
      System.arraycopy(utf8, 0, padded, shift, utf8.length);
      String base64 = Base64.getEncoder().withoutPadding().encodeToString(padded);
      forms.add(base64.substring(shift == 0 ? 0 : 4, base64.length() - 2));
    }
    // half of a value is a value too
    forms.add(value.substring(0, Math.max(8, value.length() / 2)));
    return forms;
  }
}
