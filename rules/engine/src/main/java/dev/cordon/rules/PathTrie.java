package dev.cordon.rules;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the patterns that match a path, or an operation in a body: costs the segments that are
 * looked up, not the patterns.
 */
final class PathTrie {

  /** Receives the ids of matching patterns. */
  interface Hits {
    /**
     * A pattern that matches.
     *
     * @param exact the case of all letters is that of the pattern, too
     */
    void hit(int id, boolean exact);

    /** Many rules; only where {@link PathTrie#index} was called. */
    default void hit(Crowd crowd, boolean exact) {
      for (int id : crowd.ids) {
        hit(id, exact);
      }
    }
  }

  /** A pattern as it was added. */
  record Added(CallPattern pattern, int id) {}

  private final List<Added> added = new ArrayList<>(0);
  private final Node paths = new Node();
  private final List<Ids> crowded = new ArrayList<>(0);
  private final @Nullable Node[] operations = new @Nullable Node[Protocol.values().length];

  /** All patterns, for people's tools. */
  List<Added> added() {
    return added;
  }

  void add(CallPattern pattern, int id) {
    added.add(new Added(pattern, id));
    for (List<String> segments : pattern.alternatives()) {
      Node node = root(pattern.protocol());
      for (String segment : segments) {
        node = node.child(segment);
      }
      Ids ends = pattern.rest() ? node.restEnds : node.ends;
      ends.add(id);
      if (ends.count == Crowd.FEW + 1) {
        crowded.add(ends);
      }
    }
  }

  /** Files the rules of crowded places by what they ask for, when all rules have been added. */
  void index(List<Rule> rules, FieldTable fields) {
    for (Ids ends : crowded) {
      if (ends.crowd == null) {
        ends.crowd = Crowd.of(Arrays.copyOf(ends.ids, ends.count), rules, fields);
      }
    }
  }

  private Node root(Protocol protocol) {
    if (protocol == Protocol.HTTP) {
      return paths;
    }
    Node root = operations[protocol.ordinal()];
    if (root == null) {
      root = new Node();
      operations[protocol.ordinal()] = root;
    }
    return root;
  }

  void find(Target target, Hits hits) {
    find(paths, target, 0, true, hits);
  }

  void find(Protocol protocol, Operation operation, Hits hits) {
    Node root = operations[protocol.ordinal()];
    if (root != null) {
      find(root, operation, 0, true, hits);
    }
  }

  /** Every pattern, whatever it is for. */
  void all(Hits hits) {
    findAll(paths, hits);
    for (Node root : operations) {
      if (root != null) {
        findAll(root, hits);
      }
    }
  }

  /** True when some pattern names operations of the protocol. */
  boolean names(Protocol protocol) {
    return operations[protocol.ordinal()] != null;
  }

  /**
   * All patterns that name operations of the protocol: a body that cannot be read may hold any.
   *
   * @param first only patterns with this first segment, if not empty
   */
  void findAll(Protocol protocol, String first, Hits hits) {
    Node root = operations[protocol.ordinal()];
    if (root == null) {
      return;
    }
    if (first.isEmpty()) {
      findAll(root, hits);
      return;
    }
    for (int slot = root.literals.first(first, 0, first.length());
        slot >= 0;
        slot = root.literals.next(slot, first, 0, first.length())) {
      findAll(root.literals.node(slot), hits);
    }
    for (int i = 0; i < root.globs.size(); i++) {
      Glob glob = root.globs.get(i);
      if (CallPattern.glob(glob.pattern, first, 0, first.length()) != CallPattern.NONE) {
        findAll(glob.node, hits);
      }
    }
  }

  private static void findAll(Node node, Hits hits) {
    node.restEnds.all(false, hits);
    node.ends.all(false, hits);
    for (int i = 0; i < node.children.size(); i++) {
      findAll(node.children.get(i), hits);
    }
  }

  private static void find(Node node, Segments target, int segment, boolean exact, Hits hits) {
    node.restEnds.all(exact, hits);
    if (segment == target.segments) {
      node.ends.all(exact, hits);
      return;
    }
    String path = target.path;
    int start = target.starts[segment];
    int end = target.ends[segment];
    SegmentTable<Node> literals = node.literals;
    for (int slot = literals.first(target.hashes[segment], path, start, end);
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

  /** Patterns that end at one place. */
  private static final class Ids {
    private static final int[] NONE = {};

    int[] ids = NONE;
    int count;
    @Nullable Crowd crowd;

    void add(int id) {
      if (count == ids.length) {
        ids = Arrays.copyOf(ids, count == 0 ? 1 : count * 2);
      }
      ids[count++] = id;
    }

    void all(boolean exact, Hits hits) {
      Crowd many = crowd;
      if (many != null) {
        hits.hit(many, exact);
        return;
      }
      for (int i = 0; i < count; i++) {
        hits.hit(ids[i], exact);
      }
    }
  }

  private static final class Node {
    final SegmentTable<Node> literals = new SegmentTable<>();
    final List<Glob> globs = new ArrayList<>(0);
    final List<Node> children = new ArrayList<>(0);
    final Ids ends = new Ids();
    final Ids restEnds = new Ids();

    Node child(String segment) {
      if (segment.indexOf('*') >= 0) {
        for (Glob glob : globs) {
          if (glob.pattern.equals(segment)) {
            return glob.node;
          }
        }
        Node node = newChild();
        globs.add(new Glob(segment, node));
        return node;
      }
      Node node = literals.get(segment);
      if (node == null) {
        node = newChild();
        literals.put(segment, node);
      }
      return node;
    }

    private Node newChild() {
      Node node = new Node();
      children.add(node);
      return node;
    }
  }

  private record Glob(String pattern, Node node) {}
}
