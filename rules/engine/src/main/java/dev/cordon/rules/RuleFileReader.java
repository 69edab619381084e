package dev.cordon.rules;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Compiles the files of a rule set, the lowest first. What all rules build on (packs, destinations,
 * lists ...) is read from all files before the first rule is. Collects problems and goes on as far
 * as it can.
 */
final class RuleFileReader {
  private final List<PackReader> packReaders = new ArrayList<>();
  private final Map<String, YamlNode> packs;
  private final Draft draft;

  // of the layer that is being read
  private Problems problems;

  private RuleFile.@Nullable Defaults defaults;
  private final Set<String> settledDefaults = new HashSet<>();
  private final List<RuleFile.Classified> classified = new ArrayList<>();
  private Redaction logs = Redaction.NOTHING;
  private Redaction outgoing = Redaction.NOTHING;
  private Redaction responses = Redaction.NOTHING;
  private boolean writeBackDenied;
  private final List<Alert> alerts = new ArrayList<>();
  private Retention retention = Retention.DEFAULT;
  private boolean indexed = true;

  RuleFileReader(Surroundings surroundings) {
    this(surroundings, Map.of());
  }

  /**
   * @param packs parsed ones, which are used instead of Cordon's own
   */
  RuleFileReader(Surroundings surroundings, Map<String, YamlNode> packs) {
    this.packs = packs;
    draft = new Draft(surroundings);
    problems = draft.problems;
  }

  /** For who looks at few calls: rules of crowded places are not filed by what they ask for. */
  RuleFileReader unindexed() {
    indexed = false;
    return this;
  }

  /** A pack that is none of Cordon's own, for the destination of its name; with its money. */
  void offer(Pack pack) {
    draft.packs.put(pack.name(), pack);
    draft.usesMoney = true;
  }

  /** The compiled rule set; worth using when no layer has an error. */
  RuleFile read(List<Layer> layers) {
    String name = "";
    long serial = 0;
    String source = "";
    for (Layer layer : layers) {
      enter(layer);
      String own = readHead(layer);
      if (!layer.overlay()) { // the rule set is known by its file, whatever lies on top
        name = own;
        serial = layer.file().number("serial", 0, 0, Long.MAX_VALUE);
        source = layer.fileName();
      }
      layer.file().take("serial");
      readPacks(layer.file(), layer);
    }
    for (Layer layer : layers) {
      enter(layer);
      readGround(layer.file());
    }
    RuleFile.Defaults settled =
        defaults == null ? readDefaults(Section.empty("defaults", problems)) : defaults;
    draft.missingMatches = settled.missingMatches();
    for (Layer layer : layers) {
      enter(layer);
      readRules(layer);
    }
    bindMoney();
    bindSubjects();
    if (!layers.isEmpty()) {
      warnOfUnused(layers.get(layers.size() - 1));
    }
    draft.fields.freeze();
    RuleFile compiled = compiled(source, name, serial, settled);
    if (indexed) {
      compiled.index();
    }
    proveReplacements(layers, compiled);
    return compiled;
  }

  /** Of what is broken nothing is proved: that would tell of what is not meant. */
  private void proveReplacements(List<Layer> layers, RuleFile compiled) {
    for (Layer layer : layers) {
      if (layer.problems().hasErrors()) {
        return;
      }
    }
    for (Draft.Doubt doubt : draft.doubts) {
      Replacement.prove(doubt, compiled, draft.surroundings);
    }
  }

  /** The rules with their destinations, in the order of {@link RuleFile#rules()}. */
  List<Draft.Entry> entries() {
    return List.copyOf(draft.rules.values());
  }

  /** The bytes of all packs, in the order in which the layers name them. */
  List<byte[]> packBytes() {
    List<byte[]> bytes = new ArrayList<>();
    for (PackReader reader : packReaders) {
      for (PackReader.Used pack : reader.read()) {
        bytes.add(pack.bytes());
      }
    }
    return bytes;
  }

