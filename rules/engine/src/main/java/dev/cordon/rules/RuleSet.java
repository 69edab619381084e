package dev.cordon.rules;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A compiled rule file with its packs: immutable, used by any number of threads. */
public final class RuleSet {
  private final RuleFile file;
  private final @Nullable RuleFile overlaid;
  private final long overlayExpiresMs;
  private final Surroundings surroundings;
  private final String digest;
  private final List<Problem> warnings;
  private final RecentDecisions recent = new RecentDecisions();
  private volatile @Nullable TrailWriter trails;

  private RuleSet(
      RuleFile file,
      @Nullable RuleFile overlaid,
      long overlayExpiresMs,
      Surroundings surroundings,
      String digest,
      List<Problem> warnings) {
    this.file = file;
    this.overlaid = overlaid;
    this.overlayExpiresMs = overlayExpiresMs;
    this.surroundings = surroundings;
    this.digest = digest;
    this.warnings = warnings;
  }

  /**
   * Reads and compiles a rule file.
   *
   * @throws RuleFileException with all problems of the file
   * @throws IOException when the file is missing or cannot be read
   */
  public static RuleSet load(Path path) throws RuleFileException, IOException {
    return load(path, Surroundings.of(Detector.NONE));
  }

  /** Like {@link #load(Path)}, for rules that need more than the call. */
  public static RuleSet load(Path path, Surroundings surroundings)
      throws RuleFileException, IOException {
    return load(path, null, surroundings);
  }

  /**
   * Like {@link #load(Path, Surroundings)}, with an emergency overlay on top: a file that says
   * {@code role: emergency} and {@code expires:}, at most 24 hours ahead. When that moment comes,
   * the rule set decides without it.
   */
  public static RuleSet load(Path path, @Nullable Path overlay, Surroundings surroundings)
      throws RuleFileException, IOException {
    Layer.Loader loader = new Layer.Loader();
    loader.add(path, false);
    if (overlay == null) {
      return compile(loader, surroundings);
    }
    RuleFile file = loader.compiled(surroundings);
    if (file == null) {
      file = new RuleFileReader(surroundings, loader.packs()).read(loader.layers());
    }
    // read again from the start: reading leaves marks in sections and destinations
    Layer.Loader both = new Layer.Loader();
    both.add(path, false);
    both.add(overlay, true);
    return overlaid(file, both, surroundings);
  }

  /**
   * A rule set with an overlay on top.
   *
   * @param file without the overlay
   * @param both all files, the overlay last
   */
  static RuleSet overlaid(RuleFile file, Layer.Loader both, Surroundings surroundings)
      throws RuleFileException {
    long expiresMs = both.expiresMs(surroundings.clock());
    RuleFileReader reader = new RuleFileReader(surroundings, both.packs());
    RuleFile overlaid = reader.read(both.layers());
    return of(file, overlaid, expiresMs, both, reader, surroundings);
  }

  /** What was loaded, without an overlay. */
  static RuleSet compile(Layer.Loader loader, Surroundings surroundings) throws RuleFileException {
    Bundle bundle = loader.bundle();
    if (bundle == null) {
      return compile(loader, new RuleFileReader(surroundings, loader.packs()), surroundings);
    }
    RuleFile file = loader.compiled(surroundings);
    if (file == null) {
      throw new RuleFileException(loader.problems());
    }
    return new RuleSet(file, null, 0, surroundings, bundle.digest(), loader.problems());
  }

  static RuleSet compile(Layer.Loader loader, RuleFileReader reader, Surroundings surroundings)
      throws RuleFileException {
    RuleFile file = reader.read(loader.layers());
    return of(file, null, 0, loader, reader, surroundings);
  }

  private static RuleSet of(
      RuleFile file,
      @Nullable RuleFile overlaid,
      long expiresMs,
      Layer.Loader loader,
      RuleFileReader reader,
      Surroundings surroundings)
      throws RuleFileException {
    if (loader.hasErrors()) {
      throw new RuleFileException(loader.problems());
    }
    Bundle bundle = loader.bundle();
    String digest = bundle == null ? "" : bundle.digest();
    if (bundle == null) {
      digest = digest(loader.layers(), reader.packBytes());
    } else if (overlaid != null) { // a bundle's layers come without their texts
      byte[] below = digest.getBytes(StandardCharsets.US_ASCII);
      digest = digest(loader.layers(), List.of(below));
    }
    return new RuleSet(file, overlaid, expiresMs, surroundings, digest, loader.problems());
  }

  /** Rules that know one pack and nothing else, to see what it makes of calls. */
  static RuleSet of(Pack pack, byte[] bytes, String host, Surroundings surroundings) {
    String destination = "destinations: { " + pack.name() + ": { hosts: ['" + host + "'] } }\n";
    return of(pack, bytes, destination, new RuleFileReader(surroundings), surroundings);
  }

