package dev.cordon.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.io.TempDir;

/**
 * Decides random calls to one endpoint that has many rules: thresholds, intervals, lists, amounts
 * in several currencies, lengths, and values of every type for them. Compared with a slow, obvious
 * reading of the same rules, and with the one that explains. {@code -Dcordon.seed=} runs one seed
 * again.
 */
class CrowdedEndpointTest {
  private static final int CALLS = 300;
  private static final List<String> EFFECTS =
      List.of("allow", "allow", "approve", "escalate", "deny", "forbid", "redact");
  private static final List<String> PLACES =
      List.of("amount", "reason", "zz.k", "query.q", "header.X-H", "actor", "zzz[].n");
  private static final List<String> NUMBERS =
      List.of(
          "0",
          "1",
          "2",
          "2.0",
          "2.5",
          "-3",
          "7",
          "10",
          "10.00",
          "0.125",
          "99999999999999999999",
          "9007199254740993",
          "0.0000000000000000001");
  private static final List<String> WORDS =
      List.of("x", "X", "yy", "'7'", "true", "false", "null", "'true'", "dup");

  /** What callers send for them, besides themselves. */
  private static final List<String> SPELLINGS =
      List.of(
          "Yy",
          "y y",
          "y\u200by",
          "DUP",
          "dup\u00ad",
          "d\u00fap",
          "\uff58",
          "\u24e7",
          "TRUE",
          "7\u00a07",
          "\uff17",
          "y",
          "dupe",
          "\u0445");

  private static final List<String> CURRENCIES = List.of("EUR", "USD", "JPY", "KWD", "UGX");

  /** A condition: op is a comparison, in, exists or absent; what is of money, or a length. */
  record Atom(String place, String op, List<String> words, String currency) {
    boolean isMoney() {
      return place.equals("money");
    }

    boolean isLength() {
      return place.endsWith(".length");
    }

    String text() {
      String value =
          op.equals("in")
              ? " (" + String.join(" | ", words).replace('\'', '"') + ")"
              : words.isEmpty() ? "" : " " + words.get(0).replace('\'', '"');
      return place + " " + op + value + (currency.isEmpty() ? "" : " " + currency);
    }
  }

  /** Nested: any of, or none of; else the first alone. */
  record Clause(String nesting, List<Atom> atoms) {}

  record ModelRule(
      String id,
      String to,
      String methods,
      String path,
      List<Clause> when,
      String then,
      boolean observed,
      boolean skips,
      int votes,
      boolean limited,
      boolean small) {}

  /** A value of a call: its text, and whether JSON has it in quotes. Null: it is not there. */
  record Value(String text, boolean quoted) {}

  record Call(
      boolean form,
      @Nullable Value amount,
      @Nullable Value currency,
      @Nullable Value reason,
      @Nullable Value k,
      @Nullable List<@Nullable Value> elements,
      @Nullable String q,
      boolean amountInQuery,
      @Nullable String header,
      @Nullable String actor,
      boolean broken) {}

  @TempDir Path directory;

  @RepeatedTest(40)
  void whatManyRulesAtOneEndpointDecideIsWhatTheyDecideOneByOne(RepetitionInfo repetition)
      throws Exception {
    long seed =
        Long.getLong("cordon.seed", System.nanoTime() * 31) + repetition.getCurrentRepetition() - 1;
    Random random = new Random(seed);
    List<ModelRule> model = model(random, 2 + random.nextInt(1 << random.nextInt(9)));
    boolean observes = random.nextInt(6) == 0;
    String yaml = yaml(model, observes);
    RuleSet rules = RuleFiles.load(directory, yaml);
    for (int i = 0; i < CALLS; i++) {
      Call call = call(random);
      CallFacts facts = facts(call);
      Decision decision = rules.decide(facts);
      assertEquals(
          new Slow(model, call, observes).decide(),
          told(decision),
          () -> "-Dcordon.seed=" + seed + "\n" + call + "\n" + yaml);
      Decision explained = rules.explain(facts).decision();
      assertEquals(
          told(explained) + explained.operation() + explained.help() + explained.handOver(),
          told(decision) + decision.operation() + decision.help() + decision.handOver(),
          () -> "explained: -Dcordon.seed=" + seed + "\n" + call + "\n" + yaml);
    }
  }

