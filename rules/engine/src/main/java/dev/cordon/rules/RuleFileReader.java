package dev.cordon.rules;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Compiles the node tree of a rule file. Collects problems and goes on as far as it can. */
final class RuleFileReader {
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
  private static final int DEFAULT_INSPECTED_BYTES = 256 * 1024;
  private static final int MAX_INSPECTED_BYTES = 16 * 1024 * 1024;

  private static final Set<String> TYPES =
      Collections.unmodifiableSet(
          new LinkedHashSet<>(List.of("email", "phone", "iban", "pan", "secret", "token")));

  private final Problems problems;
  private final Function<YamlNode.Scalar, @Nullable Pack> packSource;
  private final String fileName;

  private final Map<String, Pack> packs = new LinkedHashMap<>();
  private final Map<String, Destination> destinations = new LinkedHashMap<>();
  private final HostIndex hosts = new HostIndex();
  private final Map<String, RuleList> lists = new LinkedHashMap<>();
  private final List<RuleFile.Classified> classified = new ArrayList<>();
  private final List<Rule> rules = new ArrayList<>();
  private final Map<String, Position> ruleIds = new HashMap<>();
  private final PathTrie anyRules = new PathTrie();
  private final FieldTable fields = new FieldTable();
  private final Map<String, String> knownNames = new HashMap<>();
  private boolean missingMatches = true;
  private boolean usesMoney;
  private String fileOwner = "";

  /**
   * @param packSource finds a pack by the way it is written in {@code packs}; null with a problem
   */
  RuleFileReader(
      String fileName, Problems problems, Function<YamlNode.Scalar, @Nullable Pack> packSource) {
    this.fileName = fileName;
    this.problems = problems;
    this.packSource = packSource;
  }

  RuleFile read(YamlNode root) {
    Section file = Section.of("the rule file", root, problems);
    readVersion(file);
    YamlNode.Scalar nameNode = file.required("name", "add one, as in: name: support-bots/prod");
    String name = nameNode == null ? "" : nameNode.text();
    if (nameNode != null && (name.length() > 100 || !name.matches("[\\w./ -]+"))) {
      problems.error(
          nameNode.at(), "CRD133", "bad name", "use letters, digits, '/', '.', '-', up to 100");
    }
    long serial = file.number("serial", 0, 0, Long.MAX_VALUE);
    fileOwner = file.text("owner", "");
    refuseLaterParts(file);
    readPacks(file);
    RuleFile.Defaults defaults = readDefaults(file.section("defaults"));
    missingMatches = defaults.missingMatches();
    readDestinations(file);
    readLists(file);
    readClassify(file.section("classify"));
    for (YamlNode node : file.items("rules")) {
      readRule(Section.of("the rule", node, problems));
    }
    Section redaction = file.section("redaction");
    Redaction logs = readRedaction(redaction, "logs", List.of("token", "mask", "hash"));
    Redaction outgoing =
        readRedaction(redaction, "outgoing", List.of("token", "mask", "hash", "block"));
    redaction.refuseLater("responses", "responses are not redacted yet");
    redaction.refuseLater("write-back", "placeholders written back are not stopped yet");
    redaction.done();
    file.done();
    bindMoney();
    warnOfUnused(file);
    fields.freeze();
    return new RuleFile(
        fileName,
        name,
        serial,
        defaults,
        List.copyOf(destinations.values()),
        hosts,
        List.copyOf(classified),
        List.copyOf(rules),
        anyRules,
        fields,
        Map.copyOf(knownNames),
        logs,
        outgoing);
  }

  private void readVersion(Section file) {
    YamlNode.Scalar version = file.required("version", "add: version: 1");
    if (version != null && (version.quoted() || !version.text().equals("1"))) {
      problems.error(
          version.at(),
          "CRD116",
          "unknown format version '" + version.text() + "'",
          "this version of Cordon reads version: 1");
    }
  }