  /** All packs, as often as a layer names them: so the digest counts them. */
  List<PackReader.Used> packs() {
    List<PackReader.Used> used = new ArrayList<>();
    for (PackReader reader : packReaders) {
      used.addAll(reader.read());
    }
    return used;
  }

  private void enter(Layer layer) {
    draft.enter(layer);
    problems = layer.problems();
    draft.owner = layer.file().text("owner", "");
  }

  private String readHead(Layer layer) {
    Section file = layer.file();
    readVersion(file);
    YamlNode.Scalar nameNode = file.required("name", "add one, as in: name: support-bots/prod");
    String name = nameNode == null ? "" : nameNode.text();
    if (nameNode != null && (name.length() > 100 || !name.matches("[\\w./ -]+"))) {
      problems.error(
          nameNode.at(), "CRD133", "bad name", "use letters, digits, '/', '.', '-', up to 100");
    }
    if (file.flag("locked", false)) {
      draft.locked.add(layer.number());
    }
    if (!layer.overlay() && file.has("role")) {
      problems.error(
          file.keyAt("role"),
          "CRD147",
          "an emergency overlay is no rule file of its own",
          "it is given beside the rule file");
    }
    file.take("role"); // of an overlay they were read when it was loaded
    file.take("expires");
    file.take("tests"); // see RuleTests
    return name;
  }

  /** What rules build on. */
  private void readGround(Section file) {
    defaults = readDefaults(file.section("defaults"));
    new DestinationReader(draft).read(file);
    readLists(file);
    readPatterns(file.section("patterns"));
    if (file.peek("redaction") instanceof YamlNode.Fields redaction) {
      Section section = Section.of("redaction", redaction, problems);
      draft.ownTypes.read(section.section("patterns"), draft.layer, problems);
    }
    readCallers(file.section("callers"));
    new OperationsReader(problems).readApprovals(file.section("approvals"), draft.approvals);
  }

  private RuleFile.Defaults readDefaults(Section section) {
    return new DefaultsReader(problems).read(section, defaults, settledDefaults);
  }

  private void readRules(Layer layer) {
    Section file = layer.file();
    readClassify(file.section("classify"));
    RuleReader rules = new RuleReader(draft);
    for (YamlNode node : file.items("rules")) {
      rules.read(Section.of("the rule", node, problems));
    }
    new CategoryReader(draft, rules).read(file.section("categories"));
    new WaiverReader(draft).read(file);
    Section redaction = file.section("redaction");
    redaction.take("patterns"); // they were read before the rules that name them
    RedactionReader redactions = new RedactionReader(problems, draft.ownTypes);
    logs = logs.and(redactions.ofFile(redaction, "logs", RedactionReader.IN_LOGS));
    outgoing = outgoing.and(redactions.ofFile(redaction, "outgoing", RedactionReader.IN_CALLS));
    responses = responses.and(redactions.ofFile(redaction, "responses", RedactionReader.IN_LOGS));
    writeBackDenied |= redaction.oneOf("write-back", "allow", "allow", "deny").equals("deny");
    redaction.done();
    OperationsReader operations = new OperationsReader(problems);
    operations.readAlerts(file, alerts);
    if (file.has("retention")) {
      retention = operations.readRetention(file.section("retention"), retention);
    }
    noteWhatHasNoEffectYet(file, redaction);
    file.take("extends");
    file.take("retention");
    file.done();
  }

