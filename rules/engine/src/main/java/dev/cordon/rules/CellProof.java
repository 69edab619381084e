package dev.cordon.rules;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Decides every cell of every kind of call by two rule sets. The decisions are the engine's own:
 * only the values that its conditions ask for are supposed instead of read. A cell may be one that
 * no call has (fields are taken to be free of each other), so that nothing is overlooked; what is
 * found is tried again as a real call.
 */
final class CellProof {
  private static final long FEW_CELLS = 2_000; // of one kind of call, decided one by one
  private static final long SPARE_CELLS = 200_000; // in all, where states are too many
  private static final long LOOKS_AT_ONE = 60_000_000; // at rules, for one kind of call
  private static final long LOOKS_IN_ALL = 600_000_000;
  private static final int MAX_UNDECIDED = 20; // kinds of calls that are told of
  private static final int MAX_UNSHOWN = 4; // kinds of calls that rules do not tell apart
  private static final int MAX_NAMED = 8; // rules
  static final long MAX_CELLS_IN_ALL = 4_000_000;
  static final int FEW_NUMBERS = 64; // of a place: told apart one by one, which rules they meet
  private static final long FEW_LOOKS = 1_000_000; // of rules
  private static final int MAX_TRIES = 40; // to write a call for one difference

  /** Told of decisions that differ in what they let by. */
  interface Differences {
    /**
     * True when a real call is wanted for a difference of this kind.
     *
     * @param looser why; null: it is stricter
     */
    boolean differs(@Nullable String looser, Skeleton where, Decision before, Decision after);

    /** True when nothing more has to be found. */
    default boolean enough() {
      return false;
    }

    /** The same as a real call, really decided. */
    void call(@Nullable String looser, Real call, Decision before, Decision after);
  }

  /** What a difference was found at. */
  record Skeleton(CallLeaves.Skeleton call, CallClass was, CallClass is) {}

  /** A call that can be sent, at a time. */
  record Real(
      CallFacts facts,
      BodyState state,
      int longerThan,
      Instant now,
      Map<String, Integer> origins) {}

  private final RuleFile before;
  private final RuleFile after;
  private final Clock clock;
  private final Surroundings surroundings;
  private final Instant now;
  private final Set<String> gaps;
  private final long maxCellsInAll;
  private final int fewNumbers;
  private final long fewCells;
  private final Differences differences;
  private final Permission forward;
  private final Permission backward;
  private final RecentDecisions recent = new RecentDecisions();
  private final Map<String, LeafCells> known = new HashMap<>();
  private final RuleMeanings meanings;
  private final Map<String, Integer> tries = new HashMap<>();
  private final Set<String> settled = new HashSet<>();

  private final CellStates.Budget looserLooks = new CellStates.Budget(LOOKS_IN_ALL, null);
  private final CellStates.Budget stricterLooks = new CellStates.Budget(LOOKS_IN_ALL / 4, null);
  private final Map<String, Integer> unshown = new HashMap<>();
  private long spareCells = SPARE_CELLS;
  private int undecided;
  private boolean indexed;

  long leaves;
  long changedLeaves;
  long cells;

  /** The time of the cell that is decided; rule files are loaded with it. */
  static final class Clock implements InstantSource {
    Instant now;

    Clock(Instant now) {
      this.now = now;
    }

    @Override
    public Instant instant() {
      return now;
    }
  }

  CellProof(
      RuleFile before,
      RuleFile after,
      Detector detector,
      Clock clock,
      Set<String> gaps,
      long maxCellsInAll,
      Differences differences) {
    this(before, after, detector, clock, gaps, maxCellsInAll, FEW_NUMBERS, FEW_CELLS, differences);
  }

