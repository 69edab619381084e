package dev.cordon.rules;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Runs the cases that ship with a rule file (its {@code tests:} and the file {@code
 * NAME.cases.yaml} beside it) or with a pack. Decides only: nothing is counted under limits.
 */
public final class RuleTests {
  static final String CASES_SUFFIX = ".cases.yaml";
  static final String FAILED_CASE = "CRD151";

  private final Clock clock = new Clock();
  private final Origins origins = new Origins(System::nanoTime);
  private final Map<String, Target> untouched = new LinkedHashMap<>();
  private final List<Outcome> outcomes = new ArrayList<>();

  private RuleTests() {}

  /**
   * How the cases of a file came out.
   *
   * @param digest of the rules that were tested, as {@link RuleSet#digest}
   * @param targets how many rules (calls, for a pack) there are
   * @param untouched those that no case touches
   */
  public record Report(
      String file, String digest, List<Outcome> outcomes, int targets, List<Target> untouched) {

    public Report {
      outcomes = List.copyOf(outcomes);
      untouched = List.copyOf(untouched);
    }

    public int failures() {
      int failures = 0;
      for (Outcome outcome : outcomes) {
        failures += outcome.passed() ? 0 : 1;
      }
      return failures;
    }
  }

  /**
   * How one case came out.
   *
   * @param file and line: where the case stands
   * @param call as it is written
   * @param expected as it is written, {@code approve by refund.large}
   * @param failures what is otherwise than expected; empty when it passed
   */
  public record Outcome(
      String file, int line, String call, String expected, List<String> failures) {

    public Outcome {
      failures = List.copyOf(failures);
    }

    public boolean passed() {
      return failures.isEmpty();
    }
  }

  /**
   * A rule, or a call of a pack.
   *
   * @param then the word in the rule file; for a pack the class
   */
  public record Target(String id, String then, int line) {}

  /**
   * Runs all cases of a rule file or a pack.
   *
   * @throws RuleFileException when the rules, the pack or the cases cannot be read
   * @throws IOException when a file is missing or cannot be read
   */
  public static Report run(Path file, Surroundings surroundings)
      throws RuleFileException, IOException {
    return new RuleTests().all(file, surroundings);
  }

  /**
   * Runs the cases that stand in a rule file itself on its rules; each that fails is a problem of
   * the file.
   */
  static void embedded(RuleSet rules, List<YamlNode> nodes, Problems problems, Detector detector) {
    RuleTests tests = new RuleTests();
    Surroundings surroundings =
        new Surroundings(detector, tests.clock, System::nanoTime, new Ledger(), tests.origins);
    Subject subject =
        new Subject(rules.in(surroundings), "", name -> origin(rules.file(), name), 0);
    for (CaseReader.Case one : new CaseReader(problems, "", subject.origins()).read(nodes)) {
      tests.clock.now = one.now();
      List<String> failures = tests.run(subject, one);
      if (!failures.isEmpty()) {
        tellFailed(problems, one.at(), one.call(), failures);
      }
    }
  }

  static void tellFailed(Problems problems, Position at, String call, List<String> failures) {
    problems.error(
        at, FAILED_CASE, "the case " + call + " fails: " + String.join("; ", failures), "");
  }

  private Report all(Path file, Surroundings given) throws RuleFileException, IOException {
    Surroundings surroundings =
        new Surroundings(given.detector(), clock, given.nanoClock(), new Ledger(), origins);
    Problems problems = new Problems(file.toString());
    byte[] bytes = RuleFileText.bytes(file, problems);
    refuse(problems);
    Subject subject =
        bytes != null && Bundle.isOne(bytes)
            ? bundle(file, bytes, surroundings, problems)
            : text(file, surroundings, problems);
    Path beside = beside(file);
    if (beside != null) {
      Problems theirs = new Problems(beside.toString());
      YamlNode list = parse(beside, theirs);
      if (list instanceof YamlNode.Items cases) {
        run(subject, beside.toString(), cases.items(), theirs);
      } else if (list != null) {
        theirs.error(list.at(), "CRD113", "cases must be a list, this is " + list.what());
      }
      refuse(theirs);
    }
    refuse(problems);
    return new Report(
        file.toString(),
        subject.rules().digest(),
        outcomes,
        subject.targets(),
        List.copyOf(untouched.values()));
  }

  /** What is tested. */
  private record Subject(
      RuleSet rules,
      String ownDestination,
      Function<String, @Nullable String> origins,
      int targets) {}

