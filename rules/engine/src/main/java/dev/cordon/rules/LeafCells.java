package dev.cordon.rules;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The cells of one kind of call: every combination of what its fields, its caller, the time, its
 * size and its format may be, as far as the rules of two rule sets tell them apart.
 */
final class LeafCells {
  private static final int DAYS = 731;
  private static final int MAX_UNIONS = 500;
  private static final String OTHER_KEY = "zq";

  // dimensions that are no places
  private static final String TIME = "time";
  private static final String KEYS = "keys";
  private static final String HELD = "held";
  private static final String SIZE = "size";

  /** What a body is. */
  enum Shape {
    JSON,
    /** A form, parts or XML: texts without a type. */
    TEXT,
    NONE,
    /** Read, but in no one way. */
    UNCLEAR,
    TOO_LARGE
  }

  /**
   * One combination.
   *
   * @param moreKeys fields of the body, or the query, that no condition asks for
   * @param held types that the body holds, besides what its fields do; null: nobody can tell
   * @param size of the body in bytes; -1: any
   * @param origins by {@link Condition.CameFrom}: what is known of it
   */
  record Cell(
      Shape shape,
      Instant now,
      Map<String, FieldCells.Text> texts,
      Map<String, FieldCells.Field> fields,
      List<String> moreKeys,
      @Nullable Set<String> held,
      long size,
      Map<String, Integer> origins) {}

  /** What is known of where the value of a place came from; by number in a {@link Cell}. */
  static final int NOT_KNOWN = 0;

  static final int PART_KNOWN = 1;
  static final int WHOLE_KNOWN = 2;

  /**
   * One rule set's part.
   *
   * @param unclear by rule: it cannot be said whether it is for this call
   */
  record Side(RuleFile file, List<Rule> rules, List<Boolean> unclear, @Nullable Money money) {}

  private final Map<String, FieldCells> places = new LinkedHashMap<>();
  private final List<TimeWindows> windows = new ArrayList<>();
  private final Set<String> heldTypes = new TreeSet<>();
  private final Set<Set<String>> heldSets = new LinkedHashSet<>();
  private final List<FieldsCheck> checks = new ArrayList<>();
  private final Set<Long> sizeCuts = new TreeSet<>();
  private final Map<String, Boolean> originsOfBody = new LinkedHashMap<>();
  private final Map<Rule, Boolean> waived = new IdentityHashMap<>();
  private final List<Side> sides;
  private final Set<String> gaps;
  private boolean readsBody;

  private final List<Instant> times;
  private final List<List<String>> keySets;
  private final List<@Nullable Set<String>> helds;
  private final List<Long> sizes;
  private final Map<String, List<FieldCells.Text>> textStates = new LinkedHashMap<>();
  private final Map<String, List<FieldCells.Field>> jsonStates = new LinkedHashMap<>();
  private final Map<String, List<FieldCells.Field>> formStates = new LinkedHashMap<>();
  private final Map<FieldsCheck, Map<String, Map<FieldCells.Field, Truth>>> listedJson =
      new IdentityHashMap<>();
  private final Map<FieldsCheck, Map<String, Map<FieldCells.Field, Truth>>> listedForm =
      new IdentityHashMap<>();

  // what the rules ask that only one side has: the other cells change nothing
  private final Set<String> askedByOwn = new HashSet<>();
  private boolean own;
  private boolean inBand; // what is collected is told by a band as well

  private final int fewNumbers;

