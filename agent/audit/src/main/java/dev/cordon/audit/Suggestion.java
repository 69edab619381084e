package dev.cordon.audit;

import dev.cordon.redaction.Kind;
import dev.cordon.rules.CallClass;
import dev.cordon.rules.Packs;
import dev.cordon.rules.PastCall;
import dev.cordon.rules.Problem;
import dev.cordon.rules.Replay;
import dev.cordon.rules.RuleFileException;
import dev.cordon.rules.RuleLint;
import dev.cordon.rules.RuleSet;
import dev.cordon.rules.Surroundings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Makes the smallest rule file that allows what a journal has seen leave. What the defaults allow
 * needs no rule; what cannot be taken back waits for an approval.
 */
final class Suggestion {
  private static final int MAX_LINT_ROUNDS = 8; // each moves rules under an approval
  private static final int MAX_DENIED = 8; // below one rule; with more nobody reads the file

  /** What stands in the file, and what does not. */
  record Made(String text, int possibleWrites, int allowed, int approved, List<String> cut) {}

  private static final class To {
    final String name;
    final @Nullable String pack;
    final Set<String> hosts = new TreeSet<>();
    final Set<Integer> ports = new TreeSet<>();
    final Map<String, Set<String>> endpoints = new TreeMap<>();
    boolean secure = true;

    To(String name, @Nullable String pack) {
      this.name = name;
      this.pack = pack;
    }
  }

  private static final class Rule {
    final String id;
    final To to;
    final String call;
    final String sample; // METHOD /path of a case
    final String body; // of a case; empty for none
    boolean approve;
    String deniedBelow = ""; // the id of a rule that would allow this call, which was not seen
    long calls;
    Instant last = Instant.MIN;
    final Set<String> actors = new TreeSet<>();
    final Set<String> fields = new TreeSet<>();
    final Set<String> findings = new TreeSet<>();
    final Set<String> redacted = new TreeSet<>();
    int line;

    Rule(String id, To to, String call, String sample, String body, boolean approve) {
      this.id = id;
      this.to = to;
      this.call = call;
      this.sample = sample;
      this.body = body;
      this.approve = approve;
    }

    String then() {
      return !deniedBelow.isEmpty() ? "deny" : approve ? "approve" : "allow";
    }
  }

  private final CallTable table;
  private final String name;
  private final String owner;
  private final boolean observe;
  private final Surroundings surroundings = Surroundings.of(new RedactionDetector());
  private final List<Packs.Known> packs = Packs.all();
  private final Map<String, To> byHost = new LinkedHashMap<>();
  private final Map<String, To> byName = new TreeMap<>();
  private final Map<String, Rule> rules = new TreeMap<>();
  private final Set<String> ids = new TreeSet<>();
  private final Set<String> wide = new TreeSet<>(); // keys of rules that cover more than was seen
  private final Set<String> cut = new LinkedHashSet<>();

  Suggestion(CallTable table, String name, String owner, boolean observe) {
    this.table = table;
    this.name = name;
    this.owner = owner;
    this.observe = observe;
  }

  Made make() throws IOException, RuleFileException {
    Path directory = Files.createTempDirectory("cordon-suggest");
    Path file = directory.resolve("suggested.yaml");
    try {
      for (CallTable.Row row : table.rows()) {
        addDestination(row);
      }
      write(file);
      Replay replay = new Replay(RuleSet.load(file, surroundings));
      for (CallTable.Row row : table.rows()) {
        addRule(row, replay);
      }
      write(file);
      if (findWide(RuleLint.graver(file, surroundings))) {
        rules.clear();
        ids.clear();
        cut.clear();
        for (CallTable.Row row : table.rows()) {
          addRule(row, replay);
        }
      }
      for (int round = 0; round < MAX_LINT_ROUNDS; round++) {
        write(file);
        boolean changed = approveWhatIsWarnedOf(RuleLint.check(file, surroundings));
        if (!changed && !denyWhatWasNotSeen(RuleLint.graver(file, surroundings))) {
          break;
        }
      }
      return made();
    } finally {
      Files.deleteIfExists(file);
      Files.deleteIfExists(directory);
    }
  }

  private void write(Path file) throws IOException {
    Files.writeString(file, text());
  }

