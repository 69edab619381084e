package dev.cordon.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cordon.rules.note.SignerKey;
import dev.cordon.rules.note.VerifierKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleTest {
  private static final String HEAD =
      "version: 1\nname: bundle-test\nserial: 7\nowner: tests@example.com\n";
  private static final String SMALL =
      HEAD
          + "destinations: { crm: { hosts: [crm.example.com] } }\n"
          + "rules:\n"
          + "  - { id: notes, to: crm, call: POST /v1/notes, when: [a <= 25], then: allow }\n";

  @TempDir Path directory;

  private Path file(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text);
  }

  private static Surroundings surroundings() {
    return Surroundings.of(Detector.NONE);
  }

  private Path built(Path file) throws Exception {
    Path bundle = directory.resolve(file.getFileName() + ".cbundle");
    return Files.write(bundle, Bundle.build(file, surroundings()));
  }

  @Test
  void aBundleDecidesAndExplainsAsItsFilesDo() throws Exception {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> all = Files.list(Path.of("../packs/environments"))) {
      all.filter(path -> path.toString().endsWith(".yaml")).sorted().forEach(files::add);
    }
    files.removeIf(path -> path.toString().endsWith(RuleTests.CASES_SUFFIX));
    assertTrue(files.size() >= 3, files::toString);
    for (Path file : files) {
      String text = Files.readString(file);
      // what is copied has a serial, and no cases of detectors that this module lacks
      text = text.replaceAll("(?m)^serial:.*$", "serial: 7").replaceAll("(?s)\ntests:.*", "\n");
      Path copy = file(String.valueOf(file.getFileName()), text);
      RuleSet fromText = RuleSet.load(copy, all());
      Path bundle = directory.resolve("b.cbundle");
      Files.write(bundle, Bundle.build(copy, all()));
      RuleSet fromBundle = RuleSet.load(bundle, all());
      assertEquals(fromText.digest(), fromBundle.digest());
      assertEquals(fromText.name(), fromBundle.name());
      assertEquals(fromText.mode(), fromBundle.mode());
      for (String call :
          List.of(
              "GET https://api.stripe.com/v1/charges",
              "POST https://api.stripe.com/v1/refunds",
              "POST https://slack.com/api/chat.postMessage",
              "DELETE https://slack.com/api/x",
              "POST https://evil.example.net/")) {
        int space = call.indexOf(' ');
        CallFacts facts =
            new CallFacts(
                call.substring(0, space),
                call.substring(space + 1),
                List.of("Content-Type", "application/json"),
                BodyState.READ,
                "{\"amount\":12000,\"currency\":\"eur\",\"channel\":\"C1\",\"text\":\"hi\"}"
                    .getBytes(StandardCharsets.UTF_8));
        assertEquals(fromText.decide(facts).toString(), fromBundle.decide(facts).toString(), call);
        Explanation before = fromText.explain(facts);
        Explanation after = fromBundle.explain(facts);
        assertEquals(before.rules().size(), after.rules().size());
        for (int i = 0; i < before.rules().size(); i++) {
          assertEquals(before.rules().get(i).id(), after.rules().get(i).id());
          assertEquals(before.rules().get(i).fired(), after.rules().get(i).fired());
        }
      }
    }
  }

  private static Surroundings all() {
    return Surroundings.of(
        new Detector() {
          @Override
          public java.util.Set<String> types() {
            return java.util.Set.of(
                "email", "phone", "iban", "pan", "secret", "token", "ssn", "ip", "password");
          }

          @Override
          public java.util.Set<String> typesOf(String category) {
            return category.equals("payment-card") ? java.util.Set.of("pan") : java.util.Set.of();
          }

          @Override
          public Truth isIn(String text, String type) {
            return Truth.FALSE;
          }

          @Override
          public Truth isIn(byte[] body, String contentType, java.util.Set<String> types) {
            return Truth.FALSE;
          }
        });
  }

  @Test
  void layersAndPacksTravelWithTheFile() throws Exception {
    String base = "version: 1\nname: base\nowner: tests@example.com\ndefaults: { read: deny }\n";
    file("base.yaml", base);
    String digest = Layer.Loader.sha256(base.getBytes(StandardCharsets.UTF_8));
    Path top =
        file(
            "top.yaml",
            HEAD
                + "extends: [{ file: base.yaml, sha256: "
                + digest
                + " }]\n"
                + "packs: [stripe/1]\n"
                + "destinations: { stripe: { hosts: [api.stripe.com] } }\n");
    Path bundle = built(top);
    RuleSet before = RuleSet.load(top);
    Files.delete(top);
    Files.delete(directory.resolve("base.yaml"));
    RuleSet after = RuleSet.load(bundle);
    assertEquals(before.digest(), after.digest());
    CallFacts read = CallFacts.of("GET", "https://api.stripe.com/v1/charges/ch_1");
    assertEquals(Effect.DENY, after.decide(read).effect());
    assertEquals(before.decide(read).operation(), after.decide(read).operation());
    assertNotEquals("", after.decide(read).operation());
    assertEquals(7, Bundle.open(bundle, surroundings()).serial());
  }

  @Test
  void theSameFilesMakeTheSameBytes() throws Exception {
    Path file = file("a.yaml", SMALL);
    assertEquals(
        0, Arrays.compare(Bundle.build(file, surroundings()), Bundle.build(file, surroundings())));
  }

  @Test
  void aBundleNeedsASerialAndPassingCases() throws Exception {
    assertCode("CRD162", () -> built(file("a.yaml", SMALL.replace("serial: 7\n", ""))));
    assertCode(
        "CRD151",
        () ->
            built(
                file("b.yaml", SMALL + "tests: [{ call: crm POST /v1/notes, expect: allow }]\n")));
    assertCode("CRD160", () -> built(built(file("c.yaml", SMALL))));
  }

  @Test
  void theCasesInABundleAreRunWhenItIsLoaded() throws Exception {
    Path bundle =
        built(
            file(
                "a.yaml",
                SMALL + "tests: [{ call: crm POST /v1/notes, body: { a: 24 }, expect: allow }]\n"));
    byte[] bytes = Files.readAllBytes(bundle);
    // the rule allows less now; what it shows is what it said
    bytes[indexOf(bytes, "a <= 2525") + "a <= 25".length()] = '1';
    Files.write(bundle, summed(bytes));
    assertCode("CRD151", () -> new RuleSource(bundle, surroundings()).load());
  }

  @Test
  void aBundleIsCheckedAndTestedAsItsFileIs() throws Exception {
    Path file =
        file(
            "a.yaml",
            SMALL
                + "  - { id: none, to: crm, call: DELETE /**, then: deny }\n"
                + "tests: [{ call: crm POST /v1/notes, body: { a: 24 }, expect: allow }]\n");
    Path bundle = built(file);
    List<String> codes = codes(RuleLint.check(file, surroundings()));
    assertTrue(codes.contains("CRD402"), codes::toString);
    assertEquals(codes, codes(RuleLint.check(bundle, surroundings())));
    RuleTests.Report report = RuleTests.run(bundle, surroundings());
    assertEquals(0, report.failures());
    assertEquals(1, report.outcomes().size());
    assertEquals(2, report.targets());
    assertEquals("none", report.untouched().get(0).id());
  }

  private static List<String> codes(List<Problem> problems) {
    return problems.stream().map(Problem::code).toList();
  }

  @Test
  void aBundleThatSaysSomethingElseThanItsTextsIsFound() throws Exception {
    Path bundle = built(file("a.yaml", SMALL));
    byte[] bytes = Files.readAllBytes(bundle);
    bytes[indexOf(bytes, "a <= 2525") + "a <= 25".length()] = '9';
    Files.write(bundle, summed(bytes));
    assertEquals("bundle-test", RuleSet.load(bundle).name(), "it is well formed");
    assertCode("CRD160", () -> Bundle.open(bundle, surroundings()));
    byte[] digest = Files.readAllBytes(built(file("b.yaml", SMALL)));
    digest[30] ^= 1;
    Path other = Files.write(directory.resolve("other"), summed(digest));
    assertCode("CRD160", () -> Bundle.open(other, surroundings()));
  }

  @Test
  void everyTruncationAndEveryFlippedBitIsAnError() throws Exception {
    SignerKey key = SignerKey.generate("release@example.com");
    byte[] good = Bundle.open(built(file("a.yaml", SMALL)), surroundings()).signed(key);
    Path bad = directory.resolve("bad");
    assertEquals(7, load(Files.write(bad, good), key.verifier()).serial());
    for (int length = 0; length < good.length; length++) {
      Files.write(bad, Arrays.copyOf(good, length));
      assertRefused(bad, key.verifier(), "cut to " + length);
    }
    for (int i = 0; i < good.length; i++) {
      for (int bit = i % 2; bit < 8; bit += i < 128 ? 1 : 5) {
        byte[] flipped = good.clone();
        flipped[i] ^= (byte) (1 << bit);
        Files.write(bad, flipped);
        assertRefused(bad, key.verifier(), "byte " + i + " bit " + bit);
      }
    }
  }

  @Test
  void whatIsDamagedOnPurposeWithARightSumNeverFailsOtherwise() throws Exception {
    long seed = Long.getLong("cordon.seed", System.nanoTime());
    Random random = new Random(seed);
    byte[] good = Files.readAllBytes(built(file("a.yaml", SMALL)));
    Path bad = directory.resolve("bad");
    int loaded = 0;
    for (int round = 0; round < 3_000; round++) {
      byte[] bytes = good.clone();
      for (int i = 0; i <= random.nextInt(3); i++) {
        bytes[Bundle.SUMMED_FROM + random.nextInt(bytes.length - Bundle.SUMMED_FROM)] =
            (byte) random.nextInt(256);
      }
      Files.write(bad, summed(bytes));
      try {
        load(bad, null);
        loaded++;
      } catch (RuleFileException told) {
        // as it should
      } catch (Throwable other) {
        throw new AssertionError("seed " + seed + " round " + round, other);
      }
    }
    assertTrue(loaded < 3_000, "seed " + seed);
  }

  @Test
  void withAKeyNothingButWhatItSignedIsLoaded() throws Exception {
    SignerKey key = SignerKey.generate("release@example.com");
    Path file = file("a.yaml", SMALL);
    Path bundle = built(file);
    byte[] unsigned = Files.readAllBytes(bundle);
    assertCode("CRD161", () -> load(file, key.verifier()));
    assertCode("CRD161", () -> load(bundle, key.verifier()));
    Files.write(bundle, Bundle.open(bundle, surroundings()).signed(key));
    assertEquals(7, load(bundle, key.verifier()).serial());
    assertEquals(7, load(bundle, null).serial());
    VerifierKey other = SignerKey.generate("release@example.com").verifier();
    assertCode("CRD161", () -> load(bundle, other));
    // the note of one bundle under another
    byte[] signed = Files.readAllBytes(bundle);
    byte[] note = Arrays.copyOfRange(signed, unsigned.length, signed.length);
    byte[] second = Bundle.build(file("b.yaml", SMALL.replace("<= 25", "<= 26")), surroundings());
    byte[] moved = Arrays.copyOf(second, second.length + note.length);
    System.arraycopy(note, 0, moved, second.length, note.length);
    Files.write(bundle, moved);
    assertCode("CRD161", () -> load(bundle, key.verifier()));
  }

  @Test
  void anotherFormatIsSaidToBeOne() throws Exception {
    byte[] bytes = Files.readAllBytes(built(file("a.yaml", SMALL)));
    bytes[7] = Bundle.VERSION + 1;
    Path other = Files.write(directory.resolve("other"), bytes);
    RuleFileException later = assertThrows(RuleFileException.class, () -> RuleSet.load(other));
    assertEquals("CRD163", later.problems().get(0).code());
    assertTrue(
        later.toString().contains("format version 6; this Cordon reads 5"), later.toString());
    assertTrue(later.toString().contains("a newer Cordon built it"), later.toString());
    bytes[7] = 1;
    Files.write(other, bytes);
    RuleFileException earlier =
        assertThrows(RuleFileException.class, () -> Bundle.open(other, surroundings()));
    assertEquals("CRD163", earlier.problems().get(0).code());
    assertTrue(earlier.toString().contains("an older Cordon built it"), earlier.toString());
  }

  private static RuleSet load(Path path, @Nullable VerifierKey key) throws Exception {
    return new RuleSource(path, surroundings(), key).load();
  }

  private static void assertRefused(Path path, VerifierKey key, String what) {
    RuleFileException e =
        assertThrows(RuleFileException.class, () -> load(path, key), () -> "loaded: " + what);
    String code = e.problems().get(0).code();
    assertTrue(
        List.of("CRD160", "CRD161", "CRD163", "CRD103", "CRD101", "CRD104").contains(code),
        () -> what + ": " + e);
  }

  private interface Work {
    Object run() throws Exception;
  }

  private static void assertCode(String code, Work work) {
    RuleFileException e = assertThrows(RuleFileException.class, work::run);
    assertEquals(code, e.problems().get(0).code(), e::toString);
  }

  private static int indexOf(byte[] bytes, String text) {
    return new String(bytes, StandardCharsets.ISO_8859_1).indexOf(text);
  }

  private static byte[] summed(byte[] bytes) {
    CRC32C sum = new CRC32C();
    sum.update(bytes, Bundle.SUMMED_FROM, bytes.length - Bundle.SUMMED_FROM);
    for (int i = 0; i < 4; i++) {
      bytes[Bundle.CRC_AT + i] = (byte) (sum.getValue() >> 24 - 8 * i);
    }
    return bytes;
  }
}
