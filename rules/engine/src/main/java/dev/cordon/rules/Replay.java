package dev.cordon.rules;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Decides calls of a journal again. What a record does not tell is not guessed: every way in which
 * it may have been is followed, and when they end in different decisions, the outcome says so. A
 * limit is taken to come out as it did. For one thread.
 */
public final class Replay {

  /**
   * What would be done with a past call.
   *
   * @param decisions as journals write them, {@code deny}, {@code would_deny} ...; more than one
   *     when the record does not tell which
   * @param rule the rule that would decide, or {@code default.write} style; of several decisions
   *     one that may
   * @param unknown what the record would have to tell; empty when it tells all
   */
  public record Outcome(List<String> decisions, String rule, String unknown) {
    public boolean isKnown() {
      return decisions.size() == 1;
    }
  }

  private static final int MAX_HOSTS = 4_096;
  private static final int TRUE = 1;
  private static final int FALSE = 2;
  private static final int UNKNOWN = 4;
  private static final int ANY = TRUE | FALSE | UNKNOWN;

  private static final Set<String> ALL_DECISIONS =
      Set.of("allow", "deny", "approve-wait", "escalate");

  private static final Set<String> SECRET = Set.of("secret");

  private final RuleSet rules;
  private final RuleFile file;
  private final Prints prints;
  private final long policy;
  private final Map<String, Host> hosts = new HashMap<>();

  public Replay(RuleSet rules) {
    this.rules = rules;
    file = rules.file();
    prints = new Prints(file);
    policy = Long.parseUnsignedLong(rules.digest().substring(0, 16), 16);
  }

  /** What the rules know of a host, worked out once. */
  private record Host(Target target, Classification call, List<Candidate> candidates) {}

  private record Candidate(Rule rule, int hostRank, List<String> suffixes) {}

  /** What the rules would do with the call. */
  public Outcome decide(PastCall past) {
    if (past.has(Trail.FAILED)) {
      boolean read = (past.methods() & Methods.READS) != 0;
      Fallback fallback = rules.onError();
      boolean allowed = read ? fallback.readAllowed() : fallback.writeAllowed();
      return new Outcome(
          List.of(allowed || observing() ? (allowed ? "allow" : "would_deny") : "deny"),
          "default.on-error",
          "");
    }
    boolean sameRules = past.policy() == policy;
    if (past.hostPort().equals("other") && !past.has(Trail.HOST_MALFORMED)) {
      return cannotTell("the journal did not keep the host");
    }
    if (past.has(Trail.FRONTED) && !sameRules) {
      return cannotTell("a Host header named another host");
    }
    return new One(past, host(past), sameRules).outcome();
  }

  /**
   * What the rules make of a call, whatever they decide.
   *
   * @param classes it may be of
   * @param packCall as a rule writes it, of the pack's call that it is; empty when it is none
   * @param money the pack says that it moves money
   */
  public record Nature(
      Set<CallClass> classes,
      String operation,
      String packCall,
      String destination,
      boolean money) {

    public Nature {
      classes = Set.copyOf(classes);
    }
  }

  public Nature nature(PastCall past) {
    Host host = host(past);
    One one = new One(past, host, past.policy() == policy);
    EnumSet<CallClass> classes = one.classes();
    Destination last = host.call().destination();
    String name = last == null ? "" : last.name;
    Pack.Call best = null;
    for (int i = 0; i < host.call().destinations(); i++) {
      Pack pack = host.call().destination(i).pack;
      for (int j = 0; pack != null && j < pack.calls().size(); j++) {
        Pack.Call call = pack.calls().get(j);
        if ((best == null || call.pattern().rank() > best.pattern().rank())
            && one.isSurely(call.pattern(), pack.suffixes())) {
          best = call;
        }
      }
    }
    return best == null
        ? new Nature(classes, "", "", name, false)
        : new Nature(classes, best.operation(), best.pattern().toString(), name, best.hasMoney());
  }

  /** What a record tells of a condition. */
  public enum Told {
    TRUE,
    FALSE,
    /**
     * It was looked at: absent, of the wrong type, unreadable, or open to more than one reading.
     */
    UNKNOWN,
    /** The record does not say: it has no values, and this was not asked then. */
    NOT_TOLD
  }

  /**
   * A condition of a rule, as far as the record tells it.
   *
   * @param text as written in the file, or what a list of fields, a size or a limit demands
   */
  public record PastCondition(String text, int line, int column, Told told) {}

  /**
   * A rule that is for a past call, or may be.
   *
   * @param then the word in the rule file
   * @param sure the record says that it is for the call
   * @param fired whether it took part; not told when the rules at hand are others
   */
  public record PastRule(
      String id,
      String then,
      boolean observed,
      String call,
      String file,
      int line,
      boolean sure,
      Told fired,
      List<PastCondition> conditions) {

    public PastRule {
      conditions = List.copyOf(conditions);
    }
  }

