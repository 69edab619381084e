package dev.cordon.instrumentation;

import dev.cordon.bootstrap.Gate;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Redacts what a logger keeps beside the text of a line. Every method returns the instance it was
 * given when nothing was found, and never calls {@code toString()} of a class it does not know: an
 * application can tell how often its own is called.
 */
public final class LoggedValues {

  /** In place of a number that must not be shown, where only a number is taken: prints as NaN. */
  public static final Object NO_NUMBER = Double.NaN;

  private static final long SHORTEST_NUMBER = 1_000_000; // below it nothing is a phone or a card

  private static final Found FOUND = new Found();
  private static final BiConsumer<String, String> THROW_IF_FOUND =
      (key, value) -> {
        if (value != null && !value.equals(Gate.line(value))) {
          throw FOUND;
        }
      };

  private LoggedValues() {}

  /** Makes all that a line needs, on a thread with stack to spare. */
  public static void prepare() {
    arguments(
        new Object[] {
          "mail to a@b, key Bearer x, number 12 34 5678 9012, IBAN DE00 1234 5678 9012 3456 78", 0L
        });
  }

  /** The arguments as they may be written: a copy when one of them changed. */
  public static Object @Nullable [] arguments(Object @Nullable [] arguments) {
    if (arguments == null) {
      return null;
    }
    Object[] redacted = arguments;
    for (int i = 0; i < arguments.length; i++) {
      Object argument = arguments[i];
      Object value = value(argument);
      if (value != argument) {
        if (redacted == arguments) {
          // not clone(): the array may be a String[] or Long[] of the application
          redacted = Arrays.copyOf(arguments, arguments.length, Object[].class);
        }
        redacted[i] = value;
      }
    }
    return redacted;
  }

  /**
   * The arguments for a formatter that groups digits ({@code 4,111,111...}), which hides a card or
   * a phone number from a scan of the finished text: a number that is a finding where the pattern
   * puts it becomes plain text, for that scan to replace.
   */
  public static Object @Nullable [] ungrouped(
      @Nullable String pattern, Object @Nullable [] arguments) {
    if (arguments == null || pattern == null) {
      return arguments;
    }
    Object[] plain = arguments;
    for (int i = 0; i < arguments.length; i++) {
      String digits = arguments[i] instanceof Number number ? digitsOf(number) : null;
      if (digits == null) {
        continue;
      }
      String place = "{" + i + "}";
      String probe =
          pattern.contains(place) ? pattern.replace(place, digits) : pattern + " " + digits;
      if (!Gate.line(probe).equals(probe)) {
        if (plain == arguments) {
          plain = Arrays.copyOf(arguments, arguments.length, Object[].class);
        }
        plain[i] = isFormatted(pattern, i) ? NO_NUMBER : digits;
      }
    }
    return plain;
  }

  /** True when a pattern of java.text formats this argument: it takes no text there, and throws. */
  public static boolean isFormatted(String pattern, int place) {
    return pattern.contains("{" + place + ",");
  }

  /** A number as it may be written, of whatever class, by a formatter that groups digits. */
  public static Object number(Number number) {
    String digits = digitsOf(number);
    if (digits == null) {
      return number;
    }
    String redacted = Gate.line(digits);
    return redacted.equals(digits) ? number : redacted;
  }

  /** A number long enough to be a card or a phone, in plain digits; null for any other. */
  private static @Nullable String digitsOf(Number number) {
    if (number instanceof Integer || number instanceof Short || number instanceof Byte) {
      return Math.abs((long) number.intValue()) < SHORTEST_NUMBER ? null : number.toString();
    }
    if (number instanceof Long || number instanceof AtomicLong || number instanceof LongAdder) {
      long value = number.longValue();
      return Math.abs(value) < SHORTEST_NUMBER ? null : Long.toString(value);
    }
    if (number instanceof Double || number instanceof Float) {
      double value = number.doubleValue();
      // whole and below 2^63, as card numbers held in a double are; others print as fractions
      return value == Math.rint(value)
              && Math.abs(value) >= SHORTEST_NUMBER
              && Math.abs(value) < Long.MAX_VALUE
          ? Long.toString((long) value)
          : null;
    }
    if (number.getClass() == BigInteger.class) {
      return number.toString();
    }
    return number.getClass() == BigDecimal.class ? ((BigDecimal) number).toPlainString() : null;
  }

  /** One argument or value as it may be written. */
  public static @Nullable Object value(@Nullable Object value) {
    String text = textOf(value);
    if (text == null) {
      return value;
    }
    String redacted = Gate.line(text);
    return redacted.equals(text) ? value : redacted;
  }

  /** True when {@link #value} sees all there is of a value, so that no text of it is left. */
  public static boolean isTransparent(@Nullable Object value) {
    return value == null
        || value instanceof String
        || value instanceof Number
        || value instanceof Boolean
        || value instanceof Character
        || value instanceof Enum<?>;
  }

  /** The map as it may be written: a copy in the same order when a value changed. */
  public static @Nullable Map<String, String> map(@Nullable Map<String, String> map) {
    if (map == null || map.isEmpty()) {
      return map;
    }
    try {
      map.forEach(THROW_IF_FOUND); // no iterator, no capture: a clean map costs no garbage
      return map;
    } catch (Found found) {
      Map<String, String> redacted = new LinkedHashMap<>();
      map.forEach((key, value) -> redacted.put(key, value == null ? null : Gate.line(value)));
      return redacted;
    }
  }

  private static @Nullable String textOf(@Nullable Object value) {
    if (value instanceof String text) {
      return text;
    }
    if (value instanceof StringBuilder || value instanceof StringBuffer) {
      return value.toString();
    }
    if (value instanceof Long number) {
      return Math.abs(number) < SHORTEST_NUMBER ? null : number.toString();
    }
    if (value instanceof Integer number) {
      return Math.abs(number) < SHORTEST_NUMBER ? null : number.toString();
    }
    if (value != null
        && (value.getClass() == BigInteger.class || value.getClass() == BigDecimal.class)) {
      return value.toString();
    }
    return null;
  }

  /** Leaves {@code forEach} at the first finding. */
  private static final class Found extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Found() {
      super(null, null, false, false);
    }
  }
}
