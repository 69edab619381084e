package dev.cordon.rules;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The decision for one call: made on the caller's thread, then thrown away. */
final class Evaluation implements PathTrie.Hits {
  private static final int FEW_CANDIDATES = 32;
  private static final Rule[] NO_RULES = {};
  private static final long NOBODY = 1; // no hash of a name, but for a chance of 1 in 2^64
  private static final long EVERYBODY = 2;

  private final RuleFile file;
  private final CallFacts facts;
  private final Surroundings surroundings;
  private final RecentDecisions recent;
  private final @Nullable List<Explanation.RuleTrace> trace;
  private final Target target;
  private final CallValues values;
  private final Classification call;

  /** Whatever was looked up last. */
  final Drawn drawn = new Drawn();

  private boolean oneByOne;
  private int hostRank; // of the destination whose rules are looked up
  private boolean unclearHit; // any rule that names operations is looked up
  private int operationAt = -1; // the operation that is looked up; -1: the path
  private int[] covered = {}; // by rule: how many operations it allows so far
  private Rule[] candidates = NO_RULES;
  private int[] hostRanks = {};
  private boolean[] unclear = {}; // it cannot be said whether the rule is for this call
  private int[] slots = {}; // by rule: 1 + its place among many candidates
  private int candidateCount;

  private final Best enforced = new Best();
  private final Best observed = new Best();
  private Rule[] fired = NO_RULES;
  private int firedCount;
  private final FirstRules first = new FirstRules();
  private @Nullable CallPattern pattern; // the one that tells most, of all rules for the call
  private int patternOf; // the rule that has it
  private boolean patternNoted;
  private @Nullable List<Redaction> redactions;
  private @Nullable Decision decided;

  /** Rules of crowds that fired, the strongest of each; null when nobody asks. */
  private @Nullable List<Rule> met;

  /**
   * @param url instead of that in {@code facts}; mostly the same
   */
  Evaluation(
      RuleFile file,
      CallFacts facts,
      String url,
      Surroundings surroundings,
      RecentDecisions recent,
      @Nullable List<Explanation.RuleTrace> trace) {
    this(file, facts, url, surroundings, recent, trace, null);
  }

  /**
   * For a proof, which looks at each rule.
   *
   * @param supposed what the fields of the call are; null: they are read
   */
  Evaluation(
      RuleFile file, CallFacts facts, Surroundings surroundings, @Nullable CallValues supposed) {
    this(file, facts, facts.url(), surroundings, new RecentDecisions(), null, supposed);
    oneByOne = true;
  }

  /** For one cell of a proof: rules are found as they are for a call. */
  Evaluation(
      RuleFile file,
      CallFacts facts,
      Surroundings surroundings,
      RecentDecisions recent,
      CallValues supposed) {
    this(file, facts, facts.url(), surroundings, recent, null, supposed);
  }

  private Evaluation(
      RuleFile file,
      CallFacts facts,
      String url,
      Surroundings surroundings,
      RecentDecisions recent,
      @Nullable List<Explanation.RuleTrace> trace,
      @Nullable CallValues supposed) {
    this.surroundings = surroundings;
    this.file = file;
    this.facts = facts;
    this.recent = recent;
    this.trace = trace;
    target = Target.parse(url);
    values = supposed == null ? new CallValues(file, facts, target) : supposed;
    call = new Classification(file, facts, target, values);
  }

  /** What {@link #decide} came to. */
  Decision decided() {
    Decision decision = decided;
    return decision == null ? decide() : decision;
  }

  /** Decides afresh; what has been read of the call stays read. */
  Decision decide() {
    clear();
    Decision decision = decideCleared();
    if (decided != decision) {
      decided = decision;
    }
    return decision;
  }

  private void clear() {
    for (int i = 0; i < candidateCount && slots.length > 0; i++) {
      slots[candidates[i].index()] = 0;
    }
    candidateCount = 0;
    firedCount = 0;
    first.clear();
    patternNoted = false;
    enforced.clear();
    observed.clear();
    redactions = null;
    if (met != null) {
      met.clear();
    }
    if (covered.length > 0) {
      Arrays.fill(covered, 0);
    }
    if (trace != null) {
      trace.clear();
    }
  }

