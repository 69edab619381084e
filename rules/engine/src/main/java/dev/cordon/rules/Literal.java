package dev.cordon.rules;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** A value written in a rule file. Compares with values of calls in three-valued logic. */
final class Literal {
  private static final int MAX_DIGITS = 40; // longer numbers in texts are none

  private enum Type {
    TEXT,
    NUMBER,
    TRUE,
    FALSE,
    NULL
  }

  private final Type type;
  private final String text;
  private final String folded; // of a TEXT, as forgiving servers read it
  private final long number;
  private final @Nullable BigDecimal decimal; // the exact value of a NUMBER
  private final boolean isLong;

  private Literal(Type type, String text, @Nullable BigDecimal decimal) {
    this.type = type;
    this.text = text;
    folded = type == Type.TEXT ? Fold.nearly(text) : text;
    this.decimal = decimal;
    isLong = decimal != null && fitsLong(decimal);
    number = decimal != null && isLong ? decimal.longValueExact() : 0;
  }

  private Literal(long number) {
    type = Type.NUMBER;
    text = Long.toString(number);
    folded = text;
    decimal = BigDecimal.valueOf(number);
    isLong = true;
    this.number = number;
  }

  /** Digits only, few enough for a long: most numbers in rules. */
  private static boolean isShortWhole(String word) {
    if (word.isEmpty() || word.length() > 18) {
      return false;
    }
    for (int i = 0; i < word.length(); i++) {
      if (word.charAt(i) < '0' || word.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  private static boolean fitsLong(BigDecimal value) {
    if (value.precision() - value.scale() > 18) {
      return false;
    }
    return value.signum() == 0 || value.stripTrailingZeros().scale() <= 0;
  }

  /** A word without quotes is a number, true, false or null when it looks like one. */
  static Literal of(String word, boolean quoted) {
    if (quoted) {
      return new Literal(Type.TEXT, word, null);
    }
    if (isShortWhole(word)) {
      return new Literal(Long.parseLong(word));
    }
    BigDecimal decimal = decimal(word);
    if (decimal != null) {
      return ofNumber(decimal);
    }
    return switch (word) {
      case "true" -> new Literal(Type.TRUE, word, null);
      case "false" -> new Literal(Type.FALSE, word, null);
      case "null" -> new Literal(Type.NULL, word, null);
      default -> new Literal(Type.TEXT, word, null);
    };
  }

  static Literal ofNumber(BigDecimal value) {
    return new Literal(Type.NUMBER, value.toPlainString(), value);
  }

  /** True when both are the same value, however it is written. */
  boolean isSame(Literal other) {
    BigDecimal mine = decimal;
    BigDecimal theirs = other.decimal;
    return type == other.type
        && (mine != null && theirs != null ? mine.compareTo(theirs) == 0 : text.equals(other.text));
  }

  boolean isNumber() {
    return type == Type.NUMBER;
  }

  boolean isText() {
    return type == Type.TEXT;
  }

  String text() {
    return text;
  }

  /** {@code -12.50} and the like: no exponent, no sign but minus; null for every other text. */
  static @Nullable BigDecimal decimal(String text) {
    return isDecimal(text) ? new BigDecimal(text) : null;
  }

  static boolean isDecimal(String text) {
    int start = text.startsWith("-") ? 1 : 0;
    int digits = 0;
    boolean dot = false;
    for (int i = start; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '.' && !dot && digits > 0 && i + 1 < text.length()) {
        dot = true;
      } else if (c >= '0' && c <= '9') {
        digits++;
      } else {
        return false;
      }
    }
    return digits > 0 && digits <= MAX_DIGITS;
  }

  /**
   * Whether a value equals this literal; unknown when the two are of different types, and for a
   * text that forgiving servers take for this one: in another case, with other blanks or accents,
   * with characters that nobody sees, in other forms of Unicode.
   */
  Truth equalTo(int kind, long value, @Nullable Object object) {
    return switch (type) {
      case NUMBER -> {
        int sign = compare(kind, value, object);
        yield sign == INCOMPARABLE ? Truth.UNKNOWN : Truth.of(sign == 0);
      }
      case TEXT ->
          kind == FieldValues.STRING || kind == FieldValues.TEXT
              ? text.equals(object) ? Truth.TRUE : isNear(object) ? Truth.UNKNOWN : Truth.FALSE
              : Truth.UNKNOWN;
      case TRUE -> equalTo(true, kind, object);
      case FALSE -> equalTo(false, kind, object);
      case NULL -> kind == FieldValues.TEXT ? Truth.UNKNOWN : Truth.of(kind == FieldValues.NULL);
    };
  }

  /** True for a text that is not this one, and nearly so. */
  boolean isNear(int kind, @Nullable Object object) {
    return type == Type.TEXT
        && (kind == FieldValues.STRING || kind == FieldValues.TEXT)
        && !text.equals(object)
        && isNear(object);
  }

  private boolean isNear(@Nullable Object object) {
    return object instanceof String word
        ? Fold.isNearly(folded, word)
        : object instanceof Supposed supposed && folded.equals(supposed.near());
  }

  private static Truth equalTo(boolean wanted, int kind, @Nullable Object object) {
    return switch (kind) {
      case FieldValues.TRUE -> Truth.of(wanted);
      case FieldValues.FALSE -> Truth.of(!wanted);
      case FieldValues.TEXT ->
          "true".equals(object)
              ? Truth.of(wanted)
              : "false".equals(object) ? Truth.of(!wanted) : Truth.UNKNOWN;
      default -> Truth.UNKNOWN;
    };
  }

  static final int INCOMPARABLE = 2;

  /** -1, 0 or 1 as the value is less than, equal to or greater than this number. */
  int compare(int kind, long value, @Nullable Object object) {
    BigDecimal exact = decimal;
    if (exact == null) {
      return INCOMPARABLE;
    }
    switch (kind) {
      case FieldValues.NUMBER -> {
        return isLong
            ? Long.compare(value, number)
            : Integer.signum(BigDecimal.valueOf(value).compareTo(exact));
      }
      case FieldValues.DECIMAL -> {
        return object instanceof BigDecimal other
            ? Integer.signum(other.compareTo(exact))
            : INCOMPARABLE;
      }
      case FieldValues.TEXT -> {
        if (!(object instanceof String word) || !isDecimal(word)) {
          return INCOMPARABLE;
        }
        if (isLong && word.length() <= 18 && word.indexOf('.') < 0) {
          return Long.compare(Long.parseLong(word), number);
        }
        return Integer.signum(new BigDecimal(word).compareTo(exact));
      }
      default -> {
        return INCOMPARABLE;
      }
    }
  }
}