  /** Rules that know nothing: a call is what its method says. */
  static RuleSet ofNoPack(Surroundings surroundings) {
    return of(null, new byte[0], "", new RuleFileReader(surroundings), surroundings);
  }

  private static RuleSet of(
      @Nullable Pack pack,
      byte[] bytes,
      String text,
      RuleFileReader reader,
      Surroundings surroundings) {
    String name = "pack";
    Problems problems = new Problems(name);
    YamlNode root =
        YamlReader.read("version: 1\nname: pack\nowner: tests@example.com\n" + text, problems);
    if (pack != null) {
      reader.offer(pack);
    }
    Section file =
        root == null
            ? Section.empty("the rules", problems)
            : Section.of("the rules", root, problems);
    Layer layer = new Layer(name, 0, true, false, bytes, file, problems);
    RuleFile compiled = reader.read(List.of(layer));
    if (problems.hasErrors()) {
      throw new IllegalStateException(new RuleFileException(problems.all()).toString());
    }
    return new RuleSet(
        compiled, null, 0, surroundings, digest(List.of(layer), List.of()), problems.all());
  }

  /** The same rules at another time and with nothing spent, for cases. */
  RuleSet in(Surroundings others) {
    return new RuleSet(file, overlaid, overlayExpiresMs, others, digest, warnings);
  }

  /** Without an overlay. */
  RuleFile file() {
    return file;
  }

  /** The evaluation that decides a call, with each rule that it looked at. */
  Traced traced(CallFacts facts) {
    List<Explanation.RuleTrace> onRoute = new ArrayList<>();
    List<Explanation.RuleTrace> onHost = new ArrayList<>();
    Evaluation route = evaluation(facts, facts.url(), onRoute);
    String hostUrl = HostHeader.urlOf(facts, route.target());
    Evaluation host = hostUrl == null ? null : evaluation(facts, hostUrl, onHost);
    Evaluation deciding = new ReadCall(this, facts, route, host).deciding();
    return new Traced(
        deciding, deciding.decided(), deciding == route ? onRoute : onHost, hostUrl != null);
  }

  /** A decision and how it came about. */
  record Traced(
      Evaluation evaluation,
      Decision decision,
      List<Explanation.RuleTrace> rules,
      boolean hasOtherHost) {}

  private Evaluation evaluation(
      CallFacts facts, String url, @Nullable List<Explanation.RuleTrace> trace) {
    return new Evaluation(current(), facts, url, surroundings, recent, trace);
  }

  /** Reads one call for the rules that decide now. */
  public ReadCall read(CallFacts facts) {
    Evaluation onRoute = evaluation(facts, facts.url(), null);
    String hostUrl = HostHeader.urlOf(facts, onRoute.target());
    return new ReadCall(
        this, facts, onRoute, hostUrl == null ? null : evaluation(facts, hostUrl, null));
  }

  /**
   * All that is wrong with a rule file, warnings included; empty when it is clean.
   *
   * @throws IOException when the file is missing or cannot be read
   */
  public static List<Problem> check(Path path) throws IOException {
    return check(path, Surroundings.of(Detector.NONE));
  }

  /** Like {@link #check(Path)}, for rules that need more than the call. */
  public static List<Problem> check(Path path, Surroundings surroundings) throws IOException {
    try {
      Layer.Loader loader = new Layer.Loader();
      loader.add(path, false);
      // of a bundle its texts: what was warned of is no part of what they come to
      RuleFileReader reader = new RuleFileReader(surroundings, loader.packs());
      return compile(loader, reader, surroundings).warnings();
    } catch (RuleFileException e) {
      return e.problems();
    }
  }

  /**
   * The texts of a rule file and of the layers below it, or of those in a bundle, by the names that
   * explanations tell.
   */
  public static Map<String, String> texts(Path path, Surroundings surroundings)
      throws RuleFileException, IOException {
    Problems problems = new Problems(path.toString());
    byte[] bytes = RuleFileText.bytes(path, problems);
    if (bytes != null && Bundle.isOne(bytes)) {
      try {
        return Bundle.open(path, surroundings).texts();
      } catch (Bundle.DamagedException damaged) {
        Bundle.tellDamaged(problems, damaged);
        throw new RuleFileException(problems.all());
      }
    }
    Layer.Loader loader = new Layer.Loader();
    loader.add(path, false);
    Map<String, String> texts = new LinkedHashMap<>();
    for (Layer layer : loader.layers()) {
      texts.put(layer.fileName(), new String(layer.bytes(), StandardCharsets.UTF_8));
    }
    return texts;
  }

