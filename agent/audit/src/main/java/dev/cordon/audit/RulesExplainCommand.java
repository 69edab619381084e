package dev.cordon.audit;

import dev.cordon.rules.Decision;
import dev.cordon.rules.Effect;
import dev.cordon.rules.Explanation;
import dev.cordon.rules.Origins;
import dev.cordon.rules.RuleFileException;
import dev.cordon.rules.RuleSet;
import dev.cordon.rules.Surroundings;
import dev.cordon.rules.Truth;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * {@code rules explain FILE --call 'POST https://...'}: the decision and how it came about. Prints
 * what stands in the rule file, never a value of the call.
 */
final class RulesExplainCommand {

  private static final String NEAR = "  (nearly the text that the call has)";

  private static final String HELP =
      """
      usage: java -jar cordon.jar rules explain FILE --call 'METHOD URL' [OPTIONS]

      Tells how FILE decides a call: each rule that is for it, each of its conditions.
      No value of the call is printed.

      %s  --seen S=TEXT    what came from S, crm, customer-text or secret, before the call; for
                             conditions with taint; may be repeated
        -h, --help       this text

      exit codes: 0 told, 1 the rule file has errors, 2 not told
      """
          .formatted(GivenCall.OPTIONS);

  private RulesExplainCommand() {}

  static int run(List<String> arguments, PrintStream out, PrintStream err) {
    if (Arguments.asksForHelp(arguments)) {
      out.print(HELP);
      return Exit.OK;
    }
    return Attempt.run("rules explain", err, () -> explain(arguments, out));
  }

  private static int explain(List<String> arguments, PrintStream out)
      throws UsageException, IOException, RuleFileException {
    Arguments given =
        Arguments.parse(arguments, Set.of(), Set.of("--call", "--body", "--header", "--seen"));
    String call = given.value("--call");
    if (given.words().size() != 1 || call == null) {
      throw new UsageException("one rule file and --call 'METHOD URL' are needed; see --help");
    }
    GivenCall asked = new GivenCall(call, given);
    RuleSet rules =
        RuleSet.load(Path.of(given.words().get(0)), Surroundings.of(new RedactionDetector()));
    learn(given.values("--seen"), rules.origins());
    Explanation explanation = rules.explain(asked.facts(rules.inspectUpToBytes()));
    Decision decision = explanation.decision();
    out.println("decision:  " + wording(decision));
    out.println("rule:      " + decision.ruleId());
    out.println("reason:    " + decision.reason().code());
    out.println("class:     " + decision.callClass().code());
    if (!decision.operation().isEmpty()) {
      out.println("operation: " + decision.operation());
    }
    for (String note : explanation.notes()) {
      int colon = note.indexOf(':') + 1;
      out.println(note.substring(0, colon) + pad(11 - colon) + note.substring(colon).strip());
    }
    if (!decision.redactions().isEmpty()) {
      decision.redactions().forEach(redaction -> out.println("redacts:   " + redaction.text()));
    }
    if (decision.effect() != Effect.ALLOW && !decision.help().isEmpty()) {
      out.println("help:      " + decision.help());
    }
    out.println();
    out.println(
        explanation.rules().isEmpty()
            ? "no rule is for this call"
            : "rules for this call (+ fired, - did not):");
    for (Explanation.RuleTrace rule : explanation.rules()) {
      print(rule.file(), rule, out);
    }
    if (decision.effect() != Effect.ALLOW) {
      out.println();
      out.println("for the call to leave:");
      changes(explanation).forEach(line -> out.println("  " + line));
    }
    return Exit.OK;
  }

  private static void learn(List<String> seen, Origins origins) throws UsageException {
    for (String one : seen) {
      int equals = one.indexOf('=');
      Origins.Source source = null;
      for (Origins.Source known : Origins.Source.values()) {
        source = equals > 0 && known.word().equals(one.substring(0, equals)) ? known : source;
      }
      if (source == null) { // may hold a secret: not repeated
        throw new UsageException(
            "--seen wants SOURCE=TEXT; SOURCE is crm, customer-text or secret");
      }
      origins.learn(source, one.substring(equals + 1));
    }
  }