  /** Whether these are the rules that decided the call. */
  public boolean decided(PastCall past) {
    return past.policy() == policy;
  }

  /** The rules for a call, with what its record tells of their conditions. */
  public List<PastRule> rules(PastCall past) {
    return new One(past, host(past), decided(past)).rules();
  }

  private static Outcome cannotTell(String why) {
    return new Outcome(List.copyOf(new TreeSet<>(ALL_DECISIONS)), "", why);
  }

  private boolean observing() {
    return file.defaults().mode() == Mode.OBSERVE;
  }

  private Host host(PastCall past) {
    String url =
        past.has(Trail.HOST_MALFORMED)
            ? "https://"
            : (past.has(Trail.SECURE) ? "https://" : "http://") + past.hostPort() + "/";
    Host known = hosts.get(url);
    if (known == null) {
      known = read(url);
      if (hosts.size() < MAX_HOSTS) {
        hosts.put(url, known);
      }
    }
    return known;
  }

  private Host read(String url) {
    CallFacts facts = CallFacts.of("GET", url);
    Target target = Target.parse(url);
    Classification call =
        new Classification(file, facts, target, new CallValues(file, facts, target));
    call.findDestinations();
    Map<Integer, Candidate> found = new HashMap<>();
    for (int i = 0; i < call.destinations(); i++) {
      Destination to = call.destination(i);
      int rank = call.isExactHost(i) ? 2 : 1;
      to.rules.all((id, exact) -> offer(found, id, rank, to.pack));
    }
    Pack last = call.destination() == null ? null : call.destination().pack;
    file.anyRules().all((id, exact) -> offer(found, id, 0, last));
    return new Host(target, call, List.copyOf(found.values()));
  }

  private void offer(Map<Integer, Candidate> found, int id, int rank, @Nullable Pack pack) {
    Candidate known = found.get(id);
    if (known == null || known.hostRank() < rank) {
      List<String> suffixes = pack == null ? List.of() : pack.suffixes();
      found.put(id, new Candidate(file.rules().get(id), rank, suffixes));
    }
  }

  /** One call. */
  private final class One {
    private final PastCall past;
    private final Host host;
    private final boolean sameRules;

    private final Best enforced = new Best();
    private final Best observed = new Best();
    private final EnumSet<Effect> maybeEnforced = EnumSet.noneOf(Effect.class);
    private final EnumSet<Effect> maybeObserved = EnumSet.noneOf(Effect.class);
    private final List<Rule> fired = new ArrayList<>(4);
    private final List<Rule> maybeFired = new ArrayList<>(0);
    private String why = "";
    private String maybeRule = "";

    One(PastCall past, Host host, boolean sameRules) {
      this.past = past;
      this.host = host;
      this.sameRules = sameRules;
    }

    Outcome outcome() {
      EnumSet<CallClass> classes = classes();
      restrict(classes);
      for (Candidate candidate : host.candidates()) {
        Likely likely = likely(candidate);
        if (likely != Likely.NO) {
          evaluate(candidate, likely);
        }
      }
      Set<String> decisions = new TreeSet<>();
      String rule = "";
      for (CallClass callClass : classes) {
        rule = decide(callClass, decisions);
      }
      if (decisions.size() == 1) {
        return new Outcome(List.copyOf(decisions), rule, "");
      }
      return new Outcome(
          List.copyOf(decisions),
          maybeRule.isEmpty() ? rule : maybeRule,
          why.isEmpty() ? "the class of the call under these rules" : why);
    }

    private void maybe(Rule rule, String reason) {
      if (why.isEmpty()) {
        why = reason;
        maybeRule = rule.id();
      }
    }

    // ---- class

    private EnumSet<CallClass> classes() {
      if (past.isMalformed()) {
        return EnumSet.of(CallClass.UNKNOWN);
      }
      if (sameRules || past.classes() == prints.classes) {
        return EnumSet.of(past.callClass());
      }
      Protocol protocol = TrailWriter.protocol(past.flags());
      if (protocol == Protocol.HTTP && mayBeEndpoint()) {
        return EnumSet.allOf(CallClass.class);
      }
      if (past.has(Trail.UNCLEAR)) {
        return EnumSet.of(CallClass.WRITE, CallClass.WRITE_HIGH, CallClass.UNKNOWN);
      }
      EnumSet<CallClass> all = EnumSet.of(CallClass.READ);
      if (protocol == Protocol.HTTP) {
        for (int bits = past.methods(); bits != 0; bits &= bits - 1) {
          all = or(all, byPath(Integer.lowestOneBit(bits)));
        }
        return all;
      }
      if (past.operations().isEmpty() || past.operations().contains("other")) {
        return EnumSet.allOf(CallClass.class);
      }
      for (String operation : past.operations()) {
        all = or(all, byOperation(protocol, operation));
      }
      return all;
    }

