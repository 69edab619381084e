package dev.cordon.redaction;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** What to look for, where, and what to put in its place. Immutable and thread-safe. */
public final class RedactionPlan {

  /**
   * One order of a rule.
   *
   * @param fields field paths; empty means everywhere
   */
  public record Order(List<String> fields, Set<Kind> kinds, Operator operator) {
    public Order {
      fields = List.copyOf(fields);
      kinds = Set.copyOf(kinds);
      Objects.requireNonNull(operator, "operator");
    }
  }

  /** What happens to a finding. */
  public enum Operator {
    /** {@code [EMAIL]}. */
    TOKEN,
    /** The last four characters of a number, the domain of an address; nothing of a secret. */
    MASK,
    /** {@code [EMAIL:kdmbfpacnjoe]}: the same value gives the same letters in this process. */
    HASH,
    /** The call must not go out. */
    BLOCK;

    /** Where orders overlap the strongest wins: block, mask, token, hash. */
    int strength() {
      return switch (this) {
        case BLOCK -> 3;
        case MASK -> 2;
        case TOKEN -> 1;
        case HASH -> 0;
      };
    }
  }

  private record CompiledOrder(List<FieldPattern> fields, int kinds, Operator operator) {}

  private final List<CompiledOrder> orders;
  private final List<FieldPattern> keep;
  private final int kinds;

  private RedactionPlan(List<CompiledOrder> orders, List<FieldPattern> keep, int kinds) {
    this.orders = orders;
    this.keep = keep;
    this.kinds = kinds;
  }

  /**
   * @param keepFields fields that name the recipient: addresses, numbers and IBANs there survive
   *     every order; a card number or a secret there does not
   */
  public static RedactionPlan of(List<Order> orders, Set<String> keepFields) {
    List<CompiledOrder> compiled = new ArrayList<>(orders.size());
    int kinds = 0;
    for (Order order : orders) {
      List<FieldPattern> fields = new ArrayList<>(order.fields().size());
      for (String field : order.fields()) {
        fields.add(FieldPattern.covering(field));
      }
      int bits = Kind.bits(order.kinds());
      compiled.add(new CompiledOrder(List.copyOf(fields), bits, order.operator()));
      kinds |= bits;
    }
    List<FieldPattern> keep = new ArrayList<>(keepFields.size());
    for (String field : keepFields) {
      keep.add(FieldPattern.exactly(field));
    }
    return new RedactionPlan(List.copyOf(compiled), List.copyOf(keep), kinds);
  }

  /** Bits of every kind some order asks for: the detectors look for nothing else. */
  int kinds() {
    return kinds;
  }

  /** Kinds that some order wants changed at this place. */
  int kindsAt(FieldPath path) {
    int bits = 0;
    for (CompiledOrder order : orders) {
      if (applies(order, path)) {
        bits |= order.kinds;
      }
    }
    if (path.known() && matches(keep, path)) {
      for (Kind kind : Kind.values()) {
        if (kind.namesRecipient()) {
          bits &= ~kind.bit();
        }
      }
    }
    return bits;
  }

  /** The strongest operator for any of these kinds at this place. */
  Operator operatorAt(FieldPath path, int kindBits) {
    Operator strongest = Operator.HASH;
    for (CompiledOrder order : orders) {
      if ((order.kinds & kindBits) != 0
          && order.operator.strength() > strongest.strength()
          && applies(order, path)) {
        strongest = order.operator;
      }
    }
    return strongest;
  }

  private static boolean applies(CompiledOrder order, FieldPath path) {
    // where fields cannot be told apart, an order for some of them holds for all: never unscanned
    return order.fields.isEmpty() || !path.known() || matches(order.fields, path);
  }

  private static boolean matches(List<FieldPattern> patterns, FieldPath path) {
    for (FieldPattern pattern : patterns) {
      if (pattern.matches(path)) {
        return true;
      }
    }
    return false;
  }
}
