package dev.cordon.rules;

/** Reads {@code defaults}. */
final class DefaultsReader {
  private static final int MAX_INSPECTED_BYTES = 16 * 1024 * 1024;
  private static final int DEFAULT_INSPECTED_BYTES = 256 * 1024;

  private final Problems problems;

  DefaultsReader(Problems problems) {
    this.problems = problems;
  }

  RuleFile.Defaults read(Section defaults) {
    Mode mode = Draft.mode(defaults);
    Effect host = defaultEffect(defaults, "host", Effect.DENY);
    Effect read = defaultEffect(defaults, "read", Effect.ALLOW);
    Effect write = defaultEffect(defaults, "write", Effect.DENY);
    Effect writeHigh = defaultEffect(defaults, "write-high", write);
    Effect unknown = defaultEffect(defaults, "unknown", Effect.DENY);
    Fallback onError = fallback(defaults.section("on-error"));
    Fallback onJournalDown = fallback(defaults.section("on-journal-down"));
    Section body = defaults.section("body");
    int inspected = size(body, "inspect-up-to");
    Fallback larger = fallback(body.section("larger"));
    body.done();
    boolean matches =
        defaults.oneOf("missing-field", "matches", "matches", "skip").equals("matches");
    if (!matches) {
      problems.warning(
          defaults.keyAt("missing-field"),
          "CRD305",
          "missing-field: skip lets calls by whose fields are absent or unreadable",
          "use missing-field: matches, or on-unknown: skip in single rules");
    }
    defaults.done();
    return new RuleFile.Defaults(
        mode,
        host,
        read,
        write,
        writeHigh,
        unknown,
        onError,
        onJournalDown,
        inspected,
        larger,
        matches);
  }

  private static Effect defaultEffect(Section defaults, String key, Effect fallback) {
    String word = defaults.oneOf(key, "", "allow", "deny", "approve");
    return switch (word) {
      case "allow" -> Effect.ALLOW;
      case "approve" -> Effect.APPROVE;
      case "deny" -> Effect.DENY;
      default -> fallback;
    };
  }

  private static Fallback fallback(Section section) {
    boolean read = section.oneOf("read", "allow", "allow", "deny").equals("allow");
    boolean write = section.oneOf("write", "deny", "allow", "deny").equals("allow");
    section.done();
    return new Fallback(read, write);
  }

  private int size(Section section, String key) {
    YamlNode.Scalar scalar = section.scalar(key);
    if (scalar == null) {
      return DEFAULT_INSPECTED_BYTES;
    }
    String[] parts = scalar.text().strip().split(" +", -1);
    int unit =
        switch (parts.length == 2 ? parts[1] : "") {
          case "B" -> 1;
          case "KiB" -> 1024;
          case "MiB" -> 1024 * 1024;
          default -> 0;
        };
    if (unit > 0 && parts[0].matches("[0-9]{1,9}")) {
      long bytes = Long.parseLong(parts[0]) * unit;
      if (bytes > 0 && bytes <= MAX_INSPECTED_BYTES) {
        return (int) bytes;
      }
    }
    problems.error(
        scalar.at(),
        "CRD115",
        key + " must be a size from 1 B to 16 MiB, not '" + scalar.text() + "'",
        "write 256 KiB");
    return DEFAULT_INSPECTED_BYTES;
  }
}
