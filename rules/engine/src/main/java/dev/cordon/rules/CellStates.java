package dev.cordon.rules;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Cells that are too many to be decided one by one, taken together by what they make rules do. The
 * places of a call are gone through one after the other; after each, combinations that leave the
 * same rules to fire are one state, rules that can no longer fire are forgotten, and so are those
 * that can no longer matter, because something stronger has fired. What is left at the end is
 * decided by the engine, one cell of each state.
 */
final class CellStates {
  private static final int MAX_STATES = 20_000; // after one place; of more some are followed
  private static final int MAX_KEPT = 8_000_000; // formulas of all states after one place
  private static final int MAX_PAIRS = 20_000; // of values of two places that one condition reads
  private static final int LOOKS_OF_CELL = 1_000; // what the engine takes for one
  private static final int NEVER = 0;
  private static final int ALWAYS = 1;
  private static final int UNSET = -1;

  /** What conditions are in a cell. */
  interface Oracle {
    /** The cell that is asked about from here on. */
    void suppose(int[] choice);

    Truth truth(boolean before, Condition condition);

    Truth listed(boolean before, FieldsCheck check);

    /** The places that a condition reads, by number; those that have but one value left out. */
    List<Integer> reads(boolean before, Condition condition);

    /** The places that say which fields there are. */
    List<Integer> listing();

    boolean observes(boolean before, Rule rule);

    boolean isOver(boolean before, long maxBytes);
  }

  /**
   * A rule at the kind of call.
   *
   * @param inBefore and inAfter: it is a rule of this side, by what it means
   */
  record Asked(Rule rule, boolean unclear, boolean inBefore, boolean inAfter) {
    boolean isOwn() {
      return !inBefore || !inAfter;
    }
  }

  /**
   * What is settled whatever the rules say.
   *
   * @param least the effect that it gets at least; null: none
   * @param otherwise where nothing fires
   */
  record Ground(@Nullable Effect least, Effect otherwise, boolean enforcing) {}

  /** Work that may still be done, for one kind of call and for all. */
  static final class Budget {
    private final @Nullable Budget of;
    private long left;

    /**
     * @param of from which it is taken as well
     */
    Budget(long looks, @Nullable Budget of) {
      left = looks;
      this.of = of;
    }

    boolean take(long looks) {
      left -= looks;
      return (of == null || of.take(looks)) && left >= 0;
    }

    boolean isSpent() {
      return left < 0;
    }
  }

  interface Found {
    /**
     * One cell of a state.
     *
     * @return true when another cell of it is wanted
     */
    boolean cell(int[] choice);
  }

  // ---- formulas: when a rule fires, as a number each

  private enum Kind {
    ONE_OF,
    ALL,
    ANY
  }

  /**
   * @param place and values: with {@link Kind#ONE_OF}
   */
  private record Formula(Kind kind, int place, BitSet values, List<Integer> parts) {}

  private final List<Formula> formulas = new ArrayList<>();
  private final Map<Formula, Integer> numbers = new HashMap<>();

  /** What one rule does when its formula holds. */
  private record Part(
      int formula, int effect, boolean observed, boolean counts, boolean before, boolean after) {}

  private final Oracle oracle;
  private final int[] sizes;
  private final Ground was;
  private final Ground is;
  private final boolean sameGround;
  private final Budget budget;
  private final List<Part> parts = new ArrayList<>();
  private final List<List<int[]>> groups = new ArrayList<>(); // by place: values alike
  private final Map<Condition, Map<List<Integer>, Truth>> wasTruths = new IdentityHashMap<>();
  private final Map<Condition, Map<List<Integer>, Truth>> isTruths = new IdentityHashMap<>();
  private boolean keepsObserved;

  /** Not everything was followed. */
  boolean incomplete;

