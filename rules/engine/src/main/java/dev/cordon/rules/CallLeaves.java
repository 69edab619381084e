package dev.cordon.rules;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Calls without fields, one for each class of calls that two rule sets tell apart by host, port,
 * path, method and operation. Hosts for which nothing changed are left out.
 */
final class CallLeaves {
  private static final int MAX_PATHS = 50_000; // for one host
  private static final int MAX_PAIRED = 60; // operations: all pairs of them are looked at
  private static final String OTHER_SEGMENT = "zq";
  private static final char BETWEEN = '\n'; // segments; tools/call is one
  private static final List<String> OTHER_HOSTS =
      List.of("nowhere.example", "unlisted.invalid", "other-host.test");
  private static final String[] PROBES = {
    "93.184.216.34", "10.1.2.3", "127.0.0.1", "169.254.169.254", "172.16.1.1", "192.168.1.1",
    "100.64.1.1", "0.1.2.3", "2606:2800:220:1:248:1893:25c8:1946", "::1", "fc00::1", "fe80::1"
  };
  private static final String[] METHODS = {
    "GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "PURGE"
  };
  private static final String[] OVERRIDES = {
    "X-HTTP-Method-Override",
    "X-HTTP-Method",
    "X-Method-Override",
    "X-Original-Method",
    "X-Method",
    "X-HTTP-Verb-Override"
  };

  /** How the fields of a call stand in it. */
  enum Form {
    /** In a body of any format, or in none. */
    ANY,
    /** Beside the request of GraphQL or JSON-RPC. */
    JSON,
    /** In the envelope of SOAP. */
    XML,
    /** Nobody can tell. */
    UNREADABLE
  }

  /**
   * A call without fields.
   *
   * @param state of the body; with {@link Form#ANY} it is to be chosen
   */
  record Skeleton(
      String method, String url, List<String> headers, BodyState state, String body, Form form) {

    CallFacts facts() {
      return new CallFacts(method, url, headers, state, body.getBytes(StandardCharsets.UTF_8));
    }
  }

  interface Visitor {
    void leaf(Skeleton skeleton);
  }

  private final RuleFile before;
  private final RuleFile after;
  private final Surroundings surroundings;
  private final RuleMeanings meanings;
  private final Visitor visitor;
  private final Set<String> gaps;
  private final Map<Destination, String> texts = new IdentityHashMap<>();
  private final Map<Destination, String> grounds = new IdentityHashMap<>();
  private final Map<List<String>, SegmentClasses> segmentClasses = new HashMap<>();
  private final boolean defaultsSame;
  private final boolean anyRulesSame;

  CallLeaves(
      RuleFile before,
      RuleFile after,
      RuleMeanings meanings,
      Surroundings surroundings,
      Set<String> gaps,
      Visitor visitor) {
    this.before = before;
    this.after = after;
    this.meanings = meanings;
    this.surroundings = surroundings;
    this.gaps = gaps;
    this.visitor = visitor;
    defaultsSame = before.defaults().equals(after.defaults());
    anyRulesSame = Arrays.equals(rules(before, before.anyRules()), rules(after, after.anyRules()));
  }

  // ---- hosts

  void visit() {
    Set<String> seen = new HashSet<>();
    for (String origin : origins()) {
      Evaluation.Leaf was = leaf(before, origin);
      Evaluation.Leaf is = leaf(after, origin);
      String signature = hostText(was, this::name) + " | " + hostText(is, this::name);
      if (!seen.add(signature)) {
        continue;
      }
      boolean groundSame =
          defaultsSame && hostText(was, this::ground).equals(hostText(is, this::ground));
      if (!groundSame
          || !anyRulesSame
          || !hostText(was, this::text).equals(hostText(is, this::text))) {
        visitPaths(origin, was.call(), is.call(), groundSame);
      }
    }
  }

  private Evaluation.Leaf leaf(RuleFile file, String origin) {
    return new Evaluation(file, CallFacts.of("GET", origin + "/"), surroundings, null).leaf();
  }

  private static String hostText(Evaluation.Leaf leaf, Function<Destination, String> textOf) {
    StringBuilder out = new StringBuilder();
    Classification call = leaf.call();
    out.append(leaf.least()).append(call.target.secure);
    for (int i = 0; i < call.destinations(); i++) {
      out.append(' ').append(call.isExactHost(i)).append(textOf.apply(call.destination(i)));
    }
    return out.toString();
  }

  private String name(Destination to) {
    return String.valueOf(to.index);
  }