  /** A rule that the lints warn of lets something leave that a person should see. */
  private boolean approveWhatIsWarnedOf(List<Problem> problems) {
    boolean changed = false;
    for (Problem problem : problems) {
      Rule found = null;
      for (Rule rule : rules.values()) {
        boolean here = rule.line <= problem.line() && rule.then().equals("allow");
        if (here && (found == null || rule.line > found.line)) {
          found = rule;
        }
      }
      boolean many = problem.code().equals("CRD306"); // told call by call
      if (found != null && problem.code().startsWith("CRD3") && !many) {
        found.approve = true;
        changed = true;
      }
    }
    return changed;
  }

  /** A path of the pack that covers graver calls than were seen is written as it was seen. */
  private boolean findWide(List<RuleLint.Graver> calls) {
    Set<String> found = new TreeSet<>();
    calls.forEach(one -> found.add(one.rule()));
    rules.forEach(
        (key, rule) -> {
          if (found.contains(rule.id)) {
            wide.add(key);
          }
        });
    return !wide.isEmpty();
  }

  /**
   * A {@code *} that was seen for one thing covers calls for many: each of them that was not seen,
   * and that the pack calls graver, gets a rule that stops it. Where no such rule spares the milder
   * ones, a person looks at all.
   */
  private boolean denyWhatWasNotSeen(List<RuleLint.Graver> calls) {
    Map<String, List<RuleLint.Graver>> byRule = new LinkedHashMap<>();
    for (RuleLint.Graver one : calls) {
      byRule.computeIfAbsent(one.rule(), unused -> new ArrayList<>()).add(one);
    }
    for (Rule rule : List.copyOf(rules.values())) {
      List<RuleLint.Graver> graver = byRule.getOrDefault(rule.id, List.of());
      boolean all = graver.size() > MAX_DENIED;
      for (RuleLint.Graver one : graver) {
        all |= !one.apart() || one.call().indexOf('/') < 0;
      }
      rule.approve |= all;
      for (RuleLint.Graver one : all ? List.<RuleLint.Graver>of() : graver) {
        deny(rule, one);
      }
    }
    return !calls.isEmpty();
  }

  private void deny(Rule covering, RuleLint.Graver graver) {
    String key = covering.to.name + " " + graver.call();
    if (rules.containsKey(key)) { // a star of another rule covers it, too
      return;
    }
    String method = graver.call().replaceAll("^\\(|[ |)].*", "");
    String sample = method + " " + sample(graver.call().substring(graver.call().indexOf('/')));
    String id = unique(covering.to.name + "." + graver.operation());
    Rule rule = new Rule(id, covering.to, graver.call(), sample, "", false);
    rule.deniedBelow = covering.id;
    rules.put(key, rule);
  }

  // ---- destinations

  private void addDestination(CallTable.Row row) {
    PastCall call = row.example;
    if (call == null || row.left == 0 || row.destination.equals("other")) {
      return;
    }
    int colon = row.destination.lastIndexOf(':');
    String host = colon < 0 ? row.destination : row.destination.substring(0, colon);
    if (host.isEmpty()) {
      return;
    }
    String pack = packOf(host);
    String toName = pack == null ? nameOf(host) : pack;
    To to = byHost.get(row.destination);
    if (to == null) {
      To known = byName.get(toName);
      boolean mine = known != null && (pack != null || known.hosts.contains(unbracketed(host)));
      for (int i = 2; known != null && !mine; i++) { // two hosts of one name
        toName = nameOf(host) + "-" + i;
        known = byName.get(toName);
        mine = known != null && known.hosts.contains(unbracketed(host));
      }
      to = known == null ? new To(toName, pack) : known;
      byName.put(to.name, to);
      byHost.put(row.destination, to);
    }
    to.hosts.add(unbracketed(host));
    if (colon >= 0) {
      to.ports.add(Integer.parseInt(row.destination.substring(colon + 1)));
    }
    to.secure &= call.isSecure();
    if (pack == null && !call.protocol().equals("http") && !row.route.isEmpty()) {
      to.endpoints.computeIfAbsent(call.protocol(), unused -> new TreeSet<>()).add(row.route);
    }
  }

  private static String unbracketed(String host) {
    return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
  }

