package dev.cordon.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cordon.journal.RecordDecoder.DamagedException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * The layout is a promise to whoever keeps journals for years; docs/journal-format.md shows it byte
 * by byte.
 */
class RecordFormatTest {

  private static final Path PAGE = Path.of("../../docs/journal-format.md");

  private final Dictionary dictionary = new Dictionary();
  private final RecordEncoder encoder =
      new RecordEncoder(
          dictionary,
          new SettableClock("2026-11-21T10:15:30.123456Z"),
          "crm/production/host-1/4711/0.1.0/5eed");

  @Test
  void theExampleOfTheFormatPageIsWhatTheEncoderWrites() throws IOException {
    List<byte[]> examples = examples();
    assertEquals(3, examples.size());
    byte[] record = example(); // interns the names in the order of the page
    assertEquals(hex(numbered(encoder.encodeName(2), 7)), hex(examples.get(0)));
    assertEquals(hex(numbered(encoder.encodeName(3), 7)), hex(examples.get(1)));
    assertEquals(hex(record), hex(examples.get(2)));
  }

  @Test
  void theExampleOfTheFormatPageIsRead() throws Exception {
    RecordDecoder decoder = new RecordDecoder(Path.of("q"));
    List<byte[]> examples = examples();
    assertNull(decoder.decode(examples.get(0), examples.get(0).length));
    assertNull(decoder.decode(examples.get(1), examples.get(1).length));
    JournalEntry entry = decoder.decode(examples.get(2), examples.get(2).length);
    if (entry == null) {
      throw new AssertionError("no entry");
    }
    assertEquals(RecordKind.CALL_REQUEST, entry.kind());
    assertEquals(7, entry.n());
    assertEquals(Instant.parse("2026-11-21T10:15:30.123456Z"), entry.time());
    assertEquals(1_500, entry.upMs());
    assertEquals("host-1", entry.instance().host());
    assertEquals(UUID.fromString("0190f3c2-7d5e-7abc-8def-0123456789ab"), entry.requestId());
    assertEquals("POST", entry.method());
    assertEquals("write", entry.callClass());
    assertEquals("deny", entry.decision());
    assertEquals("api.example.com:443", entry.destination());
    assertEquals("#4", entry.operation(), "its dict.add is not among the examples");
    assertEquals(Map.of("#11", 2), entry.findings());
    assertEquals("#7", entry.actor());
    assertEquals("#8", entry.route());
    assertEquals(new Amount(true, "EUR", 120_000), entry.money());
    Basis basis = java.util.Objects.requireNonNull(entry.basis());
    assertEquals(0x05, basis.flags());
    assertEquals(8, basis.methods());
    assertEquals(1, basis.words());
    assertEquals(0x1122334455667788L, basis.classes());
    assertEquals(0x99aabbccddeeff00L, basis.redactions());
    assertEquals(2, basis.count());
    assertEquals(5, basis.valueOf(0x0102030405060708L));
    assertEquals(1, basis.valueOf(0x1112131415161718L));
    assertEquals(-1, basis.valueOf(0x2122232425262728L));
    assertEquals(1_234, entry.requestBytes());
    assertEquals(-1, entry.responseBytes());
    assertEquals(0x8d4f5ea1c0ffee00L, entry.policy());
    assertEquals(Map.of("hook", "okhttp"), entry.attributes());
  }

  @Test
  void aRecordOfTheFirstReleaseIsReadWithoutTheFieldsItHasNot() throws Exception {
    byte[] record =
        numbered(
            encoder.encode(
                new JournalRecord(RecordKind.CALL_REQUEST).method("POST").decision("allow")),
            1);
    assertEquals(
        Layout.FIXED_BYTES + Layout.TAG_HEADER_BYTES + Layout.SALT_BYTES,
        record.length,
        "what is not there takes no room");
    JournalEntry entry =
        java.util.Objects.requireNonNull(
            new RecordDecoder(Path.of("q")).decode(record, record.length));
    assertEquals("", entry.actor());
    assertEquals("", entry.route());
    assertEquals("", entry.decidedFor());
    assertEquals(List.of(), entry.operations());
    assertNull(entry.money());
    assertNull(entry.basis());
  }

  @Test
  void aCurrencyThatIsNoneIsNotWritten() throws Exception {
    JournalRecord given = new JournalRecord(RecordKind.CALL_REQUEST).money(1, "bob");
    byte[] record = numbered(encoder.encode(given), 1);
    JournalEntry entry =
        java.util.Objects.requireNonNull(
            new RecordDecoder(Path.of("q")).decode(record, record.length));
    assertEquals(new Amount(true, "", 1), entry.money());
    for (int i = 0; i < record.length - 2; i++) {
      assertTrue(record[i] != 'b' || record[i + 1] != 'o' || record[i + 2] != 'b');
    }
  }