  private String text(Destination to) {
    return texts.computeIfAbsent(
        to,
        one -> ground(one) + Arrays.toString(rules(isIn(one, before) ? before : after, one.rules)));
  }

  /** All of a destination but its rules. */
  private String ground(Destination to) {
    return grounds.computeIfAbsent(to, this::readGround);
  }

  private String readGround(Destination to) {
    RuleFile file = isIn(to, before) ? before : after;
    List<String> lines = new ArrayList<>();
    to.classified
        .added()
        .forEach(
            line -> {
              RuleFile.Classified one = file.classified().get(line.id());
              lines.add("class " + one.pattern() + one.callClass());
            });
    lines.add("pack " + (to.pack == null ? "" : to.pack.name()));
    lines.add("endpoints " + to.endpoints.everywhere);
    to.endpoints.paths.added().forEach(one -> lines.add("endpoint " + one));
    lines.add("tls " + to.tlsRequired + to.privateAllowed);
    lines.sort(null);
    return lines.toString();
  }

  private static boolean isIn(Destination to, RuleFile file) {
    return to.index < file.destinations().size() && file.destinations().get(to.index) == to;
  }

  /** What they mean, in an order that is the same for the same rules. */
  private int[] rules(RuleFile file, PathTrie trie) {
    List<PathTrie.Added> added = trie.added();
    int[] numbers = new int[added.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = meanings.of(file, file.rules().get(added.get(i).id()));
    }
    Arrays.sort(numbers);
    return numbers;
  }

  /** One URL without a path for each class of hosts, ports and schemes, at least. */
  private List<String> origins() {
    Set<String> hosts = new LinkedHashSet<>();
    Set<Integer> ports = new TreeSet<>();
    boolean networks = false;
    for (RuleFile file : List.of(before, after)) {
      for (Destination to : file.destinations()) {
        to.hosts.forEach(host -> addHosts(host, hosts));
        networks |= to.hosts.stream().anyMatch(host -> host.address() != null);
        for (int port : to.ports) {
          ports.add(port);
        }
      }
      for (Draft.Narrowed narrowed : file.narrowed()) {
        narrowed.hosts().forEach(host -> addHosts(host, hosts));
        for (int port : narrowed.ports()) {
          ports.add(port);
        }
      }
    }
    if (networks) {
      for (String probe : PROBES) {
        hosts.add(probe.indexOf(':') < 0 ? probe : "[" + probe + "]");
      }
    }
    hosts.addAll(OTHER_HOSTS);
    List<String> origins = new ArrayList<>();
    origins.add("https://two..dots.invalid");
    for (String host : hosts) {
      origins.add("https://" + host);
      origins.add("http://" + host);
      if (!ports.isEmpty()) {
        for (int port : ports) {
          origins.add("https://" + host + ":" + port);
          origins.add("http://" + host + ":" + port);
        }
        int other = 8081;
        while (ports.contains(other)) {
          other++;
        }
        origins.add("https://" + host + ":" + other);
        origins.add("http://" + host + ":" + other);
      }
    }
    return origins;
  }

  private static void addHosts(HostEntry host, Set<String> hosts) {
    IpAddress address = host.address();
    if (address == null) {
      String name = host.name();
      if (name.startsWith(".")) {
        hosts.add(OTHER_SEGMENT + name);
        hosts.add(name.substring(1));
      } else {
        hosts.add(name);
      }
      return;
    }
    long highMask = mask(host.prefix());
    long lowMask = mask(host.prefix() - 64);
    IpAddress first = new IpAddress(address.high() & highMask, address.low() & lowMask);
    IpAddress last = new IpAddress(address.high() | ~highMask, address.low() | ~lowMask);
    for (IpAddress one : List.of(first, last, neighbour(first, -1), neighbour(last, 1))) {
      hosts.add(one.isV4() ? one.toString() : "[" + one + "]");
    }
  }

  private static long mask(int bits) {
    return bits <= 0 ? 0 : bits >= 64 ? -1 : -1L << (64 - bits);
  }

  private static IpAddress neighbour(IpAddress address, int step) {
    long low = address.low() + step;
    boolean carries = step > 0 ? low == 0 : low == -1;
    return new IpAddress(carries ? address.high() + step : address.high(), low);
  }

  // ---- paths

  /** Patterns side by side, as one tree. */
  private static final class Node {
    final int id;
    final Map<String, Node> children = new TreeMap<>();
    final List<CallPattern> ends = new ArrayList<>();
    final List<CallPattern> rests = new ArrayList<>();