  private Decision decideCleared() {
    CallClass callClass = call.classify();
    restrictHost();
    restrictTransport();
    restrictNarrowed();
    restrictBody(callClass);
    collectRules();
    for (int i = 0; i < candidateCount; i++) {
      evaluate(candidates[i], hostRanks[i], unclear[i]);
    }
    return decision(callClass);
  }

  CallClass classify() {
    return call.classify();
  }

  /** Of the call, not of the rules: a case may say what time it is. */
  long nowMs() {
    return surroundings.clock().millis();
  }

  Origins origins() {
    return surroundings.origins();
  }

  Target target() {
    return target;
  }

  /**
   * What of the decision is settled before any field of the call is looked at.
   *
   * @param least what the call gets whatever its rules say; null: nothing yet
   * @param unclear by rule: it cannot be said whether it is for this call
   */
  record Leaf(
      CallClass callClass,
      @Nullable Effect least,
      List<Rule> rules,
      List<Boolean> unclear,
      Classification call) {}

  /** Instead of {@link #decide}. */
  Leaf leaf() {
    CallClass callClass = call.classify();
    restrictHost();
    restrictTransport();
    restrictNarrowed();
    collectRules();
    List<Rule> rules = new ArrayList<>(candidateCount);
    List<Boolean> unclearOnes = new ArrayList<>(candidateCount);
    for (int i = 0; i < candidateCount; i++) {
      rules.add(candidates[i]);
      unclearOnes.add(unclear[i]);
    }
    Effect least = enforced.isSet() ? enforced.effect : null;
    return new Leaf(callClass, least, rules, unclearOnes, call);
  }

  CallValues values() {
    return values;
  }

  @Nullable Money money() {
    return call.money();
  }

  /** Who calls, by the header that the file names or as the process knows it; null: unknown. */
  @Nullable String caller(Caller.Trait trait) {
    String header = file.callerHeaders().get(trait);
    String value = header == null ? facts.caller().get(trait) : values.header(header);
    return value == null || value.isEmpty() ? null : value;
  }

  // ---- rules

  private void collectRules() {
    for (int i = 0; i < call.destinations(); i++) {
      Destination destination = call.destination(i);
      hostRank = call.isExactHost(i) ? 2 : 1;
      destination.rules.find(target, this);
      call.findWithoutSuffix(destination.rules, destination, this);
    }
    hostRank = 0;
    file.anyRules().find(target, this);
    for (int i = 0; i < call.destinations(); i++) {
      call.findWithoutSuffix(file.anyRules(), call.destination(i), this);
    }
    Operations operations = call.operations();
    if (operations != null) {
      collectRules(operations);
    }
  }

  /** Rules that name operations: an allowing one has to name them all. */
  private void collectRules(Operations operations) {
    Protocol protocol = operations.protocol();
    if (operations.unclear()) {
      collectAll(protocol, "");
      return;
    }
    for (int i = 0; i < operations.size(); i++) {
      Operation operation = operations.get(i);
      operationAt = i;
      for (int j = 0; j < call.destinations(); j++) {
        hostRank = call.isExactHost(j) ? 2 : 1;
        call.destination(j).rules.find(protocol, operation, this);
      }
      hostRank = 0;
      file.anyRules().find(protocol, operation, this);
      if (operation.persisted) {
        collectAll(protocol, operation.kind());
      }
    }
    operationAt = -1;
  }

  /** Restricting rules that may be for this call. */
  private void collectAll(Protocol protocol, String kind) {
    unclearHit = true;
    for (int i = 0; i < call.destinations(); i++) {
      hostRank = call.isExactHost(i) ? 2 : 1;
      call.destination(i).rules.findAll(protocol, kind, this);
    }
    hostRank = 0;
    file.anyRules().findAll(protocol, kind, this);
    unclearHit = false;
  }

