package dev.cordon.rules;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * Hashes the values that stand at a place of a call: numbers by what they are, not by how they are
 * written. An object or an array cannot be hashed.
 */
final class ValueHash implements FieldValues.Test {
  private final KeyedHash hash;
  private int values;

  ValueHash(KeyedHash hash) {
    this.hash = hash;
  }

  /** False when the values of the place cannot be told. */
  boolean add(Condition.Place place, Evaluation call) {
    Truth told = place.test(call, this);
    if (told == Truth.FALSE) { // as test() answers for each value
      hash.add(values);
      return true;
    }
    if (place.exists(call) == Truth.FALSE) {
      hash.add(ABSENT);
      return true;
    }
    return false;
  }

  /** How many values were hashed. */
  int values() {
    return values;
  }

  private static final long ABSENT = -1;

  @Override
  public Truth test(int kind, long number, @Nullable Object object) {
    values++;
    switch (kind) {
      case FieldValues.NUMBER -> hash.add(Long.toString(number));
      case FieldValues.DECIMAL -> {
        if (!(object instanceof BigDecimal decimal)) {
          return Truth.UNKNOWN;
        }
        hash.add(canonical(decimal));
      }
      case FieldValues.TEXT, FieldValues.STRING -> {
        if (!(object instanceof String text)) {
          return Truth.UNKNOWN;
        }
        BigDecimal decimal = Literal.decimal(text);
        hash.add(decimal == null ? text : canonical(decimal));
      }
      case FieldValues.TRUE -> hash.add("true");
      case FieldValues.FALSE -> hash.add("false");
      case FieldValues.NULL -> hash.add("null");
      default -> {
        return Truth.UNKNOWN;
      }
    }
    return Truth.FALSE;
  }

  private static String canonical(BigDecimal decimal) {
    BigDecimal plain = decimal.stripTrailingZeros();
    return plain.scale() <= 0 && plain.precision() - plain.scale() <= 18
        ? Long.toString(plain.longValueExact())
        : plain.toString();
  }
}
