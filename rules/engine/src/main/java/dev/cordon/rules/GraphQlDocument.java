package dev.cordon.rules;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The executable definitions of a GraphQL document: one pass, no recursion. Stricter than servers
 * are: what two of them might read in different ways is no document at all.
 */
final class GraphQlDocument {
  private static final int MAX_TOP_FIELDS = 1_000; // of one document; longer ones are not read

  /** A field right below an operation; an alias hides nothing of it. */
  record Field(String name, int arguments) {}

  /** An operation or a fragment. */
  static final class Definition {
    /** {@code query}, {@code mutation} or {@code subscription}; empty for a fragment. */
    final String kind;

    final String name;
    final List<Field> fields = new ArrayList<>();
    final List<String> spreads = new ArrayList<>(0);

    /** Variables that have a default; a call that leaves them out passes that. */
    final Set<String> defaults = new HashSet<>(0);

    Definition(String kind, String name) {
      this.kind = kind;
      this.name = name;
    }
  }

  private final List<Definition> operations;
  private final Map<String, Definition> fragments;

  private GraphQlDocument(List<Definition> operations, Map<String, Definition> fragments) {
    this.operations = operations;
    this.fragments = fragments;
  }

  /** Null when the text is not a document, or not one in one reading only. */
  static @Nullable GraphQlDocument parse(String text) {
    return new Parser(new GraphQlTokens(text)).document();
  }

  /** The operation that a server runs; null when that is not certain. */
  @Nullable Definition operation(@Nullable String name) {
    if (name == null || name.isEmpty()) {
      return operations.size() == 1 ? operations.get(0) : null;
    }
    for (Definition operation : operations) {
      if (operation.name.equals(name)) {
        return operation;
      }
    }
    return null;
  }

  /**
   * The top fields of an operation with those of its fragments; null when a fragment is missing.
   */
  @Nullable List<Field> fields(Definition operation) {
    if (operation.spreads.isEmpty()) {
      return operation.fields;
    }
    List<Field> fields = new ArrayList<>(operation.fields);
    List<String> open = new ArrayList<>(operation.spreads);
    Set<String> met = new HashSet<>();
    while (!open.isEmpty()) {
      String name = open.remove(open.size() - 1);
      if (met.add(name)) {
        Definition fragment = fragments.get(name);
        if (fragment == null) {
          return null;
        }
        fields.addAll(fragment.fields);
        open.addAll(fragment.spreads);
      }
    }
    return fields;
  }

  private static final class Parser {
    private final GraphQlTokens tokens;
    private final List<Definition> operations = new ArrayList<>(1);
    private final Map<String, Definition> fragments = new HashMap<>();
    private int topFields;

    Parser(GraphQlTokens tokens) {
      this.tokens = tokens;
    }

    @Nullable GraphQlDocument document() {
      tokens.next();
      while (tokens.type() != GraphQlTokens.END) {
        if (!definition()) {
          return null;
        }
      }
      for (Definition operation : operations) {
        if (operation.name.isEmpty() && operations.size() > 1) {
          return null; // which one runs cannot be said
        }
      }
      return operations.isEmpty() ? null : new GraphQlDocument(operations, fragments);
    }

    private boolean definition() {
      if (tokens.is('{')) {
        Definition query = new Definition("query", "");
        return selections(query) && addOperation(query);
      }
      if (tokens.type() != GraphQlTokens.NAME) {
        return false;
      }
      String keyword = tokens.text();
      tokens.next();
      return switch (keyword) {
        case "query", "mutation", "subscription" -> operation(keyword);
        case "fragment" -> fragment();
        default -> false; // definitions of types are not sent to be run
      };
    }

    private boolean operation(String kind) {
      String name = "";
      if (tokens.type() == GraphQlTokens.NAME) {
        name = tokens.text();
        tokens.next();
      }
      Definition operation = new Definition(kind, name);
      return (!tokens.is('(') || variables(operation))
          && directives(false)
          && selections(operation)
          && addOperation(operation);
    }

