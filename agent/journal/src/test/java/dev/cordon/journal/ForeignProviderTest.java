package dev.cordon.journal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cordon.journal.evidence.EvidenceKey;
import dev.cordon.journal.evidence.EvidenceReader;
import dev.cordon.journal.evidence.SealedEvidence;
import dev.cordon.journal.evidence.SubjectKeys;
import dev.cordon.journal.seal.JdkCrypto;
import dev.cordon.journal.seal.SealKey;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Security;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An application that puts a security provider of its own before those of the JDK. */
@Timeout(120)
class ForeignProviderTest {

  @TempDir Path base;

  private EvidenceKey key = EvidenceKey.generate();

  @BeforeEach
  void writeKey() throws Exception {
    key.write(base.resolve("k"));
  }

  @ParameterizedTest
  @EnumSource(ForeignProvider.Does.class)
  void theWriterNeitherAsksItNorHandsItAnything(ForeignProvider.Does does) throws Exception {
    List<String> out = child("" + does, "with");
    assertKeptFromForeign(out);
    assertAllOpen(base.resolve("j"));
  }

  @ParameterizedTest
  @EnumSource(ForeignProvider.Does.class)
  void theSecondDeviceNeitherAsksItNorHandsItAnything(ForeignProvider.Does does) throws Exception {
    Files.createDirectories(base.resolve("j"));
    Files.writeString(base.resolve("j").resolve("crm"), "no directory");
    List<String> out = child("" + does, "with", "second");
    assertKeptFromForeign(out);
    List<JournalEntry> calls = calls(base.resolve("second"));
    assertEquals(out.stream().filter("COMMITTED"::equals).count(), calls.size());
    assertFalse(out.contains("FAILED"), "" + out);
    SealedEvidence last = calls.get(calls.size() - 1).evidence();
    assertNotNull(last);
    assertEquals(EvidenceReader.State.OPEN, reader().open(last).state());
  }

  @Test
  void whereTheJdksIsTakenAwayTheFirstOneIsTakenAndThatIsTold() throws Exception {
    List<String> out = child("WORKS", "without");
    assertTrue(out.stream().anyMatch(line -> line.startsWith("HANDED ")), "" + out);
    List<JournalEntry> told = Tails.all(base.resolve("j"));
    told.removeIf(entry -> entry.kind() != RecordKind.AGENT_FAULT);
    assertEquals(1, told.size(), "once");
    assertEquals("evidence", told.get(0).attributes().get("part"));
    assertEquals("SunJCE", told.get(0).attributes().get("no-provider"));
  }

  /** The JDK's Ed25519 asks for SHA-512 by name, and hashes the private key with it. */
  @ParameterizedTest
  @EnumSource(ForeignProvider.Does.class)
  void theSealKeyIsKeptFromItAndSignsAsIfItWereNotThere(ForeignProvider.Does does)
      throws Exception {
    SealKey.Pair pair = SealKey.generate("example.com/crm");
    Path file = base.resolve("seal.key");
    pair.write(file);
    ForkedJvm.Result result =
        ForkedJvm.run(
            ForkedJvm.java(List.of(), SealingChild.class, file.toString(), does.toString()));
    assertEquals(0, result.exit(), result.err());
    List<String> out = result.out().lines().toList();
    assertEquals(HexFormat.of().formatHex(pair.key().sign(SealingChild.MESSAGE)), out.get(0));
    assertEquals("made another", out.get(1));
    assertTrue(out.contains("asked main: MessageDigest.SHA-512"), "it was in front: " + out);
    for (String line : out) {
      assertTrue(!line.startsWith("asked cordon-journal-sealer") || line.endsWith(": name"), line);
    }
  }

  /** {@code KEY DOES}: signs on a thread that is called as the sealer's. */
  static final class SealingChild {
    static final byte[] MESSAGE = "the text of a checkpoint".getBytes(StandardCharsets.UTF_8);

    private SealingChild() {}

    public static void main(String[] arguments) throws Exception {
      Security.insertProviderAt(new ForeignProvider(ForeignProvider.Does.valueOf(arguments[1])), 1);
      Thread sealer =
          new Thread(
              () -> {
                try {
                  SealKey key = SealKey.load(Path.of(arguments[0]));
                  System.out.println(HexFormat.of().formatHex(key.sign(MESSAGE)));
                  SealKey.Pair other = SealKey.generate("example.com/other");
                  System.out.println(other.key().name().isEmpty() ? "made none" : "made another");
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                }
              },
              "cordon-journal-sealer");
      sealer.setDaemon(true);
      sealer.start();
      sealer.join(30_000);
      java.security.MessageDigest.getInstance("SHA-512"); // afterwards all is as before
      for (String one : ForeignProvider.ASKED) {
        System.out.println("asked " + one);
      }
    }
  }

  @Test
  void ourHmacIsThatOfTheStandard() throws Exception {
    long seed = Long.getLong("cordon.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int i = 0; i < 500; i++) {
      byte[] secret = new byte[1 + random.nextInt(150)];
      byte[] text = new byte[random.nextInt(300)];
      random.nextBytes(secret);
      random.nextBytes(text);
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret, "HmacSHA256"));
      assertArrayEquals(
          mac.doFinal(text), JdkCrypto.hmacSha256(secret, text), "seed " + seed + ", " + i);
    }
  }

  private static void assertKeptFromForeign(List<String> out) {
    assertEquals(
        java.util.Collections.nCopies(ForeignProviderChild.RECORDS, "COMMITTED"),
        out.subList(0, ForeignProviderChild.RECORDS));
    for (String line : out) {
      assertFalse(line.startsWith("asked cordon-journal-writer"), line);
      assertFalse(line.startsWith("asked cordon-journal-second"), line);
      assertFalse(line.startsWith("HANDED "), line);
    }
    assertTrue(out.stream().anyMatch(line -> line.startsWith("asked ")), "it was in front");
  }

  private void assertAllOpen(Path journal) throws Exception {
    List<JournalEntry> calls = calls(journal);
    assertEquals(ForeignProviderChild.RECORDS, calls.size());
    for (int i = 0; i < calls.size(); i++) {
      SealedEvidence sealed = calls.get(i).evidence();
      assertNotNull(sealed, "record " + i);
      EvidenceReader.Opened opened = reader().open(sealed);
      assertEquals(
          ForeignProviderChild.TEXT + " " + i, new String(opened.text(), StandardCharsets.UTF_8));
    }
  }

  private EvidenceReader reader() throws Exception {
    return EvidenceReader.of(
        SubjectKeys.in(base.resolve("j").resolve(SubjectKeys.DIRECTORY), key),
        List.of(key.pseudonym(ForeignProviderChild.SUBJECT)));
  }

  private static List<JournalEntry> calls(Path journal) throws Exception {
    List<JournalEntry> calls = new ArrayList<>(Tails.all(journal));
    calls.removeIf(entry -> entry.kind() != RecordKind.CALL_REQUEST);
    return calls;
  }

  private List<String> child(String... arguments) throws Exception {
    List<String> all = new ArrayList<>(List.of(base.toString()));
    all.addAll(List.of(arguments));
    ForkedJvm.Result result =
        ForkedJvm.run(
            ForkedJvm.java(List.of(), ForeignProviderChild.class, all.toArray(new String[0])));
    assertEquals(0, result.exit(), result.err());
    return result.out().lines().toList();
  }
}
