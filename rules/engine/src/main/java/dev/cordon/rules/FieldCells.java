package dev.cordon.rules;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What may stand at one place of a call, cut into classes that no condition of either rule set
 * tells apart: the values of all literals, what lies between them, what is absent, unclear or of
 * another type. Of each class there is one representative.
 */
final class FieldCells {
  private static final int MAX_CLASSES = 4_000;
  private static final int MAX_FREE = 6; // patterns and types: each doubles the texts
  private static final long MAX_COMPARISONS = 5_000_000;
  private static final int MAX_PADDING = 100_000;

  /** A value; kinds are those of {@link FieldValues}. */
  record Value(int kind, long number, @Nullable Object object) {
    static Value of(BigDecimal number) {
      BigDecimal plain = number.stripTrailingZeros();
      return plain.scale() <= 0 && plain.precision() - plain.scale() <= 18
          ? new Value(FieldValues.NUMBER, plain.longValueExact(), null)
          : new Value(FieldValues.DECIMAL, 0, number);
    }
  }

  /** What stands at a field of the body. */
  record Field(List<Value> values, int flags) {
    static final Field ABSENT = new Field(List.of(), 0);

    Field {
      values = List.copyOf(values);
    }

    void putInto(FieldValues fields, int number) {
      for (Value value : values) {
        fields.capture(number, value.kind(), value.number(), value.object());
      }
      if (flags != 0) {
        fields.flag(number, flags);
      }
    }
  }

  /**
   * What stands in the query, in a header or is known of the caller.
   *
   * @param value a String or a {@link Supposed}; null: none, or not to be told
   */
  record Text(@Nullable Object value, Truth exists) {
    static final Text ABSENT = new Text(null, Truth.FALSE);
    static final Text TWICE = new Text(null, Truth.TRUE);
    static final Text BROKEN = new Text(null, Truth.UNKNOWN);

    Truth test(FieldValues.Test test) {
      return value == null ? Truth.UNKNOWN : test.test(FieldValues.TEXT, 0, value);
    }
  }

  // ---- what conditions ask of a place

  /** {@code body a.b}, {@code query q}, {@code header x-h}, {@code caller ACTOR}. */
  final String place;

  final Set<BigDecimal> numbers = new TreeSet<>();
  final Set<String> texts = new LinkedHashSet<>();
  final Set<Long> lengths = new TreeSet<>();
  final Map<String, NamedPattern> patterns = new LinkedHashMap<>();
  final Map<String, Detector> types = new LinkedHashMap<>();
  private final List<FieldValues.Test> tests = new ArrayList<>();
  private final Set<BigDecimal> sharp = new HashSet<>();
  private final List<Band> bands = new ArrayList<>();
  private final int fewNumbers;
  boolean comparesNumbers;

  private @Nullable List<BigDecimal> cut;
  private boolean isMerged;

  /** Numbers stand there as texts, in JSON too. */
  boolean asText;

  /** Why the classes may not be all there are; null when they are. */
  @Nullable String gap;

  /**
   * Numbers for which a rule fires, by nothing but its effect.
   *
   * @param group of rules that all are as they are for any number, or else all fire by it
   */
  record Band(String group, Effect effect, Range range) {}

  /**
   * @param fewNumbers up to that many are told apart one by one
   */
  FieldCells(String place, int fewNumbers) {
    this.place = place;
    this.fewNumbers = fewNumbers;
    numbers.add(BigDecimal.ZERO); // the sign of money matters
    sharp.add(BigDecimal.ZERO);
  }

  boolean isBody() {
    return place.startsWith("body ");
  }

  String name() {
    return place.substring(place.indexOf(' ') + 1);
  }

  boolean several() {
    return name().contains("[]") || name().contains("**");
  }

  void ask(FieldValues.Test test) {
    tests.add(test);
  }

  /** What stands on either side of a number matters by itself. */
  void askNumber(BigDecimal number) {
    sharp.add(number.stripTrailingZeros());
    numbers.add(number.stripTrailingZeros());
    comparesNumbers = true;
  }

  /** Of its numbers only matters which effects they have. */
  void askBand(Band band) {
    for (BigDecimal limit : new BigDecimal[] {band.range().low(), band.range().high()}) {
      if (limit != null) {
        numbers.add(limit.stripTrailingZeros());
      }
    }
    bands.add(band);
    comparesNumbers = true;
  }

