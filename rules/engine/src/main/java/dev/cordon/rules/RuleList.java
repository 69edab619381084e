package dev.cordon.rules;

import java.util.ArrayList;
import java.util.List;

/**
 * A named list, as each layer has it; remembers whether a rule uses it. A later layer may leave
 * items out, and that makes no rule looser: where fewer items are stricter all rules take the last
 * version, where more items are, a lower rule keeps its own. A list that was widened is the last
 * version for all: its lower layer said so.
 */
final class RuleList {
  private record Version(int layer, List<Literal> items) {}

  private final List<Version> versions = new ArrayList<>();
  private final Position at;
  private boolean open;
  private boolean widened;
  private boolean used;

  RuleList(int layer, List<Literal> items, boolean open, Position at) {
    versions.add(new Version(layer, List.copyOf(items)));
    this.open = open;
    this.at = at;
  }

  /** What a later layer makes of the list; false when it may not. */
  boolean change(int layer, List<Literal> items, boolean widen, boolean staysOpen) {
    boolean narrower = contains(last(), items);
    if (!narrower && !(widen && open)) {
      return false;
    }
    widened |= !narrower;
    open &= staysOpen;
    versions.add(new Version(layer, List.copyOf(items)));
    return true;
  }

  private static boolean contains(List<Literal> all, List<Literal> some) {
    for (Literal item : some) {
      boolean found = false;
      for (Literal known : all) {
        found |= known.isSame(item);
      }
      if (!found) {
        return false;
      }
    }
    return true;
  }

  private List<Literal> last() {
    return versions.get(versions.size() - 1).items();
  }

  /** The items for a rule of a layer, where fewer items make the rule stricter, or more do. */
  List<Literal> use(int layer, boolean fewerIsStricter) {
    used = true;
    if (widened || fewerIsStricter) {
      return last();
    }
    List<Literal> items = versions.get(0).items();
    for (Version version : versions) {
      if (version.layer() <= layer) {
        items = version.items();
      }
    }
    return items;
  }

  boolean isUsed() {
    return used;
  }

  /** The layer that has it first. */
  int layer() {
    return versions.get(0).layer();
  }

  Position at() {
    return at;
  }
}