  /** An error where the file would be looser than written without the key, else a warning. */
  private static void refuseLaterParts(Section file) {
    file.refuseLater("extends", "the rules of lower layers would be missing");
    file.refuseLater("categories", "categories would not be handed over to people");
    file.refuseLater("waive", "there are no layers to waive rules of");
    file.passLater("approvals", "then: approve refuses every call until approvals are built");
    file.passLater("alerts", "nobody is alerted");
    file.passLater("retention", "nothing is deleted by age");
    file.passLater("tests", "these cases are not run");
  }

  private void readPacks(Section file) {
    for (YamlNode.Scalar written : file.scalars("packs")) {
      Pack pack = packSource.apply(written);
      if (pack == null) {
        continue;
      }
      if (packs.putIfAbsent(pack.name(), pack) != null) {
        problems.error(written.at(), "CRD126", "pack '" + pack.name() + "' twice");
      }
      for (Pack.Call call : pack.calls()) {
        for (String field : call.fields()) {
          know(field);
        }
      }
    }
  }

  /** Names of a path may be told in the journal. */
  private void know(String path) {
    for (String part : path.split("\\.", -1)) {
      String name = part.replace("[]", "");
      if (!name.isEmpty() && !name.startsWith("*") && name.length() <= 64) {
        knownNames.putIfAbsent(name, name);
      }
    }
  }

  private RuleFile.Defaults readDefaults(Section defaults) {
    Mode mode = mode(defaults);
    Effect host = defaultEffect(defaults, "host", Effect.DENY);
    Effect read = defaultEffect(defaults, "read", Effect.ALLOW);
    Effect write = defaultEffect(defaults, "write", Effect.DENY);
    Effect unknown = defaultEffect(defaults, "unknown", Effect.DENY);
    Fallback onError = fallback(defaults.section("on-error"));
    Fallback onJournalDown = fallback(defaults.section("on-journal-down"));
    Section body = defaults.section("body");
    int inspected = size(body, "inspect-up-to");
    Fallback larger = fallback(body.section("larger"));
    body.done();
    boolean matches =
        defaults.oneOf("missing-field", "matches", "matches", "skip").equals("matches");
    if (!matches) {
      problems.warning(
          defaults.keyAt("missing-field"),
          "CRD305",
          "missing-field: skip lets calls by whose fields are absent or unreadable",
          "use missing-field: matches, or on-unknown: skip in single rules");
    }
    defaults.done();
    return new RuleFile.Defaults(
        mode, host, read, write, unknown, onError, onJournalDown, inspected, larger, matches);
  }

  private static Mode mode(Section section) {
    return section.oneOf("mode", "enforce", "enforce", "observe").equals("observe")
        ? Mode.OBSERVE
        : Mode.ENFORCE;
  }

  private static Effect defaultEffect(Section defaults, String key, Effect fallback) {
    String word =
        defaults.oneOf(
            key, fallback == Effect.ALLOW ? "allow" : "deny", "allow", "deny", "approve");
    return switch (word) {
      case "allow" -> Effect.ALLOW;
      case "approve" -> Effect.APPROVE;
      default -> Effect.DENY;
    };
  }

  private static Fallback fallback(Section section) {
    boolean read = section.oneOf("read", "allow", "allow", "deny").equals("allow");
    boolean write = section.oneOf("write", "deny", "allow", "deny").equals("allow");
    section.done();
    return new Fallback(read, write);
  }

  private int size(Section section, String key) {
    YamlNode.Scalar scalar = section.scalar(key);
    if (scalar == null) {
      return DEFAULT_INSPECTED_BYTES;
    }
    String[] parts = scalar.text().strip().split(" +", -1);
    int unit =
        switch (parts.length == 2 ? parts[1] : "") {
          case "B" -> 1;
          case "KiB" -> 1024;
          case "MiB" -> 1024 * 1024;
          default -> 0;
        };
    if (unit > 0 && parts[0].matches("[0-9]{1,9}")) {
      long bytes = Long.parseLong(parts[0]) * unit;
      if (bytes > 0 && bytes <= MAX_INSPECTED_BYTES) {
        return (int) bytes;
      }
    }
    problems.error(
        scalar.at(),
        "CRD115",
        key + " must be a size from 1 B to 16 MiB, not '" + scalar.text() + "'",
        "write 256 KiB");
    return DEFAULT_INSPECTED_BYTES;
  }