    private EnumSet<CallClass> or(EnumSet<CallClass> a, EnumSet<CallClass> b) {
      EnumSet<CallClass> out = EnumSet.noneOf(CallClass.class);
      for (CallClass one : a) {
        for (CallClass other : b) {
          out.add(one.or(other));
        }
      }
      return out;
    }

    /** These rules may read the body as one that names operations; the record does not. */
    private boolean mayBeEndpoint() {
      for (int i = 0; i < host.call().destinations(); i++) {
        Destination to = host.call().destination(i);
        if (!to.endpoints.isEmpty() || to.endpoints.everywhere != Protocol.HTTP) {
          return true;
        }
        Pack pack = to.pack;
        if (pack != null
            && (pack.endpoints().everywhere != Protocol.HTTP || mayBe(pack.endpoints()))) {
          return true;
        }
      }
      return false;
    }

    private boolean mayBe(Endpoints endpoints) {
      for (CallPattern path : endpoints.patterns()) {
        if (Likely.path(path, past, List.of()) != Likely.NO) {
          return true;
        }
      }
      return false;
    }

    private record Line(
        CallPattern pattern, CallClass callClass, List<String> suffixes, int layer) {}

    /** Lines of `classify`, then those of packs, each the most specific first. */
    private List<List<Line>> lines() {
      List<Line> written = new ArrayList<>();
      List<Line> packed = new ArrayList<>();
      for (int i = 0; i < host.call().destinations(); i++) {
        Destination to = host.call().destination(i);
        List<String> suffixes = to.pack == null ? List.of() : to.pack.suffixes();
        for (RuleFile.Classified line : file.classified()) {
          if (line.destination().equals(to.name)) {
            written.add(new Line(line.pattern(), line.callClass(), suffixes, line.layer()));
          }
        }
        if (to.pack != null) {
          for (Pack.Call call : to.pack.calls()) {
            packed.add(new Line(call.pattern(), call.callClass(), suffixes, 0));
          }
        }
      }
      for (List<Line> list : List.of(written, packed)) {
        list.sort(
            (a, b) -> {
              int order = Integer.compare(b.layer(), a.layer());
              order = order != 0 ? order : Long.compare(b.pattern().rank(), a.pattern().rank());
              return order != 0
                  ? order
                  : a.callClass() == b.callClass()
                      ? 0
                      : a.callClass().isStricterThan(b.callClass()) ? -1 : 1;
            });
      }
      return List.of(written, packed);
    }

    private EnumSet<CallClass> byPath(int method) {
      EnumSet<CallClass> all = EnumSet.noneOf(CallClass.class);
      for (List<Line> lines : lines()) {
        for (Line line : lines) {
          if (line.pattern().protocol() != Protocol.HTTP
              || (line.pattern().methods() & method) == 0) {
            continue;
          }
          Likely likely = Likely.path(line.pattern(), past, line.suffixes());
          if (likely == Likely.NO
              || (line.callClass() == CallClass.READ && likely == Likely.ANY_CASE)) {
            continue;
          }
          all.add(line.callClass());
          if (likely != Likely.MAYBE) {
            return all;
          }
        }
      }
      if ((method & Methods.READS) != 0) {
        all.add(past.has(Trail.WEB_SOCKET) ? CallClass.UNKNOWN : CallClass.READ);
      } else {
        all.add((method & Methods.WRITES) != 0 ? CallClass.WRITE : CallClass.UNKNOWN);
      }
      return all;
    }

    private EnumSet<CallClass> byOperation(Protocol protocol, String operation) {
      EnumSet<CallClass> all = EnumSet.noneOf(CallClass.class);
      boolean named = false;
      for (List<Line> lines : lines()) {
        for (Line line : lines) {
          if (line.pattern().protocol() != protocol) {
            boolean here =
                line.pattern().protocol() == Protocol.HTTP
                    && (line.pattern().methods() & past.methods()) != 0
                    && Likely.path(line.pattern(), past, line.suffixes()) != Likely.NO;
            if (here) { // a line for the path; it makes no mutation a read
              all.add(line.callClass());
              all.add(CallClass.WRITE);
            }
            continue;
          }
          Likely likely = Likely.operation(line.pattern(), operation);
          if (likely == Likely.NO
              || (line.callClass() == CallClass.READ && likely == Likely.ANY_CASE)) {
            continue;
          }
          all.add(line.callClass());
          if (likely != Likely.MAYBE) {
            named = true;
            break;
          }
        }
        if (named) {
          return all;
        }
      }
      if (protocol == Protocol.GRAPHQL) {
        all.add(operation.startsWith("mutation ") ? CallClass.WRITE : CallClass.READ);
        if (operation.startsWith("*") || operation.startsWith("persisted:")) {
          all.add(CallClass.WRITE);
          all.add(CallClass.UNKNOWN);
        }
        boolean told = false;
        for (int i = 0; i < host.call().destinations(); i++) {
          Destination to = host.call().destination(i);
          told |= to.endpoints.has(protocol) || to.classified.names(protocol);
          told |=
              to.pack != null
                  && (to.pack.endpoints().has(protocol) || to.packCalls.names(protocol));
        }
        return told || past.methods() != Methods.POST ? all : or(all, EnumSet.of(CallClass.WRITE));
      }
      all.add(CallClass.UNKNOWN);
      return all;
    }

