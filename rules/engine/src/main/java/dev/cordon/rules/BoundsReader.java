package dev.cordon.rules;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code limits}, {@code idempotency} and {@code size} of a rule. */
final class BoundsReader {
  private static final long MAX_COUNT = 1_000_000_000_000L;
  private static final long MAX_BYTES = 1L << 40;

  private final Draft draft;
  private final Problems problems;

  BoundsReader(Draft draft) {
    this.draft = draft;
    problems = draft.problems;
  }

  /**
   * @param conditions reads field names, and says whether the rule's calls move money
   */
  Bounds read(Section rule, String ruleId, @Nullable Effect effect, ConditionParser conditions) {
    refuseWhereNothingLeaves(rule, effect);
    List<Bounds.Limit> limits = new ArrayList<>();
    Map<String, Integer> alike = new HashMap<>();
    for (YamlNode node : rule.items("limits")) {
      Section section = Section.of("the limit", node, problems);
      Bounds.Limit limit = limit(section, ruleId, alike, conditions);
      if (limit != null) {
        limits.add(limit);
      }
    }
    Bounds.Idempotency idempotency = idempotency(rule, ruleId, conditions);
    long maxBodyBytes = -1;
    Effect overSize = Effect.DENY;
    if (rule.has("size")) {
      Section size = rule.section("size");
      if (size.required("body", "as in: size: { body: 8 KiB }") != null) {
        maxBodyBytes = size.bytes("body", -1, MAX_BYTES);
      }
      overSize = over(size, "over");
      size.done();
    }
    rule.take("size");
    return limits.isEmpty() && idempotency == null && maxBodyBytes < 0
        ? Bounds.NONE
        : new Bounds(limits, idempotency, maxBodyBytes, overSize);
  }

  private void refuseWhereNothingLeaves(Section rule, @Nullable Effect effect) {
    if (effect == null || effect == Effect.ALLOW || effect == Effect.APPROVE) {
      return;
    }
    for (String key : List.of("limits", "idempotency", "size")) {
      if (rule.has(key)) {
        problems.error(
            rule.keyAt(key),
            "CRD132",
            "'" + key + "' goes with then: allow, approve or redact",
            "calls that this rule is for never leave; take " + key + " out");
      }
    }
  }

  private Bounds.@Nullable Limit limit(
      Section section, String ruleId, Map<String, Integer> alike, ConditionParser conditions) {
    if (section.required("per", "actor, subject, destination, rule or fleet") == null) {
      section.take("max");
      return null;
    }
    Bounds.Per per =
        switch (section.oneOf("per", "rule", "actor", "subject", "destination", "rule", "fleet")) {
          case "actor" -> Bounds.Per.ACTOR;
          case "subject" -> Bounds.Per.SUBJECT;
          case "destination" -> Bounds.Per.DESTINATION;
          case "fleet" -> Bounds.Per.FLEET;
          default -> Bounds.Per.RULE;
        };
    if (per == Bounds.Per.FLEET) {
      problems.warning(
          section.keyAt("per"),
          "CRD208",
          "per: fleet is counted in each process by itself",
          "divide the limit by the number of processes, or write per: rule to say so");
    }
    Condition.Place subject = subject(section, per, conditions);
    Bounds.Sum sum =
        switch (section.oneOf("sum", "calls", "calls", "money", "bytes")) {
          case "money" -> Bounds.Sum.MONEY;
          case "bytes" -> Bounds.Sum.BYTES;
          default -> Bounds.Sum.CALLS;
        };
    YamlNode.Scalar maxNode = section.required("max", "as in: max: 10");
    String currency = "";
    long max = -1;
    if (maxNode != null) {
      switch (sum) {
        case CALLS -> max = section.number("max", maxNode, 1, 1, MAX_COUNT);
        case BYTES -> max = section.bytes("max", 1, MAX_BYTES);
        case MONEY -> {
          ConditionParser.Amount amount = conditions.amount(maxNode, maxNode.text(), 0);
          if (amount != null) {
            currency = amount.currency();
            max = thousandths(maxNode, amount.value());
          }
          conditions.needsMoney(section.keyAt("sum"));
        }
      }
    }
    long withinNs = 0;
    YamlNode.Scalar within = section.required("within", "as in: within: 24h");
    if (within != null) {
      withinNs = section.durationNs("within", 1);
    }
    Effect over = over(section, "over");
    section.done();
    if (max < 0 || withinNs <= 0 || maxNode == null || within == null) {
      return null;
    }
    return new Bounds.Limit(
        per,
        sum,
        max,
        currency,
        withinNs,
        over,
        subject,
        maxNode.text()
            + (sum == Bounds.Sum.CALLS ? " calls" : "")
            + (per == Bounds.Per.RULE ? "" : " per " + Fold.lower(per.name()))
            + " within "
            + within.text(),
        draft.surroundings.ledger().limit(account(ruleId, per, sum, currency, alike)));
  }

