package dev.cordon.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import graphql.language.Argument;
import graphql.language.BooleanValue;
import graphql.language.Document;
import graphql.language.EnumValue;
import graphql.language.Field;
import graphql.language.FloatValue;
import graphql.language.FragmentDefinition;
import graphql.language.FragmentSpread;
import graphql.language.InlineFragment;
import graphql.language.IntValue;
import graphql.language.OperationDefinition;
import graphql.language.Selection;
import graphql.language.SelectionSet;
import graphql.language.StringValue;
import graphql.language.Value;
import graphql.parser.InvalidSyntaxException;
import graphql.parser.Parser;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/**
 * Our reader of GraphQL documents against the parser of graphql-java: what ours reads, that one
 * reads, and both find the same operation, top fields and arguments. Ours may refuse more.
 */
class GraphQlAgainstReferenceTest {
  private static final String NOISE =
      "{}()[]:!$@#&|=.\"\\ \n\r\t,01-+eEanqmf_\ufeff\u2028\u00a0\u0000é";

  private static final List<String> NASTY =
      List.of(
          "{a}",
          "query{a}mutation{b}",
          "query A{a}mutation B{b}",
          "#query\n{a}",
          "#query\r{a}",
          "#\u2028mutation{b}\n{a}",
          "{a}#mutation{b}",
          "{\"\"\"a\"\"\"}",
          "{a(b:\"\"\"}mutation{c(d:\"\"\")}",
          "{a(b:\"\"\"\\\"\"\"}\"\"\")}",
          "{a(b:\"\\\"}\")}",
          "{a(b:\"\\\\\")}",
          "{a(b:\"\\u007d\")}",
          "{a(b:\"\\u{7d}\")}",
          "{a(b:\"\"\"\"x\"\"\")}",
          "{a(b:\"\"c:1)}",
          "{mutation:query}",
          "query mutation{a}",
          "mutation query{a}",
          "query query($query:query=query)@query{query}",
          "fragment mutation on query{a}{...mutation}",
          "{...on}",
          "{... on on{a}}",
          "{...{...{...{a}}}}",
          "{...F}fragment F on T{...G}fragment G on T{...F a}",
          "fragment F on T{b}mutation{...F...F}",
          "{a(b:01)}",
          "{a(b:1.)}",
          "{a(b:.1)}",
          "{a(b:1e)}",
          "{a(b:-)}",
          "{a(b:1.5e+3c:2)}",
          "{a(b:0xF)}",
          "{a(b:$)}",
          "{a(b:$b)}",
          "{a(b:{c:{d:[{e:[[[]]]}]}})}",
          "{a(b:{,,,})}",
          "{a b:c(d:1)@e(f:[1,2])@g{h}}",
          "query($a:[[A!]!]!=[[B]]@c)@d{a}",
          "query($a:A!=null){a}",
          "subscription{a}",
          "schema{query:Q}",
          "extend type A{b:C}",
          "{a}schema{query:Q}",
          "\ufeff{a}",
          "{\ufeffa}",
          "{a}\u0000",
          "{a }}",
          "{é}",
          "{a(b:é)}",
          "{a(b:\"é\ud83d\ude00\")}",
          "{a(b:\"é\ud83d\")}",
          "{a(b:\"é\ude00\")}",
          "{a(b:\"\\ud83d\")}",
          "{a(b:\"\\ud83d\\ude00\")}",
          "{a}#\ud83d",
          "mutation M{a}mutation M{b}",
          "{a}{a}",
          "",
          "   ",
          "{",
          "{{a}}",
          "{a:b:c}",
          "{a(b:1 b:2)}");

  @Test
  void nastyDocumentsMeanWhatTheReferenceSays() {
    for (String text : NASTY) {
      compare(text, text);
    }
  }

  @RepeatedTest(10)
  void generatedDocumentsMeanWhatTheReferenceSays() {
    long seed = Long.getLong("cordon.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int i = 0; i < 200; i++) {
      String text = new Generator(random).document();
      String where = "-Dcordon.seed=" + seed + "\n" + text;
      assertNotNull(GraphQlDocument.parse(text), where);
      compare(text, where);
    }
  }

  @RepeatedTest(10)
  void brokenDocumentsMeanWhatTheReferenceSays() {
    long seed = Long.getLong("cordon.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int i = 0; i < 500; i++) {
      String from =
          random.nextInt(3) == 0
              ? NASTY.get(random.nextInt(NASTY.size()))
              : new Generator(random).document();
      StringBuilder text = new StringBuilder(from);
      for (int j = 1 + random.nextInt(3); j > 0; j--) {
        int at = random.nextInt(text.length() + 1);
        switch (random.nextInt(4)) {
          case 0 -> text.insert(at, NOISE.charAt(random.nextInt(NOISE.length())));
          case 1 -> text.delete(at, Math.min(text.length(), at + 1 + random.nextInt(3)));
          case 2 -> {
            if (at < text.length()) {
              text.setCharAt(at, NOISE.charAt(random.nextInt(NOISE.length())));
            }
          }
          default -> text.insert(at, text.substring(at / 2, at));
        }
      }
      compare(text.toString(), "-Dcordon.seed=" + seed + "\n" + text);
    }
  }

