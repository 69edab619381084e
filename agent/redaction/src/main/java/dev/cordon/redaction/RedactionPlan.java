package dev.cordon.redaction;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What to look for, where, and what to put in its place. Immutable and thread-safe. */
public final class RedactionPlan {

  /**
   * One order of a rule.
   *
   * @param fields field paths; empty means everywhere
   * @param own names of {@link OwnTypes}; others mean nothing
   */
  public record Order(List<String> fields, Set<Kind> kinds, Set<String> own, Operator operator) {
    public Order {
      fields = List.copyOf(fields);
      kinds = Set.copyOf(kinds);
      own = Set.copyOf(own);
      Objects.requireNonNull(operator, "operator");
    }

    /** Of no type of a rule file's own. */
    public Order(List<String> fields, Set<Kind> kinds, Operator operator) {
      this(fields, kinds, Set.of(), operator);
    }
  }

  /** What happens to a finding. Where orders overlap the strongest wins, by {@link #strength}. */
  public enum Operator {
    /** {@code [EMAIL]}. */
    TOKEN,
    /** The last four characters of a number, the domain of an address; nothing of a secret. */
    MASK,
    /** {@code [EMAIL:kdmbfpacnjoe]}: the same value gives the same letters in this process. */
    HASH,
    /** The call must not go out. */
    BLOCK,
    /** Nothing: the value is gone, a JSON number becomes null. */
    DROP,
    /** {@code ****1111}, of numbers of eight characters and more; else {@code [NAME]}. */
    KEEP_LAST_4,
    /** {@code ***@example.com}; of what is no address {@code [NAME]}. */
    KEEP_DOMAIN,
    /**
     * {@code [EMAIL:kdmbfpacnjoehgidlmbc]}: the same wherever the same key is; not opened by it.
     */
    PSEUDONYM,
    /** {@code EMAIL_7Q3KX2}, for as long as a conversation lasts; see {@link Prompt}. */
    VAULT,
    /**
     * {@code [EMAIL:siv:kdmb...]}: who holds the key can open it. A secret becomes a placeholder.
     */
    SIV;

    /** The less it tells, the stronger. */
    int strength() {
      return switch (this) {
        case BLOCK -> 7;
        case DROP -> 6;
        case MASK, KEEP_LAST_4, KEEP_DOMAIN -> 5;
        case TOKEN -> 4;
        case HASH -> 3;
        case PSEUDONYM -> 2;
        case VAULT -> 1;
        case SIV -> 0;
      };
    }

    Operator orStronger(@Nullable Operator other) {
      return other != null && other.strength() >= strength() ? other : this;
    }

    /**
     * What is done with a span: where a secret is part of it, nothing that could be opened, nor an
     * end of it, which a type of the rule file's own would tell.
     */
    static Operator forSpan(@Nullable Operator strongest, int kindBits) {
      boolean ends = strongest == KEEP_LAST_4 && (kindBits & Kind.CUSTOM.bit()) != 0;
      boolean opens = strongest == SIV || strongest == VAULT || ends;
      return strongest == null || (opens && (kindBits & Kind.SECRET_KINDS) != 0)
          ? TOKEN
          : strongest;
    }
  }

  private record CompiledOrder(List<FieldPattern> fields, int kinds, int own, Operator operator) {}

  private final List<CompiledOrder> orders;
  private final List<FieldPattern> keep;
  private final int kinds;
  private final int wantedOwn;
  private final OwnTypes own;
  private final @Nullable RedactionKey key;

  private RedactionPlan(
      List<CompiledOrder> orders,
      List<FieldPattern> keep,
      int kinds,
      int wantedOwn,
      OwnTypes own,
      @Nullable RedactionKey key) {
    this.orders = orders;
    this.keep = keep;
    this.kinds = kinds;
    this.wantedOwn = wantedOwn;
    this.own = own;
    this.key = key;
  }

  /** A plan without a key: an operator that needs one puts placeholders. */
  public static RedactionPlan of(List<Order> orders, Set<String> keepFields) {
    return of(orders, keepFields, null);
  }

  /** A plan for no types of a rule file's own. */
  public static RedactionPlan of(
      List<Order> orders, Set<String> keepFields, @Nullable RedactionKey key) {
    return of(orders, keepFields, key, OwnTypes.NONE);
  }

  /**
   * @param keepFields fields that name the recipient: addresses, numbers and IBANs there survive
   *     every order; a card number or a secret there does not
   * @param key of PSEUDONYM and SIV
   * @param own what the names in orders stand for
   */
  public static RedactionPlan of(
      List<Order> orders, Set<String> keepFields, @Nullable RedactionKey key, OwnTypes own) {
    List<CompiledOrder> compiled = new ArrayList<>(orders.size());
    int kinds = 0;
    int wantedOwn = 0;
    for (Order order : orders) {
      List<FieldPattern> fields = new ArrayList<>(order.fields().size());
      for (String field : order.fields()) {
        fields.add(FieldPattern.covering(field));
      }
      int bits = Kind.bits(order.kinds());
      int ownBits = own.bits(order.own());
      compiled.add(new CompiledOrder(List.copyOf(fields), bits, ownBits, order.operator()));
      kinds |= ownBits == 0 ? bits : bits | Kind.CUSTOM.bit();
      wantedOwn |= ownBits;
    }
    List<FieldPattern> keep = new ArrayList<>(keepFields.size());
    for (String field : keepFields) {
      keep.add(FieldPattern.exactly(field));
    }
    return new RedactionPlan(List.copyOf(compiled), List.copyOf(keep), kinds, wantedOwn, own, key);
  }

  /** Bits of every kind some order asks for: the detectors look for nothing else. */
  int kinds() {
    return kinds;
  }

  /** The types of the rule file's own, by which orders name them. */
  OwnTypes own() {
    return own;
  }

  /** Bits of every own type that some order asks for. */
  int wantedOwn() {
    return wantedOwn;
  }

  /** Bits of the own types that some order wants changed at this place. */
  int ownAt(FieldPath path) {
    int bits = 0;
    for (CompiledOrder order : orders) {
      if (order.own != 0 && applies(order, path)) {
        bits |= order.own;
      }
    }
    return bits;
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

  /** The strongest operator for any of these kinds and own types at this place. */
  Operator operatorAt(FieldPath path, int kindBits, int ownBits) {
    Operator strongest = null;
    for (CompiledOrder order : orders) {
      boolean asks = (order.kinds & kindBits) != 0 || (order.own & ownBits) != 0;
      if (asks && applies(order, path)) {
        strongest = order.operator.orStronger(strongest);
      }
    }
    if (strongest == null && (kindBits & Kind.TOKEN_SHAPE) != 0) {
      return Operator.VAULT;
    }
    return Operator.forSpan(strongest, kindBits);
  }

  @Nullable RedactionKey key() {
    return key;
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