    Node(int id) {
      this.id = id;
    }
  }

  /** Where patterns stand after some segments, and whether the case of letters is theirs. */
  private record At(Node node, boolean exact) {}

  private void visitPaths(
      String origin, Classification was, Classification is, boolean groundSame) {
    Changed changed = new Changed(was, is);
    List<CallPattern> patterns = new ArrayList<>();
    Set<String> suffixes = new LinkedHashSet<>();
    Set<String> plainEnds = new LinkedHashSet<>(List.of("graphql"));
    for (Classification call : List.of(was, is)) {
      for (int i = 0; i < call.destinations(); i++) {
        Destination to = call.destination(i);
        add(to.rules, patterns);
        add(to.classified, patterns);
        add(to.packCalls, patterns);
        add(to.endpoints.paths, patterns);
        if (to.pack != null) {
          add(to.pack.endpoints().paths, patterns);
          suffixes.addAll(to.pack.suffixes());
        }
      }
    }
    add(before.anyRules(), patterns);
    add(after.anyRules(), patterns);
    int paths = 0;
    for (String path : walk(patterns, Protocol.HTTP, suffixes, plainEnds)) {
      if (++paths > MAX_PATHS) {
        gaps.add(origin + ": more than " + MAX_PATHS + " kinds of paths");
        return;
      }
      if (!groundSame || changed.mayBeAt(origin + path, suffixes)) {
        visitMethods(origin, path, patterns);
      }
    }
  }

  /** The patterns of the rules that only one side has at a host. */
  private final class Changed {
    private final PathTrie patterns = new PathTrie();
    private boolean operations;

    Changed(Classification was, Classification is) {
      Map<Integer, CallPattern> old = rules(before, was);
      Map<Integer, CallPattern> now = rules(after, is);
      old.forEach((meaning, pattern) -> add(now.containsKey(meaning), pattern));
      now.forEach((meaning, pattern) -> add(old.containsKey(meaning), pattern));
    }

    private Map<Integer, CallPattern> rules(RuleFile file, Classification call) {
      Map<Integer, CallPattern> all = new HashMap<>();
      List<PathTrie> tries = new ArrayList<>(List.of(file.anyRules()));
      for (int i = 0; i < call.destinations(); i++) {
        tries.add(call.destination(i).rules);
      }
      for (PathTrie trie : tries) {
        for (PathTrie.Added one : trie.added()) {
          all.put(meanings.of(file, file.rules().get(one.id())), one.pattern());
        }
      }
      return all;
    }

    private void add(boolean onBothSides, CallPattern pattern) {
      if (!onBothSides) {
        patterns.add(pattern, 0);
        operations |= pattern.protocol() != Protocol.HTTP;
      }
    }

    /** False where all rules are on both sides. */
    boolean mayBeAt(String url, Set<String> suffixes) {
      if (operations || isAt(url)) {
        return true;
      }
      for (String suffix : suffixes) {
        if (url.endsWith(suffix) && isAt(url.substring(0, url.length() - suffix.length()))) {
          return true;
        }
      }
      return false;
    }

    private boolean isAt(String url) {
      boolean[] hit = new boolean[1];
      patterns.find(Target.parse(url), (id, exact) -> hit[0] = true);
      return hit[0];
    }
  }

  private static void add(PathTrie trie, List<CallPattern> patterns) {
    trie.added().forEach(one -> patterns.add(one.pattern()));
  }

  /** Paths, {@code /a/b}, or names of operations of all classes. */
  private Collection<String> walk(
      List<CallPattern> patterns, Protocol protocol, Set<String> suffixes, Set<String> alsoEnds) {
    Node root = new Node(0);
    int nodes = 1;
    for (CallPattern pattern : patterns) {
      if (pattern.protocol() != protocol) {
        continue;
      }
      for (List<String> segments : pattern.alternatives()) {
        Node node = root;
        for (String segment : segments) {
          Node child = node.children.get(segment);
          if (child == null) {
            child = new Node(nodes++);
            node.children.put(segment, child);
          }
          node = child;
        }
        (pattern.rest() ? node.rests : node.ends).add(pattern);
      }
    }
    Map<String, String> paths = new LinkedHashMap<>();
    walk(List.of(new At(root, true)), "", new TreeSet<>(), suffixes, alsoEnds, paths);
    List<String> all = new ArrayList<>();
    for (String path : paths.values()) {
      all.add(protocol == Protocol.HTTP ? path.replace(BETWEEN, '/') : path);
    }
    return all;
  }

