package dev.cordon.enforcement;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cordon.bootstrap.CallDenied;
import dev.cordon.bootstrap.ResponseFilter;
import dev.cordon.journal.Appended;
import dev.cordon.journal.JournalRecord;
import dev.cordon.redaction.OwnTypes;
import dev.cordon.rules.Redaction;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ResponseRedactionTest {
  private static final String BODY =
      "{\"mail\":\"bob@example.com\",\"note\":\"" + "clean words ".repeat(80) + "al@example.com\"}";
  private static final String REDACTED =
      BODY.replace("bob@example.com", "[EMAIL]").replace("al@example.com", "[EMAIL]");

  private static final UUID ID = new UUID(1, 2);

  private final List<JournalRecord> records = new ArrayList<>();
  private final Counters counters = new Counters();

  private ResponseFilter.@Nullable Body open(boolean observing, Map<String, String> headers) {
    return guard(observing, Redaction.Unredacted.REFUSE).open(200, headers::get);
  }

  private ResponseGuard guard(boolean observing, Redaction.Unredacted unredacted) {
    Redaction redaction =
        new Redaction(List.of(), Map.of("email", Redaction.With.TOKEN), unredacted);
    Responses responses = Responses.of(redaction, observing, 7, null, OwnTypes.NONE);
    assertNotNull(responses);
    Recorder recorder =
        (record, level, timeoutNs) -> {
          records.add(record);
          return Appended.COMMITTED;
        };
    return new ResponseGuard(
        new ResponseGuard.Call(ID, "okhttp", "GET", "crm.example.com:443", "notes.list", "read"),
        responses,
        null,
        null,
        new ResponseGuard.Telling(recorder, counters, (where, fault) -> {}));
  }

  private static byte[] through(ResponseFilter.@Nullable Body body, byte[] bytes, int piece)
      throws IOException {
    assertNotNull(body);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int at = 0; at < bytes.length; at += piece) {
      out.write(body.pass(bytes, at, Math.min(bytes.length, at + piece)));
    }
    out.write(body.end());
    return out.toByteArray();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(utf8(text));
    }
    return out.toByteArray();
  }

  private static String gunzip(byte[] bytes) throws IOException {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void aBodyIsRedactedInPiecesOfAnyLengthAndJournaledOnce() throws IOException {
    for (int piece : new int[] {1, 13, 600, 100_000}) {
      records.clear();
      byte[] out =
          through(open(false, Map.of("Content-Type", "application/json")), utf8(BODY), piece);
      assertEquals(REDACTED, new String(out, StandardCharsets.UTF_8));
      assertEquals(1, records.size());
    }
  }

  @Test
  void aCleanBodyPassesAndIsNotJournaled() throws IOException {
    byte[] clean = utf8("clean words ".repeat(1000));
    assertArrayEquals(clean, through(open(false, Map.of()), clean, 700));
    assertEquals(List.of(), records);
  }

  @Test
  void aCompressedBodyComesOutCompressed() throws IOException {
    byte[] zipped = gzip(BODY);
    byte[] two = new byte[zipped.length * 2]; // two members are one body
    System.arraycopy(zipped, 0, two, 0, zipped.length);
    System.arraycopy(zipped, 0, two, zipped.length, zipped.length);
    for (int piece : new int[] {1, 50, 100_000}) {
      assertEquals(
          REDACTED,
          gunzip(through(open(false, Map.of("Content-Encoding", "gzip")), zipped, piece)));
      assertEquals(
          REDACTED + REDACTED,
          gunzip(through(open(false, Map.of("Content-Encoding", "x-gzip")), two, piece)));
    }
    ByteArrayOutputStream deflated = new ByteArrayOutputStream();
    try (DeflaterOutputStream deflate = new DeflaterOutputStream(deflated)) {
      deflate.write(utf8(BODY));
    }
    byte[] out =
        through(open(false, Map.of("Content-Encoding", "deflate")), deflated.toByteArray(), 9);
    InflaterInputStream in = new InflaterInputStream(new ByteArrayInputStream(out));
    assertEquals(REDACTED, new String(in.readAllBytes(), StandardCharsets.UTF_8));
  }

  @Test
  void aDeflatedBodyWithoutItsEnvelopeComesOutWithoutIt() throws IOException {
    ByteArrayOutputStream deflated = new ByteArrayOutputStream();
    Deflater raw = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    try (DeflaterOutputStream deflate = new DeflaterOutputStream(deflated, raw)) {
      deflate.write(utf8(BODY));
    }
    raw.end();
    for (int piece : new int[] {1, 100_000}) {
      byte[] out =
          through(
              open(false, Map.of("Content-Encoding", "deflate")), deflated.toByteArray(), piece);
      InflaterInputStream in =
          new InflaterInputStream(new ByteArrayInputStream(out), new Inflater(true));
      assertEquals(REDACTED, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  @Test
  void aLongBodyThatDoesNotCompressComesOutOfItsCompressionWhole() throws IOException {
    long seed = Long.getLong("cordon.seed", System.nanoTime());
    Random random = new Random(seed);
    StringBuilder body = new StringBuilder();
    while (body.length() < 300_000) {
      body.append((char) ('g' + random.nextInt(16))).append(random.nextInt(50) == 0 ? "\n" : "");
    }
    byte[] zipped = gzip(body.toString());
    for (int piece : new int[] {7, 8192, 1_000_000}) {
      byte[] out =
          through(
              open(false, Map.of("Content-Encoding", "gzip", "Content-Type", "text/plain")),
              zipped,
              piece);
      assertEquals(body.toString(), gunzip(out), "seed " + seed);
    }
  }

  @Test
  void aBodyThatIsGivenUpOnAnotherThreadFailsQuietly() throws Exception {
    byte[] zipped = gzip(BODY.repeat(200));
    for (int i = 0; i < 20; i++) {
      ResponseFilter.Body body = open(false, Map.of("Content-Encoding", "gzip"));
      assertNotNull(body);
      Thread closing = new Thread(body::abandoned);
      int closeAt = zipped.length * i / 20;
      try {
        for (int at = 0; at < zipped.length; at++) {
          if (at == closeAt) {
            closing.start();
          }
          body.pass(zipped, at, at + 1);
        }
      } catch (IOException closed) {
        assertEquals("the response was closed", closed.getMessage());
      }
      closing.join();
    }
    assertEquals(0, counters.faults());
  }

  @Test
  void aPieceOfACompressedBodyIsNotHeldBackByTheCompression() throws IOException {
    ResponseFilter.Body body =
        open(false, Map.of("Content-Encoding", "gzip", "Content-Type", "text/event-stream"));
    assertNotNull(body);
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(zipped, 512, true)) {
      gzip.write(utf8("data: bob@example.com\n\n"));
      gzip.flush();
      byte[] first = body.pass(zipped.toByteArray(), 0, zipped.size());
      byte[] read = new byte[30];
      int length = new GZIPInputStream(new ByteArrayInputStream(first)).read(read);
      assertEquals("data: [EMAIL]\n\n", new String(read, 0, length, StandardCharsets.UTF_8));
    }
  }

  @Test
  void aBrokenOrCutCompressedBodyIsAnExceptionAsItWouldBeWithoutUs() throws IOException {
    byte[] zipped = gzip(BODY);
    ResponseFilter.Body cut = open(false, Map.of("Content-Encoding", "gzip"));
    assertNotNull(cut);
    cut.pass(zipped, 0, zipped.length - 9);
    assertThrows(IOException.class, cut::end);
    assertEquals(1, records.size());
    ResponseFilter.Body none = open(false, Map.of("Content-Encoding", "gzip"));
    assertNotNull(none);
    assertThrows(IOException.class, () -> none.pass(utf8("\u001f is no gzip"), 0, 13));
    assertEquals(2, records.size());
    ResponseFilter.Body raw = open(false, Map.of("Content-Encoding", "deflate"));
    assertNotNull(raw);
    assertThrows(IOException.class, () -> raw.pass(utf8(BODY), 0, BODY.length()));
    assertEquals(3, records.size());
    assertEquals(3, counters.withheldResponses());
    ResponseFilter.Body empty = open(false, Map.of("Content-Encoding", "gzip"));
    assertNotNull(empty);
    assertEquals(0, empty.end().length, "an empty body has no coding to put on");
  }

  @Test
  void whatMayHoldTextAndCannotBeReadIsWithheldAndTold() throws IOException {
    byte[] utf16 = BODY.getBytes(StandardCharsets.UTF_16);
    Map<String, String> brotli = Map.of("Content-Encoding", "br");
    Map<String, String> piece =
        Map.of("Content-Encoding", "gzip", "Content-Range", "bytes 9-99/200");
    for (Map<String, String> headers : List.of(brotli, piece, Map.<String, String>of())) {
      records.clear();
      ResponseFilter.Body body = open(false, headers);
      CallDenied denied = assertThrows(CallDenied.class, () -> through(body, utf16, 1));
      assertEquals(ID.toString(), denied.decisionId());
      assertEquals(1, records.size());
      ResponseGuard passing = guard(false, Redaction.Unredacted.PASS);
      ResponseFilter.Body passed = passing.open(200, headers::get);
      if (passed != null) {
        assertArrayEquals(utf16, through(passed, utf16, 7));
      }
      assertEquals(2, records.size());
    }
    assertEquals(3, counters.withheldResponses());
    assertEquals(0, counters.faults());
  }

  @Test
  void aPictureIsHandedOnAndTold() throws IOException {
    byte[] picture = {1, 2, 3, 0, 0, 0, 7, 'b', '@', 'e', '.', 'c', 'o'};
    assertArrayEquals(
        picture, through(open(false, Map.of("Content-Type", "image/png")), picture, 4));
    assertEquals(1, records.size());
    assertEquals(0, counters.withheldResponses());
  }

  @Test
  void aPieceOfSomethingIsReadAsWhatItIs() throws IOException {
    ResponseFilter.Body body =
        guard(false, Redaction.Unredacted.REFUSE)
            .open(206, Map.of("Content-Range", "bytes 9-99/200")::get);
    byte[] rest = utf8("ob\",\"mail\":\"al@example.com\",\"n\":\"");
    assertEquals(
        "ob\",\"mail\":\"[EMAIL]\",\"n\":\"",
        new String(through(body, rest, 3), StandardCharsets.UTF_8));
  }

  @Test
  void whatSaysThatItIsGzipAndIsNotIsReadAsItIs() throws IOException {
    byte[] out = through(open(false, Map.of("Content-Encoding", "gzip")), utf8(BODY), 10);
    assertEquals(REDACTED, new String(out, StandardCharsets.UTF_8));
  }

  @Test
  void whatNoFilterCanBePutBeforeIsWithheldAndTold() {
    IllegalStateException fault = new IllegalStateException("no room");
    assertNotNull(guard(false, Redaction.Unredacted.REFUSE).unfiltered(fault));
    assertNull(guard(true, Redaction.Unredacted.REFUSE).unfiltered(fault));
    assertNull(guard(false, Redaction.Unredacted.PASS).unfiltered(fault));
    assertEquals(3, records.size());
    assertEquals(3, counters.faults());
    assertEquals(1, counters.withheldResponses());
    ResponseFilter.Body body =
        guard(false, Redaction.Unredacted.REFUSE)
            .open(
                200,
                name -> {
                  throw fault;
                });
    assertNotNull(body);
    assertThrows(CallDenied.class, () -> body.pass(utf8(BODY), 0, 1));
    assertEquals(2, counters.withheldResponses());
  }

  @Test
  void inObserveModeNothingIsChangedAndAllIsTold() throws IOException {
    byte[] zipped = gzip(BODY);
    assertArrayEquals(zipped, through(open(true, Map.of("Content-Encoding", "gzip")), zipped, 40));
    assertEquals(1, records.size());
    byte[] wrong = utf8("\u001f is no gzip");
    assertArrayEquals(wrong, through(open(true, Map.of("Content-Encoding", "gzip")), wrong, 4));
    assertEquals(2, records.size());
  }

  @Test
  void aBodyThatIsNotReadToItsEndIsToldOnce() throws IOException {
    ResponseFilter.Body body = open(false, Map.of());
    assertNotNull(body);
    body.pass(utf8(BODY), 0, BODY.length());
    body.abandoned();
    body.abandoned();
    assertEquals(1, records.size());
    assertThrows(IOException.class, () -> body.pass(utf8(BODY), 0, BODY.length()));
    assertThrows(IOException.class, body::end);
  }

  @Test
  void whatHasNoBodyIsLeftAlone() {
    for (int status : new int[] {101, 204, 304}) {
      assertFalse(Responses.hasBody("GET", status), () -> "status " + status);
    }
    assertFalse(Responses.hasBody("HEAD", 200));
    for (int status : new int[] {200, 205, 206, 302, 404, 500}) {
      assertTrue(Responses.hasBody("POST", status), () -> "status " + status);
    }
  }
}
