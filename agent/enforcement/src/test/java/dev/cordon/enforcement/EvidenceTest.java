package dev.cordon.enforcement;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cordon.journal.JournalRecord;
import dev.cordon.journal.RecordKind;
import dev.cordon.journal.Told;
import dev.cordon.redaction.OwnTypes;
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
  void whatWasNotScannedToItsEndGivesNothingAndTellsWhy() {
    byte[] binary = new byte[512];
    new Random(7).nextBytes(binary);
    assertNone("binary", told(BodyState.READ, binary, "image/png"));
    assertNone(
        "unknown-charset",
        told(BodyState.READ, "text".getBytes(UTF_8), "text/plain; charset=x-unknown"));
    assertNone(
        "binary-parts",
        told(
            BodyState.READ,
            ("--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nhello\r\n--b\r\n"
                    + "Content-Disposition: form-data; name=\"f\"; filename=\"x.png\"\r\n"
                    + "Content-Type: image/png\r\n\r\n\u0001\u0002\u0003\u0000\r\n--b--\r\n")
                .getBytes(UTF_8),
            "multipart/form-data; boundary=b"));
    assertNone("too-large", told(BodyState.TOO_LARGE, new byte[] {'a'}, "text/plain"));
    assertNone("unreadable", told(BodyState.UNREADABLE, new byte[] {'a'}, "text/plain"));
    assertNone("", told(BodyState.READ, new byte[0], "text/plain")); // there was nothing
    assertNone("", told(BodyState.NONE, new byte[] {'a'}, "text/plain"));
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

  private static void assertNone(String why, Told told) {
    assertNull(told.evidence());
    assertEquals(why, told.attributes().getOrDefault("no-evidence", ""));
  }

  private static String text(String body, String type) {
    byte[] evidence = of(body.getBytes(UTF_8), type);
    assertNotNull(evidence, () -> Arrays.toString(body.getBytes(UTF_8)));
    return new String(evidence, UTF_8);
  }

  private static byte @Nullable [] of(byte[] body, String type) {
    Told told = told(BodyState.READ, body, type);
    byte[] evidence = told.evidence();
    if (evidence != null) { // redacted, some of these are longer
      long cut = Long.parseLong(told.attributes().getOrDefault("evidence-cut", "0"));
      assertEquals(cut > 0, evidence.length > JournalRecord.MAX_EVIDENCE_BYTES - 4);
    }
    return evidence;
  }

  private static Told told(BodyState state, byte[] body, String type) {
    JournalRecord record = new JournalRecord(RecordKind.CALL_REQUEST);
    Evidence.of(OwnTypes.NONE)
        .add(
            record,
            new CallFacts("POST", "https://a.example.com/", List.of(), state, body, Caller.UNKNOWN),
            type);
    return Told.of(record);
  }
}
