package dev.cordon.rules;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The decision for one call: made once, on the caller's thread, then thrown away. */
final class Evaluation implements HostIndex.Hits, PathTrie.Hits {
  private static final int MAX_RULE_IDS = 8;
  private static final Rule[] NO_RULES = {};

  private static final String[] OVERRIDE_HEADERS = {
    "X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override", "X-Original-Method"
  };
  // servers that honour them serve another path than the one decided here
  private static final String[] PATH_HEADERS = {"X-Original-URL", "X-Rewrite-URL"};
  private static final String[] OVERRIDE_PARAMETERS = {
    "_HttpMethod", "_method", "X-HTTP-Method-Override", "X-HTTP-Method", "$httpMethod"
  };

  /** What a hit in a path trie is. */
  private enum Looking {
    CLASSIFIED,
    PACK_CALL,
    RULE,
    ANY_RULE
  }

  private final RuleFile file;
  private final CallFacts facts;
  private final Target target;
  private final @Nullable List<Explanation.RuleTrace> trace;

  private int methods;
  private @Nullable BodyFormat format;
  private @Nullable FieldValues values;

  private boolean hostKnown;
  private Destination[] matched = new Destination[2];
  private boolean[] matchedExactly = new boolean[2];
  private int matchedCount;

  private Looking looking = Looking.CLASSIFIED;
  private int lookingAt;
  private int lookingFor;
  private int bestId;
  private long bestRank;
  private CallClass bestClass = CallClass.UNKNOWN;
  private @Nullable CallPattern classifiedAs;
  private @Nullable Destination bestDestination;
  private @Nullable Destination packDestination;
  private int packCall = -1;

  private Rule[] candidates = NO_RULES;
  private int[] hostRanks = {};
  private int candidateCount;

  private final Best enforced = new Best();
  private final Best observed = new Best();
  private Rule[] fired = NO_RULES;
  private int firedCount;
  private @Nullable List<Redaction> redactions;

  Evaluation(RuleFile file, CallFacts facts, @Nullable List<Explanation.RuleTrace> trace) {
    this.file = file;
    this.facts = facts;
    this.trace = trace;
    target = Target.parse(facts.url());
  }

  Decision decide() {
    CallClass callClass = classify();
    restrictHost();
    restrictTransport();
    restrictBody(callClass);
    collectRules();
    for (int i = 0; i < candidateCount; i++) {
      evaluate(candidates[i], hostRanks[i]);
    }
    return decision(callClass);
  }

  CallClass classify() {
    findDestinations();
    methods = readMethods();
    CallClass strictest = CallClass.READ;
    for (int bits = methods; bits != 0; bits &= bits - 1) {
      CallClass one = classOf(Integer.lowestOneBit(bits));
      strictest = one.compareTo(strictest) > 0 ? one : strictest;
    }
    return target.malformed() ? CallClass.UNKNOWN : strictest;
  }

  // ---- destination

  private void findDestinations() {
    if (!target.hostMalformed) {
      file.hosts().find(target.host, target.ip, this);
    }
  }

  @Override
  public void destination(int destination, boolean exact) {
    hostKnown = true;
    Destination known = file.destinations().get(destination);
    if (!known.hasPort(target.port)) {
      return;
    }
    for (int i = 0; i < matchedCount; i++) {
      if (matched[i] == known) {
        matchedExactly[i] |= exact;
        return;
      }
    }
    if (matchedCount == matched.length) {
      matched = Arrays.copyOf(matched, matchedCount * 2);
      matchedExactly = Arrays.copyOf(matchedExactly, matchedCount * 2);
    }
    matched[matchedCount] = known;
    matchedExactly[matchedCount++] = exact;
  }

  /** The most specific destination: the index finds it last. */
  private @Nullable Destination destination() {
    return matchedCount == 0 ? null : matched[matchedCount - 1];
  }

  // ---- method

