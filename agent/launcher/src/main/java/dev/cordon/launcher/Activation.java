package dev.cordon.launcher;

import dev.cordon.enforcement.CallGuard;
import dev.cordon.enforcement.Recorder;
import dev.cordon.journal.Appended;
import dev.cordon.journal.JournalRecord;
import dev.cordon.journal.Level;
import dev.cordon.journal.RecordKind;
import dev.cordon.rules.Mode;
import dev.cordon.rules.Problem;
import dev.cordon.rules.RuleFileException;
import dev.cordon.rules.RuleSet;
import dev.cordon.rules.RuleSource;
import dev.cordon.rules.note.VerifierKey;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Brings another version of the rules into force, or says why not and keeps the one that is. {@link
 * #attempt} is the main path: read, check, journal, swap. For one thread.
 */
final class Activation {

  /** What became of an attempt. */
  enum Outcome {
    /** In force, or refused for good: nothing to do until a file changes. */
    DONE,
    /** The files changed while they were read; to be tried again when they have settled. */
    MOVED,
    /** Refused for a reason that may pass by itself. */
    LATER
  }

  /** What a version must comply with to be taken over another. */
  record Demands(Options.@Nullable RequiredMode mode, boolean attached, boolean hasRedactionKey) {

    Demands(Options.@Nullable RequiredMode mode, boolean attached) {
      this(mode, attached, false);
    }

    /** Why the redactions of the rules cannot be made here; null when they can. */
    @Nullable String missingKey(RuleSet rules) {
      String place = rules.needsRedactionKey();
      return place == null || hasRedactionKey
          ? null
          : " has an operator in "
              + place
              + " that needs a key; give the option 'redaction-key', or another operator";
    }

    /** Why the rules must not be in force here; null when they may. */
    @Nullable String objection(RuleSet rules) {
      if (mode != null && !mode.name().equals(rules.mode().name())) {
        return " has mode "
            + lower(rules.mode())
            + ", but this JVM must run with mode "
            + lower(mode);
      }
      return attached && rules.mode() == Mode.ENFORCE
          ? " has mode enforce, which this JVM, attached while it ran, cannot have"
          : null;
    }
  }

  private static final long COMMIT_TIMEOUT_NS = 5_000_000_000L;

  private final RuleSource source;
  private final Serials serials;
  private final Demands demands;
  private final CallGuard guard;
  private final Recorder recorder;
  private final Console console;
  private final WaiverRecords waivers;
  private String told = ""; // the last rejection, so that it is told once; empty: none since

  Activation(
      RuleSource source,
      Serials serials,
      Demands demands,
      CallGuard guard,
      Recorder recorder,
      Console console,
      WaiverRecords waivers) {
    this.source = source;
    this.serials = serials;
    this.demands = demands;
    this.guard = guard;
    this.recorder = recorder;
    this.console = console;
    this.waivers = waivers;
  }

  /**
   * Reads the rules and brings them into force if they may be.
   *
   * @param settled asked after reading: false when the files changed meanwhile
   */
  Outcome attempt(BooleanSupplier settled) {
    try {
      return attempted(settled);
    } catch (Throwable fault) { // the rules in force stay, whatever this was
      console.fault("rules", fault);
      return reject(Rejection.FAULT, "cannot be taken: " + fault.getClass().getName(), List.of());
    }
  }

  /** What is to be told of the rules in force though no file has changed. */
  void remind() {
    waivers.tellDaily();
  }

  private Outcome attempted(BooleanSupplier settled) {
    RuleSet next;
    try {
      next = source.load();
    } catch (RuleFileException wrong) {
      return settled.getAsBoolean() ? reject(wrong) : Outcome.MOVED;
    } catch (IOException unreadable) {
      return settled.getAsBoolean()
          ? reject(Rejection.UNREADABLE, why(unreadable), List.of())
          : Outcome.MOVED;
    }
    if (!settled.getAsBoolean()) {
      return Outcome.MOVED;
    }
    RuleSet active = guard.rules();
    if (next.digest().equals(active.digest()) && told.isEmpty()) {
      return Outcome.DONE; // written again as it was
    }
    if (!next.name().equals(active.name())) {
      return reject(
          Rejection.OTHER_NAME,
          "has the name " + next.name() + "; another rule set needs a restart",
          List.of());
    }
    String objection = demands.objection(next);
    if (objection != null) {
      return reject(Rejection.OTHER_MODE, objection.strip(), List.of());
    }
    String missing = demands.missingKey(next);
    if (missing != null) {
      return reject(Rejection.NO_REDACTION_KEY, missing.strip(), List.of());
    }
    Outcome refused = saveSerial(next, active);
    return refused != null ? refused : bringIntoForce(next, active);
  }

  /** Null when the serial may follow the highest one, and is saved as the highest. */
  private @Nullable Outcome saveSerial(RuleSet next, RuleSet active) {
    try {
      String lower = lower(next, serials);
      if (lower != null) {
        return reject(Rejection.LOWER_SERIAL, lower, List.of());
      }
      String reused = source.signer() == null ? null : reused(next, serials);
      if (reused != null) {
        return reject(Rejection.REUSED_SERIAL, reused, List.of());
      }
      if (next.serial() < active.serial()) { // somebody removed the file of serials
        return reject(
            Rejection.LOWER_SERIAL,
            "has serial " + next.serial() + ", lower than that of the rules in force",
            List.of());
      }
      // before it is in force: if the JVM dies in between, nothing older comes back
      save(next, serials);
      return null;
    } catch (IOException unsaved) {
      return reject(
          Rejection.SERIAL_UNSAVED,
          "cannot be taken, its serial cannot be saved: " + unsaved.getMessage(),
          List.of());
    }
  }

  /** Why the rules must not follow what was in force here before; null when they may. */
  static @Nullable String lower(RuleSet rules, Serials serials) throws IOException {
    Serials.Highest highest = serials.highest(rules.name());
    return rules.serial() >= highest.serial()
        ? null
        : "has serial "
            + rules.serial()
            + ", but "
            + rules.name()
            + " had serial "
            + highest.serial()
            + " here before ("
            + serials.file()
            + "); give it a higher one, or take that line out if going back is meant";
  }

  /** Why signed rules must not be taken for those that had their serial; null when they may. */
  static @Nullable String reused(RuleSet rules, Serials serials) throws IOException {
    Serials.Highest highest = serials.highest(rules.name());
    return rules.serial() != highest.serial() || rules.digest().equals(highest.digest())
        ? null
        : "has serial "
            + rules.serial()
            + ", under which "
            + rules.name()
            + " had other rules here before ("
            + serials.file()
            + "); sign each version under a serial of its own";
  }

  static void save(RuleSet rules, Serials serials) throws IOException {
    if (rules.serial() > serials.highest(rules.name()).serial()) {
      serials.raise(rules.name(), rules.serial(), rules.digest());
    }
  }

  private Outcome bringIntoForce(RuleSet next, RuleSet active) {
    recorder.append(
        record(RecordKind.POLICY_LOAD, next, source.signer()), Level.ACCEPTED, COMMIT_TIMEOUT_NS);
    JournalRecord activate = record(RecordKind.POLICY_ACTIVATE, next, source.signer());
    if (recorder.append(activate, Level.COMMITTED, COMMIT_TIMEOUT_NS) == Appended.FAILED) {
      return reject(
          Rejection.JOURNAL_DOWN, "cannot be taken, no journal took its record", List.of());
    }
    boolean same = next.digest().equals(active.digest());
    if (!same) {
      guard.activate(next);
    }
    told = "";
    waivers.tell();
    console.say(
        "rules "
            + label(next)
            + ", mode "
            + lower(next.mode())
            + (same
                ? ", are in force still: the file is as it was"
                : ", are in force from now on, instead of " + label(active))
            + (!same && next.serial() == active.serial()
                ? " with the same serial; raise it with each release"
                : ""));
    return Outcome.DONE;
  }

  /**
   * What every record of a version tells.
   *
   * @param key that signed it; null when none had to
   */
  static JournalRecord record(RecordKind kind, RuleSet rules, @Nullable VerifierKey key) {
    JournalRecord record =
        new JournalRecord(kind)
            .policy(Long.parseUnsignedLong(rules.digest().substring(0, 16), 16))
            .attribute("name", rules.name())
            .attribute("serial", rules.serial())
            .attribute("mode", lower(rules.mode()))
            .attribute("digest", rules.digest());
    if (key != null) {
      // in two parts: the journal takes eight digits in a row for somebody's number
      record.attribute("signer", key.id().substring(0, 4) + "-" + key.id().substring(4));
    }
    return record;
  }

  // ---- reject

  private Outcome reject(RuleFileException wrong) {
    boolean cases = true;
    boolean unsigned = false;
    int errors = 0;
    for (Problem problem : wrong.problems()) {
      if (problem.isError()) {
        errors++;
        cases &= problem.code().equals("CRD151");
        unsigned |= problem.code().equals("CRD161");
      }
    }
    if (unsigned) {
      return reject(Rejection.SIGNATURE, "is not taken", wrong.problems());
    }
    return reject(
        cases ? Rejection.CASE_FAILED : Rejection.INVALID,
        cases
            ? "is not taken: " + errors + (errors == 1 ? " case fails" : " cases fail")
            : "has errors",
        wrong.problems());
  }

  /** Tells a rejection once: on stderr and in the journal; the rules in force stay. */
  Outcome reject(Rejection why, String words, List<Problem> problems) {
    Outcome outcome = why.isPassing() ? Outcome.LATER : Outcome.DONE;
    String again = why.code() + ' ' + source.fileDigest() + ' ' + words;
    if (again.equals(told)) {
      return outcome;
    }
    told = again;
    RuleSet active = guard.rules();
    JournalRecord record =
        new JournalRecord(RecordKind.POLICY_REJECT)
            .reason(why.code())
            .policy(Long.parseUnsignedLong(active.digest().substring(0, 16), 16));
    if (!source.name().isEmpty()) {
      record.attribute("name", source.name());
    }
    if (source.serial() >= 0) {
      record.attribute("serial", source.serial());
    }
    if (!source.fileDigest().isEmpty()) {
      record.attribute("file", source.fileDigest());
    }
    List<String> lines = new ArrayList<>();
    boolean first = true;
    for (Problem problem : problems) {
      if (problem.isError()) {
        if (first) {
          record.attribute("code", problem.code()).attribute("line", problem.line());
          first = false;
        }
        lines.addAll(problem.toString().lines().toList());
      }
    }
    recorder.append(record, Level.COMMITTED, COMMIT_TIMEOUT_NS);
    for (String line : lines) {
      console.print(line);
    }
    console.say(
        "rule file " + source.path() + ' ' + words + "; rules " + label(active) + " stay in force");
    return outcome;
  }

  private static String why(IOException unreadable) {
    return unreadable instanceof NoSuchFileException
        ? "is gone"
        : "cannot be read (" + unreadable.getMessage() + ")";
  }

  static String label(RuleSet rules) {
    return rules.name()
        + " serial "
        + rules.serial()
        + " digest "
        + rules.digest().substring(0, 12);
  }

  static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
