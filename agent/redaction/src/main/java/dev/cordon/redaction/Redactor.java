package dev.cordon.redaction;

import dev.cordon.redaction.RedactionPlan.Operator;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The door: finds personal data and secrets in text and puts typed placeholders in their place.
 * Never throws, never recurses, takes time linear in the input, and never tells a value.
 */
public final class Redactor {
  /** For names of fields: all that needs no word in front of it, for a name has none. */
  static final Redactor FOR_NAMES = forNames();

  /** A log line the engine failed on is lost rather than shown. */
  private static final String FAILED_LINE = "[CORDON: line withheld, it could not be scanned]";

  /**
   * Read once by every redactor for logs, so that all classes and tables are there before the first
   * line: a thread at the end of its stack could not load them, and never again after that.
   */
  private static final String WARM_UP =
      "a@example.com +1 415-555-0132 4111 1111 1111 1111 DE89370400440532013000 536-22-8145"
          + " 203.0.113.7 Bearer a password=a1b2c3d4e5 glpat-x \u00e9 \uff11";

  private static final int MAX_PASSES = 5; // bounded, whatever the line

  private final int kinds;
  private final @Nullable Operator[] operators; // by kind, then by own type
  private final OwnTypes own;
  private final int wantedOwn;
  private final @Nullable RedactionKey key;

  private Redactor(
      int kinds,
      @Nullable Operator[] operators,
      OwnTypes own,
      int wantedOwn,
      @Nullable RedactionKey key) {
    this.kinds = kinds;
    this.operators = operators;
    this.own = own;
    this.wantedOwn = wantedOwn;
    this.key = key;
  }

  private static Redactor forNames() {
    EnumSet<Kind> kinds = EnumSet.noneOf(Kind.class);
    for (Kind kind : Kind.values()) {
      if ((kind.bit() & Kind.ID_KINDS) == 0) {
        kinds.add(kind);
      }
    }
    return of(
        List.of(new RedactionPlan.Order(List.of(), kinds, Operator.TOKEN)), null, OwnTypes.NONE);
  }

  /** With placeholders for all of these kinds. */
  public static Redactor forLogs(Set<Kind> kinds) {
    return forLogs(List.of(new RedactionPlan.Order(List.of(), kinds, Operator.TOKEN)), null);
  }

  /**
   * @param orders whose fields say nothing about a line; BLOCK puts a placeholder, for a line is
   *     not stopped
   * @param key of PSEUDONYM and SIV; null: they put placeholders
   */
  public static Redactor forLogs(List<RedactionPlan.Order> orders, @Nullable RedactionKey key) {
    return forLogs(orders, key, OwnTypes.NONE);
  }

  /**
   * The same, also for types of a rule file's own.
   *
   * @param own what the names in orders stand for
   */
  public static Redactor forLogs(
      List<RedactionPlan.Order> orders, @Nullable RedactionKey key, OwnTypes own) {
    Redactor redactor = of(orders, key, own);
    redactor.line(WARM_UP);
    return redactor;
  }

  private static Redactor of(
      List<RedactionPlan.Order> orders, @Nullable RedactionKey key, OwnTypes own) {
    @Nullable Operator[] byKind = new @Nullable Operator[Kind.values().length + own.size()];
    int kinds = 0;
    int wantedOwn = 0;
    for (RedactionPlan.Order order : orders) {
      for (Kind kind : order.kinds()) {
        byKind[kind.ordinal()] = order.operator().orStronger(byKind[kind.ordinal()]);
      }
      kinds |= Kind.bits(order.kinds());
      int ownBits = own.bits(order.own());
      for (int bits = ownBits; bits != 0; bits &= bits - 1) {
        int type = Kind.CUSTOM.ordinal() + Integer.numberOfTrailingZeros(bits);
        byKind[type] = order.operator().orStronger(byKind[type]);
      }
      wantedOwn |= ownBits;
    }
    kinds = wantedOwn == 0 ? kinds : kinds | Kind.CUSTOM.bit();
    return new Redactor(kinds, byKind, own, wantedOwn, key);
  }

