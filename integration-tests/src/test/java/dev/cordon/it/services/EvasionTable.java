package dev.cordon.it.services;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The rows of evasions.txt; its head says what the columns mean. */
public final class EvasionTable {
  private EvasionTable() {}

  /**
   * One call.
   *
   * @param headers name, value, name, value ...
   */
  public record Row(
      String id,
      boolean reaches,
      String method,
      String url,
      List<String> headers,
      byte[] body,
      String why) {}

  public static List<Row> read(Path file, int port) throws IOException {
    List<Row> rows = new ArrayList<>();
    int number = 0;
    for (String line : Files.readAllLines(file)) {
      number++;
      if (!line.isBlank() && !line.startsWith("#")) {
        rows.add(row(line.split(" \\| ", -1), port, file + ":" + number));
      }
    }
    return rows;
  }

  private static Row row(String[] columns, int port, String place) {
    if (columns.length != 7) {
      throw new IllegalArgumentException(place + ": 7 columns wanted, not " + columns.length);
    }
    String expect = columns[1].strip();
    if (!expect.equals("blocked") && !expect.equals("reaches")) {
      throw new IllegalArgumentException(place + ": write blocked or reaches, not " + expect);
    }
    String at = "http://localhost:" + port;
    String url = columns[3].strip().replace("{at}", at).replace("{port}", Integer.toString(port));
    List<String> headers = new ArrayList<>();
    String written = columns[4].strip();
    if (!written.equals("-")) {
      for (String header : written.replace("{port}", Integer.toString(port)).split(" ;; ", -1)) {
        int colon = header.indexOf(": ");
        headers.add(text(header.substring(0, colon)));
        headers.add(text(header.substring(colon + 2)));
      }
    }
    String body = columns[5].strip();
    return new Row(
        columns[0].strip(),
        expect.equals("reaches"),
        columns[2].strip(),
        text(url),
        headers,
        body.equals("-") ? new byte[0] : bytes(body),
        columns[6].strip());
  }

  private static String text(String written) {
    return new String(bytes(written), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String written) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < written.length(); i++) {
      char c = written.charAt(i);
      if (c != '\\') {
        out.writeBytes(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
        continue;
      }
      char escape = written.charAt(++i);
      switch (escape) {
        case 'r' -> out.write('\r');
        case 'n' -> out.write('\n');
        case 't' -> out.write('\t');
        case 's' -> out.write(' ');
        case 'p' -> out.write('|');
        case 'x' -> {
          out.write(Integer.parseInt(written.substring(i + 1, i + 3), 16));
          i += 2;
        }
        case 'u' -> {
          char value = (char) Integer.parseInt(written.substring(i + 1, i + 5), 16);
          out.writeBytes(String.valueOf(value).getBytes(StandardCharsets.UTF_8));
          i += 4;
        }
        case '\\' -> out.write('\\');
        default -> throw new IllegalArgumentException("unknown escape \\" + escape);
      }
    }
    return out.toByteArray();
  }
}