  /**
   * @param fewNumbers more of one place are told apart by the effects they have; for tests
   * @param fewCells more of one kind of call are told apart by the rules that fire; for tests
   */
  CellProof(
      RuleFile before,
      RuleFile after,
      Detector detector,
      Clock clock,
      Set<String> gaps,
      long maxCellsInAll,
      int fewNumbers,
      long fewCells,
      Differences differences) {
    this.before = before;
    this.after = after;
    this.clock = clock;
    now = clock.now;
    this.gaps = gaps;
    this.maxCellsInAll = maxCellsInAll;
    this.fewNumbers = fewNumbers;
    this.fewCells = fewCells;
    this.differences = differences;
    surroundings = new Surroundings(detector, clock, () -> 0, new Ledger());
    forward = new Permission(before, after);
    backward = forward.reversed();
    meanings = new RuleMeanings(before, after);
  }

  void run() {
    new CallLeaves(before, after, meanings, surroundings, gaps, this::leaf).visit();
  }

  // ---- one kind of call

  private void leaf(CallLeaves.Skeleton call) {
    if (differences.enough()) {
      return;
    }
    clock.now = now;
    if (leaves++ >= maxCellsInAll) {
      gaps.add("more than " + maxCellsInAll + " kinds of calls");
      return;
    }
    CallFacts facts = call.facts();
    boolean operations = call.form() != CallLeaves.Form.ANY;
    Evaluation.Leaf was = new Evaluation(before, facts, surroundings, null).leaf();
    Evaluation.Leaf is = new Evaluation(after, facts, surroundings, null).leaf();
    boolean baseSame = base(before, was).equals(base(after, is));
    int[] wasRules = rules(before, was);
    int[] isRules = rules(after, is);
    if (baseSame && Arrays.equals(sorted(wasRules), sorted(isRules))) {
      return;
    }
    changedLeaves++;
    boolean waived =
        was.rules().stream().anyMatch(rule -> rule.waivedUntilMs() > 0)
            || is.rules().stream().anyMatch(rule -> rule.waivedUntilMs() > 0);
    String key =
        (wasRules.length + " " + isRules.length + " ")
            + (text(wasRules) + text(isRules))
            + (money(before, was) + money(after, is) + waived);
    Destination destination = is.call().destination();
    String settledBy =
        key
            + base(before, was)
            + base(after, is)
            + call.form()
            + facts.bodyState()
            + (destination == null ? "" : destination.name);
    if (settled.contains(settledBy)) {
      return; // another path or method of which the rules say the same
    }
    List<Rule> wasOwn = only(was.rules(), wasRules, isRules);
    List<Rule> isOwn = only(is.rules(), isRules, wasRules);
    Set<Rule> own = Collections.newSetFromMap(new IdentityHashMap<>());
    own.addAll(wasOwn);
    own.addAll(isOwn);
    LeafCells leaf = known.get(key);
    if (leaf == null) {
      leaf =
          new LeafCells(
              new LeafCells.Side(before, was.rules(), was.unclear(), was.call().money()),
              new LeafCells.Side(after, is.rules(), is.unclear(), is.call().money()),
              own,
              now,
              gaps,
              fewNumbers);
      if (known.size() > 1_000) {
        known.clear();
      }
      known.put(key, leaf);
    }
    Leaf one =
        new Leaf(
            call,
            leaf,
            facts,
            one(before, was, facts, operations, wasOwn),
            one(after, is, facts, operations, isOwn),
            baseSame);
    one.run();
    if (!one.unshown || unshown.merge(settledBy, 1, Integer::sum) >= MAX_UNSHOWN) {
      settled.add(settledBy);
    }
  }

  private One one(
      RuleFile file, Evaluation.Leaf leaf, CallFacts facts, boolean operations, List<Rule> own) {
    CellValues values = new CellValues(file, facts, operations);
    Evaluation evaluation = new Evaluation(file, facts, surroundings, values);
    evaluation.leaf(); // so that it knows the money of the call
    return new One(file, leaf, values, evaluation, own);
  }

  /** All of a decision that is not said by rules. */
  private static String base(RuleFile file, Evaluation.Leaf leaf) {
    RuleFile.Defaults defaults = file.defaults();
    Destination destination = leaf.call().destination();
    Pack pack = destination == null ? null : destination.pack;
    return leaf.callClass()
        + " "
        + leaf.least()
        + defaults.of(leaf.callClass())
        + defaults.mode()
        + defaults.larger().allows(leaf.callClass())
        + defaults.inspectUpToBytes()
        + (pack == null ? "" : pack.name())
        + money(file, leaf);
  }