  private RuleFile compiled(String source, String name, long serial, RuleFile.Defaults settled) {
    HostIndex hosts = new HostIndex();
    for (Destination destination : draft.destinations.values()) {
      for (HostEntry host : destination.hosts) {
        host.addTo(hosts, destination.index);
      }
    }
    HostIndex narrowedHosts = new HostIndex();
    for (int i = 0; i < draft.narrowed.size(); i++) {
      for (HostEntry host : draft.narrowed.get(i).hosts()) {
        host.addTo(narrowedHosts, i);
      }
    }
    hosts.freeze();
    narrowedHosts.freeze();
    PathTrie anyRules = new PathTrie();
    List<Rule> rules = new ArrayList<>(draft.rules.size());
    Map<String, Integer> order = order(draft.rules.values());
    for (Draft.Entry entry : draft.rules.values()) {
      Integer place = order.get(entry.rule().id());
      Rule rule =
          entry.rule().with(rules.size(), place == null ? 0 : place, entry.rule().waivedUntilMs());
      rules.add(rule);
      if (rule.any()) {
        anyRules.add(rule.call(), rule.index());
      }
      for (Destination destination : entry.to()) {
        destination.rules.add(rule.call(), rule.index());
      }
    }
    return new RuleFile(
        source,
        name,
        serial,
        settled,
        List.copyOf(draft.destinations.values()),
        hosts,
        List.copyOf(draft.narrowed),
        narrowedHosts,
        List.copyOf(classified),
        List.copyOf(rules),
        anyRules,
        draft.fields,
        Map.copyOf(draft.knownNames),
        Map.copyOf(draft.callerHeaders),
        logs,
        outgoing,
        new RuleFile.Kept(
            responses,
            writeBackDenied,
            Map.copyOf(draft.approvals),
            alerts,
            retention,
            waivers(rules),
            keyedRule(rules),
            draft.origins,
            draft.ownTypes.all()));
  }

  private static String keyedRule(List<Rule> rules) {
    for (Rule rule : rules) {
      Redaction redaction = rule.redaction();
      if (redaction != null && redaction.needsKey()) {
        return rule.id();
      }
    }
    return "";
  }

  private List<Waiver> waivers(List<Rule> rules) {
    List<Waiver> waivers = new ArrayList<>();
    for (Rule rule : rules) {
      if (rule.waivedUntilMs() > 0) {
        waivers.add(
            new Waiver(
                rule.id(),
                draft.waiverTickets.getOrDefault(rule.id(), ""),
                Instant.ofEpochMilli(rule.waivedUntilMs() - 1)
                    .atOffset(ZoneOffset.UTC)
                    .toLocalDate()));
      }
    }
    return waivers;
  }

  /** The place of each rule, by its id, when the strongest come first. */
  private static Map<String, Integer> order(Collection<Draft.Entry> entries) {
    List<Rule> sorted = new ArrayList<>(entries.size());
    for (Draft.Entry entry : entries) {
      sorted.add(entry.rule());
    }
    sorted.sort(RuleFileReader::compare);
    Map<String, Integer> order = new HashMap<>(sorted.size() * 2);
    for (Rule rule : sorted) {
      order.put(rule.id(), order.size());
    }
    return order;
  }

  /** Redacting rules have no effect of their own: they come last. */
  private static int compare(Rule a, Rule b) {
    Effect first = a.effect();
    Effect second = b.effect();
    if (first == second) {
      return a.id().compareTo(b.id());
    }
    if (first == null || second == null) {
      return first == null ? 1 : -1;
    }
    return second.compareTo(first);
  }

  private void readVersion(Section file) {
    YamlNode.Scalar version = file.required("version", "add: version: 1");
    if (version != null && (version.quoted() || !version.text().equals("1"))) {
      problems.error(
          version.at(),
          "CRD116",
          "unknown format version '" + version.text() + "'",
          "this version of Cordon reads version: 1");
    }
  }

  /**
   * Read and checked, kept for the parts that will act on it; until then the file says more than is
   * done.
   */
  private static void noteWhatHasNoEffectYet(Section file, Section redaction) {
    redaction.noEffectYet("write-back", "placeholders that are written back are not stopped");
    file.noEffectYet("approvals", "there are no grants: what wants an approval is refused");
    file.noEffectYet("alerts", "nobody is alerted");
    file.noEffectYet("retention", "the agent deletes nothing by age; journal prune --rules does");
  }

