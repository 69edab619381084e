package dev.cordon.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A value that a mistake in a hook or a rule file puts where a name belongs does not reach the
 * disk.
 */
class NoValueInJournalTest {

  private static final long TEN_SECONDS_NS = 10_000_000_000L;

  @TempDir Path base;

  @Test
  void noByteOfAValueIsInAnyFile() throws Exception {
    long seed = Long.getLong("cordon.seed", System.nanoTime());
    System.out.println("seed " + seed);
    List<String> values = values(new Random(seed));
    try (Journal journal = Journal.open(JournalOptions.of(base, "crm"))) {
      for (String value : values) {
        for (String form : forms(value)) {
          JournalRecord record =
              JournalRecord.reused(RecordKind.CALL_REQUEST)
                  .library(form)
                  .method(form)
                  .operation(form)
                  .callClass(form)
                  .decision(form)
                  .rules(List.of(form))
                  .reason(form)
                  .fields(List.of(form))
                  .findings(Map.of(form, 1))
                  .error(form)
                  .actor(form)
                  .route(form)
                  .operations(List.of(form))
                  .money(1, form)
                  .attribute("hook", form)
                  .attribute(form, "x");
          assertEquals(Appended.ACCEPTED, journal.append(record, Level.ACCEPTED, TEN_SECONDS_NS));
        }
      }
      JournalRecord known = new JournalRecord(RecordKind.CALL_REQUEST).operation("refund.create");
      assertEquals(Appended.DURABLE, journal.append(known, Level.DURABLE, TEN_SECONDS_NS));
      String everything = everyByteBelow(base);
      assertTrue(everything.contains("refund.create"), "the search finds what is there");
      for (String value : values) {
        assertTrue(!everything.contains(value), "seed " + seed + ", in the journal: " + value);
      }
      List<JournalEntry> entries = Tails.all(base);
      entries.removeIf(entry -> entry.kind() == RecordKind.SEAL); // on a slow machine
      assertEquals(values.size() * 4 + 1, entries.size());
      assertEquals("other", entries.get(0).operation());
      assertEquals(List.of("other"), entries.get(0).fields());
    }
  }

  /** Whoever makes the record: nothing but a name finds a place in it, whatever it is of. */
  @Test
  void noByteOfAValueIsInAnyFileWhateverKindTheRecordIsOf() throws Exception {
    long seed = Long.getLong("cordon.seed", System.nanoTime());
    System.out.println("seed " + seed);
    List<String> values = values(new Random(seed));
    List<RecordKind> kinds =
        Arrays.stream(RecordKind.values())
            .filter(kind -> !WRITTEN_BY_THE_JOURNAL_ALONE.contains(kind))
            .toList();
    assertTrue(kinds.size() >= 30, "" + kinds);
    int given = 0;
    try (Journal journal = Journal.open(JournalOptions.of(base, "crm"))) {
      for (RecordKind kind : kinds) {
        for (int i = 0; i < values.size(); i += 1 + values.size() / 60) {
          for (String form : forms(values.get(i))) {
            JournalRecord record =
                JournalRecord.reused(kind)
                    .trace(form)
                    .library(form)
                    .method(form)
                    .destination(form)
                    .decidedFor(form)
                    .operation(form)
                    .callClass(form)
                    .decision(form)
                    .rules(List.of(form))
                    .reason(form)
                    .fields(List.of(form))
                    .findings(Map.of(form, 1))
                    .error(form)
                    .actor(form)
                    .route(form)
                    .operations(List.of(form))
                    .money(1, form)
                    .subject(form)
                    .evidence(form.getBytes(StandardCharsets.UTF_8))
                    .attribute("why", form);
            assertEquals(Appended.ACCEPTED, journal.append(record, Level.ACCEPTED, TEN_SECONDS_NS));
            given++;
          }
        }
      }
      JournalRecord known = new JournalRecord(RecordKind.CALL_REQUEST).operation("refund.create");
      assertEquals(Appended.DURABLE, journal.append(known, Level.DURABLE, TEN_SECONDS_NS));
    }
    String everything = everyByteBelow(base);
    assertTrue(everything.contains("refund.create"), "the search finds what is there");
    for (String value : values) {
      assertTrue(!everything.contains(value), "seed " + seed + ", in the journal: " + value);
    }
    Set<RecordKind> read = EnumSet.noneOf(RecordKind.class);
    List<JournalEntry> entries = Tails.everything(base);
    entries.forEach(entry -> read.add(entry.kind()));
    assertTrue(entries.size() > given, entries.size() + " of " + given);
    assertTrue(read.containsAll(kinds), "" + read);
  }

