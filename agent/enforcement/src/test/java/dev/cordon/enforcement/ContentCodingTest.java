package dev.cordon.enforcement;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cordon.rules.BodyState;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class ContentCodingTest {

  @Test
  void gzipAndDeflateComeBackAsTheyWere() throws IOException {
    byte[] plain = "{\"note\":\"grüße\"}".repeat(200).getBytes(UTF_8);
    for (ContentCoding coding : new ContentCoding[] {ContentCoding.GZIP, ContentCoding.DEFLATE}) {
      ContentCoding.Decoded decoded = coding.decode(coding.encode(plain), 1 << 20);
      assertEquals(BodyState.READ, decoded.state(), coding.name());
      assertArrayEquals(plain, decoded.bytes(), coding.name());
    }
  }

  @Test
  void aBombIsTooLargeAndIsNotInflated() throws IOException {
    byte[] bomb = ContentCoding.GZIP.encode(new byte[64 << 20]);
    assertEquals(BodyState.TOO_LARGE, ContentCoding.GZIP.decode(bomb, 256 * 1024).state());
  }

  @Test
  void bytesThatAreNotThatCodingAreUnreadable() {
    byte[] plain = "not gzip at all".getBytes(UTF_8);
    assertEquals(BodyState.UNREADABLE, ContentCoding.GZIP.decode(plain, 1 << 20).state());
    assertEquals(BodyState.UNREADABLE, ContentCoding.DEFLATE.decode(plain, 1 << 20).state());
  }

  @Test
  void aTruncatedGzipIsUnreadable() throws IOException {
    byte[] whole = ContentCoding.GZIP.encode("{\"a\":1}".repeat(500).getBytes(UTF_8));
    byte[] cut = java.util.Arrays.copyOf(whole, whole.length / 2);
    assertEquals(BodyState.UNREADABLE, ContentCoding.GZIP.decode(cut, 1 << 20).state());
  }

  @Test
  void codingsWeCannotReadAreUnreadable() {
    for (String header : new String[] {"br", "zstd", "gzip, gzip", "gzip,br", "compress"}) {
      assertEquals(ContentCoding.OTHER, ContentCoding.of(header), header);
    }
    assertEquals(BodyState.UNREADABLE, ContentCoding.OTHER.decode(new byte[3], 10).state());
  }

  @Test
  void namesAreReadInAnyCase() {
    assertEquals(ContentCoding.GZIP, ContentCoding.of(" GZip "));
    assertEquals(ContentCoding.GZIP, ContentCoding.of("x-gzip"));
    assertEquals(ContentCoding.IDENTITY, ContentCoding.of(null));
    assertEquals(ContentCoding.IDENTITY, ContentCoding.of(""));
  }
}