  private void readPacks(Section file, Layer layer) {
    Set<String> own = new HashSet<>();
    PackReader reader = new PackReader(problems, packs);
    packReaders.add(reader);
    for (YamlNode.Scalar written : file.scalars("packs")) {
      Pack pack = reader.find(written);
      if (pack == null) {
        continue;
      }
      draft.packs.putIfAbsent(pack.name(), pack); // there is one version of each
      if (layer.top()) {
        draft.topPacks.add(pack.name());
      }
      if (!own.add(pack.name())) {
        problems.error(written.at(), "CRD126", "pack '" + pack.name() + "' twice");
      }
      for (Pack.Call call : pack.calls()) {
        for (String field : call.fields()) {
          draft.know(field);
        }
      }
    }
  }

  private void readLists(Section file) {
    Section all = file.section("lists");
    for (YamlNode.Field field : all.takeAll()) {
      String name = field.key().text();
      boolean widen = false;
      boolean open = false;
      List<YamlNode.Scalar> nodes;
      if (field.value() instanceof YamlNode.Fields) {
        Section section = Section.of("list '" + name + "'", field.value(), problems);
        widen = section.flag("widen", false);
        open = section.flag("open", false);
        nodes = section.scalars("items");
        section.done();
      } else {
        nodes = scalarsOf(field);
      }
      List<Literal> items = new ArrayList<>();
      for (YamlNode.Scalar item : nodes) {
        items.add(Literal.of(item.text(), item.quoted()));
      }
      if (items.isEmpty() && !problems.hasErrors()) {
        problems.error(field.key().at(), "CRD112", "list '" + name + "' is empty", "");
      }
      RuleList lower = draft.lists.get(name);
      if (lower == null) {
        draft.lists.put(name, new RuleList(draft.layer, items, open, field.key().at()));
      } else if (!lower.change(
          draft.layer, items, widen && !draft.locked.contains(lower.layer()), open)) {
        problems.error(
            field.key().at(),
            "CRD210",
            "list '" + name + "' may only become shorter than in the lower layer",
            "give the longer list a name of its own; or widen: true where the lower list is open");
      }
    }
    all.done();
  }

  private void readPatterns(Section section) {
    for (YamlNode.Field field : section.takeAll()) {
      String name = field.key().text();
      if (!Draft.isId(name)) {
        problems.error(
            field.key().at(),
            "CRD133",
            "bad pattern name '" + name + "'",
            "use letters, digits, '.', '-', '_'");
      }
      for (YamlNode.Scalar source : scalarsOf(field)) {
        Object pattern = NamedPattern.read(source.text());
        if (draft.patterns.containsKey(name)) {
          problems.error(
              field.key().at(),
              "CRD209",
              "pattern '" + name + "' is settled by a lower layer",
              "give this one another name");
        } else if (pattern instanceof NamedPattern good) {
          draft.patterns.put(name, good);
        } else {
          draft.brokenPatterns.add(name);
          problems.error(
              source.at(),
              "CRD140",
              "bad pattern '" + name + "': " + pattern,
              "write an RE2 pattern");
        }
      }
    }
  }

  private void readCallers(Section section) {
    for (Caller.Trait trait : Caller.Trait.values()) {
      YamlNode.Scalar from = section.scalar(Fold.lower(trait.name()));
      if (from == null) {
        continue;
      }
      String name = from.text().startsWith("header.") ? from.text().substring(7) : "";
      if (!name.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+")) {
        problems.error(
            from.at(), "CRD120", "'" + from.text() + "' is no header", "write header.NAME");
        continue;
      }
      String lower = draft.callerHeaders.putIfAbsent(trait, name);
      if (lower != null && !Fold.same(lower, name)) {
        problems.error(
            from.at(),
            "CRD209",
            "'" + Fold.lower(trait.name()) + "' is settled by a lower layer: header." + lower,
            "take it out");
      }
    }
    section.done();
  }

