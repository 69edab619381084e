package dev.cordon.rules;

import dev.cordon.rules.Redaction.With;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what is to be redacted, of a file or of a rule. */
final class RedactionReader {
  private static final Set<String> TYPES =
      Collections.unmodifiableSet(
          new LinkedHashSet<>(
              List.of(
                  "email",
                  "phone",
                  "iban",
                  "pan",
                  "ssn",
                  "ip",
                  "mac",
                  "wallet",
                  "national-id",
                  "tax-id",
                  "health-id",
                  "company-id",
                  "bank-account",
                  "name",
                  "address",
                  "birth-date",
                  "secret",
                  "token",
                  "password")));

  /**
   * Data classes, as DataClass of the detectors has them: each stands for its types. A password is
   * not among them: in a call it is how the application proves who it is, and has to be named.
   */
  private static final Map<String, List<String>> CLASSES =
      Map.of(
          "internal",
          List.of("ip", "mac", "company-id"),
          "confidential",
          List.of("email", "phone", "name", "address", "birth-date"),
          "restricted",
          List.of(
              "pan",
              "iban",
              "ssn",
              "wallet",
              "national-id",
              "tax-id",
              "health-id",
              "bank-account",
              "secret",
              "token"));

  private static final String PUBLIC = "public";

  /** What only the key of a field tells: nothing finds it in a log line. */
  private static final Set<String> KEY_TYPES = Set.of("name", "address", "birth-date");

  /** Whose last characters say which one it is. */
  private static final Set<String> NUMBER_TYPES =
      Set.of(
          "phone",
          "iban",
          "pan",
          "ssn",
          "national-id",
          "tax-id",
          "health-id",
          "company-id",
          "bank-account");

  /** Credentials: what could be opened again would be as good as the value. */
  private static final Set<String> SECRET_TYPES = Set.of("secret", "token", "password");

  /** What may stand in the place of a finding in what cannot be refused: a log line, a response. */
  static final List<With> IN_LOGS =
      List.of(
          With.TOKEN,
          With.MASK,
          With.HASH,
          With.DROP,
          With.KEEP_LAST_4,
          With.KEEP_DOMAIN,
          With.PSEUDONYM,
          With.SIV);

  /** The same, and a call can be refused. */
  static final List<With> IN_CALLS =
      List.of(
          With.TOKEN,
          With.MASK,
          With.HASH,
          With.BLOCK,
          With.DROP,
          With.KEEP_LAST_4,
          With.KEEP_DOMAIN,
          With.PSEUDONYM,
          With.SIV);

  /** The same, and a model's answer can be given the values back. */
  private static final List<With> IN_PROMPTS = with(With.VAULT);

  private static List<With> with(With more) {
    List<With> all = new ArrayList<>(IN_CALLS);
    all.add(more);
    return List.copyOf(all);
  }

  private static final String OTHERS = "others";
  private static final String SIGNED = "signed";

  private final Problems problems;
  private final OwnTypes own;

  RedactionReader(Problems problems, OwnTypes own) {
    this.problems = problems;
    this.own = own;
  }

  /** Whether a word under {@code types} means something that Cordon knows by itself. */
  static boolean isKnown(String word) {
    return TYPES.contains(word) || CLASSES.containsKey(word);
  }

  Redaction ofFile(Section parent, String key, List<With> operators) {
    if (!parent.has(key)) {
      parent.take(key);
      return Redaction.NOTHING;
    }
    Section part = parent.section(key);
    Redaction redaction = redaction(part, List.of(), operators, passKey(key));
    part.done();
    return redaction;
  }

  /** The key that lets through what cannot be redacted; null for logs, whose lines are withheld. */
  private static @Nullable String passKey(String part) {
    return switch (part) {
      case "logs" -> null;
      case "responses" -> "unreadable";
      default -> SIGNED;
    };
  }

  /**
   * @param model whether all destinations of the rule are models
   */
  @Nullable Redaction ofRule(Section section, String then, boolean model) {
    boolean redacts = then.equals("redact");
    if (!section.has("redact")) {
      section.take("redact");
      if (redacts) {
        problems.error(
            section.keyAt("then"),
            "CRD112",
            "then: redact without 'redact'",
            "add: redact: { fields: [text], types: [email], with: token }");
      }
      return null;
    }
    Section part = section.section("redact");
    if (!redacts) {
      problems.error(
          section.keyAt("redact"),
          "CRD132",
          "'redact' goes with then: redact only",
          "write a rule of its own for it; redaction never allows a call");
    }
    List<String> paths = new ArrayList<>();
    for (YamlNode.Scalar node : part.scalars("fields")) {
      String wrong = FieldTable.wrong(node.text());
      if (wrong != null) {
        problems.error(
            node.at(), "CRD120", "bad field '" + node.text() + "': " + wrong, "as in: a.b");
      } else {
        paths.add(node.text());
      }
    }
    Redaction redaction = redaction(part, paths, IN_PROMPTS, SIGNED);
    if (!model && redaction.operators().containsValue(With.VAULT)) {
      problems.error(
          part.keyAt("with"),
          "CRD138",
          "'vault' puts tokens that only a model's answer brings back, and not all destinations"
              + " of the rule are models",
          "say category: llm in the destination, or take another operator");
    }
    part.done();
    return redaction;
  }