  @Test
  void everyFlippedBitIsNoticed() {
    byte[] record = example();
    RecordDecoder decoder = new RecordDecoder(Path.of("q"));
    for (int bit = 0; bit < record.length * 8; bit++) {
      byte[] flipped = record.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertThrows(
          DamagedException.class, () -> decoder.decode(flipped, flipped.length), "bit " + bit);
    }
  }

  @Test
  void everyCutIsNoticed() {
    byte[] record = example();
    RecordDecoder decoder = new RecordDecoder(Path.of("q"));
    for (int length = 0; length < record.length; length++) {
      int cut = length;
      assertThrows(DamagedException.class, () -> decoder.decode(record, cut), "length " + cut);
    }
  }

  @Test
  void garbageWithARightChecksumIsReadOrRefusedButNeverThrowsAnythingElse() throws Exception {
    long seed = Long.getLong("cordon.seed", System.nanoTime());
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    int read = 0;
    for (int i = 0; i < 100_000; i++) {
      byte[] record = example();
      for (int change = random.nextInt(4); change >= 0; change--) {
        record[random.nextInt(record.length)] = (byte) random.nextInt(256);
      }
      record[0] = Layout.VERSION;
      Layout.put32(record, Layout.LENGTH, record.length);
      Layout.put32(record, Layout.CRC, Layout.crc(record, record.length));
      try {
        new RecordDecoder(Path.of("q")).decode(record, record.length);
        read++;
      } catch (DamagedException e) {
        // as it should
      }
    }
    assertTrue(read > 1_000, "read " + read);
  }

  @Test
  void aFieldOfALaterReleaseIsSkipped() throws Exception {
    byte[] known = example();
    byte[] longer = java.util.Arrays.copyOf(known, known.length + 5);
    longer[known.length] = (byte) 200;
    Layout.put16(longer, known.length + 1, 2);
    Layout.put32(longer, Layout.LENGTH, longer.length);
    longer[Layout.KIND] = (byte) 200;
    Layout.put32(longer, Layout.CRC, Layout.crc(longer, longer.length));
    JournalEntry entry = new RecordDecoder(Path.of("q")).decode(longer, longer.length);
    assertEquals(RecordKind.UNKNOWN, entry == null ? null : entry.kind());
    assertEquals(200, entry == null ? 0 : entry.kindCode());
  }

  @Test
  void theTraceOfACallIsKeptAndNothingElseThatStandsInItsPlace() throws Exception {
    String trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    String span = "00f067aa0ba902b7";
    JournalEntry kept = traced("00-" + trace + "-" + span + "-01");
    assertEquals(trace, kept.trace());
    assertEquals(span, kept.span());
    for (String other :
        List.of(
            "",
            "00-" + trace + "-" + span,
            "01-" + trace + "-" + span + "-01",
            "00-" + trace + "-" + span + "-01-and-more",
            "00-" + trace.toUpperCase(Locale.ROOT) + "-" + span + "-01",
            "00-" + trace + "_" + span + "-01",
            "00-" + trace.replace('7', '+') + "-" + span + "-01",
            "00-" + "0".repeat(32) + "-" + span + "-01",
            "00-" + trace + "-4111111111111111-01", // might be somebody's
            "00-49170123456700000000000000000001-" + span + "-01",
            "00-" + trace + "-" + span + "-01, 00-" + trace + "-" + span + "-01")) {
      JournalEntry without = traced(other);
      assertEquals("", without.trace(), other);
      assertEquals("", without.span(), other);
    }
  }

  private JournalEntry traced(String header) throws Exception {
    byte[] bytes =
        numbered(encoder.encode(new JournalRecord(RecordKind.CALL_REQUEST).trace(header)), 1);
    JournalEntry entry = new RecordDecoder(Path.of("q")).decode(bytes, bytes.length);
    if (entry == null) {
      throw new AssertionError("no entry");
    }
    return entry;
  }