  /**
   * @param fewNumbers of a place, that are told apart one by one
   */
  LeafCells(
      Side before, Side after, Set<Rule> ownRules, Instant now, Set<String> gaps, int fewNumbers) {
    sides = List.of(before, after);
    this.gaps = gaps;
    this.fewNumbers = fewNumbers;
    for (Side side : sides) {
      for (int i = 0; i < side.rules().size(); i++) {
        Rule rule = side.rules().get(i);
        own = ownRules.contains(rule);
        Range band = side.unclear().get(i) ? null : band(side, rule);
        inBand = band != null;
        collect(side, rule);
        if (band != null) {
          addBand(side, rule, band);
        }
      }
    }
    own = true;
    if (before.file().defaults().inspectUpToBytes() != after.file().defaults().inspectUpToBytes()) {
      sizeCuts.add((long) before.file().defaults().inspectUpToBytes());
      sizeCuts.add((long) after.file().defaults().inspectUpToBytes());
    }
    times = times(now);
    keySets = keySets();
    helds = helds();
    sizes = sizes();
    for (FieldCells place : places.values()) {
      if (place.isBody()) {
        jsonStates.put(place.place, place.fields(true));
        formStates.put(place.place, place.fields(false));
        if (place.name().contains("**") && !checks.isEmpty()) {
          gaps.add(place.place + " may stand anywhere, and fields: says where fields may stand");
        }
      } else {
        textStates.put(place.place, place.texts(place.place.startsWith("caller ")));
      }
      if (place.gap != null) {
        gaps.add(place.gap);
      }
    }
  }

  // ---- what the rules ask

  private void collect(Side side, Rule rule) {
    rule.when().forEach(clause -> collect(side, clause.condition()));
    if (rule.fields() != null) {
      note(KEYS);
      checks.add(rule.fields());
      readsBody = true;
    }
    if (rule.bounds().maxBodyBytes() >= 0) {
      note(SIZE);
      sizeCuts.add(rule.bounds().maxBodyBytes());
      readsBody = true;
    }
    if (rule.waivedUntilMs() > 0) {
      note(TIME);
      waived.put(rule, true);
    }
  }

  /** The numbers for which a rule fires; null when it is about anything else as well. */
  private static @Nullable Range band(Side side, Rule rule) {
    if (!Crowd.isPlain(rule)) {
      return null;
    }
    Range all = null;
    for (ConditionParser.Clause clause : rule.when()) {
      Range one = Range.of(clause.condition(), side.file().fields());
      if (one == null
          || one.several()
          || one.of() instanceof Range.LengthOf
          || (all != null && !all.of().equals(one.of()))) {
        return null;
      }
      all = all == null ? one : all.and(one);
    }
    return all;
  }

  private void addBand(Side side, Rule rule, Range band) {
    Effect effect = Objects.requireNonNull(rule.effect());
    String group = (side == sides.get(0) ? "before " : "after ") + rule.observed() + " ";
    if (band.of() instanceof Range.MoneyIn in) {
      Money money = side.money();
      int exponent = money == null ? -1 : money.exponent(in.currency());
      if (money == null || exponent < 0) {
        return; // unknown for any number
      }
      Range amounts = band.inUnits(money.minor() ? exponent : 0);
      at(side, new Condition.BodyField(money.amountField()))
          .askBand(new FieldCells.Band(group + in.currency(), effect, amounts));
    } else {
      Condition.Place place = (Condition.Place) band.of();
      at(side, place).askBand(new FieldCells.Band(group + place, effect, band));
    }
  }

  private FieldCells at(Side side, Condition.Place place) {
    readsBody |= place.isBody();
    String name = new RuleText(side.file()).place(place);
    note(name);
    return places.computeIfAbsent(name, any -> new FieldCells(any, fewNumbers));
  }

  private void note(String dimension) {
    if (own) {
      askedByOwn.add(dimension);
    }
  }

