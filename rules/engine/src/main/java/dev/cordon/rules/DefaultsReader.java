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
    int inspected = (int) body.bytes("inspect-up-to", DEFAULT_INSPECTED_BYTES, MAX_INSPECTED_BYTES);
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
}