  /** What would have to be otherwise, in the call or in the rules. */
  private static List<String> changes(Explanation explanation) {
    List<String> changes = new ArrayList<>();
    boolean restricted = false;
    boolean allowed = false;
    for (Explanation.RuleTrace rule : explanation.rules()) {
      boolean allows = rule.then().equals("allow");
      if (rule.fired() && !allows && !rule.then().equals("redact") && !rule.observed()) {
        restricted = true;
        String passed = conditions(rule, true);
        changes.add(
            rule.id()
                + " ("
                + rule.then()
                + ") must not fire: "
                + (passed.isEmpty()
                    ? "it has no conditions; the rule itself would have to change"
                    : "one of these must be false: " + passed)
                + "  "
                + rule.file()
                + ":"
                + rule.line());
      }
      allowed |= rule.fired() && allows;
    }
    switch (explanation.decision().reason()) {
      case READ_DEFAULT,
          WRITE_DEFAULT,
          UNKNOWN_CALL,
          RULE,
          FORBIDDEN,
          APPROVAL_REQUIRED,
          ESCALATED,
          ALLOWED -> {
        if (!allowed) {
          changes.addAll(openings(explanation, restricted));
        }
      }
      case FIELD_NOT_ALLOWED ->
          changes.add(
              "the body must hold the fields that the rule lists under fields:, and no other");
      default -> changes.add(explanation.decision().help());
    }
    return changes;
  }

  /** Allowing rules that are near; without one the rule file has none for the call. */
  private static List<String> openings(Explanation explanation, boolean restricted) {
    List<String> near = new ArrayList<>();
    for (Explanation.RuleTrace rule : explanation.rules()) {
      if (!rule.then().equals("allow") || rule.fired()) {
        continue;
      }
      String missing = conditions(rule, false);
      near.add(
          (restricted ? "and " : "")
              + rule.id()
              + " (allow) must fire: "
              + (missing.isEmpty() ? rule.why() : "these must be true: " + missing)
              + "  "
              + rule.file()
              + ":"
              + rule.line());
    }
    if (near.isEmpty()) {
      near.add((restricted ? "and " : "") + "a rule with then: allow must name the call");
    }
    return near;
  }

  /** The conditions that let a rule fire, or those that kept it from it. */
  private static String conditions(Explanation.RuleTrace rule, boolean fired) {
    List<String> texts = new ArrayList<>();
    for (Explanation.ConditionTrace condition : rule.conditions()) {
      if (fired || condition.truth() != Truth.TRUE) {
        String truth = condition.truth().name().toLowerCase(Locale.ROOT);
        texts.add(condition.text() + " (now " + truth + ")");
      }
    }
    return String.join("; ", texts);
  }

  private static String wording(Decision decision) {
    String effect = decision.effect().name().toLowerCase(Locale.ROOT);
    return decision.enforced() ? effect : "would " + effect + " (observe: the call proceeds)";
  }

  private static void print(String file, Explanation.RuleTrace rule, PrintStream out) {
    out.println(
        (rule.fired() ? "  + " : "  - ")
            + rule.id()
            + "  "
            + rule.then()
            + (rule.observed() ? " (observe)" : "")
            + "  "
            + rule.call()
            + "  "
            + file
            + ":"
            + rule.line());
    if (rule.conditions().isEmpty()) {
      out.println("      " + (rule.why().startsWith("conditions") ? "no conditions" : rule.why()));
      return;
    }
    out.println("      " + rule.why());
    for (Explanation.ConditionTrace condition : rule.conditions()) {
      String truth = condition.truth().name().toLowerCase(Locale.ROOT);
      out.println(
          "      "
              + truth
              + pad(9 - truth.length())
              + condition.text()
              + "  "
              + file
              + ":"
              + condition.line()
              + ":"
              + condition.column()
              + (condition.near() ? NEAR : ""));
    }
  }

  private static String pad(int width) {
    return " ".repeat(Math.max(1, width));
  }
}
