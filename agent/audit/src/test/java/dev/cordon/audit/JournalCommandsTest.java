package dev.cordon.audit;

import static dev.cordon.audit.Run.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cordon.journal.Appended;
import dev.cordon.journal.Journal;
import dev.cordon.journal.JournalOptions;
import dev.cordon.journal.JournalRecord;
import dev.cordon.journal.Level;
import dev.cordon.journal.RecordKind;
import dev.cordon.journal.SealOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class JournalCommandsTest {

  private static final long TEN_SECONDS_NS = 10_000_000_000L;

  @TempDir Path base;

  @Test
  void aKeyIsReadableByItsOwnerAloneAndNeverOverwritten() throws Exception {
    Run made = run("journal", "keygen", "-o", file("k"), "--name", "example.com/crm");
    assertEquals(0, made.exit(), made.err());
    assertTrue(made.out().startsWith("example.com/crm+"), made.out());
    assertEquals(made.out(), Files.readString(base.resolve("k.pub")));
    assertEquals(
        "rw-------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(base.resolve("k"))));
    assertFalse(made.out().contains("PRIVATE"));
    Path second = Files.createLink(base.resolve("k.1-2.unfinished"), base.resolve("k"));
    assertEquals(2, run("journal", "keygen", "-o", file("k")).exit());
    assertFalse(Files.exists(second), "what a killed one left");
  }

  @Test
  void aJournalIsSealedVerifiedAndOneCallOfItProvedToSomebodyElse() throws Exception {
    run("journal", "keygen", "-o", file("k"));
    UUID id = journal();
    Run unsealed = run("journal", "verify", file("j"), "--key", file("k.pub"));
    assertEquals(3, unsealed.exit(), unsealed.out());
    assertTrue(unsealed.out().contains("are not signed"), unsealed.out());
    Run sealed = run("journal", "seal", file("j"), "--key", file("k"));
    assertEquals(0, sealed.exit(), sealed.err());
    assertTrue(sealed.out().contains("records sealed (late)"), sealed.out());
    assertEquals("", run("journal", "seal", file("j"), "--key", file("k")).out(), "once is enough");
    Run verified =
        run("journal", "verify", file("j"), "--key", file("k.pub"), "--remember", file("seen"));
    assertEquals(0, verified.exit(), verified.out());
    assertTrue(verified.out().contains("ok, level L2: "), verified.out());
    Run again =
        run(
            "journal",
            "verify",
            file("j"),
            "--key",
            file("k.pub"),
            "--remember",
            file("seen"),
            "--json");
    assertTrue(again.out().contains("\"level\": \"L3\""), again.out());
    Run loud = run("journal", "verify", file("j"));
    assertEquals(0, loud.exit());
    assertTrue(loud.out().contains("NOT CHECKED: signatures"), loud.out());

    String last = id.toString().substring(28);
    Run proved = run("journal", "prove", file("j"), "#" + last, "-o", file("call.tlog-proof"));
    assertEquals(0, proved.exit(), proved.err());
    Run shown = run("proof", "verify", file("call.tlog-proof"), "--key", file("k.pub"));
    assertEquals(0, shown.exit(), shown.err());
    assertTrue(shown.out().contains("api.example.com:443"), shown.out());
    assertTrue(shown.out().contains("refund.create"), shown.out());
    assertFalse(shown.out().contains("#17"), "every name is told: " + shown.out());
    assertTrue(shown.out().contains("proved: in cordon/crm/"), shown.out());
    String proof = Files.readString(base.resolve("call.tlog-proof"));
    assertFalse(
        new String(java.util.Base64.getDecoder().decode(extra(proof)), StandardCharsets.ISO_8859_1)
            .contains("other.example.com"));
    assertEquals(1, proof.split("call.request", -1).length, "a proof is text of hashes and bytes");

    run("journal", "keygen", "-o", file("other"));
    Run foreign = run("proof", "verify", file("call.tlog-proof"), "--key", file("other.pub"));
    assertEquals(1, foreign.exit());
    assertTrue(foreign.err().contains("NOT PROVED"), foreign.err());
    for (int at = 0; at < proof.length(); at += 7) {
      char c = proof.charAt(at);
      Files.writeString(
          base.resolve("bad"),
          proof.substring(0, at) + (char) (c == 'A' ? 'B' : 'A') + proof.substring(at + 1));
      Run bad = run("proof", "verify", file("bad"), "--key", file("k.pub"));
      assertEquals(at < 23 ? 2 : 1, bad.exit(), "changed at " + at + ": " + bad.out());
    }
  }

  @Test
  void whoTrustsTheOldKeyTrustsTheNewOneThatSealsFromOutside() throws Exception {
    run("journal", "keygen", "-o", file("k"));
    journal();
    run("journal", "seal", file("j"), "--key", file("k"));
    run("journal", "keygen", "-o", file("n"), "--rotate", file("k"));
    for (int i = 0; i < 2; i++) {
      journal();
      Run sealed = run("journal", "seal", file("j"), "--key", file("n"));
      assertEquals(0, sealed.exit(), sealed.err());
    }
    Run verified = run("journal", "verify", file("j"), "--key", file("k.pub"));
    assertEquals(0, verified.exit(), verified.out() + verified.err());
    assertTrue(verified.out().contains("ok, level L2: "), verified.out());
    assertTrue(verified.out().contains("which follows"), "told in the journal of access");
    Run told = run("tail", file("j"), "--kind", "key.rotate", "--json");
    assertEquals(1, told.out().lines().count(), told.out());
    assertTrue(told.out().contains("\"service\":\"access\""), told.out());

    Files.copy(base.resolve("n.rotate"), base.resolve("k.rotate"));
    Run wrong = run("journal", "seal", file("j"), "--key", file("k"));
    assertEquals(2, wrong.exit());
    assertTrue(wrong.err().contains("is of another key than"), wrong.err());
  }

  @Test
  void aLogIsWrittenForOtherTools() throws Exception {
    run("journal", "keygen", "-o", file("k"));
    journal();
    run("journal", "seal", file("j"), "--key", file("k"));
    Run written = run("journal", "tiles", file("j"), "-o", file("out"));
    assertEquals(0, written.exit(), written.err());
    try (Stream<Path> files = Files.walk(base.resolve("out"))) {
      List<String> names =
          files
              .filter(Files::isRegularFile)
              .map(file -> base.resolve("out").relativize(file).toString())
              .sorted()
              .toList();
      assertEquals("checkpoint", names.get(0));
      assertTrue(names.get(1).startsWith("tile/0/000.p/"), "" + names);
      assertTrue(names.get(2).startsWith("tile/entries/000.p/"), "" + names);
      assertEquals(3, names.size());
    }
  }

  @Test
  void theLossWindowIsTheLongestThatAnyRecordTells() throws Exception {
    try (Journal journal =
        Journal.open(JournalOptions.of(base.resolve("j"), "crm").withSeal(SealOptions.off()))) {
      assertEquals(
          Appended.COMMITTED,
          journal.append(
              new JournalRecord(RecordKind.AGENT_START).attribute("durability", "each-write"),
              Level.COMMITTED,
              TEN_SECONDS_NS));
      Run early = run("journal", "durability", file("j"));
      assertTrue(early.out().contains("each-write, nothing measured yet"), early.out());
      for (long window : new long[] {2_000, 12_345_678, 3_000}) {
        journal.append(
            new JournalRecord(RecordKind.FORCE)
                .attribute("level", "each-write")
                .attribute("forces", 5)
                .attribute("failures", 0)
                .attribute("window-us", window)
                .attribute("force-us", 800),
            Level.COMMITTED,
            TEN_SECONDS_NS);
      }
      Run told = run("journal", "durability", file("j"));
      assertEquals(0, told.exit(), told.err());
      assertTrue(
          told.out()
              .contains(
                  "each-write, measured loss window 12345.7 ms in 15 forces, the longest of 0.8 ms"),
          told.out());
      journal.append(
          new JournalRecord(RecordKind.FORCE).attribute("forces", 0).attribute("failures", 2),
          Level.COMMITTED,
          TEN_SECONDS_NS);
      Run failed = run("journal", "durability", file("j"), "--json");
      assertEquals(1, failed.exit());
      assertTrue(failed.out().contains("\"failures\": 2"), failed.out());
      assertTrue(failed.out().contains("\"window_us\": 12345678"), failed.out());
    }
    assertEquals(2, run("journal", "durability", file("nothing")).exit());
    assertEquals(2, run("journal", "durability", file("j"), "--since", "soon").exit());
  }

  @Test
  void everyAttackIsNoticed() throws Exception {
    journal();
    Run attacked = run("journal", "attack-suite", file("j"));
    assertEquals(0, attacked.exit(), attacked.err());
    assertTrue(attacked.out().contains("L3  full rewrite with the stolen key"), attacked.out());
    assertTrue(attacked.out().lines().count() >= 30, attacked.out());
  }

  @Test
  void whatIsWrongIsSaidInOneLine() throws Exception {
    Files.writeString(base.resolve("text"), "hello\n");
    Run missing = run("journal", "verify", file("nothing"));
    assertEquals(2, missing.exit());
    assertTrue(missing.err().contains("no such directory"), missing.err());
    assertEquals(2, run("journal", "verify", file("text")).exit());
    Run empty = run("journal", "verify", base.toString());
    assertEquals(2, empty.exit());
    assertTrue(empty.out().contains("there is no journal below"), empty.out());
    Run key = run("journal", "verify", base.toString(), "--key", file("text"));
    assertEquals(2, key.exit());
    assertTrue(key.err().contains("text: not a public key"), key.err());
    run("journal", "keygen", "-o", file("k"));
    Run secret = run("journal", "verify", base.toString(), "--key", file("k"));
    assertEquals(2, secret.exit());
    assertFalse(secret.err().contains("PRIVATE+KEY"), secret.err());
    Run proof = run("proof", "verify", file("text"), "--key", file("k.pub"));
    assertEquals(2, proof.exit());
    assertTrue(proof.err().contains("text:1: this is not a proof"), proof.err());
    Run memory = run("journal", "verify", base.toString(), "--remember", file("text"));
    assertEquals(2, memory.exit());
    assertTrue(memory.err().contains("text:1: not what verify remembers"), memory.err());
  }

  private UUID journal() {
    UUID id = UUID.randomUUID();
    try (Journal journal =
        Journal.open(JournalOptions.of(base.resolve("j"), "crm").withSeal(SealOptions.off()))) {
      for (int i = 0; i < 60; i++) {
        JournalRecord record =
            new JournalRecord(i == 41 ? RecordKind.CALL_RESPONSE : RecordKind.CALL_REQUEST)
                .requestId(i == 40 || i == 41 ? id : UUID.randomUUID())
                .method("POST")
                .destination((i == 40 || i == 41 ? "api" : "other") + ".example.com:443")
                .operation("refund.create")
                .decision("deny")
                .reason("approval-required");
        assertEquals(Appended.COMMITTED, journal.append(record, Level.COMMITTED, TEN_SECONDS_NS));
      }
    }
    return id;
  }

  private static String extra(String proof) {
    int from = proof.indexOf("extra ") + "extra ".length();
    return proof.substring(from, proof.indexOf('\n', from));
  }

  private String file(String name) {
    return base.resolve(name).toString();
  }
}