    boolean isSurely(CallPattern pattern, List<String> suffixes) {
      if ((pattern.methods() & past.methods()) == 0) {
        return false;
      }
      if (pattern.protocol() == Protocol.HTTP) {
        return Likely.path(pattern, past, suffixes) == Likely.YES;
      }
      boolean all =
          TrailWriter.protocol(past.flags()) == pattern.protocol() && !past.operations().isEmpty();
      for (String operation : past.operations()) {
        all &= Likely.operation(pattern, operation) == Likely.YES;
      }
      return all;
    }

    // ---- restrictions that are no rules

    private void restrict(EnumSet<CallClass> classes) {
      Classification call = host.call();
      if (call.destinations() == 0 && file.defaults().host() != Effect.ALLOW) {
        offer(file.defaults().host(), "default.host", Reason.UNKNOWN_HOST);
      }
      for (int i = 0; i < call.destinations(); i++) {
        Destination to = call.destination(i);
        if (!past.has(Trail.SECURE) && to.tlsRequired) {
          offer(Effect.DENY, to.tlsRuleId, Reason.TLS_REQUIRED);
        }
        IpAddress ip = host.target().ip;
        if (ip != null && !to.reaches(ip)) {
          offer(Effect.DENY, to.privateRuleId, Reason.PRIVATE_ADDRESS);
        }
      }
      if (!file.narrowed().isEmpty() && !host.target().hostMalformed) {
        file.narrowedHosts().find(host.target().host, host.target().ip, this::offerNarrowed);
      }
      int body = past.flags() & Trail.BODY_MASK;
      if (body == Trail.BODY_TOO_LARGE || body == Trail.BODY_UNREADABLE) {
        boolean all = true;
        boolean some = false;
        for (CallClass callClass : classes) {
          boolean denied = !file.defaults().larger().allows(callClass);
          all &= denied;
          some |= denied;
        }
        if (all) {
          offer(Effect.DENY, "default.body.larger", Reason.BODY_TOO_LARGE);
        } else if (some) {
          maybeEnforced.add(Effect.DENY);
          why = "the class of the call under these rules";
        }
      }
    }

    private void offer(Effect effect, String id, Reason reason) {
      enforced.offer(effect, -1, -1, 0, id, null, reason);
    }

    private void offerNarrowed(int index, boolean exact) {
      Draft.Narrowed before = file.narrowed().get(index);
      Destination to = before.destination();
      for (int i = 0; i < host.call().destinations(); i++) {
        if (host.call().destination(i) == to) {
          return;
        }
      }
      if (Destination.isIn(before.ports(), host.target().port)) {
        offer(Effect.DENY, to.narrowedRuleId, Reason.NARROWED);
      }
    }

    // ---- rules

    /** Whether the rule is for the call; for an allowing one, whether it may allow it. */
    private Likely likely(Candidate candidate) {
      Rule rule = candidate.rule();
      if (sameRules && !past.has(Trail.INCOMPLETE)) {
        // the others did not fire, so they decide nothing now
        return past.valueOf(prints.of(rule).rule()) >= 0 ? Likely.YES : Likely.NO;
      }
      int value = past.valueOf(prints.of(rule).call());
      if (value >= 0 && (value & (rule.allows() ? Prints.ALLOWS : Prints.HIT)) != 0) {
        return Likely.YES;
      }
      CallPattern call = rule.call();
      if ((call.methods() & past.methods()) == 0) {
        return Likely.NO;
      }
      if (call.protocol() == Protocol.HTTP) {
        Likely likely = Likely.path(call, past, candidate.suffixes());
        if (!rule.allows()) {
          return likely == Likely.ANY_CASE ? Likely.YES : likely;
        }
        boolean never =
            past.isMalformed()
                || (past.methods() & ~call.methods()) != 0
                || likely == Likely.ANY_CASE;
        return never ? Likely.NO : likely;
      }
      return likelyOperation(rule, call);
    }

