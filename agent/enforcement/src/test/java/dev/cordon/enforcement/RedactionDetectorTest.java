package dev.cordon.enforcement;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cordon.rules.Truth;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RedactionDetectorTest {
  private final RedactionDetector detector = new RedactionDetector();

  @Test
  void aTextIsSearchedForTheTypeThatIsAskedFor() {
    assertEquals(Truth.TRUE, detector.isIn("write to ann@example.com", "email"));
    assertEquals(Truth.FALSE, detector.isIn("write to ann@example.com", "pan"));
    assertEquals(Truth.TRUE, detector.isIn("4242424242424242", "pan"));
    assertEquals(Truth.FALSE, detector.isIn("4242424242424243", "pan"));
    assertEquals(Truth.FALSE, detector.isIn("", "pan"));
  }

  @Test
  void aBodyIsSearchedBehindItsEscapesAndABinaryOneIsUnknown() {
    byte[] json = "{\"t\":\"\\u0034242 4242 4242 4242\"}".getBytes(UTF_8);
    assertEquals(Truth.TRUE, detector.isIn(json, "application/json", Set.of("pan")));
    assertEquals(Truth.FALSE, detector.isIn(json, "application/json", Set.of("email")));
    byte[] png = {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10, 0, 0, 0, 13};
    assertEquals(Truth.UNKNOWN, detector.isIn(png, "image/png", Set.of("pan")));
  }

  @Test
  void everyTypeCanBeAskedFor() {
    for (String type : detector.types()) {
      assertEquals(Truth.FALSE, detector.isIn("nothing here", type), type);
    }
    assertTrue(detector.types().containsAll(detector.typesOf("payment-card")));
  }
}