  private static final Set<RecordKind> WRITTEN_BY_THE_JOURNAL_ALONE =
      EnumSet.of(RecordKind.SEAL, RecordKind.DICT_ADD, RecordKind.UNKNOWN);

  @Test
  void noByteOfAValueInAHostNameIsInAnyFile() throws Exception {
    long seed = Long.getLong("cordon.seed", System.nanoTime());
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    List<String> values = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      values.add("49" + digits(random, 10));
      values.add("4" + digits(random, 15));
      values.add("de" + digits(random, 20));
      values.add("sk-live-" + token(random, 24));
      values.add("sk-live-" + letters(random, 20) + digits(random, 4));
      values.add(new java.util.UUID(random.nextLong(), random.nextLong()).toString());
    }
    try (Journal journal = Journal.open(JournalOptions.of(base, "crm"))) {
      for (String value : values) {
        for (String host :
            List.of(value, value + ".example.com", "crm." + value + ".example.com")) {
          JournalRecord record =
              new JournalRecord(RecordKind.CALL_REQUEST).destination(host + ":443");
          assertEquals(Appended.ACCEPTED, journal.append(record, Level.ACCEPTED, TEN_SECONDS_NS));
        }
      }
      JournalRecord known =
          new JournalRecord(RecordKind.CALL_REQUEST).destination("crm.example.com:443");
      assertEquals(Appended.DURABLE, journal.append(known, Level.DURABLE, TEN_SECONDS_NS));
      String everything = everyByteBelow(base);
      assertTrue(everything.contains("crm.example.com:443"), "the search finds what is there");
      for (String value : values) {
        assertTrue(!everything.contains(value), "seed " + seed + ", in the journal: " + value);
      }
      assertEquals("other", Tails.all(base).get(0).destination());
    }
  }

  /** As it is, and as part of what looks like a name. */
  private static List<String> forms(String value) {
    return List.of(
        value, "customer." + value, "/v1/customers/" + value + "/refunds", value + ":suffix");
  }

  private static List<String> values(Random random) {
    List<String> values = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      values.add(letters(random, 8) + "@example.com");
      values.add(letters(random, 5) + "." + letters(random, 5) + "+tag@mail.example.com");
      values.add("+49" + digits(random, 11));
      values.add("0" + digits(random, 10));
      values.add("4" + digits(random, 15));
      values.add("DE" + digits(random, 20));
      values.add("sk_live_" + token(random, 24));
      values.add("ghp_" + token(random, 36));
      values.add(
          "AKIA" + digits(random, 2) + letters(random, 14).toUpperCase(java.util.Locale.ROOT));
      values.add("eyJhbGciOiJIUzI1NiJ9." + token(random, 40) + "." + token(random, 43));
      values.add(new java.util.UUID(random.nextLong(), random.nextLong()).toString());
      values.add("Mr " + letters(random, 7) + "; " + letters(random, 9));
      values.add(letters(random, 6) + "\u00fc\u00df" + letters(random, 4));
      values.add("{\"name\":\"" + letters(random, 8) + "\"}");
    }
    return values;
  }

  private static String letters(Random random, int count) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append((char) ('a' + random.nextInt(26)));
    }
    return text.toString();
  }

  private static String digits(Random random, int count) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append((char) ('1' + random.nextInt(9)));
    }
    return text.toString();
  }

  /** Like a key: digits among letters. */
  private static String token(Random random, int count) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append(i % 3 == 1 ? digits(random, 1) : letters(random, 1));
    }
    return text.toString();
  }

  private static String everyByteBelow(Path base) throws IOException {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.walk(base)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        byte[] bytes = Files.readAllBytes(file);
        all.append(file).append(new String(bytes, StandardCharsets.ISO_8859_1));
        all.append(new String(bytes, StandardCharsets.UTF_8));
      }
    }
    return all.toString();
  }
}
