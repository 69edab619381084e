package dev.cordon.rules;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One request of GraphQL over HTTP: in the query of a GET, in a JSON, form or {@code
 * application/graphql} body, or in the part {@code operations} of an upload.
 */
final class GraphQlRequest {
  private static final int QUERY = 0;
  private static final int OPERATION_NAME = 1;
  private static final int VARIABLES = 2;
  private static final int EXTENSIONS = 3;
  private static final int MAX_MAPPED = 32; // values of files, and names in the path of one

  /** The last ones are what servers call the id of a text that they know. */
  private static final String[] KEYS = {
    "query",
    "operationName",
    "variables",
    "extensions",
    "id",
    "documentId",
    "document_id",
    "docId",
    "doc_id",
    "queryId",
    "query_id",
    "operationId",
    "hash",
    "sha256Hash"
  };

  private @Nullable String query;
  private @Nullable String operationName;
  private @Nullable String hash;
  private @Nullable String id;

  /** The variables as JSON when they stand outside of a JSON body; null: in the body. */
  @Nullable String variables;

  GraphQlDocument.@Nullable Definition operation;
  List<GraphQlDocument.Field> fields = List.of();

  private GraphQlRequest() {}

  /** The text that runs; empty for a persisted one. */
  String query() {
    return query == null ? "" : query;
  }

  static void read(CallFacts facts, Target target, BodyFormat format, Operations out) {
    try {
      JsonKeys inUrl = new JsonKeys(KEYS);
      GraphQlRequest url = new GraphQlRequest();
      url.readPairs(FormReader.query(facts.url(), target), inUrl, true);
      boolean asksInUrl = url.query != null || url.hash != null || url.id != null;
      if (format == BodyFormat.NONE) {
        url.addTo(out);
        return;
      }
      if (asksInUrl || url.operationName != null || inUrl.has(VARIABLES)) {
        out.setUnclear(); // some servers take the URL, some the body
        return;
      }
      GraphQlRequest body = new GraphQlRequest();
      switch (format) {
        case JSON -> readJson(facts.body(), out);
        case FORM -> {
          body.readPairs(FormReader.body(facts.body()), new JsonKeys(KEYS), false);
          body.addTo(out);
        }
        case GRAPHQL -> {
          body.query = text(facts.body());
          body.variables = "";
          body.addTo(out);
        }
        case MULTIPART -> readUpload(MultipartReader.of(facts), out);
        case NONE, XML, OTHER -> out.setUnclear();
      }
    } catch (IOException | RuntimeException e) {
      out.setUnclear();
    }
  }

  private static String text(byte[] body) throws JsonKeys.Unclear {
    if (!FieldValues.isPlainUtf8(body)) {
      throw new JsonKeys.Unclear("no text");
    }
    return new String(body, StandardCharsets.UTF_8);
  }

  private void readPairs(FormReader pairs, JsonKeys keys, boolean inUrl) throws IOException {
    while (pairs.next()) {
      String key = pairs.key();
      if (key == null) {
        throw new JsonKeys.Unclear("a broken key");
      }
      int known = keys.of(key);
      if (known < 0) {
        if (key.indexOf('[') >= 0 && keys.of(key.substring(0, key.indexOf('['))) >= 0) {
          throw new JsonKeys.Unclear("brackets");
        }
        continue;
      }
      String value = pairs.value();
      if (value == null) {
        throw new JsonKeys.Unclear("a broken value");
      }
      switch (known) {
        case QUERY -> query = value;
        case OPERATION_NAME -> operationName = value;
        case VARIABLES -> variables = value;
        case EXTENSIONS -> {
          if (!value.isEmpty()) {
            try (JsonParser parser = FieldValues.JSON.createParser(value)) {
              parser.nextToken();
              readExtensions(parser);
              end(parser);
            }
          }
        }
        default -> id = value;
      }
    }
    if (variables == null) {
      variables = "";
    }
    if (inUrl && query == null && hash == null && id == null) {
      operationName = null;
    }
  }