  void askLiteral(Literal literal) {
    if (literal.isNumber()) {
      askNumber(new BigDecimal(literal.text()));
    } else if (literal.isText()) {
      texts.add(literal.text());
    }
  }

  void askLength(BigDecimal length) {
    BigDecimal whole = length.setScale(0, RoundingMode.FLOOR);
    for (long around = -1; around <= 1; around++) {
      long cut = whole.longValue() + around;
      if (cut >= 0) {
        lengths.add(cut);
      }
    }
  }

  // ---- texts

  /** Of a query, a header or a caller. */
  List<Text> texts(boolean caller) {
    List<Text> all = new ArrayList<>();
    all.add(caller ? Text.BROKEN : Text.ABSENT);
    if (!caller) {
      all.add(Text.TWICE);
      all.add(Text.BROKEN);
    }
    for (Value value : textValues(FieldValues.TEXT, caller)) {
      all.add(new Text(value.object(), Truth.TRUE));
    }
    return distinct(
        all,
        text -> {
          List<Truth> truths = new ArrayList<>();
          truths.add(text.exists());
          tests.forEach(test -> truths.add(text.test(test)));
          return truths;
        });
  }

  private List<Value> textValues(int kind, boolean plainOnly) {
    Set<Object> all = new LinkedHashSet<>(texts);
    all.add("true");
    all.add("false");
    if (kind == FieldValues.TEXT || asText) { // else a text is no number
      for (BigDecimal number : cut()) {
        String plain = number.toPlainString();
        all.add(plain);
        if (!texts.isEmpty()) { // the same number, another text
          all.add(plain.indexOf('.') < 0 ? plain + ".0" : plain + "0");
        }
      }
      if (comparesNumbers && (!lengths.isEmpty() || !patterns.isEmpty())) {
        gap = place + " is compared as a number, and by its length or a pattern as well";
      }
    }
    if (!types.isEmpty() && (!texts.isEmpty() || comparesNumbers || !lengths.isEmpty())) {
      gap = place + " is searched for types and compared as well";
    }
    Set<Long> some = new LinkedHashSet<>(lengths);
    if (lengths.isEmpty()) {
      some.add(5L);
    } else {
      some.add(lengths.stream().mapToLong(Long::longValue).max().orElse(5) + 1);
    }
    if (plainOnly) { // a caller is told by a String
      if (!patterns.isEmpty() || !types.isEmpty()) {
        gap = place + " is matched with patterns or searched for types";
      }
      some.forEach(length -> all.add(filler(length)));
      for (String text : texts) {
        all.add(text + " "); // near it
      }
      all.remove("");
    } else {
      supposed(some, all);
    }
    List<Value> values = new ArrayList<>();
    all.forEach(object -> values.add(new Value(kind, 0, object)));
    return values;
  }

  /** A text that is near none of the literals. */
  private String filler(long length) {
    NearTexts near = new NearTexts(texts);
    String text = "z".repeat((int) Math.min(length, MAX_PADDING));
    for (char c = 'y'; near.find(text) != null && c >= 'a'; c--) {
      text = String.valueOf(c).repeat(text.length());
    }
    return text;
  }

  private void supposed(Set<Long> some, Set<Object> all) {
    if (patterns.size() + types.size() > MAX_FREE) {
      gap = place + " is asked for more than " + MAX_FREE + " patterns and types";
      return;
    }
    List<Map<String, Boolean>> matching = new ArrayList<>(List.of(new HashMap<>()));
    for (String source : patterns.keySet()) {
      List<Map<String, Boolean>> longer = new ArrayList<>();
      for (Map<String, Boolean> one : matching) {
        for (boolean is : new boolean[] {false, true}) {
          Map<String, Boolean> more = new HashMap<>(one);
          more.put(source, is);
          longer.add(more);
        }
      }
      matching = longer;
    }
    if (!patterns.isEmpty()) {
      matching.add(Map.of()); // too long to tell
    }
    List<Map<String, Truth>> holding = new ArrayList<>(List.of(new HashMap<>()));
    for (String type : types.keySet()) {
      List<Map<String, Truth>> longer = new ArrayList<>();
      for (Map<String, Truth> one : holding) {
        for (Truth truth : Truth.values()) {
          Map<String, Truth> more = new HashMap<>(one);
          more.put(type, truth);
          longer.add(more);
        }
      }
      holding = longer;
    }
    Set<@Nullable String> near = new LinkedHashSet<>();
    near.add(null);
    texts.forEach(text -> near.add(Fold.nearly(text)));
    for (@Nullable String folded : near) {
      for (long length : some) {
        if (length == 0 && folded != null && !folded.isEmpty()) {
          continue; // else one character may stand for several
        }
        for (Map<String, Boolean> match : matching) {
          for (Map<String, Truth> hold : holding) {
            all.add(new Supposed(folded, length, Map.copyOf(match), Map.copyOf(hold)));
          }
        }
      }
    }
  }

