package dev.cordon.rules;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether a rule that replaces a lower one lets nothing more by, whatever other rules there are.
 * Mostly what is written shows it; else the cells of both are decided, as {@link RuleDiff} does.
 */
final class Replacement implements CellProof.Differences {
  private static final long MAX_CELLS = 200_000; // the service that starts waits for it
  private static final int MAX_BODY_SHOWN = 200;

  private final Set<String> gaps = new LinkedHashSet<>();
  private @Nullable String looser;
  private @Nullable String where;
  private @Nullable String example;

  private Replacement() {}

  // ---- by cells

  /**
   * Tells of the rule when it lets more by, or when that cannot be told.
   *
   * @param file compiled with the rule in it
   */
  static void prove(Draft.Doubt doubt, RuleFile file, Surroundings surroundings) {
    String looser = looser(doubt, file, surroundings);
    if (looser != null) {
      doubt
          .problems()
          .error(
              doubt.at(),
              "CRD210",
              looser,
              "waive the lower rule for a while, or make this one as strict");
    }
  }

  private static @Nullable String looser(
      Draft.Doubt doubt, RuleFile file, Surroundings surroundings) {
    // where all calls leave that no rule stops, one sees what is stopped no longer; where none
    // does that no rule allows, what is allowed anew
    for (Effect otherwise :
        doubt.upper().rule().allows()
            ? List.of(Effect.ALLOW, Effect.DENY)
            : List.of(Effect.ALLOW)) {
      Replacement proof = new Replacement();
      CellProof.Clock clock = new CellProof.Clock(surroundings.clock().instant());
      new CellProof(
              alone(doubt.lower(), file, otherwise),
              alone(doubt.upper(), file, otherwise),
              surroundings.detector(),
              clock,
              proof.gaps,
              MAX_CELLS,
              proof)
          .run();
      String why = proof.looser;
      if (why != null) {
        String as = proof.example != null ? proof.example : proof.where + ", perhaps";
        return "this rule lets more by than the one it replaces: " + why + ", as for " + as;
      }
      if (!proof.gaps.isEmpty()) {
        return "this rule could let more by than the one it replaces: "
            + doubt.written()
            + ", and no proof: "
            + proof.gaps.iterator().next();
      }
    }
    return null;
  }

  /** One rule on the ground of a file, where the default is the same for all calls. */
  private static RuleFile alone(Draft.Entry entry, RuleFile file, Effect otherwise) {
    RuleFile.Defaults defaults = file.defaults();
    List<Destination> destinations = new ArrayList<>(file.destinations().size());
    for (Destination destination : file.destinations()) {
      destinations.add(destination.withoutRules());
    }
    Rule rule = entry.rule().with(0, 0, entry.rule().waivedUntilMs());
    PathTrie anyRules = new PathTrie();
    if (rule.any()) {
      anyRules.add(rule.call(), 0);
    }
    for (Destination to : entry.to()) {
      destinations.get(to.index).rules.add(rule.call(), 0);
    }
    return new RuleFile(
        file.source(),
        file.name(),
        file.serial(),
        new RuleFile.Defaults(
            Mode.ENFORCE,
            otherwise,
            otherwise,
            otherwise,
            otherwise,
            otherwise,
            defaults.onError(),
            defaults.onJournalDown(),
            defaults.inspectUpToBytes(),
            new Fallback(true, true),
            defaults.missingMatches()),
        List.copyOf(destinations),
        file.hosts(),
        List.of(),
        new HostIndex(),
        file.classified(),
        List.of(rule),
        anyRules,
        file.fields(),
        file.knownNames(),
        file.callerHeaders(),
        file.logs(),
        file.outgoing(),
        file.kept());
  }

  @Override
  public boolean enough() {
    return example != null || !gaps.isEmpty();
  }

  @Override
  public boolean differs(
      @Nullable String why, CellProof.Skeleton at, Decision before, Decision after) {
    if (why == null || example != null) {
      return false;
    }
    if (looser == null) {
      looser = why;
      where = at.call().method() + " " + at.call().url();
    }
    return true;
  }

  @Override
  public void call(@Nullable String why, CellProof.Real call, Decision before, Decision after) {
    if (why == null || example != null) {
      return;
    }
    looser = why;
    CallFacts facts = call.facts();
    StringBuilder out = new StringBuilder(facts.method()).append(' ').append(facts.url());
    for (int i = 0; i + 1 < facts.headers().size(); i += 2) {
      out.append(' ')
          .append(facts.headers().get(i))
          .append(": ")
          .append(facts.headers().get(i + 1));
    }
    if (facts.bodyState() == BodyState.TOO_LARGE) {
      out.append(" and a body too large to be read");
    } else if (facts.body().length > 0) { // made of the rules' own values
      String body = new String(facts.body(), StandardCharsets.UTF_8).strip();
      out.append(' ').append(body, 0, Math.min(body.length(), MAX_BODY_SHOWN));
    }
    example = out.append(" at ").append(call.now()).toString();
  }

