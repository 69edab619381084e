package dev.cordon.rules;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one vendor: its calls, the fields in them, how it words a refusal.
 *
 * @param hosts where the vendor's API is, as a destination would write them; empty for a generic
 *     one
 * @param suffixes one of them may follow every path and changes nothing, as {@code .json}; mostly
 *     empty
 * @param methodParameters of the query or a body, by which the vendor takes a call for another
 *     method; mostly empty
 * @param kinds of the calls, in their order: what finds them. Calls of a bundle are read when they
 *     are met
 */
record Pack(
    String name,
    List<String> hosts,
    List<String> suffixes,
    List<String> methodParameters,
    Endpoints endpoints,
    List<Call> calls,
    List<Kind> kinds,
    @Nullable RefusalShape refusal,
    Set<String> recipients,
    Map<String, Integer> currencyExponents) {

  Pack named(String newName) {
    return new Pack(
        newName,
        hosts,
        suffixes,
        methodParameters,
        endpoints,
        calls,
        kinds,
        refusal,
        recipients,
        currencyExponents);
  }

  /**
   * What finds a call.
   *
   * @param money whether it moves any
   */
  record Kind(CallPattern pattern, CallClass callClass, boolean money) {}

  /**
   * One call of a vendor.
   *
   * @param fields names of body fields; empty when the pack does not list them
   * @param recipients fields that name the recipient, those of the whole pack among them
   * @param amount path of the money field, empty when the call moves none
   * @param minor the amount is in the smallest unit of its currency
   * @param amountIsText the amount is written as a text, also in JSON
   * @param subjects fields that name the customer the call is about, the surest first
   * @param freeText fields that people's words go into
   * @param volatileFields fields and headers that differ when the same call is made again
   * @param refusal where it differs from that of the whole pack
   */
  record Call(
      String operation,
      CallPattern pattern,
      CallClass callClass,
      List<String> fields,
      Set<String> recipients,
      String amount,
      String currency,
      boolean minor,
      boolean amountIsText,
      List<String> subjects,
      List<String> freeText,
      List<String> volatileFields,
      @Nullable RefusalShape refusal) {

    boolean hasSubject() {
      return !subjects.isEmpty();
    }

    boolean hasMoney() {
      return !amount.isEmpty();
    }
  }
}