  /**
   * An upload: the request is in the part {@code operations}, files are in others, and {@code map}
   * says of which values in the request they take the place.
   */
  private static void readUpload(MultipartReader parts, Operations out) throws IOException {
    byte[] operations = null;
    byte[] map = null;
    JsonKeys keys = new JsonKeys(KEYS);
    JsonKeys own = new JsonKeys("operations", "map");
    while (parts.next()) {
      int part = own.of(parts.name());
      if (keys.of(parts.name()) >= 0 || (part >= 0 && parts.isFile())) {
        throw new JsonKeys.Unclear("a request besides the operations");
      }
      if (part == 0) {
        operations = parts.bytes();
      } else if (part > 0) {
        map = parts.bytes();
      }
    }
    if (operations == null) {
      throw new JsonKeys.Unclear("no operations");
    }
    if (map != null) {
      checkMap(map, operations);
    }
    readJson(operations, out);
  }

  /** A rule reads what stands in the request: nothing but null may have another value in truth. */
  private static void checkMap(byte[] map, byte[] operations) throws IOException {
    if (!FieldValues.isPlainUtf8(map)) {
      throw new JsonKeys.Unclear("no text");
    }
    Mapped root = new Mapped();
    int values = 0;
    try (JsonParser parser = FieldValues.JSON.createParser(map)) {
      require(parser.nextToken() == JsonToken.START_OBJECT);
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        require(parser.nextToken() == JsonToken.START_ARRAY);
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          require(parser.currentToken() == JsonToken.VALUE_STRING && ++values <= MAX_MAPPED);
          root.add(parser.getText().split("\\.", -1));
        }
      }
      require(parser.currentToken() == JsonToken.END_OBJECT);
      end(parser);
    }
    if (values > 0) {
      try (JsonParser request = FieldValues.JSON.createParser(operations)) {
        request.nextToken();
        root.check(request);
      }
    }
  }

  /** The paths of a map as a tree, so that the request is read once for all of them. */
  private static final class Mapped {
    private final Map<String, Mapped> below = new HashMap<>();
    private boolean ends;

    void add(String[] path) throws JsonKeys.Unclear {
      require(path.length <= MAX_MAPPED);
      Mapped node = this;
      for (String name : path) {
        node = node.below.computeIfAbsent(name, any -> new Mapped());
      }
      node.ends = true;
    }

    /** There is something at each path, and it is null wherever it stands. */
    void check(JsonParser at) throws IOException {
      JsonToken token = at.currentToken();
      if (ends) {
        require(token == JsonToken.VALUE_NULL && below.isEmpty());
        return;
      }
      boolean inObject = token == JsonToken.START_OBJECT;
      require(inObject || token == JsonToken.START_ARRAY);
      Set<String> missing = new HashSet<>(below.keySet());
      for (int i = 0; ; i++) {
        token = at.nextToken();
        if (token == null || token.isStructEnd()) {
          break;
        }
        String name = inObject ? at.currentName() : Integer.toString(i);
        if (inObject) {
          at.nextToken();
        }
        Mapped next = below.get(name);
        if (next == null) {
          at.skipChildren();
        } else {
          missing.remove(name);
          next.check(at);
        }
      }
      require(missing.isEmpty());
    }
  }

  private static void require(boolean holds) throws JsonKeys.Unclear {
    if (!holds) {
      throw new JsonKeys.Unclear("a map of other things than nulls");
    }
  }

  private static void readJson(byte[] body, Operations out) throws IOException {
    out.json = body;
    if (!FieldValues.isPlainUtf8(body)) {
      throw new JsonKeys.Unclear("no text");
    }
    try (JsonParser parser = FieldValues.JSON.createParser(body)) {
      JsonToken token = parser.nextToken();
      if (token == JsonToken.START_ARRAY) {
        readBatch(parser, out);
      } else {
        GraphQlRequest request = new GraphQlRequest();
        request.readObject(parser, token);
        request.addTo(out);
      }
      end(parser);
    }
  }

  private static void readBatch(JsonParser parser, Operations out) throws IOException {
    int requests = 0;
    out.inArray = true;
    JsonToken token;
    while ((token = parser.nextToken()) != JsonToken.END_ARRAY) {
      GraphQlRequest request = new GraphQlRequest();
      request.readObject(parser, token);
      if (++requests > Operations.MAX_OPERATIONS) {
        throw new JsonKeys.Unclear("too many");
      }
      request.addTo(out);
    }
    out.requests = requests;
    if (requests > 1) {
      out.graphQl = null;
      for (int i = 0; i < out.size(); i++) {
        if (out.get(i).writes && !out.get(i).persisted) {
          out.setUnclear();
        }
      }
    }
  }

  private void readObject(JsonParser parser, @Nullable JsonToken start) throws IOException {
    if (start != JsonToken.START_OBJECT) {
      throw new JsonKeys.Unclear("no object");
    }
    JsonKeys keys = new JsonKeys(KEYS);
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      int key = keys.of(parser.currentName());
      switch (key) {
        case QUERY -> query = JsonKeys.stringOrNull(parser);
        case OPERATION_NAME -> operationName = JsonKeys.stringOrNull(parser);
        case EXTENSIONS -> {
          parser.nextToken();
          readExtensions(parser);
        }
        case -1, VARIABLES -> JsonKeys.skip(parser);
        default -> id = JsonKeys.stringOrNull(parser);
      }
    }
    if (parser.currentToken() != JsonToken.END_OBJECT) {
      throw new JsonKeys.Unclear("ends early");
    }
  }

  private void readExtensions(JsonParser parser) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_NULL) {
      return;
    }
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw new JsonKeys.Unclear("no object");
    }
    JsonKeys keys = new JsonKeys("persistedQuery");
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      if (keys.of(parser.currentName()) < 0) {
        JsonKeys.skip(parser);
        continue;
      }
      JsonToken token = parser.nextToken();
      if (token == JsonToken.VALUE_NULL) {
        continue;
      }
      if (token != JsonToken.START_OBJECT) {
        throw new JsonKeys.Unclear("no object");
      }
      JsonKeys inner = new JsonKeys("sha256Hash");
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        if (inner.of(parser.currentName()) < 0) {
          JsonKeys.skip(parser);
        } else {
          hash = JsonKeys.string(parser);
        }
      }
    }
  }

  static void end(JsonParser parser) throws IOException {
    if (parser.nextToken() != null) {
      throw new JsonKeys.Unclear("goes on after its end");
    }
  }

  /** What runs: the text, or what is stored under the hash or the id. */
  private void addTo(Operations out) throws IOException {
    boolean hasText = query != null && !query.isEmpty();
    if (id != null && (hasText || hash != null)) {
      throw new JsonKeys.Unclear("a text and an id");
    }
    if (!hasText) {
      if (hash == null && id == null) {
        throw new JsonKeys.Unclear("nothing to run");
      }
      out.add(Operation.persisted(hash != null ? "sha256:" + Fold.lower(hash) : "id:" + id));
      return;
    }
    String text = query();
    if (hash != null && !Fold.same(sha256(text), hash)) {
      throw new JsonKeys.Unclear("another hash");
    }
    GraphQlDocument document = GraphQlDocument.parse(text);
    operation = document == null ? null : document.operation(operationName);
    List<GraphQlDocument.Field> top =
        document == null || operation == null ? null : document.fields(operation);
    if (top == null || operation == null) {
      throw new JsonKeys.Unclear("no document");
    }
    fields = top;
    for (int i = 0; i < top.size(); i++) {
      out.add(Operation.graphQl(operation.kind, top.get(i).name()));
    }
    out.graphQl = this;
  }

  private static String sha256(String text) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha256.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JVM has no SHA-256", e);
    }
  }
}