    private Likely likelyOperation(Rule rule, CallPattern call) {
      Protocol protocol = TrailWriter.protocol(past.flags());
      if (protocol != call.protocol()) {
        // whether the call is one to an endpoint is for the tables to say, not for rules
        return past.classes() == prints.classes || !mayBeEndpoint() ? Likely.NO : Likely.MAYBE;
      }
      if (past.has(Trail.UNCLEAR) || past.isMalformed()) {
        return rule.allows() ? Likely.NO : Likely.MAYBE;
      }
      List<String> operations = past.operations();
      if (operations.isEmpty() || operations.size() >= 8) {
        return Likely.MAYBE;
      }
      Likely any = Likely.NO;
      Likely all = Likely.YES;
      for (String operation : operations) {
        Likely one = operation.equals("other") ? Likely.MAYBE : Likely.operation(call, operation);
        any = one.compareTo(any) > 0 ? one : any;
        all = one.compareTo(all) < 0 ? one : all;
      }
      if (rule.allows()) {
        boolean plain = past.methods() == Methods.POST || past.methods() == Methods.GET;
        return !plain || all == Likely.ANY_CASE ? Likely.NO : all;
      }
      return any == Likely.ANY_CASE ? Likely.YES : any;
    }

    List<PastRule> rules() {
      List<PastRule> out = new ArrayList<>();
      boolean whole = sameRules && !past.has(Trail.INCOMPLETE);
      for (Candidate candidate : host.candidates()) {
        Rule rule = candidate.rule();
        int value = past.valueOf(prints.of(rule).call());
        boolean hit = value >= 0 && (value & Prints.HIT) != 0;
        if (!hit && (whole || likely(candidate) == Likely.NO)) {
          continue;
        }
        Told fired =
            !whole
                ? Told.NOT_TOLD
                : past.valueOf(prints.of(rule).rule()) >= 0 ? Told.TRUE : Told.FALSE;
        out.add(
            new PastRule(
                rule.id(),
                rule.effect() == null ? "redact" : Fold.lower(rule.effect().name()),
                observes(rule),
                rule.call().toString(),
                rule.file(),
                rule.at().line(),
                hit,
                fired,
                conditions(rule)));
      }
      out.sort(java.util.Comparator.comparing(PastRule::line).thenComparing(PastRule::id));
      return out;
    }

    private List<PastCondition> conditions(Rule rule) {
      List<PastCondition> out = new ArrayList<>();
      for (int i = 0; i < rule.when().size(); i++) {
        ConditionParser.Clause clause = rule.when().get(i);
        int truths = clause(prints.of(rule).clauses()[i], clause.condition());
        out.add(
            new PastCondition(
                clause.text(), clause.at().line(), clause.at().column(), told(truths)));
      }
      if (rule.fields() != null) {
        int truths = listed(prints.of(rule).fields());
        out.add(at(rule, "the body has only the fields listed", told(truths)));
      }
      Bounds bounds = rule.bounds();
      if (bounds.maxBodyBytes() >= 0) {
        String text = "the body has at most " + bounds.maxBodyBytes() + " bytes";
        out.add(at(rule, text, told(not(over(rule)))));
      }
      for (int i = 0; i < bounds.limits().size(); i++) {
        out.add(at(rule, bounds.limits().get(i).text(), kept(prints.of(rule).limits()[i])));
      }
      Bounds.Idempotency once = bounds.idempotency();
      if (once != null) {
        out.add(at(rule, once.text(), kept(prints.of(rule).duplicates())));
      }
      return out;
    }

    private PastCondition at(Rule rule, String text, Told told) {
      return new PastCondition(text, rule.at().line(), rule.at().column(), told);
    }

    private Told kept(long print) {
      return switch (past.valueOf(print)) {
        case Prints.LIMIT_KEPT -> Told.TRUE;
        case Prints.LIMIT_EXCEEDED -> Told.FALSE;
        default -> Told.NOT_TOLD; // also one that another one covered
      };
    }

    private static Told told(int truths) {
      return switch (truths) {
        case TRUE -> Told.TRUE;
        case FALSE -> Told.FALSE;
        case UNKNOWN -> Told.UNKNOWN;
        default -> Told.NOT_TOLD;
      };
    }