  private void readDestinations(Section file) {
    Section all = file.section("destinations");
    for (YamlNode.Field field : all.takeAll()) {
      String name = field.key().text();
      if (!ID.matcher(name).matches() || name.equals("any")) {
        problems.error(
            field.key().at(),
            "CRD133",
            "bad destination name '" + name + "'",
            "use letters, digits, '.', '-', '_'; 'any' stands for all");
        continue;
      }
      readDestination(name, Section.of("destination '" + name + "'", field.value(), problems));
    }
    all.done();
  }

  private void readDestination(String name, Section section) {
    List<YamlNode.Scalar> hostNodes = section.scalars("hosts");
    if (hostNodes.isEmpty() && !section.has("hosts")) {
      problems.error(
          section.at(), "CRD112", "destination '" + name + "' has no 'hosts'", "list its hosts");
    }
    List<YamlNode.Scalar> portNodes = section.scalars("ports");
    int[] ports = new int[portNodes.size()];
    for (int i = 0; i < ports.length; i++) {
      ports[i] = (int) section.number("port", portNodes.get(i), 443, 1, 65535);
    }
    boolean tls = section.oneOf("tls", "optional", "required", "optional").equals("required");
    if (section.has("private") && !section.flag("private", true)) {
      problems.warning(
          section.keyAt("private"),
          "CRD119",
          "'private: false' is not acted on by this version",
          "the addresses that a name resolves to are not looked at");
    }
    Destination.Protocol protocol =
        switch (section.oneOf("protocol", "http", "http", "json-rpc", "graphql")) {
          case "json-rpc" -> Destination.Protocol.JSON_RPC;
          case "graphql" -> Destination.Protocol.GRAPHQL;
          default -> Destination.Protocol.HTTP;
        };
    Boolean exception = refuseWith(section);
    section.done();
    int index = destinations.size();
    Pack pack = packs.get(name);
    destinations.put(
        name, new Destination(index, name, ports, tls, protocol, exception, pack, fileName));
    for (YamlNode.Scalar host : hostNodes) {
      readHost(host, index);
    }
  }

  private static @Nullable Boolean refuseWith(Section section) {
    if (!section.has("refuse-with")) {
      return null;
    }
    return section.oneOf("refuse-with", "response", "response", "exception").equals("exception");
  }

  private void readHost(YamlNode.Scalar node, int destination) {
    String written = node.text();
    int slash = written.indexOf('/');
    String address = slash < 0 ? written : written.substring(0, slash);
    boolean bracketed = address.startsWith("[") && address.endsWith("]");
    IpAddress ip =
        bracketed
            ? IpAddress.v6(address, 1, address.length() - 1)
            : address.indexOf(':') >= 0
                ? IpAddress.v6(address, 0, address.length())
                : IpAddress.v4(address, 0, address.length());
    if (ip != null) {
      int most = ip.isV4() ? 32 : 128;
      int prefix = slash < 0 ? most : prefix(written.substring(slash + 1), most);
      if (prefix >= 0) {
        hosts.addAddress(ip, prefix + 128 - most, destination);
        return;
      }
    }
    boolean below = written.startsWith(".");
    String name = Target.canonicalName(below ? written.substring(1) : written);
    if (ip == null && name != null && !name.matches("(.*\\.)?(0x[0-9a-f]*|[0-9]+)")) {
      hosts.addName(below ? "." + name : name, destination);
      return;
    }
    String hint = "write api.example.com, .example.com for all hosts below it, or an address";
    if (written.contains("://")) {
      hint = "write the host alone, without scheme and path";
    } else if (written.contains("*")) {
      hint = "write .example.com for all hosts below example.com";
    } else if (written.indexOf(':') > 0 && !bracketed) {
      hint = "write ports under `ports`";
    }
    problems.error(node.at(), "CRD125", "bad host '" + written + "'", hint);
  }

