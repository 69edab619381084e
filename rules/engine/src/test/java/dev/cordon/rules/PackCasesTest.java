package dev.cordon.rules;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonParser;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
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
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Runs the cases that ship beside the rule files of rules/packs. */
class PackCasesTest {
  private static final Path PACKS = Path.of("..", "packs");

  @TempDir Path directory;

  @TestFactory
  Stream<DynamicTest> callsOfVendors() throws Exception {
    List<DynamicTest> tests = new ArrayList<>();
    for (String vendor : PackReader.NAMES) {
      RuleSet rules = load(vendor);
      for (Map<String, Object> wanted : cases("vendors", vendor)) {
        tests.add(
            DynamicTest.dynamicTest(
                vendor + ": " + wanted.get("call"), () -> vendorCase(rules, vendor, wanted)));
      }
    }
    return tests.stream();
  }

  private void vendorCase(RuleSet rules, String vendor, Map<String, Object> wanted)
      throws Exception {
    CallFacts facts = facts(vendor + " " + wanted.get("call"), wanted);
    Decision decision = rules.decide(facts);
    assertEquals(wanted.get("class"), decision.callClass().code());
    if (wanted.containsKey("operation")) {
      assertEquals(wanted.get("operation"), decision.operation());
    }
    assertTrue(decision.shape() != null, "a pack says how a refusal looks");
    if (wanted.containsKey("money")) {
      String money = text(wanted, "money");
      if (money.equals("unknown")) {
        assertEquals("m", decideWith(vendor, "money > 0 EUR", "deny", facts).ruleId());
        assertNotEquals("m", decideWith(vendor, "money >= 0 EUR", "allow", facts).ruleId());
      } else {
        assertEquals("m", decideWith(vendor, "money = " + money, "allow", facts).ruleId());
        assertNotEquals("m", decideWith(vendor, "money < " + money, "allow", facts).ruleId());
      }
    }
  }

  private Decision decideWith(String vendor, String condition, String then, CallFacts facts)
      throws Exception {
    return load(
            vendor,
            "rules:",
            "  - id: m",
            "    to: " + vendor,
            "    call: (POST | PATCH) /**",
            "    when: [" + condition + "]",
            "    then: " + then)
        .decide(facts);
  }

  private RuleSet load(String vendor, String... more) throws Exception {
    List<String> lines =
        new ArrayList<>(
            List.of(
                "version: 1",
                "name: cases",
                "owner: tests@example.com",
                "packs: [" + vendor + "/1]",
                "destinations:",
                "  " + vendor + ": { hosts: [" + host(vendor) + "] }"));
    lines.addAll(List.of(more));
    return RuleFiles.load(directory, lines.toArray(new String[0]));
  }

  private static String host(String vendor) {
    List<String> hosts = pack(vendor).hosts();
    String host = hosts.isEmpty() ? ".example.com" : hosts.get(0);
    return host.startsWith(".") ? "example" + host : host;
  }

