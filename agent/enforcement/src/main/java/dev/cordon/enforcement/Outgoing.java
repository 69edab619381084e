package dev.cordon.enforcement;

import dev.cordon.bootstrap.Header;
import dev.cordon.journal.JournalRecord;
import dev.cordon.redaction.Finding;
import dev.cordon.redaction.Kind;
import dev.cordon.redaction.OwnTypes;
import dev.cordon.redaction.Prompt;
import dev.cordon.redaction.Reach;
import dev.cordon.redaction.RedactionKey;
import dev.cordon.redaction.RedactionPlan;
import dev.cordon.redaction.Redactor;
import dev.cordon.redaction.Scan;
import dev.cordon.rules.BodyState;
import dev.cordon.rules.CallClass;
import dev.cordon.rules.CallFacts;
import dev.cordon.rules.Decision;
import dev.cordon.rules.Redaction;
import dev.cordon.rules.Trail;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds and takes out what must not leave in a call that may leave: in the body, the query and the
 * headers.
 *
 * <p>Secrets are looked for in the body, and in the query and the headers under the names of what
 * people write: any other query parameter or header that holds one may be how the application
 * proves to the vendor who it is, and every call carries it.
 */
final class Outgoing {

  /** Why a call that the rules allow is refused all the same. */
  enum Objection {
    BLOCKED(
        "redaction.outgoing",
        "blocked-content",
        "The body holds a value that the rule file lets nowhere leave; remove it from the call."),
    MALFORMED_HEADER(
        "cordon.framing",
        "malformed-header",
        "A header holds a line break or contradicts the length of the body, so a server could read"
            + " a second request; take line breaks and Transfer-Encoding out of the headers."),
    SIGNED_BODY(
        "redaction.outgoing",
        "signed-body",
        "The call is signed, so a value in it cannot be redacted; remove the value, or let signed"
            + " calls pass with `signed: pass` in the rule file."),
    UNSCANNABLE(
        "redaction.outgoing",
        "body-unreadable",
        "The body cannot be scanned for personal data; send it in a readable charset and coding."),
    JOURNAL_DOWN(
        "defaults.on-journal-down",
        "journal-down",
        "No journal took the record of this call; see the journal directory and its disk.");

    private final String rule;
    private final String reason;
    private final String help;

    Objection(String rule, String reason, String help) {
      this.rule = rule;
      this.reason = reason;
      this.help = help;
    }

    String rule() {
      return rule;
    }

    String reason() {
      return reason;
    }

    String help() {
      return help;
    }
  }

  /**
   * What was found and what the call becomes.
   *
   * @param counts findings by type
   * @param url the new URL, null when it stays
   * @param headers all headers, null when they stay
   * @param body the new body, null when it stays
   * @param unseen why part of the body was not scanned, null when all of it was
   * @param applied false in observe mode: found, but nothing is changed
   * @param passedSigned found, and left in the call because it is signed
   */
  record Changes(
      @Nullable Map<String, Integer> counts,
      @Nullable String url,
      @Nullable List<Header> headers,
      byte @Nullable [] body,
      @Nullable Objection refusal,
      @Nullable Reach unseen,
      boolean applied,
      boolean passedSigned) {

    static final Changes NONE = new Changes(null, null, null, null, null, null, true, false);

    boolean isNothing() {
      return counts == null && refusal == null;
    }

    /** True when the call must not leave for what was found in it. */
    boolean isRefused() {
      return applied && refusal != null;
    }

    boolean isChange() {
      return applied && (url != null || headers != null || body != null);
    }

    Changes wouldBe() {
      return new Changes(counts, url, headers, body, refusal, unseen, false, passedSigned);
    }

    Changes refusedFor(Objection objection) {
      return new Changes(counts, null, null, null, objection, unseen, true, false);
    }

    /** The call leaves as it is, with all that was found. */
    Changes leftForItsSignature() {
      return new Changes(counts, null, null, null, null, unseen, true, true);
    }

    Changes encoded(ContentCoding coding) throws IOException {
      return body == null || coding == ContentCoding.IDENTITY
          ? this
          : new Changes(
              counts, url, headers, coding.encode(body), refusal, unseen, applied, passedSigned);
    }

    String label() {
      boolean changes = url != null || headers != null || body != null;
      if (!applied) {
        return refusal != null ? "would_deny" : changes ? "would_redact" : "allow";
      }
      return changes ? "redacted" : "allow";
    }

    /** What the scan came to, whether or not it is acted on. */
    Trail.Scan scan() {
      Objection objection = refusal;
      if (objection != null) {
        return switch (objection) {
          case BLOCKED -> Trail.Scan.BLOCKED;
          case MALFORMED_HEADER -> Trail.Scan.MALFORMED_HEADER;
          case SIGNED_BODY -> Trail.Scan.SIGNED_BODY;
          case UNSCANNABLE -> Trail.Scan.UNSCANNABLE;
          case JOURNAL_DOWN -> Trail.Scan.NOTHING; // never found by a scan
        };
      }
      if (passedSigned) {
        return Trail.Scan.LEFT_SIGNED;
      }
      return url != null || headers != null || body != null
          ? Trail.Scan.CHANGED
          : Trail.Scan.NOTHING;
    }

    void countInto(JournalRecord record) {
      if (unseen != null) {
        record.attribute("unscanned", unseen.name().toLowerCase(Locale.ROOT).replace('_', '-'));
      }
      if (passedSigned) {
        record.attribute("unredacted", Objection.SIGNED_BODY.reason());
      }
      if (counts != null) {
        record.findings(counts);
      }
    }
  }

