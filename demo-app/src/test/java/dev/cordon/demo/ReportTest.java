package dev.cordon.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cordon.demo.Received.Vendor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo must not say yes to what is not so. */
class ReportTest {

  private final Path directory;

  ReportTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @Test
  void aRunThatWasNotGuardedFailsItsClaims() throws IOException {
    Side unguarded = side(true, Report.EMAIL);

    String printed = claims(unguarded, unguarded, "nothing personal");

    assertTrue(
        printed.contains("NO   the refund that needs approval reached Stripe only"), printed);
    assertTrue(printed.contains("NO   both log files"), printed);
    assertTrue(printed.contains("NO   Slack got both posts"), printed);
  }

  @Test
  void aValueInTheJournalFailsTheClaim() throws IOException {
    Side without = side(true, Report.EMAIL);
    Side with = side(false, "[EMAIL]");

    assertTrue(claims(without, with, "ok").contains("yes  no value of any call"));
    assertTrue(claims(without, with, "x" + Report.CARD).contains("NO   no value of any call"));
  }

  @Test
  void aCallWithoutARecordFailsTheClaim() throws IOException {
    String printed = claims(side(true, Report.EMAIL), side(false, "[EMAIL]"), "ok");

    assertTrue(printed.contains("NO   every call is in the journal"), printed);
  }

  @Test
  void linesAreWrappedBesideEachOther() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Columns columns = new Columns(new PrintStream(out, true, StandardCharsets.UTF_8));

    columns.print(List.of("word ".repeat(20).strip()), List.of());

    List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
    assertEquals(2, lines.size());
    assertTrue(lines.get(0).startsWith("word word"));
    assertTrue(lines.get(0).endsWith(" | (nothing)"));
    assertTrue(lines.get(1).startsWith("  word"));
  }

  private String claims(Side without, Side with, String journalContent) throws IOException {
    Path file = Files.writeString(directory.resolve("journal.cq4"), journalContent);
    List<String> journal = List.of("{\"kind\":\"call.request\",\"rules\":[\"refund.small\"]}");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new Report(without, with, journal, List.of(file))
        .failedClaims(new PrintStream(out, true, StandardCharsets.UTF_8));
    return out.toString(StandardCharsets.UTF_8);
  }

  private static Side side(boolean large, String email) {
    List<Received> received = new ArrayList<>();
    received.add(refund("1850"));
    if (large) {
      received.add(refund("42000"));
    }
    return new Side(received, List.of(), List.of("from " + email), List.of(), List.of());
  }

  private static Received refund(String cents) {
    return new Received(Vendor.STRIPE, "POST", "/v1/refunds", "charge=ch_1&amount=" + cents, 200);
  }
}