  private static String money(RuleFile file, Evaluation.Leaf leaf) {
    Money money = leaf.call().money();
    return money == null
        ? ""
        : " "
            + file.fields().path(money.amountField())
            + " "
            + file.fields().path(money.currencyField())
            + money.minor()
            + money.text();
  }

  /** A number for each rule, equal for rules that mean the same. */
  private int[] rules(RuleFile file, Evaluation.Leaf leaf) {
    int[] all = new int[leaf.rules().size()];
    for (int i = 0; i < all.length; i++) {
      int number = meanings.of(file, leaf.rules().get(i));
      all[i] = 2 * number + (leaf.unclear().get(i) ? 1 : 0);
    }
    return all;
  }

  private static int[] sorted(int[] numbers) {
    int[] sorted = numbers.clone();
    Arrays.sort(sorted);
    return sorted;
  }

  /** Two characters a number. */
  private static String text(int[] numbers) {
    char[] text = new char[2 * numbers.length];
    for (int i = 0; i < numbers.length; i++) {
      text[2 * i] = (char) (numbers[i] >>> 16);
      text[2 * i + 1] = (char) numbers[i];
    }
    return new String(text);
  }

  /** Rules that the other side does not have. */
  private static List<Rule> only(List<Rule> rules, int[] numbers, int[] others) {
    int[] known = sorted(others);
    List<Rule> own = new ArrayList<>();
    for (int i = 0; i < numbers.length; i++) {
      if (Arrays.binarySearch(known, numbers[i]) < 0) {
        own.add(rules.get(i));
      }
    }
    // the same rule twice on one side only is no difference in what is decided
    return own;
  }

  /** One rule set at one kind of call. */
  private record One(
      RuleFile file,
      Evaluation.Leaf leaf,
      CellValues values,
      Evaluation evaluation,
      List<Rule> own) {

    /** False when none of the rules that differ has a part in the decision. */
    boolean ownMayFire() {
      for (int i = 0; i < own.size(); i++) {
        Rule rule = own.get(i);
        Truth truth = rule.truth(evaluation);
        if (truth == Truth.TRUE
            || rule.fields() != null && truth != Truth.FALSE
            || (truth == Truth.UNKNOWN && !rule.allows() && rule.firesOnUnknown())) {
          return true;
        }
      }
      return false;
    }
  }

  /** The cells of one kind of call. */
  private final class Leaf {
    private final CallLeaves.Skeleton call;
    private final LeafCells leaf;
    private final CallFacts facts;
    private final One was;
    private final One is;
    private final boolean onlyRulesDiffer;
    private final Map<Long, byte[]> bodies = new HashMap<>();
    private final Map<String, Evaluation> wasEvaluations = new HashMap<>();
    private final Map<String, Evaluation> isEvaluations = new HashMap<>();

    /** Something differs of which no real call was found here; perhaps elsewhere. */
    boolean unshown;

    /** A real call is wanted for the cell that was decided last. */
    private boolean wanted;

    Leaf(
        CallLeaves.Skeleton call,
        LeafCells leaf,
        CallFacts facts,
        One was,
        One is,
        boolean onlyRulesDiffer) {
      this.call = call;
      this.leaf = leaf;
      this.facts = facts;
      this.was = was;
      this.is = is;
      this.onlyRulesDiffer = onlyRulesDiffer;
    }

    void run() {
      List<LeafCells.Shape> shapes = leaf.shapes(call.form());
      long all = 0;
      for (LeafCells.Shape shape : shapes) {
        long some = 1;
        for (int size : leaf.dimensions(shape)) {
          some = Math.min(some * size, SPARE_CELLS);
        }
        all += some;
      }
      if (all < fewCells) {
        runEach(shapes);
      } else {
        runStates(shapes, all);
      }
    }

    private void runEach(List<LeafCells.Shape> shapes) {
      for (LeafCells.Shape shape : shapes) {
        if (!runAll(shape)) {
          undecided();
          return;
        }
      }
    }

