package dev.cordon.rules;

import java.util.List;

/** A named list of a rule file; remembers whether a rule uses it. */
final class RuleList {
  private final List<Literal> items;
  private final Position at;
  private boolean used;

  RuleList(List<Literal> items, Position at) {
    this.items = List.copyOf(items);
    this.at = at;
  }

  List<Literal> use() {
    used = true;
    return items;
  }

  boolean isUsed() {
    return used;
  }

  Position at() {
    return at;
  }
}
