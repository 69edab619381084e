package dev.cordon.enforcement;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cordon.redaction.DataClass;
import dev.cordon.redaction.Kind;
import dev.cordon.rules.Redaction.With;
import dev.cordon.rules.RuleFileException;
import dev.cordon.rules.RuleSet;
import dev.cordon.rules.Truth;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RedactionDetectorTest {
  private static final String WITH_TYPES =
      """
      version: 1
      name: types
      serial: 1
      owner: test@example.com
      defaults: { mode: enforce, host: deny, read: allow, write: deny, unknown: deny }
      redaction:
        outgoing: { types: [%s] }
      """;

  private final RedactionDetector detector = new RedactionDetector();

  @Test
  void aTextIsSearchedForTheTypeThatIsAskedFor() {
    assertEquals(Truth.TRUE, detector.isIn("write to ann@example.com", "email"));
    assertEquals(Truth.FALSE, detector.isIn("write to ann@example.com", "pan"));
    assertEquals(Truth.TRUE, detector.isIn("4242424242424242", "pan"));
    assertEquals(Truth.FALSE, detector.isIn("4242424242424243", "pan"));
    assertEquals(Truth.FALSE, detector.isIn("", "pan"));
  }

  @Test
  void aBodyIsSearchedBehindItsEscapesAndABinaryOneIsUnknown() {
    byte[] json = "{\"t\":\"\\u0034242 4242 4242 4242\"}".getBytes(UTF_8);
    assertEquals(Truth.TRUE, detector.isIn(json, "application/json", Set.of("pan")));
    assertEquals(Truth.FALSE, detector.isIn(json, "application/json", Set.of("email")));
    byte[] png = {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10, 0, 0, 0, 13};
    assertEquals(Truth.UNKNOWN, detector.isIn(png, "image/png", Set.of("pan")));
  }

  @Test
  void everyTypeCanBeAskedFor() {
    for (String type : detector.types()) {
      assertEquals(Truth.FALSE, detector.isIn("nothing here", type), type);
    }
    assertTrue(detector.types().containsAll(detector.typesOf("payment-card")));
  }

  /** The engine has a list of its own, because it does not know the redactor. */
  @Test
  void aRuleFileMayNameTheTypesThatCanBeFoundAndNoOthers(@TempDir Path directory) throws Exception {
    Path all = directory.resolve("all.yaml");
    Files.writeString(all, WITH_TYPES.formatted(String.join(", ", detector.types())));
    assertEquals(detector.types(), RuleSet.load(all).outgoing().types());
    Path odd = directory.resolve("odd.yaml");
    Files.writeString(odd, WITH_TYPES.formatted("horoscope"));
    String message = assertThrows(RuleFileException.class, () -> RuleSet.load(odd)).toString();
    String known = message.substring(message.indexOf("use ") + 4, message.indexOf("; or a class"));
    assertEquals(new TreeSet<>(detector.types()), new TreeSet<>(Set.of(known.split(", "))));
  }

  /** So it has of what a class stands for; passwords have to be named. */
  @Test
  void aClassStandsForTheTypesWhoseKindsAreOfIt(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("class.yaml");
    for (DataClass one : DataClass.values()) {
      Files.writeString(file, WITH_TYPES.formatted(one.label()));
      if (one.kinds().isEmpty()) {
        String message = assertThrows(RuleFileException.class, () -> RuleSet.load(file)).toString();
        assertTrue(message.contains("no type is of the class 'public'"), message);
        continue;
      }
      Set<Kind> kinds = EnumSet.noneOf(Kind.class);
      Set<String> types = RuleSet.load(file).outgoing().types();
      types.forEach(type -> kinds.addAll(Kind.ofType(type)));
      assertEquals(one.kinds(), kinds, one.label());
      assertFalse(types.contains("password"), one.label());
    }
    assertEquals(
        Set.of("email", "phone"),
        types(directory, "logs: { types: [confidential] }\n  outgoing: { types: [ip] }").keySet());
  }

  @Test
  void anOperatorOfATypeIsNearerThanThatOfItsClass(@TempDir Path directory) throws Exception {
    assertEquals(
        Map.of(
            "ip", With.TOKEN, "mac", With.DROP, "company-id", With.DROP, "email", With.PSEUDONYM),
        types(
            directory,
            "logs: { types: [internal, email],"
                + " with: { ip: token, internal: drop, others: pseudonym } }\n"
                + "  outgoing: { types: [ip] }"));
  }

  private static Map<String, With> types(Path directory, String redaction) throws Exception {
    Path file = directory.resolve("logs.yaml");
    Files.writeString(file, WITH_TYPES.replace("outgoing: { types: [%s] }", redaction));
    return RuleSet.load(file).logs().operators();
  }
}