    /** Of too many cells one for each state of the rules. */
    private void runStates(List<LeafCells.Shape> shapes, long all) {
      boolean proved = runStates(shapes, true, new CellStates.Budget(LOOKS_AT_ONE, looserLooks));
      if (!proved && all <= spareCells) { // rare: few fields that many rules ask for
        spareCells -= all;
        runEach(shapes);
        return;
      }
      if (!proved) {
        undecided();
      }
      // what else is stricter is told as far as it is found: it opens no gate
      runStates(shapes, false, new CellStates.Budget(LOOKS_AT_ONE / 4, stricterLooks));
    }

    private void undecided() {
      if (++undecided > MAX_UNDECIDED) {
        gaps.add("not decided: more kinds of calls than those");
        return;
      }
      Set<String> ids = new TreeSet<>();
      was.own().forEach(rule -> ids.add(rule.id()));
      is.own().forEach(rule -> ids.add(rule.id()));
      List<String> named = new ArrayList<>(ids);
      int more = named.size() - MAX_NAMED;
      gaps.add(
          call.method()
              + " "
              + call.url()
              + ": not decided for these rules: "
              + String.join(", ", more > 0 ? named.subList(0, MAX_NAMED) : named)
              + (more > 0 ? " and " + more + " more" : named.isEmpty() ? "(defaults)" : "")
              + "; with the "
              + Math.max(was.leaf().rules().size(), is.leaf().rules().size())
              + " rules of this call they ask for too much at once. Change fewer rules in one step,"
              + " or let them ask for fewer fields");
    }

    private boolean runStates(
        List<LeafCells.Shape> shapes, boolean looser, CellStates.Budget budget) {
      boolean all = true;
      for (LeafCells.Shape shape : shapes) {
        List<String> names = leaf.names(shape);
        int[] sizes = leaf.dimensions(shape);
        int[] free = sizes.clone();
        List<Integer> ground = new ArrayList<>();
        for (int place = 0; place < sizes.length; place++) {
          if (leaf.isGround(names.get(place))) {
            ground.add(place);
            free[place] = 1;
          }
        }
        int[] order = ground.stream().mapToInt(Integer::intValue).toArray();
        int[] base = new int[sizes.length];
        do {
          if (differences.enough()) {
            return true;
          }
          if (budget.isSpent() || cells >= maxCellsInAll) {
            return false;
          }
          all &= runStates(shape, names, base.clone(), free, looser, budget);
        } while (LeafCells.next(base, sizes, order, order.length));
      }
      return all;
    }

    private boolean runStates(
        LeafCells.Shape shape,
        List<String> names,
        int[] base,
        int[] sizes,
        boolean looser,
        CellStates.Budget budget) {
      LeafCells.Cell cell = leaf.cell(shape, base);
      boolean wasWhole = cell.size() <= was.file().defaults().inspectUpToBytes();
      boolean isWhole = cell.size() <= is.file().defaults().inspectUpToBytes();
      boolean shared =
          wasWhole == isWhole && money(was.file(), was.leaf()).equals(money(is.file(), is.leaf()));
      CellStates states =
          new CellStates(
              new Supposing(shape, names, sizes),
              base,
              sizes,
              asked(shared),
              ground(was, cell, wasWhole),
              ground(is, cell, isWhole),
              onlyRulesDiffer && wasWhole == isWhole,
              budget);
      states.run(
          looser,
          MAX_TRIES,
          choice -> {
            if (differences.enough() || cells >= maxCellsInAll) {
              return false;
            }
            wanted = false;
            decide(leaf.cell(shape, choice));
            return wanted;
          });
      return !states.incomplete && cells < maxCellsInAll;
    }

    private CellStates.Ground ground(One one, LeafCells.Cell cell, boolean whole) {
      Effect least = one.leaf().least();
      RuleFile.Defaults defaults = one.file().defaults();
      boolean inspected =
          switch (state(cell, whole)) {
            case NONE, READ -> true;
            case TOO_LARGE, UNREADABLE -> false;
          };
      if (!inspected
          && !defaults.larger().allows(one.leaf().callClass())
          && (least == null || least.compareTo(Effect.DENY) < 0)) {
        least = Effect.DENY;
      }
      return new CellStates.Ground(
          least, defaults.of(one.leaf().callClass()), defaults.mode() == Mode.ENFORCE);
    }