    private void evaluate(Candidate candidate, Likely likely) {
      Rule rule = candidate.rule();
      int truths = TRUE;
      String open = "";
      for (int i = 0; i < rule.when().size(); i++) {
        ConditionParser.Clause clause = rule.when().get(i);
        int one = clause(prints.of(rule).clauses()[i], clause.condition());
        if (Integer.bitCount(one) > 1 && open.isEmpty()) {
          open = "whether " + clause.text();
        }
        truths = and(truths, one);
      }
      int value = past.valueOf(prints.of(rule).call());
      if (value >= 0 && (value & Prints.UNCLEAR) != 0) {
        truths = and(truths, UNKNOWN);
      }
      FieldsCheck check = rule.fields();
      int listed = check == null ? TRUE : listed(prints.of(rule).fields());
      int sizes = rule.bounds().maxBodyBytes() < 0 ? FALSE : over(rule);
      EnumSet<Effect> effects = EnumSet.noneOf(Effect.class);
      boolean mayPass = likely == Likely.MAYBE;
      boolean mayFire = false;
      boolean mayNotFire = mayPass;
      for (int truth = TRUE; truth <= UNKNOWN; truth <<= 1) {
        for (int in = TRUE; in <= UNKNOWN; in <<= 1) {
          if ((truths & truth) == 0 || (listed & in) == 0) {
            continue;
          }
          boolean fires =
              truth == TRUE || (truth == UNKNOWN && rule.firesOnUnknown() && !rule.allows());
          if (check != null
              && truth != FALSE
              && (in == FALSE || (in == UNKNOWN && rule.firesOnUnknown()))) {
            effects.add(check.others());
            mayFire = true;
            continue;
          }
          fires &= !rule.allows() || in == TRUE;
          if (!fires) {
            mayPass = true;
            mayNotFire = true;
            continue;
          }
          mayFire = true;
          Effect effect = rule.effect();
          if ((sizes & TRUE) != 0) {
            Effect over = rule.bounds().overSize();
            effects.add(effect == null || over.compareTo(effect) > 0 ? over : effect);
          }
          if ((sizes & FALSE) != 0) {
            if (effect == null) {
              mayPass = true;
            } else {
              effects.add(effect);
            }
          }
        }
      }
      if (!mayFire) {
        return;
      }
      boolean sure = !mayPass && effects.size() == 1;
      if (!sure && !effects.isEmpty()) {
        maybe(
            rule,
            !open.isEmpty()
                ? open
                : likely == Likely.MAYBE
                    ? "whether " + rule.call() + " is the call"
                    : "the fields or the size of its body");
      }
      (mayNotFire ? maybeFired : fired).add(rule);
      Best best = observes(rule) ? observed : enforced;
      EnumSet<Effect> others = observes(rule) ? maybeObserved : maybeEnforced;
      if (sure || (!mayPass && !effects.isEmpty())) {
        Effect least = effects.iterator().next(); // the mildest: the order of the enum
        best.offer(
            least,
            candidate.hostRank(),
            rule.call().rank(),
            rule.when().size(),
            rule.id(),
            rule,
            Reason.RULE);
      }
      if (!sure) {
        others.addAll(effects);
      }
    }

    private boolean observes(Rule rule) {
      return rule.observed()
          || (rule.waivedUntilMs() > 0 && past.time().toEpochMilli() < rule.waivedUntilMs());
    }

    private int listed(long print) {
      int value = past.valueOf(print);
      return value < 0 ? ANY : ofCode(value);
    }

    private int over(Rule rule) {
      int value = past.valueOf(prints.of(rule).size());
      if (value >= 0) {
        return value == 0 ? FALSE : TRUE;
      }
      int body = past.flags() & Trail.BODY_MASK;
      if (body == 0) {
        return FALSE;
      }
      if (body != Trail.BODY_READ) {
        return TRUE;
      }
      boolean plain = past.valueOf(Prints.SCAN) >= 0 && past.valueOf(Prints.CODED) < 0;
      return !plain || past.requestBytes() < 0
          ? TRUE | FALSE
          : past.requestBytes() > rule.bounds().maxBodyBytes() ? TRUE : FALSE;
    }

    // ---- conditions

    private int clause(long print, Condition condition) {
      int value = past.valueOf(print);
      return value >= 0 ? ofCode(value) : derived(condition);
    }

    private int ofCode(int code) {
      return code == 0 ? FALSE : code == 1 ? TRUE : UNKNOWN;
    }

    private static int and(int a, int b) {
      int out = 0;
      for (int x = TRUE; x <= UNKNOWN; x <<= 1) {
        for (int y = TRUE; y <= UNKNOWN; y <<= 1) {
          if ((a & x) != 0 && (b & y) != 0) {
            out |= x == FALSE || y == FALSE ? FALSE : x == TRUE && y == TRUE ? TRUE : UNKNOWN;
          }
        }
      }
      return out;
    }

    private static int not(int a) {
      return (a & UNKNOWN) | ((a & TRUE) != 0 ? FALSE : 0) | ((a & FALSE) != 0 ? TRUE : 0);
    }

