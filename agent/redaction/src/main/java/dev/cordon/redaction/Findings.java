package dev.cordon.redaction;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What one scan has found so far, and the splices that follow from it. */
final class Findings {
  private record Splice(int start, int end, String text, boolean blocked) {}

  private final RedactionPlan plan;
  private final List<Finding> found = new ArrayList<>(0);
  private final List<Splice> splices = new ArrayList<>(0);
  private Reach reach = Reach.WHOLE;

  private final @Nullable Prompt prompt;
  private final boolean opensTokens;
  private final int depth; // texts in base64 around this one

  Findings(RedactionPlan plan) {
    this(plan, null);
  }

  /**
   * @param prompt where the input is sent to a model
   */
  Findings(RedactionPlan plan, @Nullable Prompt prompt) {
    this(plan, prompt, true, 0);
  }

  private Findings(RedactionPlan plan, @Nullable Prompt prompt, boolean opensTokens, int depth) {
    this.plan = plan;
    this.prompt = prompt;
    this.opensTokens = opensTokens;
    this.depth = depth;
  }

  /** Of a query or a header, in which a signed token proves who the caller is. */
  static Findings outsideBody(RedactionPlan plan, @Nullable Prompt prompt) {
    return new Findings(plan, prompt, false, 0);
  }

  /** Of a cookie, which is the state of whoever has set it: base64 in it stays. */
  static Findings ofCookies(RedactionPlan plan, @Nullable Prompt prompt) {
    return new Findings(plan, prompt, false, Nested.MAX_DEPTH);
  }

  /** Of a text that stands in base64 in this one. */
  Findings inBase64() {
    return new Findings(plan, prompt, opensTokens, depth + 1);
  }

  /** Whether what is signed is looked into. */
  boolean opensTokens() {
    return opensTokens;
  }

  /** Whether a text in which nothing else can be anchored must be read for what stands in it. */
  boolean mayHoldBase64(String s, int from, int to) {
    return depth < Nested.MAX_DEPTH && Nested.next(s, from, to) >= 0;
  }

  /** Whether a word of a type of the rule file's own stands in it. */
  boolean mayHoldOwn(String s, int from, int to) {
    return plan.own().mayStandIn(s, from, to, plan.wantedOwn());
  }

  RedactionPlan plan() {
    return plan;
  }

  /** Remembers the worst that was not seen. */
  void reach(Reach other) {
    if (other.ordinal() > reach.ordinal()) {
      reach = other;
    }
  }

  /** Bits of the kinds that are looked for anywhere. */
  int kinds() {
    return plan.kinds();
  }

  /** Whether a key can make a finding of a value that nothing else tells. */
  boolean readsKeys() {
    return (plan.kinds() & Kind.KEY_KINDS) != 0;
  }

  /** Whether text without anchors is read as well: it may look like a token. */
  boolean readsTokens() {
    return prompt != null && prompt.restored() != 0;
  }

  int mark() {
    return found.size();
  }

  /** Forgets what was found since the mark: the text turned out to be of another format. */
  void reset(int mark) {
    found.subList(mark, found.size()).clear();
    splices.subList(mark, splices.size()).clear();
  }

  /** Scans a value whose characters need no decoding. */
  void scan(View view, int from, int to, int name, Supplier<FieldPath> path) {
    Spans spans = spans(view, from, to, name, plan.kinds());
    if (spans == null) {
      nested(view, from, to, name, true, path);
      return;
    }
    FieldPath where = path.get();
    spans.merge(plan.kindsAt(where), plan.ownAt(where));
    int read = from;
    for (int i = 0; i < spans.size(); i++) {
      int start = spans.start(i);
      int end = spans.end(i);
      nested(view, read, start, 0, false, path);
      read = end;
      String value = view.text.substring(start, end);
      String original = view.original(start, end);
      add(view, start, end, value, original, spans, i, where, false);
    }
    nested(view, read, to, name, read == from, path);
  }

  /** Looks into base64; around what is found in the text itself, that is replaced as a whole. */
  private void nested(
      View view, int from, int to, int name, boolean whole, Supplier<FieldPath> path) {
    if (depth < Nested.MAX_DEPTH && to - from >= Base64Text.MIN_CHARS) {
      Nested.scan(view, from, to, name, whole, path, this);
    }
  }

  /** Scans a JSON number; one that is a finding is replaced by a string. */
  void scanNumber(View view, int from, int to, int name, Supplier<FieldPath> path) {
    int kinds = plan.kinds();
    for (int i = from; i < to; i++) {
      if (!Chars.isDigit(view.text.charAt(i))) {
        kinds &= ~Kind.PHONE.bit(); // a point or an exponent: an amount, whatever its name
        break;
      }
    }
    Spans spans = spans(view, from, to, name, kinds);
    if (spans == null) {
      return;
    }
    FieldPath where = path.get();
    spans.merge(plan.kindsAt(where), plan.ownAt(where));
    if (spans.size() > 0) {
      String value = view.text.substring(spans.start(0), spans.end(0));
      add(view, from, to, value, value, spans, 0, where, true);
    }
  }

