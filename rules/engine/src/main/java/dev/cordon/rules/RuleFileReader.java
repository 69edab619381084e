package dev.cordon.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Compiles the node tree of a rule file. Collects problems and goes on as far as it can. */
final class RuleFileReader {
  private final Problems problems;
  private final Function<YamlNode.Scalar, @Nullable Pack> packSource;
  private final Draft draft;

  /**
   * @param packSource finds a pack by the way it is written in {@code packs}; null with a problem
   */
  RuleFileReader(
      String fileName,
      Problems problems,
      Surroundings surroundings,
      Function<YamlNode.Scalar, @Nullable Pack> packSource) {
    this.problems = problems;
    this.packSource = packSource;
    draft = new Draft(fileName, problems, surroundings);
  }

  RuleFile read(YamlNode root) {
    Section file = Section.of("the rule file", root, problems);
    readVersion(file);
    YamlNode.Scalar nameNode = file.required("name", "add one, as in: name: support-bots/prod");
    String name = nameNode == null ? "" : nameNode.text();
    if (nameNode != null && (name.length() > 100 || !name.matches("[\\w./ -]+"))) {
      problems.error(
          nameNode.at(), "CRD133", "bad name", "use letters, digits, '/', '.', '-', up to 100");
    }
    long serial = file.number("serial", 0, 0, Long.MAX_VALUE);
    draft.owner = file.text("owner", "");
    refuseLaterParts(file);
    readPacks(file);
    RuleFile.Defaults defaults = new DefaultsReader(problems).read(file.section("defaults"));
    draft.missingMatches = defaults.missingMatches();
    new DestinationReader(draft).read(file);
    readLists(file);
    readPatterns(file.section("patterns"));
    readCallers(file.section("callers"));
    readClassify(file.section("classify"));
    OperationsReader operations = new OperationsReader(problems);
    operations.readApprovals(file.section("approvals"), draft.approvals);
    RuleReader ruleReader = new RuleReader(draft);
    for (YamlNode node : file.items("rules")) {
      ruleReader.read(Section.of("the rule", node, problems));
    }
    Section redaction = file.section("redaction");
    RedactionReader redactions = new RedactionReader(problems);
    Redaction logs = redactions.ofFile(redaction, "logs", List.of("token", "mask", "hash"));
    Redaction outgoing =
        redactions.ofFile(redaction, "outgoing", List.of("token", "mask", "hash", "block"));
    Redaction responses =
        redactions.ofFile(redaction, "responses", List.of("token", "mask", "hash", "block"));
    boolean writeBackDenied =
        redaction.oneOf("write-back", "allow", "allow", "deny").equals("deny");
    redaction.done();
    new CategoryReader(draft, ruleReader).read(file.section("categories"));
    List<Alert> alerts = operations.readAlerts(file);
    Retention retention = operations.readRetention(file.section("retention"));
    noteWhatHasNoEffectYet(file, redaction);
    file.done();
    bindMoney();
    bindSubjects();
    warnOfUnused(file);
    draft.fields.freeze();
    return new RuleFile(
        draft.fileName,
        name,
        serial,
        defaults,
        List.copyOf(draft.destinations.values()),
        draft.hosts,
        List.copyOf(draft.classified),
        List.copyOf(draft.rules),
        draft.anyRules,
        draft.fields,
        Map.copyOf(draft.knownNames),
        Map.copyOf(draft.callerHeaders),
        logs,
        outgoing,
        new RuleFile.Kept(responses, writeBackDenied, Map.copyOf(draft.approvals), alerts, retention));
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

  /** An error where the file would be looser than written without the key, else a warning. */
  private static void refuseLaterParts(Section file) {
    file.refuseLater("extends", "the rules of lower layers would be missing");
    file.refuseLater("waive", "there are no layers to waive rules of");
    file.passLater("tests", "these cases are not run");
  }

  /** Read and checked, kept for the parts that will act on it; until then the file says more than is done. */
  private static void noteWhatHasNoEffectYet(Section file, Section redaction) {
    redaction.noEffectYet("responses", "responses are not redacted");
    redaction.noEffectYet("write-back", "placeholders that are written back are not stopped");
    file.noEffectYet("approvals", "there are no grants: what wants an approval is refused");
    file.noEffectYet("alerts", "nobody is alerted");
    file.noEffectYet("retention", "nothing is deleted by age");
  }

  private void readPacks(Section file) {
    for (YamlNode.Scalar written : file.scalars("packs")) {
      Pack pack = packSource.apply(written);
      if (pack == null) {
        continue;
      }
      if (draft.packs.putIfAbsent(pack.name(), pack) != null) {
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
      List<Literal> items = new ArrayList<>();
      for (YamlNode.Scalar item : scalarsOf(field)) {
        items.add(Literal.of(item.text(), item.quoted()));
      }
      if (field.value() instanceof YamlNode.Items list && list.items().isEmpty()) {
        problems.error(
            field.key().at(), "CRD112", "list '" + field.key().text() + "' is empty", "");
      }
      draft.lists.put(field.key().text(), new RuleList(items, field.key().at()));
    }
    all.done();
  }

  private void readPatterns(Section section) {
    for (YamlNode.Field field : section.takeAll()) {
      String name = field.key().text();
      if (!Draft.ID.matcher(name).matches()) {
        problems.error(
            field.key().at(),
            "CRD133",
            "bad pattern name '" + name + "'",
            "use letters, digits, '.', '-', '_'");
      }
      for (YamlNode.Scalar source : scalarsOf(field)) {
        Object pattern = NamedPattern.read(source.text());
        if (pattern instanceof NamedPattern good) {
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
      draft.callerHeaders.put(trait, name);
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
        destination.classified.add(call, draft.classified.size());
        draft.classified.add(new RuleFile.Classified(call, callClass));
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
        destination.subjects[i] = paths.stream().mapToInt(draft.fields::add).toArray();
      }
    }
  }

  private void warnOfUnused(Section file) {
    if (problems.hasErrors()) {
      return; // what would use it may be what is broken
    }
    for (Map.Entry<String, RuleList> list : draft.lists.entrySet()) {
      if (!list.getValue().isUsed()) {
        problems.warning(
            list.getValue().at(),
            "CRD202",
            "no rule uses list '" + list.getKey() + "'",
            "write $" + list.getKey() + " where it is meant");
      }
    }
    for (String pack : draft.packs.keySet()) {
      if (!draft.destinations.containsKey(pack)) {
        problems.warning(
            file.keyAt("packs"),
            "CRD203",
            "pack '" + pack + "' is bound to no destination",
            "a pack is used by the destination of its name");
      }
    }
  }
}
