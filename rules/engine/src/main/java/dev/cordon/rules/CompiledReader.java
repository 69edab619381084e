package dev.cordon.rules;

import dev.cordon.rules.Bundle.DamagedException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a compiled rule file from a {@link Bundle}, as {@link CompiledWriter} has written it. What
 * finds rules is there when it returns; rules and calls of packs are read when they are first met.
 * Rules that count are read at once, so that what was spent under them is not forgotten in between.
 */
final class CompiledReader {
  private static final int MAX_DEPTH = 64; // of conditions; YAML is nested 32 deep at most

  private static final Effect[] EFFECTS = Effect.values();
  private static final Protocol[] PROTOCOLS = Protocol.values();
  private static final CallClass[] CLASSES = CallClass.values();
  private static final Condition.Operator[] OPERATORS = Condition.Operator.values();
  private static final Caller.Trait[] TRAITS = Caller.Trait.values();
  private static final Redaction.With[] WITHS = Redaction.With.values();
  private static final Redaction.Unredacted[] UNREDACTED = Redaction.Unredacted.values();
  private static final Bounds.Per[] PERS = Bounds.Per.values();
  private static final Bounds.Sum[] SUMS = Bounds.Sum.values();
  private static final Mode[] MODES = Mode.values();
  private static final Origins.Source[] SOURCES = Origins.Source.values();
  private static final Destination.Category[] CATEGORIES = Destination.Category.values();

  private final BundleReader all;
  private final BundleReader.Parts rules;
  private final BundleReader.Parts packCalls;
  private final Surroundings surroundings;
  private final List<String> layers;

  private final List<NamedPattern> patterns = new ArrayList<>(0);
  private final List<TimeWindows> times = new ArrayList<>(0);
  private final FieldTable fields = new FieldTable();
  private CallPattern[] calls = {};
  private long epochDay;

  /**
   * @param layers paths of the layers, as rules tell them
   */
  CompiledReader(
      BundleReader all,
      BundleReader.Parts rules,
      BundleReader.Parts packCalls,
      Surroundings surroundings,
      List<String> layers) {
    this.all = all;
    this.rules = rules;
    this.packCalls = packCalls;
    this.surroundings = surroundings;
    this.layers = layers;
  }

  /** The day on which it was built, where that matters; else 0. */
  long epochDay() {
    return epochDay;
  }

  RuleFile file(BundleReader model, String name, long serial) throws DamagedException {
    epochDay = model.longNumber();
    tables(model);
    String source = model.text();
    RuleFile.Defaults defaults = defaults(model);
    List<Pack> packs = packs(model);
    List<Destination> destinations = destinations(model, packs);
    HostIndex hosts = new HostIndex();
    for (Destination destination : destinations) {
      for (HostEntry host : destination.hosts) {
        host.addTo(hosts, destination.index);
      }
    }
    hosts.freeze();
    List<Draft.Narrowed> narrowed = new ArrayList<>(0);
    HostIndex narrowedHosts = new HostIndex();
    int narrowedCount = model.count();
    for (int i = 0; i < narrowedCount; i++) {
      Destination destination = destinations.get(model.number(destinations.size()));
      Draft.Narrowed one = new Draft.Narrowed(destination, hosts(model), ports(model));
      narrowed.add(one);
      for (HostEntry host : one.hosts()) {
        host.addTo(narrowedHosts, i);
      }
    }
    narrowedHosts.freeze();
    int lines = model.count();
    List<RuleFile.Classified> classified = new ArrayList<>(lines);
    for (int i = 0; i < lines; i++) {
      classified.add(
          new RuleFile.Classified(model.text(), call(model), model.of(CLASSES), model.number()));
    }
    for (Destination destination : destinations) {
      ids(model, destination.classified, lines);
    }
    Map<String, String> knownNames = new HashMap<>();
    int names = model.count();
    for (int i = 0; i < names; i++) {
      String known = model.text();
      knownNames.put(known, known);
    }
    Map<Caller.Trait, String> callerHeaders = new EnumMap<>(Caller.Trait.class);
    int headers = model.count();
    for (int i = 0; i < headers; i++) {
      callerHeaders.put(model.of(TRAITS), model.text());
    }
    Redaction logs = redaction(model);
    Redaction outgoing = redaction(model);
    RuleFile.Kept kept = kept(model);
    PathTrie anyRules = new PathTrie();
    List<Rule> lazily = new Rules(rules.count());
    ruleIndex(model, destinations, anyRules, lazily);
    if (!model.isDone()) {
      throw model.damaged("more than what is to be read");
    }
    return new RuleFile(
        source,
        name,
        serial,
        defaults,
        List.copyOf(destinations),
        hosts,
        List.copyOf(narrowed),
        narrowedHosts,
        List.copyOf(classified),
        lazily,
        anyRules,
        fields,
        knownNames,
        callerHeaders,
        logs,
        outgoing,
        kept);
  }