  private static String told(Decision decision) {
    ApprovalPolicy approval = decision.approval();
    return decision.effect()
        + " "
        + decision.enforced()
        + " "
        + decision.ruleId()
        + " "
        + decision.reason()
        + " "
        + decision.ruleIds()
        + " charges "
        + decision.charges().all().stream()
            .map(charge -> charge.rule().id())
            .sorted()
            .collect(Collectors.joining(","))
        + " votes "
        + (approval == null ? 0 : approval.votes())
        + " redactions "
        + decision.redactions().size();
  }

  // ---- random rules and calls

  private static List<ModelRule> model(Random random, int count) {
    List<ModelRule> rules = new ArrayList<>();
    boolean uniform = random.nextInt(3) == 0; // all of them plain: the strongest test of an index
    for (int i = 0; i < count; i++) {
      String then = pick(random, EFFECTS);
      String to =
          pick(random, List.of("stripe", "stripe", "stripe", "wide", "[stripe, wide]", "any"));
      String methods = pick(random, List.of("POST", "POST", "*", "(POST | PUT)", "PUT"));
      boolean hasMoney = !to.equals("wide") && !methods.equals("PUT");
      List<Clause> when = new ArrayList<>();
      String place = pick(random, PLACES);
      for (int j = uniform ? 1 : random.nextInt(4); j > 0; j--) {
        place = random.nextInt(3) == 0 ? pick(random, PLACES) : place; // intervals are likely
        when.add(clause(random, place, uniform, hasMoney));
      }
      boolean plain = uniform || random.nextBoolean();
      rules.add(
          new ModelRule(
              "r" + random.nextInt(1000) + "." + i,
              to,
              methods,
              pick(random, List.of("/v1/refunds", "/v1/refunds", "/v1/**", "/v1/*", "/v1/re*")),
              when,
              then,
              random.nextInt(6) == 0,
              !then.equals("allow") && random.nextInt(5) == 0,
              then.equals("approve") && !plain ? random.nextInt(4) : 0,
              (then.equals("approve") || then.equals("allow")) && !plain && random.nextBoolean(),
              (then.equals("allow") || then.equals("redact")) && !plain && random.nextBoolean()));
    }
    return rules;
  }

  private static Clause clause(Random random, String place, boolean uniform, boolean hasMoney) {
    return switch (uniform ? 9 : random.nextInt(12)) {
      case 0 -> new Clause("not", List.of(atom(random, place, hasMoney)));
      case 1 ->
          new Clause(
              "any",
              List.of(atom(random, place, hasMoney), atom(random, pick(random, PLACES), hasMoney)));
      case 2 -> new Clause("", List.of(new Atom(place, "exists", List.of(), "")));
      case 3 -> new Clause("", List.of(new Atom(place, "absent", List.of(), "")));
      default -> new Clause("", List.of(atom(random, place, hasMoney)));
    };
  }

  private static Atom atom(Random random, String place, boolean hasMoney) {
    String number = pick(random, NUMBERS);
    return switch (hasMoney ? random.nextInt(7) : 2 + random.nextInt(5)) {
      case 0, 1 -> {
        String amount = pick(random, List.of("0", "1", "2", "2.5", "10", "10.05", "0.125", "7"));
        yield new Atom("money", operator(random), List.of(amount), pick(random, CURRENCIES));
      }
      case 2 -> new Atom(place, operator(random), List.of(number), "");
      case 3 -> new Atom(place, pick(random, List.of("=", "!=")), List.of(pick(random, WORDS)), "");
      case 4 ->
          new Atom(
              place,
              "in",
              random.nextInt(3) == 0
                  ? List.of(number, pick(random, WORDS))
                  : random.nextBoolean()
                      ? List.of(number, pick(random, NUMBERS), pick(random, NUMBERS))
                      : List.of(pick(random, WORDS), pick(random, WORDS)),
              "");
      case 5 ->
          place.equals("zzz[].n") || place.equals("actor")
              ? new Atom(place, operator(random), List.of(number), "")
              : new Atom(place + ".length", operator(random), List.of("" + random.nextInt(4)), "");
      default -> new Atom(place, pick(random, List.of("<", ">=")), List.of(number), "");
    };
  }

