package dev.cordon.rules;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a person should look at in a rule file, told by what a journal has seen. */
public final class JournalLint {

  /**
   * What a journal has seen.
   *
   * @param since in words: from when on it was read
   * @param hosts of all calls, without ports
   * @param rules that matched some call
   * @param calls one of each kind, by what people call it
   */
  public record Seen(String since, Set<String> hosts, Set<String> rules, List<Kind> calls) {

    public Seen {
      hosts = Set.copyOf(hosts);
      rules = Set.copyOf(rules);
      calls = List.copyOf(calls);
    }
  }

  /** One kind of call, and how often it was made. */
  public record Kind(String call, long calls, PastCall example) {}

  private final RuleFile file;
  private final List<Layer> layers;
  private final Seen seen;

  private JournalLint(RuleFile file, List<Layer> layers, Seen seen) {
    this.file = file;
    this.layers = layers;
    this.seen = seen;
  }

  /**
   * Warnings CRD501 to CRD503; empty when the file has errors, which {@link RuleLint} tells.
   *
   * @throws IOException when a file is missing or cannot be read
   */
  public static List<Problem> check(Path path, Surroundings surroundings, Seen seen)
      throws IOException {
    RuleSet rules;
    try {
      rules = RuleSet.load(path, surroundings);
    } catch (RuleFileException e) {
      return List.of();
    }
    Layer.Loader loader = new Layer.Loader();
    loader.add(path, false);
    JournalLint lint = new JournalLint(rules.file(), loader.layers(), seen);
    List<Problem> before = loader.problems();
    lint.lookAtHosts();
    lint.lookAtRules();
    lint.lookAtCalls(new Replay(rules));
    List<Problem> all = new ArrayList<>(loader.problems());
    all.removeAll(before);
    return all;
  }

  private void lookAtHosts() {
    if (seen.hosts().contains("other")) {
      return; // a host whose name the journal did not keep may be any of them
    }
    for (Destination to : file.destinations()) {
      for (HostEntry host : to.hosts) {
        boolean met = false;
        for (String one : seen.hosts()) {
          met |= isOf(host, one);
        }
        if (!met) {
          String name = host.address() == null ? host.name() : host.example();
          warn(
              name,
              "CRD501",
              "host '" + name + "' of '" + to.name + "' was not called since " + seen.since(),
              "take it out, or leave it if it is for rare cases");
        }
      }
    }
  }

  private static boolean isOf(HostEntry entry, String host) {
    Target target = Target.parse("https://" + host + "/");
    IpAddress ip = target.ip;
    if (entry.address() != null || ip != null) {
      return entry.address() != null && ip != null && entry.contains(ip);
    }
    return entry.name().startsWith(".")
        ? target.host.endsWith(entry.name())
        : target.host.equals(entry.name());
  }

  private void lookAtRules() {
    for (Rule rule : file.rules()) {
      if (seen.rules().contains(rule.id())) {
        continue;
      }
      for (Layer layer : layers) {
        if (layer.problems().file().equals(rule.file())) {
          layer
              .problems()
              .warning(
                  rule.at(),
                  "CRD502",
                  "rule '" + rule.id() + "' matched no call since " + seen.since(),
                  "take it out, or leave it if it is for rare cases");
        }
      }
    }
  }

  private void lookAtCalls(Replay replay) {
    TreeMap<String, Long> unknown = new TreeMap<>();
    for (Kind kind : seen.calls()) {
      Replay.Nature nature = replay.nature(kind.example());
      boolean told =
          nature.destination().isEmpty()
              || kind.example().isMalformed()
              || !nature.classes().equals(Set.of(CallClass.UNKNOWN));
      if (!told) {
        unknown.merge(nature.destination() + " " + kind.call(), kind.calls(), Long::sum);
      }
    }
    unknown.forEach(
        (call, calls) ->
            warn(
                call.substring(0, call.indexOf(' ')),
                "CRD503",
                "'"
                    + call
                    + "' was called "
                    + calls
                    + (calls == 1 ? " time" : " times")
                    + ", and nothing tells its class",
                "add it to classify under read, write or write-high"));
  }

  /** At the first place of the topmost layer where the name stands by itself. */
  private void warn(String name, String code, String message, String hint) {
    Pattern word = Pattern.compile("(?<![\\w.-])" + Pattern.quote(name) + "(?![\\w-])");
    for (int i = layers.size() - 1; i >= 0; i--) {
      Layer layer = layers.get(i);
      List<String> lines = new String(layer.bytes(), StandardCharsets.UTF_8).lines().toList();
      boolean within = false;
      for (int line = 0; line < lines.size(); line++) {
        within |= lines.get(line).startsWith("destinations:");
        Matcher found = word.matcher(lines.get(line));
        if (within && found.find()) {
          Position at = new Position(line + 1, found.start() + 1, name.length());
          layer.problems().warning(at, code, message, hint);
          return;
        }
      }
    }
    Layer top = layers.get(layers.size() - 1);
    top.problems().warning(new Position(1, 1, 1), code, message, hint);
  }
}
