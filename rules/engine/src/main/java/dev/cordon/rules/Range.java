package dev.cordon.rules;

import java.math.BigDecimal;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The numbers for which a condition is true; for people's tools, never on the call path.
 *
 * @param of what is compared; equal for equal places
 * @param several the place may hold several values, of which one is enough
 */
record Range(
    Object of,
    boolean several,
    @Nullable BigDecimal low,
    boolean withLow,
    @Nullable BigDecimal high,
    boolean withHigh) {

  /** The amount of a call in one currency. */
  record MoneyIn(String currency) {}

  /** The length of what stands at a place. */
  record LengthOf(Condition.Place place) {}

  /** Null for a condition that is true for something else than a range of numbers. */
  static @Nullable Range of(Condition condition, FieldTable fields) {
    if (condition instanceof Condition.MoneyCompare money) {
      return of(new MoneyIn(money.currency), false, money.operator, money.limit);
    }
    if (condition instanceof Condition.Length length) {
      return of(
          new LengthOf(length.place()),
          isSeveral(length.place(), fields),
          length.operator(),
          number(length.literal()));
    }
    if (condition instanceof Condition.Compare compare) {
      return of(
          compare.place(),
          isSeveral(compare.place(), fields),
          compare.operator(),
          number(compare.literal()));
    }
    return null;
  }

  /** One number. */
  static Range point(Condition.Place place, Literal literal) {
    BigDecimal value = new BigDecimal(literal.text());
    return new Range(place, false, value, true, value, true);
  }

  static boolean isSeveral(Condition.Place place, FieldTable fields) {
    return place instanceof Condition.BodyField body && fields.several(body.field());
  }

  private static @Nullable BigDecimal number(Literal literal) {
    return literal.isNumber() ? new BigDecimal(literal.text()) : null;
  }

  private static @Nullable Range of(
      Object of, boolean several, Condition.Operator operator, @Nullable BigDecimal limit) {
    if (limit == null) {
      return null;
    }
    return switch (operator) {
      case EQUAL -> new Range(of, several, limit, true, limit, true);
      case LESS -> new Range(of, several, null, false, limit, false);
      case AT_MOST -> new Range(of, several, null, false, limit, true);
      case GREATER -> new Range(of, several, limit, false, null, false);
      case AT_LEAST -> new Range(of, several, limit, true, null, false);
      case NOT_EQUAL -> null;
    };
  }

  /** The numbers that are in both; of the same thing. May be none. */
  Range and(Range other) {
    Range lower = low == null || (other.low != null && isAbove(other, this)) ? other : this;
    Range upper = high == null || (other.high != null && isBelowEnd(other, this)) ? other : this;
    return new Range(of, several, lower.low, lower.withLow, upper.high, upper.withHigh);
  }

  private static boolean isAbove(Range a, Range b) {
    int sign = Objects.requireNonNull(a.low).compareTo(Objects.requireNonNull(b.low));
    return sign > 0 || (sign == 0 && !a.withLow);
  }

  private static boolean isBelowEnd(Range a, Range b) {
    int sign = Objects.requireNonNull(a.high).compareTo(Objects.requireNonNull(b.high));
    return sign < 0 || (sign == 0 && !a.withHigh);
  }

  /** The same, in units of which ten to some power make one. */
  Range inUnits(int decimals) {
    return new Range(
        of,
        several,
        low == null ? null : low.movePointRight(decimals),
        withLow,
        high == null ? null : high.movePointRight(decimals),
        withHigh);
  }

  /** True when every number of the other range is in this one. */
  boolean contains(Range other) {
    if (!of.equals(other.of)) {
      return false;
    }
    if (low != null) {
      int sign = other.low == null ? -1 : other.low.compareTo(low);
      if (sign < 0 || (sign == 0 && other.withLow && !withLow)) {
        return false;
      }
    }
    if (high != null) {
      int sign = other.high == null ? 1 : other.high.compareTo(high);
      return sign < 0 || (sign == 0 && (!other.withHigh || withHigh));
    }
    return true;
  }

  /** True when no number is in both; false for ranges of different things. */
  boolean excludes(Range other) {
    return of.equals(other.of) && (isBelow(this, other) || isBelow(other, this));
  }

  private static boolean isBelow(Range a, Range b) {
    if (a.high == null || b.low == null) {
      return false;
    }
    int sign = a.high.compareTo(b.low);
    return sign < 0 || (sign == 0 && !(a.withHigh && b.withLow));
  }
}