    /** All that the condition may have been, by what the record says otherwise. */
    private int derived(Condition condition) {
      if (condition instanceof Condition.All all) {
        int out = TRUE;
        for (Condition part : all.parts()) {
          out = and(out, derived(part));
        }
        return out;
      }
      if (condition instanceof Condition.Any any) {
        int out = FALSE;
        for (Condition part : any.parts()) {
          out = not(and(not(out), not(derived(part))));
        }
        return out;
      }
      if (condition instanceof Condition.Not not) {
        return not(derived(not.part()));
      }
      if (condition instanceof Condition.MoneyCompare money) {
        return money(money);
      }
      if (condition instanceof Condition.TimeIn time) {
        return time.windows().at(past.time().toEpochMilli()) == Truth.TRUE ? TRUE : FALSE;
      }
      return ANY;
    }

    private int money(Condition.MoneyCompare wanted) {
      if (past.money() < 0 || past.currency().isEmpty()) {
        return ANY;
      }
      if (!Fold.same(wanted.currency, past.currency())) {
        return UNKNOWN;
      }
      if (past.moneyExact()) {
        return money(wanted, past.money());
      }
      long most = past.money() <= 0 ? 0 : past.money() * 2 - 1;
      return money(wanted, past.money()) | money(wanted, most);
    }

    private int money(Condition.MoneyCompare wanted, long thousandths) {
      int sign = BigDecimal.valueOf(thousandths, 3).compareTo(wanted.limit);
      return wanted.operator.of(sign) == Truth.TRUE ? TRUE : FALSE;
    }

    // ---- the decision

    /** Adds what may be decided, and returns the rule that does. */
    private String decide(CallClass callClass, Set<String> decisions) {
      Effect least = enforced.isSet() ? enforced.effect : file.defaults().of(callClass);
      String id = enforced.isSet() ? enforced.id : defaultId(callClass);
      EnumSet<Effect> strong = EnumSet.of(least);
      for (Effect effect : maybeEnforced) {
        // with an allowing rule that may hold, the default may not come to decide
        if (effect.compareTo(least) > 0 || !enforced.isSet()) {
          strong.add(effect);
        }
      }
      EnumSet<Effect> watched = EnumSet.noneOf(Effect.class);
      boolean mayBeUnwatched = !observed.isSet();
      if (observed.isSet()) {
        watched.add(observed.effect);
      }
      for (Effect effect : maybeObserved) {
        if (!observed.isSet() || effect.compareTo(observed.effect) > 0) {
          watched.add(effect);
        }
      }
      boolean enforcing = !observing();
      String told = id;
      for (Effect effect : strong) {
        if (mayBeUnwatched) {
          label(callClass, effect, enforcing, false, decisions);
        }
        for (Effect other : watched) {
          boolean stronger = other.compareTo(effect) > 0 && (effect == Effect.ALLOW || !enforcing);
          told = stronger && observed.isSet() ? observed.id : told;
          label(callClass, stronger ? other : effect, enforcing && !stronger, stronger, decisions);
        }
      }
      return told;
    }

    private void label(
        CallClass callClass,
        Effect effect,
        boolean enforcedNow,
        boolean byObserved,
        Set<String> decisions) {
      if (enforcedNow && effect != Effect.ALLOW) {
        decisions.add(word(effect, true));
        return;
      }
      for (Trail.Scan scan : scans()) {
        leaving(callClass, effect, enforcedNow, byObserved, scan, decisions);
      }
    }

    /** A call that the rules let go: what is found in it and the limits come after. */
    private void leaving(
        CallClass callClass,
        Effect effect,
        boolean enforcedNow,
        boolean byObserved,
        Trail.Scan scan,
        Set<String> decisions) {
      boolean refused =
          switch (scan) {
            case BLOCKED, MALFORMED_HEADER, SIGNED_BODY, UNSCANNABLE -> true;
            case NONE, NOTHING, CHANGED, LEFT_SIGNED -> false;
          };
      if (refused && !observing()) {
        decisions.add("deny");
        return;
      }
      for (Limited limited : limits(effect, enforcedNow)) {
        if (limited.refused()) {
          decisions.add(word(limited.effect(), true));
        } else if (limited.effect() != Effect.ALLOW) {
          decisions.add(journaled(callClass, word(limited.effect(), false)));
        } else {
          decisions.add(
              journaled(
                  callClass,
                  refused
                      ? "would_deny"
                      : scan == Trail.Scan.CHANGED
                          ? observing() ? "would_redact" : "redacted"
                          : "allow"));
        }
      }
    }

    /** The record could not be written then; what these rules say of that. */
    private String journaled(CallClass callClass, String decision) {
      boolean down = past.reason().equals("journal-down");
      return down && !observing() && !rules.onJournalDown().allows(callClass) ? "deny" : decision;
    }