  private void collect(Side side, Condition condition) {
    if (condition instanceof Condition.All all) {
      all.parts().forEach(part -> collect(side, part));
    } else if (condition instanceof Condition.Any any) {
      any.parts().forEach(part -> collect(side, part));
    } else if (condition instanceof Condition.Not not) {
      collect(side, not.part());
    } else if (condition instanceof Condition.Compare compare) {
      FieldCells place = at(side, compare.place());
      place.ask(compare);
      if (!inBand) {
        place.askLiteral(compare.literal());
      }
    } else if (condition instanceof Condition.Length length) {
      FieldCells place = at(side, length.place());
      place.ask(length);
      place.askLength(new java.math.BigDecimal(length.literal().text()));
    } else if (condition instanceof Condition.In in) {
      FieldCells place = at(side, in.place);
      place.ask(in);
      place.texts.addAll(in.texts);
      in.others.forEach(place::askLiteral);
    } else if (condition instanceof Condition.Matches matches) {
      FieldCells place = at(side, matches.place());
      place.ask(matches);
      place.patterns.put(matches.pattern().source(), matches.pattern());
    } else if (condition instanceof Condition.Has has) {
      FieldCells place = at(side, has.place());
      place.ask(has);
      place.types.put(has.type(), has.detector());
    } else if (condition instanceof Condition.Exists exists) {
      at(side, exists.place());
    } else if (condition instanceof Condition.CameFrom from) {
      String origin = new RuleText(side.file()).origin(from);
      note(origin);
      originsOfBody.put(origin, from.place().isBody());
      at(side, from.place());
    } else if (condition instanceof Condition.BodyHas has) {
      note(HELD);
      heldSets.add(has.types());
      heldTypes.addAll(has.types());
      readsBody = true;
    } else if (condition instanceof Condition.TimeIn time) {
      note(TIME);
      windows.add(time.windows());
    } else if (condition instanceof Condition.MoneyCompare money) {
      collect(side, money);
    }
  }

  private void collect(Side side, Condition.MoneyCompare condition) {
    Money money = side.money();
    if (money == null) {
      return;
    }
    FieldCells currency = at(side, new Condition.BodyField(money.currencyField()));
    currency.ask(condition.sameCurrency);
    currency.texts.add(Fold.lower(condition.currency));
    int exponent = money.exponent(condition.currency);
    if (exponent >= 0) {
      FieldCells amount = at(side, new Condition.BodyField(money.amountField()));
      amount.ask(condition.amount(money, exponent));
      amount.asText |= money.text();
      if (!inBand) {
        amount.askNumber(
            money.minor() ? condition.limit.movePointRight(exponent) : condition.limit);
      }
    }
  }

  // ---- dimensions

  private List<Instant> times(Instant now) {
    Set<Instant> changes = new TreeSet<>();
    changes.add(now);
    windows.forEach(window -> window.addChanges(now, DAYS, changes));
    for (Rule rule : waived.keySet()) {
      changes.add(Instant.ofEpochMilli(rule.waivedUntilMs()));
    }
    Map<List<Boolean>, Instant> first = new LinkedHashMap<>();
    for (Instant change : changes) {
      if (change.isBefore(now)) {
        continue; // the past is over
      }
      List<Boolean> truths = new ArrayList<>();
      windows.forEach(window -> truths.add(window.contains(change)));
      waived.keySet().forEach(rule -> truths.add(change.toEpochMilli() < rule.waivedUntilMs()));
      first.putIfAbsent(truths, change);
    }
    return List.copyOf(first.values());
  }

  private List<List<String>> keySets() {
    if (checks.isEmpty()) {
      return List.of(List.of());
    }
    Set<String> keys = new LinkedHashSet<>();
    for (FieldsCheck check : checks) {
      keys.add(check.rootName().isEmpty() ? OTHER_KEY : check.rootName() + "." + OTHER_KEY);
      for (String path : check.paths()) {
        keys.add(path);
        keys.add(path + "." + OTHER_KEY);
        for (int dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', dot + 1)) {
          keys.add(path.substring(0, dot));
          keys.add(path.substring(0, dot) + "." + OTHER_KEY);
        }
      }
    }
    keys.add(OTHER_KEY);
    Map<List<Truth>, String> distinct = new LinkedHashMap<>();
    for (String key : keys) {
      List<Truth> truths = new ArrayList<>();
      checks.forEach(check -> truths.add(listedKey(check, key)));
      distinct.putIfAbsent(truths, key);
    }
    Map<List<Truth>, List<String>> known = new LinkedHashMap<>();
    List<Truth> none = new ArrayList<>();
    checks.forEach(check -> none.add(Truth.TRUE));
    known.put(none, List.of());
    List<List<Truth>> open = new ArrayList<>(known.keySet());
    while (!open.isEmpty() && known.size() < MAX_UNIONS) {
      List<List<Truth>> next = new ArrayList<>();
      for (List<Truth> truths : open) {
        List<String> mine = known.getOrDefault(truths, List.of());
        distinct.forEach(
            (more, key) -> {
              List<Truth> both = new ArrayList<>();
              for (int i = 0; i < truths.size(); i++) {
                both.add(truths.get(i).and(more.get(i)));
              }
              List<String> longer = new ArrayList<>(mine);
              longer.add(key);
              if (known.putIfAbsent(both, longer) == null) {
                next.add(both);
              }
            });
      }
      open = next;
    }
    if (known.size() >= MAX_UNIONS) {
      gaps.add("fields: of several rules have more than " + MAX_UNIONS + " combinations");
    }
    return List.copyOf(known.values());
  }