  /**
   * @param base a choice of all places that no rule reads
   * @param sizes by place: how many values it has; 1 where it is as in the base
   */
  CellStates(
      Oracle oracle,
      int[] base,
      int[] sizes,
      List<Asked> rules,
      Ground was,
      Ground is,
      boolean sameGround,
      Budget budget) {
    this.oracle = oracle;
    this.sizes = sizes;
    this.was = was;
    this.is = is;
    this.sameGround = sameGround;
    this.budget = budget;
    formulas.add(new Formula(Kind.ANY, 0, new BitSet(), List.of())); // NEVER
    formulas.add(new Formula(Kind.ALL, 0, new BitSet(), List.of())); // ALWAYS
    for (Asked one : rules) {
      keepsObserved |= one.rule().bounds().counts();
    }
    ask(rules, base);
    for (Asked one : rules) {
      add(one, base);
    }
    group(base);
  }

  // ---- what conditions are for each value

  private void ask(List<Asked> rules, int[] base) {
    Map<List<Integer>, List<Runnable>> byPlaces = new LinkedHashMap<>();
    for (Asked one : rules) {
      boolean before = one.inBefore();
      for (ConditionParser.Clause clause : one.rule().when()) {
        ask(before, clause.condition(), byPlaces, base);
      }
    }
    byPlaces.forEach(
        (places, atoms) -> {
          long pairs = 1;
          for (int place : places) {
            pairs *= sizes[place];
          }
          if (pairs > MAX_PAIRS || !budget.take(pairs * (atoms.size() + 10L))) {
            incomplete = true;
            return;
          }
          int[] choice = base.clone();
          int[] order = places.stream().mapToInt(Integer::intValue).toArray();
          do {
            oracle.suppose(choice);
            atoms.forEach(Runnable::run);
          } while (LeafCells.next(choice, sizes, order, order.length));
        });
  }

  private void ask(
      boolean before,
      Condition condition,
      Map<List<Integer>, List<Runnable>> byPlaces,
      int[] base) {
    List<Condition> inner = inner(condition);
    if (inner != null) {
      inner.forEach(part -> ask(before, part, byPlaces, base));
      return;
    }
    Map<Condition, Map<List<Integer>, Truth>> truths = before ? wasTruths : isTruths;
    if (truths.containsKey(condition)) {
      return;
    }
    Map<List<Integer>, Truth> mine = new HashMap<>();
    truths.put(condition, mine);
    List<Integer> places = oracle.reads(before, condition);
    int[] at = new int[1];
    int total = places.stream().mapToInt(place -> sizes[place]).reduce(1, (a, b) -> a * b);
    byPlaces
        .computeIfAbsent(places, any -> new ArrayList<>())
        .add(
            () -> {
              if (at[0] < total) {
                mine.put(values(places, at[0]++), oracle.truth(before, condition));
              }
            });
  }

  /** The values of some places at a step of going through them, the last place the fastest. */
  private List<Integer> values(List<Integer> places, int step) {
    List<Integer> values = new ArrayList<>(places);
    for (int i = places.size() - 1; i >= 0; i--) {
      values.set(i, step % sizes[places.get(i)]);
      step /= sizes[places.get(i)];
    }
    return values;
  }

  private static @Nullable List<Condition> inner(Condition condition) {
    if (condition instanceof Condition.All all) {
      return all.parts();
    }
    if (condition instanceof Condition.Any any) {
      return any.parts();
    }
    return condition instanceof Condition.Not not ? List.of(not.part()) : null;
  }

  // ---- formulas

