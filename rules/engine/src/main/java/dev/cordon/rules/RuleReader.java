package dev.cordon.rules;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads {@code rules}. */
final class RuleReader {
  private final Draft draft;
  private final Problems problems;
  private final Map<String, Position> ids = new HashMap<>(); // of this layer

  RuleReader(Draft draft) {
    this.draft = draft;
    problems = draft.problems;
  }

  void read(Section section) {
    String id = readId(section);
    String owner = section.text("owner", draft.owner);
    if (owner.isEmpty()) {
      problems.warning(section.at(), "CRD401", "rule '" + id + "' has no owner", "add: owner: ...");
    }
    String why = section.text("why", "");
    List<Destination> to = new ArrayList<>();
    boolean any = readTo(section, id, to);
    YamlNode.Scalar callNode = section.required("call", "write METHOD /path");
    CallPattern call = callNode == null ? null : draft.call(callNode);
    String then = readThen(section, id);
    Effect effect = effect(then);
    Collection<Destination> destinations = any ? draft.destinations.values() : to;
    boolean hasMoney = call != null && moves(destinations, call);
    ConditionParser conditions =
        new ConditionParser(
            draft,
            hasMoney,
            call != null && isAboutSomeone(destinations, call),
            effect == Effect.ALLOW);
    List<ConditionParser.Clause> when = conditions.clauses(whenNodes(section));
    Bounds bounds = new BoundsReader(draft).read(section, id, effect, conditions);
    for (String field : conditions.bodyFields().keySet()) {
      draft.know(field);
    }
    if (call != null && callNode != null) {
      for (Destination destination : to) {
        draft.checkEndpoint(callNode, call, destination);
      }
      checkKnownFields(conditions.bodyFields(), to, call);
    }
    draft.usesMoney |= hasMoney;
    FieldsCheck check = readFieldsCheck(section);
    boolean model = !any && !to.isEmpty() && to.stream().allMatch(one -> one.isModel());
    Redaction redaction =
        new RedactionReader(problems, draft.ownTypes).ofRule(section, then, model);
    boolean observed = Draft.mode(section) == Mode.OBSERVE;
    boolean fires = readOnUnknown(section, effect, asksOriginsOnly(when));
    lookAtOrigins(when, effect, fires);
    Boolean exception = Draft.refuseWith(section);
    ApprovalPolicy approval = new OperationsReader(problems).ofRule(section, draft.approvals);
    if (section.has("approval")
        && effect != Effect.APPROVE
        && !bounds.mayGive(Effect.APPROVE)
        && (check == null || check.others() != Effect.APPROVE)) {
      problems.error(
          section.keyAt("approval"),
          "CRD132",
          "'approval' goes with approve",
          "write then: approve, over: approve at a limit or others: approve");
    }
    HandOver handOver =
        handOver(section, bounds.mayGive(Effect.ESCALATE) ? Effect.ESCALATE : effect, problems);
    readReview(section, id);
    boolean replaces = readReplaces(section, id);
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
    Rule rule =
        new Rule(
            0,
            0,
            id,
            effect,
            any,
            observed,
            call,
            when,
            check,
            redaction,
            bounds,
            approval,
            handOver,
            fires,
            exception,
            List.of(id),
            effect == Effect.ESCALATE && handOver != null && !handOver.reply().isEmpty()
                ? handOver.reply()
                : help(id, owner, why, effect),
            problems.file(),
            section.keyAt("id"),
            0);
    YamlNode.Scalar idNode = section.scalar("id");
    add(rule, to, replaces, idNode == null ? rule.at() : idNode.at());
  }

