package dev.cordon.rules;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one call is: its destinations, its methods, its class and the pack's name for it. The first
 * step of a decision; knows nothing of rules.
 */
final class Classification implements HostIndex.Hits, PathTrie.Hits {
  // what a hit in a path trie is; no enum: this changes three times a decision, and a reference
  // in an object that has grown old is dear to change
  private static final int ENDPOINT = 0;
  private static final int CLASSIFIED = 1;
  private static final int PACK_CALL = 2;
  private static final int ABOVE = 3;

  private static final int[] NO_FIELDS = {};
  private static final Protocol[] PROTOCOLS = Protocol.values();

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

  /** What the call's path is an endpoint of. */
  private Protocol protocol = Protocol.HTTP;

  /** The path is that of an endpoint in the case of its letters, too. */
  private boolean endpointExact;

  /** Someone said that the endpoint is one; its name alone makes no call milder. */
  private boolean endpointTold;

  private boolean endpointsDiffer;

  /** The path lies right below that of a SOAP endpoint: some servers take it for an operation. */
  private boolean belowSoap;

  private @Nullable Operations operations;
  private boolean operationsRead;

  private int looking = CLASSIFIED;
  private int lookingAt;
  private int lookingFor;
  private int bestId;
  private long bestRank;
  private int bestLayer;
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
    clear();
    findDestinations();
    if (methods == 0) {
      methods = readMethods();
    }
    findEndpoint();
    if (protocol != Protocol.HTTP && !operationsRead) {
      operationsRead = true;
      operations = Operations.read(protocol, methods, facts, target, values.format());
      if (operations != null && endpointsDiffer) {
        operations.setUnclear();
      }
    }
    boolean toldOf = operations != null && (endpointTold || !operations.unclear());
    values.setOperations(protocol, toldOf ? operations : null);
    CallClass strictest = CallClass.READ;
    for (int bits = methods; bits != 0; bits &= bits - 1) {
      int method = Integer.lowestOneBit(bits);
      strictest = strictest.or(operations == null ? classOf(method) : classOf(operations, method));
    }
    return target.malformed() ? CallClass.UNKNOWN : strictest;
  }

  /** All but what was read of the call. */
  private void clear() {
    hostKnown = false;
    matchedCount = 0;
    if (protocol != Protocol.HTTP) {
      protocol = Protocol.HTTP;
    }
    endpointExact = false;
    endpointTold = false;
    endpointsDiffer = false;
    belowSoap = false;
    classifiedAs = null;
    packDestination = null;
    packCall = -1;
    if (packClass != CallClass.READ) {
      packClass = CallClass.READ;
    }
  }

  // ---- destination

  void findDestinations() {
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
    if (matched[matchedCount] != known) { // decided again: no store that changes nothing
      matched[matchedCount] = known;
    }
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

  private int readMethods() {
    List<String> packParameters = List.of();
    for (int i = 0; i < matchedCount; i++) {
      Pack pack = matched[i].pack;
      if (pack != null && !pack.methodParameters().isEmpty()) {
        packParameters = new ArrayList<>(packParameters);
        packParameters.addAll(pack.methodParameters());
      }
    }
    return new MethodReader(facts, target, values.format(), packParameters).read();
  }

  // ---- endpoint

  private void findEndpoint() {
    looking = ENDPOINT;
    for (int i = 0; i < matchedCount; i++) {
      Destination destination = matched[i];
      lookIn(destination.endpoints);
      if (destination.pack != null) {
        lookIn(destination.pack.endpoints());
      }
    }
    if (protocol == Protocol.HTTP && (methods & Methods.GET) != 0) {
      lookAbove();
    }
    if (protocol == Protocol.HTTP && target.segments > 0) {
      int start = target.starts[target.segments - 1];
      int end = target.ends[target.segments - 1];
      if (Fold.same("graphql", target.path, start, Math.min(end, start + "graphql".length()))) {
        protocol = Protocol.GRAPHQL;
        endpointExact = target.path.startsWith("graphql", start);
        endpointTold = namesOperations();
      }
    }
  }

  /** Whether the path is a SOAP endpoint but for its last segment. */
  private void lookAbove() {
    for (int i = 0; i < matchedCount && target.segments > 1; i++) {
      Pack pack = matched[i].pack;
      lookAbove(matched[i].endpoints);
      if (pack != null) {
        lookAbove(pack.endpoints());
      }
    }
  }

  private void lookAbove(Endpoints endpoints) {
    if (endpoints.has(Protocol.SOAP)) {
      looking = ABOVE;
      target.segments--;
      endpoints.paths.find(target, this);
      target.segments++;
    }
  }

  /** True for a GET that may be an operation by its path, as Axis and ASP.NET have it. */
  private boolean mayRunByPath(int method) {
    boolean soap = belowSoap || (protocol == Protocol.SOAP && endpointTold && operations == null);
    if (!soap || (method & Methods.GET) == 0) {
      return false;
    }
    if (target.queryEnd > target.queryStart) {
      return !SoapRequest.asksForDescription(facts, target);
    }
    int last = target.segments - 1;
    int end = last < 0 ? 0 : target.ends[last];
    return last >= 0
        && !Fold.same(".wsdl", target.path, Math.max(target.starts[last], end - 5), end)
        && !Fold.same(".xsd", target.path, Math.max(target.starts[last], end - 4), end);
  }

  /** True when some table tells operations of the protocol apart. */
  private boolean namesOperations() {
    for (int i = 0; i < matchedCount; i++) {
      if (matched[i].classified.names(protocol) || matched[i].packCalls.names(protocol)) {
        return true;
      }
    }
    return false;
  }

  private void lookIn(Endpoints endpoints) {
    if (endpoints.everywhere != Protocol.HTTP) {
      endpoint(endpoints.everywhere, true);
    }
    if (!endpoints.isEmpty()) {
      endpoints.paths.find(target, this);
    }
  }

  private void endpoint(Protocol found, boolean exact) {
    endpointsDiffer |= protocol != Protocol.HTTP && protocol != found;
    protocol = found;
    endpointExact |= exact;
    endpointTold = true;
  }

  /** What the path is an endpoint of. */
  Protocol protocol() {
    return protocol;
  }

  /** What the body asks an endpoint for; null when the call is one by method and path. */
  @Nullable Operations operations() {
    return operations;
  }

  /** False when a server may take the path for another one. */
  boolean isExactEndpoint() {
    return endpointExact;
  }

  // ---- class

  private CallClass classOf(int method) {
    lookingFor = method;
    best(CLASSIFIED, null);
    if (bestId >= 0) {
      RuleFile.Classified line = file.classified().get(bestId);
      classifiedAs = line.pattern();
      CallClass callClass = line.callClass();
      best(PACK_CALL, null); // for its name and its money
      notePackCall();
      return callClass;
    }
    best(PACK_CALL, null);
    if (bestId >= 0) {
      notePackCall();
      return bestClass;
    }
    return usualClass(method);
  }

  /** The strictest class of all that the body asks for. */
  private CallClass classOf(Operations asked, int method) {
    if (asked.unclear()) {
      CallClass byPath = classOf(method); // and its name
      boolean pathTells =
          endpointTold
              ? protocol != Protocol.GRAPHQL && classifiedAs != null && !namesOperations()
              : (method & Methods.WRITES) != 0;
      return pathTells ? byPath : CallClass.UNKNOWN;
    }
    lookingFor = method;
    best(CLASSIFIED, null);
    int pathLine = bestId;
    CallClass linesClass = bestClass;
    best(PACK_CALL, null);
    int packPath = bestId;
    CallClass packsClass = bestClass;
    Destination packPathDestination = bestDestination;
    CallClass strictest = CallClass.READ;
    for (int i = 0; i < asked.size(); i++) {
      Operation operation = asked.get(i);
      if (operation.persisted) {
        operation = lookedUp(operation);
        asked.replace(i, operation);
      }
      best(CLASSIFIED, operation);
      int line = bestId;
      CallClass lineClass = bestClass;
      best(PACK_CALL, operation);
      notePackCall();
      CallClass least = leastClass(operation);
      CallClass one;
      boolean pathTells =
          pathLine >= 0
              && (line < 0
                  || file.classified().get(pathLine).layer() > file.classified().get(line).layer());
      if (line >= 0 && !pathTells) {
        classifiedAs = file.classified().get(line).pattern();
        one = lineClass;
      } else if (pathTells) {
        classifiedAs = file.classified().get(pathLine).pattern();
        one = linesClass.or(least); // a line for a path makes no mutation a read
      } else if (bestId >= 0) {
        one = bestClass;
      } else if (packPath >= 0) {
        one = packsClass.or(least);
      } else {
        one = asked.protocol() == Protocol.GRAPHQL ? least : CallClass.UNKNOWN;
      }
      strictest = strictest.or(one);
    }
    if (packCall < 0 && packPath >= 0) { // no line names what the call asks for
      packCall = packPath;
      packClass = packsClass;
      packDestination = packPathDestination;
    }
    boolean certain =
        endpointExact && endpointTold && (method & ~(Methods.READS | Methods.POST)) == 0;
    return certain ? strictest : strictest.or(usualClass(method));
  }

  /** What is known of an operation without any table. */
  private CallClass leastClass(Operation operation) {
    if (operation.persisted) {
      return operation.kind().isEmpty()
          ? CallClass.UNKNOWN
          : operation.writes ? CallClass.WRITE : CallClass.READ;
    }
    return protocol == Protocol.GRAPHQL && operation.writes ? CallClass.WRITE : CallClass.READ;
  }

  private static final String[] KINDS = {"mutation", "subscription", "query"};

  /** A persisted operation is what a table says; the strictest, where it stands there twice. */
  private Operation lookedUp(Operation operation) {
    for (String kind : KINDS) {
      Operation known = operation.of(kind);
      best(CLASSIFIED, known);
      if (bestId < 0) {
        best(PACK_CALL, known);
      }
      if (bestId >= 0) {
        return known;
      }
    }
    return operation;
  }

  /**
   * @param operation null: by path
   */
  private void best(int what, @Nullable Operation operation) {
    looking = what;
    bestId = -1;
    bestRank = -1;
    bestLayer = -1;
    for (int i = 0; i < matchedCount; i++) {
      lookingAt = i;
      Destination destination = matched[i];
      PathTrie trie = what == CLASSIFIED ? destination.classified : destination.packCalls;
      if (operation != null) {
        trie.find(protocol, operation, this);
      } else {
        trie.find(target, this);
        findWithoutSuffix(trie, destination, this);
      }
    }
  }

  /** Where the vendor lets a suffix follow every path: looks the path up without it. */
  void findWithoutSuffix(PathTrie trie, Destination destination, PathTrie.Hits hits) {
    Pack pack = destination.pack;
    if (pack == null || target.segments == 0) {
      return;
    }
    int last = target.segments - 1;
    int end = target.ends[last];
    for (int i = 0; i < pack.suffixes().size(); i++) {
      String suffix = pack.suffixes().get(i);
      int shorter = end - suffix.length();
      if (shorter > target.starts[last] && Fold.same(suffix, target.path, shorter, end)) {
        int hash = target.hashes[last];
        target.ends[last] = shorter;
        target.hashes[last] = Fold.hash(target.path, target.starts[last], shorter);
        trie.find(target, hits);
        target.ends[last] = end;
        target.hashes[last] = hash;
      }
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
    if ((method & Methods.READS) != 0) {
      // what the frames of a web socket do nobody can tell
      return opensWebSocket() || mayRunByPath(method) ? CallClass.UNKNOWN : CallClass.READ;
    }
    boolean byMethod = protocol == Protocol.HTTP || !endpointTold || operations != null;
    return byMethod && (method & Methods.WRITES) != 0 ? CallClass.WRITE : CallClass.UNKNOWN;
  }

  boolean opensWebSocket() {
    if (target.webSocket) {
      return true;
    }
    List<String> headers = facts.headers();
    for (int i = 0; i + 1 < headers.size(); i += 2) {
      if (Fold.same("upgrade", headers.get(i))
          && Fold.lower(headers.get(i + 1)).contains("websocket")) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void hit(int id, boolean exact) {
    switch (looking) {
      case ENDPOINT -> endpoint(PROTOCOLS[id], exact);
      case ABOVE -> belowSoap |= PROTOCOLS[id] == Protocol.SOAP;
      case CLASSIFIED -> {
        RuleFile.Classified line = file.classified().get(id);
        consider(id, line.pattern(), line.callClass(), line.layer(), exact);
      }
      default -> {
        Pack pack = matched[lookingAt].pack;
        if (pack != null) {
          Pack.Kind call = pack.kinds().get(id);
          consider(id, call.pattern(), call.callClass(), 0, exact);
        }
      }
    }
  }

  private void consider(
      int id, CallPattern pattern, CallClass callClass, int layer, boolean exact) {
    if ((pattern.methods() & lookingFor) == 0 || (callClass == CallClass.READ && !exact)) {
      return; // a server that minds the case of letters may do something else
    }
    long rank = pattern.rank();
    if (isBefore(layer, rank, callClass, bestLayer, bestRank, bestClass)) {
      bestId = id;
      bestLayer = layer;
      bestRank = rank;
      bestClass = callClass;
      bestDestination = matched[lookingAt];
    }
  }

  /** Whether a line tells the class of a call rather than the best one so far. */
  static boolean isBefore(
      int layer,
      long rank,
      CallClass callClass,
      int bestLayer,
      long bestRank,
      CallClass bestClass) {
    return layer != bestLayer
        ? layer > bestLayer
        : rank != bestRank ? rank > bestRank : callClass.isStricterThan(bestClass);
  }

  /** The pack's name for the call; null when no pack knows it. */
  Pack.@Nullable Call packCall() {
    Destination destination = packDestination;
    return destination == null || destination.pack == null || packCall < 0
        ? null
        : destination.pack.calls().get(packCall);
  }

  /** The place of {@link #packCall} in its pack; -1 when no pack knows the call. */
  int packCallIndex() {
    return packCall;
  }

  @Nullable Destination packDestination() {
    return packDestination;
  }

  /** Where the call carries its money; null when no pack says, or no rule asks. */
  @Nullable Money money() {
    Destination destination = packDestination;
    if (operations != null && (operations.unclear() || operations.size() != 1)) {
      return null; // of several operations each may move some
    }
    return destination == null || packCall < 0 ? null : destination.money[packCall];
  }

  /** The fields that name whom the call is about, the surest first. */
  int[] subjects() {
    Destination destination = packDestination;
    return destination == null || packCall < 0 ? NO_FIELDS : destination.subjects[packCall];
  }

  /** The line of `classify` that decided; null when none did. */
  @Nullable CallPattern classifiedAs() {
    return classifiedAs;
  }
}
