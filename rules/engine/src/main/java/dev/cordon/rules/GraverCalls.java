package dev.cordon.rules;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the stars of a pattern cover beside what they are written for: calls that the pack of a
 * destination says cannot be taken back, where the pattern covers milder ones, too. {@code PUT
 * /tickets/*} is written for one ticket and covers {@code PUT /tickets/update_many}.
 *
 * <p>Asks the tables that classify calls what made-up calls are: of a pattern, once, one for each
 * line of the pack that it may match.
 */
final class GraverCalls implements PathTrie.Hits {
  private static final String ANY = "x1"; // a segment that no table names

  private final List<RuleFile.Classified> lines;
  private final Destination destination;
  private final Pack pack;
  private final int longest;
  private final Map<CallPattern, List<Found>> known = new IdentityHashMap<>();

  // the look-up under way
  private boolean inLines;
  private int method;
  private int bestId;
  private long bestRank;
  private int bestLayer;
  private CallClass bestClass = CallClass.UNKNOWN;

  /**
   * A call of the pack.
   *
   * @param both what it and the pattern have in common
   */
  record Found(Pack.Call call, CallPattern both) {}

  GraverCalls(RuleFile file, Destination destination, Pack pack) {
    lines = file.classified();
    this.destination = destination;
    this.pack = pack;
    int segments = 0;
    for (Pack.Kind kind : pack.kinds()) {
      for (List<String> one : kind.pattern().alternatives()) {
        segments = Math.max(segments, one.size());
      }
    }
    longest = segments;
  }

  /** Those below the pattern, as the pack lists them. Many rules have the same pattern. */
  List<Found> below(CallPattern allowed) {
    return allowed.isWide() ? known.computeIfAbsent(allowed, this::find) : List.of();
  }

  private List<Found> find(CallPattern written) {
    CallPattern allowed = written;
    for (String suffix : pack.suffixes()) { // *.json stands for what update_many.json is, too
      allowed = allowed.without(suffix);
    }
    CallClass[] mildest = unknown();
    for (CallPattern one : allowed.wideOnes()) { // what no line of the pack names, too
      look(one, -1, mildest);
    }
    List<Candidate> candidates = new ArrayList<>();
    for (int i = 0; i < pack.kinds().size(); i++) {
      Pack.Kind kind = pack.kinds().get(i);
      for (CallPattern both : common(allowed, kind)) {
        int methods = look(both, i, mildest);
        if (methods != 0 && kind.callClass() == CallClass.WRITE_HIGH) {
          candidates.add(new Candidate(i, both, methods));
        }
      }
    }
    if (allowed.methods() == Methods.ALL) { // a star, too: what is mild by any method counts
      CallClass least = mildest(mildest);
      Arrays.fill(mildest, least);
    }
    List<Found> found = new ArrayList<>();
    for (Candidate candidate : candidates) {
      int graver = 0;
      for (int bits = candidate.methods; bits != 0; bits &= bits - 1) {
        int bit = Integer.numberOfTrailingZeros(bits);
        graver |= CallClass.WRITE_HIGH.isStricterThan(mildest[bit]) ? 1 << bit : 0;
      }
      if (graver != 0) {
        found.add(new Found(pack.calls().get(candidate.id), candidate.both.by(graver)));
      }
    }
    return found;
  }

  private record Candidate(int id, CallPattern both, int methods) {}

  /** False when a rule that stops what was found would stop milder calls of the pack, too. */
  boolean isApart(Found found, CallPattern allowed) {
    CallPattern both = found.both();
    if (both.covers(allowed)) {
      return false;
    }
    CallClass[] mildest = unknown();
    look(both, -1, mildest);
    for (Pack.Kind kind : pack.kinds()) {
      for (CallPattern part : common(both, kind)) {
        look(part, -1, mildest);
      }
    }
    return !CallClass.WRITE_HIGH.isStricterThan(mildest(mildest));
  }

  private static List<CallPattern> common(CallPattern pattern, Pack.Kind kind) {
    return kind.pattern().protocol() == pattern.protocol()
        ? pattern.both(kind.pattern())
        : List.of();
  }

  private static CallClass[] unknown() {
    CallClass[] classes = new CallClass[Byte.SIZE]; // one for each method
    Arrays.fill(classes, CallClass.UNKNOWN);
    return classes;
  }

  private static CallClass mildest(CallClass[] classes) {
    CallClass least = CallClass.UNKNOWN;
    for (CallClass one : classes) {
      least = least.isStricterThan(one) ? one : least;
    }
    return least;
  }

  /**
   * Notes the classes of calls of a pattern; of one that ends in {@code **} of all lengths that the
   * pack tells apart.
   *
   * @return the methods by which one of them is what this line of the pack says
   */
  private int look(CallPattern pattern, int line, CallClass[] mildest) {
    int found = 0;
    int methods = pattern.protocol() == Protocol.HTTP ? pattern.methods() : Methods.POST;
    for (int tail = 0; tail <= (pattern.rest() ? longest + 1 : 0); tail++) {
      Segments call = call(pattern, tail);
      for (int bits = methods; call != null && bits != 0; bits &= bits - 1) {
        method = Integer.lowestOneBit(bits);
        CallClass is = classOf(pattern.protocol(), call);
        int bit = Integer.numberOfTrailingZeros(bits);
        mildest[bit] = mildest[bit].isStricterThan(is) ? is : mildest[bit];
        found |= !inLines && bestId >= 0 && bestId == line ? method : 0;
      }
    }
    return found;
  }

  /** One call that the pattern matches; null when there is no telling one. */
  private static @Nullable Segments call(CallPattern pattern, int tail) {
    List<String> segments = new ArrayList<>();
    for (String segment : pattern.alternatives().get(0)) {
      segments.add(segment.replace("*", ANY));
    }
    for (int i = 0; i < tail; i++) {
      segments.add(ANY);
    }
    if (pattern.protocol() == Protocol.HTTP) {
      Target target = Target.parse("https://example.com/" + String.join("/", segments));
      return target.malformed() ? null : target;
    }
    String first = segments.isEmpty() ? "" : segments.get(0);
    String second = segments.size() < 2 ? "" : segments.get(1);
    return switch (pattern.protocol()) {
      case GRAPHQL -> Operation.isId(second) ? null : Operation.graphQl(first, second);
      case JSON_RPC -> segments.size() > 2 ? null : Operation.rpc(first, second);
      default -> Operation.soap(first);
    };
  }

  /** As a decision classifies a call that can be read in one way. */
  private CallClass classOf(Protocol protocol, Segments call) {
    inLines = true;
    best(destination.classified, protocol, call);
    if (bestId < 0) {
      inLines = false;
      best(destination.packCalls, protocol, call);
    }
    if (bestId >= 0) {
      return bestClass;
    }
    if (protocol == Protocol.GRAPHQL && call instanceof Operation operation) {
      return operation.writes ? CallClass.WRITE : CallClass.READ;
    }
    return protocol != Protocol.HTTP || method == Methods.OTHER
        ? CallClass.UNKNOWN
        : (method & Methods.READS) != 0 ? CallClass.READ : CallClass.WRITE;
  }

  private void best(PathTrie table, Protocol protocol, Segments call) {
    bestId = -1;
    bestRank = -1;
    bestLayer = -1;
    if (call instanceof Target target) {
      table.find(target, this);
    } else if (call instanceof Operation operation) {
      table.find(protocol, operation, this);
    }
  }

  @Override
  public void hit(int id, boolean exact) {
    if (inLines) {
      RuleFile.Classified line = lines.get(id);
      consider(id, line.pattern(), line.callClass(), line.layer(), exact);
    } else {
      Pack.Kind kind = pack.kinds().get(id);
      consider(id, kind.pattern(), kind.callClass(), 0, exact);
    }
  }

  private void consider(
      int id, CallPattern pattern, CallClass callClass, int layer, boolean exact) {
    if ((pattern.methods() & method) == 0 || (callClass == CallClass.READ && !exact)) {
      return;
    }
    long rank = pattern.rank();
    if (Classification.isBefore(layer, rank, callClass, bestLayer, bestRank, bestClass)) {
      bestId = id;
      bestLayer = layer;
      bestRank = rank;
      bestClass = callClass;
    }
  }
}