  /** The plan for a body and the one for query and headers, which leaves most secrets alone. */
  private record Plans(RedactionPlan body, RedactionPlan edges, boolean edgesScanned) {}

  /** Query parameters, and headers with or without {@code X-}, in which people write. */
  private static final List<String> WRITTEN = written();

  // a rule file makes a handful of combinations; the bound is for files nobody foresaw
  private static final int MAX_CACHED_PLANS = 1_024;

  private final Redaction everywhere;
  private final @Nullable RedactionKey redactionKey;
  private final OwnTypes own;
  private final ConcurrentHashMap<PlanKey, Plans> plans = new ConcurrentHashMap<>();

  /**
   * @param strict without the redactions that let a signed call pass
   */
  private record PlanKey(List<Redaction> redactions, Set<String> keepFields, boolean strict) {
    @Override
    public int hashCode() { // the JVM would spin a class for it, and one for equals
      return 31 * (31 * redactions.hashCode() + keepFields.hashCode()) + (strict ? 1 : 0);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof PlanKey key
          && strict == key.strict
          && redactions.equals(key.redactions)
          && keepFields.equals(key.keepFields);
    }
  }

  /**
   * @param own types of the rule file's own
   */
  Outgoing(Redaction everywhere, @Nullable RedactionKey redactionKey, OwnTypes own) {
    this.everywhere = everywhere;
    this.redactionKey = redactionKey;
    this.own = own;
  }

  /**
   * @param prompt of a call to a model whose values become tokens; null of any other
   */
  Changes scan(
      String url,
      List<Header> headers,
      CallFacts facts,
      Decision decision,
      @Nullable Prompt prompt) {
    return scan(url, headers, facts, decision, prompt, false);
  }

  /**
   * What becomes of a signed call in which something to redact was found: it cannot be changed, so
   * it is refused unless all that found something lets signed calls pass.
   */
  Changes signed(
      String url, List<Header> headers, CallFacts facts, Decision decision, Changes found) {
    return scan(url, headers, facts, decision, null, true).isChange()
        ? found.refusedFor(Objection.SIGNED_BODY)
        : found.leftForItsSignature();
  }

  private Changes scan(
      String url,
      List<Header> headers,
      CallFacts facts,
      Decision decision,
      @Nullable Prompt prompt,
      boolean strict) {
    Plans plan = plansFor(decision, strict);
    Map<String, Integer> counts = new TreeMap<>();
    Scan body = null;
    if (facts.bodyState() == BodyState.READ) {
      body = Redactor.body(facts.body(), header(headers, "Content-Type"), plan.body(), prompt);
      count(body, counts);
    }
    boolean blocked = body != null && body.blocked();
    String newUrl = null;
    List<Header> newHeaders = null;
    if (plan.edgesScanned()) {
      Scan query = scanQuery(url, plan.edges(), prompt, counts);
      if (query != null) {
        blocked |= query.blocked();
        newUrl = spliced(url, query);
      }
      for (int i = 0; i < headers.size(); i++) {
        Header header = headers.get(i);
        if (!isScanned(header)) {
          continue;
        }
        Scan scan = Redactor.header(header.name(), header.value(), plan.edges(), prompt);
        count(scan, counts);
        blocked |= scan.blocked();
        byte[] redacted = scan.redacted();
        if (redacted != null) {
          if (newHeaders == null) {
            newHeaders = new ArrayList<>(headers);
          }
          newHeaders.set(
              i, new Header(header.name(), new String(redacted, charsetOf(header.value()))));
        }
      }
    }
    byte[] newBody = body == null ? null : body.redacted();
    Objection objection = null;
    if (blocked) {
      objection = Objection.BLOCKED;
    } else if (body != null && isUnseen(body.reach()) && decision.callClass() != CallClass.READ) {
      objection = Objection.UNSCANNABLE;
    }
    Reach unseen = body == null || body.reach().whole() ? null : body.reach();
    if (objection == null && counts.isEmpty() && newBody == null && unseen == null) {
      return Changes.NONE;
    }
    return new Changes(counts, newUrl, newHeaders, newBody, objection, unseen, true, false);
  }

  /**
   * An upload of a picture is allowed by the rule that allows the call, and the journal says that
   * it was not scanned; a text that could not be read is not, because a customer's value may be in
   * it.
   */
  private static boolean isUnseen(Reach reach) {
    return switch (reach) {
      case WHOLE, BINARY_PARTS_SKIPPED, BINARY -> false;
      case UNKNOWN_CHARSET, FAILED -> true;
    };
  }

