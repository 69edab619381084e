package dev.cordon.rules;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What has been read of a rule file so far; the readers of its parts add to it. */
final class Draft {
  private static final int MAX_ID_CHARS = 100;

  // of the layer that is being read
  String fileName = "";
  Problems problems;
  int layer;

  final Surroundings surroundings;
  final Map<String, Pack> packs = new LinkedHashMap<>();
  final Map<String, Destination> destinations = new LinkedHashMap<>();
  final Map<String, RuleList> lists = new LinkedHashMap<>();
  final List<Line> lines = new ArrayList<>();
  final Set<String> topPacks = new LinkedHashSet<>();
  final Map<String, Entry> rules = new LinkedHashMap<>();
  final List<Narrowed> narrowed = new ArrayList<>();
  final List<Doubt> doubts = new ArrayList<>();
  final Set<Integer> locked = new HashSet<>();
  final Map<String, NamedPattern> patterns = new LinkedHashMap<>();
  final Set<String> brokenPatterns = new HashSet<>();
  final OwnTypes ownTypes = new OwnTypes();
  final Map<Caller.Trait, String> callerHeaders = new EnumMap<>(Caller.Trait.class);
  final FieldTable fields = new FieldTable();
  final Map<String, String> knownNames = new HashMap<>();
  private final Set<String> known = new HashSet<>(); // paths
  private final Map<String, CallPattern> calls = new HashMap<>(); // by how they are written
  final Map<String, ApprovalPolicy> approvals = new LinkedHashMap<>();
  final Map<String, String> waiverTickets = new HashMap<>(); // of the longest waiver of each rule
  final Set<Origins.Source> origins = EnumSet.noneOf(Origins.Source.class);
  boolean missingMatches = true;
  boolean usesMoney;
  boolean usesSubjects;
  String owner = "";

  /**
   * A rule and where it applies.
   *
   * @param to empty for every destination
   */
  record Entry(Rule rule, List<Destination> to, int layer) {}

  /**
   * A rule in place of a lower one that must be proved to let nothing more by.
   *
   * @param at of the rule's id
   * @param written what of the text makes one doubt it
   */
  record Doubt(Entry lower, Entry upper, Problems problems, Position at, String written) {}

  /** A line of `classify`. */
  record Line(Destination destination, CallPattern call, CallClass callClass, int layer) {}

  /** What a destination was before a later layer narrowed it. */
  record Narrowed(Destination destination, List<HostEntry> hosts, int[] ports) {}

  Draft(Surroundings surroundings) {
    this.surroundings = surroundings;
    problems = new Problems("");
  }

  /** The readers made from here on read this layer. */
  void enter(Layer next) {
    fileName = next.fileName();
    problems = next.problems();
    layer = next.number();
  }

  /**
   * Letters, digits, '.', '-' and '_', at most 100, a letter or digit first. No pattern: with it
   * and others 1,000 rules took a third longer to load in a cold JVM.
   */
  static boolean isId(String text) {
    int length = text.length();
    if (length == 0 || length > MAX_ID_CHARS) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      boolean word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      if (!word && (i == 0 || (c != '.' && c != '-' && c != '_'))) {
        return false;
      }
    }
    return true;
  }

  /** False when no destination is a source of what a condition asks for. */
  boolean isTold(Origins.Source source) {
    boolean told = source == Origins.Source.SECRET;
    for (Destination destination : destinations.values()) {
      told |= destination.category.source() == source;
    }
    return told;
  }

  /** Names of a path may be told in the journal. */
  void know(String path) {
    if (!known.add(path)) {
      return;
    }
    for (String part : path.split("\\.", -1)) {
      String name = part.replace("[]", "");
      if (!name.isEmpty() && !name.startsWith("*") && name.length() <= 64) {
        knownNames.putIfAbsent(name, name);
      }
    }
  }

  /** The call that a rule is for, null with a problem; many rules are for the same ones. */
  @Nullable CallPattern call(YamlNode.Scalar node) {
    CallPattern known = calls.get(node.text());
    if (known == null) {
      known = CallPattern.parse(node, 0, problems);
      if (known != null) {
        calls.put(node.text(), known);
      }
    }
    return known;
  }

  @Nullable Destination destination(YamlNode.Scalar node, int offset, String name) {
    Destination destination = destinations.get(name);
    if (destination == null) {
      problems.error(
          node.part(offset, name.length()),
          "CRD124",
          "unknown destination '" + name + "'",
          Suggest.hint(name, destinations.keySet(), "define it under `destinations`"));
    }
    return destination;
  }

  /** A call that names an operation where the destination has no endpoint for it never matches. */
  void checkEndpoint(YamlNode.Scalar node, CallPattern call, Destination destination) {
    Protocol protocol = call.protocol();
    if (!destination.has(protocol)) {
      problems.error(
          node.at(),
          "CRD136",
          "destination '"
              + destination.name
              + "' has no "
              + protocol.word()
              + " endpoint: no call would match",
          "add to the destination: protocol: "
              + protocol.word()
              + ", or endpoints: { "
              + protocol.word()
              + ": [/path] }");
    }
  }

  /** A rule asks who calls; only the service's name is known without a header. */
  void asksFor(Caller.Trait trait, Position at) {
    if (trait != Caller.Trait.ACTOR && !callerHeaders.containsKey(trait)) {
      String name = Fold.lower(trait.name());
      problems.warning(
          at,
          "CRD206",
          "nothing tells '" + name + "': it is unknown for every call",
          "name the header that holds it, as in: callers: { " + name + ": header.X-Bot }");
    }
  }

  static Mode mode(Section section) {
    return section.oneOf("mode", "enforce", "enforce", "observe").equals("observe")
        ? Mode.OBSERVE
        : Mode.ENFORCE;
  }

  static @Nullable Boolean refuseWith(Section section) {
    if (!section.has("refuse-with")) {
      return null;
    }
    return section.oneOf("refuse-with", "response", "response", "exception").equals("exception");
  }
}
