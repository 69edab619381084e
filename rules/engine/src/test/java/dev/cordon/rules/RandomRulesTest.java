package dev.cordon.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * Decides random calls by random rule files twice: with the compiled rule set and with a slow,
 * obvious reading of the same rules. Set {@code -Dcordon.seed=} to run one seed again.
 */
class RandomRulesTest {
  private static final int CALLS = 200;
  static final List<String> HOSTS =
      List.of(
          "a.example.com", "b.example.com", "x.a.example.com", ".example.com", ".a.example.com");
  private static final List<String> SEGMENTS = List.of("v1", "refunds", "Users", "re", "item", "x");
  private static final List<String> PATTERNS = List.of("*", "re*", "*s", "i*m");
  private static final List<String> METHODS =
      List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE");
  private static final List<String> FIELDS =
      List.of(
          "a",
          "b.c",
          "items[].n",
          "items[]",
          "**.t",
          "b.list[].k.v",
          "query.q",
          "header.X-H",
          "actor");
  private static final List<String> WORDS = List.of("1", "5", "12.5", "x", "yy", "true", "null");

  record ModelRule(
      String id,
      String to,
      String methods,
      String path,
      List<String> when,
      String then,
      boolean observed,
      boolean skips) {}

  record ModelLine(String to, String methods, String path, boolean read) {}

  record Model(
      Map<String, List<String>> destinations,
      List<ModelLine> lines,
      List<ModelRule> rules,
      Map<String, String> defaults,
      boolean observes) {}

  record Call(
      String method,
      String host,
      String path,
      @Nullable String q,
      @Nullable String header,
      @Nullable String actor,
      BodyState state,
      String body,
      boolean readable) {}

  @TempDir Path directory;

  @RepeatedTest(60)
  void theCompiledDecisionIsTheObviousOne(RepetitionInfo repetition) throws Exception {
    long seed =
        Long.getLong("cordon.seed", System.nanoTime() * 31) + repetition.getCurrentRepetition() - 1;
    Random random = new Random(seed);
    Model model = model(random);
    String yaml = yaml(model);
    RuleSet rules = RuleFiles.load(directory, yaml);
    for (int i = 0; i < CALLS; i++) {
      Call call = call(random);
      Decision decision = rules.decide(facts(call));
      String compiled =
          decision.effect()
              + " "
              + decision.enforced()
              + " "
              + decision.ruleId()
              + " "
              + decision.callClass()
              + " "
              + decision.ruleIds();
      assertEquals(
          new Slow(model, call).decide(),
          compiled,
          () -> "-Dcordon.seed=" + seed + "\n" + call + "\n" + yaml);
    }
  }

  // ---- random rule files and calls

  static Model model(Random random) {
    Map<String, List<String>> destinations = new LinkedHashMap<>();
    for (int i = 0; i < 3; i++) {
      List<String> hosts = new ArrayList<>();
      hosts.add(pick(random, HOSTS));
      if (random.nextBoolean()) {
        hosts.add(pick(random, HOSTS));
      }
      destinations.put("d" + i, hosts);
    }
    List<ModelLine> lines = new ArrayList<>();
    for (int i = random.nextInt(5); i > 0; i--) {
      lines.add(
          new ModelLine(
              "d" + random.nextInt(3), methods(random), path(random), random.nextBoolean()));
    }
    List<ModelRule> rules = new ArrayList<>();
    int count = 1 + random.nextInt(14);
    for (int i = 0; i < count; i++) {
      String then =
          pick(random, List.of("allow", "allow", "allow", "deny", "approve", "forbid", "escalate"));
      List<String> when = new ArrayList<>();
      for (int j = random.nextInt(3); j > 0; j--) {
        when.add(condition(random));
      }
      rules.add(
          new ModelRule(
              "r" + random.nextInt(10) + "." + i,
              random.nextInt(5) == 0 ? "any" : "d" + random.nextInt(3),
              methods(random),
              path(random),
              when,
              then,
              random.nextInt(5) == 0,
              !then.equals("allow") && random.nextInt(4) == 0));
    }
    Map<String, String> defaults = new LinkedHashMap<>();
    for (String key : List.of("host", "read", "write", "unknown")) {
      defaults.put(key, pick(random, List.of("allow", "allow", "deny", "approve")));
    }
    return new Model(destinations, lines, rules, defaults, random.nextInt(4) == 0);
  }

