package dev.cordon.enforcement;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cordon.journal.JournalRecord;
import dev.cordon.rules.BodyState;
import dev.cordon.rules.CallFacts;
import dev.cordon.rules.Caller;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What of a body may become evidence. */
class EvidenceTest {

  @Test
  void everythingThatADetectorKnowsIsReplaced() {
    assertEquals(
        "{\"to\":\"[EMAIL]\",\"password\":\"[SECRET]\",\"card\":\"[CARD]\",\"note\":\"call [PHONE]\"}",
        text(
            "{\"to\":\"eve@example.com\",\"password\":\"tr0ub4dor&3\",\"card\":\"4111 1111 1111"
                + " 1111\",\"note\":\"call +49 30 901820 12\"}",
            "application/json"));
    assertEquals(
        "customer=cus_1&email=[EMAIL]".replace("[", "%5B").replace("]", "%5D"),
        text("customer=cus_1&email=eve%40example.com", "application/x-www-form-urlencoded"));
  }

  @Test
  void whatWasNotScannedToItsEndGivesNothing() {
    byte[] binary = new byte[512];
    new Random(7).nextBytes(binary);
    assertNull(of(binary, "image/png"));
    assertNull(of("text".getBytes(UTF_8), "text/plain; charset=x-unknown"));
    assertNull(of(new byte[0], "text/plain"));
    for (BodyState state : List.of(BodyState.NONE, BodyState.TOO_LARGE, BodyState.UNREADABLE)) {
      assertNull(
          Evidence.of(
              new CallFacts(
                  "POST",
                  "https://a.example.com/",
                  List.of(),
                  state,
                  new byte[] {'a'},
                  Caller.UNKNOWN),
              "text/plain"));
    }
  }

  @Test
  void aLongBodyIsCutAfterItWasRedactedAndBetweenCharacters() {
    for (int before = 0; before < 4; before++) {
      String text = "a".repeat(before) + "\u20ac".repeat(2_000);
      byte[] evidence = of(text.getBytes(UTF_8), "text/plain");
      assertNotNull(evidence);
      assertTrue(evidence.length <= JournalRecord.MAX_EVIDENCE_BYTES);
      assertTrue(evidence.length > JournalRecord.MAX_EVIDENCE_BYTES - 4);
      assertTrue(text.startsWith(new String(evidence, UTF_8)), "no half character");
    }
    String address = "eve.of.accounting@example.com ";
    for (int shift = 0; shift < address.length(); shift++) {
      String text = "x".repeat(shift) + " " + address.repeat(300);
      byte[] evidence = of(text.getBytes(UTF_8), "text/plain");
      assertNotNull(evidence);
      assertFalse(new String(evidence, UTF_8).contains("eve"), "shift " + shift);
    }
  }

  private static String text(String body, String type) {
    byte[] evidence = of(body.getBytes(UTF_8), type);
    assertNotNull(evidence, () -> Arrays.toString(body.getBytes(UTF_8)));
    return new String(evidence, UTF_8);
  }

  private static byte @Nullable [] of(byte[] body, String type) {
    return Evidence.of(
        new CallFacts(
            "POST", "https://a.example.com/", List.of(), BodyState.READ, body, Caller.UNKNOWN),
        type);
  }
}
