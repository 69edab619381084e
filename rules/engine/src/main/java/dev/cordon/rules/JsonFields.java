package dev.cordon.rules;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the fields of a JSON text in one walk. */
final class JsonFields extends FieldWalk {
  private final JsonParser parser;
  private final Protocol protocol;

  /** What the arguments of a GraphQL operation pass variables for. */
  private @Nullable Map<String, List<FieldTable.Node>> variables;

  private int variablesAt = -1; // the depth inside of the variables

  private JsonFields(FieldValues out, JsonParser parser, Protocol protocol) {
    super(out);
    this.parser = parser;
    this.protocol = protocol;
  }

  /** A body; what is malformed, or nested too deep, makes all fields unknown. */
  static void read(FieldValues out, byte[] body) {
    read(out, body, Protocol.HTTP, false, null);
  }

  /**
   * @param inArray the body is an array with one element, which stands for the body
   * @param variables by name, those that arguments of a GraphQL operation pass on; taken out as
   *     they are met
   */
  static void read(
      FieldValues out,
      byte[] body,
      Protocol protocol,
      boolean inArray,
      @Nullable Map<String, List<FieldTable.Node>> variables) {
    if (!FieldValues.isPlainUtf8(body)) {
      out.setUnknown();
      return;
    }
    try (JsonParser parser = FieldValues.JSON.createParser(body)) {
      JsonFields walk = new JsonFields(out, parser, protocol);
      walk.variables = variables;
      walk.start();
      walk.frame(0).namedLevels = protocol == Protocol.HTTP ? out.namedLevels : 0;
      if (inArray && parser.nextToken() != JsonToken.START_ARRAY) {
        throw new IOException("no array");
      }
      walk.run();
      if (inArray && parser.nextToken() != JsonToken.END_ARRAY) {
        throw new IOException("more than one element");
      }
      GraphQlRequest.end(parser);
    } catch (IOException | RuntimeException e) {
      out.setUnknown(); // malformed, too deep, too long a number: it is not clear
    }
  }

  /** A text that stands for the variables of a GraphQL request. */
  static void readVariables(
      FieldValues out, String text, Map<String, List<FieldTable.Node>> variables) {
    if (text.isEmpty()) {
      return;
    }
    try (JsonParser parser = FieldValues.JSON.createParser(text)) {
      JsonFields walk = new JsonFields(out, parser, Protocol.GRAPHQL);
      walk.variables = variables;
      walk.start();
      walk.open(walk.frame(0), false);
      walk.enterField("variables");
      walk.run();
      GraphQlRequest.end(parser);
    } catch (IOException | RuntimeException e) {
      out.setUnknown();
    }
  }

  private void run() throws IOException {
    int from = depth;
    JsonToken token = parser.nextToken();
    if (token == null) {
      throw new IOException("empty");
    }
    value(token);
    while (depth > from) {
      Frame open = frame(depth - 1);
      token = parser.nextToken();
      if (token == null) {
        throw new IOException("ends early");
      }
      if (token == JsonToken.END_OBJECT || token == JsonToken.END_ARRAY) {
        close();
        if (depth < variablesAt) {
          variablesAt = -1;
        }
      } else if (token == JsonToken.FIELD_NAME) {
        enterField(parser.currentName());
        value(parser.nextToken());
      } else {
        open.elements++;
        Frame next = enterElement(open);
        next.namedLevels = open.namedLevels;
        value(token);
      }
    }
  }

  private void enterField(String name) throws IOException {
    Frame open = frame(depth - 1);
    Frame next = enterField(open, name);
    if (variablesAt == depth && variables != null) {
      List<FieldTable.Node> bound = variables.remove(name);
      if (bound != null) {
        next.addAll(bound);
      }
    }
    if (next.size > 0 && !open.see(name)) {
      throw new IOException("a key twice");
    }
    if (open.namedLevels > 0 && !isFrameOfCall(name)) {
      out.noteName(name);
    }
    next.namedLevels = Math.max(0, open.namedLevels - 1);
    if (depth == 1) {
      if (protocol == Protocol.GRAPHQL && name.equals("variables")) {
        next.namedLevels = 2;
        variablesAt = 2;
      } else if (protocol == Protocol.JSON_RPC && name.equals("params")) {
        next.namedLevels = 2;
      }
    }
  }

  private boolean isFrameOfCall(String name) {
    return protocol == Protocol.JSON_RPC
        && depth == 2
        && (name.equals("name") || name.equals("arguments") || name.equals("_meta"));
  }

  /** Takes the value at the parser for the nodes in {@code frame(depth)}. */
  private void value(@Nullable JsonToken token) throws IOException {
    if (token == null) {
      throw new IOException("ends early");
    }
    Frame here = frame(depth);
    if (depth == variablesAt - 1 && token != JsonToken.START_OBJECT) {
      variablesAt = -1;
      if (token != JsonToken.VALUE_NULL) {
        throw new IOException("variables that are no object");
      }
    }
    switch (token) {
      case VALUE_STRING -> {
        if (here.size > 0) {
          scalar(here, FieldValues.STRING, 0, parser.getText());
        }
      }
      case VALUE_NUMBER_INT -> {
        if (here.size == 0) {
          return;
        }
        if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
          scalar(here, FieldValues.DECIMAL, 0, parser.getDecimalValue());
        } else {
          scalar(here, FieldValues.NUMBER, parser.getLongValue(), null);
        }
      }
      case VALUE_NUMBER_FLOAT -> {
        if (here.size > 0) {
          scalar(here, FieldValues.DECIMAL, 0, parser.getDecimalValue());
        }
      }
      case VALUE_TRUE -> scalar(here, FieldValues.TRUE, 0, null);
      case VALUE_FALSE -> scalar(here, FieldValues.FALSE, 0, null);
      case VALUE_NULL -> scalar(here, FieldValues.NULL, 0, null);
      case START_OBJECT, START_ARRAY -> {
        if (here.size == 0 && here.namedLevels == 0 && depth != variablesAt - 1 && depth > 0) {
          parser.skipChildren();
        } else {
          open(here, token == JsonToken.START_ARRAY);
        }
      }
      case NOT_AVAILABLE, END_OBJECT, END_ARRAY, FIELD_NAME, VALUE_EMBEDDED_OBJECT ->
          throw new IOException("no value");
    }
  }
}