    /**
     * @param shared a rule that both sides have is one
     */
    private List<CellStates.Asked> asked(boolean shared) {
      Map<Integer, CellStates.Asked> all = new LinkedHashMap<>();
      int[] numbers = rules(was.file(), was.leaf());
      for (int i = 0; i < numbers.length; i++) {
        boolean unclear = was.leaf().unclear().get(i);
        Rule rule = was.leaf().rules().get(i);
        all.put(numbers[i], new CellStates.Asked(rule, unclear, true, false));
      }
      numbers = rules(is.file(), is.leaf());
      for (int i = 0; i < numbers.length; i++) {
        boolean unclear = is.leaf().unclear().get(i);
        CellStates.Asked known = shared ? all.get(numbers[i]) : null;
        Rule rule = known != null ? known.rule() : is.leaf().rules().get(i);
        boolean inBefore = known != null && known.inBefore();
        all.put(
            shared ? numbers[i] : -1 - numbers[i],
            new CellStates.Asked(rule, unclear, inBefore, true));
      }
      return new ArrayList<>(all.values());
    }

    /** What conditions are in cells of one shape. */
    private final class Supposing implements CellStates.Oracle {
      private final LeafCells.Shape shape;
      private final List<String> names;
      private final int[] sizes;
      private final boolean callers;
      private @Nullable Evaluation wasEvaluation;
      private @Nullable Evaluation isEvaluation;
      private LeafCells.Cell cell;

      Supposing(LeafCells.Shape shape, List<String> names, int[] sizes) {
        this.shape = shape;
        this.names = names;
        this.sizes = sizes;
        cell = leaf.cell(shape, new int[sizes.length]);
        callers = hasCaller(cell) || facts.caller() != Caller.UNKNOWN;
      }

      @Override
      public void suppose(int[] choice) {
        cell = leaf.cell(shape, choice);
        clock.now = cell.now();
        leaf.apply(cell, was.values(), was.leaf().rules(), isWhole(true) && !isTooLarge(cell));
        leaf.apply(cell, is.values(), is.leaf().rules(), isWhole(false) && !isTooLarge(cell));
        wasEvaluation = null;
        isEvaluation = null;
      }

      private boolean isWhole(boolean before) {
        return cell.size() <= (before ? was : is).file().defaults().inspectUpToBytes();
      }

      private Evaluation evaluation(boolean before) {
        One one = before ? was : is;
        if (!callers) {
          return one.evaluation();
        }
        Evaluation known = before ? wasEvaluation : isEvaluation;
        if (known == null) {
          known = Leaf.this.evaluation(one, cell, isWhole(before));
          known.leaf(); // so that it knows the money of the call
          wasEvaluation = before ? known : wasEvaluation;
          isEvaluation = before ? isEvaluation : known;
        }
        return known;
      }

      @Override
      public Truth truth(boolean before, Condition condition) {
        return condition.eval(evaluation(before));
      }

      @Override
      public Truth listed(boolean before, FieldsCheck check) {
        return (before ? was : is).values().listed(check);
      }

      @Override
      public List<Integer> reads(boolean before, Condition condition) {
        List<Integer> places = new ArrayList<>();
        for (String name : leaf.reads(before, condition)) {
          int place = names.indexOf(name);
          if (place >= 0 && sizes[place] > 1) {
            places.add(place);
          }
        }
        return places;
      }

      @Override
      public List<Integer> listing() {
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < sizes.length; i++) {
          if (sizes[i] > 1 && leaf.isListing(names.get(i))) {
            places.add(i);
          }
        }
        return places;
      }

      @Override
      public boolean observes(boolean before, Rule rule) {
        return rule.observed()
            || (rule.waivedUntilMs() > 0 && cell.now().toEpochMilli() < rule.waivedUntilMs());
      }