  private static boolean has(YamlNode.Fields mapping, String key) {
    for (YamlNode.Field field : mapping.fields()) {
      if (field.key().text().equals(key)) {
        return true;
      }
    }
    return false;
  }

  private static @Nullable YamlNode parse(Path file, Problems problems)
      throws RuleFileException, IOException {
    byte[] bytes = RuleFileText.bytes(file, problems);
    String text = bytes == null ? null : RuleFileText.text(bytes, problems);
    YamlNode root = text == null ? null : YamlReader.read(text, problems);
    refuse(problems);
    return root;
  }

  private static void refuse(Problems problems) throws RuleFileException {
    if (problems.hasErrors()) {
      throw new RuleFileException(problems.all());
    }
  }

  /** {@code NAME.cases.yaml} beside {@code NAME.yaml} or its bundle; null when there is none. */
  static @Nullable Path beside(Path file) {
    Path name = file.getFileName();
    String text = name == null ? "" : name.toString();
    if (!text.endsWith(".yaml") && !text.endsWith(".cbundle")) {
      return null;
    }
    String stem = text.substring(0, text.lastIndexOf('.'));
    Path beside = file.resolveSibling(stem + CASES_SUFFIX);
    return Files.exists(beside) ? beside : null;
  }

  private Subject text(Path file, Surroundings surroundings, Problems problems)
      throws RuleFileException, IOException {
    YamlNode root = parse(file, problems);
    boolean isPack = root instanceof YamlNode.Fields mapping && has(mapping, "pack");
    Subject subject =
        isPack ? pack(file, problems, surroundings) : rules(file, surroundings, problems);
    if (root instanceof YamlNode.Fields mapping && !isPack) {
      List<YamlNode> own = Section.of("the rule file", mapping, problems).items("tests");
      run(subject, file.toString(), own, problems);
    }
    return subject;
  }

  /** With the cases that are in it; those beside the file that it was built from are not. */
  private Subject bundle(Path file, byte[] bytes, Surroundings surroundings, Problems problems)
      throws RuleFileException, IOException {
    try {
      Bundle bundle = Bundle.head(bytes);
      Problems ofFile = new Problems(bundle.topPath(file));
      Subject subject = rules(file, surroundings, ofFile);
      run(subject, ofFile.file(), bundle.cases(), ofFile);
      refuse(ofFile);
      return subject;
    } catch (Bundle.DamagedException damaged) {
      Bundle.tellDamaged(problems, damaged);
      throw new RuleFileException(problems.all());
    }
  }

  private Subject rules(Path file, Surroundings surroundings, Problems problems)
      throws RuleFileException, IOException {
    RuleSet rules = RuleSet.load(file, surroundings);
    int own = 0;
    for (Rule rule : rules.file().rules()) {
      if (rule.file().equals(problems.file())) { // a lower layer has cases of its own
        own++;
        untouched.put(rule.id(), new Target(rule.id(), then(rule), rule.at().line()));
      }
    }
    return new Subject(rules, "", name -> origin(rules.file(), name), own);
  }

  private static String then(Rule rule) {
    Effect effect = rule.effect();
    return effect == null ? "redact" : Fold.lower(effect.name());
  }

  private static @Nullable String origin(RuleFile file, String name) {
    for (Destination destination : file.destinations()) {
      if (destination.name.equals(name) && !destination.hosts.isEmpty()) {
        String host = destination.hosts.get(0).example();
        int port = destination.hasPort(443) ? 443 : destination.ports[0];
        return "https://" + host + (port == 443 ? "" : ":" + port);
      }
    }
    return null;
  }

  private Subject pack(Path file, Problems problems, Surroundings surroundings)
      throws RuleFileException, IOException {
    byte[] bytes = RuleFileText.bytes(file, problems);
    Pack versioned = bytes == null ? null : PackReader.parse(bytes, problems);
    refuse(problems);
    if (bytes == null || versioned == null) {
      throw new RuleFileException(problems.all());
    }
    Pack pack = versioned.named(versioned.name().replaceAll("/.*", ""));
    for (Pack.Call call : pack.calls()) {
      untouched.putIfAbsent(
          call.operation(), new Target(call.operation(), call.callClass().code(), 0));
    }
    String name = pack.name();
    String host = pack.hosts().isEmpty() ? ".example.com" : pack.hosts().get(0);
    String origin = "https://" + (host.startsWith(".") ? "example" + host : host);
    RuleSet rules = RuleSet.of(pack, bytes, host, surroundings);
    return new Subject(rules, name, other -> other.equals(name) ? origin : null, untouched.size());
  }

