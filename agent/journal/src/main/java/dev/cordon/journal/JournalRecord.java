package dev.cordon.journal;

import dev.cordon.journal.seal.Rotation;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One record, filled by the thread that decides and encoded there before it is handed over. It has
 * room for names, codes and numbers only: no body, header, query, raw path or text has a place in
 * it, and a name that does not look like one is kept as {@code other}. The one exception is {@link
 * #evidence}, which is written encrypted or not at all. Not thread-safe; not to be changed after
 * {@link Journal#append}. One that was {@linkplain #reused taken} to save its making is not to be
 * touched at all from then on, but when the journal did not take it.
 */
public final class JournalRecord {

  static final int MAX_RULES = 8;
  static final int MAX_FIELDS = 16;
  static final int MAX_OPERATIONS = 8;
  static final int MAX_FINDINGS = 16;
  private static final int USUAL_FINDINGS = 4;
  static final int MAX_ATTRIBUTE_BYTES = 256;

  /** Of a text that is kept as evidence; with what encryption adds it is 2,048 in the record. */
  public static final int MAX_EVIDENCE_BYTES = 2048 - EvidenceField.OVERHEAD_BYTES;

  /** Attributes that {@link JournalEntry} has a word for. */
  static final String NO_EVIDENCE = "no-evidence";

  static final String EVIDENCE_CUT = "evidence-cut";

  private static final int TRACEPARENT_CHARS = 55;
  private static final int TRACE_AT = 3;
  private static final int SPAN_AT = 36;

  static final long ABSENT = -1;

  private static final long[] NO_PRINTS = {};
  private static final byte[] NO_VALUES = {};

  private static final RecordPool POOL = new RecordPool();

  RecordKind kind;
  private boolean reused;
  private boolean lent; // since it was asked for, until a journal took it
  @Nullable UUID requestId;
  long traceHigh;
  long traceLow;
  long span; // 0: no trace
  @Nullable String library;
  @Nullable String destination;
  @Nullable String method;
  @Nullable String operation;
  @Nullable String actor;
  @Nullable String route;
  @Nullable String decidedFor;
  List<String> operations = List.of();
  boolean hasBasis;
  int basisFlags;
  int basisMethods;
  int basisWords;
  long basisClasses;
  long basisRedactions;
  int basisCount;
  long[] basisPrints = NO_PRINTS;
  byte[] basisValues = NO_VALUES;
  @Nullable String currency;
  int moneyForm;
  long money;
  @Nullable String callClass;
  @Nullable String decision;
  List<String> rules = List.of();
  @Nullable String reason;
  long policy;
  List<String> fields = List.of();
  int findings;
  @Nullable String @Nullable [] findingLabels;
  int @Nullable [] findingCounts;
  long requestBytes = ABSENT;
  long responseBytes = ABSENT;
  int status;
  @Nullable String error;
  long latencyNs = ABSENT;
  long costNs = ABSENT;
  @Nullable String subject;
  byte @Nullable [] pseudonym;
  byte @Nullable [] evidence;
  boolean observe;
  boolean truncated;
  @Nullable List<String> attributes; // name, value, name, value ...
  int attributeBytes;

  public JournalRecord(RecordKind kind) {
    this.kind = kind;
  }

  /**
   * As a new one, but perhaps one that a journal is done with: making it allocates nothing. It
   * belongs to the journal that takes it; who does not hand it over may forget it.
   */
  public static JournalRecord reused(RecordKind kind) {
    JournalRecord record = POOL.take();
    if (record == null) {
      record = new JournalRecord(kind);
      record.reused = true;
    }
    record.lent = true;
    record.kind = kind;
    return record;
  }

  /** The journal has written it out of here. Does nothing for one that is not to be used again. */
  void release() {
    if (lent) { // else two threads would have it
      lent = false;
      clear();
      POOL.give(this);
    }
  }

  /** It was handed over before, and may be somebody else's by now. */
  boolean isGivenBack() {
    return reused && !lent;
  }

  /** Nothing of this record may show in the next one, nor stay in memory because of it. */
  private void clear() {
    requestId = null;
    traceHigh = 0;
    traceLow = 0;
    span = 0;
    library = null;
    destination = null;
    method = null;
    operation = null;
    actor = null;
    route = null;
    decidedFor = null;
    operations = List.of();
    hasBasis = false;
    basisFlags = 0;
    basisMethods = 0;
    basisWords = 0;
    basisClasses = 0;
    basisRedactions = 0;
    basisCount = 0;
    basisPrints = NO_PRINTS;
    basisValues = NO_VALUES;
    currency = null;
    moneyForm = 0;
    money = 0;
    callClass = null;
    decision = null;
    rules = List.of();
    reason = null;
    policy = 0;
    fields = List.of();
    @Nullable String[] labels = findingLabels;
    int[] counts = findingCounts;
    if (labels != null && counts != null) {
      for (int i = 0; i < findings; i++) {
        labels[i] = null;
        counts[i] = 0;
      }
    }
    findings = 0;
    requestBytes = ABSENT;
    responseBytes = ABSENT;
    status = 0;
    error = null;
    latencyNs = ABSENT;
    costNs = ABSENT;
    subject = null;
    pseudonym = null;
    evidence = null;
    observe = false;
    truncated = false;
    if (attributes != null) {
      attributes.clear();
    }
    attributeBytes = 0;
  }

  /**
   * Somebody asks about a person, or has a person erased.
   *
   * @param request what the request is known by
   * @throws IllegalArgumentException if a journal would not keep the reason or the name
   */
  public static JournalRecord ofPerson(
      RecordKind kind,
      byte[] pseudonym,
      String request,
      String reason,
      int maxReasonChars,
      String who) {
    Pruner.checkTold(reason, maxReasonChars, who);
    return new JournalRecord(kind)
        .pseudonym(pseudonym)
        .actor(who)
        .own("request", request)
        .attribute("why", reason);
  }

  /** The keys of all persons for days up to one are destroyed. */
  public static JournalRecord ofDestroyedKeys(
      LocalDate through, long epoch, long keys, String why, String who) {
    Pruner.checkTold(why, Pruner.MAX_WHY_CHARS, who);
    return new JournalRecord(RecordKind.KEY_DESTROY)
        .actor(who)
        .own("through", through.toString())
        .attribute("epoch", epoch)
        .attribute("keys", keys)
        .attribute("why", why);
  }

  /** One key seals from now on, which follows another. */
  public static JournalRecord ofRotation(Rotation.Told told) {
    return new JournalRecord(RecordKind.KEY_ROTATE)
        .own("to", told.next().label())
        .own("from", told.old().label())
        .own("since", told.since().toString());
  }

  /**
   * The keys of persons are put under another evidence key, or were.
   *
   * @param from the id of the old one
   * @param state {@code begun}, {@code done}
   * @throws IllegalArgumentException if a journal would not keep the reason or the name
   */
  public static JournalRecord ofRotatedKeys(
      String from, String to, String state, long keys, String why, String who) {
    Pruner.checkTold(why, Pruner.MAX_WHY_CHARS, who);
    return new JournalRecord(RecordKind.KEY_ROTATE)
        .actor(who)
        .own("part", "evidence")
        .own("from", from)
        .own("to", to)
        .own("state", state)
        .attribute("keys", keys)
        .attribute("why", why);
  }

  /** Pairs what was decided with what came of it. */
  public JournalRecord requestId(UUID id) {
    requestId = id;
    return this;
  }

  /**
   * Of which trace the call is a part, from the value of its {@code traceparent} header (W3C Trace
   * Context). What is none is not kept, nor are ids of decimal digits alone: they are random, and
   * one that is not may be somebody's number.
   */
  public JournalRecord trace(@Nullable String traceparent) {
    if (traceparent == null
        || traceparent.length() != TRACEPARENT_CHARS
        || !traceparent.startsWith("00-")
        || traceparent.charAt(SPAN_AT - 1) != '-'
        || traceparent.charAt(SPAN_AT + 16) != '-'
        || !isRandomHex(traceparent, TRACE_AT, SPAN_AT - 1)
        || !isRandomHex(traceparent, SPAN_AT, SPAN_AT + 16)) {
      return this;
    }
    traceHigh = Long.parseUnsignedLong(traceparent, TRACE_AT, TRACE_AT + 16, 16);
    traceLow = Long.parseUnsignedLong(traceparent, TRACE_AT + 16, SPAN_AT - 1, 16);
    span = Long.parseUnsignedLong(traceparent, SPAN_AT, SPAN_AT + 16, 16);
    return this;
  }

  private static boolean isRandomHex(String text, int from, int to) {
    boolean letter = false;
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      letter |= c >= 'a' && c <= 'f';
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return false;
      }
    }
    return letter; // so that it is not all zero either, which is no id
  }

  public JournalRecord library(String name) {
    library = name;
    return this;
  }

  /** Host and port, for example {@code api.example.com:443}. */
  public JournalRecord destination(String hostPort) {
    destination = hostPort;
    return this;
  }

  /** HTTP method; one outside {@link Vocabulary} is kept as {@code other}. */
  public JournalRecord method(String name) {
    method = name;
    return this;
  }

  /** A pack's operation or a route template, never the raw path. */
  public JournalRecord operation(String name) {
    operation = name;
    return this;
  }

  /** Whether a journal keeps the name of an actor as it is, and not as {@code other}. */
  public static boolean isActor(String name) {
    return NameGuard.isName(NameGuard.Category.ACTOR, name);
  }

  /** Who calls, by a name of our own configuration. */
  public JournalRecord actor(String name) {
    actor = name;
    return this;
  }

  /** The path with {@code *} for every segment that is no word of an API. */
  public JournalRecord route(String template) {
    route = template;
    return this;
  }

  /** What a body of GraphQL, JSON-RPC or SOAP asks for, by name. */
  public JournalRecord operations(List<String> names) {
    operations = names;
    return this;
  }

  /** The host and port of a Host header, where the decision is the one for that host. */
  public JournalRecord decidedFor(String hostPort) {
    decidedFor = hostPort;
    return this;
  }

  public JournalRecord basis(Basis of) {
    return basis(
        of.flags(),
        of.methods(),
        of.words(),
        of.classes(),
        of.redactions(),
        of.count(),
        of.prints(),
        of.values());
  }

  /** As the other one, without a {@link Basis}; the arrays are read when it is appended. */
  public JournalRecord basis(
      int flags,
      int methods,
      int words,
      long classes,
      long redactions,
      int count,
      long[] prints,
      byte[] values) {
    hasBasis = true;
    basisFlags = flags;
    basisMethods = methods;
    basisWords = words;
    basisClasses = classes;
    basisRedactions = redactions;
    basisCount = count;
    basisPrints = prints;
    basisValues = values;
    return this;
  }

  /** Money that a rule compared, in thousandths of the currency's unit. */
  public JournalRecord money(long thousandths, String currencyCode) {
    moneyForm = Layout.MONEY_EXACT;
    money = thousandths;
    currency = currencyCode;
    return this;
  }

  /** Money that no rule compared: only the power of two below it is kept. */
  public JournalRecord moneyRange(long thousandths, String currencyCode) {
    moneyForm = Layout.MONEY_RANGE;
    money = Long.highestOneBit(Math.max(0, thousandths));
    currency = currencyCode;
    return this;
  }

  /** {@code read}, {@code write} ...; see {@link Vocabulary}. */
  public JournalRecord callClass(String name) {
    callClass = name;
    return this;
  }

  /** {@code allow}, {@code deny}, {@code would_deny} ...; see {@link Vocabulary}. */
  public JournalRecord decision(String name) {
    decision = name;
    return this;
  }

  /** The rules that matched, the determining one first. */
  public JournalRecord rules(List<String> ids) {
    rules = ids;
    return this;
  }

  public JournalRecord reason(String code) {
    reason = code;
    return this;
  }

  public JournalRecord policy(long first8BytesOfDigest) {
    policy = first8BytesOfDigest;
    return this;
  }

  /** The names of body fields, never what they hold. */
  public JournalRecord fields(List<String> names) {
    fields = names;
    return this;
  }

  /** How many findings of one kind there were; counts of the same kind add up. */
  public JournalRecord finding(String kindLabel, int count) {
    @Nullable String[] labels = findingLabels;
    int[] counts = findingCounts;
    if (labels == null || counts == null) {
      labels = new String[USUAL_FINDINGS];
      counts = new int[USUAL_FINDINGS];
    }
    for (int i = 0; i < findings; i++) {
      if (kindLabel.equals(labels[i])) {
        counts[i] += count;
        return this;
      }
    }
    if (findings == MAX_FINDINGS) {
      truncated = true;
      return this;
    }
    if (findings == labels.length) {
      labels = Arrays.copyOf(labels, MAX_FINDINGS);
      counts = Arrays.copyOf(counts, MAX_FINDINGS);
    }
    labels[findings] = kindLabel;
    counts[findings] = count;
    findings++;
    findingLabels = labels;
    findingCounts = counts;
    return this;
  }

  public JournalRecord findings(Map<String, Integer> countByKindLabel) {
    for (Map.Entry<String, Integer> one : countByKindLabel.entrySet()) {
      finding(one.getKey(), one.getValue());
    }
    return this;
  }

  public JournalRecord requestBytes(long bytes) {
    requestBytes = bytes;
    return this;
  }

  public JournalRecord responseBytes(long bytes) {
    responseBytes = bytes;
    return this;
  }

  /** HTTP status; 0 is none. */
  public JournalRecord status(int code) {
    status = code;
    return this;
  }

  /** The class of what was thrown, never its message. */
  public JournalRecord error(String className) {
    error = className;
    return this;
  }

  public JournalRecord latencyNs(long ns) {
    latencyNs = ns;
    return this;
  }

  /** Time that Cordon itself took. */
  public JournalRecord costNs(long ns) {
    costNs = ns;
    return this;
  }

  /** The decision was observed, not enforced. */
  public JournalRecord observe(boolean only) {
    observe = only;
    return this;
  }

  /**
   * Whom the call is about, as it names them. Kept as a pseudonym, and only by a journal that keeps
   * evidence.
   */
  public JournalRecord subject(String name) {
    subject = name;
    return this;
  }

  /** The pseudonym of a person, from who has the key. */
  public JournalRecord pseudonym(byte[] of) {
    pseudonym = of.clone();
    return this;
  }

  /**
   * A part of the redacted body of the call, at most {@link #MAX_EVIDENCE_BYTES}; null: none. It is
   * encrypted for the {@link #subject} before it reaches a disk, or left out.
   */
  public JournalRecord evidence(byte @Nullable [] redactedText) {
    evidence = redactedText;
    return this;
  }

  /**
   * As the other one.
   *
   * @param cutBytes how many the text is shorter than what it is of: told in the record
   */
  public JournalRecord evidence(byte[] redactedText, long cutBytes) {
    return cutBytes == 0
        ? evidence(redactedText)
        : evidence(redactedText).attribute(EVIDENCE_CUT, cutBytes);
  }

  /** There was something that could have been evidence; the record tells why it is none. */
  public JournalRecord withoutEvidence(String why) {
    evidence = null;
    return attribute(NO_EVIDENCE, why);
  }

  /**
   * A word of our own vocabulary: a version, the name of a rule file or hook, a digest, a count.
   * Never customer data.
   */
  public JournalRecord attribute(String name, String value) {
    return add(name, NameGuard.isAttributeValue(value) ? value : NameGuard.OTHER);
  }

  /**
   * A number of our own, a serial or a count: as a text, one of eight digits would be taken for
   * somebody's.
   */
  public JournalRecord attribute(String name, long number) {
    return add(name, Long.toString(number));
  }

  /** The name of a directory that this process made, or a hash. */
  JournalRecord own(String name, String value) {
    return add(name, value);
  }

  private JournalRecord add(String name, String safeValue) {
    String safeName = NameGuard.isAttributeName(name) ? name : NameGuard.OTHER;
    int bytes = 2 + safeName.length() + safeValue.length();
    if (attributeBytes + bytes > MAX_ATTRIBUTE_BYTES) {
      truncated = true;
      return this;
    }
    if (attributes == null) {
      attributes = new ArrayList<>(4);
    }
    attributes.add(safeName);
    attributes.add(safeValue);
    attributeBytes += bytes;
    return this;
  }
}
