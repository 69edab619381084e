package dev.cordon.rules;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A compiled condition. Immutable; evaluates without allocating where the body is at hand. */
sealed interface Condition {

  Truth eval(Evaluation call);

  /** True when the body has to be read to tell. */
  boolean needsBody();

  /** True when a text of the call is nearly one that is asked for; for people who want to know. */
  default boolean isNear(Evaluation call) {
    return false;
  }

  /** How a value is compared. */
  enum Operator {
    EQUAL,
    NOT_EQUAL,
    LESS,
    AT_MOST,
    GREATER,
    AT_LEAST;

    Truth of(int sign) {
      if (sign == Literal.INCOMPARABLE) {
        return Truth.UNKNOWN;
      }
      return switch (this) {
        case EQUAL -> Truth.of(sign == 0);
        case NOT_EQUAL -> Truth.of(sign != 0);
        case LESS -> Truth.of(sign < 0);
        case AT_MOST -> Truth.of(sign <= 0);
        case GREATER -> Truth.of(sign > 0);
        case AT_LEAST -> Truth.of(sign >= 0);
      };
    }
  }

  /** Where a value stands in a call. */
  sealed interface Place {
    Truth test(Evaluation call, FieldValues.Test test);

    Truth exists(Evaluation call);

    default boolean isBody() {
      return false;
    }
  }

  record BodyField(int field) implements Place {
    @Override
    public Truth test(Evaluation call, FieldValues.Test test) {
      return call.values().fields().test(field, test);
    }

    @Override
    public Truth exists(Evaluation call) {
      return call.values().fields().exists(field);
    }

    @Override
    public boolean isBody() {
      return true;
    }
  }

  record QueryField(String name) implements Place {
    @Override
    public Truth test(Evaluation call, FieldValues.Test test) {
      return call.values().testQuery(name, test);
    }

    @Override
    public Truth exists(Evaluation call) {
      return call.values().queryExists(name);
    }
  }

  record HeaderField(String name) implements Place {
    @Override
    public Truth test(Evaluation call, FieldValues.Test test) {
      return call.values().testHeader(name, test);
    }

    @Override
    public Truth exists(Evaluation call) {
      return call.values().headerExists(name);
    }
  }

  /** {@code actor}, {@code bot}, {@code caller.channel}, {@code run}. */
  record CallerField(Caller.Trait trait) implements Place {
    @Override
    public Truth test(Evaluation call, FieldValues.Test test) {
      String value = call.caller(trait);
      return value == null ? Truth.UNKNOWN : test.test(FieldValues.TEXT, 0, value);
    }

    @Override
    public Truth exists(Evaluation call) {
      return call.caller(trait) == null ? Truth.UNKNOWN : Truth.TRUE;
    }
  }

  /** All hold. */
  record All(List<Condition> parts) implements Condition {
    @Override
    public Truth eval(Evaluation call) {
      Truth truth = Truth.TRUE;
      for (int i = 0; i < parts.size() && truth != Truth.FALSE; i++) {
        truth = truth.and(parts.get(i).eval(call));
      }
      return truth;
    }

    @Override
    public boolean isNear(Evaluation call) {
      return anyNear(parts, call);
    }

    @Override
    public boolean needsBody() {
      return anyNeedsBody(parts);
    }
  }

  /** One holds. */
  record Any(List<Condition> parts) implements Condition {
    @Override
    public Truth eval(Evaluation call) {
      Truth truth = Truth.FALSE;
      for (int i = 0; i < parts.size() && truth != Truth.TRUE; i++) {
        truth = truth.or(parts.get(i).eval(call));
      }
      return truth;
    }

    @Override
    public boolean isNear(Evaluation call) {
      return anyNear(parts, call);
    }

    @Override
    public boolean needsBody() {
      return anyNeedsBody(parts);
    }
  }

  record Not(Condition part) implements Condition {
    @Override
    public Truth eval(Evaluation call) {
      return part.eval(call).not();
    }

    @Override
    public boolean isNear(Evaluation call) {
      return part.isNear(call);
    }

    @Override
    public boolean needsBody() {
      return part.needsBody();
    }
  }