  /** The same instance, and nothing allocated, when there is nothing to replace. */
  public String line(String text) {
    if (kinds == 0) {
      return text;
    }
    try {
      String first = once(text);
      if (first == text) {
        return text;
      }
      // what stood in the way of a value may be gone once its neighbour is replaced, so the result
      // is read again; a clean line is read once
      String redacted = first;
      for (int again = 1; again < MAX_PASSES; again++) {
        String next = once(redacted);
        if (next == redacted) { // the same instance: nothing left
          break;
        }
        redacted = next;
      }
      return redacted;
    } catch (RuntimeException e) {
      return FAILED_LINE;
    }
  }

  /** Where something stands in a text; offsets count characters. Replaces nothing. */
  public Scan find(String text) {
    try {
      Spans spans = kinds == 0 ? null : spans(text);
      View folded = null;
      if (spans == Spans.FOLD_FIRST) {
        folded = Escapes.characters(View.root(text, false, 0, 1), 0, text.length());
        spans = spans(folded.text);
      }
      if (spans == null) {
        return Scan.clean();
      }
      spans.merge(kinds, wantedOwn);
      List<Finding> findings = new ArrayList<>(spans.size());
      for (int i = 0; i < spans.size(); i++) {
        int start = folded == null ? spans.start(i) : folded.source(spans.start(i));
        int end = folded == null ? spans.end(i) : folded.source(spans.end(i));
        findings.add(new Finding(spans.kind(i), spans.label(i, own), "", start, end));
      }
      return new Scan(findings, null, false);
    } catch (RuntimeException e) {
      return Scan.unseen(Reach.FAILED);
    }
  }

  private @Nullable Spans spans(String text) {
    Spans spans = Detector.scan(text, 0, text.length(), kinds, 0);
    return spans == Spans.FOLD_FIRST
        ? spans
        : own.find(text, 0, 0, text.length(), wantedOwn, spans);
  }

  private String once(String text) {
    Spans spans = spans(text);
    if (spans == null) {
      return text;
    }
    return spans == Spans.FOLD_FIRST ? foldedLine(text) : spliced(text, spans, null);
  }

  private String foldedLine(String text) {
    View folded = Escapes.characters(View.root(text, false, 0, 1), 0, text.length());
    Spans spans = spans(folded.text);
    return spans == null ? text : spliced(text, spans, folded);
  }

  private String spliced(String text, Spans spans, @Nullable View folded) {
    spans.merge(kinds, wantedOwn);
    StringBuilder out = new StringBuilder(text.length() + 16);
    int copied = 0;
    boolean json = isJsonObject(text);
    boolean inString = false;
    int read = 0; // up to where it is known whether this is a string of JSON
    for (int i = 0; i < spans.size(); i++) {
      int start = folded == null ? spans.start(i) : folded.source(spans.start(i));
      int end = folded == null ? spans.end(i) : folded.source(spans.end(i));
      if (start < copied) { // of a number that was replaced as a whole
        continue;
      }
      Operator operator = operatorFor(spans.kindBits(i), spans.ownBits(i));
      String replacement;
      if (operator == Operator.TOKEN && spans.own(i) < 0) {
        replacement = spans.kind(i).placeholder();
      } else {
        String original = text.substring(start, end);
        String value =
            folded == null ? original : folded.text.substring(spans.start(i), spans.end(i));
        replacement =
            Replacement.of(
                operator, spans.kind(i), spans.placeholder(i, own), value, original, key, null);
      }
      if (json) {
        for (; read < start; read++) {
          char c = text.charAt(read);
          if (c == '\\') {
            read++;
          } else if (c == '"') {
            inString = !inString;
          }
        }
        int number = inString ? -1 : endOfJsonNumber(text, copied, start, end);
        if (number >= 0) {
          // without quotes whoever reads the line as JSON would lose all of it
          start = startOfNumber(text, copied, start);
          end = number;
          replacement = replacement.isEmpty() ? "null" : '"' + replacement + '"';
        }
      }
      out.append(text, copied, start).append(replacement);
      copied = end;
    }
    return out.append(text, copied, text.length()).toString();
  }

