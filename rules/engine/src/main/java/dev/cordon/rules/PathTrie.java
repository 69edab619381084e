package dev.cordon.rules;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Finds the patterns that match a path: costs the segments of the path, not the patterns. */
final class PathTrie {

  /** Receives the ids of matching patterns. */
  interface Hits {
    /**
     * A pattern that matches.
     *
     * @param exact the case of all letters is that of the pattern, too
     */
    void hit(int id, boolean exact);
  }

  private final Node root = new Node();

  void add(CallPattern pattern, int id) {
    Node node = root;
    for (String segment : pattern.segments()) {
      node = node.child(segment);
    }
    if (pattern.rest()) {
      node.restEnds = append(node.restEnds, id);
    } else {
      node.ends = append(node.ends, id);
    }
  }

  void find(Target target, Hits hits) {
    find(root, target, 0, true, hits);
  }

  private static void find(Node node, Target target, int segment, boolean exact, Hits hits) {
    for (int id : node.restEnds) {
      hits.hit(id, exact);
    }
    if (segment == target.segments) {
      for (int id : node.ends) {
        hits.hit(id, exact);
      }
      return;
    }
    String path = target.path;
    int start = target.starts[segment];
    int end = target.ends[segment];
    SegmentTable<Node> literals = node.literals;
    for (int slot = literals.first(path, start, end);
        slot >= 0;
        slot = literals.next(slot, path, start, end)) {
      boolean same = exact && literals.isExact(slot, path, start);
      find(literals.node(slot), target, segment + 1, same, hits);
    }
    for (int i = 0; i < node.globs.size(); i++) { // no iterator: nothing is allocated here
      Glob glob = node.globs.get(i);
      int match = CallPattern.glob(glob.pattern, path, start, end);
      if (match != CallPattern.NONE) {
        find(glob.node, target, segment + 1, exact && match == CallPattern.EXACT, hits);
      }
    }
  }

  private static int[] append(int[] ids, int id) {
    int[] longer = Arrays.copyOf(ids, ids.length + 1);
    longer[ids.length] = id;
    return longer;
  }

  private static final class Node {
    final SegmentTable<Node> literals = new SegmentTable<>();
    final List<Glob> globs = new ArrayList<>(0);
    int[] ends = {};
    int[] restEnds = {};

    Node child(String segment) {
      if (segment.indexOf('*') >= 0) {
        for (Glob glob : globs) {
          if (glob.pattern.equals(segment)) {
            return glob.node;
          }
        }
        Node node = new Node();
        globs.add(new Glob(segment, node));
        return node;
      }
      Node node = literals.get(segment);
      if (node == null) {
        node = new Node();
        literals.put(segment, node);
      }
      return node;
    }
  }

  private record Glob(String pattern, Node node) {}
}
