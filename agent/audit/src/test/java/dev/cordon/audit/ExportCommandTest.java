package dev.cordon.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cordon.journal.Journal;
import dev.cordon.journal.JournalOptions;
import dev.cordon.journal.JournalRecord;
import dev.cordon.journal.Level;
import dev.cordon.journal.RecordKind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code export}: files that others read, and that nobody can change unseen. */
@Timeout(120)
class ExportCommandTest {

  private static final long TEN_SECONDS_NS = 10_000_000_000L;
  private static final String RULE = "rules.named-for-a-test";
  private static final String ACTOR = "an-actor-with-a-name";

  @TempDir Path temp;

  private Path base = Path.of("");

  @BeforeEach
  void writeOneJournal() {
    base = temp.resolve("journal");
    try (Journal journal =
        Journal.open(JournalOptions.of(base, "crm").withEnvironment("production"))) {
      append(journal, new JournalRecord(RecordKind.AGENT_START).attribute("mode", "enforce"));
      append(journal, new JournalRecord(RecordKind.HOOK_MISSING).library("okhttp"));
      append(journal, new JournalRecord(RecordKind.GAP).attribute("lost", 3));
      String[] methods = {"GET", "POST", "PUT", "DELETE", "CONNECT", "QUERY"};
      String[] decisions = {"allow", "deny", "redacted", "would_deny", "approve-wait", "escalate"};
      for (int i = 0; i < methods.length; i++) {
        append(journal, call(i + 1, methods[i], decisions[i]));
        append(
            journal,
            new JournalRecord(RecordKind.CALL_RESPONSE)
                .requestId(new UUID(1, i + 1))
                .destination("api.example.com:443")
                .status(i == 3 ? 503 : 200)
                .responseBytes(77)
                .latencyNs(7_500_000));
      }
      append(
          journal,
          new JournalRecord(RecordKind.CALL_ERROR)
              .destination("10.0.0.1:8080")
              .error("java.net.ConnectException"));
    }
  }