  /**
   * Adds a rule; {@code to} is empty for every destination. One that replaces a rule of a lower
   * layer must let nothing more by.
   */
  void add(Rule rule, List<Destination> to, boolean replaces, Position idAt) {
    Draft.Entry entry = new Draft.Entry(rule, List.copyOf(to), draft.layer);
    Draft.Entry first = draft.rules.putIfAbsent(rule.id(), entry);
    if (first == null) {
      if (replaces) {
        problems.error(
            idAt, "CRD201", "there is no lower rule '" + rule.id() + "'", "take replaces out");
      }
      return;
    }
    if (first.layer() == draft.layer) {
      return; // told when its id was read
    }
    if (!replaces) {
      problems.error(
          idAt,
          "CRD201",
          "rule '" + rule.id() + "' exists already",
          "first at "
              + first.rule().file()
              + ":"
              + place(first.rule().at())
              + "; a stricter one may say replaces: "
              + rule.id());
      return;
    }
    String refused =
        draft.locked.contains(first.layer())
            ? first.rule().file() + " is locked"
            : first.rule().effect() == Effect.FORBID ? "what is forbidden stays as it is" : null;
    if (refused != null) {
      problems.error(
          idAt, "CRD210", "rule '" + rule.id() + "' cannot be replaced: " + refused, "take it out");
      return;
    }
    String doubt = Replacement.doubt(first, entry);
    if (doubt != null) { // proved when all that calls are told apart by is known
      draft.doubts.add(new Draft.Doubt(first, entry, problems, idAt, doubt));
    }
    draft.rules.put(rule.id(), entry);
  }

  private boolean readReplaces(Section section, String id) {
    YamlNode.Scalar replaces = section.scalar("replaces");
    if (replaces == null) {
      return false;
    }
    if (!replaces.text().equals(id)) {
      problems.error(
          replaces.at(),
          "CRD201",
          "a rule replaces the rule of its own id",
          "write replaces: " + id);
    }
    return true;
  }

  private void readReview(Section rule, String id) {
    YamlNode.Scalar date = rule.scalar("review-by");
    if (date == null) {
      return;
    }
    LocalDate day = date(date, problems);
    if (day != null && today(draft.surroundings).isAfter(day)) {
      problems.warning(
          date.at(),
          "CRD403",
          "rule '" + id + "' was to be reviewed by " + day,
          "look at it again");
    }
  }

  static @Nullable LocalDate date(YamlNode.Scalar node, Problems problems) {
    try {
      return LocalDate.parse(node.text());
    } catch (DateTimeParseException e) {
      problems.error(node.at(), "CRD144", "'" + node.text() + "' is no date", "write YYYY-MM-DD");
      return null;
    }
  }

  static LocalDate today(Surroundings surroundings) {
    return LocalDate.ofInstant(surroundings.clock().instant(), ZoneOffset.UTC);
  }

  /** Where escalated calls go; null when it is not said. */
  static @Nullable HandOver handOver(Section section, @Nullable Effect effect, Problems problems) {
    YamlNode.Scalar queue = section.scalar("to-queue");
    YamlNode.Scalar reply = section.scalar("reply");
    if (queue == null && reply == null) {
      return null;
    }
    if (effect != Effect.ESCALATE) {
      problems.error(
          section.keyAt(queue == null ? "reply" : "to-queue"),
          "CRD132",
          "'to-queue' and 'reply' go with escalate",
          "write then: escalate, or over: escalate at a limit");
    }
    if (queue != null && !Draft.isId(queue.text())) {
      problems.error(
          queue.at(), "CRD133", "bad queue name '" + queue.text() + "'", "as in: kyc-desk");
    }
    return new HandOver(
        queue == null ? "" : queue.text(), reply == null ? "" : oneLine(reply.text()));
  }

  private String readId(Section section) {
    YamlNode.Scalar node = section.required("id", "every rule needs one");
    if (node == null) {
      return "?";
    }
    String id = node.text();
    if (!Draft.isId(id) || id.startsWith("default.") || id.startsWith("category.")) {
      problems.error(
          node.at(),
          "CRD133",
          "bad rule id '" + id + "'",
          "use letters, digits, '.', '-', '_'; default. and category. are taken");
    }
    Position first = ids.putIfAbsent(id, section.keyAt("id"));
    if (first != null) {
      problems.error(
          node.at(), "CRD201", "rule '" + id + "' exists already", "first at " + place(first));
    }
    return id;
  }