  /** Each number, one between two neighbours, and one beyond either end. */
  private List<BigDecimal> cut() {
    List<BigDecimal> known = cut;
    if (known != null) {
      return known;
    }
    List<BigDecimal> all = new ArrayList<>();
    BigDecimal last = null;
    for (BigDecimal number : numbers) {
      all.add(last == null ? number.subtract(BigDecimal.ONE) : between(last, number));
      all.add(number);
      last = number;
    }
    if (last != null) {
      all.add(last.add(BigDecimal.ONE));
    }
    boolean onlyNumbers =
        texts.isEmpty() && lengths.isEmpty() && patterns.isEmpty() && types.isEmpty();
    isMerged = onlyNumbers && numbers.size() > fewNumbers;
    cut = isMerged ? merged(all) : all;
    return cut;
  }

  /**
   * One for all numbers between two sharp ones that have the same effects. What else rules do than
   * by their effects, they do for all of them, so that no decision lets more by for one of them
   * than for another; it may name another rule.
   */
  private List<BigDecimal> merged(List<BigDecimal> all) {
    Map<String, int[]> strongest = strongest(all);
    Map<List<Integer>, BigDecimal> first = new LinkedHashMap<>();
    int stretch = 0;
    for (int i = 0; i < all.size(); i++) {
      BigDecimal number = all.get(i).stripTrailingZeros();
      boolean isSharp = i % 2 == 1 && sharp.contains(number);
      stretch += isSharp ? 1 : 0;
      List<Integer> effects = new ArrayList<>(strongest.size() + 3);
      effects.add(stretch);
      effects.add(Math.max(0, number.scale())); // an amount in cents has no fractions
      effects.add(Value.of(number).kind());
      for (int[] group : strongest.values()) {
        effects.add(group[i]);
      }
      first.putIfAbsent(effects, all.get(i));
      stretch += isSharp ? 1 : 0;
    }
    return new ArrayList<>(first.values());
  }

  /** By group of bands: 1 + the strongest effect for each number, 0 for none. */
  private Map<String, int[]> strongest(List<BigDecimal> all) {
    BigDecimal[] cuts = numbers.toArray(new BigDecimal[0]);
    Map<String, int[]> strongest = new LinkedHashMap<>();
    for (Effect effect : Effect.values()) { // the strongest comes last
      Map<String, int[]> changes = new LinkedHashMap<>();
      for (Band band : bands) {
        if (band.effect() == effect) {
          int[] change = changes.computeIfAbsent(band.group(), any -> new int[all.size() + 1]);
          int[] span = Intervals.span(band.range(), cuts);
          if (span[0] <= span[1]) {
            change[span[0]]++;
            change[span[1] + 1]--;
          }
        }
      }
      changes.forEach(
          (group, change) -> {
            int[] numbersOf = strongest.computeIfAbsent(group, any -> new int[all.size()]);
            int holding = 0;
            for (int i = 0; i < numbersOf.length; i++) {
              holding += change[i];
              numbersOf[i] = holding > 0 ? 1 + effect.ordinal() : numbersOf[i];
            }
          });
    }
    return strongest;
  }

  private static BigDecimal between(BigDecimal low, BigDecimal high) {
    BigDecimal next = low.setScale(0, RoundingMode.FLOOR).add(BigDecimal.ONE);
    return next.compareTo(high) < 0 ? next : low.add(high).divide(BigDecimal.valueOf(2));
  }