  /** When the truth is at least so much; {@code not}: when it is not. */
  private int formula(boolean before, Condition condition, Truth least, boolean not) {
    if (condition instanceof Condition.Not inner) {
      // not x is at least unknown unless x is true
      Truth opposite = least == Truth.UNKNOWN ? Truth.TRUE : Truth.UNKNOWN;
      return formula(before, inner.part(), opposite, !not);
    }
    List<Condition> inner = inner(condition);
    if (inner != null) {
      List<Integer> all = new ArrayList<>();
      inner.forEach(part -> all.add(formula(before, part, least, not)));
      return (condition instanceof Condition.All) != not ? all(all) : any(all);
    }
    Map<List<Integer>, Truth> truths =
        (before ? wasTruths : isTruths).getOrDefault(condition, Map.of());
    List<Integer> places = oracle.reads(before, condition);
    if (truths.isEmpty()) {
      return not ? ALWAYS : NEVER; // not asked: it is said to be incomplete
    }
    if (places.isEmpty()) {
      return holds(truths, List.of(), least) != not ? ALWAYS : NEVER;
    }
    if (places.size() == 1) {
      BitSet values = new BitSet();
      for (int value = 0; value < sizes[places.get(0)]; value++) {
        values.set(value, holds(truths, List.of(value), least) != not);
      }
      return oneOf(places.get(0), values);
    }
    Map<BitSet, BitSet> rows = new LinkedHashMap<>(); // second values by first ones
    for (int first = 0; first < sizes[places.get(0)]; first++) {
      BitSet seconds = new BitSet();
      for (int second = 0; second < sizes[places.get(1)]; second++) {
        seconds.set(second, holds(truths, List.of(first, second), least) != not);
      }
      rows.computeIfAbsent(seconds, any -> new BitSet()).set(first);
    }
    List<Integer> some = new ArrayList<>();
    rows.forEach(
        (seconds, firsts) ->
            some.add(all(List.of(oneOf(places.get(0), firsts), oneOf(places.get(1), seconds)))));
    return any(some);
  }

  private static boolean holds(
      Map<List<Integer>, Truth> truths, List<Integer> values, Truth least) {
    return truths.getOrDefault(values, Truth.UNKNOWN).compareTo(least) >= 0;
  }

  private int oneOf(int place, BitSet values) {
    int count = values.cardinality();
    return count == 0
        ? NEVER
        : count == sizes[place]
            ? ALWAYS
            : number(new Formula(Kind.ONE_OF, place, values, List.of()));
  }

  private int all(List<Integer> some) {
    return together(Kind.ALL, some, NEVER, ALWAYS);
  }

  private int any(List<Integer> some) {
    return together(Kind.ANY, some, ALWAYS, NEVER);
  }

  private int together(Kind kind, List<Integer> some, int strong, int weak) {
    Map<Integer, BitSet> values = new LinkedHashMap<>();
    Set<Integer> others = new LinkedHashSet<>();
    List<Integer> open = new ArrayList<>(some);
    for (int i = 0; i < open.size(); i++) {
      int one = open.get(i);
      Formula formula = formulas.get(one);
      if (one == strong) {
        return strong;
      }
      if (one == weak) {
        continue;
      }
      if (formula.kind() == kind) {
        open.addAll(formula.parts());
      } else if (formula.kind() == Kind.ONE_OF) {
        BitSet known = values.get(formula.place());
        if (known == null) {
          values.put(formula.place(), (BitSet) formula.values().clone());
        } else if (kind == Kind.ALL) {
          known.and(formula.values());
        } else {
          known.or(formula.values());
        }
      } else {
        others.add(one);
      }
    }
    for (Map.Entry<Integer, BitSet> one : values.entrySet()) {
      int formula = oneOf(one.getKey(), one.getValue());
      if (formula == strong) {
        return strong;
      }
      if (formula != weak) {
        others.add(formula);
      }
    }
    if (others.isEmpty()) {
      return weak;
    }
    if (others.size() == 1) {
      return others.iterator().next();
    }
    List<Integer> sorted = new ArrayList<>(others);
    Collections.sort(sorted);
    return number(new Formula(kind, 0, new BitSet(), sorted));
  }

  private int number(Formula formula) {
    Integer known = numbers.putIfAbsent(formula, formulas.size());
    if (known != null) {
      return known;
    }
    formulas.add(formula);
    return formulas.size() - 1;
  }

  /** What is left of a formula when the value of a place is known. */
  private int with(int formula, int place, int value) {
    Formula one = formulas.get(formula);
    if (one.kind() == Kind.ONE_OF) {
      return one.place() != place ? formula : one.values().get(value) ? ALWAYS : NEVER;
    }
    if (one.parts().isEmpty()) {
      return formula;
    }
    List<Integer> left = new ArrayList<>(one.parts().size());
    boolean changed = false;
    for (int part : one.parts()) {
      int now = with(part, place, value);
      changed |= now != part;
      left.add(now);
    }
    return !changed ? formula : one.kind() == Kind.ALL ? all(left) : any(left);
  }