  /** The method on the wire, and every method that the call asks the server to take it for. */
  private int readMethods() {
    int mask = Methods.bit(facts.method());
    List<String> headers = facts.headers();
    for (int i = 0; i + 1 < headers.size(); i += 2) {
      for (String name : OVERRIDE_HEADERS) {
        if (Fold.same(name, asServersRead(headers.get(i)))) {
          mask |= Methods.bit(headers.get(i + 1).strip());
        }
      }
      for (String name : PATH_HEADERS) {
        if (Fold.same(name, asServersRead(headers.get(i)))) {
          mask |= Methods.OTHER;
        }
      }
    }
    if (target.queryEnd > target.queryStart) {
      mask |= overrides(FormReader.query(facts.url(), target));
    }
    if ((mask & Methods.POST) != 0 && format() == BodyFormat.FORM) {
      mask |= overrides(FormReader.body(facts.body()));
    }
    return mask;
  }

  /** Gateways to CGI, WSGI and PHP take an underscore for a hyphen, and blanks away. */
  private static String asServersRead(String headerName) {
    return headerName.indexOf('_') < 0 && headerName.indexOf(' ') < 0
        ? headerName
        : headerName.strip().replace('_', '-');
  }

  private static int overrides(FormReader pairs) {
    int mask = 0;
    while (pairs.next()) {
      for (String name : OVERRIDE_PARAMETERS) {
        if (pairs.keyIs(name)) {
          String value = pairs.value();
          mask |= value == null ? Methods.OTHER : Methods.bit(value.strip());
        }
      }
    }
    return mask;
  }

  // ---- class

  private CallClass classOf(int method) {
    lookingFor = method;
    best(Looking.CLASSIFIED);
    if (bestId >= 0) {
      RuleFile.Classified line = file.classified().get(bestId);
      classifiedAs = line.pattern();
      CallClass callClass = line.callClass();
      best(Looking.PACK_CALL); // for its name and its money
      notePackCall();
      return callClass;
    }
    best(Looking.PACK_CALL);
    if (bestId >= 0) {
      notePackCall();
      return bestClass;
    }
    return usualClass(method);
  }

  private void best(Looking what) {
    looking = what;
    bestId = -1;
    bestRank = -1;
    for (int i = 0; i < matchedCount; i++) {
      lookingAt = i;
      Destination destination = matched[i];
      find(
          what == Looking.CLASSIFIED ? destination.classified : destination.packCalls, destination);
    }
  }

  /** Looks a path up; where the vendor lets a suffix follow every path, without that, too. */
  private void find(PathTrie trie, Destination destination) {
    trie.find(target, this);
    findWithoutSuffix(trie, destination);
  }

  private void findWithoutSuffix(PathTrie trie, Destination destination) {
    Pack pack = destination.pack;
    if (pack == null || pack.suffix().isEmpty() || target.segments == 0) {
      return;
    }
    int last = target.segments - 1;
    int end = target.ends[last];
    int shorter = end - pack.suffix().length();
    if (shorter > target.starts[last] && Fold.same(pack.suffix(), target.path, shorter, end)) {
      target.ends[last] = shorter;
      trie.find(target, this);
      target.ends[last] = end;
    }
  }

  private void notePackCall() {
    // of two methods the one that writes names the call
    if (bestId >= 0 && (packCall < 0 || bestClass == CallClass.WRITE)) {
      packCall = bestId;
      packDestination = bestDestination;
    }
  }

  private CallClass usualClass(int method) {
    for (int i = 0; i < matchedCount; i++) {
      switch (matched[i].protocol) {
        case HTTP -> {}
        case GRAPHQL -> {
          return CallClass.UNKNOWN;
        }
        case JSON_RPC -> {
          if ((method & Methods.READS) == 0) {
            return CallClass.UNKNOWN;
          }
        }
      }
    }
    if ((method & Methods.READS) != 0) {
      return isGraphQlQuery() ? CallClass.UNKNOWN : CallClass.READ;
    }
    return (method & Methods.WRITES) != 0 ? CallClass.WRITE : CallClass.UNKNOWN;
  }

