package dev.cordon.rules;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one call is: its destinations, its methods, its class and the pack's name for it. The first
 * step of a decision; knows nothing of rules.
 */
final class Classification implements HostIndex.Hits, PathTrie.Hits {
  private static final String[] OVERRIDE_HEADERS = {
    "X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override", "X-Original-Method"
  };
  // servers that honour them serve another path than the one decided here
  private static final String[] PATH_HEADERS = {"X-Original-URL", "X-Rewrite-URL"};
  private static final String[] OVERRIDE_PARAMETERS = {
    "_HttpMethod", "_method", "X-HTTP-Method-Override", "X-HTTP-Method", "$httpMethod"
  };

  /** What a hit in a path trie is. */
  private enum Looking {
    CLASSIFIED,
    PACK_CALL
  }

  private final RuleFile file;
  private final CallFacts facts;
  private final CallValues values;
  final Target target;

  /** The method on the wire and those that the call asks to be taken for. */
  int methods;

  /** The host is in a destination, whatever its ports. */
  boolean hostKnown;

  private Destination[] matched = new Destination[2];
  private boolean[] matchedExactly = new boolean[2];
  private int matchedCount;

  private Looking looking = Looking.CLASSIFIED;
  private int lookingAt;
  private int lookingFor;
  private int bestId;
  private long bestRank;
  private CallClass bestClass = CallClass.UNKNOWN;
  private @Nullable CallPattern classifiedAs;
  private @Nullable Destination bestDestination;
  private @Nullable Destination packDestination;
  private int packCall = -1;
  private CallClass packClass = CallClass.READ;

  Classification(RuleFile file, CallFacts facts, Target target, CallValues values) {
    this.file = file;
    this.facts = facts;
    this.target = target;
    this.values = values;
  }

  CallClass classify() {
    findDestinations();
    methods = readMethods();
    CallClass strictest = CallClass.READ;
    for (int bits = methods; bits != 0; bits &= bits - 1) {
      CallClass one = classOf(Integer.lowestOneBit(bits));
      strictest = one.isStricterThan(strictest) ? one : strictest;
    }
    return target.malformed() ? CallClass.UNKNOWN : strictest;
  }

  // ---- destination

  private void findDestinations() {
    if (!target.hostMalformed) {
      file.hosts().find(target.host, target.ip, this);
    }
  }

  @Override
  public void destination(int destination, boolean exact) {
    hostKnown = true;
    Destination known = file.destinations().get(destination);
    if (!known.hasPort(target.port)) {
      return;
    }
    for (int i = 0; i < matchedCount; i++) {
      if (matched[i] == known) {
        matchedExactly[i] |= exact;
        return;
      }
    }
    if (matchedCount == matched.length) {
      matched = Arrays.copyOf(matched, matchedCount * 2);
      matchedExactly = Arrays.copyOf(matchedExactly, matchedCount * 2);
    }
    matched[matchedCount] = known;
    matchedExactly[matchedCount++] = exact;
  }

  /** How many destinations the call goes to; the most specific one is the last. */
  int destinations() {
    return matchedCount;
  }

  Destination destination(int at) {
    return matched[at];
  }

  /** True when the host stands in the destination as it is, not below a suffix. */
  boolean isExactHost(int at) {
    return matchedExactly[at];
  }

  /** The most specific destination. */
  @Nullable Destination destination() {
    return matchedCount == 0 ? null : matched[matchedCount - 1];
  }

  // ---- method

  /** The method on the wire, and every method that the call asks the server to take it for. */
  private int readMethods() {
    int mask = Methods.bit(facts.method());
    List<String> headers = facts.headers();
    for (int i = 0; i + 1 < headers.size(); i += 2) {
      for (String name : OVERRIDE_HEADERS) {
        if (Fold.same(name, asServersRead(headers.get(i)))) {
          mask |= Methods.bit(headers.get(i + 1).strip());
        }
      }
      for (String name : PATH_HEADERS) {
        if (Fold.same(name, asServersRead(headers.get(i)))) {
          mask |= Methods.OTHER;
        }
      }
    }
    if (target.queryEnd > target.queryStart) {
      mask |= overrides(FormReader.query(facts.url(), target));
    }
    if ((mask & Methods.POST) != 0 && values.format() == BodyFormat.FORM) {
      mask |= overrides(FormReader.body(facts.body()));
    }
    return mask;
  }

  /** Gateways to CGI, WSGI and PHP take an underscore for a hyphen, and blanks away. */
  private static String asServersRead(String headerName) {
    return headerName.indexOf('_') < 0 && headerName.indexOf(' ') < 0
        ? headerName
        : headerName.strip().replace('_', '-');
  }