  record Compare(Place place, Operator operator, Literal literal)
      implements Condition, FieldValues.Test {
    @Override
    public Truth eval(Evaluation call) {
      return place.test(call, this);
    }

    @Override
    public Truth test(int kind, long number, @Nullable Object object) {
      return switch (operator) {
        case EQUAL -> literal.equalTo(kind, number, object);
        case NOT_EQUAL -> literal.equalTo(kind, number, object).not();
        case LESS, AT_MOST, GREATER, AT_LEAST -> operator.of(literal.compare(kind, number, object));
      };
    }

    @Override
    public boolean isNear(Evaluation call) {
      return (operator == Operator.EQUAL || operator == Operator.NOT_EQUAL)
          && place.test(call, (kind, number, object) -> Truth.of(literal.isNear(kind, object)))
              == Truth.TRUE;
    }

    @Override
    public boolean needsBody() {
      return place.isBody();
    }
  }

  /** The length of a text in code points, or the number of elements of an array. */
  record Length(Place place, Operator operator, Literal literal)
      implements Condition, FieldValues.Test {
    @Override
    public Truth eval(Evaluation call) {
      return place.test(call, this);
    }

    @Override
    public Truth test(int kind, long number, @Nullable Object object) {
      long length;
      if ((kind == FieldValues.STRING || kind == FieldValues.TEXT) && object instanceof String s) {
        length = s.codePointCount(0, s.length());
      } else if (kind == FieldValues.ARRAY) {
        length = number;
      } else if (object instanceof Supposed text) {
        length = text.length();
      } else {
        return Truth.UNKNOWN;
      }
      return operator.of(literal.compare(FieldValues.NUMBER, length, null));
    }

    @Override
    public boolean needsBody() {
      return place.isBody();
    }
  }

  /** One of many; texts are looked up, not compared one by one. */
  final class In implements Condition, FieldValues.Test {
    final Place place;
    final Set<String> texts;
    final List<Literal> others;
    private @Nullable NearTexts near; // made when a text is none of them

    In(Place place, List<Literal> literals) {
      this.place = place;
      texts = new HashSet<>();
      List<Literal> noTexts = new ArrayList<>();
      for (Literal literal : literals) { // no stream: it would load 70 classes at every start
        if (literal.isText()) {
          texts.add(literal.text());
        } else {
          noTexts.add(literal);
        }
      }
      others = List.copyOf(noTexts);
    }

    /** One that was read before. */
    In(Place place, Set<String> texts, List<Literal> others) {
      this.place = place;
      this.texts = texts;
      this.others = others;
    }

    @Override
    public Truth eval(Evaluation call) {
      return place.test(call, this);
    }

    @Override
    public Truth test(int kind, long number, @Nullable Object object) {
      boolean isText = kind == FieldValues.STRING || kind == FieldValues.TEXT;
      if (isText && object instanceof String word && texts.contains(word)) {
        return Truth.TRUE;
      }
      // one literal of the value's type makes it false, else the types do not meet
      Truth any = isText && !texts.isEmpty() ? Truth.FALSE : Truth.UNKNOWN;
      for (int i = 0; i < others.size(); i++) {
        Truth one = others.get(i).equalTo(kind, number, object);
        if (one == Truth.TRUE) {
          return Truth.TRUE;
        }
        if (one == Truth.FALSE) {
          any = Truth.FALSE;
        }
      }
      return any == Truth.FALSE && isText && !texts.isEmpty() && isNear(object)
          ? Truth.UNKNOWN
          : any;
    }

    /** As {@link Literal#equalTo} has it. */
    private boolean isNear(@Nullable Object object) {
      NearTexts known = near;
      if (known == null) { // two threads may both make one, and they are the same
        known = new NearTexts(texts);
        near = known;
      }
      return known.find(object) != null;
    }

    @Override
    public boolean isNear(Evaluation call) {
      return place.test(
              call,
              (kind, number, object) ->
                  Truth.of(
                      (kind == FieldValues.STRING || kind == FieldValues.TEXT)
                          && !texts.contains(object)
                          && isNear(object)))
          == Truth.TRUE;
    }

    @Override
    public boolean needsBody() {
      return place.isBody();
    }
  }

  /** The whole text is of a named pattern. */
  record Matches(Place place, NamedPattern pattern) implements Condition, FieldValues.Test {
    @Override
    public Truth eval(Evaluation call) {
      return place.test(call, this);
    }

