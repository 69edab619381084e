package dev.cordon.rules;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Currency;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads the conditions of one rule. Problems are collected; a bad condition gives null. */
final class ConditionParser {

  /** One condition as it stands in the file. */
  record Clause(String text, Position at, Condition condition) {}

  // a body may have a field `channel`, and Slack's does: the caller's is caller.channel
  private static final Map<String, Caller.Trait> CALLER =
      Map.of(
          "actor", Caller.Trait.ACTOR,
          "bot", Caller.Trait.BOT,
          "run", Caller.Trait.RUN,
          "caller.actor", Caller.Trait.ACTOR,
          "caller.bot", Caller.Trait.BOT,
          "caller.channel", Caller.Trait.CHANNEL,
          "caller.run", Caller.Trait.RUN);
  private static final String FORM = "write FIELD op VALUE, as in: amount <= 500";

  private final Draft draft;
  private final Problems problems;
  private final FieldTable table;
  private final Map<String, RuleList> lists;
  private final boolean hasMoney;
  private final boolean hasSubject;
  private final boolean allows;
  private boolean inverted;

  /** Body fields that were named, for the check against the pack. */
  private final Map<String, Position> bodyFields = new LinkedHashMap<>();

  /**
   * @param hasMoney some call of the rule moves money, says its pack
   * @param allows the rule allows calls, so that it is stricter the fewer it is for
   * @param hasSubject the pack says whom some call of the rule is about
   */
  ConditionParser(Draft draft, boolean hasMoney, boolean hasSubject, boolean allows) {
    this.allows = allows;
    this.draft = draft;
    problems = draft.problems;
    table = draft.fields;
    lists = draft.lists;
    this.hasMoney = hasMoney;
    this.hasSubject = hasSubject;
  }

  Map<String, Position> bodyFields() {
    return bodyFields;
  }

  List<Clause> clauses(List<YamlNode> nodes) {
    List<Clause> clauses = new ArrayList<>();
    for (YamlNode node : nodes) {
      Condition condition = parse(node);
      if (condition != null) {
        clauses.add(new Clause(text(node), node.at(), condition));
      }
    }
    return clauses;
  }

  private static String text(YamlNode node) {
    if (node instanceof YamlNode.Scalar scalar) {
      return scalar.text();
    }
    StringBuilder out = new StringBuilder();
    if (node instanceof YamlNode.Items list) {
      for (YamlNode item : list.items()) {
        out.append(out.length() == 0 ? "" : ", ").append(text(item));
      }
      return "[" + out + "]";
    }
    if (node instanceof YamlNode.Fields fields) {
      for (YamlNode.Field field : fields.fields()) {
        out.append(out.length() == 0 ? "" : ", ");
        out.append(field.key().text()).append(": ").append(text(field.value()));
      }
    }
    return out.toString();
  }

  private @Nullable Condition parse(YamlNode node) {
    if (node instanceof YamlNode.Scalar scalar) {
      return atom(scalar);
    }
    if (node instanceof YamlNode.Items list) {
      List<Condition> parts = all(list.items());
      return parts == null ? null : new Condition.All(parts);
    }
    YamlNode.Fields mapping = (YamlNode.Fields) node;
    if (mapping.fields().size() != 1) {
      problems.error(
          node.at(), "CRD120", "a condition with several keys", "give each its own list item");
      return null;
    }
    YamlNode.Field field = mapping.fields().get(0);
    YamlNode value = field.value();
    List<YamlNode> inner = value instanceof YamlNode.Items list ? list.items() : List.of(value);
    boolean isNot = field.key().text().equals("not");
    inverted ^= isNot;
    List<Condition> parts = all(inner);
    inverted ^= isNot;
    switch (field.key().text()) {
      case "any" -> {
        if (inner.isEmpty()) {
          problems.error(value.at(), "CRD120", "any: of nothing", "name at least one condition");
          return null;
        }
        return parts == null ? null : new Condition.Any(parts);
      }
      case "all" -> {
        return parts == null ? null : new Condition.All(parts);
      }
      case "not" -> {
        if (inner.isEmpty()) {
          problems.error(value.at(), "CRD120", "not: of nothing", "name a condition");
          return null;
        }
        return parts == null
            ? null
            : new Condition.Not(parts.size() == 1 ? parts.get(0) : new Condition.All(parts));
      }
      default -> {
        problems.error(
            field.key().at(),
            "CRD120",
            "unknown condition '" + field.key().text() + ":'",
            Suggest.hint(field.key().text(), List.of("any", "all", "not"), "use any, all or not"));
        return null;
      }
    }
  }

  private @Nullable List<Condition> all(List<YamlNode> nodes) {
    List<Condition> parts = new ArrayList<>();
    boolean good = true;
    for (YamlNode node : nodes) {
      Condition part = parse(node);
      if (part == null) {
        good = false;
      } else {
        parts.add(part);
      }
    }
    return good ? List.copyOf(parts) : null;
  }