  static String methods(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> "*";
      case 1 -> "(" + pick(random, METHODS) + " | " + pick(random, METHODS) + ")";
      default -> pick(random, METHODS);
    };
  }

  static String path(Random random) {
    StringBuilder path = new StringBuilder();
    for (int i = random.nextInt(4); i > 0; i--) {
      path.append('/');
      path.append(random.nextInt(3) == 0 ? pick(random, PATTERNS) : pick(random, SEGMENTS));
    }
    if (random.nextInt(3) == 0) {
      path.append("/**");
    }
    return path.length() == 0 ? "/" : path.toString();
  }

  /** {@code not: A} and {@code any: A ; B} stand for what nests. */
  static String condition(Random random) {
    return switch (random.nextInt(10)) {
      case 0 -> "not: " + atom(random);
      case 1 -> "any: " + atom(random) + " ; " + atom(random);
      default -> atom(random);
    };
  }

  private static String atom(Random random) {
    String field = pick(random, FIELDS);
    return switch (random.nextInt(7)) {
      case 6 -> field + " matches " + pick(random, List.of("letters", "number"));
      case 0 -> field + " exists";
      case 1 -> field + " absent";
      case 2 -> field + " in (" + pick(random, WORDS) + " | " + pick(random, WORDS) + ")";
      case 3 -> field + " " + pick(random, List.of("<", "<=", ">", ">=")) + " 5";
      case 4 -> field + ".length > 1";
      default -> field + " " + pick(random, List.of("=", "!=")) + " " + pick(random, WORDS);
    };
  }

  static Call call(Random random) {
    StringBuilder path = new StringBuilder();
    for (int i = random.nextInt(4); i > 0; i--) {
      String segment = pick(random, SEGMENTS);
      path.append('/').append(random.nextInt(8) == 0 ? segment.toUpperCase(Locale.ROOT) : segment);
    }
    List<String> hosts =
        List.of("a.example.com", "b.example.com", "x.a.example.com", "example.com", "example.org");
    String body = json(random, 0);
    BodyState state = BodyState.READ;
    boolean readable = true;
    switch (random.nextInt(12)) {
      case 0 -> {
        state = BodyState.NONE;
        body = "";
      }
      case 1 -> {
        body = body + "}";
        readable = false;
      }
      case 2 -> {
        body = "{\"a\":1,\"a\":1}"; // known to no rule: readable; see Slow
      }
      default -> {}
    }
    return new Call(
        pick(random, METHODS),
        pick(random, hosts),
        path.toString(),
        random.nextBoolean() ? pick(random, WORDS) : null,
        random.nextBoolean() ? pick(random, WORDS) : null,
        random.nextBoolean() ? pick(random, WORDS) : null,
        state,
        body,
        readable);
  }

  private static String json(Random random, int depth) {
    StringBuilder out = new StringBuilder("{");
    for (String name : List.of("a", "b", "c", "items", "n", "t", "list", "k", "v")) {
      if (random.nextInt(depth + 2) == 0) {
        out.append(out.length() == 1 ? "" : ",").append('"').append(name).append("\":");
        out.append(value(random, name, depth));
      }
    }
    return out.append('}').toString();
  }

  private static String value(Random random, String name, int depth) {
    boolean list = name.equals("items") || name.equals("list");
    if (depth < 3 && (list ? random.nextInt(5) != 0 : random.nextInt(8) == 0)) {
      StringBuilder out = new StringBuilder("[");
      for (int i = random.nextInt(3); i > 0; i--) {
        out.append(out.length() == 1 ? "" : ",").append(value(random, "element", depth + 1));
      }
      return out.append(']').toString();
    }
    boolean object = name.equals("b") || name.equals("k") || name.equals("element");
    if (depth < 3 && (object ? random.nextInt(5) != 0 : random.nextInt(8) == 0)) {
      return json(random, depth + 1);
    }
    String word = pick(random, WORDS);
    boolean quoted = random.nextInt(3) == 0 || word.equals("x") || word.equals("yy");
    return quoted ? '"' + word + '"' : word;
  }

  static <T> T pick(Random random, List<T> from) {
    return from.get(random.nextInt(from.size()));
  }

  static String yaml(Model model) {
    StringBuilder out = new StringBuilder("version: 1\nname: random\nowner: t@example.com\n");
    out.append("defaults:\n  mode: ").append(model.observes ? "observe\n" : "enforce\n");
    model.defaults.forEach((key, word) -> out.append("  " + key + ": " + word + "\n"));
    out.append("patterns: { letters: '[xy]+', number: '[0-9.]{1,3}' }\n");
    out.append("destinations:\n");
    model.destinations.forEach(
        (name, hosts) -> out.append("  " + name + ": { hosts: " + hosts + " }\n"));
    for (boolean read : new boolean[] {true, false}) {
      StringBuilder part = new StringBuilder();
      for (ModelLine line : model.lines) {
        if (line.read == read) {
          part.append("    - " + line.to + " " + line.methods + " " + line.path + "\n");
        }
      }
      if (part.length() > 0) {
        out.append(out.indexOf("classify:") < 0 ? "classify:\n" : "");
        out.append(read ? "  read:\n" : "  write:\n").append(part);
      }
    }
    out.append("rules:\n");
    for (ModelRule rule : model.rules) {
      out.append("  - id: " + rule.id + "\n    to: " + rule.to + "\n    call: \"");
      out.append(rule.methods + " " + rule.path + "\"\n    then: " + rule.then + "\n");
      if (!rule.when.isEmpty()) {
        out.append("    when:\n");
        rule.when.forEach(condition -> out.append("      - " + yaml(condition) + "\n"));
      }
      out.append(rule.observed ? "    mode: observe\n" : "");
      out.append(rule.skips ? "    on-unknown: skip\n" : "");
    }
    return out.toString();
  }

  private static String yaml(String condition) {
    if (condition.startsWith("not: ")) {
      return "{ not: '" + condition.substring(5) + "' }";
    }
    return condition.startsWith("any: ")
        ? "{ any: ['" + condition.substring(5).replace(" ; ", "', '") + "'] }"
        : "'" + condition + "'";
  }

  static CallFacts facts(Call call) {
    List<String> headers = new ArrayList<>(List.of("content-type", "application/json"));
    if (call.header != null) {
      headers.add("x-h");
      headers.add(call.header);
    }
    String url = "https://" + call.host + call.path + (call.q == null ? "" : "?q=" + call.q);
    return new CallFacts(
        call.method,
        url,
        headers,
        call.state,
        call.body.getBytes(StandardCharsets.UTF_8),
        call.actor == null ? Caller.UNKNOWN : Caller.ofService(call.actor));
  }

  // ---- the slow reading

  /** Reads the model rule by rule: no index, no compiled conditions, another JSON parser. */
  private static final class Slow {
    private final Model model;
    private final Call call;
    private final Map<String, String> matched = new LinkedHashMap<>(); // destination -> rank

    Slow(Model model, Call call) {
      this.model = model;
      this.call = call;
      model.destinations.forEach(
          (name, hosts) -> {
            for (String host : hosts) {
              if (host.equals(call.host)) {
                matched.put(name, "2");
              } else if (host.startsWith(".") && call.host.endsWith(host)) {
                matched.putIfAbsent(name, "1");
              }
            }
          });
    }

    record Fired(String effect, String rank, String id, boolean observed) {}

    String decide() {
      String callClass = callClass();
      List<Fired> fired = new ArrayList<>();
      for (ModelRule rule : model.rules) {
        String host = rule.to.equals("any") ? "0" : matched.get(rule.to);
        if (host == null || !named(rule.methods) || !matches(rule.path, true)) {
          continue;
        }
        boolean allow = rule.then.equals("allow");
        if (allow && !(matches(rule.path, false) && allNamed(rule.methods))) {
          continue;
        }
        int truth = 1;
        for (String condition : rule.when) {
          truth = Math.min(truth, truth(condition));
        }
        if (truth == 1 || (truth == 0 && !allow && !rule.skips)) {
          String rank = host + rank(rule.path, rule.methods) + rule.when.size();
          fired.add(new Fired(rule.then, rank, rule.id, rule.observed));
        }
      }
      Fired base = null;
      if (matched.isEmpty() && !text(model.defaults.get("host")).equals("allow")) {
        base = new Fired(text(model.defaults.get("host")), "", "default.host", false);
      }
      Fired enforced = strongest(fired, false, base);
      if (enforced == null) {
        enforced =
            new Fired(text(model.defaults.get(callClass)), "", "default." + callClass, false);
      }
      Fired observed = strongest(fired, true, null);
      boolean would =
          observed != null
              && strength(observed.effect) > strength(enforced.effect)
              && (enforced.effect.equals("allow") || model.observes);
      Fired best = would && observed != null ? observed : enforced;
      fired.sort(
          Comparator.comparingInt((Fired one) -> -strength(one.effect)).thenComparing(Fired::id));
      List<String> ids = fired.stream().limit(8).map(Fired::id).toList();
      return best.effect.toUpperCase(Locale.ROOT)
          + " "
          + (!model.observes && !would)
          + " "
          + best.id
          + " "
          + callClass.toUpperCase(Locale.ROOT)
          + " "
          + ids;
    }

    private static String text(@Nullable String text) {
      return text == null ? "" : text;
    }

    private static @Nullable Fired strongest(
        List<Fired> fired, boolean observed, @Nullable Fired base) {
      Fired best = base;
      for (Fired one : fired) {
        if (one.observed != observed) {
          continue;
        }
        if (best == null) {
          best = one;
          continue;
        }
        int order = strength(one.effect) - strength(best.effect);
        order = order != 0 ? order : one.rank.compareTo(best.rank);
        order = order != 0 ? order : best.id.compareTo(one.id);
        best = order > 0 ? one : best;
      }
      return best;
    }

    private static int strength(String effect) {
      return List.of("allow", "approve", "escalate", "deny", "forbid").indexOf(effect);
    }

    /** HEAD is GET, too; of two classes the stricter one counts. */
    private String callClass() {
      return asked().stream().map(this::callClass).anyMatch("write"::equals) ? "write" : "read";
    }

    private String callClass(String method) {
      ModelLine best = null;
      for (ModelLine line : model.lines) {
        if (!matched.containsKey(line.to)
            || !names(line.methods, method)
            || !matches(line.path, !line.read)) {
          continue;
        }
        int order =
            best == null
                ? 1
                : rank(line.path, line.methods).compareTo(rank(best.path, best.methods));
        if (order > 0 || (order == 0 && !line.read)) {
          best = line;
        }
      }
      if (best != null) {
        return best.read ? "read" : "write";
      }
      return List.of("GET", "HEAD").contains(method) ? "read" : "write";
    }

    private List<String> asked() {
      return call.method.equals("HEAD") ? List.of("HEAD", "GET") : List.of(call.method);
    }

    private boolean named(String methods) {
      return asked().stream().anyMatch(method -> names(methods, method));
    }

    private boolean allNamed(String methods) {
      return asked().stream().allMatch(method -> names(methods, method));
    }

    private static boolean names(String methods, String method) {
      return methods.equals("*") || methods.matches(".*\\b" + method + "\\b.*");
    }

    private boolean matches(String path, boolean anyCase) {
      String regex =
          path.equals("/")
              ? ""
              : path.replaceAll("/\\*\\*$", "(/[^/]+){0,}")
                  .replaceAll("/\\*(?=/|$|\\()", "/[^/]+")
                  .replaceAll("(?<=[a-z])\\*|\\*(?=[a-z])", "[^/]*");
      return Pattern.compile(regex, anyCase ? Pattern.CASE_INSENSITIVE : 0)
          .matcher(call.path)
          .matches();
    }

    private static String rank(String path, String methods) {
      StringBuilder rank = new StringBuilder();
      boolean rest = false;
      for (String segment : path.substring(1).split("/", -1)) {
        if (segment.equals("**")) {
          rest = true;
        } else if (!segment.isEmpty()) {
          rank.append(segment.equals("*") ? 1 : segment.contains("*") ? 2 : 3);
        }
      }
      while (rank.length() < 30) {
        rank.append('0');
      }
      return rank.append(rest ? 0 : 1).append(methods.equals("*") ? 0 : 1).toString();
    }

    /** -1 false, 0 unknown, 1 true. */
    private int truth(String condition) {
      if (condition.startsWith("not: ")) {
        return -truth(condition.substring(5));
      }
      if (condition.startsWith("any: ")) {
        String[] two = condition.substring(5).split(" ; ", -1);
        return Math.max(truth(two[0]), truth(two[1]));
      }
      String[] words = condition.split(" ", 3);
      String field = words[0].replace(".length", "");
      boolean length = words[0].endsWith(".length");
      String literal = words.length > 2 ? words[2] : "";
      if (field.startsWith("query.") || field.startsWith("header.") || field.equals("actor")) {
        String value =
            field.equals("actor") ? call.actor : field.startsWith("query.") ? call.q : call.header;
        int absent = field.equals("actor") ? 0 : -1; // an actor that is not known may be anybody
        return switch (words[1]) {
          case "exists" -> value != null ? 1 : absent;
          case "absent" -> value != null ? -1 : -absent;
          default -> value == null ? 0 : test(value, true, words[1], literal, length);
        };
      }
      if (!call.readable || twice()) {
        return 0;
      }
      Object root =
          call.state == BodyState.NONE
              ? Map.of()
              : new Load(LoadSettings.builder().setAllowDuplicateKeys(true).build())
                  .loadFromString(call.body);
      List<String> parts = parts(field);
      return switch (words[1]) {
        case "exists" -> exists(root, parts);
        case "absent" -> -exists(root, parts);
        default -> values(root, parts, words[1], literal, length);
      };
    }

    /** A key twice matters where some condition of the file looks at it. */
    private boolean twice() {
      return call.body.startsWith("{\"a\":1,\"a\"")
          && model.rules.stream()
              .flatMap(rule -> rule.when.stream())
              .flatMap(
                  text -> List.of(text.replaceAll("^(not|any): ", "").split(" ; ", -1)).stream())
              .anyMatch(text -> text.matches("(a|\\*\\*\\.t)\\b.*|a\\..*|\\*\\*.*"));
    }

    private static List<String> parts(String field) {
      return List.of(field.replace("[]", ".[]").split("\\.", -1));
    }

    private static int values(
        @Nullable Object node, List<String> parts, String op, String literal, boolean length) {
      if (parts.isEmpty()) {
        return test(node, false, op, literal, length);
      }
      String part = parts.get(0);
      List<String> rest = parts.subList(1, parts.size());
      if (part.equals("**")) {
        List<@Nullable Object> found = new ArrayList<>();
        descend(node, rest.get(0), found);
        int any = found.isEmpty() ? 0 : -1;
        for (Object one : found) {
          any = Math.max(any, test(one, false, op, literal, length));
        }
        return any;
      }
      if (part.equals("[]")) {
        if (!(node instanceof List<?> list)) {
          return 0;
        }
        int any = -1;
        for (Object element : list) {
          any = Math.max(any, values(element, rest, op, literal, length));
        }
        return any;
      }
      return node instanceof Map<?, ?> map && map.containsKey(part)
          ? values(map.get(part), rest, op, literal, length)
          : 0;
    }

    private static void descend(@Nullable Object node, String name, List<@Nullable Object> found) {
      if (node instanceof Map<?, ?> map) {
        if (map.containsKey(name)) {
          found.add(map.get(name));
        }
        map.values().forEach(value -> descend(value, name, found));
      } else if (node instanceof List<?> list) {
        list.forEach(element -> descend(element, name, found));
      }
    }

    private static int exists(@Nullable Object node, List<String> parts) {
      if (parts.isEmpty()) {
        return node == null ? 0 : 1;
      }
      String part = parts.get(0);
      List<String> rest = parts.subList(1, parts.size());
      if (part.equals("**")) {
        List<@Nullable Object> found = new ArrayList<>();
        descend(node, rest.get(0), found);
        return found.stream().anyMatch(one -> one != null) ? 1 : found.isEmpty() ? -1 : 0;
      }
      if (part.equals("[]")) {
        if (!(node instanceof List<?> list)) {
          return 0;
        }
        int any = -1;
        for (Object element : list) {
          any = Math.max(any, exists(element, rest));
        }
        return any;
      }
      if (!(node instanceof Map<?, ?> map)) {
        return 0;
      }
      return map.containsKey(part) ? exists(map.get(part), rest) : -1;
    }

    private static int test(
        @Nullable Object value, boolean text, String op, String literal, boolean length) {
      if (length) {
        int size =
            value instanceof String s ? s.length() : value instanceof List<?> l ? l.size() : -1;
        return size < 0 ? 0 : size > 1 ? 1 : -1;
      }
      switch (op) {
        case "in" -> {
          int any = 0;
          for (String word : literal.replaceAll("[()]", "").split(" \\| ", -1)) {
            int one = equal(value, text, word);
            any = one == 1 ? 1 : any == 0 ? one : any;
            if (any == 1) {
              return 1;
            }
          }
          return any;
        }
        case "matches" -> {
          String pattern = literal.equals("letters") ? "[xy]+" : "[0-9.]{1,3}";
          return value instanceof String s ? (s.matches(pattern) ? 1 : -1) : 0;
        }
        case "=" -> {
          return equal(value, text, literal);
        }
        case "!=" -> {
          return -equal(value, text, literal);
        }
        default -> {
          Double number = number(value, text);
          if (number == null) {
            return 0;
          }
          boolean is =
              switch (op) {
                case "<" -> number < 5;
                case "<=" -> number <= 5;
                case ">" -> number > 5;
                default -> number >= 5;
              };
          return is ? 1 : -1;
        }
      }
    }

    private static @Nullable Double number(@Nullable Object value, boolean text) {
      if (value instanceof Number number) {
        return number.doubleValue();
      }
      return text && value instanceof String s && s.matches("[0-9.]+") ? Double.valueOf(s) : null;
    }

    private static int equal(@Nullable Object value, boolean text, String word) {
      if (word.matches("[0-9.]+")) {
        Double number = number(value, text);
        return number == null ? 0 : number == Double.parseDouble(word) ? 1 : -1;
      }
      if (word.equals("true")) {
        if (text) {
          return "true".equals(value) ? 1 : "false".equals(value) ? -1 : 0;
        }
        return value instanceof Boolean is ? (is ? 1 : -1) : 0;
      }
      if (word.equals("null")) {
        return text ? 0 : value == null ? 1 : -1;
      }
      return value instanceof String s ? (s.equals(word) ? 1 : -1) : 0;
    }
  }
}