  /** What the rest names by number. */
  private void tables(BundleReader model) throws DamagedException {
    List<String> types = model.texts();
    if (!types.isEmpty()) {
      Set<String> known = surroundings.detector().types();
      for (String type : types) {
        if (!known.contains(type)) {
          throw new DamagedException(
              "it asks for type '" + type + "', which this version does not detect");
        }
      }
    }
    for (String source : model.texts()) {
      if (NamedPattern.read(source) instanceof NamedPattern good) {
        patterns.add(good);
      } else {
        throw model.damaged("a pattern that is none");
      }
    }
    int timeCount = model.count();
    for (int i = 0; i < timeCount; i++) {
      List<String> windows = model.texts();
      for (String window : windows) {
        String wrong = TimeWindows.wrong(window);
        if (wrong != null) {
          throw new DamagedException("a time that is none here: " + wrong);
        }
      }
      times.add(TimeWindows.of(windows));
    }
    List<String> paths = model.texts();
    for (int i = 0; i < paths.size(); i++) {
      if (FieldTable.wrong(paths.get(i)) != null || fields.add(paths.get(i)) != i) {
        throw model.damaged("a field that is none");
      }
    }
    fields.freeze();
    calls = new CallPattern[model.count()];
    for (int i = 0; i < calls.length; i++) {
      calls[i] = pattern(model);
    }
  }