  private @Nullable Condition atom(YamlNode.Scalar node) {
    String text = node.text();
    int at = skipSpace(text, 0);
    int fieldEnd = at;
    while (fieldEnd < text.length() && " =!<>(".indexOf(text.charAt(fieldEnd)) < 0) {
      fieldEnd++;
    }
    String field = text.substring(at, fieldEnd);
    int operatorAt = skipSpace(text, fieldEnd);
    int operatorEnd = operatorEnd(text, operatorAt);
    String operator = text.substring(operatorAt, operatorEnd);
    String rest = text.substring(operatorEnd).strip();
    int restAt = skipSpace(text, operatorEnd);
    if (field.equals("taint")) {
      return taint(node, operatorAt);
    }
    if (field.equals("time") && operator.equals("in")) {
      return time(node, rest, restAt);
    }
    if (field.isEmpty() || operator.isEmpty()) {
      problems.error(node.at(), "CRD120", "'" + text + "' is not a condition", FORM);
      return null;
    }
    if (field.equals("money")) {
      return money(node, operator, operatorAt, rest, restAt);
    }
    boolean length = field.endsWith(".length");
    String path = length ? field.substring(0, field.length() - ".length".length()) : field;
    switch (operator) {
      case "exists", "absent" -> {
        if (!rest.isEmpty() || length) {
          problems.error(
              node.at(), "CRD120", "'" + text + "' is not a condition", "write FIELD " + operator);
          return null;
        }
        Condition.Place place = place(node, at, path);
        if (place == null) {
          return null;
        }
        Condition exists = new Condition.Exists(place);
        return operator.equals("exists") ? exists : new Condition.Not(exists);
      }
      case "in" -> {
        List<Literal> literals = set(node, rest, restAt);
        Condition.Place place = place(node, at, path);
        if (literals == null || place == null) {
          return null;
        }
        if (length) {
          problems.error(
              node.at(), "CRD120", ".length cannot be used with in", "compare it with < or >");
          return null;
        }
        return new Condition.In(place, literals);
      }
      case "matches" -> {
        NamedPattern pattern = pattern(node, rest, restAt);
        Condition.Place place = textPlace(node, at, path, length, operator);
        return pattern == null || place == null ? null : new Condition.Matches(place, pattern);
      }
      case "has" -> {
        boolean known = hasType(node, rest, restAt);
        Condition.Place place = textPlace(node, at, path, length, operator);
        return known && place != null
            ? new Condition.Has(place, rest, draft.surroundings.detector())
            : null;
      }
      case "=", "!=", "<", "<=", ">", ">=" -> {
        Literal literal = literal(node, rest, restAt);
        Condition.Place place = place(node, at, path);
        if (literal == null || place == null) {
          return null;
        }
        Condition.Operator comparison = comparison(operator);
        boolean ordered =
            comparison != Condition.Operator.EQUAL && comparison != Condition.Operator.NOT_EQUAL;
        if ((ordered || length) && !literal.isNumber()) {
          problems.error(
              node.part(restAt, rest.length()),
              "CRD135",
              operator + " needs a number here, not '" + rest + "'",
              "texts can be compared with =, != and in");
          return null;
        }
        return length
            ? new Condition.Length(place, comparison, literal)
            : new Condition.Compare(place, comparison, literal);
      }
      default -> {
        problems.error(
            node.part(operatorAt, operator.length()),
            "CRD120",
            "unknown operator '" + operator + "'",
            Suggest.hint(
                operator,
                List.of("in", "matches", "has", "exists", "absent", "=", "!="),
                "use = != < <= > >= in matches has exists absent"));
        return null;
      }
    }
  }

  private Condition.@Nullable Place textPlace(
      YamlNode.Scalar node, int at, String path, boolean length, String operator) {
    if (length) {
      problems.error(
          node.at(), "CRD120", ".length cannot be used with " + operator, "leave .length out");
      return null;
    }
    return place(node, at, path);
  }

  private @Nullable NamedPattern pattern(YamlNode.Scalar node, String name, int at) {
    NamedPattern pattern = draft.patterns.get(name);
    if (pattern == null && !draft.brokenPatterns.contains(name)) {
      problems.error(
          node.part(at, name.length()),
          "CRD140",
          name.isEmpty() ? "matches needs the name of a pattern" : "unknown pattern '" + name + "'",
          Suggest.hint(name, draft.patterns.keySet(), "define it under `patterns` and name it"));
    }
    return pattern;
  }