  /** By its first and its last character: whoever writes one line for an event writes that. */
  private static boolean isJsonObject(String text) {
    int from = 0;
    int to = text.length();
    while (from < to && text.charAt(from) <= ' ') {
      from++;
    }
    while (from < to && text.charAt(to - 1) <= ' ') {
      to--;
    }
    return to - from > 1 && text.charAt(from) == '{' && text.charAt(to - 1) == '}';
  }

  /**
   * Where the number ends that a finding outside of strings is part of, and that is a whole value
   * of an object or an array; -1 if it is not.
   */
  private static int endOfJsonNumber(String text, int floor, int start, int end) {
    int before = startOfNumber(text, floor, start) - 1;
    while (before >= floor && text.charAt(before) <= ' ') {
      before--;
    }
    if (before < floor || ":,[".indexOf(text.charAt(before)) < 0) {
      return -1;
    }
    int to = start;
    while (to < text.length() && isOfNumber(text.charAt(to))) {
      to++;
    }
    int after = to;
    while (after < text.length() && text.charAt(after) <= ' ') {
      after++;
    }
    boolean ends = after < text.length() && ",]}".indexOf(text.charAt(after)) >= 0;
    return to >= end && ends ? to : -1;
  }

  private static int startOfNumber(String text, int floor, int start) {
    int from = start;
    while (from > floor && isOfNumber(text.charAt(from - 1))) {
      from--;
    }
    return from;
  }

  private static boolean isOfNumber(char c) {
    return Chars.isDigit(c) || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
  }

  /** The strongest for any of these kinds and own types. */
  private Operator operatorFor(int kindBits, int ownBits) {
    Operator strongest = null;
    for (int bits = kindBits & kinds & ~Kind.CUSTOM.bit(); bits != 0; bits &= bits - 1) {
      Operator operator = operators[Integer.numberOfTrailingZeros(bits)];
      strongest = operator == null ? strongest : operator.orStronger(strongest);
    }
    for (int bits = ownBits & wantedOwn; bits != 0; bits &= bits - 1) {
      Operator operator = operators[Kind.CUSTOM.ordinal() + Integer.numberOfTrailingZeros(bits)];
      strongest = operator == null ? strongest : operator.orStronger(strongest);
    }
    return Operator.forSpan(strongest, kindBits);
  }

  /** Scans a body whose content encoding is already undone. */
  public static Scan body(byte[] decodedBody, @Nullable String contentType, RedactionPlan plan) {
    return body(decodedBody, contentType, plan, null);
  }

  /**
   * @param prompt where it is sent to a model; its tokens take the place of VAULT
   */
  public static Scan body(
      byte[] decodedBody,
      @Nullable String contentType,
      RedactionPlan plan,
      @Nullable Prompt prompt) {
    if (decodedBody.length == 0 || plan.kinds() == 0) {
      return Scan.clean();
    }
    try {
      return Bodies.scan(decodedBody, contentType, plan, prompt);
    } catch (RuntimeException e) {
      return Scan.unseen(Reach.FAILED);
    }
  }

  /** Scans a raw query, without the question mark; the redacted one is ASCII if this one is. */
  public static Scan query(String rawQuery, RedactionPlan plan) {
    return query(rawQuery, plan, null);
  }

  /**
   * @param prompt where it is sent to a model; its tokens take the place of VAULT
   */
  public static Scan query(String rawQuery, RedactionPlan plan, @Nullable Prompt prompt) {
    if (rawQuery.isEmpty() || plan.kinds() == 0) {
      return Scan.clean();
    }
    try {
      return Bodies.scanQuery(rawQuery, plan, prompt);
    } catch (RuntimeException e) {
      return Scan.unseen(Reach.FAILED);
    }
  }

  /** Scans the value of a header. The redacted value is ISO-8859-1, as headers are written. */
  public static Scan header(String name, String value, RedactionPlan plan) {
    return header(name, value, plan, null);
  }

  /**
   * @param prompt where it is sent to a model; its tokens take the place of VAULT
   */
  public static Scan header(
      String name, String value, RedactionPlan plan, @Nullable Prompt prompt) {
    if (value.isEmpty() || plan.kinds() == 0) {
      return Scan.clean();
    }
    try {
      return Bodies.scanHeader(name, value, plan, prompt);
    } catch (RuntimeException e) {
      return Scan.unseen(Reach.FAILED);
    }
  }
}