  private Redaction redaction(
      Section part, List<String> paths, List<With> allowed, @Nullable String passKey) {
    Map<String, String> types = types(part, passKey == null);
    Map<String, With> operators = operators(part, types, allowed);
    boolean pass =
        passKey != null && part.oneOf(passKey, "refuse", "refuse", "pass").equals("pass");
    if (pass && operators.containsValue(With.BLOCK)) {
      problems.error(
          part.keyAt(SIGNED),
          "CRD132",
          "'signed: pass' does not go with 'with: block'",
          "a blocked value stops the call, signed or not; take signed out");
    }
    Set<String> restored = allowed.contains(With.VAULT) ? restored(part, operators) : Set.of();
    if (types.isEmpty()) {
      if (!part.has("types")) {
        problems.error(part.at(), "CRD112", "a redaction has no 'types'", "as in: types: [email]");
      }
      return Redaction.NOTHING;
    }
    return new Redaction(
        paths, operators, restored, pass ? Redaction.Unredacted.PASS : Redaction.Unredacted.REFUSE);
  }

  /**
   * The types of a redaction, each with the first class it was named by, also if it was named
   * itself as well; with an empty one if by none.
   *
   * @param inLogs where what only a key tells is not found
   */
  private Map<String, String> types(Section part, boolean inLogs) {
    Map<String, String> types = new LinkedHashMap<>();
    for (YamlNode.Scalar node : part.scalars("types")) {
      String word = node.text();
      List<String> ofClass = CLASSES.get(word);
      if (ofClass != null) {
        for (String type : ofClass) {
          if (!inLogs || !KEY_TYPES.contains(type)) {
            types.merge(type, word, (old, one) -> old.isEmpty() ? one : old);
          }
        }
      } else if (word.equals(PUBLIC)) {
        problems.error(
            node.at(),
            "CRD131",
            "no type is of the class 'public'",
            "use internal, confidential or restricted");
      } else if (inLogs && KEY_TYPES.contains(word)) {
        problems.error(
            node.at(),
            "CRD131",
            "'" + word + "' is told by the key of a field, and a log line has none",
            "take it out here; redaction.outgoing finds it");
      } else if (TYPES.contains(word) || own.use(word)) {
        types.putIfAbsent(word, "");
      } else {
        Set<String> known = new LinkedHashSet<>(TYPES);
        known.addAll(CLASSES.keySet());
        known.addAll(own.names());
        problems.error(
            node.at(),
            "CRD131",
            "type '" + word + "' is not detected by this version",
            Suggest.hint(
                word,
                known,
                "use "
                    + String.join(", ", TYPES)
                    + "; or a class: internal, confidential, restricted"));
      }
    }
    return types;
  }

  private Set<String> restored(Section part, Map<String, With> operators) {
    Set<String> restored = new LinkedHashSet<>();
    for (YamlNode.Scalar node : part.scalars("restore")) {
      if (operators.get(node.text()) == With.VAULT) {
        restored.add(node.text());
      } else {
        problems.error(
            node.at(),
            "CRD138",
            "'" + node.text() + "' is not put into the vault here, so it cannot be restored",
            "name types whose operator is vault");
      }
    }
    return restored;
  }

  /**
   * One word for all types, or a mapping with a word for each type and class; what it leaves out is
   * a token.
   */
  private Map<String, With> operators(Section part, Map<String, String> types, List<With> allowed) {
    Map<String, With> operators = new LinkedHashMap<>();
    if (!(part.peek("with") instanceof YamlNode.Fields)) {
      YamlNode.Scalar node = part.scalar("with");
      With with = node == null ? With.TOKEN : operator(part, node, allowed);
      for (String type : types.keySet()) {
        operators.put(type, with);
        if (node != null) {
          checkFits(node, type, with);
        }
      }
      return operators;
    }
    Section with = part.section("with");
    YamlNode.Scalar others = with.scalar(OTHERS);
    With rest = others == null ? With.TOKEN : operator(part, others, allowed);
    for (Map.Entry<String, String> type : types.entrySet()) {
      YamlNode.Scalar own = with.scalar(type.getKey());
      YamlNode.Scalar ofClass = type.getValue().isEmpty() ? null : with.scalar(type.getValue());
      YamlNode.Scalar node = own != null ? own : ofClass != null ? ofClass : others;
      With operator = node == null || node == others ? rest : operator(part, node, allowed);
      operators.put(type.getKey(), operator);
      if (node != null) {
        checkFits(node, type.getKey(), operator);
      }
    }
    with.done(); // what is left is no type of this redaction
    return operators;
  }

  private With operator(Section part, YamlNode.Scalar node, List<With> allowed) {
    String[] words = new String[allowed.size()];
    for (int i = 0; i < words.length; i++) {
      words[i] = allowed.get(i).word();
    }
    String word = part.word("with", node, With.TOKEN.word(), words);
    for (With one : allowed) {
      if (one.word().equals(word)) {
        return one;
      }
    }
    return With.TOKEN;
  }

  private void checkFits(YamlNode.Scalar node, String type, With with) {
    String wrong =
        switch (with) {
          case KEEP_LAST_4 ->
              NUMBER_TYPES.contains(type) || own.has(type)
                  ? null
                  : "keeps the end of a number, and '" + type + "' is none";
          case KEEP_DOMAIN ->
              type.equals("email")
                  ? null
                  : "keeps the domain of an address, and '" + type + "' has none";
          case VAULT ->
              SECRET_TYPES.contains(type)
                  ? "can be opened again, and a '" + type + "' must not be"
                  : own.has(type)
                      ? "has no token for '" + type + "', a type of this file's own"
                      : null;
          case SIV ->
              SECRET_TYPES.contains(type)
                  ? "can be opened again, and a '" + type + "' must not be"
                  : null;
          case NONE, TOKEN, MASK, HASH, BLOCK, DROP, PSEUDONYM -> null;
        };
    if (wrong != null) {
      problems.error(
          node.at(),
          "CRD137",
          "'" + with.word() + "' " + wrong,
          "name an operator for each type, as in: with: { email: keep-domain, others: token }");
    }
  }
}
