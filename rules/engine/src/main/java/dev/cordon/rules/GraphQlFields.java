package dev.cordon.rules;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads what a GraphQL operation passes to its top fields: at {@code arguments.FIELD.NAME}, whether
 * it stands in the text or in a variable; and the variables as they are sent, at {@code
 * variables.NAME}. Those are certain only while every argument of a top field is a variable of the
 * same name: another spelling of the call would go round a rule that asks for one of them.
 */
final class GraphQlFields extends FieldWalk {
  private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);

  private final GraphQlRequest request;
  private final Map<String, List<FieldTable.Node>> bound = new HashMap<>();
  private boolean straight = true;

  private GraphQlFields(FieldValues out, GraphQlRequest request) {
    super(out);
    this.request = request;
  }

  /**
   * @param json the body, or the part of it that has the request; not looked at when the variables
   *     stand elsewhere
   * @param inArray the request is the only one of a batch
   */
  static void read(FieldValues out, GraphQlRequest request, byte[] json, boolean inArray) {
    GraphQlFields fields = new GraphQlFields(out, request);
    fields.arguments();
    String variables = request.variables;
    if (variables != null) {
      JsonFields.readVariables(out, variables, fields.bound);
    } else {
      JsonFields.read(out, json, Protocol.GRAPHQL, inArray, fields.bound);
    }
    fields.defaults();
    if (!fields.straight) {
      FieldTable.Node raw = out.table().root().children.get("variables");
      if (raw != null) {
        out.flag(raw.here, FieldValues.OTHER_SOURCE);
      }
    }
  }

  /** True when all that the operation is passed stands in variables of the same names. */
  static boolean isStraight(GraphQlRequest request) {
    GraphQlDocument.Definition operation = request.operation;
    if (operation == null || !operation.defaults.isEmpty()) {
      return false;
    }
    for (GraphQlDocument.Field field : request.fields) {
      if (field.arguments() < 0) {
        continue;
      }
      GraphQlTokens tokens = new GraphQlTokens(request.query()).from(field.arguments());
      tokens.next();
      while (!tokens.is(')')) {
        String name = tokens.text();
        tokens.next();
        tokens.take(':');
        if (!tokens.take('$') || !tokens.takeName(name)) {
          return false;
        }
      }
    }
    return true;
  }

  /** Variables with a default that were not sent: their values are those of the text. */
  private void defaults() {
    GraphQlDocument.Definition operation = request.operation;
    if (operation == null) {
      return;
    }
    for (String name : operation.defaults) {
      List<FieldTable.Node> nodes = bound.get(name);
      if (nodes != null) {
        straight = false;
        for (FieldTable.Node node : nodes) {
          out.flag(node.here, FieldValues.OTHER_SOURCE);
        }
      }
    }
  }

  private void arguments() {
    for (GraphQlDocument.Field field : request.fields) {
      if (field.arguments() < 0) {
        continue;
      }
      start();
      open(frame(0), false);
      enterField(frame(0), "arguments");
      open(frame(1), false);
      enterField(frame(1), field.name());
      list(new GraphQlTokens(request.query()).from(field.arguments()));
      depth = 0;
    }
  }

  /** {@code (a: 1, b: $x)}, which the parser has found to be in order. */
  private void list(GraphQlTokens tokens) {
    open(frame(2), false);
    frame(2).namedLevels = 2;
    int arguments = depth;
    tokens.next();
    while (!tokens.is(')')) {
      String name = enterNamed(tokens);
      if (tokens.is('$')) {
        tokens.next();
        straight &= tokens.text().equals(name);
        bind(tokens);
        continue;
      }
      straight = false;
      value(tokens);
      while (depth > arguments) {
        Frame open = frame(depth - 1);
        if (tokens.take(open.isArray ? ']' : '}')) {
          close();
          continue;
        }
        if (open.isArray) {
          open.elements++;
          enterElement(open).namedLevels = open.namedLevels;
        } else {
          enterNamed(tokens);
        }
        if (tokens.is('$')) {
          tokens.next();
          bind(tokens);
        } else {
          value(tokens);
        }
      }
    }
    close();
  }

  private String enterNamed(GraphQlTokens tokens) {
    String name = tokens.text();
    tokens.next();
    tokens.take(':');
    Frame open = frame(depth - 1);
    Frame next = enterField(open, name);
    if (!open.see(name)) {
      out.setUnknown(); // an argument twice
    }
    if (open.namedLevels > 0) {
      out.noteName(name);
    }
    next.namedLevels = Math.max(0, open.namedLevels - 1);
    return name;
  }

  private void bind(GraphQlTokens tokens) {
    bound.computeIfAbsent(tokens.text(), unused -> new ArrayList<>(2)).addAll(frame(depth).copy());
    tokens.next();
  }

  private void value(GraphQlTokens tokens) {
    Frame here = frame(depth);
    switch (tokens.type()) {
      case GraphQlTokens.STRING -> scalar(here, FieldValues.STRING, 0, tokens.stringValue());
      case GraphQlTokens.BLOCK_STRING -> {
        for (int i = 0; i < here.size; i++) {
          out.flag(here.nodes[i].here, FieldValues.OTHER_SOURCE); // servers cut its blanks
        }
      }
      case GraphQlTokens.INT, GraphQlTokens.FLOAT -> {
        BigDecimal number = new BigDecimal(tokens.text());
        boolean isLong = tokens.type() == GraphQlTokens.INT && number.abs().compareTo(MOST) <= 0;
        if (isLong) {
          scalar(here, FieldValues.NUMBER, number.longValueExact(), null);
        } else {
          scalar(here, FieldValues.DECIMAL, 0, number);
        }
      }
      case GraphQlTokens.NAME -> {
        switch (tokens.text()) {
          case "true" -> scalar(here, FieldValues.TRUE, 0, null);
          case "false" -> scalar(here, FieldValues.FALSE, 0, null);
          case "null" -> scalar(here, FieldValues.NULL, 0, null);
          default -> scalar(here, FieldValues.STRING, 0, tokens.text());
        }
      }
      default -> {
        open(here, tokens.is('['));
      }
    }
    tokens.next();
  }
}
