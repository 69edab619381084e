package dev.cordon.rules;

import java.util.concurrent.atomic.AtomicBoolean;

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

  Hold(Decision decision, Ledger ledger, long takenNs, boolean counted) {
    this.decision = decision;
    this.ledger = ledger;
    this.takenNs = takenNs;
    open = new AtomicBoolean(counted);
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
