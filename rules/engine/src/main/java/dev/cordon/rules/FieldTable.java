package dev.cordon.rules;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The body fields that some rule of a file reads, numbered, as one tree: a body is walked once for
 * all of them. Filled while a file is compiled, then only read.
 */
final class FieldTable {
  private final Node root = new Node("");
  private final Map<String, Integer> byPath = new HashMap<>();
  private final List<String> paths = new ArrayList<>();
  private final List<Boolean> severalByField = new ArrayList<>();
  private final List<Boolean> beyondElementByField = new ArrayList<>();
  private boolean[] several = {};
  private boolean[] beyondElement = {};

  /**
   * What is wrong with a path, or null: names joined by dots, {@code []} for the elements of an
   * array, {@code **} for any depth.
   */
  static @Nullable String wrong(String path) {
    String[] parts = path.split("\\.", -1);
    for (int i = 0; i < parts.length; i++) {
      String part = parts[i];
      if (part.equals("**")) {
        if (i == parts.length - 1) {
          return "a name must follow **";
        }
        if (parts[i + 1].startsWith("[")) {
          return "a name must follow **";
        }
        continue;
      }
      String name = part;
      while (name.endsWith("[]")) {
        name = name.substring(0, name.length() - 2);
      }
      if (name.isEmpty() && (part.isEmpty() || i > 0)) {
        return "an empty name";
      }
      for (int j = 0; j < name.length(); j++) {
        if ("[]*(){}\"'|,".indexOf(name.charAt(j)) >= 0 || name.charAt(j) <= ' ') {
          return "'" + name.charAt(j) + "' cannot stand in a field name";
        }
      }
    }
    return null;
  }

  /** The number of a path that {@link #wrong} has nothing against. */
  int add(String path) {
    Integer known = byPath.get(path);
    if (known != null) {
      return known;
    }
    Node node = root;
    boolean many = false;
    boolean beyond = false;
    for (String part : path.split("\\.", -1)) {
      if (part.equals("**")) {
        node = node.anyDepth();
        many = true;
        continue;
      }
      String name = part;
      int arrays = 0;
      while (name.endsWith("[]")) {
        name = name.substring(0, name.length() - 2);
        arrays++;
      }
      if (!name.isEmpty()) {
        beyond = many;
        node = node.child(name, many);
      }
      for (int i = 0; i < arrays; i++) {
        many = true;
        node = node.elements();
      }
    }
    int field = severalByField.size();
    node.field = field;
    byPath.put(path, field);
    paths.add(path);
    severalByField.add(many);
    beyondElementByField.add(beyond);
    return field;
  }

  /** Ends the filling. */
  void freeze() {
    several = new boolean[severalByField.size()];
    beyondElement = new boolean[several.length];
    for (int i = 0; i < several.length; i++) {
      several[i] = severalByField.get(i);
      beyondElement[i] = beyondElementByField.get(i);
    }
    root.freeze();
  }

  int size() {
    return several.length;
  }

  boolean has(String path) {
    return byPath.containsKey(path);
  }

  /** The path of a field, as rules write it. */
  String path(int field) {
    return paths.get(field);
  }

  /** The number of a path; -1 when no rule reads it. */
  int find(String path) {
    return byPath.getOrDefault(path, -1);
  }

  /** True when a body may hold several values for the field. */
  boolean several(int field) {
    return several[field];
  }

  /** True when the path goes on after {@code []} or {@code **}. */
  boolean beyondElement(int field) {
    return beyondElement[field];
  }

  Node root() {
    return root;
  }

  /** A place in a body that is, or leads to, a field. */
  static final class Node {
    final String name;
    final Map<String, Node> children = new HashMap<>();
    final List<Node> childList = new ArrayList<>(0);

    /** By the name as forgiving servers read it. */
    private final Map<String, List<Node>> loosely = new HashMap<>();

    @Nullable Node elements;
    @Nullable Node anyDepth;
    boolean isAnyDepth;
    boolean inElement;
    int field = -1;

    /** Fields at the children and elements of this node and deeper; not at {@code **}. */
    int[] below = {};

    /** Those and the field of this node itself. */
    int[] here = {};

    Node(String name) {
      this.name = name;
    }

    Node child(String childName, boolean many) {
      Node child = children.get(childName);
      if (child == null) {
        child = new Node(childName);
        child.inElement = many;
        children.put(childName, child);
        childList.add(child);
      }
      return child;
    }

    Node elements() {
      Node node = elements;
      if (node == null) {
        node = new Node("[]");
        node.inElement = true;
        elements = node;
      }
      return node;
    }

    Node anyDepth() {
      if (isAnyDepth) {
        return this; // **.** is **
      }
      Node node = anyDepth;
      if (node == null) {
        node = new Node("**");
        node.isAnyDepth = true;
        node.inElement = true;
        anyDepth = node;
      }
      return node;
    }

    /** Children that a forgiving server may take a name for; none for most names. */
    List<Node> likely(String looseName) {
      List<Node> likely = loosely.get(looseName);
      return likely == null ? List.of() : likely;
    }

    void freeze() {
      List<Integer> deeper = new ArrayList<>();
      for (Node child : childList) {
        child.freeze();
        String loose = Fold.loosely(child.name);
        List<Node> alike = loosely.get(loose);
        if (alike == null) {
          alike = new ArrayList<>(1);
          loosely.put(loose, alike);
        }
        alike.add(child);
        addAll(deeper, child.here);
      }
      if (elements != null) {
        elements.freeze();
        addAll(deeper, elements.here);
      }
      if (anyDepth != null) {
        anyDepth.freeze();
      }
      below = toArray(deeper);
      if (field >= 0) {
        deeper.add(field);
      }
      here = toArray(deeper);
    }

    private static void addAll(List<Integer> to, int[] from) {
      for (int value : from) {
        to.add(value);
      }
    }

    private static int[] toArray(List<Integer> from) {
      int[] out = new int[from.size()];
      for (int i = 0; i < out.length; i++) {
        out[i] = from.get(i);
      }
      return out;
    }
  }
}
