package dev.cordon.rules;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Many rules at one place of a {@link PathTrie}. They are found by the values that their conditions
 * name, so that a call costs the rules it matches and not all of them. A rule is filed under one
 * value that it asks for: a text, or the numbers between which a field, a length or an amount must
 * be. When the call has no such value, or one of another type, the condition is unknown, and all
 * rules that fire on unknown are met together.
 */
final class Crowd {
  static final int FEW = 8; // up to that many are looked at one by one

  /** All of them, for who wants to see each. */
  final int[] ids;

  private final Part[] parts;

  private Crowd(int[] ids, Part[] parts) {
    this.ids = ids;
    this.parts = parts;
  }

  static Crowd of(int[] ids, List<Rule> rules, FieldTable fields) {
    Map<String, PartBuilder> parts = new LinkedHashMap<>();
    for (int id : ids) {
      Rule rule = rules.get(id);
      parts
          .computeIfAbsent(
              rule.call().methods() + " " + rule.allows(), unused -> new PartBuilder(rule))
          .add(rule, fields);
    }
    List<Part> built = new ArrayList<>();
    for (PartBuilder part : parts.values()) {
      built.add(part.build());
    }
    return new Crowd(ids, built.toArray(new Part[0]));
  }

  int parts() {
    return parts.length;
  }

  Part part(int at) {
    return parts[at];
  }

  /** Rules for the same methods that all allow, or none of which does. */
  static final class Part {
    /** One of them, to stand for all; the one whose pattern tells most. */
    final Rule example;

    private final @Nullable Together always;
    private final Key[] keys;

    private Part(Rule example, @Nullable Together always, Key[] keys) {
      this.example = example;
      this.always = always;
      this.keys = keys;
    }

    /** Hands over the rules that may fire. */
    void find(Evaluation call) {
      if (always != null) {
        call.meet(always);
      }
      for (Key key : keys) {
        key.find(call);
      }
    }
  }

  /** Rules that are filed under one value of a call. */
  private record Key(
      Draw draw,
      Map<String, Together> texts,
      NearTexts near,
      Map<String, Together> perhaps,
      @Nullable Together noText,
      @Nullable Intervals numbers,
      @Nullable Together noNumber) {

    void find(Evaluation call) {
      Drawn value = draw.from(call);
      if (!texts.isEmpty()) {
        meet(found(value), call);
      }
      if (numbers != null) {
        int cell = value == null ? -1 : numbers.cell(value);
        if (cell < 0) {
          meet(noNumber, call);
        } else {
          numbers.find(cell, call);
        }
      }
    }

    private @Nullable Together found(@Nullable Drawn value) {
      if (value == null || !value.isText()) {
        return noText;
      }
      Together found = value.object instanceof String text ? texts.get(text) : null;
      if (found == null && !perhaps.isEmpty()) {
        String folded = near.find(value.object);
        found = folded == null ? null : perhaps.get(folded);
      }
      return found;
    }

    private static void meet(@Nullable Together found, Evaluation call) {
      if (found != null) {
        call.meet(found);
      }
    }
  }

  /** Takes a value out of a call; null when it is unknown. */
  private sealed interface Draw {
    @Nullable Drawn from(Evaluation call);

    /**
     * @param of as {@link Range#of()} has it
     */
    static Draw of(Object of) {
      if (of instanceof Range.MoneyIn money) {
        return new AmountIn(
            money.currency(), new Condition.MoneyCompare.SameCurrency(money.currency()));
      }
      if (of instanceof Range.LengthOf length) {
        return new LengthAt(length.place());
      }
      return new ValueAt((Condition.Place) of);
    }
  }

  private record ValueAt(Condition.Place place) implements Draw {
    @Override
    public @Nullable Drawn from(Evaluation call) {
      return place.test(call, call.drawn) == Truth.TRUE ? call.drawn : null;
    }
  }

