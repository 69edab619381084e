package dev.cordon.audit;

import static dev.cordon.audit.Run.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleCommandsTest {
  private static final String RULES =
      """
      version: 1
      name: bots/prod
      serial: 42
      owner: payments@example.com
      destinations: { crm: { hosts: [crm.example.com] } }
      rules: [{ id: notes, to: crm, call: POST /v1/notes, then: allow }]
      """;

  @TempDir Path directory;

  private String path(String name) {
    return directory.resolve(name).toString();
  }

  private String built() throws IOException {
    Files.writeString(directory.resolve("prod.yaml"), RULES);
    Run run = run("rules", "build", path("prod.yaml"), "-o", path("prod.cbundle"));
    assertEquals(0, run.exit(), run::toString);
    assertTrue(run.out().contains(": bots/prod serial 42 digest "), run.out());
    return path("prod.cbundle");
  }

  private String key(String name) {
    String file = path(name + ".key");
    Run run = run("rules", "keygen", name, "-o", file);
    assertEquals(0, run.exit(), run::toString);
    return file;
  }

  @Test
  void aBundleIsBuiltSignedAndVerified() throws IOException {
    String bundle = built();
    String key = key("release@example.com");
    assertEquals(1, run("rules", "verify", bundle, "--key", key + ".pub").exit());
    Run signed = run("rules", "sign", bundle, "--key", key);
    assertEquals(0, signed.exit(), signed::toString);
    assertEquals("", signed.err());
    Run verified = run("rules", "verify", bundle, "--key", key + ".pub");
    assertEquals(0, verified.exit(), verified::toString);
    assertTrue(verified.out().contains("signed by release@example.com+"), verified.out());
    String literal = Files.readString(Path.of(key + ".pub")).strip();
    assertEquals(0, run("rules", "verify", bundle, "--key", literal).exit());
    Run other = run("rules", "verify", bundle, "--key", key("other@example.com") + ".pub");
    assertEquals(1, other.exit());
    assertTrue(other.err().contains("it says: release@example.com+"), other.err());
    Run explained =
        run("rules", "explain", bundle, "--call", "POST https://crm.example.com/v1/notes");
    assertEquals(0, explained.exit(), explained::toString);
    assertTrue(explained.out().contains("notes"), explained.out());
  }

  @Test
  void aDamagedBundleIsNeitherSignedNorVerified() throws IOException {
    Path bundle = Path.of(built());
    byte[] bytes = Files.readAllBytes(bundle);
    bytes[bytes.length / 2] ^= 1;
    Files.write(bundle, bytes);
    String key = key("release@example.com");
    Run signed = run("rules", "sign", bundle.toString(), "--key", key);
    assertEquals(1, signed.exit(), signed::toString);
    assertTrue(signed.err().contains("error[CRD160]"), signed.err());
    assertEquals(1, run("rules", "verify", bundle.toString(), "--key", key + ".pub").exit());
  }

  @Test
  void aPrivateKeyIsReadableByItsOwnerOnlyOrNotUsed() throws IOException {
    String bundle = built();
    String key = key("release@example.com");
    assertEquals(
        "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(Path.of(key))));
    Run again = run("rules", "keygen", "release@example.com", "-o", key);
    assertEquals(2, again.exit(), again::toString);
    assertTrue(again.err().contains("never written over"), again.err());
    Files.setPosixFilePermissions(Path.of(key), PosixFilePermissions.fromString("rw-r-----"));
    Run signed = run("rules", "sign", bundle, "--key", key);
    assertEquals(2, signed.exit(), signed::toString);
    assertTrue(signed.err().contains("chmod 600"), signed.err());
    assertFalse(
        signed.err().contains(Files.readString(Path.of(key)).substring(40, 60)), signed.err());
  }

  @Test
  void whoOwnsRulesAndSignsThemIsWarned() throws IOException {
    String bundle = built();
    String key = key("payments@example.com");
    Run strict = run("rules", "sign", bundle, "--key", key, "--fail-on", "warning");
    assertEquals(1, strict.exit(), strict::toString);
    assertTrue(strict.err().contains("warning[CRD410]"), strict.err());
    assertEquals(1, run("rules", "verify", bundle, "--key", key + ".pub").exit(), "not signed");
    assertEquals(0, run("rules", "sign", bundle, "--key", key).exit());
  }

  @Test
  void rulesWhoseCasesFailAreNotBuilt() throws IOException {
    Files.writeString(directory.resolve("prod.yaml"), RULES);
    Files.writeString(
        directory.resolve("prod.cases.yaml"), "- { call: crm POST /v1/notes, expect: deny }\n");
    Run run = run("rules", "build", path("prod.yaml"), "-o", path("prod.cbundle"));
    assertEquals(1, run.exit(), run::toString);
    assertTrue(run.err().contains("1 of 1 cases fail"), run.err());
    assertFalse(Files.exists(directory.resolve("prod.cbundle")));
  }

  @Test
  void wrongUseIsExitCode2() throws IOException {
    assertEquals(2, run("rules", "build").exit());
    assertEquals(2, run("rules", "build", path("none.yaml"), "-o", path("x")).exit());
    assertEquals(2, run("rules", "keygen", "a b", "-o", path("k")).exit());
    assertEquals(2, run("rules", "sign", built(), "--key", path("none")).exit());
    assertEquals(2, run("rules", "verify", path("prod.cbundle")).exit());
    assertEquals(2, run("rules", "verify", path("prod.cbundle"), "--key", "a+b+c").exit());
  }
}
