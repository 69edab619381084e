package dev.cordon.rules;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a person should look at in a rule file that is valid: rules that never decide, money that
 * leaves unasked, rules without a test. Slower than loading, so the agent does without it.
 */
public final class RuleLint {
  private static final int HOT_LEAF_RULES = 64; // more conditions at one endpoint cost microseconds

  private static final int NAMED_CALLS = 3; // in one warning

  /** Reached only by thousands of rules at one endpoint, of which CRD212 tells. */
  private static final int MAX_PAIRS = 5_000_000;

  /** Last names of fields that say who someone is, or where things and money go. */
  private static final Set<String> SENSITIVE =
      Set.of(
          "address",
          "addresses",
          "bankaccount",
          "billing",
          "billingaddress",
          "defaultaddress",
          "defaultsource",
          "email",
          "externalaccount",
          "iban",
          "password",
          "permissions",
          "phone",
          "primaryemail",
          "role",
          "roles",
          "shipping",
          "shippingaddress");

  private final RuleFile file;
  private final List<Draft.Entry> rules;
  private final List<Layer> layers;
  private final Map<String, Problems> problems = new HashMap<>();
  private final Map<Condition, Shape> shapes = new IdentityHashMap<>();
  private final List<Draft.Entry> restricting = new ArrayList<>();
  private final Map<Destination, GraverCalls> graver = new IdentityHashMap<>();
  private final Map<String, List<Draft.Entry>> stops = new HashMap<>(); // by keys()
  private final Map<String, List<Draft.Entry>> lets = new HashMap<>(); // by the call as written
  private int pairs;
  private int maxPairs = MAX_PAIRS;

  /**
   * A call of a pack that cannot be taken back, and that a rule allows which is written for milder
   * ones.
   *
   * @param rule the id of that rule
   * @param operation the pack's name for the call
   * @param call as a rule for it alone would be written
   * @param apart such a rule stops nothing that is milder
   */
  public record Graver(String rule, String operation, String call, boolean apart) {}

  private RuleLint(RuleFile file, List<Draft.Entry> rules, List<Layer> layers) {
    this.file = file;
    this.rules = rules;
    this.layers = layers;
    for (Layer layer : layers) {
      problems.put(layer.problems().file(), layer.problems());
    }
    for (Draft.Entry entry : rules) {
      Rule rule = entry.rule();
      if (rule.effect() != null && !rule.allows() && !rule.observed()) {
        restricting.add(entry);
      }
    }
  }

  /**
   * All that {@link RuleSet#check} tells, and what a person should look at.
   *
   * @throws IOException when a file is missing or cannot be read
   */
  public static List<Problem> check(Path path, Surroundings surroundings) throws IOException {
    Layer.Loader loader = new Layer.Loader();
    RuleLint lint = load(loader, path, surroundings);
    if (loader.hasErrors()) {
      return loader.problems();
    }
    lint.lookAtPairs();
    lint.pairs = 0;
    lint.lookAtConditions();
    lint.lookAtLeaves();
    lint.lookAtMoney();
    lint.lookAtAccounts();
    lint.lookAtStars();
    lint.lookAtDefaults();
    List<Problem> broken = lint.lookAtTests(path, surroundings);
    List<Problem> all = new ArrayList<>(loader.problems());
    all.addAll(broken);
    return all;
  }

  private static RuleLint load(Layer.Loader loader, Path path, Surroundings surroundings)
      throws IOException {
    loader.add(path, false);
    RuleFileReader reader = new RuleFileReader(surroundings, loader.packs());
    RuleFile file = reader.read(loader.layers());
    return new RuleLint(file, reader.entries(), loader.layers());
  }

  /**
   * All that CRD306 warns of, call by call.
   *
   * @throws IOException when a file is missing or cannot be read
   * @throws RuleFileException when the file is not valid
   */
  public static List<Graver> graver(Path path, Surroundings surroundings)
      throws IOException, RuleFileException {
    Layer.Loader loader = new Layer.Loader();
    RuleLint lint = load(loader, path, surroundings);
    if (loader.hasErrors()) {
      throw new RuleFileException(loader.problems());
    }
    lint.maxPairs = Integer.MAX_VALUE; // whoever asks acts on what is not named, too
    lint.fileByCall();
    List<Graver> all = new ArrayList<>();
    for (Draft.Entry entry : lint.rules) {
      CallPattern allowed = entry.rule().call();
      lint.eachGraver(
          entry,
          (calls, found) -> {
            all.add(
                new Graver(
                    entry.rule().id(),
                    found.call().operation(),
                    found.both().toString(),
                    calls.isApart(found, allowed)));
            return true;
          });
    }
    return all;
  }