  @Override
  public void hit(int id, boolean exact) {
    Rule rule = file.rules().get(id);
    if ((rule.call().methods() & call.methods) == 0) {
      return;
    }
    if (rule.allows() && !mayAllow(rule, exact)) {
      if (trace != null) {
        trace(rule, false, unclear(rule, exact), List.of());
      }
      return;
    }
    notePattern(rule);
    int slot = slot(rule.index());
    if (slot >= 0) {
      hostRanks[slot] = Math.max(hostRanks[slot], hostRank);
      unclear[slot] &= unclearHit;
      return;
    }
    if (candidateCount == candidates.length) {
      candidates = Arrays.copyOf(candidates, candidateCount * 2 + 4);
      hostRanks = Arrays.copyOf(hostRanks, candidates.length);
      unclear = Arrays.copyOf(unclear, candidates.length);
    }
    if (candidates[candidateCount] != rule) {
      candidates[candidateCount] = rule;
    }
    hostRanks[candidateCount] = hostRank;
    unclear[candidateCount] = unclearHit;
    candidateCount++;
    if (slots.length > 0) {
      slots[rule.index()] = candidateCount;
    }
  }

  @Override
  public void hit(Crowd crowd, boolean exact) {
    if (trace != null || oneByOne || unclearHit) {
      // people want to see each; and what may be for the call is no more than unknown
      PathTrie.Hits.super.hit(crowd, exact);
      return;
    }
    boolean several = asksForSeveral();
    for (int i = 0; i < crowd.parts(); i++) {
      Crowd.Part part = crowd.part(i);
      Rule example = part.example;
      if (several && example.allows()) {
        hitAllowing(crowd, exact);
      } else if ((example.call().methods() & call.methods) != 0
          && (!example.allows() || mayAllow(example, exact))) {
        notePattern(example);
        part.find(this);
      }
    }
  }

  /** An operation is looked up that is one of several. */
  private boolean asksForSeveral() {
    Operations operations = call.operations();
    return operationAt >= 0 && operations != null && operations.size() > 1;
  }

  /** Each allowing rule counts the operations at which it was met. */
  private void hitAllowing(Crowd crowd, boolean exact) {
    for (int id : crowd.ids) {
      if (file.rules().get(id).allows()) {
        hit(id, exact);
      }
    }
  }

  /** Rules of a crowd that fire, or have to be looked at. */
  void meet(Together rules) {
    Rule strongest = rules.enforced();
    if (strongest != null) {
      enforced.offer(strongest, hostRank);
      keep(strongest);
    }
    strongest = rules.observed();
    if (strongest != null) {
      observed.offer(strongest, hostRank);
      keep(strongest);
    }
    for (Rule rule : rules.first()) {
      first.add(rule);
    }
    for (int id : rules.others()) {
      hit(id, true); // the case of letters was looked at for all of them
    }
  }

  private void keep(Rule rule) {
    if (met != null) {
      met.add(rule);
    }
  }

  private void notePattern(Rule rule) {
    CallPattern known = pattern;
    long order = known == null || !patternNoted ? 1 : rule.call().rank() - known.rank();
    if (order > 0 || (order == 0 && rule.index() < patternOf)) {
      if (known != rule.call()) { // decided again: no store that changes nothing
        pattern = rule.call();
      }
      patternOf = rule.index();
      patternNoted = true;
    }
  }

  private boolean mayAllow(Rule rule, boolean exact) {
    if (!exact || unclearHit || target.malformed()) {
      return false;
    }
    Operations operations = call.operations();
    if (rule.call().protocol() == Protocol.HTTP || operations == null) {
      return (call.methods & ~rule.call().methods()) == 0;
    }
    if (!call.isExactEndpoint() || (call.methods != Methods.POST && call.methods != Methods.GET)) {
      return false;
    }
    return operations.size() == 1 || coversAll(rule.index(), operations.size());
  }

  /** True at the last of the operations when the rule was met at each of them. */
  private boolean coversAll(int rule, int operations) {
    if (covered.length == 0) {
      covered = new int[file.rules().size()];
    }
    if (covered[rule] == operationAt) {
      covered[rule]++;
    }
    return covered[rule] == operations;
  }

  /** Where the rule stands among the candidates; -1 when it does not. */
  private int slot(int rule) {
    if (slots.length > 0) {
      return slots[rule] - 1;
    }
    if (candidateCount < FEW_CANDIDATES) {
      for (int i = 0; i < candidateCount; i++) {
        if (candidates[i].index() == rule) {
          return i;
        }
      }
      return -1;
    }
    slots = new int[file.rules().size()]; // from here on a search would cost the square
    for (int i = 0; i < candidateCount; i++) {
      slots[candidates[i].index()] = i + 1;
    }
    return slots[rule] - 1;
  }