  private @Nullable Spans spans(View view, int from, int to, int name, int wanted) {
    int kinds = wanted | Kind.PRIVATE_ADDRESSES;
    long[] anchors = view.anchors;
    Spans spans =
        anchors == null
            ? Detector.scan(view.text, from, to, kinds, name)
            : Detector.scan(view.text, from, to, kinds, name, anchors, view.anchorsFrom);
    if ((name & (Names.AWS_SECRET | Names.AWS_SESSION)) != 0
        && (kinds & Kind.AWS_KEY.bit()) != 0
        && Secrets.awsSecretEnd(
                view.text, from, to, (name & Names.AWS_SESSION) != 0, Scratch.mine().runs)
            == to) {
      spans = spans == null ? new Spans() : spans;
      spans.add(Kind.AWS_KEY.ordinal(), from, to);
    }
    if (name >>> Ids.GROUP_SHIFT != 0 && (kinds & Kind.KEY_KINDS) != 0) {
      Kind kind = Ids.whole(name, view.text, from, to, kinds);
      if (kind != null) {
        spans = spans == null ? new Spans() : spans;
        spans.add(kind.ordinal(), from, to);
      }
    }
    boolean password = (name & Names.PASSWORD) != 0;
    if ((name & (Names.PASSWORD | Names.SECRET)) != 0 && (kinds & Kind.SECRET.bit()) != 0) {
      int end = Assignments.secretEnd(view.text, from, to, password, Scratch.mine().runs);
      if (end > from) {
        spans = spans == null ? new Spans() : spans;
        spans.add(Kind.SECRET.ordinal(), from, end);
      }
    }
    spans = plan.own().find(view.text, from, from, to, plan.wantedOwn(), spans);
    Prompt model = prompt;
    return model == null ? spans : TokenShape.find(view.text, from, to, model.restored(), spans);
  }

  void add(
      View view,
      int start,
      int end,
      String value,
      String original,
      Spans spans,
      int i,
      FieldPath where,
      boolean quoted) {
    int sourceStart = view.source(start);
    int sourceEnd = view.source(end);
    Kind kind = spans.kind(i);
    RedactionPlan.Operator operator = plan.operatorAt(where, spans.kindBits(i), spans.ownBits(i));
    String replacement =
        Replacement.of(
            operator, kind, spans.placeholder(i, plan.own()), value, original, plan.key(), prompt);
    if (quoted) {
      // a number that is dropped has no empty form: null is a value like it
      replacement = replacement.isEmpty() ? "null" : '"' + Escapes.json(replacement) + '"';
    }
    boolean blocked = operator == RedactionPlan.Operator.BLOCK;
    String type = spans.label(i, plan.own());
    found.add(new Finding(kind, type, where.toString(), sourceStart, sourceEnd));
    splices.add(new Splice(sourceStart, sourceEnd, view.escape(replacement), blocked));
  }

  /**
   * A finding in something that is replaced from here to there.
   *
   * @param text what takes its place; empty but for the first of several
   */
  void addIn(View view, int start, int end, Finding inner, String text, boolean blocked) {
    int sourceStart = view.source(start);
    int sourceEnd = view.source(end);
    found.add(new Finding(inner.kind(), inner.type(), inner.path(), sourceStart, sourceEnd));
    String escaped = text.isEmpty() ? text : view.escape(text);
    splices.add(new Splice(sourceStart, sourceEnd, escaped, blocked));
  }

  /** Writes what the window holds up to the last finding since the mark. */
  void write(StreamWindow window, int mark, Charset charset) {
    for (int i = mark; i < splices.size(); i++) {
      Splice splice = splices.get(i);
      window.writeTo(splice.start);
      window.writeInstead(splice.text.getBytes(charset), splice.end);
    }
  }

  /** Counts what was found, by {@link #typeOf}, and forgets it. */
  void drainTo(int[] counts) {
    for (int i = 0; i < found.size(); i++) {
      counts[typeOf(found.get(i), plan.own())]++;
    }
    reset(0);
  }

  /** A number for a type: the ordinal of its kind, then the own types. */
  static int typeOf(Finding finding, OwnTypes own) {
    int ordinal = finding.kind().ordinal();
    return finding.kind() == Kind.CUSTOM ? ordinal + own.indexOf(finding.type()) : ordinal;
  }

  Scan spliced(byte[] source, Charset charset) {
    if (splices.isEmpty()) {
      return reach == Reach.WHOLE ? Scan.clean() : Scan.unseen(reach);
    }
    boolean blocked = false;
    ByteArrayOutputStream out = new ByteArrayOutputStream(source.length + 64);
    int copied = 0;
    for (Splice splice : splices) {
      blocked |= splice.blocked;
      if (splice.start < copied) {
        throw new IllegalStateException("splices overlap at offset " + splice.start);
      }
      out.write(source, copied, splice.start - copied);
      byte[] text = splice.text.getBytes(charset);
      out.write(text, 0, text.length);
      copied = splice.end;
    }
    out.write(source, copied, source.length - copied);
    return new Scan(found, out.toByteArray(), blocked, reach);
  }
}