  private void warn(Draft.Entry entry, String code, String message, String hint) {
    Problems own = problems.get(entry.rule().file());
    if (own != null) {
      own.warning(entry.rule().at(), code, message, hint);
    }
  }

  private static String place(Rule rule) {
    return rule.file() + ":" + rule.at().line();
  }

  private static String name(@Nullable Effect effect) {
    return effect == null ? "redact" : Fold.lower(effect.name());
  }

  // ---- rules that others cover

  private void lookAtPairs() {
    Map<String, List<Draft.Entry>> strong = new HashMap<>();
    for (Draft.Entry entry : rules) {
      if (entry.rule().effect() != null && !entry.rule().allows()) {
        for (String key : keys(entry)) {
          strong.computeIfAbsent(key, any -> new ArrayList<>()).add(entry);
        }
      }
    }
    for (Draft.Entry entry : rules) {
      lookAtPairs(entry, strong);
    }
  }

  private void lookAtPairs(Draft.Entry entry, Map<String, List<Draft.Entry>> strong) {
    Rule rule = entry.rule();
    if (rule.effect() == null) {
      return;
    }
    Set<String> looked = new HashSet<>(keys(entry));
    for (String key : keys(entry)) {
      looked.add(key.substring(0, key.indexOf(' ')) + " *");
      looked.add(key.replaceAll("^[^ ]*", "any"));
    }
    looked.add("any *");
    for (String key : looked) {
      for (Draft.Entry other : strong.getOrDefault(key, List.of())) {
        if (++pairs > MAX_PAIRS) {
          return;
        }
        Rule above = other.rule();
        boolean stronger =
            sure(above).compareTo(most(rule)) > 0 && (!above.observed() || rule.observed());
        boolean hides = above.observed() && !rule.observed() && rule.allows();
        if (other == entry
            || !(stronger || hides)
            || above.waivedUntilMs() > 0
            || !covers(other, entry)) {
          continue;
        }
        if (stronger) {
          warn(
              entry,
              "CRD204",
              "rule '" + rule.id() + "' can never decide",
              "'"
                  + above.id()
                  + "' ("
                  + name(above.effect())
                  + ", "
                  + place(above)
                  + ") covers all its calls");
          return;
        }
        warn(
            entry,
            "CRD205",
            "rule '" + rule.id() + "' is never named in the journal",
            "'"
                + above.id()
                + "' ("
                + name(above.effect())
                + ", observe, "
                + place(above)
                + ") covers all its calls; they leave all the same");
        return;
      }
    }
  }

  /** Destination and first segment: rules that cover each other share one, or have a star. */
  private static List<String> keys(Draft.Entry entry) {
    List<String> names = new ArrayList<>();
    if (entry.rule().any()) {
      names.add("any");
    }
    for (Destination destination : entry.to()) {
      names.add(destination.name);
    }
    List<String> keys = new ArrayList<>();
    for (String name : names) {
      for (List<String> segments : entry.rule().call().alternatives()) {
        String first = segments.isEmpty() ? "*" : segments.get(0);
        keys.add(name + " " + keyOf(first));
      }
    }
    return keys;
  }

  private static String keyOf(String first) {
    return first.indexOf('*') >= 0 ? "*" : Fold.lower(first);
  }

  /** What a rule that fires gives at least. */
  private static Effect sure(Rule rule) {
    Effect effect = rule.effect();
    return effect == null ? Effect.ALLOW : effect;
  }

  /** The strongest that a rule can give. */
  private static Effect most(Rule rule) {
    Effect most = sure(rule);
    if (rule.fields() != null && rule.fields().others().compareTo(most) > 0) {
      most = rule.fields().others();
    }
    return most;
  }

  /** True when the first rule fires for every call for which the second one does. */
  private boolean covers(Draft.Entry first, Draft.Entry second) {
    Rule a = first.rule();
    Rule b = second.rule();
    // conditions first: of many rules at one endpoint they are what differs
    return (a.firesOnUnknown() || b.allows())
        && impliesAll(b, a)
        && (a.any() || (!b.any() && first.to().containsAll(second.to())))
        && a.call().covers(b.call());
  }

  private boolean impliesAll(Rule from, Rule to) {
    for (ConditionParser.Clause wanted : to.when()) {
      boolean implied = false;
      for (ConditionParser.Clause given : from.when()) {
        implied |= implies(given, wanted);
      }
      if (!implied) {
        return false;
      }
    }
    return true;
  }