  private record LengthAt(Condition.Place place) implements Draw {
    @Override
    public @Nullable Drawn from(Evaluation call) {
      return place.test(call, call.drawn) == Truth.TRUE && call.drawn.toLength()
          ? call.drawn
          : null;
    }
  }

  private record AmountIn(String currency, FieldValues.Test sameCurrency) implements Draw {
    @Override
    public @Nullable Drawn from(Evaluation call) {
      return Condition.MoneyCompare.draw(call, currency, sameCurrency);
    }
  }

  // ---- built when a file is compiled

  /** True when the rule's effect is all there is to it. */
  static boolean isPlain(Rule rule) {
    return rule.effect() != null
        && rule.fields() == null
        && !rule.bounds().counts()
        && rule.bounds().maxBodyBytes() < 0
        && rule.approval() == null
        && rule.waivedUntilMs() == 0;
  }

  private static final class PartBuilder {
    private Rule example;
    private final Together.Builder always = new Together.Builder();
    private final Map<Object, KeyBuilder> keys = new LinkedHashMap<>();

    PartBuilder(Rule first) {
      example = first;
    }

    void add(Rule rule, FieldTable fields) {
      if (rule.call().rank() > example.call().rank()
          || (rule.call().rank() == example.call().rank() && rule.index() < example.index())) {
        example = rule;
      }
      boolean plain = isPlain(rule);
      if (rule.when().isEmpty() && plain) {
        always.fires(rule);
        return;
      }
      Clauses best = null;
      for (Clauses clauses : clauses(rule, fields)) {
        if (best == null || clauses.isNarrowerThan(best)) {
          best = clauses;
        }
      }
      if (best == null) {
        always.asks(rule);
        return;
      }
      keys.computeIfAbsent(best.of, KeyBuilder::new)
          .add(rule, best, plain && best.count == rule.when().size());
    }

    Part build() {
      List<Key> built = new ArrayList<>();
      for (KeyBuilder key : keys.values()) {
        built.add(key.build());
      }
      return new Part(example, always.build(), built.toArray(new Key[0]));
    }
  }

  private static final class KeyBuilder {
    private final Object of;
    private final Map<String, Together.Builder> texts = new HashMap<>();
    private final Map<String, Spellings> spellings = new HashMap<>(); // as folded
    private final Together.Builder noText = new Together.Builder();
    private final Intervals.Builder numbers = new Intervals.Builder();
    private final Together.Builder noNumber = new Together.Builder();

    KeyBuilder(Object of) {
      this.of = of;
    }

    void add(Rule rule, Clauses clauses, boolean fires) {
      if (!clauses.texts.isEmpty()) {
        for (String text : clauses.texts) {
          file(rule, fires, texts.computeIfAbsent(text, unused -> new Together.Builder()));
        }
      } else {
        numbers.add(rule, fires, clauses.ranges);
      }
      // a list of fields is looked at whatever else is unknown
      if ((rule.firesOnUnknown() && !rule.allows()) || rule.fields() != null) {
        file(rule, fires, clauses.texts.isEmpty() ? noNumber : noText);
      }
      for (String text : clauses.texts) {
        spellings
            .computeIfAbsent(Fold.nearly(text), unused -> new Spellings())
            .add(text, rule, rule.firesOnUnknown() || rule.fields() != null);
      }
    }

    private static void file(Rule rule, boolean fires, Together.Builder builder) {
      if (fires) {
        builder.fires(rule);
      } else {
        builder.asks(rule);
      }
    }

    Key build() {
      Map<String, Together> built = new HashMap<>(texts.size() * 2);
      texts.forEach(
          (text, rules) -> {
            Together together = rules.build();
            if (together != null) {
              built.put(text, together);
            }
          });
      Map<String, Together> perhaps = new HashMap<>();
      spellings.forEach((folded, known) -> known.build(folded, built, perhaps));
      return new Key(
          Draw.of(of),
          built,
          new NearTexts(perhaps.keySet()),
          perhaps,
          noText.build(),
          numbers.build(),
          noNumber.build());
    }
  }

