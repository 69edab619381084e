package dev.cordon.rules;

import org.jspecify.annotations.Nullable;

/**
 * One call, read for the rules that decided when it was read: its URL at once, methods, body and
 * what it asks for when the first rule asks. Not thread-safe. A call whose {@code Host} header
 * names another host than its URL is decided for both, and the stricter decision stands: a shared
 * front end would otherwise serve a host that the rule file denies.
 */
public final class ReadCall {
  private final RuleSet rules;
  private final CallFacts facts;
  private final Evaluation onRoute;
  private final @Nullable Evaluation onHost;

  ReadCall(RuleSet rules, CallFacts facts, Evaluation onRoute, @Nullable Evaluation onHost) {
    this.rules = rules;
    this.facts = facts;
    this.onRoute = onRoute;
    this.onHost = onHost;
  }

  /** Decides the call; as often as wanted. Never throws. */
  public Decision decide() {
    try {
      return deciding().decided();
    } catch (Throwable fault) {
      return rules.failed(facts);
    }
  }

  /** Decides, and tells whose decision stands. */
  Evaluation deciding() {
    Decision decision = onRoute.decide();
    Evaluation other = onHost;
    return other != null && other.decide().effect().compareTo(decision.effect()) > 0
        ? other
        : onRoute;
  }

  /** Like {@link #deciding}; rules are kept that are else only counted. */
  Evaluation decidingToTell() {
    onRoute.toTell();
    if (onHost != null) {
      onHost.toTell();
    }
    return deciding();
  }

  /** Tells of the Host header, where it names another host. */
  void tellHost(Evaluation deciding, Trail trail) {
    if (onHost == null) {
      return;
    }
    trail.flags |= Trail.FRONTED;
    Target target = deciding.target();
    if (deciding == onHost && !target.hostMalformed) {
      trail.decidedFor = target.host + ":" + target.port;
    }
  }

  CallClass classify() {
    CallClass callClass = onRoute.classify();
    return onHost == null ? callClass : callClass.or(onHost.classify());
  }
}
