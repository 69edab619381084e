package dev.cordon.redaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.cordon.redaction.RedactionPlan.Operator;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonTextTest {
  private static final String CLEAN =
      "{\"object\":\"list\",\"data\":[{\"id\":417231,\"subject\":\"the parcel came"
          + " late\",\"status\":"
          + "\"open\",\"tags\":[\"refund\",\"late\"],\"created\":1732230887,\"created_at\":"
          + "\"2026-11-22T10:20:30Z\",\"updated_at\":\"2026-11-22T10:20:30.123Z\",\"assignee\":null,"
          + "\"total\":12.5,\"gift\":false}]}";

  private static final RedactionPlan PLAN = Samples.everywhere(Operator.TOKEN);

  @Test
  void aBodyWithoutAnchorsCostsNoMemory() {
    byte[] body = CLEAN.getBytes(StandardCharsets.UTF_8);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 20; round++) { // the first ones load classes and make tables
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 100; i++) {
        assertSame(Scan.clean(), Redactor.body(body, "application/json", PLAN));
      }
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    assertTrue(least < 100, least + " bytes for a hundred bodies");
  }

  @Test
  void aValueIsFoundWhereverItStandsInABlock() {
    for (int blanks = 0; blanks < 140; blanks++) {
      String text = CLEAN + " ".repeat(blanks) + "{\"note\":\"to bob@example.com\"}";
      assertEquals(text.replace("bob@example.com", "[EMAIL]"), redacted(text));
    }
  }

  @Test
  void whatAReaderLearntOfOneBodyIsForgottenAtTheNext() {
    String dirty = CLEAN.replace("the parcel came late", "mail bob@example.com, please");
    String cut = dirty.substring(0, dirty.length() - 3); // no JSON, found as text
    for (int i = 0; i < 5; i++) {
      assertEquals(dirty.replace("bob@example.com", "[EMAIL]"), redacted(dirty));
      assertSame(Scan.clean(), scan(CLEAN));
      assertEquals(cut.replace("bob@example.com", "[EMAIL]"), redacted(cut));
      String deep = "[".repeat(100) + dirty + "]".repeat(100);
      assertEquals(deep.replace("bob@example.com", "[EMAIL]"), redacted(deep));
      String large = "[\"" + "words ".repeat(20_000) + "\"," + dirty + "]";
      assertEquals(large.replace("bob@example.com", "[EMAIL]"), redacted(large));
    }
  }

  @Test
  void aTimeUnderANameThatAnnouncesABirthIsRead() {
    String text = CLEAN.replace("created_at", "birth_date");
    assertEquals(text.replace("2026-11-22T10:20:30Z", "[BIRTH_DATE]"), redacted(text));
  }

  @Test
  void whatIsFoundInAStringDoesNotDependOnWhatStandsAroundIt() {
    long seed = Long.getLong("cordon.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int i = 0; i < 2_000; i++) {
      String value = i % 2 == 0 ? value(random) : value(random) + " " + value(random);
      String alone = cleaned("[\"" + value + "\"]"); // too short to be looked over first
      String among = cleaned("[\"" + value + "\"]" + CLEAN);
      String behind = cleaned("\n".repeat(i % 130) + CLEAN + "[\"" + value + "\"]").trim();
      assertEquals(alone + CLEAN, among, () -> "seed " + seed);
      assertEquals(CLEAN + alone, behind, () -> "seed " + seed);
    }
  }

  private static String cleaned(String text) {
    return scan(text).redacted() == null ? text : redacted(text);
  }

  private static String value(Random random) {
    return switch (random.nextInt(10)) {
      case 0 -> "0.0.0.0";
      case 1 -> "10." + random.nextInt(300) + ".3." + random.nextInt(10);
      case 2 -> "4111 1111 1111 111" + random.nextInt(10);
      case 3 -> "DE8937040044053201300" + random.nextInt(10);
      case 4 -> "bob" + random.nextInt(10) + "@example.com";
      case 5 -> "password=a1b2c3d4e5";
      case 6 -> "00:1b:44:11:3a:b" + random.nextInt(10);
      case 7 -> "2001:db8::" + random.nextInt(10);
      case 8 -> "call +49 30 9018" + random.nextInt(10_000);
      default -> "the parcel came late";
    };
  }

  @Test
  void aUuidIsReadOnlyUnderANameThatAnnouncesSomething() {
    String uuid = "0f709590-4b11-4c1d-9e11-111137828224";
    String text = CLEAN.replace("subject", "password").replace("the parcel came late", uuid);
    assertEquals(text.replace(uuid, "[SECRET]"), redacted(text));
    assertSame(Scan.clean(), scan(text.replace("password", "order")));
  }

  @Test
  void namesAreFoundByTheirKeysWhereNothingElseIsLookedFor() {
    RedactionPlan names =
        RedactionPlan.of(
            List.of(new RedactionPlan.Order(List.of(), Set.of(Kind.NAME), Operator.TOKEN)),
            Set.of());
    String text = CLEAN.replace("subject", "first_name").replace("\"open\"", "\"a@example.com\"");
    byte[] redacted =
        Redactor.body(text.getBytes(StandardCharsets.UTF_8), "application/json", names).redacted();
    assertNotNull(redacted);
    assertEquals(
        text.replace("the parcel came late", "[NAME]"),
        new String(redacted, StandardCharsets.UTF_8));
  }

  @Test
  void onlyTheFieldNamedQueryIsReadAsOne() {
    String text = CLEAN.replace("\"late\"]", "\"late\"],\"quern\":\"{ a(phone: 4155550132) }\"");
    String query = text.replace("quern", "query");
    assertFalse(redacted(query).contains("4155550132"));
    assertEquals(
        scan(text).findings().size(), scan(text.replace("quern", "quarn")).findings().size());
  }

  @Test
  void nothingIsKeptFromBase64ThatNestedFindsInIt() {
    long seed = Long.getLong("cordon.seed", System.nanoTime());
    Random random = new Random(seed);
    int found = 0;
    for (int i = 0; i < 30_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int parts = random.nextInt(4); parts >= 0; parts--) {
        byte[] bytes = new byte[random.nextInt(24)];
        int text8 = random.nextInt(3);
        for (int k = 0; k < bytes.length; k++) {
          bytes[k] = (byte) (text8 == 0 ? random.nextInt(256) : ' ' + random.nextInt(90));
        }
        Base64.Encoder encoder =
            random.nextBoolean() ? Base64.getUrlEncoder().withoutPadding() : Base64.getEncoder();
        text.append(encoder.encodeToString(bytes));
        text.append(new String[] {"", "-", "_", "/", ".", " ", "e", "eyJ"}[random.nextInt(8)]);
      }
      String s = text.toString();
      byte[] bytes = s.getBytes(StandardCharsets.ISO_8859_1);
      if (Nested.next(s, 0, s.length()) >= 0) {
        found++;
        assertTrue(Base64Text.mayStandIn(bytes, 0, bytes.length), "seed " + seed + ": " + s);
      }
    }
    assertTrue(found > 1_000, "seed " + seed + ": " + found);
  }

  private static Scan scan(String text) {
    return Redactor.body(text.getBytes(StandardCharsets.UTF_8), "application/json", PLAN);
  }

  private static String redacted(String text) {
    byte[] redacted = scan(text).redacted();
    assertNotNull(redacted);
    return new String(redacted, StandardCharsets.UTF_8);
  }

  /** What a lenient reader takes hides none of the fields around it. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'date':2026-11-22,'firstName':'Alice'} | {'date':2026-11-22,'firstName':'[NAME]'}",
        "{'v':1.2.3,'firstName':'Alice'} | {'v':1.2.3,'firstName':'[NAME]'}",
        "{'a':[415-555-0132],'firstName':'Alice'} | {'a':[[PHONE]],'firstName':'[NAME]'}",
        "{'tax_id':'\\u002c12345678','x':'a@example.com'} |"
            + " {'tax_id':'\\u002c12345678','x':'[EMAIL]'}",
      })
  void whatIsAlmostJsonIsReadByItsFields(String json, String expected) {
    byte[] body = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    Scan scan = Redactor.body(body, "application/json", PLAN);
    byte[] redacted = scan.redacted();
    assertEquals(Reach.WHOLE, scan.reach());
    assertEquals(
        expected.replace('\'', '"'),
        new String(redacted == null ? body : redacted, StandardCharsets.UTF_8));
  }
}