  private boolean implies(ConditionParser.Clause given, ConditionParser.Clause wanted) {
    if (given.text().equals(wanted.text())) {
      return true;
    }
    Shape is = shape(given.condition());
    Shape asked = shape(wanted.condition());
    if (is.range() != null && asked.range() != null) {
      return asked.range().contains(is.range());
    }
    Words some = is.words();
    Words all = asked.words();
    return some != null
        && all != null
        && some.place().equals(all.place())
        && all.texts().containsAll(some.texts());
  }

  /** For what a condition is true, as far as it is simple. */
  private record Shape(@Nullable Range range, @Nullable Words words) {}

  private Shape shape(Condition condition) {
    return shapes.computeIfAbsent(
        condition, one -> new Shape(Range.of(one, file.fields()), Words.of(one)));
  }

  /** The texts for which a condition is true. */
  private record Words(Condition.Place place, Set<String> texts) {
    static @Nullable Words of(Condition condition) {
      if (condition instanceof Condition.In in && in.others.isEmpty()) {
        return new Words(in.place, in.texts);
      }
      if (condition instanceof Condition.Compare compare
          && compare.operator() == Condition.Operator.EQUAL
          && compare.literal().isText()) {
        return new Words(compare.place(), Set.of(compare.literal().text()));
      }
      return null;
    }
  }

  // ---- conditions that cannot hold together

  private void lookAtConditions() {
    for (Draft.Entry entry : rules) {
      Problems own = problems.get(entry.rule().file());
      if (own != null) {
        lookAtConditions(entry.rule(), own);
      }
    }
  }

  private void lookAtConditions(Rule rule, Problems own) {
    List<ConditionParser.Clause> when = rule.when();
    for (int i = 1; i < when.size(); i++) {
      for (int j = 0; j < i; j++) {
        if (contradict(when.get(j).condition(), when.get(i).condition())) {
          own.warning(
              when.get(i).at(),
              "CRD207",
              "this never holds together with: " + when.get(j).text(),
              (rule.allows() ? "the rule allows nothing" : "the rule is true for no call")
                  + "; write { any: [...] } when one is enough");
          return;
        }
      }
    }
  }

  private boolean contradict(Condition a, Condition b) {
    Range first = Range.of(a, file.fields());
    Range second = Range.of(b, file.fields());
    if (first != null && second != null) {
      boolean currencies =
          first.of() instanceof Range.MoneyIn one
              && second.of() instanceof Range.MoneyIn other
              && !one.equals(other);
      return currencies || (!first.several() && first.excludes(second));
    }
    Words some = Words.of(a);
    Words others = Words.of(b);
    if (some != null && others != null && some.place().equals(others.place())) {
      Set<String> both = new HashSet<>(some.texts());
      both.retainAll(others.texts());
      return both.isEmpty() && !Range.isSeveral(some.place(), file.fields());
    }
    return isNegationOf(a, b) || isNegationOf(b, a);
  }

  private static boolean isNegationOf(Condition a, Condition b) {
    return a instanceof Condition.Not not && not.part().equals(b);
  }

  // ---- many rules at one endpoint

  private void lookAtLeaves() {
    Map<String, Integer> counts = new HashMap<>();
    for (Draft.Entry entry : rules) {
      List<String> names = new ArrayList<>();
      entry.to().forEach(destination -> names.add(destination.name));
      if (entry.rule().any()) {
        names.add("any");
      }
      for (String name : names) {
        int count = counts.merge(name + " " + entry.rule().call(), 1, Integer::sum);
        if (count == HOT_LEAF_RULES + 1) {
          warn(
              entry,
              "CRD212",
              "more than " + HOT_LEAF_RULES + " rules for " + name + " " + entry.rule().call(),
              "each call there looks at all of them; put values into a list: FIELD in $list");
        }
      }
    }
  }

  // ---- money and accounts

  private List<Destination> reached(Draft.Entry entry) {
    return entry.rule().any() ? file.destinations() : entry.to();
  }

  private void lookAtMoney() {
    for (Draft.Entry entry : rules) {
      if (!entry.rule().allows() || isBounded(entry.rule())) {
        continue;
      }
      Pack.Call moved = firstUnasked(entry, Pack.Call::hasMoney, true);
      if (moved != null) {
        warn(
            entry,
            "CRD301",
            "rule '" + entry.rule().id() + "' lets any amount of money by: " + moved.operation(),
            "add a bound, as in: when: [money <= 25 EUR], and a rule with then: approve above it");
      }
    }
  }

