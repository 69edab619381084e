package dev.cordon.rules;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads what people and other parts act on: {@code approvals}, {@code alerts}, {@code retention}.
 */
final class OperationsReader {
  private static final Duration DEFAULT_TTL = Duration.ofMinutes(15);
  private static final long MAX_TTL_NS = 86_400_000_000_000L; // longer grants outlive their reason
  private static final int MAX_VOTES = 10;
  private static final List<String> COUNTS =
      List.of("calls", "denies", "approvals", "escalations", "redactions", "faults", "unjournaled");
  private static final List<String> TIMES = List.of("unsealed", "latency");

  private final Problems problems;

  OperationsReader(Problems problems) {
    this.problems = problems;
  }

  // ---- approvals

  void readApprovals(Section section, Map<String, ApprovalPolicy> policies) {
    for (YamlNode.Field field : section.takeAll()) {
      String name = field.key().text();
      if (!Draft.isId(name)) {
        problems.error(
            field.key().at(),
            "CRD133",
            "bad name '" + name + "' of an approval",
            "use letters, digits, '.', '-', '_'");
      }
      Section policy = Section.of("approval '" + name + "'", field.value(), problems);
      if (policies.putIfAbsent(name, policy(policy, name)) != null) {
        problems.error(
            field.key().at(),
            "CRD209",
            "approval '" + name + "' is settled by a lower layer",
            "give this one another name");
      }
    }
  }

  private ApprovalPolicy policy(Section section, String name) {
    Set<String> approvers = new LinkedHashSet<>();
    for (YamlNode.Scalar approver : section.scalars("approvers")) {
      if (!approver.text().matches("(group|user):[A-Za-z0-9@._-]{1,100}")) {
        problems.error(
            approver.at(),
            "CRD142",
            "bad approver '" + approver.text() + "'",
            "write group:NAME or user:NAME");
      }
      approvers.add(approver.text());
    }
    if (approvers.isEmpty() && !section.has("approvers")) {
      problems.error(
          section.at(), "CRD112", "approval '" + name + "' has no 'approvers'", "name a group");
    }
    int votes = (int) section.number("votes", 1, 1, MAX_VOTES);
    Duration ttl = ttl(section, DEFAULT_TTL);
    boolean totp = section.oneOf("totp", "off", "off", "required").equals("required");
    boolean self = section.oneOf("self", "deny", "deny", "allow").equals("allow");
    List<String> show = texts(section, "show");
    boolean page = section.oneOf("alert", "none", "none", "page").equals("page");
    int max = (int) section.number("max", 0, 1, 1_000_000);
    Duration within = Duration.ofNanos(section.durationNs("within", 0));
    if ((max > 0) == within.isZero()) {
      problems.error(
          section.at(), "CRD112", "'max' and 'within' go together", "as in: max: 3, within: 24h");
    }
    section.done();
    return new ApprovalPolicy(
        List.of(name), Set.of(approvers), votes, ttl, totp, self, show, page, max, within);
  }

  private Duration ttl(Section section, Duration fallback) {
    long ns = section.durationNs("ttl", fallback.toNanos());
    if (ns > MAX_TTL_NS) {
      problems.error(section.keyAt("ttl"), "CRD115", "ttl must be at most 24h", "as in: ttl: 15m");
    }
    return Duration.ofNanos(ns);
  }

  /** What a rule with {@code then: approve} needs; null when it names no policy. */
  @Nullable ApprovalPolicy ofRule(Section rule, Map<String, ApprovalPolicy> policies) {
    if (!rule.has("approval")) {
      rule.take("approval");
      return null;
    }
    Section section = rule.section("approval");
    YamlNode.Scalar name = section.required("policy", "name one of `approvals`");
    ApprovalPolicy policy = name == null ? null : policies.get(name.text());
    if (name != null && policy == null) {
      problems.error(
          name.at(),
          "CRD142",
          "unknown approval policy '" + name.text() + "'",
          Suggest.hint(name.text(), policies.keySet(), "define it under `approvals`"));
    }
    int votes = (int) section.number("votes", 1, 1, MAX_VOTES);
    Duration ttl = ttl(section, Duration.ofNanos(MAX_TTL_NS));
    List<String> show = texts(section, "show");
    section.done();
    // a rule can only make its policy stricter
    return policy == null
        ? null
        : policy.and(
            new ApprovalPolicy(
                List.of(), Set.of(), votes, ttl, false, true, show, false, 0, Duration.ZERO));
  }