  private @Nullable String packOf(String host) {
    for (Packs.Known pack : packs) {
      for (String known : pack.hosts()) {
        if (known.startsWith(".") ? host.endsWith(known) : host.equals(known)) {
          return shortName(pack);
        }
      }
    }
    return null;
  }

  private static String shortName(Packs.Known pack) {
    int slash = pack.name().indexOf('/');
    return slash < 0 ? pack.name() : pack.name().substring(0, slash);
  }

  /** {@code crm} of {@code crm.example.com}, {@code ip-10-0-0-1} of an address. */
  private static String nameOf(String host) {
    boolean address = host.startsWith("[") || Character.isDigit(host.charAt(host.length() - 1));
    int dot = host.indexOf('.');
    String first = address ? "ip-" + host : dot < 0 ? host : host.substring(0, dot);
    String safe = first.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    safe = safe.replaceAll("^-|-$", "");
    return safe.isEmpty() || safe.equals("any") || !Character.isLetter(safe.charAt(0))
        ? "to-" + safe
        : safe;
  }

  // ---- rules

  private void addRule(CallTable.Row row, Replay replay) {
    String told = row.destination + " " + row.call();
    PastCall call = row.example;
    if (row.left == 0) {
      cut.add(told + ": was refused then");
      return;
    }
    To to = byHost.get(row.destination);
    if (call == null || to == null) {
      cut.add(
          told
              + (call == null
                  ? ": its record is of an earlier release"
                  : ": the journal did not keep the host"));
      return;
    }
    if (call.isMalformed()) {
      cut.add(told + ": malformed, no rule allows it");
      return;
    }
    Replay.Nature nature = replay.nature(call);
    boolean irreversible =
        nature.classes().contains(CallClass.WRITE_HIGH)
            || row.callClass.equals(CallClass.WRITE_HIGH.code())
            || nature.money()
            || row.hasMoney
            || call.mayDelete();
    if (!irreversible && isLet(replay.decide(call))) {
      return;
    }
    String[] written = callOf(row, call, nature);
    if (written.length == 0) {
      cut.add(told + ": cannot be named in a rule");
      return;
    }
    String key = to.name + " " + written[0];
    String seen = row.method + " " + row.route;
    if (wide.contains(key) && call.protocol().equals("http") && stars(seen) < stars(written[0])) {
      written[0] = written[0].substring(0, written[0].indexOf('/')) + row.route;
      key = to.name + " " + written[0];
    }
    Rule rule = rules.get(key);
    if (rule == null) {
      rule = new Rule(id(to, row, nature), to, written[0], written[1], written[2], irreversible);
      rules.put(key, rule);
    }
    rule.approve |= irreversible;
    rule.calls += row.left;
    rule.last = row.last.isAfter(rule.last) ? row.last : rule.last;
    rule.actors.add(row.actor);
    rule.fields.addAll(row.fields.keySet());
    rule.findings.addAll(row.findings.keySet());
    for (String found : row.redacted) {
      addTypeOf(found, rule.redacted);
    }
  }

  private static int stars(String call) {
    return (int) call.chars().filter(c -> c == '*').count();
  }

  /** The type of a rule file that stands for what was found, and for little else. */
  private void addTypeOf(String found, Set<String> to) {
    String narrowest = null;
    int kinds = Integer.MAX_VALUE;
    for (String type : new TreeSet<>(surroundings.detector().types())) {
      Set<Kind> some = Kind.inCalls(Set.of(type));
      boolean has = some.stream().anyMatch(kind -> kind.label().equals(found));
      if (has && some.size() < kinds) {
        narrowest = type;
        kinds = some.size();
      }
    }
    if (narrowest != null) {
      to.add(narrowest);
    }
  }

  /** Whatever is redacted in it, it leaves. */
  private static boolean isLet(Replay.Outcome outcome) {
    for (String decision : outcome.decisions()) {
      boolean blocked = outcome.unknown().startsWith("whether something is found");
      if (!decision.equals("allow")
          && !decision.equals("redacted")
          && !decision.equals("would_redact")
          && !(blocked && decision.equals("deny"))) {
        return false;
      }
    }
    return true;
  }

