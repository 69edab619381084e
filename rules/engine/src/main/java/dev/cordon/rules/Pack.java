package dev.cordon.rules;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one vendor: its calls, the fields in them, how it words a refusal.
 *
 * @param suffix may follow every path and changes nothing, as {@code .json}; mostly empty
 */
record Pack(
    String name,
    String suffix,
    List<Call> calls,
    @Nullable RefusalShape refusal,
    Set<String> recipients,
    Map<String, Integer> currencyExponents) {

  /**
   * One call of a vendor.
   *
   * @param fields names of body fields; empty when the pack does not list them
   * @param recipients fields that name the recipient, those of the whole pack among them
   * @param amount path of the money field, empty when the call moves none
   */
  record Call(
      String operation,
      CallPattern pattern,
      CallClass callClass,
      List<String> fields,
      Set<String> recipients,
      String amount,
      String currency,
      boolean minor) {

    boolean hasMoney() {
      return !amount.isEmpty();
    }
  }
}
