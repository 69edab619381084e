package dev.cordon.rules;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** A value of a call, taken out to be looked up instead of compared with each rule's own. */
final class Drawn implements FieldValues.Test {
  int kind;
  long number;
  @Nullable Object object;

  /** The number counts units of 10^-decimals. */
  int decimals;

  @Override
  public Truth test(int newKind, long newNumber, @Nullable Object newObject) {
    kind = newKind;
    number = newNumber;
    object = newObject;
    decimals = 0;
    return Truth.TRUE;
  }

  boolean isText() {
    return kind == FieldValues.STRING || kind == FieldValues.TEXT;
  }

  /** As {@link Condition.Length} measures it; false when it has none. */
  boolean toLength() {
    if (isText() && object instanceof String text) {
      number = text.codePointCount(0, text.length());
    } else if (object instanceof Supposed text) {
      number = text.length();
    } else if (kind != FieldValues.ARRAY) {
      return false;
    }
    kind = FieldValues.NUMBER;
    return true;
  }

  boolean isNegative() {
    return (kind == FieldValues.NUMBER && number < 0)
        || (object instanceof BigDecimal decimal && decimal.signum() < 0)
        || (object instanceof String text && text.startsWith("-"));
  }
}
