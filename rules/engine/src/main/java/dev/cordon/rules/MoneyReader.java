package dev.cordon.rules;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/** Reads the amount of a call, to be added up. */
final class MoneyReader implements FieldValues.Test {
  static final long UNKNOWN = -1;

  private final int decimals; // of the unit in which the call has it
  private final boolean asText;
  private long thousandths = UNKNOWN;

  private MoneyReader(int decimals, boolean asText) {
    this.decimals = decimals;
    this.asText = asText;
  }

  /** The amount in thousandths of the currency's unit; {@link #UNKNOWN} in any other currency. */
  static long thousandths(Evaluation call, String currency) {
    Money money = call.money();
    if (money == null) {
      return UNKNOWN;
    }
    return thousandths(call.values().fields(), money, currency);
  }

  static long thousandths(FieldValues fields, Money money, String currency) {
    int exponent = money.exponent(currency);
    FieldValues.Test sameCurrency =
        (kind, number, object) ->
            Truth.of(object instanceof String code && Fold.same(currency, code));
    if (exponent < 0
        || fields.test(money.currencyField(), sameCurrency) != Truth.TRUE
        || !fields.isOnly(money.amountField())) {
      return UNKNOWN;
    }
    MoneyReader reader = new MoneyReader(money.minor() ? exponent : 0, money.text());
    return fields.test(money.amountField(), reader) == Truth.TRUE ? reader.thousandths : UNKNOWN;
  }

  /** An amount of a rule file; {@link #UNKNOWN} when it is too large to count. */
  static long thousandths(BigDecimal amount) {
    if (amount.signum() < 0 || amount.precision() - amount.scale() > 14) {
      return UNKNOWN;
    }
    return amount.movePointRight(3).setScale(0, RoundingMode.CEILING).longValueExact();
  }

  @Override
  public Truth test(int kind, long number, @Nullable Object object) {
    BigDecimal amount =
        switch (kind) {
          case FieldValues.NUMBER -> BigDecimal.valueOf(number);
          case FieldValues.DECIMAL -> object instanceof BigDecimal decimal ? decimal : null;
          case FieldValues.TEXT -> object instanceof String text ? Literal.decimal(text) : null;
          case FieldValues.STRING ->
              asText && object instanceof String text ? Literal.decimal(text) : null;
          default -> null;
        };
    if (amount == null) {
      return Truth.UNKNOWN;
    }
    thousandths = thousandths(amount.movePointLeft(decimals));
    return Truth.of(thousandths >= 0);
  }
}