  private static int prefix(String text, int most) {
    if (!text.matches("[0-9]{1,3}")) {
      return -1;
    }
    int prefix = Integer.parseInt(text);
    return prefix <= most ? prefix : -1;
  }

  private void readLists(Section file) {
    Section all = file.section("lists");
    for (YamlNode.Field field : all.takeAll()) {
      List<Literal> items = new ArrayList<>();
      for (YamlNode.Scalar item : scalarsOf(field)) {
        items.add(Literal.of(item.text(), item.quoted()));
      }
      if (field.value() instanceof YamlNode.Items list && list.items().isEmpty()) {
        problems.error(
            field.key().at(), "CRD112", "list '" + field.key().text() + "' is empty", "");
      }
      lists.put(field.key().text(), new RuleList(items, field.key().at()));
    }
    all.done();
  }

  private List<YamlNode.Scalar> scalarsOf(YamlNode.Field field) {
    YamlNode.Fields alone = new YamlNode.Fields(List.of(field), field.key().at());
    return Section.of("lists", alone, problems).scalars(field.key().text());
  }

  private void readClassify(Section section) {
    readClassify(section, "read", CallClass.READ);
    readClassify(section, "write", CallClass.WRITE);
    section.done();
  }

  private void readClassify(Section section, String key, CallClass callClass) {
    for (YamlNode.Scalar line : section.scalars(key)) {
      int space = line.text().indexOf(' ');
      String name = space < 0 ? line.text() : line.text().substring(0, space);
      Destination destination = destination(line, 0, name);
      CallPattern call = CallPattern.parse(line, space < 0 ? 0 : space + 1, problems);
      if (destination != null && call != null) {
        destination.classified.add(call, classified.size());
        classified.add(new RuleFile.Classified(call, callClass));
      }
    }
  }

  private @Nullable Destination destination(YamlNode.Scalar node, int offset, String name) {
    Destination destination = destinations.get(name);
    if (destination == null) {
      problems.error(
          node.part(offset, name.length()),
          "CRD124",
          "unknown destination '" + name + "'",
          Suggest.hint(name, destinations.keySet(), "define it under `destinations`"));
    }
    return destination;
  }

  private void readRule(Section section) {
    String id = readId(section);
    String owner = section.text("owner", fileOwner);
    if (owner.isEmpty()) {
      problems.warning(section.at(), "CRD401", "rule '" + id + "' has no owner", "add: owner: ...");
    }
    String why = section.text("why", "");
    List<Destination> to = new ArrayList<>();
    boolean any = readTo(section, id, to);
    YamlNode.Scalar callNode = section.required("call", "write METHOD /path");
    CallPattern call = callNode == null ? null : CallPattern.parse(callNode, 0, problems);
    boolean hasMoney = call != null && movesMoney(any ? destinations.values() : to, call);
    ConditionParser conditions = new ConditionParser(problems, fields, lists, hasMoney);
    List<ConditionParser.Clause> when = conditions.clauses(whenNodes(section));
    for (String field : conditions.bodyFields().keySet()) {
      know(field);
    }
    if (call != null) {
      checkKnownFields(conditions.bodyFields(), to, call);
    }
    usesMoney |= hasMoney;
    String then = readThen(section, id);
    Effect effect = effect(then);
    FieldsCheck check = readFieldsCheck(section);
    Redaction redaction = readRuleRedaction(section, then);
    boolean observed = mode(section) == Mode.OBSERVE;
    boolean fires = readOnUnknown(section, effect);
    Boolean exception = refuseWith(section);
    refuseLaterParts(section, effect);
    section.done();
    if (effect == Effect.ALLOW && any) {
      problems.warning(
          section.keyAt("to"),
          "CRD303",
          "rule '" + id + "' allows its calls to every destination",
          "name the destinations under to:");
    }
    if (call == null) {
      return;
    }
    int index = rules.size();
    Rule rule =
        new Rule(
            index,
            id,
            effect,
            any,
            observed,
            call,
            when,
            check,
            redaction,
            fires,
            exception,
            List.of(id),
            help(id, owner, why, effect),
            section.keyAt("id"));
    rules.add(rule);
    if (any) {
      anyRules.add(call, index);
    }
    for (Destination destination : to) {
      destination.rules.add(call, index);
    }
  }

