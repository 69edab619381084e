package dev.cordon.enforcement;

import dev.cordon.redaction.OwnTypes;
import dev.cordon.redaction.RedactionKey;
import dev.cordon.rules.Mode;
import dev.cordon.rules.Origins;
import dev.cordon.rules.RuleSet;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One version of the rules with everything that was made from it. A call, and a line, takes one at
 * its beginning and stays with it to its end, whatever is activated meanwhile.
 */
final class Snapshot {
  final RuleSet rules;

  /** The first 8 bytes of the digest, as every record of the call tells them. */
  final long policy;

  final Outgoing outgoing;
  final LogGuard logGuard;
  final Evidence evidence;

  /** Null when responses are left alone. */
  final @Nullable Responses responses;

  /** Whose answers are read because a rule asks where values came from; mostly none. */
  final Map<String, Origins.Source> originsOfAnswers;

  final boolean asksForSecrets;

  /**
   * @param key of the redactions that need one; null: there is none
   */
  Snapshot(
      RuleSet rules,
      Recorder recorder,
      LongSupplier nanoClock,
      Counters counters,
      @Nullable RedactionKey key) {
    this.rules = rules;
    rules.prepare();
    this.policy = Long.parseUnsignedLong(rules.digest().substring(0, 16), 16);
    this.originsOfAnswers = rules.originsOfAnswers();
    this.asksForSecrets = rules.asksForSecrets();
    OwnTypes own = Orders.own(rules.patterns());
    this.outgoing = new Outgoing(rules.outgoing(), key, own);
    boolean observing = rules.mode() == Mode.OBSERVE;
    this.responses = Responses.of(rules.responses(), observing, policy, key, own);
    this.logGuard = new LogGuard(rules.logs(), key, own, recorder, nanoClock, counters, policy);
    this.evidence = Evidence.of(own);
  }
}