  private static JournalRecord call(int i, String method, String decision) {
    return new JournalRecord(RecordKind.CALL_REQUEST)
        .requestId(new UUID(1, i))
        .trace("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
        .actor(ACTOR)
        .library("okhttp")
        .destination("api.example.com:443")
        .method(method)
        .route("/v1/refunds")
        .operation("refund.create")
        .callClass("write")
        .decision(decision)
        .rules(List.of(RULE, "second.rule"))
        .reason("approval-required")
        .policy(0x1234)
        .observe(decision.startsWith("would_"))
        .fields(List.of("amount"))
        .finding("email", 2)
        .requestBytes(100)
        .costNs(20_000);
  }

  private static void append(Journal journal, JournalRecord record) {
    journal.append(record, Level.COMMITTED, TEN_SECONDS_NS);
  }

  // ---- what is written

  @Test
  void anOcsfExportHasWhatTheSchemaDemandsAndNothingThatItDoesNotKnow() throws IOException {
    List<String> lines = export("ocsf");
    assertEquals(16, lines.size());
    Map<String, String[]> schema = schema("ocsf-api-activity.txt");
    int calls = 0;
    for (String line : lines) {
      Map<String, Object> event = ReadJson.object(line);
      long classUid = number(event, "class_uid");
      calls += classUid == 6003 ? 1 : 0;
      checkOcsf(schema, "api_activity", event, classUid == 0);
      assertEquals(classUid * 100 + number(event, "activity_id"), number(event, "type_uid"));
    }
    assertEquals(13, calls);
  }

  private static long number(Map<String, Object> event, String name) {
    return event.get(name) instanceof Long number ? number : -1;
  }

  /**
   * What the table says of a class or an object: required, known, of the type, one of the values.
   */
  @SuppressWarnings("unchecked")
  private static void checkOcsf(
      Map<String, String[]> schema, String name, Map<String, Object> object, boolean base) {
    for (Map.Entry<String, String[]> entry : schema.entrySet()) {
      if (entry.getKey().startsWith(name + ".") && entry.getValue()[2].equals("required")) {
        String attribute = entry.getKey().substring(name.length() + 1);
        boolean ofCalls = List.of("actor", "api", "src_endpoint").contains(attribute);
        assertTrue(
            object.containsKey(attribute) || (base && ofCalls), name + " needs " + attribute);
      }
    }
    String[] one = schema.get(name + " !at_least_one");
    if (one != null) {
      assertTrue(Stream.of(one[2].split(",")).anyMatch(object::containsKey), name + object);
    }
    object.forEach(
        (attribute, value) -> {
          String[] known = schema.get(name + "." + attribute);
          if (known == null) {
            throw new AssertionError("the schema has no " + name + "." + attribute);
          }
          String type = known[1].replace("[]", "");
          List<Object> values = known[1].endsWith("[]") ? (List<Object>) value : List.of(value);
          for (Object item : values) {
            if (item instanceof Map<?, ?> map) {
              if (!type.equals("object")) {
                checkOcsf(schema, type, (Map<String, Object>) map, false);
              }
              continue;
            }
            boolean right =
                switch (type) {
                  case "integer_t", "long_t", "timestamp_t", "port_t" -> item instanceof Long;
                  case "boolean_t" -> item instanceof Boolean;
                  default -> item instanceof String;
                };
            assertTrue(right, () -> name + "." + attribute + " is a " + type + ": " + item);
            boolean enumerated =
                known.length > 3
                    && !attribute.equals("class_uid")
                    && !attribute.equals("category_uid");
            if (enumerated) {
              assertTrue(
                  List.of(known[3].split(",")).contains(item.toString()), attribute + "=" + item);
            }
          }
        });
  }

  @Test
  void anEcsExportHasOnlyFieldsOfTheSchemaAndItsOwn() throws IOException {
    Map<String, String[]> schema = ecsFields();
    List<String> lines = export("ecs");
    assertEquals(16, lines.size());
    for (String line : lines) {
      checkEcs(schema, "", ReadJson.object(line));
    }
    Map<String, Object> first = ReadJson.object(lines.get(3));
    assertTrue(first.containsKey("@timestamp"), lines.get(3));
    assertTrue(lines.get(3).contains("\"rule\":{\"id\":\"" + RULE), lines.get(3));
    assertTrue(
        lines.get(3).contains("\"trace\":{\"id\":\"4bf92f3577b34da6a3ce929d0e0e4736\"}"),
        lines.get(3));
    assertTrue(lines.get(3).contains("\"span\":{\"id\":\"00f067aa0ba902b7\"}"), lines.get(3));
    String otlp = String.join("\n", export("otlp-json"));
    assertTrue(
        otlp.contains(
            "\"traceId\":\"4bf92f3577b34da6a3ce929d0e0e4736\",\"spanId\":\"00f067aa0ba902b7\""),
        otlp);
  }

  @Test
  void everyFormatTellsOfWhichTraceACallIsAPart() throws IOException {
    String trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    String span = "00f067aa0ba902b7";
    String json = "\"trace\":\"" + trace + "\",\"span\":\"" + span + "\"";
    String cef = "flexString1Label=trace flexString1=%s flexString2Label=span flexString2=%s";
    Map<String, String> expected =
        Map.of(
            "ocsf",
            json,
            "ndjson",
            json,
            "cef",
            cef.formatted(trace, span),
            "syslog",
            "trace=\"" + trace + "\" span=\"" + span + "\"",
            "csv",
            "\"" + trace + "\",\"" + span + "\"");
    for (Map.Entry<String, String> one : expected.entrySet()) {
      List<String> lines = export(one.getKey());
      assertTrue(
          lines.stream().anyMatch(line -> line.contains(one.getValue())), () -> one + ": " + lines);
    }
  }

  /** As the definitions say that lie beside their licence in schemas/ecs-9.4.0. */
  @SuppressWarnings("unchecked")
  private static Map<String, String[]> ecsFields() throws IOException {
    Map<String, String[]> schema = new TreeMap<>();
    try (InputStream in =
        ExportCommandTest.class.getResourceAsStream("/schemas/ecs-9.4.0/ecs_flat.json")) {
      assertNotNull(in);
      ReadJson.object(new String(in.readAllBytes(), StandardCharsets.UTF_8))
          .forEach(
              (name, definition) -> {
                Map<String, Object> field = (Map<String, Object>) definition;
                boolean list =
                    ((List<Object>) field.getOrDefault("normalize", List.of())).contains("array");
                List<String> values = new ArrayList<>();
                for (Object one : (List<Object>) field.getOrDefault("allowed_values", List.of())) {
                  values.add(String.valueOf(((Map<String, Object>) one).get("name")));
                }
                String type = field.get("type") + (list ? "[]" : "");
                schema.put(
                    name,
                    values.isEmpty()
                        ? new String[] {name, type}
                        : new String[] {name, type, String.join(",", values)});
              });
    }
    assertTrue(schema.size() > 200, schema.size() + " fields");
    return schema;
  }

  @SuppressWarnings("unchecked")
  private static void checkEcs(
      Map<String, String[]> schema, String prefix, Map<String, Object> object) {
    object.forEach(
        (name, value) -> {
          String field = prefix + name;
          if (field.equals("cordon")) {
            return; // a group of our own, as the schema advises
          }
          if (value instanceof Map<?, ?> map) {
            checkEcs(schema, field + ".", (Map<String, Object>) map);
            return;
          }
          String[] known = schema.get(field);
          if (known == null) {
            throw new AssertionError("the schema has no " + field);
          }
          String type = known[1];
          boolean right =
              type.endsWith("[]")
                  ? value instanceof List<?>
                  : type.equals("long") ? value instanceof Long : value instanceof String;
          assertTrue(right, () -> field + " is a " + type + ": " + value);
          if (known.length > 2) {
            for (Object item : value instanceof List<?> list ? list : List.of(value)) {
              assertTrue(List.of(known[2].split(",")).contains(item), field + "=" + item);
            }
          }
        });
  }

  private static Map<String, String[]> schema(String file) throws IOException {
    Map<String, String[]> schema = new TreeMap<>();
    try (InputStream in = ExportCommandTest.class.getResourceAsStream("/schemas/" + file)) {
      for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList()) {
        String[] words = line.split(" ");
        if (!line.startsWith("#")) {
          schema.put(
              words.length > 1 && words[1].startsWith("!") ? words[0] + " " + words[1] : words[0],
              words);
        }
      }
    }
    return schema;
  }

