package dev.cordon.rules;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A rule's {@code fields}: the only fields that a body may have. A field that is listed may hold
 * anything; array elements count as their array.
 *
 * @param allowed paths as the rule lists them
 * @param others what happens to a call with other fields
 */
record FieldsCheck(Node root, String rootName, List<String> allowed, Effect others) {

  static FieldsCheck of(String rootName, List<String> allowed, Effect others) {
    Node root = new Node();
    for (String path : allowed) {
      Node node = root;
      if (!rootName.isEmpty()) {
        for (String name : rootName.split("\\.", -1)) {
          node = node.child(name);
        }
      }
      for (String name : path.replace("[]", "").split("\\.", -1)) {
        if (name.equals("*") || name.equals("**")) {
          break; // metadata.* is metadata with all below
        }
        node = node.child(name);
      }
      node.allowed = true;
    }
    return new FieldsCheck(root, rootName, List.copyOf(allowed), others);
  }

  /** The paths that are listed, for comparing. */
  String text() {
    StringBuilder out = new StringBuilder(rootName).append(' ').append(others);
    write(root, "", out);
    return out.toString();
  }

  private static void write(Node node, String path, StringBuilder out) {
    if (node.allowed) {
      out.append(' ').append(path);
    }
    for (Map.Entry<String, Node> child : new TreeMap<>(node.children).entrySet()) {
      write(child.getValue(), path + "/" + child.getKey(), out);
    }
  }

  /** The listed paths with the root before them, in order. */
  List<String> paths() {
    List<String> paths = new ArrayList<>();
    addPaths(root, "", paths);
    paths.sort(null);
    return paths;
  }

  private static void addPaths(Node node, String prefix, List<String> paths) {
    if (node.allowed) {
      paths.add(prefix);
      return; // what is below is listed with it
    }
    node.children.forEach(
        (name, child) -> addPaths(child, prefix.isEmpty() ? name : prefix + "." + name, paths));
  }

  /** True when the body has listed fields only. */
  Truth json(byte[] body) {
    return json(body, Protocol.HTTP, false);
  }

  /**
   * @param protocol what its requests have besides their fields is passed over: the query, the
   *     method, the name of the tool
   */
  Truth json(byte[] body, Protocol protocol, boolean inArray) {
    if (!FieldValues.isPlainUtf8(body)) {
      return Truth.UNKNOWN;
    }
    try (JsonParser parser = FieldValues.JSON.createParser(body)) {
      if (inArray && parser.nextToken() != JsonToken.START_ARRAY) {
        return Truth.UNKNOWN;
      }
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return Truth.UNKNOWN;
      }
      boolean listed = object(parser, protocol);
      if (inArray && parser.nextToken() != JsonToken.END_ARRAY) {
        return Truth.UNKNOWN;
      }
      // read on: what is malformed further down may be read in another way by the server
      return parser.nextToken() == null ? Truth.of(listed) : Truth.UNKNOWN;
    } catch (IOException | RuntimeException e) {
      return Truth.UNKNOWN;
    }
  }

  private boolean object(JsonParser parser, Protocol protocol) throws IOException {
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
      boolean frame = false;
      if (token == JsonToken.FIELD_NAME) {
        here = node.children.get(parser.currentName());
        frame = here == null && isFrame(protocol, open.size(), parser.currentName());
        token = parser.nextToken();
      }
      boolean container = token == JsonToken.START_OBJECT || token == JsonToken.START_ARRAY;
      if (here == null || here.allowed || !container) {
        listed &= frame || (here != null && here.allowed);
        parser.skipChildren();
      } else {
        open.add(here);
      }
    }
    return listed;
  }

  private static boolean isFrame(Protocol protocol, int depth, String name) {
    return switch (protocol) {
      case HTTP, SOAP -> false;
      case GRAPHQL ->
          depth == 1
              && (name.equals("query")
                  || name.equals("operationName")
                  || name.equals("extensions"));
      case JSON_RPC ->
          depth == 1
              ? name.equals("jsonrpc") || name.equals("id") || name.equals("method")
              : depth == 2 && (name.equals("name") || name.equals("_meta"));
    };
  }

  Truth multipart(CallFacts facts) {
    try {
      MultipartReader parts = MultipartReader.of(facts);
      Truth listed = Truth.TRUE;
      while (parts.next()) {
        listed = listed.and(key(parts.name(), false));
      }
      return listed;
    } catch (JsonKeys.Unclear e) {
      return Truth.UNKNOWN;
    }
  }

  /** Elements and attributes; an element with neither listed ones nor text says nothing. */
  Truth xml(byte[] body) {
    try {
      XmlReader xml = XmlReader.of(body);
      List<Node> open = new ArrayList<>();
      open.add(root);
      int unlistedAt = Integer.MAX_VALUE; // inside of a listed element everything is listed
      boolean listed = true;
      for (int event = xml.next(); event != XmlReader.DONE; event = xml.next()) {
        if (event == XmlReader.END) {
          if (xml.depth() < unlistedAt) {
            unlistedAt = Integer.MAX_VALUE;
          }
          if (open.size() > xml.depth() + 1) {
            open.remove(open.size() - 1);
          }
          continue;
        }
        if (xml.depth() > unlistedAt) {
          continue;
        }
        Node node = open.get(open.size() - 1);
        if (event == XmlReader.TEXT) {
          listed &= xml.text().isBlank() || node.allowed;
          continue;
        }
        Node here = node.children.get(xml.name());
        if (here == null) {
          here = new Node();
          // who calls, not what is written
          here.allowed =
              xml.depth() == 2 && xml.name().equals("Header") && rootName.startsWith("Envelope.");
          listed &= here.allowed;
        }
        open.add(here);
        if (here.allowed) {
          unlistedAt = xml.depth();
          continue;
        }
        listed &= here.children.isEmpty() ? here.allowed : true;
        for (int i = 0; i < xml.attributes(); i++) {
          Node attribute = here.children.get("@" + xml.attributeName(i));
          listed &= xml.isDeclaration(i) || (attribute != null && attribute.allowed);
        }
      }
      return Truth.of(listed);
    } catch (JsonKeys.Unclear | RuntimeException e) {
      return Truth.UNKNOWN;
    }
  }

  /** What stands behind a semicolon is a field of its own to some servers. */
  Truth form(FormReader pairs) {
    Truth listed = Truth.TRUE;
    pairs.andSemicolons();
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

  /** Likewise where servers cut a query at semicolons; a piece that is no key then is none. */
  Truth queryCut(FormReader pairs) {
    Truth listed = Truth.TRUE;
    pairs.andSemicolons();
    while (pairs.next()) {
      String key = pairs.key();
      if (key != null && FieldValues.dotted(key) != null) {
        listed = listed.and(key(key, true));
      }
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
    if (query && !rootName.isEmpty() && !root.children.containsKey(names[0])) {
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