  private void walk(
      List<At> here,
      String path,
      TreeSet<String> rests,
      Set<String> suffixes,
      Set<String> alsoEnds,
      Map<String, String> paths) {
    TreeSet<String> passed = new TreeSet<>(rests);
    StringBuilder key = new StringBuilder();
    for (At at : here) {
      key.append(at.node().id).append(at.exact()).append(' ');
      if (!at.node().rests.isEmpty()) {
        passed.add(at.node().id + "" + at.exact());
      }
    }
    boolean told = alsoEnds.contains(path.substring(path.lastIndexOf(BETWEEN) + 1));
    String state = key + "| " + passed + (told ? path.substring(path.lastIndexOf(BETWEEN)) : "");
    if (paths.putIfAbsent(state, path) != null || here.isEmpty() || paths.size() > MAX_PATHS) {
      return;
    }
    for (String segment : segments(here, suffixes, alsoEnds)) {
      List<At> next = new ArrayList<>();
      for (At at : here) {
        at.node()
            .children
            .forEach(
                (name, child) -> {
                  if (name.indexOf('*') < 0) {
                    if (Fold.same(name, segment)) {
                      next.add(new At(child, at.exact() && name.equals(segment)));
                    }
                    return;
                  }
                  int match = CallPattern.glob(name, segment, 0, segment.length());
                  if (match != CallPattern.NONE) {
                    next.add(new At(child, at.exact() && match == CallPattern.EXACT));
                  }
                });
      }
      walk(next, path + BETWEEN + segment, passed, suffixes, alsoEnds, paths);
    }
  }

  private Set<String> segments(List<At> here, Set<String> suffixes, Set<String> alsoEnds) {
    Set<String> names = new TreeSet<>();
    Set<String> globs = new TreeSet<>();
    for (At at : here) {
      for (String name : at.node().children.keySet()) {
        (name.indexOf('*') < 0 ? names : globs).add(name);
      }
    }
    globs.remove("*");
    Set<String> segments = new LinkedHashSet<>(names);
    for (String name : names) {
      segments.add(otherCase(name, names));
    }
    SegmentClasses classes =
        segmentClasses.computeIfAbsent(List.copyOf(globs), SegmentClasses::new);
    if (classes.cut) {
      gaps.add("the patterns " + globs + " match too many kinds of names");
    }
    segments.addAll(classes.texts);
    segments.add(OTHER_SEGMENT);
    for (String suffix : suffixes) {
      for (String segment : new ArrayList<>(segments)) {
        segments.add(segment + suffix);
      }
    }
    segments.addAll(alsoEnds);
    return segments;
  }