  @Test
  void forgedNamesAreTextsInEveryFormat() throws IOException {
    List<String> forgeries =
        List.of(
            "a\nCEF:0|forged|x|1|",
            "a|b\\c=d\\|e=\\n msg=owned",
            "\"] [forged@1 a=\"b\"] x",
            "\\\\\"\\]\\]]]\"\"==||",
            "\r\n<13>1 - forged - - -",
            "=1+1,\"x\"\n@SUM(A1:A9)",
            "{\"a\":1},{\"b\":[\"\\u0000",
            "\u0000\u0001\u001b[2J\u007f\t\t");
    for (String wanted : forgeries) {
      String rule = (wanted + ".".repeat(RULE.length())).substring(0, RULE.length());
      String actor = (wanted + "-".repeat(ACTOR.length())).substring(0, ACTOR.length());
      temp = Files.createTempDirectory(temp, "forged");
      writeOneJournal();
      ForgedNames.put(base, RULE, rule);
      ForgedNames.put(base, ACTOR, actor);
      String plain = Plain.text(rule);
      for (ExportForm form : ExportForm.values()) {
        List<String> lines = export(form.word());
        boolean csv = form == ExportForm.CSV;
        assertEquals(csv ? 17 : 16, lines.size(), form + ": one line a record, whatever its names");
        for (String line : lines) {
          assertTrue(line.chars().allMatch(c -> c >= 0x20 && c < 0x7f), line);
          switch (form) {
            case CEF -> checkCef(line, plain);
            case SYSLOG -> checkSyslog(line, plain);
            case CSV -> assertFalse(line.matches(".*(^|,)\"[=+@|-].*"), line);
            case OCSF, ECS, OTLP_JSON, NDJSON -> {
              String told = ReadJson.object(line).toString();
              assertTrue(!line.contains("approval-required") || told.contains(rule), told);
            }
          }
        }
      }
    }
  }