  private static String place(Position at) {
    return at.line() + ":" + at.column();
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
      Destination destination = draft.destination(node, 0, node.text());
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

  /** Money, with some call of the pattern, says a pack. */
  private static boolean moves(Collection<Destination> to, CallPattern call) {
    for (Destination destination : to) {
      List<Pack.Call> known = calls(destination);
      for (int i = 0; i < known.size(); i++) {
        if (known.get(i).hasMoney() && known.get(i).pattern().overlaps(call)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean isAboutSomeone(Collection<Destination> to, CallPattern call) {
    for (Destination destination : to) {
      List<Pack.Call> known = calls(destination);
      for (int i = 0; i < known.size(); i++) {
        if (known.get(i).hasSubject() && known.get(i).pattern().overlaps(call)) {
          return true;
        }
      }
    }
    return false;
  }

  private static List<Pack.Call> calls(Destination destination) {
    return destination.pack == null ? List.of() : destination.pack.calls();
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
        RuleList list = draft.lists.get(node.text().substring(1));
        if (list == null) {
          problems.error(
              node.at(),
              "CRD122",
              "unknown list '" + node.text() + "'",
              Suggest.hint(
                  node.text().substring(1), draft.lists.keySet(), "define it under `lists`"));
        } else {
          for (Literal item : list.use(draft.layer, true)) {
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
      draft.know(path);
    }
    draft.know(root);
    return FieldsCheck.of(root, allowed, others);
  }

  /** Then all that is passed over is what nothing is known of. */
  private static boolean asksOriginsOnly(List<ConditionParser.Clause> when) {
    boolean only = !when.isEmpty();
    for (ConditionParser.Clause clause : when) {
      only &= clause.condition() instanceof Condition.CameFrom;
    }
    return only;
  }

  private void lookAtOrigins(
      List<ConditionParser.Clause> when, @Nullable Effect effect, boolean fires) {
    for (ConditionParser.Clause clause : when) {
      boolean allows = effect == Effect.ALLOW;
      if (!allows && fires && clause.condition() instanceof Condition.CameFrom) {
        problems.warning(
            clause.at(),
            "CRD214",
            "a restricting rule holds whatever taint says: it is true or unknown, never false",
            "add on-unknown: skip to hold only for what is known, or write not: before it");
      } else if (allows
          && clause.condition() instanceof Condition.Not not
          && not.part() instanceof Condition.CameFrom) {
        problems.warning(
            clause.at(),
            "CRD214",
            "the rule allows nothing: taint is true or unknown, never false",
            "write a rule with then: deny and on-unknown: skip instead");
      }
    }
  }

  boolean readOnUnknown(Section section, @Nullable Effect effect, boolean originsOnly) {
    if (!section.has("on-unknown")) {
      section.take("on-unknown");
      return draft.missingMatches;
    }
    boolean fires = section.oneOf("on-unknown", "matches", "matches", "skip").equals("matches");
    if (effect == Effect.ALLOW && fires) {
      problems.error(
          section.keyAt("on-unknown"),
          "CRD132",
          "a rule with then: allow never fires on unknown",
          "take on-unknown out");
    } else if (effect != Effect.ALLOW && !fires && !originsOnly) {
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

  static String oneLine(String text) {
    StringBuilder cleared = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean control = isControl(c);
      if (control && cleared == null) {
        cleared = new StringBuilder(text.length()).append(text, 0, i);
      }
      if (cleared != null && !control) {
        cleared.append(c);
      } else if (cleared != null && (i == 0 || !isControl(text.charAt(i - 1)))) {
        cleared.append(' ');
      }
    }
    String line = (cleared == null ? text : cleared.toString()).strip();
    return line.length() > 200 ? line.substring(0, 200) : line;
  }

  private static boolean isControl(char c) {
    return c < ' ' || c == 0x7f;
  }
}