  /** The same name with one letter in its other case. */
  private static String otherCase(String name, Set<String> names) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      char other = Fold.lower(c) == c ? Character.toUpperCase(c) : Fold.lower(c);
      boolean letter = Fold.lower(c) >= 'a' && Fold.lower(c) <= 'z';
      String changed = name.substring(0, i) + other + name.substring(i + 1);
      if (letter && !names.contains(changed)) {
        return changed;
      }
    }
    return name;
  }

  // ---- methods

  private void visitMethods(String origin, String path, List<CallPattern> patterns) {
    String url = origin + (path.isEmpty() ? "/" : path);
    Evaluation.Leaf was =
        new Evaluation(before, CallFacts.of("POST", url), surroundings, null).leaf();
    Evaluation.Leaf is =
        new Evaluation(after, CallFacts.of("POST", url), surroundings, null).leaf();
    Protocol protocol =
        was.call().protocol() == Protocol.HTTP ? is.call().protocol() : was.call().protocol();
    Set<Integer> masks = new TreeSet<>();
    for (CallPattern pattern : patterns) {
      masks.add(pattern.methods());
    }
    Map<String, String> classes = new LinkedHashMap<>();
    for (String method : METHODS) {
      int bit = Methods.bit(method);
      StringBuilder key = new StringBuilder();
      masks.forEach(mask -> key.append((mask & bit) != 0 ? '1' : '0'));
      key.append((bit & Methods.READS) != 0 ? 'r' : (bit & Methods.WRITES) != 0 ? 'w' : 'o');
      if (protocol != Protocol.HTTP && (bit == Methods.GET || bit == Methods.POST)) {
        key.append(method);
      }
      classes.putIfAbsent(key.toString(), method);
    }
    List<String> methods = new ArrayList<>(classes.values());
    // what restricts a method restricts it among others, too; what one rule allows together is
    // the most that its pattern names
    Set<Integer> subsets = new TreeSet<>();
    for (int i = 0; i < methods.size(); i++) {
      for (int j = 0; j < methods.size(); j++) {
        subsets.add(1 << i | 1 << j);
      }
    }
    for (int mask : masks) {
      int named = 0;
      for (int i = 0; i < methods.size(); i++) {
        named |= (mask & Methods.bit(methods.get(i))) != 0 ? 1 << i : 0;
      }
      subsets.add(named);
    }
    for (int subset : subsets) {
      if (subset == 0 || Integer.bitCount(subset) > OVERRIDES.length + 1) {
        continue; // no call has as many headers that servers would read
      }
      List<String> headers = new ArrayList<>();
      String method = "";
      for (int i = 0; i < methods.size(); i++) {
        if ((subset & 1 << i) != 0) {
          if (method.isEmpty()) {
            method = methods.get(i);
          } else {
            headers.add(OVERRIDES[headers.size() / 2]);
            headers.add(methods.get(i));
          }
        }
      }
      visitCall(method, url, headers, protocol, patterns);
    }
  }

  private void visitCall(
      String method,
      String url,
      List<String> headers,
      Protocol protocol,
      List<CallPattern> patterns) {
    visitor.leaf(new Skeleton(method, url, headers, BodyState.NONE, "", Form.ANY));
    if (headers.isEmpty()) {
      String malformed = url.endsWith("/") ? url + ";" : url + ";x";
      visitor.leaf(new Skeleton(method, malformed, headers, BodyState.NONE, "", Form.ANY));
    }
    boolean reads = (Methods.bit(method) & Methods.READS) != 0;
    if (reads && headers.isEmpty()) {
      List<String> upgrade = List.of("Upgrade", "websocket");
      visitor.leaf(new Skeleton(method, url, upgrade, BodyState.NONE, "", Form.ANY));
    }
    if (protocol != Protocol.HTTP) {
      visitOperations(method, url, headers, protocol, patterns);
    }
  }

  // ---- operations

  private void visitOperations(
      String method,
      String url,
      List<String> headers,
      Protocol protocol,
      List<CallPattern> patterns) {
    unclear(method, url, headers);
    List<List<String>> operations = new ArrayList<>();
    for (String path : walk(patterns, protocol, Set.of(), kinds(protocol))) {
      List<String> names =
          path.isEmpty()
              ? List.of()
              : new ArrayList<>(
                  Arrays.asList(path.substring(1).split(String.valueOf(BETWEEN), -1)));
      if (protocol == Protocol.JSON_RPC && names.size() == 1) {
        names.add("");
      }
      boolean whole = names.size() == (protocol == Protocol.SOAP ? 1 : 2);
      if (whole && isSendable(protocol, names)) {
        operations.add(names);
      }
    }
    for (List<String> operation : operations) {
      visit(method, url, headers, protocol, List.of(operation));
    }
    if (protocol == Protocol.SOAP) {
      return; // one element in one envelope
    }
    if (operations.size() > MAX_PAIRED) {
      gaps.add(url + ": more than " + MAX_PAIRED + " kinds of operations; few of their batches");
    }
    int paired = Math.min(operations.size(), MAX_PAIRED);
    for (int i = 0; i < paired; i++) {
      for (int j = i + 1; j < paired; j++) {
        visit(method, url, headers, protocol, List.of(operations.get(i), operations.get(j)));
      }
    }
    // what one rule allows alone it allows together: the most that one rule can name
    for (CallPattern pattern : new LinkedHashSet<>(patterns)) {
      if (pattern.protocol() == protocol) {
        PathTrie alone = new PathTrie();
        alone.add(pattern, 0);
        List<List<String>> named = new ArrayList<>();
        for (List<String> operation : operations) {
          boolean[] hit = new boolean[1];
          alone.find(protocol, operation(protocol, operation), (id, exact) -> hit[0] |= exact);
          if (hit[0]) {
            named.add(operation);
          }
        }
        if (named.size() > 2) {
          visit(method, url, headers, protocol, named);
        }
      }
    }
  }

  private static Set<String> kinds(Protocol protocol) {
    return protocol == Protocol.GRAPHQL
        ? new LinkedHashSet<>(List.of("query", "mutation", "subscription"))
        : Set.of();
  }

  private static Operation operation(Protocol protocol, List<String> names) {
    return switch (protocol) {
      case GRAPHQL ->
          Operation.isId(names.get(1))
              ? Operation.persisted(names.get(1)).of(names.get(0).replace("persisted:", ""))
              : Operation.graphQl(names.get(0), names.get(1));
      case JSON_RPC -> Operation.rpc(names.get(0), names.get(1));
      case SOAP, HTTP -> Operation.soap(names.get(0));
    };
  }

  private static boolean isSendable(Protocol protocol, List<String> names) {
    if (protocol != Protocol.GRAPHQL) {
      return true;
    }
    String kind = names.get(0);
    if (kind.startsWith("persisted:")) {
      return Operation.isId(names.get(1));
    }
    return List.of("query", "mutation", "subscription").contains(kind)
        && names.get(1).matches("[A-Za-z_][A-Za-z_0-9]*");
  }

  private void unclear(String method, String url, List<String> headers) {
    visitor.leaf(
        new Skeleton(
            method,
            url,
            with(headers, "application/json"),
            BodyState.READ,
            "{\"zq\":[",
            Form.UNREADABLE));
    visitor.leaf(new Skeleton(method, url, headers, BodyState.TOO_LARGE, "", Form.UNREADABLE));
  }

  private static List<String> with(List<String> headers, String type) {
    List<String> more = new ArrayList<>(headers);
    more.add("Content-Type");
    more.add(type);
    return more;
  }

  private void visit(
      String method,
      String url,
      List<String> headers,
      Protocol protocol,
      List<List<String>> operations) {
    switch (protocol) {
      case GRAPHQL -> {
        Set<String> kinds = new LinkedHashSet<>();
        StringBuilder fields = new StringBuilder();
        boolean persisted = false;
        for (List<String> operation : operations) {
          kinds.add(operation.get(0));
          fields.append(' ').append(operation.get(1));
          persisted |= operation.get(0).startsWith("persisted:");
        }
        List<String> json = with(headers, "application/json");
        if (kinds.size() == 1 && !persisted) {
          String kind = kinds.iterator().next();
          boolean one = !kind.equals("subscription") || operations.size() == 1;
          if (one) {
            String body = "{\"query\":\"" + kind + " {" + fields + " }\"}";
            visitor.leaf(new Skeleton(method, url, json, BodyState.READ, body, Form.JSON));
          }
        }
        StringBuilder batch = new StringBuilder("[");
        for (List<String> operation : operations) {
          batch.append(batch.length() == 1 ? "" : ",").append(graphQl(operation));
        }
        batch.append(']');
        visitor.leaf(
            new Skeleton(method, url, json, BodyState.READ, batch.toString(), Form.UNREADABLE));
        if (operations.size() == 1 && persisted) {
          visitor.leaf(
              new Skeleton(
                  method, url, json, BodyState.READ, graphQl(operations.get(0)), Form.UNREADABLE));
        }
      }
      case JSON_RPC -> {
        List<String> json = with(headers, "application/json");
        if (operations.size() == 1) {
          visitor.leaf(
              new Skeleton(method, url, json, BodyState.READ, rpc(operations.get(0)), Form.JSON));
        }
        StringBuilder batch = new StringBuilder("[");
        for (List<String> operation : operations) {
          batch.append(batch.length() == 1 ? "" : ",").append(rpc(operation));
        }
        visitor.leaf(new Skeleton(method, url, json, BodyState.READ, batch + "]", Form.UNREADABLE));
      }
      case SOAP -> {
        String element = operations.get(0).get(0);
        String body =
            "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body><"
                + element
                + "/></s:Body></s:Envelope>";
        visitor.leaf(
            new Skeleton(method, url, with(headers, "text/xml"), BodyState.READ, body, Form.XML));
      }
      case HTTP -> {}
    }
  }

  private static String graphQl(List<String> operation) {
    String kind = operation.get(0);
    String name = operation.get(1);
    if (kind.startsWith("persisted:")) {
      return name.startsWith("sha256:")
          ? "{\"extensions\":{\"persistedQuery\":{\"version\":1,\"sha256Hash\":\""
              + name.substring("sha256:".length()).toLowerCase(Locale.ROOT)
              + "\"}}}"
          : "{\"id\":\"" + name.substring("id:".length()) + "\"}";
    }
    return "{\"query\":\"" + kind + " { " + name + " }\"}";
  }

  private static String rpc(List<String> operation) {
    String name = operation.get(1);
    return "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\""
        + operation.get(0)
        + "\",\"params\":{"
        + (name.isEmpty() ? "" : "\"name\":\"" + name + "\"")
        + "}}";
  }
}