  private void within(int formula, Set<Integer> all) {
    if (all.add(formula)) {
      formulas.get(formula).parts().forEach(part -> within(part, all));
    }
  }

  private void places(int formula, BitSet places) {
    Formula one = formulas.get(formula);
    if (one.kind() == Kind.ONE_OF) {
      places.set(one.place());
    }
    one.parts().forEach(part -> places(part, places));
  }

  // ---- rules

  /** As {@link Evaluation} evaluates them. */
  private void add(Asked asked, int[] base) {
    Rule rule = asked.rule();
    boolean before = asked.inBefore();
    boolean observed = oracle.observes(before, rule);
    int maybe = conditions(asked, Truth.UNKNOWN);
    int surely = asked.unclear() ? NEVER : conditions(asked, Truth.TRUE);
    int fires = rule.allows() || !rule.firesOnUnknown() ? surely : maybe;
    FieldsCheck check = rule.fields();
    boolean counts = rule.bounds().counts();
    if (check != null) {
      int listed = listed(before, check, base, Truth.TRUE, false);
      boolean strict = rule.firesOnUnknown();
      int fits = strict ? listed : listed(before, check, base, Truth.UNKNOWN, false);
      int other = listed(before, check, base, strict ? Truth.TRUE : Truth.UNKNOWN, true);
      boolean asks = check.others() == Effect.APPROVE && rule.approval() != null;
      add(asked, all(List.of(maybe, other)), check.others().ordinal(), observed, counts || asks);
      fires = all(List.of(fires, fits, rule.allows() ? listed : ALWAYS));
    }
    Effect effect = rule.effect();
    int strength = effect == null ? UNSET : effect.ordinal();
    long most = rule.bounds().maxBodyBytes();
    if (most >= 0 && oracle.isOver(before, most)) {
      strength = Math.max(strength, rule.bounds().overSize().ordinal());
    }
    boolean asks = effect == Effect.APPROVE && rule.approval() != null;
    boolean redacts = effect == null && rule.redaction() != null && !observed;
    add(asked, fires, strength, observed, counts || asks || redacts);
  }

  private int conditions(Asked asked, Truth least) {
    List<Integer> all = new ArrayList<>();
    for (ConditionParser.Clause clause : asked.rule().when()) {
      all.add(formula(asked.inBefore(), clause.condition(), least, false));
    }
    return all(all);
  }

  private int listed(boolean before, FieldsCheck check, int[] base, Truth least, boolean not) {
    List<Integer> all = new ArrayList<>();
    oracle.suppose(base);
    boolean unread = oracle.listed(before, check) == Truth.UNKNOWN;
    if (unread) {
      return (least == Truth.UNKNOWN) != not ? ALWAYS : NEVER;
    }
    for (int place : oracle.listing()) {
      BitSet values = new BitSet();
      int[] choice = base.clone();
      for (int value = 0; value < sizes[place]; value++) {
        choice[place] = value;
        oracle.suppose(choice);
        values.set(value, (oracle.listed(before, check).compareTo(least) >= 0) != not);
      }
      all.add(oneOf(place, values));
    }
    return not ? any(all) : all(all);
  }

  private void add(Asked asked, int formula, int effect, boolean observed, boolean counts) {
    boolean idle = observed ? !keepsObserved : effect == UNSET;
    if (formula != NEVER && (!idle || counts)) {
      parts.add(new Part(formula, effect, observed, counts, asked.inBefore(), asked.inAfter()));
    }
  }

  /** Values of a place that no rule tells apart. */
  private void group(int[] base) {
    List<List<BitSet>> tests = new ArrayList<>();
    for (int place = 0; place < sizes.length; place++) {
      tests.add(new ArrayList<>());
    }
    Set<Integer> asked = new LinkedHashSet<>();
    parts.forEach(part -> within(part.formula(), asked));
    for (int one : asked) {
      Formula formula = formulas.get(one);
      if (formula.kind() == Kind.ONE_OF) {
        tests.get(formula.place()).add(formula.values());
      }
    }
    for (int place = 0; place < sizes.length; place++) {
      Map<BitSet, List<Integer>> alike = new LinkedHashMap<>();
      for (int value = 0; value < sizes[place]; value++) {
        BitSet passed = new BitSet();
        for (int i = 0; i < tests.get(place).size(); i++) {
          passed.set(i, tests.get(place).get(i).get(value));
        }
        alike.computeIfAbsent(passed, any -> new ArrayList<>()).add(value);
      }
      List<int[]> all = new ArrayList<>();
      alike.values().forEach(some -> all.add(some.stream().mapToInt(Integer::intValue).toArray()));
      if (sizes[place] == 1) {
        all.set(0, new int[] {base[place]});
      }
      groups.add(all);
    }
  }