  /** {@code GET /graphql?query=mutation...} is no read. */
  private boolean isGraphQlQuery() {
    if (target.segments == 0 || target.queryEnd == target.queryStart) {
      return false;
    }
    int start = target.starts[target.segments - 1];
    int end = target.ends[target.segments - 1];
    return Fold.same("graphql", target.path, start, Math.min(end, start + "graphql".length()));
  }

  // ---- rules

  @Override
  public void hit(int id, boolean exact) {
    switch (looking) {
      case CLASSIFIED -> {
        RuleFile.Classified line = file.classified().get(id);
        consider(id, line.pattern(), line.callClass(), exact);
      }
      case PACK_CALL -> {
        Pack pack = matched[lookingAt].pack;
        if (pack != null) {
          Pack.Call call = pack.calls().get(id);
          consider(id, call.pattern(), call.callClass(), exact);
        }
      }
      case RULE -> candidate(file.rules().get(id), matchedExactly[lookingAt] ? 2 : 1, exact);
      case ANY_RULE -> candidate(file.rules().get(id), 0, exact);
    }
  }

  private void consider(int id, CallPattern pattern, CallClass callClass, boolean exact) {
    if ((pattern.methods() & lookingFor) == 0 || (callClass == CallClass.READ && !exact)) {
      return; // a server that minds the case of letters may do something else
    }
    long rank = pattern.rank();
    if (rank > bestRank || (rank == bestRank && callClass == CallClass.WRITE)) {
      bestId = id;
      bestRank = rank;
      bestClass = callClass;
      bestDestination = matched[lookingAt];
    }
  }

  private void collectRules() {
    looking = Looking.RULE;
    for (int i = 0; i < matchedCount; i++) {
      lookingAt = i;
      find(matched[i].rules, matched[i]);
    }
    looking = Looking.ANY_RULE;
    file.anyRules().find(target, this);
    for (int i = 0; i < matchedCount; i++) {
      findWithoutSuffix(file.anyRules(), matched[i]);
    }
  }

  private void candidate(Rule rule, int hostRank, boolean exact) {
    if ((rule.call().methods() & methods) == 0) {
      return;
    }
    if (rule.allows()
        && (!exact || target.malformed() || (methods & ~rule.call().methods()) != 0)) {
      if (trace != null) {
        trace(rule, false, unclear(exact), List.of());
      }
      return;
    }
    for (int i = 0; i < candidateCount; i++) {
      if (candidates[i].index() == rule.index()) {
        hostRanks[i] = Math.max(hostRanks[i], hostRank);
        return;
      }
    }
    if (candidateCount == candidates.length) {
      candidates = Arrays.copyOf(candidates, candidateCount + 4);
      hostRanks = Arrays.copyOf(hostRanks, candidateCount + 4);
    }
    candidates[candidateCount] = rule;
    hostRanks[candidateCount++] = hostRank;
  }

  private String unclear(boolean exact) {
    if (target.malformed()) {
      return "allows only URLs that every server reads in one way";
    }
    return exact
        ? "the call asks to be taken for another method, which the rule does not allow"
        : "the path differs in the case of letters";
  }

