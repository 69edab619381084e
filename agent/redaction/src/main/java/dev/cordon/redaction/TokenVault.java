package dev.cordon.redaction;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import javax.crypto.spec.SecretKeySpec;

/**
 * Remembers which values stand behind the tokens of conversations with models, in memory only and
 * for a while: {@link #TTL_NS} after the last use of a conversation, and {@link #MAX_HELD_BYTES} in
 * all; then the conversations that were not used for longest are forgotten. Any number of threads.
 */
public final class TokenVault {
  /** How long a conversation is remembered after its last call. */
  public static final long TTL_NS = 3_600_000_000_000L;

  /** About how much memory all conversations may take. */
  static final long MAX_HELD_BYTES = 32L << 20;

  private static final long SWEEP_EVERY_NS = 60_000_000_000L;

  private final ConcurrentHashMap<String, Conversation> conversations = new ConcurrentHashMap<>();
  private final AtomicLong heldBytes = new AtomicLong();
  private final AtomicLong sweptNs;
  private final LongSupplier nanoClock;
  private final SecretKeySpec key;
  private final long maxHeldBytes;

  public TokenVault(LongSupplier nanoClock) {
    this(nanoClock, MAX_HELD_BYTES);
  }

  TokenVault(LongSupplier nanoClock, long maxHeldBytes) {
    this.nanoClock = nanoClock;
    this.maxHeldBytes = maxHeldBytes;
    this.sweptNs = new AtomicLong(nanoClock.getAsLong());
    byte[] random = new byte[32];
    new SecureRandom().nextBytes(random);
    key = new SecretKeySpec(random, "HmacSHA256");
  }

  /**
   * The conversation of this name; a new one when there is none any more. Whoever can make calls in
   * it can have its values back: it must be one person's.
   */
  public Conversation conversation(String name) {
    long now = nanoClock.getAsLong();
    sweep(now);
    Conversation known = conversations.get(name);
    if (known != null && !known.isOver(now)) {
      known.use(now);
      return known;
    }
    return conversations.compute(
        name,
        (same, other) -> {
          if (other != null && !other.isOver(now)) {
            other.use(now);
            return other;
          }
          if (other != null) {
            discharge(other);
          }
          return new Conversation(key, name, this, now);
        });
  }

  /**
   * A conversation that is over with its call: nothing is remembered, so nothing of another call
   * comes back in it. The same value gets the same token under the same name.
   */
  public Conversation ofOneCall(String name) {
    return new Conversation(key, name, null, nanoClock.getAsLong());
  }

  /** How many conversations are remembered. */
  int size() {
    return conversations.size();
  }

  long heldBytes() {
    return heldBytes.get();
  }

  // ---- room

  /** False when there is no room for so much more, whatever is forgotten. */
  boolean makeRoom(long bytes, Conversation user) {
    if (heldBytes.get() + bytes <= maxHeldBytes) {
      return true;
    }
    sweepNow(nanoClock.getAsLong());
    List<Aged> oldestFirst = new ArrayList<>();
    for (Conversation one : conversations.values()) {
      if (one != user) {
        oldestFirst.add(new Aged(one, one.usedNs()));
      }
    }
    long now = nanoClock.getAsLong();
    oldestFirst.sort((a, b) -> Long.compare(now - b.usedNs(), now - a.usedNs()));
    // a quarter at a time, or every further value would have to look at all of them again
    long goal = maxHeldBytes / 4 * 3;
    for (Aged one : oldestFirst) {
      if (heldBytes.get() + bytes <= goal) {
        break;
      }
      forget(one.conversation());
    }
    return heldBytes.get() + bytes <= maxHeldBytes;
  }

  /** As old as it was when it was looked at: others go on using it. */
  private record Aged(Conversation conversation, long usedNs) {}

  void charge(long bytes) {
    heldBytes.addAndGet(bytes);
  }

  private void sweep(long now) {
    long last = sweptNs.get();
    if (now - last >= SWEEP_EVERY_NS && sweptNs.compareAndSet(last, now)) {
      sweepNow(now);
    }
  }

  private void sweepNow(long now) {
    for (Conversation one : conversations.values()) {
      if (one.isOver(now)) {
        forget(one);
      }
    }
  }

  private void forget(Conversation one) {
    if (conversations.remove(one.name(), one)) {
      discharge(one);
    }
  }

  private void discharge(Conversation one) {
    heldBytes.addAndGet(-one.leaveVault());
  }
}