  private static Pack pack(String vendor) {
    try {
      Problems problems = new Problems(vendor);
      Pack pack =
          PackReader.parse(
              Files.readAllBytes(PACKS.resolve("vendors/" + vendor + ".yaml")), problems);
      assertEquals(List.of(), problems.all());
      return Objects.requireNonNull(pack);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<DynamicTest> forEveryVendor(Consumer<String> test) {
    return PackReader.NAMES.stream()
        .map(vendor -> DynamicTest.dynamicTest(vendor, () -> test.accept(vendor)))
        .toList();
  }

  @Test
  void theTableOfPacksCountsWhatTheyHave() throws Exception {
    String table = Files.readString(Path.of("..", "..", "docs", "packs.md"));
    for (String vendor : PackReader.NAMES) {
      int[] counts = new int[CallClass.values().length];
      for (Pack.Call call : pack(vendor).calls()) {
        counts[call.callClass().ordinal()]++;
      }
      String row =
          "| `%s/1` | %d, %d, %d "
              .formatted(
                  vendor,
                  counts[CallClass.READ.ordinal()],
                  counts[CallClass.WRITE.ordinal()],
                  counts[CallClass.WRITE_HIGH.ordinal()]);
      assertTrue(table.contains(row), row);
    }
  }

  @TestFactory
  List<DynamicTest> everyCallAndEveryMoneyFieldOfAPackHasACase() {
    return forEveryVendor(
        vendor -> {
          Set<String> without = new TreeSet<>();
          for (Pack.Call call : pack(vendor).calls()) {
            without.add(call.operation());
            without.add(call.callClass().code());
            if (call.hasMoney()) {
              without.add(call.operation() + " money");
            }
          }
          for (Map<String, Object> wanted : cases("vendors", vendor)) {
            without.remove(String.valueOf(wanted.get("operation")));
            without.remove(text(wanted, "class"));
            if (wanted.containsKey("money") && !text(wanted, "money").equals("unknown")) {
              without.remove(wanted.get("operation") + " money");
            }
          }
          assertEquals(Set.of(), without, "without a case");
        });
  }

  /** A vendor has more calls than a pack can name, and none of them may pass for a mild one. */
  @TestFactory
  List<DynamicTest> aWriteThatNoLineNamesIsWriteHigh() {
    return forEveryVendor(
        vendor -> {
          if (vendor.equals("mcp")) { // knows its protocol and no paths
            return;
          }
          RuleSet rules = assertDoesNotThrow(() -> load(vendor));
          for (String method : List.of("POST", "PUT", "PATCH", "DELETE")) {
            for (String path :
                List.of("/zz", "/zz/zz/zz", "/v9/zz", "/api/v9/zz/1", "/api/zz.zz")) {
              CallFacts facts = facts(vendor + " " + method + " " + path, Map.of());
              assertEquals(CallClass.WRITE_HIGH, rules.decide(facts).callClass(), method + path);
            }
          }
        });
  }

  @TestFactory
  List<DynamicTest> noCallStandsInAPackTwice() {
    return forEveryVendor(
        vendor -> {
          Set<String> seen = new HashSet<>();
          for (Pack.Call call : pack(vendor).calls()) {
            assertTrue(seen.add(call.pattern().toString()), call.pattern() + " twice");
          }
        });
  }

  /** A shape that its own parser refuses, or that hides the reason, helps nobody. */
  @TestFactory
  List<DynamicTest> everyShapeIsWellFormedAndTellsWhy() {
    return forEveryVendor(
        vendor -> {
          Pack pack = pack(vendor);
          Set<RefusalShape> shapes = new HashSet<>();
          shapes.add(Objects.requireNonNull(pack.refusal()));
          for (Pack.Call call : pack.calls()) {
            if (call.refusal() != null) {
              shapes.add(call.refusal());
            }
          }
          for (RefusalShape shape : shapes) {
            String body =
                shape.render(
                    "0192-the-decision", "the.rule", "approval-required", "a \"b\" <c> & \n d'é");
            assertTrue(body.contains("0192-the-decision"), body);
            assertTrue(body.contains("the.rule"), body);
            assertTrue(body.contains("approval-required"), body);
            assertDoesNotThrow(() -> parse(shape.contentType(), body), body);
          }
        });
  }

  @Test
  void aRefusedJsonRpcCallIsAnsweredUnderItsOwnId() throws Exception {
    RuleSet rules = load("mcp");
    for (String id : List.of("7", "\"a-7\"", "null")) {
      Decision decision = rules.decide(rpc("\"id\":" + id + ","));
      RefusalShape shape = Objects.requireNonNull(decision.shape());
      assertEquals(200, shape.status());
      assertTrue(shape.render("d", "r", "x", "m").contains("\"id\":" + id + ","));
    }
    for (String odd :
        List.of("\"a\\\"b\"", "{\"a\":1}", "[1]", "1.5", "\"" + "x".repeat(200) + "\"")) {
      RefusalShape shape = Objects.requireNonNull(rules.decide(rpc("\"id\":" + odd + ",")).shape());
      assertTrue(shape.render("d", "r", "x", "m").contains("\"id\":null,"), odd);
    }
    assertTrue(
        Objects.requireNonNull(rules.decide(rpc("")).shape())
            .render("d", "r", "x", "m")
            .contains("\"id\":null,"));
  }

  private static CallFacts rpc(String id) {
    String body =
        "{\"jsonrpc\":\"2.0\"," + id + "\"method\":\"tools/call\",\"params\":{\"name\":\"x\"}}";
    return new CallFacts(
        "POST",
        "https://example.example.com/mcp",
        List.of("Content-Type", "application/json"),
        BodyState.READ,
        body.getBytes(StandardCharsets.UTF_8));
  }

  private static void parse(String contentType, String body) throws Exception {
    if (contentType.contains("xml")) {
      DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .parse(new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)));
      return;
    }
    int values = 0;
    try (JsonParser parser = FieldValues.JSON.createParser(body)) {
      while (parser.nextToken() != null) {
        values++;
      }
    }
    assertTrue(values > 2, body);
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
  private static List<Map<String, Object>> cases(String folder, String name) {
    Path file = PACKS.resolve(folder + "/" + name + ".cases.yaml");
    try {
      return (List<Map<String, Object>>)
          new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static CallFacts facts(String call, Map<String, Object> wanted) {
    String[] words = call.split(" ", -1);
    String method = words[words.length - 2];
    String url = words[words.length - 1];
    if (words.length == 3) {
      url = "https://" + host(words[0]) + url;
    }
    List<String> headers = new ArrayList<>();
    if (wanted.get("headers") instanceof Map<?, ?> given) {
      given.forEach((name, value) -> headers.addAll(List.of(name.toString(), value.toString())));
    }
    String type = "application/json";
    String body = "";
    if (wanted.get("form") instanceof Map<?, ?> form) {
      type = "application/x-www-form-urlencoded";
      StringBuilder pairs = new StringBuilder();
      form.forEach(
          (name, value) ->
              pairs
                  .append(pairs.length() == 0 ? "" : "&")
                  .append(URLEncoder.encode(name.toString(), StandardCharsets.UTF_8))
                  .append('=')
                  .append(URLEncoder.encode(value.toString(), StandardCharsets.UTF_8)));
      body = pairs.toString();
    } else if (wanted.containsKey("body")) {
      body = json(wanted.get("body"));
    } else if (wanted.containsKey("raw")) {
      type = text(wanted, "type");
      body = text(wanted, "raw");
    }
    if (body.isEmpty()) {
      return new CallFacts(method, url, headers, BodyState.NONE, new byte[0]);
    }
    headers.addAll(List.of("Content-Type", type));
    return new CallFacts(
        method, url, headers, BodyState.READ, body.getBytes(StandardCharsets.UTF_8));
  }

  private static String json(@Nullable Object value) {
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
    if (value instanceof List<?> list) {
      StringBuilder out = new StringBuilder("[");
      for (Object item : list) {
        out.append(out.length() == 1 ? "" : ",").append(json(item));
      }
      return out.append(']').toString();
    }
    return value instanceof String text ? '"' + text + '"' : String.valueOf(value);
  }
}