  private int overrides(FormReader pairs) {
    int mask = 0;
    while (pairs.next()) {
      boolean overrides = false;
      for (String name : OVERRIDE_PARAMETERS) {
        overrides |= pairs.keyIs(name);
      }
      for (int i = 0; i < matchedCount; i++) {
        Pack pack = matched[i].pack;
        overrides |=
            pack != null
                && !pack.methodParameter().isEmpty()
                && pairs.keyIs(pack.methodParameter());
      }
      if (overrides) {
        String value = pairs.value();
        mask |= value == null ? Methods.OTHER : Methods.bit(value.strip());
      }
    }
    return mask;
  }

  // ---- class

  private CallClass classOf(int method) {
    lookingFor = method;
    best(Looking.CLASSIFIED);
    if (bestId >= 0) {
      RuleFile.Classified line = file.classified().get(bestId);
      classifiedAs = line.pattern();
      CallClass callClass = line.callClass();
      best(Looking.PACK_CALL); // for its name and its money
      notePackCall();
      return callClass;
    }
    best(Looking.PACK_CALL);
    if (bestId >= 0) {
      notePackCall();
      return bestClass;
    }
    return usualClass(method);
  }

  private void best(Looking what) {
    looking = what;
    bestId = -1;
    bestRank = -1;
    for (int i = 0; i < matchedCount; i++) {
      lookingAt = i;
      Destination destination = matched[i];
      PathTrie trie = what == Looking.CLASSIFIED ? destination.classified : destination.packCalls;
      trie.find(target, this);
      findWithoutSuffix(trie, destination, this);
    }
  }

  /** Where the vendor lets a suffix follow every path: looks the path up without it. */
  void findWithoutSuffix(PathTrie trie, Destination destination, PathTrie.Hits hits) {
    Pack pack = destination.pack;
    if (pack == null || pack.suffix().isEmpty() || target.segments == 0) {
      return;
    }
    int last = target.segments - 1;
    int end = target.ends[last];
    int shorter = end - pack.suffix().length();
    if (shorter > target.starts[last] && Fold.same(pack.suffix(), target.path, shorter, end)) {
      target.ends[last] = shorter;
      trie.find(target, hits);
      target.ends[last] = end;
    }
  }

  private void notePackCall() {
    // of two methods the one of the stricter class names the call
    if (bestId >= 0 && (packCall < 0 || bestClass.isStricterThan(packClass))) {
      packCall = bestId;
      packClass = bestClass;
      packDestination = bestDestination;
    }
  }

  private CallClass usualClass(int method) {
    for (int i = 0; i < matchedCount; i++) {
      switch (matched[i].protocol) {
        case HTTP -> {}
        case GRAPHQL -> {
          return CallClass.UNKNOWN;
        }
        case JSON_RPC -> {
          if ((method & Methods.READS) == 0) {
            return CallClass.UNKNOWN;
          }
        }
      }
    }
    if ((method & Methods.READS) != 0) {
      return isGraphQlQuery() ? CallClass.UNKNOWN : CallClass.READ;
    }
    return (method & Methods.WRITES) != 0 ? CallClass.WRITE : CallClass.UNKNOWN;
  }

  /** {@code GET /graphql?query=mutation...} is no read. */
  private boolean isGraphQlQuery() {
    if (target.segments == 0 || target.queryEnd == target.queryStart) {
      return false;
    }
    int start = target.starts[target.segments - 1];
    int end = target.ends[target.segments - 1];
    return Fold.same("graphql", target.path, start, Math.min(end, start + "graphql".length()));
  }

  @Override
  public void hit(int id, boolean exact) {
    switch (looking) {
      case CLASSIFIED -> {
        RuleFile.Classified line = file.classified().get(id);
        consider(id, line.pattern(), line.callClass(), exact);
      }
      case PACK_CALL -> {
        Pack pack = matched[lookingAt].pack;
        if (pack != null) {
          Pack.Call call = pack.calls().get(id);
          consider(id, call.pattern(), call.callClass(), exact);
        }
      }
    }
  }

  private void consider(int id, CallPattern pattern, CallClass callClass, boolean exact) {
    if ((pattern.methods() & lookingFor) == 0 || (callClass == CallClass.READ && !exact)) {
      return; // a server that minds the case of letters may do something else
    }
    long rank = pattern.rank();
    if (rank > bestRank || (rank == bestRank && callClass.isStricterThan(bestClass))) {
      bestId = id;
      bestRank = rank;
      bestClass = callClass;
      bestDestination = matched[lookingAt];
    }
  }

  /** The pack's name for the call; null when no pack knows it. */
  Pack.@Nullable Call packCall() {
    Destination destination = packDestination;
    return destination == null || destination.pack == null || packCall < 0
        ? null
        : destination.pack.calls().get(packCall);
  }

  /** Where the call carries its money; null when no pack says, or no rule asks. */
  @Nullable Money money() {
    Destination destination = packDestination;
    return destination == null || packCall < 0 ? null : destination.money[packCall];
  }

  /** The line of `classify` that decided; null when none did. */
  @Nullable CallPattern classifiedAs() {
    return classifiedAs;
  }
}
