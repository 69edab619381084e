package dev.cordon.rules;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A rule's {@code fields}: the only fields that a body may have. A field that is listed may hold
 * anything; array elements count as their array.
 *
 * @param others what happens to a call with other fields
 */
record FieldsCheck(Node root, String rootName, Effect others) {

  static FieldsCheck of(String rootName, List<String> allowed, Effect others) {
    Node root = new Node();
    for (String path : allowed) {
      Node node = root;
      if (!rootName.isEmpty()) {
        node = node.child(rootName);
      }
      for (String name : path.replace("[]", "").split("\\.", -1)) {
        if (name.equals("*") || name.equals("**")) {
          break; // metadata.* is metadata with all below
        }
        node = node.child(name);
      }
      node.allowed = true;
    }
    return new FieldsCheck(root, rootName, others);
  }

  /** True when the body has listed fields only. */
  Truth json(byte[] body) {
    if (!FieldValues.isPlainUtf8(body)) {
      return Truth.UNKNOWN;
    }
    try (JsonParser parser = FieldValues.JSON.createParser(body)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return Truth.UNKNOWN;
      }
      boolean listed = object(parser);
      // read on: what is malformed further down may be read in another way by the server
      return parser.nextToken() == null ? Truth.of(listed) : Truth.UNKNOWN;
    } catch (IOException | RuntimeException e) {
      return Truth.UNKNOWN;
    }
  }

  private boolean object(JsonParser parser) throws IOException {
    List<Node> open = new ArrayList<>();
    open.add(root);
    boolean listed = true;
    while (!open.isEmpty()) {
      Node node = open.get(open.size() - 1);
      JsonToken token = parser.nextToken();
      if (token == null) {
        throw new IOException("ends early");
      }
      if (token == JsonToken.END_OBJECT || token == JsonToken.END_ARRAY) {
        open.remove(open.size() - 1);
        continue;
      }
      Node here = node; // an element stands for its array
      if (token == JsonToken.FIELD_NAME) {
        here = node.children.get(parser.currentName());
        token = parser.nextToken();
      }
      boolean container = token == JsonToken.START_OBJECT || token == JsonToken.START_ARRAY;
      if (here == null || here.allowed || !container) {
        listed &= here != null && here.allowed;
        parser.skipChildren();
      } else {
        open.add(here);
      }
    }
    return listed;
  }

  Truth form(FormReader pairs) {
    Truth listed = Truth.TRUE;
    while (pairs.next()) {
      listed = listed.and(key(pairs.key(), false));
    }
    return listed;
  }

  /** Servers merge the query into the body: its keys must be listed, too, where they are alike. */
  Truth query(FormReader pairs) {
    Truth listed = Truth.TRUE;
    while (pairs.next()) {
      listed = listed.and(key(pairs.key(), true));
    }
    return listed;
  }

  private Truth key(@Nullable String key, boolean query) {
    String path = key == null ? null : FieldValues.dotted(key);
    if (path == null) {
      return Truth.UNKNOWN;
    }
    Node node = root;
    String[] names = path.replace("[]", "").split("\\.", -1);
    if (query && !rootName.isEmpty() && !names[0].equals(rootName)) {
      return Truth.TRUE; // an option of the call, not a field below the root
    }
    for (String name : names) {
      Node next = node.children.get(name);
      if (next == null) {
        return Truth.FALSE;
      }
      if (next.allowed) {
        return Truth.TRUE;
      }
      node = next;
    }
    return Truth.FALSE;
  }

  /** A name in the tree of allowed paths. */
  static final class Node {
    private final Map<String, Node> children = new HashMap<>();
    private boolean allowed;

    private Node child(String name) {
      return children.computeIfAbsent(name, unused -> new Node());
    }
  }
}