  private String unclear(Rule rule, boolean exact) {
    if (target.malformed()) {
      return "allows only URLs that every server reads in one way";
    }
    if (unclearHit) {
      return "allows only bodies that every server reads in one way";
    }
    if (!exact) {
      return "the path or the name differs in the case of letters";
    }
    return rule.call().protocol() == Protocol.HTTP
        ? "the call asks to be taken for another method, which the rule does not allow"
        : "the call asks for more than the rule allows";
  }

  private void evaluate(Rule rule, int rank, boolean unclearCall) {
    Truth truth = rule.truth(this);
    if (unclearCall) {
      truth = truth.and(Truth.UNKNOWN);
    }
    boolean matches = truth == Truth.TRUE || (truth == Truth.UNKNOWN && rule.firesOnUnknown());
    if (rule.fields() != null && truth != Truth.FALSE) {
      Truth listed = values.listed(rule.fields());
      if (listed == Truth.FALSE || (listed == Truth.UNKNOWN && rule.firesOnUnknown())) {
        slot(rule)
            .offer(
                rule.fields().others(),
                rank,
                rule.call().rank(),
                rule.when().size(),
                rule.id(),
                rule,
                Reason.FIELD_NOT_ALLOWED);
        note(rule);
        if (trace != null) {
          trace(
              rule, true, "the body has fields that are not listed, or is unclear", clauses(rule));
        }
        return;
      }
      matches &= !rule.allows() || listed == Truth.TRUE;
    }
    matches &= !rule.allows() || truth == Truth.TRUE;
    if (trace != null) {
      trace(rule, matches, "conditions are " + Fold.lower(truth.name()), clauses(rule));
    }
    if (!matches) {
      return;
    }
    note(rule);
    restrictSize(rule, rank);
    if (rule.effect() != null) {
      slot(rule).offer(rule, rank);
    } else if (rule.redaction() != null && !observes(rule) && isEnforcing()) {
      List<Redaction> all = redactions;
      if (all == null) {
        all = new ArrayList<>(2);
        redactions = all;
      }
      all.add(rule.redaction());
    }
  }

  /** A larger body never leaves under this rule, with a grant or without. */
  private void restrictSize(Rule rule, int rank) {
    long max = rule.bounds().maxBodyBytes();
    if (max < 0) {
      return;
    }
    if (isOver(max)) {
      slot(rule)
          .offer(
              rule.bounds().overSize(),
              rank,
              rule.call().rank(),
              rule.when().size(),
              rule.id(),
              rule,
              Reason.BODY_OVER_SIZE);
    }
  }

  private boolean isOver(long maxBytes) {
    return switch (facts.bodyState()) {
      case NONE -> false;
      case READ -> facts.body().length > maxBytes;
      case TOO_LARGE, UNREADABLE -> true;
    };
  }

  private boolean isEnforcing() {
    return file.defaults().mode() == Mode.ENFORCE;
  }

  private Best slot(Rule rule) {
    return observes(rule) ? observed : enforced;
  }

  /** A waived rule only says what it would do. */
  private boolean observes(Rule rule) {
    return rule.observed()
        || (rule.waivedUntilMs() > 0 && surroundings.clock().millis() < rule.waivedUntilMs());
  }

  private void note(Rule rule) {
    if (firedCount == fired.length) {
      fired = Arrays.copyOf(fired, firedCount + 4);
    }
    if (fired[firedCount] != rule) {
      fired[firedCount] = rule;
    }
    firedCount++;
    first.add(rule);
  }

  // ---- restrictions that are no rules

  private void restrictHost() {
    if (call.destinations() > 0) {
      return;
    }
    Effect effect = file.defaults().host();
    if (effect != Effect.ALLOW) { // an allowed host lifts nothing: the class decides
      Reason reason =
          target.malformed()
              ? Reason.MALFORMED_URL
              : call.hostKnown ? Reason.UNKNOWN_PORT : Reason.UNKNOWN_HOST;
      enforced.offer(effect, -1, -1, 0, "default.host", null, reason);
    }
  }

  private void restrictTransport() {
    if (target.secure) {
      return;
    }
    for (int i = 0; i < call.destinations(); i++) {
      Destination to = call.destination(i);
      if (to.tlsRequired) {
        enforced.offer(Effect.DENY, -1, -1, 0, to.tlsRuleId, null, Reason.TLS_REQUIRED);
      }
    }
  }