  private boolean hasType(YamlNode.Scalar node, String type, int at) {
    Set<String> types = draft.surroundings.detector().types();
    if (types.contains(type)) {
      return true;
    }
    problems.error(
        node.part(at, type.length()),
        "CRD131",
        "type '" + type + "' is not detected by this version",
        Suggest.hint(type, types, "use " + String.join(", ", new TreeSet<>(types))));
    return false;
  }

  private @Nullable Condition taint(YamlNode.Scalar node, int open) {
    String text = node.text();
    int close = text.indexOf(')', open);
    int equals = close < 0 ? -1 : skipSpace(text, close + 1);
    boolean formed = close > open + 1 && text.charAt(open) == '(';
    formed = formed && equals < text.length() && text.charAt(equals) == '=';
    if (!formed) {
      problems.error(
          node.at(),
          "CRD120",
          "'" + text + "' is not a condition",
          "write taint(FIELD) = crm, customer-text or secret");
      return null;
    }
    int wordAt = skipSpace(text, equals + 1);
    String word = text.substring(wordAt).stripTrailing();
    Origins.Source source = Origins.Source.of(word);
    if (source == null) {
      problems.error(
          node.part(wordAt, word.length()),
          "CRD114",
          "unknown source '" + word + "'",
          Suggest.hint(
              word, List.of("customer-text", "crm", "secret"), "use crm, customer-text or secret"));
    } else if (!draft.isTold(source)) {
      problems.error(
          node.part(wordAt, word.length()),
          "CRD128",
          "nothing tells what is " + word,
          source == Origins.Source.CRM
              ? "say category: crm in the destination whose answers are meant"
              : "say category: channel in the destination in whose answers customers write");
    }
    int fieldAt = skipSpace(text, open + 1);
    String path = text.substring(fieldAt, close).stripTrailing();
    Condition.Place place = textPlace(node, fieldAt, path, path.endsWith(".length"), "taint");
    if (source == null || place == null) {
      return null;
    }
    draft.origins.add(source);
    return new Condition.CameFrom(place, source, allows != inverted, draft.surroundings.detector());
  }

  private @Nullable Condition time(YamlNode.Scalar node, String text, int at) {
    String inner =
        text.startsWith("(") && text.endsWith(")") ? text.substring(1, text.length() - 1) : "";
    List<String> windows = List.of(inner.split("\\|", -1));
    for (String window : windows) {
      String wrong = TimeWindows.wrong(window);
      if (wrong != null) {
        problems.error(
            node.part(at, text.length()),
            "CRD141",
            "not a time: " + wrong,
            "as in: time in (mon-fri 08:00-18:00 Europe/Berlin)");
        return null;
      }
    }
    return new Condition.TimeIn(TimeWindows.of(windows));
  }

  private static Condition.Operator comparison(String operator) {
    return switch (operator) {
      case "=" -> Condition.Operator.EQUAL;
      case "!=" -> Condition.Operator.NOT_EQUAL;
      case "<" -> Condition.Operator.LESS;
      case "<=" -> Condition.Operator.AT_MOST;
      case ">" -> Condition.Operator.GREATER;
      default -> Condition.Operator.AT_LEAST;
    };
  }

  private static int skipSpace(String text, int from) {
    int at = from;
    while (at < text.length() && text.charAt(at) == ' ') {
      at++;
    }
    return at;
  }