  @Test
  void theLargestRecordIsFarBelowTheLimit() throws Exception {
    JournalRecord record = new JournalRecord(RecordKind.CALL_REQUEST);
    List<String> many = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      many.add("name-" + i);
      record.finding("kind-" + i, 100_000);
      record.attribute("a", "x".repeat(100));
    }
    record.rules(many).fields(many).destination("h").operation("op").reason("r").library("l");
    record.error("E").requestBytes(1).status(1).latencyNs(1).costNs(1);
    record.actor("a").route("/r").decidedFor("g").operations(many).moneyRange(1_500, "EUR");
    record.trace("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    record.basis(new Basis(0, 0, 0, 0, 0, 100, new long[100], new byte[100]));
    byte[] bytes = numbered(encoder.encode(record), 1);
    assertTrue(bytes.length < 1_536, "bytes: " + bytes.length);
    JournalEntry entry = new RecordDecoder(Path.of("q")).decode(bytes, bytes.length);
    assertTrue(entry != null && entry.truncated() && entry.rules().size() == 8);
    if (entry == null) {
      throw new AssertionError("no entry");
    }
    Basis basis = entry.basis();
    assertTrue(basis != null && basis.count() == Basis.MAX_PRINTS);
    assertEquals(8, entry.operations().size());
    assertTrue(entry.decidedFor().startsWith("#"), "its dict.add was not read");
    assertEquals(new Amount(false, "EUR", 1_024), entry.money());
  }

  @Test
  void namesAreBounded() {
    int other = 0;
    for (int i = 0; i < 10_000; i++) {
      StringBuilder name = new StringBuilder("field");
      for (int rest = i; rest > 0; rest /= 26) {
        name.append((char) ('a' + rest % 26));
      }
      other += dictionary.id(NameGuard.Category.FIELD, name.toString()) == Dictionary.OTHER ? 1 : 0;
    }
    assertTrue(other > 8_000, "other: " + other);
    assertTrue(dictionary.size() <= Dictionary.MAX_ENTRIES);
    assertTrue(
        dictionary.id(NameGuard.Category.DESTINATION, "late.example.com:443") >= Dictionary.FIRST,
        "one category does not starve another");
  }

  private byte[] example() {
    byte[] record =
        encoder.encode(
            new JournalRecord(RecordKind.CALL_REQUEST)
                .requestId(UUID.fromString("0190f3c2-7d5e-7abc-8def-0123456789ab"))
                .library("okhttp")
                .destination("api.example.com:443")
                .method("POST")
                .operation("refund.create")
                .callClass("write")
                .decision("deny")
                .rules(List.of("refunds.need-approval"))
                .reason("approval-required")
                .policy(0x8d4f5ea1c0ffee00L)
                .fields(List.of("amount"))
                .finding("email", 2)
                .requestBytes(1_234)
                .actor("crm")
                .route("/v1/refunds")
                .money(120_000, "EUR")
                .basis(
                    new Basis(
                        0x05,
                        8,
                        1,
                        0x1122334455667788L,
                        0x99aabbccddeeff00L,
                        2,
                        new long[] {0x0102030405060708L, 0x1112131415161718L, 0},
                        new byte[] {5, 1, 0}))
                .attribute("hook", "okhttp"));
    return numbered(record, 7);
  }

  /** What the writer fills in, and the one field that no test can foresee. */
  private static byte[] numbered(byte[] record, long n) {
    for (int i = 0; i < Layout.SALT_BYTES; i++) {
      record[Layout.SALT + i] = (byte) (0xa0 + i);
    }
    Layout.put64(record, Layout.N, n);
    Layout.put32(record, Layout.UP_MS, 1_500);
    Layout.put32(record, Layout.CRC, Layout.crc(record, record.length));
    return record;
  }

  /** The hex blocks of the page: two digits a byte, what follows two blanks is a remark. */
  private static List<byte[]> examples() throws IOException {
    List<byte[]> examples = new ArrayList<>();
    ByteArrayOutputStream current = null;
    for (String line : Files.readAllLines(PAGE)) {
      if (line.equals("```hex")) {
        current = new ByteArrayOutputStream();
      } else if (line.equals("```") && current != null) {
        examples.add(current.toByteArray());
        current = null;
      } else if (current != null) {
        int remark = line.indexOf("  ");
        String digits = (remark < 0 ? line : line.substring(0, remark)).replace(" ", "");
        for (int i = 0; i < digits.length(); i += 2) {
          current.write(Integer.parseInt(digits.substring(i, i + 2), 16));
        }
      }
    }
    return examples;
  }

  private static String hex(byte[] bytes) {
    StringBuilder hex = new StringBuilder();
    for (byte b : bytes) {
      hex.append(Character.forDigit(b >> 4 & 15, 16)).append(Character.forDigit(b & 15, 16));
    }
    return hex.toString();
  }
}
