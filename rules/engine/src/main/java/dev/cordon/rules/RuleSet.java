package dev.cordon.rules;

import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A compiled rule file with its packs: immutable, used by any number of threads. */
public final class RuleSet {
  private final RuleFile file;
  private final Surroundings surroundings;
  private final String digest;
  private final List<Problem> warnings;

  private RuleSet(RuleFile file, Surroundings surroundings, String digest, List<Problem> warnings) {
    this.file = file;
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
    Problems problems = new Problems(path.toString());
    byte[] bytes = RuleFileText.bytes(path, problems);
    RuleSet ruleSet = bytes == null ? null : compile(path, bytes, problems, surroundings);
    if (ruleSet == null || problems.hasErrors()) {
      throw new RuleFileException(problems.all());
    }
    return ruleSet;
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
      return load(path, surroundings).warnings();
    } catch (RuleFileException e) {
      return e.problems();
    }
  }

  private static @Nullable RuleSet compile(
      Path path, byte[] bytes, Problems problems, Surroundings surroundings) {
    String text = RuleFileText.text(bytes, problems);
    if (text == null) {
      return null;
    }
    YamlNode root = YamlReader.read(text, problems);
    if (root == null) {
      if (!problems.hasErrors()) {
        problems.error(Position.TOP, "CRD104", "empty", "a rule file begins with version: 1");
      }
      return null;
    }
    PackReader packs = new PackReader(problems);
    Path name = path.getFileName();
    String fileName = name == null ? path.toString() : name.toString();
    RuleFile file = new RuleFileReader(fileName, problems, surroundings, packs::find).read(root);
    return new RuleSet(file, surroundings, digest(bytes, packs.read()), problems.all());
  }

  private static String digest(byte[] file, List<byte[]> packs) {
    MessageDigest sha256;
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JVM has no SHA-256", e);
    }
    sha256.update(file);
    for (byte[] pack : packs) {
      sha256.update((byte) 0); // no byte of a text: what is file and what is pack stays clear
      sha256.update(pack);
    }
    return HexFormat.of().formatHex(sha256.digest());
  }

  /** Decides one call. Never throws, whatever the input. */
  public Decision decide(CallFacts facts) {
    try {
      return new Evaluation(file, facts, surroundings, null).decide();
    } catch (Throwable fault) {
      return failed(facts);
    }
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
      return new Hold(decision, ledger, nowNs, false);
    }
    boolean enforcing = mode() == Mode.ENFORCE;
    Ledger.Breach breach = ledger.take(charges, enforcing, nowNs);
    if (breach == null) {
      return new Hold(decision, ledger, nowNs, true);
    }
    boolean refused = enforcing && !breach.charge().rule().observed();
    boolean tells = breach.effect().compareTo(decision.effect()) > 0;
    return new Hold(
        refused || tells ? decision.limited(refused, breach) : decision, ledger, nowNs, !refused);
  }

  /** Decides one call and tells how. For people: slower than {@link #decide}, may throw. */
  public Explanation explain(CallFacts facts) {
    List<Explanation.RuleTrace> trace = new ArrayList<>();
    Evaluation evaluation = new Evaluation(file, facts, surroundings, trace);
    Decision decision = evaluation.decide();
    return new Explanation(decision, evaluation.notes(), trace);
  }

  /** The class of a call by method, URL and headers; the body is not needed. Never throws. */
  public CallClass classify(CallFacts facts) {
    try {
      return new Evaluation(file, facts, surroundings, null).classify();
    } catch (Throwable fault) {
      return CallClass.UNKNOWN;
    }
  }

  /** What {@code on-error} says; must not fail itself, so it looks at the method only. */
  private Decision failed(CallFacts facts) {
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
    return file.defaults().mode();
  }

  /** What a person should look at, though the file is valid. */
  public List<Problem> warnings() {
    return warnings;
  }

  /** Longer bodies are not read: {@link BodyState#TOO_LARGE}. */
  public int inspectUpToBytes() {
    return file.defaults().inspectUpToBytes();
  }

  /** What happens when the agent itself fails. */
  public Fallback onError() {
    return file.defaults().onError();
  }

  /** What happens when no journal takes the record. */
  public Fallback onJournalDown() {
    return file.defaults().onJournalDown();
  }

  /** What is redacted in log lines, in observe mode too. */
  public Redaction logs() {
    return file.logs();
  }

  /** What is to be redacted in responses; no part acts on it yet. */
  public Redaction responses() {
    return file.kept().responses();
  }

  /** Whether a placeholder of redaction may be written back; no part acts on it yet. */
  public boolean isWriteBackDenied() {
    return file.kept().writeBackDenied();
  }

  /** The policies of {@code approvals}, by name. */
  public Map<String, ApprovalPolicy> approvals() {
    return file.kept().approvals();
  }

  public List<Alert> alerts() {
    return file.kept().alerts();
  }

  public Retention retention() {
    return file.kept().retention();
  }

  /** What is redacted in every outgoing call. */
  public Redaction outgoing() {
    return file.outgoing();
  }
}