  private List<YamlNode.Scalar> scalarsOf(YamlNode.Field field) {
    YamlNode.Fields alone = new YamlNode.Fields(List.of(field), field.key().at());
    return Section.of("lists", alone, problems).scalars(field.key().text());
  }

  private void readClassify(Section section) {
    readClassify(section, "read", CallClass.READ);
    readClassify(section, "write", CallClass.WRITE);
    readClassify(section, "write-high", CallClass.WRITE_HIGH);
    section.done();
  }

  private void readClassify(Section section, String key, CallClass callClass) {
    for (YamlNode.Scalar line : section.scalars(key)) {
      int space = line.text().indexOf(' ');
      String name = space < 0 ? line.text() : line.text().substring(0, space);
      Destination destination = draft.destination(line, 0, name);
      CallPattern call = CallPattern.parse(line, space < 0 ? 0 : space + 1, problems);
      if (destination != null && call != null) {
        draft.checkEndpoint(line, call, destination);
        checkClass(line, destination, call, callClass);
        destination.classified.add(call, classified.size());
        classified.add(new RuleFile.Classified(name, call, callClass, draft.layer));
        draft.lines.add(new Draft.Line(destination, call, callClass, draft.layer));
      }
    }
  }

  /** A layer may not call milder what a lower one classifies. */
  private void checkClass(
      YamlNode.Scalar node, Destination destination, CallPattern call, CallClass callClass) {
    for (Draft.Line line : draft.lines) {
      if (line.layer() < draft.layer
          && line.destination() == destination
          && line.callClass().isStricterThan(callClass)
          && line.call().overlaps(call)) {
        problems.error(
            node.at(),
            "CRD210",
            "a lower layer says that " + line.call() + " is " + line.callClass().code(),
            "a layer may only classify more strictly");
        return;
      }
    }
  }

  private void bindMoney() {
    if (!draft.usesMoney) {
      return;
    }
    for (Destination destination : draft.destinations.values()) {
      Pack pack = destination.pack;
      if (pack == null) {
        continue;
      }
      for (int i = 0; i < pack.calls().size(); i++) {
        Pack.Call call = pack.calls().get(i);
        if (call.hasMoney()) {
          destination.money[i] =
              new Money(
                  draft.fields.add(call.amount()),
                  draft.fields.add(call.currency()),
                  call.minor(),
                  call.amountIsText(),
                  pack.currencyExponents());
        }
      }
    }
  }

  private void bindSubjects() {
    if (!draft.usesSubjects) {
      return;
    }
    for (Destination destination : draft.destinations.values()) {
      Pack pack = destination.pack;
      for (int i = 0; pack != null && i < pack.calls().size(); i++) {
        List<String> paths = pack.calls().get(i).subjects();
        int[] fields = new int[paths.size()];
        for (int j = 0; j < fields.length; j++) {
          fields[j] = draft.fields.add(paths.get(j));
        }
        destination.subjects[i] = fields;
      }
    }
  }

  private void warnOfUnused(Layer top) {
    if (problems.hasErrors()) {
      return; // what would use it may be what is broken
    }
    for (Map.Entry<String, RuleList> list : draft.lists.entrySet()) {
      // a lower layer may have lists for others
      if (!list.getValue().isUsed() && list.getValue().layer() == top.number()) {
        problems.warning(
            list.getValue().at(),
            "CRD202",
            "no rule uses list '" + list.getKey() + "'",
            "write $" + list.getKey() + " where it is meant");
      }
    }
    draft.ownTypes.warnOfUnused(top);
    for (String pack : draft.topPacks) {
      if (!draft.destinations.containsKey(pack) && top.file().has("packs")) {
        problems.warning(
            top.file().keyAt("packs"),
            "CRD203",
            "pack '" + pack + "' is bound to no destination",
            "a pack is used by the destination of its name");
      }
    }
  }
}