    private static String word(Effect effect, boolean enforcedNow) {
      String word =
          switch (effect) {
            case ALLOW -> "allow";
            case APPROVE -> "approve-wait";
            case ESCALATE -> "escalate";
            case DENY, FORBID -> "deny";
          };
      return enforcedNow || effect == Effect.ALLOW ? word : "would_" + word;
    }

    private static String defaultId(CallClass callClass) {
      return switch (callClass) {
        case READ -> "default.read";
        case WRITE -> "default.write";
        case WRITE_HIGH -> "default.write-high";
        case UNKNOWN -> "default.unknown";
      };
    }

    // ---- redaction

    private List<Trail.Scan> scans() {
      Trail.Scan then = Trail.Scan.of(past.valueOf(Prints.SCAN));
      if (then == Trail.Scan.MALFORMED_HEADER) {
        return List.of(then); // whatever is redacted
      }
      boolean blocks = file.outgoing().with() == Redaction.With.BLOCK;
      boolean redacts = isRedacting(file.outgoing());
      long print = prints.outgoing;
      boolean certain = true;
      for (Rule rule : fired) {
        Redaction redaction = rule.redaction();
        if (redaction != null && !observes(rule) && !observing()) {
          print += prints.of(rule).redaction();
          blocks |= redaction.with() == Redaction.With.BLOCK;
          redacts |= isRedacting(redaction);
        }
      }
      for (Rule rule : maybeFired) {
        Redaction redaction = rule.redaction();
        if (redaction != null && !observes(rule) && !observing()) {
          certain = false;
          blocks |= redaction.with() == Redaction.With.BLOCK;
          redacts |= isRedacting(redaction);
        }
      }
      if (!redacts && !blocks) {
        return List.of(Trail.Scan.NOTHING);
      }
      if (certain && then != Trail.Scan.NONE && print == past.redactions()) {
        return List.of(then);
      }
      if ((past.flags() & Trail.BODY_MASK) == 0 && certain && onlySecrets()) {
        return List.of(Trail.Scan.NOTHING); // they are looked for in bodies only
      }
      if (why.isEmpty()) {
        why = "whether something is found that is to be redacted";
      }
      return blocks
          ? List.of(Trail.Scan.NOTHING, Trail.Scan.CHANGED, Trail.Scan.BLOCKED)
          : List.of(Trail.Scan.NOTHING, Trail.Scan.CHANGED);
    }

    private boolean onlySecrets() {
      boolean only = SECRET.containsAll(file.outgoing().types());
      for (Rule rule : fired) {
        Redaction redaction = rule.redaction();
        only &= redaction == null || SECRET.containsAll(redaction.types());
      }
      return only;
    }

    private static boolean isRedacting(Redaction redaction) {
      return redaction.with() != Redaction.With.NONE && !redaction.types().isEmpty();
    }

    // ---- limits

    private record Limited(Effect effect, boolean refused) {}

    private List<Limited> limits(Effect effect, boolean enforcedNow) {
      List<Limited> out = new ArrayList<>(1);
      Effect breach = null;
      boolean refused = false;
      boolean open = false;
      List<Limited> possible = new ArrayList<>(0);
      for (int pass = 0; pass < 2; pass++) {
        for (Rule rule : pass == 0 ? fired : maybeFired) {
          Bounds bounds = rule.bounds();
          if (!bounds.counts() || !(rule.observed() || !observes(rule))) {
            continue;
          }
          boolean refuses = !observing() && !rule.observed();
          long[] limitPrints = prints.of(rule).limits();
          for (int i = 0; i <= limitPrints.length; i++) {
            Bounds.Idempotency once = bounds.idempotency();
            if (i == limitPrints.length && once == null) {
              continue;
            }
            long print = i < limitPrints.length ? limitPrints[i] : prints.of(rule).duplicates();
            Effect over =
                i < limitPrints.length
                    ? bounds.limits().get(i).over()
                    : once == null ? Effect.DENY : once.duplicate();
            switch (past.valueOf(print)) {
              case Prints.LIMIT_KEPT, Prints.LIMIT_COVERED -> {}
              case Prints.LIMIT_EXCEEDED -> {
                breach = over;
                refused = refuses;
              }
              default -> {
                open = true;
                possible.add(new Limited(over, refuses));
                maybe(rule, "whether the limits of rule " + rule.id() + " are kept");
              }
            }
          }
        }
      }
      if (breach != null && (refused || breach.compareTo(effect) > 0)) {
        out.add(new Limited(breach, refused));
      } else {
        out.add(new Limited(effect, false));
      }
      if (open) {
        for (Limited one : possible) {
          if (one.refused() || one.effect().compareTo(effect) > 0) {
            out.add(one);
          }
        }
      }
      return out;
    }
  }
}
