package dev.cordon.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * What a rule means, as one text: equal texts of two rule sets mean the same, whatever lists,
 * patterns and layers they were put together from.
 */
final class RuleText {
  private final RuleFile file;

  RuleText(RuleFile file) {
    this.file = file;
  }

  String of(Rule rule) {
    StringBuilder out = new StringBuilder(160);
    out.append(rule.effect()).append(rule.observed() ? " observed" : "");
    out.append(" until ").append(rule.waivedUntilMs()).append(' ').append(rule.call());
    out.append(rule.firesOnUnknown() && !rule.allows() ? " unknown" : "");
    for (ConditionParser.Clause clause : rule.when()) {
      out.append("; ");
      condition(clause.condition(), out);
    }
    FieldsCheck check = rule.fields();
    if (check != null) {
      out.append(" fields ").append(of(check));
    }
    if (rule.redaction() != null) {
      out.append(' ').append(rule.redaction().text()).append(rule.redaction().unredacted());
    }
    if (rule.approval() != null) {
      out.append(' ').append(rule.approval());
    }
    if (rule.bounds() != Bounds.NONE) {
      out.append(' ').append(rule.id()); // what is spent is kept under it
      for (Bounds.Limit limit : rule.bounds().limits()) {
        out.append(' ').append(of(limit)).append(' ').append(limit.max());
        out.append(' ').append(limit.withinNs()).append(' ').append(limit.over());
      }
      out.append(' ').append(rule.bounds().maxBodyBytes()).append(rule.bounds().overSize());
      Bounds.Idempotency once = rule.bounds().idempotency();
      if (once != null) {
        out.append(' ').append(key(once)).append(once.withinNs()).append(once.duplicate());
      }
    }
    return out.toString();
  }

  String of(FieldsCheck check) {
    return check.rootName() + " " + check.paths() + " " + check.others();
  }

  /** What a limit counts, and for whom. */
  String of(Bounds.Limit limit) {
    Condition.Place subject = limit.subject();
    String who =
        switch (limit.per()) {
          case ACTOR -> place(new Condition.CallerField(Caller.Trait.ACTOR));
          case SUBJECT -> subject == null ? "subject" : place(subject);
          case DESTINATION -> "destination";
          case RULE, FLEET -> "rule";
        };
    return limit.sum() + limit.currency() + " per " + who;
  }

  List<String> key(Bounds.Idempotency once) {
    List<String> key = new ArrayList<>();
    once.key().forEach(place -> key.add(place(place)));
    return key;
  }

  /** {@code body a.b}, {@code query q}, {@code header x-h}, {@code caller ACTOR}. */
  String place(Condition.Place place) {
    if (place instanceof Condition.BodyField body) {
      return "body " + file.fields().path(body.field());
    }
    if (place instanceof Condition.QueryField query) {
      return "query " + query.name();
    }
    if (place instanceof Condition.HeaderField header) {
      return "header " + Fold.lower(header.name());
    }
    Condition.CallerField caller = (Condition.CallerField) place;
    String header = file.callerHeaders().get(caller.trait());
    return header == null ? "caller " + caller.trait() : "header " + Fold.lower(header);
  }

  /** {@code crm at body a.b}: what a condition asks of where a value came from. */
  String origin(Condition.CameFrom from) {
    return from.source().word() + " at " + place(from.place());
  }

  private void condition(Condition condition, StringBuilder out) {
    if (condition instanceof Condition.All all) {
      parts("all", all.parts(), out);
    } else if (condition instanceof Condition.Any any) {
      parts("any", any.parts(), out);
    } else if (condition instanceof Condition.Not not) {
      parts("not", List.of(not.part()), out);
    } else if (condition instanceof Condition.Compare compare) {
      out.append(place(compare.place())).append(whoAsks(compare.place()));
      out.append(compare.operator());
      literal(compare.literal(), out);
    } else if (condition instanceof Condition.Length length) {
      out.append("length ").append(place(length.place())).append(length.operator());
      literal(length.literal(), out);
    } else if (condition instanceof Condition.In in) {
      out.append(place(in.place)).append(whoAsks(in.place)).append(" in ");
      out.append(new TreeSet<>(in.texts));
      in.others.forEach(literal -> literal(literal, out));
    } else if (condition instanceof Condition.Matches matches) {
      out.append(place(matches.place())).append(" matches ").append(matches.pattern().source());
    } else if (condition instanceof Condition.Has has) {
      out.append(place(has.place())).append(" has ").append(has.type());
    } else if (condition instanceof Condition.CameFrom from) {
      out.append("taint ").append(place(from.place())).append(whoAsks(from.place()));
      out.append(from.source()).append(from.whole() ? " whole" : "");
    } else if (condition instanceof Condition.BodyHas has) {
      out.append("body has ").append(new TreeSet<>(has.types()));
    } else if (condition instanceof Condition.TimeIn time) {
      out.append("time ").append(time.windows());
    } else if (condition instanceof Condition.Exists exists) {
      out.append(place(exists.place())).append(whoAsks(exists.place())).append(" exists");
    } else if (condition instanceof Condition.MoneyCompare money) {
      out.append("money ").append(money.operator).append(money.limit).append(money.currency);
    }
  }

  /** A header that is absent is absent; a caller that is not told may be anybody. */
  private static String whoAsks(Condition.Place place) {
    return place instanceof Condition.CallerField ? " caller " : " ";
  }

  private void parts(String word, List<Condition> parts, StringBuilder out) {
    out.append(word).append('(');
    for (Condition part : parts) {
      condition(part, out);
      out.append(", ");
    }
    out.append(')');
  }

  private static void literal(Literal literal, StringBuilder out) {
    out.append(literal.isText() ? " text " : literal.isNumber() ? " number " : " ");
    out.append(literal.text().length()).append(':').append(literal.text());
  }

  /** Of the file's headers that tell who calls. */
  String callers() {
    Map<Caller.Trait, String> headers = file.callerHeaders();
    StringBuilder out = new StringBuilder();
    for (Caller.Trait trait : Caller.Trait.values()) {
      out.append(Fold.lower(headers.getOrDefault(trait, ""))).append(' ');
    }
    return out.toString();
  }
}