  private static void refuseLaterParts(Section rule, @Nullable Effect effect) {
    rule.refuseLater("limits", "calls over the limit would pass");
    rule.refuseLater("idempotency", "duplicates would pass");
    rule.refuseLater("size", "larger bodies would pass");
    rule.refuseLater("replaces", "there are no layers to replace rules of");
    rule.passLater("approval", "then: approve refuses every call until approvals are built");
    rule.passLater("review-by", "nobody is reminded");
    if (effect == Effect.ESCALATE) {
      rule.passLater("to-queue", "the call is refused, not handed over");
      rule.passLater("reply", "the call is refused, no reply is sent");
    }
  }

  private String readId(Section section) {
    YamlNode.Scalar node = section.required("id", "every rule needs one");
    if (node == null) {
      return "?";
    }
    String id = node.text();
    if (!ID.matcher(id).matches() || id.startsWith("default.")) {
      problems.error(
          node.at(),
          "CRD133",
          "bad rule id '" + id + "'",
          "use letters, digits, '.', '-', '_'; default. is taken");
    }
    Position first = ruleIds.putIfAbsent(id, node.at());
    if (first != null) {
      problems.error(
          node.at(),
          "CRD201",
          "rule '" + id + "' exists already",
          "first at " + first.line() + ":" + first.column());
    }
    return id;
  }

  private boolean readTo(Section section, String id, List<Destination> to) {
    if (!section.has("to")) {
      section.take("to");
      problems.error(
          section.at(), "CRD112", "rule '" + id + "' has no 'to'", "name a destination, or any");
      return false;
    }
    boolean any = false;
    for (YamlNode.Scalar node : section.scalars("to")) {
      if (node.text().equals("any")) {
        any = true;
        continue;
      }
      Destination destination = destination(node, 0, node.text());
      if (destination != null && !to.contains(destination)) {
        to.add(destination);
      }
    }
    if (any) {
      to.clear();
    }
    return any;
  }

  private static List<YamlNode> whenNodes(Section section) {
    YamlNode node = section.take("when");
    if (node == null) {
      return List.of();
    }
    return node instanceof YamlNode.Items list ? list.items() : List.of(node);
  }

  private static boolean movesMoney(Collection<Destination> to, CallPattern call) {
    for (Destination destination : to) {
      if (destination.pack == null) {
        continue;
      }
      for (Pack.Call known : destination.pack.calls()) {
        if (known.hasMoney() && known.pattern().overlaps(call)) {
          return true;
        }
      }
    }
    return false;
  }

  /** A field that the pack does not know is an error when it looks like one that it does. */
  private void checkKnownFields(
      Map<String, Position> used, List<Destination> to, CallPattern call) {
    for (Destination destination : to) {
      Set<String> known = new LinkedHashSet<>();
      Pack pack = destination.pack;
      if (pack == null) {
        continue;
      }
      for (Pack.Call packCall : pack.calls()) {
        if (packCall.pattern().covers(call)) {
          known.addAll(packCall.fields());
        }
      }
      if (known.isEmpty()) {
        continue;
      }
      for (Map.Entry<String, Position> field : used.entrySet()) {
        String path = field.getKey();
        if (isKnown(path, known)) {
          continue;
        }
        String message = "unknown field '" + path + "' for " + destination.name + " " + call;
        String some = "(pack " + pack.name() + " knows: " + String.join(", ", known) + ")";
        String near = Suggest.near(path, known);
        if (near != null) {
          problems.error(
              field.getValue(), "CRD121", message, "did you mean '" + near + "'?  " + some);
        } else {
          problems.warning(
              field.getValue(), "CRD121", message, "a call without it counts as unknown  " + some);
        }
      }
    }
  }