  private static String operator(Random random) {
    return pick(random, List.of("=", "!=", "<", "<=", ">", ">="));
  }

  private static Call call(Random random) {
    List<@Nullable Value> elements = null;
    if (random.nextBoolean()) {
      elements = new ArrayList<>();
      for (int i = random.nextInt(4); i > 0; i--) {
        elements.add(value(random));
      }
    }
    Value currency =
        new Value(
            pick(random, List.of("eur", "EUR", "usd", "jpy", "kwd", "ugx", "chf", "x")), true);
    return new Call(
        random.nextBoolean(),
        random.nextInt(3) == 0
            ? value(random)
            : new Value(
                pick(random, List.of("0", "1", "10", "200", "250", "1000", "-5", "125", "1005")),
                false),
        random.nextInt(10) == 0 ? null : currency,
        value(random),
        value(random),
        elements,
        random.nextInt(3) == 0 ? null : bare(random),
        random.nextInt(12) == 0,
        random.nextInt(3) == 0 ? null : bare(random),
        random.nextInt(3) == 0 ? null : bare(random),
        random.nextInt(12) == 0);
  }

  private static String bare(Random random) {
    return random.nextInt(4) == 0
        ? pick(random, SPELLINGS)
        : pick(random, random.nextBoolean() ? NUMBERS : WORDS).replace("'", "");
  }

  private static @Nullable Value value(Random random) {
    return switch (random.nextInt(5)) {
      case 0 -> null;
      case 1 -> new Value(pick(random, NUMBERS), random.nextInt(4) == 0);
      case 2 -> new Value(pick(random, SPELLINGS), true);
      default -> {
        String word = pick(random, WORDS);
        boolean literal = List.of("true", "false", "null").contains(word);
        yield new Value(word.replace("'", ""), !literal);
      }
    };
  }

  private static <T> T pick(Random random, List<T> from) {
    return from.get(random.nextInt(from.size()));
  }

  private static String yaml(List<ModelRule> model, boolean observes) {
    StringBuilder out = new StringBuilder("version: 1\nname: crowded\nowner: t@example.com\n");
    out.append("packs: [stripe/1]\n");
    out.append("defaults: { mode: ").append(observes ? "observe" : "enforce").append(" }\n");
    out.append("destinations:\n  stripe: { hosts: [api.stripe.com] }\n");
    out.append("  wide: { hosts: [.stripe.com] }\n");
    out.append("approvals: { two: { approvers: [group:leads], votes: 1, ttl: 15m } }\n");
    out.append("rules:\n");
    for (ModelRule rule : model) {
      out.append("  - id: " + rule.id + "\n    to: " + rule.to + "\n    call: \"");
      out.append(rule.methods + " " + rule.path + "\"\n    then: " + rule.then + "\n");
      if (rule.then.equals("redact")) {
        out.append("    redact: { fields: [reason], types: [email], with: token }\n");
      }
      if (!rule.when.isEmpty()) {
        out.append("    when:\n");
        for (Clause clause : rule.when) {
          String atoms =
              clause.atoms.stream()
                  .map(atom -> "'" + atom.text() + "'")
                  .collect(Collectors.joining(", "));
          out.append("      - ");
          out.append(clause.nesting.isEmpty() ? atoms : "{ " + clause.nesting + ": [" + atoms);
          out.append(clause.nesting.isEmpty() ? "\n" : "] }\n");
        }
      }
      out.append(rule.observed ? "    mode: observe\n" : "");
      out.append(rule.skips ? "    on-unknown: skip\n" : "");
      if (rule.votes > 0) {
        out.append("    approval: { policy: two, votes: " + rule.votes + " }\n");
      }
      if (rule.limited) {
        out.append("    limits: [{ per: rule, max: 5, within: 1h }]\n");
      }
      out.append(rule.small ? "    size: { body: 60 B }\n" : "");
    }
    return out.toString();
  }