    @Override
    public Truth test(int kind, long number, @Nullable Object object) {
      boolean isText = kind == FieldValues.STRING || kind == FieldValues.TEXT;
      Boolean matches =
          !isText
              ? null
              : object instanceof String s
                  ? pattern.matches(s)
                  : object instanceof Supposed text ? text.matches(pattern) : null;
      return matches == null ? Truth.UNKNOWN : Truth.of(matches);
    }

    @Override
    public boolean needsBody() {
      return place.isBody();
    }
  }

  /** A text, or the digits of a number, in which the detector finds something of the type. */
  record Has(Place place, String type, Detector detector) implements Condition, FieldValues.Test {
    @Override
    public Truth eval(Evaluation call) {
      return place.test(call, this);
    }

    @Override
    public Truth test(int kind, long number, @Nullable Object object) {
      return switch (kind) {
        case FieldValues.TEXT, FieldValues.STRING ->
            object instanceof String s
                ? detector.isIn(s, type)
                : object instanceof Supposed text ? text.has(type) : Truth.UNKNOWN;
        case FieldValues.NUMBER -> detector.isIn(Long.toString(number), type);
        case FieldValues.DECIMAL ->
            object instanceof BigDecimal decimal && Math.abs(decimal.scale()) < 100
                ? detector.isIn(decimal.toPlainString(), type)
                : Truth.UNKNOWN;
        case FieldValues.TRUE, FieldValues.FALSE -> Truth.FALSE;
        default -> Truth.UNKNOWN; // what is inside of it is not looked at
      };
    }

    @Override
    public boolean needsBody() {
      return place.isBody();
    }
  }

  /**
   * A text or number of which it is known where it came from. Never false: by what ways it may have
   * come that nobody watched cannot be told.
   *
   * @param whole the value itself must have come from there, and of several each, as an allowing
   *     rule wants it; else a part of one is enough
   */
  record CameFrom(Place place, Origins.Source source, boolean whole, Detector detector)
      implements Condition {
    private static final List<String> CREDENTIALS = List.of("secret", "token", "password");

    @Override
    public Truth eval(Evaluation call) {
      return call.values().cameFrom(this, call);
    }

    /** What is known now; later more may be. */
    Truth ask(Evaluation call) {
      Origins origins = call.origins();
      if (!whole) {
        return place.test(call, (kind, number, object) -> of(kind, number, object, origins));
      }
      // a test is true for one of several values, and false for all of them only
      Truth stranger =
          place.test(call, (kind, number, object) -> of(kind, number, object, origins).not());
      return stranger == Truth.FALSE && place.exists(call) == Truth.TRUE
          ? Truth.TRUE
          : Truth.UNKNOWN;
    }

    private Truth of(int kind, long number, @Nullable Object object, Origins origins) {
      String text = kind == FieldValues.NUMBER ? Long.toString(number) : null;
      if ((kind == FieldValues.STRING || kind == FieldValues.TEXT) && object instanceof String s) {
        text = s;
      }
      return text != null && (origins.isFrom(source, text, whole) || isCredential(text))
          ? Truth.TRUE
          : Truth.UNKNOWN;
    }

    private boolean isCredential(String text) {
      if (source != Origins.Source.SECRET || whole) {
        return false;
      }
      for (int i = 0; i < CREDENTIALS.size(); i++) {
        String type = CREDENTIALS.get(i);
        if (detector.types().contains(type) && detector.isIn(text, type) == Truth.TRUE) {
          return true;
        }
      }
      return false;
    }

    @Override
    public boolean needsBody() {
      return place.isBody();
    }
  }

  /** Something of the types anywhere in the body. */
  record BodyHas(Set<String> types, Detector detector) implements Condition {
    @Override
    public Truth eval(Evaluation call) {
      return call.values().bodyHas(types, detector);
    }

    @Override
    public boolean needsBody() {
      return true;
    }
  }

  /** The time of day. */
  record TimeIn(TimeWindows windows) implements Condition {
    @Override
    public Truth eval(Evaluation call) {
      return windows.at(call.nowMs());
    }

    @Override
    public boolean needsBody() {
      return false;
    }
  }

  record Exists(Place place) implements Condition {
    @Override
    public Truth eval(Evaluation call) {
      return place.exists(call);
    }

    @Override
    public boolean needsBody() {
      return place.isBody();
    }
  }