      @Override
      public boolean isOver(boolean before, long maxBytes) {
        return switch (state(cell, isWhole(before))) {
          case NONE -> false;
          case READ -> body(cell).length > maxBytes;
          case TOO_LARGE, UNREADABLE -> true;
        };
      }
    }

    /** Rules are filed where that costs less than to look at each of them in each cell. */
    private void indexForMany(int[] dimensions) {
      long decisions = was.leaf().rules().size() + is.leaf().rules().size();
      for (int size : dimensions) {
        decisions = Math.min(decisions * size, FEW_LOOKS);
      }
      if (decisions == FEW_LOOKS && !indexed) {
        indexed = true;
        before.index();
        after.index();
      }
    }

    private boolean runAll(LeafCells.Shape shape) {
      int[] dimensions = leaf.dimensions(shape);
      indexForMany(dimensions);
      int[] order = leaf.order(shape);
      int asked = leaf.asked(shape);
      int[] choice = new int[dimensions.length];
      boolean more = true;
      while (more) {
        if (cells >= maxCellsInAll) {
          return false;
        }
        if (differences.enough()) {
          return true;
        }
        boolean decided = decide(leaf.cell(shape, choice));
        more = LeafCells.next(choice, dimensions, order, decided ? order.length : asked);
      }
      return true;
    }

    /** False when no rule that differs fires, whatever the others do. */
    private boolean decide(LeafCells.Cell cell) {
      cells++;
      clock.now = cell.now();
      boolean wasWhole = cell.size() <= was.file().defaults().inspectUpToBytes();
      boolean isWhole = cell.size() <= is.file().defaults().inspectUpToBytes();
      leaf.apply(cell, was.values(), was.leaf().rules(), wasWhole && !isTooLarge(cell));
      leaf.apply(cell, is.values(), is.leaf().rules(), isWhole && !isTooLarge(cell));
      if (onlyRulesDiffer && wasWhole == isWhole && facts.caller() == Caller.UNKNOWN) {
        boolean callers = hasCaller(cell);
        if (!callers && !was.ownMayFire() && !is.ownMayFire()) {
          return false;
        }
      }
      Decision decidedBefore = decide(was, cell, wasWhole);
      Decision decidedAfter = decide(is, cell, isWhole);
      String looser = forward.looser(decidedBefore, decidedAfter);
      if (looser == null && backward.looser(decidedAfter, decidedBefore) == null) {
        return true;
      }
      Skeleton where = new Skeleton(call, was.leaf().callClass(), is.leaf().callClass());
      if (differences.differs(looser, where, decidedBefore, decidedAfter)) {
        unshown = true;
        String kind = looser + decidedBefore.ruleId() + " " + decidedAfter.ruleId() + call.url();
        wanted = tries.merge(kind, 1, Integer::sum) <= MAX_TRIES;
        if (wanted) {
          tryReally(cell, looser != null);
        }
      }
      return true;
    }

    private boolean isTooLarge(LeafCells.Cell cell) {
      return cell.shape() == LeafCells.Shape.TOO_LARGE || facts.bodyState() == BodyState.TOO_LARGE;
    }

    private boolean hasCaller(LeafCells.Cell cell) {
      for (String place : cell.texts().keySet()) {
        if (place.startsWith("caller ")) {
          return true;
        }
      }
      return false;
    }

    /** Decided again and again by one evaluation, while only the values differ. */
    private Decision decide(One one, LeafCells.Cell cell, boolean whole) {
      if (hasCaller(cell)) {
        return evaluation(one, cell, whole).decide();
      }
      Map<String, Evaluation> known = one == was ? wasEvaluations : isEvaluations;
      return known
          .computeIfAbsent(
              cell.shape() + " " + cell.size() + whole, any -> evaluation(one, cell, whole))
          .decide();
    }

    private Evaluation evaluation(One one, LeafCells.Cell cell, boolean whole) {
      CallFacts supposed =
          new CallFacts(
              facts.method(),
              facts.url(),
              facts.headers(),
              state(cell, whole),
              whole ? body(cell) : bodies.computeIfAbsent(-1L, any -> new byte[0]),
              caller(cell));
      return new Evaluation(one.file(), supposed, surroundings, recent, one.values());
    }