  private static String body(Call call) {
    StringBuilder out = new StringBuilder();
    add(call, out, "amount", call.amount);
    add(call, out, "currency", call.currency);
    add(call, out, "reason", call.reason);
    if (call.form) {
      add(call, out, "zz[k]", call.k);
    } else if (call.k != null) {
      StringBuilder inner = new StringBuilder();
      add(call, inner, "k", call.k);
      out.append(out.length() == 0 ? "" : ",").append("\"zz\":{").append(inner).append('}');
    }
    List<@Nullable Value> elements = call.elements;
    if (elements != null && !call.form) {
      out.append(out.length() == 0 ? "" : ",").append("\"zzz\":[");
      for (int i = 0; i < elements.size(); i++) {
        StringBuilder inner = new StringBuilder();
        add(call, inner, "n", elements.get(i));
        out.append(i == 0 ? "" : ",").append('{').append(inner).append('}');
      }
      out.append(']');
    }
    if (call.form) {
      return out.append(call.broken ? "&reason=%zz" : "").toString();
    }
    return "{" + out + (call.broken ? "" : "}");
  }

  private static void add(Call call, StringBuilder out, String name, @Nullable Value value) {
    if (value == null) {
      return;
    }
    if (call.form) {
      out.append(out.length() == 0 ? "" : "&").append(name).append('=');
      out.append(URLEncoder.encode(value.text, StandardCharsets.UTF_8));
      return;
    }
    String quote = value.quoted ? "\"" : "";
    out.append(out.length() == 0 ? "" : ",").append('"').append(name).append("\":");
    out.append(quote).append(value.text).append(quote);
  }

  private static CallFacts facts(Call call) {
    List<String> headers = new ArrayList<>();
    headers.add("Content-Type");
    headers.add(call.form ? "application/x-www-form-urlencoded" : "application/json");
    if (call.header != null) {
      headers.add("x-h");
      headers.add(call.header);
    }
    List<String> query = new ArrayList<>();
    if (call.q != null) {
      query.add("q=" + URLEncoder.encode(call.q, StandardCharsets.UTF_8));
    }
    if (call.amountInQuery) {
      query.add("amount=7");
    }
    byte[] body = body(call).getBytes(StandardCharsets.UTF_8);
    return new CallFacts(
        "POST",
        "https://api.stripe.com/v1/refunds"
            + (query.isEmpty() ? "" : "?" + String.join("&", query)),
        headers,
        body.length == 0 ? BodyState.NONE : BodyState.READ,
        body,
        call.actor == null ? Caller.UNKNOWN : Caller.ofService(call.actor));
  }

  // ---- the slow reading

  private static final class Slow {
    private final List<ModelRule> model;
    private final Call call;
    private final boolean observes;

    Slow(List<ModelRule> model, Call call, boolean observes) {
      this.model = model;
      this.call = call;
      this.observes = observes;
    }

    record Fired(ModelRule rule, String effect, String rank, String reason) {}

    String decide() {
      List<Fired> fired = new ArrayList<>();
      List<Fired> offers = new ArrayList<>();
      int redactions = 0;
      for (ModelRule rule : model) {
        if (rule.methods.equals("PUT")) {
          continue;
        }
        int truth = 1;
        for (Clause clause : rule.when) {
          truth = Math.min(truth, truth(clause));
        }
        boolean fires = truth == 1 || (truth == 0 && !rule.then.equals("allow") && !rule.skips);
        if (!fires) {
          continue;
        }
        String rank = rank(rule);
        Fired one = new Fired(rule, rule.then, rank, "");
        fired.add(one);
        boolean redacts = rule.then.equals("redact");
        if (!redacts) {
          offers.add(one);
        }
        if (rule.small && body(call).getBytes(StandardCharsets.UTF_8).length > 60) {
          offers.add(new Fired(rule, "deny", rank, "BODY_OVER_SIZE"));
        }
        redactions += redacts && !observes && !rule.observed ? 1 : 0;
      }
      Fired enforced = strongest(offers, false);
      Fired observed = strongest(offers, true);
      String effect = enforced == null ? "deny" : enforced.effect; // of a write
      boolean would =
          observed != null
              && strength(observed.effect) > strength(effect)
              && (effect.equals("allow") || observes);
      Fired best = would ? observed : enforced;
      fired.sort(
          Comparator.comparingInt((Fired one) -> -strength(one.effect))
              .thenComparing(one -> one.rule.id));
      boolean mayLeave =
          List.of("allow", "approve").contains(best == null ? "deny" : best.effect)
              || observes
              || would;
      List<String> charges =
          fired.stream()
              .filter(one -> mayLeave && one.rule.limited)
              .map(one -> one.rule.id)
              .sorted()
              .toList();
      boolean approves = best != null && best.effect.equals("approve");
      int votes =
          fired.stream()
              .filter(one -> approves && one.rule.observed == would)
              .mapToInt(one -> one.rule.votes)
              .max()
              .orElse(0);
      return (best == null ? "DENY" : best.effect.toUpperCase(Locale.ROOT))
          + " "
          + (!observes && !would)
          + " "
          + (best == null ? "default.write-high" : best.rule.id)
          + " "
          + (best == null ? "WRITE_DEFAULT" : reason(best))
          + " "
          + fired.stream().limit(8).map(one -> one.rule.id).toList()
          + " charges "
          + String.join(",", charges)
          + " votes "
          + votes
          + " redactions "
          + redactions;
    }