  /**
   * Money by the pack's field of the call. Another currency, a negative amount, several amounts or
   * a call without a money field is unknown.
   */
  final class MoneyCompare implements Condition {
    final Operator operator;
    final BigDecimal limit;
    final String currency;
    final FieldValues.Test sameCurrency;
    private final FieldValues.Test whole;
    private final FieldValues.Test wholeAsText;
    private final FieldValues.Test[] byExponent = new FieldValues.Test[Money.MAX_EXPONENT + 1];
    private final FieldValues.Test[] byExponentAsText =
        new FieldValues.Test[Money.MAX_EXPONENT + 1];

    MoneyCompare(Operator operator, BigDecimal amount, String currency) {
      this.operator = operator;
      this.currency = currency;
      limit = amount;
      sameCurrency = new SameCurrency(currency);
      whole = new Amount(operator, Literal.ofNumber(amount), false);
      wholeAsText = new Amount(operator, Literal.ofNumber(amount), true);
      for (int exponent = 0; exponent <= Money.MAX_EXPONENT; exponent++) {
        Literal minor = Literal.ofNumber(amount.movePointRight(exponent));
        byExponent[exponent] = new Amount(operator, minor, false);
        byExponentAsText[exponent] = new Amount(operator, minor, true);
      }
    }

    /** How the amount is judged where the pack says that it stands; the currency has digits. */
    FieldValues.Test amount(Money money, int exponent) {
      return money.text()
          ? money.minor() ? byExponentAsText[exponent] : wholeAsText
          : money.minor() ? byExponent[exponent] : whole;
    }

    @Override
    public Truth eval(Evaluation call) {
      Money money = call.money();
      if (money == null) {
        return Truth.UNKNOWN;
      }
      FieldValues fields = call.values().fields();
      int exponent = money.exponent(currency);
      if (exponent < 0 || fields.test(money.currencyField(), sameCurrency) != Truth.TRUE) {
        return Truth.UNKNOWN;
      }
      if (!fields.isOnly(money.amountField()) || !fields.isOnly(money.currencyField())) {
        return Truth.UNKNOWN; // of several amounts none is the amount of the call
      }
      return fields.test(money.amountField(), amount(money, exponent));
    }

    @Override
    public boolean needsBody() {
      return true;
    }

    /**
     * The amount in a currency, where it is one to be compared with; null when it is unknown.
     *
     * @param sameCurrency is true for the currency
     */
    static @Nullable Drawn draw(Evaluation call, String currency, FieldValues.Test sameCurrency) {
      Money money = call.money();
      int exponent = money == null ? -1 : money.exponent(currency);
      if (money == null || exponent < 0) {
        return null;
      }
      FieldValues fields = call.values().fields();
      Drawn drawn = call.drawn;
      if (fields.test(money.currencyField(), sameCurrency) != Truth.TRUE
          || !fields.isOnly(money.amountField())
          || !fields.isOnly(money.currencyField())
          || fields.test(money.amountField(), drawn) != Truth.TRUE
          || drawn.isNegative()) {
        return null;
      }
      drawn.decimals = money.minor() ? exponent : 0;
      if (money.text() && drawn.kind == FieldValues.STRING) {
        drawn.kind = FieldValues.TEXT;
      }
      return drawn;
    }

    record SameCurrency(String currency) implements FieldValues.Test {
      @Override
      public Truth test(int kind, long number, @Nullable Object object) {
        return object instanceof String code && Fold.same(currency, code)
            ? Truth.TRUE
            : Truth.UNKNOWN;
      }
    }

    private record Amount(Operator operator, Literal limit, boolean asText)
        implements FieldValues.Test {
      @Override
      public Truth test(int kind, long number, @Nullable Object object) {
        boolean negative =
            (kind == FieldValues.NUMBER && number < 0)
                || (object instanceof BigDecimal decimal && decimal.signum() < 0)
                || (object instanceof String text && text.startsWith("-"));
        int read = asText && kind == FieldValues.STRING ? FieldValues.TEXT : kind;
        return negative ? Truth.UNKNOWN : operator.of(limit.compare(read, number, object));
      }
    }
  }

  private static boolean anyNear(List<Condition> parts, Evaluation call) {
    for (Condition part : parts) {
      if (part.isNear(call)) {
        return true;
      }
    }
    return false;
  }

  private static boolean anyNeedsBody(List<Condition> parts) {
    for (Condition part : parts) {
      if (part.needsBody()) {
        return true;
      }
    }
    return false;
  }
}