  /** Reads it as ArcSight's guide says: escapes undone, keys before unescaped equal signs. */
  private static void checkCef(String line, String rule) {
    String[] header = line.split("(?<!\\\\)((?:\\\\\\\\)*)\\|", 8);
    assertEquals(8, header.length, line);
    assertEquals("CEF:0", header[0]);
    Matcher keys = Pattern.compile("(?<!\\\\)(?:\\\\\\\\)*=").matcher(header[7]);
    List<Integer> equals = new ArrayList<>();
    while (keys.find()) {
      equals.add(keys.end() - 1);
    }
    Map<String, String> told = new TreeMap<>();
    for (int i = 0; i < equals.size(); i++) {
      int from = header[7].lastIndexOf(' ', equals.get(i)) + 1;
      int to =
          i + 1 == equals.size()
              ? header[7].length()
              : header[7].lastIndexOf(' ', equals.get(i + 1));
      String key = header[7].substring(from, equals.get(i));
      assertTrue(
          key.matches(
              "rt|externalId|act|reason|suser|sproc|dvchost|dhost|dpt|requestMethod|out|in|(c[sn][1-6]|flexString[12])(Label)?"),
          key + " in " + line);
      told.put(key, header[7].substring(equals.get(i) + 1, to).replaceAll("\\\\(.)", "$1"));
    }
    if (told.containsKey("cs1")) {
      assertEquals(rule + " second.rule", told.get("cs1"));
    }
  }

  private static void checkSyslog(String line, String rule) {
    String value = "\"(?:[^\"\\\\\\]]|\\\\[\"\\\\\\]])*\"";
    Matcher message =
        Pattern.compile(
                "<(\\d{1,3})>1 \\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z [!-~]{1,255}"
                    + " [!-~]{1,48} [!-~]{1,128} [!-~]{1,32} \\[cordon@32473((?: [A-Za-z]+="
                    + value
                    + ")*)\\] [ -~]*")
            .matcher(line);
    assertTrue(message.matches(), line);
    assertTrue(Integer.parseInt(message.group(1)) < 192, line);
    Matcher rules = Pattern.compile(" rules=(" + value + ")").matcher(message.group(2));
    if (rules.find()) {
      String read = rules.group(1).replaceAll("\\\\(.)", "$1");
      assertEquals("\"" + rule + " second.rule\"", read);
    }
  }

  // ---- files

  @Test
  void aSecondRunChangesNothingAndAnotherPlaceGetsTheSameBytes() throws IOException {
    for (ExportForm form : ExportForm.values()) {
      Path one = temp.resolve("one-" + form);
      Path two = temp.resolve("two-" + form);
      run(0, "export", base + "", "--format", form.word(), "-o", one + "");
      Map<String, String> before = files(one);
      Run again = run(0, "export", base + "", "--format", form.word(), "-o", one + "");
      assertEquals("", again.out(), "nothing to write");
      assertEquals(before, files(one));
      run(0, "export", base + "", "--format", form.word(), "-o", two + "");
      assertEquals(before, files(two));
      assertTrue(
          before.keySet().iterator().next().matches("crm-.*-000000000000-0000000000\\d\\d\\..*"));
    }
  }

  @Test
  void whatAnInterruptedRunLeftIsWrittenAgainAndWhatIsNewFollows() throws IOException {
    Path out = temp.resolve("out");
    String key = temp.resolve("k").toString();
    run(0, "journal", "keygen", "-o", key);
    String[] command = {"export", base + "", "--format", "ecs", "-o", out + "", "--key", key};
    run(0, command);
    Map<String, String> before = files(out);
    assertEquals(2, before.size());
    for (String name : before.keySet()) { // the manifest is gone, or the file
      Files.delete(out.resolve(name));
      run(0, command);
      assertEquals(before, files(out), name);
    }
    String file = before.keySet().iterator().next();
    Files.writeString(out.resolve(file), "half a line");
    run(0, command);
    assertEquals(before, files(out), "a file of another length is written again");
    try (Journal journal = Journal.open(JournalOptions.of(base, "bot"))) {
      append(journal, call(99, "GET", "allow"));
    }
    Run more = run(0, command);
    assertTrue(more.out().startsWith("bot-"), more.out());
    assertEquals(4, files(out).size());
    run(0, "export", "verify", out + "", "--key", key + ".pub");
    assertEquals(0, files(out).keySet().stream().filter(n -> n.endsWith(".part")).count());
  }

