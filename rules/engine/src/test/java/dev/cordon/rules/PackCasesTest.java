package dev.cordon.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Runs the cases that ship beside the rule files of rules/packs. */
class PackCasesTest {
  private static final Path PACKS = Path.of("..", "packs");
  private static final Map<String, String> HOSTS =
      Map.of("stripe", "api.stripe.com", "slack", "slack.com", "zendesk", "example.zendesk.com");

  @TempDir Path directory;

  @TestFactory
  Stream<DynamicTest> callsOfVendors() throws Exception {
    List<DynamicTest> tests = new ArrayList<>();
    for (String vendor : PackReader.NAMES) {
      RuleSet rules =
          RuleFiles.load(
              directory,
              "version: 1",
              "name: cases",
              "packs: [" + vendor + "/1]",
              "destinations:",
              "  " + vendor + ": { hosts: [" + HOSTS.get(vendor) + "] }");
      for (Map<String, Object> wanted : cases("vendors", vendor)) {
        tests.add(
            DynamicTest.dynamicTest(
                vendor + ": " + wanted.get("call"), () -> vendorCase(rules, vendor, wanted)));
      }
    }
    return tests.stream();
  }

  private static void vendorCase(RuleSet rules, String vendor, Map<String, Object> wanted) {
    Decision decision = rules.decide(facts(vendor + " " + wanted.get("call"), wanted));
    assertEquals(wanted.get("class"), decision.callClass().code());
    assertEquals(wanted.get("operation"), decision.operation());
    assertTrue(decision.shape() != null, "a pack says how a refusal looks");
  }

  @Test
  void everyCallOfAPackHasACase() throws Exception {
    for (String vendor : PackReader.NAMES) {
      Problems problems = new Problems(vendor);
      Pack pack =
          PackReader.parse(
              Files.readAllBytes(PACKS.resolve("vendors/" + vendor + ".yaml")), problems);
      assertEquals(List.of(), problems.all());
      Set<String> operations = new TreeSet<>();
      Objects.requireNonNull(pack).calls().forEach(call -> operations.add(call.operation()));
      for (Map<String, Object> wanted : cases("vendors", vendor)) {
        operations.remove(wanted.get("operation"));
      }
      assertEquals(Set.of(), operations, vendor + ": operations without a case");
    }
  }

  @Test
  void everyVendorFileIsAKnownPack() throws IOException {
    Set<String> files = new HashSet<>();
    try (Stream<Path> paths = Files.list(PACKS.resolve("vendors"))) {
      paths
          .map(path -> path.getFileName().toString())
          .filter(name -> !name.endsWith(".cases.yaml"))
          .forEach(name -> files.add(name.replace(".yaml", "")));
    }
    assertEquals(files, new HashSet<>(PackReader.NAMES));
  }

  @TestFactory
  Stream<DynamicTest> environments() throws Exception {
    List<DynamicTest> tests = new ArrayList<>();
    for (String name : List.of("development", "staging", "production")) {
      Path file = PACKS.resolve("environments/" + name + ".yaml");
      RuleSet rules = RuleSet.load(file);
      tests.add(
          DynamicTest.dynamicTest(
              name + " has no problem", () -> assertEquals(List.of(), RuleSet.check(file))));
      Set<String> met = new TreeSet<>();
      for (Map<String, Object> wanted : cases("environments", name)) {
        tests.add(
            DynamicTest.dynamicTest(
                name + ": " + wanted.get("call") + " -> " + wanted.get("expect"),
                () -> met.addAll(environmentCase(rules, wanted))));
      }
      tests.add(
          DynamicTest.dynamicTest(
              name + ": every rule has a case",
              () -> {
                for (String line : Files.readAllLines(file)) {
                  if (line.startsWith("  - id: ")) {
                    String id = line.substring(8).strip();
                    assertTrue(met.contains(id), "no case for rule " + id);
                  }
                }
              }));
    }
    return tests.stream();
  }

  private static List<String> environmentCase(RuleSet rules, Map<String, Object> wanted) {
    Decision decision = rules.decide(facts(text(wanted, "call"), wanted));
    assertEquals(wanted.get("expect"), decision.effect().name().toLowerCase(java.util.Locale.ROOT));
    assertEquals(wanted.get("rule"), decision.ruleId());
    boolean enforcing = rules.mode() == Mode.ENFORCE;
    assertEquals(enforcing, decision.enforced());
    assertEquals(enforcing && !text(wanted, "expect").equals("allow"), decision.blocks());
    if (wanted.containsKey("reason")) {
      assertEquals(wanted.get("reason"), decision.reason().code());
    }
    if (wanted.containsKey("redacts")) {
      boolean redacts = enforcing && text(wanted, "redacts").equals("true");
      assertEquals(redacts, !decision.redactions().isEmpty());
    }
    return decision.ruleIds();
  }

  private static String text(Map<String, Object> wanted, String key) {
    Object value = wanted.get(key);
    assertTrue(value != null, "a case without " + key);
    return value == null ? "" : value.toString();
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> cases(String folder, String name) throws IOException {
    Path file = PACKS.resolve(folder + "/" + name + ".cases.yaml");
    return (List<Map<String, Object>>)
        new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file));
  }

  private static CallFacts facts(String call, Map<String, Object> wanted) {
    String[] words = call.split(" ", -1);
    String method = words[words.length - 2];
    String url = words[words.length - 1];
    if (words.length == 3) {
      url = "https://" + HOSTS.get(words[0]) + url;
    }
    if (wanted.get("form") instanceof Map<?, ?> form) {
      StringBuilder body = new StringBuilder();
      form.forEach(
          (name, value) ->
              body.append(body.length() == 0 ? "" : "&")
                  .append(URLEncoder.encode(name.toString(), StandardCharsets.UTF_8))
                  .append('=')
                  .append(URLEncoder.encode(value.toString(), StandardCharsets.UTF_8)));
      return facts(method, url, "application/x-www-form-urlencoded", body.toString());
    }
    if (wanted.get("body") instanceof Map<?, ?> body) {
      return facts(method, url, "application/json", json(body));
    }
    return CallFacts.of(method, url);
  }

  private static CallFacts facts(String method, String url, String type, String body) {
    return new CallFacts(
        method,
        url,
        List.of("Content-Type", type),
        BodyState.READ,
        body.getBytes(StandardCharsets.UTF_8));
  }

  private static String json(Object value) {
    if (value instanceof Map<?, ?> map) {
      StringBuilder out = new StringBuilder("{");
      map.forEach(
          (name, inner) ->
              out.append(out.length() == 1 ? "" : ",")
                  .append('"')
                  .append(name)
                  .append("\":")
                  .append(json(inner)));
      return out.append('}').toString();
    }
    return value instanceof String text ? '"' + text + '"' : String.valueOf(value);
  }
}