    private static String reason(Fired best) {
      if (!best.reason.isEmpty()) {
        return best.reason;
      }
      return switch (best.effect) {
        case "allow" -> "ALLOWED";
        case "approve" -> "APPROVAL_REQUIRED";
        case "escalate" -> "ESCALATED";
        case "deny" -> "RULE";
        default -> "FORBIDDEN";
      };
    }

    private static @Nullable Fired strongest(List<Fired> fired, boolean observed) {
      Fired best = null;
      for (Fired one : fired) {
        if (one.rule.observed != observed) {
          continue;
        }
        int order = best == null ? 1 : strength(one.effect) - strength(best.effect);
        order = order != 0 || best == null ? order : one.rank.compareTo(best.rank);
        order = order != 0 || best == null ? order : best.rule.id.compareTo(one.rule.id);
        best = order > 0 ? one : best;
      }
      return best;
    }

    private static int strength(String effect) {
      return List.of("redact", "allow", "approve", "escalate", "deny", "forbid").indexOf(effect);
    }

    private static String rank(ModelRule rule) {
      String host = rule.to.equals("any") ? "0" : rule.to.equals("wide") ? "1" : "2";
      String path =
          switch (rule.path) {
            case "/v1/refunds" -> "33 exact";
            case "/v1/re*" -> "32 exact";
            case "/v1/*" -> "31 exact";
            default -> "30 **";
          };
      return host + path + (rule.methods.equals("*") ? 0 : 1) + rule.when.size();
    }

    private int truth(Clause clause) {
      int first = truth(clause.atoms.get(0));
      return switch (clause.nesting) {
        case "not" -> -first;
        case "any" -> Math.max(first, truth(clause.atoms.get(1)));
        default -> first;
      };
    }

    /** -1 false, 0 unknown, 1 true. */
    private int truth(Atom atom) {
      if (atom.isMoney()) {
        return money(atom);
      }
      String place = atom.place.replace(".length", "");
      boolean text = call.form || place.contains(".") && !place.startsWith("zz");
      text |= place.equals("actor");
      boolean surrounding =
          place.startsWith("query.") || place.startsWith("header.") || place.equals("actor");
      if (!surrounding && call.broken) {
        return 0;
      }
      if (place.equals("zzz[].n")) {
        return elements(atom);
      }
      Value value =
          switch (place) {
            case "amount" -> call.amount;
            case "reason" -> call.reason;
            case "zz.k" -> call.k;
            case "query.q" -> call.q == null ? null : new Value(call.q, true);
            case "header.X-H" -> call.header == null ? null : new Value(call.header, true);
            default -> call.actor == null ? null : new Value(call.actor, true);
          };
      if (place.equals("amount") && call.amountInQuery) {
        return 0;
      }
      if (atom.op.equals("exists") || atom.op.equals("absent")) {
        int exists = value == null ? (place.equals("actor") ? 0 : -1) : 1;
        exists = value != null && isNull(value, text) ? 0 : exists;
        return atom.op.equals("exists") ? exists : -exists;
      }
      return value == null ? 0 : test(atom, value, text);
    }

    private int elements(Atom atom) {
      List<@Nullable Value> elements = call.form ? null : call.elements;
      if (atom.op.equals("exists") || atom.op.equals("absent")) {
        int exists = -1;
        for (Value element : elements == null ? List.<@Nullable Value>of() : elements) {
          exists = Math.max(exists, element == null ? -1 : isNull(element, false) ? 0 : 1);
        }
        return atom.op.equals("exists") ? exists : -exists;
      }
      if (elements == null) {
        return 0;
      }
      int any = -1;
      for (Value element : elements) {
        any = Math.max(any, element == null ? 0 : test(atom, element, false));
      }
      return any;
    }