  private static boolean isKnown(String path, Set<String> known) {
    if (path.startsWith("**")) {
      return true;
    }
    String plain = path.replace("[]", "");
    for (String field : known) {
      String name = field.replace("[]", "");
      boolean below = name.endsWith(".*") || name.endsWith(".**");
      String stem = below ? name.substring(0, name.lastIndexOf('.')) : name;
      if (plain.equals(stem)
          || (below && plain.startsWith(stem + "."))
          || name.startsWith(plain + ".")) {
        return true;
      }
    }
    return false;
  }

  private String readThen(Section section, String id) {
    YamlNode.Scalar node =
        section.required("then", "say what rule '" + id + "' does: allow, deny, approve ...");
    return node == null
        ? "deny"
        : section.word(
            "then", node, "deny", "allow", "deny", "approve", "forbid", "escalate", "redact");
  }

  private static @Nullable Effect effect(String then) {
    return switch (then) {
      case "allow" -> Effect.ALLOW;
      case "approve" -> Effect.APPROVE;
      case "escalate" -> Effect.ESCALATE;
      case "forbid" -> Effect.FORBID;
      case "redact" -> null;
      default -> Effect.DENY;
    };
  }

  private @Nullable FieldsCheck readFieldsCheck(Section section) {
    if (!section.has("fields")) {
      return null;
    }
    Section part = section.section("fields");
    String root = part.text("root", "");
    List<String> allowed = new ArrayList<>();
    for (YamlNode.Scalar node : part.scalars("allow")) {
      if (node.text().startsWith("$")) {
        RuleList list = lists.get(node.text().substring(1));
        if (list == null) {
          problems.error(
              node.at(),
              "CRD122",
              "unknown list '" + node.text() + "'",
              Suggest.hint(node.text().substring(1), lists.keySet(), "define it under `lists`"));
        } else {
          for (Literal item : list.use()) {
            allowed.add(item.text());
          }
        }
      } else {
        allowed.add(node.text());
      }
    }
    if (!part.has("allow")) {
      problems.error(part.at(), "CRD112", "fields has no 'allow'", "list the allowed fields");
    }
    Effect others =
        part.oneOf("others", "deny", "deny", "approve").equals("approve")
            ? Effect.APPROVE
            : Effect.DENY;
    part.done();
    for (String path : allowed) {
      know(path);
    }
    know(root);
    return FieldsCheck.of(root, allowed, others);
  }

  private @Nullable Redaction readRuleRedaction(Section section, String then) {
    boolean redacts = then.equals("redact");
    if (!section.has("redact")) {
      section.take("redact");
      if (redacts) {
        problems.error(
            section.keyAt("then"),
            "CRD112",
            "then: redact without 'redact'",
            "add: redact: { fields: [text], types: [email], with: token }");
      }
      return null;
    }
    Section part = section.section("redact");
    if (!redacts) {
      problems.error(
          section.keyAt("redact"),
          "CRD132",
          "'redact' goes with then: redact only",
          "write a rule of its own for it; redaction never allows a call");
    }
    List<String> paths = new ArrayList<>();
    for (YamlNode.Scalar node : part.scalars("fields")) {
      String wrong = FieldTable.wrong(node.text());
      if (wrong != null) {
        problems.error(
            node.at(), "CRD120", "bad field '" + node.text() + "': " + wrong, "as in: a.b");
      } else {
        paths.add(node.text());
      }
    }
    Redaction redaction = redaction(part, paths, List.of("token", "mask", "hash", "block"));
    part.done();
    return redaction;
  }