  /**
   * The name under which a limit is counted: that of the next version of a file is the same.
   *
   * @param alike how many of each kind the rule has so far
   */
  static String account(
      String ruleId, Bounds.Per per, Bounds.Sum sum, String currency, Map<String, Integer> alike) {
    String kind = Fold.lower(per.name()) + " " + Fold.lower(sum.name()) + " " + currency;
    return ruleId + " " + kind + " " + alike.merge(kind, 1, Integer::sum);
  }

  private long thousandths(YamlNode.Scalar node, BigDecimal amount) {
    long thousandths = MoneyReader.thousandths(amount);
    if (thousandths < 0) {
      problems.error(node.at(), "CRD130", "'" + node.text() + "' is more than can be counted", "");
    }
    return thousandths;
  }

  private Condition.@Nullable Place subject(
      Section section, Bounds.Per per, ConditionParser conditions) {
    YamlNode.Scalar field = section.scalar("subject");
    if (field == null) {
      if (per == Bounds.Per.SUBJECT) {
        draft.usesSubjects = true;
        conditions.needsSubject(section.keyAt("per"));
      }
      return null;
    }
    if (per != Bounds.Per.SUBJECT) {
      problems.error(
          section.keyAt("subject"),
          "CRD132",
          "'subject' goes with per: subject",
          "take it out, or write per: subject");
    }
    return conditions.field(field);
  }

  private Bounds.@Nullable Idempotency idempotency(
      Section rule, String ruleId, ConditionParser conditions) {
    if (!rule.has("idempotency")) {
      rule.take("idempotency");
      return null;
    }
    Section section = rule.section("idempotency");
    List<Condition.Place> key = new ArrayList<>();
    List<YamlNode.Scalar> names = section.scalars("key");
    for (YamlNode.Scalar name : names) {
      Condition.Place place = conditions.field(name);
      if (place != null) {
        key.add(place);
      }
    }
    if (names.isEmpty()) {
      problems.error(
          section.at(),
          "CRD112",
          "idempotency has no 'key'",
          "name the fields that make two writes the same, as in: key: [charge, amount]");
    }
    long withinNs = 0;
    YamlNode.Scalar within = section.required("within", "as in: within: 24h");
    if (within != null) {
      withinNs = section.durationNs("within", 1);
    }
    Effect duplicate = over(section, "duplicate");
    section.done();
    return within == null || withinNs <= 0 || key.isEmpty()
        ? null
        : new Bounds.Idempotency(
            key,
            withinNs,
            duplicate,
            "the same write within " + within.text(),
            draft.surroundings.ledger().seen(ruleId));
  }

  private static Effect over(Section section, String key) {
    return switch (section.oneOf(key, "deny", "deny", "approve", "escalate")) {
      case "approve" -> Effect.APPROVE;
      case "escalate" -> Effect.ESCALATE;
      default -> Effect.DENY;
    };
  }
}
