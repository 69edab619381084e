package dev.cordon.rules;

import dev.cordon.rules.BundleWriter.Out;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Writes a compiled rule file into a {@link Bundle}; {@link CompiledReader} reads it back, part by
 * part in the same order. Who changes one of the two changes the other and {@link Bundle#VERSION}.
 */
final class CompiledWriter {
  // conditions; what follows each is in the order in which it is written below
  static final int ALL = 0;
  static final int ANY = 1;
  static final int NOT = 2;
  static final int COMPARE = 3;
  static final int LENGTH = 4;
  static final int IN = 5;
  static final int MATCHES = 6;
  static final int HAS = 7;
  static final int BODY_HAS = 8;
  static final int TIME_IN = 9;
  static final int EXISTS = 10;
  static final int MONEY = 11;
  static final int CAME_FROM = 12;

  // places of values
  static final int BODY = 0;
  static final int QUERY = 1;
  static final int HEADER = 2;
  static final int CALLER = 3;

  private final BundleWriter writer;
  private final RuleFile file;
  private final Map<String, Integer> layersByPath;
  private final long epochDay;

  private final Map<Pack, Integer> packs = new LinkedHashMap<>();
  private final Map<String, Integer> callNumbers = new LinkedHashMap<>();
  private final List<CallPattern> calls = new ArrayList<>();
  private final Map<String, Integer> patterns = new LinkedHashMap<>();
  private final Map<List<String>, Integer> times = new LinkedHashMap<>();
  private final Set<String> types = new TreeSet<>();
  private final List<byte[]> rules = new ArrayList<>();
  private final List<byte[]> packCalls = new ArrayList<>();

  /**
   * @param layersByPath numbers of the layers, by the paths that their rules tell
   */
  CompiledWriter(
      BundleWriter writer, RuleFile file, Map<String, Integer> layersByPath, long epochDay) {
    this.writer = writer;
    this.file = file;
    this.layersByPath = layersByPath;
    this.epochDay = epochDay;
  }

  /** Rules, each by itself; after {@link #model}. */
  List<byte[]> rules() {
    return rules;
  }

  /** Calls of all packs; after {@link #model}. */
  List<byte[]> packCalls() {
    return packCalls;
  }

  /** What is read before the first call. */
  Out model() {
    for (Rule rule : file.rules()) {
      rules.add(rule(rule));
    }
    Out body = out();
    body.text(file.source());
    defaults(body, file.defaults());
    packs(body);
    destinations(body);
    body.number(file.narrowed().size());
    for (Draft.Narrowed narrowed : file.narrowed()) {
      body.number(narrowed.destination().index);
      hosts(body, narrowed.hosts());
      ports(body, narrowed.ports());
    }
    body.number(file.classified().size());
    for (RuleFile.Classified line : file.classified()) {
      body.text(line.destination());
      body.number(call(line.pattern()));
      body.number(line.callClass().ordinal());
      body.number(line.layer());
    }
    for (Destination destination : file.destinations()) {
      ids(body, destination.classified);
    }
    body.texts(new TreeSet<>(file.knownNames().keySet()));
    body.number(file.callerHeaders().size());
    for (Caller.Trait trait : Caller.Trait.values()) {
      String header = file.callerHeaders().get(trait);
      if (header != null) {
        body.number(trait.ordinal());
        body.text(header);
      }
    }
    redaction(body, file.logs());
    redaction(body, file.outgoing());
    kept(body, file.kept());
    ruleIndex(body);

    // what the rest names by number comes first
    Out model = out();
    model.number(file.kept().waivers().isEmpty() ? 0 : epochDay);
    model.texts(types);
    model.texts(patterns.keySet());
    model.number(times.size());
    for (List<String> windows : times.keySet()) {
      model.texts(windows);
    }
    model.number(file.fields().size());
    for (int i = 0; i < file.fields().size(); i++) {
      model.text(file.fields().path(i));
    }
    model.number(calls.size());
    for (CallPattern call : calls) {
      pattern(model, call);
    }
    model.raw(body.toByteArray());
    return model;
  }

  private Out out() {
    return new Out(writer);
  }

  // ---- the ground

  private static void defaults(Out out, RuleFile.Defaults defaults) {
    out.number(defaults.mode().ordinal());
    out.number(defaults.host().ordinal());
    out.number(defaults.read().ordinal());
    out.number(defaults.write().ordinal());
    out.number(defaults.writeHigh().ordinal());
    out.number(defaults.unknown().ordinal());
    fallback(out, defaults.onError());
    fallback(out, defaults.onJournalDown());
    out.number(defaults.inspectUpToBytes());
    fallback(out, defaults.larger());
    out.flag(defaults.missingMatches());
  }

  private static void fallback(Out out, Fallback fallback) {
    out.flag(fallback.readAllowed());
    out.flag(fallback.writeAllowed());
  }

  private void packs(Out out) {
    for (Destination destination : file.destinations()) {
      if (destination.pack != null) {
        packs.putIfAbsent(destination.pack, packs.size());
      }
    }
    out.number(packs.size());
    for (Pack pack : packs.keySet()) {
      out.text(pack.name());
      out.texts(pack.hosts());
      out.text(String.join(" ", pack.suffixes()));
      out.text(String.join(" ", pack.methodParameters()));
      endpoints(out, pack.endpoints());
      refusal(out, pack.refusal());
      out.texts(new TreeSet<>(pack.recipients()));
      out.number(pack.currencyExponents().size());
      for (Map.Entry<String, Integer> one : new TreeMap<>(pack.currencyExponents()).entrySet()) {
        out.text(one.getKey());
        out.number(one.getValue() + 1);
      }
      out.number(packCalls.size()); // where its own begin
      out.number(pack.calls().size());
      for (Pack.Call call : pack.calls()) {
        out.number(call(call.pattern()));
        out.number(call.callClass().ordinal());
        out.flag(call.hasMoney());
        packCalls.add(packCall(call));
      }
    }
  }

  private byte[] packCall(Pack.Call call) {
    Out out = out();
    out.text(call.operation());
    out.texts(call.fields());
    out.texts(new TreeSet<>(call.recipients()));
    out.text(call.amount());
    out.text(call.currency());
    out.flag(call.minor());
    out.flag(call.amountIsText());
    out.texts(call.subjects());
    out.texts(call.freeText());
    out.texts(call.volatileFields());
    refusal(out, call.refusal());
    return out.toByteArray();
  }

  private static void refusal(Out out, @Nullable RefusalShape shape) {
    out.flag(shape != null);
    if (shape != null) {
      out.number(shape.status());
      out.text(shape.contentType());
      out.text(shape.template());
    }
  }

  private void endpoints(Out out, Endpoints endpoints) {
    out.number(endpoints.everywhere.ordinal());
    ids(out, endpoints.paths);
  }

  /** The patterns of a trie in the order in which they were added. */
  private void ids(Out out, PathTrie trie) {
    out.number(trie.added().size());
    for (PathTrie.Added added : trie.added()) {
      out.number(call(added.pattern()));
      out.number(added.id());
    }
  }

  private void destinations(Out out) {
    out.number(file.destinations().size());
    for (Destination destination : file.destinations()) {
      out.text(destination.name);
      out.number(destination.layer);
      hosts(out, destination.hosts);
      ports(out, destination.ports);
      out.flag(destination.tlsRequired);
      out.flag(destination.privateAllowed);
      out.flag(destination.open);
      out.number(destination.category.ordinal());
      endpoints(out, destination.endpoints);
      out.maybe(destination.refuseWithException);
      Integer pack = destination.pack == null ? null : packs.get(destination.pack);
      out.number(pack == null ? 0 : pack + 1);
      out.text(destination.fileName);
      boolean money = false;
      boolean subjects = false;
      for (int i = 0; i < destination.money.length; i++) {
        money |= destination.money[i] != null;
        subjects |= destination.subjects[i].length > 0;
      }
      out.flag(money);
      for (int i = 0; money && i < destination.money.length; i++) {
        Money one = destination.money[i];
        out.flag(one != null);
        if (one != null) {
          out.number(one.amountField());
          out.number(one.currencyField());
          out.flag(one.minor());
          out.flag(one.text());
        }
      }
      out.flag(subjects);
      for (int i = 0; subjects && i < destination.subjects.length; i++) {
        out.number(destination.subjects[i].length);
        for (int field : destination.subjects[i]) {
          out.number(field);
        }
      }
    }
  }

  private static void hosts(Out out, List<HostEntry> hosts) {
    out.number(hosts.size());
    for (HostEntry host : hosts) {
      IpAddress address = host.address();
      out.flag(address != null);
      if (address == null) {
        out.text(host.name());
      } else {
        out.bigEndian(address.high(), 8);
        out.bigEndian(address.low(), 8);
        out.number(host.prefix());
      }
    }
  }

  private static void ports(Out out, int[] ports) {
    out.number(ports.length);
    for (int port : ports) {
      out.number(port);
    }
  }

  /** Calls are many times the same ones. */
  private int call(CallPattern call) {
    String key = call.protocol() + " " + call;
    Integer known = callNumbers.putIfAbsent(key, calls.size());
    if (known == null) {
      calls.add(call);
      return calls.size() - 1;
    }
    return known;
  }

  private static void pattern(Out out, CallPattern call) {
    out.number(call.protocol().ordinal());
    out.number(call.methods());
    out.flag(call.rest());
    out.number(call.rank());
    out.text(call.toString());
    out.number(call.alternatives().size());
    for (List<String> segments : call.alternatives()) {
      out.texts(segments);
    }
  }

  private static void kept(Out out, RuleFile.Kept kept) {
    redaction(out, kept.responses());
    out.flag(kept.writeBackDenied());
    out.text(kept.keyedRule());
    for (Origins.Source source : Origins.Source.values()) {
      out.flag(kept.origins().contains(source));
    }
    out.number(kept.patterns().size());
    for (RedactionPattern pattern : kept.patterns()) {
      out.text(pattern.name());
      out.text(pattern.source());
    }
    out.number(kept.approvals().size());
    for (Map.Entry<String, ApprovalPolicy> one : new TreeMap<>(kept.approvals()).entrySet()) {
      out.text(one.getKey());
      approval(out, one.getValue());
    }
    out.number(kept.alerts().size());
    for (Alert alert : kept.alerts()) {
      out.text(alert.id());
      out.text(alert.measure());
      out.number(alert.above());
      out.flag(alert.isTime());
      out.number(alert.within().toNanos());
      out.texts(alert.to());
    }
    Retention retention = kept.retention();
    out.number(retention.rawEvidenceDays());
    out.number(retention.eventsDays());
    out.number(retention.aggregatesDays());
    out.number(retention.proofsDays());
    out.texts(retention.legalHold());
    out.number(kept.waivers().size());
    for (Waiver waiver : kept.waivers()) {
      out.text(waiver.rule());
      out.text(waiver.ticket());
      out.number(waiver.until().toEpochDay());
    }
  }

  /** Which calls each rule is for, and which rules have to be there before the first call. */
  private void ruleIndex(Out out) {
    List<List<Integer>> to = new ArrayList<>(file.rules().size());
    for (int i = 0; i < file.rules().size(); i++) {
      to.add(new ArrayList<>(1));
    }
    for (Destination destination : file.destinations()) {
      for (PathTrie.Added added : destination.rules.added()) {
        to.get(added.id()).add(destination.index);
      }
    }
    for (Rule rule : file.rules()) {
      out.number(call(rule.call()));
      out.number(rule.any() ? 0 : to.get(rule.index()).size() + 1);
      if (!rule.any()) {
        for (int destination : to.get(rule.index())) {
          out.number(destination);
        }
      }
    }
    int counting = 0;
    for (Rule rule : file.rules()) {
      counting += rule.bounds().counts() ? 1 : 0;
    }
    out.number(counting);
    for (Rule rule : file.rules()) {
      if (rule.bounds().counts()) {
        out.number(rule.index());
      }
    }
  }

  // ---- a rule

  private byte[] rule(Rule rule) {
    Out out = out();
    out.number(rule.order());
    out.text(rule.id());
    out.number(rule.effect() == null ? 0 : rule.effect().ordinal() + 1);
    out.flag(rule.any());
    out.flag(rule.observed());
    out.number(call(rule.call()));
    out.number(rule.when().size());
    for (ConditionParser.Clause clause : rule.when()) {
      out.text(clause.text());
      out.place(clause.at());
      condition(out, clause.condition());
    }
    FieldsCheck fields = rule.fields();
    out.flag(fields != null);
    if (fields != null) {
      out.text(fields.rootName());
      out.texts(fields.allowed());
      out.number(fields.others().ordinal());
    }
    out.flag(rule.redaction() != null);
    if (rule.redaction() != null) {
      redaction(out, rule.redaction());
    }
    bounds(out, rule.bounds());
    out.flag(rule.approval() != null);
    if (rule.approval() != null) {
      approval(out, rule.approval());
    }
    HandOver handOver = rule.handOver();
    out.flag(handOver != null);
    if (handOver != null) {
      out.text(handOver.queue());
      out.text(handOver.reply());
    }
    out.flag(rule.firesOnUnknown());
    out.maybe(rule.refuseWithException());
    out.text(rule.help());
    Integer layer = layersByPath.get(rule.file());
    if (layer == null) {
      throw new IllegalStateException("rule " + rule.id() + " is of no layer: " + rule.file());
    }
    out.number(layer);
    out.place(rule.at());
    out.number(rule.waivedUntilMs());
    return out.toByteArray();
  }

  private void condition(Out out, Condition condition) {
    if (condition instanceof Condition.All all) {
      out.octet(ALL);
      conditions(out, all.parts());
    } else if (condition instanceof Condition.Any any) {
      out.octet(ANY);
      conditions(out, any.parts());
    } else if (condition instanceof Condition.Not not) {
      out.octet(NOT);
      condition(out, not.part());
    } else if (condition instanceof Condition.Compare compare) {
      out.octet(COMPARE);
      place(out, compare.place());
      out.number(compare.operator().ordinal());
      literal(out, compare.literal());
    } else if (condition instanceof Condition.Length length) {
      out.octet(LENGTH);
      place(out, length.place());
      out.number(length.operator().ordinal());
      literal(out, length.literal());
    } else if (condition instanceof Condition.In in) {
      out.octet(IN);
      place(out, in.place);
      out.texts(new TreeSet<>(in.texts));
      out.number(in.others.size());
      for (Literal other : in.others) {
        literal(out, other);
      }
    } else if (condition instanceof Condition.Matches matches) {
      out.octet(MATCHES);
      place(out, matches.place());
      out.number(number(patterns, matches.pattern().source()));
    } else if (condition instanceof Condition.Has has) {
      out.octet(HAS);
      place(out, has.place());
      out.text(has.type());
      types.add(has.type());
    } else if (condition instanceof Condition.CameFrom from) {
      out.octet(CAME_FROM);
      place(out, from.place());
      out.number(from.source().ordinal());
      out.flag(from.whole());
    } else if (condition instanceof Condition.BodyHas has) {
      out.octet(BODY_HAS);
      out.texts(new TreeSet<>(has.types()));
      types.addAll(has.types());
    } else if (condition instanceof Condition.TimeIn time) {
      out.octet(TIME_IN);
      out.number(number(times, time.windows().texts()));
    } else if (condition instanceof Condition.Exists exists) {
      out.octet(EXISTS);
      place(out, exists.place());
    } else if (condition instanceof Condition.MoneyCompare money) {
      out.octet(MONEY);
      out.number(money.operator.ordinal());
      out.text(money.limit.toPlainString());
      out.text(money.currency);
    }
  }

  private void conditions(Out out, List<Condition> parts) {
    out.number(parts.size());
    for (Condition part : parts) {
      condition(out, part);
    }
  }

  private static <K> int number(Map<K, Integer> table, K key) {
    Integer known = table.putIfAbsent(key, table.size());
    return known == null ? table.size() - 1 : known;
  }

  private static void place(Out out, Condition.Place place) {
    if (place instanceof Condition.BodyField field) {
      out.octet(BODY);
      out.number(field.field());
    } else if (place instanceof Condition.QueryField query) {
      out.octet(QUERY);
      out.text(query.name());
    } else if (place instanceof Condition.HeaderField header) {
      out.octet(HEADER);
      out.text(header.name());
    } else if (place instanceof Condition.CallerField caller) {
      out.octet(CALLER);
      out.number(caller.trait().ordinal());
    }
  }

  /** Read again as a rule file has it. */
  private static void literal(Out out, Literal literal) {
    out.flag(literal.isText());
    out.text(literal.text());
  }

  private static void redaction(Out out, Redaction redaction) {
    out.texts(redaction.fields());
    out.number(redaction.operators().size());
    for (Map.Entry<String, Redaction.With> one : new TreeMap<>(redaction.operators()).entrySet()) {
      out.text(one.getKey());
      out.number(one.getValue().ordinal());
    }
    out.texts(new TreeSet<>(redaction.restored()));
    out.number(redaction.unredacted().ordinal());
  }

  private static void bounds(Out out, Bounds bounds) {
    out.number(bounds.limits().size());
    for (Bounds.Limit limit : bounds.limits()) {
      out.number(limit.per().ordinal());
      out.number(limit.sum().ordinal());
      out.number(limit.max());
      out.text(limit.currency());
      out.number(limit.withinNs());
      out.number(limit.over().ordinal());
      out.flag(limit.subject() != null);
      if (limit.subject() != null) {
        place(out, limit.subject());
      }
      out.text(limit.text());
    }
    Bounds.Idempotency once = bounds.idempotency();
    out.flag(once != null);
    if (once != null) {
      out.number(once.key().size());
      for (Condition.Place place : once.key()) {
        place(out, place);
      }
      out.number(once.withinNs());
      out.number(once.duplicate().ordinal());
      out.text(once.text());
    }
    out.number(bounds.maxBodyBytes() + 1);
    out.number(bounds.overSize().ordinal());
  }

  private static void approval(Out out, ApprovalPolicy policy) {
    out.texts(policy.names());
    List<List<String>> approvers = new ArrayList<>();
    for (Set<String> group : policy.approvers()) {
      approvers.add(new ArrayList<>(new TreeSet<>(group)));
    }
    approvers.sort(Comparator.comparing(group -> String.join("\n", group)));
    out.number(approvers.size());
    for (List<String> group : approvers) {
      out.texts(group);
    }
    out.number(policy.votes());
    out.number(policy.ttl().toNanos());
    out.flag(policy.totp());
    out.flag(policy.selfAllowed());
    out.texts(policy.show());
    out.flag(policy.page());
    out.number(policy.max());
    out.number(policy.within().toNanos());
  }
}
