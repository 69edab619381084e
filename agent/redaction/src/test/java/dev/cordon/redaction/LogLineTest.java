package dev.cordon.redaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LogLineTest {
  private static final Redactor REDACTOR = Redactor.forLogs(EnumSet.allOf(Kind.class));

  @Test
  void aCleanLineAllocatesNothing() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    String[] lines = {
      "2026-11-21 23:14:47.123 INFO [http-nio-8080-exec-12] c.e.crm.TicketService - updated ticket"
          + " 48213 in 12 ms (trace 4bf92f3577)",
      "phone lookup took 1234567 us, card check skipped, iban none, bearer absent",
      "\u00e4\u00f6\u00fc Kunde \u4f60\u597d \ud83d\ude00 angelegt in 12 ms"
    };
    long allocated = Long.MAX_VALUE;
    for (int round = 0; round < 5 && allocated > 0; round++) { // the first rounds load classes
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 1000; i++) {
        for (int k = 0; k < lines.length; k++) {
          if (REDACTOR.line(lines[k]) != lines[k]) {
            throw new AssertionError("not clean: line " + k);
          }
        }
      }
      allocated = threads.getCurrentThreadAllocatedBytes() - before;
    }
    // the two readings themselves may cost a few bytes; a thousand lines may not
    assertTrue(allocated < 1000, "allocated " + allocated + " bytes for 3000 lines");
  }

  @Test
  void onlyTheKindsAskedForAreReplaced() {
    Redactor mailOnly = Redactor.forLogs(EnumSet.of(Kind.EMAIL));
    assertEquals("[EMAIL] " + Samples.CARD, mailOnly.line("bob@example.com " + Samples.CARD));
    assertSame(Samples.JWT, mailOnly.line(Samples.JWT));
    String nothing = "bob@example.com";
    assertSame(nothing, Redactor.forLogs(EnumSet.noneOf(Kind.class)).line(nothing));
  }

  @Test
  void aLineThatIsAnObjectOfJsonStaysOne() {
    Redactor cards = Redactor.forLogs(EnumSet.of(Kind.CARD, Kind.EMAIL));
    String card = "4111111111111111";
    assertEquals("{\"card\":\"[CARD]\"}\n", cards.line("{\"card\":" + card + "}\n"));
    assertEquals(
        "{\"a\":\"bob \\\" [EMAIL]\", \"b\" : [ \"[CARD]\", 1 , \"[CARD]\"], \"c\":\"[CARD]\"}",
        cards.line(
            "{\"a\":\"bob \\\" bob@example.com\", \"b\" : [ "
                + card
                + ", 1 , "
                + card
                + "], \"c\":\""
                + card
                + "\"}"));
    // text that only looks like one, and text in a string
    assertEquals(
        "{mail=[EMAIL], card=[CARD]}", cards.line("{mail=a@b.example, card=" + card + "}"));
    assertEquals("{\"m\":\"at 1,[CARD],2\"}", cards.line("{\"m\":\"at 1," + card + ",2\"}"));
    assertEquals("paid {\"card\":[CARD]} by", cards.line("paid {\"card\":" + card + "} by"));
    Redactor drops =
        Redactor.forLogs(
            List.of(
                new RedactionPlan.Order(
                    List.of(), EnumSet.of(Kind.CARD), RedactionPlan.Operator.DROP)),
            null);
    assertEquals("{\"card\":null}", drops.line("{\"card\":" + card + "}"));
  }

  @Test
  void theLogTypesOfARuleFileCoverWhatTheySay() {
    assertEquals(EnumSet.of(Kind.CARD), Kind.ofType("pan"));
    assertEquals(EnumSet.range(Kind.BEARER, Kind.GOOGLE_KEY), Kind.ofType("secret"));
    assertEquals(EnumSet.of(Kind.BEARER, Kind.BASIC, Kind.JWT), Kind.ofType("token"));
    assertEquals(EnumSet.of(Kind.ADDRESS), Kind.ofType("address"));
    assertEquals(EnumSet.noneOf(Kind.class), Kind.ofType("no-such-type"));
    assertEquals("private-key", Kind.PRIVATE_KEY.label());
  }

  @Test
  void everySampleIsFoundAmongOtherTextAndOnlyOnce() {
    long seed = Long.getLong("cordon.seed", System.nanoTime());
    Random random = new Random(seed);
    List<Map.Entry<Kind, String>> samples = new ArrayList<>(Samples.byKind().entrySet());
    for (int i = 0; i < 2000; i++) {
      StringBuilder text = new StringBuilder();
      StringBuilder expected = new StringBuilder();
      for (int k = random.nextInt(5); k >= 0; k--) {
        String between = CleanText.line(random) + " | ";
        Map.Entry<Kind, String> sample = samples.get(random.nextInt(samples.size()));
        text.append(between).append(sample.getValue()).append(" | ");
        expected.append(between).append(sample.getKey().placeholder()).append(" | ");
      }
      assertEquals(expected.toString(), REDACTOR.line(text.toString()), "seed " + seed);
    }
  }

  @Test
  void redactingTwiceChangesNothing() {
    long[] seeds = {9329265871924L, Long.getLong("cordon.seed", System.nanoTime())};
    for (long seed : seeds) { // the first once failed
      Random random = new Random(seed);
      for (int i = 0; i < 2000; i++) {
        String once = REDACTOR.line(CleanText.noise(random, 200));
        assertSame(once, REDACTOR.line(once), "seed " + seed);
      }
    }
  }

  @Test
  void realisticLogsHaveNoHit() {
    long seed = Long.getLong("cordon.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int i = 0; i < 5_000; i++) {
      String line = CleanText.line(random);
      assertSame(line, REDACTOR.line(line), "seed " + seed);
    }
  }

  @Test
  void aLineOfSeveralMegabytesIsRead() {
    String filler = "2026-11-21 23:14:47.123 INFO c.e.Service - all well\n".repeat(60_000);
    assertSame(filler, REDACTOR.line(filler));
    String redacted = REDACTOR.line(filler + "bob@example.com\n" + filler);
    assertEquals(filler + "[EMAIL]\n" + filler, redacted);
    String wide = "\u4f60\u597d".repeat(500_000);
    assertEquals(wide + " [EMAIL] " + wide, REDACTOR.line(wide + " bob@example.com " + wide));
  }

  @Test
  void noRandomTextMakesItThrow() {
    long seed = Long.getLong("cordon.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int i = 0; i < 5_000; i++) {
      String noise = CleanText.noise(random, random.nextInt(120));
      assertFalse(REDACTOR.line(noise).startsWith("[CORDON"), "seed " + seed);
    }
  }

  @Test
  void whatFollowsTheTimeOfALineIsRead() {
    Redactor redactor = Redactor.forLogs(EnumSet.allOf(Kind.class));
    for (String time :
        new String[] {
          "2026-11-22 09:15:12",
          "2026-11-22T09:15:12.123",
          "2026/11/22 09:15:12,123",
          "1999-01-01T00:00:00Z"
        }) {
      String clean = time + " INFO nothing to do";
      assertSame(clean, redactor.line(clean));
      assertEquals(time + " card [CARD]", redactor.line(time + " card 4111 1111 1111 1111"));
    }
  }
}