  private static int operatorEnd(String text, int from) {
    int at = from;
    if (at < text.length() && "=!<>".indexOf(text.charAt(at)) >= 0) {
      while (at < text.length() && "=!<>".indexOf(text.charAt(at)) >= 0) {
        at++;
      }
      return at;
    }
    while (at < text.length() && " (\"'$".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    return at;
  }

  private @Nullable Condition money(
      YamlNode.Scalar node, String operator, int operatorAt, String rest, int restAt) {
    if (!Set.of("=", "!=", "<", "<=", ">", ">=").contains(operator)) {
      problems.error(
          node.part(operatorAt, operator.length()),
          "CRD130",
          "money cannot be used with '" + operator + "'",
          "write money <= 25 EUR");
      return null;
    }
    Amount amount = amount(node, rest, restAt);
    if (amount == null || !needsMoney(node.part(skipSpace(node.text(), 0), "money".length()))) {
      return null;
    }
    return new Condition.MoneyCompare(comparison(operator), amount.value(), amount.currency());
  }

  /** An amount of money as written in a rule file. */
  record Amount(BigDecimal value, String currency) {}

  /** Reads {@code 25 EUR}; null with a problem. */
  @Nullable Amount amount(YamlNode.Scalar node, String text, int at) {
    int space = text.indexOf(' ');
    String currency = space < 0 ? "" : text.substring(space).strip();
    BigDecimal value = Literal.decimal(space < 0 ? text : text.substring(0, space));
    if (value == null || value.signum() < 0 || !isCurrency(currency)) {
      problems.error(
          node.part(at, text.length()),
          "CRD130",
          "'" + text + "' is not an amount of money",
          "write an amount and a currency in capitals, as in: money <= 25 EUR");
      return null;
    }
    return new Amount(value, currency);
  }

  /** False, with a problem, when no pack knows a money field of the rule's calls. */
  boolean needsMoney(Position at) {
    if (!hasMoney) {
      problems.error(
          at,
          "CRD127",
          "no pack knows a money field for this rule's calls",
          "list the vendor's pack under packs, or compare the body's own field");
    }
    return hasMoney;
  }

  /** A problem when no pack knows whom the rule's calls are about. */
  void needsSubject(Position at) {
    if (!hasSubject) {
      problems.error(
          at,
          "CRD127",
          "no pack knows the subject of this rule's calls",
          "name the field, as in: { per: subject, subject: customer, max: 1, within: 24h }");
    }
  }

  /** A field standing alone; null with a problem. */
  Condition.@Nullable Place field(YamlNode.Scalar node) {
    return place(node, 0, node.text());
  }

  private static boolean isCurrency(String code) {
    if (code.length() != 3 || !code.equals(code.toUpperCase(Locale.ROOT))) {
      return false;
    }
    try {
      Currency.getInstance(code);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private Condition.@Nullable Place place(YamlNode.Scalar node, int at, String path) {
    Caller.Trait trait = CALLER.get(path);
    if (trait != null) {
      draft.asksFor(trait, node.part(at, path.length()));
      return new Condition.CallerField(trait);
    }
    boolean query = path.startsWith("query.");
    boolean header = path.startsWith("header.");
    String name = query ? path.substring(6) : header ? path.substring(7) : path;
    boolean known = !query && !header && table.has(name);
    String wrong = known ? null : FieldTable.wrong(name);
    if (wrong == null && (query || header) && (name.contains("[]") || name.contains("**"))) {
      wrong = "[] and ** are for body fields";
    }
    if (wrong != null) {
      problems.error(
          node.part(at, path.length()), "CRD120", "bad field '" + path + "': " + wrong, FORM);
      return null;
    }
    if (query) {
      return new Condition.QueryField(name);
    }
    if (header) {
      return new Condition.HeaderField(name);
    }
    bodyFields.putIfAbsent(name, node.part(at, path.length()));
    return new Condition.BodyField(table.add(name));
  }

  private @Nullable Literal literal(YamlNode.Scalar node, String text, int at) {
    if (text.isEmpty()) {
      problems.error(node.at(), "CRD120", "'" + node.text() + "' has no value", FORM);
      return null;
    }
    char first = text.charAt(0);
    if (first == '"' || first == '\'') {
      int close = text.indexOf(first, 1);
      if (close == text.length() - 1 && close > 0) {
        return Literal.of(text.substring(1, close), true);
      }
    } else if (first != '$'
        && text.indexOf(' ') < 0
        && text.indexOf('|') < 0
        && text.indexOf('(') < 0
        && text.indexOf(')') < 0) {
      return Literal.of(text, false);
    }
    problems.error(
        node.part(at, text.length()),
        "CRD120",
        "'" + text + "' is not one value",
        "put words with spaces into \"...\"; for several values write FIELD in (a | b)");
    return null;
  }

  private @Nullable List<Literal> set(YamlNode.Scalar node, String text, int at) {
    if (text.startsWith("$")) {
      RuleList list = lists.get(text.substring(1));
      if (list == null) {
        problems.error(
            node.part(at, text.length()),
            "CRD122",
            "unknown list '" + text + "'",
            Suggest.hint(text.substring(1), lists.keySet(), "define it under `lists`"));
        return null;
      }
      return list.use(draft.layer, allows != inverted);
    }
    if (!text.startsWith("(") || !text.endsWith(")") || text.length() < 3) {
      problems.error(
          node.part(at, text.length()),
          "CRD120",
          "`in` needs a set",
          "write FIELD in (a | b) or FIELD in $list");
      return null;
    }
    List<Literal> literals = new ArrayList<>();
    int itemAt = 1;
    int end = text.length() - 1;
    while (itemAt <= end) {
      int itemEnd = itemEnd(text, itemAt, end);
      String item = text.substring(itemAt, itemEnd);
      Literal literal = literal(node, item.strip(), at + skipSpace(text, itemAt));
      if (literal == null) {
        return null;
      }
      literals.add(literal);
      itemAt = itemEnd + 1;
    }
    return literals;
  }

  private static int itemEnd(String text, int from, int end) {
    char quote = 0;
    for (int i = from; i < end; i++) {
      char c = text.charAt(i);
      if (quote != 0) {
        quote = c == quote ? 0 : quote;
      } else if (c == '"' || c == '\'') {
        quote = c;
      } else if (c == '|') {
        return i;
      }
    }
    return end;
  }
}