  private void lookAtAccounts() {
    for (Draft.Entry entry : rules) {
      if (!entry.rule().allows() || entry.rule().fields() != null) {
        continue;
      }
      Pack.Call changes = firstUnasked(entry, RuleLint::changesAccount, false);
      if (changes != null) {
        warn(
            entry,
            "CRD302",
            "rule '"
                + entry.rule().id()
                + "' lets addresses or accounts be changed: "
                + changes.operation(),
            "list the fields that may be written under fields:, or add a rule with then: approve");
      }
    }
  }

  private static boolean isBounded(Rule rule) {
    for (ConditionParser.Clause clause : rule.when()) {
      if (clause.condition() instanceof Condition.MoneyCompare money
          && (money.operator == Condition.Operator.LESS
              || money.operator == Condition.Operator.AT_MOST
              || money.operator == Condition.Operator.EQUAL)) {
        return true;
      }
    }
    return rule.bounds().limits().stream().anyMatch(limit -> limit.sum() == Bounds.Sum.MONEY);
  }

  private static boolean changesAccount(Pack.Call call) {
    for (String field : call.fields()) {
      String path = field.replace("[]", "").replace(".*", "");
      String last = path.substring(path.lastIndexOf('.') + 1);
      if (SENSITIVE.contains(last.replace("_", "").replace("-", "").toLowerCase(Locale.ROOT))
          && !call.recipients().contains(field)) {
        return true;
      }
    }
    return false;
  }

  /** A write of a pack that the rule allows and that no other rule restricts. */
  private Pack.@Nullable Call firstUnasked(
      Draft.Entry allowing, Predicate<Pack.Call> what, boolean money) {
    for (Destination destination : reached(allowing)) {
      Pack pack = destination.pack;
      if (pack == null) {
        continue;
      }
      for (Pack.Call call : pack.calls()) {
        CallPattern pattern = call.pattern();
        if (call.callClass() != CallClass.READ
            && what.test(call)
            && pattern.protocol() == allowing.rule().call().protocol()
            && pattern.overlaps(allowing.rule().call())
            && !isRestricted(allowing, destination, pattern, money)) {
          return call;
        }
      }
    }
    return null;
  }

  private boolean isRestricted(
      Draft.Entry allowing, Destination destination, CallPattern call, boolean money) {
    for (Draft.Entry entry : restricting) {
      if (++pairs > MAX_PAIRS) {
        return true; // not looked at: nothing is claimed of it
      }
      Rule rule = entry.rule();
      if ((!money || holdsForLargeAmounts(rule, allowing.rule()))
          && (rule.any() || entry.to().contains(destination))
          && (rule.call().covers(call) || rule.call().covers(allowing.rule().call()))) {
        return true;
      }
    }
    return false;
  }

  private boolean holdsForLargeAmounts(Rule rule, Rule allowing) {
    for (ConditionParser.Clause clause : rule.when()) {
      boolean above =
          clause.condition() instanceof Condition.MoneyCompare compare
              && (compare.operator == Condition.Operator.GREATER
                  || compare.operator == Condition.Operator.AT_LEAST);
      boolean given = false;
      for (ConditionParser.Clause own : allowing.when()) {
        given |= implies(own, clause);
      }
      if (!above && !given) {
        return false;
      }
    }
    return true;
  }

  // ---- what stars cover

  /** Takes what was found; false when it has seen enough. */
  private interface Finds {
    boolean add(GraverCalls calls, GraverCalls.Found found);
  }

  private void lookAtStars() {
    pairs = 0;
    fileByCall();
    for (Draft.Entry entry : rules) {
      List<GraverCalls.Found> found = new ArrayList<>();
      eachGraver(
          entry,
          (calls, one) -> {
            found.add(one);
            return found.size() <= NAMED_CALLS;
          });
      if (found.isEmpty()) {
        continue;
      }
      List<String> named = new ArrayList<>();
      for (GraverCalls.Found one : found.subList(0, Math.min(found.size(), NAMED_CALLS))) {
        named.add(one.call().operation() + " (" + one.both() + ")");
      }
      warn(
          entry,
          "CRD306",
          "rule '"
              + entry.rule().id()
              + "' allows more than it reads as; write-high, says the pack, is "
              + String.join(", ", named)
              + (found.size() > NAMED_CALLS ? " and more" : ""),
          "add a rule with then: deny or approve for such a call, or write the calls that are meant"
              + " in place of the *");
    }
  }