    private BodyState state(LeafCells.Cell cell, boolean whole) {
      if (call.form() != CallLeaves.Form.ANY) {
        return call.state();
      }
      if (!whole) {
        return BodyState.TOO_LARGE;
      }
      return switch (cell.shape()) {
        case NONE -> BodyState.NONE;
        case JSON, TEXT, UNCLEAR -> BodyState.READ;
        case TOO_LARGE -> BodyState.TOO_LARGE;
      };
    }

    private byte[] body(LeafCells.Cell cell) {
      if (cell.size() < 0 || cell.size() > Integer.MAX_VALUE - 8) {
        return call.form() == CallLeaves.Form.ANY
            ? bodies.computeIfAbsent(-1L, any -> new byte[0])
            : facts.body();
      }
      return bodies.computeIfAbsent(
          cell.size(),
          size -> {
            byte[] padded = new byte[(int) Math.max(size, facts.body().length)];
            Arrays.fill(padded, (byte) ' ');
            System.arraycopy(facts.body(), 0, padded, 0, facts.body().length);
            return padded;
          });
    }

    private Caller caller(LeafCells.Cell cell) {
      return new Caller(
          caller(cell, Caller.Trait.ACTOR),
          caller(cell, Caller.Trait.BOT),
          caller(cell, Caller.Trait.CHANNEL),
          caller(cell, Caller.Trait.RUN));
    }

    private String caller(LeafCells.Cell cell, Caller.Trait trait) {
      FieldCells.Text text = cell.texts().get("caller " + trait);
      return text != null && text.value() instanceof String name ? name : "";
    }

    // ---- as a real call

    private void tryReally(LeafCells.Cell cell, boolean wantLooser) {
      Real real;
      try {
        real = real(cell);
      } catch (CellCall.Unbuildable e) {
        return;
      }
      Decision decidedBefore = decideReally(before, real);
      Decision decidedAfter = decideReally(after, real);
      String looser = forward.looser(decidedBefore, decidedAfter);
      boolean stricter = backward.looser(decidedAfter, decidedBefore) != null;
      if (wantLooser ? looser != null : looser == null && stricter) {
        differences.call(looser, real, decidedBefore, decidedAfter);
      }
    }

    private Real real(LeafCells.Cell cell) throws CellCall.Unbuildable {
      Map<String, FieldCells> places = new HashMap<>();
      for (String place : leaf.places()) {
        FieldCells asked = leaf.place(place);
        if (asked != null) {
          places.put(place, asked);
        }
      }
      CellCall body = new CellCall(places);
      List<String> headers = new ArrayList<>(call.headers());
      StringBuilder query = new StringBuilder();
      for (Map.Entry<String, FieldCells.Text> text : cell.texts().entrySet()) {
        put(text.getKey(), text.getValue(), body, headers, query);
      }
      boolean none = cell.shape() == LeafCells.Shape.NONE;
      if (none) {
        for (String key : cell.moreKeys()) {
          query.append(query.length() == 0 ? "" : "&").append(key).append("=x");
        }
      }
      String url = call.url() + (query.length() == 0 ? "" : "?" + query);
      String text = text(cell, body);
      boolean typed = false;
      for (int i = 0; i < headers.size(); i += 2) {
        typed |= Fold.same("content-type", headers.get(i));
      }
      if (!typed && !text.isEmpty()) {
        headers.add("Content-Type");
        headers.add(
            cell.shape() == LeafCells.Shape.TEXT
                ? "application/x-www-form-urlencoded"
                : "application/json");
      }
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      if (cell.size() >= 0 && !text.isEmpty()) {
        if (bytes.length > cell.size() || cell.shape() == LeafCells.Shape.TEXT) {
          throw new CellCall.Unbuildable("the fields need more bytes");
        }
        byte[] padded = new byte[(int) cell.size()];
        Arrays.fill(padded, (byte) ' ');
        System.arraycopy(bytes, 0, padded, 0, bytes.length);
        bytes = padded;
      }
      BodyState state =
          cell.shape() == LeafCells.Shape.TOO_LARGE || call.state() == BodyState.TOO_LARGE
              ? BodyState.TOO_LARGE
              : bytes.length == 0 ? BodyState.NONE : BodyState.READ;
      int most =
          Math.max(before.defaults().inspectUpToBytes(), after.defaults().inspectUpToBytes());
      CallFacts sent =
          new CallFacts(
              call.method(),
              url,
              List.copyOf(headers),
              state,
              state == BodyState.READ ? bytes : new byte[0],
              caller(cell));
      return new Real(sent, state, most, cell.now(), cell.origins());
    }

