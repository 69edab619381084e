package dev.cordon.audit;

import static dev.cordon.audit.Run.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cordon.journal.Journal;
import dev.cordon.journal.JournalOptions;
import dev.cordon.journal.JournalRecord;
import dev.cordon.journal.Level;
import dev.cordon.journal.RecordKind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code stats} and {@code report} in their four forms. */
@Timeout(120)
class ReportCommandTest {

  private static final long TEN_SECONDS_NS = 10_000_000_000L;
  private static final String RULE = "rules.named-for-a-test";

  @TempDir Path temp;

  @Test
  void statsCountsByWhatIsAsked() throws IOException {
    Path base = journal();
    Run run = run("stats", base.toString(), "--by", "decision", "--format", "csv");
    assertEquals(0, run.exit(), run.err());
    List<String> lines = run.out().lines().toList();
    assertEquals(
        "decision,records,stopped,errors,latency_p50_ns,latency_p99_ns,cost_p50_ns,cost_p99_ns,"
            + "request_bytes,response_bytes,last",
        lines.get(0));
    assertTrue(
        lines.get(1).startsWith("\"allow\",8,0,0,,,19456,19456,800,0,\"2026-11-2"), lines.get(1));
    assertTrue(lines.get(2).startsWith("\"deny\",3,3,0,"), lines.get(2));
    assertEquals(4, lines.size(), run.out());
    Run two = run("stats", base.toString(), "--by=rule,decision", "--decision", "deny");
    assertTrue(two.out().contains(RULE + "  deny"), two.out());
    Run hours = run("stats", base.toString(), "--by=hour", "--format=json");
    assertTrue(hours.out().contains("\"hour\": \"2026-11-21T10Z\""), hours.out());
    assertEquals(2, run("stats", base.toString(), "--by", "colour").exit());
    assertEquals(2, run("stats", base.toString(), "--by", "rule,rule").exit());
  }

  @Test
  void theReportTellsUseDenialsApprovalsCostAndCoverage() throws IOException {
    Path base = journal();
    Run run = run("report", base.toString());
    assertEquals(0, run.exit(), run.err());
    String text = run.out();
    assertTrue(text.contains("  calls           12\n"), text);
    assertTrue(text.contains("refused         3 (25.0 %)"), text);
    assertTrue(
        text.contains(
            "19.4us a call in the middle, 19.4us at 99 %, 20.0us at most; 240.0us in all (0.4 %"
                + " of"),
        text);
    assertTrue(text.contains("hooks           1 installed, 1 missing, 1 failed"), text);
    assertTrue(text.contains("crm      okhttp   okhttp3.RealCall  MISSING"), text);
    assertTrue(text.contains("approve-wait  refunds.large  finance"), text);
    assertTrue(text.contains("records lost     7"), text);
    Run json = run("report", base.toString(), "--format", "json");
    assertTrue(json.out().contains("\"cost_p99_ns\": 19456"), json.out());
    Run csv = run("report", base.toString(), "--format", "csv");
    assertTrue(csv.out().contains("coverage,0,state,\"FAILED\"\r\n"), csv.out());
    Run none = run("report", base.toString(), "--since", "2030-01-01");
    assertEquals(0, none.exit());
    assertTrue(none.out().contains("records"), none.out());
  }

  @Test
  void thePageIsWholeWellFormedAndAsksNobodyForAnything() throws Exception {
    Path base = journal();
    Path page = temp.resolve("page.html");
    assertEquals(0, run("report", base.toString(), "--format=html", "-o", page + "").exit());
    String html = Files.readString(page);
    assertTrue(html.startsWith("<!DOCTYPE html>"), html);
    assertTrue(html.contains("<svg role=\"img\""), html);
    assertTrue(html.contains("aria-labelledby"), html);
    assertTrue(html.contains("prefers-color-scheme:dark"), html);
    assertTrue(html.contains("default-src 'none'"), html);
    for (String never :
        List.of("<script", "src=", "href=", "url(", "@import", "http://", "https:")) {
      assertFalse(html.contains(never), never);
    }
    parse(html);
    try (var left = Files.list(temp)) {
      assertEquals(2, left.count(), "nothing but the journal and the page");
    }
  }

