package dev.cordon.rules;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code categories}. A category is a rule for every call: its condition is that the body
 * holds what the category stands for.
 */
final class CategoryReader {
  /** What the language has names for before any detector finds them. */
  private static final Set<String> NAMED =
      Set.of("identity-document", "password-reset", "legal-hr");

  private final Draft draft;
  private final Problems problems;
  private final RuleReader rules;

  CategoryReader(Draft draft, RuleReader rules) {
    this.draft = draft;
    this.problems = draft.problems;
    this.rules = rules;
  }

  void read(Section all) {
    for (YamlNode.Field field : all.takeAll()) {
      String name = field.key().text();
      if (!Draft.isId(name)) {
        problems.error(
            field.key().at(),
            "CRD133",
            "bad category name '" + name + "'",
            "use letters, digits, '.', '-', '_'");
        continue;
      }
      readOne(field.key(), Section.of("category '" + name + "'", field.value(), problems));
    }
  }

  private void readOne(YamlNode.Scalar name, Section section) {
    String id = "category." + name.text();
    Set<String> types = types(name, section);
    List<ConditionParser.Clause> when = new ArrayList<>();
    Condition found = new Condition.BodyHas(Set.copyOf(types), draft.surroundings.detector());
    when.add(new ConditionParser.Clause("body has " + String.join(" | ", types), name.at(), found));
    YamlNode.Scalar suppress = section.scalar("suppress-in");
    if (suppress != null) {
      ConditionParser.Clause elsewhere = elsewhere(suppress);
      if (elsewhere != null) {
        when.add(elsewhere);
      }
    }
    Effect effect =
        switch (section.oneOf("then", "escalate", "escalate", "approve", "deny", "forbid")) {
          case "approve" -> Effect.APPROVE;
          case "deny" -> Effect.DENY;
          case "forbid" -> Effect.FORBID;
          default -> Effect.ESCALATE;
        };
    section.oneOf("journal", "type-only", "type-only");
    String owner = section.text("owner", draft.owner);
    HandOver handOver = RuleReader.handOver(section, effect, problems);
    ApprovalPolicy approval = new OperationsReader(problems).ofRule(section, draft.approvals);
    boolean observed = Draft.mode(section) == Mode.OBSERVE;
    boolean fires = rules.readOnUnknown(section, effect, false);
    section.done();
    CallPattern everyCall =
        CallPattern.parse(new YamlNode.Scalar("* /**", false, false, name.at()), 0, problems);
    if (everyCall == null || types.isEmpty()) {
      return;
    }
    String help = "the body holds " + name.text() + " data";
    rules.add(
        new Rule(
            0,
            0,
            id,
            effect,
            true,
            observed,
            everyCall,
            when,
            null,
            null,
            Bounds.NONE,
            approval,
            handOver,
            fires,
            null,
            List.of(id),
            handOver != null && !handOver.reply().isEmpty()
                ? handOver.reply()
                : help + (owner.isEmpty() ? "" : "; owner " + RuleReader.oneLine(owner)),
            problems.file(),
            name.at(),
            0),
        List.of(),
        false,
        name.at());
  }

  private Set<String> types(YamlNode.Scalar name, Section section) {
    Detector detector = draft.surroundings.detector();
    if (!section.has("types")) {
      section.take("types");
      Set<String> types = detector.typesOf(name.text());
      if (types.isEmpty() && NAMED.contains(name.text()) && escalates(section)) {
        problems.warning(
            name.at(),
            "CRD119",
            "nothing detects category '" + name.text() + "' in this version",
            "no call is handed over for it; say what it is made of under types");
      } else if (types.isEmpty()) {
        problems.error(
            name.at(),
            "CRD131",
            "category '" + name.text() + "' is not detected by this version",
            "say what it is made of, as in: types: [" + first(detector.types()) + "]");
      }
      return new TreeSet<>(types);
    }
    Set<String> types = new LinkedHashSet<>();
    for (YamlNode.Scalar type : section.scalars("types")) {
      if (detector.types().contains(type.text())) {
        types.add(type.text());
      } else {
        problems.error(
            type.at(),
            "CRD131",
            "type '" + type.text() + "' is not detected by this version",
            Suggest.hint(
                type.text(),
                detector.types(),
                "use " + String.join(", ", new TreeSet<>(detector.types()))));
      }
    }
    return types;
  }

  /** What refuses for good must not be promised. */
  private static boolean escalates(Section section) {
    YamlNode then = section.peek("then");
    return then == null
        || (then instanceof YamlNode.Scalar scalar && scalar.text().equals("escalate"));
  }

  private static String first(Set<String> types) {
    return types.isEmpty() ? "" : new TreeSet<>(types).first();
  }

  /** The category does not count where people talk among themselves. */
  private ConditionParser.@Nullable Clause elsewhere(YamlNode.Scalar list) {
    ConditionParser parser = new ConditionParser(draft, false, false, true);
    YamlNode.Scalar condition =
        new YamlNode.Scalar("channel in " + list.text(), false, false, list.at());
    List<ConditionParser.Clause> clauses = parser.clauses(List.of(condition));
    if (clauses.isEmpty()) {
      return null;
    }
    return new ConditionParser.Clause(
        "not channel in " + list.text(), list.at(), new Condition.Not(clauses.get(0).condition()));
  }
}
