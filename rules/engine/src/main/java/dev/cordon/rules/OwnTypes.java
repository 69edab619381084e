package dev.cordon.rules;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The types of a rule file's own, of all its layers: {@code redaction.patterns}. */
final class OwnTypes {
  private record Own(RedactionPattern pattern, int layer, Position at) {}

  private final Map<String, Own> types = new LinkedHashMap<>();
  private final Set<String> names = new HashSet<>(); // also of those that are broken
  private final Set<String> used = new HashSet<>();

  void read(Section section, int layer, Problems problems) {
    for (YamlNode.Field field : section.takeAll()) {
      read(field.key(), field.value(), layer, problems);
    }
  }

  private void read(YamlNode.Scalar key, YamlNode value, int layer, Problems problems) {
    String name = key.text();
    if (!RedactionPattern.isName(name)) {
      names.add(name);
      problems.error(
          key.at(),
          "CRD133",
          "bad name of a type '" + name + "'",
          "use small letters, digits and '-', a letter first, up to "
              + RedactionPattern.MAX_NAME_CHARS);
    } else if (RedactionReader.isKnown(name) || RedactionPattern.isTaken(name)) {
      names.add(name);
      problems.error(
          key.at(), "CRD133", "Cordon has a type '" + name + "' already", "take another name");
    } else if (!names.add(name)) {
      problems.error(
          key.at(),
          "CRD209",
          "type '" + name + "' is settled by a lower layer",
          "give this one another name");
      return;
    }
    if (!(value instanceof YamlNode.Scalar source) || source.text().isEmpty() && !source.quoted()) {
      problems.error(
          value.at(),
          "CRD113",
          "type '" + name + "' must be a pattern, this is " + value.what(),
          "as in: order-number: 'ORD-[0-9]{8}'");
      return;
    }
    Object read = RedactionPattern.read(name, source.text());
    if (read instanceof RedactionPattern.Wrong wrong) {
      problems.error(
          source.at(), wrong.code(), "bad pattern '" + name + "': " + wrong.why(), wrong.hint());
    } else if (types.size() == RedactionPattern.MAX_PATTERNS) {
      problems.error(
          key.at(),
          "CRD139",
          "more than " + RedactionPattern.MAX_PATTERNS + " patterns of redaction",
          "put some together, as in: (ORD|INV)-[0-9]{8}");
    } else {
      types.put(name, new Own((RedactionPattern) read, layer, key.at()));
    }
  }

  /** Whether somebody may name it, as far as can be told: of a broken one its pattern is told. */
  boolean use(String name) {
    if (!names.contains(name)) {
      return false;
    }
    used.add(name);
    return true;
  }

  boolean has(String name) {
    return names.contains(name);
  }

  Set<String> names() {
    return types.keySet();
  }

  List<RedactionPattern> all() {
    List<RedactionPattern> all = new ArrayList<>(types.size());
    types.values().forEach(own -> all.add(own.pattern()));
    return all;
  }

  /** What is not named is not looked for, and whoever wrote the pattern thinks that it is. */
  void warnOfUnused(Layer top) {
    types.forEach(
        (name, own) -> {
          // a lower layer may have types for others
          if (!used.contains(name) && own.layer() == top.number()) {
            top.problems()
                .warning(
                    own.at(),
                    "CRD307",
                    "no redaction names type '" + name + "', so nothing looks for it",
                    "add it to types under redaction.logs, redaction.outgoing or a rule's redact");
          }
        });
  }
}