  /** Texts of rules that forgiving servers take for each other, mostly only one. */
  private static final class Spellings {
    private final Set<String> texts = new LinkedHashSet<>(2);
    private final List<Rule> all = new ArrayList<>(2);
    private final List<Rule> asked = new ArrayList<>(2);

    void add(String text, Rule rule, boolean onUnknown) {
      texts.add(text);
      add(rule, all);
      if (onUnknown) {
        add(rule, asked);
      }
    }

    /** Texts of one rule come one after the other. */
    private static void add(Rule rule, List<Rule> rules) {
      if (rules.isEmpty() || rules.get(rules.size() - 1).index() != rule.index()) {
        rules.add(rule);
      }
    }

    /** Rules that a near text leaves unknown are asked, also by a text that is another rule's. */
    void build(String folded, Map<String, Together> exact, Map<String, Together> perhaps) {
      Together mayFire = asking(asked);
      if (mayFire == null) {
        return;
      }
      perhaps.put(folded, mayFire);
      Together together = texts.size() > 1 ? asking(all) : null;
      if (together != null) {
        texts.forEach(text -> exact.put(text, together));
      }
    }

    private static @Nullable Together asking(List<Rule> rules) {
      Together.Builder builder = new Together.Builder();
      rules.forEach(builder::asks);
      return builder.build();
    }
  }

  /** Conditions of one rule on one value: texts, or else ranges of numbers. */
  private static final class Clauses {
    final Object of;
    final List<String> texts;
    final List<List<Range>> ranges = new ArrayList<>(1);
    int count;
    private int points;

    Clauses(Object of, List<String> texts) {
      this.of = of;
      this.texts = texts;
    }

    void add(List<Range> more, boolean single) {
      ranges.add(more);
      points += single ? 1 : 0;
      count++;
    }

    boolean isNarrowerThan(Clauses other) {
      boolean exact = points > 0 || !texts.isEmpty();
      boolean otherExact = other.points > 0 || !other.texts.isEmpty();
      return exact == otherExact ? count > other.count : exact;
    }
  }

  /** By value; what cannot be looked up is left out. */
  private static List<Clauses> clauses(Rule rule, FieldTable fields) {
    List<Clauses> all = new ArrayList<>(1);
    Map<Object, Clauses> numbers = new HashMap<>();
    for (ConditionParser.Clause clause : rule.when()) {
      Condition condition = clause.condition();
      if (condition instanceof Condition.In in && !Range.isSeveral(in.place, fields)) {
        if (in.others.isEmpty()) {
          addTexts(all, in.place, List.copyOf(in.texts));
        } else if (in.texts.isEmpty() && in.others.stream().allMatch(Literal::isNumber)) {
          List<Range> points = new ArrayList<>(in.others.size());
          for (Literal literal : in.others) {
            points.add(Range.point(in.place, literal));
          }
          addRanges(all, numbers, in.place, points, true);
        }
        continue;
      }
      if (condition instanceof Condition.Compare compare
          && compare.operator() == Condition.Operator.EQUAL
          && compare.literal().isText()
          && !Range.isSeveral(compare.place(), fields)) {
        addTexts(all, compare.place(), List.of(compare.literal().text()));
        continue;
      }
      Range range = Range.of(condition, fields);
      if (range != null && !range.several()) {
        boolean point = range.low() != null && range.low().equals(range.high());
        addRanges(all, numbers, range.of(), List.of(range), point);
      }
    }
    return all;
  }

  private static void addTexts(List<Clauses> all, Object of, List<String> texts) {
    Clauses clauses = new Clauses(of, texts);
    clauses.count = 1;
    all.add(clauses);
  }

  private static void addRanges(
      List<Clauses> all,
      Map<Object, Clauses> numbers,
      Object of,
      List<Range> ranges,
      boolean single) {
    Clauses clauses = numbers.get(of);
    if (clauses == null) {
      clauses = new Clauses(of, List.of());
      numbers.put(of, clauses);
      all.add(clauses);
    }
    clauses.add(ranges, single);
  }
}