  /** The call of a rule, and of its case the call and the body; empty when no rule can name it. */
  private static String[] callOf(CallTable.Row row, PastCall call, Replay.Nature nature) {
    String method = call.methodText();
    if (method.isEmpty() || method.equals("()") || row.route.isEmpty() || call.isUnclear()) {
      return new String[0];
    }
    String path = row.route;
    if (call.protocol().equals("http")) {
      int slash = nature.packCall().indexOf('/');
      String pattern = slash < 0 ? path : nature.packCall().substring(slash);
      String first = method.startsWith("(") ? row.method : method;
      return new String[] {method + " " + pattern, first + " " + sample(path), ""};
    }
    String[] kinds = new String[row.operations.size()];
    Set<String> names = new TreeSet<>();
    for (int i = 0; i < kinds.length; i++) {
      String[] words = row.operations.get(i).split(" ", -1);
      kinds[i] = words[0];
      if (words[0].startsWith("*") || !words[0].equals(kinds[0])) {
        return new String[0];
      }
      names.add(words.length > 1 ? words[1] : "");
    }
    if (names.isEmpty() || names.contains("*")) {
      return new String[0];
    }
    String all =
        names.size() == 1 ? names.iterator().next() : "(" + String.join(" | ", names) + ")";
    String one = names.iterator().next();
    String to = row.method + " " + sample(path);
    return switch (call.protocol()) {
      case "graphql" ->
          new String[] {
            "graphql " + kinds[0] + " " + all,
            "POST " + sample(path),
            "body: { query: \"" + kinds[0] + " { " + one + " { id } }\" }"
          };
      case "json-rpc" ->
          new String[] {
            ("rpc " + kinds[0] + " " + all).strip(),
            to,
            "body: { jsonrpc: \"2.0\", id: 1, method: "
                + kinds[0]
                + (one.isEmpty() ? "" : ", params: { name: " + one + ", arguments: {} }")
                + " }"
          };
      default ->
          new String[] {
            "soap " + kinds[0],
            to,
            "type: text/xml, raw: '<e:Envelope xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\">"
                + "<e:Body><"
                + kinds[0]
                + "/></e:Body></e:Envelope>'"
          };
    };
  }

  /** A path of the template, of nobody's. */
  private static String sample(String route) {
    return route.replace("*", "x1");
  }

  private String id(To to, CallTable.Row row, Replay.Nature nature) {
    String base = nature.operation();
    if (base.isEmpty()) {
      String words =
          row.operations.isEmpty() ? row.method + row.route : String.join("-", row.operations);
      base = words.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", ".");
      base = base.replaceAll("^\\.+|\\.+$", "");
    }
    return unique(to.name + "." + base);
  }

  private String unique(String wanted) {
    String id = wanted.length() > 85 ? wanted.substring(0, 85) : wanted;
    String unique = id;
    for (int i = 2; !ids.add(unique); i++) {
      unique = id + "-" + i;
    }
    return unique;
  }

  // ---- the file

  private Made made() {
    int possible = 0;
    for (Packs.Known pack : packs) {
      if (byName.containsKey(shortName(pack))) {
        for (Packs.Call call : pack.calls()) {
          possible += call.callClass().equals(CallClass.READ.code()) ? 0 : 1;
        }
      }
    }
    int allowed = 0;
    int approved = 0;
    for (Rule rule : rules.values()) {
      possible += rule.to.pack == null ? 1 : 0;
      allowed += rule.then().equals("allow") ? 1 : 0;
      approved += rule.then().equals("approve") ? 1 : 0;
    }
    String counts = counts(possible, allowed, approved);
    return new Made("# " + counts + "\n" + text(), possible, allowed, approved, List.copyOf(cut));
  }

  static String counts(int possible, int allowed, int approved) {
    return possible
        + " possible writes, "
        + allowed
        + " allowed, "
        + approved
        + " with an approval, the others refused";
  }