  private void evaluate(Rule rule, int hostRank) {
    Truth truth = rule.truth(this);
    boolean matches = truth == Truth.TRUE || (truth == Truth.UNKNOWN && rule.firesOnUnknown());
    if (rule.fields() != null && truth != Truth.FALSE) {
      Truth listed = listed(rule.fields());
      if (listed == Truth.FALSE || (listed == Truth.UNKNOWN && rule.firesOnUnknown())) {
        slot(rule)
            .offer(
                rule.fields().others(),
                hostRank,
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
    Effect effect = rule.effect();
    if (effect != null) {
      slot(rule)
          .offer(
              effect,
              hostRank,
              rule.call().rank(),
              rule.when().size(),
              rule.id(),
              rule,
              reason(effect));
    } else if (rule.redaction() != null && !rule.observed() && isEnforcing()) {
      List<Redaction> all = redactions;
      if (all == null) {
        all = new ArrayList<>(2);
        redactions = all;
      }
      all.add(rule.redaction());
    }
  }

  private boolean isEnforcing() {
    return file.defaults().mode() == Mode.ENFORCE;
  }

  private Best slot(Rule rule) {
    return rule.observed() ? observed : enforced;
  }

  private void note(Rule rule) {
    if (firedCount == fired.length) {
      fired = Arrays.copyOf(fired, firedCount + 4);
    }
    fired[firedCount++] = rule;
  }

  private static Reason reason(Effect effect) {
    return switch (effect) {
      case ALLOW -> Reason.ALLOWED;
      case APPROVE -> Reason.APPROVAL_REQUIRED;
      case ESCALATE -> Reason.ESCALATED;
      case DENY -> Reason.RULE;
      case FORBID -> Reason.FORBIDDEN;
    };
  }

  // ---- restrictions that are no rules

  private void restrictHost() {
    if (matchedCount > 0) {
      return;
    }
    Effect effect = file.defaults().host();
    if (effect != Effect.ALLOW) { // an allowed host lifts nothing: the class decides
      Reason reason =
          target.malformed()
              ? Reason.MALFORMED_URL
              : hostKnown ? Reason.UNKNOWN_PORT : Reason.UNKNOWN_HOST;
      enforced.offer(effect, -1, -1, 0, "default.host", null, reason);
    }
  }

  private void restrictTransport() {
    if (target.secure) {
      return;
    }
    for (int i = 0; i < matchedCount; i++) {
      if (matched[i].tlsRequired) {
        enforced.offer(Effect.DENY, -1, -1, 0, matched[i].tlsRuleId, null, Reason.TLS_REQUIRED);
      }
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

  // ---- what conditions ask for

  private BodyFormat format() {
    BodyFormat known = format;
    if (known == null) {
      known = BodyFormat.of(facts);
      format = known;
    }
    return known;
  }

  /** The body's fields; the body is read when the first condition asks. */
  FieldValues fields() {
    FieldValues known = values;
    if (known != null) {
      return known;
    }
    FieldValues read = new FieldValues(file.fields(), file.knownNames());
    switch (format()) {
      case NONE -> {}
      case JSON -> read.readJson(facts.body());
      case FORM -> read.readForm(facts.body());
      case OTHER -> read.setUnknown();
    }
    if (target.queryEnd > target.queryStart) {
      read.markQuery(FormReader.query(facts.url(), target));
    }
    values = read;
    return read;
  }

  private Truth listed(FieldsCheck check) {
    Truth body =
        switch (format()) {
          case NONE -> Truth.TRUE;
          case JSON -> check.json(facts.body());
          case FORM -> check.form(FormReader.body(facts.body()));
          case OTHER -> Truth.UNKNOWN;
        };
    return body.and(check.query(FormReader.query(facts.url(), target)));
  }

  @Nullable Money money() {
    Destination destination = packDestination;
    return destination == null || packCall < 0 ? null : destination.money[packCall];
  }

  Truth testQuery(String name, FieldValues.Test test) {
    FormReader pairs = FormReader.query(facts.url(), target);
    Truth truth = Truth.UNKNOWN;
    boolean found = false;
    while (pairs.next()) {
      Truth is = isKey(pairs, name);
      if (is == Truth.FALSE) {
        continue;
      }
      String value = pairs.value();
      if (is == Truth.UNKNOWN || found || value == null) {
        return Truth.UNKNOWN; // a broken key may be any; of two values servers take either
      }
      found = true;
      truth = test.test(FieldValues.TEXT, 0, value);
    }
    return truth;
  }

  Truth queryExists(String name) {
    FormReader pairs = FormReader.query(facts.url(), target);
    Truth exists = Truth.FALSE;
    while (pairs.next()) {
      exists = exists.or(isKey(pairs, name));
    }
    return exists;
  }

  private static Truth isKey(FormReader pairs, String name) {
    String key = pairs.key();
    String path = key == null ? null : FieldValues.dotted(key);
    return path == null ? Truth.UNKNOWN : Truth.of(path.equals(name));
  }

  Truth testHeader(String name, FieldValues.Test test) {
    List<String> headers = facts.headers();
    String value = null;
    for (int i = 0; i + 1 < headers.size(); i += 2) {
      if (Fold.same(name, headers.get(i))) {
        if (value != null) {
          return Truth.UNKNOWN;
        }
        value = headers.get(i + 1).strip();
      }
    }
    return value == null ? Truth.UNKNOWN : test.test(FieldValues.TEXT, 0, value);
  }

  Truth headerExists(String name) {
    List<String> headers = facts.headers();
    for (int i = 0; i + 1 < headers.size(); i += 2) {
      if (Fold.same(name, headers.get(i))) {
        return Truth.TRUE;
      }
    }
    return Truth.FALSE;
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
    Destination destination = destination();
    Pack pack = destination == null ? null : destination.pack;
    Pack.Call call =
        packDestination == null || packDestination.pack == null || packCall < 0
            ? null
            : packDestination.pack.calls().get(packCall);
    Set<String> keepFields =
        call != null ? call.recipients() : pack != null ? pack.recipients() : Set.of();
    List<String> fieldNames =
        values == null || callClass == CallClass.READ ? List.of() : values.names();
    return new Decision(
        best.effect,
        isEnforcing() && !stronger,
        best.id,
        ruleIds(),
        callClass,
        best.reason,
        destination == null ? "" : destination.name,
        operation(call),
        redactions == null ? List.of() : List.copyOf(redactions),
        keepFields,
        fieldNames,
        refuseWithException(best.rule, destination),
        pack == null ? null : pack.refusal(),
        best.rule != null ? best.rule.help() : help(best.reason, destination));
  }

  private static String defaultId(CallClass callClass) {
    return switch (callClass) {
      case READ -> "default.read";
      case WRITE -> "default.write";
      case UNKNOWN -> "default.unknown";
    };
  }

  private Reason defaultReason(Effect effect, CallClass callClass) {
    if (effect == Effect.APPROVE) {
      return Reason.APPROVAL_REQUIRED;
    }
    return switch (callClass) {
      case READ -> Reason.READ_DEFAULT;
      case WRITE -> Reason.WRITE_DEFAULT;
      case UNKNOWN -> target.malformed() ? Reason.MALFORMED_URL : Reason.UNKNOWN_CALL;
    };
  }

  private List<String> ruleIds() {
    if (firedCount == 0) {
      return List.of();
    }
    if (firedCount == 1) {
      return fired[0].ids();
    }
    // few: the strongest first, then by id, by insertion
    for (int i = 1; i < firedCount; i++) {
      Rule rule = fired[i];
      int at = i;
      while (at > 0 && isBefore(rule, fired[at - 1])) {
        fired[at] = fired[at - 1];
        at--;
      }
      fired[at] = rule;
    }
    String[] ids = new String[Math.min(firedCount, MAX_RULE_IDS)];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = fired[i].id();
    }
    return List.of(ids);
  }

  private static boolean isBefore(Rule a, Rule b) {
    int order = compare(a.effect(), b.effect());
    return order > 0 || (order == 0 && a.id().compareTo(b.id()) < 0);
  }

  /** Redacting rules have no effect of their own: they come last. */
  private static int compare(@Nullable Effect a, @Nullable Effect b) {
    if (a == null || b == null) {
      return (a == null ? 0 : 1) - (b == null ? 0 : 1);
    }
    return a.compareTo(b);
  }

  private String operation(Pack.@Nullable Call call) {
    if (call != null) {
      return call.operation();
    }
    CallPattern pattern = classifiedAs;
    for (int i = 0; i < candidateCount; i++) {
      CallPattern other = candidates[i].call();
      if (pattern == null || other.rank() > pattern.rank()) {
        pattern = other;
      }
    }
    return pattern == null ? "" : pattern.toString();
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
      case TLS_REQUIRED -> "use https; the rule file has tls: required for this destination";
      case BODY_TOO_LARGE -> "the body is longer than `inspect-up-to`; send less, or set `larger`";
      case BODY_UNREADABLE -> "the body could not be read; send it whole and in a known encoding";
      case MALFORMED_URL -> "write the URL without encoded slashes, empty segments or odd hosts";
      case READ_DEFAULT, WRITE_DEFAULT, UNKNOWN_CALL, APPROVAL_REQUIRED ->
          destination == null
              ? "no rule allows this call; add one with then: allow"
              : destination.defaultHelp;
      case ALLOWED, RULE, FORBIDDEN, ESCALATED, FIELD_NOT_ALLOWED, ENGINE_ERROR -> "";
    };
  }

  // ---- explain

  private List<Explanation.ConditionTrace> clauses(Rule rule) {
    List<Explanation.ConditionTrace> clauses = new ArrayList<>();
    for (ConditionParser.Clause clause : rule.when()) {
      clauses.add(
          new Explanation.ConditionTrace(
              clause.text(),
              clause.at().line(),
              clause.at().column(),
              clause.condition().eval(this)));
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
              rule.observed(),
              rule.call().toString(),
              rule.at().line(),
              matches,
              why,
              clauses));
    }
  }

  /** What the engine made of the call, for people; no value of it. */
  List<String> notes() {
    List<String> notes = new ArrayList<>();
    if (target.malformed()) {
      notes.add("URL: " + (target.hostMalformed ? "its host" : "its path") + " is malformed");
    }
    if (matchedCount == 0) {
      notes.add(hostKnown ? "port: in no destination of this host" : "host: in no destination");
    }
    for (int i = matchedCount - 1; i >= 0; i--) {
      Pack pack = matched[i].pack;
      notes.add(
          "destination: " + matched[i].name + (pack == null ? "" : " (pack " + pack.name() + ")"));
    }
    if (Integer.bitCount(methods) > 1) {
      notes.add("methods: " + Methods.toText(methods) + " (the call overrides its method)");
    }
    notes.add(
        "body: "
            + switch (format()) {
              case NONE -> "none";
              case JSON -> "JSON";
              case FORM -> "form";
              case OTHER -> "not readable as JSON or form";
            }
            + (values == null ? ", not looked at" : values.isUnknown() ? ", malformed" : ""));
    return notes;
  }

  /** The strongest effect so far; of equal ones the most specific rule, then the first by id. */
  private static final class Best {
    private Effect effect = Effect.ALLOW;
    private int hostRank;
    private long pathRank;
    private int conditions;
    private String id = "";
    private @Nullable Rule rule;
    private Reason reason = Reason.ALLOWED;

    boolean isSet() {
      return !id.isEmpty();
    }

    void offer(
        Effect newEffect,
        int newHostRank,
        long newPathRank,
        int newConditions,
        String newId,
        @Nullable Rule newRule,
        Reason newReason) {
      if (isSet()) {
        int order = newEffect.compareTo(effect);
        order = order != 0 ? order : Integer.compare(newHostRank, hostRank);
        order = order != 0 ? order : Long.compare(newPathRank, pathRank);
        order = order != 0 ? order : Integer.compare(newConditions, conditions);
        order = order != 0 ? order : id.compareTo(newId);
        if (order <= 0) {
          return;
        }
      }
      effect = newEffect;
      hostRank = newHostRank;
      pathRank = newPathRank;
      conditions = newConditions;
      id = newId;
      rule = newRule;
      reason = newReason;
    }
  }
}