  private static List<String> texts(Section section, String key) {
    List<String> texts = new ArrayList<>();
    for (YamlNode.Scalar node : section.scalars(key)) {
      texts.add(node.text());
    }
    return texts;
  }

  // ---- alerts

  void readAlerts(Section file, List<Alert> alerts) {
    Set<String> ids = new HashSet<>();
    alerts.forEach(alert -> ids.add(alert.id()));
    for (YamlNode node : file.items("alerts")) {
      Section section = Section.of("the alert", node, problems);
      YamlNode.Scalar id = section.required("id", "every alert needs one");
      if (id != null && !Draft.isId(id.text())) {
        problems.error(id.at(), "CRD133", "bad alert id '" + id.text() + "'", "as in: deny-burst");
      } else if (id != null && !ids.add(id.text())) {
        problems.error(id.at(), "CRD201", "alert '" + id.text() + "' exists already", "");
      }
      YamlNode.Scalar when = section.required("when", "as in: denies > 20 within 5m");
      List<String> to = texts(section, "to");
      if (to.isEmpty() && !section.has("to")) {
        problems.error(section.at(), "CRD112", "the alert has no 'to'", "say whom to tell");
      }
      section.done();
      Alert alert = id == null || when == null ? null : alert(id.text(), when, to);
      if (alert != null) {
        alerts.add(alert);
      }
    }
  }

  private @Nullable Alert alert(String id, YamlNode.Scalar when, List<String> to) {
    String[] words = when.text().strip().split(" +", -1);
    if (when.text().strip().equals("host first-seen")) {
      return new Alert(id, "host", 0, false, Duration.ZERO, to);
    }
    if (words.length == 5
        && COUNTS.contains(words[0])
        && words[1].equals(">")
        && words[2].matches("[0-9]{1,9}")
        && words[3].equals("within")) {
      long within = Section.durationNs(words[4]);
      if (within > 0) {
        return new Alert(
            id, words[0], Long.parseLong(words[2]), false, Duration.ofNanos(within), to);
      }
    }
    if (words.length == 3 && TIMES.contains(words[0]) && words[1].equals(">")) {
      long above = Section.durationNs(words[2]);
      if (above > 0) {
        return new Alert(id, words[0], above, true, Duration.ZERO, to);
      }
    }
    problems.error(
        when.at(),
        "CRD143",
        "'" + when.text() + "' cannot be watched for",
        "write COUNT > NUMBER within TIME ("
            + String.join(", ", COUNTS)
            + "), TIME > TIME ("
            + String.join(", ", TIMES)
            + ") or host first-seen");
    return null;
  }

  // ---- retention

  /**
   * @param fallback what lower layers say, for what this one leaves out
   */
  Retention readRetention(Section section, Retention fallback) {
    long evidence = days(section, "raw-evidence", fallback.rawEvidenceDays());
    if (evidence == Retention.FOREVER) {
      problems.warning(
          section.keyAt("raw-evidence"),
          "CRD310",
          "raw evidence is kept for ever",
          "it holds what people wrote; name a time, as in: raw-evidence: 14d");
    }
    Retention retention =
        new Retention(
            evidence,
            days(section, "events", fallback.eventsDays()),
            days(section, "aggregates", fallback.aggregatesDays()),
            days(section, "proofs", fallback.proofsDays()),
            holds(section, fallback));
    section.done();
    return retention;
  }

  /** A hold is lifted by those who laid it. */
  private static List<String> holds(Section section, Retention lower) {
    Set<String> holds = new LinkedHashSet<>(lower.legalHold());
    holds.addAll(texts(section, "legal-hold"));
    return List.copyOf(holds);
  }

  private long days(Section section, String key, long fallback) {
    YamlNode.Scalar scalar = section.scalar(key);
    if (scalar == null) {
      return fallback;
    }
    String text = scalar.text();
    if (text.equals("forever")) {
      return Retention.FOREVER;
    }
    if (text.matches("[1-9][0-9]{0,4}d")) {
      return Long.parseLong(text.substring(0, text.length() - 1));
    }
    if (text.matches("[1-9][0-9]?y")) {
      return Long.parseLong(text.substring(0, text.length() - 1)) * 366; // never a day short
    }
    problems.error(
        scalar.at(),
        "CRD115",
        key + " must be days, years or forever, not '" + text + "'",
        "write 14d, 5y or forever");
    return fallback;
  }
}