  private void run(Subject subject, String file, List<YamlNode> nodes, Problems problems) {
    CaseReader reader = new CaseReader(problems, subject.ownDestination(), subject.origins());
    for (CaseReader.Case one : reader.read(nodes)) {
      Instant now = one.now();
      clock.now = now;
      List<String> failures = run(subject, one);
      clock.now = null;
      outcomes.add(
          new Outcome(file, one.at().line(), one.call(), expected(one.expected()), failures));
    }
  }

  private static String expected(Map<String, String> wanted) {
    String expect = wanted.getOrDefault("expect", "");
    String rule = wanted.get("rule");
    if (expect.isEmpty()) {
      expect = wanted.getOrDefault("class", "");
      String operation = wanted.getOrDefault("operation", "");
      expect += expect.isEmpty() || operation.isEmpty() ? operation : " " + operation;
    }
    return rule == null ? expect : (expect + " by " + rule).strip();
  }

  private List<String> run(Subject subject, CaseReader.Case wanted) {
    origins.clear();
    wanted.seen().forEach((source, texts) -> texts.forEach(text -> origins.learn(source, text)));
    RuleSet.Traced traced = subject.rules().traced(wanted.facts());
    Decision decision = traced.decision();
    boolean redacts = false;
    for (Explanation.RuleTrace rule : traced.rules()) {
      if (rule.fired()) {
        untouched.remove(rule.id());
        redacts |= rule.then().equals("redact");
      }
    }
    if (!subject.ownDestination().isEmpty()) {
      untouched.remove(decision.operation());
    }
    List<String> failures = new ArrayList<>();
    boolean redactedOnly = redacts && decision.effect() == Effect.ALLOW;
    String effect = Fold.lower(decision.effect().name());
    boolean wantsRedact = "redact".equals(wanted.expected().get("expect"));
    compare("expect", wanted, wantsRedact && redactedOnly ? "redact" : effect, failures);
    compare("rule", wanted, decision.ruleId(), failures);
    compare("reason", wanted, decision.reason().code(), failures);
    compare("class", wanted, decision.callClass().code(), failures);
    compare("operation", wanted, decision.operation(), failures);
    compare("destination", wanted, decision.destination(), failures);
    compare("redacts", wanted, Boolean.toString(redacts), failures);
    String money = wanted.expected().get("money");
    if (money != null) {
      compareMoney(money, traced.evaluation(), failures);
    }
    if (!failures.isEmpty()) {
      failures.add(
          "decided: "
              + (decision.enforced() ? effect : "would " + effect)
              + " by "
              + decision.ruleId()
              + ", "
              + decision.reason().code()
              + ", class "
              + decision.callClass().code());
    }
    return failures;
  }

  private static void compare(
      String key, CaseReader.Case wanted, String actual, List<String> failures) {
    String expected = wanted.expected().get(key);
    if (expected != null && !expected.equals(actual)) {
      failures.add(key + ": wanted " + expected + ", is " + (actual.isEmpty() ? "none" : actual));
    }
  }

  /** Says whether the amount is another one, never which. */
  private static void compareMoney(String wanted, Evaluation evaluation, List<String> failures) {
    String[] words = wanted.strip().split(" +", -1);
    boolean unknown = wanted.equals("unknown");
    BigDecimal amount = unknown ? BigDecimal.ZERO : Literal.decimal(words[0]);
    if (!unknown && (words.length != 2 || amount == null)) {
      failures.add("money: '" + wanted + "' is no amount; write 25 EUR, or unknown");
      return;
    }
    Condition same =
        new Condition.MoneyCompare(
            unknown ? Condition.Operator.AT_LEAST : Condition.Operator.EQUAL,
            amount == null ? BigDecimal.ZERO : amount,
            unknown ? "EUR" : words[1]);
    Truth truth = same.eval(evaluation);
    if (unknown && truth != Truth.UNKNOWN) {
      failures.add("money: wanted unknown, is known");
    } else if (!unknown && truth != Truth.TRUE) {
      failures.add(
          "money: wanted " + wanted + ", is " + (truth == Truth.FALSE ? "another" : "unknown"));
    }
  }

  /** The time of the case that is run. */
  private static final class Clock implements InstantSource {
    private @Nullable Instant now;

    @Override
    public Instant instant() {
      Instant fixed = now;
      return fixed == null ? InstantSource.system().instant() : fixed;
    }
  }
}
