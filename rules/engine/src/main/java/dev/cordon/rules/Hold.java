package dev.cordon.rules;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A call that has been counted under the limits of its rules, from {@link RuleSet#hold}. What is
 * held counts as spent until one of the two methods says otherwise; whoever loses track of a call
 * has spent it. Either method works once, on any thread.
 */
public final class Hold {
  private final Decision decision;
  private final Ledger ledger;
  private final long takenNs;
  private final AtomicBoolean open;
  private final Ledger.@Nullable Breach breach;

  Hold(
      Decision decision,
      Ledger ledger,
      long takenNs,
      boolean counted,
      Ledger.@Nullable Breach breach) {
    this.breach = breach;
    this.decision = decision;
    this.ledger = ledger;
    this.takenNs = takenNs;
    open = new AtomicBoolean(counted);
  }

  /** How each limit came out. */
  void tell(Trail trail) {
    Prints prints = trail.from;
    if (prints == null) {
      return;
    }
    List<Charges.Charge> all = decision.charges().all();
    for (int i = 0; i < all.size(); i++) {
      Charges.Charge charge = all.get(i);
      boolean mine = breach != null && breach.charge() == charge;
      trail.add(
          charge.print(prints),
          mine ? Prints.LIMIT_EXCEEDED : breach == null ? Prints.LIMIT_KEPT : Prints.LIMIT_COVERED);
    }
  }

  /** The decision with the limits in it; when it blocks, nothing was counted. */
  public Decision decision() {
    return decision;
  }

  /** The call did not leave: nothing of it counts. */
  public void release() {
    if (open.getAndSet(false)) {
      ledger.giveBack(decision.charges(), takenNs, false);
    }
  }

  /**
   * The call left, and the other side said that it did nothing: it counts, but the same write may
   * be made again.
   */
  public void rejected() {
    if (open.getAndSet(false)) {
      ledger.giveBack(decision.charges(), takenNs, true);
    }
  }
}