    private boolean addOperation(Definition operation) {
      for (Definition known : operations) {
        if (known.name.equals(operation.name)) {
          return false; // two of one name: servers differ in which one they run
        }
      }
      operations.add(operation);
      return operations.size() <= MAX_OPERATIONS;
    }

    private boolean fragment() {
      if (tokens.type() != GraphQlTokens.NAME || tokens.text().equals("on")) {
        return false;
      }
      Definition fragment = new Definition("", tokens.text());
      tokens.next();
      return typeCondition()
          && directives(false)
          && selections(fragment)
          && fragments.put(fragment.name, fragment) == null;
    }

    /** At {@code on}. */
    private boolean typeCondition() {
      return tokens.takeName("on") && tokens.takeAnyName();
    }

    private boolean variables(Definition operation) {
      tokens.next();
      do {
        if (!tokens.take('$') || tokens.type() != GraphQlTokens.NAME) {
          return false;
        }
        String name = tokens.text();
        tokens.next();
        if (!tokens.take(':') || !type()) {
          return false;
        }
        if (tokens.take('=')) {
          operation.defaults.add(name);
          if (!tokens.skipValue(true)) {
            return false;
          }
        }
        if (!directives(true)) {
          return false;
        }
      } while (!tokens.is(')'));
      return tokens.take(')');
    }

    private boolean type() {
      int lists = 0;
      while (tokens.take('[')) {
        if (++lists > GraphQlTokens.MAX_DEPTH) {
          return false;
        }
      }
      if (!tokens.takeAnyName()) {
        return false;
      }
      tokens.take('!');
      for (; lists > 0; lists--) {
        if (!tokens.take(']')) {
          return false;
        }
        tokens.take('!');
      }
      return true;
    }

    private boolean directives(boolean constant) {
      while (tokens.take('@')) {
        if (!tokens.takeAnyName() || (tokens.is('(') && !tokens.skipArguments(constant))) {
          return false;
        }
      }
      return true;
    }

    /** A selection set with all sets in it; keeps what is selected right below the definition. */
    private boolean selections(Definition definition) {
      if (!tokens.take('{')) {
        return false;
      }
      BitSet top = new BitSet(); // sets that select right below the definition
      int depth = 1;
      top.set(1);
      boolean empty = true;
      while (depth > 0) {
        if (tokens.is('}')) {
          if (empty) {
            return false;
          }
          tokens.next();
          depth--;
          continue;
        }
        empty = false;
        boolean here = top.get(depth);
        boolean opens;
        if (tokens.type() == GraphQlTokens.SPREAD) {
          tokens.next();
          boolean named = tokens.type() == GraphQlTokens.NAME && !tokens.text().equals("on");
          if (named) {
            if (here) {
              definition.spreads.add(tokens.text());
              topFields++;
            }
            tokens.next();
          } else if (tokens.type() == GraphQlTokens.NAME && !typeCondition()) {
            return false;
          }
          if (!directives(false) || (!named && !tokens.is('{'))) {
            return false;
          }
          opens = !named;
        } else {
          if (!field(here ? definition : null)) {
            return false;
          }
          opens = tokens.is('{');
          here = false;
        }
        if (topFields > MAX_TOP_FIELDS) {
          return false;
        }
        if (opens) {
          tokens.next();
          if (++depth > GraphQlTokens.MAX_DEPTH) {
            return false;
          }
          top.set(depth, here);
          empty = true;
        }
      }
      return true;
    }

    private boolean field(@Nullable Definition top) {
      if (tokens.type() != GraphQlTokens.NAME) {
        return false;
      }
      String name = top == null ? "" : tokens.text();
      tokens.next();
      if (tokens.take(':')) { // that was an alias
        if (tokens.type() != GraphQlTokens.NAME) {
          return false;
        }
        name = top == null ? "" : tokens.text();
        tokens.next();
      }
      int arguments = tokens.is('(') ? tokens.start() : -1;
      if (top != null) {
        top.fields.add(new Field(name, arguments));
        topFields++;
      }
      return (arguments < 0 || tokens.skipArguments(false)) && directives(false);
    }

    private static final int MAX_OPERATIONS = 100;
  }
}