  private static CallPattern pattern(BundleReader in) throws DamagedException {
    Protocol protocol = in.of(PROTOCOLS);
    int methods = in.number(Methods.ALL + 1);
    boolean rest = in.flag();
    long rank = in.longNumber();
    String text = in.text();
    int count = in.count();
    List<List<String>> alternatives = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      alternatives.add(in.texts());
    }
    return new CallPattern(protocol, methods, List.copyOf(alternatives), rest, rank, text);
  }

  private CallPattern call(BundleReader in) throws DamagedException {
    return calls[in.number(calls.length)];
  }

  /** The number of a field that is there. */
  private int field(BundleReader in) throws DamagedException {
    return in.number(fields.size());
  }

  // ---- the ground

  private static RuleFile.Defaults defaults(BundleReader in) throws DamagedException {
    return new RuleFile.Defaults(
        in.of(MODES),
        in.of(EFFECTS),
        in.of(EFFECTS),
        in.of(EFFECTS),
        in.of(EFFECTS),
        in.of(EFFECTS),
        fallback(in),
        fallback(in),
        in.number(),
        fallback(in),
        in.flag());
  }

  private static Fallback fallback(BundleReader in) throws DamagedException {
    return new Fallback(in.flag(), in.flag());
  }

  private List<Pack> packs(BundleReader in) throws DamagedException {
    int count = in.count();
    List<Pack> packs = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      String name = in.text();
      List<String> hosts = in.texts();
      List<String> suffixes = PackReader.words(in.text());
      List<String> methodParameters = PackReader.words(in.text());
      Endpoints endpoints = endpoints(in);
      RefusalShape refusal = refusal(in);
      Set<String> recipients = Set.copyOf(in.textSet());
      Map<String, Integer> exponents = new HashMap<>();
      int currencies = in.count();
      for (int j = 0; j < currencies; j++) {
        String currency = in.text();
        exponents.put(currency, in.number(Money.MAX_EXPONENT + 2) - 1);
      }
      int first = in.number();
      int size = in.count();
      if (first + size > packCalls.count()) {
        throw in.damaged("a call of a pack that is not there");
      }
      Pack.Kind[] kinds = new Pack.Kind[size];
      for (int j = 0; j < size; j++) {
        kinds[j] = new Pack.Kind(call(in), in.of(CLASSES), in.flag());
      }
      packs.add(
          new Pack(
              name,
              hosts,
              suffixes,
              methodParameters,
              endpoints,
              new PackCalls(first, kinds),
              List.of(kinds),
              refusal,
              recipients,
              exponents));
    }
    return packs;
  }

  private final class PackCalls extends LazyList<Pack.Call> { // lambdas cost more in a cold JVM
    private final int first;
    private final Pack.Kind[] kinds;

    PackCalls(int first, Pack.Kind[] kinds) {
      super(kinds.length);
      this.first = first;
      this.kinds = kinds;
    }

    @Override
    Pack.Call read(int index) throws DamagedException {
      return packCall(first + index, kinds[index]);
    }
  }

  private final class Rules extends LazyList<Rule> {
    Rules(int size) {
      super(size);
    }

    @Override
    Rule read(int index) throws DamagedException {
      return rule(index);
    }
  }

  private Pack.Call packCall(int index, Pack.Kind kind) throws DamagedException {
    BundleReader in = all.in(packCalls.part(index));
    return new Pack.Call(
        in.text(),
        kind.pattern(),
        kind.callClass(),
        in.texts(),
        Set.copyOf(in.textSet()),
        in.text(),
        in.text(),
        in.flag(),
        in.flag(),
        in.texts(),
        in.texts(),
        in.texts(),
        refusal(in));
  }

  private static @Nullable RefusalShape refusal(BundleReader in) throws DamagedException {
    if (!in.flag()) {
      return null;
    }
    try {
      return new RefusalShape(in.number(), in.text(), in.text());
    } catch (IllegalArgumentException wrong) {
      throw in.damaged("a refusal that is none");
    }
  }

  private Endpoints endpoints(BundleReader in) throws DamagedException {
    Endpoints endpoints = new Endpoints(in.of(PROTOCOLS));
    int count = in.count();
    for (int i = 0; i < count; i++) {
      endpoints.add(call(in), in.of(PROTOCOLS));
    }
    return endpoints;
  }

  private void ids(BundleReader in, PathTrie trie, int below) throws DamagedException {
    int count = in.count();
    for (int i = 0; i < count; i++) {
      trie.add(call(in), in.number(below));
    }
  }

  private List<Destination> destinations(BundleReader in, List<Pack> packs)
      throws DamagedException {
    int count = in.count();
    List<Destination> destinations = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      String name = in.text();
      int layer = in.number();
      List<HostEntry> hosts = hosts(in);
      int[] ports = ports(in);
      boolean tlsRequired = in.flag();
      boolean privateAllowed = in.flag();
      boolean open = in.flag();
      Destination.Category category = in.of(CATEGORIES);
      Endpoints endpoints = endpoints(in);
      Boolean exception = in.maybe();
      int pack = in.number(packs.size() + 1);
      Destination destination =
          new Destination(
              i,
              name,
              layer,
              hosts,
              ports,
              tlsRequired,
              privateAllowed,
              open,
              category,
              endpoints,
              exception,
              pack == 0 ? null : packs.get(pack - 1),
              in.text());
      boolean money = in.flag();
      for (int j = 0; money && j < destination.money.length; j++) {
        if (in.flag() && destination.pack != null) {
          destination.money[j] =
              new Money(
                  field(in), field(in), in.flag(), in.flag(), destination.pack.currencyExponents());
        }
      }
      boolean subjects = in.flag();
      for (int j = 0; subjects && j < destination.subjects.length; j++) {
        int[] numbers = new int[in.count()];
        for (int k = 0; k < numbers.length; k++) {
          numbers[k] = field(in);
        }
        destination.subjects[j] = numbers;
      }
      destinations.add(destination);
    }
    return destinations;
  }

  private static List<HostEntry> hosts(BundleReader in) throws DamagedException {
    int count = in.count();
    List<HostEntry> hosts = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      if (in.flag()) {
        IpAddress address = new IpAddress(in.bigEndianLong(), in.bigEndianLong());
        hosts.add(new HostEntry("", address, in.number(129)));
      } else {
        hosts.add(HostEntry.name(in.text()));
      }
    }
    return hosts;
  }

  private static int[] ports(BundleReader in) throws DamagedException {
    int[] ports = new int[in.count()];
    for (int i = 0; i < ports.length; i++) {
      ports[i] = in.number(65_536);
    }
    return ports;
  }

  private static RuleFile.Kept kept(BundleReader in) throws DamagedException {
    Redaction responses = redaction(in);
    boolean writeBackDenied = in.flag();
    String keyedRule = in.text();
    Set<Origins.Source> origins = EnumSet.noneOf(Origins.Source.class);
    for (Origins.Source source : SOURCES) {
      if (in.flag()) {
        origins.add(source);
      }
    }
    int patternCount = in.count();
    List<RedactionPattern> patterns = new ArrayList<>(patternCount);
    for (int i = 0; i < patternCount; i++) {
      if (RedactionPattern.read(in.text(), in.text()) instanceof RedactionPattern good
          && i < RedactionPattern.MAX_PATTERNS) {
        patterns.add(good);
      } else {
        throw in.damaged("a pattern of redaction that is none");
      }
    }
    Map<String, ApprovalPolicy> approvals = new HashMap<>();
    int policies = in.count();
    for (int i = 0; i < policies; i++) {
      String name = in.text();
      approvals.put(name, approval(in));
    }
    int alertCount = in.count();
    List<Alert> alerts = new ArrayList<>(alertCount);
    for (int i = 0; i < alertCount; i++) {
      alerts.add(
          new Alert(
              in.text(),
              in.text(),
              in.longNumber(),
              in.flag(),
              Duration.ofNanos(in.longNumber()),
              in.texts()));
    }
    Retention retention =
        new Retention(
            in.longNumber(), in.longNumber(), in.longNumber(), in.longNumber(), in.texts());
    int waiverCount = in.count();
    List<Waiver> waivers = new ArrayList<>(waiverCount);
    for (int i = 0; i < waiverCount; i++) {
      String rule = in.text();
      String ticket = in.text();
      try {
        waivers.add(new Waiver(rule, ticket, LocalDate.ofEpochDay(in.longNumber())));
      } catch (DateTimeException wrong) {
        throw in.damaged("a day that is none");
      }
    }
    return new RuleFile.Kept(
        responses,
        writeBackDenied,
        Map.copyOf(approvals),
        alerts,
        retention,
        waivers,
        keyedRule,
        origins,
        patterns);
  }

  private void ruleIndex(
      BundleReader in, List<Destination> destinations, PathTrie anyRules, List<Rule> lazily)
      throws DamagedException {
    for (int i = 0; i < rules.count(); i++) {
      CallPattern call = call(in);
      int to = in.number();
      if (to == 0) {
        anyRules.add(call, i);
      }
      for (int j = 1; j < to; j++) {
        destinations.get(in.number(destinations.size())).rules.add(call, i);
      }
    }
    int counting = in.count();
    try {
      for (int i = 0; i < counting; i++) {
        lazily.get(in.number(rules.count()));
      }
      anyRules.index(lazily, fields);
      for (Destination destination : destinations) {
        destination.rules.index(lazily, fields);
      }
    } catch (IllegalStateException damaged) { // of a rule that is read now
      if (damaged.getCause() instanceof DamagedException why) {
        throw why;
      }
      throw damaged;
    }
  }

  // ---- a rule

  private Rule rule(int index) throws DamagedException {
    BundleReader in = all.in(rules.part(index));
    int order = in.number();
    String id = in.text();
    int effect = in.number(EFFECTS.length + 1);
    boolean any = in.flag();
    boolean observed = in.flag();
    CallPattern call = call(in);
    int clauses = in.count();
    List<ConditionParser.Clause> when = new ArrayList<>(clauses);
    for (int i = 0; i < clauses; i++) {
      when.add(new ConditionParser.Clause(in.text(), in.place(), condition(in, 0)));
    }
    FieldsCheck check = in.flag() ? FieldsCheck.of(in.text(), in.texts(), in.of(EFFECTS)) : null;
    Redaction redaction = in.flag() ? redaction(in) : null;
    Bounds bounds = bounds(in, id);
    ApprovalPolicy approval = in.flag() ? approval(in) : null;
    HandOver handOver = in.flag() ? new HandOver(in.text(), in.text()) : null;
    return new Rule(
        index,
        order,
        id,
        effect == 0 ? null : EFFECTS[effect - 1],
        any,
        observed,
        call,
        when,
        check,
        redaction,
        bounds,
        approval,
        handOver,
        in.flag(),
        in.maybe(),
        List.of(id),
        in.text(),
        layers.get(in.number(layers.size())),
        in.place(),
        in.longNumber());
  }

  private Condition condition(BundleReader in, int depth) throws DamagedException {
    if (depth > MAX_DEPTH) {
      throw in.damaged("nested too deep");
    }
    int kind = in.octet();
    return switch (kind) {
      case CompiledWriter.ALL -> new Condition.All(conditions(in, depth));
      case CompiledWriter.ANY -> new Condition.Any(conditions(in, depth));
      case CompiledWriter.NOT -> new Condition.Not(condition(in, depth + 1));
      case CompiledWriter.COMPARE ->
          new Condition.Compare(place(in), in.of(OPERATORS), literal(in));
      case CompiledWriter.LENGTH -> new Condition.Length(place(in), in.of(OPERATORS), literal(in));
      case CompiledWriter.IN -> in(in);
      case CompiledWriter.MATCHES ->
          new Condition.Matches(place(in), patterns.get(in.number(patterns.size())));
      case CompiledWriter.HAS -> new Condition.Has(place(in), in.text(), surroundings.detector());
      case CompiledWriter.CAME_FROM ->
          new Condition.CameFrom(place(in), in.of(SOURCES), in.flag(), surroundings.detector());
      case CompiledWriter.BODY_HAS ->
          new Condition.BodyHas(Set.copyOf(in.textSet()), surroundings.detector());
      case CompiledWriter.TIME_IN -> new Condition.TimeIn(times.get(in.number(times.size())));
      case CompiledWriter.EXISTS -> new Condition.Exists(place(in));
      case CompiledWriter.MONEY -> money(in);
      default -> throw in.damaged("an unknown condition");
    };
  }

  private List<Condition> conditions(BundleReader in, int depth) throws DamagedException {
    int count = in.count();
    Condition[] parts = new Condition[count];
    for (int i = 0; i < count; i++) {
      parts[i] = condition(in, depth + 1);
    }
    return List.of(parts);
  }

  private Condition in(BundleReader in) throws DamagedException {
    Condition.Place place = place(in);
    List<String> texts = in.texts();
    int count = in.count();
    List<Literal> others = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      others.add(literal(in));
    }
    return new Condition.In(place, new HashSet<>(texts), List.copyOf(others));
  }

  private static Condition money(BundleReader in) throws DamagedException {
    Condition.Operator operator = in.of(OPERATORS);
    BigDecimal limit = Literal.decimal(in.text());
    if (limit == null) {
      throw in.damaged("an amount that is none");
    }
    return new Condition.MoneyCompare(operator, limit, in.text());
  }

  private Condition.Place place(BundleReader in) throws DamagedException {
    int kind = in.octet();
    return switch (kind) {
      case CompiledWriter.BODY -> new Condition.BodyField(field(in));
      case CompiledWriter.QUERY -> new Condition.QueryField(in.text());
      case CompiledWriter.HEADER -> new Condition.HeaderField(in.text());
      case CompiledWriter.CALLER -> new Condition.CallerField(in.of(TRAITS));
      default -> throw in.damaged("an unknown place");
    };
  }

  private static Literal literal(BundleReader in) throws DamagedException {
    boolean quoted = in.flag();
    return Literal.of(in.text(), quoted);
  }

  private static Redaction redaction(BundleReader in) throws DamagedException {
    List<String> paths = in.texts();
    int count = in.count();
    Map<String, Redaction.With> operators = new HashMap<>();
    for (int i = 0; i < count; i++) {
      String type = in.text();
      operators.put(type, in.of(WITHS));
    }
    Set<String> restored = new HashSet<>(in.texts());
    return new Redaction(paths, operators, restored, in.of(UNREDACTED));
  }

  private Bounds bounds(BundleReader in, String id) throws DamagedException {
    int count = in.count();
    List<Bounds.Limit> limits = new ArrayList<>(count);
    Map<String, Integer> alike = new HashMap<>();
    for (int i = 0; i < count; i++) {
      Bounds.Per per = in.of(PERS);
      Bounds.Sum sum = in.of(SUMS);
      long max = in.longNumber();
      String currency = in.text();
      String account = BoundsReader.account(id, per, sum, currency, alike);
      limits.add(
          new Bounds.Limit(
              per,
              sum,
              max,
              currency,
              in.longNumber(),
              in.of(EFFECTS),
              in.flag() ? place(in) : null,
              in.text(),
              surroundings.ledger().limit(account)));
    }
    Bounds.Idempotency once = null;
    if (in.flag()) {
      int keys = in.count();
      List<Condition.Place> key = new ArrayList<>(keys);
      for (int i = 0; i < keys; i++) {
        key.add(place(in));
      }
      once =
          new Bounds.Idempotency(
              key, in.longNumber(), in.of(EFFECTS), in.text(), surroundings.ledger().seen(id));
    }
    long maxBodyBytes = in.longNumber() - 1;
    Effect overSize = in.of(EFFECTS);
    return limits.isEmpty() && once == null && maxBodyBytes < 0
        ? Bounds.NONE
        : new Bounds(limits, once, maxBodyBytes, overSize);
  }

  private static ApprovalPolicy approval(BundleReader in) throws DamagedException {
    List<String> names = in.texts();
    int count = in.count();
    Set<Set<String>> approvers = new HashSet<>();
    for (int i = 0; i < count; i++) {
      approvers.add(Set.copyOf(in.textSet()));
    }
    return new ApprovalPolicy(
        names,
        approvers,
        in.number(),
        Duration.ofNanos(in.longNumber()),
        in.flag(),
        in.flag(),
        in.texts(),
        in.flag(),
        in.number(),
        Duration.ofNanos(in.longNumber()));
  }
}
