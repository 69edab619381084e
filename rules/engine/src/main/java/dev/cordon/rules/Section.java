package dev.cordon.rules;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads one mapping key by key. What was never asked for is unknown: {@link #done} says so, with
 * the nearest key that exists.
 */
final class Section {
  private static final long MAX_DURATION_NS = 400 * 86_400_000_000_000L;

  private final String name;
  private final Position at;
  private final Problems problems;
  private final List<YamlNode.Field> fields; // few: no table is faster, least of all a new one
  private final boolean[] taken;
  private final List<String> asked = new ArrayList<>(); // some of them several times
  private final boolean isMapping;

  private Section(String name, YamlNode.@Nullable Fields node, Position at, Problems problems) {
    this.name = name;
    this.at = at;
    this.problems = problems;
    isMapping = node != null;
    fields = node == null ? List.of() : node.fields();
    taken = new boolean[fields.size()];
  }

  /** The first of that name; a second one, which no YAML file has, is an unknown key. */
  private int find(String key) {
    for (int i = 0; i < fields.size(); i++) {
      if (fields.get(i).key().text().equals(key)) {
        return i;
      }
    }
    return -1;
  }

  /** A section of {@code node}; empty with a problem when that is no mapping. */
  static Section of(String name, YamlNode node, Problems problems) {
    if (node instanceof YamlNode.Fields mapping) {
      return new Section(name, mapping, node.at(), problems);
    }
    problems.error(node.at(), "CRD113", name + " must be a mapping, this is " + node.what());
    return new Section(name, null, node.at(), problems);
  }

  static Section empty(String name, Problems problems) {
    return new Section(name, null, Position.TOP, problems);
  }

  Position at() {
    return at;
  }

  boolean has(String key) {
    return find(key) >= 0;
  }

  /** The place of a key that is there, else of the section. */
  Position keyAt(String key) {
    int field = find(key);
    return field < 0 ? at : fields.get(field).key().at();
  }

  /** Without noting that somebody asked. */
  @Nullable YamlNode peek(String key) {
    int field = find(key);
    return field < 0 ? null : fields.get(field).value();
  }

  @Nullable YamlNode take(String key) {
    asked.add(key);
    int field = find(key);
    if (field < 0) {
      return null;
    }
    taken[field] = true;
    return fields.get(field).value();
  }

  /** All keys with their values, for sections whose keys are names the writer chose. */
  List<YamlNode.Field> takeAll() {
    Arrays.fill(taken, true);
    return new ArrayList<>(fields);
  }

  Section section(String key) {
    YamlNode node = take(key);
    return node == null ? empty(key, problems) : of(key, node, problems);
  }

  /** The single value of a key; null with a problem when it is something else. */
  YamlNode.@Nullable Scalar scalar(String key) {
    YamlNode node = take(key);
    if (node == null) {
      return null;
    }
    if (node instanceof YamlNode.Scalar scalar && !(scalar.text().isEmpty() && !scalar.quoted())) {
      return scalar;
    }
    problems.error(node.at(), "CRD113", key + " must be a single value, this is " + node.what());
    return null;
  }

  String text(String key, String fallback) {
    YamlNode.Scalar scalar = scalar(key);
    return scalar == null ? fallback : scalar.text();
  }

  /** A key that must be there; null with a problem when it is not. */
  YamlNode.@Nullable Scalar required(String key, String hint) {
    if (!has(key)) {
      asked.add(key);
      if (!isMapping) {
        return null; // that it is none was told
      }
      problems.error(at, "CRD112", name + " has no '" + key + "'", hint);
      return null;
    }
    return scalar(key);
  }

  /** The single values of a list, or of one value standing alone. */
  List<YamlNode.Scalar> scalars(String key) {
    List<YamlNode.Scalar> values = new ArrayList<>();
    YamlNode node = take(key);
    if (node == null) {
      return values;
    }
    if (node instanceof YamlNode.Fields) {
      problems.error(node.at(), "CRD113", key + " must be a list, this is " + node.what());
      return values;
    }
    List<YamlNode> items = node instanceof YamlNode.Items list ? list.items() : List.of(node);
    for (YamlNode item : items) {
      if (item instanceof YamlNode.Scalar scalar
          && !(scalar.text().isEmpty() && !scalar.quoted())) {
        values.add(scalar);
      } else {
        problems.error(
            item.at(), "CRD113", key + " must hold single values, this is " + item.what());
      }
    }
    return values;
  }

  /** The items of a list; a problem when it is something else. */
  List<YamlNode> items(String key) {
    YamlNode node = take(key);
    if (node == null) {
      return List.of();
    }
    if (node instanceof YamlNode.Items list) {
      return list.items();
    }
    problems.error(node.at(), "CRD113", key + " must be a list, this is " + node.what());
    return List.of();
  }

  /** One of the words of an enum-like key; the fallback, with a problem, for any other word. */
  String oneOf(String key, String fallback, String... words) {
    YamlNode.Scalar scalar = scalar(key);
    return scalar == null ? fallback : word(key, scalar, fallback, words);
  }

  String word(String key, YamlNode.Scalar scalar, String fallback, String... words) {
    for (String word : words) {
      if (word.equals(scalar.text())) {
        return word;
      }
    }
    problems.error(
        scalar.at(),
        "CRD114",
        "unknown " + key + " '" + scalar.text() + "'",
        Suggest.hint(scalar.text(), List.of(words), "use " + String.join(", ", words)));
    return fallback;
  }

  boolean flag(String key, boolean fallback) {
    return oneOf(key, fallback ? "true" : "false", "true", "false").equals("true");
  }

  /** A whole number from {@code min} to {@code max}. */
  long number(String key, long fallback, long min, long max) {
    YamlNode.Scalar scalar = scalar(key);
    return scalar == null ? fallback : number(key, scalar, fallback, min, max);
  }

  long number(String key, YamlNode.Scalar scalar, long fallback, long min, long max) {
    if (!scalar.quoted()) {
      try {
        long value = Long.parseLong(scalar.text());
        if (value >= min && value <= max) {
          return value;
        }
      } catch (NumberFormatException e) {
        // told below, like a number out of range
      }
    }
    problems.error(
        scalar.at(),
        "CRD115",
        key
            + " must be a whole number from "
            + min
            + " to "
            + max
            + ", not '"
            + scalar.text()
            + "'");
    return fallback;
  }

  /** A size in bytes, as {@code 256 KiB}, from 1 to {@code max}. */
  long bytes(String key, long fallback, long max) {
    YamlNode.Scalar scalar = scalar(key);
    if (scalar == null) {
      return fallback;
    }
    String[] parts = scalar.text().strip().split(" +", -1);
    int shift =
        switch (parts.length == 2 ? parts[1] : "") {
          case "B" -> 0;
          case "KiB" -> 10;
          case "MiB" -> 20;
          case "GiB" -> 30;
          default -> -1;
        };
    if (shift >= 0 && parts[0].matches("[0-9]{1,9}")) {
      long bytes = Long.parseLong(parts[0]) << shift;
      if (bytes > 0 && bytes <= max) {
        return bytes;
      }
    }
    problems.error(
        scalar.at(),
        "CRD115",
        key + " must be a size from 1 B to " + size(max) + ", not '" + scalar.text() + "'",
        "write 256 KiB");
    return fallback;
  }

  private static String size(long bytes) {
    return bytes >= 1 << 30 ? (bytes >> 30) + " GiB" : (bytes >> 20) + " MiB";
  }

  /** A duration, as {@code 90s}, {@code 15m}, {@code 24h} or {@code 7d}, up to 400 days. */
  long durationNs(String key, long fallbackNs) {
    YamlNode.Scalar scalar = scalar(key);
    if (scalar == null) {
      return fallbackNs;
    }
    String text = scalar.text();
    long ns = durationNs(text);
    if (ns > 0) {
      return ns;
    }
    problems.error(
        scalar.at(),
        "CRD115",
        key + " must be a time from 1s to 400d, not '" + text + "'",
        "write 90s, 15m, 24h or 7d");
    return fallbackNs;
  }

  /** The duration that a text is; 0 when it is none, or longer than 400 days. */
  static long durationNs(String text) {
    long unitNs =
        switch (text.isEmpty() ? ' ' : text.charAt(text.length() - 1)) {
          case 's' -> 1_000_000_000L;
          case 'm' -> 60_000_000_000L;
          case 'h' -> 3_600_000_000_000L;
          case 'd' -> 86_400_000_000_000L;
          default -> 0;
        };
    if (unitNs == 0 || !text.matches("[0-9]{1,9}[smhd]")) {
      return 0;
    }
    long number = Long.parseLong(text.substring(0, text.length() - 1));
    return number <= MAX_DURATION_NS / unitNs ? number * unitNs : 0;
  }

  /** A key of the language that this version does not act on; no call is let by for it. */
  void passLater(String key, String consequence) {
    if (take(key) != null) {
      problems.warning(
          keyAt(key), "CRD119", "'" + key + "' is not acted on by this version", consequence);
    }
  }

  /** A key that is read and checked, and acted on by no part of this version. */
  void noEffectYet(String key, String consequence) {
    if (has(key)) {
      problems.warning(
          keyAt(key), "CRD119", "'" + key + "' is not acted on by this version", consequence);
    }
  }

  /** Tells of every key that was never asked for. */
  void done() {
    Set<String> known = null;
    for (int i = 0; i < taken.length; i++) {
      if (!taken[i]) {
        YamlNode.Scalar key = fields.get(i).key();
        known = known == null ? new LinkedHashSet<>(asked) : known;
        problems.error(
            key.at(),
            "CRD111",
            "unknown key '" + key.text() + "' in " + name,
            Suggest.hint(key.text(), known, "known: " + String.join(", ", known)));
      }
    }
  }
}