  static void compare(String text, String where) {
    GraphQlDocument ours = GraphQlDocument.parse(text);
    if (ours == null) {
      return; // the call is unknown
    }
    Document theirs = reference(text);
    assertNotNull(theirs, () -> "only we read " + where);
    List<OperationDefinition> operations = theirs.getDefinitionsOfType(OperationDefinition.class);
    for (OperationDefinition operation : operations) {
      GraphQlDocument.Definition found = ours.operation(operation.getName());
      assertNotNull(found, where);
      assertEquals(operation.getOperation().name().toLowerCase(Locale.ROOT), found.kind, where);
      Set<String> expected = new TreeSet<>();
      boolean whole = collect(theirs, operation.getSelectionSet(), expected, new HashSet<>());
      List<GraphQlDocument.Field> fields = ours.fields(found);
      assertEquals(whole, fields != null, where);
      if (fields != null) {
        Set<String> actual = new TreeSet<>();
        for (GraphQlDocument.Field field : fields) {
          actual.add(field.name() + arguments(text, field));
        }
        assertEquals(expected, actual, where);
      }
    }
    if (operations.size() > 1) {
      assertNull(ours.operation(null), where);
    }
  }

  private static @Nullable Document reference(String text) {
    try {
      return Parser.parse(text);
    } catch (InvalidSyntaxException e) {
      return null;
    }
  }

  /** False when a fragment is missing. */
  private static boolean collect(
      Document document, SelectionSet set, Set<String> fields, Set<String> met) {
    boolean whole = true;
    for (Selection<?> selection : set.getSelections()) {
      if (selection instanceof Field field) {
        fields.add(field.getName() + arguments(field));
      } else if (selection instanceof InlineFragment inline) {
        whole &= collect(document, inline.getSelectionSet(), fields, met);
      } else if (selection instanceof FragmentSpread spread && met.add(spread.getName())) {
        FragmentDefinition fragment = null;
        for (FragmentDefinition known : document.getDefinitionsOfType(FragmentDefinition.class)) {
          if (known.getName().equals(spread.getName())) {
            fragment = known;
          }
        }
        whole &= fragment != null && collect(document, fragment.getSelectionSet(), fields, met);
      }
    }
    return whole;
  }

  /** The arguments that are scalars, and the names of all. */
  private static String arguments(Field field) {
    StringBuilder out = new StringBuilder();
    for (Argument argument : field.getArguments()) {
      out.append(' ').append(argument.getName()).append('=');
      Value<?> value = argument.getValue();
      if (value instanceof StringValue string) {
        out.append("\"").append(string.getValue());
      } else if (value instanceof IntValue number) {
        out.append(new BigDecimal(number.getValue()));
      } else if (value instanceof FloatValue number) {
        out.append(number.getValue());
      } else if (value instanceof EnumValue word) {
        out.append(word.getName());
      } else if (value instanceof BooleanValue word) {
        out.append(word.isValue());
      }
    }
    return out.toString();
  }

  private static String arguments(String text, GraphQlDocument.Field field) {
    if (field.arguments() < 0) {
      return "";
    }
    StringBuilder out = new StringBuilder();
    GraphQlTokens tokens = new GraphQlTokens(text).from(field.arguments());
    tokens.next();
    while (!tokens.is(')')) {
      out.append(' ').append(tokens.text()).append('=');
      tokens.next();
      tokens.next(); // the colon
      String string = tokens.stringValue();
      if (string != null) {
        out.append("\"").append(string);
      } else if (tokens.type() == GraphQlTokens.BLOCK_STRING) {
        out.append("\"").append(blockString(tokens.text()));
      } else if (tokens.type() == GraphQlTokens.INT || tokens.type() == GraphQlTokens.FLOAT) {
        out.append(new BigDecimal(tokens.text()));
      } else if (tokens.type() == GraphQlTokens.NAME && !tokens.text().equals("null")) {
        out.append(tokens.text());
      }
      assertTrue(tokens.skipValue(false));
    }
    return out.toString();
  }