  // ---- fields of the body

  /**
   * @param json else a form, or XML: there all values are texts without a type
   */
  List<Field> fields(boolean json) {
    FieldTable table = new FieldTable();
    int number = table.add(name());
    table.freeze();
    List<Value> values = json ? jsonValues() : textValues(FieldValues.TEXT, false);
    values.add(new Value(FieldValues.OBJECT, 0, null));
    List<Field> bases = new ArrayList<>();
    bases.add(Field.ABSENT);
    bases.add(new Field(List.of(), FieldValues.OTHER_SOURCE));
    if (several()) {
      bases.add(new Field(List.of(), FieldValues.WRONG));
      bases.add(new Field(List.of(), FieldValues.MISSING));
      bases.add(new Field(List.of(), FieldValues.REACHED));
    } else {
      for (Value value : values) {
        bases.add(new Field(List.of(value), 0));
      }
    }
    List<Field> known = distinct(bases, field -> judge(field, table, number, json));
    return several() ? unions(known, values, table, number, json) : known;
  }

  private List<Value> jsonValues() {
    List<Value> values = textValues(FieldValues.STRING, false);
    for (BigDecimal one : cut()) {
      values.add(Value.of(one));
    }
    values.add(new Value(FieldValues.TRUE, 0, null));
    values.add(new Value(FieldValues.FALSE, 0, null));
    values.add(new Value(FieldValues.NULL, 0, null));
    for (long length : lengths) {
      values.add(new Value(FieldValues.ARRAY, length, null));
    }
    values.add(new Value(FieldValues.ARRAY, lengths.isEmpty() ? 1 : last(lengths) + 1, null));
    return values;
  }

  private static long last(Set<Long> lengths) {
    return lengths.stream().mapToLong(Long::longValue).max().orElse(0);
  }

  /** Several values at once: as long as one more tells another class. */
  private List<Field> unions(
      List<Field> bases, List<Value> values, FieldTable table, int number, boolean json) {
    Map<List<Truth>, Field> known = new LinkedHashMap<>();
    for (Field base : bases) {
      known.putIfAbsent(judge(base, table, number, json), base);
    }
    List<Value> some = new ArrayList<>();
    Set<List<Truth>> seen = new HashSet<>();
    for (Value value : values) {
      if (seen.add(judge(new Field(List.of(value), 0), table, number, json))) {
        some.add(value);
      }
    }
    List<Field> open = new ArrayList<>(known.values());
    while (!open.isEmpty()) {
      List<Field> next = new ArrayList<>();
      for (Field field : open) {
        if ((field.flags() & FieldValues.OTHER_SOURCE) != 0) {
          continue;
        }
        for (Value value : some) {
          List<Value> more = new ArrayList<>(field.values());
          more.add(value);
          Field larger = new Field(more, field.flags());
          if (known.putIfAbsent(judge(larger, table, number, json), larger) == null) {
            next.add(larger);
          }
          if (known.size() > MAX_CLASSES) {
            gap = place + " has more than " + MAX_CLASSES + " classes";
            return List.copyOf(known.values());
          }
        }
      }
      open = next;
    }
    return List.copyOf(known.values());
  }

  private List<Truth> judge(Field field, FieldTable table, int number, boolean json) {
    FieldValues values = new FieldValues(table, Map.of());
    if (!json) {
      values.setForm();
    }
    field.putInto(values, number);
    List<Truth> truths = new ArrayList<>(tests.size() + 2);
    truths.add(values.exists(number));
    truths.add(Truth.of(values.isOnly(number)));
    for (FieldValues.Test test : tests) {
      truths.add(values.test(number, test));
    }
    return truths;
  }

  private interface Judge<T> {
    List<Truth> of(T one);
  }

  private <T> List<T> distinct(List<T> all, Judge<T> judge) {
    if (isMerged || (long) all.size() * tests.size() > MAX_COMPARISONS) {
      return all; // each for itself: dearer later, not now
    }
    Map<List<Truth>, T> first = new LinkedHashMap<>();
    for (T one : all) {
      first.putIfAbsent(judge.of(one), one);
    }
    return new ArrayList<>(first.values());
  }
}