  private static Truth listedKey(FieldsCheck check, String key) {
    FieldCells.Field field =
        new FieldCells.Field(List.of(new FieldCells.Value(FieldValues.STRING, 0, "x")), 0);
    return listed(check, key, field, true);
  }

  private static Truth listed(
      FieldsCheck check, String path, FieldCells.Field field, boolean json) {
    try {
      CellCall body = new CellCall(Map.of());
      body.put(path, field, json);
      return json
          ? check.json(body.json().getBytes(java.nio.charset.StandardCharsets.UTF_8))
          : check.form(
              FormReader.body(body.form().getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    } catch (CellCall.Unbuildable e) {
      return Truth.UNKNOWN;
    }
  }

  private List<@Nullable Set<String>> helds() {
    List<@Nullable Set<String>> all = new ArrayList<>();
    all.add(Set.of());
    if (heldSets.isEmpty()) {
      return all;
    }
    Set<Set<Set<String>>> known = new HashSet<>();
    known.add(Set.of());
    List<Set<String>> open = new ArrayList<>(List.of(Set.of()));
    while (!open.isEmpty() && known.size() < MAX_UNIONS) {
      List<Set<String>> next = new ArrayList<>();
      for (Set<String> some : open) {
        for (String type : heldTypes) {
          Set<String> more = new TreeSet<>(some);
          more.add(type);
          Set<Set<String>> hit = new HashSet<>();
          for (Set<String> one : heldSets) {
            if (one.stream().anyMatch(more::contains)) {
              hit.add(one);
            }
          }
          if (known.add(hit)) {
            all.add(more);
            next.add(more);
          }
        }
      }
      open = next;
    }
    if (known.size() >= MAX_UNIONS) {
      gaps.add("categories have more than " + MAX_UNIONS + " combinations");
    }
    all.add(null);
    return all;
  }

  private List<Long> sizes() {
    List<Long> all = new ArrayList<>();
    if (sizeCuts.isEmpty()) {
      all.add(-1L);
      return all;
    }
    long last = 0;
    for (long cut : sizeCuts) {
      all.add(cut);
      last = cut;
    }
    all.add(last + 1);
    return all;
  }

  // ---- the cells

  List<Shape> shapes(CallLeaves.Form form) {
    return switch (form) {
      case ANY ->
          readsBody
              ? List.of(Shape.JSON, Shape.TEXT, Shape.NONE, Shape.UNCLEAR, Shape.TOO_LARGE)
              : sizeCuts.isEmpty()
                  ? List.of(Shape.NONE, Shape.TOO_LARGE)
                  : List.of(Shape.JSON, Shape.NONE, Shape.TOO_LARGE);
      case JSON -> List.of(Shape.JSON, Shape.UNCLEAR);
      case XML -> List.of(Shape.TEXT, Shape.UNCLEAR);
      case UNREADABLE -> List.of(Shape.UNCLEAR);
    };
  }

  /** Sizes of the dimensions of a shape: time, texts, fields, keys, types, bytes. */
  int[] dimensions(Shape shape) {
    return names(shape).stream().mapToInt(name -> size(name, shape)).toArray();
  }

  /** The places that a condition reads; at most two. */
  List<String> reads(boolean ofBefore, Condition condition) {
    Side side = sides.get(ofBefore ? 0 : 1);
    RuleText text = new RuleText(side.file());
    if (condition instanceof Condition.Compare compare) {
      return List.of(text.place(compare.place()));
    } else if (condition instanceof Condition.Length length) {
      return List.of(text.place(length.place()));
    } else if (condition instanceof Condition.In in) {
      return List.of(text.place(in.place));
    } else if (condition instanceof Condition.Matches matches) {
      return List.of(text.place(matches.place()));
    } else if (condition instanceof Condition.Has has) {
      return List.of(text.place(has.place()));
    } else if (condition instanceof Condition.Exists exists) {
      return List.of(text.place(exists.place()));
    } else if (condition instanceof Condition.CameFrom from) {
      return List.of(text.origin(from), text.place(from.place()));
    } else if (condition instanceof Condition.BodyHas) {
      return List.of(HELD);
    } else if (condition instanceof Condition.TimeIn) {
      return List.of(TIME);
    }
    Money money = side.money();
    if (money == null) {
      return List.of();
    }
    String currency = text.place(new Condition.BodyField(money.currencyField()));
    String amount = text.place(new Condition.BodyField(money.amountField()));
    return currency.equals(amount) ? List.of(amount) : List.of(currency, amount);
  }

  /** Places that change what rules are, not only whether they fire. */
  boolean isGround(String name) {
    return name.equals(SIZE) || (name.equals(TIME) && !waived.isEmpty());
  }

  /** Places that {@code fields:} looks at. */
  boolean isListing(String name) {
    return name.equals(KEYS) || jsonStates.containsKey(name);
  }

  List<String> names(Shape shape) {
    List<String> names = new ArrayList<>(List.of(TIME));
    names.addAll(textStates.keySet());
    if (shape == Shape.JSON || shape == Shape.TEXT) {
      names.addAll(jsonStates.keySet());
    }
    names.addAll(List.of(KEYS, HELD, SIZE));
    names.addAll(originsOfBody.keySet());
    return names;
  }

  private int size(String name, Shape shape) {
    boolean tooLarge = shape == Shape.TOO_LARGE;
    return switch (name) {
      case TIME -> times.size();
      case KEYS -> tooLarge || shape == Shape.UNCLEAR ? 1 : keySets.size();
      case HELD -> tooLarge || shape == Shape.NONE ? 1 : helds.size();
      case SIZE -> tooLarge || shape == Shape.NONE ? 1 : sizes.size();
      default -> {
        Boolean originOfBody = originsOfBody.get(name);
        if (originOfBody != null) {
          yield originOfBody && shape != Shape.JSON && shape != Shape.TEXT ? 1 : WHOLE_KNOWN + 1;
        }
        List<FieldCells.Text> texts = textStates.get(name);
        List<FieldCells.Field> fields =
            (shape == Shape.JSON ? jsonStates : formStates).getOrDefault(name, List.of());
        yield texts == null ? fields.size() : texts.size();
      }
    };
  }

  /** Dimensions in the order in which they are gone through: those of the differing rules first. */
  int[] order(Shape shape) {
    List<String> names = names(shape);
    List<Integer> order = new ArrayList<>();
    for (boolean first : new boolean[] {true, false}) {
      for (int i = 0; i < names.size(); i++) {
        if (askedByOwn.contains(names.get(i)) == first) {
          order.add(i);
        }
      }
    }
    return order.stream().mapToInt(Integer::intValue).toArray();
  }

  /** How many of them the differing rules ask for. */
  int asked(Shape shape) {
    int asked = 0;
    for (String name : names(shape)) {
      asked += askedByOwn.contains(name) ? 1 : 0;
    }
    return asked;
  }

  Cell cell(Shape shape, int[] choice) {
    int at = 0;
    final Instant now = times.get(choice[at++]);
    Map<String, FieldCells.Text> texts = new HashMap<>();
    for (Map.Entry<String, List<FieldCells.Text>> place : textStates.entrySet()) {
      texts.put(place.getKey(), place.getValue().get(choice[at++]));
    }
    Map<String, FieldCells.Field> fields = new LinkedHashMap<>();
    if (shape == Shape.JSON || shape == Shape.TEXT) {
      Map<String, List<FieldCells.Field>> states = shape == Shape.JSON ? jsonStates : formStates;
      for (Map.Entry<String, List<FieldCells.Field>> place : states.entrySet()) {
        fields.put(place.getKey(), place.getValue().get(choice[at++]));
      }
    }
    List<String> keys = keySets.get(choice[at++]);
    Set<String> held = helds.get(choice[at++]);
    boolean tooLarge = shape == Shape.TOO_LARGE;
    long size = tooLarge || shape == Shape.NONE ? -1 : sizes.get(choice[at]);
    Map<String, Integer> origins = new LinkedHashMap<>();
    for (String origin : originsOfBody.keySet()) {
      origins.put(origin, choice[++at]);
    }
    return new Cell(shape, now, texts, fields, keys, tooLarge ? null : held, size, origins);
  }

  /** Lets the values of one side be those of a cell; {@code whole}: the body was read. */
  void apply(Cell cell, CellValues values, List<Rule> rules, boolean whole) {
    boolean form = cell.shape() == Shape.TEXT;
    values.clear(form);
    cell.texts().forEach((place, text) -> values.put(place, text));
    values.setOrigins(cell.origins());
    boolean readable = whole && (cell.shape() == Shape.JSON || form || cell.shape() == Shape.NONE);
    if (!readable) {
      values.setUnknown();
    }
    if (whole) {
      cell.fields().forEach((place, field) -> values.put(place.substring(5), field));
      values.setHeldOtherwise(Truth.FALSE);
      Set<String> held = cell.held();
      for (Set<String> types : heldSets) {
        values.setHeld(
            types,
            held == null ? Truth.UNKNOWN : Truth.of(types.stream().anyMatch(held::contains)));
      }
    } else {
      values.setHeldOtherwise(Truth.UNKNOWN);
    }
    for (int i = 0; i < rules.size() && !checks.isEmpty(); i++) {
      FieldsCheck check = rules.get(i).fields();
      if (check != null) {
        values.setListed(check, readable ? listed(check, cell) : Truth.UNKNOWN);
      }
    }
  }

  private Truth listed(FieldsCheck check, Cell cell) {
    Truth truth = Truth.TRUE;
    for (String key : cell.moreKeys()) {
      truth = truth.and(listedKey(check, key));
    }
    boolean json = cell.shape() != Shape.TEXT;
    Map<String, Map<FieldCells.Field, Truth>> known =
        (json ? listedJson : listedForm).computeIfAbsent(check, any -> new HashMap<>());
    for (Map.Entry<String, FieldCells.Field> field : cell.fields().entrySet()) {
      if (field.getValue() == FieldCells.Field.ABSENT) {
        continue;
      }
      Truth one =
          known
              .computeIfAbsent(field.getKey(), any -> new HashMap<>())
              .computeIfAbsent(
                  field.getValue(),
                  state -> listed(check, field.getKey().substring(5), state, json));
      truth = truth.and(one);
    }
    return truth;
  }

  /** What a text supposed in a cell may really be. */
  @Nullable FieldCells place(String place) {
    return places.get(place);
  }

  Set<String> places() {
    return places.keySet();
  }

  /**
   * The next combination; false after the last.
   *
   * @param places how many of the order: what comes after them begins anew
   */
  static boolean next(int[] choice, int[] dimensions, int[] order, int places) {
    for (int i = places; i < order.length; i++) {
      choice[order[i]] = 0;
    }
    for (int i = places - 1; i >= 0; i--) {
      if (++choice[order[i]] < dimensions[order[i]]) {
        return true;
      }
      choice[order[i]] = 0;
    }
    return false;
  }

  @Override
  public String toString() {
    return places.keySet() + " " + Arrays.toString(dimensions(Shape.JSON));
  }
}