  /** What a higher layer took out of a destination is denied, whatever else names it. */
  private void restrictNarrowed() {
    if (target.ip != null) {
      for (int i = 0; i < call.destinations(); i++) {
        Destination to = call.destination(i);
        if (!to.reaches(target.ip)) {
          enforced.offer(Effect.DENY, -1, -1, 0, to.privateRuleId, null, Reason.PRIVATE_ADDRESS);
        }
      }
    }
    if (!file.narrowed().isEmpty() && !target.hostMalformed) {
      file.narrowedHosts().find(target.host, target.ip, this::offerNarrowed);
    }
  }

  private void offerNarrowed(int index, boolean exact) {
    Draft.Narrowed before = file.narrowed().get(index);
    Destination to = before.destination();
    boolean still = false;
    for (int i = 0; i < call.destinations(); i++) {
      still |= call.destination(i) == to;
    }
    if (!still && Destination.isIn(before.ports(), target.port)) {
      enforced.offer(Effect.DENY, -1, -1, 0, to.narrowedRuleId, null, Reason.NARROWED);
    }
  }

  private void restrictBody(CallClass callClass) {
    boolean inspected =
        switch (facts.bodyState()) {
          case NONE, READ -> true;
          case TOO_LARGE, UNREADABLE -> false;
        };
    if (!inspected && !file.defaults().larger().allows(callClass)) {
      Reason reason =
          facts.bodyState() == BodyState.TOO_LARGE ? Reason.BODY_TOO_LARGE : Reason.BODY_UNREADABLE;
      enforced.offer(Effect.DENY, -1, -1, 0, "default.body.larger", null, reason);
    }
  }

  // ---- limits

  /** What the call will be counted under; of a call that cannot leave, nothing. */
  private Charges charges(Best best) {
    boolean mayLeave =
        best.effect.compareTo(Effect.APPROVE) <= 0 || !isEnforcing() || best == observed;
    if (!mayLeave) {
      return Charges.NONE;
    }
    List<Charges.Charge> all = null;
    for (int i = 0; i < firedCount; i++) {
      Bounds bounds = fired[i].bounds();
      if (bounds.counts() && (fired[i].observed() || !observes(fired[i]))) {
        all = all == null ? new ArrayList<>(4) : all;
        charge(fired[i], bounds, all);
      }
    }
    return all == null ? Charges.NONE : new Charges(all);
  }

  private void charge(Rule rule, Bounds bounds, List<Charges.Charge> all) {
    for (int i = 0; i < bounds.limits().size(); i++) {
      Bounds.Limit limit = bounds.limits().get(i);
      long amount =
          switch (limit.sum()) {
            case CALLS -> 1;
            case MONEY -> MoneyReader.thousandths(this, limit.currency());
            case BYTES ->
                switch (facts.bodyState()) {
                  case NONE -> 0;
                  case READ -> facts.body().length;
                  case TOO_LARGE, UNREADABLE -> -1;
                };
          };
      all.add(new Charges.Charge(rule, limit, null, whose(limit), amount));
    }
    Bounds.Idempotency once = bounds.idempotency();
    if (once != null) {
      all.add(new Charges.Charge(rule, null, once, sameWrite(once), 1));
    }
  }

  /** Whose account the call is counted on; all that cannot be told have one in common. */
  private long whose(Bounds.Limit limit) {
    KeyedHash hash = surroundings.ledger().hash();
    switch (limit.per()) {
      case ACTOR -> {
        String actor = caller(Caller.Trait.ACTOR);
        return actor == null ? NOBODY : hash.add(actor).end();
      }
      case SUBJECT -> {
        Condition.Place named = limit.subject();
        return named == null ? packSubject(hash) : subject(named, hash);
      }
      case DESTINATION -> {
        Destination destination = call.destination();
        return destination == null ? NOBODY : hash.add(destination.name).end();
      }
      case RULE, FLEET -> {
        return EVERYBODY;
      }
    }
    throw new AssertionError(limit.per());
  }

