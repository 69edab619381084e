package dev.cordon.rules;

import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What has been spent under the limits of rules in this process. Outlives a rule file: the next
 * version of a file goes on with what was spent under a rule of the same id. Thread-safe; its lock
 * is held for a few look-ups, never over anything that waits.
 */
public final class Ledger {
  private static final int MAX_KEPT = 4_096; // an account that nothing was spent under is small

  private final KeyedHash.Key key = KeyedHash.Key.random();

  // weak: when no rule set holds an account any more, nobody can spend under it
  private final Map<String, WeakReference<Object>> accounts = new HashMap<>();

  // but not at once: a limit that one version of a file lacks goes on in the next that has it
  private final ArrayDeque<Object> kept = new ArrayDeque<>();

  public Ledger() {}

  KeyedHash hash() {
    return new KeyedHash(key);
  }

  LimitAccount limit(String name) {
    return (LimitAccount) account("limit " + name, LimitAccount::new);
  }

  SeenKeys seen(String name) {
    return (SeenKeys) account("seen " + name, SeenKeys::new);
  }

  private synchronized Object account(String name, Supplier<Object> create) {
    WeakReference<Object> known = accounts.get(name);
    Object account = known == null ? null : known.get();
    if (account == null) {
      accounts.values().removeIf(reference -> reference.get() == null);
      account = create.get();
      accounts.put(name, new WeakReference<>(account));
      kept.add(account);
      if (kept.size() > MAX_KEPT) {
        kept.remove();
      }
    }
    return account;
  }

  /** What keeps a call from leaving, the strongest first. */
  record Breach(Charges.Charge charge, Effect effect, Reason reason) {
    String help() {
      Bounds.Limit limit = charge.limit();
      Bounds.Idempotency once = charge.idempotency();
      return limit != null
          ? "at most " + limit.text() + "; " + charge.rule().help()
          : (once == null ? "" : once.text() + " is a duplicate; ") + charge.rule().help();
    }
  }

  /**
   * Counts a call that is about to leave, or nothing of it when an enforced rule is breached.
   *
   * @param enforcing false: every breach is only told
   * @return the strongest enforced breach, else the strongest one of an observed rule, else null
   */
  synchronized @Nullable Breach take(Charges charges, boolean enforcing, long nowNs) {
    List<Charges.Charge> all = charges.all();
    Breach enforced = null;
    Breach observed = null;
    for (int i = 0; i < all.size(); i++) {
      Charges.Charge charge = all.get(i);
      Breach breach = breach(charge, nowNs);
      if (breach == null) {
        continue;
      }
      if (enforcing && !charge.rule().observed()) {
        enforced = stronger(enforced, breach);
      } else {
        observed = stronger(observed, breach);
      }
    }
    if (enforced != null) {
      return enforced;
    }
    for (int i = 0; i < all.size(); i++) {
      count(all.get(i), nowNs);
    }
    return observed;
  }

  private static @Nullable Breach breach(Charges.Charge charge, long nowNs) {
    Bounds.Limit limit = charge.limit();
    if (limit != null) {
      long used = limit.account().used(charge.key(), nowNs, limit.withinNs());
      boolean over = charge.amount() < 0 || charge.amount() > limit.max() - used;
      return over ? new Breach(charge, limit.over(), Reason.LIMIT_EXCEEDED) : null;
    }
    Bounds.Idempotency once = charge.idempotency();
    if (once == null) {
      return null;
    }
    boolean duplicate =
        charge.key() == 0
            || once.seen().has(charge.key(), nowNs, once.withinNs())
            || !once.seen().hasRoom(nowNs, once.withinNs());
    return duplicate ? new Breach(charge, once.duplicate(), Reason.DUPLICATE_WRITE) : null;
  }

  private static Breach stronger(@Nullable Breach a, Breach b) {
    if (a == null) {
      return b;
    }
    int order = b.effect.compareTo(a.effect);
    order = order != 0 ? order : a.charge.rule().id().compareTo(b.charge.rule().id());
    return order > 0 ? b : a;
  }

  private static void count(Charges.Charge charge, long nowNs) {
    Bounds.Limit limit = charge.limit();
    if (limit != null) {
      if (charge.amount() > 0) {
        limit
            .account()
            .open(charge.key(), nowNs, limit.withinNs())
            .add(nowNs, limit.withinNs(), charge.amount());
      }
      return;
    }
    Bounds.Idempotency once = charge.idempotency();
    if (once != null
        && charge.key() != 0
        && !once.seen().has(charge.key(), nowNs, once.withinNs())
        && once.seen().hasRoom(nowNs, once.withinNs())) {
      once.seen().add(charge.key(), nowNs, once.withinNs());
    }
  }

  /**
   * Gives back what a call was counted at a time.
   *
   * @param left the call was made, but the other side did nothing: it may be made again, and counts
   */
  synchronized void giveBack(Charges charges, long takenNs, boolean left) {
    List<Charges.Charge> all = charges.all();
    for (int i = 0; i < all.size(); i++) {
      Charges.Charge charge = all.get(i);
      Bounds.Limit limit = charge.limit();
      if (limit != null && !left && charge.amount() > 0) {
        SlidingWindow window = limit.account().find(charge.key());
        if (window != null) {
          window.take(takenNs, charge.amount());
        }
      }
      Bounds.Idempotency once = charge.idempotency();
      if (once != null && charge.key() != 0) {
        once.seen().remove(charge.key(), takenNs, once.withinNs());
      }
    }
  }
}
