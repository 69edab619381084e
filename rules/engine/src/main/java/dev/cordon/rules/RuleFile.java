package dev.cordon.rules;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** A rule file, read and compiled; what {@link RuleSet} decides with. */
record RuleFile(
    String source,
    String name,
    long serial,
    Defaults defaults,
    List<Destination> destinations,
    HostIndex hosts,
    List<Draft.Narrowed> narrowed,
    HostIndex narrowedHosts,
    List<Classified> classified,
    List<Rule> rules,
    PathTrie anyRules,
    FieldTable fields,
    Map<String, String> knownNames,
    Map<Caller.Trait, String> callerHeaders,
    Redaction logs,
    Redaction outgoing,
    Kept kept) {

  /**
   * Files the rules of crowded places by what they ask for; without it all of them are looked at.
   */
  void index() {
    anyRules.index(rules, fields);
    for (Destination destination : destinations) {
      destination.rules.index(rules, fields);
    }
  }

  /**
   * What other parts act on; the engine does not.
   *
   * @param keyedRule a rule whose redaction takes a key that the agent has to be given; mostly
   *     empty
   * @param origins what some rule asks of where values came from
   * @param patterns the types of its own, whether or not a redaction names them
   */
  record Kept(
      Redaction responses,
      boolean writeBackDenied,
      Map<String, ApprovalPolicy> approvals,
      List<Alert> alerts,
      Retention retention,
      List<Waiver> waivers,
      String keyedRule,
      Set<Origins.Source> origins,
      List<RedactionPattern> patterns) {

    Kept {
      alerts = List.copyOf(alerts);
      waivers = List.copyOf(waivers);
      patterns = List.copyOf(patterns);
    }
  }

  /**
   * A line of `classify`.
   *
   * @param layer in which it stands; a line of a higher one tells before all of the lower ones
   */
  record Classified(String destination, CallPattern pattern, CallClass callClass, int layer) {}

  /** What holds where no rule decides. */
  record Defaults(
      Mode mode,
      Effect host,
      Effect read,
      Effect write,
      Effect writeHigh,
      Effect unknown,
      Fallback onError,
      Fallback onJournalDown,
      int inspectUpToBytes,
      Fallback larger,
      boolean missingMatches) {

    Effect of(CallClass callClass) {
      return switch (callClass) {
        case READ -> read;
        case WRITE -> write;
        case WRITE_HIGH -> writeHigh;
        case UNKNOWN -> unknown;
      };
    }
  }
}