  private long packSubject(KeyedHash hash) {
    for (int field : call.subjects()) {
      Condition.Place place = new Condition.BodyField(field);
      if (place.exists(this) != Truth.FALSE) {
        return subject(place, hash);
      }
    }
    return NOBODY;
  }

  private long subject(Condition.Place place, KeyedHash hash) {
    ValueHash values = new ValueHash(hash);
    // a batch for several subjects is on the account of none of them
    return values.add(place, this) && values.values() == 1 ? hash.end() : NOBODY;
  }

  /** 0 when it cannot be told whether the write was made before. */
  private long sameWrite(Bounds.Idempotency once) {
    Destination destination = call.destination();
    if (target.malformed() || destination == null) {
      return 0;
    }
    KeyedHash hash = surroundings.ledger().hash();
    hash.add(call.methods).add(destination.name).add(target.path);
    for (int i = 0; i < once.key().size(); i++) {
      if (!new ValueHash(hash).add(once.key().get(i), this)) {
        return 0;
      }
    }
    return hash.end();
  }

  // ---- the decision

  private Decision decision(CallClass callClass) {
    if (!enforced.isSet()) {
      Effect effect = file.defaults().of(callClass);
      enforced.offer(
          effect, -1, -1, 0, defaultId(callClass), null, defaultReason(effect, callClass));
    }
    boolean stronger =
        observed.isSet()
            && observed.effect.compareTo(enforced.effect) > 0
            && (enforced.effect == Effect.ALLOW || !isEnforcing());
    Best best = stronger ? observed : enforced;
    Destination destination = call.destination();
    Pack pack = destination == null ? null : destination.pack;
    Pack.Call packCall = call.packCall();
    FieldValues body = callClass == CallClass.READ ? null : values.readFields();
    boolean isEnforced = isEnforcing() && !stronger;
    String destinationName = destination == null ? "" : destination.name;
    String operation = operation(packCall);
    Set<String> keepFields =
        packCall != null ? packCall.recipients() : pack != null ? pack.recipients() : Set.of();
    boolean withException = refuseWithException(best.rule, destination);
    Charges charges = charges(best);
    ApprovalPolicy approval = best.effect == Effect.APPROVE ? approval(best == observed) : null;
    HandOver handOver =
        best.effect == Effect.ESCALATE && best.rule != null ? best.rule.handOver() : null;
    RefusalShape shape = shape(packCall, pack);
    String help = best.rule != null ? best.rule.help() : help(best.reason, destination);
    int hash = best.id.hashCode() + 31 * operation.hashCode() + callClass.ordinal();
    Decision known = recent.at(hash);
    if (known != null
        && known.effect() == best.effect
        && known.enforced() == isEnforced
        && known.ruleId().equals(best.id)
        && first.areNamedBy(known.ruleIds())
        && known.callClass() == callClass
        && known.reason() == best.reason
        && known.destination().equals(destinationName)
        && known.operation().equals(operation)
        && isSame(known.redactions(), redactions)
        && known.keepFields() == keepFields
        && (body == null ? known.fieldNames().isEmpty() : body.areNamedBy(known.fieldNames()))
        && known.refuseWithException() == withException
        && known.charges() == charges
        && known.approval() == approval
        && known.handOver() == handOver
        && known.shape() == shape
        && known.help().equals(help)) {
      return known;
    }
    Decision decision =
        new Decision(
            best.effect,
            isEnforced,
            best.id,
            first.ids(),
            callClass,
            best.reason,
            destinationName,
            operation,
            redactions == null ? List.of() : List.copyOf(redactions),
            keepFields,
            body == null ? List.of() : body.names(),
            withException,
            charges,
            approval,
            handOver,
            shape,
            help);
    if (charges.isEmpty()) { // else it tells whose account the call is on
      recent.keep(hash, decision);
    }
    return decision;
  }

  private static boolean isSame(List<Redaction> known, @Nullable List<Redaction> now) {
    boolean same = known.size() == (now == null ? 0 : now.size());
    for (int i = 0; i < known.size() && same; i++) {
      same = now != null && known.get(i) == now.get(i);
    }
    return same;
  }