  // ---- states

  /** What has fired, and what is left of the formulas of the others. */
  private static final class State {
    final int[] left;
    final int[] chosen; // by place: the group

    State(int[] left, int[] chosen) {
      this.left = left;
      this.chosen = chosen;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof State state && Arrays.equals(left, state.left);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(left);
    }
  }

  // left: the strongest effect of each side, enforced and observed, then a formula for each part
  private static final int WAS = 0;
  private static final int IS = 1;
  private static final int WAS_OBSERVED = 2;
  private static final int IS_OBSERVED = 3;
  private static final int FIRST = 4;

  /**
   * Goes through all states in which something may differ.
   *
   * @param looser only those where the second side may let more by; else where the first may
   */
  void run(boolean looser, int tries, Found found) {
    List<Integer> order = order();
    int[] left = new int[FIRST + parts.size()];
    left[WAS] = was.least() == null ? UNSET : was.least().ordinal();
    left[IS] = is.least() == null ? UNSET : is.least().ordinal();
    left[WAS_OBSERVED] = UNSET;
    left[IS_OBSERVED] = UNSET;
    for (int i = 0; i < parts.size(); i++) {
      left[FIRST + i] = parts.get(i).formula();
    }
    List<State> states = new ArrayList<>();
    if (settle(left, looser)) {
      states.add(new State(left, new int[sizes.length]));
    }
    for (int place : order) {
      states = after(states, place, looser);
    }
    Random random = new Random(states.size());
    for (State state : states) {
      boolean more = true;
      for (int i = 0; i < tries && more; i++) {
        if (!budget.take(LOOKS_OF_CELL)) {
          incomplete = true;
          return;
        }
        more = found.cell(cell(state, i == 0 ? null : random));
      }
    }
  }

  private List<State> after(List<State> states, int place, boolean looser) {
    Set<State> next = new LinkedHashSet<>();
    List<int[]> values = groups.get(place);
    Map<Integer, int[]> known = new HashMap<>();
    int most = Math.max(1, Math.min(MAX_STATES, MAX_KEPT / (FIRST + parts.size())));
    for (State state : states) {
      if (next.size() > most) {
        break;
      }
      for (int group = 0; group < values.size(); group++) {
        if (!budget.take(state.left.length)) {
          incomplete = true;
          return new ArrayList<>(next);
        }
        int[] left = state.left.clone();
        for (int i = FIRST; i < left.length; i++) {
          if (left[i] > ALWAYS) {
            left[i] = known.computeIfAbsent(left[i], any -> by(any, place, values))[group];
          }
        }
        if (settle(left, looser)) {
          int[] chosen = state.chosen.clone();
          chosen[place] = group;
          next.add(new State(left, chosen));
        }
      }
    }
    List<State> all = new ArrayList<>(next);
    if (all.size() <= most) {
      return all;
    }
    incomplete = true;
    Collections.shuffle(all, new Random(place));
    return new ArrayList<>(all.subList(0, 1 + most / 10));
  }

  private int[] by(int formula, int place, List<int[]> values) {
    int[] by = new int[values.size()];
    for (int group = 0; group < by.length; group++) {
      by[group] = with(formula, place, values.get(group)[0]);
    }
    return by;
  }