  @Test
  void namesThatSomebodyForgedStayTexts() throws Exception {
    for (String wanted :
        List.of(
            "</td><script>alert(1)<",
            "\"'><svg onload=a()> &",
            "=HYPERLINK(\"http://x\")",
            "+1+cmd|' /C calc'!A0..",
            "\u001b]0;owned\u0007\r\nSet-Co",
            "@SUM(1+1)\",\"\n2,3,4\"5",
            "\t=1+1\t=2+2\t=3+3\t=4+4+",
            "]]></style><h1>x</h1>&")) {
      String forged = (wanted + ".".repeat(RULE.length())).substring(0, RULE.length());
      Path base = journal();
      ForgedNames.put(base, RULE, forged);
      for (String command : List.of("report", "stats --by=rule", "stats --by=rule,decision")) {
        List<String> words = List.of(command.split(" "));
        String html = with(words, base, "html");
        parse(html);
        assertFalse(html.contains(forged), html);
        assertFalse(html.contains("<script") || html.contains("<svg onload"), html);
        String csv = with(words, base, "csv");
        for (String line : csv.split("\r\n")) {
          assertFalse(line.chars().anyMatch(c -> c < 0x20 || c > 0x7e), line);
          assertFalse(line.matches("(.*,)?\"[=+@|-].*"), line);
        }
        String json = with(words, base, "json");
        assertFalse(json.replace("\n", "").chars().anyMatch(c -> c < 0x20 || c > 0x7e), json);
        String text = with(words, base, "text");
        assertFalse(text.replace("\n", "").chars().anyMatch(c -> c < 0x20 || c > 0x7e), text);
      }
      delete(base);
    }
  }

  @Test
  void percentilesAreRightToASixteenth() {
    Quantiles quantiles = new Quantiles();
    assertEquals(-1, quantiles.percentile(50));
    java.util.Random random = new java.util.Random(11);
    long[] values = new long[10_000];
    for (int i = 0; i < values.length; i++) {
      values[i] = (long) Math.exp(random.nextDouble() * 40);
      quantiles.add(values[i]);
    }
    java.util.Arrays.sort(values);
    for (double percent : new double[] {1, 25, 50, 90, 99, 99.9, 100}) {
      long exact = values[(int) Math.ceil(values.length * percent / 100) - 1];
      long told = quantiles.percentile(percent);
      assertTrue(Math.abs(told - exact) <= exact / 16 + 1, percent + ": " + told + " for " + exact);
    }
    quantiles.add(Long.MAX_VALUE);
    assertEquals(Long.MAX_VALUE, quantiles.max());
    assertTrue(quantiles.percentile(100) > Long.MAX_VALUE / 16 * 15);
  }

  private String with(List<String> words, Path base, String format) {
    java.util.ArrayList<String> all = new java.util.ArrayList<>(words);
    all.addAll(List.of(base.toString(), "--format", format));
    Run run = run(all.toArray(new String[0]));
    assertEquals(0, run.exit(), run.err());
    return run.out();
  }

  /** What is written is XML, too, but for its first line and the tags that have no end. */
  private static void parse(String html) throws Exception {
    String xml = html.substring(html.indexOf('\n') + 1).replaceAll("<meta ([^>]*)>", "<meta $1/>");
    DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
  }

  private Path journal() throws IOException {
    Path base = Files.createTempDirectory(temp, "j");
    AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-21T10:15:30Z"));
    Clock clock =
        new Clock() {
          @Override
          public ZoneOffset getZone() {
            return ZoneOffset.UTC;
          }

          @Override
          public Clock withZone(java.time.ZoneId zone) {
            return this;
          }

          @Override
          public Instant instant() {
            return java.util.Objects.requireNonNull(now.get());
          }
        };
    try (Journal journal = Journal.open(JournalOptions.of(base, "crm").withClock(clock))) {
      append(
          journal,
          new JournalRecord(RecordKind.HOOK_INSTALLED).library("okhttp").attribute("hook", "a.B"));
      append(
          journal,
          new JournalRecord(RecordKind.HOOK_MISSING)
              .library("okhttp")
              .attribute("hook", "okhttp3.RealCall"));
      append(
          journal,
          new JournalRecord(RecordKind.AGENT_SELFTEST)
              .library("jdk")
              .attribute("outcome", "failed"));
      append(journal, new JournalRecord(RecordKind.GAP).attribute("lost", 7));
      for (int i = 0; i < 12; i++) {
        UUID id = new UUID(1, i + 1);
        String decision = i < 8 ? "allow" : i < 11 ? "deny" : "approve-wait";
        JournalRecord call =
            new JournalRecord(RecordKind.CALL_REQUEST)
                .requestId(id)
                .destination("api.example.com:443")
                .method("POST")
                .operation("refund.create")
                .callClass("write")
                .decision(decision)
                .rules(List.of(i < 11 ? RULE : "refunds.large"))
                .finding("email", 2)
                .requestBytes(100)
                .costNs(20_000);
        append(journal, i < 11 ? call : call.attribute("approval", "finance"));
        if (i < 8) {
          append(
              journal,
              new JournalRecord(RecordKind.CALL_RESPONSE)
                  .requestId(id)
                  .destination("api.example.com:443")
                  .status(i == 7 ? 500 : 200)
                  .latencyNs(7_500_000));
        }
        now.set(clock.instant().plusSeconds(3_000));
      }
    }
    return base;
  }

  private static void append(Journal journal, JournalRecord record) {
    journal.append(record, Level.COMMITTED, TEN_SECONDS_NS);
  }

  private static void delete(Path base) throws IOException {
    try (var all = Files.walk(base)) {
      for (Path one : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(one);
      }
    }
  }
}