  /** For {@link #isNamed}: what decides, enforced. */
  private void fileByCall() {
    for (Draft.Entry entry : rules) {
      Rule rule = entry.rule();
      if (rule.effect() == null || rule.observed() || rule.waivedUntilMs() > 0) {
        continue;
      }
      if (rule.allows()) {
        lets.computeIfAbsent(rule.call().toString(), any -> new ArrayList<>()).add(entry);
      } else {
        for (String key : keys(entry)) {
          stops.computeIfAbsent(key, any -> new ArrayList<>()).add(entry);
        }
      }
    }
  }

  /**
   * The calls that the stars of an allowing rule cover, that are graver, and that no rule names.
   */
  private void eachGraver(Draft.Entry allowing, Finds finds) {
    if (!allowing.rule().allows() || file.defaults().writeHigh() == Effect.ALLOW) {
      return; // where they pass by default no rule lets them by
    }
    for (Destination destination : reached(allowing)) {
      Pack pack = destination.pack;
      if (pack == null) {
        continue;
      }
      GraverCalls calls =
          graver.computeIfAbsent(destination, one -> new GraverCalls(file, one, pack));
      for (GraverCalls.Found found : calls.below(allowing.rule().call())) {
        if (!isNamed(allowing, destination, found) && !finds.add(calls, found)) {
          return;
        }
      }
    }
  }

  /**
   * True when another rule stops the call wherever this one would let it by, or lets just this call
   * by.
   */
  private boolean isNamed(Draft.Entry allowing, Destination destination, GraverCalls.Found found) {
    List<String> segments = found.both().alternatives().get(0);
    String first = segments.isEmpty() ? "*" : keyOf(segments.get(0));
    for (String name : List.of(destination.name, "any")) {
      for (String key : first.equals("*") ? List.of("*") : List.of(first, "*")) {
        for (Draft.Entry entry : stops.getOrDefault(name + " " + key, List.of())) {
          if (++pairs > maxPairs) {
            return true; // not looked at: nothing is claimed of it
          }
          if (entry.rule().call().covers(found.both())
              && impliesAll(allowing.rule(), entry.rule())) {
            return true;
          }
        }
      }
    }
    for (Draft.Entry entry : lets.getOrDefault(found.call().pattern().toString(), List.of())) {
      if (++pairs > maxPairs
          || ((entry.rule().any() || entry.to().contains(destination))
              && impliesAll(allowing.rule(), entry.rule()))) {
        return true;
      }
    }
    return false;
  }

  // ---- the file

  private void lookAtDefaults() {
    if (file.defaults().mode() != Mode.OBSERVE || layers.isEmpty()) {
      return;
    }
    Layer top = layers.get(layers.size() - 1);
    if (!top.file().has("defaults")) {
      return;
    }
    Section defaults = top.file().section("defaults");
    for (String key : List.of("write", "write-high", "unknown")) {
      if (defaults.text(key, "").equals("allow")) {
        top.problems()
            .warning(
                defaults.keyAt(key),
                "CRD304",
                "an observe file with " + key + ": allow shows nothing",
                "observe what write: deny would do; rules with then: allow name what is meant");
      }
    }
  }

  /** The agent refuses a file whose own cases fail; those beside it are for {@code rules test}. */
  private void tellFailed(Path path, RuleTests.Report report) {
    Layer top = layers.get(layers.size() - 1);
    for (RuleTests.Outcome outcome : report.outcomes()) {
      if (outcome.passed() || !outcome.file().equals(path.toString())) {
        continue;
      }
      for (YamlNode node : top.file().items("tests")) {
        if (node.at().line() == outcome.line()) {
          RuleTests.tellFailed(top.problems(), node.at(), outcome.call(), outcome.failures());
        }
      }
    }
  }

  /** Problems of the cases themselves. */
  private List<Problem> lookAtTests(Path path, Surroundings surroundings) throws IOException {
    RuleTests.Report report;
    try {
      report = RuleTests.run(path, surroundings);
    } catch (RuleFileException e) {
      return e.problems();
    }
    tellFailed(path, report);
    Set<String> untouched = new HashSet<>();
    report.untouched().forEach(target -> untouched.add(target.id()));
    for (Draft.Entry entry : rules) {
      Effect effect = entry.rule().effect();
      if (effect != null && effect != Effect.ALLOW && untouched.contains(entry.rule().id())) {
        warn(
            entry,
            "CRD402",
            "no case touches rule '" + entry.rule().id() + "' (" + name(effect) + ")",
            "add one under tests:, with a call that it stops");
      }
    }
    return List.of();
  }
}