  /** Forgets what no longer matters; false when nothing can differ in the way that is wanted. */
  private boolean settle(int[] left, boolean looser) {
    for (int i = 0; i < parts.size(); i++) {
      if (left[FIRST + i] == ALWAYS) {
        Part part = parts.get(i);
        if (part.before()) {
          int slot = part.observed() ? WAS_OBSERVED : WAS;
          left[slot] = Math.max(left[slot], part.effect());
        }
        if (part.after()) {
          int slot = part.observed() ? IS_OBSERVED : IS;
          left[slot] = Math.max(left[slot], part.effect());
        }
        if (!part.counts()) {
          left[FIRST + i] = NEVER;
        }
      }
    }
    int refused = Effect.ESCALATE.ordinal();
    boolean wasRefused = was.enforcing() && left[WAS] >= refused;
    boolean isRefused = is.enforcing() && left[IS] >= refused;
    boolean onlyEffects = wasRefused || isRefused; // with what is refused goes nothing else
    if (onlyEffects) {
      left[WAS_OBSERVED] = UNSET;
      left[IS_OBSERVED] = UNSET;
    }
    boolean own = false;
    int wasMost = left[WAS] == UNSET ? was.otherwise().ordinal() : left[WAS];
    int isMost = left[IS] == UNSET ? is.otherwise().ordinal() : left[IS];
    for (int i = 0; i < parts.size(); i++) {
      int formula = left[FIRST + i];
      if (formula == NEVER) {
        continue;
      }
      Part part = parts.get(i);
      if (onlyEffects || !part.counts()) {
        boolean idle =
            formula == ALWAYS
                || (part.observed() && onlyEffects)
                || (isIdle(part.before(), part, was, left[part.observed() ? WAS_OBSERVED : WAS])
                    && isIdle(part.after(), part, is, left[part.observed() ? IS_OBSERVED : IS]));
        if (idle) {
          left[FIRST + i] = NEVER;
          continue;
        }
      }
      if (!part.before() || !part.after()) {
        own = true;
        if (!part.observed()) {
          wasMost = part.before() ? Math.max(wasMost, part.effect()) : wasMost;
          isMost = part.after() ? Math.max(isMost, part.effect()) : isMost;
        }
      }
    }
    boolean same =
        sameGround && !own && left[WAS] == left[IS] && left[WAS_OBSERVED] == left[IS_OBSERVED];
    boolean settled = // of a side that only observes, all leaves
        looser
            ? !was.enforcing() || (isRefused && wasMost <= left[IS])
            : !is.enforcing() || (wasRefused && isMost <= left[WAS]);
    return !same && !settled;
  }

  private static boolean isIdle(boolean has, Part part, Ground side, int strongest) {
    return !has || part.effect() <= strongest || (!side.enforcing() && !part.observed());
  }

  private int[] cell(State state, @Nullable Random random) {
    int[] choice = new int[sizes.length];
    for (int place = 0; place < choice.length; place++) {
      int[] alike = groups.get(place).get(state.chosen[place]);
      choice[place] = alike[random == null ? 0 : random.nextInt(alike.length)];
    }
    return choice;
  }

  /** Places that rules read: first those of rules that differ, then as to leave few rules open. */
  private List<Integer> order() {
    List<BitSet> reads = new ArrayList<>();
    BitSet ofOwn = new BitSet();
    BitSet all = new BitSet();
    for (Part part : parts) {
      BitSet places = new BitSet();
      places(part.formula(), places);
      reads.add(places);
      all.or(places);
      if (!part.before() || !part.after()) {
        ofOwn.or(places);
      }
    }
    List<Integer> order = new ArrayList<>();
    BitSet done = new BitSet();
    while (done.cardinality() < all.cardinality()) {
      int best = -1;
      long least = Long.MAX_VALUE;
      for (int place = all.nextSetBit(0); place >= 0; place = all.nextSetBit(place + 1)) {
        if (done.get(place)) {
          continue;
        }
        BitSet then = (BitSet) done.clone();
        then.set(place);
        long cost = ofOwn.get(place) ? 0 : 1_000_000;
        for (BitSet one : reads) {
          if (one.intersects(then)) {
            BitSet open = (BitSet) one.clone();
            open.andNot(then);
            cost += open.isEmpty() ? 0 : 100;
          }
        }
        cost += groups.get(place).size();
        if (cost < least) {
          least = cost;
          best = place;
        }
      }
      done.set(best);
      order.add(best);
    }
    return order;
  }
}