    private String text(LeafCells.Cell cell, CellCall body) throws CellCall.Unbuildable {
      if (cell.shape() == LeafCells.Shape.NONE || cell.shape() == LeafCells.Shape.TOO_LARGE) {
        return "";
      }
      Set<String> held = cell.held() == null ? Set.of() : cell.held();
      if (cell.shape() == LeafCells.Shape.UNCLEAR) {
        if (call.form() != CallLeaves.Form.ANY) {
          return call.body();
        }
        StringBuilder out = new StringBuilder("{\"zq\":[");
        for (String type : held) {
          String sample = CellCall.sample(type);
          out.append('"').append(sample == null ? "" : sample).append("\",");
        }
        return out.toString();
      }
      boolean json = cell.shape() == LeafCells.Shape.JSON;
      if (call.form() == CallLeaves.Form.XML) {
        if (cell.fields().values().stream().anyMatch(field -> field != FieldCells.Field.ABSENT)
            || !cell.moreKeys().isEmpty()
            || !held.isEmpty()) {
          throw new CellCall.Unbuildable("fields of XML are not written");
        }
        return call.body();
      }
      if (call.form() == CallLeaves.Form.JSON) {
        body.putAll(CellCall.read(call.body()));
      }
      for (Map.Entry<String, FieldCells.Field> field : cell.fields().entrySet()) {
        body.put(field.getKey().substring(5), field.getValue(), json);
      }
      body.putKeys(cell.moreKeys(), held, json);
      return json ? body.json() : body.form();
    }

    private void put(
        String place,
        FieldCells.Text text,
        CellCall body,
        List<String> headers,
        StringBuilder query)
        throws CellCall.Unbuildable {
      if (place.startsWith("caller ") || text.equals(FieldCells.Text.ABSENT)) {
        return;
      }
      String name = place.substring(place.indexOf(' ') + 1);
      Object value = text.value();
      boolean isQuery = place.startsWith("query ");
      List<String> values = new ArrayList<>();
      if (value != null) {
        values.add(String.valueOf(body.text(place, value)));
      } else if (text.equals(FieldCells.Text.TWICE)) {
        values.addAll(List.of("1", "2"));
      } else if (!isQuery) {
        throw new CellCall.Unbuildable("a header is there or not");
      } else {
        query.append(query.length() == 0 ? "" : "&").append("%zz=1");
      }
      for (String one : values) {
        if (isQuery) {
          query.append(query.length() == 0 ? "" : "&").append(CellCall.encoded(name));
          query.append('=').append(CellCall.encoded(one));
        } else {
          headers.add(name);
          headers.add(one);
        }
      }
    }
  }

  /** As the agent would: what is longer than is inspected is not read. */
  Decision decideReally(RuleFile file, Real call) {
    clock.now = call.now();
    CallFacts facts = facts(call, file);
    CallValues supposed =
        call.origins().isEmpty() ? null : CellValues.reading(file, facts, call.origins());
    return new Evaluation(file, facts, surroundings, supposed).decide();
  }

  static CallFacts facts(Real call, RuleFile file) {
    CallFacts facts = call.facts();
    boolean whole =
        call.state() != BodyState.READ || facts.body().length <= file.defaults().inspectUpToBytes();
    return whole
        ? facts
        : new CallFacts(
            facts.method(),
            facts.url(),
            facts.headers(),
            BodyState.TOO_LARGE,
            new byte[0],
            facts.caller());
  }
}