  private Redaction readRedaction(Section parent, String key, List<String> operators) {
    if (!parent.has(key)) {
      parent.take(key);
      return Redaction.NOTHING;
    }
    Section part = parent.section(key);
    Redaction redaction = redaction(part, List.of(), operators);
    part.done();
    return redaction;
  }

  private Redaction redaction(Section part, List<String> paths, List<String> operators) {
    Set<String> types = new LinkedHashSet<>();
    for (YamlNode.Scalar node : part.scalars("types")) {
      if (TYPES.contains(node.text())) {
        types.add(node.text());
      } else {
        problems.error(
            node.at(),
            "CRD131",
            "type '" + node.text() + "' is not detected by this version",
            Suggest.hint(node.text(), TYPES, "use " + String.join(", ", TYPES)));
      }
    }
    String with = part.oneOf("with", "token", operators.toArray(new String[0]));
    if (types.isEmpty()) {
      if (!part.has("types")) {
        problems.error(part.at(), "CRD112", "a redaction has no 'types'", "as in: types: [email]");
      }
      return Redaction.NOTHING;
    }
    return new Redaction(
        paths,
        types,
        switch (with) {
          case "mask" -> Redaction.With.MASK;
          case "hash" -> Redaction.With.HASH;
          case "block" -> Redaction.With.BLOCK;
          default -> Redaction.With.TOKEN;
        });
  }

  private boolean readOnUnknown(Section section, @Nullable Effect effect) {
    if (!section.has("on-unknown")) {
      section.take("on-unknown");
      return missingMatches;
    }
    boolean fires = section.oneOf("on-unknown", "matches", "matches", "skip").equals("matches");
    if (effect == Effect.ALLOW && fires) {
      problems.error(
          section.keyAt("on-unknown"),
          "CRD132",
          "a rule with then: allow never fires on unknown",
          "take on-unknown out");
    } else if (effect != Effect.ALLOW && !fires) {
      problems.warning(
          section.keyAt("on-unknown"),
          "CRD305",
          "on-unknown: skip lets calls by whose fields are absent or unreadable",
          "leave it out unless that is meant");
    }
    return fires;
  }

  private static String help(String id, String owner, String why, @Nullable Effect effect) {
    StringBuilder out = new StringBuilder("rule ").append(id);
    if (effect == Effect.APPROVE) {
      out.append(" wants an approval");
    }
    if (!why.isEmpty()) {
      out.append(": ").append(oneLine(why));
    }
    if (!owner.isEmpty()) {
      out.append(effect == Effect.APPROVE ? "; ask " : "; owner ").append(oneLine(owner));
    }
    return out.toString();
  }

  private static String oneLine(String text) {
    String line = text.replaceAll("\\p{Cntrl}+", " ").strip();
    return line.length() > 200 ? line.substring(0, 200) : line;
  }

  private void bindMoney() {
    if (!usesMoney) {
      return;
    }
    for (Destination destination : destinations.values()) {
      Pack pack = destination.pack;
      if (pack == null) {
        continue;
      }
      for (int i = 0; i < pack.calls().size(); i++) {
        Pack.Call call = pack.calls().get(i);
        if (call.hasMoney()) {
          destination.money[i] =
              new Money(
                  fields.add(call.amount()),
                  fields.add(call.currency()),
                  call.minor(),
                  pack.currencyExponents());
        }
      }
    }
  }

  private void warnOfUnused(Section file) {
    if (problems.hasErrors()) {
      return; // what would use it may be what is broken
    }
    for (Map.Entry<String, RuleList> list : lists.entrySet()) {
      if (!list.getValue().isUsed()) {
        problems.warning(
            list.getValue().at(),
            "CRD202",
            "no rule uses list '" + list.getKey() + "'",
            "write $" + list.getKey() + " where it is meant");
      }
    }
    for (String pack : packs.keySet()) {
      if (!destinations.containsKey(pack)) {
        problems.warning(
            file.keyAt("packs"),
            "CRD203",
            "pack '" + pack + "' is bound to no destination",
            "a pack is used by the destination of its name");
      }
    }
  }
}
