package dev.cordon.rules;

/**
 * One thing that the body of a call asks for, as segments of a pattern: {@code mutation
 * orderUpdate}, {@code tools/call find_order}, {@code create}.
 */
final class Operation extends Segments {
  private static final String PERSISTED = "persisted:";

  /** Only queries and subscriptions of GraphQL are known to write nothing. */
  final boolean writes;

  /** Named by the id under which the server knows its text; what that asks for is not told. */
  final boolean persisted;

  private Operation(String first, String second, boolean writes, boolean persisted) {
    super(2);
    path = first + second;
    starts[1] = first.length();
    ends[0] = first.length();
    ends[1] = path.length();
    hashes[0] = Fold.hash(path, 0, ends[0]);
    hashes[1] = Fold.hash(path, starts[1], ends[1]);
    segments = 2;
    this.writes = writes;
    this.persisted = persisted;
  }

  static Operation graphQl(String kind, String field) {
    return new Operation(kind, field, kind.equals("mutation"), false);
  }

  /**
   * @param id {@code sha256:...} or {@code id:...}
   */
  static Operation persisted(String id) {
    return new Operation(PERSISTED, id, true, true);
  }

  /** The same, known to be of this kind. */
  Operation of(String kind) {
    String id = path.substring(starts[1]);
    return new Operation(PERSISTED + kind, id, kind.equals("mutation"), true);
  }

  /**
   * @param name what the method is called on, as the tool of {@code tools/call}; mostly empty
   */
  static Operation rpc(String method, String name) {
    return new Operation(method, name, true, false);
  }

  static Operation soap(String element) {
    Operation operation = new Operation(element, "", true, false);
    operation.segments = 1;
    return operation;
  }

  /** The kind of a GraphQL operation; empty when it is not known. */
  String kind() {
    return path.substring(persisted ? PERSISTED.length() : 0, ends[0]);
  }

  boolean same(Operation other) {
    return ends[0] == other.ends[0] && path.equals(other.path);
  }

  /** The segment that a pattern of this kind and name begins with. */
  static String firstSegment(String kind, String name) {
    return isId(name) ? PERSISTED + kind : kind;
  }

  static boolean isId(String name) {
    return name.startsWith("sha256:") || name.startsWith("id:");
  }
}