  // ---- plans

  private Plans plansFor(Decision decision, boolean strict) {
    PlanKey key = new PlanKey(decision.redactions(), decision.keepFields(), strict);
    Plans known = plans.get(key);
    if (known != null) {
      return known;
    }
    Plans made = make(key);
    if (plans.size() < MAX_CACHED_PLANS) {
      plans.put(key, made);
    }
    return made;
  }

  private static List<String> written() {
    List<String> fields = new ArrayList<>();
    for (String name :
        List.of(
            "q",
            "query",
            "search",
            "term",
            "keyword",
            "keywords",
            "text",
            "message",
            "msg",
            "body",
            "content",
            "comment",
            "comments",
            "note",
            "notes",
            "memo",
            "remark",
            "remarks",
            "description",
            "subject",
            "title",
            "summary",
            "reason",
            "details",
            "feedback",
            "question",
            "answer",
            "prompt",
            "caption")) {
      fields.add("query.**." + name);
      fields.add("header." + name);
      fields.add("header.x-" + name);
    }
    return List.copyOf(fields);
  }

  private Plans make(PlanKey key) {
    List<RedactionPlan.Order> body = new ArrayList<>();
    List<RedactionPlan.Order> edges = new ArrayList<>();
    Set<Kind> secrets = Kind.ofType("secret");
    List<Redaction> all = new ArrayList<>(key.redactions());
    all.add(everywhere);
    for (Redaction redaction : all) {
      if (key.strict() && redaction.unredacted() == Redaction.Unredacted.PASS) {
        continue;
      }
      for (RedactionPlan.Order order : Orders.inCalls(redaction)) {
        body.add(order);
        if (!order.fields().isEmpty()) {
          continue;
        }
        Set<Kind> anywhere = EnumSet.noneOf(Kind.class);
        Set<Kind> inText = EnumSet.noneOf(Kind.class);
        for (Kind kind : order.kinds()) {
          (secrets.contains(kind) ? inText : anywhere).add(kind);
        }
        if (!anywhere.isEmpty() || own.hasAny(order.own())) {
          edges.add(new RedactionPlan.Order(List.of(), anywhere, order.own(), order.operator()));
        }
        if (!inText.isEmpty()) {
          edges.add(new RedactionPlan.Order(WRITTEN, inText, order.operator()));
        }
      }
    }
    return new Plans(
        RedactionPlan.of(body, key.keepFields(), redactionKey, own),
        RedactionPlan.of(edges, key.keepFields(), redactionKey, own),
        !edges.isEmpty());
  }

  // ---- query and headers

  private static @Nullable Scan scanQuery(
      String url, RedactionPlan plan, @Nullable Prompt prompt, Map<String, Integer> counts) {
    int mark = url.indexOf('?');
    if (mark < 0) {
      return null;
    }
    int fragment = url.indexOf('#', mark);
    String query = url.substring(mark + 1, fragment < 0 ? url.length() : fragment);
    Scan scan = Redactor.query(query, plan, prompt);
    count(scan, counts);
    return scan;
  }

  private static @Nullable String spliced(String url, Scan query) {
    byte[] redacted = query.redacted();
    if (redacted == null) {
      return null;
    }
    int mark = url.indexOf('?');
    int fragment = url.indexOf('#', mark);
    return url.substring(0, mark + 1)
        + new String(redacted, StandardCharsets.US_ASCII)
        + (fragment < 0 ? "" : url.substring(fragment));
  }

  /** Headers of the protocol itself, of identity and of tracing are not text of a customer. */
  private static boolean isScanned(Header header) {
    return switch (header.name().toLowerCase(Locale.ROOT)) {
      case "host",
          "content-length",
          "content-type",
          "content-encoding",
          "transfer-encoding",
          "connection",
          "expect",
          "date",
          "accept",
          "accept-encoding",
          "accept-language",
          "user-agent",
          "authorization",
          "proxy-authorization",
          "traceparent",
          "tracestate",
          "b3",
          "idempotency-key",
          "if-match",
          "if-none-match",
          "if-modified-since" ->
          false;
      default -> header.value().length() > 2; // shorter than any value we know
    };
  }

  /** In which the redactor writes a value: a byte for each character where that can be. */
  private static Charset charsetOf(String value) {
    for (int i = 0; i < value.length(); i++) {
      if (value.charAt(i) > 0xFF) {
        return StandardCharsets.UTF_8;
      }
    }
    return StandardCharsets.ISO_8859_1;
  }

  private static @Nullable String header(List<Header> headers, String name) {
    for (int i = 0; i < headers.size(); i++) {
      if (headers.get(i).name().equalsIgnoreCase(name)) {
        return headers.get(i).value();
      }
    }
    return null;
  }

  private static void count(Scan scan, Map<String, Integer> counts) {
    List<Finding> findings = scan.findings();
    for (int i = 0; i < findings.size(); i++) {
      counts.merge(findings.get(i).type(), 1, Integer::sum);
    }
  }
}