  /** What satisfies every rule that wants an approval. */
  private @Nullable ApprovalPolicy approval(boolean observedOnes) {
    ApprovalPolicy all = null;
    for (int i = 0; i < firedCount; i++) {
      Rule rule = fired[i];
      ApprovalPolicy one = rule.approval();
      boolean asks =
          rule.effect() == Effect.APPROVE
              || (rule.fields() != null && rule.fields().others() == Effect.APPROVE);
      if (one != null && asks && observes(rule) == observedOnes) {
        all = all == null ? one : all.and(one);
      }
    }
    return all;
  }

  private @Nullable RefusalShape shape(Pack.@Nullable Call packCall, @Nullable Pack pack) {
    RefusalShape shape = packCall == null ? null : packCall.refusal();
    if (shape == null) {
      shape = pack == null ? null : pack.refusal();
    }
    Operations asked = call.operations();
    return shape == null || asked == null ? shape : shape.to(asked.requestId);
  }

  private static String defaultId(CallClass callClass) {
    return switch (callClass) {
      case READ -> "default.read";
      case WRITE -> "default.write";
      case WRITE_HIGH -> "default.write-high";
      case UNKNOWN -> "default.unknown";
    };
  }

  private Reason defaultReason(Effect effect, CallClass callClass) {
    if (effect == Effect.APPROVE) {
      return Reason.APPROVAL_REQUIRED;
    }
    return switch (callClass) {
      case READ -> Reason.READ_DEFAULT;
      case WRITE, WRITE_HIGH -> Reason.WRITE_DEFAULT;
      case UNKNOWN -> target.malformed() ? Reason.MALFORMED_URL : Reason.UNKNOWN_CALL;
    };
  }

  private String operation(Pack.@Nullable Call known) {
    if (known != null) {
      return known.operation();
    }
    CallPattern line = call.classifiedAs();
    CallPattern ofRule = patternNoted ? pattern : null;
    if (line == null || (ofRule != null && ofRule.rank() > line.rank())) {
      line = ofRule;
    }
    return line == null ? "" : line.toString();
  }

  private static boolean refuseWithException(
      @Nullable Rule rule, @Nullable Destination destination) {
    if (rule != null && rule.refuseWithException() != null) {
      return rule.refuseWithException();
    }
    return destination != null
        && destination.refuseWithException != null
        && destination.refuseWithException;
  }

  private static String help(Reason reason, @Nullable Destination destination) {
    return switch (reason) {
      case UNKNOWN_HOST -> "add the host to `destinations` in the rule file";
      case UNKNOWN_PORT -> "add the port to the destination's `ports` in the rule file";
      case PRIVATE_ADDRESS -> "write the address itself under `hosts`, or private: true";
      case NARROWED -> "a higher layer took the host or port out of the destination";
      case TLS_REQUIRED -> "use https; the rule file has tls: required for this destination";
      case BODY_TOO_LARGE -> "the body is longer than `inspect-up-to`; send less, or set `larger`";
      case BODY_UNREADABLE -> "the body could not be read; send it whole and in a known encoding";
      case MALFORMED_URL -> "write the URL without encoded slashes, empty segments or odd hosts";
      case READ_DEFAULT, WRITE_DEFAULT, UNKNOWN_CALL, APPROVAL_REQUIRED ->
          destination == null
              ? "no rule allows this call; add one with then: allow"
              : destination.defaultHelp;
      case ALLOWED,
          RULE,
          FORBIDDEN,
          ESCALATED,
          FIELD_NOT_ALLOWED,
          LIMIT_EXCEEDED,
          DUPLICATE_WRITE,
          BODY_OVER_SIZE,
          ENGINE_ERROR ->
          "";
    };
  }

  // ---- the trail

  /** From here on rules are kept that are else only counted. */
  void toTell() {
    met = new ArrayList<>(0);
  }

  RuleFile file() {
    return file;
  }

