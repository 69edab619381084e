package dev.cordon.rules;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads {@code defaults}. */
final class DefaultsReader {
  private static final int MAX_INSPECTED_BYTES = 16 * 1024 * 1024;
  private static final int DEFAULT_INSPECTED_BYTES = 256 * 1024;

  private static final RuleFile.Defaults STANDARD =
      new RuleFile.Defaults(
          Mode.ENFORCE,
          Effect.DENY,
          Effect.ALLOW,
          Effect.DENY,
          Effect.DENY,
          Effect.DENY,
          new Fallback(true, false),
          new Fallback(true, false),
          DEFAULT_INSPECTED_BYTES,
          new Fallback(true, false),
          true);

  private final Problems problems;

  DefaultsReader(Problems problems) {
    this.problems = problems;
  }

  /**
   * @param lower what the layers below have settled; null for the lowest
   * @param settled the keys that some layer below has written; this one's are added
   */
  RuleFile.Defaults read(Section defaults, RuleFile.@Nullable Defaults lower, Set<String> settled) {
    RuleFile.Defaults base = lower == null ? STANDARD : lower;
    Mode mode = base.mode();
    if (defaults.has("mode")) {
      mode = Draft.mode(defaults);
      check(defaults, "mode", settled, mode == Mode.OBSERVE && base.mode() == Mode.ENFORCE);
    }
    defaults.take("mode");
    Effect host = effect(defaults, "host", base.host(), settled);
    Effect read = effect(defaults, "read", base.read(), settled);
    Effect write = effect(defaults, "write", base.write(), settled);
    // what cannot be taken back is never let by more easily than another write
    boolean own = defaults.has("write-high") || settled.contains("write-high");
    Effect high = own ? base.writeHigh() : defaults.has("write") ? write : base.writeHigh();
    Effect writeHigh = effect(defaults, "write-high", high, settled);
    Effect unknown = effect(defaults, "unknown", base.unknown(), settled);
    Fallback onError = fallback(defaults, "on-error", base.onError(), "on-error", settled);
    Fallback onJournalDown =
        fallback(defaults, "on-journal-down", base.onJournalDown(), "on-journal-down", settled);
    Section body = defaults.section("body");
    int inspected = (int) body.bytes("inspect-up-to", base.inspectUpToBytes(), MAX_INSPECTED_BYTES);
    check(body, "inspect-up-to", settled, inspected < base.inspectUpToBytes());
    Fallback larger = fallback(body, "larger", base.larger(), "body.larger", settled);
    body.done();
    boolean matches =
        defaults
            .oneOf("missing-field", base.missingMatches() ? "matches" : "skip", "matches", "skip")
            .equals("matches");
    check(defaults, "missing-field", settled, !matches && base.missingMatches());
    if (!matches && defaults.has("missing-field")) {
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

  private Effect effect(Section defaults, String key, Effect base, Set<String> settled) {
    Effect effect =
        switch (defaults.oneOf(key, "", "allow", "deny", "approve")) {
          case "allow" -> Effect.ALLOW;
          case "approve" -> Effect.APPROVE;
          case "deny" -> Effect.DENY;
          default -> base;
        };
    check(defaults, key, settled, effect.compareTo(base) < 0);
    return effect;
  }

  private Fallback fallback(
      Section parent, String key, Fallback base, String name, Set<String> settled) {
    Section section = parent.section(key);
    boolean read = allows(section, "read", base.readAllowed(), name, settled);
    boolean write = allows(section, "write", base.writeAllowed(), name, settled);
    section.done();
    return new Fallback(read, write);
  }

  private boolean allows(
      Section section, String key, boolean base, String name, Set<String> settled) {
    boolean allowed = section.oneOf(key, base ? "allow" : "deny", "allow", "deny").equals("allow");
    check(section, key, name + "." + key, settled, allowed && !base);
    return allowed;
  }

  private void check(Section section, String key, Set<String> settled, boolean looser) {
    check(section, key, key, settled, looser);
  }

  private void check(
      Section section, String key, String name, Set<String> settled, boolean looser) {
    if (!section.has(key)) {
      return;
    }
    if (!settled.add(name) && looser) {
      problems.error(
          section.keyAt(key),
          "CRD210",
          "a lower layer has a stricter '" + name + "'",
          "a layer may only tighten defaults; take it out");
    }
  }
}
