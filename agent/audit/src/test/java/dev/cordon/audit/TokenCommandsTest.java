package dev.cordon.audit;

import static dev.cordon.audit.Run.run;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cordon.redaction.Kind;
import dev.cordon.redaction.RedactionKey;
import dev.cordon.redaction.RedactionPlan;
import dev.cordon.redaction.Redactor;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class TokenCommandsTest {

  @TempDir Path directory;

  private String key(String tenant) {
    String file = directory.resolve(tenant + ".key").toString();
    Run made = run("token", "keygen", tenant, "-o", file);
    assertEquals(0, made.exit(), made::toString);
    return file;
  }

  private static String sealed(String file, String line) throws Exception {
    return sealed(RedactionKey.load(file, Map.of()), line);
  }

  private static String sealed(RedactionKey key, String line) {
    return Redactor.forLogs(
            List.of(
                new RedactionPlan.Order(List.of(), Set.of(Kind.EMAIL), RedactionPlan.Operator.SIV)),
            key)
        .line(line);
  }

  @Test
  void aTokenIsOpenedWithItsKey() throws Exception {
    String acme = key("acme");
    String other = key("other");
    String token = sealed(acme, "bob@example.com");
    assertEquals("bob@example.com\n", run("token", "open", "--key", acme, token).out());
    Run both = run("token", "open", "--key", other, "--key", acme, token, token);
    assertEquals("bob@example.com\nbob@example.com\n", both.out());
    assertEquals(0, both.exit());
    Run closed = run("token", "open", "--key", other, token);
    assertEquals(1, closed.exit());
    assertEquals(token + "\n", closed.out());
  }

  @Test
  void aTextIsCopiedWithTheValues() throws Exception {
    String acme = key("acme");
    String line = sealed(acme, "to bob@example.com and ann@example.com");
    assertFalse(line.contains("example"), line);
    InputStream before = System.in;
    try {
      System.setIn(new ByteArrayInputStream(("a\n" + line + "\n").getBytes(UTF_8)));
      Run opened = run("token", "open", "--key", acme, "-");
      assertEquals("a\nto bob@example.com and ann@example.com\n", opened.out());
    } finally {
      System.setIn(before);
    }
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void aKeyIsKeptFromOthersAndNeverShown() throws Exception {
    String acme = key("acme");
    Path file = Path.of(acme);
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    String secret = Files.readString(file).strip();
    Run again = run("token", "keygen", "acme", "-o", acme);
    assertEquals(2, again.exit());
    assertEquals(secret, Files.readString(file).strip(), "nothing is written over");
    Run given = run("token", "open", "--key", secret, "[EMAIL]");
    assertEquals(2, given.exit());
    assertFalse(given.err().contains(secret), given.err());
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    Run open = run("token", "open", "--key", acme, sealedWith(secret));
    assertEquals(2, open.exit());
    assertTrue(open.err().contains("chmod 600"), open.err());
  }

  private static String sealedWith(String secret) throws Exception {
    return sealed(RedactionKey.load("env:X", Map.of("X", secret)), "bob@example.com");
  }

  @Test
  void whatIsMissingIsTold() {
    assertEquals(2, run("token", "open", "x").exit());
    assertEquals(2, run("token", "open", "--key", directory + "/none", "x").exit());
    assertEquals(2, run("token", "keygen", "a b", "-o", directory + "/k").exit());
    assertEquals(2, run("token", "keygen", "acme").exit());
    String key = key("acme");
    assertEquals(2, run("token", "open", "--key", key).exit());
    Run none = run("token", "open", "--key", key, "[EMAIL]");
    assertEquals(2, none.exit());
    assertTrue(none.err().contains("is no token"), none.err());
    assertEquals(0, run("token", "open", "--help").exit());
    assertEquals(0, run("token", "keygen", "--help").exit());
  }
}
