package dev.cordon.audit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.cordon.redaction.Kind;
import dev.cordon.redaction.Redactor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScanCommandTest {
  private static final String MAIL = "eve@example.com";
  private static final String CARD = "4111 1111 1111 1111";
  private static final String KEY_LINE =
      "aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0zA1bC2dE3faB3dE5gH7jK9mN1pQ2rS4t";
  private static final String KEY =
      "-----BEGIN RSA "
          + "PRIVATE KEY-----\n"
          + (KEY_LINE + "\n").repeat(20)
          + "-----END RSA "
          + "PRIVATE KEY-----\n";

  @TempDir Path directory;
  private final ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
  private final ByteArrayOutputStream errBytes = new ByteArrayOutputStream();

  @Test
  void placesAndTypesAreToldAndNoValueIs() throws IOException {
    Path file = file("clean\nmail " + MAIL + " and " + CARD + "\n\u00e4\ud83d\ude00 " + MAIL);
    assertEquals(1, run("scan", file.toString()));
    assertEquals(
        List.of(
            file + ":2:6: email (confidential), 15 characters",
            file + ":2:26: card (restricted), 19 characters",
            file + ":3:4: email (confidential), 15 characters",
            "3 lines, 3 found, card 1, email 2"),
        out().lines().toList());
    assertEquals("", err());
  }

  @Test
  void aCleanFileEndsWithZero() throws IOException {
    assertEquals(0, run("scan", file("order 1234 shipped\n").toString()));
    assertEquals("1 lines, 0 found\n", out());
    assertEquals(0, run("scan", "--format", "json", file("").toString()));
    assertEquals("{\"lines\":0,\"found\":0,\"types\":{}}\n", out());
  }

  @Test
  void onlyTheTypesAskedForAreTold() throws IOException {
    String file = file(MAIL + " " + CARD + "\n").toString();
    assertEquals(1, run("scan", "--types", "pan", file));
    assertTrue(out().contains("1 found, card 1"), out());
    assertEquals(0, run("scan", "--types=iban, phone", file));
    assertEquals(2, run("scan", "--types", "mail", file));
    assertTrue(err().contains("unknown type 'mail'; known are "), err());
    assertTrue(err().contains(" email, "), err());
  }

  @Test
  void aValueIsShownWhenItIsAskedFor() throws IOException {
    String file = file("x " + MAIL + "\n").toString();
    assertEquals(1, run("scan", "--show", file));
    assertTrue(out().contains(":1:3: email (confidential), 15 characters: " + MAIL), out());
    assertEquals(1, run("scan", "--show", "--format", "json", file));
    assertTrue(
        out().contains("\"type\":\"email\",\"class\":\"confidential\",\"value\":\"" + MAIL + "\"}"),
        out());
  }

  @Test
  void everyReportIsWellFormed() throws IOException {
    Path odd = directory.resolve("a \"b\" \u00e4.log");
    Files.writeString(odd, MAIL + "\n" + CARD + "\n");
    assertEquals(1, run("scan", "--format", "json", odd.toString(), odd.toString()));
    List<String> lines = out().lines().toList();
    assertEquals(5, lines.size());
    for (String line : lines.subList(0, 4)) {
      assertEquals(odd.toString(), texts(line).get(0), line);
    }
    assertEquals(List.of(), texts(lines.get(4)));
    assertEquals(1, run("scan", "--format", "sarif", odd.toString()));
    assertEquals(2, SarifShape.check(out()).size());
    List<String> texts = texts(out());
    assertTrue(texts.containsAll(List.of("2.1.0", "found: email", "found: card")), texts::toString);
    assertFalse(out().contains(MAIL));
  }

  @Test
  void whatCannotBeReadIsToldAndEndsWithTwo() throws IOException {
    assertEquals(2, run("scan"));
    assertEquals(2, run("scan", directory.toString()));
    assertTrue(err().contains("is a directory; name the files in it"), err());
    assertEquals(2, run("scan", directory.resolve("none").toString()));
    assertTrue(err().contains("no such file: "), err());
    assertEquals(2, run("redact", "a", "b"));
    assertTrue(err().contains("one file at a time"), err());
    assertEquals(2, run("redact", file("x").toString(), "-o", directory.toString()));
    assertTrue(err().contains("is a directory; name a file in it"), err());
  }

  @Test
  void aPrivateKeyIsOneFindingAndKeepsItsLines() throws IOException {
    Path file = file("a\nkey: " + KEY + "b " + MAIL + "\n");
    assertEquals(1, run("scan", file.toString()));
    assertTrue(out().contains(":2:6: private-key (restricted), "), out());
    assertTrue(out().contains("24 lines, 2 found, email 1, private-key 1"), out());
    assertEquals(0, run("redact", file.toString()));
    assertEquals("a\nkey: [PRIVATE_KEY]\n" + "\n".repeat(21) + "b [EMAIL]\n", out());
  }

  @Test
  void aKeyWithoutAnEndDoesNotSwallowTheFile() throws IOException {
    String begin = KEY.substring(0, KEY.indexOf('\n') + 1);
    Path file =
        file(begin + (KEY_LINE + "\n").repeat(3) + "note\n".repeat(1000) + MAIL + "\n" + KEY);
    assertEquals(0, run("redact", file.toString()));
    List<String> lines = out().lines().toList();
    assertEquals(4 + 1000 + 1 + 22, lines.size());
    assertFalse(out().contains(KEY_LINE));
    assertFalse(out().contains(MAIL));
    assertEquals(1000, lines.stream().filter("note"::equals).count());
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-8", "UTF-16LE", "UTF-16BE"})
  void everyEncodingIsReadAndWrittenBack(String name) throws IOException {
    Charset charset = Charset.forName(name);
    String mark = charset.equals(UTF_8) ? "" : "\ufeff";
    // \u0a0d and \u0d0a hold the bytes of line ends
    String text = mark + "\u0a0d\u0d0a \u4f60 " + MAIL + "\r\nclean \ud83d\ude00\n" + CARD;
    Path file = directory.resolve("text");
    Files.write(file, text.getBytes(charset));
    assertEquals(0, run("redact", file.toString()));
    assertEquals(
        mark + "\u0a0d\u0d0a \u4f60 [EMAIL]\r\nclean \ud83d\ude00\n[CARD]",
        outBytes.toString(charset));
    assertEquals(1, run("scan", file.toString()));
    assertTrue(out().contains("3 lines, 2 found"), out());
  }

  @Test
  void bytesThatAreNoTextStayAsTheyAre() throws IOException {
    byte[] start = {(byte) 0xff, 0, (byte) 0xc3, '\n', (byte) 0x80, ' '};
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.write(start);
    all.write((MAIL + " \u00fc\n").getBytes(ISO_8859_1));
    Path file = directory.resolve("bytes");
    Files.write(file, all.toByteArray());
    assertEquals(0, run("redact", file.toString()));
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    expected.write(start);
    expected.write("[EMAIL] \u00fc\n".getBytes(ISO_8859_1));
    assertArrayEquals(expected.toByteArray(), outBytes.toByteArray());
  }

  @Test
  void anyFileIsRedactedLineByLine() throws IOException {
    long seed = Long.getLong("cordon.seed", System.nanoTime());
    Random random = new Random(seed);
    Redactor redactor = Redactor.forLogs(EnumSet.allOf(Kind.class));
    StringBuilder text = new StringBuilder();
    StringBuilder expected = new StringBuilder();
    for (int i = 0; i < 300; i++) {
      // around the size of the buffer every now and then
      int fill = random.nextInt(20) == 0 ? 65_000 + random.nextInt(2_000) : random.nextInt(300);
      String line = "w\u00f6rd ".repeat(fill / 5) + (random.nextBoolean() ? MAIL : CARD) + " end\n";
      text.append(line);
      expected.append(redactor.line(line));
    }
    assertEquals(0, run("redact", file(text.toString()).toString()), "seed " + seed);
    assertEquals(expected.toString(), outBytes.toString(UTF_8), "seed " + seed);
  }

  @Test
  void anOutputFileIsPutInPlaceWhole() throws IOException {
    Path output = directory.resolve("out.log");
    Files.writeString(output, "before");
    assertEquals(0, run("redact", file(MAIL + "\n").toString(), "-o", output.toString()));
    assertEquals("[EMAIL]\n", Files.readString(output));
    Path long1 = directory.resolve("long");
    try (var to = Files.newOutputStream(long1)) {
      byte[] megabyte = "x".repeat(1 << 20).getBytes(UTF_8);
      to.write((MAIL + "\n").getBytes(UTF_8));
      for (int i = 0; i < 65; i++) {
        to.write(megabyte);
      }
    }
    assertEquals(2, run("redact", long1.toString(), "--output", output.toString()));
    assertTrue(err().contains(long1 + ":2: a line of more than 64 MiB"), err());
    assertEquals("[EMAIL]\n", Files.readString(output), "what was there stays");
    try (Stream<Path> files = Files.list(directory)) {
      assertEquals(
          List.of("in", "long", "out.log"),
          files.map(path -> path.getFileName().toString()).sorted().toList());
    }
  }

  @Test
  void standardInputIsReadToo() throws IOException {
    InputStream before = System.in;
    try {
      System.setIn(new ByteArrayInputStream((MAIL + "\n").getBytes(UTF_8)));
      assertEquals(0, run("redact", "-"));
      assertEquals("[EMAIL]\n", out());
    } finally {
      System.setIn(before);
    }
  }

  @Test
  void aValueCannotForgeALineOfTheReport() throws IOException {
    Path file = file("token=\"a1b2c3d4e5f6\u009bg7h8i9j0\" " + MAIL + "\n");
    assertEquals(1, run("scan", "--show", file.toString()));
    assertFalse(out().contains("\u009b"));
  }

  @Test
  void patternsOfARuleFileAreLookedForToo() throws IOException {
    Path rules =
        Files.writeString(
            directory.resolve("rules.yaml"),
            "version: 1\nname: r\nowner: t@example.com\nredaction:\n"
                + "  patterns: { order-number: 'ORD-[0-9]{8}', other: 'OTH-[0-9]{3}' }\n"
                + "  logs: { types: [order-number, other] }\n");
    Path file = file("ORD-12345678 of " + MAIL + ", OTH-123\n");
    assertEquals(1, run("scan", "--rules", rules.toString(), file.toString()));
    assertEquals(
        List.of(
            file + ":1:1: order-number (restricted), 12 characters",
            file + ":1:17: email (confidential), 15 characters",
            file + ":1:34: other (restricted), 7 characters",
            "1 lines, 3 found, email 1, order-number 1, other 1"),
        out().lines().toList());
    assertEquals(
        1, run("scan", "--rules", rules.toString(), "--types", "other,pan", file.toString()));
    assertEquals("1 lines, 1 found, other 1", out().lines().toList().get(1));
    assertEquals(1, run("scan", "--rules", rules.toString(), "--format", "json", file.toString()));
    assertTrue(out().contains("\"type\":\"order-number\""), out());
    assertEquals(0, run("redact", "--rules", rules.toString(), file.toString()));
    assertEquals("[ORDER-NUMBER] of [EMAIL], [OTHER]\n", out());
    assertEquals(2, run("scan", "--types", "other", file.toString()));
    assertTrue(err().contains("unknown type 'other'"), err());
    Files.writeString(rules, "version: 1\nname: r\nredaction: { patterns: { a: '[0-9]' } }\n");
    assertEquals(2, run("scan", "--rules", rules.toString(), file.toString()));
    assertTrue(err().contains("CRD139"), err());
  }

  private static List<String> texts(String json) throws IOException {
    List<String> texts = new ArrayList<>();
    try (JsonParser parser = new JsonFactory().createParser(json)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token == JsonToken.VALUE_STRING) {
          texts.add(parser.getText());
        }
      }
    }
    return texts;
  }

  private Path file(String text) throws IOException {
    return Files.writeString(directory.resolve("in"), text);
  }

  private int run(String... arguments) {
    outBytes.reset();
    errBytes.reset();
    PrintStream out = new PrintStream(outBytes, false, UTF_8);
    int exit = Main.run(List.of(arguments), out, new PrintStream(errBytes, true, UTF_8));
    out.flush();
    return exit;
  }

  private String out() {
    return outBytes.toString(UTF_8);
  }

  private String err() {
    return errBytes.toString(UTF_8);
  }
}