  /** Tells what the decision was made of; after it, so that deciding costs no more for it. */
  void tell(Trail trail, TrailWriter writer, CallClass callClass) {
    writer.tellCall(trail, facts, target, call);
    Prints prints = writer.prints;
    trail.redactions = prints.outgoing;
    // first what fired: it makes the decision, the others only help to make another one
    for (int i = 0; i < firedCount; i++) {
      Rule rule = fired[i];
      trail.add(prints.of(rule).rule(), 1);
      tell(trail, prints, rule, false);
      if (rule.redaction() != null && !observes(rule) && isEnforcing()) {
        trail.redactions += prints.of(rule).redaction(); // in whatever order they fired
      }
    }
    for (int i = 0; met != null && i < met.size(); i++) {
      Rule rule = met.get(i);
      trail.add(prints.of(rule).rule(), 1);
      tell(trail, prints, rule, false);
    }
    boolean whole = (trail.flags & Trail.INCOMPLETE) == 0;
    for (int i = 0; i < candidateCount; i++) {
      tell(trail, prints, candidates[i], unclear[i]);
    }
    if (whole) {
      trail.flags &= ~Trail.INCOMPLETE;
    }
    if (callClass != CallClass.READ) {
      writer.tellFields(trail, facts, target, call, values);
    } else {
      writer.tellSubject(trail, target, call, null);
    }
    writer.tellActor(trail, facts, caller(Caller.Trait.ACTOR));
  }

  private void tell(Trail trail, Prints prints, Rule rule, boolean unclearCall) {
    Prints.OfRule print = prints.of(rule);
    trail.add(
        print.call(),
        Prints.HIT | (unclearCall ? Prints.UNCLEAR : 0) | (rule.allows() ? Prints.ALLOWS : 0));
    for (int j = 0; j < rule.when().size(); j++) {
      trail.add(print.clauses()[j], rule.when().get(j).condition().eval(this).code());
    }
    if (rule.fields() != null) {
      trail.add(print.fields(), values.listed(rule.fields()).code());
    }
    if (print.size() != 0) {
      trail.add(print.size(), isOver(rule.bounds().maxBodyBytes()) ? 1 : 0);
    }
  }

  // ---- explain

  private List<Explanation.ConditionTrace> clauses(Rule rule) {
    List<Explanation.ConditionTrace> clauses = new ArrayList<>();
    for (ConditionParser.Clause clause : rule.when()) {
      Truth truth = clause.condition().eval(this);
      clauses.add(
          new Explanation.ConditionTrace(
              clause.text(),
              clause.at().line(),
              clause.at().column(),
              truth,
              truth == Truth.UNKNOWN && clause.condition().isNear(this)));
    }
    return clauses;
  }

  private void trace(
      Rule rule, boolean matches, String why, List<Explanation.ConditionTrace> clauses) {
    if (trace != null) {
      trace.add(
          new Explanation.RuleTrace(
              rule.id(),
              rule.effect() == null ? "redact" : Fold.lower(rule.effect().name()),
              observes(rule),
              rule.call().toString(),
              rule.file(),
              rule.at().line(),
              matches,
              why,
              clauses));
    }
  }

  /** What the engine made of the call, for people; no value of it. */
  List<String> notes() {
    List<String> notes = new ArrayList<>();
    FieldValues body = values.readFields();
    if (target.malformed()) {
      notes.add("URL: " + (target.hostMalformed ? "its host" : "its path") + " is malformed");
    }
    if (call.destinations() == 0) {
      notes.add(
          call.hostKnown ? "port: in no destination of this host" : "host: in no destination");
    }
    for (int i = call.destinations() - 1; i >= 0; i--) {
      Destination to = call.destination(i);
      Pack pack = to.pack;
      notes.add("destination: " + to.name + (pack == null ? "" : " (pack " + pack.name() + ")"));
    }
    if (Integer.bitCount(call.methods) > 1) {
      notes.add(
          "methods: "
              + Methods.toText(call.methods)
              + (call.methods == (Methods.GET | Methods.HEAD)
                  ? " (servers do for HEAD what they do for GET)"
                  : " (the call overrides its method)"));
    }
    notes.add(
        "body: "
            + switch (values.format()) {
              case NONE -> "none";
              case JSON -> "JSON";
              case FORM -> "form";
              case MULTIPART -> "multipart form";
              case XML -> "XML";
              case GRAPHQL -> "GraphQL";
              case OTHER -> "not readable";
            }
            + (body == null ? ", not looked at" : body.isUnknown() ? ", malformed" : ""));
    Operations operations = call.operations();
    if (operations != null) {
      notes.add(
          operations.protocol().word()
              + ": "
              + (operations.unclear()
                  ? "what it asks for is unclear"
                  : operations.size() == 1 ? "one operation" : operations.size() + " operations"));
    }
    return notes;
  }
}
