package dev.cordon.rules;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * What stands in a journal for the parts of a rule file: 8 bytes of a SHA-256 over what they mean,
 * lists and patterns written out. Equal prints decide equal calls alike, whatever file they stand
 * in.
 */
final class Prints {

  /** Not a hash: what the scan of the outgoing call came to. */
  static final long SCAN = 1;

  /** Not a hash: the body has a content coding, so that its length is not the one on the wire. */
  static final long CODED = 2;

  static final int HIT = 1;
  static final int UNCLEAR = 2;
  static final int ALLOWS = 4;

  static final int LIMIT_KEPT = 1;
  static final int LIMIT_EXCEEDED = 2;

  /** Another limit of the call is exceeded with the same or a stronger effect. */
  static final int LIMIT_COVERED = 3;

  /** Stands for all that gives a call its class. */
  final long classes;

  /** Stands for what is redacted in every call. */
  final long outgoing;

  private final RuleFile file;
  private final AtomicReferenceArray<@Nullable OfRule> rules;

  /** What stands for one rule and its parts; 0 for what it does not have. */
  record OfRule(
      long rule,
      long call,
      long[] clauses,
      long fields,
      long size,
      long redaction,
      long[] limits,
      long duplicates) {}

  Prints(RuleFile file) {
    this.file = file;
    rules = new AtomicReferenceArray<>(file.rules().size());
    MessageDigest sha256 = sha256();
    classes = of(sha256, "classes " + classes(file));
    outgoing = of(sha256, "outgoing " + text(file.outgoing()));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JVM has no SHA-256", e);
    }
  }

  /** Of a rule of the file. Most rules are never met: each is made when it is first asked for. */
  OfRule of(Rule rule) {
    OfRule known = rules.get(rule.index());
    if (known == null) {
      known = made(rule); // two threads may both make one: they are the same
      rules.set(rule.index(), known);
    }
    return known;
  }

  private OfRule made(Rule rule) {
    MessageDigest sha256 = sha256();
    long[] clauses = new long[rule.when().size()];
    for (int i = 0; i < clauses.length; i++) {
      clauses[i] = of(sha256, "when " + text(rule.when().get(i).condition()));
    }
    FieldsCheck check = rule.fields();
    Bounds bounds = rule.bounds();
    Redaction redaction = rule.redaction();
    long[] limits = new long[bounds.limits().size()];
    for (int i = 0; i < limits.length; i++) {
      Bounds.Limit limit = bounds.limits().get(i);
      Condition.Place subject = limit.subject();
      limits[i] =
          of(
              sha256,
              "limit "
                  + rule.id()
                  + " "
                  + limit.text()
                  + " "
                  + limit.over()
                  + (subject == null ? "" : " " + text(subject)));
    }
    Bounds.Idempotency once = bounds.idempotency();
    return new OfRule(
        of(sha256, "rule " + rule.id()),
        of(sha256, "call " + rule.call().protocol().word() + " " + rule.call()),
        clauses,
        check == null ? 0 : of(sha256, "fields " + check.text()),
        bounds.maxBodyBytes() < 0 ? 0 : of(sha256, "size " + bounds.maxBodyBytes()),
        redaction == null ? 0 : of(sha256, "redact " + text(redaction)),
        limits,
        once == null
            ? 0
            : of(sha256, "once " + rule.id() + " " + once.text() + " " + once.duplicate()));
  }

  private static String classes(RuleFile file) {
    StringBuilder out = new StringBuilder();
    for (Destination to : file.destinations()) {
      Pack pack = to.pack;
      out.append(to.name).append(' ').append(pack == null ? "" : pack.name()).append('\n');
      out.append(to.endpoints.text()).append('\n');
      if (pack != null) {
        out.append(pack.endpoints().text()).append(String.join(" ", pack.suffixes())).append('\n');
        for (Pack.Kind call : pack.kinds()) {
          out.append(call.pattern()).append(call.callClass()).append('\n');
        }
      }
    }
    for (RuleFile.Classified line : file.classified()) {
      out.append(line.destination()).append(' ').append(line.pattern());
      out.append(line.callClass()).append(line.layer()).append('\n');
    }
    return out.toString();
  }

  private static String text(Redaction redaction) {
    Redaction.With one = redaction.with();
    boolean same = redaction.operators().values().stream().allMatch(with -> with == one);
    return redaction.fields()
        + " "
        + (same ? new TreeSet<>(redaction.types()) : new TreeMap<>(redaction.operators()))
        + " "
        + one
        + " "
        + redaction.unredacted()
        + (redaction.restored().isEmpty() ? "" : " " + new TreeSet<>(redaction.restored()));
  }

  private String text(Condition condition) {
    if (condition instanceof Condition.All all) {
      return "all" + texts(all.parts());
    }
    if (condition instanceof Condition.Any any) {
      return "any" + texts(any.parts());
    }
    if (condition instanceof Condition.Not not) {
      return "not(" + text(not.part()) + ")";
    }
    if (condition instanceof Condition.Compare compare) {
      return text(compare.place()) + " " + compare.operator() + " " + text(compare.literal());
    }
    if (condition instanceof Condition.Length length) {
      return text(length.place()) + ".length " + length.operator() + " " + length.literal().text();
    }
    if (condition instanceof Condition.In in) {
      List<String> others = new ArrayList<>();
      for (Literal literal : in.others) {
        others.add(text(literal));
      }
      return text(in.place) + " in " + new TreeSet<>(in.texts) + new TreeSet<>(others);
    }
    if (condition instanceof Condition.Matches matches) {
      return text(matches.place()) + " matches " + matches.pattern().source();
    }
    if (condition instanceof Condition.Has has) {
      return text(has.place()) + " has " + has.type();
    }
    if (condition instanceof Condition.CameFrom from) {
      return "taint " + text(from.place()) + " = " + from.source() + (from.whole() ? " whole" : "");
    }
    if (condition instanceof Condition.BodyHas body) {
      return "body has " + new TreeSet<>(body.types());
    }
    if (condition instanceof Condition.TimeIn time) {
      return "time in " + time.windows();
    }
    if (condition instanceof Condition.Exists exists) {
      return text(exists.place()) + " exists";
    }
    if (condition instanceof Condition.MoneyCompare money) {
      return "money "
          + money.operator
          + " "
          + money.limit.stripTrailingZeros().toPlainString()
          + " "
          + money.currency;
    }
    throw new IllegalStateException("no text for " + condition.getClass());
  }

  private String texts(List<Condition> parts) {
    StringBuilder out = new StringBuilder("(");
    for (Condition part : parts) {
      out.append(text(part)).append("; ");
    }
    return out.append(')').toString();
  }

  private static String text(Literal literal) {
    return (literal.isText() ? "'" : literal.isNumber() ? "#" : "!") + literal.text();
  }

  private String text(Condition.Place place) {
    if (place instanceof Condition.BodyField body) {
      return "body." + file.fields().path(body.field());
    }
    if (place instanceof Condition.QueryField query) {
      return "query." + query.name();
    }
    if (place instanceof Condition.HeaderField header) {
      return "header." + Fold.lower(header.name());
    }
    Condition.CallerField caller = (Condition.CallerField) place;
    @Nullable String header = file.callerHeaders().get(caller.trait());
    return "caller." + caller.trait() + " " + (header == null ? "" : Fold.lower(header));
  }

  /** Never 0, which is no print, and none of the two that are no hashes. */
  private static long of(MessageDigest sha256, String text) {
    byte[] digest = sha256.digest(text.getBytes(StandardCharsets.UTF_8));
    long print = 0;
    for (int i = 0; i < 8; i++) {
      print = print << 8 | (digest[i] & 0xff);
    }
    return print >= 0 && print <= CODED ? ~print : print;
  }
}