  /** What a block string means we do not say; the reference is asked, to compare the rest. */
  private static String blockString(String literal) {
    Document document = Parser.parse("{a(b:" + literal + ")}");
    OperationDefinition operation = document.getDefinitionsOfType(OperationDefinition.class).get(0);
    Field field = (Field) operation.getSelectionSet().getSelections().get(0);
    return ((StringValue) field.getArguments().get(0).getValue()).getValue();
  }

  /** Writes documents that every parser must read. */
  private static final class Generator {
    private static final List<String> NAMES =
        List.of("a", "b", "query", "mutation", "fragment", "type", "_x9", "orderUpdate", "null");
    private final Random random;
    private final StringBuilder out = new StringBuilder();
    private final List<String> fragments = new ArrayList<>();

    Generator(Random random) {
      this.random = random;
    }

    String document() {
      int known = random.nextInt(3);
      for (int i = 0; i < known; i++) {
        fragments.add("F" + i);
      }
      if (random.nextInt(4) == 0) {
        selections(3);
      } else {
        int operations = 1 + random.nextInt(3);
        for (int i = 0; i < operations; i++) {
          operation("O" + i);
        }
      }
      for (String fragment : fragments) {
        token("fragment").token(fragment).token("on").token(name());
        directives();
        selections(2);
      }
      return out.toString();
    }

    private void operation(String name) {
      token(List.of("query", "mutation", "subscription").get(random.nextInt(3))).token(name);
      if (random.nextBoolean()) {
        out.append('(');
        for (int i = random.nextInt(2); i >= 0; i--) {
          out.append("$v").append(i).append(i == 0 ? ":" : " : ");
          out.append(List.of("Int", "[Int!]!", "ID!", "[[X]]").get(random.nextInt(4)));
          if (random.nextInt(3) == 0) {
            out.append('=');
            value(2, true);
          }
          blank();
        }
        out.append(')');
      }
      directives();
      selections(3);
    }

    private void selections(int depth) {
      out.append('{');
      for (int i = random.nextInt(3); i >= 0; i--) {
        selection(depth);
        blank();
      }
      out.append('}');
    }

    private void selection(int depth) {
      int kind = random.nextInt(6);
      if (kind == 0 && !fragments.isEmpty()) {
        out.append("...").append(fragments.get(random.nextInt(fragments.size())));
        directives();
      } else if (kind == 1 && depth > 0) {
        out.append("...");
        if (random.nextBoolean()) {
          token(" on").token(name());
        }
        directives();
        selections(depth - 1);
      } else {
        if (random.nextInt(3) == 0) {
          token(name());
          out.append(':');
        }
        token(name());
        if (random.nextBoolean()) {
          out.append('(');
          for (int i = random.nextInt(3); i >= 0; i--) {
            token("x" + i);
            out.append(':');
            value(3, false);
            blank();
          }
          out.append(')');
        }
        directives();
        if (depth > 0 && random.nextBoolean()) {
          selections(depth - 1);
        }
      }
    }

    private void directives() {
      if (random.nextInt(5) == 0) {
        out.append('@').append(name());
        if (random.nextBoolean()) {
          out.append("(if:true)");
        }
      }
    }

    private void value(int depth, boolean constant) {
      switch (random.nextInt(depth > 0 ? 9 : 6)) {
        case 0 -> out.append(random.nextInt(2000) - 1000);
        case 1 -> out.append(random.nextInt(100)).append(".5e").append(random.nextInt(9));
        case 2 -> string();
        case 3 -> out.append(List.of("true", "false", "null", "RED").get(random.nextInt(4)));
        case 4 -> out.append(constant ? "1" : "$v0");
        case 5 -> out.append("\"\"\" } \\\"\"\" {\n  x \"\"\"");
        case 6, 7 -> {
          out.append('[');
          for (int i = random.nextInt(3); i > 0; i--) {
            value(depth - 1, constant);
            out.append(',');
          }
          out.append(']');
        }
        default -> {
          out.append('{');
          for (int i = random.nextInt(3); i > 0; i--) {
            token("k" + i);
            out.append(':');
            value(depth - 1, constant);
            out.append(' ');
          }
          out.append('}');
        }
      }
    }

    private void string() {
      out.append('"');
      for (int i = random.nextInt(5); i > 0; i--) {
        out.append(
            List.of("a", "}", "{", "#", "\\\"", "\\\\", "\\n", "\\u0041", "\\u00e9", "é", "\\/")
                .get(random.nextInt(11)));
      }
      out.append('"');
    }

    private String name() {
      return NAMES.get(random.nextInt(NAMES.size()));
    }

    private Generator token(String word) {
      out.append(word);
      blank();
      return this;
    }

    private void blank() {
      out.append(
          List.of(" ", "\n", ",", "\r\n", "\t", " # mutation { x }\n", "#\r")
              .get(random.nextInt(7)));
    }
  }
}