  private String text() {
    StringBuilder out = new StringBuilder(4_096);
    Instant first = table.first();
    Instant last = table.last();
    out.append("# from ").append(table.calls()).append(" calls");
    if (first != null && last != null) {
      out.append(", ").append(day(first)).append(" to ").append(day(last));
    }
    out.append("\nversion: 1\nname: ").append(name).append("\nserial: 1\nowner: ").append(owner);
    out.append('\n');
    List<String> bound = new ArrayList<>();
    for (Packs.Known pack : packs) {
      if (byName.containsKey(shortName(pack))) {
        bound.add(pack.name());
      }
    }
    if (!bound.isEmpty()) {
      out.append("packs: [").append(String.join(", ", bound)).append("]\n");
    }
    out.append("\ndefaults: { mode: ").append(observe ? "observe" : "enforce");
    out.append(", host: deny, read: allow, write: deny, unknown: deny }\n\ndestinations:\n");
    for (To to : byName.values()) {
      out.append("  ").append(to.name).append(": { hosts: [");
      out.append(hosts(to)).append(']');
      if (!to.ports.isEmpty()) {
        out.append(", ports: ").append(to.ports);
      }
      out.append(to.secure ? ", tls: required" : "");
      if (!to.endpoints.isEmpty()) {
        List<String> endpoints = new ArrayList<>();
        to.endpoints.forEach((word, paths) -> endpoints.add(word + ": [" + quotedAll(paths) + "]"));
        out.append(", endpoints: { ").append(String.join(", ", endpoints)).append(" }");
      }
      out.append(" }\n");
    }
    if (rules.isEmpty()) {
      return out.toString();
    }
    out.append("\nrules:\n");
    int line = (int) out.chars().filter(c -> c == '\n').count() + 1;
    for (Rule rule : rules.values()) {
      String text = ruleText(rule);
      rule.line = line;
      line += (int) text.chars().filter(c -> c == '\n').count();
      out.append(text);
    }
    out.append("\ntests:\n");
    for (Rule rule : rules.values()) {
      out.append("  - { call: ").append(quoted(rule.to.name + " " + rule.sample));
      out.append(rule.body.isEmpty() ? "" : ", " + rule.body);
      out.append(", expect: ").append(rule.then());
      out.append(", rule: ").append(rule.id).append(" }\n");
    }
    return out.toString();
  }

  private static String hosts(To to) {
    List<String> hosts = new ArrayList<>();
    for (String host : to.hosts) {
      hosts.add(host.indexOf(':') >= 0 ? "'" + host + "'" : host);
    }
    return String.join(", ", hosts);
  }

  private static String quotedAll(Set<String> paths) {
    List<String> out = new ArrayList<>();
    for (String path : paths) {
      out.add(quoted(path));
    }
    return String.join(", ", out);
  }

  private static String ruleText(Rule rule) {
    StringBuilder out = new StringBuilder(256);
    out.append("  - id: ").append(rule.id).append('\n');
    if (rule.deniedBelow.isEmpty()) {
      out.append("    why: ").append(rule.calls).append(rule.calls == 1 ? " call" : " calls");
      out.append(" by ").append(String.join(" and ", rule.actors));
      out.append(" until ").append(day(rule.last)).append('\n');
    } else {
      out.append("    why: never seen, cannot be taken back, and ").append(rule.deniedBelow);
      out.append(" would allow it\n");
    }
    if (!rule.fields.isEmpty()) {
      out.append("    # fields seen: ").append(String.join(" ", rule.fields)).append('\n');
    }
    if (!rule.findings.isEmpty()) {
      out.append("    # found in it: ").append(String.join(" ", rule.findings)).append('\n');
    }
    out.append("    to: ").append(rule.to.name).append('\n');
    out.append("    call: ").append(quoted(rule.call)).append('\n');
    out.append("    then: ").append(rule.then()).append('\n');
    if (!rule.redacted.isEmpty()) {
      out.append("  - id: ").append(rule.id).append(".redacted\n");
      out.append("    why: it left redacted\n");
      out.append("    to: ").append(rule.to.name).append('\n');
      out.append("    call: ").append(quoted(rule.call)).append('\n');
      out.append("    then: redact\n    redact: { types: [");
      out.append(String.join(", ", rule.redacted)).append("], with: token }\n");
    }
    return out.toString();
  }

  private static String day(Instant time) {
    return time.atZone(ZoneOffset.UTC).toLocalDate().toString();
  }

  /** Flow collections and comments end at signs that calls may have. */
  private static String quoted(String text) {
    boolean plain =
        !text.isEmpty() && Character.isLetter(text.charAt(0)) && text.matches("[\\w ./-]+");
    return plain ? text : "'" + text.replace("'", "''") + "'";
  }
}
