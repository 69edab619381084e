package dev.cordon.redaction;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Against the vectors of RFC 5297, appendix A. */
class AesSivTest {

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text.replace(" ", ""));
  }

  private static AesSiv siv(String key) {
    byte[] both = hex(key);
    return new AesSiv(Arrays.copyOf(both, 16), Arrays.copyOfRange(both, 16, 32));
  }

  @Test
  void sealsAsTheRfcDoesWithOneAssociatedText() {
    AesSiv siv = siv("fffefdfc fbfaf9f8 f7f6f5f4 f3f2f1f0 f0f1f2f3 f4f5f6f7 f8f9fafb fcfdfeff");
    byte[] associated = hex("10111213 14151617 18191a1b 1c1d1e1f 20212223 24252627");
    byte[] text = hex("11223344 55667788 99aabbcc ddee");
    byte[] sealed = hex("85632d07 c6e8f37f 950acd32 0a2ecc93 40c02b96 90c4dc04 daef7f6a fe5c");
    assertArrayEquals(sealed, siv.seal(text, associated));
    assertArrayEquals(text, siv.open(sealed, associated));
  }

  @Test
  void sealsAsTheRfcDoesWithSeveralAndANonce() {
    AesSiv siv = siv("7f7e7d7c 7b7a7978 77767574 73727170 40414243 44454647 48494a4b 4c4d4e4f");
    byte[][] associated = {
      hex(
          "00112233 44556677 8899aabb ccddeeff deaddada deaddada ffeeddcc bbaa9988 77665544"
              + " 33221100"),
      hex("10203040 50607080 90a0"),
      hex("09f91102 9d74e35b d84156c5 635688c0")
    };
    byte[] text =
        hex(
            "74686973 20697320 736f6d65 20706c61 696e7465 78742074 6f20656e 63727970 74207573"
                + " 696e6720 5349562d 414553");
    byte[] sealed =
        hex(
            "7bdb6e3b 432667eb 06f4d14b ff2fbd0f cb900f2f ddbe4043 26601965 c889bf17 dba77ceb"
                + " 094fa663 b7a3f748 ba8af829 ea64ad54 4a272e9c 485b62a3 fd5c0d");
    assertArrayEquals(sealed, siv.seal(text, associated));
    assertArrayEquals(text, siv.open(sealed, associated));
  }

  @Test
  void opensWhatItSealedAndNothingThatWasChanged() {
    long seed = Long.getLong("cordon.seed", System.nanoTime());
    Random random = new Random(seed);
    byte[] key = new byte[64];
    random.nextBytes(key);
    AesSiv siv = new AesSiv(Arrays.copyOf(key, 32), Arrays.copyOfRange(key, 32, 64));
    for (int length = 0; length < 70; length++) {
      byte[] text = new byte[length];
      random.nextBytes(text);
      byte[] sealed = siv.seal(text, key);
      assertEquals(16 + length, sealed.length);
      assertArrayEquals(sealed, siv.seal(text, key), "seed " + seed);
      assertArrayEquals(text, siv.open(sealed, key), "seed " + seed);
      assertNull(siv.open(sealed, text), "other associated data, seed " + seed);
      sealed[random.nextInt(sealed.length)] ^= (byte) (1 << random.nextInt(8));
      assertNull(siv.open(sealed, key), "seed " + seed);
      assertNull(siv.open(Arrays.copyOf(sealed, random.nextInt(16)), key));
    }
  }
}
