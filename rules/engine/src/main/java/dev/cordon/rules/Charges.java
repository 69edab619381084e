package dev.cordon.rules;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a call will be counted under when it leaves. Holds keyed hashes and amounts of the call, so
 * nothing of it is ever shown.
 */
public final class Charges {
  /** Of a call that nothing counts. */
  public static final Charges NONE = new Charges(List.of());

  /**
   * One count.
   *
   * @param limit or {@code idempotency}; the other is null
   * @param key who or what, hashed; 0 when that cannot be told from a duplicate
   * @param amount -1 when it cannot be told
   */
  record Charge(
      Rule rule,
      Bounds.@Nullable Limit limit,
      Bounds.@Nullable Idempotency idempotency,
      long key,
      long amount) {

    long print(Prints prints) {
      List<Bounds.Limit> limits = rule.bounds().limits();
      for (int i = 0; i < limits.size(); i++) {
        if (limits.get(i) == limit) {
          return prints.of(rule).limits()[i];
        }
      }
      return prints.of(rule).duplicates();
    }
  }

  private final List<Charge> all;

  Charges(List<Charge> all) {
    this.all = all;
  }

  List<Charge> all() {
    return all;
  }

  public boolean isEmpty() {
    return all.isEmpty();
  }

  @Override
  public String toString() {
    return "Charges[" + all.size() + "]";
  }
}
