package dev.cordon.enforcement;

import dev.cordon.bootstrap.Admission;
import dev.cordon.bootstrap.Body;
import dev.cordon.bootstrap.Gate;
import dev.cordon.bootstrap.Header;
import dev.cordon.bootstrap.OutgoingCall;
import dev.cordon.bootstrap.Passed;
import dev.cordon.journal.Appended;
import dev.cordon.journal.JournalRecord;
import dev.cordon.journal.Level;
import dev.cordon.journal.RecordKind;
import dev.cordon.redaction.Prompt;
import dev.cordon.redaction.RedactionKey;
import dev.cordon.redaction.TokenVault;
import dev.cordon.rules.ApprovalPolicy;
import dev.cordon.rules.BodyState;
import dev.cordon.rules.CallClass;
import dev.cordon.rules.CallFacts;
import dev.cordon.rules.Caller;
import dev.cordon.rules.Decision;
import dev.cordon.rules.Effect;
import dev.cordon.rules.HandOver;
import dev.cordon.rules.Hold;
import dev.cordon.rules.Mode;
import dev.cordon.rules.Origins;
import dev.cordon.rules.Redaction;
import dev.cordon.rules.RuleSet;
import dev.cordon.rules.Said;
import dev.cordon.rules.Trail;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides each outgoing call and redacts each log line. {@link #admit} is the main path: read,
 * decide, redact, record, answer. Called on the application's threads, any number at once; holds no
 * lock. Each call and each line is handled by one {@link Snapshot}, the one at its entry.
 */
public final class CallGuard implements Gate.Guard {

  /**
   * How long a write waits for its record to be in the page cache. The journal opens in the
   * background, which takes up to a second on a busy machine; after that a commit takes 25-40 us.
   */
  static final long COMMIT_TIMEOUT_NS = 5_000_000_000L;

  /** How long a read waits for a place in the ring. */
  static final long ACCEPT_TIMEOUT_NS = 50_000_000L;

  /** A hook that is missing withholds every line: one record a second says so. */
  private static final long WITHHELD_EVERY_NS = 1_000_000_000L;

  private final Recorder recorder;
  private final LongSupplier nanoClock;
  private final FaultLog faultLog;
  private final Caller caller;
  private final @Nullable RedactionKey redactionKey;
  private volatile @Nullable TokenVault vault; // from the first call that needs it: starts are dear
  private final Counters counters = new Counters();
  private final AtomicLong withheldToldNs;
  private volatile Snapshot snapshot;

  /** A guard of an unknown caller. */
  public CallGuard(RuleSet rules, Recorder recorder, LongSupplier nanoClock, FaultLog faultLog) {
    this(rules, recorder, nanoClock, faultLog, Caller.UNKNOWN);
  }

  /** A guard without a key: redactions that need one put placeholders. */
  public CallGuard(
      RuleSet rules, Recorder recorder, LongSupplier nanoClock, FaultLog faultLog, Caller caller) {
    this(rules, recorder, nanoClock, faultLog, caller, null);
  }

  /**
   * @param redactionKey of pseudonyms and of tokens that can be opened; null: there is none
   */
  public CallGuard(
      RuleSet rules,
      Recorder recorder,
      LongSupplier nanoClock,
      FaultLog faultLog,
      Caller caller,
      @Nullable RedactionKey redactionKey) {
    this.caller = caller;
    this.redactionKey = redactionKey;
    this.recorder = recorder;
    this.nanoClock = nanoClock;
    this.faultLog = faultLog;
    this.withheldToldNs = new AtomicLong(nanoClock.getAsLong() - WITHHELD_EVERY_NS);
    this.snapshot = new Snapshot(rules, recorder, nanoClock, counters, redactionKey);
    if (recorder.keepsEvidence()) {
      Evidence.prepare();
    }
  }

  /** From now on these rules decide; calls that are under way end under those they began with. */
  public void activate(RuleSet rules) {
    Snapshot next = new Snapshot(rules, recorder, nanoClock, counters, redactionKey);
    Snapshot last = snapshot;
    snapshot = next;
    last.logGuard.retire();
  }

  /** The rules in force. */
  public RuleSet rules() {
    return snapshot.rules;
  }

  public Counters counters() {
    return counters;
  }

  @Override
  public Admission admit(OutgoingCall call) throws Passed, IOException {
    long startedNs = nanoClock.getAsLong();
    counters.calls.increment();
    if (!isReadMethod(call.method())) {
      recorder.expect();
    }
    UUID id = RequestIds.next();
    Reading reading = read(call, snapshot);
    if (reading.by().asksForSecrets) {
      Credentials.learn(reading.by().rules.origins(), reading.headers());
    }
    Trail trail = new Trail();
    Decision decision = reading.by().rules.decide(reading.facts(), trail);
    boolean refuse = decision.blocks();
    Prompt prompt = refuse ? null : prompt(reading, decision);
    Outgoing.Changes changes =
        refuse ? Outgoing.Changes.NONE : redact(call, reading, decision, prompt);
    if (!refuse) {
      trail.scanned(changes.scan(), reading.coding() != ContentCoding.IDENTITY);
    }
    if (refuse || changes.isRefused()) {
      return refuse(id, call, reading, decision, trail, changes, startedNs);
    }
    Hold hold = reading.by().rules.hold(decision);
    trail.held(hold);
    decision = hold.decision();
    if (decision.blocks()) {
      return refuse(id, call, reading, decision, trail, Outgoing.Changes.NONE, startedNs);
    }
    JournalRecord record = record(id, call, reading, decision, trail, changes);
    if (!journaled(record, reading.by().rules, decision, startedNs)) {
      hold.release();
      return refuseUnjournaled(id, record, decision);
    }
    return proceed(id, call, reading, hold, changes, prompt);
  }

  // ---- read

  /**
   * The call as the rules see it: the body decoded, or why it is not.
   *
   * @param by which version of the rules sees it
   */
  private record Reading(
      Snapshot by,
      String url,
      List<Header> headers,
      Body body,
      ContentCoding coding,
      CallFacts facts) {}

  private Reading read(OutgoingCall call, Snapshot by) throws Passed {
    String url = call.url();
    List<Header> headers = call.headers();
    int limitBytes = by.rules.inspectUpToBytes();
    Body body = call.body(limitBytes);
    ContentCoding coding = ContentCoding.of(value(headers, "Content-Encoding"));
    ContentCoding.Decoded decoded = decoded(body, coding, limitBytes);
    CallFacts facts =
        new CallFacts(call.method(), url, flat(headers), decoded.state(), decoded.bytes(), caller);
    return new Reading(by, url, headers, body, coding, facts);
  }

  private static ContentCoding.Decoded decoded(Body body, ContentCoding coding, int limitBytes) {
    return switch (body.state()) {
      case NONE -> ContentCoding.Decoded.without(BodyState.NONE);
      case TOO_LARGE -> ContentCoding.Decoded.without(BodyState.TOO_LARGE);
      case UNREADABLE -> ContentCoding.Decoded.without(BodyState.UNREADABLE);
      case READ ->
          body.bytes().length == 0
              ? ContentCoding.Decoded.without(BodyState.NONE)
              : coding.decode(body.bytes(), limitBytes);
    };
  }

  private static @Nullable String value(List<Header> headers, String name) {
    String found = null;
    for (int i = 0; i < headers.size(); i++) {
      Header header = headers.get(i);
      if (header.name().equalsIgnoreCase(name)) {
        found = found == null ? header.value() : found + ", " + header.value();
      }
    }
    return found;
  }

  private static List<String> flat(List<Header> headers) {
    List<String> flat = new ArrayList<>(headers.size() * 2);
    for (int i = 0; i < headers.size(); i++) {
      flat.add(headers.get(i).name());
      flat.add(headers.get(i).value());
    }
    return flat;
  }

  // ---- redact

  /**
   * What makes tokens of the values in a call to a model; null where the rules want none. The
   * tokens of a conversation are good for all its calls, others for their own call alone: nobody
   * else's value comes back in it.
   */
  private @Nullable Prompt prompt(Reading reading, Decision decision) {
    List<Redaction> redactions = decision.redactions();
    RuleSet rules = reading.by().rules;
    if (!Orders.haveVault(redactions) || rules.mode() == Mode.OBSERVE) {
      return null;
    }
    String conversation = rules.conversation(reading.facts());
    String scope = decision.destination() + '\n' + caller.actor();
    return new Prompt(
        conversation.isEmpty()
            ? vault().ofOneCall(scope)
            : vault().conversation(scope + '\n' + conversation),
        Orders.restored(redactions));
  }

  private TokenVault vault() {
    TokenVault current = vault;
    return current == null ? makeVault() : current;
  }

  private synchronized TokenVault makeVault() {
    TokenVault current = vault;
    if (current == null) {
      current = new TokenVault(nanoClock);
      vault = current;
    }
    return current;
  }

  private Outgoing.Changes redact(
      OutgoingCall call, Reading reading, Decision decision, @Nullable Prompt prompt)
      throws IOException {
    boolean observing = reading.by().rules.mode() == Mode.OBSERVE;
    Outgoing outgoing = reading.by().outgoing;
    if (call.isFramingAmbiguous() || isBroken(reading.headers())) {
      Outgoing.Changes refused =
          Outgoing.Changes.NONE.refusedFor(Outgoing.Objection.MALFORMED_HEADER);
      return observing ? refused.wouldBe() : refused;
    }
    Outgoing.Changes found =
        outgoing.scan(reading.url(), reading.headers(), reading.facts(), decision, prompt);
    if (found.isNothing()) {
      return found;
    }
    if (found.refusal() == null
        && found.isChange()
        && Signature.covers(reading.headers(), reading.url(), reading.facts().body())) {
      found = outgoing.signed(reading.url(), reading.headers(), reading.facts(), decision, found);
    }
    if (observing) {
      return found.wouldBe();
    }
    if (found.refusal() != null) {
      return found;
    }
    return found.encoded(reading.coding());
  }

  /**
   * A line break in a header begins another header, or another request that nobody decided; so does
   * the body when a proxy on the way takes the header with its length away.
   */
  private static boolean isBroken(List<Header> headers) {
    for (int i = 0; i < headers.size(); i++) {
      Header header = headers.get(i);
      if (hasLineBreak(header.name())
          || hasLineBreak(header.value())
          || (header.name().equalsIgnoreCase("Connection") && namesLength(header.value()))) {
        return true;
      }
    }
    return false;
  }

  private static boolean namesLength(String connectionOptions) {
    for (int i = 0; i < connectionOptions.length(); i++) {
      if (connectionOptions.regionMatches(true, i, "content-length", 0, 14)
          || connectionOptions.regionMatches(true, i, "transfer-encoding", 0, 17)) {
        return true;
      }
    }
    return false;
  }

  private static boolean hasLineBreak(String text) {
    return text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0 || text.indexOf('\0') >= 0;
  }

  // ---- record

  private JournalRecord record(
      UUID id,
      OutgoingCall call,
      Reading reading,
      Decision decision,
      Trail trail,
      Outgoing.Changes changes) {
    JournalRecord record =
        JournalRecord.reused(RecordKind.CALL_REQUEST)
            .requestId(id)
            .trace(value(reading.headers(), "traceparent"))
            .library(call.library())
            .destination(Urls.authority(reading.url()))
            .method(call.method())
            .operation(decision.operation())
            .callClass(decision.callClass().code())
            .decision(label(decision, changes))
            .rules(decision.ruleIds())
            .reason(decision.reason().code())
            .policy(reading.by().policy)
            .fields(trail.fields())
            .actor(trail.actor())
            .route(trail.route())
            .operations(trail.operations())
            .basis(
                trail.flags(),
                trail.methods(),
                trail.words(),
                trail.classes(),
                trail.redactions(),
                trail.count(),
                trail.prints(),
                trail.values())
            .requestBytes(reading.body().length())
            .observe(reading.by().rules.mode() == Mode.OBSERVE);
    if (!trail.decidedFor().isEmpty()) {
      record.decidedFor(trail.decidedFor());
    }
    if (trail.money() >= 0) {
      if (trail.moneyCompared()) {
        record.money(trail.money(), trail.currency());
      } else {
        record.moneyRange(trail.money(), trail.currency());
      }
    }
    HandOver handOver = decision.handOver();
    if (handOver != null && !handOver.queue().isEmpty()) {
      record.attribute("queue", handOver.queue());
    }
    ApprovalPolicy approval = decision.approval();
    if (approval != null) {
      record.attribute("approval", String.join(" ", approval.names()));
    }
    changes.countInto(record);
    if (!trail.subject().isEmpty() && recorder.keepsEvidence()) {
      addEvidence(record, reading, decision, trail);
    }
    return record;
  }

  /** A call whose subject is known has a pseudonym; a write, or one that is refused, a text. */
  private void addEvidence(JournalRecord record, Reading reading, Decision decision, Trail trail) {
    record.subject(trail.subject());
    if (decision.callClass() == CallClass.READ && decision.effect() == Effect.ALLOW) {
      return;
    }
    try {
      reading.by().evidence.add(record, reading.facts(), value(reading.headers(), "Content-Type"));
    } catch (Throwable t) { // the call is decided without it
      record.withoutEvidence("failed");
      fault("evidence", t);
    }
  }

  private static String label(Decision decision, Outgoing.Changes changes) {
    return switch (decision.effect()) {
      case ALLOW -> changes.label();
      case APPROVE -> decision.enforced() ? "approve-wait" : "would_approve-wait";
      case ESCALATE -> decision.enforced() ? "escalate" : "would_escalate";
      case DENY, FORBID -> decision.enforced() ? "deny" : "would_deny";
    };
  }

  /** Appends the record of a call that may leave; false when it must not leave unrecorded. */
  private boolean journaled(
      JournalRecord record, RuleSet rules, Decision decision, long startedNs) {
    boolean read = decision.callClass() == CallClass.READ;
    record.costNs(nanoClock.getAsLong() - startedNs);
    Appended appended =
        read
            ? recorder.append(record, Level.ACCEPTED, ACCEPT_TIMEOUT_NS)
            : recorder.append(record, Level.COMMITTED, COMMIT_TIMEOUT_NS);
    if (appended != Appended.FAILED) {
      return true;
    }
    counters.unjournaled.increment();
    return rules.mode() == Mode.OBSERVE || rules.onJournalDown().allows(decision.callClass());
  }

  // ---- answer

  private Admission proceed(
      UUID id,
      OutgoingCall call,
      Reading reading,
      Hold hold,
      Outgoing.Changes changes,
      @Nullable Prompt prompt) {
    Admission.Outcome outcome =
        new CallOutcome(
            id,
            call.library(),
            Urls.authority(reading.url()),
            hold,
            recorder,
            nanoClock,
            counters,
            reading.by().policy);
    Admission admission;
    if (changes.isChange()) {
      counters.rewritten.increment();
      admission = Admission.rewritten(changes.url(), changes.headers(), changes.body(), outcome);
    } else {
      admission = Admission.proceed(outcome);
    }
    Responses responses = reading.by().responses;
    boolean restores = prompt != null && prompt.isRestoring();
    Origins.Source source =
        reading.by().originsOfAnswers.isEmpty()
            ? null
            : reading.by().originsOfAnswers.get(hold.decision().destination());
    if (responses == null && !restores && source == null) {
      return admission;
    }
    return admission.answeredThrough(
        new ResponseGuard(
            new ResponseGuard.Call(
                id,
                call.library(),
                call.method(),
                Urls.authority(reading.url()),
                hold.decision().operation(),
                hold.decision().callClass().code()),
            responses == null ? Responses.unredacted(reading.by().policy) : responses,
            restores ? prompt : null,
            source == null ? null : learning(reading, hold.decision(), changes, source),
            new ResponseGuard.Telling(recorder, counters, faultLog)));
  }

  /**
   * What a write is answered is what it wrote; what was sent in place of a text is no text of a
   * CRM. The call is decided and on record: a fault here must not take its response filter away.
   */
  private ResponseGuard.Learning learning(
      Reading reading, Decision decision, Outgoing.Changes changes, Origins.Source source) {
    Origins origins = reading.by().rules.origins();
    Said said = null;
    if (decision.callClass() == CallClass.READ && !changes.isChange()) {
      try {
        said = Said.in(reading.facts(), origins, source);
      } catch (Throwable t) { // then no whole value of the answer counts
        fault("origins", t);
      }
    }
    return new ResponseGuard.Learning(origins, source, said);
  }

  private Admission refuse(
      UUID id,
      OutgoingCall call,
      Reading reading,
      Decision decision,
      Trail trail,
      Outgoing.Changes changes,
      long startedNs) {
    counters.refused.increment();
    Outgoing.Objection objection = changes.refusal();
    try {
      JournalRecord record = record(id, call, reading, decision, trail, changes);
      if (objection != null) {
        record.decision("deny").reason(objection.reason());
      }
      append(record, startedNs);
    } catch (Throwable t) { // what is refused stays refused, whatever fails while it is told
      untold(t);
    }
    return refused(id, decision, objection);
  }

  /**
   * The journal did not take the record in time. Should it have taken it all the same, the record
   * says that the call may leave, so a second one tells what became of it; nobody waits for that.
   */
  private Admission refuseUnjournaled(UUID id, JournalRecord record, Decision decision) {
    counters.refused.increment();
    Outgoing.Objection objection = Outgoing.Objection.JOURNAL_DOWN;
    try {
      recorder.append(
          record.withoutEvidence("journal-down").decision("deny").reason(objection.reason()),
          Level.ACCEPTED,
          0);
    } catch (Throwable t) {
      untold(t);
    }
    return refused(id, decision, objection);
  }

  private void untold(Throwable t) {
    counters.unjournaled.increment();
    fault("refusal", t);
  }

  private Admission refused(UUID id, Decision decision, Outgoing.@Nullable Objection objection) {
    try {
      return Admission.refused(
          objection == null
              ? Refusals.of(id, decision)
              : Refusals.of(
                  id,
                  objection.rule(),
                  objection.reason(),
                  objection.help(),
                  decision.refuseWithException(),
                  decision.shape()));
    } catch (Throwable t) { // out of stack or memory: answer with what was made beforehand
      return lastResort;
    }
  }

  /** A refusal stands whether or not a journal takes its record. */
  private void append(JournalRecord record, long startedNs) {
    record.costNs(nanoClock.getAsLong() - startedNs);
    if (recorder.append(record, Level.COMMITTED, COMMIT_TIMEOUT_NS) == Appended.FAILED) {
      counters.unjournaled.increment();
    }
  }

  // ---- faults of our own

  @Override
  public Admission undecided(
      String library,
      @Nullable String method,
      @Nullable String url,
      List<Header> headers,
      Throwable fault) {
    Snapshot by = snapshot;
    RuleSet rules = by.rules;
    boolean read = isRead(rules, method, url, headers);
    boolean passes =
        rules.mode() == Mode.OBSERVE
            || (read ? rules.onError().readAllowed() : rules.onError().writeAllowed());
    try {
      counters.faults.increment();
      UUID id = RequestIds.next();
      JournalRecord record =
          new JournalRecord(RecordKind.AGENT_FAULT)
              .requestId(id)
              .library(library)
              .method(method == null ? "" : method)
              .callClass((read ? CallClass.READ : CallClass.UNKNOWN).code())
              .decision(passes ? "allow" : "deny")
              .reason(FAULT_REASON)
              .policy(by.policy)
              .error(fault.getClass().getName())
              .observe(rules.mode() == Mode.OBSERVE);
      Appended appended =
          recorder.append(record, read ? Level.ACCEPTED : Level.COMMITTED, COMMIT_TIMEOUT_NS);
      if (appended == Appended.FAILED) {
        counters.unjournaled.increment();
        if (passes && !read && rules.mode() == Mode.ENFORCE) {
          passes = rules.onJournalDown().writeAllowed();
        }
      }
      faultLog.fault(library, fault);
      if (passes) {
        return Admission.unguarded();
      }
      counters.refused.increment();
      return Admission.refused(
          Refusals.of(id, "defaults.on-error", FAULT_REASON, FAULT_HELP, false, null));
    } catch (Throwable again) {
      // out of stack or memory: answer with what was made beforehand
      return passes ? Admission.unguarded() : lastResort;
    }
  }

  /**
   * Vendors take writes by GET, too: what the fault left of the call is asked for, and passes as a
   * read only if the rules would let it pass as one.
   */
  private boolean isRead(
      RuleSet rules, @Nullable String method, @Nullable String url, List<Header> headers) {
    if (method == null || !isReadMethod(method) || url == null) {
      return isReadMethod(method);
    }
    try {
      Decision decision =
          rules.decide(
              new CallFacts(method, url, flat(headers), BodyState.NONE, new byte[0], caller),
              new Trail());
      return decision.callClass() == CallClass.READ && !decision.blocks();
    } catch (Throwable again) {
      return false;
    }
  }

  static final String FAULT_REASON = "internal-error";
  private static final String FAULT_HELP =
      "Cordon could not decide this call; see the agent.fault record and the agent's line on"
          + " stderr.";

  private final Admission lastResort =
      Admission.refused(
          Refusals.of(new UUID(0, 0), "defaults.on-error", FAULT_REASON, FAULT_HELP, false, null));

  private static boolean isReadMethod(@Nullable String method) {
    return method != null
        && (method.equals("GET") || method.equals("HEAD") || method.equals("OPTIONS"));
  }

  @Override
  public int bodyLimitBytes() {
    return snapshot.rules.inspectUpToBytes();
  }

  @Override
  public void fault(String where, Throwable fault) {
    try {
      counters.faults.increment();
      recorder.append(
          new JournalRecord(RecordKind.AGENT_FAULT)
              .library(where)
              .reason(FAULT_REASON)
              .policy(snapshot.policy)
              .error(fault.getClass().getName()),
          Level.ACCEPTED,
          ACCEPT_TIMEOUT_NS);
      faultLog.fault(where, fault);
    } catch (Throwable again) {
      // counted already; nothing else can be done on the application's thread
    }
  }

  // ---- log lines

  @Override
  public String line(String text) {
    return snapshot.logGuard.line(text);
  }

  @Override
  public String unscannable(Throwable fault) {
    try {
      counters.withheldLines.increment();
      long nowNs = nanoClock.getAsLong();
      long lastNs = withheldToldNs.get();
      if (nowNs - lastNs >= WITHHELD_EVERY_NS && withheldToldNs.compareAndSet(lastNs, nowNs)) {
        fault("log", fault);
      }
    } catch (Throwable again) {
      // the line is withheld whatever happens
    }
    return LogGuard.WITHHELD;
  }

  /** Writes what has been counted but not yet recorded; called when the JVM stops. */
  public void flush() {
    snapshot.logGuard.flush();
  }
}