    private static boolean isNull(Value value, boolean text) {
      return !text && !value.quoted && value.text.equals("null");
    }

    private int money(Atom atom) {
      Value amount = call.amount;
      Value currency = call.currency;
      if (call.broken || amount == null || currency == null || call.amountInQuery) {
        return 0;
      }
      int decimals =
          switch (atom.currency) {
            case "JPY" -> 0;
            case "KWD" -> 3;
            case "UGX" -> -1;
            default -> 2;
          };
      BigDecimal number = number(amount, call.form);
      if (decimals < 0
          || !atom.currency.equalsIgnoreCase(currency.text)
          || number == null
          || amount.text.startsWith("-")) {
        return 0;
      }
      return compare(number.movePointLeft(decimals), atom.op, new BigDecimal(atom.words.get(0)));
    }

    private static int test(Atom atom, Value value, boolean text) {
      if (atom.isLength()) {
        return text || value.quoted
            ? compare(
                new BigDecimal(value.text.length()), atom.op, new BigDecimal(atom.words.get(0)))
            : 0;
      }
      switch (atom.op) {
        case "in" -> {
          int any = 0;
          boolean near = false;
          for (String word : atom.words) {
            int one = equal(value, text, word);
            boolean isText = (text || value.quoted) && (word.startsWith("'") || isBare(word));
            near |= isText && one == 0;
            any = one == 1 || any == 0 ? one : any;
            if (any == 1) {
              return 1;
            }
          }
          return near ? 0 : any; // another type than one of several is another value
        }
        case "=" -> {
          return equal(value, text, atom.words.get(0));
        }
        case "!=" -> {
          return -equal(value, text, atom.words.get(0));
        }
        default -> {
          BigDecimal number = number(value, text);
          return number == null ? 0 : compare(number, atom.op, new BigDecimal(atom.words.get(0)));
        }
      }
    }

    private static @Nullable BigDecimal number(Value value, boolean text) {
      return (text || !value.quoted) && value.text.matches("-?[0-9.]+")
          ? new BigDecimal(value.text)
          : null;
    }

    private static int compare(BigDecimal value, String op, BigDecimal limit) {
      int sign = value.compareTo(limit);
      boolean is =
          switch (op) {
            case "=" -> sign == 0;
            case "!=" -> sign != 0;
            case "<" -> sign < 0;
            case "<=" -> sign <= 0;
            case ">" -> sign > 0;
            default -> sign >= 0;
          };
      return is ? 1 : -1;
    }

    /** Unknown where the plainest writing of both is the same. */
    private static int same(String value, String word) {
      return value.equals(word) ? 1 : plainest(value).equals(plainest(word)) ? 0 : -1;
    }

    private static String plainest(String text) {
      return Normalizer.normalize(text, Normalizer.Form.NFKD)
          .replaceAll("[\\p{M}\\p{C}\\p{Z}]", "")
          .toUpperCase(Locale.ROOT)
          .toLowerCase(Locale.ROOT);
    }

    /** A text without quotes. */
    private static boolean isBare(String word) {
      return !word.matches("-?[0-9.]+|true|false|null|'.*");
    }

    private static int equal(Value value, boolean text, String word) {
      if (word.startsWith("'")) {
        String wanted = word.replace("'", "");
        return text || value.quoted ? same(value.text, wanted) : 0;
      }
      if (word.matches("-?[0-9.]+")) {
        BigDecimal number = number(value, text);
        return number == null ? 0 : compare(number, "=", new BigDecimal(word));
      }
      switch (word) {
        case "true", "false" -> {
          boolean bool = value.text.equals("true") || value.text.equals("false");
          return bool && (text || !value.quoted) ? (value.text.equals(word) ? 1 : -1) : 0;
        }
        case "null" -> {
          return text ? 0 : isNull(value, false) ? 1 : -1;
        }
        default -> {
          return text || value.quoted ? same(value.text, word) : 0;
        }
      }
    }
  }
}