  @Test
  void aChangedFileAChangedManifestAndAnAddedFileAreNoticed() throws IOException {
    Path out = temp.resolve("out");
    String key = temp.resolve("k").toString();
    String other = temp.resolve("other").toString();
    run(0, "journal", "keygen", "-o", key);
    run(0, "journal", "keygen", "-o", other);
    run(0, "export", base + "", "--format", "ocsf", "-o", out + "", "--key", key);
    String[] verify = {"export", "verify", out + "", "--key", key + ".pub"};
    run(0, verify);
    run(1, "export", "verify", out + "", "--key", other + ".pub");
    for (String name : List.copyOf(files(out).keySet())) {
      byte[] right = Files.readAllBytes(out.resolve(name));
      byte[] wrong = right.clone();
      wrong[wrong.length / 2] ^= 1;
      Files.write(out.resolve(name), wrong);
      run(1, verify);
      Files.write(out.resolve(name), Arrays.copyOf(right, right.length - 10));
      run(1, verify);
      Files.write(out.resolve(name), right);
      run(0, verify);
    }
    Files.writeString(out.resolve("more.ocsf.ndjson"), "{}");
    run(1, verify);
  }

  @Test
  void aSelectionIsInTheManifestAndNotMixedWithAnother() throws IOException {
    Path out = temp.resolve("out");
    run(0, "export", base + "", "--format", "csv", "-o", out + "", "--decision", "deny");
    assertTrue(files(out).values().stream().anyMatch(t -> t.contains("selection decision=deny")));
    assertTrue(files(out).values().stream().anyMatch(t -> t.contains("records 1\n")));
    Run mixed = run(2, "export", base + "", "--format", "csv", "-o", out + "");
    assertTrue(mixed.err().contains("another selection"), mixed.err());
    run(2, "export", base + "", "--format", "xml", "-o", out + "");
    run(2, "export", base + "", "--format", "csv");
    run(2, "export", "verify", base + "");
  }

  @Test
  void ofADamagedJournalNothingIsPassedOffAsWhole() throws IOException {
    Path file;
    try (Stream<Path> all = Files.walk(base)) {
      file = all.filter(one -> one.toString().endsWith(".cq4")).findFirst().orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(file);
    int used = bytes.length;
    while (bytes[used - 1] == 0) {
      used--;
    }
    bytes[used - 300] ^= 4;
    Files.write(file, bytes);
    Path out = temp.resolve("out");
    Run run = run(2, "export", base + "", "--format", "ndjson", "-o", out + "");
    assertTrue(run.err().contains(file + ":"), run.err());
    assertEquals(Map.of(), files(out));
  }

  private List<String> export(String format) throws IOException {
    Path out = Files.createTempDirectory(temp, format);
    run(0, "export", base + "", "--format", format, "-o", out + "");
    Path file;
    try (Stream<Path> all = Files.list(out)) {
      file =
          all.filter(one -> one.getFileName().toString().startsWith("crm-"))
              .filter(one -> !one.toString().endsWith(".manifest"))
              .findFirst()
              .orElseThrow();
    }
    String text = Files.readString(file);
    assertTrue(text.endsWith("\n"));
    return List.of(text.substring(0, text.length() - 1).split("\n", -1));
  }

  private static Map<String, String> files(Path directory) throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.list(directory)) {
      for (Path one : all.toList()) {
        String name = one.getFileName().toString();
        if (!name.equals(".lock")) {
          files.put(name, Files.readString(one));
        }
      }
    }
    return files;
  }

  private static Run run(int exit, String... arguments) {
    Run run = Run.run(arguments);
    assertEquals(exit, run.exit(), String.join(" ", arguments) + run);
    return run;
  }
}
