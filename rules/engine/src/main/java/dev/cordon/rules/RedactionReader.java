package dev.cordon.rules;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
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

  /** What only the key of a field tells: nothing finds it in a log line. */
  private static final Set<String> KEY_TYPES = Set.of("name", "address", "birth-date");

  private final Problems problems;

  RedactionReader(Problems problems) {
    this.problems = problems;
  }

  Redaction ofFile(Section parent, String key, List<String> operators) {
    if (!parent.has(key)) {
      parent.take(key);
      return Redaction.NOTHING;
    }
    Section part = parent.section(key);
    Redaction redaction = redaction(part, List.of(), operators);
    part.done();
    return redaction;
  }

  @Nullable Redaction ofRule(Section section, String then) {
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
    Redaction redaction = redaction(part, paths, List.of("token", "mask", "hash", "block"));
    part.done();
    return redaction;
  }

  private Redaction redaction(Section part, List<String> paths, List<String> operators) {
    Set<String> types = new LinkedHashSet<>();
    for (YamlNode.Scalar node : part.scalars("types")) {
      if (!operators.contains("block") && KEY_TYPES.contains(node.text())) {
        problems.error(
            node.at(),
            "CRD131",
            "'" + node.text() + "' is told by the key of a field, and a log line has none",
            "take it out here; redaction.outgoing finds it");
      } else if (TYPES.contains(node.text())) {
        types.add(node.text());
      } else {
        problems.error(
            node.at(),
            "CRD131",
            "type '" + node.text() + "' is not detected by this version",
            Suggest.hint(node.text(), TYPES, "use " + String.join(", ", TYPES)));
      }
    }
    String with = part.oneOf("with", "token", operators.toArray(new String[0]));
    // a log line carries no signature, and is not blocked
    boolean leaves = operators.contains("block");
    boolean pass = leaves && part.oneOf("signed", "refuse", "refuse", "pass").equals("pass");
    if (pass && with.equals("block")) {
      problems.error(
          part.keyAt("signed"),
          "CRD132",
          "'signed: pass' does not go with 'with: block'",
          "a blocked value stops the call, signed or not; take signed out");
    }
    if (types.isEmpty()) {
      if (!part.has("types")) {
        problems.error(part.at(), "CRD112", "a redaction has no 'types'", "as in: types: [email]");
      }
      return Redaction.NOTHING;
    }
    return new Redaction(
        paths,
        types,
        switch (with) {
          case "mask" -> Redaction.With.MASK;
          case "hash" -> Redaction.With.HASH;
          case "block" -> Redaction.With.BLOCK;
          default -> Redaction.With.TOKEN;
        },
        pass ? Redaction.Signed.PASS : Redaction.Signed.REFUSE);
  }
}