  // ---- by what is written

  /** What may make the new rule looser; null when nothing does. */
  static @Nullable String doubt(Draft.Entry lower, Draft.Entry upper) {
    Rule from = lower.rule();
    Rule to = upper.rule();
    if (to.observed() && !from.observed()) {
      return "it only observes";
    }
    if (!Objects.equals(from.redaction(), to.redaction())
        || (from.effect() == null) != (to.effect() == null)) {
      return "it redacts something else";
    }
    return from.allows() ? looserAllow(lower, upper) : looserRestriction(lower, upper);
  }

  private static @Nullable String looserAllow(Draft.Entry lower, Draft.Entry upper) {
    Rule from = lower.rule();
    Rule to = upper.rule();
    boolean bound = from.bounds() != Bounds.NONE || from.fields() != null;
    if (!to.allows()) {
      // without the bounds of the rule a default may let calls by
      return bound ? "the limits of the lower rule would be gone" : null;
    }
    if (!from.call().covers(to.call()) || !covers(lower, upper)) {
      return "it is for other calls";
    }
    if (!texts(to).containsAll(texts(from))) {
      return "a condition is missing";
    }
    if (!Objects.equals(from.fields(), to.fields())) {
      return "its fields are others";
    }
    boolean same = to.call().covers(from.call()) && covers(upper, lower);
    if (bound && !(same && texts(from).containsAll(texts(to)))) {
      return "some calls would be without the limits of the lower rule";
    }
    return looserBounds(from.bounds(), to.bounds());
  }

  private static @Nullable String looserRestriction(Draft.Entry lower, Draft.Entry upper) {
    Rule from = lower.rule();
    Rule to = upper.rule();
    Effect was = from.effect();
    Effect is = to.effect();
    if (was != null && is != null && is.compareTo(was) < 0) {
      return "its effect is weaker";
    }
    if (!to.call().covers(from.call()) || !covers(upper, lower)) {
      return "it is not for all calls of the lower rule";
    }
    if (!texts(from).containsAll(texts(to))) {
      return "a condition is new";
    }
    if (texts(to).stream().anyMatch(text -> text.indexOf('$') >= 0)) {
      return "its list may be shorter now";
    }
    if (from.firesOnUnknown() && !to.firesOnUnknown()) {
      return "it skips what it cannot read";
    }
    if (!Objects.equals(from.fields(), to.fields())) {
      return "its fields are others";
    }
    ApprovalPolicy needed = from.approval();
    ApprovalPolicy given = to.approval();
    if (is == Effect.APPROVE
        && needed != null
        && (given == null || !given.and(needed).equals(given))) {
      return "its approval is weaker";
    }
    return looserBounds(from.bounds(), to.bounds());
  }

  private static boolean covers(Draft.Entry all, Draft.Entry some) {
    return all.rule().any()
        || (!some.rule().any() && new HashSet<>(all.to()).containsAll(some.to()));
  }

  private static Set<String> texts(Rule rule) {
    Set<String> texts = new HashSet<>();
    for (ConditionParser.Clause clause : rule.when()) {
      texts.add(clause.text());
    }
    return texts;
  }

  private static @Nullable String looserBounds(Bounds from, Bounds to) {
    for (Bounds.Limit limit : from.limits()) {
      if (to.limits().stream().noneMatch(other -> isAsStrict(limit, other))) {
        return "a limit is missing or wider";
      }
    }
    Bounds.Idempotency was = from.idempotency();
    Bounds.Idempotency is = to.idempotency();
    if (was != null
        && (is == null
            || !List.copyOf(was.key()).containsAll(is.key())
            || is.withinNs() < was.withinNs()
            || is.duplicate().compareTo(was.duplicate()) < 0)) {
      return "fewer writes are duplicates";
    }
    boolean larger =
        from.maxBodyBytes() >= 0
            && (to.maxBodyBytes() < 0
                || to.maxBodyBytes() > from.maxBodyBytes()
                || to.overSize().compareTo(from.overSize()) < 0);
    return larger ? "bodies may be larger" : null;
  }

  private static boolean isAsStrict(Bounds.Limit was, Bounds.Limit is) {
    return is.per() == was.per()
        && is.sum() == was.sum()
        && is.currency().equals(was.currency())
        && Objects.equals(is.subject(), was.subject())
        && is.max() <= was.max()
        && is.withinNs() >= was.withinNs()
        && is.over().compareTo(was.over()) >= 0;
  }
}
