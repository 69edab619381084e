package dev.cordon.rules;

import org.jspecify.annotations.Nullable;

/**
 * Decisions that were made lately, to be given out again: most calls of a service are decided like
 * an earlier one, and a decision holds nothing of its call. Any number of threads; one that misses
 * what another has just kept makes the same decision once more.
 */
final class RecentDecisions {
  private static final int PLACES = 256; // a power of two

  private final @Nullable Decision[] decisions = new @Nullable Decision[PLACES];

  @Nullable Decision at(int hash) {
    return decisions[place(hash)];
  }

  void keep(int hash, Decision decision) {
    decisions[place(hash)] = decision; // immutable: a race hands over the one or the other
  }

  private static int place(int hash) {
    return hash * 0x9e3779b9 >>> 24;
  }
}
