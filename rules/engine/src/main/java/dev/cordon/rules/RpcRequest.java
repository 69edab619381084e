package dev.cordon.rules;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** JSON-RPC 2.0 over HTTP, and what MCP makes of it. */
final class RpcRequest {
  private static final int VERSION = 0;
  private static final int METHOD = 1;
  private static final int PARAMS = 2;
  private static final int ID = 3;
  private static final int RESULT = 4;
  private static final int ERROR = 5;

  private static final String TOOL_CALL = "tools/call"; // of nothing without a name

  private static final int MAX_ID_CHARS = 128;

  private static final String[] KEYS = {"jsonrpc", "method", "params", "id", "result", "error"};

  /** The method of an answer to a request that the server made: it asks for nothing. */
  private static final String RESPONSE = "response";

  private RpcRequest() {}

  /** True when the URL may ask for a method, as some servers let it. */
  static boolean isInQuery(CallFacts facts, Target target) {
    FormReader pairs = FormReader.query(facts.url(), target);
    while (pairs.next()) {
      String key = pairs.key();
      if (key == null || Fold.same("method", Fold.loosely(key))) {
        return true;
      }
    }
    return false;
  }

  static void read(CallFacts facts, Target target, BodyFormat format, Operations out) {
    try {
      if (format != BodyFormat.JSON
          || isInQuery(facts, target)
          || !FieldValues.isPlainUtf8(facts.body())) {
        throw new JsonKeys.Unclear("no JSON-RPC body");
      }
      try (JsonParser parser = FieldValues.JSON.createParser(facts.body())) {
        JsonToken token = parser.nextToken();
        if (token == JsonToken.START_ARRAY) {
          out.inArray = true;
          int requests = 0;
          while ((token = parser.nextToken()) != JsonToken.END_ARRAY) {
            if (++requests > Operations.MAX_OPERATIONS) {
              throw new JsonKeys.Unclear("too many");
            }
            out.add(request(parser, token, out));
          }
          out.requests = requests;
          out.requestId = "null";
        } else {
          out.add(request(parser, token, out));
        }
        GraphQlRequest.end(parser);
      }
      checkHeaders(facts.headers(), out);
    } catch (IOException | RuntimeException e) {
      out.setUnclear();
    }
  }

  private static Operation request(JsonParser parser, @Nullable JsonToken start, Operations out)
      throws IOException {
    if (start != JsonToken.START_OBJECT) {
      throw new JsonKeys.Unclear("no object");
    }
    JsonKeys keys = new JsonKeys(KEYS);
    String method = "";
    String name = "";
    String version = "";
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      switch (keys.of(parser.currentName())) {
        case VERSION -> version = JsonKeys.string(parser);
        case METHOD -> method = JsonKeys.string(parser);
        case PARAMS -> name = name(parser);
        case ID -> out.requestId = id(parser);
        default -> JsonKeys.skip(parser);
      }
    }
    if (parser.currentToken() != JsonToken.END_OBJECT || !version.equals("2.0")) {
      throw new JsonKeys.Unclear("not JSON-RPC 2.0");
    }
    if (keys.has(METHOD)) {
      if (method.isEmpty() || keys.has(RESULT) || keys.has(ERROR)) {
        throw new JsonKeys.Unclear("a request and an answer");
      }
      if (isOdd(method) || isOdd(name) || (name.isEmpty() && Fold.same(TOOL_CALL, method))) {
        throw new JsonKeys.Unclear("a name that servers read in different ways");
      }
      return Operation.rpc(method, name);
    }
    if (!keys.has(ID) || keys.has(PARAMS) || keys.has(RESULT) == keys.has(ERROR)) {
      throw new JsonKeys.Unclear("neither a request nor an answer");
    }
    return Operation.rpc(RESPONSE, "");
  }

  /**
   * True for a name with blanks at its ends, with characters that nobody sees, or with letters that
   * may be taken for ASCII ones: a server that looks it up loosely finds another one.
   */
  private static boolean isOdd(String name) {
    if (!name.equals(name.strip())) {
      return true;
    }
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c < ' ' || c >= 0x7f) {
        return !Fold.lower(name.replace(" ", "")).equals(Fold.loosely(name));
      }
    }
    return false;
  }

  /** The id as JSON; null for what no client sends. */
  private static String id(JsonParser parser) throws IOException {
    JsonToken token = parser.nextToken();
    if (token == null) {
      throw new JsonKeys.Unclear("ends early");
    }
    parser.skipChildren();
    if (token == JsonToken.VALUE_NUMBER_INT && parser.getTextLength() <= MAX_ID_CHARS) {
      return parser.getText();
    }
    if (token != JsonToken.VALUE_STRING || parser.getTextLength() > MAX_ID_CHARS) {
      return "null";
    }
    String id = parser.getText();
    for (int i = 0; i < id.length(); i++) {
      char c = id.charAt(i);
      if (c < ' ' || c > '~' || c == '"' || c == '\\') {
        return "null";
      }
    }
    return '"' + id + '"';
  }

  /** The {@code name} in the parameters: of the tool or prompt; empty without one. */
  private static String name(JsonParser parser) throws IOException {
    JsonToken token = parser.nextToken();
    if (token != JsonToken.START_OBJECT) {
      if (token == null) {
        throw new JsonKeys.Unclear("ends early");
      }
      parser.skipChildren(); // by position: there is no name
      return "";
    }
    String name = "";
    JsonKeys keys = new JsonKeys("name", "arguments");
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      if (keys.of(parser.currentName()) == 0) {
        token = parser.nextToken();
        if (token == JsonToken.VALUE_STRING) {
          name = parser.getText();
        } else if (token == null) {
          throw new JsonKeys.Unclear("ends early");
        } else {
          parser.skipChildren(); // a method of its own kind with a name that is no text
        }
      } else {
        JsonKeys.skip(parser);
      }
    }
    return name;
  }

  /** MCP lets gateways look at headers only: a server may believe them, too. */
  private static void checkHeaders(List<String> headers, Operations out) {
    for (int i = 0; i + 1 < headers.size(); i += 2) {
      boolean method = Fold.same("mcp-method", headers.get(i));
      if (!method && !Fold.same("mcp-name", headers.get(i))) {
        continue;
      }
      String value = headers.get(i + 1).strip();
      for (int j = 0; j < out.size(); j++) {
        Operation operation = out.get(j);
        int start = method ? operation.starts[0] : operation.starts[1];
        int end = method ? operation.ends[0] : operation.ends[1];
        boolean same = value.length() == end - start && operation.path.startsWith(value, start);
        if (!same && (method || end > start)) {
          out.setUnclear();
        }
      }
    }
  }
}
