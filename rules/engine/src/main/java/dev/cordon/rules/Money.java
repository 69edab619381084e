package dev.cordon.rules;

import java.util.Map;

/**
 * Where a call carries an amount, as its pack says.
 *
 * @param amountField number in the {@link FieldTable}
 * @param currencyField likewise
 * @param minor the amount is in the smallest unit of its currency
 * @param text the vendor takes the amount as a text, also in JSON
 * @param exponents decimal digits of the currencies that do not have two; -1 where they are not
 *     certain
 */
record Money(
    int amountField,
    int currencyField,
    boolean minor,
    boolean text,
    Map<String, Integer> exponents) {
  static final int MAX_EXPONENT = 3;
  private static final int USUAL_EXPONENT = 2;

  /** Decimal digits of a currency in upper case; -1: not certain. */
  int exponent(String currency) {
    Integer exponent = exponents.get(currency);
    return exponent == null ? USUAL_EXPONENT : exponent;
  }
}