  /** Over the file, its packs, the layers below it and the overlay. */
  static String digest(List<Layer> layers, List<byte[]> packs) {
    MessageDigest sha256;
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JVM has no SHA-256", e);
    }
    for (Layer layer : layers) {
      if (layer.top()) {
        sha256.update(layer.bytes());
      }
    }
    for (byte[] pack : packs) {
      sha256.update((byte) 0); // no byte of a text: what is file and what is pack stays clear
      sha256.update(pack);
    }
    for (Layer layer : layers) {
      if (!layer.top()) {
        sha256.update((byte) (layer.overlay() ? 2 : 1));
        sha256.update(layer.bytes());
      }
    }
    return HexFormat.of().formatHex(sha256.digest());
  }

  /** What decides now: with the overlay until it expires. */
  private RuleFile current() {
    RuleFile withOverlay = overlaid;
    return withOverlay != null && surroundings.clock().millis() < overlayExpiresMs
        ? withOverlay
        : file;
  }

  /** Decides one call. Never throws, whatever the input. */
  public Decision decide(CallFacts facts) {
    try {
      return read(facts).decide();
    } catch (Throwable fault) {
      return failed(facts);
    }
  }

  /** Like {@link #decide(CallFacts)}, and tells what the decision was made of. */
  public Decision decide(CallFacts facts, Trail trail) {
    ReadCall call;
    Evaluation deciding;
    Decision decision;
    try {
      call = read(facts);
      deciding = call.decidingToTell();
      decision = deciding.decided();
    } catch (Throwable fault) {
      trail.flags |= Trail.FAILED;
      return failed(facts);
    }
    try {
      call.tellHost(deciding, trail);
      deciding.tell(trail, trails(deciding.file()), decision.callClass());
    } catch (Throwable fault) { // near the end of a stack: the decision stands all the same
      trail.flags |= Trail.INCOMPLETE;
    }
    return decision;
  }

  /** Makes ready what telling a decision needs, so that no call of an application has to. */
  public void prepare() {
    trails(current()).warmUp();
  }

  /** Of the file, or of the file with its overlay. */
  private TrailWriter trails(RuleFile of) {
    TrailWriter known = trails;
    if (known == null || known.file != of) {
      known = new TrailWriter(of); // two threads may both make one: they are the same
      trails = known;
    }
    return known;
  }

  /**
   * Counts a call that is about to leave under the limits of its rules: after everything else has
   * let it, and after a grant where it needed one. The decision of the hold says whether it may
   * still leave.
   */
  public Hold hold(Decision decision) {
    Charges charges = decision.charges();
    long nowNs = surroundings.nanoClock().getAsLong();
    Ledger ledger = surroundings.ledger();
    if (charges.isEmpty()) {
      return new Hold(decision, ledger, nowNs, false, null);
    }
    boolean enforcing = mode() == Mode.ENFORCE;
    Ledger.Breach breach = ledger.take(charges, enforcing, nowNs);
    if (breach == null) {
      return new Hold(decision, ledger, nowNs, true, null);
    }
    boolean refused = enforcing && !breach.charge().rule().observed();
    boolean tells = breach.effect().compareTo(decision.effect()) > 0;
    return new Hold(
        refused || tells ? decision.limited(refused, breach) : decision,
        ledger,
        nowNs,
        !refused,
        breach);
  }

  /** Decides one call and tells how. For people: slower than {@link #decide}, may throw. */
  public Explanation explain(CallFacts facts) {
    Traced traced = traced(facts);
    List<String> notes = traced.evaluation().notes();
    if (traced.hasOtherHost()) {
      notes.add(0, "Host header: names another host than the URL; the stricter decision stands");
    }
    return new Explanation(traced.decision(), notes, traced.rules());
  }

  /**
   * The class of a call. Its body is needed where it names what the call asks for: at endpoints of
   * GraphQL, JSON-RPC and SOAP. Never throws.
   */
  public CallClass classify(CallFacts facts) {
    try {
      return read(facts).classify();
    } catch (Throwable fault) {
      return CallClass.UNKNOWN;
    }
  }

  /** What {@code on-error} says; must not fail itself, so it looks at the method only. */
  Decision failed(CallFacts facts) {
    boolean read = (Methods.bit(facts.method()) & Methods.READS) != 0;
    Fallback fallback = onError();
    boolean allowed = read ? fallback.readAllowed() : fallback.writeAllowed();
    return new Decision(
        allowed ? Effect.ALLOW : Effect.DENY,
        mode() == Mode.ENFORCE,
        "default.on-error",
        List.of(),
        read ? CallClass.READ : CallClass.UNKNOWN,
        Reason.ENGINE_ERROR,
        "",
        "",
        List.of(),
        Set.of(),
        List.of(),
        false,
        Charges.NONE,
        null,
        null,
        null,
        "the rule engine failed on this call; report it");
  }

  public String name() {
    return file.name();
  }

  public long serial() {
    return file.serial();
  }

  /** SHA-256 over the file and its packs, 64 hex digits. */
  public String digest() {
    return digest;
  }

  public Mode mode() {
    return current().defaults().mode();
  }

  /**
   * What a person should look at, though the file is valid. A bundle has none: they are told when
   * it is built, and by {@link #check}.
   */
  public List<Problem> warnings() {
    return warnings;
  }

  /** Longer bodies are not read: {@link BodyState#TOO_LARGE}. */
  public int inspectUpToBytes() {
    return current().defaults().inspectUpToBytes();
  }

  /** What happens when the agent itself fails. */
  public Fallback onError() {
    return current().defaults().onError();
  }

  /** What happens when no journal takes the record. */
  public Fallback onJournalDown() {
    return current().defaults().onJournalDown();
  }

  /** What is redacted in log lines, in observe mode too. */
  public Redaction logs() {
    return current().logs();
  }

  /**
   * The conversation or job that a call belongs to, and whose it is, as `callers` tells them; empty
   * if nothing tells the run.
   */
  public String conversation(CallFacts facts) {
    String run = caller(facts, Caller.Trait.RUN);
    return run.isEmpty()
        ? ""
        : caller(facts, Caller.Trait.ACTOR)
            + '\n'
            + caller(facts, Caller.Trait.BOT)
            + '\n'
            + caller(facts, Caller.Trait.CHANNEL)
            + '\n'
            + run;
  }

  private String caller(CallFacts facts, Caller.Trait trait) {
    String header = current().callerHeaders().get(trait);
    if (header == null) {
      return facts.caller().get(trait);
    }
    String value = CallValues.header(facts, header);
    return value == null ? "" : value;
  }

  /**
   * Where a redaction takes a key that the agent has to be given, as {@code redaction.logs} or
   * {@code rule NAME}; null when none does.
   */
  public @Nullable String needsRedactionKey() {
    String place = needsRedactionKey(file);
    return place == null && overlaid != null ? needsRedactionKey(overlaid) : place;
  }

  private static @Nullable String needsRedactionKey(RuleFile file) {
    if (file.logs().needsKey()) {
      return "redaction.logs";
    }
    if (file.outgoing().needsKey()) {
      return "redaction.outgoing";
    }
    if (file.kept().responses().needsKey()) {
      return "redaction.responses";
    }
    String rule = file.kept().keyedRule();
    return rule.isEmpty() ? null : "rule " + rule;
  }

  /** What is redacted in the bodies of responses. */
  public Redaction responses() {
    return current().kept().responses();
  }

  /** The types of its own that its redactions may name. */
  public List<RedactionPattern> patterns() {
    return current().kept().patterns();
  }

  /** Whether a placeholder of redaction may be written back; no part acts on it yet. */
  public boolean isWriteBackDenied() {
    return current().kept().writeBackDenied();
  }

  /** The policies of {@code approvals}, by name. */
  public Map<String, ApprovalPolicy> approvals() {
    return current().kept().approvals();
  }

  public List<Alert> alerts() {
    return current().kept().alerts();
  }

  /** The rules that are waived, or were until a while ago. */
  public List<Waiver> waivers() {
    return current().kept().waivers();
  }

  public Retention retention() {
    return current().kept().retention();
  }

  /** Remembers where values came from, for the conditions that ask. */
  public Origins origins() {
    return surroundings.origins();
  }

  /**
   * The destinations whose answers have to be read, because a rule asks whether a value came from
   * there: by name, with what they are a source of.
   */
  public Map<String, Origins.Source> originsOfAnswers() {
    Map<String, Origins.Source> sources = new HashMap<>();
    addOrigins(file, sources);
    if (overlaid != null) {
      addOrigins(overlaid, sources);
    }
    return Map.copyOf(sources);
  }

  private static void addOrigins(RuleFile file, Map<String, Origins.Source> to) {
    for (Destination destination : file.destinations()) {
      Origins.Source source = destination.category.source();
      if (source != null && file.kept().origins().contains(source)) {
        to.put(destination.name, source);
      }
    }
  }

  /** True when the credentials of calls have to be remembered, because a rule asks for them. */
  public boolean asksForSecrets() {
    return file.kept().origins().contains(Origins.Source.SECRET)
        || (overlaid != null && overlaid.kept().origins().contains(Origins.Source.SECRET));
  }

  /** What is redacted in every outgoing call. */
  public Redaction outgoing() {
    return current().outgoing();
  }
}
